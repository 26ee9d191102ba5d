"""The built add-in in three real browsers, under its strict security policy: start, figures, refusals and the fallback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.office_js import browsers
from tests.office_js.cells import expected, good_call
from xltax.faces.catalog import functions
from xltax.faces.office_js.functions_json import short_name
from xltax.faces.office_js.headers import POLICY

_HERE = Path(__file__).parent
_PAGE = {name: (_HERE / name).read_bytes() for name in ("cells.html", "cells-page.mjs")}
_GOOD = {"good.json": json.dumps({short_name(n): good_call(n) for n in functions()}).encode()}


def opened(
    browser: str, site: Path, ways: str = "snapshot,wheels", cells: int = 0, extra: Any = None, **replaced: str
) -> Any:
    app = next(site.glob("app-*")).name
    policy = {name.replace("_", "-"): value for name, value in replaced.items()}
    with browsers.serving(site, _PAGE | _GOOD | (extra or {}), policy) as (address, found):
        return browsers.opened(browser, f"{address}/cells.html?app={app}&ways={ways}&cells={cells or ''}", found)


def _figures() -> dict[str, Any]:
    every = {short_name(n): expected(n) for n in functions()}
    return {n: v if isinstance(v, list) else [[v]] for n, v in every.items()}


@pytest.mark.parametrize("browser", browsers.NAMES)
def test_every_function_gives_the_figures_of_this_python(site: Path, browser: str) -> None:
    found = opened(browser, site)
    assert "error" not in found, found
    assert found["figures"] == _figures()
    assert found["start"]["way"] == "snapshot"
    assert found["start"]["failed"] == []
    assert found["refused"]["code"] == "#VALUE!"
    assert found["refused"]["message"].startswith("rate: ")
    assert found["blocked"] == [], "the security policy refused something that the add-in needs"
    assert not found["isolated"], "the add-in must not need an isolated page: Excel on the web gives none"


def test_a_snapshot_with_other_bytes_is_not_used_and_python_starts_from_its_wheels(site: Path) -> None:
    heap = next(site.glob("snapshot-*/heap.bin"))
    changed = bytearray(heap.read_bytes())
    changed[-9] ^= 1
    found = opened("chromium", site, extra={heap.relative_to(site).as_posix(): bytes(changed)})
    assert found["start"]["way"] == "wheels"
    assert "heap.bin could not be loaded, or is not the file that was built" in found["start"]["failed"][0]
    assert found["figures"] == _figures()


def test_a_page_that_may_not_run_webassembly_says_so_in_every_cell(site: Path) -> None:
    found = opened("chromium", site, Content_Security_Policy=POLICY.replace(" 'wasm-unsafe-eval'", ""))
    assert "could not start" in found["error"]
    assert "must allow 'wasm-unsafe-eval'" in found["error"]
