"""The general ledger's double entries: they balance, they agree with the statements, each goes over once, each has its rows."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import pandas as pd
import pytest

from tests.office.test_state_forms import LIENS
from tests.office.test_statements import Office
from xltax.actions import adjusting, certificates, statements, year
from xltax.actions.desk import Desk
from xltax.errors import BadValue, Problems
from xltax.hosts.files import FilesBook
from xltax.ledger.replay import replay
from xltax.tables.statements import ACCOUNTS, RevenueAccount
from xltax.tables.table import Table

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")

D = dt.date
CHART = {
    "Receivable": "1100", "Reserve": "2900", "Prepaid": "2100", "Liens": "1200", "Acquired": "1300", "Due From State": "1150",
    "Cash": "1010", "Tax": "4010", "Interest": "4020", "Penalty": "4030", "Costs": "4040", "Misc": "4050", "Overpaid": "2200",
    "Discount": "4900",
}  # fmt: skip


def with_chart(it: Office, **changed: str) -> Office:
    """The same office with a general ledger account for each column."""
    rows = [
        {RevenueAccount.code: column, RevenueAccount.name: column, RevenueAccount.column: column, RevenueAccount.year: "",
         RevenueAccount.levy_type: "", RevenueAccount.gl_account: number, RevenueAccount.part: ""}
        for column, number in (CHART | changed).items()
    ]  # fmt: skip
    rows.append(
        rows[0]
        | {RevenueAccount.code: "TAX TITLE LIEN", RevenueAccount.column: "Misc", RevenueAccount.gl_account: "4050"}
    )
    it.do(lambda book: book.replace_rows("RevenueAccounts", Table.made(ACCOUNTS, rows).frame) or "")  # type: ignore[func-returns-value]
    return it


def entries(it: Office, name: str) -> pd.DataFrame:
    """The lines of an exported file, with Amount: debits less credits, in cents."""
    rows = pd.DataFrame(csv.DictReader(io.StringIO(it.files[name].decode())))
    for side in ("Debit", "Credit"):
        rows[side] = [round(float(v) * 100) if v else 0 for v in rows[side]]
    return rows.assign(Amount=rows["Debit"] - rows["Credit"])


def balances(rows: pd.DataFrame) -> dict[str, int]:
    """The balance of each column's account, in cents: debits are positive."""
    by_number = rows.groupby("Account")["Amount"].sum()
    return {column: int(by_number.get(number, 0)) for column, number in CHART.items()}


