"""The call list, and the order accounts stand in."""

from __future__ import annotations

import datetime as dt

from tests.enforcement.offices import (
    NJ,
    NJ_DAY,
    connecticut,
    made,
    nj_bill,
    person,
    records,
)
from xltax.office.collection import enforcement_status

D = dt.date


def test_call_list_with_promises_and_the_clerks_counts() -> None:
    calls = [
        {"No": str(n), "Kind": "Call", "Mailed": D(2025, 2, n), "Account": a, "By": b}
        for n, (a, b) in enumerate((("R4", "AB"), ("R4", "AB"), ("R3", "CD")), 1)
    ]
    cases = [
        {"No": "1", "Kind": "Promise to pay", "Account": "R4", "Opened": D(2025, 2, 2), "Until": D(2025, 3, 1), "Amount": 50_000, "By": "AB"},
        {"No": "2", "Kind": "Promise to pay", "Account": "R3", "Opened": D(2025, 2, 3), "Until": D(2025, 3, 10), "Amount": 20_000, "By": "CD"},
    ]  # fmt: skip
    r = connecticut(notices=calls, cases=cases)
    m = made(r, "calls")
    rows = m.rows.set_index("Account")
    assert m.rows["Total"].is_monotonic_decreasing
    assert rows.loc["R4", ["Status", "Reason"]].tolist() == ["promise not kept $500.00", "last call Feb 2, 2025"]
    assert rows.loc["R3", ["Status", "Phone"]].tolist() == ["promised $200.00", "555-0103"]
    assert enforcement_status.clerks(r, D(2025, 2, 1)) == [["AB", 2, 1, 50_000, 1], ["CD", 1, 1, 20_000, 0]]


def test_accounts_stand_in_the_order_of_their_numbers() -> None:
    bills = [nj_bill(account, 2024, 400_000) for account in ("12-10", "12-2", "9-1")]
    roll = [person(account, "ADAMS") for account in ("12-10", "12-2", "9-1")]
    rows = made(records(NJ, NJ_DAY, bills, roll), "delinquent").rows
    assert list(dict.fromkeys(rows["Account"])) == ["9-1", "12-2", "12-10"]
