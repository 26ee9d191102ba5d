"""One check of the proof: what is compared, in cents or counts, and where to look. Every desk can make one."""

from __future__ import annotations

from dataclasses import dataclass

OK, LOOK = "OK", "LOOK"


@dataclass(frozen=True)
class Check:
    """One named check: two totals to compare, in cents or counts, and where to look if they differ."""

    name: str
    compares: str
    this: int
    that: int
    look: str = ""
    counts: bool = False  # its sides are counts, not amounts

    @property
    def difference(self) -> int:
        return self.this - self.that

    @property
    def result(self) -> str:
        return f"{OK if self.this == self.that else LOOK}{': ' + self.look if self.look else ''}"
