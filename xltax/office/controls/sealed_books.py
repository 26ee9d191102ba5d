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

from xltax.ledger import seals
from xltax.ledger.seals import SEAL
from xltax.office.billing import runs
from xltax.tables import Bill, LogLine
from xltax.tables.bills import BillRun
from xltax.tables.check import Check
from xltax.tables.reading import place
from xltax.tables.table import Table
from xltax.wording import some

BILLS = "Duplicate"
BY_HAND = "changed by hand before"
"""What the Log says of the bills if they were not as the task before had left them."""
BILL_COLUMNS = (
    Bill.bill, Bill.account, Bill.levy_year, Bill.levy_type, Bill.part, Bill.gross_tax, Bill.deductions, Bill.net_tax, Bill.due_1,
    Bill.due_2, Bill.due_3, Bill.due_4, Bill.inst_1, Bill.inst_2, Bill.inst_3, Bill.inst_4, Bill.interest_from, Bill.recorded,
    Bill.completed, Bill.run,
)  # fmt: skip
"""What a bill's seal covers. A collector may type in the other columns, such as Hold and Mailed."""


def bill_seals(bills: Table[Bill]) -> list[str]:
    """The seal of each bill, over its own row alone: tasks change bills, one at a time."""
    return seals.alone(bills, bills.spec, BILL_COLUMNS)


def of_bills(bills: Table[Bill]) -> str:
    """One code for all sealed bills: a bill removed, or changed and sealed again, changes it."""
    own = [seal for seal in bills[SEAL] if seal]
    return hashlib.sha256("\x1e".join(own).encode()).hexdigest()[: seals.LENGTH] if own else ""


class Heads(NamedTuple):
    """The codes of the books at one moment: the last seal of each sealed table, and the code of the bills."""

    of: Mapping[str, str]

    @classmethod
    def read(cls, text: str) -> Heads:
        """The codes in a line of the Log."""
        return cls(dict(re.findall(rf"(\w+) ((?:2-)?[0-9a-f]{{{seals.LENGTH}}})", text)))

    def __str__(self) -> str:
        return ", ".join(f"{table} {code}" for table, code in self.of.items() if code)


def head_of(table: Table[Any]) -> str:
    """The last seal of a sealed table."""
    return seals.head(str(table[SEAL].iloc[-1])) if len(table) else ""


# ---- what Proof says -------------------------------------------------------------------------------------------------


def checks(
    log: Table[LogLine], sealed: Sequence[Table[Any]], bills: Table[Bill], bill_runs: Table[BillRun]
) -> Iterator[Check]:
    """The seals of the Log and of the tables that Proof has no other check for, and the books against the Log.

    sealed: the Cash Book, Adjustments, the day closes and the turnover slips.
    """
    for table in (log, *sealed[2:]):
        if len(table):
            bad = list(seals.broken(table, table.spec))
            name = f"{_NAMES.get(table.spec.name, table.spec.name)} seals"
            yield Check(
                name, "Rows that changed after a task wrote them", len(bad), 0, bad[0].where if bad else "", counts=True
            )
    if len(bills):
        yield _bills(bills)
        yield _runs(bills, bill_runs)
    lost = list(not_as_logged(log, [*sealed, bills]))
    yield Check(
        "Books as logged",
        "Seal codes in the Log that the books no longer have",
        len(lost),
        0,
        lost[0] if lost else "",
        counts=True,
    )


_NAMES = {"DayCloses": "Day close", "Turnovers": "Turnover", "Reconciliations": "Reconciliation"}


def _bills(bills: Table[Bill]) -> Check:
    own, right = bills[SEAL].tolist(), bill_seals(bills)
    wrong = [n for n, (seal, should) in enumerate(zip(own, right, strict=True)) if seal != should]
    look = ""
    if wrong:
        n = wrong[0]
        look = f"bill {bills[Bill.bill].iloc[n]}, {place(bills, int(bills.index[n]), SEAL)}: {_WRONG if own[n] else _TYPED}"
    return Check("Bill seals", "Bills that are not as a task made them", len(wrong), 0, look, counts=True)


_WRONG = "the account, year, tax, due dates, installments or Interest From changed"
_TYPED = "the bill is not sealed. If you typed it, run Seal"


def _runs(bills: Table[Bill], bill_runs: Table[BillRun]) -> Check:
    """Bills that a run made and that are gone, or that stand under a run that did not make them."""
    stand = bill_runs[
        bill_runs[BillRun.undone_on].isna() & ~bill_runs[BillRun.stage].isin((runs.FINAL, runs.CORRECTED))
    ]
    now = bills[Bill.run].value_counts()
    apart = [
        (run, int(made), int(now.get(run, 0)))
        for run, made in zip(stand[BillRun.run], stand[BillRun.bills], strict=True)
        if int(made) != int(now.get(run, 0))
    ]
    look = f"run {apart[0][0]} made {some(apart[0][1], 'bill')}, and the Duplicate has {apart[0][2]:,}" if apart else ""
    return Check("Bills of each run", "Bills of each billing run, compared with the Duplicate", sum(abs(m - n) for _, m, n in apart), 0, look,
                 counts=True)  # fmt: skip


def not_as_logged(log: Table[LogLine], tables: Sequence[Table[Any]]) -> Iterator[str]:
    """Where the books lack a code that the Log has for them, or bills were changed between two tasks; in words."""
    held = {t.spec.name: {s for cell in t[SEAL] for s in cell.split(" ")} for t in tables if t.spec.name != BILLS}
    bills = next((t for t in tables if t.spec.name == BILLS), None)
    last_bills = ("", "")
    for when, action, text in zip(log[LogLine.when], log[LogLine.action], log[LogLine.heads], strict=True):
        heads = Heads.read(text)
        for name, code in heads.of.items():
            if name in held and code not in held[name]:
                yield f"{name} no longer has the code {code} that it had after {action} on {when}"
        last_bills = (heads.of.get(BILLS, last_bills[0]), f"{action} on {when}")
        if text.endswith(BY_HAND):
            yield f"bills were changed by hand before {action} on {when}"
    if bills is not None and last_bills[0] and last_bills[0] != of_bills(bills):
        yield f"the Duplicate is not as it was after {last_bills[1]}: a bill was changed, removed or added by hand"


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
