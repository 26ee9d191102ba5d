"""Two small offices worked by hand: a Connecticut town whose parties own houses and vehicles, and a New Jersey township."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from xltax.workbooks import family_of, starting_rows

from tests.books import sealed
from tests.books.one_book import OneBook
from xltax.actions import certificates, enforcement
from xltax.dates import ClosedDays
from xltax.faces.books import book_of
from xltax.hosts.files import FilesBook
from xltax.law.load import load
from xltax.law.table import to_frame
from xltax.ledger.replay import Facts, replay
from xltax.ledger.wide import melt
from xltax.office.collection import lists
from xltax.office.collection.list_facts import Records
from xltax.sheets.layout import fingerprint
from xltax.sheets.write import build
from xltax.tables import CASH_BOOK, DUPLICATE, RECEIPTS, ROLL
from xltax.tables.enforcement import CASES, LIENS, NOTICES
from xltax.tables.schema import R, TableSpec
from xltax.tables.table import Table

D = dt.date
Rows = Sequence[Mapping[str, Any]]

CT, NJ = "us-ct-south-windsor", "us-nj-colts-neck"
CT_DAY = D(2025, 3, 3)
NJ_DAY = D(2025, 3, 3)


def ct_bill(bill: str, account: str, party: str, kind: str, year: int, tax: int, **more: Any) -> dict[str, Any]:
    """A bill of a grand list year in cents: real estate in two halves, a vehicle in one, due from July of the next year."""
    halves = [tax // 2, tax - tax // 2] if kind in ("RE", "PP") else [tax, 0]
    due = [D(year + 1, 7, 1), D(year + 2, 1, 1)] if kind in ("RE", "PP") else [D(year + 1, 7, 1), None]
    return {
        "Bill": bill, "Account": account, "Party": party, "Levy Year": year, "Levy Type": kind, "Gross Tax": tax, "Net Tax": tax,
        "Inst 1": halves[0], "Inst 2": halves[1], "Due 1": due[0], "Due 2": due[1], **more,
    }  # fmt: skip


def nj_bill(account: str, year: int, tax: int, **more: Any) -> dict[str, Any]:
    """A bill of a year in cents, in four equal quarters."""
    return {
        "Bill": f"{year}-{account}", "Account": account, "Levy Year": year, "Levy Type": "RE", "Gross Tax": tax, "Net Tax": tax,
        **{f"Due {q}": D(year, 3 * q - 1, 1) for q in range(1, 5)}, **{f"Inst {q}": tax // 4 for q in range(1, 5)}, **more,
    }  # fmt: skip


def person(account: str, owner: str, **more: Any) -> dict[str, Any]:
    """A row of the roll with an address."""
    return {
        "Account": account, "Owner": owner, "Mail 1": f"{len(owner)} Oak Street", "Mail 2": "Quillhaven", "Location": f"{account} Elm St",
        "Levy Type": "RE", "Net Value": 10_000_000, **more,
    }  # fmt: skip


CT_ROLL: Rows = (
    person("R1", "ADAMS", Party="P1", Email="adams@example.org"),
    person("M1", "ADAMS", Party="P1", **{"Levy Type": "MV"}),
    person("R2", "BAKER", Party="P2", Flags="bankruptcy"),
    # With a mailing address of her own: whoever shares hers is left out of public copies with her.
    person("R3", "CLARK", Party="P3", Flags="confidential", Phone="555-0103", **{"Mail 1": "12 Elm Street"}),
    person("M3", "CLARK", Party="P3", **{"Levy Type": "MV", "Mail 1": "12 Elm Street"}),
    person("R4", "DAVIS", Party="P4"),
    person("B5", "EVANS SHOP LLC", Party="P5", **{"Levy Type": "PP"}),
    person("R6", "FRANK", Party="P6"),
    person("M7", "GREEN", Party="P7", **{"Levy Type": "MV"}),
)
CT_BILLS: Rows = (
    ct_bill("22-R1", "R1", "P1", "RE", 2022, 400_000),
    ct_bill("23-R1", "R1", "P1", "RE", 2023, 420_000),
    ct_bill("23-M1", "M1", "P1", "MV", 2023, 30_000),
    ct_bill("22-R2", "R2", "P2", "RE", 2022, 300_000),
    ct_bill("23-R2", "R2", "P2", "RE", 2023, 300_000),
    ct_bill("23-R3", "R3", "P3", "RE", 2023, 200_000),
    ct_bill("23-M3", "M3", "P3", "MV", 2023, 20_000),
    ct_bill("23-R4", "R4", "P4", "RE", 2023, 100_000),
    ct_bill("23-B5", "B5", "P5", "PP", 2023, 50_000),
    ct_bill("22-R6", "R6", "P6", "RE", 2022, 1_200_000),
    ct_bill("23-M7", "M7", "P7", "MV", 2023, 10_000),
)
"""Grand lists of 2022 and 2023: due July 1 of 2023 and 2024 and the January after."""

NJ_ROLL: Rows = (
    person("001", "ADAMS", Class="2", Flags="owner-occupied"),
    person("002", "BAKER APTS", Class="4C"),
    person("003", "CLARK", Class="2", Flags="rental"),
    person("004", "DAVIS", Class="2", Flags="bankruptcy"),
    person("005", "EVANS", Class="1"),
)
NJ_BILLS: Rows = (
    nj_bill("001", 2024, 400_000),
    nj_bill("002", 2024, 800_000),
    nj_bill("003", 2024, 200_000),
    nj_bill("004", 2024, 100_000),
    nj_bill("005", 2024, 4_000),
    nj_bill("001", 2025, 400_000),
)


# ---- every situation that a payoff has to tell apart -----------------------------------------------------------------

PAYOFF_DAY = D(2025, 3, 17)
CT_EVERY_ROLL: Rows = (
    *CT_ROLL,
    person("H8", "HALE", Party="P8"),
    person("M8", "HALE", Party="P8", **{"Levy Type": "MV"}),
    person("R9", "INGRAM", Party="P9"),
    person("R10", "TOWN LIBRARY", Party="P10", **{"Net Value": 0}),
    person("R11", "JONES", Party="P11"),
    person("R12", "KENT", Party="P12"),
    person("R13", "LOWE", Party="P13"),
    person("S14", "MOORE", Party="P14", **{"Levy Type": "SEWER"}),
    person("R15", "NASH", Party="P15"),
    person("R16", "OWENS", Party="P16"),
    person("R17", "PAGE", Party="P17"),
    person("R18", "QUINN", Party="P18"),
    person("R19", "NEW LOT", Party="P19"),
)
CT_EVERY_BILLS: Rows = (
    *(b | ({"Hold": "litigation"} if b["Bill"] == "22-R6" else {}) for b in CT_BILLS),
    ct_bill("23-R6", "R6", "P6", "RE", 2023, 600_000),
    ct_bill("23-H8", "H8", "P8", "RE", 2023, 500_000),
    ct_bill("23-M8", "M8", "P8", "MV", 2023, 40_000),
    ct_bill("22-R9", "R9", "P9", "RE", 2022, 360_000),
    ct_bill("23-R9", "R9", "P9", "RE", 2023, 380_000),
    ct_bill("23-R10", "R10", "P10", "RE", 2023, 0),
    ct_bill("23-R11", "R11", "P11", "RE", 2023, 100_000),
    ct_bill("23-R12", "R12", "P12", "RE", 2023, 100_000),
    ct_bill("24-R12", "R12", "P12", "RE", 2024, 110_000),
    ct_bill("24-R13", "R13", "P13", "RE", 2024, 130_000),
    ct_bill("24-S14", "S14", "P14", "SEWER", 2023, 24_000),
    ct_bill("23-R15", "R15", "P15", "RE", 2023, 240_000),
    ct_bill("23-R16", "R16", "P16", "RE", 2023, 250_000),
    ct_bill("23-R17", "R17", "P17", "RE", 2023, 260_000),
    ct_bill("24-R18", "R18", "P18", "RE", 2024, 200_000),
    ct_bill("23-R18", "R18", "P18", "RE", 2023, 200_000, Hold="litigation"),
)
"""Beside the town above: a house and a vehicle under a served warrant (P8), an assigned lien (R9), an exempt account (R10), credit (R11),
installments not yet due (R12, R13, prepaid in part), sewer (S14), an agreement (R15), one in bankruptcy (R16), a warrant returned (R17), a
bill in litigation beside one not yet due (R18), an account never billed (R19)."""


def warrant(no: str, account: str, party: str, execution: int, fee: int, **more: Any) -> dict[str, Any]:
    return {"No": no, "Officer": "Constable Hale", "Issued": D(2025, 2, 3), "Account": account, "Party": party,
            "Execution": execution, "Fee": fee, **more}  # fmt: skip


CT_WARRANTS: Rows = (
    warrant("1", "R4", "P4", 107_500 + 600, 16_215, Served=D(2025, 2, 20), Method="in hand"),
    warrant("2", "R3", "P3", 237_000 + 600, 35_640),
    warrant("3", "H8", "P8", 600_000, 90_000, Served=D(2025, 2, 20), Method="abode"),
    warrant("4", "R17", "P17", 280_000, 42_000, Served=D(2025, 2, 10), Returned=D(2025, 3, 10), Result="nothing found"),
)
CT_LIENS: Rows = (
    {"No": "1", "Kind": "Land", "Account": "R9", "Bill": "22-R9", "Amount": 360_000, "Prepared": D(2024, 3, 1),
     "Recorded": D(2024, 3, 5), "Assigned": D(2024, 12, 2), "Assigned To": "Harbor Lien Fund LLC", "Price": 400_000},
)  # fmt: skip
CT_CASES: Rows = (
    {
        "No": "1",
        "Kind": "Bankruptcy",
        "Account": "R16",
        "Opened": D(2024, 11, 15),
        "Reference": "24-31207",
        "With": "Bankr. D. Conn.",
    },
)


def agreement(number: str, account: str, party: str, payment: int) -> tuple[dict[str, Any], Rows]:
    """An agreement of three payments from December 2024, none of which came in."""
    days = (D(2024, 12, 16), D(2025, 1, 15), D(2025, 2, 18))
    row = {"Agreement": number, "Account": account, "Party": party, "Owner": "X", "Signed": D(2024, 11, 1), "Months": 3,
           "First": days[0], "Payment": payment, "Last Payment": payment, "Owed": 3 * payment}  # fmt: skip
    return row, [
        {"Agreement": number, "Revision": 1, "No": n, "Due": d, "Amount": payment} for n, d in enumerate(days, 1)
    ]


CT_AGREEMENTS = (agreement("2024-1", "R15", "P15", 80_000), agreement("2024-2", "R16", "P16", 85_000))
CT_PAID = (("R11", "1300.00", D(2024, 12, 2)), ("R13", "400.00", D(2025, 2, 3)), ("S14", "50.00", D(2024, 12, 2)))

NJ_EVERY_ROLL: Rows = (
    *NJ_ROLL,
    *(person(f"00{n}", name, Class="2") for n, name in ((6, "FOX"), (7, "GRAY"), (8, "HUNT"), (9, "CHURCH"))),
)
NJ_EVERY_BILLS: Rows = (
    *NJ_BILLS, nj_bill("006", 2024, 300_000), nj_bill("006", 2025, 320_000), nj_bill("007", 2024, 500_000), nj_bill("007", 2025, 480_000),
    nj_bill("008", 2025, 400_000), nj_bill("009", 2025, 0),
)  # fmt: skip
"""Beside the township above: a certificate a third party holds (006), one the township holds (007), money paid ahead (008), an
exempt account (009)."""


def every_connecticut(folder: Path) -> Office:
    """The Connecticut town with every situation, its payments posted."""
    rows = [r for r, _ in CT_AGREEMENTS]
    schedule = [line for _, lines in CT_AGREEMENTS for line in lines]
    tables = {"Roll": CT_EVERY_ROLL, "Duplicate": CT_EVERY_BILLS, "Warrants": CT_WARRANTS, "Liens": CT_LIENS, "Cases": CT_CASES,
              "Agreements": rows, "Schedule": schedule}  # fmt: skip
    town = Office(office(folder / "ct.xlsx", CT, PAYOFF_DAY, tables))
    town.pay(D(2025, 3, 3), *CT_PAID)
    return town


def every_new_jersey(folder: Path) -> Office:
    """The New Jersey township with every situation: two sales, and money paid ahead."""
    town = Office(office(folder / "nj.xlsx", NJ, PAYOFF_DAY, {"Roll": NJ_EVERY_ROLL, "Duplicate": NJ_EVERY_BILLS}))
    sale = D(2025, 1, 15)
    town.do(
        certificates.enter_certificate,
        "25-006",
        "006",
        sale,
        D(2024, 12, 31),
        "18%",
        "Lien Fund LLC",
        10_000,
        today=sale,
    )
    town.do(certificates.enter_certificate, "25-007", "007", sale, D(2024, 12, 31), "18%", today=sale)
    town.pay(D(2025, 3, 3), ("008", "1700.00", D(2025, 2, 3)))
    return town


def office(path: Path, town: str, as_of: dt.date, tables: Mapping[str, Rows]) -> Path:
    """A book of the town with these rows in its tables, money in cents."""
    profile = load(town)
    family = family_of(town)
    rules = to_frame(profile)
    frames = {"Rules": rules, **starting_rows(family), **{k: pd.DataFrame(list(v)) for k, v in tables.items() if v}}
    frames = {name: sealed.of(name, frame) for name, frame in frames.items()}
    values = {"town_name": "Quillhaven", "profile_id": town, "as_of": as_of, "levy_year": as_of.year}
    build(book_of(family), path, frames, values, rules=fingerprint(rules))
    return path


class Office(OneBook):
    """The book of a desk that keeps registers."""

    def add(self, table: str, *rows: Mapping[str, Any]) -> None:
        """Rows somebody types, money in cents."""
        book = FilesBook.open(self.path)
        for row in rows:
            book.append(table, sealed.of(table, pd.DataFrame([row])))
        book.save()

    def beside(self, word: str) -> Path:
        """The newest file beside the book whose name has a word."""
        return max((p for p in self.path.parent.iterdir() if word in p.name), key=lambda p: p.stat().st_mtime_ns)


def connecticut_book(folder: Path, **more: Rows) -> Office:
    """The Connecticut town; more: rows of other tables."""
    tables = {"Roll": CT_ROLL, "Duplicate": CT_BILLS, **more}
    return Office(office(folder / "ct.xlsx", CT, CT_DAY, tables))


def new_jersey_book(folder: Path, **more: Rows) -> Office:
    """The New Jersey township; more: rows of other tables."""
    return Office(office(folder / "nj.xlsx", NJ, NJ_DAY, {"Roll": NJ_ROLL, "Duplicate": NJ_BILLS, **more}))


def standing(office: Office, table: str, on: dt.date, days: int = 30) -> tuple[str, Any]:
    """What Watch says, and the register after it, by its number."""
    said = office.do(enforcement.watch, on, days)
    rows = office.read(table)
    return said, rows.set_index(rows["No"].astype(str))


def change(office: Office, table: str, no: str, **cells: Any) -> None:
    """What somebody types into a row of a register."""
    book = FilesBook.open(office.path)
    rows = book.read(table)
    for name, value in cells.items():
        column = name.replace("_", " ")
        rows[column] = rows[column].astype(object)
        rows.loc[rows["No"].astype(str) == no, column] = value
    book.replace_columns(table, rows[[c.replace("_", " ") for c in cells]])
    book.save()


def status(row: Any) -> list[Any]:
    return [
        row["Status"],
        row["Next Date"].date() if hasattr(row["Next Date"], "date") else row["Next Date"],
        row["Next Step"],
    ]


# ---- one day of a town without a workbook ------------------------------------------------------------------------------


def frame(rows: Any, spec: TableSpec[R]) -> Table[R]:
    """Rows of a table, money in cents; what is not given is blank."""
    return Table.made(spec, rows)


def records(
    town: str, as_of: dt.date, bills: Any, roll: Any, paid: Any = (), notices: Any = (), liens: Any = (), cases: Any = (),
    agreements: Any = (),
) -> Records:  # fmt: skip
    """One day of a town; paid: (receipt, account, cents, day, tender)."""
    duplicate = frame(bills, DUPLICATE)
    receipts = [{"Receipt": n, "Account": a, "Amount": m, "Received": d} for n, a, m, d, _ in paid]
    book = [
        {"Receipt": n, "Line": 1, "Account": a, "Received": d, "Tender": t, "Kind": "Payment", "Total": m}
        for n, a, m, d, t in paid
    ]
    facts = Facts(melt(duplicate), frame(receipts, RECEIPTS))
    profile = load(town)
    return Records(
        replay(facts, profile, as_of), profile, ClosedDays(town[3:5].upper()), frame(roll, ROLL), duplicate,
        frame(book, CASH_BOOK), frame(notices, NOTICES), frame(liens, LIENS), frame(cases, CASES), frozenset(agreements), lambda: facts,
    )  # fmt: skip


def made(r: Records, kind: str, **options: Any) -> lists.Made:
    return lists.make(lists.rule_of(r.town, kind, r.as_of), r, **options)


def connecticut(as_of: dt.date = CT_DAY, **more: Any) -> Records:
    return records(CT, as_of, more.pop("bills", CT_BILLS), more.pop("roll", CT_ROLL), **more)


def new_jersey(as_of: dt.date = NJ_DAY, **more: Any) -> Records:
    return records(NJ, as_of, more.pop("bills", NJ_BILLS), more.pop("roll", NJ_ROLL), **more)


def accounts(m: lists.Made) -> list[str]:
    return m.rows["Account"].tolist()
