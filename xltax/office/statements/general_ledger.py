"""Double entries for the town's general ledger: each event of the books once, its accounts by the law, traceable to its rows."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from typing import Any

import pandas as pd

from xltax.dates import on_month_day
from xltax.errors import BadValue, Problem, Problems
from xltax.law.general_ledger import BALANCE_SHEET, EVENTS, GeneralLedger
from xltax.law.profile import Profile
from xltax.office.statements import current_levy_year, subjects, turnover
from xltax.office.statements import movements as moves
from xltax.office.statements.movements import Movement, Period
from xltax.office.statements.subjects import ENDINGS, Books
from xltax.tables import ADJUSTMENTS, CASH_BOOK, REFUND, Adjustment, CashLine
from xltax.tables.counter import RevenueCode
from xltax.tables.kinds import ESCHEAT, SALE
from xltax.tables.schema import Column, Row, TableSpec
from xltax.tables.statements import RevenueAccount
from xltax.tables.table import Table

MEASURES = {
    "levied": "levied", "added": "levied", "corrected_up": "levied", "disallowed": "levied", "liened": "levied", "abated": "lowered", "canceled": "lowered",
    "corrected_down": "lowered", "waived": "lowered", "deductions": "deducted", "state_credit": "deducted", "suspended": "written_off", "to_lien": "to_lien",
}  # fmt: skip
"""The event of each change of a levy."""
_KEY = ["Day", "Event", "Levy Year", "Levy Type", "Levy Part", "Code"]
_ROW = [*_KEY, "Amount", "Table", "At"]


class JournalLine(Row):
    """One line of an entry."""

    entry = Column("Entry", "count", "The number of the entry in its export. Its lines add up to zero.")
    day = Column("Date", "date", "The day of the entry.")
    account = Column("Account", "id", "The account in the general ledger.")
    event = Column("Event", "text", "What happened.")
    levy_year = Column("Levy Year", "year", "The levy year. 0: the entry is for no levy.")
    description = Column("Description", "text", "The event, the levy, and its part.")
    amount = Column("Amount", "money", "In cents: debits are positive, credits negative.")


JOURNAL = TableSpec("Journal", JournalLine, purpose="the entries of one export")


def rule_of(town: Profile, on: dt.date) -> GeneralLedger:
    """The town's entries on a day; the usual ones where the law names none."""
    found = town.find(GeneralLedger, on)
    return found.params if found else GeneralLedger()


def full(accounts: Table[RevenueAccount]) -> bool:
    """True if the office has entered its balance sheet accounts; without them only the receipts can be exported."""
    return bool(accounts[RevenueAccount.column].isin(BALANCE_SHEET).any())


# ---- the events ------------------------------------------------------------------------------------------------------


def events(books: Books, period: Period) -> pd.DataFrame:
    """Every event of a period, one row for each row of the books: Day, Event, the levy, Code, Amount in cents, Table and At."""
    rule = rule_of(books.town, period.end)
    changes = _changes(books)
    mine = changes["Event"] == "deducted"
    paid_by_state = (
        changes[mine].assign(Event="recognized") if rule.accounts["deducted"][0] != "Reserve" else changes[:0]
    )
    every = pd.concat(
        [changes, paid_by_state, *_money(books, rule), _liens(books, period), *_paid_out(books)], ignore_index=True
    )
    inside = (every["Day"] >= pd.Timestamp(period.start)) & (every["Day"] <= pd.Timestamp(period.end))
    return every[inside & (every["Amount"] != 0)].reset_index(drop=True)


