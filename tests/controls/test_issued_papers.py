"""Issued papers: a number on each, a reprint that is the same or says what changed, and Proof that makes them again."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest

from tests.books import spoil
from tests.books.one_book import PrintingBook
from tests.controls.town import pay, town
from xltax.actions import adjusting, bills, control, counter, day, quotes, setup, statements
from xltax.errors import BadValue
from xltax.hosts.files import FilesBook
from xltax.office.controls import issued_papers, recorded_days
from xltax.office.controls.issued_papers import Content
from xltax.pages import Grid, Page, Text
from xltax.tables.reading import read
from xltax.tables.statements import TURNOVERS

D = dt.date
pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")
MONTH = "Collector's monthly report 2024-02-29"
OWNERS = (
    "Account,Owner,Net Value,Prior Tax\n1,{},100000,4000\n2,BAKER,200000,8000\n3,COLE,50000,2000\n4,DUNN,75000,3000\n"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four bills of 2024 with owners, three payments and an abatement of $100.00 to ADAMS in February."""
    folder = tmp_path_factory.mktemp("issued")
    path = town(folder)
    book = FilesBook.open(path)
    _owner(book, folder, "ADAMS", D(2024, 1, 15))
    for account, amount in (("1", "500.00"), ("2", "700.00"), ("3", "140.07")):
        pay(book, folder, account, amount, D(2024, 2, 1), D(2024, 2, 1))
    bill = str(book.read("Duplicate")["Bill"].iloc[0])
    adjusting.adjust(book, bill, "Abatement", 100_00, "fire", "Resolution 7", "Council", today=D(2024, 2, 20))
    book.save()
    return path


@pytest.fixture
def office(made: Path, tmp_path: Path) -> PrintingBook:
    path = tmp_path / "town.xlsx"
    path.write_bytes(made.read_bytes())
    return PrintingBook(path)


def _owner(book: FilesBook, folder: Path, name: str, on: dt.date) -> None:
    (folder / "owners.csv").write_text(OWNERS.format(name), "utf-8")
    setup.import_roll(book, folder / "owners.csv", on=on, missing="keep")


def month(office: PrintingBook) -> Page:
    office.do(statements.month_report, D(2024, 2, 29))
    return office.pages[MONTH][0]


def annual(office: PrintingBook) -> Page:
    office.do(statements.annual_statement, D(2024, 2, 29))
    return next(pages[0] for name, pages in office.pages.items() if name.endswith(" 2024-02-29"))


def register(office: PrintingBook) -> list[list[Any]]:
    """Number, copy, kind, about and the number it replaces, of each printing."""
    return office.read("Issued")[["No", "Copy", "Kind", "About", "Replaces"]].to_numpy().tolist()


def boxes(page: Page) -> str:
    return " ".join(b.text for b in page.blocks if isinstance(b, Text) and b.style == "box")


def failing(office: PrintingBook) -> dict[str, str]:
    done = control.proof(office.opened(), D(2024, 12, 31))
    return dict(line.split(": ", 1) for line in done.look)


ABOUT = "monthly 2024-02-01 to 2024-02-29"


# ---- printed again ---------------------------------------------------------------------------------------------------


def test_a_statement_printed_after_two_hundred_later_facts_is_the_same_paper(
    office: PrintingBook, tmp_path: Path
) -> None:
    first = month(office)
    assert first.footer.startswith("No. 1. ")
    path = tmp_path / "many.csv"
    lines = [f"{n % 4 + 1},1.{n % 100:02d},2024-03-{n % 28 + 1:02d},{n}" for n in range(200)]
    path.write_text("Account,Amount,Received,Reference\n" + "\n".join(lines), "utf-8")
    office.do(counter.post, path, today=D(2024, 3, 31))
    again = month(office)
    assert re.match(r"No\. 1, issued \w+ \d+, \d{4}\. Reprint\. ", again.footer)
    assert Content.of([again]) == Content.of([first])
    assert [b for b in again.blocks if not getattr(b, "aside", False)] == [
        b for b in first.blocks if not getattr(b, "aside", False)
    ]
    assert register(office) == [[1, 1, "statement", ABOUT, 0], [1, 2, "statement", ABOUT, 0]]
    assert "Issued statements" not in failing(office)


