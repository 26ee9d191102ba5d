"""Which versions of a workbook a task can work with."""

from __future__ import annotations

from pathlib import Path

from xltax import __version__
from xltax.errors import BadBook
from xltax.hosts.port import Book
from xltax.tables import LOG
from xltax.tables.issued import ISSUED
from xltax.tables.schema import SCHEMA
from xltax.wording import some


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


def written_by(book: Book) -> list[str]:
    """Which versions of xltax a workbook was written by, a sentence for each, as far as its Log and its issued papers say."""
    made = book.meta
    lines = [
        f"Template {made.template}, tables of version {made.schema}. This xltax is {__version__} and writes version {SCHEMA}."
        if made.template
        else "This workbook was not made by xltax."
    ]
    log = book.read(LOG.name) if LOG.name in book.tables() else None
    if log is not None and len(log):
        lines.append(
            f"The Log has {some(len(log), 'entry', 'entries')}, from {log['When'].iloc[0]} to {log['When'].iloc[-1]}."
        )
        upgrades = log[log["Action"] == "upgrade"]
        lines += [f"Upgraded on {when}: {what}." for when, what in zip(upgrades["When"], upgrades["What"], strict=True)]
    papers = book.read(ISSUED.name) if ISSUED.name in book.tables() else None
    if papers is not None and "Version" in papers:
        for version, own in papers.groupby("Version", sort=False):
            days = own["Printed"].astype(str)
            lines.append(f"xltax {version} printed {some(len(own), 'paper')}, from {days.iloc[0]} to {days.iloc[-1]}.")
    return lines
