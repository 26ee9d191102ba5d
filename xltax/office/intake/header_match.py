"""Matches the headers of another office's sheet to our columns, by their words and by the values below them."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

import pandas as pd

from xltax.errors import BadValue
from xltax.money import number, to_cents
from xltax.office.counter.batches import date_as
from xltax.office.intake.sheet_shape import DASH, set_apart
from xltax.tables.reading import as_id
from xltax.tables.schema import Column, TableSpec, plain

SAME = 1000  # points for a header that is a column's own name
SURE, LIKELY, OPTIONAL = 850, 550, 750  # an optional column is taken only where it is rather likely
NEAR = 50  # points between two headers that could both be meant
SAMPLE = 400  # values looked at

SHORT = {
    "acct": "account", "no": "number", "num": "number", "amt": "amount", "bal": "balance", "prop": "property", "yr": "year",
    "int": "interest", "blk": "block", "qual": "qualifier", "loc": "location", "addr": "address", "asmt": "assessment",
    "assmt": "assessment", "pd": "paid", "recd": "received", "rcvd": "received", "rcpt": "receipt", "dt": "date", "chk": "check",
    "ck": "check", "thru": "through", "pmt": "payment", "pymt": "payment", "qtr": "quarter", "inst": "installment", "prin": "principal",
    "princ": "principal", "ref": "reference", "val": "value", "id": "number", "lt": "lot", "cls": "class", "bldg": "building",
    "impr": "improvement", "ded": "deduction", "mlg": "mailing", "twp": "town", "q": "quarter",
}  # fmt: skip
"""Abbreviations that offices use."""

ALSO: dict[str, tuple[str, ...]] = {
    "Account": ("parcel", "parcel id", "parcel number", "block lot", "map lot", "pin", "map block lot", "property number", "customer number"),
    "Bill": ("bill number", "invoice", "bill"),
    "Owner": ("owner of record", "taxpayer", "assessed owner", "owner name", "name"),
    "Location": ("property location", "situs", "property address", "location address"),
    "Mail 1": ("mailing address", "street address", "address 1", "owner address", "mailing street", "owner street"),
    "Mail 2": ("city state zip", "city state", "address 2"),
    "Mail 3": ("zip", "zip code", "address 3"),
    "Net Value": ("total assessment", "net taxable value", "taxable value", "assessed", "net assessment", "total value"),
    "Land": ("land value", "land assessment"),
    "Improvements": ("improvement value", "building value", "improvement assessment", "building"),
    "Deductions": ("deduction", "vet sr deduction", "veteran senior deduction", "deduction amount"),
    "Class": ("property class", "class code"),
    "Levy Year": ("tax year", "year", "levy year", "grand list year"),
    "Due": ("due date", "date due", "payable"),
    "Interest From": ("interest from date", "interest paid through", "interest paid to", "paid through", "interest through", "interest date"),
    "Inst": ("installment number", "quarter", "half", "installment"),
    "Received": ("date paid", "payment date", "paid on", "date received", "receipt date", "deposit date", "date"),
    "Reference": ("check number", "reference number", "check", "confirmation number"),
    "Receipt": ("receipt number", "transaction number"),
    "Tender": ("payment type", "type", "method", "paid by", "payment method"),
    "Effective": ("postmark", "postmarked", "effective date"),
}  # fmt: skip
"""Words other offices use for a column, besides its own name and aliases."""


@dataclass(frozen=True, slots=True)
class Filled:
    """One of our columns and the header that fills it: how the values are read, whether the match is sure, and why."""

    column: str
    header: str = ""
    reads_as: str = ""
    digits: int = 0
    sure: bool = True
    why: str = ""


def fitting(headers: Sequence[str], spec: TableSpec[Any], more: Mapping[str, tuple[str, ...]]) -> int:
    """How well these headers match our columns: the sum of the best scores that are high enough."""
    best = (max(_score(h, c, more) for c in spec.facts) for h in headers)
    return sum(score for score in best if score >= LIKELY)


def guess(
    frame: pd.DataFrame,
    spec: TableSpec[Any],
    more: Mapping[str, tuple[str, ...]],
    given: Sequence[Filled] = (),
    digits: int = 0,
) -> list[Filled]:
    """The most likely header for each of our columns. The same sheet gives the same answer every time.

    more: words for a column in this kind of sheet. given: what is known already and not guessed. digits: of an account.
    """
    frame, _ = set_apart(frame, (), "")
    fixed = {f.column: f for f in given if f.header}
    order = _date_order(frame)
    headers = [h for h in frame.columns if h not in {f.header for f in fixed.values()}]
    scores = [
        (_score(h, c, more) * _shape(frame[h], c) // 100, c, h)
        for c in spec.facts
        if c.name not in fixed
        for h in headers
    ]
    place = {h: n for n, h in enumerate(frame.columns)}
    scores.sort(key=lambda s: (-s[0], spec.names.index(s[1].name), place[s[2]]))
    taken: dict[str, tuple[int, str]] = {}
    for score, column, header in scores:
        enough = LIKELY if column.required else OPTIONAL
        if score >= enough and column.name not in taken and header not in {h for _, h in taken.values()}:
            taken[column.name] = (score, header)
    out = []
    for column in spec.facts:
        if column.name in fixed:
            out.append(_read(fixed[column.name], frame, column, order, digits))
        elif column.name in taken:
            score, header = taken[column.name]
            rivals = [
                h for s, c, h in scores if c is column and h != header and s > score - NEAR and h not in _taken(taken)
            ]
            why = "" if score >= SURE else f'Is "{header}" the right header?'
            if rivals:
                why = f'"{rivals[0]}" could also match.'
            out.append(_read(Filled(column.name, header, sure=not why, why=why), frame, column, order, digits))
        else:
            why = f"Required: {column.help}" if column.required else ""
            out.append(Filled(column.name, sure=not column.required, why=why))
    return out


def header_for(headers: Sequence[str], column: Column[Any], more: Mapping[str, tuple[str, ...]]) -> str:
    """The header that is surely this column, by its words alone; "" if none is."""
    score, header = max(((_score(h, column, more), h) for h in headers), key=lambda s: s[0], default=(0, ""))
    return header if score >= SURE else ""


def _taken(taken: Mapping[str, tuple[int, str]]) -> set[str]:
    return {h for _, h in taken.values()}


def _words(column: Column[Any], more: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return (column.name, *column.aliases, *ALSO.get(column.name, ()), *more.get(column.name, ()))


@lru_cache(maxsize=4096)
def words(header: str) -> str:
    tokens = re.findall(r"[a-z]+|\d+", re.sub(r"#", " number ", header.lower()))
    return " ".join(SHORT.get(t, t) for t in tokens)


def _score(header: str, column: Column[Any], more: Mapping[str, tuple[str, ...]]) -> int:
    """How close a header comes to a column's words, in points: SAME means the same."""
    said = words(header)
    best = 0
    for n, word in enumerate(_words(column, more)):
        theirs = words(word)
        if said == theirs or plain(header) == plain(word):
            return SAME - n  # its own name before another's word for it
        one, other = set(said.split()), set(theirs.split())
        if one == other:
            best = max(best, 950)
        elif other < one:  # "Open Item Due Date" says due date, and more
            best = max(best, SURE if len(other) > 1 else LIKELY)
        elif len(one & other) == min(len(one), len(other)) > 0 and len(one | other) <= 3:
            best = max(best, 500 + 300 * len(one & other) // len(one | other))
        best = max(best, int(SURE * SequenceMatcher(None, said, theirs).ratio()))
    return best


def _shape(values: pd.Series[Any], column: Column[Any]) -> int:
    """How many of a column's values fit our column, from 0 to 100."""
    some = [v for v in values if v is not None and v != DASH][:SAMPLE]
    if not some:
        return 70
    if column.kind == "date":
        fit = sum(_is_date(v) for v in some)
    elif column.kind in ("money", "count", "year"):
        fit = sum(_is_number(v, column.kind) for v in some)
    else:
        fit = sum(not isinstance(v, dt.date) for v in some)  # an id such as 12-4-1 may look like a day
    share = 100 * fit // len(some)
    return 100 if share >= 70 else 30 * share // 100


def _is_date(value: object) -> bool:
    for how in ("ymd", "mdy", "dmy") if not isinstance(value, int | float) else ():
        try:
            date_as(value, how)
        except BadValue:
            continue
        return True
    return False


def _is_number(value: object, kind: str) -> bool:
    try:
        if kind == "money":
            to_cents(value)
            return True
        exact = number(value)
    except BadValue:
        return False
    return exact.denominator == 1 and (kind != "year" or 1900 <= exact <= 2199)


def _date_order(frame: pd.DataFrame) -> str:
    """mdy or dmy, as the dates written as text on this sheet show; mdy where none of them tells; blank where they disagree.

    Most sheets tell nothing: due dates fall on the first. An American office writes the month first.
    """
    found: Counter[str] = Counter()
    for header in frame.columns:
        for value in frame[header]:
            match = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d\d)", value) if isinstance(value, str) else None
            if match and 12 < int(match[2]) <= 31 and int(match[1]) <= 12:
                found["mdy"] += 1
            elif match and 12 < int(match[1]) <= 31 and int(match[2]) <= 12:
                found["dmy"] += 1
    return "" if len(found) > 1 else next(iter(found), "mdy")


