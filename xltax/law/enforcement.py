"""The lists an office makes, its yearly tasks, and its deadlines, with their amounts, days and months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from xltax.dates import ClosedDays, add_months, month_day_words, on_month_day
from xltax.errors import BadProfile
from xltax.law.params import (
    DAYS,
    FLAG,
    MONEY,
    MONTH_DAY,
    MONTHS,
    TEXT,
    WHOLE,
    YEARS,
    Many,
    Params,
    choice,
    setting,
    whole_between,
)
from xltax.money import Cents, dollars

ROW = choice("installment", "bill", "account", "party")
LEFT_OUT = choice("bankruptcy", "litigation", "agreement")


@dataclass(frozen=True)
class Listing(Params):
    """Unpaid taxes past their last free day: the plain list, on which all other lists are based."""

    method = "plain"

    kind: str = setting(TEXT, "the list's name, such as delinquent")
    title: str = setting(TEXT, "the printed title of the list")
    by: str = setting(ROW, "what each row is; limits are tested on each row", "account")
    levies: tuple[str, ...] = setting(Many(TEXT), "the levy types included; empty: all", ())
    except_levies: tuple[str, ...] = setting(Many(TEXT), "levy types excluded, such as utilities", ())
    months: int = setting(MONTHS, "only taxes due at least this many months before", 0)
    more_than: bool = setting(FLAG, "whether more than that many months are required", False)
    above: Cents = setting(MONEY, "only rows above this amount", 0)
    measured_on: str = setting(choice("tax", "total"), "what is compared with the amount", "total")
    year: str = setting(choice("any", "prior"), "prior: only taxes due before the year of the list", "any")
    flags: tuple[str, ...] = setting(Many(TEXT), "only accounts with one of these flags on the Roll", ())
    classes: tuple[str, ...] = setting(Many(TEXT), "or only accounts of one of these property classes", ())
    without_flags: tuple[str, ...] = setting(Many(TEXT), "accounts with one of these flags are excluded", ())
    without_lien: bool = setting(FLAG, "only bills with no lien in the register", False)
    leaves_out: tuple[str, ...] = setting(Many(LEFT_OUT), "what keeps an account off the list", ())
    columns: tuple[str, ...] = setting(Many(TEXT), "the printed columns; empty: the usual columns", ())
    signed: tuple[str, ...] = setting(Many(TEXT), "who signs the printed list; {collector} is the officer's title", ())
    copies: int = setting(whole_between(0, 20), "how many copies are printed", 1)

    def words(self) -> str:
        parts = [f"one row for each {self.by}"]
        if self.levies:
            parts.append(f"of {', '.join(self.levies)}")
        if self.except_levies:
            parts.append(f"excluding {', '.join(self.except_levies)}")
        if self.months:
            parts.append(f"{'more than' if self.more_than else 'at least'} {self.months} months past due")
        if self.year == "prior":
            parts.append("due before the year of the list")
        if self.above:
            parts.append(f"{self.measured_on} above ${dollars(self.above)}")
        if self.flags or self.classes:
            parts.append("only " + " or ".join((*self.flags, *(f"class {c}" for c in self.classes))))
        if self.without_flags:
            parts.append(f"not {', '.join(self.without_flags)}")
        if self.without_lien:
            parts.append("no lien recorded yet")
        parts += self.more_words()
        if self.leaves_out:
            parts.append(f"excluding accounts in {', '.join(self.leaves_out)}")
        return f"List, {self.title}: {', '.join(p for p in parts if p)}."

    def more_words(self) -> list[str]:
        """What this kind of list adds to the sentence."""
        return []


@dataclass(frozen=True)
class SaleList(Listing):
    """Parcels for a tax sale: by years or dollars in arrears, with the costs of the sale."""

    method = "sale"

    closes: str | None = setting(MONTH_DAY, "only taxes due by the last such date before the sale", None)
    years: int = setting(YEARS, "at least this many levy years in arrears; 0: no such limit", 0)
    either: bool = setting(FLAG, "whether the years alone, or the amount alone, is enough", False)
    cost_fee: str = setting(TEXT, "the fee rule for the cost of the sale", "")
    notice_fee: str = setting(TEXT, "the fee rule for one mailed notice", "")
    notices: int = setting(WHOLE, "mailed notices charged to each parcel", 0)
    again_after: str = setting(
        TEXT, "an account that is late again after this notice is listed regardless of the limits", ""
    )
    again_months: int = setting(MONTHS, "the most months between that notice and the sale", 0)

    def more_words(self) -> list[str]:
        parts = [f"due by the last {month_day_words(self.closes)} before the sale" if self.closes else ""]
        if self.years:
            parts.append(f"{self.years} levy years in arrears" + (" or the amount" if self.either else ""))
        if self.cost_fee:
            parts.append(f"with the {_plain(self.cost_fee)}")
        if self.notice_fee and self.notices:
            parts.append(f"and {self.notices} mailed notices")
        if self.again_after:
            parts.append(f"or late again within {self.again_months} months of a {_plain(self.again_after)}")
        return parts


@dataclass(frozen=True)
class RegisterList(Listing):
    """Open cases of one kind in the Cases register, each with its reason."""

    method = "register"

    register: str = setting(TEXT, "the kind of case, such as Suspense")
    rate_bills: bool = setting(FLAG, "whether the list is sorted by rate bill, each with its total", False)

    def more_words(self) -> list[str]:
        return [f"in the register as {self.register}, with its reason"]


@dataclass(frozen=True)
class DeadlineList(Listing):
    """Taxes close to a time limit or past it."""

    method = "deadline"

    deadline: str = setting(TEXT, "the deadline's name, or time_limit for the end of collection")
    counted_from: str = setting(
        choice("due", "first_due"), "from each installment's due date, or that of the bill's first installment", "due"
    )
    within_months: int = setting(MONTHS, "how many months ahead the list looks", 12)

    def more_words(self) -> list[str]:
        return [f"the end of {_plain(self.deadline)} within {self.within_months} months"]


@dataclass(frozen=True)
class NoticeList(Listing):
    """Accounts that were sent a notice and did not pay within the days given."""

    method = "after_notice"

    notice: str = setting(TEXT, "the notice that must have been sent")
    days: int = setting(DAYS, "days that must have passed since the notice")

    def more_words(self) -> list[str]:
        return [f"{self.days} days after a {_plain(self.notice)} notice"]


@dataclass(frozen=True)
class VehicleList(Listing):
    """Vehicle registrations held and released, party by party."""

    method = "vehicles"

    register: str = setting(TEXT, "the kind of case that records a reported hold", "Vehicle hold")

    def more_words(self) -> list[str]:
        return ["released when the last payment is good by the rule on clearing"]


@dataclass(frozen=True)
class PetitionList(Listing):
    """Accounts in bankruptcy, with taxes due before and after the petition."""

    method = "petition"

    register: str = setting(TEXT, "the kind of case", "Bankruptcy")

    def more_words(self) -> list[str]:
        return ["taxes due by the day of the petition listed apart from later taxes"]


@dataclass(frozen=True)
class CallList(Listing):
    """Whom to call, with the last call and what was promised."""

    method = "calls"

    register: str = setting(TEXT, "the kind of case that holds a promise", "Promise to pay")

    def more_words(self) -> list[str]:
        return ["the largest first, with the last call and the promise"]


LIST_METHODS: dict[str, type[Params]] = {
    c.method: c
    for c in (Listing, SaleList, RegisterList, DeadlineList, NoticeList, VehicleList, PetitionList, CallList)
}


@dataclass(frozen=True)
class Deadline(Params):
    """How long something may take, or must wait."""

    method = "deadline"

    kind: str = setting(TEXT, "what it is for, such as warrant_service")
    days: int = setting(DAYS, "days", 0)
    months: int = setting(MONTHS, "months", 0)
    years: int = setting(YEARS, "years", 0)
    business: bool = setting(FLAG, "whether only days on which the office is open are counted", False)

    def check(self, where: str) -> None:
        if not (self.days or self.months or self.years) or min(self.days, self.months, self.years) < 0:
            raise BadProfile(
                "A deadline needs days, months or years.", where=where, do="Enter at least one of them, above zero."
            )
        if self.business and (self.months or self.years):
            raise BadProfile(
                "Business days cannot be combined with months or years.", where=where, do="Enter days only."
            )

    def words(self) -> str:
        parts = [f"{n} {unit}" for n, unit in ((self.years, "years"), (self.months, "months")) if n]
        parts += [f"{self.days} {'business ' if self.business else ''}days"] if self.days else []
        return f"Deadline, {_plain(self.kind)}: {' and '.join(parts)}."

    def after(self, day: dt.date, closed: ClosedDays | None = None) -> dt.date:
        """The last day of the time that begins on a day; that day itself is not counted."""
        if self.business:
            return (closed or ClosedDays()).open_days(day + dt.timedelta(days=1), self.days)[-1]
        return add_months(day, 12 * self.years + self.months) + dt.timedelta(days=self.days)


@dataclass(frozen=True)
class Task(Params):
    """Something the office does each year on a day, or counted back from an event such as a sale."""

    method = "task"

    kind: str = setting(TEXT, "a short name")
    title: str = setting(TEXT, "what is done")
    on: tuple[str, ...] = setting(Many(MONTH_DAY), "the month and day by which the task must be done", ())
    opens: str | None = setting(MONTH_DAY, "the first day the task can be done", None)
    event: str = setting(TEXT, "the event it is counted from, such as sale", "")
    before: tuple[int, ...] = setting(
        Many(whole_between(0, 400)), "how long before the event the task must be done", ()
    )
    opens_before: int = setting(whole_between(0, 400), "how long before the event the task can start; 0: any time", 0)
    unit: str = setting(choice("days", "calendar_weeks"), "what is counted before the event", "days")
    moved: str = setting(choice("no", "next", "previous"), "where the day moves if the office is closed", "no")

    def check(self, where: str) -> None:
        if bool(self.on) == bool(self.before):
            raise BadProfile('A task needs either "on" or "before", not both.', where=where, do="Enter one of them.")
        if self.before and not self.event:
            raise BadProfile('"before" needs the "event" it is counted from.', where=where)

    def words(self) -> str:
        if self.on:
            when = "by " + ", ".join(month_day_words(d) for d in self.on)
            when += f", from {month_day_words(self.opens)}" if self.opens else ""
        else:
            unit = "days" if self.unit == "days" else "calendar weeks"
            when = f"{', '.join(str(b) for b in self.before)} {unit} before the {_plain(self.event)}"
            when += f", not earlier than {self.opens_before}" if self.opens_before else ""
        moved = {
            "no": "",
            "next": "; if the office is closed, the next business day",
            "previous": "; if the office is closed, the business day before",
        }[self.moved]
        return f"Task: {self.title.rstrip('.')}, {when}{moved}."

    def days(
        self, start: dt.date, end: dt.date, closed: ClosedDays, events: dict[str, dt.date]
    ) -> Iterator[tuple[dt.date, dt.date]]:
        """The first day and the deadline, each time the task is due between two days; empty if its event has no date."""
        for opens, by in (*self._yearly(start.year, end.year), *self._counted_back(events)):
            day = {"no": lambda d: d, "next": closed.next_open, "previous": closed.last_open}[self.moved](by)
            if start <= day <= end or self.event in events:
                yield min(opens, day), day

    def _yearly(self, first: int, last: int) -> Iterator[tuple[dt.date, dt.date]]:
        for year in range(first, last + 1):
            for month_day in self.on:
                by = on_month_day(year, month_day)
                opens = on_month_day(year, self.opens) if self.opens else by
                yield (opens if opens <= by else on_month_day(year - 1, self.opens or month_day)), by

    def _counted_back(self, events: dict[str, dt.date]) -> Iterator[tuple[dt.date, dt.date]]:
        event = events.get(self.event) if self.event else None
        for count in self.before if event else ():
            assert event is not None
            if self.unit == "calendar_weeks":
                sunday = event - dt.timedelta(days=(event.weekday() + 1) % 7 + 7 * count)
                yield sunday, sunday + dt.timedelta(days=6)
            else:
                by = event - dt.timedelta(days=count)
                yield (event - dt.timedelta(days=self.opens_before) if self.opens_before else by), by


def _plain(name: str) -> str:
    return name.replace("_", " ")
