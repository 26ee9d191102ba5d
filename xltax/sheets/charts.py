"""Column charts for tables that Refresh or a statement fills, readable in black and white."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.worksheet.worksheet import Worksheet

from xltax.sheets.model import ChartAt, Placed
from xltax.sheets.package import Package

_FILLS = ("33475B", "C3CCD5")  # dark and light: told apart without colour


def add_chart(ws: Worksheet, chart: ChartAt, placed: Placed) -> None:
    """Puts a chart on a sheet, over the rows its table has once it is filled."""
    left, top = placed.corner
    bars = BarChart()
    bars.type, bars.grouping, bars.title, bars.style = "col", "clustered", chart.title, 10
    bars.height, bars.width = 8.5, 17
    for number in range(1, len(placed.spec.columns)):
        bars.add_data(
            Reference(ws, min_col=left + number, min_row=top, max_row=top + chart.rows), titles_from_data=True
        )
    bars.set_categories(Reference(ws, min_col=left, min_row=top + 1, max_row=top + chart.rows))
    for series, fill in zip(bars.series, _FILLS, strict=False):
        series.graphicalProperties = GraphicalProperties(solidFill=fill)
        series.graphicalProperties.line.solidFill = "33475B"
    bars.x_axis.delete = bars.y_axis.delete = False
    bars.y_axis.numFmt, bars.legend.position = "#,##0", "b"
    ws.add_chart(bars, chart.at)


def describe(package: Package, charts: list[ChartAt]) -> None:
    """Gives every chart its name and what it shows in words, in the order they were added."""
    left = iter(charts)
    for part in sorted(n for n in package.names() if n.startswith("xl/drawings/drawing")):
        xml, number = package.part(part).decode(), 0
        while (old := f'name="Chart {number + 1}"') in xml:
            chart = next(left)
            xml = xml.replace(old, f"name={quoteattr(chart.title)} descr={quoteattr(chart.about)}", 1)
            number += 1
        package.put(part, xml.encode())
