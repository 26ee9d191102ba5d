"""Answers the functions of the Office add-in: one batch of calls as JSON text in, their results as JSON text out."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from xltax.declare import Arg, Function
from xltax.errors import TaxError
from xltax.faces import boundary, lifting
from xltax.faces.catalog import functions
from xltax.faces.office_js import values

_LONGEST_WORDS = 1_000  # an error's words are shown in a small window beside the cell


def answer(text: str) -> str:
    """The results of a batch of calls.

    text: {"epoch": "1899-12-30", "tables": [rows, ...], "calls": [{"name": ..., "arguments": [[...], ...]}, ...]}. An
    argument is a value, rows of values, or {"table": 3} for the rows at place 3 of tables, which many calls can share.
    Gives {"answers": [[...], ...]}: for each call a value, rows of values, or {"error": words}.

    An import that fails is not answered but raised: the files of Python may still be on their way (see python.mjs).
    """
    asked = json.loads(text)
    batch = _Batch(asked.get("tables", []), dt.date.fromisoformat(asked.get("epoch", boundary.EPOCH.isoformat())))
    answers = [batch.answers(functions()[each["name"]], each["arguments"]) for each in asked["calls"]]
    return json.dumps({"answers": answers}, separators=(",", ":"))


class _Batch:
    """The calls of one message. A table that several calls share is prepared once for each kind of argument."""

    def __init__(self, tables: Sequence[Any], epoch: dt.date) -> None:
        self.tables, self.epoch = tables, epoch
        self._ready: dict[tuple[int, str], Any] = {}

    def answers(self, function: Function, calls: Sequence[Sequence[Any]]) -> list[Any]:
        """The answers to the calls of one function."""
        given = [self._given(function, call) for call in calls]
        return [self._answer(function, result) for result in call_many(function, given, self.epoch)]

    def _given(self, function: Function, call: Sequence[Any]) -> list[Any]:
        ready = [self._argument(arg, value) for arg, value in zip(function.args, call, strict=False)]
        ready = values.without_blank_rows(function, ready)
        ready += call[len(ready) :]  # too many: the boundary says so
        while ready and ready[-1] is None:
            ready.pop()
        return ready

    def _argument(self, arg: Arg, value: Any) -> Any:
        if not isinstance(value, dict):
            return values.argument(arg, value)
        key = (value["table"], arg.kind if values.is_range(arg.kind) else arg.name)
        if key not in self._ready:
            self._ready[key] = values.argument(arg, self.tables[value["table"]])
        return self._ready[key]

    def _answer(self, function: Function, result: Any) -> Any:
        if isinstance(result, Exception):
            return _wrong(result)
        return values.cells(lifting.to_cells(function, result, _wrong), self.epoch)


def call_many(function: Function, calls: Sequence[Sequence[Any]], epoch: dt.date) -> list[Any]:
    """The typed result of each call, or the error of that call."""
    try:
        return lifting.call_many(function, calls, epoch)
    except ImportError:
        raise
    except Exception as error:  # one that nobody foresaw: one call must not take the others with it
        if len(calls) == 1:
            return [error]
        return [result for call in calls for result in call_many(function, [call], epoch)]


def _wrong(error: Exception) -> dict[str, str]:
    """What the cell's error says."""
    unforeseen = f"{type(error).__name__}: {error}. Report this error with the formula."
    return {"error": (str(error) if isinstance(error, TaxError) else unforeseen)[:_LONGEST_WORDS]}
