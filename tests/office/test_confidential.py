"""A confidential person is a person: found again under every account, and in no file that is given to others."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.books.one_book import OneBook
from tests.office.judge_roth import DAY, HERS, OTHERS, PLANTED, TOLD, parts, town
from xltax.errors import BadValue, Problems
from xltax.faces.books import book as book_spec
from xltax.faces.build import rules_of
from xltax.faces.catalog import actions
from xltax.faces.run import perform
from xltax.hosts.files import FilesBook
from xltax.office.sharing import confidential, protected
from xltax.office.sharing.confidential import WITHHELD
from xltax.sheets.write import build
from xltax.tables import ALL
from xltax.tables.statements import MONEY_COLUMNS

PUBLIC: dict[str, dict[str, Any]] = {
    "share": {"name": "for the council"},
    "public-cash-book": {},
    "make-list": {"name": "delinquent", "public": True, "in_print": True},
    "inquiry-file": {},
    "month-report": {},
    "annual-statement": {},
}
"""Every task that makes a file for others, with its inputs."""


def given_away(path: Path, task: str, **more: Any) -> tuple[str, dict[str, bytes]]:
    """What a task says, and the files it put beside the book."""
    before = set(path.parent.iterdir())
    said = perform(actions()[task], FilesBook.open(path), PUBLIC.get(task, {}) | more).text
    made = sorted(p for p in set(path.parent.iterdir()) - before if p.is_file())
    assert made, f"{task} made no file"
    return said, {p.name: p.read_bytes() for p in made}


def found(words: tuple[str, ...], files: dict[str, bytes]) -> list[str]:
    """Where words stand in files, with the letters around them."""
    out = []
    for name, data in files.items():
        for part, text in parts(name, data).items():
            out += [f"{part}: {text[max(0, (at := text.find(w)) - 40) : at + 40]}" for w in words if w in text]
    return out


@pytest.fixture(scope="module")
def of_the_judge(tmp_path_factory: pytest.TempPathFactory) -> OneBook:
    return town(tmp_path_factory.mktemp("judge"))


@pytest.fixture
def it(of_the_judge: OneBook, tmp_path: Path) -> OneBook:
    return of_the_judge.copied(tmp_path / "town.xlsx")


def test_every_file_for_others_can_be_asked_for_and_answered_by_a_button_and_on_the_command_line() -> None:
    for task, inputs in PUBLIC.items():
        declared = {field.name for field in actions()[task].inputs}
        assert {*inputs, "also_withhold", "not_her"} <= declared, task


@pytest.mark.parametrize("task", PUBLIC)
def test_no_file_for_others_holds_her_name_her_home_or_a_number_of_hers(it: OneBook, task: str) -> None:
    said, files = given_away(it.path, task)
    assert not found((*TOLD, *HERS), files)
    for account, why in (("1-5", "same name"), ("1-6", "same name"), ("1-8", "same address")):
        assert f"{account} ({why})" in said, "who else has her name or address is said to the collector"


@pytest.mark.parametrize("task", ["share", "public-cash-book", "make-list", "inquiry-file"])
def test_others_are_shown_as_they_are(it: OneBook, task: str) -> None:
    _, files = given_away(it.path, task)
    text = "\n".join(t for name, data in files.items() for t in parts(name, data).values())
    for account in OTHERS if task != "public-cash-book" else OTHERS[:2]:  # nobody paid on 1-9
        assert account in text, account
    if task != "inquiry-file":
        assert "baker mary" in text


def test_the_public_cash_book_still_foots(it: OneBook) -> None:
    """Amounts stay and identity goes: seven lines posted, five of them on her three accounts that paid."""
    said, files = given_away(it.path, "public-cash-book")
    (data,) = files.values()
    lines = pd.read_csv(pd.io.common.BytesIO(data), dtype=str, keep_default_na=False)
    whole = it.read("CashBook")
    assert [round(float(x) * 100) for x in lines["Total"]] == [round(x * 100) for x in whole["Total"]]
    hers = whole["Account"].isin(HERS).to_numpy()
    assert hers.sum() == 5
    for name in ("Account", "Taxpayer", "Property", "Bill", "Receipt", "Reference", "Note"):
        assert set(lines.loc[hers, name]) == {WITHHELD}, name
    assert "5 lines withheld" in said
    assert lines.loc[~hers, "Account"].tolist() == ["1-1", "1-2"]


def test_the_log_says_how_many_and_names_nobody(it: OneBook) -> None:
    for task in PUBLIC:
        given_away(it.path, task)
    for what in it.read("Log")["What"].astype(str)[-len(PUBLIC) :]:
        assert not any(w in what.lower() for w in (*TOLD, *HERS)), what


# ---- every text column of every table -----------------------------------------------------------------------------------

GREPPED = (*TOLD, "róth", "1-4", "beach avenue", "lot 4", "box #991")
D = dt.date
IDENTITY = {*protected.OWNERS, *protected.PLACES}
KEPT_AS_TYPED = {("Rules", n) for n in ("Id", "Rule", "Type", "Part", "Key", "Value")}
"""The law itself: planted text there is no law, and the book would not open."""


def planted(template: str) -> dict[str, pd.DataFrame]:
    """Every table of a book: her own row where it has accounts, and one row of somebody else's for each planted text."""
    out = {}
    for name, placed in book_spec(template).tables.items():
        spec = placed.spec
        rows: list[dict[str, Any]] = []
        # Each text once where names and places stand, once in all the other columns: the first may take the whole row away.
        for n, (text, whose) in enumerate((("her own row", True), *((t, w) for t in PLANTED for w in (True, False)))):
            row: dict[str, Any] = {}
            for column in spec.columns:
                if column.kind == "text" and not column.choices and (name, column.name) not in KEPT_AS_TYPED:
                    row[column.name] = text if whose == (column.name in IDENTITY) else "x" if column.required else ""
                elif column.kind == "id":
                    row[column.name] = f"{'Q' if n else 'H'}{n}"
                elif column.kind == "date":
                    row[column.name] = DAY
                elif column.kind in ("count", "year", "money"):
                    row[column.name] = {"year": 2025, "money": column.least or 0}.get(column.kind, n + 1)
                elif column.choices:
                    row[column.name] = column.choices[0]
            if "Account" in spec.names:
                row["Account"] = "1-4" if not n else "1-9" if name != "Roll" else f"R-{n}"
            if "Bill" in spec.names:
                row["Bill"] = "2025-1-4" if not n else f"2025-R-{n}"
            for link in ("Directed", "Reverses", "Party"):
                row.pop(link, None)
            rows.append(row)
        out[name] = pd.DataFrame(rows)
    roll = out["Roll"].to_dict("records")
    hers = {"Account": "1-4", "Owner": "ROTH, JUDGE B", "Location": "77 Hidden Hollow", "Mail 1": "PO Box 991", "Block": "1", "Lot": "4",
            "Flags": "confidential", "Email": "chambers@example.org", "Phone": "732-555-0142", "Party": "P-77", "Net Value": 1}  # fmt: skip
    another = {
        "Account": "1-5",
        "Owner": "JUDGE ROTH",
        "Location": "12 Beach Ave",
        "Mail 1": "77 Hidden Hollow Rd",
        "Net Value": 1,
    }
    somebody = {"Account": "1-9", "Owner": "NOVAK, PETER", "Location": "9 Main St", "Net Value": 1}
    out["Roll"] = pd.DataFrame([hers, another, somebody, *roll[1:]], dtype=object).drop(columns=["Flags"])
    out["Roll"]["Flags"] = ["confidential", *[""] * (len(out["Roll"]) - 1)]
    out["History"].loc[0, ["Field", "Before"]] = ["Owner", "GADFLY, JUDGE"]
    out["Rules"] = rules_of(template).assign(Authority="as planted, Judge B. Roth", Note="as planted, 77 Hidden Hollow")
    return {n: f for n, f in out.items() if not f.empty}


