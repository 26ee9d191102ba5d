"""Loads the replay kernel plain or compiled, with the same result to the cent."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar, cast

SOURCES = tuple(f"xltax.ledger.{name}" for name in ("accrual", "paying", "in_hand", "kernel"))
"""What is compiled, each after what it calls."""
CONSTANTS = ("xltax.law.interest.terms", "xltax.ledger.kernel_types")
"""What is compiled into them."""
LOADING = 20_000  # events the plain kernel replays in the time it takes to load the compiled one
COMPILING = 500_000  # and in the time it takes to compile it, which happens once for a version of its source

F = TypeVar("F", bound=Callable[..., Any])

_COMPILE = False
_met = 0  # events replayed plain since the program started


def jit(function: F) -> F:
    """Marks a kernel function: left as it is, or compiled by numba while `compiled()` loads the source."""
    if not _COMPILE:
        return function
    from numba import njit, types

    # Only the outermost is called from Python, and it holds all the others. Nothing in it makes an array, so nothing
    # has to be counted; nothing divides by zero.
    options: dict[str, Any] = {"cache": function.__name__ == "run", "_nrt": False, "error_model": "numpy"}
    made = njit(**options)(function)
    template = made.get_call_template
    # A constant handed to it is a number like any other: not one more version to compile for each.
    made.get_call_template = lambda args, kws: template(tuple(map(types.unliteral, args)), kws)
    return cast(F, made)


def worth_compiling(events: int) -> bool:
    """Whether the compiled kernel replays this many events sooner, including its loading and compiling.

    A program that stays open loads it when its many small replays together have taken as long as loading would: whatever is
    asked next, it has waited at most twice as long as had it known.
    """
    global _met
    if compiled.cache_info().currsize:
        return compiled() is not None
    _met += events
    if _met < LOADING or importlib.util.find_spec("numba") is None:
        return False
    return events >= COMPILING or any(folder.exists() for folder in _folders())


@cache
def compiled() -> ModuleType | None:
    """The kernel compiled by numba, or None where numba is not installed or does not work."""
    global _COMPILE
    try:
        import numba
    except ImportError:  # not installed, or not for this numpy
        return None
    config: Any = numba.config
    _COMPILE = True
    plain = {name: sys.modules.pop(name, None) for name in SOURCES}
    before = config.CACHE_DIR
    try:
        folder = _folder()
        if folder is None:
            return None
        config.CACHE_DIR = str(folder)
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
        config.CACHE_DIR = before
        for name, old in plain.items():
            if old is not None:
                sys.modules[name] = old


def _folders() -> tuple[Path, ...]:
    """Where what was compiled may lie: beside the source, or where that may not be written, in the user's own folder.

    The name holds a hash of every kernel source, so that what was compiled from an older one is never run.
    """
    texts = []
    for name in (*CONSTANTS, *SOURCES):
        spec = importlib.util.find_spec(name)
        assert spec is not None
        texts.append(Path(str(spec.origin)).read_bytes())
    mark = f"kernel-{hashlib.sha256(b''.join(texts)).hexdigest()[:16]}"
    beside = Path(__file__).parent / "__pycache__" / mark
    own = Path(os.path.expanduser("~"))  # stays "~" for a user without a home, who has no folder of her own
    return (beside, own / ".xltax" / mark) if own.is_absolute() else (beside,)


def _folder() -> Path | None:
    """The folder for what is compiled; None if this user can write nowhere of her own."""
    beside, *own = _folders()
    try:
        for old in beside.parent.glob("kernel-*"):
            if old != beside:
                shutil.rmtree(old, ignore_errors=True)
        beside.mkdir(parents=True, exist_ok=True)
        (beside / "try").touch()
        (beside / "try").unlink()
    except OSError:
        return own[0] if own else None
    return beside
