"""Checks typed at the counter: what each check will pay, what is left over, and what to know before posting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from xltax.errors import Problem, Problems
from xltax.law.profile import Profile
from xltax.ledger.replay import Facts, replay
from xltax.money import usd
from xltax.office.counter import cautions, part_payments, posting, same_money
from xltax.office.quotes import payoff
from xltax.tables import RECEIPTS, CashLine, Charge, Parcel, Receipt
from xltax.tables.counter import COUNTER, CounterRow
from xltax.tables.reading import place
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table
from xltax.wording import some

LONGEST = 480


def running(counter: Table[CounterRow]) -> list[int]:
    """What is left of a check after each row. The check's total stands on its first row; its other rows share the reference.

    0 for a row that is a whole check.
    """
    left, before, out = 0, None, []
    for row in counter.to_dict("records"):
        check = (row[CounterRow.reference], row[CounterRow.tender], row[CounterRow.received])
        if row[CounterRow.check_total]:
            left = row[CounterRow.check_total] - row[CounterRow.amount]
        elif check == before and row[CounterRow.reference] and left:
            left -= row[CounterRow.amount]
        else:
            left = 0
        before = check
        out.append(left)
    return out


def checks_of(counter: Table[CounterRow]) -> list[str]:
    """The same word for all rows of one check; "" for a row that is a whole check."""
    words, number, before = [], 0, None
    for row, left in zip(counter.to_dict("records"), _left_before(counter), strict=True):
        check = (row[CounterRow.reference], row[CounterRow.tender], row[CounterRow.received])
        goes_on = left and check == before and row[CounterRow.reference] and not row[CounterRow.check_total]
        number += not goes_on
        words.append(f"check {number}")
        before = check
    return [word if words.count(word) > 1 else "" for word in words]


def _left_before(counter: Table[CounterRow]) -> list[int]:
    """What is left of the check before each row."""
    return [0, *running(counter)[:-1]] if len(counter) else []


def unassigned(counter: Table[CounterRow]) -> list[Problem]:
    """Every check whose rows do not add up to the check's total."""
    left, problems = running(counter), []
    checks = list(
        zip(counter[CounterRow.reference], counter[CounterRow.tender], counter[CounterRow.received], strict=True)
    )
    for n, rest in enumerate(left):
        goes_on = n + 1 < len(left) and checks[n + 1] == checks[n] and not counter[CounterRow.check_total].iloc[n + 1]
        if rest and not goes_on:
            what = (
                f"{usd(rest)} of check {checks[n][0]} is not assigned."
                if rest > 0
                else f"The rows of check {checks[n][0]} total {usd(-rest)} more than the check."
            )
            problems.append(
                Problem(
                    place(counter, int(counter.index[n]), CounterRow.amount),
                    what,
                    f"Add a row for the rest. If you do not know the account, enter Kind Other and revenue code {posting.SUSPENSE}."
                    if rest > 0
                    else "Correct the amounts or the check's total.",
                )
            )
    return problems


def shown(
    counter: Table[CounterRow],
    facts: Facts,
    town: Profile,
    cash_book: Table[CashLine],
    today: dt.date,
    roll: Table[Parcel],
    every: Table[CounterRow] | None = None,
) -> pd.DataFrame:
    """The calculated columns of the Counter: owner, what each row pays, what is left over, the rest of the check, warnings.

    every: all rows that can be read, with those that cannot be posted yet; they count for what is left of a check. Raises
    Problems for rows that cannot be posted.
    """
    every = counter if every is None else every
    lines = posting.post(facts, town, counter, cash_book, today, roll, again=True)
    numbers = list(dict.fromkeys(lines[CashLine.receipt]))  # one for each row, in order
    by_receipt = dict(tuple(lines.groupby(CashLine.receipt, sort=False)))
    warnings = _warnings(counter, lines, facts, town)
    twice = _twice(counter, facts, cash_book)
    checks = same_money.same_check(counter.frame, cash_book)
    known = replace(facts, receipts=posting.receipts_of(cash_book))
    parts = part_payments.in_words(_as_posted(lines), known, town)
    unfinished = {p.where: p.what for p in unassigned(every)}
    left_of = dict(zip(every[CounterRow.account].index, running(every), strict=True))
    rows = []
    for n, number in enumerate(numbers):
        mine = by_receipt[number]
        notes = [
            unfinished.get(place(counter, int(counter.index[n]), CounterRow.amount), ""),
            twice[n] or checks[n],
            cautions.far_more(mine),
            f"{parts[number]} {part_payments.SAY_SO}" if number in parts else "",
            *warnings.get(number, []),
        ]
        rows.append(
            {
                CounterRow.owner: next((t for t in mine[CashLine.taxpayer] if t), ""),
                CounterRow.pays: _pays(mine),
                CounterRow.left_over: int(mine[CashLine.overpaid].sum()),
                CounterRow.check_left: left_of[counter.index[n]],
                CounterRow.warning: " ".join(x for x in notes if x)[:LONGEST],
            }
        )
    return pd.DataFrame(rows, columns=[c.name for c in COUNTER.derived], index=counter.index)


