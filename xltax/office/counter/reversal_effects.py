"""Receipts that other registers name besides the Cash Book: what counts there after a receipt is reversed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

import numpy as np
import pandas as pd

from xltax.ledger.ties import numbers
from xltax.money import Cents, usd
from xltax.tables import CashLine
from xltax.tables.agreements import SaleCertificate, Subsequent
from xltax.tables.enforcement import Rent, WarrantMoney
from xltax.tables.kinds import ASSIGNMENT, REDEMPTION, SALE
from xltax.tables.table import Table

TAKEN_BACK = "Taken back"


REDEEMED = ("Redeemed", "Paid", "To Holder", "To Municipality", "Premium Returned")
"""The columns of a certificate's redemption; they count while the money stands in the Cash Book."""
ASSIGNED = ("Holder", "Ended", "Ended On", "Ended By", "Ended Recorded")
"""The columns of an assignment by the municipality; they count while the buyer's money stands in the Cash Book."""


def sale_note(certificate: str, holder: str) -> str:
    """The Cash Book's note beside a buyer's money at a tax sale: for people, like every note."""
    return f"certificate {certificate}, {holder}"


def redeemed_note(certificate: str) -> str:
    """The Cash Book's note beside the money of a redemption."""
    return f"certificate {certificate} redeemed"


def cost_reason(certificate: str) -> str:
    """The reason in Adjustments for the cost of a sale."""
    return f"cost of sale, certificate {certificate}"


def warrant_notes(warrant: str) -> tuple[str, str]:
    """The Cash Book's notes beside money on a warrant: the town's money, and the officer's fee."""
    return f"warrant {warrant}", f"officer's fee, warrant {warrant}"


def taken_back(cash_book: Table[CashLine], on: dt.date | None = None) -> dict[str, dt.date]:
    """The reversed receipts, each with the day of its reversal; up to a day if one is given."""
    back = cash_book[cash_book[CashLine.reverses] != ""]
    if on:
        back = back[back[CashLine.received] <= pd.Timestamp(on)]
    return {r: d.date() for r, d in zip(back[CashLine.reverses], back[CashLine.received], strict=True)}


def gone_back(cash_book: Table[CashLine], on: dt.date | None = None) -> dict[str, dt.date]:
    """The reversed receipts whose money left the office, without transfers to another account."""
    return taken_back(cash_book[cash_book[CashLine.tender] != "Transfer"], on)


def of_one_check(receipts: Collection[str], cash_book: Table[CashLine]) -> list[str]:
    """These receipts and the other receipts of the same check that still stand: one check is always reversed as a whole."""
    first = cash_book.drop_duplicates(CashLine.receipt)
    checks = set(first.loc[first[CashLine.receipt].isin(set(receipts)), CashLine.same_check]) - {""}
    others = first[CashLine.same_check].isin(checks) & ~first[CashLine.receipt].isin(
        {*receipts, *taken_back(cash_book)}
    )
    return [*receipts, *first.loc[others, CashLine.receipt]]


def buyers(cash_book: Table[CashLine]) -> set[str]:
    """The receipts of buyers at a tax sale."""
    return set(cash_book.loc[cash_book[CashLine.for_] == SALE, CashLine.receipt])


# ---- what counts -----------------------------------------------------------------------------------------------------


def money_that_counts(money: Table[WarrantMoney], back: Collection[str]) -> Table[WarrantMoney]:
    """The money of warrants after receipts were reversed.

    Money the town took itself never came. Money the officer paid over is with the officer again.
    """
    hit = money[WarrantMoney.receipt].isin(set(back))
    by_town = money[WarrantMoney.taken_by] == "town"
    return money.with_cells(hit, {WarrantMoney.paid_over: None})[~(hit & by_town)]


