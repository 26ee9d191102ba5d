"""A town's rules as the numbers the replay kernel works with."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from xltax.dates import ClosedDays
from xltax.errors import BadProfile
from xltax.law.allocation import Allocation
from xltax.law.calendar import Discount, Grace
from xltax.law.interest import ByDateBand, Flat, PerMonthOrPart, PerPeriodCapped, TieredAnnual, YearEnd
from xltax.law.params import Params
from xltax.law.profile import ALWAYS, NEVER, Profile, Rule
from xltax.ledger import records as r

COMPONENTS = ("interest", "penalty")
LARGEST_CHARGE = 100_000_000_00
"""The largest installment in cents for which no whole number overflows 64 bits; checked again for each town's rates."""

_DAYS = {
    "30/360": (r.DAYS_30_360, 360),
    "actual/365": (r.DAYS_ACTUAL, 365),
    "actual/360": (r.DAYS_ACTUAL, 360),
    "whole_months": (r.WHOLE_MONTHS, 12),
}
_STEP_OF = {"any": 0, "secured": 1, "unsecured": 2}
_PAY = {"costs": r.COSTS, "interest": r.INTEREST, "penalty": r.PENALTY, "tax": r.TAX}
_FULL = {"any_payment": 0, "full_installment": r.FULL_INSTALLMENT, "full_bill": r.FULL_BILL}
_NOTHING = Rule("interest", Flat(rate=Fraction(0), component="interest"))


Segment = tuple[int, int, int, tuple[int, ...]]
"""From when to when a rule is in force, its number, and the last days of its bands."""


class Kind(NamedTuple):
    """What the lay-out of a charge needs to know of its kind: its last free day, what shares its tiers, and whether its
    discount takes the whole bill."""

    last_free: dt.date
    mode: int
    whole_bill: bool


