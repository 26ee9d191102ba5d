"""What a real LibreOffice takes: the whole town in one function, the same by native formulas, the books opened and recalculated.

Measured by the clock, because three programs share the work; each pair in turn in one run.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.utils.dataframe import dataframe_to_rows

from tests.bench import town
from tests.libreoffice.process import XLSX, Office, running
from xltax import declare
from xltax.faces import catalog
from xltax.faces.build import build_templates
from xltax.faces.render_calc import build_calc
from xltax.ledger.facts import Facts

HERE = Path(__file__).parent

Rows = list[tuple[str, str, float, float | None]]
CHARGES = ["Account", "Bill", "Levy Year", "Levy Type", "Inst", "Due", "Amount"]
RECEIPTS = ["Receipt", "Account", "Received", "Amount", "Kind", "By"]


def whole_town() -> Rows:
    """TAX_BALANCES of the whole town against a function that only hands ranges over and back; and against SUMIFS."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with with_add_in(folder) as office:
            facts = town.town()
            book = _book(folder / "town.xlsx", facts.charges, facts.receipts)
            size = f"{len(facts.charges):,} installments, {len(facts.receipts):,} receipts"
            document = office.do("open", book.as_uri())
            ours, theirs = least(
                2,
                lambda: _call(office, document, "TAX_BALANCES", facts),
                lambda: _call(office, document, "TAX_SAME_SHAPE", facts),
            )
            office.do("close", document)
            rows: Rows = [
                (f"TAX_BALANCES in LibreOffice, one call: {size}", "a function that only returns ranges of that shape", ours / theirs, 3)
            ]  # fmt: skip
            facts = _last_year(town.town(parcels=2_000, receipts=30_000))
            document = office.do("open", _book(folder / "small.xlsx", facts.charges, facts.receipts).as_uri())
            (ours,) = least(2, lambda: _call(office, document, "TAX_BALANCES", facts))
            native = office.do("open", _native(folder / "native.xlsx", facts.charges, facts.receipts).as_uri())
            (formulas,) = least(1, lambda: office.do("calculate", native))
            size = f"2,000 parcels, {len(facts.charges):,} installments, {len(facts.receipts):,} receipts"
            return [
                *rows,
                (f"native formulas in LibreOffice (SUMIFS, simple interest): {size}", "TAX_BALANCES of the same", formulas / ours, None),
            ]  # fmt: skip


def books() -> Rows:
    """The slowest of the templates to open, as built and as LibreOffice saves it, and to recalculate; seconds by the clock."""
    with tempfile.TemporaryDirectory() as name, with_add_in(Path(name)) as office:
        paths = sorted(build_templates(Path(name)))
        office.do("close", office.do("open", paths[0].as_uri()))  # the first document loads more than itself
        opened, reopened, again = {}, {}, {}
        for path in paths:
            number, opened[path.stem] = _opened(office, path)
            again[path.stem] = _seconds(lambda number=number: office.do("calculate", number))
            saved = path.with_stem(f"{path.stem} saved")
            office.do("store", number, saved.as_uri(), XLSX)
            office.do("close", number)
            number, reopened[path.stem] = _opened(office, saved)
            office.do("close", number)
    return [
        (f"{what}, seconds; the slowest of {len(found)}: {max(found, key=found.__getitem__)}", "-", max(found.values()), most)
        for what, found, most in (
            ("opening a template in LibreOffice", opened, 2),
            ("opening it once LibreOffice has saved it", reopened, 2),
            ("recalculating it", again, 0.5),
        )
    ]  # fmt: skip


def _opened(office: Office, path: Path) -> tuple[int, float]:
    """A book opened, and the seconds that took."""
    numbers: list[int] = []
    seconds = _seconds(lambda: numbers.append(office.do("open", path.as_uri())))
    return numbers[0], seconds


