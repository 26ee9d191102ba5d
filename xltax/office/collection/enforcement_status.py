"""The enforcement registers: the status of each lien, warrant and case on a day, and its next date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from xltax.errors import BadValue, Problem, Problems
from xltax.law.enforcement import DeadlineList
from xltax.money import Cents, usd
from xltax.office.collection import lists
from xltax.office.collection.list_facts import Records
from xltax.office.collection.list_methods import NEEDS_REASON
from xltax.office.counter.reversal_effects import TAKEN_BACK, gone_back, rents_that_count
from xltax.tables import Bill, CashLine, Parcel
from xltax.tables.enforcement import (
    LIENS,
    WATCH,
    CourtCase,
    Lien,
    Listed,
    Notice,
    Rent,
    Warrant,
    WarrantMoney,
    WatchedDate,
)
from xltax.tables.reading import place
from xltax.tables.replayed import OpenInstallment
from xltax.tables.schema import Row
from xltax.tables.table import Table


class RegisterStatus(Row):
    """How one lien, warrant or case stands: the same three columns in each register."""

    status = LIENS["Status"]
    next_date = LIENS["Next Date"]
    next_step = LIENS["Next Step"]


Standing = tuple[str, dt.date | None, str]
"""Status, next date, next step."""


def day(value: Any) -> dt.date | None:
    """A date from a cell of a typed table; None for an empty one."""
    return None if pd.isna(value) else pd.Timestamp(value).date()


def standings(frame: Table[Any], found: list[Standing]) -> pd.DataFrame:
    """The columns Status, Next Date and Next Step, a row for each row of the register."""
    return pd.DataFrame(
        {
            RegisterStatus.status: [s for s, _, _ in found],
            RegisterStatus.next_date: np.array(
                [np.datetime64(d or "NaT", "s") for _, d, _ in found], dtype="datetime64[s]"
            ),
            RegisterStatus.next_step: [step for _, _, step in found],
        },
        index=frame.index,
    )


# ---- liens ---------------------------------------------------------------------------------------------------------


def liens(table: Table[Lien], records: Records) -> pd.DataFrame:
    """The status of each lien: to be recorded before it lapses, recorded, assigned, paid and to be released, or released."""
    owing = records.ledger.balances.groupby(OpenInstallment.bill)[OpenInstallment.total].sum()
    return standings(table, [_lien(r, int(owing.get(r[Lien.bill], 0)), records) for r in table.records()])


def _lien(row: dict[str, Any], owing: Cents, records: Records) -> Standing:
    now = records.as_of
    if row[Lien.kind] == "Land":
        first = day(records.first_due.get(row[Lien.bill]))
        record_by = records.deadline("lien_lapse", first) if first else None
    else:
        record_by = None
    recorded, released, assigned = day(row[Lien.recorded]), day(row[Lien.released]), day(row[Lien.assigned])
    if released and released <= now:
        return "Released", None, ""
    if assigned and assigned <= now:
        return "Assigned", None, f"rights are with {row[Lien.assigned_to] or 'the purchaser'}"
    if not recorded or recorded > now:
        if record_by and record_by < now:
            return "Lapsed", record_by, "run Unsecure: the tax is unsecured after this day"
        return "Not recorded", record_by, "record the lien"
    if record_by and recorded > record_by:
        return "Recorded late", record_by, "the lien had lapsed by then: ask counsel"
    if not owing:
        return "Paid", now, "record the release"
    lapses = records.deadline("ucc_lapse", recorded) if row[Lien.kind] == "UCC-1" else None
    return "Recorded", lapses, "the lien lapses" if lapses else ""


# ---- warrants ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Split:
    """How money on a warrant is divided: the officer's fee first."""

    fee: Cents
    to_town: Cents


