"""Inputs that many tasks ask for in the same words."""

from __future__ import annotations

from xltax.hosts.registry import Input

TODAY = Input("today", "date", "The day this is done.", optional=True)
TENDER = Input("tender", "text", "How it was paid, such as Check; left out: Check.", optional=True)
REFERENCE = Input("reference", "text", "The check's number.", optional=True)

ALSO_WITHHOLD = Input(
    "also_withhold",
    "text",
    "Accounts to withhold with those of a confidential person, with commas between them.",
    optional=True,
)
NOT_HER = Input(
    "not_her",
    "text",
    "What is not a confidential person's although it looks so: accounts, a last name or an address, with commas between them.",
    optional=True,
)
