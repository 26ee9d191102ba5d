"""Every list on a small town worked by hand; who is on it, who is left out, and how it prints."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from tests.enforcement.offices import (
    CT_BILLS,
    CT_ROLL,
    NJ_BILLS,
    NJ_ROLL,
    Office,
    accounts,
    connecticut,
    ct_bill,
    frame,
    made,
    new_jersey,
    nj_bill,
    person,
)
from xltax.actions import delinquency
from xltax.errors import Problems
from xltax.office.collection import list_pages, lists
from xltax.office.collection.list_facts import months_between
from xltax.pages import Grid, Page, Signatures, Text
from xltax.sheets import blocks
from xltax.sheets.blocks import WIDE
from xltax.tables.enforcement import TEXTS
from xltax.tables.reading import read

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")
D = dt.date


# ---- delinquent ------------------------------------------------------------------------------------------------------


def test_delinquent_by_installment_with_its_interest() -> None:
    m = made(connecticut(), "delinquent")
    row = m.rows.set_index("Bill").loc["22-R6"].iloc[0]
    # 6,000 due July 1, 2023; by March 3, 2025 the 21st month has begun: 31.5% is 1,890.00.
    assert row[["Tax", "Interest", "Total", "Months Late", "Items"]].tolist() == [600_000, 189_000, 789_000, 20, 1]
    assert len(m.rows) == 19
    assert m.rows["Total"].sum() == 3_647_400


def test_what_is_in_its_free_days_is_on_no_list() -> None:
    # The second half of the 2023 list is free until February 3, 2025, a Monday: 6 halves of 2022, 5 first halves, 3 vehicles.
    assert len(made(connecticut(D(2025, 2, 3)), "delinquent").rows) == 14
    assert len(made(connecticut(D(2025, 2, 4)), "delinquent").rows) == 19


def test_the_page_has_totals_by_age_and_class_and_foots() -> None:
    r = new_jersey()
    page = list_pages.pages(made(r, "delinquent"), frame((), TEXTS), "Quillhaven", "Tax collector")[0]
    rows, ages = (b for b in page.blocks if isinstance(b, Grid))
    assert rows.rows[-1][-1] == ages.rows[-1][-1] == sum(int(x[-1]) for x in ages.rows[:-1])
    assert [x[:2] for x in ages.rows[:-1]] == [
        ["to 90 days", "2"],
        ["to 1 year", "1"], ["to 1 year", "2"], ["to 1 year", "4C"],
        ["1 to 2 years", "1"], ["1 to 2 years", "2"], ["1 to 2 years", "4C"],
    ]  # fmt: skip


def test_months_between_are_whole_ones() -> None:
    assert months_between(D(2025, 1, 31), D(2025, 2, 28)) == 1
    assert months_between(D(2025, 2, 1), D(2025, 7, 31)) == 5
    assert months_between(D(2025, 2, 1), D(2025, 8, 1)) == 6


# ---- New Jersey ------------------------------------------------------------------------------------------------------


def test_homestead_leaves_out_utilities_and_what_is_not_above_fifty() -> None:
    bills = [
        *NJ_BILLS,
        nj_bill("W1", 2024, 20_000, **{"Levy Type": "SEWER"}),
        nj_bill("E0", 2024, 5_000),
        nj_bill("E1", 2024, 5_004),
    ]
    m = made(new_jersey(bills=bills), "homestead")
    # 005 owes 40.00; E0 exactly 50.00, which does not exceed it; E1 50.04; 2025 is not a prior year.
    assert accounts(m) == ["001", "002", "003", "004", "E1"]
    assert m.rows.set_index("Account").loc["001", "Tax"] == 400_000


def test_receivership_takes_rented_and_income_property_more_than_six_months_late() -> None:
    assert accounts(made(new_jersey(), "receivership")) == ["002", "003"], "not the owner-occupied, not the bankrupt"
    bills = [nj_bill("002", 2024, 80_000)]
    # The first quarter fell due February 1: on August 1 it is six months late, not more.
    assert accounts(made(new_jersey(D(2024, 8, 1), bills=bills), "receivership")) == []
    assert accounts(made(new_jersey(D(2024, 8, 2), bills=bills), "receivership")) == ["002"]


def test_a_rental_its_owner_lives_in_is_not_for_receivership() -> None:
    roll = [*NJ_ROLL[:1], person("003", "CLARK", Class="4A", Flags="rental, owner-occupied")]
    assert accounts(made(new_jersey(roll=roll, bills=[nj_bill("003", 2024, 80_000)]), "receivership")) == []


def test_uncollectible_needs_its_reason() -> None:
    case = {
        "No": "1",
        "Kind": "Uncollectible",
        "Bill": "2024-005",
        "Opened": D(2025, 3, 1),
        "Reason": "double assessment",
    }
    m = made(new_jersey(cases=[case]), "uncollectible")
    assert m.rows[["Account", "Bill", "Tax", "Reason"]].to_numpy().tolist() == [
        ["005", "2024-005", 4_000, "double assessment"]
    ]
    with pytest.raises(
        Problems, match=r"Cases row 2, Reason: This Uncollectible case has no reason\. Fill in Reason\."
    ):
        made(new_jersey(cases=[case | {"Reason": ""}]), "uncollectible")


def test_two_copies_of_the_uncollectible_list_are_printed(nj: Office) -> None:
    case = {"No": "1", "Kind": "Uncollectible", "Bill": "2024-005", "Opened": D(2025, 3, 1), "Reason": "double"}
    m = made(new_jersey(cases=[case]), "uncollectible")
    pages = list_pages.pages(m, read(nj.read("Texts"), TEXTS), "Quillhaven", "Tax collector")
    assert [p.title[-11:] for p in pages] == ["copy 1 of 2", "copy 2 of 2"]
    assert any(isinstance(b, Signatures) and "Tax collector" in b.labels for b in pages[0].blocks)


def test_sale_list_takes_the_liens_at_the_close_of_the_year_with_interest_to_the_sale() -> None:
    m = made(new_jersey(D(2025, 10, 15)), "tax_sale")
    rows = m.rows.set_index("Account")
    assert accounts(m) == ["001", "002", "003", "005"]
    assert rows.loc["001", "Years"] == "2024", "2025 was no lien at the close of 2024"
    # 005: quarters of 10.00 at 8% for 614, 524, 434 and 344 days of 30/360: 1.36 + 1.16 + .96 + .76; cost of sale at
    # least 15.00; two notices of 25.00.
    assert rows.loc["005", ["Tax", "Interest", "Sale Costs", "To Pay"]].tolist() == [4_000, 424, 6_500, 10_924]
    assert rows.loc["002", "Sale Costs"] == 10_000 + 5_000, "2% is 193.20, at most 100.00"
    assert rows.loc["003", "Sale Costs"] == 4_521 + 5_000, "2% of 2,260.66"


def test_quarterly_list_carries_the_clerks_certificate_with_the_proof(nj: Office) -> None:
    seen: list[Page] = []

    def look(book: Any) -> str:
        book.put_pages = lambda name, pages: seen.extend(pages) or "x"
        return delinquency.make_list(book, "quarterly", in_print=True).text

    said = nj.do(look)
    assert "5 rows, $17,474.42" in said
    words = " ".join(b.text for b in seen[0].blocks if isinstance(b, Text))
    assert "counted the cash on hand" in words
    assert "checks passed" in words
    assert "The roll of this workbook has $500,000.00" in words
    assert [b.labels for b in seen[0].blocks if isinstance(b, Signatures)] == [("Municipal clerk", "Date")]
    assert seen[0].footer == "No. 1. N.J.S.A. 54:4-122.7"


# ---- Connecticut -----------------------------------------------------------------------------------------------------


def test_suspense_by_rate_bill_foots() -> None:
    cases = [
        {"No": "1", "Kind": "Suspense", "Bill": "23-M7", "Opened": D(2025, 3, 1), "Reason": "moved away"},
        {"No": "2", "Kind": "Suspense", "Account": "R4", "Opened": D(2025, 3, 1), "Reason": "sold for less"},
        {
            "No": "3",
            "Kind": "Suspense",
            "Party": "P3",
            "Opened": D(2025, 3, 1),
            "Reason": "died",
            "Closed": D(2025, 3, 2),
        },
    ]
    m = made(connecticut(cases=cases), "suspense")
    assert m.rows[["Years", "Types", "Owner", "Mail 1", "Tax", "Reason"]].to_numpy().tolist() == [
        ["2023", "MV", "GREEN", "5 Oak Street", 10_000, "moved away"],
        ["2023", "RE", "DAVIS", "5 Oak Street", 100_000, "sold for less"],
    ]
    page = list_pages.pages(m, frame((), TEXTS), "Quillhaven", "Tax collector")[0]
    grids = [b for b in page.blocks if isinstance(b, Grid)]
    assert [g.rows[-1][7] for g in grids] == [10_000, 100_000], "a total for each rate bill"
    assert any(isinstance(b, Text) and b.text == "Total tax on all rate bills: $1,100.00." for b in page.blocks)


def test_sale_by_years_or_dollars() -> None:
    m = made(connecticut(), "tax_sale")
    # 22-R6 is one list only, but 15,240.00 is above 10,000; R1 owes two lists and 9,658.00; R3 and R4 neither.
    assert m.rows[["Account", "Total", "Reason"]].to_numpy().tolist() == [
        ["R1", 965_800, "2 levy years"],
        ["R6", 1_524_000, "above $10,000.00"],
    ]
    assert m.left_out == {"bankruptcy": 1}


def test_a_parcel_cured_after_a_final_demand_goes_back_on_the_next_list_if_late_again() -> None:
    demand = {"No": "1", "Kind": "final_demand", "Mailed": D(2024, 4, 15), "Account": "R4"}
    cured = [*CT_BILLS, ct_bill("21-R4", "R4", "P4", "RE", 2021, 100_000)]
    paid = [
        ("1", "R4", 200_000, D(2024, 5, 1), "Check")
    ]  # clears 21-R4: 1,000 with 33% and 24% of its halves is 1,285.00
    again = connecticut(bills=cured, notices=[demand], paid=paid)
    assert (
        made(again, "tax_sale").rows.set_index("Account").loc["R4", "Reason"]
        == "late again after the final demand of Apr 15, 2024"
    )
    by_hand = connecticut(bills=cured, notices=[demand | {"Kind": "Final demand"}], paid=paid)
    assert "R4" in accounts(made(by_hand, "tax_sale")), "entered in Notices by hand, as its help has it"
    assert "R4" not in accounts(made(connecticut(bills=cured, paid=paid), "tax_sale")), (
        "no final demand, below the limits"
    )
    before = connecticut(D(2024, 7, 20), bills=cured, notices=[demand], paid=paid)
    assert "R4" not in accounts(made(before, "tax_sale")), "current: not late again yet"
    old = connecticut(bills=cured, paid=paid, notices=[demand | {"Mailed": D(2023, 8, 1)}])
    assert "R4" not in accounts(made(old, "tax_sale")), "a demand for an earlier sale"


def test_vehicle_and_personal_property_at_least_six_months_whatever_the_amount() -> None:
    assert made(connecticut(D(2024, 12, 31)), "vehicle_and_personal").rows["Party"].tolist() == []
    m = made(connecticut(D(2025, 1, 1)), "vehicle_and_personal")
    assert sorted(m.rows["Party"]) == ["P1", "P3", "P5", "P7"]
    kept = connecticut(D(2025, 1, 1), agreements=["M1"])
    assert sorted(made(kept, "vehicle_and_personal").rows["Party"]) == ["P3", "P5", "P7"]


def test_health_permits_a_year_and_building_permits_anything_late() -> None:
    assert made(connecticut(), "health_permits").rows["Party"].tolist() == ["P1", "P6"]
    # P2 is in bankruptcy: a permit is not denied to a debtor for a debt alone (11 U.S.C. 525(a)).
    assert sorted(made(connecticut(), "building_permits").rows["Party"]) == ["P1", "P3", "P4", "P5", "P6", "P7"]


def test_fifteen_years_watch() -> None:
    bills = [ct_bill("09-R1", "R1", "P1", "RE", 2009, 100_000), *CT_BILLS]
    m = made(connecticut(D(2024, 7, 1), bills=bills), "time_limit")
    # The halves fell due July 1, 2010 and January 1, 2011: collectable through July 1, 2025 and January 1, 2026.
    assert [d.date() for d in m.rows["Date"]] == [D(2025, 7, 1)]
    m = made(connecticut(D(2025, 7, 2), bills=bills), "time_limit")
    assert m.rows[["Status"]].to_numpy().tolist() == [["passed"], ["ends soon"]]


def test_two_year_lapse_of_liens_counted_from_the_first_installment() -> None:
    m = made(connecticut(), "lien_lapse")
    assert m.rows[["Bill", "Status"]].to_numpy().tolist() == [
        ["22-R1", "ends soon"],
        ["22-R2", "ends soon"],
        ["22-R6", "ends soon"],
    ]
    assert {d.date() for d in m.rows["Date"]} == {D(2025, 7, 1)}
    recorded = [{"No": "1", "Account": "R6", "Bill": "22-R6", "Recorded": D(2025, 1, 5)}]
    assert made(connecticut(liens=recorded), "lien_lapse").rows["Bill"].tolist() == ["22-R1", "22-R2"]
    prepared = [recorded[0] | {"Recorded": None, "Prepared": D(2025, 1, 5)}]
    still = made(connecticut(liens=prepared), "lien_lapse").rows
    assert "22-R6" in still["Bill"].tolist(), "a certificate made out and not recorded continues no lien"
    after = made(connecticut(D(2025, 7, 20), liens=[recorded[0] | {"Recorded": D(2025, 7, 15)}]), "lien_lapse").rows
    assert after.loc[after["Bill"] == "22-R6", "Status"].tolist() == ["passed"], "recorded when it had lapsed"
    assert "22-R6" not in made(connecticut(liens=prepared), "lien").rows["Bill"].tolist(), "and no second notice"
    late = made(connecticut(D(2025, 7, 2)), "lien_lapse").rows
    assert late.loc[late["Bill"] == "22-R6", "Status"].tolist() == ["passed"]


HOLD = {"No": "1", "Kind": "Vehicle hold", "Party": "P7", "Opened": D(2024, 9, 1)}


@pytest.mark.parametrize(
    ("tender", "day", "status", "free"),
    [
        ("Cash", D(2025, 2, 14), "release", D(2025, 2, 14)),
        ("Certified", D(2025, 2, 14), "release", D(2025, 2, 14)),
        # Ten business days after Friday, February 14, with Presidents' Day between: March 3.
        ("Check", D(2025, 2, 28), "wait for the check", D(2025, 3, 3)),
        ("Card", D(2025, 3, 3), "release", D(2025, 3, 3)),
    ],
)
def test_a_vehicle_is_released_at_once_for_cash_and_after_ten_business_days_for_a_check(
    tender: str, day: dt.date, status: str, free: dt.date
) -> None:
    paid = [("1", "M7", 11_200, D(2025, 2, 14), tender)]  # 100 and eight months of 1.5%
    rows = made(connecticut(day, paid=paid, cases=[HOLD]), "vehicle_holds").rows.set_index("Party")
    assert rows.loc["P7", "Status"] == status
    assert rows.loc["P7", "Date"].date() == free


def test_a_release_is_per_party_and_waits_for_the_current_bill() -> None:
    paid = [("1", "M7", 11_200, D(2025, 2, 14), "Cash")]
    more = [*CT_BILLS, ct_bill("23-M8", "M8", "P7", "MV", 2023, 5_000)]
    roll = [*CT_ROLL, person("M8", "GREEN", Party="P7", **{"Levy Type": "MV"})]
    rows = made(connecticut(D(2025, 2, 14), paid=paid, cases=[HOLD], bills=more, roll=roll), "vehicle_holds").rows
    assert rows.set_index("Party").loc["P7", "Status"] == "held", "another vehicle in the name is open"
    # On July 1 the next list's vehicle bill is current, not late: it has to be paid too.
    more = [*CT_BILLS, ct_bill("24-M7", "M7", "P7", "MV", 2024, 5_000)]
    rows = made(connecticut(D(2025, 7, 1), paid=paid, cases=[HOLD], bills=more), "vehicle_holds").rows
    assert rows.set_index("Party").loc["P7", "Status"] == "held"


@pytest.mark.parametrize("about", [{"Account": "M7"}, {"Bill": "23-M7"}])
def test_a_hold_that_names_one_vehicle_is_the_owners_all_the_same(about: dict[str, str]) -> None:
    hold = {"No": "1", "Kind": "Vehicle hold", "Opened": D(2024, 9, 1), **about}
    paid = [("1", "M7", 11_200, D(2025, 2, 14), "Cash")]
    more = [*CT_BILLS, ct_bill("23-M8", "M8", "P7", "MV", 2023, 5_000)]
    roll = [*CT_ROLL, person("M8", "GREEN", Party="P7", **{"Levy Type": "MV"})]
    rows = made(connecticut(D(2025, 2, 14), paid=paid, cases=[hold], bills=more, roll=roll), "vehicle_holds").rows
    mine = rows[rows["Party"] == "P7"]
    assert mine[["Account", "Status"]].to_numpy().tolist() == [["M8", "held"]], (
        "not released: the other vehicle is open"
    )
    rows = made(connecticut(D(2025, 2, 14), paid=paid, cases=[hold]), "vehicle_holds").rows
    assert rows.loc[rows["Party"] == "P7", "Status"].tolist() == ["release"]


def test_a_release_waits_as_long_as_the_rule_on_clearing_says() -> None:
    paid = [("1", "M7", 11_200, D(2025, 2, 14), "Check"), ("2", "M7", 1, D(2025, 2, 17), "Cash")]
    r = connecticut(D(2025, 2, 18), paid=paid, cases=[HOLD])
    rules = tuple(
        replace(rule, params=replace(rule.params, business_days=3)) if rule.name == "clearing" else rule for rule in r.town.rules
    )  # fmt: skip
    r.town = replace(r.town, rules=rules)
    row = made(r, "vehicle_holds").rows.set_index("Party").loc["P7"]
    # Three business days after Friday, February 14, Monday being Presidents' Day: Thursday, February 20.
    assert (row["Status"], row["Date"].date()) == ("wait for the check", D(2025, 2, 20))


def test_warrant_list_ten_days_after_the_demand_and_only_what_was_demanded() -> None:
    demand = {"No": "1", "Kind": "demand", "Mailed": D(2025, 1, 10), "Account": "M1", "Party": "P1"}
    assert accounts(made(connecticut(D(2025, 1, 20), notices=[demand]), "warrant")) == []
    m = made(connecticut(D(2025, 3, 3), notices=[demand]), "warrant")
    assert m.rows["Party"].tolist() == ["P1"]
    assert set(m.items["Bill"]) == {"22-R1", "23-R1", "23-M1"}, "the party's demand is for all its accounts"
    halves = m.items[(m.items["Bill"] == "23-R1")]
    assert halves["Inst"].tolist() == [1], "the January half went late after the demand"


# ---- bankruptcy, litigation, agreements, confidential persons ---------------------------------------------------------

SUSPENDED = ("demand", "lien", "final_demand", "tax_sale")


@pytest.mark.parametrize("kind", SUSPENDED)
@pytest.mark.parametrize("by", ["flag", "hold", "case"])
def test_bankruptcy_keeps_an_account_off(kind: str, by: str) -> None:
    roll = [dict(r) for r in CT_ROLL]
    bills = [dict(b) for b in CT_BILLS]
    cases = []
    if by == "flag":
        roll[7]["Flags"] = "Bankruptcy"
    elif by == "hold":
        bills[9]["Hold"] = "bankruptcy"
    else:
        cases = [{"No": "1", "Kind": "Bankruptcy", "Party": "P6", "Opened": D(2025, 1, 2), "Reference": "25-1"}]
    before, after = made(connecticut(), kind), made(connecticut(roll=roll, bills=bills, cases=cases), kind)
    assert "R6" in accounts(before)
    assert "R6" not in accounts(after)
    assert after.left_out["bankruptcy"] == before.left_out["bankruptcy"] + 1


@pytest.mark.parametrize("by", ["flag", "case"])
def test_a_persons_bankruptcy_stays_everything_of_the_person(by: str) -> None:
    """11 U.S.C. 362 stays acts against the debtor: a petition entered for the vehicle keeps the house off as well."""
    roll = [dict(r) for r in CT_ROLL]
    cases = []
    if by == "flag":
        roll[1]["Flags"] = "bankruptcy"
    else:
        cases = [{"No": "1", "Kind": "Bankruptcy", "Account": "M1", "Opened": D(2025, 1, 2), "Reference": "25-1"}]
    r = connecticut(roll=roll, cases=cases)
    for kind in SUSPENDED:
        assert "P1" in set(made(connecticut(), kind).rows["Party"])
        assert "P1" not in set(made(r, kind).rows["Party"]), kind
    listed = made(r, "bankruptcy").rows.set_index("Account")
    assert {"R1", "M1"} <= set(listed.index)
    if by == "case":
        assert listed.loc["R1", "Status"] == "stayed"
    one = {
        "No": "1",
        "Kind": "Bankruptcy",
        "Account": "M1",
        "Bill": "23-M1",
        "Opened": D(2025, 1, 2),
        "Reference": "25-1",
    }
    assert "R1" in accounts(made(connecticut(cases=[one]), "lien")), "a case that names one bill is about that bill"


def test_bankruptcy_keeps_an_account_off_the_warrant_list() -> None:
    demand = {"No": "1", "Kind": "demand", "Mailed": D(2025, 2, 10), "Account": "R6"}
    assert accounts(made(connecticut(notices=[demand]), "warrant")) == ["R6"]
    case = {"No": "1", "Kind": "Bankruptcy", "Account": "R6", "Opened": D(2025, 3, 3), "Reference": "25-1"}
    assert accounts(made(connecticut(notices=[demand], cases=[case]), "warrant")) == []
    dismissed = case | {"Closed": D(2025, 3, 3)}
    assert accounts(made(connecticut(notices=[demand], cases=[dismissed]), "warrant")) == ["R6"]


@pytest.mark.parametrize(
    ("kind", "head"),
    [("bankruptcy", "Petition"), ("lien_lapse", "Ends"), ("vehicle_holds", "Free On"), ("warrant", "Notice Of")],
)
def test_the_date_printed_says_which_date_it_is(kind: str, head: str) -> None:
    demand = {"No": "1", "Kind": "demand", "Mailed": D(2025, 1, 10), "Account": "M1", "Party": "P1"}
    case = {
        "No": "1",
        "Kind": "Bankruptcy",
        "Account": "R2",
        "Opened": D(2024, 10, 15),
        "Reference": "24-20713",
        "With": "Hartford",
    }
    m = made(connecticut(notices=[demand], cases=[case]), kind)
    grid = next(
        b for b in list_pages.pages(m, frame((), TEXTS), "Quillhaven", "Tax collector")[0].blocks if isinstance(b, Grid)
    )
    assert head in grid.headers
    assert "Date" not in grid.headers
    if kind == "bankruptcy":
        assert grid.rows[0][-1] == "24-20713, Hartford"


@pytest.mark.parametrize("town", [connecticut, new_jersey])
def test_every_date_of_every_list_has_room_in_print(town: Any) -> None:
    """Sep 30, 2025 is printed as ### where its column has less than 73 pixels; seen in Calc."""
    r = town(cases=[{"No": "1", "Kind": "Suspense", "Account": "R1", "Opened": D(2025, 2, 1), "Reason": "moved"},
                    {"No": "2", "Kind": "Uncollectible", "Account": "005", "Opened": D(2025, 2, 1), "Reason": "moved"}],
             notices=[{"No": "1", "Kind": "demand", "Mailed": D(2025, 1, 10), "Account": "M1", "Party": "P1"}])  # fmt: skip
    looked = 0
    for kind in lists.kinds(r.town, r.as_of):
        for page in list_pages.pages(made(r, kind), frame((), TEXTS), "Quillhaven", "Tax collector"):
            for grid in (b for b in page.blocks if isinstance(b, Grid)):
                at = blocks.edges(grid, WIDE[page.paper])
                dates = [right - left for (left, right), k in zip(pairwise(at), grid.kinds, strict=True) if k == "date"]
                looked += len(dates)
                assert all(pixels >= 73 for pixels in dates), (kind, dates)
    assert looked >= 4


