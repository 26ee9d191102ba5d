"""Certificates, liens, warrant money and History: what somebody types over there, and the check that names its cell."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pandas as pd
import pytest

from tests.books import spoil
from tests.controls.town import town
from tests.enforcement.offices import Office, change, every_connecticut, every_new_jersey
from xltax.actions import certificates, control, liens, officers, setup
from xltax.errors import TaxError
from xltax.hosts.files import FilesBook
from xltax.ledger import seals
from xltax.tables import CASH_BOOK, HISTORY
from xltax.tables.agreements import CERTIFICATES
from xltax.tables.enforcement import LIENS, WARRANT_MONEY
from xltax.tables.reading import read

D = dt.date
DAY = D(2025, 4, 30)
pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A workbook for each register, whose rows tasks have written: every seal is right."""
    folder = tmp_path_factory.mktemp("registers")
    (folder / "ct").mkdir()
    ct = every_connecticut(folder / "ct")
    ct.do(_type_a_lien)
    ct.do(control.seal, today=D(2025, 3, 10))
    number = str(ct.read("Warrants")["No"].iloc[0])
    change(ct, "Warrants", number, Served=D(2025, 4, 10))
    ct.do(officers.warrant_money, number, 20_000, D(2025, 4, 12), bank_account="1234")
    ct.do(officers.warrant_money, number, 5_000, D(2025, 4, 13), bank_account="1234")
    nj = every_new_jersey(folder)
    small = town(folder)
    office = FilesBook.open(small)
    (folder / "next.csv").write_text(
        "Account,Net Value,Owner\n1,100000,NEW OWNER\n2,200000,OTHER OWNER\n3,50000,\n4,75000,\n", "utf-8"
    )
    setup.import_roll(office, folder / "next.csv", on=D(2024, 2, 2), missing="keep")
    control.proof(office, D(2024, 12, 31))
    office.save()
    return {"Liens": ct.path, "WarrantMoney": ct.path, "Certificates": nj.path, "History": small}


def _type_a_lien(office: FilesBook) -> str:
    """A second lien, on a bill with a balance; it is not assigned."""
    row = {"No": "2", "Kind": "Land", "Account": "R1", "Bill": "23-R1", "Amount": 420_000, "Prepared": D(2025, 3, 1)}
    office.append("Liens", pd.DataFrame([row | {"Recorded": D(2025, 3, 5)}]))
    return ""


