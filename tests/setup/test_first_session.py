"""The first session: an office's own sheet looked at, corrected, tied to its control total and brought in; what is refused, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.setup.ugly_sheet import DAY, MERGED, TOTAL, UGLY
from xltax.actions.setup import bring_in, look_at
from xltax.errors import BadValue, Problems, TaxError
from xltax.faces.catalog import actions
from xltax.faces.run import press
from xltax.hosts.files import FilesBook
from xltax.office.billing.roll_import import RECORD
from xltax.tables import DUPLICATE
from xltax.tables.reading import read

D = dt.date
Sheet = Callable[..., Path]
HEAD = ["Account", "Tax Year", "Due Date", "Balance", "Interest From"]


def bills(book: FilesBook) -> pd.DataFrame:
    return read(book.read("Duplicate"), DUPLICATE).set_index("Bill")


def changed(book: FilesBook) -> dict[str, Any]:
    """What the book holds that bringing in would change."""
    return {
        t: book.read(t).to_numpy().tolist() for t in ("Roll", "Duplicate", "CashBook", "Mappings", "Log", "Adjustments")
    }


def refused(book: FilesBook, *args: Any, **more: Any) -> list[str]:
    """What bringing in says when it refuses; the book must be as it was."""
    before = changed(book)
    with pytest.raises(TaxError) as error:
        bring_in(book, *args, **more)
    assert changed(book) == before
    return [str(p) for p in error.value.problems]


# ---- parcels -----------------------------------------------------------------------------------------------------------

PARCELS: list[list[Any]] = [
    ["BOROUGH OF MUDDLEBURY"],
    ["Blk", "Lt", "Qual", "Owner Name(s)", "Mailing Street", "Cls", "Bldg Val", "Total Assmt", "Vet/Sr Ded", "Ward"],
    ["10", 1, None, "SMITH, JOHN", "12 High St", "2", 160_000, 250_000, 250, "E"],
    ["10", 2.01, None, "O'BRIEN, PAT", "PO Box 5", "2", 140_000, 225_000, None, "E"],
    ["Blk", "Lt", "Qual", "Owner Name(s)", "Mailing Street", "Cls", "Bldg Val", "Total Assmt", "Vet/Sr Ded", "Ward"],
    ["011", 3, "C0001", "CONDO LLC", "1 Wall St", "4A", 400_000, 520_000, None, "W"],
    ["TOTAL", None, None, None, None, None, 700_000, 995_000, 250, None],
]
OPEN: list[list[Any]] = [
    ["Block/Lot", "Year", "Q", "Due Date", "Balance", "paid thru"],
    ["10/1", 2025, 3, D(2025, 8, 1), 1490.0, None],
    ["10 / 2.01", 2025, 3, D(2025, 8, 1), 1341.0, None],
    ["011/3/C0001", 2025, 3, D(2025, 8, 1), 3099.2, None],
]


def test_a_roll_without_account_numbers_has_block_and_lot(town: FilesBook, sheet: Sheet) -> None:
    """The number is put together as MOD-IV's is, shown, and taken once she says so."""
    path = sheet(PARCELS)
    said = look_at(town, "roll", path, control_total=995_000_00).text
    assert "Account = Blk + Lt + Qual   (check this)" in said
    assert 'Combined, such as "10-1". Is this the account number?' in said
    for line in (
        "Mail 1 = Mailing Street",
        "Class = Cls",
        "Improvements = Bldg Val",
        "Deductions = Vet/Sr Ded",
        "Lot = Lt",
    ):
        assert line in said
    assert "not used: Ward." in said
    assert "Combined" in refused(town, "roll", 995_000_00, path)[0]
    bring_in(town, "roll", 995_000_00, path, mapping="Account=Blk + Lt + Qual")
    assert list(town.read("Roll")["Account"]) == ["10-1", "10-2.01", "011-3-C0001"]
    assert "Account = Blk + Lt + Qual   " in look_at(town, "roll", path).text, "remembered for next year's roll"


def test_account_numbers_written_otherwise_are_matched_to_the_roll_and_told(town: FilesBook, sheet: Sheet) -> None:
    bring_in(town, "roll", 995_000_00, sheet(PARCELS, name="roll.xlsx"), mapping="Account=Blk + Lt + Qual")
    said = bring_in(town, "balances", 5_930_20, sheet(OPEN), mapping="Account=Block/Lot", today=DAY).text
    assert "Matched 3 account numbers despite other separators or zeros, such as 10/1 for 10-1." in said
    assert list(bills(town)["Account"]) == ["10-1", "10-2.01", "011-3-C0001"]
    assert bills(town)["Inst 3"].tolist() == [1490_00, 1341_00, 3099_20]


