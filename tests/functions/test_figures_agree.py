"""Figures that must agree: the explanation with the balance, the grid with the payoff, a payment with its posting."""

from __future__ import annotations

import datetime as dt
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.functions.calls import ADJUSTMENTS, CASH, CHARGES, CLOSED_DAYS, ON, RECEIPTS, cash_book, result

# Town, levy types, parts, and the months and days on which its installments fall due.
TOWNS = [
    ("us-nj-colts-neck", ("RE",), ("",), ((2, 1), (5, 1), (8, 1), (11, 1))),
    ("us-nj", ("RE",), ("",), ((2, 1), (5, 1), (8, 1), (11, 1))),
    ("us-ct-south-windsor", ("RE", "MV"), ("",), ((7, 1), (1, 1))),
    ("us-md-baltimore-city", ("RE",), ("City", "State"), ((7, 1),)),
    ("us-pa-borough", ("RE",), ("",), ((3, 1),)),
]
BOTH_FIT = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def histories(draw: Any) -> dict[str, Any]:
    """A town and a small history of one account, as ranges with their headers."""
    town, types, parts, dues = draw(st.sampled_from(TOWNS))
    charges: list[list[Any]] = [["Bill", "Account", "Levy Year", "Levy Type", "Part", "Inst", "Due", "Amount"]]
    kind = draw(st.sampled_from(types))
    for year in draw(st.sampled_from([(2023,), (2023, 2024), (2022, 2023, 2024)])):
        for n, (month, day) in enumerate(dues, 1):
            for part in parts:
                amount = draw(st.sampled_from([1, 33, 10_000, 74_999, 150_000, 150_001, 1_200_000])) / 100
                charges.append([f"{year}", "A", year, kind, part, n, dt.date(year, month, day), amount])
    day = st.dates(dt.date(2022, 12, 1), dt.date(2026, 6, 30))
    receipts: list[list[Any]] = [["Receipt", "Received", "Account", "Amount", "Reverses", "Kind"]]
    for n in range(draw(st.integers(0, 4))):
        amount = draw(st.sampled_from([1, 500, 2_345, 100_000, 160_000, 2_000_000])) / 100
        receipts.append([str(n + 1), draw(day), "A", amount, None, None])
    if len(receipts) > 2 and draw(st.booleans()):
        receipts.append(["99", max(r[1] for r in receipts[1:]), "A", receipts[1][3], "1", "Reversal"])
    adjustments: list[list[Any]] = [["No", "Effective", "Bill", "Part", "Inst", "Kind", "Amount"]]
    for n in range(draw(st.integers(0, 2))):
        row = draw(st.sampled_from(charges[1:]))
        change = draw(st.sampled_from(["Abatement", "Added", "Waiver", "Cost", "Penalty", "Transfer to Lien"]))
        adjustments.append(
            [f"A{n}", draw(day), row[0], row[4], row[5], change, draw(st.sampled_from([0.01, 5.0, 70.5]))]
        )
    return {"town": town, "charges": charges, "receipts": receipts, "adjustments": adjustments, "on": draw(day)}


def _rows(table: pd.DataFrame) -> pd.DataFrame:
    return table[~table["Bill"].isin(["Total", "Discount", "Credit", "Remainder", "Note"])]


@given(histories())
@BOTH_FIT
def test_the_explanation_adds_up_to_every_balance(facts: dict[str, Any]) -> None:
    explained = _rows(result("TAX_EXPLAIN", **facts))
    sums = explained.groupby(["Bill", "Part", "Inst", "Column"])["Amount"].sum().to_dict()
    balances = result("TAX_BALANCES", **facts)
    for row in balances.to_dict("records"):
        key = (row["Bill"], row["Part"], row["Inst"])
        assert sums.pop((*key, "Interest"), 0) == row["Interest"], key
        # A penalty set by an adjustment is a row of the explanation too, with its number.
        assert sums.pop((*key, "Penalty"), 0) == row["Penalty"], key
    assert not any(sums.values()), "the explanation speaks of charges that are not there"


