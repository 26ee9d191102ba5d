"""When the tax of a year is payable, and how it is divided into installments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from xltax.dates import is_month_day, month_day_words, on_month_day
from xltax.errors import BadProfile, BadValue
from xltax.law.params import (
    FLAG,
    MONEY,
    MONTH_DAY,
    RATE,
    TEXT,
    WHOLE,
    YEARS_EITHER_WAY,
    Many,
    Params,
    choice,
    percent,
    setting,
)
from xltax.money import Cents, div_half_up, dollars, round_half_up

MOST_PARTS = 4
"""A bill has at most four installments, as the Duplicate has columns for them."""
_NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four"}
_PARTS = {1: "all", 2: "half", 3: "a third", 4: "a quarter"}


@dataclass(frozen=True)
class Installments(Params):
    """When the tax is payable and how it is split."""

    method = "installments"

    due: tuple[str, ...] = setting(
        Many(MONTH_DAY), "the due dates in order; one earlier in the year than the one before falls in the next year"
    )
    years_after: int = setting(
        YEARS_EITHER_WAY,
        "years from the levy year to the first due date: 1 for a grand list payable the next July, -1 for a fiscal year with the number of the year in which it ends",
        0,
    )
    split: str = setting(
        choice("equal", "preliminary", "shares"),
        "equal parts; preliminary parts on last year's tax and the rest in the others; or the shares listed",
    )
    shares: tuple[Fraction, ...] = setting(
        Many(RATE), "for shares: the share of each installment, such as 50%, 25%, 25%; together 100%", ()
    )
    odd_cent: str = setting(
        choice("first", "last", "each_up"),
        "which part gets a leftover cent; each_up: every part is rounded half up, and the bill is their sum",
        "first",
    )
    single_limit: int = setting(MONEY, "a tax up to this amount is due in one payment; 0.00: no such rule", 0)
    single_at_limit: bool = setting(FLAG, "whether a tax of exactly the limit is due in one payment", True)
    preliminary_parts: int = setting(
        WHOLE, "how many installments are billed on last year's tax before this year's tax is known", 2
    )
    preliminary_rise: Fraction = setting(
        RATE,
        "how much the preliminary installments may go above last year's tax, such as 2.5%; together they are rounded down to the cent",
        Fraction(0),
    )
    preliminary_base: str = setting(
        choice("quarter_of_prior", "half_of_second_half", "prior_rate_on_value"),
        "what the preliminary installments are based on: an equal part of last year's tax; half of last year's second half; or an equal part of "
        "last year's tax, and for property flagged \"physically changed\" of this year's value at last year's rate",
        "quarter_of_prior",
    )
    preliminary_limit: str = setting(
        choice("none", "half_of_tax"),
        "whether the preliminary installments are limited to their part of the year's tax",
        "none",
    )
    home_due: tuple[str, ...] = setting(
        Many(MONTH_DAY), "the due dates of owner-occupied homes, in equal parts; empty: the same as for others", ()
    )
    home_fee: str = setting(
        TEXT, "the kind of fee on a home's later parts that are not paid with the first part; empty: none", ""
    )

    def check(self, where: str) -> None:
        self._check_homes(where)
        if len(self.due) > MOST_PARTS:
            raise BadProfile(
                f"A tax has at most {MOST_PARTS} installments, and this rule has {len(self.due)}.",
                where=f"{where}.due",
                do="List the due dates of one year.",
            )
        if self.split == "shares" and (len(self.shares) != len(self.due) or sum(self.shares) != 1):
            raise BadProfile(
                "Each due date needs its share, and the shares must add up to 100%.",
                where=f"{where}.shares",
                do='Write one share for each due date, such as ["50%", "25%", "25%"].',
            )
        if self.split != "shares" and self.shares:
            raise BadProfile(
                f'shares do nothing if split = "{self.split}".', where=f"{where}.shares", do='Set split = "shares".'
            )
        if self.split == "preliminary" and not 1 <= self.preliminary_parts < len(self.due):
            raise BadProfile(
                f"{self.preliminary_parts} of {len(self.due)} installments cannot be preliminary.",
                where=f"{where}.preliminary_parts",
                do="At least one installment is preliminary, and at least one takes the rest of the tax.",
            )
        by_half = self.split == "preliminary" and self.preliminary_base == "half_of_second_half"
        if by_half and (len(self.due), self.preliminary_parts) != (4, 2):
            raise BadProfile(
                "Half of last year's second half is the base of two preliminary quarters only.",
                where=f"{where}.preliminary_base",
                do="List four due dates and two preliminary parts, or choose another base.",
            )

    def _check_homes(self, where: str) -> None:
        if self.home_due and (self.split != "equal" or len(self.home_due) < 2):
            raise BadProfile(
                "home_due needs at least two due dates and equal parts.",
                where=f"{where}.home_due",
                do='Add a due date, or set split = "equal".',
            )
        if self.home_fee and not self.home_due:
            raise BadProfile(
                "home_fee needs the due dates of the later parts.",
                where=f"{where}.home_due",
                do="Add home_due, or remove home_fee.",
            )

    def idle(self) -> tuple[str, ...]:
        if self.split == "preliminary":
            return ()
        return ("preliminary_parts", "preliminary_rise", "preliminary_base", "preliminary_limit")

    # ---- in words ------------------------------------------------------------------------------------------------

    def words(self) -> str:
        days = ", ".join(month_day_words(d) for d in self.due)
        year = {
            0: "",
            1: " of the year after the levy year",
            -1: " of the year before the levy year",
        }.get(self.years_after, f", {abs(self.years_after)} years {'after' if self.years_after > 0 else 'before'} the levy year")  # fmt: skip
        text = f"Payable {days}{year}" + (" in equal parts." if self.split == "equal" and len(self.due) > 1 else ".")
        if self.split == "shares":
            text += f" The shares are {', '.join(percent(share) for share in self.shares)}."
        if self.split == "preliminary":
            text += self._preliminary_words()
        if len(self.due) > 1:
            text += {
                "first": " An odd cent goes to the earlier part.",
                "last": " An odd cent goes to the later part.",
                "each_up": " Every part is rounded half up and the bill is their sum.",
            }[self.odd_cent]
        if self.single_limit:
            exactly = "up to and including" if self.single_at_limit else "of less than"
            text += f" A tax {exactly} ${dollars(self.single_limit)} is due in full with the first installment."
        if self.home_due:
            text += f" Owner-occupied homes: {', '.join(month_day_words(d) for d in self.home_due)}, in equal parts"
            fee = self.home_fee.replace("_", " ")
            text += f"; a part not paid with the first bears the {fee}." if fee else "."
        return text

    def _preliminary_words(self) -> str:
        """The preliminary parts and the others, in words."""
        first, rest = self.preliminary_parts, len(self.due) - self.preliminary_parts
        base = f"{_PARTS[len(self.due)]} of last year's tax"
        if self.preliminary_base == "half_of_second_half":
            base = "half of last year's second-half tax"
        if self.preliminary_rise:
            base += f", raised by {percent(self.preliminary_rise)}"
        which = "The first is" if first == 1 else f"The first {_NUMBERS[first]} are"
        text = f" {which} {base}{' each' if first > 1 else ''}; the rest of this year's tax is " + (
            "due with the last." if rest == 1 else f"divided equally over the last {_NUMBERS[rest]}."
        )
        if self.preliminary_base == "prior_rate_on_value":
            text += " For property that physically changed, this year's value at last year's rate stands for last year's tax."
        if self.preliminary_limit == "half_of_tax":
            part = "half" if 2 * first == len(self.due) else f"{first}/{len(self.due)}"
            text += f" Preliminary installments are limited to {part} of the year's tax."
        return text

    # ---- days ----------------------------------------------------------------------------------------------------

    @property
    def first_parts(self) -> int:
        """How many installments are billed before the year's tax is known; 0 if the tax is billed at once."""
        return self.preliminary_parts if self.split == "preliminary" else 0

    def for_home(self) -> Installments:
        """The schedule of an owner-occupied home; the usual schedule if the law gives homes none."""
        return replace(self, due=self.home_due or self.due, home_due=(), home_fee="")

    def billed_by(self, dues: Iterable[dt.date]) -> Installments:
        """The schedule a bill was made by: that of homes if one of its due dates belongs to homes only."""
        homes = set(self.home_due) - set(self.due)
        return self.for_home() if any(is_month_day(due, home) for due in dues for home in homes) else self

    def due_dates(self, year: int) -> list[dt.date]:
        """The due dates of a levy year."""
        dates: list[dt.date] = []
        at = year + self.years_after
        for text in self.due:
            day = on_month_day(at, text)
            if dates and day <= dates[-1]:
                at += 1
                day = on_month_day(at, text)
            dates.append(day)
        return dates

    # ---- amounts -------------------------------------------------------------------------------------------------

    def amounts(
        self, tax: Cents, prior_tax: Cents | None = None, prior_second_half: Cents | None = None
    ) -> list[Cents]:
        """The installments. They add up to the tax; under each_up to the vendor's bill, which may be a cent more.

        For preliminary billing, installments above the year's tax leave a credit: the last amount, below zero.
        """
        parts = len(self.due)
        if self.split == "preliminary":
            return self._preliminary(tax, prior_tax, prior_second_half)
        if self.single_limit and (tax < self.single_limit or (tax == self.single_limit and self.single_at_limit)):
            return [tax] + [0] * (parts - 1)
        shares = self.shares if self.split == "shares" else (Fraction(1, parts),) * parts
        if self.odd_cent == "each_up":
            return [round_half_up(tax * share) for share in shares]
        return spread(tax, shares, self.odd_cent)

    def _preliminary(self, tax: Cents, prior_tax: Cents | None, prior_second_half: Cents | None) -> list[Cents]:
        first = self.preliminary_amounts(prior_tax, prior_second_half)
        if self.preliminary_limit == "half_of_tax":
            first = [min(amount, tax // len(self.due)) for amount in first]
        return [*first, *self.final(tax, sum(first))]

    def preliminary_amounts(self, prior_tax: Cents | None, prior_second_half: Cents | None = None) -> list[Cents]:
        """The first installments, billed before this year's tax is known."""
        first, parts = self.preliminary_parts, len(self.due)
        if self.preliminary_base == "half_of_second_half":
            if prior_second_half is None:
                raise BadValue("Last year's second-half tax is needed here.", where="prior_second_half")
            whole = 2 * prior_second_half
        elif prior_tax is None:
            what = "two quarters are" if (first, parts) == (2, 4) else "installments are"
            raise BadValue(f"Last year's tax is needed: the first {what} based on it.", where="prior_tax")
        else:
            whole = prior_tax
        if not self.preliminary_rise:
            return [div_half_up(whole, parts)] * first
        # A law that says "at most 50% of 102.5%" has a limit on the parts together, so they are rounded down together.
        together = int(whole * (1 + self.preliminary_rise) * first / parts)
        return spread(together, (Fraction(1, first),) * first, self.odd_cent)

    def final(self, tax: Cents, billed: Cents) -> list[Cents]:
        """The last installments, less what was billed before; one amount more, below zero, is a credit."""
        rest, parts = tax - billed, len(self.due) - self.preliminary_parts
        return [0] * parts + [rest] if rest < 0 else spread(rest, (Fraction(1, parts),) * parts, self.odd_cent)


def spread(total: Cents, shares: Sequence[Fraction], odd_cent: str) -> list[Cents]:
    """Parts by their shares that add up to the total, the odd cents on the first parts or on the last."""
    low = [int(total * share) for share in shares]
    odd = total - sum(low)
    extra = range(odd) if odd_cent != "last" else range(len(low) - odd, len(low))
    return [part + (n in extra) for n, part in enumerate(low)]
