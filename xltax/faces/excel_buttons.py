"""Runs the task of a ribbon button on the active workbook and shows the result in a message box."""

from __future__ import annotations

import xlwings as xw

from xltax.errors import TaxError
from xltax.faces.catalog import actions
from xltax.faces.run import not_run
from xltax.faces.run import press as press_button
from xltax.hosts.excel import ExcelBook

LONGEST = 1500
"""The most a message box can show and a person will read, in letters."""


def press(name: str) -> None:
    """Runs the task on the calling workbook. An error shows in the same box and leaves the workbook unchanged."""
    book = ExcelBook(xw.Book.caller())
    action = actions()[name]
    try:
        said = press_button(action, book).text
    except TaxError as error:
        said = not_run(action, error)
    book.message(said if len(said) <= LONGEST else said[:LONGEST] + " ...")