def available(books: Books, year_end: dt.date) -> pd.DataFrame:
    """The tax of bills due by the year's end that was collected in the days after it which the law still counts to the year.

    The entry is dated on the year's last day and taken back on the next, when the collections themselves are entered.
    """
    rule = rule_of(books.town, year_end)
    if not rule.available_days:
        raise BadValue(
            f"On the {rule.basis} basis of {books.town.name}, no later collections belong to the year.",
            where="available",
            do="Make the export without it.",
        )
    last = year_end + dt.timedelta(days=rule.available_days)
    _, recognized, *_ = _money(books, rule)
    paid = recognized[(recognized["Day"] > pd.Timestamp(year_end)) & (recognized["Day"] <= pd.Timestamp(last))]
    first = moves.first_due(books.duplicate, books.cash_book.frame.iloc[paid["At"].to_numpy()])
    paid = paid[(first <= pd.Timestamp(year_end)).to_numpy()].assign(Event="available")
    back = paid.assign(Day=pd.Timestamp(year_end + dt.timedelta(days=1)), Amount=-paid["Amount"])
    return pd.concat([paid.assign(Day=pd.Timestamp(year_end)), back], ignore_index=True)


def _rows(table: pd.DataFrame, event: str, day: Any, amount: pd.Series[Any], name: str) -> pd.DataFrame:
    code = table.get(CashLine.revenue_code, "")
    out = table[["Levy Year", "Levy Type", "Levy Part"]].assign(
        Day=day, Event=event, Code=code, Amount=amount, Table=name, At=table["At"]
    )
    return out[_ROW]


def _changes(books: Books) -> pd.DataFrame:
    """What was billed and adjusted. Opening balances are no event: the ledger has them already."""
    counted = moves.rows(books.duplicate, books.cash_book, books.adjustments)
    mine = counted[counted[Movement.measure].isin(MEASURES)]
    mine = mine[~(mine[Movement.bill].isin(moves.brought_in(books.duplicate)) & (mine[Movement.table] == "Duplicate"))]
    event = mine[Movement.measure].map(MEASURES)
    tied = books.adjustments.frame
    sold = set(tied.loc[tied[Adjustment.for_] == SALE, Adjustment.no])
    event = event.where(
        (event != "to_lien") | mine[Movement.number].isin(sold), "lowered"
    )  # a third party's lien is no asset of the town
    return mine.assign(Day=mine[Movement.posted], Event=event, Code="")[_ROW]


def _money(books: Books, rule: GeneralLedger) -> list[pd.DataFrame]:
    """The Cash Book: tax, its revenue, discounts, money in advance and on the day it counts, and each other kind."""
    book = moves.cash_lines(books.cash_book)
    book = book.assign(At=book.index, **{Movement.levy_part: moves.levy_part(book[CashLine.part])})
    counts = _counts(books, book, rule)
    early = (counts > book["Posted"]).to_numpy()
    net, name = book[CashLine.tax] - book[CashLine.discount], CASH_BOOK.name
    day = counts.where(counts > book["Posted"], book["Posted"])
    return [
        _rows(book[~early], "collected", book["Posted"][~early], net[~early], name),
        _rows(book, "recognized", day, book[CashLine.tax], name),
        _rows(book, "discount", day, book[CashLine.discount], name),
        _rows(book[early], "advance", book["Posted"][early], net[early], name),
        _rows(book[early], "advance_due", counts[early], net[early], name),
        *(
            _rows(book, kind.lower(), book["Posted"], book[kind], name)
            for kind in ("Interest", "Penalty", "Costs", "Misc", "Overpaid")
        ),
    ]


def _counts(books: Books, book: pd.DataFrame, rule: GeneralLedger) -> pd.Series[Any]:
    """The day each payment counts: its bill's first due date, or the first day of its levy's fiscal year."""
    if rule.advance == "not_due":
        due = moves.first_due(books.duplicate, book)
        return due.where(book[CashLine.bill] != "")
    first = {}
    for levy, kind in book[["Levy Year", "Levy Type"]].drop_duplicates().itertuples(index=False, name=None):
        year = current_levy_year.year_of(books.town, dt.date(int(levy), 7, 1), kind) if levy else None
        first[levy, kind] = (
            pd.Timestamp(on_month_day(int(levy) + year.levy_years_back, year.starts)) if year else pd.NaT
        )
    days = [first[key] for key in zip(book["Levy Year"], book["Levy Type"], strict=True)]
    return pd.Series(pd.DatetimeIndex(days), index=book.index).astype("datetime64[s]")


