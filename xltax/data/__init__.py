"""The real bills, liens and record layouts that come with xltax, each folder with its source beside it."""

from __future__ import annotations

from importlib.resources import files

import pandas as pd


def open_csv(name: str) -> pd.DataFrame:
    """One packed table, every column as text: open_csv("glastonbury_ct/real_estate_2018").

    Raises FileNotFoundError for a name that is not packed.
    """
    packed = files(__name__).joinpath(*f"{name}.csv.xz".split("/"))
    with packed.open("rb") as file:
        return pd.read_csv(file, dtype=str, keep_default_na=False, compression="xz")


def open_text(name: str) -> str:
    """One text file that comes with xltax: open_text("published/cases.toml")."""
    return files(__name__).joinpath(*name.split("/")).read_text(encoding="utf-8")
