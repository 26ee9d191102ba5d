"""The enforcement registers: how each lien, warrant and case stands on a day, and the next date that matters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from xltax.errors import BadValue, Problem, Problems
from xltax.law.enforcement import DeadlineList
from xltax.money import Cents, dollars
from xltax.office.collection import lists
from xltax.office.collection.list_facts import Records
from xltax.office.collection.list_methods import NEEDS_REASON
from xltax.office.counter.reversal_effects import TAKEN_BACK, gone_back, rents_that_count
from xltax.tables.enforcement import WATCH
from xltax.tables.reading import place

Standing = tuple[str, dt.date | None, str]
"""Status, next date, next step."""


def day(value: Any) -> dt.date | None:
    """A date from a cell of a typed table; None for an empty one."""
    return None if pd.isna(value) else pd.Timestamp(value).date()


def standings(frame: pd.DataFrame, found: list[Standing]) -> pd.DataFrame:
    """The columns Status, Next Date and Next Step, a row for each row of the register."""
    return pd.DataFrame(
        {
            "Status": [s for s, _, _ in found],
            "Next Date": np.array([np.datetime64(d or "NaT", "s") for _, d, _ in found], dtype="datetime64[s]"),
            "Next Step": [step for _, _, step in found],
        },
        index=frame.index,
    )


# ---- liens ---------------------------------------------------------------------------------------------------------


def liens(table: pd.DataFrame, records: Records) -> pd.DataFrame:
    """How each lien stands: to be recorded before it lapses, recorded, assigned, to be released once paid, released."""
    owing = records.ledger.balances.groupby("Bill")["Total"].sum()
    return standings(table, [_lien(r, int(owing.get(r["Bill"], 0)), records) for r in table.to_dict("records")])


def _lien(row: dict[str, Any], owing: Cents, records: Records) -> Standing:
    now = records.as_of
    if row["Kind"] == "Land":
        first = day(records.first_due.get(row["Bill"]))
        record_by = records.deadline("lien_lapse", first) if first else None
    else:
        record_by = None
    recorded, released, assigned = day(row["Recorded"]), day(row["Released"]), day(row["Assigned"])
    if released and released <= now:
        return "Released", None, ""
    if assigned and assigned <= now:
        return "Assigned", None, f"rights are with {row['Assigned To'] or 'the purchaser'}"
    if not recorded or recorded > now:
        if record_by and record_by < now:
            return "Lapsed", record_by, "the tax is unsecured from the day after: run Unsecure"
        return "Not recorded", record_by, "record it"
    if record_by and recorded > record_by:
        return "Recorded late", record_by, "it had lapsed by then: ask counsel"
    if not owing:
        return "Paid", now, "record the release"
    lapses = records.deadline("ucc_lapse", recorded) if row["Kind"] == "UCC-1" else None
    return "Recorded", lapses, "it lapses" if lapses else ""


# ---- warrants ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Split:
    """How money on a warrant is divided: the officer's fee first."""

    fee: Cents
    to_town: Cents


def split(amount: Cents, warrant: dict[str, Any], money: pd.DataFrame, on: dt.date) -> Split:
    """Divides a payment on a warrant, in cents: what is still owed of the officer's fee first, then tax, interest and fees.

    Nothing is owed to the officer before service, even if the town is paid direct; after service his fee is, whoever is
    paid. After the return nothing more is collected under it. Raises BadValue for a payment after the return.
    """
    issued, served, returned = (day(warrant[c]) for c in ("Issued", "Served", "Returned"))
    if amount <= 0:
        raise BadValue("A payment is above zero.", where="amount")
    if issued and on < issued:
        raise BadValue(f"Warrant {warrant['No']} was issued on {issued}.", where="collected", do="Check the dates.")
    if returned and on > returned:
        raise BadValue(
            f"Warrant {warrant['No']} was returned on {returned}: nothing is collected or charged under it after that.",
            where=f"warrant {warrant['No']}",
            do="Post the payment at the counter as the owner's.",
        )
    had = int(money.loc[money["Warrant"] == warrant["No"], "Fee"].sum())
    fee = min(amount, int(warrant["Fee"]) - had) if served and served <= on else 0
    return Split(fee, amount - fee)


