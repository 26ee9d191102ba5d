"""What tasks of the first schema wrote into Note and Reason, read once, by `upgrade`, to fill the columns that took their place.

A line is tied only where its text is exactly what the task wrote and the registers agree with it. Where the text is a task's and
the registers do not agree, somebody may have typed it: that is asked, because money would be taken back by it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from xltax.ledger.ties import Tie
from xltax.office.adjusting.adjustment_register import OPPOSITE
from xltax.tables.kinds import (
    APPEAL,
    OFFICER_FEE,
    OFFSET,
    REDEMPTION,
    REFUND,
    RENTS,
    RETURN,
    RETURNED_CHECK,
    SALE,
    SERVICE_CHARGE,
    SUSPENSE_CLEARED,
    TAKES_BACK,
    TRANSFER,
    WARRANT,
)

Row = dict[Hashable, Any]
PREMIUM, TO_HOLDER, TO_TOWN = "PREMIUM", "REDEMPTION", "TAX TITLE LIEN"


@dataclass(frozen=True)
class Registers:
    """The tables of a book that name receipts and adjustments, typed."""

    certificates: pd.DataFrame
    warrants: pd.DataFrame
    warrant_money: pd.DataFrame
    rents: pd.DataFrame
    returns: pd.DataFrame


@dataclass
class Found:
    """What the old texts say: the tie of each receipt or adjustment, and those that have to be asked, each with the reason."""

    ties: dict[str, Tie] = field(default_factory=dict)
    unclear: dict[str, str] = field(default_factory=dict)


# ---- the Cash Book ---------------------------------------------------------------------------------------------------


def receipts(cash_book: pd.DataFrame, adjustments: pd.DataFrame, registers: Registers) -> Found:
    """The ties of the receipts of an old book. The check of a tie is the first receipt of its check."""
    money = cash_book[~cash_book["Kind"].isin(("Reallocation", "Reversal"))]
    rows = [_receipt(lines) for _, lines in money.groupby("Receipt", sort=False)]
    rows = [row | {"At": n} for n, row in enumerate(rows)]
    moved = cash_book[(cash_book["Kind"] == "Reversal") & (cash_book["Tender"] == "Transfer")]
    back = set(cash_book.loc[cash_book["Reverses"] != "", "Reverses"])
    found = Found()
    for row in registers.certificates.to_dict("records"):
        _sale(found, rows, row, back)
        _redemption(found, rows, row, back)
    for row in registers.warrants.to_dict("records"):
        _warrant(found, rows, row, registers.warrant_money, back)
    _rents(found, rows, registers.rents)
    _returns(found, rows, registers.returns)
    _moved(found, rows, set(moved["Reverses"]), adjustments)
    return found


def _receipt(lines: pd.DataFrame) -> Row:
    """A receipt as one row, its lines added up."""
    return dict(lines.iloc[0]) | {"Total": int(lines["Total"].sum()), "Notes": set(lines["Note"])}


def _runs(rows: Iterable[Row]) -> list[list[Row]]:
    """Receipts of one day, tender and reference that follow each other: what one task posted of one check."""
    runs: list[list[Row]] = []
    for row in rows:
        last = runs[-1][-1] if runs else None
        alike = last and all(last[c] == row[c] for c in ("Received", "Tender", "Reference"))
        if alike and last and last["At"] + 1 == row["At"]:
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs


def _tie(found: Found, run: list[Row], kind: str, number: str) -> None:
    check = str(run[0]["Receipt"]) if len(run) > 1 else ""
    found.ties |= {str(row["Receipt"]): Tie(kind, number, check) for row in run}


def _ask(found: Found, rows: Iterable[Row], why: str) -> None:
    found.unclear |= {str(row["Receipt"]): why for row in rows}


def _sale(found: Found, rows: list[Row], certificate: Row, back: set[str]) -> None:
    number, head = certificate["Certificate"], f"certificate {certificate['Certificate']}, "
    mine = [r for r in rows if any(n.startswith(head) for n in r["Notes"])]

    def posted(row: Row) -> bool:
        """As the task posts it: for the property, or as a premium, by a third party."""
        taxes = row["Kind"] == "Payment" and row["Account"] == certificate["Account"]
        premium = row["Kind"] == "Other" and row["Revenue Code"] == PREMIUM
        return bool(row["By"] == "third party" and row["Effective"] == row["Received"] and (taxes or premium))

    for run in _runs(r for r in mine if posted(r)):
        now = run[0]["Note"] == f"{head}{certificate['Holder']}" and run[0]["Received"] == certificate["Sold"]
        price = sum(r["Total"] for r in run) == certificate["Amount"] + certificate["Premium"]
        if all(r["Receipt"] in back for r in run) or (now and price):
            _tie(found, run, SALE, number)
        else:
            _ask(
                found,
                run,
                f"The note names certificate {number}, but its holder, day or price on Certificates is another.",
            )
    _ask(found, (r for r in mine if not posted(r)), f"The note names certificate {number}, but no task posted it so.")


def _redemption(found: Found, rows: list[Row], certificate: Row, back: set[str]) -> None:
    number = certificate["Certificate"]
    mine = [r for r in rows if f"certificate {number} redeemed" in r["Notes"]]

    def posted(row: Row) -> bool:
        taxes = row["Kind"] == "Payment" and row["Account"] == certificate["Account"]
        other = row["Kind"] == "Other" and row["Revenue Code"] in (TO_HOLDER, TO_TOWN)
        return bool(row["By"] == "owner" and row["Effective"] == row["Received"] and (taxes or other))

    for run in _runs(r for r in mine if posted(r)):
        paid = sum(r["Total"] for r in run) == certificate["Paid"] and run[0]["Received"] == certificate["Redeemed"]
        if all(r["Receipt"] in back for r in run) or paid:
            _tie(found, run, REDEMPTION, number)
        else:
            _ask(
                found,
                run,
                f"The note says that certificate {number} was redeemed, but Certificates has another day or sum.",
            )
    why = f"The note says that certificate {number} was redeemed, but no task posted it so."
    _ask(found, (r for r in mine if not posted(r)), why)


def _warrant(found: Found, rows: list[Row], warrant: Row, money: pd.DataFrame, back: set[str]) -> None:
    number = warrant["No"]
    town, fee = f"warrant {number}", f"officer's fee, warrant {number}"
    mine = {r["Receipt"]: r for r in rows if town in r["Notes"] or fee in r["Notes"]}
    at = {r["At"]: r for r in mine.values()}
    taken = money[money["Warrant"] == number]
    by_town = taken[taken["Taken By"] == "town"].set_index("Receipt")[["To Town", "Fee"]].to_dict("index")
    by_officer = taken[taken["Taken By"] == "officer"].groupby("Receipt")["To Town"].sum().to_dict()
    for receipt, sums in by_town.items():
        run = [mine[receipt]] if receipt in mine else []
        if run and sums["To Town"] and sums["Fee"] and run[0]["At"] + 1 in at:
            run.append(at[run[0]["At"] + 1])
        wanted = [(town, int(sums["To Town"]))] * bool(sums["To Town"]) + [(fee, int(sums["Fee"]))] * bool(sums["Fee"])
        if run and [(r["Note"], r["Total"]) for r in run] == wanted:
            check = str(run[0]["Receipt"]) if len(run) > 1 else ""
            for row in run:
                found.ties[row["Receipt"]] = Tie(OFFICER_FEE if row["Note"] == fee else WARRANT, number, check)
    paid_over = (
        r for r in mine.values() if r["Receipt"] in by_officer or (r["Receipt"] in back and r["By"] == "officer")
    )
    for run in _runs(r for r in paid_over if r["Note"] == town):
        if all(r["Receipt"] in back or by_officer[r["Receipt"]] == r["Total"] for r in run):
            _tie(found, run, WARRANT, number)
    left = (r for r in mine.values() if r["Receipt"] not in found.ties)
    _ask(found, left, f"The note names warrant {number}, but WarrantMoney does not name this receipt with this sum.")


def _rents(found: Found, rows: list[Row], rents: pd.DataFrame) -> None:
    applied = rents[rents["Kind"] == "Applied"].set_index("Receipt")[["Account", "Amount"]].to_dict("index")
    for row in rows:
        held = applied.get(row["Receipt"])
        if row["Note"] == "rents held by the receiver" and held == {"Account": row["Account"], "Amount": row["Total"]}:
            _tie(found, [row], RENTS, row["Account"])


def _returns(found: Found, rows: list[Row], returns: pd.DataFrame) -> None:
    at = {r["Receipt"]: n for n, r in enumerate(rows)}
    done = returns.groupby(["Account", "Period End", "Receipt"], sort=False)["Paid"].sum()
    for (account, period, receipt), paid in done.items():
        first, _, last = receipt.partition(" to ")
        if first not in at or (last or first) not in at:
            continue
        run = rows[at[first] : at[last or first] + 1]
        exact = all(r["Note"] == f"return of {period.date()}" and r["Account"] == account for r in run)
        if exact and sum(r["Total"] for r in run) == paid:
            _tie(found, run, RETURN, f"{account}-{period:%Y%m}")


def _moved(found: Found, rows: list[Row], moved: set[str], adjustments: pd.DataFrame) -> None:
    """Money that was in the book already: transferred, cleared from suspense, or offset."""
    refunds = adjustments[adjustments["Kind"] == REFUND].set_index("No")["Amount"].to_dict()
    for row in rows:
        if row["Tender"] != "Transfer":
            continue
        note = row["Note"]
        words = note.removeprefix("from receipt ").partition(": ")[0]
        if note.startswith("from receipt ") and words in moved:
            _tie(found, [row], TRANSFER, words)
        words = note.removeprefix("cleared from suspense, receipt ")
        if words != note and words in moved:
            _tie(found, [row], SUSPENSE_CLEARED, words)
        words = note.removeprefix("offset ").partition(" from account ")[0]
        if note.startswith("offset ") and refunds.get(words) == row["Total"]:
            _tie(found, [row], OFFSET, words)


# ---- Adjustments -----------------------------------------------------------------------------------------------------


def entries(adjustments: pd.DataFrame, cash_book: pd.DataFrame, registers: Registers) -> Found:
    """The ties of the adjustments of an old book."""
    rows = adjustments.to_dict("records")
    found = Found()
    for row in registers.certificates.to_dict("records"):
        _cost_of_sale(found, rows, row)
    back = set(cash_book.loc[cash_book["Reverses"] != "", "Reverses"])
    numbers = {r["Bill"]: f"{r['Account']}-{r['Period End']:%Y%m}" for r in registers.returns.to_dict("records")}
    for row in rows:
        for tie in _plain(row, rows, back, numbers):
            found.ties.setdefault(row["No"], tie)
        day = row["Effective"].date() - pd.Timedelta(days=1)
        if row["Reason"] == f"service charge: later part not paid by {day}":
            if row["Kind"] == "Fee" and row["Approved By"] == "by statute":
                found.ties[row["No"]] = Tie(SERVICE_CHARGE, row["Bill"])
            else:
                found.unclear[row["No"]] = "The reason is that of a service charge, but no task entered it so."
    return found


def _cost_of_sale(found: Found, rows: list[Row], certificate: Row) -> None:
    number = certificate["Certificate"]
    open_: list[Row] = []
    for row in rows:
        if row["Reason"] == f"sold at the tax sale, certificate {number}" and row["No"].startswith(f"L-{number}-"):
            found.ties[row["No"]] = Tie(SALE, number)
        if row["Reason"] != f"cost of sale, certificate {number}":
            continue
        if row["Kind"] == "Cost" and row["Approved By"] == "tax sale":
            found.ties[row["No"]] = Tie(SALE, number)
            open_.append(row)
        elif row["Kind"] == "Cancellation" and open_ and _takes_back(row, open_[-1]):
            found.ties[row["No"]] = Tie(TAKES_BACK, open_.pop()["No"])
        else:
            found.unclear[row["No"]] = (
                f"The reason names the cost of sale of certificate {number}, but no task entered it so."
            )


def _takes_back(row: Row, other: Row) -> bool:
    """Whether an adjustment is another one the other way."""
    return all(row[c] == other[c] for c in ("Bill", "Part", "Inst", "Amount", "Effective", "Authority", "Approved By"))


def _plain(row: Row, rows: list[Row], back: set[str], returns: Mapping[str, str]) -> Iterator[Tie]:
    reason = row["Reason"]
    receipt = reason.removeprefix("check of receipt ").removesuffix(" returned")
    if row["Kind"] == "Fee" and reason == f"check of receipt {receipt} returned" and receipt in back:
        yield Tie(RETURNED_CHECK, receipt)
    if row["Kind"] == "Correction Down" and reason == "appeal won":
        yield Tie(APPEAL, row["Bill"])
    if (
        reason == "the return's amounts are whole dollars"
        and row["Approved By"] == "by rule"
        and row["Bill"] in returns
    ):
        yield Tie(RETURN, returns[row["Bill"]])
    undone = [r for r in rows if reason == f"undo of {r['No']}"]
    for other in undone:
        kinds = (OPPOSITE.get(other["Kind"]), "Correction Up", "Correction Down")
        if row["Kind"] in kinds and _takes_back(row, other):
            yield Tie(TAKES_BACK, other["No"])
