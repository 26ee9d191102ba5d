"""Monthly payment agreements: the level payment that clears the balance, and the schedule.

Every amount comes from replay: the payments are added to the receipts as if they had come in, and the balance is read off.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from xltax.dates import ClosedDays, add_months
from xltax.errors import BadValue
from xltax.law.agreements import Agreement
from xltax.law.profile import Profile
from xltax.ledger.facts import closed_days_of
from xltax.ledger.replay import Facts, Ledger, replay
from xltax.money import Cents
from xltax.office.quotes import payoff
from xltax.tables import Charge, ClosedDay
from xltax.tables.agreements import PLAN, WHAT_IF, PlannedPayment, WhatIf
from xltax.tables.replayed import LeftOver, OpenInstallment, Posting
from xltax.tables.table import Table

USUAL_TERMS = (2, 3, 4, 6, 9, 12, 18, 24, 36, 48, 60)
SPLIT = ("Tax", "Interest", "Penalty", "Costs")


@dataclass(frozen=True)
class Terms:
    """The terms: the number of payments, the day of the first payment, the down payment and its day."""

    months: int
    first: dt.date
    down: Cents = 0
    down_on: dt.date | None = None
    days: tuple[dt.date, ...] = ()  # the days of the monthly payments, where they were fixed before

    @property
    def start(self) -> dt.date:
        """The day of the earliest payment."""
        return min(self.first, self.down_on) if self.down and self.down_on else self.first


@dataclass
class Plan:
    """A calculated agreement: the payments, their schedule, and the bills they clear."""

    terms: Terms
    payment: Cents
    last: Cents
    total: Cents  # all of them, the down payment too
    interest: Cents  # of it interest, penalty and costs
    until: dt.date  # what falls due by this day is cleared
    facts: Facts
    schedule: pd.DataFrame  # as PLAN; empty where it was not asked for


def rule_of(town: Profile, on: dt.date) -> Agreement:
    """The town's rule for agreements on a day."""
    params = town.rule(Agreement, on).params
    return params


def payment_days(first: dt.date, months: int, closed: ClosedDays) -> list[dt.date]:
    """The first day and the same day of each later month. A closed day moves to the next business day."""
    return [closed.next_open(add_months(first, n)) for n in range(months)]


def last_day(terms: Terms, town: Profile, closed_days: Table[ClosedDay] | None) -> dt.date:
    """The day of the last payment: the agreement covers what falls due by this day."""
    return payment_days(terms.first, terms.months, closed_days_of(town, terms.first, closed_days))[-1]


# ---- the level payment -------------------------------------------------------------------------------------------


def plan(facts: Facts, town: Profile, terms: Terms, *, schedule: bool = True) -> Plan:
    """The level payment and its schedule.

    `facts` has the charges of one account, or of a party whose accounts share payments, with estimates of unbilled tax.
    The agreement does not clear what falls due after the last payment. Without `schedule` only the payments are calculated.

    Raises BadValue if the term is longer than the town allows or if there is nothing to clear.
    """
    rule = _checked(town, terms)
    closed = closed_days_of(town, terms.first, facts.closed_days)
    days = list(terms.days) or payment_days(terms.first, terms.months, closed)
    until = days[-1] if rule.covers != "past_due" else terms.start
    charges = facts.charges
    first = charges.loc[charges[Charge.due] <= pd.Timestamp(until), Charge.account].head(1)
    if not len(first):
        raise BadValue("No bill falls due by the last payment.", where="charges", do="Nothing needs an agreement.")
    account = str(first.iloc[0])
    down = [(terms.down_on or terms.first, terms.down)] if terms.down else []

    def left(level: Cents) -> Cents:
        """The last payment that clears the balance if every earlier payment is this large."""
        paid = payoff.with_payments(facts, account, [*down, *((d, level) for d in days[:-1])])
        return _open(replay(paid, town, days[-1]), until)

    whole = left(0)
    if whole <= 0:
        raise BadValue(
            "There is nothing to pay under an agreement.", where="down" if terms.down else "charges",
            do="No tax is past due or falls due by the last payment, or the down payment covers the tax.",
        )  # fmt: skip
    level = _level(left, whole, terms.months) if terms.months > 1 else whole
    last = left(level) if terms.months > 1 else whole
    payments = [*down, *((d, level) for d in days[:-1]), (days[-1], last)]
    paid = payoff.with_payments(facts, account, payments)
    end = replay(paid, town, days[-1])
    _clears(end, until)
    ours = end.postings[end.postings[Posting.receipt].str.startswith(payoff.OURS)]
    interest = int(ours[[Posting.interest, Posting.penalty, Posting.costs]].to_numpy().sum())
    table = (
        _schedule(paid, town, payments, end, until, 0 if down else 1)
        if schedule
        else pd.DataFrame(columns=list(PLAN.names))
    )
    return Plan(terms, level, last, sum(a for _, a in payments), interest, until, facts, table)


