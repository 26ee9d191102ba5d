"""Books of the first schema (frozen/README.md) brought up to today's: same balances, same seals, nothing of hers touched."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import TableColumn

from tests.books import spoil
from xltax.actions import control, counter, unclaimed, upgrading
from xltax.actions.desk import Desk
from xltax.errors import BadBook, Problems
from xltax.faces.books import book_spec
from xltax.faces.catalog import actions
from xltax.faces.run import perform, run_action
from xltax.hosts.files import FilesBook
from xltax.ledger import seals
from xltax.ledger.replay import replay
from xltax.office.controls import proof as proofs
from xltax.sheets.frames import match
from xltax.tables import ADJUSTMENTS, CASH_BOOK
from xltax.tables.schema import SCHEMA

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set", "ignore:Data Validation extension")
D = dt.date
Frozen = Callable[[str], Path]
STATES = ("new-jersey", "connecticut", "maryland", "louisiana", "pennsylvania")
DAYS = (D(2023, 12, 31), D(2024, 6, 30), D(2024, 12, 31), D(2025, 7, 4), D(2026, 1, 31), D(2027, 3, 1))


def upgrade(path: Path, **given: str) -> str:
    said: list[str] = []
    run_action(actions()["upgrade"], path, given, said.append)
    return said[-1]


TODAY = D.today()  # `upgrade` records its Reallocation lines today, and nothing may be recorded before them


def figures(path: Path, day: dt.date) -> Any:
    """Every balance, posting and credit of a day, from the facts alone."""
    desk = Desk(FilesBook.open(path))
    ledger = replay(desk.facts, desk.town, day)
    return [frame.to_numpy().tolist() for frame in (ledger.balances, ledger.postings, ledger.credits)]


def sealed(path: Path) -> dict[str, list[str]]:
    """The seal each row was written with."""
    desk = Desk(FilesBook.open(path))
    return {s.name: [t.split(" ")[0] for t in desk.table(s)["Seal"]] for s in (CASH_BOOK, ADJUSTMENTS)}


# ---- nothing changes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES)
def test_balances_and_seals_are_what_they_were(frozen: Frozen, state: str) -> None:
    path = frozen(state)
    before, old_seals = {day: figures(path, day) for day in DAYS}, sealed(path)
    was = FilesBook.open(path)
    checks = looked_at(was)
    town, shipped = Desk(was).town, control._shipped(Desk(was).town, was.get("profile_id"))
    differs = proofs.rule_differences(proofs.without_own_law(town, shipped), shipped)
    said = upgrade(path)
    for day in DAYS:
        assert figures(path, day) == before[day], day
    assert [line for line in said.splitlines() if line.startswith("Bill ")] == TOLD_APART.get(state, [])
    count = {name: len(held) for name, held in old_seals.items()}
    assert {name: held[: count[name]] for name, held in sealed(path).items()} == old_seals
    assert len(old_seals["CashBook"]) >= 10
    book = FilesBook.open(path)
    assert book.meta.schema == SCHEMA
    for spec in (CASH_BOOK, ADJUSTMENTS):
        assert list(seals.broken(Desk(book).table(spec), spec, upgraded=True)) == []
        # By version 1 alone, as the books it was printed in: every row still fits.
        rows = Desk(book).table(spec).head(count[spec.name]).with_columns({"Seal": old_seals[spec.name]})
        chain, texts = "", seals.canonical(rows, spec, 1)
        for own, text in zip(rows["Seal"], texts, strict=True):
            assert own == seals.seal(text, chain, 1)
            chain = own
    control.proof(book, book.get("as_of"))
    assert looked_at(book) <= checks, "nothing new to look at"
    now = book.read("Checks").set_index("Check")["Result"]
    assert now["Rules"] == ("OK" if not differs else f"LOOK: {differs[0]}")


# The older version gave money to bills that did not exist yet. 11-1: its 100.00 refunded in June 2024 went to the bill of 2025 all the
# same. 12-2: so did the lender's 450.00, which is on the refund list, and the 60.00 moved to another account: of 700.00 too much 640.00
# were there for 2025. It owes 260.00 of May with 270 days at 8%, 15.60, 540.00 of August with 21.60, 540.00 of November with 10.80.
TOLD_APART = {
    "new-jersey": [
        f"Bill {bill}: the older version showed {was} due on Jan 31, 2026; this version figures {now}. Compare both before you send a "
        "bill or a letter."
        for bill, was, now in (("2025-11-1", "$1,220.58", "$1,326.56"), ("2025-12-2", "$852.40", "$1,388.00"))
    ]
}


def looked_at(book: FilesBook) -> set[str]:
    """The checks of Proof that have something to look at, but for Rules."""
    checks = book.read("Checks").set_index("Check")["Result"].drop("Rules")
    return set(checks.index[checks.str.startswith("LOOK")])


@pytest.mark.parametrize("state", STATES)
def test_it_has_every_column_cell_and_sheet_of_today(frozen: Frozen, state: str, valid) -> None:
    path = frozen(state)
    upgrade(path)
    book = FilesBook.open(path)
    spec = book_spec(book.meta.template, str(book.get("state_name") or ""))
    layout = book._layout
    for name, placed in spec.tables.items():
        assert {c.name for c in placed.spec.columns} <= set(match(layout.tables[name], placed.spec, "")), name
    assert set(spec.names) <= set(layout.names)
    assert {s.title for s in spec.sheets} <= set(layout.sheets)
    assert valid(path) == []
    opened = openpyxl.load_workbook(path)
    for sheet in spec.sheets:
        for cell in sheet.cells:
            if sheet.protected and isinstance(cell.value, str) and not cell.array and not cell.name:
                assert opened[sheet.title][cell.at].value == cell.value, (sheet.title, cell.at)


@pytest.mark.parametrize("state", STATES)
def test_a_month_goes_on_in_it(frozen: Frozen, state: str, tmp_path: Path) -> None:
    path = frozen(state)
    upgrade(path)
    book = FilesBook.open(path)
    account = str(book.read("Duplicate")["Account"].iloc[-1])
    file = tmp_path / "payments.csv"
    file.write_text(f"Account,Amount,Received,Tender,Receipt\n{account},25.00,2026-03-02,Check,Z-1\n")
    counter.post(book, file, today=TODAY)
    counter.reverse(book, "Z-1", "check returned unpaid", on=D(2026, 3, 3), today=TODAY)
    book.save()
    again = FilesBook.open(path)
    rows = Desk(again).table(CASH_BOOK)
    assert seals.cell_of(rows["Seal"].iloc[-1]).one == ""
    assert list(seals.broken(rows, CASH_BOOK, upgraded=True)) == []
    control.proof(again, D(2026, 3, 3))
    assert "Cash book seals" in set(again.read("Checks").loc[again.read("Checks")["Result"] == "OK", "Check"])


def test_it_is_done_once(frozen: Frozen) -> None:
    path = frozen("maryland")
    upgrade(path)
    data = path.read_bytes()
    assert upgrade(path).startswith(f"This workbook already has version {SCHEMA}.")
    assert path.read_bytes() == data


def test_the_bank_and_the_credits_come_with_the_upgrade(frozen: Frozen) -> None:
    """From version 3: the column Bank Id, three sheets, and the letter about unclaimed money."""
    path = frozen("new-jersey-2")
    said = upgrade(path)
    assert "column Bank Id of Bank" in said
    assert "Added to Texts: the letter unclaimed." in said
    book = FilesBook.open(path)
    assert {"PaidOut", "BankBalances", "Owed", "Reconciliations", "AgedCredits"} <= set(book.tables())
    assert (book.read("Texts")["Letter"] == "unclaimed").sum() == 6
    unclaimed.list_credits(book, D(2026, 1, 31))


# ---- what the old notes become ------------------------------------------------------------------------------------------


def ties(path: Path) -> dict[str, tuple[str, str, str]]:
    rows = FilesBook.open(path).read("CashBook").fillna("").astype(str).drop_duplicates("Receipt").set_index("Receipt")
    rows = rows[(rows["For"] != "") | (rows["Same Check"] != "")]
    return {r: (row["For"], row["For No"], row["Same Check"]) for r, row in rows.iterrows()}  # type: ignore[misc]


def test_notes_of_tasks_become_ties_and_those_of_people_do_not(frozen: Frozen) -> None:
    path = frozen("new-jersey")
    upgrade(path)
    # By hand from the tasks in make_frozen.py: 23 and 24 the first buyer's, taken back; 27 and 28 the second's; 30 and 31 of 25-004.
    assert ties(path) == {
        "14": ("Suspense", "12", ""), "17": ("Transfer", "7", ""), "19": ("Offset", "A-10", ""),
        "20": ("Rents", "11-5", ""), "21": ("Rents", "11-5", ""),
        "23": ("Sale", "25-001", "23"), "24": ("Sale", "25-001", "23"),
        "27": ("Sale", "25-001", "27"), "28": ("Sale", "25-001", "27"), "29": ("Sale", "25-002", ""),
        "30": ("Sale", "25-004", "30"), "31": ("Sale", "25-004", "30"),
        "32": ("Redemption", "25-003", "32"), "33": ("Redemption", "25-003", "32"), "34": ("Redemption", "25-004", ""),
        "35": ("Redemption", "25-002", ""),
    }  # fmt: skip
    rows = FilesBook.open(path).read("Adjustments").fillna("").set_index("No")[["For", "For No"]]
    assert rows.loc["A-12"].tolist() == ["Takes Back", "A-11"], "the cost of the first sale, taken off"
    assert rows.loc["A-13"].tolist() == ["Sale", "25-001"]
    assert rows.loc["A-4"].tolist() == ["Takes Back", "A-3"]
    assert rows.loc["A-1"].tolist() == ["Returned Check", "1"]
    assert rows.loc["H-3"].tolist() == ["", ""], "the old shed"


def test_money_of_a_warrant_goes_back_as_it_came(frozen: Frozen) -> None:
    path = frozen("connecticut")
    upgrade(path)
    assert ties(path) == {
        "8": ("Officer Fee", "1", ""), "9": ("Warrant", "1", "9"), "10": ("Officer Fee", "1", "9"),
        "11": ("Warrant", "1", "11"), "12": ("Warrant", "1", "11"), "13": ("Warrant", "2", ""), "16": ("Transfer", "4", ""),
    }  # fmt: skip
    book = FilesBook.open(path)
    assert counter.reverse(book, "9", "check returned", on=D(2024, 12, 2), today=TODAY).text.startswith(
        "Receipts 9, 10 reversed by"
    )
    assert counter.reverse(book, "11", "check returned", on=D(2024, 12, 2), today=TODAY).text.startswith(
        "Receipts 11, 12 reversed by"
    )
    assert (
        "warrant 1: the officer again holds the $150.00"
        in counter.reverse(FilesBook.open(path), "11", "check returned", on=D(2024, 12, 2), today=TODAY).text
    )


def test_a_service_charge_is_not_charged_again_and_a_return_is_one_check(frozen: Frozen) -> None:
    maryland, louisiana = frozen("maryland"), frozen("louisiana")
    upgrade(maryland)
    upgrade(louisiana)
    rows = FilesBook.open(maryland).read("Adjustments")
    assert rows.loc[rows["For"] == "Service Charge", "For No"].tolist() == ["2024-0001", "2024-0004"]
    assert ties(louisiana)["3"] == ties(louisiana)["4"] == ("Return", "S2-202501", "3")
    said = counter.reverse(FilesBook.open(louisiana), "4", "check returned unpaid", on=D(2025, 7, 1), today=TODAY).text
    assert said.startswith("Receipts 4, 3 reversed by")
    assert "Returned-check fees charged: $15.00." in said, "one check, one fee"


# ---- what has to be asked -------------------------------------------------------------------------------------------------

ANSWERS = "Receipt,For,For No\n3,Sale,25-002\nN-1,,\n"


def test_an_old_note_that_is_not_clear_is_asked_and_nothing_is_written(frozen: Frozen) -> None:
    path = frozen("new-jersey-unclear")
    before = path.read_bytes()
    with pytest.raises(Problems) as refused:
        upgrade(path)
    said = str(refused.value)
    assert 'Cash Book!AF10: Receipt 3, "certificate 25-002, Lien Fund LLC": The note names certificate 25-002' in said
    assert 'Cash Book!AF15: Receipt N-1, "certificate 25-001 redeemed"' in said
    assert "2 old notes are not clear. Nothing was written." in said
    assert "N-2" not in said, "a certificate of occupancy is none of ours"
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_the_answers_are_taken(frozen: Frozen, tmp_path: Path) -> None:
    path, file = frozen("new-jersey-unclear"), tmp_path / "answers.csv"
    file.write_text(ANSWERS)
    upgrade(path, ties=str(file))
    assert ties(path) == {
        "1": ("Sale", "25-001", "1"), "2": ("Sale", "25-001", "1"), "3": ("Sale", "25-002", ""), "4": ("Redemption", "25-001", ""),
    }  # fmt: skip
    # The redemption's check comes back: the payment of 10-3 that had the same words stays.
    said = counter.reverse(FilesBook.open(path), "4", "check returned unpaid", today=D(2026, 2, 2)).text
    assert said.startswith("Receipt 4 reversed by")


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ("Receipt,For,For No\n3,Sale,25-002\n", "1 old note is not clear"),
        ("Receipt,For,For No\n3,Sale,25-009\nN-1,,\n", "Receipt 3: there is no 25-009 for Sale"),
        ("Receipt,For,For No\n3,Sold,25-002\n", '"Sold" is not a choice for For'),
        ("Receipt,For,For No\n3,Sale,\n", "For and For No go together"),
        ("Receipt,For,For No\n99,Sale,25-002\n", "no receipt 99"),
        ("Receipt,For,For No,Same Check\n3,Sale,25-002,99\nN-1,,,\n", "there is no receipt 99"),
        ("Receipt,For\n3,Sale\n", 'no column "For No"'),
    ],
)
def test_answers_that_cannot_be_are_refused(frozen: Frozen, tmp_path: Path, answers: str, says: str) -> None:
    path, file = frozen("new-jersey-unclear"), tmp_path / "answers.csv"
    file.write_text(answers)
    before = path.read_bytes()
    with pytest.raises(Problems, match=says):
        upgrade(path, ties=str(file))
    assert path.read_bytes() == before


# ---- what is hers ------------------------------------------------------------------------------------------------------------


def new_errors(valid: Callable[[Path], list[str]], path: Path, before: list[str]) -> list[str]:
    """What the validator finds since, but for the texts openpyxl, which spoiled the book, writes into the cells themselves."""
    return [e for e in valid(path) if e not in before and "inline-string" not in e]


def hers(path: Path) -> None:
    """A column of her own in the Cash Book, a sheet, a name, a cell beside the form Tasks, and rows below no table."""

    def change(book: Any) -> None:
        sheet, (_, header, right, last) = spoil.table_at(book, "CashBook")
        sheet.cell(header, right + 1).value = "My Mark"
        for row in range(header + 1, last + 1):
            sheet.cell(row, right + 1).value = f"mark {row}"
        table = sheet.tables["CashBook"]
        table.ref = table.autoFilter.ref = f"A{header}:{get_column_letter(right + 1)}{last}"
        table.tableColumns.append(TableColumn(id=99, name="My Mark"))
        mine = book.create_sheet("My Notes", 2)
        mine["B2"], mine["B3"] = "ask Ada", "=SUM(CashBook[Total])"
        book["Tasks"]["E9"] = "mine"

    spoil.edit(path, change)


@pytest.mark.parametrize("book", ["connecticut", "maryland", "new-jersey"])
def test_an_old_text_of_a_form_is_not_taken_for_a_cell_of_hers(frozen: Frozen, book: str) -> None:
    """Version 1 worded its tasks in its own way; its words go when the form is drawn again."""
    assert "of yours" not in upgrade(frozen(book))


def test_her_column_sheet_and_cells_stay(frozen: Frozen, valid) -> None:
    path = frozen("new-jersey")
    hers(path)
    rows = FilesBook.open(path).read("CashBook")["My Mark"].tolist()
    parts, wrong = set(zipfile.ZipFile(path).namelist()), valid(path)
    said = upgrade(path)
    assert "the form Tasks, with 1 cell of yours" in said
    book = FilesBook.open(path)
    assert book.read("CashBook")["My Mark"].tolist()[: len(rows)] == rows
    opened = openpyxl.load_workbook(path)
    assert opened["My Notes"]["B2"].value == "ask Ada"
    assert opened["My Notes"]["B3"].value == "=SUM(CashBook[Total])"
    assert opened["Tasks"]["E9"].value == "mine"
    assert parts <= set(zipfile.ZipFile(path).namelist())
    assert new_errors(valid, path, wrong) == []


@pytest.mark.parametrize(
    ("at", "where"), [("AH7", "Cash Book!AH7"), ("AJ4", "Cash Book!AJ4"), ("AI900", "Cash Book!AI900")]
)
def test_what_stands_to_the_right_of_a_table_is_not_written_over(frozen: Frozen, at: str, where: str) -> None:
    path = frozen("louisiana")
    spoil.edit(path, lambda book: book["Cash Book"].__setitem__(at, "hers"))
    before = path.read_bytes()
    with pytest.raises(BadBook, match=rf"{where}: The table CashBook needs 4 more columns") as refused:
        upgrade(path)
    assert "Columns AH to AK must be empty from row 4 down" in str(refused.value)
    assert path.read_bytes() == before


def test_what_stands_further_to_the_right_stays(frozen: Frozen) -> None:
    path = frozen("louisiana")
    spoil.edit(path, lambda book: book["Cash Book"].__setitem__("AL7", "hers"))
    upgrade(path)
    assert openpyxl.load_workbook(path)["Cash Book"]["AL7"].value == "hers"


def test_a_column_of_hers_with_the_name_of_a_new_one_is_asked_for(frozen: Frozen) -> None:
    path = frozen("louisiana")

    def change(book: Any) -> None:
        sheet, (_, header, right, last) = spoil.table_at(book, "CashBook")
        sheet.cell(header, right + 1).value = "For"
        table = sheet.tables["CashBook"]
        table.ref = table.autoFilter.ref = f"A{header}:{get_column_letter(right + 1)}{last}"
        table.tableColumns.append(TableColumn(id=99, name="For"))

    spoil.edit(path, change)
    before = path.read_bytes()
    with pytest.raises(Problems, match='Cash Book!AH4: The column "For" is your own, but xltax now has'):
        upgrade(path)
    assert path.read_bytes() == before


def test_a_broken_seal_stays_broken_and_a_row_not_sealed_stays_so(frozen: Frozen) -> None:
    path = frozen("louisiana")
    spoil.cell(path, "CashBook", 2, "Reference", "71")
    where = spoil.cell(path, "Adjustments", 3, "Seal", None)
    upgrade(path)
    book = FilesBook.open(path)
    cash, changes = (list(seals.broken(Desk(book).table(s), s, upgraded=True)) for s in (CASH_BOOK, ADJUSTMENTS))
    assert [p.what.split(" is ")[0] for p in cash] == ["Receipt 2, Line 1"]
    assert [p.what for p in changes] == ["No A-3 is not sealed."]
    assert where.startswith("Adjustments!")
    assert control.seal(book).text == "Sealed: 1 row of Adjustments."
    assert list(seals.broken(Desk(book).table(ADJUSTMENTS), ADJUSTMENTS, upgraded=True)) == []


# ---- what an older book lacks, of any kind -------------------------------------------------------------------------------------


def without(path: Path, table: str, column: str) -> None:
    """The book as if a column had not been declared when it was made: the last of its table."""

    def change(book: Any) -> None:
        sheet, (left, header, right, last) = spoil.table_at(book, table)
        assert sheet.cell(header, right).value == column
        for row in range(header, last + 1):
            sheet.cell(row, right).value = None
        grown = sheet.tables[table]
        grown.ref = f"{get_column_letter(left)}{header}:{get_column_letter(right - 1)}{last}"
        if grown.autoFilter:
            grown.autoFilter.ref = grown.ref
        grown.tableColumns.pop()

    spoil.edit(path, change)


def test_any_column_cell_or_sheet_an_older_book_lacks_is_added(frozen: Frozen, valid) -> None:
    """A column of a table nobody seals, a named cell of a form and of a plain sheet, a sheet with its tables."""
    path = frozen("connecticut")
    without(path, "Notices", FilesBook.open(path).read("Notices").columns[-1])

    def change(book: Any) -> None:
        del book.defined_names["control_tax"]
        for at in ("A14", "B14", "C14"):
            book["Start"][at].value = None
        del book.defined_names["watch_as_of"]
        found = book["Watch"]
        for row in found["A3:H3"]:
            for cell in row:
                cell.value = None
        del book["Training"]

    spoil.edit(path, change)
    wrong = valid(path)
    said = upgrade(path)
    for added in ("column ", "of Notices", "the form Start", "cell watch_as_of on Watch", "sheet Training"):
        assert added in said, said
    book = FilesBook.open(path)
    assert book.get("town_name") == "Quillhaven", "what was typed into the form is there again"
    assert book.get("as_of") == D(2024, 11, 30)
    assert "Training" in book.tables()
    assert book.get("control_tax") is None
    book.set("control_tax", 12_00)
    book.set("watch_as_of", D(2025, 1, 1))
    book.append("Training", pd.DataFrame([{"No": "1", "Person": "Ann"}]))
    book.save()
    assert new_errors(valid, path, wrong) == []
    opened = openpyxl.load_workbook(path)
    assert opened["Start"]["A14"].value == "Net tax billed"


# ---- before it is upgraded ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("task", ["refresh", "proof", "delinquent", "post", "seal", "undo", "reverse", "share"])
def test_every_other_task_says_to_upgrade_first(frozen: Frozen, task: str) -> None:
    path = frozen("pennsylvania")
    before = path.read_bytes()
    given: dict[str, Any] = {"reverse": {"receipt": "1", "reason": "returned"}, "share": {"name": "x"}}.get(task, {})
    book = FilesBook.open(path)
    with pytest.raises(BadBook) as refused:
        perform(actions()[task], book, given)
    assert str(refused.value) == (
        "pennsylvania.xlsx: This workbook was made by an older version of xltax. Run xltax upgrade pennsylvania.xlsx first."
    )
    assert path.read_bytes() == before


def test_a_book_of_a_newer_version_is_refused_by_every_task(frozen: Frozen) -> None:
    path = frozen("maryland")
    book = FilesBook.open(path)
    book.set_meta(schema=SCHEMA + 1)
    book.save()
    for task in ("refresh", "upgrade"):
        with pytest.raises(BadBook, match="Update xltax"):
            perform(actions()[task], FilesBook.open(path), {})


def test_an_open_workbook_is_told_to_use_the_command_line(frozen: Frozen) -> None:
    class Live:
        meta = FilesBook.open(frozen("maryland")).meta

    with pytest.raises(BadBook, match=r"An open workbook cannot be upgraded\. Save and close the workbook"):
        upgrading.upgrade(Live())  # type: ignore[arg-type]


def test_there_is_a_step_for_every_version() -> None:
    assert len(upgrading.STEPS) == SCHEMA - 1


def test_the_registers_are_read_where_an_older_book_has_them(frozen: Frozen) -> None:
    desk = Desk(FilesBook.open(frozen("maryland")))
    assert len(desk.table(upgrading.CERTIFICATES)) == 0
