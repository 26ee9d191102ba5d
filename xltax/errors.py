"""Error messages for the collector: what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One error in a table, a file or an argument: where, what is wrong and what to do."""

    where: str
    what: str
    do: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text} {self.do}".rstrip()


class TaxError(Exception):
    """Any error xltax reports to the collector."""

    def __init__(self, what: str, *, where: str = "", do: str = "") -> None:
        self.problem = Problem(where, what, do)
        super().__init__(str(self.problem))

    @property
    def problems(self) -> tuple[Problem, ...]:
        return (self.problem,)

    def at(self, where: str) -> TaxError:
        """The same error with its place added."""
        if self.problem.where:
            return self
        return type(self)(self.problem.what, where=where, do=self.problem.do)

    def within(self, place: str) -> TaxError:
        """The same error with a larger place in front of its own, such as the row of a range."""
        where = f"{place}, {self.problem.where}" if self.problem.where else place
        return type(self)(self.problem.what, where=where, do=self.problem.do)


class BadValue(TaxError):
    """A cell or an argument has a value that is not allowed there."""


class LawNotEncoded(TaxError):
    """No rule of this town covers the date. xltax never guesses a rule."""


class BadProfile(TaxError):
    """A town file or Rules table has an error. The message names the file, the key and the allowed values."""


class BadBook(TaxError):
    """A workbook cannot be read or changed safely. Nothing was written."""


class Problems(TaxError):
    """All errors found in a table, each with its place."""

    SHOWN = 20

    def __init__(self, problems: Iterable[Problem]) -> None:
        self._all = tuple(problems)
        shown = [str(p) for p in self._all[: self.SHOWN]]
        if len(self._all) > self.SHOWN:
            shown.append(f"... and {len(self._all) - self.SHOWN} more.")
        super().__init__("\n".join(shown))

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self._all

    def at(self, where: str) -> Problems:
        """The same problems, with a place added to each problem that had none."""
        return Problems(Problem(p.where or where, p.what, p.do) for p in self._all)

    def within(self, place: str) -> Problems:
        """The same problems with a larger place in front of each one's own."""
        return Problems(Problem(f"{place}, {p.where}" if p.where else place, p.what, p.do) for p in self._all)
