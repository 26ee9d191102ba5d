"""Matches the headers of another office's sheet to our columns, by their words and by the values below them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import islice
from typing import Any

import pandas as pd

from xltax.dates import to_date
from xltax.errors import BadValue
from xltax.money import number, to_cents
from xltax.office.intake.sheet_shape import DASH, NO_HEADER, set_apart
from xltax.office.intake.side_by_side import number_of
from xltax.tables.reading import as_id
from xltax.tables.schema import Column, TableSpec, plain

SAME = 1000  # points for a header that is a column's own name
SURE, LIKELY, OPTIONAL = 850, 550, 750  # an optional column is taken only where it is rather likely
NEAR = 50  # points between two headers that could both be meant
SAMPLE = 400  # values looked at
NOTHING_BELOW = 70  # of 100: what a column without values says for itself

SHORT = {
    "acct": "account", "no": "number", "num": "number", "amt": "amount", "bal": "balance", "prop": "property", "yr": "year",
    "int": "interest", "blk": "block", "qual": "qualifier", "loc": "location", "addr": "address", "asmt": "assessment",
    "assmt": "assessment", "pd": "paid", "recd": "received", "rcvd": "received", "rcpt": "receipt", "dt": "date", "chk": "check",
    "ck": "check", "thru": "through", "pmt": "payment", "pymt": "payment", "qtr": "quarter", "inst": "installment", "prin": "principal",
    "princ": "principal", "ref": "reference", "val": "value", "id": "number", "lt": "lot", "cls": "class", "bldg": "building",
    "impr": "improvement", "improv": "improvement", "improvements": "improvement", "payor": "payer", "ded": "deduction", "mlg": "mailing", "twp": "town", "q": "quarter",
}  # fmt: skip
"""Abbreviations that offices use."""

ALSO: dict[str, tuple[str, ...]] = {
    "Account": ("parcel", "parcel id", "parcel number", "block lot", "map lot", "pin", "map block lot", "property number", "customer number",
                "account number", "tax map", "tax map number", "map number", "folio", "folio number"),
    "Bill": ("bill number", "invoice", "bill"),
    "Owner": ("owner of record", "taxpayer", "assessed owner", "owner name", "name"),
    "Location": ("property location", "situs", "property address", "location address"),
    "Mail 1": ("mailing address", "street address", "address 1", "owner address", "mailing street", "owner street"),
    "Mail 2": ("city state zip", "city state", "address 2"),
    "Mail 3": ("zip", "zip code", "address 3"),
    "Net Value": ("total assessment", "net taxable value", "taxable value", "assessed", "net assessment", "total value", "net taxable"),
    "Land": ("land value", "land assessment", "assessed land"),
    "Improvements": ("improvement value", "building value", "improvement assessment", "building", "assessed improvement", "assessed building"),
    "Deductions": ("deduction", "vet sr deduction", "veteran senior deduction", "deduction amount"),
    "Exemptions": ("exempt", "exemption", "exempt value", "exemption amount"),
    "Mortgagee": ("bank code", "bank", "mortgage company", "servicer", "mortgage code"),
    "Class": ("property class", "class code"),
    "Levy Year": ("tax year", "year", "levy year", "grand list year"),
    "Due": ("due date", "date due", "payable"),
    "Interest From": ("interest from date", "interest paid through", "interest paid to", "paid through", "interest through", "interest date"),
    "Inst": ("installment number", "quarter", "half", "installment"),
    "Received": ("date paid", "payment date", "paid on", "date received", "receipt date", "deposit date", "pay date", "date",
                 "date time", "disbursement date", "disb date", "settlement date", "transaction date", "effective entry date"),
    "Reference": ("check number", "reference number", "check", "confirmation number",
                  "transaction number", "trace number", "payment number"),
    "Receipt": ("receipt number",),
    "Payer": ("payer name", "borrower", "remitter", "paid by name", "customer name", "individual name"),
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


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody said about a sheet as a whole: the digits of an account, the order of dates, how lots read, the sure columns."""

    digits: int = 0
    dates: str = ""  # mdy, dmy or ymd
    lots: str = ""  # AS_TYPED or TWO_DECIMALS
    sure: frozenset[str] = frozenset()


