"""Reads the payments from two kinds of bank files: BAI2 statements and NACHA (ACH) files."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from xltax.errors import BadValue
from xltax.hosts.incoming_sheet import RawSheet
from xltax.money import usd
from xltax.wording import some

_AGAIN = "Ask the bank to send the file again."
_PAYMENTS_ONLY = "Ask the bank for a file without this batch."
_BAI2 = re.compile(r"\s*01,[^,\r\n]*,[^,\r\n]*,\d{6},[^\r\n]*\s+02,")
_WIDTH = 94


def kind_of_bank_file(text: str) -> str:
    """bai2, nacha, or an empty text for any other file."""
    if _BAI2.match(text):
        return "bai2"
    head = text.lstrip("\ufeff\r\n")
    if not head.startswith("101"):
        return ""
    lines = _ach_lines(text)
    sound = all(len(line) <= _WIDTH and line[0] in "156789" for _, line in lines)
    return "nacha" if sound and len(lines) > 1 and lines[1][1][0] in "59" and len(lines[0][1]) > 80 else ""


def read_bank_file(name: str, text: str, kind: str) -> RawSheet:
    """The credits of a bank file as rows under a header. Raises BadValue by its line where the totals do not tie."""
    return Bai2(name).read(text) if kind == "bai2" else _Ach(name).read(text)


def _amount(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _left_out(kind: str, amounts: list[int]) -> list[str]:
    """The sentence about lines that are no payments; none if there are none."""
    if not amounts:
        return []
    return [f"{some(len(amounts), kind)}, {usd(sum(amounts))}, {'was' if len(amounts) == 1 else 'were'} left out."]


@dataclass
class _BankFile:
    name: str
    rows: list[list[str | None]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    line: int = 0

    def wrong(self, what: str, do: str = _AGAIN) -> BadValue:
        return BadValue(what, where=f"{self.name} line {self.line}", do=do)

    def number(self, text: str, what: str) -> int:
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", text.strip(), re.ASCII):
            raise self.wrong(f'The {what} "{text.strip()[:40]}" is not a whole number.')
        return int(text)

    def day(self, text: str) -> str:
        """A date of six digits, year first, as 2025-08-14."""
        try:
            return dt.datetime.strptime(text.strip(), "%y%m%d").date().isoformat()
        except ValueError:
            raise self.wrong(f'The date "{text.strip()[:20]}" is not a date as YYMMDD.') from None

    def tie(self, what: str, said: int, found: int) -> None:
        if said != found:
            raise self.wrong(f"The {what} says {usd(said)}, but the amounts above add up to {usd(found)}.")

    def count(self, what: str, things: str, said: int, found: int) -> None:
        if said != found:
            raise self.wrong(f"The {what} counts {said:,} {things}, but the file has {found:,}.")

    def sheet(self, kind: str, header: list[str], notes: list[str]) -> RawSheet:
        rows: list[list[str | None]] = [list(header), *self.rows]
        return RawSheet(self.name, rows, text=True, lines=[0, *self.lines], kind=kind, notes=notes)


# ---- BAI2: a bank's statement of an account, one record a line ------------------------------------------------------

_EXTRA_FIELDS = {"V": 2, "S": 3}
"""How many fields follow a funds type: the value date and time, or three amounts by availability."""


CLOSING_LEDGER = "015"
"""The type code of an account's closing ledger balance."""


