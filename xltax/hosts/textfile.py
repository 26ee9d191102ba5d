"""Reads CSV files as text, so that account numbers keep their leading zeros."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd

from xltax.csvtext import as_it_was
from xltax.errors import BadValue
from xltax.hosts import incoming_text
from xltax.hosts.incoming import bytes_of
from xltax.wording import some


def text_of(path: Path) -> str:
    """The text of a CSV file. Raises BadValue for a file that is not text.

    A byte that is not in the file's encoding stays a lone surrogate, as `incoming_text.decode` leaves it.
    """
    data = bytes_of(path)
    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise BadValue("This is a workbook, not a CSV file.", where=path.name, do="Save the sheet as CSV (UTF-8).")
    return incoming_text.decode(data, path.name)


def read_csv(path: Path, *, ours: bool = True) -> pd.DataFrame:
    """A CSV file as a table of texts; an empty field is an empty cell. A row with a field too many is refused by its line.

    ours: True for a table that xltax wrote, whose guard against formulas comes off; what others send is taken as it stands.
    """
    name = path.name
    rows = _rows(name, text_of(path))
    text_as = as_it_was if ours else str
    header = [text_as(h).strip() for h in rows[0]]
    body = []
    for number, row in enumerate(rows[1:], 2):
        if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
            raise BadValue(
                f"This row has {some(len(row), 'field')}, but the header has {len(header)}.",
                where=f"{name} row {number}",
                do="Put quotes around text with a comma.",
            )
        if any(cell.strip() for cell in row) and len(row) < len(header):
            raise BadValue(
                f"This row has {some(len(row), 'field')}, but the header has {len(header)}.",
                where=f"{name} row {number}",
                do="Each row needs a field for every column, including empty columns.",
            )
        body.append([text_as(cell) for cell in (row + [""] * len(header))[: len(header)]])
    frame = pd.DataFrame(body, columns=header, dtype=object)
    frame.attrs = {"file": name, "header_row": 1}
    return frame


def _rows(name: str, text: str) -> list[list[str]]:
    separator = incoming_text.separator_of(text)[0]
    try:
        # Not splitlines(): a line end inside quotes belongs to the text, and so do the rarer marks it splits at.
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        incoming_text.refuse_unclosed(name, text, separator)
        raise BadValue(f"This is not a CSV file: {error}.", where=name, do="Save the sheet as CSV (UTF-8).") from None
    odd = incoming_text.odd_cells(rows, text)
    for (row, _), sentence in odd.items():
        raise BadValue(sentence, where=f"{name} row {row + 1}", do="Correct this cell, and save the file as CSV UTF-8.")
    return rows
