"""Every task pressed once with good inputs: the days of two small offices, the same for every host.

Each press stands on the ones before it. A task no press is given for fails by its name (tests/contract/test_pressed.py): add a
Press for it here, in the place of the office's days where it belongs, with what the collector types first.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from tests.books import sealed
from tests.enforcement.offices import CT_BILLS, CT_DAY, CT_ROLL
from xltax.errors import TaxError
from xltax.faces.catalog import actions
from xltax.faces.new import new_book
from xltax.faces.run import press
from xltax.hosts.files import FilesBook
from xltax.hosts.office_js.book import OfficeBook
from xltax.hosts.port import Book
from xltax.sheets.forms import NAMED
from xltax.tables import ALL
from xltax.tables.statements import MONEY_COLUMNS

D = dt.date
DAY, SALE = D(2025, 9, 15), D(2026, 3, 10)


@dataclass(frozen=True)
class Csv:
    """A file the collector names: its text."""

    text: str


@dataclass(frozen=True)
class Press:
    """One button. given: an input's name, or a named cell's, -> what is typed there. first: what is typed into tables before.

    refuses: why no input is a good one here, with the words it refuses in.
    """

    action: str
    given: Mapping[str, Any] = field(default_factory=dict)
    first: Callable[[Book], None] = lambda book: None
    refuses: str = ""


def typed(table: str, *rows: Mapping[str, Any]) -> Callable[[Book], None]:
    """Rows the collector types below a table; money in cents."""
    return lambda book: book.append(table, pd.DataFrame(list(rows), dtype=object))


def column(table: str, name: str, *values: Any) -> Callable[[Book], None]:
    """A column of a table, filled from its first row on."""

    def fill(book: Book) -> None:
        count = len(book.read(table))
        book.replace_columns(table, pd.DataFrame({name: [*values, *[values[-1]] * count][:count]}))

    return fill


def revenue_accounts(book: Book) -> None:
    """An account for each kind of money, and the bank's."""
    rows = [{"Code": c, "Name": c, "Column": c, "GL Account": f"10{n}"} for n, c in enumerate(MONEY_COLUMNS)]
    book.append(
        "RevenueAccounts",
        pd.DataFrame(
            [*rows, *({"Code": c, "Name": c, "Column": "Misc", "GL Account": "201"} for c in ("SUSPENSE", "FEES"))]
        ),
    )


def redeems(book: Book) -> float:
    return float(book.read("Certificates")["Redemption"].iloc[0])


ROLL = """Account,Owner,Location,Net Value,Prior Tax,Deductions
001,ADAMS,1 Main St,200000,4000,
002,BAKER,=2 Main St,300000,6000,250
003,CLARK,3 Main St,100000,2000,
"""
THEIRS = """Township of Quillhaven
Parcel ID,Owner of Record,Prop Loc,Net Val
001,ADAMS,1 Main St,"200,000"
002,BAKER,2 Main St,"300,000"
003,CLARK,3 Main St,"100,000"
Total,,,"600,000"
"""
PAYMENTS = "Account,Amount,Received,Tender\n001,1000,2025-02-05,Check\n002,300.25,2025-03-01,Check\n003,9000,2025-09-01,Check\n"
BATCH = "Parcel,Paid,Date,Trace,Name\n001,100.00,09/12/2025,T1,ADAMS\n999,50.00,09/12/2025,T2,NOBODY\n"
STATEMENT = "Date,Description,Amount\n9/12/2025,DEPOSIT,150.00\n9/15/2025,DEPOSIT,50.50\n"
MAPPING = [("Account", "Parcel", ""), ("Amount", "Paid", "dollars"), ("Received", "Date", "mdy"), ("Reference", "Trace", ""), ("Payer", "Name", "")]  # fmt: skip
WHO = {"reason": "assessed twice", "authority": "Resolution 2025-40", "approved_by": "Council"}
AGREEMENT = {"account": "002", "months": 6, "first": D(2025, 10, 15), "signed": DAY, "down": 10000}

BY_HAND = {
    "Receipt": "13", "Line": 1, "Received": DAY, "Effective": DAY, "Recorded": DAY, "Account": "002", "Bill": "2025-002", "Inst": 3,
    "Levy Year": 2025, "Levy Type": "RE", "Kind": "Payment", "By": "owner", "Tender": "Cash", "Interest": 1000, "Total": 1000,
    "Cashier": "A",
}  # fmt: skip

