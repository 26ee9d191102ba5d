"""Copies the styles and input checks of a new workbook into an existing workbook."""

from __future__ import annotations

import copy

from lxml import etree

from xltax.sheets.layout import Layout
from xltax.sheets.package import serialise
from xltax.sheets.places import MAIN

_LISTS = (("fonts", "fontId"), ("fills", "fillId"), ("borders", "borderId"))
_FIRST_OWN_FORMAT = 164  # number formats below are built in


def tag(name: str) -> str:
    """A name of the main sheet language."""
    return f"{{{MAIN}}}{name}"


class Styles:
    """Finds the matching style in a live workbook, and adds missing styles to its lists."""

    def __init__(self, layout: Layout, donor: Layout) -> None:
        self._layout = layout
        self._ours = layout.package.tree(layout.styles_part)
        self._theirs = donor.package.tree(donor.styles_part)
        self._known: dict[tuple[str, int], int] = {}

    def cell(self, index: int) -> int:
        """The live book's cell style for one of the new book's."""
        return self._taken("cellXfs", index, self._cell_style)

    def format(self, index: int) -> int:
        """The same for the style of a conditional format."""
        return self._taken("dxfs", index, lambda one: None)

    def _taken(self, name: str, index: int, ready: object) -> int:
        key = (name, index)
        if key not in self._known:
            listed = self._theirs.find(tag(name))
            assert listed is not None
            one = copy.deepcopy(listed[index])
            ready(one)  # type: ignore[operator]
            self._known[key] = self._put(name, one)
        return self._known[key]

    def _cell_style(self, one: etree._Element) -> None:
        for name, attribute in _LISTS:
            theirs = self._theirs.find(tag(name))
            assert theirs is not None
            one.set(attribute, str(self._put(name, copy.deepcopy(theirs[int(one.get(attribute) or 0)]))))
        number = int(one.get("numFmtId") or 0)
        if number >= _FIRST_OWN_FORMAT:
            code = next(
                f.get("formatCode") for f in self._theirs.iter(tag("numFmt")) if f.get("numFmtId") == str(number)
            )
            one.set("numFmtId", str(self._number_format(code or "")))
        one.set("xfId", "0")

    def _number_format(self, code: str) -> int:
        listed = self._list("numFmts")
        for one in listed:
            if one.get("formatCode") == code:
                return int(one.get("numFmtId") or 0)
        number = max([_FIRST_OWN_FORMAT - 1, *(int(f.get("numFmtId") or 0) for f in listed)]) + 1
        etree.SubElement(listed, tag("numFmt"), numFmtId=str(number), formatCode=code)
        listed.set("count", str(len(listed)))
        return number

    def _list(self, name: str) -> etree._Element:
        found = self._ours.find(tag(name))
        if found is None:
            found = etree.Element(tag(name))
            # numFmts come first; the looks of conditional formats follow the named styles (CT_Stylesheet's order).
            after = [e for e in self._ours if e.tag in (tag("cellStyles"), tag("cellXfs"))]
            if name == "numFmts":
                self._ours.insert(0, found)
            else:
                after[-1].addnext(found)
        return found

    def _put(self, name: str, one: etree._Element) -> int:
        listed = self._list(name)
        text = etree.tostring(one, method="c14n")
        for index, other in enumerate(listed):
            if etree.tostring(other, method="c14n") == text:
                return index
        listed.append(one)
        listed.set("count", str(len(listed)))
        return len(listed) - 1

    def save(self) -> None:
        """Writes the lists into the live book, if anything was added."""
        new = serialise(self._ours)
        if new != serialise(self._layout.package.tree(self._layout.styles_part)):
            self._layout.package.put(self._layout.styles_part, new)


_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing",
    "legacyDrawing", "legacyDrawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
"""The parts of a sheet in the order of the file format (CT_Worksheet)."""


def place(sheet: etree._Element, one: etree._Element) -> None:
    """Puts an element on a sheet in the place that the format requires."""
    rank = _ORDER.index(etree.QName(one).localname)
    for other in sheet:
        if (
            isinstance(other.tag, str)
            and etree.QName(other).namespace == MAIN
            and _ORDER.index(etree.QName(other).localname) > rank
        ):
            other.addprevious(one)
            return
    sheet.append(one)


def add_check(sheet: etree._Element, check: etree._Element, sqref: str) -> None:
    """Adds an input check for other cells than the original ones."""
    listed = sheet.find(tag("dataValidations"))
    if listed is None:
        listed = etree.Element(tag("dataValidations"))
        place(sheet, listed)
    new = copy.deepcopy(check)
    new.set("sqref", sqref)
    listed.append(new)
    listed.set("count", str(len(listed)))


def add_width(sheet: etree._Element, width: etree._Element, column: int, styles: Styles) -> None:
    """Gives a column the width and folding of the new workbook's column, unless the sheet already has its own."""
    listed = sheet.find(tag("cols"))
    if listed is None:
        listed = etree.Element(tag("cols"))
        place(sheet, listed)
    spans = [(int(c.get("min") or 0), int(c.get("max") or 0)) for c in listed]
    if any(first <= column <= last for first, last in spans):
        return
    new = copy.deepcopy(width)
    new.set("min", str(column))
    new.set("max", str(column))
    if new.get("style"):
        new.set("style", str(styles.cell(int(new.get("style") or 0))))
    listed.insert(sum(first < column for first, _ in spans), new)


def cols_at(sheet: etree._Element, column: int) -> list[etree._Element]:
    """The widths of a sheet that a column has."""
    every = sheet.iterfind(f"{tag('cols')}/{tag('col')}")
    return [c for c in every if int(c.get("min") or 0) <= column <= int(c.get("max") or 0)]
