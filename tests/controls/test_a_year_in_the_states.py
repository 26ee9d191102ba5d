"""A made-up year in each State with a statement: it foots every month, it is the same after two hundred later facts, and it is the ledger.

Payments come in from a random generator with a fixed seed: on time, late, in part, too much and ahead of the bill. There are abatements,
corrections, refunds and returned checks, day closes and slips. Nothing here knows what the statements should say: they have to
agree with the replay of the books and with the entries for the general ledger.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.office.test_general_ledger import CHART, balances, with_chart
from tests.office.test_statements import Office
from xltax.actions import adjusting, counter, day, statements, year
from xltax.actions.desk import Desk
from xltax.dates import add_months, month_end
from xltax.errors import TaxError
from xltax.ledger.replay import replay
from xltax.pages import Page
from xltax.sheets.pages import to_xlsx
from xltax.tables import CashLine, Parcel
from xltax.tables.replayed import OpenInstallment

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")

D = dt.date
ACCOUNTS = 24


@dataclass(frozen=True)
class State:
    """One State's year: its law, the levy, the day of billing, and the first month."""

    town: str
    levy_year: int
    rates: str
    billed: dt.date
    starts: dt.date
    report: str = ""
    more: dict[str, Any] = field(default_factory=dict)


STATES = {
    "New Jersey": State(
        "us-nj-colts-neck", 2025, "RE=2.000", D(2025, 1, 10), D(2025, 1, 1), "afs", {"no_prior_tax": True}
    ),
    "Connecticut": State("us-ct", 2024, "RE=26.20", D(2025, 6, 10), D(2025, 7, 1)),
    "Pennsylvania": State("us-pa-borough", 2025, "RE=10", D(2025, 3, 1), D(2025, 1, 1)),
    "Maryland": State(
        "us-md-baltimore-city",
        2025,
        "RE City=2.248, RE State=0.112",
        D(2025, 7, 1),
        D(2025, 7, 1),
        "",
        {"no_homes": True},
    ),
    "Louisiana": State("us-la-parish", 2025, "RE=10", D(2025, 11, 1), D(2025, 7, 1)),
    "North Carolina": State("us-nc-town", 2025, "RE=1", D(2025, 8, 1), D(2025, 7, 1)),
}


