"""A town nobody here has seen, as one TOML file: the example of docs/adding-a-town.md, loaded from the page itself."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pandas as pd
import pytest

from tests.written.ledger import ledger
from xltax.errors import LawNotEncoded
from xltax.law.help import settings_help
from xltax.law.interest import Interest
from xltax.law.load import check, load
from xltax.law.profile import Profile
from xltax.law.table import from_frame, to_frame
from xltax.ledger.replay import replay
from xltax.money import dollars

PAGE = Path(__file__).parents[2].joinpath("docs", "adding-a-town.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)[1]


@pytest.fixture
def town(tmp_path: Path) -> Profile:
    path = tmp_path / "millbrook.toml"
    path.write_text(EXAMPLE, encoding="utf-8")
    profile, notes = check(path)
    assert profile is not None
    assert notes == []
    return profile


def paid_on(town: Profile, due: dt.date, on: dt.date) -> pd.Series:
    return replay(ledger(f"bill  1  A  due {due} 1,000.00").facts(), town, on).balances.iloc[0]


def test_the_figure_on_the_page(town: Profile) -> None:
    row = paid_on(town, dt.date(2025, 3, 15), dt.date(2025, 6, 20))
    assert f"${dollars(int(row['Total']))}" == "$1,075.00"
    assert "costs $1,075.00" in PAGE
    assert (row["Interest"], row["Penalty"]) == (25_00, 50_00)


def test_free_days_roll_and_the_old_rate(town: Profile) -> None:
    # March 30, 2025 is a Sunday, so the Monday is still free.
    assert paid_on(town, dt.date(2025, 3, 15), dt.date(2025, 3, 31))["Total"] == 1_000_00
    assert paid_on(town, dt.date(2025, 3, 15), dt.date(2025, 4, 1))["Total"] == 1_050_00
    assert paid_on(town, dt.date(2013, 3, 15), dt.date(2014, 3, 15))["Interest"] == 80_00


def test_its_words_read_as_english(town: Profile) -> None:
    words = {(r.name, r.sort, r.start.year): r.words() for r in town.rules}
    assert words["interest", "interest", 2015] == (
        "Interest: 10% a year on everything. Time is counted in whole months. Counted from the due date. Rounded to the cent "
        "for each installment when an amount is quoted or paid. (From 2015-01-01)"
    )
    assert (
        words["interest", "penalty", 2000]
        == "Penalty: 5% of the unpaid tax, once, when the tax becomes delinquent. (From 2000-01-01)"
    )
    assert words["installments", "", 1].startswith("Payable March 15, September 15 in equal parts.")
    assert words["grace", "", 1].startswith(
        "No interest if paid within 15 days after the due date; if the office is closed that day, by the next"
    )


def test_it_is_a_rule_table_too(town: Profile) -> None:
    assert from_frame(to_frame(town)) == town


def test_a_date_before_its_law_is_refused(town: Profile) -> None:
    with pytest.raises(
        LawNotEncoded, match=r"Millbrook Junction \(made up\) has no interest rule for RE on 1999-12-31"
    ):
        town.rule(Interest, dt.date(1999, 12, 31), sort="")


def test_the_same_file_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(EXAMPLE, encoding="utf-8")
    assert load(str(path)).id == "us-zz-millbrook-junction"
    path.write_text(EXAMPLE.replace('"10%"', '"11%"'), encoding="utf-8")
    changed = load(path).rule(Interest, dt.date(2020, 1, 1), sort="interest")
    assert "11% a year" in changed.words(), "a changed file is read again"


def test_the_list_of_settings_is_current() -> None:
    assert PAGE.endswith("-->\n" + settings_help()), "make it again: python -m xltax.law.help"
