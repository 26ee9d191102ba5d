"""Relief programs, returns and charges by use as law: figures worked by hand or printed by others, and what is refused."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from xltax.errors import BadProfile, BadValue, LawNotEncoded, TaxError
from xltax.law.fees import Usage
from xltax.law.load import load
from xltax.law.relief import Applicant, Claim, IncomeLimit, IncomeShare, IncreaseCap, Relief
from xltax.office.adjusting import relief
from xltax.office.other_levies import sales_returns, usage
from xltax.office.other_levies.sales_returns import Sold

D = dt.date
LA, MD, CT, NJ = "us-la-east-baton-rouge", "us-md-baltimore-city", "us-ct-south-windsor", "us-nj-colts-neck"


def program(town: str, code: str, year: int = 2025, part: str = "") -> Relief:
    params = load(town).rule(Relief, D(year, 1, 1), part=part, sort=code).params
    assert isinstance(params, Relief)
    return params


@pytest.mark.parametrize(
    ("income", "limit"),
    [
        # 4% of 4,000 is 160; with 6.5% of 4,000 it is 420; 9% of the next 14,000 is 1,260.
        (0, 0), (8_000_00, 0), (8_000_01, 0), (9_000_00, 40_00), (12_000_00, 160_00), (16_000_00, 420_00), (30_000_00, 1_680_00),
        (60_000_00, 4_380_00),
    ],
)  # fmt: skip
def test_what_an_income_bears_in_maryland(income: int, limit: int) -> None:
    params = program(MD, "homeowners")
    assert isinstance(params, IncomeLimit)
    assert params.limit(income) == limit
    assert params.credit(limit + 1, income) == 1
    assert params.credit(limit, income) == 0


def test_only_the_tax_on_the_counted_assessment() -> None:
    params = program(MD, "homeowners")
    assert isinstance(params, IncomeLimit)
    # 8,000.00 on 400,000 is 6,000.00 on 300,000; an income of 16,000 bears 420.
    assert params.credit(8_000_00, 16_000_00, 400_000_00) == 5_580_00
    assert params.credit(8_000_00, 16_000_00, 300_000_00) == 7_580_00


@pytest.mark.parametrize(
    ("part", "new", "credit"),
    # 10% of 100,000 may be added: 10,000 of 120,000 is free of a tax of 1,440.00. In the City 4%: 16,000 of it.
    [("State", 120_000_00, 120_00), ("City", 120_000_00, 192_00), ("State", 110_000_00, 0), ("City", 90_000_00, 0)],
)
def test_homestead_caps_the_rise(part: str, new: int, credit: int) -> None:
    params = program(MD, "homestead", part=part)
    assert isinstance(params, IncreaseCap)
    assert params.credit(1_440_00, new, 100_000_00) == credit


@pytest.mark.parametrize(
    ("income", "married", "tax", "credit"),
    [
        (20_200_00, True, 4_000_00, 1_250_00),  # 50% is 2,000, at most 1,250
        (20_200_01, True, 2_000_00, 800_00),  # 40%
        (20_200_00, False, 500_00, 350_00),  # 40% is 200, at least 350
        (43_800_00, False, 300_00, 150_00),
        (43_800_01, False, 9_000_00, 0),
        (53_400_00, True, 2_000_00, 200_00),
        (10_000_00, False, 100_00, 100_00),  # never more than the tax
    ],
)
def test_circuit_breaker(income: int, married: bool, tax: int, credit: int) -> None:
    params = program(CT, "circuit_breaker", 2023)
    assert isinstance(params, IncomeShare)
    assert params.credit(tax, income, married) == credit


@pytest.mark.parametrize(
    ("income", "married", "tax", "credit"),
    [
        (17_700_00, True, 3_000_00, 1_250_00),  # 50% is 1,500: at most 1,250
        (17_700_01, True, 2_000_00, 800_00),  # 40%
        (29_600_00, False, 1_000_00, 200_00),  # 20%
        (29_600_01, False, 1_000_00, 150_00),  # 10% is 100: at least 150
        (35_300_00, False, 4_000_00, 250_00),  # 10% is 400: at most 250
        (43_000_00, True, 2_000_00, 200_00),  # 10%
        (35_300_01, False, 2_000_00, 0),
        (43_000_01, True, 2_000_00, 0),
    ],
)
def test_the_circuit_breaker_of_the_grand_list_of_2017(income: int, married: bool, tax: int, credit: int) -> None:
    """South Windsor's page of the 2017 benefit year, bracket by bracket."""
    assert program(CT, "circuit_breaker", 2017).credit(tax, income, married) == credit  # type: ignore[attr-defined]


