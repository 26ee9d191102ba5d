"""User fees and sales tax: registered accounts, returns, charges by usage, licenses, and accounts with credit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any

import pandas as pd

from xltax.actions import counter, papers
from xltax.actions.desk import Desk
from xltax.actions.inputs import Today
from xltax.actions.owing import owing
from xltax.declare import Done, Input, action
from xltax.errors import BadValue
from xltax.hosts.port import Book
from xltax.ledger.ties import Tie
from xltax.money import Cents, usd
from xltax.office.adjusting import adjustment_register
from xltax.office.billing import levy_bills
from xltax.office.counter.payment_check import PAYMENTS
from xltax.office.other_levies import sales_returns, usage
from xltax.office.other_levies.sales_returns import Filing, Form, Sold
from xltax.tables import BY_RETURN_OR_USE, ROLL, Bill, CashLine, Parcel
from xltax.tables.counter import CounterRow
from xltax.tables.kinds import BY_RULE, RETURN
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
from xltax.wording import reallocated, some


@action(
    "Register an account that files returns or is billed by usage. Enter its tax types, filing frequency, "
    "location code, business type and special codes.",
    desk="User fees",
    label="Register account",
)
def register_account(
    book: Book,
    account: Annotated[str, Input("The new account number.")],
    name: Annotated[str, Input("The business or customer.")],
    tax_types: Annotated[str, Input("The tax types, separated by commas: SEWER, WATER, SOLID, SALES, LICENSE.")],
    opened: Annotated[dt.date, Input("The first day of business or service.")],
    frequency: Annotated[str, Input("How often the account files, such as monthly. Required for SALES.")] = "",
    location_code: Annotated[str, Input("The account's column on the return, such as 1701. Required for SALES.")] = "",
    business_type: Annotated[str, Input("The business type, such as retail or restaurant.")] = "",
    special_codes: Annotated[str, Input("The special codes, such as alcohol, separated by commas.")] = "",
    location: Annotated[str, Input("The street address of the business or service.")] = "",
    trade_name: Annotated[str, Input("The name the business uses with the public.")] = "",
) -> Done:
    desk = Desk.of(book)
    types = [t.strip().upper() for t in tax_types.split(",") if t.strip()]
    wrong = [t for t in types if t not in BY_RETURN_OR_USE]
    if wrong or not types:
        raise BadValue(f'"{", ".join(wrong) or tax_types}" is not a tax type for this task.', where="tax_types",
                       do=f"Use {', '.join(BY_RETURN_OR_USE)}.")  # fmt: skip
    for field, text in (("account", account), ("name", name)):
        if not text.strip():
            raise BadValue("This field is required.", where=field)
    if account in set(desk.table(REGISTRATIONS)[Registration.account]) | set(desk.duplicate[Bill.account]):
        raise BadValue(f'Account "{account}" is in use.', where="account", do="Choose a number that no account has.")
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
        f"Account {account} is registered for {', '.join(types)}. Enter the mailing address and phone on the account's Roll row.",
        rows=1,
    )


@action(
    "Close a registered account. Billing stops. Credit Accounts shows what the account owes or has as credit.",
    desk="User fees",
    label="Close account",
)
def close_account(
    book: Book,
    account: Annotated[str, Input("The account.")],
    closed: Annotated[dt.date, Input("The last day of business or service.")],
    reason: Annotated[str, Input("The reason, such as sold, moved or out of business.")],
) -> Done:
    desk = Desk.of(book)
    rows = desk.table(REGISTRATIONS)
    mine = _registered(rows, account)
    if not pd.isna(rows.loc[mine, Registration.closed]):
        raise BadValue(
            f"Account {account} was already closed on {rows.loc[mine, Registration.closed].date()}.", where="account"
        )
    if rows.loc[mine, Registration.opened].date() > closed:
        opened = rows.loc[mine, Registration.opened].date()
        raise BadValue(
            f"Account {account} was opened on {opened}, after {closed}.", where="closed", do="Enter a later date."
        )
    if not reason.strip():
        raise BadValue("This field is required.", where="reason")
    at = rows.index == mine
    rows = rows.with_cells(at, {Registration.closed: closed, Registration.closing_reason: reason})
    book.replace_columns(REGISTRATIONS.name, rows[[Registration.closed, Registration.closing_reason]])
    now = owing(desk, account, closed)
    desk.log("close account", f"{account}: {reason}", 1, now.total)
    text = f"Account {account} is closed as of {closed}. The account owes {usd(now.due)} on that day"
    text += f", and {usd(now.total)} with bills due later." if now.total != now.due else "."
    return Done(
        text + (f" The account has {usd(now.credit)} of credit." if now.credit else ""), rows=1, total=now.total
    )


def _registered(rows: Table[Registration], account: str) -> int:
    found = rows.index[rows[Registration.account] == account]
    if not len(found):
        raise BadValue(
            f'There is no registered account "{account}".', where="account", do="Register the account first."
        )
    return int(found[0])


@action(
    "Post a sales-tax return and its payment: the charge on the Duplicate, the vendor's compensation, "
    "penalty and interest, and the receipt.",
    desk="User fees",
    label="Post return",
)
def post_return(
    book: Book,
    account: Annotated[str, Input("The registered account.")],
    period_end: Annotated[dt.date, Input("The last day of the period.")],
    gross: Annotated[Cents, Input("Gross sales.")],
    deductions: Annotated[Cents, Input("Allowable deductions, or 0.00.")],
    filed: Annotated[dt.date, Input("The postmark date, or the day the office received the return.")],
    paid: Annotated[Cents | None, Input("The amount paid with the return (default: the full amount due).")] = None,
    tender: Annotated[str, Input("Payment type, such as Cash or ACH (default: Check).")] = "",
    reference: Annotated[str, Input("The check number.")] = "",
    use_purchases: Annotated[Cents, Input("Purchases subject to use tax.")] = 0,
    excess: Annotated[Cents, Input("Tax collected above what was due.")] = 0,
    location: Annotated[
        str,
        Input(
            "The location code (default: the account's own). For several locations, enter each one's adjusted "
            'gross sales: "1701=50000, 1702=30000 use 1200".'
        ),
    ] = "",
    today: Today = None,
) -> Done:
    desk, today = Desk.of(book), today or dt.date.today()
    registrations, done = desk.table(REGISTRATIONS), desk.table(RETURNS)
    vendor = _vendor(registrations, account)
    if filed > today:
        raise BadValue(f"The filing date {filed} is after today, {today}.", where="filed", do="Correct the date.")
    if paid is not None and paid < 0:
        raise BadValue("The amount cannot be below zero.", where="paid", do="Enter 0.00 or more.")
    usual = vendor[Registration.location_code]
    params = sales_returns.rule_of(desk.town, period_end)[1]
    sold = sales_returns.columns_of(Sold(location or usual, gross, deductions, use_purchases, excess), params)
    filing = Filing(account, str(vendor[Registration.name]), usual, period_end, filed, today, sold)
    _refuse_second(done, filing)
    forms = _figured(desk, filing, paid)
    due = _sum(forms, "total")
    amount = due if paid is None else paid
    _charge(desk, filing, forms, in_full=amount >= due)
    shares = _shares(forms, amount)
    receipt, elsewhere = _receive(desk, filing, forms, shares, tender or "Check", reference)
    desk.append(sales_returns.register_rows(filing, forms, shares, receipt))
    moved = desk.reallocate(today, f"return of {account} for {period_end}")
    desk.refresh(desk.as_of())
    file = desk.issue(
        f"return {filing.number}",
        [sales_returns.return_page(filing, forms, params, desk.office)],
        "sales tax return",
        filing.number,
        amount,
    )
    desk.log("post return", f"{', '.join(filing.bills.values())}, receipt {receipt or 'none'}", len(forms), amount)
    text = f"Return {filing.number}: {_summary(forms, amount, receipt)}{elsewhere} The return is in {file}."
    return Done(text + reallocated(moved), rows=len(forms), total=amount)


def _vendor(registrations: Table[Registration], account: str) -> pd.Series[Any]:
    """The registration of an account that files sales-tax returns."""
    vendor: pd.Series[Any] = registrations.loc[_registered(registrations, account)]
    if sales_returns.LEVY_TYPE not in vendor[Registration.tax_types].upper():
        raise BadValue(
            f"Account {account} is not registered for sales tax.", where="account", do="Add SALES to its tax types."
        )
    return vendor


def _refuse_second(done: Table[FiledReturn], filing: Filing) -> None:
    """A return is posted once for each location and period."""
    if twice := [n for n in filing.bills.values() if n in set(done[FiledReturn.bill])]:
        raise BadValue(
            f"The return for {filing.period_end} is already posted as bill {twice[0]}.",
            where="period_end",
            do="To correct a return, use Adjust with the kind Correction Up or Correction Down.",
        )


def _figured(desk: Desk, filing: Filing, paid: Cents | None) -> dict[str, Form]:
    """The form of each location. A vendor who pays less than the total loses the compensation."""

    def figured(in_full: bool) -> dict[str, Form]:
        return {
            sold.location: sales_returns.figure(
                desk.town, sold, filing.period_end, filing.filed, desk.closed_days, in_full
            )
            for sold in filing.columns
        }

    forms = figured(in_full=True)
    return figured(in_full=False) if paid is not None and paid < _sum(forms, "total") else forms


def _charge(desk: Desk, filing: Filing, forms: Mapping[str, Form], *, in_full: bool) -> None:
    """Puts the tax of each location on the Duplicate. A return paid in full is charged in its whole dollars."""
    for code, form in forms.items():
        if not form.net:
            continue
        bill, year = filing.bills[code], filing.period_end.year
        desk.append(
            usage.charges([bill], [filing.account], year, sales_returns.LEVY_TYPE, [form.net], form.due, filing.posted, form.compensation)
        )  # fmt: skip
        if in_full:
            _to_whole_dollars(desk, form, bill, filing.filed, filing.posted)


def _receive(
    desk: Desk, filing: Filing, forms: Mapping[str, Form], shares: Mapping[str, Cents], tender: str, reference: str
) -> tuple[str, str]:
    """Posts the payment: its receipt numbers, and a note if some of the money went to older bills."""
    payments = [
        {
            CounterRow.account: filing.account,
            CounterRow.bill: filing.bills[code] if forms[code].net else "",
            CounterRow.amount: share,
            CounterRow.received: filing.posted,
            CounterRow.effective: filing.filed,
            CounterRow.tender: tender,
            CounterRow.reference: reference,
            CounterRow.note: f"return of {filing.period_end}",
        }
        for code, share in shares.items()
        if share
    ]
    if not payments:
        return "", ""
    ties = [Tie(RETURN, filing.number, "one")] * len(payments)
    posted = counter.post_rows(desk, Table.entered(PAYMENTS, payments), filing.posted, ties, again=True)
    numbers = (str(posted[FiledReturn.receipt].iloc[0]), str(posted[FiledReturn.receipt].iloc[-1]))
    return " to ".join(dict.fromkeys(numbers)), _elsewhere(posted, filing)


def _elsewhere(posted: Table[CashLine], filing: Filing) -> str:
    """A note of the money that went to older bills of the account."""
    other = posted[~posted[FiledReturn.bill].isin({*filing.bills.values(), ""})]
    if not len(other):
        return ""
    older = list(dict.fromkeys(other[FiledReturn.bill]))
    return (
        f" Note: {usd(int(other[FiledReturn.total].sum()))} of this payment went to older {'bill' if len(older) == 1 else 'bills'} "
        f"{', '.join(older)} first. To keep a license separate from sales tax, register the license under another account."
    )


def _summary(forms: Mapping[str, Form], paid: Cents, receipt: str) -> str:
    """The totals of a posted return, in words."""
    lines = {"tax": "charge", "compensation": "compensation", "penalty": "penalty", "interest": "interest"}
    totals = ", ".join(f"{word} {usd(_sum(forms, line))}" for word, line in lines.items())
    by = f" by {'receipts' if ' to ' in receipt else 'receipt'} {receipt}" if receipt else ""
    return f"{totals}. Total due {usd(_sum(forms, 'total'))}, paid {usd(paid)}{by}."


def _shares(forms: Mapping[str, Form], paid: Cents) -> dict[str, Cents]:
    """The part of a payment that each column gets: the first in full, and so on. Anything left over goes to the last."""
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
    """Adjusts penalty and interest from the cents charged to the return's whole dollars, by the form's rule."""
    entries = [
        adjustment_register.Entry(number, "Correction Up" if diff > 0 else "Correction Down", abs(diff), filed,
                       "the return's amounts are whole dollars", form.authority, BY_RULE, 1, "", component, Tie(RETURN, number))
        for component, diff in sales_returns.whole_dollar_residue(form).items()
    ]  # fmt: skip
    desk.append(adjustment_register.rows(entries, desk.adjustments, today))


@action(
    "List the accounts that have not filed a return for a period.",
    desk="User fees",
    label="Returns not filed",
)
def returns_not_filed(
    book: Book,
    period_end: Annotated[dt.date, Input("The last day of the period.")],
    on: Annotated[dt.date | None, Input("The date of the list.")] = None,
) -> Done:
    desk = Desk.of(book)
    on = on or dt.date.today()
    params = sales_returns.rule_of(desk.town, period_end)[1]
    rows = sales_returns.unfiled(desk.table(REGISTRATIONS), desk.table(RETURNS), params, period_end)
    last = levy_bills.last_day(desk.town, params.due(period_end), sales_returns.LEVY_TYPE, closed=desk.closed_days)
    page = sales_returns.unfiled_page(rows, params, period_end, last, desk.office, on)
    file = desk.issue(f"returns not filed {period_end}", [page], "list", f"returns not filed {period_end}, on {on}")
    desk.log("returns not filed", str(period_end), len(rows))
    who = "1 account has" if len(rows) == 1 else f"{len(rows):,} accounts have"
    return Done(
        f"{who} not filed a return for {period_end} (late after {last}). The list is in {file}.", rows=len(rows)
    )


@action(
    "Bill a month's usage, such as sewer, to every open account. The block rate applies to the average "
    "of the months in the Rules.",
    desk="User fees",
    label="Bill usage",
)
def bill_usage(
    book: Book,
    kind: Annotated[str, Input("The charge, as named in the Rules, such as sewer.")],
    month: Annotated[dt.date, Input("Any day in the month to bill.")],
    due: Annotated[dt.date, Input("The due date.")],
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    bills = usage.bills(desk.table(REGISTRATIONS), desk.table(READINGS), desk.town, kind, month, due, today)
    if not len(bills):
        raise BadValue(
            f"No open account is registered for {kind}.", where="Registrations", do="Register the accounts first."
        )
    return _billed(desk, bills, f"{kind} for {month:%B %Y}", today)


@action(
    "Charge an occupational license or another fixed fee to a registered account.",
    desk="User fees",
    label="Charge a fee",
)
def charge_fee(
    book: Book,
    account: Annotated[str, Input("The registered account.")],
    amount: Annotated[Cents, Input("The fee from the office's schedule.")],
    year: Annotated[int, Input("The year of the fee.", kind="year")],
    levy_type: Annotated[str, Input("The levy type, such as SOLID (default: LICENSE).")] = "",
    due: Annotated[dt.date | None, Input("The due date (default: by the Rules).")] = None,
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    kind = levy_type.strip().upper() or "LICENSE"
    if kind not in BY_RETURN_OR_USE:
        raise BadValue(
            f'"{levy_type}" is not a levy type for this task.',
            where="levy_type",
            do=f"Use {', '.join(BY_RETURN_OR_USE)}.",
        )
    if amount <= 0:
        raise BadValue("The amount must be above zero.", where="amount", do="Enter the fee.")
    registrations = desk.table(REGISTRATIONS)
    row = registrations.loc[_registered(registrations, account)]
    if kind not in row[Registration.tax_types].upper():
        raise BadValue(
            f"Account {account} is not registered for {kind}.", where="account", do=f"Add {kind} to its tax types."
        )
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
        raise BadValue(f"{what}: {f'{len(doubled):,} bills, such as {doubled[0]}, are' if len(doubled) > 1 else f'bill {doubled[0]} is'} already on the Duplicate.",
                       where="Duplicate", do="Use Adjust to correct a charge that is already billed.")  # fmt: skip
    desk.append(bills)
    moved = desk.reallocate(today, f"bills, {what}")
    desk.refresh(desk.as_of())
    total = int(bills[Bill.net_tax].sum())
    desk.log("bill usage", what, len(bills), total)
    text = f"{some(len(bills), 'bill')}, {what}: {usd(total)}, due {bills[Bill.due_1].iloc[0].date()}."
    text += f" Credit was applied to the new bills ({some(moved, 'Reallocation line')})." if moved else ""
    return Done(text, rows=len(bills), total=total)


@action(
    "List accounts with credit and closed accounts with a balance, with the next step for each.",
    desk="User fees",
    label="Credit accounts",
)
def credit_accounts(
    book: Book,
    on: Annotated[
        dt.date | None,
        Input("The date of the list (default: the As of date on Start, or the last payment's date if later)."),
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
        f"{some(len(rows), 'account')} as of {on}: credit {usd(credit)}, balances {usd(owed)}.",
        rows=len(rows),
        total=credit,
    )
