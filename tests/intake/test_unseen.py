"""Files as other offices and banks write them: what comes in, what is asked, and that every sentence about them is true."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.intake.intake_files import NewBook
from xltax.actions import counter, day, setup
from xltax.actions.setup import bring_in, look_at
from xltax.errors import TaxError
from xltax.hosts.files import FilesBook

AUGUST = dt.date(2025, 8, 31)
PAID = 4664_60  # 1,405.00, 2,248.00 and 1,011.60


class Unseen(NamedTuple):
    """A file, what it holds, its control total, and the accounts and amounts that come in."""

    name: str
    what: str
    text: str
    said: dict[str, Any] = {}  # noqa: RUF012  # never changed


PAYMENTS = [
    Unseen("marked.csv", "payments", "Account,Received,Amount\n'0012-4,8/14/2025,'1405.00\n'0013-7.01,8/14/2025,2248.00\n'0014-2,8/14/2025,1011.60\n"),
    Unseen("formula.csv", "payments", '"Account","Received","Amount"\n"=""0012-4""","8/14/2025","1405.00"\n"=""0013-7.01""","8/14/2025","2248.00"\n'
           '"=""0014-2""","8/14/2025","1011.60"\n'),
    Unseen("status.csv", "payments", "Deposit Date,Account Number,Amount Paid,Payment Status\n8/14/2025,0012-4,1405.00,Approved\n"
           "8/14/2025,0013-7.01,2248.00,Approved\n8/14/2025,0014-2,1011.60,Approved\n8/14/2025,0014-2,5.00,NSF\n"),
    Unseen("lockbox.csv", "payments", "Batch,8/14/2025,LOCKBOX 4471\nAccount,Amount,Check\n0012-4,1405.00,1001\n0013-7.01,2248.00,1002\n"
           "0014-2,1011.60,1003\nBatch Total,4664.60,\n", {"mapping": "Received=8/14/2025"}),
    Unseen("count.csv", "payments", "Account #,Paid Date,Paid Amt,Fee\n0012-4,8/14/2025 09:12 AM,1405.00,2\n0013-7.01,8/14/2025 10:12 PM,2248.00,2\n"
           "0014-2,8/14/2025 11:59 PM,1011.60,2\nCount: 3,,4664.60,6\n3 payments,,4664.60,\n"),
    Unseen("void.csv", "payments", "Account,Pay Date,Amount,Void\n0012-4,8/14/2025,1405.00,N\n0013-7.01,8/14/2025,2248.00,\n0014-2,8/14/2025,1011.60,0\n"
           "0014-2,8/14/2025,50.00,Y\n0014-2,8/14/2025,60.00,X\n"),
    Unseen("void_date.csv", "payments", "Account,Received,Amount,Void Date\n0012-4,8/14/2025,1405.00,\n0013-7.01,8/14/2025,2248.00,00/00/0000\n"
           "0014-2,8/14/2025,1011.60,\n0014-2,8/14/2025,50.00,8/20/2025\n"),
    Unseen("sum.csv", "payments", "Account,Received,Amount,Fee\n0012-4,8/14/2025,1405.00,1\n0013-7.01,8/14/2025,2248.00,1\n0014-2,8/14/2025,1011.60,1\n,,4664.60,3\n"),
]  # fmt: skip
BALANCES = [
    Unseen("one_of_four.csv", "balances", "Parcel ID,Tax Yr,Installment,Due Date,Open Tax\n0012-4,2025,1 of 4,02/01/2025,\"1,405.00 \"\n"
           "0013-7.01,2025,2 of 4,5/1/25,$2248.00\n0014-2,2025,3 of 4,8-1-2025,\"1,011.60\"\n"),
    Unseen("zeros.csv", "balances", "Account,Levy Year,Inst,Due,Amount,Interest From\n0012-4,2025,Q2,5/1/2025 0:00,1405.00,0000-00-00\n"
           "0013-7.01,2025,Q2,2025-05-01T00:00:00Z,2248,00/00/0000\n0014-2,2025,Q3,20250801,1011.60,\n"),
    Unseen("subtotal.csv", "balances", "BLOCK/LOT,OWNER,YEAR,QTR,DUE,PRINCIPAL,INTEREST\n0012-4,ADAMS,2025,2,05/01/2025,1405.00,12.34\n"
           ",,2025 Subtotal,,,1405.00,12.34\n0013-7.01,BORG,2025,2,05/01/2025,2248.00,1.00\n0014-2,CANTU,2025,2,05/01/2025,1011.60,1.00\nReport Total: ,,,,,4664.60,14.34\n"),
    Unseen("sum.csv", "balances", "Account,Year,Half,Due,Tax Due,Int Due\n0012-4,2025,1st Half,8/1/2025,1405,12.00\n0013-7.01,2025,1st Half,8/1/2025,2248,10\n"
           "0014-2,2025,2nd Half,11/1/2025,1011.60,0\n,,,,4664.60,22.00\n"),
]  # fmt: skip
ROLL = [
    Unseen("marked.csv", "roll", "Account,Owner,Net Value\n'0012-4,'=1,250000\n'0013-7.01,O'NEIL,400000\n'0014-2,'T HART,180000\n"),
    Unseen("words.csv", "roll", "Tax Map No.,Payor,Assessed Land,Assessed Bldg,Net Taxable\n0012-4,X,100000,150000,250000\n0013-7.01,Y,200000,200000,400000\n"
           "0014-2,Z,80000,100000,180000\n"),
]  # fmt: skip


