"""The data of the replay kernel: the town's law, the facts and the open amounts, as rows of whole numbers.

Each kind of row is a numpy record type, so a table of them is one array. Compiled, the kernel reads those arrays; as plain
Python it reads lists of small objects with the same field names (`plain`), so one source does for both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import make_dataclass
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

# What an event is, in the order of one day.
LAPSE, CREDIT_DUE, ADJUSTMENT, MADE, RECEIPT, IN_HAND, LOOK, YEAR_END = range(8)
# What a payment pays, as the allocation rule names it.
COSTS, INTEREST, PENALTY, TAX = range(4)
# Where a line of the posting log comes from.
FROM_RECEIPT, FROM_ADJUSTMENT, FROM_CREDIT, IN_VAIN = range(4)  # in vain: what an adjustment found nothing to lower for
# What shares a set of tiers.
UNTIERED, BY_PARCEL, BY_YEAR = range(3)

FULL_INSTALLMENT, FULL_BILL = 1, 2  # what has to be paid in full for a discount; 0: any payment earns it
TIERS = 4  # the most tiers a rate can have
MINIMUM = -1  # stands for the tier in a period that lifts interest to its minimum
NO_LIMIT = 1 << 60
NEVER = dt.date.max.toordinal()  # a day that does not come


def record(*names: str, **others: Any) -> np.dtype[Any]:
    """A record type: 64-bit whole numbers, and the fields with their own type."""
    return np.dtype([(n, "i8") for n in names] + list(others.items()))


# ---- the law ---------------------------------------------------------------------------------------------------------

# One version of a rule, in force from `start` to the day before `end`. `clock` to `minimum` are the fields of that name of
# Terms in law/interest/terms.py; `beside` is the rate this one is rounded together with. `top` is the limit of each tier.
# Rates are in 1/scale. base: the day time is counted from, where it is neither the due date nor the day of delinquency, or 0.
# mark_low, mark_high: under a schedule, its stretch of `marks`.
VERSION = record(
    "start", "end", "rule", "base", "mark_low", "mark_high", "clock", "inclusive", "from_late", "on_penalty", "period", "most",
    "part", "monthly", "beside", "latched", "after", "month_end", "minimum", "up_to_tax", "to_dollar",
    "tiers", top=("i8", (TIERS,)), rate=("i8", (TIERS,)),
)  # fmt: skip
MARK = record("day", "total")  # under a schedule, what is charged in all from a day on, in 1/scale
# What the law says of charges of one type, part, due date, year and mailing day. base_due: the day interest counts from as
# the due date, a later one where a bill was mailed late. prior: the versions where an earlier
# installment of the account is still open when this one becomes delinquent; the same ones where the law does not ask.
# accelerates 1: missing it makes the rest of its bill due, 2: if it is the bill's first; then accelerated_from 0: by the days
# of the missed one, 1: of the bill's first, 2: its own; reinstated 1: until the late ones are paid. The discount is that of
# the last day to earn one; where it shrinks from day to day, discount_low to discount_high are its steps.
KIND = record(
    "due", "base_due", "lapse", "base_late", "year", "interest_low", "interest_high", "penalty_low", "penalty_high",
    "prior_interest_low", "prior_interest_high", "prior_penalty_low", "prior_penalty_high",
    "accelerates", "accelerated_from", "reinstated",
    "discount_until", "discount_part", "discount_whole", "discount_full", "discount_parts", "discount_low", "discount_high",
)  # fmt: skip
DISCOUNT = record("until", "part", "whole")  # a step of a discount that shrinks
ERA = record("start", "step_low", "step_high", "next_installment", "at_once", "skip_litigation")  # an allocation rule
STEP = record(
    "of", "split", pay=("i8", (4,))
)  # of: 0 any, 1 secured, 2 unsecured; split 1: in proportion; pay: columns, or -1
END = record(
    "day", "part", "whole", "threshold", "base", "with_interest", "year"
)  # base: 0 this year, 1 whole, 2 excess


class Law(NamedTuple):
    """The town's rules as numbers."""

    versions: Any
    marks: Any
    kinds: Any
    discounts: Any
    eras: Any
    steps: Any
    ends: Any
    scale: int
    by_account: int  # cents come out once for the account
    accelerates: int  # missing an installment can make the rest of a bill due
    asks_prior: int  # a rule asks whether an earlier installment is still open
    on_penalty: int  # interest is charged on the penalty too


# ---- the facts -------------------------------------------------------------------------------------------------------

# since: Interest From, or 0. bracket: the number, within the group, of the set of tiers it shares; -1: untiered.
# unsecured: the first day on which no lien secures it; 0: it never was, NEVER: it stays secured.
# bill: the number of its bill, where that bill's discount is earned by paying all of it, else -1. whole: the number of its
# bill and part, where missing an installment can make the rest due, else -1.
# made: the day the bill was recorded, which money recorded before does not see; 0: there from the start. enters: the first
# day on which anything can happen to it, that day or the earlier one from which money recorded since counts.
CHARGE = record(
    "amount", kind="i4", account="i4", since="i4", unsecured="i4", made="i4", enters="i4", bill="i4", whole="i4", bracket="i2", hold="i2"
)  # fmt: skip
# account: the only account it may pay, or -1. row: its place in the table it came from. sees: bills made by that day.
MONEY = record("amount", "day", "account", "row", "third_party", "sees")
# sign: -1 lowers, +1 raises, 0 pays out credit. The versions of the rule are those with days counted from the day of a
# raise, for a charge that has not borne interest; where no rule has days of its own both ends are 0.
CHANGE = record(
    "amount", "day", "charge", "column", "sign", "row", "interest_low", "interest_high", "penalty_low", "penalty_high"
)
GROUP = record("charge", "receipt", "change", "look")  # where its facts and the days it is asked for begin


