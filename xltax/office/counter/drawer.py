"""The drawer and the bank: open deposits, the close of the day, and whether receipts, deposits and bank agree."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
import pandas as pd

from xltax.dates import ClosedDays
from xltax.errors import BadValue
from xltax.ledger import seals
from xltax.money import Cents, dollars
from xltax.pages import CellKind, Fields, Gap, Grid, Heading, Page, Signatures, Text
from xltax.tables import CASH_BOOK
from xltax.tables.counter import BANK, DAY_CLOSES, DRAWER_COUNT
from xltax.tables.reading import typed

GROUPS = {
    "Cash": ("Cash", ""),
    "Checks": ("Check", "Certified", "Money Order"),
    "Electronic": ("Card", "ACH", "Wire"),
}
"""How a deposit is made up. A line without a tender is counted as cash: it is the one a drawer can miss."""


def open_deposit(closes: pd.DataFrame, cashier: str = "") -> str:
    """The deposit a drawer's next receipt goes into: D-1, D-2 and so on, or with the drawer's name, A-1."""
    prefix = f"{cashier or 'D'}-"
    pattern = re.compile(re.escape(prefix) + r"(\d+)$")
    used = [int(m[1]) for d in closes["Deposit"] if (m := pattern.match(str(d)))]
    return f"{prefix}{max(used, default=0) + 1}"


def lines_of(cash_book: pd.DataFrame, deposit: str) -> pd.DataFrame:
    """The cash-book lines whose money is in a deposit."""
    book = typed(cash_book, CASH_BOOK)
    return book[(book["Deposit"] == deposit) & (book["Tender"] != "Transfer") & (book["Kind"] != "Reallocation")]


def by_group(lines: pd.DataFrame) -> dict[str, Cents]:
    """What the lines come to in cash, checks and electronic money."""
    return {name: int(lines.loc[lines["Tender"].isin(tenders), "Total"].sum()) for name, tenders in GROUPS.items()}


def counted(count: pd.DataFrame) -> Cents:
    """The cash in the drawer by its count."""
    table = typed(count, DRAWER_COUNT)
    return int((table["Denomination"] * table["Pieces"]).sum())


def close(
    cash_book: pd.DataFrame,
    closes: pd.DataFrame,
    cashier: str,
    on: dt.date,
    in_drawer: Cents,
    change_fund: Cents,
    calendar: ClosedDays,
    who: str,
) -> pd.DataFrame:
    """The row that closes a drawer's open deposit: totals by tender, over or short, first and last receipt, and the chain's head.

    in_drawer: the cash counted, change fund included; cents. Raises BadValue where there is nothing to close.
    """
    deposit = open_deposit(closes, cashier)
    lines = lines_of(cash_book, deposit)
    if not len(lines):
        raise BadValue(f"No money has come in for deposit {deposit} since the last close.", where="close day")
    late = lines[lines["Received"] > pd.Timestamp(on)]
    if len(late):
        raise BadValue(
            f"Receipt {late['Receipt'].iloc[0]} was received on {late['Received'].iloc[0].date()}, after {on}.",
            where="close day",
            do="Close on that day or later.",
        )
    groups = by_group(lines)
    first = lines["Received"].min().date()
    receipts = list(dict.fromkeys(lines["Receipt"]))
    book = typed(cash_book, CASH_BOOK)
    row = {
        "Deposit": deposit,
        "Cashier": cashier,
        "Closed On": np.datetime64(on, "s"),
        "From": np.datetime64(first, "s"),
        "First Receipt": receipts[0],
        "Last Receipt": receipts[-1],
        "Receipts": len(receipts),
        **groups,
        "Total": sum(groups.values()),
        "Change Fund": change_fund,
        "Counted": in_drawer,
        "Over Short": in_drawer - change_fund - groups["Cash"],
        "Days": business_days(first, on, calendar),
        "Closed By": who,
        "Lines": len(book),
        "Head": seals.head(book["Seal"].iloc[-1]),
        "Seal": "",
    }
    table = pd.DataFrame([row], columns=list(DAY_CLOSES.names))
    table.attrs = {"typed": DAY_CLOSES.name}
    return table


def business_days(start: dt.date, end: dt.date, calendar: ClosedDays) -> int:
    """How many days the office was open after the first day, up to and with the last."""
    days = (start + dt.timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(not calendar.is_closed(d) for d in days)


def closed_as_were(cash_book: pd.DataFrame, closes: pd.DataFrame) -> list[tuple[str, Cents, Cents, str]]:
    """Each closed deposit whose lines are not what they were at its close: deposit, now, then, and what to look at."""
    book = typed(cash_book, CASH_BOOK)
    moved = book[(book["Tender"] != "Transfer") & (book["Kind"] != "Reallocation")]
    now = moved.groupby("Deposit")["Total"].sum()
    cells = book["Seal"].tolist()
    out = []
    for row in typed(closes, DAY_CLOSES).to_dict("records"):
        total = int(now.get(row["Deposit"], 0))
        at = row["Lines"]
        held = row["Head"] in (cells[at - 1].split(" ") if 0 < at <= len(cells) else ("",))
        if total != row["Total"] or not held:
            why = "" if held else f"the seal of line {at} is not {row['Head']}, as printed at the close"
            out.append((row["Deposit"], total, row["Total"], why))
    return out


def deposits(closes: pd.DataFrame, batches: pd.DataFrame) -> pd.DataFrame:
    """Every deposit made: a day's, or a batch its sender deposited: Deposit, Made On, Total, Days."""
    days = typed(closes, DAY_CLOSES)[["Deposit", "Closed On", "Total", "Days"]]
    days = days.rename(columns={"Closed On": "Made On"})
    sent = batches[batches["Status"] == "posted"]
    sent = pd.DataFrame(
        {
            "Deposit": batch_deposit(sent["Batch"]),
            "Made On": sent["Posted On"],
            "Total": sent["Total"],
            "Days": np.int64(0),
        }
    )
    return pd.concat([f for f in (days, sent) if len(f)] or [days], ignore_index=True)