@pytest.mark.parametrize("file", [*PAYMENTS, *BALANCES, *ROLL], ids=lambda f: f"{f.what} {f.name}")
def test_files_of_other_offices_come_in_as_they_are(book: NewBook, tmp_path: Path, file: Unseen) -> None:
    office = book({"payments": "open", "balances": "roll", "roll": "empty"}[file.what])
    path = tmp_path / file.name
    path.write_text(file.text, encoding="utf-8")
    total = 830_000_00 if file.what == "roll" else PAID
    look = look_at(office, file.what, path, control_total=total, **file.said).text
    assert look.endswith("Ready to import."), look
    assert "difference $0.00" in bring_in(office, file.what, total, path, today=AUGUST, **file.said).text
    table, amount = {
        "payments": ("CashBook", "Total"),
        "balances": ("Duplicate", "Net Tax"),
        "roll": ("Roll", "Net Value"),
    }[file.what]
    rows = office.read(table)[["Account", amount]].to_numpy().tolist()
    due = [250000, 400000, 180000] if file.what == "roll" else [1405, 2248, 1011.6]
    assert rows == [[a, d] for a, d in zip(("0012-4", "0013-7.01", "0014-2"), due, strict=True)]


def test_a_mark_before_a_name_is_the_name(book: NewBook, tmp_path: Path) -> None:
    office = book("empty")
    (tmp_path / "r.csv").write_text(ROLL[0].text, encoding="utf-8")
    bring_in(office, "roll", 830_000_00, tmp_path / "r.csv")
    assert office.read("Roll")["Owner"].tolist() == ["'=1", "O'NEIL", "'T HART"]


def test_a_sum_that_is_not_the_sum_of_the_rows_is_no_total(book: NewBook, tmp_path: Path) -> None:
    office = book("open")
    (tmp_path / "p.csv").write_text(PAYMENTS[-1].text.replace(",,4664.60,3", ",,4664.59,3"), encoding="utf-8")
    with pytest.raises(TaxError, match=r"p\.csv!C5|p\.csv!A5|p\.csv row 5|p\.csv!B5"):
        bring_in(office, "payments", PAID, tmp_path / "p.csv", today=AUGUST)


def test_a_header_of_two_rows_below_a_title_over_all_columns(book: NewBook, tmp_path: Path) -> None:
    from openpyxl import Workbook

    sheet = (workbook := Workbook()).active
    for row in [
        ["TOWN OF QUILLHAVEN - TAX ROLL 2025"], [], ["Parcel", None, "Old Acct", "Assessed", None, "Net"],
        ["Number", "Owner", None, "Land", "Improv", "Taxable"], ["0012-4", "ADAMS", "X1", 100000, 150000, 250000],
        ["0013-7.01", "BORG", "X2", 200000, 200000, 400000], ["Totals", None, None, 300000, 350000, 650000],
    ]:  # fmt: skip
        sheet.append(row)
    sheet.merge_cells("A1:F1")
    sheet.merge_cells("D3:E3")
    sheet.column_dimensions["C"].hidden = True
    workbook.save(tmp_path / "r.xlsx")
    office = book("empty")
    look = look_at(office, "roll", tmp_path / "r.xlsx", control_total=650_000_00).text
    assert "Account = Parcel Number" in look
    assert "Improvements = Assessed Improv" in look
    assert "not used: Old Acct (hidden)." in look
    assert look.endswith("Ready to import.")