def _liens(books: Books, period: Period) -> pd.DataFrame:
    entries, _ = subjects.liens(books, period)
    how = {
        "lien_costs": "lien_costs",
        "redeemed": "lien_ended",
        **dict.fromkeys(ENDINGS.values(), "lien_ended"),
        "foreclosed": "foreclosed",
    }
    mine = entries[entries[Movement.measure].isin(how)]
    return mine.assign(Day=mine[Movement.posted], Event=mine[Movement.measure].map(how), Code="")[_ROW]


def _paid_out(books: Books) -> Iterator[pd.DataFrame]:
    """Refunds, and credits reported to the State."""
    paid = books.adjustments.frame
    paid = paid.assign(Posted=moves.posting_day(paid[Adjustment.recorded], paid[Adjustment.effective]), At=paid.index)
    paid["Levy Year"], paid["Levy Type"], paid["Levy Part"] = 0, "", ""
    paid = paid[paid[Adjustment.kind] == REFUND]
    to_state = paid[Adjustment.for_] == ESCHEAT
    for event, mine in (("refunded", paid[~to_state]), ("escheated", paid[to_state])):
        yield _rows(mine, event, mine["Posted"], mine[Adjustment.amount], ADJUSTMENTS.name)


def receipts(
    books: Books, accounts: Table[RevenueAccount], codes: Table[RevenueCode], period: Period
) -> tuple[Table[JournalLine], pd.DataFrame]:
    """The entries of an office without balance sheet accounts: each day's receipts, by revenue account, against the bank."""
    table = accounts.frame
    bank = table[table[RevenueAccount.column] == "Cash"]
    problems = [
        Problem("Revenue Accounts", f"Account {r[RevenueAccount.code]} has no GL Account.", "Fill in the GL Account.")
        for r in accounts.records()
        if not r[RevenueAccount.gl_account]
    ]
    if not len(bank):
        problems.append(Problem("Revenue Accounts", "There is no row for Cash.", "Add a row for the bank account."))
    if problems:
        raise Problems(problems)
    book = moves.cash_lines(books.cash_book)
    book = book[(book["Posted"] >= pd.Timestamp(period.start)) & (book["Posted"] <= pd.Timestamp(period.end))]
    if not len(book):
        return Table.empty(JOURNAL), pd.DataFrame()
    sums = turnover.by_account(book, accounts, books.town, codes)
    if len(bare := sums.loc[sums[RevenueAccount.gl_account] == "", RevenueAccount.code]):
        raise Problems(
            Problem("Revenue Codes", f"Code {code} has no GL Account.", "Fill in the GL Account.")
            for code in dict.fromkeys(bare)
        )
    lines: list[dict[str, object]] = []
    days = list(sums.groupby("Posted"))
    for number, (day, part) in enumerate(days, 1):
        cash = bank.iloc[0]
        entries = [(cash[RevenueAccount.gl_account], cash[RevenueAccount.name] or "Cash", int(part["Amount"].sum()))]
        entries += [
            (r["GL Account"], f"{r['Name'] or r['Code']}{r['Part'] and ', ' + r['Part']}", -int(r["Amount"]))
            for r in part.to_dict("records")
        ]
        lines += [
            {JournalLine.entry: number, JournalLine.day: day, JournalLine.account: account, JournalLine.event: "receipts",
             JournalLine.levy_year: 0, JournalLine.description: what, JournalLine.amount: amount}
            for account, what, amount in entries if amount
        ]  # fmt: skip
    number_of = {day: n for n, (day, _) in enumerate(days, 1)}
    rows = book.assign(
        Day=book["Posted"], Event="receipts", Code="", Amount=book[CashLine.total], Table=CASH_BOOK.name, At=book.index
    )
    rows[Movement.levy_part] = moves.levy_part(book[CashLine.part])
    return Table.made(JOURNAL, lines), rows[_ROW].assign(Entry=rows["Day"].map(number_of))


