"""What the pane asks Python, and what it is answered."""

from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
import sys
import zipfile
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest

from tests.books.small_books import DAY, make, receipts
from tests.com.excel_com import Workbook
from tests.contract import pressed
from tests.contract.pressed import NEW_JERSEY, Csv
from tests.office_js.in_excel import InExcel, copy_of, open_office, typed_by_hand, workbook
from xltax.errors import BadBook, Problem
from xltax.faces.catalog import actions
from xltax.faces.office_js import tasks
from xltax.hosts.office_js import snapshot
from xltax.hosts.office_js.book import OfficeBook


@pytest.fixture
def book(tmp_path: Path) -> InExcel:
    book = open_office(make(tmp_path / "town.xlsx"))
    book.set("as_of", DAY)
    book.save()
    return book


@pytest.fixture
def office(tmp_path: Path) -> InExcel:
    """A town's book with its rules."""
    return open_office(pressed.town_book(tmp_path / "office.xlsx", "us-ct-south-windsor"))


def ask(**question: Any) -> dict[str, Any]:
    return dict(json.loads(tasks.answer(json.dumps(question))))


def test_every_task_of_the_ribbon_is_told_with_its_cells_and_help() -> None:
    told = {task["name"]: task for desk in ask(do="desks")["desks"] for task in desk["tasks"]}
    assert told.keys() == {a.name for a in actions().values() if a.needs_book}
    adjust = actions()["adjust"]
    assert [i["cell"] for i in told["adjust"]["inputs"]] == [adjust.cell_of(f) for f in adjust.inputs]
    assert [i["help"] for i in told["adjust"]["inputs"]] == [f.help for f in adjust.inputs]
    assert [i["label"] for i in told["adjust"]["inputs"]][:2] == ["Bill", "Kind"]


def test_a_task_asks_for_the_large_tables_all_at_once(book: InExcel) -> None:
    copy = copy_of(book.workbook, lambda name, cells: name not in tasks.TOGETHER)
    told = ask(do="press", task="refresh", book=copy)
    assert {one["table"] for one in told["needs"]} == set(tasks.TOGETHER) & copy["tables"].keys()
    duplicate = next(one for one in told["needs"] if one["table"] == "Duplicate")
    headers = copy["tables"]["Duplicate"]["headers"]
    assert {headers[n] for n in duplicate["dates"]} >= {"Due 1", "Due 2", "As Of"}


def test_what_a_task_needs_besides_is_asked_for_in_the_third_trip_at_the_latest(office: InExcel) -> None:
    asked: set[str] = set()
    for _ in range(3):
        copy = copy_of(office.workbook, lambda name, cells: name in asked)  # noqa: B023  called at once
        told = ask(do="press", task="refresh", book=copy)
        asked |= {one["table"] for one in told.get("needs", ())}
    assert "done" in told


def test_a_refusal_names_its_cell(book: InExcel) -> None:
    sheet = typed_by_hand(book.workbook)["Duplicate"]
    column = next(cell.column for cell in sheet[4] if cell.value == "Net Tax")
    sheet.cell(6, column).value = "eighty"
    told = ask(do="press", task="refresh", book=copy_of(book.workbook))
    assert told["refused"].startswith("Refresh did not run. The workbook is unchanged.")
    assert told["problems"][0]["cell"] == {"sheet": "Duplicate", "row": 6, "column": column}


@pytest.mark.parametrize(
    ("problem", "cell"),
    [
        (Problem("town.xlsx, Cash Book!C8", "Not empty."), ("Cash Book", 8, 3)),
        (
            Problem("receipt", "This field is required.", "Fill in the cell task_reverse_receipt."),
            "task_reverse_receipt",
        ),
        (Problem("Start, As of", "The As of date is empty."), "as_of"),
        (Problem("Users, Person at this computer", "No log-in."), "acting_user"),
        (Problem("Nowhere!C8", "A sheet that is not there."), None),
        (Problem("", "Something."), None),
    ],
)
def test_the_place_of_a_problem(book: InExcel, problem: Problem, cell: Any) -> None:
    copy = copy_of(book.workbook)
    if isinstance(cell, str):
        cell = tuple(copy["names"][cell][key] for key in ("sheet", "row", "column"))
    found = tasks.place_of(problem, copy)
    assert (found and tuple(found[key] for key in ("sheet", "row", "column"))) == cell


