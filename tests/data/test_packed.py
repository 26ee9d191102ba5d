"""The packed tables: they open as text, column by column, and each folder says where its data comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

import xltax.data
from xltax.data import open_csv, open_text

ROOT = Path(xltax.data.__file__).parent
TABLES = {
    "glastonbury_ct/real_estate_2018": (10_406, ["list_no", "location", "assessment", "bill_published"]),
    "glastonbury_ct/motor_vehicle_2018": (26_699, ["list_no", "vehicle", "assessment", "bill_published"]),
    "baltimore_md/liens_2018_2020": (
        5_339,
        ["list_year", "block_lot", "assessed_value", "months", "flat_charge", "lien_published"],
    ),
    "nj_modiv/layout": (30, ["field", "picture", "offset", "length"]),
    "nj_modiv/class_codes": (17, ["class", "meaning"]),
}


def test_these_tables_and_no_others() -> None:
    assert {str(p.relative_to(ROOT)).removesuffix(".csv.xz") for p in ROOT.rglob("*.csv.xz")} == set(TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_it_opens_as_text(name: str) -> None:
    rows, columns = TABLES[name]
    table = open_csv(name)
    assert (len(table), list(table.columns)) == (rows, columns)
    assert all(isinstance(v, str) for v in table.iloc[0])


@pytest.mark.parametrize("folder", sorted({n.split("/")[0] for n in TABLES}))
def test_it_says_where_it_comes_from(folder: str) -> None:
    text = open_text(f"{folder}/SOURCE.md")
    assert "Source:" in text
    assert "license" in text
    assert "Dropped:" in text


def test_the_record_layout_fits_a_real_record() -> None:
    """The first fields of a record as Jersey City's file has them, which a program's test publishes."""
    line = "090600101    00001  01         HM2000122724673700655780 4B".ljust(700)
    layout = open_csv("nj_modiv/layout")
    spans = zip(layout["field"], layout["offset"].astype(int), layout["length"].astype(int), strict=True)
    read = {field: line[offset : offset + length].strip() for field, offset, length in spans}
    assert (read["COUNTY-DISTRICT"], read["BLOCK"], read["LOT"]) == ("0906", "00101", "00001  01")
    assert (read["QUALIFIER"], read["PROPERTY-CLASS"]) == ("HM", "4B")