@given(histories())
@BOTH_FIT
def test_a_payoff_is_the_open_rows_less_discount_and_credit_and_its_total_foots(facts: dict[str, Any]) -> None:
    payoff, balances = result("TAX_PAYOFF", **facts), result("TAX_BALANCES", **facts)
    columns = ["Tax", "Interest", "Penalty", "Costs", "Total"]
    assert payoff["Bill"].iloc[-1] == "Total"
    assert (payoff["Bill"] == "Total").sum() == 1
    assert payoff[columns].iloc[:-1].sum().tolist() == payoff[columns].iloc[-1].tolist()
    assert (payoff[columns[:-1]].sum(axis=1) == payoff["Total"]).all()
    opened = balances[balances["Total"] != 0]
    pd.testing.assert_frame_equal(
        _rows(payoff).reset_index(drop=True), opened.reset_index(drop=True), check_dtype=False
    )
    assert result("TAX_PAYOFF_TOTAL", **facts) == payoff["Total"].iloc[-1]


@given(histories(), st.integers(1, 4))
@settings(BOTH_FIT, max_examples=15)
def test_the_grid_is_the_payoff_of_each_of_its_days(facts: dict[str, Any], days: int) -> None:
    on = facts.pop("on")
    grid = result("TAX_PAYOFF_GRID", **facts, start=on, days=days)
    assert len(grid) == days
    for row in grid.to_dict("records"):
        day = row["Date"].date()
        assert day >= on
        assert day.weekday() < 5
        assert row["Total"] == result("TAX_PAYOFF_TOTAL", **facts, on=day)
        assert row["Per Diem"] == result("TAX_PER_DIEM", **facts, on=day)


@given(
    histories(),
    st.sampled_from([1, 100, 55_555, 150_000, 10_000_000]),
    st.sampled_from(["owner", "third party", "officer"]),
)
@BOTH_FIT
def test_a_payment_shown_adds_up_and_posting_it_gives_what_was_shown(
    facts: dict[str, Any], cents: int, by: str
) -> None:
    shown = result("TAX_ALLOCATE", **facts, payment=cents / 100, by=by)
    assert shown["Total"].sum() == cents
    assert (shown["Total"] >= 0).all()
    lines = _rows(shown)
    assert (lines[["Tax", "Interest", "Penalty", "Costs"]].sum(axis=1) - lines["Discount"] == lines["Total"]).all()
    before = result("TAX_BALANCES", **facts)
    receipts = [[*r, "By" if n == 0 else None] for n, r in enumerate(facts["receipts"])]
    posted = facts | {"receipts": [*receipts, ["1000", facts["on"], "A", cents / 100, None, None, by]]}
    after = result("TAX_BALANCES", **posted)
    key = ["Bill", "Part", "Inst"]
    paid = lines.groupby(key)[["Tax", "Interest", "Penalty", "Costs"]].sum()
    for was, now in zip(before.to_dict("records"), after.to_dict("records"), strict=True):
        k = tuple(was[x] for x in key)
        for column in ("Tax", "Interest", "Penalty", "Costs"):
            assert was[column] - now[column] == (paid.loc[k, column] if k in paid.index else 0), (k, column)


def test_a_discount_is_shown_and_paid() -> None:
    charges = [CHARGES[0], ["1", "A", 2025, "RE", "", 1, dt.date(2025, 3, 1), 1000.0]]
    payoff = result("TAX_PAYOFF", town="us-pa-borough", charges=charges, receipts=None, on=dt.date(2025, 3, 10))
    saved = -int(payoff.loc[payoff["Bill"] == "Discount", "Total"].sum())
    assert saved == 2000  # 2% in the first two months
    shown = result(
        "TAX_ALLOCATE", town="us-pa-borough", charges=charges, receipts=None, payment=980, on=dt.date(2025, 3, 10)
    )
    assert shown[["Tax", "Discount", "Total"]].to_numpy().tolist() == [[100000, 2000, 98000], [0, 0, 0]]


