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

    def meant(self, value: Any) -> str:
        """How the value would be written, if that is plain: "2-1" is "02-01", and 25 is "25.00"."""
        for text in (f"{value}", *_respelled(str(value))):
            try:
                return f'Write "{self.write(self.read(text))}". '
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


MONEY = Kind('an amount as text, such as "1500.00"', _money, lambda v: money.dollars(v, comma=False))
RATE = Kind('a rate with its unit as text, such as "18%"', rates.read_once, rates.text_of)
RATE_A_YEAR = Kind(
    'a rate for a year as text, such as "18%" or "18% per year"; "1.5% per month" is multiplied by twelve',
    rates.read_yearly,
    rates.text_of,
)
RATE_A_MONTH = Kind(
    'a rate for a month as text, such as "1.5% per month"; "18% per year" is divided by twelve',
    rates.read_monthly,
    rates.text_of,
)
RATE_A_PERIOD = Kind(
    'a rate for one period as text, such as "5%" or "5% per 30 days"', rates.read_for_period, rates.text_of
)
NUMBER = Kind('a number as text, such as "4.0"', _exact, decimal_text)
WHOLE = Kind("a whole number", _whole)
FLAG = Kind("true or false", _flag, lambda v: "yes" if v else "no")
TEXT = Kind("text", _text)
DATE = Kind('a date as text, such as "2026-02-10"', _date)
MONTH_DAY = Kind('a month and day as text, such as "02-01"', _month_day)


def choice(*names: str) -> Kind:
    """One of a few words."""

    def read(value: Any) -> str:
        if value not in names:
            raise ValueError
        return str(value)

    return Kind("one of " + ", ".join(f'"{n}"' for n in names), read, names=names)


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
    text = str(word).lower()
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
            raise BadProfile(f"{value!r} is not a list.", where=where, do="Write the list in square brackets.")
        return tuple(_read_one(kind.of, v, f"{where}[{n}]") for n, v in enumerate(value, 1))
    return _read_one(kind, value, where)


def _read_one(kind: Kind | type[Params], value: Any, where: str) -> Any:
    if isinstance(kind, Kind):
        try:
            return kind.read(value)
        except BadProfile as error:
            raise error.at(where) from None
        except (ValueError, BadValue):
            do = f"{kind.meant(value)}It takes {kind.allowed}."
            raise BadProfile(f"{value!r} is not allowed.", where=where, do=do) from None
    if not isinstance(value, Mapping):
        raise BadProfile(
            f"{value!r} is not a table.", where=where, do="Allowed keys: " + ", ".join(kind.settings()) + "."
        )
    return kind.read(value, where)


def _write(kind: Kind | Many, value: Any) -> Any:
    if isinstance(kind, Many):
        return [v.raw() if isinstance(v, Params) else _write(kind.of, v) for v in value]  # type: ignore[arg-type]
    return kind.write(value) if kind not in (WHOLE, FLAG) else value


def _allowed(kind: Kind | Many) -> str:
    if isinstance(kind, Kind):
        return kind.allowed
    return f"a list, each {kind.of.allowed}" if isinstance(kind.of, Kind) else "a list of tables"
