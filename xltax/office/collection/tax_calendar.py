"""The office calendar: dated tasks from the town's rules, also as a file for any calendar program."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping

from xltax.dates import ClosedDays, add_months, month_end
from xltax.errors import BadValue
from xltax.law.calendar import Grace, Installments
from xltax.law.enforcement import Task
from xltax.law.fees import Fee
from xltax.law.profile import Profile
from xltax.law.returns import SalesReturn
from xltax.office.other_levies import sales_returns
from xltax.tables.enforcement import CALENDAR, CalendarDate
from xltax.tables.table import Table

LONGEST = 3 * 366
NAMES = {
    "RE": "real estate", "PP": "personal property", "MV": "motor vehicle", "MVS": "supplemental motor vehicle",
    "ADD": "added assessments", "OMIT": "omitted assessments", "SEWER": "sewer", "WATER": "water", "SOLID": "solid waste",
}  # fmt: skip


def agenda(
    town: Profile, start: dt.date, end: dt.date, closed: ClosedDays, events: Mapping[str, dt.date] | None = None
) -> Table[CalendarDate]:
    """Every due date, last free day and task between two days, in order; events: the day of a sale, counted back from.

    Gives the columns of Calendar. Raises BadValue for an event no task of the town is counted from.
    """
    if not start <= end or (end - start).days > LONGEST:
        raise BadValue(f"A calendar cannot cover {start} to {end}.", where="year", do="Choose one year.")
    events = dict(events or {})
    known = {r.params.event for r in town.all(Task) if r.params.event}
    if unknown := [e for e in events if e not in known]:
        raise BadValue(
            f'This town has no task that is counted from a "{unknown[0]}".', where=unknown[0],
            do=f"Use one of: {', '.join(sorted(known)) or 'none'}.",
        )  # fmt: skip
    rows = [*_due_dates(town, start, end, closed), *_returns(town, start, end, closed)]
    rows += [*_tasks(town, start, end, closed, events), *_fees(town, start, end, closed)]
    rows += [(day, day, f"The {name.replace('_', ' ')}", "", "") for name, day in events.items()]
    by_day = sorted(rows, key=lambda r: (r[1], r[0], r[2]))
    return Table.made(CALENDAR, [dict(zip(CALENDAR.names, row, strict=True)) for row in by_day])


def counted_from(town: Profile, event: str) -> set[str]:
    """The tasks of a town that are counted back from an event, by title."""
    return {r.params.title for r in town.all(Task) if r.params.event == event}


Row = tuple[dt.date, dt.date, str, str, str]


def _tasks(
    town: Profile, start: dt.date, end: dt.date, closed: ClosedDays, events: dict[str, dt.date]
) -> Iterator[Row]:
    for rule in town.all(Task):
        note = "; ".join(a.why for a in rule.assume)
        for opens, by in rule.params.days(start, end, closed, events):
            if rule.covers(by):
                yield opens, by, rule.params.title, rule.authority(), f"Assumed: {note}" if note else ""


def _fees(town: Profile, start: dt.date, end: dt.date, closed: ClosedDays) -> Iterator[Row]:
    """The days on which the law adds fees by itself to unpaid bills."""
    for rule in town.all(Fee):
        back = rule.params.years_after
        for year in range(start.year - back - 1, end.year - back + 1) if rule.params.on else ():
            day = rule.params.day(year, closed)
            if start <= day <= end and rule.covers(day):
                name = rule.params.kind.replace("_", " ")
                yield day, day, f"Charge the fee for {name} on unpaid bills of {year}", rule.authority(), ""


def _due_dates(town: Profile, start: dt.date, end: dt.date, closed: ClosedDays) -> Iterator[Row]:
    """When taxes fall due and the last day without interest, type by type; types that share a day share a line."""
    found: dict[tuple[dt.date, str, str], list[str]] = {}
    types: tuple[str, ...] | list[str]
    for rule in town.all(Installments):
        for year in range(start.year - 3, end.year + 4):
            general, homes = rule.params.due_dates(year), rule.params.for_home().due_dates(year)
            for due in [*general, *(d for d in homes if d not in general)]:
                if not rule.covers(due):
                    continue
                whose = rule.part or ("owner-occupied" if due not in general else "")
                types = tuple(f"{t} {whose}".strip() for t in rule.types or ("",))
                if start <= due <= end:
                    found.setdefault((due, "due", rule.authority()), []).extend(types)
                grace = town.find(Grace, due, rule.types[0] if rule.types else "RE", rule.part)
                last = grace.params.last_free_day(due, closed) if grace else due
                if grace and last != due and start <= last <= end:
                    found.setdefault((last, "last day", grace.authority()), []).extend(types)
    for (day, what, authority), types in found.items():
        names = ", ".join(dict.fromkeys(_named(t) for t in types if t))
        which = f" ({names})" if names else ""
        text = f"Taxes fall due{which}" if what == "due" else f"Last day to pay without interest{which}"
        yield day, day, text, authority, ""


def _returns(town: Profile, start: dt.date, end: dt.date, closed: ClosedDays) -> Iterator[Row]:
    """When each period's sales-tax returns fall due, and their last day without penalty and interest."""
    rules = [(r, r.params) for r in town.all(SalesReturn)]
    months = (end.year - start.year + 1) * 12
    for period in (month_end(add_months(dt.date(start.year - 1, 12, 1), n)) for n in range(-2, months)):
        for rule, params in rules:
            filing = [f.name for f in params.frequencies if period.month in f.ends]
            if not filing or not rule.covers(period):
                continue
            due, kind = params.due(period), rule.types[0] if rule.types else sales_returns.LEVY_TYPE
            grace = town.find(Grace, due, kind, rule.part)
            last = grace.params.last_free_day(due, closed) if grace else due
            whose = f"for {period:%B %Y} ({', '.join(filing)})"
            if start <= due <= end:
                yield due, due, f"Sales-tax returns {whose} fall due", rule.authority(), ""
            if grace and last != due and start <= last <= end:
                yield (
                    last,
                    last,
                    f"Last day for sales-tax returns {whose} without penalty or interest",
                    grace.authority(),
                    "",
                )


