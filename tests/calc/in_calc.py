"""LibreOffice with the add-in, and an empty sheet in it to try formulas on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.libreoffice.process import Office


class WithAddIn:
    """LibreOffice with the add-in, and the file its messages go to."""

    def __init__(self, office: Office, messages: Path) -> None:
        self.office, self._messages = office, messages
        self.do = office.do

    def choose(self, document: int, action: str) -> str:
        """Chooses a menu entry; what it said."""
        before = self._messages.read_text(encoding="utf-8") if self._messages.exists() else ""
        self.do("dispatch", document, f"service:org.xltax.Menu?{action}")
        return self._messages.read_text(encoding="utf-8").removeprefix(before).rstrip("\n")


class Sheet:
    """An empty sheet of a new document."""

    def __init__(self, calc: WithAddIn) -> None:
        self.calc = calc
        self.document = calc.do("open", "private:factory/scalc")
        self.title = calc.do("sheets", self.document)[0]

    def put(self, ref: str, *rows: list[Any]) -> None:
        self.calc.do("put", self.document, self.title, ref, list(rows))

    def formula(self, ref: str, formula: str) -> None:
        self.calc.do("formula", self.document, self.title, ref, formula)

    def array(self, ref: str, formula: str) -> list[list[Any]]:
        self.calc.do("array", self.document, self.title, ref, formula)
        return self.data(ref)

    def data(self, ref: str) -> list[list[Any]]:
        rows: list[list[Any]] = self.calc.do("data", self.document, self.title, ref)
        return rows

    def shown(self, ref: str) -> list[Any]:
        """What the cell shows, its number, its error, its formula."""
        cell: list[Any] = self.calc.do("shown", self.document, self.title, ref)
        return cell

    def work_out(self, formula: str, ref: str = "Z99") -> Any:
        """A formula's result: a number or a text; an error as "#VALUE!" or "Err:504"."""
        self.formula(ref, formula)
        text, number, error, _ = self.shown(ref)
        return text if error or self.data(ref)[0][0] == text else number
