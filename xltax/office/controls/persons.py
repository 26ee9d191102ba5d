"""Persons: who works at this computer, what the sheet Users allows each person, and who may approve whose entries.

In a workbook this is a record and not a fence: whoever can open the file can type a row, or a right on the sheet Users. A task
refuses, every row names its person under its seal, and the exceptions page lists the rest.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from xltax.errors import BadValue
from xltax.tables import (
    ADJUSTMENTS,
    CASH_BOOK,
    DUPLICATE,
    OPENING,
    REALLOCATION,
    ROLL,
    Adjustment,
    Bill,
    CashLine,
    LogLine,
)
from xltax.tables.bills import BILL_RUNS, ROLL_IMPORTS
from xltax.tables.check import Check
from xltax.tables.counter import DAY_CLOSES, DayClose
from xltax.tables.kinds import BY_LAW, OFFSET, SALE
from xltax.tables.office import User
from xltax.tables.statements import TURNOVERS
from xltax.tables.table import Table
from xltax.wording import some

POST, ADJUST, APPROVE, CLOSE = User.may_post, User.may_adjust, User.may_approve, User.may_close
POSTED_BY = CASH_BOOK["Posted By"].name
REFUSE, LIST = "refuse", "list"
_DOES = {
    POST: "post receipts",
    ADJUST: "change what is owed",
    APPROVE: "approve entries",
    CLOSE: "close days or periods",
}
_ACT = re.compile(
    r"\b(resolution|res|ordinance|ord|vote|motion|minutes|order|docket|judgment|certificate|petition|meeting)\b.*\d",
    re.I,
)


def alike(text: str) -> str:
    """A name as it is compared: without case, spacing and punctuation, and "Doe, Jane" as "Jane Doe"."""
    return " ".join(sorted(re.findall(r"\w+", text.casefold())))


def names_act(*texts: str) -> bool:
    """Whether a text names a recorded act of the board or of a court, with its number."""
    return any(_ACT.search(text) for text in texts)


class Person(NamedTuple):
    """Who runs a task: the name for Posted By, and what the Log writes."""

    name: str
    logged: str


class People:
    """The sheet Users: who is known, and what each person may do."""

    def __init__(self, users: Table[User]) -> None:
        self.rows = [row for row in users.rows() if row.name]

    @cached_property
    def _named(self) -> dict[str, str]:
        """Each name, and each log-in that only one person has, with the name as it is shown."""
        names = {alike(row.login): row.name for row in self.rows if row.login and len(self.sharing(row.login)) == 1}
        return names | {alike(row.name): row.name for row in self.rows}

    @property
    def set_up(self) -> bool:
        """Whether the office has said who works there. If not, nobody's rights are checked."""
        return bool(self.rows)

    @property
    def code(self) -> str:
        """A code of the whole sheet, so that the Log shows when somebody changed a right. Empty for an empty sheet."""
        told = "\x1e".join(repr(row) for row in self.rows)
        return hashlib.sha256(told.encode()).hexdigest()[:16] if told else ""

    def sharing(self, login: str) -> list[str]:
        """The persons with this log-in."""
        return sorted({row.name for row in self.rows if row.login and alike(row.login) == alike(login)})

    def who(self, text: str) -> str:
        """The name that a text means: a name, a log-in, or a person's name with a title. "" if nobody on the sheet."""
        if found := self._named.get(alike(text)):
            return found
        words = set(alike(text).split())
        inside = [row.name for row in self.rows if len(own := alike(row.name).split()) > 1 and words.issuperset(own)]
        return inside[0] if inside and not names_act(text) else ""

    def knows(self, logged: str) -> bool:
        """Whether a person of the Log, such as "frontdesk, Ann Bell", is on the sheet."""
        return bool(self.who(logged) or self.who(_last(logged)) or self.sharing(logged))

    def name_of(self, logged: str) -> str:
        """The name of a person of the Log, or the log-in if the sheet does not have it."""
        return self.who(logged) or self.who(_last(logged)) or logged

    def may(self, name: str, right: str, day: dt.date) -> bool:
        """Whether a person has a right on a day."""
        return any(
            _has(row, right)
            for row in self.rows
            if row.name == name and (row.from_ is None or row.from_ <= day) and (row.to is None or day <= row.to)
        )

    def acting(self, login: str, asked: str) -> Person:
        """Who runs a task. login: of the computer; asked: the name in the yellow cell of Users, for a computer without one.

        Raises BadValue if nobody can be told: no log-in, or one that several persons share, and no name.
        """
        sharing = self.sharing(login) if login else []
        if login and len(sharing) < 2:
            return Person(sharing[0] if sharing else login, login)
        name = self.who(asked) or ("" if self.set_up else asked.strip())
        if not name or (sharing and name not in sharing):
            why = f"The log-in {login} belongs to several persons" if login else "This computer has no log-in"
            names = sharing or sorted({row.name for row in self.rows})
            raise BadValue(
                f'{why}, and "{asked.strip()}" is not one of them.' if asked.strip() else f"{why}.",
                where="Users, Person at this computer",
                do=f"Enter one of these: {', '.join(names)}." if names else "Enter your name in this cell.",
            )
        return Person(name, f"{login}, {name}" if login else name)


