"""Credits by age, and unclaimed money: the list, the letter to the owner, the report to the State, and the entry."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import numpy as np
import pandas as pd

from xltax.actions.adjusting import ApprovedBy, Authority, pay_out
from xltax.actions.desk import Desk
from xltax.actions.inputs import Today
from xltax.actions.log_in import user
from xltax.declare import Done, Input, action
from xltax.errors import BadValue, LawNotEncoded
from xltax.hosts.port import Book
from xltax.law.custody import Unclaimed
from xltax.law.profile import Rule
from xltax.ledger.facts import by_number, closed_days_of
from xltax.ledger.ties import Tie
from xltax.money import Cents, usd
from xltax.office.collection import credits, unclaimed
from xltax.office.collection.credits import ABANDONED, LETTER, ONE_YEAR, REFUND_DUE, REPORT
from xltax.office.collection.unclaimed import Account
from xltax.office.sharing import confidential
from xltax.tables.bank import PAID_OUT, AgedCredit
from xltax.tables.enforcement import NOTICES, TEXTS, Notice
from xltax.tables.kinds import ESCHEAT
from xltax.tables.office import INQUIRIES
from xltax.tables.table import Table
from xltax.wording import some

_ANSWER_DAYS = 60
"""How long an owner has to answer the letter, where the letter gives no other day."""


@action(
    "List credits and uncashed refund checks by age, with refund deadlines and the day each is presumed abandoned. "
    "On request, write the letters and the report to the State.",
    desk="Adjustments",
    label="Credits by age",
)
def list_credits(
    book: Book,
    as_of: Annotated[dt.date | None, Input("The date of the list.", cell="as_of")] = None,
    letters: Annotated[
        bool, Input("Yes to write to each owner whose money is a year old or older and who has no letter yet.")
    ] = False,
    report: Annotated[
        bool, Input("Yes to write the report file for the State, of all money presumed abandoned.")
    ] = False,
    respond_by: Annotated[dt.date | None, Input("The deadline in the letter (default: 60 days).")] = None,
) -> Done:
    desk = Desk.of(book)
    day = desk.as_of(as_of)
    rows = _aged(desk, day)
    written = 0
    if letters:
        notices = _letters(desk, rows, day, respond_by or day + dt.timedelta(days=_ANSWER_DAYS))
        written = len(notices)
        desk.append(notices)
        rows = _aged(desk, day)
    sent = _report(desk, rows, day) if report else ""
    rows = _aged(desk, day) if report else rows
    book.replace_rows("AgedCredits", rows.frame)
    rule = desk.town.find(Unclaimed, day)
    law, authority = _law(rule, desk.town.name)
    total = int(rows[AgedCredit.amount].sum())
    page = unclaimed.page(rows, day, desk.office, law, authority)
    name = desk.issue(f"credits {day}", [page], "list", f"credits as of {day}", total)
    desk.log("credits", f"as of {day}", len(rows), total)
    said = [f"{some(len(rows), 'credit')}, {usd(total)}, as of {day}. The list is in {name}."]
    if letters:
        said.append(f"{some(written, 'letter')} written.")
    said += [sent] if sent else []
    said += [law] if rule is None else []
    look = tuple(
        f"{stage}: {some(len(mine), 'credit')}, {usd(int(mine[AgedCredit.amount].sum()))}"
        for stage in (REFUND_DUE, ONE_YEAR, ABANDONED)
        if len(mine := rows[rows[AgedCredit.stage] == stage])
    )
    return Done("\n".join([" ".join(said), *look]), look, len(rows), total)


def _aged(desk: Desk, day: dt.date) -> Table[AgedCredit]:
    books = credits.CreditBooks(
        desk.cash_book, desk.adjustments, desk.duplicate, desk.parcels, desk.register(NOTICES), desk.register(INQUIRIES),
        desk.register(PAID_OUT, derived=True), desk.town, closed_days_of(desk.town, day, desk.closed_days),
    )  # fmt: skip
    return credits.aged(books, desk.ledger(day))


def _law(rule: Rule[Unclaimed] | None, town: str) -> tuple[str, str]:
    """What the law says of unclaimed money, and its authority; or plainly that it is not encoded."""
    if rule is None:
        return (
            f"The years until money is unclaimed are not encoded for {town}. Ask the State, and add a rule named unclaimed to the Rules.",
            "",
        )
    return rule.words(), rule.authority()


def _letters(desk: Desk, rows: Table[AgedCredit], day: dt.date, respond_by: dt.date) -> Table[Notice]:
    """Writes the letters, and gives their rows for Notices."""
    bare = rows.where(rows[AgedCredit.notice_on].isna())
    owners = unclaimed.accounts(bare, desk.parcels, (ONE_YEAR, ABANDONED))
    texts = desk.table(TEXTS)
    if not (texts["Letter"].str.lower() == LETTER).any():
        raise BadValue(
            f'The Texts sheet has no letter "{LETTER}".',
            where="Texts, Letter",
            do="Add the letter, then run the task again.",
        )
    if owners:
        pages = unclaimed.letters(owners, texts, desk.office, desk.contact, desk.collector, day, respond_by)
        desk.issue(f"letters {LETTER} {day}", pages, "letter run", f"{LETTER} of {day}")
    return _logged(desk, owners, LETTER, day, "Mail", respond_by)


def _report(desk: Desk, rows: Table[AgedCredit], day: dt.date) -> str:
    """Writes the report file, logs each account in Notices, and says what it did."""
    rule = desk.town.find(Unclaimed, day)
    if rule is None:
        raise LawNotEncoded(
            f"{desk.town.name} has no rule for unclaimed money on {day}.",
            where=desk.town.id,
            do="Ask the State, and add a rule named unclaimed with its authority to the Rules.",
        )
    owners = unclaimed.accounts(rows, desk.parcels, (ABANDONED,))
    _refuse_without_letter(rows, rule.params, day)
    if not owners:
        return "Nothing is presumed abandoned. No report was written."
    name = desk.book.put_file(
        f"unclaimed report {day}.csv", unclaimed.report_csv(owners, rule.params).encode("utf-8-sig")
    )
    desk.append(_logged(desk, owners, REPORT, day, "Report", None))
    by = credits.report_day(rule.params, day)
    said = f"Report of {some(len(owners), 'account')}, {usd(sum(o.amount for o in owners))}, to {rule.params.report_to}: {name}."
    said += f" It is due by {by}." if by else ""
    return said + (
        " The file names protected persons. Send it only to the State." if confidential.anybody(desk.roll) else ""
    )


def _refuse_without_letter(rows: Table[AgedCredit], rule: Unclaimed, day: dt.date) -> None:
    """Refuses to report or pay money before the owner has had the letter that the law asks for."""
    if not rule.notice_months:
        return
    since = np.datetime64(day - dt.timedelta(days=31 * rule.notice_months), "s")
    mine = rows[(rows[AgedCredit.stage] == ABANDONED) & ~(rows[AgedCredit.notice_on] >= since)]
    if len(mine):
        raise BadValue(
            f"Account {mine[AgedCredit.account].iloc[0]} has had no letter in the last {rule.notice_months} months.",
            where="Notices",
            do="Run Credits by Age with letters, and wait for the owner's answer.",
        )


def _logged(
    desk: Desk, owners: list[Account], kind: str, day: dt.date, how: str, respond_by: dt.date | None
) -> Table[Notice]:
    held = desk.register(NOTICES)
    first = 1 + max((int(n[0][1]) for n in map(by_number, held[Notice.no]) if n and n[0][0] == 0), default=0)
    return Table.made(
        NOTICES,
        [
            {
                Notice.no: str(first + n), Notice.kind: kind, Notice.mailed: np.datetime64(day, "s"), Notice.account: one.account,
                Notice.owner: one.owner, Notice.amount: one.amount, Notice.respond_by: np.datetime64(respond_by or "NaT", "s"),
                Notice.method: how, Notice.by: user(),
            }
            for n, one in enumerate(owners)
        ],
    )  # fmt: skip


@action(
    "Take a credit out of the books when it is paid to the State as unclaimed money. Only money presumed abandoned can go.",
    desk="Adjustments",
)
def escheat(
    book: Book,
    account: Annotated[str, Input("The account that has the credit.")],
    authority: Authority,
    approved_by: ApprovedBy,
    amount: Annotated[Cents | None, Input("The amount paid (default: all that is presumed abandoned).")] = None,
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    rows = _aged(desk, today)
    rule = desk.town.find(Unclaimed, today)
    mine = rows.where(rows[AgedCredit.account] == account)
    most = unclaimed.abandoned(rows, account)
    amount = most if amount is None else amount
    if not most or amount > most:
        stages = ", ".join(dict.fromkeys(mine[AgedCredit.stage])) or "no credit"
        raise BadValue(
            f"{usd(most)} of account {account} is presumed abandoned ({stages}).",
            where="amount",
            do="Run Credits by Age. Refund money that is not abandoned to its owner.",
        )
    if rule:
        _refuse_without_letter(mine, rule.params, today)
    since = mine[AgedCredit.since].min()
    reason = f"unclaimed since {'' if pd.isna(since) else since.date()}, paid to {rule.params.report_to if rule else 'the State'}"
    row = pay_out(desk, account, amount, (reason, authority, approved_by), today, Tie(ESCHEAT, str(today.year)))
    number = str(row["No"].iloc[0])
    moved = desk.reallocate(today, f"adjustment {number}")
    desk.refresh(desk.as_of())
    desk.log("escheat", f"{number}, account {account}", 1, amount)
    text = f"{number}: {usd(amount)} of account {account}'s credit was paid to the State as unclaimed money. Enter the check on Paid Out: For Refund, For No {number}."
    return Done(text + (f" {some(moved, 'Reallocation line')} posted." if moved else ""), rows=1, total=amount)
