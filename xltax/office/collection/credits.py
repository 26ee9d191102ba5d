"""Credits by age: each part of an account's credit by the day it became one, and its steps toward unclaimed money.

The amount is the replay's. The days come from the Cash Book: credit that is used is used oldest first, so what stands is
the newest money that came in.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from xltax.dates import ClosedDays, add_months, on_month_day
from xltax.law.custody import Unclaimed
from xltax.law.enforcement import Deadline
from xltax.law.profile import Profile
from xltax.ledger.replay import Ledger
from xltax.money import Cents
from xltax.tables import REVERSAL, TAX_PAYMENTS, Adjustment, Bill, CashLine, Parcel
from xltax.tables.bank import AGED_CREDITS, AgedCredit, PaidOut
from xltax.tables.bank import REFUND as PAYS_REFUND
from xltax.tables.enforcement import Notice
from xltax.tables.kinds import APPEAL, PREPAYMENT, REALLOCATION
from xltax.tables.office import Inquiry
from xltax.tables.replayed import LeftOver, OpenInstallment
from xltax.tables.table import Table

LETTER, REPORT = "unclaimed", "unclaimed report"
"""What Notices calls the letter to the owner, and the report to the State."""
HELD, REFUND_DUE, ONE_YEAR, NOTICE_SENT, ABANDONED, REPORTED = (
    "held",
    "refund due",
    "one year",
    "notice sent",
    "presumed abandoned",
    "reported",
)
STAGES = (HELD, REFUND_DUE, ONE_YEAR, NOTICE_SENT, ABANDONED, REPORTED)


@dataclass(frozen=True)
class CreditBooks:
    """The tables that tell when a credit came to be, and when its owner was last heard of."""

    cash_book: Table[CashLine]
    adjustments: Table[Adjustment]
    duplicate: Table[Bill]
    roll: Table[Parcel]
    notices: Table[Notice]
    inquiries: Table[Inquiry]
    paid_out: Table[PaidOut]  # with the day each check cleared
    town: Profile
    closed: ClosedDays


@dataclass(frozen=True)
class Part:
    """Money that became a credit on one day. kind: which refund deadline counts, such as appeal_refund."""

    account: str
    amount: Cents
    since: dt.date | None
    source: str
    kind: str
    check: str = ""


def parts(books: CreditBooks, ledger: Ledger) -> list[Part]:
    """Every part of every credit on the ledger's day, oldest first, and every refund check that the bank has not paid."""
    group_of = dict(zip(ledger.balances[OpenInstallment.account], ledger.balances[OpenInstallment.group], strict=True))
    came = _came_in(books, ledger.as_of, group_of)
    found: list[Part] = []
    for r in ledger.credits.to_dict("records"):
        found += _newest(came[r[LeftOver.group]], int(r[LeftOver.credit]) + int(r[LeftOver.refund]), r[LeftOver.group])
    return [*found, *_checks(books, ledger.as_of)]


def _came_in(books: CreditBooks, as_of: dt.date, group_of: Mapping[str, str]) -> dict[str, list[Part]]:
    """What became a credit of each group, in the order of the days."""
    book = books.cash_book.frame
    taken_back = set(book.loc[book[CashLine.kind] == REVERSAL, CashLine.reverses])
    day = book[CashLine.received].where(
        book[CashLine.kind] != "Opening", book[CashLine.effective].fillna(book[CashLine.received])
    )
    mine = book[(book[CashLine.overpaid] > 0) & (day <= pd.Timestamp(as_of)) & ~book[CashLine.receipt].isin(taken_back)]
    judged = _judged(books)
    out: defaultdict[str, list[Part]] = defaultdict(list)
    for at, r in zip(mine.index, mine.to_dict("records"), strict=True):
        kind = "credit_refund"
        if r[CashLine.kind] == PREPAYMENT:
            kind = "prepayment_refund"
        account = r[CashLine.account]
        if r[CashLine.kind] == REALLOCATION and (account, r[CashLine.recorded]) in judged:
            kind = "appeal_refund"
        part = Part(account, int(r[CashLine.overpaid]), day[at].date(), r[CashLine.receipt], kind)
        out[group_of.get(account, account)].append(part)
    for rows in out.values():
        rows.sort(key=lambda part: part.since or as_of)
    return out


