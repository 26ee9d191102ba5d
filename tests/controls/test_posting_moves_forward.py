"""What is recorded is never before the last record, close or statement, nor after today; a wrong clock does not lock the office out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.controls.town import pay, town
from xltax.actions import adjusting, counter, day, periods, statements
from xltax.actions.log_in import user
from xltax.errors import BadValue
from xltax.hosts.files import FilesBook
from xltax.office.controls import recorded_days

D = dt.date


@pytest.fixture
def office(tmp_path: Path) -> FilesBook:
    """Bills of 2024, and one installment paid on February 1."""
    book = FilesBook.open(town(tmp_path))
    pay(book, tmp_path, "1", "1000.00", D(2024, 2, 1), D(2024, 2, 1))
    return book


def _refused(book: FilesBook, folder: Path, today: dt.date) -> str:
    before = len(book.read("CashBook"))
    with pytest.raises(BadValue) as error:
        pay(book, folder, "2", "500.00", min(today, D(2024, 2, 1)), today)
    assert len(book.read("CashBook")) == before
    return str(error.value)


def test_nothing_is_recorded_before_the_last_record_or_after_today(office: FilesBook, tmp_path: Path) -> None:
    said = _refused(office, tmp_path, D(2024, 1, 31))
    assert "Nothing can be recorded on 2024-01-31: the last row of the Cash Book, 2024-02-01, comes after it." in said
    assert "enter the earlier day as Received or Effective" in said
    tomorrow = D.today() + dt.timedelta(days=1)
    assert f"A record of {tomorrow} is after today" in _refused(office, tmp_path, tomorrow)
    assert "Posted 1 payment" in pay(office, tmp_path, "2", "500.00", D(2024, 1, 31), D(2024, 2, 1)), "received before"


def test_adjustments_bills_and_closes_move_forward_too(office: FilesBook, tmp_path: Path) -> None:
    bill = office.read("Duplicate")["Bill"].iloc[0]
    with pytest.raises(BadValue, match="Nothing can be recorded on 2024-01-15"):
        adjusting.adjust(office, bill, "Abatement", 10_00, "flood", "Resolution 1", "Council", today=D(2024, 1, 15))
    with pytest.raises(BadValue, match="is after today"):
        day.close_day(office, on=D.today() + dt.timedelta(days=1))
    day.close_day(office, on=D(2024, 2, 5), empty=True)
    assert "the last closed day, 2024-02-05" in _refused(office, tmp_path, D(2024, 2, 2))


def test_a_signed_statement_stays_as_it_was(office: FilesBook, tmp_path: Path) -> None:
    """The attack: a payment posted with today's date put back into the year whose statement is printed."""
    statements.annual_statement(office, D(2024, 12, 31))
    then = office.read("Statement").to_numpy().tolist()
    said = _refused(office, tmp_path, D(2024, 12, 30))
    assert "the annual statement through 2024-12-31" in said
    assert "The first day that can be recorded is 2025-01-01" in said
    pay(office, tmp_path, "2", "500.00", D(2024, 12, 30), D(2025, 1, 3))
    statements.annual_statement(office, D(2024, 12, 31))
    assert office.read("Statement").to_numpy().tolist() == then


def test_a_report_made_before_its_month_ends_stops_nothing(office: FilesBook, tmp_path: Path) -> None:
    statements.month_report(office, D.today() + dt.timedelta(days=40))
    pay(office, tmp_path, "2", "500.00", D(2024, 2, 2), D(2024, 2, 2))


def test_a_wrong_clock_is_closed_off_and_posting_goes_on(
    office: FilesBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong, today = D(2031, 1, 5), D.today()
    with monkeypatch.context() as clock:
        clock.setattr(recorded_days, "clock", lambda: wrong)
        pay(office, tmp_path, "2", "700.00", D(2024, 2, 2), wrong)
        day.close_day(office, on=wrong, empty=True)
    assert "If 2031-01-05 is wrong, run Close Off Day." in _refused(office, tmp_path, today)
    with pytest.raises(BadValue, match="is not after today"):
        periods.close_off_day(office, D(2024, 2, 1), "Council", "clock")
    with pytest.raises(BadValue, match="runs this task, and cannot approve it"):
        periods.close_off_day(office, wrong, user(), "the clock was set to 2031")
    said = periods.close_off_day(office, wrong, "Resolution 2026-14", "the clock was set to 2031").text
    assert f"1 row recorded on it now count for {today}" in said
    pay(office, tmp_path, "2", "500.00", D(2024, 2, 2), today)
    statements.month_report(office, today)
    assert office.read("Collected")["Total"].sum() == 700 + 500, "the wrong day's money is in this month"
    log = office.read("Log")
    entry = log[log["Action"] == recorded_days.CLOSE_OFF]["What"].iloc[0]
    assert entry == f"{wrong} counts as {today}, approved by Resolution 2026-14: the clock was set to 2031"


def test_a_period_is_locked_and_unlocked(office: FilesBook, tmp_path: Path) -> None:
    periods.lock_period(office, D(2024, 3, 31))
    assert "the period locked through 2024-03-31" in _refused(office, tmp_path, D(2024, 3, 15))
    with pytest.raises(BadValue, match="are locked already"):
        periods.lock_period(office, D(2024, 3, 31))
    with pytest.raises(BadValue, match="Lock a period on its last day or later"):
        periods.lock_period(office, D.today() + dt.timedelta(days=1))
    periods.unlock_period(office, "Council", "a check of March was found")
    pay(office, tmp_path, "2", "500.00", D(2024, 3, 15), D(2024, 3, 15))
    with pytest.raises(BadValue, match="No period is locked"):
        periods.unlock_period(office, "Council", "again")


def test_one_table_is_locked_while_the_others_go_on(office: FilesBook, tmp_path: Path) -> None:
    """At the year's end payments still come in, and nothing is abated any more. What follows by law goes on."""
    bill = office.read("Duplicate")["Bill"].iloc[0]
    given = ("Abatement", 10_00, "flood", "Resolution 1", "Council")
    periods.lock_period(office, D(2024, 12, 31), "Adjustments")
    with pytest.raises(
        BadValue, match="Nothing can be recorded in Adjustments on 2024-03-01: it is locked through 2024-12-31"
    ):
        adjusting.adjust(office, bill, *given, today=D(2024, 3, 1))
    assert "Posted 1 payment" in pay(office, tmp_path, "2", "500.00", D(2024, 3, 1), D(2024, 3, 1))
    receipt = office.read("CashBook")["Receipt"].iloc[-1]
    counter.reverse(office, receipt, "returned unpaid", "returned", D(2024, 3, 2), D(2024, 3, 2))
    assert office.read("Adjustments")["Kind"].tolist() == ["Fee"]
    with pytest.raises(BadValue, match='"Roll" is not a table that can be locked'):
        periods.lock_period(office, D(2024, 12, 31), "Roll")
    with pytest.raises(BadValue, match="No period is locked"):
        periods.unlock_period(office, "Resolution 5", "late appeal")
    periods.unlock_period(office, "Resolution 5", "late appeal", "adjustments")
    adjusting.adjust(office, bill, *given, today=D(2024, 3, 4))
