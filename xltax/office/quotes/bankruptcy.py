"""What a debtor owed on the day of the bankruptcy petition, apart from what came due or accrued after that day."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from xltax.law.profile import Profile
from xltax.ledger.facts import Facts
from xltax.ledger.replay import outlook
from xltax.office.quotes import payoff
from xltax.tables import Charge
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table

KEY = ["Bill", "Part", "Inst"]


def before(facts: Facts, town: Profile, rows: pd.DataFrame, petition: pd.Series[Any]) -> pd.Series[Any]:
    """The part of each installment's open amount that was owed on the day of the petition, in cents; 0 if there is no day.

    Only installments due by the petition count as before it. Later interest, penalty and costs count as after it. Later
    payments lower both parts by themselves, so the part before is never more than what is open now.
    """
    out = pd.Series(0, index=rows.index, dtype="int64")
    due = petition.notna() & (rows[OpenInstallment.due] <= petition)
    if not due.any():
        return out
    mine = facts.charges[
        facts.charges[Charge.account].isin(_together(facts.charges, set(rows.loc[due, OpenInstallment.account])))
    ]
    days = sorted({d.date() for d in petition[due]})
    small = payoff.relevant(payoff.with_charges(facts, mine), town, days[-1])
    then = outlook(small, town, days)
    at = pd.MultiIndex.from_frame(then.charges[KEY]).get_indexer(pd.MultiIndex.from_frame(rows.loc[due, KEY]))
    place = {day: n for n, day in enumerate(then.days)}
    day = np.array([place[d.date()] for d in petition[due]])
    tax, owed = then.tax[day, at], then.owed[day, at]
    now_tax = rows.loc[due, OpenInstallment.tax].to_numpy(dtype=np.int64)
    now_rest = rows.loc[due, OpenInstallment.total].to_numpy(dtype=np.int64) - now_tax
    out.loc[due] = np.minimum(tax, now_tax) + np.minimum(owed - tax, now_rest)
    return out


def _together(charges: Table[Charge], accounts: set[str]) -> set[str]:
    """These accounts and the other accounts of their parties, which may share payments."""
    parties = set(charges.loc[charges[Charge.account].isin(accounts), Charge.party]) - {""}
    return accounts | set(charges.loc[charges[Charge.party].isin(parties), Charge.account])
