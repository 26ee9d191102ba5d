"""Takes a bank's file into the book: each line once, and the ending balance as the bank gives it."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from xltax.errors import BadValue, Problem, Problems
from xltax.money import Cents, usd
from xltax.tables.bank import BANK_BALANCES, BankBalance
from xltax.tables.counter import BANK, BankLine
from xltax.tables.reading import place
from xltax.tables.schema import Column, Row, TableSpec
from xltax.tables.table import Table


class StatementRow(Row):
    """One line of a bank's file with columns."""

    date = Column("Date", "date", "The day on the statement.", required=True,
                  aliases=("Posted", "Posted Date", "Posting Date", "Post Date", "Transaction Date"))  # fmt: skip
    amount = Column("Amount", "money", "The amount, negative for money that went out. Or use Debit and Credit.")
    debit = Column(
        "Debit", "money", "Money that went out.", aliases=("Withdrawal", "Withdrawals", "Debits", "Debit Amount")
    )
    credit = Column("Credit", "money", "Money that came in.", aliases=("Deposits", "Credits", "Credit Amount"))
    reference = Column("Reference", "id", "The check number or the bank's reference.",
                       aliases=("Check Number", "Check No", "Check", "Serial Number", "Ref", "Reference Number"))  # fmt: skip
    note = Column(
        "Note", "text", "The bank's words.", aliases=("Description", "Memo", "Details", "Transaction Description")
    )
    bank_id = Column("Bank Id", "id", "The bank's own number of the line.", aliases=("FITID", "Transaction ID", "Id"))
    balance = Column("Balance", "money", "The balance after the line.", aliases=("Running Balance", "Ledger Balance"))


STATEMENT_ROWS = TableSpec("Statement rows", StatementRow, purpose="one row for each line of the statement")


@dataclass(frozen=True)
class Taken:
    """The lines that are new, how many the book has already, and the balances that are new."""

    lines: Table[BankLine]
    again: int
    balances: Table[BankBalance]


def of_columns(rows: Table[StatementRow]) -> tuple[list[dict[str, Any]], dict[dt.date, Cents]]:
    """The lines of a file with columns, and its ending balance. Raises Problems for rows whose balances do not follow."""
    out, problems = [], []
    for at, r in zip(rows.index, rows.records(), strict=True):
        amount = int(r[StatementRow.amount]) + int(r[StatementRow.credit]) - abs(int(r[StatementRow.debit]))
        if pd.isna(r[StatementRow.date]) or not amount:
            do = "Correct the row, or delete it."
            problems.append(Problem(place(rows, int(at)), "The row has no date or no amount.", do))
            continue
        out.append({
            BankLine.date: r[StatementRow.date].date(), BankLine.amount: amount, BankLine.reference: r[StatementRow.reference],
            BankLine.note: r[StatementRow.note], BankLine.bank_id: r[StatementRow.bank_id], "balance": int(r[StatementRow.balance]),
            "where": place(rows, int(at)),
        })  # fmt: skip
    if problems:
        raise Problems(problems)
    if not out or StatementRow.balance in rows.blank or not any(r["balance"] for r in out):
        return out, {}
    newest_first = out[0][BankLine.date] > out[-1][BankLine.date] or _runs(out[::-1])
    ordered = out[::-1] if newest_first and not _runs(out) else out
    for before, row in itertools.pairwise(ordered):
        if before["balance"] + row[BankLine.amount] != row["balance"]:
            raise BadValue(
                f"The balance before is {usd(before['balance'])} and the amount {usd(row[BankLine.amount])}, but the balance is {usd(row['balance'])}.",
                where=row["where"],
                do="A line is missing or changed. Download the statement again.",
            )
    return ordered, {ordered[-1][BankLine.date]: ordered[-1]["balance"]}


def _runs(rows: Sequence[dict[str, Any]]) -> bool:
    return all(a["balance"] + b[BankLine.amount] == b["balance"] for a, b in itertools.pairwise(rows))


def take(
    rows: Sequence[dict[str, Any]],
    balances: dict[dt.date, Cents],
    file: str,
    bank: Table[BankLine],
    held: Table[BankBalance],
) -> Taken:
    """The lines of a file that the book does not have yet.

    A line is the same by the bank's own number; else by day, amount and reference, each line of the book for one of the file.
    Raises Problems where the bank now gives another amount for a line or a balance that the book has.
    """
    known = {n: int(a) for n, a in zip(bank[BankLine.bank_id], bank[BankLine.amount], strict=True) if n}
    without = bank[bank[BankLine.bank_id] == ""].records() if len(bank) else []
    spare = Counter(_key(r) for r in without)
    bare = Counter(_key(r)[:2] for r in without if not r[BankLine.reference])
    new, again, problems = [], 0, []
    for row in rows:
        number, key = row[BankLine.bank_id], _key(row)
        if number in known:
            again += 1
            if known[number] != row[BankLine.amount]:
                what = f"The bank's line {number} is {usd(row[BankLine.amount])} here and {usd(known[number])} before."
                problems.append(
                    Problem(row["where"], what, "Ask the bank. Correct the line on Bank if the bank corrected it.")
                )
        elif spare[key]:
            spare[key] -= 1
            again += 1
        elif number and bare[key[:2]]:  # typed from the paper, without the bank's number
            bare[key[:2]] -= 1
            again += 1
        else:
            new.append(row)
            known |= {number: row[BankLine.amount]} if number else {}
    for day, cents in balances.items():
        mine = held.loc[held[BankBalance.date] == pd.Timestamp(day), BankBalance.balance]
        if len(mine) and int(mine.iloc[0]) != cents:
            what = f"The balance of {day} is {usd(cents)} in the file, but {usd(int(mine.iloc[0]))} in the workbook."
            problems.append(Problem(file, what, "Correct the balance on Bank Reconciliation, or ask the bank."))
    if problems:
        raise Problems(problems)
    days = set(held[BankBalance.date].dt.date) if len(held) else set()
    more = [
        {BankBalance.date: d, BankBalance.balance: c, BankBalance.file: file}
        for d, c in balances.items()
        if d not in days
    ]
    return Taken(Table.made(BANK, [_row(r) for r in new]), again, Table.made(BANK_BALANCES, more))


def _key(row: dict[str, Any]) -> tuple[dt.date, Cents, str]:
    day = row[BankLine.date]
    return day.date() if isinstance(day, dt.datetime) else day, int(row[BankLine.amount]), row[BankLine.reference]


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        BankLine.date: np.datetime64(row[BankLine.date], "s"), BankLine.deposit: row.get(BankLine.deposit, ""), BankLine.amount: row[BankLine.amount],
        BankLine.reference: row[BankLine.reference], BankLine.note: row[BankLine.note], BankLine.bank_id: row[BankLine.bank_id],
    }  # fmt: skip
