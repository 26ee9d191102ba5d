"""Lists after the roll: added, omitted, supplemental and interim assessments, prorated and billed in separate runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from xltax.dates import short_date
from xltax.errors import BadValue, LawNotEncoded, Problem, Problems
from xltax.law.levy import Added, Supplement, rounded_to
from xltax.law.profile import Profile
from xltax.money import Cents, usd
from xltax.office.billing import levy_bills
from xltax.tables import ROLL, Bill, Parcel
from xltax.tables.bills import SUPPLEMENTS, SupplementEntry
from xltax.tables.reading import place
from xltax.tables.schema import Column, Row, TableSpec
from xltax.tables.table import Table
from xltax.wording import some


class FurtherEntry(Row):
    """One entry of an added, omitted or supplemental list."""

    account = SUPPLEMENTS["Account"]
    party = ROLL["Party"]
    levy_type = ROLL["Levy Type"]
    block = ROLL["Block"]
    lot = ROLL["Lot"]
    qualifier = ROLL["Qualifier"]
    owner = ROLL["Owner"]
    billed_owner = ROLL["Billed Owner"]
    mail_1 = ROLL["Mail 1"]
    mail_2 = ROLL["Mail 2"]
    mail_3 = ROLL["Mail 3"]
    location = ROLL["Location"]
    class_ = ROLL["Class"]
    full_value = Column(
        "Full Value", "money", SUPPLEMENTS["Full Value"].help, aliases=("Full Assessment", "Full Added Assessment")
    )
    old_value = Column(
        "Old Value", "money", SUPPLEMENTS["Old Value"].help, aliases=("Old Assessment", "Replaced Vehicle")
    )
    assessed_from = Column(
        "Assessed From",
        "date",
        SUPPLEMENTS["Assessed From"].help,
        aliases=(
            "Completed",
            "Completed On",
            "Completion Date",
            "Date Completed",
            "Registered",
            "Registered On",
            "Registration Date",
            "Date Registered",
            "CO Date",
        ),
    )
    months = Column(
        "Months", "count", SUPPLEMENTS["Months"].help, aliases=("Months Charged", "No of Months", "Mos"), least=0
    )
    net_value = Column(
        "Net Value",
        "money",
        "The assessment on the list. If the list has dates or months, you must say whether this value is already prorated.",
        required=True,
        least=0,
        aliases=(
            *ROLL["Net Value"].aliases,
            "Added Assessment",
            "Added Value",
            "Prorated Assessment",
            "Prorated Value",
            "Taxable Value",
        ),
    )
    deductions = ROLL["Deductions"]
    mortgagee = ROLL["Mortgagee"]


FURTHER = TableSpec("Further", FurtherEntry, purpose="one row for each assessment of a list that comes after the roll")
"""A list as the assessor sends it. Its rows go to Further Lists; new names and addresses go to the Roll."""

_SLACK = 1_00
"""The largest difference between the list's prorated value and the law's value, because some lists round to the dollar."""


def prorated(rows: Table[FurtherEntry], town: Profile, roll_date: dt.date, answer: bool | None) -> Table[FurtherEntry]:
    """The rows with their taxable assessment, and the full assessment if known.

    answer: whether Net Value is for a whole year and must be prorated. A list with dates or months and only one value is refused
    without this answer. A list with both values is checked against the town's law. Raises Problems naming each row.
    """  # fmt: skip
    out = rows.frame
    timed = (out[FurtherEntry.months] > 0) | out[FurtherEntry.assessed_from].notna()
    both = timed & (out[FurtherEntry.full_value] > 0)
    if answer is None and (timed & ~both).any():
        raise BadValue(
            "The list has dates or months, but only one assessment in each row.", where=place(rows, int(out.index[timed & ~both][0]), FurtherEntry.net_value),
            do="Enter yes for prorate if the assessment is for a whole year. Enter no if the assessment is already prorated.",
        )  # fmt: skip
    untimed = out.loc[~timed, FurtherEntry.account]
    problems = [
        Problem(place(rows, int(position), FurtherEntry.assessed_from), f"Account {account} has no date and no months to prorate by.", "Enter the date or the months.")
        for position, account in zip(untimed.index, untimed, strict=True)
        if answer
    ]  # fmt: skip
    for position, row in zip(out.index[timed], out[timed].to_dict("records"), strict=True):
        full = row[FurtherEntry.full_value] or (row[FurtherEntry.net_value] if answer else 0)
        if not full or (answer is False and row[FurtherEntry.full_value]):
            continue
        try:
            value = _share(row, full, town, roll_date)
        except (BadValue, LawNotEncoded) as error:
            problems.append(
                Problem(place(rows, int(position), FurtherEntry.net_value), error.problem.what, error.problem.do)
            )
            continue
        if row[FurtherEntry.full_value] and answer is None and abs(value - row[FurtherEntry.net_value]) > _SLACK:
            problems.append(
                Problem(
                    place(rows, int(position), FurtherEntry.net_value),
                    f"Account {row[FurtherEntry.account]}: the list prorates {usd(full)} to {usd(row[FurtherEntry.net_value])}, but the law of {town.name} gives {usd(value)}.",
                    "Correct the row. Or enter yes for prorate to use the law's value, or no to use the list's value.",
                )
            )
            continue
        if answer or not row[FurtherEntry.full_value]:
            out.loc[position, [FurtherEntry.full_value, FurtherEntry.net_value]] = full, value
    if problems:
        raise Problems(problems)
    return Table.made(FURTHER, out)


def _share(row: Mapping[Any, Any], full: Cents, town: Profile, roll_date: dt.date) -> Cents:
    """The prorated part of a full assessment, by the town's rule for its levy type."""
    kind = row[FurtherEntry.levy_type]
    since = None if pd.isna(row[FurtherEntry.assessed_from]) else row[FurtherEntry.assessed_from].date()
    on = since or roll_date
    rule = (town.rule(Supplement, on, kind) if kind == "MVS" else town.rule(Added, on, kind)).params
    months = int(row[FurtherEntry.months])
    if months > 12:
        raise BadValue(f"The number of months is {months}, more than a year.", do="Enter between 1 and 12 months.")
    if since and since.year == roll_date.year and months and rule.months_charged(since) != months:
        raise BadValue(
            f"The list charges {some(months, 'month')} from {short_date(since)}, but the law of {town.name} charges {rule.months_charged(since)}.",
            do="Correct the date or the months.",
        )
    if since and not months and isinstance(rule, Added) and since.year != roll_date.year:
        raise BadValue(
            f"The completion date {short_date(since)} is not in the year of the list, {short_date(roll_date)}.",
            do="Enter the months charged or the prorated assessment.",
        )
    months = months or rule.months_charged(since or roll_date)
    share = rule.share_of(months) if isinstance(rule, Supplement) else Fraction(months, 12)
    return rounded_to(Fraction(max(0, full - row[FurtherEntry.old_value])) * share, rule.value_to)


