"""The rows typed at the counter: whose account each row means, which rows can be read, and what is wrong with the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from xltax.errors import BadValue, Problem, Problems
from xltax.office.billing.scan_line import looks_scanned
from xltax.office.quotes.find_account import Accounts, Named
from xltax.tables import OTHER
from xltax.tables.counter import COUNTER, CounterRow
from xltax.tables.reading import as_id, is_blank, place, read
from xltax.tables.table import Table, concat


class Entered(NamedTuple):
    """The rows of the Counter as far as they can be read, and what is wrong with the others, by their place in the table."""

    rows: Table[CounterRow]
    places: list[int]  # of every row, in the sheet's order
    wrong: dict[int, list[Problem]]
    filled_in: bool  # whether a cell was typed in another way than the Duplicate has it, or a stub was scanned

    @property
    def problems(self) -> list[Problem]:
        """Everything that is wrong, in the sheet's order."""
        return [problem for at in self.places for problem in self.wrong.get(at, [])]

    @property
    def ready(self) -> Table[CounterRow]:
        """The rows with which nothing is wrong."""
        return self.rows.where(~self.rows[CounterRow.account].index.isin(self.wrong))

    def also(self, wrong: Mapping[int, list[Problem]]) -> Entered:
        """The same, with what is wrong with rows that can be read. A row that has its problem already keeps it."""
        return self._replace(wrong={**wrong, **self.wrong})


def entered(frame: pd.DataFrame, accounts: Accounts, today: dt.date) -> Entered:
    """The rows of the Counter's cells. One bad row does not hide the others."""
    cells, wrong, filled_in = _with_accounts(frame, accounts, today)
    try:
        parts = [read(cells, COUNTER)]
    except Problems:
        parts = []
        for n, at in enumerate(cells.index.tolist()):
            one = cells.iloc[[n]]
            one.attrs = cells.attrs
            try:
                parts.append(read(one, COUNTER))
            except Problems as error:
                wrong.setdefault(at, []).extend(error.problems)
    rows = concat(parts) if parts else Table.empty(COUNTER)
    return Entered(rows, frame.index.tolist(), wrong, filled_in)


def scanned(payments: Table[Any], accounts: Accounts) -> Table[Any]:
    """Payments of a file with the bill and account of each scanned stub, which may stand in either column."""
    columns = [c for c in (CounterRow.account, CounterRow.bill) if c in payments]
    texts = {c: payments[c].tolist() for c in columns}
    problems = []
    for n, at in enumerate(payments[columns[0]].index.tolist() if columns else ()):
        for column in columns:
            if not looks_scanned(str(texts[column][n])):
                continue
            try:
                found = accounts.find(str(texts[column][n]))
            except BadValue as error:
                problems.append(Problem(place(payments, at, column), error.problem.what, error.problem.do))
                continue
            if found:
                texts[column][n] = found.bill if column == CounterRow.bill else found.account
                if CounterRow.bill in texts:
                    texts[CounterRow.bill][n] = found.bill
    if problems:
        raise Problems(problems)
    return payments.with_columns(texts) if columns else payments


def _with_accounts(
    frame: pd.DataFrame, accounts: Accounts, today: dt.date
) -> tuple[pd.DataFrame, dict[int, list[Problem]], bool]:
    """The cells with each account as the Duplicate has it. A scanned stub fills in the bill, the amount and the day too."""
    headers = {column.name: h for h in frame.columns if (column := COUNTER.find(h)) and not column.derived}
    rows = [dict(zip(frame.columns, row, strict=True)) for row in frame.to_numpy(dtype=object).tolist()]
    wrong: dict[int, list[Problem]] = {}
    filled_in = False
    for at, row in zip(frame.index.tolist(), rows, strict=True):
        if str(row.get(headers.get(CounterRow.kind, ""), "")).strip().lower() == OTHER.lower():
            continue
        for name in (CounterRow.account, CounterRow.bill):
            header = headers.get(name, "")
            text = "" if is_blank(row.get(header)) else as_id(row[header])
            try:
                found = accounts.find(text) if text else None
            except BadValue as error:
                wrong.setdefault(at, []).append(Problem(place(frame, at, header), error.problem.what, error.problem.do))
                continue
            if found and text != (found.account if name == CounterRow.account else found.bill):
                filled_in = _fill(row, headers, name, found, today) or filled_in
    cells = pd.DataFrame(rows, index=frame.index, columns=frame.columns, dtype=object)
    cells = cells.where(cells.notna(), None)
    cells.attrs = frame.attrs
    return cells, wrong, filled_in


def _fill(row: dict[str, Any], headers: Mapping[str, str], name: str, found: Named, today: dt.date) -> bool:
    """Fills a row in with the account and the bill found. A bill that the row names already stays, to be compared with it."""
    given = {CounterRow.account: found.account}
    bill = headers.get(CounterRow.bill, "")
    if found.bill and bill and (name == CounterRow.bill or is_blank(row.get(bill))):
        given[CounterRow.bill] = found.bill
    if name == CounterRow.bill:
        if not found.bill:
            return False  # an account typed as a bill: posting says so
        del given[CounterRow.account]
    scanned: dict[str, Any] = (
        {CounterRow.amount: found.amount / 100, CounterRow.received: today} if found.amount else {}
    )
    for column, value in scanned.items():
        if column in headers and is_blank(row.get(headers[column])):
            given[column] = value
    for column, value in given.items():
        if column in headers:
            row[headers[column]] = value
    return True
