"""Finds the letters for a PDF on this computer: those of the workbook, and others for names that need them.

Carlito comes with LibreOffice and Calibri with Excel, and both have the widths that the pages are measured with. A computer
without both prints with the letters that come with reportlab, set narrower where they need it. A PDF holds the letters it uses.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import Literal

from reportlab import __file__ as _reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

Face = Literal["plain", "bold", "italic", "mono"]
Run = tuple[str, str]
"""A font's name and the letters set in it."""

_FILES: dict[Face, tuple[str, ...]] = {
    "plain": ("carlito-regular", "calibri", "dejavusans", "arial", "liberationsans-regular", "notosans-regular", "vera"),
    "bold": (
        "carlito-bold", "calibrib", "calibri bold", "dejavusans-bold", "arialbd", "arial bold", "liberationsans-bold", "notosans-bold", "verabd",
    ),
    "italic": (
        "carlito-italic", "calibrii", "calibri italic", "dejavusans-oblique", "ariali", "arial italic", "liberationsans-italic",
        "notosans-italic", "verait",
    ),
    "mono": ("liberationmono-regular", "cour", "courier new", "dejavusansmono", "vera"),
}  # fmt: skip
"""The files of each face without .ttf. The first one on this computer is used, and the others for letters it lacks."""


@lru_cache(maxsize=1)
def _folders() -> tuple[Path, ...]:
    """Where programs and systems keep fonts."""
    home, office = Path(os.path.expanduser("~")), "share/fonts/truetype"  # never fails, unlike Path.home
    if sys.platform == "win32":
        programs = [Path(os.environ.get(name, "")) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)")]
        own = Path(os.environ.get("LOCALAPPDATA", home)) / "Microsoft/Windows/Fonts"
        there = [
            Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts",
            own,
            *(p / "LibreOffice" / office for p in programs),
        ]
    elif sys.platform == "darwin":
        there = [
            Path("/Library/Fonts"), home / "Library/Fonts", Path("/System/Library/Fonts/Supplemental"),
            Path("/Applications/Microsoft Excel.app/Contents/Resources/DFonts"),
            Path("/Applications/LibreOffice.app/Contents/Resources/fonts/truetype"),
        ]  # fmt: skip
    else:
        there = [
            Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".local/share/fonts", home / ".fonts",
            Path("/usr/lib/libreoffice") / office, *sorted(Path("/opt").glob(f"libreoffice*/{office}")),
        ]  # fmt: skip
    return (*there, Path(_reportlab).parent / "fonts")


@lru_cache(maxsize=1)
def _found() -> dict[str, Path]:
    """The font files of this computer by name without .ttf, in small letters. The first folder counts."""
    out: dict[str, Path] = {}
    for folder in _folders():
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.suffix.lower() == ".ttf":
                out.setdefault(path.stem.lower(), path)
    return out


@lru_cache(maxsize=8)
def _fonts(face: Face) -> tuple[TTFont, ...]:
    """The fonts of a face, the preferred one first. A file that reportlab cannot read is passed over."""
    out = []
    for name in _FILES[face]:
        if (path := _found().get(name)) is None:
            continue
        try:
            font = TTFont(f"{face} {name}".replace(" ", "-"), str(path))
        except (TTFError, OSError):
            continue
        pdfmetrics.registerFont(font)
        out.append(font)
    return tuple(out)


def _instead(letter: str, known: dict[int, int]) -> str:
    """What is printed for a letter that no font has: the letter without its accents, or its number in brackets."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(c))
    return bare if bare and all(ord(c) in known for c in bare) else f"[U+{ord(letter):04X}]"


@lru_cache(maxsize=50_000)
def runs(text: str, face: Face) -> tuple[tuple[Run, ...], str]:
    """A line of text as runs of fonts that have its letters, and the letters that no font has."""
    fonts = _fonts(face)
    first = fonts[0].face.charToGlyph
    text = unicodedata.normalize("NFC", text.replace("\t", " "))
    if all(ord(c) in first for c in text):
        return ((fonts[0].fontName, text),), ""
    out: list[Run] = []
    lacking = ""
    for letter in text:
        if unicodedata.category(letter) in ("Cc", "Cf"):
            continue  # marks for programs, such as the direction of writing, are never printed
        font = next((f for f in fonts if ord(letter) in f.face.charToGlyph), None)
        said = letter
        if font is None:
            said, font = _instead(letter, first), fonts[0]
            lacking += letter
        if out and out[-1][0] == font.fontName:
            out[-1] = font.fontName, out[-1][1] + said
        else:
            out.append((font.fontName, said))
    return tuple(out), lacking


@lru_cache(maxsize=100_000)
def _width(face: Face, text: str, points: float) -> float:
    return float(sum(pdfmetrics.stringWidth(part, name, points) for name, part in runs(text, face)[0]))


RULERS: dict[Face, Callable[[str, float], float]] = {face: partial(_width, face) for face in _FILES}
"""For each face, what gives the width of a line of text as it is printed, in points."""


def first(face: Face) -> str:
    """The name of the font that a face is set in."""
    return str(_fonts(face)[0].fontName)
