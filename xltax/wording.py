"""Words that agree with their figures, for every sentence a person reads."""

from __future__ import annotations


def reapplied(lines: int) -> str:
    """The sentence a task adds when it changed how earlier payments are applied; nothing where it changed none."""
    what = f"how {some(lines, 'earlier payment line')} {'is' if lines == 1 else 'are'} applied"
    return f" This changed {what}. See the Reallocation lines in the Cash Book." if lines else ""


def some(count: int, thing: str, many: str = "") -> str:
    """How many of a thing, in words that fit one and many: 1 letter, 2,000 letters. many: a plural that takes no plain s."""
    return f"{count:,} {thing if count == 1 else many or thing + 's'}"