def _judged(books: CreditBooks) -> set[tuple[str, pd.Timestamp]]:
    """The accounts and days on which a judgment lowered a tax: the credit of that day comes from it."""
    account_of = dict(zip(books.duplicate[Bill.bill], books.duplicate[Bill.account], strict=True))
    appeals = books.adjustments[books.adjustments[Adjustment.for_] == APPEAL]
    return {
        (account_of.get(b, ""), d) for b, d in zip(appeals[Adjustment.bill], appeals[Adjustment.recorded], strict=True)
    }


def _newest(came: list[Part], open_: Cents, group: str) -> list[Part]:
    """The newest parts that make up an open credit. What no line accounts for has no day."""
    found: list[Part] = []
    for part in reversed(came):
        if open_ <= 0:
            break
        amount = min(part.amount, open_)
        open_ -= amount
        found.append(Part(part.account, amount, part.since, part.source, part.kind))
    if open_ > 0:
        found.append(Part(came[0].account if came else group, open_, None, "", "credit_refund"))
    return found[::-1]


def _checks(books: CreditBooks, as_of: dt.date) -> Iterator[Part]:
    """Refund checks that were written and not paid by the bank: the money is still the owner's."""
    bill_of = dict(zip(books.adjustments[Adjustment.no], books.adjustments[Adjustment.bill], strict=True))
    account_of = dict(zip(books.duplicate[Bill.bill], books.duplicate[Bill.account], strict=True))
    for r in books.paid_out.records():
        gone = [d.date() for d in (r[PaidOut.voided], r[PaidOut.cleared]) if not pd.isna(d)]
        if r[PaidOut.for_] == PAYS_REFUND and r[PaidOut.date].date() <= as_of and not any(d <= as_of for d in gone):
            account = account_of.get(bill_of.get(r[PaidOut.for_no], ""), "")
            yield Part(account, int(r[PaidOut.amount]), r[PaidOut.date].date(), r[PaidOut.for_no], "", r[PaidOut.no])


def aged(books: CreditBooks, ledger: Ledger) -> Table[AgedCredit]:
    """The list of credits: each part with its age, the last contact, its deadlines, and its stage."""
    facts = _Facts(books, ledger)
    rows = [facts.row(part) for part in parts(books, ledger)]
    return Table.made(AGED_CREDITS, sorted(rows, key=lambda r: (r[AgedCredit.since], r[AgedCredit.account])))