class Year:
    """A town's year, kept in one open workbook."""

    def __init__(self, path: Path, state: State) -> None:
        self.state, self.dice, self.folder = state, random.Random(5), path
        roll = "Account,Owner,Net Value,Prior Tax\n" + "".join(
            f"{n},OWNER {n},{self.dice.randrange(50, 900) * 1000},0\n" for n in range(1, ACCOUNTS + 1)
        )
        first = min(state.billed, state.starts)
        self.it = with_chart(Office(path / "town.xlsx", state.town, state.levy_year, roll, first))
        self.book = self.it.opened()
        self.facts = 0
        self.do(year.bill, state.levy_year, state.rates, mailed=state.billed, today=state.billed, **state.more)

    def do(self, action: Callable[..., Any], *given: Any, **more: Any) -> str:
        return str(action(self.book, *given, **more))

    def pay(self, today: dt.date, count: int) -> None:
        """Payments of a day: all that is open, one installment, an odd part, or too much."""
        balances = Desk.of(self.book).ledger(today).balances
        owed = balances.groupby(OpenInstallment.account)[OpenInstallment.total].sum()
        roll = Desk.of(self.book).parcels
        certified = set(roll[Parcel.account][roll[Parcel.flags].str.contains("certified")])
        lines = []
        for _ in range(count):
            account = str(self.dice.randrange(1, ACCOUNTS + 1))
            due = int(owed.get(account, 0))
            amount = self.dice.choice(
                [due, due // 2, due // 4 + 1, self.dice.randrange(1_00, 900_00), due + self.dice.randrange(1, 90_00)]
            )
            if amount > 0:
                tender = "Cash" if account in certified else self.dice.choice(["Check", "Cash", "Card"])
                lines.append(f"{account},{amount / 100:.2f},{today},{tender}")
                owed[account] = due - amount
        if not lines:
            return
        path = self.folder / "payments.csv"
        path.write_text("Account,Amount,Received,Tender\n" + "\n".join(lines) + "\n", "utf-8")
        self.do(counter.post, path, today=today, again=True)
        self.do(day.close_day, today, empty=True)
        closed = Desk.of(self.book).day_closes.frame.iloc[-1]
        self.at_bank(today, int(closed["Total"]), deposit=closed["Deposit"])
        self.facts += len(lines)

    def at_bank(self, on: dt.date, cents: int, deposit: str = "", reference: str = "") -> None:
        """A line of the bank's statement."""
        line = {
            "Date": pd.Timestamp(on),
            "Deposit": deposit,
            "Amount": cents,
            "Reference": reference,
            "Note": "",
            "Bank Id": "",
        }
        self.book.append("Bank", pd.DataFrame([line]))

    def change(self, today: dt.date) -> None:
        """One adjustment, refund or returned check."""
        desk = Desk.of(self.book)
        kind = self.dice.choice(["Abatement", "Correction Down", "Correction Up", "Added", "Refund", "Returned"])
        bills = desk.duplicate.frame
        row = bills.iloc[self.dice.randrange(len(bills))]
        try:
            if kind == "Refund":
                credits = desk.ledger(today).credits
                credits = credits[credits["Credit"] > 0]
                if len(credits):
                    mine = credits.iloc[0]
                    self.do(
                        adjusting.refund, mine["Group"], int(mine["Credit"]), "overpaid", "R-1", "Council", today=today
                    )
            elif kind == "Returned":
                book = desk.cash_book.frame
                refunded = desk.adjustments.frame
                refunded = set(
                    refunded.loc[refunded["Kind"] == "Refund", "Bill"]
                )  # its money is gone: Proof would say so
                theirs = set(bills.loc[bills["Bill"].isin(refunded), "Account"])
                back = set(book[CashLine.reverses])
                paid = book[
                    (book[CashLine.kind] == "Payment")
                    & ~book[CashLine.receipt].isin(back)
                    & ~book[CashLine.account].isin(theirs)
                ]
                if len(paid):
                    receipt = paid[CashLine.receipt].iloc[-1]
                    self.do(counter.reverse, receipt, "returned unpaid", "returned", today, today)
                    back = book.loc[book[CashLine.receipt] == receipt, CashLine.total].sum()
                    self.at_bank(today, -int(back), reference=receipt)
            else:
                self.do(
                    adjusting.adjust,
                    row["Bill"],
                    kind,
                    self.dice.randrange(1_00, 60_00),
                    "reason",
                    "R-2",
                    "Council",
                    part=row["Part"],
                    today=today,
                )
        except TaxError:
            return  # more than is open, or nothing to return: nothing was posted
        self.facts += 1

    def month(self, first: dt.date) -> None:
        if first >= self.state.billed.replace(day=1):
            for number in (12, 17, 25):
                self.pay(first.replace(day=number), 4)
            self.change(first.replace(day=26))
            self.change(first.replace(day=27))
            self.do(statements.turnover_slip, today=first.replace(day=28))
            self.do(counter.refresh, first.replace(day=28))


def printed(it: Year, end: dt.date, annual: bool = False, report: str = "") -> tuple[list[Page], str]:
    """A statement's pages, and what the task said."""
    said = it.do(statements.annual_statement, end, report=report) if annual else it.do(statements.month_report, end)
    pages = next(reversed(it.it.pages.values()))
    if annual:
        to_xlsx(pages)  # lays out every cell of every page
    return pages, said


@pytest.fixture(scope="module", params=STATES, ids=STATES)
def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Year, dict[str, list[Page]], pd.DataFrame]:
    """The year, every statement as it was printed in its own time, and the entries of the year."""
    it = Year(tmp_path_factory.mktemp("year"), STATES[request.param])
    pages: dict[str, list[Page]] = {}
    every = []
    months = [add_months(it.state.starts, n) for n in range(12)]
    early = [it.state.billed.replace(day=1)] if it.state.billed < it.state.starts else []
    for number, first in enumerate([*early, *months]):
        it.month(first)
        end = month_end(first)
        it.it.pages.clear()
        pages[f"month {end}"], said = printed(it, end)
        assert "DOES NOT FOOT" not in said
        assert "PROOF FAILS" not in said, said
        if first < it.state.billed.replace(day=1):
            continue
        it.do(statements.ledger_export, end, first)
        (name,) = [n for n in it.it.files if str(end) in n]
        rows = pd.DataFrame(csv.DictReader(io.StringIO(it.it.files[name].decode())))
        every.append(rows.assign(Entry=f"{number}-" + rows["Entry"], Day=end))
    last = month_end(months[-1])
    pages["year"], said = printed(it, last, annual=True)
    assert "DOES NOT FOOT" not in said, said
    if it.state.report:
        pages["afs"], said = printed(it, last, annual=True, report=it.state.report)
        assert "DOES NOT FOOT" not in said, said
    rows = pd.concat(every, ignore_index=True)
    amounts = {side: [round(float(v) * 100) if v else 0 for v in rows[side]] for side in ("Debit", "Credit")}
    return it, pages, rows.assign(**amounts, Amount=lambda t: t["Debit"] - t["Credit"])


