"""The workbook of a town's named formulas: the sheet Formulas with an example, the law and the text of each one."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from xltax.dates import long_date
from xltax.faces.formulas.helpers import CLOSED, MOST, MOST_VALUE, OPENED
from xltax.faces.formulas.town import Formula, TownFormulas
from xltax.law.params import Params
from xltax.law.profile import ALWAYS, NEVER, Rule
from xltax.money import usd
from xltax.sheets.cells import serial
from xltax.sheets.model import BookSpec, CellAt, SheetSpec
from xltax.sheets.write import build_bytes
from xltax.tables.schema import Kind

TITLE, TEMPLATE = "Formulas", "formulas"
_KINDS: Mapping[str, Kind] = {
    "due_date": "date",
    "paid_on": "date",
    "mailed_on": "date",
    "completed_on": "date",
    "registered_on": "date",
    "levy_year": "year",
    "in_year": "year",
    "number": "count",
    "tax_rate": "number",
}
"""The kind of each argument; the others are amounts."""
_WIDTHS = {"A": 24.0, "B": 16.0, "C": 62.0, "D": 46.0, "E": 3.0, "F": 13.0, "G": 13.0}
_LINE = 15.0  # the height of a line of text
_FORMULA_LINE = 118  # characters of a formula in one line of C and D
_MOST_LINES = 26  # a row can be 409 points high


def workbook(made: TownFormulas, on: dt.date, rules: str) -> bytes:
    """The workbook as bytes. rules: the fingerprint of the rules it was made from."""
    page = _Page(made, on)
    page.draw()
    names = page.ranges | {one.name: one.stored for one in made.names}
    sheet = SheetSpec(
        TITLE,
        f"Formulas of {made.profile.name} that need no add-in: Excel 2024, Microsoft 365 and Excel for the web.",
        "Type in the yellow cells to try a formula, or type the formula in any cell of this workbook.",
        cells=tuple(page.cells),
        widths=_WIDTHS,
        heights=page.heights,
        protected=True,
        print_columns="A:D",
    )
    spec = BookSpec(TEMPLATE, f"{made.profile.name}: {TITLE}", (sheet,), formulas=names)
    return build_bytes(spec, rules=rules, results=page.results)


@dataclass
class _Page:
    """The cells of the sheet, from the top down."""

    made: TownFormulas
    on: dt.date
    cells: list[CellAt] = field(default_factory=list)
    heights: dict[int, float] = field(default_factory=dict)
    results: dict[tuple[str, str], object] = field(default_factory=dict)
    ranges: dict[str, str] = field(default_factory=dict)
    row: int = 5

    def draw(self) -> None:
        self._limits()
        for formula in self.made.formulas:
            self._formula(formula)
        self._refused()
        self._texts()
        self._days("F", CLOSED, "Closed weekdays", self.made.closed_weekdays)
        if opened := self.made.open_weekends:
            self._days("G", OPENED, "Open weekend days", opened)

    def _section(self, text: str) -> None:
        self.cells += [CellAt(f"{letter}{self.row}", text if letter == "A" else None, "section") for letter in "ABCD"]
        self.row += 1

    def _paragraph(self, text: str) -> None:
        """A text across the page."""
        self.cells.append(CellAt(f"A{self.row}", text, "step", across=f"D{self.row}"))
        self.heights[self.row] = _LINE * math.ceil(len(text) / 150) + 1
        self.row += 1

    def _limits(self) -> None:
        first, last = long_date(self.made.years.first), long_date(self.made.years.last)
        self._section("What these formulas can and cannot do")
        for text in (
            "Each formula gives one figure for one amount. A formula does not see payments, other bills, abatements or waivers. The tasks of "
            "xltax calculate the balances of a workbook.",
            "Give every argument. To leave an optional argument empty, keep its comma: =TOWN_LAST_DAY(A2,) has an empty second argument.",
            f"Days from {first} to {last}, amounts up to {usd(MOST)}, assessed values up to {usd(MOST_VALUE)}.",
            "#N/A means that the law, these limits or what was typed gives no figure: an empty cell, a part of a cent, a date typed as text, a "
            "due date that the law does not list. A formula never shows zero instead.",
            "Other programs, such as LibreOffice and Excel 2021 and older, do not have LAMBDA. There a Result cell shows the saved figure or an "
            "error. The cells marked Figure of xltax stay.",
            f"Made on {long_date(self.on)} from the rules of {self.made.profile.name}. If the rules or the Closed Days change, or when the "
            "years above end, make this workbook again with: xltax formulas",
        ):
            self._paragraph(text)
        self.row += 1

    # ---- one formula -------------------------------------------------------------------------------------------------

    def _formula(self, formula: Formula) -> None:
        self._section(formula.named.call)
        self._paragraph(_about(formula))
        first = self.row
        for (name, about), value in zip(formula.named.arguments, formula.sample, strict=True):
            kind = _KINDS.get(name, "money")
            self.cells += [
                CellAt(f"A{self.row}", name, "label"),
                CellAt(f"B{self.row}", _cell(value, kind), "entry", kind, help=f"{name}. {about}"),
                CellAt(f"C{self.row}", about, "hint"),
            ]
            self.row += 1
        given = ",".join(f"B{row}" for row in range(first, self.row))
        figure = formula.exact(*formula.sample)
        result_kind: Kind = "date" if isinstance(figure, dt.date) else "money"
        at = f"B{self.row}"
        self.cells += [
            CellAt(f"A{self.row}", "Result", "label"),
            CellAt(at, f"={formula.named.name}({given})", "value", result_kind, formula=True),
            CellAt(f"C{self.row}", f"={formula.named.name}({given})", "hint"),
        ]
        saved = serial(figure, False) if isinstance(figure, dt.date) else _dollars(figure)
        self.results[TITLE, at] = saved
        self.row += 1
        self.cells += [
            CellAt(f"A{self.row}", "Figure of xltax", "label"),
            CellAt(f"B{self.row}", saved, "value", result_kind),
            CellAt(
                f"C{self.row}",
                "The same figure from xltax itself, for the amounts and days above as they came with this sheet.",
                "hint",
            ),
        ]
        self.row += 1
        self._law(formula.rules)
        self.row += 1

    def _law(self, rules: Sequence[Rule[Params]]) -> None:
        """The rules that the formula follows: from, through, the rule and its authority."""
        for letter, text in zip("ABCD", ("From", "Through", "Rule", "Authority"), strict=True):
            self.cells.append(CellAt(f"{letter}{self.row}", text, "head"))
        self.row += 1
        for rule in sorted(rules, key=lambda one: one.start):
            words, authority = rule.params.words(), rule.authority() or _assumed(rule)
            self.cells += [
                CellAt(f"A{self.row}", _day(rule.start, "always"), "step"),
                CellAt(f"B{self.row}", _day(rule.end - dt.timedelta(days=1), "today") if rule.end < NEVER else "until changed", "step"),
                CellAt(f"C{self.row}", words, "step"),
                CellAt(f"D{self.row}", authority, "step"),
            ]  # fmt: skip
            lines = max(math.ceil(len(words) / 62), math.ceil(len(authority) / 45), 1)
            self.heights[self.row] = min(_LINE * lines + 2, 400)
            self.row += 1

    # ---- the rest ------------------------------------------------------------------------------------------------------

    def _refused(self) -> None:
        if not self.made.refused:
            return
        self._section("Figures without a formula")
        for one in self.made.refused:
            self._paragraph(f"{one.what}: no formula, because {one.why}. Use the tasks or the TAX functions of xltax.")
        self.row += 1

    def _texts(self) -> None:
        self._section("The text of the formulas")
        self._paragraph(
            "Excel keeps each text under its name: choose Formulas, Name Manager. Words in small letters are the arguments and steps."
        )
        for one in self.made.names:
            for n, part in enumerate(_pieces(f"={one.text}")):
                self.cells += [
                    CellAt(
                        f"A{self.row}",
                        one.name if not n else f"{one.name}, part {n + 1}",
                        "step",
                        across=f"B{self.row}",
                    ),
                    CellAt(f"C{self.row}", part, "step", across=f"D{self.row}"),
                ]
                self.heights[self.row] = _LINE * math.ceil(len(part) / _FORMULA_LINE) + 2
                self.row += 1

    def _days(self, letter: str, name: str, title: str, days: Sequence[dt.date]) -> None:
        """A list of days at the right, outside the printed page, and its name."""
        self.cells.append(CellAt(f"{letter}4", title, "head"))
        self.cells += [CellAt(f"{letter}{row}", day, "value", "date") for row, day in enumerate(days, 5)]
        self.ranges[name] = f"{TITLE}!${letter}$5:${letter}${4 + len(days)}"


def _about(formula: Formula) -> str:
    text = formula.named.about
    text += f" Levy type {_listed([slot.words for slot in (formula.slot, *formula.also)], 'and')}."
    if formula.component:
        text += " For a bill that was mailed on time and has no Interest From date."
    if formula.except_classes:
        text += f" Not for property of class {_listed(list(formula.except_classes), 'or')}: the law has its own rule for that class."
    if formula.until:
        text += f" The law's rates end on {long_date(formula.until)}: from that day on, the formula gives #N/A."
    return text


def _listed(texts: Sequence[str], word: str) -> str:
    """A list in a sentence: RE, PP and MV."""
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} {word} {texts[-1]}"


def _assumed(rule: Rule[Params]) -> str:
    """What the town's file assumes where it has no citation."""
    return "; ".join(f"Assumed: {one.why}" for one in rule.assume)


def _day(day: dt.date, otherwise: str) -> str:
    return otherwise if day <= ALWAYS else long_date(day)


def _cell(value: object, kind: Kind) -> object:
    if kind == "money" and isinstance(value, int):
        return _dollars(value)
    return float(value) if isinstance(value, Fraction) else value


def _dollars(cents: object) -> float:
    assert isinstance(cents, int)
    return cents / 100


def _pieces(text: str) -> list[str]:
    """A long text in pieces that fit the height of a row, cut after a comma."""
    most = _FORMULA_LINE * _MOST_LINES
    pieces = []
    while len(text) > most:
        cut = text.rindex(",", 0, most) + 1
        pieces.append(text[:cut])
        text = text[cut:]
    return [*pieces, text]