SENIOR = {
    "No": "R-1", "Received": D(2025, 1, 5), "Account": "003", "Levy Year": 2025, "Program": "senior", "Born": D(1950, 5, 5),
    "Owner": "Yes", "Resident": "Yes", "Income": 900000, "Income Proved": "Yes",
}  # fmt: skip
WAIVER = {
    "No": "1", "Received": CT_DAY, "Bill": "23-R4", "Inst": 1, "Asked": 500, "Reason": "billed to a wrong address by the assessor",
    "Recommendation": "Grant", "Recommended By": "Deputy",
}  # fmt: skip

NEW_JERSEY: Sequence[Press] = (
    Press("look-at", {"what": "roll", "file": Csv(THEIRS), "control_total": 600000_00}),
    Press("bring-in", {"what": "roll", "file": Csv(THEIRS), "control_total": 600000_00, "control_rows": 3, "today": D(2025, 1, 2)}),
    Press("import-roll", {"file": Csv(ROLL), "control_bills": 3, "on": D(2025, 1, 2)}),
    Press("bill", {"year": 2025, "rates": "RE=2.248", "stage": "whole", "today": D(2025, 1, 10), "mailed": D(2025, 1, 10)}),
    Press("bills", {"on": D(2025, 1, 10)}),
    Press("print-to", {"print_to": "Both"}),
    Press("import-roll", {"file": Csv("Account,Net Value\n003,90000\n"), "missing": "keep", "on": D(2025, 1, 10)}),
    Press("correct-bills", {"year": 2025, "rates": "RE=2.248", "authority": "Certificate 2025-1", "approved_by": "Assessor", "today": D(2025, 1, 10)}),
    Press("review-relief", {"today": D(2025, 1, 10)}, typed("ReliefApplications", SENIOR)),
    Press("decide-relief", {"number": "R-1", "decision": "Approved", "decided_by": "Collector", "today": D(2025, 1, 10)}),
    Press("relief-leaflet", {"year": 2025}),
    Press("servicer-files", {"on": D(2025, 1, 10)}, column("Duplicate", "Bank Code", "B7", "B7", "C1")),
    Press("post", {"payments": Csv(PAYMENTS), "today": DAY}),
    Press(
        "show", {},
        typed("Counter", {"Account": "001", "Amount": 5000, "Received": DAY, "Tender": "Cash", "Cashier": "A"},
              {"Account": "002", "Amount": 7550, "Received": DAY, "Tender": "Check", "Reference": "88", "Cashier": "A"}),
    ),
    Press("post", {"today": DAY}),
    Press("reprint-receipt", {"receipt": "1"}),
    Press("reverse", {"receipt": "1", "reason": "check returned unpaid", "on": D(2025, 3, 3), "today": DAY}),
    Press("transfer", {"receipt": "2", "account": "003", "reason": "meant for another parcel", "today": DAY}),
    Press("adjust", {"bill": "2025-001", "kind": "Abatement", "amount": 12.34, **WHO, "effective": DAY, "today": DAY}),
    Press("undo", {"today": DAY}),
    Press("appeal", {"bill": "2025-001", "year_tax": 4000, "authority": "County board, docket 12", "approved_by": "Collector", "today": DAY}),
    Press("refund", {"account": "003", "amount": 100, **WHO, "today": DAY}),
    Press("disallow-deduction", {"bill": "2025-002", "amount": 250, "today": DAY}),
    Press("duplicate-bill", {"bill": "2025-002", "requested_by": "Smith Title", "today": DAY}),
    Press("refresh", {"as_of": DAY}),
    Press("today", {"on": DAY}),
    Press("card", {"find": "BAKER"}),
    Press("quote", {"account": "002", "on": DAY, "days": 5, "requested_by": "Smith Title", "today": DAY}),
    Press("tax-search", {"account": "002", "requested_by": "Smith Title", "today": DAY}),
    Press("agreement", AGREEMENT),
    Press("sign-agreement", AGREEMENT),
    Press("revise-agreement", {"agreement": "2025-1"}),
    Press("agreement-status"),
    Press("import-batch", {"file": Csv(BATCH), "mapping": "Lakeview", "deposit_total": 150, "today": DAY},
          typed("Mappings", *({"Mapping": "Lakeview", "Column": c, "Header": h, "Reads As": r} for c, h, r in MAPPING))),
    Press("post-batch", {"batch": "1", "suspend": "Yes", "today": DAY}),
    Press("clear-suspense", {"receipt": lambda book: book.read("Suspense")["Receipt"].iloc[-1], "account": "002", "today": DAY}),
    Press("close-day", {"on": DAY, "cashier": "A"},
          lambda book: book.replace_rows("DrawerCount", pd.DataFrame({"Denomination": [2000, 1000], "Pieces": [2, 1]}))),
    Press("reopen-day", {"deposit": "A-1", "reason": "counted wrong", "approved_by": "Resolution 2025-7"}),
    Press("close-day", {"on": DAY, "cashier": "A"},
          lambda book: book.replace_rows("DrawerCount", pd.DataFrame({"Denomination": [2000, 1000], "Pieces": [2, 1]}))),
    Press("turnover-slip", {"through": DAY, "today": DAY}, revenue_accounts),
    Press("import-bank", {"file": Csv(STATEMENT), "balance": 200.5, "through": DAY}),
    Press("reconcile-bank", {"as_of": DAY, "reviewed_by": "Treasurer"}),
    Press("list-credits", {"as_of": D(2027, 3, 1), "letters": "Yes", "report": "Yes"}),
    Press("escheat", {"account": "003", "authority": "46:30B", "approved_by": "Council", "today": DAY}, refuses="is presumed abandoned"),
    Press("seal", {"today": DAY}, typed("CashBook", BY_HAND)),
    Press("delinquent"),
    Press("make-list", {"name": "tax sale", "as_of": SALE, "in_print": "Yes", "public": "Yes"}),
    Press("notices", {"name": "tax sale", "as_of": SALE, "mailed": D(2026, 2, 2), "emails": "Yes"}),
    Press("calendar", {"year": 2025}),
    Press("public-cash-book"),
    Press("rents", {"account": "002"},
          typed("Rents", {"Account": "002", "Date": DAY, "Kind": "Rent", "From or To": "Tenant", "Amount": 90000})),
    Press("apply-rents", {"account": "002", "on": DAY, "today": DAY}),
    Press("log-inquiry", {"about": "asks for a receipt", "due": D(2025, 9, 30), "account": "002", "today": DAY}),
    Press("inquiry-file", {"on": DAY}),
    Press("budget-report", {"year": 2025, "today": DAY},
          typed("Budget", {"Levy Year": 2025, "Item": "Postage", "Budgeted": 400000, "Spent": 123456, "Ordered": 0})),
    Press("parallel", {"file": Csv("Account,Total\n001,100.00\n002,5000\n003,0\n")}),
    Press("compare-authority-list", {"file": Csv("Number,Account,Levy Year,Kind,Amount\n2025-40,002,2025,Abatement,5.00\n"), "kinds": "Abatement"}),
    Press("lock-period", {"through": DAY}),
    Press("unlock-period", {"approved_by": "Council", "reason": "a check of that day was found"}),
    Press("close-off-day", {"day": D(2031, 1, 5), "approved_by": "Council", "reason": "wrong clock"}, refuses="Nothing is recorded on 2031-01-05"),
    Press("exception-report", {"as_of": DAY}),
    Press("month-report", {"through": DAY}),
    Press("annual-statement", {"through": DAY}),
    Press("ledger-export", {"through": DAY}),
    Press("audit-pack", {"seed": "amber", "sample": 3}),
    Press("enter-certificate", {"certificate": "26-001", "account": "001", "sold": SALE, "liens_to": D(2025, 12, 31), "holder": "Lien Fund LLC", "rate": "18%", "premium": 500, "notices": 1, "today": SALE}),
    Press("enter-certificate", {"certificate": "26-002", "account": "002", "sold": SALE, "liens_to": D(2025, 12, 31), "rate": "18%", "today": SALE}),
    Press("end-certificate", {"certificate": "26-002", "how": "Canceled", "on": D(2026, 3, 20), "authority": "Resolution 2026-31", "today": D(2026, 3, 20)}),
    Press("certificates", {"as_of": D(2026, 3, 20)}),
    Press("redemption", {"certificate": "26-001", "requested_by": "ADAMS", "on": D(2026, 3, 20), "today": D(2026, 3, 20)}),
    Press("redeem", {"certificate": "26-001", "on": D(2026, 3, 20), "paid": redeems}),
    Press("proof"),
    Press("selfcheck"),
    Press("upgrade"),
    Press("share", {"name": "public"}),
)  # fmt: skip
"""A New Jersey township's year, from the roll to the copy for the public."""