def warrants(table: pd.DataFrame, money: pd.DataFrame, records: Records) -> pd.DataFrame:
    """How each warrant stands: the day to serve it by, money the officer holds, the return before his term ends."""
    sums = money.groupby("Warrant")[["Amount", "Fee", "To Town"]].sum()
    held = money[(money["Taken By"] == "officer") & money["Paid Over"].isna()]
    oldest = held.groupby("Warrant")["Collected"].min()
    over = money[money["Paid Over"].notna() | (money["Taken By"] == "town")].groupby("Warrant")["To Town"].sum()
    rows = table.to_dict("records")
    out = standings(table, [_warrant(r, day(oldest.get(r["No"])), records) for r in rows])
    out.insert(0, "Collected", table["No"].map(sums["Amount"]).fillna(0).astype("int64"))
    out.insert(1, "Officer Share", table["No"].map(sums["Fee"]).fillna(0).astype("int64"))
    out.insert(2, "Paid Over", table["No"].map(over).fillna(0).astype("int64"))
    return out


def _warrant(row: dict[str, Any], held_since: dt.date | None, records: Records) -> Standing:
    """The nearest of its dates decides; money held comes first, also after the return."""
    now = records.as_of
    issued, served, returned, term = (day(row[c]) for c in ("Issued", "Served", "Returned", "Term Ends"))
    dates: list[tuple[dt.date, str]] = []
    if held_since and (until := records.deadline("warrant_money", held_since)):
        dates.append((until, "the officer pays over what he holds"))
    if not returned:
        if not served and issued and (until := records.deadline("warrant_service", issued)):
            dates.append((until, "serve it"))
        if term:
            dates.append((term, "return it before the officer's term ends"))
    status = "Returned" if returned else "Served" if served else "Issued"
    if not dates:
        return status, None, ""
    next_day, step = min(dates)
    return (f"{status}, overdue" if next_day < now else status), next_day, step


def check_warrants(table: pd.DataFrame, money: pd.DataFrame) -> list[Problem]:
    """Money that no warrant has, that came after a return, fees above the warrant's, or not kept in a separate account."""
    out = []
    by_no = {r["No"]: r for r in table.to_dict("records")}
    fees: dict[str, Cents] = {}
    for i, row in zip(money.index, money.to_dict("records"), strict=True):
        where = place(money, int(i), "Warrant")
        warrant = by_no.get(row["Warrant"])
        if warrant is None:
            out.append(Problem(where, f"There is no warrant {row['Warrant']}.", "Correct the number."))
            continue
        returned, collected = day(warrant["Returned"]), row["Collected"].date()
        fees[row["Warrant"]] = fees.get(row["Warrant"], 0) + int(row["Fee"])
        if returned and collected > returned:
            out.append(
                Problem(
                    where,
                    f"Collected {collected}, after the return of {returned}.",
                    "No cost is charged after a return: post it as the owner's payment.",
                )
            )
        if row["Fee"] + row["To Town"] != row["Amount"]:
            out.append(Problem(where, "Fee and To Town do not add up to Amount.", "Correct the row."))
        if fees[row["Warrant"]] > warrant["Fee"]:
            out.append(
                Problem(
                    where,
                    f"Fees of {dollars(fees[row['Warrant']])}, above the warrant's {dollars(int(warrant['Fee']))}.",
                    "The officer pays the rest over.",
                )
            )
        if row["Taken By"] == "officer" and not row["Bank Account"]:
            out.append(
                Problem(where, "It is not said in which account the officer kept it.", "It is a separate account.")
            )
    return out


# ---- cases ---------------------------------------------------------------------------------------------------------

STEP = {
    "Bankruptcy": "",
    "Collection agency": "look at the placement, or recall it",
    "Jeopardy": "",
    "Vehicle hold": "",
    "Permit denial": "the notice has run: tell the department",
    "Promise to pay": "promised: look for the payment",
    "Receivership": "account to the court",
    "Suspense": "",
    "Uncollectible": "the governing body decides by then",
    "Agreement default": "the letter is due",
}
DEADLINE_OF = {
    "Permit denial": "health_permits_response",
    "Uncollectible": "uncollectible",
    "Agreement default": "default_response",
}
NEEDS_REFERENCE = ("Bankruptcy", "Collection agency")


