"""Late items of a closed month, and the line "as closed on" of a statement."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.office.test_state_forms import LIENS
from tests.office.test_statements import Office
from xltax.actions import control, statements, year
from xltax.actions.desk import Desk
from xltax.pages import Grid, Page, Text

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")

D = dt.date


@pytest.fixture(scope="module")
def it(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """February is printed. Then come a payment with a postmark of January, an abatement of February, and a payment of March."""
    it = Office(tmp_path_factory.mktemp("late") / "nj.xlsx", "us-nj-colts-neck", 2025, LIENS, D(2025, 1, 2))
    it.do(year.bill, 2024, "RE=1.000", mailed=D(2025, 1, 5), today=D(2025, 1, 5), no_prior_tax=True)
    it.do(year.bill, 2025, "RE=2.000", mailed=D(2025, 1, 10), today=D(2025, 1, 10), no_prior_tax=True)
    it.pay(D(2025, 2, 3), ("6", "500.00", D(2025, 2, 3)))
    it.pay(D(2025, 2, 5), ("7", "400.00", D(2025, 1, 31)))  # late, but no month was closed
    it.do(statements.month_report, D(2025, 2, 28))
    it.pay(D(2025, 3, 4), ("5", "300.00", D(2025, 1, 30)))
    it.pay(D(2025, 3, 5), ("4", "300.00", D(2025, 3, 5)))
    it.change(D(2025, 3, 6), ("A-1", "2025-3", "Abatement", "25.00"))
    it.do(statements.month_report, D(2025, 3, 31))
    return it


def the_page(it: Office, end: str) -> Page:
    return it.pages[f"Collector's monthly report {end}"][0]


def late(page: Page) -> list[tuple[object, ...]]:
    return next((list(b.rows) for b in page.blocks if isinstance(b, Grid) and "Of a closed month" in b.headers), [])


def test_a_late_item_names_its_closed_month(it: Office) -> None:
    assert late(the_page(it, "2025-02-28")) == []
    (row,) = late(the_page(it, "2025-03-31"))
    assert row[2:] == (D(2025, 1, 30), D(2025, 3, 4), "January 2025", 300_00)
    parts = {p.title: p.rows for p in control._exceptions(Desk.of(it.opened()), D(2025, 3, 31))}
    assert [r[4] for r in parts["Late items of a closed month"]] == ["January 2025"]


def test_an_adjustment_of_a_locked_month_is_late(it: Office, tmp_path: Path) -> None:
    from xltax.actions import adjusting, periods

    other = it.copied(tmp_path / "locked.xlsx")
    other.do(periods.lock_period, D(2025, 4, 30))
    other.do(
        adjusting.adjust,
        "2025-2",
        "Abatement",
        10_00,
        "fire",
        "R-1",
        "Council",
        inst=3,
        effective=D(2025, 4, 2),
        today=D(2025, 5, 2),
    )
    parts = {p.title: p.rows for p in control._exceptions(Desk.of(other.opened()), D(2025, 5, 31))}
    assert [(r[1], r[4]) for r in parts["Late items of a closed month"]] == [
        ("Payment", "January 2025"),
        ("Abatement", "April 2025"),
    ]


def test_a_statement_says_what_the_one_before_closed_with(it: Office) -> None:
    """Seven bills of 2024, 1,000.00 each, less the tax of 2024 that was paid in February, were open on February 28."""

    def said(end: str) -> list[str]:
        texts = (b.text for b in the_page(it, end).blocks if isinstance(b, Text))
        return [text for text in texts if text.startswith("As closed on")]

    cash = it.read("CashBook")
    paid = cash.loc[(cash["Levy Year"] == 2024) & (cash["Recorded"] < D(2025, 3, 1)), "Tax"].sum()
    assert 800 < paid < 900, "900.00 less interest"
    left = f"${7000 - paid:,.2f}"
    assert said("2025-03-31") == [
        f"As closed on Feb 28, 2025 in statement No. 1: {left}. Opening balances here: {left}. Difference: $0.00."
    ]
    assert not said("2025-02-28")
