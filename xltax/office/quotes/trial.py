"""A trial of a town's law: what one unpaid bill costs on telling days, to compare with the bills the town itself prints."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from xltax.dates import add_months
from xltax.errors import BadValue, LawNotEncoded
from xltax.law.interest import Interest
from xltax.law.levy import LEVY_TYPES, is_levy_type
from xltax.law.profile import Profile
from xltax.ledger.facts import Facts
from xltax.ledger.replay import outlook, replay
from xltax.money import Cents, dollars, usd
from xltax.office.billing import levy_bills
from xltax.tables import CHARGES, Charge, ClosedDay
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table
from xltax.wording import some

DAYS = 20
DAY = dt.timedelta(days=1)
EARLY = 180
"""The days before the first due date on which a discount may change."""
A_STEP = 400
"""Where interest grows every day, a day that adds more than this share of the bill (1/400) is a step of its own."""


@dataclass(frozen=True)
class TrialDay:
    """What the bill costs on one day. The total is what pays everything: with interest and penalty, less a discount."""

    day: dt.date
    why: str
    interest: Cents
    penalty: Cents
    costs: Cents
    discount: Cents
    total: Cents


@dataclass(frozen=True)
class DueDay:
    """One installment of the bill."""

    inst: int
    amount: Cents
    due: dt.date
    last_free: dt.date


@dataclass(frozen=True)
class Trial:
    """One bill of a year on which nothing is paid, or one part of such a bill."""

    part: str
    installments: tuple[DueDay, ...]
    days: tuple[TrialDay, ...]


def trials(
    town: Profile,
    year: int,
    amount: Cents,
    levy_type: str = "RE",
    closed: Table[ClosedDay] | None = None,
    class_: str = "",
) -> list[Trial]:
    """The trial of a bill of this tax, or of each part of the bill where the town's law has parts."""
    if amount <= 0:
        raise BadValue("The tax of the bill must be above zero.", where="amount", do="Enter an amount such as 1000.00.")
    ruled = {r.part for r in town.all(Interest) if not r.types or levy_type in r.types}
    if not ruled:
        raise LawNotEncoded(
            f"{town.name} has no interest rule for {levy_type}.",
            where=town.id,
            do="Add the rule with its citation, or try another levy type.",
        )
    return [_trial(town, _bill(town, year, amount, levy_type, part, class_), part, closed) for part in sorted(ruled)]


def latest_year(town: Profile, today: dt.date, levy_type: str = "RE") -> int:
    """The last levy year whose first due date has passed: the office has bills of that year to compare with."""
    if not is_levy_type(levy_type):
        raise BadValue(f'"{levy_type}" is not a levy type.', where="type", do=f"Use {', '.join(LEVY_TYPES)}.")
    years = range(today.year, today.year - 3, -1)
    return next((y for y in years if min(levy_bills.rule_for(town, y, levy_type).due_dates(y)) <= today), today.year)


def _trial(town: Profile, bill: Table[Charge], part: str, closed: Table[ClosedDay] | None) -> Trial:
    facts = Facts.given(bill, closed_days=closed)
    rows = replay(facts, town, min(day.date() for day in bill[Charge.due])).balances
    installments = tuple(
        DueDay(int(r[OpenInstallment.inst]), int(r[OpenInstallment.billed]), r[OpenInstallment.due].date(),
               r[OpenInstallment.last_free_day].date())
        for r in rows.to_dict("records")
    )  # fmt: skip
    reasons = telling_days(facts, town, installments)
    return Trial(part, installments, tuple(_on(facts, town, day, why) for day, why in sorted(reasons.items())))


