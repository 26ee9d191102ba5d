"""Billing a levy year."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pandas as pd

from xltax.actions.desk import Desk
from xltax.actions.inputs import TODAY
from xltax.errors import BadValue
from xltax.hosts.port import Book
from xltax.hosts.registry import Input, action
from xltax.law.calendar import Installments
from xltax.ledger.facts import component_of
from xltax.ledger.tables import ADJUSTMENTS, DUPLICATE
from xltax.ledger.tables.bills import RATES
from xltax.ledger.validate import typed
from xltax.money import dollars, number
from xltax.office import billing, halves, register
from xltax.office.rates import rates_of as by_purpose

LOWERS_LEVY = ("Abatement", "Cancellation", "Correction Down", "Exemption")


@action(
    "Bill a levy year: figure every tax from the Roll and split it into installments on the Duplicate.",
    Input("year", "year", "The levy year.", cell="levy_year"),
    Input(
        "rates",
        "text",
        'The rate of each levy type, such as "RE=2.248", or of each part, "RE City=2.248, RE State=0.112"; left out: the Rates sheet. '
        "Not for preliminary bills.",
        optional=True,
    ),
    Input(
        "stage",
        "text",
        "whole year (left out); preliminary: the first half on last year's tax; final: the rest, once the rate is known.",
        optional=True,
    ),
    Input("mailed", "date", "The day the bills are mailed.", optional=True),
    TODAY,
)
def bill(
    book: Book, year: int, rates: str = "", stage: str = "", mailed: dt.date | None = None, today: dt.date | None = None
) -> str:
    desk = Desk.of(book)
    today = today or dt.date.today()
    stage = stage.lower() or "whole"
    if stage not in ("whole", "preliminary", "final"):
        raise BadValue(f'"{stage}" is not a stage.', where="stage", do="Use preliminary, final, or leave it out.")
    if not len(desk.roll):
        raise BadValue("The Roll is empty.", do="Import the assessor's roll first.")
    mine = desk.duplicate[desk.duplicate["Levy Year"] == year]
    unfinished = (mine["Gross Tax"] == 0) & (mine["Inst 3"] == 0) & (mine["Due 3"].isna())
    if len(mine) and not (stage == "final" and unfinished.all()):
        raise BadValue(
            f"{year} is already billed.",
            where="Duplicate",
            do="Corrections go into Adjustments; a bill is never billed twice.",
        )
    if stage == "final" and not len(mine):
        raise BadValue(
            f"There are no preliminary bills of {year}.",
            where="stage",
            do="Leave the stage out to bill the whole year.",
        )
    prior = prior_tax(desk.duplicate, desk.adjustments, year)
    credits = desk.adjustments[:0]
    if stage == "preliminary":
        bills = billing.bill_preliminary(desk.roll, desk.town, year, prior, mailed=mailed, recorded=today)
        desk.append(DUPLICATE, bills)
    else:
        bills, raw = billing.bill(
            desk.roll, desk.town, year, _rates(desk, rates, year), mailed=mailed, recorded=today, prior=prior,
            preliminary=mine if stage == "final" else None,
        )  # fmt: skip
        credits = typed(raw, ADJUSTMENTS)
        if stage == "final":
            _complete(desk, bills)
        else:
            desk.append(DUPLICATE, bills)
        desk.append(ADJUSTMENTS, credits)
    moved = desk.reallocate(today, f"bills of {year}")
    desk.refresh(desk.as_of())
    total = int(bills["Net Tax"].sum())
    desk.log("bill", f"{year} {stage}", len(bills), total)
    text = f"{bills['Bill'].nunique():,} bills of {year} ({stage}), net tax {dollars(total)}."
    for part, tax in bills[bills["Part"] != ""].groupby("Part", sort=False)["Net Tax"].sum().items():
        text += f" {part}: {dollars(int(tax))}."
    if len(credits):
        text += f" {len(credits):,} had preliminary installments above the year's tax: corrected in Adjustments."
    return text + (f" {moved:,} lines moved credit to the new bills." if moved else "")


@action(
    "Put the service charge on the later parts of homes' bills that were not paid with the first: once, after its last day.",
    Input("year", "count", "The levy year.", cell="levy_year"),
    TODAY,
    label="Service charges",
)
def service_charges(book: Book, year: int, today: dt.date | None = None) -> str:
    desk = Desk.of(book)
    today = today or dt.date.today()
    homes = halves.Halves(desk.town, desk.duplicate[desk.duplicate["Levy Year"] == year], desk.closed_days)
    if not homes.terms:
        if not any(isinstance(r.params, Installments) and r.params.home_fee for r in desk.town.rules):
            raise BadValue(f"The law of {desk.town.name} knows no such charge.", do="Nothing was changed.")
        raise BadValue(
            f"No bill of {year} is payable in parts that bear a service charge.",
            where="Duplicate",
            do="Flag owner-occupied homes on the Roll before they are billed; the Rules name the fee.",
        )
    ledgers = {day: desk.ledger(day) for day in sorted({t.free_until for t in homes.terms.values()})}
    made = list(halves.entries(homes, ledgers, desk.adjustments, today))
    desk.append(ADJUSTMENTS, register.rows(made, desk.adjustments, today))
    moved = desk.reallocate(today, f"service charges of {year}")
    desk.refresh(desk.as_of())
    total = sum(e.amount for e in made)
    desk.log("service charges", f"{year}", len(made), total)
    text = f"{len(made):,} of {len(homes.terms):,} bills in parts bear the service charge: {dollars(total)}."
    return text + (f" {moved:,} lines changed how payments apply." if moved else "")


FINAL = ("Gross Tax", "Deductions", "Net Tax", "Due 3", "Due 4", "Inst 3", "Inst 4", "Completed")


def _complete(desk: Desk, bills: pd.DataFrame) -> None:
    """Writes the final half beside the preliminary one, and appends the bills of parcels that are new on the roll."""
    known = set(desk.duplicate["Bill"])
    fresh = bills[bills["Bill"].isin(known)].set_index("Bill")
    fresh["Completed"] = fresh["Recorded"]
    table = desk.duplicate.copy()
    at = table["Bill"].isin(set(fresh.index))
    # The August bill's own day of mailing moves its last free day (N.J.S.A. 54:4-64); without one the first stays.
    columns = (*FINAL, "Mailed") if fresh["Mailed"].notna().all() else FINAL
    for column in columns:
        table.loc[at, column] = fresh[column].reindex(table.loc[at, "Bill"]).to_numpy()
    table.attrs = dict(desk.duplicate.attrs)
    desk.duplicate = table
    desk.changed()
    desk.book.replace_columns("Duplicate", table[list(columns)])
    new = bills[~bills["Bill"].isin(known)]
    new.attrs = dict(bills.attrs)
    desk.append(DUPLICATE, new)


def _rates(desk: Desk, given: str, year: int) -> dict[str, dict[str, Fraction]]:
    """The rates given, or where none are the sums of the Rates sheet."""
    listed = {} if given else {kind: levy.by_part for kind, levy in by_purpose(desk.table(RATES), year).items()}
    return {kind: parts for kind, parts in listed.items() if parts} or rates_of(given)


def rates_of(text: str) -> dict[str, dict[str, Fraction]]:
    """Rates by levy type and part from their text: "RE=36.36, MV=32.46" or "RE City=2.248, RE State=0.112"."""
    pairs = [p.split("=", 1) for p in text.split(",") if p.strip()]
    if not pairs or any(len(p) != 2 for p in pairs):
        raise BadValue(f'"{text}" does not give a rate for a levy type.', where="rates", do='Write it as "RE=2.248".')
    rates: dict[str, dict[str, Fraction]] = {}
    for name, given in pairs:
        kind, _, part = name.strip().partition(" ")
        rate, parts = number(given.strip(), where=f"rates, {name.strip()}"), rates.setdefault(kind.upper(), {})
        if rate < 0:
            raise BadValue("A rate cannot be below zero.", where=f"rates, {name.strip()}")
        if part.strip() in parts:
            raise BadValue(f'"{name.strip()}" has two rates.', where="rates", do="Give the sum of its rates.")
        parts[part.strip()] = rate
    return rates


def prior_tax(duplicate: pd.DataFrame, adjustments: pd.DataFrame, year: int) -> dict[str, int]:
    """Last year's tax by account as finally levied: what was billed, less what was lowered since; raises stay out of it."""
    last = duplicate[duplicate["Levy Year"] == year - 1]
    lowered = adjustments[adjustments["Kind"].isin(LOWERS_LEVY) & (component_of(adjustments) == "tax")]
    off = lowered.groupby(["Bill", "Part"])["Amount"].sum()
    rows = pd.MultiIndex.from_frame(last[["Bill", "Part"]])
    net = last["Net Tax"].to_numpy() - off.reindex(rows, fill_value=0).to_numpy()
    totals = pd.Series(net, index=last["Account"].to_numpy()).groupby(level=0).sum()
    return {str(account): int(tax) for account, tax in totals.items()}
