"""Fees, usage charges and time limits: amounts set by a statute, an ordinance or a rate sheet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from xltax.dates import ClosedDays, month_day_words, on_month_day
from xltax.errors import BadProfile, BadValue
from xltax.law.params import (
    FLAG,
    MONEY,
    MONTH,
    MONTH_DAY,
    NUMBER,
    RATE,
    TEXT,
    WHOLE,
    YEARS,
    YEARS_EITHER_WAY,
    Many,
    Params,
    choice,
    decimal_text,
    percent,
    setting,
    shown,
)
from xltax.money import Cents, dollars, round_half_up


@dataclass(frozen=True)
class Fee(Params):
    """One fee: a fixed amount, a share of an amount, or both, with a minimum and a maximum."""

    method = "fee"

    kind: str = setting(TEXT, "what it is for, such as returned_check")
    amount: Cents = setting(MONEY, "the amount; with `then`, the amount of the first one", 0)
    then: Cents = setting(MONEY, "the amount of each later one in the same year; 0.00: the same as the first", 0)
    rate: Fraction = setting(RATE, "a share of the amount the fee is based on", Fraction(0))
    least: Cents = setting(MONEY, "the lowest fee", 0)
    most: Cents = setting(MONEY, "the highest fee; 0.00: no limit", 0)
    free: int = setting(WHOLE, "how many a year are free", 0)
    when: str = setting(
        choice("asked", "unpaid"),
        "asked: a task or a person charges the fee; unpaid: the law adds the fee by itself to a bill that is past due on a day",
        "asked",
    )
    on: str = setting(TEXT, "for unpaid: the month and day on which the fee is added, such as 10-01", "")
    years_after: int = setting(YEARS_EITHER_WAY, "for unpaid: years from the levy year to that day", 0)
    roll: bool = setting(
        FLAG,
        "for unpaid: whether the last day before it moves to the next business day if the office is closed, and the fee with it",
        False,
    )
    installment: int = setting(WHOLE, "for unpaid: only if this installment is past due, such as 2; 0: any", 0)
    per: str = setting(
        choice("bill", "parcel"),
        "for unpaid: one fee for each bill, or for all bills of an account's levy year",
        "bill",
    )
    base: str = setting(
        choice("tax", "total"),
        "for unpaid: what the share is taken of: the open tax, or the tax with its interest and penalty",
        "tax",
    )
    column: str = setting(choice("costs", "penalty"), "for unpaid: the column of the bill the fee is in", "costs")

    def check(self, where: str) -> None:
        if (self.when == "unpaid") != bool(self.on):
            raise BadProfile(
                'A fee that the law adds by itself needs when = "unpaid" and the day in on.',
                where=f"{where}.on",
                do='Write both, such as when = "unpaid", on = "10-01", or neither.',
            )
        if self.on:
            try:
                MONTH_DAY.read(self.on)
            except ValueError:
                raise BadProfile(
                    f"{shown(self.on)} is not allowed.", where=f"{where}.on", do=f"It takes {MONTH_DAY.allowed}."
                ) from None
        if self.years_after < 0:
            raise BadProfile("years_after is below zero.", where=f"{where}.years_after", do="Write 0, 1 or more.")

    def idle(self) -> tuple[str, ...]:
        return () if self.on else ("years_after", "roll", "installment", "per", "base", "column")

    def day(self, levy_year: int, closed: ClosedDays) -> dt.date:
        """The day on which the law adds the fee to the unpaid bills of a levy year."""
        day = on_month_day(levy_year + self.years_after, self.on)
        one = dt.timedelta(days=1)
        return closed.next_open(day - one) + one if self.roll else day

    def of_one(self, nth: int) -> Cents:
        """The fee for the nth one in a year: nothing for the free ones, then the first amount, then the later amount."""
        if nth <= self.free:
            return 0
        return self.then if self.then and nth > self.free + 1 else self.amount

    def total(self, count: int) -> Cents:
        """The fee for this many in a year together."""
        first, further = self.of_one(self.free + 1), self.of_one(self.free + 2)
        charged = max(0, count - self.free)
        return first + (charged - 1) * further if charged else 0

    def share(self, base: Cents) -> Cents:
        """The fee on an amount: the fixed part and the share, within the limits."""
        fee = max(self.least, self.amount + round_half_up(self.rate * base))
        return min(fee, self.most) if self.most else fee

    def words(self) -> str:
        parts = []
        if self.free:
            parts.append(f"{self.free} a year free")
        if self.amount:
            parts.append(f"${dollars(self.amount)}")
        if self.then:
            parts.append(f"then ${dollars(self.then)} each")
        if self.rate:
            parts.append(percent(self.rate))
        if self.least:
            parts.append(f"at least ${dollars(self.least)}")
        if self.most:
            parts.append(f"at most ${dollars(self.most)}")
        text = f"Fee, {self.kind.replace('_', ' ')}: {', '.join(parts) or 'none'}."
        return text + (self._day_words() if self.on else "")

    def _day_words(self) -> str:
        """When the law adds the fee by itself, and what the share is taken of."""
        year = {0: "the levy year", 1: "the year after the levy year"}.get(self.years_after) or (
            f"the year that is {self.years_after} years after the levy year"
        )
        which = f"whose installment {self.installment} is" if self.installment else "that are"
        bills = "bill" if self.per == "bill" else "account"
        text = f" The law adds the fee by itself on {month_day_words(self.on)} of {year}, once for each {bills}, to bills {which} past due."
        if self.roll:
            text += " If the office is closed on the day before, the fee is added after the next business day."
        if self.rate:
            text += (
                f" The share is taken of the open tax{'' if self.base == 'tax' else ', its interest and its penalty'}."
            )
        return text


def raised(fee: Cents, rise: Fraction) -> Cents:
    """A fee after an increase by a percentage, rounded half up to the cent."""
    return round_half_up(fee * (1 + rise))


@dataclass(frozen=True)
class Block(Params):
    """One block of use."""

    price: Cents = setting(MONEY, "the price of one unit")
    up_to: Fraction | None = setting(NUMBER, "where the block ends; leave out on the last block", None)


@dataclass(frozen=True)
class Usage(Params):
    """A charge by usage: a flat part, an allowance, and blocks above the allowance."""

    method = "usage"

    kind: str = setting(TEXT, "what is used, such as sewer")
    unit: str = setting(TEXT, "the unit, such as CCF", "CCF")
    base: Cents = setting(MONEY, "the flat part", 0)
    included: Fraction = setting(NUMBER, "units the flat part covers", Fraction(0))
    blocks: tuple[Block, ...] = setting(Many(Block), "prices above the allowance", ())
    averaged_over: tuple[int, ...] = setting(
        Many(MONTH), "the months whose average usage is billed; empty: the usage of the month itself", ()
    )

    def check(self, where: str) -> None:
        ends = [b.up_to for b in self.blocks]
        closed = [e for e in ends if e is not None]
        if None in ends[:-1] or closed != sorted(set(closed)) or (closed and closed[0] <= self.included):
            raise BadProfile(
                "The blocks are not in rising order.",
                where=where,
                do="List up_to from the lowest to the highest, above the included units.",
            )
        if not all(1 <= month <= 12 for month in self.averaged_over):
            raise BadProfile("A month must be from 1 to 12.", where=f"{where}.averaged_over", do="Correct the month.")

    def charge(self, units: Fraction) -> Cents:
        """The charge for so many units, rounded half up to the cent."""
        if units < 0:
            raise BadValue("The usage is below zero.", where="usage")
        total, low = Fraction(self.base), self.included
        for block in self.blocks:
            high = units if block.up_to is None else min(units, block.up_to)
            total += max(Fraction(0), high - low) * block.price
            low = max(low, high)
        return round_half_up(total)

    def words(self) -> str:
        text = f"{self.kind.capitalize()}: ${dollars(self.base)}"
        if self.included:
            text += f" for the first {decimal_text(self.included)} {self.unit}"
        for block in self.blocks:
            upto = f" up to {decimal_text(block.up_to)}" if block.up_to is not None else ""
            text += f", ${dollars(block.price)} for each {self.unit} above{upto}"
        months = ", ".join(str(m) for m in self.averaged_over)
        return text + (f", on the average of months {months}." if months else ".")


@dataclass(frozen=True)
class TimeLimit(Params):
    """How long a tax can be collected."""

    method = "time_limit"

    years: int = setting(YEARS, "years from the due date")

    def words(self) -> str:
        return f"Can be collected for {self.years} years from the due date."
