"""Brings a kept version of a workbook back, and writes in its Log what the replaced workbook had and this one lacks."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from xltax.actions.desk import Desk
from xltax.errors import TaxError
from xltax.hosts.files import FilesBook
from xltax.hosts.kept import restore
from xltax.ledger.seals import SEAL
from xltax.money import Cents, usd
from xltax.office.controls import sealed_books
from xltax.tables import LOG, CashLine
from xltax.wording import some


class _Held(NamedTuple):
    """What a workbook holds: its Cash Book lines by their seals, and the last code of its Log."""

    lines: dict[str, Cents]
    code: str


def _held(book: Path) -> _Held | None:
    """What a workbook holds; None if it cannot be read, which may be why an older version is wanted."""
    try:
        desk = Desk.of(FilesBook.open(book))
        cash = desk.cash_book
        return _Held(dict(zip(cash[SEAL], cash[CashLine.total], strict=True)), sealed_books.head_of(desk.register(LOG)))
    except TaxError:
        return None


def _refuse_without_key(book: Path) -> None:
    """Refuses to restore where the entry in the Log could not be sealed."""
    try:
        desk = Desk.of(FilesBook.open(book))
        can_seal = desk.key.can_seal
    except TaxError:
        return  # it cannot be read, which may be why an older version is wanted
    if not can_seal:
        _ = desk.key.for_new


def restore_version(book: Path, version: str, password: str = "") -> str:
    """Replaces the workbook with a kept version; gives the result in words. The entry in its Log is sealed like all others."""
    _refuse_without_key(book)
    before = _held(book) if book.exists() else None
    said = restore(book, version, password)
    after = _held(book)
    if after is None:
        return f"{said} Its Log has no entry of this: an older xltax made it, or a cell cannot be read. Run xltax proof to see which."
    lost = [cents for seal, cents in before.lines.items() if seal not in after.lines] if before else []
    total = sum(int(cents) for cents in lost)
    what = (
        f"version {version}; lost: {some(len(lost), 'Cash Book line')}, {usd(total)}; code before: {before.code or 'none'}"
        if before
        else f"version {version}; the replaced workbook could not be read"
    )
    opened = FilesBook.open(book)
    Desk.of(opened).log("restore", what, len(lost), total)
    opened.save(keep=False)
    more = (
        f" {some(len(lost), 'Cash Book line')}, {usd(total)}, of the replaced workbook {'is' if len(lost) == 1 else 'are'} not in it."
        if lost
        else ""
    )
    return f"{said}{more} The Log has an entry of this."
