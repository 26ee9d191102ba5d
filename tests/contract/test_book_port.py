"""What every host must do the same. Another adapter joins by adding its opener to OPENERS.

An opener opens a book by its path. Called again it shows what has become permanent: for a file, what `save` wrote; for
Calc, the document as the collector saves it herself, closed and opened again.
"""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from tests.books import spoil
from tests.books.small_books import DAY, duplicate, receipts
from tests.com.open_excel import open_excel
from tests.office_js.in_excel import open_office
from xltax.errors import BadBook, Problems, TaxError
from xltax.hosts.files import FilesBook
from xltax.hosts.port import Book
from xltax.tables import DUPLICATE
from xltax.tables.reading import read
from xltax.tables.schema import SCHEMA

OPENERS = {
    "files": lambda request: FilesBook.open,
    "excel": lambda request: open_excel,
    "office_js": lambda request: open_office,
    "calc": lambda request: request.getfixturevalue("bare_office").reopen,
}


@pytest.fixture(params=["files", "excel", "office_js", pytest.param("calc", marks=pytest.mark.calc)])
def reopen(request):
    return OPENERS[request.param](request)


def saved(book: Book, reopen, path) -> Book:
    book.save()
    return reopen(path)


def test_is_a_book(reopen, new_book) -> None:
    book = reopen(new_book())
    assert isinstance(book, Book)
    assert {"Roll", "Duplicate", "CashBook", "Adjustments", "Rules", "Log"} <= set(book.tables())


def test_tells_its_particulars(reopen, new_book) -> None:
    meta = reopen(new_book()).meta
    assert (meta.template, meta.schema, meta.rules, meta.date1904) == ("us-nj", SCHEMA, "abc", False)


def test_particulars_can_be_changed(reopen, new_book) -> None:
    path = new_book()
    book = reopen(path)
    book.set_meta(rules="def", schema=9)
    meta = saved(book, reopen, path).meta
    assert (meta.template, meta.schema, meta.rules) == ("us-nj", 9, "def")


def test_reads_raw_values_and_says_where_they_stand(reopen, new_book) -> None:
    frame = reopen(new_book()).read("Duplicate")
    assert frame["Bill"].tolist() == ["00001", "00002", "00003"]
    assert frame["Net Tax"].tolist() == [80, 80, 80]
    assert frame["Due 1"].tolist() == [dt.date(2025, 2, 1)] * 3
    assert frame["Balance"].tolist() == [None] * 3
    assert frame.attrs["sheet"] == "Duplicate"
    assert frame.attrs["header_row"] == 4
    assert frame.attrs["letters"]["Bill"] == "A"


def test_an_empty_cell_is_nothing_in_a_text_column_too(reopen, new_book) -> None:
    book = reopen(new_book())
    book.append("CashBook", receipts(3, Note="one"))
    for each in (book, saved(book, reopen, new_book(name="other.xlsx"))):
        notes = each.read("CashBook")["Note"].tolist()
        assert all(n is None or n == "one" for n in notes), notes


def test_an_empty_table_reads_as_no_rows_and_takes_the_first(reopen, new_book) -> None:
    path = new_book(bills=0)
    book = reopen(path)
    assert len(book.read("CashBook")) == 0
    book.append("CashBook", receipts(7))
    after = saved(book, reopen, path).read("CashBook")
    assert after["Receipt"].tolist() == ["R7"]
    assert after.index.tolist() == [0]


def test_appended_rows_are_read_at_once_and_after_saving(reopen, new_book) -> None:
    path = new_book()
    book = reopen(path)
    book.append("CashBook", receipts(3, 4, Taxpayer="=HYPERLINK(1)", Note=" two\nlines <&> "))
    now = book.read("CashBook")
    assert now["Receipt"].tolist() == ["R1", "R2", "R3", "R4"]
    after = saved(book, reopen, path).read("CashBook")
    assert after["Receipt"].tolist() == ["R1", "R2", "R3", "R4"]
    assert after["Taxpayer"].tolist()[2:] == ["=HYPERLINK(1)"] * 2
    assert after["Note"].tolist()[2] == " two\nlines <&> "
    assert after["Tax"].tolist() == [12.34] * 4
    assert after["Received"].tolist() == [DAY] * 4
    assert now.equals(after)


