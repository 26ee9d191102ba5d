"""The bank reconciliation as of a day: the statement, what is on its way, what the bank knows and the book does not, and the difference.

The form is the one of Arkansas 14-237-111: the bank's balance and its date, deposits in transit with their receipts, outstanding
checks with number and payee, the reconciled balance, and the book's balance. No line is made up to close a difference. Each
amount that makes up a difference is named, and the last line says what nobody has named.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pandas as pd

from xltax.dates import add_months, short_date
from xltax.errors import BadValue
from xltax.money import Cents, usd
from xltax.office.controls import bank_items, bank_match
from xltax.office.controls.bank_items import MoneyBooks
from xltax.office.controls.bank_match import CHECK, DEPOSIT, RETURNED, TRANSIT_DAYS, Item, Line, Match
from xltax.tables import CashLine
from xltax.tables.bank import BankBalance, PaidOut, ReconciledLine
from xltax.tables.counter import BankLine
from xltax.tables.table import Table

STATEMENT, RECONCILED, BOOK, BOOK_RECONCILED = (
    "Bank statement balance",
    "Reconciled bank balance",
    "Book balance",
    "Reconciled book balance",
)
TRANSIT, ON_HAND, NOT_CHARGED, OUTSTANDING = (
    "Deposits in transit",
    "Received, not yet deposited",
    "Returned checks the bank has not charged",
    "Outstanding checks",
)
NOT_IN_BOOK, DIFFERENCE, NAMED, UNNAMED = (
    "On the statement, not in the book",
    "Difference",
    "What makes up the difference",
    "Not explained",
)
TOTALS = (STATEMENT, RECONCILED, BOOK, BOOK_RECONCILED, DIFFERENCE, UNNAMED)
STALE_CHECK_MONTHS = 6
"""After this a bank need not pay a check any more (Uniform Commercial Code 4-404): a stale check."""


@dataclass(frozen=True)
class Entry:
    """One line of the reconciliation."""

    section: str
    amount: Cents
    item: str = ""
    dated: dt.date | None = None
    detail: str = ""


@dataclass
class Reconciliation:
    """A reconciliation as of a day: its lines, what the bank's lines are for, and notes on old checks and changes."""

    as_of: dt.date
    statement_on: dt.date
    entries: list[Entry]
    match: Match
    notes: list[str] = field(default_factory=list)

    @property
    def look(self) -> list[str]:
        """What a person must look at: what makes up the difference, stale checks, and what changed since the last time."""
        return [*(f"{e.detail}: {usd(e.amount)}" for e in self.entries if e.section == NAMED), *self.notes]

    def total(self, section: str) -> Cents:
        """The sum of a section's lines."""
        return sum(e.amount for e in self.entries if e.section == section)

    @property
    def difference(self) -> Cents:
        return self.total(DIFFERENCE)

    @property
    def balance(self) -> Cents:
        """The reconciled bank balance."""
        return self.total(RECONCILED)


def reconcile(
    books: MoneyBooks,
    bank: Table[BankLine],
    balances: Table[BankBalance],
    as_of: dt.date,
    former: Table[ReconciledLine] | None = None,
) -> Reconciliation:
    """The reconciliation as of a day, from the last statement by that day.

    former: the earlier reconciliations, which this one must agree with. Raises BadValue without a statement balance or bank lines.
    """
    statement, base = _statement(balances, as_of), _base(balances, bank)
    start = base[BankBalance.date].date() if base is not None else None
    ends, balance = statement[BankBalance.date].date(), int(statement[BankBalance.balance])
    lines = bank_match.lines_of(bank, start, ends)
    if not lines and len(balances) < 2:
        raise BadValue(
            f"The Bank sheet has no lines through {ends}. The reconciliation is not done.",
            where="Bank",
            do="Run Import Bank with the bank's file, or type the lines of the statement.",
        )
    match = _matched(books, lines, start, as_of)
    opening = int(base[BankBalance.balance]) if base is not None else 0
    at_bank = _bank_side(books, match, start, as_of, Entry(STATEMENT, balance, dated=ends))
    in_book = _book_entries(books, match, start, as_of, opening)
    difference = at_bank[-1].amount - in_book[-1].amount
    gap = balance - opening - sum(line.amount for line in lines)
    named = [
        *_gap(gap, ends),
        *_apart(match),
        *_missing(match, start, ends),
        *_strangers(match),
        *_closes(books, start, as_of),
    ]
    rest = Entry(UNNAMED, difference - sum(e.amount for e in named))
    entries = [*at_bank, *in_book, Entry(DIFFERENCE, difference), *named, rest]
    done = Reconciliation(as_of, ends, entries, match, _stale(entries, as_of))
    if former is not None:
        done.notes += changed_since(former, books, bank, balances, as_of)
    return done


