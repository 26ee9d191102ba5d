"""The facts for lists and notices, side by side: what is open, whose it is, what was sent, recorded and promised."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from xltax.dates import ClosedDays, add_months
from xltax.law.allocation import Allocation
from xltax.law.enforcement import Deadline
from xltax.law.fees import TimeLimit
from xltax.law.profile import Profile
from xltax.ledger.facts import Facts, in_order
from xltax.ledger.replay import Ledger
from xltax.ledger.wide import melt
from xltax.office.counter.posting import receipts_of
from xltax.office.quotes import bankruptcy
from xltax.office.sharing import confidential
from xltax.office.sharing.confidential import Confidential
from xltax.tables import Bill, CashLine, Parcel
from xltax.tables.enforcement import CourtCase, Lien, Listed, Notice
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table

BANKRUPTCY = "Bankruptcy"
WHO = ("Owner", "Billed Owner", "Mail 1", "Mail 2", "Mail 3", "Location", "Class", "Email", "Phone", "Flags")


def by_account(column: pd.Series[Any]) -> pd.Series[Any]:
    """Sorts accounts by their numbers, as an office does; other columns stay as they are."""
    return in_order(column) if column.name == "Account" else column


@dataclass
class Records:
    """One day's ledger with the tables of the delinquency and enforcement desks, all typed; made once for all lists."""

    ledger: Ledger
    town: Profile
    closed: ClosedDays
    roll: Table[Parcel]
    duplicate: Table[Bill]
    cash_book: Table[CashLine]
    notices: Table[Notice]
    liens: Table[Lien]
    cases: Table[CourtCase]
    agreements: frozenset[str] = frozenset()  # accounts whose agreement is kept
    of_facts: Callable[[], Facts] | None = None  # gives what the ledger was replayed from: for figures of another day
    fees: pd.DataFrame | None = None  # officers' fees owed on served warrants: Warrant, Account, Party, Fee
    away: Confidential | None = None  # who is left out of a public copy, where it was looked for in the whole book

    @cached_property
    def withheld(self) -> Confidential:
        """The persons withheld from a public copy."""
        if self.away is not None:
            return self.away
        tables: dict[str, Table[Any]] = {
            "Roll": self.roll,
            "Duplicate": self.duplicate,
            "CashBook": self.cash_book,
            "Notices": self.notices,
        }
        return confidential.of(tables)

    @property
    def as_of(self) -> dt.date:
        return self.ledger.as_of

    @property
    def today(self) -> pd.Timestamp:
        return pd.Timestamp(self.ledger.as_of)

    @cached_property
    def facts(self) -> Facts:
        """What the ledger was replayed from."""
        if self.of_facts:
            return self.of_facts()
        return Facts(melt(self.duplicate), receipts_of(self.cash_book))

    @cached_property
    def open(self) -> pd.DataFrame:
        """Every installment with something due, with its owner, party, flags and what keeps it off lists."""
        return self._beside(self.ledger.balances[self.ledger.balances[OpenInstallment.total] > 0])

    def about(self, account: str) -> pd.DataFrame:
        """The same for one account, even if nothing is due; one row if the account was never billed."""
        mine = self.ledger.balances[self.ledger.balances[OpenInstallment.account] == account]
        if not len(mine):
            mine = pd.DataFrame(
                [
                    {
                        OpenInstallment.account: account,
                        OpenInstallment.bill: "",
                        OpenInstallment.inst: 0,
                        OpenInstallment.due: self.today,
                        OpenInstallment.total: 0,
                    }
                ]
            )
        return self._beside(mine)

    def _beside(self, rows: pd.DataFrame) -> pd.DataFrame:
        rows = rows.sort_values(
            [OpenInstallment.account, OpenInstallment.due, OpenInstallment.bill, OpenInstallment.inst],
            key=by_account,
            kind="stable",
        ).reset_index(drop=True)
        at = pd.Index(self.roll[Parcel.account]).get_indexer(rows[OpenInstallment.account])
        for name in WHO:
            rows[name] = _taken(self.roll[name], at)
        bill = self.duplicate.drop_duplicates(Bill.bill)
        by_bill = pd.Index(bill[Bill.bill]).get_indexer(rows[OpenInstallment.bill])
        party = _taken(bill[Bill.party], by_bill)
        rows[Bill.party] = np.where(party == "", _taken(self.roll[Parcel.party], at), party)
        hold = _taken(bill[Bill.hold], by_bill)
        flags = rows[Parcel.flags].str.lower()
        rows["bankruptcy"] = (hold == "bankruptcy") | self._flagged_bankrupt(rows) | self.in_case(rows, BANKRUPTCY)
        rows["litigation"] = (hold == "litigation") | _has(flags, "litigation")
        # Only a hold on the bill itself is passed by when a payment is applied; a flag on the Roll is for the reader.
        rows["passed by"] = (hold == "litigation") & self._passes_by
        rows["agreement"] = rows[OpenInstallment.account].isin(self.agreements)
        rows[Listed.months_late] = by_value(
            rows[OpenInstallment.due], lambda due: months_between(due, self.as_of)
        ).astype("int64")
        return rows

    @property
    def _passes_by(self) -> bool:
        rule = self.town.find(Allocation, self.as_of)
        return bool(rule and rule.params.litigation == "skip")

    def _flagged_bankrupt(self, rows: pd.DataFrame) -> Any:
        """Accounts flagged so on the Roll, and all others of their parties."""
        flagged = self.roll.loc[_has(self.roll[Parcel.flags].str.lower(), "bankruptcy"), Parcel.account]
        parties = set(self.party_of.reindex(flagged).dropna())
        return rows[OpenInstallment.account].isin(set(flagged)) | rows[Bill.party].isin(parties)

    # ---- registers -----------------------------------------------------------------------------------------------

    def open_cases(self, kind: str) -> Table[CourtCase]:
        """The cases of a kind that are open on the day."""
        cases = self.cases[self.cases[CourtCase.kind] == kind]
        closed = cases[CourtCase.closed].notna() & (cases[CourtCase.closed] <= self.today)
        cases = cases[(cases[CourtCase.opened] <= self.today) & ~closed]
        if kind != BANKRUPTCY:
            return cases
        # A petition stays what is done against the debtor, on whatever property (11 U.S.C. 362).
        party = cases[CourtCase.account].map(self.party_of)
        whole = (cases[CourtCase.bill] == "") & party.notna()
        return cases.with_columns(
            {
                CourtCase.party: party.where(whole, cases[CourtCase.party]),
                CourtCase.account: cases[CourtCase.account].mask(whole, ""),
            }
        )

    def case_of(self, rows: pd.DataFrame, kind: str) -> Any:
        """For each row, the position of its case in `open_cases`: by bill, else by account, else by party; -1 for none."""
        cases = self.open_cases(kind)
        found = np.full(len(rows), -1, dtype=np.int64)
        for column, without in (("Party", ("Account", "Bill")), ("Account", ("Bill",)), ("Bill", ())):
            mine = cases[(cases[column] != "") & (cases[list(without)] == "").all(axis=1)]
            if len(mine):
                place = {key: cases.index.get_loc(i) for i, key in zip(mine.index, mine[column], strict=True)}
                at = rows[column].map(place)
                found = np.where(at.notna(), at.fillna(-1).astype("int64"), found)
        return found

    def in_case(self, rows: pd.DataFrame, kind: str) -> Any:
        """Whether each row is in an open case of a kind."""
        return self.case_of(rows, kind) >= 0

    def petitions(self, rows: pd.DataFrame, kind: str = BANKRUPTCY) -> tuple[pd.Series[Any], pd.Series[Any]]:
        """For each row the day of its petition and the docket with the court; NaT and blank where no case is entered."""
        cases, at = self.open_cases(kind), self.case_of(rows, kind)
        opened = np.append(cases[CourtCase.opened].to_numpy(dtype="datetime64[s]"), np.datetime64("NaT", "s"))
        docket = [
            ", ".join(x for x in pair if x)
            for pair in zip(cases[CourtCase.reference], cases[CourtCase.with_], strict=True)
        ]
        words = np.array([*docket, ""], dtype=object)
        return pd.Series(opened[at], index=rows.index), pd.Series(words[at], index=rows.index)

    def before_petition(self, rows: pd.DataFrame, petition: pd.Series[Any]) -> pd.Series[Any]:
        """The part of each row's open amount that was owed on the day of the petition, in cents."""
        return bankruptcy.before(self.facts, self.town, rows, petition)

    @cached_property
    def party_of(self) -> pd.Series[Any]:
        """The party of every account that has one, by the Roll, else by its last bill."""
        known = pd.concat([self.duplicate[[Bill.account, Bill.party]], self.roll[[Parcel.account, Parcel.party]]])
        return (
            known[known[Bill.party] != ""]
            .drop_duplicates(Bill.account, keep="last")
            .set_index(Bill.account)[Bill.party]
        )

    def holders(self, rows: pd.DataFrame) -> pd.Series[Any]:
        """The holder of each row: its party, or its account if the account has no party."""
        account = rows[Bill.account]
        if "Bill" in rows:
            bill = self.duplicate.drop_duplicates(Bill.bill).set_index(Bill.bill)[Bill.account]
            account = account.where(account != "", rows[Bill.bill].map(bill).fillna(""))
        party = account.map(self.party_of).fillna(account)
        return rows[Bill.party].where(rows[Bill.party] != "", party) if "Party" in rows else party

    def last_notice(self, rows: Table[Any] | pd.DataFrame, kind: str, since: dt.date | None = None) -> pd.Series[Any]:
        """For each row the last day its account, or its party, had a notice of a kind up to the day of the list; NaT for none.

        A notice that names a party was for all its accounts; one that names an account only, for that one.
        """
        kinds = self.notices[Notice.kind].str.lower().str.replace("_", " ")  # typed by hand as final demand
        sent = self.notices[(kinds == kind.lower().replace("_", " ")) & (self.notices[Notice.mailed] <= self.today)]
        if since:
            sent = sent[sent[Notice.mailed] >= pd.Timestamp(since)]
        found = pd.Series(np.datetime64("NaT", "s"), index=rows.index)
        for column in ("Account", "Party"):
            last = sent[sent[column] != ""].groupby(column)[Notice.mailed].max()
            at = pd.Index(last.index).get_indexer(rows[column])
            days = np.append(last.to_numpy(dtype="datetime64[s]"), np.datetime64("NaT", "s"))[at]
            found = found.where(found.notna() & ~(pd.Series(days, index=rows.index) > found), days)
        return found

    @cached_property
    def secured_bills(self) -> set[str]:
        """Bills with a lien in the register that was not released."""
        return set(self._unreleased[Lien.bill])

    @cached_property
    def recorded(self) -> dict[str, pd.Timestamp]:
        """The day the lien on each bill was recorded, where one was and it was not released."""
        first: dict[str, pd.Timestamp] = self._unreleased.groupby(Lien.bill)[Lien.recorded].min().dropna().to_dict()
        return first

    @property
    def _unreleased(self) -> Table[Lien]:
        return self.liens[~(self.liens[Lien.released] <= self.today)]

    @cached_property
    def first_due(self) -> pd.Series[Any]:
        """The day each bill's first installment fell due, by bill."""
        return self.ledger.balances.groupby(OpenInstallment.bill)[OpenInstallment.due].min()

    def deadline(self, kind: str, day: dt.date) -> dt.date | None:
        """The end of a deadline of this town that begins on a day; nothing where the town has none of that name."""
        if kind == "time_limit":
            limit = self.town.find(TimeLimit, self.as_of)
            return add_months(day, 12 * limit.params.years) if limit else None
        rule = self.town.find(Deadline, self.as_of, sort=kind)
        return rule.params.after(day, self.closed) if rule else None


def _taken(column: pd.Series[Any], at: Any) -> Any:
    """The column's values at these positions, blank for -1."""
    values = np.append(column.to_numpy(dtype=object), "")
    return values[at]


def _has(flags: pd.Series[str], word: str) -> Any:
    return flags.str.contains(word, regex=False).to_numpy(dtype=bool)


def by_value(column: pd.Series[Any], work: Callable[[dt.date], Any]) -> pd.Series[Any]:
    """The results of a function of dates, calculated once for each day: a town has few due dates."""
    return column.map({day: work(day.date()) for day in column.dropna().unique()})


def months_between(start: dt.date, end: dt.date) -> int:
    """Whole months from one day to another, never below zero."""
    months = 12 * (end.year - start.year) + end.month - start.month
    while months > 0 and add_months(start, months) > end:
        months -= 1
    return max(months, 0)
