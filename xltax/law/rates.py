"""A rate is a quantity with its period: "1.5% per month", "18% per year", "4/3% per month", "36.36 mills".

Each setting says which period its method counts in. A rate written for another period is converted exactly (18% per year is
1.5% for a month) or refused. The text stays as it was written, so a Rules table shows what the law says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from xltax.errors import BadProfile, BadValue
from xltax.money import number

_NUMBER = r"(?P<sign>-?)\s*(?:(?:(?P<whole>\d+)\s+)?(?P<top>\d+)/(?P<bottom>\d+)|(?P<decimal>\d+(?:\.\d+)?))"
_UNIT = r"(?P<unit>%|percent|per cent|mills?|per \$?100|per \$?1,?000)"
_PERIOD = (
    r"(?:(?:per|an?|for each|each|every)\s+(?P<per>year|annum|month|day|period|quarter|week|\d+\s+days)|(?P<adverb>annually|yearly|monthly|daily))"
    r"(?:\s+or\s+(?:part|fraction|portion)(?:\s+(?:of|thereof).*)?)?"
)
_RATE = re.compile(rf"\s*{_NUMBER}\s*{_UNIT}(?:,?\s+{_PERIOD})?\s*", re.IGNORECASE)
_ADVERBS = {"annually": "year", "yearly": "year", "monthly": "month", "daily": "day"}
_SHARES = {"%": 100, "percent": 100, "per cent": 100, "mill": 1000, "mills": 1000}
MOST_BARE_MONTH = Fraction(5, 100)
"""A monthly rate above this is not believed without its period: "18%" is a year's rate almost everywhere."""


class Rate(Fraction):
    """A rate in the period of its setting, with its original text and the period in that text."""

    __slots__ = ("per", "text")
    text: str
    per: str

    def __new__(cls, value: Any = 0, denominator: Any = None, text: str = "", per: str = "") -> Rate:
        self = super().__new__(cls, value, denominator)
        self.text, self.per = text, per
        return self

    def __reduce__(self) -> Any:
        return Rate, (self.numerator, self.denominator, self.text, self.per)

    def __copy__(self) -> Rate:
        return self

    def __deepcopy__(self, _memo: Any) -> Rate:
        return self


@dataclass(frozen=True, slots=True)
class Written:
    """A rate read from text: its share and its period ("" if the text names none)."""

    share: Fraction
    per: str


def written(text: Any) -> Written | None:
    """The rate in a text; None if the text is not a rate. A bare number is not a rate: "18" could be 18% or 1800%."""
    match = _RATE.fullmatch(text) if isinstance(text, str) else None
    if match is None or match["bottom"] == "0":
        return None
    if match["decimal"]:
        number = Fraction(match["decimal"])
    else:
        bottom = int(match["bottom"])
        if not bottom:
            return None
        number = Fraction(int(match["whole"] or 0)) + Fraction(int(match["top"]), bottom)
    unit = match["unit"].lower()
    whole = _SHARES.get(unit) or int(re.sub(r"\D", "", unit))
    period = (match["per"] or _ADVERBS.get((match["adverb"] or "").lower(), "")).lower()
    period = "year" if period == "annum" else re.sub(r"\s+", " ", period)
    return Written((-number if match["sign"] else number) / whole, period)


# ---- what each setting counts in ------------------------------------------------------------------------------------


def _refused(text: str, why: str, do: str) -> BadProfile:
    return BadProfile(f'"{text}" {why}', do=do)


def _read(value: Any) -> Written:
    found = written(value)
    if found is None:
        raise ValueError
    return found


def read_once(value: Any) -> Rate:
    """A share that is charged or allowed once, without a period."""
    found = _read(value)
    if found.per:
        raise _refused(
            value.strip(),
            "names a period, and this rate is charged once.",
            'Write the rate without a period, such as "5%".',
        )
    return Rate(found.share, text=value.strip())


def read_yearly(value: Any) -> Rate:
    """A rate for a year; one for a month is taken twelve times."""
    found = _read(value)
    if found.per not in ("", "year", "month"):
        raise _refused(
            value.strip(),
            f"is for a {found.per}, and this method counts by the year.",
            'Write the rate for a year or for a month, such as "18% per year".',
        )
    return Rate(found.share * (12 if found.per == "month" else 1), text=value.strip(), per=found.per)


def read_monthly(value: Any) -> Rate:
    """A rate for a month; one for a year is divided by twelve, exactly."""
    found = _read(value)
    text = value.strip()
    if found.per not in ("", "year", "month"):
        raise _refused(
            text,
            f"is for a {found.per}, and this method counts by the month.",
            'Write the rate for a month or for a year, such as "1.5% per month".',
        )
    if not found.per and abs(found.share) > MOST_BARE_MONTH:
        raise _refused(
            text,
            f"does not name its period; {text} a month would be {percent(12 * found.share)} a year.",
            f'Write "{text} per year" or "{text} per month".',
        )
    return Rate(found.share / (12 if found.per == "year" else 1), text=text, per=found.per)


def read_for_period(value: Any) -> Rate:
    """A rate for one period, whose days are a setting of their own: the rule checks that they agree."""
    found = _read(value)
    if found.per in ("year", "month", "day", "week", "quarter"):
        raise _refused(
            value.strip(),
            f"is for a {found.per}, and this method charges for each period of days.",
            'Write the rate for the period, such as "5% per 30 days".',
        )
    return Rate(found.share, text=value.strip(), per=found.per)


def read_cell(value: Any, *, where: str = "") -> Fraction:
    """A yearly rate as a person enters it: 0.18 or 18% in a cell, "18%" or "18% per year" as text."""
    if not isinstance(value, str) or written(value) is None:
        return number(value, where=where)
    try:
        return read_yearly(value)
    except BadProfile as error:
        raise BadValue(error.problem.what, where=where, do=error.problem.do) from None


def decimal_text(value: Fraction) -> str:
    """An exact number as text: 18/100 is "0.18"; what has no finite decimal is a fraction, 4/3 "1 1/3"."""
    places, denominator = 0, value.denominator
    while denominator % 10 == 0:
        denominator //= 10
        places += 1
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
            places += 1
    if denominator != 1:
        sign, whole, rest = ("-" if value < 0 else ""), *divmod(abs(value), 1)
        return f"{sign}{f'{whole} ' if whole else ''}{rest.numerator}/{rest.denominator}"
    scaled = value.numerator * 10**places // value.denominator
    if not places:
        return str(scaled)
    digits = f"{abs(scaled):0{places + 1}d}"
    text = f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")
    return f"-{text}" if scaled < 0 else text


def percent(value: Fraction) -> str:
    """A rate as people write it: 18/100 is "18%", 1/75 "1 1/3%"."""
    return f"{decimal_text(value * 100)}%"


def text_of(value: Fraction) -> str:
    """A rate as written, or as a percentage if it was not read from text."""
    return getattr(value, "text", "") or percent(value)