def test_payments_that_say_not_whose_they_are_are_asked_about(town: FilesBook, sheet: Sheet) -> None:
    """Before, the look said that they could be brought in, and bringing in refused every row."""
    rows: list[list[Any]] = [["Check Amt", "Date Recd", "Type", "Who"], [100, D(2025, 8, 5), "Check", "10/1"]]
    said = look_at(town, "payments", sheet(rows), control_total=100_00).text
    assert "Required: Account or Bill, to identify each row." in said
    assert "Tender = Type" in said
    assert "not used: Who." in said
    assert "Ready" not in said
    assert "Required: Account or Bill" in refused(town, "payments", 100_00, sheet(rows))[0]
    rows[0][3] = "Parcel"
    assert "Account = Parcel   " in look_at(town, "payments", sheet(rows), control_total=100_00).text


def test_an_account_is_never_matched_where_two_could_be_meant(town: FilesBook, sheet: Sheet) -> None:
    roll = [["Account", "Owner", "Net Value"], ["10-1", "A", 100], ["10.1", "B", 100], ["10 1", "C", 100]]
    bring_in(town, "roll", 300_00, sheet(roll, name="roll.xlsx"))
    assert any(
        "10/1 is not on the Roll" in p
        for p in refused(town, "balances", 1490_00, sheet(OPEN[:2]), mapping="Account=Block/Lot")
    )


# ---- in one go --------------------------------------------------------------------------------------------------------


def test_an_ugly_sheet_ties_in_one_go(town: FilesBook, sheet: Sheet) -> None:
    path = sheet(UGLY, MERGED)
    said = bring_in(town, "balances", TOTAL, path, control_rows=6, today=DAY).text
    assert "ties to $4,675.31, difference $0.00" in said
    assert "4 bills for 2 accounts" in said
    assert "Skipped 1 row with nothing open" in said
    for place, reason in (
        ("!F9", "a total, $3,850.20"),
        (" row 10", "a repeated header"),
        (" row 13", "a row with only one cell"),
        ("!F15", "a total, $4,675.31"),
    ):
        assert f"open items.xlsx, Sheet{place}, {reason}" in said
    got = bills(town)
    assert got["Net Tax"].to_dict() == {
        "2024-0012-4": 1250_00, "2025-0012-4": 1300_10, "2025-0012-4/2": 1300_10, "2025-0013-7.01": 825_11,
    }  # fmt: skip
    assert got["Account"].tolist() == ["0012-4"] * 3 + ["0013-7.01"], "the zeros of ids survive"
    old = got.loc["2024-0012-4"]
    assert (old["Due 4"], old["Inst 4"], old["Inst 1"]) == (pd.Timestamp(2024, 11, 1), 1250_00, 0)
    assert old["Interest From"] == pd.Timestamp(2025, 6, 15)
    # Interest of the second quarter was never paid: it runs from its due date, so the quarter is a bill of its own.
    assert pd.isna(got.loc["2025-0012-4/2", "Interest From"])
    both = got.loc["2025-0013-7.01"]
    assert (both["Inst 2"], both["Inst 3"]) == (412_55, 412_56)
    assert (both["Due 2"], both["Due 3"]) == (pd.Timestamp(2025, 5, 1), pd.Timestamp(2025, 8, 1))


def test_interest_of_an_opening_balance_runs_from_its_day(town: FilesBook, sheet: Sheet) -> None:
    path = sheet(
        [HEAD, ["1", 2025, D(2025, 2, 1), 1000, D(2025, 6, 15)], ["2", 2025, D(2025, 2, 1), 1000, D(2025, 1, 15)]]
    )
    said = bring_in(town, "balances", 2000_00, path, today=DAY).text
    assert "1 interest-from date is not after the due date" in said
    actions()["refresh"].call(town, as_of=D(2025, 9, 15))
    frame = town.read("Duplicate").set_index("Account")
    # 8% on 1,000.00, thirty-day months: June 15 to September 15 is 90 days, February 1 to September 15 is 224.
    assert frame["Interest"].to_dict() == {"1": 20.0, "2": pytest.approx(49.78)}


