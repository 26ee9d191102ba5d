"""Looks up functions, tasks and the declaration of a workbook."""

from __future__ import annotations

from typing import Any

from xltax.declare import REGISTRY, Action, Function


def functions() -> dict[str, Function]:
    """Every function, in the order declared."""
    import xltax.udfs  # noqa: F401  declares them

    return REGISTRY.functions


def actions() -> dict[str, Action]:
    """Every action, in the order declared."""
    import xltax.actions  # noqa: F401  declares them

    return REGISTRY.actions


def book_spec(template: str, state: str = "") -> Any:
    """The declaration of a workbook, by the template id it bears. state: the state's name, for a book of no family."""
    from xltax.workbooks import spec_of

    return spec_of(template, state)