def split(amount: Cents, warrant: dict[str, Any], money: Table[WarrantMoney], on: dt.date) -> Split:
    """Divides a payment on a warrant, in cents: first the unpaid part of the officer's fee, then tax, interest and fees.

    Nothing is owed to the officer before service, even if the town is paid direct; after service his fee is, whoever is
    paid. After the return nothing more is collected under it. Raises BadValue for a payment after the return.
    """
    issued, served, returned = (day(warrant[c]) for c in ("Issued", "Served", "Returned"))
    if amount <= 0:
        raise BadValue("The amount must be above zero.", where="amount", do="Enter the payment.")
    if issued and on < issued:
        raise BadValue(
            f"Warrant {warrant[Warrant.no]} was issued on {issued}, after the payment.",
            where="collected",
            do="Check the dates.",
        )
    if returned and on > returned:
        raise BadValue(
            f"Warrant {warrant[Warrant.no]} was returned on {returned}. Nothing can be collected or charged under this warrant after that day.",
            where=f"warrant {warrant[Warrant.no]}",
            do="Post the payment at the counter as the owner's payment.",
        )
    had = int(money.loc[money[WarrantMoney.warrant] == warrant[Warrant.no], WarrantMoney.fee].sum())
    fee = min(amount, int(warrant[Warrant.fee]) - had) if served and served <= on else 0
    return Split(fee, amount - fee)


def warrants(table: Table[Warrant], money: Table[WarrantMoney], records: Records) -> pd.DataFrame:
    """The status of each warrant: the day to serve it by, money the officer holds, the return before the officer's term ends."""
    sums = money.groupby(WarrantMoney.warrant)[[WarrantMoney.amount, WarrantMoney.fee, WarrantMoney.to_town]].sum()
    held = money[(money[WarrantMoney.taken_by] == "officer") & money[WarrantMoney.paid_over].isna()]
    oldest = held.groupby(WarrantMoney.warrant)[WarrantMoney.collected].min()
    over = (
        money[money[WarrantMoney.paid_over].notna() | (money[WarrantMoney.taken_by] == "town")]
        .groupby(WarrantMoney.warrant)[WarrantMoney.to_town]
        .sum()
    )
    rows = table.records()
    out = standings(table, [_warrant(r, day(oldest.get(r[Warrant.no])), records) for r in rows])
    out.insert(0, "Collected", table[Warrant.no].map(sums[WarrantMoney.amount]).fillna(0).astype("int64"))
    out.insert(1, "Officer Share", table[Warrant.no].map(sums[WarrantMoney.fee]).fillna(0).astype("int64"))
    out.insert(2, "Paid Over", table[Warrant.no].map(over).fillna(0).astype("int64"))
    return out


def _warrant(row: dict[str, Any], held_since: dt.date | None, records: Records) -> Standing:
    """The nearest date decides. Money held comes first, even after the return."""
    now = records.as_of
    issued, served, returned, term = (day(row[c]) for c in ("Issued", "Served", "Returned", "Term Ends"))
    dates: list[tuple[dt.date, str]] = []
    if held_since and (until := records.deadline("warrant_money", held_since)):
        dates.append((until, "the officer must pay over the money held"))
    if not returned:
        if not served and issued and (until := records.deadline("warrant_service", issued)):
            dates.append((until, "serve the warrant"))
        if term:
            dates.append((term, "return the warrant before the officer's term ends"))
    status = "Returned" if returned else "Served" if served else "Issued"
    if not dates:
        return status, None, ""
    next_day, step = min(dates)
    return (f"{status}, overdue" if next_day < now else status), next_day, step