def _bank_side(books: MoneyBooks, match: Match, start: dt.date | None, as_of: dt.date, statement: Entry) -> list[Entry]:
    """From the statement balance to the reconciled bank balance."""
    assert statement.dated
    entries = [statement, *_on_the_way(match, start, statement.dated)]
    money = bank_items.received(books, start, as_of)
    entries += [_of(ON_HAND, item) for item in bank_items.not_deposited(books, money, as_of)]
    return [*entries, Entry(RECONCILED, sum(e.amount for e in entries), dated=as_of)]


def _book_entries(
    books: MoneyBooks, match: Match, start: dt.date | None, as_of: dt.date, opening: Cents
) -> list[Entry]:
    """From the book balance to the reconciled book balance."""
    money, paid = bank_items.received(books, start, as_of), _paid(books.paid_out, start, as_of)
    brought = _at_start(books, match, start)
    book = opening + brought + int(money[CashLine.total].sum()) - paid
    entries = [Entry(BOOK, book, dated=as_of, detail=_book_words(opening, brought, money, paid))]
    entries += [
        Entry(NOT_IN_BOOK, x.amount, x.reference, x.date, f"{x.word or 'Returned'}: {_todo(x)}")
        for x in match.lines
        if book_side(x)
    ]
    return [*entries, Entry(BOOK_RECONCILED, sum(e.amount for e in entries), dated=as_of)]


def book_side(line: Line) -> bool:
    """Whether a line is the bank's own business, which the book has not recorded: interest, a fee, a returned check."""
    return line.word in ("Interest", "Fee", "Returned") and not line.deposits


def _todo(line: Line) -> str:
    return {
        "Interest": "post the interest as other money",
        "Fee": "enter the fee on Paid Out",
    }.get(line.word, "run Reverse for the receipt")


def _statement(balances: Table[BankBalance], as_of: dt.date) -> pd.Series:
    by_then = balances.frame[balances[BankBalance.date] <= pd.Timestamp(as_of)]
    if not len(by_then):
        raise BadValue(
            f"There is no bank statement balance through {as_of}. The reconciliation is not done.",
            where="Bank Reconciliation, BankBalances",
            do="Run Import Bank, or enter the statement's date and ending balance.",
        )
    return by_then.sort_values(BankBalance.date).iloc[-1]


def _base(balances: Table[BankBalance], bank: Table[BankLine]) -> pd.Series | None:
    """The balance from which the lines count: that of a statement before the first line."""
    first = bank[BankLine.date].min() if len(bank) else pd.Timestamp.max
    early = balances.frame[balances[BankBalance.date] < first].sort_values(BankBalance.date)
    return early.iloc[0] if len(early) and len(balances) > 1 else None


