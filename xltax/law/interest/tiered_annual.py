"""Interest at a yearly rate by tiers of the delinquency."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from xltax.errors import BadProfile
from xltax.law import rates
from xltax.law.calendar import FROM_MONTH_END, time_words
from xltax.law.interest.days import COUNTED_FROM, FIRST_DAY
from xltax.law.interest.method import (
    BASE,
    BASE_HELP,
    CHARGED_FROM,
    CHARGED_FROM_HELP,
    COMPONENT,
    LEAST,
    PLACED,
    ROUNDED,
    Interest,
    base_words,
    charged_words,
    counted_words,
    rounded_words,
)
from xltax.law.interest.terms import DAYS_30_360, DAYS_ACTUAL, WHOLE_MONTHS, Terms
from xltax.law.params import MONEY, RATE_A_YEAR, Many, Params, choice, percent, setting
from xltax.money import dollars

_CLOCKS = {
    "30/360": (DAYS_30_360, 360),
    "actual/365": (DAYS_ACTUAL, 365),
    "actual/360": (DAYS_ACTUAL, 360),
    "whole_months": (WHOLE_MONTHS, 12),
}
"""How each day count counts, and its units in a year."""


@dataclass(frozen=True)
class Tier(Params):
    """One tier of the rate."""

    rate: Fraction = setting(RATE_A_YEAR, "the annual rate on this tier")
    up_to: int | None = setting(MONEY, "where the tier ends; leave out on the last tier", None)


@dataclass(frozen=True)
class TieredAnnual(Interest):
    """A yearly rate by tiers of the total delinquency, counted in days or whole months."""

    method = "tiered_annual"
    has_tiers = True

    tiers: tuple[Tier, ...] = setting(
        Many(Tier), "the tiers, lowest first; the oldest delinquency fills the lowest tier"
    )
    day_count: str = setting(choice("30/360", "actual/365", "actual/360", "whole_months"), "how time is counted")
    ends: str = setting(choice("one", "both"), "whether the last day is counted too", "one")
    from_month_end: str = setting(
        FROM_MONTH_END, "where whole_months counted from the last day of a month end: on the last day of the month, or on the same day of the month",
        "month_end", older="same_number",
    )  # fmt: skip
    bracket: str = setting(
        choice("parcel", "levy_year", "none"),
        "what shares one set of tiers; none: the top rate on everything",
        "parcel",
    )
    bracket_refill: str = setting(
        choice("open_balance", "until_current"), "whether a payment makes room in the lower tier again", "open_balance"
    )
    counted_from: str = setting(COUNTED_FROM, FIRST_DAY, "due")
    charged_from: str = setting(CHARGED_FROM, f"{CHARGED_FROM_HELP}; without tiers", "")
    component: str = setting(COMPONENT, PLACED, "interest")
    base: str = setting(BASE, f"{BASE_HELP}; without tiers", "tax")
    round_by: str = setting(choice("installment", "account"), ROUNDED, "installment")
    minimum: int = setting(MONEY, LEAST, 0)

    def check(self, where: str) -> None:
        limits = [t.up_to for t in self.tiers]
        if not limits or limits[-1] is not None or None in limits[:-1] or limits[:-1] != sorted(set(limits[:-1])):  # type: ignore[type-var]
            raise BadProfile(
                "The tiers are not in rising order with an open last tier.",
                where=f"{where}.tiers",
                do="Give every tier but the last an up_to, in rising order.",
            )
        if len(limits) > 4:
            raise BadProfile("There are more than four tiers.", where=f"{where}.tiers", do="Use at most four.")
        self.check_base(where)
        if self.charged_from and len(limits) > 1:
            raise BadProfile(
                "Interest that is charged from a later day cannot have tiers.",
                where=f"{where}.charged_from",
                do="Use one rate, or remove charged_from.",
            )
        if self.base != "tax" and len(limits) > 1:
            raise BadProfile(
                "Interest on the penalty cannot have tiers.", where=f"{where}.base", do="Use one rate, or remove base."
            )
        if self.component == "penalty" and len(limits) > 1:
            raise BadProfile(
                "A penalty cannot have tiers.",
                where=f"{where}.component",
                do='Use one rate, or set component = "interest".',
            )
        for n, tier in enumerate(self.tiers, 1):
            if getattr(tier.rate, "per", "") == "month" and self.day_count.startswith("actual"):
                raise BadProfile(
                    f'"{rates.text_of(tier.rate)}" is for a month, and {self.day_count} counts days.',
                    where=f"{where}.tiers[{n}].rate",
                    do='Write the rate for a year, such as "18% per year", or count whole_months or 30/360.',
                )
        if self.bracket_refill == "until_current" and len(limits) != 2:
            raise BadProfile(
                '"until_current" needs exactly two tiers.',
                where=f"{where}.bracket_refill",
                do="Use two tiers, or leave bracket_refill out.",
            )

    @property
    def _in_force(self) -> tuple[Tier, ...]:
        """The tiers that are charged: only the last where nothing shares them."""
        return self.tiers if self.bracket != "none" else self.tiers[-1:]

    def terms(self) -> Terms:
        clock, units = _CLOCKS[self.day_count]
        from_late = self.counted_from != "due"
        return Terms(
            clock=clock,
            rates=tuple(tier.rate / units for tier in self._in_force),
            limits=tuple(tier.up_to for tier in self._in_force if tier.up_to is not None),
            afresh=self.bracket == "levy_year",
            latched=self.bracket_refill == "until_current" and self.bracket != "none",
            inclusive=self.ends == "both" and self.day_count != "whole_months",
            from_late=from_late,
            on_penalty=self.base == "tax_and_penalty",
            # Counted from delinquency the base is the first day charged, the day after the one whose number ends a month.
            month_end=not from_late and self.from_month_end == "month_end",
            by_account=self.round_by == "account",
            minimum=self.minimum,
        )

    @property
    def unit(self) -> str:
        return "months" if self.day_count == "whole_months" else f"days {self.day_count}"

    def rate_words(self, tier: int) -> str:
        return f"{percent(self._in_force[tier].rate)} a year"

    def with_bracket(self, bracket: str) -> TieredAnnual:
        return replace(self, bracket=bracket)

    def idle(self) -> tuple[str, ...]:
        counted = self.day_count == "whole_months" and self.counted_from == "due"
        return () if counted else ("from_month_end",)

    def _rates(self) -> str:
        parts, low = [], ""
        for tier in self.tiers:
            if tier.up_to is None:
                parts.append(
                    f"{percent(tier.rate)} a year on the amount above"
                    if low
                    else f"{percent(tier.rate)} a year on everything"
                )
            else:
                low = dollars(tier.up_to)
                parts.append(f"{percent(tier.rate)} a year up to ${low}")
        whose = {
            "parcel": "of the parcel's total delinquency, across all quarters and years",
            "levy_year": "of the delinquency of each levy year separately",
            "none": "with no lower tier, so the last rate applies to everything",
        }[self.bracket]
        tiers = f", {whose}." if len(self.tiers) > 1 else "."
        return f"{self.component.capitalize()}{base_words(self.base)}: {', '.join(parts)}{tiers}"

    def words(self) -> str:
        refill = {
            "open_balance": " A payment makes room in the lower tier again.",
            "until_current": " Once used, the lower tier stays used until nothing is owed.",
        }[self.bracket_refill]
        time = time_words(self.day_count) + (", including the day of payment" if self.ends == "both" else "")
        return (
            f"{self._rates()}{refill if len(self.tiers) > 1 else ''} Time is counted {time}.{charged_words(self.charged_from)}"
            + rounded_words(self.minimum, self.counted_from, self.round_by)
        )

    def plainly(self) -> str:
        return self._rates() + counted_words(self.minimum, self.counted_from)
