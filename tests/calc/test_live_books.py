"""The books with live formulas: the functions and the Quote task give one figure; without the add-in the last figures stay."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from xltax.workbooks import FAMILIES
from xltax.workbooks.live import TITLE

from tests.contract.pressed import DAY, PAYMENTS, ROLL
from xltax.actions import counter, quotes, setup, year
from xltax.faces import build
from xltax.faces.excel_files import macro_book
from xltax.hosts.files import FilesBook

pytestmark = pytest.mark.calc
SERIAL = float((DAY - dt.date(1899, 12, 30)).days)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """New Jersey's live book, billed and posted from the command line."""
    folder = tmp_path_factory.mktemp("live")
    path = folder / "new-jersey.xlsx"
    path.write_bytes(build.live("us-nj"))
    (folder / "roll.csv").write_text(ROLL, encoding="utf-8")
    (folder / "payments.csv").write_text(PAYMENTS, encoding="utf-8")
    book = FilesBook.open(path)
    for name, value in {"town_name": "Quillhaven", "levy_year": 2025, "as_of": DAY}.items():
        book.set(name, value)
    setup.import_roll(book, folder / "roll.csv", on=dt.date(2025, 1, 2))
    year.bill(book, 2025, rates="RE=2.248", today=DAY, mailed=dt.date(2025, 1, 10))
    counter.post(book, folder / "payments.csv", today=DAY)
    book.save()
    return path


@pytest.mark.parametrize("account", ["001", "002"])
def test_the_live_quote_is_the_quote(calc, live: Path, account: str) -> None:
    number, book = calc.office.number(live), calc.office.book(live)
    quotes.quote(book, account, DAY)
    want = book.get("quote_total")
    calc.do("put", number, TITLE, "B5", [[account]])
    calc.do("put", number, TITLE, "B6", [[SERIAL]])
    calc.do("document", number, "calculate")
    assert calc.do("data", number, TITLE, "B8") == [[want]]
    rows = [r for r in calc.do("data", number, TITLE, "A13:L52") if r[0]]
    assert all(r[0] == account for r in rows)
    assert round(sum(r[-1] for r in rows), 2) == want


def test_an_account_that_is_not_there_is_an_error_and_no_zero(calc, live: Path) -> None:
    number = calc.office.number(live)
    calc.do("put", number, TITLE, "B5", [["nobody"]])
    calc.do("document", number, "calculate")
    assert calc.do("shown", number, TITLE, "B8")[0] == "#N/A"
    calc.do("put", number, TITLE, "B5", [["001"]])
    calc.do("put", number, TITLE, "B6", [["soon"]])
    calc.do("document", number, "calculate")
    assert calc.do("shown", number, TITLE, "B8")[0] == "#VALUE!"


@pytest.mark.parametrize("made", [build.template, build.live])
@pytest.mark.parametrize("family", FAMILIES)
def test_every_book_opens_with_the_add_in_and_no_formula_is_unknown(calc, tmp_path: Path, family: str, made) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(made(family))
    number = calc.office.number(path)
    calc.do("document", number, "calculate")
    for sheet in calc.do("sheets", number):
        found = calc.do("document", number, "read", sheet)
        assert "#NAME?" not in [v for row in found["rows"] for v in row], sheet
    assert calc.office.book(path).read("Rules").shape[0] > 10


def test_without_the_add_in_the_last_figures_stay(calc, bare_office, live: Path, tmp_path: Path) -> None:
    number = calc.office.number(live)
    calc.do("put", number, TITLE, "B5", [["002"]])
    calc.do("put", number, TITLE, "B6", [[SERIAL]])
    calc.do("document", number, "calculate")
    want = [calc.do("data", number, TITLE, block) for block in ("B8", "A13:L20")]
    path = tmp_path / "saved.xlsx"
    calc.do("store", number, path.as_uri(), "Calc MS Excel 2007 XML")
    bare = bare_office.do("open", path.as_uri())
    assert [bare_office.do("data", bare, TITLE, block) for block in ("B8", "A13:L20")] == want
    assert want[1][0][0] == "002"
    bare_office.do("close", bare)


def test_a_macro_workbook_without_its_macros_shows_its_last_figures(bare_office, tmp_path: Path) -> None:
    """Calc without the add-in runs no Excel macro either: what stands in the Live Quote is what the file has."""
    path = tmp_path / "new-jersey.xlsm"
    path.write_bytes(macro_book(build.live("us-nj")))
    number = bare_office.number(path)
    for sheet in bare_office.do("sheets", number):
        found = bare_office.do("document", number, "read", sheet)
        # LibreOffice works an array formula out whether or not it may; those columns (N on) are not printed.
        assert [left for left, *_ in found["errors"]] == ([13] if sheet == TITLE else []), sheet
    assert bare_office.do("data", number, TITLE, "A12:B13") == [["Account", "Bill"], ["", ""]]
    assert bare_office.do("data", number, TITLE, "B8") == [[""]]
