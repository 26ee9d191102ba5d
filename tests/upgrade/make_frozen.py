"""Made the books in frozen/, once, with xltax as it stood at commit c885939. It is kept to show what is in them; it is not run again.

python tests/upgrade/make_frozen.py FOLDER, at that commit, from the root of the repository. Everything is made up.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
from xltax.workbooks.new import new_book

from xltax.errors import TaxError
from xltax.hosts.files import FilesBook
from xltax.hosts.registry import actions
from xltax.hosts.run import run_action

D = dt.date


class Desk:
    """One book, and the tasks done on it as the command line does them."""

    def __init__(self, path: Path, town: str, year: int, as_of: dt.date, name: str) -> None:
        self.path = path
        new_book(path, town, name=name, year=year, as_of=as_of)

    def do(self, task: str, **given: Any) -> None:
        texts = {}
        for key, value in given.items():
            if isinstance(value, str) and value.startswith("CSV:"):
                file = self.path.with_name(f"{task}.csv")
                file.write_text(value.removeprefix("CSV:").lstrip("\n"), encoding="utf-8")
                value = file
            texts[key] = str(value)
        try:
            run_action(actions()[task], self.path, texts, lambda said: print(f"{task}: {said.splitlines()[0]}"))
        except TaxError as error:
            raise SystemExit(f"{self.path.name} {task} {texts}: {error}") from error

    def read(self, table: str) -> pd.DataFrame:
        return FilesBook.open(self.path).read(table)

    def type(self, table: str, *rows: dict[str, Any]) -> None:
        """Rows somebody types below a table; money in cents."""
        book = FilesBook.open(self.path)
        book.append(table, pd.DataFrame(list(rows), dtype=object))
        book.save()

    def fill(self, table: str, column: str, value: Any, where: str, is_: str) -> None:
        book = FilesBook.open(self.path)
        rows = book.read(table)
        rows[column] = rows[column].astype(object)
        rows.loc[rows[where].astype(str) == is_, column] = value
        book.replace_columns(table, rows[[column]])
        book.save()

    def receipt(self, note: str = "", nth: int = -1) -> str:
        rows = self.read("CashBook")
        rows = rows[rows["Kind"] != "Reallocation"]
        if note:
            rows = rows[rows["Note"] == note]
        return str(rows["Receipt"].iloc[nth])

    def redeems(self, certificate: str, on: dt.date) -> str:
        self.do("certificates", as_of=on)
        rows = self.read("Certificates")
        return f"{float(rows.loc[rows['Certificate'].astype(str) == certificate, 'Redemption'].iloc[0]):.2f}"


def hand(receipt: str, day: dt.date, account: str, cents: int, note: str = "", **more: Any) -> dict[str, Any]:
    """A line typed into the Cash Book by hand: all of it credit on the account."""
    return {
        "Receipt": receipt, "Line": 1, "Received": day, "Effective": day, "Recorded": day, "Account": account, "Kind": "Payment",
        "By": "owner", "Tender": "Check", "Overpaid": cents, "Total": cents, "Note": note, **more,
    }  # fmt: skip


def accounts(desk: Desk) -> None:
    codes = [
        ("Tax", "101"),
        ("Interest", "102"),
        ("Penalty", "103"),
        ("Costs", "104"),
        ("Overpaid", "105"),
        ("Misc", "106"),
        ("Discount", "107"),
    ]
    desk.type("RevenueAccounts", *({"Code": c, "Name": c, "Column": c, "GL Account": n} for c, n in codes),
              *({"Code": c, "Name": c, "Column": "Misc", "GL Account": f"20{n}"}
                for n, c in enumerate(("SUSPENSE", "FEES", "PREMIUM", "REDEMPTION", "TAX TITLE LIEN", "TRUST"))))  # fmt: skip


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


# ---- Connecticut -----------------------------------------------------------------------------------------------------

CT_ROLL = """CSV:Account,Party,Owner,Mail 1,Mail 2,Location,Levy Type,Net Value,Flags
R1,P1,ADAMS,1 Oak St,Quillhaven CT,1 Elm St,RE,100000,
M1,P1,ADAMS,1 Oak St,Quillhaven CT,2018 Sedan,MV,8000,
R2,P2,BAKER,2 Oak St,Quillhaven CT,2 Elm St,RE,120000,
R3,P3,CLARK,3 Oak St,Quillhaven CT,3 Elm St,RE,80000,
M3,P3,CLARK,3 Oak St,Quillhaven CT,2020 Truck,MV,12000,
R4,P4,DAVIS,4 Oak St,Quillhaven CT,4 Elm St,RE,60000,
B5,P5,EVANS SHOP LLC,5 Oak St,Quillhaven CT,5 Elm St,PP,40000,
R6,P6,FRANK,6 Oak St,Quillhaven CT,6 Elm St,RE,300000,
M7,P7,GREEN,7 Oak St,Quillhaven CT,2015 Coupe,MV,5000,
R8,P8,HILL,8 Oak St,Quillhaven CT,8 Elm St,RE,90000,
"""


def connecticut(path: Path) -> None:
    desk = Desk(path, "us-ct-south-windsor", 2022, D(2024, 6, 30), "Quillhaven")
    accounts(desk)
    desk.do("import-roll", file=CT_ROLL, control_bills=10, on="2023-05-01")
    desk.do("bill", year=2022, rates="RE=34, PP=34, MV=32", mailed="2023-06-15", today="2023-06-15")
    desk.do(
        "post",
        payments="""CSV:Account,Amount,Received,Tender,Reference,Note
