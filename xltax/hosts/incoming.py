"""Opens any file that came in, whatever its name ends with, and gives its sheets as they stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from xltax import ondisk
from xltax.errors import BadValue
from xltax.hosts import bank_files, incoming_fixed, incoming_text
from xltax.hosts.incoming_kinds import kind_of
from xltax.hosts.incoming_locked import unlocked
from xltax.hosts.incoming_sheet import RawSheet, Sheet, damaged

__all__ = ["LARGEST_FILE", "RawSheet", "Sheet", "sheets_of"]

LARGEST_FILE = 512 * 1024 * 1024


def _reader_of(kind: str) -> Callable[[bytes, str], list[Sheet]]:
    """What reads a file that is not text. Imported here: an add-in in a browser loads these libraries only for such a file."""
    from xltax.hosts import incoming_books, incoming_markup

    return {
        "xlsx": incoming_books.xlsx_sheets,
        "xlsb": incoming_books.xlsb_sheets,
        "xls": incoming_books.xls_sheets,
        "ods": incoming_markup.ods_sheets,
        "html": incoming_markup.html_sheets,
        "xml": incoming_markup.xml_sheets,
    }[kind]


def sheets_of(
    path: Path, password: str = "", encoding: str = "", places: Mapping[str, tuple[int, int]] | None = None
) -> list[Sheet]:
    """The sheets of a workbook, a web page or a text file. The content decides what it is, not the name.

    encoding: utf-8, cp1252 or utf-16 for a text file; empty to find out. places: the fields of a fixed-width file,
    column -> start and end from 0. Raises BadValue or BadBook for a file that cannot be read.
    """
    data = bytes_of(path)
    with damaged(path.name):
        kind = kind_of(data, path.name)
        if kind in ("encrypted", "xls"):
            data, kind = unlocked(data, kind, path.name, password)
        if places is not None and kind != "text":
            raise BadValue(
                "This is not a fixed-width text file.", where=path.name, do="Ask the sender for a text file."
            )
        if kind == "text":
            sheet = _text_sheet(path.name, data, encoding, places)
            return [Sheet(path.name, True, lambda: sheet)]
        return [_guarded(sheet) for sheet in _reader_of(kind)(data, path.name)]


def bytes_of(path: Path) -> bytes:
    """A file's content. Raises BadValue for a file that is not there, cannot be read or is too large."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise BadValue(
                f"This file is larger than {LARGEST_FILE // 2**20} MB.", where=path.name, do="Split the file."
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise BadValue("This file does not exist.", where=str(path), do="Check the name and the folder.") from None
    except (OSError, ValueError) as error:
        why = ondisk.reason(error) if isinstance(error, OSError) else "The name has characters that no file can have"
        raise BadValue(
            f"The file cannot be read. {why}.", where=str(path), do="Check the file and your permissions."
        ) from None


def _guarded(sheet: Sheet) -> Sheet:
    def read() -> RawSheet:
        with damaged(sheet.name):
            raw = sheet.read()

        def format_of(row: int, column: int) -> str:
            with damaged(sheet.name):  # the styles are read when the first one is asked for
                return raw.format_of(row, column)

        return replace(raw, format_of=format_of)

    return Sheet(sheet.name, sheet.visible, read)


def _text_sheet(name: str, data: bytes, encoding: str, places: Mapping[str, tuple[int, int]] | None) -> RawSheet:
    text = incoming_text.decode(data, name, encoding)
    if places is not None:
        return incoming_fixed.read_at_places(name, text, places)
    bank = bank_files.kind_of_bank_file(text)
    if bank:
        return bank_files.read_bank_file(name, incoming_text.windows(text), bank)
    fixed = incoming_fixed.read_found_places(name, text)
    return fixed or incoming_text.read_separated(name, text, incoming_text.separator_of(text)[0])
