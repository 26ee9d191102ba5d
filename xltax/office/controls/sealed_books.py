"""What the Log knows of the books: the codes of their last rows after each task, so that a changed row cannot be sealed again unseen.

A row's seal shows a change of that row. The Log keeps the last seal of every sealed table after every task, and the Log's own
rows are sealed in a chain. A row that is changed and sealed again, a row removed at the end, and an older version of the
workbook put in its place each lack a code that the Log, or a printed page, still has.

The seals need no secret: whoever knows the method and rewrites the whole workbook can make new seals that agree. Only a code
that was printed or sent away beforehand shows that.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from xltax.ledger import seals
from xltax.ledger.seals import SEAL
from xltax.office.billing import runs
from xltax.tables import Bill, LogLine
from xltax.tables.bills import BillRun
from xltax.tables.check import Check
from xltax.tables.reading import place
from xltax.tables.schema import R
from xltax.tables.table import Table
from xltax.wording import some

BILLS = "Duplicate"
BY_HAND = "changed by hand before"
"""What the Log says of the bills, or of a named register, if its rows were not as the task before had left them."""


def of_rows(table: Table[Any]) -> str:
    """One code for all rows with seals of their own: a row removed, or changed and sealed again, changes it."""
    own = [seal for seal in table[SEAL] if seal]
    return hashlib.sha256("\x1e".join(own).encode()).hexdigest()[: seals.LENGTH] if own else ""


def head_of(table: Table[Any]) -> str:
    """One code for a sealed table: its last seal, or the code of all its rows."""
    if table.spec.sealed == "rows":
        return of_rows(table)
    return seals.head(str(table[SEAL].iloc[-1])) if len(table) else ""


def resealed(before: Table[R], after: Table[R], key: bytes = b"", *, or_before: Table[R] | None = None) -> Table[R]:
    """The rows after a task, those that the task changed with new seals.

    A row that somebody changed by hand before keeps the seal that shows it. or_before: a second state of the rows that a task
    may begin from, such as a lien whose assignment somebody typed.
    """
    whole = np.array(seals.standing(before, before.spec, key), dtype=bool)
    if or_before is not None:
        whole |= np.array(seals.standing(or_before, before.spec, key), dtype=bool)
    new = np.array(seals.alone(after, after.spec, key), dtype=object)
    return after.with_cells(whole, {SEAL: new[whole]})


NO_ROWS = hashlib.sha256(b"").hexdigest()[: seals.LENGTH]
"""What the Log has for a register whose rows were all taken back."""


class Heads(NamedTuple):
    """The codes of the books at one moment: the last seal of each sealed table, and the code of the rows of each register."""

    of: Mapping[str, str]

    @classmethod
    def read(cls, text: str) -> Heads:
        """The codes in a line of the Log."""
        return cls(dict(re.findall(rf"(\w+) ({seals.FORM})", text)))

    def __str__(self) -> str:
        return ", ".join(f"{table} {code}" for table, code in self.of.items() if code)


def last_codes(log: Table[LogLine]) -> dict[str, str]:
    """The code that each table had after the last task that the Log has it for."""
    # Every line has the codes of all tables that have rows; the lines of older versions have none.
    last = next((text for text in reversed(log[LogLine.heads].tolist()) if text), "")
    return dict(Heads.read(last).of)


def keyed_by(log: Table[LogLine]) -> str:
    """The short name of the office's key that new seals are made with; empty if they are made without."""
    if not len(log) or not seals.keyed(str(log[SEAL].iloc[-1])):
        return ""
    begun = (_BEGAN.search(what) for what in reversed(log.loc[log[LogLine.action] == "seal", LogLine.what].tolist()))
    return next((found[1] for found in begun if found), "unknown")


_BEGAN = re.compile(r"with the office's key ([0-9a-f]{8})")


def by_hand(text: str) -> list[str]:
    """The tables that a line of the Log names as changed by hand before the task."""
    parts = [part.removesuffix(BY_HAND).strip() for part in text.split(", ") if part.endswith(BY_HAND)]
    return [part or BILLS for part in parts]


# ---- what Proof says -------------------------------------------------------------------------------------------------


def checks(
    log: Table[LogLine], sealed: Sequence[Table[Any]], bill_runs: Table[BillRun], key: bytes = b""
) -> Iterator[Check]:
    """The seals of the Log and of the tables that Proof has no other check for, and the books against the Log.

    sealed: every sealed table but the Log. key: the office's, where this computer has it.
    """
    for table in (log, *sealed):
        if len(table):
            yield _seals(table, key)
        if len(table) and table.spec.name == BILLS:
            yield _runs(table, bill_runs)
    lost = list(not_as_logged(log, sealed))
    yield Check(
        "Books as logged",
        "Seal codes in the Log that the books no longer have",
        len(lost),
        0,
        lost[0] if lost else "",
        counts=True,
    )


def changed(table: Table[Any], key: bytes = b"") -> list[str]:
    """The places of the sealed rows that are not as a task wrote them. A row that nobody has sealed yet is not one."""
    own = table.where(table[SEAL] != "")
    if own.spec.sealed == "rows":
        right = seals.standing(own, own.spec, key)
        return [place(own, int(own.index[n]), SEAL) for n, stands in enumerate(right) if not stands]
    return [problem.where for problem in seals.broken(own, own.spec, upgraded=True, key=key)]