def test_the_circuit_breaker_of_a_year_nobody_read_is_refused() -> None:
    with pytest.raises(LawNotEncoded, match="2023-01-01 to 2023-12-31"):
        load(CT).rule(Relief, D(2024, 1, 1), sort="circuit_breaker")


OWNER = frozenset({"owner", "resident"})


@pytest.mark.parametrize(
    ("who", "says"),
    [
        (Applicant(OWNER, D(1959, 12, 31), income=10_000_00), []),  # 65 on December 31, 2024
        (
            Applicant(OWNER, D(1960, 1, 1), income=10_000_00),
            ["Not shown: is 65 or older (age on Dec 31, 2024)."],
        ),
        (Applicant(OWNER, D(1950, 1, 1), income=10_000_01), ["The income, $10,000.01, is above $10,000.00."]),
        (Applicant(OWNER, D(1950, 1, 1)), ["No proof of income."]),
        (Applicant(frozenset({"owner"}), D(1950, 1, 1), income=0), ["Not shown: lives in the home."]),
        (
            Applicant(OWNER, D(1950, 1, 1), income=0, received=D(2026, 1, 2)),
            ["Received 2026-01-02, after the last day to apply, 2025-12-31."],
        ),
    ],
)
def test_who_is_a_senior_citizen_in_new_jersey(who: Applicant, says: list[str]) -> None:
    assert program(NJ, "senior").refusals(who, 2025) == says


def test_either_does_where_the_program_says_or() -> None:
    params = program(CT, "circuit_breaker", 2023)
    disabled = Applicant(OWNER | {"disabled"}, D(1990, 1, 1), income=1, received=D(2024, 5, 15))
    assert params.refusals(disabled, 2023) == []
    assert params.refusals(Applicant(OWNER, D(1990, 1, 1), income=1), 2023) == [
        "Not shown: is 65 or older or is disabled (age on Dec 31, 2023)."
    ]
    couple = Applicant(OWNER | {"disabled"}, income=50_000_00, married=True)
    assert params.refusals(couple, 2023) == []


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"needs": ["rich"]}, '"rich" is not a fact'),
        ({"needs": ["aged"]}, "gives no age"),
        ({"steps": [{"share": "4%"}, {"share": "9%"}]}, "are not in rising order"),
    ],
)
def test_a_wrong_program_is_refused(settings: dict[str, object], says: str) -> None:
    good = {"code": "x", "title": "X", "steps": [{"share": "4%"}]}
    with pytest.raises(BadProfile, match=says):
        IncomeLimit.read(good | settings, "x.toml")


def test_the_deduction_is_linked_not_copied() -> None:
    town = load(NJ)
    assert relief.worth(town, "Veteran", Claim(9_000_00), 2025, "") == 250_00
    assert relief.worth(town, "veteran", Claim(100_00), None, "") == 100_00


# ---- returns ----------------------------------------------------------------------------------------------------------

JANUARY = D(2025, 1, 31)


@pytest.mark.parametrize(
    ("filed", "kept", "penalty", "interest", "total"),
    [
        # 90,000 at 5.5% is 4,950. In time the vendor keeps 49.50, on the form 50.
        (D(2025, 2, 20), 50, 0, 0, 4900),
        # Late: 5% for each thirty days from February 2 and 1% for each calendar month from February on; 247.50 is 248, 49.50 is 50.
        (D(2025, 2, 21), 0, 248, 50, 5248),
        (D(2025, 3, 3), 0, 248, 99, 5297),  # day 30
        (D(2025, 3, 4), 0, 495, 99, 5544),  # day 31
        (D(2025, 12, 31), 0, 1238, 545, 6733),  # five periods at most: 1,237.50; eleven months: 544.50
    ],
)
def test_a_return(filed: dt.date, kept: int, penalty: int, interest: int, total: int) -> None:
    form = sales_returns.figure(load(LA), Sold("1701", 100_000_00, 10_000_00), JANUARY, filed)
    assert (form.tax, form.compensation) == (4_950_00, kept * 100)
    assert (form.penalty, form.interest, form.total) == (penalty * 100, interest * 100, total * 100)
    assert form.table().set_index("Line").loc["Total", "Amount"] == form.total


