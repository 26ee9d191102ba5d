"""Adjustments and the penalty of a year's end in the slow reading. Part of replay.py."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from tests.reference.dates import DAY, half_up
from tests.reference.interest import Installment
from tests.reference.paying import Pays
from xltax.law.interest import YearEnd
from xltax.law.profile import Rule

REDUCING = {
    "Abatement", "Cancellation", "Correction Down", "Exemption", "State Deduction", "State Credit", "Waiver", "Transfer to Lien",
    "Suspense", "Write-off",
}  # fmt: skip
RAISING = {"Correction Up", "Added", "Omitted", "Cost", "Fee", "Penalty", "Deduction Disallowed"}

ABOUT = {"Waiver": "interest", "Cost": "costs", "Fee": "costs", "Penalty": "penalty"}
"""What a kind changes where the component is blank; the others change the tax."""


class Adjusts(Pays):
    """What lowers and raises an installment, besides payments."""

    problems: list[str]
    changes: list[tuple]

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
