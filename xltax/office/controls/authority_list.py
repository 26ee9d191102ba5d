"""The assessor's or the board's own list of changes, matched to the adjustments: what is left over on either side is shown.

Somebody outside collection compares the two lists every month. In Cole County and Schuyler County, Missouri, nobody did: the
forms had no numbers, and changes of $568,974 had none at all.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from xltax.money import Cents
from xltax.office.controls import persons
from xltax.pages import Fields, Grid, Heading, Page, Signatures, Text
from xltax.tables import ADJUSTMENT_KINDS, CHARGES, RAISES, REDUCES, Adjustment, Bill
from xltax.tables.check import AuthorityLine
from xltax.tables.kinds import TAKES_BACK
from xltax.tables.schema import Column, Row, TableSpec
from xltax.tables.table import Table
from xltax.wording import some


class ListedChange(Row):
    """One change on the authority's list."""

    number = Column(
        "Number",
        "id",
        "The number of the certificate, the resolution or the order.",
        aliases=(
            "Authority",
            "Authority Number",
            "Certificate",
            "Certificate No",
            "Resolution",
            "Order",
            "Order No",
            "Form No",
            "Control No",
        ),
    )
    account = Column("Account", "id", "The account.", aliases=CHARGES["Account"].aliases)
    bill = Column("Bill", "id", "The bill.", aliases=CHARGES["Bill"].aliases)
    levy_year = Column("Levy Year", "year", CHARGES["Levy Year"].help, aliases=CHARGES["Levy Year"].aliases)
    kind = Column("Kind", "text", "The kind of change, such as Abatement, or Increase.", aliases=("Type", "Change"))
    amount = Column(
        "Amount", "money", "The change of the tax.", required=True, aliases=("Tax", "Tax Change", "Change in Tax")
    )


LISTED = TableSpec("Changes of the authority", ListedChange, purpose="what the assessor or the board ordered")

MATCHED, SEVERAL, NO_NUMBER = "matched", "matched to several rows", "matched without a number"
ONLY_LISTED, ONLY_ENTERED, APART = "on the list, not entered", "entered, not on the list", "the amount differs"
TWICE_LISTED, TWICE_ENTERED = "on the list twice, entered once", "entered twice, on the list once"
AGREE = (MATCHED, SEVERAL, NO_NUMBER)
MOST_ROWS = 4
"""An annual change has at most one adjustment for each installment."""
_UP, _DOWN = (
    re.compile(r"incr|rais|add|up\b|omit", re.I),
    re.compile(r"decr|reduc|abat|exon|cancel|remov|down\b|error|waiv", re.I),
)


@dataclass(eq=False)
class Change:
    """One change, on either side."""

    number: tuple[str, ...]
    account: str
    year: int
    kind: str  # one of our kinds, or "" if the list has other words
    way: str  # up, down, or "" if nobody can tell
    amount: Cents
    name: str = ""  # of an adjustment: its number
    shown: str = ""  # its authority, as it is written
    with_: list[Change] = field(default_factory=list)
    result: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """What two equal changes of one side have in common."""
        return self.number, self.account, self.year, self.kind, self.amount


def digits(text: str) -> tuple[str, ...]:
    """The numbers in a text, without leading zeros: "Resolution 2024-017" is 2024, 17."""
    return tuple(found.lstrip("0") or "0" for found in re.findall(r"\d+", text))


def listed(rows: Table[ListedChange], bills: Table[Bill]) -> list[Change]:
    """The changes of the authority's list."""
    about = {row.bill: (row.account, row.levy_year) for row in bills.rows()}
    known = {kind.casefold(): kind for kind in ADJUSTMENT_KINDS}
    out = []
    for row in rows.rows():
        account, year = about.get(row.bill, ("", 0))
        kind = known.get(row.kind.strip().casefold(), "")
        out.append(
            Change(
                digits(row.number), row.account or account, row.levy_year or year, kind, _way(kind, row.kind, row.amount),
                abs(row.amount), shown=row.number,
            )
        )  # fmt: skip
    return out


