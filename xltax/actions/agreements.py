"""Payment agreements: calculated, signed, recalculated after billing, and checked against payments."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from typing import Annotated

import pandas as pd

from xltax.actions.desk import Desk
from xltax.actions.quotes import about_account, account_facts
from xltax.actions.watching import Watch, row_of
from xltax.dates import to_date
from xltax.declare import Done, Input, action
from xltax.errors import BadValue
from xltax.hosts.port import Book
from xltax.ledger.facts import Facts
from xltax.ledger.replay import replay
from xltax.money import Cents, to_cents, usd
from xltax.office.agreements import agreement_plan as office
from xltax.office.agreements.agreement_pages import agreement_pages
from xltax.office.agreements.unbilled import estimates
from xltax.pages import Page
from xltax.tables import Charge, Parcel
from xltax.tables.agreements import AGREEMENTS, PLAN, SCHEDULE, ScheduledPayment, SignedAgreement
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table
from xltax.wording import some

POLICY = "policy.pdf"
"""The town's own policy on agreements, in the folder of the workbook. A copy goes with every agreement."""

Account = Annotated[str, Input("The account number.", cell="agreement_account")]
Months = Annotated[int, Input("The number of monthly payments.", cell="agreement_months")]
First = Annotated[dt.date, Input("The day of the first monthly payment.", cell="agreement_first")]
Signed = Annotated[
    dt.date | None,
    Input("The day of signing and of the down payment (default: the As of day).", cell="agreement_signed"),
]
Down = Annotated[Cents | None, Input("The down payment, if there is one.", cell="agreement_down")]
NextTax = Annotated[
    Cents | None,
    Input("Next year's tax, if you have a better estimate than last year's tax.", cell="agreement_next_tax"),
]


@action(
    "Calculate an agreement: the level payment, the schedule, options with fewer or more months, and a "
    "draft to print. Nothing is recorded.",
    desk="Agreements",
    label="Work out agreement",
)
def agreement(
    book: Book,
    account: Account,
    months: Months,
    first: First,
    signed: Signed = None,
    down: Down = None,
    next_tax: NextTax = None,
) -> Done:
    desk = Desk.of(book)
    facts, plan, day = _make(desk, account, months, first, signed, down, next_tax)
    _show(desk, account, facts, plan, day)
    file = desk.preview(f"agreement draft {account}", _pages(desk, "", account, plan, day))
    file += _with_policy(desk, f"agreement draft {account}")
    desk.log("agreement calculated", f"account {account}, {months} months", len(plan.schedule), plan.total)
    return Done(
        f"{_words(plan)} Nothing was recorded. Use Sign Agreement to record the agreement. Draft: {file}.",
        rows=len(plan.schedule),
        total=plan.total,
    )


