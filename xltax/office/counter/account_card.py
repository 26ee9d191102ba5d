"""The account card: an account found by whatever the caller knows, with all its years, payments and adjustments."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from xltax.ledger.replay import Ledger
from xltax.tables import REDUCES, REFUND
from xltax.tables.counter import CARD_BILLS, CARD_LINES, FOUND

MOST = 50
"""How many found accounts are listed."""


def search(text: str, roll: pd.DataFrame, duplicate: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """The accounts a text fits: account or bill exactly, block and lot ("12/4", "12/4/C0001"), or part of name, address, vehicle or plate.

    Exact hits come first; every word has to occur. The total due stands beside each.
    """
    wanted = text.strip().lower()
    exact = set(duplicate.loc[duplicate["Bill"].str.lower() == wanted, "Account"])
    columns = ["Account", "Party", "Owner", "Billed Owner", "Mail 1", "Mail 2", "Location", "List No"]
    here = roll
    if len(set(duplicate["Account"]) - set(roll["Account"])):
        # A bill whose account left the roll is found by its number still.
        gone = duplicate.loc[~duplicate["Account"].isin(set(roll["Account"])), ["Account"]].drop_duplicates()
        here = (
            pd.concat([roll, gone], ignore_index=True).fillna("")
            if len(roll)
            else gone.reindex(columns=roll.columns, fill_value="")
        )
    account = here["Account"].str.lower()
    rank = np.full(len(here), 9)
    if parts := re.fullmatch(r"(?:block\s*)?(\S+?)\s*[/,]\s*(?:lot\s*)?([^/\s]+)(?:\s*[/,]\s*(\S+))?", wanted):
        place = (here["Block"].str.lower() == parts[1]) & (here["Lot"].str.lower() == parts[2])
        if parts[3]:
            place &= here["Qualifier"].str.lower() == parts[3]
        rank[place.to_numpy()] = 1
    haystack = here[columns].astype(str).agg(" ".join, axis=1).str.lower() if len(here) else pd.Series(dtype=str)
    every = np.ones(len(here), dtype=bool)
    for word in wanted.split():
        every &= haystack.str.contains(word, regex=False).to_numpy() if len(here) else every
    rank[every & (rank > 2)] = 2
    rank[(here["Account"].isin(exact) | (account == wanted)).to_numpy()] = 0
    found = here[rank < 9].assign(_rank=rank[rank < 9]).sort_values("_rank", kind="stable")
    due = ledger.balances.groupby("Account")["Total"].sum()
    found = found.assign(**{"Total Due": found["Account"].map(due).fillna(0).astype("int64")})
    return found[list(FOUND.names)].reset_index(drop=True)


def card(
    account: str,
    duplicate: pd.DataFrame,
    cash_book: pd.DataFrame,
    adjustments: pd.DataFrame,
    ledger: Ledger,
    told: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """An account's installments of all years, the newest first, and everything that happened on it, by date.

    told: what else is noted of it, as `notes` gives it.
    """
    mine = ledger.balances[ledger.balances["Account"] == account]
    bills = mine.sort_values(["Levy Year", "Bill", "Part", "Inst"], ascending=[False, True, True, True])
    numbers = set(duplicate.loc[duplicate["Account"] == account, "Bill"])
    parts = []
    cash = cash_book[(cash_book["Account"] == account) | cash_book["Bill"].isin(numbers - {""})]
    if len(cash):
        kind = cash["Kind"] + cash["Tender"].map(lambda t: f", {t.lower()}" if t else "")
        parts.append(
            pd.DataFrame(
                {
                    "Date": cash["Effective"].fillna(cash["Received"]),
                    "Number": cash["Receipt"],
                    "What": kind.where(cash["Reference"] == "", kind + " " + cash["Reference"]),
                    "Bill": cash["Bill"],
                    "Inst": cash["Inst"],
                    "Amount": cash["Total"],
                    "Note": cash["Note"].where(
                        cash["Reverses"] == "", "takes back " + cash["Reverses"] + ". " + cash["Note"]
                    ),
                }
            )
        )
    changes = adjustments[adjustments["Bill"].isin(numbers)]
    if len(changes):
        lowers = changes["Kind"].isin(REDUCES)
        parts.append(
            pd.DataFrame(
                {
                    "Date": changes["Effective"],
                    "Number": changes["No"],
                    "What": changes["Kind"],
                    "Bill": changes["Bill"],
                    "Inst": changes["Inst"],
                    "Amount": changes["Amount"].where(lowers & (changes["Kind"] != REFUND), -changes["Amount"]),
                    "Note": changes["Reason"] + changes["Authority"].map(lambda a: f" ({a})" if a else ""),
                }
            )
        )
    if told is not None and len(told):
        parts.append(told)
    lines = (
        pd.concat(parts).sort_values("Date", kind="stable") if parts else pd.DataFrame(columns=list(CARD_LINES.names))
    )
    return bills[list(CARD_BILLS.names)].reset_index(drop=True), lines[list(CARD_LINES.names)].reset_index(drop=True)


def notes(
    account: str,
    party: str,
    notices: pd.DataFrame,
    quotes: pd.DataFrame,
    inquiries: pd.DataFrame,
    history: pd.DataFrame,
) -> pd.DataFrame:
    """What is noted of an account: notices and calls (its party's too), figures given out, inquiries, changes of the roll."""
    mailed = notices[(notices["Account"] == account) | ((notices["Party"] == party) & (party != ""))]
    given = quotes[quotes["Account"] == account]
    asked = inquiries[inquiries["Account"] == account]
    changed = history[history["Account"] == account]
    back = ["" if pd.isna(day) else f", came back {day.date()}" for day in mailed["Returned On"]]
    lines = [
        (
            mailed["Mailed"],
            mailed["No"],
            mailed["Kind"] + " notice",
            mailed["Method"] + pd.Series(back, mailed.index, dtype=object),
        ),
        (given["Made"], given["Quote"], given["Kind"] + " given out", "to " + given["Requested By"]),
        (asked["Received"], asked["No"], asked["Kind"], asked["About"]),
        (changed["Changed On"], "", changed["Field"] + " changed", changed["Before"] + " to " + changed["After"]),
    ]
    parts = [pd.DataFrame({"Date": d, "Number": n, "What": w, "Note": t}) for d, n, w, t in lines if len(d)]
    if not parts:
        return pd.DataFrame(columns=list(CARD_LINES.names))
    return pd.concat(parts).assign(Bill="", Inst=0, Amount=0)[list(CARD_LINES.names)]
