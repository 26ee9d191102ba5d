"""Relief for homeowners: who is eligible, how much, and who pays for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from xltax.dates import month_day_words, on_month_day, short_date
from xltax.errors import BadProfile
from xltax.law.params import (
    MONEY,
    MONTH_DAY,
    RATE,
    RATE_A_YEAR,
    TEXT,
    YEARS_EITHER_WAY,
    Many,
    Params,
    choice,
    percent,
    setting,
    whole_between,
)
from xltax.money import Cents, dollars, round_half_up, usd

FACTS = ("owner", "resident", "aged", "disabled", "veteran", "surviving spouse")
"""What an applicant can be; a program names what it needs, with "or" between what does as well."""


@dataclass(frozen=True)
class Applicant:
    """The proven facts of an application: statements, date of birth and money in cents; None if not proven."""

    is_a: frozenset[str]
    born: dt.date | None = None
    married: bool = False
    income: Cents | None = None
    net_worth: Cents | None = None
    received: dt.date | None = None


@dataclass(frozen=True)
class Claim:
    """The amounts that a program's credit is based on, in cents, from the bill and the application."""

    tax: Cents
    income: Cents = 0
    assessment: Cents = 0
    old_assessment: Cents = 0
    married: bool = False


@dataclass(frozen=True)
class Relief(Params):
    """What every program has: its name, its conditions, its deadline, and who pays for it."""

    code: str = setting(TEXT, "the program's name in this book, such as homestead")
    title: str = setting(TEXT, "the program as the public knows it")
    needs: tuple[str, ...] = setting(
        Many(TEXT), 'what the applicant must be, such as "owner" or "aged or disabled"', ("owner", "resident")
    )
    age: int = setting(whole_between(0, 150), "for aged: the lowest age", 0)
    age_on: str = setting(MONTH_DAY, "the day on which the age counts", "12-31")
    age_years: int = setting(YEARS_EITHER_WAY, "its year, counted from the levy year: -1 is the year before", 0)
    income_most: Cents = setting(MONEY, "the highest income allowed; 0.00: no limit", 0)
    income_most_married: Cents = setting(
        MONEY, "the highest income allowed for a couple; 0.00: the same as for one person", 0
    )
    net_worth_most: Cents = setting(MONEY, "the highest net worth allowed, without the home; 0.00: no limit", 0)
    apply_by: str = setting(MONTH_DAY, "the last day to apply", "12-31")
    apply_years: int = setting(YEARS_EITHER_WAY, "its year, counted from the levy year", 0)
    borne_by: str = setting(choice("State", "town"), "who pays for it; State: the State reimburses the town", "State")
    spread: str = setting(
        choice("evenly", "second_half"),
        "which installments of a billed year are reduced, in proportion to their tax",
        "evenly",
    )
    bring: str = setting(TEXT, "what to bring, for the leaflet", "")

    def check(self, where: str) -> None:
        for need in self.needs:
            for fact in need.split(" or "):
                if fact not in FACTS:
                    raise BadProfile(
                        f'"{fact}" is not a fact that an application proves.',
                        where=f"{where}.needs",
                        do=f"Use {', '.join(FACTS)}.",
                    )
        if any("aged" in need.split(" or ") for need in self.needs) and not self.age:
            raise BadProfile(
                'The program needs "aged" and gives no age.', where=f"{where}.age", do="Enter the lowest age."
            )

    def words(self) -> str:
        return f"{self.title}: {self.amount_words()}. {' '.join(self.conditions())} Paid for by the {self.borne_by}."

    def amount_words(self) -> str:
        """The amount, in words."""
        raise NotImplementedError

    def conditions(self) -> list[str]:
        """The conditions and the deadline, one sentence each."""
        years = {-1: "the year before the levy year", 0: "the levy year", 1: "the year after the levy year"}
        out = [f"For an applicant who {_and([self._need(n) for n in self.needs])}."] if self.needs else []
        if self.income_most:
            couple = f" (${dollars(self.income_most_married)} for a couple)" if self.income_most_married else ""
            out.append(f"Income at most ${dollars(self.income_most)}{couple}.")
        if self.net_worth_most:
            out.append(f"Net worth without the home at most ${dollars(self.net_worth_most)}.")
        year = years.get(self.apply_years, f"{self.apply_years:+d} years")
        out.append(f"Apply by {month_day_words(self.apply_by)} of {year}.")
        return out

    def _need(self, need: str) -> str:
        named = {
            "owner": "owns the home",
            "resident": "lives in the home",
            "aged": f"is {self.age} or older",
            "disabled": "is disabled",
            "veteran": "is a veteran",
            "surviving spouse": "is the surviving spouse",
        }
        return " or ".join(named[fact] for fact in need.split(" or "))

    def taken_off(self, claim: Claim) -> Cents:
        """What the program takes off the tax."""
        raise NotImplementedError

    def last_day(self, year: int) -> dt.date:
        """The last day to apply for a levy year."""
        return on_month_day(year + self.apply_years, self.apply_by)

    def refusals(self, who: Applicant, year: int) -> list[str]:
        """Why this applicant is not eligible for a levy year, one sentence each; empty: eligible."""
        is_a, out = set(who.is_a), []
        day = on_month_day(year + self.age_years, self.age_on)
        if who.born:
            birthday = (day.year - who.born.year) - ((day.month, day.day) < (who.born.month, who.born.day))
            is_a |= {"aged"} if self.age and birthday >= self.age else set()
        for need in self.needs:
            either = need.split(" or ")
            if not is_a & set(either):
                on = f" (age on {short_date(day)})" if "aged" in either else ""
                out.append(f"Not shown: {self._need(need)}{on}.")
        most = self.income_most_married if who.married and self.income_most_married else self.income_most
        for name, have, limit in (("income", who.income, most), ("net worth", who.net_worth, self.net_worth_most)):
            if limit and have is None:
                out.append(f"No proof of {name}.")
            elif limit and have is not None and have > limit:
                out.append(f"The {name}, {usd(have)}, is above {usd(limit)}.")
        if who.received and who.received > self.last_day(year):
            out.append(f"Received {who.received}, after the last day to apply, {self.last_day(year)}.")
        return out


