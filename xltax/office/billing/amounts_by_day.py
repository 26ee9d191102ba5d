"""The amounts of a bill by day of payment, if the law has a discount or penalty steps: each amount and its last day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from xltax.law.discounts import Discount
from xltax.law.interest import Interest, OnePayment
from xltax.law.interest.days import Days
from xltax.law.profile import Profile
from xltax.ledger.facts import Facts, closed_days_of
from xltax.ledger.replay import replay
from xltax.ledger.wide import melt
from xltax.money import Cents
from xltax.office.billing import levy_bills
from xltax.office.billing.home_installments import Halves
from xltax.tables import CLOSED_DAYS, Bill, Charge, ClosedDay
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table


@dataclass(frozen=True, slots=True)
class Payable:
    """The amount of an installment paid by a day, or after the last day; installment 0 is the whole bill."""

    inst: int
    day: dt.date
    amount: Cents
    after: bool = False


def by_day(
    bills: Table[Bill], town: Profile, closed: Table[ClosedDay] | None = None
) -> dict[tuple[str, int], list[Payable]]:
    """The amounts by day for each bill and installment; empty if the day of payment makes no difference early on.

    bills: rows of the typed duplicate; the parts of a bill are added up. Replay calculates the amounts from
    the tax as billed. After the last day of a home's first part, the later part includes its fee. If a discount requires
    payment of a whole bill in several installments, the installments stand at face and the whole bill is installment 0.
    """
    closed = Table.empty(CLOSED_DAYS) if closed is None else closed
    charges = melt(bills)
    whole = _whole_bills(charges, town, closed)
    homes = Halves(town, bills, closed)
    out: dict[tuple[str, int], list[Payable]] = {}
    at_home = charges[Charge.bill].isin(set(homes.terms))
    for mine in (charges[~at_home], charges[at_home]):
        for due, day, after in sorted(_every_day(mine, town, homes, closed)):
            payable = mine[mine[Charge.due] == due]
            on = day + dt.timedelta(days=1) if after else day
            balances = replay(Facts(payable, closed_days=closed), town, on).balances
            owed = balances[OpenInstallment.total] - balances[OpenInstallment.discount].where(
                ~balances[OpenInstallment.bill].isin(set(whole)), 0
            )
            sums = owed.groupby([balances[OpenInstallment.bill], balances[OpenInstallment.inst]]).sum()
            for (bill, inst), amount in zip(sums.index, sums, strict=True):
                fee = homes.fee(bill, int(amount)) if inst > 1 and homes.waits(bill, day) else 0
                each = out.setdefault((bill, int(inst)), [])
                if bill in whole and each and each[-1].amount == int(amount) + fee and not after:
                    each.pop()  # the day of the whole bill's discount changes nothing for one installment
                each.append(Payable(int(inst), day, int(amount) + fee, after))
    for day in sorted(set(whole.values())):
        mine = charges[charges[Charge.bill].map(whole) == day]
        balances = replay(Facts(mine, closed_days=closed), town, day).balances
        owed = balances[OpenInstallment.total] - balances[OpenInstallment.discount]
        sums = owed.groupby(balances[OpenInstallment.bill]).sum()
        for bill, amount in zip(sums.index, sums, strict=True):
            out[bill, 0] = [Payable(0, day, int(amount))]
    return out


def _whole_bills(charges: Table[Charge], town: Profile, closed: Table[ClosedDay] | None) -> dict[str, dt.date]:
    """The bills of several installments whose discount requires payment of the whole bill, each with its last day."""
    last: dict[str, dt.date] = {}
    several = charges.groupby(Charge.bill)[Charge.due].transform("nunique") > 1
    for (kind, part, due), mine in charges[several].groupby([Charge.levy_type, Charge.part, Charge.due], sort=False):
        if takes_the_bill(town, kind, part, due.date()):
            choice = town.find(OnePayment, due.date(), kind, part)
            free = [choice.params.last_day(due.date())] if choice else _days(town, kind, part, due.date(), closed)[0]
            day = min(free)
            last |= {bill: min(day, last.get(bill, day)) for bill in mine[Charge.bill]}
    return last


def takes_the_bill(town: Profile, kind: str, part: str, due: dt.date) -> bool:
    """Whether paying the whole bill at once costs less: by a discount, or by the interest of one payment."""
    discount, interest = town.find(Discount, due, kind, part), town.find(Interest, due, kind, part)
    return town.find(OnePayment, due, kind, part) is not None or any(
        rule is not None and rule.params.takes_the_bill for rule in (discount, interest)
    )


def _every_day(
    charges: Table[Charge], town: Profile, homes: Halves, closed: Table[ClosedDay] | None
) -> set[tuple[pd.Timestamp, dt.date, bool]]:
    """The due dates, each with the last days that matter; True: after that day, for the last penalty step."""
    days = set()
    spares = {homes.terms[bill].free_until for bill in charges[Charge.bill] if bill in homes.terms}
    for kind, part, due in (
        charges[[Charge.levy_type, Charge.part, Charge.due]].drop_duplicates().itertuples(index=False, name=None)
    ):
        found, bands = _days(town, kind, part, due.date(), closed)
        if spares:
            found = [*found, *spares, levy_bills.last_day(town, due.date(), kind, None, closed, part)]
        days |= {(due, day, False) for day in found}
        if bands:
            days.add((due, max(found), True))
    return days


def _days(
    town: Profile, kind: str, part: str, due: dt.date, closed: Table[ClosedDay] | None
) -> tuple[list[dt.date], bool]:
    """The last days that matter for one tax: for its discount and without interest; and whether penalty steps apply."""
    interest = town.find(Interest, due, kind, part)
    last, closed_days = levy_bills.last_day(town, due, kind, None, closed, part), closed_days_of(town, due, closed)
    if interest is not None and interest.params.by_date:
        return interest.params.last_days(Days(due, last, last, last, closed=closed_days)), True
    discount = town.find(Discount, due, kind, part)
    early = discount.params.early_payments(due, last, closed_days) if discount else []
    return ([*(step.last_day for step in early), last], False) if early else ([], False)
