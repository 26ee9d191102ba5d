"""The interest on amounts that stand alone: one installment each, and nothing paid on it until its own day.

A formula in every row of a sheet asks this. The kernel figures the interest as it does everywhere; the town's law is laid out
as numbers once and used again, and amounts asked for together are one run, each on its own day.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from xltax.errors import TaxError
from xltax.law.calendar import Office
from xltax.law.interest import Interest
from xltax.law.profile import OneTax, Profile
from xltax.ledger import jit, replay
from xltax.ledger import kernel_types as r
from xltax.ledger.facts import closed_days_of
from xltax.ledger.lawbook import Dated, Kind, LawBook
from xltax.money import Cents

MOST_KINDS = 1_000  # due dates laid out together: past these, the law is laid out again


class Alone(NamedTuple):
    """One amount in cents, the day it is due, and the day it is paid. before: older tax of the account, delinquent all the time."""

    amount: Cents
    due: dt.date
    paid: dt.date
    levy_type: str = "RE"
    part: str = ""
    before: Cents = 0


def interest(town: Profile, every: Sequence[Alone]) -> list[Cents | TaxError]:
    """The interest on each of these amounts in cents, or what is wrong: LawNotEncoded where no rule covers its time."""
    results: list[Cents | TaxError] = [0] * len(every)
    together: dict[tuple[Any, int], list[int]] = {}
    for n, one in enumerate(every):
        together.setdefault((town.find(Office, one.paid), one.paid.year), []).append(n)
    for (office, year), mine in together.items():
        key = Alone, id(office), year
        laid = town.worked_out.get(key)
        if laid is None or len(laid.book.kinds) > MOST_KINDS:
            laid = town.worked_out[key] = _Laid(town, dt.date(year, 12, 31))
        for n, result in zip(mine, laid.interest([every[n] for n in mine]), strict=True):
            results[n] = result
    return results


class _Laid:
    """A town's law as numbers for amounts paid in one year. Each due date and type is added when it is first asked for."""

    def __init__(self, town: Profile, as_of: dt.date) -> None:
        self.town, self.as_of = town, as_of
        self.book = LawBook(town, closed_days_of(town, as_of))
        self.numbers: dict[Dated, tuple[int, Kind] | TaxError] = {}
        self.first_year = as_of.year

    def interest(self, every: Sequence[Alone]) -> list[Cents | TaxError]:
        results: list[Cents | TaxError] = [0] * len(every)
        rows: list[tuple[int, Cents, int, int]] = []  # of each installment: its group, amount, kind and set of tiers
        asked: list[int] = []  # of each group, which of `every` it is
        for n, one in enumerate(every):
            try:
                installments = self._installments(one)
            except TaxError as error:
                results[n] = error
                continue
            rows += [(len(asked), *installment) for installment in installments]
            asked.append(n)
        if not asked:
            return results
        run, last = self._run(rows, [every[n].paid for n in asked])
        figures = run.figures[0]["interest"]
        for group, n in enumerate(asked):
            results[n] = int(figures[last[group]])
        for charge, day in run.errors:
            one = every[n := asked[rows[charge][0]]]
            results[n] = self.town.not_encoded(Interest, dt.date.fromordinal(day), one.levy_type, one.part)
        return results

    def _installments(self, one: Alone) -> list[tuple[Cents, int, int]]:
        """An amount as the kernel's installments: amount, kind and set of tiers. Older tax lies in the lower tiers before it."""
        number, kind = self._kind(one.levy_type, one.part, one.due, one.amount)
        if kind.mode == r.UNTIERED:
            return [(one.amount, number, -1)]
        if not one.before:
            return [(one.amount, number, 0)]
        day_before = one.due - dt.timedelta(days=1)
        older, older_kind = self._kind(one.levy_type, one.part, day_before, one.before)
        apart = kind.mode == r.BY_YEAR and day_before.year != one.due.year
        return [
            (one.before, older, -1 if older_kind.mode == r.UNTIERED else 0),
            (one.amount, number, int(apart)),
        ]

    def _kind(self, levy_type: str, part: str, due: dt.date, amount: Cents) -> tuple[int, Kind]:
        """The number of the law's kind for a due date, and what it says. Raises what the law does not say."""
        book = self.book
        limits = [0, *(limit + 1 for limit in book.limits)]
        above = limits[bisect_left(book.limits, amount)] if book.limits else None
        of_bill = due if book.has_own_days else None
        tax = OneTax("", above, False if book.asks_earlier else None)
        dated = Dated(levy_type, part, due, due.year, first_due=of_bill, last_due=of_bill, tax=tax)
        if dated not in self.numbers:
            self.numbers[dated] = self._asked(dated)
        found = self.numbers[dated]
        if isinstance(found, TaxError):
            raise found
        return found

    def _asked(self, dated: Dated) -> tuple[int, Kind] | TaxError:
        for kept in ("law", "plain_law"):
            self.__dict__.pop(kept, None)
        self.first_year = min(self.first_year, dated.due.year)
        try:
            return len(self.book.kinds), self.book.kind(dated, self.as_of)
        except TaxError as error:
            return error

    @cached_property
    def law(self) -> r.Law:
        """The law as arrays. No payment is applied, so one empty allocation rule will do."""
        self.book.penalties.clear()
        self.book.lay_out_year_ends(self.first_year, self.as_of.year - 1)
        return self.book.law()._replace(eras=np.zeros(1, r.ERA))

    @cached_property
    def plain_law(self) -> r.Law:
        """The law as the plain kernel reads it."""
        return r.Law(*(r.plain(part) if isinstance(part, np.ndarray) else part for part in self.law))

    def _run(self, rows: Sequence[tuple[int, Cents, int, int]], paid: Sequence[dt.date]) -> tuple[replay.Run, Any]:
        """Runs the kernel over installments by group, each group to its own day. Gives also the last installment of each group."""
        group, amount, kind, bracket = np.array(rows, dtype=np.int64).T
        charges = np.zeros(len(rows), r.CHARGE)
        charges["amount"], charges["kind"], charges["account"], charges["bracket"] = amount, kind, group, bracket
        charges["bill"] = charges["whole"] = -1
        groups = np.zeros(len(paid) + 1, r.GROUP)
        groups["charge"] = np.searchsorted(group, np.arange(len(groups)))
        days = sorted(set(paid))
        groups["look"][:-1] = [bisect_left(days, day) for day in paid]
        facts = r.Facts(charges, np.zeros(0, r.MONEY), np.zeros(0, r.CHANGE), groups)
        compiled = jit.worth_compiling(2 * len(rows))
        run = replay.run(self.law if compiled else self.plain_law, facts, days, posts=0, looks=1, compiled=compiled)
        return run, groups["charge"][1:] - 1
