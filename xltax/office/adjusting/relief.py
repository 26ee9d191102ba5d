"""The relief desk: who gets which program, how much, how the credit comes off the bill, and the pages for the public."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from xltax.dates import EARLIEST, LATEST, month_day_words, short_date
from xltax.errors import BadValue, LawNotEncoded
from xltax.law.levy import Deduction
from xltax.law.profile import NEVER, Profile, Rule
from xltax.law.relief import FACTS, Applicant, Claim, FixedDeduction, IncomeLimit, IncreaseCap, Relief
from xltax.ledger.replay import Facts
from xltax.money import Cents, usd
from xltax.office.adjusting import adjustment_register
from xltax.pages import Fields, Gap, Heading, Lines, Page, Signatures, Text
from xltax.tables import DISALLOWED, Adjustment, Bill, CashLine, Parcel
from xltax.tables.relief import REVIEW, Application
from xltax.tables.replayed import OpenInstallment

LEVY_TYPE = "RE"
_ON_BILL = "The bill already has deductions of {}. Check that this deduction is not one of them."
Key = tuple[str, str, int]
"""An installment: bill, part, number."""


@dataclass(frozen=True)
class Review:
    """The result of an application: the reasons against it (none: eligible), the tax, the credit, and the installments."""

    program: Relief
    authority: str
    refusals: list[str]
    notes: list[str]
    tax: Cents
    credit: Cents
    off: dict[Key, Cents] = field(default_factory=dict)
    gives: str = ""  # what the program gives, in words

    @property
    def kind(self) -> str:
        """The kind of adjustment that enters the credit."""
        return "State Deduction" if self.program.borne_by == "State" else "Exemption"

    @property
    def said(self) -> str:
        """The reasons, as the Relief sheet shows them."""
        return " ".join(self.refusals or self.notes)


def programs(town: Profile, year: int) -> list[Rule[Relief]]:
    """The programs in force for a levy year."""
    return list(town.in_force(Relief, dt.date(year, 1, 1)))


def rules_of(town: Profile, program: str, year: int, parts: list[str]) -> dict[str, Rule[Relief]]:
    """The rule of a program for each part of a bill; a program for the whole bill has the part "" only."""
    on = dt.date(year, 1, 1)
    code = program.strip().lower().replace(" ", "_")
    found = {p: r for p in parts if (r := town.find(Relief, on, LEVY_TYPE, p, code))}
    if not found:
        known = ", ".join(dict.fromkeys(r.sort for r in programs(town, year)))
        error = town.not_encoded(Relief, on, LEVY_TYPE, "/".join(filter(None, parts)), code)
        raise LawNotEncoded(error.problem.what, where="Program", do=f"Programs of {year}: {known or 'none'}.")
    return {p: r for p, r in found.items() if r.part} or {"": next(iter(found.values()))}


def deduction(town: Profile, program: FixedDeduction, on: dt.date) -> Cents:
    """The amount of the deduction a program stands for."""
    return town.rule(Deduction, on, LEVY_TYPE, sort=program.deduction).params.amount


def credit(town: Profile, program: Relief, claim: Claim, on: dt.date) -> Cents:
    """The amount a program takes off the tax of an eligible applicant, in cents, never more than the tax."""
    amounts = {
        "tax": claim.tax,
        "income": claim.income,
        "assessment": claim.assessment,
        "old_assessment": claim.old_assessment,
    }
    for name, given in amounts.items():
        if given < 0:
            raise BadValue("The amount cannot be below zero.", where=name, do="Enter 0.00 or more.")
    if isinstance(program, FixedDeduction):
        return min(deduction(town, program, on), claim.tax)
    return program.taken_off(claim)


def worth(town: Profile, program: str, claim: Claim, year: int | None, part: str) -> Cents:
    """The amount a program takes off a tax by its rule for a levy year. Without a year, by the rule that has no end."""
    if year is not None and not EARLIEST.year <= year < LATEST.year:
        raise BadValue(f"{year} is not a year.", where="year", do="Enter four digits, such as 2025.")
    code = program.strip().lower().replace(" ", "_")
    mine = [r for r in town.select(Relief, LEVY_TYPE, part, code) if (r.end == NEVER if year is None else True)]
    rule = next((r for r in mine if year is None or r.covers(dt.date(year, 1, 1))), None)
    if rule is None:
        others = sorted({f"{r.sort} ({r.part} part)" if r.part else r.sort for r in town.all(Relief)})
        when = f"for {year}" if year else "without an end date"
        raise LawNotEncoded(
            f"{town.name} has no relief rule {code} {when}.",
            where="program",
            do=f"Name one of: {', '.join(others) or 'none'}. {'' if year else 'Enter the levy year. '}Name the part where one is shown.",
        )
    params = rule.params
    if isinstance(params, IncreaseCap) and not (claim.assessment and claim.old_assessment):
        raise BadValue(
            "This program needs this year's and last year's assessment.",
            where="old_assessment",
            do="Enter both assessments.",
        )
    on = dt.date(year, 1, 1) if year else rule.start
    return credit(town, params, claim, on)


def applicant(row: Mapping[str, Any]) -> Applicant:
    """The facts on an application's row. A figure without proof does not count."""
    yes = {f for f in FACTS if row.get(f.title()) == "Yes"}
    return Applicant(
        frozenset(yes),
        None if pd.isna(row[Application.born]) else row[Application.born].date(),
        row[Application.married] == "Yes",
        row[Application.income] if row[Application.income_proved] == "Yes" else None,
        row[Application.net_worth] if row[Application.net_worth_proved] == "Yes" else None,
        row[CashLine.received].date(),
    )


