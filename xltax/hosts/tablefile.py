"""Reads files from other offices: CSV, the first sheet of a workbook, or fixed width."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from xltax.errors import BadValue
from xltax.hosts.textfile import LARGEST_FILE, read_csv, text_of
from xltax.sheets.read import first_rows, first_sheet
from xltax.wording import some


def read_table(path: Path, places: Mapping[str, tuple[int, int]] | None = None) -> pd.DataFrame:
    """A file as a table: fixed width where places are given (column -> start and end, 0-based), else a workbook or CSV.

    Ids keep their zeros where the file has them. Raises BadValue for a file that is none of these.
    """
    if places is not None:
        return _fixed(path, places)
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        if not path.is_file():
            raise BadValue("This file does not exist.", where=str(path), do="Check the name and the folder.")
        return first_sheet(path)
    return read_csv(path, ours=False)


Merged = list[tuple[tuple[int, int], tuple[int, int]]]
"""Merged ranges: ((row, column), (row, column)), counted from 0."""


def raw_rows(path: Path) -> tuple[str, list[list[Any]], Merged]:
    """A whole sheet, including titles and totals: its name, its rows from the first, and its merged cells.

    A CSV's rows are texts, of whatever length. Raises BadValue or BadBook for a file that is neither CSV nor workbook.
    """
    if not path.is_file():
        raise BadValue("This file does not exist.", where=str(path), do="Check the name and the folder.")
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        sheet, rows, merged = first_rows(path)
        return f"{path.name}, {sheet}", rows, merged
    text, delimiter = text_of(path)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows = [[v.strip() or None for v in line] for line in lines]
    except csv.Error as error:
        raise BadValue(
            f"This is not a CSV file: {error}.", where=path.name, do="Save the sheet as CSV (UTF-8)."
        ) from None
    return path.name, rows, []


def _fixed(path: Path, places: Mapping[str, tuple[int, int]]) -> pd.DataFrame:
    if not path.is_file():
        raise BadValue("This file does not exist.", where=str(path), do="Check the name and the folder.")
    if path.stat().st_size > LARGEST_FILE:
        raise BadValue(f"This file is larger than {LARGEST_FILE // 2**20} MB.", where=path.name, do="Split the file.")
    raw = path.read_bytes()
    if b"\x00" in raw or raw[:4] == b"PK\x03\x04":
        raise BadValue("This is not a fixed-width text file.", where=path.name, do="Ask the sender for a text file.")
    longest = max(start for start, _ in places.values()) + 1  # trailing blanks are often cut off
    rows = []
    for number, line in enumerate(raw.decode("cp1252", errors="replace").splitlines(), 1):
        if not line.strip():
            continue
        if len(line) < longest:
            raise BadValue(
                f"This line has {some(len(line), 'character')}, but the mapping starts reading at position {longest}.",
                where=f"{path.name} line {number}",
                do="Remove header and trailer lines, and check that no line is shifted.",
            )
        rows.append({column: line[start:end].strip() for column, (start, end) in places.items()})
    if not rows:
        raise BadValue("This file is empty.", where=path.name, do="Choose a file with rows.")
    frame = pd.DataFrame(rows, dtype=object)
    frame.attrs = {"file": path.name, "header_row": 0, "fixed": True}
    return frame
