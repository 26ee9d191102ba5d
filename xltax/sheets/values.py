"""Makes a workbook without formulas. Every figure is a plain value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from xml.sax.saxutils import escape, unescape

import pandas as pd

from xltax.sheets.grid import Grid
from xltax.sheets.layout import Layout
from xltax.sheets.model import BookSpec
from xltax.sheets.package import Package
from xltax.sheets.write import build_bytes

_CELL = re.compile(rb"<c\b[^>]*?(?:/>|>.*?</c>)", re.S)
_FORMULA = re.compile(rb"<f\b[^>]*?(?:/>|>.*?</f>)", re.S)
_TEXT_VALUE = re.compile(rb"(<v[^>]*>)(.*?)(</v>)", re.S)
_REF = re.compile(rb'\br="([A-Z]+[0-9]+)"')


def values_book(
    spec: BookSpec,
    frames: Mapping[str, pd.DataFrame],
    shown: Mapping[str, pd.DataFrame],
    values: Mapping[str, object],
    note: str = "",
    masked: Callable[[str], str] = str,
) -> bytes:
    """A new workbook of this declaration with the rows of `shown`, and totals as `frames` give them, as values.

    values: named cells, money in whole cents. note: a line under the title of the first sheet. masked: a text that a formula
    gives, as it may be shown: the formula has read the whole book.
    """
    whole = Package(build_bytes(spec, frames, values), spec.template)
    copy = Package(build_bytes(spec, shown, values), spec.template)
    layout, totals = Layout(copy), Layout(whole)
    for sheet, part in layout.sheets.items():
        figures = Grid(whole.part(totals.sheets[sheet]), sheet).formulas()
        xml = copy.part(part)
        if figures:
            xml = _CELL.sub(partial(_without_formula, figures, masked), xml)
        if note and sheet == spec.sheets[0].title:
            xml = _noted(xml, note)
        if xml != copy.part(part):
            copy.put(part, xml)
    layout.drop_calc_chain()
    return copy.to_bytes(level=4, fixed=True)


def _without_formula(figures: Mapping[bytes, bytes], masked: Callable[[str], str], match: re.Match[bytes]) -> bytes:
    ref = _REF.search(match[0])
    full = figures.get(ref[1]) if ref else None
    if not full:
        return match[0]
    bare = _FORMULA.sub(b"", full)
    return _TEXT_VALUE.sub(lambda m: m[1] + _masked(m[2], masked) + m[3], bare) if b't="str"' in bare else bare


def _masked(value: bytes, masked: Callable[[str], str]) -> bytes:
    text = unescape(value.decode())
    shown = masked(text)
    return value if shown == text else escape(shown).encode()


_THIRD = re.compile(rb'<c r="A3"((?: s="[0-9]+")?)[^>]*?(?:/>|>.*?</c>)', re.S)


def _noted(xml: bytes, note: str) -> bytes:
    """The sheet with a line under its purpose, in place of what to do next: in a copy there is nothing to do."""
    text = f"<is><t>{escape(note)}</t></is></c>".encode()
    noted, count = _THIRD.subn(lambda m: b'<c r="A3"' + m[1] + b' t="inlineStr">' + text, xml, count=1)
    assert count, "the first sheet needs its next step in A3"
    return noted
