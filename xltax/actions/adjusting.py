"""Every change to what is owed: adjustments, waivers, appeals and refunds, each with its authority and its seal."""

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
from xltax.ledger.ties import UNTIED, Tie
from xltax.money import Cents, usd
from xltax.office.adjusting import adjustment_register
from xltax.office.counter.payment_check import PAYMENTS, Payment
from xltax.tables import ADJUSTMENT_KINDS, REFUND, Adjustment, CashLine
from xltax.tables.kinds import OFFSET
from xltax.tables.replayed import OpenInstallment, Posting
from xltax.tables.table import Table
from xltax.wording import reallocated, some

Reason = Annotated[str, Input("The reason, as an auditor will read it.")]
Authority = Annotated[str, Input("The resolution or statute.")]
ApprovedBy = Annotated[str, Input("Who approved the adjustment.")]


@action(
    "Enter an adjustment: an abatement, correction, added amount, cost or transfer to lien, with its "
    "reason, authority and approver.",
    desk="Adjustments",
)
def adjust(
    book: Book,
    bill: Annotated[str, Input("The bill to adjust.")],
    kind: Annotated[
        str, Input("Abatement, Cancellation, Correction Down, Correction Up, Cost and so on; see Adjustments.")
    ],
    amount: Annotated[Cents, Input("The amount, above zero. The kind decides whether the bill goes up or down.")],
    reason: Reason,
    authority: Authority,
    approved_by: ApprovedBy,
    inst: Annotated[int, Input("The installment (default: 1).")] = 1,
    part: Annotated[str, Input("The part of the levy, where there is more than one.")] = "",
    component: Annotated[str, Input("tax, interest, penalty or costs (default: the usual one for this kind).")] = "",
    effective: Annotated[dt.date | None, Input("The day the adjustment takes effect (default: today).")] = None,
    today: Today = None,
) -> Done:
    today = today or dt.date.today()
    known = {k.lower(): k for k in ADJUSTMENT_KINDS}
    kind = known.get(kind.lower(), kind)
    if kind == REFUND:
        raise BadValue("Adjust does not enter refunds.", where="kind", do="Use the Refund task.")
    entry = adjustment_register.Entry(
        bill, kind, amount, effective or today, reason, authority, approved_by, inst, part, component.lower()
    )
    return enter(Desk.of(book), entry, today)


@action(
    "Waive interest, penalty or costs where the law allows a waiver. Enter the reason and the authority.",
    desk="Adjustments",
)
def waive(
    book: Book,
    bill: Annotated[str, Input("The bill.")],
    amount: Annotated[Cents, Input("The amount to waive.")],
    reason: Reason,
    authority: Authority,
    approved_by: ApprovedBy,
    inst: Annotated[int, Input("The installment (default: 1).")] = 1,
    part: Annotated[str, Input("The part of the levy, where there is more than one.")] = "",
    component: Annotated[str, Input("interest, penalty or costs (default: interest).")] = "",
    today: Today = None,
) -> Done:
    today = today or dt.date.today()
    entry = adjustment_register.Entry(
        bill, "Waiver", amount, today, reason, authority, approved_by, inst, part, component or "interest"
    )
    return enter(Desk.of(book), entry, today)


def enter(desk: Desk, entry: adjustment_register.Entry, today: dt.date) -> Done:
    """Checks and posts one adjustment, and reports what changed."""
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
    text = f"{number}: {entry.kind} of {usd(entry.amount)} posted on bill {entry.bill}, installment {entry.inst}. Total due on {today}: {usd(was)} before, {usd(now)} now."
    return Done(text + reallocated(moved), rows=1, total=entry.amount)


def _due(ledger: Ledger, bill: str) -> Cents:
    return int(ledger.balances.loc[ledger.balances[OpenInstallment.bill] == bill, OpenInstallment.total].sum())


