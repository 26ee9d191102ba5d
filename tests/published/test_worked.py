"""The cases worked by hand, on both sides of each setting, through the ledger and through the slow reference."""

from __future__ import annotations

import datetime as dt
import tomllib
from fractions import Fraction
from pathlib import Path

import pytest

from tests.reference.replay import reference
from tests.written.ledger import facts_of
from xltax.law.load import load
from xltax.money import to_cents
from xltax.office.quotes.redemption import fee

CASES = {c["id"]: c for c in tomllib.loads((Path(__file__).parent / "worked.toml").read_text(encoding="utf-8"))["case"]}

COLUMNS = ("Tax", "Interest", "Penalty", "Costs")


def by_fast(charges, receipts, profile, as_of):
    """(balances by bill in cents, what each receipt paid) from the ledger."""
    from xltax.ledger.replay import replay

    ledger = replay(facts_of(charges, receipts), profile, as_of)
    balances = {r["Bill"]: {c: int(r[c]) for c in COLUMNS} for r in ledger.balances.to_dict("records")}
    paid: dict[str, dict[str, int]] = {}
    for r in ledger.postings.to_dict("records"):
        for c in COLUMNS:
            line = paid.setdefault(r["Bill"], dict.fromkeys(COLUMNS, 0))
            line[c] += int(r[c]) if r["Receipt"] else 0
    return balances, paid


def by_reference(charges, receipts, profile, as_of):
    """The same from the slow reference."""
    result = reference(charges, receipts, [], profile, as_of)
    balances = {r["Bill"]: {c: r[c] for c in COLUMNS} for r in result.balances}
    paid: dict[str, dict[str, int]] = {}
    for _, bill, _, _, *amounts, _ in result.splits:
        line = paid.setdefault(bill, dict.fromkeys(COLUMNS, 0))
        for c, amount in zip(COLUMNS, amounts, strict=True):
            line[c] += amount
    return balances, paid


@pytest.fixture(params=[by_fast, by_reference], ids=["fast", "reference"])
def figure(request):
    return request.param


@pytest.fixture
def town(tmp_path):
    """A town made of one interest rule, and whatever else is said."""

    def make(interest: str, *, grace: str = 'counted = "by_day_number"\ndays = 10', more: str = ""):
        path = tmp_path / "town.toml"
        path.write_text(
            f'id = "us-zz-worked"\n[[interest]]\n{interest}\n[[grace]]\n{grace}\n'
            '[[allocation]]\ngroup = "parcel"\norder = [{ pay = ["costs", "interest", "penalty", "tax"] }]\n' + more,
            encoding="utf-8",
        )
        return load(path)

    return make


def charge(amount: str, due: dt.date, bill: str = "B1", **more) -> dict:
    return {"Bill": bill, "Account": "A1", "Levy Year": due.year, "Levy Type": "RE", "Part": "", "Inst": 1, "Due": due,
            "Amount": to_cents(amount)} | more  # fmt: skip


def receipt(amount: int, on: dt.date, **more) -> dict:
    return {"Receipt": "R1", "Received": on, "Account": "A1", "Amount": amount, "By": "owner"} | more


def the_case(id_: str) -> tuple[dict, dict]:
    return CASES[id_]["inputs"], CASES[id_]["expected"]


NJ = """method = "tiered_annual"
tiers = [{{ up_to = "1500.00", rate = "8%" }}, {{ rate = "18%" }}]
day_count = "30/360"
bracket_refill = "{}"
"""


def test_no_month_is_charged_twice(figure):
    given, expected = the_case("ct-no-month-twice")
    payment = given["payments"][0]
    charges, receipts = (
        [charge(given["principal"], given["due"])],
        [receipt(to_cents(payment["amount"]), payment["on"])],
    )
    balances, paid = figure(charges, receipts, load("us-ct-south-windsor"), given["on"])
    assert paid["B1"]["Interest"] == to_cents(expected["interest_paid"])
    assert balances["B1"]["Tax"] == to_cents(expected["principal_open"])
    assert balances["B1"]["Interest"] == to_cents(expected["interest"])


@pytest.mark.parametrize("months", ["anniversary", "touched"])
def test_months_by_day_number_or_as_touched(figure, town, months):
    given, expected = the_case("ct-anniversary-or-touched")
    profile = town(
        f'method = "per_month_or_part"\nrate = "1.5%"\nmonths = "{months}"', grace='counted = "months"\nmonths = 1'
    )
    balances, _ = figure([charge(given["principal"], given["due"])], [], profile, given["on"])
    assert balances["B1"]["Interest"] == to_cents(expected[months])


def test_anniversary_months_are_the_shipped_default(figure):
    given, expected = the_case("ct-anniversary-or-touched")
    balances, _ = figure([charge(given["principal"], given["due"])], [], load("us-ct-south-windsor"), given["on"])
    assert balances["B1"]["Interest"] == to_cents(expected["anniversary"])


