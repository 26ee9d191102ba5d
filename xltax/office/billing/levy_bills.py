"""Billing: from the roll and the rates to the tax duplicate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import chain, count
from typing import Any

import numpy as np
import pandas as pd

from xltax.dates import EARLIEST, LATEST
from xltax.errors import BadValue, LawNotEncoded, Problem, Problems
from xltax.law.calendar import Grace, Installments
from xltax.law.fees import Fee
from xltax.law.interest import Interest
from xltax.law.levy import Levy
from xltax.law.profile import Profile, Rule
from xltax.ledger.facts import closed_days_of
from xltax.money import Cents
from xltax.office.billing.roll_changes import on_roll
from xltax.tables import (
    ADJUSTMENTS,
    BY_RETURN_OR_USE,
    CHARGES,
    DUE,
    DUPLICATE,
    INST,
    Adjustment,
    Bill,
    ClosedDay,
    Parcel,
)
from xltax.tables.reading import place
from xltax.tables.schema import Column, Row, TableSpec
from xltax.tables.table import Table
from xltax.wording import some


class DueInstallment(Row):
    """One installment of a bill, with its last free day."""

    inst = CHARGES["Inst"]
    amount = CHARGES["Amount"]
    due = CHARGES["Due"]
    last_day = Column("Last Day", "date", "The last day to pay this installment without interest.")


INSTALLMENTS = TableSpec("Installments", DueInstallment, purpose="the installments of a tax")


Rates = Mapping[str, Mapping[str, Fraction]]
"""The rates of a year by levy type, then by part ("" for a tax with one part only)."""

HOME_FLAGS = ("owner-occupied", "semiannual")
"""Flags on the Roll for the payment schedule of homes: the second is for others with this schedule, such as small businesses."""


def rule_for(town: Profile, year: int, levy_type: str, part: str = "", home: bool = False) -> Installments:
    """The installment rule of a levy year, for owner-occupied homes or for all other bills."""
    if not EARLIEST.year <= year < LATEST.year:
        raise BadValue(f"{year} is not a year.", where="year", do="Enter four digits, such as 2025.")
    params = town.rule(Installments, dt.date(year, 1, 1), levy_type, part).params
    return params.for_home() if home else params


def first_parts(town: Profile, year: int, levy_type: str) -> int:
    """How many installments of a levy year are billed before its rate is known; 0 if the tax is billed at once."""
    found = town.find(Installments, dt.date(year, 1, 1), levy_type)
    return found.params.first_parts if found else 0


def levy_rule(town: Profile, year: int, levy_type: str, part: str = "") -> Levy:
    """The rule that calculates the tax of a levy year from the value."""
    params = town.rule(Levy, dt.date(year, 1, 1), levy_type, part).params
    return params


def home_fee(town: Profile, year: int, levy_type: str, part: str = "") -> Rule[Fee] | None:
    """The fee on a home's later parts that are not paid with the first part; None if the law has no such fee.

    Raises LawNotEncoded if the law has such a fee and the Rules do not show its rate.
    """
    rule = town.rule(Installments, dt.date(year, 1, 1), levy_type, part)
    params = rule.params
    if not params.home_fee:
        return None
    first = params.for_home().due_dates(year)[0]
    found = town.find(Fee, first, levy_type, part, params.home_fee)
    if found is None:
        name = params.home_fee.replace("_", " ")
        raise LawNotEncoded(
            f"The Rules of {town.name} have no {name} for bills due on {first}. The law charges this fee on the later parts of a home's tax ({rule.authority()}).",
            where=town.id,
            do=f'Add a fee of kind "{params.home_fee}" to the Rules with its rate, such as 0.5%, and the vote that set the rate. Enter 0% if there is no fee.',
        )
    return found


def is_home(flags: str) -> bool:
    """Whether a parcel is billed as an owner-occupied home."""
    return any(word in flags.lower() for word in HOME_FLAGS)


def due_date(town: Profile, year: int, no: int, levy_type: str = "RE", home: bool = False) -> dt.date:
    """The due date of an installment. home: for owner-occupied homes."""
    dates = rule_for(town, year, levy_type, home=home).due_dates(year)
    if not 1 <= no <= len(dates):
        raise BadValue(
            f"There is no installment {no}.", where="no", do=f"This tax has {some(len(dates), 'installment')}."
        )
    return dates[no - 1]


def last_day(
    town: Profile,
    due: dt.date,
    levy_type: str = "RE",
    mailed: dt.date | None = None,
    closed: Table[ClosedDay] | None = None,
    part: str = "",
) -> dt.date:
    """The last day to pay an installment without interest."""
    rule = town.rule(Grace, due, levy_type, part)
    return rule.params.last_free_day(due, closed_days_of(town, due, closed), mailed, rule.source)


def installments(
    town: Profile,
    year: int,
    tax: Cents,
    prior_tax: Cents | None,
    prior_second_half: Cents | None,
    levy_type: str,
    mailed: dt.date | None,
    home: bool = False,
) -> pd.DataFrame:
    """The installments of a year's tax: number, amount, due date, last day without interest. A negative last row is a credit."""
    if tax < 0:
        raise BadValue("The tax is below zero.", where="tax", do="Enter zero or more.")
    rule = rule_for(town, year, levy_type, home=home)
    amounts = rule.amounts(tax, prior_tax, prior_second_half)
    dates = rule.due_dates(year)
    rows: list[dict[str, Any]] = []
    for n, amount in enumerate(amounts, 1):
        due = dates[min(n, len(dates)) - 1]
        if n > 1 and not amount and rule.split == "equal":
            continue
        last = last_day(town, due, levy_type, mailed)
        rows.append(
            {
                DueInstallment.inst: n,
                DueInstallment.amount: amount,
                DueInstallment.due: np.datetime64(due, "s"),
                DueInstallment.last_day: np.datetime64(last, "s"),
            }
        )
    return pd.DataFrame(rows, columns=list(INSTALLMENTS.names))


