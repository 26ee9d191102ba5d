"""Money by revenue account: the slip that goes over to the treasurer, and the lines for the general ledger."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from xltax.dates import short_date
from xltax.errors import BadValue, Problem, Problems
from xltax.law.profile import Profile
from xltax.money import usd
from xltax.office.statements import current_levy_year
from xltax.office.statements import movements as moves
from xltax.pages import Block, Fields, Grid, Page, Signatures, Text
from xltax.tables import CashLine
from xltax.tables.counter import RevenueCode
from xltax.tables.statements import MONEY_COLUMNS, TURNOVERS, RevenueAccount, Turnover
from xltax.tables.table import Table

_KINDS = [c for c in MONEY_COLUMNS if c != "Cash"]

PLAIN = pd.DataFrame(
    [
        ("TAX-CURRENT", "Taxes, current year", "Tax", "Current"),
        ("TAX-PRIOR", "Taxes, earlier years", "Tax", "Prior"),
        ("TAX-NEXT", "Taxes received for the next year", "Tax", "Next"),
        ("INTEREST", "Interest", "Interest", ""),
        ("PENALTY", "Penalty", "Penalty", ""),
        ("COSTS", "Liens, costs and fees", "Costs", ""),
        ("MISC", "Other receipts", "Misc", ""),
        ("OVERPAID", "Overpayments and credit", "Overpaid", ""),
        ("DISCOUNT", "Discounts allowed", "Discount", ""),
    ],
    columns=["Code", "Name", "Column", "Year"],
).assign(**{RevenueAccount.levy_type: "", RevenueAccount.gl_account: "", RevenueAccount.part: ""})
"""The revenue accounts of an office that has not entered its own."""


def with_codes(accounts: Table[RevenueAccount], codes: Table[RevenueCode] | None) -> pd.DataFrame:
    """The revenue accounts, and each code of Revenue Codes as an account of its own Misc money where none names it."""
    table = accounts.frame if len(accounts) else PLAIN
    if codes is None:
        return table
    held = set(table.loc[table[RevenueAccount.column].isin(("Misc", "")), RevenueAccount.code])
    more = codes[~codes[RevenueCode.code].isin(held)][[RevenueCode.code, RevenueCode.name, RevenueCode.gl_account]]
    return pd.concat([table, more.assign(Column="Misc", Year="", Part="", **{"Levy Type": ""})], ignore_index=True)


def by_account(
    lines: pd.DataFrame, accounts: Table[RevenueAccount], town: Profile, codes: Table[RevenueCode] | None = None
) -> pd.DataFrame:
    """Cash-book lines by revenue account: Posted, Code, Name, GL Account, Part, Lines, Amount in cents; discounts are negative.

    A levy is current, prior or next by the fiscal year of each line's own posting day. A line's own Revenue Code decides for
    its Misc money: an account of that code, or the code's row of Revenue Codes, `codes`; else the row of Revenue Accounts that
    names most of column, levy year, levy type and part. Raises Problems naming each kind of money no account takes.
    """
    table = with_codes(accounts, codes)
    table = table[table[RevenueAccount.column] != "Cash"]
    which = current_levy_year.standing(town, lines, lines["Posted"])
    lines = lines.assign(Year=which, Part=moves.levy_part(lines[CashLine.part]))
    long = []
    for column in _KINDS:
        part = lines.assign(Column=column, Amount=-lines[column] if column == "Discount" else lines[column])
        long.append(part.loc[part[Turnover.amount] != 0, ["Posted", *_KIND_OF_MONEY, Turnover.amount]])
    every = pd.concat(long, ignore_index=True)
    grouped = every.groupby([*_KIND_OF_MONEY, "Posted"], as_index=False, dropna=False).agg(
        Lines=("Amount", "size"), Amount=("Amount", "sum")
    )
    problems: list[Problem] = []
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for kind in grouped[_KIND_OF_MONEY].drop_duplicates().itertuples(index=False, name=None):
        rows = takers(table, *kind)
        if len(rows) == 1:
            found[kind] = tuple(str(rows.iloc[0][n]) for n in ("Code", "Name", "GL Account"))
        else:
            problems.append(no_one_account(rows, *kind))
    if problems:
        raise Problems(problems)
    named = [found[k] for k in grouped[_KIND_OF_MONEY].itertuples(index=False, name=None)]
    for place, name in enumerate(("Code", "Name", "GL Account")):
        grouped[name] = [n[place] for n in named]
    keys = ["Posted", "Code", "Name", "GL Account", "Part"]
    return grouped.groupby(keys, as_index=False, sort=True)[[Turnover.lines, Turnover.amount]].sum()


_KIND_OF_MONEY = ["Column", "Year", "Levy Type", "Part", "Revenue Code"]


def no_one_account(rows: pd.DataFrame, column: str, year: str, levy_type: str, part: str, code: str) -> Problem:
    """The problem where a kind of money has no account, or more than one."""
    what = f"{column} for {year.lower() or 'any'} levies{f', type {levy_type}' if levy_type else ''}"
    what += f"{f', part {part}' if part else ''}{f', revenue code {code}' if code else ''}"
    if len(rows):
        both = " and ".join(rows[RevenueAccount.code])
        return Problem("Revenue Accounts", f"Both {both} take {what}.", "Enter the year, type or part in one row.")
    blank = "the Name to print, Year and Levy Type empty"
    row = f"Add a row: Code {code or 'of your choice'}, Column {column}, {blank}, and the town's GL Account."
    return Problem("Revenue Accounts", f"No account takes {what}.", row)


def takers(table: pd.DataFrame, column: str, year: str, levy_type: str, part: str, code: str) -> pd.DataFrame:
    """The rows of Revenue Accounts that take a kind of money: those that name most of column, year, type and part."""
    rows = table[table[RevenueAccount.column] == column]
    own = (
        table[(table[RevenueAccount.code] == code) & table[RevenueAccount.column].isin((column, ""))]
        if code
        else table[:0]
    )
    if len(own) or (code and column == "Misc"):
        rows = own  # other money goes where its own code says, or nowhere
    given = {RevenueAccount.year: year, RevenueAccount.levy_type: levy_type, RevenueAccount.part: part}
    for name, value in given.items():
        rows = rows[rows[name].isin((value, ""))]
    count = (rows[list(given)] != "").sum(axis=1)
    return rows[count == count.max()] if len(rows) else rows


# ---- the slip ---------------------------------------------------------------------------------------------------------


def next_slip(
    cash_book: Table[CashLine], turned_over: Table[Turnover], through: dt.date | None
) -> tuple[int, int, pd.DataFrame]:
    """The next slip's number, the first line it takes (from 1), and its lines: all after the last slip, posted by a day.

    Lines are counted in the order of the cash book, which only grows, so that no line is left out or taken twice.
    """
    done = turned_over.frame
    last = int(done[Turnover.last_line].max()) if len(done) else 0
    book = moves.cash_lines(cash_book).iloc[last:]
    if through is not None:
        late = (book["Posted"] > pd.Timestamp(through)).to_numpy()
        book = book.iloc[: int(late.argmax())] if late.any() else book
    if not len(book):
        raise BadValue(
            f"There is nothing to turn over. The Cash Book has no line after line {last}{f' posted by {through}' if through else ''}.",
            where="Turnover Slips",
            do="Post the payments first.",
        )
    return int(done[Turnover.slip].max()) + 1 if len(done) else 1, last + 1, book


def slip_rows(
    number: int,
    first: int,
    book: pd.DataFrame,
    accounts: Table[RevenueAccount],
    town: Profile,
    on: dt.date,
    codes: Table[RevenueCode] | None = None,
) -> Table[Turnover]:
    """The rows of the register for a slip: one for each revenue account and part of the levy."""
    sums = by_account(book, accounts, town, codes)
    rows = sums.groupby([Turnover.code, Turnover.name, Turnover.part], as_index=False)[
        [Turnover.lines, Turnover.amount]
    ].sum()
    rows[Turnover.slip], rows[Turnover.date] = number, np.datetime64(on, "s")
    rows[Turnover.first_line], rows[Turnover.last_line] = first, first + len(book) - 1
    return Table.made(TURNOVERS, rows)


def slip_of(
    cash_book: Table[CashLine], turned_over: Table[Turnover], number: int
) -> tuple[Table[Turnover], pd.DataFrame]:
    """A slip of the register: its rows, and its Cash Book lines. Raises BadValue for a number that no slip has."""
    rows = turned_over[turned_over[Turnover.slip] == number]
    if not len(rows):
        raise BadValue(f"There is no turnover slip {number}.", where="slip", do="Enter a number as in Turnover Slips.")
    first, last = int(rows[Turnover.first_line].iloc[0]), int(rows[Turnover.last_line].iloc[0])
    return rows, moves.cash_lines(cash_book).iloc[first - 1 : last]


def slip_page(rows: pd.DataFrame, book: pd.DataFrame, office: str, warning: tuple[Block, ...] = ()) -> Page:
    """The slip that goes with the money, signed by both. warning: what must be corrected before anybody signs."""
    total = int(book[CashLine.total].sum())
    gap = int(rows[Turnover.amount].sum()) - total
    first = rows.iloc[0]
    part = ("Part",) if (rows[Turnover.part] != "").any() else ()
    grid = Grid(
        ("Account", "Name", *part, "Lines", "Amount"),
        ("id", "text", *("text" for _ in part), "count", "money"),  # type: ignore[arg-type]
        [*rows[[Turnover.code, Turnover.name, *part, Turnover.lines, Turnover.amount]].itertuples(index=False, name=None),
         ("", "Total", *("" for _ in part), None, int(rows[Turnover.amount].sum()))],
        total=True,
    )  # fmt: skip
    by_tender = book.groupby(CashLine.tender)[CashLine.total].sum()
    return Page(
        f"Turnover slip {first[Turnover.slip]}",
        (
            Fields(
                (
                    ("Slip", str(first[Turnover.slip]), "id"),
                    ("Turned over", pd.Timestamp(first[Turnover.date]).date(), "date"),
                    ("Cash-book lines", f"{first[Turnover.first_line]} to {first[Turnover.last_line]}", "text"),
                    ("Posted", f"{short_date(book['Posted'].min())} to {short_date(book['Posted'].max())}", "text"),
                )
            ),
            grid,
            Grid(
                ("By tender", "Amount"),
                ("text", "money"),
                [
                    (tender or "not entered", int(amount))
                    for tender, amount in zip(by_tender.index, by_tender, strict=True)
                    if tender or amount
                ]
                + [("Total", total)],
                (3, 1),
                total=True,
            ),
            Text(f"Total by account less total by tender: {usd(gap)} (must be $0.00)", "box"),
            *warning,
            Signatures(("Turned over by the collector, and date", "Received by the treasurer, and date")),
        ),
        office,
        key=str(first[Turnover.slip]),
    )


def in_hand(cash_book: Table[CashLine], turned_over: Table[Turnover], period: moves.Period) -> tuple[int, int]:
    """Money collected and not yet turned over before the period, and what was turned over in it, in cents."""
    done = turned_over.frame
    book = moves.cash_lines(cash_book)
    start = pd.Timestamp(period.start)
    before = int(book.loc[book["Posted"] < start, CashLine.total].sum()) - int(
        done.loc[done[Turnover.date] < start, Turnover.amount].sum()
    )
    inside = (done[Turnover.date] >= start) & (done[Turnover.date] <= pd.Timestamp(period.end))
    return before, int(done.loc[inside, Turnover.amount].sum())
