"""docs/first-month.md and docs/bringing-your-sheets-in.md, followed word by word: every file, command and answer on them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from xltax.cli import main

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def answers(block: str) -> list[tuple[str, list[str]]]:
    """The commands of a block, each with the lines it is said to answer."""
    parts = re.split(r"^\$ xltax ", block, flags=re.MULTILINE)[1:]
    return [(lines[0], lines[1:]) for lines in (p.rstrip("\n").split("\n") for p in parts)]


def agrees(said: str, lines: list[str]) -> bool:
    """Whether an answer is as printed; "..." stands for anything."""
    pattern = "\n".join(".*".join(re.escape(part) for part in line.split("...")) for line in lines)
    return re.fullmatch(pattern, said.rstrip("\n"), re.DOTALL) is not None


def follow(page: str) -> list[str]:
    """Follows a page in the present folder and gives the tasks it ran. Only a block "console refused" may end in an error."""
    ran = []
    for kind, name, body in BLOCK.findall((DOCS / page).read_text(encoding="utf-8")):
        if kind == "file":
            Path(name).write_text(body, encoding="utf-8")
            continue
        for command, lines in answers(body):
            done = CliRunner().invoke(main, shlex.split(command))
            assert (done.exit_code != 0) == (name == "refused"), (command, done.output)
            assert agrees(done.output, lines), f"{command}\n{done.output}"
            ran.append(shlex.split(command)[0])
    return ran


def test_the_page_is_followed_from_an_empty_folder_to_a_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = follow("first-month.md")
    assert ran == [
        "new",
        "bring-in",
        "look-at",
        "bring-in",
        "post",
        "close-day",
        "post",
        "close-day",
        "quote",
        "import-bank",
        "reconcile-bank",
        "refresh",
        "proof",
        "month-report",
    ]
    report = next(p for p in tmp_path.glob("town*month*.xlsx"))
    cells = [
        str(c.value) for row in openpyxl.load_workbook(report).active.iter_rows() for c in row if c.value is not None
    ]
    text = "\n".join(cells)
    # By hand: 3,259.60 + 1,469.15 of tax and 30.85 of interest are the 4,759.60 that came in; 6,069.60 - 4,728.75 is open.
    for figure in ("4728.75", "30.85", "1340.85"):
        assert figure in text
    assert any("Collector" in c for c in cells), "somebody signs it"


def test_sheets_come_in_as_the_page_says_and_the_same_money_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = follow("bringing-your-sheets-in.md")
    assert ran == ["new", *["look-at", "bring-in"] * 3, "bring-in"]
    book = openpyxl.load_workbook(tmp_path / "town.xlsx")
    receipts = [row for row in book["Cash Book"].iter_rows(values_only=True) if "TX501" in row or "TX502" in row]
    # By hand: of the three rows one was voided, and the second import was refused.
    assert len({row[0] for row in receipts}) == 2
    assert not any("TX503" in row for row in book["Cash Book"].iter_rows(values_only=True))


def test_dots_stand_for_anything_and_nothing_else_does() -> None:
    assert agrees("1 rows; all is well", ["1 rows; ..."])
    assert not agrees("2 rows; all is well", ["1 rows; ..."])
    assert not agrees("1 rows\nmore", ["1 rows"])
