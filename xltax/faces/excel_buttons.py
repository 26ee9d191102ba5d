"""What the ribbon's buttons call: one action on the workbook in front, and what it said in a box."""

from __future__ import annotations

import xlwings as xw

from xltax.errors import TaxError
from xltax.faces.catalog import actions
from xltax.faces.run import press as press_button
from xltax.hosts.excel import ExcelBook

LONGEST = 1500
"""The most a message box can show and a person will read, in letters."""


def press(name: str) -> None:
    """Runs the action on the workbook Excel calls from; what it refuses is said in the same box, the book as it was."""
    book = ExcelBook(xw.Book.caller())
    action = actions()[name]
    try:
        said = press_button(action, book).text
    except TaxError as error:
        said = f"{action.label} was not done; the workbook is as it was.\n\n{error}"
    book.message(said if len(said) <= LONGEST else said[:LONGEST] + " ...")