def test_the_schedules_show_the_owner_of_the_day(office: PrintingBook, tmp_path: Path) -> None:
    """ADAMS owned account 1 in February. In April the roll names ZANE. February's schedule names ADAMS for ever."""
    first = annual(office)
    assert _names(first) == ["ADAMS"]
    book = office.opened()
    _owner(book, tmp_path, "YOUNG", D(2024, 3, 10))
    _owner(book, tmp_path, "ZANE", D(2024, 4, 10))
    book.save()
    again = annual(office)
    assert _names(again) == ["ADAMS"]
    assert "Reprint" in again.footer


def _names(page: Page) -> list[str]:
    (grid,) = [b for b in page.blocks if isinstance(b, Grid) and "Authority" in b.headers]
    return [str(row[1]) for row in grid.rows[:-1]]


def test_an_owner_typed_over_on_the_roll_makes_a_changed_paper(office: PrintingBook) -> None:
    annual(office)
    spoil.cell(office.path, "Roll", 1, "Owner", "ZANE")
    again = annual(office)
    assert re.match(r"No\. 2\. Changed since it was issued on \w+ \d+, \d{4} as No\. 1\. ", again.footer)
    assert re.search(
        r"Changed since it was issued on .* as No\. 1\. New or different: .*, ZANE, Abatement, fire", boxes(again)
    )
    assert register(office)[1] == [2, 1, "statement", "annual 2024-01-01 to 2024-02-29", 1]
    assert "ADAMS" not in boxes(again)


def test_figures_changed_by_typing_are_marked_and_named_by_proof(office: PrintingBook) -> None:
    """The payment of 140.07 becomes 40.07: the month collected 1,240.07 instead of 1,340.07."""
    assert "Collected in the period, all kinds of money, 3, $1,340.07" in Content.of([month(office)]).documents[0]
    for column in ("Tax", "Total"):
        spoil.cell(office.path, "CashBook", 3, column, 40.07)
    said = failing(office)["Issued statements"]
    assert re.match(rf'LOOK: No\. 1, statement {ABOUT}, printed \d{{4}}-\d\d-\d\d: now ".*"$', said)
    again = month(office)
    assert "Collected in the period, all kinds of money, 3, $1,240.07" in boxes(again)


def test_a_look_ahead_is_not_issued(office: PrintingBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorded_days, "clock", lambda: D(2024, 2, 25))
    assert month(office).footer == "Printed before the period ended. The figures can change."
    assert register(office) == []


def test_a_slip_is_printed_again_and_made_again_by_proof(office: PrintingBook) -> None:
    office.do(statements.turnover_slip, D(2024, 2, 29), D(2024, 3, 1))
    first = office.pages["Turnover slip 1"]
    office.do(statements.turnover_slip, slip=1)
    assert Content.of(office.pages["Turnover slip 1"]) == Content.of(first)
    assert register(office) == [[1, 1, "turnover slip", "1", 0], [1, 2, "turnover slip", "1", 0]]
    assert len(read(office.read("Turnovers"), TURNOVERS)) == 1
    assert "Issued slips" not in failing(office)
    spoil.cell(office.path, "Turnovers", 1, "Amount", 40.07)
    assert failing(office)["Issued slips"].startswith("LOOK: No. 1, turnover slip 1, printed ")


def test_a_receipt_reversed_since_is_not_the_same_paper(office: PrintingBook) -> None:
    office.do(bills.reprint_receipt, "3")
    office.do(bills.reprint_receipt, "3")
    assert "Reprint." in office.pages["receipt 3"][0].footer
    office.do(counter.reverse, "3", "bounced", on=D(2024, 3, 1), today=D(2024, 3, 1))
    office.do(bills.reprint_receipt, "3")
    assert "New or different: REVERSED by receipt" in boxes(office.pages["receipt 3"][0])
    assert [row[4] for row in register(office)] == [0, 0, 1]
    office.do(control.exception_report, D(2024, 12, 31))
    text = "\n".join(Content.of(office.pages["exceptions 2024-12-31"]).documents[0])
    assert "2, 1, receipt 3, " in text.split("Papers that changed since they were issued")[1]