def test_a_file_chosen_in_the_pane_is_read_and_its_cell_is_cleared(tmp_path: Path) -> None:
    path = pressed.town_book(tmp_path / "town.xlsx", "us-nj-colts-neck")
    press = next(one for one in NEW_JERSEY if one.action == "import-roll")
    roll = press.given["file"]
    assert isinstance(roll, Csv)
    chosen = {"file": {"name": "C:/roll.csv", "data": b64encode(roll.text.encode()).decode()}}
    told = ask(do="press", task="import-roll", book=copy_of(workbook(path)), files=chosen)
    assert "done" in told, told
    rows = [row for block in told["changes"]["blocks"] if block.get("table") == "Roll" for row in block["rows"]]
    assert [row[0] for row in rows] == ["001", "002", "003"]


def test_the_person_of_the_pane_is_logged_and_the_cell_stays(office: InExcel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xltax.actions.desk.user", lambda: "")
    copy = copy_of(office.workbook)
    assert "This computer has no log-in" in ask(do="press", task="refresh", book=copy)["refused"]
    told = ask(do="press", task="delinquent", book=copy, person="Ann Bell")
    assert "Ann Bell" in json.dumps([b for b in told["changes"]["blocks"] if b.get("table") == "Log"])
    place = copy["names"]["acting_user"]
    assert not [b for b in told["changes"]["blocks"] if (b["sheet"], b["top"]) == (place["sheet"], place["row"])]


def test_who_may_be_at_a_computer_without_a_log_in(book: InExcel, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(do="people", book=copy_of(book.workbook))["ask"] is False
    monkeypatch.setattr(tasks, "user", lambda: "")
    assert ask(do="people", book=copy_of(book.workbook)) == {"ask": True, "names": [], "now": ""}
    book.append("Users", pd.DataFrame({"Name": ["Cole", "Ann Bell"]}))
    book.save()
    assert ask(do="people", book=copy_of(book.workbook))["names"] == ["Ann Bell", "Cole"]


@pytest.mark.parametrize(
    "broken", [None, {}, {"name": "x"}, {"name": "x", "date1904": 0, "properties": {}, "tables": {}, "names": {}}]
)
def test_half_a_copy_is_refused_and_never_an_empty_book(broken: Any) -> None:
    assert "did not hand over the workbook completely" in ask(do="press", task="refresh", book=broken)["refused"]


def test_only_what_differs_is_written(book: InExcel) -> None:
    """So that a small posting in a long book is a small message, and other cells keep what somebody typed meanwhile."""
    same = book.read("Duplicate")["Status"]
    book.replace_columns(
        "Duplicate", pd.DataFrame({"Status": same, "Balance": pd.Series([None, 5, None], dtype=object)})
    )
    book.set("town_name", book.get("town_name"))
    (block,) = book.changes()["blocks"]
    assert (len(block["rows"]), block["rows"][0]) == (1, [0.05])
    book.append("CashBook", receipts(7))
    assert {b.get("table") for b in book.changes()["blocks"]} == {"Duplicate", "CashBook"}
    assert book.changes()["tables"][0]["name"] == "CashBook"


def test_a_formula_of_her_own_goes_on_in_new_rows(book: InExcel) -> None:
    ws = typed_by_hand(book.workbook)["Adjustments"]
    table = ws.tables["Adjustments"]
    head, _, _ = table.ref.rpartition(":")
    table.ref = f"{head}:O5"
    ws["N4"], ws["O4"], ws["N5"], ws["O5"] = "Twice", "Mine", "=I5*2", "see file"
    mine = open_office(book._path)
    rows = {"No": ["A-1", "A-2"], "Effective": [dt.date(2025, 1, 2)] * 2, "Bill": ["1"] * 2, "Kind": ["Abatement"] * 2, "Amount": [100, 200]}  # fmt: skip
    mine.append("Adjustments", pd.DataFrame(rows))
    mine.save()
    assert [ws[f"N{r}"].value for r in (5, 6)] == ["=I5*2", "=I6*2"]
    assert [ws[f"O{r}"].value for r in (5, 6)] == ["see file", None]


def test_what_is_below_a_table_is_not_overwritten(book: InExcel) -> None:
    typed_by_hand(book.workbook)["Cash Book"]["C8"] = "my own note"
    mine = open_office(book._path)
    with pytest.raises(BadBook, match="a cell below the table is not empty") as error:
        mine.append("CashBook", receipts(3, 4))
    assert "Cash Book!C8" in str(error.value)


def test_tables_without_a_header_row_or_with_totals_are_named(book: InExcel) -> None:
    copy = copy_of(book.workbook)
    cash = copy["tables"]["CashBook"]
    with pytest.raises(BadBook, match="has no header row"):
        OfficeBook(copy | {"tables": {"CashBook": cash | {"headers": None}}}).read("CashBook")
    with pytest.raises(BadBook, match="has a total row"):
        OfficeBook(copy | {"tables": {"CashBook": cash | {"totals": True}}}).append("CashBook", receipts(3))


def test_days_are_read_and_written_in_both_date_systems(tmp_path: Path) -> None:
    held = Workbook(make(tmp_path / "town.xlsx"))
    for date1904, number in ((False, 45_870), (True, 44_408)):
        copy = copy_of(held) | {"date1904": date1904}
        copy["names"]["as_of"] = copy["names"]["as_of"] | {"value": number, "format": "yyyy\\-mm\\-dd"}
        mine = OfficeBook(copy)
        assert mine.get("as_of") == dt.date(2025, 8, 1)
        mine.set("as_of", dt.date(2025, 8, 2))
        (block,) = mine.changes()["blocks"]
        assert (block["rows"], block["kinds"]) == ([[number + 1]], ["date"])
    assert snapshot.day_of(1e12, date1904=False) == 1e12


_HEAVY = ("lxml", "python_calamine", "formualizer", "numba", "click", "xlwings", "filelock", "xlrd", "msoffcrypto")

_ALONE = f"""
import json, sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] in {_HEAVY!r}:
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Missing())
from xltax.faces.office_js import tasks
for question in json.load(sys.stdin):
    told = json.loads(tasks.answer(json.dumps(question)))
    if question.get('task') == 'share':
        assert 'which the add-in in Excel' in told['refused'], told
    else:
        assert question['do'] != 'press' or 'done' in told, told
    print(json.dumps({{file['name']: file['data'] for file in told.get('files', ())}}))
"""


def test_tasks_run_where_the_libraries_for_files_are_missing(tmp_path: Path) -> None:
    """Reading a workbook or a web page that came in, and making a copy to give away, need some of them: nothing else does."""
    path = pressed.town_book(tmp_path / "town.xlsx", "us-nj-colts-neck")
    pressed.fill(next(p for p in NEW_JERSEY if p.action == "import-roll"), lambda: open_office(path), tmp_path)
    copy = copy_of(workbook(path))
    pressing = (
        "import-roll",
        "refresh",
        "delinquent",
        "relief-leaflet",
        "calendar",
        "proof",
        "selfcheck",
        "upgrade",
        "audit-pack",
    )
    questions = [
        {"do": "desks"},
        {"do": "press", "task": "share", "book": copy},
        *({"do": "press", "task": task, "book": copy} for task in pressing),
    ]
    done = subprocess.run(
        [sys.executable, "-c", _ALONE], input=json.dumps(questions), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    files: dict[str, str] = {}
    for line in done.stdout.splitlines():
        files |= json.loads(line)
    (leaflet,) = ask(do="press", task="relief-leaflet", book=copy)["files"]
    assert _parts(files[leaflet["name"]]) == _parts(leaflet["data"]), "pages print the same without lxml"


def _parts(data: str) -> dict[str, str]:
    """The parts of a workbook file in one spelling of XML."""
    with zipfile.ZipFile(io.BytesIO(b64decode(data))) as file:
        return {name: ElementTree.canonicalize(file.read(name).decode()) for name in file.namelist()}
