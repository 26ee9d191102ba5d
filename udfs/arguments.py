"""The arguments that many functions share, described once."""

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
        "The town's id such as us-nj-colts-neck, the Rules table of a book with its header, or the path of a "
        "town file.",
        kind="town",
    ),
]
Charges = Annotated[
    Table[Charge],
    Arg(
        "Range with header: Bill, Account, Levy Year, Levy Type, Inst, Due, Amount. Or the tax duplicate.",
        kind="charges",
    ),
]
Receipts = Annotated[
    Table[Receipt] | None,
    Arg(
        "Range with header: Receipt, Received, Account, Amount; optionally Effective, By, Directed, Kind, "
        "Reverses. Or the cash book. May be empty.",
        kind="receipts",
        may_be_empty=True,
    ),
]
On = Annotated[dt.date, Arg("The date the figures are for.")]
Adjustments = Annotated[
    Table[Adjustment] | None,
    Arg("Range with header: No, Effective, Bill, Inst, Kind, Component, Amount.", kind="adjustments"),
]
ClosedDays = Annotated[
    Table[ClosedDay] | None,
    Arg("Range with header: Date, Office (Closed or Open). It overrides the State's holidays.", kind="closed_days"),
]
LevyType = Annotated[
    str, Arg("Levy type: RE, PP, MV, MVS, ADD, OMIT, SEWER and so on. Left out: RE.", choices=LEVY_TYPES)
]
Part = Annotated[str, Arg("The part of the levy, such as City or State, where a town has more than one.")]
Mailed = Annotated[dt.date | None, Arg("The day the bill was mailed, where it was late.")]
OwnerOccupied = Annotated[
    str,
    Arg(
        "Yes: a home its owner lives in, where the law gives it due dates of its own, such as Maryland's "
        "two. Left out: No.",
        choices=("Yes", "No"),
    ),
]
Year = Annotated[
    int, Arg("The levy year; in Connecticut the grand list year (October 1), payable from the July after.")
]
