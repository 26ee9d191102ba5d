"""The text of a named formula: how it is written, how a workbook file stores it, and what Excel allows.

In a text here a word in small letters is a parameter, and a word in capital letters is a function or another named formula.
A workbook file marks both: `_xlpm.` before a parameter, and `_xlfn.` before a function that is newer than the file format.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST, DEEPEST = 8192, 64
"""The most characters and the most levels of functions inside functions that Excel takes in one formula."""
FUNCTIONS = frozenset(
    ("ABS", "AND", "COUNTIF", "DATE", "DAY", "IF", "INT", "ISLOGICAL", "LAMBDA", "LET", "LOOKUP", "MAX", "MIN", "MONTH", "NA", "OR",
     "ROUND", "WEEKDAY", "YEAR")
)  # fmt: skip
"""The functions that the formulas use. Excel 2024, Excel 365 and Excel for the web have all of them."""
_NEW = frozenset({"LAMBDA", "LET"})
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_NAME = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")
_CELL = re.compile(r"(?i)[A-Z]{1,3}[0-9]+|R[0-9]*C?[0-9]*|C[0-9]*")
"""Words that Excel reads as a cell, such as TAX2024 or R1C1."""


class Cannot(Exception):
    """A rule that no formula over one amount can follow, and why, as the end of a sentence that begins with "because"."""


@dataclass(frozen=True, slots=True)
class Named:
    """One named formula."""

    name: str
    text: str  # without the equals sign
    about: str = ""  # what it gives, in a sentence; empty for a part that only other formulas use
    arguments: tuple[tuple[str, str], ...] = ()  # each argument and what it is

    @property
    def call(self) -> str:
        """The name with its arguments, as a person types it."""
        return f"{self.name}({', '.join(name for name, _ in self.arguments)})"

    @property
    def stored(self) -> str:
        """The text as a workbook file stores it."""
        return _WORD.sub(lambda word: _stored(word[0]), self.text)

    def faults(self, known: frozenset[str]) -> Iterator[str]:
        """What Excel would refuse. known: the names of the workbook."""
        if not _NAME.fullmatch(self.name) or _CELL.fullmatch(self.name):
            yield f"{self.name} cannot be a name"
        if self.name.startswith("TAX"):
            yield f"{self.name} begins like the functions of the add-in"
        if len(self.stored) + 1 > LONGEST:
            yield f"{self.name} has {len(self.stored) + 1} characters"
        if (deep := depth(self.text)) > DEEPEST:
            yield f"{self.name} has {deep} levels"
        if self.text.count("(") != self.text.count(")"):
            yield f"{self.name} has a parenthesis too many"
        used = set(_WORD.findall(self.text))
        parameters = {word for word in used if word.islower()}
        yield from (f"{word} is not a function or a name" for word in used - parameters - FUNCTIONS - known)
        yield from (f"{word} is a cell" for word in parameters if _CELL.fullmatch(word))
        yield from (f"{word} is a function too" for word in parameters if word.upper() in FUNCTIONS)


def _stored(word: str) -> str:
    if word.islower():
        return f"_xlpm.{word}"
    return f"_xlfn.{word}" if word in _NEW else word


def depth(text: str) -> int:
    """How many functions stand inside each other at most."""
    level = deepest = 0
    opened: list[bool] = []
    for at, letter in enumerate(text):
        if letter == "(":
            opened.append(at > 0 and (text[at - 1].isalnum() or text[at - 1] == "_"))
            level += opened[-1]
            deepest = max(deepest, level)
        elif letter == ")":
            level -= opened.pop()
    return deepest


def let(bindings: list[tuple[str, str]], result: str) -> str:
    """A result after its steps, each with a name."""
    if not bindings:
        return result
    return f"LET({','.join(f'{name},{text}' for name, text in bindings)},{result})"


# ---- days ------------------------------------------------------------------------------------------------------------


def date(day: dt.date) -> str:
    """A day."""
    return f"DATE({day.year},{day.month},{day.day})"


def month_day(year: str, text: str) -> str:
    """A month and day of a year; 02-29 is the last day of February."""
    if text == "02-29":
        return f"DATE({year},3,0)"
    return f"DATE({year},{int(text[:2])},{int(text[3:])})"


def is_month_day(day: str, text: str) -> str:
    """Whether a day is that month and day."""
    if text == "02-29":
        return f"AND(MONTH({day})=2,MONTH({day}+1)=3)"
    return f"AND(MONTH({day})={int(text[:2])},DAY({day})={int(text[3:])})"


def next_on(day: str, text: str, years: int = 0) -> str:
    """The first such month and day after a day, or some years later."""
    later = f"+{years}" if years else ""
    return month_day(f"YEAR({day})+IF({month_day(f'YEAR({day})', text)}>{day},0,1){later}", text)


def nearest_on(day: str, text: str) -> str:
    """The month and day nearest to a day, the earlier one of two."""
    before, same, after = (month_day(f"YEAR({day}){n}", text) for n in ("-1", "", "+1"))
    return let(
        [("before", before), ("same", same), ("after", after)],
        f"IF(ABS(before-{day})<=MIN(ABS(same-{day}),ABS(after-{day})),before,"
        f"IF(ABS(same-{day})<=ABS(after-{day}),same,after))",
    )


def end_of_months(day: str, months: str, *, day_before: bool, keep_month_end: bool) -> str:
    """The last day of a number of months counted from a day."""
    number = f"IF(DAY({day}+1)=1,31,DAY({day}))" if keep_month_end else f"DAY({day})"
    length = f"DAY(DATE(YEAR({day}),MONTH({day})+{months}+1,0))"
    return f"DATE(YEAR({day}),MONTH({day})+{months},MIN({number}{'-1' if day_before else ''},{length}))"


def months_between(start: str, end: str) -> str:
    """The calendar months from one day to another."""
    return f"12*(YEAR({end})-YEAR({start}))+MONTH({end})-MONTH({start})"


def open_day(day: str, rolls: bool = True) -> str:
    """The day, or the next day on which the office is open if the law moves it."""
    return f"TOWN_OPEN_DAY({day})" if rolls else day