@dataclass
class LawBook:
    """The rules of one town, numbered as they are first needed."""

    profile: Profile
    closed: ClosedDays
    rules: list[Rule] = field(default_factory=list)
    penalties: list[tuple[Rule, dt.date]] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    kinds: list[tuple[int, ...]] = field(default_factory=list)
    eras: list[tuple[int, Allocation]] = field(default_factory=list)
    _beside: dict[int, Fraction] = field(default_factory=dict)
    _timelines: dict[tuple[Any, ...], tuple[int, int]] = field(default_factory=dict)

    # ---- interest over time --------------------------------------------------------------------------------------

    def timeline(
        self, component: str, levy_type: str, part: str, due: dt.date, year: int, base: dt.date
    ) -> tuple[int, int]:
        """The versions of a charge's rule over time, as a stretch of `segments`; equal ends mean it has none.

        base: the day bands are counted from, which is the due date where nothing else is given.
        """
        every = self.profile.select("interest", levy_type, part)
        fixed = any(x.governs != "accrual" for x in every)
        banded = any(isinstance(x.params, ByDateBand) for x in every)
        key = (component, levy_type, part, due if fixed else None, year if fixed else None, base if banded else None)
        if key not in self._timelines:
            low = len(self.segments)
            for start, end, number in self._versions(component, levy_type, part, due, year):
                params = self.rules[number].params
                last = params.last_days(base, self.closed) if isinstance(params, ByDateBand) else []
                self.segments.append((start, end, number, tuple(day.toordinal() for day in last)))
            self._timelines[key] = (low, len(self.segments))
        return self._timelines[key]

    @property
    def has_bands(self) -> bool:
        """Whether any tax of the town goes by bands, whose days are those of each installment."""
        return any(isinstance(x.params, ByDateBand) for x in self.profile.rules)

    def _versions(
        self, component: str, levy_type: str, part: str, due: dt.date, year: int
    ) -> list[tuple[int, int, int]]:
        every = self.profile.select("interest", levy_type, part)
        own = [x for x in every if x.sort == component]
        if component == "penalty" and not own:
            return []
        cuts = sorted({ALWAYS, NEVER, *(x.start for x in every), *(x.end for x in every)})
        versions: list[tuple[int, int, int]] = []
        for start, end in pairwise(cuts):

            def rules_on(rules: list[Rule] | tuple[Rule, ...], start: dt.date = start) -> list[Rule]:
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

    def _number(self, rule: Rule, together: list[Rule]) -> int:
        if rule not in self.rules:
            self.rules.append(rule)
            if getattr(rule.params, "rounded_with", ""):
                partner = next((x for x in together if x.sort == rule.params.rounded_with), None)  # type: ignore[attr-defined]
                if partner is None or not isinstance(partner.params, PerMonthOrPart):
                    raise BadProfile("The rule it is rounded with is not there.", where=rule.source or self.profile.id)
                self._beside[len(self.rules) - 1] = partner.params.rate
        return self.rules.index(rule)

    def bracket(self, low: int, high: int, since: int, until: int) -> int:
        """What shares a set of tiers under the versions in force between two days: the parcel, its levy year, or nothing."""
        for start, end, number, _ in self.segments[low:high]:
            params = self.rules[number].params
            if start > until or end <= since:
                continue
            if isinstance(params, TieredAnnual) and params.bracket != "none" and len(params.tiers) > 1:
                return r.BY_YEAR if params.bracket == "levy_year" else r.BY_PARCEL
        return r.UNTIERED

    # ---- days ----------------------------------------------------------------------------------------------------

    def grace(self, levy_type: str, part: str, due: dt.date, mailed: dt.date | None) -> tuple[dt.date, dt.date]:
        """The nominal last free day, and the last free day with closed days and late mailing looked at."""
        rule = self.profile.rule("grace", due, levy_type, part)
        params = rule.params
        assert isinstance(params, Grace)
        return params.nominal(due, rule.source), params.last_free_day(due, self.closed, mailed, rule.source)

    def discount(
        self, levy_type: str, part: str, due: dt.date, last_free: dt.date
    ) -> tuple[dt.date, Fraction, str, bool]:
        """The last day of the discount on this installment, its rate, what has to be paid for it, and whether in parts."""
        rule = self.profile.find("discount", due, levy_type, part)
        if rule and isinstance(rule.params, Discount) and rule.params.rate:
            own = rule.params
            return own.last_day(due, last_free, self.closed), own.rate, own.on, own.in_parts
        for component in COMPONENTS:
            banded = self.profile.find("interest", due, levy_type, part, component)
            if banded and isinstance(banded.params, ByDateBand) and banded.params.bands[0].rate < 0:
                bands = banded.params
                until = bands.last_days(due, self.closed)[0]
                return until, -bands.bands[0].rate, bands.discount_on, bands.in_parts
        return due, Fraction(0), "any_payment", False

    # ---- charges -------------------------------------------------------------------------------------------------

    def kind(
        self, levy_type: str, part: str, due_day: int, year: int, mailed_day: int, as_of: dt.date, since_day: int = 0
    ) -> Kind:
        """What the law says of charges of this type, part, due date, year and mailing day; since: where interest starts later."""
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
        params = self.profile.rule("allocation", on).params
        assert isinstance(params, Allocation)
        return params

    def lay_out_policies(self, days: Any) -> None:
        """Finds the allocation rules in force on any of these days, and the eras they are in force."""
        every = self.profile.select("allocation")
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
            rule = self.profile.find("penalty", day)
            if rule is not None and rule.params.rate:  # type: ignore[attr-defined]
                self.penalties.append((rule, day))

    # ---- as numbers ----------------------------------------------------------------------------------------------

    def law(self) -> r.Law:
        """All of it as plain numbers, the rates as whole numbers over one common scale."""
        rates = [self._rates(x.params) for x in self.rules]
        beside = [self._beside.get(n, Fraction(0)) for n in range(len(self.rules))]
        scale = math.lcm(1, *(f.denominator for fs in rates for f in fs), *(f.denominator for f in beside))
        kernels = [self._kernel(x.params) for x in self.rules]
        for rule, row, kernel in zip(self.rules, rates, kernels, strict=True):
            # A century of days, or the months in it, at the largest amount has to fit 64 bits with room for sums.
            longest = {r.DAYS_30_360: 36_600, r.DAYS_ACTUAL: 36_600, r.BANDS: 1, r.ONCE: 1}.get(kernel["clock"], 1_200)
            if max((abs(int(f * scale)) for f in row), default=0) * longest * LARGEST_CHARGE >= 1 << 62:
                raise BadProfile(
                    "A rate has too many decimals to be kept exactly.",
                    where=rule.source or self.profile.id,
                    do='Write it as a fraction, such as "4/3% per month", or with fewer decimals.',
                )
        by_account = {bool(getattr(x.params, "round_by", "") == "account") for x in self.rules if x is not _NOTHING}
        if len(by_account) > 1 and True in by_account:
            raise BadProfile('Either all interest rules or none can have round_by = "account".', where=self.profile.id)

        def version(start: int, end: int, n: int, last_days: tuple[int, ...]) -> tuple[Any, ...]:
            params, kernel, row = self.rules[n].params, kernels[n], rates[n]
            limits = [*last_days] or self._limits(params)
            return (
                *(start, end, n, kernel["clock"], kernel["inclusive"], kernel["from_late"], kernel.get("period", 1)),
                *(
                    kernel.get("most", r.NO_LIMIT),
                    kernel.get("part", 0),
                    kernel.get("monthly", 0),
                    int(beside[n] * scale),
                ),
                *(kernel.get("latched", 0), kernel.get("after", 0), kernel.get("month_end", 0)),
                int(getattr(params, "minimum", 0)),
                len(row) if kernel["clock"] != r.BANDS else 1,
                limits + [r.NO_LIMIT] * (r.TIERS - len(limits)),
                [int(f * scale) for f in row] + [0] * (r.TIERS - len(row)),
            )

        steps: list[tuple[Any, ...]] = []
        eras: list[tuple[int, ...]] = []
        for start, p in self.eras:
            low = len(steps)
            steps += [(_STEP_OF[s.of], ([_PAY[c] for c in s.pay] + [-1] * 4)[:4]) for s in p.order]
            settings = (p.leftover == "next_installment", p.credit_applies == "at_once", p.litigation == "skip")
            eras.append((start, low, len(steps), *map(int, settings)))
        return r.Law(
            versions=r.table((version(*s) for s in self.segments), r.VERSION),
            kinds=r.table(self.kinds, r.KIND),
            eras=r.table(eras, r.ERA),
            steps=r.table(steps, r.STEP),
            ends=r.table((self._penalty(x, d) for x, d in self.penalties), r.END),
            scale=scale,
            by_account=int(True in by_account),
        )

    @staticmethod
    def _penalty(rule: Rule, day: dt.date) -> tuple[int, ...]:
        p = rule.params
        assert isinstance(p, YearEnd)
        base = ("this_year", "whole", "excess").index(p.base)
        with_interest = int(p.tested_on == "tax_and_interest")
        return day.toordinal(), p.rate.numerator, p.rate.denominator, p.threshold, base, with_interest, day.year

    @staticmethod
    def _rates(p: Params) -> list[Fraction]:
        """The rate for one unit of time, by tier; for bands, what has to be paid on top of the tax in each."""
        if isinstance(p, TieredAnnual):
            tiers = p.tiers if p.bracket != "none" else p.tiers[-1:]
            return [t.rate / _DAYS[p.day_count][1] for t in tiers]
        if isinstance(p, ByDateBand):
            return [max(Fraction(0), b.rate) for b in p.bands]
        return [p.rate]  # type: ignore[attr-defined]

    @staticmethod
    def _limits(p: Params) -> list[int]:
        if isinstance(p, TieredAnnual) and p.bracket != "none":
            return [t.up_to for t in p.tiers if t.up_to is not None]
        return []

    @staticmethod
    def _kernel(p: Params) -> dict[str, int]:
        late = int(getattr(p, "counted_from", "due") == "delinquent")
        # Counted from delinquency the base is the first day charged, the day after the one whose number ends a month.
        month_end = int(not late and getattr(p, "from_month_end", "") == "month_end")
        if isinstance(p, TieredAnnual):
            latched = p.bracket_refill == "until_current" and p.bracket != "none"
            both = int(p.ends == "both" and p.day_count != "whole_months")
            kernel = {"clock": _DAYS[p.day_count][0], "inclusive": both, "from_late": late, "latched": int(latched)}
            return kernel | {"month_end": month_end}
        if isinstance(p, PerMonthOrPart):
            clock = r.MONTHS_BEGUN if p.months == "anniversary" else r.MONTHS_TOUCHED
            after = int(not late and p.month_ends == "same_day")
            kernel = {"clock": clock, "inclusive": 1, "from_late": late, "monthly": int(p.round_by == "month")}
            return kernel | {"after": after, "month_end": month_end}
        if isinstance(p, PerPeriodCapped):
            return {
                "clock": r.PERIODS,
                "inclusive": 1,
                "from_late": late,
                "period": p.days,
                "most": p.most,
                "part": int(p.part_counts),
            }
        if isinstance(p, ByDateBand):
            return {"clock": r.BANDS, "inclusive": 1, "from_late": 0}
        return {"clock": r.ONCE, "inclusive": 0, "from_late": 0}


def too_exact(profile: Profile) -> list[str]:
    """The interest rules whose rates have too many decimals to be kept exactly, in words; the first figure would be refused."""
    said = []
    for rule in profile.rules:
        if rule.name == "interest":
            try:
                LawBook(profile, ClosedDays(), rules=[rule]).law()
            except BadProfile as error:
                said.append(str(error))
    return said