CONNECTICUT: Sequence[Press] = (
    Press("refresh", {"as_of": CT_DAY}, lambda book: start(book)),
    Press("waive", {"bill": "23-R4", "amount": 10, "reason": "the town's own error", "authority": "12-145", "approved_by": "Board", "today": CT_DAY}),
    Press("review-waivers", {"today": CT_DAY}, typed("WaiverRequests", WAIVER)),
    Press("decide-waiver", {"number": "1", "decision": "Granted", "decided_by": "Board", "authority": "Vote 4", "today": CT_DAY}),
    Press("notices", {"name": "lien", "account": "R6", "mailed": CT_DAY}),
    Press("file-liens", {"name": "lien", "as_of": D(2025, 3, 18)}),
    Press("assign-lien", {"lien": "1", "to": "Harbor Lien Fund", "on": D(2025, 3, 19), "authority": "Resolution 25-14", "price": 12000, "today": D(2025, 3, 19)},
          column("Liens", "Recorded", D(2025, 3, 18))),
    Press("take-lien-back", {"lien": "1", "reason": "the purchaser did not pay", "today": D(2025, 3, 19)}),
    Press("execute-lien", {"on": D(2025, 3, 19), "year": 2023, "today": D(2025, 3, 19)}, refuses="has no lien rule"),
    Press("charge-fees-due", {"today": D(2025, 3, 19)}, refuses="has no fee that the law adds by itself"),
    Press("notices", {"name": "demand", "account": "R4", "as_of": CT_DAY, "mailed": CT_DAY}),
    Press("issue-warrants", {"officer": "J. Constable", "term_ends": D(2026, 6, 30), "as_of": D(2025, 3, 20)}),
    Press("warrant-money", {"warrant": "1", "amount": 500, "collected": D(2025, 4, 1), "taken_by": "town", "today": D(2025, 4, 1)}),
    Press("warrant-money", {"warrant": "1", "amount": 300, "collected": D(2025, 4, 2), "bank_account": "1234", "today": D(2025, 4, 2)}),
    Press("pay-over", {"warrant": "1", "amount": 300, "on": D(2025, 4, 10), "reference": "17", "today": D(2025, 4, 10)}),
    Press("watch", {"as_of": D(2025, 4, 2), "days": 60}),
    Press("unsecure", {"as_of": D(2025, 9, 1), "today": D(2025, 9, 1)}),
)  # fmt: skip
"""A Connecticut town that enforces: liens, warrants, what is due in them."""


