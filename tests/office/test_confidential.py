"""A confidential person is a person: found again under every account, and in no file that is given to others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

import pandas as pd
import pytest
from judge_roth import DAY, HERS, OTHERS, TOLD, parts, town
from one_book import OneBook
from xltax.workbooks import book as book_spec
from xltax.workbooks.build import rules_of

from xltax.errors import BadValue, Problems
from xltax.hosts.files import FilesBook
from xltax.hosts.registry import actions
from xltax.hosts.run import perform
from xltax.ledger.tables import ALL
from xltax.ledger.tables.statements import MONEY_COLUMNS
from xltax.office import confidential, protected
from xltax.office.confidential import SHARE, WITHHELD, Confidential
from xltax.office.names import persons
from xltax.office.telling import Telling
from xltax.sheets.write import build

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
    said = perform(actions()[task], FilesBook.open(path), PUBLIC.get(task, {}) | more)
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
    assert "5 of them withheld" in said
    assert lines.loc[~hers, "Account"].tolist() == ["1-1", "1-2"]


def test_the_log_says_how_many_and_names_nobody(it: OneBook) -> None:
    for task in PUBLIC:
        given_away(it.path, task)
    for what in it.read("Log")["What"].astype(str)[-len(PUBLIC) :]:
        assert not any(w in what.lower() for w in (*TOLD, *HERS)), what


# ---- every text column of every table -----------------------------------------------------------------------------------

PLANTED = (
    "ROTH, JUDGE B", "Judge B. Roth's check", "Mrs. Róth called", "EST OF ROTH JUDGE ETUX", "77-A Hidden Hollow Road", "PO Box 991 & 992",
    "P.O. BOX #991", "12 beach avenue", "see account 1-4", "bill 2025-1-4/1 & more", "<1-4> \"Roth\"", "chambers@example.org", "(732) 555-0142",
    "JROTH", "block 1, lot 4",
)  # fmt: skip
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
                    row[column.name] = text if whose == (column.name in IDENTITY) else ""
                elif column.kind == "id":
                    row[column.name] = f"{'Q' if n else 'H'}{n}"
                elif column.kind == "date":
                    row[column.name] = DAY
                elif column.kind in ("count", "year", "money"):
                    row[column.name] = {"year": 2025, "money": 0}.get(column.kind, n + 1)
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
                texts = [
                    f"{v or ''} {PLANTED[n % len(PLANTED)]}".replace("<", "(") for n, v in enumerate(rows[column.name])
                ]
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


# ---- who is the same person ---------------------------------------------------------------------------------------------


def roll_of(*rows: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    """A roll: account, owner, location, first mail line, flags, party."""
    names = ("Account", "Owner", "Location", "Mail 1", "Flags", "Party")
    return {"Roll": pd.DataFrame([dict(zip(names, (*r, *[""] * 6), strict=False)) for r in rows], dtype=object)}


HER = ("1-4", "ROTH, JUDGE B", "77 Hidden Hollow", "PO Box 991", "confidential", "P-77")


@pytest.mark.parametrize(
    "row",
    [
        ("2", "Judge B. Roth", "1 Elm St"),
        ("2", "roth judge", "1 Elm St"),
        ("2", "RÓTH, JUDGE", "1 Elm St"),
        ("2", "ROTH, J", "1 Elm St"),
        ("2", "ROTH J B", "1 Elm St"),
        ("2", "ROTH JUDGE B & SAM", "1 Elm St"),
        ("2", "SAM KLEIN AND JUDGE ROTH", "1 Elm St"),
        ("2", "EST OF JUDGE B ROTH", "1 Elm St"),
        ("2", "JUDGE B ROTH REVOCABLE TRUST", "1 Elm St"),
        ("2", "KLEIN ANN, TRUSTEE OF JUDGE ROTH TRUST", "1 Elm St"),
        ("2", "ROTH JUDGE ETUX", "1 Elm St"),
        ("2", "ROTH-KLEIN, JUDGE", "1 Elm St"),
        ("2", "NOVAK", "77 HIDDEN HOLLOW RD"),
        ("2", "NOVAK", "77-A Hidden Hollow Road"),
        ("2", "NOVAK", "77A Hidden Hollow, Apt 2"),
        ("2", "NOVAK", "1 Elm St", "77 Hidden Hollow"),
        ("2", "NOVAK", "1 Elm St", "P.O. Box 991"),
        ("2", "NOVAK", "1 Elm St", "POB 991"),
        ("2", "NOVAK", "1 Elm St", "", "", "P-77"),
        ("2", "NOVAK", "1 Elm St", "C/O JUDGE ROTH"),
    ],
)  # fmt: skip
def test_the_same_person_or_house_is_withheld_whichever_way_it_is_written(row: tuple[str, ...]) -> None:
    away = confidential.of(roll_of(HER, row))
    assert set(away.accounts) | set(away.protected.asked) == {"1-4", "2"}  # type: ignore[union-attr]
    if not row[-1].startswith("C/O"):
        assert set(away.accounts) == {"1-4", "2"}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("2", "ROTH, SAM", "1 Elm St"), "The last name ROTH"),
        (("2", "ROTH FAMILY TRUST", "1 Elm St"), "The last name ROTH"),
        (("2", "ROTH HOLDINGS LLC", "1 Elm St"), "The last name ROTH"),
        (("2", "NOVAK", "HIDDEN HOLLOW"), "The address HIDDEN HOLLOW"),
        (("2", "NOVAK", "0 HIDDEN HOLLOW RD"), "The address HIDDEN HOLLOW"),
        (("2", "NOVAK", "ROTH FARM"), "The last name ROTH"),
    ],
)
def test_what_only_looks_alike_is_asked_and_neither_published_nor_hidden(row: tuple[str, ...], why: str) -> None:
    tables = roll_of(HER, row)
    away = confidential.of(tables)
    with pytest.raises(Problems) as refused:
        away.settle()
    assert why in str(refused.value)
    assert 'not_her "2"' in str(refused.value)
    away.settle(["1-4"])  # a file that does not have the account may be made
    confidential.of(tables, not_her="2").settle()
    assert "2" in confidential.of(tables, also_withhold="2").accounts
    assert "2" not in confidential.of(tables, not_her="2").accounts


@pytest.mark.parametrize(
    "row",
    [
        ("2", "NOVAK, PETER", "78 Hidden Hollow"),
        ("2", "NOVAK", "77 Elm St"),
        ("2", "ROTHMAN, JUDITH", "1 Elm St"),
        ("2", "ADAMS, JUDGE", "1 Elm St", "PO Box 99"),
        ("2", "NOVAK", "12 Judge St"),
    ],
)
def test_somebody_else_is_shown_without_a_question(row: tuple[str, ...]) -> None:
    tables = roll_of(HER, row)
    away = confidential.of(tables)
    away.settle()
    assert set(away.accounts) == {"1-4"}
    shown = away.shown(tables["Roll"], ALL["Roll"], SHARE)
    assert shown["Owner"].tolist() == [row[1]]
    assert shown["Location"].tolist() == [row[2]]


def test_without_a_comma_either_word_may_be_the_last_name() -> None:
    """JOHN SMITH or SMITH JOHN: Jones, John has another last name for certain; Mark John and Mark Smith may have hers."""
    her = ("1-4", "SMITH JOHN", "12 Beach Ave", "", "confidential")
    others = [
        ("2", "JONES, JOHN", "1 Elm"),
        ("3", "JOHN, MARK", "2 Elm"),
        ("4", "Mark Smith", "3 Elm"),
        ("5", "JOHN A SMITH", "4 Elm"),
    ]
    away = confidential.of(roll_of(her, *others))
    assert set(away.accounts) == {"1-4", "5"}
    assert set(away.protected.asked) == {"3", "4"}  # type: ignore[union-attr]


def test_another_word_after_the_street_is_a_question() -> None:
    her = ("1-4", "ROTH, JUDGE B", "12 Beach Ave", "", "confidential")
    assert set(confidential.of(roll_of(her, ("2", "NOVAK", "12 Beach Avenue"))).accounts) == {"1-4", "2"}
    assert set(confidential.of(roll_of(her, ("2", "NOVAK", "12 Beach St"))).protected.asked) == {"2"}  # type: ignore[union-attr]


def test_a_last_name_or_an_address_that_others_share_is_answered_once() -> None:
    many = [(str(n), f"ROTH, P{n}ER", f"{n} Elm St") for n in range(100, 140)]
    with pytest.raises(Problems, match=r"\.\.\. and 22 more accounts"):  # 40 accounts, 18 of them named
        confidential.of(roll_of(HER, *many)).settle()
    confidential.of(roll_of(HER, *many), not_her="Roth").settle()
    offices = [(str(n), f"NOVAK{n}", f"{n} Elm St", "PO Box 991") for n in range(100, 140)]
    assert len(confidential.of(roll_of(HER, *offices)).accounts) == 41
    away = confidential.of(roll_of(HER, *offices), not_her="PO Box 991")
    assert len(away.accounts) == 1
    shown = away.shown(roll_of(HER, *offices)["Roll"], ALL["Roll"], SHARE)
    assert shown["Mail 1"].tolist() == ["PO Box 991"] * 40
    assert away.text("goes to Box 991") == WITHHELD, "a free text may still be about her"


def test_an_answer_on_the_roll_is_kept() -> None:
    away = confidential.of(roll_of(HER, ("2", "ROTH, SAM", "1 Elm St", "", "rental, Not confidential")))
    away.settle()
    assert set(away.accounts) == {"1-4"}


def test_a_flagged_account_cannot_be_answered_away_and_a_slip_is_refused() -> None:
    tables = roll_of(HER, ("2", "ROTH, SAM", "1 Elm St"))
    with pytest.raises(BadValue, match="Account 1-4 is itself flagged confidential"):
        confidential.of(tables, not_her="1-4")
    with pytest.raises(BadValue, match='"22" is not known'):
        confidential.of(tables, not_her="22")
    with pytest.raises(BadValue, match='"3" is not known'):
        confidential.of(tables, also_withhold="3")


def test_an_account_that_left_the_roll_and_a_name_she_had_are_hers() -> None:
    tables = roll_of(HER, ("2", "GADFLY, JUDGE", "1 Elm St"), ("3", "NOVAK", "5 Old Rd"), ("8", "NEWMAN", "8 Oak St"))
    tables["History"] = pd.DataFrame(
        [
            {
                "Changed On": DAY,
                "Account": "1-4",
                "Field": "Owner",
                "Before": "GADFLY, JUDGE",
                "After": "ROTH, JUDGE B",
            },
            {"Changed On": DAY, "Account": "1-4", "Field": "Mail 1", "Before": "5 Old Road", "After": "PO Box 991"},
            {"Changed On": DAY, "Account": "8", "Field": "Owner", "Before": "ROTH, JUDGE B", "After": "NEWMAN"},
        ]
    )
    tables["CashBook"] = pd.DataFrame(
        [
            {"Receipt": "R1", "Account": "9", "Taxpayer": "Judge Roth", "Total": 1},
            {"Receipt": "R2", "Account": "3", "Taxpayer": "NOVAK", "Total": 1},
        ]
    )
    away = confidential.of(tables)
    assert away.accounts == {"1-4": "flagged", "2": "same name", "9": "same name", "3": "same address"}
    assert "An earlier owner" in away.protected.asked["8"]  # type: ignore[union-attr]
    assert len(away.shown(tables["History"], ALL["History"], SHARE)) == 0


def test_a_second_parcel_of_the_same_name_never_switches_hiding_off() -> None:
    tables = roll_of(HER, *((str(n), "ROTH, JUDGE B", "77 Hidden Hollow") for n in range(2, 9)))
    assert len(confidential.of(tables).accounts) == 8


# ---- texts --------------------------------------------------------------------------------------------------------------


def telling(account: str = "1-4", **more: str) -> Callable[[str], bool]:
    away = confidential.of(roll_of((account, *HER[1:])))
    return lambda text: away.text(text) == WITHHELD


@pytest.mark.parametrize("text", PLANTED)
def test_a_text_with_anything_of_her_is_withheld_whole(text: str) -> None:
    row = {"Account": "1-4", "Block": "1", "Lot": "4", "Owner": "ROTH, JUDGE B", "Location": "77 Hidden Hollow", "Mail 1": "PO Box 991",
           "Mail 2": "12 Beach Ave", "Email": "chambers@example.org", "Phone": "732-555-0142", "Flags": "confidential"}  # fmt: skip
    away = confidential.of(
        {"Roll": pd.DataFrame([row]), "Duplicate": pd.DataFrame([{"Bill": "2025-1-4", "Account": "1-4"}])}
    )
    assert away.text(text) == WITHHELD


@pytest.mark.parametrize(
    "text", ["account 7", "7", "acct.7", "acct #007", "parcel 7/2025", "for 7, late", "No. 7", "account ７"]
)
def test_a_short_number_of_hers_is_found_as_a_number(text: str) -> None:
    assert telling("7")(text)


@pytest.mark.parametrize(
    "text", ["$7.00", "7.50 paid", "2/7/2025", "2025-07-07", "07:07:07", "7%", "17", "7th", "77", "P7", "25-7"]
)
def test_amounts_dates_and_longer_numbers_are_not_hers(text: str) -> None:
    assert not telling("7")(text)


@pytest.mark.parametrize("text", ["1-4", "1 - 4", "1–4", "account 01-04", "(1-4)", "acct:1-4", "1-4's bill"])
def test_a_number_with_a_dash_is_found_whichever_dash_it_has(text: str) -> None:
    assert telling()(text)


def test_the_law_keeps_its_numbers() -> None:
    """An account called 7 is not meant by a grace period of 7 days, nor a person called Grace by the rule of that name."""
    tables = roll_of(("7", "GRACE, MAY", "1 Elm St", "", "confidential"))
    rules = pd.DataFrame([{"Id": "7", "Rule": "grace", "Key": "days", "Value": "7", "Note": "10 days, for account 7"}])
    shown = confidential.of(tables).shown(rules, ALL["Rules"], SHARE).to_dict("records")
    assert shown == [{"Id": "7", "Rule": "grace", "Key": "days", "Value": "7", "Note": WITHHELD}]


def test_one_receipt_for_several_parcels_keeps_the_others_lines() -> None:
    tables = roll_of(HER, ("2", "NOVAK", "1 Elm St"))
    tables["CashBook"] = pd.DataFrame(
        [{"Receipt": "R9", "Line": n, "Account": a, "Total": 1} for n, a in ((1, "1-4"), (2, "2"))]
    )
    shown = confidential.of(tables).shown(tables["CashBook"], ALL["CashBook"], SHARE)
    assert shown[["Receipt", "Account"]].to_numpy().tolist() == [[WITHHELD, "2"]]


def test_numbers_lead_from_register_to_register() -> None:
    """A later tax names the certificate only, a payment of a warrant the warrant only."""
    tables = roll_of(HER, ("2", "NOVAK", "1 Elm St"))
    tables["Certificates"] = pd.DataFrame(
        [{"Certificate": "C1", "Account": "1-4"}, {"Certificate": "C2", "Account": "2"}]
    )
    tables["Subsequents"] = pd.DataFrame([{"Certificate": c, "Amount": 1} for c in ("C1", "C2")])
    tables["Warrants"] = pd.DataFrame([{"No": "1", "Account": "1-4"}, {"No": "2", "Account": "2"}])
    tables["WarrantMoney"] = pd.DataFrame([{"Warrant": n, "Amount": 1} for n in ("1", "2")])
    away = confidential.of(tables)
    assert away.shown(tables["Subsequents"], ALL["Subsequents"], SHARE)["Certificate"].tolist() == ["C2"]
    assert away.shown(tables["WarrantMoney"], ALL["WarrantMoney"], SHARE)["Warrant"].tolist() == ["2"]


def test_names_are_taken_apart() -> None:
    one, two = persons("ROTH JUDGE B & ROTH SAM")
    assert (one.words, one.initials, two.words) == ({"ROTH", "JUDGE"}, {"B"}, {"ROTH", "SAM"})
    (name,) = persons("Est. of O'Brien, Mary-Ann, Trustee")
    assert (name.surnames, name.words) == ({"OBRIEN"}, {"OBRIEN", "MARY", "ANN"})
    assert persons("OWNER UNKNOWN") == []


def test_nobody_flagged_means_nothing_asked_and_nothing_withheld() -> None:
    tables = roll_of(("1", "ROTH", "1 Elm St"), ("2", "ROTH", "1 Elm St"))
    assert confidential.of(tables) is confidential.NOBODY
    assert confidential.of({}) is confidential.NOBODY
    assert Confidential().shown(tables["Roll"], ALL["Roll"], confidential.CASH_BOOK).equals(tables["Roll"])
    assert not Telling().anything("ROTH, 1 Elm St, account 1")


def test_numbers_of_the_office_s_own_are_not_taken_for_an_account() -> None:
    """A general-ledger account, a deposit or a lot may have the digits of her account: the file has to stay of use."""
    tables = roll_of(HER, ("2", "NOVAK", "1 Elm St"))
    codes = pd.DataFrame(
        [{"Code": "1-4", "Name": "Copies", "GL Account": "1-4"}, {"Code": "R", "Name": "Judge Roth", "GL Account": "5"}]
    )
    shown = confidential.of(tables).shown(codes, ALL["RevenueCodes"], confidential.LEDGER)
    assert shown.to_numpy().tolist() == [["1-4", "Copies", "1-4"], ["R", WITHHELD, "5"]]


def test_a_released_account_is_released_as_the_roll_has_it_and_no_further() -> None:
    """Account 2 is somebody else's now; what names her on it from before stays away."""
    tables = roll_of(HER, ("2", "ROTH, SAM", "1 Elm St"))
    tables["CashBook"] = pd.DataFrame(
        {"Receipt": f"R{n}", "Account": "2", "Taxpayer": t, "Note": note, "Total": 1}
        for n, (t, note) in enumerate((("ROTH, SAM", "cash"), ("Judge B. Roth", "cash"), ("NOVAK", "Sam Roth came in")))
    )
    shown = confidential.of(tables, not_her="2").shown(tables["CashBook"], ALL["CashBook"], SHARE)
    assert shown[["Taxpayer", "Note"]].to_numpy().tolist() == [["ROTH, SAM", "cash"], ["NOVAK", WITHHELD]]


