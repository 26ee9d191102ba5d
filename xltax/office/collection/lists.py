"""The lists an office makes as of a date. Each list has a town rule (who is on it, what it shows) and a method."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from xltax.dates import add_months
from xltax.errors import BadValue
from xltax.law.enforcement import Listing
from xltax.law.profile import Profile, Rule
from xltax.office.collection.list_facts import Records
from xltax.office.collection.list_methods import METHODS, Method
from xltax.office.sharing.confidential import LIST
from xltax.tables import Bill, Parcel
from xltax.tables.enforcement import LISTED, Listed
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table

MONEY = ("Tax", "Interest", "Penalty", "Costs", "Total")
TEXTS = ("Account", "Party", "Owner", "Mail 1", "Mail 2", "Mail 3", "Location", "Class", "Phone")
EMPTY = {"money": 0, "count": 0, "date": np.datetime64("NaT", "s")}


@dataclass
class Made:
    """A list: its rule, its rows (the columns of Listed, money in cents), and the excluded accounts with the reason."""

    rule: Rule[Listing]
    rows: Table[Listed]
    as_of: dt.date
    items: pd.DataFrame  # the installments it is made of; `row` is the place of theirs among the rows
    left_out: dict[str, int] = field(default_factory=dict)  # reason -> accounts

    @property
    def params(self) -> Listing:
        return self.rule.params

    @property
    def total(self) -> int:
        return int(self.rows[Listed.total].sum())

    def only(self, account: str) -> Made:
        """The same list with the rows of one account."""
        mine = self.items.loc[self.items[OpenInstallment.account] == account, "row"].unique()
        rows = self.rows.loc[mine].reset_index(drop=True)
        items = self.items[self.items["row"].isin(mine)]
        places = {old: new for new, old in enumerate(mine)}
        return Made(self.rule, rows, self.as_of, items.assign(row=items["row"].map(places)), self.left_out)

    def said(self) -> str:
        """How many accounts were excluded, and why, in a sentence; nothing if none was."""
        parts = [f"{n:,} for {why}" for why, n in self.left_out.items() if n]
        return f"Accounts not listed: {', '.join(parts)}." if parts else ""


def kinds(town: Profile, on: dt.date) -> dict[str, Rule[Listing]]:
    """The lists this town has on a day, by name."""
    return {r.sort: r for r in town.in_force(Listing, on)}


def rule_of(town: Profile, kind: str, on: dt.date) -> Rule[Listing]:
    """The rule of one list. The error for an unknown name lists the known names."""
    have = kinds(town, on)
    wanted = kind.strip().lower().replace(" ", "_")
    if wanted not in have:
        known = ", ".join(have) or "none: add a list rule to the Rules sheet"
        raise BadValue(f'This town has no list "{kind}".', where="list", do=f"Use one of: {known}.")
    return have[wanted]


def make(rule: Rule[Listing], records: Records, *, public: bool = False, letters: bool = False) -> Made:
    """One list as of the day of the records. A public copy leaves out confidential persons.

    letters: for asking for payment. A debtor in bankruptcy is not asked (11 U.S.C. 362), and nobody is asked for a bill in
    litigation that a payment would pass by.

    Raises Problems where a register lacks what the list has to state, such as the reason.
    """
    p = rule.params
    method = METHODS[p.method]
    rows = records.open
    rows = rows[_common(rows, p, records, method)].copy()
    if method.sift:
        rows = rows[np.asarray(method.sift(rows, p, records), dtype=bool)]
    left_out = {}
    for why in p.leaves_out:
        held = rows[why].to_numpy(dtype=bool)
        left_out[why] = int(rows.loc[held, OpenInstallment.account].nunique())
        rows = rows[~held]
    if letters:
        for why, column in (("bankruptcy", "bankruptcy"), ("litigation", "passed by")):
            held = rows[column].to_numpy(dtype=bool)
            left_out[why] = left_out.get(why, 0) + int(rows.loc[held, OpenInstallment.account].nunique())
            rows = rows[~held]
    if public:
        hidden = rows[OpenInstallment.account].isin(records.withheld.accounts).to_numpy(dtype=bool)
        left_out["confidentiality"] = int(rows.loc[hidden, OpenInstallment.account].nunique())
        rows = rows[~hidden]
    rows, grouped = group(rows, p.by)
    if p.above and not method.own_limit:
        grouped = grouped[grouped[p.measured_on.capitalize()] > p.above]
    if method.finish:
        grouped = method.finish(grouped, rows, p, records)
    table = pd.DataFrame(
        {c.name: grouped[c.name] if c.name in grouped else EMPTY.get(c.kind, "") for c in LISTED.columns},
        index=grouped.index,
    ).reset_index(drop=True)
    table[Listed.date] = table[Listed.date].astype("datetime64[s]")
    made = Table.made(LISTED, table)
    row_of = {g: n for n, g in enumerate(grouped.index)}
    items = rows[rows["group"].isin(row_of)]
    if public:
        made = Table.made(LISTED, records.withheld.shown(made, LISTED, LIST))
        items = records.withheld.shown(items, LISTED, LIST)
    return Made(rule, made, records.as_of, items.assign(row=items["group"].map(row_of)), left_out)


def _common(rows: pd.DataFrame, p: Listing, records: Records, method: Method) -> Any:
    """The conditions every list may set."""
    take = np.array(rows[OpenInstallment.late], dtype=bool) if method.only_late else np.ones(len(rows), dtype=bool)
    if p.levies:
        take &= rows[OpenInstallment.levy_type].isin(p.levies).to_numpy()
    if p.except_levies:
        take &= ~rows[OpenInstallment.levy_type].isin(p.except_levies).to_numpy()
    if p.months:
        take &= _old_enough(rows[OpenInstallment.due], p, records.as_of)
    if p.year == "prior":
        take &= (rows[OpenInstallment.due] < pd.Timestamp(records.as_of.year, 1, 1)).to_numpy()
    if p.flags or p.classes:
        take &= _flagged(rows, p.flags) | rows[Parcel.class_].isin(p.classes).to_numpy()
    if p.without_flags:
        take &= ~_flagged(rows, p.without_flags)
    if p.without_lien and not method.own_liens:
        take &= ~rows[OpenInstallment.bill].isin(records.secured_bills).to_numpy()
    return take


def _old_enough(due: pd.Series[Any], p: Listing, as_of: dt.date) -> Any:
    known = {d: add_months(d.date(), p.months) for d in due.unique()}
    return due.map({d: reached < as_of or (reached == as_of and not p.more_than) for d, reached in known.items()})


def _flagged(rows: pd.DataFrame, words: tuple[str, ...]) -> Any:
    flags = rows[Parcel.flags].str.lower()
    hit = np.zeros(len(rows), dtype=bool)
    for word in words:
        hit |= flags.str.contains(word.lower(), regex=False).to_numpy(dtype=bool)
    return hit


# ---- grouping ------------------------------------------------------------------------------------------------------


def group(rows: pd.DataFrame, by: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows with the number of their group, and one row for each group: sums, the oldest due date, years and types."""
    keys = {
        "installment": pd.Series(np.arange(len(rows))),
        "bill": rows[OpenInstallment.bill],
        "account": rows[OpenInstallment.account],
        "party": rows[Bill.party].where(rows[Bill.party] != "", rows[OpenInstallment.account]),
    }[by]
    number, _ = pd.factorize(keys)
    rows = rows.assign(group=number)
    by_group = rows.groupby("group", sort=True)
    out = rows.drop_duplicates("group").set_index("group")[list(TEXTS)].sort_index()
    out = out.join(by_group[list(MONEY)].sum())
    out[Listed.items] = by_group.size()
    out[Listed.due] = by_group[OpenInstallment.due].min()
    out[Listed.months_late] = by_group[Listed.months_late].max()
    out[Listed.years] = _span(by_group[OpenInstallment.levy_year].min(), by_group[OpenInstallment.levy_year].max())
    out[Listed.types] = _several(rows, "Levy Type")
    out[Listed.part] = _several(rows, "Part") if rows[OpenInstallment.part].any() else ""
    bill, _ = pd.factorize(rows[OpenInstallment.bill])
    ends = pd.Series(bill, index=rows.index).groupby(number).agg(["min", "max"])
    out[Listed.bill] = np.where(
        ends["min"] == ends["max"], rows.drop_duplicates("group").sort_values("group")[OpenInstallment.bill], ""
    )
    accounts = rows.drop_duplicates(["group", OpenInstallment.account]).groupby("group").size()
    more = {n: f"and {n - 1} more account{'s' if n > 2 else ''}" if n > 1 else "" for n in accounts.unique()}
    out[Listed.note] = accounts.map(more).astype(object)
    held = by_group["litigation"].any()
    out[Listed.note] = out[Listed.note].where(~held, (out[Listed.note] + "; in litigation").str.lstrip("; "))
    return rows, out


def _span(first: pd.Series[Any], last: pd.Series[Any]) -> list[str]:
    pairs = list(zip(first, last, strict=True))
    words = {(a, b): "" if not b else str(a) if a == b else f"{a}-{b}" for a, b in set(pairs)}
    return [words[p] for p in pairs]


def _several(rows: pd.DataFrame, column: str) -> pd.Series[str]:
    """The levy types, or the parts, of each group in one text: a bit for each, since there are few sets of them."""
    code, names = pd.factorize(rows[column])
    once = pd.DataFrame({"group": rows["group"].to_numpy(), "code": code}).drop_duplicates()
    bits = (2 ** once["code"]).groupby(once["group"]).sum()
    words = {m: ", ".join(n for i, n in enumerate(names) if n and m >> i & 1) for m in bits.unique()}
    return bits.map(words).astype(object)
