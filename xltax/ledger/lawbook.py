"""A town's rules as the numbers the replay kernel works with."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from xltax.dates import ClosedDays
from xltax.errors import BadProfile
from xltax.law.allocation import Acceleration, Allocation
from xltax.law.calendar import EarlyPayment, Grace
from xltax.law.discounts import Discount
from xltax.law.interest import Flat, Interest, OnePayment, YearEnd
from xltax.law.interest.days import DAY, Days
from xltax.law.interest.terms import DAYS_30_360, DAYS_ACTUAL, MARKS, ONCE, PERIODS, Terms
from xltax.law.profile import ALWAYS, ANY_TAX, NEVER, OneTax, Profile, Rule
from xltax.ledger import kernel_types as r
from xltax.money import Cents

COMPONENTS = ("interest", "penalty")
LARGEST_CHARGE = 100_000_000_00
"""The largest installment in cents for which no whole number overflows 64 bits; checked again for each town's rates."""

_DAYS, _MONTHS = 36_600, 1_200
"""The most days and months that are counted: those of a century."""
_PLAIN = (
    "clock", "inclusive", "from_late", "on_penalty", "period", "most", "part", "monthly", "beside", "latched", "after", "month_end",
    "minimum", "up_to_tax", "to_dollar",
)  # fmt: skip
"""The fields of a version that a rule's terms give, in the order of the kernel's record."""
_STEP_OF = {"any": 0, "secured": 1, "unsecured": 2}
_PAY = {"costs": r.COSTS, "interest": r.INTEREST, "penalty": r.PENALTY, "tax": r.TAX}
_ACCELERATES = {"any_installment": 1, "first_installment": 2}
_ACCELERATED_FROM = ("missed", "first", "own")
_FULL = {"any_payment": 0, "full_installment": r.FULL_INSTALLMENT, "full_bill": r.FULL_BILL}
_NOTHING: Rule[Interest] = Rule("interest", Flat(rate=Fraction(0), component="interest"))


class Segment(NamedTuple):
    """From when to when a rule is in force, its number, the day time is counted from, and the stretch of its marks."""

    start: int
    end: int
    number: int
    base: int = 0
    mark_low: int = 0
    mark_high: int = 0
    waits: int = 0


class Dated(NamedTuple):
    """One tax, as the law asks about it: its type and part, its due date, levy year and mailing day, and the days of its bill."""

    levy_type: str
    part: str
    due: dt.date
    year: int
    mailed: dt.date | None = None
    since: dt.date | None = None  # if interest starts later
    first_due: dt.date | None = None  # of its bill; None: its own
    last_due: dt.date | None = None
    last_mailed: dt.date | None = None
    tax: OneTax = ANY_TAX


class Kind(NamedTuple):
    """What the layout of a charge needs: its last free day, its shared tiers, and whether its discount needs the whole bill."""

    last_free: dt.date
    mode: int
    whole_bill: bool