def meters(book: Book) -> None:
    """What the water company read."""
    rows = [
        {"Levy Type": "SEWER", "Account": a, "Year": 2025, **dict.fromkeys(("Feb", "Mar", "Apr"), n)}
        for a, n in (("W1", "7.5"),)
    ]
    book.append("Usage", pd.DataFrame(rows))


_JAN = D(2025, 1, 31)
LOUISIANA: Sequence[Press] = (
    Press("register-account", {"account": "S1", "name": "PEPPER GRILL", "tax_types": "SALES, LICENSE", "opened": D(2024, 1, 2), "frequency": "monthly", "location_code": "1701", "business_type": "restaurant", "location": "5 River Rd"}),
    Press("register-account", {"account": "W1", "name": "=DOE JANE", "tax_types": "SEWER", "opened": D(2024, 1, 2)}),
    Press("charge-fee", {"account": "S1", "amount": 500, "year": 2025, "today": D(2025, 1, 2)}),
    Press("returns-not-filed", {"period_end": _JAN, "on": D(2025, 2, 21)}),
    Press("post-return", {"account": "S1", "period_end": _JAN, "gross": 90000, "deductions": 0, "filed": D(2025, 2, 25), "today": D(2025, 2, 27)}),
    Press("bill-usage", {"kind": "sewer", "month": D(2025, 5, 15), "due": D(2025, 6, 10), "today": D(2025, 5, 20)}, meters),
    Press("close-account", {"account": "W1", "closed": D(2025, 5, 31), "reason": "moved away"}),
    Press("credit-accounts", {"on": D(2025, 6, 30)}),
)  # fmt: skip
"""A parish's fee desk: registered, charged, filed, closed."""


