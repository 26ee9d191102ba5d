"""The mechanism of the lists: a town has the lists of its rules, every one foots and prints, public copies, the sheet."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tests.enforcement.offices import (
    CT,
    CT_DAY,
    CT_ROLL,
    NJ,
    NJ_DAY,
    NJ_ROLL,
    Office,
    connecticut,
    ct_bill,
    frame,
    made,
    new_jersey,
    nj_bill,
    records,
)
from xltax.actions import delinquency
from xltax.errors import BadValue
from xltax.hosts.files import FilesBook
from xltax.law.load import load
from xltax.office.collection import list_pages, lists
from xltax.tables.enforcement import TEXTS

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")
D = dt.date


def test_an_unknown_list_names_those_there_are() -> None:
    with pytest.raises(BadValue, match=r'no list "banana".*delinquent.*tax_sale'):
        lists.rule_of(load(NJ), "banana", NJ_DAY)
    assert lists.rule_of(load(NJ), " Tax Sale ", NJ_DAY).sort == "tax_sale"


def test_a_town_has_the_lists_of_its_profile() -> None:
    assert "suspense" not in lists.kinds(load(NJ), NJ_DAY)
    assert "quarterly" not in lists.kinds(load(CT), CT_DAY)
    assert list(lists.kinds(load("us-pa-borough"), CT_DAY)) == ["bankruptcy", "calls", "delinquent"]


def test_a_wrong_column_of_a_rule_is_named() -> None:
    m = made(new_jersey(), "quarterly")
    wrong = replace(m, rule=replace(m.rule, params=replace(m.params, columns=("Owner", "Colour"))))
    with pytest.raises(BadValue, match='"Colour" is not a column of a list'):
        list_pages.pages(wrong, frame((), TEXTS), "Quillhaven", "Tax collector")


@pytest.mark.parametrize("town", [CT, NJ])
def test_every_list_of_a_town_with_nothing_open_is_empty_and_prints(town: str) -> None:
    bills = [ct_bill("1", "R1", "P1", "RE", 2023, 0)] if town == CT else [nj_bill("001", 2024, 0)]
    r = records(town, D(2025, 3, 3), bills, CT_ROLL if town == CT else NJ_ROLL)
    for kind, rule in lists.kinds(r.town, r.as_of).items():
        m = lists.make(rule, r)
        assert len(m.rows) == 0, kind
        assert list_pages.pages(m, frame((), TEXTS), "Quillhaven", "Tax collector"), kind


@pytest.mark.parametrize("town", [CT, NJ])
def test_every_list_prints_and_its_items_add_up_to_its_rows(town: str) -> None:
    r = connecticut() if town == CT else new_jersey()
    for kind, rule in lists.kinds(r.town, r.as_of).items():
        m = lists.make(rule, r)
        assert m.items["Total"].sum() == m.total, kind
        assert m.rows["Items"].sum() == len(m.items), kind
        assert list_pages.pages(m, frame((), TEXTS), "Quillhaven", "Tax collector"), kind


def test_the_list_sheet_shows_what_it_is(ct: Office) -> None:
    said = ct.do(delinquency.make_list, "tax sale")
    assert said == "Tax sale list, as of 2025-03-03: 2 rows, $24,898.00. Accounts not listed: 1 for bankruptcy."
    table = ct.read("Listed")
    assert table[["Account", "Total", "Reason"]].to_numpy().tolist() == [
        ["R1", 9658, "2 levy years"],
        ["R6", 15240, "above $10,000.00"],
    ]
    said = ct.do(delinquency.make_list, "calls", public=True)
    assert "2 for confidentiality" in said


def test_with_no_name_every_list_is_counted(nj: Office) -> None:
    said = nj.do(delinquency.make_list)
    assert {line.split("  ")[0] for line in said.splitlines()[1:]} == {
        "bankruptcy", "calls", "default", "delinquent", "homestead", "quarterly", "receivership", "reminder", "tax sale", "uncollectible",
    }  # fmt: skip
    assert nj.read("Listed").empty, "nothing is written"


def test_a_list_for_another_day_leaves_start_as_it_is(nj: Office) -> None:
    nj.do(delinquency.make_list, "tax sale", as_of=D(2025, 10, 15))
    assert str(FilesBook.open(nj.path).get("as_of"))[:10] == "2025-03-03"


def test_the_public_cash_book_withholds_names_and_keeps_the_totals(ct: Office) -> None:
    ct.add(
        "CashBook",
        {"Receipt": "1", "Line": 1, "Received": D(2025, 3, 3), "Account": "R3", "Taxpayer": "CLARK", "Property": "R3 Elm St", "Tax": 1234, "Total": 1234},
        {"Receipt": "2", "Line": 1, "Received": D(2025, 3, 3), "Account": "R1", "Taxpayer": "=ADAMS", "Property": "R1 Elm St", "Tax": 100, "Total": 100},
    )  # fmt: skip
    said = ct.do(delinquency.public_cash_book)
    assert "2 lines, $13.34; 1 line withheld" in said
    text = ct.beside("public").read_text(encoding="utf-8-sig")
    assert "CLARK" not in text
    assert "R3" not in text
    assert "12.34" in text
    assert "'=ADAMS" in text, "no formula for the program that opens it"


def test_a_vehicle_gone_from_the_roll_is_withheld_with_its_confidential_owner(ct: Office) -> None:
    ct.add("Duplicate", ct_bill("21-M8", "M8", "P3", "MV", 2021, 10_000))
    ct.add(
        "CashBook",
        {"Receipt": "1", "Line": 1, "Received": D(2025, 3, 3), "Account": "M8", "Taxpayer": "CLARK", "Bill": "21-M8", "Tax": 1234, "Total": 1234},
    )  # fmt: skip
    assert "1 line, $12.34; 1 line withheld" in ct.do(delinquency.public_cash_book)
    assert "CLARK" not in ct.beside("public").read_text(encoding="utf-8-sig")


def test_every_letter_a_family_comes_with_fits_a_list_of_its_state() -> None:
    from xltax.workbooks.texts import texts

    from xltax.office.collection.credits import LETTER

    for template, town in (("us-nj", NJ), ("us-ct", CT), ("us-md", "us-md-baltimore-city")):
        have = set(lists.kinds(load(town), CT_DAY))
        named = {str(name).removeprefix("list ") for name in texts(template)["Letter"]}
        assert named - {LETTER} <= have, template  # the letter about unclaimed money goes with Credits by Age
