"""The auditor's pack: exceptions, a random sample recomputed and explained, roll-forward, registers, and a page to sign."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import pandas as pd

from xltax.law.profile import Profile
from xltax.ledger.explain import ExplainedPeriod
from xltax.ledger.facts import component_of
from xltax.ledger.replay import Facts, Ledger
from xltax.money import Cents
from xltax.office.controls import exceptions, persons
from xltax.office.controls.proof import passed
from xltax.office.quotes import explanation, payoff
from xltax.office.statements.roll_forward import roll_forward
from xltax.pages import Block, Fields, Grid, Heading, Page, Signatures, Text
from xltax.tables import Adjustment, CashLine, Charge
from xltax.tables.check import OK, Check
from xltax.tables.counter import DayClose
from xltax.tables.office import User
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table

SAMPLE = 25
"""The usual number of accounts to draw."""


def pack(
    office: str,
    town: Profile,
    facts: Facts,
    ledger: Ledger,
    checks: list[Check],
    cash_book: Table[CashLine],
    adjustments: Table[Adjustment],
    closes: Table[DayClose],
    found: Sequence[exceptions.Part],
    users: Table[User],
    seed: str,
    size: int = SAMPLE,
) -> list[Page]:
    """The pack's pages as of the ledger's day. The samples are drawn by the seed: the same seed draws the same ones again.

    found: the exceptions.
    """
    pages = [
        _checks(checks, ledger.as_of),
        exceptions.page(found, ledger.as_of, office),
        _roll_forward(adjustments, ledger),
        _register("Adjustment register", adjustments),
        _reversals(cash_book),
        _closes(closes),
        _receipts_drawn(cash_book, closes, seed, size),
        _paid_drawn(ledger, seed, size),
        *_sample(town, facts, ledger, seed, size),
        _assumed(town),
        _rights(users),
        _sign_off(ledger.as_of, seed),
    ]
    return [replace(p, office=office, key=p.key or p.title) for p in pages]


def _checks(checks: list[Check], as_of: dt.date) -> Page:
    look = [c for c in checks if c.result != OK]
    rows = [(c.name, c.compares, c.result) for c in (look or checks)]
    said = passed(checks)
    return Page(
        "Proof",
        (
            Fields((("As of", as_of, "date"), ("Checks", len(checks), "count"))),
            Text(said, "bold"),
            Grid(("Check", "What is compared", "Result"), ("text", "text", "text"), rows, (2, 6, 3)),
        ),
        landscape=True,
    )


def _roll_forward(adjustments: Table[Adjustment], ledger: Ledger) -> Page:
    rows = [tuple(r) for r in roll_forward(adjustments, ledger).itertuples(index=False)]
    return Page(
        "Roll-forward by levy year",
        (
            Text("From the billed amount to the open amount. The difference of each year must be $0.00."),
            Grid(("Levy year", "Line", "Amount"), ("year", "text", "money"), rows, (1, 4, 2)),
        ),
    )


def _register(title: str, adjustments: Table[Adjustment]) -> Page:
    table = adjustments.frame
    if len(table):
        table[Adjustment.component] = component_of(adjustments)
    rows = [
        (r[Adjustment.no], r[Adjustment.effective], f"{r[Adjustment.bill]}/{r[Adjustment.inst]}", r[Adjustment.kind], r[Adjustment.component], r[Adjustment.amount], r[Adjustment.reason], r[Adjustment.authority], r[Adjustment.approved_by])
        for r in table.to_dict("records")
    ]  # fmt: skip
    heads = ("No", "Effective", "Installment", "Kind", "Component", "Amount", "Reason", "Authority", "Approved by")
    kinds = ("id", "date", "id", "text", "text", "money", "text", "text", "text")
    blocks: tuple[Block, ...] = (
        Grid(heads, kinds, rows, (10, 14, 20, 20, 12, 16, 32, 30, 20)) if rows else Text("There are none."),  # type: ignore[arg-type]
    )
    return Page(title, blocks, landscape=True)


def _reversals(cash_book: Table[CashLine]) -> Page:
    back = cash_book[cash_book[CashLine.kind] == "Reversal"]
    sums = back.groupby([CashLine.receipt, CashLine.reverses], sort=False).agg(
        Received=("Received", "first"), Account=("Account", "first"), Total=("Total", "sum"), Note=("Note", "first")
    )
    rows = [(k[0], k[1], *r) for k, r in zip(sums.index, sums.itertuples(index=False), strict=True)]
    grid = Grid(
        ("Receipt", "Takes back", "On", "Account", "Amount", "Why"), ("id", "id", "date", "id", "money", "text"), rows, (10, 10, 14, 20, 16, 40)
    )  # fmt: skip
    return Page("Reversals", (grid if rows else Text("There are none."),), landscape=True)


def _closes(closes: Table[DayClose]) -> Page:
    rows = [
        (
            r[DayClose.deposit],
            r[DayClose.closed_on],
            r[DayClose.first_receipt],
            r[DayClose.last_receipt],
            r[DayClose.total],
            r[DayClose.over_short],
            r[DayClose.days],
            r[DayClose.head],
        )
        for r in closes.to_dict("records")
    ]
    heads = ("Deposit", "Closed on", "From receipt", "to", "Total", "Over (short)", "Days", "Seal code")
    kinds = ("id", "date", "id", "id", "money", "money", "count", "id")
    grid = Grid(heads, kinds, rows, (12, 14, 14, 14, 18, 16, 8, 24))  # type: ignore[arg-type]
    return Page(
        "Day closes and deposits", (grid if rows else Text("No day has been closed in this book."),), landscape=True
    )


def drawn_by_amount(amounts: Mapping[str, Cents], size: int, seed: str) -> list[str]:
    """A sample in which each cent has the same chance, so that large amounts are drawn more often: monetary-unit sampling.

    The amounts are laid end to end. From a start drawn by the seed, every interval of total / size cents hits one of them. An
    amount of an interval or more is always drawn. Method: AICPA, Audit Sampling (audit guide), systematic selection with
    probability proportional to size.
    """
    owed = {name: cents for name, cents in sorted(amounts.items()) if cents > 0}
    if len(owed) <= size:
        return list(owed)
    step = Fraction(sum(owed.values()), size)
    at, drawn, reached = Fraction(random.Random(seed).randrange(10**9), 10**9) * step, [], 0
    for name, cents in owed.items():
        reached += cents
        if at < reached:
            drawn.append(name)
            at -= step * ((at - reached) // step)  # to the first hit at or after the end of this amount
    return drawn


_BY_AMOUNT = "Drawn by amount: each cent has the same chance. Compare each with its source: the check, the deposit slip, the bank."


def _receipts_drawn(cash_book: Table[CashLine], closes: Table[DayClose], seed: str, size: int) -> Page:
    """Receipts drawn by amount, each with the deposit that an auditor follows to the bank."""
    book = cash_book.frame[~cash_book[CashLine.kind].isin(("Reallocation", "Opening", "Reversal"))]
    book = book[book[CashLine.tender] != "Transfer"]
    sums = book.groupby(CashLine.receipt)[CashLine.total].sum()
    drawn = drawn_by_amount({str(k): int(v) for k, v in sums.items()}, size, seed)
    first = book.drop_duplicates(CashLine.receipt).set_index(CashLine.receipt)
    made = dict(zip(closes[DayClose.deposit], closes[DayClose.closed_on], strict=True))
    rows = []
    for receipt in drawn:
        r = first.loc[receipt]
        rows.append((receipt, r[CashLine.received], r[CashLine.account], r[CashLine.tender], r[CashLine.reference], int(sums[receipt]),
                     r[CashLine.deposit], made.get(r[CashLine.deposit], pd.NaT)))  # fmt: skip
    heads = ("Receipt", "Received", "Account", "Type", "Reference", "Amount", "Deposit", "Deposited")
    kinds = ("id", "date", "id", "text", "id", "money", "id", "date")
    grid = Grid(heads, kinds, rows, (12, 14, 20, 14, 18, 16, 14, 14))  # type: ignore[arg-type]
    blocks: tuple[Block, ...] = (Text(_BY_AMOUNT), grid if rows else Text("There are none."))
    return Page("Sample: receipts", blocks, landscape=True)


def _paid_drawn(ledger: Ledger, seed: str, size: int) -> Page:
    """Accounts that owe nothing, drawn by the amount billed: was each really paid or abated?"""
    by = ledger.balances.groupby(OpenInstallment.account)[[OpenInstallment.billed, OpenInstallment.total]].sum()
    paid = by[by[OpenInstallment.total] == 0][OpenInstallment.billed]
    drawn = drawn_by_amount({str(k): int(v) for k, v in paid.items()}, size, seed)
    rows = [(account, int(paid[account]), 0) for account in drawn]
    grid = Grid(("Account", "Billed", "Due now"), ("id", "money", "money"), rows, (3, 2, 2))
    says = "Accounts that owe nothing, drawn by the amount billed. The account card shows each receipt and adjustment."
    return Page("Sample: paid accounts", (Text(says), grid if rows else Text("There are none.")))


def _sample(town: Profile, facts: Facts, ledger: Ledger, seed: str, size: int) -> list[Page]:
    """Accounts with interest or penalty due, drawn by the seed, with each period of their interest."""
    bearing = ledger.balances[
        (ledger.balances[OpenInstallment.interest] > 0) | (ledger.balances[OpenInstallment.penalty] > 0)
    ]
    accounts = sorted(set(bearing[OpenInstallment.account]))
    drawn = sorted(random.Random(seed).sample(accounts, min(size, len(accounts))))
    pages = []
    for account in drawn:
        mine = facts.charges[facts.charges[Charge.account] == account]
        # Adjustments of other accounts would be printed as rows that could not be used.
        some = payoff.relevant(payoff.with_charges(facts, mine), town, ledger.as_of)
        table = explanation.explain(some, town, ledger.as_of)
        rows = [
            (f"{r[ExplainedPeriod.bill]}/{r[ExplainedPeriod.inst]}", r[ExplainedPeriod.column], r[ExplainedPeriod.from_], r[ExplainedPeriod.to], f"{r['Count'] or ''} {r['Unit']}".strip(), r["Base"], r[ExplainedPeriod.rate], r[ExplainedPeriod.amount])
            for r in table.to_dict("records")
            if r[ExplainedPeriod.bill] != "Note"
        ]  # fmt: skip
        heads = ("Installment", "Charge", "From", "To", "Counted", "Base", "Rate", "Amount")
        kinds = ("id", "text", "date", "date", "text", "money", "text", "money")
        due = ledger.balances[ledger.balances[OpenInstallment.account] == account]
        pages.append(
            Page(
                "Sample: interest recomputed",
                (
                    Fields(
                        (
                            ("Account", account, "id"),
                            ("As of", ledger.as_of, "date"),
                            ("Interest due", int(due[OpenInstallment.interest].sum()), "money"),
                            ("Penalty due", int(due[OpenInstallment.penalty].sum()), "money"),
                        )
                    ),
                    Grid(heads, kinds, rows, (20, 12, 14, 14, 24, 16, 14, 14)),  # type: ignore[arg-type]
                    Heading("Rules"),
                    *(Text(t, "small") for t in dict.fromkeys(f"{r[ExplainedPeriod.rule]} {r['Citation']}".strip() for r in table.to_dict("records") if r[ExplainedPeriod.rule])),
                ),
                key=account,
                landscape=True,
            )
        )  # fmt: skip
    return pages


def _assumed(town: Profile) -> Page:
    rows = [(rule.name, rule.sort, a.what, a.why) for rule, a in town.assumptions()]
    return Page(
        "Where the law is silent",
        (
            Text("Settings of this book that no law decides, with the reason for each."),
            Grid(("Rule", "Kind", "Setting", "Why"), ("text", "text", "text", "text"), rows, (14, 16, 16, 70)),
        ),
        landscape=True,
    )


def _rights(users: Table[User]) -> Page:
    """Who may do what, for the yearly review of access."""
    columns = (
        User.name,
        User.login,
        User.may_post,
        User.may_adjust,
        User.may_approve,
        User.may_close,
        User.from_,
        User.to,
        User.note,
    )
    rows = list(users[list(columns)].itertuples(index=False, name=None))
    kinds = ("text", "id", "text", "text", "text", "text", "date", "date", "text")
    said = (
        "Review these rights every year. Enter To for a person who leaves. xltax refuses a task to a person without its right, and each row "
        "names its person. Whoever can open the workbook can still type in it: this is a record and not a fence."
        if rows
        else persons.NOT_SET_UP
    )
    table: tuple[Block, ...] = (Grid(columns, kinds, rows),) if rows else ()  # type: ignore[arg-type]
    return Page("Who may do what", (Text(said), *table, Signatures(("Reviewed by, and date",))), landscape=True)


def _sign_off(as_of: dt.date, seed: str) -> Page:
    duties = ("Receives money", "Posts receipts", "Makes the deposit", "Reconciles the bank", "Approves adjustments")
    return Page(
        "Sign-off",
        (
            Text(
                "A workbook cannot separate duties; people do. Write who does each duty. Nobody who has two of the first three duties "
                "should also reconcile the bank."
            ),
            Grid(("Duty", "Who", "Since"), ("text", "text", "text"), [(d, "", "") for d in duties], (3, 4, 2)),
            Fields((("Figures as of", as_of, "date"), ("Sample drawn by", seed, "text"))),
            Signatures(("Collector", "Second person", "Auditor", "Date")),
        ),
    )
