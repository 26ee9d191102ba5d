"""What a rule's settings may be. Each setting is declared once; the TOML reader, the rule table and the help follow."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, ClassVar

from xltax import money
from xltax.dates import EARLIEST, LATEST
from xltax.errors import BadProfile, BadValue
from xltax.law import rates
from xltax.law.rates import decimal_text as decimal_text  # the rules, and who shows them, find both here
from xltax.law.rates import percent as percent

# ---- the kinds of value a setting can have -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of setting is read from text, written as text, and described when it is wrong."""

    allowed: str
    read: Callable[[Any], Any]
    write: Callable[[Any], Any] = str
    names: tuple[str, ...] = ()
    least: Any = None
    most: Any = None
    whole: bool = False  # TOML and cells have it as a number
    noun: str = ""  # for a number that is often taken for another one

    def within(self, value: Any) -> Any:
        """A value that has been read. Raises BadProfile for one below the least or above the most allowed."""
        if self.least is not None and value < self.least:
            if value < 0 <= self.least:
                do = "Enter the value without the minus sign."
                raise BadProfile(f"{self.write(value)} is below zero.", do=do)
            raise BadProfile(f"{self.write(value)} is too small.", do=f"The least is {self.write(self.least)}.")
        if self.most is not None and value > self.most:
            large = shown(value) if self.whole else self.write(value)[:80]
            if self.noun:
                raise BadProfile(f"{large} is not {self.noun} from {self.least} to {self.most}.")
            do = f"It takes {self.allowed}." if self.whole else f"The most is {self.write(self.most)}."
            raise BadProfile(f"{large} is too large.", do=do)
        return value

    def meant(self, value: Any) -> str:
        """How the value would be written, if that is plain: "2-1" is "02-01", and 25 is "25.00"."""
        plain = value if isinstance(value, str) else shown(value)
        for text in (plain, *_respelled(plain)):
            try:
                return f'Write "{self.write(self.within(self.read(text)))}". '
            except (ValueError, BadValue, BadProfile):
                continue
        return nearest(value, self.names)


def _respelled(text: str) -> list[str]:
    """Other ways to write what somebody wrote: the comma of a decimal as a point, a day with two figures, a rate with its sign."""
    day = re.fullmatch(r"\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*", text)
    days = [f"{int(day[1]):02}-{int(day[2]):02}"] if day else []
    return [*days, re.sub(r"(\d),(\d{1,2})(?!\d)", r"\1.\2", text)]


def _money(value: Any) -> int:
    if not isinstance(value, str):
        raise ValueError
    return money.to_cents(value)


def _whole(value: Any) -> int:
    if isinstance(value, str) and re.fullmatch(r"-?\d+", value):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError
    return value


def _flag(value: Any) -> bool:
    if value in ("yes", "no"):
        return bool(value == "yes")
    if not isinstance(value, bool):
        raise ValueError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value


def _month_day(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"\d\d-\d\d", value):
        raise ValueError
    dt.date.fromisoformat(f"2024-{value}")  # 02-29 means the last day of February
    return value


def _date(value: Any) -> dt.date:
    if isinstance(value, dt.date):
        return value.date() if isinstance(value, dt.datetime) else value
    if not isinstance(value, str):
        raise ValueError
    return dt.date.fromisoformat(value.removesuffix(" 00:00:00"))  # a date cell of the Rules sheet comes as its text


def _exact(value: Any) -> Fraction:
    if not isinstance(value, str):
        raise ValueError
    return money.number(value)


LONGEST_VALUE, LONGEST_TEXT, LONGEST_LIST = 100, 20_000, 1_000
"""The most characters of a value, the most characters of a text, and the most entries of a list."""
_MOST = 10  # times the amount: 1000%

