"""The scan line of a payment stub: what a scanner or a lockbox bank needs to credit the payment, with a check digit.

    BILL  INSTALLMENT  DUE DATE  AMOUNT  CHECK DIGIT
    2025-012-3.01  3  250801  0000123456  7

Five fields with two spaces between them: the bill as on the duplicate (capital letters; a space in it is written as an
underscore), the installment, the due date as YYMMDD, the amount in cents in ten digits, and the check digit over all
before it. The check digit is that of ISO/IEC 7812 (Luhn, modulus 10) with letters counted as in ISO 6166: A is 10 to Z is
35, each as its two digits; whatever is neither letter nor digit is passed over.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from xltax.errors import BadValue
from xltax.money import Cents, usd

LARGEST = 10**10 - 1
_GAP = "  "


@dataclass(frozen=True, slots=True)
class Stub:
    """The contents of a scan line: the bill, the installment, its due date, and the amount in cents."""

    bill: str
    inst: int
    due: dt.date
    amount: Cents


def check_digit(text: str) -> int:
    """The check digit: placed after the text, it makes the Luhn sum a multiple of ten."""
    digits = [int(d) for c in text.upper() if c.isascii() and c.isalnum() for d in str(int(c, 36))]
    doubled = (2 * d if place % 2 == 0 else d for place, d in enumerate(reversed(digits)))
    return -sum(d // 10 + d % 10 for d in doubled) % 10


def scan_line(stub: Stub) -> str:
    """The scan line for a stub. Raises BadValue for an amount below zero or with more than ten digits."""
    if not 0 <= stub.amount <= LARGEST:
        raise BadValue(
            "This amount does not fit on a scan line.",
            where=f"bill {stub.bill}",
            do=f"The amount must be from $0.00 to {usd(LARGEST)}.",
        )
    fields = (printed_bill(stub.bill), str(stub.inst), f"{stub.due:%y%m%d}", f"{stub.amount:010d}")
    body = _GAP.join(fields)
    return f"{body}{_GAP}{check_digit(body)}"


def printed_bill(bill: str) -> str:
    """A bill's number as a scan line has it."""
    return bill.upper().replace(" ", "_")


def looks_scanned(text: str) -> bool:
    """Whether a text is meant as a scan line, even if it was misread: five fields, all but the first of digits."""
    fields = text.split()
    return len(fields) == 5 and all(f.isascii() and f.isdigit() for f in fields[1:])


def read_scan(line: str) -> Stub:
    """The stub of a scan line. Raises BadValue for an incomplete line or a wrong check digit."""
    fields = line.split()
    again = "Scan the stub again or type the bill number."
    wrong = BadValue(f'"{line[:60]}" is not a scan line.', where="scan line", do=again)
    if not looks_scanned(line):
        raise wrong
    bill, inst, due, amount, digit = fields
    if len(due) != 6 or len(amount) != 10:
        raise wrong
    if digit != str(check_digit(_GAP.join(fields[:4]))):
        raise BadValue(f'"{line[:60]}" is not a scan line: its check digit is wrong.', where="scan line", do=again)
    try:
        day = dt.date(2000 + int(due[:2]), int(due[2:4]), int(due[4:]))
    except ValueError:
        raise wrong from None
    return Stub(bill.replace("_", " "), int(inst), day, int(amount))
