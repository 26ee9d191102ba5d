"""Any file is read by what it is, cell by cell, or refused in one true sentence."""

from __future__ import annotations

import datetime as dt
import struct
from pathlib import Path

import pytest

from tests.intake import made_books as made
from xltax.errors import BadBook, BadValue, TaxError
from xltax.hosts.incoming import RawSheet, sheets_of


def one(path: Path, data: bytes | str, **how) -> RawSheet:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return sheets_of(path, **how)[0].read()


def refused(path: Path, data: bytes | str, **how) -> str:
    with pytest.raises(TaxError) as caught:
        one(path, data, **how)
    return str(caught.value)


# ---- workbooks -------------------------------------------------------------------------------------------------------


def _book(kind: str, folder: Path) -> Path:
    path = folder / f"roll.{kind}"
    if kind in ("xlsx", "xls"):
        getattr(made, kind)(path)
    else:
        path.write_bytes({"xlsb": made.xlsb, "ods": made.ods, "xml": made.xml2003}[kind]())
    return path


@pytest.mark.parametrize("kind", ["xlsx", "xlsb", "xls", "ods", "xml"])
@pytest.mark.parametrize("ending", ["same", "xls", "xlsx", "csv", "txt"])
def test_a_workbook_is_read_by_its_content_with_errors_dates_hidden_columns_and_formats(tmp_path, kind, ending) -> None:
    path = _book(kind, tmp_path)
    if ending != "same":
        path = path.rename(tmp_path / f"lying.{ending}")
    sheets = sheets_of(path)
    sheet = sheets[0].read()
    assert sheet.rows[:3] == [
        ["Account", "Amount", "Received", None],
        ["0012-4", 1405.25, dt.date(2025, 8, 14), "#REF!"],
        ["0013-7.01", 2248, dt.date(2025, 8, 15), None],
    ]
    assert sheet.hidden == {2}
    assert sheet.format_of(1, 1) == "0.00"
    assert sheet.format_of(500, 500) == ""
    assert sheet.merged == [((4, 0), (4, 1))]
    assert sheet.name.startswith(f"{path.name}, ")
    assert not sheet.text
    assert [s.visible for s in sheets] == [True, False]


@pytest.mark.parametrize(("state", "visible"), [(0, True), (1, False), (2, False)])
def test_a_hidden_sheet_of_a_binary_workbook_is_known_as_hidden(tmp_path, state, visible) -> None:
    (tmp_path / "a.xlsb").write_bytes(made.xlsb(hidden=state))
    assert [(s.name, s.visible) for s in sheets_of(tmp_path / "a.xlsb")] == [
        ("a.xlsb, Roll", True),
        ("a.xlsb, Old", visible),
    ]


