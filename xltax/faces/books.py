"""The workbooks with all their sheets, including a Tasks sheet with every action."""

from __future__ import annotations

from xltax import workbooks
from xltax.faces.catalog import actions
from xltax.sheets.model import BookSpec, SheetSpec
from xltax.workbooks.families import Family


def book(template: str) -> BookSpec:
    """The workbook of a state, by its id ("us-nj", "us-ct", "us-md") or a town's, such as "us-nj-colts-neck"."""
    return book_of(workbooks.family_of(template))


def book_of(family: Family) -> BookSpec:
    """The workbook of a family of towns."""
    spec: BookSpec = workbooks.book_of(family, actions().values())
    return spec


def desks_of(family: Family) -> tuple[tuple[str, tuple[SheetSpec, ...]], ...]:
    """The sheets of such a workbook, desk by desk."""
    desks: tuple[tuple[str, tuple[SheetSpec, ...]], ...] = workbooks.desks_of(family, actions().values())
    return desks


def book_spec(template: str, state: str = "") -> BookSpec:
    """The declaration of a workbook, by its template id. state: the state's name, for a book of no family."""
    spec: BookSpec = workbooks.spec_of(template, state, actions().values())
    return spec
