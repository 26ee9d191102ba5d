"""Enforcement: liens, alias warrants and cases, and their next deadlines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
import pandas as pd

from xltax.actions import papers
from xltax.actions.desk import Desk
from xltax.actions.inputs import Today
from xltax.declare import Done, Input, action
from xltax.errors import BadValue, Problem
from xltax.hosts.port import Book
from xltax.law.enforcement import Deadline
from xltax.law.fees import Fee
from xltax.money import Cents, usd
from xltax.office.adjusting import adjustment_register
from xltax.office.collection import enforcement_status, lists
from xltax.office.collection.list_facts import Records
from xltax.office.collection.lists import Made
from xltax.office.controls import inquiries_and_budget
from xltax.pages import Fields, Grid, Page, Signatures, Text
from xltax.tables import Bill
from xltax.tables.enforcement import CASES, LIENS, WARRANTS, Lien, Listed, Warrant, WatchedDate
from xltax.tables.kinds import BY_RULE
from xltax.tables.office import INQUIRIES, TRAINING
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table
from xltax.wording import reallocated, some

AsOf = Annotated[dt.date | None, Input("The date of the task (default: the As of date on Start).")]
LONGEST = 3660
"""The most days that Watch looks ahead."""
LIEN_OF = {"lien": "Land", "ucc": "UCC-1"}


@action(
    "Prepare liens for everyone on the list whose notice period has ended. Each bill is charged the fee.",
    desk="Enforcement",
)
def file_liens(
    book: Book, name: Annotated[str, Input("lien for real estate, ucc for personal property.")], as_of: AsOf = None
) -> Done:
    desk = Desk.of(book)
    kind = name.strip().lower()
    if kind not in LIEN_OF:
        raise BadValue(f'"{name}" is not a kind of lien.', where="name", do=f"Use {' or '.join(LIEN_OF)}.")
    made, records = _listed(desk, kind, as_of)
    rows = made.rows[_warned(made, kind, records)]
    early = len(made.rows) - len(rows)
    held = desk.register(LIENS)
    first = papers.next_no(held)
    liens = Table.made(
        LIENS,
        pd.DataFrame(
            {
                Lien.no: [str(first + n) for n in range(len(rows))],
                Lien.kind: LIEN_OF[kind],
                Lien.account: rows[Listed.account].to_numpy(),
                Lien.bill: rows[Listed.bill].to_numpy(),
                Lien.amount: rows[Listed.tax].to_numpy(),
                Lien.prepared: np.datetime64(records.as_of, "s"),
            }
        ),
    )
    desk.append(liens)
    charged = _charge(desk, records, "lien", made, rows.index, [f"lien {no}" for no in liens[Lien.no]])
    total = int(rows[Listed.tax].sum())
    desk.log("file liens", f"{kind} as of {records.as_of}", len(liens), total)
    text = f"{some(len(liens), 'lien')} prepared for tax of {usd(total)}. Fees charged: {usd(charged)}."
    if early:
        text += f" {some(early, 'bill')} skipped, because no notice was mailed or the notice period has not ended."
    return Done(
        f"{text} {made.said()} Enter the book and page when the liens are recorded.".replace("  ", " "),
        rows=len(liens),
        total=total,
    )


@action(
    "Issue alias tax warrants to an officer for everyone on the warrant list without a warrant.", desk="Enforcement"
)
def issue_warrants(
    book: Book,
    officer: Annotated[str, Input("The constable or marshal.")],
    term_ends: Annotated[dt.date | None, Input("The end of the officer's term.")] = None,
    as_of: AsOf = None,
    account: Annotated[str, Input("One account only.")] = "",
) -> Done:
    desk = Desk.of(book)
    made, records = _listed(desk, "warrant", as_of)
    if account:
        if account in enforcement_status.suspended(records, [account]):
            raise BadValue(
                f"Account {account} is in bankruptcy.",
                where="account",
                do="Do not issue a warrant while the case is open.",
            )
        made = made.only(account)
    if term_ends and term_ends <= records.as_of:
        raise BadValue(f"The officer's term ended {term_ends}.", where="term_ends", do="Choose another officer.")
    held = desk.register(WARRANTS)
    out = held[held[Warrant.returned].isna()]
    again = made.rows[Listed.account].isin(set(out[Warrant.account])) | made.rows[Listed.party].isin(
        set(out[Warrant.party]) - {""}
    )
    rows = made.rows[~again]
    if not len(rows):
        return Done(f"No account needs a warrant on {records.as_of}. {made.said()}".strip())
    first = papers.next_no(held)
    numbers = [str(first + n) for n in range(len(rows))]
    own = _fee(records, "collector_warrant")
    execution = rows[Listed.total].to_numpy() + (own.amount if own else 0)
    _charge(desk, records, "collector_warrant", made, rows.index, [f"warrant {no}" for no in numbers])
    fee = _fee(records, "alias_warrant")
    table = Table.made(
        WARRANTS,
        pd.DataFrame(
            {
                Warrant.no: numbers,
                Warrant.officer: officer,
                Warrant.term_ends: np.datetime64(term_ends or "NaT", "s"),
                Warrant.issued: np.datetime64(records.as_of, "s"),
                Warrant.account: rows[Listed.account].to_numpy(),
                Warrant.party: rows[Listed.party].to_numpy(),
                Warrant.execution: execution,
                Warrant.fee: np.array([fee.share(int(e)) if fee else 0 for e in execution], dtype=np.int64),
            }
        ),
    )
    desk.append(table)
    pages = [_warrant_page(desk, w, i, made) for w, i in zip(table.records(), rows.index, strict=True)]
    total = int(table[Warrant.execution].sum())
    name = desk.issue(
        f"warrants {records.as_of}", pages, "warrant run", f"warrants {numbers[0]} to {numbers[-1]}", total
    )
    desk.log("issue warrants", f"{numbers[0]} to {numbers[-1]}", len(table), total)
    return Done(
        (
            f"{some(len(table), 'warrant')} issued to {officer}: execution {usd(total)}. After service, the officer's fee adds "
            f"{usd(int(table[Warrant.fee].sum()))}. {made.said()} Printed: {name}."
        ).replace("  ", " "),
        rows=len(table),
        total=total,
    )


def _warrant_page(desk: Desk, warrant: Mapping[str, Any], row: int, made: Made) -> Page:
    """The schedule that goes with a warrant: the taxes the officer has to collect."""
    items = made.items[made.items["row"] == row]
    lines: list[list[Any]] = [
        [r[OpenInstallment.bill], int(r[OpenInstallment.levy_year]), r[OpenInstallment.levy_type], int(r[OpenInstallment.inst]), r[OpenInstallment.due].date(), int(r[OpenInstallment.tax]),
         int(r[OpenInstallment.interest]), int(r[OpenInstallment.costs]), int(r[OpenInstallment.total])]
        for r in items.to_dict("records")
    ]  # fmt: skip
    sums = [sum(int(line[n]) for line in lines) for n in range(5, 9)]
    lines.append(["Total", None, None, None, None, *sums])
    owner = made.rows.loc[row]
    execution = int(warrant[Warrant.execution])
    facts = (
        ("Warrant", warrant[Warrant.no], "id"),
        (
            "Issued",
            warrant[Warrant.issued].date() if hasattr(warrant[Warrant.issued], "date") else warrant[Warrant.issued],
            "date",
        ),
        ("Officer", warrant[Warrant.officer], "text"),
        ("Taxpayer", owner[Listed.owner], "text"),
        ("Account", warrant[Warrant.account], "id"),
        (
            "Address",
            ", ".join(x for x in (owner[Listed.mail_1], owner[Listed.mail_2], owner[Listed.mail_3]) if x),
            "text",
        ),
    )
    return Page(
        f"Alias tax warrant {warrant[Warrant.no]} - schedule of taxes",
        (
            Fields(facts),  # type: ignore[arg-type]
            Grid(
                ("Bill", "Year", "Type", "Inst", "Due", "Tax", "Interest", "Fees", "Total"),
                ("id", "year", "text", "count", "date", "money", "money", "money", "money"),
                lines,
                (19, 8, 7, 6, 12, 13, 12, 10, 14),
                True,
            ),
            Fields(
                (
                    ("Collector's warrant fee", execution - sums[3], "money"),
                    ("Amount of the execution", execution, "money"),
                    ("Officer's fee, owed after service", int(warrant[Warrant.fee]), "money"),
                    ("To collect after service", execution + int(warrant[Warrant.fee]), "money"),
                ),
                1,
            ),
            Text(
                "Interest continues until payment. The officer's fee is owed only after service and is taken first. Keep the money "
                "in a separate account and pay it over on time. After the return, do not collect or charge anything more.",
                "small",
            ),
            Signatures((f"{desk.collector}, and date", "Officer, and date")),
        ),
        office=desk.office,
        key=str(warrant[Warrant.no]),
    )


@action(
    "Update the status of every lien, warrant and case. List what is overdue or due soon.",
    desk="Enforcement",
)
def watch(
    book: Book, as_of: AsOf = None, days: Annotated[int, Input("How many days ahead to look (default: 30).")] = 30
) -> Done:
    if not 0 <= days <= LONGEST:
        raise BadValue(f"Watch cannot look {days} days ahead.", where="days", do=f"Enter between 0 and {LONGEST} days.")
    desk = Desk.of(book)
    records = papers.records(desk, papers.day(desk, as_of))
    warrants, cases = desk.register(WARRANTS), desk.register(CASES)
    money = papers.warrant_money(desk, records.as_of)
    watched, registered = watched_dates(desk, records, days)
    for name, (table, standing) in registered.items():
        if len(table):
            book.replace_columns(name, standing)
    book.replace_rows("Watch", watched.frame)
    book.set("watch_as_of", records.as_of)
    problems = [
        *enforcement_status.check_warrants(warrants, money),
        *enforcement_status.check_cases(cases),
        *_stayed(records, warrants),
    ]
    late = int((watched[WatchedDate.days] < 0).sum())
    desk.log("watch", f"as of {records.as_of}, {days} days", len(watched))
    text = f"{some(len(watched), 'date')} within {some(days, 'day')} of {records.as_of}; {late:,} overdue."
    return Done(text + "".join(f"\n{p}" for p in problems), rows=len(watched))


def watched_dates(
    desk: Desk, records: Records, days: int
) -> tuple[Table[WatchedDate], dict[str, tuple[Table[Any], pd.DataFrame]]]:
    """What is overdue or due within so many days, and the standing of each lien, warrant and case."""
    liens, warrants, cases = desk.liens, desk.register(WARRANTS), desk.register(CASES)
    money = papers.warrant_money(desk, records.as_of)
    registered: dict[str, tuple[Table[Any], pd.DataFrame]] = {
        "Liens": (liens, enforcement_status.liens(liens, records)),
        "Warrants": (warrants, enforcement_status.warrants(warrants, money, records)),
        "Cases": (cases, enforcement_status.cases(cases, records)),
    }
    asked: dict[str, tuple[Any, pd.DataFrame]] = {"Inquiries": inquiries_and_budget.open_inquiries(desk.register(INQUIRIES)),
             "Training": inquiries_and_budget.to_renew(desk.register(TRAINING))}  # fmt: skip
    return enforcement_status.watch(records, registered | asked, days), registered


def _stayed(records: Records, warrants: Table[Warrant]) -> list[Problem]:
    """Warrants still out on accounts in bankruptcy."""
    out = warrants[warrants[Warrant.returned].isna()]
    stayed = enforcement_status.suspended(records, list(out[Warrant.account]))
    return [
        Problem(
            f"Warrants, {no}",
            f"Account {a} is in bankruptcy.",
            "Recall the warrant. Do not collect under this warrant.",
        )
        for no, a in zip(out[Warrant.no], out[Warrant.account], strict=True)
        if a in stayed
    ]


@action(
    "Mark bills as unsecured where the lien has lapsed, from the day after the lapse.",
    desk="Enforcement",
)
def unsecure(book: Book, as_of: AsOf = None, today: Today = None) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    made, records = _listed(desk, "lien_lapse", as_of, stay=False)
    ended = made.rows[made.rows[Listed.status] == "passed"].set_index(Listed.bill)[Listed.date]
    bills = desk.duplicate
    at = bills[Bill.bill].isin(ended.index) & bills[Bill.unsecured_from].isna() & (bills[Bill.secured] != "No")
    if not at.any():
        return Done(f"There is no newly lapsed lien as of {records.as_of}.")
    since = bills.loc[at, Bill.bill].map(ended) + pd.Timedelta(days=1)
    desk.put(bills.with_cells(at, {Bill.unsecured_from: since.to_numpy()}))
    book.replace_columns("Duplicate", desk.duplicate[[Bill.unsecured_from]])
    moved = desk.reallocate(today, "liens lapsed: the taxes are unsecured")
    desk.refresh(records.as_of)
    rows = int(at.sum())
    desk.log("unsecure", f"as of {records.as_of}", rows)
    return Done(f"{some(rows, 'bill')} marked unsecured.{reallocated(moved)}", rows=rows)


# ---- shared ---------------------------------------------------------------------------------------------------------


def _listed(desk: Desk, kind: str, as_of: dt.date | None, *, stay: bool = True) -> tuple[Made, Records]:
    """A list as of a day, or as of the last posted payment if that is later."""
    day = papers.day(desk, as_of)
    records = papers.records(desk, papers.last_receipt(desk, day) if stay else day)
    return lists.make(lists.rule_of(desk.town, kind, records.as_of), records), records


def _warned(made: Made, kind: str, records: Records) -> Any:
    """Rows whose notice period has ended; all rows where the town requires no notice."""
    if records.town.find(Deadline, records.as_of, sort=f"{kind}_response") is None:
        return np.ones(len(made.rows), dtype=bool)
    sent = records.last_notice(made.rows, kind)
    ends = [records.deadline(f"{kind}_response", s.date()) if not pd.isna(s) else None for s in sent]
    return np.array([end is not None and end <= records.as_of for end in ends], dtype=bool)


def _fee(records: Records, kind: str) -> Fee | None:
    rule = records.town.find(Fee, records.as_of, sort=kind)
    return rule.params if rule else None


def _charge(desk: Desk, records: Records, kind: str, made: Made, rows: Any, numbers: list[str]) -> Cents:
    """Charges a fee on the oldest installment of each row, as an adjustment with its authority; the total in cents."""
    rule = records.town.find(Fee, records.as_of, sort=kind)
    amount = rule.params.amount if rule else 0
    if rule is None or not amount or not len(rows):
        return 0
    oldest = made.items.drop_duplicates("row").set_index("row").loc[list(rows)]
    why = f"{kind.replace('_', ' ')} fee"
    entries = [
        adjustment_register.Entry(
            r[OpenInstallment.bill], "Fee", amount, records.as_of, f"{why}, {no}", rule.authority(), BY_RULE, int(r[OpenInstallment.inst]), r[OpenInstallment.part],
            "costs",
        )
        for no, r in zip(numbers, oldest.to_dict("records"), strict=True)
    ]  # fmt: skip
    desk.append(adjustment_register.rows(entries, desk.adjustments, records.as_of))
    desk.reallocate(records.as_of, f"{why}s")
    desk.refresh(desk.as_of())
    return int(amount) * len(numbers)
