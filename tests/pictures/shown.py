"""The books the pictures are taken of, with rows on every sheet: a made-up township, and the offices of tests/contract/pressed.py."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from tests.contract import pressed
from tests.contract.pressed import Csv, Press, typed
from xltax import demo
from xltax.data import made_up
from xltax.dates import add_months, month_end
from xltax.faces.catalog import actions
from xltax.faces.new import new_book
from xltax.hosts.files import FilesBook
from xltax.hosts.port import Book
from xltax.tables import CASH_BOOK
from xltax.tables.counter import DRAWER_COUNT
from xltax.tables.reading import read

D = dt.date
DAY = D(2025, 9, 16)
OWES, PAYS = "2-23", "1-3"
"""An account that has stopped paying, and one that pays."""

_PURPOSES = (
    ("County tax", "0.230", 782_000), ("County library", "0.018", 61_200), ("County open space", "0.026", 88_400),
    ("District school", "0.790", 2_686_000), ("Regional high school", "0.412", 1_400_800), ("Municipal purposes", "0.440", 1_496_000),
    ("Municipal open space", "0.025", 85_000), ("Fire district 1", "0.033", 112_200),
)  # fmt: skip
"""Together 1.974, the rate the made-up town bills in 2025."""

_BATCH = f"Parcel,Paid,Date,Trace,Name\n{OWES},500.00,09/15/2025,T1,ELDERBOTTOM\n99-9,50.00,09/15/2025,T2,NOBODY\n"
_THEIRS = """Township of Quillhaven
Parcel ID,Owner of Record,Prop Loc,Total Assmt
1-1,"Hollyhock, Ignatius",1 Copper Kettle Way,"558,200"
1-2,"Inkpenny, Osric",2 Lantern Hill Road,"412,000"
1-4,"Saltmarsh, Tansy",4 Teacup Court,"398,500"
Total,,,"1,368,700"
"""
_WHO = {"reason": "assessed twice", "authority": "Resolution 2025-40", "approved_by": "Council"}
_AGREEMENT = {"account": OWES, "months": 12, "first": D(2025, 10, 15), "signed": DAY, "down": 500_00}


def _rates() -> Sequence[dict[str, object]]:
    each = [
        {"Levy Year": 2025, "Levy Type": "RE", "Purpose": p, "Rate": float(r), "Raised": n * 100}
        for p, r, n in _PURPOSES
    ]
    return [
        *each,
        {"Levy Year": 2025, "Levy Type": "RE", "Purpose": "State aid", "Raised": 412_033_00, "State Aid": "Yes"},
    ]


def counted(book: Book) -> None:
    """The drawer holds exactly what the cash book says came in as cash and is in no closed deposit."""
    lines = read(book.read("CashBook"), CASH_BOOK)
    open_ = ~lines["Deposit"].isin(set(book.read("DayCloses")["Deposit"]))
    left = int(lines.loc[(lines["Tender"] == "Cash") & open_, "Total"].sum())
    rows = read(book.read("DrawerCount"), DRAWER_COUNT)
    pieces = []
    for value in rows["Denomination"]:
        pieces.append(left // int(value))
        left -= pieces[-1] * int(value)
    book.replace_columns("DrawerCount", pd.DataFrame({"Pieces": pieces}))


JULY: Sequence[Press] = (
    Press("bills", {"year": 2025, "bill": "2025-1-1", "on": D(2025, 6, 14)}, typed("Rates", *_rates())),
    Press("duplicate-bill", {"bill": "2025-1-3", "requested_by": "Owner at the counter", "today": D(2025, 7, 7)}),
    Press("duplicate-bill", {"bill": "2025-1-3", "requested_by": "Smith Title", "today": D(2025, 7, 8)}),
    Press("adjust", {"bill": "2025-1-2", "kind": "Abatement", "amount": 12.34, **_WHO, "effective": D(2025, 7, 9), "today": D(2025, 7, 9)}),
)  # fmt: skip
"""What the office does after the final bills are mailed."""

SEPTEMBER: Sequence[Press] = (
    Press("close-day", {"on": D(2025, 8, 31)}, counted),
    Press("turnover-slip", {"through": D(2025, 8, 31), "today": D(2025, 9, 2)}, pressed.revenue_accounts),
    Press("month-report", {"through": D(2025, 8, 31)}),
    Press("look-at", {"what": "roll", "file": Csv(_THEIRS), "control_total": 1_368_700_00}),
    Press("review-relief", {"today": DAY}, typed(
        "ReliefApplications",
        {"No": "R-1", "Received": D(2025, 9, 2), "Account": PAYS, "Levy Year": 2025, "Program": "senior", "Born": D(1950, 5, 5),
         "Owner": "Yes", "Resident": "Yes", "Income": 9_000_00, "Income Proved": "Yes"},
        {"No": "R-2", "Received": D(2025, 9, 4), "Account": "1-2", "Levy Year": 2025, "Program": "veteran", "Owner": "Yes", "Resident": "Yes"},
    )),
    Press("decide-relief", {"number": "R-1", "decision": "Approved", "decided_by": "Collector", "today": DAY}),
    Press("import-batch", {"file": Csv(_BATCH), "mapping": "Lakeview", "deposit_total": 550, "today": DAY}, typed("Mappings", *(
        {"Mapping": "Lakeview", "Column": c, "Header": h, "Reads As": r} for c, h, r in pressed.MAPPING))),
    Press("post-batch", {"batch": "1", "suspend": "Yes", "today": DAY}, typed(
        "Bank", {"Date": DAY, "Deposit": "B-1", "Amount": 550_00, "Reference": "Lakeview"})),
    Press("show", {}, typed("Counter", {"Account": PAYS, "Amount": 30_00, "Received": DAY, "Tender": "Cash", "Cashier": "A"})),
    Press("post", {"today": DAY}),
    Press("close-day", {"on": DAY, "cashier": "A"}, counted),
    Press("refresh", {"as_of": DAY}, typed(
        "ClosedDays",
        {"Date": D(2025, 11, 28), "Office": "Closed", "Reason": "Day after Thanksgiving, Resolution 2025-12"},
        {"Date": D(2025, 2, 12), "Office": "Open", "Reason": "The office keeps no holiday on Lincoln's birthday"},
    )),
    Press("card", {"find": OWES}),
    Press("quote", {"account": OWES, "on": DAY, "days": 30, "requested_by": "Smith Title Agency", "today": DAY}),
    Press("tax-search", {"account": "3-12", "requested_by": "Smith Title Agency", "today": DAY}),
    Press("agreement", _AGREEMENT),
    Press("sign-agreement", _AGREEMENT),
    Press("agreement-status"),
    Press("delinquent"),
    Press("make-list", {"name": "calls", "as_of": D(2025, 9, 30)}),
    Press("notices", {"name": "reminder", "as_of": D(2025, 9, 30), "mailed": D(2025, 9, 30), "clerk": "TK"}),
    Press("calendar", {"year": 2025}),
    Press("log-inquiry", {"about": "asks for a receipt", "due": D(2025, 9, 30), "account": PAYS, "asked_by": "Owner", "today": DAY}),
    Press("log-inquiry", {"about": "bill went to an old address", "due": D(2025, 10, 3), "kind": "complaint", "account": "1-8", "today": DAY}),
    Press("rents", {"account": OWES}, typed(
        "Rents",
        {"Account": OWES, "Date": D(2025, 8, 31), "Kind": "Rent", "From or To": "Tenant", "Amount": 1_900_00},
        {"Account": OWES, "Date": D(2025, 9, 3), "Kind": "Expense", "From or To": "Plumber", "Amount": 240_00, "Order": "MON-C-12-25"},
    )),
    Press("watch", {"as_of": DAY, "days": 90}, typed(
        "Cases",
        {"No": "1", "Kind": "Promise to pay", "Account": "1-8", "Opened": D(2025, 9, 9), "Amount": 500_00, "Until": D(2025, 9, 26), "Reason": "by phone"},
        {"No": "2", "Kind": "Receivership", "Account": OWES, "Opened": D(2025, 6, 2), "Reference": "MON-C-12-25", "With": "Superior Court"},
    )),
    Press("budget-report", {"year": 2025, "today": DAY}, typed(
        "Budget",
        {"Levy Year": 2025, "Item": "Salaries", "Budgeted": 148_000_00, "Spent": 103_400_00, "Ordered": 0},
        {"Levy Year": 2025, "Item": "Postage", "Budgeted": 6_200_00, "Spent": 4_834_56, "Ordered": 300_00},
        {"Levy Year": 2025, "Item": "Training", "Budgeted": 1_500_00, "Spent": 690_00, "Ordered": 0},
    )),
    Press("parallel", {"file": Csv(f"Account,Total\n1-1,2800.76\n1-3,100.00\n{OWES},30000.00\n")}, typed(
        "Training",
        {"No": "1", "Person": "T. Keane", "Held On": D(2025, 5, 14), "Course": "Tax sales and foreclosure", "Given By": "Rutgers",
         "Subject": "enforcement", "Credits": 3, "Certificate": "CTC T-1234", "Renew By": D(2026, 6, 30)},
    )),
    Press("enter-certificate", {
        "certificate": "25-001", "account": OWES, "sold": DAY, "liens_to": D(2024, 12, 31), "holder": "Lien Fund LLC", "rate": "18%",
        "premium": 500, "notices": 1, "today": DAY,
    }),
    Press("certificates", {"as_of": D(2025, 9, 30)}, typed(
        "Subsequents", {"Certificate": "25-001", "Paid On": D(2025, 9, 24), "Amount": 4_366_48, "For": "2025, third quarter", "Receipt": "9001"})),
    Press("proof"),
    Press("selfcheck"),
    Press("show", {}, typed(
        "Counter",
        {"Account": PAYS, "Amount": 30_00, "Received": DAY, "Tender": "Cash", "Cashier": "A"},
        {"Account": OWES, "Amount": 7_550_00, "Received": DAY, "Tender": "Check", "Reference": "88", "Cashier": "A"},
        {"Account": "1-8", "Amount": 500_00, "Received": DAY, "Tender": "Check", "Reference": "1201", "Cashier": "A"},
    )),
)  # fmt: skip
"""A day in September with something on every desk."""

ELSEWHERE = {
    "us-ct-south-windsor": ("Watch", "Liens", "Warrants", "Warrant Money", "Waivers"),
    "us-la-east-baton-rouge": ("Registrations", "Returns", "Usage", "Credit Accounts"),
}
"""Sheets whose work New Jersey does not do: the offices they are shown from."""


def township(folder: Path) -> Path:
    """The New Jersey book, and beside it the pages it printed: three years of bills, payments posted month by month."""
    made = made_up.made_up_town(70, years=(2023, 2024, 2025))
    payments, bills, levied = demo.payments_of(made, DAY)
    path = folder / "quillhaven.xlsx"
    new_book(path, made.profile, name="Quillhaven Township", year=2025, as_of=D(2025, 6, 30))
    book = FilesBook.open(path)
    for name, value in {
        "control_bills": bills, "control_tax": levied, "bill_payable_to": "Township of Quillhaven",
        "bill_address": "124 Cedar Drive, Quillhaven, NJ 00000", "bill_phone": "Tax Office 555-0100, Monday to Friday 9 to 4",
    }.items():  # fmt: skip
        book.set(name, value)
    demo.years_go_by(book, made, payments, D(2025, 6, 30), folder, _unheard, days=_month_by_month)
    book.save()
    lived(path, JULY)
    book = FilesBook.open(path)
    for start, end in ((D(2025, 6, 30), D(2025, 7, 31)), (D(2025, 7, 31), D(2025, 8, 31))):
        demo.post_payments(book, payments, start, end, folder, _unheard)
    book.set("as_of", DAY)
    book.save()
    lived(path, SEPTEMBER)
    book = FilesBook.open(path)
    _pasted(book)
    book.set("incoming_file", "last year's roll.xlsx")
    book.save()
    return path


def _unheard(said: str) -> None:
    """What the tasks say goes nowhere."""


def _month_by_month(start: dt.date, end: dt.date) -> list[dt.date]:
    ends = (month_end(add_months(start.replace(day=1), n)) for n in range(13))
    return [*(day for day in ends if start < day < end), end]


def _pasted(book: FilesBook) -> None:
    """A sheet of hers on Paste, as it stands before Bring In empties it."""
    rows = list(csv.reader(_THEIRS.splitlines()))[1:]
    book.append("Paste", pd.DataFrame(rows, columns=[f"Column {n}" for n in range(1, 5)]))


def elsewhere(folder: Path, town: str) -> Path:
    """The book of another state's office after its days."""
    return lived(pressed.town_book(folder / f"{town}.xlsx", town), pressed.OFFICES[town][1])


def lived(path: Path, days: Sequence[Press]) -> Path:
    """A book after these tasks; a task that refuses stops the pictures."""
    for one in days:
        said = pressed.do(one, lambda: FilesBook.open(path), path.parent)
        if said.startswith("refused"):
            raise SystemExit(f"{actions()[one.action].label}: {said}")
    return path
