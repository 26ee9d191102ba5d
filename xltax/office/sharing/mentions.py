"""Finds a person in any text: by a part of the name, by house and street, by a number that is hers.

Every word of a text is looked up in a dictionary, so ten times as many persons take no longer for a text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from xltax.office.sharing.addresses import BOX, KINDS, WAYS, Address, box_at, number_at, tokens
from xltax.office.sharing.names import Name, pair, plain

_RUN = re.compile(r"[^\s,;()\"“”<>\[\]{}|]+")
_PREFIX = re.compile(r"^(?:[A-Za-z]+[.#:=])+(?=.)")
_NO_NUMBER = re.compile(
    r"[$€-]?[\d,]*\.\d\d$|\$.*|.*%$|\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}$|\d{4}-\d\d-\d\d.*|\d{1,2}:\d\d(:\d\d)?$"
)
"""Amounts, shares, dates and times: their digits identify nobody."""
_PHONE = re.compile(r"\+?\d[\d\s().\-/]{5,}\d")
_CALLED = frozenset(
    [
        "ACCOUNT",
        "ACCOUNTS",
        "ACCT",
        "ACCTS",
        "BILL",
        "BILLS",
        "RECEIPT",
        "RECEIPTS",
        "RCPT",
        "RECPT",
        "PARCEL",
        "PARCELS",
        "NO",
        "NOS",
        "NUMBER",
        "NUM",
        "CHECK",
        "NOTICE",
        "LIEN",
        "CASE",
        "WARRANT",
        "REQUEST",
        "AGREEMENT",
        "QUOTE",
        "CERTIFICATE",
        "CERT",
        "DOCKET",
        "INQUIRY",
        "ADJUSTMENT",
        "PARTY",
        "LIST",
        "ID",
    ]
)
"""The words before a number in a sentence: "account 7"."""
_NEAR = 4  # words within which a first and a last name belong together


@dataclass
class Telling:
    """The words and numbers that identify protected persons. Words are in capitals, numbers as in the tables."""

    parts: set[str] = field(default_factory=set)  # any one of these words
    glued: set[str] = field(default_factory=set)  # first and last name in one word, as in an e-mail address
    pairs: set[tuple[str, str]] = field(default_factory=set)  # two words near each other
    numbers: set[str] = field(default_factory=set)  # accounts, bills, receipts, parties
    others: set[str] = field(default_factory=set)  # of registers: short ones count only after their word, "notice 3"
    houses: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)
    mails: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)  # the last seven digits
    _beginnings: set[tuple[str, str]] = field(default_factory=set)
    _streets: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)
    _bare: set[str] = field(default_factory=set)
    _long: int = 1  # words of the longest number

    def add_names(self, names: Iterable[Name], *, parts: bool = True) -> None:
        """Persons to look for; parts: by any one word of theirs, else only by first and last name together."""
        for name in names:
            self.pairs |= {p for p in name.pairs if p[1]}
            if parts:
                self.parts |= name.words
                for last, first in ((s, w) for s in name.surnames for w in (*(name.words - {s}), *name.initials)):
                    self.glued |= {last + first, first + last, last + first[0], first[0] + last}

    def add_address(self, address: Address) -> None:
        """A house, a box or a street to look for."""
        number, street = address.house
        if number:
            self.houses.add((number, street))
            self._beginnings.add((number, street[0]))
        if street != BOX:
            self._streets.setdefault(street[0], set()).add(street)

    def add_number(self, number: str, *, register: bool = False) -> None:
        """A number to look for; register: the number of a lien, a notice and the like."""
        key = _number(number)
        if not key:
            return
        (self.others if register and key.isdigit() and len(key) < 4 else self.numbers).add(key)
        self._bare.add(_without_zeros(key))
        self._long = max(self._long, len(key.split()))

    def add_reached(self, mail: str, phone: str) -> None:
        """An e-mail address and a telephone to look for."""
        self.mails |= {m.strip().lower() for m in re.split(r"[\s,;<>]+", mail) if "@" in m}
        digits = re.sub(r"\D", "", phone)
        if len(digits) >= 7:
            self.phones.add(digits[-7:])

    # ---- reading a text ----------------------------------------------------------------------------------------------

    def anything(self, text: str) -> bool:
        """True if a text has anything about a person: one word of the name, the street, or any of her numbers."""
        return self.person(text) or self._numbered(text, every=True)

    def but_plain_numbers(self, text: str) -> bool:
        """As `anything`, but a number of digits only is not taken for an account unless it is called one: "account 7"."""
        return self.person(text) or self._numbered(text, every=False)

    def all_of(self, text: str) -> bool:
        """True only for a first and last name together or a house with its street: for words the office wrote itself."""
        found = tokens(plain(text))
        return self._paired(found) or self._housed(found, whole=True) or self._reached(text)

    def named_or_numbered(self, text: str) -> bool:
        """As `all_of`, and any number of hers that is not digits only, or is called an account: for somebody else's name."""
        return self.all_of(text) or self._numbered(text, every=False)

    def person(self, text: str) -> bool:
        """True if a text has a word of the name, the street, an email address or a phone number. Other numbers pass."""
        return self._words(text) or self._reached(text)

    def _words(self, text: str) -> bool:
        found = tokens(plain(text))
        if any(w in self.parts or (len(w) > 3 and w[-1] == "S" and w[:-1] in self.parts) for w in found):
            return True
        return self._paired(found) or self._housed(found) or self._street(found)

    def _paired(self, found: list[str]) -> bool:
        if not self.pairs:
            return False
        return any(w in self.glued for w in found) or any(
            pair(word, other) in self.pairs
            for i, word in enumerate(found)
            for other in found[i + 1 : i + _NEAR]
            if word != other
        )

    def _housed(self, found: list[str], *, whole: bool = False) -> bool:
        """A house number followed by its street, with any unit between them, or the post office box."""
        if not self.houses:
            return False
        for i, token in enumerate(found):
            if (box := box_at(found, i)) and (box, BOX) in self.houses:
                return True
            number = number_at(token)
            if not number:
                continue
            for at in range(i + 1, min(i + 5, len(found))):
                if (number, found[at]) in self._beginnings and (
                    not whole or any(tuple(found[at : at + len(s)]) == s and (number, s) in self.houses for s in self._streets.get(found[at], ()))
                ):  # fmt: skip
                    return True
                if not (len(found[at]) == 1 or found[at].isdigit() or found[at] in WAYS):
                    break
        return False

    def _street(self, found: list[str]) -> bool:
        """Her street without another house's number before it: "lives on Hidden Hollow"."""
        for i, token in enumerate(found):
            for street in self._streets.get(token, ()):
                end = i + len(street)
                if tuple(found[i:end]) != street or (
                    len(street) == 1 and (end >= len(found) or found[end] not in KINDS)
                ):
                    continue
                before = i
                while before and (len(found[before - 1]) == 1 or found[before - 1] in WAYS):
                    before -= 1
                number = number_at(found[before - 1]) if before else ""
                if not number or (number, street) in self.houses:
                    return True
        return False

    def _reached(self, text: str) -> bool:
        if (
            self.mails
            and "@" in text
            and any(m.strip(".").lower() in self.mails for m in re.split(r"[\s,;:<>()]+", text))
        ):
            return True
        return bool(self.phones) and any(
            re.sub(r"\D", "", m[0])[-7:] in self.phones for m in _PHONE.finditer(unicodedata.normalize("NFKC", text))
        )

    def _numbered(self, text: str, *, every: bool) -> bool:
        if not self.numbers and not self.others:
            return False
        called = False
        runs = list(_runs(text))
        for i, run in enumerate(runs):
            after_word, called = called, run.strip(".:#").upper() in _CALLED or run.endswith("#")
            for key, named in _keys(run):
                if self._is_hers(key, every=every, called=after_word or named):
                    return True
            for n in range(2, min(self._long, len(runs) - i) + 1):  # a number written with a space
                if _number(" ".join(runs[i : i + n])) in self.numbers:
                    return True
        return False

    def _is_hers(self, key: str, *, every: bool, called: bool) -> bool:
        if called and _without_zeros(key) in self._bare:
            return True
        if key in self.numbers and (every or called or not key.isdigit()):
            return True
        return called and key in self.others