def test_amounts_before_and_after_the_petition() -> None:
    case = {"No": "1", "Kind": "Bankruptcy", "Account": "R2", "Opened": D(2024, 7, 1), "Reference": "24-1"}
    row = made(connecticut(cases=[case]), "bankruptcy").rows.iloc[0]
    # Both halves of 2022 and the first of 2023 fell due by the petition of July 1, 2024, the second half of 2023 in January
    # 2025. On the day of the petition 13 months had run on the first half, 7 on the second, none on the third:
    # 4,500.00 + 1,500.00 x 19.5% + 1,500.00 x 10.5% = 4,950.00. Interest since then is after the petition.
    assert row["Before Petition"] == 450_000 + 29_250 + 15_750
    # By March 3, 2025 it is 21, 15 and 9 months: 8 more on each of the first two, 9 on the third; and 1,500.00 with 3 months.
    assert row["After Petition"] == 18_000 + 18_000 + 20_250 + 150_000 + 6_750
    assert row["Before Petition"] + row["After Petition"] == row["Total"]


def test_what_was_paid_since_the_petition_is_not_before_it_any_more() -> None:
    """The trustee pays the claim of 4,950.00 on the day of the petition itself."""
    case = {"No": "1", "Kind": "Bankruptcy", "Account": "R2", "Opened": D(2024, 7, 1), "Reference": "24-1"}
    paid = [("1", "R2", 495_000, D(2024, 7, 1), "Check")]
    row = made(connecticut(cases=[case], paid=paid), "bankruptcy").rows.iloc[0]
    assert row["Before Petition"] == 0
    assert row["After Petition"] == 150_000 + 6_750


