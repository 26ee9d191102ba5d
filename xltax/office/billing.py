"""The billing desk: from the roll and the rates to the tax duplicate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from xltax.errors import BadValue, Problem, Problems
from xltax.law.calendar import Grace, Installments
from xltax.law.profile import Profile
from xltax.ledger.replay import closed_days_of
from xltax.ledger.schema import Column, TableSpec
from xltax.ledger.tables import ADJUSTMENTS, CHARGES, DUPLICATE, ROLL
from xltax.ledger.validate import place, typed
from xltax.money import Cents, dollars

INSTALLMENTS = TableSpec(
    "Installments",
    (
        CHARGES["Inst"],
        CHARGES["Amount"],
        CHARGES["Due"],
        Column("Last Day", "date", "The last day it can be paid without interest."),
    ),
    purpose="how a tax is billed",
)


def rule_for(town: Profile, year: int, levy_type: str) -> Installments:
    """The installment rule of a levy year."""
    params = town.rule("installments", dt.date(year, 1, 1), levy_type).params
    assert isinstance(params, Installments)
    return params


def due_date(town: Profile, year: int, no: int, levy_type: str = "RE") -> dt.date:
    """The day an installment of a levy year is payable."""
    dates = rule_for(town, year, levy_type).due_dates(year)
    if not 1 <= no <= len(dates):
        raise BadValue(f"There is no installment {no}.", where="no", do=f"This tax has {len(dates)}.")
    return dates[no - 1]


def last_day(
    town: Profile, due: dt.date, levy_type: str = "RE", mailed: dt.date | None = None, closed: pd.DataFrame | None = None, part: str = ""
) -> dt.date:
    """The last day an installment can be paid without interest."""
    rule = town.rule("grace", due, levy_type, part)
    assert isinstance(rule.params, Grace)
    return rule.params.last_free_day(due, closed_days_of(town, due, closed), mailed, rule.source)


def installments(
    town: Profile, year: int, tax: Cents, prior_tax: Cents | None, prior_second_half: Cents | None, levy_type: str, mailed: dt.date | None
) -> pd.DataFrame:
    """The installments of a year's tax: number, amount, due date, last free day. A last row below zero is a credit."""
    if tax < 0:
        raise BadValue("This cannot be below zero.", where="tax")
    rule = rule_for(town, year, levy_type)
    amounts = rule.amounts(tax, prior_tax, prior_second_half)
    dates = rule.due_dates(year)
    rows: list[dict[str, Any]] = []
    for n, amount in enumerate(amounts, 1):
        due = dates[min(n, len(dates)) - 1]
        if n > 1 and not amount and rule.split == "equal":
            continue
        last = last_day(town, due, levy_type, mailed)
        rows.append({"Inst": n, "Amount": amount, "Due": np.datetime64(due, "s"), "Last Day": np.datetime64(last, "s")})
    return pd.DataFrame(rows, columns=list(INSTALLMENTS.names))


def bill(
    roll: pd.DataFrame,
    town: Profile,
    year: int,
    rates: Mapping[str, Fraction],
    *,
    mailed: dt.date | None = None,
    recorded: dt.date | None = None,
    prior: Mapping[str, Cents] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tax duplicate of a levy year from the roll, and the adjustments it needs.

    `rates` is by levy type, per 100 or 1000 as the town's levy rule says; `prior` last year's tax by account, where it is not in the
    roll's Prior Tax. An adjustment is written where preliminary installments already billed are above the year's tax. Raises Problems
    naming every row that cannot be billed.
    """
    roll = typed(roll, ROLL)
    problems: list[Problem] = []
    rows: list[dict[str, Any]] = []
    credits: list[dict[str, Any]] = []
    stamp = {"Mailed": _stamp(mailed), "Recorded": _stamp(recorded), "Interest From": _stamp(None)}
    rules: dict[str, tuple[Any, Installments, list[dt.date]]] = {}
    for position, parcel in roll.to_dict("index").items():
        kind = parcel["Levy Type"]
        if kind not in rates:
            problems.append(Problem(place(roll, int(position), "Levy Type"), f"There is no rate for {kind}.", "Give one for each levy type on the roll."))  # type: ignore[call-overload]
            continue
        if parcel["Net Value"] < 0:
            problems.append(Problem(place(roll, int(position), "Net Value"), "The value is below zero."))  # type: ignore[call-overload]
            continue
        if kind not in rules:
            split = rule_for(town, year, kind)
            rules[kind] = (town.rule("levy", dt.date(year, 1, 1), kind).params, split, split.due_dates(year))
        levy_rule, split, dates = rules[kind]
        gross = levy_rule.tax(parcel["Net Value"], rates[kind])
        deductions = min(parcel["Deductions"], gross)
        prior_tax = prior.get(parcel["Account"], 0) if prior is not None else parcel["Prior Tax"]
        amounts = split.amounts(gross - deductions, prior_tax)
        account = parcel["Account"]
        number = account if account.startswith(f"{year}-") else f"{year}-{account}"
        if len(amounts) > len(dates):
            over = -amounts.pop()
            credits.append(_preliminary_credit(number, len(amounts), over, dates, recorded, town, year, kind))
        row: dict[str, Any] = {
            "Bill": number,
            "Account": account,
            "Party": parcel["Party"],
            "Levy Year": year,
            "Levy Type": kind,
            "Part": "",
            "Secured": "",
            "Hold": "litigation" if "litigation" in parcel["Flags"].lower() else "",
            "Gross Tax": gross,
            "Deductions": deductions,
            "Net Tax": sum(amounts),
            "Bank Code": "",
        }
        for n in range(1, 5):
            has = n <= len(dates) and (n == 1 or split.split == "preliminary" or amounts[n - 1] != 0)
            row[f"Due {n}"] = _stamp(dates[n - 1] if has else None)
            row[f"Inst {n}"] = amounts[n - 1] if has else 0
        rows.append(row | stamp)
    if problems:
        raise Problems(problems)
    duplicate = pd.DataFrame(rows, columns=[c.name for c in DUPLICATE.facts])
    duplicate.attrs = {"typed": DUPLICATE.name}
    return duplicate, pd.DataFrame(credits, columns=[c.name for c in ADJUSTMENTS.facts])


def _stamp(day: dt.date | None) -> Any:
    return np.datetime64("NaT") if day is None else np.datetime64(day, "s")


def _preliminary_credit(
    number: str, inst: int, over: Cents, dates: list[dt.date], recorded: dt.date | None, town: Profile, year: int, kind: str
) -> dict[str, Any]:
    """The correction where the preliminary installments came to more than the year's tax: taken off the second one."""
    rule = town.rule("installments", dt.date(year, 1, 1), kind)
    return {
        "No": f"P-{number}",
        "Effective": recorded or dates[1],
        "Recorded": recorded,
        "Bill": number,
        "Part": "",
        "Inst": 2,
        "Kind": "Correction Down",
        "Component": "tax",
        "Amount": dollars(over, comma=False),
        "Reason": f"preliminary installments above the {year} tax",
        "Authority": rule.authority(),
        "Approved By": "",
        "Seal": "",
    }
