"""Turns installments that stand side by side (Q1 Billed, Q1 Paid, Q2 Billed ...) into a row for each installment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from xltax.errors import BadValue
from xltax.money import to_cents
from xltax.office.intake.sheet_shape import DASH, set_apart

INSTALLMENT = "installment"
"""The header of the column that says which installment a row is."""
LESS = "{} less {}"

_TAG = re.compile(
    r"\b(?:q(?:tr|uarter)?[ .#-]*(?P<a>[1-4])|(?P<b>[1-4])(?:st|nd|rd|th)? *(?:q|qtr|quarter|half|inst|installment|payment)"
    r"|(?:half|inst|installment) *#?(?P<c>[1-4])|(?P<d>first|second|third|fourth) *(?:q|qtr|quarter|half|inst|installment))\b\.?",
    re.IGNORECASE,
)
_WORDS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_DAY = re.compile(r"\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b")
_BILLED = ("billed", "bill", "tax", "amount billed", "tax billed", "levied", "charge", "charged", "amount")
_PAID = ("paid", "amount paid", "payment", "pd", "amt paid", "tax paid", "collected")


def number_of(text: str) -> int:
    """The installment that a text names, such as Q1, 1st, 2nd Half, Qtr 3 or 1 of 4; 0 if it names none."""
    text = re.sub(r"\s+of\s+\d{1,2}\s*$", "", text, flags=re.IGNORECASE)
    whole = re.fullmatch(r"\s*0?([1-9]|1[0-2])(?:st|nd|rd|th)?\.?0?\s*", text, re.IGNORECASE)
    if whole:
        return int(whole[1])
    short = re.fullmatch(r"\s*([1-4]) *[qh]\s*|\s*[qh] *([1-4])\s*", text, re.IGNORECASE)
    found = _TAG.fullmatch(text.strip())
    return int(next(g for g in short.groups() if g)) if short else _number(found) if found else 0


def _number(found: re.Match[str]) -> int:
    return _WORDS[found["d"].lower()] if found["d"] else int(found["a"] or found["b"] or found["c"])


def columns_by_installment(headers: list[str]) -> dict[str, dict[int, str]]:
    """What stands side by side: each word, such as Billed, with the header of each installment. Empty if nothing does."""
    out: dict[str, dict[int, str]] = {}
    for header in headers:
        found = list(_TAG.finditer(header))
        if not found or len({_number(f) for f in found}) > 1:
            continue
        word = re.sub(r"\s+", " ", _DAY.sub(" ", _TAG.sub(" ", header))).strip(" -:,.")
        out.setdefault(word or "Amount", {}).setdefault(_number(found[0]), header)
    return {word: places for word, places in out.items() if len(places) > 1}


class Places:
    """The cells of a table that was turned: the sheet row of each of its rows, the sheet column of each installment's values."""

    def __init__(self, rows: list[int], numbers: list[int], letters: Mapping[str, str | Mapping[int, str]]) -> None:
        self._rows, self._numbers, self._letters = rows, numbers, letters

    def __deepcopy__(self, memo: dict[int, Any]) -> Places:
        return self

    def at(self, position: int, header: str) -> str:
        """The cell of a value, by the row's position and the header."""
        letter = self._letters.get(header, "")
        if not isinstance(letter, str):
            letter = letter[self._numbers[position]]
        return f"{letter}{self._rows[position]}"

    def place(self, sheet: str, position: int, header: str) -> str:
        """The cell with its sheet, or the row where no column is named."""
        return f"{sheet}!{self.at(position, header)}" if header else f"{sheet} row {self._rows[position]}"

    def renamed(self, headers: Mapping[str, str]) -> Places:
        """The same cells under other names: name -> header."""
        letters = {name: self._letters.get(header, "") for name, header in headers.items()}
        return Places(self._rows, self._numbers, letters)


def turned(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with a row for each installment of each row, if installments stand side by side; else the table as it is.

    Where both what was billed and what was paid stand there, a column "Billed less Paid" holds what is open, in dollars.
    Installments without any value are left out. attrs: `places` gives each value's cell.
    """
    side = columns_by_installment([str(h) for h in frame.columns])
    if not side:
        return frame
    kept, _ = set_apart(frame, (), "")
    taken = {h for places in side.values() for h in places.values()}
    base = [h for h in frame.columns if h not in taken]
    numbers = sorted({n for places in side.values() for n in places})
    records = kept[base].notna().any(axis=1).to_numpy()
    columns = {h: kept[h].tolist() for h in kept.columns}
    first, letters = frame.attrs["header_row"] + 1, frame.attrs["letters"]
    data: dict[str, list[Any]] = {h: [] for h in (*base, *side, INSTALLMENT)}
    rows: list[int] = []
    of: list[int] = []
    for n in range(len(kept)):
        for number in numbers if records[n] else ():
            values = {w: columns[places[number]][n] if number in places else None for w, places in side.items()}
            if all(v is None for v in values.values()):
                continue
            for header in base:
                data[header].append(columns[header][n])
            for word, value in values.items():
                data[word].append(value)
            data[INSTALLMENT].append(number)
            rows.append(first + n)
            of.append(number)
    where: dict[str, str | Mapping[int, str]] = {h: letters[h] for h in base}
    where |= {word: {n: letters[h] for n, h in places.items()} for word, places in side.items()}
    billed = next((w for w in side if w.casefold() in _BILLED), "")
    paid = next((w for w in side if w.casefold() in _PAID), "")
    if billed and paid:
        open_ = LESS.format(billed, paid)
        data[open_] = [_less(a, b) for a, b in zip(data[billed], data[paid], strict=True)]
        where[open_] = where[billed]
    where[INSTALLMENT] = next(iter(where.values()), "")
    out = pd.DataFrame(data, dtype=object)
    shown = {h: letter if isinstance(letter, str) else "" for h, letter in where.items()}
    out.attrs = {
        **frame.attrs, "letters": shown, "lines": [], "places": Places(rows, of, where), "side": tuple(side),
        "open": LESS.format(billed, paid) if billed and paid else "",
        "odd": {}, "skipped": set_apart(frame, (), "")[1],
    }  # fmt: skip
    return out


def _less(billed: object, paid: object) -> object:
    """What was billed less what was paid, as text in dollars; a cell that is no amount stays as it is, to be named."""
    amounts = []
    for value in (billed, paid):
        try:
            amounts.append(0 if value in (None, "", DASH) else to_cents(value))
        except BadValue:
            return value
    left = amounts[0] - amounts[1]
    return f"{'-' if left < 0 else ''}{abs(left) // 100}.{abs(left) % 100:02d}"
