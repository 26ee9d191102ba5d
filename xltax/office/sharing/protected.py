"""Who is protected: the accounts flagged confidential, and every other account of the same person.

A person is found again by the party, by the name taken apart, by house and street. What only looks alike is a question to
the collector: it is neither published nor withheld before somebody has decided.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from xltax.office.sharing.addresses import BOX, Address, addresses
from xltax.office.sharing.names import Name, every_pair, persons, plain, words
from xltax.office.sharing.pointer_columns import Sheet, block_and_lot

FLAGGED, PARTY, NAME, HOUSE, DECIDED = "flagged", "same party", "same name", "same address", "withheld by your answer"
OWNERS = ("Owner", "Billed Owner", "Taxpayer", "Name", "Trade Name")
PLACES = ("Location", "Property", "Mail 1", "Mail 2", "Mail 3")
_NOT_OF_THE_ACCOUNT = ("Watch", "RevenueAccounts", "RevenueCodes", "Turnovers")
_VEHICLES = ("MV", "MVS")
_CARE_OF = re.compile(r"^\s*(?:C\s*/\s*O|CARE OF|ATTN|%)", re.IGNORECASE)


@dataclass
class About:
    """What the book has about one account's owner, now and before."""

    owners: set[str] = field(default_factory=set)
    earlier: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    places_before: set[str] = field(default_factory=set)
    care_of: set[str] = field(default_factory=set)
    parties: set[str] = field(default_factory=set)
    mails: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)  # block and lot, list number
    on_roll: bool = False

    def says(self, text: str) -> bool:
        """True if a text is the owner or the place that the Roll has now."""
        return text in self.owners or text in self.care_of or "@" + text in self.places or " " + text in self.places

    def names(self, *, before: bool = False) -> list[Name]:
        return [n for line in sorted(self.owners | (self.earlier if before else set())) for n in _persons(line)]

    def houses(self, *, before: bool = False) -> set[Address]:
        return {a for line in self.places | (self.places_before if before else set()) for a in _houses(line)}

    def __str__(self) -> str:
        return (
            "; ".join([*sorted(self.owners)[:1], *(p[1:] for p in sorted(self.places, reverse=True)[:1])]) or "no name"
        )


@lru_cache(maxsize=200_000)
def _persons(line: str) -> tuple[Name, ...]:
    return tuple(persons(line))


@lru_cache(maxsize=200_000)
def _houses(line: str) -> tuple[Address, ...]:
    return tuple(addresses(line[1:], bare=line[0] == "@"))


@dataclass
class Protected:
    """The protected accounts, each with the reason; what else is known about the persons; and the open questions."""

    accounts: dict[str, str]
    asked: dict[str, str]  # account -> what is alike
    released: frozenset[str]  # accounts somebody has said are not hers
    names: list[Name]  # looked for by any word
    only_whole: list[Name]  # of others at the same address: looked for by first and last name
    pairs: set[tuple[str, str]]
    houses: set[Address]
    parties: set[str]
    about: Mapping[str, About]
    shared: frozenset[tuple[str, tuple[str, ...]]] = frozenset()  # houses somebody has said others share

    def is_released(self, account: str, text: str) -> bool:
        """True if a name or place on a row belongs to an account that somebody has released."""
        if account not in self.about or account in self.accounts or not self.about[account].says(text):
            return False
        return account in self.released or (bool(self.shared) and any(a.house in self.shared for a in addresses(text)))

    def is_her_name(self, line: str) -> bool:
        """True if a line has a protected person's first and last name."""
        return any(not self.pairs.isdisjoint(n.pairs) for n in _persons(line))

    def is_her_place(self, line: str) -> bool:
        """True if a line is a protected person's address."""
        return any(
            a.number and alike(a, h) == CERTAIN for a in addresses(line) for h in self._by_house.get(_start(a), ())
        )

    def __post_init__(self) -> None:
        self._by_house: dict[tuple[str, str], list[Address]] = defaultdict(list)
        for house in self.houses:
            if house.house not in self.shared:
                self._by_house[_start(house)].append(house)


# ---- what the book says of everybody -----------------------------------------------------------------------------------


def gather(sheets: Mapping[str, Sheet]) -> dict[str, About]:
    """What every table has about each account, the Roll first: the Roll's present entries come before the others."""
    out: dict[str, About] = defaultdict(About)
    roll = sheets.get("Roll")
    for name, sheet in [*([("Roll", roll)] if roll else []), *((n, s) for n, s in sheets.items() if n != "Roll")]:
        if not sheet.has("Account") or name in _NOT_OF_THE_ACCOUNT:
            continue
        if name == "History":
            _history(sheet, out)
            continue
        columns = [c for c in (*OWNERS, *PLACES, "Party", "Email", "Phone", "Levy Type") if sheet.has(c)]
        rows = dict.fromkeys(zip(sheet.texts("Account"), *(sheet.texts(c) for c in columns), strict=True))
        for account, *cells in rows:
            if account:
                _take(out[account], dict(zip(columns, cells, strict=True)), roll=name == "Roll")
    if roll is not None:
        for account, block, lot, qualifier, listed in zip(*(roll.texts(c) for c in ("Account", "Block", "Lot", "Qualifier", "List No")), strict=True):  # fmt: skip
            if account:
                out[account].numbers |= block_and_lot(block, lot, qualifier) | ({listed} - {""})
    return dict(out)


