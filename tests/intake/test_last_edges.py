"""Files whose rows, records or lines are not all of one kind: what is shown, what is read, and what is refused."""

from __future__ import annotations

from pathlib import Path

from tests.intake.intake_files import NewBook
from xltax.actions.setup import look_at

VOIDED = """Account,Amount,Received,Status
0012-4,11.11,8/1/2025,Voided
0013-7.01,100.00,8/14/2025,Settled
0014-2,200.00,8/14/2025,Settled
Total,311.11,,
"""


def test_the_samples_of_a_column_are_those_of_the_rows_that_come_in(book: NewBook, tmp_path: Path) -> None:
    office = book("open")
    path = tmp_path / "online.csv"
    path.write_text(VOIDED, "utf-8")
    look = look_at(office, "payments", path, control_total=300_00).text
    line = next(line for line in look.splitlines() if "Amount = Amount" in line)
    assert line.endswith(" 100.00 | 200.00")
    assert "0012-4" not in look
    assert "311.11" not in office.read("Incoming")["Sample"].to_string()
    assert "not used" not in look, "the status decides which rows come in"
    assert 'not imported: 1 row with status "Voided", $11.11.' in look
