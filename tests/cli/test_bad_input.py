"""Everything wrong that can come in: one clear error naming sheet and cell, or file and row, and the book as it was."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.books import spoil
from xltax.hosts.files import FilesBook

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")


def refused(xltax: Any, book: Path, *command: object) -> str:
    """The error of a command that must leave the book as it is."""
    before, beside = book.read_bytes(), sorted(p.name for p in book.parent.iterdir())
    error = xltax(command[0], book, *command[1:]).error
    assert book.read_bytes() == before
    assert sorted(p.name for p in book.parent.iterdir()) == beside, "nothing is left lying about"
    return error


# ---- payments -------------------------------------------------------------------------------------------------------

HEADER = "Receipt,Bill,Account,Amount,Received,Effective,By,Tender,Kind"
GOOD = "3,2025-014,014,100.00,2025-03-05,,owner,Check,"
PAYMENTS = [
    ("3,2025-014,014,abc,2025-03-05,,,,", "!D3: abc is not an amount of money."),
    ("3,2025-014,014,12.345,2025-03-05,,,,", "!D3: 12.345 has more than two decimals."),
    ("3,2025-014,014,1e308,2025-03-05,,,,", "!D3: 1e308 is not an amount of money."),
    ("3,2025-014,014,100000000000,2025-03-05,,,,", "!D3: 100000000000 is larger than $99,999,999,999.99"),
    (
        '3,2025-014,014,"12,50",2025-03-05,,,,',
        "!D3: 12,50 is not an amount of money. Use a period, not a comma, before the cents.",
    ),
    ('3,2025-014,014,"1.234,56",2025-03-05,,,,', "!D3: 1.234,56 is not an amount of money."),
    ("3,2025-014,014,12 50,2025-03-05,,,,", "!D3: 12 50 is not an amount of money."),
    ("3,2025-014,014,-5,2025-03-05,,,,", "!D3: -$5.00 is too low. Enter $0.00 or more."),
    ("3,2025-014,014,(5.00),2025-03-05,,,,", "!D3: -$5.00 is too low. Enter $0.00 or more."),
    ("3,2025-014,014,0,2025-03-05,,,,", "!D3: The amount is $0.00. Enter the amount received."),
    ("3,2025-014,014,,2025-03-05,,,,", "!D3: Amount is empty."),
    ("3,2025-014,014,nan,2025-03-05,,,,", "!D3: Amount is empty."),
    (
        "3,2025-014,014,5,13/5/2025,,,,",
        ", Received: 13/5/2025 in E3 has no month 13. If the day comes first on this sheet",
    ),
    ("3,2025-014,014,5,25.03.2025,,,,", ", Received: 25.03.2025 in E3 has no month 25."),
    (
        "3,2025-014,014,5,1900-01-01,,,,",
        "!E3: 1900-01-01 is not between 1910-01-01 and 2199-12-31. Check the year.",
    ),
    ("3,2025-014,014,5,2025-02-30,,,,", "!E3: 2025-02-30 is not on the calendar. Check the month and day."),
    ("3,2025-014,014,5,,,,,", "!E3: Received is empty."),
    ("3,2025-014,014,5,2025-03-06,,,,", "!E3: 2025-03-06 is after today, 2025-03-05."),
    ("3,2025-014,014,5,2025-01-14,,,,", "!E3: Bill 2025-014 was mailed on 2025-01-15, after this payment."),
    ("3,2025-014,014,5,2025-03-05,15/3/2025,,,", ", Effective: 15/3/2025 in F3 has no month 15."),
    ("3,2025-999,,5,2025-03-05,,,,", '!B3: Bill "2025-999" is not on the Duplicate.'),
    ("3,,999,5,2025-03-05,,,,", '!C3: Account "999" is not on the Duplicate.'),
    ("3,2025-014,013,5,2025-03-05,,,,", "!C3: Bill 2025-014 belongs to account 014, not 013."),
    ("3,,,5,2025-03-05,,,,", "!C3: Account and Bill are both empty. Enter one of them."),
    ("1,2025-014,014,5,2025-03-05,,,,", "!A3: Receipt 1 is already in the Cash Book."),
    ("8,2025-014,014,5,2025-03-05,,,,", "!A3: Receipt 8 is already in the Cash Book."),
    (
        "3,2025-014,014,5,2025-03-05,,a bank,,",
        '!G3: "a bank" is not a choice in this column. Use one of these: owner, third party, officer.',
    ),
    ("3,2025-014,014,5,2025-03-05,,,Gold,", '!H3: "Gold" is not a payment type.'),
    ("3,2025-014,014,5,2025-03-05,,,,Reversal", '!I3: "Reversal" is not a kind of payment.'),
    (
        "3,2025-014,014,1,250.00,2025-03-05,,owner,Check,Payment",
        " row 3: This row has 10 fields, but the header has 9. Put quotes around text that contains the separator.",
    ),
]


@pytest.mark.parametrize(("row", "words"), PAYMENTS)
def test_a_bad_payment_is_named_by_file_and_row(xltax, book: Path, row: str, words: str) -> None:
    path = book.with_name("march.csv")
    path.write_text(f"{HEADER}\n{GOOD.replace('3,', '8,', 1)}\n{row}\n", encoding="utf-8")
    error = refused(xltax, book, "post", path, "--today", "2025-03-05")
    assert error.startswith(f"march.csv{words}"), error


def test_every_bad_payment_is_named_at_once(xltax, book: Path) -> None:
    path = book.with_name("march.csv")
    path.write_text(
        f"{HEADER}\n,2025-999,,5,2025-03-05,,,,\n,,999,5,2025-03-05,,,,\n,2025-014,,0,2025-03-05,,,,\n", "utf-8"
    )
    lines = refused(xltax, book, "post", path, "--today", "2025-03-05").splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "march.csv!B2",
        "march.csv!C3",
        "march.csv!D4",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "march.csv: This file is empty."),
        (b"Bill,Received\n2025-014,2025-03-05\n", 'march.csv: The column "Amount" is missing.'),
        (b"Bill,Amount\n2025-014,5\n", 'march.csv: The column "Received" is missing.'),
        (b"Bill,Amount,Amount,Received\n1,1,1,2025-03-05\n", 'march.csv: The header "Amount" appears twice.'),
        (b"Bill,Bill No,Amount,Received\n1,1,1,2025-03-05\n", "are the same column"),
        (b"Bill,Amount,Received\n", "march.csv: The sheet has no rows."),
        (b"Bill,Amount,Received\n,,\n,,\n", "march.csv: The sheet has no rows."),
        (b'Bill,Amount,Received\n"1,2,3\n', "march.csv line 2: This line opens a quote that never closes."),
        (b"PK\x03\x04" + bytes(200), "march.csv: This file is incomplete or damaged."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(200), "march.csv: This file is damaged, or it comes from an old office program"),
        (b"\x00\x01\x02binary\x00" * 20, "march.csv: This is not a text file."),
    ],
)  # fmt: skip
def test_a_bad_file_of_payments_is_named(xltax, book: Path, content: bytes, words: str) -> None:
    path = book.with_name("march.csv")
    path.write_bytes(content)
    assert words in refused(xltax, book, "post", path, "--today", "2025-03-05")


def test_a_file_of_payments_that_is_not_there(xltax, book: Path) -> None:
    assert "This file does not exist" in refused(xltax, book, "post", book.with_name("march.csv"))


# ---- the roll -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Account,Net Value\n1,abc\n", "roll.csv!B2: abc is not an amount of money."),
        ("Account,Net Value\n1,1e308\n", "roll.csv!B2: 1e308 is not an amount of money."),
        ('Account,Net Value\n1,5\n2,"12,5"\n', "roll.csv!B3: 12,5 is not an amount of money."),
        ("Account,Net Value\n1,0.005\n", "roll.csv!B2: 0.005 has more than two decimals."),
        ("Account,Net Value\n1,\n", "roll.csv!B2: Net Value is empty."),
        ("Account,Net Value\n,5\n", "roll.csv!A2: Account is empty."),
        ("Account,Net Value\n1,5\n1,6\n", "roll.csv!A3: Account 1 is already at roll.csv!A2."),
        ("Account,Owner\n1,A\n", 'roll.csv: The column "Net Value" is missing.'),
        ("Owner,Net Value\nA,5\n", 'roll.csv: The column "Account" is missing.'),
        ("Account,Net Value,Levy Type\n1,5,XX\n", 'roll.csv!C2: "XX" is not a choice in this column.'),
        (
            "Account,Net Value,Authorized On\n1,5,13/2/2025\n",
            "roll.csv, Authorized On: 13/2/2025 in C2 has no month 13.",
        ),
    ],
)
def test_a_bad_roll_is_named_by_file_and_row(xltax, book: Path, content: str, words: str) -> None:
    path = book.with_name("roll.csv")
    path.write_text(content, encoding="utf-8")
    assert refused(xltax, book, "import-roll", path).startswith(words)


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ("Account=Parcel", 'roll.csv: There is no column "Parcel". Use one of: Account, Net Value.'),
        ("Nonsense=Account", '"Nonsense" is not a column of roll.'),
        ("Account", 'mapping: "Account" is not a mapping.'),
    ],
)
def test_a_bad_mapping_is_named(xltax, book: Path, mapping: str, words: str) -> None:
    path = book.with_name("roll.csv")
    path.write_text("Account,Net Value\n1,5\n", encoding="utf-8")
    assert words in refused(xltax, book, "import-roll", path, "--mapping", mapping)


@pytest.mark.parametrize(
    "given",
    [
        ("bill", "--rates", "RE=2"),
        ("calendar",),
        ("bills",),
        ("servicer-files",),
        ("budget-report",),
        ("relief-leaflet",),
    ],
)
@pytest.mark.parametrize("year", ["25", "99999"])
def test_a_year_that_is_none_is_refused(xltax, book: Path, given: tuple[str, ...], year: str) -> None:
    assert f"year: {year} is not a year. Enter four digits" in refused(xltax, book, *given, "--year", year)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (("issue-warrants", ""), "officer"),
        (("tax-search", "014", ""), "requested_by"),
        (("reverse", "", "why"), "receipt"),
    ],
)
def test_an_input_given_as_nothing_is_asked_for(xltax, book: Path, given: tuple[str, ...], name: str) -> None:
    assert f"{name}: This field is required." in refused(xltax, book, *given)


def test_a_value_below_zero_cannot_be_billed(xltax, book: Path) -> None:
    path = book.with_name("roll.csv")
    path.write_text("Account,Net Value\n014,-75000\n", encoding="utf-8")
    assert xltax("import-roll", book, path, "--missing", "keep").code == 0
    error = refused(xltax, book, "bill", "--year", 2026, "--rates", "RE=2")
    assert error.startswith("Roll!")
    assert "The net value is below zero." in error


@pytest.mark.parametrize(
    "name",
    ['=HYPERLINK("http://x","Pay")', "=1+1", "+1+1", "-SMITH", "@SUM(A1)", "'=1", "\t=1", "=cmd|' /C calc'!A0", "{=1}"],
)
def test_a_name_that_looks_like_a_formula_stays_text(xltax, book: Path, name: str) -> None:
    path = book.with_name("roll.csv")
    quoted = name.replace('"', '""')
    path.write_text(f'Account,Owner,Location,Net Value\n013,"{quoted}","{quoted}",100000\n', encoding="utf-8")
    assert xltax("import-roll", book, path, "--missing", "keep").code == 0
    assert xltax("delinquent", book).code == 0
    assert xltax("quote", book, "013").code == 0
    stored = FilesBook.open(book).read("Roll").set_index("Account").loc["013", "Owner"]
    assert stored == name.strip()
    workbook = openpyxl.load_workbook(book)
    held = [c for s in workbook.worksheets for row in s.iter_rows() for c in row if c.value == name.strip()]
    assert held
    assert {c.data_type for c in held} == {"s"}, "text, not a formula"
    with zipfile.ZipFile(book) as parts:
        for part in parts.namelist():
            assert b"<f>HYPERLINK" not in parts.read(part)
            assert b"<f>cmd" not in parts.read(part)


# ---- cells of the book ------------------------------------------------------------------------------------------------

CELLS = [
    *(("Duplicate", 1, "Inst 1", v) for v in ("abc", "12,50", 12.345, 1e308, True)),
    *(("Duplicate", 2, "Net Tax", v) for v in ("abc", 0.001, None)),
    *(("Duplicate", 2, "Due 1", v) for v in ("22/1/2025", "21.02.2025", dt.date(1900, 3, 1), "soon")),
    *(("Duplicate", 3, "Levy Year", v) for v in ("abc", 25)),
    ("Duplicate", 3, "Levy Type", "XX"),
    *(("CashBook", 2, "Total", v) for v in ("abc", 1e308, 0.005)),
    *(("CashBook", 1, "Received", v) for v in ("22/5/2025", None, dt.date(1900, 1, 31))),
    ("CashBook", 1, "Kind", "Gift"),
    ("CashBook", 1, "Line", "first"),
]


@pytest.mark.parametrize(("table", "row", "column", "value"), CELLS)
@pytest.mark.parametrize("command", ["refresh", "proof"])
def test_a_bad_cell_is_named_by_sheet_and_cell(
    xltax, book: Path, command: str, table: str, row: int, column: str, value: Any
) -> None:
    where = spoil.cell(book, table, row, column, value)
    error = refused(xltax, book, command)
    assert error.startswith(f"{where}: "), error
    assert "\n" not in error


@pytest.mark.parametrize("value", [-500, 100_000_000.01])
def test_an_installment_below_zero_or_beyond_all_measure_is_named(xltax, book: Path, value: float) -> None:
    where = spoil.cell(book, "Duplicate", 1, "Inst 1", value)
    assert refused(xltax, book, "refresh").startswith(where)


def _adjustment(book: Path, **cells: Any) -> str:
    row = {
        "No": "A-1", "Effective": dt.date(2025, 2, 1), "Bill": "2025-014", "Inst": 1, "Kind": "Abatement", "Amount": 50, "Reason": "x", "Authority": "y",
    }  # fmt: skip
    where = {k: spoil.cell(book, "Adjustments", 1, k, v) for k, v in (row | cells).items()}
    return where[next(iter(cells))]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("Amount", -50),
        ("Amount", "abc"),
        ("Amount", 0.001),
        ("Effective", "22/1/2025"),
        ("Kind", "Gift"),
        ("Inst", 0),
        ("Component", "fun"),
    ],
)
def test_a_bad_adjustment_is_named_by_sheet_and_cell(xltax, book: Path, column: str, value: Any) -> None:
    where = _adjustment(book, **{column: value})
    assert refused(xltax, book, "refresh").startswith(f"{where}: ")


def test_an_adjustment_of_no_bill_is_something_to_look_at(xltax, book: Path) -> None:
    where = _adjustment(book, Bill="2025-999")
    said = xltax("proof", book)
    assert said.code == 1
    assert f"{where}: There is no bill 2025-999, installment 1." in said.out


def test_a_bill_number_that_stands_there_twice_is_named(xltax, book: Path) -> None:
    spoil.copy_row(book, "Duplicate", 1, 2)
    error = refused(xltax, book, "refresh")
    assert error == "Duplicate!A6: Bill 2025-012 is already at Duplicate!A5. Keep one of the two rows."


def test_a_receipt_line_that_stands_there_twice_is_named(xltax, book: Path) -> None:
    spoil.copy_row(book, "CashBook", 1, 2)
    assert "Receipt 1, Line 1 is already at Cash Book!A5" in refused(xltax, book, "refresh")


@pytest.mark.parametrize(
    ("name", "value", "command"),
    [
        ("as_of", "13/3/2025", ["refresh"]),
        ("as_of", None, ["refresh"]),
        ("as_of", "soon", ["proof"]),
        ("quote_date", "13/3/2025", ["quote", "013"]),
        ("quote_days", "many", ["quote", "013"]),
        ("quote_days", 2.5, ["quote", "013"]),
        ("control_bills", "three", ["proof"]),
        ("control_bills", 3.5, ["proof"]),
        ("control_tax", "abc", ["proof"]),
        ("control_tax", 0.001, ["proof"]),
        ("levy_year", "abc", ["bill", "--rates", "RE=2"]),
        ("levy_year", None, ["bill", "--rates", "RE=2"]),
    ],
)
def test_a_bad_input_cell_is_named(xltax, book: Path, name: str, value: Any, command: list[str]) -> None:
    where = FilesBook.open(book)._layout.names[name]  # sheet, row, column

    def change(workbook: Any) -> None:
        workbook[where[0]].cell(where[1], where[2]).value = value

    spoil.edit(book, change)
    error = refused(xltax, book, *command)
    assert error.startswith(where[0]) or name in error, error


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("day_count", "30/361", "30/361"),
        ("method", "simple", "simple"),
        ("days", "ten", "ten"),
        ("group", "family", "family"),
    ],
)
def test_a_bad_rule_is_named(xltax, book: Path, key: str, value: str, words: str) -> None:
    rules = FilesBook.open(book).read("Rules")
    row = int(rules.index[rules["Key"] == key][0]) + 1
    spoil.cell(book, "Rules", row, "Value", value)
    error = refused(xltax, book, "refresh")
    assert error.startswith("Rules")
    assert words in error


# ---- files that are not what they seem --------------------------------------------------------------------------------


def _xls(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))


def _truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-3000])


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path) as book:
        parts = {n: book.read(n) for n in book.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in (parts | {"xl/worksheets/sheet4.xml": bytes(200 << 20)}).items():
            book.writestr(name, data)


def _merged(path: Path) -> None:
    spoil.edit(path, lambda w: spoil.table_at(w, "Duplicate")[0].merge_cells("A4:B4"))


def _no_column(path: Path) -> None:
    def change(workbook: Any) -> None:
        sheet, (left, header, right, _) = spoil.table_at(workbook, "Duplicate")
        at = next(c for c in range(left, right + 1) if sheet.cell(header, c).value == "Net Tax")
        sheet.cell(header, at).value = "Something"
        next(c for c in sheet.tables["Duplicate"].tableColumns if c.name == "Net Tax").name = "Something"

    spoil.edit(path, change)


FILES: list[tuple[Callable[[Path], None], str]] = [
    (_xls, "old Excel 97-2003 file (.xls)"),
    (_truncated, "incomplete or damaged"),
    (_bomb, "unpacks to far more"),
    (lambda p: p.write_text("Bill,Tax\n1,2\n") and None, "not an Excel workbook"),
    (lambda p: p.write_bytes(b"") and None, "empty"),
    (_merged, "Duplicate!A4: The header of the table Duplicate has merged cells."),
    (_no_column, 'Duplicate!A4: The table Duplicate has no column "Net Tax".'),
]


@pytest.mark.parametrize(("spoiled", "words"), FILES)
@pytest.mark.parametrize("command", [["refresh"], ["proof"], ["quote", "013"]])
def test_a_file_that_is_not_a_sound_book_is_named(
    xltax, book: Path, command: list[str], spoiled: Callable[[Path], None], words: str
) -> None:
    spoiled(book)
    error = refused(xltax, book, *command)
    assert "town.xlsx" in error
    assert words in error