@action(
    "Record a signed agreement in Agreements and Schedule under a new number, and print the agreement.",
    desk="Agreements",
)
def sign_agreement(
    book: Book,
    account: Account,
    months: Months,
    first: First,
    signed: Signed = None,
    down: Down = None,
    next_tax: NextTax = None,
) -> Done:
    desk = Desk.of(book)
    facts, plan, day = _make(desk, account, months, first, signed, down, next_tax)
    held = desk.table(AGREEMENTS)
    accounts = set(facts.charges[Charge.account])
    running = held[held[SignedAgreement.account].isin(accounts) & held[SignedAgreement.ended_on].isna()]
    watch = Watch(desk, day) if len(running) else None
    for number in running[SignedAgreement.agreement]:
        if watch and watch.standing(number).status != "Completed":
            raise BadValue(
                f"Account {account} already has agreement {number}.", where="account",
                do="If that agreement ended, fill in Ended On and Why in Agreements first.",
            )  # fmt: skip
    number = _next(held, day)
    now = office.covered(replay(plan.facts, desk.town, day), plan.until)
    owed = int(now.loc[~now[OpenInstallment.bill].str.startswith("estimate"), OpenInstallment.total].sum())
    who = about_account(desk, account)
    party = str(facts.charges[Charge.party].iloc[0])
    row = {
        SignedAgreement.agreement: number,
        SignedAgreement.account: account,
        SignedAgreement.party: party,
        SignedAgreement.owner: who.owner,
        SignedAgreement.signed: day,
    }
    row |= {
        SignedAgreement.months: months,
        SignedAgreement.first: first,
        SignedAgreement.down: plan.terms.down,
        SignedAgreement.payment: plan.payment,
    }
    row |= {
        SignedAgreement.last_payment: plan.last,
        SignedAgreement.owed: owed,
        SignedAgreement.estimated: _estimated(plan),
        SignedAgreement.why: "",
        SignedAgreement.note: "",
    }
    row |= {
        SignedAgreement.reinstated_on: None,
        SignedAgreement.ended_on: None,
    }
    desk.append(Table.made(AGREEMENTS, [row]))
    desk.append(_lines(plan, number, 1))
    _show(desk, account, facts, plan, day)
    file = desk.issue(f"agreement {number}", _pages(desk, number, account, plan, day), "agreement", number, plan.total)
    file += _with_policy(desk, f"agreement {number}")
    desk.log("sign agreement", f"agreement {number}, account {account}", len(plan.schedule), plan.total)
    return Done(f"Agreement {number}: {_words(plan)} Printed: {file}.", rows=len(plan.schedule), total=plan.total)


@action(
    "Recalculate the remaining payments of an agreement from current bills and payments.",
    desk="Agreements",
)
def revise_agreement(
    book: Book,
    agreement: Annotated[str, Input("The agreement number.")],
    on: Annotated[dt.date | None, Input("Payments after this day are recalculated.", cell="as_of")] = None,
) -> Done:
    desk = Desk.of(book)
    on = on or desk.as_of()
    held = desk.table(AGREEMENTS)
    row = row_of(held, agreement)
    live = _live(desk, agreement)
    coming = live[live[ScheduledPayment.due] > pd.Timestamp(on)]
    if not len(coming):
        raise BadValue(
            f"Agreement {agreement} has no payments due after {on}.", where="agreement", do="Nothing was changed."
        )
    days = tuple(d.date() for d in coming[ScheduledPayment.due])
    facts = _facts(desk, row[SignedAgreement.account], on, days[-1], None)
    plan = office.plan(facts, desk.town, office.Terms(len(days), days[0], days=days))
    lines = _lines(plan, agreement, int(live[ScheduledPayment.revision].max()) + 1)
    lines = lines.with_columns({ScheduledPayment.no: coming[ScheduledPayment.no].to_numpy()})
    desk.append(lines)
    _show_in_register(desk, held, agreement, plan)
    file = desk.issue(
        f"agreement {agreement} revised",
        _pages(desk, agreement, row[SignedAgreement.account], plan, on),
        "agreement",
        f"{agreement}, revision {lines[ScheduledPayment.revision].iloc[0]}",
        plan.total,
    )
    file += _with_policy(desk, f"agreement {agreement} revised")
    desk.log("revise agreement", f"agreement {agreement} from {days[0]}", len(lines), plan.total)
    before = int(coming[ScheduledPayment.amount].iloc[0])
    return Done(
        f"Agreement {agreement}: {some(len(days), 'payment')} from {days[0]}, now {usd(plan.payment)} instead of {usd(before)}. "
        f"Printed: {file}.",
        rows=len(lines),
        total=plan.total,
    )