def test_rows_pasted_into_the_book_come_in_and_leave_the_sheet_empty(town: FilesBook) -> None:
    rows = [
        ["My delinquents"],
        HEAD,
        ["0007", 2025, "2025-02-01", "100.00", ""],
        [],
        ["0008", 2025, "2025-02-01", "50.50", ""],
    ]
    town.replace_rows(
        "Paste", pd.DataFrame([(r + [None] * 26)[:26] for r in rows], columns=[f"Column {n}" for n in range(1, 27)])
    )
    assert "Ready to import" in look_at(town, "balances", control_total=150_50).text
    town.set("incoming_total", 150_50)
    assert "2 bills for 2 accounts" in press(actions()["bring-in"], town).text
    assert len(town.read("Paste")) == 0
    assert bills(town)["Net Tax"].to_dict() == {"2025-0007": 100_00, "2025-0008": 50_50}
    assert town.get("incoming_what") is None, "a second press does not do the same again"


def test_a_wrong_cell_of_what_was_pasted_is_named_on_the_sheet(town: FilesBook) -> None:
    rows = [HEAD, ["7", 2025, "2025-02-01", "abc", ""], *(["8", 2025, "2025-02-01", "1.00", ""] for _ in range(4))]
    town.replace_rows(
        "Paste", pd.DataFrame([(r + [None] * 26)[:26] for r in rows], columns=[f"Column {n}" for n in range(1, 27)])
    )
    at = town.read("Paste").attrs["header_row"]
    assert refused(town, "balances", 100)[0].startswith(f"Paste!D{at + 2}: abc is not an amount of money.")


# ---- a mapping looked at, corrected, remembered -------------------------------------------------------------------------

STRANGE = [
    ["Cust", "GL", "Was due", "Left to pay"],
    ["0007", 2024, "2/1/2025", "100.00"],
    ["0008", 2024, "2/13/2025", "50.50"],
]


def correct(book: FilesBook, **headers: str) -> None:
    """What the collector does on First Session: right headers, Sure on Yes."""
    rows = book.read("Incoming")
    for ours, theirs in headers.items():
        rows.loc[rows["Column"] == ours.replace("_", " "), ["Header", "Sure"]] = [theirs, "Yes"]
    book.replace_rows("Incoming", rows)


def test_what_is_not_sure_is_shown_corrected_and_remembered(town: FilesBook, sheet: Sheet) -> None:
    path = sheet(STRANGE, name="a.xlsx")
    said = look_at(town, "balances", path, control_total=150_50).text
    assert "Incoming, Account: " in said
    shown = town.read("Incoming").set_index("Column")
    assert set(shown.loc[["Account", "Amount"], "Sure"]) == {"Look"}
    assert any(line.startswith("Incoming, Amount: ") for line in refused(town, "balances", 150_50, path))
    correct(town, Account="Cust", Levy_Year="GL", Due="Was due", Amount="Left to pay")
    assert "2 bills" in bring_in(town, "balances", 150_50, path, today=DAY).text
    kept = town.read("Mappings").set_index("Column")
    assert kept["Header"].to_dict() == {"Account": "Cust", "Levy Year": "GL", "Due": "Was due", "Amount": "Left to pay"}
    assert kept.loc["Due", "Reads As"] == "mdy"
    # The next file of the kind goes in at once, though its only date could be either way.
    more = sheet([STRANGE[0], ["0009", 2024, "8/1/2025", "1.00"]], name="b.xlsx")
    assert "1 bill for 1 account" in bring_in(town, "balances", 100, more, today=DAY).text
    assert bills(town).loc["2024-0009", "Due 1"] == pd.Timestamp(2025, 8, 1)


def test_a_mapping_said_outright_needs_no_look(town: FilesBook, sheet: Sheet) -> None:
    path = sheet(STRANGE)
    said = bring_in(
        town, "balances", 150_50, path, mapping="Account=cust, Levy Year=GL, Due=Was Due, Amount=Left to pay", today=DAY
    ).text
    assert "2 bills" in said


def test_the_same_sheet_is_understood_the_same_way_every_time(town: FilesBook, sheet: Sheet) -> None:
    path = sheet(UGLY, MERGED)
    first = look_at(town, "balances", path).text
    assert look_at(town, "balances", path).text == first


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ("Account=Nowhere", 'There is no column "Nowhere". Use one of: Cust, GL, Was due, Left to pay.'),
        ("Colour=Cust", '"Colour" is not a column of balances.'),
        ("Account", '"Account" is not a mapping.'),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(town: FilesBook, sheet: Sheet, mapping: str, words: str) -> None:
    assert any(words in line for line in refused(town, "balances", 1, sheet(STRANGE), mapping=mapping))


