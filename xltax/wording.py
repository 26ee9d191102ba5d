"""Words that agree with their figures, for every sentence a person reads."""

from __future__ import annotations


def some(count: int, thing: str, many: str = "") -> str:
    """How many of a thing, in words that fit one and many: 1 letter, 2,000 letters. many: a plural that takes no plain s."""
    return f"{count:,} {thing if count == 1 else many or thing + 's'}"