def covered(ledger: Ledger, until: dt.date) -> pd.DataFrame:
    """The installments an agreement clears, with their open amounts."""
    return ledger.balances[ledger.balances[OpenInstallment.due] <= pd.Timestamp(until)]


def _open(ledger: Ledger, until: dt.date) -> Cents:
    """What clears the installments due by a day, less any credit."""
    return payoff.total(replace(ledger, balances=covered(ledger, until)))


def _clears(end: Ledger, until: dt.date) -> None:
    """Refuses what payments cannot clear: another owner's bill, a bill in litigation, money that goes to the refund list."""
    mine = covered(end, until)
    if mine[OpenInstallment.group].nunique() > 1:
        raise BadValue(
            f"The charges belong to {mine[OpenInstallment.group].nunique()} owners.", where="charges",
            do="Select the charges of one account or of one party.",
        )  # fmt: skip
    if int(mine[OpenInstallment.total].sum()) or int(end.credits[LeftOver.refund].sum()):
        raise BadValue(
            "Monthly payments do not clear this account.", where="charges",
            do="Remove bills in litigation and bills that are not due. Payments do not go to bills in litigation, or the town "
            "refunds money paid ahead.",
        )  # fmt: skip


def _checked(town: Profile, terms: Terms) -> Agreement:
    found = town.rule(Agreement, terms.start)
    rule = rule_of(town, terms.start)
    if not 1 <= terms.months <= rule.longest:
        raise BadValue(
            f"The number of monthly payments is {terms.months}."
            if terms.months > 0
            else "An agreement needs at least one monthly payment.",
            where="months",
            do=f"Enter between 1 and {rule.longest} ({found.authority() or 'an assumption in the Rules'}).",
        )  # fmt: skip
    if terms.down < 0:
        raise BadValue("The down payment is below zero.", where="down", do="Enter zero or more.")
    if terms.down_on and terms.down_on > terms.first:
        raise BadValue(
            "The down payment comes after the first monthly payment.",
            where="down_on",
            do="Enter the day of the first payment or an earlier day.",
        )
    return rule


def _level(left: Callable[[Cents], Cents], whole: Cents, months: int) -> Cents:
    """The smallest level payment that leaves a last payment no larger.

    Found by false position, because the two are almost proportional.
    """
    low, over = 0, whole  # with payments of nothing, all of it is left for the last one
    high = -(-whole // months)
    short = left(high) - high
    while short > 0:
        low, over, high = high, short, 2 * high
        short = left(high) - high
    while high - low > 1:
        guess = low + (high - low) * over // (over - short)
        guess = min(max(guess, low + 1), high - 1)
        beyond = left(guess) - guess
        if beyond > 0:
            low, over = guess, beyond
        else:
            high, short = guess, beyond
    return high


def _schedule(
    facts: Facts, town: Profile, payments: list[tuple[dt.date, Cents]], end: Ledger, until: dt.date, start: int
) -> pd.DataFrame:
    """Each payment with the part for bills due by then, the part prepaid for later bills, and the balance after it."""
    due = end.balances.set_index([OpenInstallment.bill, OpenInstallment.part, OpenInstallment.inst])[
        OpenInstallment.due
    ]
    keys = pd.MultiIndex.from_frame(end.postings[[Posting.bill, Posting.part, Posting.inst]])
    posted = end.postings.assign(Due=due.reindex(keys).to_numpy())
    posted = posted[posted[OpenInstallment.due] <= posted[Posting.date]]
    posted[Posting.tax] -= posted[Posting.discount]
    by_receipt = posted.groupby(Posting.receipt)[list(SPLIT)].sum().to_dict("index")
    rows = []
    for n, (on, amount) in enumerate(payments):
        used = by_receipt.get(f"{payoff.OURS}{n:04d}", {})
        split = {c: int(used.get(c, 0)) for c in SPLIT}
        row = {
            PlannedPayment.no: n + start,
            PlannedPayment.due: np.datetime64(on, "s"),
            PlannedPayment.amount: amount,
        } | split
        # The payments of the same day that come after it are not in yet, as far as this line goes.
        later = sum(a for d, a in payments[n + 1 :] if d == on)
        row[PlannedPayment.ahead] = amount - sum(split.values())
        row[PlannedPayment.left] = _open(replay(facts, town, on), until) + later
        rows.append(row)
    return pd.DataFrame(rows, columns=list(PLAN.names))


def what_if(facts: Facts, town: Profile, terms: Terms) -> pd.DataFrame:
    """The same debt over fewer or more months: payment, last payment, total, and interest."""
    longest = rule_of(town, terms.start).longest
    rows = []
    for months in sorted({m for m in USUAL_TERMS if m <= longest} | {terms.months}):
        made = plan(facts, town, Terms(months, terms.first, terms.down, terms.down_on), schedule=False)
        rows.append(
            {
                WhatIf.months: months,
                WhatIf.payment: made.payment,
                WhatIf.last_payment: made.last,
                WhatIf.total: made.total,
            }
            | {"Interest": made.interest}
        )
    return pd.DataFrame(rows, columns=list(WHAT_IF.names))