# ---- ids, dates, amounts ------------------------------------------------------------------------------------------------


def test_ids_that_lost_their_zeros_are_refused_or_filled_up(town: FilesBook, sheet: Sheet) -> None:
    rows = [HEAD, [124, 2025, D(2025, 2, 1), 100, None], [20124, 2025, D(2025, 2, 1), 50, None]]
    said = refused(town, "balances", 150_00, sheet(rows))
    assert said[0].startswith(
        "Incoming, Account: The numbers have 3 to 5 digits. If they had leading zeros, set Digits"
    )
    bring_in(town, "balances", 150_00, sheet(rows), digits=7, today=DAY)
    assert bills(town)["Account"].tolist() == ["0000124", "0020124"]


def test_zeros_lost_in_a_part_of_the_rows_are_seen(town: FilesBook, sheet: Sheet) -> None:
    rows = [HEAD, ["000124", 2025, D(2025, 2, 1), 100, None], [20124, 2025, D(2025, 2, 1), 50, None]]
    assert (
        'Some values are text with leading zeros ("000124"), others are numbers (20124). Set Digits to 6'
        in refused(town, "balances", 15000, sheet(rows))[0]
    )
    too_long = refused(town, "balances", 150_00, sheet(rows), digits=4)
    assert too_long[0].endswith("Sheet!A2: 000124 has more than 4 digits. Correct Digits, or the number.")


def test_the_roll_knows_which_zeros_were_lost(town: FilesBook, sheet: Sheet) -> None:
    bring_in(
        town,
        "roll",
        500_000_00,
        sheet(
            [["Parcel ID", "Owner Name", "Total Assessment"], ["0124", "ADAMS", 200000], ["0125", "BAKER", "$300,000"]]
        ),
    )
    rows = [HEAD, ["124", 2025, D(2025, 2, 1), 100, None], ["777", 2025, D(2025, 2, 1), 50, None]]
    said = refused(town, "balances", 150_00, sheet(rows, name="b.xlsx"))
    assert len(said) == 1, "124 is 0124 of the Roll"
    assert said[0].endswith("Sheet!A3: Account 777 is not on the Roll. Correct the account, or import the roll first.")
    rows = [HEAD, ["124", 2025, D(2025, 2, 1), 100, None]]
    said = bring_in(town, "balances", 100_00, sheet(rows, name="c.xlsx"), today=DAY).text
    assert "Matched 1 account number despite other separators or zeros, such as 124 for 0124." in said
    assert list(bills(town)["Account"]) == ["0124"]


def test_dates_are_read_month_first(town: FilesBook, sheet: Sheet) -> None:
    """Account 13-7.01 looks like a day of July: only the dates say how dates are read."""
    rows = [HEAD, ["13-7.01", 2025, "5/1/2025", 100, None], ["12-4", 2025, "8/1/25 12:00:00 AM", 100, "Aug 15, 2025"]]
    bring_in(town, "balances", 200_00, sheet(rows), today=DAY)
    assert bills(town)["Due 1"].tolist() == [pd.Timestamp(2025, 5, 1), pd.Timestamp(2025, 8, 1)]
    assert bills(town)["Interest From"].tolist()[1] == pd.Timestamp(2025, 8, 15)


DAY_FIRST = [HEAD, ["1", 2025, "1/2/2025", 100, None], ["2", 2025, "13/2/2025", 100, None]]


def test_a_date_that_has_no_such_month_is_asked_about_and_never_turned_around(town: FilesBook, sheet: Sheet) -> None:
    path = sheet(DAY_FIRST)
    asked = (
        "Incoming, Due: 13/2/2025 in C3 has no month 13. If the day comes first on this sheet, set Reads As to dmy (option "
        "--dates dmy). If not, correct the cell."
    )
    assert refused(town, "balances", 200_00, path)[0].startswith(asked)
    assert asked in look_at(town, "balances", path).text
    with pytest.raises(BadValue, match="is not an order of dates"):
        bring_in(town, "balances", 200_00, path, dates="day first")
    bring_in(town, "balances", 200_00, path, dates="dmy", today=DAY)
    assert bills(town)["Due 1"].tolist() == [pd.Timestamp(2025, 2, 1), pd.Timestamp(2025, 2, 13)]


