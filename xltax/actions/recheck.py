"""Makes issued statements and turnover slips again, and compares them with what the register of issued papers has."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from xltax import __version__
from xltax.actions import in_force
from xltax.actions.desk import Desk
from xltax.dates import short_date
from xltax.errors import BadValue, TaxError
from xltax.money import usd
from xltax.office.controls import issued_papers, recorded_days
from xltax.office.counter import drawer
from xltax.office.statements import statement_lines, statement_pages, turnover
from xltax.office.statements.book_start import Began
from xltax.office.statements.movements import Period
from xltax.office.statements.statement_lines import Books, Made
from xltax.pages import Page
from xltax.tables import LOG
from xltax.tables.bank import PAID_OUT
from xltax.tables.check import Check
from xltax.tables.counter import REVENUE_CODES, RevenueCode
from xltax.tables.issued import ISSUED, IssuedPaper
from xltax.tables.statements import TURNOVERS, CollectedLine, Turnover

_STATEMENT = re.compile(r"(\w+) (\d{4}-\d\d-\d\d) to (\d{4}-\d\d-\d\d)")


def books_of(desk: Desk, began: Began) -> Books:
    """What a statement reads. Rows of a Recorded day that was closed off count for the day of the close-off."""
    facts = desk.facts  # with what a lien assigned in the register takes off the town's books
    return Books(
        desk.town, facts, desk.counted(desk.duplicate), desk.counted(desk.cash_book), facts.adjustments, began,
        in_force.certificates(desk), desk.register(TURNOVERS), desk.register(PAID_OUT), _trust_codes(desk), drawer.deposits(desk.day_closes, desk.batches),
    )  # fmt: skip


def _trust_codes(desk: Desk) -> frozenset[str]:
    codes = desk.table(REVENUE_CODES)
    return frozenset(codes.loc[codes[RevenueCode.fund] == "trust", RevenueCode.code])


def check(desk: Desk, began: Began, *, every: bool = False) -> list[Check]:
    """The issued slips, and the last issued statement of each kind, made again. every: all statements."""
    held = desk.register(ISSUED)
    wrong_days = {str(day) for day in recorded_days.closed_off(desk.register(LOG))}
    papers = [p for p in held.rows() if p.kind in (issued_papers.SLIP, issued_papers.STATEMENT)]
    newest = {(p.kind, p.about): p for p in papers if p.copy == 1 and p.printed[:10] not in wrong_days}
    slips = [p for p in newest.values() if p.kind == issued_papers.SLIP]
    statements = [p for p in newest.values() if p.kind == issued_papers.STATEMENT]
    if not every:
        statements = list({p.about.partition(" ")[0]: p for p in sorted(statements, key=_end)}.values())
    out = []
    for name, some in (("Issued slips", slips), ("Issued statements", sorted(statements, key=_end))):
        if some:
            apart = list(_apart(desk, began, some))
            text = f"{'Papers' if every else 'Papers of this kind'} that are not the same when made again"
            out.append(Check(name, text, len(apart), 0, apart[0] if apart else "", counts=True))
    return out


def as_closed(desk: Desk, books: Books, made: Made, report: str) -> str:
    """What the statement before this one closed with, beside what this one begins with; nothing if none was issued.

    The statement before is made again and compared with the register, so its closing is the one that was printed.
    """
    held = [p for p in desk.register(ISSUED).rows() if p.kind == issued_papers.STATEMENT and p.copy == 1]
    mine = [p for p in held if p.about.startswith(f"{report} ") and _end(p) == str(made.period.before)]
    if not mine:
        return ""
    paper = mine[-1]
    try:
        page, _ = _statement(books, paper)
        before = statement_lines.make(books, report, _period(paper))
    except TaxError:
        return ""  # Proof names it
    (lines,) = issued_papers.Content.of([page]).documents
    # Lines that another version worded otherwise cannot be compared; the closing then stands as it is made now.
    apart = (
        paper.version == __version__ and paper.parts.startswith("line ") and issued_papers.missing(lines, paper.parts)
    )
    found = statement_lines.balances_forward(before, made, books.town)
    if found is None:
        return ""
    closing, opening = found
    changed = " That statement is not the same when it is made again: see Proof." if apart else ""
    return (
        f"As closed on {short_date(made.period.before)} in statement No. {paper.no}: {usd(closing)}. Opening balances here: {usd(opening)}. "
        f"Difference: {usd(opening - closing)}.{changed}"
    )


def _end(paper: IssuedPaper) -> str:
    return paper.about.rpartition(" ")[2]


def _apart(desk: Desk, began: Began, papers: Sequence[IssuedPaper]) -> Iterator[str]:
    books = books_of(desk, began)
    for paper in papers:
        try:
            page, total = _slip(desk, paper) if paper.kind == issued_papers.SLIP else _statement(books, paper)
        except TaxError as error:
            yield f"{_named(paper)}: {error}"
            continue
        (lines,) = issued_papers.Content.of([page]).documents
        # Another version of xltax may word a line otherwise: the total is compared all the same.
        by_line = paper.version == __version__ and paper.parts.startswith("line ")
        new = issued_papers.missing(lines, paper.parts) if by_line else []
        if new:
            yield f'{_named(paper)}: now "{new[0]}"'
        elif total != paper.total:
            yield f"{_named(paper)}: total {usd(paper.total)}, now {usd(total)}"


def _named(paper: IssuedPaper) -> str:
    return f"No. {paper.no}, {paper.kind} {paper.about}, printed {paper.printed[:10]}"


def _slip(desk: Desk, paper: IssuedPaper) -> tuple[Page, int]:
    rows, lines = turnover.slip_of(desk.cash_book, desk.table(TURNOVERS), int(paper.about))
    return turnover.slip_page(rows.frame, lines, desk.office), int(rows[Turnover.amount].sum())


def _statement(books: Books, paper: IssuedPaper) -> tuple[Page, int]:
    """The figures of a statement: its schedules, which have names, are made again only by a reprint."""
    period = _period(paper)
    again = statement_lines.make(books, paper.about.partition(" ")[0], period)
    figures = statement_pages.figures(again, turnover.in_hand(books.cash_book, books.turnovers, period))
    title = f"{statement_lines.named(again.rules)}, {again.period}"
    return Page(title, tuple(figures)), int(again.collected[CollectedLine.total].sum())


def _period(paper: IssuedPaper) -> Period:
    found = _STATEMENT.fullmatch(paper.about)
    if found is None:
        raise BadValue(f'"{paper.about}" is not a report and a period.', where="Issued, About")
    return Period(dt.date.fromisoformat(found[2]), dt.date.fromisoformat(found[3]))
