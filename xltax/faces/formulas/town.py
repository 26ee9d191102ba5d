"""All named formulas of a town: which it has, the law behind each, and which it cannot have and why."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from xltax.dates import ClosedDays
from xltax.errors import TaxError
from xltax.faces.formulas import amounts, exact, grace
from xltax.faces.formulas.charge import Charge, Charges
from xltax.faces.formulas.helpers import CLOSED, OPENED, P, Years, helpers, strongest
from xltax.faces.formulas.text import Cannot, Named, let
from xltax.law.calendar import Grace, Installments
from xltax.law.discounts import Discount
from xltax.law.interest import Interest, YearEnd
from xltax.law.levy import Added, Levy, Supplement
from xltax.law.params import Params
from xltax.law.profile import Profile, Rule, name_of
from xltax.ledger.facts import closed_days_of
from xltax.tables import ClosedDay
from xltax.tables.table import Table

AMOUNT = ("amount", "The tax, in dollars and cents.")
DUE = ("due_date", "The due date of the tax.")
PAID = ("paid_on", "The day of payment.")
OLDER = ("older_tax", "Older unpaid tax on the same parcel, which fills the lower tier first. Empty: none.")
YEAR = ("levy_year", "The levy year.")
NUMBER = ("number", "Which installment: 1, 2 and so on.")
CHARGED = {
    "interest": "The interest on one amount, if no part of the amount is paid before this day.",
    "penalty": "The penalty on one amount, if no part of the amount is paid before this day.",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """A levy type and part of the town."""

    levy_type: str
    part: str

    @property
    def words(self) -> str:
        return f"{self.levy_type}, {self.part} part" if self.part else self.levy_type

    @property
    def ending(self) -> str:
        """What the name of a formula ends with; nothing for real estate."""
        words = ([] if self.levy_type == "RE" else [self.levy_type]) + ([self.part] if self.part else [])
        return "".join("_" + re.sub(r"[^A-Z0-9]+", "_", word.upper()).strip("_") for word in words)


@dataclass(frozen=True, slots=True)
class Formula:
    """One named formula of the town, the law it follows, and the same figure from xltax."""

    named: Named
    slot: Slot
    rules: tuple[Rule[Params], ...]
    sample: tuple[object, ...]  # arguments of the example
    exact: Callable[..., object]  # the same figure from xltax: cents, or a day
    also: tuple[Slot, ...] = ()  # other types and parts with the same law
    component: str = ""  # interest or penalty
    until: dt.date | None = None  # the first day of payment for which the law has no rate
    except_classes: tuple[str, ...] = ()  # classes of property with a rule of their own


@dataclass(frozen=True, slots=True)
class Refused:
    """A figure that has no formula, and why."""

    what: str
    why: str


@dataclass
class TownFormulas:
    """What the sheet of a town shows."""

    profile: Profile
    years: Years
    closed: ClosedDays
    table: Table[ClosedDay] | None = None
    formulas: list[Formula] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    @cached_property
    def closed_weekdays(self) -> list[dt.date]:
        """The weekdays on which the office is closed."""
        return self.years.closed(self.closed)

    @cached_property
    def open_weekends(self) -> list[dt.date]:
        """The Saturdays and Sundays on which the office is open."""
        return self.years.opened(self.closed)

    @property
    def helpers(self) -> list[Named]:
        """The shared parts that the formulas use."""
        every = helpers(self.years, bool(self.open_weekends))
        known = {one.name: one for one in every}
        used: set[str] = set()
        waiting = [name for f in self.formulas for name in _names_in(f.named.text)]
        while waiting:
            name = waiting.pop()
            if name in known and name not in used:
                used.add(name)
                waiting += _names_in(known[name].text)
        return [one for one in every if one.name in used]

    @property
    def names(self) -> list[Named]:
        """Every named formula of the workbook."""
        return [*self.helpers, *(f.named for f in self.formulas)]


def _names_in(text: str) -> list[str]:
    return re.findall(r"TOWN_[A-Z0-9_]+", text)


def of_town(profile: Profile, day: dt.date, table: Table[ClosedDay] | None = None) -> TownFormulas:
    """The formulas of a town for the years around a day. table: the Closed Days of its workbook."""
    made = TownFormulas(profile, Years.of(profile, day), closed_days_of(profile, day, table), table)
    work = _Work(made)
    work.charges_and_days()
    work.bills()
    return made


class _Work:
    """The formulas of a town, one kind after another."""

    def __init__(self, made: TownFormulas) -> None:
        self.made, self.profile, self.years = made, made.profile, made.years

    # ---- putting them together -----------------------------------------------------------------------------------

    def _slots(self, *kinds: type[Params]) -> list[Slot]:
        """The levy types and parts for which the town has rules of this kind, real estate first."""
        rules = [rule for kind in kinds for rule in self.profile.all(kind)]
        types = sorted({"RE", *(t for rule in rules for t in rule.types)}, key=lambda t: (t != "RE", t))
        parts = sorted({"", *(rule.part for rule in rules)})
        found = [Slot(t, p) for t in types for p in parts]
        return [s for s in found if self.profile.select(kinds[0], s.levy_type, s.part) and self._own_part(rules, s)]

    @staticmethod
    def _own_part(rules: list[Any], slot: Slot) -> bool:
        """Whether a rule names the part for this type: other parts follow the rules of the whole."""
        return not slot.part or any(r.part == slot.part and (not r.types or slot.levy_type in r.types) for r in rules)

    def _add(self, slot: Slot, stem: str, make: Callable[[], Formula | None]) -> None:
        """Adds a formula, joins it to one with the same text, or says why there is none."""
        try:
            formula = make()
        except Cannot as why:
            self._refuse(slot, stem, str(why))
            return
        if formula is None:
            return
        formula = replace(formula, except_classes=self._classes(formula))
        for n, other in enumerate(self.made.formulas):
            if other.named.text == formula.named.text and other.named.name.startswith(f"TOWN_{stem}"):
                self.made.formulas[n] = replace(other, also=(*other.also, slot))
                return
        faults = list(formula.named.faults(self._known() | {formula.named.name}))
        if faults:
            self._refuse(slot, stem, f"the formula would be more than Excel takes: {'; '.join(faults)}")
            return
        self.made.formulas.append(formula)

    def _refuse(self, slot: Slot, stem: str, why: str) -> None:
        what = f"TOWN_{stem}{slot.ending}"
        for n, other in enumerate(self.made.refused):
            if other.why == why:
                self.made.refused[n] = Refused(f"{other.what}, {what}", why)
                return
        self.made.refused.append(Refused(what, why))

    def _known(self) -> frozenset[str]:
        names = {one.name for one in helpers(self.years, True)} | {f.named.name for f in self.made.formulas}
        return frozenset(names | {CLOSED, OPENED})

    # ---- last days, interest and penalty ---------------------------------------------------------------------------

    def charges_and_days(self) -> None:
        """Interest, penalty, the last day and the discount of each levy type and part."""
        slots = self._slots(Interest, Grace)
        for slot in slots:
            self._add(slot, "LAST_DAY", lambda slot=slot: self._last_day(slot))  # type: ignore[misc]
        for component in ("interest", "penalty"):
            for slot in slots:
                self._add(slot, component.upper(), lambda slot=slot, c=component: self._charge(slot, c))  # type: ignore[misc]
        for slot in self._slots(Discount):
            self._add(slot, "DISCOUNT", lambda slot=slot: self._discount(slot))  # type: ignore[misc]
        if rules := self._rules(YearEnd):
            self._add(Slot("RE", ""), "YEAR_END_PENALTY", lambda: self._year_end(rules))

    def _days(self, slot: Slot) -> tuple[grace.LastDays, tuple[Rule[Grace], ...]]:
        days = grace.last_days(self.profile, slot.levy_type, slot.part, self.years.first)
        return days, self._rules(Grace, slot.levy_type, slot.part)

    def _last_day(self, slot: Slot) -> Formula:
        days, rules = self._days(slot)
        steps = [("due", "TOWN_DAY(due_date)"), ("last_day", days.nominal), ("free", days.free)]
        arguments = [DUE]
        if days.late:
            # Some programs pass zero for an empty cell.
            steps.append(("sent", 'IF(OR(mailed_on="",mailed_on=0),0,TOWN_DAY(mailed_on))'))
            arguments.append(("mailed_on", "The day the bill was mailed, if it was mailed late. Empty: on time."))
        named = self._named(
            slot,
            "LAST_DAY",
            arguments,
            let(steps, days.late or "free"),
            "The last day to pay without interest, with weekends and holidays.",
        )
        due = self._a_due_date(slot)

        def figure(due: dt.date, mailed: dt.date | None = None) -> dt.date:
            return exact.last_day(self.profile, self.made.closed, due, mailed, slot.levy_type, slot.part)

        return Formula(named, slot, rules, (due, None)[: len(arguments)], figure)

    def _charge(self, slot: Slot, component: str) -> Formula | None:
        days, rules = self._days(slot)
        known = grace.every_due_date(rules, self.years, self.made.closed)
        made = Charges(self.profile, slot.levy_type, slot.part, self.years.first, known).charge(component)
        if made is None:
            return None
        steps = [
            ("cents", "TOWN_CENTS(amount)"),
            ("due", "TOWN_DAY(due_date)"),
            ("paid", "TOWN_DAY(paid_on)"),
            ("last_day", days.nominal),
            ("free", days.free),
        ]
        arguments = [AMOUNT, DUE, PAID]
        if made.asks_older:
            arguments.append(OLDER)
            steps.append(("older", 'IF(older_tax="",0,TOWN_CENTS(older_tax))'))
        if made.asks_year:
            arguments.append(YEAR)
            steps.append(amounts.levy_year(self.years))
        # An amount that is refused must not end as the zero of a payment in time.
        text = let(steps, f"IF(AND(free>0,cents=0),0,{made.text})/100")
        named = self._named(slot, component.upper(), arguments, text, CHARGED[component])
        return Formula(
            named, slot, made.rules, self._charge_sample(slot, made), self._exact_charge(slot, component, made),
            component=component,
            until=made.until,
        )  # fmt: skip

    def _charge_sample(self, slot: Slot, made: Charge) -> tuple[object, ...]:
        due = self._a_due_date(slot)
        more = ([0] if made.asks_older else []) + ([due.year] if made.asks_year else [])
        return (1000_00, due, min(due + dt.timedelta(days=200), self.years.last), *more)

    def _exact_charge(self, slot: Slot, component: str, made: Charge) -> Callable[..., object]:
        which = ("interest", "penalty").index(component)

        def figure(amount: int, due: dt.date, paid: dt.date, *more: Any) -> int:
            older = more[0] or 0 if made.asks_older else 0
            year = more[-1] if made.asks_year else None
            row = [(amount, due, older, year)]
            return exact.charges(self.profile, row, paid, slot.levy_type, slot.part, self.made.table)[0][which]

        return figure

    def _classes(self, formula: Formula) -> tuple[str, ...]:
        """The classes of property that have a rule of their own, which the formula does not follow."""
        kinds = {(rule.name, rule.sort) for rule in formula.rules}
        if formula.component:
            kinds.add((name_of(Grace), ""))
        found = [
            rule.only
            for rule in self.profile.rules
            if (rule.name, rule.sort) in kinds
            and rule.end > self.years.first
            and (not rule.types or formula.slot.levy_type in rule.types)
        ]
        return tuple(sorted({c for only in found for c in (*only.classes, *only.except_classes)}))

    def _discount(self, slot: Slot) -> Formula | None:
        rules = self._rules(Discount, slot.levy_type, slot.part)
        if not any(r.params.rate or r.params.steps or r.params.by_due for r in rules):
            return None
        days, _ = self._days(slot)
        steps = [
            ("cents", "TOWN_CENTS(amount)"),
            ("due", "TOWN_DAY(due_date)"),
            ("paid", "TOWN_DAY(paid_on)"),
            ("last_day", days.nominal),
            ("free", days.free),
        ]
        text = let(steps, f"IF(AND(free>0,cents=0),0,{amounts.discount(rules, self.years)})/100")
        about = "What a payment of the whole amount saves, if it earns the discount and the bill was mailed on time."
        named = self._named(slot, "DISCOUNT", [AMOUNT, DUE, PAID], text, about)
        due = self._a_due_date(slot)

        def figure(amount: int, due: dt.date, paid: dt.date) -> int:
            return exact.discount(self.profile, self.made.closed, amount, due, paid, slot.levy_type, slot.part)

        return Formula(named, slot, rules, (1000_00, due, due), figure)

    def _year_end(self, rules: tuple[Rule[YearEnd], ...]) -> Formula:
        arguments = [
            ("delinquent", "The parcel's delinquency at the close of December 31."),
            ("of_that_year", "The part of the delinquency from that year."),
            ("in_year", "The year that ends."),
        ]
        about = "The year-end penalty on a delinquency above the town's limit."
        named = Named("TOWN_YEAR_END_PENALTY", amounts.year_end(rules, self.years), about, tuple(arguments))

        def figure(delinquent: int, of_year: int, year: int) -> int:
            return exact.year_end(self.profile, delinquent, of_year, year)

        return Formula(named, Slot("RE", ""), rules, (12_000_00, 12_000_00, self.years.last.year - 6), figure)

    # ---- from value to bill ----------------------------------------------------------------------------------------

    def bills(self) -> None:
        """Due dates, installments, the levy, added assessments and supplements."""
        for slot in self._slots(Installments):
            rules = self._rules(Installments, slot.levy_type, slot.part)
            for home in (False, True):
                if not home or any(r.params.home_due for r in rules):
                    self._add(slot, "DUE_DATE", lambda s=slot, r=rules, h=home: self._due_date(s, r, h))  # type: ignore[misc]
                    self._add(slot, "INSTALLMENT", lambda s=slot, r=rules, h=home: self._installment(s, r, h))  # type: ignore[misc]
        for kind, stem, make in (
            (Levy, "LEVY", self._levy),
            (Added, "ADDED_VALUE", self._added),
            (Supplement, "SUPPLEMENT_VALUE", self._supplement),
        ):
            for slot in self._slots_of_types(kind):
                self._add(slot, stem, lambda s=slot, m=make: m(s))  # type: ignore[misc]

    def _slots_of_types(self, kind: type[Params]) -> Iterator[Slot]:
        rules = self.profile.all(kind)
        for levy_type in sorted({t for r in rules for t in r.types or ("RE",)}, key=lambda t: (t != "RE", t)):
            yield Slot(levy_type, "")

    @staticmethod
    def _unclassed(rules: tuple[Rule[Any], ...]) -> None:
        if any(r.only.classes or r.only.except_classes or r.only.tax_above for r in rules):
            raise Cannot("it depends on the property class or on the amount of the bill")

    def _due_date(self, slot: Slot, rules: tuple[Rule[Installments], ...], home: bool) -> Formula:
        self._unclassed(rules)
        about = f"The due date of an installment{' of an owner-occupied home' if home else ''}."
        end = f"{slot.ending}{'_HOME' if home else ''}"
        text = amounts.due_date(rules, self.years, home)
        named = Named(f"TOWN_DUE_DATE{end}", text, about, (YEAR, NUMBER))

        def figure(year: int, number: int) -> dt.date:
            return exact.due_date(self.profile, year, number, slot.levy_type, slot.part, home)

        return Formula(named, slot, rules, (self.years.last.year - 5, 1), figure)

    def _installment(self, slot: Slot, rules: tuple[Rule[Installments], ...], home: bool) -> Formula:
        self._unclassed(rules)
        text, asks = amounts.installment(rules, self.years, home)
        about = f"The amount of an installment{' of an owner-occupied home' if home else ''}."
        arguments = [YEAR, ("tax", "The tax of the year."), NUMBER]
        if asks:
            half = any(r.params.preliminary_base == "half_of_second_half" for r in rules)
            arguments.append(("prior_tax", f"Last year's {'second-half ' if half else ''}tax."))
            about += (
                " Preliminary installments above the tax of the year leave a credit, which this figure does not show."
            )
        end = f"{slot.ending}{'_HOME' if home else ''}"
        named = Named(f"TOWN_INSTALLMENT{end}", text, about, tuple(arguments))

        def figure(year: int, tax: int, number: int, prior: int | None = None) -> int:
            return exact.installment(self.profile, year, tax, number, prior, slot.levy_type, slot.part, home)

        sample = (self.years.last.year - 5, 4321_35, 1, 4200_11)[: len(arguments)]
        return Formula(named, slot, rules, sample, figure)

    def _levy(self, slot: Slot) -> Formula:
        rules = self._rules(Levy, slot.levy_type)
        self._unclassed(rules)
        per = {r.params.per for r in rules}
        arguments = (
            YEAR,
            ("assessed", "The assessed value."),
            ("tax_rate", f"The tax rate per {' or '.join(f'${p:,}' for p in sorted(per))} of value, such as 2.248."),
            ("exemption", "An exemption from the value. Empty: none."),
            ("credit", "A credit or deduction from the tax. Empty: none."),
        )
        about = "The tax on a value: the value less the exemption, times the rate, less the credit."
        named = Named(f"TOWN_LEVY{slot.ending}", amounts.levy(rules, self.years), about, arguments)

        def figure(year: int, value: int, rate: Any, exemption: int | None, credit: int | None) -> int:
            return exact.levy(self.profile, year, value, rate, exemption or 0, credit or 0, slot.levy_type)

        sample = (self.years.last.year - 5, 250_000_00, amounts.sample_rate(min(per)), 0, 0)
        return Formula(named, slot, rules, sample, figure)

    def _added(self, slot: Slot) -> Formula:
        rules = self._rules(Added, slot.levy_type)
        arguments = (
            ("assessed", "The full added value."),
            ("completed_on", "The day the improvement was completed."),
        )
        about = "The prorated value of an assessment added during the year."
        named = Named(f"TOWN_ADDED_VALUE{slot.ending}", amounts.added(rules, self.years), about, arguments)

        def figure(value: int, completed: dt.date) -> int:
            return exact.added(self.profile, value, completed, slot.levy_type)

        return Formula(named, slot, rules, (90_000_00, self._some_day(5, 20)), figure)

    def _supplement(self, slot: Slot) -> Formula:
        rules = self._rules(Supplement, slot.levy_type)
        arguments = (
            ("assessed", "The vehicle's full assessment."),
            ("registered_on", "The day the vehicle was registered."),
            ("replaced", "The assessment of the replaced vehicle. Empty: none."),
        )
        about = "The prorated assessment of a vehicle registered after the assessment day."
        named = Named(f"TOWN_SUPPLEMENT_VALUE{slot.ending}", amounts.supplement(rules, self.years), about, arguments)

        def figure(value: int, registered: dt.date, replaced: int | None) -> int:
            return exact.supplement(self.profile, value, registered, replaced or 0, slot.levy_type)

        return Formula(named, slot, rules, (14_000_00, self._some_day(2, 11), 0), figure)

    # ---- names, rules and examples -----------------------------------------------------------------------------------

    def _named(self, slot: Slot, stem: str, arguments: list[tuple[str, str]], body: str, about: str) -> Named:
        listed = ",".join(name for name, _ in arguments)
        return Named(f"TOWN_{stem}{slot.ending}", f"LAMBDA({listed},{body})", about, tuple(arguments))

    def _rules(self, kind: type[P], levy_type: str = "RE", part: str = "") -> tuple[Rule[P], ...]:
        """The rules of a kind in the years of the sheet, the more particular ones and the later ones first."""
        return tuple(strongest(self.profile.select(kind, levy_type, part), self.years.first))

    def _some_day(self, month: int, day: int) -> dt.date:
        return dt.date(self.years.last.year - 6, month, day)

    def _a_due_date(self, slot: Slot) -> dt.date:
        """A due date of the town in the last year, or a day that the grace rule lists."""
        year = self.years.last.year - 6
        rule = self.profile.find(Installments, dt.date(year, 1, 1), slot.levy_type, slot.part)
        listed = self.profile.find(Grace, dt.date(year, 7, 1), slot.levy_type, slot.part)
        known = [x.due for x in listed.params.fixed] if listed else []
        try:
            due = rule.params.due_dates(year - rule.params.years_after)[0] if rule else dt.date(year, 7, 1)
        except TaxError:
            due = dt.date(year, 7, 1)
        if known and f"{due:%m-%d}" not in known and "02-29" not in known:
            from xltax.dates import on_month_day

            due = on_month_day(year, known[0])
        return due