def with_add_in(folder: Path) -> Any:
    """A LibreOffice with the add-in, and two functions more that are no product's: they only give back what they take."""
    known = catalog.functions()
    for name, like in (("TAX_SAME_SHAPE", "TAX_BALANCES"), ("TAX_SAME_NUMBER", "TAX_LEVY")):
        declare.REGISTRY.functions[name] = replace(known[like], name=name, help="As given.")
    python = folder / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{HERE / "same_shape.py"}"\n')
    python.chmod(0o755)
    add_in = build_calc(folder)
    for name in ("TAX_SAME_SHAPE", "TAX_SAME_NUMBER"):
        del declare.REGISTRY.functions[name]
    return _with(running(XLTAX_PYTHON=str(python)), add_in)


class _with:  # noqa: N801
    """A running office with the add-in installed."""

    def __init__(self, office: Any, add_in: Path) -> None:
        self._office, self._add_in = office, add_in

    def __enter__(self) -> Office:
        office: Office = self._office.__enter__()
        office.do("install", self._add_in.as_uri())
        return office

    def __exit__(self, *error: Any) -> None:
        self._office.__exit__(*error)


def _book(path: Path, charges: pd.DataFrame, receipts: pd.DataFrame) -> Path:
    book = Workbook(write_only=True)
    for title, table, columns in (("Charges", charges, CHARGES), ("Receipts", receipts, RECEIPTS)):
        sheet = book.create_sheet(title)
        for row in _rows(table, columns):
            sheet.append(row)
    book.create_sheet("Balances")
    book.save(path)
    return path


def _rows(table: pd.DataFrame, columns: list[str]) -> Any:
    shown = table[columns].copy()
    for column in columns:
        if column == "Amount":
            shown[column] = [int(cents) / 100 for cents in shown[column]]
        elif shown[column].dtype.kind == "M":
            shown[column] = [d.to_pydatetime() for d in shown[column]]
    return dataframe_to_rows(shown, index=False, header=True)


def _call(office: Office, document: int, function: str, facts: Any) -> None:
    """The function over the whole town, as an array formula of its own sheet; its last row has to be there."""
    charges, receipts = len(facts.charges) + 1, len(facts.receipts) + 1
    formula = f'={function}("{town.TOWN}";$Charges.A1:G{charges};$Receipts.A1:F{receipts};DATE({town.AS_OF:%Y;%m;%d}))'
    office.do("array", document, "Balances", f"A1:L{charges}", formula)
    last = office.do("data", document, "Balances", f"A{charges}:L{charges}")[0]
    assert isinstance(last[-1], float), last
    office.do("array", document, "Balances", f"A1:L{charges}", "")


def _native(path: Path, charges: pd.DataFrame, receipts: pd.DataFrame) -> Path:
    """What an office builds by hand: what was billed up to each installment less all that was paid, and simple interest at 8%."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Charges")
    for n, row in enumerate(_rows(charges, CHARGES), 1):
        if n == 1:
            sheet.append([*row, "Open", "Interest"])
            continue
        billed = (
            f'SUMIFS($G$2:$G${len(charges) + 1},$A$2:$A${len(charges) + 1},A{n},$F$2:$F${len(charges) + 1},"<="&F{n})'
        )
        paid = f"SUMIFS(Receipts!$D$2:$D${len(receipts) + 1},Receipts!$B$2:$B${len(receipts) + 1},A{n})"
        sheet.append(
            [
                *row,
                f"=MAX(0,MIN(G{n},{billed}-{paid}))",
                f"=ROUND(H{n}*8%*DAYS360(F{n},DATE({town.AS_OF:%Y,%m,%d}))/360,2)",
            ]
        )
    sheet = book.create_sheet("Receipts")
    for row in _rows(receipts, RECEIPTS):
        sheet.append(row)
    book.save(path)
    return path


def _last_year(facts: Facts) -> Facts:
    """One levy year of a town, and what was received in it: five years of SUMIFS would take minutes."""
    charges = facts.charges[facts.charges["Levy Year"] == town.AS_OF.year]
    receipts = facts.receipts[facts.receipts["Received"].dt.year == town.AS_OF.year]
    return Facts(charges, receipts)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def least(times: int, *works: Callable[[], object]) -> list[float]:
    """The least time of each, taken in turn, after one of each that loads what has to be loaded."""
    if times > 1:
        for work in works:
            work()
    return [min(each) for each in zip(*([_seconds(work) for work in works] for _ in range(times)), strict=True)]
