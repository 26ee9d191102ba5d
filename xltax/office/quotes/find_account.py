"""Finds the account that a person means: a number, a bill, a block and lot, an owner's name, or a scanned payment stub."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from xltax.errors import BadValue
from xltax.money import Cents
from xltax.office.billing import scan_line
from xltax.tables import Bill, Parcel
from xltax.tables.table import Table

NAMED = 5
"""The most accounts that an error names."""
_WORDS = re.compile(r"\b(block|blk|lot|qualifier|qual|account|bill)\b\.?", re.I)
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


class Named(NamedTuple):
    """The account that a text means, the bill if the text names one, and what a scanned stub adds."""

    account: str
    bill: str = ""
    amount: Cents = 0  # of a scanned stub


class Accounts:
    """Every account of the Duplicate and the Roll, by all the ways to name it."""

    def __init__(self, bills: Table[Bill], parcels: Table[Parcel]) -> None:
        self._bills, self._parcels = bills, parcels

    @cached_property
    def _of_bill(self) -> dict[str, str]:
        return dict(zip(self._bills[Bill.bill], self._bills[Bill.account], strict=True))

    @cached_property
    def _every(self) -> set[str]:
        return {*self._bills[Bill.account], *self._parcels[Parcel.account]}

    @cached_property
    def _keys(self) -> dict[str, set[Named]]:
        """Accounts and bills without regard to capitals, spaces, signs and leading zeros."""
        keys: dict[str, set[Named]] = {}
        for account in self._every:
            keys.setdefault(_key(account), set()).add(Named(account))
        for bill, account in self._of_bill.items():
            keys.setdefault(_key(bill), set()).add(Named(account, bill))
        return keys

    @cached_property
    def _places(self) -> dict[str, set[Named]]:
        """Accounts by block, lot and qualifier. A block and lot alone mean the one without a qualifier, or all of them."""
        bare: dict[str, set[Named]] = {}
        whole: dict[str, set[Named]] = {}
        columns = (Parcel.account, Parcel.block, Parcel.lot, Parcel.qualifier)
        for account, block, lot, qualifier in zip(*(self._parcels[c] for c in columns), strict=True):
            if block and lot:
                bare.setdefault(_key(f"{block}/{lot}"), set()).add(Named(account))
                whole.setdefault(_key(f"{block}/{lot}/{qualifier}"), set()).add(Named(account))
        return bare | whole

    @cached_property
    def _printed(self) -> dict[str, str]:
        """Each bill by its number as a scan line has it."""
        return {scan_line.printed_bill(bill): bill for bill in self._of_bill}

    def exact(self, text: str) -> Named | None:
        """The account or the bill of exactly this number."""
        if text in self._every:
            return Named(text)
        return Named(self._of_bill[text], text) if text in self._of_bill else None

    def find(self, text: str) -> Named | None:
        """The account a text means; None if there is none. Raises BadValue if it can mean several, and for a misread stub."""
        wanted = " ".join(text.split())
        if found := self.exact(wanted):
            return found
        if scan_line.looks_scanned(wanted):
            return self._scanned(wanted)
        for candidates in (self._alike(wanted), self._of_owner(wanted)):
            accounts = {named.account for named in candidates}
            if len(accounts) > 1:
                raise self._several(wanted, accounts)
            if accounts:
                return next(iter(candidates)) if len(candidates) == 1 else Named(accounts.pop())
        return None

    def _scanned(self, line: str) -> Named:
        stub = scan_line.read_scan(line)
        if bill := self._printed.get(scan_line.printed_bill(stub.bill)):
            return Named(self._of_bill[bill], bill, stub.amount)
        raise BadValue(
            f"Bill {stub.bill} of the scanned stub is not on the Duplicate.",
            do="Check that the stub is one of this town, or type the account.",
        )

    def _alike(self, wanted: str) -> set[Named]:
        if day := _DAY.fullmatch(wanted):
            self._refuse_day(wanted, f"{int(day[2])}-{int(day[3])}")
        key = _key(_WORDS.sub(" ", wanted))
        return self._keys.get(key) or self._places.get(key, set())

    def _refuse_day(self, wanted: str, typed: str) -> None:
        """The program made a date of an account such as 2-15."""
        if any(named.account == typed for named in self._keys.get(_key(typed), set())):
            raise BadValue(
                f"This cell holds the date {wanted}, not the account {typed}.",
                do=f"Format the cell as text, or type an apostrophe first: '{typed}.",
            )

    def _of_owner(self, wanted: str) -> set[Named]:
        """The accounts whose owner's name has every word of the text, as the beginning of a word."""
        words = re.findall(r"[a-z']{2,}", wanted.lower())
        if not words or re.search(r"\d", wanted):
            return set()
        owners = self._parcels[Parcel.owner].str.lower()
        fits = owners.str.contains(rf"\b{re.escape(words[0])}")
        for word in words[1:]:
            fits &= owners.str.contains(rf"\b{re.escape(word)}")
        return {Named(account) for account in self._parcels.loc[fits, Parcel.account]}

    def _several(self, wanted: str, accounts: Iterable[str]) -> BadValue:
        names = sorted(accounts)
        rows = self._parcels[self._parcels[Parcel.account].isin(names[:NAMED])]
        columns = (Parcel.account, Parcel.owner, Parcel.location)
        told = {a: f"{a} ({', '.join(x for x in (o, p) if x)})" for a, o, p in zip(*(rows[c] for c in columns), strict=True)}  # fmt: skip
        shown = "; ".join(told.get(account, account) for account in names[:NAMED])
        more = f"; and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
        return BadValue(
            f'"{wanted}" fits {len(names):,} accounts: {shown}{more}.',
            do="Enter the account number, or more of the name.",
        )


def _key(text: str) -> str:
    """A number without what people leave out: 4-14-C0027, 4/14/c0027 and 0004 14 C0027 are one."""
    parts = re.findall(r"[a-z0-9.]+", text.lower())
    return "/".join(part.strip(".").lstrip("0") or "0" for part in parts if part.strip("."))