def test_derived_columns_are_replaced_for_all_rows(reopen, new_book) -> None:
    path = new_book()
    book = reopen(path)
    book.replace_columns(
        "Duplicate", pd.DataFrame({"Balance": [1, 0, -123456], "As Of": [DAY] * 3, "Status": ["Open", "", "Credit"]})
    )
    after = saved(book, reopen, path).read("Duplicate")
    assert after["Balance"].tolist() == [0.01, 0, -1234.56]
    assert after["As Of"].tolist() == [DAY] * 3
    assert after["Status"].tolist() == ["Open", None, "Credit"]
    assert after["Bill"].tolist() == ["00001", "00002", "00003"]


def test_a_frame_of_another_length_is_refused(reopen, new_book) -> None:
    with pytest.raises(TaxError, match="The result has 2 rows, but Duplicate has 3"):
        reopen(new_book()).replace_columns("Duplicate", pd.DataFrame({"Balance": [1, 2]}))


def test_an_output_table_grows_and_shrinks(reopen, new_book) -> None:
    path = new_book()
    for count in (5, 2, 0, 3):
        book = reopen(path)
        rows = pd.DataFrame({"Account": [f"0{n}" for n in range(count)], "Total": list(range(count))})
        book.replace_rows("Delinquent", rows)
        after = saved(book, reopen, path).read("Delinquent")
        assert after["Account"].tolist() == rows["Account"].tolist()
        assert after["Total"].tolist() == [n / 100 for n in range(count)]


def test_two_tables_side_by_side_do_not_touch_each_other(reopen, new_book) -> None:
    path = new_book()
    book = reopen(path)
    book.replace_rows("QuoteGrid", pd.DataFrame({"Date": [DAY] * 6, "Total": [100] * 6}))
    book.replace_rows("Payoff", pd.DataFrame({"Bill": ["1", "2", "Total"], "Total": [1, 2, 3]}))
    book.replace_rows("QuoteGrid", pd.DataFrame({"Date": [DAY] * 2, "Total": [100] * 2}))
    after = saved(book, reopen, path)
    assert after.read("Payoff")["Bill"].tolist() == ["1", "2", "Total"]
    assert len(after.read("QuoteGrid")) == 2


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("town_name", "=1+1", "=1+1"),
        ("levy_year", 2026, 2026),
        ("as_of", DAY, DAY),
        ("control_tax", 123456, 1234.56),
        ("quote_account", "00012", "00012"),
        ("quote_total", None, None),
    ],
)
def test_named_cells(reopen, new_book, name: str, value: object, read: object) -> None:
    path = new_book()
    book = reopen(path)
    book.set(name, value)
    assert book.get(name) == read
    assert saved(book, reopen, path).get(name) == read


def test_native_totals_are_fresh_after_saving(reopen, new_book) -> None:
    path = new_book()
    book = reopen(path)
    book.set("control_bills", 3)
    book.set("control_tax", 24000)
    book.append("CashBook", receipts(3))
    book.replace_columns("Duplicate", pd.DataFrame({"Balance": [8000 - 1234] * 3, "Total Due": [8000 - 1234] * 3}))
    assert saved(book, reopen, path).get("proof_open") == 0
    book = reopen(path)
    book.replace_columns("Duplicate", pd.DataFrame({"Balance": [8000 - 1235, 6766, 6766]}))
    # One cent off in one bill shows twice: open tax, and total due.
    assert saved(book, reopen, path).get("proof_open") == 2


def test_nothing_is_written_before_save(reopen, new_book) -> None:
    path = new_book()
    before = path.read_bytes()
    book = reopen(path)
    book.append("CashBook", receipts(9))
    assert path.read_bytes() == before


def test_missing_things_are_named(reopen, new_book) -> None:
    book = reopen(new_book())
    with pytest.raises(BadBook, match="no table named Ferries"):
        book.read("Ferries")
    with pytest.raises(BadBook, match='no cell named "nothing"'):
        book.get("nothing")
    with pytest.raises(BadBook, match='"Colour" is not a column of CashBook'):
        book.append("CashBook", pd.DataFrame({"Colour": ["red"]}))


@pytest.mark.parametrize("bad", [12.5, "12", True])
def test_money_must_be_whole_cents(reopen, new_book, bad: object) -> None:
    with pytest.raises(TaxError, match="cents"):
        reopen(new_book()).append("CashBook", receipts(1, Misc=bad))


