"""The office around the taxes: which inquiries wait for an answer, which certificates have to be renewed."""

from __future__ import annotations

import pandas as pd

Register = tuple[pd.DataFrame, pd.DataFrame]
"""A register's rows and, for each, its next date and step: as the registers of the Enforcement desk have them."""


def open_inquiries(inquiries: pd.DataFrame) -> Register:
    """Inquiries without an answer, each with the day it is due. inquiries: INQUIRIES, typed."""
    rows = inquiries[inquiries["Answered"].isna()]
    step = rows["Kind"] + ": " + rows["About"]
    return rows.assign(Officer=rows["Assigned To"]), pd.DataFrame({"Next Date": rows["Due"], "Next Step": step})


def to_renew(training: pd.DataFrame) -> Register:
    """Certificates with a day to be renewed by and not renewed. training: TRAINING, typed."""
    rows = training[training["Renew By"].notna() & training["Renewed"].isna()]
    step = "renew certificate " + rows["Certificate"]
    return rows.assign(Officer=rows["Person"], Account=""), pd.DataFrame(
        {"Next Date": rows["Renew By"], "Next Step": step}
    )
