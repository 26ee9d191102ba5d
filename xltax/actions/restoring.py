"""Brings a kept version of a workbook back, and writes in its Log what the replaced workbook had and this one lacks."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, NoReturn

from xltax.actions import periods
from xltax.actions.desk import Desk
from xltax.errors import BadBook, TaxError
from xltax.hosts import kept
from xltax.hosts.files import FilesBook
from xltax.ledger.seals import SEAL
from xltax.money import Cents, usd
from xltax.office.controls import sealed_books
from xltax.tables import LOG, CashLine
from xltax.tables.schema import SCHEMA
from xltax.wording import some


class _Held(NamedTuple):
    """What a workbook holds: its Cash Book lines by their seals, and the last code of its Log."""

    lines: dict[str, Cents]
    code: str


def _present(book: Path) -> FilesBook | None:
    """A workbook as it is now; None if it is not there or cannot be read, which may be why an older version is wanted."""
    try:
        return FilesBook.open(book) if book.exists() else None
    except TaxError:
        return None


def _desk_of(book: FilesBook | None) -> Desk | None:
    """The desk of a workbook; None if a task cannot read it."""
    try:
        desk = Desk.of(book) if book is not None else None
        if desk is not None:
            desk.cash_book, desk.people, desk.register(LOG)
        return desk
    except TaxError:
        return None


def _desk(book: Path) -> Desk | None:
    return _desk_of(_present(book))


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


# ---- whether it is a book of this town -------------------------------------------------------------------------------


def _identity(book: FilesBook) -> tuple[str, str]:
    """The town of a workbook: the id in its Rules table, and the town's name. Empty where the workbook says none."""
    rules = book.read("Rules") if "Rules" in book.tables() else None
    id_ = ""
    if rules is not None and {"Rule", "Key", "Value"} <= set(rules.columns):
        found = rules.loc[(rules["Rule"] == "profile") & (rules["Key"] == "id"), "Value"]
        id_ = str(found.iloc[0] or "").strip() if len(found) else ""
    try:
        name = " ".join(str(book.get("town_name") or "").casefold().split())
    except TaxError:
        name = ""
    return id_, name


def _refuse(what: str, found: kept.Found) -> NoReturn:
    raise BadBook(
        f"{what} Nothing was changed.",
        where=found.path.name,
        do="Use a kept version (xltax kept lists them), or a backup of this workbook.",
    )


def _opened(found: kept.Found) -> FilesBook:
    """The version as a workbook. Raises BadBook for a file that is no working copy of this town's workbook."""
    version = FilesBook.of(found.path, found.data)
    made, tables = version.meta, set(version.tables())
    if not {"Roll", "Duplicate", "CashBook"} <= tables:
        _refuse("This file is not a tax collector's workbook. It may be a printed page.", found)
    if made.schema > SCHEMA:
        raise BadBook("This version was made by a newer version of xltax.", where=found.path.name, do="Update xltax.")
    if made.template and not made.rules:
        _refuse(
            "This file is a shared copy or a template. A shared copy has values only, and persons are withheld.", found
        )
    if found.kept:
        return version  # xltax put it there itself, and a new workbook's first version has no rows yet
    if not any(len(version.read(table)) for table in ("Roll", "Duplicate", "CashBook")):
        _refuse("This workbook is blank: the Roll, the Duplicate and the Cash Book have no rows.", found)
    return version


def _refuse_other_town(found: kept.Found, version: FilesBook, was: FilesBook | None) -> None:
    if was is None:
        return
    (id_, name), (own_id, own_name) = _identity(version), _identity(was)
    if id_ and own_id and id_ != own_id:
        _refuse(
            f"This is a workbook of another town: its Rules are those of {id_}, and this workbook has those of {own_id}.",
            found,
        )
    if not found.kept and name and own_name and name != own_name:
        _refuse(
            f'This is a workbook of another town: its town is "{version.get("town_name")}", and this one is "{was.get("town_name")}".',
            found,
        )


def _broken(desk: Desk | None) -> list[str]:
    """Where a workbook's rows are not as they were sealed."""
    if desk is None:
        return []
    try:
        tables = [desk.register(LOG), *desk.sealed_tables]
        return [place for table in tables for place in sealed_books.changed(table, desk.key.here)]
    except TaxError:
        return []


def _refuse_changed(found: kept.Found, version: Desk | None, was: Desk | None, approved_by: str, reason: str) -> str:
    """Refuses a version whose seals are broken and the present workbook's are not. Gives what the Log says of it.

    With an approval it is brought back all the same: a damaged record is better than none.
    """
    here = set(_broken(was))
    changed = [place for place in _broken(version) if place not in here]
    if not changed:
        return ""
    said = f"{some(len(changed), 'row')} of this version changed after a task wrote {'it' if len(changed) == 1 else 'them'}"
    if not (approved_by.strip() and reason.strip()):
        raise BadBook(
            f"{said}: {'; '.join(changed[:5])}. Nothing was changed.",
            where=found.path.name,
            do="Use another version. If this is the only one, add --approved-by and --reason.",
        )
    return said


# ---- bringing it back ------------------------------------------------------------------------------------------------


def restore_version(book: Path, version: str, password: str = "", approved_by: str = "", reason: str = "") -> str:
    """Replaces the workbook with a kept version; gives the result in words. The entry in its Log is sealed like all others.

    Raises BadValue, with the workbook as it was, if nobody but the person at this computer approves it.
    """
    book = book.resolve()
    found = kept.find(book, version, password)
    present, was = _present(book), _desk(book)
    opened = _opened(found)
    _refuse_other_town(found, opened, present)
    changed = _refuse_changed(found, _desk_of(opened), was, approved_by, reason)
    if was is not None and not was.key.can_seal:
        _ = was.key.for_new  # raises: the entry in the Log could not be sealed
    approval = _approval(was, approved_by.strip(), reason.strip())
    before = _held(was) if was else None
    said = kept.put_back(book, found)
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
    again = FilesBook.open(book)
    Desk.of(again).log("restore", f"{lacks}; {changed + '; ' if changed else ''}{approval}", len(lost), total)
    again.save(keep=False)
    more = (
        f" {some(len(lost), 'Cash Book line')}, {usd(total)}, of the replaced workbook {'is' if len(lost) == 1 else 'are'} not in it."
        if lost
        else ""
    )
    return f"{said}{more} The Log has an entry of this."
