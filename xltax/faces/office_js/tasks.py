"""Runs the tasks of the Office add-in on a copy of the open workbook: a question as JSON text in, the answer as JSON text out.

The page copies the workbook, asks, and writes what the answer lists. It hands over all named cells and all small tables at
once. Where a task needs a large table, the answer names it, and the page asks again with that table.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

from xltax import __version__
from xltax.actions.log_in import user
from xltax.declare import DESKS, Action
from xltax.errors import BadValue, Problem, TaxError
from xltax.faces.catalog import actions
from xltax.faces.run import not_run, press
from xltax.hosts.office_js.book import OfficeBook
from xltax.hosts.office_js.snapshot import NotRead, refuse_strange
from xltax.office.controls.persons import People
from xltax.sheets.cells import split_ref
from xltax.sheets.forms import SPECS
from xltax.tables.office import USERS
from xltax.tables.reading import read

TOGETHER = ("Roll", "Duplicate", "CashBook", "Adjustments", "Log")
"""The large tables that nearly every task reads: a task that needs one of them gets them all in one trip to Excel."""

ACTING = "acting_user"
"""The named cell with the person at this computer. The pane asks for it, because a web page knows no log-in."""

CHANGED = "Somebody changed {cell} while the task ran. Nothing was written. Run the task again."
"""What the page says if a cell that it must write no longer holds what the copy had."""


_NO_LIBRARY = "This needs the library {}, which the add-in in Excel's own window does not have."
_ELSEWHERE = (
    "Save a workbook or web page that came in as CSV, and choose that file. For a copy to give away, run the task in "
    "LibreOffice, with the Windows add-in, or with the command line."
)

_IN_WORDS = {"Start, As of": "as_of", "Users, Person at this computer": ACTING}
"""Cells that errors name by the words beside them."""


def answer(text: str) -> str:
    """The answer to one question of the pane. A question is {"do": "desks" | "people" | "press", ...}."""
    asked = json.loads(text)
    return json.dumps(_ANSWERS[asked["do"]](asked), separators=(",", ":"))


def _desks(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Every desk with its tasks, as the ribbon and the menu have them."""
    every = [a for a in actions().values() if a.needs_book]
    desks = [{"name": desk, "tasks": [_task(a) for a in every if a.desk == desk]} for desk in DESKS]
    return {"version": __version__, "desks": [desk for desk in desks if desk["tasks"]]}


def _task(action: Action) -> dict[str, Any]:
    inputs = [
        {
            "name": f.name,
            "label": f.name.replace("_", " ").capitalize(),
            "help": f.help,
            "kind": f.kind,
            "cell": action.cell_of(f),
            "optional": f.optional,
        }
        for f in action.inputs
    ]
    return {"name": action.name, "label": action.label, "help": action.help, "inputs": inputs}


def _people(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Who may be at this computer: nobody is asked where the computer has a log-in of its own."""
    if user():
        return {"ask": False, "names": [], "now": ""}
    try:
        book = _book(asked, None)
        people = People(read(book.read(USERS.name), USERS)) if USERS.name in book.tables() else None
        now = str(book.get(ACTING) or "")
    except TaxError:
        return {"ask": True, "names": [], "now": ""}  # the task itself says what is wrong with the sheet
    return {"ask": True, "names": sorted({row.name for row in people.rows}) if people else [], "now": now}


def _press(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Runs a task: what it did and what to write, what it refuses, or which tables it needs first."""
    action = actions()[asked["task"]]
    with _chosen(asked.get("files", {})) as folder:
        try:
            book = _book(asked, folder)
            _assume(action, book, folder, asked)
            done = press(action, book)
            changes = book.changes()
        except NotRead as more:
            return {"needs": _needs(asked["book"], more.table)}
        except TaxError as error:
            return _refused(action, error, asked)
        except ModuleNotFoundError as gone:
            return _refused(action, BadValue(_NO_LIBRARY.format(gone.name), do=_ELSEWHERE), asked)
    files = [{"name": name, "data": b64encode(data).decode()} for name, data in book.files.items()]
    return {"done": done.text, "look": list(done.look), "changes": changes | {"changed": CHANGED}, "files": files}


def _refused(action: Action, error: TaxError, asked: Mapping[str, Any]) -> dict[str, Any]:
    problems = [_told(problem, asked.get("book")) for problem in error.problems]
    return {"refused": not_run(action, error), "problems": problems}


def _book(asked: Mapping[str, Any], folder: Path | None) -> OfficeBook:
    refuse_strange(asked.get("book"))
    return OfficeBook(asked["book"], folder=folder, taken=asked.get("taken", ()))


@contextmanager
def _chosen(files: Mapping[str, Mapping[str, str]]) -> Iterator[Path]:
    """A folder with the files that the collector chose in the pane, for as long as the task runs. It is in memory in a browser."""
    with TemporaryDirectory() as folder:
        for one in files.values():
            (Path(folder) / PurePath(one["name"]).name).write_bytes(b64decode(one["data"]))
        yield Path(folder)


def _assume(action: Action, book: OfficeBook, folder: Path, asked: Mapping[str, Any]) -> None:
    """Puts into the copy what the collector gave in the pane: the person at this computer, and the files."""
    if asked.get("person"):
        book.assume(ACTING, asked["person"])
    for field in action.inputs:
        if one := asked.get("files", {}).get(field.name):
            book.assume(action.cell_of(field), str(folder / PurePath(one["name"]).name))


def _needs(given: Mapping[str, Any], table: str) -> list[dict[str, Any]]:
    """The tables the page must hand over next, each with the columns whose number formats tell a date from a number."""
    missing = [name for name, one in given["tables"].items() if "rows" not in one and one["headers"] is not None]
    wanted = [name for name in missing if name in TOGETHER] if table in TOGETHER else missing
    return [{"table": name, "dates": _dates(name, given["tables"][name]["headers"])} for name in wanted]


def _dates(table: str, headers: list[str]) -> list[int]:
    spec = SPECS.get(table)
    found = [(n, spec.find(header)) for n, header in enumerate(headers)] if spec else []
    return [n for n, column in found if column and column.kind == "date"]


# ---- where a problem is ----------------------------------------------------------------------------------------------


def _told(problem: Problem, given: Any) -> dict[str, Any]:
    return {"text": str(problem), "cell": place_of(problem, given)}


def place_of(problem: Problem, given: Any) -> dict[str, Any] | None:
    """The cell that a problem is about, as sheet, row and column, so that a click can select it. None if there is none."""
    if not _complete(given):
        return None
    sheets = {one["sheet"] for one in (*given["tables"].values(), *given["names"].values())}
    for place in re.finditer(r"(?:^|, )([^!]+?)!([A-Z]{1,3}[0-9]{1,7})\b", problem.where):
        sheet = next((s for s in sheets if place[1] == s or place[1].endswith(f", {s}")), None)
        if sheet:
            column, row, _, _ = split_ref(place[2])
            return {"sheet": sheet, "row": row, "column": column}
    for word in (_IN_WORDS.get(problem.where, ""), *re.findall(r"\w+", f"{problem.where} {problem.do}")):
        if word in given["names"] and "_" in word:
            return {key: given["names"][word][key] for key in ("sheet", "row", "column")}
    return None


def _complete(given: Any) -> bool:
    try:
        refuse_strange(given)
    except TaxError:
        return False
    return True


_ANSWERS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "desks": _desks,
    "people": _people,
    "press": _press,
}