MONEY = Kind(
    'an amount as text, such as "1500.00"',
    _money,
    lambda v: money.dollars(v, comma=False),
    least=0,
    most=money.LARGEST,
)
RATE = Kind('a rate with its unit as text, such as "18%"', rates.read_once, rates.text_of, least=0, most=_MOST)
SIGNED_RATE = replace(RATE, least=-1)
"""A rate that is a discount below zero. A discount of more than all of the tax does not exist."""
RATE_A_YEAR = Kind(
    'a rate for a year as text, such as "18%" or "18% per year"; "1.5% per month" is multiplied by twelve',
    rates.read_yearly,
    rates.text_of,
    least=0,
    most=_MOST,
)
RATE_A_MONTH = Kind(
    'a rate for a month as text, such as "1.5% per month"; "18% per year" is divided by twelve',
    rates.read_monthly,
    rates.text_of,
    least=0,
    most=_MOST,
)
RATE_A_PERIOD = Kind(
    'a rate for one period as text, such as "5%" or "5% per 30 days"',
    rates.read_for_period,
    rates.text_of,
    least=0,
    most=_MOST,
)
NUMBER = Kind('a number as text, such as "4.0"', _exact, decimal_text, least=0, most=Fraction(10**12))
FLAG = Kind("true or false", _flag, lambda v: "yes" if v else "no")
TEXT = Kind("text", _text)
DATE = Kind('a date as text, such as "2026-02-10"', _date, least=EARLIEST, most=LATEST)
MONTH_DAY = Kind('a month and day as text, such as "02-01"', _month_day)


def whole_between(least: int, most: int) -> Kind:
    """A whole number that has a least and a most."""
    return Kind(f"a whole number from {least} to {most}", _whole, least=least, most=most, whole=True)


# No rule looks further than a lifetime. Dates end with the year 2262, where pandas' clock ends.
WHOLE = whole_between(0, 10_000)
DAYS, MONTHS = whole_between(0, 3_660), whole_between(0, 720)
YEARS = replace(whole_between(0, 60), noun="a number of years")
YEARS_EITHER_WAY = replace(whole_between(-60, 60), noun="a number of years")
MONTH, DAY_OF_MONTH = whole_between(1, 12), whole_between(0, 31)


def choice(*names: str) -> Kind:
    """One of a few words."""

    def read(value: Any) -> str:
        if value not in names:
            raise ValueError
        return str(value)

    return Kind("one of " + ", ".join(f'"{n}"' for n in names), read, names=names)


def shown(value: object) -> str:
    """A value as an error names it: never more than a line, however long the value is."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**18:
        return "A number of more than 18 digits"
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # a number in it has thousands of digits, or its lists stand too deep
        return "This value"
    return text if len(text) <= 80 else f"{text[:77]}..."


@dataclass(frozen=True, slots=True)
class Many:
    """A list: of one kind, or of records with settings of their own."""

    of: Kind | type[Params]


def setting(kind: Kind | Many, help: str, default: Any = MISSING, *, older: str = "") -> Any:
    """One setting of a rule: its kind, what it means, and its default; without one the rule must state it.

    older: what a Rules table meant that was written before there was such a setting, where that is not the default.
    """
    meta = {"kind": kind, "help": help, "older": older}
    if default is MISSING:
        return field(metadata=meta, kw_only=True)
    return field(default=default, metadata=meta, kw_only=True)


def nearest(word: object, known: Iterable[str]) -> str:
    """The name somebody probably meant, as a question to put before the list of names; empty if none is near."""
    names = {name.lower(): name for name in known}
    text = (word if isinstance(word, str) else shown(word)).lower()[:LONGEST_VALUE]
    near = get_close_matches(text, names, 1) or [n for n in names if len(text) > 3 and n.startswith(text)]
    return f'Did you mean "{names[near[0]]}"? ' if near else ""


# ---- records of settings -----------------------------------------------------------------------------------------


class Params:
    """The settings of one rule, or of one entry in a list of a rule's settings."""

    method: ClassVar[str] = ""

    @classmethod
    def settings(cls) -> dict[str, tuple[Kind | Many, str, Any]]:
        """Every setting: kind, help, default (MISSING where it has to be stated)."""
        return {f.name: (f.metadata["kind"], f.metadata["help"], f.default) for f in fields(cls)}  # type: ignore[arg-type]

    @classmethod
    def older(cls) -> dict[str, str]:
        """The former meaning of settings that an older table does not have, if not the default."""
        return {f.name: f.metadata["older"] for f in fields(cls) if f.metadata["older"]}  # type: ignore[arg-type]

    @classmethod
    def read(cls, raw: Mapping[str, Any], where: str) -> Params:
        """The record from a TOML table; an unknown or missing key, or a wrong value, is refused by name."""
        known = cls.settings()
        for key in raw:
            if key not in known:
                raise BadProfile(
                    f'"{key}" is not a setting here.',
                    where=where,
                    do=f"{nearest(key, known)}Allowed: {', '.join(sorted(known))}.",
                )
        values: dict[str, Any] = {}
        for key, (kind, _, default) in known.items():
            if key in raw:
                values[key] = _read(kind, raw[key], f"{where}.{key}")
            elif default is MISSING:
                raise BadProfile(f'"{key}" is missing.', where=where, do=f"It takes {_allowed(kind)}.")
        record = cls(**values)
        record.check(where)
        return record

    def raw(self) -> dict[str, Any]:
        """The settings that differ from their defaults or have no default, as in a TOML table."""
        out: dict[str, Any] = {}
        for key, (kind, _, default) in self.settings().items():
            value = getattr(self, key)
            if default is MISSING or value != default:
                out[key] = _write(kind, value)
        return out

    def idle(self) -> tuple[str, ...]:
        """The settings without effect beside the others, such as where a month ends if no months are counted."""
        return ()

    def as_applied(self) -> Params:
        """The same settings as they apply: rates as shares, and settings without effect at their defaults."""
        values = {f.name: f.default if f.name in self.idle() else _applied(getattr(self, f.name)) for f in fields(self)}  # type: ignore[arg-type]
        return replace(self, **values)  # type: ignore[type-var]

    def plainly(self) -> str:
        """The rule for a taxpayer: the cost, without the counting and rounding."""
        return self.words()

    def check(self, where: str) -> None:
        """Refuses settings that conflict."""

    def words(self) -> str:
        """The rule as an English sentence."""
        raise NotImplementedError


