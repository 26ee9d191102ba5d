"""Splits addresses into house number and street, or the post office box, however a line writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xltax.office.sharing.names import plain, words

BOX = ("BOX",)
KINDS = {
    "ST": "ST", "STREET": "ST", "STR": "ST", "AVE": "AVE", "AV": "AVE", "AVENUE": "AVE", "RD": "RD", "ROAD": "RD", "DR": "DR",
    "DRIVE": "DR", "LN": "LN", "LANE": "LN", "CT": "CT", "COURT": "CT", "PL": "PL", "PLACE": "PL", "BLVD": "BLVD",
    "BOULEVARD": "BLVD", "TER": "TER", "TERR": "TER", "TERRACE": "TER", "CIR": "CIR", "CIRCLE": "CIR", "WAY": "WAY", "WY": "WAY",
    "HWY": "HWY", "HIGHWAY": "HWY", "PKWY": "PKWY", "PARKWAY": "PKWY", "SQ": "SQ", "SQUARE": "SQ", "TPKE": "TPKE",
    "TURNPIKE": "TPKE", "TRL": "TRL", "TRAIL": "TRL", "PIKE": "PIKE", "ALY": "ALY", "ALLEY": "ALY", "LOOP": "LOOP", "RUN": "RUN",
}  # fmt: skip
"""The words that may end a street's name, with their usual abbreviations."""
WAYS = {"N": "N", "S": "S", "E": "E", "W": "W", "NORTH": "N", "SOUTH": "S", "EAST": "E", "WEST": "W",
        "NE": "NE", "NW": "NW", "SE": "SE", "SW": "SW"}  # fmt: skip
_UNITS = frozenset(
    [
        "APT",
        "APARTMENT",
        "UNIT",
        "STE",
        "SUITE",
        "FL",
        "FLOOR",
        "BLDG",
        "BUILDING",
        "RM",
        "ROOM",
        "LOT",
        "REAR",
        "FRONT",
    ]
)
_ORDINALS = dict(
    zip(
        [
            "1ST",
            "2ND",
            "3RD",
            "4TH",
            "5TH",
            "6TH",
            "7TH",
            "8TH",
            "9TH",
            "10TH",
            "11TH",
            "12TH",
            "SAINT",
            "MOUNT",
            "FORT",
        ],
        [
            "FIRST",
            "SECOND",
            "THIRD",
            "FOURTH",
            "FIFTH",
            "SIXTH",
            "SEVENTH",
            "EIGHTH",
            "NINTH",
            "TENTH",
            "ELEVENTH",
            "TWELFTH",
            "ST",
            "MT",
            "FT",
        ],
        strict=True,
    )
)
_BOXES = frozenset({"BOX", "POB", "POBOX", "BX", "PO"})
_GLUED = re.compile(r"(?:PO?)?B(?:OX)?(\d+)$")
_NUMBER = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Address:
    """A house, or a box: its number ("" where none is given), the street's own words, what ends its name, its direction."""

    number: str
    street: tuple[str, ...]
    kind: str = ""
    way: str = ""

    @property
    def house(self) -> tuple[str, tuple[str, ...]]:
        return self.number, self.street


def tokens(text: str) -> list[str]:
    """The words of a text that is plain already, ordinals spelled out."""
    return [_ORDINALS.get(w, w) for w in words(text)]


def number_at(token: str) -> str:
    """The house number a word begins with, without its letter and its zeros: 77A is 77; "" for none."""
    found = _NUMBER.match(token)
    return found[1].lstrip("0") if found else ""


def box_at(all_words: list[str], i: int) -> str:
    """The number of the post office box that begins at a word; "" for none."""
    if glued := _GLUED.match(all_words[i]):
        return glued[1].lstrip("0")
    if all_words[i] in _BOXES and i + 1 < len(all_words):
        return number_at(all_words[i + 1])
    return ""


def addresses(line: str, *, bare: bool = False) -> list[Address]:
    """The houses, boxes and streets a line of an address names: "77-A Hidden Hollow Rd", "P.O. Box 991".

    bare: a line without a number is a street too, as a location is; else only where a word such as Road says so.
    """
    out: list[Address] = []
    for piece in re.split(r"[,;\n]", plain(line)):
        found = tokens(piece)
        boxes = [Address(n, BOX) for i in range(len(found)) if (n := box_at(found, i))]
        houses = [] if boxes else _houses(found)
        out += boxes or houses
        if not boxes and not houses and (street := _street(found)) and (bare or street.kind or found[0] == "0"):
            out.append(street)
    return out


def _houses(found: list[str]) -> list[Address]:
    out = []
    for i, token in enumerate(found):
        number = number_at(token)
        if not number or (i and len(found[i - 1]) == 2 and len(token) == 5):  # a ZIP code after the state
            continue
        street = _street(found[i + 1 :])
        if street is not None and street.street:
            out.append(Address(number, street.street, street.kind, street.way))
    return out


def after_number(rest: list[str]) -> int:
    """Where the street begins: past a unit's letter, a half, a range's other end, a direction."""
    at = 0
    while at + 1 < len(rest) and (len(rest[at]) == 1 or rest[at].isdigit() or rest[at] in WAYS):
        if rest[at + 1] in KINDS and not rest[at].isdigit():
            break  # A Street, East Avenue
        at += 1
    return at


def _street(found: list[str]) -> Address | None:
    at = after_number(found)
    way = next((WAYS[w] for w in found[:at] if w in WAYS), "")
    core: list[str] = []
    kind = ""
    for word in found[at:]:
        if core and word in KINDS:
            kind = KINDS[word]
            break
        if word in _UNITS and core:
            break
        core.append(word)
    while len(core) > 1 and core[-1] in WAYS:
        way = WAYS[core.pop()]
    if not core or core[0].isdigit():
        return None
    return Address("", tuple(core), kind, way)
