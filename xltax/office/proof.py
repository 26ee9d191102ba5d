"""The proof of the book: named checks, each with what it compares, both sides, and the difference."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from xltax.law.profile import ALWAYS, Profile, Rule
from xltax.law.table import to_frame
from xltax.ledger import seals
from xltax.ledger.replay import Ledger
from xltax.ledger.tables import ADJUSTMENTS, CASH_BOOK, REDUCES
from xltax.ledger.validate import place, typed
from xltax.ledger.wide import charges_from
from xltax.office import reallocate
from xltax.office.statements import roll_forward

OK, LOOK = "OK", "LOOK"


@dataclass(frozen=True)
class Check:
    """One named check: what is held against what, in cents or counts, and where to look if they differ."""

    name: str
    compares: str
    this: int
    that: int
    look: str = ""

    @property
    def difference(self) -> int:
        return self.this - self.that

    @property
    def result(self) -> str:
        return OK if self.this == self.that else f"{LOOK}{': ' + self.look if self.look else ''}"


def checks(
    duplicate: pd.DataFrame,
    cash_book: pd.DataFrame,
    adjustments: pd.DataFrame | None,
    ledger: Ledger,
    town: Profile,
    shipped: Profile | None = None,
    control_bills: int | None = None,
    control_tax: int | None = None,
    stale: dt.date | None = None,
) -> list[Check]:
    """Every check of the book as of the ledger's day. Amounts are cents; a count is shown as a whole number of cents."""
    charges = charges_from(duplicate)
    book = typed(cash_book, CASH_BOOK)
    out: list[Check] = []
    if control_bills is not None:
        out.append(
            Check("Bills", "Control count of bills, against the duplicate", control_bills, duplicate["Bill"].nunique())
        )
    if control_tax is not None:
        out.append(
            Check("Levy", "Control total, against the installments billed", control_tax, int(charges["Amount"].sum()))
        )
    forward = roll_forward(adjustments, ledger)
    gap = forward.loc[forward["Line"] == "Difference", "Amount"]
    out.append(
        Check(
            "Roll-forward",
            "Billed + raised - lowered - collected, against what is open, by levy year",
            int(gap.abs().sum()),
            0,
        )
    )
    changes = reallocate.differences(cash_book, ledger, adjustments)
    apart = int(changes[list(reallocate.COLUMNS)].abs().to_numpy().sum()) if len(changes) else 0
    first = f"bill {changes['Bill'].iloc[0] or '(credit)'} of {changes['Group'].iloc[0]}" if len(changes) else ""
    out.append(
        Check("Recorded = replayed", "How the cash book says payments were applied, against the law", apart, 0, first)
    )
    out.append(_received(book, ledger))
    out.append(_receipt_gaps(book))
    for name, table, spec in (
        ("Cash book seals", cash_book, CASH_BOOK),
        ("Adjustment seals", adjustments, ADJUSTMENTS),
    ):
        if table is not None and len(table):
            bad = list(seals.broken(typed(table, spec), spec))
            out.append(Check(name, "Rows not as they were posted", len(bad), 0, bad[0].where if bad else ""))
    out.append(_authority(adjustments))
    out.append(
        Check(
            "Problems",
            "Facts that replay could not use",
            len(ledger.problems),
            0,
            str(ledger.problems[0]) if ledger.problems else "",
        )
    )
    if stale is not None:
        out.append(
            Check(
                "As of",
                "Days between the last Refresh and the day asked for",
                abs((ledger.as_of - stale).days),
                0,
                "run Refresh",
            )
        )
    if shipped is not None:
        other = rule_differences(town, shipped)
        out.append(
            Check(
                "Rules",
                f"Settings of this book's rules that differ from {shipped.id} as shipped",
                len(other),
                0,
                other[0] if other else "",
            )
        )
    return out


def _received(book: pd.DataFrame, ledger: Ledger) -> Check:
    """All money in the cash book stands on accounts of the duplicate."""
    known = set(ledger.balances["Account"])
    tax = book["Total"] != book["Misc"]  # what is booked to a revenue code needs no account
    stray = book[~book["Account"].isin(known) & (book["Kind"] != "Reallocation") & tax]
    where = place(book, int(stray.index[0]), "Account") if len(stray) else ""
    return Check(
        "Accounts", "Cash-book money on accounts that are not on the duplicate", int(stray["Total"].sum()), 0, where
    )


def _receipt_gaps(book: pd.DataFrame) -> Check:
    """Receipt numbers run without gaps, series by series (a series is what stands before the digits)."""
    series: dict[str, set[int]] = {}
    for receipt in book["Receipt"].unique():
        digits = len(receipt) - len(receipt.rstrip("0123456789"))
        if digits and not receipt.startswith(reallocate.PREFIX):
            series.setdefault(receipt[:-digits], set()).add(int(receipt[-digits:]))
    missing = (
        [(s, n) for s, used in series.items() for n in range(min(used), max(used)) if n not in used]
        if all(max(u) - min(u) < 10_000_000 for u in series.values())
        else [("", 0)]
    )
    look = f"{missing[0][0]}{missing[0][1]}" if missing else ""
    return Check("Receipt numbers", "Numbers missing between the first and the last", len(missing), 0, look)


def _authority(adjustments: pd.DataFrame | None) -> Check:
    if adjustments is None or not len(adjustments):
        return Check("Authority", "Adjustments without reason or authority", 0, 0)
    table = typed(adjustments, ADJUSTMENTS)
    bare = table[table["Kind"].isin(REDUCES) & ((table["Reason"] == "") | (table["Authority"] == ""))]
    where = place(adjustments, int(bare.index[0]), "Authority") if len(bare) else ""
    return Check("Authority", "Adjustments that lower without reason or authority", len(bare), 0, where)


def rule_differences(town: Profile, other: Profile) -> list[str]:
    """Where two laws differ, in words: a rule that only one of them has, and every setting that is not the same."""

    def named(profile: Profile) -> dict[tuple[object, ...], Rule]:
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
            f"{name}: {k} is {ours.get(k, 'not there')}, in {other.id} {others.get(k, 'not there')}"
            for k in dict.fromkeys([*ours, *others])
            if ours.get(k) != others.get(k)
        ]
    return lines


def _settings(rule: Rule) -> dict[str, str]:
    """Every setting of a rule and its end and authority, as text."""
    table = to_frame(Profile("", "", (rule,)))
    table = table[(table["Rule"] != "profile") & ~table["Key"].isin(("in words", "cite", "assume"))]
    settings = dict(zip(table["Key"], table["Value"].astype(str), strict=True))
    return settings | {"to": str(rule.end), "authority": rule.authority()}


def as_table(results: list[Check]) -> pd.DataFrame:
    """The checks as the rows of the Proof sheet. Counts are shown as whole numbers."""
    counts = {
        "Bills",
        "Receipt numbers",
        "Cash book seals",
        "Adjustment seals",
        "Authority",
        "Problems",
        "As of",
        "Rules",
        "Deposit time",
        "Batches",
        "Assigned liens",
    }
    rows = []
    for check in results:
        unit = 100 if check.name in counts else 1
        rows.append(
            {
                "Check": check.name,
                "Compares": check.compares,
                "This Side": check.this * unit,
                "That Side": check.that * unit,
                "Difference": check.difference * unit,
                "Result": check.result,
            }
        )
    return pd.DataFrame(rows)
