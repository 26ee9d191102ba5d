"""The cash drawer: open deposits, the day close with its page, and every deposit that was made."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import numpy as np
import pandas as pd

from xltax.dates import ClosedDays
from xltax.errors import BadValue
from xltax.ledger import seals
from xltax.money import Cents, usd
from xltax.pages import CellKind, Fields, Gap, Grid, Heading, Page, Signatures, Text
from xltax.tables import CashLine
from xltax.tables.counter import DAY_CLOSES, Batch, CashCount, DayClose
from xltax.tables.schema import Column, Row
from xltax.tables.table import Table


class MadeDeposit(Row):
    """One deposit that went to the bank: of a closed day, or of a batch that its sender deposited."""

    deposit = DAY_CLOSES["Deposit"]
    made_on = Column("Made On", "date", "The day it was made.")
    total = DAY_CLOSES["Total"]
    days = Column("Days", "count", "Number of business days from the first receipt; 0 for a batch.")


GROUPS = {
    DayClose.cash: ("Cash", ""),
    DayClose.checks: ("Check", "Certified", "Money Order"),
    DayClose.electronic: ("Card", "ACH", "Wire"),
}
"""The groups of a deposit. A line without a tender counts as cash, because only cash can be missing from a drawer."""


def standing(closes: Table[DayClose]) -> Table[DayClose]:
    """The closed days that count: the last row of each deposit, unless that row takes its close back."""
    last = ~closes.frame.duplicated(DayClose.deposit, keep="last")
    back = closes[DayClose.close_no].map(lambda number: int(number or 0) % 2 == 1).astype(bool)
    return closes.where(last & ~back)


def closed_through(closes: Table[DayClose]) -> dict[str, dt.date]:
    """The last closed day of each drawer."""
    days = standing(closes).frame.groupby(DayClose.cashier)[DayClose.closed_on].max()
    return {str(cashier): day.date() for cashier, day in days.items()}


def reopening(closes: Table[DayClose], deposit: str, who: str, cash_book: Table[CashLine]) -> Table[DayClose]:
    """The row that takes a close back: the amounts of its row, negative. The first row stays. who: the person who reopens it."""
    row = closes.where(closes[DayClose.deposit] == deposit).records()[-1]
    amounts = (
        DayClose.cash, DayClose.checks, DayClose.electronic, DayClose.total, DayClose.change_fund, DayClose.counted,
        DayClose.over_short,
    )  # fmt: skip
    book = cash_book.frame
    changed = {
        DayClose.receipts: -row[DayClose.receipts],
        DayClose.closed_by: who,
        DayClose.lines: len(book),
        DayClose.head: seals.head(book[CashLine.seal].iloc[-1]),
        DayClose.seal: "",
        DayClose.close_no: str(_closes_of(closes, deposit)),
    }
    return Table.made(DAY_CLOSES, [row | {name: -row[name] for name in amounts} | changed])


def _closes_of(closes: Table[DayClose], deposit: str) -> int:
    """How many rows a deposit has."""
    return int((closes[DayClose.deposit] == deposit).sum())


def open_deposit(closes: Table[DayClose], cashier: str = "") -> str:
    """The deposit that the drawer's next receipt goes into: D-1, D-2 and so on, or with the drawer's name, A-1."""
    prefix = f"{cashier or 'D'}-"
    pattern = re.compile(re.escape(prefix) + r"(\d+)$")
    used = [int(m[1]) for d in standing(closes)[DayClose.deposit] if (m := pattern.match(str(d)))]
    return f"{prefix}{max(used, default=0) + 1}"


def next_batch(cash_book: Table[CashLine], person: str) -> str:
    """The number of a person's next batch at the counter: the initials and a number, such as AB-7."""
    initials = "".join(word[0] for word in re.findall(r"\w+", person)).upper() or "X"
    pattern = re.compile(re.escape(initials) + r"-(\d+)")
    used = [int(found[1]) for batch in cash_book[CashLine.batch].unique() if (found := pattern.fullmatch(str(batch)))]
    return f"{initials}-{max(used, default=0) + 1}"


def lines_of(cash_book: Table[CashLine], deposit: str) -> pd.DataFrame:
    """The Cash Book lines of one deposit."""
    book = cash_book.frame
    return book[
        (book[CashLine.deposit] == deposit)
        & (book[CashLine.tender] != "Transfer")
        & (book[CashLine.kind] != "Reallocation")
    ]


def not_closed(cash_book: Table[CashLine], closes: Table[DayClose]) -> pd.DataFrame:
    """The Cash Book lines in drawers whose deposit is open. The sender of a batch has deposited its money already."""
    book = cash_book.frame
    batch = book[CashLine.deposit] == batch_deposit(book[CashLine.batch])
    waits = ~book[CashLine.deposit].isin({"", *standing(closes)[DayClose.deposit]}) & ~batch
    return book[waits & (book[CashLine.tender] != "Transfer") & (book[CashLine.kind] != "Reallocation")]


