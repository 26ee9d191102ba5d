"""What may be shared: every table without confidential accounts, and without what tells who a person is beyond the roll."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from xltax.ledger.schema import TableSpec
from xltax.ledger.validate import as_id, is_blank

EMPTIED = ("Party", "Email", "Phone", "Seal")
"""Columns left empty in a shared copy. A seal holds for the whole book only."""

_TELLING = ("Owner", "Billed Owner", "Mail 1", "Mail 2", "Mail 3", "Location", "Email", "Phone", "Mortgagee")
_SHORTEST = 5  # letters of a name or an address: a shorter text would be found in words that are not it
_LEAST_DIGITS = 4  # of an id that is only digits, to be told from a count in a sentence


@dataclass(frozen=True)
class Hidden:
    """The accounts, parties, bills and receipts that are confidential, and the texts that would give them away."""

    accounts: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()  # of bills, receipts and parties
    texts: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.accounts)

    def pattern(self) -> re.Pattern[str] | None:
        """Finds an account, an id or a telling text anywhere in a cell."""
        long_ids = {i for i in self.accounts | self.ids if len(i) >= _LEAST_DIGITS}
        words = [rf"(?<![\w.-]){re.escape(i)}(?![\w-])" for i in sorted(long_ids)]
        words += [re.escape(t) for t in sorted(self.texts, key=len, reverse=True)]
        return re.compile("|".join(words), re.IGNORECASE) if words else None


def confidential(roll: pd.DataFrame, *tables: pd.DataFrame) -> tuple[set[str], set[str]]:
    """The accounts flagged confidential on the Roll with all others of their parties, on the Roll or on a bill; and the parties."""
    with_party = [t[["Account", "Party"]] for t in (roll, *tables) if "Party" in t]
    accounts = set(roll.loc[roll["Flags"].str.contains("confidential", case=False, na=False), "Account"])
    parties = {p for t in with_party for p in t.loc[t["Account"].isin(accounts), "Party"]} - {""}
    return accounts | {a for t in with_party for a in t.loc[t["Party"].isin(parties), "Account"]}, parties


def hidden(roll: pd.DataFrame, *tables: pd.DataFrame) -> Hidden:
    """What is confidential: the accounts so flagged on the roll, all accounts of their parties, their bills and receipts.

    roll: the Roll, typed. tables: others with an Account column (Duplicate, CashBook, History), typed.
    """
    accounts, parties = confidential(roll, *tables)
    if not accounts:
        return Hidden()
    mine = roll["Account"].isin(accounts)
    ids = set(parties)
    # A name or a lender that others have too gives nobody away, and taking it out would take them out.
    others = _texts(roll[~mine])
    texts = _texts(roll[mine]) - others
    for table in tables:
        held = table["Account"].isin(accounts)
        for column in ("Bill", "Receipt"):
            if column in table:
                ids |= set(table.loc[held, column]) - {""}
        for column in ("Taxpayer", "Property", "Before", "After"):
            if column in table:
                texts |= _of_persons(table.loc[held, column]) - _of_persons(table.loc[~held, column]) - others
    return Hidden(frozenset(accounts), frozenset(ids), frozenset(texts))


def _texts(roll: pd.DataFrame) -> set[str]:
    return {t for c in _TELLING if c in roll for t in _of_persons(roll[c])}


def _of_persons(column: pd.Series[str]) -> set[str]:
    """The texts of a column that may tell who somebody is: long enough, and more than a number."""
    return {t for t in set(column) if len(t) >= _SHORTEST and any(c.isalpha() for c in t)}


def shown(table: pd.DataFrame, away: Hidden, spec: TableSpec) -> pd.DataFrame:
    """A table as it may be shared: rows of confidential accounts gone, telling columns empty.

    A row goes by its Account, its Bill, Receipt, Reverses or Directed, or by any text in it that names a confidential
    person; columns are as the table has them, values as they stand.
    """
    out = table.copy()
    if away:
        gone = pd.Series(False, index=out.index)
        pattern = away.pattern()
        for position, header in enumerate(out.columns):
            values = out.iloc[:, position]
            column = spec.find(header)
            name = column.name if column else header
            known = {v: _names(name, v, away, pattern) for v in set(values.tolist()) if not is_blank(v)}
            gone |= values.map(lambda v, known=known: known.get(v, False) if not is_blank(v) else False).astype(bool)
        out = out[~gone]
    for header in out.columns:
        column = spec.find(header)
        if column and column.name in EMPTIED:
            out[header] = None
    return out


def _names(header: str, value: object, away: Hidden, pattern: re.Pattern[str] | None) -> bool:
    """True if a cell names a confidential account or person."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return False
    text = as_id(value)
    if header in ("Account", "Directed"):
        return text in away.accounts
    if header in ("Bill", "Receipt", "Reverses", "Party"):
        return text in away.ids
    return isinstance(value, str) and pattern is not None and pattern.search(value) is not None


def tells(values: Mapping[str, object], away: Hidden) -> bool:
    """True if one of these named cells names a confidential account or person."""
    pattern = away.pattern()
    texts = [v.strip() for v in values.values() if isinstance(v, str)]
    return any(t in away.accounts or (pattern is not None and bool(pattern.search(t))) for t in texts)
