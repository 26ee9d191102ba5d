"""How well the levy is collected: percent collected and its average, collections by month, delinquency by age."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pandas as pd

from xltax.dates import add_months
from xltax.law.params import decimal_text
from xltax.law.printed import Statement
from xltax.ledger.replay import Ledger
from xltax.ledger.tables.statements import AGES, COLLECTION_RATE, MONTHS
from xltax.money import div_half_up
from xltax.office import delinquency
from xltax.office import movements as moves
from xltax.office.movements import Period

YEARS = 3


def percent(part: int, whole: int) -> str:
    """A share as a percentage to two places, half up, as text: 98.46."""
    return decimal_text(Fraction(div_half_up(part * 10_000, whole), 100)) if whole else ""


def collection_rate(
    rule: Statement,
    duplicate: pd.DataFrame,
    cash_book: pd.DataFrame,
    adjustments: pd.DataFrame | None,
    end: dt.date,
    current: int,
) -> pd.DataFrame:
    """The current levy year on the day and the years before it on the same day of their own; then their average."""
    rows: list[tuple[str, int, int, str]] = []
    for back in range(YEARS):
        day = add_months(end, -12 * back)
        moved = moves.movements(duplicate, cash_book, adjustments, Period(day, day))
        moved = moved[moved["Levy Year"] == current - back]
        sums = moved.groupby("Measure")["Amount"].sum()
        levied = int(sum(sums.get(m, 0) for m in rule.levy_is))
        collected = int(sum(sums.get(m, 0) for m in rule.collected_is))
        if levied:
            rows.append((str(current - back), levied, collected, percent(collected, levied)))
    if len(rows) > 1:
        shares = [Fraction(collected, levied) for _, levied, collected, _ in rows]
        mean = sum(shares, Fraction(0)) / len(shares)
        rows.append(
            (
                f"Average of {len(rows)}",
                sum(r[1] for r in rows),
                sum(r[2] for r in rows),
                percent(mean.numerator, mean.denominator),
            )
        )
    return pd.DataFrame(rows, columns=list(COLLECTION_RATE.names))


def by_month(cash_book: pd.DataFrame, end: dt.date) -> pd.DataFrame:
    """All money of the twelve months to a day, beside the same months a year before."""
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
    return int(book.loc[inside, "Total"].sum())


def by_age(now: Ledger, a_year_ago: Ledger) -> pd.DataFrame:
    """What is delinquent by age band, beside the same day a year before."""
    bands = [name for _, name in delinquency.AGES]
    sums = [delinquency.total_by_age(ledger).reindex(bands, fill_value=0) for ledger in (now, a_year_ago)]
    return pd.DataFrame(
        {"Age": bands, "This Year": sums[0].to_numpy(), "Last Year": sums[1].to_numpy()}, columns=list(AGES.names)
    ).astype({"This Year": "int64", "Last Year": "int64"})
