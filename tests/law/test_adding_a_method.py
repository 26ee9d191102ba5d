"""A method of interest nobody here has seen, declared in this file alone: figures, Explain, words, help and Rules follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from xltax.law.help import settings_help
from xltax.law.interest import INTEREST_METHODS, Interest
from xltax.law.interest.method import COMPONENT, PLACED
from xltax.law.interest.terms import PERIODS, Terms
from xltax.law.load import check
from xltax.law.params import RATE, choice, percent, setting
from xltax.law.profile import Profile
from xltax.law.table import from_frame, to_frame
from xltax.ledger import jit, replay
from xltax.ledger.lawbook import too_exact
from xltax.ledger.replay import Facts


@dataclass(frozen=True)
class FullWeeks(Interest):
    """Simple interest for each full week late."""

    method = "full_weeks"
    unit = "full weeks"

    rate: Fraction = setting(RATE, "the rate for one full week")
    days: str = setting(choice("5", "7"), "the days in a week of this town", "7")
    component: str = setting(COMPONENT, PLACED, "interest")

    def terms(self) -> Terms:
        return Terms(clock=PERIODS, rates=(self.rate,), period=int(self.days))

    def rate_words(self, tier: int) -> str:
        return f"{percent(self.rate)} a week"

    def words(self) -> str:
        return f"Interest: {percent(self.rate)} of the unpaid tax for each full week late."


LAW = """
id = "us-zz-weeks"
[[levy]]
per = 100
cite = [{ title = "made up" }]
[[installments]]
due = ["03-03"]
split = "equal"
odd_cent = "first"
cite = [{ title = "made up" }]
[[grace]]
counted = "none"
roll = false
cite = [{ title = "made up" }]
[[interest]]
method = "full_weeks"
rate = "0.5%"
cite = [{ title = "Town Code 7" }]
[[allocation]]
group = "parcel"
order = [{ pay = ["costs", "penalty", "interest", "tax"] }]
leftover = "next_installment"
cite = [{ title = "made up" }]
[[office]]
holidays = "OH"
cite = [{ title = "made up" }]
"""
DUE = dt.date(2025, 3, 3)


@pytest.fixture
def town(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Profile:
    monkeypatch.setitem(INTEREST_METHODS, FullWeeks.method, FullWeeks)
    path = tmp_path / "weeks.toml"
    path.write_text(LAW, encoding="utf-8")
    profile, notes = check(path)
    assert (profile is not None, notes) == (True, [])
    return profile


def ledger(town: Profile, days: int) -> replay.Ledger:
    charge = {
        "Bill": "1",
        "Account": "A",
        "Levy Year": 2025,
        "Levy Type": "RE",
        "Inst": 1,
        "Due": DUE,
        "Amount": "1000.00",
    }
    return replay.replay(Facts.read(pd.DataFrame([charge])), town, DUE + dt.timedelta(days=days), explain=True)


# 0.5% of 1,000.00 is 5.00 a week.
@pytest.mark.parametrize(("days", "interest"), [(6, 0), (7, 5_00), (13, 5_00), (14, 10_00), (365, 52 * 5_00)])
def test_its_figures(town: Profile, days: int, interest: int) -> None:
    assert ledger(town, days).balances.iloc[0]["Interest"] == interest


def test_the_compiled_kernel_gives_the_same_figure(town: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    assert jit.compiled() is not None
    monkeypatch.setattr(jit, "worth_compiling", lambda _events: True)
    assert ledger(town, 27).balances.iloc[0]["Interest"] == 15_00


def test_explain_shows_it(town: Profile) -> None:
    (row,) = ledger(town, 20).periods.to_dict("records")
    assert (row["Count"], row["Unit"], row["Rate"], row["Amount"]) == (2, "full weeks", "0.5% a week", 10_00)
    assert row["Rule"] == "Interest: 0.5% of the unpaid tax for each full week late."
    assert row["Citation"] == "Town Code 7"


def test_its_settings_are_in_the_help(town: Profile) -> None:
    said = settings_help()
    assert '`method = "full_weeks"`: Simple interest for each full week late.' in said
    assert '| `days` | one of "5", "7" | 7 | the days in a week of this town |' in said


def test_the_rules_sheet_keeps_it(town: Profile) -> None:
    again = from_frame(to_frame(town))
    assert again.rule(Interest, DUE).params == town.rule(Interest, DUE).params


def test_a_law_without_it_names_the_methods_there_are(tmp_path: Path) -> None:
    path = tmp_path / "weeks.toml"
    path.write_text(LAW, encoding="utf-8")
    profile, said = check(path)
    assert profile is None
    assert "'full_weeks' is not a method of interest" in str(said)
    assert ", ".join(INTEREST_METHODS) in str(said)


@pytest.mark.parametrize(
    "member", [Interest.terms, Interest.rate_words, Interest.unit.fget, Interest.words], ids=lambda f: f.__name__
)
def test_every_method_answers_for_itself(member: Callable[..., object]) -> None:
    for method in INTEREST_METHODS.values():
        assert member.__name__ in vars(method), f"{method.__name__} has no {member.__name__} of its own"


def test_periods_of_a_day_are_counted_for_a_century_before_a_rate_is_taken() -> None:
    # 30001/100000000 for 36,500 days of 10,000,000,000 cents is more than a whole number of 64 bits holds.
    daily = {"method": "per_period_capped", "days": 1, "component": "interest", "cite": [{"title": "made up"}]}
    assert too_exact(_with(daily | {"rate": "0.030001%", "most": 36_500}))
    assert not too_exact(_with(daily | {"rate": "0.030001%", "most": 1_000}))


def _with(interest: dict[str, object]) -> Profile:
    from xltax.law.load import read_rule

    return Profile("t", "T", (read_rule("interest", interest, "t"),))
