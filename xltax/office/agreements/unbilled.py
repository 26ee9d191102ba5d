"""Estimates of tax that has not been billed: next year's installments based on last year's tax."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pandas as pd

from xltax.errors import BadValue
from xltax.law.calendar import Installments
from xltax.law.profile import Profile
from xltax.money import Cents, round_half_up
from xltax.tables import CHARGES, Charge
from xltax.tables.table import Table

RECURRING = ("RE", "PP", "MV")
"""Levy types that are billed every year."""


def estimates(charges: Table[Charge], town: Profile, until: dt.date, next_tax: Cents | None = None) -> Table[Charge]:
    """Charges for unbilled installments that fall due by a day: last year's tax, split by the town's rule.

    next_tax: a better estimate of the year's tax of all these accounts together. The bill numbers of the rows begin with
    "estimate".
    """
    if next_tax is not None and next_tax < 0:
        raise BadValue("Next year's tax is below zero.", where="next_tax", do="Enter zero or more.")
    rows: list[dict[str, object]] = []
    groups = charges[charges[Charge.levy_type].isin(RECURRING)].groupby(
        [Charge.account, Charge.levy_type, Charge.part], sort=False
    )
    sums = {key: _whole_year(group, town) for key, group in groups}
    last = sum(tax for tax, _ in sums.values())
    for key, group in groups:
        tax, second_half = sums[key]
        if not tax:
            continue
        if next_tax is not None:
            tax = round_half_up(Fraction(next_tax * tax, last))
        rows += _to_come(group, town, tax, second_half, until)
    return Table.made(CHARGES, rows)


def _rule(town: Profile, group: pd.DataFrame) -> Installments | None:
    first = group.iloc[0]
    found = town.find(Installments, group[Charge.due].max().date(), first[Charge.levy_type], first[Charge.part])
    return found.params.billed_by(d.date() for d in group[Charge.due]) if found else None


def _unbilled(group: pd.DataFrame, rule: Installments) -> list[dt.date]:
    """The later due dates of the last billed year without a charge. Only preliminary bills leave such dates."""
    if rule.split != "preliminary":
        return []
    year = int(group[Charge.levy_year].max())
    have = {d.date() for d in group.loc[group[Charge.levy_year] == year, Charge.due]}
    return [d for d in rule.due_dates(year)[rule.first_parts :] if d not in have]


def _whole_year(group: pd.DataFrame, town: Profile) -> tuple[Cents, Cents]:
    """The tax of the last year billed in full, and the second half of that tax."""
    rule = _rule(town, group)
    if rule is None:
        return 0, 0
    years = sorted(set(group[Charge.levy_year]))
    if _unbilled(group, rule):
        years = years[:-1] or years
    mine = group[group[Charge.levy_year] == years[-1]]
    half = mine.sort_values(Charge.due)[Charge.amount].iloc[len(rule.due) // 2 :].sum()
    return int(mine[Charge.amount].sum()), int(half)


def _to_come(
    group: pd.DataFrame, town: Profile, tax: Cents, second_half: Cents, until: dt.date
) -> list[dict[str, object]]:
    rule = _rule(town, group)
    assert rule is not None
    like = group.sort_values(Charge.due).iloc[-1]
    year = int(group[Charge.levy_year].max())
    rows = []

    def row(of_year: int, inst: int, due: dt.date, amount: Cents) -> None:
        if amount > 0 and due <= until:
            bill = f"estimate {of_year} {like[Charge.levy_type]} {like[Charge.account]}"
            made = {
                Charge.bill: bill,
                Charge.levy_year: of_year,
                Charge.inst: inst,
                Charge.due: due,
                Charge.amount: amount,
            }
            unset = dict.fromkeys((Charge.unsecured_from, Charge.mailed, Charge.interest_from, Charge.recorded))
            rows.append({**dict(like), **made, **unset, Charge.hold: ""})

    if open_dates := _unbilled(group, rule):
        billed = int(group.loc[group[Charge.levy_year] == year, Charge.amount].sum())
        first = 1 + len(rule.due) - len(open_dates)
        for n, (due, amount) in enumerate(zip(open_dates, rule.final(tax, billed), strict=False)):
            row(year, first + n, due, amount)
    while (year := year + 1) and rule.due_dates(year)[0] <= until:
        for n, (due, amount) in enumerate(zip(rule.due_dates(year), rule.amounts(tax, tax, second_half), strict=False)):
            row(year, n + 1, due, amount)
    return rows
