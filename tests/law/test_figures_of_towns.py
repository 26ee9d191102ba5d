"""What each town's rules come to, worked by hand beside each case and run through replay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.written.ledger import cents, day, facts_of
from xltax.errors import LawNotEncoded
from xltax.law.calendar import Installments
from xltax.law.load import load
from xltax.law.profile import Profile
from xltax.ledger.replay import Ledger, replay
from xltax.tables import LEVY_TYPES


def charge(due: str, amount: str, **more: Any) -> dict[str, Any]:
    row = {"Bill": f"B{due}", "Account": "1", "Levy Type": "RE", "Part": "", "Inst": 1, "Levy Year": int(due[:4])}
    return row | {"Due": day(due), "Amount": cents(amount)} | more


def paid(on: str, amount: str, **more: Any) -> dict[str, Any]:
    return {"Receipt": on, "Received": day(on), "Account": "1", "Amount": cents(amount)} | more


def run(town: str | Profile, on: str, *rows: dict[str, Any]) -> Ledger:
    facts = facts_of([r for r in rows if "Due" in r], [r for r in rows if "Received" in r])
    return replay(facts, load(town) if isinstance(town, str) else town, day(on))


def owed(town: str | Profile, on: str, *rows: dict[str, Any]) -> tuple[int, int, int]:
    """Open tax, interest and penalty, in cents, over all the charges."""
    balances = run(town, on, *rows).balances
    return tuple(int(balances[c].sum()) for c in ("Tax", "Interest", "Penalty"))  # type: ignore[return-value]


# ---- New Jersey --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("town", ["us-nj", "us-nj-colts-neck"])
def test_new_jersey_tiers_grace_and_thirty_day_months(town: str) -> None:
    bill = charge("2025-08-01", "1000.00")
    # August 10, 2025 is a Sunday: Monday is free. On the 12th: 11 days of 360 at 8% of 1,000.00 is 2.44.
    assert owed(town, "2025-08-11", bill) == (1000_00, 0, 0)
    assert owed(town, "2025-08-12", bill) == (1000_00, 2_44, 0)
    # 400.00 paid in grace never bears; the other 600.00 at 8% for 30 days is 4.00.
    assert owed(town, "2025-08-31", bill, paid("2025-08-08", "400.00")) == (600_00, 4_00, 0)
    # 4,000.00 for half a year: 1,500.00 at 8% is 60.00, 2,500.00 at 18% is 225.00.
    assert owed(town, "2025-08-01", charge("2025-02-01", "4000.00")) == (4000_00, 285_00, 0)


def test_in_new_jersey_eighteen_percent_stays_until_the_parcel_is_current() -> None:
    """2,000.00 of February 1, 1,000.00 of it paid on May 1 with the interest, 52.50; what is open on August 1, a quarter later.

    Until current: 1,500.00 took the lower tier and the tax at 8% is paid first, so 500.00 at 8% is 10.00 and 500.00 at 18%
    22.50. By the open balance, as Colts Neck describes it, the 1,000.00 left are all at 8%: 20.00.
    """
    rows = charge("2025-02-01", "2000.00"), paid("2025-05-01", "1052.50")
    assert owed("us-nj", "2025-05-01", rows[0]) == (2000_00, 52_50, 0)  # 1,500 x 8% / 4 + 500 x 18% / 4
    assert owed("us-nj", "2025-08-01", *rows) == (1000_00, 32_50, 0)
    assert owed("us-nj-colts-neck", "2025-08-01", *rows) == (1000_00, 20_00, 0)
    # Once nothing is owed the lower tier is full again: 1,000.00 of August 1 at 8% for a quarter is 20.00.
    rows = charge("2025-02-01", "2000.00"), paid("2025-05-01", "2052.50"), charge("2025-08-01", "1000.00")
    assert owed("us-nj", "2025-11-01", *rows) == (1000_00, 20_00, 0)


def test_new_jersey_before_1980() -> None:
    # 2,000.00 from February 1, 1979 for half a year: 1,000.00 at 8% is 40.00, 1,000.00 at 12% is 60.00.
    assert owed("us-nj", "1979-08-01", charge("1979-02-01", "2000.00")) == (2000_00, 100_00, 0)
    with pytest.raises(LawNotEncoded, match="1969"):
        owed("us-nj", "1969-12-31", charge("1969-02-01", "2000.00"))


def test_the_year_end_penalty_is_new_jerseys_and_not_colts_necks() -> None:
    bills = charge("2023-02-01", "9000.00"), charge("2024-02-01", "8000.00")
    # More than 10,000.00 is open on the parcel at the close of 2024: 6% of that year's 8,000.00.
    assert owed("us-nj", "2024-12-31", *bills)[2] == 0
    assert owed("us-nj", "2025-01-01", *bills)[2] == 480_00
    assert owed("us-nj-colts-neck", "2025-01-01", *bills)[2] == 0


def test_new_jersey_sewer_charges_have_a_rate_of_their_own() -> None:
    # One month and a day: two months at 1.5% of 200.00; and it takes no room in the tax's lower tier.
    rows = charge("2025-02-01", "200.00", **{"Levy Type": "SEWER"}), charge("2025-02-01", "1500.00", Bill="T")
    balances = run("us-nj", "2025-03-02", *rows).balances.set_index("Levy Type")
    assert balances.loc["SEWER", "Interest"] == 6_00
    assert balances.loc["RE", "Interest"] == 10_33  # 31 days of 360 at 8% of 1,500.00


# ---- Connecticut -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("town", ["us-ct", "us-ct-south-windsor", "us-ct-hartford", "us-ct-glastonbury"])
def test_connecticut_months_minimum_and_the_postmark(town: str) -> None:
    bill = charge("2024-07-01", "1000.00")
    shares = {d: owed(town, d, bill)[1] for d in ("2024-08-01", "2024-08-02", "2024-09-01", "2025-07-01")}
    assert shares == {"2024-08-01": 0, "2024-08-02": 30_00, "2024-09-01": 45_00, "2025-07-01": 195_00}
    assert owed(town, "2024-08-02", charge("2024-07-01", "50.00"))[1] == 2_00, "3% would be 1.50"
    late = paid("2024-08-05", "1000.00", Effective=day("2024-08-01"))
    assert owed(town, "2024-09-01", bill, late) == (0, 0, 0)


def test_a_connecticut_sewer_assessment_bears_at_least_five_dollars() -> None:
    row = charge("2024-07-01", "100.00", **{"Levy Type": "SEWER"})
    assert owed("us-ct", "2024-08-02", row)[1] == 5_00


def test_connecticut_pays_the_partys_unsecured_taxes_first_unless_a_lender_pays() -> None:
    house = charge("2024-07-01", "2000.00", Account="H", Party="P", Bill="house")
    car = charge("2023-07-01", "150.00", Account="M", Party="P", Bill="car", **{"Levy Type": "MV"})
    on = "2024-07-20"
    by_lender = run("us-ct", on, house, car, paid(on, "2000.00", Account="H", By="third party")).balances
    assert by_lender.set_index("Bill")["Tax"].to_dict() == {"house": 0, "car": 150_00}
    # From the owner: 13 months at 1.5% of 150.00 is 29.25, then the car's 150.00; 1,820.75 is left for the house.
    by_owner = run("us-ct", on, house, car, paid(on, "2000.00", Account="H")).balances
    assert by_owner.set_index("Bill")["Tax"].to_dict() == {"house": 179_25, "car": 0}
    directed = run("us-ct", on, house, car, paid(on, "2000.00", Account="H", Directed="H")).balances
    assert directed.set_index("Bill")["Tax"].to_dict() == {"house": 0, "car": 150_00}


@pytest.mark.parametrize(
    ("on", "lines"), [("2025-07-01", [("car", 390_00, 610_00)]), ("2025-07-02", [("house", 750_00, 250_00)])]
)
def test_a_lien_that_lapses_leaves_payments_before_that_day_as_they_were(on: str, lines: list[Any]) -> None:
    """C.G.S. 12-172: two years after July 1, 2023 the house's tax is unsecured, and the oldest; 12-144b pays that first.

    Until then the car, unsecured, comes before the house, secured. Interest at 1.5% of 2,000.00 a month: 13 months on the
    car, 25 on the house; the rest of the 1,000.00 is tax.
    """
    house = charge(
        "2023-07-01", "2000.00", Account="H", Party="P", Bill="house", **{"Unsecured From": day("2025-07-02")}
    )
    car = charge("2024-07-01", "2000.00", Account="M", Party="P", Bill="car", **{"Levy Type": "MV"})
    postings = run("us-ct", "2025-08-01", house, car, paid(on, "1000.00", Account="H")).postings
    assert list(postings[["Bill", "Interest", "Tax"]].itertuples(index=False, name=None)) == lines


# ---- Maryland ----------------------------------------------------------------------------------------------------


def test_baltimore_second_half_counts_from_january_1_and_the_city_gives_a_discount() -> None:
    city = {"Part": "City"}
    half = charge("2024-12-01", "1000.00", **city)
    assert owed("us-md-baltimore-city", "2024-12-31", half) == (1000_00, 0, 0)
    assert owed("us-md-baltimore-city", "2025-01-02", half) == (1000_00, 10_00, 10_00)
    assert owed("us-md-baltimore-city", "2025-03-15", half) == (1000_00, 30_00, 30_00)
    year = charge("2024-07-01", "1000.00", **city)
    assert owed("us-md-baltimore-city", "2024-08-01", year, paid("2024-07-31", "995.00"))[0] == 0
    assert owed("us-md-baltimore-city", "2024-08-01", year, paid("2024-08-01", "995.00"))[0] == 5_00
    state = charge("2024-07-01", "1000.00", Part="State")
    assert owed("us-md-baltimore-city", "2024-08-01", state, paid("2024-07-31", "995.00"))[0] == 5_00


# ---- Louisiana ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "on", "interest", "penalty"),
    [
        ("2025-08-01", "2025-08-20", 0, 0),
        ("2025-08-01", "2025-08-21", 10_00, 50_00),  # August is a month; the first thirty days
        ("2025-08-01", "2025-08-31", 10_00, 50_00),  # day 30
        ("2025-08-01", "2025-09-01", 20_00, 100_00),  # September is a second month; day 31
        ("2025-08-01", "2026-08-01", 130_00, 250_00),  # thirteen months touched; five periods at most
        ("2022-08-01", "2022-08-31", 12_33, 50_00),  # 30 days of 365 at 15%
        ("2022-12-01", "2023-01-31", 22_74, 150_00),  # 31 days at 15% a year, then January at 1%; day 61
    ],
)
def test_sales_tax_in_east_baton_rouge(due: str, on: str, interest: int, penalty: int) -> None:
    row = charge(due, "1000.00", **{"Levy Type": "SALES"})
    assert owed("us-la-east-baton-rouge", on, row) == (1000_00, interest, penalty)


def test_occupational_licence_in_east_baton_rouge() -> None:
    row = charge("2024-01-01", "500.00", **{"Levy Type": "LICENSE"})
    assert owed("us-la-east-baton-rouge", "2024-02-29", row) == (500_00, 0, 0)
    # March 1, 2024: 60 days of 365 at 15% of 500.00 is 12.33; the first period's 5% is 25.00.
    assert owed("us-la-east-baton-rouge", "2024-03-01", row) == (500_00, 12_33, 25_00)


def test_a_solid_waste_fee_in_east_baton_rouge_is_refused() -> None:
    row = charge("2024-01-01", "25.00", **{"Levy Type": "SOLID"})
    with pytest.raises(LawNotEncoded, match="SOLID"):
        owed("us-la-east-baton-rouge", "2024-03-01", row)


# ---- Pennsylvania ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "amount", "tax", "penalty"),
    [
        # Evans City: billed March 1, 2% to April 30, face May 1 to June 30, 10% from July 1.
        ("2025-04-30", "980.00", 0, 0),
        ("2025-05-01", "980.00", 20_00, 0),
        ("2025-06-30", "1000.00", 0, 0),
        ("2025-07-01", "1100.00", 0, 0),
        ("2025-07-01", "0.01", 1000_00, 99_99),
    ],
)
def test_discount_face_and_penalty_in_a_borough(on: str, amount: str, tax: int, penalty: int) -> None:
    rows = charge("2025-03-01", "1000.00"), paid(on, amount)
    assert owed("us-pa-borough", on, *rows) == (tax, 0, penalty)
    assert run("us-pa-borough", on, *rows).credits.empty


# ---- settings ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day_count", "ends", "cents"),
    [
        # 1,000.00 at 8% from February 1 to March 15, 2025: 44 days of 360, 42 of 365 or 360, one whole month of 12.
        ("30/360", "one", 9_78),
        ("30/360", "both", 10_00),
        ("actual/365", "one", 9_21),
        ("actual/360", "one", 9_33),
        ("whole_months", "one", 6_67),
    ],
)
def test_day_counts_are_a_setting(tmp_path: Path, day_count: str, ends: str, cents: int) -> None:
    path = tmp_path / "town.toml"
    path.write_text(
        'id = "t"\nextends = "us-nj"\n[[interest]]\nfrom = 1980-02-14\nmethod = "tiered_annual"\n'
        'tiers = [{ up_to = "1500.00", rate = "8%" }, { rate = "18%" }]\n'
        f'day_count = "{day_count}"\nends = "{ends}"\n',
        encoding="utf-8",
    )
    assert owed(load(path), "2025-03-15", charge("2025-02-01", "1000.00"))[1] == cents


@pytest.mark.parametrize("town", ["us-nj-colts-neck", "us-ct-south-windsor", "us-md-baltimore-city", "us-pa-borough"])
def test_every_levy_type_a_town_bills_can_be_replayed(town: str) -> None:
    """A type with a due date has grace and interest rules too, or is refused by name; nothing is free by accident."""
    profile = load(town)
    for levy_type in LEVY_TYPES:
        if profile.find(Installments, day("2024-01-01"), levy_type):
            row = charge("2020-07-01", "1000.00", Part="City", **{"Levy Type": levy_type})
            assert sum(owed(town, "2024-01-01", row)[1:]) > 0