def check_warrants(table: Table[Warrant], money: Table[WarrantMoney]) -> list[Problem]:
    """Problems with warrant money: no such warrant, money after the return, fees too high, or no separate account."""
    out = []
    by_no = {r[Warrant.no]: r for r in table.records()}
    fees: dict[str, Cents] = {}
    for i, row in zip(money.index, money.to_dict("records"), strict=True):
        where = place(money, int(i), WarrantMoney.warrant)
        warrant = by_no.get(row[WarrantMoney.warrant])
        if warrant is None:
            out.append(Problem(where, f"There is no warrant {row[WarrantMoney.warrant]}.", "Correct the number."))
            continue
        returned, collected = day(warrant[Warrant.returned]), row[WarrantMoney.collected].date()
        fees[row[WarrantMoney.warrant]] = fees.get(row[WarrantMoney.warrant], 0) + int(row[WarrantMoney.fee])
        if returned and collected > returned:
            out.append(
                Problem(
                    where,
                    f"The money was collected on {collected}, after the return on {returned}.",
                    "Post the money as the owner's payment, without costs.",
                )
            )
        if row[WarrantMoney.fee] + row[WarrantMoney.to_town] != row[WarrantMoney.amount]:
            out.append(Problem(where, "Fee and To Town do not add up to Amount.", "Correct the row."))
        if fees[row[WarrantMoney.warrant]] > warrant[Warrant.fee]:
            out.append(
                Problem(
                    where,
                    f"The fees of {usd(fees[row[WarrantMoney.warrant]])} are above the warrant's fee, {usd(int(warrant[Warrant.fee]))}.",
                    "The officer must pay over the rest.",
                )
            )
        if row[WarrantMoney.taken_by] == "officer" and not row[WarrantMoney.bank_account]:
            out.append(
                Problem(where, "Bank Account is empty.", "Enter the separate account where the officer kept the money.")
            )
    return out


# ---- cases ---------------------------------------------------------------------------------------------------------

STEP = {
    "Bankruptcy": "",
    "Collection agency": "review the placement, or recall it",
    "Jeopardy": "",
    "Vehicle hold": "",
    "Permit denial": "the notice period has ended: tell the department",
    "Promise to pay": "promised: check for the payment",
    "Receivership": "account to the court",
    "Suspense": "",
    "Uncollectible": "the governing body must decide",
    "Agreement default": "the default letter is due",
}
DEADLINE_OF = {
    "Permit denial": "health_permits_response",
    "Uncollectible": "uncollectible",
    "Agreement default": "default_response",
}
NEEDS_REFERENCE = ("Bankruptcy", "Collection agency")


def cases(table: Table[CourtCase], records: Records) -> pd.DataFrame:
    """The status of each case: open, overdue on its own date, or closed."""
    found: list[Standing] = []
    for row in table.records():
        closed, until = day(row[CourtCase.closed]), day(row[CourtCase.until])
        if closed and closed <= records.as_of:
            found.append(("Closed", None, ""))
            continue
        rule = DEADLINE_OF.get(row[CourtCase.kind], "")
        until = until or (records.deadline(rule, row[CourtCase.opened].date()) if rule else None)
        status = "Overdue" if until and until < records.as_of else "Open"
        found.append((status, until, STEP[row[CourtCase.kind]] if until else ""))
    return standings(table, found)


def check_cases(table: Table[CourtCase]) -> list[Problem]:
    """Cases without what their kind must have: an account, party or bill, the reason, the docket."""
    out = []
    for i, row in zip(table.index, table.records(), strict=True):
        if not (row[CourtCase.account] or row[CourtCase.party] or row[CourtCase.bill]):
            out.append(
                Problem(
                    place(table, int(i), CourtCase.account),
                    "The case has no account, party or bill.",
                    "Fill in one of them.",
                )
            )
        if row[CourtCase.kind] in NEEDS_REASON and not row[CourtCase.reason]:
            out.append(
                Problem(
                    place(table, int(i), CourtCase.reason),
                    f"This {row[CourtCase.kind]} case has no reason.",
                    "Fill in Reason.",
                )
            )
        if row[CourtCase.kind] in NEEDS_REFERENCE and not row[CourtCase.reference]:
            out.append(
                Problem(
                    place(table, int(i), CourtCase.reference),
                    f"This {row[CourtCase.kind]} case has no docket or file number.",
                    "Fill in Reference.",
                )
            )
        if not pd.isna(row[CourtCase.closed]) and row[CourtCase.closed] < row[CourtCase.opened]:
            out.append(
                Problem(place(table, int(i), CourtCase.closed), "The case closed before it opened.", "Check the dates.")
            )
    return out


