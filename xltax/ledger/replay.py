"""From facts to figures: the only place where interest is calculated. docs/replay.md says how, kernel.py does it."""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from xltax.errors import LawNotEncoded, Problem
from xltax.law.allocation import Allocation
from xltax.law.calendar import Office
from xltax.law.interest import Interest
from xltax.law.profile import Profile
from xltax.ledger import jit, kernel
from xltax.ledger import kernel_types as r
from xltax.ledger.facts import Facts, component_of
from xltax.ledger.layout import Layout
from xltax.money import dollars
from xltax.tables import REVERSAL, TAX_PAYMENTS, Adjustment, Charge, Receipt
from xltax.tables.reading import place
from xltax.tables.replayed import LeftOver, OpenInstallment, Posting
from xltax.tables.schema import R
from xltax.tables.table import Columns, Table

__all__ = ["Facts", "Ledger", "Outlook", "Run", "outlook", "prepare", "replay", "run"]

EPOCH = dt.date(1970, 1, 1).toordinal()
NAMES = [Charge.account, Charge.bill, Charge.levy_year, Charge.levy_type, Charge.part, Charge.inst]
COMPONENTS = (OpenInstallment.tax, OpenInstallment.interest, OpenInstallment.penalty, OpenInstallment.costs)
_PAID = (
    *(Receipt.receipt, Receipt.account, Receipt.directed, Receipt.by, Receipt.amount, Receipt.effective),
    "Sees",  # the day from which the office knew of the payment: the bills it could pay were made by then
)


@dataclass
class Ledger:
    """The figures for a day: balances, how each payment was applied, credits, and problems.

    All money is int64 cents. `balances` has a row for each charge, in the order given; `postings` a row for each receipt (or
    adjustment, or use of credit) and installment; `credits` a row for each group with money left over; `periods` what
    accrued when (only if asked for).
    """

    as_of: dt.date
    balances: pd.DataFrame
    credits: pd.DataFrame
    problems: list[Problem]
    _postings: Any = field(repr=False)
    periods: pd.DataFrame = field(default_factory=pd.DataFrame)

    @cached_property
    def postings(self) -> pd.DataFrame:
        table: pd.DataFrame = self._postings()
        return table


@dataclass
class Outlook:
    """The figures for each of several days, as arrays: for figures that are needed day after day.

    All money is int64 cents: `tax` (open tax), `owed` (all that is owed) and `saved` (the discount payment on the day would
    earn) by day and charge, `credit` by day. `charges` and `last_free` are in the order the charges were given.
    """

    days: list[dt.date]
    charges: Table[Charge]
    last_free: Any
    tax: Any
    owed: Any
    saved: Any
    credit: Any

    @property
    def payoff(self) -> Any:
        """The payoff figure, by day."""
        return self.owed.sum(axis=1) - self.saved.sum(axis=1) - self.credit

    def only(self, account: str) -> Outlook:
        """One of these accounts. Credit belongs to the group and stays."""
        mine = (self.charges[Charge.account] == account).to_numpy()
        charges = self.charges.where(mine)
        return Outlook(
            self.days, charges, self.last_free[mine], self.tax[:, mine], self.owed[:, mine], self.saved[:, mine], self.credit
        )  # fmt: skip


def replay(
    facts: Facts, town: Profile, as_of: dt.date, known_on: dt.date | None = None, *, explain: bool = False
) -> Ledger:
    """Every balance, credit and posting as of a day, from the facts known on another (None: all of them).

    Raises Problems for wrong cells, LawNotEncoded for a day no rule of the town covers.
    """
    return _Replay(facts, town, [as_of], known_on, explain).ledger()


def outlook(facts: Facts, town: Profile, days: Iterable[dt.date]) -> Outlook:
    """The amounts owed on each of these days, from one replay that continues from day to day. Errors are those of replay."""
    parts = [_Replay(facts, town, part, None, False).outlook() for part in _stretches(facts, town, sorted(set(days)))]
    if len(parts) == 1:
        return parts[0]
    joined = {c: np.concatenate([getattr(p, c) for p in parts]) for c in ("tax", "owed", "saved", "credit")}
    return Outlook([d for p in parts for d in p.days], parts[0].charges, parts[0].last_free, **joined)


