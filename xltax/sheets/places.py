"""Where the tables of a workbook are, and what the workbook says about itself. Needs no file and no library."""

from __future__ import annotations

from dataclasses import dataclass, field

from xltax.sheets.cells import letters

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@dataclass(frozen=True, slots=True)
class Meta:
    """The workbook's template, the version of its tables, and the fingerprint of its Rules table."""

    template: str = ""
    schema: int = 0
    rules: str = ""
    date1904: bool = False


@dataclass(frozen=True, slots=True)
class TableAt:
    """One Excel table and its place. Rows and columns count from 1; `last` is the last body row."""

    name: str
    sheet: str
    part: str
    sheet_part: str
    left: int
    right: int
    header: int
    last: int
    totals: bool = False
    headers: tuple[str, ...] = ()
    formulas: dict[int, str] = field(default_factory=dict, compare=False)

    @property
    def columns(self) -> range:
        return range(self.left, self.right + 1)

    def cell(self, row: int, column: int) -> str:
        return f"{self.sheet}!{letters(column)}{row}"
