"""What an installment bears in the slow reading, worked out each time from its whole history. Part of replay.py."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from tests.reference.dates import (
    DAY,
    Days,
    before_or_on,
    count,
    counted_from,
    counts_the_day_itself,
    first_after,
    half_up,
    has_tiers,
    monthly_rate,
    year_of,
)
from tests.reference.schedule import total_on
from xltax.law.interest import Interest
from xltax.law.profile import OneTax, Profile, Rule

ACCRUING = ("interest", "penalty")


@dataclass
class Installment:
    """One charge, and everything that has happened to it so far."""

    row: int
    account: str
    bill: str
    year: int
    type: str
    part: str
    inst: int
    due: dt.date
    billed: int
    group: str
    secured: bool
    lien_lapsed: dt.date  # the first day it is not secured any more
    hold: str
    mailed: dt.date | None
    interest_from: dt.date | None
    recorded: dt.date | None
    class_: str
    bill_tax: int = 0  # of all installments of its bill and part
    own: Days | None = None  # its own days
    by: Days | None = None  # the days it bears by: its own, or those of a missed installment
    usually_on: dt.date = dt.date.max  # the day it becomes delinquent if no other is missed
    delinquent_on: dt.date = dt.date.max  # the day what is then open becomes delinquent
    accelerated: dt.date | None = None  # the day a missed installment made it due
    prior: bool | None = None  # whether an earlier one was open when this one became delinquent; None: it is not yet

    open: int = 0
    history: list[tuple[dt.date, int]] = field(default_factory=list)  # (day, open tax from that moment on)
    tax_paid: int = 0  # in money, its discount left out
    payments: list[tuple[dt.date, int, int]] = field(default_factory=list)  # (day, tax settled, of it discount)

    made: dt.date = dt.date.min  # the day from which money can see it; the least day: from the start
    there: dt.date = dt.date.min  # the first day of money that can see it, or the day it was made
    late_by_law: dt.date = dt.date.min  # where it was made late: the day it would have become delinquent

    bearing_since: dt.date | None = None  # the day it became delinquent
    bearing_first: int = 0  # what was open at that moment: it bears from the base on
    raised_from: dt.date | None = None  # where it bears because of a raise after the last free day: the base

    low: dict[str, int] = field(default_factory=dict)  # until_current: the part of the open tax on the lower tier
    low_first: dict[str, int] = field(default_factory=dict)
    low_history: dict[str, list[tuple[dt.date, int]]] = field(default_factory=dict)

    added: dict[str, int] = field(default_factory=lambda: defaultdict(int))  # interest, penalty, costs put on by hand
    settled: dict[str, int] = field(default_factory=lambda: defaultdict(int))  # what was paid or waived of them
    by_hand: list[tuple[dt.date, int]] = field(default_factory=list)  # (day, penalty put on less settled, from then on)

    @property
    def age(self) -> tuple:
        return (self.due, self.row)

    @property
    def seniority(self) -> tuple:
        """Which bearing installment lies lower in the tiers."""
        return (self.bearing_since, self.due, self.row)

    @property
    def key(self) -> tuple:
        return (self.bill, self.part, self.inst)

    @property
    def last_free(self) -> dt.date:
        return self.own.last_free

    @property
    def series(self) -> tuple:
        """What its bill's first and last installment are told by."""
        return (self.account, self.bill, self.part)

    @property
    def tax(self) -> OneTax:
        """What a rule may ask besides its type and part."""
        return OneTax(self.class_, self.bill_tax, self.prior)

    def put_on(self, component: str, cents: int, day: dt.date) -> None:
        self.added[component] += cents
        self.note_penalty(day)

    def settle(self, component: str, cents: int, day: dt.date) -> None:
        self.settled[component] += cents
        self.note_penalty(day)

    def note_penalty(self, day: dt.date) -> None:
        self.by_hand.append((day, self.added["penalty"] - self.settled["penalty"]))


