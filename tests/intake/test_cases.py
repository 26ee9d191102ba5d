"""Files that came in wrong, or not at all, each with its right outcome. The figures are added up by hand from the files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.intake.intake_files import CASES, NewBook
from xltax.actions import counter, setup
from xltax.actions.setup import bring_in, look_at
from xltax.errors import TaxError
from xltax.hosts.files import FilesBook
from xltax.money import usd

DAY = dt.date(2025, 8, 31)
PAID = 4664_60  # the three payments of most files: 1,405.00, 2,248.00 and 1,011.60


class Case(NamedTuple):
    """A file: the book it comes into, what it holds, its control total, and what is said. No words: it comes in."""

    file: str
    state: str
    what: str
    total: int
    words: tuple[str, ...] = ()
    said: dict[str, Any] = {}  # noqa: RUF012  # never changed


COMES_IN = [
    Case("f02a_control_ok.csv", "roll", "balances", 2416_60),
    Case("f02a_interest_from_timestamp.csv", "roll", "balances", 2416_60),
    Case("f02d_interest_from_null_text.csv", "roll", "balances", 4664_60),
    Case("f03_amount_due_with_interest.csv", "roll", "balances", 1500_00, (), {"mapping": "Amount=face_value"}),
    Case("f03_amount_due_with_interest.csv", "roll", "balances", 1765_00, (), {"sure": "Amount"}),
    Case("f05a_three_part_id_crash.csv", "empty", "roll", 430_000_00),
    Case("f05b_scientific_crash.csv", "empty", "roll", 430_000_00),
    Case("f06_blank_header_column_ignored.csv", "roll", "balances", 1500_00),
    Case("f12_mixed_encoding.csv", "empty", "roll", 300_000_00, (), {"encoding": "cp1252"}),
    Case("s3_repeated_header_other_order.csv", "roll", "balances", 2200_00),
    Case("k20_header_twice_name.csv", "open", "payments", 3653_00, (), {"sure": "Amount"}),
    Case("k20_header_twice_name.csv", "open", "payments", 1_00, ("$0.00 is too low",), {"mapping": "Amount=Amount [C]"}),
    Case("k21_blank_header_amount.csv", "open", "payments", 3653_00, (), {"sure": "Amount"}),
    Case("h1_portal.xls", "open", "payments", 1405_00),
    Case("f07c_payments_posted_twice.csv", "open", "payments", 100_00),
    *(
        Case(file, "open", "payments", PAID)
        for file in (
            "c00_plain.xlsx", "c09_iso_date_tz.xlsx", "c14_case_sheet.xlsx", "c16_backslash_names.xlsx", "c36_hidden_first_sheet.xlsx",
            "c53_text_datetimes.xlsx", "c55_text_month_names.xlsx", "f10_two_row_header_merged.xlsx", "f13_cover_sheet_first.xlsx",
            "h6.ods", "h6.xlsb", "k01_utf16.csv", "k18_timestamps.csv", "k29_pipe.csv",
        )
    ),
]  # fmt: skip
REFUSED = [
    Case("f01a_roll_deduction_error_cell.xlsx", "empty", "roll", 430_000_00, ("Sheet1!D2: This cell shows the error #N/A", "Sheet1!E3: This cell shows the error #REF!")),
    Case("f01b_balances_interest_from_error_cell.xlsx", "roll", "balances", 2405_00, ("Sheet1!F2: This cell shows the error #N/A",)),
    Case("f01c_roll_deduction_formula_without_value.xlsx", "empty", "roll", 430_000_00, ("Sheet1!D2: This cell has a formula without a result",)),
    Case("f02b_deductions_cr.csv", "empty", "roll", 520_000_00, ("csv!D2: 250.00 CR is not an amount", "csv!D3: 500.00 CR is not an amount")),
    Case("f02c_deductions_na_text.csv", "empty", "roll", 200_000_00, ("csv!D2: This cell shows the error #N/A",)),
    Case("f03_amount_due_with_interest.csv", "roll", "balances", 1765_00, ('Does "amount_due" include interest, penalty, fees?',)),
    Case("f04a_roll_one_account_is_a_date.xlsx", "empty", "roll", 1_000_000_00, ("Sheet1!A4: This Account is a date (2025-12-04)",)),
    Case("f04b_roll_excel_mangled_accounts.csv", "empty", "roll", 800_000_00, (
        "csv!A2: This Account is a date (4-Dec)", "csv!A4: This Account is a date (Jan-13)", "csv!A6: This Account is a date (12/4/2025)",
        "csv!A7: This Account lost its last digits (1.23457E+11)", "csv!A8: This cell shows the error #N/A",
    )),
    Case("f12_mixed_encoding.csv", "empty", "roll", 300_000_00, ("csv!B3: This cell has a byte (0x96) that is not UTF-8", "--encoding cp1252")),
    Case("c23_error_cells.xlsx", "open", "payments", PAID, ("Sheet1!B3: This cell shows the error #N/A",)),
    Case("k08_trailing_minus.csv", "open", "payments", 3553_00, ("csv!B3: 100.00- is not an amount",)),
    Case("k20_header_twice_name.csv", "open", "payments", 3653_00, ('"Amount [C]" could also match',)),
    Case("k21_blank_header_amount.csv", "open", "payments", 3653_00, ("This column has no header. Does it hold the Amount?",)),
    Case("k30_unbalanced_quote.csv", "open", "payments", PAID, ("k30_unbalanced_quote.csv line 2: This line opens a quote that never closes",)),
    Case("h9_xml2003.xls", "open", "payments", PAID, ("The sheet has no header row",)),
]  # fmt: skip


def refused(book: FilesBook, case: Case) -> str:
    with pytest.raises(TaxError) as error:
        bring_in(book, case.what, case.total, CASES / case.file, today=DAY, **case.said)
    return "\n".join(map(str, error.value.problems))


@pytest.mark.parametrize("case", [c for c in COMES_IN if not c.words], ids=lambda c: f"{c.file} {c.said or ''}")
def test_what_can_be_read_comes_in_and_the_look_said_so(book: NewBook, case: Case) -> None:
    office = book(case.state)
    look = look_at(office, case.what, CASES / case.file, control_total=case.total, **case.said).text
    assert look.endswith("Ready to import."), look
    said = bring_in(office, case.what, case.total, CASES / case.file, today=DAY, **case.said).text
    assert "difference $0.00" in said


@pytest.mark.parametrize("case", [*REFUSED, *(c for c in COMES_IN if c.words)], ids=lambda c: c.file)
def test_what_cannot_be_read_is_named_and_the_look_never_said_ready(book: NewBook, case: Case) -> None:
    """Look At and Bring In have one judgement; nothing is half written."""
    office = book(case.state)
    before = {name: len(office.read(name)) for name in ("Roll", "Duplicate", "CashBook", "Mappings")}
    try:
        look = look_at(office, case.what, CASES / case.file, control_total=case.total, **case.said).text
    except TaxError as error:
        look = "\n".join(map(str, error.problems))
    assert "Ready" not in look
    said = refused(office, case)
    for words in case.words:
        assert words in said
        assert words in look
    assert {name: len(office.read(name)) for name in before} == before


MAPPED = {"f05a_three_part_id_crash.csv": "Account=Parcel ID"}
HEADERS_TO_GUESS = "f10_two_row_header_merged.xlsx"


def by_name(office: FilesBook, case: Case) -> str:
    """What Post and Import Roll say to a file: they have no questions, but read as Bring In does."""
    if case.what == "roll":
        mapping = MAPPED.get(case.file, "")
        return setup.import_roll(office, CASES / case.file, mapping, control_value=case.total, on=DAY).text
    return counter.post(office, CASES / case.file, today=DAY).text


NAMED = [c for c in COMES_IN if c.what in ("payments", "roll") and not c.said and not c.words]
OTHER_WORDS = {
    "k20_header_twice_name.csv": ('The header "Amount" appears twice',),
    "k21_blank_header_amount.csv": ('The column "Amount" is missing',),
    "h9_xml2003.xls": ("The sheet has no header row",),
}


@pytest.mark.parametrize("case", NAMED, ids=lambda c: c.file)
def test_post_and_import_roll_read_every_kind_of_file(book: NewBook, case: Case) -> None:
    office = book(case.state)
    if case.file == HEADERS_TO_GUESS:
        with pytest.raises(TaxError, match="Required: Account or Bill, to identify each row"):
            by_name(office, case)
        return
    assert usd(case.total) in by_name(office, case) or len(office.read("Roll")) == 3


@pytest.mark.parametrize("case", [c for c in REFUSED if c.what in ("payments", "roll")], ids=lambda c: c.file)
def test_post_and_import_roll_refuse_what_bring_in_refuses(book: NewBook, case: Case) -> None:
    office = book(case.state)
    before = {name: len(office.read(name)) for name in ("Roll", "CashBook")}
    with pytest.raises(TaxError) as error:
        by_name(office, case)
    said = "\n".join(map(str, error.value.problems))
    for words in OTHER_WORDS.get(case.file, case.words):
        assert words in said
    assert {name: len(office.read(name)) for name in before} == before


def test_post_matches_an_account_that_is_written_otherwise_and_says_so(book: NewBook, tmp_path: Path) -> None:
    office = book("open")
    path = tmp_path / "checks.csv"
    path.write_text("Account,Amount,Received,Status\n12 / 4,100.00,8/14/2025,Paid\n14-2,5,8/14/2025,Voided\n", "utf-8")
    said = counter.post(office, path, today=DAY).text
    assert "such as 12 / 4 for 0012-4" in said
    assert 'Skipped: checks.csv!B3, status "Voided", $5.00.' in said
    assert office.read("CashBook")["Account"].iloc[-1] == "0012-4"


def test_what_would_be_asked_is_left_to_bring_in(book: NewBook, tmp_path: Path) -> None:
    office = book("open")
    path = tmp_path / "checks.csv"
    path.write_text("Account,Amount,Received\n0012-4,100.00,14/8/2025\n", "utf-8")
    with pytest.raises(TaxError, match="import it with Bring In, which has an option for each answer") as error:
        counter.post(office, path, today=DAY)
    assert "14/8/2025 in C2 has no month 14" in str(error.value)


def test_a_hidden_column_is_not_read_unseen(book: NewBook, tmp_path: Path) -> None:
    from openpyxl import Workbook

    sheet = (workbook := Workbook()).active
    for row in (["Account", "Net Value", "Deductions"], ["1", 100000, 250]):
        sheet.append(row)
    sheet.column_dimensions["C"].hidden = True
    workbook.save(tmp_path / "roll.xlsx")
    with pytest.raises(TaxError, match='"Deductions" is a hidden column'):
        setup.import_roll(book("empty"), tmp_path / "roll.xlsx")


def test_words_for_nothing_are_read_as_empty_and_said(book: NewBook) -> None:
    look = look_at(book("roll"), "balances", CASES / "f02d_interest_from_null_text.csv", control_total=4664_60).text
    assert 'Interest From: "NULL" is read as empty in 2 cells.' in look


def test_a_column_without_a_header_is_named(book: NewBook) -> None:
    look = look_at(book("roll"), "balances", CASES / "f06_blank_header_column_ignored.csv", control_total=1500_00).text
    assert "not used: column E (no header)." in look


def test_a_hidden_sheet_and_a_cover_are_passed_by_and_named(book: NewBook) -> None:
    office = book("open")
    hidden = look_at(office, "payments", CASES / "c36_hidden_first_sheet.xlsx").text
    assert 'Sheet "Payments" was read. Not read: Old (hidden).' in hidden
    cover = look_at(office, "payments", CASES / "f13_cover_sheet_first.xlsx").text
    assert 'Sheet "Payments" was read. Not read: Cover.' in cover
    assert "Old" in look_at(office, "payments", CASES / "c36_hidden_first_sheet.xlsx", sheet="Old").text
    with pytest.raises(TaxError, match='There is no sheet "Nowhere"'):
        look_at(office, "payments", CASES / "c36_hidden_first_sheet.xlsx", sheet="Nowhere")


def test_each_page_is_read_by_its_own_header(book: NewBook) -> None:
    office = book("roll")
    bring_in(office, "balances", 2200_00, CASES / "s3_repeated_header_other_order.csv", today=DAY)
    bills = office.read("Duplicate")
    assert bills[["Account", "Net Tax"]].to_numpy().tolist() == [["0012-4", 1000], ["0014-2", 500], ["0013-7.01", 700]]


def test_one_odd_byte_leaves_the_rest_of_the_file_as_it_is(book: NewBook) -> None:
    office = book("empty")
    bring_in(office, "roll", 300_000_00, CASES / "f12_mixed_encoding.csv", encoding="cp1252")
    assert office.read("Roll")["Owner"].tolist() == ["PEÑA JOSÉ", "SMITH \N{EN DASH} JONES"]


def test_interest_runs_from_the_day_in_a_time_stamp(book: NewBook) -> None:
    """8/15/2025 12:00:00 AM is August 15, as in the control file without times."""
    office = book("roll")
    bring_in(office, "balances", 2416_60, CASES / "f02a_interest_from_timestamp.csv", today=DAY)
    assert [str(d)[:10] for d in office.read("Duplicate")["Interest From"]] == ["2025-08-15", "2025-08-01"]


def test_the_same_payments_come_in_once(book: NewBook) -> None:
    office = book("open")
    bring_in(office, "payments", PAID, CASES / "c00_plain.xlsx", today=DAY)
    again = Case("c00_plain.xlsx", "open", "payments", PAID)
    assert "already has a payment of $1,405.00" in refused(office, again)
    assert "receipt 1" in refused(office, again)
    assert "receipt 1" in look_at(office, "payments", CASES / "c00_plain.xlsx", control_total=PAID).text
    assert (
        "3 payments posted" in bring_in(office, "payments", PAID, CASES / "c00_plain.xlsx", today=DAY, again=True).text
    )


def test_every_file_of_the_folder_has_its_outcome() -> None:
    named = {c.file for c in (*COMES_IN, *REFUSED)} | {"roll.csv", "open.csv"}
    elsewhere = {"f07a_batch_no_references.csv", "f07b_same_batch_saved_again.csv"}  # test_town.py
    assert {p.name for p in CASES.iterdir() if p.is_file()} == named | elsewhere
