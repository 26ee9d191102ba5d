"""The proof of the book: named checks, each with what it compares, both sides, and the difference."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from xltax.law.params import Params
from xltax.law.profile import ALWAYS, Profile, Rule
from xltax.law.table import to_frame
from xltax.ledger.facts import component_of
from xltax.ledger.replay import Ledger
from xltax.ledger.wide import INSTALLMENTS, melt
from xltax.office.billing.duplicate_columns import totals
from xltax.office.counter import reallocation
from xltax.office.counter.reallocation import Reallocated
from xltax.office.statements.roll_forward import RollForwardLine, roll_forward
from xltax.tables import (
    INST,
    RAISES,
    REDUCES,
    REFUND,
    Adjustment,
    Bill,
    CashLine,
    Charge,
    CheckLine,
    RuleLine,
)
from xltax.tables.check import Check
from xltax.tables.reading import place
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table
from xltax.wording import some


def checks(
    duplicate: Table[Bill],
    cash_book: Table[CashLine],
    adjustments: Table[Adjustment],
    ledger: Ledger,
    town: Profile,
    shipped: Profile | None = None,
    control_tax: int | None = None,
    stale: dt.date | None = None,
) -> list[Check]:
    """Every check of the book as of the ledger's day, in cents or in counts."""
    charges, book = melt(duplicate), cash_book.frame
    return [
        *_levy(charges, control_tax),
        _roll_forward(adjustments, ledger),
        _payments_applied(cash_book, adjustments, ledger),
        _received(book, ledger),
        _receipt_gaps(book),
        _authority(adjustments),
        _unused_rows(ledger),
        *_as_of(ledger, stale),
        *_rules(town, shipped),
    ]


def _levy(charges: Table[Charge], control_tax: int | None) -> list[Check]:
    if control_tax is None:
        return []
    billed = int(charges[Charge.amount].sum())
    return [Check("Levy", "Control total compared with the installments billed", control_tax, billed)]


def _roll_forward(adjustments: Table[Adjustment], ledger: Ledger) -> Check:
    forward = roll_forward(adjustments, ledger)
    gap = forward.loc[forward[RollForwardLine.line] == "Difference", RollForwardLine.amount]
    return Check(
        "Roll-forward",
        "Billed + raised - lowered - collected, compared with the open tax, by levy year",
        int(gap.abs().sum()),
        0,
    )


def _payments_applied(cash_book: Table[CashLine], adjustments: Table[Adjustment], ledger: Ledger) -> Check:
    text = "How the Cash Book applied payments, compared with the law"
    changes = reallocation.differences(cash_book, ledger, adjustments)
    if not len(changes):
        return Check("Payments applied", text, 0, 0)
    apart = int(changes[list(reallocation.COLUMNS)].abs().to_numpy().sum())
    first = f"bill {changes[Reallocated.bill].iloc[0] or '(credit)'} of {changes[Reallocated.group].iloc[0]}"
    return Check("Payments applied", text, apart, 0, first)


def _received(book: pd.DataFrame, ledger: Ledger) -> Check:
    """All tax money in the Cash Book is on accounts of the Duplicate."""
    known = set(ledger.balances[OpenInstallment.account])
    tax = book[CashLine.total] != book[CashLine.misc]  # what is booked to a revenue code needs no account
    stray = book[~book[CashLine.account].isin(known) & (book[CashLine.kind] != "Reallocation") & tax]
    where = place(book, int(stray.index[0]), CashLine.account) if len(stray) else ""
    return Check(
        "Accounts",
        "Cash Book money on accounts that are not on the Duplicate",
        int(stray[CashLine.total].sum()),
        0,
        where,
    )


def missing_receipts(book: pd.DataFrame) -> list[str]:
    """The receipt numbers missing within each series (the letters before the digits)."""
    series: dict[str, set[int]] = {}
    for receipt in book.loc[book[CashLine.kind] != "Reallocation", CashLine.receipt].unique():
        digits = len(receipt) - len(receipt.rstrip("0123456789"))
        if digits:
            series.setdefault(receipt[:-digits], set()).add(int(receipt[-digits:]))
    if any(max(u) - min(u) >= 10_000_000 for u in series.values()):
        return ["0"]
    return [f"{s}{n}" for s, used in series.items() for n in range(min(used), max(used)) if n not in used]


def _receipt_gaps(book: pd.DataFrame) -> Check:
    missing = missing_receipts(book)
    look = missing[0] if missing else ""
    return Check(
        "Receipt numbers", "Missing numbers between the first and the last", len(missing), 0, look, counts=True
    )


