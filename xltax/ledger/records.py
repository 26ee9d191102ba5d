"""What the replay kernel works on: the town's law, the facts and the state of every installment, as plain numbers."""

from __future__ import annotations

from typing import Any, NamedTuple

# What an event is, in the order of one day.
LAPSE, CREDIT_DUE, ADJUSTMENT, RECEIPT, YEAR_END = range(5)
# How time is counted.
DAYS_30_360, DAYS_ACTUAL, WHOLE_MONTHS, MONTHS_BEGUN, MONTHS_TOUCHED, PERIODS, BANDS, ONCE = range(8)
# What a payment pays, as the allocation rule names it.
COSTS, INTEREST, PENALTY, TAX = range(4)
# Where a line of the posting log comes from.
FROM_RECEIPT, FROM_ADJUSTMENT, FROM_CREDIT = range(3)

TIERS = 4  # the most steps a tiered rate, or bands a band rule, can have
NO_LIMIT = 1 << 60


class Days(NamedTuple):
    """The calendar by day: months since year 0, day of the month, days in the month."""

    first: Any
    month: Any
    number: Any
    length: Any


class Charges(NamedTuple):
    """The installments, each group's together and in order of age."""

    due: Any
    base_due: Any
    base_late: Any
    amount: Any
    year: Any
    account: Any
    secured: Any
    hold: Any
    bracket: Any  # which set of tiers within the group; -1: untiered
    segment_low: Any  # by k: the versions of its rule over time
    segment_high: Any
    discount_until: Any
    discount_part: Any  # rate as discount_part / discount_whole
    discount_whole: Any
    discount_full: Any


class Law(NamedTuple):
    """The town's rules as numbers: versions in time, kernels, allocation policies, year-end penalties."""

    scale: Any
    segment_from: Any
    segment_to: Any
    segment_rule: Any
    clock: Any
    inclusive: Any  # the day of payment itself is counted
    from_late: Any  # time runs from the day after the last free day
    period: Any
    most: Any
    part: Any
    monthly: Any  # rounded to the cent for each month
    beside: Any  # the rate it is rounded together with
    tiers: Any
    tier_top: Any
    tier_rate: Any
    latched: Any  # the lower tier is not filled again
    minimum: Any
    by_account: Any  # cents come out once for the account
    step_low: Any  # by policy
    step_high: Any
    step_of: Any  # 0 any, 1 secured, 2 unsecured
    step_pay: Any  # four columns, -1 where fewer
    next_installment: Any
    at_once: Any
    skip_litigation: Any
    end_part: Any  # by year-end penalty: rate as part / whole
    end_whole: Any
    end_threshold: Any
    end_base: Any  # 0 this year, 1 whole, 2 excess
    end_with_interest: Any
    end_year: Any


class Events(NamedTuple):
    """What happened to each group, in order."""

    day: Any
    kind: Any
    index: Any  # the charge, adjustment, receipt or year-end penalty
    policy: Any


class Money(NamedTuple):
    """Receipts and adjustments as numbers."""

    amount: Any
    account: Any  # the only account it may pay, or -1
    third_party: Any
    change: Any
    change_charge: Any
    change_column: Any
    change_sign: Any  # -1 lowers, +1 raises, 0 pays out credit


class Groups(NamedTuple):
    """Where each group's charges and events begin."""

    charge: Any
    event: Any


class State(NamedTuple):
    """What is open now; after the run, what is open on the day asked for."""

    open: Any
    costs: Any
    penalty: Any
    base_due: Any
    base_late: Any
    bearing: Any  # 1: delinquent, 2: past its last free day with nothing open
    late: Any  # the day it became delinquent
    low: Any
    paid: Any
    closed: Any
    line: Any
    segment: Any
    counted: Any
    since: Any
    accrued: Any
    settled: Any
    due: Any
    credit: Any
    refund: Any


class Scratch(NamedTuple):
    """Room for one group at a time: who bears interest, and what the brackets held on which day."""

    queue: Any
    used: Any
    taken: Any
    was: Any
    history_day: Any
    history_bracket: Any
    history_used: Any
    n: Any  # 0: in queue, 1: history, 2: first charge not closed


class Output(NamedTuple):
    """Lines written on the way: postings, accrual periods, problems. `n` counts them even past the room there is."""

    post: Any  # source, index, day, charge, tax, interest, penalty, costs, discount
    trace: Any  # charge, component, rule, tier, from, to, count, base, amount in 1/scale cent
    problem: Any  # adjustment, amount that found nothing to lower
    n: Any  # postings, traces, problems
    error: Any  # charge + 1, day: no rule covers it
    want: Any  # whether accrual periods are wanted
