"""Senders that are known from the start: each mapping has its source, and is found by the look of a file or by its name."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

from tests.intake.intake_files import TOWN, NewBook
from xltax.actions import day
from xltax.actions.setup import bring_in, look_at
from xltax.data import open_text
from xltax.office.counter.batches import FILLED
from xltax.office.intake import senders
from xltax.tables.counter import MappedColumn

AUGUST = dt.date(2025, 8, 31)


def test_every_mapping_has_a_source_and_fills_columns_of_a_payment() -> None:
    for one in tomllib.loads(open_text("senders.toml"))["sender"]:
        assert one["source"].startswith(("https://", "assume: "))
    assert set(senders.shipped()[MappedColumn.column]) <= set(FILLED)


def test_a_file_with_the_headers_of_a_known_sender_needs_no_answer(book: NewBook, tmp_path: Path) -> None:
    """The headers TaxColl2k asks of a mortgage company; "PaidBy" alone would be taken for the tender."""
    office = book("open")
    path = tmp_path / "bulk.csv"
    bill = office.read("Duplicate")["Bill"].iloc[0]
    path.write_text(f"CtlNumber,PaidBy,Bill,PaymentAmount,Received\n77,FIRST BANK,{bill},100.00,8/14/2025\n", "utf-8")
    look = look_at(office, "payments", path, control_total=100_00).text
    assert look.endswith("Ready to import.")
    assert "Payer = PaidBy" in look
    bring_in(office, "payments", 100_00, path, today=AUGUST)
    assert office.read("CashBook")["Bill"].iloc[-1] == bill
    assert set(office.read("Mappings")["Mapping"]) >= {"TaxColl2k"}, "from now on it is the workbook's own"


def test_a_known_sender_is_named_when_a_batch_comes_in(book: NewBook) -> None:
    office = book("open")
    said = day.import_batch(office, TOWN / "core2.csv", "Wells Fargo", 154_257_87, today=AUGUST).text
    assert 'The file has the headers of "CoreLogic", and is read in the same way.' in said


def test_a_layout_of_places_is_read_by_the_senders_name(book: NewBook, tmp_path: Path) -> None:
    """The county's own example: $1,267.79 is written 126779."""
    office = book("open")
    path = tmp_path / "parcels.txt"
    path.write_text("0012-4         12677912345LN00000000001\n0014-2         00010012345LN00000000002\n", "ascii")
    said = day.import_batch(office, path, "Arapahoe County", 1268_79, today=AUGUST).text
    assert "2 rows, $1,268.79 (2 matched)" in said
    assert office.read("BatchLines")["Reference"].tolist() == ["LN00000000001", "LN00000000002"]


def test_the_workbooks_own_mapping_of_a_name_comes_first(book: NewBook) -> None:
    office = book("open")
    own = office.read("Mappings").iloc[:0]
    own.loc[0] = ["arapahoe county", "Amount", "Paid", "", 0]
    from xltax.tables.counter import MAPPINGS
    from xltax.tables.table import Table

    known = senders.known(Table.made(MAPPINGS, own))
    assert "Arapahoe County" not in set(known[MappedColumn.mapping])
    assert "CoreLogic" in set(known[MappedColumn.mapping])
