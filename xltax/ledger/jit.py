"""Loads the replay kernel plain or compiled: one source, two ways to run it, the same cents."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from functools import lru_cache
from types import ModuleType
from typing import Any, TypeVar, cast

SOURCES = ("xltax.ledger.accrual", "xltax.ledger.kernel")

F = TypeVar("F", bound=Callable[..., Any])

_COMPILE = False


def jit(function: F) -> F:
    """Marks a kernel function: left as it is, or compiled by numba while `compiled()` loads the source."""
    if not _COMPILE:
        return function
    import numba

    return cast(F, numba.njit(cache=True)(function))


@lru_cache(maxsize=1)
def compiled() -> ModuleType | None:
    """The kernel compiled by numba, or None where numba is not installed."""
    global _COMPILE
    if importlib.util.find_spec("numba") is None:
        return None
    _COMPILE = True
    plain = {name: sys.modules.pop(name, None) for name in SOURCES}
    try:
        module = None
        for name in SOURCES:
            spec = importlib.util.find_spec(name)
            assert spec is not None
            assert spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            sys.modules[name] = module  # so that the next source finds the compiled functions of this one
            spec.loader.exec_module(module)
        return module
    finally:
        _COMPILE = False
        for name, old in plain.items():
            if old is not None:
                sys.modules[name] = old
