"""Bills to print, copies of bills, receipts, and files for mortgage servicers and the inquiry site."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import pandas as pd

from xltax.actions import papers, printing, receipts
from xltax.actions.desk import Desk
from xltax.actions.inputs import AlsoWithhold, NotHer, Today
from xltax.declare import Done, Input, action
from xltax.errors import BadValue
from xltax.hosts.port import Book
from xltax.law.calendar import Installments
from xltax.money import Cents, usd
from xltax.office.billing import amounts_by_day, bill_copies, levy_rates, servicer_file
from xltax.office.billing.bill_pages import Printer, installments, whole
from xltax.office.billing.home_installments import Halves
from xltax.office.counter import receipt_page
from xltax.office.sharing import inquiry_file as inquiry
from xltax.office.sharing.confidential import INQUIRY
from xltax.tables import BALANCES as INSTALLMENTS
from xltax.tables import DISALLOWED, DUE, INST, ROLL, Balance, Bill, Parcel
from xltax.tables.bills import BILL_COPIES, RATES
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table
from xltax.wording import some

IN_ONE_FILE = 2_500
"""The most bills in one workbook of pages, so that the workbook opens quickly. A PDF file holds all bills."""

On = Annotated[
    dt.date | None,
    Input("The day the balances are for (default: the As of day on Start, or the last payment's day if later)."),
]


@action(
    "Print the year's bills, one page each: bills for owners, bills for lenders with the owner's copy, and payment "
    "stubs with a scan line.",
    desk="Bills",
    label="Print bills",
)
def bills(
    book: Book,
    year: Annotated[int, Input("The levy year.", kind="year", cell="levy_year")],
    levy_type: Annotated[str, Input("Only this levy type, such as RE.")] = "",
    bill: Annotated[str, Input("Only this bill.")] = "",
    on: On = None,
) -> Done:
    desk = Desk.of(book)
    rows = desk.duplicate[desk.duplicate[Bill.levy_year] == year]
    if levy_type:
        rows = rows[rows[Bill.levy_type] == levy_type.upper()]
    if bill:
        rows = rows[rows[Bill.bill] == bill]
    if not len(rows):
        raise BadValue(
            f"The Duplicate has no {levy_type + ' ' if levy_type else ''}bill {bill + ' ' if bill else ''}for {year}.",
            where="Duplicate",
            do="Run Bill first, or correct the year, levy type or bill number.",
        )
    printer = _printer(desk, year, _day(desk, on), rows)
    parcels = _parcels(desk)
    each = whole(rows.records())
    names, pages = [], 0
    most = len(each) if printing.wanted(book) == printing.PDF else IN_ONE_FILE
    for first in range(0, len(each), most):
        part = each[first : first + most]
        laid = list(printer.pages(part, parcels))
        pages += len(laid)
        of = f" {first + 1}-{first + len(part)}" if len(each) > most else ""
        which = f"{year}{' ' + levy_type.upper() if levy_type else ''}{of}"
        tax = sum(int(one[Bill.net_tax]) for one in part)
        names.append(desk.issue(f"bills {which}", laid, "bill run", f"{which} {bill}".strip(), tax))
    total = int(rows[Bill.net_tax].sum())
    desk.log("print bills", f"{year} {levy_type} {bill}".strip(), len(each), total)
    return Done(
        f"{some(len(each), 'bill')} on {some(pages, 'page')}, tax {usd(total)}, in {', '.join(names)}.",
        rows=len(each),
        total=total,
    )


def _day(desk: Desk, given: dt.date | None) -> dt.date:
    """The day given, or the As of day on Start. Later posted payments count, so that nobody who paid is billed."""
    return given or papers.last_receipt(desk, desk.as_of())


def _printer(desk: Desk, year: int, on: dt.date, rows: Table[Bill] | None = None) -> Printer:
    late = desk.ledger(on).balances
    late = late[
        late[OpenInstallment.late] & (late[OpenInstallment.total] > 0) & (late[OpenInstallment.levy_year] < year)
    ]

    def cell(name: str) -> str:
        return str(desk.book.get(name) or "")

    town = cell("town_name") or desk.town.name
    return Printer(
        desk.town, on, desk.office, town, levy_rates.rates_of(desk.table(RATES), year),
        desk.closed_days, cell("bill_payable_to") or town, cell("bill_address"), cell("bill_phone"),
        frozenset(late[OpenInstallment.account]),
        {} if rows is None else amounts_by_day.by_day(rows, desk.town, desk.closed_days),
        None if rows is None else Halves(desk.town, rows, desk.closed_days),
    )  # fmt: skip


def _parcels(desk: Desk) -> dict[str, dict[str, object]]:
    return by_account(desk.parcels)


def by_account(roll: Table[Parcel]) -> dict[str, dict[str, object]]:
    """The rows of the Roll by account."""
    return dict(zip(roll[Parcel.account], roll.to_dict("records"), strict=True))


@action(
    "Print a copy of a bill on request, and charge the fee the law allows.",
    desk="Bills",
    label="Duplicate bill",
)
def duplicate_bill(
    book: Book,
    bill: Annotated[str, Input("The bill number.")],
    requested_by: Annotated[str, Input("Who asked for the copy.")] = "",
    no_fee: Annotated[bool, Input("Yes: the copy corrects an error of the office, so there is no fee.")] = False,
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    rows = desk.duplicate[desk.duplicate[Bill.bill] == bill]
    if not len(rows):
        raise BadValue(
            f'Bill "{bill}" is not on the Duplicate.', where="bill", do="Enter the number as on the Duplicate."
        )
    register = desk.table(BILL_COPIES)
    nth = bill_copies.nth_copy(register, bill, today)
    fee, rule = (0, None) if no_fee else bill_copies.fee_for(desk.town, today, nth)
    row = bill_copies.register_row(register, bill, today, nth, requested_by, fee)
    printer, parcels = _printer(desk, int(rows[Bill.levy_year].iloc[0]), today, rows), _parcels(desk)
    laid = [
        printer.page(one, parcels.get(one[Bill.account], {}), "duplicate", nth=nth) for one in whole(rows.records())
    ]
    desk.append(row)
    if fee and rule is not None:
        first = rows.iloc[0]
        inst = installments(first)[0][0]
        desk.append(bill_copies.charge(row.records()[0], inst, str(first[Bill.part]), rule))
        desk.reallocate(today, f"fee for a copy of bill {bill}")
        desk.refresh(desk.as_of())
    name = desk.issue(f"duplicate bill {bill} copy {nth}", laid, "bill copy", f"{bill} copy {nth} of {today.year}", fee)
    desk.log("duplicate bill", f"bill {bill}, copy {nth}", 1, fee)
    charged = f"fee {usd(fee)}" if fee else "no fee"
    return Done(f"Copy {nth} of bill {bill} in {today.year}: {charged}. Printed: {name}.", rows=1, total=fee)


@action("Print receipts again from the Cash Book.", desk="Bills", label="Reprint receipt")
def reprint_receipt(
    book: Book,
    receipt: Annotated[str, Input("The receipt number, or several, such as 3, 7 or 3 to 12.")],
    paper: Annotated[
        str,
        Input("page, half for half a page with a copy for the office, or roll for a roll of 80 mm (default: page)."),
    ] = "",
) -> Done:
    desk = Desk.of(book)
    numbers = receipts.numbers_of(desk, receipt)
    file = receipts.print_receipts(desk, numbers, receipt_page.paper_of(paper) or receipt_page.PAGE, again=True)
    if len(numbers) == 1:
        desk.log("reprint receipt", f"receipt {receipt}", 1)
        return Done(f"Receipt {receipt} is in {file}.", rows=1)
    desk.log("reprint receipt", f"receipts {receipt}", len(numbers))
    return Done(f"{some(len(numbers), 'receipt')} are in {file}.", rows=len(numbers))


@action(
    "Write a CSV file for each mortgage servicer with the open installments of the bills that have its bank code.",
    desk="Bills",
    label="Servicer files",
)
def servicer_files(
    book: Book,
    year: Annotated[int, Input("The levy year.", kind="year", cell="levy_year")],
    bank_code: Annotated[str, Input("Only this servicer (default: a file for each servicer).")] = "",
    on: On = None,
) -> Done:
    desk = Desk.of(book)
    rows = servicer_file.open_installments(desk.duplicate, desk.ledger(_day(desk, on)), year, bank_code)
    if not len(rows):
        raise BadValue(
            f"No bill for {year} with {'bank code ' + bank_code if bank_code else 'a bank code'} has an open balance.",
            where="Duplicate, Bank Code",
            do="Enter the servicer's code beside its bills.",
        )
    parcels = _parcels(desk)
    said = []
    for code, part in rows.groupby(Bill.bank_code):
        name = book.put_file(f"servicer {code} {year}.csv", servicer_file.as_csv(part, parcels).encode())
        said.append(f"{code}: {some(len(part), 'installment')}, {usd(int(part[OpenInstallment.tax].sum()))}, in {name}")
    total = int(rows[OpenInstallment.tax].sum())
    desk.log("servicer files", f"{year} {bank_code}".strip(), len(rows), total)
    return Done("\n".join(said), rows=len(rows), total=total)


@action(
    "Write a CSV file of open balances for the town's inquiry site, without confidential persons and without names.",
    desk="Bills",
    label="Inquiry file",
)
def inquiry_file(book: Book, on: On = None, also_withhold: AlsoWithhold = "", not_her: NotHer = "") -> Done:
    desk = Desk.of(book)
    on = _day(desk, on)
    away = desk.confidential(also_withhold, not_her)
    rows = inquiry.open_items(desk.ledger(on).balances, away.accounts)
    away.settle(rows[OpenInstallment.account])
    rows = away.shown(rows, INSTALLMENTS, INQUIRY)
    parcels = by_account(Table.made(ROLL, away.shown(desk.parcels, ROLL, INQUIRY)))
    name = book.put_file(f"inquiry {on}.csv", inquiry.as_csv(rows, parcels, on).encode())
    total = int(rows[Balance.total].sum())
    desk.log("inquiry file", f"as of {on}", len(rows), total)
    left = f", without {some(len(away.accounts), 'confidential account')}" if away else ""
    return Done(
        f"{some(len(rows), 'open installment')}, {usd(int(rows[Balance.total].sum()))} with interest to {on}, in {name}{left}.{away.said()}",
        rows=len(rows),
        total=total,
    )


@action(
    "Disallow a deduction. The amount becomes payable on the day the law names, under the same bill number.",
    desk="Bills",
    label="Disallow deduction",
)
def disallow_deduction(
    book: Book,
    bill: Annotated[str, Input("The bill with the deduction.")],
    amount: Annotated[Cents, Input("The deduction to disallow, such as 250.00.")],
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    rows = desk.duplicate[desk.duplicate[Bill.bill] == bill]
    if not len(rows):
        raise BadValue(
            f'Bill "{bill}" is not on the Duplicate.', where="bill", do="Enter the number as on the Duplicate."
        )
    if (rows[Bill.part] == DISALLOWED).any():
        raise BadValue(
            f"A deduction of bill {bill} has already been disallowed.", where="bill", do="Nothing was changed."
        )
    first = rows.iloc[0]
    if not 0 < amount <= int(first[Bill.deductions]):
        raise BadValue(
            f"The amount is {usd(amount)}, but the bill's deductions are {usd(int(first[Bill.deductions]))}.",
            where="amount",
            do="Enter an amount up to the bill's deductions.",
        )
    rule = desk.town.rule(Installments, dt.date(int(first[Bill.levy_year]), 1, 1), first[Bill.levy_type], DISALLOWED)
    if rule.part != DISALLOWED:
        raise BadValue(
            f"The Rules of {desk.town.name} have no due date for a disallowed deduction.",
            where="Rules, installments",
            do=f"Add an installments rule of part {DISALLOWED} with its due date.",
        )
    due = rule.params.due_dates(int(first[Bill.levy_year]))[0]
    row = rows.head(1).with_columns(
        {
            **dict.fromkeys((Bill.gross_tax, Bill.deductions, *INST[2:]), 0),
            **dict.fromkeys((*DUE[2:], Bill.mailed, Bill.interest_from), pd.NaT),
            **dict.fromkeys((Bill.run, Bill.bank_code), ""),  # no billing run made it
            Bill.part: DISALLOWED,
            Bill.due_1: pd.Timestamp(due),
            Bill.recorded: pd.Timestamp(today),
            Bill.net_tax: amount,
            Bill.inst_1: amount,
        }
    )
    desk.append(row)
    desk.reallocate(today, f"deduction of bill {bill} disallowed")
    desk.refresh(desk.as_of())
    desk.log("disallow deduction", f"bill {bill}", 1, amount)
    return Done(
        f"Bill {bill}: {usd(amount)} disallowed, due {due}. Use Print Bills to print bill {bill}.",
        rows=1,
        total=amount,
    )
