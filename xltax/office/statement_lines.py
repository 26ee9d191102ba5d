"""A statement as lines: what each part's rule asks for, from the movements of its levies, ending in a difference of 0.00."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from xltax.errors import BadValue, LawNotEncoded
from xltax.law.printed import Statement
from xltax.law.profile import Profile
from xltax.ledger.replay import Facts, Ledger
from xltax.ledger.schema import Column, TableSpec
from xltax.ledger.tables import ADJUSTMENTS, DUPLICATE, ROLL
from xltax.ledger.tables.statements import COLLECTED, STATEMENT
from xltax.ledger.validate import typed
from xltax.office import movements as moves
from xltax.office.movements import Period

DIFFERENCE = "Difference"


@dataclass
class Made:
    """A statement worked out: its rules, its lines (table Statement), its collections (Collected), both ledgers."""

    period: Period
    rules: tuple[Statement, ...]
    lines: pd.DataFrame
    collected: pd.DataFrame
    opening: Ledger
    closing: Ledger
    current: int  # the current levy year

    @property
    def difference(self) -> int:
        """Every difference there is, without its sign, in cents: 0."""
        gaps = self.lines.loc[self.lines["Line"] == DIFFERENCE, "Amount"]
        return int(gaps.abs().sum()) + abs(self.cash_difference)

    @property
    def cash_difference(self) -> int:
        """The kinds of money against the totals of the lines they stand in."""
        money = self.collected[["Tax", "Interest", "Penalty", "Costs", "Misc", "Overpaid"]].to_numpy().sum()
        return int(money - self.collected["Discount"].sum() - self.collected["Total"].sum())


def rules_of(town: Profile, report: str, on: dt.date) -> tuple[Statement, ...]:
    """The parts of a statement in force on a day; LawNotEncoded where the town's law has none of that name."""
    found = [r.params for r in town.rules if r.name == "statement" and r.covers(on)]
    parts = tuple(p for p in found if isinstance(p, Statement) and p.report == report)
    if not parts:
        have = sorted({p.report for p in found if isinstance(p, Statement)})
        raise LawNotEncoded(
            f"{town.name} has no {report} statement.{' There is: ' + ', '.join(have) + '.' if have else ''}",
            where=town.id,
            do="Add its lines to the Rules as a statement; xltax does not guess a State's form.",
        )
    return parts


def make(
    town: Profile,
    report: str,
    period: Period,
    facts: Facts,
    duplicate: pd.DataFrame,
    cash_book: pd.DataFrame,
    adjustments: pd.DataFrame | None,
) -> Made:
    """A statement for a period, from what was known on its last day: the same whenever it is made again."""
    if period.start > period.end:
        raise BadValue(f"{period.start} is after {period.end}.", where="start", do="A period ends after it begins.")
    rules = rules_of(town, report, period.end)
    opening, closing = moves.as_known(facts, town, period.before), moves.as_known(facts, town, period.end)
    current = current_year(duplicate, period.end)
    rows: list[tuple[object, ...]] = []
    for rule in rules:
        # A part that begins with what was open is for the period; one that tells a levy from its beginning, for the year.
        span = period if rule.flows else period.year(rule.year_starts)
        moved = moves.movements(duplicate, cash_book, adjustments, span, rule.counts)
        start, end = (moves.open_tax(ledger, duplicate, rule.counts) for ledger in (opening, closing))
        rows += _part(rule, span, moved, start, end, current)
    lines = pd.DataFrame(rows, columns=list(STATEMENT.names))
    money = collected(cash_book, adjustments, duplicate, period)
    return Made(period, rules, lines, money, opening, closing, current)


def current_year(duplicate: pd.DataFrame, on: dt.date) -> int:
    """The levy year that is being collected on a day: the last one with an installment due by then."""
    bills = typed(duplicate, DUPLICATE)
    due = bills.loc[bills["Due 1"] <= pd.Timestamp(on), "Levy Year"]
    return int(due.max()) if len(due) else on.year


def _part(
    rule: Statement, period: Period, moved: pd.DataFrame, start: pd.DataFrame, end: pd.DataFrame, current: int
) -> Iterator[tuple[object, ...]]:
    key = ["Levy Year", "Levy Type"] if rule.by == "rate_bill" else ["Levy Year"]
    known = pd.concat([moved[["Levy Year", "Levy Type"]], end[["Levy Year", "Levy Type"]]])
    mine = known[_wanted(known["Levy Year"], rule.years, current)][key].drop_duplicates().sort_values(key)
    for group in mine.itertuples(index=False, name=None):
        yield from _group(rule, group, _of(moved, key, group), _of(start, key, group), _of(end, key, group), period)


def _wanted(years: pd.Series, which: str, current: int) -> pd.Series:
    return {"current": years == current, "prior": years < current, "next": years > current, "all": years == years}[
        which
    ]


def _of(table: pd.DataFrame, key: list[str], group: tuple[object, ...]) -> pd.DataFrame:
    test = pd.Series(True, index=table.index)
    for name, value in zip(key, group, strict=True):
        test &= table[name] == value
    return table[test]


