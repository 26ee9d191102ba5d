"""A ledger in a few lines of text: what was billed, received and adjusted, as an office would jot it down.

    bill        24-1   R100         2024 RE     due 2024-02-01 500.00, 2024-05-01 500.00   entered 2024-01-05
    paid        101    2024-02-20   R100        300.00   by officer
    adjustment  A-1    2024-03-01   24-1/1      Abatement 20.00   of interest
    closed      2024-12-24   by resolution

Two blanks or more part one field from the next; what follows # is a remark. The fields above are in their order; after them
come those of FURTHER, in any order. A bill without year and type is real estate of the year it is first due, and its
account, where none is named, is A1.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from xltax.ledger.facts import Facts
from xltax.tables import ADJUSTMENTS, CHARGES, CLOSED_DAYS, RECEIPTS
from xltax.tables.schema import TableSpec

Row = dict[str, Any]
Rows = tuple[Row, ...]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def cents(text: str) -> int:
    """1,234.56 -> 123456."""
    if not re.fullmatch(r"-?(\d+|\d{1,3}(,\d{3})+)\.\d\d", text):
        raise ValueError(f'"{text}" is not an amount. Write dollars and cents, such as 1,234.56')
    return int(text.replace(",", "").replace(".", ""))


# The further fields of a line: the word each begins with, its column, and how the rest is read.
FURTHER: dict[str, dict[str, tuple[str, Callable[[str], Any]]]] = {
    "bill": {
        "entered": ("Recorded", day), "mailed": ("Mailed", day), "interest from": ("Interest From", day),
        "unsecured from": ("Unsecured From", day), "party": ("Party", str), "part": ("Part", str), "hold": ("Hold", str),
        "secured": ("Secured", str),
    },
    "paid": {
        "entered": ("Recorded", day), "effective": ("Effective", day), "by": ("By", str), "directed": ("Directed", str),
        "kind": ("Kind", str), "reverses": ("Reverses", str),
    },
    "adjustment": {"entered": ("Recorded", day), "of": ("Component", str), "part": ("Part", str)},
}  # fmt: skip


@dataclass(frozen=True)
class Ledger:
    """The rows of a text, by table; amounts in cents."""

    charges: Rows
    receipts: Rows
    adjustments: Rows
    closed: Rows

    def facts(self) -> Facts:
        return facts_of(self.charges, self.receipts, self.adjustments, self.closed)


def facts_of(
    charges: Iterable[Mapping[str, Any]],
    receipts: Iterable[Mapping[str, Any]] = (),
    adjustments: Iterable[Mapping[str, Any]] = (),
    closed: Iterable[Mapping[str, Any]] = (),
) -> Facts:
    """Rows with amounts in cents as the facts of a book. The one place where tests make facts of rows."""
    return Facts.read(
        _cells(CHARGES, charges), _cells(RECEIPTS, receipts), _cells(ADJUSTMENTS, adjustments), _cells(CLOSED_DAYS, closed)
    )  # fmt: skip


def _cells(spec: TableSpec[Any], rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """The rows as an office's table holds them: every column, amounts in dollars."""
    money = {c.name for c in spec.columns if c.kind == "money"}
    cells = [{n: Decimal(row[n]) / 100 if n in money else row.get(n) for n in spec.names} for row in rows]
    return pd.DataFrame(cells, columns=list(spec.names), dtype=object)


def ledger(text: str) -> Ledger:
    """The rows of a text. A line that cannot be read is an error that names it."""
    rows: dict[str, list[Row]] = {"bill": [], "paid": [], "adjustment": [], "closed": []}
    for number, line in enumerate(text.splitlines(), 1):
        word, _, rest = line.partition("#")[0].strip().partition(" ")
        if not word:
            continue
        try:
            if word not in rows:
                raise ValueError(f'A line begins with {", ".join(rows)}, not with "{word}"')
            rows[word] += READ[word](_fields(rest))
        except ValueError as wrong:
            raise ValueError(f"Line {number}, {line.strip()}: {wrong}") from None
    return Ledger(*(tuple(some) for some in rows.values()))


def _fields(text: str) -> list[str]:
    """The fields of a line. Before the amount of a due date any blanks are one, so that amounts can stand below each other."""
    text = re.sub(r"(due \S+|, \S+) +(?=-?[\d,]+\.\d\d\b)", r"\1 ", text.strip())
    return re.split(r"\s{2,}", text)


def _bill(fields: list[str]) -> list[Row]:
    dues = [f for f in fields if f.startswith("due ")]
    if len(dues) != 1:
        raise ValueError("A bill has one field of its due dates, such as due 2024-02-01 500.00, 2024-05-01 500.00")
    installments = [_both(part, "due", day, cents) for part in re.split(r",\s+", dues[0].removeprefix("due "))]
    row: Row = {"Bill": fields[0], "Account": "A1", "Levy Year": installments[0][0].year, "Levy Type": "RE", "Part": ""}
    for field in fields[1:]:
        if levy := re.fullmatch(r"(\d{4} )?(RE|MV|PP|ADD|SEWER)", field):
            row |= {"Levy Type": levy[2]} | ({"Levy Year": int(levy[1])} if levy[1] else {})
        elif field == fields[1] and field not in dues and not _is_further("bill", field):
            row["Account"] = field
        elif field not in dues:
            row |= _further("bill", field)
    return [row | {"Inst": n, "Due": due, "Amount": amount} for n, (due, amount) in enumerate(installments, 1)]


def _paid(fields: list[str]) -> list[Row]:
    number, received, account, amount, *further = _at_least(4, fields, "paid  NUMBER  DAY  ACCOUNT  AMOUNT")
    row = {"Receipt": number, "Received": day(received), "Account": account, "Amount": cents(amount), "By": "owner"}
    for field in further:
        row |= _further("paid", field)
    return [row]


def _adjustment(fields: list[str]) -> list[Row]:
    number, effective, which, what, *further = _at_least(4, fields, "adjustment  NUMBER  DAY  BILL/INST  KIND AMOUNT")
    bill, _, inst = which.partition("/")
    kind, _, amount = what.rpartition(" ")
    row = {"No": number, "Effective": day(effective), "Bill": bill, "Part": "", "Inst": int(inst or 1), "Kind": kind}
    row["Amount"] = cents(amount)
    for field in further:
        row |= _further("adjustment", field)
    return [row]


def _closed(fields: list[str]) -> list[Row]:
    return [{"Date": day(fields[0]), "Office": "Closed", "Reason": " ".join(fields[1:]) or "by resolution"}]


READ = {"bill": _bill, "paid": _paid, "adjustment": _adjustment, "closed": _closed}


def _at_least(count: int, fields: list[str], form: str) -> list[str]:
    if len(fields) < count:
        raise ValueError(f"The line is written {form}, with two blanks or more between its fields")
    return fields


def _both(text: str, what: str, *read: Callable[[str], Any]) -> tuple[Any, ...]:
    words = text.split()
    if len(words) != len(read):
        raise ValueError(f'"{text}" is not a day and an amount, as in {what} 2024-02-01 500.00')
    return tuple(one(word) for one, word in zip(read, words, strict=True))


def _is_further(word: str, field: str) -> bool:
    return any(field.startswith(f"{begins} ") for begins in FURTHER[word])


def _further(word: str, field: str) -> Row:
    for begins, (column, read) in FURTHER[word].items():
        if field.startswith(f"{begins} "):
            return {column: read(field.removeprefix(f"{begins} "))}
    raise ValueError(f'"{field}" is none of its further fields: {", ".join(FURTHER[word])}')
