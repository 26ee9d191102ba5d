"""A small New Jersey town's book, and the actions that write to it; an action to be tried joins as one line of ACTIONS."""

from __future__ import annotations

import json
import os
import shutil
import warnings
from collections.abc import Mapping
from pathlib import Path

import pytest

from xltax.faces.catalog import actions
from xltax.faces.run import run_action

KILLS = int(os.environ.get("XLTAX_KILLS", "25"))
MUTANTS = int(os.environ.get("XLTAX_MUTANTS", "500"))
SHARES = max(1, min(KILLS // 50, 10)), max(1, min(MUTANTS // 500, 20))
"""Into how many tests the kills and the mutants are shared out, so that several processors can work on them."""
SEED = int(os.environ.get("XLTAX_SEED", "1869"))

PAYMENTS = "Bill,Amount,Received,Tender\n" + "".join(
    f"2025-{n:03d},{90 + n}.25,2025-03-03,Check\n" for n in range(9, 21)
)

# What is tried: an action's name and its inputs; {folder} is the book's. Those this version does not have are left out.
ACTIONS: dict[str, dict[str, str]] = {
    "post": {"payments": "{folder}/later.csv", "today": "2025-03-03"},
    "reverse": {"receipt": "2", "reason": "check returned unpaid", "today": "2025-03-03"},
    "refresh": {"as_of": "2025-06-30"},
    "close-day": {"today": "2025-03-03", "empty": "yes"},
}


def tell(capsys: pytest.CaptureFixture[str], what: str, counts: Mapping[str, int]) -> None:
    """Prints what was counted, and writes it where `./run bench` adds it up."""
    with capsys.disabled():
        print(f"\n{what}: " + ", ".join(f"{n:,} {name}" for name, n in sorted(counts.items())))
    if place := os.environ.get("XLTAX_COUNTS"):
        with open(place, "a", encoding="utf-8") as file:
            file.write(json.dumps({"what": what, **counts}) + "\n")


def known() -> list[str]:
    """The actions of the list that there are."""
    return [name for name in ACTIONS if name in actions()]


def do(name: str, book: Path, **more: str) -> None:
    """Runs an action as the command line does."""
    given = {k: v.format(folder=book.parent) for k, v in (ACTIONS.get(name, {}) | more).items()}
    run_action(actions()[name], book, given, lambda text: None)


def make_town(folder: Path, parcels: int = 40) -> Path:
    """A town after its first bills and receipts."""
    from datetime import date

    from xltax.faces.new import new_book

    folder.mkdir(parents=True, exist_ok=True)
    book = folder / "town.xlsx"
    lines = [f'{n:03d},"Made-up owner {n}",{n} Quill Road,{1000 * n}00,{20 * n}00.00,0' for n in range(1, parcels + 1)]
    (folder / "roll.csv").write_text(
        "Account,Owner,Location,Net Value,Prior Tax,Deductions\n" + "\n".join(lines), "utf-8"
    )
    paid = [f"{n},2025-{n:03d},{20 * n}.50,2025-02-05" for n in range(1, 9)]
    (folder / "payments.csv").write_text("Receipt,Bill,Amount,Received\n" + "\n".join(paid), "utf-8")
    (folder / "later.csv").write_text(PAYMENTS, "utf-8")
    new_book(book, "us-nj-colts-neck", name="Quillhaven", year=2025, as_of=date(2025, 3, 3))
    do("import-roll", book, file=str(folder / "roll.csv"))
    do("bill", book, year="2025", stage="preliminary", today="2025-01-10", mailed="2025-01-15")
    do("post", book, payments=str(folder / "payments.csv"))
    return book


@pytest.fixture(scope="session")
def _town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return make_town(tmp_path_factory.mktemp("town"))


@pytest.fixture
def town(_town: Path, tmp_path: Path) -> Path:
    """The town's book in a folder of its own, with the files an action reads."""
    folder = tmp_path / "office"
    shutil.copytree(_town.parent, folder)
    shutil.rmtree(folder / ".xltax-kept", ignore_errors=True)
    return folder / "town.xlsx"
