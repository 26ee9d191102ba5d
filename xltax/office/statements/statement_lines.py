"""The lines of a statement: what each part's rule asks for, from the movements of its levies, down to a difference of $0.00."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pandas as pd

from xltax.errors import BadValue, LawNotEncoded
from xltax.law.printed import Statement
from xltax.law.profile import Profile
from xltax.ledger.replay import Facts, Ledger
from xltax.office.statements import current_levy_year, money_ties
from xltax.office.statements import movements as moves
from xltax.office.statements.book_start import Began
from xltax.office.statements.money_ties import DIFFERENCE
from xltax.office.statements.movements import Movement, Period
from xltax.tables import ADJUSTMENTS, ROLL, Adjustment, Bill, CashLine, Parcel
from xltax.tables.schema import Column, Row, TableSpec
from xltax.tables.statements import COLLECTED, STATEMENT, CollectedLine, StatementLine
from xltax.tables.table import Table


@dataclass
class Books:
    """What a statement reads: the law, the facts, the tables, and where this book began."""

    town: Profile
    facts: Facts
    duplicate: Table[Bill]
    cash_book: Table[CashLine]
    adjustments: Table[Adjustment]
    began: Began = field(default_factory=Began)


@dataclass
class Made:
    """A finished statement: its rules, its lines (table Statement), its collections (Collected), and both ledgers."""

    period: Period
    rules: tuple[Statement, ...]
    lines: pd.DataFrame
    collected: pd.DataFrame
    opening: Ledger
    closing: Ledger
    current: int  # the current levy year

    @property
    def difference(self) -> int:
        """The total of all differences, without their signs, in cents: must be 0."""
        gaps = self.lines.loc[self.lines[StatementLine.line] == DIFFERENCE, StatementLine.amount]
        return int(gaps.abs().sum()) + abs(self.cash_difference)

    @property
    def cash_difference(self) -> int:
        """The difference between the kinds of money and the line totals."""
        money = (
            self.collected[
                [
                    CollectedLine.tax,
                    CollectedLine.interest,
                    CollectedLine.penalty,
                    CollectedLine.costs,
                    CollectedLine.misc,
                    CollectedLine.overpaid,
                ]
            ]
            .to_numpy()
            .sum()
        )
        return int(money - self.collected[CollectedLine.discount].sum() - self.collected[CollectedLine.total].sum())


def rules_of(town: Profile, report: str, on: dt.date) -> tuple[Statement, ...]:
    """The parts of a statement in force on a day; LawNotEncoded where the town's law has none of that name."""
    found = [r.params for r in town.in_force(Statement, on)]
    parts = tuple(p for p in found if p.report == report)
    if not parts:
        have = sorted({p.report for p in found})
        raise LawNotEncoded(
            f"{town.name} has no {report} statement.{' The Rules have: ' + ', '.join(have) + '.' if have else ''}",
            where=town.id,
            do="Add the statement's lines to the Rules. xltax does not guess a State's form.",
        )
    return parts


def make(books: Books, report: str, period: Period) -> Made:
    """A statement for a period, from what was known on its last day. It is the same whenever it is made again."""
    if period.start > period.end:
        raise BadValue(
            f"The first day, {period.start}, is after the last day, {period.end}.",
            where="start",
            do="Correct one of them.",
        )
    began = books.began.day
    if began is not None and period.end < began:
        raise BadValue(
            f"This book began on {began}, after the period {period}.",
            where="Opening Levies",
            do="Use the earlier books for that statement, or correct the day.",
        )
    rules = rules_of(books.town, report, period.end)
    opening, closing = (moves.as_known(books.facts, books.town, day) for day in (period.before, period.end))
    fiscal_year = current_levy_year.year_of(books.town, period.end)
    lines: list[tuple[object, ...]] = []
    printed: list[pd.DataFrame] = []
    uncovered = moves.rows(books.duplicate, books.cash_book, books.adjustments)
    uncovered = uncovered[uncovered[Movement.measure].isin(moves.MONEY_IN)]
    for rule in rules:
        # A part that begins with what was open is for the period; one that tells a levy from its beginning, for the year.
        span = period if rule.flows else period.year(fiscal_year.starts)
        counted = moves.rows(books.duplicate, books.cash_book, books.adjustments, rule.counts, began)
        start, end = (moves.open_tax(ledger, books.duplicate, rule.counts) for ledger in (opening, closing))
        part = Part(rule, span, began, counted, start, end, books.town, period.end)
        lines += part.lines()
        printed.append(part.money())
        uncovered = part.uncovered(uncovered)
    money = collected(books.cash_book, books.adjustments, books.duplicate, period)
    lines += money_ties.credit(books.cash_book, books.adjustments, period)
    lines += money_ties.tie(printed, uncovered, money, period)
    table = pd.DataFrame(lines, columns=list(STATEMENT.names))
    return Made(period, rules, table, money, opening, closing, fiscal_year.levy_year(period.end))


