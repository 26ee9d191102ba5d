"""Brings a kept version of a workbook back, and writes in its Log what the replaced workbook had and this one lacks."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from xltax.actions import periods
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


def _desk(book: Path) -> Desk | None:
    """A workbook as it is now; None if it is not there or cannot be read, which may be why an older version is wanted."""
    try:
        desk = Desk.of(FilesBook.open(book)) if book.exists() else None
        if desk is not None:
            desk.cash_book, desk.people, desk.register(LOG)
        return desk
    except TaxError:
        return None


def _held(desk: Desk) -> _Held:
    """What a workbook holds."""
    cash = desk.cash_book
    return _Held(dict(zip(cash[SEAL], cash[CashLine.total], strict=True)), sealed_books.head_of(desk.register(LOG)))


def _approval(desk: Desk | None, approved_by: str, reason: str) -> str:
    """The approval in words for the Log. An office that has entered its persons needs one; so does a town with a rule.

    A workbook that cannot be read asks for nothing: whoever saves the office's day should not have to look for a form.
    """
    if desk is not None and (desk.people.set_up or desk.approval_rule or approved_by):
        return periods.approved(desk, approved_by, reason)
    return f"approved by {approved_by or 'nobody'}: {reason or 'no reason given'}"


def restore_version(book: Path, version: str, password: str = "", approved_by: str = "", reason: str = "") -> str:
    """Replaces the workbook with a kept version; gives the result in words. The entry in its Log is sealed like all others.

    Raises BadValue, with the workbook as it was, if nobody but the person at this computer approves it.
    """
    was = _desk(book)
    if was is not None and not was.key.can_seal:
        _ = was.key.for_new  # raises: the entry in the Log could not be sealed
    approval = _approval(was, approved_by.strip(), reason.strip())
    before = _held(was) if was else None
    said = restore(book, version, password)
    now = _desk(book)
    if now is None:
        return f"{said} Its Log has no entry of this: an older xltax made it, or a cell cannot be read. Run xltax proof to see which."
    after = _held(now)
    lost = [cents for seal, cents in before.lines.items() if seal not in after.lines] if before else []
    total = sum(int(cents) for cents in lost)
    lacks = (
        f"version {version}; lost: {some(len(lost), 'Cash Book line')}, {usd(total)}; code before: {before.code or 'none'}"
        if before
        else f"version {version}; the replaced workbook could not be read"
    )
    opened = FilesBook.open(book)
    Desk.of(opened).log("restore", f"{lacks}; {approval}", len(lost), total)
    opened.save(keep=False)
    more = (
        f" {some(len(lost), 'Cash Book line')}, {usd(total)}, of the replaced workbook {'is' if len(lost) == 1 else 'are'} not in it."
        if lost
        else ""
    )
    return f"{said}{more} The Log has an entry of this."
