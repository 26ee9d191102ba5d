"""What the replay kernel works on: the town's law, the facts and what is open, as rows of plain whole numbers.

Each kind of row is a numpy record type, so a table of them is one array. Compiled, the kernel reads those arrays; as plain
Python it reads lists of small objects with the same field names (`plain`), so one source does for both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import make_dataclass
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

# What an event is, in the order of one day.
LAPSE, CREDIT_DUE, ADJUSTMENT, RECEIPT, YEAR_END = range(5)
# How time is counted.
DAYS_30_360, DAYS_ACTUAL, WHOLE_MONTHS, MONTHS_BEGUN, MONTHS_TOUCHED, PERIODS, BANDS, ONCE = range(8)
# What a payment pays, as the allocation rule names it.
COSTS, INTEREST, PENALTY, TAX = range(4)
# Where a line of the posting log comes from.
FROM_RECEIPT, FROM_ADJUSTMENT, FROM_CREDIT = range(3)
# What shares a set of tiers.
UNTIERED, BY_PARCEL, BY_YEAR = range(3)

TIERS = 4  # the most steps a tiered rate, or bands a band rule, can have
MINIMUM = -1  # stands for the tier in a period that lifts interest to its minimum
NO_LIMIT = 1 << 60


def record(*names: str, **sizes: str) -> np.dtype[Any]:
    """A record type: fields of 64 bits, but for those that are given a size."""
    return np.dtype([(n, sizes.get(n, "i8")) for n in (*names, *(s for s in sizes if s not in names))])


# ---- the law ---------------------------------------------------------------------------------------------------------

# from_late: time runs from the day after the last free day. monthly: rounded to the cent for each month, together with
# the rate `beside` it. latched: the lower tier is not filled again.
RULE = record(
    "clock", "inclusive", "from_late", "period", "most", "part", "monthly", "beside", "tiers", "latched", "minimum"
)
TIER = record("top", "rate")  # TIERS for each rule; the rate in 1/scale
SEGMENT = record("start", "end", "rule")  # a version of a rule, in force from start to the day before end
KIND = record(  # what the law says of charges of one type, part, due date, year and mailing day
    "due", "lapse", "base_late", "year", "interest_low", "interest_high", "penalty_low", "penalty_high",
    "discount_until", "discount_part", "discount_whole", "discount_full",
)  # fmt: skip
POLICY = record("step_low", "step_high", "next_installment", "at_once", "skip_litigation")
STEP = record("of", "first", "second", "third", "fourth")  # of: 0 any, 1 secured, 2 unsecured; then columns or -1
ERA = record("start", "policy")  # the allocation rule in force from a day on
END = record(
    "day", "part", "whole", "threshold", "base", "with_interest", "year"
)  # base: 0 this year, 1 whole, 2 excess


class Law(NamedTuple):
    """The town's rules as numbers, and what is asked: as of which day, and whether accrual periods are wanted."""

    scale: int
    by_account: int  # cents come out once for the account
    as_of: int
    want: int
    rules: Any
    tiers: Any
    segments: Any
    kinds: Any
    policies: Any
    steps: Any
    eras: Any
    ends: Any


# ---- the facts -------------------------------------------------------------------------------------------------------

# since: Interest From, or 0. bracket: the number, within the group, of the set of tiers it shares; -1: untiered.
CHARGE = record("amount", kind="i4", account="i4", since="i4", bracket="i2", hold="i1", secured="i1")
# account: the only account it may pay, or -1. row: its place in the table it came from.
MONEY = record("amount", day="i4", account="i4", row="i4", third_party="i4")
CHANGE = record("amount", "day", "charge", "column", "sign", "row")  # sign: -1 lowers, +1 raises, 0 pays out credit


class Facts(NamedTuple):
    """Charges by group and due date, receipts and changes by group, day and number; where each group's begin."""

    charges: Any
    receipts: Any
    changes: Any
    charge_from: Any
    receipt_from: Any
    change_from: Any


# ---- one group at a time ---------------------------------------------------------------------------------------------

# bearing 1: delinquent, 2: past its last free day with nothing open. late: the day it became delinquent. low: what of its
# tax is in the lower tier. line: its last posting line.
ITEM = record(
    "charge", "kind", "account", "secured", "hold", "bracket", "year", "due", "lapse", "base_due", "base_late",
    "open", "costs", "penalty", "paid", "bearing", "late", "low", "closed", "line",
)  # fmt: skip
CLOCK = record("low", "high", "segment", "counted", "since", "accrued", "settled", "due")  # two for each item
BRACKET = record("used", "taken", "was")
NOTE = record("day", "bracket", "used")  # what a bracket held from a day on
NOW = record(
    "low", "size", "brackets", "queue", "history", "closed", "credit", "refund",
    "posts", "periods", "problems", "short", "error", "error_day",
)  # fmt: skip
# ---- what comes out --------------------------------------------------------------------------------------------------

POST = record("source", "index", "day", "charge", "tax", "interest", "penalty", "costs", "discount")
PERIOD = record("charge", "component", "rule", "tier", "since", "upto", "count", "base", "amount")  # in 1/scale cent
TROUBLE = record("change", "amount")  # an adjustment, and what of it found nothing to lower
FIGURE = record("tax", "interest", "penalty", "costs", "paid")
CREDIT = record("credit", "refund")


class Work(NamedTuple):
    """Room for one group at a time, and for the lines written on the way."""

    items: Any
    clocks: Any
    lapses: Any  # the items in the order they lapse
    queue: Any  # the items that share tiers, in the order they became delinquent
    brackets: Any
    history: Any
    now: Any  # one row: counts of all these. `posts`, `periods`, `problems` count on past the room there is
    posts: Any
    periods: Any
    problems: Any


class Result(NamedTuple):
    """A figure for each charge and the credit of each group, on the day asked for."""

    figures: Any
    credits: Any


@cache
def _row_class(names: tuple[str, ...]) -> type:
    return make_dataclass("Row", names, slots=True)


def plain(values: Any) -> Any:
    """An array as what the plain kernel reads: a list of numbers, or of rows with named fields."""
    if values.dtype.names is None:
        return values.tolist()
    row = _row_class(values.dtype.names)
    return [row(*r) for r in values.tolist()]


def as_array(rows: Any, kind: np.dtype[Any]) -> Any:
    """What the kernel wrote, as an array again."""
    if isinstance(rows, np.ndarray):
        return rows
    fields: Any = attrgetter(*(kind.names or ()))
    return np.array([fields(r) for r in rows], dtype=kind)


def table(rows: Sequence[tuple[int, ...]], kind: np.dtype[Any]) -> Any:
    """Rows of numbers as an array of records."""
    return np.array(list(rows), dtype=kind)
