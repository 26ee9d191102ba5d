"""Checks typed at the counter: what each would pay, what is left of it, and what to say before it is posted."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from xltax.errors import Problem, Problems
from xltax.law.profile import Profile
from xltax.ledger.replay import Facts, replay
from xltax.money import dollars
from xltax.office.counter import posting
from xltax.office.quotes import payoff
from xltax.tables.counter import COUNTER
from xltax.tables.reading import place

LONGEST = 480


def running(counter: pd.DataFrame) -> list[int]:
    """What is left of each row's check after it: a check's total stands on its first row, the rows after it share its reference.

    0 for a row that is a check of its own.
    """
    left, before, out = 0, None, []
    for row in counter.to_dict("records"):
        check = (row["Reference"], row["Tender"], row["Received"])
        if row["Check Total"]:
            left = row["Check Total"] - row["Amount"]
        elif check == before and row["Reference"] and left:
            left -= row["Amount"]
        else:
            left = 0
        before = check
        out.append(left)
    return out


def checks_of(counter: pd.DataFrame) -> list[str]:
    """A word for each row that the rows of one check share; "" for a row that is a check of its own."""
    words, number, before = [], 0, None
    for row, left in zip(counter.to_dict("records"), _left_before(counter), strict=True):
        check = (row["Reference"], row["Tender"], row["Received"])
        goes_on = left and check == before and row["Reference"] and not row["Check Total"]
        number += not goes_on
        words.append(f"check {number}")
        before = check
    return [word if words.count(word) > 1 else "" for word in words]


def _left_before(counter: pd.DataFrame) -> list[int]:
    """What is left of the check before each row."""
    return [0, *running(counter)[:-1]] if len(counter) else []


def unassigned(counter: pd.DataFrame) -> list[Problem]:
    """Every check whose rows do not add up to its total."""
    left, problems = running(counter), []
    checks = list(zip(counter["Reference"], counter["Tender"], counter["Received"], strict=True))
    for n, rest in enumerate(left):
        goes_on = n + 1 < len(left) and checks[n + 1] == checks[n] and not counter["Check Total"].iloc[n + 1]
        if rest and not goes_on:
            what = (
                f"{dollars(rest)} of check {checks[n][0]} is not assigned."
                if rest > 0
                else (f"The rows of check {checks[n][0]} are {dollars(-rest)} more than the check.")
            )
            problems.append(
                Problem(
                    place(counter, int(counter.index[n]), "Amount"),
                    what,
                    f"Add a row for the rest; if it is not known whose it is, Kind Other with the code {posting.SUSPENSE}.",
                )
            )
    return problems


def shown(
    counter: pd.DataFrame, facts: Facts, town: Profile, cash_book: pd.DataFrame, today: dt.date, roll: pd.DataFrame
) -> pd.DataFrame:
    """The derived columns of the Counter: owner, what each row pays, what is left over, what is left of the check, warnings.

    Raises Problems for rows that cannot be posted.
    """
    lines = posting.post(facts, town, counter, cash_book, today, roll)
    numbers = list(dict.fromkeys(lines["Receipt"]))  # one for each row, in order
    by_receipt = dict(tuple(lines.groupby("Receipt", sort=False)))
    warnings = _warnings(counter, lines, facts, town)
    unfinished = {p.where: p.what for p in unassigned(counter)}
    rows = []
    for n, (number, left) in enumerate(zip(numbers, running(counter), strict=True)):
        mine = by_receipt[number]
        notes = [unfinished.get(place(counter, int(counter.index[n]), "Amount"), ""), *warnings.get(number, [])]
        rows.append(
            {
                "Owner": next((t for t in mine["Taxpayer"] if t), ""),
                "Pays": _pays(mine),
                "Left Over": int(mine["Overpaid"].sum()),
                "Check Left": left,
                "Warning": "; ".join(x for x in notes if x)[:LONGEST],
            }
        )
    return pd.DataFrame(rows, columns=[c.name for c in COUNTER.derived])


def _pays(lines: pd.DataFrame) -> str:
    """A payment's lines in words: "12-4 2025/1: tax 1,000.00, interest 20.00"."""
    parts = []
    for line in lines.to_dict("records"):
        if line["Kind"] == "Other":
            parts.append(f"{line['Revenue Code']} {dollars(line['Misc'])}")
            continue
        what = ", ".join(
            f"{name.lower()} {dollars(line[name])}"
            for name in ("Costs", "Interest", "Penalty", "Tax", "Discount")
            if line[name]
        )
        if line["Overpaid"]:
            parts.append(f"credit {dollars(line['Overpaid'])}")
        else:
            part = f" {line['Part']}" if line["Part"] else ""
            parts.append(f"{line['Bill']}{part}/{line['Inst']}: {what}")
    text = "; ".join(parts)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 20]} ... {len(parts)} lines"


def _warnings(counter: pd.DataFrame, lines: pd.DataFrame, facts: Facts, town: Profile) -> dict[str, list[str]]:
    """What to say of each row, by receipt number: two replays for each day, of the accounts at the counter alone."""
    out: dict[str, list[str]] = {}
    taxes = lines[lines["Kind"] != "Other"]
    first = taxes.groupby("Receipt", sort=False).first()
    first["Amount"] = taxes.groupby("Receipt", sort=False)["Total"].sum()
    first["Effective"] = first["Effective"].fillna(first["Received"])
    charges = facts.charges
    mine = charges["Account"].isin(set(first["Account"]))
    mine |= (charges["Party"] != "") & charges["Party"].isin(set(charges.loc[mine, "Party"]))
    attrs = dict(charges.attrs)
    charges = charges[mine]
    charges.attrs = attrs
    small = Facts(charges, facts.receipts, facts.adjustments, facts.closed_days)
    for day, rows in first.groupby("Effective"):
        on = day.date()
        known = payoff.relevant(small, town, on)
        before = replay(known, town, on)
        after = replay(Facts(charges, _with(known.receipts, rows), facts.adjustments, facts.closed_days), town, on)
        group_of = dict(zip(before.balances["Account"], before.balances["Group"], strict=True))
        then, now = (dict(tuple(b.balances.groupby("Group"))) for b in (before, after))
        for number, row in rows.iterrows():
            group = group_of.get(row["Account"])
            if group in then:
                out[str(number)] = posting.warnings(then[group], now[group], town, int(row["Amount"]), on)
    return out


def _with(receipts: pd.DataFrame | None, rows: pd.DataFrame) -> pd.DataFrame:
    """The receipts with those at the counter."""
    new = rows.reset_index()
    table = pd.DataFrame(
        {c: new[c] for c in ("Receipt", "Received", "Account", "Amount", "Effective", "By", "Directed", "Kind")}
    )
    table["Reverses"], table["Recorded"] = "", np.datetime64("NaT", "s")
    both = table if receipts is None or not len(receipts) else pd.concat([receipts, table])
    both.attrs = {"typed": "Receipts"}
    return both


def refuse_unassigned(counter: pd.DataFrame) -> None:
    """Refuses to post while a check is not wholly assigned."""
    if problems := unassigned(counter):
        raise Problems(problems)
