"""Writes small workbooks of the kinds that no other program here writes: .xlsb, .ods, XML spreadsheets and bank files."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

CELLS = [
    ["Account", "Amount", "Received", None],
    ["0012-4", 1405.25, dt.date(2025, 8, 14), "#REF!"],
    ["0013-7.01", 2248, dt.date(2025, 8, 15), None],
]
"""What each kind of workbook holds in the tests: texts, a number, dates and an error. Column C is hidden, A5:B5 is merged."""


def zipped(parts: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def serial(day: dt.date) -> int:
    return (day - dt.date(1899, 12, 30)).days


def xlsx(path: Path, rows=CELLS, *, state: str = "visible") -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    sheet.column_dimensions["C"].hidden = True
    sheet["B2"].number_format = "0.00"
    sheet.merge_cells("A5:B5")
    sheet["A5"] = "Total"
    other = book.create_sheet("Old")
    other.append(["x"])
    other.sheet_state = "hidden" if state == "visible" else state
    book.save(path)


# ---- .xlsb: records of a number, a size and content ([MS-XLSB] 2.1.4) -------------------------------------------------


def _record(number: int, content: bytes = b"") -> bytes:
    head = bytes([number]) if number < 128 else bytes([number & 0x7F | 0x80, number >> 7])
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([size & 0x7F | 0x80, size >> 7])
    return head + length + content


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _xlsb_cell(column: int, value: object) -> bytes:
    if value == "#REF!":
        return _record(3, struct.pack("<IIB", column, 0, 23))
    if isinstance(value, str):
        return _record(6, struct.pack("<II", column, 0) + _wide(value))
    if isinstance(value, dt.date):
        return _record(5, struct.pack("<IId", column, 2, serial(value)))
    return _record(5, struct.pack("<IId", column, 1, value))


def xlsb(rows=CELLS, hidden: int = 1) -> bytes:
    """hidden: the state of the sheet "Old": 0 visible, 1 hidden, 2 hidden so that only a macro shows it."""
    sheet = _record(129) + _record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, 3))
    sheet += _record(390) + _record(60, struct.pack("<IIIIH", 2, 2, 2340, 0, 1)) + _record(391) + _record(145)
    for r, row in enumerate(rows):
        sheet += _record(0, struct.pack("<IIHBBBI", r, 0, 300, 0, 0, 0, 0))
        sheet += b"".join(_xlsb_cell(c, value) for c, value in enumerate(row) if value is not None)
    sheet += (
        _record(146)
        + _record(177, struct.pack("<I", 1))
        + _record(176, struct.pack("<IIII", 4, 4, 0, 1))
        + _record(178)
        + _record(130)
    )
    book = _record(131) + _record(143)
    book += _record(156, struct.pack("<II", 0, 1) + _wide("rId1") + _wide("Roll"))
    book += _record(156, struct.pack("<II", hidden, 2) + _wide("rId3") + _wide("Old"))
    book += _record(144) + _record(132)
    formats = [0, 2, 14]
    styles = (
        _record(278)
        + _record(615, struct.pack("<I", 1))
        + _record(44, struct.pack("<H", 164) + _wide("0000"))
        + _record(616)
    )
    styles += _record(617, struct.pack("<I", 3))
    styles += (
        b"".join(_record(47, struct.pack("<HHHHHHI", 0, f, 0, 0, 0, 0, 0)) for f in formats)
        + _record(618)
        + _record(279)
    )
    relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    head = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    rel = f'<Relationship Id="rId%d" Type="{relationships}/%s" Target="%s"/>'
    return zipped(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": head + rel % (1, "officeDocument", "xl/workbook.bin") + "</Relationships>",
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": head
            + rel % (1, "worksheet", "worksheets/sheet1.bin")
            + rel % (2, "styles", "styles.bin")
            + rel % (3, "worksheet", "worksheets/sheet2.bin")
            + "</Relationships>",
            "xl/worksheets/sheet1.bin": sheet,
            "xl/worksheets/sheet2.bin": _record(129)
            + _record(148, bytes(16))
            + _record(145)
            + _record(146)
            + _record(130),
            "xl/styles.bin": styles,
        }
    )


# ---- .ods and XML spreadsheets ---------------------------------------------------------------------------------------


def _ods_cell(value: object) -> str:
    if value is None:
        return "<table:table-cell/>"
    if value == "#REF!":
        kind = 'table:formula="of:=[.Z1]" office:value-type="string" office:string-value="" calcext:value-type="error"'
    elif isinstance(value, dt.date):
        kind = f'office:value-type="date" office:date-value="{value}"'
    elif isinstance(value, str):
        kind = 'office:value-type="string"'
    else:
        kind = f'office:value-type="float" office:value="{value}" table:style-name="ce1"'
    return f"<table:table-cell {kind}><text:p>{escape(str(value))}</text:p></table:table-cell>"


def ods(rows=CELLS) -> bytes:
    spaces = " ".join(
        f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{u}:1.0"'
        for n, u in [
            ("office", "office"),
            ("table", "table"),
            ("text", "text"),
            ("style", "style"),
            ("number", "datastyle"),
        ]
    )
    body = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"""<office:document-content {spaces} xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">
