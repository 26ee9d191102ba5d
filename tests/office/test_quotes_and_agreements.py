"""The quote and agreement desks on a workbook file, from the roll to the printed page."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from tests.office.quillhaven import Office
from tests.written.ledger import ledger
from xltax.actions import agreements, control, counter, quotes, year
from xltax.errors import BadValue
from xltax.law.load import load
from xltax.office.quotes import payoff as office_quotes
from xltax.pages import Fields, Grid, Page, Text
from xltax.sheets.pages import laid_out

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


def fields(page: Page) -> dict[str, object]:
    return {label: value for b in page.blocks if isinstance(b, Fields) for label, value, _ in b.fields}


def grids(page: Page) -> list[Grid]:
    return [b for b in page.blocks if isinstance(b, Grid)]


def texts(page: Page) -> str:
    return "\n".join(b.text for b in page.blocks if isinstance(b, Text))


# ---- quotes ------------------------------------------------------------------------------------------------------

# 10-1 on December 2, 2024, 30/360: 1,000 at 8% for 301 days 66.89; 500 at 8% and 500 at 18% for 211 days 23.44 + 52.75 =
# 76.19; 1,000 at 18% for 121 days 60.50; 1,000 at 18% for 31 days 15.50.
TOTAL = 4_219_08


def test_a_quote_asked_for_is_numbered_logged_and_printed(nj: Office) -> None:
    said = quotes.quote(nj.book, "10-1", D(2024, 12, 2), 3, "Smith Title", D(2024, 12, 2)).text
    assert "Quote 2024-1, good through 2024-12-02: payoff 2024-1.xlsx." in said
    row = nj.table("Quotes").iloc[0]
    assert (row["Quote"], row["Kind"], row["Requested By"], row["Total"]) == (
        "2024-1",
        "Payoff",
        "Smith Title",
        TOTAL / 100,
    )
    assert pd.Timestamp(row["Expires"]).date() == D(2024, 12, 2)
    page = nj.page("payoff 2024-1")
    # December 3: 67.11, 23.56 + 53.00, 61.00 and 16.00 are 220.67, less 219.08.
    assert fields(page)["Per diem for the next day"] == 1_59
    assert f"${TOTAL / 100:,.2f} pays this account in full on December 2, 2024." in texts(page)
    owed, periods, later = grids(page)
    assert owed.rows[-1][-1] == TOTAL
    # The explanation adds up to the interest that is owed.
    assert periods.rows[-1][-1] == sum(r[-1] for r in periods.rows[:-1]) == 219_08
    assert len(later.rows) == 30
    assert nj.book.get("quote_requested_by") in (None, "")
    assert nj.book.get("quote_number") == "2024-1"


def test_a_quote_nobody_asked_for_is_neither_logged_nor_printed(nj: Office) -> None:
    quotes.quote(nj.book, "10-1", D(2024, 12, 2), 3)
    assert not len(nj.table("Quotes"))
    assert not nj.pages


def test_an_account_that_is_not_there_is_refused(nj: Office) -> None:
    with pytest.raises(BadValue, match='account: Account "10-9" is not on the Duplicate'):
        quotes.quote(nj.book, "10-9", D(2024, 12, 2), 3)
    with pytest.raises(BadValue, match='Account "10-9" is not on the Duplicate'):
        quotes.tax_search(nj.book, "10-9", "Smith Title")


def test_a_quote_says_what_a_payment_has_to_say_where_accounts_of_a_party_share_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Connecticut, quoted October 2: the vehicle's tax is unsecured and is paid first (C.G.S. 12-144b), whatever is quoted."""
    town = """
        us-ct-south-windsor 2024, as of 2025-10-02

        roll of 2025-05-01
        Account  Owner      Location   Party  Levy Type  Net Value
        H        Ada Marsh  1 Mill Rd  P      RE         40,000
        V        Ada Marsh  a car      P      MV         10,000

        billed 2025-06-20, at RE=50 and MV=20, mailed 2025-06-20
    """
    office = Office(tmp_path, town, monkeypatch)
    # The house: 1,000.00 since July 1 with 6%, and 1,000.00 of January; the car 200.00 with 6%.
    said = quotes.quote(office.book, "H", D(2025, 10, 2), 5, "Smith Title", D(2025, 10, 2)).text
    words = "Other money goes to all the owner's accounts in the order of the law"
    assert "Account H: $1,060.00 due on 2025-10-02. $2,060.00 pays everything billed" in said
    assert "The rest falls due later: $1,000.00 on January 1, 2026" in said
    assert words in said
    page = texts(office.page("payoff 2025-1"))
    assert words in page
    assert "$2,272.00 pays all of these accounts." in page
    assert words in str(office.book.get("quote_note"))
    assert words not in quotes.quote(office.book, "V", D(2025, 10, 2), 5, "Smith Title", D(2025, 10, 2)).text, (
        "the car is first"
    )
    paid = {"Account": ["H"], "Amount": ["2060.00"], "Received": ["2025-10-02"]}
    counter.post(office.book, office.csv(**paid, Directed=["H"]), today=D(2025, 10, 2))
    assert "Account H: $0.00 due" in quotes.quote(office.book, "H", D(2025, 10, 2), 5).text, (
        "with the instruction it is enough"
    )


