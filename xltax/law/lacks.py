"""What a town's rules do not cover yet: the statements, the lists and the tasks that refuse until somebody adds the rule."""

from __future__ import annotations

from xltax.law.enforcement import Listing
from xltax.law.profile import Profile
from xltax.law.statement import Statement

STATEMENTS = {"monthly": "month-report", "annual": "annual-statement"}
LISTS = {"lien": "file-liens", "warrant": "issue-warrants", "lien_lapse": "unsecure"}
TASKS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("levy", "installments"): ("bill",),
    ("interest", "grace", "allocation"): ("post", "quote", "refresh"),
    ("office",): ("bills", "notices"),
    ("list",): ("make-list", "notices"),
    ("agreement",): ("agreement", "sign-agreement", "agreement-status"),
    ("redemption",): ("redemption", "redeem"),
    ("waiver",): ("waive",),
    ("unclaimed",): ("escheat",),
    ("relief",): ("relief-leaflet", "review-relief", "decide-relief"),
    ("return",): ("returns-not-filed", "post-return"),
    ("usage",): ("bill-usage",),
}
"""The rules a task cannot do without, and the tasks that refuse without one of them."""


def lacks(profile: Profile) -> list[str]:
    """The statements, lists and tasks of a town: what it has, and what refuses, each in a sentence."""
    return [_statements(profile), _lists(profile), _tasks(profile)]


def _statements(profile: Profile) -> str:
    have = sorted({r.params.report for r in profile.all(Statement)})
    missing = {
        name: task
        for name, task in STATEMENTS.items()
        if name not in have and not (name == "annual" and "settlement" in have)
    }
    return _said("Statements", have, missing)


def _lists(profile: Profile) -> str:
    have = sorted({r.params.kind for r in profile.all(Listing)})
    return _said("Lists", have, {kind: task for kind, task in LISTS.items() if kind not in have})


def _said(what: str, have: list[str], missing: dict[str, str]) -> str:
    without = ", ".join(f"{name} ({task} refuses)" for name, task in missing.items())
    return f"{what}: {', '.join(have) or 'none'}." + (f" Missing: {without}." if missing else "")


def _tasks(profile: Profile) -> str:
    have = {r.name for r in profile.rules}
    missing = [
        f"{', '.join(tasks)} (no {' or '.join(n for n in needed if n not in have)} rule)"
        for needed, tasks in TASKS.items()
        if not have.issuperset(needed)
    ]
    return f"Tasks that refuse: {'; '.join(missing)}." if missing else "No task lacks its rule."