def test_a_file_s_name_does_not_name_her(it: OneBook) -> None:
    with pytest.raises(BadValue, match="The name names a confidential person"):
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
        Problems, match=r"Account 1-1 .ROTH, SAM; 1 Main St.: The last name ROTH is also that of a protected person"
    ):
        given_away(it.path, task)
    assert (sorted(it.path.parent.iterdir()), it.path.read_bytes()) == (files, before)
    for answer in ("not_her", "also_withhold"):
        _, made = given_away(it.path, task, **{answer: "1-1"})
        text = "\n".join(t for name, data in made.items() for t in parts(name, data).values())
        assert ("1 main st" in text or "roth, sam" in text or "2025-1-1" in text) == (answer == "not_her"), answer


# ---- linear in persons --------------------------------------------------------------------------------------------------

SHAPES = {
    "each a house of one's own": (lambda n: f"FAMILY{n:04}, GIVEN{n:04}", lambda n: f"{n} Street{n:04} Rd"),
    "one last name and one street": (lambda n: f"SMITH, GIVEN{n:04}", lambda n: f"{n} Main St"),
    "one tower": (lambda n: f"FAMILY{n:04}, GIVEN{n:04}", lambda n: f"1 Tower St Apt {n}"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_hundred_times_the_persons_is_not_four_times_the_work(shape: str) -> None:
    """A cash book of 10,000 lines and a roll of 2,000 accounts, with 10 and with 1,000 protected persons.

    Every text is looked at once, whoever is looked for: the work hardly grows. Persons times lines would be a hundredfold.
    """
    name, street = SHAPES[shape]
    accounts = [f"A{n}" for n in range(2000)]
    lines = pd.DataFrame(
        {
            "Receipt": f"R{n}",
            "Line": 1,
            "Account": accounts[n % 2000],
            "Taxpayer": name(n % 2000),
            "Note": f"paid by somebody, note {n}",
        }
        for n in range(10_000)
    )

    def work(count: int) -> float:
        roll = pd.DataFrame(
            {"Account": a, "Owner": name(n), "Location": street(n), "Flags": "confidential" if n < count else ""}
            for n, a in enumerate(accounts)
        )
        protected._persons.cache_clear()
        protected._houses.cache_clear()
        started = process_time()
        away = confidential.of({"Roll": roll, "CashBook": lines})
        assert len(away.accounts) == (2000 if shape == "one tower" else count)
        away.shown(lines, ALL["CashBook"], confidential.CASH_BOOK)
        return process_time() - started

    few, many = work(10), work(1000)
    assert many < 4 * few, f"{few:.2f} s for 10 persons, {many:.2f} s for 1,000"
