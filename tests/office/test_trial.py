"""`xltax town try`: what an unpaid bill costs on twenty telling days, for a collector to compare with a printed bill."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from tests.books.one_book import OneBook
from tests.office.runs_town import small_law
from xltax.cli import main
from xltax.faces.new import new_book
from xltax.hosts.files import FilesBook
from xltax.law.calendar import Installments
from xltax.law.interest import Interest
from xltax.law.load import load, shipped
from xltax.law.profile import Profile
from xltax.office.quotes import trial
from xltax.office.quotes.trial import Trial, TrialDay

D = dt.date
TOWN = small_law("tried", "OH", """[[installments]]
due = ["03-14"]
split = "equal"
""", per=100)  # fmt: skip


def tried(town: Profile, year: int, amount: int = 1_000_00) -> Trial:
    (one,) = trial.trials(town, year, amount)
    return one


def by_day(one: Trial) -> dict[dt.date, TrialDay]:
    return {d.day: d for d in one.days}


@pytest.fixture
def town(tmp_path: Path):  # type: ignore[no-untyped-def]
    def make(more: str) -> Profile:
        path = tmp_path / "town.toml"
        path.write_text(TOWN + more, encoding="utf-8")
        return load(path)

    return make


def test_connecticuts_halves_worked_by_hand() -> None:
    """Halves of 500.00, July 1, 2025 and January 1, 2026. 1.5% a month: August 2 two months of the first half, 15.00. February 1, 2026 is a
    Sunday: on the 2nd eight months of the first half, 60.00; on the 3rd also two months of the second, 15.00."""
    one = tried(load("us-ct"), 2024)
    assert [(x.amount, x.due, x.last_free) for x in one.installments] == [
        (500_00, D(2025, 7, 1), D(2025, 8, 1)),
        (500_00, D(2026, 1, 1), D(2026, 2, 2)),
    ]
    days = by_day(one)
    wanted = {D(2025, 7, 31): 0, D(2025, 8, 1): 0, D(2025, 8, 2): 15_00, D(2026, 2, 2): 60_00, D(2026, 2, 3): 75_00}
    assert {day: days[day].interest for day in wanted} == wanted
    assert days[D(2025, 8, 2)].why == "inst. 1: first day late"
    later = days[D(2027, 2, 3)]
    assert later.why == "a year later"
    assert later.total == 1_000_00 + 500_00 * 20 * 15 // 1000 + 500_00 * 14 * 15 // 1000


def test_a_discount_a_face_amount_and_a_penalty_are_columns_of_their_own() -> None:
    """Evans City: 2% to April 30, face to June 30, 10% from July 1."""
    days = by_day(tried(load("us-pa-borough"), 2025))
    assert days[D(2025, 4, 30)] == TrialDay(D(2025, 4, 30), "last day of a discount", 0, 0, 0, 20_00, 980_00)
    assert days[D(2025, 6, 30)].total == 1_000_00
    assert days[D(2025, 7, 1)] == TrialDay(D(2025, 7, 1), "first day late", 0, 100_00, 0, 0, 1_100_00)


def test_a_step_is_found_among_daily_interest(town) -> None:  # type: ignore[no-untyped-def]
    """12% a year by the day on 1,000.00 is 0.33 a day. From June 13, three months after the due date, another 5% is owed at once."""
    one = tried(
        town(
            '[[interest]]\nmethod = "tiered_annual"\ntiers = [{ rate = "12%" }]\nday_count = "actual/365"\n'
            '[[interest]]\nmethod = "per_period_capped"\ncomponent = "penalty"\nrate = "5%"\ndays = 91\nmost = 1\npart_counts = false\n'
        ),
        2025,
    )
    jumps = [d.day for d in one.days if d.why == "a new amount"]
    assert len(jumps) == 1
    days = by_day(one)
    assert [days[jumps[0] + n * dt.timedelta(days=1)].penalty for n in (-1, 0)] == [0, 50_00]
    assert any(d.why == "first of a month" for d in one.days)


def test_a_class_has_its_own_rate(town) -> None:  # type: ignore[no-untyped-def]
    law = town(
        '[[interest]]\nmethod = "flat"\nrate = "8%"\n[[interest]]\nmethod = "flat"\nrate = "4%"\nclasses = ["homestead"]\n'
    )
    late = D(2025, 3, 15)
    for class_, penalty in (("", 80_00), ("homestead", 40_00), ("farm", 80_00)):
        (one,) = trial.trials(law, 2025, 1_000_00, class_=class_)
        assert by_day(one)[late].penalty == penalty


def test_every_part_of_a_bill_has_its_own_table() -> None:
    city, state = trial.trials(load("us-md-baltimore-city"), 2024, 1_000_00)
    assert (city.part, state.part) == ("City", "State")
    first = D(2024, 10, 1)
    assert (by_day(city)[first].interest, by_day(city)[first].penalty) == (10_00, 10_00)
    assert (by_day(state)[first].interest, by_day(state)[first].penalty) == (10_00, 0)


WHOLE = [id_ for id_ in shipped() if load(id_).find(Installments, D(2025, 1, 1)) and load(id_).find(Interest, D(2025, 7, 1))]  # fmt: skip


@pytest.mark.parametrize("id_", WHOLE)
def test_twenty_days_and_eighty_columns_for_every_town(id_: str) -> None:
    for one in trial.trials(load(id_), 2024, 98_765_43):
        assert len(one.days) == 20
        assert [d.day for d in one.days] == sorted({d.day for d in one.days})
        around = {x.last_free + n * dt.timedelta(days=1) for x in one.installments for n in (-1, 0, 1)}
        assert around <= {d.day for d in one.days}
        assert all(
            d.total == sum(x.amount for x in one.installments) + d.interest + d.penalty + d.costs - d.discount
            for d in one.days
        )
        assert max(map(len, trial.lines(one))) <= 80


def test_the_latest_year_is_one_with_a_bill() -> None:
    assert trial.latest_year(load("us-ct"), D(2026, 6, 30)) == 2024, "the list of October 2025 is due July 1, 2026"
    assert trial.latest_year(load("us-ct"), D(2026, 7, 1)) == 2025
    assert trial.latest_year(load("us-nj"), D(2026, 1, 31)) == 2025


# ---- the command -----------------------------------------------------------------------------------------------------


def run(*args: str) -> tuple[int, str, str]:
    said = CliRunner().invoke(main, ["town", "try", *args])
    return said.exit_code, said.stdout, said.stderr


def test_a_file_in_a_folder_with_a_space(tmp_path: Path) -> None:
    folder = tmp_path / "Town of Ash"
    folder.mkdir()
    (folder / "my town.toml").write_text(
        TOWN + '[[interest]]\nmethod = "flat"\ncomponent = "penalty"\nrate = "5%"\n', encoding="utf-8"
    )
    code, out, err = run(str(folder / "my town.toml"), "--year", "2025", "--amount", "2,000.00")
    assert (code, err) == (0, "")
    assert "A bill of $2,000.00, levy type RE, levy year 2025, on which nothing is paid." in out
    assert "Sat 03/15/2025  first day late" in out
    assert "100.00" in next(line for line in out.splitlines() if "first day late" in line)
    assert "2,100.00" in out


def test_a_workbooks_own_rules_and_closed_days_count(tmp_path: Path) -> None:
    """The Rules sheet is the law of a workbook. August 1, 2025 is a Friday; the town closes, and Monday the 4th is free too."""
    it = OneBook(tmp_path / "town.xlsx")
    new_book(it.path, "us-ct", year=2024, as_of=D(2025, 6, 1))

    def close(book: FilesBook) -> str:
        row = {"Date": D(2025, 8, 1), "Office": "Closed", "Reason": "flood"}
        book.replace_rows("ClosedDays", pd.DataFrame([row]))
        return ""

    assert "last free day Fri 08/01/2025" in run(str(it.path), "--year", "2024")[1]
    it.do(close)
    assert "last free day Mon 08/04/2025" in run(str(it.path), "--year", "2024")[1]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["us-ct", "--type", "VILLAGE"], '"VILLAGE" is not a levy type. Use RE, PP'),
        (["us-ct", "--amount", "0"], "must be above zero"),
        (["us-ct", "--amount", "12.345"], "more than two decimals|is not an amount"),
        (["us-ct", "--year", "25"], "25 is not a year"),
        (["us-oz"], '"us-oz" is not a town xltax knows'),
        (["us-pa"], "Pennsylvania has no installments rule for RE"),
    ],
)
def test_what_cannot_be_tried_is_refused_in_words(args: list[str], says: str) -> None:
    code, out, err = run(*args)
    assert (code, out) == (2, "")
    assert re.search(says, err), err