NOTHING_SAID = Answers()
AS_TYPED, TWO_DECIMALS = "as typed", "two decimals"
REMEMBERED = "remembered"
IDENTITY = ("Account", "Bill", "List No", "Block", "Lot")


def fitting(headers: Sequence[str], spec: TableSpec[Any], more: Mapping[str, tuple[str, ...]]) -> int:
    """How well these headers match our columns: the sum of the best scores that are high enough, each column counted once."""
    best: dict[str, int] = {}
    for header in dict.fromkeys(headers):
        score, name = max((_score(header, c, more), c.name) for c in spec.facts)
        best[name] = max(best.get(name, 0), score)
    return sum(score for score in best.values() if score >= LIKELY)


def guess(
    frame: pd.DataFrame,
    spec: TableSpec[Any],
    more: Mapping[str, tuple[str, ...]],
    given: Sequence[Filled] = (),
    answers: Answers = NOTHING_SAID,
) -> list[Filled]:
    """The most likely header for each of our columns. The same sheet gives the same answer every time.

    more: words for a column in this kind of sheet. given: what is known already and not guessed; an answer without a header
    leaves its column out. Hidden columns, empty columns and parts of a joined account are never guessed.
    """
    frame, _ = set_apart(frame, (), "")
    fixed = {f.column: f for f in given}
    spent = {f.header for f in fixed.values()} | {*frame.attrs.get("hidden", ()), *frame.attrs.get("unguessed", ())}
    headers = [h for h in frame.columns if h not in spent and frame[h].notna().any()]
    said = {(c.name, h): _score(h, c, more) for c in spec.facts if c.name not in fixed for h in headers}
    scores = [
        (said[c.name, h] * _shape(frame[h], c) // 100, c, h)
        for c in spec.facts
        if c.name not in fixed
        for h in headers
        if said[c.name, h] >= LIKELY
    ]
    place = {h: n for n, h in enumerate(frame.columns)}
    scores.sort(key=lambda s: (-s[0], spec.names.index(s[1].name), place[s[2]]))
    taken: dict[str, tuple[int, str]] = {}
    for score, column, header in scores:
        enough = LIKELY if column.required else OPTIONAL
        # A header that says it plainly is not dropped because of its cells: they are asked about.
        plainly = said[column.name, header] >= SURE and frame[header].notna().any()
        if (score >= enough or plainly) and column.name not in taken and header not in _taken(taken):
            taken[column.name] = (score, header)
    out = []
    for column in spec.facts:
        if column.name in fixed and not fixed[column.name].header:
            why = f"Required: {column.help}" if column.required else "Left out."
            out.append(Filled(column.name, sure=not column.required, why=why))
        elif column.name in fixed:
            out.append(_read(fixed[column.name], frame, column, answers))
        elif column.name in taken:
            score, header = taken[column.name]
            rivals = [
                h for s, c, h in scores if c is column and h != header and s > score - NEAR and h not in _taken(taken)
            ]
            nothing = score == said[column.name, header] * NOTHING_BELOW // 100 and said[column.name, header] >= SURE
            why = "" if score >= SURE or nothing else f'Is "{header}" the {column.name}?'
            rivals += [h for h in frame.columns if str(h).startswith(f"{header} [")]
            if rivals:
                why = f'"{rivals[0]}" could also match.'
            if score < said[column.name, header] and (cell := _first_unreadable(frame, header, column)):
                why = (
                    f'Many cells below "{header}" cannot be read, such as {cell}. Correct these cells. To leave the column out, '
                    f'empty its Header (option --mapping "{column.name}=").'
                )
            out.append(_read(Filled(column.name, header, sure=not why, why=why), frame, column, answers))
        elif column.required and (bare := _without_header(frame, column, _taken(taken))):
            why = f"This column has no header. Does it hold the {column.name}?"
            out.append(_read(Filled(column.name, bare, sure=False, why=why), frame, column, answers))
        elif column.required and (empty := _empty(frame, column, more)):
            out.append(Filled(column.name, sure=False, why=f'Required: the column "{empty}" has no values.'))
        else:
            why = f"Required: {column.help}" if column.required else ""
            out.append(Filled(column.name, sure=not column.required, why=why))
    return [dataclasses.replace(f, sure=True) if f.header and f.column in answers.sure else f for f in out]


def _empty(frame: pd.DataFrame, column: Column[Any], more: Mapping[str, tuple[str, ...]]) -> str:
    """The header that is this column, but has no values below it; or nothing."""
    empty = [str(h) for h in frame.columns if not frame[h].notna().any()]
    return header_for(empty, column, more) if empty else ""


def header_for(headers: Sequence[str], column: Column[Any], more: Mapping[str, tuple[str, ...]]) -> str:
    """The header that is surely this column, by its words alone; "" if none is."""
    score, header = max(((_score(h, column, more), h) for h in headers), key=lambda s: s[0], default=(0, ""))
    return header if score >= SURE else ""


def _without_header(frame: pd.DataFrame, column: Column[Any], taken: set[str]) -> str:
    """The one column without a header whose cells fit a column that is required; "" if there is none, or several."""
    bare = [h for h in frame.columns if h not in taken and h == NO_HEADER.format(frame.attrs["letters"][h])]
    fit = [h for h in bare if frame[h].notna().any() and _shape(frame[h], column) == 100]
    return fit[0] if len(fit) == 1 else ""


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
    return _closeness(header, _words(column, more))


@lru_cache(maxsize=65536)
def _closeness(header: str, known: tuple[str, ...]) -> int:
    said = words(header)
    best = 0
    for n, word in enumerate(known):
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
    some = list(islice((v for v in values.tolist() if v is not None and v != DASH), SAMPLE))
    if column.kind in FIGURES:
        some = [v for v in some if not means_empty(v)]
    if not some:
        return NOTHING_BELOW
    if column.kind == "date":
        fit = sum(_is_date(v) for v in some)
    elif column.name == "Inst":
        fit = sum(bool(number_of(as_id(v))) for v in some)
    elif column.name == "Deductions":
        fit = sum(_is_number(v, "money") or _LETTERS.fullmatch(str(v)) is not None for v in some)
    elif column.kind in ("money", "count", "year"):
        fit = sum(_is_number(v, column.kind) for v in some)
    else:
        fit = sum(not isinstance(v, dt.date) for v in some)  # an id such as 12-4-1 may look like a day
    share = 100 * fit // len(some)
    return 100 if share >= 70 else 30 * share // 100


_LETTERS = re.compile(r"[A-Za-z]{1,2}([ ,/&+-]+[A-Za-z]{1,2})*")
"""Letters that stand for deductions, such as V and S."""


def fits(value: object, column: Column[Any]) -> bool:
    """Whether one value can be read as a column's kind."""
    return _shape(pd.Series([value], dtype=object), column) == 100


FIGURES = ("money", "count", "year", "number", "date")
"""The kinds of columns whose cells hold figures."""


_NOTHING = ("null", "n/a", "na", "none", "nil", "(null)", "nan", DASH)
_NO_DAY = re.compile(r"0{1,4}[-/]00?[-/]0{1,4}([ T]+[0:.]+)?")


def means_empty(value: object) -> bool:
    """True for a word, or a date of zeros such as 00/00/0000, by which other programs show an empty cell."""
    if not isinstance(value, str):
        return False
    return value.strip().casefold() in _NOTHING or _NO_DAY.fullmatch(value.strip()) is not None


def _first_unreadable(frame: pd.DataFrame, header: str, column: Column[Any]) -> str:
    """The first cell below a header that cannot be read as the column's kind: its text and its place; or nothing."""
    for n, value in enumerate(frame[header]):
        if value is not None and not means_empty(value) and _shape(pd.Series([value], dtype=object), column) != 100:
            return f'"{value}" in {cell_of(frame, n, header)}'
    return ""


def _is_date(value: object) -> bool:
    for order in ("mdy", "dmy", "ymd") if not isinstance(value, int | float) else ():
        try:
            to_date(value, order=order)
        except BadValue:
            continue
        return True
    return False


FLOAT = re.compile(r"[+-]?\d\.\d{10,}[eE][+-]?\d+")
"""A number as programs write their own numbers, such as 1.7999999999999999e+05 for 180000."""


def _is_number(value: object, kind: str) -> bool:
    if isinstance(value, str) and FLOAT.fullmatch(value.strip()):
        return kind == "money"
    try:
        if kind == "money":
            to_cents(value)
            return True
        exact = number(value)
    except BadValue:
        return False
    return exact.denominator == 1 and (kind != "year" or 1900 <= exact <= 2199)


def _read(filled: Filled, frame: pd.DataFrame, column: Column[Any], answers: Answers) -> Filled:
    """The same match with how its values are read. Not sure if dates cannot be in their order, or ids may have lost zeros."""
    reads, wide, sure, why = filled.reads_as, filled.digits, filled.sure, filled.why
    values = frame[filled.header]
    if column.kind == "date":
        reads = reads or answers.dates or ("mdy" if any(map(_in_figures, values)) else "")
        if not (filled.reads_as or answers.dates) and (odd := _day_first(values)):
            n, text = odd
            sure, why = False, (
                f"{text} in {cell_of(frame, n, filled.header)} has no month {text.split(text[2])[0]}. If the day comes first on this sheet, set Reads As "
                "to dmy (option --dates dmy). If not, correct the cell."
            )  # fmt: skip
    if column.name in IDENTITY:
        reads = answers.lots or reads
        if not reads and column.name == "Account" and (said := _lost_decimals(frame, filled.header)):
            if (
                not sure and column.name not in answers.sure
            ):  # both questions at once, so that one round of answers is enough
                said = f'{why} If so, set Sure to Yes (option --sure "{column.name}"). {said}'
            sure, why = False, said
    if column.name in ("Account", "Bill", "List No") and not wide:
        wide = answers.digits if column.name == "Account" else 0
        lost = lost_zeros([v for v in values if v is not None])
        if lost and not wide and why != REMEMBERED:
            sure, why = False, lost
    return Filled(filled.column, filled.header, reads, wide, sure, why)


def cell_of(frame: pd.DataFrame, position: int, header: str) -> str:
    """The cell of a value on its sheet, such as B7."""
    if places := frame.attrs.get("places"):
        return str(places.at(position, header))
    return f"{frame.attrs['letters'][header]}{frame.attrs['header_row'] + 1 + position}"


def _lost_decimals(frame: pd.DataFrame, header: str) -> str:
    """A warning if lots stored as numbers may have lost a last zero, such as 8.1 for 8.10; or ""."""
    doubtful = sorted(frame.attrs.get("doubtful", {}).get(header, ()))
    doubtful = [n for n in doubtful if frame[header].iloc[n] is not None]
    if not doubtful or frame.attrs.get("book_decides"):
        return ""
    value = as_id(frame[header].iloc[doubtful[0]])
    longer = re.sub(r"(\.[1-9])(?!\d)", r"\g<1>0", value)
    more = f", and {len(doubtful) - 1} more like it" if len(doubtful) > 1 else ""
    return (
        f"Is {value} in row {frame.attrs['header_row'] + 1 + doubtful[0]} the number {value} or {longer}? The sheet stores numbers, which "
        f'lose a last zero{more}. Set Reads As to "{AS_TYPED}" or "{TWO_DECIMALS}" (option --lots "{AS_TYPED}" or --lots "{TWO_DECIMALS}").'
    )


_FIGURES = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d\d)\b")


def _in_figures(value: object) -> bool:
    return isinstance(value, str) and bool(_FIGURES.match(value.strip()))


def _day_first(values: Iterable[object]) -> tuple[int, str] | None:
    """The first cell that cannot put the month first but could put the day first: its place and its date."""
    for n, value in enumerate(values):
        found = _FIGURES.match(value.strip()) if isinstance(value, str) else None
        if found and 12 < int(found[1]) <= 31 and int(found[2]) <= 12:
            return n, found[0]
    return None


def lost_zeros(values: Sequence[object]) -> str:
    """A warning if ids stored as numbers may have lost their leading zeros, or ""."""
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    texts = [v for v in values if isinstance(v, str)]
    if not numbers:
        return ""
    if zero := next((t for t in texts if t.startswith("0") and t.isdigit()), ""):
        return f'Some values are text with leading zeros ("{zero}"), others are numbers ({as_id(numbers[0])}). Set Digits to {len(zero)}.'
    lengths = {len(as_id(v)) for v in numbers if v == int(v)}
    if len(lengths) > 1 and not texts:
        return f"The numbers have {min(lengths)} to {max(lengths)} digits. If they had leading zeros, set Digits. If not, set Sure to Yes."
    return ""
