"""A receipt that stands in a register besides the Cash Book, taken back: the register is right again by the same act."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from tests.office.quillhaven import LIEN, Office, sold
from xltax.actions import certificates, control, counter, quotes
from xltax.errors import BadValue, Problems
from xltax.hosts.files import FilesBook
from xltax.pages import Grid

D = dt.date

# Taxes of 1,000.00 a quarter on 10-1 for 2024, and 5,000.00 a quarter on 10-2; nothing is paid.
TOWN = """
us-nj-colts-neck 2024, as of 2024-12-02

roll of 2023-12-01
Account  Owner      Location   Net Value  Prior Tax
10-1     Ada Marsh  1 Mill Rd    400,000   4,000.00
10-2     Cy Pond    3 Mill Rd  2,000,000  20,000.00

billed 2024-06-10, at RE=1.0
"""
BACK = D(2026, 1, 20)
# 24,684.17 for three months at 18% is 1,110.79; 6% of it 1,481.05.
PAID = 24_684_17 + 1_110_79 + 1_481_05


def row(nj: Office) -> Any:
    return nj.table("Certificates").iloc[0]


def owed(nj: Office, as_of: dt.date, account: str = "10-2") -> float:
    counter.refresh(nj.book, as_of)
    duplicate = nj.table("Duplicate")
    return round(duplicate.loc[duplicate["Account"] == account, "Total Due"].sum(), 2)


def redeemed(nj: Office) -> str:
    """The certificate sold to the fund is redeemed; gives its receipt."""
    certificates.redeem(nj.book, "25-1", D(2026, 1, 15), PAID, today=D(2026, 1, 15))
    return str(nj.table("CashBook")["Receipt"].iloc[-1])


# ---- a redemption ------------------------------------------------------------------------------------------------


def test_a_certificate_stands_open_again_when_the_check_that_redeemed_it_comes_back(nj: Office) -> None:
    sold(nj, "Lien Fund")
    before = row(nj)
    receipt = redeemed(nj)
    certificates.certificates(nj.book, D(2026, 1, 16))
    assert row(nj)["Status"] == "Redeemed"
    said = counter.reverse(nj.book, receipt, "check returned unpaid", on=BACK, today=BACK).text
    assert "Certificate 25-1 is open again. Its redemption of 2026-01-15 was cleared." in said
    assert "If the office paid the holder $27,276.01 and the premium of $500.00, recover the money." in said
    now = row(nj)
    for column in ("Redeemed", "Paid", "To Holder", "To Municipality", "Premium Returned"):
        assert str(now[column]) == str(before[column]), column
    # Five days' interest more: 24,684.17 at 18% for 95 days are 1,172.50.
    assert certificates.redemption(nj.book, "25-1", "Cy Pond", BACK, today=BACK).text.startswith(
        "Certificate 25-1: $27,337.72 on 2026-01-20"
    )
    certificates.certificates(nj.book, BACK)
    assert [row(nj)["Status"], row(nj)["Redemption"]] == ["Open", 27_337.72]
    assert " checks passed." in control.proof(nj.book, BACK).text
    assert nj.table("Log")["What"].str.contains("certificate 25-1").tail(4).any()


def test_what_was_redeemed_with_a_bad_check_is_redeemed_anew(nj: Office) -> None:
    sold(nj, "Lien Fund")
    receipt = redeemed(nj)
    counter.reverse(nj.book, receipt, "check returned unpaid", on=BACK, today=BACK)
    said = certificates.redeem(nj.book, "25-1", BACK, 27_337_72, "Certified", today=BACK).text
    assert "27,337.72 to the holder" in said
    certificates.certificates(nj.book, BACK)
    now = row(nj)
    assert [now["Status"], str(now["Redeemed"])[:10], now["Paid"]] == ["Redeemed", "2026-01-20", 27_337.72]


def test_a_reversal_typed_by_hand_opens_the_certificate_as_well(nj: Office) -> None:
    sold(nj, "Lien Fund")
    receipt = redeemed(nj)
    book = nj.table("CashBook")
    line = book[book["Receipt"].astype(str) == receipt].iloc[0]
    back = {"Receipt": "77", "Line": 1, "Received": BACK, "Effective": BACK, "Recorded": BACK, "Kind": "Reversal",
            "Reverses": receipt, "Revenue Code": line["Revenue Code"], "Misc": -PAID, "Total": -PAID}  # fmt: skip
    nj.book.append("CashBook", pd.DataFrame([back]).astype({"Misc": "int64", "Total": "int64"}))
    fresh = reopened(nj)
    certificates.certificates(fresh, BACK)
    assert [row(nj)["Status"], row(nj)["Redemption"]] == ["Open", 27_337.72]
    assert pd.isna(row(nj)["Redeemed"]), "the columns are cleared as well"


def reopened(nj: Office) -> Any:
    """The book as another session finds it."""
    nj.book.save()
    nj.book = type(nj.book).open(nj.path)
    nj.book.put_pages = nj.put  # type: ignore[method-assign]
    return nj.book


def test_a_redemption_entered_by_hand_stands_without_a_receipt(nj: Office) -> None:
    sold(nj, "Lien Fund")
    nj.book.replace_columns("Certificates", pd.DataFrame({"Redeemed": [pd.Timestamp("2026-01-15")]}))
    certificates.certificates(nj.book, BACK)
    assert row(nj)["Status"] == "Redeemed"


def test_the_receipts_of_one_redemption_go_back_together(nj: Office) -> None:
    """The municipality's own certificate: half the year was sold, the rest is delinquent since and is paid with it."""
    certificates.enter_certificate(
        nj.book, "25-1", "10-2", D(2025, 10, 15), D(2024, 6, 30), "18%", today=D(2025, 10, 15)
    )
    before = owed(nj, BACK)
    assert before > 0
    certificates.certificates(nj.book, D(2026, 1, 15))
    total = round(row(nj)["Redemption"] * 100)
    certificates.redeem(nj.book, "25-1", D(2026, 1, 15), total, reference="5", today=D(2026, 1, 15))
    assert owed(nj, BACK) == 0
    first, last = (str(r) for r in nj.table("CashBook")["Receipt"].drop_duplicates())
    said = counter.reverse(nj.book, last, "check returned unpaid", on=BACK, today=BACK).text
    assert f"Receipts {last}, {first} reversed by" in said
    assert f"{total / 100:,.2f}" in said
    assert round(nj.table("CashBook")["Total"].sum(), 2) == 0
    assert owed(nj, BACK) == before + 20, "and the fee for the returned check, once"
    with pytest.raises(BadValue, match="has already been reversed"):
        counter.reverse(nj.book, first, "check returned unpaid", on=BACK, today=BACK)
    assert " checks passed." in control.proof(nj.book, BACK).text


