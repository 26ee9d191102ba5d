"""The town's own words: the paragraphs of letters and certificates on Texts, with the names in braces filled in."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any

from xltax.errors import BadValue
from xltax.pages import Block, Signatures, Text
from xltax.tables.enforcement import LetterText
from xltax.tables.reading import place
from xltax.tables.table import Table

Paragraph = tuple[str, str, str]
"""Style, text, and the cell."""


def paragraphs(texts: Table[LetterText], letter: str) -> list[Paragraph]:
    """The paragraphs of one letter in order; none if the town has not written the letter."""
    mine = texts[texts[LetterText.letter].str.lower() == letter.lower()].sorted(LetterText.no)
    return [
        (s, t, place(texts, int(i), LetterText.text))
        for i, s, t in zip(mine.index, mine[LetterText.style], mine[LetterText.text], strict=True)
    ]


def letters(texts: Table[LetterText]) -> list[str]:
    """The letters that have words, without the certificates of lists."""
    return [name for name in dict.fromkeys(texts[LetterText.letter]) if not name.lower().startswith("list ")]


def filled(text: str, values: Mapping[str, Any], where: str = "") -> str:
    """A paragraph with its names filled in. The error for an unknown name lists the known names.

    A name stands alone in its braces. A format after it, such as a width, is refused: one of a billion would fill the memory.
    """
    try:
        parts = list(string.Formatter().parse(text))
        written = [
            before if name is None else f"{before}{_value(name, form, how, values)}"
            for before, name, form, how in parts
        ]
    except (KeyError, ValueError):
        raise BadValue(
            f'"{text[:60]}" has an unknown name in braces.',
            where=where or "Texts",
            do=f"Use one of: {', '.join(values)}. A name stands alone in its braces.",
        ) from None
    return "".join(written)


def _value(name: str, form: str | None, how: str | None, values: Mapping[str, Any]) -> Any:
    if form or how:
        raise ValueError
    return values[name]


def block(style: str, text: str) -> Block:
    """One paragraph as it is printed."""
    if style == "signature":
        return Signatures(tuple(t.strip() for t in text.split("|")))
    return Text(text, style if style in ("bold", "small", "box") else "plain")  # type: ignore[arg-type]


def split(parts: list[Paragraph], values: Mapping[str, Any]) -> tuple[list[Block], list[Block]]:
    """What goes before the table of items and what goes after it; without one, everything goes before."""
    before: list[Block] = []
    after: list[Block] = []
    into = before
    for style, text, where in parts:
        if style == "items":
            into = after
        elif style != "subject":
            into.append(block(style, filled(text, values, where)))
    return before, after
