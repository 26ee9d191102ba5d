"""Damaged and hostile inputs by the hundred: a clear message or a right result, never a traceback, never a changed file."""

from __future__ import annotations

import os
import random
import signal
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.books.small_books import sheet_part, table_part
from tests.faults.faults import MUTANTS, PAYMENTS, SEED, SHARES, do, tell
from xltax.errors import BadBook, TaxError
from xltax.hosts.files import FilesBook

LIMIT = 60  # seconds of processor time one input may take at most; most take less than one


class TooLong(BaseException):
    """An input that would have gone on."""


def attempt(work: Callable[[], object]) -> str:
    """Runs something on a bad input; gives "done" or "refused". Anything else than a TaxError is a failure."""

    def stop(*_: object) -> None:
        raise TooLong

    timed = hasattr(signal, "setitimer")
    if timed:
        signal.signal(signal.SIGPROF, stop)
        signal.setitimer(signal.ITIMER_PROF, LIMIT)
    told = ""
    try:
        work()
    except TaxError as error:
        told = str(error) or "nothing was told"
    finally:
        if timed:
            signal.setitimer(signal.ITIMER_PROF, 0)
    assert "Traceback" not in told
    assert told != "nothing was told"
    return "refused" if told else "done"


def unpack(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as book:
        return {n: book.read(n) for n in book.namelist()}


def pack(parts: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in parts.items():
            book.writestr(name, data)
    return out.getvalue()


# ---- what a fuzzer does to bytes --------------------------------------------------------------------------------------

WORDS = (b"<", b">", b"&", b'"', b"</c>", b"<c ", b"<row ", b"</row>", b"</sheetData>", b"<f>", b"]]>", b"<!--", b"&#0;", b"-1", b"0", b"1e999", b"NaN", b"\x00", b"\xff", b"A1", b"XFD1048576", b"9" * 40, b"'", b"../", b"=")  # fmt: skip


def mutated(data: bytes, luck: random.Random) -> bytes:
    """Some bytes changed, taken out, doubled or put in."""
    out = bytearray(data)
    for _ in range(luck.choice((1, 1, 1, 2, 5, 20))):
        if not out:
            break
        at = luck.randrange(len(out))
        span = luck.choice((1, 1, 4, 30, 400))
        match luck.randrange(7):
            case 0:
                out[at] ^= 1 << luck.randrange(8)
            case 1:
                del out[at : at + span]
            case 2:
                out[at:at] = out[at : at + span]
            case 3:
                out[at:at] = luck.choice(WORDS)
            case 4:
                word = luck.choice(WORDS)
                out[at : at + len(word)] = word
            case 5:
                digits = [i for i in range(at, min(at + 2000, len(out))) if out[i] in b"0123456789"]
                if digits:
                    out[luck.choice(digits)] = luck.choice(b"0123456789-.eE")
            case 6:
                other = luck.randrange(len(out))
                out[at : at + span], out[other : other + span] = out[other : other + span], out[at : at + span]
    return bytes(out)


def book_mutant(data: bytes, luck: random.Random) -> bytes:
    """A book of which one part, or the container, was mutated."""
    if luck.random() < 0.15:
        return mutated(data, luck)
    parts = unpack(data)
    for name in luck.sample(sorted(parts), luck.choice((1, 1, 1, 2))):
        match luck.randrange(12):
            case 0:
                del parts[name]
            case 1:
                parts[name] = b""
            case 2:
                parts[name] = parts[luck.choice(sorted(parts))]
            case _:
                parts[name] = mutated(parts[name], luck)
    return pack(parts)


def test_a_part_whose_own_header_says_another_name(town: Path) -> None:
    """Found by a mutant: the directory at the end of the file named the part rightly."""
    book = town.with_name("mutant.xlsx")
    data = town.read_bytes()
    name = next(n for n in zipfile.ZipFile(town).namelist() if n.startswith("xl/tables/")).encode()
    book.write_bytes(data.replace(name, name[:-1] + b"-", 1))
    before = book.read_bytes()
    with pytest.raises(BadBook, match=r"A part of this file is damaged.*Restore the last good copy"):
        do("refresh", book)
    assert book.read_bytes() == before


@pytest.mark.parametrize("share", range(SHARES[1]))
def test_mutated_books(town: Path, capsys, share: int) -> None:
    luck = random.Random(SEED + share)
    good = town.read_bytes()
    counts: Counter[str] = Counter()
    for n in range((MUTANTS - MUTANTS // 4) // SHARES[1]):
        data = book_mutant(good, luck)
        book = town.with_name("mutant.xlsx")
        book.write_bytes(data)
        name = ("refresh", "post", "reverse", "proof")[n % 4]
        before = book.read_bytes()
        try:
            result = attempt(lambda name=name, book=book: do(name, book))
        except BaseException:
            (Path(os.environ.get("XLTAX_FOUND", str(town.parent))) / f"found-{n}-{name}.xlsx").write_bytes(data)
            raise
        counts[result] += 1
        if result == "refused":
            assert book.read_bytes() == before, n
        else:
            ours = FilesBook.open(book)  # what was written is a book again
            for table in ("Duplicate", "CashBook", "Log"):
                ours.read(table)
        assert not list(town.parent.rglob("*.tmp"))
        book.unlink()
    tell(capsys, "mutated books", counts)
    assert counts["refused"] > counts.total() // 5


@pytest.mark.parametrize("share", range(SHARES[1]))
def test_mutated_payment_files(town: Path, capsys, share: int) -> None:
    luck = random.Random(SEED - 1 - share)
    counts: Counter[str] = Counter()
    good = town.read_bytes()
    file = town.with_name("mutant.csv")
    for n in range(MUTANTS // 4 // SHARES[1]):
        file.write_bytes(mutated(PAYMENTS.encode(), luck))
        result = attempt(lambda: do("post", town, payments=str(file)))
        counts[result] += 1
        if result == "refused":
            assert town.read_bytes() == good, n
        else:
            FilesBook.open(town).read("CashBook")
            town.write_bytes(good)
    tell(capsys, "mutated payment files", counts)
    assert counts["refused"]
    assert counts["done"]


CELL = st.one_of(
    st.text(max_size=12),
    st.sampled_from(("2025-009", "009", "100.00", "2025-03-03", "", "-5", "1e9", "=1+1", "Check", "owner", "NaN", "٣", "0x1F", "1_000", "2025-13-45", "99999999999999999999")),
    st.integers(-(10**12), 10**12).map(str),
)  # fmt: skip


@settings(max_examples=max(MUTANTS // 20, 20), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(st.lists(CELL, min_size=4, max_size=6), max_size=4),
    delimiter=st.sampled_from(",;\t"),
    encoding=st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "latin-1")),
)
def test_payment_files_of_all_kinds(town: Path, rows: list[list[str]], delimiter: str, encoding: str) -> None:
    file = town.with_name("drawn.csv")
    header = delimiter.join(("Bill", "Amount", "Received", "Account", "Tender", "Effective"))
    text = "\n".join([header, *(delimiter.join(row) for row in rows)])
    file.write_bytes(text.encode(encoding, errors="replace"))
    good = town.read_bytes()
    if attempt(lambda: do("post", town, payments=str(file))) == "refused":
        assert town.read_bytes() == good
    town.write_bytes(good)


# ---- made to do harm --------------------------------------------------------------------------------------------------

SHEET, TABLE = sheet_part("Duplicate"), table_part("Duplicate")


def far_cell(parts: dict[str, bytes], ref: bytes = b"XFD1048576", quote: bytes = b'"') -> dict[str, bytes]:
    """One cell at the sheet's far corner: read as a block, that is seventeen thousand million cells."""
    row = b"<row r=" + quote + b"1048576" + quote + b"><c r=" + quote + ref + quote + b"><v>1</v></c></row></sheetData>"
    return parts | {SHEET: parts[SHEET].replace(b"</sheetData>", row)}


def deep(parts: dict[str, bytes]) -> dict[str, bytes]:
    """A sheet with a hundred thousand elements one in the other, after its rows."""
    nest = b"<a>" * 100_000 + b"</a>" * 100_000
    return parts | {SHEET: parts[SHEET].replace(b"</worksheet>", b"<extLst>" + nest + b"</extLst></worksheet>")}


def deep_table(parts: dict[str, bytes]) -> dict[str, bytes]:
    return parts | {TABLE: b"<table>" * 100_000 + b"</table>" * 100_000}


def long_table(parts: dict[str, bytes]) -> dict[str, bytes]:
    """A table that says it ends at the sheet's last row."""
    return {
        n: d.replace(b'ref="A4:AL', b'ref="A4:AL10485').replace(b"AL10485AL", b"AL") if n == TABLE else d
        for n, d in parts.items()
    }


def many_columns(parts: dict[str, bytes]) -> dict[str, bytes]:
    table = parts[TABLE].replace(b"</tableColumns>", b'<tableColumn id="999" name="x"/>' * 200_000 + b"</tableColumns>")
    return parts | {TABLE: table}


def endless_formula(parts: dict[str, bytes]) -> dict[str, bytes]:
    """A formula that calls itself, and one nested very deep."""
    cells = (
        b'<row r="900"><c r="A900"><f>A901</f></c></row><row r="901"><c r="A901"><f>A900</f></c><c r="B901"><f>'
        + b"(" * 20_000
        + b"1"
        + b")" * 20_000
        + b"</f></c></row></sheetData>"
    )
    start = "xl/worksheets/sheet1.xml"
    return parts | {start: parts[start].replace(b"</sheetData>", cells)}


def loop_of_names(parts: dict[str, bytes]) -> dict[str, bytes]:
    name = b'<definedName name="as_of">as_of</definedName></definedNames>'
    return parts | {"xl/workbook.xml": parts["xl/workbook.xml"].replace(b"</definedNames>", name)}


def bomb(parts: dict[str, bytes]) -> dict[str, bytes]:
    return parts | {"xl/media/zeros.bin": bytes(400 << 20)}


def bombs(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Many parts, each small enough by itself."""
    return parts | {f"xl/media/{n}.bin": bytes(7 << 20) for n in range(150)}


def many_parts(parts: dict[str, bytes]) -> dict[str, bytes]:
    return parts | {f"xl/media/{n}.txt": b"" for n in range(70_000)}


HARM: list[Callable[[dict[str, bytes]], dict[str, bytes]]] = [
    far_cell, lambda p: far_cell(p, b"A1048576"), lambda p: far_cell(p, b"ZZ1048576"), lambda p: far_cell(p, quote=b"'"),
    deep, deep_table, long_table, many_columns, endless_formula, loop_of_names, bomb, bombs, many_parts,
]  # fmt: skip


@pytest.mark.parametrize("harm", HARM)
@pytest.mark.parametrize("name", ["refresh", "post"])
def test_books_made_to_do_harm(town: Path, harm, name: str) -> None:
    data = pack(harm(unpack(town.read_bytes())))
    town.write_bytes(data)
    if attempt(lambda: do(name, town)) == "refused":
        assert town.read_bytes() == data
    else:
        FilesBook.open(town).read("Duplicate")


def test_two_parts_in_one_place(town: Path) -> None:
    """A zip whose directory names one stretch of bytes twice."""
    data = town.read_bytes()
    at = data.rindex(b"PK\x05\x06")
    first = data.index(b"PK\x01\x02")
    name_length = struct.unpack_from("<H", data, first + 28)[0]
    entry = data[first : first + 46 + name_length]
    end = bytearray(data[at:])
    count, size = struct.unpack_from("<H", end, 8)[0], struct.unpack_from("<I", end, 12)[0]
    struct.pack_into("<HHI", end, 8, count + 1, count + 1, size + len(entry))
    town.write_bytes(data[:at] + entry + bytes(end))
    before = town.read_bytes()
    assert attempt(lambda: do("refresh", town)) == "refused"
    assert town.read_bytes() == before


def test_a_package_of_a_version_not_made_yet(town: Path) -> None:
    """Found by a mutant: one damaged byte, and the package asks for version 9.6 of the format."""
    data = bytearray(town.read_bytes())
    data[data.index(b"PK\x01\x02") + 6] = 96  # the version needed, in the first entry of the directory
    with pytest.raises(BadBook, match="damaged"):
        FilesBook.open(_saved(town, bytes(data)))


def _saved(town: Path, data: bytes) -> Path:
    path = town.with_name("other.xlsx")
    path.write_bytes(data)
    return path


def test_a_part_with_a_wrong_checksum(town: Path) -> None:
    parts = unpack(town.read_bytes())
    data = pack(parts)
    good = struct.pack("<I", zlib.crc32(parts[SHEET]))
    town.write_bytes(data.replace(good, b"\x01\x02\x03\x04"))
    assert attempt(lambda: do("refresh", town)) == "refused"