@pytest.mark.parametrize("template", ["us-nj", "us-ct"])
def test_whatever_column_she_stands_in_the_shared_copy_does_not_have_her(template: str, tmp_path: Path) -> None:
    """The columns come from the declarations, so that a new table is in this test by itself."""
    path = tmp_path / "town.xlsx"
    frames = planted(template)
    build(book_spec(template), path, frames, {"town_name": "Quillhaven", "levy_year": 2025, "as_of": DAY})
    book = FilesBook.open(path)
    asked = confidential.of({t: book.read(t) for t in book.tables() if t in ALL})
    assert asked.protected is not None
    with pytest.raises(Problems, match="No file was made"):
        given_away(path, "share")
    assert "An earlier owner" in asked.protected.asked["1-9"]  # every register says so, and none is believed
    more = {"also_withhold": ", ".join(a for a in asked.protected.asked if a != "1-9"), "not_her": "1-9"}
    for task in ("share", "public-cash-book"):
        _, files = given_away(path, task, **more)
        assert not found(GREPPED, files), task
    copy = FilesBook.open(next(tmp_path.glob("*council.xlsx")))
    assert "1-9" in copy.read("Roll")["Account"].tolist()


def in_every_text_of(book: FilesBook) -> None:
    """Each text of a book in use, but for names, places and what the book is worked by, ends in a text about her."""
    book.append("Budget", pd.DataFrame([{"Levy Year": 2025, "Item": "Postage", "Budgeted": 100}]))
    book.append("RevenueCodes", pd.DataFrame([{"Code": "COPY", "Name": "Copies", "GL Account": "5"}]))
    book.append(
        "RevenueAccounts",
        pd.DataFrame({"Code": c, "Name": c, "Column": c, "GL Account": f"10{n}"} for n, c in enumerate(MONEY_COLUMNS)),
    )
    for table in book.tables():
        spec, rows = ALL[table], book.read(table)
        for column in spec.columns:
            mine = (
                column.kind == "text"
                and not column.choices
                and column.name not in IDENTITY | {"Part", "Field", "Style", "Flags"}
            )
            if mine and (table, column.name) not in KEPT_AS_TYPED and len(rows):
                # A citation is the office's own words: there only a whole name or address is withheld, not a last name.
                hers = PLANTED[:6] if table == "Rules" else PLANTED
                texts = [f"{v or ''} {hers[n % len(hers)]}".replace("<", "(") for n, v in enumerate(rows[column.name])]
                book.replace_columns(table, pd.DataFrame({column.name: texts}))
    book.save()


