"""Puts printed pages next to the workbook, as the office wants them: as a workbook, as a PDF file, or as both."""

from __future__ import annotations

from collections.abc import Sequence

from xltax.errors import BadValue
from xltax.hosts.port import Book
from xltax.pages import Page
from xltax.sheets.forms import PRINT_CHOICES

CELL = "print_to"
WORKBOOK, PDF, BOTH = PRINT_CHOICES


def wanted(book: Book) -> str:
    """What printed pages are in this workbook: one of PRINT_CHOICES."""
    return choice(str(book.get(CELL) or ""), "Rates, Printed pages")


def choice(given: str, where: str) -> str:
    """One of PRINT_CHOICES in any case of letters. Empty: the first one."""
    given = given.strip() or PRINT_CHOICES[0]
    for known in PRINT_CHOICES:
        if known.lower() == given.lower():
            return known
    raise BadValue(f'"{given}" is not a way to print pages.', where=where, do="Enter Workbook, PDF or Both.")


def put(book: Book, name: str, pages: Sequence[Page]) -> str:
    """Puts pages next to the workbook. Gives the names of the files, and what somebody must know about them."""
    asked = wanted(book)
    names = [] if asked == PDF else [book.put_pages(name, pages)]
    if asked != WORKBOOK:
        made = book.as_pdf(pages)
        told = f" ({made.said()})" if made.lacking else ""
        names.append(book.put_file(f"{name}.pdf", made.data) + told)
    return " and ".join(names)
