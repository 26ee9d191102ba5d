"""The books a collector can open: one declaration for each state, and the built templates beside it."""

from __future__ import annotations

from xltax.workbooks.bills import bill_copies, rates
from xltax.workbooks.families import FAMILIES, Family
from xltax.workbooks.proof import proof
from xltax.workbooks.quote import quote
from xltax.workbooks.sheets import (
    adjustments,
    cash_book,
    closed_days,
    delinquent,
    duplicate,
    history,
    log,
    published,
    roll,
    rules,
    start,
)
from xltax.workbooks.statements import accounts, budget, collections, statement, turnovers
from xltax.workbooks.tasks import tasks as tasks_sheet

from xltax.sheets.model import BookSpec

__all__ = ["FAMILIES", "Family", "book", "book_of", "family_of"]


def book(template: str) -> BookSpec:
    """The workbook of a state, by its id ("us-nj", "us-ct", "us-md") or a town's, such as "us-nj-colts-neck"."""
    return book_of(family_of(template))


def book_of(family: Family) -> BookSpec:
    """The workbook of a family of towns."""
    return BookSpec(
        family.template,
        f"Tax collector's workbook: {family.state}",
        (
            start(family),
            rules(),
            roll(family),
            rates(family),
            duplicate(family),
            cash_book(family),
            adjustments(family),
            closed_days(),
            delinquent(family),
            quote(family),
            statement(family),
            collections(family),
            turnovers(family),
            proof(),
            published(),
            log(),
            history(),
            bill_copies(family),
            accounts(family),
            budget(family),
            tasks_sheet(),
        ),
    )


def family_of(profile: str) -> Family:
    """The family a profile belongs to: the longest template id its own id begins with."""
    fitting = [f for f in FAMILIES.values() if profile == f.template or profile.startswith(f.template + "-")]
    if not fitting:
        known = ", ".join(FAMILIES)
        raise KeyError(f"{profile}: there is no workbook for this state. There are: {known}.")
    return max(fitting, key=lambda f: len(f.template))
