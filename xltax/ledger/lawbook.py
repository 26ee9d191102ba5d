"""A town's rules as the numbers the replay kernel works with."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from xltax.dates import ClosedDays
from xltax.errors import BadProfile
from xltax.law.allocation import Allocation
from xltax.law.calendar import Discount, EarlyPayment, Grace
from xltax.law.interest import Flat, Interest, YearEnd
from xltax.law.interest.terms import BANDS, DAYS_30_360, DAYS_ACTUAL, ONCE, PERIODS, Terms
from xltax.law.profile import ALWAYS, NEVER, Profile, Rule
from xltax.ledger import kernel_types as r

COMPONENTS = ("interest", "penalty")
LARGEST_CHARGE = 100_000_000_00
"""The largest installment in cents for which no whole number overflows 64 bits; checked again for each town's rates."""

_DAYS, _MONTHS = 36_600, 1_200
"""The most days and months that are counted: those of a century."""
_PLAIN = (
    "clock", "inclusive", "from_late", "period", "most", "part", "monthly", "beside", "latched", "after", "month_end", "minimum",
)  # fmt: skip
"""The fields of a version that a rule's terms give, in the order of the kernel's record."""
_STEP_OF = {"any": 0, "secured": 1, "unsecured": 2}
_PAY = {"costs": r.COSTS, "interest": r.INTEREST, "penalty": r.PENALTY, "tax": r.TAX}
_FULL = {"any_payment": 0, "full_installment": r.FULL_INSTALLMENT, "full_bill": r.FULL_BILL}
_NOTHING: Rule[Interest] = Rule("interest", Flat(rate=Fraction(0), component="interest"))


