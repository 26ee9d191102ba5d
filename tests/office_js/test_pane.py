"""The pane in a real Chromium, with the real Python and its strict security policy, over the stand-in for Excel."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract import pressed
from tests.office_js import browsers
from tests.office_js.chromium import Page, chromium
from tests.office_js.dump import dump
from tests.office_js.in_excel import copy_of, workbook
from xltax.faces.catalog import actions
from xltax.faces.office_js import tasks
from xltax.hosts.files import FilesBook

_NODE = Path(__file__).with_name("node")
_OFFICE = "https://appsforoffice.microsoft.com/lib/1/hosted/office.js"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Connecticut town's book with its roll and bills."""
    path = pressed.town_book(tmp_path_factory.mktemp("town") / "town.xlsx", "us-ct-south-windsor")
    book = FilesBook.open(path)
    pressed.start(book)
    book.save()
    return path


@pytest.fixture(scope="module")
def window(site: Path, town: Path) -> Iterator[tuple[Page, str]]:
    """A Chromium, and the address of the pane."""
    with browsers.serving(site, pane_files(site, town)) as (address, _), chromium() as page:
        yield page, f"{address}/pane.html"


def pane_files(site: Path, town: Path) -> dict[str, bytes]:
    """The built pane with the stand-in in place of Office.js, and the workbook it holds."""
    html = (site / "pane.html").read_text(encoding="utf-8")
    assert html.count(f'<script src="{_OFFICE}"></script>') == 1
    html = html.replace(f'<script src="{_OFFICE}"></script>', '<script type="module" src="/office.mjs"></script>')
    book = f"export default {json.dumps(dump(workbook(town)))};"
    scripts = {name: (_NODE / name).read_bytes() for name in ("office.mjs", "excel.mjs")}
    return scripts | {"pane.html": html.encode(), "dump.mjs": book.encode()}


@pytest.fixture
def pane(window: tuple[Page, str]) -> Page:
    """The pane, just opened and ready, as narrow as Excel makes it at first."""
    page, address = window
    page.size(320, 700)
    page.open(address)
    page.wait("document.getElementById('status')?.textContent.startsWith('Ready')")
    return page


def click(page: Page, what: str) -> None:
    page.run(f"document.querySelector({json.dumps(what)}).click()")


def choose(page: Page, task: str) -> None:
    click(page, f"#task-{task}")
    page.wait("document.getElementById('who')")


def run(page: Page) -> str:
    """Runs the chosen task, and gives what the pane shows."""
    click(page, "#run")
    return str(page.wait("document.querySelector('#result section')?.innerText"))


def sign(page: Page, name: str) -> None:
    page.run(
        f"(() => {{ const who = document.getElementById('who'); who.value = {json.dumps(name)}; who.dispatchEvent(new Event('input')); }})()"
    )


def test_every_task_is_there_with_the_words_of_the_ribbon(pane: Page) -> None:
    shown = pane.run("[...document.querySelectorAll('nav button')].map((b) => [b.id.slice(5), b.textContent, b.title])")
    every = {a.name: (a.label, a.help) for a in actions().values() if a.needs_book}
    assert {name: (label, help_) for name, label, help_ in shown} == every


def test_a_task_runs_from_the_click_to_the_written_cells(pane: Page, town: Path) -> None:
    choose(pane, "delinquent")
    before = pane.run("JSON.stringify(book.content())")
    refused = run(pane)
    assert "Delinquent did not run. The workbook is unchanged." in refused
    assert "This computer has no log-in." in refused
    assert pane.run("JSON.stringify(book.content())") == before
    click(pane, "#result section button")
    pane.wait("book.selected.sheet === 'Users'")
    sign(pane, "Ann Bell")
    done = run(pane)
    ours = json.loads(
        tasks.answer(
            json.dumps({"do": "press", "task": "delinquent", "book": copy_of(workbook(town)), "person": "Ann Bell"})
        )
    )
    assert ours["done"] in done
    (delinquent,) = [b for b in ours["changes"]["blocks"] if b.get("table") == "Delinquent"]
    at = f"book.cell('Delinquent', {delinquent['top']}, {delinquent['left']} + n).v"
    written = pane.run(f"Array.from({{ length: {len(delinquent['kinds'])} }}, (_, n) => {at})")
    assert [v for v in written if v] == [v for v in delinquent["rows"][0] if v]
    assert pane.run("Object.values(book.sheets.Log.cells).some((cell) => cell.v === 'Ann Bell')")
    assert pane.run("[book.mode, book.events]") == ["Automatic", True]