def _has(row: User, right: str) -> bool:
    """Whether a row of Users has a right. right: the header of its column."""
    return bool(getattr(row, right.lower().replace(" ", "_")) == "Yes")


def _last(logged: str) -> str:
    return logged.rpartition(", ")[2]


# ---- what a task may write -------------------------------------------------------------------------------------------

_NEEDS = {
    CASH_BOOK.name: (POST,),
    ADJUSTMENTS.name: (ADJUST,),
    DUPLICATE.name: (ADJUST,),
    ROLL.name: (ADJUST,),
    ROLL_IMPORTS.name: (ADJUST,),
    BILL_RUNS.name: (ADJUST,),
    DAY_CLOSES.name: (CLOSE,),
    TURNOVERS.name: (CLOSE,),
}
"""The right that each table asks for. A task needs the rights of what it writes, so no task can forget to ask."""


def consequences(rows: Table[Any]) -> Any:
    """The rows that follow from others by law: how payments apply again, an offset's other side, fees of a statute."""
    if rows.spec.name == CASH_BOOK.name:
        return (rows[CashLine.kind] == REALLOCATION) | (rows[CashLine.for_] == OFFSET)
    if rows.spec.name == ADJUSTMENTS.name:
        of_sale = (rows[Adjustment.for_] == SALE) & (rows[Adjustment.approved_by] == "")  # as older versions wrote them
        return rows[Adjustment.approved_by].isin(BY_LAW) | of_sale
    return pd.Series(False, index=rows.index)


def rights_for(rows: Table[Any]) -> tuple[str, ...]:
    """The rights for these rows; any one of them is enough. None for rows that anybody's task may write."""
    needs = _NEEDS.get(rows.spec.name, ())
    if rows.spec.name == DUPLICATE.name and not rows[Bill.run].astype(bool).any():
        return (POST, ADJUST)  # a return that a vendor filed, or one fee: the counter takes these
    return () if needs and consequences(rows).all() else needs


def require(people: People, person: Person, rights: Iterable[str], day: dt.date) -> None:
    """Refuses a person whom the sheet Users gives none of these rights. An empty sheet refuses nobody."""
    rights = tuple(rights)
    if not people.set_up or not rights or any(people.may(person.name, right, day) for right in rights):
        return
    known = f"may not {_DOES[rights[-1]]}" if people.who(person.name) else "is not on the sheet Users"
    raise BadValue(
        f"{person.name} {known}.",
        where="Users",
        do=f"A person with Yes under {' or '.join(rights)} runs this task, or changes the sheet Users.",
    )


# ---- approval --------------------------------------------------------------------------------------------------------


class Objection(NamedTuple):
    """What is wrong with an approval: as the page lists it, and as a task refuses it. always: no town's setting allows it."""

    listed: str
    refused: str
    always: bool = False


def same_person(people: People, one: str, other: str) -> bool:
    """Whether two names are one person: written alike, or of one row of the sheet Users."""
    who = people.who(one)
    return alike(one) == alike(other) or bool(who and who == people.who(other))


def objection(people: People, approver: str, entered_by: str, day: dt.date, authority: str = "") -> Objection | None:
    """What an auditor objects to in an approval; None if another person or a recorded act of the board approved."""
    approver = approver.strip()
    if not approver:
        return Objection("nobody approved this", "Nobody approved this.")
    who = people.who(approver)
    if same_person(people, approver, entered_by):
        return Objection("entered and approved by one person", f"{approver} runs this task, and cannot approve it.")
    if who and not people.may(who, APPROVE, day):
        return Objection(f"{who} may not approve", f"The sheet Users does not let {who} approve entries.", always=True)
    if who or not people.set_up or names_act(approver, authority):
        return None
    return Objection(
        "not on the sheet Users, and no act of the board is named",
        f"{approver} is not on the sheet Users, and no act of the board is named with its number.",
    )


def refuse(found: Objection | None, own: str) -> None:
    """Refuses an approval that no setting allows, or any objection if the town refuses one's own. own: refuse or list."""
    if found is not None and (found.always or own == REFUSE):
        raise BadValue(
            found.refused,
            where="approved_by",
            do="Name another person who may approve, or the act of the board, such as Resolution 2026-14.",
        )


