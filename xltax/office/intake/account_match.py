"""Matches account numbers that are written otherwise to the accounts of the book: other separators, other zeros."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from xltax.errors import Problem, Problems
from xltax.tables.reading import place
from xltax.tables.schema import R
from xltax.tables.table import Table
from xltax.wording import some

_PART = re.compile(r"\d+(?:\.\d+)?|[A-Z]+\d*")
_LETTERED = re.compile(r"([A-Z]+)0*(\d+)")


def even(account: str) -> tuple[str, ...]:
    """An account number without its separators and leading zeros: 00010 / 02.01, 10-2.01 and 10 2.01 are the same."""
    return tuple(_part(p) for p in _PART.findall(account.upper()))


def _part(text: str) -> str:
    if text[0].isdigit():
        return text.lstrip("0") or "0"
    found = _LETTERED.fullmatch(text)
    return f"{found[1]}{found[2]}" if found else text


def matched(theirs: Iterable[str], ours: Collection[str]) -> dict[str, str]:
    """The accounts of the book that other spellings mean. Where two accounts could be meant, neither is.

    A number that lost the last zero of its lot, 8.1 for 8.10, is found too where the book has no lot 8.1.
    """
    known = set(ours)
    other = [a for a in dict.fromkeys(theirs) if a and a not in known]
    if not other:
        return {}
    meant: dict[tuple[str, ...], str] = {}
    for account in known:
        for key in _keys(account):
            meant[key] = "" if key in meant and meant[key] != account else account
    own: dict[tuple[str, ...], str] = {}
    for account in known:
        own[even(account)] = "" if even(account) in own else account
    out = {}
    for account in other:
        key = even(account)
        if mine := own[key] if key in own else meant.get(key, ""):
            out[account] = mine
    return out


def _keys(account: str) -> list[tuple[str, ...]]:
    """The keys of an account: its own, and that of a number that lost the last zero of a lot."""
    own = even(account)
    short = tuple(p.rstrip("0") if re.fullmatch(r"\d+\.[1-9]0", p) else p for p in own)
    return [own] if short == own else [own, short]


def two_meant(account: str, ours: Collection[str]) -> str:
    """The other account that a number with one decimal may mean, 12-8.10 for 12-8.1; "" if the book has no such account."""
    longer = re.sub(r"(\.[1-9])(?!\d)", r"\g<1>0", account)
    return longer if longer != account and longer in ours and account in ours else ""


def as_in_book(rows: Table[R], ours: Collection[str], doubtful: Collection[int] = ()) -> tuple[Table[R], str]:
    """The rows with the book's account numbers where only separators or zeros differ, and what was changed, in words.

    doubtful: rows whose number was stored as a decimal with one place. Raises Problems where the book has both lots.
    """
    problems = [
        Problem(
            place(rows, int(n), "Account"),
            f"The number {account} was stored without its last zero, if it had one. The book has {account} and {other}.",
            "Format the cell as Text and type the whole number.",
        )
        for n, account in zip(rows.index, rows["Account"], strict=True)
        if n in doubtful and (other := two_meant(account, ours))
    ]
    if problems:
        raise Problems(problems)
    theirs = matched(rows["Account"], ours)
    if not theirs:
        return rows, ""
    out = rows.with_columns({"Account": rows["Account"].map(lambda a: theirs.get(a, a))})
    first = next(a for a in rows["Account"] if a in theirs)
    return (
        out,
        f"Matched {some(len(theirs), 'account number')} despite other separators or zeros, such as {first} for {theirs[first]}.",
    )
