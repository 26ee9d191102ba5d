"""A printed receipt: what was received, and what it paid on each bill; on a page, on half a page, or on a roll of 80 mm."""

from __future__ import annotations

from typing import Any

import pandas as pd

from xltax.dates import long_date, short_date
from xltax.errors import BadValue
from xltax.money import usd
from xltax.pages import Block, CellKind, Cut, Fields, Gap, Grid, Heading, Lines, Page, Signatures, Text
from xltax.tables import CashLine
from xltax.tables.table import Table

_MONEY = ("Tax", "Interest", "Penalty", "Costs", "Misc", "Overpaid", "Discount", "Total")
PAGE, HALF, ROLL = "page", "half", "roll"
PAPERS = (PAGE, HALF, ROLL)
_ON_HALF = 6
"""The most lines of a receipt that stands on half a page, above the office's copy."""
_BY_CHECK = "A payment by check counts only after the bank pays the check."


def receipt_page(
    cash_book: Table[CashLine], number: str, office: str, *, again: bool = True, paper: str = PAGE
) -> Page:
    """The receipt with this number, from the Cash Book; `again` marks the page as a reprint. paper: one of PAPERS."""
    book = cash_book.frame
    lines = book[book[CashLine.receipt] == number]
    if not len(lines):
        raise BadValue(
            f'The Cash Book has no receipt "{number}".', where="receipt", do="Enter the number as in the Cash Book."
        )
    title = f"Receipt{' (reprint)' if again else ''}"
    if paper == ROLL:
        blocks = tuple(_on_roll(book, lines, number, title, office))
        return Page("", blocks, "", key=number, roll=True)
    blocks = (*_standing(book, lines, number), *_paid(lines, number), Signatures(("For the Collector",)))
    if paper == HALF and len(lines) <= _ON_HALF:
        # The copy stands at the foot of the page; the gap below it brings the cut to the middle.
        copy = (Heading(f"{title}, copy for the office"), *_paid(lines, number), Gap(14 - len(lines)))
        return Page(title, (*blocks, Cut(office), *copy), office, key=number, close=True)
    return Page(title, blocks, office, key=number)


def paper_of(text: str) -> str:
    """The paper that a person asks for; "" if none. Raises BadValue for another word."""
    paper = text.strip().lower()
    if paper in ("", "no", "none"):
        return ""
    if paper not in PAPERS:
        raise BadValue(
            f'"{text}" is not a paper for receipts.', where="receipts", do=f"Enter {', '.join(PAPERS)} or no."
        )
    return paper


def _standing(book: pd.DataFrame, lines: pd.DataFrame, number: str) -> tuple[Block, ...]:
    """A box on top of a receipt that was reversed, and of one that reverses another."""
    first = lines.iloc[0]
    reversal = book[(book[CashLine.reverses] == number) & (book[CashLine.receipt] != number)]
    if len(reversal):
        taken = reversal.iloc[0]
        words = f"REVERSED by receipt {taken[CashLine.receipt]} on {long_date(taken[CashLine.received])}: {taken[CashLine.note]}"
        return (Text(words, "box"),)
    if first[CashLine.reverses]:
        return (Text(f"This receipt reverses receipt {first[CashLine.reverses]}: {first[CashLine.note]}", "box"),)
    return ()


def _paid(lines: pd.DataFrame, number: str) -> list[Block]:
    """What was received, and what it paid."""
    first = lines.iloc[0]
    shown = [m for m in _MONEY if m in ("Tax", "Total") or (lines[m] != 0).any()]
    rows: list[tuple[object, ...]] = [
        (
            r[CashLine.bill] or "no bill",
            r[CashLine.levy_year] or None,
            r[CashLine.levy_type],
            str(r[CashLine.inst] or ""),
            *(int(r[m]) for m in shown),
        )
        for r in lines.to_dict("records")
    ]
    rows.append(("Total", None, "", "", *(int(lines[m].sum()) for m in shown)))
    kinds: tuple[CellKind, ...] = ("id", "year", "id", "id", *(["money"] * len(shown)))  # type: ignore[arg-type]
    blocks: list[Block] = [
        Fields(
            (
                ("Receipt", number, "id"),
                ("Received", first[CashLine.received].date(), "date"),
                ("From", first[CashLine.taxpayer], "text"),
                ("Paid by", f"{first[CashLine.tender]} {first[CashLine.reference]}".strip(), "text"),
                ("Property", first[CashLine.property], "text"),
                ("Amount", int(lines[CashLine.total].sum()), "money"),
            )
        ),
        Grid(
            ("Bill", "Year", "Type", "Inst", *("Overpaid, kept as credit" if m == "Overpaid" else m for m in shown)),
            kinds, rows, (20, 8, 7, 6, *(12 for _ in shown)), total=True,
        ),
    ]  # fmt: skip
    if first[CashLine.tender] == "Check":
        blocks.append(Text(_BY_CHECK, "small"))
    return blocks


def _on_roll(book: pd.DataFrame, lines: pd.DataFrame, number: str, title: str, office: str) -> list[Block]:
    """The same on a roll: one column, the amounts at the right edge."""
    first = lines.iloc[0]
    facts = (
        ("Receipt", number),
        ("Received", short_date(first[CashLine.received].date())),
        ("From", first[CashLine.taxpayer]),
        ("Property", first[CashLine.property]),
        ("Account", first[CashLine.account]),
        ("Paid by", f"{first[CashLine.tender]} {first[CashLine.reference]}".strip()),
    )
    blocks: list[Block] = [Text(office, "bold"), Text(title, "bold"), *_standing(book, lines, number)]
    blocks += [Text(f"{label}: {value}") for label, value in facts if value]
    for row in lines.to_dict("records"):
        blocks.append(Text(_bill_words(row), "bold"))
        parts = {name: int(row[name]) for name in _MONEY[:-1] if row[name]}
        blocks += [Lines(tuple(parts)), Lines(tuple(map(usd, parts.values())), right=True)]
    total = usd(int(lines[CashLine.total].sum()))
    blocks += [Gap(), Lines(("Total received",), "bold"), Lines((total,), "bold", right=True)]
    blocks += [Text(_BY_CHECK, "small")] if first[CashLine.tender] == "Check" else []
    return blocks


def _bill_words(row: dict[Any, Any]) -> str:
    if not row[CashLine.bill]:
        return str(row[CashLine.revenue_code]) or "Kept as credit"
    return f"Bill {row[CashLine.bill]}, {row[CashLine.levy_year]} {row[CashLine.levy_type]}, installment {row[CashLine.inst]}"