HOMES = """Account,Owner,Location,Net Value,Flags
0001,ADAMS,1 Charles St,250000,owner-occupied
0002,BAKER,2 Charles St,100013,"rental, semiannual"
"""
CHARGE = {"Id": 900, "Rule": "fee", "From": D(2025, 7, 1), "Authority": "Ordinance 25-1 (made up)"}
_JULY = D(2025, 7, 1)
MARYLAND: Sequence[Press] = (
    Press("import-roll", {"file": Csv(HOMES), "on": D(2025, 6, 2)},
          typed("Rules", CHARGE | {"Key": "kind", "Value": "service_charge"}, CHARGE | {"Key": "rate", "Value": "0.75%"})),
    Press("bill", {"year": 2025, "rates": "RE City=2.248, RE State=0.112", "mailed": _JULY, "today": _JULY}),
    Press("bills", {"on": _JULY}),
    Press("post", {"payments": Csv("Account,Amount,Received\n0001,2950,2025-09-30\n"), "today": D(2025, 9, 30)}),
    Press("service-charges", {"today": D(2025, 10, 1)}),
)  # fmt: skip
"""A Maryland city whose homes pay in halves; the percent of its charge is made up."""


def start(book: Book) -> None:
    book.append("Roll", pd.DataFrame(list(CT_ROLL)))
    book.append("Duplicate", sealed.bills(CT_BILLS))


OFFICES: Mapping[str, tuple[dt.date, Sequence[Press]]] = {
    "us-nj-colts-neck": (DAY, NEW_JERSEY),
    "us-ct-south-windsor": (CT_DAY, CONNECTICUT),
    "us-la-east-baton-rouge": (D(2025, 6, 30), LOUISIANA),
    "us-md-baltimore-city": (D(2025, 10, 1), MARYLAND),
}


def billing() -> Sequence[Press]:
    """The New Jersey office's first days, until the year is billed."""
    return NEW_JERSEY[: [one.action for one in NEW_JERSEY].index("bill") + 1]


def town_book(path: Path, town: str) -> Path:
    """The book an office begins its days with."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new_book(path, town, name="Quillhaven", year=OFFICES[town][0].year, as_of=OFFICES[town][0])
    return path


def do(one: Press, open_book: Callable[[], Book], folder: Path, run: Callable[[str], str] | None = None) -> str:
    """What the button says, or what it refuses with. folder: where the files the collector names lie.

    run: how a host runs a task by its name, if not by a book of its own.
    """
    fill(one, open_book, folder)
    try:
        return run(one.action) if run else press(actions()[one.action], open_book()).text
    except TaxError as error:
        return f"refused: {error}"


def fill(one: Press, open_book: Callable[[], Book], folder: Path) -> None:
    """What the collector types before she presses."""
    action, book = actions()[one.action], open_book()
    one.first(book)
    cells = {f.name: action.cell_of(f) for f in action.inputs}
    for name, value in one.given.items():
        if isinstance(value, Csv):
            path = folder / f"{action.name}.csv"
            path.write_text(value.text, encoding="utf-8")
            value = str(path)
        book.set(cells.get(name, name), value(book) if callable(value) else value)
    if isinstance(book, FilesBook | OfficeBook):
        book.save()  # what she typed; a book open in a program has it already


def facts(book: Book) -> str:
    """What was billed, received and adjusted, and whose it is: all that a balance rests on."""
    held = (
        book.read(name)[[c.name for c in ALL[name].facts]] for name in ("Roll", "Duplicate", "CashBook", "Adjustments")
    )
    return "".join(frame.to_csv() for frame in held)


_TIMED = {"Log": ["When", "Seal"], "Issued": ["Printed", "Books", "Seal"]}
"""What has the time in it: a line's seal covers its time."""


def seen(book: Book) -> dict[str, dict[str, Any]]:
    """Everything in the book's tables and named cells, but the minute it was logged."""
    out: dict[str, dict[str, Any]] = {}
    for name in book.tables():
        if name in ALL:
            frame = book.read(name).drop(columns=_TIMED.get(name, [])).astype(object)
            if name == "Issued":  # these pages show times of the Log, or codes that cover them
                timed = frame["Kind"].isin(("audit pack", "day close", "exceptions"))
                frame.loc[timed, ["Fingerprint", "Parts"]] = ""
            if name == "Log":
                frame["Codes"] = frame["Codes"].map(lambda codes: re.sub(r"Issued \w+", "", codes) if codes else codes)
            out[name] = {
                "": frame.columns.tolist(),
                **{f"row {i}": r for i, r in zip(frame.index, frame.to_numpy().tolist(), strict=True)},
            }
    return out | {"cells": {name: book.get(name) for name in NAMED}}


def beside(path: Path) -> list[str]:
    """What stands beside the book: the pages to print, the files for others."""
    return sorted(p.name for p in path.parent.iterdir() if p != path and p.is_file())
