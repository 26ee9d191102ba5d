"""A printed statement: its parts, what was collected, the schedules, the percent collected, and the signature lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from xltax.dates import short_date
from xltax.law.statement import OPEN, Statement
from xltax.money import dollars, usd
from xltax.office.collection.town_texts import filled
from xltax.office.statements import statement_lines
from xltax.office.statements.book_start import BEFORE, Began
from xltax.office.statements.money_ties import CREDIT, DIFFERENCE, TIE
from xltax.office.statements.movements import Movement
from xltax.office.statements.schedules import TITLES, PaidLine, ScheduleLine, SlipLine
from xltax.office.statements.statement_lines import Made
from xltax.pages import Block, CellKind, Fields, Grid, Heading, Page, Signatures, Text
from xltax.tables import DUPLICATE
from xltax.tables.check import Check
from xltax.tables.statements import CollectedLine, CollectionRateLine, OpeningLevy, StatementLine
from xltax.wording import some

_WIDE = 7  # columns; a table of more is printed across the paper
_ABREAST = 6  # levies beside each other on a State's form


@dataclass(frozen=True)
class Beside:
    """What a statement's page shows besides its lines."""

    schedules: Mapping[str, pd.DataFrame]  # as `statement_lines.schedules` gives them, and as they may be shown
    rate: pd.DataFrame  # table CollectionRate
    formula: str  # the rule the percentage is figured by, in words
    source: str  # its authority, as it may be shown
    turned_over: tuple[int, int] | None  # money in hand before the period, and turned over in it, in cents
    collector: str
    failing: list[Check]  # the checks of Proof that do not pass
    late: tuple[Block, ...] = ()  # the late items of closed months
    closed: str = ""  # the closing of the statement before, in words


