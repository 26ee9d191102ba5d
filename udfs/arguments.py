"""The arguments that many functions share, described once."""

from xltax.hosts.registry import Arg
from xltax.tables import LEVY_TYPES

TOWN = Arg(
    "town",
    "town",
    "The town's id such as us-nj-colts-neck, the Rules table of a book with its header, or the path of a town file.",
)
CHARGES = Arg(
    "charges",
    "charges",
    "Range with header: Bill, Account, Levy Year, Levy Type, Inst, Due, Amount. Or the tax duplicate.",
)
RECEIPTS = Arg(
    "receipts",
    "receipts",
    "Range with header: Receipt, Received, Account, Amount; optionally Effective, By, Directed, Kind, Reverses. Or the cash book. May be empty.",
    may_be_empty=True,
)
ON = Arg("on", "date", "The date the figures are for.")
ADJUSTMENTS = Arg(
    "adjustments",
    "adjustments",
    "Range with header: No, Effective, Bill, Inst, Kind, Component, Amount.",
    optional=True,
)
CLOSED_DAYS = Arg(
    "closed_days",
    "closed_days",
    "Range with header: Date, Office (Closed or Open). It overrides the State's holidays.",
    optional=True,
)
LEVY_TYPE = Arg(
    "type",
    "text",
    "Levy type: RE, PP, MV, MVS, ADD, OMIT, SEWER and so on. Left out: RE.",
    optional=True,
    default="RE",
    choices=LEVY_TYPES,
)
PART = Arg(
    "part",
    "text",
    "The part of the levy, such as City or State, where a town has more than one.",
    optional=True,
    default="",
)
MAILED = Arg("mailed", "date", "The day the bill was mailed, where it was late.", optional=True)
OWNER_OCCUPIED = Arg(
    "owner_occupied",
    "text",
    "Yes: a home its owner lives in, where the law gives it due dates of its own, such as Maryland's two. Left out: No.",
    optional=True,
    default="No",
    choices=("Yes", "No"),
)
YEAR = Arg(
    "year", "count", "The levy year; in Connecticut the grand list year (October 1), payable from the July after."
)
