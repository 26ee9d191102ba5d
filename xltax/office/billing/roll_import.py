"""The assessor's roll: imported by column mapping or from MOD-IV, and compared with a control total."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from xltax.data import open_csv
from xltax.errors import BadValue, Problem, Problems
from xltax.money import Cents, dollars, usd
from xltax.tables import ROLL, Parcel
from xltax.tables.reading import read
from xltax.tables.table import Table
from xltax.wording import some

RECORD = 700  # a MOD-IV record's length without its line end
_OVERPUNCH = {c: (n, 1) for n, c in enumerate("{ABCDEFGHI")} | {c: (n, -1) for n, c in enumerate("}JKLMNOPQR")}


class Given(NamedTuple):
    """An incoming roll: its rows, and the xltax columns in it."""

    rows: Table[Any]
    columns: tuple[str, ...]


def from_modiv(path: Path) -> Given:
    """The roll from New Jersey's MOD-IV file: fixed width, one record on each line. The account is block, lot and qualifier."""
    layout = {
        row["field"]: (int(row["offset"]), int(row["length"])) for row in open_csv("nj_modiv/layout").to_dict("records")
    }
    problems: list[Problem] = []
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(re.split(r"\r\n|\r|\n", path.read_bytes().decode("latin-1")), 1):
        if not line.strip("\x1a "):
            continue
        record = line.ljust(RECORD)

        def field(name: str, record: str = record) -> str:
            start, length = layout[name]
            return record[start : start + length].strip()

        where = f"{path.name} line {number}"
        if len(line.rstrip()) < sum(layout["LOT"]) or not field("COUNTY-DISTRICT").isdigit():
            problems.append(
                Problem(
                    where,
                    "This line is not a MOD-IV record.",
                    f"A record has {RECORD} characters and begins with county and district.",
                )
            )
            continue
        try:
            rows.append(_modiv_row(field))
        except BadValue as error:
            problems.append(Problem(where, error.problem.what, error.problem.do))
    if problems:
        raise Problems(problems)
    if not rows:
        raise BadValue("The file has no records.", where=path.name, do="Ask the assessor for the MOD-IV file.")
    frame = pd.DataFrame(rows)
    frame.attrs = {"file": path.name, "header_row": 0}
    return Given(read(frame, ROLL), tuple(frame.columns))


def is_modiv(path: Path) -> bool:
    """Whether a file looks like MOD-IV: long lines that begin with county and district, and no commas between fields."""
    with path.open("rb") as file:
        line = file.readline(4096).rstrip(b"\r\n")
    return len(line) >= RECORD - 100 and line[:4].isdigit()


def _modiv_row(field: Any) -> dict[str, Any]:
    block, lot, qualifier = numbered(field("BLOCK")), numbered(field("LOT")), field("QUALIFIER")
    return {
        Parcel.account: "-".join(x for x in (block, lot, qualifier) if x),
        Parcel.levy_type: "RE",
        Parcel.block: block,
        Parcel.lot: lot,
        Parcel.qualifier: qualifier,
        Parcel.owner: field("OWNER-NAME"),
        Parcel.billed_owner: field("OWNER-NAME"),
        Parcel.mail_1: field("STREET-ADDRESS"),
        Parcel.mail_2: field("CITY-STATE"),
        Parcel.mail_3: field("ZIP-CODE"),
        Parcel.location: field("PROPERTY-LOCATION"),
        Parcel.class_: field("PROPERTY-CLASS").lstrip("0"),
        Parcel.land: whole(field("LAND-VALUE")),
        Parcel.improvements: whole(field("IMPROVEMENT-VALUE")),
        Parcel.net_value: whole(field("NET-VALUE")),
        Parcel.deductions: whole(field("DEDUCTION-AMOUNT")),  # its picture, 9(6), has no decimals
        Parcel.prior_tax: dollars(zoned(field("LAST-YEAR-TAX")), comma=False),
        Parcel.mortgagee: field("BANK-CODE"),
    }


def numbered(text: str) -> str:
    """A block or lot as New Jersey writes it: five digits and a suffix, "00001  01", are 1.01."""
    number, suffix = text[:5].strip(), text[5:].strip()
    plain_number = number.lstrip("0") or number
    return f"{plain_number}.{suffix}" if suffix else plain_number


def whole(text: str) -> str:
    """Whole dollars of a fixed-width field."""
    if text and not text.isdigit():
        raise BadValue(f'"{text}" is not a whole number.', do="Ask the assessor for a corrected file.")
    return text or "0"


def zoned(text: str) -> Cents:
    """A money field with two implied decimals; its last byte may carry the sign (00012345A is 1234.51, 00012345J is -1234.51)."""
    if not text:
        return 0
    last = text[-1]
    digits, sign = (
        (text, 1)
        if last.isdigit()
        else (text[:-1] + str(_OVERPUNCH.get(last, ("x", 1))[0]), _OVERPUNCH.get(last, (0, 1))[1])
    )
    if not digits.isdigit():
        raise BadValue(f'"{text}" is not an amount.', do="Ask the assessor for a corrected file.")
    return sign * int(digits)


def control(roll: Table[Any], bills: int | None = None, value: Cents | None = None) -> list[str]:
    """The differences between the roll and the assessor's control totals, in words; empty if the totals agree to the cent."""
    notes = []
    if bills is not None and bills != len(roll):
        notes.append(
            f"The roll has {some(len(roll), 'row')}, but the control count is {bills:,}: a difference of {len(roll) - bills:+,}."
        )
    total = int(roll[Parcel.net_value].sum())
    if value is not None and value != total:
        notes.append(
            f"The net value is {usd(total)}, but the control total is {usd(value)}: a difference of {usd(total - value)}."
        )
    return notes