class Bai2(_BankFile):
    """The credits in a BAI2 file: types 100 to 399 of its transaction records (16). A statement has the debits too."""

    def transaction(self, date: str, kind: int, cents: int, fields: list[str]) -> None:
        """Takes one transaction of the file, a credit or a debit. Only a statement keeps them."""

    def opens(self, date: str, account: str, summaries: list[tuple[str, int]]) -> None:
        """Takes the start of an account with its balances. Only a statement keeps them."""

    def read(self, text: str) -> RawSheet:
        debits: list[int] = []
        others: list[int] = []
        account = group = whole = accounts = groups = 0
        records = of_group = of_account = 0  # lines, of which each 88 is one
        date, opened, ended = "", False, False
        for self.line, code, fields, lines in _bai_records(text):
            records, of_group, of_account = records + lines, of_group + lines, of_account + lines
            if code == "02":
                date, group, accounts, of_group = self.day(_at(fields, 3)), 0, 0, lines
            elif code == "03":
                found = self._summaries(fields)
                account, opened, of_account = sum(cents for _, cents in found), True, lines
                self.opens(date, _at(fields, 0).strip(), found)
            elif code == "16":
                kind, cents = (
                    self.number(_at(fields, 0) or "0", "type code"),
                    self.number(_at(fields, 1) or "0", "amount"),
                )
                account += cents
                self.transaction(date, kind, cents, fields)
                if 100 <= kind <= 399:
                    self._credit(date, kind, cents, fields)
                else:
                    (debits if 400 <= kind <= 699 else others).append(cents)
            elif code == "49":
                self.tie("account trailer (record 49)", self.number(_at(fields, 0), "control total"), account)
                self._records("account trailer (record 49)", fields, 1, of_account)
                group, accounts, opened = group + account, accounts + 1, False
            elif code == "98":
                self.tie("group trailer (record 98)", self.number(_at(fields, 0), "control total"), group)
                self.count("group trailer (record 98)", "accounts", self.number(_at(fields, 1), "count"), accounts)
                self._records("group trailer (record 98)", fields, 2, of_group)
                whole, groups = whole + group, groups + 1
            elif code == "99":
                self.tie("file trailer (record 99)", self.number(_at(fields, 0), "control total"), whole)
                self.count("file trailer (record 99)", "groups", self.number(_at(fields, 1), "count"), groups)
                self._records("file trailer (record 99)", fields, 2, records)
                ended = True
            elif code != "01":
                raise self.wrong(f'A BAI2 file has no record "{code[:10]}".')
        if opened or not ended:
            raise self.wrong("The file ends here, but its trailer records (49, 98, 99) are not complete.")
        header = ["Date", "Type Code", "Amount", "Bank Reference", "Customer Reference", "Text"]
        return self.sheet("bai2", header, _left_out("debit", debits) + _left_out("other line", others))

    def _records(self, what: str, fields: list[str], at: int, found: int) -> None:
        """Compares a trailer's count of records with the records there are. Some banks leave the count out."""
        if _at(fields, at).strip():
            said = self.number(fields[at], "count")
            if said != found:
                raise self.wrong(f"The {what} counts {some(said, 'record')}, but there are {found:,} up to here.")

    def texts(self, fields: list[str]) -> tuple[str, str, str]:
        """The bank's reference, the customer's reference and the text of a transaction."""
        at = 3 + self._extra(fields, 2)
        return _at(fields, at).strip(), _at(fields, at + 1).strip(), ",".join(fields[at + 2 :]).strip()

    def _credit(self, date: str, kind: int, cents: int, fields: list[str]) -> None:
        row = [date, f"{kind:03d}", _amount(cents), *self.texts(fields)]
        self.rows.append([cell or None for cell in row])
        self.lines.append(self.line)

    def _summaries(self, fields: list[str]) -> list[tuple[str, int]]:
        """The type codes and amounts of an account record (03): its balances and totals, which the trailer counts in."""
        found, at = [], 2
        while at < len(fields):
            if _at(fields, at + 1).strip():
                found.append((fields[at].strip(), self.number(fields[at + 1], "amount")))
            at += 4 + self._extra(fields, at + 3)
        return found

    def _extra(self, fields: list[str], at: int) -> int:
        """How many fields stand between the funds type and what follows."""
        funds = _at(fields, at).strip().upper()
        if funds == "D":
            return 1 + 2 * self.number(_at(fields, at + 1) or "0", "count")
        return _EXTRA_FIELDS.get(funds, 0)


def _at(fields: list[str], at: int) -> str:
    return fields[at] if at < len(fields) else ""


def _bai_records(text: str) -> list[tuple[int, str, list[str], int]]:
    """The records: line, code, fields without the code, and how many lines. Lines 88 are put to the record they continue."""
    found: list[tuple[int, str, str, bool, int]] = []
    for number, line in enumerate(re.split("\r\n|\r|\n", text), 1):
        line = line.strip(" \x1a\ufeff\t")
        if not line:
            continue
        code, _, rest = line.partition(",")
        closed = rest.endswith("/")
        rest = rest.removesuffix("/")
        if code == "88" and found:
            first, former, before, was_closed, lines = found[-1]
            found[-1] = (first, former, before + ("," if was_closed else " ") + rest, closed, lines + 1)
        else:
            found.append((number, code.removesuffix("/"), rest, closed, 1))
    return [(number, code, rest.split(","), lines) for number, code, rest, _, lines in found]


# ---- NACHA: ACH entries, in records of 94 characters -----------------------------------------------------------------


def _ach_lines(text: str) -> list[tuple[int, str]]:
    """The records with their lines. Some banks write them without line ends."""
    text = text.lstrip("\ufeff")
    found = [(n, line.rstrip(" \x1a")) for n, line in enumerate(re.split("\r\n|\r|\n", text), 1)]
    found = [(n, line) for n, line in found if line]
    if len(found) == 1 and len(found[0][1]) > _WIDTH:
        one = found[0][1]
        found = [(1, one[at : at + _WIDTH]) for at in range(0, len(one), _WIDTH)]
    return found


_CREDITS, _DEBITS = {"22", "32", "42", "52"}, {"27", "37", "47", "55"}
_ID, _NAME, _COMPANY, _ADDENDA = 2, 3, 4, 6  # columns of the sheet
_NAME_FIRST = ("CIE", "MTE")
"""Batches whose entries have the name first and the number of the payer's account with the town second."""
_IAT = {"10": (_NAME, 46, 81), "11": (_COMPANY, 3, 38), "15": (_ID, 3, 18), "17": (_ADDENDA, 3, 83)}
"""International entries (IAT): what stands in their addenda, by addenda type: the column, and where the text is."""


