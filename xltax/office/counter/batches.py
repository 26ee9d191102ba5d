"""Payment files from servicers, lockboxes and the online site: imported, matched to accounts, reviewed and posted."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from xltax.dates import ORDERS, to_date
from xltax.errors import BadValue, Problem, Problems
from xltax.money import Cents, usd
from xltax.office.counter import posting, same_money
from xltax.office.counter.payment_check import Payment
from xltax.office.counter.same_money import Money
from xltax.tables import OTHER, PAYMENT, CashLine, Charge
from xltax.tables.counter import BATCH_LINES, BATCHES, SUSPENSE, Batch, BatchLine, MappedColumn, SuspenseItem
from xltax.tables.reading import place
from xltax.tables.table import Table
from xltax.wording import some

FILLED = ("Account", "Bill", "Amount", "Received", "Effective", "Tender", "Reference", "By", "Payer")
"""The payment columns that a sender's file may fill."""
MATCHED, DUPLICATE, AGAIN = "matched", "duplicate", "again"
LIVE = (MATCHED, "unmatched", AGAIN)
"""The statuses of rows that wait to be posted."""
THE_SAME_AS, OF_THIS_FILE = "the same as", "of this file"
"""How the Why of a duplicate begins, and how it ends if the row repeats another row of its own file."""
RELEASED = f"{THE_SAME_AS} an earlier payment, but posted again"
MOST_NAMED = 10


def fingerprint(data: bytes) -> str:
    """The code that identifies a file by its content, whatever the file is named."""
    return hashlib.sha256(data).hexdigest()[:16]


def places_of(mappings: Table[MappedColumn], name: str) -> dict[str, tuple[int, int]] | None:
    """The place of each column in a fixed-width file, as 0-based start and end; None where the mapping names headers."""
    wanted = _of(mappings, name)
    places = {r[MappedColumn.column]: re.fullmatch(r"\s*(\d+)\s*-\s*(\d+)\s*", r[MappedColumn.header]) for r in wanted}
    if not any(places.values()):
        return None
    bad = next((c for c, m in places.items() if not m or int(m[1]) < 1 or int(m[1]) > int(m[2])), None)
    if bad is not None:
        raise BadValue(
            f"{bad} has no position.",
            where=f"Mappings, {name}",
            do="Enter its first and last character, such as 12-20.",
        )
    return {c: (int(m[1]) - 1, int(m[2])) for c, m in places.items() if m}


def _of(mappings: Table[MappedColumn], name: str) -> list[dict[str, str]]:
    table = mappings.frame
    mine = table[table[MappedColumn.mapping].str.lower() == name.lower()].to_dict("records")
    if not mine:
        known = ", ".join(dict.fromkeys(table[MappedColumn.mapping])) or "none"
        raise BadValue(
            f'There is no mapping "{name}".',
            where="mapping",
            do=f"Mappings in this workbook: {known}. Choose one of these, or add rows for this sender to Mappings.",
        )
    for row in mine:
        if row[MappedColumn.column] not in FILLED:
            raise BadValue(
                f'"{row[MappedColumn.column]}" is not a column that a payment file can fill.',
                where=f"Mappings, {name}",
                do=f"Use one of {', '.join(FILLED)}.",
            )
    if "Amount" not in {r[MappedColumn.column] for r in mine}:
        raise BadValue(
            "This mapping has no row for Amount.",
            where=f"Mappings, {name}",
            do="Add a row that names the Amount column.",
        )
    return [{str(k): str(v) for k, v in row.items()} for row in mine]


def mapped(mappings: Table[MappedColumn], name: str) -> list[dict[str, str]]:
    """The rows of a sender's mapping; none if the sender is new. Raises BadValue for a column no payment file can fill."""
    known = {m.lower() for m in mappings[MappedColumn.mapping]}
    return _of(mappings, name) if name.lower() in known else []


