"""The lines of a statement: what each part's rule asks for, from the movements of its levies, down to a difference of $0.00."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from xltax.dates import add_months
from xltax.errors import BadProfile, BadValue, LawNotEncoded
from xltax.law.collection import LevyReduction
from xltax.law.profile import Profile
from xltax.law.statement import OPEN, Line, Statement
from xltax.ledger.replay import Ledger
from xltax.money import div_half_up
from xltax.office.statements import current_levy_year, money_ties, subjects
from xltax.office.statements import movements as moves
from xltax.office.statements.money_ties import DIFFERENCE
from xltax.office.statements.movements import Movement, Period
from xltax.office.statements.subjects import Books as Books
from xltax.office.statements.subjects import Known, Moves
from xltax.tables import Adjustment, Bill, CashLine
from xltax.tables.statements import COLLECTED, STATEMENT, CollectedLine, StatementLine
from xltax.tables.table import Table


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
    opened: pd.DataFrame  # every row of every line, with Part and Name of the line

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
    _refuse_unknown_lines(parts, town)
    return parts


def _refuse_unknown_lines(parts: tuple[Statement, ...], town: Profile) -> None:
    """Refuses a line that is calculated from a line which no earlier part has: it would count as $0.00."""
    known: set[str] = set()
    for rule in parts:
        for ref in (ref for line in rule.lines for ref in line.refers if ":" in ref):
            if ref not in known:
                raise BadProfile(
                    f'The statement part "{rule.kind}" is calculated from "{ref}", which no part before it has.',
                    where=town.id,
                    do="Correct the line's reference in the Rules. The parts stand in the order of their kinds.",
                )
        known |= {f"{rule.kind}:{no}" for no in rule.numbers}


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
    known = Known(*(moves.as_known(books.facts, books.town, day) for day in (period.before, period.end)))
    fiscal_year = current_levy_year.year_of(books.town, period.end)
    parts: list[Part] = []
    printed: list[pd.DataFrame] = []
    uncovered = moves.rows(books.duplicate, books.cash_book, books.adjustments)
    uncovered = uncovered[uncovered[Movement.measure].isin(moves.MONEY_IN)]
    for rule in rules:
        # A part that begins with what was open is for the period; one that tells a levy from its beginning, for the year.
        span = period if rule.flows or rule.about == "money" else period.year(fiscal_year.starts)
        parts.append(Part(rule, span, subjects.of(rule, books, known, span), books.town, period.end))
        if rule.about == "levies" and not rule.figures:
            counted = moves.rows(books.duplicate, books.cash_book, books.adjustments, rule.counts, began)
            printed.append(_money(rule, span, subjects.mine_of(rule, books.town, counted, period.end)))
            uncovered = uncovered.loc[
                uncovered.index.difference(subjects.mine_of(rule, books.town, uncovered, period.end).index)
            ]
    lines, opened = lines_of(parts)
    money = collected(books.cash_book, books.adjustments, books.duplicate, period)
    lines += money_ties.credit(books.cash_book, books.adjustments, period)
    if printed:
        lines += money_ties.tie(printed, uncovered, money, period)
    table = pd.DataFrame(lines, columns=list(STATEMENT.names))
    return Made(period, rules, table, money, *known, fiscal_year.levy_year(period.end), opened)


def _money(rule: Statement, span: Period, counted: pd.DataFrame) -> pd.DataFrame:
    """The payments of a part's levies, without what was prepaid before its span; at face where a line has the discounts too."""
    at_face = any({"collected", "discount"} <= set(line.of) for line in rule.lines)
    measures = (*moves.MONEY_IN, "discount") if at_face else moves.MONEY_IN
    mine = counted[counted[Movement.measure].isin(measures)]
    return mine[mine[Movement.counts] >= pd.Timestamp(span.start)]


def balances_forward(before: Made, made: Made, town: Profile) -> tuple[int, int] | None:
    """What the statement before closed with, and what this one begins with, in cents; None if this one begins with nothing.

    Both are of the same levies: those whose opening balance this statement shows.
    """
    closing = opening = 0
    flowing = [rule for rule in made.rules if rule.about == "levies" and rule.flows and not rule.figures]
    for rule in flowing:
        mine = _levies_of(made, [rule])
        opening += int(mine.loc[mine[Movement.measure].isin(("opening", "brought_in")), Movement.amount].sum())
        every = _levies_of(before, before.rules)
        every = every[every[Movement.measure] == OPEN]
        closing += int(subjects.mine_of(rule, town, every, made.period.end)[Movement.amount].sum())
    return (closing, opening) if flowing else None