@pytest.mark.parametrize("amount", [0.01, 1500, 1500.01, 9999.99])
@pytest.mark.parametrize("paid", ["2025-02-10", "2025-02-11", "2026-01-31"])
@pytest.mark.parametrize(
    ("town", "part", "due"),
    [
        ("us-nj", "", "2025-02-01"),
        ("us-nj", "", "2024-11-01"),
        ("us-ct-hartford", "", "2025-01-01"),
        ("us-md-baltimore-city", "City", "2024-07-01"),
    ],
)
def test_interest_alone_is_what_the_ledger_says(town: str, part: str, due: str, amount: float, paid: str) -> None:
    charges = [CHARGES[0], ["1", "A", 2025, "RE", part, 1, due, amount]]
    ledger = result("TAX_BALANCES", town=town, charges=charges, receipts=None, on=paid)
    alone = result("TAX_INTEREST", town=town, amount=amount, due=due, paid=paid, part=part)
    assert alone == ledger["Interest"].iloc[0]


# ---- the year-end penalty -------------------------------------------------------------------------------------------


@lru_cache
def _town(base: str, threshold: str) -> Path:
    """New Jersey with another resolution on the year-end penalty."""
    path = Path(tempfile.mkdtemp(prefix="xltax-penalty-")) / "town.toml"
    path.write_text(
        'id = "us-nj-penalty"\nname = "A town for the test"\nextends = "us-nj"\n'
        '[[penalty]]\nfrom = 1991-01-01\nmethod = "year_end"\n'
        f'rate = "6%"\nthreshold = "{threshold}"\nbase = "{base}"\ntested_on = "tax"\n'
        'cite = [{ title = "Resolution" }]\n',
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize("base", ["this_year", "whole", "excess"])
@pytest.mark.parametrize(
    ("old", "new"), [(0, 10000), (0, 10000.01), (6000, 4000), (6000, 4000.01), (9000, 9000), (20000, 0.01)]
)
def test_the_penalty_alone_is_what_the_ledger_charges(base: str, old: float, new: float) -> None:
    town = str(_town(base, "10000.00"))
    charges = [CHARGES[0], ["2024", "A", 2024, "RE", "", 1, dt.date(2024, 2, 1), new]]
    if old:
        # The older year's own penalty would be charged at its own end of the year: it starts with 2024's books.
        charges.append(["2023", "A", 2023, "RE", "", 4, dt.date(2023, 11, 1), old])
    last = result("TAX_BALANCES", town=town, charges=charges, receipts=None, on=dt.date(2024, 12, 31))
    after = result("TAX_BALANCES", town=town, charges=charges, receipts=None, on=dt.date(2025, 1, 1))
    charged = int(after["Penalty"].sum() - last["Penalty"].sum())
    alone = result(
        "TAX_PENALTY", town=town, delinquent=round(old + new, 2), year_end=dt.date(2024, 12, 31), of_year=new
    )
    assert charged == alone


# ---- what belongs to others -----------------------------------------------------------------------------------------


def test_the_whole_cash_book_can_be_given_for_one_account() -> None:
    receipts = [
        ["Receipt", "Received", "Account", "Amount", "Kind", "Reverses"],
        ["7", dt.date(2025, 3, 1), "012", 300.0, None, None],
        ["8", dt.date(2025, 3, 1), "999", 5000.0, None, None],
        ["9", dt.date(2025, 3, 2), "999", 5000.0, "Reversal", "8"],
    ]
    mine, all_of_it = result("TAX_EXPLAIN"), result("TAX_EXPLAIN", receipts=receipts)
    pd.testing.assert_frame_equal(mine, all_of_it)
    assert result("TAX_PAYOFF_TOTAL", receipts=receipts) == result("TAX_PAYOFF_TOTAL")


def test_a_reversal_of_ones_own_that_reverses_nothing_is_told() -> None:
    header = ["Receipt", "Received", "Account", "Amount", "Kind", "Reverses"]
    table = result("TAX_EXPLAIN", receipts=[header, ["9", dt.date(2025, 3, 2), "012", 300.0, "Reversal", "8"]])
    assert table["Rule"].str.contains('There is no receipt "8" to reverse').any()


def test_whose_credit_it_is_follows_the_rule() -> None:
    shown = result("TAX_ALLOCATE", payment=5000)
    assert shown["Note"].iloc[-1] == "Credit on the account."
    shown = result("TAX_ALLOCATE", payment=5000, by="third party")
    assert shown["Note"].iloc[-1] == "Goes to the refund list."


def test_adjustments_and_closed_days_count() -> None:
    lower = result("TAX_BALANCES", adjustments=ADJUSTMENTS)
    # 100 off from the due date: 900 bore 6.00 in the 30 days, so 294.00 of the 300 went to tax.
    assert lower["Tax"].tolist() == [60600, 100000]
    grid = result("TAX_PAYOFF_GRID", closed_days=CLOSED_DAYS)
    assert [d.date() for d in grid["Date"]] == [dt.date(2025, 8, 1), dt.date(2025, 8, 5)]


# ---- seals ----------------------------------------------------------------------------------------------------------


def test_a_sealed_book_is_ok_in_every_form() -> None:
    assert result("TAX_SEALED") == "ok"
    assert result("TAX_SEALED", cash_book=CASH[:2]) == "ok"
    assert result("TAX_SEALED", cash_book=CASH[:1]) == "ok"


@pytest.mark.parametrize("row", [1, 2, 3, 4])
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("Tax", 0.01),
        ("Total", 30.51),
        ("Received", dt.date(2025, 3, 20)),
        ("Account", "013"),
        ("Bill", "x"),
        ("By", "officer"),
    ],
)
def test_a_changed_cell_is_named(row: int, column: str, value: Any) -> None:
    rows = [list(r) for r in CASH]
    rows[row][rows[0].index(column)] = value
    said = result("TAX_SEALED", cash_book=rows)
    assert said.startswith(f"cash_book row {row + 1}, Seal: Receipt {row}, Line 1 is not as it was posted")


