"""From facts to figures: the one place where interest is computed. docs/replay.md says how, kernel.py does it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from xltax.errors import LawNotEncoded, Problem
from xltax.law.profile import Profile
from xltax.ledger import jit, kernel
from xltax.ledger import records as r
from xltax.ledger.facts import Facts, component_of
from xltax.ledger.layout import Layout
from xltax.ledger.tables import ADJUSTMENTS, CHARGES, RECEIPTS
from xltax.ledger.validate import place, typed
from xltax.money import dollars

__all__ = ["Facts", "Ledger", "Run", "prepare", "replay", "run"]

EPOCH = dt.date(1970, 1, 1).toordinal()
NAMES = ["Account", "Bill", "Levy Year", "Levy Type", "Part", "Inst"]
PAYMENTS = ("Payment", "Prepayment", "Opening")


@dataclass
class Ledger:
    """What the facts come to on a day: balances, how each payment was applied, credits, and what did not fit.

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


def replay(
    facts: Facts, town: Profile, as_of: dt.date, known_on: dt.date | None = None, *, explain: bool = False
) -> Ledger:
    """Every balance, credit and posting as of a day, from the facts known on another (None: all of them).

    Raises Problems for wrong cells, LawNotEncoded for a day no rule of the town covers.
    """
    return _Replay(facts, town, as_of, known_on, explain).ledger()


# ---- as numbers ------------------------------------------------------------------------------------------------------


@dataclass
class Run:
    """What the kernel wrote, as arrays of records."""

    figures: Any
    groups: Any
    posts: Any
    periods: Any
    error: tuple[int, int] | None  # the charge, and the day no rule covers