R1,1700.00,2023-07-12,Check,11,
M1,256.00,2023-07-12,Check,11,
R2,2040.00,2023-07-20,Check,12,warrant officer called
R8,3060.00,2023-07-20,Check,13,
""",
        today="2023-07-20",
    )
    desk.do("bill", year=2023, rates="RE=35, PP=35, MV=32", mailed="2024-06-15", today="2024-06-15")
    desk.do("reverse", receipt="3", reason="check returned unpaid", on="2023-08-01", today="2024-06-16")
    desk.type("Counter", {"Account": "R3", "Amount": 500_00, "Check Total": 700_00, "Received": D(2024, 7, 2), "Tender": "Check", "Reference": "301"},
              {"Account": "M3", "Amount": 200_00, "Check Total": 0, "Received": D(2024, 7, 2), "Tender": "Check", "Reference": "301"})  # fmt: skip
    desk.do("post", today="2024-07-02")
    desk.do("adjust", bill=desk.read("Duplicate")["Bill"].astype(str).iloc[3], kind="Correction Down", amount="40.00", reason="wrong value", authority="12-60",
            approved_by="Assessor", inst=1, today="2024-07-02")  # fmt: skip
    r4 = desk.read("Duplicate")
    r4 = str(r4.loc[(r4["Account"] == "R4"), "Bill"].iloc[0])
    desk.do("refresh", as_of="2024-09-01")
    desk.do(
        "waive",
        bill=r4,
        amount="10.00",
        reason="the town's own error",
        authority="12-145",
        approved_by="Board",
        today="2024-09-01",
    )
    desk.type("WaiverRequests", {"No": "1", "Received": D(2024, 9, 1), "Bill": r4, "Inst": 1, "Asked": 500, "Reason": "billed to a wrong address by the assessor",
                                 "Recommendation": "Grant", "Recommended By": "Deputy"})  # fmt: skip
    desk.do("review-waivers", today="2024-09-01")
    desk.do("decide-waiver", number="1", decision="Granted", decided_by="Board", authority="Vote 4", today="2024-09-02")
    desk.do("notices", name="lien", account="R6", mailed="2024-09-02")
    desk.do("file-liens", name="lien", as_of="2024-09-20")
    desk.do("notices", name="demand", account="R4", as_of="2024-09-02", mailed="2024-09-02")
    desk.do("notices", name="demand", account="B5", as_of="2024-09-02", mailed="2024-09-02")
    desk.do("issue-warrants", officer="J. Constable", term_ends="2026-06-30", as_of="2024-09-20")
    print(desk.read("Warrants")[["No", "Account", "Execution", "Fee"]].to_string())
    desk.fill("Warrants", "Served", D(2024, 9, 25), "No", "1")
    desk.do(
        "warrant-money",
        warrant="1",
        amount="300.00",
        collected="2024-10-01",
        taken_by="town",
        reference="61",
        today="2024-10-01",
    )
    desk.do(
        "warrant-money",
        warrant="1",
        amount="300.00",
        collected="2024-10-01",
        taken_by="town",
        reference="61",
        today="2024-10-01",
    )
    desk.do("warrant-money", warrant="1", amount="150.00", collected="2024-10-02", bank_account="1234")
    desk.do("warrant-money", warrant="1", amount="90.00", collected="2024-10-03", bank_account="1234")
    desk.do("pay-over", warrant="1", amount="240.00", on="2024-10-10", reference="17", today="2024-10-10")
    desk.do(
        "warrant-money",
        warrant="2",
        amount="80.00",
        collected="2024-10-12",
        taken_by="town",
        reference="62",
        today="2024-10-12",
    )
    desk.do("reverse", receipt=desk.receipt(), reason="check returned unpaid", on="2024-10-20", today="2024-10-20")
    desk.do("transfer", receipt="4", account="M7", reason="meant for the coupe", today="2024-10-21")
    desk.do("sign-agreement", account="R3", months=6, first="2024-11-15", signed="2024-10-25", down="50.00")
    desk.do("close-day", on="2024-10-25")
    desk.do(
        "post",
        payments="CSV:Account,Amount,Received,Tender,Reference,Note\nM7,25.00,2024-11-01,Check,63,warrant served by phone\n",
        today="2024-11-01",
    )
    desk.type("CashBook", hand("H-1", D(2024, 11, 2), "R8", 15_00, "warrant fee? ask"))
    desk.do("seal")
    desk.do("turnover-slip", through="2024-11-02", today="2024-11-02")
    finish(desk, "2024-11-30")


# ---- Maryland, Louisiana, Pennsylvania --------------------------------------------------------------------------------

MD_ROLL = """CSV:Account,Owner,Location,Net Value,Flags
0001,ADAMS,1 Charles St,250000,owner-occupied
0002,BAKER,2 Charles St,100013,rental
0003,CLARK,3 Charles St,180000,
0004,DAVIS,4 Charles St,90000,owner-occupied
0005,EVANS,5 Charles St,310000,
0006,FRANK,6 Charles St,75000,
"""


def maryland(path: Path) -> None:
    desk = Desk(path, "us-md-baltimore-city", 2024, D(2025, 10, 31), "Quillhaven City")
    accounts(desk)
    charge = {"Id": 900, "Rule": "fee", "From": D(2024, 7, 1), "Authority": "Ordinance 24-1 (made up)"}
    desk.type("Rules", charge | {"Key": "kind", "Value": "service_charge"}, charge | {"Key": "rate", "Value": "0.75%"})
    desk.do("import-roll", file=MD_ROLL, levy_type="RE", control_bills=6, on="2024-06-01")
    desk.do("bill", year=2024, rates="RE City=2.248, RE State=0.112", mailed="2024-07-01", today="2024-07-01")
    desk.do(
        "post",
        payments="""CSV:Account,Amount,Received,Tender,Reference,Note