def test_a_month_that_does_not_turn_keeps_the_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Connecticut, quoted October 2: the fifth month from July 1 begins November 1, so the figure holds through October 31."""
    town = """
        us-ct-south-windsor 2024, as of 2025-10-02

        roll of 2025-05-01
        Account  Owner      Location   Net Value
        1        Ada Marsh  1 Mill Rd  40,000

        billed 2025-06-20, at RE=50, mailed 2025-06-20

        paid 2025-09-25
        Account  Amount  Tender
        1        500.00  Check
    """
    office = Office(tmp_path, town, monkeypatch)
    quotes.quote(office.book, "1", D(2025, 10, 2), 1, "Bank", D(2025, 10, 2))
    page = office.page("payoff 2025-1")
    # 1,000.00 due July 1: three months by September 25 are 45.00, so 455.00 is paid; the fourth month on 545.00 is 8.18.
    assert owed_of(page) == 545_00 + 8_18 + 1_000_00
    assert fields(page)["Good through"] == D(2025, 10, 31)
    # The check of September 25 clears on the tenth business day after: October 9.
    assert grids(page)[2].rows == [["1", D(2025, 9, 25), "Check", 500_00, D(2025, 10, 9)]]
    quotes.quote(office.book, "1", D(2025, 10, 9), 1, "Bank", D(2025, 10, 9))
    assert "not cleared" not in str(office.page("payoff 2025-2"))


def test_a_quote_of_one_account_of_a_party_leaves_out_what_its_others_paid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One person's house and car: interest paid on the car is no part of the explanation of what the house owes."""
    town = """
        us-ct-south-windsor 2024, as of 2025-10-02

        roll of 2025-05-01
        Account  Party  Owner      Levy Type  Net Value
        H        P      Ada Marsh  RE         40,000
        C        P      Ada Marsh  MV         10,000

        billed 2025-06-20, at RE=50 and MV=30, mailed 2025-06-20

        paid 2025-09-25
        Account  Amount  Tender
        C        313.50  Cash
    """
    office = Office(tmp_path, town, monkeypatch)
    quotes.quote(office.book, "H", D(2025, 10, 2), 1, "Bank", D(2025, 10, 2))
    page = office.page("payoff 2025-1")
    # The car: 300.00 and three months, 13.50. The house: 1,000.00 due July 1 with four months, 60.00, and 1,000.00 to come.
    assert owed_of(page) == 2_060_00
    assert [r[-1] for r in grids(page)[1].rows] == [60_00, 60_00]


def test_the_days_ahead_of_a_quote_are_of_its_own_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The owner's car is open too, 300.00 and interest; none of it is in the days ahead of the house."""
    town = """
        us-ct-south-windsor 2024, as of 2025-10-02

        roll of 2025-05-01
        Account  Party  Owner      Levy Type  Net Value
        H        P      Ada Marsh  RE         40,000
        C        P      Ada Marsh  MV         10,000

        billed 2025-06-20, at RE=50 and MV=30, mailed 2025-06-20
    """
    office = Office(tmp_path, town, monkeypatch)
    quotes.quote(office.book, "H", D(2025, 10, 30), 3)
    # 1,000.00 since July 1: 1.5% a month is 60.00 for the four months begun in October, 75.00 from November 1; and 1,000.00
    # that is not yet due.
    days = office.table("QuoteGrid")
    assert days["Total"].tolist() == [2_060.00, 2_060.00, 2_075.00]
    assert days["Per Diem"].tolist() == [0, 15.00, 0]