def _read(filled: Filled, frame: pd.DataFrame, column: Column[Any], order: str, digits: int) -> Filled:
    """The same match with how its values are read. Not sure if dates are ambiguous or ids may have lost zeros."""
    values = [v for v in frame[filled.header] if v is not None]
    reads, wide, sure, why = filled.reads_as, filled.digits, filled.sure, filled.why
    if (
        column.kind == "date"
        and not reads
        and any(isinstance(v, str) and re.match(r"\d{1,2}[-/.]\d{1,2}[-/.]", v) for v in values)
    ):
        reads = order or "mdy"
        if not order:
            sure, why = False, "Some dates put the month first and others the day. Set Reads As to mdy or dmy."
    if column.name in ("Account", "Bill", "List No") and not wide:
        wide = digits if column.name == "Account" else 0
        lost = lost_zeros(values)
        if lost and not wide:
            sure, why = False, lost
    return Filled(filled.column, filled.header, reads, wide, sure, why)


def lost_zeros(values: Sequence[object]) -> str:
    """A warning if ids stored as numbers may have lost their leading zeros, or ""."""
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    texts = [v for v in values if isinstance(v, str)]
    if not numbers:
        return ""
    if zero := next((t for t in texts if t.startswith("0") and t.isdigit()), ""):
        return f'Some values are text with leading zeros ("{zero}"), others are numbers ({as_id(numbers[0])}). Set Digits to {len(zero)}.'
    lengths = {len(as_id(v)) for v in numbers}
    if len(lengths) > 1 and not texts:
        return f"The numbers have {min(lengths)} to {max(lengths)} digits. If they had leading zeros, set Digits. If not, set Sure to Yes."
    return ""
