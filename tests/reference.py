"""A second, slow reading of docs/replay.md, to hold the fast one against.

Nothing here is clever on purpose. Whatever can be worked out again from the whole history of an installment is worked
out again each time it is asked for, so that a mistake in carrying figures forward cannot be made twice. Fractions
throughout; the law's records of settings are shared with the fast one, the way they are applied is not.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from reference_interest import ACCRUING, Accruals, Installment
from reference_time import (
    DAY,
    band_close,
    close_of,
    half_up,
    natural,
    nominal_last_day,
    on_month_day,
    state_holidays,
)

from xltax.law.profile import Profile, Rule

REDUCING = {
    "Abatement", "Cancellation", "Correction Down", "Exemption", "State Deduction", "Waiver", "Transfer to Lien",
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


class Replay(Accruals):
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
            lien_lapsed=c.get("Unsecured From") or dt.date.max,
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
                    if step.of != "any" and (step.of == "secured") != (x.secured and day < x.lien_lapsed):
                        continue
                    for column in step.pay:
                        if money <= 0:
                            break
                        settled = self.as_one_bill(x, money, day) if column == "tax" else []
                        for y, used, discount in settled or [(x, *self.pay_column(x, column, money, day))]:
                            money -= used
                            if used or discount:
                                line = lines.setdefault(y.row, defaultdict(int))
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
        x.tax_paid += used
        self.set_open(x, x.open - used - discount, day)
        return used, discount

    def tax_payment(self, x: Installment, money: int, day: dt.date) -> tuple[int, int]:
        rate, on, in_parts, last = self.discount(x)
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

    def as_one_bill(self, x: Installment, money: int, day: dt.date) -> list[tuple[Installment, int, int]]:
        """[(installment, money used, discount)] where the money pays off a whole bill and so earns its discount; else none."""
        bill = [y for y in self.by_age if (y.bill, y.account) == (x.bill, x.account)]
        terms = {y.row: self.discount(y) for y in bill}
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
        out = []
        for y in (y for y in bill if y.row in to_pay):
            out.append((y, y.open - given[y.row], given[y.row]))
            y.tax_paid += y.open - given[y.row]
            self.set_open(y, 0, day)
        return out

    def discount(self, x: Installment) -> tuple[Fraction, str, bool, dt.date]:
        """(the rate, by which payments it is earned, whether in parts, the last day)."""

        def opened(day: dt.date) -> dt.date:
            return self.next_open(day, x.due)

        rule = self.profile.find("discount", x.due, x.type, x.part)
        if rule and rule.params.rate:
            law, last = rule.params, last_discount_day(rule.params, x)
            return law.rate, law.on, law.in_parts, opened(last) if law.roll else last
        for component in ACCRUING:
            rule = self.in_force(x, component, x.due)
            if rule and rule.params.method == "by_date_band" and rule.params.bands[0].rate < 0:
                law = rule.params  # Interest From moves interest, not the discount
                last = band_close(law, x.due, law.bands[0].months, opened)
                return -law.bands[0].rate, law.discount_on, law.in_parts, last
        return Fraction(0), "", False, dt.date.min

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


def last_discount_day(law, x: Installment) -> dt.date:
    if law.until == "last_free_day":
        return x.last_free
    if law.until == "months_after":
        return close_of(law, x.due, law.months)
    if law.until == "month_day":
        # The one nearest the due date: before it or after it.
        days = [on_month_day(x.due.year + n, law.month_day) for n in (-1, 0, 1)]
        return min(days, key=lambda day: abs(day - x.due))
    return x.due
