"""Words that agree with their numbers, for every sentence a person reads."""

from __future__ import annotations


def reallocated(lines: int) -> str:
    """The sentence about changes in how earlier payments are applied; empty if there are none."""
    if not lines:
        return ""
    changed = f"{some(lines, 'earlier payment line')} {'is' if lines == 1 else 'are'} applied"
    return f" This changed how {changed}. See the Reallocation lines in the Cash Book."


def some(count: int, thing: str, many: str = "") -> str:
    """A count in words, singular or plural: 1 letter, 2,000 letters. many: a plural that takes no plain s."""
    return f"{count:,} {thing if count == 1 else many or thing + 's'}"
