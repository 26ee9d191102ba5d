"""The office's year from the profile: South Windsor's and Colts Neck's, the days before a sale, and the calendar file."""

from __future__ import annotations

import datetime as dt

import icalendar
import pandas as pd
import pytest

from tests.enforcement.offices import CT, NJ, Office
from xltax.actions import delinquency
from xltax.dates import ClosedDays
from xltax.errors import BadProfile, BadValue
from xltax.law.enforcement import Deadline, Task
from xltax.law.load import load
from xltax.office.collection import tax_calendar

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")
D = dt.date


def year(town: str, of: int, sale: dt.date | None = None) -> pd.DataFrame:
    events = {"sale": sale} if sale else {}
    return tax_calendar.agenda(load(town), D(of, 1, 1), D(of, 12, 31), ClosedDays(town[3:5].upper()), events)


def days(table: pd.DataFrame, word: str) -> list[tuple[dt.date, dt.date]]:
    """From and by of every task whose name has a word."""
    mine = table[table["Task"].str.contains(word, regex=False)]
    return [(a.date(), b.date()) for a, b in zip(mine["From"], mine["By"], strict=True)]


def test_south_windsors_year_as_in_its_policy() -> None:
    table = year(CT, 2025)
    assert days(table, "Mail the bills") == [(D(2025, 6, 24), D(2025, 6, 30))], "the last week of June"
    assert days(table, "supplemental motor vehicle bills") == [(D(2025, 12, 25), D(2025, 12, 31))]
    # By the 10th: August 10, 2025 is a Sunday, so the Friday before; February 10 a Monday.
    assert days(table, "Mail delinquent and demand notices") == [
        (D(2025, 2, 2), D(2025, 2, 10)),
        (D(2025, 8, 2), D(2025, 8, 8)),
    ]
    assert days(table, "Issue alias tax warrants") == [(D(2025, 4, 1),) * 2, (D(2025, 10, 1),) * 2]
    # The first business day of August and of February; February 1, 2025 is a Saturday.
    assert [b for _, b in days(table, "Last day to pay")] == [D(2025, 2, 3), D(2025, 8, 1)]
    assert len(days(table, "Legal notice")) == 2
    assert days(table, "Tax lien sale or tax sale") == [(D(2025, 9, 22), D(2025, 12, 20))]


def test_colts_necks_year() -> None:
    table = year(NJ, 2025)
    assert [b for _, b in days(table, "Taxes fall due (real estate)")] == [
        D(2025, 2, 1), D(2025, 5, 1), D(2025, 8, 1), D(2025, 11, 1),
    ]  # fmt: skip
    # By the 10th; May 10 is a Saturday, August 10 a Sunday.
    assert [b for _, b in days(table, "Last day to pay") if b.month != 6] == [
        D(2025, 2, 10),
        D(2025, 5, 12),
        D(2025, 8, 11),
        D(2025, 11, 10),
    ]
    assert days(table, "Disallowed part)")[0][1] == D(2025, 6, 1), "a deduction found not due is payable June 1"
    assert days(table, "Mail the bills") == [(D(2025, 6, 14), D(2025, 6, 14))]
    assert len(days(table, "Report the month's collections")) == 12
    assert days(table, "annual statement") == [(D(2025, 1, 1), D(2025, 2, 28))], "before the 60th day"
    assert days(table, "not collectible") == [(D(2025, 5, 1), D(2025, 5, 1))]
    assert len(days(table, "clerk's quarterly check")) == 4


def test_days_before_a_sale_in_connecticut() -> None:
    # Between twelve and nine weeks before Wednesday, October 15, 2025.
    assert days(year(CT, 2025, D(2025, 10, 15)), "notices of levy") == [(D(2025, 7, 23), D(2025, 8, 13))]
    assert days(year(CT, 2025), "notices of levy") == [], "no day of sale, nothing to count from"


def test_days_before_a_sale_in_new_jersey() -> None:
    # Once in each of the four calendar weeks, Sunday to Saturday, before the week of Wednesday, October 15.
    assert days(year(NJ, 2025, D(2025, 10, 15)), "Publish the notice") == [
        (D(2025, 9, 14), D(2025, 9, 20)), (D(2025, 9, 21), D(2025, 9, 27)),
        (D(2025, 9, 28), D(2025, 10, 4)), (D(2025, 10, 5), D(2025, 10, 11)),
    ]  # fmt: skip
    sunday = days(year(NJ, 2025, D(2025, 10, 12)), "Publish the notice")
    assert sunday[-1] == (D(2025, 10, 5), D(2025, 10, 11)), "a Sunday begins its week"