def test_the_day_first_is_an_answer_on_the_sheet_too(town: FilesBook, sheet: Sheet) -> None:
    path = sheet(DAY_FIRST)
    look_at(town, "balances", path)
    rows = town.read("Incoming")
    rows.loc[rows["Column"] == "Due", ["Reads As", "Sure"]] = ["dmy", "Yes"]
    town.replace_rows("Incoming", rows)
    bring_in(town, "balances", 200_00, path, today=DAY)
    assert bills(town)["Due 1"].tolist() == [pd.Timestamp(2025, 2, 1), pd.Timestamp(2025, 2, 13)]


def test_how_dates_are_read_can_be_set(town: FilesBook, sheet: Sheet) -> None:
    path = sheet([HEAD, ["1", 2025, "2/1/2025", 100, None]])
    look_at(town, "balances", path)
    rows = town.read("Incoming")
    rows.loc[rows["Column"] == "Due", ["Reads As", "Sure"]] = ["dmy", "Yes"]
    town.replace_rows("Incoming", rows)
    bring_in(town, "balances", 100_00, path, today=DAY)
    assert bills(town)["Due 1"].tolist() == [pd.Timestamp(2025, 1, 2)]


def test_every_wrong_cell_is_named_and_listed(town: FilesBook, sheet: Sheet) -> None:
    good = [[str(n), 2025, D(2025, 2, 1), 1, None] for n in range(10, 20)]
    rows = [
        ["Delinquent"],
        HEAD,
        *good,
        ["1", 2025, "2/30/2025", 100, None],
        ["2", "20x5", D(2025, 2, 1), "12.345", None],
        ["", 2025, D(2025, 2, 1), 5, None],
    ]
    path = sheet(rows)
    said = refused(town, "balances", 115_00, path)
    assert [s.split(": ")[0].rpartition("!")[2] for s in said] == ["C13"], (
        "dates first: the rest is read once they can be"
    )
    rows[12][2] = D(2025, 2, 28)
    path = sheet(rows)
    said = refused(town, "balances", 115_00, path)
    assert {s.split(": ")[0].rpartition("!")[2] for s in said} == {"B14", "D14", "A15"}
    look_at(town, "balances", path)
    listed = town.read("Unsettled")
    assert {w.rpartition("!")[2] for w in listed["Where"]} == {"B14", "D14", "A15"}


# ---- the control total ---------------------------------------------------------------------------------------------------


def test_a_difference_is_told_to_the_cent_with_the_rows_that_may_be_why(town: FilesBook, sheet: Sheet) -> None:
    path = sheet(UGLY, MERGED)
    said = refused(town, "balances", TOTAL - 412_56, path)
    assert said[0] == "Control total: The total is $4,675.31, not $4,262.75: $412.56 too high."
    assert said[1].endswith("Sheet!F12: $412.56 is the whole difference. Is this row an extra row?")
    twice = refused(town, "balances", TOTAL - 2 * 412_55, path)
    assert twice[1].endswith(
        "Sheet!F11: Twice $412.55 is the difference. Is the row entered twice, or with the wrong sign?"
    )
    assert (
        refused(town, "balances", TOTAL, path, control_rows=7)[0] == "Control total: The sheet has 6 rows, not 7: -1."
    )


def test_a_bill_is_not_brought_in_twice(town: FilesBook, sheet: Sheet) -> None:
    path = sheet([HEAD, ["1", 2025, D(2025, 2, 1), 100, None]])
    bring_in(town, "balances", 100_00, path, today=DAY)
    assert refused(town, "balances", 100_00, path)[0].endswith(
        "Bill 2025-1 is already on the Duplicate. Remove the row."
    )


def test_an_installment_twice_and_a_fifth_are_refused(town: FilesBook, sheet: Sheet) -> None:
    head = ["Account", "Tax Year", "Qtr", "Due Date", "Balance"]
    said = refused(
        town, "balances", 2_00, sheet([head, ["1", 2025, 1, D(2025, 2, 1), 1], ["1", 2025, 1, D(2025, 2, 1), 1]])
    )
    assert "Installment 1 of bill 2025-1 is on the sheet twice." in said[0]
    said = refused(town, "balances", 5_00, sheet([HEAD, *(["1", 2025, D(2025, n, 1), 1, None] for n in range(1, 6))]))
    assert "has more than four installments" in said[0]


# ---- rolls and payments ---------------------------------------------------------------------------------------------------


