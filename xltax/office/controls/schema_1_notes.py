"""Reads what tasks of the first schema wrote into Note and Reason, once, for `upgrade`, which fills the new columns with it.

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
from xltax.tables import Adjustment, CashLine
from xltax.tables.agreements import SaleCertificate
from xltax.tables.enforcement import Rent, Warrant, WarrantMoney
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
from xltax.tables.table import Table
from xltax.tables.user_fees import FiledReturn

Row = dict[Hashable, Any]
PREMIUM, TO_HOLDER, TO_TOWN = "PREMIUM", "REDEMPTION", "TAX TITLE LIEN"


@dataclass(frozen=True)
class Registers:
    """The tables of a workbook that name receipts and adjustments."""

    certificates: Table[SaleCertificate]
    warrants: Table[Warrant]
    warrant_money: Table[WarrantMoney]
    rents: Table[Rent]
    returns: Table[FiledReturn]


@dataclass
class Found:
    """The ties found in the old notes, and the receipts and adjustments whose notes are not clear, with the reason."""

    ties: dict[str, Tie] = field(default_factory=dict)
    unclear: dict[str, str] = field(default_factory=dict)


# ---- the Cash Book ---------------------------------------------------------------------------------------------------


def receipts(cash_book: Table[CashLine], adjustments: Table[Adjustment], registers: Registers) -> Found:
    """The ties of the receipts of an old book. The check of a tie is the first receipt of its check."""
    money = cash_book[~cash_book[CashLine.kind].isin(("Reallocation", "Reversal"))]
    rows = [_receipt(lines) for _, lines in money.groupby(CashLine.receipt, sort=False)]
    rows = [row | {"At": n} for n, row in enumerate(rows)]
    moved = cash_book[(cash_book[CashLine.kind] == "Reversal") & (cash_book[CashLine.tender] == "Transfer")]
    back = set(cash_book.loc[cash_book[CashLine.reverses] != "", CashLine.reverses])
    found = Found()
    for row in registers.certificates.to_dict("records"):
        _sale(found, rows, row, back)
        _redemption(found, rows, row, back)
    for row in registers.warrants.to_dict("records"):
        _warrant(found, rows, row, registers.warrant_money, back)
    _rents(found, rows, registers.rents)
    _returns(found, rows, registers.returns)
    _moved(found, rows, set(moved[CashLine.reverses]), adjustments)
    return found


def _receipt(lines: pd.DataFrame) -> Row:
    """A receipt as one row, with its lines added up."""
    return dict(lines.iloc[0]) | {"Total": int(lines[CashLine.total].sum()), "Notes": set(lines[CashLine.note])}


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
    check = str(run[0][CashLine.receipt]) if len(run) > 1 else ""
    found.ties |= {str(row[CashLine.receipt]): Tie(kind, number, check) for row in run}


def _ask(found: Found, rows: Iterable[Row], why: str) -> None:
    found.unclear |= {str(row[CashLine.receipt]): why for row in rows}


def _sale(found: Found, rows: list[Row], certificate: Row, back: set[str]) -> None:
    number, head = certificate[SaleCertificate.certificate], f"certificate {certificate[SaleCertificate.certificate]}, "
    mine = [r for r in rows if any(n.startswith(head) for n in r["Notes"])]

    def posted(row: Row) -> bool:
        """Whether the row is as the task posts it: for the property, or as a premium, by a third party."""
        taxes = row[CashLine.kind] == "Payment" and row[CashLine.account] == certificate[SaleCertificate.account]
        premium = row[CashLine.kind] == "Other" and row[CashLine.revenue_code] == PREMIUM
        return bool(
            row[CashLine.by] == "third party"
            and row[CashLine.effective] == row[CashLine.received]
            and (taxes or premium)
        )

    for run in _runs(r for r in mine if posted(r)):
        now = (
            run[0][CashLine.note] == f"{head}{certificate[SaleCertificate.holder]}"
            and run[0][CashLine.received] == certificate[SaleCertificate.sold]
        )
        price = (
            sum(r[CashLine.total] for r in run)
            == certificate[SaleCertificate.amount] + certificate[SaleCertificate.premium]
        )
        if all(r[CashLine.receipt] in back for r in run) or (now and price):
            _tie(found, run, SALE, number)
        else:
            _ask(
                found,
                run,
                f"The note names certificate {number}, but Certificates has another holder, day or price.",
            )
    _ask(
        found,
        (r for r in mine if not posted(r)),
        f"The note names certificate {number}, but no task posts a sale this way.",
    )


def _redemption(found: Found, rows: list[Row], certificate: Row, back: set[str]) -> None:
    number = certificate[SaleCertificate.certificate]
    mine = [r for r in rows if f"certificate {number} redeemed" in r["Notes"]]

    def posted(row: Row) -> bool:
        taxes = row[CashLine.kind] == "Payment" and row[CashLine.account] == certificate[SaleCertificate.account]
        other = row[CashLine.kind] == "Other" and row[CashLine.revenue_code] in (TO_HOLDER, TO_TOWN)
        return bool(
            row[CashLine.by] == "owner" and row[CashLine.effective] == row[CashLine.received] and (taxes or other)
        )

    for run in _runs(r for r in mine if posted(r)):
        paid = (
            sum(r[CashLine.total] for r in run) == certificate[SaleCertificate.paid]
            and run[0][CashLine.received] == certificate[SaleCertificate.redeemed]
        )
        if all(r[CashLine.receipt] in back for r in run) or paid:
            _tie(found, run, REDEMPTION, number)
        else:
            _ask(
                found,
                run,
                f"The note says that certificate {number} was redeemed, but Certificates has another day or amount.",
            )
    why = f"The note says that certificate {number} was redeemed, but no task posts a redemption this way."
    _ask(found, (r for r in mine if not posted(r)), why)


def _warrant(found: Found, rows: list[Row], warrant: Row, money: Table[WarrantMoney], back: set[str]) -> None:
    number = warrant[Warrant.no]
    town, fee = f"warrant {number}", f"officer's fee, warrant {number}"
    mine = {r[CashLine.receipt]: r for r in rows if town in r["Notes"] or fee in r["Notes"]}
    at = {r["At"]: r for r in mine.values()}
    taken = money[money[WarrantMoney.warrant] == number]
    by_town = (
        taken[taken[WarrantMoney.taken_by] == "town"]
        .set_index(WarrantMoney.receipt)[[WarrantMoney.to_town, WarrantMoney.fee]]
        .to_dict("index")
    )
    by_officer = (
        taken[taken[WarrantMoney.taken_by] == "officer"]
        .groupby(WarrantMoney.receipt)[WarrantMoney.to_town]
        .sum()
        .to_dict()
    )
    for receipt, sums in by_town.items():
        run = [mine[receipt]] if receipt in mine else []
        if run and sums[WarrantMoney.to_town] and sums[WarrantMoney.fee] and run[0]["At"] + 1 in at:
            run.append(at[run[0]["At"] + 1])
        wanted = [(town, int(sums[WarrantMoney.to_town]))] * bool(sums[WarrantMoney.to_town]) + [
            (fee, int(sums[WarrantMoney.fee]))
        ] * bool(sums[WarrantMoney.fee])
        if run and [(r[CashLine.note], r[CashLine.total]) for r in run] == wanted:
            check = str(run[0][CashLine.receipt]) if len(run) > 1 else ""
            for row in run:
                found.ties[row[CashLine.receipt]] = Tie(
                    OFFICER_FEE if row[CashLine.note] == fee else WARRANT, number, check
                )
    paid_over = (
        r
        for r in mine.values()
        if r[CashLine.receipt] in by_officer or (r[CashLine.receipt] in back and r[CashLine.by] == "officer")
    )
    for run in _runs(r for r in paid_over if r[CashLine.note] == town):
        if all(r[CashLine.receipt] in back or by_officer[r[CashLine.receipt]] == r[CashLine.total] for r in run):
            _tie(found, run, WARRANT, number)
    left = (r for r in mine.values() if r[CashLine.receipt] not in found.ties)
    _ask(
        found, left, f"The note names warrant {number}, but Warrant Money does not have this receipt with this amount."
    )


def _rents(found: Found, rows: list[Row], rents: Table[Rent]) -> None:
    applied = rents[rents[Rent.kind] == "Applied"].set_index(Rent.receipt)[[Rent.account, Rent.amount]].to_dict("index")
    for row in rows:
        held = applied.get(row[CashLine.receipt])
        if row[CashLine.note] == "rents held by the receiver" and held == {
            Rent.account: row[CashLine.account],
            Rent.amount: row[CashLine.total],
        }:
            _tie(found, [row], RENTS, row[CashLine.account])


def _returns(found: Found, rows: list[Row], returns: Table[FiledReturn]) -> None:
    at = {r[CashLine.receipt]: n for n, r in enumerate(rows)}
    done = returns.groupby([FiledReturn.account, FiledReturn.period_end, FiledReturn.receipt], sort=False)[
        FiledReturn.paid
    ].sum()
    for (account, period, receipt), paid in done.items():
        first, _, last = receipt.partition(" to ")
        if first not in at or (last or first) not in at:
            continue
        run = rows[at[first] : at[last or first] + 1]
        exact = all(r[CashLine.note] == f"return of {period.date()}" and r[CashLine.account] == account for r in run)
        if exact and sum(r[CashLine.total] for r in run) == paid:
            _tie(found, run, RETURN, f"{account}-{period:%Y%m}")


def _moved(found: Found, rows: list[Row], moved: set[str], adjustments: Table[Adjustment]) -> None:
    """Money that was already in the book: transferred, cleared from suspense, or offset."""
    refunds = adjustments[adjustments[Adjustment.kind] == REFUND].set_index(Adjustment.no)[Adjustment.amount].to_dict()
    for row in rows:
        if row[CashLine.tender] != "Transfer":
            continue
        note = row[CashLine.note]
        words = note.removeprefix("from receipt ").partition(": ")[0]
        if note.startswith("from receipt ") and words in moved:
            _tie(found, [row], TRANSFER, words)
        words = note.removeprefix("cleared from suspense, receipt ")
        if words != note and words in moved:
            _tie(found, [row], SUSPENSE_CLEARED, words)
        words = note.removeprefix("offset ").partition(" from account ")[0]
        if note.startswith("offset ") and refunds.get(words) == row[CashLine.total]:
            _tie(found, [row], OFFSET, words)


# ---- Adjustments -----------------------------------------------------------------------------------------------------


def entries(adjustments: Table[Adjustment], cash_book: Table[CashLine], registers: Registers) -> Found:
    """The ties of the adjustments of an old book."""
    rows = adjustments.to_dict("records")
    found = Found()
    for row in registers.certificates.to_dict("records"):
        _cost_of_sale(found, rows, row)
    back = set(cash_book.loc[cash_book[CashLine.reverses] != "", CashLine.reverses])
    numbers = {
        r[FiledReturn.bill]: f"{r[FiledReturn.account]}-{r[FiledReturn.period_end]:%Y%m}"
        for r in registers.returns.to_dict("records")
    }
    for row in rows:
        for tie in _plain(row, rows, back, numbers):
            found.ties.setdefault(row[Adjustment.no], tie)
        day = row[Adjustment.effective].date() - pd.Timedelta(days=1)
        if row[Adjustment.reason] == f"service charge: later part not paid by {day}":
            if row[Adjustment.kind] == "Fee" and row[Adjustment.approved_by] == "by statute":
                found.ties[row[Adjustment.no]] = Tie(SERVICE_CHARGE, row[Adjustment.bill])
            else:
                found.unclear[row[Adjustment.no]] = (
                    "The reason names a service charge, but no task enters one this way."
                )
    return found


def _cost_of_sale(found: Found, rows: list[Row], certificate: Row) -> None:
    number = certificate[SaleCertificate.certificate]
    open_: list[Row] = []
    for row in rows:
        if row[Adjustment.reason] == f"sold at the tax sale, certificate {number}" and row[Adjustment.no].startswith(
            f"L-{number}-"
        ):
            found.ties[row[Adjustment.no]] = Tie(SALE, number)
        if row[Adjustment.reason] != f"cost of sale, certificate {number}":
            continue
        if row[Adjustment.kind] == "Cost" and row[Adjustment.approved_by] == "tax sale":
            found.ties[row[Adjustment.no]] = Tie(SALE, number)
            open_.append(row)
        elif row[Adjustment.kind] == "Cancellation" and open_ and _takes_back(row, open_[-1]):
            found.ties[row[Adjustment.no]] = Tie(TAKES_BACK, open_.pop()[Adjustment.no])
        else:
            found.unclear[row[Adjustment.no]] = (
                f"The reason names the cost of sale of certificate {number}, but no task enters it this way."
            )


def _takes_back(row: Row, other: Row) -> bool:
    """Whether one adjustment is the opposite of another."""
    return all(row[c] == other[c] for c in ("Bill", "Part", "Inst", "Amount", "Effective", "Authority", "Approved By"))


def _plain(row: Row, rows: list[Row], back: set[str], returns: Mapping[str, str]) -> Iterator[Tie]:
    reason = row[Adjustment.reason]
    receipt = reason.removeprefix("check of receipt ").removesuffix(" returned")
    if row[Adjustment.kind] == "Fee" and reason == f"check of receipt {receipt} returned" and receipt in back:
        yield Tie(RETURNED_CHECK, receipt)
    if row[Adjustment.kind] == "Correction Down" and reason == "appeal won":
        yield Tie(APPEAL, row[Adjustment.bill])
    if (
        reason == "the return's amounts are whole dollars"
        and row[Adjustment.approved_by] == "by rule"
        and row[Adjustment.bill] in returns
    ):
        yield Tie(RETURN, returns[row[Adjustment.bill]])
    undone = [r for r in rows if reason == f"undo of {r[Adjustment.no]}"]
    for other in undone:
        kinds = (OPPOSITE.get(other[Adjustment.kind]), "Correction Up", "Correction Down")
        if row[Adjustment.kind] in kinds and _takes_back(row, other):
            yield Tie(TAKES_BACK, other[Adjustment.no])
