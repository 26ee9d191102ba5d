"""Warrants, cases and rents: each with its status on a day, the next date that matters, and the money to the cent."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.enforcement.offices import Office, change, connecticut_book, standing, status
from xltax.actions import control, counter, delinquency, enforcement, officers
from xltax.errors import BadValue

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")
D = dt.date


# ---- warrants --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def _warrants(tmp_path_factory: pytest.TempPathFactory) -> Path:
    office = connecticut_book(tmp_path_factory.mktemp("warrants"))
    office.do(delinquency.notices, "demand", account="R4")
    office.do(enforcement.issue_warrants, "Constable Hale", D(2025, 12, 31), as_of=D(2025, 3, 20))
    return office.path


@pytest.fixture
def warrants(_warrants: Path, tmp_path: Path) -> Office:
    """A warrant on DAVIS, issued March 20, 2025: 1,090.00 and the collector's 6.00; the officer's 15% is 164.40."""
    return Office(Path(shutil.copy(_warrants, tmp_path / "ct.xlsx")))


def test_a_warrant_is_issued_for_tax_interest_and_fees_with_the_officers_fee_on_top(warrants: Office) -> None:
    row = warrants.read("Warrants").iloc[0]
    # 500 with nine months and 500 with three: 67.50 + 22.50.
    assert [row["Account"], row["Execution"], row["Fee"]] == ["R4", 1096.00, 164.40]
    assert warrants.do(control.proof).endswith(" checks passed."), "the collector's fee is an adjustment"
    assert "No account needs a warrant" in warrants.do(enforcement.issue_warrants, "Hale", as_of=D(2025, 3, 21))


def test_it_is_served_in_sixty_days(warrants: Office) -> None:
    said, rows = standing(warrants, "Warrants", D(2025, 5, 19), 60)
    assert status(rows.loc["1"]) == ["Issued", D(2025, 5, 19), "serve the warrant"]
    said, rows = standing(warrants, "Warrants", D(2025, 5, 20))
    assert rows.loc["1", "Status"] == "Issued, overdue"
    assert "; 1 overdue" in said


def test_nothing_is_the_officers_before_service_and_his_fee_goes_first_after(warrants: Office) -> None:
    said = warrants.do(officers.warrant_money, "1", 10_000, D(2025, 4, 1), bank_account="1234")
    assert "keeps $0.00 and owes the town $100.00" in said
    change(warrants, "Warrants", "1", Served=D(2025, 4, 10), Method="in hand")
    assert "keeps $100.00 and owes the town $0.00" in warrants.do(
        officers.warrant_money, "1", 10_000, D(2025, 4, 11), bank_account="1234"
    )
    assert "keeps $64.40 and owes the town $135.60" in warrants.do(
        officers.warrant_money, "1", 20_000, D(2025, 4, 12), bank_account="1234"
    )
    assert "keeps $0.00 and owes the town $50.00" in warrants.do(
        officers.warrant_money, "1", 5_000, D(2025, 4, 13), bank_account="1234"
    )
    _, rows = standing(warrants, "Warrants", D(2025, 4, 13))
    assert rows.loc["1", ["Collected", "Officer Share", "Paid Over"]].tolist() == [450, 164.40, 0]


def test_the_town_paid_direct_after_service_owes_the_officer_his_fee(warrants: Office) -> None:
    change(warrants, "Warrants", "1", Served=D(2025, 4, 10))
    said = warrants.do(
        officers.warrant_money, "1", 126_040, D(2025, 4, 12), "town", reference="88", today=D(2025, 4, 12)
    )
    assert "$1,096.00 was posted to account" in said
    assert "The officer's fee of $164.40 is held as TRUST." in said
    book = warrants.read("CashBook")
    assert set(book["Reference"]) == {"88"}, "one check, and all of it in the drawer"
    assert round(book["Total"].sum(), 2) == 1_260.40
    assert book.loc[book["Revenue Code"] == "TRUST", "Total"].tolist() == [164.40]
    assert warrants.read("WarrantMoney")["Receipt"].tolist() == [book["Receipt"].iloc[0]]
    assert warrants.do(control.proof).endswith(" checks passed.")


def test_what_the_officer_pays_over_counts_from_the_day_he_was_paid(warrants: Office) -> None:
    """Paid over in May, collected in April: May's interest is not charged. The fee stays with the officer."""
    change(warrants, "Warrants", "1", Served=D(2025, 4, 10))
    account = str(warrants.read("Warrants")["Account"].iloc[0])
    warrants.do(officers.warrant_money, "1", 50_000, D(2025, 4, 12), bank_account="1234")
    warrants.do(officers.warrant_money, "1", 10_000, D(2025, 4, 30), bank_account="1234")
    for amount, on, says in (
        (43_561, D(2025, 5, 2), r"holds \$435.60 for the town, but the amount is \$435.61"),
        (43_560, D(2025, 4, 29), "collected some of this money after 2025-04-29"),
    ):
        before = warrants.path.read_bytes()
        with pytest.raises(BadValue, match=says):
            warrants.do(officers.pay_over, "1", amount, on, today=D(2025, 5, 2))
        assert warrants.path.read_bytes() == before
    said = warrants.do(officers.pay_over, "1", 43_560, D(2025, 5, 2), reference="17", today=D(2025, 5, 2))
    assert f"$435.60 paid over on 2025-05-02 and posted to account {account}, receipts 1 to 2." in said
    book = warrants.read("CashBook")
    paid = book.drop_duplicates("Receipt")
    assert paid[["Receipt", "By"]].values.tolist() == [["1", "officer"], ["2", "officer"]]
    assert [str(d)[:10] for d in paid["Effective"]] == ["2025-04-12", "2025-04-30"]
    assert book.groupby("Receipt")["Total"].sum().round(2).tolist() == [335.60, 100]
    money = warrants.read("WarrantMoney")
    assert money["Receipt"].astype(str).tolist() == ["1", "2"]
    assert {str(d)[:10] for d in money["Paid Over"]} == {"2025-05-02"}
    _, rows = standing(warrants, "Warrants", D(2025, 5, 2))
    assert rows.loc["1", ["Collected", "Officer Share", "Paid Over"]].tolist() == [600, 164.40, 435.60]
    with pytest.raises(BadValue, match="holds no money for the town"):
        warrants.do(officers.pay_over, "1", 43_560, D(2025, 5, 2))
    assert warrants.do(control.proof).endswith(" checks passed.")


