"""A month at the counter: some 500 receipts, batches, reversals, closes and an appeal, the same on every host.

The office posts each day's checks from the Counter and closes the day; what happens on the way (a check comes back, a posting is
void, money is for another account, a servicer's file comes in, a judgment is won) is posted as it happens. The bank's lines are
worked out here, beside the program, from what was handed in.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from xltax.actions import adjusting, control, counter, day, setup, year
from xltax.dates import ClosedDays
from xltax.hosts.port import Book

D = dt.date
PARCELS = 40
FIRST, LAST = D(2025, 2, 3), D(2025, 2, 28)
DENOMINATIONS = (10000, 5000, 2000, 1000, 500, 200, 100, 50, 25, 10, 5, 1)


class Month:
    """One book and the hands that work on it; `open_book` gives the book of a host, `done` ends an action on it."""

    def __init__(self, path: Path, open_book: Callable[[], Book], done: Callable[[Book], None]) -> None:
        self.path, self.open_book, self.done = path, open_book, done
        self.random = random.Random(500)
        self.bank: list[dict[str, Any]] = []
        self.receipts = 0

    def do(self, action: Callable[..., Any], *given: Any, **more: Any) -> str:
        book = self.open_book()
        with book.step(action.__name__):  # as every host runs an action
            said = str(action(book, *given, **more))
            self.done(book)
        return said

    def write(self, what: Callable[[Book], None]) -> None:
        """Something typed by hand."""
        book = self.open_book()
        what(book)
        self.done(book)

    def read(self, table: str) -> pd.DataFrame:
        return self.open_book().read(table)

    # ---- the month ---------------------------------------------------------------------------------------------------

    def run(self) -> str:
        """Everything, day by day; gives what the last proof said."""
        self._set_up()
        calendar = ClosedDays("NJ")
        days = [FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
        for n, on in enumerate(d for d in days if not calendar.is_closed(d)):
            self._counter(on)
            self._happenings(n, on)
            self._close(on)
        self.write(lambda book: book.append("Bank", pd.DataFrame(self.bank)))
        said = self.do(control.seal)
        assert said == "Every row is already sealed.", said
        return self.do(control.proof, LAST)

    def _set_up(self) -> None:
        rows = ["Account,Owner,Location,Block,Lot,Net Value,Prior Tax"]
        rows += [
            f"{n:03d},OWNER {n},{n} Main St,{n},1,{200_000 + 1_000 * n},{4_000 + 40 * n}.00"
            for n in range(1, PARCELS + 1)
        ]
        roll = self.path.with_name("roll.csv")
        roll.write_text("\n".join(rows) + "\n", encoding="utf-8")
        value = sum(200_000 + 1_000 * n for n in range(1, PARCELS + 1)) * 100
        self.do(setup.import_roll, roll, control_bills=PARCELS, control_value=value, on=D(2025, 1, 2))
        self.do(year.bill, 2025, stage="preliminary", mailed=D(2025, 1, 15), today=D(2025, 1, 10))
        mapping = [
            ("Account", "Parcel", ""),
            ("Amount", "Paid", "dollars"),
            ("Received", "Date", "mdy"),
            ("Reference", "Trace", ""),
            ("Payer", "Name", ""),
        ]
        self.write(
            lambda book: book.append(
                "Mappings",
                pd.DataFrame([{"Mapping": "Lakeview", "Column": c, "Header": h, "Reads As": r} for c, h, r in mapping]),
            )
        )
        self.write(
            lambda book: book.append("Drawers", pd.DataFrame([{"Cashier": "A", "Change Fund": 20000, "Note": ""}]))
        )

    def _counter(self, on: dt.date) -> None:
        """A day's checks, typed: amounts of every kind, now and then one check for three parcels, cash, and money that is no tax."""
        rows: list[dict[str, Any]] = []
        flagged = self.certified()
        for n in range(self.random.randint(22, 26)):
            account = f"{self.random.randint(1, PARCELS):03d}"
            tender = self.random.choice(("Cash", "Check", "Check", "Money Order", "Card"))
            if tender == "Check" and account in flagged:
                tender = "Certified"
            amount = self.random.choice((1, 2500, 99999, self.random.randint(5_000, 150_000)))
            row = {
                "Account": account,
                "Amount": amount,
                "Received": on,
                "Tender": tender,
                "Reference": f"{on:%m%d}{n:02d}",
                "Cashier": "A",
            }
            rows.append(row)
        three = [f"{self.random.randint(1, PARCELS):03d}" for _ in range(3)]
        rows += [
            {"Account": a, "Amount": 20_000 + 1 * i, "Received": on, "Tender": "Money Order", "Reference": f"M{on:%m%d}", "Cashier": "A",
             **({"Check Total": 60_003} if i == 0 else {})}
            for i, a in enumerate(three)
        ]  # fmt: skip
        rows.append(
            {
                "Amount": 1000,
                "Received": on,
                "Tender": "Cash",
                "Kind": "Other",
                "Revenue Code": "COPIES",
                "Cashier": "A",
            }
        )
        table = pd.DataFrame(rows)
        table["Check Total"] = table.get("Check Total", 0)
        table = table.fillna({"Check Total": 0, "Account": "", "Kind": "Payment", "Revenue Code": ""}).astype(
            {"Check Total": "int64"}
        )
        self.write(lambda book: book.append("Counter", table))
        shown = self.do(counter.show)
        assert shown.startswith(f"{len(rows)} row"), shown
        before = self.read("Counter")
        said = self.do(counter.post, today=on, as_of=on)
        assert said.startswith(f"Posted {len(rows)} payment"), said
        assert len(self.read("Counter")) == 0
        self._as_shown(before)
        self.receipts += len(rows)

    def certified(self) -> set[str]:
        roll = self.read("Roll")
        return {a for a, f in zip(roll["Account"], roll["Flags"], strict=True) if f and "certified" in f}

    def _as_shown(self, shown: pd.DataFrame) -> None:
        """What the Counter showed is what was posted: the same left over, row by row."""
        book = self.read("CashBook")
        posted = book[book["Kind"].isin(("Payment", "Other"))].tail(2000)
        over = posted.groupby("Receipt", sort=False)["Overpaid"].sum().tail(len(shown))
        assert [round(float(x or 0), 2) for x in over] == [round(float(x or 0), 2) for x in shown["Left Over"]]

    def _payments(self, on: dt.date, tender: str) -> list[str]:
        book = self.read("CashBook")
        gone = set(book["Reverses"].dropna())
        mine = book[
            (book["Received"] == on)
            & (book["Kind"] == "Payment")
            & (book["Tender"] == tender)
            & ~book["Receipt"].isin(gone)
        ]
        return list(dict.fromkeys(mine["Receipt"]))

    def _happenings(self, n: int, on: dt.date) -> None:
        """One thing a day that is not a plain payment."""
        match n % 6:
            case 0:
                for receipt in self._payments(on, "Cash")[:1]:
                    self.do(counter.reverse, receipt, "typed for the wrong account", how="void", on=on, today=on)
            case 1:
                earlier = self._payments(on - dt.timedelta(days=1), "Check")
                for receipt in earlier[:1]:
                    book = self.read("CashBook")
                    amount = round(book.loc[book["Receipt"] == receipt, "Total"].sum() * 100)
                    said = self.do(counter.reverse, receipt, "check returned unpaid", on=on, today=on)
                    assert "fees charged: $20.00" in said
                    self.bank.append({"Date": on, "Deposit": "", "Amount": -amount, "Reference": receipt})
            case 2:
                for receipt in self._payments(on, "Check")[:1]:
                    self.do(
                        counter.transfer,
                        receipt,
                        f"{self.random.randint(1, PARCELS):03d}",
                        "meant for another parcel",
                        today=on,
                    )
            case 3:
                self._batch(on)
            case 4:
                self.do(adjusting.adjust, f"2025-{n:03d}", "Abatement", 1234, "assessed twice", "Resolution 2025-40", "Council",
                        effective=on, today=on)  # fmt: skip
            case 5:
                bill = f"2025-{20 + n:03d}"
                duplicate = self.read("Duplicate").set_index("Bill")
                tax = round(float(duplicate.loc[bill, "Net Tax"]) * 100)
                self.do(adjusting.appeal, bill, tax * 3 // 4, "County board, docket 12", "Collector", today=on)

    def _batch(self, on: dt.date) -> None:
        """A servicer's file: twelve payments, one of them for a parcel nobody knows, posted after its deposit is proved."""
        file = self.path.with_name(f"lakeview-{on}.csv")
        rows = [
            (
                f"{self.random.randint(1, PARCELS):03d}",
                self.random.randint(50_000, 120_000),
                f"T{on:%m%d}{i}",
                f"OWNER {i}",
            )
            for i in range(11)
        ]
        rows.append(("999", 12_345, f"T{on:%m%d}99", "NOBODY"))
        file.write_text(
            "Parcel,Paid,Date,Trace,Name\n"
            + "".join(f"{a},{m // 100}.{m % 100:02d},{on:%m/%d/%Y},{t},{w}\n" for a, m, t, w in rows),
            encoding="utf-8",
        )
        total = sum(r[1] for r in rows)
        said = self.do(day.import_batch, file, "Lakeview", total, today=on)
        assert "11 matched, 1 unmatched" in said, said
        assert "equal the deposit" in said
        number = said.split(":")[0].removeprefix("Batch ")
        said = self.do(day.post_batch, number, suspend=True, today=on)
        assert "$123.45 is in suspense" in said
        self.bank.append({"Date": on, "Deposit": f"B-{number}", "Amount": total, "Reference": ""})
        held = self.read("Suspense")
        receipt = held["Receipt"].iloc[-1]
        self.do(day.clear_suspense, receipt, f"{self.random.randint(1, PARCELS):03d}", today=on)
        self.receipts += 12

    def _close(self, on: dt.date) -> None:
        """The drawer counted to the cent, and the deposit taken to the bank the same day."""
        book = self.read("CashBook").fillna({"Tender": "", "Deposit": ""})
        closed = set(self.read("DayCloses")["Deposit"])
        mine = book[
            book["Deposit"].str.startswith("A-") & ~book["Deposit"].isin(closed) & (book["Kind"] != "Reallocation")
        ]
        cash = round(mine.loc[mine["Tender"] == "Cash", "Total"].sum() * 100) + 20_000
        pieces, left = [], cash
        for value in DENOMINATIONS:
            pieces.append(left // value)
            left -= pieces[-1] * value
        count = pd.DataFrame({"Denomination": list(DENOMINATIONS), "Pieces": pieces})
        self.write(lambda b: b.replace_rows("DrawerCount", count))
        said = self.do(day.close_day, on=on, cashier="A")
        assert "The drawer balances" in said, said
        self.bank.append(
            {
                "Date": on,
                "Deposit": mine["Deposit"].iloc[0],
                "Amount": round(mine["Total"].sum() * 100),
                "Reference": "",
            }
        )
