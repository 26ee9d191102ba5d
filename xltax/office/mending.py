"""Receipts that stand in a register besides the Cash Book: what counts there once one is taken back, and what has to be mended."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator

import numpy as np
import pandas as pd

from xltax.money import dollars

TAKEN_BACK = "Taken back"


def sale_note(certificate: str, holder: str) -> str:
    """What the cash book notes beside a buyer's money at a tax sale."""
    return f"certificate {certificate}, {holder}"


def redeemed_note(certificate: str) -> str:
    """What it notes beside the money of a redemption."""
    return f"certificate {certificate} redeemed"


_CERTIFICATE = re.compile(r"certificate (?P<number>.+?)(?P<redeemed> redeemed$|, )")


def taken_back(cash_book: pd.DataFrame, on: dt.date | None = None) -> dict[str, dt.date]:
    """The receipts taken back, with the day of it; up to a day if one is given."""
    back = cash_book[cash_book["Reverses"] != ""]
    if on:
        back = back[back["Received"] <= pd.Timestamp(on)]
    return {r: d.date() for r, d in zip(back["Reverses"], back["Received"], strict=True)}


# ---- what counts -----------------------------------------------------------------------------------------------------


def money_that_counts(money: pd.DataFrame, back: Collection[str]) -> pd.DataFrame:
    """The money of warrants when receipts were taken back: what the town took itself never came, what the officer paid
    over he holds again."""
    hit = money["Receipt"].isin(set(back))
    out = money[~(hit & (money["Taken By"] == "town"))].copy()
    out.loc[hit.reindex(out.index), "Paid Over"] = np.datetime64("NaT", "s")
    return out


def rents_that_count(rents: pd.DataFrame, back: dict[str, dt.date]) -> pd.DataFrame:
    """A receiver's rents with a row for each sum applied whose receipt was taken back: it is held again from that day on."""
    again = rents[(rents["Kind"] == "Applied") & rents["Receipt"].isin(back)]
    if not len(again):
        return rents
    days = np.array([back[r] for r in again["Receipt"]], dtype="datetime64[s]")
    both = pd.concat([rents, again.assign(Kind=TAKEN_BACK, Date=days)], ignore_index=True)
    both.attrs = dict(rents.attrs)
    return both


def subsequents_that_count(subsequents: pd.DataFrame, back: Collection[str]) -> pd.DataFrame:
    """What certificate holders paid later, without what was taken back."""
    return subsequents[~subsequents["Receipt"].isin(set(back))]


# ---- what to mend ----------------------------------------------------------------------------------------------------


def to_mend(
    receipts: Collection[str],
    cash_book: pd.DataFrame,
    certificates: pd.DataFrame,
    subsequents: pd.DataFrame,
    money: pd.DataFrame,
    rents: pd.DataFrame,
) -> list[str]:
    """A sentence for each register that names receipts just taken back: which, its number, and what to do there."""
    mine = set(receipts)
    back = taken_back(cash_book)
    return [
        *_certificates(mine, cash_book, set(certificates["Certificate"]), back),
        *_subsequents(subsequents[subsequents["Receipt"].isin(mine)]),
        *_warrants(mine, cash_book, money, back),
        *_rents(rents[(rents["Kind"] == "Applied") & rents["Receipt"].isin(mine)], back),
    ]


def _certificates(mine: set[str], cash_book: pd.DataFrame, known: set[str], back: dict[str, dt.date]) -> Iterator[str]:
    for note in cash_book.loc[cash_book["Receipt"].isin(mine), "Note"].unique():
        found = _CERTIFICATE.match(note)
        if not found or found["number"] not in known:
            continue
        yield (
            f"Certificates, {found['number']}: "
            + (
                "clear Redeemed, Paid, To Holder, To Municipality and Premium Returned, so that it stands open again."
                if found["redeemed"].strip() == "redeemed"
                else "what its buyer paid came back. Delete its row, or empty Holder and Premium, unless he pays again."
            )
            + _others(cash_book.loc[cash_book["Note"] == note, "Receipt"], back)
        )


def _subsequents(rows: pd.DataFrame) -> Iterator[str]:
    for row in rows.to_dict("records"):
        yield (
            f"Subsequents of certificate {row['Certificate']}: the {dollars(int(row['Amount']))} of {row['Paid On'].date()} do not "
            "count any more; delete the row."
        )


def _warrants(mine: set[str], cash_book: pd.DataFrame, money: pd.DataFrame, back: dict[str, dt.date]) -> Iterator[str]:
    for row in money[money["Receipt"].isin(mine)].to_dict("records"):
        head = f"WarrantMoney of warrant {row['Warrant']}: the "
        if row["Taken By"] == "officer":
            yield (
                f"{head}officer holds the {dollars(int(row['To Town']))} of {row['Collected'].date()} again. Run pay-over when he "
                "pays; delete the row if the taxpayer never paid him."
            )
            continue
        fee = f", the officer's fee of {dollars(int(row['Fee']))} in them" if row["Fee"] else ""
        same = cash_book[cash_book["Received"] == row["Collected"]]
        same = same.loc[same["Note"].isin(warrant_notes(row["Warrant"])), "Receipt"]
        yield (
            f"{head}{dollars(int(row['Amount']))} of {row['Collected'].date()} do not count any more{fee}; delete the row."
            + _others(same, back)
        )


def warrant_notes(warrant: str) -> tuple[str, str]:
    """What the cash book notes beside money on a warrant: the town's, and the officer's fee."""
    return f"warrant {warrant}", f"officer's fee, warrant {warrant}"


def _rents(rows: pd.DataFrame, back: dict[str, dt.date]) -> Iterator[str]:
    for row in rows.to_dict("records"):
        yield (
            f"Rents of account {row['Account']}: the {dollars(int(row['Amount']))} applied on {row['Date'].date()} are held again "
            f"from {back[row['Receipt']]} on."
        )


def _others(receipts: pd.Series, back: dict[str, dt.date]) -> str:
    """The receipts of the same payment that still stand."""
    left = [r for r in dict.fromkeys(receipts) if r not in back]
    return f" Take receipt{'s' if len(left) > 1 else ''} {', '.join(left)} back too." if left else ""
