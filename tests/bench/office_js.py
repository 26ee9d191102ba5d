"""The Office add-in in real browsers: from an open page to the figures, ten thousand cells, and what there is to download."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from tests.office_js import browsers, need, test_browsers, test_suite_in_snapshot
from xltax.faces.office_js.build_site import build_office

CHARGES, CELLS = 10_000, 10_000
_MACHINE = "2 cores"
_START = {"chromium": 2, "firefox": 3, "webkit": 3}  # seconds, from issue 17
_MEGABYTE = 1_000_000


def add_in() -> list[tuple[str, str, float, float | None]]:
    """The start in each browser, a town and ten thousand cells, memory, and the download by part."""
    with tempfile.TemporaryDirectory() as folder:
        site = build_office(Path(folder) / "office", need.sources())
        rows = [row for browser in browsers.NAMES if browsers.has(browser) for row in _browser(browser, site)]
        passed = test_suite_in_snapshot.run(site, *test_suite_in_snapshot.WHOLE)
        rows.append(
            ("xltax's own tests that pass inside the snapshot: law, functions, worked figures", "-", passed, None)
        )
        return rows + download(site)


def _browser(browser: str, site: Path) -> list[tuple[str, str, float, float | None]]:
    town = {"town.json": json.dumps(_town()).encode()}
    found = test_browsers.opened(browser, site, cells=CELLS, extra=town)
    if "error" in found:
        raise SystemExit(f"{browser}: {found['error']}")
    start, where = found["start"]["times"], f"{browser}, {_MACHINE}, seconds by the clock"
    return [
        (f"Office add-in: Python ready from the snapshot ({where})", "-", start["ready"], _START[browser]),
        (f"the page opened, and 29 functions have answered ({where})", "-", found["allFigures"], None),
        (f"TAX.BALANCES of {CHARGES:,} charges ({where})", "-", found["balances"]["seconds"], 1),
        (f"{CELLS:,} cells of TAX.INTEREST, one day ({where})", "-", found["day1"]["seconds"], None),
        (f"{CELLS:,} cells of TAX.INTEREST, 365 days ({where})", "-", found["days365"]["seconds"], 2),
        (f"Python's memory at the start, MB ({browser})", "-", start["heapMB"], 120),
        (f"the page stood still at most, milliseconds ({browser})", "-", found["longestBlockMs"], None),
    ]


def _town() -> dict[str, Any]:
    """2,500 accounts with four installments each, and a payment for every second account."""
    charges: list[list[Any]] = [["Bill", "Account", "Levy Year", "Levy Type", "Inst", "Due", "Amount"]]
    for n in range(CHARGES // 4):
        for k, due in enumerate((45689, 45778, 45870, 45962), 1):
            charges.append([f"2025-{n}", str(n), 2025, "RE", k, due, 1000 + n % 977 + k])
    receipts: list[list[Any]] = [["Receipt", "Received", "Account", "Amount"]]
    receipts += [[str(n), 45717 + n % 28, str(n), 900 + n % 700] for n in range(0, CHARGES // 4, 2)]
    return {"charges": charges, "receipts": receipts}


def download(site: Path) -> list[tuple[str, str, float, float | None]]:
    """What a browser loads before the first figure, in brotli, and what comes later. The snapshot is packed by gzip on disk."""
    sizes = json.loads(need.node(need.NODE_TESTS / "sizes.mjs", site))
    rows: list[tuple[str, str, float, float | None]] = []
    for part, size in sizes["first"].items():
        rows.append(
            (f"Office add-in, to download before the first figure: {part}, MB in brotli", "-", size / _MEGABYTE, None)
        )
    rows.append(("all of it, MB in brotli", "-", sum(sizes["first"].values()) / _MEGABYTE, 24))
    rows.append(("the same as the files are on disk, MB in gzip", "-", sizes["gzip"] / _MEGABYTE, None))
    rows.append(("files that come after the first figure, MB in gzip", "-", sizes["later"] / _MEGABYTE, None))
    rows.append(("all wheels instead, if the snapshot does not restore, MB", "-", sizes["wheels"] / _MEGABYTE, None))
    return rows