def _take(about: About, cells: Mapping[str, str], *, roll: bool) -> None:
    now = roll or not about.on_roll
    about.on_roll |= roll
    for name in OWNERS:
        if cells.get(name):
            (about.owners if now else about.earlier).add(cells[name])
    for name in PLACES:
        line = cells.get(name, "")
        if not line or (name == "Location" and cells.get("Levy Type") in _VEHICLES):
            continue
        if name.startswith("Mail") and (
            _CARE_OF.match(line) or (name == "Mail 1" and not any(c.isdigit() for c in line))
        ):
            (about.care_of if now else about.earlier).add(line)
        else:
            (about.places if now else about.places_before).add(_marked(name, line))
    about.parties |= {cells.get("Party", "")} - {""}
    if roll:
        about.mails |= {cells.get("Email", "").strip().lower()} - {""}
        about.phones |= {p for p in (re.sub(r"\D", "", cells.get("Phone", ""))[-7:],) if len(p) == 7}


def _history(sheet: Sheet, out: dict[str, About]) -> None:
    columns = ("Account", "Field", "Before", "After")
    for account, what, before, after in dict.fromkeys(zip(*(sheet.texts(c) for c in columns), strict=True)):
        about = out[account]
        if what in OWNERS:
            about.earlier |= {before, after} - {""}
        elif what in PLACES:
            about.places_before |= {_marked(what, line) for line in (before, after) if line}


def _marked(column: str, line: str) -> str:
    """A place with a mark in front of a location, which is a street even without a number."""
    return (" " if column.startswith("Mail") else "@") + line


# ---- who is who ---------------------------------------------------------------------------------------------------------

CERTAIN, PERHAPS, NOT = 2, 1, 0


def alike(one: Address, other: Address) -> int:
    """Whether two addresses are the same house: certainly, perhaps (another street ending, a missing part), or not."""
    if one.number != other.number:
        return NOT
    same_end = not one.kind or not other.kind or one.kind == other.kind
    same_way = not one.way or not other.way or one.way == other.way
    if one.street == other.street:
        return CERTAIN if same_end and same_way else PERHAPS
    short, long = sorted((one, other), key=lambda a: len(a.street))
    if long.street[: len(short.street)] == short.street and not (one.kind and other.kind):
        return CERTAIN if len(short.street) > 1 else PERHAPS
    return NOT


def _start(address: Address) -> tuple[str, str]:
    return address.number, address.street[0]


class Search:
    """Finds the accounts of the protected persons; every account is checked once."""

    def __init__(
        self, about: Mapping[str, About], flagged: Iterable[str], also: Iterable[str], not_her: set[str]
    ) -> None:
        self.about, self.not_her = about, not_her
        self.found: dict[str, str] = {}
        self.names: list[Name] = []
        self.own: list[Name] = []  # of them those on flagged accounts and their parties' accounts
        self.co_owners: list[Name] = []
        self.parties: set[str] = set()
        self._spread: set[tuple[str, tuple[str, str]]] = set()
        self._index()
        self._queue: deque[str] = deque()
        for account in flagged:
            self._add(account, FLAGGED)
        while self._queue:
            self._follow(self._queue.popleft())
        self.hers = dict(self.found)  # from here on: accounts of others that would give her away
        for account in also:
            self.found.setdefault(account, DECIDED)

    def _index(self) -> None:
        self._of_party: dict[str, list[str]] = defaultdict(list)
        self._by: dict[tuple[str, tuple[str, str]], list[str]] = defaultdict(list)
        for account, about in self.about.items():
            for party in about.parties:
                self._of_party[party].append(account)
            for name in about.names():
                for key in _keys(name):
                    self._by[key].append(account)

    def _add(self, account: str, why: str) -> None:
        if account not in self.found and (why == FLAGGED or account not in self.not_her):
            self.found[account] = why
            self._queue.append(account)

    def _follow(self, account: str) -> None:
        about = self.about.get(account, About())
        if self.found[account] == NAME:
            for name in about.names():
                hers = not self._spread.isdisjoint(_keys(name))
                (self.names if hers else self.co_owners).append(name)
        else:
            names = about.names(before=True)
            self.names += names
            self.own += names
            for key in dict.fromkeys(k for n in names for k in _asks(n)):
                if key not in self._spread:
                    self._spread.add(key)
                    for other in self._by.get(key, ()):
                        self._add(other, NAME)
        for line in about.care_of:
            self.co_owners += _persons(line)
        for party in about.parties - self.parties:
            self.parties.add(party)
            for other in self._of_party[party]:
                self._add(other, PARTY)


def _keys(name: Name) -> set[tuple[str, tuple[str, str]]]:
    """The keys under which a name is found: its pairs of words, and pairs with an initial where a name is written that way."""
    return (
        {("whole", p) for p in name.pairs} | {("short", p) for p in name.short} | {("initial", p) for p in name.shortened - name.short}
    )  # fmt: skip


