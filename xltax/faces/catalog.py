"""Every function and every task. Importing this loads them all."""

from __future__ import annotations

from xltax.declare import REGISTRY, Action, Function


def functions() -> dict[str, Function]:
    """Every function, in the order declared."""
    import xltax.udfs  # noqa: F401  declares them

    return REGISTRY.functions


def actions() -> dict[str, Action]:
    """Every action, in the order declared."""
    import xltax.actions  # noqa: F401  declares them

    return REGISTRY.actions
