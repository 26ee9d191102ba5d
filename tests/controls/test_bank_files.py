"""What banks give their customers: OFX and QFX, BAI2, CSV; each line once, and nothing that cannot be read for certain."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.controls.banked import Banked
from xltax.errors import TaxError

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")

QFX = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>20240301<LANGUAGE>ENG<INTU.BID>3000</SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS><CURDEF>USD
<BANKACCTFROM><BANKID>1<ACCTID>99<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20240201<DTEND>20240229
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20240202120000[-5:EST]<TRNAMT>1200.00<FITID>F1<NAME>DEPOSIT</STMTTRN>
<STMTTRN><TRNTYPE>CHECK<DTPOSTED>20240210<TRNAMT>-100.10<FITID>F2<CHECKNUM>101<NAME>CHECK 101</STMTTRN>
<STMTTRN><TRNTYPE>INT<DTPOSTED>20240228<TRNAMT>1.23<FITID>F3<MEMO>INTEREST PAID</STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>1101.13<DTASOF>20240229</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""
BAI2 = """01,BANK,TOWN,240301,0600,1,,,2/
02,TOWN,BANK,1,240229,,USD,2/
03,99,USD,015,110113,,/
16,175,120000,,B1,,DEPOSIT/
16,475,10010,,B2,101,CHECK PAID/
16,354,123,,B3,,INTEREST/
49,240246,5/
98,240246,1,7/
99,240246,1,9/
"""


@pytest.fixture
def office(tmp_path: Path) -> Banked:
    return Banked(tmp_path)


@pytest.mark.parametrize(("name", "text"), [("feb.qfx", QFX), ("feb.bai", BAI2)])
def test_a_statement_comes_in_with_debits_words_and_balance(office: Banked, name: str, text: str) -> None:
    done = office.statement(name, text)
    assert done.text == "3 new lines, $1,101.13. Balance on 2024-02-29: $1,101.13."
    bank = office.book().read("Bank").fillna("")
    assert [float(a) for a in bank["Amount"]] == [1200, -100.1, 1.23]
    assert bank["Deposit"].tolist() == ["", "Check", "Interest"]
    assert bank["Reference"].tolist() == ["", "101", ""]
    assert [float(b) for b in office.book().read("BankBalances")["Balance"]] == [1101.13]
    assert office.statement("again-" + name, text).text.startswith(
        "0 new lines, $0.00. 3 lines of the file were on Bank already."
    )


def test_a_line_typed_from_the_paper_is_not_taken_again(office: Banked) -> None:
    """The line of February 2 stands on Bank without the bank's number; the file has it as F1."""
    office.type("Bank", {"Date": dt.date(2024, 2, 2), "Amount": 120000, "Deposit": "D-1"})
    assert office.statement("feb.qfx", QFX).text.startswith("2 new lines")


def test_two_equal_lines_of_one_day_are_two(office: Banked) -> None:
    text = "Date,Amount,Balance\n2/2/2024,50.00,50.00\n2/2/2024,50.00,100.00\n"
    assert office.statement("a.csv", text).rows == 2
    assert office.statement("b.csv", text).rows == 0


def test_debit_and_credit_columns_newest_first(office: Banked) -> None:
    text = "Posting Date,Description,Debit,Credit,Balance\n2/5/2024,FEE,15.00,,85.00\n2/2/2024,DEPOSIT,,100.00,100.00\n"
    done = office.statement("a.csv", text)
    assert done.text == "2 new lines, $85.00. Balance on 2024-02-05: $85.00."


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.qfx", QFX.replace("-100.10", "-1x0.10"), r"a\.qfx line \d+: The amount of a transaction \(TRNAMT\) cannot be read"),
        ("a.qfx", QFX.replace("<DTPOSTED>20240210", "<DTPOSTED>20241340"), r"a\.qfx line \d+: The date of a transaction \(DTPOSTED\)"),
        ("a.qfx", QFX.replace("<CURDEF>USD", "<CURDEF>CAD"), "The statement is in CAD, not in dollars"),
        ("a.qfx", QFX.replace("1200.00<FITID>F1", "1200.005<FITID>F1"), "1200.005 is not whole cents"),
        ("a.bai", BAI2.replace("49,240246", "49,240247"), r"a\.bai line 7: The account trailer"),
        ("a.csv", "Date,Amount,Balance\n2/2/2024,50.00,50.00\n2/3/2024,50.00,101.00\n", "row 3.*the balance is \\$101.00"),
        ("a.csv", "Date,Description,Amount\n2/2/2024,X,fifty\n", "a.csv!C2: fifty is not an amount of money"),
        ("a.csv", "When,What\n2/2/2024,X\n", 'The column "Date" is missing'),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_its_line(office: Banked, name: str, text: str, said: str) -> None:
    with pytest.raises(TaxError, match=said):
        office.statement(name, text)
    assert len(office.book().read("Bank")) == 0


def test_another_amount_for_a_line_the_book_has_is_refused(office: Banked) -> None:
    office.statement("feb.qfx", QFX)
    with pytest.raises(TaxError, match=r"The bank's line F1 is \$1,300.00 here and \$1,200.00 before"):
        office.statement("again.qfx", QFX.replace("1200.00<FITID>F1", "1300.00<FITID>F1"))