@action(
    "Compare every agreement with the payments received. Shows missed payments, defaults, and letters that are due.",
    desk="Agreements",
)
def agreement_status(
    book: Book, as_of: Annotated[dt.date | None, Input("The day the status is for.", cell="as_of")] = None
) -> Done:
    desk = Desk.of(book)
    on = desk.as_of(as_of)
    watch = Watch(desk, on)
    held, schedule = watch.held, watch.schedule
    if not len(held):
        return Done("There are no agreements.")
    found = {number: watch.standing(number) for number in held[SignedAgreement.agreement]}
    rows = [found[n] for n in held[SignedAgreement.agreement]]
    columns: dict[str, list[object]] = {
        SignedAgreement.status: [s.status for s in rows],
        SignedAgreement.missed: [s.missed for s in rows],
        SignedAgreement.behind: [s.behind for s in rows],
        SignedAgreement.next_due: [s.next_due for s in rows],
        SignedAgreement.letter_due: [s.letter_due for s in rows],
        SignedAgreement.as_of: [on for _ in rows],
    }
    table = pd.DataFrame(columns, index=held.index)
    for name in ("Next Due", "Letter Due", "As Of"):
        table[name] = pd.to_datetime(table[name]).astype("datetime64[s]")
    book.replace_columns("Agreements", table)
    payments = pd.concat([s.payments for s in rows]).reindex(schedule.index)
    payments[ScheduledPayment.received] = payments[ScheduledPayment.received].fillna(0).astype("int64")
    book.replace_columns("Schedule", payments.fillna({"Status": "No such agreement"}))
    counts = ", ".join(f"{n} {status}" for status, n in table[SignedAgreement.status].value_counts().items())
    total = int(table[SignedAgreement.behind].sum())
    desk.log("agreement status", f"as of {on}", len(table), total)
    letters = [
        f"Agreement {n}: {s.status}. Send the letter by {s.letter_due}." for n, s in found.items() if s.letter_due
    ]
    return Done(
        "\n".join([f"{some(len(table), 'agreement')} on {on}: {counts}.", *letters]), rows=len(table), total=total
    )


# ---- parts -------------------------------------------------------------------------------------------------------


def _make(
    desk: Desk, account: str, months: int, first: dt.date, signed: dt.date | None, down: Cents | None,
    next_tax: Cents | None,
) -> tuple[Facts, office.Plan, dt.date]:  # fmt: skip
    """The plan from the inputs, or from the cells of the Agreement sheet if inputs are empty."""
    given = desk.book.get("agreement_signed")
    day = signed or (to_date(given, where="Agreement, Signed") if given else desk.as_of())
    down = _amount(desk, "agreement_down") or 0 if down is None else down
    next_tax = _amount(desk, "agreement_next_tax") if next_tax is None else next_tax
    if day > first:
        raise BadValue(
            f"The first payment, {first}, comes before the day of signing, {day}.",
            where="first",
            do="Enter the day of signing or a later day.",
        )
    if months < 1:
        raise BadValue("An agreement needs at least one monthly payment.", where="months", do="Enter 1 or more.")
    terms = office.Terms(months, first, down, day if down else None)
    until = office.last_day(terms, desk.town, desk.closed_days)
    facts = _facts(desk, account, day, until, next_tax)
    return facts, office.plan(facts, desk.town, terms), day


def _facts(desk: Desk, account: str, on: dt.date, until: dt.date, next_tax: Cents | None) -> Facts:
    """The facts of the account or party, with estimates of tax that will be billed by the last payment."""
    facts = account_facts(desk, account, on)
    if office.rule_of(desk.town, on).covers == "past_due":
        return facts
    gone = desk.roll.loc[desk.roll[Parcel.left_on].notna(), Parcel.account]
    billed_again = facts.charges[~facts.charges[Charge.account].isin(set(gone))]
    likely = estimates(billed_again, desk.town, until, next_tax)
    if not len(likely):
        return facts
    return replace(facts, charges=facts.charges.and_rows(likely).renumbered())


def _amount(desk: Desk, cell: str) -> Cents | None:
    value = desk.book.get(cell)
    return to_cents(value, where=f"the cell {cell}") if value not in (None, "") else None