def _matched(books: MoneyBooks, lines: list[Line], start: dt.date | None, as_of: dt.date) -> Match:
    """The book's items and the bank's lines, matched. Of what is older than the start, only what was then on its way."""
    every = bank_items.items(books, as_of)
    if start is not None:
        reach = add_months(start, -STALE_CHECK_MONTHS)
        named = {n for line in lines for n in (*line.deposits, line.reference)}
        near = start - dt.timedelta(days=TRANSIT_DAYS)
        every = [
            i for i in every if i.date > start or i.no in named or (i.kind == DEPOSIT and i.date > near) or (i.kind == CHECK and i.date > reach)
        ]  # fmt: skip
    return bank_match.match(every, [_as_returned(line, books.cash_book) for line in lines])


def _as_returned(line: Line, cash_book: Table[CashLine]) -> Line:
    """A negative line that names a receipt is a returned check, although nobody wrote Returned."""
    if (
        line.amount < 0
        and not line.deposit
        and line.reference
        and (cash_book[CashLine.receipt] == line.reference).any()
    ):
        return Line(line.at, line.date, line.amount, "Returned", line.reference, line.note)
    return line


def _at_start(books: MoneyBooks, match: Match, start: dt.date | None) -> Cents:
    """What was on its way at the start: items of earlier days that came through later, and money then still in the office."""
    if start is None:
        return 0
    early = [i for items, _ in (*match.pairs, *match.apart) for i in items if i.date <= start]
    money = bank_items.received(books, None, start)
    late = {
        i.no for items, _ in (*match.pairs, *match.apart) for i in items if i.kind == DEPOSIT and i.date > start
    } | {i.no for i in match.items if i.kind == DEPOSIT and i.date > start}
    held = money[money[CashLine.deposit].isin(late)]
    return sum(i.amount for i in early) + int(held[CashLine.total].sum())


def _paid(paid_out: Table[PaidOut], start: dt.date | None, as_of: dt.date) -> Cents:
    day = paid_out[PaidOut.date]
    stands = ~(paid_out[PaidOut.voided] <= pd.Timestamp(as_of)) & (day <= pd.Timestamp(as_of))
    if start is not None:
        stands &= day > pd.Timestamp(start)
    return int(paid_out.loc[stands, PaidOut.amount].sum())


def _book_words(opening: Cents, brought: Cents, money: pd.DataFrame, paid: Cents) -> str:
    start = f"{usd(opening)} at the start" + (f", {usd(brought)} then on its way" if brought else "")
    return f"{start}, {usd(int(money[CashLine.total].sum()))} received less returned checks, {usd(paid)} paid out"


def _of(section: str, item: Item) -> Entry:
    return Entry(section, item.amount, item.no, item.date, item.detail)


def is_missing(item: Item, ends: dt.date) -> bool:
    """Whether an item should have come through by the statement's end. A check may stay out as long as it likes."""
    return item.kind != CHECK and (ends - item.date).days > TRANSIT_DAYS


def _on_the_way(match: Match, start: dt.date | None, ends: dt.date) -> list[Entry]:
    sections = {DEPOSIT: TRANSIT, RETURNED: NOT_CHARGED, CHECK: OUTSTANDING}
    left = [i for i in match.items if (start is None or i.date > start) and not is_missing(i, ends)]
    return [_of(sections[kind], i) for kind in sections for i in left if i.kind == kind]


def _missing(match: Match, start: dt.date | None, ends: dt.date) -> list[Entry]:
    """Items that should be on the statement and are not: they are no longer in transit."""
    return [
        Entry(NAMED, -i.amount, i.no, i.date, f"{i.kind} {i.no} of {short_date(i.date)}, {i.detail}, has not reached the bank in {(ends - i.date).days} days")
        for i in match.items
        if (start is None or i.date > start) and is_missing(i, ends)
    ]  # fmt: skip


def _apart(match: Match) -> list[Entry]:
    """The same deposit or check with another amount at the bank."""
    out = []
    for items, lines in match.apart:
        ours, theirs = sum(i.amount for i in items), sum(line.amount for line in lines)
        why = "".join(f"; {i.note}" for i in items if i.note)
        what = f"{bank_match.named(items)}: the book has {usd(ours)}, the bank {usd(theirs)} on {short_date(lines[-1].date)}{why}"
        out.append(Entry(NAMED, theirs - ours, items[0].no, lines[-1].date, what))
    return out