def test_a_quote_holds_no_longer_than_the_law_is_known() -> None:
    """Interest by the month, the rule ending on the 20th: what is quoted on the 10th is good through the 19th."""
    law = load("us-ct-south-windsor")
    ends = D(2025, 10, 20)
    rules = tuple(
        replace(r, end=ends) if r.name == "interest" and r.end > ends else r for r in law.rules if r.start < ends
    )
    facts = ledger("bill  1  H  2024 RE  due 2025-07-01 1,000.00").facts()
    assert office_quotes.good_through(facts, law, "H", D(2025, 10, 10)) == D(2025, 10, 31)
    assert office_quotes.good_through(facts, replace(law, rules=rules), "H", D(2025, 10, 10)) == D(2025, 10, 19)


def owed_of(page: Page) -> object:
    return grids(page)[0].rows[-1][-1]


def test_a_tax_search_shows_what_is_open(nj: Office) -> None:
    said = quotes.tax_search(nj.book, "10-1", "Smith Title", D(2024, 12, 2), D(2024, 12, 2)).text
    assert "4,219.08 open on 2024-12-02" in said
    page = nj.page("tax search 2024-1")
    assert grids(page)[0].rows[-1][-1] == TOTAL
    assert "None." in texts(page)


# ---- agreements --------------------------------------------------------------------------------------------------


def test_an_agreement_from_draft_to_default(nj: Office) -> None:
    said = agreements.agreement(nj.book, "10-1", 6, D(2025, 1, 2), D(2024, 12, 2), 200_00).text
    assert "Nothing was recorded" in said
    assert not len(nj.table("Agreements"))
    assert nj.table("WhatIf")["Months"].tolist() == [2, 3, 4, 6, 9, 12]
    agreements.sign_agreement(nj.book, "10-1", 6, D(2025, 1, 2), D(2024, 12, 2), 200_00)
    row, schedule = nj.table("Agreements").iloc[0], nj.table("Schedule")
    assert (row["Agreement"], row["Months"], row["Owed"]) == ("2024-1", 6, TOTAL / 100)
    assert row["Estimated"] == 2_000  # February and May 2025 on last year's 4,000.00
    assert len(schedule) == 7
    assert schedule["Left"].iloc[-1] == 0
    draft, signed = nj.page("agreement draft 10-1"), nj.page("agreement 2024-1")
    assert fields(draft)["Agreement"] == "draft"
    assert fields(signed)["Agreement"] == "2024-1"
    assert grids(signed)[1].rows[-2][-1] == 0
    assert "Policy on delinquent taxes" in [p.title for p in nj.pages["agreement 2024-1"]]
    with pytest.raises(BadValue, match="Account 10-1 already has agreement 2024-1"):
        agreements.sign_agreement(nj.book, "10-1", 6, D(2025, 1, 2), D(2024, 12, 2))

    first = f"{schedule['Amount'].iloc[1]:.2f}"
    money = nj.csv(Account=["10-1", "10-1"], Amount=["200.00", first], Received=["2024-12-02", "2025-01-02"])
    counter.post(nj.book, money, today=D(2025, 1, 2))
    assert agreements.agreement_status(nj.book, D(2025, 2, 3)).text == "1 agreement on 2025-02-03: 1 Kept."
    missed = agreements.agreement_status(nj.book, D(2025, 2, 4)).text
    assert missed.endswith(
        "Agreement 2024-1: Missed. Send the letter by 2025-02-13."
    )  # February 2 is a Sunday: the 3rd
    assert agreements.agreement_status(nj.book, D(2025, 3, 5)).text.splitlines()[0].endswith("1 In default.")
    assert nj.table("Schedule")["Status"].tolist() == ["Paid", "Paid", "Missed", "Missed", "Due", "Due", "Due"]
    assert pd.Timestamp(nj.table("Agreements")["Letter Due"].iloc[0]).date() == D(2025, 3, 13)