def receipts_and_total(lines: pd.DataFrame) -> tuple[int, Cents]:
    """How many receipts lines belong to, and what they come to."""
    return int(lines[CashLine.receipt].nunique()), int(lines[CashLine.total].sum())


def by_group(lines: pd.DataFrame) -> dict[str, Cents]:
    """The totals of the lines in cash, checks and electronic payments."""
    return {
        name: int(lines.loc[lines[CashLine.tender].isin(tenders), CashLine.total].sum())
        for name, tenders in GROUPS.items()
    }


def counted(count: Table[CashCount]) -> Cents:
    """The cash counted in the drawer."""
    table = count.frame
    return int((table[CashCount.denomination] * table[CashCount.pieces]).sum())


def close(
    cash_book: Table[CashLine],
    closes: Table[DayClose],
    cashier: str,
    on: dt.date,
    in_drawer: Cents,
    change_fund: Cents,
    calendar: ClosedDays,
    who: str,
    empty: bool = False,
) -> Table[DayClose]:
    """The row that closes a drawer's open deposit: totals by tender, over or short, first and last receipt, and the seal code.

    in_drawer: the cash counted, change fund included; cents. empty: somebody looked, and the drawer is empty. Raises BadValue if
    there is nothing to close, or if the cash is not counted. The error does not say how much cash there should be.
    """
    deposit = open_deposit(closes, cashier)
    lines = lines_of(cash_book, deposit)
    if not len(lines):
        raise BadValue(
            f"Deposit {deposit} has no receipts since the last close.",
            where="close day",
            do="There is nothing to close.",
        )
    late = lines[lines[CashLine.received] > pd.Timestamp(on)]
    if len(late):
        raise BadValue(
            f"Receipt {late[CashLine.receipt].iloc[0]} was received on {late[CashLine.received].iloc[0].date()}, after the closing day {on}.",
            where="close day",
            do="Enter that day or a later day as the closing day.",
        )
    groups = by_group(lines)
    if not in_drawer and not empty and (change_fund or groups[DayClose.cash]):
        raise BadValue(
            "The cash in the drawer is not counted. Nothing was closed.",
            where="Day Close, Pieces",
            do="Enter the count of each bill and coin, then close the day. If the drawer is empty, enter yes for empty.",
        )
    first = lines[CashLine.received].min().date()
    receipts = list(dict.fromkeys(lines[CashLine.receipt]))
    book = cash_book.frame
    row = {
        DayClose.deposit: deposit,
        DayClose.cashier: cashier,
        DayClose.closed_on: on,
        DayClose.from_: first,
        DayClose.first_receipt: receipts[0],
        DayClose.last_receipt: receipts[-1],
        DayClose.receipts: len(receipts),
        **groups,
        DayClose.total: sum(groups.values()),
        DayClose.change_fund: change_fund,
        DayClose.counted: in_drawer,
        DayClose.over_short: in_drawer - change_fund - groups[DayClose.cash],
        DayClose.days: business_days(first, on, calendar),
        DayClose.closed_by: who,
        DayClose.lines: len(book),
        DayClose.head: seals.head(book[CashLine.seal].iloc[-1]),
        DayClose.seal: "",
        DayClose.close_no: str(_closes_of(closes, deposit) or ""),
    }
    return Table.made(DAY_CLOSES, [row])


