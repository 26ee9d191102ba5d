"""Random cases for every named formula of a town, and the same figures from xltax."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.formulas.engine import figures
from xltax.dates import on_month_day
from xltax.errors import TaxError
from xltax.faces.formulas import exact
from xltax.faces.formulas.town import Formula, TownFormulas
from xltax.law.calendar import Grace, Installments

REFUSED = "#N/A"
MONEY = {
    "amount",
    "older_tax",
    "tax",
    "prior_tax",
    "delinquent",
    "of_that_year",
    "assessed",
    "exemption",
    "credit",
    "replaced",
}
MAY_BE_EMPTY = {"older_tax", "mailed_on", "exemption", "credit", "replaced"}


@dataclass(frozen=True, slots=True)
class Case:
    """One call: its arguments as a cell holds them, and the figure of xltax (dollars, a day, or #N/A)."""

    formula: Formula
    cells: tuple[Any, ...]
    wanted: object


class Random:
    """Random arguments for a town's formulas, with many days on which something changes."""

    def __init__(self, made: TownFormulas, seed: int) -> None:
        self.made, self.rng = made, random.Random(seed)
        self.first, self.last = made.years.first, made.years.last

    def day(self) -> dt.date:
        return self.first + dt.timedelta(days=self.rng.randint(0, (self.last - self.first).days))

    def due(self, formula: Formula) -> dt.date:
        """A due date of the town's rules three times in four, otherwise any day."""
        slot, year = formula.slot, self.rng.randint(self.first.year, self.last.year)
        if self.rng.random() < 0.75:
            rule = self.made.profile.find(Installments, dt.date(year, 1, 1), slot.levy_type, slot.part)
            grace = self.made.profile.find(Grace, dt.date(year, 7, 1), slot.levy_type, slot.part)
            listed = [x.due for x in grace.params.fixed] if grace else []
            listed = listed or list(rule.params.due if rule else ())
            if listed:
                found = on_month_day(year, self.rng.choice(listed))
                if self.first <= found <= self.last:
                    return found
        return self.day()

    def cents(self, most: int = 1_000_000_000) -> int:
        top = self.rng.choice((900, 200_000, 2_000_000, 50_000_000, most))
        return self.rng.randint(0, min(top, most))

    def paid(self, formula: Formula, due: dt.date) -> dt.date:
        """A day of payment: around the last free day, around the day-number of the due date, or any later day."""
        pick = self.rng.random()
        if pick < 0.35:
            try:
                free = exact.last_day(
                    self.made.profile, self.made.closed, due, None, formula.slot.levy_type, formula.slot.part
                )
            except TaxError:
                free = due
            day = free + dt.timedelta(days=self.rng.randint(-2, 3))
        elif pick < 0.7:
            month = due.month - 1 + self.rng.randint(0, 60)
            number = min(due.day, 28) if self.rng.random() < 0.5 else 1
            day = dt.date(due.year + month // 12, month % 12 + 1, number) + dt.timedelta(days=self.rng.randint(-3, 3))
        else:
            day = due + dt.timedelta(days=self.rng.randint(-30, 2500))
        return min(max(day, self.first), self.last)

    def arguments(self, formula: Formula) -> tuple[Any, ...]:
        """One argument of each name: cents, days, years, numbers and rates; None for an empty cell."""
        given: dict[str, Any] = {}
        for name, _ in formula.named.arguments:
            given[name] = self._one(formula, name, given)
        return tuple(given.values())

    def _one(self, formula: Formula, name: str, given: dict[str, Any]) -> Any:
        if name in MAY_BE_EMPTY and self.rng.random() < 0.4:
            return None
        if name == "due_date":
            return self.due(formula)
        if name == "paid_on":
            return self.paid(formula, given["due_date"])
        if name == "mailed_on":
            day = given["due_date"] + dt.timedelta(days=self.rng.randint(-60, 90))
            return min(max(day, self.first), self.last)
        if name in ("completed_on", "registered_on"):
            return self.day()
        if name == "levy_year" and "due_date" in given:
            return max(self.first.year, given["due_date"].year - self.rng.randint(0, 1))
        if name in ("levy_year", "in_year"):
            return self.rng.randint(self.first.year, self.last.year)
        if name == "number":
            return self.rng.randint(0, 5)
        if name == "tax_rate":
            return Fraction(self.rng.randint(0, 10 ** self.rng.randint(3, 9)), 10**6)
        if name == "of_that_year":
            return self.rng.choice((given["delinquent"], self.rng.randint(0, given["delinquent"] + 10)))
        if name in ("assessed", "exemption", "replaced"):
            return self.cents(100_000_000_000)
        assert name in MONEY, name
        return self.cents(250_000 if name == "older_tax" and self.rng.random() < 0.7 else 1_000_000_000)


def as_cells(formula: Formula, arguments: Sequence[Any]) -> tuple[Any, ...]:
    """Arguments as a cell holds them: dollars for cents."""
    return tuple(
        value / 100 if name in MONEY and value is not None else float(value) if isinstance(value, Fraction) else value
        for (name, _), value in zip(formula.named.arguments, arguments, strict=True)
    )


def cases(made: TownFormulas, count: int, seed: int = 1, days: int = 0) -> Iterator[Case]:
    """Random cases of every formula. days: as many days of payment at most for each formula (0: any number)."""
    pick = Random(made, seed)
    for formula in made.formulas:
        rows = [pick.arguments(formula) for _ in range(count)]
        if formula.component:
            rows, wanted = _charged(made, formula, _on_few_days(pick, rows, days))
        else:
            wanted = [_asked(formula, row) for row in rows]
        for row, value in zip(rows, wanted, strict=True):
            yield Case(formula, as_cells(formula, row), value / 100 if isinstance(value, int) else value)


def _asked(formula: Formula, row: Sequence[Any]) -> object:
    try:
        return formula.exact(*row)
    except TaxError:
        return REFUSED


def _on_few_days(pick: Random, rows: list[Any], days: int) -> list[Any]:
    """The same cases on few days of payment: one replay gives the figures of a day."""
    if not days:
        return rows
    few = sorted(row[2] for row in pick.rng.sample(rows, min(days, len(rows))))
    return [(*row[:2], min(few, key=lambda day, at=row[2]: abs(day - at)), *row[3:]) for row in rows]


def _charged(made: TownFormulas, formula: Formula, rows: list[Any]) -> tuple[list[Any], list[object]]:
    """The figures of a charge, one replay for each day of payment."""
    rows = sorted(rows, key=lambda row: row[2])
    names = [name for name, _ in formula.named.arguments]
    wanted: list[object] = []
    start = 0
    while start < len(rows):
        stop = next((n for n in range(start, len(rows)) if rows[n][2] != rows[start][2]), len(rows))
        asked = [dict(zip(names, row, strict=True)) for row in rows[start:stop]]
        known = [_has_last_day(made, formula, one["due_date"]) for one in asked]
        replayed = iter(_replayed(made, formula, [one for one, has in zip(asked, known, strict=True) if has]))
        wanted += [next(replayed) if has else REFUSED for has in known]
        start = stop
    return rows, wanted


def _has_last_day(made: TownFormulas, formula: Formula, due: dt.date) -> bool:
    """Whether the grace rules know this due date: a replay of many amounts is refused for one that they do not know."""
    try:
        exact.last_day(made.profile, made.closed, due, None, formula.slot.levy_type, formula.slot.part)
    except TaxError:
        return False
    return True


def _replayed(made: TownFormulas, formula: Formula, asked: list[dict[str, Any]]) -> list[object]:
    """One replay of many amounts; if one of them is refused, each half by itself."""
    which = ("interest", "penalty").index(formula.component)
    if not asked:
        return []
    rows = [(a["amount"], a["due_date"], a.get("older_tax") or 0, a.get("levy_year")) for a in asked]
    slot = formula.slot
    try:
        paid = asked[0]["paid_on"]
        found = exact.charges(made.profile, rows, paid, slot.levy_type, slot.part, made.table)
        if formula.until and paid >= formula.until:
            # The formula never shows a figure for a time whose rate the law does not have.
            free = [exact.last_day(made.profile, made.closed, row[1], None, slot.levy_type, slot.part) for row in rows]
            return [0 if paid <= last or not row[0] else REFUSED for row, last in zip(rows, free, strict=True)]
        return [pair[which] for pair in found]
    except TaxError:
        if len(asked) == 1:
            return [REFUSED]
        half = len(asked) // 2
        return _replayed(made, formula, asked[:half]) + _replayed(made, formula, asked[half:])


def differences(made: TownFormulas, tried: Sequence[Case], folder: Path) -> list[str]:
    """The cases in which IronCalc and xltax give different figures, in words."""
    found = figures(made, [(case.formula.named.name, case.cells) for case in tried], folder)
    said = []
    for case, value in zip(tried, found, strict=True):
        wanted = case.wanted
        if isinstance(wanted, dt.date):
            wanted = (wanted - dt.date(1899, 12, 30)).days
        if value != wanted:
            said.append(f"{case.formula.named.name}{case.cells}: xltax {case.wanted}, formula {value}")
    return said