def not_ready(problems: Sequence[Problem]) -> dict[str, object]:
    """The calculated columns of a row that cannot be posted: why, and nothing else."""
    why = " ".join(f"{p.what} {p.do}".strip() for p in problems)
    shown: dict[str, object] = {c.name: "" if c.kind == "text" else 0 for c in COUNTER.derived}
    return shown | {CounterRow.warning: f"NOT READY: {why}"[:LONGEST]}


def _as_posted(lines: Table[CashLine]) -> pd.DataFrame:
    """The payments behind lines of the Cash Book, one row each."""
    book = lines.frame
    rows = book.groupby(CashLine.receipt, sort=False).first()
    amount = book.groupby(CashLine.receipt, sort=False)[CashLine.total].sum()
    effective = rows[CashLine.effective].fillna(rows[CashLine.received])
    return rows.assign(Amount=amount, Effective=effective).reset_index()


def _twice(counter: Table[CounterRow], facts: Facts, cash_book: Table[CashLine]) -> list[str]:
    """For each row, the words with which posting refuses a payment that the Cash Book has already."""
    account_of = dict(zip(facts.charges[Charge.bill], facts.charges[Charge.account], strict=True))
    found = same_money.in_words(counter.frame, account_of, cash_book)
    return [f"{what} {same_money.SAY_SO}" if what else "" for what in found]


def _pays(lines: pd.DataFrame) -> str:
    """A payment's lines in words: "2025-12-4/1: tax $1,000.00, interest $20.00"."""
    parts = []
    for line in lines.to_dict("records"):
        if line[CashLine.kind] == "Other":
            parts.append(f"{line[CashLine.revenue_code]} {usd(line[CashLine.misc])}")
            continue
        what = ", ".join(
            f"{name.lower()} {usd(line[name])}"
            for name in ("Costs", "Interest", "Penalty", "Tax", "Discount")
            if line[name]
        )
        if line[CashLine.overpaid]:
            parts.append(f"credit {usd(line[CashLine.overpaid])}")
        else:
            part = f" {line[CashLine.part]}" if line[CashLine.part] else ""
            parts.append(f"{line[CashLine.bill]}{part}/{line[CashLine.inst]}: {what}")
    text = "; ".join(parts)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 20]} ... ({some(len(parts), 'line')})"


def _warnings(counter: Table[CounterRow], lines: Table[CashLine], facts: Facts, town: Profile) -> dict[str, list[str]]:
    """What the cashier should know about each row, by receipt number.

    Two replays for each day, of the accounts at the counter alone.
    """
    out: dict[str, list[str]] = {}
    taxes = lines[lines[CashLine.kind] != "Other"]
    first = taxes.groupby(CashLine.receipt, sort=False).first()
    first[Receipt.amount] = taxes.groupby(CashLine.receipt, sort=False)[CashLine.total].sum()
    first[CashLine.effective] = first[CashLine.effective].fillna(first[CashLine.received])
    charges = facts.charges
    mine = charges[Charge.account].isin(set(first[CashLine.account]))
    mine |= (charges[Charge.party] != "") & charges[Charge.party].isin(set(charges.loc[mine, Charge.party]))
    small = replace(facts, charges=charges[mine])
    for day, rows in first.groupby(CashLine.effective):
        on = day.date()
        known = payoff.relevant(small, town, on)
        before = replay(known, town, on)
        here = Table.made(RECEIPTS, rows.drop(columns=[CashLine.recorded]).reset_index())
        after = replay(replace(known, receipts=known.receipts.and_rows(here)), town, on)
        group_of = dict(
            zip(before.balances[OpenInstallment.account], before.balances[OpenInstallment.group], strict=True)
        )
        then, now = (dict(tuple(b.balances.groupby(OpenInstallment.group))) for b in (before, after))
        for number, row in rows.iterrows():
            group = group_of.get(row[CashLine.account])
            if group in then:
                out[str(number)] = posting.warnings(then[group], now[group], town, int(row[Receipt.amount]), on)
    return out


def refuse_unassigned(counter: Table[CounterRow]) -> None:
    """Refuses to post until every check is fully assigned."""
    if problems := unassigned(counter):
        raise Problems(problems)
