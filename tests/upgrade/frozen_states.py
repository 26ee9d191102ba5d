"""The frozen books of Connecticut, Maryland, Louisiana and Pennsylvania. It ran at commit c885939 only."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.upgrade.frozen_desk import Desk, accounts, finish, hand

D = dt.date

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
