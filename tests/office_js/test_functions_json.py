"""functions.json and the help page against the declarations, and against the rules and the tool of Microsoft."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.office_js.need import node, node_module
from xltax.faces.catalog import functions
from xltax.faces.office_js import pages
from xltax.faces.office_js.functions_json import NAMESPACE, excel_name, functions_json, short_name

ADDRESS = "https://addins.example.gov/xltax"
TOLD = json.loads(functions_json(ADDRESS))


def test_every_function_is_there_in_the_order_declared_with_its_help() -> None:
    assert [f["id"] for f in TOLD["functions"]] == [short_name(n) for n in functions()]
    for told, function in zip(TOLD["functions"], functions().values(), strict=True):
        assert f"{NAMESPACE}_{told['id']}" == function.name
        assert told["description"] == function.help
        assert [p["name"] for p in told["parameters"]] == [a.name for a in function.args]
        assert [p["description"] for p in told["parameters"]] == [a.help for a in function.args]
        assert [p.get("optional", False) for p in told["parameters"]] == [a.optional for a in function.args]


def test_names_follow_the_rules_of_excel() -> None:
    """docs/excel/custom-functions-naming of Microsoft: a letter first, letters, digits, _ and ., at least 3 and at most 128."""
    for told in TOLD["functions"]:
        assert re.fullmatch(r"[A-Za-z][A-Za-z0-9._]{2,127}", told["id"])
        assert told["name"] == told["id"]
    assert len({f["id"].upper() for f in TOLD["functions"]}) == len(TOLD["functions"])
    assert excel_name("TAX_INTEREST") == "TAX.INTEREST"


def test_an_error_and_an_empty_cell_reach_the_function() -> None:
    assert TOLD["allowErrorForDataTypeAny"] is True
    for told in TOLD["functions"]:
        assert all((p["type"], p["dimensionality"]) == ("any", "matrix") for p in told["parameters"])
        assert told["result"] == {"type": "any", "dimensionality": "matrix"}
        assert told["options"] == {"cancelable": True}, "cancelable and stream exclude each other"


def test_every_help_link_leads_to_a_heading_of_the_help_page() -> None:
    page = pages.help_page()
    for told in TOLD["functions"]:
        address, anchor = told["helpUrl"].split("#")
        assert address == f"{ADDRESS}/help.html"
        assert f'<h2 id="{anchor}">' in page
    assert "style=" not in page
    assert "<script" not in page


def test_microsofts_own_tool_makes_the_same_metadata_from_comments(tmp_path: Path) -> None:
    """The tool reads comments over functions in JavaScript, and refuses ids and names that Excel does not take."""
    tool = node_module("custom-functions-metadata")
    source, made = tmp_path / "functions.js", tmp_path / "made.json"
    source.write_text("\n".join(_commented(f) for f in TOLD["functions"]), encoding="utf-8")
    node(tool / "cli.js", "generate", source, made)
    theirs = json.loads(made.read_text(encoding="utf-8"))
    assert len(theirs["functions"]) == len(TOLD["functions"])
    for their, our in zip(theirs["functions"], TOLD["functions"], strict=True):
        assert {k: their[k] for k in ("id", "name", "helpUrl", "options")} == {
            k: our[k] for k in ("id", "name", "helpUrl", "options")
        }
        assert {"type": "any"} | their["result"] == our[
            "result"
        ]  # the tool leaves any out, which Excel takes for granted
        for their_parameter, our_parameter in zip(their["parameters"], our["parameters"], strict=True):
            for key in ("name", "type", "dimensionality", "optional"):
                got = ({"type": "any"} | their_parameter).get(key)
                assert got == our_parameter.get(key), (our["id"], our_parameter["name"])


def _commented(told: dict) -> str:
    shown = [(f"[{p['name']}]" if p.get("optional") else p["name"], p) for p in told["parameters"]]
    parameters = "\n".join(f" * @param {{any[][]}} {name} {p['description']}" for name, p in shown)
    names = ", ".join(p["name"] for p in told["parameters"])
    return (
        f"/**\n * {told['description']}\n * @customfunction {told['id']} {told['name']}\n * @helpurl {told['helpUrl']}\n"
        f" * @cancelable\n{parameters}\n * @param {{CustomFunctions.CancelableInvocation}} invocation\n"
        f" * @returns {{any[][]}}\n */\nfunction f_{told['id'].lower()}({names}, invocation) {{}}\n"
    )
