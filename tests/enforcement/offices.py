"""Two small offices worked by hand: a Connecticut town whose parties own houses and vehicles, and a New Jersey township."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from one_book import OneBook
from xltax.workbooks import book_of, family_of, starting_rows

from xltax.actions import enforcement
from xltax.dates import ClosedDays
from xltax.hosts.files import FilesBook
from xltax.law.load import load
from xltax.law.table import to_frame
from xltax.ledger.replay import Facts, replay
from xltax.ledger.tables import CASH_BOOK, DUPLICATE, RECEIPTS, ROLL
from xltax.ledger.tables.enforcement import CASES, LIENS, NOTICES
from xltax.ledger.wide import melt
from xltax.office import lists
from xltax.office.records import Records
from xltax.sheets.layout import fingerprint
from xltax.sheets.write import build

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
    person("R3", "CLARK", Party="P3", Flags="confidential", Phone="555-0103"),
    person("M3", "CLARK", Party="P3", **{"Levy Type": "MV"}),
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


def office(path: Path, town: str, as_of: dt.date, tables: Mapping[str, Rows]) -> Path:
    """A book of the town with these rows in its tables, money in cents."""
    profile = load(town)
    family = family_of(town)
    rules = to_frame(profile)
    frames = {"Rules": rules, **starting_rows(family), **{k: pd.DataFrame(list(v)) for k, v in tables.items() if v}}
    values = {"town_name": "Quillhaven", "profile_id": town, "as_of": as_of, "levy_year": as_of.year}
    build(book_of(family), path, frames, values, rules=fingerprint(rules))
    return path


class Office(OneBook):
    """The book of a desk that keeps registers."""

    def add(self, table: str, *rows: Mapping[str, Any]) -> None:
        """Rows somebody types, money in cents."""
        book = FilesBook.open(self.path)
        for row in rows:
            book.append(table, pd.DataFrame([row]))
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


def frame(rows: Any, spec: Any) -> pd.DataFrame:
    """Rows of a table, money in cents, every column there and typed."""
    rows = list(rows)
    data: dict[str, Any] = {}
    for column in spec.columns:
        values = [r.get(column.name) for r in rows]
        if column.kind in ("money", "count", "year"):
            data[column.name] = pd.array(
                [int(v if v is not None else column.default or 0) for v in values], dtype="int64"
            )
        elif column.kind == "date":
            data[column.name] = pd.Series(pd.to_datetime(values)).astype("datetime64[s]").to_numpy()
        else:
            data[column.name] = pd.array(["" if v is None else v for v in values], dtype=object)
            if column.default:
                data[column.name] = [v or column.default for v in data[column.name]]
    out = pd.DataFrame(data)
    for column in spec.columns:
        if column.kind not in ("money", "count", "year", "date"):
            out[column.name] = out[column.name].astype(object)
    out.attrs = {"typed": spec.name, "sheet": spec.name}
    return out


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
    facts = Facts(melt(duplicate), frame(receipts, RECEIPTS) if receipts else None)
    profile = load(town)
    return Records(
        replay(facts, profile, as_of), profile, ClosedDays(town[3:5].upper()), frame(roll, ROLL), duplicate,
        frame(book, CASH_BOOK), frame(notices, NOTICES), frame(liens, LIENS), frame(cases, CASES), frozenset(agreements), facts,
    )  # fmt: skip


def made(r: Records, kind: str, **options: Any) -> lists.Made:
    return lists.make(lists.rule_of(r.town, kind, r.as_of), r, **options)


def connecticut(as_of: dt.date = CT_DAY, **more: Any) -> Records:
    return records(CT, as_of, more.pop("bills", CT_BILLS), more.pop("roll", CT_ROLL), **more)


def new_jersey(as_of: dt.date = NJ_DAY, **more: Any) -> Records:
    return records(NJ, as_of, more.pop("bills", NJ_BILLS), more.pop("roll", NJ_ROLL), **more)


def accounts(m: lists.Made) -> list[str]:
    return m.rows["Account"].tolist()
