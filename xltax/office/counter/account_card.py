"""The account card: find an account by name, address or number, and see all its years, payments and adjustments."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from xltax.ledger.replay import Ledger
from xltax.tables import REDUCES, REFUND, Adjustment, Bill, CashLine, Parcel, RollChange
from xltax.tables.agreements import Quote
from xltax.tables.counter import CARD_BILLS, CARD_LINES, FOUND, CardLine
from xltax.tables.enforcement import Notice
from xltax.tables.office import Inquiry
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table

MOST = 50
"""The most accounts a search lists."""


def search(text: str, roll: Table[Parcel], duplicate: Table[Bill], ledger: Ledger) -> pd.DataFrame:
    """The accounts that match a text: account or bill exactly, block and lot ("12/4", "12/4/C0001"), or part of name, address, vehicle or plate.

    Exact matches come first. Every word must occur. The total due stands beside each account.
    """
    wanted = text.strip().lower()
    exact = set(duplicate.loc[duplicate[Bill.bill].str.lower() == wanted, Bill.account])
    columns = ["Account", "Party", "Owner", "Billed Owner", "Mail 1", "Mail 2", "Location", "List No"]
    here = roll.frame
    if len(set(duplicate[Bill.account]) - set(roll[Parcel.account])):
        # A bill whose account left the roll is found by its number still.
        gone = duplicate.loc[~duplicate[Bill.account].isin(set(roll[Parcel.account])), [Bill.account]].drop_duplicates()
        here = (
            pd.concat([here, gone], ignore_index=True).fillna("")
            if len(roll)
            else gone.reindex(columns=list(roll.columns), fill_value="")
        )
    account = here[Parcel.account].str.lower()
    rank = np.full(len(here), 9)
    if parts := re.fullmatch(r"(?:block\s*)?(\S+?)\s*[/,]\s*(?:lot\s*)?([^/\s]+)(?:\s*[/,]\s*(\S+))?", wanted):
        place = (here[Parcel.block].str.lower() == parts[1]) & (here[Parcel.lot].str.lower() == parts[2])
        if parts[3]:
            place &= here[Parcel.qualifier].str.lower() == parts[3]
        rank[place.to_numpy()] = 1
    haystack = here[columns].astype(str).agg(" ".join, axis=1).str.lower() if len(here) else pd.Series(dtype=str)
    every = np.ones(len(here), dtype=bool)
    for word in wanted.split():
        every &= haystack.str.contains(word, regex=False).to_numpy() if len(here) else every
    rank[every & (rank > 2)] = 2
    rank[(here[Parcel.account].isin(exact) | (account == wanted)).to_numpy()] = 0
    found = here[rank < 9].assign(_rank=rank[rank < 9]).sort_values("_rank", kind="stable")
    due = ledger.balances.groupby(OpenInstallment.account)[OpenInstallment.total].sum()
    found = found.assign(**{"Total Due": found[Parcel.account].map(due).fillna(0).astype("int64")})
    return found[list(FOUND.names)].reset_index(drop=True)


def card(
    account: str,
    duplicate: Table[Bill],
    cash_book: Table[CashLine],
    adjustments: Table[Adjustment],
    ledger: Ledger,
    told: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """An account's installments of all years, the newest first, and all its entries by date.

    told: other entries for the account, as `notes` gives them.
    """
    mine = ledger.balances[ledger.balances[OpenInstallment.account] == account]
    bills = mine.sort_values(
        [OpenInstallment.levy_year, OpenInstallment.bill, OpenInstallment.part, OpenInstallment.inst],
        ascending=[False, True, True, True],
    )
    numbers = set(duplicate.loc[duplicate[Bill.account] == account, Bill.bill])
    parts = []
    cash = cash_book[(cash_book[CashLine.account] == account) | cash_book[CashLine.bill].isin(numbers - {""})]
    if len(cash):
        kind = cash[CashLine.kind] + cash[CashLine.tender].map(lambda t: f", {t.lower()}" if t else "")
        parts.append(
            pd.DataFrame(
                {
                    CardLine.date: cash[CashLine.effective].fillna(cash[CashLine.received]),
                    CardLine.number: cash[CashLine.receipt],
                    CardLine.what: kind.where(cash[CashLine.reference] == "", kind + " " + cash[CashLine.reference]),
                    CardLine.bill: cash[CashLine.bill],
                    CardLine.inst: cash[CashLine.inst],
                    CardLine.amount: cash[CashLine.total],
                    CardLine.note: cash[CashLine.note].where(
                        cash[CashLine.reverses] == "",
                        "reverses receipt " + cash[CashLine.reverses] + ". " + cash[CashLine.note],
                    ),
                }
            )
        )
    changes = adjustments[adjustments[Adjustment.bill].isin(numbers)]
    if len(changes):
        lowers = changes[Adjustment.kind].isin(REDUCES)
        parts.append(
            pd.DataFrame(
                {
                    CardLine.date: changes[Adjustment.effective],
                    CardLine.number: changes[Adjustment.no],
                    CardLine.what: changes[Adjustment.kind],
                    CardLine.bill: changes[Adjustment.bill],
                    CardLine.inst: changes[Adjustment.inst],
                    CardLine.amount: changes[Adjustment.amount].where(
                        lowers & (changes[Adjustment.kind] != REFUND), -changes[Adjustment.amount]
                    ),
                    CardLine.note: changes[Adjustment.reason]
                    + changes[Adjustment.authority].map(lambda a: f" ({a})" if a else ""),
                }
            )
        )
    if told is not None and len(told):
        parts.append(told)
    lines = (
        pd.concat(parts).sort_values(CardLine.date, kind="stable")
        if parts
        else pd.DataFrame(columns=list(CARD_LINES.names))
    )
    return bills[list(CARD_BILLS.names)].reset_index(drop=True), lines[list(CARD_LINES.names)].reset_index(drop=True)


def notes(
    account: str,
    party: str,
    notices: Table[Notice],
    quotes: Table[Quote],
    inquiries: Table[Inquiry],
    history: Table[RollChange],
) -> pd.DataFrame:
    """Other entries for an account: notices and calls (its party's too), quotes, inquiries, changes on the roll."""
    mailed = notices[(notices[Notice.account] == account) | ((notices[Notice.party] == party) & (party != ""))]
    given = quotes[quotes[Quote.account] == account]
    asked = inquiries[inquiries[Inquiry.account] == account]
    changed = history[history[RollChange.account] == account]
    back = ["" if pd.isna(day) else f", returned {day.date()}" for day in mailed[Notice.returned_on]]
    lines = [
        (
            mailed[Notice.mailed],
            mailed[Notice.no],
            mailed[Notice.kind] + " notice",
            mailed[Notice.method] + pd.Series(back, mailed.index, dtype=object),
        ),
        (given[Quote.made], given[Quote.quote], given[Quote.kind] + " quote", "for " + given[Quote.requested_by]),
        (asked[Inquiry.received], asked[Inquiry.no], asked[Inquiry.kind], asked[Inquiry.about]),
        (
            changed[RollChange.changed_on],
            "",
            changed[RollChange.field] + " changed",
            changed[RollChange.before] + " to " + changed[RollChange.after],
        ),
    ]
    parts = [
        pd.DataFrame({CardLine.date: d, CardLine.number: n, CardLine.what: w, CardLine.note: t})
        for d, n, w, t in lines
        if len(d)
    ]
    if not parts:
        return pd.DataFrame(columns=list(CARD_LINES.names))
    return pd.concat(parts).assign(Bill="", Inst=0, Amount=0)[list(CARD_LINES.names)]
