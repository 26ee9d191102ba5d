"""The printed agreement for signature, with the town's rules and its policy attached."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from xltax.law.agreements import Agreement
from xltax.law.params import Params
from xltax.law.profile import Profile, Rule
from xltax.ledger.replay import Ledger
from xltax.money import usd
from xltax.office.agreements.agreement_plan import Plan, covered, rule_of
from xltax.pages import Block, CellKind, Fields, Gap, Grid, Heading, Page, Signatures, Text
from xltax.tables.agreements import PlannedPayment
from xltax.tables.replayed import LeftOver, OpenInstallment
from xltax.wording import some

POLICY = ("agreement", "interest", "penalty", "grace", "allocation", "fee", "clearing")
"""The rules a taxpayer should see before signing."""
FEES = ("returned_check", "lien", "alias_warrant", "collector_warrant")


def agreement_pages(
    office: str,
    number: str,
    owner: str,
    location: str,
    account: str,
    signed: dt.date,
    plan: Plan,
    now: Ledger,
    town: Profile,
    collector: str,
    policy: str = "",
) -> list[Page]:
    """The agreement with the town's rules attached. `now` is the ledger of the agreement's facts on the day of signing.

    policy: the name and the code of the town's own policy, a file that goes with the agreement.
    The agreement and its signatures stand on one sheet of paper where they fit.
    """
    rule = rule_of(town, plan.terms.start)
    balances = covered(now, plan.until)
    balances = balances[balances[OpenInstallment.total] != 0]
    estimated = balances[OpenInstallment.bill].str.startswith("estimate")
    past = balances[OpenInstallment.due] <= pd.Timestamp(signed)
    due, coming = balances[past & ~estimated], balances[~past & ~estimated]
    likely = balances[estimated]
    credit = int(now.credits[LeftOver.credit].sum()) if len(now.credits) else 0
    down = f" a down payment of {usd(plan.terms.down)}," if plan.terms.down else ""
    level = plan.terms.months - 1
    monthly = f" {some(level, 'monthly payment')} of {usd(plan.payment)}" if level else ""
    last = f" {'and ' if monthly else ''}a last payment of {usd(plan.last)}"
    blocks: list[Block] = [
        Fields(
            (
                ("Agreement", number or "draft", "id"), ("Date", signed, "date"), ("Taxpayer", owner, "text"),
                ("Property", location, "text"), ("Account", account, "id"), ("Payments", plan.terms.months, "count"),
            )
        ),
        Text(
            f"The taxpayer agrees to pay {usd(plan.total)} in total on the days below:{down}{monthly}{last}. If the taxpayer makes "
            f"every payment in full and on time, the payments clear the bills below. The total includes interest of "
            f"{usd(plan.interest)}.",
            "box",
        ),
        Heading("Bills in this agreement"),
        _bills(due, coming, likely),
    ]  # fmt: skip
    if credit:
        blocks.append(Text(f"The total is lowered by the account's credit of {usd(credit)}."))
    if len(likely):
        blocks.append(
            Text(
                "Tax that has not been billed is estimated from last year's tax. Payments toward the estimate are held as prepayments. "
                "When the bill is issued, the remaining payments are recalculated.",
                "small",
            )
        )
    blocks += [Heading("Payments"), _payments(plan.schedule), Heading("Terms")]
    blocks += [Text(f"{n}. {text}") for n, text in enumerate(_conditions(rule, plan), 1)]
    blocks += [Gap(), Signatures(("Taxpayer, date", f"{collector} or deputy, date"))]
    key = number or account
    title, foot = "Agreement to pay taxes in monthly payments", "The town's policy is attached."
    return [
        Page(title, tuple(blocks), office, key, foot, close=True),
        _policy(
            office, key, town, plan.terms.start, set(balances[OpenInstallment.levy_type]), policy, draft=not number
        ),
    ]


def _bills(due: pd.DataFrame, coming: pd.DataFrame, likely: pd.DataFrame) -> Grid:
    rows: list[list[object]] = []
    for title, table in (("past due", due), ("due later", coming), ("estimate", likely)):
        for row in table.to_dict("records"):
            more = row[OpenInstallment.interest] + row[OpenInstallment.penalty] + row[OpenInstallment.costs]
            bill = "not billed" if title == "estimate" else row[OpenInstallment.bill]
            rows.append([bill, row[OpenInstallment.levy_year], row[OpenInstallment.levy_type], row[OpenInstallment.inst], row[OpenInstallment.due].date(), row[OpenInstallment.tax], more, row[OpenInstallment.total], title])  # fmt: skip
    sums = [sum(int(r[n]) for r in rows) for n in (5, 6, 7)]  # type: ignore[call-overload]
    rows.append(["Total today", None, "", None, None, *sums, ""])
    heads = ("Bill", "Year", "Type", "Inst", "Due", "Tax", "Interest, costs", "Total", "")
    kinds: tuple[CellKind, ...] = ("id", "year", "text", "count", "date", "money", "money", "money", "text")
    return Grid(heads, kinds, rows, (22, 9, 8, 7, 15, 16, 16, 16, 13), True)


def _payments(schedule: pd.DataFrame) -> Grid:
    shown = schedule.assign(More=schedule[PlannedPayment.penalty] + schedule[PlannedPayment.costs])
    columns = ["Amount", "Tax", "Interest", *(c for c in ("More", "Ahead") if shown[c].any()), "Left"]
    heads = {
        "Tax": "To tax due",
        "Interest": "To interest",
        "More": "To penalty and costs",
        "Ahead": "Prepaid",
        "Left": "Balance after",
    }
    rows: list[list[object]] = [
        [
            str(r[PlannedPayment.no]) if r[PlannedPayment.no] else "down",
            r[PlannedPayment.due].date(),
            *(int(r[c]) for c in columns),
        ]
        for r in shown.to_dict("records")
    ]
    sums = [int(shown[c].sum()) for c in columns[:-1]]
    rows.append(["Total", None, *sums, None])
    money: CellKind = "money"
    kinds: tuple[CellKind, ...] = ("text", "date", *(money for _ in columns))
    return Grid(("No.", "On", *(heads.get(c, c) for c in columns)), kinds, rows, (8, 15, *(16 for _ in columns)), True)


def _conditions(params: Agreement, plan: Plan) -> list[str]:
    text = [
        "The taxpayer pays each payment in full on or before its day"
        + (f", or up to {some(params.late_days, 'day')} later" if params.late_days else "")
        + ". A returned check counts as a missed payment.",
        f"{some(params.letter_days, 'day')} after a missed payment the office sends a letter. Collection can then continue"
        + (" unless the taxpayer shows good cause." if params.good_cause else "."),
    ]  # fmt: skip
    ends = {1: "The first missed payment ends", 2: "A second missed payment ends"}
    text.append(
        f"{ends.get(params.default_on, f'Missing {params.default_on} payments ends')} this agreement. The office can then collect the full balance by every means the law allows."
    )
    text.append(
        "The law continues to charge interest during this agreement. Paying sooner costs less. The taxpayer can pay the full balance at any time. The office gives the amount on request."
    )
    if params.covers != "past_due":
        text.append(
            f"These payments cover every tax that falls due by {plan.until:%B} {plan.until.day}, {plan.until.year}. No other payment is needed for these taxes."
        )
    return text


def _concerns(rule: Rule[Params], types: set[str]) -> bool:
    """Whether a rule concerns taxes in this agreement; for fees, whether a delinquent account can owe the fee."""
    return rule.sort in FEES if rule.name == "fee" else not rule.types or bool(types & set(rule.types))


def _policy(office: str, key: str, town: Profile, on: dt.date, types: set[str], own: str, *, draft: bool) -> Page:
    """The attached rules of the town in words with their authority. A draft also shows what the law leaves open.

    own: the town's own policy, which then is the policy, and this page says only what the figures rest on.
    """
    blocks: list[Block] = [Text(f"The town's own policy is attached: {own}.", "bold")] if own else []
    blocks += [
        Text(f"This agreement was calculated under the rules of {town.name} in force on {on:%B} {on.day}, {on.year}:")
    ]
    for name in POLICY:
        found = [r for r in town.rules if r.name == name and r.covers(on) and _concerns(r, types)]
        if found:
            blocks.append(Heading(name.replace("_", " ").capitalize()))
        for rule in found:
            blocks.append(Text(rule.words()))
            if rule.cite:
                blocks.append(Text(rule.authority(), "small"))
            blocks += [
                Text(f"Assumption, {a.what.replace('_', ' ')}: {a.why}.", "small")
                for a in rule.assume
                if name == "agreement" and draft
            ]
    return Page("Rules of this agreement" if own else "Policy on delinquent taxes", tuple(blocks), office, key)