@dataclass
class LawBook:
    """The rules of one town, numbered in the order of first use."""

    profile: Profile
    closed: ClosedDays
    rules: list[Rule[Interest]] = field(default_factory=list)
    terms: list[Terms] = field(init=False)  # of each rule
    penalties: list[tuple[Rule[YearEnd], dt.date]] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    marks: list[tuple[int, Fraction]] = field(default_factory=list)
    discounts: list[tuple[int, int, int, int]] = field(default_factory=list)
    kinds: list[tuple[int, ...]] = field(default_factory=list)
    eras: list[tuple[int, Allocation]] = field(default_factory=list)
    _beside: dict[int, Fraction] = field(default_factory=dict)
    _timelines: dict[tuple[Any, ...], tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.terms = [rule.params.terms() for rule in self.rules]

    # ---- interest over time --------------------------------------------------------------------------------------

    def timeline(self, component: str, one: Dated, days: Days, until: dt.date) -> tuple[int, int]:
        """The versions of a charge's rule over time, as a stretch of `segments`; equal ends mean it has none.

        Marks are laid out up to a day.
        """
        every = self.profile.select(Interest, one.levy_type, one.part, tax=one.tax)
        fixed = any(x.governs != "accrual" for x in every)
        own_days = any(x.params.has_own_days for x in every)
        key = (
            component,
            one.levy_type,
            one.part,
            one.tax,
            (one.due, one.year) if fixed else None,
            days if own_days else None,
        )
        if key not in self._timelines:
            low = len(self.segments)
            for start, end, number in self._versions(component, one):
                rule = self.rules[number].params
                base, waits, first = rule.begins(days), rule.waits(days), len(self.marks)
                self.marks += [(day.toordinal(), total) for day, total in rule.marks(days, until)]
                ordinals = (day.toordinal() if day else 0 for day in (base, waits))
                self.segments.append(
                    Segment(start, end, number, next(ordinals), first, len(self.marks), next(ordinals))
                )
            self._timelines[key] = (low, len(self.segments))
        return self._timelines[key]

    @property
    def has_own_days(self) -> bool:
        """Whether any tax of the town has days of its own for each installment, such as those of a schedule."""
        return bool(self.profile.all(OnePayment)) or any(x.params.has_own_days for x in self.profile.all(Interest))

    @property
    def accelerates(self) -> bool:
        """Whether a missed installment can make the rest of its bill due."""
        return bool(self.profile.all(Acceleration))

    @cached_property
    def limits(self) -> list[Cents]:
        """The amounts of tax above which a rule covers a bill, from the lowest."""
        return sorted({x.only.tax_above for x in self.profile.rules if x.only.tax_above})

    @cached_property
    def asks_class(self) -> bool:
        """Whether a rule covers some property classes only."""
        return any(x.only.classes or x.only.except_classes for x in self.profile.rules)

    @cached_property
    def asks_earlier(self) -> bool:
        """Whether a rule asks if an earlier installment is still open."""
        return any(x.only.earlier for x in self.profile.rules)

    def _versions(self, component: str, one: Dated) -> list[tuple[int, int, int]]:
        every = self.profile.select(Interest, one.levy_type, one.part, tax=one.tax)
        own = [x for x in every if x.sort == component]
        if component == "penalty" and not own:
            return []
        cuts = sorted({ALWAYS, NEVER, *(x.start for x in every), *(x.end for x in every)})
        versions: list[tuple[int, int, int]] = []
        for start, end in pairwise(cuts):

            def rules_on(rules: Iterable[Rule[Interest]], start: dt.date = start) -> list[Rule[Interest]]:
                picks = {"accrual": start, "due": one.due, "levy_year": dt.date(one.year, 1, 1)}
                return [x for x in rules if x.covers(picks[x.governs])]

            mine = rules_on(own)
            if mine:
                number = self._number(mine[0], rules_on(every))
            elif component == "penalty" or (rules_on(every) and not any(x.end <= start for x in own)):
                # The law is encoded for this time; this column bears nothing under it. Rates of interest that have ended are
                # no law for the time after: a law that stops interest says so with a rate of 0.
                number = self._number(_NOTHING, [])
            else:
                continue
            if versions and versions[-1][2] == number and versions[-1][1] == start.toordinal():
                versions[-1] = (versions[-1][0], end.toordinal(), number)
            else:
                versions.append((start.toordinal(), end.toordinal(), number))
        return versions

    def _number(self, rule: Rule[Interest], together: list[Rule[Interest]]) -> int:
        if rule not in self.rules:
            self.rules.append(rule)
            self.terms.append(rule.params.terms())
            if beside := self.terms[-1].beside:
                partner = next((x for x in together if x.sort == beside), None)
                rate = partner.params.monthly_rate() if partner else None
                if rate is None:
                    raise BadProfile(
                        f"This rule is rounded together with the {beside}, but no {beside} rule has a monthly rate.",
                        where=rule.source or self.profile.id,
                        do=f"Add a per_month_or_part rule for the {beside}, or remove rounded_with.",
                    )
                self._beside[len(self.rules) - 1] = rate
        return self.rules.index(rule)

    def bracket(self, low: int, high: int, since: int, until: int) -> int:
        """What shares a set of tiers under the versions in force between two days: the parcel, its levy year, or nothing."""
        for version in self.segments[low:high]:
            terms = self.terms[version.number]
            if version.start <= until and version.end > since and terms.limits:
                return r.BY_YEAR if terms.afresh else r.BY_PARCEL
        return r.UNTIERED

    # ---- days ----------------------------------------------------------------------------------------------------

    def grace(self, one: Dated, due: dt.date, mailed: dt.date | None) -> tuple[dt.date, dt.date, dt.date]:
        """The day a due date counts from for interest, its nominal last free day, and the one after closed days and late mailing."""
        rule = self.profile.rule(Grace, due, one.levy_type, one.part, tax=one.tax)
        params = rule.params
        counts = params.interest_due(due, self.closed, mailed)
        nominal = params.nominal(due, rule.source) if counts == due else counts
        return counts, nominal, params.last_free_day(due, self.closed, mailed, rule.source)

    def days(self, one: Dated, counts: dt.date, nominal: dt.date, last_free: dt.date) -> Days:
        """The days that interest on a tax can be counted from: the first installment's as if there had been no grace."""
        first = self.grace(one, one.first_due, None)[1] if one.first_due else nominal
        last = self.grace(one, one.last_due, one.last_mailed)[2] if one.last_due else last_free
        return Days(counts, last_free, first + DAY, last + DAY, one.since, self.closed)

    def discount(self, one: Dated, days: Days) -> list[EarlyPayment]:
        """The discounts of this installment by their last days: by a discount rule, otherwise by a discount of the interest."""
        rule = self.profile.find(Discount, one.due, one.levy_type, one.part, tax=one.tax)
        found = rule.params.early_payments(one.due, days.last_free, self.closed, one.mailed) if rule else []
        # Nobody knows yet whether an earlier installment will be open: only a rule for both cases gives a discount.
        tax = one.tax._replace(prior=None)
        for component in COMPONENTS if not found else ():
            banded = self.profile.find(Interest, one.due, one.levy_type, one.part, component, tax)
            if banded and (early := banded.params.early_payment(days)):
                return [early]
        return found

    # ---- charges -------------------------------------------------------------------------------------------------

    def kind(self, one: Dated, as_of: dt.date) -> Kind:
        """The law for charges of this type, part, due date, year and mailing day."""
        due = one.due.toordinal()
        counts, nominal, last = self.grace(one, one.due, one.mailed)
        days, until = self.days(one, counts, nominal, last), as_of + DAY
        interest, penalty = (self.timeline(c, one, days, until) for c in COMPONENTS)
        prior = interest, penalty
        if self.asks_earlier:
            open_before = one._replace(tax=one.tax._replace(prior=True))
            prior = (
                self.timeline("interest", open_before, days, until),
                self.timeline("penalty", open_before, days, until),
            )
        early = self.discount(one, days)
        last_early = early[-1] if early else EarlyPayment(one.due, Fraction(0), "any_payment", False)
        steps = len(self.discounts)
        if len(early) > 1 or last_early.first:
            self.discounts += [(e.last_day.toordinal(), *e.rate.as_integer_ratio(), 0) for e in early]
        if last_early.first:
            last_day = last_early.last_day.toordinal()
            self.discounts.append((last_day, *last_early.first_rate.as_integer_ratio(), last_early.first))
        row: tuple[int, ...] = (
            due,
            counts.toordinal(),
            last.toordinal() + 1,
            nominal.toordinal() + 1,
            one.year,
            *interest,
            *penalty,
            *prior[0],
            *prior[1],
        )
        row += self._acceleration(one, (*self.segments[slice(*interest)], *self.segments[slice(*penalty)]))
        row += (last_early.last_day.toordinal(), last_early.rate.numerator, last_early.rate.denominator)
        row += (_FULL[last_early.on], int(last_early.in_parts), steps, len(self.discounts))
        row += self._one_payment(one, (*self.segments[slice(*interest)], *self.segments[slice(*prior[0])]), until)
        self.kinds.append(row)
        bracket = self.bracket(*interest, due, as_of.toordinal())
        whole_bill = bool(last_early.rate) and last_early.on == "full_bill"
        return Kind(last, bracket, whole_bill or row[-1] > row[-2])

    def _one_payment(self, one: Dated, versions: Sequence[Segment], until: dt.date) -> tuple[int, int]:
        """What the whole bill in one payment bears, as a stretch of `marks`; a first mark of nothing says that there is the choice."""
        rule = self.profile.find(OnePayment, one.due, one.levy_type, one.part, tax=one.tax)
        if rule is None:
            return 0, 0
        if any(self.terms[v.number].limits or self.terms[v.number].by_account for v in versions):
            raise BadProfile(
                "The whole bill can be paid at once, and the interest has tiers or is rounded by account.",
                where=rule.source or self.profile.id,
                do="Use one rate, rounded for each installment, or remove the one_payment rule.",
            )
        due = one.first_due or one.due
        days = Days(due, due, due + DAY, due + DAY, one.since, self.closed)
        low = len(self.marks)
        self.marks.append((0, Fraction(0)))
        self.marks += [(day.toordinal(), total) for day, total in rule.params.marks(days, until)]
        return low, len(self.marks)

    def _acceleration(self, one: Dated, versions: Sequence[Segment]) -> tuple[int, ...]:
        """What missing this installment does to the rest of its bill."""
        rule = self.profile.find(Acceleration, one.due, one.levy_type, one.part, tax=one.tax)
        if rule is None:
            return 0, 0, 0
        if any(self.terms[v.number].limits or self.terms[v.number].by_account for v in versions):
            raise BadProfile(
                "A missed installment makes the rest of the bill due, and the interest has tiers or is rounded by account.",
                where=rule.source or self.profile.id,
                do="Use one rate, rounded for each installment, or remove the acceleration rule.",
            )
        p = rule.params
        return (
            _ACCELERATES[p.missed],
            _ACCELERATED_FROM.index(p.interest_from),
            int(p.reinstated == "when_arrears_paid"),
        )

    # ---- payments and year ends ----------------------------------------------------------------------------------

    def policy(self, on: dt.date) -> Allocation:
        """The allocation rule in force on a day."""
        params = self.profile.rule(Allocation, on).params
        return params

    def lay_out_policies(self, days: Any) -> None:
        """Finds the allocation rules in force on any of these days, and their periods."""
        every = self.profile.select(Allocation)
        cuts = sorted({ALWAYS.toordinal(), *(x.start.toordinal() for x in every), *(x.end.toordinal() for x in every)})
        eras, first = np.unique(np.searchsorted(cuts, days, side="right"), return_index=True)
        self.eras = [
            (cuts[era - 1], self.policy(dt.date.fromordinal(int(days[at]))))
            for era, at in zip(eras, first, strict=True)
        ]

    def lay_out_year_ends(self, first: int, last: int) -> None:
        """Numbers the penalties charged at the close of each December 31 from one year to another."""
        for year in range(first, last + 1):
            day = dt.date(year, 12, 31)
            rule = self.profile.find(YearEnd, day)
            if rule is not None and rule.params.rate:
                self.penalties.append((rule, day))

    # ---- as numbers ----------------------------------------------------------------------------------------------

    def law(self) -> r.Law:
        """The whole law as plain numbers, with the rates as whole numbers over one common scale."""
        beside = [self._beside.get(n, Fraction(0)) for n in range(len(self.rules))]
        rates = [*(rate for terms in self.terms for rate in terms.rates), *beside]
        rates += [rate for rule in self.profile.all(OnePayment) for rate in rule.params.rates()]
        self._check_on_penalty()
        scale = math.lcm(1, *(rate.denominator for rate in rates))
        for rule, terms in zip(self.rules, self.terms, strict=True):
            # A century at the largest amount has to fit 64 bits with room for sums.
            if max(abs(int(rate * scale)) for rate in _at_most(terms)) * _longest(terms) * LARGEST_CHARGE >= 1 << 62:
                raise BadProfile(
                    "A rate has too many decimals to store exactly.",
                    where=rule.source or self.profile.id,
                    do='Write the rate as a fraction, such as "4/3% per month", or with fewer decimals.',
                )
        by_account = {
            terms.by_account for rule, terms in zip(self.rules, self.terms, strict=True) if rule is not _NOTHING
        }
        if len(by_account) > 1:
            raise BadProfile(
                'Some interest rules have round_by = "account" and others do not.',
                where=self.profile.id,
                do='Use round_by = "account" in all interest rules of the town, or in none.',
            )
        steps: list[tuple[Any, ...]] = []
        eras: list[tuple[int, ...]] = []
        for start, p in self.eras:
            low = len(steps)
            steps += [
                (_STEP_OF[s.of], int(s.split == "proportional"), ([_PAY[c] for c in s.pay] + [-1] * 4)[:4])
                for s in p.order
            ]
            settings = (p.leftover == "next_installment", p.credit_applies == "at_once", p.litigation == "skip")
            eras.append((start, low, len(steps), *map(int, settings)))
        return r.Law(
            versions=r.table(
                (self._version(s, self.terms[s.number], beside[s.number], scale) for s in self.segments), r.VERSION
            ),
            marks=r.table(((day, int(total * scale)) for day, total in self.marks), r.MARK),
            kinds=r.table(self.kinds, r.KIND),
            discounts=r.table(self.discounts, r.DISCOUNT),
            eras=r.table(eras, r.ERA),
            steps=r.table(steps, r.STEP),
            ends=r.table((self._penalty(x, d) for x, d in self.penalties), r.END),
            scale=scale,
            by_account=int(True in by_account),
            accelerates=int(self.accelerates),
            asks_prior=int(self.asks_earlier),
            on_penalty=int(any(terms.on_penalty for terms in self.terms)),
        )

    @staticmethod
    def _version(segment: Segment, terms: Terms, beside: Fraction, scale: int) -> tuple[Any, ...]:
        """A rule in force for a time as the kernel's record."""
        plain = {name: getattr(terms, name) for name in _PLAIN}
        plain |= {"most": r.NO_LIMIT if terms.most is None else terms.most, "beside": beside * scale}
        # A schedule has its totals in its marks.
        rates = (Fraction(1),) if terms.clock == MARKS else terms.rates
        return (
            *segment,
            *(int(plain[name]) for name in _PLAIN),
            len(rates),
            [*terms.limits] + [r.NO_LIMIT] * (r.TIERS - len(terms.limits)),
            [int(rate * scale) for rate in rates] + [0] * (r.TIERS - len(rates)),
        )

    def _check_on_penalty(self) -> None:
        """Interest on the penalty needs a penalty that grows on single days, and cents that are rounded for each installment."""
        if not any(terms.on_penalty for terms in self.terms):
            return
        for rule, terms in zip(self.rules, self.terms, strict=True):
            if terms.by_account or (rule.sort == "penalty" and terms.clock not in (ONCE, MARKS)):
                raise BadProfile(
                    "Interest is charged on the penalty, and this rule does not grow on single days or is rounded by account.",
                    where=rule.source or self.profile.id,
                    do='Use flat or schedule for the penalty and round_by = "installment", or remove base.',
                )

    @staticmethod
    def _penalty(rule: Rule[YearEnd], day: dt.date) -> tuple[int, ...]:
        p = rule.params
        base = ("this_year", "whole", "excess").index(p.base)
        with_interest = int(p.tested_on == "tax_and_interest")
        return day.toordinal(), p.rate.numerator, p.rate.denominator, p.threshold, base, with_interest, day.year


def _at_most(terms: Terms) -> list[Fraction]:
    """The rates of a rule; for a schedule, ten times its tax: more than any total that is believed."""
    return [Fraction(10)] if terms.clock == MARKS else list(terms.rates)


def _longest(terms: Terms) -> int:
    """The most units of time a rule can count in a century."""
    if terms.clock in (MARKS, ONCE):
        return 1
    if terms.clock in (DAYS_30_360, DAYS_ACTUAL):
        return _DAYS
    if terms.clock == PERIODS:
        periods = _DAYS // terms.period + 1
        return periods if terms.most is None else min(periods, terms.most)
    return _MONTHS


def too_exact(profile: Profile) -> list[str]:
    """The interest rules whose rates have too many decimals to store exactly, in words. The first figure would be refused."""
    said = []
    for rule in profile.all(Interest):
        try:
            LawBook(profile, ClosedDays(), rules=[rule]).law()
        except BadProfile as error:
            said.append(str(error))
    return said
