"""A second, slow reading of docs/replay.md, to hold the fast one against.

Nothing here is clever on purpose. Whatever can be worked out again from the whole history of an installment is worked
out again each time it is asked for, so that a mistake in carrying figures forward cannot be made twice. Fractions
throughout; the law's records of settings are shared with the fast one, the way they are applied is not.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import floor

import holidays

from xltax.errors import BadProfile
from xltax.law.profile import Profile, Rule

DAY = dt.timedelta(days=1)
FOREVER = dt.date.max

REDUCING = {
    "Abatement", "Cancellation", "Correction Down", "Exemption", "State Deduction", "Waiver", "Transfer to Lien",
    "Suspense", "Write-off",
}  # fmt: skip
RAISING = {"Correction Up", "Added", "Omitted", "Cost", "Fee", "Penalty", "Deduction Disallowed"}

ABOUT = {"Waiver": "interest", "Cost": "costs", "Fee": "costs", "Penalty": "penalty"}
"""What a kind changes where the component is blank; the others change the tax."""

SECURED_TYPES = {"RE", "ADD", "OMIT", "SEWER", "WATER"}
"""Where the Secured column is blank: real estate and what is a lien on it."""

ACCRUING = ("interest", "penalty")


# ---- arithmetic ---------------------------------------------------------------------------------------------------


def half_up(value: Fraction | int) -> int:
    """To the nearest whole cent, a half up. (Below zero only remainders of rounding are ever rounded.)"""
    return floor(value + Fraction(1, 2))


def months_on(day: dt.date, months: int) -> dt.date:
    """The same day-number so many months on, or the month's last day where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in (day.day, 30, 29, 28):
        if number <= day.day:
            try:
                return dt.date(year, month + 1, number)
            except ValueError:
                continue
    raise AssertionError("every month has 28 days")


def completed_months(base: dt.date, day: dt.date) -> int:
    months = 0
    while months_on(base, months + 1) <= day:
        months += 1
    return months


@lru_cache(maxsize=256)
def state_holidays(state: str, year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays("US", subdiv=state, years=year))


def natural(text: str) -> tuple:
    """By number: R2 comes before R10."""
    return tuple((0, int(t), "") if t.isdigit() else (1, 0, t) for t in re.split(r"(\d+)", text) if t)


# ---- how time is counted --------------------------------------------------------------------------------------------


