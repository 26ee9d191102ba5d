"""Measures the printed width and number of lines of a text, because programs do not fit merged cells."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

# Advance widths of the letters from space to tilde in Calibri (and Carlito, made to the same measure), in 1/1000 em.
_CALIBRI = (
    226, 326, 401, 498, 507, 715, 682, 221, 303, 303, 498, 498, 250, 306, 252, 386, 507, 507, 507, 507, 507, 507, 507,
    507, 507, 507, 268, 268, 498, 498, 498, 463, 894, 579, 544, 533, 615, 488, 459, 631, 623, 252, 319, 520, 420, 855,
    646, 662, 517, 673, 543, 459, 487, 642, 567, 890, 519, 487, 468, 307, 386, 307, 498, 498, 291, 479, 525, 423, 525,
    498, 305, 471, 525, 229, 239, 455, 229, 799, 525, 527, 525, 525, 349, 391, 335, 525, 452, 715, 433, 453, 395, 314,
    460, 314, 498,
)  # fmt: skip
_WIDEST = 894  # any other letter is taken to be as wide as the widest of these
_SAFETY = 1.04  # the screen, a printer and a bold face each set a text a little wider


def width(text: str, points: float) -> float:
    """The width of a text on one line, in points."""
    total = sum(_CALIBRI[ord(c) - 32] if " " <= c <= "~" else _WIDEST for c in text)
    return total * points / 1000 * _SAFETY


@lru_cache(maxsize=50_000)
def wrap(text: str, room: float, points: float, width: Callable[[str, float], float] = width) -> tuple[str, ...]:
    """The lines of a text in a cell `room` points wide. A word longer than a line is split. width: measures a line."""
    lines: list[str] = []
    for part in map(str.rstrip, text.split("\n")):
        if width(part, points) <= room:
            lines.append(part)
            continue
        line = ""
        for word in part.split(" "):
            longer = f"{line} {word}" if line else word
            if width(longer, points) <= room:
                line = longer
                continue
            if line:
                lines.append(line)
            while width(word, points) > room and len(word) > 1:
                cut = next((n for n in range(len(word) - 1, 1, -1) if width(word[:n], points) <= room), 1)
                lines.append(word[:cut])
                word = word[cut:]
            line = word
        lines.append(line)
    return tuple(lines)
