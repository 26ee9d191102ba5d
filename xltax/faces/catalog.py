"""Every function and every action; asked for here, so that only who needs them loads them."""

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