def test_a_file_that_a_task_makes_can_be_saved_and_opened(pane: Page) -> None:
    choose(pane, "exception-report")
    sign(pane, "Ann Bell")
    # The security policy lets no script read the file's address, so its size is seen where the address is made.
    pane.run(
        "globalThis.saved = []; const make = URL.createObjectURL; URL.createObjectURL = (b) => { saved.push(b.size); return make(b); }"
    )
    assert "Done" in run(pane)
    (name,) = pane.run("[...document.querySelectorAll('#result a')].map((a) => a.download)")
    assert name.startswith("town ")
    assert name.endswith(".xlsx")
    assert pane.run("saved[0]") > 1000
    click(pane, "#result li button")
    pane.wait("opened.length === 1 && opened[0] > 1000")


def test_cancel_stops_a_task_and_changes_nothing(pane: Page) -> None:
    choose(pane, "delinquent")
    sign(pane, "Ann Bell")
    before = pane.run("JSON.stringify(book.content())")
    click(pane, "#run")
    pane.wait("document.getElementById('cancel')")
    click(pane, "#cancel")
    assert "Canceled. The workbook is unchanged." in str(
        pane.wait("document.querySelector('#result section')?.innerText")
    )
    assert pane.run("JSON.stringify(book.content())") == before
    assert "Done" in run(pane), "Python was started again"


def test_the_keyboard_reaches_everything(pane: Page) -> None:
    pane.run("document.getElementById('find').focus()")
    for letter in "card":
        pane.key(letter, letter)
    pane.wait("/found/.test(document.getElementById('status').textContent)")
    for _ in range(12):
        pane.key("Tab")
        if pane.run("document.activeElement.id") == "task-card":
            break
    pane.key("Enter")
    pane.wait("document.activeElement.id === 'title'")
    pane.key("Escape")
    pane.wait("document.activeElement.id === 'task-card'")


def test_a_screen_reader_is_told_the_name_of_everything(pane: Page) -> None:
    choose(pane, "import-roll")
    nameless = """[...document.querySelectorAll('button, input, select, progress, nav, section')]
        .filter((e) => !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length)).map((e) => e.outerHTML)"""
    assert pane.run(nameless) == []
    assert pane.run("document.querySelector('[aria-live=polite]').textContent").startswith("Import roll.")
    assert pane.run("document.documentElement.lang") == "en"


@pytest.mark.parametrize("colors", ["", "dark", "forced"])
def test_nothing_is_wider_than_320_pixels(pane: Page, colors: str) -> None:
    pane.size(320, 700, colors)
    for task in ("", "bring-in", "enter-certificate"):
        if task:
            pane.wait(f"document.getElementById('task-{task}')")
            click(pane, f"#task-{task}")
            pane.wait("document.getElementById('run')")
        assert pane.run("document.scrollingElement.scrollWidth") <= 320
        if task:
            click(pane, "#back")


def test_a_cell_that_shows_an_error_says_why(pane: Page) -> None:
    """The stand-in calculates nothing, so the function is called as Excel would call it."""
    pane.run(
        """book.keep('Start', 40, 1); Object.assign(book.sheets.Start.cells['40,1'], { v: '#VALUE!', f: '=TAX.LEVY(250000,"two")' })"""
    )
    pane.run("book.selected = { sheet: 'Start', row: 40, column: 1 }; book.sheets.Start.protected = false")
    pane.wait("'LEVY' in functions")
    click(pane, "#why")
    pane.run("functions.LEVY(250000, 'two').catch(() => {})")
    assert "rate: " in str(pane.wait("document.querySelector('#because p')?.textContent"))


def test_the_values_in_the_cells_are_shown_and_follow_the_sheet(pane: Page) -> None:
    choose(pane, "card")
    cell: Any = pane.wait(
        "document.querySelector('[data-value=card_find]').textContent !== '…' && document.querySelector('[data-cell=card_find]').textContent"
    )
    assert cell.startswith("Go to Card!") or "!" in cell
    pane.run(
        "Excel.run(async (c) => { const r = c.workbook.names.getItemOrNullObject('card_find').getRangeOrNullObject(); r.values = [['BAKER']]; await c.sync(); })"
    )
    pane.wait("document.querySelector('[data-value=card_find]').textContent === 'BAKER'")
