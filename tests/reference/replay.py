"""A second, slow reading of docs/replay.md, to hold the fast one against.

Nothing here is clever on purpose. Whatever can be worked out again from the whole history of an installment is worked
out again each time it is asked for, so that a mistake in carrying figures forward cannot be made twice. Fractions
throughout; the law's records of settings are shared with the fast one, the way they are applied is not.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction

from tests.reference.accelerating import Accelerates, is_due
from tests.reference.dates import (
    DAY,
    Days,
    band_close,
    close_of,
    half_up,
    is_named,
    late_bill_day,
    natural,
    nominal_last_day,
    on_month_day,
    state_holidays,
)
from tests.reference.interest import ACCRUING, Installment
from tests.reference.schedule import discount_until
from xltax.law.allocation import Allocation
from xltax.law.calendar import Grace, Office
from xltax.law.discounts import Discount
from xltax.law.interest import YearEnd
from xltax.law.profile import Profile, Rule

REDUCING = {
    "Abatement", "Cancellation", "Correction Down", "Exemption", "State Deduction", "State Credit", "Waiver", "Transfer to Lien",
    "Suspense", "Write-off",
}  # fmt: skip
RAISING = {"Correction Up", "Added", "Omitted", "Cost", "Fee", "Penalty", "Deduction Disallowed"}

ABOUT = {"Waiver": "interest", "Cost": "costs", "Fee": "costs", "Penalty": "penalty"}
"""What a kind changes where the component is blank; the others change the tax."""

SECURED_TYPES = {"RE", "ADD", "OMIT", "SEWER", "WATER"}
"""Where the Secured column is blank: real estate and what is a lien on it."""


# ---- the facts, as they stand ---------------------------------------------------------------------------------------


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


class Replay(Accelerates):
    def __init__(self, charges, receipts, adjustments, profile, as_of, known_on, closed):
        self.profile, self.as_of = profile, as_of
        self.promised: list[Promise] = []  # to bills made late, of money that was in hand before
        self.offered: dict[str, dt.date] = {}  # group: bills made by that day were offered what was in hand
        self.town_days = {c["Date"]: c.get("Office") or "Closed" for c in closed}

        def known(fact) -> bool:
            return known_on is None or not fact.get("Recorded") or fact["Recorded"] <= known_on

        self.problems: list[str] = []
        usable = [r for r in receipts if known(r) and paid_on(r) <= as_of]
        undone = self.reversed(usable)
        self.receipts: dict[dt.date, list[dict]] = defaultdict(list)
        for receipt in sorted(usable, key=lambda r: natural(r["Receipt"])):
            moves = not reverses(receipt) and (receipt.get("Kind") or "Payment") != "Reallocation"
            if moves and receipt["Receipt"] not in undone:
                self.receipts[paid_on(receipt)].append(receipt)
        self.adjustments: dict[dt.date, list[dict]] = defaultdict(list)
        for adjustment in sorted(adjustments, key=lambda a: natural(a["No"])):
            if known(adjustment) and adjustment["Effective"] <= as_of:
                self.adjustments[adjustment["Effective"]].append(adjustment)

        self.charges = [c for c in charges if known(c)]
        self.party = {}
        for charge in self.charges:
            if charge.get("Party"):
                self.party.setdefault(charge["Account"], charge["Party"])
        self.reported = self.problems

    def begin(self) -> None:
        """Nothing has happened yet; what was promised on an earlier reading is known."""
        self.problems = list(self.reported)
        self.installments = [self.installment(n, c) for n, c in enumerate(self.charges)]
        for x in self.installments:
            x.bill_tax = sum(y.billed for y in self.installments if y.series == x.series)
        for x in self.installments:
            self.say_when_it_is_late(x)
        for x in self.installments:
            self.knows_its_bill(x)
            self.say_when_it_was_made(x)
        self.by_age = sorted(self.installments, key=lambda x: x.age)
        self.by_key = {x.key: x for x in self.installments}
        for promise in self.promised:
            promise.given = 0

        self.in_hand: dict[str, list[Lot]] = defaultdict(list)
        self.refund: dict[str, int] = defaultdict(int)
        self.paid_out: dict[str, int] = defaultdict(int)
        self.lower_used: dict[tuple, int] = defaultdict(
            int
        )  # until_current: how much of a bracket's lower tier is taken
        self.splits: list[tuple] = []
        self.changes: list[tuple] = []
        self.seen: dict[tuple, Fraction] = {}
        self.totals: dict[tuple, Fraction] = {}
        self.counts: dict[tuple, dict[dt.date, Fraction]] = {}

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
            lien_lapsed=c.get("Unsecured From") or dt.date.max,
            hold=c.get("Hold") or "",
            mailed=c.get("Mailed"),
            interest_from=c.get("Interest From"),
            recorded=c.get("Recorded"),
            class_=c.get("Class") or "",
            open=c["Amount"],
        )
        x.history = [(dt.date.min, x.open)]
        return x

    def say_when_it_is_late(self, x: Installment) -> None:
        grace = self.profile.rule(Grace, x.due, x.type, x.part, tax=x.tax).params
        nominal = nominal_last_day(grace, x.due)
        last_free = self.next_open(nominal, x.due) if grace.roll else nominal
        if grace.counted == "business_days_following":
            last_free = x.due
            for _ in range(grace.days):
                last_free = self.next_open(last_free + DAY, x.due)
        due = x.due
        late = late_bill_day(grace, x.due, x.mailed)
        if late and late > last_free:
            last_free = self.next_open(late, x.due) if grace.roll else late
            if grace.late_bill_interest == "late_day":
                due = nominal = late
        x.own = Days(due, nominal, last_free, dt.date.min, dt.date.min, False)
        x.usually_on = x.delinquent_on = max(last_free + DAY, x.interest_from or dt.date.min)

    def knows_its_bill(self, x: Installment) -> None:
        """When its bill's first and last installments become delinquent."""
        bill = sorted((y for y in self.installments if y.series == x.series), key=lambda y: y.age)
        first, last = bill[0], bill[-1]
        first_late, last_late = first.own.nominal + DAY, last.own.last_free + DAY
        is_last = x.own.last_free + DAY >= last_late  # earlier ones are those that become delinquent before it
        x.own = x.by = replace(x.own, first_late=first_late, last_late=last_late, is_last=is_last)

    def say_when_it_was_made(self, x: Installment) -> None:
        """A bill counts as made late where something of its group was known before it."""
        mine = [r for day in self.receipts.values() for r in day if self.group_of(paid_account(r)) == x.group]
        recorded = [y.recorded or dt.date.min for y in self.installments if y.group == x.group]
        x.made = dt.date.min
        if x.recorded and x.recorded > min([sees(r) for r in mine] + recorded):
            x.made = x.recorded
            # It cannot be late before it was there, unless money that sees it counts from an earlier day.
            enters = [min(x.made, self.as_of)]
            enters += [paid_on(r) for r in mine if sees(r) >= x.made]
            enters += [p.day for p in self.promised if p.group == x.group and p.sees >= x.made]
            x.late_by_law, x.there = x.delinquent_on, min(enters)
            x.usually_on = x.delinquent_on = max(x.delinquent_on, x.there)

    def group_of(self, account: str) -> str:
        if self.allocation(self.as_of).group == "party":
            return self.party.get(account, account)
        return account

    def allocation(self, day: dt.date):
        return self.profile.rule(Allocation, day).params

    # ---- days ---------------------------------------------------------------------------------------------------

    def next_open(self, day: dt.date, due: dt.date) -> dt.date:
        office = self.profile.find(Office, due)
        state = office.params.holidays if office else ""
        kept = set(office.params.open_on) if office else set()

        def holiday(d: dt.date) -> bool:
            if not state or d not in state_holidays(state, d.year):
                return False
            # A holiday the office does not keep, or the Friday or Monday that stands for it.
            moved = {d, d + DAY} if d.weekday() == 4 else {d, d - DAY} if d.weekday() == 0 else {d}
            return not any(m.strftime("%m-%d") in kept for m in moved)

        def closed(d: dt.date) -> bool:
            if d in self.town_days:  # the town's own table wins either way
                return self.town_days[d] == "Closed"
            return d.weekday() >= 5 or holiday(d)

        while closed(day):
            day += DAY
        return day

    def run(self) -> Result:
        """Reads the whole history, and reads it again whenever money in hand turns out to be for a bill made late."""
        while True:
            self.begin()
            try:
                self.every_day()
            except Again:
                continue
            if not self.promised_too_much():
                return self.result()

    def promised_too_much(self) -> bool:
        """Whether less came free than bills were given ahead: then they are promised what did."""
        short = [p for p in self.promised if p.freed_by and p.given]
        for promise in short:
            promise.amount -= promise.given
        return bool(short)

    def every_day(self) -> None:
        days = {x.due for x in self.installments} | {x.delinquent_on for x in self.installments}
        days |= set(self.adjustments) | set(self.receipts) | {self.making_day(x) for x in self.installments}
        days |= {x.interest_from for x in self.installments if x.interest_from}
        days -= {dt.date.min}
        first = min(days, default=self.as_of)
        days |= {dt.date(y, 12, 31) for y in range(first.year, self.as_of.year + 1)}
        for day in sorted(d for d in days if d <= self.as_of):
            self.one_day(day)
        for group in sorted({x.group for x in self.installments if x.made > self.as_of}):
            if self.allocation(self.as_of).leftover == "next_installment":
                self.apply_credit(group, self.as_of, dt.date.max)

    def making_day(self, x: Installment) -> dt.date:
        """A bill recorded after the day asked about is looked at as if it had been made on that day."""
        return min(x.made, self.as_of)

    def one_day(self, day: dt.date) -> None:
        for x in self.by_age:
            if x.delinquent_on == day and x.open > 0 and x.bearing_since is None:
                self.is_missed(x, day)
        if any(day in (x.due, x.accelerated) for x in self.installments):
            for group in sorted({x.group for x in self.installments if day in (x.due, x.accelerated)}):
                rule = self.allocation(day)
                if rule.leftover == "next_installment" and rule.credit_applies == "when_due":
                    self.apply_credit(group, day, day - DAY)
        for adjustment in self.adjustments[day]:
            self.adjust(adjustment, day)
        for x in sorted(self.installments, key=lambda x: (x.made, x.age)):
            if x.made > dt.date.min and self.making_day(x) == day:
                self.is_made(x, day)
        for receipt in self.receipts[day]:
            self.receive(receipt, day)
        for promise in [p for p in self.promised if p.day == day]:
            self.keep_promise(promise, day)
        # A figure for December 31 itself is for that day before its close.
        if (day.month, day.day) == (12, 31) and day < self.as_of:
            self.year_end(day)

    # ---- payments -----------------------------------------------------------------------------------------------

    def receive(self, receipt: dict, day: dt.date) -> None:
        rule = self.allocation(day)
        # Under "as_owner" a lender's money is the owner's in every respect, a bill in litigation included.
        third = receipt.get("By") == "third party" and rule.third_party == "named_property"
        account = paid_account(receipt)
        named = bool(receipt.get("Directed")) or third
        group = self.group_of(account)
        scope = [x for x in self.by_age if (x.account == account if named else x.group == group)]
        if rule.litigation == "skip" and not third:
            scope = [x for x in scope if x.hold != "litigation"]
        left = self.pay(receipt["Receipt"], receipt["Amount"], scope, day, sees(receipt))
        if named or rule.leftover == "refund_list":
            self.refund[group] += left
        else:
            self.keep(Lot(group, left, day, sees(receipt)))

    # ---- money in hand ------------------------------------------------------------------------------------------

    def keep(self, lot: Lot) -> None:
        """What sees the fewest bills is used first; of two such what came first."""
        if lot.amount:
            self.in_hand[lot.group].append(lot)
            self.in_hand[lot.group].sort(key=lambda one: one.sees)

    def take(self, group: str, amount: int, lots: list[Lot]) -> None:
        for lot in lots:
            part = min(amount, lot.amount)
            lot.amount -= part
            amount -= part
        self.in_hand[group] = [lot for lot in self.in_hand[group] if lot.amount]

    def apply_credit(self, group: str, day: dt.date, made_by: dt.date | None = None) -> None:
        """The group's credit pays as the owner's money would on that day: bills made by then, or which it sees anyway."""
        reach: dict[dt.date, list[Lot]] = defaultdict(list)
        for lot in self.in_hand[group]:
            reach[max(lot.sees, made_by or day)].append(lot)
        for last, lots in sorted(reach.items()):
            amount = sum(lot.amount for lot in lots)
            left = self.pay("credit", amount, self.for_credit(group, day), day, last)
            self.take(group, amount - left, lots)

    def for_credit(self, group: str, day: dt.date) -> list[Installment]:
        """The installments the owner's money may pay."""
        skip = self.allocation(day).litigation == "skip"
        mine = [x for x in self.by_age if x.group == group]
        return [x for x in mine if not (skip and x.hold == "litigation")]

    def is_made(self, x: Installment, day: dt.date) -> None:
        """A new bill is offered what is in hand; where it is late already, as of the days that money came in."""
        if self.allocation(day).leftover != "next_installment" or not self.in_hand[x.group]:
            return
        too_late = max(x.late_by_law, x.interest_from or dt.date.min) <= day
        too_late = too_late or self.lost_its_discount(x, day)
        if too_late and self.offered.get(x.group, dt.date.min) < x.made:
            self.offered[x.group] = x.made
            new = [lot for lot in self.in_hand[x.group] if lot.sees < x.made and lot.day < day]
            if new:
                self.promised += [Promise(x.group, o.amount, o.day, x.made, o.freed_by) for o in new]
                self.promised.sort(key=lambda p: p.day)
                raise Again
        self.apply_credit(x.group, day, max(day, x.made))

    def lost_its_discount(self, x: Installment, day: dt.date) -> bool:
        """Whether a discount could be earned once, and no more on this day."""
        return any(last < day for last, _ in self.discounts(x)[0])

    def keep_promise(self, promise: Promise, day: dt.date) -> None:
        """A bill made late has its share of the money of this day; what it does not need yet stays in hand for it."""
        amount = promise.amount
        if not promise.freed_by:
            lots = [o for o in self.in_hand[promise.group] if not o.freed_by and o.day == day and o.sees < promise.sees]
            amount = min(amount, sum(o.amount for o in lots))
            self.take(promise.group, amount, lots)
        left = self.pay("credit", amount, self.for_credit(promise.group, day), day, promise.sees)
        promise.given = amount - left
        if not promise.freed_by:
            self.keep(Lot(promise.group, left, day, promise.sees))

    def set_free(self, x: Installment, amount: int, a: dict, day: dt.date) -> int:
        """Tax that was settled and is owed no more: what was paid of it, the last first, each from the day it was paid. Gives
        the discount that goes with it."""
        number, seen = a["No"], day - DAY  # bills of that day are made after it
        lost = 0
        while amount and x.payments:
            paid_day, tax, discount = x.payments.pop()
            part = min(amount, tax)
            gone = half_up(Fraction(discount * part, tax))
            if part < tax:
                x.payments.append((paid_day, tax - part, discount - gone))
            free = part - gone
            for promise in self.promised:
                if promise.freed_by == number and promise.day == paid_day and promise.given:
                    taken = min(promise.given, free)
                    promise.given -= taken
                    free -= taken
            self.keep(Lot(x.group, free, paid_day, seen, number))
            amount -= part
            lost += gone
        self.keep(Lot(x.group, amount, day, seen, number))
        return lost

    def pay(self, name: str, money: int, scope: list[Installment], day: dt.date, seen: dt.date) -> int:
        """Walks the steps over what is due, then over what is not yet due, of bills `seen`; the money that is left."""
        scope = [x for x in scope if x.made <= seen]
        rule = self.allocation(day)
        walks = [[x for x in scope if is_due(x, day)]]
        if rule.leftover == "next_installment" and rule.credit_applies == "at_once":
            walks.append([x for x in scope if not is_due(x, day)])
        lines: dict[int, dict[str, int]] = {}
        for walk in walks:
            for step in rule.order:
                for x in walk:
                    if step.of != "any" and (step.of == "secured") != (x.secured and day < x.lien_lapsed):
                        continue
                    for y, column, used, discount in self.pay_step(x, step, money, day, seen):
                        money -= used
                        if used or discount:
                            line = lines.setdefault(y.row, defaultdict(int))
                            line[column] += used + discount
                            line["discount"] += discount
        for row, line in sorted(lines.items()):
            x = self.installments[row]
            self.splits.append((name, *x.key, *(line[c] for c in ("tax", "interest", "penalty", "costs", "discount"))))
        self.reinstate(day)
        return money

    def pay_step(self, x: Installment, step, money: int, day: dt.date, seen: dt.date) -> list[tuple]:
        """[(installment, column, money used, discount)] of one step on one installment: column by column, or in proportion."""
        if step.split == "proportional" and "tax" in step.pay and not self.pays_all(x, money, day, seen):
            return self.in_proportion(x, step, money, day)
        out = []
        for column in step.pay:
            if money <= 0:
                break
            settled = self.as_one_bill(x, money, day, seen) if column == "tax" else []
            for y, used, discount in settled or [(x, *self.pay_column(x, column, money, day))]:
                out.append((y, column, used, discount))
                money -= used
        return out

    def pays_all(self, x: Installment, money: int, day: dt.date, seen: dt.date) -> bool:
        """Whether the money pays an installment in full, its tax less the discount."""
        left = money - sum(self.due_of(x, column, day) for column in ("costs", "interest", "penalty"))
        if left < 0:
            return False
        return sum(self.tax_payment(x, left, day)) >= x.open or bool(self.whole_bill(x, left, day, seen))

    def in_proportion(self, x: Installment, step, money: int, day: dt.date) -> list[tuple]:
        """Costs first; then tax its share of tax, interest and penalty, and what is left to the other columns in order."""
        others = [column for column in step.pay if column not in ("tax", "costs")]
        costs, _ = self.pay_column(x, "costs", money, day) if "costs" in step.pay and money > 0 else (0, 0)
        out, left = [(x, "costs", costs, 0)], money - costs
        together = sum(self.due_of(x, column, day) for column in ("tax", "interest", "penalty"))
        share = half_up(Fraction(left * x.open, together)) if left > 0 and together else 0
        used, discount = self.tax_payment(x, share, day) if share else (0, 0)
        if used or discount:
            self.settle_tax(x, used, discount, day)
        out.append((x, "tax", used, discount))
        left -= used
        for column in others:
            used, _ = self.pay_column(x, column, left, day) if left > 0 else (0, 0)
            out.append((x, column, used, 0))
            left -= used
        return out

    def pay_column(self, x: Installment, column: str, money: int, day: dt.date) -> tuple[int, int]:
        """(money used, discount given)."""
        due = self.due_of(x, column, day)
        if due <= 0:
            return 0, 0
        if column != "tax":
            used = min(money, due)
            x.settle(column, used, day)
            return used, 0
        used, discount = self.tax_payment(x, money, day)
        self.settle_tax(x, used, discount, day)
        return used, discount

    def settle_tax(self, x: Installment, used: int, discount: int, day: dt.date) -> None:
        x.tax_paid += used
        if used + discount:
            x.payments.append((day, used + discount, discount))
        self.set_open(x, x.open - used - discount, day)

    def tax_payment(self, x: Installment, money: int, day: dt.date) -> tuple[int, int]:
        rate, on, in_parts, last = self.discount(x, day)
        if rate and day <= last and on != "full_bill":
            whole = half_up(rate * x.open)
            if on == "any_payment":
                if money >= x.open - whole:
                    return x.open - whole, whole
                settles = min(x.open, half_up(money / (1 - rate)))
                return money, settles - money
            if in_parts:
                whole = min(x.open, half_up(rate * (x.open + x.tax_paid)))
            if money >= x.open - whole and (x.tax_paid == 0 or in_parts):
                return x.open - whole, whole
        return min(money, x.open), 0

    def as_one_bill(
        self, x: Installment, money: int, day: dt.date, seen: dt.date
    ) -> list[tuple[Installment, int, int]]:
        """[(installment, money used, discount)] where the money pays off a whole bill and so earns its discount; else none."""
        plan = self.whole_bill(x, money, day, seen)
        for y, used, discount in plan:
            self.settle_tax(y, used, discount, day)
        return plan

    def whole_bill(self, x: Installment, money: int, day: dt.date, seen: dt.date) -> list[tuple[Installment, int, int]]:
        """The same, before anything is settled."""
        bill = [y for y in self.by_age if (y.bill, y.account) == (x.bill, x.account) and y.made <= seen]
        terms = {y.row: self.discount(y, day) for y in bill}
        earning = [y for y in bill if terms[y.row][0] and terms[y.row][1] == "full_bill"]
        if x.open <= 0 or not earning or len({y.hold == "litigation" for y in bill}) > 1:
            return []
        if any(day > terms[y.row][3] for y in earning):
            return []
        if any(y.tax_paid for y in bill) and not all(terms[y.row][2] for y in earning):
            return []
        to_pay = {y.row: y.open for y in bill if y.open > 0}
        whole = {y.row: half_up(terms[y.row][0] * (y.open + y.tax_paid)) for y in earning}
        spare = min(sum(whole.values()), sum(to_pay.values()))
        if money < sum(to_pay.values()) - spare:
            return []
        given: dict[int, int] = defaultdict(int)
        for limits in (whole, to_pay):  # each its own, then what others, paid before, leave over
            for row in to_pay:
                more = min(spare, limits.get(row, 0) - given[row], to_pay[row] - given[row])
                given[row] += max(0, more)
                spare -= max(0, more)
        return [(y, y.open - given[y.row], given[y.row]) for y in bill if y.row in to_pay]

    def discount(self, x: Installment, day: dt.date) -> tuple[Fraction, str, bool, dt.date]:
        """(the rate, by which payments it is earned, whether in parts, the last day): of the first step not past, or the last."""
        steps, on, in_parts = self.discounts(x)
        if not steps:
            return Fraction(0), "", False, dt.date.min
        last, rate = next(((last, rate) for last, rate in steps if day <= last), steps[-1])
        return rate, on, in_parts, last

    def discounts(self, x: Installment) -> tuple[list[tuple[dt.date, Fraction]], str, bool]:
        """([(the last day, the rate)], by which payments it is earned, whether in parts)."""

        def opened(day: dt.date) -> dt.date:
            return self.next_open(day, x.due)

        rule = self.profile.find(Discount, x.due, x.type, x.part, tax=x.tax)
        steps = discount_steps(rule.params, x, opened) if rule else []
        if steps:
            return steps, rule.params.on, rule.params.in_parts
        for component in ACCRUING:
            rule = self.in_force(x, component, x.due)
            law = rule.params if rule else None  # Interest From moves interest, not the discount
            rate, last = Fraction(0), dt.date.min
            if law and law.method == "by_date_band":
                rate, last = -law.bands[0].rate, band_close(law, x.due, law.bands[0].months or 0, opened)
            if law and law.method == "schedule":
                rate, last = discount_until(law, x.own, opened)
            if rate > 0:
                return [(last, rate)], law.discount_on, law.in_parts
        return [], "", False

    # ---- adjustments --------------------------------------------------------------------------------------------

    def adjust(self, a: dict, day: dt.date) -> None:
        x = self.by_key.get((a["Bill"], a.get("Part") or "", a.get("Inst") or 1))
        number, amount = a["No"], a["Amount"]
        if x is None:
            self.problems.append(f"{number}: no such installment")
            return
        component = a.get("Component") or ABOUT.get(a["Kind"], "tax")
        if a["Kind"] == "Refund":
            # Of the credit first, then of what is listed for refund.
            paid = min(amount, sum(lot.amount for lot in self.in_hand[x.group]))
            self.take(x.group, paid, self.in_hand[x.group])
            part = min(amount - paid, self.refund[x.group])
            self.refund[x.group] -= part
            paid += part
            self.paid_out[x.group] += paid
            if paid < amount:
                self.problems.append(f"{number}: refund of more than the credit")
            return
        if a["Kind"] in RAISING:
            change = amount
            if component != "tax":
                x.put_on(component, amount, day)
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
                    lost = self.set_free(x, -after, a, day)
                    self.splits.append(("credit", *x.key, after, 0, 0, 0, -lost))
                self.set_open(x, max(0, after), day)
            else:
                taken = min(amount, self.due_of(x, component, day))
                change = -taken
                x.settle(component, taken, day)
                if taken < amount:
                    self.problems.append(f"{number}: {component} reduced below zero")
        self.changes.append((number, *x.key, component, change))
        self.reinstate(day)
        self.after_a_change(x.group, day)

    def after_a_change(self, group: str, day: dt.date) -> None:
        if self.allocation(day).leftover == "next_installment":
            self.apply_credit(group, day, day - DAY)

    # ---- year-end penalty ---------------------------------------------------------------------------------------

    def year_end(self, day: dt.date) -> None:
        for account in sorted({x.account for x in self.installments}):
            by_rule: dict[int, tuple[Rule, list[Installment]]] = {}
            for x in self.by_age:
                if x.account == account and x.bearing_since and x.open > 0:
                    rule = self.profile.find(YearEnd, day, x.type, x.part, tax=x.tax)
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
            x.put_on("penalty", part, day)
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
            some({group: sum(lot.amount for lot in lots) for group, lots in self.in_hand.items()}),
            some(self.refund),
            self.splits,
            self.changes,
            some(self.paid_out),
            self.problems,
        )