# ---- what is asked, and what is said ---------------------------------------------------------------------------------------


def _look(office: FilesBook, what: str, path: Path, text: str, **said: Any) -> str:
    path.write_text(text, encoding="utf-8")
    return look_at(office, what, path, **said).text


def test_a_column_to_name_is_asked_for_once_and_no_cell_is_blamed(book: NewBook, tmp_path: Path) -> None:
    text = "Account,Year,Qtr,Amount\n0012-4,2025,1,1405\n0013-7.01,2025,1,2248\n"
    look = _look(book("roll"), "balances", tmp_path / "b.csv", text, control_total=3653_00)
    assert look.splitlines()[0] == "b.csv: header in row 1, 2 rows. Nothing has been imported."
    assert look.count("The day the installment was due") == 1
    assert "is missing" not in look
    assert "Control total" not in look, "nothing is compared before the rows are read"


def test_both_questions_about_an_account_come_in_one_round(book: NewBook, tmp_path: Path) -> None:
    from openpyxl import Workbook

    sheet = (workbook := Workbook()).active
    for row in (["Block", "Lot", "Owner", "Net Value"], [12, 4, "ADAMS", 250000], [14, 2.1, "CANTU", 180000]):
        sheet.append(row)
    workbook.save(tmp_path / "r.xlsx")
    office = book("empty")
    look = look_at(office, "roll", tmp_path / "r.xlsx", control_total=430_000_00).text
    assert 'Is this the account number? If so, set Sure to Yes (option --sure "Account").' in look
    assert '(option --lots "as typed" or --lots "two decimals")' in look
    bring_in(office, "roll", 430_000_00, tmp_path / "r.xlsx", lots="two decimals", sure="Account")
    assert office.read("Roll")["Account"].tolist() == ["12-4", "14-2.10"]


@pytest.mark.parametrize(
    ("cell", "do"),
    [
        ("805.00 CR", "If this is a credit, enter -805.00."),
        ("805.00-", "If this is a credit, enter -805.00."),
        ("$805.00 DR", "Enter 805.00."),
    ],
)
def test_a_sign_behind_an_amount_says_how_to_enter_it(book: NewBook, tmp_path: Path, cell: str, do: str) -> None:
    text = f"Account,Levy Year,Inst,Due,Amount\n0012-4,2025,1,2/1/2025,1405\n0013-7.01,2025,1,2/1/2025,2248\n0014-2,2025,1,2/1/2025,100\n0014-2,2025,2,5/1/2025,{cell}\n"
    assert f"b.csv!E5: {cell} is not an amount of money. {do}" in _look(
        book("roll"), "balances", tmp_path / "b.csv", text
    )


def test_numbers_with_decimals_have_lost_no_leading_zeros() -> None:
    from xltax.office.intake.header_match import lost_zeros

    assert lost_zeros([12.4, 13.01]) == ""
    assert "4 to 5 digits" in lost_zeros([1234, 12345])


def test_import_roll_knows_the_letters_of_the_rules(book: NewBook, tmp_path: Path) -> None:
    """It has no options for other letters, and sends to Bring In, which has."""
    office, path = book("empty"), tmp_path / "r.csv"
    path.write_text("Account,Net Value,Deductions\n0012-4,250000,V\n", encoding="utf-8")
    setup.import_roll(office, path)
    assert office.read("Roll")["Deductions"].tolist() == [250]
    path.write_text("Account,Net Value,Deductions\n0012-4,250000,X\n", encoding="utf-8")
    with pytest.raises(TaxError, match="import it with Bring In, which has an option for each answer"):
        setup.import_roll(office, path, missing="keep")


def test_a_row_is_named_where_no_amount_was_left_out(book: NewBook, tmp_path: Path) -> None:
    text = "Account,Owner,Net Value\n0012-4,A,250000\nPage 1 of 2,,\nAccount,Owner,Net Value\n0013-7.01,B,400000\nTotal,,650000\n"
    office = book("empty")
    _look(office, "roll", tmp_path / "r.csv", text)
    said = bring_in(office, "roll", 650_000_00, tmp_path / "r.csv").text
    assert "Skipped: r.csv row 3, a row with only one cell." in said
    assert "Skipped: r.csv!C6, a total, $650,000.00." in said


