"""A statement on paper: its parts, what was collected, the schedules, percent collected, and where to sign."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from xltax.law.printed import Statement
from xltax.money import dollars
from xltax.office import statement_lines
from xltax.office.statement_lines import DIFFERENCE, SCHEDULES, Made
from xltax.office.wording import filled
from xltax.pages import Block, CellKind, Fields, Grid, Heading, Page, Signatures, Text

_WIDE = 7  # columns; a table of more is printed across the paper


def page(
    made: Made,
    office: str,
    schedules: Mapping[str, pd.DataFrame],
    rate: pd.DataFrame,
    turned_over: tuple[int, int],
    collector: str,
) -> Page:
    """The whole statement as one document; `turned_over` is the money in hand before it and turned over in it, in cents.

    schedules: the changes of each schedule, as `statement_lines.schedules` gives them and as they may be shown.
    """
    blocks: list[Block] = [_head(made)]
    wide = False
    for rule in made.rules:
        part = made.lines[made.lines["Part"] == rule.title]
        if not len(part):
            continue
        grids = list(_part(rule, part))
        wide = wide or any(isinstance(b, Grid) and len(b.headers) > _WIDE for b in grids)
        blocks += [Heading(rule.title), *grids]
    blocks += [Heading("Collected, each kind of money by itself"), _collected(made), *_hands(made, turned_over)]
    blocks += _rate(rate)
    for name, table in schedules.items():
        blocks += _schedule(name, table)
    blocks += [
        Text(
            f"All differences together: ${dollars(made.difference)}. "
            + (
                "Every part foots."
                if not made.difference
                else "THIS STATEMENT DOES NOT FOOT: see Proof before signing."
            ),
            "box",
        ),
        Text(
            "I certify that the amounts unpaid above agree with the detailed list of what is open on the last day of "
            "this period, and that what was collected is as the cash book has it.",
        ),
        Signatures(
            tuple(
                f"{filled(who, {'collector': collector}, 'Rules, signed_by')}, and date"
                for who in made.rules[0].signed_by
            )
        ),
    ]
    return Page(
        f"{statement_lines.named(made.rules)}, {made.period}",
        tuple(blocks),
        office,
        key=f"{made.rules[0].report} {made.period.end}",
        footer="Figured from what was known on the last day of the period: it can be printed again and is the same.",
        landscape=wide,
        seal=True,
        close=True,
    )


def _head(made: Made) -> Block:
    return Fields(
        (
            ("From", made.period.start, "date"),
            ("Through", made.period.end, "date"),
            ("Current levy year", made.current, "year"),
            ("Differences", made.difference, "money"),
        )
    )


def _part(rule: Statement, part: pd.DataFrame) -> Iterator[Block]:
    """One levy as lines down the page; several as rows, their lines across."""
    key = ["Levy Year", "Levy Type"] if rule.by == "rate_bill" else ["Levy Year"]
    groups = list(part.groupby(key, sort=False))
    if len(groups) == 1 and rule.by == "levy_year":
        rows = [(r["Line"], r["Rows"] or None, r["Amount"]) for r in part.to_dict("records")]
        yield Grid(
            (f"Levy year {groups[0][1]['Levy Year'].iloc[0]}", "Rows", "Amount"),
            ("text", "count", "money"),
            rows[:-1],
            (5, 1, 2),
            total=True,
        )
    else:
        yield _across(rule, part, key)
    gap = int(part.loc[part["Line"] == DIFFERENCE, "Amount"].abs().sum())
    yield Text(f"Difference: ${dollars(gap)} (must be $0.00)", "bold")


def _across(rule: Statement, part: pd.DataFrame, key: list[str]) -> Grid:
    wide = part.pivot_table(index=key, columns="Line", values="Amount", aggfunc="sum", sort=False).astype("int64")
    names = [line.name for line in rule.lines if line.name in wide and (wide[line.name] != 0).any()] + [rule.ends]
    heads = ("Levy year", "Type")[: len(key)]
    kinds: tuple[CellKind, ...] = ("year", "id")[: len(key)]  # type: ignore[assignment]
    body: list[tuple[object, ...]] = [
        (*(group if isinstance(group, tuple) else (group,)), *(int(row[n]) for n in names))
        for group, row in zip(wide.index, wide.to_dict("records"), strict=True)
    ]
    # The first column of the sum is a word, so the year stands as text there.
    body = [(str(r[0]), *r[1:]) for r in body]
    body.append(("Total", *("" for _ in key[1:]), *(int(wide[n].sum()) for n in names)))
    return Grid(
        (*heads, *names),
        ("id", *kinds[1:], *("money" for _ in names)),  # type: ignore[arg-type]
        body,
        (*(8 for _ in key), *(12 for _ in names)),
        total=True,
    )


def _collected(made: Made) -> Grid:
    columns = ("Tax", "Interest", "Penalty", "Costs", "Misc", "Overpaid", "Discount", "Total")
    table = made.collected
    shown = [c for c in columns if c in ("Tax", "Interest", "Total") or (table[c] != 0).any()]
    body: list[tuple[object, ...]] = []
    for row in table.to_dict("records"):
        levy = f"{row['Levy Year'] or 'no bill'} {row['Levy Type']} {row['Standing'] and 'in ' + row['Standing']}"
        body.append((levy.strip(), row["Rows"], *(int(row[c]) for c in shown)))
    body.append(("Total", int(table["Rows"].sum()), *(int(table[c].sum()) for c in shown)))
    names = {"Costs": "Liens and fees", "Misc": "Other", "Overpaid": "Overpaid and credit"}
    return Grid(
        ("Levy", "Lines", *(names.get(c, c) for c in shown)),
        ("text", "count", *("money" for _ in shown)),  # type: ignore[arg-type]
        body,
        (16, 7, *(13 for _ in shown)),
        total=True,
    )


def _hands(made: Made, turned_over: tuple[int, int]) -> Iterator[Block]:
    before, paid = turned_over
    cash = int(made.collected["Total"].sum())
    yield Fields(
        (
            ("In hand at the start", before, "money"),
            ("Collected in the period", cash, "money"),
            ("Turned over to the treasurer", -paid, "money"),
            ("In hand at the end", before + cash - paid, "money"),
        )
    )


def _rate(rate: pd.DataFrame) -> list[Block]:
    if not len(rate):
        return []
    rows = [(r["Levy Year"], r["Levied"], r["Collected"], r["Percent"]) for r in rate.to_dict("records")]
    return [
        Heading("Percent of the levy collected, each year on the same day"),
        Grid(
            ("Levy year", "Levied", "Collected", "Percent"),
            ("id", "money", "money", "number"),
            rows,
            total=len(rows) > 1,
        ),
    ]


def _schedule(name: str, table: pd.DataFrame) -> list[Block]:
    heading = Heading(SCHEDULES[name][0])
    if not len(table):
        return [heading, Text("None in this period.")]
    columns = ["Bill", "Owner", "Kind", "Reason", "Authority", "Amount"]
    rows: list[tuple[object, ...]] = list(table[columns].itertuples(index=False, name=None))
    rows.append(("", "Total", "", "", "", int(table["Amount"].sum())))
    heads = ("Bill", "Name", "Kind", "Reason", "Authority", "Amount")
    kinds: tuple[CellKind, ...] = ("id", "text", "text", "text", "text", "money")
    return [heading, Grid(heads, kinds, rows, (14, 18, 14, 24, 18, 12), total=True)]