class Facts(NamedTuple):
    """Charges by group and due date, receipts and changes by group, day and number.

    `groups` has one row more than there are groups, where the last one's facts end.
    """

    charges: Any
    receipts: Any
    changes: Any
    groups: Any


# ---- what they come to -----------------------------------------------------------------------------------------------

FIGURE = record(
    "tax", "interest", "penalty", "costs", "paid", "late"
)  # of a charge on a day; late 1: it bears interest
# What a group has left over on a day. In the first day's row, error: the charge after the one no rule covers, on error_day.
OVER = record("credit", "refund", "error", "error_day")


# ---- one group at a time ---------------------------------------------------------------------------------------------

CLOCK = record("low", "high", "version", "minimum", "unit", "counted", "since", "accrued", "settled", "due")
# here: its own place. bearing 1: delinquent, 2: past its last free day with nothing open. late: the day it became
# delinquent. low: what of its tax is in the lower tier. line: its last posting line. settled_by: the last of the payments
# that settled its tax, counted from 1. payable: the day it is due, or was made due by a missed installment of its bill. moved
# 1: interest runs from a day of its own, not from a day the rule names. lapsing, making: not of this item, but which item is the n-th to lapse, to be made.
ITEM = record(
    "here", "charge", "account", "bill", "unsecured", "hold", "bracket", "year", "due", "lapse", "base_due", "base_late",
    "discount_until", "discount_part", "discount_whole", "discount_full", "discount_parts", "made", "enters",
    "whole", "payable", "free_until", "moved", "prior_interest_low", "prior_interest_high", "prior_penalty_low", "prior_penalty_high",
    "discount_low", "discount_high", "open", "costs", "penalty", "paid", "bearing", "late", "low", "closed", "line", "settled_by", "lapsing", "making",
    interest=CLOCK, accruing_penalty=CLOCK,
)  # fmt: skip
BRACKET = record("used", "taken", "was")
NOTE = record("day", "bracket", "used")  # what a bracket held from a day on
# Money not applied yet. day: its own, from which it counts. sees: the bills made by that day. change: the adjustment that
# freed it, or -1.
LOT = record("amount", "day", "sees", "change")
# Of a lot, what a bill made late is to have of it from the money's own day. given: what the bill took.
PROMISE = record("amount", "day", "sees", "change", "given")
SETTLED = record("tax", "discount", "day", "before")  # tax settled by one payment, and the payment before it
# What is asked (want: accrual periods too), two settings of the law, and counts. `posts` and `periods` count on past
# the room there is; short: the history was too long for its room; error: the charge after the one no rule covers.
# credit: what the lots come to. offered: bills made by that day were offered what was in hand; again: begin the group anew.
NOW = record(
    "want", "scale", "by_account", "group", "low", "size", "brackets", "queue", "history", "closed",
    "credit", "refund", "lots", "promises", "settled", "offered", "again",
    "posts", "periods", "short", "error", "error_day",
)  # fmt: skip
POST = record("source", "index", "day", "charge", "tax", "interest", "penalty", "costs", "discount")
PERIOD = record("charge", "component", "rule", "tier", "since", "upto", "count", "base", "amount")  # in 1/scale cent


class Work(NamedTuple):
    """Space for one group at a time, for its lines, and for the figures on each requested day.

    `figures` holds every charge's for the first day its group is asked for, then every charge's for the second; `over`
    likewise every group's.
    """

    items: Any
    queue: Any  # the items that share tiers, in the order they became delinquent
    brackets: Any
    history: Any
    lots: Any  # in the order they are used
    promises: Any  # in order of day
    settled: Any
    now: Any  # one row
    posts: Any
    periods: Any
    days: Any  # every group's the same ones, or for each group its own
    figures: Any
    over: Any


@cache
def _maker(kind: np.dtype[Any]) -> Callable[..., Any]:
    """Makes the plain object of a row: fields that are records themselves become objects, those that are arrays lists."""
    names = kind.names or ()
    row = make_dataclass("Row", names, slots=True)
    inner = {n: _maker(kind[n]) for n in names if kind[n].names}
    if not inner:
        return row

    def make(*values: Any) -> Any:
        return row(*(inner[n](*v) if n in inner else v for n, v in zip(names, values, strict=True)))

    return make


def plain(values: Any) -> Any:
    """An array for the plain kernel: a list of numbers, or of rows with named fields."""
    if values.dtype.names is None:
        return values.tolist()
    make = _maker(values.dtype)
    return [make(*r) for r in values.tolist()]


def as_array(rows: Any, kind: np.dtype[Any]) -> Any:
    """The kernel's output as an array."""
    if isinstance(rows, np.ndarray):
        return rows
    fields: Any = attrgetter(*(kind.names or ()))
    return np.array([fields(r) for r in rows], dtype=kind)


def table(rows: Iterable[tuple[Any, ...]], kind: np.dtype[Any]) -> Any:
    """Rows of numbers as an array of records."""
    return np.array(list(rows), dtype=kind)