def test_a_formula_without_a_result_is_not_empty(tmp_path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Account", "Amount"])
    book.active.append(["1", "=1+1"])
    book.save(tmp_path / "b.xlsx")
    assert sheets_of(tmp_path / "b.xlsx")[0].read().rows[1] == ["1", "#NO RESULT"]
    xml = made.xml2003().replace(b"<Cell/>", b'<Cell ss:Formula="=1+1"/>')
    assert one(tmp_path / "b.xls", xml).rows[0][3] == "#NO RESULT"


@pytest.mark.parametrize("change", [lambda n: n.replace("/", "\\") if n.startswith("xl") else n, lambda n: n.replace("sheet1", "Sheet1"),
                                    lambda n: n.replace("xl/", "XL/"), str.upper])  # fmt: skip
def test_parts_of_a_workbook_may_be_named_in_any_case_and_with_either_slash(tmp_path, change) -> None:
    import zipfile

    made.xlsx(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as file:
        parts = {change(n): file.read(n) for n in file.namelist()}
    assert one(tmp_path / "b.xlsx", made.zipped(parts)).rows[1][0] == "0012-4"


def test_a_cell_repeated_in_ods_and_an_index_in_xml_stand_where_they_belong(tmp_path) -> None:
    cell = (
        '<t:table-cell o:value-type="string" t:number-columns-repeated="2"><x:p>a<x:s x:c="2"/>b</x:p></t:table-cell>'
    )
    line = f'<t:table-row t:number-rows-repeated="2"><t:table-cell/>{cell}</t:table-row>'
    spaces = 'xmlns:o="urn:o" xmlns:t="urn:t" xmlns:x="urn:x"'
    content = f'<o:d {spaces}><o:spreadsheet><t:table t:name="R">{line}</t:table></o:spreadsheet></o:d>'
    repeated = made.zipped({"content.xml": content})
    assert one(tmp_path / "r.ods", repeated).rows == [[None, "a  b", "a  b"]] * 2
    third = b'<Cell ss:Index="3"><Data ss:Type="String">x</Data></Cell>'
    xml = made.xml2003([["A"]]).replace(b'<Row ss:Index="5">', b'<Row ss:Index="3">' + third)
    assert one(tmp_path / "r.xml", xml).rows == [["A", None, None], [None] * 3, [None, None, "x"]]


def test_a_web_page_gives_its_largest_table_first_with_spans_in_place(tmp_path) -> None:
    page = """<html><table><tr><td>Menu</td></tr></table><table><tr><th rowspan=2>Account</th><th colspan=2>2025</th></tr>
    <tr><th>Billed</th><th>Paid</th></tr><tr><td>0012-4</td><td>1,405.00</td><td x:num="3.456">3.46</td></tr></table></html>"""
    sheet = one(tmp_path / "portal.xls", page)
    assert sheet.rows == [["Account", "2025", None], [None, "Billed", "Paid"], ["0012-4", "1,405.00", 3.456]]
    assert sheet.merged == [((0, 0), (1, 0)), ((0, 1), (0, 2))]
    assert [s.name for s in sheets_of(tmp_path / "portal.xls")] == ["portal.xls, table 2", "portal.xls, table 1"]
    assert one(tmp_path / "nested.xls", made.html()).rows[1][:2] == ["0012-4", "1405.25"]
    assert "without a table" in refused(tmp_path / "login.xls", "<html><body>Please log in</body></html>")


def test_a_workbook_under_a_password_asks_for_it_and_opens_with_it(tmp_path) -> None:
    from xltax.hosts.kept import encrypted

    made.xlsx(tmp_path / "a.xlsx")
    locked = encrypted((tmp_path / "a.xlsx").read_bytes(), "apple")
    assert refused(tmp_path / "l.xlsx", locked) == (
        "l.xlsx: This workbook is protected by a password. Enter the password (option --password), or save a copy without one."
    )
    assert "password is wrong" in refused(tmp_path / "l.xlsx", locked, password="pear")
    assert one(tmp_path / "l.xls", locked, password="apple").rows[1][0] == "0012-4"
    made_final = encrypted((tmp_path / "a.xlsx").read_bytes(), "VelvetSweatshop")
    assert one(tmp_path / "f.xlsx", made_final).rows[1][0] == "0012-4"


def test_an_old_workbook_under_a_password_asks_for_it_and_opens_with_it(tmp_path) -> None:
    locked = made.xls_locked(tmp_path / "a.xls", "apple")
    assert refused(tmp_path / "l.xls", locked) == (
        "l.xls: This workbook is protected by a password. Enter the password (option --password), or save a copy without one."
    )
    assert "password is wrong" in refused(tmp_path / "l.xls", locked, password="pear")
    sheet = one(tmp_path / "l.xls", locked, password="apple")
    assert sheet.rows[1] == ["0012-4", 1405.25, dt.date(2025, 8, 14), "#REF!"]
    assert sheet.hidden == {2}
    assert one(tmp_path / "w.xls", made.xls_locked(tmp_path / "a.xls", "VelvetSweatshop")).rows[1][0] == "0012-4"


@pytest.mark.parametrize("begin", [struct.pack("<HHHHH", 0x409, 6, 0, 16, 0), struct.pack("<HHHH", 0x809, 4, 0x500, 5)])
def test_a_workbook_before_excel_97_does_not_ask_for_a_password_that_would_not_help(tmp_path, begin) -> None:
    said = refused(tmp_path / "l.xls", begin + struct.pack("<HHHH", 0x2F, 4, 1, 2) + b"\x0a\0\0\0", password="apple")
    assert said.endswith("even with the password. Open the workbook in Excel and save a copy without a password.")


@pytest.mark.parametrize(("data", "kind"), [
    (b"%PDF-1.7\n", "PDF"), (b"\x1f\x8b\x08\x00" + bytes(20), ".gz"), (b"\x89PNG\r\n\x1a\n", "picture"), (b"\xff\xd8\xff\xe0", "picture"),
    (b"{\\rtf1", "Word"), (b"\x00\x01\x00\x00Standard Jet DB\x00" + bytes(50), ".mdb"), (b"\x00\x01\x00\x00Standard ACE DB\x00", ".accdb"),
    (b"\x00\x00\x02\x00\x06\x04\x06\x00", "Lotus"), (b"\x03\x19\x08\x0e\x01\x00\x00\x00\x41\x00\x0b\x00" + bytes(52) + b"\r" + b" 0012-4   ", "dBase"),
    (made.zipped({"word/document.xml": "x", "[Content_Types].xml": "x"}), ".docx"), (made.zipped({"Index/Document.iwa": "x"}), "Numbers"),
    (made.zipped({"roll.csv": "a,b"}), "zip file with roll.csv inside"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le") + bytes(600), ".doc"),
])  # fmt: skip
def test_a_kind_that_is_not_read_says_which_it_is_and_what_to_do(tmp_path, data, kind) -> None:
    message = refused(tmp_path / "roll.csv", data)
    assert kind in message
    assert message.startswith("roll.csv: This is a")
    assert "xltax does not read this kind of file. " in message


@pytest.mark.parametrize(
    "text", ["ID;Parcel\n1;0012-4\n", "PAR1,B\n1,2\n", "1\t\t\t12345678901234567\r\n" * 900, "BM,x\n1,2\n"]
)
def test_a_text_that_begins_like_another_kind_is_read(tmp_path, text) -> None:
    assert len(one(tmp_path / "a.csv", text).rows) == text.count("\n")


def test_a_file_that_is_missing_empty_or_no_text_is_refused(tmp_path) -> None:
    with pytest.raises(BadValue, match="does not exist"):
        sheets_of(tmp_path / "none.csv")
    assert "empty" in refused(tmp_path / "a.csv", b"")
    assert "empty" in refused(tmp_path / "a.csv", b"\xef\xbb\xbf\r\n \r\n")
    assert "not a text file" in refused(tmp_path / "a.csv", bytes(range(256)) * 4)
    with pytest.raises(BadValue, match="cannot be read"):
        sheets_of(tmp_path)


def test_a_damaged_workbook_says_so(tmp_path) -> None:
    made.xls(tmp_path / "a.xls")
    data = (tmp_path / "a.xls").read_bytes()
    with pytest.raises(BadBook, match="damaged"):
        one(tmp_path / "b.xls", data[:512] + bytes(1000) + data[1512:])
    assert "damaged" in refused(tmp_path / "c.xls", data[:1500])
    made.xlsx(tmp_path / "a.xlsx")
    assert "damaged" in refused(tmp_path / "c.xlsx", (tmp_path / "a.xlsx").read_bytes()[:900])


# ---- bank files ------------------------------------------------------------------------------------------------------


def test_a_bai2_file_gives_its_credits_and_ties_to_its_trailers(tmp_path) -> None:
    sheet = one(tmp_path / "bank.txt", made.BAI2)
    assert sheet.kind == "bai2"
    assert sheet.rows == [
        ["Date", "Type Code", "Amount", "Bank Reference", "Customer Reference", "Text"],
        ["2025-08-14", "165", "1405.25", "BANKREF1", "0012-4", "TOWN TAX, SECOND QUARTER PAID ONLINE"],
        ["2025-08-14", "301", "2248.00", "BANKREF2", "0013-7.01", None],
    ]
    assert sheet.lines == [0, 4, 6]
    assert sheet.notes == ["1 debit, $120.00, was left out."]


@pytest.mark.parametrize(("old", "new", "line"), [
    ("16,165,140525", "16,165,140526", 8), ("98,1242650,1", "98,1242651,1", 9), ("99,1242650,1,", "99,1242650,2,", 10),
    ("16,455,12000,0,BANKREF3,,INSURANCE/\n", "", 7), ("99,1242650,1,10/\n", "", 9), ("88,PAID ONLINE\n", "", 7),
    ("49,1242650,6/", "49,1242650,5/", 8), ("98,1242650,1,8/", "98,1242650,1,9/", 9), ("99,1242650,1,10/", "99,1242650,1,11/", 10), ("16,165,140525", "16,165,14O525", 4),
])  # fmt: skip
def test_a_bai2_file_that_does_not_tie_is_refused_by_its_line(tmp_path, old, new, line) -> None:
    assert old in made.BAI2
    assert refused(tmp_path / "bank.txt", made.BAI2.replace(old, new)).startswith(f"bank.txt line {line}: ")


def test_an_ach_file_gives_its_credits_and_ties_to_its_controls(tmp_path) -> None:
    for text in (made.nacha(), made.nacha().replace("\n", "\r\n"), made.nacha().replace("\n", "")):
        sheet = one(tmp_path / "lockbox.ach", text)
        assert sheet.kind == "nacha"
        assert sheet.rows == [
            ["Date", "Amount", "Individual ID", "Name", "Company", "Trace Number", "Addenda"],
            ["2025-08-15", "1405.25", "0012-4", "ADAMS JANE", "LOCKBOX CO", "051000010000001", "SECOND QUARTER"],
        ]
        assert sheet.notes == ["1 debit, $120.00, was left out."]


def test_a_bai2_file_whose_bank_leaves_out_the_record_counts_is_read(tmp_path) -> None:
    text = made.BAI2.replace("49,1242650,6/", "49,1242650/").replace(",1,8/", ",1/").replace(",1,10/", ",1/")
    assert len(one(tmp_path / "bank.txt", text).rows) == 3


@pytest.mark.parametrize(
    ("text", "company"), [(made.nacha_name_first(), "LOCKBOX CO"), (made.nacha_abroad(), "ADAMS JANE")]
)
def test_who_paid_and_for_what_is_found_in_every_kind_of_batch(tmp_path, text, company) -> None:
    """A bill paid through the payer's bank has name and number the other way round; one from abroad has them in its addenda."""
    sheet = one(tmp_path / "a.ach", text)
    abroad = company == "ADAMS JANE"
    assert sheet.rows[1:] == [
        ["2025-08-15", "1405.25", "0012-4", "MADEUP BOROUGH" if abroad else "ADAMS JANE", company, "051000010000001", "SECOND QUARTER" if abroad else None]
    ]  # fmt: skip
    assert "9988776655" not in str(sheet.rows), "a bank account is no account of the town"


def test_a_batch_that_holds_no_payments_in_dollars_is_refused_by_its_line(tmp_path) -> None:
    assert refused(tmp_path / "a", made.nacha_abroad("CAD")).startswith(
        "a line 2: This international batch (IAT) is in CAD, not in dollars."
    )
    assert refused(tmp_path / "a", made.nacha().replace("CCD", "ADV")).startswith(
        "a line 2: This batch (ADV) holds the bank's own"
    )


def test_an_ach_file_that_does_not_tie_is_refused_by_its_line(tmp_path) -> None:
    assert refused(tmp_path / "a", made.nacha(amount=140526)).startswith(
        "a line 6: The batch control (record 8), credits,"
    )
    assert "entry hash" in refused(tmp_path / "a", made.nacha(hash_=5))
    lines = made.nacha().splitlines()
    assert refused(tmp_path / "a", "\n".join(lines[:3] + lines[4:])).startswith("a line 5: ")
    assert "missing" in refused(tmp_path / "a", "\n".join(lines[:6]))
