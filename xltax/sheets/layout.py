"""Finds the sheets, tables and named cells of a workbook file."""

from __future__ import annotations

import datetime as dt
import hashlib
import posixpath
import re
from dataclasses import replace

import pandas as pd
from lxml import etree

from xltax.errors import BadBook, BadValue
from xltax.sheets.cells import is_blank, letters, split_ref
from xltax.sheets.package import Package, parse, serialise
from xltax.sheets.places import MAIN, Meta, TableAt

_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PR = "http://schemas.openxmlformats.org/package/2006/relationships"
_VT = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_CP = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_FMTID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_PREFIX = "xltax "


class Layout:
    """The map of one book, read from its small parts; sheets themselves are not opened."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.dropped = ""  # the part left out on purpose
        self.extended: set[str] = set()  # sheets that were given more than they had
        self.redrawn: set[str] = set()  # forms that were drawn anew
        try:
            self._read_map()
        except BadBook:
            raise
        except (BadValue, AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
            # A damaged file can lack anything: an attribute, a number, a sheet that a table names.
            raise BadBook(
                f"This file is damaged. The list of sheets, names and tables cannot be read ({error}).",
                where=package.name,
                do="Restore the last good copy (xltax kept, xltax restore).",
            ) from None

    def _read_map(self) -> None:
        package = self.package
        self.workbook_part = self._related("", "officeDocument", "xl/workbook.xml")
        root = package.tree(self.workbook_part)
        if not root.tag.startswith(f"{{{MAIN}}}"):
            raise BadBook(
                "This workbook is in the Strict Open XML format.",
                where=package.name,
                do="Save the file as Excel Workbook (.xlsx).",
            )
        properties = root.find(f"{{{MAIN}}}workbookPr")
        self.date1904 = properties is not None and properties.get("date1904") in ("1", "true")
        targets = self._targets(self.workbook_part)
        self.styles_part = self._related(self.workbook_part, "styles", "xl/styles.xml")
        self.sheets = {
            sheet.get("name"): targets[sheet.get(f"{{{_R}}}id")][1]
            for sheet in root.iter(f"{{{MAIN}}}sheet")
            if sheet.get(f"{{{_R}}}id") in targets
        }
        self.names = self._names(root)
        self.tables = self.found()

    def found(self) -> dict[str, TableAt]:
        """The tables as the package has them now."""
        return {t.name: t for t in self._tables()}

    def read_again(self) -> None:
        """Read the map again, after parts were added."""
        self._read_map()

    def shared_texts(self) -> list[str]:
        """The shared texts, by number."""
        part = self._related(self.workbook_part, "sharedStrings")
        if not part or not self.package.has(part):
            return []
        return [
            "".join(t.text or "" for t in item.iter(f"{{{MAIN}}}t"))
            for item in self.package.tree(part).iter(f"{{{MAIN}}}si")
        ]

    # ---- relationships --------------------------------------------------------------------------------------------

    def _targets(self, part: str) -> dict[str, tuple[str, str]]:
        folder, _, file = part.rpartition("/")
        rels = f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"
        if not self.package.has(rels):
            return {}
        out = {}
        for rel in self.package.tree(rels):
            if rel.get("TargetMode") == "External":
                continue
            target = rel.get("Target") or ""
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            out[rel.get("Id")] = ((rel.get("Type") or "").rpartition("/")[2], path)
        return out

    def _related(self, part: str, kind: str, default: str = "") -> str:
        return next((path for name, path in self._targets(part).values() if name == kind), default)

    # ---- named cells and tables -----------------------------------------------------------------------------------

    def _names(self, root: etree._Element) -> dict[str, tuple[str, int, int]]:
        out = {}
        for defined in root.iter(f"{{{MAIN}}}definedName"):
            match = re.fullmatch(r"(?:'((?:[^']|'')+)'|([^'!]+))!(\$?[A-Z]+\$?\d+)", defined.text or "")
            if match and defined.get("localSheetId") is None:
                sheet = (match[1] or match[2]).replace("''", "'")
                column, row, _, _ = split_ref(match[3])
                out[defined.get("name")] = (sheet, row, column)
        return out

    def _tables(self) -> list[TableAt]:
        found = []
        for sheet, sheet_part in self.sheets.items():
            for kind, part in self._targets(sheet_part).values():
                if kind == "table":
                    found.append(self._table(sheet, sheet_part, part))
        return found

    def _table(self, sheet: str, sheet_part: str, part: str) -> TableAt:
        root = self.package.tree(part)
        name = root.get("displayName") or root.get("name") or ""
        left, top, right, bottom = split_ref(root.get("ref") or "")
        if root.get("headerRowCount") == "0":
            raise BadBook(
                f"The table {name} has no header row.",
                where=f"{self.package.name}, {sheet}!{letters(left)}{top}",
                do="Turn on the header row (Table Design, Header Row).",
            )
        totals = root.get("totalsRowCount", "0") not in ("0", "")
        headers, formulas = [], {}
        for index, column in enumerate(root.iter(f"{{{MAIN}}}tableColumn")):
            headers.append(_unescape(column.get("name") or ""))
            formula = column.find(f"{{{MAIN}}}calculatedColumnFormula")
            if formula is not None and formula.text:
                formulas[left + index] = formula.text
        last = bottom - totals
        if len(headers) != right - left + 1 or last <= top or not name:
            raise BadBook(
                f"The description of the table {name} is wrong. The file is damaged.",
                where=f"{self.package.name}, {sheet}!{letters(left)}{top}",
                do="Restore the last good copy (xltax kept, xltax restore), or let Excel open and repair the workbook.",
            )
        return TableAt(name, sheet, part, sheet_part, left, right, top, last, totals, tuple(headers), formulas)

    def table(self, name: str) -> TableAt:
        """The table of that name, on any sheet."""
        for found in self.tables.values():
            if found.name.casefold() == name.casefold():
                return found
        raise BadBook(
            f"There is no table named {name}.",
            where=self.package.name,
            do="The table may have been renamed or changed to plain cells. Put the table back, or restore the last good copy.",
        )

    def resize(self, table: TableAt, last: int) -> TableAt:
        """Set the last row of a table and of its filter."""
        root = self.package.tree(table.part)
        # Excel marks a table with nothing in it but the row to type into.
        was_empty = root.attrib.pop("insertRow", None) is not None
        if last == table.last and not was_empty:
            return table
        ref = f"{letters(table.left)}{table.header}:{letters(table.right)}{last}"
        root.set("ref", ref)
        auto = root.find(f"{{{MAIN}}}autoFilter")
        if auto is not None:
            auto.set("ref", ref)
        self.package.put(table.part, serialise(root))
        moved = replace(table, last=last)
        self.tables[table.name] = moved
        return moved

    # ---- the book's particulars -----------------------------------------------------------------------------------

    def meta(self) -> Meta:
        """Template, schema and rules fingerprint, stored as custom document properties, which survive Save As."""
        values = {}
        part = self._related("", "custom-properties")
        if part and self.package.has(part):
            for one in self.package.tree(part):
                name = one.get("name") or ""
                if name.startswith(_PREFIX):
                    values[name.removeprefix(_PREFIX)] = "".join(one.itertext())
        schema = values.get("schema", "0")
        return Meta(
            values.get("template", ""),
            int(schema) if schema.isdigit() else 0,
            values.get("rules", ""),
            self.date1904,
        )

    def set_meta(self, **values: str | int) -> None:
        """Change a book's particulars; only a book made by xltax has the part that holds them."""
        part = self._related("", "custom-properties")
        if not part:
            raise BadBook(
                "This workbook was not made by xltax.", where=self.package.name, do="Make a workbook with `xltax new`."
            )
        root = self.package.tree(part)
        known = {p.get("name"): p for p in root}
        for key, value in values.items():
            one = known.get(_PREFIX + key)
            if one is None:
                pid = max((int(p.get("pid") or 1) for p in root), default=1) + 1
                one = etree.SubElement(root, f"{{{_CP}}}property", fmtid=_FMTID, pid=str(pid), name=_PREFIX + key)
            for child in list(one):
                one.remove(child)
            etree.SubElement(one, f"{{{_VT}}}lpwstr").text = str(value)
        self.package.put(part, serialise(root))

    # ---- recalculation --------------------------------------------------------------------------------------------

    def drop_calc_chain(self) -> None:
        """Remove the list of formula cells. Excel offers repair if the list names a cell without a formula."""
        chain = self._related(self.workbook_part, "calcChain")
        if not chain or not self.package.has(chain):
            return
        self.package.drop(chain)
        self.dropped = chain
        folder, _, file = self.workbook_part.rpartition("/")
        for part, attribute, wanted in (
            (f"{folder}/_rels/{file}.rels", "Type", "/calcChain"),
            ("[Content_Types].xml", "PartName", "/" + chain),
        ):
            root = self.package.tree(part)
            for child in list(root):
                if (child.get(attribute) or "").endswith(wanted):
                    root.remove(child)
            self.package.put(part, serialise(root))

    def calculate_on_open(self) -> None:
        """Have the spreadsheet program calculate everything when it opens the book."""
        root = parse(self.package.part(self.workbook_part), self.package.name)
        calc = root.find(f"{{{MAIN}}}calcPr")
        if calc is None:
            # calcPr follows definedNames, or sheets where a book names nothing (CT_Workbook's order).
            after = root.find(f"{{{MAIN}}}definedNames")
            after = root.find(f"{{{MAIN}}}sheets") if after is None else after
            assert after is not None
            calc = etree.Element(f"{{{MAIN}}}calcPr")
            after.addnext(calc)
        if calc.get("fullCalcOnLoad") not in ("1", "true"):
            calc.set("fullCalcOnLoad", "1")
            self.package.put(self.workbook_part, serialise(root))


def _unescape(name: str) -> str:
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), name)


def fingerprint(frame: pd.DataFrame) -> str:
    """A code made from a table's rows, such as the Rules table's, to show whether anything changed."""
    digest = hashlib.sha256()
    for row in frame.itertuples(index=False):
        # A date from a cell and a date from a profile, an empty text and an empty cell: the same text.
        texts = ["" if is_blank(v) else str(v.date() if isinstance(v, dt.datetime) else v).strip() for v in row]
        digest.update(("\x1f".join(texts) + "\x1e").encode())
    return digest.hexdigest()
