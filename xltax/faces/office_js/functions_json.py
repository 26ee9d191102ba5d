"""Writes functions.json, which tells Excel the functions of the Office add-in, from the declarations."""

from __future__ import annotations

import json
from typing import Any

from xltax.declare import Arg, Function
from xltax.faces.catalog import functions

NAMESPACE = "TAX"
"""Excel shows every function as NAMESPACE.NAME, such as TAX.INTEREST."""

HELP_PAGE = "help.html"
_PREFIX = f"{NAMESPACE}_"


def short_name(name: str) -> str:
    """The name in Excel behind the namespace: INTEREST for TAX_INTEREST."""
    return name.removeprefix(_PREFIX)


def excel_name(name: str) -> str:
    """The name as a person types it in Excel: TAX.INTEREST for TAX_INTEREST."""
    return f"{NAMESPACE}.{short_name(name)}"


def functions_json(address: str) -> str:
    """The metadata of every function. address: the address of the add-in's folder, for the help links."""
    told = {
        "allowErrorForDataTypeAny": True,  # an error in a range reaches the function, which says where it is
        "functions": [_function(f, address) for f in functions().values()],
    }
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def _function(function: Function, address: str) -> dict[str, Any]:
    short = short_name(function.name)
    return {
        "id": short,
        "name": short,
        "description": function.help,
        "helpUrl": f"{address.rstrip('/')}/{HELP_PAGE}#{short}",
        # Every argument and result is a matrix: a range in place of one value gives a result for each cell.
        "result": {"type": "any", "dimensionality": "matrix"},
        "parameters": [_parameter(a) for a in function.args],
        "options": {"cancelable": True},
    }


def _parameter(arg: Arg) -> dict[str, Any]:
    # The type is always any. Excel would refuse an empty cell or an error itself if another type stood here, without
    # our words. That is also why the choices of an argument are not given as a list of Excel's: lists need texts.
    told: dict[str, Any] = {"name": arg.name, "description": arg.help, "type": "any", "dimensionality": "matrix"}
    if arg.optional:
        told["optional"] = True
    return told
