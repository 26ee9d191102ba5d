"""What a part of a statement is about: the rows that move it in a period, and, counted another way, what is open at the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pandas as pd

from xltax.errors import BadValue
from xltax.law.profile import Profile
from xltax.law.statement import OPEN, Line, Statement
from xltax.ledger.replay import Facts, Ledger
from xltax.office.counter.drawer import MadeDeposit
from xltax.office.statements import current_levy_year
from xltax.office.statements import movements as moves
from xltax.office.statements.book_start import Began
from xltax.office.statements.movements import LEVY, Movement, Period
from xltax.tables import ADJUSTMENTS, CASH_BOOK, Adjustment, Bill, CashLine
from xltax.tables.agreements import CERTIFICATES, SaleCertificate
from xltax.tables.bank import PAID_OUT, TRUST, PaidOut
from xltax.tables.counter import DAY_CLOSES
from xltax.tables.kinds import ASSIGNMENT, REDEMPTION, SALE
from xltax.tables.statements import OPENING_LEVIES, TURNOVERS, OpeningLevy, Turnover
from xltax.tables.table import Table
from xltax.wording import some

TRANSFER = "Transfer to Lien"
ENDINGS = {"Assigned": "assigned", "Canceled": "lien_canceled", "Foreclosed": "foreclosed"}
"""How a certificate of the town ends without a redemption, and the line of a statement for it."""


@dataclass
class Books:
    """What a statement reads: the law, the facts, the tables, and where this book began."""

    town: Profile
    facts: Facts
    duplicate: Table[Bill]
    cash_book: Table[CashLine]
    adjustments: Table[Adjustment]
    began: Began = field(default_factory=Began)
    certificates: Table[SaleCertificate] = field(default_factory=lambda: Table.empty(CERTIFICATES))
    turnovers: Table[Turnover] = field(default_factory=lambda: Table.empty(TURNOVERS))
    paid_out: Table[PaidOut] = field(default_factory=lambda: Table.empty(PAID_OUT))
    trust_codes: frozenset[str] = frozenset()  # the revenue codes of money held in trust
    deposits: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["Deposit", "Made On", "Total"]))


class Known(NamedTuple):
    """The balances at the start and the end of a period, each as it was known then."""

    opening: Ledger
    closing: Ledger


class Moves(NamedTuple):
    """The rows of a part: what moved in its period, with what was open before; and what is open at its end."""

    rows: pd.DataFrame
    closing: pd.DataFrame


NAMES = (*LEVY, Movement.measure, Movement.posted, Movement.rows, Movement.amount, Movement.table, Movement.at,
         Movement.number, Movement.bill, Movement.due, Movement.mailed)  # fmt: skip
"""The columns of a part's rows. Amount is in cents and without sign; Table and At say which row of which table it is."""


def of(rule: Statement, books: Books, known: Known, period: Period) -> Moves:
    """The rows of a part of a statement."""
    if rule.figures:
        return Moves(*(pd.DataFrame(columns=list(NAMES)) for _ in Moves._fields))
    if rule.about == "levies":
        found = _levies(rule, books, known, period)
    else:
        entries, closing = _SOURCES[rule.about](books, rule, period)
        before = entries[Movement.posted] < pd.Timestamp(period.start)
        down = entries[Movement.measure].isin(rule.subject.lowers)
        signed = entries[Movement.amount].where(~down, -entries[Movement.amount])
        opening = entries.assign(Measure="opening", Amount=signed)[before]
        inside = entries[~before & (entries[Movement.posted] <= pd.Timestamp(period.end))]
        found = Moves(_together(opening if rule.flows else opening[:0], inside), closing)
    return Moves(*(_named(mine_of(rule, books.town, table, period.end)) for table in found))


def _named(table: pd.DataFrame) -> pd.DataFrame:
    """The table with the columns of a part's rows, and days as days where it has none."""
    out = table.reindex(columns=list(NAMES))
    return out.astype(dict.fromkeys((Movement.posted, Movement.due, Movement.mailed), "datetime64[s]"))


def mine_of(rule: Statement, town: Profile, table: pd.DataFrame, on: dt.date) -> pd.DataFrame:
    """The levies this part is for."""
    if rule.years == "all" or not len(table):
        return table
    return table[which(town, table, on) == rule.years.capitalize()]


def which(town: Profile, table: pd.DataFrame, on: dt.date) -> pd.Series[str]:
    """Current, Prior or Next for each row on a day."""
    days = pd.Series(pd.Timestamp(on), index=table.index)
    return pd.Series(current_levy_year.standing(town, table, days), index=table.index)


