"""Typed facts laid out as the kernel's numbers: charges by group, receipts and adjustments in the order they take effect."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from xltax.errors import Problem, Problems
from xltax.law.interest.days import Days
from xltax.law.profile import OneTax, Profile
from xltax.ledger import kernel_types as r
from xltax.ledger.facts import Facts, by_number, closed_days_of
from xltax.ledger.lawbook import COMPONENTS, LARGEST_CHARGE, Dated, Kind, LawBook
from xltax.money import usd
from xltax.tables import RAISES, REFUND, Adjustment, Charge, Receipt
from xltax.tables.reading import days, place
from xltax.tables.table import Columns, Table

SECURED_TYPES = ("RE", "ADD", "OMIT", "SEWER", "WATER")
_COLUMN = {"costs": r.COSTS, "interest": r.INTEREST, "penalty": r.PENALTY, "tax": r.TAX}


class Layout:
    """One town's facts in force on a day, as arrays with the rows they came from.

    `order` gives, for each charge of the arrays, its row in the table; `group` its group; `names` the groups' names.
    """

    def __init__(
        self, facts: Facts, receipts: Columns, adjustments: Table[Adjustment], town: Profile, as_of: dt.date
    ) -> None:
        self.charges, self.receipts, self.adjustments = facts.charges.arrays(), receipts, adjustments
        self.as_of = as_of
        self.book = LawBook(town, closed_days_of(town, as_of, facts.closed_days))
        self.problems: list[Problem] = []
        _refuse_what_is_no_installment(facts.charges)
        self._lay_out_groups()
        self._lay_out_charges()
        receipts_laid_out, received = self._lay_out_receipts()
        changes, changed = self._lay_out_adjustments()
        self._lay_out_making(receipts_laid_out, received)
        made = np.minimum(self.items["made"], as_of.toordinal()).astype(np.int64)
        every_day = [self.due, self.lapse, made[made > 0], receipts_laid_out["day"], changes["day"]]
        if len(self.due):
            first, last = dt.date.fromordinal(int(self.due.min())).year, as_of.year - 1
            self.book.lay_out_year_ends(first, last)
            every_day.append(np.array([d.toordinal() for _, d in self.book.penalties], dtype=np.int64))
        on = np.concatenate(every_day)
        self.book.lay_out_policies(on[on <= as_of.toordinal()])
        groups = np.zeros(len(self.names) + 1, dtype=r.GROUP)
        for name, of in (("charge", self.group), ("receipt", received), ("change", changed)):
            groups[name] = np.searchsorted(of, np.arange(len(groups)))
        self.facts = r.Facts(self.items, receipts_laid_out, changes, groups)

    @property
    def events(self) -> int:
        """The approximate number of events to replay."""
        return 2 * len(self.due) + len(self.facts.receipts) + len(self.facts.changes)

    # ---- groups --------------------------------------------------------------------------------------------------

    def _lay_out_groups(self) -> None:
        """Numbers accounts and groups: a parcel, or where the law says so the party liable. The row met last says whose."""
        table = self.charges
        codes, self.accounts = pd.factorize(table[Charge.account])
        group, names = codes, self.accounts
        if self.book.policy(self.as_of).group == "party":
            party = table[Charge.party]
            # A party's number could be some account's number too, so the two are kept apart.
            keys = [("P", p) if p else ("A", a) for p, a in zip(party, table[Charge.account], strict=True)]
            group, found = pd.factorize(pd.Series(keys, dtype=object))
            names = np.array([name for _, name in found], dtype=object)
        self.group_of_account = np.zeros(len(self.accounts), dtype=np.int64)
        self.group_of_account[codes] = group
        self.account, self._row_group, self.names = codes, group, names

    def _account_numbers(self, names: Any) -> Any:
        """The numbers of accounts by name. Money for an account that has no charge yet makes a group of its own."""
        numbers = pd.Index(self.accounts).get_indexer(names)
        unknown = pd.unique(names[(numbers < 0) & (names != "")])
        if len(unknown):
            at = len(self.names)
            self.accounts = np.concatenate([self.accounts, unknown])
            self.names = np.concatenate([self.names, unknown])
            self.group_of_account = np.concatenate([self.group_of_account, np.arange(at, at + len(unknown))])
            numbers = pd.Index(self.accounts).get_indexer(names)
        return numbers

    # ---- charges -------------------------------------------------------------------------------------------------

    def _lay_out_charges(self) -> None:
        table = self.charges
        due = days(table[Charge.due])
        year = table[Charge.levy_year]
        blank = year == 0
        if blank.any():
            year = np.where(blank, pd.DatetimeIndex(table[Charge.due]).year, year)
        order = np.argsort(self._row_group.astype(np.int64) << 24 | due, kind="stable")
        self.order, self.group = order, self._row_group[order]
        of_type, types = pd.factorize(table[Charge.levy_type])
        number, kinds = self._kinds(of_type, types, due, year)
        number = number[order]
        mode = np.array([k.mode for k in kinds], dtype=np.int64)[number]
        free_until = np.array([k.last_free.toordinal() for k in kinds], dtype=np.int64)[number]
        secured = table[Charge.secured][order]
        by_type = np.array([t in SECURED_TYPES for t in types], dtype=bool)[of_type[order]]
        items = np.empty(len(due), dtype=r.CHARGE)
        items["amount"] = table[Charge.amount][order]
        items["kind"] = number
        items["account"] = self.account[order]
        items["since"] = np.maximum(days(table[Charge.interest_from]), 0)[order]
        items["hold"] = table[Charge.hold][order] == "litigation"
        lapsed = days(table[Charge.unsecured_from])[order]
        is_secured = np.where(secured == "", by_type, secured == "Yes")
        items["unsecured"] = np.where(is_secured, np.where(lapsed > 0, lapsed, r.NEVER), 0)
        items["whole"] = self._bills_and_parts()[order] if self.book.accelerates else -1
        items["bill"] = self._whole_bills(np.array([k.whole_bill for k in kinds], dtype=bool)[number])
        items["bracket"] = self._brackets(mode, items["account"], year[order])
        self.items, self.due, self.free_until = items, due[order], free_until
        # Interest From is for opening balances: an installment takes its place among the delinquent on that day.
        self.lapse = np.maximum(free_until + 1, items["since"])

    def _lay_out_making(self, receipts: Any, of_receipt: Any) -> None:
        """When each bill was made, as far as it matters: where its group had a bill or money before.

        A bill made late cannot be late before it was there: before the day it was recorded, or the earlier day from which
        money recorded since counts.
        """
        recorded = np.maximum(days(self.charges[Charge.recorded]), 0)[self.order]
        self.items["made"] = self.items["enters"] = 0
        if not recorded.any():
            return
        first = np.full(len(self.names), r.NEVER, dtype=np.int64)
        np.minimum.at(first, self.group, recorded)
        np.minimum.at(first, of_receipt, receipts["sees"])
        made = np.where(recorded > first[self.group], recorded, 0)
        self.items["made"] = made
        enters = np.minimum(made, self.as_of.toordinal())
        late = np.flatnonzero(enters > self.lapse)
        if len(late) and len(receipts):
            # By group and what they see, the least day from which a receipt, or one of its group that sees more, counts.
            order = np.lexsort((receipts["sees"], of_receipt))
            group = of_receipt[order].astype(np.int64)
            key = group << 24 | receipts["sees"][order]
            least = pd.Series(receipts["day"][order][::-1]).groupby(group[::-1]).cummin().to_numpy()[::-1]
            at = np.searchsorted(key, self.group[late].astype(np.int64) << 24 | made[late])
            seen = at < np.searchsorted(group, self.group[late], side="right")
            enters[late[seen]] = np.minimum(enters[late[seen]], least[at[seen]])
        self.items["enters"] = enters
        self.lapse = np.maximum(self.lapse, enters)

    def _kinds(self, of_type: Any, types: Any, due: Any, year: Any) -> tuple[Any, list[Kind]]:
        """The number of each charge's kind, and what the law says of each kind; asked once for each."""
        of_part, parts = pd.factorize(self.charges[Charge.part])
        mailed = np.maximum(days(self.charges[Charge.mailed]), 0)
        none = np.zeros_like(mailed)
        since = np.maximum(days(self.charges[Charge.interest_from]), 0) if self.book.has_own_days else none
        first, last, last_mailed = self._of_bill(due, mailed) if self.book.has_own_days else (none, none, none)
        of_class, classes = pd.factorize(self.charges[Charge.class_]) if self.book.asks_class else (none, [""])
        above = self._above() if self.book.limits else none
        number = np.zeros(len(due), dtype=np.int64)
        for column in (of_type, of_part, due, year, mailed, since, first, last, last_mailed, of_class, above):
            values, distinct = pd.factorize(column)
            number, _ = pd.factorize(number * max(len(distinct), 1) + values)
        _, once = np.unique(number, return_index=True)

        def day(number: Any) -> dt.date | None:
            return dt.date.fromordinal(int(number)) if number > 0 else None

        prior = False if self.book.asks_earlier else None
        # Above a limit by a cent stands for every amount above it: the rules ask for no more.
        amounts = [0, *(limit + 1 for limit in self.book.limits)]
        return number, [
            self.book.kind(
                Dated(
                    types[of_type[i]],
                    parts[of_part[i]],
                    dt.date.fromordinal(int(due[i])),
                    int(year[i]),
                    day(mailed[i]),
                    day(since[i]),
                    day(first[i]),
                    day(last[i]),
                    day(last_mailed[i]),
                    OneTax(classes[of_class[i]], amounts[above[i]] if self.book.limits else None, prior),
                ),
                self.as_of,
            )
            for i in once
        ]

    def _bills_and_parts(self) -> Any:
        """The number of each charge's bill and part."""
        bill, _ = pd.factorize(self.charges[Charge.bill])
        part, parts = pd.factorize(self.charges[Charge.part])
        return bill * max(len(parts), 1) + part

    def _of_bill(self, due: Any, mailed: Any) -> tuple[Any, Any, Any]:
        """The first and the last due date of each charge's bill and part, and the day the last one was mailed."""
        bill = self._bills_and_parts()
        dues = pd.Series(due).groupby(bill)
        last = dues.transform("max").to_numpy()
        of_last = pd.Series(np.where(due == last, mailed, 0)).groupby(bill).transform("max")
        return dues.transform("min").to_numpy(), last, of_last.to_numpy()

    def _above(self) -> Any:
        """How many of the law's amounts the tax of each charge's bill and part is above."""
        billed = pd.Series(self.charges[Charge.amount]).groupby(self._bills_and_parts()).transform("sum")
        return np.searchsorted(self.book.limits, billed.to_numpy(), side="left")

    def _whole_bills(self, whole: Any) -> Any:
        """The number of each charge's bill where any part of that bill has a discount that takes all of it; else -1."""
        if not whole.any():
            return np.full(len(whole), -1, dtype=np.int64)
        bills, _ = pd.factorize(self.charges[Charge.bill][self.order])
        return np.where(np.isin(bills, np.unique(bills[whole])), bills, -1)

    def _brackets(self, mode: Any, account: Any, year: Any) -> Any:
        """The number, within its group, of the set of tiers each charge shares; -1 where it has none."""
        numbers = np.full(len(mode), -1, dtype=np.int64)
        tiered = np.flatnonzero(mode != r.UNTIERED)
        group = self.group[tiered].astype(np.int64)
        year = np.where(mode[tiered] == r.BY_YEAR, year[tiered], 0)
        sets, _ = pd.factorize((group << 24 | account[tiered]) << 14 | year)
        first = np.zeros(len(self.names), dtype=np.int64)
        begins = np.flatnonzero(np.diff(group, prepend=-1))
        first[group[begins]] = sets[begins]
        numbers[tiered] = sets - first[group]
        return numbers

    # ---- money ---------------------------------------------------------------------------------------------------

    def _lay_out_receipts(self) -> tuple[Any, Any]:
        """The payments by group, day and number, and the group of each."""
        table = self.receipts
        on = days(table[Receipt.effective])
        directed, account = table[Receipt.directed], table[Receipt.account]
        named = directed != ""
        numbers = self._account_numbers(np.where(named, directed, account) if named.any() else account)
        third = table[Receipt.by] == "third party"
        for day in np.unique(on[third]):
            if self.book.policy(dt.date.fromordinal(int(day))).third_party != "named_property":
                third &= on != day
        group = self.group_of_account[numbers]
        order = _in_order(group, on, table[Receipt.receipt])
        money = np.empty(len(on), dtype=r.MONEY)
        money["amount"] = table[Receipt.amount][order]
        money["day"] = on[order]
        money["account"] = np.where(named | third, numbers, -1)[order]
        money["row"] = order
        money["third_party"] = third[order]
        money["sees"] = days(table["Sees"])[order]
        return money, group[order]

    def _lay_out_adjustments(self) -> tuple[Any, Any]:
        """The adjustments of bills that are here by group, day and number, and the group of each."""
        table = self.adjustments
        charge = self._charges_named(table)
        for position in table.index[charge < 0]:
            bill, inst = table[Adjustment.bill].loc[position], table[Adjustment.inst].loc[position]
            where = place(table, int(position), Adjustment.bill)
            what = f"There is no bill {bill}, installment {inst}."
            self.problems.append(
                Problem(where, what, "This adjustment has no effect. Correct the bill or the installment.")
            )
        rows = np.flatnonzero(charge >= 0)
        group = self.group[charge[rows]]
        rows = rows[
            _in_order(group, days(table[Adjustment.effective])[rows], table[Adjustment.no].to_numpy(dtype=object)[rows])
        ]
        changes = np.zeros(len(rows), dtype=r.CHANGE)
        if len(rows):
            kind = table[Adjustment.kind].to_numpy(dtype=object)[rows]
            changes["amount"] = table[Adjustment.amount].to_numpy()[rows]
            changes["day"] = days(table[Adjustment.effective])[rows]
            changes["charge"] = charge[rows]
            changes["column"] = [_COLUMN[c] for c in table[Adjustment.component].to_numpy(dtype=object)[rows]]
            changes["sign"] = np.where(np.isin(kind, RAISES), 1, np.where(kind == REFUND, 0, -1))
            changes["row"] = rows
            if self.book.has_own_days:
                self._count_from_raise(changes)
        return changes, self.group[changes["charge"]]

    def _count_from_raise(self, changes: Any) -> None:
        """Tax raised after the last free day is due on the day of the raise: a rule with days of its own counts from it."""
        raised = np.flatnonzero((changes["sign"] > 0) & (changes["column"] == r.TAX))
        columns = (Charge.levy_type, Charge.part, *((Charge.class_,) if self.book.asks_class else ()))
        row = {name: self.charges[name][self.order] for name in columns}
        for n in raised:
            at, day = int(changes["charge"][n]), dt.date.fromordinal(int(changes["day"][n]))
            year = self.book.kinds[int(self.items["kind"][at])][4]
            due = dt.date.fromordinal(int(self.due[at]))
            tax = OneTax(row[Charge.class_][at] if self.book.asks_class else "")
            one = Dated(row[Charge.levy_type][at], row[Charge.part][at], due, year, tax=tax)
            for component in COMPONENTS:
                low, high = self.book.timeline(
                    component, one, Days.all_on(day, self.book.closed), self.as_of + dt.timedelta(days=1)
                )
                changes[f"{component}_low"][n], changes[f"{component}_high"][n] = low, high

    def _charges_named(self, table: Table[Adjustment]) -> Any:
        """The place among the charges of the bill, part and installment each adjustment names; -1 where there is none."""
        if not len(table):
            return np.zeros(0, dtype=np.int64)
        key = [Charge.bill, Charge.part, Charge.inst]
        mine = {c: self.charges[c][self.order] for c in key}
        some = np.flatnonzero(pd.Series(mine[Charge.bill]).isin(set(table[Adjustment.bill])))
        place_of = dict(zip(zip(*(mine[c][some] for c in key), strict=True), some, strict=True))
        return np.array([place_of.get(k, -1) for k in table[key].itertuples(index=False, name=None)], dtype=np.int64)


def _in_order(group: Any, on: Any, numbers: Any) -> Any:
    """Rows by group, then day, then number; numbers are taken apart only where a group has several on one day."""
    key = group.astype(np.int64) << 24 | on
    order = np.argsort(key, kind="stable")
    tied = np.flatnonzero(np.diff(key[order]) == 0)
    if len(tied):
        tied = np.union1d(tied, tied + 1)
        rank = np.zeros(len(key), dtype=np.int64)
        rows = order[tied]
        rank[sorted(rows, key=lambda i: by_number(numbers[i]))] = np.arange(len(rows))
        order = np.lexsort((rank, key))
    return order


def _refuse_what_is_no_installment(table: Table[Charge]) -> None:
    amount = table[Charge.amount].to_numpy()
    wrong = (amount > LARGEST_CHARGE) | (amount < 0)
    if wrong.any():
        too_much = table.where(wrong)[Charge.amount]
        raise Problems(
            Problem(
                place(table, int(p), Charge.amount),
                f"{usd(int(a))} is not an installment amount.",
                f"Enter an amount from $0.00 to {usd(LARGEST_CHARGE)}. Enter a credit as an adjustment.",
            )
            for p, a in zip(too_much.index, too_much, strict=True)
        )