def _and(parts: list[str]) -> str:
    return ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]


@dataclass(frozen=True)
class FixedDeduction(Relief):
    """A fixed deduction from the tax, in the amount of the deduction rule it names."""

    method = "deduction"

    deduction: str = setting(TEXT, "the code of the deduction rule that has the amount")

    def amount_words(self) -> str:
        return f"the deduction {self.deduction}"


@dataclass(frozen=True)
class Step(Params):
    """One step of income."""

    share: Fraction = setting(RATE, "the share of the income on this step")
    up_to: Cents | None = setting(MONEY, "where the step ends; leave out on the last step", None)


@dataclass(frozen=True)
class IncomeLimit(Relief):
    """A credit for the tax above a limit that rises with income."""

    method = "income_limit"

    steps: tuple[Step, ...] = setting(Many(Step), "the steps of income, lowest first")
    assessment_most: Cents = setting(MONEY, "only the tax on this much of the assessment counts; 0.00: all of it", 0)

    def check(self, where: str) -> None:
        super().check(where)
        _ascending([s.up_to for s in self.steps], where)

    def amount_words(self) -> str:
        steps, low = [], 0
        for step in self.steps:
            if step.up_to is None:
                steps.append(f"{percent(step.share)} of {'the rest' if low else 'the income'}")
            else:
                steps.append(f"{percent(step.share)} of the {'next' if low else 'first'} ${dollars(step.up_to - low)}")
            low = step.up_to or low
        limit = f", counting the tax on at most ${dollars(self.assessment_most)}" if self.assessment_most else ""
        return f"the tax above a limit by income: {_and(steps)}{limit}"

    def taken_off(self, claim: Claim) -> Cents:
        return self.credit(claim.tax, claim.income, claim.assessment)

    def limit(self, income: Cents) -> Cents:
        """The highest tax for this income."""
        total, low = Fraction(0), 0
        for step in self.steps:
            high = income if step.up_to is None else min(income, step.up_to)
            total += max(0, high - low) * step.share
            low = step.up_to or low
        return round_half_up(total)

    def credit(self, tax: Cents, income: Cents, assessment: Cents = 0) -> Cents:
        """The credit on a tax; assessment 0: the whole tax counts."""
        counted = tax
        if self.assessment_most and assessment > self.assessment_most:
            counted = round_half_up(Fraction(tax * self.assessment_most, assessment))
        return max(0, counted - self.limit(income))