def test_every_line_is_in_whole_dollars_half_up() -> None:
    form = sales_returns.figure(load(LA), Sold("1702", 1_000_50, 99_49, use=10_50, excess=50), JANUARY, D(2025, 2, 3))
    # 1,001 less 99, and 11 of use: 913 at 6% is 54.78, 55; 1 of excess; 1% of 56 is 0.56, 1.
    assert (form.gross, form.deductions, form.use, form.tax, form.excess) == (1_001_00, 99_00, 11_00, 55_00, 1_00)
    assert (form.compensation, form.total) == (1_00, 55_00)


def test_a_last_day_on_a_weekend_moves() -> None:
    # April 20, 2025 is a Sunday, and the day before it no workday; the return of March is in time on Monday.
    assert sales_returns.figure(load(LA), Sold("1700", 100_00), D(2025, 3, 31), D(2025, 4, 21)).penalty == 0
    assert sales_returns.figure(load(LA), Sold("1700", 10_000_00), D(2025, 3, 31), D(2025, 4, 22)).penalty > 0


@pytest.mark.parametrize(
    ("sold", "period_end", "filed", "says"),
    [
        (Sold("1799", 100_000_00), JANUARY, D(2025, 2, 20), '"1799" is not a location code'),
        (Sold("1701", 100_000_00), D(2025, 1, 30), D(2025, 2, 20), "not the last day of a month"),
        (Sold("1701", 100_000_00, 100_001_00), JANUARY, D(2025, 2, 20), "above the gross sales"),
        (Sold("1701", -1), JANUARY, D(2025, 2, 20), "below zero"),
        (Sold("1701", 100_000_00), JANUARY, D(2025, 1, 31), "is not after the period"),
        (Sold("1701", 100_000_00), D(2022, 12, 31), D(2023, 1, 20), "no return rule"),
    ],
)
def test_a_wrong_return_is_refused(sold: Sold, period_end: dt.date, filed: dt.date, says: str) -> None:
    with pytest.raises(TaxError, match=says):
        sales_returns.figure(load(LA), sold, period_end, filed)


# ---- use --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ccf", "fee"), [("0", 27_52), ("4.0", 27_52), ("5", 32_31), ("7.5", 44_29), ("6.123", 37_69)])
def test_sewer_by_block_rate(ccf: str, fee: int) -> None:
    # 3.5 x 4.79 is 16.765; 2.123 x 4.79 is 10.16917.
    assert usage.charge(load(LA), Fraction(ccf), "Sewer") == fee


def test_blocks_one_after_the_other() -> None:
    rule = Usage.read(
        {
            "kind": "water",
            "base": "5.00",
            "included": "2",
            "blocks": [{"price": "1.00", "up_to": "10"}, {"price": "3.00"}],
        },
        "x",
    )
    assert isinstance(rule, Usage)
    assert [rule.charge(Fraction(u)) for u in (2, 10, 12)] == [5_00, 13_00, 19_00]
    with pytest.raises(BadValue, match="below zero"):
        rule.charge(Fraction(-1))
    with pytest.raises(BadProfile, match="are not in rising order"):
        Usage.read({"kind": "w", "blocks": [{"price": "1.00"}, {"price": "2.00"}]}, "x")


def test_a_charge_nobody_encoded_is_refused() -> None:
    with pytest.raises(LawNotEncoded, match='no usage charge "solid waste"'):
        usage.charge(load(LA), Fraction(1), "solid waste")


def test_the_months_averaged_are_the_last_full_run_before_the_bill() -> None:
    rule = usage.usage_rule(load(LA), "sewer")[1]
    winter = [(2024, 10), (2024, 11), (2024, 12), (2025, 2), (2025, 3), (2025, 4)]
    assert usage.season(rule, D(2025, 5, 1)) == winter
    assert usage.season(rule, D(2026, 4, 1)) == winter
    assert usage.season(rule, D(2025, 4, 30))[0] == (2023, 10)