def test_money_of_a_redemption_that_is_transferred_leaves_it_open_and_says_what_else_it_was(nj: Office) -> None:
    certificates.enter_certificate(
        nj.book, "25-1", "10-2", D(2025, 10, 15), D(2024, 6, 30), "18%", today=D(2025, 10, 15)
    )
    certificates.certificates(nj.book, D(2026, 1, 15))
    certificates.redeem(nj.book, "25-1", D(2026, 1, 15), round(row(nj)["Redemption"] * 100), today=D(2026, 1, 15))
    first, last = (str(r) for r in nj.table("CashBook")["Receipt"].drop_duplicates())
    said = counter.transfer(nj.book, first, "10-1", "meant for the other parcel", today=BACK).text
    assert "Certificate 25-1 is open again" in said
    assert f"Also reverse receipt {last}." in said
    assert pd.isna(row(nj)["Redeemed"])


# ---- a sale ------------------------------------------------------------------------------------------------------


def test_a_sale_whose_buyers_check_comes_back_does_not_stand(nj: Office) -> None:
    before = owed(nj, D(2025, 10, 20))
    sold_by_check(nj)
    assert owed(nj, D(2025, 10, 20)) == 0
    said = counter.reverse(nj.book, "2", "check returned unpaid", on=D(2025, 10, 20), today=D(2025, 10, 20)).text
    assert "Receipts 2, 1 reversed by" in said, "the premium and the tax came by one check"
    assert "Certificate 25-1: the buyer's payment was returned. The sale does not stand" in said
    assert "the cost of sale of $150.00 was removed with A-2" in said
    assert "fees charged" not in said, "the buyer's check costs the owner nothing"
    assert "certified" not in str(nj.table("Roll")["Flags"].tolist()).lower()
    assert owed(nj, D(2025, 10, 20)) == before, "as if it had never been sold"
    assert row(nj)["Status"] == "Not paid for"
    assert certificates.certificates(nj.book, D(2026, 1, 15)).text.startswith(
        "0 open certificates. On 2026-01-15 the total to redeem is $0.00"
    )
    with pytest.raises(BadValue, match="The buyer's payment for certificate 25-1 was returned"):
        certificates.redemption(nj.book, "25-1", "Cy Pond", BACK, today=BACK)
    quotes.tax_search(nj.book, "10-2", "Smith Title", BACK, today=BACK)
    page = nj.page("tax search 2026-1")
    assert not any("25-1" in str(b.rows) for b in page.blocks if isinstance(b, Grid))
    assert " checks passed." in control.proof(nj.book, BACK).text


def sold_by_check(nj: Office) -> str:
    return certificates.enter_certificate(
        nj.book,
        "25-1",
        "10-2",
        D(2025, 10, 15),
        D(2024, 12, 31),
        "18%",
        "Lien Fund",
        500_00,
        2,
        "Check",
        "771",
        D(2025, 10, 15),
    ).text


