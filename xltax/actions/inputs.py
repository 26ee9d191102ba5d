"""Inputs that many tasks ask for in the same words."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from xltax.declare import Input

Today = Annotated[dt.date | None, Input("The day this is done.")]
Tender = Annotated[str, Input("How it was paid, such as Check; left out: Check.")]
Reference = Annotated[str, Input("The check's number.")]

AlsoWithhold = Annotated[
    str, Input("Accounts to withhold with those of a confidential person, with commas between them.")
]
NotHer = Annotated[
    str,
    Input(
        "What is not a confidential person's although it looks so: accounts, a last name or an address, with "
        "commas between them."
    ),
]
