"""Receipts that stand in a register besides the Cash Book: what counts there once one is taken back, and what is said of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

import numpy as np
import pandas as pd

from xltax.ledger.ties import numbers
from xltax.money import Cents, dollars
from xltax.tables import Bill, CashLine, Charge
from xltax.tables.agreements import SaleCertificate, Subsequent
from xltax.tables.enforcement import Listed, Rent, Warrant, WarrantMoney
from xltax.tables.kinds import REDEMPTION, SALE
from xltax.tables.table import Table

TAKEN_BACK = "Taken back"


REDEEMED = ("Redeemed", "Paid", "To Holder", "To Municipality", "Premium Returned")
"""What a certificate states of its redemption; in force while the money stands in the Cash Book."""


def sale_note(certificate: str, holder: str) -> str:
    """What the cash book notes beside a buyer's money at a tax sale: for people, like every note."""
    return f"certificate {certificate}, {holder}"


def redeemed_note(certificate: str) -> str:
    """What it notes beside the money of a redemption."""
    return f"certificate {certificate} redeemed"


def cost_reason(certificate: str) -> str:
    """What the register of adjustments says of the cost of a sale."""
    return f"cost of sale, certificate {certificate}"


def warrant_notes(warrant: str) -> tuple[str, str]:
    """What it notes beside money on a warrant: the town's, and the officer's fee."""
    return f"warrant {warrant}", f"officer's fee, warrant {warrant}"


def taken_back(cash_book: Table[CashLine], on: dt.date | None = None) -> dict[str, dt.date]:
    """The receipts taken back, with the day of it; up to a day if one is given."""
    back = cash_book[cash_book[CashLine.reverses] != ""]
    if on:
        back = back[back[CashLine.received] <= pd.Timestamp(on)]
    return {r: d.date() for r, d in zip(back[CashLine.reverses], back[CashLine.received], strict=True)}


def gone_back(cash_book: Table[CashLine], on: dt.date | None = None) -> dict[str, dt.date]:
    """Of the receipts taken back those whose money left the office too: not what was moved to another account."""
    return taken_back(cash_book[cash_book[CashLine.tender] != "Transfer"], on)


def of_one_check(receipts: Collection[str], cash_book: Table[CashLine]) -> list[str]:
    """The receipts given, and after them those of the same check that were not taken back yet: no part of a check stands
    without the others."""
    first = cash_book.drop_duplicates(CashLine.receipt)
    checks = set(first.loc[first[CashLine.receipt].isin(set(receipts)), CashLine.same_check]) - {""}
    others = first[CashLine.same_check].isin(checks) & ~first[CashLine.receipt].isin(
        {*receipts, *taken_back(cash_book)}
    )
    return [*receipts, *first.loc[others, CashLine.receipt]]


def buyers(cash_book: Table[CashLine]) -> set[str]:
    """The receipts of those who bought at a tax sale."""
    return set(cash_book.loc[cash_book[CashLine.for_] == SALE, CashLine.receipt])


# ---- what counts -----------------------------------------------------------------------------------------------------


def money_that_counts(money: Table[WarrantMoney], back: Collection[str]) -> Table[WarrantMoney]:
    """The money of warrants when receipts were taken back: what the town took itself never came, what the officer paid
    over he holds again."""
    hit = money[WarrantMoney.receipt].isin(set(back))
    by_town = money[WarrantMoney.taken_by] == "town"
    return money.with_cells(hit, {WarrantMoney.paid_over: None})[~(hit & by_town)]


def rents_that_count(rents: Table[Rent], back: dict[str, dt.date]) -> Table[Rent]:
    """A receiver's rents with a row for each sum applied whose receipt was taken back: it is held again from that day on."""
    again = rents[(rents[Rent.kind] == "Applied") & rents[Rent.receipt].isin(back)]
    if not len(again):
        return rents
    days = np.array([back[r] for r in again[Rent.receipt]], dtype="datetime64[s]")
    return rents.and_rows(again.with_columns({Rent.kind: TAKEN_BACK, Rent.date: days})).renumbered()


def subsequents_that_count(subsequents: Table[Subsequent], back: Collection[str]) -> Table[Subsequent]:
    """What certificate holders paid later, without what was taken back."""
    return subsequents[~subsequents[Subsequent.receipt].isin(set(back))]


def redemptions_that_count(certificates: Table[SaleCertificate], cash_book: Table[CashLine]) -> Table[SaleCertificate]:
    """The certificates, those open again whose redemption was taken back.

    It is in force while the money the Cash Book has for it comes to what was paid. One entered by hand, without a receipt, stands.
    """
    paid = certificates[SaleCertificate.certificate].map(_left(cash_book, REDEMPTION))
    fallen = (
        certificates[SaleCertificate.redeemed].notna() & paid.notna() & (paid != certificates[SaleCertificate.paid])
    )
    return certificates.with_cells(fallen, {SaleCertificate.redeemed: None, **dict.fromkeys(REDEEMED[1:], 0)})