def approvals(rows: Table[Adjustment]) -> list[tuple[str, str]]:
    """The approvers of new adjustments, each with its authority; without those that the law makes by itself."""
    mine = rows[~consequences(rows)]
    return list(dict.fromkeys(zip(mine[Adjustment.approved_by], mine[Adjustment.authority], strict=True)))


# ---- what is in the books --------------------------------------------------------------------------------------------


def entered_by(table: Table[Any], log: Table[LogLine], people: People) -> list[str]:
    """Who entered each row of the Cash Book or Adjustments: Posted By, or for older rows what the Log says of their lines."""
    before, after = (
        (LogLine.lines_before, LogLine.lines_after)
        if table.spec.name == CASH_BOOK.name
        else (LogLine.adjustments_before, LogLine.adjustments_after)
    )
    who = [""] * len(table)
    for first, last, name in zip(log[before], log[after], log[LogLine.who], strict=True):
        who[first:last] = [people.name_of(name)] * max(0, min(last, len(who)) - first)
    return [own or logged for own, logged in zip(table[POSTED_BY], who, strict=True)]


NOT_SET_UP = "The sheet Users is empty, so xltax checks nobody's rights."
"""What Proof and the pages say of an office that has not entered its persons: nothing was checked, so nothing is OK."""


def checks(people: People, tables: Iterable[Table[Any]], closes: Table[DayClose]) -> Iterator[Check]:
    """Proof's check of the persons in the books against the sheet Users. No check of an office that has not entered them."""
    if not people.set_up:
        return
    wrong: dict[str, None] = {}
    for table, column in [*((t, POSTED_BY) for t in tables), (closes, DayClose.closed_by)]:
        right = next(iter(_NEEDS.get(table.spec.name, ())), "")
        names = table.frame.loc[~consequences(table), column].unique() if len(table) else ()
        for name in filter(None, names):
            if not people.knows(name):
                wrong[f"{name} is not on the sheet"] = None
            elif right and not any(_has(row, right) for row in people.rows if row.name == people.who(name)):
                wrong[f"{name} may not {_DOES[right]}"] = None
    look = next(iter(wrong), "")
    more = f", and {some(len(wrong) - 1, 'more')}" if len(wrong) > 1 else ""
    text = "Persons who wrote rows, and whom the sheet Users does not know or allow"
    yield Check("Users", text, len(wrong), 0, look + more, counts=True)


def duties(
    cash_book: Table[CashLine],
    adjustments: Table[Adjustment],
    closes: Table[DayClose],
    log: Table[LogLine],
    people: People,
) -> list[tuple[str, str, str, str]]:
    """Who did two incompatible things in a month: month, person, and the two. A closed own drawer names the deposit."""
    did: list[pd.DataFrame] = []

    def note(month: Any, who: Any, what: str) -> None:
        did.append(
            pd.DataFrame({"month": month.dt.strftime("%Y-%m").to_numpy(), "who": who, "what": what}).drop_duplicates()
        )

    book = cash_book.frame
    book["who"] = entered_by(cash_book, log, people)
    book = book[~consequences(cash_book) & (book[CashLine.kind] != OPENING) & (book["who"] != "")]
    note(book[CashLine.recorded], book["who"].to_numpy(), _POSTED)
    cash = book[book[CashLine.tender] == "Cash"]
    note(cash[CashLine.recorded], cash["who"].to_numpy(), _CASH)
    changes = adjustments.frame
    changes["who"] = entered_by(adjustments, log, people)
    changes = changes[~consequences(adjustments)]
    note(changes[Adjustment.recorded], changes["who"].to_numpy(), _ADJUSTED)
    approvers = [people.who(name) or name.strip() for name in changes[Adjustment.approved_by]]
    note(changes[Adjustment.recorded], approvers, _APPROVED)
    done = pd.concat(did)
    done["key"] = [alike(people.who(name) or name) for name in done["who"]]
    out = []
    for (month, key), mine in done[done["key"] != ""].groupby(["month", "key"]):
        theirs = set(mine["what"])
        out += [(str(month), mine["who"].iloc[0], *pair) for pair in _APART if key and theirs.issuperset(pair)]
    posted_in = book.groupby(CashLine.deposit)["who"].agg(lambda names: {alike(name) for name in set(names)})
    for row in closes.rows():
        name = people.name_of(row.closed_by) if row.closed_by else ""
        if name and alike(name) in posted_in.get(row.deposit, ()):
            month = f"{row.closed_on:%Y-%m}" if row.closed_on else ""
            out.append((month, name, _POSTED, f"closed the drawer with these receipts, deposit {row.deposit}"))
    return sorted(out)


_POSTED, _CASH, _ADJUSTED, _APPROVED = "posted receipts", "took in cash", "entered adjustments", "approved adjustments"
_APART = ((_CASH, _ADJUSTED), (_POSTED, _APPROVED), (_ADJUSTED, _APPROVED))
"""What one person should not do in one month."""