def test_a_roll_as_csv_with_titles_and_a_total(town: FilesBook, tmp_path: Path) -> None:
    path = tmp_path / "roll.csv"
    path.write_text(
        'Assessor of Quillhaven,,,\n\nProp ID,Owner of Record,Prop Loc,Net Val\n0012,"ADAMS, J",1 Main St," 250,000 "\n0013,BAKER,2 Main St,-\n,,Total,"250,000"\n'
    )
    assert (
        "2 rows, net value $250,000.00" in bring_in(town, "roll", 250_000_00, path, control_rows=2, levy_type="RE").text
    )
    roll = town.read("Roll").set_index("Account")
    assert roll.loc["0012", ["Owner", "Location", "Net Value"]].tolist() == ["ADAMS, J", "1 Main St", 250000]


def test_a_modiv_file_needs_no_mapping(town: FilesBook, tmp_path: Path) -> None:
    line = [" "] * RECORD
    for start, text in ((0, "1309"), (4, "00012"), (13, "00003"), (55, "2"), (175, "ADAMS"), (438, "000400000")):
        line[start : start + len(text)] = text
    path = tmp_path / "MonmouthRE.txt"
    path.write_text("".join(line) + "\r\n")
    assert "is a MOD-IV file: 1 record, net value $400,000.00" in look_at(town, "roll", path).text
    assert "ties to $400,000.00" in bring_in(town, "roll", 400_000_00, path).text
    assert town.read("Roll")["Account"].tolist() == ["12-3"]


def test_payments_of_the_old_system_are_posted(town: FilesBook, sheet: Sheet) -> None:
    bring_in(town, "balances", 1000_00, sheet([HEAD, ["0001", 2025, D(2025, 8, 1), 1000, None]]), today=DAY)
    rows = [
        ["Parcel ID", "Pmt Date", "Amt Paid", "Ck No"],
        ["0001", "8/5/2025", "$400.00", 1188],
        ["0001", "8/14/2025", "100.00", "x"],
        ["TOTAL", None, 500, None],
    ]
    said = bring_in(town, "payments", 500_00, sheet(rows, name="paid.xlsx"), today=DAY).text
    assert "2 payments posted, receipts 1 to 2" in said
    book = town.read("CashBook")
    assert (book["Total"].tolist(), book["Reference"].tolist()) == ([400, 100], ["1188", "x"])
    # The first is in grace and bears nothing; on the second 13 days of 600.00 at 8% come first: 1.73.
    assert book["Interest"].fillna(0).tolist() == [0, 1.73]


# ---- what is no sheet -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["only", "words"]], "The sheet has no rows"),
        ([[1, 2], [3, 4], [5, 6]], "Required: The account number"),
        ([HEAD, ["Total", None, None, 5, None]], "The sheet has no rows."),
    ],
)
def test_a_sheet_without_records_is_refused(town: FilesBook, sheet: Sheet, rows: list[list[Any]], words: str) -> None:
    assert words in "\n".join(refused(town, "balances", 0, sheet(rows), mapping=""))


def test_what_is_neither_there_nor_known_is_refused(town: FilesBook, tmp_path: Path) -> None:
    assert "This file does not exist." in refused(town, "balances", 1, tmp_path / "none.csv")[0]
    assert "No rows are pasted and no file is named." in refused(town, "balances", 1)[0]
    assert (
        '"trees" is not a kind of sheet. Use one of roll, further, balances, payments.' in refused(town, "trees", 1)[0]
    )
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 no workbook")
    assert refused(town, "balances", 1, broken)
    binary = tmp_path / "binary.csv"
    binary.write_bytes(b"\x00\x01,\x02")
    assert "This is not a text file" in refused(town, "balances", 1, binary)[0]


def test_imported_text_never_becomes_a_formula(town: FilesBook, sheet: Sheet) -> None:
    rows = [["Account", "Owner", "Assessment"], ["1", "=1+1", 5], ["2", "B", 6]]
    path = sheet(rows)
    # openpyxl makes =1+1 a formula without a value; a text that looks like one comes from CSV.
    csv = path.with_suffix(".csv")
    csv.write_text("Account,Owner,Assessment\n1,=1+1,5\n2,B,6\n")
    bring_in(town, "roll", 11_00, csv)
    town.save()
    assert FilesBook.open(town.path).read("Roll")["Owner"].tolist() == ["=1+1", "B"]


def test_problems_come_as_a_list(town: FilesBook, sheet: Sheet) -> None:
    with pytest.raises(Problems):
        bring_in(town, "balances", 1, sheet(UGLY, MERGED))