class Accruals:
    """Which installments bear interest, from which day, on how much of their tax, and what is due of it in cents."""

    profile: Profile
    installments: list[Installment]
    totals: dict[tuple, Fraction]  # of schedules
    counts: dict[tuple, dict[dt.date, Fraction]]
    lower_used: dict[tuple, int]

    # ---- becoming delinquent, and what accrues ------------------------------------------------------------------

    def becomes_delinquent(self, x: Installment, day: dt.date, base: dt.date | None = None) -> None:
        """Its open tax now bears from its base: the due date, or `base` for a raise after the last free day."""
        x.prior = self.earlier_is_open(x, day)
        x.bearing_since, x.bearing_first, x.raised_from = day, x.open, base
        self.seen.clear()
        if not any(self.rules(x, part) for part in ACCRUING):
            raise self.profile.not_encoded(Interest, day, x.type, x.part)
        for component in ACCRUING:
            self.take_lower(x, component, x.open, day)
            x.low_first[component] = x.low.get(component, 0)

    def earlier_is_open(self, x: Installment, day: dt.date) -> bool:
        """Whether tax or penalty of an earlier installment of the account is open after its last free day."""
        known = [y for y in self.installments if y.account == x.account and (y.there < day or y.there <= x.there)]
        earlier = [y for y in known if y.due < x.due]
        late = [y for y in earlier if y.own.last_free < day]
        return any(y.open > 0 or self.due_of(y, "penalty", day) > 0 for y in late)

    def rules(self, x: Installment, component: str) -> tuple[Rule, ...]:
        return self.profile.select(Interest, x.type, x.part, component, x.tax)

    def in_force(self, x: Installment, component: str, day: dt.date) -> Rule | None:
        """The version that speaks for `day`."""
        rules = self.rules(x, component)
        if not rules:
            return None
        governs = rules[0].governs
        when = {"accrual": day, "due": x.due, "levy_year": dt.date(x.year, 1, 1)}[governs]
        return self.profile.find(Interest, when, x.type, x.part, component, x.tax)

    def base(self, x: Installment, law) -> dt.date:
        if x.raised_from:
            return x.raised_from
        if x.interest_from:  # an opening balance: what ran before that day is in other books
            return x.interest_from
        return counted_from(law, x.by)

    def starting_base(self, x: Installment, component: str) -> dt.date:
        rule = self.in_force(x, component, x.due) or self.in_force(x, component, x.bearing_since)
        return self.base(x, rule.params if rule else None)

    def stretches(self, x: Installment, component: str, day: dt.date) -> list[tuple[dt.date, dt.date, Rule | None]]:
        """(after, through, version): the versions one after another, from the day before the base to `day`."""
        start = self.starting_base(x, component)
        rules = self.rules(x, component)
        changes = sorted({d for r in rules for d in (r.start, r.end) if start < d <= day}) if rules else []
        out = []
        after, rule = start - DAY, self.in_force(x, component, start)
        for change in changes:
            new = self.in_force(x, component, change)
            if new is rule:
                continue
            # The day of the change is the new version's. A method that counts the day itself has it in what accrues
            # from the day before to that day; one that counts the days between has it from that day to the next.
            through = before_or_on(change, rule or new)
            out.append((after, through, rule))
            after, rule = before_or_on(change, new or rule), new
        if after < day:
            out.append((after, day, rule))
        return out

    def principal(self, x: Installment, after: dt.date, through: dt.date) -> int:
        """The tax that bore between two days (the open tax did not change in between)."""
        if x.bearing_since is None:
            return 0
        if through <= x.bearing_since:
            return x.bearing_first
        return next(open_ for day, open_ in reversed(x.history) if day <= after)

    def lower(self, x: Installment, component: str, after: dt.date, through: dt.date) -> int:
        """The same for the part that until_current put on the lower tier."""
        if through <= x.bearing_since:
            return x.low_first.get(component, 0)
        return next(low for day, low in reversed(x.low_history[component]) if day <= after)

    def bracket(self, x: Installment, law) -> tuple:
        return (x.account,) if law.bracket == "parcel" else (x.account, x.year)

    def below(self, x: Installment, component: str, law, after: dt.date, through: dt.date) -> int:
        """The open tax of those that lie lower in the tiers, over this stretch: each from its own base on."""
        total = 0
        for y in self.installments:
            if y is x or y.bearing_since is None or y.account != x.account or y.seniority > x.seniority:
                continue
            rule = self.in_force(y, component, through)
            if rule and not counts_the_day_itself(rule.params):
                rule = self.in_force(y, component, max(after, self.base(y, rule.params)))
            if rule is None or not has_tiers(rule.params) or self.bracket(y, rule.params) != self.bracket(x, law):
                continue
            base = self.base(y, rule.params)
            if after >= base or (through == base and counts_the_day_itself(rule.params)):
                total += self.principal(y, after, through)
        return total

    def accrued(self, x: Installment, component: str, day: dt.date) -> Fraction:
        """All that ever accrued through `day`, exactly: worked out from the base each time."""
        if x.bearing_since is None or not self.rules(x, component):
            return Fraction(0)
        if (x.row, component, day) in self.seen:
            return self.seen[x.row, component, day]
        total = Fraction(0)
        for first, last, rule in self.stretches(x, component, day):
            moments = self.moments(x, component, first, last)
            if rule and on_penalty(rule.params):
                moments = self.with_growth_of_penalty(x, moments)
            for after, through in pairwise(moments):
                principal = self.principal(x, after, through)
                if rule and on_penalty(rule.params):
                    principal += self.unpaid_penalty(x, after, through)
                if principal <= 0:
                    continue
                if rule is None:
                    raise self.profile.not_encoded(Interest, through, x.type, x.part, component)
                law = rule.params
                base = self.base(x, law)
                units = self.count(x, law, base, through) - self.count(x, law, base, after)
                if units:
                    total += units * self.one_unit(x, component, law, principal, after, through)
        self.seen[x.row, component, day] = total
        return total

    def count(self, x: Installment, law, base: dt.date, day: dt.date) -> Fraction:
        late = getattr(law, "charged_from", "")
        if late and not x.raised_from and day < first_after(x.by.due, late):
            return Fraction(0)  # it is charged later, for all the time by then
        if law.method != "schedule":
            return count(law, base, day, lambda last: self.next_open(last, x.due))
        if day < base:
            return Fraction(0)
        if x.raised_from:
            return max(Fraction(0), self.total_on(x, law, raised_on(x.raised_from), day))
        reached = max(Fraction(0), self.total_on(x, law, x.by, day))
        if x.interest_from:  # what it had come to by then is in other books
            reached -= max(Fraction(0), self.total_on(x, law, x.by, x.interest_from))
        return reached

    def total_on(self, x: Installment, law, days: Days, day: dt.date) -> Fraction:
        key = (id(law), days, day)
        if key not in self.totals:
            self.totals[key] = total_on(law, days, day, lambda last: self.next_open(last, x.due))
        return self.totals[key]

    # ---- interest on the penalty --------------------------------------------------------------------------------

    def unpaid_penalty(self, x: Installment, after: dt.date, through: dt.date) -> int:
        """What is unpaid of the penalty: what grew of it through a day, less what was settled by the end of another."""
        settled = next((cents for day, cents in reversed(x.by_hand) if day <= after), 0)
        return max(0, self.in_cents(x, "penalty", through) + settled)

    def with_growth_of_penalty(self, x: Installment, moments: list[dt.date]) -> list[dt.date]:
        """The moments, and those between which the unpaid penalty is the same: a day on which it grows begins a new one."""
        first, last = moments[0], moments[-1]
        days = set(moments) | {day for day, _ in x.by_hand if first < day < last}
        for after, through, rule in self.stretches(x, "penalty", last):
            if rule:
                days |= {d - DAY for d in self.growth(x, rule.params, max(after, first), min(through, last))}
            days |= {after}
        return sorted(d for d in days if first <= d <= last)

    def growth(self, x: Installment, law, first: dt.date, last: dt.date) -> list[dt.date]:
        """The days after the first, through the last, on which the count of this law is another than the day before."""
        base = self.base(x, law)
        key = (id(law), base, x.by, x.interest_from, x.raised_from)
        known = self.counts.setdefault(key, {})
        out, before = [], None
        for n in range((last - first).days + 1):
            day = first + n * DAY
            if day not in known:
                known[day] = self.count(x, law, base, day)
            if before is not None and known[day] != before:
                out.append(day)
            before = known[day]
        return out

    def moments(self, x: Installment, component: str, first: dt.date, last: dt.date) -> list[dt.date]:
        """The days of this stretch at which anything may change."""
        days = {first, last}
        for y in self.installments:
            if y.account != x.account:
                continue
            days |= {d for d, _ in y.history}
            if y.bearing_since:
                base = self.starting_base(y, component)
                days |= {y.bearing_since, base, base - DAY}
                days |= {through for _, through, _ in self.stretches(y, component, last)}
        return sorted(d for d in days if first <= d <= last)

    def one_unit(self, x: Installment, component: str, law, principal: int, after, through) -> Fraction:
        """What one day (or month, or period) costs on this principal."""
        if law.method == "tiered_annual":
            return self.at_tiers(x, component, law, principal, after, through) / year_of(law)
        if law.method in ("by_date_band", "schedule"):
            return Fraction(principal)  # the count is the rate itself
        amount = monthly_rate(law) * principal
        if getattr(law, "round_by", "") != "month":
            return amount
        if law.rounded_with:
            other = monthly_rate(self.in_force(x, "interest", through).params) * principal
            return Fraction(half_up(amount + other) - half_up(other))
        return Fraction(half_up(amount))

    def at_tiers(self, x: Installment, component: str, law, principal: int, after, through) -> Fraction:
        """A year's interest on the principal, each dollar at the rate of the tier it lies in."""
        tiers = law.tiers
        if law.bracket == "none":
            return tiers[-1].rate * principal
        if law.bracket_refill == "until_current":
            low = self.lower(x, component, after, through)
            return tiers[0].rate * low + tiers[1].rate * (principal - low)
        bottom = self.below(x, component, law, after, through)
        top, floor_of_tier, total = bottom + principal, 0, Fraction(0)
        for tier in tiers:
            ceiling = top if tier.up_to is None else tier.up_to
            inside = min(top, ceiling) - max(bottom, floor_of_tier)
            total += tier.rate * max(0, inside)
            floor_of_tier = ceiling
        return total

    # ---- open tax -----------------------------------------------------------------------------------------------

    def set_open(self, x: Installment, open_: int, day: dt.date) -> None:
        lowered = x.open - open_
        x.open = open_
        x.history.append((day, open_))
        if x.bearing_since is None:
            return
        for component in ACCRUING:
            if lowered >= 0:  # the tax at the lower rate is paid first
                self.set_low(x, component, max(0, x.low.get(component, 0) - lowered), day)
            else:
                self.take_lower(x, component, -lowered, day)
            self.fill_lower_again(x, component, day)

    def tiered(self, x: Installment, component: str, day: dt.date):
        rule = self.in_force(x, component, day)
        if rule and rule.params.method == "tiered_annual" and rule.params.bracket_refill == "until_current":
            return rule.params
        return None

    def set_low(self, x: Installment, component: str, low: int, day: dt.date) -> None:
        x.low[component] = low
        x.low_history.setdefault(component, []).append((day, low))

    def take_lower(self, x: Installment, component: str, amount: int, day: dt.date) -> None:
        """until_current: newly delinquent tax takes from what is left of the lower tier."""
        law = self.tiered(x, component, day)
        if law is None or law.bracket == "none":
            self.set_low(x, component, x.low.get(component, 0), day)
            return
        bracket = (component, *self.bracket(x, law))
        taken = min(amount, max(0, law.tiers[0].up_to - self.lower_used[bracket]))
        self.lower_used[bracket] += taken
        self.set_low(x, component, x.low.get(component, 0) + taken, day)

    def fill_lower_again(self, x: Installment, component: str, day: dt.date) -> None:
        law = self.tiered(x, component, day)
        if law is None or law.bracket == "none":
            return
        bracket = self.bracket(x, law)
        if all(y.open <= 0 for y in self.installments if y.bearing_since and self.bracket(y, law) == bracket):
            self.lower_used[(component, *bracket)] = 0

    # ---- what is due of each column, in cents -------------------------------------------------------------------

    def exactly_due(self, x: Installment, component: str, day: dt.date) -> tuple[Fraction, Fraction]:
        """(what accrued, or the minimum; what is due of it with what was put on, paid and waived)."""
        accrued = self.accrued(x, component, day)
        if accrued > 0:
            law = self.in_force(x, component, day).params
            least = getattr(law, "minimum", 0)
            if law.method == "flat" and law.most == "tax":
                least = min(least, x.bearing_first)
            accrued = max(accrued, Fraction(least))
        return accrued, accrued + x.added[component] - x.settled[component]

    def in_cents(self, x: Installment, component: str, day: dt.date) -> int:
        """All that ever accrued, or the minimum, in cents; in whole dollars where the law says so."""
        accrued, _ = self.exactly_due(x, component, day)
        rule = self.in_force(x, component, day)
        if rule and getattr(rule.params, "round_to", "cent") == "dollar":
            return 100 * half_up(accrued / 100)
        return half_up(accrued)

    def rounded_by_account(self, x: Installment, component: str, day: dt.date) -> bool:
        rule = self.in_force(x, component, day)
        return rule is not None and getattr(rule.params, "round_by", "") == "account"

    def due_of(self, x: Installment, component: str, day: dt.date) -> int:
        if component == "tax":
            return x.open
        if component == "costs":
            return x.added["costs"] - x.settled["costs"]
        if not self.rounded_by_account(x, component, day):
            return max(0, self.in_cents(x, component, day) + x.added[component] - x.settled[component])
        running, given = Fraction(0), 0
        for y in self.by_age:
            if y.account == x.account and self.rounded_by_account(y, component, day):
                running += self.exactly_due(y, component, day)[1]
                cents = max(0, half_up(running) - given)
                given += cents
                if y is x:
                    return cents
        raise AssertionError("x is among its account's installments")


def on_penalty(law) -> bool:
    return getattr(law, "base", "tax") == "tax_and_penalty"


def raised_on(day: dt.date) -> Days:
    """The days of tax that was raised after its last free day: due, and delinquent, on the day of the raise, as a bill of one."""
    return Days(due=day, nominal=day - DAY, last_free=day - DAY, first_late=day, last_late=day, is_last=True)
