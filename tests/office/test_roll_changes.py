"""A roll over another: rows missing from the file are named and asked about, those that left are kept for what they owe and never billed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from tests.books.one_book import PrintingBook
from xltax.actions import agreements, bills, counter, delinquency, quotes, setup, year
from xltax.errors import TaxError
from xltax.faces.new import new_book
from xltax.hosts.files import FilesBook

D = dt.date
# The three parcels of docs/first-month.md, and a later roll of them on which 0014-2 is gone (its land went to 0013-7.01).
FIRST = """Account,Owner,Mail 1,Location,Class,Net Value,Prior Tax,Flags,Email
0012-4,"ADAMS, JANE",1 Main Street,1 Main Street,2,250000,5620,owner-occupied,jane@example.org
0013-7.01,BAKER & SONS LLC,2 Main Street,2 Main Street,4A,400000,8992,,
0014-2,"CLARK, ANN",PO Box 3,3 Main Street,2,180000,4046.40,,
"""
LATER = """Account,Owner,Location,Class,Net Value
0012-4,"ADAMS, JANE",1 Main Street,2,250000
0013-7.01,BAKER & SONS LLC,2 Main Street,4A,580000
"""


class Town(PrintingBook):
    """Quillhaven, whose assessor sends a roll a year."""

    def __init__(self, folder: Path, rules: str = "us-nj-colts-neck") -> None:
        super().__init__(folder / "town.xlsx")
        new_book(self.path, rules, name="Quillhaven", year=2025, as_of=D(2025, 8, 31))

    def roll(self, text: str, on: dt.date, **more: object) -> str:
        path = self.path.with_name("roll.csv")
        path.write_text(text, encoding="utf-8")
        return self.do(setup.import_roll, path, on=on, **more)

    def on_roll(self) -> dict[str, tuple[str, float]]:
        rows = self.read("Roll")
        return {r["Account"]: (r["Owner"], r["Net Value"]) for r in rows.to_dict("records") if r["Left On"] is None}


@pytest.fixture
def town(tmp_path: Path) -> Town:
    it = Town(tmp_path)
    it.roll(FIRST, D(2025, 1, 2), control_bills=3, control_value=830_000_00)
    return it


@pytest.fixture
def owing(town: Town) -> Town:
    """The first year billed, nothing paid, then the later roll as the whole of it."""
    town.do(year.bill, 2025, "RE=2.248", today=D(2025, 1, 10))
    town.roll(LATER, D(2026, 1, 5), missing="remove")
    return town


def test_a_file_that_lacks_rows_of_the_roll_is_refused_until_it_is_said_what_becomes_of_them(town: Town) -> None:
    before = town.path.read_bytes()
    with pytest.raises(TaxError) as refused:
        town.roll(LATER, D(2026, 1, 5))
    words = str(refused.value)
    assert "0 new rows and 1 changed row" in words
    # Clark's 180,000.00 is the one row that is not in the file.
    assert (
        "1 row of the RE roll, net value $180,000.00, is missing from the file: 0014-2 (CLARK, ANN, $180,000.00)"
        in words
    )
    assert '"remove" for missing' in words
    assert 'Enter "keep" for missing' in words
    assert town.path.read_bytes() == before


def test_the_look_before_says_the_same_and_does_not_call_it_ready(town: Town) -> None:
    path = town.path.with_name("later.csv")
    path.write_text(LATER, encoding="utf-8")
    said = town.do(setup.look_at, "roll", path, control_total=830_000_00)
    assert "1 row of the RE roll, net value $180,000.00, is missing from the file" in said
    assert "Ready to import" not in said
    assert "Ready to import" in town.do(setup.look_at, "roll", path, control_total=830_000_00, missing="remove")


def test_bring_in_asks_as_import_roll_does(town: Town) -> None:
    path = town.path.with_name("later.csv")
    path.write_text(LATER, encoding="utf-8")
    with pytest.raises(TaxError, match="is missing from the file"):
        town.do(setup.bring_in, "roll", 830_000_00, path)
    said = town.do(setup.bring_in, "roll", 830_000_00, path, missing="remove", today=D(2026, 1, 5))
    assert "left the roll and will not be billed: 0014-2" in said
    assert set(town.on_roll()) == {"0012-4", "0013-7.01"}


def test_rows_that_left_are_kept_with_every_field_and_their_day(town: Town) -> None:
    town.roll(LATER, D(2026, 1, 5), missing="remove")
    row = town.read("Roll").set_index("Account").loc["0014-2"]
    assert (row["Owner"], row["Mail 1"], row["Left On"]) == ("CLARK, ANN", "PO Box 3", D(2026, 1, 5))
    told = town.read("History")
    told = told[told["Account"] == "0014-2"]
    fields = {r["Field"]: (r["Before"], r["After"]) for r in told.to_dict("records")}
    assert fields["Owner"] == ("CLARK, ANN", None)
    assert fields["Net Value"] == ("180,000.00", None)
    assert fields["Prior Tax"] == ("4,046.40", None)
    assert fields["Left On"] == (None, "2026-01-05")
    assert set(fields) == {"Left On", "Levy Type", "Owner", "Mail 1", "Location", "Class", "Net Value", "Prior Tax"}


def test_a_correction_of_one_row_leaves_the_rest_and_what_it_does_not_tell(town: Town) -> None:
    said = town.roll("Account,Net Value\n0012-4,240000\n", D(2025, 6, 2), missing="keep")
    assert "0 new rows, 1 changed row. 2 rows, net value $580,000.00, stayed on the roll without change" in said
    rows = town.read("Roll").set_index("Account")
    assert rows["Left On"].isna().all()
    # 240,000.00 is new; owner, flags, e-mail and last year's tax are not in the file and stay.
    assert rows.loc["0012-4", ["Owner", "Net Value", "Flags", "Email", "Prior Tax"]].tolist() == [
        "ADAMS, JANE", 240_000, "owner-occupied", "jane@example.org", 5620,
    ]  # fmt: skip


def test_a_new_roll_does_not_keep_the_prior_tax_of_the_year_before(town: Town) -> None:
    said = town.roll(LATER, D(2026, 1, 5), missing="remove")
    assert "The file has no Prior Tax: the old prior tax was cleared on 2 rows" in said
    rows = town.read("Roll").set_index("Account")
    assert not rows.loc["0012-4", "Prior Tax"]
    assert rows.loc["0012-4", "Flags"] == "owner-occupied"


def test_deductions_the_file_does_not_tell_stay_and_are_said(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.roll(
        "Account,Land,Improvements,Net Value,Deductions\n1,40000,60000,100000,250\n2,50000,50000,100000,\n",
        D(2025, 1, 2),
    )
    said = town.roll("Account,Net Value\n1,100000\n2,120000\n", D(2026, 1, 2))
    assert "The file has no Deductions: the deductions of $250.00 on 1 row stay as they were." in said
    assert (
        "The file has no Land and Improvements: the old amounts were cleared on rows with a changed net value." in said
    )
    rows = town.read("Roll").set_index("Account")
    assert rows["Deductions"].fillna(0).to_dict() == {"1": 250, "2": 0}
    # 50,000 and 50,000 do not add up to 120,000; what they are now the file does not tell.
    assert rows[["Land", "Improvements"]].fillna(0).to_numpy().tolist() == [[40_000, 60_000], [0, 0]]


def test_nothing_is_asked_where_no_row_is_missing(town: Town) -> None:
    more = FIRST + "0015-1,NEW OWNER,5 Main Street,5 Main Street,2,100000,,,\n"
    said = town.roll(more, D(2025, 6, 1))
    assert "1 new row, 0 changed rows." in said
    assert len(town.on_roll()) == 4


def test_a_motor_vehicle_list_asks_nothing_of_the_real_estate(tmp_path: Path) -> None:
    town = Town(tmp_path, "us-ct-south-windsor")
    town.roll("Account,Owner,Net Value\nR1,A,100000\nR2,B,200000\n", D(2024, 2, 1))
    town.roll("Account,Owner,Net Value\nV1,A,10000\nV2,B,20000\n", D(2024, 2, 1), levy_type="MV")
    assert set(town.on_roll()) == {"R1", "R2", "V1", "V2"}
    with pytest.raises(TaxError, match=r"1 row of the MV roll, net value \$20,000.00, is missing from the file: V2"):
        town.roll("Account,Owner,Net Value\nV1,A,9000\nV3,C,7000\n", D(2025, 2, 1), levy_type="MV")
    town.roll("Account,Owner,Net Value\nV1,A,9000\nV3,C,7000\n", D(2025, 2, 1), levy_type="MV", missing="remove")
    assert set(town.on_roll()) == {"R1", "R2", "V1", "V3"}


def test_a_list_with_the_account_numbers_of_another_levy_type_is_refused_by_its_rows(tmp_path: Path) -> None:
    town = Town(tmp_path, "us-ct-south-windsor")
    town.roll("Account,Owner,Net Value\n1,A,100000\n2,B,200000\n", D(2024, 2, 1))
    with pytest.raises(TaxError, match=r"roll.csv!A3: Account 2 is RE on the Roll and MV in the file"):
        town.roll("Account,Owner,Net Value\n7,A,10000\n2,X,20000\n", D(2024, 2, 1), levy_type="MV")


def test_an_account_that_comes_back_is_on_the_roll_again(town: Town) -> None:
    town.roll(LATER, D(2026, 1, 5), missing="remove")
    said = town.roll(FIRST, D(2027, 1, 5))
    assert "1 row came back on the roll" in said
    assert set(town.on_roll()) == {"0012-4", "0013-7.01", "0014-2"}
    back = town.read("History")
    back = back[(back["Field"] == "Left On") & (back["Changed On"] == D(2027, 1, 5))]
    assert back[["Account", "Before", "After"]].to_numpy().tolist() == [["0014-2", "2026-01-05", None]]


def test_many_missing_rows_are_counted_and_the_first_named(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.roll("Account,Net Value\n" + "".join(f"{n:03},1000\n" for n in range(100)), D(2025, 1, 2))
    with pytest.raises(TaxError) as refused:
        town.roll("Account,Net Value\n000,1000\n", D(2026, 1, 2))
    # 99 rows of 1,000.00 each; twenty are named.
    assert "99 rows of the RE roll, net value $99,000.00, are missing" in str(refused.value)
    assert "and 79 more" in str(refused.value)


def test_an_import_leaves_a_line_with_what_the_roll_comes_to(town: Town) -> None:
    town.roll(LATER, D(2026, 1, 5), missing="remove")
    one, two = town.read("RollImports").to_dict("records")
    assert (one["Rows"], one["New"], one["Rows After"], one["Value After"]) == (3, 3, 3, 830_000)
    assert (two["Missing"], two["Changed"], two["Left"], two["Left Value"]) == ("remove", 1, 1, 180_000)
    assert (two["Rows After"], two["Value After"]) == (2, 830_000)


# ---- billing -----------------------------------------------------------------------------------------------------------


def test_a_parcel_that_left_is_not_billed(owing: Town) -> None:
    said = owing.do(year.bill, 2026, "RE=2.3", today=D(2026, 1, 6))
    # 250,000 + 580,000 = 830,000 at 2.3 per 100: 5,750.00 + 13,340.00; with Clark's 180,000 it was 23,230.00.
    assert "2 bills for 2026 (whole), net tax $19,090.00." in said
    made = owing.read("Duplicate")
    assert set(made.loc[made["Levy Year"] == 2026, "Account"]) == {"0012-4", "0013-7.01"}


def test_a_parcel_that_left_gets_no_preliminary_bill(owing: Town) -> None:
    owing.do(year.bill, 2026, stage="preliminary", today=D(2026, 1, 6))
    made = owing.read("Duplicate")
    assert set(made.loc[made["Levy Year"] == 2026, "Account"]) == {"0012-4", "0013-7.01"}


def test_a_roll_that_is_not_what_its_import_left_is_not_billed(town: Town) -> None:
    book = FilesBook.open(town.path)
    book.append("Roll", pd.DataFrame([{"Account": "0099", "Levy Type": "RE", "Net Value": 50_000_00}]))
    book.save()
    with pytest.raises(TaxError) as refused:
        town.do(year.bill, 2025, "RE=2.248", today=D(2025, 1, 10))
    # 830,000.00 came in with three rows; 50,000.00 was typed below.
    assert "The RE roll now has 4 rows, net value $880,000.00" in str(refused.value)
    assert "a difference of 1 row and $50,000.00" in str(refused.value)
    with pytest.raises(
        TaxError, match=r"\$880,000.00, but the control total is \$900,000.00: a difference of \$20,000.00"
    ):
        town.do(year.bill, 2025, "RE=2.248", today=D(2025, 1, 10), control="RE=900000")
    assert "4 bills for 2025" in town.do(year.bill, 2025, "RE=2.248", today=D(2025, 1, 10), control="RE=880000.00")


# ---- whoever left and still owes ----------------------------------------------------------------------------------------


def test_quote_card_and_bill_copy_know_who_left(owing: Town) -> None:
    owing.do(quotes.quote, "0014-2", on=D(2026, 2, 2), requested_by="Smith Title", today=D(2026, 2, 2))
    page = next(p for pages in owing.pages.values() for p in pages)
    assert "CLARK, ANN" in repr(page)
    owing.do(counter.card, "CLARK")
    book = owing.opened()
    assert book.get("card_owner") == "CLARK, ANN"
    assert "left the roll on Jan 5, 2026" in str(book.get("card_flags"))
    owing.do(bills.bills, 2025, bill="2025-0014-2", on=D(2026, 2, 2))
    assert "CLARK, ANN" in repr(owing.pages["bills 2025"])


def test_lists_and_letters_reach_who_left_at_the_last_address(owing: Town) -> None:
    owing.do(delinquency.delinquent, as_of=D(2026, 2, 20))
    rows = owing.read("Delinquent")
    assert set(rows.loc[rows["Account"] == "0014-2", "Owner"]) == {"CLARK, ANN"}


@pytest.mark.parametrize("deleted", [False, True])
def test_even_a_row_deleted_by_hand_is_looked_up_as_it_was_last(owing: Town, deleted: bool) -> None:
    if deleted:
        book = FilesBook.open(owing.path)
        rows = book.read("Roll")
        kept = rows[rows["Account"] != "0014-2"]
        kept = kept.assign(**{n: [round(v * 100) if v else v for v in kept[n]] for n in ("Net Value", "Prior Tax")})
        book.replace_rows("Roll", kept)
        book.save()
    owing.do(delinquency.delinquent, as_of=D(2026, 2, 20))
    rows = owing.read("Delinquent")
    mine = rows[rows["Account"] == "0014-2"]
    assert set(mine["Owner"]) == {"CLARK, ANN"}
    assert set(mine["Location"]) == {"3 Main Street"}


def test_a_row_deleted_by_hand_without_history_is_named_by_its_last_receipt(town: Town) -> None:
    town.do(year.bill, 2025, "RE=2.248", today=D(2025, 1, 10))
    town.pay(D(2025, 2, 3), ("0014-2", "100.00", D(2025, 2, 3)))
    book = FilesBook.open(town.path)
    rows = book.read("Roll")
    kept = rows[rows["Account"] != "0014-2"]
    book.replace_rows(
        "Roll", kept.assign(**{n: [round(v * 100) if v else v for v in kept[n]] for n in ("Net Value", "Prior Tax")})
    )
    book.save()
    town.do(delinquency.delinquent, as_of=D(2025, 9, 20))
    rows = town.read("Delinquent")
    assert set(rows.loc[rows["Account"] == "0014-2", "Owner"]) == {"CLARK, ANN"}


def test_an_agreement_counts_on_no_further_bills_of_a_parcel_that_left(owing: Town) -> None:
    for account in ("0013-7.01", "0014-2"):
        owing.do(agreements.sign_agreement, account, 8, D(2026, 2, 17), D(2026, 2, 2))
    rows = owing.read("Agreements").set_index("Account")
    assert rows.loc["0013-7.01", "Estimated"] > 0, "its bills of 2026 are to come"
    assert not rows.loc["0014-2", "Estimated"]
