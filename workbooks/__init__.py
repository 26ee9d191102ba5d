"""The workbooks a collector can open: one declaration for each state, and the templates built from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd
from xltax.workbooks import agreements as agreed
from xltax.workbooks import bank as at_bank
from xltax.workbooks import counter, user_fees
from xltax.workbooks import office as around
from xltax.workbooks import setup as session
from xltax.workbooks.bills import bill_copies, bill_runs, rates, roll_imports, supplements
from xltax.workbooks.contents import contents
from xltax.workbooks.enforcement import enforcement
from xltax.workbooks.families import FAMILIES, GENERAL, Family
from xltax.workbooks.proof import proof
from xltax.workbooks.quote import quote
from xltax.workbooks.relief import relief
from xltax.workbooks.sheets import (
    adjustments,
    authority_list,
    cash_book,
    closed_days,
    delinquent,
    duplicate,
    history,
    issued,
    log,
    published,
    roll,
    rules,
    start,
    waivers,
)
from xltax.workbooks.statements import (
    accounts,
    budget,
    collections,
    opening_levies,
    statement,
    statement_rows,
    turnovers,
)
from xltax.workbooks.tasks import tasks as tasks_sheet
from xltax.workbooks.texts import texts

from xltax.declare import Action
from xltax.sheets.model import BookSpec, SheetSpec

__all__ = ["FAMILIES", "Family", "book_of", "desks_of", "family_of", "spec_of", "starting_rows"]


def book_of(family: Family, actions: Iterable[Action]) -> BookSpec:
    """The workbook of a family of towns. actions: what its Tasks sheet lists."""
    desks = desks_of(family, actions)
    first, *rest = (sheet for _, sheets in desks for sheet in sheets)
    return BookSpec(family.template, f"Tax Collector's Workbook: {family.state}", (first, contents(desks), *rest))


def desks_of(family: Family, actions: Iterable[Action]) -> tuple[tuple[str, tuple[SheetSpec, ...]], ...]:
    """The sheets by desk, in the order of a working day. Start is first and Tasks is second."""
    (name, (first, *more)), *desks = _desks(family)
    sheets = (first, *more, *(sheet for _, part in desks for sheet in part))
    places = {c.name: (s.title, c.at) for s in sheets for c in s.cells if c.name}
    return ((name, (first, tasks_sheet(actions, places), *more)), *desks)


def _desks(family: Family) -> tuple[tuple[str, tuple[SheetSpec, ...]], ...]:
    lists, words, notices, calendar, watch, *registers = enforcement()
    return (
        ("Setup", (start(family), session.first_session(), session.paste(), rules(), closed_days())),
        ("Counter", (counter.counter(), counter.card(family), counter.day_close())),
        ("Quotes and agreements", (
            quote(family), agreed.quotes(), agreed.agreement(family), agreed.agreements(family), agreed.schedule(),
        )),
        ("The books", (roll(family), duplicate(family), cash_book(family), adjustments(family), waivers(), history())),
        ("Batches and bank", (
            counter.batches(), counter.batch_lines(), counter.suspense(), counter.bank(), at_bank.paid_out(),
            at_bank.reconciliation(), at_bank.credits(), counter.parallel(),
        )),
        ("Billing", (rates(family), roll_imports(), supplements(), bill_runs(), bill_copies(family))),
        ("Delinquency", (delinquent(family), lists, notices, words)),
        ("Enforcement", (calendar, watch, *registers)),
        ("Tax sale", (agreed.certificates(), agreed.subsequents())),
        ("Relief", (relief(),)),
        ("User fees", (
            user_fees.registrations(), user_fees.returns(), user_fees.usage(), user_fees.credit_accounts(),
        )),
        ("Statements", (
            statement(family), statement_rows(family), collections(family), turnovers(family), accounts(family), opening_levies(family),
        )),
        ("Office", (around.users(), around.inquiries(), around.training(), budget(family))),
        ("Controls", (proof(), authority_list(), published(), issued(), log())),
    )  # fmt: skip


def spec_of(template: str, state: str, actions: Iterable[Action]) -> BookSpec:
    """The declaration of a workbook by its template id: the state's own, or the general one with the state's name."""
    if template in FAMILIES:
        return book_of(FAMILIES[template], actions)
    return book_of(replace(GENERAL, state=state or GENERAL.state), actions)


def family_of(profile: str) -> Family:
    """The family a profile belongs to: the longest template id its own id begins with."""
    fitting = [f for f in FAMILIES.values() if profile == f.template or profile.startswith(f.template + "-")]
    if not fitting:
        known = ", ".join(FAMILIES)
        raise KeyError(f"{profile}: there is no workbook for this state. Use one of these: {known}.")
    return max(fitting, key=lambda f: len(f.template))


def starting_rows(family: Family | None = None) -> dict[str, pd.DataFrame]:
    """The rows a new workbook starts with: bills and coins, revenue codes, and the wording of the letters."""
    return {
        "DrawerCount": counter.denominations(),
        "RevenueCodes": counter.revenue_codes(),
        "Texts": texts(family.template if family else ""),
    }
