"""Every day of three centuries as the kernel wants it."""

from __future__ import annotations

import datetime as dt

import numpy as np

from xltax.ledger import records as r

_FIRST_DAY, _LAST_DAY = dt.date(1900, 1, 1), dt.date(2230, 12, 31)
_DAYS: list[r.Days] = []


def calendar() -> r.Days:
    """Every day of three centuries: its month, its number in it and the month's length."""
    if not _DAYS:
        first = _FIRST_DAY.toordinal()
        dates = np.arange(np.datetime64(_FIRST_DAY), np.datetime64(_LAST_DAY), dtype="datetime64[D]")
        months = dates.astype("datetime64[M]")
        month = months.astype(np.int64) + 1970 * 12
        number = (dates - months.astype("datetime64[D]")).astype(np.int64) + 1
        length = ((months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64)
        _DAYS.append(r.Days([first], month, number, length))
    return _DAYS[0]