0001,2950.00,2024-09-30,Check,41,"certificate of use, closing"
0002,2000.00,2024-07-20,Check,42,
0003,1000.00,2024-11-01,Cash,,
""",
        today="2024-11-01",
    )
    desk.do("service-charges", today="2024-10-01")
    desk.do("bill", year=2025, rates="RE City=2.248, RE State=0.112", mailed="2025-07-01", today="2025-07-01")
    desk.do("reverse", receipt="2", reason="check returned unpaid", on="2025-07-10", today="2025-07-10")
    desk.do("transfer", receipt="3", account="0005", reason="meant for the shop", today="2025-07-11")
    desk.do(
        "adjust",
        bill="2024-0006",
        part="City",
        kind="Abatement",
        amount="100.00",
        reason="fire",
        authority="Order 5",
        approved_by="Director",
        today="2025-07-12",
    )
    desk.do(
        "post",
        payments="CSV:Account,Amount,Received,Tender,Reference\n0004,4000.00,2025-07-15,Check,44\n",
        today="2025-07-15",
    )
    desk.do("close-day", on="2025-07-15")
    desk.type("CashBook", hand("H-1", D(2025, 7, 16), "0006", 30_00, "warrant 7"))
    desk.do("seal")
    finish(desk, "2025-10-31")


def louisiana(path: Path) -> None:
    desk = Desk(path, "us-la-east-baton-rouge", 2025, D(2025, 6, 30), "Quill Parish")
    accounts(desk)
    for account, name, types in (
        ("S1", "PEPPER GRILL", "SALES, LICENSE"),
        ("S2", "LAUNDRY", "SALES"),
        ("W1", "DOE JANE", "SEWER"),
        ("W2", "ROE RICK", "SEWER"),
    ):
        sales = {"frequency": "monthly", "location_code": "1701", "business_type": "retail"} if "SALES" in types else {}
        desk.do(
            "register-account",
            account=account,
            name=name,
            tax_types=types,
            opened="2024-01-02",
            location="5 River Rd",
            **sales,
        )
    desk.do("charge-fee", account="S1", amount="500.00", year=2025, today="2025-01-02")
    desk.do(
        "post",
        payments="CSV:Account,Amount,Received,Tender,Reference\nS1,500.00,2025-01-03,Check,3\n",
        today="2025-01-03",
    )
    desk.do(
        "post-return",
        account="S1",
        period_end="2025-01-31",
        gross="90000",
        deductions="0",
        filed="2025-02-25",
        today="2025-02-27",
        reference="70",
    )
    desk.do("post-return", account="S2", period_end="2025-01-31", gross="80000", deductions="0", filed="2025-02-20", today="2025-02-20", reference="71",
            location="1701=50000, 1702=30000")  # fmt: skip
    desk.do(
        "post-return",
        account="S2",
        period_end="2025-02-28",
        gross="40000",
        deductions="1000",
        filed="2025-03-20",
        paid="500.00",
        today="2025-03-20",
        reference="72",
    )
    desk.do("reverse", receipt=desk.receipt(), reason="check returned unpaid", on="2025-03-25", today="2025-03-25")
    desk.type(
        "Usage",
        *(
            {"Levy Type": "SEWER", "Account": a, "Year": 2025, "Feb": "7.5", "Mar": "7.5", "Apr": "7.5"}
            for a in ("W1", "W2")
        ),
    )
    desk.do("bill-usage", kind="sewer", month="2025-05-15", due="2025-06-10", today="2025-05-20")
    desk.do(
        "post",
        payments="CSV:Account,Amount,Received,Tender,Reference,Note\nW1,30.00,2025-05-22,Cash,,return of 2025-01-31\n",
        today="2025-05-22",
    )
    desk.do("close-account", account="W2", closed="2025-05-31", reason="moved away")
    desk.type("CashBook", hand("H-1", D(2025, 6, 2), "W1", 5_00, "return of the deposit"))
    desk.do("seal")
    desk.do("turnover-slip", through="2025-06-02", today="2025-06-02")
    finish(desk, "2025-06-30")


PA_ROLL = """CSV:Account,Owner,Location,Net Value
100,ADAMS,1 Main St,100000
101,BAKER,2 Main St,150000
102,CLARK,3 Main St,80000
103,DAVIS,4 Main St,60000
104,EVANS,5 Main St,200000
"""


def pennsylvania(path: Path) -> None:
    desk = Desk(path, "us-pa-borough", 2024, D(2025, 6, 30), "Quillhaven Borough")
    accounts(desk)
    desk.do("import-roll", file=PA_ROLL, levy_type="RE", control_bills=5, on="2024-01-05")
    desk.do("bill", year=2024, rates="RE=10", mailed="2024-03-01", today="2024-03-01")
    desk.do(
        "post",
        payments="""CSV:Account,Amount,Received,Tender,Reference,Note
