"""What the office is called stands on its pages: the profile's word, and the town's own where the Rules are changed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from xltax.workbooks.texts import texts

from tests.office.billed_town import Office
from xltax.actions import bills, quotes, statements
from xltax.actions.desk import Desk
from xltax.hosts.files import FilesBook
from xltax.pages import Signatures

D = dt.date


@pytest.mark.parametrize(
    ("town", "office", "collector"),
    [
        ("us-nj-colts-neck", "Office of the Tax Collector", "Tax collector"),
        ("us-ct-south-windsor", "Office of the Collector of Revenue", "Collector of Revenue"),
        ("us-ct-hartford", "Office of the Tax Collector", "Tax collector"),
        ("us-md-baltimore-city", "Bureau of Revenue Collections", "For the Director of Finance"),
        ("us-la-east-baton-rouge", "Finance Department, Revenue Division", "For the Finance Director"),
        ("us-pa-borough", "Office of the Tax Collector", "Tax collector"),
    ],
)
def test_every_state_has_its_word(tmp_path: Path, town: str, office: str, collector: str) -> None:
    desk = Desk(FilesBook.open(Office(tmp_path / "town.xlsx", town).path))
    assert (desk.office, desk.collector) == (f"Quillhaven, {office}", collector)


def test_connecticuts_word_heads_bills_quotes_and_statements_and_a_town_can_change_it(tmp_path: Path) -> None:
    it = Office(tmp_path / "ct.xlsx", "us-ct-south-windsor")
    it.bill("Account,Owner,Mail 1,Net Value\nR1,OWNER,1 Elm St,200000\n", 2024, "RE=32.75", D(2025, 6, 24))
    it.do(quotes.quote, "R1", on=D(2025, 9, 2), days=2, requested_by="Smith Title", today=D(2025, 9, 2))
    it.do(statements.month_report, through=D(2025, 9, 30))
    pages = [page for put in it.pages.values() for page in put]
    assert len(pages) == 3
    assert {p.office for p in pages} == {"Quillhaven, Office of the Collector of Revenue"}
    signed = [label for p in pages for b in p.blocks if isinstance(b, Signatures) for label in b.labels]
    assert signed == [
        "Collector of Revenue",
        "Date",
        "Collector of Revenue, and date",
        "Received for the board of finance, and date",
    ]

    book = FilesBook.open(it.path)
    rules = book.read("Rules")
    rules.loc[rules["Value"] == "Office of the Collector of Revenue", "Value"] = "Tax Office"
    book.replace_columns("Rules", rules[["Value"]])
    book.save()
    it.do(bills.duplicate_bill, "2024-R1", no_fee=True, today=D(2025, 9, 3))
    assert it.pages["duplicate bill 2024-R1 copy 1"][0].office == "Quillhaven, Tax Office"


def test_letters_are_signed_by_the_officer_not_by_one_title_for_all() -> None:
    for template in ("us-nj", "us-ct", "us-md"):
        rows = texts(template)
        signed = rows[rows["Style"] == "signature"]
        assert len(signed)
        assert not signed["Text"].str.contains("Tax collector", case=False).any(), template