def _way(kind: str, words: str, amount: Cents) -> str:
    """Whether a change raises or lowers the tax, by its kind, its words or its sign."""
    if kind:
        return "up" if kind in RAISES else "down" if kind in REDUCES else ""
    if amount < 0:
        return "down"
    return "up" if _UP.search(words) else "down" if _DOWN.search(words) else ""


def entered(adjustments: Table[Adjustment], bills: Table[Bill], kinds: Collection[str] = ()) -> list[Change]:
    """The adjustments that an authority has to have ordered, without those taken back, and those that the law makes by itself."""
    about = {row.bill: (row.account, row.levy_year) for row in bills.rows()}
    gone = set(adjustments.loc[adjustments[Adjustment.for_] == TAKES_BACK, Adjustment.for_no])
    out = []
    for row in adjustments[~persons.consequences(adjustments)].rows():
        if row.for_ == TAKES_BACK or row.no in gone or (kinds and row.kind not in kinds):
            continue
        account, year = about.get(row.bill, ("", 0))
        way = _way(row.kind, "", row.amount)
        out.append(Change(digits(row.authority), account, year, row.kind, way, row.amount, row.no, row.authority))
    return out


# ---- matching --------------------------------------------------------------------------------------------------------


def match(theirs: Sequence[Change], ours: Sequence[Change]) -> None:
    """Finds the adjustments of each listed change; what is left over says so in its result. Each row answers for one other only.

    First one to one by number, account, year, kind and amount. Then one to several, as a year's change has an adjustment for each
    installment. Then the same without the number, where one side has none. What is left with one number is one change with two amounts.
    """
    sides: dict[str, tuple[list[Change], list[Change]]] = defaultdict(lambda: ([], []))
    for side, changes in enumerate((theirs, ours)):
        for one in changes:
            sides[one.account][side].append(one)
    for listed_, entered_ in sides.values():
        _agree(listed_, entered_)
        _left_over(listed_, entered_)


def _agree(theirs: Sequence[Change], ours: Sequence[Change]) -> None:
    """The changes of one account that agree to the cent, the surest first."""
    for numbered, result in ((True, MATCHED), (False, NO_NUMBER)):
        for their in theirs:
            same = (our for our in _open(ours) if our.amount == their.amount and _fit(their, our, numbered=numbered))
            if not their.result and (our := next(same, None)):
                _pair([their], [our], result)
        for their in _open(theirs):
            if rows := _adding_up([our for our in _open(ours) if _fit(their, our, numbered=numbered)], their.amount):
                _pair([their], rows, SEVERAL)
        for our in _open(ours):
            if rows := _adding_up(
                [their for their in _open(theirs) if _fit(their, our, numbered=numbered)], our.amount
            ):
                _pair(rows, [our], SEVERAL)


def _left_over(theirs: Sequence[Change], ours: Sequence[Change]) -> None:
    """What the rest of an account is: a double, a changed amount, or a change that only one side has."""
    for side, twice in ((theirs, TWICE_LISTED), (ours, TWICE_ENTERED)):
        done = {one.key for one in side if one.result}
        for one in _open(side):
            one.result = twice if one.key in done else ""
    for their in _open(theirs):
        if our := next((our for our in _open(ours) if _fit(their, our, numbered=True)), None):
            _pair([their], [our], APART)
    rest = _open(theirs), _open(ours)
    if [len(side) for side in rest] == [1, 1] and _fit(rest[0][0], rest[1][0], numbered=False):
        _pair(*rest, APART)
    for side, alone in ((theirs, ONLY_LISTED), (ours, ONLY_ENTERED)):
        for one in _open(side):
            one.result = alone


def _open(side: Iterable[Change]) -> list[Change]:
    return [one for one in side if not one.result]


def _pair(theirs: list[Change], ours: list[Change], result: str) -> None:
    for one in (*theirs, *ours):
        one.result = result
        one.with_ = ours if one in theirs else theirs


