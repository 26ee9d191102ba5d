"""Inputs that many tasks share."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from xltax.declare import Input

Today = Annotated[dt.date | None, Input("The date of this task (default: today).")]
Tender = Annotated[str, Input("Payment type (default: Check).")]
Reference = Annotated[str, Input("The check number.")]

Again = Annotated[
    bool, Input("Yes: post payments even if the Cash Book has them already, or if the town refuses part payments.")
]

AlsoWithhold = Annotated[
    str, Input("More accounts to withhold with a confidential person's accounts, separated by commas.")
]
NotHer = Annotated[
    str,
    Input(
        "Accounts, last names or addresses that only look like a confidential person's and may be shown, separated by "
        "commas."
    ),
]
