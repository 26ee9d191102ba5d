"""Every period behind an interest or penalty figure: from, to, count, base, rate, amount, rule and citation."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from xltax.law.interest import OnePayment
from xltax.law.params import percent
from xltax.law.profile import Rule
from xltax.ledger import kernel_types as r
from xltax.ledger.lawbook import COMPONENTS, LawBook
from xltax.money import div_half_up
from xltax.tables import CHARGES, Charge
from xltax.tables.reading import days
from xltax.tables.replayed import Posting
from xltax.tables.schema import Column, Row, TableSpec


class ExplainedPeriod(Row):
    """One period of an amount that is explained."""

    bill = CHARGES["Bill"]
    levy_year = CHARGES["Levy Year"]
    part = CHARGES["Part"]
    inst = CHARGES["Inst"]
    column = Column("Column", "text", "Interest or Penalty.")
    from_ = Column("From", "date", "The first day.")
    to = Column("To", "date", "The last day.")
    count = Column("Count", "count", "Days, months or periods.")
    unit = Column("Unit", "text", "What Count counts, or what was paid or waived.")
    base = Column("Base", "money", "The open tax that the interest or penalty is calculated on.")
    rate = Column("Rate", "text", "The rate.")
    amount = Column("Amount", "money", "Dollars and cents; the rows add up to the interest and penalty due.")
    exact = Column("Exact", "text", "The amount before rounding.")
    rule = Column("Rule", "text", "The rule in words.")
    citation = Column("Citation", "text", "The law.")


EXPLAINED = TableSpec("Explained", ExplainedPeriod, purpose="how an amount was calculated")


def periods(trace: Any, charges: pd.DataFrame, book: LawBook, scale: int) -> pd.DataFrame:
    """The accrual on each installment, period by period, in cents that add up to the rounded total.

    `Amount` is in cents and adds up by installment and column; `Exact` is the same in cents and a decimal fraction, before rounding.
    """
    rows: list[dict[str, Any]] = []
    running: dict[tuple[int, int], int] = {}
    names: list[Any] = charges[[Charge.bill, Charge.levy_year, Charge.part, Charge.inst]].to_dict("records")
    lifted = trace["tier"] < 0
    for charge, component, rule, tier, since, upto, count, base, amount in _joined(trace[~lifted].tolist()):
        before = running.get((charge, component), 0)
        running[charge, component] = after = before + amount
        row = names[charge] | {
            "Column": COMPONENTS[component].capitalize(),
            "From": np.datetime64(since - 719_163, "D").astype("datetime64[s]"),
            "To": np.datetime64(upto - 719_163, "D").astype("datetime64[s]"),
            "Base": base,
            "Amount": div_half_up(after, scale) - div_half_up(before, scale),
            "Exact": _decimal(Fraction(amount, scale)),
            "_charge": charge,
        }
        rows.append(row | _by_rule(book, rule, tier, count, scale))
    rows += _minimums(book, trace[lifted].tolist(), scale, names)
    table = pd.DataFrame(rows, columns=[*EXPLAINED.names, "_charge"])
    return table.sort_values("_charge", kind="stable").drop(columns="_charge").reset_index(drop=True)


def _joined(trace: list[tuple[int, ...]]) -> list[list[int]]:
    """The kernel's stretches in order, those that only continue the one before (same base, same rate) joined to it."""
    joined: list[list[int]] = []
    open_at: dict[tuple[int, ...], int] = {}
    for n in sorted(range(len(trace)), key=lambda n: (trace[n][0], trace[n][1], n)):
        row = list(trace[n])
        charge, component, rule, tier, since, upto, count, base, amount = row
        key = (charge, component, rule, tier)
        last = joined[open_at[key]] if key in open_at else None
        if last is not None and last[5] == since and last[7] == base and rule >= 0:
            last[5], last[6], last[8] = upto, last[6] + count, last[8] + amount
        else:
            open_at[key] = len(joined)
            joined.append(row)
    return joined