@pytest.fixture(scope="module")
def nj(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Two levies, payments, money for the next year, an abatement, a refund, liens of every end, and State deductions."""
    roll = LIENS + "8,OWNER 8,100000,2000\n"
    roll = "\n".join(
        line + (",250" if line.startswith("8") else ",Deductions" if line.startswith("Acc") else ",")
        for line in roll.split("\n")[:-1]
    )
    it = Office(tmp_path_factory.mktemp("gl") / "nj.xlsx", "us-nj-colts-neck", 2025, roll + "\n", D(2025, 1, 2))
    it.do(year.bill, 2025, "RE=2.000", mailed=D(2025, 1, 10), today=D(2025, 1, 10), no_prior_tax=True)
    it.pay(D(2025, 2, 3), ("6", "2100.00", D(2025, 2, 3)), ("8", "437.50", D(2025, 2, 3)))
    it.change(D(2025, 3, 3), ("A-1", "2025-7", "Abatement", "100.00"), ("A-2", "2025-8", "Added", "40.00"))
    it.pay(D(2025, 5, 20), ("7", "800.00", D(2025, 5, 20)))
    it.do(year.bill, 2026, "RE=2.000", mailed=D(2025, 12, 1), today=D(2025, 12, 1), no_prior_tax=True)
    it.pay(D(2025, 12, 20), ("6", "500.00", D(2025, 12, 20)))
    for n in range(1, 6):
        it.do(
            certificates.enter_certificate,
            f"26-{n}",
            str(n),
            D(2026, 3, 10),
            D(2025, 12, 31),
            "18%",
            today=D(2026, 3, 10),
        )
    it.do(certificates.certificates, D(2026, 6, 1))
    redeems = it.read("Certificates").set_index("Certificate")["Redemption"]
    it.do(certificates.redeem, "26-1", D(2026, 6, 1), round(redeems["26-1"] * 100), today=D(2026, 6, 1))
    it.do(certificates.end_certificate, "26-2", "Canceled", D(2026, 7, 1), "R-40", today=D(2026, 7, 1))
    it.do(certificates.end_certificate, "26-3", "Foreclosed", D(2026, 8, 1), "F-1", today=D(2026, 8, 1))
    it.pay(D(2026, 11, 2), ("6", "3000.00", D(2026, 11, 2)))
    return with_chart(it)


def agrees(it: Office, rows: pd.DataFrame, on: dt.date) -> dict[str, int]:
    """Checks every identity between the entries since the book began and the book itself; gives the balances."""
    assert (rows.groupby("Entry")["Amount"].sum() == 0).all()
    gl = balances(rows)
    desk = Desk(FilesBook.open(it.path))
    ledger = replay(desk.facts, desk.town, on, on)
    open_tax = int(ledger.balances["Tax"].sum())
    assert gl["Receivable"] + gl["Prepaid"] == open_tax, "what is open in the book: receivable, less money in advance"
    assert gl["Cash"] == int(desk.cash_book["Total"][desk.cash_book["Recorded"] <= pd.Timestamp(on)].sum())
    assert -gl["Overpaid"] == int(ledger.credits["Credit"].sum()), "credit on hand"
    assert -gl["Reserve"] == gl["Receivable"] + gl["Liens"] + gl["Acquired"], "receivables are fully reserved"
    return gl


def test_a_year_of_entries_agrees_with_the_book(nj: Office, tmp_path: Path) -> None:
    """Month by month, each export once; at each end the ledger is the book: receivable, liens, credit, cash and reserve."""
    it = nj.copied(tmp_path / "months.xlsx")
    every: list[pd.DataFrame] = []
    ends = [
        (D(2025, 1, 1), D(2025, 6, 30)),
        (D(2025, 7, 1), D(2025, 12, 31)),
        (D(2026, 1, 1), D(2026, 3, 31)),
        (D(2026, 4, 1), D(2026, 12, 31)),
    ]
    for n, (start, end) in enumerate(ends, 1):
        it.do(statements.ledger_export, end, start)
        every.append(
            entries(it, f"general ledger {start} to {end}.csv").assign(Entry=lambda t, n=n: f"{n}-" + t["Entry"])
        )
        gl = agrees(it, pd.concat(every), end)
        if end == D(2025, 12, 31):
            assert gl["Prepaid"] == -600_00, "100.00 paid too much and 500.00 in December, for 2026"
    assert gl["Prepaid"] == 0
    held = it.read("Certificates").set_index("Certificate")["Amount"]
    assert gl["Liens"] == round(100 * (held["26-4"] + held["26-5"]))
    assert gl["Acquired"] == round(100 * held["26-3"])
    it.do(statements.annual_statement, D(2026, 12, 31))
    assert gl["Liens"] == round(100 * it.lines("Tax title liens")["Balance at the end of the year"])
    reserve = it.lines("Taxes and liens receivable")["Reserve for these receivables"]
    assert -gl["Reserve"] == round(100 * reserve) + gl["Acquired"]


def test_each_entry_goes_over_once(nj: Office, tmp_path: Path) -> None:
    it = nj.copied(tmp_path / "once.xlsx")
    first = it.do(statements.ledger_export, D(2025, 2, 28))
    assert first.startswith("Export 1: ")
    with pytest.raises(BadValue, match=r"The days Feb 1 to Feb 28, 2025 were exported before"):
        it.do(statements.ledger_export, D(2025, 3, 31), D(2025, 2, 28))
    again = it.do(statements.ledger_export, D(2025, 2, 28), again=True)
    assert "These are the entries of export 1" in again
    other = it.do(statements.ledger_export, D(2025, 3, 31), D(2025, 2, 15), again=True)
    assert "Some of these days were exported before. Enter no entry twice." in other


def test_each_entry_opens_into_its_rows(nj: Office, tmp_path: Path) -> None:
    it = nj.copied(tmp_path / "rows.xlsx")
    it.do(statements.ledger_export, D(2025, 5, 31), D(2025, 5, 1))
    lines = entries(it, "general ledger 2025-05-01 to 2025-05-31.csv")
    rows = it.read("StatementRows")
    for number, mine in lines.groupby("Entry"):
        opened = rows[rows["Line"].str.startswith(f"Entry {number}:")]
        assert round(abs(opened["Amount"].sum()) * 100) == mine["Debit"].sum()
        assert opened["Where"].str.contains("!").all()


def test_the_files_of_two_other_systems_balance(nj: Office, tmp_path: Path) -> None:
    it = nj.copied(tmp_path / "formats.xlsx")
    it.do(statements.ledger_export, D(2025, 12, 31), D(2025, 1, 1), format="quickbooks")
    blocks = it.files["general ledger 2025-01-01 to 2025-12-31.iif"].decode().split("ENDTRNS\r\n")
    assert blocks[0].startswith("!TRNS\tTRNSTYPE\tDATE\tACCNT\tAMOUNT\tDOCNUM\tMEMO\r\n!SPL\t")
    assert len(blocks) > 10
    for block in blocks[1:-1]:
        lines = [line.split("\t") for line in block.strip().split("\r\n")]
        assert [line[0] for line in lines] == ["TRNS", "SPL"]
        assert sum(round(float(line[4]) * 100) for line in lines) == 0
    it.do(statements.ledger_export, D(2025, 12, 31), D(2025, 1, 1), format="intacct", again=True)
    rows = list(
        csv.DictReader(io.StringIO(it.files["general ledger 2025-01-01 to 2025-12-31 for Intacct.csv"].decode()))
    )
    assert [r["LINE_NO"] for r in rows[:2]] == ["1", "2"]
    assert rows[0]["JOURNAL"] == "GJ"
    assert rows[1]["JOURNAL"] == ""
    assert sum(round(float(r["DEBIT"] or 0) * 100) - round(float(r["CREDIT"] or 0) * 100) for r in rows) == 0
    with pytest.raises(BadValue, match='"xml" is not a format'):
        it.do(statements.ledger_export, D(2025, 12, 31), D(2025, 1, 1), format="xml", again=True)


def test_a_missing_account_is_named_and_nothing_is_written(nj: Office, tmp_path: Path) -> None:
    it = with_chart(nj.copied(tmp_path / "missing.xlsx"), Reserve="")
    with pytest.raises(Problems, match="Account Reserve has no GL Account"):
        it.do(statements.ledger_export, D(2025, 2, 28))
    assert not it.files


CT_ROLL = "Account,Owner,Type,Net Value\nR1,ONE,RE,250000\nR2,TWO,RE,125000\n"


def test_sixty_days_after_the_year_in_connecticut(tmp_path: Path) -> None:
    """3,275.00 due July 1, 2025, paid on July 20, 2026: revenue of the year that ended June 30, taken back on July 1.

    A payment of September is too late for the year.
    """
    it = Office(tmp_path / "ct.xlsx", "us-ct", 2024, CT_ROLL, D(2025, 6, 1))
    it.do(year.bill, 2024, "RE=26.20", mailed=D(2025, 6, 15), today=D(2025, 6, 15))
    it.pay(D(2025, 6, 27), ("R1", "3275.00", D(2025, 6, 27)))
    it.pay(D(2026, 7, 20), ("R2", "500.00", D(2026, 7, 20)))
    it.pay(D(2026, 9, 10), ("R2", "100.00", D(2026, 9, 10)))
    with_chart(it)
    it.do(statements.ledger_export, available=D(2026, 6, 30))
    rows = entries(it, "general ledger available 2026-06-30 to 2026-06-30.csv")
    tax = round(100 * it.read("CashBook").loc[lambda t: pd.to_datetime(t["Received"]) == "2026-07-20", "Tax"].sum())
    assert tax > 0
    assert rows[["Date", "Account", "Amount"]].to_numpy().tolist() == [
        ["2026-06-30", "2900", tax], ["2026-06-30", "4010", -tax], ["2026-07-01", "4010", tax], ["2026-07-01", "2900", -tax],
    ]  # fmt: skip
    # Money of June for July is held in advance until the bill is due.
    it.do(statements.ledger_export, D(2025, 6, 30), D(2025, 6, 1))
    june = balances(entries(it, "general ledger 2025-06-01 to 2025-06-30.csv"))
    assert june["Prepaid"] == -327_500
    it.do(statements.ledger_export, D(2025, 7, 31), D(2025, 7, 1))
    july = balances(entries(it, "general ledger 2025-07-01 to 2025-07-31.csv"))
    assert (july["Prepaid"], july["Receivable"], july["Tax"]) == (327_500, -327_500, -327_500)


def test_new_jersey_has_no_such_entry(nj: Office) -> None:
    with pytest.raises(BadValue, match="no later collections belong to the year"):
        nj.do(statements.ledger_export, available=D(2025, 12, 31))


def test_a_refund_leaves_the_overpayments(tmp_path: Path) -> None:
    it = Office(
        tmp_path / "refund.xlsx",
        "us-nj-colts-neck",
        2025,
        "Account,Owner,Net Value,Prior Tax\n1,A,100000,0\n",
        D(2025, 1, 2),
    )
    it.do(year.bill, 2025, "RE=2.000", mailed=D(2025, 1, 10), today=D(2025, 1, 10), no_prior_tax=True)
    it.pay(D(2025, 2, 3), ("1", "2050.00", D(2025, 2, 3)))
    it.do(adjusting.refund, "1", 50_00, "paid twice", "Resolution 12", "Council", today=D(2025, 3, 3))
    with_chart(it)
    it.do(statements.ledger_export, D(2025, 12, 31), D(2025, 1, 1))
    gl = balances(entries(it, "general ledger 2025-01-01 to 2025-12-31.csv"))
    assert (gl["Overpaid"], gl["Cash"], gl["Receivable"], gl["Tax"]) == (0, 200_000, 0, -200_000)
