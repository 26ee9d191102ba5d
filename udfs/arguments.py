"""Arguments that many functions share."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from xltax.declare import Arg
from xltax.law.profile import Profile
from xltax.tables import LEVY_TYPES, Adjustment, Charge, ClosedDay, Receipt
from xltax.tables.table import Table

Town = Annotated[
    Profile,
    Arg(
        "The town's id, such as us-nj-colts-neck; a workbook's Rules table with its header; or the path of a "
        "town file.",
        kind="town",
    ),
]
Charges = Annotated[
    Table[Charge],
    Arg(
        "The tax duplicate, or a range with header: Bill, Account, Levy Year, Levy Type, Inst, Due, Amount.",
        kind="charges",
    ),
]
Receipts = Annotated[
    Table[Receipt] | None,
    Arg(
        "The cash book, or a range with header: Receipt, Received, Account, Amount (optional: Effective, By, Directed, Kind, "
        "Reverses). May be blank.",
        kind="receipts",
        may_be_empty=True,
    ),
]
On = Annotated[dt.date, Arg("The date of the figures.")]
Adjustments = Annotated[
    Table[Adjustment] | None,
    Arg("Range with header: No, Effective, Bill, Inst, Kind, Component, Amount.", kind="adjustments"),
]
ClosedDays = Annotated[
    Table[ClosedDay] | None,
    Arg(
        "Range with header: Date, Office (Closed or Open). These days override the State's holidays.",
        kind="closed_days",
    ),
]
LevyType = Annotated[
    str, Arg("Levy type: RE, PP, MV, MVS, ADD, OMIT, SEWER and so on (default: RE).", choices=LEVY_TYPES)
]
Part = Annotated[str, Arg("The part of the levy, such as City or State, if the town has more than one.")]
Mailed = Annotated[dt.date | None, Arg("The day the bill was mailed, if mailed late.")]
OwnerOccupied = Annotated[
    str,
    Arg(
        "Yes if the owner lives in the home. Some laws give such homes other due dates, such as Maryland's "
        "two (default: No).",
        choices=("Yes", "No"),
    ),
]
Year = Annotated[
    int, Arg("The levy year. In Connecticut, the grand list year (October 1), payable from the next July.")
]
