"""The adjustment register: abatements, corrections, waivers, costs and refunds, each with reason, authority and approver."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import pandas as pd

from xltax.errors import BadValue, LawNotEncoded, Problem
from xltax.law.custody import Waiver
from xltax.law.profile import Profile
from xltax.ledger.facts import component_of
from xltax.ledger.replay import Facts, Ledger, replay
from xltax.ledger.ties import UNTIED, Tie
from xltax.money import Cents, usd
from xltax.pages import Fields, Grid, Heading, Page, Signatures, Text
from xltax.tables import (
    ABOUT,
    ADJUSTMENT_KINDS,
    ADJUSTMENTS,
    COMPONENTS,
    RAISES,
    REDUCES,
    REFUND,
    Adjustment,
)
from xltax.tables.kinds import APPEAL, BY_LAW, TAKES_BACK
from xltax.tables.reading import place
from xltax.tables.replayed import LeftOver, OpenInstallment
from xltax.tables.table import Table

PREFIX = "A-"
OPPOSITE = {"Cost": "Cancellation", "Fee": "Cancellation", "Penalty": "Cancellation"}
"""The kinds that are taken back by something other than an opposite correction."""


@dataclass(frozen=True)
class Entry:
    """One adjustment to enter: the installment, the kind, the amount in cents, and the authority."""

    bill: str
    kind: str
    amount: Cents
    effective: dt.date
    reason: str
    authority: str
    approved_by: str
    inst: int = 1
    part: str = ""
    component: str = ""
    tie: Tie = UNTIED


def next_number(adjustments: Table[Adjustment]) -> int:
    """The next number of the register."""
    used = [n.removeprefix(PREFIX) for n in adjustments.frame[Adjustment.no]] if len(adjustments) else []
    return 1 + max((int(n) for n in used if n.isdigit()), default=0)


def rows(entries: list[Entry], adjustments: Table[Adjustment], today: dt.date) -> Table[Adjustment]:
    """The register's rows for new entries, numbered from the last row on."""
    return Table.made(
        ADJUSTMENTS,
        [
            {
                Adjustment.no: f"{PREFIX}{n}",
                Adjustment.effective: e.effective,
                Adjustment.recorded: today,
                Adjustment.bill: e.bill,
                Adjustment.part: e.part,
                Adjustment.inst: e.inst,
                Adjustment.kind: e.kind,
                Adjustment.component: e.component,
                Adjustment.amount: e.amount,
                Adjustment.reason: e.reason,
                Adjustment.authority: e.authority,
                Adjustment.approved_by: e.approved_by,
                Adjustment.for_: e.tie.kind,
                Adjustment.for_no: e.tie.number,
            }
            for n, e in enumerate(entries, next_number(adjustments))
        ],
    )


def check(entry: Entry, facts: Facts, town: Profile, ledger: Ledger) -> None:
    """Refuses an adjustment without an installment or authority, above what is owed, or against the law on waivers."""
    if entry.kind not in ADJUSTMENT_KINDS:
        raise BadValue(
            f'"{entry.kind}" is not a kind of adjustment.',
            where="kind",
            do=f"Use one of {', '.join(ADJUSTMENT_KINDS)}.",
        )
    if entry.component and entry.component not in COMPONENTS:
        raise BadValue(
            f'"{entry.component}" is not a component.', where="component", do=f"Use one of {', '.join(COMPONENTS)}."
        )
    for name in ("reason", "authority", "approved_by"):
        if not getattr(entry, name).strip():
            raise BadValue(
                "This field is required.",
                where=name,
                do="Enter a reason, a resolution or statute, and who approved the adjustment.",
            )
    refuse_words_of_law(entry.approved_by)
    if entry.amount <= 0:
        raise BadValue(
            "The amount must be above zero.", where="amount", do="The kind decides whether the bill goes up or down."
        )
    mine = _installment(ledger, entry)
    if entry.kind == REFUND:
        _check_refund(entry, ledger, str(mine[OpenInstallment.group]))
        _check_in_credit(entry, facts, town)
        return
    component = entry.component or ABOUT.get(entry.kind, "tax")
    if entry.kind == "Waiver":
        check_waiver(town, component, entry.effective, str(mine[OpenInstallment.levy_type]), entry.part)
    if entry.kind in REDUCES:
        most = _most(entry, component, facts, mine)
        if entry.amount > most:
            raise BadValue(
                f"{usd(entry.amount)} is more than the {component} of bill {entry.bill}, installment {entry.inst}: {usd(most)}.",
                where="amount",
                do=f"Enter {usd(most)} or less.",
            )


