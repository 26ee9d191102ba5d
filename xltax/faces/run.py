"""Runs one task on a workbook. Everything is written in one step, or nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from xltax.dates import EARLIEST, LATEST, to_date
from xltax.declare import Action, DeskName, Done, Input
from xltax.errors import BadValue, TaxError
from xltax.filenames import file_name
from xltax.hosts.port import Book
from xltax.money import to_cents, whole
from xltax.ondisk import explained
from xltax.sheets.typed_below import in_words


def perform(action: Action, book: Book, inputs: Mapping[str, Any]) -> Done:
    """Runs an action on an open book of any host, saves, and gives what was done.

    inputs: typed, by name. Raises TaxError, with the book as it was, for anything the action refuses.
    """
    with book.step(action.label):
        done = action.call(book, **inputs)
        unread = in_words(book.strays)
        if action.writes:
            book.save()
    return replace(done, text=f"{done.text}\n{unread}") if unread else done


def press(action: Action, book: Book) -> Done:
    """Runs a task as its button does. Inputs come from the yellow cells, and the Tasks sheet's cells are then cleared."""
    inputs = {}
    used = []
    for field in action.inputs:
        if field.cell and field.optional:
            continue  # the action reads such a cell itself, and knows what it means when it is empty
        cell = action.cell_of(field)
        value = typed_input(
            field, _in_its_folder(field, _text(book.get(cell)), book), f"{field.name}, in the cell {cell}"
        )
        if value is None and not field.optional:
            raise BadValue("This field is required.", where=field.name, do=f"{field.help} Fill in the cell {cell}.")
        if value is not None:
            inputs[field.name] = value
            used += [] if field.cell else [cell]

    def call(book: Book, **inputs: Any) -> Done:
        done = action.call(book, **inputs)
        for cell in used:
            book.set(cell, None)  # so that a second press does not do the same again
        return done

    return perform(replace(action, call=call, writes=action.writes or bool(used)), book, inputs)


def not_run(action: Action, error: TaxError) -> str:
    """What the collector reads when a task refuses."""
    return f"{action.label} did not run. The workbook is unchanged.\n\n{error}"


def _in_its_folder(field: Input, text: str, book: Book) -> str:
    """A file's name from a cell, in the folder of the workbook."""
    text = text.strip()
    if field.kind != "file" or not text or Path(text).is_absolute():
        return text
    folder = getattr(book, "folder", None)
    return str(folder / text) if folder is not None else text


SIGNED: tuple[DeskName, ...] = ("Day and Batches", "Statements", "Controls")
"""Desks whose pages somebody signs. They read the sheets themselves, not the tables kept from the last time."""


def run_action(action: Action, path: Path, given: Mapping[str, str], tell: Callable[[str], None]) -> bool:
    """Runs a task on a workbook file and reports the result. True if something needs a check.

    given: an input's name -> its text. A required one that is not given is read from its named cell, where it has one.
    """
    from xltax.hosts.files import FilesBook  # a program that holds the workbook needs no library for files

    inputs = {field.name: typed_input(field, given.get(field.name, "")) for field in action.inputs}
    book = FilesBook.open(path)
    if action.desk in SIGNED:
        book.read_sheets()
    for field in action.inputs:
        if inputs[field.name] is not None or field.optional:
            continue
        if field.cell:
            where = f"{field.name}, in the cell {field.cell}"
            inputs[field.name] = typed_input(field, _text(book.get(field.cell)), where)
        if inputs[field.name] is None:
            fill = (
                f"Add --{field.name.replace('_', '-')} to the command, or fill in the cell {field.cell}."
                if field.cell
                else "Enter a value."
            )
            raise BadValue("This field is required.", where=field.name, do=f"{field.help} {fill}")
    before = path.read_bytes() if action.keeps_old else b""
    done = perform(action, book, {k: v for k, v in inputs.items() if v is not None})
    text = done.text
    if action.keeps_old and path.read_bytes() != before:
        text += f"\nThe workbook before this task: {_keep(path, before)}"
    tell(text)
    return bool(done.look)


def _keep(path: Path, data: bytes) -> Path:
    """Saves the old workbook next to the new one under a new name."""
    from xltax.hosts.replace import replace_file

    names = (path.with_name(file_name(path.stem, f"-before{n or ''}{path.suffix}")) for n in count())
    kept = next(p for p in names if not p.exists())
    do = "The workbook itself is saved. The old workbook is one of the kept versions. To list them, run: xltax kept"
    with explained("The copy of the old workbook could not be written.", kept, do):
        replace_file(kept, data, path)
    return kept


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def typed_input(field: Input, text: str, where: str = "") -> Any:
    """One input from its text. Nothing for an empty text. An error names the input, or `where` the text was."""
    text, where = text.strip(), where or field.name
    if not text:
        return None
    match field.kind:
        case "date":
            return to_date(text, where=where)
        case "money":
            return to_cents(text, where=where)
        case "count":
            return whole(text, where=where)
        case "year":
            year = whole(text, where=where)
            if not EARLIEST.year <= year <= LATEST.year:
                raise BadValue(f"{text} is not a year.", where=where, do="Enter four digits, such as 2025.")
            return year
        case "flag":
            if text.lower() not in ("yes", "no"):
                raise BadValue(f'"{text}" is not Yes or No.', where=where, do="Enter Yes or No.")
            return text.lower() == "yes"
        case "file":
            path = Path(text)
            if not path.is_file():
                raise BadValue("This file does not exist.", where=text, do="Check the name and the folder.")
            return path
        case _:
            return text