def business_days(start: dt.date, end: dt.date, calendar: ClosedDays) -> int:
    """The number of business days after the first day, through the last day."""
    days = (start + dt.timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(not calendar.is_closed(d) for d in days)


def closed_as_were(cash_book: Table[CashLine], closes: Table[DayClose]) -> list[tuple[str, Cents, Cents, str]]:
    """Each closed deposit whose lines changed after the close: deposit, total now, total then, and what to check."""
    book = cash_book.frame
    moved = book[(book[CashLine.tender] != "Transfer") & (book[CashLine.kind] != "Reallocation")]
    now = moved.groupby(CashLine.deposit)[CashLine.total].sum()
    cells = book[CashLine.seal].tolist()
    out = []
    for row in standing(closes).records():
        total = int(now.get(row[DayClose.deposit], 0))
        at = row[DayClose.lines]
        held = row[DayClose.head] in (cells[at - 1].split(" ") if 0 < at <= len(cells) else ("",))
        if total != row[DayClose.total] or not held:
            why = (
                "" if held else f"the seal code of line {at} is not {row[DayClose.head]}, the code printed at the close"
            )
            out.append((row[DayClose.deposit], total, row[DayClose.total], why))
    return out


def deposits(closes: Table[DayClose], batches: Table[Batch]) -> pd.DataFrame:
    """Every deposit, of a day or of a batch: Deposit, Made On, Total, Days."""
    days = standing(closes).frame[[DayClose.deposit, DayClose.closed_on, DayClose.total, DayClose.days]]
    days = days.rename(columns={DayClose.closed_on: MadeDeposit.made_on})
    posted = batches[batches[Batch.status] == "posted"]
    sent = pd.DataFrame(
        {
            MadeDeposit.deposit: batch_deposit(posted[Batch.batch]),
            MadeDeposit.made_on: posted[Batch.posted_on],
            MadeDeposit.total: posted[Batch.total],
            MadeDeposit.days: np.int64(0),
        }
    )
    return pd.concat([f for f in (days, sent) if len(f)] or [days], ignore_index=True)


def batch_deposit(batch: pd.Series[str]) -> pd.Series[str]:
    """The deposit number of a batch that its sender deposited."""
    return "B-" + batch


# ---- the page ----------------------------------------------------------------------------------------------------------


def close_page(office: str, row: dict[str, Any], lines: pd.DataFrame, count: Table[CashCount], code: str) -> Page:
    """The day-close page: the drawer counted, totals by tender, over or short, the deposit slip, the seal codes.

    code: the seal code of the Log's line for this close, which covers all books.
    """
    pieces = [
        (r[CashCount.denomination], r[CashCount.pieces], r[CashCount.denomination] * r[CashCount.pieces])
        for r in count.frame.to_dict("records")
        if r[CashCount.pieces]
    ]
    columns = ["Tax", "Interest", "Penalty", "Costs", "Misc", "Overpaid", "Discount", "Total"]
    kinds = lines.groupby([CashLine.levy_type, CashLine.revenue_code], dropna=False)[columns].sum().reset_index()
    booked = [
        (k[CashLine.levy_type] or k[CashLine.revenue_code] or "credit", *(int(k[c]) for c in columns))
        for k in kinds.to_dict("records")
    ]
    money: CellKind = "money"
    money_columns: tuple[CellKind, ...] = ("text", *[money for _ in columns])
    booked.append(("Total", *(int(lines[c].sum()) for c in columns)))
    checks = (
        lines[lines[CashLine.tender].isin(GROUPS[DayClose.checks])]
        .groupby([CashLine.reference, CashLine.tender], sort=False)[CashLine.total]
        .sum()
    )
    slip: list[tuple[object, ...]] = [
        (reference, tender, int(total)) for (reference, tender), total in zip(checks.index, checks, strict=True)
    ]
    slip.append(("Checks", "", row[DayClose.checks]))
    over = int(row[DayClose.over_short])
    judged = (
        "The drawer balances." if not over else f"The drawer is {'over' if over > 0 else 'short'} by {usd(abs(over))}."
    )
    return Page(
        "Day close",
        (
            Fields(
                (
                    ("Deposit", row[DayClose.deposit], "id"),
                    ("Closed on", row[DayClose.closed_on], "date"),
                    ("Drawer", row[DayClose.cashier] or "the only drawer", "text"),
                    (
                        "Receipts",
                        f"{row[DayClose.first_receipt]} to {row[DayClose.last_receipt]} ({row[DayClose.receipts]})",
                        "text",
                    ),
                )
            ),
            Heading("Cash in the drawer"),
            Grid(("Bill or coin", "Count", "Amount"), ("money", "count", "money"), pieces, (2, 1, 2)),
            Fields(
                (
                    ("Counted", row[DayClose.counted], "money"),
                    ("Change fund, stays in the drawer", row[DayClose.change_fund], "money"),
                    ("Cash in the Cash Book", row[DayClose.cash], "money"),
                    ("Over (short)", over, "money"),
                )
            ),
            Text(judged, "bold"),
            Heading("Receipts by type of charge"),
            Grid(("For", *columns), money_columns, booked, (12, *[14] * len(columns)), total=True),
            Heading("Deposit slip"),
            Grid(("Check", "Tender", "Amount"), ("id", "text", "money"), slip, (2, 2, 2), total=True),
            Fields(
                (
                    ("Cash", row[DayClose.cash], "money"),
                    ("Checks", row[DayClose.checks], "money"),
                    ("Card, ACH, wire", row[DayClose.electronic], "money"),
                    ("Total deposit", row[DayClose.total], "money"),
                )
            ),
            Text(
                f"Cash Book seal code: {row[DayClose.head]}, line {row[DayClose.lines]}. Seal code of all books: {code}. Keep this page. If "
                "somebody changes a posted row, a bill or a closed day, Proof names it. If somebody also makes new seals for the whole "
                f"workbook, these codes are gone. To check a copy of the workbook, run: xltax proof BOOK --head {code}",
                "box",
            ),
            Gap(),
            Signatures(("Counted and closed by, date", "Second person, date")),
        ),
        office=office,
        key=str(row[DayClose.deposit]),
        landscape=False,
    )
