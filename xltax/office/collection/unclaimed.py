"""Unclaimed money on paper: the list of credits by age, the letter to the owner, and the report file for the State."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xltax import csvtext
from xltax.dates import long_date
from xltax.law.custody import Unclaimed
from xltax.money import Cents, dollars, usd
from xltax.office.collection import credits, town_texts
from xltax.office.collection.credits import ABANDONED, LETTER, STAGES
from xltax.pages import Block, Fields, Grid, Heading, Lines, Page, Signatures, Text
from xltax.tables import Parcel
from xltax.tables.bank import AgedCredit
from xltax.tables.enforcement import LetterText
from xltax.tables.table import Table

AGGREGATE = "Aggregate of smaller items"


def page(rows: Table[AgedCredit], as_of: dt.date, office: str, law: str, authority: str) -> Page:
    """The list of credits by age, with the total of each stage, to sign."""
    sums = [
        (stage, len(mine), int(mine[AgedCredit.amount].sum()))
        for stage in STAGES
        if len(mine := rows[rows[AgedCredit.stage] == stage])
    ]
    sums.append(("Total", len(rows), int(rows[AgedCredit.amount].sum())))
    heads = (
        "Account",
        "Owner",
        "Since",
        "Days",
        "Last payment",
        "Refund by",
        "Claim by",
        "Abandoned on",
        "Stage",
        "Amount",
    )
    lines = [
        (", ".join(filter(None, (r[AgedCredit.account], r[AgedCredit.check] and f"check {r[AgedCredit.check]}"))), r[AgedCredit.owner], r[AgedCredit.since],
         r[AgedCredit.days], r[AgedCredit.last_payment], r[AgedCredit.refund_by], r[AgedCredit.claim_by], r[AgedCredit.dormant_on],
         r[AgedCredit.stage], r[AgedCredit.amount])
        for r in rows.records()
    ]  # fmt: skip
    blocks: list[Block] = [
        Fields((("As of", as_of, "date"), ("Credits and uncashed checks", len(rows), "count"))),
        Grid(("Stage", "Number", "Amount"), ("text", "count", "money"), sums, (30, 10, 16), total=True),
        Text(law),
        Text(authority, "small"),
        Heading("Credits, oldest first"),
        Grid(heads, ("id", "text", "date", "count", "date", "date", "date", "date", "text", "money"), lines, (12, 24, 11, 7, 11, 11, 11, 11, 17, 13)),
        Signatures(("Prepared by, date", "Reviewed by another person, date")),
    ]  # fmt: skip
    return Page("Credits by age", tuple(blocks), office=office, key="credits", landscape=True)


@dataclass(frozen=True)
class Account:
    """What is held for one account: its owner, address, amount and oldest day."""

    account: str
    owner: str
    address: tuple[str, ...]
    amount: Cents
    since: dt.date
    last: dt.date | None
    checks: tuple[str, ...]


def accounts(rows: Table[AgedCredit], roll: Table[Parcel], stages: Iterable[str]) -> list[Account]:
    """The accounts with money in some stages, each with the sum of these parts and the oldest day."""
    frame = rows.frame
    mine = frame[frame[AgedCredit.stage].isin(tuple(stages)) & frame[AgedCredit.since].notna()]
    homes = {r[Parcel.account]: r for r in roll.records()}
    out = []
    for account, part in mine.groupby(AgedCredit.account, sort=True):
        home = homes.get(str(account), {})
        lines = (home.get(Parcel.mail_1), home.get(Parcel.mail_2), home.get(Parcel.mail_3))
        last = part[AgedCredit.last_payment].max()
        checks = tuple(c for c in part[AgedCredit.check] if c)
        out.append(
            Account(
                str(account), str(part[AgedCredit.owner].iloc[0]), tuple(str(x) for x in lines if x), int(part[AgedCredit.amount].sum()),
                part[AgedCredit.since].min().date(), None if pd.isna(last) else last.date(), checks,
            )
        )  # fmt: skip
    return out


def letters(
    owners: Sequence[Account],
    texts: Table[LetterText],
    office: str,
    contact: str,
    collector: str,
    mailed: dt.date,
    respond_by: dt.date,
) -> list[Page]:
    """A letter to each owner in the town's own words."""
    parts = town_texts.paragraphs(texts, LETTER)
    out = []
    for one in owners:
        values = {
            "account": one.account, "owner": one.owner, "amount": usd(one.amount), "since": long_date(one.since), "date": long_date(mailed),
            "respond_by": long_date(respond_by), "town": office, "collector": collector,
        }  # fmt: skip
        before, after = town_texts.split(parts, values)
        subject = next(
            (town_texts.filled(t, values, where) for style, t, where in parts if style == "subject"),
            "Money held for you",
        )
        address = (one.owner, *one.address)
        blocks: list[Block] = [
            Lines(address if len(address) > 1 else (*address, "")),
            Lines((values["date"],), right=True),
            *before,
            *after,
        ]
        out.append(Page(subject, tuple(blocks), office=office, key=one.account, footer=contact))
    return out


REPORT_HEADERS = (
    "Owner",
    "Address 1",
    "Address 2",
    "Address 3",
    "Nature",
    "Date Payable",
    "Date of Last Transaction",
    "Amount",
    "Account",
    "Check",
)


def report_csv(owners: Sequence[Account], rule: Unclaimed) -> str:
    """The report to the State: owner, address, nature, date payable, date of the last transaction, amount; small items in one sum."""
    named = [one for one in owners if one.amount >= rule.named_from]
    small = [one for one in owners if one.amount < rule.named_from]
    rows: list[tuple[Any, ...]] = []
    for one in named:
        lines = (*one.address, "", "", "")[:3]
        nature = "Uncashed refund check" if one.checks else "Credit on a tax account"
        rows.append(
            (
                one.owner,
                *lines,
                nature,
                one.since,
                one.last or "",
                dollars(one.amount, comma=False),
                one.account,
                " ".join(one.checks),
            )
        )
    if small:
        total = sum(one.amount for one in small)
        rows.append((AGGREGATE, "", "", "", f"{len(small)} items", "", "", dollars(total, comma=False), "", ""))
    return csvtext.table(REPORT_HEADERS, rows)


def abandoned(rows: Table[AgedCredit], account: str) -> Cents:
    """How much of an account's credit is presumed abandoned or reported, without uncashed checks."""
    mine = rows[
        (rows[AgedCredit.account] == account)
        & rows[AgedCredit.stage].isin((ABANDONED, credits.REPORTED))
        & (rows[AgedCredit.check] == "")
    ]
    return int(mine[AgedCredit.amount].sum())
