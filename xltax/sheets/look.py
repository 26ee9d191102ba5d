"""The look of the workbooks: one set of named styles for every sheet, readable in black and white."""

from __future__ import annotations

from typing import Literal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side

from xltax.tables.schema import Kind

Look = Kind | Literal["percent"]
"""How a cell's value looks: its kind, or a share shown as a percent."""

FORMATS: dict[Look, str] = {
    "id": "@",
    "text": "@",  # as text, so that an imported "=..." stays text even when the cell is edited
    "date": "yyyy\\-mm\\-dd",
    "money": "#,##0.00_);\\(#,##0.00\\)",
    "number": "General",
    "percent": "0.00%",
    "count": "#,##0",
    "year": "0",
    "yes": "@",
}

WIDTHS: dict[Kind, float] = {
    "id": 12, "text": 16, "date": 11.5, "money": 13.5, "number": 12, "count": 7.5, "year": 8, "yes": 9
}  # fmt: skip

WIDTHS_OF: dict[str, float] = {"Account": 16, "Bill": 17, "Directed": 16}
"""Columns whose ids are longer than others: a Connecticut list number, a year with block, lot and qualifier."""

_FONT = "Calibri"
_INK, DARK, PALE, _ENTRY, LINE = "FF1F2933", "FF33475B", "FFF1F3F5", "FFFFF9E3", "FF9AA5B1"
_LEFT: tuple[Kind, ...] = ("id", "text", "yes")


def font(**options: object) -> Font:
    return Font(**{"name": _FONT, "size": 11, "color": _INK, **options})


def fill(colour: str) -> PatternFill:
    return PatternFill("solid", start_color=colour, end_color=colour)


def _box() -> Border:
    side = Side("thin", color=LINE)
    return Border(left=side, right=side, top=side, bottom=side)


_BY_KIND = ("value", "entry", "cell", "wrapped", "derived", "derived wrapped")


def style_name(role: str, kind: Look = "text") -> str:
    """The named style of a role, and for cells of values of the kind too."""
    return f"xltax {role} {kind}" if role in _BY_KIND else f"xltax {role}"


def add_styles(book: Workbook) -> None:
    """Put every named style into a new book."""
    under = Border(bottom=Side("medium", color=DARK))
    middle, top = Alignment(vertical="center"), Alignment(vertical="top", wrap_text=True)
    head = Alignment(horizontal="center", vertical="center", wrap_text=True)
    white = font(bold=True, color="FFFFFFFF")
    plain: dict[str, dict[str, object]] = {
        "title": {"font": font(size=18, bold=True, color=DARK), "alignment": middle},
        "note": {"font": font(italic=True, color="FF52606D"), "alignment": middle},
        "hint": {
            "font": font(italic=True, color="FF52606D"),
            "alignment": Alignment(horizontal="left", vertical="center", indent=1),
        },
        "section": {"font": font(size=12, bold=True, color=DARK), "border": under},
        "label": {"font": font(), "alignment": middle},
        "step": {"font": font(), "alignment": top},
        "link": {"font": font(color="FF1D4E89", underline="single"), "alignment": middle},
        "head": {"font": white, "fill": fill(DARK), "alignment": head, "border": _box()},
        # A column Refresh writes is told by its slanted heading, not by the shade alone.
        "head derived": {
            "font": font(bold=True, italic=True),
            "fill": fill("FFD3DAE1"),
            "alignment": head,
            "border": _box(),
        },
        "result": {"font": font(bold=True), "alignment": Alignment(horizontal="center"), "border": _box()},
        "big": {"font": font(size=14, bold=True), "number_format": FORMATS["money"], "border": _box()},
    }
    for role, options in plain.items():
        book.add_named_style(NamedStyle(style_name(role), **options))
    for kind, number_format in FORMATS.items():
        side = "left" if kind in _LEFT else "center" if kind in ("date", "year", "count") else "right"
        # Text a little in from its edge, so that it does not run into the amount or the date before it.
        indent = int(side == "left")
        common = {
            "number_format": number_format,
            "alignment": Alignment(horizontal=side, vertical="center", indent=indent),
        }
        form = common | {
            "alignment": Alignment(horizontal="right" if kind in ("money", "count") else "left", vertical="center")
        }
        if kind == "count":
            form["number_format"] = "#,##0_)"  # in line with the amounts above and below it
        wrapped = common | {"alignment": Alignment(horizontal=side, vertical="top", wrap_text=True, indent=indent)}
        for role, options in {
            "value": form | {"font": font(), "border": _box(), "fill": fill(PALE)},
            "entry": form
            | {
                "font": font(bold=True),
                "border": _box(),
                "fill": fill(_ENTRY),
                "protection": Protection(locked=False),
            },
            "cell": common | {"font": font()},
            "wrapped": wrapped | {"font": font()},
            "derived": common | {"font": font(), "fill": fill(PALE)},
            "derived wrapped": wrapped | {"font": font(), "fill": fill(PALE)},
        }.items():
            book.add_named_style(NamedStyle(style_name(role, kind), **options))
