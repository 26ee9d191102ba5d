"""Changes to what is owed: adjustments, waivers, won appeals, refunds; each with its authority, each sealed."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import pandas as pd

from xltax.actions import counter
from xltax.actions.desk import Desk
from xltax.actions.inputs import Today
from xltax.declare import Done, Input, action
from xltax.errors import BadValue
from xltax.hosts.port import Book
from xltax.ledger.replay import Ledger
from xltax.ledger.ties import Tie
from xltax.money import Cents, dollars
from xltax.office.adjusting import adjustment_register
from xltax.office.counter.posting import PAYMENTS, Payment
from xltax.tables import ADJUSTMENT_KINDS, REFUND, Adjustment, CashLine
from xltax.tables.kinds import OFFSET
from xltax.tables.replayed import LeftOver, OpenInstallment, Posting
from xltax.tables.table import Table

Reason = Annotated[str, Input("Why, in words an auditor accepts.")]
Authority = Annotated[str, Input("The resolution or statute.")]
ApprovedBy = Annotated[str, Input("Who approved it.")]


@action(
    "Enter an adjustment: an abatement, correction, added amount, cost or transfer to lien, with its "
    "reason, authority and approver.",
    desk="Adjustments",
)
def adjust(
    book: Book,
    bill: Annotated[str, Input("The bill it changes.")],
    kind: Annotated[
        str, Input("Abatement, Cancellation, Correction Down, Correction Up, Cost and so on; see Adjustments.")
    ],
    amount: Annotated[Cents, Input("Always above zero; the kind says whether it lowers or raises.")],
    reason: Reason,
    authority: Authority,
    approved_by: ApprovedBy,
    inst: Annotated[int, Input("The installment; left out: 1.")] = 1,
    part: Annotated[str, Input("The part of the levy, where there is more than one.")] = "",
    component: Annotated[str, Input("tax, interest, penalty or costs; left out: what the kind is about.")] = "",
    effective: Annotated[dt.date | None, Input("The day it counts from; left out: today.")] = None,
    today: Today = None,
) -> Done:
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
    desk="Adjustments",
)
def waive(
    book: Book,
    bill: Annotated[str, Input("The bill.")],
    amount: Annotated[Cents, Input("How much is waived.")],
    reason: Reason,
    authority: Authority,
    approved_by: ApprovedBy,
    inst: Annotated[int, Input("The installment; left out: 1.")] = 1,
    part: Annotated[str, Input("The part of the levy, where there is more than one.")] = "",
    component: Annotated[str, Input("interest (left out), penalty or costs.")] = "",
    today: Today = None,
) -> Done:
    today = today or dt.date.today()
    entry = adjustment_register.Entry(
        bill, "Waiver", amount, today, reason, authority, approved_by, inst, part, component or "interest"
    )
    return enter(Desk.of(book), entry, today)


def enter(desk: Desk, entry: adjustment_register.Entry, today: dt.date) -> Done:
    """Posts one adjustment after all the checks on it, and says what it changed."""
    facts = desk.facts
    adjustment_register.check(entry, facts, desk.town, desk.ledger(entry.effective))
    before = desk.ledger(today)
    row = adjustment_register.rows([entry], desk.adjustments, today)
    desk.append(row)
    number = row[Adjustment.no].iloc[0]
    moved = desk.reallocate(today, f"adjustment {number}")
    desk.refresh(desk.as_of())
    desk.log("adjust", f"{number} {entry.kind}, bill {entry.bill}/{entry.inst}", 1, entry.amount)
    was, now = _due(before, entry.bill), _due(desk.ledger(today), entry.bill)
    text = f"{number}: {entry.kind} of {dollars(entry.amount)} on bill {entry.bill}, installment {entry.inst}. Due on {today}: {dollars(was)} before, {dollars(now)} now."
    return Done(text + (f" {moved:,} lines changed how payments apply." if moved else ""), rows=1, total=entry.amount)


def _due(ledger: Ledger, bill: str) -> Cents:
    return int(ledger.balances.loc[ledger.balances[OpenInstallment.bill] == bill, OpenInstallment.total].sum())


@action(
    "Apply a judgment: the year's tax is lowered from each due date, interest and penalty are worked out "
    "anew, the difference is posted.",
    desk="Adjustments",
)
def appeal(
    book: Book,
    bill: Annotated[str, Input("The bill of the year appealed.")],
    year_tax: Annotated[Cents, Input("The year's tax by the judgment.")],
    authority: Annotated[str, Input("The court or board, docket and date.")],
    approved_by: Annotated[str, Input("Who entered it.")],
    today: Today = None,
) -> Done:
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
    desk.append(rows)
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
    return Done(
        f"Bill {bill}: tax lowered by {dollars(down)} from each due date ({len(rows)} corrections). Payments bear {dollars(interest)} less "
        f"interest and penalty; {dollars(freed)} more stands as credit. {moved:,} reallocation lines posted. The arithmetic: {file}.",
        rows=len(rows),
        total=down,
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
    desk="Adjustments",
)
def refund(
    book: Book,
    account: Annotated[str, Input("The account whose credit it is.")],
    amount: Annotated[Cents, Input("How much.")],
    reason: Reason,
    authority: Authority,
    approved_by: ApprovedBy,
    to_account: Annotated[str, Input("For an offset: the account it goes to.")] = "",
    today: Today = None,
) -> Done:
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
    desk.append(row)
    number = row[Adjustment.no].iloc[0]
    text = f"{number}: {dollars(amount)} of the credit of account {account} "
    if to_account:
        payment = {Payment.account: to_account, Payment.amount: amount, Payment.received: today, Payment.effective: today, Payment.tender: "Transfer",
                   Payment.note: f"offset {number} from account {account}"}  # fmt: skip
        rows = counter.post_rows(desk, Table.entered(PAYMENTS, [payment]), today, [Tie(OFFSET, number)])
        text += f"moved to account {to_account} as receipt {rows[CashLine.receipt].iloc[0]}."
    else:
        text += "paid back."
    moved = desk.reallocate(today, f"adjustment {number}")
    desk.refresh(desk.as_of())
    desk.log("offset" if to_account else "refund", f"{number}, account {account}", 1, amount)
    return Done(text + (f" {moved:,} lines changed how payments apply." if moved else ""), rows=1, total=amount)
