"""A text file that came in: its encoding, its separator, its quotes and its fixed widths; and no input ends in a traceback."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.intake import made_books as made
from tests.intake.test_kinds import _book, one, refused
from xltax.errors import TaxError
from xltax.hosts.incoming import sheets_of

ROWS = [
    ["Account", "Owner", "Amount"],
    ["0012-4", "PEÑA JOSÉ", "1,405.00"],
    ["0013-7.01", 'BAKER "BUD" & SONS', "2,248.00"],
]


def _quoted(rows: list[list[str]], separator: str) -> str:
    return "\n".join(separator.join('"' + v.replace('"', '""') + '"' for v in row) for row in rows) + "\n"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_separator_in_every_encoding(tmp_path, separator, encoding) -> None:
    sheet = one(tmp_path / "a.csv", _quoted(ROWS, separator).encode(encoding))
    assert sheet.rows == ROWS
    assert (sheet.text, sheet.fixed, sheet.odd, sheet.lines, sheet.notes) == (True, False, {}, None, [])


def test_the_separator_is_the_one_that_all_lines_agree_on(tmp_path) -> None:
    text = "Town of Millbrook, roll, 2025, all\nAccount|Owner|Amount\n1|ADAMS, JANE|1,405.00\n2|BAKER, TOM|2,248.00\n"
    assert one(tmp_path / "a.csv", text).rows[2] == ["1", "ADAMS, JANE", "1,405.00"]
    assert one(tmp_path / "a.csv", "Konto;Betrag\n1;2,50\n3;4,50\n").rows[1] == ["1", "2,50"]
    assert one(tmp_path / "a.csv", "Account\n0012-4\n0013-7.01\n").rows == [["Account"], ["0012-4"], ["0013-7.01"]]
    assert one(tmp_path / "a.csv", 'Account, Owner\n1, "ADAMS, JANE"\n').rows[1] == ["1", "ADAMS, JANE"]


def test_one_byte_that_is_not_utf_8_is_named_by_its_cell_and_the_file_stays_utf_8(tmp_path) -> None:
    data = "Account,Owner\n12-4,PEÑA JOSÉ\n12-5,".encode() + b"SMITH \x96 JONES\n"
    sheet = one(tmp_path / "a.csv", data)
    assert sheet.rows[1:] == [["12-4", "PEÑA JOSÉ"], ["12-5", "SMITH – JONES"]]
    assert sheet.odd == {
        (2, 1): 'This cell has a byte (0x96) that is not UTF-8. As Windows text the cell reads "SMITH – JONES".'
    }
    told = one(tmp_path / "a.csv", data, encoding="cp1252")
    assert (told.rows, told.odd) == (sheet.rows, {})
    assert one(tmp_path / "a.csv", b"A,B\n1,PE\xd1A \x96\x81\n").odd == {}
    forced = one(tmp_path / "a.csv", b"A,B\n1,PE\xd1A \x96\n", encoding="utf-8")
    assert forced.rows[1] == ["1", "PEÑA –"]
    assert "2 bytes (0xD1, 0x96) that are not UTF-8" in forced.odd[1, 1]
    assert "is not an encoding" in refused(tmp_path / "a.csv", data, encoding="latin1")


@pytest.mark.parametrize(("text", "line"), [
    ('A,B\n1,"902\n2,A1\n', 2), ('A,B\n1,x\n2,"902\n3,"A1"\n4,"A2"\n', 3), ('A,B\n1,"two\nlines"\n2,"902\n', 4),
    ('A,B,C\n1,"902,x\n2,A1,y"\n3,4,5\n6,7,8\n', 2), ('A,B\r\n1,"902\r\n2,A1\r\n', 2),
])  # fmt: skip
def test_a_quote_that_never_closes_is_named_by_the_line_on_which_it_opens(tmp_path, text, line) -> None:
    assert refused(tmp_path / "a.csv", text).startswith(
        f"a.csv line {line}: This line opens a quote that never closes. "
    )


def test_quotes_that_are_part_of_a_text_do_not_stop_the_file(tmp_path) -> None:
    assert one(tmp_path / "a.txt", 'A|B|C\n1|"OLD MILL|2\n3|5" PIPE|4\n').rows[1] == ["1", '"OLD MILL', "2"]
    sheet = one(tmp_path / "a.csv", 'A,B\n1,"SMITH "BUD" JOHN"\n2,x\n')
    assert len(sheet.rows[1]) == 2
    assert sheet.notes


def test_a_row_that_goes_over_two_lines_has_the_line_it_begins_on(tmp_path) -> None:
    sheet = one(tmp_path / "a.csv", 'A,B\n1,"1 Main St\nTown, NJ"\n2,x\n')
    assert sheet.rows[1:] == [["1", "1 Main St\nTown, NJ"], ["2", "x"]]
    assert sheet.lines == [1, 2, 4]


# ---- fixed width -----------------------------------------------------------------------------------------------------

LINES = [
    f"{block:>9}{lot:>9}{qualifier:<6}{loan:<15}{cents:011d}{day}"
    for block, lot, qualifier, loan, cents, day in [
        ("2", "21", "", "LN00000000", 210220, "20250808"), ("12", "7", "QFARM", "LN00000001", 170233, "20250808"),
        ("3", "16", "", "LN00000003", 181086, "20250811"),
    ]
]  # fmt: skip


def test_the_fields_of_a_fixed_width_file_are_found(tmp_path) -> None:
    sheet = one(tmp_path / "L.TXT", "\r\n".join(LINES) + "\r\n")
    assert sheet.fixed
    assert sheet.rows[0] == ["1-9", "10-18", "19-24", "25-34", "35-50", "51-58"]
    assert sheet.rows[2] == ["12", "7", "QFARM", "LN00000001", "00000170233", "20250808"]
    assert sheet.lines == [0, 1, 2, 3]


def test_a_lot_with_a_letter_stays_one_field(tmp_path) -> None:
    lines = [
        f"{a:<8}{b:<6}{c:>10}"
        for a, b, c in [("0012", "4", "100.00"), ("0013", "12A", "90.00"), ("0014", "22B", "1,100.00")]
    ]
    assert one(tmp_path / "f.txt", "\n".join(lines)).rows[2] == ["0013", "12A", "90.00"]


def _servicer(code: str, names: tuple[str, ...]) -> list[str]:
    parcels = [("12", "4", 140500), ("13", "7.01", 224800), ("14", "2", 101160)]
    return [f"{code}{b:<9}{lot:<9}{n:<30}20250808{c:011d}" for (b, lot, c), n in zip(parcels, names, strict=True)]


MANY_COMMAS, FEW = ("ADAMS, JANE", "BORG, PETER", "CANTU, LLC"), ("ADAMS, JANE", "BORG PETER", "CANTU LLC")


@pytest.mark.parametrize("names", [MANY_COMMAS, FEW])
@pytest.mark.parametrize("padded", [False, True])
@pytest.mark.parametrize(("head", "code", "foot"), [("HDRSERVICER 20250808", "DTL", "TRL0000003 00000466460"), ("HDRSERVICER 20250808", "", "TRL0000003"),
                                                    ("H 20250808", "D", "T0000003"), ("", "", "")])  # fmt: skip
def test_names_with_commas_do_not_make_a_fixed_width_file_a_csv(tmp_path, names, padded, head, code, foot) -> None:
    lines = [line for line in (head, *_servicer(code, names), foot) if line]
    sheet = one(tmp_path / "f.txt", "\n".join(line.ljust(70 if padded else 0) for line in lines) + "\n")
    assert sheet.fixed
    assert [row[-4:] for row in sheet.rows[1:]] == [
        ["4", names[0], "20250808", "00000140500"], ["7.01", names[1], "20250808", "00000224800"], ["2", names[2], "20250808", "00000101160"],
    ]  # fmt: skip
    assert [row[:-4] for row in sheet.rows[1:]] == [[code, n] if code else [n] for n in ("12", "13", "14")]
    assert sheet.notes == [
        f'Line {n} was left out as a {kind} record: "{line}".'
        for n, kind, line in ((1, "header", head), (5, "trailer", foot))
        if line
    ]


def test_the_same_records_are_left_out_where_the_positions_are_known(tmp_path) -> None:
    lines = ["HDRSERVICER 20250808", *_servicer("", FEW), "TRL0000003"]
    sheet = one(tmp_path / "f.txt", "\n".join(lines), places={"Block": (0, 9), "Amount": (56, 67)})
    assert sheet.rows[1:] == [["12", "00000140500"], ["13", "00000224800"], ["14", "00000101160"]]
    assert len(sheet.notes) == 2


@pytest.mark.parametrize("text", [
    "Account,Name,Amount\n0012-4,ADAMS JANE  1 MAIN STREET,1405.25\n0012-41,ADAMS JANE  1 MAIN STREE,1405.25\n",
    "Payments\nAccount,Name,Amount\n0012-4,ADAMS  JANE   MAIN STREET,1405.25\n0012-41,ADAMS  JANE   MAIN STREE,1405.25\n",
    "HDR 2025\n0012-4,ADAMS JANE                       ,  1405.25\n0013-7.01,BORG                          ,  2248.00\n",
    "HDR,SERVICER,20250808\nDTL,0012-4,1405.25,ADAMS  JANE    X\nDTL,0013-7,2248.00,BORG   PETER   X\nTRL,2,3653.25\n",
])  # fmt: skip
def test_a_csv_with_blanks_and_rows_of_one_length_stays_a_csv(tmp_path, text) -> None:
    sheet = one(tmp_path / "f.txt", text)
    assert not sheet.fixed
    assert max(map(len, sheet.rows)) in (3, 4)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_letter_beyond_ascii_does_not_shift_the_columns(tmp_path, encoding) -> None:
    text = "\n".join(f"{account:<10}{owner:<12}{amount:>9}" for account, owner, amount in
                     [("0012-4", "PEÑA, JOSÉ", "123.45"), ("0013-7.01", "BAKER, TOM", "1,248.00")])  # fmt: skip
    places = {"Account": (0, 10), "Amount": (22, 31)}
    sheet = one(tmp_path / "f.txt", text.encode(encoding), places=places)
    assert sheet.rows == [["Account", "Amount"], ["0012-4", "123.45"], ["0013-7.01", "1,248.00"]]
    found = one(tmp_path / "f.txt", text.encode(encoding))
    assert [row[-1] for row in found.rows[1:]] == ["123.45", "1,248.00"]
    assert "but the mapping starts reading at position 23" in refused(tmp_path / "f.txt", "TRL 1\n", places=places)


# ---- speed -----------------------------------------------------------------------------------------------------------


def test_forty_thousand_rows_are_read_fast(tmp_path) -> None:
    line = '{0:05d}-1,"ADAMS, JANE",1 Main Street,2,"250,000",1405.25,8/14/2025,Check'
    path = tmp_path / "a.csv"
    path.write_text("A,B,C,D,E,F,G,H\n" + "\n".join(line.format(n) for n in range(40_000)))
    best = 9.0
    for _ in range(3):
        start = perf_counter()
        assert len(sheets_of(path)[0].read().rows) == 40_001
        best = min(best, perf_counter() - start)
    assert best < 0.5


# ---- any bytes -------------------------------------------------------------------------------------------------------


def _readable_or_refused(path: Path, data: bytes, **how) -> None:
    path.write_bytes(data)
    said = ""
    try:
        for sheet in sheets_of(path, **how):
            read = sheet.read()
            assert isinstance(read.format_of(1, 1), str)
    except TaxError as error:
        said = str(error)
    assert not said or said.startswith(path.name)


@pytest.fixture(scope="module")
def samples(tmp_path_factory) -> dict[str, bytes]:
    from xltax.hosts.kept import encrypted

    folder = tmp_path_factory.mktemp("samples")
    found = {kind: _book(kind, folder).read_bytes() for kind in ("xlsx", "xlsb", "xls", "ods", "xml")}
    found |= {
        "html": made.html(),
        "bai": made.BAI2.encode(),
        "nacha": made.nacha().encode(),
        "fixed": "\n".join(LINES).encode(),
    }
    found |= {
        "csv": _quoted(ROWS, ",").encode(),
        "wide": _quoted(ROWS, ";").encode("utf-16"),
        "locked": encrypted(found["xlsx"], "apple"),
    }
    return found


_ANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_ANY
@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html>", b"<?xml", b"101 ", b"01,", b"\xff\xfe"]),
       st.sampled_from(["", "utf-8", "cp1252", "utf-16"]))  # fmt: skip
def test_random_bytes_are_read_or_refused(tmp_path, data, head, encoding) -> None:
    _readable_or_refused(tmp_path / "any.csv", head + data, encoding=encoding)


@_ANY
@given(st.text('",;\t|\r\n ab1é\x00\x1a\ud7ff', max_size=80))
def test_random_texts_are_read_or_refused(tmp_path, text) -> None:
    _readable_or_refused(tmp_path / "any.csv", text.encode())
    _readable_or_refused(tmp_path / "any.csv", text.encode(), places={"A": (0, 2), "B": (2, 9)})


@pytest.mark.parametrize(
    "kind", ["xlsx", "xlsb", "xls", "ods", "xml", "html", "bai", "nacha", "fixed", "csv", "wide", "locked"]
)
@_ANY
@given(cut=st.floats(0, 1), flips=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=6))
def test_truncated_and_flipped_files_are_read_or_refused(tmp_path, samples, kind, cut, flips) -> None:
    whole = samples[kind]
    _readable_or_refused(tmp_path / "any.csv", whole[: int(len(whole) * cut)])
    data = bytearray(whole)
    for at, byte in flips:
        data[int(at * (len(data) - 1))] = byte
    _readable_or_refused(tmp_path / "any.csv", bytes(data), password="apple" if kind == "locked" else "")
