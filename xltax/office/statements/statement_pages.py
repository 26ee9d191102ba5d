"""A printed statement: its parts, what was collected, the schedules, the percent collected, and the signature lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from xltax.dates import short_date
from xltax.law.printed import Statement
from xltax.money import usd
from xltax.office.collection.town_texts import filled
from xltax.office.statements import statement_lines
from xltax.office.statements.book_start import BEFORE, Began
from xltax.office.statements.money_ties import CREDIT, DIFFERENCE, TIE
from xltax.office.statements.statement_lines import SCHEDULES, Made, ScheduleLine
from xltax.pages import Block, CellKind, Fields, Grid, Heading, Page, Signatures, Text
from xltax.tables.check import Check
from xltax.tables.statements import CollectedLine, CollectionRateLine, OpeningLevy, StatementLine

_WIDE = 7  # columns; a table of more is printed across the paper


@dataclass(frozen=True)
class Beside:
    """What a statement's page shows besides its lines."""

    schedules: Mapping[str, pd.DataFrame]  # as `statement_lines.schedules` gives them, and as they may be shown
    rate: pd.DataFrame  # table CollectionRate
    formula: str  # the rule the percentage is figured by, in words
    source: str  # its authority, as it may be shown
    turned_over: tuple[int, int]  # money in hand before the period, and turned over in it, in cents
    collector: str
    failing: list[Check]  # the checks of Proof that do not pass


def page(made: Made, began: Began, office: str, beside: Beside) -> Page:
    """The whole statement as one document."""
    blocks = figures(made, beside.turned_over)
    wide = any(isinstance(b, Grid) and len(b.headers) > _WIDE for b in blocks[: blocks.index(_COLLECTED)])
    blocks += [*_rate(beside), *_began(began, made)]
    for name, table in beside.schedules.items():
        blocks += _schedule(name, table)
    blocks += [
        Text(_judged(made, beside.failing), "box", aside=True),
        *warning(beside.failing),
        Text(
            "I certify that the unpaid amounts above agree with the detailed list of open items on the last day of "
            "this period. I also certify that the collected amounts agree with the Cash Book.",
        ),
        Signatures(
            tuple(
                f"{filled(who, {'collector': beside.collector}, 'Rules, signed_by')}, and date"
                for who in made.rules[0].signed_by
            )
        ),
    ]
    return Page(
        f"{statement_lines.named(made.rules)}, {made.period}",
        tuple(blocks),
        office,
        key=f"{made.rules[0].report} {made.period.end}",
        footer="Based on what was known on the last day of the period. A reprint that differs says so.",
        landscape=wide,
        seal=True,
        close=True,
    )


_COLLECTED = Heading("Collected, by kind of money")


def figures(made: Made, turned_over: tuple[int, int]) -> list[Block]:
    """The statement's figures: its parts, what was collected, and what is in hand. They name nobody."""
    blocks: list[Block] = [_head(made)]
    for rule in made.rules:
        part = made.lines[made.lines[StatementLine.part] == rule.title]
        if len(part):
            blocks += [Heading(rule.title), *_part(rule, part)]
    blocks += [_COLLECTED, _collected(made), *_hands(made, turned_over)]
    return [*blocks, *_below(made, TIE), *_below(made, CREDIT)]


def _judged(made: Made, failing: list[Check]) -> str:
    """Whether the statement foots. Nothing is certified if the book's own checks fail."""
    text = f"Total of all differences: {usd(made.difference)}."
    if made.difference:
        return f"{text} THIS STATEMENT DOES NOT FOOT. See Proof before you sign."
    return text if failing else f"{text} Every part foots."