# ---- the entries -----------------------------------------------------------------------------------------------------


def journal(
    happened: pd.DataFrame, accounts: Table[RevenueAccount], codes: Table[RevenueCode], town: Profile, on: dt.date
) -> tuple[Table[JournalLine], pd.DataFrame]:
    """The entries of what happened, and the rows behind each entry (with its number in `Entry`).

    Events of one day, one kind and one levy are one entry of a debit and a credit; a negative amount changes sides. Raises
    Problems naming each account that is missing on Revenue Accounts.
    """
    rule = rule_of(town, on)
    table = turnover.with_codes(accounts, codes)
    which = current_levy_year.standing(town, happened, happened["Day"])
    grouped = happened.assign(Year=which).groupby([*_KEY, "Year"], sort=True, dropna=False)
    entry = grouped.ngroup() + 1
    lines: list[dict[str, object]] = []
    problems: dict[str, Problem] = {}
    keys: list[tuple[tuple[Any, ...], pd.DataFrame]] = list(grouped)
    for number, ((day, event, year, kind, part, code, when), rows) in enumerate(keys, 1):
        amount = int(rows["Amount"].sum())
        if not amount:
            continue
        sides = rule.accounts[event] if amount > 0 else rule.accounts[event][::-1]
        levy = " ".join(str(w) for w in (year or "", kind, part, code) if w)
        for column, sign in zip(sides, (1, -1), strict=True):
            account = _account(table, column, when, kind, part, code, problems)
            lines.append({
                JournalLine.entry: number, JournalLine.day: day, JournalLine.account: account, JournalLine.event: event,
                JournalLine.levy_year: year, JournalLine.description: f"{EVENTS[event]}{levy and ', ' + levy}",
                JournalLine.amount: sign * abs(amount),
            })  # fmt: skip
    if problems:
        raise Problems(problems.values())
    return Table.made(JOURNAL, lines), happened.assign(Entry=entry)


def _account(
    table: pd.DataFrame, column: str, when: str, kind: str, part: str, code: str, problems: dict[str, Problem]
) -> str:
    """The general ledger account for a column of Revenue Accounts."""
    if column == "Cash":
        found = table[table[RevenueAccount.column] == "Cash"]
    else:
        found = turnover.takers(table, column, when, kind, part, code if column == "Misc" else "")
        if column == "Prepaid" and not len(found):
            found = turnover.takers(table, "Tax", "Next", kind, part, "")
    if len(found) == 1 and found.iloc[0][RevenueAccount.gl_account]:
        return str(found.iloc[0][RevenueAccount.gl_account])
    if len(found) == 1:
        name = found.iloc[0][RevenueAccount.code]
        problems[str(name)] = Problem(
            "Revenue Accounts", f"Account {name} has no GL Account.", "Fill in the GL Account."
        )
    elif column == "Cash" and not len(found):
        problems[column] = Problem("Revenue Accounts", "There is no row for Cash.", "Add a row for the bank account.")
    else:
        problems[f"{column} {when} {kind} {part} {code}"] = turnover.no_one_account(
            found, column, when, kind, part, code
        )
    return ""


def opened(rows: pd.DataFrame, number: int) -> pd.DataFrame:
    """The rows behind each entry, for the sheet Statement Rows."""
    names = [f"Entry {n}: {EVENTS.get(e, e)}" for n, e in zip(rows["Entry"], rows["Event"], strict=True)]
    out = rows.assign(Part=f"Ledger export {number}", Name=names, Line=rows["Entry"], Posted=rows["Day"])
    return out.sort_values("Entry", kind="stable")


def fingerprint(lines: Table[JournalLine]) -> str:
    """A short code of the entries: the same entries have the same code."""
    text = "\n".join("|".join(map(str, row)) for row in lines.frame.itertuples(index=False, name=None))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