def refuse_words_of_law(approved_by: str) -> None:
    """Refuses an approver in the words of an entry that the law makes by itself, which needs no approver."""
    if approved_by.strip().lower() in BY_LAW:
        raise BadValue(
            f'"{approved_by.strip()}" is for entries that the law makes by itself.',
            where="approved_by",
            do="Name the person who approved this, or the act of the board.",
        )


def _installment(ledger: Ledger, entry: Entry) -> pd.Series[Any]:
    due = ledger.balances
    mine = due[
        (due[OpenInstallment.bill] == entry.bill)
        & (due[OpenInstallment.part] == entry.part)
        & (due[OpenInstallment.inst] == entry.inst)
    ]
    if len(mine):
        return mine.iloc[0]
    has = due[due[OpenInstallment.bill] == entry.bill]
    if not len(has):
        raise BadValue(
            f'There is no bill "{entry.bill}" on the Duplicate.', where="bill", do="Correct the bill number."
        )
    there = ", ".join(
        f"{p + ' ' if p else ''}{i}" for p, i in zip(has[OpenInstallment.part], has[OpenInstallment.inst], strict=True)
    )
    raise BadValue(
        f"Bill {entry.bill} does not have installment {entry.inst}.", where="inst", do=f"Use one of: {there}."
    )


def _most(entry: Entry, component: str, facts: Facts, mine: pd.Series[Any]) -> Cents:
    """The most that can be taken off: for tax what is billed and still charged, otherwise what is open."""
    if component != "tax":
        return int(mine[component.capitalize()])
    billed = int(mine[OpenInstallment.billed])
    if not len(facts.adjustments):
        return billed
    table = facts.adjustments.frame
    same = (
        (table[Adjustment.bill] == entry.bill)
        & (table[Adjustment.part] == entry.part)
        & (table[Adjustment.inst] == entry.inst)
    )
    table = table[same & (component_of(table) == "tax")]
    up, down = (
        int(table.loc[table[Adjustment.kind].isin(kinds), Adjustment.amount].sum()) for kinds in (RAISES, REDUCES)
    )
    return billed + up - down


def _check_refund(entry: Entry, ledger: Ledger, group: str) -> None:
    credit = ledger.credits[ledger.credits[LeftOver.group] == group]
    have = int(credit[LeftOver.credit].sum() + credit[LeftOver.refund].sum())
    if entry.amount > have:
        raise BadValue(
            f"{usd(entry.amount)} is more than the credit of {group}: {usd(have)}.",
            where="amount",
            do="First post the payment, reversal or abatement that the credit comes from.",
        )


def _check_in_credit(entry: Entry, facts: Facts, town: Profile) -> None:
    """Refuses a refund of credit that came in on its own day: a day's payments count after its adjustments."""
    row = rows([entry], facts.adjustments, entry.effective)
    more = replace(facts, adjustments=facts.adjustments.and_rows(row).renumbered())
    mine = f"adjustment {row[Adjustment.no].iloc[0]}"
    if any(problem.where == mine for problem in replay(more, town, entry.effective).problems):
        raise BadValue(
            f"Part of this credit was received on {entry.effective}, the day of the refund.",
            where="today",
            do="Enter the refund on a later day. A day's payments count after its adjustments and refunds.",
        )


def check_waiver(town: Profile, component: str, on: dt.date, levy_type: str, part: str) -> None:
    """Refuses a waiver the town's law does not allow."""
    rule = town.find(Waiver, on, levy_type, part)
    if rule is None:
        raise LawNotEncoded(
            f"{town.name} has no rule that allows a waiver of {component} for {levy_type} on {on}.",
            where=town.id,
            do="Add a waiver rule with its authority to the Rules, or enter an Abatement.",
        )
    if component not in rule.params.of:
        raise BadValue(
            f"The law does not allow a waiver of {component}.",
            where="component",
            do=f"{rule.words()} {rule.authority()}",
        )