def test_the_payments_are_figured_again_when_the_bill_is_there(nj: Office) -> None:
    """2024 was 4,000.00, so 2025's quarters are estimated at 1,000.00; billed at 5,000.00 the last two are 1,500.00 each."""
    agreements.sign_agreement(nj.book, "10-1", 12, D(2025, 1, 2), D(2024, 12, 2))
    amounts, days = nj.table("Schedule")["Amount"].tolist(), nj.table("Schedule")["Due"].tolist()
    year.bill(nj.book, 2025, stage="preliminary", today=D(2025, 1, 2))
    paid = {
        "Amount": [f"{a:.2f}" for a in amounts[:6]],
        "Received": [pd.Timestamp(d).date().isoformat() for d in days[:6]],
    }
    counter.post(nj.book, nj.csv(Account=["10-1"] * 6, **paid), today=D(2025, 6, 2))
    year.bill(nj.book, 2025, "RE=1.25", "final", today=D(2025, 6, 14))
    said = agreements.revise_agreement(nj.book, "2024-1", D(2025, 6, 14)).text
    schedule = nj.table("Schedule")
    again = schedule[schedule["Revision"] == 2]
    assert again["No"].tolist() == [7, 8, 9, 10, 11, 12]
    assert again["Due"].tolist() == days[6:]
    assert again["Left"].iloc[-1] == 0
    register = nj.table("Agreements").iloc[0]
    assert (register["Payment"], register["Last Payment"]) == (again["Amount"].iloc[0], again["Amount"].iloc[-1])
    assert schedule[schedule["Revision"] == 1]["Amount"].tolist() == amounts, "what was signed stays in the schedule"
    more = round(sum(again["Amount"]) - sum(amounts[6:]), 2)
    assert 1_000 <= more < 1_020, "1,000.00 more of tax, and what interest that brings"
    assert "now" in said
    rest = {
        "Amount": [f"{a:.2f}" for a in again["Amount"]],
        "Received": [pd.Timestamp(d).date().isoformat() for d in days[6:]],
    }
    counter.post(nj.book, nj.csv(Account=["10-1"] * 6, **rest), today=D(2025, 12, 2))
    assert agreements.agreement_status(nj.book, D(2025, 12, 2)).text == "1 agreement on 2025-12-02: 1 Completed."
    counter.refresh(nj.book, D(2025, 12, 2))
    duplicate = nj.table("Duplicate")
    assert duplicate.loc[duplicate["Account"] == "10-1", "Total Due"].sum() == 0
    assert " checks passed." in control.proof(nj.book, D(2025, 12, 2)).text


@pytest.mark.parametrize("months", [3, 6, 12])
def test_an_agreement_and_its_signatures_stand_on_one_sheet_of_paper(nj: Office, months: int) -> None:
    agreements.sign_agreement(nj.book, "10-1", months, D(2025, 1, 2), D(2024, 12, 2))
    (papers, *_) = [papers for _, papers in laid_out(nj.pages["agreement 2024-1"])]
    words = [span.value for row in papers[0] for span in row.spans]
    assert len(papers) == 1
    assert "Taxpayer, date" in words
    assert any(str(word).startswith("5. ") for word in words), "with all its terms"


def test_the_towns_own_policy_goes_with_the_agreement(nj: Office) -> None:
    (nj.folder / "policy.pdf").write_bytes(b"%PDF-1.7 ours")
    said = agreements.sign_agreement(nj.book, "10-1", 6, D(2025, 1, 2), D(2024, 12, 2)).text
    copy = next(word for word in said.split(" with ")[-1].split("\n"))
    assert copy.endswith("agreement 2024-1 policy.pdf.")
    *_, rules = nj.pages["agreement 2024-1"]
    assert rules.title == "Rules of this agreement"
    code = hashlib.sha256(b"%PDF-1.7 ours").hexdigest()[:8]
    assert getattr(rules.blocks[0], "text", "") == f"The town's own policy is attached: policy.pdf, code {code}."
    nj.book.save()
    assert (nj.folder / copy.removesuffix(".")).read_bytes() == b"%PDF-1.7 ours"


def test_what_an_agreement_refuses(nj: Office) -> None:
    for given, says in (
        ({"account": "10-9", "months": 3, "first": D(2025, 1, 2)}, 'Account "10-9" is not on the Duplicate'),
        ({"account": "10-1", "months": 13, "first": D(2025, 1, 2)}, "number of monthly payments is 13"),
        ({"account": "10-1", "months": 3, "first": D(2024, 12, 1)}, "before the day of signing"),
        ({"account": "10-1", "months": 0, "first": D(2025, 1, 2)}, "An agreement needs at least one monthly payment"),
        (
            {"account": "10-1", "months": 6, "first": D(2025, 1, 2), "next_tax": -400},
            "next_tax: Next year's tax is below",
        ),
    ):
        with pytest.raises(BadValue, match=says):
            agreements.sign_agreement(nj.book, **given, signed=D(2024, 12, 2))
    with pytest.raises(BadValue, match='no agreement "7"'):
        agreements.revise_agreement(nj.book, "7", D(2025, 1, 2))
    assert not len(nj.table("Agreements"))
    assert agreements.agreement_status(nj.book, D(2025, 1, 2)).text == "There are no agreements."
