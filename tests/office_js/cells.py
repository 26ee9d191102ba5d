"""The good calls of every function as Excel hands them to an Office add-in, and the figures they must give."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.functions.calls import GOOD
from xltax.faces import boundary
from xltax.faces.catalog import functions
from xltax.faces.office_js import values

DESKTOP, WEB = 0, None
"""What each Excel hands over for an empty cell."""


def excel(value: Any, empty: Any = WEB) -> Any:
    """A value as Excel hands it over: a date as its day number, and an empty cell in one of the two ways."""
    if value is None:
        return empty
    if isinstance(value, dt.date):
        return (value - boundary.EPOCH).days
    return [excel(v, empty) for v in value] if isinstance(value, list) else value


def good_call(name: str, empty: Any = WEB) -> list[Any]:
    """The arguments of a function's good call. Every one is a matrix, as functions.json says."""
    given = [GOOD[name][a.name] for a in functions()[name].args]
    return [v if isinstance(v, list) else [[v]] for v in (excel(one, empty) for one in given)]


def expected(name: str) -> Any:
    """What the good call gives in this Python, as cells."""
    function = functions()[name]
    result = boundary.call(function, [GOOD[name][a.name] for a in function.args])
    return values.cells(boundary.to_cells(function, result), boundary.EPOCH)
