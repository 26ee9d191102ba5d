"""The named formulas give the same figures as xltax: for every shipped town, for every setting, and for published figures."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from tests.formulas.cases import REFUSED, cases, differences
from tests.formulas.engine import figures
from tests.published import state_cases
from xltax.faces.formulas.town import TownFormulas, of_town
from xltax.law.load import load, shipped
from xltax.money import to_cents
from xltax.tables import CLOSED_DAYS, ClosedDay
from xltax.tables.table import Table

TODAY = dt.date(2026, 7, 1)
COUNT, DAYS = 30, 6


@pytest.mark.parametrize("town", shipped())
def test_every_formula_of_a_shipped_town_gives_the_figures_of_xltax(town: str, tmp_path: Path) -> None:
    """The bench does the same with 10,000 cases for each formula."""
    made = of_town(load(town), TODAY)
    tried = list(cases(made, COUNT, seed=len(town), days=DAYS))
    assert len({case.formula.named.name for case in tried}) == len(made.formulas) > 2
    assert differences(made, tried, tmp_path) == []


GRACE = '[[grace]]\ncounted = "by_day_number"\ndays = 10\n'
SETTINGS = {
    "30/360 both ends": 'method = "tiered_annual"\ntiers = [{ rate = "12%" }]\nday_count = "30/360"\nends = "both"',
    "actual/360": 'method = "tiered_annual"\ntiers = [{ rate = "7.3%" }]\nday_count = "actual/360"\ncounted_from = "delinquent"',
    "whole months": 'method = "tiered_annual"\ntiers = [{ rate = "18%" }]\nday_count = "whole_months"',
    "whole months, same number": 'method = "tiered_annual"\ntiers = [{ rate = "18%" }]\nday_count = "whole_months"\nfrom_month_end = "same_number"',
    "three tiers": 'method = "tiered_annual"\ntiers = [{ rate = "6%", up_to = "500.00" }, { rate = "12%", up_to = "1500.00" }, { rate = "18%" }]\nday_count = "actual/365"\nminimum = "2.00"',
    "tiers that nothing shares": 'method = "tiered_annual"\ntiers = [{ rate = "8%", up_to = "1500.00" }, { rate = "18%" }]\nday_count = "30/360"\nbracket = "none"',
    "a lower tier that stays used": 'method = "tiered_annual"\ntiers = [{ rate = "8%", up_to = "1500.00" }, { rate = "18%" }]\nday_count = "30/360"\nbracket_refill = "until_current"',
    "months, day before": 'method = "per_month_or_part"\nrate = "4/3% per month"\nmonth_ends = "day_before"',
    "months, same number": 'method = "per_month_or_part"\nrate = "1.5% per month"\nfrom_month_end = "same_number"',
    "months touched from a day": 'method = "per_month_or_part"\nrate = "1% per month"\nmonths = "touched"\ncounted_from = "10-01"',
    "months rounded one by one": 'method = "per_month_or_part"\nrate = "1.15% per month"\nround_by = "month"\nminimum = "0.50"',
    "by account": 'method = "per_month_or_part"\nrate = "1.15% per month"\nround_by = "account"',
    "whole dollars": 'method = "per_month_or_part"\nrate = "1.5% per month"\nround_to = "dollar"\nminimum = "1.00"\ncounted_from = "next_month"',
    "periods": 'method = "per_period_capped"\nrate = "5% per 30 days"\nmost = 5\ncomponent = "interest"',
    "whole periods from the due date": 'method = "per_period_capped"\nrate = "5% per 45 days"\ndays = 45\nmost = 4\npart_counts = false\ncounted_from = "due"\ncomponent = "interest"',
    "bands": 'method = "by_date_band"\nbands = [{ rate = "-2%", months = 2 }, { rate = "0%", months = 4 }, { rate = "10%" }]\ncomponent = "interest"',
    "bands, same day, no roll": 'method = "by_date_band"\nbands = [{ rate = "0%", months = 1 }, { rate = "3%", months = 3 }, { rate = "7%" }]\nmonth_ends = "same_day"\nfrom_month_end = "same_number"\nroll = false\ncomponent = "interest"',
    "once on a day": 'method = "flat"\nrate = "6%"\ncounted_from = "07-01"\ncomponent = "interest"\nminimum = "5.00"',
    "once, at most the tax": 'method = "flat"\nrate = "10%"\nminimum = "10.00"\nmost = "tax"\ncomponent = "interest"',
    "steps": 'method = "schedule"\nsteps = [{ at = "delinquent", total = "2%" }, { on = "03-01", add = "1%", then = "0.75%", most = "6%" }, { on = "07-01", years = 1, add = "5%" }]\ncomponent = "interest"',
    "steps after months, rolled": 'method = "schedule"\nsteps = [{ after_months = 1, total = "1%", then = "1%", every_months = 2 }]\nroll = true\ncomponent = "interest"',
    "steps after days": 'method = "schedule"\nsteps = [{ after_days = 30, total = "1%" }, { after_days_late = 45, add = "2%", then = "0.5%", on_day = 16 }]\nroll = true\ncomponent = "interest"',
    "steps that wait": 'method = "schedule"\nsteps = [{ next_month = 1, total = "1%", then = "1%" }, { on = "01-01", add = "2%", same_year = true }]\nroll_months = true\ncomponent = "interest"',
    "steps on the 31st, until a day": 'method = "schedule"\nsteps = [{ at = "delinquent", total = "1%", then = "1%", on_day = 31, then_until = "06-30" }]\nroll_months = true\ncomponent = "interest"',
    "steps that wait each quarter": 'method = "schedule"\nsteps = [{ on = "12-01", add = "1%", then = "1%", every_months = 3 }]\nroll_months = true\ncomponent = "interest"\nround_to = "dollar"',
    "a discount from the start": 'method = "schedule"\nsteps = [{ at = "bill", total = "-2%" }, { after_months = 2, total = "0%" }, { after_months = 4, total = "10%" }]\ncomponent = "interest"',
    "a total that falls": 'method = "schedule"\nsteps = [{ at = "delinquent", total = "8%" }, { on = "07-01", total = "6%" }]\ncomponent = "interest"',
    "a total that ends": 'method = "schedule"\nsteps = [{ at = "delinquent", total = "3%" }, { on = "03-01", total = "0%" }, { on = "09-01", add = "1%" }]\ncomponent = "interest"',
}  # fmt: skip


def town_of(rules: str, folder: Path, grace: str = GRACE) -> TownFormulas:
    """The formulas of a made-up town."""
    path = folder / "town.toml"
    path.write_text(
        f'id = "us-zz-town"\nname = "Quillhaven"\n{rules}\n{grace}'
        '[[installments]]\ndue = ["02-01", "05-15", "08-31", "11-30"]\nsplit = "equal"\n[[office]]\nholidays = "NJ"\n'
        '[[allocation]]\ngroup = "parcel"\norder = [{ pay = ["costs", "interest", "penalty", "tax"] }]\n',
        encoding="utf-8",
    )
    return of_town(load(path), TODAY)


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)
def test_every_setting_of_interest_gives_the_figures_of_xltax(setting: str, tmp_path: Path) -> None:
    made = town_of(f"[[interest]]\n{setting}\n", tmp_path)
    assert made.refused == []
    tried = list(cases(made, 150, seed=7, days=25))
    assert differences(made, tried, tmp_path) == []


def test_each_stretch_of_time_bears_by_the_law_in_force_then(tmp_path: Path) -> None:
    """One rate for months begun, then another, and then days: the stretches add up, no month is charged twice."""
    made = town_of(
        '[[interest]]\nto = 2019-03-15\nmethod = "per_month_or_part"\nrate = "1% per month"\n'
        '[[interest]]\nfrom = 2019-03-15\nto = 2022-01-01\nmethod = "per_month_or_part"\nrate = "1.5% per month"\n'
        '[[interest]]\nfrom = 2022-01-01\nmethod = "tiered_annual"\ntiers = [{ rate = "9%" }]\nday_count = "actual/365"\n',
        tmp_path,
    )
    assert differences(made, list(cases(made, 400, days=60)), tmp_path) == []


@pytest.mark.parametrize("governs", ["due", "levy_year"])
def test_the_due_date_or_the_levy_year_picks_the_rate(governs: str, tmp_path: Path) -> None:
    rates = ", ".join(f'{{ from = {year}-01-01, rate = "{year % 7 + 3}%" }}' for year in range(2000, 2027))
    made = town_of(
        f'[[interest]]\ngoverns = "{governs}"\nmethod = "tiered_annual"\nday_count = "actual/365"\nrates = [{rates}]\n',
        tmp_path,
    )
    assert differences(made, list(cases(made, 300, days=40)), tmp_path) == []


def test_interest_on_a_penalty_that_is_charged_once(tmp_path: Path) -> None:
    """Until the penalty comes, interest is on the tax alone; the table of rates is not used for such a rule."""
    rates = ", ".join(f'{{ from = {year}-01-01, rate = "{year % 5 + 6}%" }}' for year in (2000, 2014, 2019, 2023))
    made = town_of(
        '[[interest]]\nmethod = "tiered_annual"\nday_count = "actual/365"\nbase = "tax_and_penalty"\ngoverns = "due"\n'
        f'rates = [{rates}]\n[[interest]]\nmethod = "flat"\nrate = "5%"\nminimum = "3.00"\n',
        tmp_path,
    )
    assert {f.component for f in made.formulas} >= {"interest", "penalty"}
    assert differences(made, list(cases(made, 300, days=40)), tmp_path) == []


def test_a_year_end_penalty_beside_another_penalty_has_no_formula(tmp_path: Path) -> None:
    made = town_of(
        '[[interest]]\nmethod = "tiered_annual"\nday_count = "actual/365"\ntiers = [{ rate = "8%" }]\n'
        '[[interest]]\nmethod = "flat"\nrate = "5%"\n[[penalty]]\nmethod = "year_end"\nrate = "6%"\nthreshold = "100.00"\n',
        tmp_path,
    )
    assert [one.what for one in made.refused] == ["TOWN_PENALTY"]
    assert differences(made, list(cases(made, 100, days=20)), tmp_path) == []


GRACES = {
    "days following": 'counted = "days_following"\ndays = 15\nlate_bill_days = 30\nlate_bill_if_after = "11-02"',
    "business days": 'counted = "business_days_following"\ndays = 7',
    "months": 'counted = "months"\nmonths = 1\nmonth_ends = "day_before"\nlate_bill_days = 20\nlate_bill_to = "month_start"',
    "listed, into the next year": 'counted = "fixed"\nfixed = [{ due = "11-30", last = "01-05" }, { due = "08-31", last = "08-31" }, { due = "02-29", last = "04-01" }]\nroll = false',
    "none": 'counted = "none"\nroll = false\nlate_bill_days = 14\nlate_bill_due = ["08-31"]',
}  # fmt: skip


@pytest.mark.parametrize("grace", GRACES.values(), ids=GRACES)
def test_every_kind_of_grace_gives_the_days_of_xltax(grace: str, tmp_path: Path) -> None:
    rules = '[[interest]]\nmethod = "per_month_or_part"\nrate = "1% per month"\ncounted_from = "delinquent"\n'
    made = town_of(rules, tmp_path, f"[[grace]]\n{grace}\n")
    assert differences(made, list(cases(made, 300, days=30)), tmp_path) == []


def test_the_offices_own_closed_and_open_days_move_a_last_day(tmp_path: Path) -> None:
    """Saturday, August 10, 2024 is the last free day. The office works on it, and it is closed on Friday, August 1, 2025."""
    table = Table.made(
        CLOSED_DAYS,
        [
            {ClosedDay.date: dt.date(2024, 8, 10), ClosedDay.office: "Open"},
            {ClosedDay.date: dt.date(2025, 2, 10), ClosedDay.office: "Closed"},
        ],
    )
    made = of_town(load("us-nj-colts-neck"), TODAY, table)
    asked = [("TOWN_LAST_DAY", (day, None)) for day in (dt.date(2024, 8, 1), dt.date(2025, 2, 1))]
    found = [dt.date(1899, 12, 30) + dt.timedelta(days=int(str(v)[:5])) for v in figures(made, asked, tmp_path)]
    assert found == [dt.date(2024, 8, 10), dt.date(2025, 2, 11)]
    tried = [case for case in cases(made, 60, days=10) if "LAST_DAY" in case.formula.named.name]
    assert differences(made, tried, tmp_path) == []


def test_what_was_typed_wrong_gives_no_figure(tmp_path: Path) -> None:
    made = of_town(load("us-nj-colts-neck"), TODAY)
    due, paid = dt.date(2025, 2, 1), dt.date(2025, 2, 5)  # in grace: a figure would be zero
    wrong = [
        (None, due, paid, None),
        (True, due, paid, None),
        (100.005, due, paid, None),
        (-1, due, paid, None),
        (10_000_000.01, due, paid, None),
        (100, None, paid, None),
        (100, "2/1/2025", paid, None),
        (100, dt.date(2005, 12, 31), paid, None),
        (100, due, dt.date(2032, 1, 1), None),
        (100, due, None, None),
    ]
    found = figures(made, [("TOWN_INTEREST", row) for row in wrong], tmp_path)
    assert found == [REFUSED] * len(wrong)
    assert figures(made, [("TOWN_INTEREST", (100, due, paid, None))], tmp_path) == [0]


def test_an_amount_of_nothing_and_a_day_the_law_does_not_list_give_no_zero(tmp_path: Path) -> None:
    """Baltimore lists July 1 and December 1. A discount on $0.00 is zero there, and on another due date it is not available."""
    made = of_town(load("us-md-baltimore-city"), TODAY)
    due, other, late = dt.date(2024, 7, 1), dt.date(2024, 7, 16), dt.date(2026, 3, 31)
    for name in ("TOWN_DISCOUNT_CITY", "TOWN_INTEREST_CITY", "TOWN_PENALTY_CITY"):
        calls = [
            (name, (0, due, late)),
            (name, (0, other, late)),
            (name, (None, due, late)),
            (name, (5.001, due, late)),
        ]
        assert figures(made, calls, tmp_path) == [0, REFUSED, REFUSED, REFUSED]


# ---- published figures -------------------------------------------------------------------------------------------------

_PLAIN = {"due", "amount", "levy_year", "levy_type", "part", "inst"}


def published() -> dict[str, list[tuple[state_cases.Case, state_cases.Row, state_cases.Row]]]:
    """The published figures of one unpaid installment under a shipped law, by town: the case, the charge and its line."""
    found: dict[str, list[tuple[state_cases.Case, state_cases.Row, state_cases.Row]]] = {}
    for case in state_cases.every_case():
        if case.law or case.payments or case.adjustments or any(set(charge) - _PLAIN for charge in case.charges):
            continue
        for line in case.wanted:
            charges = [c for n, c in enumerate(case.charges, 1) if line.get("inst", n) == c.get("inst", n)]
            if len(charges) == 1 and "bill" not in line and "part" not in line and charges[0]["due"].year >= 2010:
                found.setdefault(case.town or case.state, []).append((case, charges[0], line))
    return found


def test_the_formulas_give_the_published_figures(tmp_path: Path) -> None:
    """Figures that a State, a town or a court printed, in cells without an add-in."""
    shown = 0
    for town, lines in published().items():
        made = of_town(load(town), TODAY)
        asked, wanted = [], []
        for case, charge, line in lines:
            slot = charge.get("levy_type", "RE"), charge.get("part", "")
            for formula in made.formulas:
                covers = [(s.levy_type, s.part) for s in (formula.slot, *formula.also)]
                if formula.component in line and slot in covers:
                    given = {
                        "amount": to_cents(charge["amount"]) / 100,
                        "due_date": charge["due"],
                        "paid_on": line["on"],
                        "levy_year": charge.get("levy_year", charge["due"].year),
                    }
                    asked.append((formula.named.name, [given.get(name) for name, _ in formula.named.arguments]))
                    wanted.append((case.id, line["on"], to_cents(line[formula.component]) / 100))
        found = figures(made, asked, tmp_path)
        assert [(*w[:2], value) for w, value in zip(wanted, found, strict=True)] == wanted
        shown += len(wanted)
    assert shown >= 100


def test_a_formula_is_never_asked_for_a_town_it_was_not_made_for(tmp_path: Path) -> None:
    """The same cases with another town's law differ: the comparison can fail."""
    made = of_town(load("us-nj-colts-neck"), TODAY)
    other = of_town(load("us-ct"), TODAY)
    tried = [case for case in cases(made, 60, days=10) if case.formula.named.name == "TOWN_INTEREST"]
    changed = [replace(case, cells=case.cells[:3]) for case in tried]
    assert len(differences(other, changed, tmp_path)) > 10
