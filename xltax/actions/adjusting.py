"""Changes to what is owed: adjustments, waivers, won appeals, refunds; each with its authority, each sealed."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from xltax.actions import counter
from xltax.actions.desk import Desk
from xltax.actions.inputs import TODAY
from xltax.errors import BadValue
from xltax.hosts.port import Book
from xltax.hosts.registry import Input, action
from xltax.ledger.replay import Ledger
from xltax.ledger.ties import Tie
from xltax.money import Cents, dollars
from xltax.office.adjusting import adjustment_register
from xltax.office.counter.posting import Payment
from xltax.tables import ADJUSTMENT_KINDS, ADJUSTMENTS, REFUND, Adjustment, CashLine
from xltax.tables.kinds import OFFSET
from xltax.tables.reading import in_cents
from xltax.tables.replayed import LeftOver, OpenInstallment, Posting

_WHO = (
    Input("reason", "text", "Why, in words an auditor accepts."),
    Input("authority", "text", "The resolution or statute."),
    Input("approved_by", "text", "Who approved it."),
)


@action(
    "Enter an adjustment: an abatement, correction, added amount, cost or transfer to lien, with its reason, authority and approver.",
    Input("bill", "text", "The bill it changes."),
    Input("kind", "text", "Abatement, Cancellation, Correction Down, Correction Up, Cost and so on; see Adjustments."),
    Input("amount", "money", "Always above zero; the kind says whether it lowers or raises."),
    *_WHO,
    Input("inst", "count", "The installment; left out: 1.", optional=True),
    Input("part", "text", "The part of the levy, where there is more than one.", optional=True),
    Input("component", "text", "tax, interest, penalty or costs; left out: what the kind is about.", optional=True),
    Input("effective", "date", "The day it counts from; left out: today.", optional=True),
    TODAY,
)
def adjust(
    book: Book, bill: str, kind: str, amount: Cents, reason: str, authority: str, approved_by: str, inst: int = 1, part: str = "",
    component: str = "", effective: dt.date | None = None, today: dt.date | None = None,
) -> str:  # fmt: skip
    today = today or dt.date.today()
    known = {k.lower(): k for k in ADJUSTMENT_KINDS}
    kind = known.get(kind.lower(), kind)
    if kind == REFUND:
        raise BadValue("A refund has a task of its own.", where="kind", do="Use Refund.")
    entry = adjustment_register.Entry(
        bill, kind, amount, effective or today, reason, authority, approved_by, inst, part, component.lower()
    )
    return enter(Desk.of(book), entry, today)


@action(
    "Waive interest, penalty or costs: only what the town's law lets be waived, on its ground, with its authority.",
    Input("bill", "text", "The bill."),
    Input("amount", "money", "How much is waived."),
    *_WHO,
    Input("inst", "count", "The installment; left out: 1.", optional=True),
    Input("part", "text", "The part of the levy, where there is more than one.", optional=True),
    Input("component", "text", "interest (left out), penalty or costs.", optional=True),
    TODAY,
)
def waive(
    book: Book, bill: str, amount: Cents, reason: str, authority: str, approved_by: str, inst: int = 1, part: str = "",
    component: str = "", today: dt.date | None = None,
) -> str:  # fmt: skip
    today = today or dt.date.today()
    entry = adjustment_register.Entry(
        bill, "Waiver", amount, today, reason, authority, approved_by, inst, part, component or "interest"
    )
    return enter(Desk.of(book), entry, today)


def enter(desk: Desk, entry: adjustment_register.Entry, today: dt.date) -> str:
    """Posts one adjustment after all the checks on it, and says what it changed."""
    facts = desk.facts
    adjustment_register.check(entry, facts, desk.town, desk.ledger(entry.effective))
    before = desk.ledger(today)
    row = adjustment_register.rows([entry], desk.adjustments, today)
    desk.append(ADJUSTMENTS, row)
    number = row[Adjustment.no].iloc[0]
    moved = desk.reallocate(today, f"adjustment {number}")
    desk.refresh(desk.as_of())
    desk.log("adjust", f"{number} {entry.kind}, bill {entry.bill}/{entry.inst}", 1, entry.amount)
    was, now = _due(before, entry.bill), _due(desk.ledger(today), entry.bill)
    text = f"{number}: {entry.kind} of {dollars(entry.amount)} on bill {entry.bill}, installment {entry.inst}. Due on {today}: {dollars(was)} before, {dollars(now)} now."
    return text + (f" {moved:,} lines changed how payments apply." if moved else "")


def _due(ledger: Ledger, bill: str) -> Cents:
    return int(ledger.balances.loc[ledger.balances[OpenInstallment.bill] == bill, OpenInstallment.total].sum())


@action(
    "Apply a judgment: the year's tax is lowered from each due date, interest and penalty are worked out anew, the difference is posted.",
    Input("bill", "text", "The bill of the year appealed."),
    Input("year_tax", "money", "The year's tax by the judgment."),
    Input("authority", "text", "The court or board, docket and date."),
    Input("approved_by", "text", "Who entered it."),
    TODAY,
)
def appeal(
    book: Book, bill: str, year_tax: Cents, authority: str, approved_by: str, today: dt.date | None = None
) -> str:
    desk = Desk.of(book)
    today = today or dt.date.today()
    for name, text in (("authority", authority), ("approved_by", approved_by)):
        if not text.strip():
            raise BadValue("It is empty.", where=name)
    result = adjustment_register.appeal(
        bill, year_tax, desk.facts, desk.town, today, authority, approved_by, "appeal won"
    )
    group = str(result.before[LeftOver.group].iloc[0])
    applied = [_applied(desk.ledger(today), group)]
    rows = adjustment_register.rows(result.entries, desk.adjustments, today)
    desk.append(ADJUSTMENTS, rows)
    applied.append(_applied(desk.ledger(today), group))
    paid = pd.DataFrame([("before", *applied[0]), ("now", *applied[1])])
    moved = desk.reallocate(today, f"judgment on bill {bill}")
    desk.refresh(desk.as_of())
    page = adjustment_register.appeal_page(desk.office, bill, result, paid, today, authority, desk.collector)
    file = book.put_pages(f"judgment {bill}", [page])
    down = int(rows[Adjustment.amount].sum())
    desk.log("appeal", f"bill {bill}: {rows[Adjustment.no].iloc[0]} to {rows[Adjustment.no].iloc[-1]}", len(rows), down)
    freed = result.credit_after - result.credit_before
    interest = (applied[0][1] + applied[0][2]) - (applied[1][1] + applied[1][2])
    return (
        f"Bill {bill}: tax lowered by {dollars(down)} from each due date ({len(rows)} corrections). Payments bear {dollars(interest)} less "
        f"interest and penalty; {dollars(freed)} more stands as credit. {moved:,} reallocation lines posted. The arithmetic: {file}."
    )


def _applied(ledger: Ledger, group: str) -> tuple[int, ...]:
    """How payments apply to a group: tax, interest, penalty, costs."""
    accounts = set(ledger.balances.loc[ledger.balances[OpenInstallment.group] == group, OpenInstallment.account])
    mine = ledger.postings[
        ledger.postings[Posting.account].isin(accounts) & (ledger.postings[Posting.adjustment] == "")
    ]
    return tuple(int(mine[c].sum()) for c in ("Tax", "Interest", "Penalty", "Costs"))


@action(
    "Pay credit back, or move it to another account of the same payer: never more than the credit there is.",
    Input("account", "text", "The account whose credit it is."),
    Input("amount", "money", "How much."),
    *_WHO,
    Input("to_account", "text", "For an offset: the account it goes to.", optional=True),
    TODAY,
)
def refund(
    book: Book, account: str, amount: Cents, reason: str, authority: str, approved_by: str, to_account: str = "",
    today: dt.date | None = None,
) -> str:  # fmt: skip
    desk = Desk.of(book)
    today = today or dt.date.today()
    ledger = desk.ledger(today)
    mine = ledger.balances[ledger.balances[OpenInstallment.account] == account]
    if not len(mine):
        raise BadValue(f'There is no account "{account}" on the duplicate.', where="account")
    last = mine.iloc[-1]
    entry = adjustment_register.Entry(
        str(last[OpenInstallment.bill]),
        REFUND,
        amount,
        today,
        reason,
        authority,
        approved_by,
        int(last[OpenInstallment.inst]),
        str(last[OpenInstallment.part]),
    )
    adjustment_register.check(entry, desk.facts, desk.town, ledger)
    row = adjustment_register.rows([entry], desk.adjustments, today)
    desk.append(ADJUSTMENTS, row)
    number = row[Adjustment.no].iloc[0]
    text = f"{number}: {dollars(amount)} of the credit of account {account} "
    if to_account:
        payment = {Payment.account: to_account, Payment.amount: amount, Payment.received: today, Payment.effective: today, Payment.tender: "Transfer",
                   Payment.note: f"offset {number} from account {account}"}  # fmt: skip
        rows = counter.post_rows(desk, in_cents([payment]), today, [Tie(OFFSET, number)])
        text += f"moved to account {to_account} as receipt {rows[CashLine.receipt].iloc[0]}."
    else:
        text += "paid back."
    moved = desk.reallocate(today, f"adjustment {number}")
    desk.refresh(desk.as_of())
    desk.log("offset" if to_account else "refund", f"{number}, account {account}", 1, amount)
    return text + (f" {moved:,} lines changed how payments apply." if moved else "")
