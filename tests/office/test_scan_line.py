"""The scan line of a stub: its check digit by published examples, read back, and refused where a digit is wrong."""

from __future__ import annotations

import datetime as dt

import pytest

from xltax.errors import BadValue
from xltax.office.billing.scan_line import Stub, check_digit, read_scan, scan_line

D = dt.date


@pytest.mark.parametrize(
    ("text", "digit", "source"),
    [
        ("7992739871", 3, "the usual example of the Luhn formula, 79927398713"),
        ("US037833100", 5, "ISIN of Apple Inc., US0378331005"),
        ("AU0000XVGZA", 3, "ISIN, AU0000XVGZA3"),
        ("2025-012  3", check_digit("20250123"), "what is neither letter nor digit is passed over"),
    ],
)
def test_check_digits_others_published(text: str, digit: int, source: str) -> None:
    assert check_digit(text) == digit, source


def test_a_scan_line_reads_back_and_one_wrong_digit_is_seen() -> None:
    stub = Stub("2025-12.3 A", 3, D(2025, 8, 1), 1_234_56)
    line = scan_line(stub)
    assert line.startswith("2025-12.3_A  3  250801  0000123456  ")
    assert read_scan(line) == stub
    for place, letter in enumerate(line):
        if letter.isdigit():
            other = line[:place] + str((int(letter) + 1) % 10) + line[place + 1 :]
            with pytest.raises(BadValue, match="not a scan line"):
                read_scan(other)
    for wrong in ("", line[:-1], line.replace("250801", "251301"), "a b c d e"):
        with pytest.raises(BadValue, match="not a scan line"):
            read_scan(wrong)
    with pytest.raises(BadValue, match="does not fit"):
        scan_line(Stub("1", 1, D(2025, 1, 1), 10**10))
