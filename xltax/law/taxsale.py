"""What an owner pays to redeem a property from a tax sale."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from xltax.errors import BadProfile
from xltax.law.calendar import time_words
from xltax.law.params import MONEY, RATE, RATE_A_YEAR, WHOLE, Many, Params, choice, percent, setting
from xltax.money import Cents, dollars, round_half_up


@dataclass(frozen=True)
class PenaltyStep(Params):
    """One step of the redemption penalty."""

    above: Cents = setting(MONEY, "for certificates above this amount")
    rate: Fraction = setting(RATE, "the penalty, as a share of the whole certificate")


@dataclass(frozen=True)
class Redemption(Params):
    """What the owner pays to redeem a tax-sale certificate, and what happens to the premium."""

    method = "certificate"

    day_count: str = setting(
        choice("30/360", "actual/365", "actual/360", "whole_months"), "how time at the bid rate is counted"
    )
    ends: str = setting(choice("one", "both"), "whether the last day is counted too", "one")
    steps: tuple[PenaltyStep, ...] = setting(Many(PenaltyStep), "the penalty's steps, lowest first")
    at_step: str = setting(
        choice("above", "or_more"), "whether a certificate of exactly the step's amount reaches it", "above"
    )
    bare_days: int = setting(
        WHOLE, "for this many days, counting the day of sale, only the certificate and its interest are due", 0
    )
    rate_most: Fraction = setting(RATE_A_YEAR, "the highest rate that can be bid; 0%: no limit", Fraction(0))
    search_most: Cents = setting(MONEY, "the most a holder can recover for a search", 0)
    subsequents: str = setting(
        choice("top_rate", "fresh_tiers"),
        "the interest on subsequent taxes: the municipality's top rate, or its tiers from the start",
        "top_rate",
    )
    premium_years: int = setting(
        WHOLE, "years after which the municipality keeps the premium; 0: the premium is always returned", 0
    )

    def check(self, where: str) -> None:
        amounts = [s.above for s in self.steps]
        if amounts != sorted(set(amounts)):
            raise BadProfile("The steps are not in rising order.", where=f"{where}.steps", do="List them lowest first.")

    def penalty_rate(self, certificate: Cents) -> Fraction:
        """The rate of the highest step that the certificate reaches; zero below the first step."""
        strict = self.at_step == "above"
        reached = [s for s in self.steps if certificate > s.above or (certificate == s.above and not strict)]
        return reached[-1].rate if reached else Fraction(0)

    def penalty(self, certificate: Cents) -> Cents:
        """The penalty on the whole certificate."""
        return round_half_up(self.penalty_rate(certificate) * certificate)

    def words(self) -> str:
        over = "above" if self.at_step == "above" else "of at least"
        steps = ", ".join(f"{percent(s.rate)} of one {over} ${dollars(s.above)}" for s in self.steps)
        both = ", including the day of redemption" if self.ends == "both" else ""
        most = f" of {percent(self.rate_most)} at most" if self.rate_most else ""
        text = (
            f"Redemption: the certificate with interest at the rate bid{most}, with time counted {time_words(self.day_count)}{both}, "
            f"and a penalty on the whole certificate of {steps or 'nothing'}; the recording fee paid, "
            f"and a search of up to ${dollars(self.search_most)}."
        )
        top = "at the top rate" if self.subsequents == "top_rate" else "by tiers of their own"
        text += f" Subsequent taxes bear the municipality's interest {top}."
        if self.bare_days:
            text += f" Within {self.bare_days} days of the sale only the certificate and its interest are due."
        if self.premium_years:
            text += f" The premium goes back to the holder if redeemed within {self.premium_years} years."
        return text
