"""Who may do what: the sheet Users, the person on each row, and the approval of another person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from tests.controls.town import pay, town
from xltax.actions import (
    adjusting,
    certificates,
    control,
    corrections,
    counter,
    day,
    periods,
    relief,
    setup,
    statements,
    year,
)
from xltax.actions import desk as desks
from xltax.actions.desk import Desk
from xltax.actions.restoring import restore_version
from xltax.errors import BadValue, TaxError
from xltax.hosts.files import FilesBook
from xltax.hosts.kept import versions
from xltax.office.controls import persons
from xltax.office.controls.exceptions import Part
from xltax.tables.office import USERS, User
from xltax.tables.statements import MONEY_COLUMNS
from xltax.tables.table import Table

D = dt.date
LogIn = Callable[[str], None]
TODAY = D(2024, 2, 5)
YES = "Yes"
OFFICE: list[dict[str, Any]] = [
    {"Name": "Ann Bell", "Log-In": "abell", "May Post": YES},
    {"Name": "Carl Dunn", "Log-In": "cdunn", "May Adjust": YES},
    {"Name": "Eve Fox", "Log-In": "efox", "May Approve": YES, "May Close": YES},
    {"Name": "Gus Hart", "Log-In": "ghart", "May Post": YES, "May Adjust": YES, "May Approve": YES, "May Close": YES},
    {"Name": "Ida Jay", "Log-In": "ijay", "May Post": YES, "May Adjust": YES, "To": D(2024, 1, 31)},
    {"Name": "Kim Lee", "Log-In": "frontdesk", "May Post": YES},
    {"Name": "Max Noor", "Log-In": "frontdesk", "May Post": YES, "May Close": YES},
]


@pytest.fixture
def login(monkeypatch: pytest.MonkeyPatch) -> LogIn:
    """Signs somebody in on this computer. "" is a browser."""

    def sign_in(name: str) -> None:
        monkeypatch.setattr(desks, "user", lambda: name)

    sign_in("ghart")
    return sign_in


@pytest.fixture
def empty(tmp_path: Path, login: LogIn) -> FilesBook:
    """A town that has not entered its persons: bills of 2024 and one payment."""
    book = FilesBook.open(town(tmp_path))
    pay(book, tmp_path, "1", "500.00", D(2024, 2, 1), D(2024, 2, 1), "Cash")
    return book


@pytest.fixture
def office(empty: FilesBook) -> FilesBook:
    """The same town with its persons."""
    empty.append("Users", pd.DataFrame(OFFICE, dtype=object))
    return empty


def rule(book: FilesBook, own: str) -> None:
    """The town's rule on one's own approval."""
    row = {
        "Id": 900,
        "Rule": "approval",
        "From": D(2024, 1, 1),
        "Key": "own",
        "Value": own,
        "Authority": "Policy 4 (made up)",
    }
    book.append("Rules", pd.DataFrame([row], dtype=object))
    Desk.of(book).__dict__.pop("town", None)  # read before the rule was typed


def bill_of(book: FilesBook, at: int = 2) -> str:
    return str(book.read("Duplicate")["Bill"].iloc[at])


def adjust(book: FilesBook, by: str, authority: str = "Policy", **more: Any) -> str:
    return adjusting.adjust(book, bill_of(book), "Abatement", 10_00, "flood", authority, by, today=TODAY, **more).text


def posted_by(book: FilesBook, table: str) -> list[Any]:
    return book.read(table)["Posted By"].tolist()


def parts(book: FilesBook) -> dict[str, Part]:
    return {part.title: part for part in control._exceptions(Desk.of(book), D(2024, 12, 31))}


def proof_of(book: FilesBook) -> pd.Series:
    control.proof(book, D(2024, 12, 31))
    return book.read("Checks").set_index("Check")["Result"]


# ---- an office that has not entered its persons ------------------------------------------------------------------------


def test_without_persons_everything_works_and_the_pages_say_so(empty: FilesBook, tmp_path: Path, login: LogIn) -> None:
    login("anybody")
    pay(empty, tmp_path, "2", "100.00", D(2024, 2, 2), D(2024, 2, 2))
    adjust(empty, "Council")
    day.close_day(empty, on=TODAY, empty=True)
    assert posted_by(empty, "CashBook") == ["ghart", "anybody"]
    assert posted_by(empty, "Adjustments") == ["anybody"]
    assert "Users" not in proof_of(empty), "nothing was checked, so nothing is OK"
    empty.save()
    formula = openpyxl.load_workbook(Path(empty.path))["Proof"]["A4"].value
    assert persons.NOT_SET_UP in formula
    assert "COUNTA(Users[Name])=0" in formula
    assert parts(empty)["Persons"].says == persons.NOT_SET_UP
    assert parts(empty)["Persons"].rows == []


def test_every_kind_of_row_names_its_person(office: FilesBook, tmp_path: Path) -> None:
    adjust(office, "Resolution 1")
    counter.reverse(office, "1", "typed twice", on=TODAY, today=TODAY)
    sold = {
        "sold": D(2024, 3, 1),
        "liens_to": D(2024, 2, 20),
        "holder": "Lien Fund LLC",
        "rate": "18%",
        "today": D(2024, 3, 1),
    }
    certificates.enter_certificate(office, "24-1", "4", **sold)
    day.close_day(office, on=D(2024, 3, 1), empty=True)
    codes = [{"Code": c, "Name": c, "Column": c, "GL Account": f"1{n}"} for n, c in enumerate(MONEY_COLUMNS)]
    office.append("RevenueAccounts", pd.DataFrame(codes))
    statements.turnover_slip(office, today=D(2024, 3, 1))
    for table in ("CashBook", "Adjustments", "Certificates", "Turnovers"):
        assert set(posted_by(office, table)) <= {"Gus Hart", "ghart"}, table
        assert posted_by(office, table)[-1] == "Gus Hart", table
    assert office.read("DayCloses")["Closed By"].tolist() == ["Gus Hart"]
    assert proof_of(office)["Users"] == "OK"


# ---- what each person may do -------------------------------------------------------------------------------------------


def attempts(book: FilesBook, folder: Path) -> dict[str, Callable[[], object]]:
    """Tasks by the right they need, several for each."""
    (folder / "roll.csv").write_text("Account,Net Value,Prior Tax\n1,110000,4000\n", "utf-8")
    who = {"authority": "Resolution 7", "approved_by": "Resolution 7"}
    return {
        "May Post: post": lambda: pay(book, folder, "2", "100.00", D(2024, 2, 2), TODAY),
        "May Post: reverse": lambda: counter.reverse(book, "1", "typed twice", on=TODAY, today=TODAY),
        "May Adjust: adjust": lambda: adjust(book, "Resolution 7"),
        "May Adjust: appeal": lambda: adjusting.appeal(book, bill_of(book), 1000_00, **who, today=TODAY),
        "May Adjust: import": lambda: setup.import_roll(book, folder / "roll.csv", missing="keep", on=TODAY),
        "May Adjust: bill": lambda: year.bill(book, 2025, "RE=4", mailed=TODAY, today=TODAY),
        "May Adjust: undo": lambda: control.undo(book, run="1", today=TODAY),
        "May Close: close": lambda: day.close_day(book, on=TODAY, empty=True),
        "May Close: lock": lambda: periods.lock_period(book, D(2024, 1, 31)),
    }


@pytest.mark.parametrize("person", ["abell", "cdunn", "efox", "ijay", "stranger"])
def test_a_task_asks_for_the_right_of_what_it_writes(
    office: FilesBook, tmp_path: Path, login: LogIn, person: str
) -> None:
    """Nobody gets past by another task: the right hangs on the table that is written. Who left has no right any more."""
    has = {"abell": "May Post", "cdunn": "May Adjust", "efox": "May Close"}.get(person, "none")
    office.save()
    login(person)
    says = "is not on the sheet Users" if person == "stranger" else r"may not (post|change|close)"
    for name in attempts(office, tmp_path):
        if name.startswith(has):
            continue
        again = FilesBook.open(Path(office.path))  # what a refused task has written is not saved
        with pytest.raises(BadValue, match=says):
            attempts(again, tmp_path)[name]()


@pytest.mark.parametrize(("person", "right"), [("abell", "May Post"), ("cdunn", "May Adjust"), ("efox", "May Close")])
def test_a_person_may_do_what_the_sheet_says(
    office: FilesBook, tmp_path: Path, login: LogIn, person: str, right: str
) -> None:
    """The tasks that a right is for run to their end."""
    office.save()
    login(person)
    for name in attempts(office, tmp_path):
        again = FilesBook.open(Path(office.path))
        if name.startswith(right) and name != "May Adjust: undo":  # the run's bills are paid: nobody may undo it
            attempts(again, tmp_path)[name]()


def test_what_follows_from_an_adjustment_needs_no_right_to_post(office: FilesBook, login: LogIn) -> None:
    """The judgment frees part of the payment of account 1, which Reallocation lines show."""
    login("cdunn")
    bill = bill_of(office, 0)
    adjusting.appeal(office, bill, 400_00, "Docket 3", "Docket 3", today=TODAY)
    lines = office.read("CashBook")
    assert set(lines.loc[lines["Posted By"] == "Carl Dunn", "Kind"]) == {"Reallocation"}


def test_what_the_law_does_by_itself_needs_no_right_and_no_approver(
    office: FilesBook, tmp_path: Path, login: LogIn
) -> None:
    pay(office, tmp_path, "2", "700.00", D(2024, 2, 1), D(2024, 2, 1))
    login("abell")
    counter.reverse(office, "2", "check returned unpaid", on=TODAY, today=TODAY)
    fee = office.read("Adjustments")
    assert fee["Approved By"].tolist() == ["by statute"]
    assert fee["Posted By"].tolist() == ["Ann Bell"]
    assert parts(office)["Entries without another person's approval"].rows == []


def test_nobody_types_the_words_of_the_law(office: FilesBook) -> None:
    with pytest.raises(BadValue, match="is for entries that the law makes by itself"):
        adjust(office, "By Statute")
    who = {"authority": "Docket 3", "approved_by": "by rule"}
    with pytest.raises(BadValue, match="is for entries that the law makes by itself"):
        adjusting.appeal(office, bill_of(office), 1000_00, **who, today=TODAY)
    with pytest.raises(BadValue, match="is for entries that the law makes by itself"):
        corrections.correct_bills(office, 2024, **who, rates="RE=4", today=TODAY)


def test_who_seals_a_row_answers_for_it(office: FilesBook, login: LogIn) -> None:
    typed = {"No": "H-1", "Effective": TODAY, "Recorded": TODAY, "Bill": bill_of(office), "Inst": 1, "Kind": "Abatement",
             "Amount": 5_00, "Reason": "hail", "Authority": "Resolution 3", "Approved By": "Council", "Posted By": "Ann Bell"}  # fmt: skip
    office.append("Adjustments", pd.DataFrame([typed], dtype=object))
    Desk.of(office).__dict__.pop("adjustments", None)
    login("abell")
    with pytest.raises(BadValue, match="Ann Bell may not change what is owed"):
        control.seal(office, today=TODAY)
    login("cdunn")
    control.seal(office, today=TODAY)
    assert posted_by(office, "Adjustments") == ["Carl Dunn"]
    assert proof_of(office)["Adjustment seals"] == "OK"


# ---- who works at this computer ----------------------------------------------------------------------------------------


def test_a_browser_and_a_shared_log_in_ask_for_the_person(office: FilesBook, tmp_path: Path, login: LogIn) -> None:
    login("")
    with pytest.raises(BadValue, match="This computer has no log-in") as error:
        pay(office, tmp_path, "2", "10.00", D(2024, 2, 2), TODAY)
    assert "Users, Person at this computer" in str(error.value)
    office.set("acting_user", "Somebody")
    with pytest.raises(BadValue, match='"Somebody" is not one of them'):
        pay(office, tmp_path, "2", "10.00", D(2024, 2, 2), TODAY)
    office.set("acting_user", "bell, ann")
    pay(office, tmp_path, "2", "10.00", D(2024, 2, 2), TODAY)
    login("frontdesk")
    with pytest.raises(BadValue, match="belongs to several persons") as error:
        pay(office, tmp_path, "2", "20.00", D(2024, 2, 2), TODAY)
    assert "Enter one of these: Kim Lee, Max Noor." in str(error.value)
    office.set("acting_user", "Kim Lee")
    pay(office, tmp_path, "2", "20.00", D(2024, 2, 2), TODAY)
    assert posted_by(office, "CashBook") == ["ghart", "Ann Bell", "Kim Lee"]
    assert office.read("Log")["Who"].tolist()[-2:] == ["Ann Bell", "frontdesk, Kim Lee"]
    login("cdunn")  # a log-in of one person decides, whatever stands in the cell
    adjust(office, "Resolution 1")
    assert posted_by(office, "Adjustments") == ["Carl Dunn"]
    assert parts(office)["Persons"].rows[0][-1].startswith("the sheet Users was changed before post")
    assert [r[0] for r in parts(office)["Persons"].rows if "not on" in r[-1]] == []


def test_a_browser_of_an_office_without_persons_takes_any_name(empty: FilesBook, tmp_path: Path, login: LogIn) -> None:
    login("")
    with pytest.raises(BadValue, match="Enter your name in this cell"):
        pay(empty, tmp_path, "2", "10.00", D(2024, 2, 2), TODAY)
    empty.set("acting_user", " Ann Bell ")
    pay(empty, tmp_path, "2", "10.00", D(2024, 2, 2), TODAY)
    assert posted_by(empty, "CashBook")[-1] == "Ann Bell"


def test_the_log_in_is_not_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    was = desks.user()
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    assert desks.user() == was != "somebody-else"


@pytest.mark.parametrize(
    ("text", "name"),
    [("Ann Bell", "Ann Bell"), ("  ann   BELL ", "Ann Bell"), ("Bell, Ann", "Ann Bell"), ("ABELL", "Ann Bell"), ("A. Bell", ""),
     ("Ann Bell, deputy collector", "Ann Bell"), ("Ann", ""), ("frontdesk", ""), ("Resolution 12, moved by Ann Bell", "")],
)  # fmt: skip
def test_a_name_is_the_same_in_every_spelling(text: str, name: str) -> None:
    rows = [{k: v for k, v in row.items() if k in ("Name", "Log-In")} for row in OFFICE]
    assert persons.People(Table.made(USERS, rows)).who(text) == name


# ---- approval ----------------------------------------------------------------------------------------------------------


OWN, OTHER = (
    ["Gus Hart", "ghart", " hart, GUS", "Gus Hart, collector"],
    ["Eve Fox", "efox", "Resolution 2024-7", "Council, vote 9"],
)


@pytest.mark.parametrize("by", OTHER)
@pytest.mark.parametrize("own", ["", "refuse", "list"])
def test_another_person_or_an_act_of_the_board_approves(office: FilesBook, by: str, own: str) -> None:
    if own:
        rule(office, own)
    adjust(office, by)
    periods.lock_period(office, D(2024, 1, 31))
    periods.unlock_period(office, by, "a late check")
    assert parts(office)["Entries without another person's approval"].rows == []


@pytest.mark.parametrize("by", OWN)
def test_ones_own_approval_is_listed_or_refused(office: FilesBook, by: str) -> None:
    adjust(office, by)
    periods.lock_period(office, D(2024, 1, 31))
    with pytest.raises(BadValue, match="runs this task, and cannot approve it"):
        periods.unlock_period(office, by, "a late check")
    assert [(r[2], r[-1]) for r in parts(office)["Entries without another person's approval"].rows] == [
        ("Abatement", "entered and approved by one person")
    ]
    rule(office, "list")
    periods.unlock_period(office, by, "an office of one")
    adjust(office, by)
    listed = parts(office)["Entries without another person's approval"].rows
    assert [r[2] for r in listed] == ["Abatement", "Abatement", "unlock period"]


@pytest.mark.parametrize("by", OWN)
def test_a_town_that_refuses_ones_own_approval(office: FilesBook, by: str) -> None:
    rule(office, "refuse")
    refused: list[Callable[[], object]] = [
        lambda: adjust(office, by),
        lambda: adjusting.appeal(office, bill_of(office), 1000_00, "Docket", by, today=TODAY),
        lambda: adjusting.refund(office, "4", 1_00, "paid too much", "Policy", by, today=TODAY),
    ]
    pay_too_much(office)
    for attempt in refused:
        with pytest.raises(BadValue, match="runs this task, and cannot approve it"):
            attempt()
    assert len(office.read("Adjustments")) == 0
    adjust(office, "Eve Fox")


def pay_too_much(book: FilesBook) -> None:
    path = Path(book.path).with_name("much.csv")
    path.write_text("Account,Amount,Received,Tender\n4,9000,2024-02-01,Check\n", "utf-8")
    counter.post(book, path, today=TODAY)


@pytest.mark.parametrize("own", ["", "list", "refuse"])
def test_a_person_who_may_not_approve_is_always_refused(office: FilesBook, own: str) -> None:
    if own:
        rule(office, own)
    with pytest.raises(BadValue, match="does not let Ann Bell approve entries"):
        adjust(office, "Ann Bell")
    with pytest.raises(BadValue, match="does not let Ida Jay approve entries"):
        adjust(office, "Ida Jay")


def test_a_name_that_nobody_knows_is_no_act_of_the_board(office: FilesBook) -> None:
    adjust(office, "Bob")
    adjust(office, "Council", authority="Resolution 2024-40")
    listed = parts(office)["Entries without another person's approval"].rows
    assert [(r[5], r[-1]) for r in listed] == [("Bob", "not on the sheet Users, and no act of the board is named")]
    rule(office, "refuse")
    with pytest.raises(BadValue, match="Bob is not on the sheet Users"):
        adjust(office, "Bob")


def test_relief_on_the_roll_is_approved_too(office: FilesBook) -> None:
    """The deduction of a year that is not billed goes on the Roll without an adjustment. The same approval is asked for."""
    rule(office, "refuse")
    row = {"No": "R-1", "Received": D(2024, 1, 5), "Account": "3", "Levy Year": 2025, "Program": "senior", "Born": D(1950, 5, 5),
           "Owner": "Yes", "Resident": "Yes", "Income": 900000, "Income Proved": "Yes"}  # fmt: skip
    office.append("ReliefApplications", pd.DataFrame([row], dtype=object))
    with pytest.raises(BadValue, match="Gus Hart runs this task"):
        relief.decide_relief(office, "R-1", "Approved", "Gus Hart", today=TODAY)
    assert "is approved" in relief.decide_relief(office, "R-1", "Approved", "Eve Fox", today=TODAY).text


def test_a_restore_needs_another_person_once_the_office_has_persons(
    office: FilesBook, tmp_path: Path, login: LogIn
) -> None:
    office.save()
    pay(office, tmp_path, "2", "100.00", D(2024, 2, 2), TODAY)
    office.save()
    path = Path(office.path)
    kept, data = versions(path)[0].name, path.read_bytes()
    for given, says in (({}, "This field is required"), ({"approved_by": "Gus Hart", "reason": "x"}, "runs this task"),
                        ({"approved_by": "Ann Bell", "reason": "x"}, "does not let Ann Bell")):  # fmt: skip
        with pytest.raises(TaxError, match=says):
            restore_version(path, kept, **given)
        assert path.read_bytes() == data
    login("abell")
    with pytest.raises(TaxError, match="Ann Bell may not close days or periods"):
        restore_version(path, kept, approved_by="Eve Fox", reason="wrong file")
    login("ghart")
    restore_version(path, kept, approved_by="Eve Fox", reason="wrong file")
    entry = FilesBook.open(path).read("Log").iloc[-1]
    assert entry["What"].endswith("; approved by Eve Fox: wrong file")
    assert parts(FilesBook.open(path))["Entries without another person's approval"].rows == []


def test_a_restore_that_nobody_approved_is_listed(empty: FilesBook, tmp_path: Path) -> None:
    empty.save()
    pay(empty, tmp_path, "2", "100.00", D(2024, 2, 2), TODAY)
    empty.save()
    path = Path(empty.path)
    restore_version(path, versions(path)[0].name)
    found = parts(FilesBook.open(path))["Entries without another person's approval"].rows
    assert [(r[2], r[-1]) for r in found] == [("restore", "nobody approved this")]


# ---- the exceptions page -----------------------------------------------------------------------------------------------


def test_two_duties_of_one_person_in_a_month_are_listed(office: FilesBook, tmp_path: Path, login: LogIn) -> None:
    """Gus took in cash in February, and adjusts: listed. Ann only posts, Carl only adjusts, Eve approves and closes: not listed."""
    login("abell")
    pay(office, tmp_path, "2", "100.00", D(2024, 2, 2), TODAY, "Cash")
    login("cdunn")
    adjust(office, "Eve Fox")
    login("efox")
    day.close_day(office, on=TODAY, empty=True)
    title = "Two duties of one person in a month"
    assert parts(office)[title].rows == []
    login("ghart")
    pay(office, tmp_path, "3", "50.00", D(2024, 2, 6), D(2024, 2, 6))
    day.close_day(office, on=D(2024, 2, 6), empty=True)
    adjusting.adjust(office, bill_of(office), "Abatement", 5_00, "hail", "Policy", "Eve Fox", today=D(2024, 3, 4))
    deposit = office.read("DayCloses")["Deposit"].iloc[-1]
    own = f"closed the drawer with these receipts, deposit {deposit}"
    assert parts(office)[title].rows == [("2024-02", "Gus Hart", "posted receipts", own)], (
        "the adjustment is of another month"
    )
    adjusting.adjust(office, bill_of(office), "Abatement", 6_00, "hail", "Policy", "Gus Hart", today=D(2024, 3, 5))
    assert ("2024-03", "Gus Hart", "entered adjustments", "approved adjustments") in parts(office)[title].rows


def test_cash_and_adjustments_of_one_person_are_listed_in_an_office_without_persons(
    empty: FilesBook, login: LogIn
) -> None:
    adjust(empty, "Council")
    rows = parts(empty)["Two duties of one person in a month"].rows
    assert rows == [("2024-02", "ghart", "took in cash", "entered adjustments")]


def test_strangers_and_changes_of_the_sheet_are_listed(office: FilesBook, login: LogIn) -> None:
    counter.refresh(office, D(2024, 12, 31))
    login("mallory")
    control.proof(office, D(2024, 12, 31))
    office.append("Users", pd.DataFrame([{"Name": "Mallory Quick", "Log-In": "mq", "May Adjust": YES}], dtype=object))
    login("ghart")
    counter.refresh(office, D(2024, 12, 31))
    rows = [(r[0], r[1], r[3]) for r in parts(office)["Persons"].rows]
    assert rows == [
        ("mallory", 1, "not on the sheet Users"),
        ("Gus Hart", 1, "the sheet Users was changed before refresh"),
        ("Gus Hart", 1, "the sheet Users was changed before refresh"),
    ]


def test_proof_names_a_row_of_somebody_who_may_not_write_it(office: FilesBook) -> None:
    typed = {"No": "H-1", "Effective": TODAY, "Recorded": TODAY, "Bill": bill_of(office), "Inst": 1, "Kind": "Abatement",
             "Amount": 5_00, "Reason": "hail", "Authority": "Resolution 3", "Approved By": "Council", "Posted By": "Ann Bell"}  # fmt: skip
    office.append("Adjustments", pd.DataFrame([typed], dtype=object))
    Desk.of(office).__dict__.pop("adjustments", None)
    assert proof_of(office)["Users"] == "LOOK: Ann Bell may not change what is owed"


def test_every_right_has_its_column_and_its_words() -> None:
    assert set(persons._DOES) == {User.may_post, User.may_adjust, User.may_approve, User.may_close}
    assert set(persons._NEEDS) <= {
        "CashBook",
        "Adjustments",
        "Duplicate",
        "Roll",
        "RollImports",
        "BillRuns",
        "DayCloses",
        "Turnovers",
    }
