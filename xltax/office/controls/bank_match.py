"""Matches the bank's lines with the book: each deposit, each check written and each returned check, one to one.

A line that names its deposit, receipt or check is matched by that name. The others are matched by amount and day, where only one
reading is possible. One line may hold several deposits, and several lines may make up one. Nothing is made to fit: what does
not match is left over, on either side, for a person to explain.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from xltax.money import Cents
from xltax.tables.counter import BankLine
from xltax.tables.table import Table

DEPOSIT, CHECK, RETURNED = "deposit", "check", "returned check"
WORDS = {"returned": "Returned", "check": "Check", "interest": "Interest", "fee": "Fee"}
"""What the Deposit cell of a bank line may say besides the number of a deposit."""
TRANSIT_DAYS = 10
"""The most days from a deposit to its bank line. After that a deposit is missing and no longer in transit."""
EARLY_DAYS = 3
"""A night deposit can reach the bank before the day is closed in the book."""
STOPS_DAYS = 30
"""The most days between a returned check in the book and at the bank."""
_MOST_TOGETHER, _MOST_NEAR, _MOST_IN_A_ROW = 4, 12, 7


@dataclass(frozen=True)
class Item:
    """One thing in the book that must come through the bank. amount: with its sign on the statement."""

    kind: str
    no: str
    date: dt.date
    amount: Cents
    detail: str = ""
    also: tuple[str, ...] = ()  # the other receipts of a returned check
    note: str = ""  # what explains a difference, such as a short drawer

    def is_named(self, numbers: Iterable[str]) -> bool:
        return any(n in (self.no, *self.also) for n in numbers)


@dataclass(frozen=True)
class Line:
    """One line of the bank. at: its row in the table."""

    at: int
    date: dt.date
    amount: Cents
    deposit: str
    reference: str
    note: str = ""

    @property
    def word(self) -> str:
        """Returned, Check, Interest or Fee, if the line says so."""
        return WORDS.get(self.deposit.strip().lower(), "")

    @property
    def deposits(self) -> list[str]:
        return [] if self.word else _numbers(self.deposit)


@dataclass
class Match:
    """What belongs together, and what is left over on either side.

    pairs: equal amounts. apart: the same deposit or check with another amount. found: pairs that no name on the line gave.
    """

    every_item: list[Item]
    every_line: list[Line]
    pairs: list[tuple[list[Item], list[Line]]] = field(default_factory=list)
    apart: list[tuple[list[Item], list[Line]]] = field(default_factory=list)
    found: list[tuple[list[Item], list[Line]]] = field(default_factory=list)
    used: set[int] = field(default_factory=set)  # the ids of the items and lines that are matched

    @property
    def items(self) -> list[Item]:
        """The items that are left."""
        return [i for i in self.every_item if self.is_left(i)]

    @property
    def lines(self) -> list[Line]:
        """The lines that are left."""
        return [line for line in self.every_line if self.is_left(line)]

    def is_left(self, one: Item | Line) -> bool:
        return id(one) not in self.used

    def join(self, items: list[Item], lines: list[Line], *, named: bool) -> None:
        """Puts items and lines together, and takes them off what is left."""
        same = sum(i.amount for i in items) == sum(line.amount for line in lines)
        (self.pairs if same else self.apart).append((items, lines))
        if same and not named:
            self.found.append((items, lines))
        self.used |= {id(one) for one in (*items, *lines)}


def lines_of(bank: Table[BankLine], after: dt.date | None, through: dt.date) -> list[Line]:
    """The bank's lines of a period, in their order."""
    out = []
    for at, r in zip(bank.index, bank.records(), strict=True):
        day = r[BankLine.date]
        day = day.date() if isinstance(day, dt.datetime) else day
        if (after is None or day > after) and day <= through:
            out.append(
                Line(
                    int(at), day, int(r[BankLine.amount]), r[BankLine.deposit], r[BankLine.reference], r[BankLine.note]
                )
            )
    return sorted(out, key=lambda line: line.date)


def match(items: Sequence[Item], lines: Sequence[Line]) -> Match:
    """Every item and line that belong together: by name first, then by amount, then by sums, then nearly."""
    made = Match(sorted(items, key=lambda i: i.date), list(lines))
    _by_deposit(made)
    _by_reference(made)
    _by_amount(made)
    _several_deposits_in_a_line(made)
    _several_lines_of_a_deposit(made)
    _by_a_slip_of_the_pen(made)
    return made


def _numbers(text: str) -> list[str]:
    return [n for n in re.split(r"[,;]\s*|\s+", text.strip()) if n]