def test_the_year_is_one(told: tuple[Year, dict[str, list[Page]], pd.DataFrame]) -> None:
    it, pages, _ = told
    assert len(pages) >= 13
    assert it.facts > 80, "a year of a town, not an empty book"


def test_the_general_ledger_is_the_book_at_every_month_end(
    told: tuple[Year, dict[str, list[Page]], pd.DataFrame],
) -> None:
    it, _, rows = told
    assert (rows.groupby("Entry")["Amount"].sum() == 0).all()
    desk = Desk.of(it.book)
    for end in sorted(set(rows["Day"])):
        gl = balances(rows[rows["Day"] <= end])
        ledger = replay(desk.facts, desk.town, end, end)
        book = desk.cash_book.frame
        assert gl["Receivable"] + gl["Prepaid"] == int(ledger.balances["Tax"].sum()), end
        assert -gl["Overpaid"] == int(ledger.credits[["Credit", "Refund"]].to_numpy().sum()), end
        refunds = desk.adjustments.frame
        refunds = refunds[(refunds["Kind"] == "Refund") & (refunds["Recorded"] <= pd.Timestamp(end))]["Amount"].sum()
        assert gl["Cash"] == int(book.loc[book["Recorded"] <= pd.Timestamp(end), "Total"].sum()) - int(refunds), end
        assert -gl["Reserve"] == gl["Receivable"], end


def test_each_statement_is_the_same_after_two_hundred_later_facts(
    told: tuple[Year, dict[str, list[Page]], pd.DataFrame],
) -> None:
    it, pages, _ = told
    facts, first = it.facts, add_months(it.state.starts, 12)
    for n in range(12):
        today = first + dt.timedelta(days=7 * n + 1)
        it.pay(today, 40)
        it.change(today)
        it.change(today)
    it.do(counter.refresh, first + dt.timedelta(days=90))
    assert it.facts - facts >= 200
    for name, before in pages.items():
        report = it.state.report if name == "afs" else ""
        end = (
            dt.date.fromisoformat(name[6:]) if name.startswith("month") else month_end(add_months(it.state.starts, 11))
        )
        it.it.pages.clear()
        now, said = printed(it, end, annual=not name.startswith("month"), report=report)
        assert "PROOF FAILS" not in said, said
        for page, then in zip(now, before, strict=True):
            assert "Reprint" in page.footer, name
            assert "Changed" not in page.footer, name
            assert replace(page, footer="") == replace(then, footer=""), name


def test_the_accounts_of_the_test_are_different() -> None:
    assert len(set(CHART.values())) == len(CHART)
