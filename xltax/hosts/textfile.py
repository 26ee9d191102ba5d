"""Reads CSV files as text, so that account numbers keep their leading zeros."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pandas as pd

from xltax.csvtext import as_it_was
from xltax.errors import BadValue
from xltax.wording import some

LARGEST_FILE = 512 * 1024 * 1024


def text_of(path: Path) -> tuple[str, str]:
    """The text of a CSV file and its separator. Raises BadValue for a file that is not text."""
    name = path.name
    if not path.is_file():
        raise BadValue("This file does not exist.", where=str(path), do="Check the name and the folder.")
    if path.stat().st_size > LARGEST_FILE:
        raise BadValue(f"This file is larger than {LARGEST_FILE // 2**20} MB.", where=name, do="Split the file.")
    raw = path.read_bytes()
    if raw[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise BadValue("This is a workbook, not a CSV file.", where=name, do="Save the sheet as CSV (UTF-8).")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise BadValue("This is not a text file.", where=name, do="Save the sheet as CSV (UTF-8).")
    if not text.strip():
        raise BadValue("This file is empty.", where=name, do="Choose a file with rows.")
    return text, _between_fields(text)


def _between_fields(text: str) -> str:
    """The separator of the fields: the most frequent one outside quotes."""
    return max(",;\t", key=re.sub('"[^"]*"', "", text).count)


def read_csv(path: Path, *, ours: bool = True) -> pd.DataFrame:
    """A CSV file as a table of texts; an empty field is an empty cell. A row with a field too many is refused by its line.

    ours: True for a table that xltax wrote, whose guard against formulas comes off; what others send is taken as it stands.
    """
    name = path.name
    text = text_of(path)[0]
    delimiter = _between_fields(text.partition("\n")[0])
    try:
        # Not splitlines(): a line end inside quotes belongs to the text, and so do the rarer marks it splits at.
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise BadValue(f"This is not a CSV file: {error}.", where=name, do="Save the sheet as CSV (UTF-8).") from None
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