def _together(*tables: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([t for t in tables if len(t)] or [tables[0]], ignore_index=True)


# ---- levies ----------------------------------------------------------------------------------------------------------


def _levies(rule: Statement, books: Books, known: Known, period: Period) -> Moves:
    """The tax of the levies. A part that begins with what was open has it from replay; another tells a levy from its beginning."""
    began = books.began.day
    counted = moves.rows(books.duplicate, books.cash_book, books.adjustments, rule.counts, began)
    moved = moves.moved(counted, period)
    start, end = (moves.open_rows(ledger, books.duplicate, rule.counts) for ledger in known)
    if rule.flows:
        moved = _together(moved[~moved[Movement.before]], _starts(start, began, period))
    elif rule.signs == "form":
        moved = _from_its_levy(rule, books, moved, period)
    return Moves(moved, end.assign(Measure="open"))


_BEFORE = {
    "Levied": "levied",
    "Collected": "prepaid",
    "Discounts": "discount",
    "Deductions": "deductions",
    "Canceled": "canceled",
}


def _from_its_levy(rule: Statement, books: Books, moved: pd.DataFrame, period: Period) -> pd.DataFrame:
    """A form tells a levy from its beginning: opening balances give way to what was levied and collected before this book.

    Raises BadValue where nobody entered that: a form must not show a balance as a levy.
    """
    opened = moved[Movement.measure] == "brought_in"
    mine = mine_of(rule, books.town, moved[opened], period.end)
    for year in sorted(set(mine[Movement.levy_year])):
        if reason := books.began.withheld(books.duplicate, int(year), period.end):
            raise BadValue(reason, where="Opening Levies", do=f"Then make {rule.title} again.")
    levies = books.began.rows
    levies = levies[levies[OpeningLevy.levy_year].isin(set(mine[Movement.levy_year]))]
    earlier = [
        levies.assign(Measure=measure, Amount=levies[column], Posted=pd.Timestamp(books.began.day or period.start), Rows=1,
                      Table=OPENING_LEVIES.name, At=levies.index, **{Movement.levy_part: levies[OpeningLevy.part]})
        for column, measure in _BEFORE.items()
    ]  # fmt: skip
    # The deductions of those bills stand in the row of their levy.
    off = (moved[Movement.measure] == "deductions") & moved[Movement.bill].isin(moves.brought_in(books.duplicate))
    return _together(moved[~opened & ~off], *(e[e[Movement.amount] != 0] for e in earlier))


def _starts(start: pd.DataFrame, began: dt.date | None, period: Period) -> pd.DataFrame:
    """What was open before the period: as Unpaid at the start, or as opening balances where the book began since.

    Where nobody entered the day the book began, what is left of its opening balances stays on a line of its own.
    """
    brought = start["Brought In"]
    if began is None:
        return start.assign(Measure=brought.map({True: "brought_in", False: "opening"}).astype(object))
    known = start if began <= period.before else start[~brought]
    return known.assign(Measure="opening")


def _advance(books: Books, rule: Statement, period: Period) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Money for bills that are not due yet: each payment is received on its own day, and becomes due on its bill's first day."""
    counted = moves.rows(books.duplicate, books.cash_book, books.adjustments, "when_due", books.began.day)
    paid = counted[counted[Movement.measure].isin(moves.MONEY_IN)]
    signed = paid[Movement.amount].where(paid[Movement.measure] != "freed", -paid[Movement.amount])
    paid = paid.assign(Amount=signed)[paid[Movement.counts] > paid[Movement.posted]]
    end = pd.Timestamp(period.end)
    due = paid.assign(Measure="became_due", Posted=paid[Movement.counts])
    held = paid[(paid[Movement.posted] <= end) & (paid[Movement.counts] > end)]
    return _together(paid.assign(Measure="received"), due), held.assign(Measure="open")


# ---- money -----------------------------------------------------------------------------------------------------------

_KINDS = ("Tax", "Interest", "Penalty", "Costs", "Misc", "Overpaid", "Discount")


def _cash(books: Books) -> pd.DataFrame:
    book = moves.cash_lines(books.cash_book)
    return book.assign(
        Table=CASH_BOOK.name, At=book.index, Rows=1, **{Movement.levy_part: moves.levy_part(book[CashLine.part])}
    )


def _money(books: Books, rule: Statement, period: Period) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The money of the Cash Book by kind; counted another way, the totals of its lines."""
    book = _cash(books)
    book = book[(book["Posted"] >= pd.Timestamp(period.start)) & (book["Posted"] <= pd.Timestamp(period.end))]
    kinds = [book.assign(Measure=kind.lower(), Amount=book[kind])[book[kind] != 0] for kind in _KINDS]
    return _together(*kinds), book.assign(Measure="open", Amount=book[CashLine.total])


def _of_part(book: pd.DataFrame) -> pd.DataFrame:
    """Rows that belong to no levy, only to a part of it."""
    more: dict[str, Any] = {Movement.levy_year: 0, Movement.levy_type: ""}
    return book.assign(**more)


def _turnover(books: Books, rule: Statement, period: Period) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Money in hand: taken as the Cash Book has it, turned over as the slips have it; left: the lines that no slip has taken."""
    book = _of_part(_cash(books))
    slips = _slips(books, books.turnovers[Turnover.part])
    left = _on_no_slip(books, book, period)
    return _together(book.assign(Measure="taken", Amount=book[CashLine.total]), slips), left.assign(
        Measure="open", Amount=left[CashLine.total]
    )


def _slips(books: Books, part: pd.Series[str]) -> pd.DataFrame:
    """The rows of the turnover slips. part: what stands for the part of the levy."""
    slips = books.turnovers.frame
    slips = slips.assign(
        Table=TURNOVERS.name, At=slips.index, Rows=1, Posted=slips[Turnover.date], Measure="turned_over"
    )
    return _of_part(slips.assign(**{Movement.levy_part: part}))


def _on_no_slip(books: Books, book: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The lines of the Cash Book by the period's end that no slip had taken then."""
    end = pd.Timestamp(period.end)
    last = books.turnovers.frame.loc[books.turnovers[Turnover.date] <= end, Turnover.last_line]
    left = book.iloc[int(last.max()) if len(last) else 0 :]
    return left[left["Posted"] <= end]


def _trust(books: Books, rule: Statement, period: Period) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Money held in trust, by revenue code: received, paid to whom it belongs, and turned over; left: what no slip and no check took."""
    book = _of_part(_cash(books))
    book = book.assign(Amount=book[CashLine.total], **{Movement.levy_part: book[CashLine.revenue_code]})
    mine = book[CashLine.revenue_code].isin(books.trust_codes)
    slips = _slips(books, books.turnovers[Turnover.code])
    slips = slips[slips[Turnover.code].isin(books.trust_codes)]
    checks = books.paid_out.frame
    checks = checks.assign(
        Table=PAID_OUT.name, At=checks.index, Rows=1, Posted=checks[PaidOut.date], Measure="trust_paid"
    )
    checks = _of_part(checks.assign(**{Movement.levy_part: checks[PaidOut.for_no]}))[checks[PaidOut.for_] == TRUST]
    voided = checks[checks[PaidOut.voided].notna()]
    checks = _together(checks, voided.assign(Posted=voided[PaidOut.voided], Amount=-voided[PaidOut.amount]))
    paid = checks[checks["Posted"] <= pd.Timestamp(period.end)]
    left = _on_no_slip(books, book, period)
    left = left[left[CashLine.revenue_code].isin(books.trust_codes)]
    return _together(book[mine].assign(Measure="trust_received"), slips, checks), _together(
        left, paid.assign(Amount=-paid[PaidOut.amount])
    ).assign(Measure="open")


def _deposits(books: Books, rule: Statement, period: Period) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Money not deposited yet: taken as the Cash Book has it, deposited as the day closes have it."""
    book = _of_part(_cash(books)).assign(**{Movement.levy_part: ""})
    made = books.deposits
    moving = (book[CashLine.tender] != "Transfer") & ~book[CashLine.kind].isin(("Reallocation", "Opening"))
    # A line without a deposit never lay in a drawer; and an office that closes no days has none to compare with.
    book = book[moving & (book[CashLine.deposit] != "") & bool(len(made))]
    book = book.assign(Amount=book[CashLine.total])
    made = made.assign(
        Table=DAY_CLOSES.name, At=made.index, Rows=1, Posted=made[MadeDeposit.made_on], Amount=made[MadeDeposit.total]
    )
    made = _of_part(made.assign(Measure="deposited", **{Movement.levy_part: ""}))
    end = pd.Timestamp(period.end)
    gone = set(made.loc[made[MadeDeposit.made_on] <= end, MadeDeposit.deposit])
    left = book[~book[CashLine.deposit].isin(gone) & (book["Posted"] <= end)]
    return _together(book.assign(Measure="taken"), made), left.assign(Measure="open")


# ---- liens that the town holds ---------------------------------------------------------------------------------------


def liens(books: Books, period: Period) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The certificates that the town holds, at the amount of each: the tax transferred, the costs of the sale, and its end."""
    held = books.certificates.frame
    ended = held[SaleCertificate.ended].isin(ENDINGS)
    held = held[(held[SaleCertificate.holder] == "") | ended]
    tied = books.adjustments.frame
    tied = tied[(tied[Adjustment.kind] == TRANSFER) & (tied[Adjustment.for_] == SALE)]
    tied = tied.assign(Posted=moves.posting_day(tied[Adjustment.recorded], tied[Adjustment.effective]))
    paid = moves.cash_lines(books.cash_book)
    redeemed = paid[paid[CashLine.for_] == REDEMPTION].groupby(CashLine.for_no)["Posted"].max()
    came_back = _came_back(paid)
    entries, left = [], []
    for at, row in zip(held.index, held.to_dict("records"), strict=True):
        mine = tied[tied[Adjustment.for_no] == row[SaleCertificate.certificate]]
        began, moved, amount = _began(row, mine, at, books)
        gone, how = _gone(row, redeemed)
        entries += moved
        if gone is not None:
            entries.append(_entry(how, gone, amount, CERTIFICATES.name, at))
        away = False
        for measure, left_on, back_on in came_back.get(row[SaleCertificate.certificate], ()):
            entries.append(_entry(measure, left_on, amount, CERTIFICATES.name, at))
            entries.append(_entry(measure, back_on, -amount, CERTIFICATES.name, at))
            away |= left_on <= pd.Timestamp(period.end) < back_on
        if began <= pd.Timestamp(period.end) and not away and (gone is None or gone > pd.Timestamp(period.end)):
            left.append(_entry("open", began, amount, CERTIFICATES.name, at))
    return tuple(
        pd.DataFrame(rows, columns=list(NAMES)).astype({Movement.posted: "datetime64[s]"}) for rows in (entries, left)
    )  # type: ignore[return-value]


def _liens(books: Books, rule: Statement, period: Period) -> tuple[pd.DataFrame, pd.DataFrame]:
    return liens(books, period)


def _began(
    row: Mapping[Hashable, Any], mine: pd.DataFrame, at: int, books: Books
) -> tuple[pd.Timestamp, list[dict[str, object]], int]:
    """The day a certificate came on the books, what it is made of, and its amount."""
    sold, whole = pd.Timestamp(row[SaleCertificate.sold]), int(row[SaleCertificate.amount])
    if not len(mine):  # a certificate from before this workbook, or typed: all of it is tax
        return sold, [_entry("lien_tax", sold, whole, CERTIFICATES.name, at)], whole
    years = books.duplicate.frame.drop_duplicates(Bill.bill).set_index(Bill.bill)[[Bill.levy_year, Bill.levy_type]]
    began: pd.Timestamp = mine["Posted"].max()
    out = []
    for place, one in zip(mine.index, mine.to_dict("records"), strict=True):
        tax = one[Adjustment.component] == "tax"
        entry = _entry("lien_tax" if tax else "lien_costs", began, one[Adjustment.amount], ADJUSTMENTS.name, int(place))
        if one[Adjustment.bill] in years.index:
            entry[Movement.levy_year], entry[Movement.levy_type] = years.loc[one[Adjustment.bill]]
        out.append(entry | {Movement.bill: one[Adjustment.bill], Movement.number: one[Adjustment.no]})
    if rest := whole - int(mine[Adjustment.amount].sum()):
        out.append(_entry("lien_costs", began, rest, CERTIFICATES.name, at))
    return began, out, whole


def _came_back(paid: pd.DataFrame) -> dict[str, list[tuple[str, pd.Timestamp, pd.Timestamp]]]:
    """The certificates that were redeemed or assigned until the money was returned: how, from which day, and to which day.

    The register no longer has them. The Cash Book has: so an earlier statement stays as it was.
    """
    back = paid[paid[CashLine.reverses] != ""].groupby(CashLine.reverses)["Posted"].max().to_dict()
    out: dict[str, list[tuple[str, pd.Timestamp, pd.Timestamp]]] = {}
    for kind, measure in ((REDEMPTION, "redeemed"), (ASSIGNMENT, "assigned")):
        money = paid[(paid[CashLine.for_] == kind) & paid[CashLine.receipt].isin(back)]
        for (number, receipt), lines in money.groupby([CashLine.for_no, CashLine.receipt], sort=False):
            days = (lines["Posted"].max(), back[receipt])
            if days[0] < days[1] and (measure, *days) not in out.setdefault(str(number), []):
                out[str(number)].append((measure, *days))
    return out


def _gone(row: Mapping[Hashable, Any], paid: pd.Series[Any]) -> tuple[pd.Timestamp | None, str]:
    """The day a certificate went off the town's books, and how: an assigned one was the buyer's when it was redeemed."""
    if how := ENDINGS.get(str(row[SaleCertificate.ended])):
        day = pd.Timestamp(row[SaleCertificate.ended_on])
        entered = row[SaleCertificate.ended_recorded]
        return (day if pd.isna(entered) else max(day, pd.Timestamp(entered))), how
    if pd.notna(row[SaleCertificate.redeemed]):
        day = pd.Timestamp(row[SaleCertificate.redeemed])
        return max(day, paid.get(row[SaleCertificate.certificate], day)), "redeemed"
    return None, ""


def _entry(measure: str, day: pd.Timestamp, amount: int, table: str, at: int) -> dict[str, object]:
    return {Movement.levy_year: 0, Movement.levy_type: "", Movement.levy_part: "", Movement.measure: measure, Movement.posted: day,
            Movement.rows: 1, Movement.amount: int(amount), Movement.table: table, Movement.at: at, Movement.number: "",
            Movement.bill: "", Movement.due: pd.NaT, Movement.mailed: pd.NaT}  # fmt: skip


# ---- the rows of a line in words -------------------------------------------------------------------------------------

_WORDS = {
    "received": "Cash Book, posted {window}, bill not yet due: Tax - Discount",
    "became_due": "Cash Book, posted earlier, bill first due {window}: Tax - Discount",
    "taken": "Cash Book, posted {window}: Total",
    "turned_over": "Turnover Slips, Date {window}: Amount",
    "trust_received": "Cash Book, Revenue Code of a trust fund, posted {window}: Total",
    "trust_paid": "Paid Out, For Trust, Date {window}: Amount, less those Voided {window}",
    "deposited": "Day Close, Closed On {window}: Total",
    "lien_tax": "Adjustments, Kind Transfer to Lien, Component tax, For Sale, {window}: Amount",
    "lien_costs": "Adjustments, Kind Transfer to Lien, other Components, For Sale, {window}, and the cost of sale on Certificates",
    "redeemed": "Certificates, no Holder, Redeemed {window}: Amount",
    **{measure: f"Certificates, Ended {how}, Ended On {{window}}: Amount" for how, measure in ENDINGS.items()},
    **{kind.lower(): f"Cash Book, posted {{window}}: {kind}" for kind in _KINDS},
}
_OPEN_WORDS = {
    "levies": "Duplicate, Balance as of {end}, as known that day",
    "advance": "Cash Book, posted by {end}, bill due later: Tax - Discount",
    "money": "Cash Book, posted {window}: Total",
    "turnover": "Cash Book, the lines on no slip by {end}: Total",
    "trust": "Cash Book, Revenue Code of a trust fund, the lines on no slip by {end}: Total, less Paid Out, For Trust",
    "deposits": "Cash Book, the lines in no deposit by {end}: Total",
    "liens": "Certificates, no Holder, sold and not redeemed or ended by {end}: Amount",
}


def found_by(line: Line, rule: Statement, period: Period) -> str:
    """The rows that a line adds up, in words. A filter on these rows gives the same sum."""
    if rule.about == "levies" and OPEN not in line.of:
        text = moves.found_by(line.of, period, rule.flows)
    else:
        words = {**_WORDS, OPEN: _OPEN_WORDS[rule.about], "opening": f"on hand at the end of {period.before}"}
        text = "; ".join(words[m] for m in line.of).format(window=f"{period.start} to {period.end}", end=period.end)
    only = [
        f"Levy Type {', '.join(line.types)}" if line.types else "",
        f"{line.years} levies" if line.years != "any" else "",
        "reductions that a resolution names" if line.resolved else "",
        f"due after {period.end}" if line.due_later else "",
        f"bills mailed in the last {some(line.months_old, 'month')}" if line.months_old else "",
    ]
    return "; only ".join([text, *filter(None, only)])


_SOURCES = {
    "advance": _advance,
    "money": _money,
    "turnover": _turnover,
    "deposits": _deposits,
    "liens": _liens,
    "trust": _trust,
}