def _authority(adjustments: Table[Adjustment]) -> Check:
    if not len(adjustments):
        return Check("Authority", "Adjustments without reason or authority", 0, 0, counts=True)
    table = adjustments.frame
    bare = table[
        table[Adjustment.kind].isin(REDUCES) & ((table[Adjustment.reason] == "") | (table[Adjustment.authority] == ""))
    ]
    where = place(adjustments, int(bare.index[0]), Adjustment.authority) if len(bare) else ""
    return Check(
        "Authority", "Adjustments that lower a bill without reason or authority", len(bare), 0, where, counts=True
    )


def _unused_rows(ledger: Ledger) -> Check:
    first = str(ledger.problems[0]) if ledger.problems else ""
    text = "Rows that could not be used, such as one for an unknown bill"
    return Check("Problems", text, len(ledger.problems), 0, first, counts=True)


def _as_of(ledger: Ledger, stale: dt.date | None) -> list[Check]:
    if stale is None:
        return []
    apart = abs((ledger.as_of - stale).days)
    text = "Days between the last Refresh and the day asked for"
    return [Check("As of", text, apart, 0, "run Refresh", counts=True)]


def _rules(town: Profile, shipped: Profile | None) -> list[Check]:
    """The town's rules compared with those shipped: first what has no authority, then what the town enacted."""
    if shipped is None:
        return []
    other = rule_differences(without_own_law(town, shipped), shipped)
    text = f"Settings of charges that differ from {shipped.id} as shipped, without the town's own authority"
    out = [Check("Rules", text, len(other), 0, other[0] if other else "", counts=True)]
    # What the town enacted is no error, but nobody changes a rate unseen by writing an authority beside it.
    own = [d for d in rule_differences(town, shipped) if d not in other]
    if own:
        text = f"Settings that differ from {shipped.id} as shipped, with the town's own authority or only for printing"
        more = f", and {len(own) - 1} more" if len(own) > 1 else ""
        out.append(Check("Own rules", text, len(own), len(own), own[0] + more, counts=True))
    return out


def rule_differences(town: Profile, other: Profile) -> list[str]:
    """The differences between two laws, in words: rules that only one has, and settings that differ."""

    def named(profile: Profile) -> dict[tuple[object, ...], Rule[Params]]:
        return {(*rule.slot, rule.start): rule for rule in profile.rules}

    mine, theirs = named(town), named(other)
    lines = []
    for key in dict.fromkeys([*mine, *theirs]):
        one, two = mine.get(key), theirs.get(key)
        rule = one or two
        assert rule is not None
        name = " ".join(x for x in (rule.name, rule.sort, ", ".join(rule.types), rule.part) if x)
        if rule.start != ALWAYS:
            name += f" from {rule.start}"
        if one is None or two is None:
            lines.append(f"{name}: only in {town.id if one else other.id}: {rule.words()}")
            continue
        ours, others = _settings(one), _settings(two)
        lines += [
            f"{name}: {k} is {ours.get(k, 'not set') or 'blank'}, in {other.id} {others.get(k, 'not set') or 'blank'}"
            for k in dict.fromkeys([*ours, *others])
            if ours.get(k) != others.get(k)
        ]
    return lines


PRINTED = (
    "bill_text",
    "statement",
    "general_ledger",
    "fiscal_year",
    "collection_rate",
    "levy_reduction",
    "unclaimed",
    "approval",
)
"""Rules about printing, reporting and controls. They charge nobody, and older books have fewer of them."""


def without_own_law(town: Profile, shipped: Profile) -> Profile:
    """The town's rules with the shipped rules in place of its own laws: a rule with its own authority is law, not a typing error."""
    known = {rule.authority() for rule in shipped.rules}
    own = {rule.slot for rule in town.rules if rule.authority() and rule.authority() not in known}
    put_back = {rule.slot for rule in (*town.rules, *shipped.rules) if rule.slot in own or rule.name in PRINTED}
    kept = [rule for rule in town.rules if rule.slot not in put_back]
    return Profile(town.id, town.name, (*kept, *(rule for rule in shipped.rules if rule.slot in put_back)))


def _settings(rule: Rule[Params]) -> dict[str, str]:
    """Every setting of a rule, with its end and authority, as text. Rates are compared as they apply, however they are written."""
    table = to_frame(Profile("", "", (replace(rule, params=rule.params.as_applied()),)))
    table = table[(table[RuleLine.rule] != "profile") & ~table[RuleLine.key].isin(("in words", "cite", "assume"))]
    settings = dict(zip(table[RuleLine.key], table[RuleLine.value].astype(str), strict=True))
    return settings | {"to": str(rule.end), "authority": rule.authority()}


def passed(results: Sequence[Check]) -> str:
    """The result of the checks in a sentence: 17 checks passed. Or: 1 of 17 checks did not pass."""
    failed = sum(1 for check in results if check.difference)
    if failed:
        return f"{failed} of {some(len(results), 'check')} did not pass."
    open_ = [check.name for check in results if check.not_done]
    said = f"Not done: {', '.join(open_)}. " if open_ else ""
    return f"{said}{some(len(results) - len(open_), 'check')} passed."