# ---- files of lines ------------------------------------------------------------------------------------------------------

LOCKBOX = (
    "1000000000829LOCKBOX   20250814\n"
    + "".join(
        f"6{account:<12}{cents:010d} {check:<8}{name:<20}\n"
        for account, cents, check, name in [
            ("0012-4", 140500, "1001", "ADAMS, JANE"),
            ("0013-7.01", 224800, "1002", "BORG, PETER"),
            ("0014-2", 101160, "1003", "CANTU, LUIS"),
        ]
    )
    + "90000000003000046646\n"
)


def test_a_lockbox_file_of_lines_is_proposed_without_its_first_and_last_record(book: NewBook, tmp_path: Path) -> None:
    office, path = book("open"), tmp_path / "lockbox.txt"
    look = _look(office, "payments", path, LOCKBOX, control_total=PAID)
    assert look.startswith("lockbox.txt: no header, 3 rows.")
    assert 'Line 1 was left out as a header record: "1000000000829LOCKBOX 20250814".' in look
    assert 'Line 5 was left out as a trailer record: "90000000003000046646".' in look
    said = {"sure": "Account, Amount", "mapping": "Received=8/14/2025"}
    bring_in(office, "payments", PAID, path, today=AUGUST, **said)
    assert office.read("CashBook")["Account"].tolist() == ["0012-4", "0013-7.01", "0014-2"]


def test_a_wrong_value_in_a_file_of_lines_is_named_by_its_line(book: NewBook, tmp_path: Path) -> None:
    lines = [f"{'Account':<12}{'Received':<12}{'Amount':>12}"]
    lines += [
        f"{a:<12}{d:<12}{m:>12}"
        for a, d, m in [("0012-4", "08/14/2025", "1,405.00"), ("0013-7.01", "08/14/2025", "2,248.0O")]
    ]
    lines += [f"{'TOTAL':<24}{'3,653.00':>12}"]
    office, path = book("open"), tmp_path / "p.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(TaxError, match=r"p\.txt line 3, Amount: 2,248\.0O is not an amount"):
        counter.post(office, path, today=AUGUST)
    path.write_text("\n".join(lines).replace("0O", "00"), encoding="utf-8")
    look = look_at(office, "payments", path, control_total=3653_00).text
    assert look.startswith("p.txt: header on line 1, 2 rows, Amount $3,653.00; 1 row skipped.")
    assert "Skipped: p.txt line 4, Amount, a total, $3,653.00." in counter.post(office, path, today=AUGUST).text


def test_a_payment_marked_as_void_is_left_out_and_said_by_every_road(book: NewBook, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(
        "Account,Received,Amount,Void\n0012-4,8/14/2025,1405.00,\n0014-2,8/14/2025,50.00,Y\n", encoding="utf-8"
    )
    office = book("open")
    look = look_at(office, "payments", path, control_total=1405_00).text
    assert 'not imported: 1 row with status "Void Y", $50.00.' in look
    assert "not used" not in look
    said = counter.post(office, path, today=AUGUST).text
    assert "Posted 1 payment" in said
    assert 'Skipped: p.csv!C3, status "Void Y", $50.00.' in said


def test_an_account_with_a_word_of_totals_elsewhere_is_a_row(book: NewBook, tmp_path: Path) -> None:
    office = book("empty")
    text = "Account,Owner,Net Value\n1-1,TOTAL WINE LLC,250000\n1-2,COUNT DRACULA,400000\n1-3,BANK TOTAL,180000\n"
    (tmp_path / "r.csv").write_text(text, encoding="utf-8")
    bring_in(office, "roll", 830_000_00, tmp_path / "r.csv")
    assert len(office.read("Roll")) == 3


def test_a_batch_total_is_no_payment(book: NewBook, tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text(PAYMENTS[3].text, encoding="utf-8")
    said = day.import_batch(book("open"), tmp_path / "l.csv", "Bank", PAID, today=AUGUST).text
    assert "3 rows, $4,664.60 (3 matched). The rows without duplicates equal the deposit." in said