def test_what_the_officer_paid_over_with_a_bad_check_he_holds_again(warrants: Office) -> None:
    change(warrants, "Warrants", "1", Served=D(2025, 4, 10))
    warrants.do(officers.warrant_money, "1", 50_000, D(2025, 4, 12), bank_account="1234")
    warrants.do(officers.pay_over, "1", 33_560, D(2025, 4, 20), today=D(2025, 4, 20))
    said = warrants.do(counter.reverse, "1", "check returned unpaid", on=D(2025, 4, 25), today=D(2025, 4, 25))
    assert "Warrant Money of warrant 1: the officer again holds the $335.60 collected on 2025-04-12." in said
    _, rows = standing(warrants, "Warrants", D(2025, 4, 26))
    assert rows.loc["1", ["Collected", "Officer Share", "Paid Over"]].tolist() == [500, 164.40, 0]
    assert status(rows.loc["1"]) == ["Served", D(2025, 4, 27), "the officer must pay over the money held"]
    said = warrants.do(officers.pay_over, "1", 33_560, D(2025, 4, 28), today=D(2025, 4, 28))
    assert "335.60 paid over on 2025-04-28" in said
    _, rows = standing(warrants, "Warrants", D(2025, 4, 28))
    assert rows.loc["1", "Paid Over"] == 335.60