def _applied(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_applied(v) for v in value)
    if isinstance(value, Params):
        return value.as_applied()
    return Fraction(value) if isinstance(value, Fraction) else value


def _read(kind: Kind | Many, value: Any, where: str) -> Any:
    if isinstance(kind, Many):
        if not isinstance(value, list | tuple):
            raise BadProfile(f"{shown(value)} is not a list.", where=where, do="Write the list in square brackets.")
        if len(value) > LONGEST_LIST:
            raise BadProfile(f"This list has more than {LONGEST_LIST} entries.", where=where, do="Shorten the list.")
        return tuple(_read_one(kind.of, v, f"{where}[{n}]") for n, v in enumerate(value, 1))
    return _read_one(kind, value, where)


def _read_one(kind: Kind | type[Params], value: Any, where: str) -> Any:
    if isinstance(kind, Kind):
        _refuse_long(kind, value, where)
        try:
            return kind.within(kind.read(value))
        except BadProfile as error:
            raise error.at(where) from None
        except (ValueError, BadValue, OverflowError):
            do = f"{kind.meant(value)}It takes {kind.allowed}."
            raise BadProfile(f"{shown(value)} is not allowed.", where=where, do=do) from None
    if not isinstance(value, Mapping):
        raise BadProfile(
            f"{shown(value)} is not a table.", where=where, do="Allowed keys: " + ", ".join(kind.settings()) + "."
        )
    return kind.read(value, where)


def _refuse_long(kind: Kind, value: Any, where: str) -> None:
    """Refuses a text with more characters than any setting needs, before anybody reads a number of a million digits."""
    most = LONGEST_TEXT if kind is TEXT else LONGEST_VALUE
    if isinstance(value, str) and len(value) > most:
        raise BadProfile(f"This value has {len(value):,} characters.", where=where, do=f"The most is {most:,}.")


def _write(kind: Kind | Many, value: Any) -> Any:
    if isinstance(kind, Many):
        return [v.raw() if isinstance(v, Params) else _write(kind.of, v) for v in value]  # type: ignore[arg-type]
    return value if kind.whole or kind is FLAG else kind.write(value)


def _allowed(kind: Kind | Many) -> str:
    if isinstance(kind, Kind):
        return kind.allowed
    return f"a list, each {kind.of.allowed}" if isinstance(kind.of, Kind) else "a list of tables"
