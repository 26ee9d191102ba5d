"""Reads a bank's statement from a file: BAI2, or OFX and QFX as banks give them for Quicken and QuickBooks.

A payment file has only what came in. A statement has every line and the ending balance.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal

import bankfile

from xltax.errors import BadValue
from xltax.hosts.bank_files import CLOSING_LEDGER, Bai2

_AGAIN = "Ask the bank to send the file again, or download the statement as CSV."
_ONE = "Download each account in a file of its own."
_OFX = re.compile(rb"\s*(OFXHEADER|<\?xml[^>]*>\s*<\?OFX|<\?OFX|<OFX>)", re.IGNORECASE)
_BALANCE_DAY = re.compile(rb"<LEDGERBAL>.*?<DTASOF>\s*(\d{8})", re.IGNORECASE | re.DOTALL)
_CREDITS, _DEBITS = range(100, 400), range(400, 700)
_BAI_WORDS = {354: "Interest", 475: "Check", 555: "Returned", 698: "Fee"}
_OFX_WORDS = {"CHECK": "Check", "INTEREST": "Interest", "FEE": "Fee"}


@dataclass(frozen=True)
class StatementLine:
    """One line of a statement, as the bank wrote it. where: its line in the file, or its number."""

    date: dt.date
    cents: int
    word: str  # Returned, Check, Interest or Fee, if the bank says so
    reference: str
    note: str
    bank_id: str
    where: str


@dataclass
class StatementFile:
    """The lines of a statement with its ending balances."""

    lines: list[StatementLine] = field(default_factory=list)
    balances: dict[dt.date, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def is_ofx(data: bytes) -> bool:
    """Whether a file is OFX or QFX, by its content."""
    return bool(_OFX.match(data.lstrip(b"\xef\xbb\xbf")[:400]))


def read_bai2(name: str, text: str) -> StatementFile:
    """A BAI2 file as a statement. Raises BadValue by its line where a total or a count does not tie."""
    reader = _Statement(name)
    reader.read(text)
    if len(reader.accounts) > 1:
        raise BadValue(
            f"The file has {len(reader.accounts)} accounts: {', '.join(sorted(reader.accounts))}.", where=name, do=_ONE
        )
    return reader.found


class _Statement(Bai2):
    """Every transaction of a BAI2 file, and the closing ledger balance of each day."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.found = StatementFile()
        self.accounts: set[str] = set()

    def opens(self, date: str, account: str, summaries: list[tuple[str, int]]) -> None:
        self.accounts.add(account)
        for code, cents in summaries:
            if code == CLOSING_LEDGER:
                self.found.balances[dt.date.fromisoformat(date)] = cents

    def transaction(self, date: str, kind: int, cents: int, fields: list[str]) -> None:
        if kind not in _CREDITS and kind not in _DEBITS:
            return  # neither money in nor money out
        bank, customer, text = self.texts(fields)
        signed = cents if kind in _CREDITS else -cents
        where = f"{self.name} line {self.line}"
        day = dt.date.fromisoformat(date)
        self.found.lines.append(StatementLine(day, signed, _BAI_WORDS.get(kind, ""), customer, text, bank, where))


def read_ofx(name: str, data: bytes) -> StatementFile:
    """An OFX or QFX file as a statement. Raises BadValue for whatever the library could not read for certain."""
    statement = bankfile.parse_bytes(data, path=name)
    for warning in statement.warnings:
        if warning.field == "STMTRS":
            raise BadValue(f"The file has {warning.value} statements.", where=name, do=_ONE)
        if warning.rule in ("amount", "date") or warning.field == "STMTTRN":
            raise BadValue(
                f"{_named(warning.field)} cannot be read for certain.", where=_line_of(name, data, warning), do=_AGAIN
            )
    if not statement.transactions and statement.closing_balance is None:
        raise BadValue("The file has no bank statement.", where=name, do=_AGAIN)
    if statement.currency not in (None, "USD"):
        raise BadValue(f"The statement is in {statement.currency}, not in dollars.", where=name, do=_ONE)
    found = StatementFile()
    for number, t in enumerate(statement.transactions, 1):
        where = f"{name}, transaction {number}"
        note = " ".join(dict.fromkeys(filter(None, (t.counterparty_name, t.purpose))))
        word = _OFX_WORDS.get(t.type_code or "", "")
        reference = t.check_number or t.reference or ""
        found.lines.append(
            StatementLine(t.date, _cents(t.amount, where), word, reference, note, t.bank_reference or "", where)
        )
    day = _BALANCE_DAY.search(data)
    if statement.closing_balance is not None and day:
        found.balances[dt.datetime.strptime(day[1].decode(), "%Y%m%d").date()] = _cents(statement.closing_balance, name)
    return found


def _named(field_: str | None) -> str:
    words = {"TRNAMT": "The amount of a transaction (TRNAMT)", "DTPOSTED": "The date of a transaction (DTPOSTED)",
             "BALAMT": "The ending balance (BALAMT)", "STMTTRN": "A transaction without a date or an amount (STMTTRN)"}  # fmt: skip
    return words.get(field_ or "", f"The field {field_}")


def _line_of(name: str, data: bytes, warning: bankfile.ReadWarning) -> str:
    """The line of the file with the value of a warning; the file alone if it has none."""
    value = (warning.value or "").encode()
    tag = (warning.field or "").encode()
    for number, line in enumerate(data.splitlines(), 1):
        if tag and value and tag in line and value in line:
            return f"{name} line {number}"
    return name


def _cents(amount: Decimal, where: str) -> int:
    cents = amount * 100
    if cents != int(cents):
        raise BadValue(f"{amount} is not whole cents.", where=where, do=_AGAIN)
    return int(cents)