def test_what_is_moved_to_another_account_the_officer_does_not_hold_again(warrants: Office) -> None:
    change(warrants, "Warrants", "1", Served=D(2025, 4, 10))
    warrants.do(officers.warrant_money, "1", 50_000, D(2025, 4, 12), bank_account="1234")
    warrants.do(officers.warrant_money, "1", 10_000, D(2025, 4, 13), bank_account="1234")
    warrants.do(officers.pay_over, "1", 43_560, D(2025, 4, 20), today=D(2025, 4, 20))
    said = warrants.do(counter.transfer, "1", "R1", "his wife's house", today=D(2025, 4, 21))
    assert "holds" not in said, "the money is in the office"
    assert "back too" not in said, "and the rest stays where it is"
    _, rows = standing(warrants, "Warrants", D(2025, 4, 26))
    assert rows.loc["1", ["Collected", "Officer Share", "Paid Over"]].tolist() == [600, 164.40, 435.60]


def test_a_check_to_the_town_that_comes_back_leaves_the_officers_fee_owed(warrants: Office) -> None:
    change(warrants, "Warrants", "1", Served=D(2025, 4, 10))
    warrants.do(officers.warrant_money, "1", 20_000, D(2025, 4, 12), "town", today=D(2025, 4, 12))
    said = warrants.do(counter.reverse, "1", "check returned unpaid", on=D(2025, 4, 15), today=D(2025, 4, 15))
    assert (
        "Warrant Money of warrant 1: the $200.00 collected on 2025-04-12 no longer counts. This includes the officer's fee of $164.40."
        in said
    )
    assert "Receipts 1, 2 reversed by" in said, "the fee came by the same check"
    _, rows = standing(warrants, "Warrants", D(2025, 4, 16))
    assert rows.loc["1", ["Collected", "Officer Share", "Paid Over"]].tolist() == [0, 0, 0]
    said = warrants.do(officers.warrant_money, "1", 126_040, D(2025, 4, 20), bank_account="1234")
    assert "keeps $164.40 and owes the town $1,096.00" in said, "his fee is owed as if the check had never come"
    said, _ = standing(warrants, "Warrants", D(2025, 4, 20))
    assert "above the warrant's" not in said


def test_two_checks_of_one_day_on_one_warrant_are_two(warrants: Office) -> None:
    change(warrants, "Warrants", "1", Served=D(2025, 4, 10))
    for amount in (20_000, 30_000):
        warrants.do(officers.warrant_money, "1", amount, D(2025, 4, 12), "town", today=D(2025, 4, 12))
    said = warrants.do(counter.reverse, "3", "check returned unpaid", on=D(2025, 4, 15), today=D(2025, 4, 15))
    assert "Receipt 3 reversed by 4: -$300.00" in said
    said = warrants.do(counter.reverse, "2", "check returned unpaid", on=D(2025, 4, 15), today=D(2025, 4, 15))
    assert "Receipts 2, 1 reversed by" in said


def test_undo_takes_money_of_a_warrant_back(warrants: Office) -> None:
    change(warrants, "Warrants", "1", Served=D(2025, 4, 10))
    warrants.do(officers.warrant_money, "1", 50_000, D(2025, 4, 12), bank_account="1234", today=D(2025, 4, 12))
    with pytest.raises(BadValue, match="Undo cannot take back the last change: warrant money, warrant 1"):
        warrants.do(control.undo, D(2025, 4, 12))
    warrants.do(officers.pay_over, "1", 33_560, D(2025, 4, 20), today=D(2025, 4, 20))
    said = warrants.do(control.undo, D(2025, 4, 20))
    assert "the officer again holds the $335.60 collected on 2025-04-12" in said
    warrants.do(officers.warrant_money, "1", 20_000, D(2025, 4, 21), "town", today=D(2025, 4, 21))
    said = warrants.do(control.undo, D(2025, 4, 21))
    assert "the $200.00 collected on 2025-04-21 no longer counts" in said
    assert warrants.read("CashBook")["Total"].sum() == 0
    assert warrants.do(control.proof).endswith(" checks passed.")