def _show(desk: Desk, account: str, facts: Facts, plan: office.Plan, day: dt.date) -> None:
    """Writes the result beside the inputs on the Agreement sheet, and the payments below."""
    desk.book.replace_rows("Plan", plan.schedule)
    desk.book.replace_rows("WhatIf", office.what_if(facts, desk.town, plan.terms))
    who = about_account(desk, account)
    for name, value in {
        "agreement_account": account, "agreement_months": plan.terms.months, "agreement_first": plan.terms.first,
        "agreement_signed": day, "agreement_down": plan.terms.down or None, "agreement_owner": who.owner,
        "agreement_location": who.location, "agreement_payment": plan.payment, "agreement_last": plan.last,
        "agreement_total": plan.total, "agreement_interest": plan.interest,
        "agreement_estimated": _estimated(plan),
    }.items():  # fmt: skip
        desk.book.set(name, value)


def _pages(desk: Desk, number: str, account: str, plan: office.Plan, day: dt.date) -> list[Page]:
    who = about_account(desk, account)
    now = replay(plan.facts, desk.town, day)
    data = desk.book.kept_beside(POLICY)
    policy = f"{POLICY}, code {hashlib.sha256(data).hexdigest()[:8]}" if data else ""
    return agreement_pages(
        who.office, number, who.owner, who.location, account, day, plan, now, desk.town, who.collector, policy
    )


def _with_policy(desk: Desk, paper: str) -> str:
    """Puts a copy of the town's policy with an agreement, as the policy is today. Gives the words about the file."""
    data = desk.book.kept_beside(POLICY)
    return f" with {desk.book.put_file(f'{paper} policy.pdf', data)}" if data else ""


def _show_in_register(desk: Desk, held: Table[SignedAgreement], number: str, plan: office.Plan) -> None:
    """Writes the payments of a revision into Agreements. Schedule keeps what was signed, as revision 1."""
    mine = held[SignedAgreement.agreement] == number
    new = {SignedAgreement.payment: plan.payment, SignedAgreement.last_payment: plan.last}
    columns = {name: held[name].mask(mine, amount) for name, amount in new.items()}
    desk.book.replace_columns(AGREEMENTS.name, held.with_columns(columns)[list(columns)])


def _estimated(plan: office.Plan) -> Cents:
    charges = plan.facts.charges
    return int(charges.loc[charges[Charge.bill].str.startswith("estimate"), Charge.amount].sum())


def _words(plan: office.Plan) -> str:
    down = f"{usd(plan.terms.down)} down, then " if plan.terms.down else ""
    count = plan.terms.months - 1
    level = f"{some(count, 'payment')} of {usd(plan.payment)} and " if count else ""
    whole = f"Total {usd(plan.total)}, including interest of {usd(plan.interest)}."
    return f"{down}{level}a last payment of {usd(plan.last)}. {whole}"


def _lines(plan: office.Plan, number: str, revision: int) -> Table[ScheduledPayment]:
    lines = Table.made(SCHEDULE, plan.schedule[list(PLAN.names)])
    return lines.with_columns({ScheduledPayment.agreement: number, ScheduledPayment.revision: revision})


def _next(held: Table[SignedAgreement], on: dt.date) -> str:
    mine = [a.partition("-")[2] for a in held[SignedAgreement.agreement] if a.startswith(f"{on.year}-")]
    return f"{on.year}-{1 + max((int(n) for n in mine if n.isdigit()), default=0)}"


def _live(desk: Desk, number: str) -> Table[ScheduledPayment]:
    """The payments of an agreement that are in force: the last revision of each payment."""
    schedule = desk.table(SCHEDULE)
    mine = schedule[schedule[ScheduledPayment.agreement] == number]
    last = mine.groupby(ScheduledPayment.no)[ScheduledPayment.revision].transform("max")
    mine = mine.where(mine[ScheduledPayment.revision] == last)
    return mine.sorted(ScheduledPayment.due, ScheduledPayment.no)
