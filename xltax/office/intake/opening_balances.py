"""Opening balances: what was open when this book began, each with the day its interest runs from."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from xltax.errors import Problem, Problems
from xltax.money import usd
from xltax.office.counter.payment_check import Payment
from xltax.tables import CHARGES, DUE, DUPLICATE, INST, Bill, Parcel
from xltax.tables.bills import OPENING_RUN
from xltax.tables.kinds import OPENING as OPENING_KIND
from xltax.tables.reading import place
from xltax.tables.schema import Column, Row, TableSpec
from xltax.tables.table import Table
from xltax.wording import some


class OpeningBalance(Row):
    """The open amount of one installment when this workbook began."""

    account = Column("Account", "id", CHARGES["Account"].help, required=True, aliases=CHARGES["Account"].aliases)
    bill = Column(
        "Bill", "id", "The bill number (default: the levy year and the account).", aliases=CHARGES["Bill"].aliases
    )
    levy_year = Column(
        "Levy Year", "year", CHARGES["Levy Year"].help, required=True, aliases=CHARGES["Levy Year"].aliases
    )
    levy_type = CHARGES["Levy Type"]
    part = CHARGES["Part"]
    inst = Column("Inst", "count", "The installment (default: numbered by due date).", default=0, least=0)
    due = Column("Due", "date", "The day the installment was due.", required=True, aliases=("Due Date",))
    amount = Column("Amount", "money", "The open tax, without interest. A credit is below zero.", required=True)
    interest_from = Column(
        "Interest From", "date", "Interest is paid through this day and continues from it (default: the due date)."
    )
    party = CHARGES["Party"]


OPENING = TableSpec("Opening", OpeningBalance, purpose="one row for each installment still open")
"""A sheet of open balances; the rows become bills of the Duplicate, no table of the book."""

_ROW = "Row"
"""The column with the place of each row on the sheet."""


class Opened(NamedTuple):
    """What open balances become: bills of the Duplicate, credits to post, and what was changed, in words."""

    bills: Table[Bill]
    credits: list[dict[str, Any]]
    said: list[str]


def opened(rows: Table[Any], duplicate: Table[Bill], roll: Table[Parcel]) -> Opened:
    """The bills and credits made from open balances.

    A balance below zero is money that the old system held for the account: it becomes a payment of the kind Opening, which
    pays by the town's law like any other. An account with nothing but a credit gets a bill of 0.00 that carries the credit.
    An interest-from date on or before the due date means nothing and is left out. Installments of a bill
    that bear interest from different days become bills of their own, "2024-12-4/2". Raises Problems naming each row whose
    account is not on the roll, whose bill is in the book already or has more than four installments.
    """
    said: list[str] = []
    table = rows.frame.reset_index(drop=True)
    table[_ROW] = rows.index.to_numpy()
    below = table[table[OpeningBalance.amount] < 0]
    if nothing := int((table[OpeningBalance.amount] == 0).sum()):
        said.append(f"Skipped {some(nothing, 'row')} with nothing open.")
    table = table[table[OpeningBalance.amount] > 0].copy()
    billed = set(table[OpeningBalance.account]) | set(duplicate[Bill.account])
    bare = below[~below[OpeningBalance.account].isin(billed)].drop_duplicates(OpeningBalance.account)
    if len(bare):
        table = pd.concat([table, bare.assign(**{OpeningBalance.amount: np.int64(0)})]).sort_values(_ROW, kind="stable")
    credits = [
        {
            Payment.account: r[OpeningBalance.account], Payment.amount: -int(r[OpeningBalance.amount]), Payment.kind: OPENING_KIND,
            Payment.note: f"credit of {r[OpeningBalance.levy_year]} in the old system",
        }
        for r in below.to_dict("records")
    ]  # fmt: skip
    if credits:
        total = sum(c[Payment.amount] for c in credits)
        said.append(
            f"{some(len(credits), 'credit')}, {usd(total)}, {'is' if len(credits) == 1 else 'are'} posted as opening credits."
        )
    if not len(table):
        return Opened(Table.empty(DUPLICATE), credits, said)
    made = table[OpeningBalance.levy_year].astype(str) + "-" + table[OpeningBalance.account]
    table[OpeningBalance.bill] = table[OpeningBalance.bill].where(table[OpeningBalance.bill] != "", made)
    early = table[OpeningBalance.interest_from].notna() & (
        table[OpeningBalance.interest_from] <= table[OpeningBalance.due]
    )
    table.loc[early, OpeningBalance.interest_from] = np.datetime64("NaT")
    if early.any():
        said.append(
            f"{some(int(early.sum()), 'interest-from date')} {'is' if early.sum() == 1 else 'are'} not after the due date. Interest runs from the due date."
        )
    table = _numbered(table)
    from_days = table[OpeningBalance.interest_from].astype("int64")
    first = from_days.groupby([table[OpeningBalance.bill], table[OpeningBalance.part]]).transform("first")
    apart = from_days != first
    table.loc[apart, OpeningBalance.bill] = (
        table.loc[apart, OpeningBalance.bill] + "/" + table.loc[apart, OpeningBalance.inst].astype(str)
    )
    if apart.any():
        said.append(
            f"{some(int(apart.sum()), 'installment')} with a different interest date now {'has its own bill' if apart.sum() == 1 else 'have their own bills'}, such as {table.loc[apart, OpeningBalance.bill].iloc[0]}."
        )
    _refuse(rows, table, duplicate, roll)
    return Opened(_wide(table), credits, said)


def _numbered(table: pd.DataFrame) -> pd.DataFrame:
    """Installments without a number get one, in the order of their due dates."""
    table = table.sort_values([OpeningBalance.bill, OpeningBalance.part, OpeningBalance.due, _ROW], kind="stable")
    key = [table[OpeningBalance.bill], table[OpeningBalance.part]]
    nth = table.groupby(key).cumcount() + 1
    whole = (table[OpeningBalance.inst] == 0).groupby(key).transform("any")
    table[OpeningBalance.inst] = table[OpeningBalance.inst].where(~whole, nth)
    return table.sort_values(_ROW, kind="stable")


def _refuse(rows: Table[Any], table: pd.DataFrame, duplicate: Table[Bill], roll: Table[Parcel]) -> None:
    def at(row: int, column: str) -> str:
        return place(rows, int(row), column)

    problems = []
    if len(roll):
        accounts = set(roll[Parcel.account])
        for row, account in table.loc[
            ~table[OpeningBalance.account].isin(accounts), [_ROW, OpeningBalance.account]
        ].itertuples(index=False):
            problems.append(
                Problem(at(row, "Account"), f"Account {account} is not on the Roll.", without_zeros(account, accounts))
            )
    held = set(zip(duplicate[Bill.bill], duplicate[Bill.part], strict=True))
    again = table.duplicated([OpeningBalance.bill, OpeningBalance.part, OpeningBalance.inst], keep="first").tolist()
    columns = (table[c].tolist() for c in (_ROW, OpeningBalance.bill, OpeningBalance.part, OpeningBalance.inst))
    for n, (row, bill, part, inst) in enumerate(zip(*columns, strict=True)):
        if (bill, part) in held:
            problems.append(Problem(at(row, "Bill"), f"Bill {bill} is already on the Duplicate.", "Remove the row."))
        elif again[n]:
            problems.append(
                Problem(at(row, "Bill"), f"Installment {inst} of bill {bill} is on the sheet twice.", "Keep one row.")
            )
        elif inst > 4:
            problems.append(
                Problem(
                    at(row, "Inst"),
                    f"Bill {bill} has more than four installments.",
                    "Give each year its own bill number.",
                )
            )
    if problems:
        raise Problems(problems)


def without_zeros(account: str, accounts: set[str]) -> str:
    """What to do about an unknown account: restore its leading zeros, if that makes a known account."""
    lengths = sorted({len(a) for a in accounts if a.isdigit() and len(a) > len(account)})
    for length in lengths if account.isdigit() else ():
        if account.zfill(length) in accounts:
            return f"The Roll has {account.zfill(length)}: leading zeros were lost. Set Digits to {length}."
    return "Correct the account, or import the roll first."


def _wide(table: pd.DataFrame) -> Table[Bill]:
    """One row for each bill."""
    groups = table.groupby([OpeningBalance.bill, OpeningBalance.part], sort=False)
    out = (
        groups[
            [
                OpeningBalance.account,
                OpeningBalance.party,
                OpeningBalance.levy_year,
                OpeningBalance.levy_type,
                OpeningBalance.interest_from,
            ]
        ]
        .first()
        .reset_index()
    )
    total = groups[OpeningBalance.amount].sum().to_numpy()
    out[Bill.interest_from] = groups[OpeningBalance.interest_from].max().to_numpy()
    index = pd.MultiIndex.from_frame(out[[Bill.bill, Bill.part]])
    for n in range(1, 5):
        mine = table[table[OpeningBalance.inst] == n].set_index([OpeningBalance.bill, OpeningBalance.part])
        out[DUE[n]] = mine[OpeningBalance.due].reindex(index).to_numpy().astype("datetime64[s]")
        out[INST[n]] = mine[OpeningBalance.amount].reindex(index, fill_value=0).to_numpy(dtype=np.int64)
    out[Bill.gross_tax] = out[Bill.net_tax] = total.astype(np.int64)
    out[Bill.deductions] = np.int64(0)
    out[Bill.run] = OPENING_RUN
    return Table.made(DUPLICATE, out)
