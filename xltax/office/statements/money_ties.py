"""The lines below the parts of a statement: overpayments and credit, and the lines that tie taxes collected to the money."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from xltax.office.statements import movements as moves
from xltax.office.statements.movements import Movement, Period
from xltax.tables import REFUND, Adjustment, CashLine
from xltax.tables.kinds import ESCHEAT
from xltax.tables.statements import CollectedLine
from xltax.tables.table import Table

DIFFERENCE = "Difference"
CREDIT = "Overpayments and credit"
TIE = "Taxes collected above, reconciled with the money of this period"
MONEY = "Collected in the period, all kinds of money"

Row = tuple[object, ...]


def credit(cash_book: Table[CashLine], adjustments: Table[Adjustment], period: Period) -> Iterator[Row]:
    """Money that belongs to no bill: on hand, received, freed, applied, refunded, on hand. Nothing if there is none.

    It is taken from the Cash Book and the refunds; Proof compares it with the credit of the accounts.
    """
    book = moves.cash_lines(cash_book)
    book = book[book[CashLine.overpaid] != 0]
    paid = adjustments.frame
    paid = paid[paid[Adjustment.kind] == REFUND]
    paid = paid.assign(Posted=moves.posting_day(paid[Adjustment.recorded], paid[Adjustment.effective]))
    inside, before = _window(book, period)
    paid_inside, paid_before = _window(paid, period)
    moved, up = book[CashLine.kind] == "Reallocation", book[CashLine.overpaid] > 0
    window = f"posted {period.start} to {period.end}"
    start = int(book.loc[before, CashLine.overpaid].sum()) - int(paid.loc[paid_before, Adjustment.amount].sum())
    lines: list[tuple[str, int, int, str]] = [
        (
            "On hand at the start",
            0,
            start,
            f"Cash Book: Overpaid, less Adjustments, Kind Refund, posted by {period.before}",
        )
    ]
    for name, chosen, found in (
        ("Received above what was due", inside & ~moved, "Kind not Reallocation"),
        ("Freed by corrections and similar changes", inside & moved & up, "Kind Reallocation, Overpaid above 0"),
        ("Applied to taxes and charges", inside & moved & ~up, "Kind Reallocation, Overpaid below 0"),
    ):
        amount = int(book.loc[chosen, CashLine.overpaid].sum())
        lines.append((name, int(chosen.sum()), amount, f"Cash Book, {found}, {window}: Overpaid"))
    to_state = paid[Adjustment.for_] == ESCHEAT
    for name, chosen, found in (
        ("Refunded, or moved to another account", paid_inside & ~to_state, "Kind Refund"),
        ("Escheated: paid to the State as unclaimed", paid_inside & to_state, "Kind Refund, For Escheat"),
    ):
        amount = int(paid.loc[chosen, Adjustment.amount].sum())
        if amount or not found.endswith(ESCHEAT):  # most offices pay nothing to the State
            lines.append((name, int(chosen.sum()), -amount, f"Adjustments, {found}, {window}: Amount"))
    end = sum(line[2] for line in lines)
    lines.append(
        ("On hand at the end", 0, end, f"Cash Book: Overpaid, less Adjustments, Kind Refund, posted by {period.end}")
    )
    if any(line[2] for line in lines):
        yield from _rows(CREDIT, lines)


def tie(parts: list[pd.DataFrame], uncovered: pd.DataFrame, collected: pd.DataFrame, period: Period) -> Iterator[Row]:
    """From the payments in the parts to the money of the period, one line for each step, ending in a difference of 0.00.

    parts: the payments of each part's levies, those that count after the period among them, and the discounts where the part
    has them on one line with the payments. uncovered: those of levies that are on
    no part. collected: the table Collected, which adds the Cash Book up by itself.
    """
    every, uncovered = pd.concat(parts), _net(uncovered)
    held = _net(every[every[Movement.measure] != "discount"])
    first, last = pd.Timestamp(period.start), pd.Timestamp(period.end)
    on_lines, late = held[Movement.counts] <= last, held[Movement.posted] > last
    earlier = on_lines & (held[Movement.counts] < first)
    advance = on_lines & ~earlier & (held[Movement.posted] < first)
    ahead = ~on_lines & (held[Movement.posted] >= first) & ~late
    others = (uncovered[Movement.posted] >= first) & (uncovered[Movement.posted] <= last)
    taken, window = held[Movement.measure] == "collected", f"posted {period.start} to {period.end}"
    discounts = every[(every[Movement.measure] == "discount") & (every[Movement.counts] <= last)]
    lines = [
        _line(
            "Taxes collected, on the lines above", pd.concat([held[on_lines & taken], discounts]), 1, "the lines above"
        ),
        _line("Less discounts included above", discounts, -1, "the lines above"),
        _line("Credit applied, less payments freed", held[on_lines & ~taken], 1, "the lines above"),
        _line("Collected earlier in the year", held[earlier], -1, f"of these, posted before {period.start}"),
        _line(
            "Received before this period, counted in it", held[advance], -1, f"of these, posted before {period.start}"
        ),
        _line(
            "Received for bills that count later",
            held[ahead],
            1,
            f"Cash Book, {window}, bill not yet due: Tax - Discount",
        ),
        _line(
            "For levies that are not on a part above",
            uncovered[others],
            1,
            f"Cash Book, {window}, levy on no part: Tax - Discount",
        ),
    ]
    for name, column in (
        ("Overpayments received, less credit applied", "Overpaid"),
        ("Interest", "Interest"),
        ("Penalty", "Penalty"),
        ("Liens, costs and fees", "Costs"),
        ("Other receipts", "Misc"),
    ):
        lines.append((name, 0, int(collected[column].sum()), f"Cash Book, {window}: {column}"))
    total = int(collected[CollectedLine.total].sum())
    gap = sum(line[2] for line in lines) - total
    if not total and not any(line[2] for line in lines):
        return
    lines = [line for n, line in enumerate(lines) if line[2] or not n]
    lines.append((MONEY, int(collected[CollectedLine.rows].sum()), total, f"Cash Book, {window}: Total"))
    lines.append((DIFFERENCE, 0, gap, "the lines above, less the money (must be $0.00)"))
    yield from _rows(TIE, lines)


def _net(rows: pd.DataFrame) -> pd.DataFrame:
    """Payments with the sign of money: freed payments are negative."""
    return rows.assign(
        Amount=rows[Movement.amount].where(rows[Movement.measure] != "freed", -rows[Movement.amount]).astype("int64")
    )


def _line(name: str, rows: pd.DataFrame, sign: int, found: str) -> tuple[str, int, int, str]:
    return name, int(rows[Movement.rows].sum()), sign * int(rows[Movement.amount].sum()), found


def _window(table: pd.DataFrame, period: Period) -> tuple[pd.Series[bool], pd.Series[bool]]:
    """Which rows were posted in the period, and which before it."""
    before = table["Posted"] < pd.Timestamp(period.start)
    return ~before & (table["Posted"] <= pd.Timestamp(period.end)), before


def _rows(part: str, lines: list[tuple[str, int, int, str]]) -> Iterator[Row]:
    return ((part, 0, "", *line, "") for line in lines)
