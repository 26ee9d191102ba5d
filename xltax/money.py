"""Reads and writes amounts of money and rates. Money is whole cents, and rates are exact fractions."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Annotated

from xltax.errors import BadValue

Cents = Annotated[int, "cents"]
"""An amount of money in whole cents. The mark lets a declaration tell an amount from a count."""

LARGEST = 99_999_999_999_99
"""The largest amount a cell may hold, in cents: a spreadsheet keeps 15 digits, and 13 leave room for sums."""

_MONEY_TEXT = re.compile(r"(\(?\$?|-\$?|\$-)(\d{1,3}(,\d{3})+|\d*)(\.\d*)?\)?")
_SHARE = re.compile(r"\s*(?P<number>-?[0-9]+(\.[0-9]+)?)\s*(?P<percent>%|mills)\s*")


def to_cents(value: object, *, where: str = "") -> Cents:
    """Whole cents from what a cell or a text file holds: 12.5, "12.50", "$1,234.56", "(12.00)", Decimal.

    A binary number is read at the 15 digits a spreadsheet shows, so 0.1 + 0.2 is 30 cents and 12.345 is refused.
    Raises BadValue for text that is not money, for a fraction of a cent, and for more than `LARGEST`.
    """
    amount = _decimal(value, where)
    scaled = amount * 100
    if abs(scaled) > LARGEST:
        raise BadValue(
            f"{_shown(value)} is larger than {usd(LARGEST)}, the largest amount xltax can store.",
            where=where,
            do="Check the number of digits.",
        )
    if scaled != scaled.to_integral_value():
        near = dollars(div_half_up(int(amount.scaleb(6).to_integral_value()), 10_000))
        raise BadValue(
            f"{_shown(value)} has more than two decimals.",
            where=where,
            do=f"Enter dollars and cents, such as {near}.",
        )
    return int(scaled)


def _decimal(value: object, where: str) -> Decimal:
    if isinstance(value, bool) or value is None:
        raise BadValue(f"{_shown(value)} is not an amount of money.", where=where, do="Enter dollars and cents.")
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, Decimal):
        number = value
    elif isinstance(value, float):
        number = Decimal(format(value, ".15g"))
    else:
        # "$ 5" and "- 5" have a space to spare; "12 50" could be 12.50 or 1250.
        text = re.sub(r"(?<![\d.,]) +| +(?![\d.,])", "", str(value).strip())
        if not text or not _MONEY_TEXT.fullmatch(text) or not any(c.isdigit() for c in text):
            hint = " Use a period, not a comma, before the cents." if re.fullmatch(r"-?\d+,\d{1,2}", text) else ""
            raise BadValue(
                f"{_shown(value)} is not an amount of money.{hint}",
                where=where,
                do="Enter dollars and cents, such as 1234.56.",
            )
        negative = text.startswith("(") != ("-" in text)
        try:
            number = Decimal(re.sub(r"[()$,-]", "", text))
        except InvalidOperation:
            raise BadValue(
                f"{_shown(value)} is not an amount of money.", where=where, do="Enter dollars and cents."
            ) from None
        if text.startswith("(") != text.endswith(")"):
            raise BadValue(f"{_shown(value)} has only one parenthesis.", where=where, do="Add or remove a parenthesis.")
        number = -number if negative else number
    if not number.is_finite():
        raise BadValue(f"{_shown(value)} is not an amount of money.", where=where, do="Enter dollars and cents.")
    return number


def _shown(value: object) -> str:
    text = "an empty cell" if value is None or value == "" else str(value)
    return text if len(text) <= 40 else text[:37] + "..."


def dollars(cents: Cents, *, comma: bool = True) -> str:
    """Cents as dollars and cents: 123456 is "1,234.56"; with comma=False "1234.56"."""
    sign, whole = ("-" if cents < 0 else ""), abs(int(cents))
    return f"{sign}{whole // 100:{',' if comma else ''}}.{whole % 100:02d}"


def usd(cents: Cents) -> str:
    """Cents with the dollar sign, for sentences: "$1,234.56", "-$5.00"."""
    return f"{'-' if cents < 0 else ''}${dollars(abs(cents))}"


def div_half_up(numerator: int, denominator: int) -> int:
    """The quotient rounded to the nearest whole number, as tax offices round. Halves round away from zero."""
    if numerator < 0:
        return -((-2 * numerator + denominator) // (2 * denominator))
    return (2 * numerator + denominator) // (2 * denominator)


def round_half_up(value: Fraction) -> int:
    """A fraction rounded to the nearest whole number. Halves round away from zero."""
    return div_half_up(value.numerator, value.denominator)


def rate(text: object, *, where: str = "") -> Fraction:
    """An exact share from its text: "18%" is 18/100, "36.36 mills" is 36.36/1000.

    Raises BadValue for anything else: for a bare number, since "18" could be 18% or 1800%, and for a text that names a period,
    which a share has not; a rate with its period is read by `law.rates`.
    """
    match = _SHARE.fullmatch(text) if isinstance(text, str) else None
    if not match:
        raise BadValue(
            f'"{text}" is not a rate.',
            where=where,
            do='Enter the rate as text with its unit, such as "18%" or "36.36 mills".',
        )
    return Fraction(match["number"]) / (100 if match["percent"] == "%" else 1000)


def number(value: object, *, where: str = "") -> Fraction:
    """An exact number from a cell: a tax rate such as 2.248 (per 100) or 36.36 (mills), or an assessed value."""
    try:
        amount = _decimal(value, where)
    except BadValue:
        raise BadValue(f"{_shown(value)} is not a number.", where=where, do="Enter a number, such as 2.248.") from None
    if abs(amount) > LARGEST or amount.adjusted() < -30:
        raise BadValue(f"{_shown(value)} is too large or too small.", where=where, do="Check the number of digits.")
    return Fraction(amount)


def whole(value: object, *, where: str = "") -> int:
    """A whole number from a cell or a text: a year, a count of days or of bills."""
    exact = number(value, where=where)
    if exact.denominator != 1:
        raise BadValue(f"{_shown(value)} is not a whole number.", where=where, do="Enter a whole number, such as 12.")
    return int(exact)