def bill(
    roll: Table[Parcel],
    town: Profile,
    year: int,
    rates: Rates,
    *,
    mailed: dt.date | None = None,
    recorded: dt.date | None = None,
    prior: Mapping[str, Cents] | None = None,
    second: Mapping[str, Cents] | None = None,
    preliminary: Table[Bill] | None = None,
    taken: Iterable[str] = (),
) -> tuple[Table[Bill], Table[Adjustment]]:
    """The tax duplicate of a levy year from the roll, and the adjustments it needs.

    `rates` is by levy type and part, per 100 or 1000 as the town's levy rule says; a tax of several parts, such as City and State, makes
    a row for each part under one bill number, each rounded and split by itself. `prior` is last year's tax by account, as finally levied; an
    account that is not in it takes the roll's Prior Tax; `second` is its second half, where the town's law goes by that. `taken` are the
    bill numbers in use, so that no number is used twice. `preliminary` is the year's duplicate if its first half is already billed:
    those installments stay as they are. If they exceed the year's tax, an adjustment is written. Raises Problems naming every row
    that cannot be billed.
    """
    roll = from_value(roll, rates)
    kinds = Kinds(town, year)
    for kind, parts in rates.items():
        _check_parts(town, year, kind, parts, kinds)
    billed = {} if preliminary is None else {r[Bill.account]: r for r in preliminary.records()}
    problems: list[Problem] = []
    rows: list[dict[str, Any]] = []
    credits: list[dict[str, Any]] = []
    numbers = Numbers(taken)
    for position, parcel in zip(roll.index, roll.records(), strict=True):
        kind, account = parcel[Parcel.levy_type], parcel[Parcel.account]
        if problem := _cannot_bill(parcel, rates, roll, int(position)):
            problems.append(problem)
            continue
        number = billed[account][Bill.bill] if account in billed else numbers.next(account, year)
        for part, rate in rates[kind].items():
            levy_rule, split, dates = kinds[kind, part, is_home(parcel[Parcel.flags])]
            gross = levy_rule.tax(parcel[Parcel.net_value], rate)
            deductions = min(parcel[Parcel.deductions], gross)
            if account in billed:
                have = billed[account]
                first = [int(have[INST[n]]) for n in range(1, split.first_parts + 1)]
                amounts = [*first, *split.final(gross - deductions, sum(first))]
            else:
                last = (prior or {}).get(account, parcel[Parcel.prior_tax])
                amounts = split.amounts(gross - deductions, last, None if second is None else second.get(account, 0))
            row = bill_row(parcel, number, year, kind, part) | {Bill.gross_tax: gross, Bill.deductions: deductions}
            if len(amounts) > len(dates):
                credits.append(_preliminary_credit(row[Bill.bill], -amounts.pop(), dates, recorded, town, year, kind))
            rows.append(row | split_row(amounts, dates, split.split == "preliminary") | stamps(mailed, recorded))
    if problems:
        raise Problems(problems)
    return as_duplicate(rows), Table.made(ADJUSTMENTS, credits)


