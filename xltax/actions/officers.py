"""Money collected by others: by the officer of a warrant, and by a receiver of rents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any

import pandas as pd

from xltax.actions import papers
from xltax.actions.counter import receipts_words, receive
from xltax.actions.desk import Desk
from xltax.actions.inputs import Reference, Tender, Today
from xltax.declare import Done, Input, action
from xltax.errors import BadValue
from xltax.hosts.port import Book
from xltax.ledger.ties import Tie
from xltax.money import Cents, usd
from xltax.office.collection import enforcement_status
from xltax.office.counter import reversal_effects
from xltax.office.counter.payment_check import Payment
from xltax.pages import Fields, Grid, Page, Signatures
from xltax.tables import CashLine, enforcement
from xltax.tables.enforcement import WARRANT_MONEY, WARRANTS, Rent, Warrant, WarrantMoney
from xltax.tables.kinds import OFFICER_FEE, RENTS, WARRANT
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table

OFFICER, TOWN = "officer", "town"


@action(
    "Record money paid on a warrant: the officer's fee first, the rest to the town. Money paid to the town is posted "
    "at once.",
    desk="Enforcement",
)
def warrant_money(
    book: Book,
    warrant: Annotated[str, Input("The warrant number.")],
    amount: Annotated[Cents, Input("The amount the taxpayer paid.")],
    collected: Annotated[dt.date, Input("The day the taxpayer paid.")],
    taken_by: Annotated[str, Input("Who took the money: officer or town.")] = OFFICER,
    bank_account: Annotated[str, Input("The last digits of the officer's separate bank account.")] = "",
    tender: Tender = "Check",
    reference: Reference = "",
    today: Today = None,
    directed: Annotated[
        str, Input("The account named in the payer's written instructions, if the quote asks for instructions.")
    ] = "",
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    mine = _warrant(desk, warrant)
    by = taken_by.lower()
    if by not in (OFFICER, TOWN):
        raise BadValue(f'"{taken_by}" is not a choice here.', where="taken_by", do=f"Use {OFFICER} or {TOWN}.")
    part = enforcement_status.split(amount, mine, papers.warrant_money(desk), collected)
    row = {WarrantMoney.warrant: warrant, WarrantMoney.collected: collected, WarrantMoney.amount: amount, WarrantMoney.taken_by: by,
           WarrantMoney.fee: part.fee, WarrantMoney.to_town: part.to_town, WarrantMoney.bank_account: bank_account}  # fmt: skip
    receipts = ""
    if by == TOWN:
        how = {Payment.tender: tender, Payment.reference: reference, Payment.received: collected}
        held = {Payment.account: "", Payment.effective: collected, Payment.by: OFFICER, Payment.kind: "Other", Payment.revenue_code: "TRUST",
                Payment.note: reversal_effects.warrant_notes(warrant)[1]}  # fmt: skip
        town = [
            _payment(mine, part.to_town, collected) | how | {Payment.by: "owner", Payment.directed: directed}
        ] * bool(part.to_town)
        fee = [held | how | {Payment.amount: part.fee}] * bool(part.fee)
        ties = [Tie(WARRANT, warrant)] * len(town) + [Tie(OFFICER_FEE, warrant)] * len(fee)
        posted = receive(desk, town + fee, today, f"money of warrant {warrant}", ties)
        row[WarrantMoney.receipt] = posted[CashLine.receipt].iloc[0]
        receipts = f", {receipts_words(posted)}"
        after = f"{usd(part.to_town)} was posted to account {mine[Warrant.account]}, {receipts_words(posted)}."
        if part.fee:
            after += f" The officer's fee of {usd(part.fee)} is held as TRUST. Pay the fee to the officer."
    else:
        after = f"The officer keeps {usd(part.fee)} and owes the town {usd(part.to_town)}. Run Pay Over when the officer pays."
    desk.append(Table.made(WARRANT_MONEY, [row]))
    desk.log("warrant money", f"warrant {warrant}{receipts}", 1, amount)
    return Done(f"Warrant {warrant}: {usd(amount)} collected on {collected}. {after}", rows=1, total=amount)


@action(
    "Post the money an officer pays over on a warrant. Each payment counts from the day the taxpayer paid the officer.",
    desk="Enforcement",
)
def pay_over(
    book: Book,
    warrant: Annotated[str, Input("The warrant number.")],
    amount: Annotated[
        Cents, Input("The amount the officer paid over. It must be everything the officer holds for the town.")
    ],
    on: Annotated[dt.date, Input("The day the officer paid.")],
    tender: Tender = "Check",
    reference: Reference = "",
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    mine = _warrant(desk, warrant)
    money = desk.register(WARRANT_MONEY)
    open_now = papers.warrant_money(desk)
    open_now = open_now[(open_now[WarrantMoney.taken_by] == OFFICER) & open_now[WarrantMoney.paid_over].isna()]
    at = (money[WarrantMoney.warrant] == warrant) & money.index.isin(open_now.index)
    held = int(money.loc[at, WarrantMoney.to_town].sum())
    if not held:
        raise BadValue(
            f"The officer holds no money for the town on warrant {warrant}.",
            where="warrant",
            do="Enter the collected money with Warrant Money first.",
        )
    if amount != held:
        raise BadValue(
            f"The officer holds {usd(held)} for the town, but the amount is {usd(amount)}.", where="amount",
            do="Nothing was posted. Correct the amount, or enter other collected money with Warrant Money first.",
        )  # fmt: skip
    if (money.loc[at, WarrantMoney.collected] > pd.Timestamp(on)).any():
        raise BadValue(
            f"The officer collected some of this money after {on}.", where="on", do="Enter the day the officer paid."
        )
    how = {Payment.tender: tender, Payment.reference: reference, Payment.received: on}
    owed = at & (money[WarrantMoney.to_town] > 0)
    payments = [
        _payment(mine, int(r[WarrantMoney.to_town]), r[WarrantMoney.collected].date()) | how
        for r in money[owed].to_dict("records")
    ]
    posted = receive(desk, payments, today, f"money of warrant {warrant}", [Tie(WARRANT, warrant)] * len(payments))
    paid = money.with_cells(owed, {WarrantMoney.receipt: list(dict.fromkeys(posted[CashLine.receipt]))})
    paid = paid.with_cells(at, {WarrantMoney.paid_over: on})
    desk.rewrite(money, paid, (WarrantMoney.paid_over, WarrantMoney.receipt))
    desk.log("pay over", f"warrant {warrant}, {receipts_words(posted)}", len(posted), held)
    return Done(
        f"Warrant {warrant}: {usd(held)} paid over on {on} and posted to account {mine[Warrant.account]}, {receipts_words(posted)}.",
        rows=len(posted),
        total=held,
    )


def _warrant(desk: Desk, number: str) -> dict[str, Any]:
    every = desk.register(WARRANTS)
    mine = every[every[Warrant.no] == number]
    if not len(mine):
        raise BadValue(f'There is no warrant "{number}".', where="warrant", do="Enter the number as in Warrants.")
    return mine.records()[0]


def _payment(warrant: Mapping[str, Any], amount: Cents, paid: dt.date) -> dict[str, Any]:
    """A payment on a warrant for its account; it counts from the day the taxpayer paid."""
    return {Payment.account: warrant[Warrant.account], Payment.amount: amount, Payment.effective: paid, Payment.by: OFFICER, Payment.kind: "Payment",
            Payment.revenue_code: "", Payment.note: reversal_effects.warrant_notes(warrant[Warrant.no])[0]}  # fmt: skip


@action(
    "Print a receiver's rent account: rents, allowed expenses, payments to the taxes, the rents held, and the amount "
    "that can be applied.",
    desk="Enforcement",
)
def rents(
    book: Book,
    account: Annotated[str, Input("The account of the property.")],
    as_of: Annotated[dt.date | None, Input("The day of the account (default: the As of day on Start).")] = None,
) -> Done:
    desk = Desk.of(book)
    day = papers.day(desk, as_of)
    table = desk.register(enforcement.RENTS)
    kept = enforcement_status.rent_account(table, account, desk.cash_book, day)
    owing = _owing(desk, account, day)
    apply = min(kept.held, owing[OpenInstallment.total])
    shown = reversal_effects.rents_that_count(table, reversal_effects.gone_back(desk.cash_book, day))
    rows = shown[(shown[Rent.account] == account) & (shown[Rent.date] <= pd.Timestamp(day))]
    rows = rows.sorted(Rent.date)
    lines: list[list[Any]] = [
        [r[Rent.date].date(), r[Rent.kind], r[Rent.from_or_to], r[Rent.order] or r[Rent.receipt], *_signed(r)]
        for r in rows.records()
    ]
    lines.append([None, "Held", "", "", None, None, kept.held])
    who = desk.parcel(account)
    page = Page(
        "Receiver's account of rents",
        (
            Fields(
                (
                    ("Account", account, "id"),
                    ("As of", day, "date"),
                    ("Owner", who.get("Owner", ""), "text"),
                    ("Property", who.get("Location", ""), "text"),
                )
            ),
            Grid(
                ("Date", "Kind", "From or to", "Order or receipt", "In", "Out", "Held"),
                ("date", "text", "text", "text", "money", "money", "money"),
                _running(lines),
                (11, 12, 22, 18, 13, 13, 13),
                True,
            ),
            Fields(
                (
                    *((f"{c} owed", owing[c], "money") for c in ("Tax", "Penalty", "Interest", "Costs")),
                    ("Total owed", owing[OpenInstallment.total], "money"),
                    ("Can be applied now", apply, "money"),
                ),
                1,
            ),
            Signatures((f"{desk.collector}, receiver", "Date")),
        ),
        office=desk.office,
        key=account,
    )
    name = desk.issue(f"rents {account} {day}", [page], "rent account", f"account {account} as of {day}", kept.held)
    desk.log("rents", f"account {account}", len(rows), kept.held)
    return Done(
        f"Account {account} on {day}: rents {usd(kept.rents)}, expenses {usd(kept.expenses)}, applied {usd(kept.applied)}, held "
        f"{usd(kept.held)}. You can apply {usd(apply)} now. Printed: {name}.",
        rows=len(rows),
        total=kept.held,
    )


@action(
    "Apply a receiver's rents to the taxes of the property. The payment goes to the Cash Book and to Rents.",
    desk="Enforcement",
)
def apply_rents(
    book: Book,
    account: Annotated[str, Input("The account of the property.")],
    on: Annotated[dt.date, Input("The day the rents are applied.")],
    reference: Annotated[str, Input("The number of the receiver's check or the court order.")] = "",
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    kept = enforcement_status.rent_account(desk.register(enforcement.RENTS), account, desk.cash_book, on)
    amount = min(kept.held, _owing(desk, account, on)[OpenInstallment.total])
    if amount <= 0:
        raise BadValue(
            f"Account {account} owes nothing on {on} that the {usd(kept.held)} held could pay."
            if kept.held > 0
            else f"The receiver holds no rents for account {account} on {on}.",
            where="account",
            do="Nothing was posted.",
        )
    payment = {Payment.account: account, Payment.amount: amount, Payment.received: on, Payment.by: OFFICER, Payment.tender: "Check",
               Payment.reference: reference, Payment.note: "rents held by the receiver"}  # fmt: skip
    posted = receive(desk, [payment], today or dt.date.today(), f"rents of account {account}", [Tie(RENTS, account)])
    row = {Rent.account: account, Rent.date: on, Rent.kind: "Applied", Rent.amount: amount,
           Rent.receipt: posted[CashLine.receipt].iloc[0]}  # fmt: skip
    desk.append(Table.made(enforcement.RENTS, [row]))
    desk.log("apply rents", f"account {account}, {receipts_words(posted)}", len(posted), amount)
    return Done(
        f"Account {account}: {usd(amount)} of rents applied on {on}, {receipts_words(posted)}. The receiver still holds {usd(kept.held - amount)}.",
        rows=len(posted),
        total=amount,
    )


def _owing(desk: Desk, account: str, on: dt.date) -> dict[str, Cents]:
    """What a property owes on a day, column by column."""
    balances = desk.ledger(on).balances
    mine = balances[(balances[OpenInstallment.account] == account) & (balances[OpenInstallment.total] > 0)]
    return {c: int(mine[c].sum()) for c in ("Tax", "Penalty", "Interest", "Costs", "Total")}


def _signed(row: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    amount = int(row[Rent.amount])
    return (amount, None, None) if row[Rent.kind] in ("Rent", reversal_effects.TAKEN_BACK) else (None, amount, None)


def _running(lines: list[list[Any]]) -> list[list[Any]]:
    held = 0
    for line in lines[:-1]:
        held += (line[4] or 0) - (line[5] or 0)
        line[6] = held
    return lines