def test_money_to_the_town_that_is_all_fee_names_its_receipt(warrants: Office) -> None:
    change(warrants, "Warrants", "1", Served=D(2025, 4, 10))
    warrants.do(officers.warrant_money, "1", 10_000, D(2025, 4, 12), "town", today=D(2025, 4, 12))
    assert warrants.read("WarrantMoney")["Receipt"].astype(str).tolist() == ["1"]
    assert "no longer counts" in warrants.do(counter.reverse, "1", "returned", on=D(2025, 4, 15), today=D(2025, 4, 15))


def test_money_is_held_fifteen_days_at_most(warrants: Office) -> None:
    change(warrants, "Warrants", "1", Served=D(2025, 4, 10))
    warrants.do(officers.warrant_money, "1", 50_000, D(2025, 4, 12), bank_account="1234")
    _, rows = standing(warrants, "Warrants", D(2025, 4, 27))
    assert status(rows.loc["1"]) == ["Served", D(2025, 4, 27), "the officer must pay over the money held"]
    _, rows = standing(warrants, "Warrants", D(2025, 4, 28))
    assert rows.loc["1", "Status"] == "Served, overdue"


def test_a_separate_account_is_asked_for(warrants: Office) -> None:
    warrants.do(officers.warrant_money, "1", 5_000, D(2025, 4, 12))
    said, _ = standing(warrants, "Warrants", D(2025, 4, 13))
    assert "Warrant Money!A5: Bank Account is empty." in said


def test_after_the_return_nothing_is_collected_or_charged(warrants: Office) -> None:
    change(warrants, "Warrants", "1", Served=D(2025, 4, 10), Returned=D(2025, 5, 1), Result="moved")
    before = warrants.path.read_bytes()
    with pytest.raises(BadValue, match=r"was returned on 2025-05-01\. Nothing can be collected or charged"):
        warrants.do(officers.warrant_money, "1", 5_000, D(2025, 5, 2))
    assert warrants.path.read_bytes() == before
    warrants.add(
        "WarrantMoney",
        {
            "Warrant": "1",
            "Collected": D(2025, 5, 2),
            "Amount": 5_000,
            "Fee": 5_000,
            "To Town": 0,
            "Bank Account": "1234",
        },
    )
    said, _ = standing(warrants, "Warrants", D(2025, 5, 3))
    assert "The money was collected on 2025-05-02, after the return on 2025-05-01." in said


def test_all_warrants_are_back_before_the_term_ends(warrants: Office) -> None:
    change(warrants, "Warrants", "1", Served=D(2025, 4, 10))
    _, rows = standing(warrants, "Warrants", D(2025, 12, 15))
    assert status(rows.loc["1"]) == ["Served", D(2025, 12, 31), "return the warrant before the officer's term ends"]
    with pytest.raises(BadValue, match="term ended"):
        warrants.do(enforcement.issue_warrants, "Old", D(2025, 3, 1), as_of=D(2025, 3, 21))


def test_a_warrant_out_on_an_account_in_bankruptcy_is_named(warrants: Office) -> None:
    warrants.add(
        "Cases", {"No": "1", "Kind": "Bankruptcy", "Account": "R4", "Opened": D(2025, 4, 1), "Reference": "25-1"}
    )
    said, _ = standing(warrants, "Warrants", D(2025, 4, 2))
    assert "Warrants, 1: Account R4 is in bankruptcy. Recall the warrant" in said


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("9", 100, D(2025, 4, 1)), 'no warrant "9"'),
        (("1", 0, D(2025, 4, 1)), "above zero"),
        (("1", 100, D(2025, 4, 1), "bank"), "is not a choice here"),
        (("1", 100, D(2025, 3, 19)), "collected: Warrant 1 was issued on 2025-03-20"),
    ],
)
def test_wrong_warrant_money_is_refused(warrants: Office, given: tuple[Any, ...], says: str) -> None:
    with pytest.raises(BadValue, match=says):
        warrants.do(officers.warrant_money, *given)


