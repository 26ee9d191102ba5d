"""The senders whose files are known from the start: servicers, lockboxes and online sites, by name and by the look of a file."""

from __future__ import annotations

import tomllib
from functools import cache

import pandas as pd

from xltax.data import open_text
from xltax.tables.counter import MAPPINGS, MappedColumn
from xltax.tables.table import Table, concat


@cache
def shipped() -> Table[MappedColumn]:
    """The mappings that come with xltax, each with its source in data/senders.toml."""
    rows = [
        {
            MappedColumn.mapping: one["name"],
            MappedColumn.column: column,
            MappedColumn.header: header,
            MappedColumn.reads_as: one.get("reads_as", {}).get(column, ""),
            MappedColumn.digits: 0,
        }
        for one in tomllib.loads(open_text("senders.toml"))["sender"]
        for column, header in one["columns"].items()
    ]
    return Table.made(MAPPINGS, pd.DataFrame(rows))


def known(mappings: Table[MappedColumn]) -> Table[MappedColumn]:
    """The mappings of a workbook, and those that come with xltax under names that the workbook does not use."""
    mine = {name.casefold() for name in mappings[MappedColumn.mapping]}
    more = shipped().where(lambda t: ~t[MappedColumn.mapping].str.casefold().isin(mine))
    return concat([mappings, more])