@dataclass(frozen=True)
class IncreaseCap(Relief):
    """A credit for the tax on an assessment increase above a cap."""

    method = "increase_cap"

    cap: Fraction = setting(RATE_A_YEAR, "the most the assessment may rise in a year")

    def amount_words(self) -> str:
        return f"the tax on any assessment increase above {percent(self.cap)} in a year"

    def taken_off(self, claim: Claim) -> Cents:
        return self.credit(claim.tax, claim.assessment, claim.old_assessment)

    def excess(self, assessment: Cents, old: Cents) -> Fraction:
        """The part of the assessment that is not taxed, in cents, exactly."""
        return max(Fraction(0), assessment - old * (1 + self.cap))

    def credit(self, tax: Cents, assessment: Cents, old: Cents) -> Cents:
        """The credit: the excess' share of the tax on the whole assessment."""
        return round_half_up(tax * self.excess(assessment, old) / assessment) if assessment else 0


@dataclass(frozen=True)
class Band(Params):
    """One bracket of income."""

    up_to: Cents = setting(MONEY, "the bracket's highest income")
    share: Fraction = setting(RATE, "the share of the tax that is credited")
    most: Cents = setting(MONEY, "the highest credit")
    least: Cents = setting(MONEY, "the lowest credit")


@dataclass(frozen=True)
class IncomeShare(Relief):
    """A credit for a share of the tax, by income bracket, with a minimum and a maximum."""

    method = "income_share"

    bands: tuple[Band, ...] = setting(Many(Band), "the brackets, lowest first")
    married: tuple[Band, ...] = setting(Many(Band), "the brackets for a couple; empty: the same", ())

    def check(self, where: str) -> None:
        super().check(where)
        for bands in (self.bands, self.married):
            _ascending([b.up_to for b in bands], where)

    def amount_words(self) -> str:
        def said(bands: tuple[Band, ...]) -> str:
            return ", ".join(
                f"{percent(b.share)} (${dollars(b.least)} to ${dollars(b.most)}) up to ${dollars(b.up_to)}"
                for b in bands
            )

        couple = f"; for a couple {said(self.married)}" if self.married else ""
        return f"a share of the tax by income: {said(self.bands)}{couple}"

    def taken_off(self, claim: Claim) -> Cents:
        return self.credit(claim.tax, claim.income, claim.married)

    def credit(self, tax: Cents, income: Cents, married: bool = False) -> Cents:
        """The credit on a tax: nothing above the last bracket, never more than the tax."""
        for band in self.married if married and self.married else self.bands:
            if income <= band.up_to:
                return min(tax, max(band.least, min(band.most, round_half_up(tax * band.share))))
        return 0


def _ascending(ends: list[Cents | None], where: str) -> None:
    closed = [e for e in ends if e is not None]
    if closed != sorted(set(closed)) or None in ends[:-1]:
        raise BadProfile(
            "The steps are not in rising order.", where=where, do="List up_to from the lowest to the highest."
        )


RELIEF_METHODS: dict[str, type[Params]] = {k.method: k for k in (FixedDeduction, IncomeLimit, IncreaseCap, IncomeShare)}