def _number(text: str) -> str:
    return " ".join(text.split()).casefold()


def _without_zeros(key: str) -> str:
    """A number without its leading zeros, as it is said: 001-004 is 1-4."""
    return re.sub(r"(?<![0-9.])0+(?=\d)", "", key)


def _runs(text: str) -> Iterator[str]:
    """The words of a text as typed, with numbers and their dashes kept together: "1 – 4" is 1-4."""
    one = unicodedata.normalize("NFKC", text) if not text.isascii() else text
    one = "".join(c for c in one if unicodedata.category(c) != "Cf") if not one.isascii() else one
    one = re.sub(r"[‐‑‒–—−]", "-", one)
    one = re.sub(r"(?<=\d)\s+-\s*(?=\d)|(?<=\d)\s*-\s+(?=\d)", "-", one)
    yield from _RUN.findall(re.sub(r"['’]s\b", "", one))


def _keys(run: str) -> Iterator[tuple[str, bool]]:
    """What a word may be the number of, and whether it says so itself: "#7", "acct:1-4", "25-4/1", "bill_7"."""
    whole = run.strip(".:!?'’")
    yield _number(whole), False
    if _NO_NUMBER.fullmatch(whole):
        return
    prefix = _PREFIX.match(whole)
    bare = whole[prefix.end() :] if prefix else whole
    named = bool(prefix) or bare.startswith("#")
    bare = bare.lstrip("#")
    yield _number(bare), named
    for n, piece in enumerate(re.split(r"[/_:=#&+*]", bare)):
        # A short number after a stroke is an installment or a lot: bill 25-4/1.
        if piece and piece != bare and not (n and piece.isdigit() and len(piece) < 3):
            yield _number(piece.strip(".")), named
