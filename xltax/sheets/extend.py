"""Upgrades a workbook: adds the columns, cells, tables and sheets that are missing.

What a new book would look like is built once, and what the live one lacks is taken from there. Nothing is moved: a column goes
to the right end of its table, a sheet to the end of the book. A protected form that lacks something is drawn anew, with its
values and with what stands beside it. Where something of the user's is in the way, the book is refused with the cell's name.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from xltax.errors import BadBook
from xltax.sheets.borrow import Styles, add_check, add_width, cols_at, place, tag
from xltax.sheets.cells import EMPTY, LAST_ROW, letters, split_ref
from xltax.sheets.finish import order_fonts
from xltax.sheets.former_texts import written_by_version_1
from xltax.sheets.frames import match
from xltax.sheets.grid import Grid, cells_in
from xltax.sheets.layout import Layout
from xltax.sheets.model import BookSpec, CellAt, Placed, SheetSpec
from xltax.sheets.package import Package, parse, serialise
from xltax.sheets.parts import add_name, add_sheet, add_table
from xltax.sheets.places import TableAt
from xltax.tables.schema import Column, TableSpec
from xltax.wording import some

_OPENING = re.compile(rb'<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?')


def extend(layout: Layout, spec: BookSpec, donor: Layout) -> list[str]:
    """Adds everything missing from the workbook. Gives a list of the additions. donor: a new workbook to copy from."""
    work = _Extension(layout, donor)
    for sheet in spec.sheets:
        work.sheet(sheet)
    work.styles.save()
    layout.read_again()
    return work.said


class _Extension:
    """One existing workbook, the new one to copy from, and the additions so far."""

    def __init__(self, layout: Layout, donor: Layout) -> None:
        self.layout, self.donor = layout, donor
        self.styles = Styles(layout, donor)
        self.said: list[str] = []
        self.file = layout.package.name

    def sheet(self, sheet: SheetSpec) -> None:
        """Adds everything missing from a sheet, or the whole sheet."""
        wanted = {t.spec.name.casefold(): t for t in sheet.tables}
        there = {name.casefold(): at for name, at in self.layout.tables.items()}
        if sheet.title not in self.layout.sheets and not wanted.keys() & there.keys():
            add_sheet(self.layout, self.donor, sheet.title, self.styles)
            self.said.append(f"sheet {sheet.title}")
            return
        if sheet.title not in self.layout.sheets:
            # Her own name for the sheet: its tables are found by their names, its cells by theirs.
            for name, placed in wanted.items():
                if name in there:
                    self._columns(there[name], placed)
            return
        if sheet.protected:
            self._form(sheet)
            return
        for name, placed in wanted.items():
            if name in there:
                self._columns(there[name], placed)
            else:
                self._table(sheet.title, placed)
        self._prepare(sheet)
        self._cells(sheet.title, self._lacking(sheet))

    def _prepare(self, sheet: SheetSpec) -> None:
        """Gives whole columns the formats of the new book, so that what is typed below a table is text where it has to be."""
        part = self.layout.sheets[sheet.title]
        root, donor = self.layout.package.tree(part), self.donor.package.tree(self.donor.sheets[sheet.title])
        changed = False
        for placed in sheet.tables:
            at = self.layout.found().get(placed.spec.name)
            if at is None or at.sheet != sheet.title:
                continue
            found = match(at, placed.spec, self.file)
            for index, column in enumerate(placed.spec.columns):
                theirs = next(iter(cols_at(donor, placed.corner[0] + index)), None)
                if theirs is None or not theirs.get("style") or column.name not in found:
                    continue
                for mine in cols_at(root, found[column.name]):
                    if mine.get("min") == mine.get("max") and not mine.get("style"):
                        mine.set("style", str(self.styles.cell(int(theirs.get("style") or 0))))
                        changed = True
        if changed:
            self.layout.package.put(part, serialise(root))
            self.layout.extended.add(part)

    # ---- columns ---------------------------------------------------------------------------------------------------

    def _columns(self, at: TableAt, placed: Placed) -> None:
        """Adds the missing columns of a table at the right end."""
        found = match(at, placed.spec, self.file)
        lacking = [c for c in placed.spec.columns if c.name not in found]
        if not lacking:
            return
        new = range(at.right + 1, at.right + 1 + len(lacking))
        self._refuse_what_is_there(at, new)
        part, source = self.layout.package, self._source(placed)
        grid = Grid(part.part(at.sheet_part), f"{self.file}, {at.sheet}")
        left, top = placed.corner
        theirs = {c.name: left + i for i, c in enumerate(placed.spec.columns)}
        patch: dict[int, dict[int, bytes]] = {row: {} for row in range(at.header, at.last + 1)}
        heads, bodies = self._cells_of(source, top), self._cells_of(source, top + 1)
        body_styles = {}
        for number, column in zip(new, lacking, strict=True):
            patch[at.header][number] = heads[theirs[column.name]][1]
            body_styles[number] = self.styles.cell(bodies[theirs[column.name]][0])
            for row in range(at.header + 1, at.last + 1):
                patch[row][number] = EMPTY
        head_styles = {n: self.styles.cell(heads[theirs[c.name]][0]) for n, c in zip(new, lacking, strict=True)}
        grid.apply({at.header: patch.pop(at.header)}, head_styles, set(new))
        grid.apply(patch, body_styles, set(new))
        root, donor = parse(grid.xml, self.file), self.donor.package.tree(source)
        for number, column in zip(new, lacking, strict=True):
            self._dress(
                root,
                donor,
                theirs[column.name],
                top + 1,
                number,
                f"{letters(number)}{at.header + 1}:{letters(number)}{LAST_ROW}",
            )
        part.put(at.sheet_part, serialise(root))
        self._widen(at, lacking)
        self.layout.extended.add(at.sheet_part)
        self.said += [f"column {c.name} of {at.name}" for c in lacking]

    def _refuse_what_is_there(self, at: TableAt, new: range) -> None:
        """Refuses if the columns to the right of the table are not empty, from the header down."""
        grid = Grid(self.layout.package.part(at.sheet_part), f"{self.file}, {at.sheet}")
        found = grid.filled(at.header, LAST_ROW, new)
        areas = [
            (o.header, o.left, o.right, o.last)
            for o in self.layout.tables.values()
            if o.sheet == at.sheet and o.name != at.name
        ]
        for merged in re.findall(rb'<mergeCell ref="([^"]+)"', grid.tail()):
            left, top, right, bottom = split_ref(merged.decode())
            areas.append((top, left, right, bottom))
        for top, left, right, bottom in areas:
            if found is None and left <= new[-1] and right >= new[0] and bottom >= at.header:
                found = top, max(left, new[0])
        if found:
            raise BadBook(
                f"The table {at.name} needs {some(len(new), 'more column')} on the right, but the cells there are not empty.",
                where=f"{self.file}, {at.cell(*found)}",
                do=f"Move these cells to another sheet. Columns {letters(new[0])} to {letters(new[-1])} must be empty from row {at.header} down. "
                "Nothing was written.",
            )

    def _widen(self, at: TableAt, lacking: list[Column[Any]]) -> None:
        package = self.layout.package
        root = package.tree(at.part)
        ref = f"{letters(at.left)}{at.header}:{letters(at.right + len(lacking))}{at.last + at.totals}"
        root.set("ref", ref)
        auto = root.find(tag("autoFilter"))
        if auto is not None:
            auto.set("ref", f"{letters(at.left)}{at.header}:{letters(at.right + len(lacking))}{at.last}")
        listed = root.find(tag("tableColumns"))
        assert listed is not None
        number = max(int(c.get("id") or 0) for c in listed)
        for n, column in enumerate(lacking, number + 1):
            etree.SubElement(listed, tag("tableColumn"), id=str(n), name=column.name)
        listed.set("count", str(len(listed)))
        package.put(at.part, serialise(root))

    def _dress(
        self, root: etree._Element, donor: etree._Element, theirs: int, row: int, number: int, sqref: str
    ) -> None:
        """Gives a new column or cell the width and the check that the new book's has."""
        for width in donor.iterfind(f"{tag('cols')}/{tag('col')}"):
            if int(width.get("min") or 0) <= theirs <= int(width.get("max") or 0):
                add_width(root, width, number, self.styles)
        for check in donor.iter(tag("dataValidation")):
            areas = [split_ref(ref) for ref in (check.get("sqref") or "").split()]
            if any(a <= theirs <= c and b <= row <= d for a, b, c, d in areas):
                add_check(root, check, sqref)

    # ---- cells of a sheet that is not protected ----------------------------------------------------------------------

    def _lacking(self, sheet: SheetSpec) -> list[CellAt]:
        """The named cells missing from a sheet, with the content of their rows."""
        rows = {split_ref(c.at)[1] for c in sheet.cells if c.name and c.name not in self.layout.names}
        return [
            c for c in sheet.cells if split_ref(c.at)[1] in rows and (not c.name or c.name not in self.layout.names)
        ]

    def _cells(self, title: str, cells: list[CellAt]) -> None:
        if not cells:
            return
        part, package = self.layout.sheets[title], self.layout.package
        source = self.donor.sheets[title]
        donor = self.donor.package.tree(source)
        grid = Grid(package.part(part), f"{self.file}, {title}")
        for cell in cells:
            column, row, _, _ = split_ref(cell.at)
            style, content = self._cells_of(source, row).get(column, (0, EMPTY))
            if column in grid.held(row):
                if cell.name:
                    raise BadBook(
                        f"This version of xltax needs this cell ({cell.help or cell.name}), but the cell is not empty.",
                        where=f"{self.file}, {title}!{cell.at}", do="Move the content to another sheet. Nothing was written.",
                    )  # fmt: skip
                continue
            grid.apply({row: {column: content}}, {column: self.styles.cell(style)}, {column})
        root = parse(grid.xml, self.file)
        for cell in cells:
            column, row, _, _ = split_ref(cell.at)
            if cell.style == "entry":
                self._dress(root, donor, column, row, column, cell.at)
            if cell.name:
                add_name(self.layout, cell.name, title, cell.at)
                self.said.append(f"cell {cell.name} on {title}")
        package.put(part, serialise(root))
        self.layout.extended.add(part)

    def _table(self, title: str, placed: Placed) -> None:
        """A table that a sheet lacks, with its header and its first row."""
        left, top = placed.corner
        part, package, source = self.layout.sheets[title], self.layout.package, self._source(placed)
        columns = range(left, left + len(placed.spec.columns))
        at = TableAt(placed.spec.name, title, "", part, left, left - 1, top, top + 1)
        self._refuse_what_is_there(at, columns)
        grid = Grid(package.part(part), f"{self.file}, {title}")
        for row in (top, top + 1):
            cells = self._cells_of(source, row)
            styles = {n: self.styles.cell(cells[n][0]) for n in columns}
            grid.apply({row: {n: cells[n][1] for n in columns}}, styles, set(columns))
        root, donor = parse(grid.xml, self.file), self.donor.package.tree(source)
        for n in columns:
            self._dress(root, donor, n, top + 1, n, f"{letters(n)}{top + 1}:{letters(n)}{LAST_ROW}")
        package.put(part, serialise(root))
        add_table(self.layout, part, self.donor.package.part(self.donor.tables[placed.spec.name].part))
        self.layout.extended.add(part)
        self.said.append(f"table {placed.spec.name} on {title}")

    # ---- protected forms -------------------------------------------------------------------------------------------

    def _form(self, sheet: SheetSpec) -> None:
        """Redraws an outdated form and keeps the values of its yellow cells."""
        part, source = self.layout.sheets[sheet.title], self.donor.sheets[sheet.title]
        ours, theirs = dict(self._contents(self.layout, part)), dict(self._contents(self.donor, source))
        named = {(r, c) for s, r, c in self.layout.names.values() if s == sheet.title}
        fixed = {
            at: text
            for at, text in theirs.items()
            if at not in {(r, c) for s, r, c in self.donor.names.values() if s == sheet.title}
        }
        tables = {t.spec.name: self.layout.tables.get(t.spec.name) for t in sheet.tables}
        whole = all(at and not {c.name for c in t.spec.columns} - set(match(at, t.spec, self.file))
                    for t in sheet.tables for at in [tables[t.spec.name]])  # fmt: skip
        names = {c.name for c in sheet.cells if c.name} <= set(self.layout.names)
        if whole and names and all(ours.get(at) == text for at, text in fixed.items()):
            return
        values = {name: at for name, at in self.layout.names.items() if at[0] == sheet.title}
        cells = self._raw(self.layout, part)
        inside = [(at.header, at.last + at.totals, at.left, at.right) for at in tables.values() if at]
        texts = set(theirs.values())
        hers = {
            at: cells[at] for at, text in ours.items()
            if at not in theirs and at not in named and text not in texts and not written_by_version_1(text)
            and not any(a <= at[0] <= b and c <= at[1] <= d for a, b, c, d in inside)
        }  # fmt: skip
        bodies = {name: self._body(at, cells) for name, at in tables.items() if at}
        self._draw(sheet, part, source)
        grid = Grid(self.layout.package.part(part), f"{self.file}, {sheet.title}")
        for name, (_, row, column) in values.items():
            declared = next((c for c in sheet.cells if c.name == name), None)
            if declared is None:
                hers[row, column] = cells.get((row, column), (0, EMPTY))
            elif not declared.formula and (row, column) in ours:
                at = split_ref(declared.at)
                grid.apply({at[1]: {at[0]: cells[row, column][1]}}, {})
        for (row, column), (style, content) in hers.items():
            grid.apply({row: {column: content}}, {column: style}, {column})
        for placed in sheet.tables:
            self._refill(grid, placed, bodies.get(placed.spec.name, []))
        self.layout.package.put(part, grid.xml)
        for cell in sheet.cells:
            if cell.name:
                add_name(self.layout, cell.name, sheet.title, cell.at)
        self.layout.redrawn.add(part)
        kept = f", with {some(len(hers), 'cell')} of yours" if hers else ""
        self.said.append(f"the form {sheet.title}{kept}")

    def _draw(self, sheet: SheetSpec, part: str, source: str) -> None:
        """Replaces the old form with the current form. Drawings, comments and extensions stay."""
        package = self.layout.package
        old, new = package.tree(part), self.donor.package.tree(source)
        for cell in new.iter(tag("c")):
            cell.set("s", str(self.styles.cell(int(cell.get("s") or 0))))
        for one in new.iter(tag("col"), tag("row")):
            name = "style" if one.tag == tag("col") else "s"
            if one.get(name):
                one.set(name, str(self.styles.cell(int(one.get(name) or 0))))
        for rule in new.iter(tag("cfRule")):
            if rule.get("dxfId"):
                rule.set("dxfId", str(self.styles.format(int(rule.get("dxfId") or 0))))
        for name in ("drawing", "legacyDrawing", "legacyDrawingHF", "picture", "tableParts", "extLst"):
            for one in new.findall(tag(name)):
                new.remove(one)
            for one in old.findall(tag(name)):
                place(new, copy.deepcopy(one))
        was, is_now = old.find(tag("sheetPr")), new.find(tag("sheetPr"))
        if was is not None and is_now is not None and was.get("codeName"):
            is_now.set("codeName", was.get("codeName") or "")  # the macros know the sheet by it
        package.put(part, serialise(new))
        for placed in sheet.tables:
            theirs = self.donor.package.tree(self.donor.tables[placed.spec.name].part)
            at = self.layout.tables.get(placed.spec.name)
            if at is None:
                add_table(self.layout, part, serialise(theirs))
                continue
            theirs.set("id", package.tree(at.part).get("id") or "1")
            package.put(at.part, serialise(theirs))

    def _body(self, at: TableAt, cells: dict[tuple[int, int], tuple[int, bytes]]) -> list[dict[str, bytes]]:
        """The present rows of a table, by header."""
        names = dict(zip(at.columns, at.headers, strict=True))
        return [
            {names[n]: cells[row, n][1] for n in at.columns if (row, n) in cells}
            for row in range(at.header + 1, at.last + 1)
        ]

    def _refill(self, grid: Grid, placed: Placed, rows: list[dict[str, bytes]]) -> None:
        """Puts a table's rows back into the redrawn form."""
        if not any(rows):
            return
        left, top = placed.corner
        styles = grid.styles(top + 1)
        spec: TableSpec[Any] = placed.spec
        number = {c.name: left + i for i, c in enumerate(spec.columns)}
        for row, values in enumerate(rows, top + 1):
            patch = {
                number[c.name]: v for h, v in values.items() if (c := spec.find(h)) is not None and c.name in number
            }
            grid.apply({row: dict.fromkeys(number.values(), EMPTY) | patch}, styles)
        package = self.layout.package
        at = self.layout.tables.get(spec.name)
        part = at.part if at else self.layout.found()[spec.name].part
        root = package.tree(part)
        ref = f"{letters(left)}{top}:{letters(left + len(spec.columns) - 1)}{top + len(rows)}"
        for one in (root, root.find(tag("autoFilter"))):
            if one is not None:
                one.set("ref", ref)
        package.put(part, serialise(root))

    # ---- what stands in cells ----------------------------------------------------------------------------------------

    def _source(self, placed: Placed) -> str:
        return self.donor.tables[placed.spec.name].sheet_part

    def _cells_of(self, part: str, row: int) -> dict[int, tuple[int, bytes]]:
        """A row of the new book: column -> its style, and the cell's bytes after reference and style."""
        return {c: v for (r, c), v in self._raw(self.donor, part).items() if r == row}

    def _raw(self, layout: Layout, part: str) -> dict[tuple[int, int], tuple[int, bytes]]:
        """Every cell of a sheet: (row, column) -> its style, and its bytes after reference and style."""
        grid = Grid(layout.package.part(part), part)
        out = {}
        for row, start, end in grid.rows(1, LAST_ROW)[2]:
            for column, style, cell in cells_in(grid.xml[start:end], part):
                out[row, column] = int(style or 0), _OPENING.sub(b"", cell, count=1)
        return out

    def _contents(self, layout: Layout, part: str) -> Iterator[tuple[tuple[int, int], str]]:
        """Every cell that holds something: (row, column) -> its formula, or its text."""
        shared = layout.shared_texts()
        for at, (_, cell) in self._raw(layout, part).items():
            one = etree.fromstring(b"<c" + cell) if cell != EMPTY else None
            if one is None or not len(one):
                continue
            formula = one.find("f")
            if formula is not None:
                yield at, f"={formula.text}"
            elif one.get("t") == "s":
                yield at, shared[int(one.findtext("v") or 0)]
            else:
                yield at, "".join(one.itertext())


def donor_of(spec: BookSpec, data: bytes) -> Layout:
    """A new workbook of a declaration, as the source of missing parts."""
    package = Package(data, f"{spec.template}.xlsx")
    order_fonts(package)
    return Layout(package)