def cases(table: pd.DataFrame, records: Records) -> pd.DataFrame:
    """How each case stands: open, overdue at the day it names, or closed."""
    found: list[Standing] = []
    for row in table.to_dict("records"):
        closed, until = day(row["Closed"]), day(row["Until"])
        if closed and closed <= records.as_of:
            found.append(("Closed", None, ""))
            continue
        rule = DEADLINE_OF.get(row["Kind"], "")
        until = until or (records.deadline(rule, row["Opened"].date()) if rule else None)
        status = "Overdue" if until and until < records.as_of else "Open"
        found.append((status, until, STEP[row["Kind"]] if until else ""))
    return standings(table, found)


def check_cases(table: pd.DataFrame) -> list[Problem]:
    """Cases that lack what their kind has to state: whom it is about, the reason, the docket."""
    out = []
    for i, row in zip(table.index, table.to_dict("records"), strict=True):
        if not (row["Account"] or row["Party"] or row["Bill"]):
            out.append(
                Problem(place(table, int(i), "Account"), "The case names no account, party or bill.", "Name one.")
            )
        if row["Kind"] in NEEDS_REASON and not row["Reason"]:
            out.append(
                Problem(place(table, int(i), "Reason"), f"{row['Kind']} without a reason.", "Say why in Reason.")
            )
        if row["Kind"] in NEEDS_REFERENCE and not row["Reference"]:
            out.append(
                Problem(place(table, int(i), "Reference"), f"{row['Kind']} without its number.", "Enter the reference.")
            )
        if not pd.isna(row["Closed"]) and row["Closed"] < row["Opened"]:
            out.append(Problem(place(table, int(i), "Closed"), "It closed before it opened.", "Check the dates."))
    return out


def suspended(records: Records, accounts: list[str]) -> set[str]:
    """Of these accounts those in bankruptcy: no demand, lien, warrant or sale."""
    rows = records.open
    return set(rows.loc[rows["bankruptcy"].to_numpy(dtype=bool), "Account"]) & set(accounts)


# ---- the watch list -------------------------------------------------------------------------------------------------


def watch(records: Records, registers: dict[str, tuple[pd.DataFrame, pd.DataFrame]], days: int) -> pd.DataFrame:
    """What is due in the next days or overdue, over all registers, notices and limits of time; the columns of Watch.

    registers: for each register its table and its standings. Limits that many bills reach on one day share a line.
    """
    last = records.as_of + dt.timedelta(days=days)
    owners = dict(zip(records.roll["Account"], records.roll["Owner"], strict=True))
    found: list[tuple[dt.date, str, str, str, str, str]] = []
    for name, (table, standing) in registers.items():
        for row, status in zip(table.to_dict("records"), standing.to_dict("records"), strict=True):
            due = day(status["Next Date"])
            if due and due <= last:
                who = row.get("Officer") or owners.get(row["Account"], "")
                found.append((due, name, row["No"], row["Account"], who, status["Next Step"]))
    found += [*_notices(records, last), *_limits(records, last)]
    table = pd.DataFrame(sorted(found), columns=["Date", "Register", "No", "Account", "Owner", "What"])
    table["Days"] = np.array([(d - records.as_of).days for d in table["Date"]], dtype=np.int64)
    table["Date"] = np.array([np.datetime64(d, "s") for d in table["Date"]], dtype="datetime64[s]")
    table = table[list(WATCH.names)]
    table.attrs = {"typed": WATCH.name}
    return table


def _notices(records: Records, last: dt.date) -> Iterator[tuple[dt.date, str, str, str, str, str]]:
    """Notices whose day passes now, of accounts that still owe; a mailing of many is one line."""
    notices = records.notices[records.notices["Respond By"].notna() & (records.notices["Mailed"] <= records.today)]
    notices = notices[(notices["Respond By"] <= pd.Timestamp(last)) & (notices["Respond By"] >= records.today)]
    rows = records.open
    rows = rows[rows["Late"].to_numpy(dtype=bool)]
    owes = notices["Account"].isin(set(rows["Account"])) | notices["Party"].isin(set(rows["Party"]) - {""})
    notices = notices[owes]
    for (until, kind), mine in notices.groupby(["Respond By", "Kind"]):
        one = mine.iloc[0]
        what = f"the day given in the {kind.replace('_', ' ')} notice"
        if len(mine) == 1:
            yield until.date(), "Notices", one["No"], one["Account"], one["Owner"], what
        else:
            yield until.date(), "Notices", "", "", f"{len(mine):,} accounts", what


