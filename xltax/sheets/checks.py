"""The values a column or yellow cell accepts, with the message a collector sees."""

from __future__ import annotations

from openpyxl.worksheet.datavalidation import DataValidation

from xltax.dates import EARLIEST, LATEST
from xltax.law.levy import LEVY_TYPES, OWN_TYPE
from xltax.money import LARGEST
from xltax.sheets.cells import serial
from xltax.tables.schema import Kind

LONGEST_LIST = 255
"""A list check written into the cell rule itself may not be longer; Excel offers to repair the file otherwise."""


def check(
    name: str, kind: Kind, text: str, choices: tuple[str, ...] = (), least: int | None = None, *, prompt: bool = True
) -> DataValidation | None:
    """The check for a kind of value, or None where anything may be typed."""
    low = serial(EARLIEST, False), serial(LATEST, False)
    most = LARGEST // 100
    smallest = 0 if least is not None and least >= 0 else -most
    if kind == "yes":
        choices = ("Yes", "No")
    listed = ",".join(choices)
    if choices and len(listed) <= LONGEST_LIST:
        rule = DataValidation("list", f'"{listed}"')
        wrong = f"Choose one of these: {listed}." if len(listed) < 180 else "Choose one from the list."
    elif kind == "date":
        rule = DataValidation("date", str(low[0]), str(low[1]), operator="between")
        wrong = f"Enter a date from {EARLIEST} to {LATEST}, such as {'2025-08-01'}."
    elif kind == "money":
        rule = DataValidation("decimal", str(smallest), str(most), operator="between")
        wrong = "Enter dollars and cents, such as 1234.56."
        if smallest == 0:
            wrong = "Enter dollars and cents, zero or more, such as 1234.56."
    elif kind == "count":
        rule = DataValidation("whole", str(least or 0), "9999999", operator="between")
        wrong = f"Enter a whole number, {least or 0} or more."
    elif kind == "year":
        rule = DataValidation("whole", str(EARLIEST.year), str(LATEST.year), operator="between")
        wrong = "Enter a four-digit year, such as 2025."
    else:
        return None
    rule.allow_blank = True
    rule.errorStyle, rule.errorTitle, rule.error, rule.showErrorMessage = "stop", name[:32], wrong[:225], True
    if choices == LEVY_TYPES:
        rule.errorStyle = "warning"
        rule.error = f"{wrong[:120]} A town's own levy type begins with X-, such as {OWN_TYPE}."
    if prompt and text:
        rule.promptTitle, rule.prompt, rule.showInputMessage = name[:32], text[:255], True
    return rule