def test_fees_above_the_warrants_and_unknown_numbers_are_named(warrants: Office) -> None:
    warrants.add(
        "WarrantMoney",
        {"Warrant": "7", "Collected": D(2025, 4, 1), "Amount": 100, "Fee": 100, "Bank Account": "1"},
        {
            "Warrant": "1",
            "Collected": D(2025, 4, 1),
            "Amount": 20_000,
            "Fee": 16_441,
            "To Town": 3_000,
            "Bank Account": "1",
        },
    )
    said, _ = standing(warrants, "Warrants", D(2025, 4, 2))
    assert "Warrant Money!A5: There is no warrant 7." in said
    assert "Warrant Money!A6: Fee and To Town do not add up to Amount." in said
    assert "The fees of $164.41 are above the warrant's fee, $164.40." in said


# ---- cases -----------------------------------------------------------------------------------------------------------


def test_cases_with_their_next_dates(ct: Office) -> None:
    ct.add(
        "Cases",
        {"No": "1", "Kind": "Promise to pay", "Account": "R4", "Opened": D(2025, 2, 1), "Until": D(2025, 3, 1), "Amount": 1000},
        {"No": "2", "Kind": "Collection agency", "Account": "M7", "Opened": D(2025, 1, 2), "Reference": "AG-7", "Until": D(2025, 6, 1)},
        {"No": "3", "Kind": "Jeopardy", "Account": "B5", "Opened": D(2025, 1, 2), "Reason": "stock is being sold off"},
        {"No": "4", "Kind": "Collection agency", "Account": "M3", "Opened": D(2025, 1, 2), "Reference": "AG-8", "Closed": D(2025, 2, 1), "Outcome": "recalled"},
    )  # fmt: skip
    _, rows = standing(ct, "Cases", D(2025, 3, 3), 120)
    assert status(rows.loc["1"]) == ["Overdue", D(2025, 3, 1), "promised: check for the payment"]
    assert status(rows.loc["2"]) == ["Open", D(2025, 6, 1), "review the placement, or recall it"]
    assert rows["Status"].tolist() == ["Overdue", "Open", "Open", "Closed"]
    watch = ct.read("Watch")
    assert watch[watch["Register"] == "Cases"]["Days"].tolist() == [-2, 90]


def test_what_a_case_has_to_state_is_asked_for(ct: Office) -> None:
    ct.add(
        "Cases",
        {"No": "1", "Kind": "Jeopardy", "Account": "B5", "Opened": D(2025, 1, 2)},
        {"No": "2", "Kind": "Bankruptcy", "Account": "R1", "Opened": D(2025, 1, 2)},
        {"No": "3", "Kind": "Collection agency", "Opened": D(2025, 1, 2), "Reference": "A", "Closed": D(2025, 1, 1)},
    )
    said, _ = standing(ct, "Cases", D(2025, 3, 3))
    for words in (
        "This Jeopardy case has no reason",
        "This Bankruptcy case has no docket",
        "has no account, party or bill",
        "closed before it opened",
    ):
        assert words in said


@pytest.mark.parametrize("days", [-1, 99_999_999])
def test_days_that_cannot_be_looked_ahead_are_refused(ct: Office, days: int) -> None:
    with pytest.raises(BadValue, match="Watch cannot look"):
        ct.do(enforcement.watch, D(2025, 6, 15), days)


def test_the_watch_list_counts_bills_that_share_a_limit(ct: Office) -> None:
    said = ct.do(enforcement.watch, D(2025, 6, 15), 30)
    row = ct.read("Watch").iloc[0]
    assert [row["Register"], row["Owner"], row["Days"]] == ["List lien lapse", "3 bills", 16]
    assert row["What"].startswith("end of lien lapse, ")
    assert said.startswith("1 date within 30 days of 2025-06-15; 0 overdue.")


def test_the_day_given_in_a_notice_is_watched_while_the_account_owes(ct: Office) -> None:
    ct.do(delinquency.notices, "demand")
    ct.do(enforcement.watch, D(2025, 3, 10))
    assert ct.read("Watch")[["Register", "Owner", "Days"]].to_numpy().tolist() == [["Notices", "6 accounts", 3]]
