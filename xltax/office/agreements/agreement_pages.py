"""The agreement on paper, for signature, with the town's rules attached."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from xltax.law.agreements import Agreement
from xltax.law.params import Params
from xltax.law.profile import Profile, Rule
from xltax.ledger.replay import Ledger
from xltax.money import dollars
from xltax.office.agreements.agreement_plan import Plan, covered, rule_of
from xltax.pages import Block, CellKind, Fields, Gap, Grid, Heading, Page, Signatures, Text
from xltax.tables import Bill, CashLine, Charge
from xltax.tables.agreements import ScheduledPayment
from xltax.tables.replayed import LeftOver, OpenInstallment

POLICY = ("agreement", "interest", "penalty", "grace", "allocation", "fee", "clearing")
"""The rules a taxpayer who signs should have before her."""
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
) -> list[Page]:
    """The agreement, and the town's policy attached to it. `now` is the ledger of its facts on the day of signing."""
    rule = rule_of(town, plan.terms.start)
    balances = covered(now, plan.until)
    balances = balances[balances[OpenInstallment.total] != 0]
    estimated = balances[OpenInstallment.bill].str.startswith("estimate")
    past = balances[OpenInstallment.due] <= pd.Timestamp(signed)
    due, coming = balances[past & ~estimated], balances[~past & ~estimated]
    likely = balances[estimated]
    credit = int(now.credits[LeftOver.credit].sum()) if len(now.credits) else 0
    down = f" a down payment of ${dollars(plan.terms.down)}," if plan.terms.down else ""
    monthly = f" {plan.terms.months - 1} monthly payments of ${dollars(plan.payment)}" if plan.terms.months > 1 else ""
    last = f" {'and ' if monthly else ''}a last one of ${dollars(plan.last)}"
    blocks: list[Block] = [
        Fields(
            (
                ("Agreement", number or "draft", "id"), ("Date", signed, "date"), ("Taxpayer", owner, "text"),
                ("Property", location, "text"), ("Account", account, "id"), ("Payments", plan.terms.months, "count"),
            )
        ),
        Text(
            f"The taxpayer agrees to pay{down}{monthly}{last}, ${dollars(plan.total)} in all, on the days below. If every payment "
            f"is made in full on its day, they clear the bills below and the interest of ${dollars(plan.interest)} in them.",
            "box",
        ),
        Heading("What it covers"),
        _bills(due, coming, likely),
    ]  # fmt: skip
    if credit:
        blocks.append(Text(f"Credit on the account of ${dollars(credit)} is taken off."))
    if len(likely):
        blocks.append(
            Text(
                "Tax not yet billed is estimated on last year's. Money paid for it is held as a prepayment. When the bill is "
                "made out, the payments still to come are figured again.",
                "small",
            )
        )
    blocks += [Heading("The payments"), _payments(plan.schedule), Heading("What is agreed")]
    blocks += [Text(f"{n}. {text}") for n, text in enumerate(_conditions(rule, plan), 1)]
    blocks += [Gap(), Signatures(("Taxpayer, and date", f"{collector} or deputy, and date"))]
    key = number or account
    return [
        Page("Agreement to pay taxes by the month", tuple(blocks), office, key, "The town's policy is attached."),
        _policy(office, key, town, plan.terms.start, set(balances[OpenInstallment.levy_type]), draft=not number),
    ]


def _bills(due: pd.DataFrame, coming: pd.DataFrame, likely: pd.DataFrame) -> Grid:
    rows: list[list[object]] = []
    for title, table in (("past due", due), ("falls due", coming), ("estimate", likely)):
        for row in table.to_dict("records"):
            more = row[Bill.interest] + row[Bill.penalty] + row[Bill.costs]
            bill = "not yet billed" if title == "estimate" else row[Bill.bill]
            rows.append([bill, row[Bill.levy_year], row[Bill.levy_type], row[CashLine.inst], row[Charge.due].date(), row[CashLine.tax], more, row[CashLine.total], title])  # fmt: skip
    sums = [sum(int(r[n]) for r in rows) for n in (5, 6, 7)]  # type: ignore[call-overload]
    rows.append(["Total today", None, "", None, None, *sums, ""])
    heads = ("Bill", "Year", "Type", "Inst", "Due", "Tax", "Interest, costs", "Total", "")
    kinds: tuple[CellKind, ...] = ("id", "year", "text", "count", "date", "money", "money", "money", "text")
    return Grid(heads, kinds, rows, (22, 9, 8, 7, 15, 16, 16, 16, 13), True)


def _payments(schedule: pd.DataFrame) -> Grid:
    shown = schedule.assign(More=schedule[ScheduledPayment.penalty] + schedule[ScheduledPayment.costs])
    columns = ["Amount", "Tax", "Interest", *(c for c in ("More", "Ahead") if shown[c].any()), "Left"]
    heads = {
        "Tax": "To tax due",
        "Interest": "To interest",
        "More": "To penalty and costs",
        "Ahead": "Held ahead",
        "Left": "Left after it",
    }
    rows: list[list[object]] = [
        [
            str(r[ScheduledPayment.no]) if r[ScheduledPayment.no] else "down",
            r[ScheduledPayment.due].date(),
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
        "Each payment is in full and on or before its day" + (f", or up to {params.late_days} days later" if params.late_days else "")
        + ". A check that comes back unpaid is a payment not made.",
        f"After a missed payment a letter goes out {params.letter_days} days later, and collection can go on"
        + (" unless good cause is shown." if params.good_cause else "."),
    ]  # fmt: skip
    ends = {1: "The first missed payment ends", 2: "A second missed payment ends"}
    text.append(
        f"{ends.get(params.default_on, f'Missing {params.default_on} payments ends')} this agreement; all that is then owed can be collected by every means the law gives."
    )
    text.append(
        "Interest goes on by law while the agreement runs. Paying sooner costs less; all of it can be paid at any time, and the office gives the figure."
    )
    if params.covers != "past_due":
        text.append(
            f"Every tax that falls due by {plan.until:%B} {plan.until.day}, {plan.until.year} is paid by these payments and needs no other."
        )
    return text


def _concerns(rule: Rule[Params], types: set[str]) -> bool:
    """Whether a rule is about taxes in this agreement; of the fees, those a delinquent account meets."""
    return rule.sort in FEES if rule.name == "fee" else not rule.types or bool(types & set(rule.types))


def _policy(office: str, key: str, town: Profile, on: dt.date, types: set[str], *, draft: bool) -> Page:
    """The town's rules in words, each with its authority: the policy attached. A draft says too what the law leaves open."""
    blocks: list[Block] = [
        Text(f"The rules of {town.name} in force on {on:%B} {on.day}, {on.year}, by which this agreement was figured.")
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
                Text(f"Assumed, {a.what.replace('_', ' ')}: {a.why}.", "small")
                for a in rule.assume
                if name == "agreement" and draft
            ]
    return Page("Policy on delinquent taxes", tuple(blocks), office, key)