def as_payments(rows: Table[Any], header_row: int, received: dt.date) -> pd.DataFrame:
    """The rows of a file as payments to hold. Rows without an amount are left out; a row without a date gets `received`."""
    frame = pd.DataFrame({c: rows[c].astype(object) for c in FILLED}, dtype=object)
    for column in ("Received", "Effective"):
        frame[column] = [v.date() if not pd.isna(v) else "" for v in rows[column]]
    frame[BatchLine.received] = [v or received for v in frame[BatchLine.received]]
    frame[BatchLine.row] = [header_row + 1 + int(n) for n in rows.index]
    return frame[frame[BatchLine.amount] != 0].reset_index(drop=True)


def padded(text: str, digits: int) -> str:
    """An account or bill number with the leading zeros that a sheet dropped."""
    return text.zfill(digits) if text.isdigit() else text


def date_as(value: object, how: str) -> dt.date:
    """A date in the sender's order: ymd, mdy or dmy (default: mdy). Fixed-width files run a date's figures together."""
    order = how if how in ORDERS else "mdy"
    text = value.strip() if isinstance(value, str) else ""
    if re.fullmatch(r"\d{6}", text):
        value = f"{text[:2]}/{text[2:4]}/{text[4:]}"
    return to_date(value, order=order)


def next_number(batches: Table[Batch]) -> int:
    """The number of the next batch."""
    return 1 + max((int(b) for b in batches[Batch.batch] if str(b).isdigit()), default=0)


def hold(
    payments: pd.DataFrame,
    batch: str,
    charges: Table[Charge],
    cash_book: Table[CashLine],
    lines: Table[BatchLine],
) -> Table[BatchLine]:
    """The rows of a batch with their status: matched, unmatched, or a duplicate of a payment already known.

    A duplicate has the account, amount, day and reference of a payment that stands in the Cash Book or of a row that waits in an
    earlier batch. Each of these answers for one row. Two rows of the same file are duplicates only if both have a reference.
    """
    account_of = dict(zip(charges[Charge.bill], charges[Charge.account], strict=True))
    accounts = set(charges[Charge.account])
    records = payments.to_dict("records")
    known = same_money.standing(cash_book, {row[BatchLine.received] for row in records})
    for one, where in _waiting(lines):
        known.setdefault(one, []).append(where)
    here: dict[Money, str] = {}
    rows = []
    for row in records:
        account = row[BatchLine.account] or account_of.get(row[BatchLine.bill], "")
        why = _unmatched(row, account, account_of, accounts)
        status = "unmatched" if why else MATCHED
        one = _money(row | {BatchLine.account: account}, status)
        repeats = same_money.take(known, one) or (here.get(one) if one.reference else "")
        here.setdefault(one, f"row {row[BatchLine.row]} {OF_THIS_FILE}")
        if repeats:
            status, why = DUPLICATE, f"{THE_SAME_AS} {repeats}"
        rows.append(
            {
                **row,
                BatchLine.batch: batch,
                BatchLine.account: account,
                BatchLine.status: status,
                BatchLine.why: why,
                BatchLine.receipt: "",
            }
        )
    return _as_lines(rows)


def _money(row: Mapping[Any, Any], status: str) -> Money:
    """A row's payment as the Cash Book would have it: a row without a match is money in suspense."""
    kind, code = (OTHER, posting.SUSPENSE) if status == "unmatched" else (PAYMENT, "")
    return same_money.money(
        row[BatchLine.account], kind, code, row[BatchLine.amount], row[BatchLine.received], row[BatchLine.reference]
    )


def _waiting(lines: Table[BatchLine]) -> Iterator[tuple[Money, str]]:
    """The payments of earlier batches that the Cash Book does not have yet, each with its place."""
    for row in lines.where(lines[BatchLine.status].isin(LIVE)).records():
        yield _money(row, row[BatchLine.status]), f"row {row[BatchLine.row]} of batch {row[BatchLine.batch]}"


