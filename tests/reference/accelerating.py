"""A missed installment that makes the rest of its bill due, in the slow reading. Part of replay.py."""

from __future__ import annotations

import datetime as dt

from tests.reference.interest import ACCRUING, Accruals, Installment
from xltax.law.allocation import Acceleration


class Accelerates(Accruals):
    """Which installments are due because another one was missed, by whose days they bear, and when that ends."""

    def acceleration(self, x: Installment):
        """The rule for this installment's bill, or None."""
        rule = self.profile.find(Acceleration, x.due, x.type, x.part, tax=x.tax)
        return rule.params if rule else None

    def bill_of(self, x: Installment) -> list[Installment]:
        """The installments of one bill and part, by age."""
        return [y for y in self.by_age if y.series == x.series]

    def is_missed(self, x: Installment, day: dt.date) -> None:
        """Its last free day has passed with tax open: it is delinquent, and perhaps the rest of its bill with it."""
        law = self.acceleration(x)
        bill = self.bill_of(x)
        counts = law and x.accelerated is None and (law.missed == "any_installment" or x is bill[0])
        if counts and law.interest_from == "first" and not x.interest_from:
            x.by = bill[0].own
        self.becomes_delinquent(x, day)
        if not counts:
            return
        for y in bill:
            if y.age <= x.age or y.bearing_since or y.delinquent_on < day or y.made > day:  # only the later ones
                continue
            y.accelerated = day
            y.delinquent_on = max(day, y.interest_from or day)
            if law.interest_from != "own" and not y.interest_from:  # an opening balance keeps its own days
                y.by = x.by

    def reinstate(self, day: dt.date) -> None:
        """Where the arrears of a bill are paid with what they bore, its other installments are due on their own days again."""
        for x in self.by_age:
            law = self.acceleration(x) if x.accelerated else None
            if law is None or law.reinstated != "when_arrears_paid" or x.own.last_free < day:
                continue
            bill = self.bill_of(x)
            past = [y for y in bill if y.own.last_free < day]
            if all(y.open <= 0 for y in past) and not any(self.due_of(y, c, day) for y in bill for c in ACCRUING):
                for y in bill:
                    if y not in past and y.accelerated:
                        self.by_installments_again(y, law)

    def by_installments_again(self, x: Installment, law) -> None:
        """What it bears begins anew, and what it paid stays paid: it counts again where the same time is charged again."""
        x.accelerated = x.bearing_since = x.prior = None
        x.by, x.delinquent_on = x.own, x.usually_on
        if law.interest_from != "first":  # a penalty is charged once, and what was paid of it counts
            x.added["interest"] = x.settled["interest"] = 0
        self.seen.clear()


def is_due(x: Installment, day: dt.date) -> bool:
    return x.due <= day or x.accelerated is not None
