"""Made the books in frozen/, once, with xltax as it stood at commit c885939. It is kept to show what is in them; it is not run again.

python tests/upgrade/make_frozen.py FOLDER, at that commit, from the root of the repository. Everything is made up.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import tempfile
from pathlib import Path

from tests.upgrade.frozen_desk import Desk, accounts, finish, hand
from tests.upgrade.frozen_states import connecticut, louisiana, maryland, pennsylvania

D = dt.date

# ---- New Jersey ------------------------------------------------------------------------------------------------------

NJ_ROLL = """CSV:Account,Owner,Location,Class,Net Value,Prior Tax,Deductions,Flags
10-1,ADA MARSH,1 Mill Rd,2,400000,4000,,
10-2,CY POND,3 Mill Rd,2,2000000,20000,,
10-3,BEA REED,5 Mill Rd,2,300000,3000,250,
10-4,DOT FENN,7 Mill Rd,2,250000,2500,,
10-5,EVAN BANKS,9 Mill Rd,4A,600000,6000,,
11-1,FAY HOLT,2 Oak St,2,200000,2000,,
11-2,GUS WELD,4 Oak St,2,350000,3500,,
11-3,HAL DUNE,6 Oak St,1,50000,500,,
11-4,IVY BROOK,8 Oak St,2,280000,2800,,
11-5,JON CLIFF,10 Oak St,4C,900000,9000,,rental
12-1,KAY LANE,1 Elm St,2,220000,2200,,
12-2,LEO MOSS,3 Elm St,2,180000,1800,,
"""
NJ_OPEN = """CSV:Account,Bill,Levy Year,Levy Type,Due,Amount
10-4,S-2023-4,2023,SEWER,2023-10-01,120.00
10-5,O-2023-5,2023,OMIT,2023-11-01,300.00
11-3,A-2023-3,2023,ADD,2023-11-01,45.50
"""
NJ_FIRST = """CSV:Account,Amount,Received,Tender,Reference,Receipt,Note
10-1,1000.00,2024-02-01,Check,501,,
10-3,700.00,2024-02-05,Cash,,,"paid in two parts"
10-4,625.00,2024-02-09,Check,77,,"certificate of occupancy, closing"
11-1,500.00,2024-02-09,Check,78,,"certificate of occupancy, closing"
11-2,875.00,2024-02-09,Check,,,"warrant officer called"
11-4,700.00,2024-02-09,Check,,,"certificate of occupancy, closing"
12-1,2500.00,2024-02-09,Check,12,,
"""
NJ_BATCH = "CSV:Parcel,Paid,Date,Trace,Name\n12-2,450.00,02/12/2024,T1,LEO MOSS\n99-9,75.00,02/12/2024,T2,NOBODY\n"
WHO = {"authority": "Resolution 2024-40", "approved_by": "Council"}


def new_jersey(path: Path) -> None:
    desk = Desk(path, "us-nj-colts-neck", 2024, D(2024, 12, 31), "Quillhaven Township")
    accounts(desk)
    desk.do("import-roll", file=NJ_ROLL, levy_type="RE", control_bills=12, on="2023-12-01")
    desk.do("bring-in", what="balances", file=NJ_OPEN, control_total="465.50", control_rows=3, today="2024-01-02")
    desk.do("bill", year=2024, rates="RE=1.0", mailed="2024-01-10", today="2024-01-10")
    desk.do("post", payments=NJ_FIRST, today="2024-02-09")
    desk.do("reverse", receipt="2", reason="typed twice", how="void", on="2024-02-09", today="2024-02-09")
    desk.do("post", payments="CSV:Account,Amount,Received,Tender\n11-5,100.00,2024-02-09,Cash\n", today="2024-02-09")
    desk.do("undo", today="2024-02-09")
    # Counted: the drawer holds no cash, since what came in cash was handed back.
    desk.do("close-day", on="2024-02-09")
    desk.type("Mappings", *({"Mapping": "Lakeview", "Column": c, "Header": h, "Reads As": r} for c, h, r in (
        ("Account", "Parcel", ""), ("Amount", "Paid", "dollars"), ("Received", "Date", "mdy"), ("Reference", "Trace", ""), ("Payer", "Name", ""))))  # fmt: skip
    desk.do("import-batch", file=NJ_BATCH, mapping="Lakeview", deposit_total="525.00", today="2024-02-12")
    desk.do("post-batch", batch="1", suspend="yes", today="2024-02-12")
    desk.do("clear-suspense", receipt=desk.receipt(), account="11-3", today="2024-02-14")
    desk.do("reverse", receipt="1", reason="check returned unpaid", on="2024-02-15", today="2024-02-15")
    desk.do("transfer", receipt="7", account="12-2", reason="meant for the other house", today="2024-03-01")
    desk.do(
        "adjust", bill="2024-11-2", kind="Abatement", amount="50.00", reason="assessed twice", **WHO, today="2024-03-01"
    )
    desk.do(
        "adjust",
        bill="2024-11-4",
        kind="Correction Up",
        amount="12.34",
        reason="rate rounded",
        **WHO,
        inst=2,
        today="2024-03-01",
    )
    desk.do("undo", today="2024-03-01")
    desk.do(
        "appeal",
        bill="2024-11-5",
        year_tax="8000.00",
        authority="County board, docket 12",
        approved_by="Collector",
        today="2024-06-03",
    )
    desk.do(
        "post",
        payments="CSV:Account,Amount,Received,Tender,Reference\n11-1,2500.00,2024-06-10,Check,90\n",
        today="2024-06-10",
    )
    desk.do("refund", account="11-1", amount="100.00", reason="paid too much", **WHO, today="2024-06-11")
    desk.do(
        "refund", account="12-2", amount="60.00", reason="asks to move it", **WHO, to_account="11-2", today="2024-06-11"
    )
    desk.do("duplicate-bill", bill="2024-10-5", requested_by="Smith Title", today="2024-07-01")
    desk.do("duplicate-bill", bill="2024-10-5", requested_by="Smith Title", today="2024-07-02")
    desk.do("disallow-deduction", bill="2024-10-3", amount="250.00", today="2024-07-02")
    desk.do("sign-agreement", account="10-5", months=6, first="2024-08-15", signed="2024-07-15", down="100.00")
    desk.type("Rents", {"Account": "11-5", "Date": D(2024, 8, 1), "Kind": "Rent", "From or To": "Tenant", "Amount": 900_00},
              {"Account": "11-5", "Date": D(2024, 8, 5), "Kind": "Expense", "From or To": "Plumber", "Amount": 150_00, "Order": "Ct 5"})  # fmt: skip
    desk.do("apply-rents", account="11-5", on="2024-08-10", reference="R1", today="2024-08-10")
    desk.type(
        "Rents", {"Account": "11-5", "Date": D(2024, 9, 1), "Kind": "Rent", "From or To": "Tenant", "Amount": 400_00}
    )
    desk.do("apply-rents", account="11-5", on="2024-09-10", reference="R2", today="2024-09-10")
    desk.do("reverse", receipt=desk.receipt(), reason="applied to the wrong year", on="2024-09-12", today="2024-09-12")
    desk.do("close-day", on="2024-09-12")
    # The sale of 2025: a buyer whose check comes back, the same certificate bought by another, one kept by the township.
    desk.do("bill", year=2025, stage="preliminary", mailed="2025-01-10", today="2025-01-10")
    sale = {"sold": "2025-10-15", "liens_to": "2024-12-31", "rate": "18%", "today": "2025-10-15"}
    desk.do("bill", year=2025, rates="RE=1.1", stage="final", mailed="2025-07-10", today="2025-07-01")
    desk.do(
        "enter-certificate",
        certificate="25-001",
        account="10-2",
        holder="Lien Fund LLC",
        premium="500.00",
        notices=2,
        tender="Check",
        reference="771",
        **sale,
    )
    desk.do("reverse", receipt=desk.receipt(), reason="check returned unpaid", on="2025-10-20", today="2025-10-20")
    desk.do(
        "enter-certificate",
        certificate="25-001",
        account="10-2",
        holder="Other Fund, Inc.",
        premium="700.00",
        notices=2,
        reference="C-9",
        **sale | {"today": "2025-10-22"},
    )
    desk.do("enter-certificate", certificate="25-002", account="10-1", holder="Lien Fund LLC", reference="772", **sale)
    desk.do("enter-certificate", certificate="25-003", account="11-4", **sale)
    desk.do(
        "enter-certificate",
        certificate="25-004",
        account="12-1",
        holder="Lien Fund LLC",
        premium="25.00",
        reference="773",
        **sale,
    )
    desk.type(
        "Subsequents",
        {"Certificate": "25-002", "Paid On": D(2025, 11, 3), "Amount": 1000_00, "For": "2025 installment 4"},
    )
    for certificate, reference in (("25-003", "55"), ("25-004", "56"), ("25-002", "57")):
        paid = desk.redeems(certificate, D(2026, 1, 15))
        desk.do("redeem", certificate=certificate, on="2026-01-15", paid=paid, reference=reference, today="2026-01-15")
    desk.do(
        "reverse",
        receipt=desk.receipt("certificate 25-004 redeemed"),
        reason="check returned unpaid",
        on="2026-01-20",
        today="2026-01-20",
    )
    desk.type("CashBook", hand("H-1", D(2026, 1, 21), "11-2", 10_00, "certificate of occupancy, closing"),
              hand("H-2", D(2026, 1, 21), "11-1", 20_00, "rents held by the tenant"))  # fmt: skip
    desk.type("Adjustments", {"No": "H-3", "Effective": D(2026, 1, 21), "Recorded": D(2026, 1, 21), "Bill": "2025-11-2", "Inst": 1, "Kind": "Abatement",
                              "Component": "tax", "Amount": 5_00, "Reason": "cost of sale of the old shed", "Authority": "Res 9", "Approved By": "Council"})  # fmt: skip
    desk.do("seal")
    desk.do("turnover-slip", through="2026-01-21", today="2026-01-21")
    finish(desk, "2026-01-31")


def unclear(path: Path) -> None:
    """Notes typed by hand in the very words a task writes, and one register row that no longer agrees with its receipt."""
    desk = Desk(path, "us-nj-colts-neck", 2024, D(2024, 12, 31), "Quillhaven Township")
    desk.do("import-roll", file=NJ_ROLL, levy_type="RE", control_bills=12, on="2023-12-01")
    desk.do("bill", year=2024, rates="RE=1.0", mailed="2024-01-10", today="2024-01-10")
    sale = {"sold": "2025-10-15", "liens_to": "2024-12-31", "rate": "18%", "today": "2025-10-15"}
    desk.do(
        "enter-certificate",
        certificate="25-001",
        account="10-2",
        holder="Lien Fund LLC",
        premium="500.00",
        reference="771",
        **sale,
    )
    desk.do("enter-certificate", certificate="25-002", account="10-1", holder="Lien Fund LLC", reference="772", **sale)
    paid = desk.redeems("25-001", D(2026, 1, 15))
    desk.do("redeem", certificate="25-001", on="2026-01-15", paid=paid, reference="57", today="2026-01-15")
    desk.fill(
        "Certificates", "Holder", "Second Fund LLC", "Certificate", "25-002"
    )  # assigned since: the note names the first holder
    desk.do(
        "post",
        payments="""CSV:Account,Amount,Received,Tender,Reference,Receipt,Note
10-3,100.00,2026-01-15,Check,57,N-1,certificate 25-001 redeemed
10-4,100.00,2026-01-16,Check,58,N-2,"certificate of occupancy, closing"
""",
        today="2026-01-16",
    )
    finish(desk, "2026-01-31")


BOOKS = {
    "new-jersey": new_jersey, "new-jersey-unclear": unclear, "connecticut": connecticut, "maryland": maryland, "louisiana": louisiana,
    "pennsylvania": pennsylvania,
}  # fmt: skip

if __name__ == "__main__":
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        os.environ[name] = "collector"
    out = Path(sys.argv[1])
    for name, make in BOOKS.items():
        if len(sys.argv) > 2 and name not in sys.argv[2:]:
            continue
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{name}.xlsx"
            make(path)
            (out / path.name).write_bytes(path.read_bytes())
        print("----", name, (out / f"{name}.xlsx").stat().st_size)