def _strangers(match: Match) -> list[Entry]:
    """Lines of the bank that belong to nothing in the book, and of which nobody has said what they are."""
    return [
        Entry(NAMED, x.amount, x.reference, x.date, f"bank line of {short_date(x.date)}{f', {x.note}' if x.note else ''}, is not in the book")
        for x in match.lines
        if not book_side(x)
    ]  # fmt: skip


def _gap(gap: Cents, ends: dt.date) -> list[Entry]:
    if not gap:
        return []
    what = "the lines on Bank do not add up to the statement balance. Enter the balance before the first line, or the lines that are missing"
    return [Entry(NAMED, gap, "", ends, what)]


def _closes(books: MoneyBooks, start: dt.date | None, as_of: dt.date) -> list[Entry]:
    """Deposits whose receipts in the Cash Book are not what was closed."""
    now = bank_items.money_lines(books.cash_book).groupby(CashLine.deposit)[CashLine.total].sum()
    made = [i for i in bank_items.items(books, as_of) if i.kind == DEPOSIT and (start is None or i.date > start)]
    return [
        Entry(NAMED, i.amount - int(now.get(i.no, 0)), i.no, i.date, f"deposit {i.no}: the Cash Book now has {usd(int(now.get(i.no, 0)))}, the close had {usd(i.amount)}")
        for i in made
        if i.amount != int(now.get(i.no, 0))
    ]  # fmt: skip


def _stale(entries: list[Entry], as_of: dt.date) -> list[str]:
    return [
        f"check {e.item} to {e.detail} of {short_date(e.dated)}, {usd(-e.amount)}, is older than {STALE_CHECK_MONTHS} months. Stop the check, and treat the money as a credit"
        for e in entries
        if e.section == OUTSTANDING and e.dated and as_of > add_months(e.dated, STALE_CHECK_MONTHS)
    ]  # fmt: skip


def changed_since(
    former: Table[ReconciledLine],
    books: MoneyBooks,
    bank: Table[BankLine],
    balances: Table[BankBalance],
    as_of: dt.date,
) -> list[str]:
    """What is otherwise than in the last reconciliation: its balances, its items in transit, its outstanding checks."""
    earlier = former.frame[former[ReconciledLine.as_of] < pd.Timestamp(as_of)]
    if not len(earlier):
        return []
    last = earlier[earlier[ReconciledLine.no] == earlier[ReconciledLine.no].max()]
    then = last[ReconciledLine.as_of].iloc[0].date()
    rows = last.to_dict("records")
    again = reconcile(books, bank, balances, then)
    said = [
        f"the {name.lower()} of {short_date(then)} was {usd(was)} in the reconciliation of that day and is now {usd(again.total(name))}"
        for name in (STATEMENT, BOOK)
        if (was := sum(int(r[ReconciledLine.amount]) for r in rows if r[ReconciledLine.section] == name))
        != again.total(name)
    ]
    now = {(i.kind, i.no): i.amount for i in bank_items.items(books, then)}
    for r in rows:
        kind, no, was = (
            _KIND_OF.get(r[ReconciledLine.section], ""),
            r[ReconciledLine.item],
            int(r[ReconciledLine.amount]),
        )
        amount = now.get((kind, no))
        if kind and amount != was:
            what = "is no longer in the book" if amount is None else f"is now {usd(abs(amount))}"
            said.append(f"{kind} {no} was {usd(abs(was))} in the reconciliation of {short_date(then)} and {what}")
    return said


_KIND_OF = {TRANSIT: DEPOSIT, OUTSTANDING: CHECK, NOT_CHARGED: RETURNED}