def test_it_is_entered_again_under_its_number_when_the_buyer_pays(nj: Office) -> None:
    sold_by_check(nj)
    first = row(nj)
    counter.reverse(nj.book, "1", "check returned unpaid", on=D(2025, 10, 20), today=D(2025, 10, 20))
    said = sold(nj, "Lien Fund", D(2025, 10, 22))
    assert "lien $24,534.17 and cost of sale $150.00, total $24,684.17" in said, "no cost twice"
    assert len(nj.table("Certificates")) == 1
    certificates.certificates(nj.book, D(2025, 10, 20))
    again = row(nj)
    assert [again["Amount"], again["Premium"], again["Status"]] == [first["Amount"], first["Premium"], "Open"]
    assert owed(nj, D(2025, 10, 20)) == 0
    with pytest.raises(BadValue, match="has already been entered"):
        sold(nj, "Lien Fund")
    assert " checks passed." in control.proof(nj.book, D(2025, 10, 22)).text


def test_it_can_be_struck_off_to_the_municipality_instead(nj: Office) -> None:
    sold_by_check(nj)
    counter.reverse(nj.book, "1", "check returned unpaid", on=D(2025, 10, 20), today=D(2025, 10, 20))
    said = sold(nj, "", D(2025, 10, 22))
    assert f"{LIEN / 100:,.2f} was transferred to lien." in said
    certificates.certificates(nj.book, D(2026, 1, 15))
    assert row(nj)["Status"] == "Open"
    assert row(nj)["Holder"] in (None, "")


# ---- undo --------------------------------------------------------------------------------------------------------


def test_undo_takes_a_redemption_back_and_then_nothing_before_it(nj: Office) -> None:
    counter.post(nj.book, nj.csv(Account=["10-2"], Amount=["10.00"], Received=["2025-10-01"]), today=D(2025, 10, 1))
    sold(nj, "Lien Fund")
    certificates.certificates(nj.book, D(2026, 1, 15))
    total = round(row(nj)["Redemption"] * 100)
    certificates.redeem(nj.book, "25-1", D(2026, 1, 15), total, today=D(2026, 1, 15))
    said = control.undo(nj.book, D(2026, 1, 15)).text
    assert said.startswith("Undone. Receipt 4 reversed by 5")
    assert "Certificate 25-1 is open again" in said
    assert pd.isna(row(nj)["Redeemed"])
    with pytest.raises(BadValue, match="Undo cannot take back the last change: reverse"):
        control.undo(nj.book, D(2026, 1, 15))
    assert " checks passed." in control.proof(nj.book, D(2026, 1, 15)).text


def test_undo_takes_a_sale_back_and_not_the_posting_under_it(nj: Office) -> None:
    counter.post(nj.book, nj.csv(Account=["10-2"], Amount=["10.00"], Received=["2025-10-01"]), today=D(2025, 10, 1))
    before = owed(nj, D(2025, 10, 16))
    sold(nj, "Lien Fund")
    said = control.undo(nj.book, D(2025, 10, 16)).text
    assert "Undone. Receipts 2, 3 reversed by 4, 5" in said
    assert owed(nj, D(2025, 10, 16)) == before
    assert row(nj)["Status"] == "Not paid for"
    with pytest.raises(BadValue, match="Undo cannot take back the last change: reverse"):
        control.undo(nj.book, D(2025, 10, 16))


def test_undo_leaves_what_went_to_lien_by_adjustments(nj: Office) -> None:
    sold(nj, "")
    with pytest.raises(BadValue, match="Undo cannot take back the last change: enter certificate"):
        control.undo(nj.book, D(2025, 10, 16))


def test_another_task_that_only_reads_is_looked_past(nj: Office) -> None:
    sold(nj, "Lien Fund")
    redeemed(nj)
    certificates.certificates(nj.book, BACK)
    assert "is open again" in control.undo(nj.book, BACK).text


def test_a_tender_nobody_knows_is_refused_before_anything_is_written(nj: Office) -> None:
    nj.book.save()
    other = FilesBook.open(nj.path)
    with pytest.raises(Problems, match='Tender: "Chek" is not a choice'):
        certificates.enter_certificate(
            other, "25-1", "10-2", D(2025, 10, 15), D(2024, 12, 31), "18%", "Lien Fund", tender="Chek"
        )
    sold(nj, "Lien Fund")
    with pytest.raises(Problems, match='Tender: "Chek" is not a choice'):
        certificates.redeem(nj.book, "25-1", D(2026, 1, 15), PAID, "Chek")
    certificates.redeem(nj.book, "25-1", D(2026, 1, 15), PAID, "money order", today=D(2026, 1, 15))
    assert nj.table("CashBook")["Tender"].iloc[-1] == "Money Order"
