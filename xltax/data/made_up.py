"""Quillhaven Township, a made-up New Jersey town: its rolls, and what its owners might pay. Nobody in it is real.

Everything is drawn from `random.Random(seed)`, so the same seed gives the same town, cent for cent. Taxes are not
figured here: bill the rolls with the town's rules, and hand the charges to `made_up_payments`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random
from typing import Any

import pandas as pd

from xltax.law.levy import levy
from xltax.money import Cents, div_half_up, dollars
from xltax.tables import Charge
from xltax.tables.table import Table

NAME = "Quillhaven Township (made up)"
PROFILE = "us-nj"
SEED = 1869

_FIRST = (
    "Tansy", "Barnaby", "Wilhelmina", "Osric", "Peregrine", "Hyacinth", "Thaddeus", "Clementine", "Ignatius",
    "Marigold", "Zebulon", "Philippa",
)  # fmt: skip
_LAST = (
    "Applewhistle", "Brambleford", "Candlewick", "Dandelyon", "Elderbottom", "Fiddlestone", "Gooseberry", "Hollyhock",
    "Inkpenny", "Juniperson", "Kettlewell", "Lanternby", "Mosswhistle", "Nettlecombe", "Oatmeadow", "Puddlefoot",
    "Quincebury", "Rumbleton", "Saltmarsh", "Thistlewood", "Umberfield", "Velvetine", "Willowmarch", "Yarrowgate",
)  # fmt: skip
_STREETS = (
    "Thimble Lane", "Quill Road", "Teacup Court", "Lantern Hill Road", "Copper Kettle Way", "Old Inkwell Road",
    "Pinwheel Drive",
)  # fmt: skip
_LENDERS = ("Made-Up Savings Bank", "Imaginary Mortgage Servicing", "Pretend Federal Credit Union")
_CLASSES = (("2", 860), ("1", 50), ("3A", 12), ("3B", 18), ("4A", 32), ("4C", 4), ("15C", 14), ("15D", 10))

PAYERS = (
    ("servicer", 450),  # a lender's batch, on or just before the day
    ("punctual", 290),
    ("in grace", 90),
    ("just late", 25),  # around the 10th, some of them a day or two after
    ("late", 45),  # weeks late, with the tax alone, so interest stays open
    ("two at once", 25),
    ("prepayer", 20),  # next year's first half in December
    ("in part", 22),  # a round sum each month
    ("overpayer", 10),
    ("stopped", 14),  # paid for a while, then no more
    ("never", 9),
)
"""How people pay, and how many of a thousand do."""

RETURNED = 0.004
"""The share of checks the bank returns."""


@dataclass
class MadeUpTown:
    """The town: for each year its rate (per $100, as text) and its roll (the columns of Roll, in dollars)."""

    name: str
    profile: str
    rates: dict[int, str]
    rolls: dict[int, pd.DataFrame] = field(repr=False)


def made_up_town(parcels: int = 3_700, years: Sequence[int] = (2022, 2023, 2024), seed: int = SEED) -> MadeUpTown:
    """A town of so many parcels, with a roll for each year: in between, some parcels are built on or sold."""
    rng = Random(seed)
    people = [_parcel(rng, n) for n in range(parcels)]
    for parcel in people:
        payer = _payer(seed, parcel["Account"])
        parcel["Mortgagee"] = rng.choice(_LENDERS) if payer == "servicer" and parcel["Net Value"] else ""
        parcel["Authorized On"] = dt.date(min(years) - 1, 3, 1) if parcel["Mortgagee"] else None
    rolls: dict[int, pd.DataFrame] = {}
    for year in sorted(years):
        for parcel in people:
            parcel["Prior Tax"] = _tax(parcel, _rate(year - 1))
            if rolls:
                _a_year_passes(rng, parcel, year)
        rolls[year] = _roll(people, year)
    return MadeUpTown(NAME, PROFILE, {year: _rate(year) for year in rolls}, rolls)


def made_up_payments(charges: Table[Charge], through: dt.date | None = None, seed: int = SEED) -> pd.DataFrame:
    """What owners and lenders paid on these charges, up to a day: the columns of Receipts, Tender, Reference and Batch.

    An account's way of paying depends on the seed and its number alone. Payments the bank returned stand with their Reversal. Amounts are text in dollars
    and cents.
    """
    bills: dict[str, list[tuple[dt.date, Cents]]] = {}
    for charge in charges:
        if charge.amount > 0 and charge.due is not None:
            bills.setdefault(charge.account, []).append((charge.due, charge.amount))
    rows: list[dict[str, Any]] = []
    for account, installments in bills.items():
        rng, payer = Random(f"{seed}/payments/{account}"), _payer(seed, account)
        rows += _as_receipts(rng, account, payer, list(_paid(rng, payer, sorted(installments))))
    last = through or max((r["Received"] for r in rows), default=dt.date.max)
    rows = sorted(
        (r for r in rows if r["Received"] <= last), key=lambda r: (r["Received"], r["Kind"] == "Reversal", r["_key"])
    )
    number_of = {r["_key"]: str(100_001 + n) for n, r in enumerate(rows)}
    for row in rows:
        row["Receipt"] = number_of[row["_key"]]
        row["Reverses"] = number_of.get(row["_reverses"], "")
        row["Recorded"] = row["Received"]
        row["Amount"] = dollars(row["Amount"], comma=False)
    table = pd.DataFrame(rows, columns=_COLUMNS)
    table.attrs["file"] = "made-up payments"
    return table


_COLUMNS = [
    "Receipt", "Received", "Account", "Amount", "Effective", "By", "Directed", "Kind", "Reverses", "Recorded", "Tender",
    "Reference", "Batch",
]  # fmt: skip


# ---- the roll ----------------------------------------------------------------------------------------------------


def _rate(year: int) -> str:
    thousandths = 1842 + 33 * (year - 2021)
    return f"{thousandths // 1000}.{thousandths % 1000:03d}"


def _parcel(rng: Random, n: int) -> dict[str, Any]:
    block, lot = 1 + n // 24, 1 + n % 24
    (kind,) = rng.choices([c for c, _ in _CLASSES], [w for _, w in _CLASSES])
    qualifier = f"Q{block:04d}" if kind == "3B" else ""
    land, improvements = _values(rng, kind)
    owner = f"{rng.choice(_LAST)}, {rng.choice(_FIRST)}"
    if kind.startswith("4"):
        owner = f"Made-Up Holdings {n + 1} LLC"
    elif kind.startswith("15"):
        owner = "Quillhaven Township" if kind == "15C" else "Church of the Painted Egg"
    exempt = land + improvements if kind.startswith("15") else 0
    deductions = rng.choices([0, 250_00, 500_00], [90, 9, 1])[0] if kind == "2" else 0
    street = f"{1 + n % 240} {rng.choice(_STREETS)}"
    return {
        "Account": f"{block}-{lot}" + (f"-{qualifier}" if qualifier else ""),
        "Levy Type": "RE",
        "Block": str(block),
        "Lot": str(lot),
        "Qualifier": qualifier,
        "Owner": owner,
        "Billed Owner": owner,
        "Mail 1": street,
        "Mail 2": "Quillhaven (made up), NJ 00000",
        "Location": street,
        "Class": kind,
        "Land": land,
        "Improvements": improvements,
        "Exemptions": exempt,
        "Net Value": land + improvements - exempt,
        "Deductions": deductions,
        "Changed On": None,
    }


def _values(rng: Random, kind: str) -> tuple[Cents, Cents]:
    def around(value: float, spread: float) -> Cents:
        return round(value * rng.lognormvariate(0, spread) / 100) * 100_00

    if kind == "1":
        return around(90_000, 0.6), 0
    if kind == "3B":
        return around(6_000, 0.7), 0
    if kind in ("4A", "4C", "15C", "15D"):
        return around(380_000, 0.6), around(900_000, 0.8)
    return around(190_000, 0.3), around(260_000, 0.45)


def _tax(parcel: dict[str, Any], rate: str) -> Cents:
    whole: Cents = levy(parcel["Net Value"], Fraction(rate), 100)
    return max(0, whole - int(parcel["Deductions"]))


def _a_year_passes(rng: Random, parcel: dict[str, Any], year: int) -> None:
    if parcel["Class"] == "2" and rng.random() < 0.03:
        more = round(rng.uniform(50, 1_500)) * 100_00
        parcel["Improvements"] += more
        parcel["Net Value"] += more
        parcel["Changed On"] = dt.date(year, 1, 10)
    if parcel["Class"] in ("1", "2", "3A") and rng.random() < 0.04:
        parcel["Owner"] = f"{rng.choice(_LAST)}, {rng.choice(_FIRST)}"
        parcel["Deductions"] = 0
        parcel["Changed On"] = dt.date(year, 1, 10)


def _roll(people: list[dict[str, Any]], year: int) -> pd.DataFrame:
    table = pd.DataFrame(people)
    for name in ("Land", "Improvements", "Exemptions", "Net Value", "Deductions", "Prior Tax"):
        table[name] = [dollars(c, comma=False) for c in table[name]]
    table.attrs["file"] = f"made-up roll {year}"
    return table


# ---- how people pay ----------------------------------------------------------------------------------------------


def _payer(seed: int, account: str) -> str:
    rng = Random(f"{seed}/payer/{account}")
    return rng.choices([p for p, _ in PAYERS], [w for _, w in PAYERS])[0]


def _open_day(day: dt.date) -> dt.date:
    """Mail does not come on weekends."""
    return day + dt.timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


Paid = tuple[dt.date, Cents, str]  # the day, the amount, and the kind of receipt


def _paid(rng: Random, payer: str, installments: list[tuple[dt.date, Cents]]) -> Iterator[Paid]:
    """The payments one account makes on its installments, in order."""
    if payer == "never":
        return
    stops = rng.randrange(1, max(2, len(installments))) if payer == "stopped" else len(installments)
    for n, (due, amount) in enumerate(installments[:stops]):

        def after(low: int, high: int, due: dt.date = due) -> dt.date:
            return _open_day(due + dt.timedelta(days=rng.randint(low, high)))

        if payer == "servicer":
            yield after(-4, 0), amount, "Payment"
        elif payer == "in grace":
            yield after(3, 8), amount, "Payment"
        elif payer == "just late":
            yield after(7, 13), amount, "Payment"
        elif payer == "late":
            yield after(12, 95), amount if rng.random() < 0.7 else div_half_up(amount, 2), "Payment"
        elif payer == "two at once":
            if n % 2 == 0:
                both = amount + (installments[n + 1][1] if n + 1 < stops else 0)
                yield after(-8, 5), both, "Payment"
        elif payer == "prepayer" and due.month <= 6 and n:
            yield _open_day(dt.date(due.year - 1, 12, rng.randint(5, 30))), amount, "Prepayment"
        elif payer == "in part":
            for month in range(3):
                sum_paid = min(amount, max(100_00, amount // 300_00 * 100_00))
                yield _open_day(due + dt.timedelta(days=30 * month + rng.randint(0, 9))), sum_paid, "Payment"
        elif payer == "overpayer":  # rounded up, or the owner and the lender both pay
            rounded_up = -(-amount // 100_00) * 100_00
            yield after(-8, 4), rounded_up if rng.random() < 0.9 else 2 * amount, "Payment"
        else:
            yield after(-12, 6), amount, "Payment"


def _as_receipts(rng: Random, account: str, payer: str, paid: list[Paid]) -> list[dict[str, Any]]:
    """Receipts for one account's payments; a few checks come back, most are made good, and then it pays by certified check."""
    rows: list[dict[str, Any]] = []
    lender = payer == "servicer"
    bounced = False

    def add(day: dt.date, amount: Cents, kind: str, tender: str, reverses: str = "") -> str:
        key = f"{account}/{len(rows):04d}"
        reference = str(rng.randint(101, 9999)) if tender in ("Check", "Certified") else ""
        row = {
            "Received": day,
            "Account": account,
            "Amount": amount,
            "Kind": kind,
            "Tender": tender,
            "Reference": reference,
        }
        row |= {"By": "third party" if lender else "owner", "Directed": "", "Effective": None, "Batch": f"{day:%Y%m%d}"}
        rows.append(row | {"_key": key, "_reverses": reverses})
        return key

    for day, amount, kind in paid:
        (tender,) = ("ACH",) if lender else rng.choices(("Check", "Cash", "Card", "ACH"), (70, 8, 10, 12))
        if bounced and tender == "Check":
            tender = "Certified"
        key = add(day, amount, kind, tender)
        if tender == "Check" and rng.random() < RETURNED:
            bounced = True
            back = _open_day(day + dt.timedelta(days=rng.randint(3, 7)))
            add(back, amount, "Reversal", "Check", key)
            if rng.random() < 0.8:
                add(_open_day(back + dt.timedelta(days=rng.randint(4, 20))), amount, "Payment", "Certified")
    return rows