def test_a_part_paid_in_grace_bears_nothing(figure, town):
    given, expected = the_case("nj-part-paid-in-grace")
    payment = given["payments"][0]
    receipts = [receipt(to_cents(payment["amount"]), payment["on"])]
    for profile in (town(NJ.format("open_balance")), load("us-nj-colts-neck")):
        balances, _ = figure([charge(given["principal"], given["due"])], receipts, profile, given["on"])
        assert balances["B1"]["Interest"] == to_cents(expected["interest"])


@pytest.mark.parametrize("refill", ["until_current", "open_balance"])
def test_whether_a_payment_makes_room_in_the_lower_tier(figure, town, refill):
    given, expected = the_case("nj-bracket-refill")
    payment = given["payments"][0]
    profile = town(NJ.format(refill))
    charges = [charge(given["principal"], given["due"])]
    before, _ = figure(charges, [], profile, payment["on"])
    all_interest = before["B1"]["Interest"]
    receipts = [receipt(all_interest + to_cents(payment["pays_tax"]), payment["on"])]
    balances, paid = figure(charges, receipts, profile, given["on"])
    assert paid["B1"] == {"Tax": to_cents(payment["pays_tax"]), "Interest": all_interest, "Penalty": 0, "Costs": 0}
    assert balances["B1"]["Interest"] == to_cents(expected[refill])


@pytest.mark.parametrize("base", ["this_year", "whole", "excess"])
def test_what_the_year_end_penalty_is_charged_on(figure, town, base):
    given, expected = the_case("nj-year-end-penalty")
    rule = {"rate": given["rate"], "threshold": given["threshold"], "base": base}
    more = '[[penalty]]\nmethod = "year_end"\n' + "".join(f'{k} = "{v}"\n' for k, v in rule.items())
    profile = town(NJ.format("open_balance"), more=more)
    charges = [
        charge(given["prior_years"], dt.date(2023, 2, 1), "OLD"),
        charge(given["this_year"], dt.date(2024, 2, 1), "NEW"),
    ]
    on_the_day, _ = figure(charges, [], profile, dt.date(2024, 12, 31))
    assert sum(b["Penalty"] for b in on_the_day.values()) == 0  # a payoff for December 31 does not carry it
    balances, _ = figure(charges, [], profile, dt.date(2025, 1, 1))
    assert sum(b["Penalty"] for b in balances.values()) == to_cents(expected[base])
    assert base != "this_year" or balances["OLD"]["Penalty"] == 0


def test_a_delinquency_of_exactly_the_threshold_bears_no_penalty(figure, town):
    more = '[[penalty]]\nmethod = "year_end"\nrate = "6%"\nthreshold = "10000.00"\n'
    profile = town(NJ.format("open_balance"), more=more)
    for amount, penalty in (("10000.00", 0), ("10000.01", 600_00)):
        balances, _ = figure([charge(amount, dt.date(2024, 2, 1))], [], profile, dt.date(2025, 1, 1))
        assert balances["B1"]["Penalty"] == penalty


@pytest.mark.parametrize("by", ["third_party", "owner"])
def test_a_lenders_check_pays_its_house_and_never_the_old_car(figure, by):
    given, expected = the_case("ct-third-party")
    check_day = dt.date(2025, 7, 15)
    owner = {"Party": "P1"}
    charges = [charge(given["house"], dt.date(2025, 7, 1), "HOUSE", **owner)]
    for n, amount in enumerate(given["vehicles"]):
        car = {"Account": f"CAR{n}", "Levy Type": "MV"}
        charges.append(charge(amount, dt.date(2023 + n, 7, 1), f"CAR{n}", **owner, **car))
    money = receipt(to_cents(given["check"]), check_day, By=by.replace("_", " "))
    before, _ = figure(charges, [], load("us-ct-south-windsor"), check_day)
    balances, _ = figure(charges, [money], load("us-ct-south-windsor"), check_day)
    cars = sum(balances[f"CAR{n}"]["Tax"] for n in range(len(given["vehicles"])))
    assert cars == to_cents(expected[by]["vehicles_open"])
    if by == "third_party":
        assert balances["HOUSE"]["Tax"] == to_cents(expected[by]["house_open"])
        assert all(balances[bill] == before[bill] for bill in before if bill != "HOUSE")
    else:
        on_cars = sum(sum(before[f"CAR{n}"].values()) for n in range(len(given["vehicles"])))
        assert balances["HOUSE"]["Tax"] == on_cars


def test_the_officer_gets_fifteen_percent_of_the_whole_execution():
    given, expected = the_case("ct-warrant-fee")
    execution = sum(to_cents(given[k]) for k in ("tax", "interest", "lien_fee", "warrant_fee"))
    assert fee(load("us-ct"), "alias_warrant", Fraction(execution, 100)) == to_cents(expected)
    assert given["rate"] == "15%"


def test_every_case_here_is_synthetic_and_says_why():
    assert all(c["kind"] == "synthetic" and c["why"] for c in CASES.values())