def suspended(records: Records, accounts: list[str]) -> set[str]:
    """The accounts among these that are in bankruptcy: no demand, lien, warrant or sale."""
    rows = records.open
    return set(rows.loc[rows["bankruptcy"].to_numpy(dtype=bool), OpenInstallment.account]) & set(accounts)


# ---- the watch list -------------------------------------------------------------------------------------------------


def watch(
    records: Records, registers: Mapping[str, tuple[Table[Any] | pd.DataFrame, pd.DataFrame]], days: int
) -> Table[WatchedDate]:
    """What is overdue or due soon in all registers, notices and time limits; the columns of Watch.

    registers: for each register its table and its standings. Limits that many bills reach on one day share a line.
    """
    last = records.as_of + dt.timedelta(days=days)
    owners = dict(zip(records.roll[Parcel.account], records.roll[Parcel.owner], strict=True))
    found: list[tuple[dt.date, str, str, str, str, str]] = []
    for name, (table, standing) in registers.items():
        for row, status in zip(table.to_dict("records"), standing.to_dict("records"), strict=True):
            due = day(status[RegisterStatus.next_date])
            if due and due <= last:
                who = row.get("Officer") or owners.get(row[WatchedDate.account], "")
                found.append(
                    (due, name, row[WatchedDate.no], row[WatchedDate.account], who, status[RegisterStatus.next_step])
                )
    found += [*_notices(records, last), *_limits(records, last)]
    table = pd.DataFrame(sorted(found), columns=["Date", "Register", "No", "Account", "Owner", "What"])
    table[WatchedDate.days] = np.array([(d - records.as_of).days for d in table[WatchedDate.date]], dtype=np.int64)
    table[WatchedDate.date] = np.array([np.datetime64(d, "s") for d in table[WatchedDate.date]], dtype="datetime64[s]")
    table = table[list(WATCH.names)]
    return Table.made(WATCH, table)


def _notices(records: Records, last: dt.date) -> Iterator[tuple[dt.date, str, str, str, str, str]]:
    """Notices whose deadline passes now, for accounts that still owe. A mailing to many accounts is one line."""
    notices = records.notices[
        records.notices[Notice.respond_by].notna() & (records.notices[Notice.mailed] <= records.today)
    ]
    notices = notices[
        (notices[Notice.respond_by] <= pd.Timestamp(last)) & (notices[Notice.respond_by] >= records.today)
    ]
    rows = records.open
    rows = rows[rows[OpenInstallment.late].to_numpy(dtype=bool)]
    owes = notices[Notice.account].isin(set(rows[OpenInstallment.account])) | notices[Notice.party].isin(
        set(rows[Bill.party]) - {""}
    )
    notices = notices[owes]
    for (until, kind), mine in notices.groupby([Notice.respond_by, Notice.kind]):
        one = mine.iloc[0]
        what = f"deadline in the {kind.replace('_', ' ')} notice"
        if len(mine) == 1:
            yield until.date(), "Notices", one[Notice.no], one[Notice.account], one[Notice.owner], what
        else:
            yield until.date(), "Notices", "", "", f"{len(mine):,} accounts", what


def _limits(records: Records, last: dt.date) -> Iterator[tuple[dt.date, str, str, str, str, str]]:
    """Time limits that bills reach, from the town's own deadline lists."""
    for kind, rule in lists.kinds(records.town, records.as_of).items():
        if not isinstance(rule.params, DeadlineList):
            continue
        rows = lists.make(rule, records).rows
        rows = rows[(rows[Listed.date] >= records.today) & (rows[Listed.date] <= pd.Timestamp(last))]
        for end, mine in rows.groupby(Listed.date):
            one = mine.iloc[0]
            single = len(mine) == 1
            yield (
                end.date(), f"List {kind.replace('_', ' ')}", one[Listed.bill] if single else "",
                one[Listed.account] if single else "", one[Listed.owner] if single else f"{len(mine):,} bills",
                f"end of {rule.params.deadline.replace('_', ' ')}, {usd(int(mine[Listed.total].sum()))}",
            )  # fmt: skip


