"""Puts columns together that the office keeps apart: block, lot and qualifier; city, state and zip; house number and street."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from xltax.office.intake import header_match
from xltax.tables import ROLL
from xltax.tables.reading import as_id

PLUS = " + "
"""What stands between the headers of columns that are put together: "Blk + Lt + Qual"."""
PARCEL = ("Block", "Lot", "Qualifier")
"""The columns that make up an account number if the sheet has none, as in MOD-IV and on the Roll: 12-4-C0001."""

_CITY = ("city", "mailing city", "owner city", "mail city", "city name")
_STATE = ("state", "st", "mailing state", "owner state", "mail state")
_ZIP = ("zip", "zip code", "zipcode", "postal code", "mailing zip", "owner zip", "mail zip")
_HOUSE = (
    "house number",
    "street number",
    "st number",
    "house",
    "house no",
    "property number",
    "location number",
    "address number",
)
_STREET = ("street", "street name", "st name", "property street", "location street", "road")  # fmt: skip
_LAST = ("last name", "owner last name", "last")
_FIRST = ("first name", "owner first name", "first")

JOINS: dict[str, tuple[tuple[str, ...], ...]] = {
    "Mail 2": (_CITY, _STATE, _ZIP),
    "Location": (_HOUSE, _STREET),
    "Owner": (_LAST, _FIRST),
}
"""Our columns that are put together from columns with these words above them."""


def with_parcels(frame: pd.DataFrame, words: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    """The sheet with an account column made from block and lot, if the sheet has no account column of its own."""
    headers = [str(h) for h in frame.columns if h not in frame.attrs.get("hidden", ())]
    if header_match.header_for(headers, ROLL["Account"], words):
        return frame
    found = [h for name in PARCEL if (h := header_match.header_for(headers, ROLL[name], {}))]
    if len(found) < 2 or header_match.header_for(headers, ROLL["Lot"], {}) not in found[1:]:
        return frame
    made = put_together(frame, found, _dashed, whole=2)
    made.attrs["parcel"] = PLUS.join(found)
    return made


def with_texts(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The sheet with the columns of JOINS that this kind of sheet has and nobody else fills."""
    headers = {header_match.words(str(h)): str(h) for h in frame.columns if frame[h].notna().any()}
    for column in (c for c in columns if c in JOINS):
        parts = [next((headers[w] for w in some if w in headers), "") for some in JOINS[column]]
        if all(parts[:2]):
            frame = put_together(frame, [p for p in parts if p], _JOINED[column])
            frame.attrs["joins"] = {**frame.attrs.get("joins", {}), column: PLUS.join(p for p in parts if p)}
    return frame


def asked_for(frame: pd.DataFrame, header: str, kind: str) -> pd.DataFrame:
    """The sheet with the columns of "House No + Street" put together, as somebody asked; the sheet as it is if there are none."""
    known = {header_match.words(str(h)): str(h) for h in frame.columns}
    parts = [known.get(header_match.words(p), "") for p in header.split(PLUS.strip())]
    if len(parts) < 2 or not all(parts) or PLUS.join(parts) in frame.columns:
        return frame
    return put_together(frame, parts, _dashed if kind == "id" else _spaced, whole=2 if kind == "id" else 1)


def put_together(
    frame: pd.DataFrame, parts: Sequence[str], join: Callable[[Sequence[Any]], str], whole: int = 1
) -> pd.DataFrame:
    """The sheet with one more column; a row has a value there if its first `whole` parts do."""
    name = PLUS.join(parts)
    block = frame[list(parts)]
    there = block.iloc[:, :whole].notna().all(axis=1)
    values = [join(row) for row in block.to_numpy(dtype=object).tolist()]
    made = frame.assign(**{name: pd.Series(values, index=frame.index, dtype=object).where(there, None)})
    # A header that is repeated further down has this column's words put together too.
    at = [list(frame.columns).index(p) for p in parts]
    lines = [[*line, "-".join(str(line[n]) for n in at if line[n] is not None)] for line in frame.attrs["lines"]]
    letters = {**frame.attrs["letters"], name: frame.attrs["letters"][parts[0]]}
    joined = {**frame.attrs.get("joined", {}), name: tuple(parts)}
    made.attrs = {**frame.attrs, "letters": letters, "lines": lines, "joined": joined}
    if places := frame.attrs.get("places"):
        made.attrs["places"] = places.renamed({**{str(h): str(h) for h in frame.columns}, name: parts[0]})
    return made


def _dashed(row: Sequence[Any]) -> str:
    return "-".join(as_id(v).strip() for v in row if v is not None)


def _spaced(row: Sequence[Any]) -> str:
    return " ".join(as_id(v).strip() for v in row if v is not None)


def _city(row: Sequence[Any]) -> str:
    city, *rest = [as_id(v).strip() if v is not None else "" for v in row]
    return ", ".join(p for p in (city, " ".join(r for r in rest if r)) if p)


def _name(row: Sequence[Any]) -> str:
    return ", ".join(as_id(v).strip() for v in row if v is not None)


_JOINED = {"Mail 2": _city, "Location": _spaced, "Owner": _name}