<office:automatic-styles><number:number-style style:name="N2"><number:number number:decimal-places="2" number:min-integer-digits="1"/></number:number-style>
<style:style style:name="ce1" style:family="table-cell" style:data-style-name="N2"/>
<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles>
<office:body><office:spreadsheet><table:table table:name="Roll"><table:table-column table:number-columns-repeated="2"/>
<table:table-column table:visibility="collapse"/>{body}<table:table-row><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
<table:table-row><table:table-cell table:number-columns-spanned="2"><text:p/></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>
<table:table table:name="Old" table:style-name="ta2"/></office:spreadsheet></office:body></office:document-content>""",
        }
    )


def _xml_cell(value: object) -> str:
    if value is None:
        return "<Cell/>"
    kind, text, style = "String", str(value), ""
    if value == "#REF!":
        kind = "Error"
    elif isinstance(value, dt.date):
        kind, text = "DateTime", f"{value}T00:00:00.000"
    elif not isinstance(value, str):
        kind, style = "Number", ' ss:StyleID="s1"'
    return f'<Cell{style}><Data ss:Type="{kind}">{escape(text)}</Data></Cell>'


def xml2003(rows=CELLS) -> bytes:
    body = "".join(f"<Row>{''.join(map(_xml_cell, row))}</Row>" for row in rows)
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return f"""<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="{space}" xmlns:ss="{space}"><Styles><Style ss:ID="s1"><NumberFormat ss:Format="0.00"/></Style></Styles>
<Worksheet ss:Name="Roll"><Table><Column ss:Index="3" ss:Hidden="1"/>{body}
<Row ss:Index="5"><Cell ss:MergeAcross="1"/></Row></Table></Worksheet>
<Worksheet ss:Name="Old"><Table/><WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet>
</Workbook>""".encode()


def xls(path: Path, rows=CELLS) -> None:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("Roll")
    day, money = xlwt.easyxf(num_format_str="m/d/yyyy"), xlwt.easyxf(num_format_str="0.00")
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value == "#REF!":
                sheet.row(r).set_cell_error(c, "#REF!")
            elif isinstance(value, dt.date):
                sheet.write(r, c, value, day)
            elif value is not None:
                sheet.write(r, c, value, xlwt.Style.default_style if isinstance(value, str) else money)
    sheet.col(2).hidden = True
    sheet.merge(4, 4, 0, 1)
    book.add_sheet("Old").visibility = 1
    book.save(str(path))


def xls_locked(path: Path, password: str) -> bytes:
    """An old .xls workbook under a password, as Excel 97 to 2003 encrypts it ([MS-XLS] 2.2.10): RC4 over all records.

    A stream cipher is its own reverse, so the library that decrypts these files encrypts this one.
    """
    import hashlib

    import olefile
    import xlwt
    from msoffcrypto.method.rc4 import DocumentRC4

    xls(path)
    plain = olefile.OleFileIO(str(path)).openstream("Workbook").read()
    salt, verifier = bytes(range(16)), bytes(range(16, 32))
    proof = DocumentRC4.decrypt(password, salt, io.BytesIO(verifier + hashlib.md5(verifier).digest()))
    said = struct.pack("<HHHHH", 0x2F, 54, 1, 1, 1) + salt + proof.read()
    records, at = [], 0
    while at + 4 <= len(plain) and plain[at : at + 4] != bytes(4):
        number, size = struct.unpack_from("<HH", plain, at)
        content = plain[at + 4 : at + 4 + size]
        if number == 0x85:  # where each sheet begins: the record that says there is a password comes before all of them
            content = struct.pack("<I", struct.unpack_from("<I", content)[0] + len(said)) + content[4:]
        records.append((number, plain[at : at + 4], content))
        if len(records) == 1:
            records.append((0x2F, said[:4], said[4:]))
        at += 4 + size
    stream = b"".join(head + content for _, head, content in records)
    locked = DocumentRC4.decrypt(password, salt, io.BytesIO(stream), blocksize=1024).read()
    out, at = bytearray(), 0
    for number, head, content in records:
        clear = {0x809: len(content), 0x2F: len(content), 0x85: 4}.get(number, 0)  # these bytes are never encrypted
        out += head + content[:clear] + locked[at + 4 + clear : at + 4 + len(content)]
        at += 4 + len(content)
    xlwt.CompoundDoc.XlsDoc().save(str(path), bytes(out))
    return path.read_bytes()


def html(rows=CELLS) -> bytes:
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(str(v if v is not None else str()))}</td>' for v in row)}</tr>" for row in rows
    )
    return f"<html><body><table><tr><td><table>{body}</table></td></tr></table></body></html>".encode()


# ---- bank files ------------------------------------------------------------------------------------------------------

BAI2 = """01,021000021,290340000,250815,0600,1,,,2/
02,290340000,021000021,1,250814,,USD,2/
03,4471,USD,010,500000,,,100,365325,2,/
16,165,140525,0,BANKREF1,0012-4,TOWN TAX, SECOND QUARTER
88,PAID ONLINE
16,301,224800,V,250815,,BANKREF2,0013-7.01/
16,455,12000,0,BANKREF3,,INSURANCE/
49,1242650,6/
98,1242650,1,8/
99,1242650,1,10/
"""


def _ach_entry(code: str, amount: int, more: int, trace: int, middle: str, account: str = "4471") -> str:
    """An entry of an ACH file: middle holds the 39 places between the amount and the addenda indicator."""
    return f"6{code}051000019{account:<17}{amount:010d}{middle:<39}{more}05100001{trace:07d}"


def _ach_batch(
    kind: str, entries: list[str], credits_: int, debits: int, hash_: int, company: str, currency: str
) -> list[str]:
    """A batch with its header and control."""
    head = "5200" + company.ljust(16) + " " * 20 + "1234567890" + kind + "TAXES".ljust(10)
    head += "   " + currency if kind == "IAT" else "250814"
    return [
        (head + "250815" + "   1" + "05100001" + "0000001").ljust(94),
        *entries,
        f"8200{len(entries):06d}{hash_:010d}{debits:012d}{credits_:012d}1234567890".ljust(79) + "051000010000001",
    ]


def ach(
    kind: str,
    entries: list[str],
    *,
    credits_: int,
    debits: int = 0,
    hash_: int,
    company: str = "LOCKBOX CO",
    currency: str = "USD",
) -> str:
    """An ACH file of one batch."""
    lines = [
        "101 051000010 0510000191508140930A094101MADEUP BANK            MADEUP BOROUGH         00000000"[:94].ljust(94),
        *_ach_batch(kind, entries, credits_, debits, hash_, company, currency),
        f"9000001000001{len(entries):08d}{hash_:010d}{debits:012d}{credits_:012d}".ljust(94),
    ]
    lines += ["9" * 94] * (-len(lines) % 10 if len(lines) > 8 else 8 - len(lines))
    assert {len(line) for line in lines} == {94}, [len(line) for line in lines]
    return "\n".join(lines) + "\n"


def nacha(amount: int = 140525, hash_: int = 5100001 * 2) -> str:
    entries = [
        _ach_entry("22", 140525, 1, 1, "0012-4".ljust(15) + "ADAMS JANE"),
        "705" + "SECOND QUARTER".ljust(80) + "0001" + "0000001",
        _ach_entry("27", 12000, 0, 2, "FEES".ljust(15) + "BANK FEE"),
    ]
    return ach("CCD", entries, credits_=amount, debits=12000, hash_=hash_)


def nacha_name_first() -> str:
    """A payment by the payer's bank (CIE): the name stands before the number."""
    return ach(
        "CIE", [_ach_entry("22", 140525, 0, 1, "ADAMS JANE".ljust(15) + "0012-4")], credits_=140525, hash_=5100001
    )


def nacha_abroad(currency: str = "USD") -> str:
    """An international payment (IAT): the entry holds a bank account; who paid and for what is in seven addenda and more."""
    addenda = {
        "10": "MIS" + "0" * 18 + " " * 22 + "MADEUP BOROUGH",
        "11": "ADAMS JANE".ljust(35) + "9 QUEEN ST",
        "12": "TORONTO*ON\\".ljust(35) + "CA*M5V\\",
        "13": "BANK ABROAD".ljust(35) + "01",
        "14": "MADEUP BANK".ljust(35) + "01",
        "15": "0012-4".ljust(15) + "1 MAIN ST",
        "16": "MADEUP*NJ\\".ljust(35) + "US*07000\\",
        "17": "SECOND QUARTER",
    }
    entry = "622051000019" + "0008" + " " * 13 + f"{140525:010d}" + "9988776655".ljust(35) + "    1" + "051000010000001"
    return ach(
        "IAT",
        [entry, *(f"7{k}{v}".ljust(87) + "0000001" for k, v in addenda.items())],
        credits_=140525,
        hash_=5100001,
        company="",
        currency=currency,
    )