def review(
    row: Mapping[str, Any], town: Profile, facts: Facts, balances: pd.DataFrame, roll: Mapping[str, Any] | None,
    granted: bool = False, on_bill: Cents = 0, to_roll: bool = False,
) -> Review:  # fmt: skip
    """The result of one application.

    balances: the ledger's rows of this account. roll: the account's row on the Roll. granted: this program was approved for this
    account and year before. on_bill: deductions the bill has already. to_roll: the year is not billed in full yet, so a fixed
    deduction goes on the Roll.
    """
    year = int(row[Bill.levy_year])
    new_year = dt.date(year, 1, 1)
    shares = _tax_shares(balances, facts, year)
    rules = rules_of(town, str(row[Application.program]), year, list(dict.fromkeys(k[1] for k in shares)) or [""])
    program = next(iter(rules.values())).params
    who = applicant(row)
    on_roll = deduction(town, program, new_year) if isinstance(program, FixedDeduction) and to_roll else None
    refusals = program.refusals(who, year)
    refusals += _refused(row, program, roll=roll, granted=granted, billed=bool(shares) or on_roll is not None)
    notes = [_ON_BILL.format(usd(on_bill))] if on_bill else []
    claim = Claim(
        tax=0,
        income=who.income or 0,
        assessment=int(roll[Parcel.net_value]) if roll else 0,
        old_assessment=int(row[Application.old_value]),
        married=who.married,
    )
    off: dict[Key, Cents] = {}
    tax = total = 0
    for part, rule in rules.items():
        its = {key: share for key, share in shares.items() if not rule.part or key[1] == part}
        its_tax = sum(its.values())
        # A deduction on the Roll is given in full, because the year is not billed yet.
        amount = credit(town, rule.params, replace(claim, tax=its_tax if on_roll is None else on_roll), new_year)
        tax, total = tax + its_tax, total + amount
        notes.append((f"{part}: " if part else "") + _figured(rule.params, who, its_tax, amount))
        if on_roll is None:
            off |= _off_installments(rule.params, amount, its)
    return Review(
        program=program,
        authority="; ".join(dict.fromkeys(r.authority() for r in rules.values())),
        refusals=refusals,
        notes=notes,
        tax=tax,
        credit=0 if refusals else total,
        off={} if refusals else off,
        gives="; ".join(f"{f'{r.part} part: ' if r.part else ''}{_amount(town, r, year)}" for r in rules.values()),
    )


def _tax_shares(balances: pd.DataFrame, facts: Facts, year: int) -> dict[Key, Cents]:
    """The tax of each installment of the account's real-estate bills for a year."""
    mine = balances[
        (balances[OpenInstallment.levy_year] == year)
        & (balances[OpenInstallment.levy_type] == LEVY_TYPE)
        & (balances[OpenInstallment.part] != DISALLOWED)
    ]
    return {
        (str(bill), part, inst): share
        for bill, installments in mine.groupby(OpenInstallment.bill, sort=False)
        for (part, inst), share in adjustment_register.tax_shares(installments, facts).items()
    }


def _refused(
    row: Mapping[str, Any], program: Relief, *, roll: Mapping[str, Any] | None, granted: bool, billed: bool
) -> list[str]:
    """The reasons in this office's books against an application. The program has its own reasons."""
    year = int(row[Bill.levy_year])
    no_old_value = isinstance(program, IncreaseCap) and not row[Application.old_value]
    reasons = {
        "The account is not on the Roll.": roll is None,
        f"This program is already granted for {year}.": granted,
        f"This account has no real-estate bill for {year}.": not billed,
        "Old Value is empty. Enter last year's taxable assessment.": no_old_value,
    }
    return [reason for reason, holds in reasons.items() if holds]


def _off_installments(program: Relief, amount: Cents, shares: dict[Key, Cents]) -> dict[Key, Cents]:
    """The part of a credit that comes off each installment."""
    if not amount or not shares:
        return {}
    later = {key: share for key, share in shares.items() if key[2] > 2} if program.spread == "second_half" else shares
    # The second half may be too small for the credit. Then the credit comes off all installments.
    taken = adjustment_register.spread(amount, later if sum(later.values()) >= amount else shares)
    return {key: cents for key, cents in taken.items() if cents}


