"""From facts to figures: the one place where interest is computed. docs/replay.md says how, kernel.py does it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from xltax.errors import LawNotEncoded, Problem, Problems
from xltax.law.profile import Profile
from xltax.ledger import jit, kernel
from xltax.ledger import records as r
from xltax.ledger.almanac import calendar
from xltax.ledger.facts import Facts, by_number, closed_days_of, component_of
from xltax.ledger.lawbook import COMPONENTS, LARGEST_CHARGE, LawBook
from xltax.ledger.tables import ADJUSTMENTS, CHARGES, RAISES, RECEIPTS, REFUND
from xltax.ledger.validate import days, place, typed
from xltax.money import dollars

__all__ = ["Facts", "Ledger", "replay"]

SECURED_TYPES = ("RE", "ADD", "OMIT", "SEWER", "WATER")
COMPILE_FROM = 4_000  # events; below this, loading the compiled kernel takes longer than running the plain one
_COLUMN = {"costs": r.COSTS, "interest": r.INTEREST, "penalty": r.PENALTY, "tax": r.TAX}


@dataclass
class Ledger:
    """What the facts come to on a day: balances, how each payment was applied, credits, and what did not fit.

    All money is int64 cents. `balances` has a row for each charge, in the order given; `postings` a row for each receipt (or
    adjustment, or use of credit) and installment; `credits` a row for each group with money left over; `periods` what
    accrued when (only if asked for).
    """

    as_of: dt.date
    balances: pd.DataFrame
    postings: pd.DataFrame
    credits: pd.DataFrame
    problems: list[Problem]
    periods: pd.DataFrame = field(default_factory=pd.DataFrame)


def replay(
    facts: Facts, town: Profile, as_of: dt.date, known_on: dt.date | None = None, *, explain: bool = False
) -> Ledger:
    """Every balance, credit and posting as of a day, from the facts known on another (None: all of them).

    Raises Problems for wrong cells, LawNotEncoded for a day no rule of the town covers.
    """
    return _Replay(facts, town, as_of, known_on, explain).ledger()


class _Replay:
    """One run: facts typed and ordered, laid out as numbers, replayed, and laid back into tables."""

    def __init__(self, facts: Facts, town: Profile, as_of: dt.date, known_on: dt.date | None, explain: bool) -> None:
        self.town, self.as_of, self.known, self.explain = town, as_of, known_on, explain
        self.problems: list[Problem] = []
        self.charges = self._known(typed(facts.charges, CHARGES))
        self.receipts = self._receipts(facts.receipts)
        self.adjustments = self._effective(facts.adjustments, ADJUSTMENTS)
        self.book = LawBook(town, closed_days_of(town, as_of, facts.closed_days))
        self._lay_out_charges()
        self._lay_out_money()
        self._lay_out_events()

    # ---- facts ---------------------------------------------------------------------------------------------------

    def _known(self, table: pd.DataFrame) -> pd.DataFrame:
        if self.known is None or not len(table):
            return table
        recorded = table["Recorded"]
        return table[recorded.isna() | (recorded <= pd.Timestamp(self.known))]

    def _effective(self, table: pd.DataFrame | None, spec: Any) -> pd.DataFrame:
        if table is None or not len(table.columns):
            table = pd.DataFrame(columns=[c.name for c in spec.columns], dtype=object)
        table = self._known(typed(table, spec))
        table = table[table["Effective"] <= pd.Timestamp(self.as_of)].copy()
        table["Component"] = component_of(table)
        return table

    def _receipts(self, table: pd.DataFrame | None) -> pd.DataFrame:
        """The payments in force: effective and known by the days asked for, without those taken back."""
        if table is None or not len(table.columns):
            table = pd.DataFrame(columns=[c.name for c in RECEIPTS.columns], dtype=object)
        every = typed(table, RECEIPTS)
        every = every.assign(Effective=every["Effective"].fillna(every["Received"]))
        every = self._known(every)
        every = every[every["Effective"] <= pd.Timestamp(self.as_of)]
        reversal = (every["Kind"] == "Reversal") | (every["Reverses"] != "")
        taken_back: set[str] = set()
        numbers = set(every.loc[~reversal, "Receipt"])
        for position, number in every.loc[reversal, "Reverses"].items():
            where = place(table, int(position), "Reverses")
            if number in taken_back:
                self.problems.append(
                    Problem(where, f"Receipt {number} is reversed twice.", "It counts as reversed once.")
                )
            elif number not in numbers:
                self.problems.append(
                    Problem(where, f'There is no receipt "{number}" to reverse.', "Nothing is reversed.")
                )
            taken_back.add(number)
        payment = every["Kind"].isin(("Payment", "Prepayment", "Opening"))
        return every[payment & ~reversal & ~every["Receipt"].isin(taken_back)]

    # ---- charges -------------------------------------------------------------------------------------------------

    def _lay_out_charges(self) -> None:
        table = self.charges
        too_much = table[(table["Amount"] > LARGEST_CHARGE) | (table["Amount"] < 0)]
        if len(too_much):
            raise Problems(
                Problem(
                    place(table, int(p), "Amount"),
                    f"{dollars(int(a))} is not an installment.",
                    f"It lies between 0.00 and {dollars(LARGEST_CHARGE)}; a credit is an adjustment.",
                )
                for p, a in too_much["Amount"].items()
            )
        due = days(table["Due"])
        year = table["Levy Year"].to_numpy().copy()
        year[year == 0] = table["Due"].dt.year.to_numpy()[year == 0]
        self.by_party = self.book.group(self.as_of) == "party"
        party = table["Party"].to_numpy(dtype=object)
        account = table["Account"].to_numpy(dtype=object)
        # A party's number could be some account's number too, so the two are kept apart.
        keys = [("P", p) if self.by_party and p else ("A", a) for p, a in zip(party, account, strict=True)]
        self.group_of_account = dict(zip(account, keys, strict=True))
        # Money for an account that has no charge yet makes a group of its own.
        for unknown in dict.fromkeys([*self.receipts["Account"], *self.receipts["Directed"]]):
            if unknown and unknown not in self.group_of_account:
                self.group_of_account[unknown] = ("A", unknown)
        self.group_keys = list(dict.fromkeys(self.group_of_account.values()))
        self.group_number = {k: n for n, k in enumerate(self.group_keys)}
        self.account_number = {a: n for n, a in enumerate(self.group_of_account)}
        group = np.array([self.group_number[k] for k in keys], dtype=np.int64)

        order = np.lexsort((np.arange(len(table)), due, group))
        self.order, self.group = order, group[order]
        self.due, self.year = due[order], year[order]
        kinds = [
            self._kind(row)
            for row in zip(table["Levy Type"], table["Part"], due, year, days(table["Mailed"]), strict=True)
        ]
        kinds = [kinds[i] for i in order]
        start = days(table["Interest From"])[order]
        self.free_until = np.array([k["lapse"] for k in kinds], dtype=np.int64) - 1
        # Interest From is for opening balances: an installment takes its place among the delinquent on that day.
        self.lapse = np.maximum(self.free_until + 1, start)
        base_due = np.where(start > 0, start, self.due)
        base_late = np.where(start > 0, start, np.array([k["base_late"] for k in kinds], dtype=np.int64))
        secured = table["Secured"].to_numpy(dtype=object)[order]
        by_type = table["Levy Type"].isin(SECURED_TYPES).to_numpy()[order]
        amount = table["Amount"].to_numpy()[order]
        self.bracket, self.brackets = self._brackets([k["bracket"] for k in kinds], account[order])
        self.arrays = r.Charges(
            due=self.due,
            base_due=base_due,
            base_late=base_late,
            amount=amount,
            year=self.year,
            account=np.array([self.account_number[a] for a in account[order]], dtype=np.int64),
            secured=np.where(secured == "", by_type, secured == "Yes").astype(np.int64),
            hold=(table["Hold"].to_numpy(dtype=object)[order] == "litigation").astype(np.int64),
            bracket=self.bracket,
            segment_low=np.array([x for k in kinds for x in k["low"]], dtype=np.int64),
            segment_high=np.array([x for k in kinds for x in k["high"]], dtype=np.int64),
            discount_until=np.array([k["discount"][0] for k in kinds], dtype=np.int64),
            discount_part=np.array([k["discount"][1] for k in kinds], dtype=np.int64),
            discount_whole=np.array([k["discount"][2] for k in kinds], dtype=np.int64),
            discount_full=np.array([k["discount"][3] for k in kinds], dtype=np.int64),
        )

    def _kind(self, row: tuple[Any, ...]) -> dict[str, Any]:
        """What the law says of a charge of this type, part, due date, year and mailing day; asked once for each."""
        if not hasattr(self, "_kinds"):
            self._kinds: dict[tuple[Any, ...], dict[str, Any]] = {}
        if row not in self._kinds:
            levy_type, part, due_day, year, mailed_day = row
            due = dt.date.fromordinal(int(due_day))
            mailed = dt.date.fromordinal(int(mailed_day)) if mailed_day > 0 else None
            nominal, last = self.book.grace(levy_type, part, due, mailed)
            lines = [self.book.timeline(c, levy_type, part, due, int(year)) for c in COMPONENTS]
            until, rate, full = self.book.discount(levy_type, part, due, last)
            self._kinds[row] = {
                "lapse": last.toordinal() + 1,
                "base_late": nominal.toordinal() + 1,
                "low": [x[0] for x in lines],
                "high": [x[1] for x in lines],
                "bracket": self.book.bracket(*lines[0], int(due_day), self.as_of.toordinal()),
                "discount": (until.toordinal(), rate.numerator, rate.denominator, int(full)),
            }
        return self._kinds[row]

    def _brackets(self, modes: list[str], accounts: Any) -> tuple[Any, int]:
        """The number, within its group, of the set of tiers each charge shares; -1 where it has none."""
        numbers = np.full(len(modes), -1, dtype=np.int64)
        seen: dict[tuple[Any, ...], int] = {}
        in_group: dict[int, int] = {}
        for i, mode in enumerate(modes):
            if not mode:
                continue
            g = int(self.group[i])
            key = (g, accounts[i], int(self.year[i]) if mode == "levy_year" else 0)
            if key not in seen:
                seen[key] = in_group.get(g, 0)
                in_group[g] = seen[key] + 1
            numbers[i] = seen[key]
        return numbers, max(in_group.values(), default=1)

    # ---- money ---------------------------------------------------------------------------------------------------

    def _lay_out_money(self) -> None:
        table = self.receipts
        only = np.full(len(table), -1, dtype=np.int64)
        third = np.zeros(len(table), dtype=np.int64)
        group = np.zeros(len(table), dtype=np.int64)
        rows = zip(table["Account"], table["Directed"], table["By"], table["Effective"], strict=True)
        for n, (account, directed, by, effective) in enumerate(rows):
            group[n] = self.group_number[self.group_of_account[directed or account]]
            if directed:
                only[n] = self.account_number[directed]
            if by == "third party":
                params = self.book.policies[self.book.policy(effective.date())].params
                third[n] = int(params.third_party == "named_property")  # type: ignore[attr-defined]
                if third[n]:
                    only[n] = self.account_number[directed or account]
        place_of = {
            (str(b), str(p), int(n)): i
            for i, (b, p, n) in enumerate(
                self.charges[["Bill", "Part", "Inst"]].iloc[self.order].itertuples(index=False, name=None)
            )
        }
        wide = self.adjustments
        found: list[int] = []
        for position, bill, part, inst in wide[["Bill", "Part", "Inst"]].itertuples(name=None):
            at = place_of.get((bill, part, inst), -1)
            found.append(at)
            if at < 0:
                where = place(wide, int(position), "Bill")
                self.problems.append(
                    Problem(where, f"There is no bill {bill} installment {inst} here.", "It changes nothing.")
                )
        keep = np.array(found, dtype=np.int64) >= 0
        self.adjustments = wide = wide[keep] if len(wide) else wide
        charge = np.array([f for f in found if f >= 0], dtype=np.int64)
        sign = np.where(wide["Kind"].isin(RAISES), 1, np.where(wide["Kind"] == REFUND, 0, -1)).astype(np.int64)
        self.receipt_group = group
        self.adjustment_group = self.group[charge] if len(charge) else np.zeros(0, dtype=np.int64)
        self.money = r.Money(
            amount=table["Amount"].to_numpy(dtype=np.int64),
            account=only,
            third_party=third,
            change=wide["Amount"].to_numpy(dtype=np.int64),
            change_charge=charge,
            change_column=np.array([_COLUMN[c] for c in wide["Component"]], dtype=np.int64),
            change_sign=sign,
        )

    # ---- events --------------------------------------------------------------------------------------------------

    def _lay_out_events(self) -> None:
        """Everything that happens to each group, in order of day and of the day's own order."""
        today = self.as_of.toordinal()
        parts: list[tuple[Any, Any, int, Any, Any]] = []  # group, day, kind, index, rank within the day

        def add(group: Any, on: Any, kind: int, index: Any, rank: Any) -> None:
            parts.append((np.asarray(group), np.asarray(on), kind, np.asarray(index), np.asarray(rank)))

        every = np.arange(len(self.due))
        lapsed = self.lapse <= today
        add(self.group[lapsed], self.lapse[lapsed], r.LAPSE, every[lapsed], every[lapsed])
        due = self.due <= today
        add(self.group[due], self.due[due], r.CREDIT_DUE, every[due], every[due])
        for table, groups, sort, number in (
            (self.adjustments, self.adjustment_group, r.ADJUSTMENT, "No"),
            (self.receipts, self.receipt_group, r.RECEIPT, "Receipt"),
        ):
            names = list(table[number])
            rank = np.empty(len(names), dtype=np.int64)
            rank[sorted(range(len(names)), key=lambda i, names=names: by_number(names[i]))] = np.arange(len(names))  # type: ignore[misc]
            add(groups, days(table["Effective"]), sort, np.arange(len(names)), rank)
        if len(self.due):
            for year in range(dt.date.fromordinal(int(self.due.min())).year, self.as_of.year):
                end = dt.date(year, 12, 31)
                penalty = self.book.year_end(end)
                if penalty is not None:
                    late = np.unique(self.group[self.due <= end.toordinal()])
                    add(
                        late,
                        np.full(len(late), end.toordinal()),
                        r.YEAR_END,
                        np.full(len(late), penalty),
                        late * 0,
                    )
        group = np.concatenate([p[0] for p in parts]).astype(np.int64)
        on = np.concatenate([p[1] for p in parts]).astype(np.int64)
        kind = np.concatenate([np.full(len(p[0]), p[2], dtype=np.int64) for p in parts])
        index = np.concatenate([p[3] for p in parts]).astype(np.int64)
        rank = np.concatenate([p[4] for p in parts]).astype(np.int64)
        order = np.lexsort((rank, kind, on, group))
        on, kind = on[order], kind[order]
        policy_of = {d: self.book.policy(dt.date.fromordinal(int(d))) for d in np.unique(on)}
        cuts = np.unique(on)
        policy = np.array([policy_of[d] for d in cuts], dtype=np.int64)[np.searchsorted(cuts, on)] if len(on) else on
        self.events = r.Events(day=on, kind=kind, index=index[order], policy=policy)
        count = len(self.group_keys)
        edges = np.arange(count + 1)
        self.groups = r.Groups(charge=np.searchsorted(self.group, edges), event=np.searchsorted(group[order], edges))

    # ---- running -------------------------------------------------------------------------------------------------

    def _run(self) -> tuple[r.State, r.Output, r.Law]:
        n = len(self.due)
        source = jit.compiled() if len(self.events.day) >= COMPILE_FROM else None
        module = source or kernel

        def plain(values: Any) -> Any:
            array = np.ascontiguousarray(values, dtype=np.int64)
            return array if source else array.tolist()

        def zeros(size: int, fill: int = 0) -> Any:
            return plain(np.full(max(size, 1), fill))

        def record(kind: Any, values: Any) -> Any:
            return kind(*(plain(v) for v in values))

        law = self.book.law()
        numbers = record(r.Law, law)
        almanac = record(r.Days, calendar())
        charges = record(r.Charges, self.arrays)
        events, money, groups = (
            record(r.Events, self.events),
            record(r.Money, self.money),
            record(r.Groups, self.groups),
        )
        sizes = np.diff(self.groups.event) + 2 * np.diff(self.groups.charge) * (self.brackets + 1)
        widest = int(sizes.max(initial=1)) + self.brackets * (int(np.diff(self.groups.event).max(initial=1)) + 1)
        room = [len(self.events.day) + n + 64, (2 * len(self.events.day) + 4 * n + 64) if self.explain else 0, 64]
        while True:
            state = r.State(
                open=plain(self.arrays.amount), costs=zeros(n), penalty=zeros(n),
                base_due=plain(self.arrays.base_due), base_late=plain(self.arrays.base_late),
                bearing=zeros(n), late=zeros(n), low=zeros(n), paid=zeros(n), closed=zeros(n), line=zeros(n, -1),
                segment=zeros(2 * n, -1), counted=zeros(2 * n), since=zeros(2 * n), accrued=zeros(2 * n),
                settled=zeros(2 * n), due=zeros(2 * n),
                credit=zeros(len(self.group_keys)), refund=zeros(len(self.group_keys)),
            )  # fmt: skip
            scratch = r.Scratch(
                queue=zeros(2 * n + len(self.adjustments)), used=zeros(self.brackets), taken=zeros(self.brackets),
                was=zeros(self.brackets), history_day=zeros(widest), history_bracket=zeros(widest),
                history_used=zeros(widest), n=zeros(3),
            )  # fmt: skip
            out = r.Output(
                post=zeros(9 * room[0]), trace=zeros(9 * room[1]), problem=zeros(2 * room[2]), n=zeros(3),
                error=zeros(2), want=zeros(1, int(self.explain)),
            )  # fmt: skip
            module.run(numbers, almanac, charges, events, money, groups, state, scratch, out, self.as_of.toordinal())
            if out.error[0] > 0:
                self._no_law(int(out.error[0]) - 1, dt.date.fromordinal(int(out.error[1])))
            needed = [int(x) for x in out.n]
            if all(a <= b for a, b in zip(needed, room, strict=True)):
                return state, out, law
            room = [max(a, b) for a, b in zip(needed, room, strict=True)]

    def _no_law(self, charge: int, on: dt.date) -> None:
        row = self.charges.iloc[int(self.order[charge])]
        error: LawNotEncoded = self.town.not_encoded("interest", on, row["Levy Type"], row["Part"])
        raise LawNotEncoded(
            f"Bill {row['Bill']} installment {row['Inst']}: {error.problem.what}",
            where=error.problem.where,
            do=error.problem.do,
        )

    # ---- figures -------------------------------------------------------------------------------------------------

    def ledger(self) -> Ledger:
        state, out, law = self._run()
        n = len(self.due)
        back = np.empty(n, dtype=np.int64)
        back[self.order] = np.arange(n)

        def figures(values: Any) -> Any:
            return np.asarray(values, dtype=np.int64)[:n][back]

        due = np.asarray(state.due, dtype=np.int64)[: 2 * n].reshape(n, 2)[back]
        names = ["Account", "Bill", "Levy Year", "Levy Type", "Part", "Inst", "Due"]
        balances = self.charges[names].copy()
        balances["Billed"] = self.charges["Amount"].to_numpy()
        balances["Tax"] = figures(state.open)
        balances["Interest"] = due[:, 0]
        balances["Penalty"] = figures(state.penalty) + due[:, 1]
        balances["Costs"] = figures(state.costs)
        balances["Total"] = balances[["Tax", "Interest", "Penalty", "Costs"]].sum(axis=1)
        balances["Discount"] = figures(self._discounts(state))
        balances["Last Free Day"] = (figures(self.free_until) - 719_163).astype("datetime64[D]").astype("datetime64[s]")
        balances["Late"] = figures(self.free_until) < self.as_of.toordinal()
        balances["Group"] = [self.group_keys[g][1] for g in self.group[back]]
        credits = pd.DataFrame(
            {
                "Group": [k[1] for k in self.group_keys],
                "Credit": np.asarray(state.credit, dtype=np.int64)[: len(self.group_keys)],
                "Refund": np.asarray(state.refund, dtype=np.int64)[: len(self.group_keys)],
            }
        )
        credits = credits[(credits["Credit"] != 0) | (credits["Refund"] != 0)].reset_index(drop=True)
        for a, amount in np.asarray(out.problem)[: 2 * int(out.n[2])].reshape(-1, 2):
            number = self.adjustments["No"].iloc[int(a)]
            self.problems.append(
                Problem(
                    f"adjustment {number}",
                    f"{dollars(int(amount))} of it found nothing to lower.",
                    "Correct its amount or date.",
                )
            )
        ledger = Ledger(self.as_of, balances, self._postings(out), credits, self.problems)
        if self.explain:
            from xltax.ledger.explain import periods

            trace = np.asarray(out.trace)[: 9 * int(out.n[1])].reshape(-1, 9)
            ledger.periods = periods(trace, self.charges.iloc[self.order], self.book, int(law.scale[0]), state)
        return ledger

    def _discounts(self, state: r.State) -> Any:
        """What payment in full on the day would save on each installment, in cents."""
        c, n = self.arrays, len(self.due)
        open_now, paid = np.asarray(state.open)[:n], np.asarray(state.paid)[:n]
        earned = (c.discount_part > 0) & (c.discount_until >= self.as_of.toordinal()) & (open_now > 0)
        earned &= (c.discount_full == 0) | (paid == 0)
        return np.where(earned, (2 * open_now * c.discount_part + c.discount_whole) // (2 * c.discount_whole), 0)

    def _postings(self, out: r.Output) -> pd.DataFrame:
        rows = np.asarray(out.post, dtype=np.int64)[: 9 * int(out.n[0])].reshape(-1, 9)
        charge = self.charges.iloc[self.order[rows[:, 3]]] if len(rows) else self.charges.iloc[:0]
        receipts = self.receipts["Receipt"].to_numpy(dtype=object)
        changes = self.adjustments["No"].to_numpy(dtype=object)
        source, index = rows[:, 0], rows[:, 1]
        table = pd.DataFrame(
            {
                "Receipt": [receipts[i] if s == r.FROM_RECEIPT else "" for s, i in zip(source, index, strict=True)],
                "Adjustment": [
                    changes[i] if s == r.FROM_ADJUSTMENT else "" for s, i in zip(source, index, strict=True)
                ],
                "Date": (rows[:, 2] - 719_163).astype("datetime64[D]").astype("datetime64[s]"),
            }
        )
        for name in ("Account", "Bill", "Levy Year", "Levy Type", "Part", "Inst"):
            table[name] = charge[name].to_numpy()
        for column, name in enumerate(("Tax", "Interest", "Penalty", "Costs", "Discount"), 4):
            table[name] = rows[:, column]
        return table
