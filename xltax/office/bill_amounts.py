"""What a bill comes to by the day it is paid, where the law has a discount or bands: each amount and its last day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from xltax.law.calendar import Discount
from xltax.law.interest import ByDateBand
from xltax.law.profile import Profile
from xltax.ledger.facts import Facts, closed_days_of
from xltax.ledger.replay import replay
from xltax.ledger.wide import melt
from xltax.money import Cents
from xltax.office import billing
from xltax.office.halves import Halves


@dataclass(frozen=True, slots=True)
class Payable:
    """What an installment comes to if it is paid by a day, or, past the last of them, after it."""

    inst: int
    day: dt.date
    amount: Cents
    after: bool = False


def by_day(
    bills: pd.DataFrame, town: Profile, closed: pd.DataFrame | None = None
) -> dict[tuple[str, int], list[Payable]]:
    """The amounts of each installment by day, by bill and installment; empty where the day of payment changes nothing early.

    bills: rows of the typed duplicate; the parts of a bill are added up. Figured on the tax as billed, by replay. A home's later
    part comes to more after the last day of the first, by the fee on it.
    """
    charges = melt(bills)
    homes = Halves(town, bills, closed)
    out: dict[tuple[str, int], list[Payable]] = {}
    at_home = charges["Bill"].isin(set(homes.terms))
    for mine in (charges[~at_home], charges[at_home]):
        mine.attrs = dict(charges.attrs)
        for due, day, after in sorted(_every_day(mine, town, homes, closed)):
            payable = mine[mine["Due"] == due]
            payable.attrs = dict(charges.attrs)
            on = day + dt.timedelta(days=1) if after else day
            balances = replay(Facts(payable, None, None, closed), town, on).balances
            owed = balances["Total"] - balances["Discount"]
            for (bill, inst), amount in owed.groupby([balances["Bill"], balances["Inst"]]).sum().items():
                fee = homes.fee(bill, int(amount)) if inst > 1 and homes.waits(bill, day) else 0
                out.setdefault((bill, int(inst)), []).append(Payable(int(inst), day, int(amount) + fee, after))
    return out


def _every_day(
    charges: pd.DataFrame, town: Profile, homes: Halves, closed: pd.DataFrame | None
) -> set[tuple[pd.Timestamp, dt.date, bool]]:
    """The due dates, each with the last days that matter; True: after it, for the last of bands."""
    days = set()
    spares = {homes.terms[bill].free_until for bill in charges["Bill"] if bill in homes.terms}
    for kind, part, due in charges[["Levy Type", "Part", "Due"]].drop_duplicates().itertuples(index=False, name=None):
        found, bands = _days(town, kind, part, due.date(), closed)
        if spares:
            found = [*found, *spares, billing.last_day(town, due.date(), kind, None, closed, part)]
        days |= {(due, day, False) for day in found}
        if bands:
            days.add((due, max(found), True))
    return days


def _days(town: Profile, kind: str, part: str, due: dt.date, closed: pd.DataFrame | None) -> tuple[list[dt.date], bool]:
    """The last days that matter for one tax: of its discount and without interest; and whether it goes by bands."""
    interest = town.find("interest", due, kind, part)
    if interest is not None and isinstance(interest.params, ByDateBand):
        return interest.params.last_days(due, closed_days_of(town, due, closed)), True
    discount = town.find("discount", due, kind, part)
    if discount is None or not isinstance(discount.params, Discount) or not discount.params.rate:
        return [], False
    last = billing.last_day(town, due, kind, None, closed, part)
    return [discount.params.last_day(due, last, closed_days_of(town, due, closed)), last], False