@pytest.mark.parametrize("row", [1, 2, 3])
def test_a_removed_row_shows_at_the_row_after_it(row: int) -> None:
    rows = [r for n, r in enumerate(CASH) if n != row]
    assert f"Receipt {row + 1}, Line 1 is not as it was posted" in result("TAX_SEALED", cash_book=rows)


def test_an_inserted_row_is_named() -> None:
    unsealed = [*CASH[2][:-1], ""]
    unsealed[0] = "2a"
    said = result("TAX_SEALED", cash_book=[*CASH[:3], unsealed, *CASH[3:]])
    assert "Receipt 2a, Line 1 is not sealed" in said
    copied = [*unsealed[:-1], CASH[2][-1]]
    assert "Receipt 2a, Line 1 is not as it was posted" in result(
        "TAX_SEALED", cash_book=[*CASH[:3], copied, *CASH[3:]]
    )


def test_swapped_rows_are_named() -> None:
    said = result("TAX_SEALED", cash_book=[CASH[0], CASH[1], CASH[3], CASH[2], CASH[4]])
    assert "Receipt 3, Line 1 is not as it was posted" in said


def test_a_book_sealed_again_is_another_book() -> None:
    other = cash_book(300.0, 20.0, 30.5, 41.0)
    assert result("TAX_SEALED", cash_book=other) == "ok"
    assert other[-1][-1] != CASH[-1][-1], "the head printed at the day's close shows it"
    assert other[3][-1] == CASH[3][-1]


def test_on_and_receipts_are_as_given() -> None:
    assert result("TAX_PAYOFF_TOTAL", on=ON, receipts=RECEIPTS) == 175539


def test_what_is_left_over_goes_where_the_town_sends_it(tmp_path: Path) -> None:
    town = tmp_path / "refunds.toml"
    town.write_text(
        'id = "us-nj-refunds"\nname = "Refunds"\nextends = "us-nj"\n[[allocation]]\ngroup = "parcel"\n'
        'order = [{ pay = ["costs", "interest", "penalty", "tax"] }]\nleftover = "refund_list"\ncite = [{ title = "Resolution" }]\n',
        encoding="utf-8",
    )
    shown = result("TAX_ALLOCATE", town=str(town), payment=5000)
    # As Colts Neck's $1,755.39, but by the State's until_current the first $1,000.00 keeps its room in the tier of $1,500.00: of
    # the second, due May 1, $500.00 bear 18%. On the first 30 days at 8% of 1,000.00 are 6.6667, paid as 6.67 of the 300.00, and
    # 150 days of 706.67 are 23.5557: 30.22 less 6.67. 706.67 + 23.55 + 1,000.00 + 10.00 + 22.50 = 1,762.72.
    assert shown["Total"].iloc[-1] == 500000 - 176272
    assert shown["Note"].iloc[-1] == "Goes to the refund list."