@action(
    "Apply an appeal judgment. The year's tax goes down from each due date. Interest and penalty are "
    "recalculated, and the difference is posted.",
    desk="Adjustments",
)
def appeal(
    book: Book,
    bill: Annotated[str, Input("The bill for the year under appeal.")],
    year_tax: Annotated[Cents, Input("The year's tax under the judgment.")],
    authority: Annotated[str, Input("The court or board, docket and date.")],
    approved_by: Annotated[str, Input("Who approved this entry.")],
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    for name, text in (("authority", authority), ("approved_by", approved_by)):
        if not text.strip():
            raise BadValue("This field is required.", where=name)
    result = adjustment_register.appeal(
        bill, year_tax, desk.facts, desk.town, today, authority, approved_by, "appeal won"
    )
    group = str(result.before[OpenInstallment.group].iloc[0])
    applied = [_applied(desk.ledger(today), group)]
    rows = adjustment_register.rows(result.entries, desk.adjustments, today)
    desk.append(rows)
    applied.append(_applied(desk.ledger(today), group))
    paid = pd.DataFrame([("before", *applied[0]), ("now", *applied[1])])
    moved = desk.reallocate(today, f"judgment on bill {bill}")
    desk.refresh(desk.as_of())
    page = adjustment_register.appeal_page(desk.office, bill, result, paid, today, authority, desk.collector)
    down = int(rows[Adjustment.amount].sum())
    file = desk.issue(f"judgment {bill}", [page], "judgment", f"{bill}, {rows[Adjustment.no].iloc[0]}", down)
    desk.log("appeal", f"bill {bill}: {rows[Adjustment.no].iloc[0]} to {rows[Adjustment.no].iloc[-1]}", len(rows), down)
    freed = result.credit_after - result.credit_before
    interest = (applied[0][1] + applied[0][2]) - (applied[1][1] + applied[1][2])
    return Done(
        f"Bill {bill}: the tax is {usd(down)} lower from each due date ({some(len(rows), 'correction')}). Payments now cover {usd(interest)} "
        f"less interest and penalty. The credit is {usd(freed)} higher. {some(moved, 'Reallocation line')} posted. The figures are in {file}.",
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


def pay_out(
    desk: Desk, account: str, amount: Cents, words: tuple[str, str, str], today: dt.date, tie: Tie = UNTIED
) -> Table[Adjustment]:
    """Enters a refund of an account's credit, and gives its row. words: reason, authority and approver."""
    ledger = desk.ledger(today)
    mine = ledger.balances[ledger.balances[OpenInstallment.account] == account]
    if not len(mine):
        raise BadValue(
            f'Account "{account}" has no bill on the Duplicate.', where="account", do="Correct the account number."
        )
    last = mine.iloc[-1]
    inst, part = int(last[OpenInstallment.inst]), str(last[OpenInstallment.part])
    entry = adjustment_register.Entry(
        str(last[OpenInstallment.bill]), REFUND, amount, today, *words, inst, part, tie=tie
    )  # fmt: skip
    adjustment_register.check(entry, desk.facts, desk.town, ledger)
    row = adjustment_register.rows([entry], desk.adjustments, today)
    desk.append(row)
    return row


@action(
    "Refund credit, or move credit to another account of the same payer. The amount cannot exceed the credit.",
    desk="Adjustments",
)
def refund(
    book: Book,
    account: Annotated[str, Input("The account that has the credit.")],
    amount: Annotated[Cents, Input("The amount to refund or move.")],
    reason: Reason,
    authority: Authority,
    approved_by: ApprovedBy,
    to_account: Annotated[str, Input("For an offset: the account that receives the credit.")] = "",
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    row = pay_out(desk, account, amount, (reason, authority, approved_by), today)
    number = row[Adjustment.no].iloc[0]
    text = f"{number}: {usd(amount)} of account {account}'s credit was "
    if to_account:
        payment = {Payment.account: to_account, Payment.amount: amount, Payment.received: today, Payment.effective: today, Payment.tender: "Transfer",
                   Payment.note: f"offset {number} from account {account}"}  # fmt: skip
        rows = counter.post_rows(desk, Table.entered(PAYMENTS, [payment]), today, [Tie(OFFSET, number)], again=True)
        text += f"moved to account {to_account} as receipt {rows[CashLine.receipt].iloc[0]}."
    else:
        text += "refunded."
    moved = desk.reallocate(today, f"adjustment {number}")
    desk.refresh(desk.as_of())
    desk.log("offset" if to_account else "refund", f"{number}, account {account}", 1, amount)
    return Done(text + reallocated(moved), rows=1, total=amount)