def test_no_file_for_others_has_her_from_any_text_of_a_book_in_use(it: OneBook) -> None:
    in_every_text_of(FilesBook.open(it.path))
    more = {
        "ledger-export": {"start": D(2025, 2, 1), "through": D(2025, 2, 28)},
        "budget-report": {"year": 2025, "today": DAY},
    }
    for task, inputs in (PUBLIC | more).items():
        _, files = given_away(it.path, task, **inputs)
        assert not found((*GREPPED, *HERS), files), task


def test_every_table_there_is_stands_in_a_book_of_that_test() -> None:
    placed = {n for template in ("us-nj", "us-ct") for n in book_spec(template).tables}
    rest = set(ALL) - placed - {"Charges", "Receipts", "Balances"}  # what functions take: no sheet of ours has them
    assert not rest, f"In no book: {', '.join(sorted(rest))}"


# ---- what is asked ------------------------------------------------------------------------------------------------------


def test_a_file_s_name_does_not_name_her(it: OneBook) -> None:
    with pytest.raises(BadValue, match="The file name identifies a confidential person"):
        given_away(it.path, "share", name="without Judge Roth")


@pytest.mark.parametrize("task", [t for t in PUBLIC if t != "month-report"])  # it lists no account
def test_no_file_is_made_before_the_question_is_answered(it: OneBook, task: str) -> None:
    book = FilesBook.open(it.path)
    roll = book.read("Roll")
    owners = ["ROTH, SAM" if a == "1-1" else o for a, o in zip(roll["Account"], roll["Owner"], strict=True)]
    book.replace_columns("Roll", pd.DataFrame({"Owner": owners}))
    book.save()
    files = sorted(it.path.parent.iterdir())
    before = it.path.read_bytes()
    with pytest.raises(
        Problems, match=r"Account 1-1 .ROTH, SAM; 1 Main St.: The last name ROTH is also a protected person's last name"
    ):
        given_away(it.path, task)
    assert (sorted(it.path.parent.iterdir()), it.path.read_bytes()) == (files, before)
    for answer in ("not_her", "also_withhold"):
        _, made = given_away(it.path, task, **{answer: "1-1"})
        text = "\n".join(t for name, data in made.items() for t in parts(name, data).values())
        assert ("1 main st" in text or "roth, sam" in text or "2025-1-1" in text) == (answer == "not_her"), answer