@dataclass
class Lot:
    """Money in hand: its own day, from which it counts, and the day by which the bills it sees were made."""

    group: str
    amount: int
    day: dt.date
    sees: dt.date
    freed_by: str = ""  # the adjustment, where it was settled tax once


@dataclass
class Promise:
    """What bills made late are to have of the money of an earlier day, and what they were given on this reading."""

    group: str
    amount: int
    day: dt.date
    sees: dt.date
    freed_by: str
    given: int = 0


class Again(Exception):
    """Something was promised: the history has to be read anew."""


def paid_on(receipt: dict) -> dt.date:
    return receipt.get("Effective") or receipt["Received"]


def paid_account(receipt: dict) -> str:
    return receipt.get("Directed") or receipt["Account"]


def sees(receipt: dict) -> dt.date:
    """Bills made by this day are there for a receipt: the day it was entered, or from which it counts."""
    return max(receipt.get("Recorded") or receipt["Received"], paid_on(receipt))


def reverses(receipt: dict) -> bool:
    return receipt.get("Kind") == "Reversal" or bool(receipt.get("Reverses"))


def discount_steps(law, x: Installment, opened) -> list[tuple[dt.date, Fraction]]:
    """[(the last day, the rate)] of a discount rule for an installment, the first step first; none: it has no discount."""
    if law.steps:
        steps = [(nearest(x.due, step.until), step.rate) for step in law.steps]
    elif law.by_due:
        steps = [(last_discount_day(law, x), each.rate) for each in law.by_due if is_named(x.due, each.due)]
    else:
        steps = [(last_discount_day(law, x), law.rate)]
    if law.mailed_days and x.mailed and steps:
        last, rate = steps[0]
        steps[0] = (max(last, x.mailed + law.mailed_days * DAY), rate)
    return [(opened(last) if law.roll else last, rate) for last, rate in steps if rate]


def last_discount_day(law, x: Installment) -> dt.date:
    if law.until == "last_free_day":
        return x.own.last_free
    if law.until == "months_after":
        return close_of(law, x.due, law.months)
    return nearest(x.due, law.month_day) if law.until == "month_day" else x.due


def nearest(due: dt.date, month_day: str) -> dt.date:
    """The one nearest the due date: before it or after it."""
    days = [on_month_day(due.year + n, month_day) for n in (-1, 0, 1)]
    return min(days, key=lambda day: abs(day - due))