def _named(levy: str) -> str:
    """A levy type in words, with its part: "real estate, City part"."""
    kind, _, part = levy.partition(" ")
    return NAMES.get(kind, kind) + (f", {part}" if part == "owner-occupied" else f", {part} part" if part else "")


# ---- the calendar file ---------------------------------------------------------------------------------------------


def ics(table: Table[CalendarDate], office: str, stamped: dt.datetime) -> bytes:
    """The calendar as an .ics file (RFC 5545): an all-day event for each task, from its first day to its last."""
    stamp = f"{stamped:%Y%m%dT%H%M%SZ}"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//xltax//office calendar//EN",
        f"X-WR-CALNAME:{_escaped(office)}",
    ]
    for row in table.to_dict("records"):
        first, last = row[CalendarDate.from_].date(), row[CalendarDate.by].date()
        name = hashlib.sha256(f"{office}|{last}|{row[CalendarDate.task]}".encode()).hexdigest()[:24]
        about = ". ".join(t for t in (row[CalendarDate.authority], row[CalendarDate.note]) if t)
        lines += [
            "BEGIN:VEVENT",
            f"UID:{name}@xltax",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{first:%Y%m%d}",
            f"DTEND;VALUE=DATE:{last + dt.timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(row[CalendarDate.task])}",
            *([f"DESCRIPTION:{_escaped(about)}"] if about else []),
            "TRANSP:TRANSPARENT",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{_escaped(row[CalendarDate.task])}",
            "TRIGGER;RELATED=END:-P8D",
            "END:VALARM",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _escaped(text: str) -> str:
    for old, new in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(old, new)
    return text


def _folded(line: str) -> str:
    """A line of at most 75 octets, the rest on lines that begin with a space."""
    parts, size = [""], 0
    for character in line:
        octets = len(character.encode())
        if size + octets > 75:
            parts.append("")
            size = 1
        parts[-1] += character
        size += octets
    return "\r\n ".join(parts)