100,980.00,2024-04-15,Check,21,
101,1500.00,2024-06-10,Check,22,"certificate of occupancy, closing"
102,784.00,2024-04-20,Check,23,
""",
        today="2024-06-10",
    )
    desk.do("bill", year=2025, rates="RE=11", mailed="2025-03-01", today="2025-03-01")
    desk.do("reverse", receipt="3", reason="check returned unpaid", on="2024-07-01", today="2025-03-02")
    desk.do("transfer", receipt="2", account="104", reason="wrong parcel", today="2025-03-03")
    desk.do(
        "adjust",
        bill="2025-103",
        kind="Exemption",
        amount="60.00",
        reason="homestead",
        authority="Act 50",
        approved_by="Council",
        today="2025-03-04",
    )
    desk.type("Mappings", *({"Mapping": "Bank", "Column": c, "Header": h, "Reads As": r} for c, h, r in (
        ("Account", "Parcel", ""), ("Amount", "Paid", "dollars"), ("Received", "Date", "mdy"), ("Reference", "Trace", ""), ("Payer", "Name", ""))))  # fmt: skip
    desk.do(
        "import-batch",
        file="CSV:Parcel,Paid,Date,Trace,Name\n103,500.00,04/01/2025,A1,DAVIS\n,44.00,04/01/2025,A2,NOBODY\n",
        mapping="Bank",
        deposit_total="544.00",
        today="2025-04-02",
    )
    desk.do("post-batch", batch="1", suspend="yes", today="2025-04-02")
    desk.do("clear-suspense", receipt=desk.receipt(), account="103", today="2025-04-05")
    desk.type("CashBook", hand("H-1", D(2025, 4, 6), "100", 7_00, "certificate of mailing, ours"))
    desk.do("seal")
    desk.do("close-day", on="2025-04-06")
    finish(desk, "2025-06-30")


def finish(desk: Desk, as_of: str) -> None:
    desk.do("refresh", as_of=as_of)
    try:
        run_action(actions()["proof"], desk.path, {"as_of": as_of}, print)
    except TaxError as error:
        raise SystemExit(str(error)) from error
    book = FilesBook.open(desk.path)
    book.set("kept_versions", 0) if "kept_versions" in book._layout.names else None
    book.save()


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