def _cannot_bill(parcel: Mapping[str, Any], rates: Rates, roll: Table[Parcel], position: int) -> Problem | None:
    """Why a row of the Roll cannot be billed, if it cannot."""
    kind = parcel[Parcel.levy_type]
    if kind not in rates:
        return Problem(
            place(roll, position, Parcel.levy_type),
            f"Levy type {kind} has no rate.",
            "Enter a rate for each levy type on the Roll.",
        )
    if parcel[Parcel.net_value] < 0:
        return Problem(place(roll, position, Parcel.net_value), "The net value is below zero.", "Correct the value.")
    if parcel[Parcel.deductions] and len(rates[kind]) > 1:
        return Problem(
            place(roll, position, Parcel.deductions),
            f"{kind} has the parts {' and '.join(rates[kind])}. The Roll does not say which part the deduction applies to.",
            "Clear the deduction, and enter the credit of each part with Relief or Adjust.",
        )
    return None


def bill_preliminary(
    roll: Table[Parcel],
    town: Profile,
    year: int,
    prior: Mapping[str, Cents],
    *,
    second: Mapping[str, Cents] | None = None,
    mailed: dt.date | None = None,
    recorded: dt.date | None = None,
    taken: Iterable[str] = (),
) -> Table[Bill]:
    """The preliminary bills of a levy year: the first installments, on last year's tax, before this year's rate is known."""
    kinds, numbers = Kinds(town, year), Numbers(taken)
    rows = []
    for parcel in from_value(roll).records():
        kind = parcel[Parcel.levy_type]
        _, split, dates = kinds[kind, "", False]
        if split.split != "preliminary":
            raise BadValue(
                f"{town.name} has no preliminary bills for {kind}.", where="stage", do="Leave the stage empty."
            )
        account = parcel[Parcel.account]
        last = None if second is None else second.get(account, 0)
        first = split.preliminary_amounts(prior.get(account, parcel[Parcel.prior_tax]), last)
        row = bill_row(parcel, numbers.next(account, year), year, kind) | {Bill.gross_tax: 0, Bill.deductions: 0}
        rows.append(row | split_row(first, dates[: len(first)], True) | stamps(mailed, recorded))
    return as_duplicate(rows)


def from_value(roll: Table[Parcel], rates: Iterable[str] = ()) -> Table[Parcel]:
    """The Roll's rows that are taxed on their value, without charges by return, use or license that have no rate.

    A row that left the roll is never billed.
    """
    other = roll[Parcel.levy_type].isin(set(BY_RETURN_OR_USE) - set(rates))
    return on_roll(roll[~other])


def _check_parts(town: Profile, year: int, kind: str, parts: Mapping[str, Fraction], kinds: Kinds) -> None:
    """Refuses rates whose parts are not in the town's law: such a bill could never be replayed."""
    ruled = {r.part for r in town.all(Interest) if not r.types or kind in r.types}
    known = sorted(ruled - {""})
    unknown = [part for part in parts if part not in ruled] if "" not in ruled else []
    if known and unknown:
        raise BadValue(
            f'{kind} in {town.name} has no part "{unknown[0]}". Its parts are {" and ".join(known)}.'
            if unknown[0]
            else f"{kind} in {town.name} has the parts {' and '.join(known)}, each with its own rate.",
            where="rates",
            do=f"Write {', '.join(f'{kind} {part}=...' for part in known)}, or fill in Part on the Rates sheet.",
        )
    if len(parts) > 1 and "" in parts:
        raise BadValue(
            f"{kind} has rates with a part and a rate without a part.",
            where="rates",
            do="Enter the part of every rate.",
        )
    if len(parts) > 1 and any(kinds[kind, part, False][1].split == "preliminary" for part in parts):
        raise BadValue(
            f"{town.name} has preliminary bills for {kind}, which cannot have parts.",
            where="rates",
            do=f"Enter one rate for {kind}.",
        )