def count(law, base: dt.date, day: dt.date) -> Fraction:
    """What `day` has reached, counted from `base`, in the units of this law. Zero before the base."""
    if day < base:
        return Fraction(0)
    if law.method == "tiered_annual":
        if law.day_count == "30/360":
            units = max(0, days_360(base, day))
        elif law.day_count == "whole_months":
            return Fraction(completed_months(base, day))
        else:
            units = (day - base).days
        return Fraction(units + 1 if law.ends == "both" else units)
    if law.method == "per_month_or_part":
        if law.months == "anniversary":
            return Fraction(completed_months(base, day) + 1)
        return Fraction((day.year - base.year) * 12 + day.month - base.month + 1)
    if law.method == "per_period_capped":
        late = (day - base).days + (1 if law.counted_from == "delinquent" else 0)
        periods = -(-late // law.days) if law.part_counts else late // law.days
        return Fraction(min(periods, law.most))
    if law.method == "by_date_band":
        return max(Fraction(0), band_rate(law, base, day))
    if law.method == "flat":
        return Fraction(1)
    raise AssertionError(law.method)


def days_360(base: dt.date, day: dt.date) -> int:
    """As the spreadsheet's DAYS360: every month 30 days; a 31st is the 30th only from a base on the 30th or later."""
    last_of_february = base.month == 2 and (base + DAY).month == 3
    start = 30 if base.day == 31 or last_of_february else base.day
    end = 30 if day.day == 31 and start == 30 else day.day
    return (day.year - base.year) * 360 + (day.month - base.month) * 30 + end - start


def on_month_day(year: int, month_day: str) -> dt.date:
    """The month and day of a year; 02-29 means the last day of February."""
    month, number = map(int, month_day.split("-"))
    if (month, number) == (2, 29):
        return dt.date(year, 3, 1) - DAY
    return dt.date(year, month, number)


def band_rate(law, base: dt.date, day: dt.date) -> Fraction:
    for band in law.bands:
        if band.months is None or day <= months_on(base, band.months):
            return band.rate
    raise AssertionError("the last band is open")


def counts_the_day_itself(law) -> bool:
    if law.method == "tiered_annual":
        return law.ends == "both" and law.day_count != "whole_months"
    return law.method in ("per_month_or_part", "per_period_capped", "by_date_band")


def has_tiers(law) -> bool:
    return law.method == "tiered_annual" and law.bracket != "none" and len(law.tiers) > 1


def before_or_on(change: dt.date, rule: Rule) -> dt.date:
    return change - DAY if counts_the_day_itself(rule.params) else change


def year_of(law) -> int:
    return {"30/360": 360, "actual/360": 360, "actual/365": 365, "whole_months": 12}[law.day_count]


# ---- the facts, as they stand ---------------------------------------------------------------------------------------


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
    hold: str
    mailed: dt.date | None
    interest_from: dt.date | None
    nominal: dt.date = dt.date.min
    last_free: dt.date = dt.date.min
    delinquent_on: dt.date = dt.date.max  # the day what is then open becomes delinquent

    open: int = 0
    history: list[tuple[dt.date, int]] = field(default_factory=list)  # (day, open tax from that moment on)
    tax_paid: int = 0

    bearing_since: dt.date | None = None  # the day it became delinquent
    bearing_first: int = 0  # what was open at that moment: it bears from the base on
    raised_from: dt.date | None = None  # where it bears because of a raise after the last free day: the base

    low: dict[str, int] = field(default_factory=dict)  # until_current: the part of the open tax on the lower tier
    low_first: dict[str, int] = field(default_factory=dict)
    low_history: dict[str, list[tuple[dt.date, int]]] = field(default_factory=dict)

    added: dict[str, int] = field(default_factory=lambda: defaultdict(int))  # interest, penalty, costs put on by hand
    settled: dict[str, int] = field(default_factory=lambda: defaultdict(int))  # what was paid or waived of them

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


@dataclass
class Result:
    balances: list[dict]
    credit: dict[str, int]
    refund: dict[str, int]
    splits: list[tuple]
    """(receipt id or "credit", bill, part, inst, tax, interest, penalty, costs, discount); tax with the discount."""
    changes: list[tuple]
    """(adjustment id or "year end", bill, part, inst, component, change): below zero where it lowered."""
    paid_out: dict[str, int]
    problems: list[str]


def reference(charges, receipts, adjustments, profile: Profile, as_of, known_on=None, closed=()) -> Result:
    """What is owed at the end of `as_of`, from the facts known on `known_on`."""
    return Replay(charges, receipts, adjustments, profile, as_of, known_on, closed).run()


class Replay:
    def __init__(self, charges, receipts, adjustments, profile, as_of, known_on, closed):
        self.profile, self.as_of = profile, as_of
        self.town_days = {c["Date"]: c.get("Office") or "Closed" for c in closed}

        def known(fact) -> bool:
            return known_on is None or not fact.get("Recorded") or fact["Recorded"] <= known_on

        def effective(receipt) -> dt.date:
            return receipt.get("Effective") or receipt["Received"]

        self.problems: list[str] = []
        usable = [r for r in receipts if known(r) and effective(r) <= as_of]
        undone = self.reversed(usable)
        self.receipts: dict[dt.date, list[dict]] = defaultdict(list)
        for receipt in sorted(usable, key=lambda r: natural(r["Receipt"])):
            moves = not reverses(receipt) and (receipt.get("Kind") or "Payment") != "Reallocation"
            if moves and receipt["Receipt"] not in undone:
                self.receipts[effective(receipt)].append(receipt)
        self.adjustments: dict[dt.date, list[dict]] = defaultdict(list)
        for adjustment in sorted(adjustments, key=lambda a: natural(a["No"])):
            if known(adjustment) and adjustment["Effective"] <= as_of:
                self.adjustments[adjustment["Effective"]].append(adjustment)

        charges = [c for c in charges if known(c)]
        self.party = {}
        for charge in charges:
            if charge.get("Party"):
                self.party.setdefault(charge["Account"], charge["Party"])
        self.installments = [self.installment(n, c) for n, c in enumerate(charges)]
        self.by_age = sorted(self.installments, key=lambda x: x.age)
        self.by_key = {x.key: x for x in self.installments}

        self.credit: dict[str, int] = defaultdict(int)
        self.refund: dict[str, int] = defaultdict(int)
        self.paid_out: dict[str, int] = defaultdict(int)
        self.lower_used: dict[tuple, int] = defaultdict(
            int
        )  # until_current: how much of a bracket's lower tier is taken
        self.splits: list[tuple] = []
        self.changes: list[tuple] = []
        self.seen: dict[tuple, Fraction] = {}

    def reversed(self, receipts: list[dict]) -> set[str]:
        """The receipts taken back: left out from the start, as if they had never been. A reversal stands."""
        standing = {r["Receipt"] for r in receipts if not reverses(r)}
        undone: set[str] = set()
        for receipt in filter(reverses, receipts):
            number = receipt.get("Reverses")
            if number in undone:
                self.problems.append(f"{receipt['Receipt']}: {number} is reversed already")
            elif number not in standing:
                self.problems.append(f"{receipt['Receipt']}: there is no receipt {number} to reverse")
            else:
                undone.add(number)
        return undone

    def installment(self, row: int, c: dict) -> Installment:
        type_, part, due = c.get("Levy Type") or "RE", c.get("Part") or "", c["Due"]
        secured = c.get("Secured")
        x = Installment(
            row=row,
            account=c["Account"],
            bill=c["Bill"],
            year=c["Levy Year"],
            type=type_,
            part=part,
            inst=c.get("Inst") or 1,
            due=due,
            billed=c["Amount"],
            group=self.group_of(c["Account"]),
            secured=secured in (True, "Yes") if secured not in (None, "") else type_ in SECURED_TYPES,
            hold=c.get("Hold") or "",
            mailed=c.get("Mailed"),
            interest_from=c.get("Interest From"),
            open=c["Amount"],
        )
        x.history = [(dt.date.min, x.open)]
        grace = self.profile.rule("grace", due, type_, part).params
        x.nominal = nominal_last_day(grace, due)
        x.last_free = self.next_open(x.nominal, due) if grace.roll else x.nominal
        concerned = not grace.late_bill_due or due.strftime("%m-%d") in grace.late_bill_due
        if x.mailed and grace.late_bill_days and concerned:
            late = x.mailed + grace.late_bill_days * DAY
            x.last_free = max(x.last_free, self.next_open(late, due) if grace.roll else late)
        x.delinquent_on = max(x.last_free + DAY, x.interest_from or dt.date.min)
        return x

    def group_of(self, account: str) -> str:
        if self.allocation(self.as_of).group == "party":
            return self.party.get(account, account)
        return account

    def allocation(self, day: dt.date):
        return self.profile.rule("allocation", day).params

    # ---- days ---------------------------------------------------------------------------------------------------

    def next_open(self, day: dt.date, due: dt.date) -> dt.date:
        office = self.profile.find("office", due)
        state = office.params.holidays if office else ""

        def closed(d: dt.date) -> bool:
            if d in self.town_days:  # the town's own table wins either way
                return self.town_days[d] == "Closed"
            return d.weekday() >= 5 or (bool(state) and d in state_holidays(state, d.year))

        while closed(day):
            day += DAY
        return day

    def run(self) -> Result:
        days = {x.due for x in self.installments} | {x.delinquent_on for x in self.installments}
        days |= set(self.adjustments) | set(self.receipts)
        first = min(days, default=self.as_of)
        days |= {dt.date(y, 12, 31) for y in range(first.year, self.as_of.year + 1)}
        for day in sorted(d for d in days if d <= self.as_of):
            self.one_day(day)
        return self.result()

    def one_day(self, day: dt.date) -> None:
        for x in self.by_age:
            if x.delinquent_on == day and x.open > 0:
                self.becomes_delinquent(x, day)
        if any(x.due == day for x in self.installments):
            for group in sorted({x.group for x in self.installments if x.due == day}):
                rule = self.allocation(day)
                if rule.leftover == "next_installment" and rule.credit_applies == "when_due":
                    self.apply_credit(group, day)
        for adjustment in self.adjustments[day]:
            self.adjust(adjustment, day)
        for receipt in self.receipts[day]:
            self.receive(receipt, day)
        # A figure for December 31 itself is for that day before its close.
        if (day.month, day.day) == (12, 31) and day < self.as_of:
            self.year_end(day)

    # ---- becoming delinquent, and what accrues ------------------------------------------------------------------

    def becomes_delinquent(self, x: Installment, day: dt.date, base: dt.date | None = None) -> None:
        """Its open tax now bears from its base: the due date, or `base` for a raise after the last free day."""
        x.bearing_since, x.bearing_first, x.raised_from = day, x.open, base
        self.seen.clear()
        if not any(self.rules(x, part) for part in ACCRUING):
            raise self.profile.not_encoded("interest", day, x.type, x.part)
        for component in ACCRUING:
            self.take_lower(x, component, x.open, day)
            x.low_first[component] = x.low.get(component, 0)

    def rules(self, x: Installment, component: str) -> tuple[Rule, ...]:
        return self.profile.select("interest", x.type, x.part, component)

    def in_force(self, x: Installment, component: str, day: dt.date) -> Rule | None:
        """The version that speaks for `day`."""
        rules = self.rules(x, component)
        if not rules:
            return None
        governs = rules[0].governs
        when = {"accrual": day, "due": x.due, "levy_year": dt.date(x.year, 1, 1)}[governs]
        return self.profile.find("interest", when, x.type, x.part, component)

    def base(self, x: Installment, law) -> dt.date:
        if x.raised_from:
            return x.raised_from
        if x.interest_from:  # an opening balance: what ran before that day is in other books
            return x.interest_from
        return x.nominal + DAY if getattr(law, "counted_from", "due") == "delinquent" else x.due

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
            for after, through in pairwise(moments):
                principal = self.principal(x, after, through)
                if principal <= 0:
                    continue
                if rule is None:
                    raise self.profile.not_encoded("interest", through, x.type, x.part, component)
                law = rule.params
                base = self.base(x, law)
                units = count(law, base, through) - count(law, base, after)
                if units:
                    total += units * self.one_unit(x, component, law, principal, after, through)
        self.seen[x.row, component, day] = total
        return total

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
        if law.method == "by_date_band":
            return Fraction(principal)  # the count is the rate itself
        amount = law.rate * principal
        if getattr(law, "round_by", "") != "month":
            return amount
        if law.rounded_with:
            other = self.in_force(x, "interest", through).params.rate * principal
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
            accrued = max(accrued, Fraction(getattr(self.in_force(x, component, day).params, "minimum", 0)))
        return accrued, accrued + x.added[component] - x.settled[component]

    def rounded_by_account(self, x: Installment, component: str, day: dt.date) -> bool:
        rule = self.in_force(x, component, day)
        return rule is not None and getattr(rule.params, "round_by", "") == "account"

    def due_of(self, x: Installment, component: str, day: dt.date) -> int:
        if component == "tax":
            return x.open
        if component == "costs":
            return x.added["costs"] - x.settled["costs"]
        if not self.rounded_by_account(x, component, day):
            accrued, _ = self.exactly_due(x, component, day)
            return max(0, half_up(accrued) + x.added[component] - x.settled[component])
        running, given = Fraction(0), 0
        for y in self.by_age:
            if y.account == x.account and self.rounded_by_account(y, component, day):
                running += self.exactly_due(y, component, day)[1]
                cents = max(0, half_up(running) - given)
                given += cents
                if y is x:
                    return cents
        raise AssertionError("x is among its account's installments")

    # ---- payments -----------------------------------------------------------------------------------------------

    def receive(self, receipt: dict, day: dt.date) -> None:
        rule = self.allocation(day)
        # Under "as_owner" a lender's money is the owner's in every respect, a bill in litigation included.
        third = receipt.get("By") == "third party" and rule.third_party == "named_property"
        account = receipt.get("Directed") or receipt["Account"]
        named = bool(receipt.get("Directed")) or third
        group = self.group_of(account)
        scope = [x for x in self.by_age if (x.account == account if named else x.group == group)]
        if rule.litigation == "skip" and not third:
            scope = [x for x in scope if x.hold != "litigation"]
        left = self.pay(receipt["Receipt"], receipt["Amount"], scope, day)
        if named or rule.leftover == "refund_list":
            self.refund[group] += left
        else:
            self.credit[group] += left

    def apply_credit(self, group: str, day: dt.date) -> None:
        """The group's credit pays as the owner's money would on that day."""
        if not self.credit[group]:
            return
        rule = self.allocation(day)
        scope = [x for x in self.by_age if x.group == group]
        if rule.litigation == "skip":
            scope = [x for x in scope if x.hold != "litigation"]
        self.credit[group] = self.pay("credit", self.credit[group], scope, day)

    def pay(self, name: str, money: int, scope: list[Installment], day: dt.date) -> int:
        """Walks the steps over what is due, then over what is not yet due; the money that is left."""
        rule = self.allocation(day)
        walks = [[x for x in scope if x.due <= day]]
        if rule.leftover == "next_installment" and rule.credit_applies == "at_once":
            walks.append([x for x in scope if x.due > day])
        lines: dict[int, dict[str, int]] = {}
        for walk in walks:
            for step in rule.order:
                for x in walk:
                    if step.of != "any" and (step.of == "secured") != x.secured:
                        continue
                    for column in step.pay:
                        if money <= 0:
                            break
                        used, discount = self.pay_column(x, column, money, day)
                        money -= used
                        if used or discount:
                            line = lines.setdefault(x.row, defaultdict(int))
                            line[column] += used + discount
                            line["discount"] += discount
        for row, line in sorted(lines.items()):
            x = self.installments[row]
            self.splits.append((name, *x.key, *(line[c] for c in ("tax", "interest", "penalty", "costs", "discount"))))
        return money

    def pay_column(self, x: Installment, column: str, money: int, day: dt.date) -> tuple[int, int]:
        """(money used, discount given)."""
        due = self.due_of(x, column, day)
        if due <= 0:
            return 0, 0
        if column != "tax":
            used = min(money, due)
            x.settled[column] += used
            return used, 0
        used, discount = self.tax_payment(x, money, day)
        x.tax_paid += used + discount
        self.set_open(x, x.open - used - discount, day)
        return used, discount

    def tax_payment(self, x: Installment, money: int, day: dt.date) -> tuple[int, int]:
        rate, on = self.discount(x, day)
        if rate:
            whole = half_up(rate * x.open)
            if on == "any_payment":
                if money >= x.open - whole:
                    return x.open - whole, whole
                settles = min(x.open, half_up(money / (1 - rate)))
                return money, settles - money
            if money >= x.open - whole and x.tax_paid == 0:
                return x.open - whole, whole
        return min(money, x.open), 0

    def discount(self, x: Installment, day: dt.date) -> tuple[Fraction, str]:
        """(the rate that can still be earned on `day`, by which payments)."""
        rule = self.profile.find("discount", x.due, x.type, x.part)
        if rule and rule.params.rate:
            return (rule.params.rate, rule.params.on) if day <= last_discount_day(rule.params, x) else (Fraction(0), "")
        for component in ACCRUING:
            rule = self.in_force(x, component, day)
            if rule and rule.params.method == "by_date_band":
                rate = band_rate(rule.params, x.due, day)  # Interest From moves interest, not the discount
                if rate < 0:
                    return -rate, rule.params.discount_on
        return Fraction(0), ""

    # ---- adjustments --------------------------------------------------------------------------------------------

    def adjust(self, a: dict, day: dt.date) -> None:
        x = self.by_key.get((a["Bill"], a.get("Part") or "", a.get("Inst") or 1))
        number, amount = a["No"], a["Amount"]
        if x is None:
            self.problems.append(f"{number}: no such installment")
            return
        component = a.get("Component") or ABOUT.get(a["Kind"], "tax")
        if a["Kind"] == "Refund":
            paid = 0  # of the credit first, then of what is listed for refund
            for purse in (self.credit, self.refund):
                part = min(amount - paid, purse[x.group])
                purse[x.group] -= part
                paid += part
            self.paid_out[x.group] += paid
            if paid < amount:
                self.problems.append(f"{number}: refund of more than the credit")
            return
        if a["Kind"] in RAISING:
            change = amount
            if component != "tax":
                x.added[component] += amount
            elif day >= x.delinquent_on and x.bearing_since is None:
                self.set_open(x, x.open + amount, day)
                if x.open > 0:
                    self.becomes_delinquent(x, day, base=day)
            else:
                self.set_open(x, x.open + amount, day)
        else:
            assert a["Kind"] in REDUCING, a["Kind"]
            if component == "tax":
                change = -amount
                after = x.open - amount
                if after < 0:  # what was paid too much goes from the installment to the credit
                    self.credit[x.group] -= after
                    self.splits.append(("credit", *x.key, after, 0, 0, 0, 0))
                self.set_open(x, max(0, after), day)
            else:
                taken = min(amount, self.due_of(x, component, day))
                change = -taken
                x.settled[component] += taken
                if taken < amount:
                    self.problems.append(f"{number}: {component} reduced below zero")
        self.changes.append((number, *x.key, component, change))
        self.after_a_change(x.group, day)

    def after_a_change(self, group: str, day: dt.date) -> None:
        if self.allocation(day).leftover == "next_installment":
            self.apply_credit(group, day)

    # ---- year-end penalty ---------------------------------------------------------------------------------------

    def year_end(self, day: dt.date) -> None:
        for account in sorted({x.account for x in self.installments}):
            by_rule: dict[int, tuple[Rule, list[Installment]]] = {}
            for x in self.by_age:
                if x.account == account and x.bearing_since and x.open > 0:
                    rule = self.profile.find("penalty", day, x.type, x.part)
                    if rule:
                        by_rule.setdefault(id(rule), (rule, []))[1].append(x)
            for rule, bearing in by_rule.values():
                self.penalize(rule.params, bearing, day)
        for group in sorted({x.group for x in self.installments}):
            rule = self.allocation(day)
            if rule.leftover == "next_installment" and rule.credit_applies == "at_once":
                self.apply_credit(group, day)

    def penalize(self, law, bearing: list[Installment], day: dt.date) -> None:
        tax = sum(x.open for x in bearing)
        tested = tax
        if law.tested_on == "tax_and_interest":
            tested += sum(self.due_of(x, "interest", day) for x in bearing)
        if tested <= law.threshold:
            return
        on = [x for x in bearing if x.year == day.year] if law.base == "this_year" else bearing
        weights = [x.open for x in on]
        base = sum(weights)
        if law.base == "excess":
            base = max(0, tax - law.threshold)
        penalty = half_up(law.rate * base)
        if not penalty:
            return
        running = given = 0
        for x, weight in zip(on, weights, strict=True):
            running += weight
            part = half_up(Fraction(penalty * running, sum(weights))) - given
            given += part
            x.added["penalty"] += part
            self.changes.append(("year end", *x.key, "penalty", part))

    # ---- the figures --------------------------------------------------------------------------------------------

    def result(self) -> Result:
        balances = []
        for x in self.installments:
            row = {
                "Account": x.account, "Bill": x.bill, "Levy Year": x.year, "Levy Type": x.type, "Part": x.part,
                "Inst": x.inst, "Due": x.due,
            }  # fmt: skip
            for component in ("tax", "interest", "penalty", "costs"):
                row[component.capitalize()] = self.due_of(x, component, self.as_of)
            row["Total"] = row["Tax"] + row["Interest"] + row["Penalty"] + row["Costs"]
            balances.append(row)

        def some(of: dict[str, int]) -> dict[str, int]:
            return {k: v for k, v in of.items() if v}

        return Result(
            balances,
            some(self.credit),
            some(self.refund),
            self.splits,
            self.changes,
            some(self.paid_out),
            self.problems,
        )


def reverses(receipt: dict) -> bool:
    return receipt.get("Kind") == "Reversal" or bool(receipt.get("Reverses"))


def nominal_last_day(grace, due: dt.date) -> dt.date:
    """The last free day before closed days and late bills are looked at."""
    if grace.counted == "by_day_number":
        return due + (grace.days - 1) * DAY
    if grace.counted == "days_following":
        return due + grace.days * DAY
    if grace.counted == "months":
        return months_on(due, grace.months)
    if grace.counted == "fixed":
        for entry in grace.fixed:
            if entry.due == due.strftime("%m-%d"):
                last = on_month_day(due.year, entry.last)
                return last if last >= due else on_month_day(due.year + 1, entry.last)
        raise BadProfile(f"no last free day is listed for {due}")
    return due


def last_discount_day(law, x: Installment) -> dt.date:
    if law.until == "last_free_day":
        return x.last_free
    if law.until == "months_after":
        return months_on(x.due, law.months)
    if law.until == "month_day":
        # The one nearest the due date: before it or after it.
        days = [on_month_day(x.due.year + n, law.month_day) for n in (-1, 0, 1)]
        return min(days, key=lambda day: abs(day - x.due))
    return x.due
