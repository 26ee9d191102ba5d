"""Inputs that many tasks ask for in the same words."""

from __future__ import annotations

from xltax.hosts.registry import Input

TODAY = Input("today", "date", "The day this is done.", optional=True)
TENDER = Input("tender", "text", "How it was paid, such as Check; left out: Check.", optional=True)
REFERENCE = Input("reference", "text", "The check's number.", optional=True)