def _by_deposit(made: Match) -> None:
    """Lines that name deposits. Lines and deposits that hang together are compared as one."""
    known = {i.no: i for i in made.items if i.kind == DEPOSIT}
    group: dict[str, set[str]] = {}
    lines_of_: defaultdict[str, list[Line]] = defaultdict(list)
    for line in made.lines:
        numbers = [n for n in line.deposits if n in known]
        whole = set(numbers).union(*(group.get(n, set()) for n in numbers))
        group |= dict.fromkeys(whole, whole)
        for number in numbers:
            lines_of_[number].append(line)
    for together in {frozenset(g) for g in group.values()}:
        items = [known[n] for n in sorted(together, key=lambda n: (known[n].date, n))]
        lines = {line.at: line for i in items for line in lines_of_[i.no]}
        made.join(items, [lines[at] for at in sorted(lines)], named=True)


def _by_reference(made: Match) -> None:
    """Lines that name the receipt of a returned check, or the number of a check written."""
    by_item: defaultdict[Item, list[Line]] = defaultdict(list)
    items = [i for i in made.items if i.kind != DEPOSIT]
    for line in made.lines:
        if line.amount < 0 and not line.deposits:
            numbers = _numbers(line.reference)
            kinds = {"Check": (CHECK,), "Returned": (RETURNED,)}.get(line.word, (RETURNED, CHECK))
            named = [i for i in items if i.kind in kinds and i.is_named(numbers)]
            equal = [i for i in named if i.amount == line.amount]
            if named:
                by_item[(equal or named)[0]].append(line)
    for item, lines in by_item.items():
        made.join([item], lines, named=True)


def fits(item: Item, line: Line) -> bool:
    """Whether a line may be an item's by its kind and its day."""
    days = (line.date - item.date).days
    if item.kind == DEPOSIT:
        return line.amount > 0 and not line.word and not line.deposits and -EARLY_DAYS <= days <= TRANSIT_DAYS
    if item.kind == RETURNED:
        return line.amount < 0 and line.word in ("", "Returned") and not line.deposits and abs(days) <= STOPS_DAYS
    return line.amount < 0 and line.word in ("", "Check", "Fee") and not line.deposits and days >= 0


def _by_amount(made: Match) -> None:
    of: defaultdict[Cents, list[Line]] = defaultdict(list)
    for line in made.lines:
        of[line.amount].append(line)
    for item in made.items:
        same = [line for line in of[item.amount] if made.is_left(line) and fits(item, line)]
        if same:
            made.join([item], same[:1], named=False)


def _several_deposits_in_a_line(made: Match) -> None:
    """One line for deposits that follow each other, such as a weekend's."""
    deposits = [i for i in made.items if i.kind == DEPOSIT]
    for line in made.lines:
        near = [i for i in deposits if made.is_left(i) and fits(i, line)]
        ways = [near[a:b] for a in range(len(near)) for b in range(a + 2, min(a + 1 + _MOST_IN_A_ROW, len(near)) + 1)]
        ways = [way for way in ways if sum(i.amount for i in way) == line.amount]
        if len(ways) == 1:
            made.join(ways[0], [line], named=False)


def _several_lines_of_a_deposit(made: Match) -> None:
    """Several lines for one deposit, such as cash and checks on one and the cards on another; only where there is one way."""
    lines = made.lines
    for item in [i for i in made.items if i.kind == DEPOSIT]:
        near = [line for line in lines if made.is_left(line) and fits(item, line)][:_MOST_NEAR]
        ways = [
            way
            for count in range(2, _MOST_TOGETHER + 1)
            for way in combinations(near, count)
            if sum(line.amount for line in way) == item.amount
        ]
        if len(ways) == 1:
            made.join([item], list(ways[0]), named=False)


def _by_a_slip_of_the_pen(made: Match) -> None:
    """An item and a line that differ by one digit, or by two digits that changed places: they are the same, written wrong."""
    lines = made.lines
    for item in made.items:
        near = [
            line for line in lines if made.is_left(line) and fits(item, line) and one_slip(item.amount, line.amount)
        ]
        if len(near) == 1:
            made.join([item], near, named=True)


def one_slip(this: Cents, that: Cents) -> bool:
    """Whether two amounts differ by one digit, or by two neighbors that changed places."""
    a, b = str(abs(this)), str(abs(that))
    if this == that or len(a) != len(b) or (this < 0) != (that < 0):
        return False
    apart = [n for n, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    swapped = len(apart) == 2 and apart[1] == apart[0] + 1 and a[apart[0]] == b[apart[1]] and a[apart[1]] == b[apart[0]]
    return len(apart) == 1 or swapped


def named(items: Sequence[Item]) -> str:
    """Items in words: deposit D-3; deposits D-3 and D-4."""
    kind = items[0].kind + ("s" if len(items) > 1 else "")
    return f"{kind} {' and '.join(i.no for i in items)}"