def _figured(program: Relief, who: Applicant, tax: Cents, amount: Cents) -> str:
    if isinstance(program, IncomeLimit):
        return f"With an income of {usd(who.income or 0)}, the tax is limited to {usd(program.limit(who.income or 0))}."
    if isinstance(program, FixedDeduction):
        return f"A deduction of {usd(amount)}."
    return f"{usd(amount)} off a tax of {usd(tax)}."


def reviewed(reviews: list[Review]) -> pd.DataFrame:
    """The columns Review Relief writes: Tax, Credit, Eligible, Reasons."""
    rows = [(r.tax, r.credit, "No" if r.refusals else "Yes", r.said) for r in reviews]
    return pd.DataFrame(rows, columns=[c.name for c in REVIEW]).astype(
        {Application.tax: "int64", Application.credit: "int64"}
    )


def entries(
    result: Review, balances: pd.DataFrame, number: str, approved_by: str, today: dt.date
) -> list[adjustment_register.Entry]:
    """The adjustments of an approved application, from each installment's due date, so that interest follows."""
    due = {
        (b, p, i): d
        for b, p, i, d in balances[
            [OpenInstallment.bill, OpenInstallment.part, OpenInstallment.inst, OpenInstallment.due]
        ].itertuples(index=False)
    }
    reason = f"{result.program.title}, application {number}"
    return [
        adjustment_register.Entry(key[0], result.kind, amount, min(due[key].date(), today), reason, result.authority, approved_by,
                       key[2], key[1])
        for key, amount in result.off.items()
    ]  # fmt: skip


# ---- pages -------------------------------------------------------------------------------------------------------------


def letter(
    row: Mapping[str, Any],
    result: Review,
    roll: Mapping[str, Any],
    office: str,
    today: dt.date,
    decision: str,
    collector: str,
    contact: str = "",
) -> Page:
    """The decision letter to the applicant."""
    granted = decision == "Approved"
    address = tuple(str(roll[c]) for c in ("Owner", "Mail 1", "Mail 2", "Mail 3") if roll.get(c))
    money = (
        (("Tax of the year", result.tax, "money"), ("Credit", result.credit, "money"))
        if result.tax
        else (("Credit", result.credit, "money"),)
    )
    return Page(
        f"{result.program.title}: your application is {'approved' if granted else 'denied'}",
        (
            Lines(address, style="address"),
            Fields(
                (
                    ("Date", today, "date"), ("Application", row[Adjustment.no], "id"),
                    ("Account", row[Bill.account], "id"), ("Levy year", row[Bill.levy_year], "year"),
                    ("Property", roll.get(Parcel.location, ""), "text"), *(money if granted else ()),
                )
            ),
            Text(
                f"We reviewed your application, received {short_date(row[CashLine.received])}, under the rules below. "
                + (
                    f"We approved the application. A credit of {usd(result.credit)} comes off your bill. Any interest is figured on the lower tax."
                    if granted
                    else "We cannot approve it because:"
                )
            ),
            *(Text(f"- {reason}") for reason in (() if granted else result.refusals or ["This office decided against the application."])),
            Heading("The program"),
Text(f"This program gives {result.gives}."),
            *(Text(c) for c in result.program.conditions()),
            Text(result.authority, "small"),
            Text(f"Questions? Contact this office and give application {row[Adjustment.no]}."),
            Gap(),
            Signatures((collector,)),
        ),
        office=office,
        key=str(row[Adjustment.no]),
        footer=contact,
    )  # fmt: skip


def leaflet(town: Profile, year: int, office: str, program: str = "", contact: str = "") -> Page:
    """The programs of a year in plain words, to hand out: who qualifies, how much, what to bring, and the deadline."""
    rules = [r for r in programs(town, year) if not program or r.sort == program.strip().lower()]
    if not rules:
        raise BadValue(
            f"{town.name} has no relief program {f'{program} ' if program else ''}for {year}.",
            where="program",
            do="Add a relief rule to the Rules.",
        )
    blocks: list[Any] = [
        Text("If one of these programs fits you, ask at this office. These programs are not automatic. Apply by the deadline.", "bold")
    ]  # fmt: skip
    titles = dict.fromkeys(r.params.title for r in rules)
    for title in titles:
        mine = [r for r in rules if r.params.title == title]
        blocks.append(Heading(title))
        for rule in mine:
            blocks.append(Text(f"{f'{rule.part} part: ' if rule.part else 'You get: '}{_amount(town, rule, year)}."))
        params = mine[0].params
        by = f"Apply by {month_day_words(params.apply_by)}, {params.last_day(year).year}."
        blocks.append(Text(" ".join([*params.conditions()[:-1], by])))
        if params.bring:
            blocks.append(Text(f"Bring {params.bring}."))
        blocks.append(Text("; ".join(dict.fromkeys(r.authority() for r in mine)), "small"))
    return Page(
        f"Help with your property tax, {year}", tuple(blocks), office=office, key=program or "leaflet", footer=contact
    )


def _amount(town: Profile, rule: Rule[Relief], year: int) -> str:
    params = rule.params
    if isinstance(params, FixedDeduction):
        return f"{usd(deduction(town, params, dt.date(year, 1, 1)))} off the year's tax"
    return params.amount_words()
