"""Makes a new workbook from its declaration. The same content always gives the same file."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from io import BytesIO
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Font
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.properties import CalcProperties
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from xltax.errors import BadBook
from xltax.ondisk import PRIVATE, write_file
from xltax.sheets.cells import LAST_ROW, encode, is_blank, letters, split_ref
from xltax.sheets.charts import add_chart, describe
from xltax.sheets.checks import check
from xltax.sheets.finish import BUILT, order_fonts, share, stamp
from xltax.sheets.forms import SPECS
from xltax.sheets.layout import Layout
from xltax.sheets.look import WIDTHS, WIDTHS_OF, Look, add_styles, style_name
from xltax.sheets.model import HEADER_ROW, BookSpec, CellAt, Placed, SheetSpec
from xltax.sheets.package import Package
from xltax.sheets.recalculate import put_results, recalculate
from xltax.sheets.rows import cells_of, put_cell, put_rows

"""The date every book bears as its making: a clock would make each build differ."""

_CALC_ID = 191029
"""The calculation engine of Excel 2019 and later: a book marked older is calculated anew on opening, and then asks
to be saved on closing, though nothing was changed."""


def build(
    spec: BookSpec,
    path: Path | str,
    frames: Mapping[str, pd.DataFrame] | None = None,
    values: Mapping[str, object] | None = None,
    *,
    rules: str = "",
) -> None:
    """Make a new workbook file: tables filled from `frames`, named cells from `values`, every total calculated.

    frames: table name -> rows under canonical headers, money in whole cents. values: name of a cell -> value, money in
    whole cents. rules: the fingerprint of the Rules table. Raises BadBook for a table or name the book does not have.
    """
    write_file(Path(path), build_bytes(spec, frames, values, rules=rules), most=PRIVATE)


def build_bytes(
    spec: BookSpec,
    frames: Mapping[str, pd.DataFrame] | None = None,
    values: Mapping[str, object] | None = None,
    *,
    rules: str = "",
    results: Mapping[tuple[str, str], object] | None = None,
) -> bytes:
    """The same workbook as bytes. results: (sheet, cell) -> what a formula of ours gives, which no calculator here knows."""
    frames, values = frames or {}, values or {}
    package = Package(skeleton(spec, str(values.get("town_name") or ""), rules), f"{spec.template}.xlsx")
    layout = Layout(package)
    # The rows go in by the same hand that changes live books: it is ten times faster than cell objects.
    for name, frame in frames.items():
        if len(frame):
            at = layout.table(name)
            first, columns = at.header + 1, SPECS[at.name]
            cells = cells_of(layout, at, columns, frame, first)
            put_rows(layout, at, columns, cells, first, at.header + len(frame))
    named = spec.names
    for name, value in values.items():
        if name not in named:
            raise BadBook(f'This workbook has no cell named "{name}".', where=spec.template)
        if is_blank(value):
            continue
        sheet, row, column = layout.names[name]
        kind = named[name][1].kind
        put_cell(layout, sheet, row, column, encode([value], kind, layout.date1904)[1][0], date=kind == "date")
    put_results(layout, results or {})
    # Excel itself calculates named formulas when a cell changes. Older programs do not know them: there the results stay.
    if not spec.formulas and not recalculate(layout):
        layout.calculate_on_open()
    share(package)
    order_fonts(package)
    describe(package, [c for sheet in spec.sheets for c in sheet.charts])
    stamp(package)
    return package.to_bytes(level=4, fixed=True)


def skeleton(spec: BookSpec, town: str = "", rules: str = "") -> bytes:
    """A new workbook with its sheets, headers and looks, and nothing in its tables."""
    book = Workbook()
    book.remove(book.active)
    add_styles(book)
    book.properties.creator, book.properties.title = "xltax", spec.title
    book.properties.created = BUILT
    book.calculation = CalcProperties(calcId=_CALC_ID, fullCalcOnLoad=False)
    for name, value in (("template", spec.template), ("schema", spec.schema), ("rules", rules)):
        book.custom_doc_props.append(StringProperty(name=f"xltax {name}", value=str(value)))
    for sheet in spec.sheets:
        _sheet(book, book.create_sheet(sheet.title), sheet, town or spec.title)
    for name, text in spec.formulas.items():
        book.defined_names[name] = DefinedName(name, attr_text=text)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(book: Workbook, ws: Worksheet, sheet: SheetSpec, town: str) -> None:
    ws.sheet_view.showGridLines = not sheet.protected
    taken = any(c.at == "A3" for c in sheet.cells)  # then what to do stands behind what it is for
    for at, text, style in (
        ("A1", sheet.heading or sheet.title, "title"),
        ("A2", f"{sheet.purpose} {sheet.next_step}".strip() if taken else sheet.purpose, "note"),
        ("A3", "" if taken else sheet.next_step, "note"),
    ):
        if text:
            ws[at] = text
            ws[at].style = style_name(style)
    ws.row_dimensions[1].height = 27
    for cell in sheet.cells:
        _cell(book, ws, cell)
    for placed in sheet.tables:
        _table(ws, placed, prompts=not sheet.protected)
    for chart in sheet.charts:
        add_chart(ws, chart, next(p for p in sheet.tables if p.spec.name == chart.table))
    for letter, width in sheet.widths.items():
        ws.column_dimensions[letter].width = width
    for row, height in sheet.heights.items():
        ws.row_dimensions[row].height = height
    if sheet.header_row:
        ws.freeze_panes = f"A{sheet.header_row + 1}"
    if sheet.protected:
        # No password: it guards against a slip of the hand, not against the collector.
        ws.protection.sheet = True
        ws.protection.formatColumns = ws.protection.formatRows = False
    _printing(ws, sheet, town)


def _cell(book: Workbook, ws: Worksheet, cell: CellAt) -> None:
    one = ws[cell.at]
    if cell.value is not None:
        one.value = cell.value
        if cell.array:
            one.value = ArrayFormula(cell.array, cell.value)
        elif isinstance(cell.value, str):
            one.data_type = "f" if cell.formula else "s"
    one.style = style_name(cell.style, cell.kind)
    if cell.style == "big" and cell.kind != "money":
        one.number_format = "General"
    if cell.link:
        place = f"'{cell.link.replace(chr(39), chr(39) * 2)}'!A1"
        one.hyperlink = Hyperlink(ref=cell.at, location=place, display=str(cell.value), tooltip=f"Go to {cell.link}")
        one.style = style_name(cell.style)
    if cell.across:
        ws.merge_cells(f"{cell.at}:{cell.across}")
    if cell.name:
        column, row, _, _ = split_ref(cell.at)
        sheet = ws.title.replace("'", "''")
        book.defined_names[cell.name] = DefinedName(cell.name, attr_text=f"'{sheet}'!${letters(column)}${row}")
    if cell.style == "entry":
        rule = check(cell.help.split(".")[0][:32] or cell.name, cell.kind, cell.help, cell.choices)
        if rule:
            rule.add(cell.at)
            ws.add_data_validation(rule)
    if cell.style == "result":
        # LOOK is said in words; the bar across the cell only makes it quicker to find.
        rule = FormulaRule([f'{cell.at}<>"OK"'], font=Font(bold=True, underline="single", color="FF9B1C1C"))
        ws.conditional_formatting.add(cell.at, rule)


def _table(ws: Worksheet, placed: Placed, *, prompts: bool) -> None:
    left, top = placed.corner
    spec = placed.spec
    for index, column in enumerate(spec.columns):
        letter = letters(left + index)
        head = ws.cell(top, left + index, column.name)
        head.data_type = "s"
        head.style = style_name("head derived" if column.derived else "head")
        by_whom = "derived" if column.derived else "cell"
        role = {"derived": "derived wrapped", "cell": "wrapped"}[by_whom] if placed.wrapped else by_whom
        shown: Look = "percent" if column.name in placed.percent else column.kind
        body, dimension = ws.cell(top + 1, left + index), ws.column_dimensions[letter]
        if prompts and placed.spec.below != "none":
            # The whole column, so that 2-15 typed below the table stays text in programs that do not let tables grow.
            body.style = style_name("wrapped" if placed.wrapped else "cell", shown)
            dimension._style = copy(body._style)
        body.style = style_name(role, shown)
        dimension.width = placed.widths.get(column.name) or WIDTHS_OF.get(column.name) or WIDTHS[column.kind]
        if column.name in placed.hidden:
            dimension.hidden = True
        elif column.name in placed.folded:
            dimension.outlineLevel, dimension.hidden = 1, True
        text = "Refresh fills this column. Do not type here." if column.derived else column.help
        rule = check(column.name, column.kind, text, column.choices, column.least, prompt=prompts)
        if rule and not column.derived and prompts:
            # To the sheet's end, so that rows added later are checked too, whoever adds them.
            rule.add(f"{letter}{top + 1}:{letter}{LAST_ROW}")
            ws.add_data_validation(rule)
    ws.row_dimensions[top].height = 33
    right = letters(left + len(spec.columns) - 1)
    table = Table(displayName=spec.name, name=spec.name, ref=f"{letters(left)}{top}:{right}{top + 1}")
    table.tableStyleInfo = TableStyleInfo("TableStyleLight1", showRowStripes=True, showColumnStripes=False)
    table._initialise_columns()
    table.tableColumns = [TableColumn(id=i, name=name) for i, name in enumerate(spec.names, 1)]
    if ws.protection.sheet or not prompts:
        table.autoFilter = None  # buttons that a protected sheet would refuse to answer
    ws.add_table(table)


def _printing(ws: Worksheet, sheet: SheetSpec, town: str) -> None:
    page = ws.page_setup
    page.orientation = "landscape" if sheet.landscape else "portrait"
    page.paperSize = 1  # Letter
    page.fitToWidth, page.fitToHeight = sheet.pages_wide, int(sheet.one_page)
    ws.sheet_properties.pageSetUpPr.fitToPage = True
    margins = ws.page_margins
    margins.left = margins.right = 0.5
    margins.top, margins.bottom, margins.header, margins.footer = 0.6, 0.7, 0.3, 0.35
    safe = town.replace("&", "&&")
    ws.oddFooter.left.text, ws.oddFooter.left.size = safe, 9
    ws.oddFooter.center.text, ws.oddFooter.center.size = "Page &P of &N", 9
    ws.oddFooter.right.text, ws.oddFooter.right.size = "&A", 9
    # The same row everywhere, and no columns: LibreOffice works out every sheet's pages anew for each sheet that repeats
    # other cells in print than the one before it (docs/performance.md), ten seconds for a book of ours.
    if sheet.header_row == HEADER_ROW:
        ws.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    ws.print_options.headings = sheet.pages_wide > 1
    last = max(
        [p.corner[0] + len(p.spec.columns) - 1 for p in sheet.tables] + [split_ref(c.at)[0] for c in sheet.cells] + [1]
    )
    # Whole columns: the area grows with the table, and empty rows are not printed.
    area = sheet.print_columns or f"A:{letters(last)}"
    first, _, end = area.partition(":")
    name = ws.title.replace("'", "''")
    ws.defined_names["_xlnm.Print_Area"] = DefinedName("_xlnm.Print_Area", attr_text=f"'{name}'!${first}:${end}")