def _asks(name: Name) -> set[tuple[str, tuple[str, str]]]:
    """What a protected name looks for: the same pair; ROTH, J for Judge Roth, and Judge Roth for ROTH, J."""
    out = {("whole", p) for p in name.pairs} | {("short", p) for p in name.shortened}
    return out | {("initial", p) for p in name.short}


def decide(
    sheets: Mapping[str, Sheet], flagged: set[str], cleared: set[str], also: set[str], not_her: set[str],
    others: Callable[[set[Address], set[str]], tuple[set[Address], set[str]]],
) -> Protected:  # fmt: skip
    """Who is protected, and which accounts are open questions.

    flagged: accounts so flagged. cleared, not_her: accounts somebody has said are not hers. also: those to withhold with hers.
    others: from the addresses and last names of hers, those somebody has said belong to others too.
    """
    about = gather(sheets)
    released = cleared | not_her
    search = Search(about, sorted(flagged), sorted(also), released)
    names = list(dict.fromkeys(search.names))
    houses = {
        a
        for account, why in search.hers.items()
        for a in about.get(account, About()).houses(before=why in (FLAGGED, PARTY))
    }
    shared_houses, shared_names = others(houses, surnames := _surnames(search.own))
    found = dict(search.found)
    only_whole: list[Name] = []
    perhaps = _same_house(about, houses - shared_houses, found, released, only_whole)
    mails = {m for a in search.hers if a in about for m in about[a].mails}
    phones = {p for a in search.hers if a in about for p in about[a].phones}
    for account, one in about.items():
        if account not in found and account not in released and (one.mails & mails or one.phones & phones):
            found[account] = HOUSE
    pairs = every_pair(names)
    asked = {a: why for a, why in perhaps.items() if a not in found}
    asked |= _alike(about, search, pairs, surnames - shared_names, found, released, asked)
    decided = [n for account in sorted(also) for n in about.get(account, About()).names()]
    looked_for = list(dict.fromkeys([*names, *search.co_owners, *decided]))
    return Protected(
        found, asked, frozenset(released), looked_for, only_whole, pairs,
        houses | {a for account in also for a in about.get(account, About()).houses()}, search.parties, about, frozenset(h.house for h in shared_houses),
    )  # fmt: skip


def _surnames(names: Iterable[Name]) -> set[str]:
    """The last names. A name written once with a comma shows which word is the last name."""
    names = list(names)
    sure = {s for n in names if len(n.surnames) == 1 for s in n.surnames}
    return {s for n in names for s in (n.surnames & sure or n.surnames)}


def _same_house(
    about: Mapping[str, About], houses: set[Address], found: dict[str, str], released: set[str], only_whole: list[Name]
) -> dict[str, str]:
    """Adds the accounts at her addresses to those found, and returns the possible ones."""
    at: dict[tuple[str, str], list[Address]] = defaultdict(list)
    streets = {h.street for h in houses if h.street != BOX}
    for house in houses:
        at[_start(house)].append(house)
    known: dict[Address, int] = {}
    perhaps: dict[str, str] = {}
    for account, one in about.items():
        if account in found or account in released:
            continue
        for place in sorted(one.houses(), key=lambda a: (a.number, a.street)):
            if place not in known:
                best = max((alike(place, h) for h in at.get(_start(place), ())), default=NOT) if place.number else NOT
                known[place] = PERHAPS if not place.number and place.street in streets else best
            if known[place] == CERTAIN:
                found[account] = HOUSE
                perhaps.pop(account, None)
                only_whole += one.names()
                break
            if known[place] == PERHAPS:
                perhaps[account] = (
                    f"The address {' '.join((place.number, *place.street)).strip()} partly matches a protected person's address"
                )
    return perhaps


def _alike(
    about: Mapping[str, About], search: Search, pairs: set[tuple[str, str]], surnames: set[str], found: Mapping[str, str],
    released: set[str], asked: Mapping[str, str],
) -> dict[str, str]:  # fmt: skip
    """The accounts of others with a similar name: the last name, a co-owner's name, or an earlier name."""
    beside = every_pair(search.co_owners)
    # JOHN SMITH may be a Mr. John: then only those whose own last name may be John are asked about.
    sure = {s for n in search.own if len(n.surnames) == 1 for s in n.surnames} & surnames
    out = {}
    for account, one in about.items():
        if account in found or account in released or account in asked:
            continue
        lines = one.owners | one.care_of
        named = [n for line in lines for n in _persons(line)]
        # A farm or an estate may bear the name: a location without a number.
        now = {w for line in one.places if not any(c.isdigit() for c in line) for w in words(plain(line))}
        now |= {w for n in named for w in n.words}
        if same := sorted((now & sure) | ({w for n in named for w in n.surnames} & surnames)):
            out[account] = f"The last name {same[0]} is also a protected person's last name"
        elif any(not beside.isdisjoint(n.pairs) for n in named):
            out[account] = "The name matches a protected person's co-owner"
        elif any(not pairs.isdisjoint(n.pairs) for line in one.earlier for n in _persons(line)):
            out[account] = "An earlier owner's name matches a protected person"
    return out