def test_an_agreement_keeps_a_party_from_demand_and_warrant_but_not_from_the_sale() -> None:
    r = connecticut(agreements=["R6"])
    assert "R6" not in accounts(made(r, "demand"))
    assert "R6" in accounts(made(r, "tax_sale")), "left off a sale only by resolution"


def test_a_payment_missed_when_only_coming_bills_are_left_is_on_the_list_of_letters() -> None:
    case = {"No": "1", "Kind": "Agreement default", "Account": "R4", "Opened": D(2025, 2, 12), "Reason": "missed"}
    coming = [ct_bill("24-R4", "R4", "P4", "RE", 2024, 110_000)]
    rows = made(connecticut(bills=coming, cases=[case]), "default").rows
    assert rows[["Account", "Total"]].to_numpy().tolist() == [["R4", 110_000]]
    both = made(connecticut(bills=[*CT_BILLS, *coming], cases=[case]), "default").rows
    # 1,000.00 of 2023 with nine and three months: what is past due is asked for, not what is to come.
    assert both["Total"].tolist() == [109_000]
    suspense = case | {"Kind": "Suspense"}
    assert not len(made(connecticut(bills=coming, cases=[suspense]), "suspense").rows), (
        "what is not due is not uncollectible"
    )


def test_litigation_is_said_beside_the_row() -> None:
    bills = [dict(b) for b in CT_BILLS]
    bills[9]["Hold"] = "litigation"
    rows = made(connecticut(bills=bills), "tax_sale").rows.set_index("Account")
    assert rows.loc["R6", "Note"] == "in litigation"
    assert rows.loc["R1", "Note"] == ""


@pytest.mark.parametrize("kind", ["delinquent", "demand", "lien", "building_permits", "calls", "vehicle_holds"])
def test_a_public_copy_leaves_out_confidential_persons_with_all_their_accounts(kind: str) -> None:
    ours, public = made(connecticut(), kind), made(connecticut(), kind, public=True)
    assert "CLARK" in set(ours.rows["Owner"])
    assert "CLARK" not in set(public.rows["Owner"])
    assert not set(public.rows["Account"]) & {"R3", "M3"}