@pytest.fixture
def book(books: dict[str, Path], request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of the workbook whose register the test is about, which is its first parameter."""
    table = request.node.callspec.params["table"]
    return Path(shutil.copy(books[table], tmp_path / "book.xlsx"))


def failing(path: Path) -> dict[str, str]:
    done = control.proof(FilesBook.open(path), DAY)
    return {
        name: look
        for name, look in (line.split(": ", 1) for line in done.look)
        if name.endswith(" seals") or name == "Books as logged"
    }


NAMES = {"Liens": "Lien seals", "WarrantMoney": "Warrant money seals", "Certificates": "Certificate seals", "History": "History seals"}  # fmt: skip
every_register = pytest.mark.parametrize("table", list(NAMES))


@every_register
def test_what_tasks_wrote_passes(table: str, book: Path) -> None:
    rows = FilesBook.open(book).read(table)
    assert len(rows) > 1
    assert rows["Seal"].notna().all()
    assert failing(book) == {}


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("Certificates", "Amount", 1.00),
        ("Certificates", "Redeemed", dt.datetime(2025, 3, 1)),
        ("Certificates", "Holder", "Another Fund LLC"),
        ("Certificates", "Ended", "Canceled"),
        ("Certificates", "Rate", 0.01),
        ("Liens", "Amount", 5.00),
        ("Liens", "Assigned", dt.datetime(2025, 3, 1)),
        ("Liens", "Bill", "23-R1"),
        ("WarrantMoney", "Amount", 100.00),
        ("WarrantMoney", "Paid Over", dt.datetime(2025, 4, 20)),
        ("History", "After", "SOMEBODY ELSE"),
        ("History", "Changed On", dt.datetime(2025, 1, 1)),
    ],
)
def test_a_changed_cell_is_named_by_its_row(table: str, column: str, value: object, book: Path) -> None:
    row = spoil.cell(book, table, 1, column, value)
    sheet, _, cell = row.partition("!")
    found = failing(book)[NAMES[table]]
    digits = "".join(c for c in cell if c.isdigit())
    assert found.startswith("LOOK: ")
    assert f"{sheet}!" in found
    assert found.split("!")[1].split(":")[0].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == digits


@every_register
def test_the_last_row_taken_away_is_missed(table: str, book: Path) -> None:
    spoil.remove_row(book, table, len(FilesBook.open(book).read(table)))
    assert table in failing(book)["Books as logged"]


@every_register
def test_a_row_sealed_anew_with_the_right_method_is_found_by_the_log(table: str, book: Path) -> None:
    spec = {s.name: s for s in (LIENS, WARRANT_MONEY, CERTIFICATES, HISTORY)}[table]
    column = {"History": "After"}.get(table, "Amount")
    last = len(FilesBook.open(book).read(table))
    spoil.cell(book, table, last, column, 1.00 if column == "Amount" else "SOMEBODY")
    rows = read(FilesBook.open(book).read(table), spec)
    codes = seals.alone(rows, spec) if spec.sealed == "rows" else seals.sealed(rows, spec)
    spoil.cell(book, table, last, "Seal", codes[-1])
    found = failing(book)
    assert NAMES[table] not in found
    assert table in found["Books as logged"]


@every_register
def test_seal_does_not_hide_a_change(table: str, book: Path) -> None:
    """The amount is changed, the seal taken away, and Seal run: refused, or the Log says that rows were changed by hand."""
    last = len(FilesBook.open(book).read(table))
    column = {"History": "After"}.get(table, "Amount")
    spoil.cell(book, table, last, column, 1.00 if column == "Amount" else "SOMEBODY")
    spoil.cell(book, table, last, "Seal", None)
    office = FilesBook.open(book)
    if table == "History":
        with pytest.raises(TaxError, match="History no longer has the code"):
            control.seal(office, today=DAY)
        return
    assert f"1 row of {table}" in control.seal(office, today=DAY).text
    office.save()
    assert f"rows of {table} were changed by hand before seal" in failing(book)["Books as logged"]


@pytest.mark.parametrize("table", ["Liens"])
def test_a_typed_lien_is_sealed_by_seal_with_an_entry(table: str, book: Path) -> None:
    last = len(FilesBook.open(book).read("Liens"))
    for column, value in {"No": "77", "Kind": "Land", "Account": "R1", "Bill": "23-R1", "Amount": 50.00}.items():
        spoil.cell(book, "Liens", last + 1, column, value)
    assert failing(book)["Lien seals"].endswith("the row is not sealed. If you typed it, run Seal")
    office = FilesBook.open(book)
    assert control.seal(office, today=DAY).text.startswith("Sealed: 1 row of Liens.")
    office.save()
    assert failing(book) == {}
    entry = FilesBook.open(book).read("Log").iloc[-1]
    assert (entry["Action"], entry["What"]) == ("seal", "Liens: 1 rows typed by hand")


@pytest.mark.parametrize("table", ["Liens"])
def test_an_assignment_that_was_typed_first_is_sealed_by_the_task(table: str, book: Path) -> None:
    held = Office(book)
    number = "2"
    change(held, "Liens", number, Assigned=D(2025, 4, 14), Assigned_To="Lien Fund LLC")
    assert "Lien seals" in failing(book)
    held.do(liens.assign_lien, number, "Lien Fund LLC", D(2025, 4, 14), "Resolution 1", today=D(2025, 4, 14))
    assert failing(book) == {}
    spoil.cell(book, "Liens", 2, "Assigned To", "My Cousin LLC")
    assert "Lien seals" in failing(book)
    held.do(liens.take_lien_back, number, "did not pay", today=D(2025, 4, 15))
    assert "Lien seals" in failing(book), "no task seals over a change by hand"


@pytest.mark.parametrize("table", ["Certificates"])
def test_a_redemption_leaves_its_certificate_sealed(table: str, book: Path) -> None:
    held, day = Office(book), D(2025, 4, 20)
    said = held.do(certificates.redemption, "25-006", "owner", day, today=day)
    owed = int(said.split("$")[1].split(" on ")[0].replace(",", "").replace(".", ""))
    held.do(certificates.redeem, "25-006", day, owed, today=day)
    assert failing(book) == {}
    spoil.cell(book, "Certificates", 1, "Redeemed", None)
    assert "Certificate seals" in failing(book)


@pytest.mark.parametrize("table", ["Certificates"])
def test_a_certificate_that_a_task_ends_stays_sealed(table: str, book: Path) -> None:
    held, day = Office(book), D(2025, 4, 20)
    held.do(certificates.end_certificate, "25-007", "Canceled", day, "Resolution 9", today=day)
    assert failing(book) == {}
    spoil.cell(book, "Certificates", 2, "Ended By", "Resolution 10")
    assert "Certificate seals" in failing(book)


@pytest.mark.parametrize("table", ["WarrantMoney"])
def test_money_paid_over_leaves_its_rows_sealed(table: str, book: Path) -> None:
    held = Office(book)
    rows = held.read("WarrantMoney")
    total = round(float(rows["To Town"].sum()) * 100)
    held.do(officers.pay_over, str(rows["Warrant"].iloc[0]), total, D(2025, 4, 25), today=D(2025, 4, 25))
    assert failing(book) == {}
    assert CASH_BOOK.sealed == "chain"
