"""What an owner pays to redeem a property from a tax sale."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from xltax.dates import end_of_months
from xltax.errors import BadProfile
from xltax.law.calendar import time_words
from xltax.law.interest import PerMonthOrPart, Tier, TieredAnnual
from xltax.law.params import DAYS, MONEY, MONTHS, RATE, RATE_A_YEAR, YEARS, Many, Params, choice, percent, setting
from xltax.money import Cents, dollars, round_half_up


@dataclass(frozen=True)
class PenaltyStep(Params):
    """One step of the redemption penalty."""

    above: Cents = setting(MONEY, "for certificates above this amount")
    rate: Fraction = setting(RATE, "the penalty, as a share of the whole certificate")


@dataclass(frozen=True)
class HeldStep(Params):
    """One step of a redemption penalty by the time since the sale."""

    up_to: int = setting(MONTHS, "for a redemption within this many months of the sale")
    rate: Fraction = setting(RATE, "the penalty in all, as a share of the whole certificate")


_MONTHS = {"months_or_part": "anniversary", "touched_months": "touched"}
"""How a redemption that counts months counts them, in the words of the interest by the month."""


@dataclass(frozen=True)
class Redemption(Params):
    """What the owner pays to redeem a tax-sale certificate, and what happens to the premium."""

    method = "certificate"

    day_count: str = setting(
        choice("30/360", "actual/365", "actual/360", "whole_months", *_MONTHS),
        "how time at the bid rate is counted; months_or_part: each month from the day of the sale, a part as a whole month; touched_months: each calendar month touched, that of the sale included",
    )
    ends: str = setting(choice("one", "both"), "whether the last day is counted too", "one")
    rate: Fraction = setting(RATE_A_YEAR, "the rate that the law sets; 0%: the rate bid at the sale", Fraction(0))
    version: str = setting(
        choice("redemption", "sale"),
        "which version of the law decides: the one in force on the day of redemption, or on the day of the sale",
        "redemption",
    )
    interest_on: str = setting(
        choice("certificate", "certificate_and_penalty"), "what bears the interest", "certificate"
    )
    interest_least: Cents = setting(
        MONEY, "the least interest on a certificate or a subsequent tax, once there is some", 0
    )
    round_to: str = setting(
        choice("cent", "dollar"), "whether the interest is rounded to the cent or to the dollar", "cent"
    )
    steps: tuple[PenaltyStep, ...] = setting(Many(PenaltyStep), "the penalty's steps by amount, lowest first", ())
    penalty_by_months: tuple[HeldStep, ...] = setting(
        Many(HeldStep), "the penalty's steps by the time since the sale, earliest first; instead of steps by amount", ()
    )
    then: Fraction = setting(
        RATE, "for penalty_by_months: what each further time adds, a part as a whole; 0%: nothing", Fraction(0)
    )
    then_months: int = setting(MONTHS, "for then: the months in one such time: 1, or 12 for a year", 1)
    at_step: str = setting(
        choice("above", "or_more"), "whether a certificate of exactly the step's amount reaches it", "above"
    )
    bare_days: int = setting(
        DAYS, "for this many days, counting the day of sale, only the certificate and its interest are due", 0
    )
    rate_most: Fraction = setting(RATE_A_YEAR, "the highest rate that can be bid; 0%: no limit", Fraction(0))
    search_most: Cents = setting(MONEY, "the most a holder can recover for a search", 0)
    subsequents: str = setting(
        choice("top_rate", "fresh_tiers", "as_certificate"),
        "the interest on subsequent taxes: the municipality's top rate, its tiers from the start, or the same as on the certificate",
        "top_rate",
    )
    premium_years: int = setting(
        YEARS, "years after which the municipality keeps the premium; 0: the premium is always returned", 0
    )

    def check(self, where: str) -> None:
        amounts = [s.above for s in self.steps]
        if amounts != sorted(set(amounts)):
            raise BadProfile("The steps are not in rising order.", where=f"{where}.steps", do="List them lowest first.")
        months = [s.up_to for s in self.penalty_by_months]
        if months != sorted(set(months)) or (months and months[0] < 1):
            raise BadProfile(
                "The months are not in rising order.",
                where=f"{where}.penalty_by_months",
                do="List the steps earliest first, with 1 month or more.",
            )
        if self.steps and self.penalty_by_months:
            raise BadProfile(
                "A penalty has steps by amount or by months, not both.",
                where=f"{where}.steps",
                do="Remove one of them.",
            )
        if self.then and not self.penalty_by_months:
            raise BadProfile(
                "then needs the steps it goes on from.",
                where=f"{where}.then",
                do="Add penalty_by_months, or remove then.",
            )
        if self.then_months < 1:
            raise BadProfile("then_months is below 1.", where=f"{where}.then_months", do="Enter 1, or 12 for a year.")
        if self.day_count in _MONTHS and self.ends != "one":
            raise BadProfile(
                f'ends does nothing if day_count = "{self.day_count}".', where=f"{where}.ends", do="Remove ends."
            )

    # ---- the penalty ---------------------------------------------------------------------------------------------

    def penalty_rate(self, certificate: Cents, sold: dt.date, on: dt.date) -> Fraction:
        """The rate of the penalty: by the amount of the certificate, or by the time since the sale; zero below the first step."""
        if self.penalty_by_months:
            return self._held_rate(sold, on)
        strict = self.at_step == "above"
        reached = [s for s in self.steps if certificate > s.above or (certificate == s.above and not strict)]
        return reached[-1].rate if reached else Fraction(0)

    def _held_rate(self, sold: dt.date, on: dt.date) -> Fraction:
        for step in self.penalty_by_months:
            if on <= end_of_months(sold, step.up_to, keep_month_end=True):
                return step.rate
        last = self.penalty_by_months[-1]
        times = 1
        while on > end_of_months(sold, last.up_to + times * self.then_months, keep_month_end=True):
            times += 1
        return last.rate + times * self.then

    def penalty(self, certificate: Cents, sold: dt.date, on: dt.date) -> Cents:
        """The penalty on the whole certificate on a day."""
        return round_half_up(self.penalty_rate(certificate, sold, on) * certificate)

    # ---- the interest --------------------------------------------------------------------------------------------

    def interest(self, bid: Fraction) -> TieredAnnual | PerMonthOrPart:
        """The interest of a certificate: at the rate of the law or the rate bid, with time counted as here."""
        rate = self.rate or bid
        if self.day_count in _MONTHS:
            return PerMonthOrPart(rate=rate / 12, months=_MONTHS[self.day_count])
        return TieredAnnual(tiers=(Tier(rate=rate),), day_count=self.day_count, ends=self.ends)

    def rounded(self, interest: Cents) -> Cents:
        """The interest as it is owed: to the dollar where the law says so, and at least the least interest."""
        owed = 100 * round_half_up(Fraction(interest, 100)) if self.round_to == "dollar" else interest
        return max(owed, self.interest_least) if interest else 0

    def words(self) -> str:
        both = ", including the day of redemption" if self.ends == "both" else ""
        most = f" of {percent(self.rate_most)} at most" if self.rate_most else ""
        rate = f"{percent(self.rate)} a year" if self.rate else f"the rate bid{most}"
        text = (
            f"Redemption: the certificate with interest at {rate}, with time counted {self._time_words()}{both}, "
            f"and a penalty on the whole certificate of {self._penalty_words()}; the recording fee paid, "
            f"and a search of up to ${dollars(self.search_most)}."
        )
        if self.version == "sale":
            text += " The law of the day of the sale decides."
        if self.interest_on == "certificate_and_penalty":
            text += " The penalty bears interest too."
        if self.round_to == "dollar":
            text += " The interest is rounded to the dollar."
        if self.interest_least:
            text += f" The interest is at least ${dollars(self.interest_least)}."
        text += {
            "top_rate": " Subsequent taxes bear the municipality's interest at the top rate.",
            "fresh_tiers": " Subsequent taxes bear the municipality's interest by tiers of their own.",
            "as_certificate": " Subsequent taxes bear the same interest as the certificate.",
        }[self.subsequents]
        if self.bare_days:
            text += f" Within {self.bare_days} days of the sale only the certificate and its interest are due."
        if self.premium_years:
            text += f" The premium goes back to the holder if redeemed within {self.premium_years} years."
        return text

    def _time_words(self) -> str:
        return {
            "months_or_part": "in months from the day of the sale, a part as a whole month",
            "touched_months": "in calendar months, each one touched as a whole month",
        }.get(self.day_count) or time_words(self.day_count)

    def _penalty_words(self) -> str:
        if self.penalty_by_months:
            steps = [f"{percent(s.rate)} within {_months(s.up_to)} of the sale" for s in self.penalty_by_months]
            each = _months(self.then_months).removeprefix("1 ")
            more = f", then {percent(self.then)} more for each further {each} or part" if self.then else ""
            return ", ".join(steps) + more
        over = "above" if self.at_step == "above" else "of at least"
        steps = [f"{percent(s.rate)} of one {over} ${dollars(s.above)}" for s in self.steps]
        return ", ".join(steps) or "nothing"


def _months(count: int) -> str:
    return f"{count} month{'' if count == 1 else 's'}"