def page(made: Made, began: Began, office: str, beside: Beside) -> Page:
    """The whole statement as one document."""
    blocks = figures(made, beside.turned_over)
    wide = any(isinstance(b, Grid) and len(b.headers) > _WIDE for b in blocks[: blocks.index(_COLLECTED)])
    blocks += [*_rate(beside), *_began(began, made)]
    for name, table in beside.schedules.items():
        blocks += _schedule(name, table)
    blocks += beside.late
    if beside.closed:  # it depends on what was printed before, and is no content of this statement
        blocks.append(Text(beside.closed, aside=True))
    blocks += [
        Text(_judged(made, beside.failing), "box", aside=True),
        *warning(beside.failing),
        Text(
            f"I certify that the unpaid amounts above agree with the detailed list of open items on the last day of "
            f"this period{_counted(made, beside)}. I also certify that the collected amounts agree with the Cash Book.",
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


def figures(made: Made, turned_over: tuple[int, int] | None) -> list[Block]:
    """The statement's figures: its parts, what was collected, and what is in hand. They name nobody."""
    blocks: list[Block] = [_head(made)]
    for rule in made.rules:
        part = made.lines[made.lines[StatementLine.part] == rule.title]
        if len(part):
            blocks += [Heading(rule.title), *_part(rule, part)]
    blocks += [_COLLECTED, _collected(made), *_hands(made, turned_over)]
    return [*blocks, *_below(made, TIE), *_below(made, CREDIT)]


def _counted(made: Made, beside: Beside) -> str:
    """The number of open items on the lines above and their tax, in words; nothing on the page of one part."""
    if beside.turned_over is None or not len(made.opened):
        return ""
    mine = made.opened[(made.opened[Movement.measure] == OPEN) & (made.opened[Movement.table] == DUPLICATE.name)]
    return f" ({some(len(mine), 'installment')}, {usd(int(mine[Movement.amount].sum()))})" if len(mine) else ""


def pages_of(made: Made, began: Began, office: str, beside: Beside) -> list[Page]:
    """The statement, and one more page for each part of the levy where the rules ask for it."""
    pages = [page(made, began, office, beside)]
    if all(rule.apart == "no" for rule in made.rules):
        return pages
    parts = sorted({p for p in made.lines[StatementLine.levy_part] if p})
    return pages + [_of_one_part(made, part, office, beside) for part in parts if len(parts) > 1]


def _of_one_part(made: Made, part: str, office: str, beside: Beside) -> Page:
    """The lines, the money and the payments of one part of the levy, such as the State's."""
    lines = made.lines[made.lines[StatementLine.levy_part] == part]
    mine = replace(made, lines=lines, collected=made.collected[made.collected[CollectedLine.levy_part] == part])
    lists = {n: t[t[ScheduleLine.part] == part] for n, t in beside.schedules.items() if ScheduleLine.part in t}
    whole = page(mine, Began(), office, replace(beside, schedules=lists, rate=beside.rate.iloc[:0], turned_over=None))
    return replace(whole, title=f"{whole.title}: {part}", key=f"{whole.key} {part}")


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
    """One levy as lines down the page, several levies as rows with their lines across, or a State's form: levies as columns."""
    key = ["Levy Year", "Levy Type"] if rule.by == "rate_bill" else ["Levy Year"] if rule.by == "levy_year" else []
    key += ["Levy Part"] if (part[StatementLine.levy_part] != "").any() else []
    groups = list(part.groupby(key, sort=False)) if key else [((), part)]
    if any(line.no for line in rule.lines) or rule.by in ("part", "whole"):
        yield from _form(rule, groups)
    elif len(groups) == 1 and rule.by == "levy_year":
        yield from _form(rule, [((f"Levy year {groups[0][1][StatementLine.levy_year].iloc[0]}",), groups[0][1])])
    else:
        yield _across(rule, part, key)
    gap = int(part.loc[part[StatementLine.line] == DIFFERENCE, StatementLine.amount].abs().sum())
    if not rule.figures or any(line.zero for line in rule.lines):
        yield Text(f"Difference: {usd(gap)} (must be $0.00)", "bold")


def _form(rule: Statement, groups: list[tuple[Any, pd.DataFrame]]) -> Iterator[Grid]:
    """The lines down the page, with a column for each levy, and their total."""
    percents = {line.label for line in rule.lines if line.percent}
    names = [line.label for line in rule.shown]
    columns = []
    for levy, rows in groups:
        amounts = dict(zip(rows[StatementLine.line], rows[StatementLine.amount], strict=True))
        columns.append((" ".join(str(w) for w in (levy if isinstance(levy, tuple) else (levy,)) if w), amounts, rows))
    if len(columns) == 1:
        head, amounts, rows = columns[0]
        counts = dict(zip(rows[StatementLine.line], rows[StatementLine.rows], strict=True))
        body: list[tuple[object, ...]] = [
            (_named(n, amounts[n], percents), counts[n] or None, None if n in percents else amounts[n])
            for n in names
            if n in amounts
        ]
        yield Grid(
            (head, "Rows", "Amount"), ("text", "count", "money"), body, (5, 1, 2), total=rule.shown[-1].of == (OPEN,)
        )
        return
    known = [n for n in names if n not in percents and any(n in amounts for _, amounts, _ in columns)]
    total = {n: sum(int(amounts.get(n, 0)) for _, amounts, _ in columns) for n in known}
    heads = [(head, amounts) for head, amounts, _ in columns] + [("Total", total)]
    for at in range(0, len(heads), _ABREAST):
        few = heads[at : at + _ABREAST]
        body = [(n, *(amounts.get(n) for _, amounts in few)) for n in known]
        money: CellKind = "money"
        kinds: tuple[CellKind, ...] = ("text", *(money for _ in few))
        yield Grid(
            ("", *(head for head, _ in few)), kinds, body, (24, *(12 for _ in few)), total=rule.shown[-1].of == (OPEN,)
        )


def _named(name: str, amount: int, percents: set[str]) -> str:
    """A line's name, with its figure if that is a percentage: a column of amounts has no place for one."""
    return f"{name}: {dollars(int(amount), comma=False)}%" if name in percents else name


def _across(rule: Statement, part: pd.DataFrame, key: list[str]) -> Grid:
    wide = part.pivot_table(index=key, columns="Line", values="Amount", aggfunc="sum", sort=False, fill_value=0).astype(
        "int64"
    )
    names = [n for n in (line.label for line in rule.shown) if n in wide and (wide[n] != 0).any()]
    names += [rule.ends] if rule.ends and rule.ends not in names else []
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


def _hands(made: Made, turned_over: tuple[int, int] | None) -> Iterator[Block]:
    if turned_over is None:
        return
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
    heading = Heading(TITLES[name])
    if not len(table):
        return [heading, Text("None in this period.")]
    heads, kinds, widths, columns = _LISTS.get(name, _CHANGES)
    bills = (
        (table[ScheduleLine.bill] + " " + table[ScheduleLine.part]).str.strip()
        if ScheduleLine.bill in table
        else table.iloc[:, 0]
    )
    rows: list[tuple[object, ...]] = list(zip(bills, *(table[c] for c in columns), strict=True))
    sums = [int(table[c].sum()) if kind == "money" else "" for c, kind in zip(columns[1:], kinds[2:], strict=True)]
    rows.append((f"{len(table):,} items", "Total", *sums))
    blocks: list[Block] = [heading, Grid(heads, kinds, rows, widths, total=True)]
    if name == "suspense":
        blocks.append(Text(f"I certify that each of these {some(len(table), 'item')} is unpaid and uncollectible."))
    return blocks


_CHANGES: tuple[tuple[str, ...], tuple[CellKind, ...], tuple[int, ...], tuple[str, ...]] = (
    ("Bill", "Name", "Kind", "Reason", "Authority", "Amount"),
    ("id", "text", "text", "text", "text", "money"),
    (14, 18, 14, 24, 18, 12),
    (ScheduleLine.owner, ScheduleLine.kind, ScheduleLine.reason, ScheduleLine.authority, ScheduleLine.amount),
)
_LISTS: dict[str, tuple[tuple[str, ...], tuple[CellKind, ...], tuple[int, ...], tuple[str, ...]]] = {
    "payments": (
        ("Bill", "Name", "Received", "Face", "Discount", "Penalty and interest", "Paid"),
        ("id", "text", "date", "money", "money", "money", "money"),
        (15, 24, 11, 12, 11, 12, 12),
        (PaidLine.owner, PaidLine.received, PaidLine.face, PaidLine.discount, PaidLine.late, PaidLine.paid),
    ),
    "turnovers": (
        ("Slip", "Account", "Date", "Part", "Amount"),
        ("id", "id", "date", "text", "money"),
        (8, 16, 12, 14, 13),
        (SlipLine.code, SlipLine.date, SlipLine.part, SlipLine.amount),
    ),
}
"""How each list is printed: headers, kinds, widths, and the columns after the first."""