def _fit(their: Change, our: Change, *, numbered: bool) -> bool:
    """Whether two changes may be the same, whatever their amounts. numbered: by the number, or because one side has none."""
    same_kind = our.kind == their.kind if their.kind else not their.way or their.way == our.way
    same = same_kind and (not their.year or their.year == our.year)
    if not numbered:
        return same and not (their.number and our.number)
    count = len(their.number)
    return (
        same
        and bool(count)
        and any(our.number[n : n + count] == their.number for n in range(len(our.number) - count + 1))
    )


def _adding_up(rows: Sequence[Change], amount: Cents) -> list[Change]:
    """Two to four rows that come to an amount; none if there are none, or if many could be meant."""
    if len(rows) < 2 or len(rows) > 3 * MOST_ROWS:
        return []
    for count in range(2, min(MOST_ROWS, len(rows)) + 1):
        for some_rows in combinations(rows, count):
            if sum(one.amount for one in some_rows) == amount:
                return list(some_rows)
    return []


# ---- what is shown ---------------------------------------------------------------------------------------------------


def lines(theirs: Sequence[Change], ours: Sequence[Change]) -> list[dict[str, object]]:
    """The rows of the sheet: what is left over first, then what matches. A pair is one row."""
    out: list[dict[str, object]] = []
    told: set[int] = set()
    for their in theirs:
        if id(their) in told:
            continue
        group = their.with_[0].with_ if their.with_ else [their]  # several listed rows of one adjustment are one row
        told.update(map(id, group))
        out.append(_line(their, group, their.with_))
    out += [_line(our, [], [our]) for our in ours if not our.with_]
    return sorted(out, key=lambda row: row[AuthorityLine.result] in AGREE)


def _line(one: Change, theirs: Sequence[Change], ours: Sequence[Change]) -> dict[str, object]:
    listed_, entered_ = sum(t.amount for t in theirs), sum(o.amount for o in ours)
    return {
        AuthorityLine.number: one.shown,
        AuthorityLine.account: one.account,
        AuthorityLine.levy_year: one.year,
        AuthorityLine.kind: (ours[0].kind if ours else one.kind) or one.way,
        AuthorityLine.listed: listed_,
        AuthorityLine.entered: entered_,
        AuthorityLine.difference: listed_ - entered_,
        AuthorityLine.adjustments: ", ".join(o.name for o in ours),
        AuthorityLine.result: one.result,
    }


def page(found: Table[AuthorityLine], source: str, period: str, office: str) -> Page:
    """What is left over on either side, for the person outside collection who signs the comparison."""
    left = found[~found[AuthorityLine.result].isin(AGREE)]
    rows = [
        (r.number, r.account, r.levy_year or "", r.kind, r.listed, r.entered, r.adjustments, r.result)
        for r in left.rows()
    ]
    sums = [found[c].sum() for c in (AuthorityLine.listed, AuthorityLine.entered)]
    heads = ("Number", "Account", "Levy year", "Kind", "Listed", "Entered", "Adjustments", "What differs")
    return Page(
        "Comparison with the authority's list",
        (
            Fields((
                ("List", source, "text"), ("Adjustments", period, "text"), ("Listed", int(sums[0]), "money"),
                ("Entered", int(sums[1]), "money"), ("Rows that agree", len(found) - len(left), "count"), ("Rows left over", len(left), "count"),
            )),
            Heading(f"Left over on either side: {some(len(left), 'row') if len(left) else 'none'}"),
            *([Grid(heads, ("id", "id", "id", "text", "money", "money", "text", "text"), rows)] if rows else []),
            Text("Nothing was posted. A change that is not entered needs an adjustment. An adjustment that is not on the list needs its "
                 "authority, or must be taken back.", "small"),
            Signatures(("Compared by, outside collection, and date", "Collector, and date")),
        ),
        office=office, key="authority", landscape=True,
    )  # fmt: skip