def rents_that_count(rents: Table[Rent], back: dict[str, dt.date]) -> Table[Rent]:
    """A receiver's rents with a row for each applied sum whose receipt was reversed: the sum is held again from that day on."""
    again = rents[(rents[Rent.kind] == "Applied") & rents[Rent.receipt].isin(back)]
    if not len(again):
        return rents
    days = np.array([back[r] for r in again[Rent.receipt]], dtype="datetime64[s]")
    return rents.and_rows(again.with_columns({Rent.kind: TAKEN_BACK, Rent.date: days})).renumbered()


def subsequents_that_count(subsequents: Table[Subsequent], back: Collection[str]) -> Table[Subsequent]:
    """What certificate holders paid later, without reversed receipts."""
    return subsequents[~subsequents[Subsequent.receipt].isin(set(back))]


def redemptions_that_count(certificates: Table[SaleCertificate], cash_book: Table[CashLine]) -> Table[SaleCertificate]:
    """The certificates. A certificate whose redemption was reversed is open again.

    A redemption counts while its money in the Cash Book equals what was paid. A redemption entered by hand, without a
    receipt, counts too.
    """
    paid = certificates[SaleCertificate.certificate].map(_left(cash_book, REDEMPTION))
    fallen = (
        certificates[SaleCertificate.redeemed].notna() & paid.notna() & (paid != certificates[SaleCertificate.paid])
    )
    return certificates.with_cells(fallen, {SaleCertificate.redeemed: None, **dict.fromkeys(REDEEMED[1:], 0)})


def assignments_that_count(certificates: Table[SaleCertificate], cash_book: Table[CashLine]) -> Table[SaleCertificate]:
    """The certificates. One that the municipality assigned is the municipality's again after the buyer's money was returned.

    An assignment without a receipt counts: nobody returned its money.
    """
    left = certificates[SaleCertificate.certificate].map(_left(cash_book, ASSIGNMENT))
    fallen = (certificates[SaleCertificate.ended] == "Assigned") & (left == 0)
    blank = {SaleCertificate.holder: "", SaleCertificate.ended: "", SaleCertificate.ended_by: ""}
    return certificates.with_cells(
        fallen, {**blank, SaleCertificate.ended_on: None, SaleCertificate.ended_recorded: None}
    )


def sales_that_count(certificates: Table[SaleCertificate], cash_book: Table[CashLine]) -> pd.Series[bool]:
    """Which sales stand: all but those whose buyer's payment was reversed."""
    paid = certificates[SaleCertificate.certificate].map(_left(cash_book, SALE))
    price = certificates[SaleCertificate.amount] + certificates[SaleCertificate.premium]
    return paid.isna() | (paid == price) | (certificates[SaleCertificate.holder] == "")


def _left(cash_book: Table[CashLine], kind: str) -> dict[str, Cents]:
    """The money that still stands for each certificate with a reversed receipt, in cents. kind: a sale, or a redemption."""
    money = cash_book[(cash_book[CashLine.for_] == kind) & (cash_book[CashLine.reverses] == "")]
    gone = money[CashLine.receipt].isin(set(taken_back(cash_book)))
    stands = money[~gone].groupby(CashLine.for_no)[CashLine.total].sum()
    return {n: int(stands.get(n, 0)) for n in money.loc[gone, CashLine.for_no].unique()}


# ---- messages ---------------------------------------------------------------------------------------------------------


def said(
    receipts: Collection[str],
    cash_book: Table[CashLine],
    certificates: Table[SaleCertificate],
    subsequents: Table[Subsequent],
    money: Table[WarrantMoney],
    rents: Table[Rent],
) -> list[str]:
    """A sentence for each register that names a receipt just reversed: where it stands now, and what is left to do.

    certificates: as they stood before.
    """
    mine = set(receipts)
    back = gone_back(cash_book)
    return [
        *_certificates(mine, cash_book, certificates),
        *_subsequents(subsequents[subsequents[Subsequent.receipt].isin(mine)]),
        *_warrants(money[money[WarrantMoney.receipt].isin(mine & back.keys())]),
        *_rents(rents[(rents[Rent.kind] == "Applied") & rents[Rent.receipt].isin(mine & back.keys())], back),
        *_others(receipts, cash_book),
    ]


