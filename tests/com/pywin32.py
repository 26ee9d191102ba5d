"""Just enough of pywin32 for xlwings' own Windows code to be imported and run here: names, not behaviour.

It does not show: that COM carries the values, that the DLL finds the interpreter, that Excel answers while it is busy.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import sys
import types
from typing import Any


class ComError(Exception):
    """pywintypes.com_error: what a refused call raises."""

    def __init__(self, text: str, hresult: int = -2147352567) -> None:
        self.hresult = hresult
        self.excepinfo = (0, "Microsoft Excel", text, None, 0, -2146827284)
        super().__init__(hresult, text, self.excepinfo, None)


class ComTime(dt.datetime):
    """pywintypes.TimeType: a date as Excel hands it over, with a time zone that means nothing."""


def com_time(value: dt.datetime) -> ComTime:
    return ComTime(
        value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond, tzinfo=dt.UTC
    )


class _Module(types.ModuleType):
    """Any name asked for is an empty class: xlwings names many at import and calls few."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = type(name, (), {})
        setattr(self, name, made)
        return made


MISSING = -2147352572
"""What an argument left out arrives as."""

ALERTS: list[str] = []
"""What the message boxes said."""


def install() -> Any:
    """Puts the stand-ins where xlwings looks for pywin32, and gives xlwings' own Windows module."""
    import xlwings

    if "pythoncom" not in sys.modules:
        for name in [
            "pythoncom",
            "pywintypes",
            "win32com",
            "win32com.client",
            "win32com.server",
            "win32com.server.dispatcher",
            "win32com.server.policy",
            "win32com.server.util",
            "win32api",
            "win32con",
            "win32gui",
            "win32process",
            "win32timezone",
            "win32event",
        ]:
            sys.modules[name] = _Module(name)
            if "." in name:
                parent, _, child = name.rpartition(".")
                setattr(sys.modules[parent], child, sys.modules[name])
        com, types_ = sys.modules["pythoncom"], sys.modules["pywintypes"]
        types_.TimeType, types_.com_error = ComTime, ComError  # type: ignore[attr-defined]
        types_.IID = str  # type: ignore[attr-defined]
        com.__file__ = ""
        com.com_error = com.ole_error = ComError  # type: ignore[attr-defined]
        com.CoInitialize = lambda: None  # type: ignore[attr-defined]
        com.IID_IDispatch, com.TypeIIDs = "IDispatch", {"IDispatch": type("PyIDispatch", (), {})}  # type: ignore[attr-defined]
        sys.modules["win32com.client"].Dispatch = lambda x, **_: x  # type: ignore[attr-defined]
        sys.modules["win32process"].GetWindowThreadProcessId = lambda hwnd: (1, 1)  # type: ignore[attr-defined]
        sys.modules["win32timezone"].TimeZoneInfo = type("TimeZoneInfo", (), {"utc": staticmethod(lambda: dt.UTC)})  # type: ignore[attr-defined]
        con = sys.modules["win32con"]
        con.MB_OK, con.MB_ICONINFORMATION, con.MB_ICONWARNING = 0, 64, 48  # type: ignore[attr-defined]
        con.MB_OKCANCEL, con.MB_YESNO, con.MB_YESNOCANCEL = 1, 4, 3  # type: ignore[attr-defined]

        def box(hwnd: int, text: str, title: str, style: int) -> int:
            ALERTS.append(text)
            return 1

        sys.modules["win32api"].MessageBox = box  # type: ignore[attr-defined]
        before = {n: getattr(ctypes, n, None) for n in ("windll", "oledll", "WINFUNCTYPE", "WinError", "PyDLL")}
        ctypes.windll = ctypes.oledll = _Library()  # type: ignore[attr-defined]
        ctypes.WINFUNCTYPE = ctypes.CFUNCTYPE  # type: ignore[attr-defined]
        ctypes.WinError = OSError  # type: ignore[attr-defined]
        ctypes.PyDLL = lambda name: _Library()  # type: ignore[assignment, misc]
        try:
            import xlwings._xlwindows
        finally:
            for name, value in before.items():
                if value is None:
                    delattr(ctypes, name)  # others take its presence for Windows
                else:
                    setattr(ctypes, name, value)
    module = sys.modules["xlwings._xlwindows"]
    if not any(e.name == "excel" for e in xlwings.engines):
        xlwings.engines.add(xlwings.Engine(impl=module.engine))
        xlwings.engines.active = xlwings.engines["excel"]
    from xlwings import udfs

    xlwings.func, xlwings.arg, xlwings.ret = udfs.xlfunc, udfs.xlarg, udfs.xlret  # as on Windows
    import atexit

    atexit.unregister(module.cleanup)  # it would ask Windows for its list of processes
    return module


class _Library:
    def __getattr__(self, name: str) -> Any:
        return _Library()

    def __call__(self, *args: Any) -> int:
        return 0