def _stretches(facts: Facts, town: Profile, days: list[dt.date]) -> list[list[dt.date]]:
    """The days, parted where one lay-out does not do for both sides.

    That is where a payment is taken back (from that day on it never was), where a rule on whose payments go together or
    on closed days begins, and each day before the last bill was made.
    """
    back = facts.receipts.where(lambda paid: (paid[Receipt.kind] == REVERSAL) | (paid[Receipt.reverses] != ""))
    cuts = {d.date() for d in back[Receipt.effective].fillna(back[Receipt.received])}
    cuts |= {rule.start for rule in (*town.all(Allocation), *town.all(Office))}
    made = facts.charges[Charge.recorded].to_numpy()
    made = made[~np.isnat(made)]
    if days and len(made) and days[0] < (last := made.max().astype("datetime64[D]").item()):
        cuts |= {d for d in days if d <= last}
        cuts |= set(np.unique(made).astype("datetime64[D]").tolist())
    edges = sorted(cuts)
    return [list(part) for _, part in groupby(days, lambda day: bisect(edges, day))]


# ---- as numbers ------------------------------------------------------------------------------------------------------


@dataclass
class Run:
    """The kernel's output as arrays of records, with figures and leftover money by day, then by charge or group."""

    figures: Any
    over: Any
    posts: Any
    periods: Any
    errors: list[tuple[int, int]]  # of each group that has one: the charge, and the day no rule covers


def run(
    law: r.Law, facts: r.Facts, days: Sequence[dt.date], *, posts: int, looks: int = 0, explain: bool = False,
    compiled: bool | None = None,
) -> Run:  # fmt: skip
    """Replays facts laid out as numbers, with space for this many postings at first; 0 keeps none.

    `days` are the days figures are wanted for, in order. With `looks`, each group has that many of them as its own, from
    `look` of its row on; else all are every group's. `compiled` says which way to run; left out, the way that is sooner done.
    """
    looks = looks or len(days)
    charges, receipts, changes = (
        int(np.diff(facts.groups[name]).max(initial=0)) for name in ("charge", "receipt", "change")
    )
    if compiled is None:
        events = (1 + looks) * len(facts.charges) + len(facts.receipts) + len(facts.changes)
        compiled = jit.worth_compiling(events)
    source = jit.compiled() if compiled else None
    brackets = int(facts.charges["bracket"].max(initial=0)) + 1
    room = {"history": 2 * charges + receipts + changes + len(law.ends) + 64, "posts": posts, "periods": 2 * posts}
    shape = {"figures": (looks, len(facts.charges)), "over": (looks, len(facts.groups) - 1)}

    def ready(values: Any) -> Any:
        return r.plain(values) if source is None and isinstance(values, np.ndarray) else values

    law, facts = r.Law(*map(ready, law)), r.Facts(*map(ready, facts))
    while True:
        asked = np.zeros(1, r.NOW)
        asked["want"], asked["scale"], asked["by_account"] = int(explain), law.scale, law.by_account
        work = r.Work(
            items=np.zeros(charges, r.ITEM),
            queue=np.zeros(charges + changes + 1, np.int64),
            brackets=np.zeros(brackets, r.BRACKET),
            history=np.zeros(room["history"], r.NOTE),
            lots=np.zeros(room["history"], r.LOT),
            promises=np.zeros(room["history"], r.PROMISE),
            settled=np.zeros(room["history"], r.SETTLED),
            now=asked,
            posts=np.zeros(room["posts"] + 1, r.POST),
            periods=np.zeros(room["periods"] * int(explain), r.PERIOD),
            days=np.array([day.toordinal() for day in days]),
            figures=np.zeros(math.prod(shape["figures"]), r.FIGURE),
            over=np.zeros(math.prod(shape["over"]), r.OVER),
        )
        work = r.Work(*map(ready, work))
        (source or kernel).run(law, facts, work)
        now = r.as_array(work.now, r.NOW)[0]
        if now["short"]:
            room["history"] *= 4
        elif posts and (now["posts"] > room["posts"] or now["periods"] > room["periods"]):
            room |= {"posts": int(now["posts"]), "periods": int(now["periods"])}
        else:
            break
    over = r.as_array(work.over, r.OVER).reshape(shape["over"])
    wrong = np.flatnonzero(over["error"][0])
    return Run(
        figures=r.as_array(work.figures, r.FIGURE).reshape(shape["figures"]),
        over=over,
        posts=r.as_array(work.posts[: min(int(now["posts"]), room["posts"])], r.POST),
        periods=r.as_array(work.periods[: int(now["periods"])], r.PERIOD),
        errors=[(int(over["error"][0, g]) - 1, int(over["error_day"][0, g])) for g in wrong],
    )