def _levies_of(made: Made, rules: Iterable[Statement]) -> pd.DataFrame:
    """The rows of a statement's parts about levies, with the levy of each row."""
    if not len(made.opened):
        return pd.DataFrame(columns=[*moves.LEVY, Movement.measure, Movement.amount])
    titles = {rule.title for rule in rules if rule.about == "levies" and not rule.figures}
    rows = made.opened[made.opened["Part"].isin(titles)]
    return rows.assign(**{name: rows[f"Of {name}"] for name in moves.LEVY}).astype({Movement.levy_year: "int64"})


# ---- the lines of a part ----------------------------------------------------------------------------------------------

Figures = dict[str, Fraction]
"""The figures of lines that have a number: cents, or for a percentage its hundredths. "afs_22:12" is a line of another part."""


@dataclass
class Part:
    """One part of a statement: its rule, its span, its rows, and the statement's last day."""

    rule: Statement
    period: Period
    moves: Moves
    town: Profile
    on: dt.date

    @property
    def key(self) -> list[str]:
        """What the part has a group of lines for."""
        return {
            "levy_year": [Movement.levy_year, Movement.levy_part],
            "rate_bill": list(moves.LEVY),
            "part": [Movement.levy_part],
            "whole": [],
        }[self.rule.by]

    def assigned(self) -> pd.DataFrame:
        """Every row with the position of its line in `Line` and its sign in the part's balance in `Amount`."""
        rule = self.rule
        rows = pd.concat([t for t in self.moves if len(t)] or [self.moves.rows], ignore_index=True)
        for name, none in ((Movement.levy_year, 0), (Movement.levy_type, ""), (Movement.levy_part, "")):
            if name not in self.key:
                rows[f"Of {name}"], rows[name] = rows[name], none
            else:
                rows[f"Of {name}"] = rows[name]
        place = pd.Series(-1, index=rows.index, dtype="int64")
        for choosing in (True, False):
            for n, line in enumerate(rule.shown):
                if line.of and line.chooses is choosing:
                    free = (place < 0) & rows[Movement.measure].isin(line.of)
                    place[free & self._chosen(line, rows)] = n
        down = rows[Movement.measure].isin(rule.subject.lowers)
        amount = rows[Movement.amount].astype("int64")
        rows = rows.assign(Line=place, Amount=amount.where(~down, -amount))
        return rows[place >= 0]

    def _chosen(self, line: Line, rows: pd.DataFrame) -> pd.Series[bool]:
        """The rows that a line takes of what it names."""
        take = pd.Series(True, index=rows.index)
        if line.types:
            take &= rows[f"Of {Movement.levy_type}"].isin(line.types)
        if line.years != "any":
            levies = rows[[f"Of {Movement.levy_year}", f"Of {Movement.levy_type}"]].set_axis(
                ["Levy Year", "Levy Type"], axis=1
            )
            take &= subjects.which(self.town, levies.astype({"Levy Year": "int64"}), self.on) == line.years.capitalize()
        if line.resolved:
            named = {n for r in self.town.all(LevyReduction) for n in r.params.adjustments}
            take &= rows[Movement.number].isin(named)
        if line.due_later:
            take &= rows[Movement.due] > pd.Timestamp(self.on)
        if line.months_old:
            take &= rows[Movement.mailed] > pd.Timestamp(add_months(self.on, -line.months_old))
        return take


