"""Splits names: the persons on a line, however the line writes them, so that two lines with the same person can be matched."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_LETTERS = str.maketrans(
    {"ß": "SS", "Ø": "O", "ø": "O", "Ł": "L", "ł": "L", "Æ": "AE", "æ": "AE", "Œ": "OE", "œ": "OE", "Đ": "D", "đ": "D"}
)
_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"['’ʼ`]S\b")
_BETWEEN = re.compile(
    r"[&+;/|]|\b(?:AND|OR|AKA|FKA|NKA|DBA|A\s*K\s*A|F\s*K\s*A|N\s*K\s*A|D\s*B\s*A|TRUSTEE\s+OF|TRUSTEE\s+FOR)\b"
)
NOISE = frozenset(
    [
        "ETUX",
        "UX",
        "ETVIR",
        "VIR",
        "ETAL",
        "ET",
        "AL",
        "ETALS",
        "EST",
        "ESTATE",
        "TRUSTEE",
        "TRUSTEES",
        "TRUSTE",
        "TRSTEE",
        "TR",
        "TRS",
        "TRUST",
        "TRST",
        "REV",
        "REVOC",
        "REVOCABLE",
        "IRREVOCABLE",
        "LIVING",
        "FAMILY",
        "FAM",
        "JR",
        "SR",
        "II",
        "III",
        "IV",
        "MR",
        "MRS",
        "MS",
        "MISS",
        "DR",
        "HON",
        "ESQ",
        "HW",
        "WF",
        "CO",
        "ATTN",
        "CARE",
        "THE",
        "OF",
        "FOR",
        "DECD",
        "DECEASED",
        "HEIRS",
        "HEIR",
        "EXECUTOR",
        "EXECUTRIX",
        "EXEC",
        "EXR",
        "ADMIN",
        "ADMINISTRATOR",
        "LIFE",
        "TENANT",
        "TENANTS",
        "IN",
        "COMMON",
        "JTWROS",
        "JT",
        "SURVIVING",
        "SPOUSE",
        "HUSBAND",
        "WIFE",
        "LLC",
        "LLP",
        "LP",
        "LTD",
        "INC",
        "CORP",
        "CORPORATION",
        "COMPANY",
        "PLLC",
        "PC",
        "ASSOC",
        "ASSOCIATES",
        "HOLDINGS",
        "HOLDING",
        "PROPERTIES",
        "PROPERTY",
        "REALTY",
        "GROUP",
        "ENTERPRISES",
        "INVESTMENTS",
        "MANAGEMENT",
        "PARTNERS",
        "PARTNERSHIP",
        "OWNER",
        "OWNERS",
        "CURRENT",
        "UNKNOWN",
        "OCCUPANT",
        "AS",
        "BILLED",
        "UDT",
        "UAD",
        "DTD",
        "DATED",
    ]
)
"""Words on an owner's line that are not names."""
_PARTICLES = frozenset(
    [
        "DE",
        "DEL",
        "DELA",
        "DER",
        "DEN",
        "DI",
        "DA",
        "DU",
        "LA",
        "LE",
        "LOS",
        "LAS",
        "VAN",
        "VON",
        "MC",
        "MAC",
        "ST",
        "SAN",
        "AL",
        "EL",
        "BIN",
        "TEN",
        "TER",
    ]
)


@dataclass(frozen=True, slots=True)
class Name:
    """One person or firm: the words of the name, which of them may be the last name, and the initials."""

    words: frozenset[str]
    surnames: frozenset[str]
    initials: frozenset[str] = frozenset()

    @property
    def given(self) -> frozenset[str]:
        return self.words - self.surnames

    @property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Last name with each other word, in the order of the alphabet: one pair in common is the same person."""
        if len(self.words) == 1 and not self.initials:
            (word,) = self.words
            return frozenset({(word, "")})  # a firm of one word
        return frozenset(pair(s, w) for s in self.surnames for w in self.words if w != s)

    @property
    def short(self) -> frozenset[tuple[str, str]]:
        """Last name with an initial, where the name has no other word: "ROTH, J"."""
        return frozenset((s, i) for s in self.surnames for i in self.initials) if len(self.words) == 1 else frozenset()

    @property
    def shortened(self) -> frozenset[tuple[str, str]]:
        """How the name may be written with initials only."""
        return frozenset((s, w[0]) for s in self.surnames for w in self.words if w != s) | self.short


def pair(one: str, other: str) -> tuple[str, str]:
    """Two words as one key, whichever comes first."""
    return (one, other) if one <= other else (other, one)


def plain(text: str) -> str:
    """Text as it is compared: capitals, no accents, no invisible letters, no apostrophes; O'Brien's is OBRIEN."""
    if text.isascii():
        upper = text.upper()
    else:
        spread = unicodedata.normalize("NFKD", text).translate(_LETTERS)
        upper = "".join(c for c in spread if not unicodedata.combining(c) and unicodedata.category(c) != "Cf").upper()
    upper = _POSSESSIVE.sub("", upper)
    return re.sub("['’ʼ`]", "", upper)


def words(text: str) -> list[str]:
    """The words and numbers of a text that is plain already."""
    return _WORD.findall(text)


def persons(line: str) -> list[Name]:
    """The persons a line names: "ROTH, JUDGE B", "Judge B. Roth", "ROTH JUDGE B & SAM", "EST OF JUDGE ROTH ETUX"."""
    text = re.sub(r"\bC\s*/\s*O\b|%|\bH\s*/\s*W\b", " ", plain(line))
    out: list[Name] = []
    for part in _BETWEEN.split(text):
        before, comma, _ = part.partition(",")
        name = _name(words(part), words(before) if comma else [])
        if name is not None:
            out.append(name)
    return _completed(out)


def _name(every: list[str], first: list[str]) -> Name | None:
    """One name; first: the words before its comma, which are the last name."""
    kept = [w for w in every if w not in NOISE and not w.isdigit()]
    long = [w for w in kept if len(w) > 1]
    if not long:
        return None
    solid = [w for w in long if w not in _PARTICLES] or long
    last = [w for w in first if w in solid]
    # Without a comma the last name may come first or last: ROTH JUDGE B, Judge B. Roth.
    surnames = frozenset(last) if last else frozenset({solid[0], solid[-1]})
    return Name(frozenset(solid), surnames, frozenset(w for w in kept if len(w) == 1))


def _completed(names: list[Name]) -> list[Name]:
    """A first name alone shares the last name beside it: ROTH JUDGE & SAM, Judge and Sam Roth."""
    out = list(names)
    for i, name in enumerate(names):
        if len(name.words) != 1 or len(names) == 1:
            continue
        beside = names[i - 1] if i else names[1]
        if len(beside.words) > 1:
            out[i] = Name(name.words | beside.surnames, beside.surnames, name.initials)
    return out


def every_pair(names: Iterable[Name]) -> set[tuple[str, str]]:
    """The pairs of several names."""
    return {p for n in names for p in n.pairs}