class _Facts:
    """What the rows of the list need to know of each account, looked up once."""

    def __init__(self, books: CreditBooks, ledger: Ledger) -> None:
        self.books, self.as_of = books, ledger.as_of
        self.owners = dict(zip(books.roll[Parcel.account], books.roll[Parcel.owner], strict=True))
        self.contact = _last_contact(books, self.as_of)
        self.letters, self.reports = _notices(books.notices, LETTER), _notices(books.notices, REPORT)
        self.rule = books.town.find(Unclaimed, self.as_of)
        self.due: defaultdict[str, list[dt.date]] = defaultdict(list)
        for account, due in zip(
            ledger.balances[OpenInstallment.account], ledger.balances[OpenInstallment.due], strict=True
        ):
            self.due[account].append(due.date())

    def row(self, part: Part) -> dict[str, Any]:
        contact = self.contact.get(part.account)
        refund_by = self.refund_by(part)
        dormant = self.dormant_on(part, contact)
        notice = _on_or_after(self.letters[part.account], part.since, self.as_of)
        reported = _on_or_after(self.reports[part.account], part.since, self.as_of)
        days = (self.as_of - part.since).days if part.since else 0
        return {
            AgedCredit.account: part.account,
            AgedCredit.owner: self.owners.get(part.account, ""),
            AgedCredit.amount: part.amount,
            AgedCredit.since: _cell(part.since),
            AgedCredit.source: part.source,
            AgedCredit.days: days,
            AgedCredit.last_payment: _cell(contact),
            AgedCredit.refund_by: _cell(refund_by),
            AgedCredit.claim_by: _cell(self.claim_by(part)),
            AgedCredit.dormant_on: _cell(dormant),
            AgedCredit.notice_on: _cell(notice),
            AgedCredit.reported_on: _cell(reported),
            AgedCredit.stage: self.stage(part.since, refund_by, dormant, notice, reported),
            AgedCredit.check: part.check,
        }

    def stage(
        self, since: dt.date | None, refund_by: dt.date | None, dormant: dt.date | None, notice: dt.date | None, reported: dt.date | None
    ) -> str:  # fmt: skip
        """How far the money is on its way from the owner to the State."""
        steps = (
            (REPORTED, reported is not None),
            (ABANDONED, dormant is not None and self.as_of >= dormant),
            (NOTICE_SENT, notice is not None),
            (ONE_YEAR, since is not None and self.as_of >= add_months(since, 12)),
            (REFUND_DUE, refund_by is not None and self.as_of > refund_by),
        )
        return next((name for name, reached in steps if reached), HELD)

    def refund_by(self, part: Part) -> dt.date | None:
        """The last day for the office to refund, where the law gives one."""
        rule = self.books.town.find(Deadline, self.as_of, sort=part.kind) if part.kind else None
        return rule.params.after(part.since, self.books.closed) if rule and part.since else None

    def claim_by(self, part: Part) -> dt.date | None:
        """The last day for the owner to ask, counted from the last due date before the credit."""
        rule = self.books.town.find(Deadline, self.as_of, sort="refund_claim")
        if not rule or not part.since:
            return None
        due = max((d for d in self.due[part.account] if d <= part.since), default=part.since)
        return rule.params.after(due, self.books.closed)

    def dormant_on(self, part: Part, contact: dt.date | None) -> dt.date | None:
        """The first day on which the money is presumed abandoned: more than the years of the rule have gone by."""
        if not self.rule or not part.since:
            return None
        first = part.since
        if self.rule.params.counted_from == "contact" and contact:
            first = max(first, contact)
        return add_months(first, 12 * self.rule.params.years) + dt.timedelta(days=1)


def _last_contact(books: CreditBooks, as_of: dt.date) -> dict[str, dt.date]:
    """The last payment of each account's owner, or the last question about the account."""
    book = books.cash_book.frame
    paid = book[
        book[CashLine.kind].isin(TAX_PAYMENTS)
        & (book[CashLine.by] == "owner")
        & (book[CashLine.received] <= pd.Timestamp(as_of))
    ]
    last = {str(a): d.date() for a, d in paid.groupby(CashLine.account)[CashLine.received].max().items()}
    for r in books.inquiries.records():
        day = r[Inquiry.received].date()
        if r[Inquiry.account] and day <= as_of:
            last[r[Inquiry.account]] = max(day, last.get(r[Inquiry.account], day))
    return last


def _notices(notices: Table[Notice], kind: str) -> defaultdict[str, list[dt.date]]:
    found: defaultdict[str, list[dt.date]] = defaultdict(list)
    for r in notices.where(notices[Notice.kind].str.lower() == kind).records():
        found[r[Notice.account]].append(r[Notice.mailed].date())
    return found


def _on_or_after(days: list[dt.date], since: dt.date | None, as_of: dt.date) -> dt.date | None:
    """The last of these days that is not before the credit."""
    return max((d for d in days if d <= as_of and (since is None or d >= since)), default=None)


def _cell(day: dt.date | None) -> np.datetime64:
    return np.datetime64(day or "NaT", "s")


def report_day(rule: Unclaimed, as_of: dt.date) -> dt.date | None:
    """The day by which money presumed abandoned in a year is reported: in the year after."""
    return on_month_day(as_of.year + 1, rule.report_by) if rule.report_by else None
