"""Which versions of a workbook a task can work with."""

from __future__ import annotations

from pathlib import Path

from xltax.errors import BadBook
from xltax.hosts.port import Book
from xltax.tables.schema import SCHEMA


def refuse_other_versions(book: Book) -> None:
    """Refuses a workbook of an older or newer version of xltax: a task needs the columns, cells and sheets of its version."""
    made, file = book.meta, Path(getattr(book, "path", "")).name
    if not made.template or made.schema == SCHEMA:
        return  # a workbook without a template was not made by xltax: what it lacks is named where it is needed
    if made.schema < SCHEMA:
        raise BadBook(
            "This workbook was made by an older version of xltax.",
            where=file,
            do=f"Run xltax upgrade {file or 'BOOK'} first.",
        )
    raise BadBook("This workbook was made by a newer version of xltax.", where=file, do="Update xltax.")