@dataclass
class Part:
    """One part of a statement: its rule, its span, what counts in it, and what was open before and after."""

    rule: Statement
    period: Period
    began: dt.date | None
    counted: pd.DataFrame
    start: pd.DataFrame
    end: pd.DataFrame
    town: Profile
    on: dt.date

    def lines(self) -> Iterator[tuple[object, ...]]:
        """Its lines, levy by levy."""
        moved = moves.movements(self.counted, self.period)
        moved, start, end = (self._mine(table) for table in (moved, self._starts(), self.end))
        levy = list(moves.LEVY) if self.rule.by == "rate_bill" else [Movement.levy_year, Movement.levy_part]
        known = pd.concat([table[levy] for table in (moved, start, end)]).drop_duplicates().sort_values(levy)
        for group in known.itertuples(index=False, name=None):
            mine = [_of(table, levy, group) for table in (moved, start, end)]
            yield from _group(self.rule, levy, group, mine, self.period)

    def money(self) -> pd.DataFrame:
        """The payments of its levies, without what was prepaid before its span; at face where a line has the discounts too."""
        at_face = any({"collected", "discount"} <= set(line.of) for line in self.rule.lines)
        measures = (*moves.MONEY_IN, "discount") if at_face else moves.MONEY_IN
        mine = self._mine(self.counted[self.counted[Movement.measure].isin(measures)])
        return mine[mine[Movement.counts] >= pd.Timestamp(self.period.start)]

    def uncovered(self, others: pd.DataFrame) -> pd.DataFrame:
        """The payments among these that belong to levies of other parts."""
        return others.loc[others.index.difference(self._mine(others).index)]

    def _mine(self, table: pd.DataFrame) -> pd.DataFrame:
        """The levies this part is for."""
        if self.rule.years == "all" or not len(table):
            return table
        days = pd.Series(pd.Timestamp(self.on), index=table.index)
        standing = pd.Series(current_levy_year.standing(self.town, table, days), index=table.index)
        return table[standing == self.rule.years.capitalize()]

    def _starts(self) -> pd.DataFrame:
        """What was open before the period: as Unpaid at the start, or as opening balances where the book began since.

        Where nobody entered the day the book began, what is left of its opening balances stays on a line of its own.
        """
        brought = self.start["Brought In"]
        if self.began is None:
            return self.start.assign(Measure=brought.map({True: "brought_in", False: "opening"}))
        known = self.start if self.began <= self.period.before else self.start[~brought]
        return known.assign(Measure="opening")


def _of(table: pd.DataFrame, key: list[str], group: tuple[object, ...]) -> pd.DataFrame:
    test = pd.Series(True, index=table.index)
    for name, value in zip(key, group, strict=True):
        test &= table[name] == value
    return table[test]


def _group(
    rule: Statement,
    levy: list[str],
    group: tuple[object, ...],
    tables: list[pd.DataFrame],
    period: Period,
) -> Iterator[tuple[object, ...]]:
    """The lines of one levy from its own rows of the tables: what moved, what was open before, and what is open now."""
    moved, start, end = tables
    of = dict(zip(levy, group, strict=True))
    if rule.flows:
        moved = pd.concat([t for t in (moved[~moved[Movement.before]], start) if len(t)] or [start])
    place = (rule.title, of[Movement.levy_year], of.get(Movement.levy_type, ""))
    expected, lines = 0, []
    for line in rule.shown:
        rows = moved[moved[Movement.measure].isin(line.of)]
        amount = sum(
            moves.signed(str(m), int(a)) for m, a in zip(rows[Movement.measure], rows[Movement.amount], strict=True)
        )
        expected += amount
        if line not in rule.lines and not len(rows):
            continue  # a line of its own that the State's form does not have, with nothing on it
        found = moves.found_by(line.of, period, rule.flows)
        lines.append((*place, line.name, int(rows[Movement.rows].sum()), amount, found, of[Movement.levy_part]))
    now = int(end[Movement.amount].sum())
    if not now and not any(line[5] for line in lines):
        return  # a levy with nothing open and nothing done to it in the period
    yield from lines
    open_now = f"Duplicate, Balance as of {period.end}, as known that day"
    yield (*place, rule.ends, int(end[Movement.rows].sum()), now, open_now, of[Movement.levy_part])
    gap = "the lines above, less what is open (must be $0.00)"
    yield (*place, DIFFERENCE, 0, expected - now, gap, of[Movement.levy_part])


# ---- collections ------------------------------------------------------------------------------------------------------

_MONEY = ["Tax", "Interest", "Penalty", "Costs", "Misc", "Overpaid", "Discount", "Total"]