class _Ach(_BankFile):
    """The credits in an ACH file: transaction codes 22, 32, 42 and 52 of its entries (record 6)."""

    def read(self, text: str) -> RawSheet:
        debits: list[int] = []
        others: list[int] = []
        batch, whole = _Totals(), _Totals()
        batches, company, date, kind, ended, credit = 0, "", "", "", False, False
        for self.line, short in _ach_lines(text):
            record = short.ljust(_WIDTH)
            code = record[0]
            if code == "5":
                batch, company, kind = _Totals(), record[4:20].strip(), record[50:53]
                self._refuse_batch(kind, record)
                date = self.day(record[69:75]) if record[69:75].strip() else ""
            elif code == "6":
                transaction, cents = record[1:3], self.number(record[29:39], "amount")
                credit = transaction in _CREDITS
                batch.add(self.number(record[3:11], "routing number"), cents, transaction)
                if credit:
                    self._credit(date, cents, company, record, kind)
                else:
                    (debits if transaction in _DEBITS else others).append(cents)
            elif code == "7":
                batch.entries += 1
                if credit and self.rows:
                    self._addendum(record, kind)
            elif code == "8":
                self._check(
                    "batch control (record 8)", batch, record[4:10], record[10:20], record[20:32], record[32:44]
                )
                whole.join(batch)
                batch, batches = _Totals(), batches + 1
            elif code == "9" and not ended:
                self.count("file control (record 9)", "batches", self.number(record[1:7], "count"), batches)
                self._check(
                    "file control (record 9)", whole, record[13:21], record[21:31], record[31:43], record[43:55]
                )
                ended = True
            elif code not in "19":
                raise self.wrong(f'An ACH file has no record "{code}".')
        if not ended:
            raise self.wrong("The file ends here, but its file control (record 9) is missing.")
        header = ["Date", "Amount", "Individual ID", "Name", "Company", "Trace Number", "Addenda"]
        return self.sheet("nacha", header, _left_out("debit", debits) + _left_out("prenote or return", others))

    def _refuse_batch(self, kind: str, record: str) -> None:
        """Raises BadValue for a batch whose entries are no payments in dollars."""
        if kind == "ADV":
            raise self.wrong("This batch (ADV) holds the bank's own accounting, not payments.", _PAYMENTS_ONLY)
        if kind == "IAT" and record[66:69] not in ("USD", "   "):
            raise self.wrong(f"This international batch (IAT) is in {record[66:69]}, not in dollars.", _PAYMENTS_ONLY)

    def _credit(self, date: str, cents: int, company: str, record: str, kind: str) -> None:
        identity, name = record[39:54].strip(), record[54:76].strip()
        if kind == "CTX":  # a count stands before the name
            name = record[58:74].strip()
        elif kind in _NAME_FIRST:
            identity, name = name, identity
        elif kind == "IAT":  # the bank account stands here; who paid and for what is in the addenda
            identity, name, company = "", "", ""
        row = [date, _amount(cents), identity, name, company, record[79:94].strip(), ""]
        self.rows.append([cell or None for cell in row])
        self.lines.append(self.line)

    def _addendum(self, record: str, kind: str) -> None:
        """Puts what an addenda record says to the credit above it."""
        column, start, end = _IAT.get(record[1:3], (0, 0, 0)) if kind == "IAT" else (_ADDENDA, 3, 83)
        if column:
            row = self.rows[-1]
            row[column] = " ".join(filter(None, [row[column], record[start:end].strip()])) or None

    def _check(self, what: str, totals: _Totals, entries: str, hash_: str, debits: str, credits_: str) -> None:
        self.count(what, "entries and addenda", self.number(entries, "count"), totals.entries)
        if self.number(hash_, "entry hash") != totals.hash % 10**10:
            raise self.wrong(
                f"The {what} has the entry hash {hash_}, but the routing numbers add up to {totals.hash % 10**10:010d}."
            )
        self.tie(f"{what}, debits,", self.number(debits, "total"), totals.debits)
        self.tie(f"{what}, credits,", self.number(credits_, "total"), totals.credits)


@dataclass
class _Totals:
    entries: int = 0
    hash: int = 0
    debits: int = 0
    credits: int = 0

    def add(self, routing: int, cents: int, transaction: str) -> None:
        self.entries += 1
        self.hash += routing
        # The second digit tells: 1 to 4 are credits and their returns and prenotes, 5 to 9 debits. 55 is a debit too.
        if transaction[1:2] in ("1", "2", "3", "4"):
            self.credits += cents
        else:
            self.debits += cents

    def join(self, other: _Totals) -> None:
        self.entries += other.entries
        self.hash += other.hash
        self.debits += other.debits
        self.credits += other.credits
