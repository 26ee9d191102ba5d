"""How a payment pays in the slow reading: the steps, what a whole bill earns, and the discounts. Part of replay.py."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from fractions import Fraction
from types import SimpleNamespace

from tests.reference.accelerating import Accelerates, is_due
from tests.reference.dates import DAY, Days, band_close, close_of, half_up, is_named, on_month_day
from tests.reference.interest import ACCRUING, Installment
from tests.reference.schedule import discount_until, total_on
from xltax.law.discounts import Discount
from xltax.law.interest import OnePayment


class Pays(Accelerates):
    """Where the money of one payment goes, installment by installment and column by column."""

    by_age: list[Installment]
    splits: list[tuple]

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
        if "interest" in step.pay or "tax" in step.pay:
            at_once = self.in_one_payment(x, money, day, seen)
            if at_once:
                return at_once
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

    def in_one_payment(self, x: Installment, money: int, day: dt.date, seen: dt.date) -> list[tuple]:
        """[(installment, column, money used, discount)] where one payment of the whole bill bears less than its installments; else none."""
        bill = [y for y in self.by_age if (y.bill, y.account) == (x.bill, x.account) and y.made <= seen]
        laws = {y.row: self.profile.find(OnePayment, y.due, y.type, y.part, tax=y.tax) for y in bill}
        chosen = [y for y in bill if laws[y.row]]
        if x not in chosen or any(y.tax_paid for y in bill) or len({y.hold == "litigation" for y in bill}) > 1:
            return []
        if len({y.due for y in chosen}) < 2:
            return []
        bears = half_up(sum(y.open * self.total_in_one(y, laws[y.row].params, day) for y in chosen))
        off = sum(self.due_of(y, "interest", day) for y in chosen) - bears
        owed = sum(self.due_of(y, column, day) for y in bill for column in ("costs", "interest", "penalty", "tax"))
        if off <= 0 or money < owed - off:
            return []
        out = []
        for y in bill:
            spared = min(off, self.due_of(y, "interest", day)) if y in chosen else 0
            y.settle("interest", spared, day)
            off -= spared
            for column in ("costs", "interest", "penalty", "tax"):
                used, discount = self.pay_column(y, column, money, day) if money > 0 else (0, 0)
                out.append((y, column, used, discount))
                money -= used
        return out

    def total_in_one(self, x: Installment, law, day: dt.date) -> Fraction:
        """What one payment of its bill bears on its tax: counted from the due date of the bill's first installment."""
        due = self.bill_of(x)[0].due
        days = Days(due, due, due, due + DAY, due + DAY, False)
        schedule = SimpleNamespace(steps=law.steps, roll=False, roll_months=False)
        before = total_on(schedule, days, x.interest_from, lambda d: d) if x.interest_from else Fraction(0)
        return max(Fraction(0), total_on(schedule, days, day, lambda d: d) - before)

    def pays_all(self, x: Installment, money: int, day: dt.date, seen: dt.date) -> bool:
        """Whether the money pays an installment in full, its tax less the discount."""
        left = money - sum(self.due_of(x, column, day) for column in ("costs", "interest", "penalty"))
        if left < 0:
            return False
        return sum(self.tax_payment(x, left, day)) >= x.open or bool(self.bill_together(x, left, day, seen))

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
        """[(installment, money used, discount)] where the money earns the discount of a whole bill or its first installments; else none."""
        plan = self.bill_together(x, money, day, seen)
        for y, used, discount in plan:
            self.settle_tax(y, used, discount, day)
        return plan

    def whole_bill(self, x: Installment, money: int, day: dt.date, seen: dt.date) -> list[tuple[Installment, int, int]]:
        """The same for a whole bill, before anything is settled."""
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

    def bill_together(
        self, x: Installment, money: int, day: dt.date, seen: dt.date
    ) -> list[tuple[Installment, int, int]]:
        """The whole bill if the money is enough for it, or else its first installments if they have a discount of their own."""
        return self.whole_bill(x, money, day, seen) or self.first_installments(x, money, day, seen)

    def first_installments(
        self, x: Installment, money: int, day: dt.date, seen: dt.date
    ) -> list[tuple[Installment, int, int]]:
        """[(installment, money used, discount)] of a bill on which nothing was paid, where the law has a rate for its first ones."""
        rule = self.profile.find(Discount, x.due, x.type, x.part, tax=x.tax)
        law = rule.params if rule else None
        if law is None or not law.first_installments or x.open <= 0 or day > self.discounts(x)[0][-1][0]:
            return []
        bill = [y for y in self.by_age if (y.bill, y.account) == (x.bill, x.account) and y.made <= seen]
        if any(y.tax_paid for y in bill) or len({y.hold == "litigation" for y in bill}) > 1:
            return []
        dues = sorted({y.due for y in bill})[: law.first_installments]
        chosen = [y for y in bill if y.due in dues and y.open > 0]
        if len(dues) < law.first_installments or x not in chosen:
            return []
        earning = [y for y in chosen if self.discount(y, day)[0] and self.discount(y, day)[1] == "full_bill"]
        together = sum(y.open for y in earning)
        off = half_up(law.first_rate * together)
        if money < sum(y.open for y in chosen) - off:
            return []
        plan, reached, given = [], 0, 0
        for y in chosen:
            mine = 0
            if y in earning:
                reached += y.open
                mine = half_up(Fraction(off * reached, together)) - given
                given += mine
            plan.append((y, y.open - mine, mine))
        return plan

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
        steps[0] = (max(last, days_after_mailing(law, x.mailed, opened)), rate)
    return [(opened(last) if law.roll else last, rate) for last, rate in steps if rate]


def days_after_mailing(law, mailed: dt.date, opened) -> dt.date:
    """The last of the days after mailing: all days, or those on which the office is open."""
    if law.mailed_counted == "days":
        return mailed + law.mailed_days * DAY
    day = mailed
    for _ in range(law.mailed_days):
        day = opened(day + DAY)
    return day


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
