"""The kinds of sheets that come in: a roll, open balances, payments; their columns and the words other offices use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from xltax.errors import BadValue
from xltax.office.billing.further_lists import FURTHER
from xltax.office.controls import authority_list, bank_import, parallel_run
from xltax.office.counter import payment_check
from xltax.office.intake.opening_balances import OPENING
from xltax.tables import RECEIPTS, ROLL
from xltax.tables.counter import COUNTER
from xltax.tables.kinds import PAYERS, TENDERS
from xltax.tables.schema import Column, Row, TableSpec


class ImportedPayment(Row):
    """One payment on an imported sheet."""

    account = COUNTER["Account"]
    bill = COUNTER["Bill"]
    amount = COUNTER["Amount"]
    received = COUNTER["Received"]
    effective = COUNTER["Effective"]
    tender = COUNTER["Tender"]
    reference = COUNTER["Reference"]
    by = COUNTER["By"]
    payer = Column("Payer", "text", "The name in the file.")
    receipt = RECEIPTS["Receipt"]
    note = COUNTER["Note"]


PAYMENTS = TableSpec("Payments", ImportedPayment, purpose="one row for each payment")
"""A sheet of payments; the rows are posted to the cash book, no table of the book."""


class FilePayment(Row):
    """One payment in a file of a servicer, a lockbox or an online site."""

    account = COUNTER["Account"]
    bill = COUNTER["Bill"]
    amount = Column("Amount", "money", "The amount of this payment.", required=True)
    received = Column("Received", "date", "The day the payment was received (default: the day of the import).")
    effective = COUNTER["Effective"]
    tender = Column("Tender", "text", COUNTER["Tender"].help, default="ACH", choices=TENDERS)
    reference = COUNTER["Reference"]
    by = Column("By", "text", COUNTER["By"].help, default="third party", choices=PAYERS)
    payer = Column("Payer", "text", "The name in the file.")


FILE_PAYMENTS = TableSpec("Payments", FilePayment, purpose="one row for each payment")
"""A file of payments to be held as a batch; its rows become lines of Batches."""

_OPTIONAL = {"Receipt"}  # required in its own table, here given by posting where the sheet has none


@dataclass(frozen=True, slots=True)
class Target:
    """A kind of sheet: its columns, the column to total, the columns that identify the account, more words for columns."""

    name: str
    spec: TableSpec[Any]
    total: str
    ids: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    blank: tuple[str, ...] = ()  # not asked for

    @property
    def by_installment(self) -> bool:
        """Whether each row is one installment or payment of an account that the book has already."""
        return self.name != "roll" and self.name != "further"


TARGETS = {
    t.name: t
    for t in (
        Target("roll", ROLL, "Net Value", ("Account",), blank=("Changed On", "Left On")),
        Target("further", FURTHER, "Net Value", ("Account",)),
        Target(
            "balances", OPENING, "Amount", ("Account", "Bill"),
            {"Amount": ("balance", "open balance", "principal", "principal balance", "tax balance", "tax due", "amount due",
                        "balance due", "unpaid", "open", "tax open", "remaining")},
        ),
        Target(
            "payments", PAYMENTS, "Amount", ("Account", "Bill"),
            {"Amount": ("payment", "amount paid", "payment amount", "paid", "bill amount", "tax amount", "net amount",
                        "principal paid", "check amount", "total paid", "total")},
        ),
    )
}  # fmt: skip


BATCH = Target("batch", FILE_PAYMENTS, "Amount", ("Account", "Bill"), TARGETS["payments"].words)
"""A payment file that is held for review. A row without a date or an account is no error there."""

POSTED = Target("payments", payment_check.PAYMENTS, "Amount", ("Account", "Bill"))
"""A file of payments to be posted at once, under the column names of the Cash Book."""
COMPARED = Target("parallel", parallel_run.THEIRS, "Total", ("Account", "Bill"))
"""The balances of the present system, to be compared with the book."""
STATEMENT = Target("statement", bank_import.STATEMENT_ROWS, "Amount", ("Date",))
"""A bank's statement with columns."""

ORDERED = Target("authority list", authority_list.LISTED, "Amount", ("Account", "Bill"))
"""The assessor's or the board's own list of changes, to be compared with the adjustments."""


def target_of(what: str) -> Target:
    """The kind of sheet by its name."""
    if what.strip().lower() not in TARGETS:
        raise BadValue(f'"{what}" is not a kind of sheet.', where="what", do=f"Use one of {', '.join(TARGETS)}.")
    return TARGETS[what.strip().lower()]


def wanted(target: Target) -> TableSpec[Any]:
    """The columns to look for: without those of `blank`, and without requiring those that posting fills in."""
    columns = tuple(
        c if c.name not in _OPTIONAL else type(c)(c.name, c.kind, c.help, aliases=c.aliases)
        for c in target.spec.facts
        if c.name not in target.blank
    )
    return TableSpec(f"{target.spec.name} wanted", target.spec.row, target.spec.key, columns=columns)