CANNOT = "keyed: cannot be checked here without the office's key"
_NAMES = {
    "CashBook": "Cash book", "Adjustments": "Adjustment", "DayCloses": "Day close", "Turnovers": "Turnover", BILLS: "Bill", "Certificates": "Certificate", "Liens": "Lien",
    "WarrantMoney": "Warrant money", "Issued": "Issued paper", "Reconciliations": "Reconciliation",
}  # fmt: skip


def key_not_used() -> Check:
    """The check that fails where the office has a key and the workbook's seals are made without it."""
    look = (
        "this computer has an office key, and the seals of this workbook are made without it. Run Seal with keyed = yes"
    )
    return Check("Office key", "Workbooks without the office's key", 1, 0, look, counts=True)


def _seals(table: Table[Any], key: bytes) -> Check:
    name = f"{_NAMES.get(table.spec.name, table.spec.name)} seals"
    if table.spec.sealed == "rows":
        wrong = [n for n, right in enumerate(seals.standing(table, table.spec, key)) if not right]
        compares = f"{'Bills' if table.spec.name == BILLS else 'Rows'} that are not as a task made them"
        found, look = len(wrong), _row(table, wrong[0]) if wrong else ""
    else:
        bad = list(seals.broken(table, table.spec, upgraded=True, key=key))
        compares = "Rows that changed after a task wrote them"
        found, look = len(bad), bad[0].where if bad else ""
    if not key and (unseen := sum(map(seals.keyed, table[SEAL]))):
        return Check(
            name, compares, found + unseen, 0, f"{look}; the others are {CANNOT}" if look else CANNOT, counts=True
        )
    return Check(name, compares, found, 0, look, counts=True)


def _row(table: Table[Any], n: int) -> str:
    """A row that is not as a task made it: its number, its cell, and what may have changed."""
    first = table.spec.covers[0]
    what, where = f"{first.lower()} {table[first].iloc[n]}", place(table, int(table.index[n]), SEAL)
    if not table[SEAL].iloc[n]:
        return f"{what}, {where}: the {'bill' if table.spec.name == BILLS else 'row'} is not sealed. If you typed it, run Seal"
    return f"{what}, {where}: {_WRONG.get(table.spec.name, 'an amount, a day, a number or a name changed')}"


_WRONG = {BILLS: "the account, year, tax, due dates, installments or Interest From changed"}


def _runs(bills: Table[Bill], bill_runs: Table[BillRun]) -> Check:
    """Bills that a run made and that are gone, or that stand under a run that did not make them."""
    stand = bill_runs[
        bill_runs[BillRun.undone_on].isna() & ~bill_runs[BillRun.stage].isin((runs.FINAL, runs.CORRECTED))
    ]
    now = bills.groupby(Bill.run)[Bill.bill].nunique()  # a bill of City and State is two rows
    apart = [
        (run, int(made), int(now.get(run, 0)))
        for run, made in zip(stand[BillRun.run], stand[BillRun.bills], strict=True)
        if int(made) != int(now.get(run, 0))
    ]
    look = f"run {apart[0][0]} made {some(apart[0][1], 'bill')}, and the Duplicate has {apart[0][2]:,}" if apart else ""
    return Check("Bills of each run", "Bills of each billing run, compared with the Duplicate", sum(abs(m - n) for _, m, n in apart), 0, look,
                 counts=True)  # fmt: skip


def not_as_logged(log: Table[LogLine], tables: Sequence[Table[Any]]) -> Iterator[str]:
    """Where the books lack a code that the Log has for them, or rows were changed between two tasks; in words."""
    held = {t.spec.name: {s for cell in t[SEAL] for s in cell.split(" ")} for t in tables if t.spec.sealed == "chain"}
    last: dict[str, tuple[str, str]] = {}
    for when, action, text in zip(log[LogLine.when], log[LogLine.action], log[LogLine.heads], strict=True):
        for name, code in Heads.read(text).of.items():
            if name in held and code not in held[name]:
                yield f"{name} no longer has the code {code} that it had after {action} on {when}"
            last[name] = code, f"{action} on {when}"
        for name in by_hand(text):
            yield f"{'bills' if name == BILLS else f'rows of {name}'} were changed by hand before {action} on {when}"
    for table in tables:
        code, after = last.get(table.spec.name, ("", ""))
        if table.spec.sealed == "rows" and code and code != (of_rows(table) or NO_ROWS):
            name, row = ("the Duplicate", "bill") if table.spec.name == BILLS else (table.spec.name, "row")
            yield f"{name} is not as it was after {after}: a {row} was changed, removed or added by hand"


def changes_of(table: str, log: Table[LogLine]) -> Iterator[LogLine]:
    """The lines of the Log at which a table's code is another than at the line before: somebody changed the table between them."""
    before: str | None = None
    for line in log.rows():
        heads = Heads.read(line.heads).of
        code = heads.get(table, "")
        if before is not None and code != before:
            yield line
        before = code if heads else before


def found(code: str, log: Table[LogLine], tables: Sequence[Table[Any]]) -> str:
    """Where a printed seal code stands in the books, in words; "" if nowhere."""
    code = code.strip().lower()
    for when, action, seal in zip(log[LogLine.when], log[LogLine.action], log[SEAL], strict=True):
        if code and code in seal.split(" "):
            return f"Log, {action} on {when}"
    for table in tables:
        for index, cell in zip(table.index, table[SEAL], strict=True):
            if code and code in cell.split(" "):
                return place(table, int(index), SEAL)
    return ""
