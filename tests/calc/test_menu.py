"""The menu in real Calc: it posts, refreshes, quotes and undoes in the open document."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.contract.pressed import DAY, PAYMENTS, ROLL
from xltax.actions import setup, year
from xltax.declare import DESKS
from xltax.faces.catalog import actions
from xltax.faces.new import new_book
from xltax.hosts.files import FilesBook
from xltax.money import to_cents

pytestmark = pytest.mark.calc


@pytest.fixture(scope="module")
def billed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A billed book."""
    folder = tmp_path_factory.mktemp("billed")
    path = folder / "town.xlsx"
    new_book(path, "us-nj-colts-neck", name="Quillhaven", year=2025, as_of=DAY)
    (folder / "roll.csv").write_text(ROLL, encoding="utf-8")
    book = FilesBook.open(path)
    setup.import_roll(book, folder / "roll.csv", on=dt.date(2025, 1, 2))
    year.bill(book, 2025, rates="RE=2.248", today=DAY, mailed=dt.date(2025, 1, 10))
    book.set("control_bills", 3)
    book.set("control_tax", to_cents(sum(book.read("Duplicate")["Net Tax"])))
    book.save()
    return path


@pytest.fixture
def town(calc, billed: Path, tmp_path: Path):
    """The billed book open in Calc: its document, its port, the folder it lies in."""
    path = Path(shutil.copy(billed, tmp_path))
    (tmp_path / "payments.csv").write_text(PAYMENTS, encoding="utf-8")
    return calc.office.number(path), calc.office.book(path), tmp_path


def test_the_menu_has_every_action_by_desk_and_a_letter_of_its_own(calc) -> None:
    title, context, entries = calc.do("menu")
    assert title == "~xltax"
    assert context == "com.sun.star.sheet.SpreadsheetDocument"
    found = {url: label for _, group in entries if isinstance(group, list) for label, url in group}
    assert found == {f"service:org.xltax.Menu?{a.name}": a.label for a in actions().values() if a.needs_book}
    desks = [desk for desk, group in entries if isinstance(group, list)]
    assert desks == sorted(desks, key=DESKS.index)
    assert set(desks) == {a.desk for a in actions().values() if a.needs_book}


def test_post_refresh_quote_and_undo(calc, town) -> None:
    document, book, folder = town
    before = book.read("Duplicate")
    book.set("task_post_payments", str(folder / "payments.csv"))
    book.set("task_post_today", DAY)
    said = calc.choose(document, "post")
    assert said.startswith("Posted 3 payments in "), said
    assert "10,300.25" in said
    assert len(book.read("CashBook")) >= 4
    assert book.get("task_post_payments") is None, "a second press does not post again"
    assert book.read("Duplicate")["Balance"].notna().all()
    assert book.get("proof_open") == 0, "the native totals are fresh"
    assert calc.do("titles", document)[0] == "Post", "one entry of Undo"

    book.set("quote_account", "002")
    said = calc.choose(document, "quote")
    assert said.startswith("Account 002: "), said
    payoff = book.read("Payoff")
    assert payoff["Bill"].iloc[-1] == "Total"
    assert f"{book.get('quote_total'):,.2f}" in said
    assert payoff["Total"].iloc[-1] == book.get("quote_total")
    assert calc.do("protected", document, "Quote"), "protected again after"

    book.set("as_of", dt.date(2025, 12, 1))
    assert calc.choose(document, "refresh").startswith("As of 2025-12-01: ")

    titles = calc.do("titles", document)
    assert [t for t in titles if t in ("Post", "Quote", "Refresh")] == ["Refresh", "Quote", "Post"]
    steps = titles.index("Post") + 1
    calc.do("undo", document, steps)
    assert len(book.read("CashBook")) == 0
    assert book.read("Duplicate").equals(before)
    assert len(book.read("Payoff")) == 0
    assert book.get("task_post_payments") == str(folder / "payments.csv")


def test_what_is_wrong_is_said_and_nothing_is_changed(calc, town) -> None:
    document, book, folder = town
    before = book.read("CashBook"), calc.do("titles", document)
    assert "Fill in the cell task_reverse_receipt" in calc.choose(document, "reverse")
    (folder / "bad.csv").write_text("Account,Amount,Received\n001,12.345,2025-02-05\n", encoding="utf-8")
    book.set("task_post_payments", str(folder / "bad.csv"))
    before = book.read("CashBook"), calc.do("titles", document)
    assert "12.345 has more than two decimals" in calc.choose(document, "post")
    assert book.read("CashBook").equals(before[0])
    assert calc.do("titles", document) == before[1]


def test_a_document_that_is_none_of_ours(calc, sheet) -> None:
    assert 'There is no cell named "as_of"' in calc.choose(sheet.document, "refresh")


def test_a_quote_is_printed(calc, billed: Path, tmp_path: Path) -> None:
    path, folder = Path(shutil.copy(billed, tmp_path)), tmp_path
    document, book = calc.office.number(path), calc.office.book(path)
    book.set("quote_account", "001")
    calc.choose(document, "quote")
    calc.do("print", document, (folder / "quote.pdf").as_uri(), "Quote")
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed (tests/install_calc.sh installs poppler-utils)")
    command = ["pdftotext", "-layout", str(folder / "quote.pdf"), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Payoff Quote" in text
    assert "ADAMS" in text
    assert f"{book.get('quote_total'):,.2f}" in text
    assert text.count("\f") == 1


def test_the_set_up_is_told(calc, sheet) -> None:
    assert "is ready, in a helper process" in calc.choose(sheet.document, "check-set-up")