def lines_of(parts: Iterable[Part]) -> tuple[list[tuple[object, ...]], pd.DataFrame]:
    """The lines of all parts, and every row with the line it stands in."""
    lines: list[tuple[object, ...]] = []
    opened: list[pd.DataFrame] = []
    totals: Figures = {}
    for part in parts:
        rows = part.assigned() if not part.rule.figures else part.moves.rows
        groups = rows.groupby(part.key, sort=True) if part.key else [((), rows)]
        seen: Figures = {}
        for name, mine in groups:
            found = list(
                _group(
                    part,
                    dict(zip(part.key, name if isinstance(name, tuple) else (name,), strict=True)),
                    mine,
                    totals,
                    seen,
                )
            )
            lines += found
            if found and not part.rule.figures:
                opened.append(_opened(part, mine))
        totals |= {f"{part.rule.kind}:{no}": figure for no, figure in seen.items()}
    return lines, pd.concat(opened, ignore_index=True) if opened else pd.DataFrame()


def _group(
    part: Part, levy: dict[str, object], rows: pd.DataFrame, others: Figures, seen: Figures
) -> Iterator[tuple[object, ...]]:
    """The lines of one group of a part's rows. seen: the part's figures by number, added up over its groups."""
    rule = part.rule
    place = (rule.title, levy.get(Movement.levy_year, 0), levy.get(Movement.levy_type, ""))
    own: Figures = {}
    gap, unequal, lines = 0, 0, []
    for n, line in enumerate(rule.shown):
        count = 0
        if line.of:
            mine = rows[rows["Line"] == n]
            count, moved = int(mine[Movement.rows].sum()), int(mine[Movement.amount].sum())
            gap += -moved if OPEN in line.of else moved
            amount = moved * rule.sign(line)
            found = subjects.found_by(line, rule, part.period)
            own_line = line not in rule.lines or line.of == ("brought_in",)
            if own_line and OPEN not in line.of and not len(mine):
                continue  # a line of its own that the State's form does not have, with nothing on it
        else:
            figure = _figure(line, own, others)
            found = _calculated(line)
            amount = int(figure)  # of a percentage, its hundredths: 69.99 is shown
            if line.no:
                own[line.no] = figure
            if line.zero:
                unequal += abs(amount)
        if line.of:
            own |= {no: Fraction(amount) for no in (line.no, OPEN if OPEN in line.of else "") if no}
        lines.append((*place, line.label, count, amount, found, levy.get(Movement.levy_part, "")))
    if not any(line[5] for line in lines):
        return  # a levy with nothing open and nothing done to it in the period
    for no, figure in own.items():
        seen[no] = seen.get(no, Fraction(0)) + figure
    yield from lines
    gap += unequal if gap >= 0 else -unequal  # the two never cancel each other
    why = "the lines above, less what is open (must be $0.00)" if not rule.figures else "the lines that must be $0.00"
    yield (*place, DIFFERENCE, 0, gap, why, levy.get(Movement.levy_part, ""))


def _figure(line: Line, own: Figures, others: Figures) -> Fraction:
    """The figure of a line that is calculated from other lines: cents, or hundredths of a percent, cut off and not rounded."""

    def of(ref: str) -> Fraction:
        name = ref.removeprefix("-")
        value = (others if ":" in name else own).get(name, Fraction(0))
        return -value if ref.startswith("-") else value

    if line.adds:
        return sum((of(ref) for ref in line.adds), Fraction(0))
    first, second = (of(ref) for ref in line.percent or line.times)
    if line.times:
        return Fraction(div_half_up((first * second).numerator, (first * second).denominator * 10_000))
    return Fraction(int(first * 10_000) // int(second)) if second else Fraction(0)


def _calculated(line: Line) -> str:
    """How a line is calculated from other lines, in words."""
    if line.percent:
        return f"line {line.percent[0]} as a percent of line {line.percent[1]}, cut off after two places"
    if line.times:
        return f"line {line.times[0]} times the percent of line {line.times[1]}"
    text = " ".join(f"- {ref[1:]}" if ref.startswith("-") else f"+ {ref}" for ref in line.adds).removeprefix("+ ")
    return f"lines {text}"


def _opened(part: Part, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of a group with the names of their lines."""
    names = dict(enumerate(part.rule.shown))
    rows = rows.sort_values("Line", kind="stable")
    return rows.assign(
        Part=part.rule.title,
        Name=[names[n].label for n in rows["Line"]],
        Amount=[a * part.rule.sign(names[n]) for a, n in zip(rows[Movement.amount], rows["Line"], strict=True)],
    )


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


def named(parts: Iterable[Statement]) -> str:
    """The statement's heading."""
    return next(iter(parts)).heading
