"""The lists in print: title, date, certificate, the rows with their total, who signs, and the authority at the foot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from xltax.dates import long_date
from xltax.errors import BadValue
from xltax.money import usd
from xltax.office.collection import town_texts
from xltax.office.collection.aging import by_age, delinquent_list
from xltax.office.collection.list_methods import METHODS
from xltax.office.collection.lists import MONEY, Made
from xltax.office.sharing.confidential import NOBODY, Confidential
from xltax.pages import Block, Grid, Heading, Page, Signatures, Text
from xltax.tables import Delinquency
from xltax.tables.enforcement import LISTED, LetterText, Listed
from xltax.tables.table import Table

USUAL = {
    "installment": ("Account", "Owner", "Location", "Bill", "Years", "Types", "Due", "Months Late", "Tax", "Interest", "Total"),
    "bill": ("Account", "Owner", "Location", "Bill", "Years", "Types", "Due", "Tax", "Interest", "Costs", "Total"),
    "account": ("Account", "Owner", "Location", "Years", "Types", "Due", "Tax", "Interest", "Penalty", "Costs", "Total"),
    "party": ("Owner", "Account", "Types", "Years", "Items", "Due", "Tax", "Interest", "Costs", "Total"),
}  # fmt: skip
WIDTHS = {Listed.owner: 36, Listed.location: 28, Listed.reason: 24, Listed.account: 15, Listed.bill: 16, Listed.status: 16, Listed.mail_1: 20, Listed.phone: 17,
          Listed.mail_2: 18, Listed.mail_3: 18, Listed.note: 18, Listed.items: 7, Listed.years: 11, Listed.types: 9, Listed.part: 10, Listed.months_late: 8,
          Listed.class_: 7}  # fmt: skip
SUMMED = {c.name for c in LISTED.columns if c.kind == "money"} | {"Items"}
SHOWN = {
    Listed.months_late: "Months",
    Listed.sale_costs: "Costs of Sale",
    Listed.before_petition: "Before",
    Listed.after_petition: "After",
}


def pages(
    made: Made,
    texts: Table[LetterText],
    office: str,
    collector: str,
    more: Mapping[str, Any] | None = None,
    *,
    public: Confidential | None = None,
) -> list[Page]:
    """The list as pages, a page for each copy. more: values its certificate may use besides the usual ones.

    public: for a public copy, who is left out of it.
    """
    p = made.params
    values = {"town": office, "collector": collector, "as_of": long_date(made.as_of), "title": p.title}
    values |= {"count": f"{len(made.rows):,}", "total": usd(made.total), **(more or {})}
    before, after = town_texts.split(town_texts.paragraphs(texts, f"list {p.kind}"), values)
    blocks: list[Block] = [Text(f"As of {values['as_of']}.", "bold"), *before]
    blocks += _grids(made)
    if p.by == "installment" and p.method == "plain":
        blocks += _ages(made)
    if public is None and (said := made.said()):
        blocks.append(Text(said, "small"))
    blocks += after
    if p.signed:
        blocks.append(Signatures(tuple(town_texts.filled(who, values, "Rules, signed") for who in p.signed)))
    cite = "; ".join(str((public or NOBODY).words(c.title)) for c in made.rule.cite)
    return [
        Page(
            p.title + (f" - copy {n} of {p.copies}" if p.copies > 1 else ""),
            tuple(blocks),
            office=office,
            key=f"{p.kind} {n}",
            footer=cite,
            landscape=True,
        )
        for n in range(1, p.copies + 1)
    ]


def _columns(made: Made) -> tuple[str, ...]:
    names = made.params.columns or USUAL[made.params.by]
    for name in names:
        if LISTED.find(name) is None:
            known = ", ".join(LISTED.names)
            raise BadValue(
                f'"{name}" is not a column of a list.', where=f"Rules, list {made.params.kind}", do=f"Use: {known}."
            )
    chosen = [LISTED[n].name for n in names]
    if "Total" in chosen and "Tax" in chosen:  # what the total is made of can be added up on the page
        more = [n for n in MONEY if n not in chosen and made.rows[n].any()]
        at = min(chosen.index(n) for n in ("Total", "To Pay", "Sale Costs") if n in chosen)
        chosen[at:at] = more
    if "Types" in chosen and made.params.by == "installment" and made.rows[Listed.part].any():
        chosen.insert(chosen.index("Types") + 1, "Part")
    return tuple(chosen)


def _grids(made: Made) -> list[Block]:
    columns = _columns(made)
    if not len(made.rows):
        return [Text("Nothing to list.")]
    date = METHODS[made.params.method].date
    if not getattr(made.params, "rate_bills", False):
        return [_grid(made.rows, columns, date)]
    out: list[Block] = []
    for (year, kind), rows in made.rows.groupby([Listed.years, Listed.types], sort=True):
        out += [Heading(f"Rate bill {year} {kind}"), _grid(rows, columns, date)]
    return [*out, Text(f"Total tax on all rate bills: {usd(int(made.rows[Listed.tax].sum()))}.", "bold")]


def _grid(rows: Table[Listed], columns: tuple[str, ...], date: str) -> Grid:
    kinds: tuple[Any, ...] = tuple(LISTED[c].kind for c in columns)
    cells = [[None if pd.isna(v) else v for v in column] for column in (_plain(rows[c]) for c in columns)]
    body = [list(r) for r in zip(*cells, strict=True)]
    total: list[Any] = [int(rows[c].sum()) if c in SUMMED else None for c in columns]
    total[0] = f"Total of {len(rows):,}" if columns[0] not in SUMMED else total[0]
    shown = SHOWN | {"Date": date}
    # A date that does not fit is printed as ###.
    widths = tuple(WIDTHS.get(c, 14 if k == "date" else 12) for c, k in zip(columns, kinds, strict=True))
    return Grid(tuple(shown.get(c, c) for c in columns), kinds, [*body, total], widths, True)


def _plain(column: pd.Series[Any]) -> list[Any]:
    """Values without the libraries' own types: dates as dates, numbers as int."""
    if column.dtype.kind == "M":
        return [None if pd.isna(d) else d.date() for d in column]
    values: list[Any] = column.tolist()
    return values


def _ages(made: Made) -> list[Block]:
    table = by_age(delinquent_list(made))
    if not len(table):
        return []
    rows = [[r[Delinquency.age], r[Delinquency.class_], *(int(r[m]) for m in _SUMS)] for r in table.to_dict("records")]
    rows.append(["Total", "", *(int(table[m].sum()) for m in _SUMS)])
    kinds = ("text", "text", *["money"] * len(_SUMS))
    return [Heading("By age and class"), Grid(("Age", "Class", *_SUMS), kinds, rows, (4, 2, *[3] * len(_SUMS)), True)]  # type: ignore[arg-type]


_SUMS = ("Tax", "Interest", "Penalty", "Costs", "Total")