def refuse_repeated(batch: str, lines: Table[BatchLine], cash_book: Table[CashLine]) -> None:
    """Refuses to post rows that repeat a payment of the Cash Book as it is now, and names each row and receipt.

    The same payment may have come another way since the file was imported. A row that a person released on Batch Lines is
    posted. These rows and the duplicates that stay behind use up the receipts that they repeat.
    """
    mine = lines.frame[(lines[BatchLine.batch] == batch) & lines[BatchLine.status].isin((*LIVE, DUPLICATE))]
    mine = mine[(mine[BatchLine.status] != DUPLICATE) | ~mine[BatchLine.why].str.endswith(OF_THIS_FILE)]
    rows = mine.to_dict("records")
    payments = [_money(row, row[BatchLine.status]) for row in rows]
    settled = {n for n, row in enumerate(rows) if row[BatchLine.status] == DUPLICATE or _released(row)}
    found = same_money.repeated(payments, cash_book, settled)
    problems = [
        Problem(
            place(lines, int(mine.index[n]), BatchLine.status),
            f"{payments[n].words()}: {receipt}. Row {rows[n][BatchLine.row]} of batch {batch} repeats this payment.",
            f"If this is a second payment, set Status to {AGAIN}. If not, set Status to {DUPLICATE}, which leaves the row out.",
        )
        for n, receipt in enumerate(found)
        if receipt and n not in settled
    ]
    if problems:
        raise Problems(problems)


def _released(row: Mapping[Any, Any]) -> bool:
    """Whether a person said that this row is a second payment: by Status again, or by changing Status from duplicate."""
    return row[BatchLine.status] == AGAIN or str(row[BatchLine.why]).startswith(THE_SAME_AS)


def _unmatched(row: Mapping[Hashable, Any], account: str, account_of: Mapping[str, str], accounts: set[str]) -> str:
    """Why a row does not belong to one account of the Duplicate; empty if it does."""
    bill = row[BatchLine.bill]
    if bill and bill not in account_of:
        return f"bill {bill} is not on the Duplicate"
    if bill and row[BatchLine.account] and account_of[bill] != row[BatchLine.account]:
        return f"bill {bill} belongs to account {account_of[bill]}"
    if not account:
        return "no bill or account number"
    if account not in accounts:
        return f"account {account} is not on the Duplicate"
    return "the amount is below zero" if row[BatchLine.amount] < 0 else ""


def _as_lines(rows: list[dict[Hashable, Any]]) -> Table[BatchLine]:
    """The rows as lines of Batches, by default paid by a third party through ACH."""
    table = pd.DataFrame(rows, columns=list(BATCH_LINES.names))
    for column in ("Received", "Effective"):
        table[column] = pd.to_datetime(table[column].replace("", None)).astype("datetime64[s]")
    table[BatchLine.by] = table[BatchLine.by].replace("", "third party")
    table[BatchLine.tender] = table[BatchLine.tender].replace("", "ACH")
    table = table.astype({BatchLine.amount: np.int64, BatchLine.row: np.int64})
    return Table.made(BATCH_LINES, table)


def to_post(batch: dict[str, Any], lines: Table[BatchLine], suspend: bool) -> pd.DataFrame:
    """The payments of a held batch: matched rows to their accounts and, on request, the other rows to suspense.

    Raises BadValue unless the rows equal the sender's deposit, and while a row is neither matched nor sent to suspense.
    """
    mine = lines.where((lines[BatchLine.batch] == batch[Batch.batch]) & lines[BatchLine.status].isin(LIVE))
    total, deposit = int(mine[BatchLine.amount].sum()), int(batch[Batch.deposit_total])
    if total != deposit:
        raise BadValue(
            f"The rows total {usd(total)}, but the deposit is {usd(deposit)}. The difference is {usd(abs(total - deposit))}.",
            where=f"batch {batch[Batch.batch]}",
            do="Nothing was posted. Correct the rows on Batch Lines or the deposit total, then post again. Duplicates are not counted."
            + _left_out(batch[Batch.batch], lines),
        )
    stray = mine[BatchLine.status] == "unmatched"
    if stray.any() and not suspend:
        rows = ", ".join(map(str, mine.loc[stray, BatchLine.row].head(10)))
        raise BadValue(
            f"{some(int(stray.sum()), 'row')} of this batch {'is' if stray.sum() == 1 else 'are'} not matched to an account: {rows}.",
            where=f"batch {batch[Batch.batch]}",
            do="Correct Account or Bill on Batch Lines, or enter yes for suspend to post the other rows to suspense.",
        )
    out = mine[
        [
            BatchLine.row,
            BatchLine.account,
            BatchLine.bill,
            BatchLine.amount,
            BatchLine.received,
            BatchLine.effective,
            BatchLine.tender,
            BatchLine.reference,
            BatchLine.by,
        ]
    ].copy()
    out[Payment.kind] = np.where(stray, "Other", "Payment")
    out[Payment.revenue_code] = np.where(stray, posting.SUSPENSE, "")
    out.loc[stray, [Payment.account, Payment.bill]] = ""
    out[Payment.note] = np.where(
        stray, mine[BatchLine.payer] + mine[BatchLine.why].map(lambda w: f" ({w})" if w else ""), ""
    )
    out[Payment.batch] = batch[Batch.batch]
    out[Payment.deposit] = f"B-{batch[Batch.batch]}"
    return out.reset_index(drop=True)


