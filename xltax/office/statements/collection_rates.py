"""How well the levy is collected: percent collected and its average, collections by month, delinquency by age."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pandas as pd

from xltax.dates import add_months
from xltax.errors import BadValue
from xltax.law.collection import CollectionRate, LevyReduction
from xltax.law.params import decimal_text
from xltax.law.profile import Profile, Rule
from xltax.law.statement import Statement
from xltax.ledger.replay import Ledger
from xltax.money import div_half_up, usd
from xltax.office.collection import aging
from xltax.office.statements import movements as moves
from xltax.office.statements.movements import Movement, Period
from xltax.office.statements.statement_lines import Books
from xltax.tables import Adjustment, Bill, CashLine
from xltax.tables.statements import AGES, COLLECTION_RATE, MONTHS, AgeBand
from xltax.tables.table import Table

YEARS = 3


def percent(part: int, whole: int, rounding: str = "half_up") -> str:
    """A share as a percentage to two places, half up or cut off, as text: 98.46."""
    if not whole:
        return ""
    hundredths = part * 10_000 // whole if rounding == "down" else div_half_up(part * 10_000, whole)
    return decimal_text(Fraction(hundredths, 100))


def rate_rule(town: Profile, statement: Statement, on: dt.date) -> Rule[CollectionRate]:
    """How the town figures its percentage. A book without such a rule uses the rule of its statement."""
    found = town.find(CollectionRate, on)
    if found is not None:
        return found
    freed = ("freed",) if "credit" in statement.collected_is else ()
    older = CollectionRate(levy_is=statement.levy_is, collected_is=(*statement.collected_is, *freed))
    return Rule("collection_rate", older)


def collection_rate(books: Books, statement: Statement, end: dt.date, current: int) -> pd.DataFrame:
    """The percent collected of the current levy year on a day, of earlier years on the same day, and the average.

    A year whose levy or earlier collections are not known has no percentage but the reason.
    """
    rule = rate_rule(books.town, statement, end).params
    counted = moves.rows(books.duplicate, books.cash_book, books.adjustments)
    rows: list[tuple[str, int, int, str, str]] = []
    for back in range(YEARS):
        day, year = add_months(end, -12 * back), current - back
        if reason := books.began.withheld(books.duplicate, year, day):
            mine = counted[Movement.levy_year] == year
            if not back or mine.any():
                rows.append((str(year), 0, 0, "", f"Withheld. {reason}"))
            continue
        sums = _sums(books, counted, year, day)
        less, note = _reduced(books, year, day)
        levied, collected = rule.levied(sums) - less, rule.collected(sums)
        if levied > 0:
            rows.append((str(year), levied, collected, percent(collected, levied, rule.rounding), note))
    known = [row for row in rows if row[3]]
    if len(known) > 1:
        mean = sum((Fraction(row[2], row[1]) for row in known), Fraction(0)) / len(known)
        rows.append(
            (
                f"Average of {len(known)}",
                sum(row[1] for row in known),
                sum(row[2] for row in known),
                percent(mean.numerator, mean.denominator, rule.rounding),
                "",
            )
        )
    return pd.DataFrame(rows, columns=list(COLLECTION_RATE.names))


def _sums(books: Books, counted: pd.DataFrame, year: int, day: dt.date) -> dict[str, int]:
    """A levy year's amounts by measure up to a day, those from before this book began among them."""
    mine = moves.movements(counted[counted[Movement.levy_year] == year], Period(day, day))
    sums = {str(name): int(amount) for name, amount in mine.groupby(Movement.measure)[Movement.amount].sum().items()}
    earlier = books.began.of(year)
    for column, measure in (
        ("Levied", "levied"),
        ("Collected", "prepaid"),
        ("Discounts", "discount"),
        ("Deductions", "deductions"),
        ("Canceled", "canceled"),
    ):
        sums[measure] = sums.get(measure, 0) + int(earlier[column].sum())
    return sums


def _reduced(books: Books, year: int, day: dt.date) -> tuple[int, str]:
    """The part of a year's levy that a resolution excludes from the percentage, in cents, with the resolution in words."""
    found = [(r, r.params) for r in books.town.all(LevyReduction)]
    total, notes = 0, []
    changed = moves.changes(books.adjustments, books.duplicate)
    lowered = changed[changed[Movement.measure].isin(("corrected_down", "abated", "canceled"))]
    for rule, params in found:
        if params.levy_year != year:
            continue
        mine = lowered[(lowered[Bill.levy_year] == year) & lowered[Adjustment.no].isin(params.adjustments)]
        missing = [number for number in params.adjustments if number not in set(mine[Adjustment.no])]
        if missing:
            raise BadValue(
                f"Adjustment {missing[0]} does not lower a tax for {year}.",
                where=f"Rules, {rule.name}, resolution {params.resolution}",
                do="Enter the numbers of the judgments' reductions from Adjustments.",
            )
        amount = int(mine.loc[mine[Movement.posted] <= pd.Timestamp(day), Adjustment.amount].sum())
        total += amount
        notes += (
            []
            if not amount
            else [
                f"The levy is reduced by {usd(amount)} of judgments, by resolution {params.resolution} of "
                f"{params.adopted:%B} {params.adopted.day}, {params.adopted.year}."
            ]
        )
    return total, " ".join(notes)


def by_month(cash_book: Table[CashLine], end: dt.date) -> pd.DataFrame:
    """All money of the twelve months through a day, next to the same months a year earlier."""
    book = moves.cash_lines(cash_book)
    rows = []
    for back in range(11, -1, -1):
        first = add_months(end.replace(day=1), -back)
        sums = [_between(book, add_months(first, shift), add_months(end, shift)) for shift in (0, -12)]
        rows.append((f"{first:%b}", *sums))
    return pd.DataFrame(rows, columns=list(MONTHS.names))


def _between(book: pd.DataFrame, first: dt.date, most: dt.date) -> int:
    last = min(add_months(first, 1) - dt.timedelta(days=1), most)
    inside = (book["Posted"] >= pd.Timestamp(first)) & (book["Posted"] <= pd.Timestamp(last))
    return int(book.loc[inside, CashLine.total].sum())


def by_age(now: Ledger, a_year_ago: Ledger) -> pd.DataFrame:
    """What is delinquent by age band, next to the same day a year earlier."""
    bands = [name for _, name in aging.AGES]
    sums = [aging.total_by_age(ledger).reindex(bands, fill_value=0) for ledger in (now, a_year_ago)]
    return pd.DataFrame(
        {AgeBand.age: bands, AgeBand.this_year: sums[0].to_numpy(), AgeBand.last_year: sums[1].to_numpy()},
        columns=list(AGES.names),
    ).astype({AgeBand.this_year: "int64", AgeBand.last_year: "int64"})