class Kinds(dict[tuple[str, str, bool], tuple[Any, Installments, list[dt.date]]]):
    """The levy rule, installment rule and due dates of each levy type and part, for homes or other bills, looked up once."""

    def __init__(self, town: Profile, year: int) -> None:
        super().__init__()
        self.town, self.year = town, year

    def __missing__(self, key: tuple[str, str, bool]) -> tuple[Any, Installments, list[dt.date]]:
        kind, part, home = key
        split = rule_for(self.town, self.year, kind, part, home)
        levy = levy_rule(self.town, self.year, kind, part)
        if home:
            home_fee(self.town, self.year, kind, part)  # asked now: a bill that cannot state it is not to be made
        self[key] = (levy, split, split.due_dates(self.year))
        return self[key]


class Numbers:
    """New bill numbers: 2025-12-4, or 2025-12-4/2 if that number is used; 2025-12-4/ADD for an added assessment."""

    def __init__(self, taken: Iterable[str]) -> None:
        self.taken = set(taken)

    def next(self, account: str, year: int, kind: str = "") -> str:
        base = account if account.startswith(f"{year}-") else f"{year}-{account}"
        base += f"/{kind}" if kind else ""
        more = (f"{base}{n}" if kind else f"{base}/{n}" for n in count(2))
        number = next(n for n in chain([base], more) if n not in self.taken)
        self.taken.add(number)
        return number


def bill_row(parcel: Mapping[str, Any], number: str, year: int, kind: str, part: str = "") -> dict[str, Any]:
    """A bill's row before its amounts. parcel: a row with Account, Party and Flags."""
    return {
        Bill.bill: number,
        Bill.account: parcel[Parcel.account],
        Bill.party: parcel[Parcel.party],
        Bill.class_: parcel.get(Parcel.class_, ""),
        Bill.levy_year: year,
        Bill.levy_type: kind,
        Bill.part: part,
        Bill.secured: "",
        Bill.unsecured_from: _stamp(None),
        Bill.hold: "litigation" if "litigation" in parcel[Parcel.flags].lower() else "",
        Bill.bank_code: "",
    }


def split_row(amounts: list[Cents], dates: list[dt.date], preliminary: bool) -> dict[str, Any]:
    """The installments of a bill as the Duplicate has them, without later installments of $0.00 unless the bill is preliminary."""
    row: dict[str, Any] = {"Net Tax": sum(amounts)}
    for n in range(1, 5):
        has = n <= len(amounts) and (n == 1 or preliminary or amounts[n - 1] != 0)
        row[DUE[n]] = _stamp(dates[n - 1] if has else None)
        row[INST[n]] = amounts[n - 1] if has else 0
    return row


def stamps(mailed: dt.date | None, recorded: dt.date | None) -> dict[str, Any]:
    """The dates of a bill's row."""
    return {
        Bill.mailed: _stamp(mailed),
        Bill.recorded: _stamp(recorded),
        Bill.interest_from: _stamp(None),
        Bill.completed: _stamp(None),
        Bill.run: "",
    }


def as_duplicate(rows: list[dict[str, Any]]) -> Table[Bill]:
    """Rows of bills as a Duplicate table."""
    return Table.made(DUPLICATE, rows)


def _stamp(day: dt.date | None) -> Any:
    return np.datetime64("NaT") if day is None else np.datetime64(day, "s")


def _preliminary_credit(
    number: str, over: Cents, dates: list[dt.date], recorded: dt.date | None, town: Profile, year: int, kind: str
) -> dict[str, Any]:
    """The correction if the preliminary installments exceed the year's tax: it lowers the last of them."""
    rule = town.rule(Installments, dt.date(year, 1, 1), kind)
    last = rule.params.first_parts
    return {
        Adjustment.no: f"P-{number}",
        Adjustment.effective: recorded or dates[last - 1],
        Adjustment.recorded: recorded,
        Adjustment.bill: number,
        Adjustment.part: "",
        Adjustment.inst: last,
        Adjustment.kind: "Correction Down",
        Adjustment.component: "tax",
        Adjustment.amount: over,
        Adjustment.reason: f"preliminary installments above the {year} tax",
        Adjustment.authority: rule.authority(),
    }
