"""Reads the answers that somebody filled in: a CSV file, or the first sheet of a workbook."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from xltax.errors import BadBook
from xltax.hosts.incoming import RawSheet, Sheet, sheets_of
from xltax.hosts.textfile import read_csv


def read_table(path: Path) -> pd.DataFrame:
    """A CSV file, or the first sheet of a workbook, as a table. Raises BadValue or BadBook for a file that is neither."""
    sheet = _first(sheets_of(path)).read()
    return read_csv(path, ours=False) if sheet.text and not sheet.merged and not sheet.kind else _table(sheet, path)


def _first(sheets: list[Sheet]) -> Sheet:
    """The first sheet that is not hidden."""
    return next((sheet for sheet in sheets if sheet.visible), sheets[0])


def _table(sheet: RawSheet, path: Path) -> pd.DataFrame:
    """A sheet as a table: its header is the first row with two or more filled cells."""
    rows = sheet.rows
    top = next((n for n, row in enumerate(rows) if sum(v is not None for v in row) >= 2), None)
    if top is None:
        raise BadBook(
            "The first sheet has no table.",
            where=path.name,
            do="Put the rows on the first sheet, with a header row above.",
        )
    header = [str(v).strip() if v is not None else "" for v in rows[top]]
    body = [row for row in rows[top + 1 :] if any(v is not None for v in row)]
    frame = pd.DataFrame([(row + [None] * len(header))[: len(header)] for row in body], columns=header, dtype=object)
    frame = frame.loc[:, [h != "" for h in header]]
    frame.attrs = {"file": path.name, "header_row": top + 1}
    return frame