def _group(
    rule: Statement,
    group: tuple[object, ...],
    moved: pd.DataFrame,
    start: pd.DataFrame,
    end: pd.DataFrame,
    period: Period,
) -> Iterator[tuple[object, ...]]:
    place = (rule.title, group[0], group[1] if len(group) > 1 else "")
    if rule.flows:
        moved = moved[~moved["Before"]]
    expected, lines = 0, []
    for line in rule.lines:
        count, amount = 0, 0
        for measure in line.of:
            rows = start if measure == "opening" else moved[moved["Measure"] == measure]
            count += int(rows["Rows"].sum())
            amount += moves.signed(measure, int(rows["Amount"].sum()))
        expected += amount
        lines.append((*place, line.name, count, amount, moves.found_by(line.of, period, rule.flows)))
    now = int(end["Amount"].sum())
    if not now and not any(line[4] for line in lines):
        return  # a levy with nothing open and nothing done to it in the period
    yield from lines
    yield (*place, rule.ends, int(end["Rows"].sum()), now, f"Duplicate, Balance as of {period.end}, as known that day")
    yield (*place, DIFFERENCE, 0, expected - now, "the lines above, less what is open: must be 0.00")


# ---- collections ------------------------------------------------------------------------------------------------------

_MONEY = ["Tax", "Interest", "Penalty", "Costs", "Misc", "Overpaid", "Discount", "Total"]


def collected(
    cash_book: pd.DataFrame, adjustments: pd.DataFrame | None, duplicate: pd.DataFrame, period: Period
) -> pd.DataFrame:
    """What was collected in the period by levy, with bills in lien or in suspense on rows of their own."""
    book = moves.cash_lines(cash_book)
    book = book[(book["Posted"] >= pd.Timestamp(period.start)) & (book["Posted"] <= pd.Timestamp(period.end))].copy()
    book["Standing"] = ""
    moved = moves.changes(adjustments, duplicate)
    for measure, name in (("to_lien", "lien"), ("suspended", "suspense")):
        since = moved[moved["Measure"] == measure].groupby("Bill")["Posted"].min()
        if len(since):
            book.loc[book["Bill"].map(since) <= book["Posted"], "Standing"] = name
    keys = ["Levy Year", "Levy Type", "Standing"]
    table = book.groupby(keys, as_index=False).agg(Rows=("Total", "size"), **{m: (m, "sum") for m in _MONEY})
    table = table.sort_values(keys, ascending=[False, True, True], ignore_index=True)
    window = f"posted {period.start} to {period.end}"
    table["Found By"] = [
        f"Cash Book, Levy Year {y or 'blank'}, Levy Type {t or 'blank'}, {window}{f', bill in {s}' if s else ''}"
        for y, t, s in zip(table["Levy Year"], table["Levy Type"], table["Standing"], strict=True)
    ]
    return table[list(COLLECTED.names)]


# ---- schedules --------------------------------------------------------------------------------------------------------

SCHEDULES = {
    "abatements": ("Taxes abated", ("abated", "waived")),
    "corrections": ("Corrections", ("corrected_up", "corrected_down", "canceled", "disallowed", "added")),
    "suspense": ("Transferred to the suspense tax book", ("suspended",)),
    "liens": ("Transferred to liens", ("to_lien",)),
}


SCHEDULE = TableSpec(
    "Schedules",
    (
        ADJUSTMENTS["Bill"],
        ROLL["Account"],
        ROLL["Owner"],
        ADJUSTMENTS["Kind"],
        ADJUSTMENTS["Reason"],
        ADJUSTMENTS["Authority"],
        Column("Amount", "money", "In cents, minus where it lowers."),
    ),
    purpose="every change in the period, with whose it is and why",
)


def schedules(
    made: Made, adjustments: pd.DataFrame | None, duplicate: pd.DataFrame, roll: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """The schedules a statement has, by name: every change in its period."""
    names = dict.fromkeys(s for rule in made.rules for s in rule.schedules)
    return {n: schedule(n, adjustments, duplicate, roll, made.period) for n in names}


def schedule(
    name: str,
    adjustments: pd.DataFrame | None,
    duplicate: pd.DataFrame,
    roll: pd.DataFrame,
    period: Period,
) -> pd.DataFrame:
    """Bill, account, name, kind, reason, authority and amount (cents, minus where it lowers) of every change in the period."""
    table = moves.changes(adjustments, duplicate)
    inside = (table["Posted"] >= pd.Timestamp(period.start)) & (table["Posted"] <= pd.Timestamp(period.end))
    table = table[inside & table["Measure"].isin(SCHEDULES[name][1])]
    owners = roll.drop_duplicates("Account").set_index("Account")["Owner"] if len(roll) else pd.Series(dtype=object)
    amounts = [moves.signed(m, int(a)) for m, a in zip(table["Measure"], table["Amount"], strict=True)]
    out = table[["Bill", "Account", "Kind", "Reason", "Authority"]].assign(
        Owner=table["Account"].map(owners).fillna(""), Amount=pd.Series(amounts, table.index, dtype="int64")
    )
    out = out[list(SCHEDULE.names)].reset_index(drop=True)
    out.attrs = {"typed": SCHEDULE.name}
    return out


def refunds(adjustments: pd.DataFrame | None, period: Period) -> int:
    """What was paid back to owners in the period, in cents."""
    if adjustments is None or not len(adjustments):
        return 0
    table = typed(adjustments, ADJUSTMENTS)
    day = moves.posting_day(table["Recorded"], table["Effective"])
    inside = (day >= pd.Timestamp(period.start)) & (day <= pd.Timestamp(period.end)) & (table["Kind"] == "Refund")
    return int(table.loc[inside, "Amount"].sum())


def named(parts: Iterable[Statement]) -> str:
    """The statement's heading."""
    return next(iter(parts)).heading
