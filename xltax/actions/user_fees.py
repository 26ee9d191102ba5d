"""The desk of user fees and sales tax: registering accounts, returns, charges by use, licenses, credit and off accounts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated

import pandas as pd

from xltax.actions import counter, papers
from xltax.actions.desk import Desk
from xltax.actions.inputs import Today
from xltax.actions.owing import owing
from xltax.declare import Done, Input, action
from xltax.errors import BadValue
from xltax.hosts.port import Book
from xltax.ledger.ties import Tie
from xltax.money import Cents, dollars, usd
from xltax.office.adjusting import adjustment_register
from xltax.office.billing import levy_bills
from xltax.office.counter.posting import PAYMENTS
from xltax.office.other_levies import sales_returns, usage
from xltax.office.other_levies.sales_returns import Form
from xltax.tables import BY_RETURN_OR_USE, ROLL, Bill, Parcel
from xltax.tables.counter import CounterRow
from xltax.tables.kinds import RETURN
from xltax.tables.table import Table
from xltax.tables.user_fees import (
    CREDIT_ACCOUNTS,
    READINGS,
    REGISTRATIONS,
    RETURNS,
    CreditAccount,
    FiledReturn,
    Registration,
)


@action(
    "Register an account that files returns or pays by use: its tax types, filing frequency, location "
    "code, business type, special codes.",
    desk="User fees",
    label="Register account",
)
def register_account(
    book: Book,
    account: Annotated[str, Input("The account's number, one not yet used.")],
    name: Annotated[str, Input("The business or customer.")],
    tax_types: Annotated[str, Input("With commas: SEWER, WATER, SOLID, SALES, LICENSE.")],
    opened: Annotated[dt.date, Input("The first day of business or service.")],
    frequency: Annotated[str, Input("How often it files, such as monthly; needed for SALES.")] = "",
    location_code: Annotated[str, Input("Its column on the return, such as 1701; needed for SALES.")] = "",
    business_type: Annotated[str, Input("Such as retail, restaurant.")] = "",
    special_codes: Annotated[str, Input("Such as alcohol, with commas.")] = "",
    location: Annotated[str, Input("Where it is.")] = "",
    trade_name: Annotated[str, Input("The name over the door.")] = "",
) -> Done:
    desk = Desk.of(book)
    types = [t.strip().upper() for t in tax_types.split(",") if t.strip()]
    wrong = [t for t in types if t not in BY_RETURN_OR_USE]
    if wrong or not types:
        raise BadValue(f'"{", ".join(wrong) or tax_types}" is not a tax type here.', where="tax_types",
                       do=f"Use {', '.join(BY_RETURN_OR_USE)}.")  # fmt: skip
    for field, text in (("account", account), ("name", name)):
        if not text.strip():
            raise BadValue("It is empty.", where=field)
    if account in set(desk.table(REGISTRATIONS)[Registration.account]) | set(desk.duplicate[Bill.account]):
        raise BadValue(f'Account "{account}" is in use.', where="account", do="Take a number of its own.")
    if sales_returns.LEVY_TYPE in types:
        params = sales_returns.rule_of(desk.town, opened)[1]
        frequency = params.frequency(frequency).name
        params.location(location_code)
    row = {
        Registration.account: account, Registration.name: name, Registration.trade_name: trade_name, Registration.location: location, Registration.tax_types: ", ".join(types),
        Registration.frequency: frequency, Registration.location_code: location_code, Registration.business_type: business_type,
        Registration.special_codes: special_codes, Registration.opened: opened,
        Registration.closing_reason: "", Registration.note: "",
    }  # fmt: skip
    desk.append(Table.made(REGISTRATIONS, [row]))
    if account not in set(desk.roll[Parcel.account]):
        # On the Roll too, so that the counter, the lists and the letters know its name.
        mine = {
            Parcel.account: account,
            Parcel.levy_type: types[0],
            Parcel.owner: name,
            Parcel.billed_owner: name,
            Parcel.location: location,
            Parcel.net_value: 0,
        }
        desk.append(Table.made(ROLL, [mine]).complete())
    desk.log("register account", f"{account}: {', '.join(types)}", 1)
    return Done(
        f"Account {account} registered for {', '.join(types)}. Mailing address and phone go on its row of the Roll.",
        rows=1,
    )


@action(
    "Close a registered account: it is billed no more; what it owes or has to its credit shows under Credit Accounts.",
    desk="User fees",
    label="Close account",
)
def close_account(
    book: Book,
    account: Annotated[str, Input("The account.")],
    closed: Annotated[dt.date, Input("Its last day.")],
    reason: Annotated[str, Input("Sold, moved, out of business.")],
) -> Done:
    desk = Desk.of(book)
    rows = desk.table(REGISTRATIONS)
    mine = _registered(rows, account)
    if not pd.isna(rows.loc[mine, Registration.closed]):
        raise BadValue(
            f"Account {account} was closed {rows.loc[mine, Registration.closed].date()} already.", where="account"
        )
    if rows.loc[mine, Registration.opened].date() > closed:
        raise BadValue(f"It was opened {rows.loc[mine, Registration.opened].date()}, after {closed}.", where="closed")
    if not reason.strip():
        raise BadValue("It is empty.", where="reason")
    at = rows.index == mine
    rows = rows.with_cells(at, {Registration.closed: closed, Registration.closing_reason: reason})
    book.replace_columns(REGISTRATIONS.name, rows[[Registration.closed, Registration.closing_reason]])
    now = owing(desk, account, closed)
    desk.log("close account", f"{account}: {reason}", 1, now.total)
    text = f"Account {account} closed {closed}. It owes {usd(now.due)} on that day"
    text += f", and {usd(now.total)} with what was billed and falls due later." if now.total != now.due else "."
    return Done(text + (f" {usd(now.credit)} stands as credit." if now.credit else ""), rows=1, total=now.total)


def _registered(rows: Table[Registration], account: str) -> int:
    found = rows.index[rows[Registration.account] == account]
    if not len(found):
        raise BadValue(f'There is no registered account "{account}".', where="account", do="Register it first.")
    return int(found[0])


@action(
    "Post a sales-tax return and what was paid with it: the charge on the Duplicate, vendor's "
    "compensation, penalty and interest, the receipt.",
    desk="User fees",
    label="Post return",
)
def post_return(
    book: Book,
    account: Annotated[str, Input("The registered account.")],
    period_end: Annotated[dt.date, Input("The last day of the period.")],
    gross: Annotated[Cents, Input("Gross sales.")],
    deductions: Annotated[Cents, Input("Allowable deductions; 0.00 where there are none.")],
    filed: Annotated[dt.date, Input("The postmark, or the day it was handed in.")],
    paid: Annotated[Cents | None, Input("What was paid with it; left out: all that is due.")] = None,
    tender: Annotated[str, Input("Check (left out), Cash, ACH and so on.")] = "",
    reference: Annotated[str, Input("The check number.")] = "",
    use_purchases: Annotated[Cents, Input("Purchases subject to use tax.")] = 0,
    excess: Annotated[Cents, Input("Tax collected above what was due.")] = 0,
    location: Annotated[
        str,
        Input(
            "The location code, where not the account's own; or each location's adjusted gross sales, "
            '"1701=50000, 1702=30000 use 1200".'
        ),
    ] = "",
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    registrations, done = desk.table(REGISTRATIONS), desk.table(RETURNS)
    account_row = registrations.loc[_registered(registrations, account)]
    if sales_returns.LEVY_TYPE not in account_row[Registration.tax_types].upper():
        raise BadValue(f"Account {account} is not registered for sales tax.", where="account")
    if filed > today:
        raise BadValue(f"{filed} is after today, {today}.", where="filed")
    if paid is not None and paid < 0:
        raise BadValue("This cannot be below zero.", where="paid")
    usual = account_row[Registration.location_code]
    params = sales_returns.rule_of(desk.town, period_end)[1]
    sold = sales_returns.columns_of(location or usual, gross, deductions, use_purchases, excess, params)
    numbers = {s.location: sales_returns.bill_number(account, period_end, s.location, usual) for s in sold}
    if twice := [n for n in numbers.values() if n in set(done[FiledReturn.bill])]:
        raise BadValue(f"The return of {period_end} is posted already as bill {twice[0]}.", where="period_end",
                       do="A corrected return is entered by Adjust, as Correction Up or Correction Down.")  # fmt: skip

    def figured(in_full: bool) -> dict[str, Form]:
        return {
            s.location: sales_returns.figure(desk.town, s.gross, s.deductions, period_end, filed, s.location, s.use, s.excess,
                                       desk.closed_days, in_full)
            for s in sold
        }  # fmt: skip

    forms = figured(in_full=True)
    if paid is not None and paid < _sum(forms, "total"):
        forms = figured(in_full=False)
    due = _sum(forms, "total")
    amount = due if paid is None else paid
    for code, form in forms.items():
        if form.net:
            desk.append(usage.charges(
                [numbers[code]], [account], period_end.year, sales_returns.LEVY_TYPE, [form.net], form.due, today, form.compensation
            ))  # fmt: skip
            if amount >= due:
                _to_whole_dollars(desk, form, numbers[code], filed, today)
    shares = _shares(forms, amount)
    payments = [
        {CounterRow.account: account, CounterRow.bill: numbers[code] if forms[code].net else "", CounterRow.amount: share, CounterRow.received: today, CounterRow.effective: filed,
         CounterRow.tender: tender or "Check", CounterRow.reference: reference, CounterRow.note: f"return of {period_end}"}
        for code, share in shares.items() if share
    ]  # fmt: skip
    receipt, elsewhere = "", ""
    number = f"{account}-{period_end:%Y%m}"
    if payments:
        ties = [Tie(RETURN, number, "one")] * len(payments)
        posted = counter.post_rows(desk, Table.entered(PAYMENTS, payments), today, ties)
        receipt = " to ".join(
            dict.fromkeys((str(posted[FiledReturn.receipt].iloc[0]), str(posted[FiledReturn.receipt].iloc[-1])))
        )
        other = posted[~posted[FiledReturn.bill].isin({*numbers.values(), ""})]
        if len(other):
            elsewhere = (
                f" LOOK: {dollars(int(other[FiledReturn.total].sum()))} of it paid {', '.join(dict.fromkeys(other[FiledReturn.bill]))} first, as older; "
                "to keep a license apart from sales tax, register it under an account of its own."
            )
    desk.append(sales_returns.register_rows(account, period_end, filed, today, forms, numbers, shares, receipt))
    moved = desk.reallocate(today, f"return of {account} for {period_end}")
    desk.refresh(desk.as_of())
    page = sales_returns.return_page(
        account, str(account_row[Registration.name]), forms, params, filed, period_end, desk.office
    )
    file = book.put_pages(f"return {number}", [page])
    desk.log("post return", f"{', '.join(numbers.values())}, receipt {receipt or 'none'}", len(forms), amount)
    text = f"Return {number}: tax {dollars(_sum(forms, 'charge'))}, compensation {dollars(_sum(forms, 'compensation'))}, penalty {dollars(_sum(forms, 'penalty'))}, interest {dollars(_sum(forms, 'interest'))}; due {dollars(due)}, paid {dollars(amount)}"
    text += (f" by receipt {receipt}." if receipt else ".") + elsewhere + f" In {file}."
    return Done(
        text + (f" {moved:,} lines changed how payments apply." if moved else ""), rows=len(forms), total=amount
    )


def _shares(forms: Mapping[str, Form], paid: Cents) -> dict[str, Cents]:
    """What of a payment each column gets: the first in full, and so on; what is above all of them goes with the last."""
    shares = {}
    for code, form in forms.items():
        shares[code] = min(paid, form.total)
        paid -= shares[code]
    shares[code] += paid
    return shares


def _sum(forms: Mapping[str, Form], line: str) -> Cents:
    """A line of the return over all its columns."""
    return sum(int(getattr(form, line)) for form in forms.values())


def _to_whole_dollars(desk: Desk, form: Form, number: str, filed: dt.date, today: dt.date) -> None:
    """The return's penalty and interest are whole dollars; what they differ by from the cents charged is adjusted, by the form's rule."""
    entries = [
        adjustment_register.Entry(number, "Correction Up" if diff > 0 else "Correction Down", abs(diff), filed,
                       "the return's amounts are whole dollars", form.authority, "by rule", 1, "", component, Tie(RETURN, number))
        for component, diff in sales_returns.whole_dollar_residue(form).items()
    ]  # fmt: skip
    desk.append(adjustment_register.rows(entries, desk.adjustments, today))


@action(
    "List the accounts that have filed no return for a period, to call or to write to.",
    desk="User fees",
    label="Returns not filed",
)
def returns_not_filed(
    book: Book,
    period_end: Annotated[dt.date, Input("The last day of the period.")],
    on: Annotated[dt.date | None, Input("The day of the list.")] = None,
) -> Done:
    desk = Desk.of(book)
    on = on or dt.date.today()
    params = sales_returns.rule_of(desk.town, period_end)[1]
    rows = sales_returns.unfiled(desk.table(REGISTRATIONS), desk.table(RETURNS), params, period_end)
    last = levy_bills.last_day(desk.town, params.due(period_end), sales_returns.LEVY_TYPE, closed=desk.closed_days)
    file = book.put_pages(
        f"returns not filed {period_end}", [sales_returns.unfiled_page(rows, params, period_end, last, desk.office, on)]
    )
    desk.log("returns not filed", str(period_end), len(rows))
    who = "1 account has" if len(rows) == 1 else f"{len(rows):,} accounts have"
    return Done(f"{who} filed no return for {period_end} (late after {last}): {file}.", rows=len(rows))


@action(
    "Bill a month's use, such as sewer, to every open account of that kind: block rate on the average of "
    "the months the Rules name.",
    desk="User fees",
    label="Bill usage",
)
def bill_usage(
    book: Book,
    kind: Annotated[str, Input("The charge as the Rules name it, such as sewer.")],
    month: Annotated[dt.date, Input("Any day of the month billed.")],
    due: Annotated[dt.date, Input("The day it is due.")],
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    bills = usage.bills(desk.table(REGISTRATIONS), desk.table(READINGS), desk.town, kind, month, due, today)
    if not len(bills):
        raise BadValue(f"No open account is registered for {kind}.", where="Registrations")
    return _billed(desk, bills, f"{kind} of {month:%B %Y}", today)


@action(
    "Charge an occupational license or another fee of a fixed amount to a registered account.",
    desk="User fees",
    label="Charge a fee",
)
def charge_fee(
    book: Book,
    account: Annotated[str, Input("The registered account.")],
    amount: Annotated[Cents, Input("The fee by the office's schedule.")],
    year: Annotated[int, Input("The year it is for.", kind="year")],
    levy_type: Annotated[str, Input("LICENSE (left out), SOLID and so on.")] = "",
    due: Annotated[dt.date | None, Input("The day it is due; left out: by the Rules.")] = None,
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    kind = levy_type.strip().upper() or "LICENSE"
    if kind not in BY_RETURN_OR_USE:
        raise BadValue(
            f'"{levy_type}" is not charged here.', where="levy_type", do=f"Use {', '.join(BY_RETURN_OR_USE)}."
        )
    if amount <= 0:
        raise BadValue("The amount is not above zero.", where="amount")
    registrations = desk.table(REGISTRATIONS)
    row = registrations.loc[_registered(registrations, account)]
    if kind not in row[Registration.tax_types].upper():
        raise BadValue(f"Account {account} is not registered for {kind}.", where="account")
    day = due or levy_bills.due_date(desk.town, year, 1, kind)
    return _billed(
        desk,
        usage.charges([f"{account}-{kind}-{year}"], [account], year, kind, [amount], day, today),
        f"{kind} {year}",
        today,
    )


def _billed(desk: Desk, bills: Table[Bill], what: str, today: dt.date) -> Done:
    doubled = sorted(set(bills[Bill.bill]) & set(desk.duplicate[Bill.bill]))
    if doubled:
        raise BadValue(f"{what}: bill {doubled[0]}{f' and {len(doubled) - 1} more' if len(doubled) > 1 else ''} is on the Duplicate already.",
                       where="Duplicate", do="A charge is never billed twice; corrections go into Adjustments.")  # fmt: skip
    desk.append(bills)
    moved = desk.reallocate(today, f"bills of {what}")
    desk.refresh(desk.as_of())
    total = int(bills[Bill.net_tax].sum())
    desk.log("bill usage", what, len(bills), total)
    text = f"{len(bills):,} bills, {what}: {dollars(total)}, due {bills[Bill.due_1].iloc[0].date()}."
    text += f" {moved:,} lines moved credit to the new bills." if moved else ""
    return Done(text, rows=len(bills), total=total)


@action(
    "List accounts with credit, and closed accounts with a balance or a credit, with what each needs.",
    desk="User fees",
    label="Credit accounts",
)
def credit_accounts(
    book: Book,
    on: Annotated[
        dt.date | None,
        Input("The day of the list (default: the As of day on Start, or that of the last payment if it is later)."),
    ] = None,
) -> Done:
    desk = Desk.of(book)
    on = on or papers.last_receipt(desk, desk.as_of())
    rows = usage.credit_accounts(desk.ledger(on), desk.table(REGISTRATIONS), desk.parcels, desk.cash_book)
    book.replace_rows(CREDIT_ACCOUNTS.name, rows)
    book.set("credit_as_of", on)
    credit, owed = int(rows[CreditAccount.credit].sum()), int(rows[Bill.balance].sum())
    desk.log("credit accounts", str(on), len(rows), credit)
    return Done(
        f"{len(rows):,} accounts as of {on}: credit {dollars(credit)}, balances {dollars(owed)}.",
        rows=len(rows),
        total=credit,
    )