def sales_that_count(certificates: Table[SaleCertificate], cash_book: Table[CashLine]) -> pd.Series[bool]:
    """Which certificates' sales stand: but for those whose buyer's money was taken back."""
    paid = certificates[SaleCertificate.certificate].map(_left(cash_book, SALE))
    price = certificates[SaleCertificate.amount] + certificates[SaleCertificate.premium]
    return paid.isna() | (paid == price) | (certificates[SaleCertificate.holder] == "")


def _left(cash_book: Table[CashLine], kind: str) -> dict[str, Cents]:
    """For each certificate of whose money some was taken back: what of it still stands, cents. kind: a sale, or a redemption."""
    money = cash_book[(cash_book[CashLine.for_] == kind) & (cash_book[CashLine.reverses] == "")]
    gone = money[CashLine.receipt].isin(set(taken_back(cash_book)))
    stands = money[~gone].groupby(CashLine.for_no)[CashLine.total].sum()
    return {n: int(stands.get(n, 0)) for n in money.loc[gone, CashLine.for_no].unique()}


# ---- what is said of it -----------------------------------------------------------------------------------------------


def said(
    receipts: Collection[str],
    cash_book: Table[CashLine],
    certificates: Table[SaleCertificate],
    subsequents: Table[Subsequent],
    money: Table[WarrantMoney],
    rents: Table[Rent],
) -> list[str]:
    """A sentence for each register that names receipts just taken back: which, its number, how it stands now, what is left to do.

    certificates: as they stood before.
    """
    mine = set(receipts)
    back = gone_back(cash_book)
    return [
        *_certificates(mine, cash_book, certificates),
        *_subsequents(subsequents[subsequents[Subsequent.receipt].isin(mine)]),
        *_warrants(money[money[CashLine.receipt].isin(mine & back.keys())]),
        *_rents(rents[(rents[Rent.kind] == "Applied") & rents[Rent.receipt].isin(mine & back.keys())], back),
        *_others(receipts, cash_book),
    ]


def _certificates(mine: set[str], cash_book: Table[CashLine], certificates: Table[SaleCertificate]) -> Iterator[str]:
    lines = cash_book[cash_book[CashLine.receipt].isin(mine)]
    sold, paid = set(numbers(lines, SALE)), set(numbers(lines, REDEMPTION))
    for row in certificates.to_dict("records"):
        number = row[SaleCertificate.certificate]
        if number in paid and not pd.isna(row[SaleCertificate.redeemed]):
            premium = (
                f" and the premium of {dollars(int(row[SaleCertificate.premium_returned]))}"
                if row[SaleCertificate.premium_returned]
                else ""
            )
            yield (
                f"Certificate {number} stands open again: its redemption of {row[SaleCertificate.redeemed].date()} is cleared."
                + (f" If the holder was paid the {dollars(int(row[SaleCertificate.to_holder]))}{premium}, get it back." if row[SaleCertificate.to_holder] else "")
            )  # fmt: skip
        if number in sold and row[SaleCertificate.holder]:
            yield (
                f"Certificate {number}: what its buyer paid came back; the sale to him does not stand, and its taxes are open again. "
                "Enter it again when he pays, or without a holder for the municipality."
            )


def _subsequents(rows: Table[Subsequent]) -> Iterator[str]:
    for row in rows.to_dict("records"):
        yield (
            f"Subsequents of certificate {row[SaleCertificate.certificate]}: the {dollars(int(row[Charge.amount]))} of {row[Subsequent.paid_on].date()} do not "
            "count any more."
        )


def _warrants(money: Table[WarrantMoney]) -> Iterator[str]:
    for row in money.to_dict("records"):
        head = f"WarrantMoney of warrant {row[WarrantMoney.warrant]}: the "
        if row[WarrantMoney.taken_by] == "officer":
            yield (
                f"{head}officer holds the {dollars(int(row[WarrantMoney.to_town]))} of {row[Warrant.collected].date()} again. Run pay-over when he "
                "pays; delete the row if the taxpayer never paid him."
            )
            continue
        fee = f", the officer's fee of {dollars(int(row[Warrant.fee]))} in them" if row[Warrant.fee] else ""
        yield f"{head}{dollars(int(row[Charge.amount]))} of {row[Warrant.collected].date()} do not count any more{fee}."


def _rents(rows: Table[Rent], back: dict[str, dt.date]) -> Iterator[str]:
    for row in rows.to_dict("records"):
        yield (
            f"Rents of account {row[Bill.account]}: the {dollars(int(row[Charge.amount]))} applied on {row[Listed.date].date()} are held again "
            f"from {back[row[CashLine.receipt]]} on."
        )


def _others(receipts: Collection[str], cash_book: Table[CashLine]) -> Iterator[str]:
    """The receipts that still stand of a sale or a redemption, one of whose receipts was moved to another account."""
    held = cash_book[CashLine.receipt].isin(set(receipts)) & cash_book[CashLine.for_].isin((SALE, REDEMPTION))
    mine = list(cash_book.loc[held, CashLine.receipt].unique())
    if left := of_one_check(mine, cash_book)[len(mine) :]:
        yield f"Take receipt{'s' if len(left) > 1 else ''} {', '.join(left)} back too."
