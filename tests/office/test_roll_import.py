"""The assessor's roll: any sheet by column mapping, New Jersey's MOD-IV file, control totals, and what changed since."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from xltax.actions.incoming import read_named
from xltax.data import open_csv
from xltax.errors import BadValue, TaxError
from xltax.office.billing import roll_changes, roll_import
from xltax.office.intake.targets import TARGETS
from xltax.tables import Parcel
from xltax.tables.table import Table

LAYOUT = {r["field"]: (int(r["offset"]), int(r["length"])) for r in open_csv("nj_modiv/layout").to_dict("records")}
# The first 127 characters of a real record, Jersey City 2025 (HackJerseyCity/jc-taxes, tests/test_modiv_parse.py,
# commit 2fb0fc17, which pads it with blanks as we do). It carries no owner.
REAL = (
    "090600101    00001  01         HM2000122724673700655780 4B1075 SECAUCUS RD.        PROP.1S-IN-W-P "
    "39.408 ACRES        000394080"
)


def record(**fields: str) -> str:
    """A MOD-IV record of 700 characters with these fields at their places."""
    given = {"COUNTY-DISTRICT": "1309", "BLOCK": "12", "LOT": "3.01", "PROPERTY-CLASS": "2", "NET-VALUE": "000400000"}
    line = [" "] * roll_import.RECORD
    for name, text in (given | {k.replace("_", "-"): v for k, v in fields.items()}).items():
        start, length = LAYOUT[name]
        assert len(text) <= length, name
        line[start : start + len(text)] = text
    return "".join(line)


def modiv(tmp_path: Path, *records: str, end: str = "\r\n") -> Path:
    path = tmp_path / "MonmouthRE.txt"
    path.write_bytes((end.join(records) + end).encode("latin-1"))
    return path


# ---- column mapping -------------------------------------------------------------------------------------------------


def table(folder: Path, *rows: tuple[object, ...], header: tuple[str, ...]) -> Path:
    path = folder / "roll.csv"
    pd.DataFrame([list(r) for r in rows], columns=list(header), dtype=object).to_csv(path, index=False)
    return path


def as_roll(path: Path, mapping: str = "", levy_type: str = "") -> Table[Parcel]:
    return read_named(path, TARGETS["roll"], mapping, levy_type).found.rows


def test_known_headers_map_themselves_and_ids_keep_their_zeros(tmp_path: Path) -> None:
    got = as_roll(
        table(tmp_path, ("0012", "A", "250,000", "X1"), header=("PARCEL", "owner name", "Assessed Value", "Hers"))
    )
    assert got[["Account", "Owner", "Net Value", "Levy Type"]].to_numpy().tolist() == [["0012", "A", 25_000_000, "RE"]]
    assert "Hers" not in got, "a column of her own is not the roll's"


def test_a_mapping_names_ours_and_theirs_whatever_the_case(tmp_path: Path) -> None:
    path = table(tmp_path, ("7", "A", "5"), header=("Parcel Ident", "Who", "Total $"))
    got = as_roll(path, "account=PARCEL IDENT, OWNER=who, Net Value=Total $", "MV")
    assert got[["Account", "Owner", "Net Value", "Levy Type"]].to_numpy().tolist() == [["7", "A", 500, "MV"]]


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ("Net Value=Worth", 'roll.csv: There is no column "Worth". Use one of: Account, Value.'),
        ("Worth=Value", '"Worth" is not a column of roll.'),
        ("", 'roll.csv: The column "Net Value" is missing.'),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(tmp_path: Path, mapping: str, words: str) -> None:
    with pytest.raises(TaxError) as refused:
        as_roll(table(tmp_path, ("1", "5"), header=("Account", "Value")), mapping)
    assert words in str(refused.value)


def test_every_wrong_cell_is_named(tmp_path: Path) -> None:
    rows = (("1", "abc"), ("1", "5"), ("", "6"), ("3", "0.001"))
    with pytest.raises(TaxError) as refused:
        as_roll(table(tmp_path, *rows, header=("Account", "Net Value")))
    assert {p.where for p in refused.value.problems} == {"roll.csv!B2", "roll.csv!A4", "roll.csv!B5"}
    with pytest.raises(TaxError, match=r"roll.csv!A3: Account 1 is already at roll.csv!A2"):
        as_roll(table(tmp_path, ("1", "4"), ("1", "5"), header=("Account", "Net Value")))


@pytest.mark.parametrize(
    ("raw", "owner"),
    [
        (b"Account,Owner,Net Value\n1,Jos\xc3\xa9,5\n", "José"),
        (b"\xef\xbb\xbfAccount,Owner,Net Value\r\n1,Jos\xc3\xa9,5\r\n", "José"),
        (b"Account,Owner,Net Value\n1,Jos\xe9,5\n", "José"),
        (b"Account;Owner;Net Value\n1;A, B;5\n", "A, B"),
        (b"Account\tOwner\tNet Value\n1\tA, B\t5\n", "A, B"),
        (b'Account,Owner,Net Value\n1,"A ""B"" C",5\n', 'A "B" C'),
        (b'Account,Owner,Net Value\n1,"LINE ONE\nLINE TWO",5\n', "LINE ONE LINE TWO"),
        ("Account,Owner,Net Value\n1,A\u2028B\x85C,5\n".encode(), "A B C"),
    ],
)
def test_text_files_as_offices_have_them(tmp_path: Path, raw: bytes, owner: str) -> None:
    path = tmp_path / "roll.csv"
    path.write_bytes(raw)
    got = as_roll(path)
    assert got[["Account", "Owner", "Net Value"]].to_numpy().tolist() == [["1", owner, 500]]


# ---- MOD-IV ---------------------------------------------------------------------------------------------------------


def test_a_modiv_record_is_read_by_its_layout(tmp_path: Path) -> None:
    line = record(
        BLOCK="00012", LOT="00003", QUALIFIER="C0001", PROPERTY_CLASS="15A", PROPERTY_LOCATION="1 MAIN ST", OWNER_NAME="SMITH, JOHN",
        STREET_ADDRESS="PO BOX 1", CITY_STATE="COLTS NECK NJ", ZIP_CODE="077220000", BANK_CODE="00123", LAND_VALUE="000150000",
        IMPROVEMENT_VALUE="000250000", NET_VALUE="000400000", LAST_YEAR_TAX="00093004E",
    )  # fmt: skip
    path = modiv(tmp_path, line, record(LOT="4", LAST_YEAR_TAX="9300450"))
    assert roll_import.is_modiv(path)
    got = roll_import.from_modiv(path).rows
    first = got.iloc[0]
    assert first["Account"] == "12-3-C0001"
    assert (first["Block"], first["Lot"], first["Qualifier"]) == ("12", "3", "C0001")
    assert (first["Owner"], first["Billed Owner"], first["Location"]) == ("SMITH, JOHN", "SMITH, JOHN", "1 MAIN ST")
    assert (first["Mail 1"], first["Mail 2"], first["Mail 3"]) == ("PO BOX 1", "COLTS NECK NJ", "077220000")
    assert (first["Class"], first["Mortgagee"]) == ("15A", "00123")
    assert (first["Land"], first["Improvements"], first["Net Value"]) == (15_000_000, 25_000_000, 40_000_000)
    assert first["Prior Tax"] == 930_045
    assert got.iloc[1]["Prior Tax"] == 9_300_450, "left-justified, as real files have it"
    assert got.iloc[1]["Account"] == "12-4"


def test_the_beginning_of_a_real_record(tmp_path: Path) -> None:
    assert len(REAL) == 127
    path = modiv(tmp_path, REAL.ljust(roll_import.RECORD))
    assert roll_import.is_modiv(path)
    got = roll_import.from_modiv(path).rows.iloc[0]
    # Five digits and a suffix: block 101, lot 1.01, as New Jersey writes them.
    assert (got["Block"], got["Lot"], got["Account"]) == ("101", "1.01", "101-1.01-HM")
    assert (got["Qualifier"], got["Class"], got["Location"]) == ("HM", "4B", "1075 SECAUCUS RD.")
    assert got["Owner"] == ""
    assert got["Net Value"] == 0


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("00000000{", 0),
        ("00012345A", 123451),
        ("00012345J", -123451),
        ("00000000}", 0),
        ("00000001R", -19),
        ("9300450", 9300450),
        ("000123456", 123456),
        ("", 0),
    ],
)
def test_zoned_decimals(text: str, cents: int) -> None:
    assert roll_import.zoned(text) == cents


@pytest.mark.parametrize("text", ["12X", "ABC", "1.50", "12 34", "-5"])
def test_what_is_no_zoned_decimal(text: str) -> None:
    with pytest.raises(BadValue, match="is not an amount"):
        roll_import.zoned(text)


def test_every_bad_record_is_named_by_its_line(tmp_path: Path) -> None:
    path = modiv(
        tmp_path, record(), "too short", record(LOT="4", NET_VALUE="0004X0000"), record(LOT="5", LAST_YEAR_TAX="??")
    )
    with pytest.raises(TaxError) as refused:
        roll_import.from_modiv(path)
    assert [p.where for p in refused.value.problems] == [f"MonmouthRE.txt line {n}" for n in (2, 3, 4)]
    with pytest.raises(TaxError, match=r"Account 12-3\.01 is already at"):
        roll_import.from_modiv(modiv(tmp_path, record(), record()))
    with pytest.raises(TaxError, match="The file has no records"):
        roll_import.from_modiv(modiv(tmp_path, "", "\x1a"))


def test_a_csv_file_is_not_taken_for_modiv(tmp_path: Path) -> None:
    path = tmp_path / "roll.csv"
    path.write_text("Account,Net Value\n1,5\n", encoding="utf-8")
    assert not roll_import.is_modiv(path)


def test_every_end_of_line_and_an_end_of_file_mark(tmp_path: Path) -> None:
    for end in ("\n", "\r\n"):
        assert len(roll_import.from_modiv(modiv(tmp_path, record(), record(LOT="4"), "\x1a", end=end)).rows) == 2


def test_a_byte_that_some_call_a_line_end_does_not_split_a_record(tmp_path: Path) -> None:
    path = modiv(tmp_path, record(OWNER_NAME="CAF\x85 \x1c OWNER"), record(LOT="4"))
    assert roll_import.from_modiv(path).rows["Account"].tolist() == ["12-3.01", "12-4"]


# ---- control totals and changes ---------------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> Table[Parcel]:
    rows = (("1", "A", "100.00", "1 Main"), ("2", "B", "200.50", "2 Main"))
    return as_roll(table(tmp_path, *rows, header=("Account", "Owner", "Net Value", "Location")))


def test_a_roll_that_ties_says_nothing(small: Table[Parcel]) -> None:
    assert roll_import.control(small) == []
    assert roll_import.control(small, 2, 30_050) == []


def test_how_far_a_roll_is_off_is_told_to_the_row_and_the_cent(small: Table[Parcel]) -> None:
    assert roll_import.control(small, 3, 30_049) == [
        "The roll has 2 rows, but the control count is 3: a difference of -1.",
        "The net value is $300.50, but the control total is $300.49: a difference of $0.01.",
    ]
    assert roll_import.control(small, 0, 0)[0] == "The roll has 2 rows, but the control count is 0: a difference of +2."


def test_changes_are_kept_with_their_day(small: Table[Parcel], tmp_path: Path) -> None:
    rows = (("2", "C", "210", "2 Main"), ("1", "A", "100.00", "1 Main"), ("3", "NEW", "5", ""))
    after = as_roll(table(tmp_path, *rows, header=("Account", "Owner", "Net Value", "Location")))
    got = roll_changes.changes(small.frame, after.frame, dt.date(2025, 10, 1))
    assert got[["Account", "Field", "Before", "After"]].to_numpy().tolist() == [
        ["2", "Owner", "B", "C"],
        ["2", "Net Value", "200.50", "210.00"],
    ]
    assert set(got["Changed On"].dt.date) == {dt.date(2025, 10, 1)}
    assert len(roll_changes.changes(small.head(0).frame, after.frame, dt.date(2025, 10, 1))) == 0
    assert len(roll_changes.changes(small.frame, small.frame, dt.date(2025, 10, 1))) == 0
