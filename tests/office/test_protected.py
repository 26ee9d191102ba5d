"""Who is the same person: names and houses taken apart, what is asked, what is found in a text; linear in persons."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pandas as pd
import pytest

from tests.office.judge_roth import DAY, PLANTED
from xltax.errors import BadValue, Problems
from xltax.office.sharing import confidential, protected
from xltax.office.sharing.confidential import SHARE, WITHHELD, Confidential
from xltax.office.sharing.mentions import Telling
from xltax.office.sharing.names import persons
from xltax.tables import ALL

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
    with pytest.raises(BadValue, match="Account 1-4 is flagged confidential"):
        confidential.of(tables, not_her="1-4")
    with pytest.raises(BadValue, match='"22" does not match this workbook'):
        confidential.of(tables, not_her="22")
    with pytest.raises(BadValue, match='"3" does not match this workbook'):
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
