"""`xltax town check` tries bills mailed late: a schedule whose total would then fall is refused there, not by a collector's first figure."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.written import ledger as written
from tests.written.ledger import day
from xltax.cli import main
from xltax.errors import TaxError
from xltax.law.load import load, shipped
from xltax.ledger.late_bills import broken_by_late_bills
from xltax.ledger.replay import replay

RISES = '{ at = "delinquent", total = "2%" }, { on = "10-01", total = "5%" }'
"""Due June 1: 2% when it becomes delinquent, 5% in all from October 1. A bill delinquent only in November would fall from 5% to 2%."""
ADDS = '{ at = "delinquent", add = "2%" }, { on = "10-01", add = "5%" }'
MONTHS = '{ after_months = 1, total = "2%" }, { after_days_late = 10, total = "1%" }'


def town(folder: Path, late: str, steps: str = RISES, more: str = "") -> Path:
    path = folder / "town.toml"
    path.write_text(
        'id = "us-zz-town"\n[[installments]]\ndue = ["06-01", "12-01"]\nsplit = "equal"\n'
        f'[[grace]]\ncounted = "none"\nroll = false\n{late}\n'
        f'[[interest]]\nmethod = "schedule"\nsteps = [{steps}]\n{more}'
        '[[allocation]]\ngroup = "parcel"\norder = [{ pay = ["costs", "interest", "penalty", "tax"] }]\n',
        encoding="utf-8",
    )
    return path


LATE = "late_bill_days = 30\n"
BREAKS = [
    (LATE, RISES, "2024-09-01", "2024-10-02"),  # mailed September 1: free through October 1, and delinquent on the 2nd
    (
        LATE + 'late_bill_to = "month_start"',
        RISES,
        "2024-09-01",
        "2024-11-01",
    ),  # 30 days end October 1, and the month with October 31
    (LATE + 'late_bill_if_after = "10-15"', RISES, "2024-10-15", "2024-11-15"),
    (LATE + 'late_bill_due = ["06-01"]', RISES, "2024-09-01", "2024-10-02"),
    (LATE, MONTHS, "2024-05-23", "2024-06-23"),
]


@pytest.mark.parametrize(("late", "steps", "mailed", "delinquent"), BREAKS)
def test_a_schedule_that_a_bill_mailed_late_would_break_is_refused(
    late: str, steps: str, mailed: str, delinquent: str, tmp_path: Path
) -> None:
    path = town(tmp_path, late, steps)
    done = CliRunner().invoke(main, ["town", "check", str(path)])
    assert done.exit_code == 2
    [said] = broken_by_late_bills(load(path))
    assert said in done.stderr
    assert said.startswith("town.toml: interest[1].steps: The total ")
    assert f"if the bill is mailed {mailed}: the tax is then delinquent only on {delinquent}." in said


def test_the_sentence_names_a_bill_that_the_ledger_refuses(tmp_path: Path) -> None:
    """The first mailing day that breaks the steps, and the day before it, which does not."""
    profile = load(town(tmp_path, LATE))
    [said] = broken_by_late_bills(profile)
    assert "if the bill is mailed 2024-09-01: the tax is then delinquent only on 2024-10-02." in said
    text = "bill  1  1  due 2024-06-01 1,000.00  mailed {}"
    facts = written.ledger(text.format("2024-08-31")).facts()
    assert replay(facts, profile, day("2024-10-01")).balances["Penalty"].tolist() == [50_00], (
        "free through September 30"
    )
    with pytest.raises(TaxError, match="The total falls from 5% to 2% on 2024-10-02"):
        replay(written.ledger(text.format("2024-09-01")).facts(), profile, day("2024-12-31"))


FINE = [
    ("", RISES),  # no rule on bills mailed late
    (LATE + 'late_bill_interest = "late_day"', RISES),  # October 1 is then the first one after the late day
    (
        LATE + 'late_bill_due = ["12-01"]',
        '{ at = "delinquent", total = "2%" }, { on = "03-01", years = 2, total = "5%" }',
    ),
    (LATE, ADDS),  # what is added never falls
    (LATE, '{ at = "delinquent", total = "2%", then = "1%" }, { after_days_late = 40, total = "8%" }'),
]


@pytest.mark.parametrize(("late", "steps"), FINE)
def test_a_schedule_that_holds_for_every_mailing_day_is_not_refused(late: str, steps: str, tmp_path: Path) -> None:
    assert broken_by_late_bills(load(town(tmp_path, late, steps))) == []


def test_the_rules_of_a_class_a_part_and_the_last_installment_are_tried_too(tmp_path: Path) -> None:
    good = '[[interest]]\nmethod = "schedule"\nsteps = [{ at = "delinquent", total = "1%" }]\n'
    for selector in ('classes = ["farm"]', 'part = "Fire"', 'types = ["PP"]', 'tax_above = "500.00"'):
        path = town(tmp_path, LATE, more=f"{selector}\n{good}")
        [said] = broken_by_late_bills(load(path))
        assert "interest[1].steps" in said, selector
    steps = '{ at = "last_installment", total = "2%" }, { on = "02-01", total = "5%" }'
    [said] = broken_by_late_bills(load(town(tmp_path, LATE, steps)))
    assert "falls from 5% to 2%" in said


@pytest.mark.parametrize("id_", [id_ for id_ in shipped() if id_ not in ("us-mn-county", "us-tx-county")])
def test_no_shipped_schedule_breaks(id_: str) -> None:
    """Minnesota and Texas have 99 schedules and a rule for late mailing: their counties have the State's rules, tried once."""
    assert broken_by_late_bills(load(id_)) == []