def test_of_a_run_of_bills_only_the_changed_bill_is_marked(
    office: PrintingBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issued_papers, "MOST_PARTS", 50)  # four bills have more lines: one code for each bill
    office.do(bills.bills, 2024)
    first = office.pages["bills 2024"]
    assert {page.footer for page in first} == {"No. 1."}
    office.do(bills.bills, 2024)
    assert all(page.footer.endswith("Reprint.") for page in office.pages["bills 2024"])
    book = office.opened()
    _owner(book, tmp_path, "ZANE", D(2024, 4, 10))
    book.save()
    office.do(bills.bills, 2024)
    marks = ["Changed since" in page.footer for page in office.pages["bills 2024"]]
    assert marks == [True, False, False, False]


def test_a_quote_has_its_own_number_each_time(office: PrintingBook) -> None:
    for _ in range(2):
        office.do(quotes.quote, "1", D(2024, 3, 1), requested_by="the bank", today=D(2024, 3, 1))
    assert [(row[0], row[2], row[4]) for row in register(office)] == [(1, "quote", 0), (2, "quote", 0)]


# ---- the register ----------------------------------------------------------------------------------------------------


def test_the_register_names_nobody(office: PrintingBook) -> None:
    month(office)
    office.do(bills.bills, 2024)
    text = office.read("Issued").to_csv()
    assert not [name for name in ("ADAMS", "BAKER", "COLE", "DUNN") if name in text]


@pytest.mark.parametrize(("column", "value"), [("Total", 1.00), ("Fingerprint", "0123456789abcdef"), ("About", "x")])
def test_a_changed_row_of_the_register_is_named(office: PrintingBook, column: str, value: object) -> None:
    month(office)
    spoil.cell(office.path, "Issued", 1, column, value)
    assert failing(office)["Issued paper seals"].startswith("LOOK: Issued!")


def test_a_row_taken_out_of_the_register_is_missed(office: PrintingBook) -> None:
    month(office)
    spoil.remove_row(office.path, "Issued", 1)
    assert failing(office)["Books as logged"].startswith("LOOK: Issued no longer has the code ")


def test_the_row_has_the_code_of_the_books(office: PrintingBook) -> None:
    month(office)
    code = office.read("Issued")["Books"].iloc[0]
    done = control.proof(office.opened(), D(2024, 12, 31), head=code)
    assert "Printed code" not in "".join(done.look)


def test_only_the_desk_prints() -> None:
    """So that no task can forget the register: every task prints through Desk.issue or Desk.preview."""
    folder = Path(statements.__file__).parent
    printing = {p.name for p in folder.glob("*.py") if ".put_pages(" in p.read_text("utf-8")}
    assert printing == {"printing.py"}
    putting = {p.name for p in folder.glob("*.py") if "printing.put(" in p.read_text("utf-8")}
    assert putting == {"desk.py", "receipts.py"}


def test_a_day_close_is_printed_again_by_its_deposit(tmp_path: Path) -> None:
    """Nobody found cash in the drawer: the page is the same, with its number. A later payment does not change it."""
    it = PrintingBook(town(tmp_path))
    it.pay(D(2024, 2, 1), ("1", "500.00", D(2024, 2, 1)))
    it.do(day.close_day, D(2024, 2, 1), empty=True)
    (first,) = it.pages["day close D-1"]
    it.pay(D(2024, 2, 2), ("2", "300.00", D(2024, 2, 2)))
    closes = len(it.read("DayCloses"))
    assert "Deposit D-1: $500.00" in it.do(day.close_day, deposit="D-1")
    (again,) = it.pages["day close D-1"]
    assert again.blocks == first.blocks
    assert again.footer.startswith("No. 1")
    assert "Reprint" in again.footer
    assert len(it.read("DayCloses")) == closes
    with pytest.raises(BadValue, match='There is no deposit "D-9"'):
        it.do(day.close_day, deposit="D-9")
