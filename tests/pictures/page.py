"""The page docs/sheets.md, made from the books' declarations: every desk with its sheets and their picture."""

from __future__ import annotations

from pathlib import Path

from xltax.workbooks import FAMILIES

from xltax.faces.books import book_of, desks_of

DOCS = Path(__file__).parents[2] / "docs"
PICTURES = DOCS / "pictures"
TOWN = "us-nj"


def desks() -> dict[str, list[str]]:
    """The sheets of each desk, as the New Jersey book has them; the other states' have the same."""
    placed = {desk: [s.title for s in sheets] for desk, sheets in desks_of(FAMILIES[TOWN])}
    next(iter(placed.values())).insert(1, "Contents")
    return placed


def picture_of(desk: str) -> str:
    """The file of a desk's picture."""
    return f"sheets-{desk.lower().replace(' ', '-')}.png"


def page() -> str:
    """The text of docs/sheets.md."""
    purposes = {s.title: s.purpose for s in book_of(FAMILIES[TOWN]).sheets}
    lines = [
        "# The sheets",
        "",
        "These pictures show the upper left corner of every sheet in LibreOffice Calc, desk by desk, in the order of the workbook. Most sheets come from the New Jersey",
        "workbook of a made-up township. Liens, warrants and waivers come from a Connecticut town. Registrations, returns and usage come from a Louisiana parish.",
        "`./run pictures` takes the pictures again and writes this page.",
        "",
    ]
    for desk, titles in desks().items():
        lines += [f"## {desk}", ""]
        lines += [f"- **{title}**: {purposes[title]}" for title in titles]
        lines += ["", f"![The first rows of {', '.join(titles)}](pictures/{picture_of(desk)})", ""]
    lines += [
        "# Printed pages",
        "",
        "A final bill, a reminder, a monthly report, a payoff quote, an agreement and a tax search, printed from the same book.",
        "",
        "![A bill, a reminder, a monthly report, a payoff quote, an agreement and a tax search on paper](pictures/pages.png)",
        "",
    ]
    return "\n".join(lines)