def _certificates(mine: set[str], cash_book: Table[CashLine], certificates: Table[SaleCertificate]) -> Iterator[str]:
    lines = cash_book[cash_book[CashLine.receipt].isin(mine)]
    sold, paid, bought = (set(numbers(lines, kind)) for kind in (SALE, REDEMPTION, ASSIGNMENT))
    for row in certificates.to_dict("records"):
        number = row[SaleCertificate.certificate]
        if number in paid and not pd.isna(row[SaleCertificate.redeemed]):
            premium = (
                f" and the premium of {usd(int(row[SaleCertificate.premium_returned]))}"
                if row[SaleCertificate.premium_returned]
                else ""
            )
            yield (
                f"Certificate {number} is open again. Its redemption of {row[SaleCertificate.redeemed].date()} was cleared."
                + (f" If the office paid the holder {usd(int(row[SaleCertificate.to_holder]))}{premium}, recover the money." if row[SaleCertificate.to_holder] else "")
            )  # fmt: skip
        if number in bought and row[SaleCertificate.ended] == "Assigned":
            yield (
                f"Certificate {number} is the municipality's again. The money of {row[SaleCertificate.holder]} was returned, and the assignment "
                f"of {row[SaleCertificate.ended_on].date()} was cleared. Run End Certificate again if the buyer pays."
            )
        if number in sold and row[SaleCertificate.holder]:
            yield (
                f"Certificate {number}: the buyer's payment was returned. The sale does not stand, and its taxes are open again. "
                "Enter the certificate again when the buyer pays, or without a holder for the municipality."
            )


def _subsequents(rows: Table[Subsequent]) -> Iterator[str]:
    for row in rows.to_dict("records"):
        yield (
            f"Subsequents of certificate {row[Subsequent.certificate]}: the {usd(int(row[Subsequent.amount]))} paid on "
            f"{row[Subsequent.paid_on].date()} no longer counts."
        )


def _warrants(money: Table[WarrantMoney]) -> Iterator[str]:
    for row in money.to_dict("records"):
        head = f"Warrant Money of warrant {row[WarrantMoney.warrant]}: "
        if row[WarrantMoney.taken_by] == "officer":
            yield (
                f"{head}the officer again holds the {usd(int(row[WarrantMoney.to_town]))} collected on {row[WarrantMoney.collected].date()}. "
                "Run Pay Over when the officer pays. Delete the row if the taxpayer never paid the officer."
            )
            continue
        fee = f" This includes the officer's fee of {usd(int(row[WarrantMoney.fee]))}." if row[WarrantMoney.fee] else ""
        yield f"{head}the {usd(int(row[WarrantMoney.amount]))} collected on {row[WarrantMoney.collected].date()} no longer counts.{fee}"


def _rents(rows: Table[Rent], back: dict[str, dt.date]) -> Iterator[str]:
    for row in rows.to_dict("records"):
        yield (
            f"Rents of account {row[Rent.account]}: the receiver again holds the {usd(int(row[Rent.amount]))} applied on {row[Rent.date].date()}, "
            f"from {back[row[Rent.receipt]]} on."
        )


def _others(receipts: Collection[str], cash_book: Table[CashLine]) -> Iterator[str]:
    """The receipts of a sale or redemption that still stand after one of its receipts was moved to another account."""
    held = cash_book[CashLine.receipt].isin(set(receipts)) & cash_book[CashLine.for_].isin((SALE, REDEMPTION))
    mine = list(cash_book.loc[held, CashLine.receipt].unique())
    if left := of_one_check(mine, cash_book)[len(mine) :]:
        yield f"Also reverse receipt{'s' if len(left) > 1 else ''} {', '.join(left)}."