def listed(rows: Table[FurtherEntry], roll_date: dt.date) -> Table[SupplementEntry]:
    """The rows as Supplements has them, not billed."""
    return rows.as_rows_of(SUPPLEMENTS).with_columns({SupplementEntry.roll_date: roll_date})


def unknown_to(roll: Table[Parcel], rows: Table[FurtherEntry], roll_date: dt.date) -> Table[Parcel]:
    """Rows for the list's accounts that are not on the Roll: only their names and addresses, without a value to bill."""
    new = rows[~rows[FurtherEntry.account].isin(set(roll[Parcel.account]))].drop_duplicates(FurtherEntry.account)
    return (
        new.as_rows_of(ROLL)
        .complete()
        .with_columns({Parcel.net_value: 0, Parcel.deductions: 0, Parcel.left_on: roll_date})
    )


def bill(
    rows: Table[SupplementEntry], parcels: Table[Parcel], town: Profile, year: int, rates: levy_bills.Rates, *, taken: Iterable[str],
    due: dt.date | None = None, mailed: dt.date | None = None, recorded: dt.date,
) -> Table[Bill]:  # fmt: skip
    """The bills of one list, each with its own number, because an account may have another bill for the year.

    rows: of Supplements, one levy type. parcels: the owner of each account. due: the due date (default: the law's day).
    Raises BadValue if that day is past when the bills are made.
    """
    numbers, kinds = levy_bills.Numbers(taken), levy_bills.Kinds(town, year)
    whose = {r[Parcel.account]: r for r in parcels[[Parcel.account, Parcel.party, Parcel.flags]].to_dict("records")}
    made: list[dict[str, Any]] = []
    for position, row in zip(rows.index, rows.records(), strict=True):
        kind, number = (
            row[SupplementEntry.levy_type],
            numbers.next(row[SupplementEntry.account], year, row[SupplementEntry.levy_type]),
        )
        if row[SupplementEntry.deductions] and len(rates[kind]) > 1:
            raise BadValue(
                f"{kind} has parts. The list does not say which part the deduction applies to.", where=place(rows, int(position), SupplementEntry.deductions),
                do="Clear the deduction, and enter the credit of each part with Relief or Adjust.",
            )  # fmt: skip
        for part, rate in rates[kind].items():
            levy = levy_bills.levy_rule(town, year, kind, part)
            gross = levy.tax(row[SupplementEntry.net_value], rate)
            deductions = min(row[SupplementEntry.deductions], gross)
            if due:
                amounts, dates = [gross - deductions], [due]
            else:
                try:
                    _, split, dates = kinds[kind, part, False]
                except LawNotEncoded as error:
                    raise LawNotEncoded(
                        error.problem.what, where="due", do="Nothing was billed. Enter the due date of these bills."
                    ) from None
                amounts = split.amounts(gross - deductions, 0, 0) if split.split == "equal" else [gross - deductions]
                _refuse_past(dates[0], recorded, town, kind)
            parcel = whose.get(row[SupplementEntry.account], {Parcel.party: "", Parcel.flags: ""})
            about = row | {
                Parcel.party: row[SupplementEntry.party] or parcel[Parcel.party],
                Parcel.flags: parcel[Parcel.flags],
            }
            base = levy_bills.bill_row(about, number, year, kind, part)
            made.append(
                base | {Bill.gross_tax: gross, Bill.deductions: deductions} | levy_bills.split_row(amounts, dates, False) | levy_bills.stamps(mailed, recorded)
            )  # fmt: skip
    return levy_bills.as_duplicate(made)


def _refuse_past(due: dt.date, today: dt.date, town: Profile, kind: str) -> None:
    if due < today:
        raise BadValue(
            f"The law's due date for {kind} bills in {town.name}, {short_date(due)}, is before today, {short_date(today)}.",
            where="due", do="Nothing was billed. Enter the due date of these bills.",
        )  # fmt: skip