def _limits(records: Records, last: dt.date) -> Iterator[tuple[dt.date, str, str, str, str, str]]:
    """Limits of time that bills reach, from the town's own lists of them."""
    for kind, rule in lists.kinds(records.town, records.as_of).items():
        if not isinstance(rule.params, DeadlineList):
            continue
        rows = lists.make(rule, records).rows
        rows = rows[(rows["Date"] >= records.today) & (rows["Date"] <= pd.Timestamp(last))]
        for end, mine in rows.groupby("Date"):
            one = mine.iloc[0]
            single = len(mine) == 1
            yield (
                end.date(), f"List {kind.replace('_', ' ')}", one["Bill"] if single else "",
                one["Account"] if single else "", one["Owner"] if single else f"{len(mine):,} bills",
                f"end of {rule.params.deadline.replace('_', ' ')}, {dollars(int(mine['Total'].sum()))}",
            )  # fmt: skip


# ---- the clerks -----------------------------------------------------------------------------------------------------

CLERKS = ("Clerk", "Calls", "Promises", "Promised", "Not Kept")


def clerks(records: Records, since: dt.date) -> list[list[Any]]:
    """Calls made and promises taken by each clerk since a day, and how many promises were not kept."""
    start = pd.Timestamp(since)
    calls = records.notices[(records.notices["Kind"].str.lower() == "call") & (records.notices["Mailed"] >= start)]
    calls = calls[calls["Mailed"] <= records.today]
    taken = records.cases[(records.cases["Kind"] == "Promise to pay") & (records.cases["Opened"] >= start)]
    taken = taken[taken["Opened"] <= records.today]
    rows = records.open
    late = set(rows.loc[rows["Late"].to_numpy(dtype=bool), "Account"])
    broken = taken[(taken["Until"] < records.today) & taken["Account"].isin(late) & taken["Closed"].isna()]
    names = sorted({*calls["By"], *taken["By"]})
    return [
        [
            name or "not said",
            int((calls["By"] == name).sum()),
            int((taken["By"] == name).sum()),
            int(taken.loc[taken["By"] == name, "Amount"].sum()),
            int((broken["By"] == name).sum()),
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


def rent_account(rents: pd.DataFrame, account: str, cash_book: pd.DataFrame, on: dt.date) -> RentAccount:
    """The receiver's account of one property up to a day. What was applied by a receipt since taken back is held again.

    Raises Problems for an expense without the court's order, money applied without its receipt in the cash book, and
    more paid out than came in.
    """
    mine = rents_that_count(rents, gone_back(cash_book, on))
    mine = mine[(mine["Account"] == account) & (mine["Date"] <= pd.Timestamp(on))]
    if not len(mine):
        raise BadValue(f"There are no rents of account {account}.", where="Rents, Account")
    posted = cash_book.groupby("Receipt")["Total"].sum()
    problems = []
    for i, row in zip(mine.index, mine.to_dict("records"), strict=True):
        if row["Kind"] == "Expense" and not row["Order"]:
            problems.append(
                Problem(
                    place(rents, int(i), "Order"), "An expense without the court's order.", "The court allows it first."
                )
            )
        if row["Kind"] == "Applied" and int(posted.get(row["Receipt"], -1)) != int(row["Amount"]):
            problems.append(
                Problem(
                    place(rents, int(i), "Receipt"),
                    f"{dollars(int(row['Amount']))} applied is not a receipt of the Cash Book.",
                    "Post it, By officer, and enter the receipt's number.",
                )
            )
    sums = mine.groupby("Kind")["Amount"].sum()
    sums["Applied"] = sums.get("Applied", 0) - sums.get(TAKEN_BACK, 0)
    out = RentAccount(*(int(sums.get(k, 0)) for k in ("Rent", "Expense", "Applied", "Paid Back")))
    if out.held < 0:
        problems.append(
            Problem(f"Rents of {account}", f"{dollars(-out.held)} more was paid out than came in.", "Check the rows.")
        )
    if problems:
        raise Problems(problems)
    return out
