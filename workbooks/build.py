"""The template workbooks, built by one call: `build_templates(folder)`."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from xltax.workbooks import FAMILIES, book

from xltax.law import load
from xltax.law.table import to_frame
from xltax.sheets.layout import fingerprint
from xltax.sheets.write import build_bytes

HERE = Path(__file__).parent


def rules_of(profile: str) -> pd.DataFrame:
    """The rule table of a profile, as it goes into the Rules sheet."""
    return to_frame(load.load(profile))


def template(name: str, rules: pd.DataFrame | None = None) -> bytes:
    """One template as bytes: the state's own rules, everything else empty. rules: another rule table instead."""
    frame = rules_of(FAMILIES[name].profile) if rules is None else rules
    return build_bytes(book(name), {"Rules": frame}, rules=fingerprint(frame))


def macro_sources() -> dict[str, bytes]:
    """The workbooks that get macros, by file name without its ending."""
    return {family.file: template(name) for name, family in FAMILIES.items()}


def build_templates(folder: Path | str = HERE) -> list[Path]:
    """Write every state's template into a folder; the paths written."""
    written = []
    for name, family in FAMILIES.items():
        path = Path(folder) / f"{family.file}.xlsx"
        path.write_bytes(template(name))
        written.append(path)
    return written


if __name__ == "__main__":
    for path in build_templates():
        print(path)