Segment = tuple[int, int, int, tuple[int, ...]]
"""From when to when a rule is in force, its number, and the last days of its bands."""


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
    kinds: list[tuple[int, ...]] = field(default_factory=list)
    eras: list[tuple[int, Allocation]] = field(default_factory=list)
    _beside: dict[int, Fraction] = field(default_factory=dict)
    _timelines: dict[tuple[Any, ...], tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.terms = [rule.params.terms() for rule in self.rules]

    # ---- interest over time --------------------------------------------------------------------------------------

    def timeline(
        self, component: str, levy_type: str, part: str, due: dt.date, year: int, base: dt.date
    ) -> tuple[int, int]:
        """The versions of a charge's rule over time, as a stretch of `segments`; equal ends mean it has none.

        base: the day bands are counted from, which is the due date where nothing else is given.
        """
        every = self.profile.select(Interest, levy_type, part)
        fixed = any(x.governs != "accrual" for x in every)
        banded = any(x.params.by_date for x in every)
        key = (component, levy_type, part, due if fixed else None, year if fixed else None, base if banded else None)
        if key not in self._timelines:
            low = len(self.segments)
            for start, end, number in self._versions(component, levy_type, part, due, year):
                last = self.rules[number].params.last_days(base, self.closed)
                self.segments.append((start, end, number, tuple(day.toordinal() for day in last)))
            self._timelines[key] = (low, len(self.segments))
        return self._timelines[key]

    @property
    def has_bands(self) -> bool:
        """Whether any tax of the town has bands, which have their own days for each installment."""
        return any(x.params.by_date for x in self.profile.all(Interest))

    def _versions(
        self, component: str, levy_type: str, part: str, due: dt.date, year: int
    ) -> list[tuple[int, int, int]]:
        every = self.profile.select(Interest, levy_type, part)
        own = [x for x in every if x.sort == component]
        if component == "penalty" and not own:
            return []
        cuts = sorted({ALWAYS, NEVER, *(x.start for x in every), *(x.end for x in every)})
        versions: list[tuple[int, int, int]] = []
        for start, end in pairwise(cuts):

            def rules_on(rules: Iterable[Rule[Interest]], start: dt.date = start) -> list[Rule[Interest]]:
                picks = {"accrual": start, "due": due, "levy_year": dt.date(year, 1, 1)}
                return [x for x in rules if x.covers(picks[x.governs])]

            mine = rules_on(own)
            if mine:
                number = self._number(mine[0], rules_on(every))
            elif component == "penalty" or rules_on(every):
                # The law is encoded for this time; this column bears nothing under it.
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
        for start, end, number, _ in self.segments[low:high]:
            terms = self.terms[number]
            if start <= until and end > since and terms.limits:
                return r.BY_YEAR if terms.afresh else r.BY_PARCEL
        return r.UNTIERED

    # ---- days ----------------------------------------------------------------------------------------------------

    def grace(self, levy_type: str, part: str, due: dt.date, mailed: dt.date | None) -> tuple[dt.date, dt.date]:
        """The nominal last free day, and the last free day after closed days and late mailing."""
        rule = self.profile.rule(Grace, due, levy_type, part)
        params = rule.params
        return params.nominal(due, rule.source), params.last_free_day(due, self.closed, mailed, rule.source)

    def discount(self, levy_type: str, part: str, due: dt.date, last_free: dt.date) -> EarlyPayment:
        """The discount of this installment: by a discount rule, otherwise by a discount band of the interest."""
        rule = self.profile.find(Discount, due, levy_type, part)
        found = rule.params.early_payment(due, last_free, self.closed) if rule else None
        for component in COMPONENTS if found is None else ():
            banded = self.profile.find(Interest, due, levy_type, part, component)
            if banded and (found := banded.params.early_payment(due, last_free, self.closed)):
                break
        return found or EarlyPayment(due, Fraction(0), "any_payment", False)

    # ---- charges -------------------------------------------------------------------------------------------------

    def kind(
        self, levy_type: str, part: str, due_day: int, year: int, mailed_day: int, as_of: dt.date, since_day: int = 0
    ) -> Kind:
        """The law for charges of this type, part, due date, year and mailing day; since: if interest starts later."""
        due = dt.date.fromordinal(due_day)
        mailed = dt.date.fromordinal(mailed_day) if mailed_day > 0 else None
        nominal, last = self.grace(levy_type, part, due, mailed)
        base = dt.date.fromordinal(since_day) if since_day > 0 else due
        interest, penalty = (self.timeline(c, levy_type, part, due, year, base) for c in COMPONENTS)
        until, rate, on, in_parts = self.discount(levy_type, part, due, last)
        row = (due_day, last.toordinal() + 1, nominal.toordinal() + 1, year, *interest, *penalty)
        self.kinds.append((*row, until.toordinal(), rate.numerator, rate.denominator, _FULL[on], int(in_parts)))
        return Kind(last, self.bracket(*interest, due_day, as_of.toordinal()), bool(rate) and on == "full_bill")

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
        scale = math.lcm(1, *(rate.denominator for rate in rates))
        for rule, terms in zip(self.rules, self.terms, strict=True):
            # A century at the largest amount has to fit 64 bits with room for sums.
            if max(abs(int(rate * scale)) for rate in terms.rates) * _longest(terms) * LARGEST_CHARGE >= 1 << 62:
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
            steps += [(_STEP_OF[s.of], ([_PAY[c] for c in s.pay] + [-1] * 4)[:4]) for s in p.order]
            settings = (p.leftover == "next_installment", p.credit_applies == "at_once", p.litigation == "skip")
            eras.append((start, low, len(steps), *map(int, settings)))
        return r.Law(
            versions=r.table(
                (self._version(s, self.terms[s[2]], beside[s[2]], scale) for s in self.segments), r.VERSION
            ),
            kinds=r.table(self.kinds, r.KIND),
            eras=r.table(eras, r.ERA),
            steps=r.table(steps, r.STEP),
            ends=r.table((self._penalty(x, d) for x, d in self.penalties), r.END),
            scale=scale,
            by_account=int(True in by_account),
        )

    @staticmethod
    def _version(segment: Segment, terms: Terms, beside: Fraction, scale: int) -> tuple[Any, ...]:
        """A rule in force for a time as the kernel's record."""
        start, end, number, last_days = segment
        plain = {name: getattr(terms, name) for name in _PLAIN}
        plain |= {"most": r.NO_LIMIT if terms.most is None else terms.most, "beside": beside * scale}
        limits = [*(last_days or terms.limits)]
        return (
            *(start, end, number),
            *(int(plain[name]) for name in _PLAIN),
            1 if terms.clock == BANDS else len(terms.rates),
            limits + [r.NO_LIMIT] * (r.TIERS - len(limits)),
            [int(rate * scale) for rate in terms.rates] + [0] * (r.TIERS - len(terms.rates)),
        )

    @staticmethod
    def _penalty(rule: Rule[YearEnd], day: dt.date) -> tuple[int, ...]:
        p = rule.params
        base = ("this_year", "whole", "excess").index(p.base)
        with_interest = int(p.tested_on == "tax_and_interest")
        return day.toordinal(), p.rate.numerator, p.rate.denominator, p.threshold, base, with_interest, day.year


def _longest(terms: Terms) -> int:
    """The most units of time a rule can count in a century."""
    if terms.clock in (BANDS, ONCE):
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
