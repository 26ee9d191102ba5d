"""Opening balances: what was open when this book began, each with the day its interest runs from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xltax.errors import Problem, Problems
from xltax.tables import CHARGES, DUPLICATE
from xltax.tables.bills import OPENING_RUN
from xltax.tables.reading import place
from xltax.tables.schema import Column, Row, TableSpec


class OpeningBalance(Row):
    """What was open on one installment when this workbook began."""

    account = Column("Account", "id", CHARGES["Account"].help, required=True, aliases=CHARGES["Account"].aliases)
    bill = Column(
        "Bill", "id", "The bill number; without one: the levy year and the account.", aliases=CHARGES["Bill"].aliases
    )
    levy_year = Column(
        "Levy Year", "year", CHARGES["Levy Year"].help, required=True, aliases=CHARGES["Levy Year"].aliases
    )
    levy_type = CHARGES["Levy Type"]
    part = CHARGES["Part"]
    inst = Column(
        "Inst", "count", "The installment; without one they are numbered by their due dates.", default=0, least=0
    )
    due = Column("Due", "date", "The day the installment was payable.", required=True, aliases=("Due Date",))
    amount = Column("Amount", "money", "What is open of the tax itself, without interest.", required=True, least=0)
    interest_from = Column(
        "Interest From", "date", "Interest is paid up to this day and runs on from it; empty: from the due date."
    )
    party = CHARGES["Party"]


OPENING = TableSpec("Opening", OpeningBalance, purpose="one row for each installment still open")
"""A sheet of open balances; the rows become bills of the Duplicate, no table of the book."""


def bills(rows: pd.DataFrame, duplicate: pd.DataFrame, roll: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The rows of the Duplicate that open balances become, and what was done to them, in words.

    rows: OPENING, typed. An interest-from date on or before the due date means nothing and is left out. Installments of a bill
    that bear interest from different days become bills of their own, "2024-12-4/2". Raises Problems naming each row whose
    account is not on the roll, whose bill is in the book already or has more than four installments.
    """
    said: list[str] = []
    table = rows.reset_index(drop=True)
    table["Row"] = rows.index.to_numpy()
    table = table[table["Amount"] > 0].copy()
    if len(table) < len(rows):
        said.append(f"{len(rows) - len(table):,} rows have nothing open and were left out.")
    if not len(table):
        return duplicate.iloc[:0], said
    made = table["Levy Year"].astype(str) + "-" + table["Account"]
    table["Bill"] = table["Bill"].where(table["Bill"] != "", made)
    early = table["Interest From"].notna() & (table["Interest From"] <= table["Due"])
    table.loc[early, "Interest From"] = np.datetime64("NaT")
    if early.any():
        said.append(
            f"{int(early.sum()):,} interest-from dates are not after the due date: interest runs from the due date."
        )
    table = _numbered(table)
    from_days = table["Interest From"].astype("int64")
    first = from_days.groupby([table["Bill"], table["Part"]]).transform("first")
    apart = from_days != first
    table.loc[apart, "Bill"] = table.loc[apart, "Bill"] + "/" + table.loc[apart, "Inst"].astype(str)
    if apart.any():
        said.append(
            f"{int(apart.sum()):,} installments bear interest from a day of their own: bills of their own, such as {table.loc[apart, 'Bill'].iloc[0]}."
        )
    _refuse(rows, table, duplicate, roll)
    return _wide(table), said


def _numbered(table: pd.DataFrame) -> pd.DataFrame:
    """Installments without a number get one, in the order of their due dates."""
    table = table.sort_values(["Bill", "Part", "Due", "Row"], kind="stable")
    key = [table["Bill"], table["Part"]]
    nth = table.groupby(key).cumcount() + 1
    whole = (table["Inst"] == 0).groupby(key).transform("any")
    table["Inst"] = table["Inst"].where(~whole, nth)
    return table.sort_values("Row", kind="stable")


def _refuse(rows: pd.DataFrame, table: pd.DataFrame, duplicate: pd.DataFrame, roll: pd.DataFrame) -> None:
    def at(row: int, column: str) -> str:
        return place(rows, int(row), column)

    problems = []
    if len(roll):
        accounts = set(roll["Account"])
        for row, account in table.loc[~table["Account"].isin(accounts), ["Row", "Account"]].itertuples(index=False):
            problems.append(
                Problem(at(row, "Account"), f"Account {account} is not on the Roll.", without_zeros(account, accounts))
            )
    held = set(zip(duplicate["Bill"], duplicate["Part"], strict=True))
    again = table.duplicated(["Bill", "Part", "Inst"], keep="first")
    for n, r in enumerate(table[["Row", "Bill", "Part", "Inst"]].itertuples(index=False)):
        if (r.Bill, r.Part) in held:
            problems.append(
                Problem(
                    at(r.Row, "Bill"), f"Bill {r.Bill} is on the Duplicate already.", "Nothing is brought in twice."
                )
            )
        elif again.iloc[n]:
            problems.append(
                Problem(at(r.Row, "Bill"), f"Installment {r.Inst} of bill {r.Bill} stands there twice.", "Keep one.")
            )
        elif r.Inst > 4:
            problems.append(
                Problem(
                    at(r.Row, "Inst"),
                    f"Bill {r.Bill} has more than four installments.",
                    "Give each year a bill of its own.",
                )
            )
    if problems:
        raise Problems(problems)


def without_zeros(account: str, accounts: set[str]) -> str:
    """What to do about an account nobody knows: fill up its zeros, if that makes it one of those known."""
    lengths = sorted({len(a) for a in accounts if a.isdigit() and len(a) > len(account)})
    for length in lengths if account.isdigit() else ():
        if account.zfill(length) in accounts:
            return f"The Roll has {account.zfill(length)}: leading zeros were lost. Set Digits to {length}."
    return "Correct it, or bring the Roll in first."


def _wide(table: pd.DataFrame) -> pd.DataFrame:
    """One row for each bill."""
    groups = table.groupby(["Bill", "Part"], sort=False)
    out = groups[["Account", "Party", "Levy Year", "Levy Type", "Interest From"]].first().reset_index()
    total = groups["Amount"].sum().to_numpy()
    out["Interest From"] = groups["Interest From"].max().to_numpy()
    index = pd.MultiIndex.from_frame(out[["Bill", "Part"]])
    for n in range(1, 5):
        mine = table[table["Inst"] == n].set_index(["Bill", "Part"])
        out[f"Due {n}"] = mine["Due"].reindex(index).to_numpy().astype("datetime64[s]")
        out[f"Inst {n}"] = mine["Amount"].reindex(index, fill_value=0).to_numpy(dtype=np.int64)
    out["Gross Tax"] = out["Net Tax"] = total.astype(np.int64)
    out["Deductions"] = np.int64(0)
    out["Run"] = OPENING_RUN
    for column in DUPLICATE.facts:
        if column.name not in out:
            out[column.name] = np.datetime64("NaT", "s") if column.kind == "date" else ""
    for column in DUPLICATE.facts:
        if column.kind == "date":
            out[column.name] = pd.to_datetime(out[column.name]).astype("datetime64[s]")
    out = out[[c.name for c in DUPLICATE.facts]]
    out.attrs = {"typed": DUPLICATE.name}
    return out