def batch_deposit(batch: pd.Series[str]) -> pd.Series[str]:
    """The deposit of a batch, which its sender made."""
    return "B-" + batch


def against_bank(cash_book: pd.DataFrame, made: pd.DataFrame, bank: pd.DataFrame) -> list[tuple[str, Cents, Cents]]:
    """Where deposits and the bank statement differ: deposit, ours, the bank's. A deposit made after the statement's last day is on its way.

    Checks that came back stand under "returned": our reversals against what the bank took back.
    """
    statement = typed(bank, BANK)
    if not len(statement):
        return []
    last = statement["Date"].max()
    theirs = statement[statement["Deposit"] != ""].groupby("Deposit")["Amount"].sum()
    ours = made[made["Made On"] <= last].set_index("Deposit")["Total"]
    names = list(dict.fromkeys([*ours.index, *theirs.index]))
    every = made.set_index("Deposit")["Total"]
    out = [(n, int(every.get(n, 0)), int(theirs.get(n, 0))) for n in names]
    book = typed(cash_book, CASH_BOOK)
    back = book[(book["Kind"] == "Reversal") & (book["Deposit"] == "") & (book["Tender"] != "Transfer")]
    back = int(back.loc[back["Received"] <= last, "Total"].sum())
    out.append(("returned", back, int(statement.loc[statement["Deposit"] == "", "Amount"].sum())))
    return [(n, a, b) for n, a, b in out if a != b]


# ---- the page ----------------------------------------------------------------------------------------------------------


def close_page(office: str, row: dict[str, object], lines: pd.DataFrame, count: pd.DataFrame) -> Page:
    """The day-close page: the drawer counted, totals by tender, over or short, the deposit slip, the head of the seal chain."""
    pieces = [
        (r["Denomination"], r["Pieces"], r["Denomination"] * r["Pieces"])
        for r in typed(count, DRAWER_COUNT).to_dict("records")
        if r["Pieces"]
    ]
    columns = ["Tax", "Interest", "Penalty", "Costs", "Misc", "Overpaid", "Discount", "Total"]
    kinds = lines.groupby(["Levy Type", "Revenue Code"], dropna=False)[columns].sum().reset_index()
    booked = [
        (k["Levy Type"] or k["Revenue Code"] or "credit", *(int(k[c]) for c in columns))
        for k in kinds.to_dict("records")
    ]
    money: CellKind = "money"
    money_columns: tuple[CellKind, ...] = ("text", *[money for _ in columns])
    booked.append(("Total", *(int(lines[c].sum()) for c in columns)))
    checks = lines[lines["Tender"].isin(GROUPS["Checks"])].groupby(["Reference", "Tender"], sort=False)["Total"].sum()
    slip: list[tuple[object, ...]] = [(ref, tender, int(total)) for (ref, tender), total in checks.items()]
    slip.append(("Checks", "", row["Checks"]))
    over = int(row["Over Short"])  # type: ignore[call-overload]
    judged = (
        "The drawer agrees."
        if not over
        else f"The drawer is {'over' if over > 0 else 'short'} by {dollars(abs(over))}."
    )
    return Page(
        "Day close",
        (
            Fields(
                (
                    ("Deposit", row["Deposit"], "id"),
                    ("Closed on", row["Closed On"], "date"),
                    ("Drawer", row["Cashier"] or "only one", "text"),
                    ("Receipts", f"{row['First Receipt']} to {row['Last Receipt']} ({row['Receipts']})", "text"),
                )
            ),
            Heading("Cash in the drawer"),
            Grid(("Note or coin", "Pieces", "Amount"), ("money", "count", "money"), pieces, (2, 1, 2)),
            Fields(
                (
                    ("Counted", row["Counted"], "money"),
                    ("Change fund, stays", row["Change Fund"], "money"),
                    ("Cash by the cash book", row["Cash"], "money"),
                    ("Over (short)", over, "money"),
                )
            ),
            Text(judged, "bold"),
            Heading("What the money is"),
            Grid(("For", *columns), money_columns, booked, (12, *[14] * len(columns)), total=True),
            Heading("Deposit slip"),
            Grid(("Check", "Tender", "Amount"), ("id", "text", "money"), slip, (2, 2, 2), total=True),
            Fields(
                (
                    ("Cash", row["Cash"], "money"),
                    ("Checks", row["Checks"], "money"),
                    ("Card, ACH, wire", row["Electronic"], "money"),
                    ("Deposit in all", row["Total"], "money"),
                )
            ),
            Text(
                f"Head of the cash book's seals: {row['Head']}, line {row['Lines']}. Keep this page: a book whose rows were changed "
                "and sealed anew shows another head at this line.",
                "box",
            ),
            Gap(),
            Signatures(("Counted and closed by, and date", "Second person, and date")),
        ),
        office=office,
        key=str(row["Deposit"]),
        landscape=False,
    )