def collected(
    cash_book: Table[CashLine], adjustments: Table[Adjustment], duplicate: Table[Bill], period: Period
) -> pd.DataFrame:
    """What was collected in the period by levy, with separate rows for bills in lien or in suspense."""
    book = moves.cash_lines(cash_book)
    book = book[(book["Posted"] >= pd.Timestamp(period.start)) & (book["Posted"] <= pd.Timestamp(period.end))].copy()
    book[CollectedLine.standing] = ""
    moved = moves.changes(adjustments, duplicate)
    for measure, name in (("to_lien", "lien"), ("suspended", "suspense")):
        since = moved[moved[Movement.measure] == measure].groupby(Adjustment.bill)[Movement.posted].min()
        if len(since):
            book.loc[book[CashLine.bill].map(since) <= book["Posted"], CollectedLine.standing] = name
    book[CollectedLine.levy_part] = moves.levy_part(book[CashLine.part])
    keys = ["Levy Year", "Levy Type", "Levy Part", "Standing"]
    table = book.groupby(keys, as_index=False).agg(Rows=("Total", "size"), **{m: (m, "sum") for m in _MONEY})
    table = table.sort_values(keys, ascending=[False, True, True, True], ignore_index=True)
    window = f"posted {period.start} to {period.end}"
    table[CollectedLine.found_by] = [
        f"Cash Book, Levy Year {y or 'blank'}, Levy Type {t or 'blank'}, {f'Part {p}, ' if p else ''}{window}"
        f"{f', bill in {s}' if s else ''}"
        for y, t, p, s in table[keys].itertuples(index=False, name=None)
    ]
    return table[list(COLLECTED.names)]


# ---- schedules --------------------------------------------------------------------------------------------------------

SCHEDULES = {
    "abatements": ("Taxes abated", ("abated", "waived")),
    "corrections": ("Corrections", ("corrected_up", "corrected_down", "canceled", "disallowed", "added")),
    "suspense": ("Transferred to the suspense tax book", ("suspended",)),
    "liens": ("Transferred to liens", ("to_lien",)),
    "refunds": ("Refunds, credit moved to another account, and credit paid to the State", ("refunded", "escheated")),
}


class ScheduleLine(Row):
    """One adjustment or refund of a statement's schedules."""

    bill = ADJUSTMENTS["Bill"]
    part = ADJUSTMENTS["Part"]
    account = ROLL["Account"]
    owner = ROLL["Owner"]
    kind = ADJUSTMENTS["Kind"]
    reason = ADJUSTMENTS["Reason"]
    authority = ADJUSTMENTS["Authority"]
    amount = Column("Amount", "money", "In cents, negative where the tax goes down.")


SCHEDULE = TableSpec("Schedules", ScheduleLine, purpose="every change in the period, with owner and reason")


def schedules(made: Made, books: Books, roll: Table[Parcel]) -> dict[str, Table[ScheduleLine]]:
    """The schedules a statement has, by name: every change in its period, and the refunds where there are any."""
    names = dict.fromkeys(s for rule in made.rules for s in rule.schedules)
    refunds = moves.refunds(books.adjustments, books.duplicate)
    if len(refunds):
        names["refunds"] = None
    changes = moves.changes(books.adjustments, books.duplicate)
    return {n: schedule(n, refunds if n == "refunds" else changes, roll, made.period) for n in names}


def schedule(name: str, changed: pd.DataFrame, roll: Table[Parcel], period: Period) -> Table[ScheduleLine]:
    """Every change of one schedule in the period: its bill and account, the owner, kind, reason, authority and amount."""
    inside = (changed[Movement.posted] >= pd.Timestamp(period.start)) & (
        changed[Movement.posted] <= pd.Timestamp(period.end)
    )
    table = changed[inside & changed[Movement.measure].isin(SCHEDULES[name][1])]
    owners = (
        roll.drop_duplicates(Parcel.account).set_index(Parcel.account)[Parcel.owner]
        if len(roll)
        else pd.Series(dtype=object)
    )
    amounts = [int(a) if name == "refunds" else moves.signed(m, int(a)) for m, a in zip(table[Movement.measure], table[Adjustment.amount], strict=True)]  # fmt: skip
    out = table[
        [
            Adjustment.bill,
            Adjustment.part,
            ScheduleLine.account,
            Adjustment.kind,
            Adjustment.reason,
            Adjustment.authority,
        ]
    ].assign(
        Owner=table[ScheduleLine.account].map(owners).fillna(""), Amount=pd.Series(amounts, table.index, dtype="int64")
    )
    return Table.made(SCHEDULE, out).renumbered()


def named(parts: Iterable[Statement]) -> str:
    """The statement's heading."""
    return next(iter(parts)).heading