def entry_of(row: Mapping[Hashable, Any], reason: str) -> Entry:
    """A row of the register as an entry, with another reason."""
    return Entry(
        row[Adjustment.bill], row[Adjustment.kind], int(row[Adjustment.amount]), row[Adjustment.effective].date(), reason, row[Adjustment.authority],
        row[Adjustment.approved_by], int(row[Adjustment.inst]), row[Adjustment.part], row[Adjustment.component],
    )  # fmt: skip


def taken_back(entry: Entry, number: str) -> Entry:
    """The adjustment that undoes another, and names its number."""
    component = entry.component or ABOUT.get(entry.kind, "tax")
    kind = OPPOSITE.get(entry.kind) or ("Correction Up" if entry.kind in REDUCES else "Correction Down")
    return Entry(
        entry.bill, kind, entry.amount, entry.effective, entry.reason, entry.authority, entry.approved_by,
        entry.inst, entry.part, component, Tie(TAKES_BACK, number),
    )  # fmt: skip


def wrong_rows(table: Table[Any]) -> list[Problem]:
    """What is wrong with adjustments typed by hand: no reason, authority or approver."""
    return [
        Problem(
            place(table, int(position), name),
            f"{name} is required.",
            "Fill in the cell before you seal the adjustment.",
        )
        for name in ("Reason", "Authority", "Approved By")
        for position in table.index[table[name] == ""]
    ]


# ---- a won appeal -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Appeal:
    """What a judgment changes: the adjustments, and each installment before and after."""

    entries: list[Entry]
    before: pd.DataFrame
    after: pd.DataFrame
    credit_before: Cents
    credit_after: Cents


def tax_shares(installments: pd.DataFrame, facts: Facts) -> dict[tuple[str, int], Cents]:
    """The tax of each installment of a bill now, by part and number: billed, plus raised, less lowered."""
    return {
        (part := str(row[OpenInstallment.part]), inst := int(row[OpenInstallment.inst])): _most(
            Entry(
                str(row[OpenInstallment.bill]),
                "Correction Down",
                1,
                row[OpenInstallment.due].date(),
                "",
                "",
                "",
                inst,
                part,
            ),
            "tax",
            facts,
            row,
        )
        for _, row in installments.sort_values([OpenInstallment.part, OpenInstallment.inst]).iterrows()
    }


