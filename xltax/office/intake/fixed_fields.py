"""Proposes what the fields of a fixed-width payment file are: the day, the amount and the account, by what is in them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection

import pandas as pd

from xltax.office.intake import account_match
from xltax.office.intake.header_match import Filled
from xltax.office.intake.joined_columns import PLUS

MOST = 80  # of 100: the rows whose account must be in the book
_ASK = "Proposed from what is in these positions. {}"


def proposed(frame: pd.DataFrame, accounts: Collection[str]) -> list[Filled]:
    """The fields of a fixed-width file that hold the day, the amount and the account. Each one is asked about.

    frame: its headers are positions, such as 12-20. accounts: those of the book; one, two or three fields side by side that
    are accounts of the book, with or without leading zeros, are taken for the account.
    """
    texts = {str(h): [str(v) for v in frame[h] if v is not None] for h in frame.columns}
    full = {h: v for h, v in texts.items() if len(v) == len(frame)}
    out = []
    day, order = next(((h, o) for h, v in full.items() if (o := _order(v))), ("", ""))
    if day:
        out.append(Filled("Received", day, order, sure=False, why=_ASK.format("Is this the day of the payment?")))
    amount = _amount(full, day)
    if amount:
        cents = "" if any("." in v for v in full[amount]) else "cents"
        out.append(Filled("Amount", amount, cents, sure=False, why=_ASK.format("Is this the amount?")))
    if account := _account(frame, [h for h in texts if h not in (day, amount)], accounts):
        out.append(
            Filled(
                "Account",
                account,
                sure=False,
                why=_ASK.format("The accounts are in this workbook. Is this the account?"),
            )
        )
    return out


def _order(values: list[str]) -> str:
    """The order of eight figures that are days in every row: ymd or mdy; "" if they are none."""
    for order, form in (("ymd", "%Y%m%d"), ("mdy", "%m%d%Y")):
        if values and all(re.fullmatch(r"\d{8}", v) and _is_day(v, form) for v in values):
            return order
    return ""


def _is_day(text: str, form: str) -> bool:
    try:
        return 1990 <= dt.datetime.strptime(text, form).year <= 2100
    except ValueError:
        return False


def _amount(full: dict[str, list[str]], day: str) -> str:
    """The field whose figures are amounts: with a point, or filled up with zeros on the left; the last such field."""
    fits = [
        h
        for h, values in full.items()
        if h != day and all(re.fullmatch(r"\d+(\.\d\d)?", v) for v in values)
        and (all("." in v for v in values) or (len({len(v) for v in values}) == 1 and all(v[0] == "0" for v in values)))
    ]  # fmt: skip
    return fits[-1] if fits else ""


def _account(frame: pd.DataFrame, headers: list[str], accounts: Collection[str]) -> str:
    """The fields side by side that are accounts of the book in most rows, as "1-9 + 10-18"; "" if none are."""
    best, most = "", MOST * len(frame)
    for first in range(len(headers)):
        for many in (1, 2, 3):
            parts = headers[first : first + many]
            if len(parts) < many:
                break
            rows = frame[parts].to_numpy(dtype=object).tolist()
            numbers = ["-".join(str(v) for v in row if v is not None) for row in rows]
            known = account_match.matched(numbers, accounts)
            found = 100 * sum(n in accounts or n in known for n in numbers)
            if found > most or (found == most and not best):
                best, most = PLUS.join(parts), found
    return best