def test_every_kind_of_value_survives(reopen, new_book) -> None:
    """read(write(x)) == x over all columns of the duplicate, at the limits."""
    path = new_book(bills=1)
    row = {
        "id": "007", "text": "O'Brien \u201c\u00e9\u201d _x0041_",
        "date": dt.date(1910, 1, 1), "money": 99_999_999_999_99, "count": 4, "year": 2199,
        "yes": True, "number": "2.248",
    }  # fmt: skip
    book = reopen(path)
    book.append("Duplicate", pd.DataFrame({c.name: [row[c.kind]] for c in DUPLICATE.columns}))
    after = saved(book, reopen, path).read("Duplicate").iloc[1]
    for column in DUPLICATE.columns:
        want = {"money": 99_999_999_999.99, "yes": "Yes", "number": 2.248}.get(column.kind, row[column.kind])
        assert after[column.name] == want, column.name


def test_messages_reach_the_collector(reopen, new_book) -> None:
    told: list[str] = []
    reopen(new_book(), tell=told.append).message("3 rows posted")
    assert told == ["3 rows posted"]


def test_many_rows(reopen, new_book) -> None:
    path = new_book(bills=0)
    book = reopen(path)
    book.append("Duplicate", duplicate(2000))
    after = saved(book, reopen, path).read("Duplicate")
    assert len(after) == 2000
    assert after["Bill"].iloc[-1] == "02000"


def test_a_file_beside_the_book_is_written_by_save_and_never_over_another(reopen, new_book) -> None:
    path = new_book()
    book = reopen(path)
    first, second = book.put_file("list.csv", b"one"), book.put_file("list.csv", b"two")
    assert first != second
    assert not path.with_name(first).exists()
    book.save()
    assert path.with_name(first).read_bytes() == b"one"
    assert path.with_name(second).read_bytes() == b"two"
    assert book.put_file("list.csv", b"three") not in (first, second)


def test_a_step_that_fails_leaves_the_file_as_it_was(reopen, new_book) -> None:
    path = new_book()
    book = reopen(path)

    def half() -> None:
        with book.step("Post"):
            book.append("CashBook", receipts(9))
            raise ValueError("half-way")

    with pytest.raises(ValueError, match="half-way"):
        half()
    assert reopen(path).read("CashBook")["Receipt"].tolist() == ["R1", "R2"]


def test_columns_may_be_worked_out_later(reopen, new_book) -> None:
    """They are for the rows there were; rows added since keep what they came with."""
    path = new_book()
    book = reopen(path)
    book.replace_columns("Duplicate", lambda: pd.DataFrame({"Balance": [1, 2, 3]}))
    book.append("Duplicate", duplicate(2, first=4))
    book.append("Duplicate", duplicate(1, first=6))
    now = book.read("Duplicate")
    for table in (now, saved(book, reopen, path).read("Duplicate")):
        assert table["Bill"].tolist() == ["00001", "00002", "00003", "00004", "00005", "00006"]
        assert table["Balance"].tolist() == [0.01, 0.02, 0.03, None, None, None]


def test_a_file_works_out_only_the_columns_that_are_looked_at(new_book) -> None:
    book = FilesBook.open(new_book())
    asked = []

    def balances(cents: int) -> pd.DataFrame:
        asked.append(cents)
        return pd.DataFrame({"Balance": [cents] * 3})

    book.replace_columns("Duplicate", lambda: balances(1))
    book.replace_columns("Duplicate", lambda: balances(2))
    assert asked == []
    assert book.read("Duplicate")["Balance"].tolist() == [0.02] * 3
    book.replace_columns("Duplicate", lambda: balances(3))
    book.replace_rows("Duplicate", duplicate(1))
    book.save()
    assert asked == [2]


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!"])
def test_an_error_cell_is_never_an_empty_one(reopen, new_book, error: str) -> None:
    """In every host: a bill whose tax nobody knows is not a bill without tax."""
    path = new_book()
    where = spoil.cell(path, "Duplicate", 2, "Net Tax", error)
    with pytest.raises(Problems, match="This cell shows the error") as refused:
        read(reopen(path).read("Duplicate"), DUPLICATE)
    (problem,) = refused.value.problems
    assert (problem.where, error in problem.what) == (where, True)