def _bill(town: Profile, year: int, amount: Cents, levy_type: str, part: str, class_: str) -> Table[Charge]:
    """The bill by the town's own installments. Last year's tax was the same, where preliminary bills ask for it."""
    rule = levy_bills.rule_for(town, year, levy_type, part)
    amounts, dates = rule.amounts(amount, amount, amount // 2), rule.due_dates(year)
    rows = [
        {
            Charge.bill: "1", Charge.account: "1", Charge.levy_year: year, Charge.levy_type: levy_type, Charge.part: part,
            Charge.inst: n, Charge.due: due, Charge.amount: cents, Charge.class_: class_,
        }
        for n, (due, cents) in enumerate(zip(dates, amounts, strict=False), 1)
        if cents
    ]  # fmt: skip
    return Table.made(CHARGES, rows)


def _on(facts: Facts, town: Profile, day: dt.date, why: str) -> TrialDay:
    """The columns of one day, from the ledger."""
    rows = replay(facts, town, day).balances
    names = (OpenInstallment.interest, OpenInstallment.penalty, OpenInstallment.costs, OpenInstallment.discount)
    interest, penalty, costs, discount = (int(rows[name].sum()) for name in names)
    return TrialDay(day, why, interest, penalty, costs, discount, int(rows[OpenInstallment.total].sum()) - discount)


# ---- as text ---------------------------------------------------------------------------------------------------------

WIDTH = 80
_COLUMNS = {"discount": "Discount", "interest": "Interest", "penalty": "Penalty", "costs": "Costs", "total": "Total"}


def lines(one: Trial) -> list[str]:
    """The trial as a table of at most eighty columns: the bill, and a line for each day."""
    bill = [f"{'Part ' + one.part + ': ' if one.part else ''}{some(len(one.installments), 'installment')}"]
    for x in one.installments:
        bill.append(
            f"  {x.inst}  {usd(x.amount):>12}  due {x.due:%a %m/%d/%Y}, last free day {x.last_free:%a %m/%d/%Y}"
        )
    shown = [n for n in _COLUMNS if n in ("interest", "penalty", "total") or any(getattr(d, n) for d in one.days)]
    columns = [[_COLUMNS[n], *(dollars(getattr(d, n)) for d in one.days)] for n in shown]
    first = ["If paid on", *(f"{d.day:%a %m/%d/%Y}  {d.why}" for d in one.days)]
    widths = [max(map(len, column)) + 2 for column in columns]
    if sum(widths) + max(map(len, first)) > WIDTH:
        widths = [width - 1 for width in widths]
    room = max(WIDTH - sum(widths), max(map(len, first)))
    rows = zip(first, *columns, strict=True)
    return [
        *bill,
        "",
        *(f"{row[0]:{room}}" + "".join(f"{v:>{w}}" for v, w in zip(row[1:], widths, strict=True)) for row in rows),
    ]


# ---- which days ------------------------------------------------------------------------------------------------------


def telling_days(facts: Facts, town: Profile, installments: Sequence[DueDay]) -> dict[dt.date, str]:
    """Twenty days that a collector would look up on a printed bill, each with the reason.

    They are the day before, on and after each last free day, a year later, each day on which the cost takes a step and the day before, and
    the first days of months. If there are more of a kind than there is room for, they are thinned out evenly.
    """
    reasons = _around_last_free_days(installments)
    year_later = add_months(max(reasons), 12)
    reasons.setdefault(year_later, "a year later")
    first = min(x.due for x in installments)
    steps, discounts = _steps(facts, town, first - dt.timedelta(days=EARLY), year_later)
    months = [add_months(first.replace(day=1), n) for n in range(1, 37)]
    for days, why in (
        (discounts, "last day of a discount"),
        (steps, "a new amount"),
        ([d - DAY for d in steps], "day before a new amount"),
        ([d for d in months if d < year_later], "first of a month"),
        ([d for d in months if d > year_later], "first of a month"),
    ):
        free = [d for d in days if d not in reasons]
        reasons |= dict.fromkeys(_thinned(free, DAYS - len(reasons)), why)
    return reasons


def _around_last_free_days(installments: Sequence[DueDay]) -> dict[dt.date, str]:
    reasons: dict[dt.date, str] = {}
    for last in sorted({x.last_free for x in installments}):
        mine = ", ".join(str(x.inst) for x in installments if x.last_free == last)
        whose = f"inst. {mine}: " if len(installments) > 1 else ""
        reasons.setdefault(last - DAY, f"{whose}day before")
        reasons |= {last: f"{whose}last free day", last + DAY: f"{whose}first day late"}
    return reasons


def _steps(facts: Facts, town: Profile, first: dt.date, last: dt.date) -> tuple[list[dt.date], list[dt.date]]:
    """The days on which the cost takes a step, and the last days of a discount.

    Where the cost changes nearly every day, a step is a day that adds much more than the others.
    """
    days = [first + n * DAY for n in range((last - first).days + 1)]
    ahead = outlook(facts, town, days)
    saved = [int(v) for v in ahead.saved.sum(axis=1)]
    cost = [int(v) for v in ahead.owed.sum(axis=1)]
    discounts = [day for day, now, then in zip(days, saved, saved[1:], strict=False) if now > then]
    added = {day: then - now for day, now, then in zip(days[1:], cost, cost[1:], strict=False) if then != now}
    if len(added) < len(days) // 4:
        return list(added), discounts
    much = max(4 * median(added.values()), cost[0] / A_STEP)
    return [day for day, more in added.items() if more > much], discounts


def _thinned(days: Sequence[dt.date], most: int) -> list[dt.date]:
    """At most so many of these days, evenly apart."""
    if len(days) <= most:
        return list(days)
    return (
        [days[round(n * (len(days) - 1) / (most - 1))] for n in range(most)] if most > 1 else list(days[: max(most, 0)])
    )