# ---- the clerks -----------------------------------------------------------------------------------------------------

CLERKS = ("Clerk", "Calls", "Promises", "Promised", "Not Kept")


def clerks(records: Records, since: dt.date) -> list[list[Any]]:
    """Calls made and promises taken by each clerk since a day, and how many promises were not kept."""
    start = pd.Timestamp(since)
    calls = records.notices[
        (records.notices[Notice.kind].str.lower() == "call") & (records.notices[Notice.mailed] >= start)
    ]
    calls = calls[calls[Notice.mailed] <= records.today]
    taken = records.cases[
        (records.cases[CourtCase.kind] == "Promise to pay") & (records.cases[CourtCase.opened] >= start)
    ]
    taken = taken[taken[CourtCase.opened] <= records.today]
    rows = records.open
    late = set(rows.loc[rows[OpenInstallment.late].to_numpy(dtype=bool), OpenInstallment.account])
    broken = taken[
        (taken[CourtCase.until] < records.today) & taken[CourtCase.account].isin(late) & taken[CourtCase.closed].isna()
    ]
    names = sorted({*calls[Notice.by], *taken[CourtCase.by]})
    return [
        [
            name or "not entered",
            int((calls[Notice.by] == name).sum()),
            int((taken[CourtCase.by] == name).sum()),
            int(taken.loc[taken[CourtCase.by] == name, CourtCase.amount].sum()),
            int((broken[CourtCase.by] == name).sum()),
        ]
        for name in names
    ]


# ---- rents -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RentAccount:
    """What a receiver of rents took in and paid out, in cents."""

    rents: Cents
    expenses: Cents
    applied: Cents
    paid_back: Cents

    @property
    def held(self) -> Cents:
        return self.rents - self.expenses - self.applied - self.paid_back


def rent_account(rents: Table[Rent], account: str, cash_book: Table[CashLine], on: dt.date) -> RentAccount:
    """The receiver's account of one property through a day. Money applied by a receipt that was taken back counts as held again.

    Raises Problems for an expense without the court's order, money applied without its receipt in the cash book, and
    more paid out than came in.
    """
    mine = rents_that_count(rents, gone_back(cash_book, on))
    mine = mine[(mine[Rent.account] == account) & (mine[Rent.date] <= pd.Timestamp(on))]
    if not len(mine):
        raise BadValue(f"There are no rents for account {account}.", where="Rents, Account", do="Correct the account.")
    posted = cash_book.groupby(CashLine.receipt)[CashLine.total].sum()
    problems = []
    for i, row in zip(mine.index, mine.to_dict("records"), strict=True):
        if row[Rent.kind] == "Expense" and not row[Rent.order]:
            problems.append(
                Problem(
                    place(rents, int(i), Rent.order),
                    "The expense has no court order.",
                    "Enter the order. The court must allow an expense first.",
                )
            )
        if row[Rent.kind] == "Applied" and int(posted.get(row[Rent.receipt], -1)) != int(row[Rent.amount]):
            problems.append(
                Problem(
                    place(rents, int(i), Rent.receipt),
                    f"The Cash Book has no receipt for the {usd(int(row[Rent.amount]))} applied.",
                    "Post the payment with By officer, and enter the receipt number here.",
                )
            )
    sums = mine.groupby(Rent.kind)[Rent.amount].sum()
    sums["Applied"] = sums.get("Applied", 0) - sums.get(TAKEN_BACK, 0)
    out = RentAccount(*(int(sums.get(k, 0)) for k in ("Rent", "Expense", "Applied", "Paid Back")))
    if out.held < 0:
        problems.append(
            Problem(f"Rents of {account}", f"{usd(-out.held)} more was paid out than came in.", "Check the rows.")
        )
    if problems:
        raise Problems(problems)
    return out
