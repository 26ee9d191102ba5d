"""A receiver's rents: what is held, applied and taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import openpyxl
import pytest

from tests.enforcement.offices import Office
from xltax.actions import control, counter, officers
from xltax.errors import BadValue, Problems

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")
D = dt.date


RENTS = (
    {"Account": "003", "Date": D(2025, 1, 5), "Kind": "Rent", "Amount": 120_000, "From or To": "Tenant"},
    {"Account": "003", "Date": D(2025, 1, 20), "Kind": "Expense", "Amount": 20_000, "From or To": "Plumber", "Order": "Order of January 10"},
)  # fmt: skip


def test_rents_are_applied_to_what_is_owed_and_accounted_for(nj: Office) -> None:
    nj.add("Rents", *RENTS)
    said = nj.do(officers.rents, "003", D(2025, 3, 3))
    assert "rents $1,200.00, expenses $200.00, applied $0.00, held $1,000.00. You can apply $1,000.00 now." in said
    said = nj.do(officers.apply_rents, "003", D(2025, 3, 4), "Order of March 1", today=D(2025, 3, 4))
    assert "$1,000.00 of rents applied on 2025-03-04, receipt 1. The receiver still holds $0.00." in said
    assert nj.read("Rents")["Receipt"].tolist()[-1] == "1"
    assert round(nj.read("CashBook")["Total"].sum(), 2) == 1_000
    with pytest.raises(BadValue, match="holds no rents for account 003"):
        nj.do(officers.apply_rents, "003", D(2025, 3, 4))
    said = nj.do(officers.rents, "003", D(2025, 3, 4))
    assert "applied $1,000.00, held $0.00" in said


def test_rents_whose_receipt_is_taken_back_are_held_again(nj: Office) -> None:
    nj.add("Rents", *RENTS)
    nj.do(officers.apply_rents, "003", D(2025, 3, 4), today=D(2025, 3, 4))
    said = nj.do(counter.reverse, "1", "check returned unpaid", on=D(2025, 3, 10), today=D(2025, 3, 10))
    assert (
        "Rents of account 003: the receiver again holds the $1,000.00 applied on 2025-03-04, from 2025-03-10 on."
        in said
    )
    assert "applied $1,000.00, held $0.00" in nj.do(officers.rents, "003", D(2025, 3, 9)), "as it was that day"
    assert "applied $0.00, held $1,000.00" in nj.do(officers.rents, "003", D(2025, 3, 10))
    sheet = openpyxl.load_workbook(nj.beside("rents 003 2025-03-10")).active
    lines = [[c.value for c in row] for row in sheet.iter_rows() if "Taken back" in [c.value for c in row]]
    assert len(lines) == 1, "the money applied stays, and its coming back is shown"
    assert 1_000 in lines[0]
    assert set(nj.read("Roll")["Flags"]) & {"certified funds"} == set(), "the receiver's check was not the owner's"
    assert not len(nj.read("Adjustments")), "and costs him no fee"
    said = nj.do(officers.apply_rents, "003", D(2025, 3, 11), today=D(2025, 3, 11))
    assert "1,000.00 of rents applied on 2025-03-11" in said
    assert "the receiver again holds the $1,000.00 applied on 2025-03-11, from 2025-03-12 on" in nj.do(
        control.undo, D(2025, 3, 12)
    )


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"Kind": "Expense", "Amount": 100}, "The expense has no court order"),
        ({"Kind": "Applied", "Amount": 100, "Receipt": "1"}, r"no receipt for the \$1.00 applied"),
        ({"Kind": "Paid Back", "Amount": 100_001}, r"\$0.01 more was paid out than came in"),
    ],
)
def test_what_a_receiver_may_not_do_is_refused(nj: Office, row: dict[str, Any], says: str) -> None:
    nj.add("Rents", *RENTS, {"Account": "003", "Date": D(2025, 2, 1), **row})
    with pytest.raises(Problems, match=says):
        nj.do(officers.rents, "003", D(2025, 3, 3))


def test_an_account_without_rents_is_refused(nj: Office) -> None:
    with pytest.raises(BadValue, match="no rents for account 001"):
        nj.do(officers.rents, "001", D(2025, 3, 3))