def _left_out(batch: str, lines: Table[BatchLine]) -> str:
    """A sentence about the duplicates of a batch and what they repeat; empty if there are none."""
    twice = lines.frame[(lines[BatchLine.batch] == batch) & (lines[BatchLine.status] == DUPLICATE)]
    if not len(twice):
        return ""
    named = [f"row {row} is {why}" for row, why in zip(twice[BatchLine.row], twice[BatchLine.why], strict=True)]
    more = f", and {len(named) - MOST_NAMED:,} more" if len(named) > MOST_NAMED else ""
    return f" Not counted: {', '.join(named[:MOST_NAMED])}{more}. If a row is a second payment, set its Status on Batch Lines to {AGAIN}."


def batch_row(
    batch: str, name: str, file: str, today: dt.date, lines: Table[BatchLine], deposit: Cents, print_: str
) -> Table[Batch]:
    """The row of the Batches table for an imported file."""
    row = {
        Batch.batch: batch, Batch.from_: name, Batch.file: file, Batch.held_on: np.datetime64(today, "s"), Batch.rows: len(lines),
        Batch.total: int(lines[BatchLine.amount].sum()), Batch.deposit_total: deposit, Batch.status: "held",
        Batch.posted_on: np.datetime64("NaT", "s"), Batch.fingerprint: print_,
    }  # fmt: skip
    return Table.made(BATCHES, [row])


# ---- suspense ----------------------------------------------------------------------------------------------------------


def suspense(cash_book: Table[CashLine], as_of: dt.date) -> pd.DataFrame:
    """The suspense ledger as of a day: money received without an account, what was cleared, and what is still open."""
    book = cash_book.frame
    book = book[(book[CashLine.revenue_code] == posting.SUSPENSE) & (book[CashLine.received] <= pd.Timestamp(as_of))]
    came = book[book[CashLine.kind] == "Other"].set_index(CashLine.receipt)
    cleared = -book[book[CashLine.kind] == "Reversal"].groupby(CashLine.reverses)[CashLine.misc].sum()
    table = pd.DataFrame(
        {
            SuspenseItem.receipt: came.index,
            SuspenseItem.received: came[CashLine.received].to_numpy(),
            SuspenseItem.batch: came[CashLine.batch].to_numpy(),
            SuspenseItem.reference: came[CashLine.reference].to_numpy(),
            SuspenseItem.amount: came[CashLine.misc].to_numpy(),
            SuspenseItem.cleared: cleared.reindex(came.index, fill_value=0).to_numpy(),
            SuspenseItem.note: came[CashLine.note].to_numpy(),
        }
    )
    table[SuspenseItem.open] = table[SuspenseItem.amount] - table[SuspenseItem.cleared]
    table[SuspenseItem.days] = (pd.Timestamp(as_of) - table[SuspenseItem.received]).dt.days
    table = table[list(SUSPENSE.names)].astype(
        {
            SuspenseItem.amount: np.int64,
            SuspenseItem.cleared: np.int64,
            SuspenseItem.open: np.int64,
            SuspenseItem.days: np.int64,
        }
    )
    return table