def warning(failing: list[Check]) -> tuple[Block, ...]:
    """The checks of Proof that do not pass, so that nobody signs; nothing if all pass."""
    if not failing:
        return ()
    return (
        Text("PROOF FAILS. Do not sign until every check on the Proof sheet passes:", "bold", aside=True),
        *(Text(f"{check.name}: {check.result}", aside=True) for check in failing),
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
    """One levy as lines down the page, or several levies as rows with their lines across."""
    key = ["Levy Year", "Levy Type"] if rule.by == "rate_bill" else ["Levy Year"]
    key += ["Levy Part"] if (part[StatementLine.levy_part] != "").any() else []
    groups = list(part.groupby(key, sort=False))
    if len(groups) == 1 and rule.by == "levy_year":
        rows = [
            (r[StatementLine.line], r[StatementLine.rows] or None, r[StatementLine.amount])
            for r in part.to_dict("records")
        ]
        yield Grid(
            (f"Levy year {groups[0][1][StatementLine.levy_year].iloc[0]}", "Rows", "Amount"),
            ("text", "count", "money"),
            rows[:-1],
            (5, 1, 2),
            total=True,
        )
    else:
        yield _across(rule, part, key)
    gap = int(part.loc[part[StatementLine.line] == DIFFERENCE, StatementLine.amount].abs().sum())
    yield Text(f"Difference: {usd(gap)} (must be $0.00)", "bold")


def _across(rule: Statement, part: pd.DataFrame, key: list[str]) -> Grid:
    wide = part.pivot_table(index=key, columns="Line", values="Amount", aggfunc="sum", sort=False).astype("int64")
    names = [line.name for line in rule.shown if line.name in wide and (wide[line.name] != 0).any()] + [rule.ends]
    heads = tuple(
        {StatementLine.levy_year: "Levy year", StatementLine.levy_type: "Type", StatementLine.levy_part: "Part"}[name]
        for name in key
    )
    kinds: tuple[CellKind, ...] = ("year", "id", "id")[: len(key)]  # type: ignore[assignment]
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
        words = (
            str(row[CollectedLine.levy_year] or "no bill"),
            row[CollectedLine.levy_type],
            row[CollectedLine.levy_part],
        )
        levy = " ".join(w for w in (*words, row[CollectedLine.standing] and f"in {row[CollectedLine.standing]}") if w)
        body.append((levy, row[CollectedLine.rows], *(int(row[c]) for c in shown)))
    body.append(("Total", int(table[CollectedLine.rows].sum()), *(int(table[c].sum()) for c in shown)))
    names = {
        CollectedLine.costs: "Liens and fees",
        CollectedLine.misc: "Other",
        CollectedLine.overpaid: "Overpaid and credit",
    }
    return Grid(
        ("Levy", "Lines", *(names.get(c, c) for c in shown)),
        ("text", "count", *("money" for _ in shown)),  # type: ignore[arg-type]
        body,
        (16, 7, *(13 for _ in shown)),
        total=True,
    )


def _hands(made: Made, turned_over: tuple[int, int]) -> Iterator[Block]:
    before, paid = turned_over
    cash = int(made.collected[CollectedLine.total].sum())
    yield Fields(
        (
            ("In hand at the start", before, "money"),
            ("Collected in the period", cash, "money"),
            ("Turned over to the treasurer", -paid, "money"),
            ("In hand at the end", before + cash - paid, "money"),
        )
    )


def _below(made: Made, part: str) -> list[Block]:
    """The lines below the parts, under their own heading."""
    rows = made.lines[made.lines[StatementLine.part] == part]
    if not len(rows):
        return []
    gap = rows[StatementLine.line] == DIFFERENCE
    body = [
        (r[StatementLine.line], r[StatementLine.rows] or None, r[StatementLine.amount])
        for r in rows[~gap].to_dict("records")
    ]
    blocks: list[Block] = [
        Heading(part),
        Grid(("", "Rows", "Amount"), ("text", "count", "money"), body, (5, 1, 2), total=True),
    ]
    if gap.any():
        blocks.append(
            Text(f"Difference: {usd(int(rows.loc[gap, StatementLine.amount].sum()))} (must be $0.00)", "bold")
        )
    return blocks


def _rate(beside: Beside) -> list[Block]:
    rate = beside.rate.to_dict("records")
    if not rate:
        return []
    known = [
        (
            r[CollectionRateLine.levy_year],
            r[CollectionRateLine.levied],
            r[CollectionRateLine.collected],
            r[CollectionRateLine.percent],
        )
        for r in rate
        if r[CollectionRateLine.percent]
    ]
    blocks: list[Block] = [Heading("Percent of the levy collected, each year on the same day")]
    if known:
        blocks.append(
            Grid(
                ("Levy year", "Levied", "Collected", "Percent"),
                ("id", "money", "money", "number"),
                known,
                total=len(known) > 1,
            )
        )
    blocks += [
        Text(f"{r[CollectionRateLine.levy_year]}: {r[CollectionRateLine.note]}")
        for r in rate
        if r[CollectionRateLine.note]
    ]
    source = (
        f"Source: {beside.source}."
        if beside.source
        else "No source was found for this formula. The Rules sheet gives the reason for choosing it."
    )
    return [*blocks, Text(f"{beside.formula} {source}", "small")]


def _began(began: Began, made: Made) -> list[Block]:
    """What was levied, and what had come off the levy, before this book began."""
    rows = began.rows
    if not len(rows):
        return []
    body = [
        (str(r[OpeningLevy.levy_year]), f"{r[OpeningLevy.levy_type]} {r[OpeningLevy.part]}".strip(), r[OpeningLevy.levied], *(-r[c] for c in BEFORE),
         r[OpeningLevy.levied] - sum(r[c] for c in BEFORE))
        for r in rows.to_dict("records")
    ]  # fmt: skip
    when = f", {short_date(began.day)}" if began.day else ""
    heads = ("Levy year", "Type", "Levied", *BEFORE, "Open then")
    money: CellKind = "money"
    kinds: tuple[CellKind, ...] = ("id", "text", *[money for _ in heads[2:]])
    return [Heading(f"Before this book began{when}"), Grid(heads, kinds, body)]


def _schedule(name: str, table: pd.DataFrame) -> list[Block]:
    heading = Heading(SCHEDULES[name][0])
    if not len(table):
        return [heading, Text("None in this period.")]
    columns = ["Owner", "Kind", "Reason", "Authority", "Amount"]
    bills = (table[ScheduleLine.bill] + " " + table[ScheduleLine.part]).str.strip()
    rows: list[tuple[object, ...]] = list(zip(bills, *(table[c] for c in columns), strict=True))
    rows.append(("", "Total", "", "", "", int(table[ScheduleLine.amount].sum())))
    heads = ("Bill", "Name", "Kind", "Reason", "Authority", "Amount")
    kinds: tuple[CellKind, ...] = ("id", "text", "text", "text", "text", "money")
    return [heading, Grid(heads, kinds, rows, (14, 18, 14, 24, 18, 12), total=True)]
