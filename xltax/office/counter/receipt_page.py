"""A printed receipt: what was received, and what it paid on each bill."""

from __future__ import annotations

from xltax.dates import long_date
from xltax.errors import BadValue
from xltax.pages import Block, CellKind, Fields, Grid, Page, Signatures, Text
from xltax.tables import CashLine
from xltax.tables.table import Table

_MONEY = ("Tax", "Interest", "Penalty", "Costs", "Misc", "Overpaid", "Discount", "Total")


def receipt_page(cash_book: Table[CashLine], number: str, office: str, *, again: bool = True) -> Page:
    """The receipt with this number, from the Cash Book; `again` marks the page as a reprint."""
    book = cash_book.frame
    lines = book[book[CashLine.receipt] == number]
    if not len(lines):
        raise BadValue(
            f'The Cash Book has no receipt "{number}".', where="receipt", do="Enter the number as in the Cash Book."
        )
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
    reversal = book[(book[CashLine.reverses] == number) & (book[CashLine.receipt] != number)]
    if len(reversal):
        taken = reversal.iloc[0]
        words = f"REVERSED by receipt {taken[CashLine.receipt]} on {long_date(taken[CashLine.received])}: {taken[CashLine.note]}"
        blocks.insert(0, Text(words, "box"))
    elif first[CashLine.reverses]:
        blocks.insert(
            0, Text(f"This receipt reverses receipt {first[CashLine.reverses]}: {first[CashLine.note]}", "box")
        )
    if first[CashLine.tender] == "Check":
        blocks.append(Text("A payment by check counts only after the bank pays the check.", "small"))
    blocks.append(Signatures(("For the Collector",)))
    return Page(f"Receipt{' (reprint)' if again else ''}", tuple(blocks), office, key=number)