def as_table(results: list[Check]) -> pd.DataFrame:
    """The checks as the rows of the Proof sheet. Counts are shown as whole numbers."""
    rows = []
    for check in results:
        unit = 100 if check.counts else 1
        rows.append(
            {
                CheckLine.check: check.name,
                CheckLine.compares: check.compares,
                CheckLine.this_side: check.this * unit,
                CheckLine.that_side: check.that * unit,
                CheckLine.difference: check.difference * unit,
                CheckLine.result: check.result,
            }
        )
    return pd.DataFrame(rows)


NATIVE = {
    "Bills": "Control total on Start, compared with the bills on the Duplicate, except those of further lists",
    "Billed": "Control total on Start, compared with Net Tax of the same bills",
    "Installments": "Net Tax, compared with the four installments",
    "Open tax": "Net Tax + Added - Canceled - To Lien - tax in the Cash Book, compared with Balance",
    "Total due": "Balance + Interest + Penalty + Costs, compared with Total Due",
    "Cash book lines": "Tax + Interest + Penalty + Costs + Misc + Overpaid - Discount, compared with Total",
    "Added": "Adjustments that raise the tax, compared with Added",
    "Canceled": "Adjustments that lower the tax, compared with Canceled",
    "To lien": "Transfers to lien, compared with To Lien",
    "Overpaid": "Overpaid in the Cash Book - refunds, compared with Overpaid",
}
"""The checks that the Proof sheet makes with its own formulas, in the sheet's order; `native` makes the same checks."""

NO_CONTROL = "OK, no control total"


def native(
    duplicate: Table[Bill],
    of_the_roll: Table[Bill],
    cash_book: Table[CashLine],
    adjustments: Table[Adjustment],
    ledger: Ledger,
    control_bills: int | None,
    control_tax: int | None,
) -> list[Check]:
    """The comparisons of the Proof sheet's own formulas, made from the same columns as of the last Refresh.

    of_the_roll: the bills the control totals are for, without those of added, supplemental and interim lists.
    """
    bills, book = duplicate.frame, cash_book.frame
    now = totals(duplicate, ledger, adjustments)
    net = int(bills[Bill.net_tax].sum())
    count, levied = int(of_the_roll[Bill.bill].nunique()), int(of_the_roll[Bill.net_tax].sum())
    cash = {
        c: int(book[c].sum()) for c in ("Tax", "Interest", "Penalty", "Costs", "Misc", "Overpaid", "Discount", "Total")
    }
    by_kind: dict[str, int] = {}
    if len(adjustments):
        table = adjustments.frame
        of_tax = table[component_of(table) == "tax"].groupby(Adjustment.kind)[Adjustment.amount].sum()
        by_kind = {str(kind): int(amount) for kind, amount in of_tax.items()}
    lien = by_kind.get("Transfer to Lien", 0)
    lowered = sum(by_kind.get(k, 0) for k in REDUCES) - lien
    sides = (
        (count if control_bills is None else control_bills, count),
        (levied if control_tax is None else control_tax, levied),
        (net, sum(int(bills[INST[n]].sum()) for n in INSTALLMENTS)),
        (net + now[Bill.added] - now[Bill.canceled] - now[Bill.to_lien] - cash[CashLine.tax], now[Bill.balance]),
        (sum(now[c] for c in ("Balance", "Interest", "Penalty", "Costs")), now[Bill.total_due]),
        (
            sum(cash[c] for c in ("Tax", "Interest", "Penalty", "Costs", "Misc", "Overpaid")) - cash[CashLine.discount],
            cash[CashLine.total],
        ),
        (sum(by_kind.get(k, 0) for k in RAISES), now[Bill.added]),
        (lowered, now[Bill.canceled]),
        (lien, now[Bill.to_lien]),
        (cash[CashLine.overpaid] - by_kind.get(REFUND, 0), now[Bill.overpaid]),
    )
    later = _later(ledger.as_of, cash_book, adjustments)
    return [
        Check(name, text, this, that, later if this != that else "", counts=name == "Bills")
        for (name, text), (this, that) in zip(NATIVE.items(), sides, strict=True)
    ]


def _later(as_of: dt.date, cash_book: Table[CashLine], adjustments: Table[Adjustment]) -> str:
    """What to do if entries are later than the day of the balances: the sums have them, and the balances do not."""
    columns = (cash_book[CashLine.effective], cash_book[CashLine.received], adjustments[Adjustment.effective])
    days = [column.max() for column in columns if len(column)]
    last = max((day.date() for day in days if not pd.isna(day)), default=as_of)
    return (
        f"the As of date on Start is before the last entry of {last}. Set the date to {last} or later, and run Refresh"
        if last > as_of
        else ""
    )