def _by_rule(book: LawBook, number: int, tier: int, count: int, scale: int) -> dict[str, Any]:
    """What was counted, at which rate and by which rule; a number below zero is that of a year-end penalty."""
    if number < 0:
        penalty, _ = book.penalties[-1 - number]
        said = {"Count": count, "Unit": penalty.params.unit, "Rate": penalty.params.rate_words()}
        return said | {"Rule": penalty.words(), "Citation": penalty.authority()}
    rule = book.rules[number]
    said = {"Count": count, "Unit": rule.params.unit, "Rate": rule.params.rate_words(tier)}
    if rule.params.by_date:  # what the kernel counted is the rate reached
        said |= {"Count": 1, "Rate": percent(Fraction(count, scale))}
    return said | {"Rule": rule.words(), "Citation": rule.authority()}


def _minimums(book: LawBook, lifted: list[tuple[int, ...]], scale: int, names: list[Any]) -> list[dict[str, Any]]:
    """The rows that lift an installment's interest to the rule's minimum, or take off what one payment does not bear."""
    rows = []
    for charge, component, number, tier, since, _, _, _, amount in lifted:
        rule: Rule[Any] = book.rules[number]
        unit = "minimum" if tier == r.MINIMUM else "not charged on one payment of the bill"
        if tier == r.IN_ONE:
            rule = book.profile.find(OnePayment, dt.date.fromordinal(since)) or rule
        day = np.datetime64(since - 719_163, "D").astype("datetime64[s]")
        rows.append(
            names[charge]
            | {"Column": COMPONENTS[component].capitalize(), "From": day, "To": day, "Count": 1, "Unit": unit}
            | {"Base": 0, "Rate": "", "Amount": amount // scale, "Exact": _decimal(Fraction(amount, scale))}
            | {"Rule": rule.words(), "Citation": rule.authority(), "_charge": charge}
        )
    return rows


def _decimal(cents: Fraction) -> str:
    """Cents as dollars to six places, enough to check a row by hand."""
    scaled = div_half_up(cents.numerator * 10_000, cents.denominator)
    sign, scaled = ("-" if scaled < 0 else ""), abs(scaled)
    return f"{sign}{scaled // 1_000_000}.{scaled % 1_000_000:06d}"


def statement(ledger: Any) -> pd.DataFrame:
    """The periods, then what was paid or waived, so that the rows of each installment add up to what is due now."""
    rows = ledger.periods.to_dict("records")
    key = ("Bill", "Levy Year", "Part", "Inst")
    for posting in ledger.postings.to_dict("records"):
        for column in ("Interest", "Penalty"):
            if not posting[column]:
                continue
            what = posting[Posting.receipt] or posting[Posting.adjustment] or "credit"
            verb = (
                "Paid, receipt"
                if posting[Posting.receipt]
                else ("Adjustment" if posting[Posting.adjustment] else "Paid from")
            )
            rows.append(
                {k: posting[k] for k in key}
                | {
                    "Column": column,
                    "From": posting[Posting.date],
                    "To": posting[Posting.date],
                    "Count": 1,
                    "Unit": f"{verb} {what}",
                    "Base": 0,
                    "Rate": "",
                }
                | {
                    "Amount": -posting[column],
                    "Exact": _decimal(Fraction(-posting[column])),
                    "Rule": "",
                    "Citation": "",
                }
            )
    table = pd.DataFrame(rows, columns=list(EXPLAINED.names))
    rank = {tuple(v): n for n, v in enumerate(ledger.balances[list(key)].itertuples(index=False, name=None))}
    table["_n"] = [rank[b, y, p, i] for b, y, p, i in zip(*(table[k] for k in key), strict=True)] if len(table) else []
    table["_to"] = days(table[ExplainedPeriod.to]) if len(table) else []
    return (
        table.sort_values(["_n", ExplainedPeriod.column, "_to"], kind="stable")
        .drop(columns=["_n", "_to"])
        .reset_index(drop=True)
    )