def prepare() -> bool:
    """Compiles the kernel in advance and keeps the result; False if the kernel runs plain."""
    versions, marks, kinds, discounts, eras, steps, ends = (
        np.zeros(0, kind) for kind in (r.VERSION, r.MARK, r.KIND, r.DISCOUNT, r.ERA, r.STEP, r.END)
    )
    law = r.Law(
        versions,
        marks,
        kinds,
        discounts,
        eras,
        steps,
        ends,
        scale=1,
        by_account=0,
        accelerates=0,
        asks_prior=0,
        on_penalty=0,
    )
    facts = r.Facts(*(np.zeros(int(kind is r.GROUP), kind) for kind in (r.CHARGE, r.MONEY, r.CHANGE, r.GROUP)))
    run(law, facts, [dt.date(2024, 1, 1)], posts=0, compiled=True)
    return jit.compiled() is not None


# ---- from tables, and back to tables -----------------------------------------------------------------------------------


class _Replay:
    """One run: facts typed and chosen, laid out as numbers, replayed, and laid back into tables."""

    def __init__(
        self, facts: Facts, town: Profile, days: list[dt.date], known_on: dt.date | None, explain: bool
    ) -> None:
        self.town, self.days, self.known, self.explain = town, days, known_on, explain
        self.as_of = days[-1]
        self.problems: list[Problem] = []
        self.charges = self._known(facts.charges)
        self.receipts = self._payments(facts.receipts)
        self.adjustments = self._effective(facts.adjustments)
        chosen = Facts(self.charges, closed_days=facts.closed_days)
        self.laid = Layout(chosen, self.receipts, self.adjustments, town, self.as_of)
        self.problems += self.laid.problems
        self.law = self.laid.book.law()
        self.run = run(self.law, self.laid.facts, days, posts=self.laid.events + 64, explain=explain)
        if self.run.errors:
            self._no_law(*self.run.errors[0])
        self.back = np.empty(len(self.laid.order), dtype=np.int64)
        self.back[self.laid.order] = np.arange(len(self.laid.order))

    def _known(self, table: Table[R]) -> Table[R]:
        if self.known is None or not len(table):
            return table
        recorded = table[Receipt.recorded]  # charges and adjustments have this column too
        return table.where(recorded.isna() | (recorded <= pd.Timestamp(self.known)))

    def _effective(self, table: Table[Adjustment]) -> Table[Adjustment]:
        table = self._known(table).where(lambda made: made[Adjustment.effective] <= pd.Timestamp(self.as_of))
        return table.with_columns({Adjustment.component: component_of(table)}) if len(table) else table

    def _payments(self, table: Table[Receipt]) -> Columns:
        """The columns of the payments in force: effective and known by the days asked for, without those taken back."""
        every = self._known(table)
        column = every.arrays()
        column[Receipt.effective] = np.where(
            np.isnat(column[Receipt.effective]), column[Receipt.received], column[Receipt.effective]
        )
        known = np.where(np.isnat(column[Receipt.recorded]), column[Receipt.received], column[Receipt.recorded])
        column["Sees"] = np.maximum(known, column[Receipt.effective])
        in_force = column[Receipt.effective] <= np.datetime64(self.as_of)
        kind, numbers = column[Receipt.kind], column[Receipt.receipt]
        reversal = in_force & ((kind == REVERSAL) | (column[Receipt.reverses] != ""))
        payment = in_force & ~reversal & np.logical_or.reduce([kind == name for name in TAX_PAYMENTS])
        if reversal.any():
            back = self._taken_back(every.where(reversal), set(numbers[in_force & ~reversal]))
            payment &= ~every[Receipt.receipt].isin(back).to_numpy()
        return {name: column[name][payment] for name in _PAID}

    def _taken_back(self, reversals: Table[Receipt], numbers: set[str]) -> set[str]:
        """The receipts that are reversed; a second reversal, or one of nothing, is a problem."""
        taken_back: set[str] = set()
        for position, number in zip(reversals.index, reversals[Receipt.reverses], strict=True):
            where = place(reversals, int(position), Receipt.reverses)
            if number in taken_back:
                what = f"Receipt {number} is reversed twice."
                self.problems.append(Problem(where, what, "Only one reversal counts. Correct the second one."))
            elif number not in numbers:
                what = f'There is no receipt "{number}" to reverse.'
                self.problems.append(Problem(where, what, "This reversal has no effect. Correct the receipt number."))
            taken_back.add(number)
        return taken_back

    def _no_law(self, charge: int, day: int) -> None:
        row = self.charges.row(int(self.laid.order[charge]))
        error: LawNotEncoded = self.town.not_encoded(Interest, dt.date.fromordinal(day), row.levy_type, row.part)
        raise LawNotEncoded(
            f"Bill {row.bill} installment {row.inst}: {error.problem.what}",
            where=error.problem.where,
            do=error.problem.do,
        )

    # ---- figures -------------------------------------------------------------------------------------------------

    def ledger(self) -> Ledger:
        laid, mine, table = self.laid, self.run.figures[-1][self.back], self.charges
        free_until = laid.free_until[self.back]
        figures: dict[str, Any] = {name: table[name] for name in (*NAMES, Charge.due)}
        figures[OpenInstallment.billed] = table[Charge.amount]
        figures |= {name: mine[name.lower()] for name in COMPONENTS}
        figures |= {OpenInstallment.total: _owed(mine), OpenInstallment.discount: self._discounts()[-1][self.back]}
        figures |= {
            OpenInstallment.last_free_day: _dates(free_until),
            OpenInstallment.late: (free_until < self.as_of.toordinal()) | (mine["late"] == 1),
        }
        figures[OpenInstallment.group] = pd.Series(laid.names[laid.group[self.back]], index=table.index, dtype=object)
        balances = pd.DataFrame(figures, index=table.index)
        balances.attrs = dict(table.attrs)
        over = self.run.over[-1]
        left = np.flatnonzero((over["credit"] != 0) | (over["refund"] != 0))
        credits = pd.DataFrame(
            {
                LeftOver.group: laid.names[left],
                LeftOver.credit: over["credit"][left],
                LeftOver.refund: over["refund"][left],
            }
        )
        in_vain = self.run.posts[self.run.posts["source"] == r.IN_VAIN]
        for change, amount in in_vain[["index", "tax"]].tolist():
            number = self.adjustments[Adjustment.no].iloc[change]
            what = f"${dollars(amount)} of this adjustment was not used, because nothing is left to reduce."
            self.problems.append(
                Problem(f"adjustment {number}", what, "Correct the amount or the date of the adjustment.")
            )
        ledger = Ledger(self.as_of, balances, credits, self.problems, self._postings)
        if self.explain:
            from xltax.ledger.explain import periods

            ledger.periods = periods(self.run.periods, self.charges.frame.iloc[laid.order], laid.book, self.law.scale)
        return ledger

    def outlook(self) -> Outlook:
        mine = self.run.figures[:, self.back]
        return Outlook(
            days=self.days,
            charges=self.charges,
            last_free=_dates(self.laid.free_until[self.back]),
            tax=mine["tax"],
            owed=_owed(mine),
            saved=self._discounts()[:, self.back],
            credit=self.run.over["credit"].sum(axis=1),
        )

    def _discounts(self) -> Any:
        """What payment in full on each day would save on each installment, in cents."""
        days = np.array([day.toordinal() for day in self.days])[:, None]
        kind, figures = self._kinds_on(days), self.run.figures
        part, whole, tax, paid = kind["discount_part"], kind["discount_whole"], figures["tax"], figures["paid"]
        any_payment, in_parts = kind["discount_full"] == 0, kind["discount_parts"] == 1
        base = np.where(any_payment, tax, tax + paid)
        share = (2 * base * part + whole) // (2 * whole)  # of what was billed
        earned = (part > 0) & (kind["discount_until"] >= days) & (tax > 0)
        earned &= any_payment | in_parts | (paid == 0)
        saved = np.where(earned, np.minimum(tax, share), 0)
        if (self.laid.items["bill"] >= 0).any():
            self._of_whole_bills(saved, np.where(part > 0, share, 0), kind, days)
        return saved

    def _kinds_on(self, days: Any) -> Any:
        """The kind of each installment by day: where a discount shrinks from day to day, with the one of that day."""
        kinds, steps = np.repeat(self.law.kinds[None, :], len(days), axis=0), self.law.discounts
        for n in np.flatnonzero(self.law.kinds["discount_high"] > self.law.kinds["discount_low"]):
            mine = steps[self.law.kinds["discount_low"][n] : self.law.kinds["discount_high"][n]]
            at = np.minimum(np.searchsorted(mine["until"], days[:, 0]), len(mine) - 1)
            for name in ("until", "part", "whole"):
                kinds[f"discount_{name}"][:, n] = mine[name][at]
        return kinds[:, self.laid.items["kind"]]

    def _of_whole_bills(self, saved: Any, share: Any, kind: Any, days: Any) -> None:
        """Puts right what is saved where it takes the whole bill: nothing where one installment of it stands in the way."""
        items, figures = self.laid.items, self.run.figures
        rows = np.flatnonzero(items["bill"] >= 0)
        bill, mine = np.unique(items["bill"][rows], return_inverse=True)[1], kind[0, rows]
        own = (mine["discount_full"] == r.FULL_BILL) & (mine["discount_part"] > 0)
        held = np.bincount(bill, items["hold"][rows])
        apart = (held > 0) & (held < np.bincount(bill))
        one_payment = np.bincount(bill, own & (mine["discount_parts"] == 0)) > 0
        for n, day in enumerate(days[:, 0]):
            mine = kind[n, rows]
            tax, paid = figures["tax"][n, rows], figures["paid"][n, rows]
            lost = apart | (np.bincount(bill, own & (mine["discount_until"] < day)) > 0)
            lost |= one_payment & (np.bincount(bill, paid > 0) > 0)
            whole = np.where(own & ~lost[bill], share[n, rows], 0)
            given = np.minimum(whole, tax)
            left = np.minimum(np.bincount(bill, whole), np.bincount(bill, tax)) - np.bincount(bill, given)
            for at in np.flatnonzero(left[bill] > 0):  # the discount of what was paid before, on the first open ones
                more = int(min(left[bill[at]], tax[at] - given[at]))
                given[at] += more
                left[bill[at]] -= more
            mixed = ~own & (given == 0)  # other discounts of the same bill stay as they are
            saved[n, rows] = np.where(mixed, saved[n, rows], given)

    def _postings(self) -> pd.DataFrame:
        posts = self.run.posts[self.run.posts["source"] != r.IN_VAIN]
        named = {}
        for source, column, numbers in (
            (r.FROM_RECEIPT, Posting.receipt, self.receipts[Receipt.receipt]),
            (r.FROM_ADJUSTMENT, Posting.adjustment, self.adjustments[Adjustment.no].to_numpy(dtype=object)),
        ):
            mine = posts["source"] == source
            texts = np.full(len(posts), "", dtype=object)
            texts[mine] = numbers[posts["index"][mine]]
            named[column] = pd.Series(texts, dtype=object)  # plain objects, as in every typed table
        result = pd.DataFrame(named | {Posting.date: _dates(posts["day"])})
        rows = self.laid.order[posts["charge"]]
        for name in NAMES:
            result[name] = self.charges[name].take(rows).reset_index(drop=True)
        for name in (*COMPONENTS, Posting.discount):
            result[name] = posts[name.lower()].copy()
        return result


def _owed(figures: Any) -> Any:
    """All that is open: tax, and what came on top of it."""
    return figures["tax"] + figures["interest"] + figures["penalty"] + figures["costs"]


def _dates(days: Any) -> Any:
    """Day numbers as dates."""
    return (days - EPOCH).astype("datetime64[D]").astype("datetime64[s]")