def spread(down: Cents, shares: dict[Any, Cents]) -> dict[Any, Cents]:
    """A reduction divided in proportion to each installment's tax, with the odd cents on the last that has room."""
    now = sum(shares.values())
    off = {key: down * share // now for key, share in shares.items()}
    order = list(reversed(off))
    off[order[0]] += down - sum(off.values())
    # The last installment may be too small for the odd cents: what it cannot take goes to the ones before it.
    for key, earlier in pairwise(order):
        spare = max(0, off[key] - shares[key])
        off[key] -= spare
        off[earlier] += spare
    return off


def appeal(
    bill: str, year_tax: Cents, facts: Facts, town: Profile, on: dt.date, authority: str, approved_by: str, reason: str
) -> Appeal:
    """The corrections that lower a bill to the tax of a judgment, from each installment's due date (from today if not yet due).

    The reduction is spread over the installments as they were billed, the odd cents on the last. Interest, penalty and how every
    payment applied follow from replay. Raises BadValue for a tax that is not below the present one.
    """
    refuse_words_of_law(approved_by)
    ledger = replay(facts, town, on)
    mine = ledger.balances[ledger.balances[OpenInstallment.bill] == bill]
    if not len(mine):
        raise BadValue(f'There is no bill "{bill}" on the Duplicate.', where="bill", do="Correct the bill number.")
    if mine[OpenInstallment.part].nunique() > 1:
        raise BadValue(f"Bill {bill} has parts.", where="bill", do="Enter a correction for each part.")
    part = str(mine[OpenInstallment.part].iloc[0])
    shares = {key[1]: share for key, share in tax_shares(mine, facts).items()}
    now = sum(shares.values())
    if not 0 <= year_tax < now:
        raise BadValue(
            f"{usd(year_tax)} is not below the tax of bill {bill}, {usd(now)}.",
            where="year tax",
            do="Enter a lower tax. To raise the tax, use Adjust with the kind Correction Up.",
        )
    off = spread(now - year_tax, shares)
    due_of = dict(zip(mine[OpenInstallment.inst], mine[OpenInstallment.due], strict=True))
    entries = [
        Entry(
            bill,
            "Correction Down",
            amount,
            min(due_of[inst].date(), on),
            reason,
            authority,
            approved_by,
            inst,
            part,
            "",
            Tie(APPEAL, bill),
        )
        for inst, amount in off.items()
        if amount
    ]
    more = rows(entries, facts.adjustments, on)
    after = replay(replace(facts, adjustments=facts.adjustments.and_rows(more)), town, on)
    group = mine[OpenInstallment.group].iloc[0]

    def credit(one: Ledger) -> Cents:
        rows = one.credits[one.credits[LeftOver.group] == group]
        return int(rows[LeftOver.credit].sum() + rows[LeftOver.refund].sum())

    same = after.balances.loc[ledger.balances[OpenInstallment.group] == group]
    return Appeal(
        entries, ledger.balances[ledger.balances[OpenInstallment.group] == group], same, credit(ledger), credit(after)
    )


def appeal_page(
    office: str,
    bill: str,
    result: Appeal,
    paid: pd.DataFrame,
    on: dt.date,
    authority: str,
    collector: str,
) -> Page:
    """What the judgment changed, installment by installment: the interest paid before, and the amount due now.

    paid: tax, interest and penalty that payments bore before and after, a row each, for the arithmetic.
    """
    lowered = {(e.bill, e.inst): e.amount for e in result.entries}
    lines = []
    for (_, was), (_, now) in zip(result.before.iterrows(), result.after.iterrows(), strict=True):
        by = lowered.get((was[OpenInstallment.bill], was[OpenInstallment.inst]), 0)
        if not by and all(was[c] == now[c] for c in ("Tax", "Interest", "Penalty")):
            continue
        lines.append(
            (
                f"{was[OpenInstallment.bill]}/{was[OpenInstallment.inst]}",
                was[OpenInstallment.due],
                was[OpenInstallment.billed],
                by,
                *(int(x[c]) for c in ("Tax", "Interest", "Penalty") for x in (was, now)),
            )
        )
    heads = (
        "Installment",
        "Due",
        "Billed",
        "Lowered",
        "Tax was",
        "Tax now",
        "Interest was",
        "Interest now",
        "Penalty was",
        "Penalty now",
    )
    kinds = ("text", "date", *["money"] * 8)
    freed = result.credit_after - result.credit_before
    return Page(
        "Judgment applied",
        (
            Fields((("Bill", bill, "id"), ("As of", on, "date"), ("Authority", authority, "text"))),
            Heading("Open amounts that changed, before and after"),
            Grid(heads, kinds, lines, (20, 16, *[15] * 8)),  # type: ignore[arg-type]
            Heading("How payments are applied, before and after"),
            Grid(
                ("", "Tax", "Interest", "Penalty", "Costs"),
                ("text", "money", "money", "money", "money"),
                [tuple(row) for row in paid.itertuples(index=False)],
                (30, 15, 15, 15, 15),
            ),
            Text(
                f"The account's credit was {usd(result.credit_before)} and is now {usd(result.credit_after)}; the judgment freed "
                f"{usd(freed)}. Interest and penalty are recalculated on the lower tax from each due date. Overpaid amounts follow the "
                "town's payment order. The Cash Book shows the changes as Reallocation lines dated today.",
                "plain",
            ),
            Signatures((f"{collector}, and date", "Reviewed by, and date")),
        ),
        office=office,
        key=bill,
        landscape=True,
    )