def run(
    law: r.Law, facts: r.Facts, as_of: dt.date, *, posts: int, explain: bool = False, compiled: bool | None = None
) -> Run:
    """Replays facts laid out as numbers, with room for so many postings to begin with; 0 keeps none.

    `compiled` says which way to run; left out, the way that is sooner done.
    """
    charges, receipts, changes = (
        int(np.diff(facts.groups[name]).max(initial=0)) for name in ("charge", "receipt", "change")
    )
    if compiled is None:
        compiled = jit.worth_compiling(2 * len(facts.charges) + len(facts.receipts) + len(facts.changes))
    source = jit.compiled() if compiled else None
    brackets = int(facts.charges["bracket"].max(initial=0)) + 1
    room = {"history": 2 * charges + receipts + changes + len(law.ends) + 64, "posts": posts, "periods": 2 * posts}

    def ready(values: Any) -> Any:
        return r.plain(values) if source is None and isinstance(values, np.ndarray) else values

    law, facts = r.Law(*map(ready, law)), r.Facts(*map(ready, facts))
    while True:
        asked = np.zeros(1, r.NOW)
        for name, value in (("as_of", as_of.toordinal()), ("want", int(explain)), ("scale", law.scale)):
            asked[name] = value
        asked["by_account"] = law.by_account
        work = r.Work(
            items=np.zeros(charges, r.ITEM),
            queue=np.zeros(charges + changes + 1, np.int64),
            brackets=np.zeros(brackets, r.BRACKET),
            history=np.zeros(room["history"], r.NOTE),
            now=asked,
            posts=np.zeros(room["posts"] + 1, r.POST),
            periods=np.zeros(room["periods"] * int(explain), r.PERIOD),
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
    return Run(
        figures=r.as_array(facts.figures, r.FIGURE),
        groups=r.as_array(facts.groups, r.GROUP),
        posts=r.as_array(work.posts[: min(int(now["posts"]), room["posts"])], r.POST),
        periods=r.as_array(work.periods[: int(now["periods"])], r.PERIOD),
        error=(int(now["error"]) - 1, int(now["error_day"])) if now["error"] else None,
    )


def prepare() -> bool:
    """Compiles the kernel and keeps what was compiled, so that nobody waits for it later; False where it runs plain."""
    nothing: list[Any] = [np.zeros(0, kind) for kind in (r.VERSION, r.KIND, r.ERA, r.STEP, r.END)]
    law = r.Law._make([*nothing, 1, 0])
    facts = r.Facts(*(np.zeros(0, kind) for kind in (r.CHARGE, r.MONEY, r.CHANGE, r.GROUP, r.FIGURE)))
    run(law, facts, dt.date(2024, 1, 1), posts=0, compiled=True)
    return jit.compiled() is not None


# ---- from tables, and back to tables -----------------------------------------------------------------------------------


class _Replay:
    """One run: facts typed and chosen, laid out as numbers, replayed, and laid back into tables."""

    def __init__(self, facts: Facts, town: Profile, as_of: dt.date, known_on: dt.date | None, explain: bool) -> None:
        self.town, self.as_of, self.known, self.explain = town, as_of, known_on, explain
        self.problems: list[Problem] = []
        self.charges = self._known(typed(facts.charges, CHARGES))
        self.receipts = self._payments(facts.receipts)
        self.adjustments = self._effective(facts.adjustments)
        chosen = Facts(self.charges, closed_days=facts.closed_days)
        self.laid = Layout(chosen, self.receipts, self.adjustments, town, as_of)
        self.problems += self.laid.problems
        self.law = self.laid.book.law()
        self.run = run(self.law, self.laid.facts, as_of, posts=self.laid.events + 64, explain=explain)
        if self.run.error:
            self._no_law(*self.run.error)

    def _known(self, table: pd.DataFrame) -> pd.DataFrame:
        if self.known is None or not len(table):
            return table
        recorded = table["Recorded"]
        return table[recorded.isna() | (recorded <= pd.Timestamp(self.known))]

    def _effective(self, table: pd.DataFrame | None) -> pd.DataFrame:
        if table is None or not len(table.columns):
            table = pd.DataFrame(columns=[c.name for c in ADJUSTMENTS.columns], dtype=object)
        table = self._known(typed(table, ADJUSTMENTS))
        table = table[table["Effective"] <= pd.Timestamp(self.as_of)].copy()
        table["Component"] = component_of(table)
        return table

    def _payments(self, table: pd.DataFrame | None) -> pd.DataFrame:
        """The payments in force: effective and known by the days asked for, without those taken back."""
        if table is None or not len(table.columns):
            table = pd.DataFrame(columns=[c.name for c in RECEIPTS.columns], dtype=object)
        every = self._known(typed(table, RECEIPTS))
        effective = every["Effective"].fillna(every["Received"])
        in_force = (effective <= pd.Timestamp(self.as_of)).to_numpy()
        kind, reverses = every["Kind"].to_numpy(dtype=object), every["Reverses"].to_numpy(dtype=object)
        reversal = in_force & ((kind == "Reversal") | (reverses != ""))
        payment = in_force & ~reversal & every["Kind"].isin(PAYMENTS).to_numpy()
        if reversal.any():
            numbers = every["Receipt"].to_numpy(dtype=object)
            back = self._taken_back(every[reversal], set(numbers[in_force & ~reversal]))
            payment &= ~every["Receipt"].isin(back).to_numpy()
        columns = ["Receipt", "Account", "Directed", "By", "Amount"]
        return every.loc[payment, columns].assign(Effective=effective[payment])

    def _taken_back(self, reversals: pd.DataFrame, numbers: set[str]) -> set[str]:
        """The receipts that are reversed; a second reversal, or one of nothing, is a problem."""
        taken_back: set[str] = set()
        for position, number in reversals["Reverses"].items():
            where = place(reversals, int(position), "Reverses")
            if number in taken_back:
                what = f"Receipt {number} is reversed twice."
                self.problems.append(Problem(where, what, "It counts as reversed once."))
            elif number not in numbers:
                what = f'There is no receipt "{number}" to reverse.'
                self.problems.append(Problem(where, what, "Nothing is reversed."))
            taken_back.add(number)
        return taken_back

    def _no_law(self, charge: int, day: int) -> None:
        row = self.charges.iloc[int(self.laid.order[charge])]
        error: LawNotEncoded = self.town.not_encoded(
            "interest", dt.date.fromordinal(day), row["Levy Type"], row["Part"]
        )
        raise LawNotEncoded(
            f"Bill {row['Bill']} installment {row['Inst']}: {error.problem.what}",
            where=error.problem.where,
            do=error.problem.do,
        )

    # ---- figures -------------------------------------------------------------------------------------------------

    def ledger(self) -> Ledger:
        laid, figures = self.laid, self.run.figures
        back = np.empty(len(laid.order), dtype=np.int64)
        back[laid.order] = np.arange(len(laid.order))
        mine = figures[back]
        balances = self.charges[[*NAMES, "Due"]].copy()
        balances["Billed"] = self.charges["Amount"].to_numpy()
        for name in ("Tax", "Interest", "Penalty", "Costs"):
            balances[name] = mine[name.lower()]
        balances["Total"] = mine["tax"] + mine["interest"] + mine["penalty"] + mine["costs"]
        balances["Discount"] = self._discounts()[back]
        balances["Last Free Day"] = _dates(laid.free_until[back])
        balances["Late"] = laid.free_until[back] < self.as_of.toordinal()
        balances["Group"] = pd.Series(laid.names[laid.group[back]], index=balances.index, dtype=object)
        groups = self.run.groups[:-1]
        left = np.flatnonzero((groups["credit"] != 0) | (groups["refund"] != 0))
        columns = {"Group": laid.names[left], "Credit": groups["credit"][left], "Refund": groups["refund"][left]}
        credits = pd.DataFrame(columns)
        in_vain = self.run.posts[self.run.posts["source"] == r.IN_VAIN]
        for change, amount in in_vain[["index", "tax"]].tolist():
            number = self.adjustments["No"].iloc[change]
            what = f"{dollars(amount)} of it found nothing to lower."
            self.problems.append(Problem(f"adjustment {number}", what, "Correct its amount or date."))
        ledger = Ledger(self.as_of, balances, credits, self.problems, self._postings)
        if self.explain:
            from xltax.ledger.explain import periods

            ledger.periods = periods(self.run.periods, self.charges.iloc[laid.order], laid.book, self.law.scale)
        return ledger

    def _discounts(self) -> Any:
        """What payment in full on the day would save on each installment, in cents."""
        kind, figures = self.law.kinds[self.laid.items["kind"]], self.run.figures
        part, whole, tax = kind["discount_part"], kind["discount_whole"], figures["tax"]
        earned = (part > 0) & (kind["discount_until"] >= self.as_of.toordinal()) & (tax > 0)
        earned &= (kind["discount_full"] == 0) | (figures["paid"] == 0)
        return np.where(earned, (2 * tax * part + whole) // (2 * whole), 0)

    def _postings(self) -> pd.DataFrame:
        posts = self.run.posts[self.run.posts["source"] != r.IN_VAIN]
        named = {}
        for source, column, table, name in (
            (r.FROM_RECEIPT, "Receipt", self.receipts, "Receipt"),
            (r.FROM_ADJUSTMENT, "Adjustment", self.adjustments, "No"),
        ):
            mine = posts["source"] == source
            texts = np.full(len(posts), "", dtype=object)
            texts[mine] = table[name].to_numpy(dtype=object)[posts["index"][mine]]
            named[column] = pd.Series(texts, dtype=object)  # plain objects, as in every typed table
        result = pd.DataFrame(named | {"Date": _dates(posts["day"])})
        rows = self.laid.order[posts["charge"]]
        for name in NAMES:
            result[name] = self.charges[name].take(rows).reset_index(drop=True)
        for name in ("Tax", "Interest", "Penalty", "Costs", "Discount"):
            result[name] = posts[name.lower()].copy()
        return result


def _dates(days: Any) -> Any:
    """Day numbers as dates."""
    return (days - EPOCH).astype("datetime64[D]").astype("datetime64[s]")
