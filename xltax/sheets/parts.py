"""Adds sheets, tables and named cells to an existing workbook."""

from __future__ import annotations

import posixpath

from lxml import etree

from xltax.sheets.borrow import Styles, place, tag
from xltax.sheets.cells import letters, split_ref
from xltax.sheets.layout import Layout
from xltax.sheets.package import Package, parse, serialise

_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PR = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "[Content_Types].xml"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_TABLE = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"


def add_sheet(layout: Layout, donor: Layout, title: str, styles: Styles) -> None:
    """Adds a sheet with its tables and named cells at the end of a workbook. Charts are not copied."""
    package, source = layout.package, donor.sheets[title]
    root = donor.package.tree(source)
    for one in root.iter(tag("c"), tag("row")):
        if one.get("s"):
            one.set("s", str(styles.cell(int(one.get("s") or 0))))
    for one in root.iter(tag("col")):
        if one.get("style"):
            one.set("style", str(styles.cell(int(one.get("style") or 0))))
    for one in root.iter(tag("cfRule")):
        if one.get("dxfId"):
            one.set("dxfId", str(styles.format(int(one.get("dxfId") or 0))))
    for view in root.iter(tag("sheetView")):
        view.attrib.pop("tabSelected", None)
    for name in ("drawing", "legacyDrawing", "tableParts"):
        for one in root.findall(tag(name)):
            root.remove(one)
    part = _free(package, "xl/worksheets/sheet%d.xml")
    package.put(part, serialise(root))
    _declare(package, part, _SHEET)
    book = package.tree(layout.workbook_part)
    sheets = book.find(tag("sheets"))
    assert sheets is not None
    number = max(int(s.get("sheetId") or 0) for s in sheets) + 1
    rel = _relate(package, layout.workbook_part, "worksheet", part)
    etree.SubElement(sheets, tag("sheet"), {"name": title, "sheetId": str(number), f"{{{_R}}}id": rel})
    package.put(layout.workbook_part, serialise(book))
    layout.sheets[title] = part
    for table in donor.tables.values():
        if table.sheet == title:
            add_table(layout, part, donor.package.part(table.part))
    for name, (sheet, row, column) in donor.names.items():
        if sheet == title and name not in layout.names:
            add_name(layout, name, title, f"{letters(column)}{row}")


def add_table(layout: Layout, sheet_part: str, xml: bytes) -> None:
    """Adds a table to a sheet whose cells hold it already."""
    package = layout.package
    root = parse(xml, package.name)
    numbers = [
        int(package.tree(n).get("id") or 0)
        for n in package.names()
        if n.startswith("xl/tables/") and n.endswith(".xml")
    ]
    root.set("id", str(max([0, *numbers]) + 1))
    part = _free(package, "xl/tables/table%d.xml")
    package.put(part, serialise(root))
    _declare(package, part, _TABLE)
    rel = _relate(package, sheet_part, "table", part)
    sheet = package.tree(sheet_part)
    listed = sheet.find(tag("tableParts"))
    if listed is None:
        listed = etree.Element(tag("tableParts"))
        place(sheet, listed)
    etree.SubElement(listed, tag("tablePart"), {f"{{{_R}}}id": rel})
    listed.set("count", str(len(listed)))
    package.put(sheet_part, serialise(sheet))


def add_name(layout: Layout, name: str, sheet: str, at: str) -> None:
    """Names a cell. An existing name moves to this cell."""
    package = layout.package
    book = package.tree(layout.workbook_part)
    listed = book.find(tag("definedNames"))
    if listed is None:
        listed = etree.Element(tag("definedNames"))
        after = [e for e in book if e.tag in (tag("sheets"), tag("functionGroups"), tag("externalReferences"))]
        after[-1].addnext(listed)
    column, row, _, _ = split_ref(at)
    text = "'{}'!${}${}".format(sheet.replace("'", "''"), letters(column), row)
    one = next((n for n in listed if n.get("name") == name and n.get("localSheetId") is None), None)
    if one is None:
        one = etree.SubElement(listed, tag("definedName"), name=name)
    if one.text != text:
        one.text = text
        package.put(layout.workbook_part, serialise(book))
    layout.names[name] = (sheet, row, column)


def _free(package: Package, pattern: str) -> str:
    """The first name of a part that is not taken."""
    names = {*package.names(), *package.original_names()}
    number = 1
    while pattern % number in names:
        number += 1
    return pattern % number


def _declare(package: Package, part: str, kind: str) -> None:
    root = package.tree(_TYPES)
    name = root.tag.replace("Types", "Override")
    etree.SubElement(root, name, PartName=f"/{part}", ContentType=kind)
    package.put(_TYPES, serialise(root))


def _relate(package: Package, owner: str, kind: str, part: str) -> str:
    folder, _, file = owner.rpartition("/")
    rels = f"{folder}/_rels/{file}.rels"
    root = package.tree(rels) if package.has(rels) else etree.Element(f"{{{_PR}}}Relationships", nsmap={None: _PR})
    taken = {r.get("Id") for r in root}
    number = next(f"rId{n}" for n in range(1, len(taken) + 2) if f"rId{n}" not in taken)
    target = posixpath.relpath(part, folder)
    etree.SubElement(root, f"{{{_PR}}}Relationship", Id=number, Type=f"{_R}/{kind}", Target=target)
    package.put(rels, serialise(root))
    return number