def test_a_sale_early_in_the_year_has_its_notices_the_year_before() -> None:
    assert days(year(CT, 2026, D(2026, 1, 20)), "notices of levy") == [(D(2025, 10, 28), D(2025, 11, 18))]


def test_an_unknown_event_and_too_long_a_time_are_refused() -> None:
    with pytest.raises(BadValue, match=r'counted from a "fair".*Use one of: sale'):
        tax_calendar.agenda(load(CT), D(2025, 1, 1), D(2025, 12, 31), ClosedDays(), {"fair": D(2025, 6, 1)})
    with pytest.raises(BadValue, match="Choose one year"):
        tax_calendar.agenda(load(CT), D(2025, 1, 1), D(2035, 12, 31), ClosedDays())


def test_the_calendar_file_reads_back(ct: Office) -> None:
    said = ct.do(delinquency.calendar, 2025, D(2025, 10, 15))
    assert "on the Calendar sheet" in said
    data = ct.beside(".ics").read_bytes()
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    events = list(icalendar.Calendar.from_ical(data).walk("VEVENT"))
    sheet = ct.read("Calendar")
    assert len(events) == len(sheet)
    levy = next(e for e in events if "notices of levy" in e["SUMMARY"])
    assert (levy["DTSTART"].dt, levy["DTEND"].dt) == (D(2025, 7, 23), D(2025, 8, 14)), "the end is the day after"
    assert levy["SUMMARY"] == sheet.loc[sheet["Task"].str.contains("levy"), "Task"].iloc[0], "commas and all"
    assert len({e["UID"] for e in events}) == len(events)


def test_the_file_is_the_same_each_time() -> None:
    stamp = dt.datetime(2025, 1, 1)
    assert tax_calendar.ics(year(CT, 2025), "A, B; \u00e9\u00e9" * 20, stamp) == tax_calendar.ics(
        year(CT, 2025), "A, B; \u00e9\u00e9" * 20, stamp
    )


# ---- deadlines and tasks as rules --------------------------------------------------------------------------------------


def test_deadlines() -> None:
    closed = ClosedDays("CT")
    assert Deadline(kind="x", days=60).after(D(2025, 3, 20)) == D(2025, 5, 19)
    assert Deadline(kind="x", years=2).after(D(2024, 2, 29)) == D(2026, 2, 28)
    # Ten business days after Monday, June 30, 2025: July 4 is a holiday, so July 15.
    assert Deadline(kind="x", days=10, business=True).after(D(2025, 6, 30), closed) == D(2025, 7, 15)


@pytest.mark.parametrize(
    ("kernel", "settings", "says"),
    [
        (Deadline, {"kind": "x"}, "needs days, months or years"),
        (Deadline, {"kind": "x", "days": -1}, "days: -1 is below zero"),
        (Deadline, {"kind": "x", "months": 1, "business": True}, "cannot be combined with months"),
        (Task, {"kind": "x", "title": "y"}, 'either "on" or "before"'),
        (Task, {"kind": "x", "title": "y", "on": ["01-01"], "before": [3], "event": "sale"}, 'either "on" or "before"'),
        (Task, {"kind": "x", "title": "y", "before": [3]}, 'needs the "event"'),
        (Task, {"kind": "x", "title": "y", "on": ["13-01"]}, "is not allowed"),
    ],
)
def test_rules_that_make_no_sense_are_refused(kernel: type, settings: dict[str, object], says: str) -> None:
    with pytest.raises(BadProfile, match=says):
        kernel.read(settings, "here")  # type: ignore[attr-defined]


def test_a_pennsylvania_collectors_statements_have_their_days() -> None:
    """72 P.S. 5511.25: by the tenth of each month; 5511.26: settlement by January 15; 5530: within sixty days of the year's close."""
    table = year("us-pa-borough", 2025)
    assert [by for _, by in days(table, "verified statement of the month before")] == [
        D(2025, m, 10) for m in range(1, 13)
    ]
    assert days(table, "settlement") == [(D(2025, 1, 1), D(2025, 1, 15))]
    assert days(table, "year's report") == [(D(2025, 1, 1), D(2025, 3, 1))]
