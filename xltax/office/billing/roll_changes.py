"""What an import does to the Roll: rows that are new, changed, back, or missing from the file; and the entries in History."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from xltax.errors import BadValue, Problem, Problems
from xltax.money import dollars, usd
from xltax.tables import HISTORY, ROLL, SUPPLEMENTARY, Bill, CashLine, Parcel, RollChange
from xltax.tables.reading import place, read
from xltax.tables.schema import Column
from xltax.tables.table import Table, concat
from xltax.wording import some

KEEP, REMOVE = "keep", "remove"
LEFT_ON = "Left On"
HISTORIC = ("Owner", "Mail 1", "Mail 2", "Mail 3", "Location", "Class", "Net Value")
MOST_NAMED = 20
"""The most accounts a message names."""
_PARTS_OF_VALUE = ("Land", "Improvements", "Exemptions")


def on_roll(roll: Table[Parcel]) -> Table[Parcel]:
    """The rows that are on the roll today: only these are billed and counted."""
    return roll[roll[Parcel.left_on].isna()]


@dataclass(frozen=True)
class Plan:
    """What an import would do: the file's rows as they would stand on the Roll, and the Roll's rows missing from the file."""

    roll: Table[Parcel]
    new: Table[Parcel]
    at: pd.Index[Any]  # the Roll's rows the file has too
    merged: pd.DataFrame  # these rows as they would stand
    changes_at: Any  # which of them change
    back: int  # of them, how many had left the roll
    missing: Table[Parcel]
    kept: tuple[str, ...]  # what became of columns the file does not have, in words

    @property
    def changed(self) -> int:
        """The number of rows the import would change."""
        return int(self.changes_at.sum())

    def changed_of(self, kind: str) -> int:
        """The number of changed rows of a levy type."""
        return int((self.changes_at & (self.merged[Parcel.levy_type] == kind).to_numpy()).sum())

    def words(self) -> str:
        """What the import would do, for the preview."""
        back = f" {some(self.back, 'row')} would come back on the roll." if self.back else ""
        counts = f"The file has {some(len(self.new), 'new row')} and {some(self.changed, 'changed row')}.{back}"
        return " ".join([counts, *map(_missing_words, self._missing_by_type())])

    def _missing_by_type(self) -> list[Table[Parcel]]:
        return [rows for _, rows in self.missing.each(Parcel.levy_type)]

    def settle(self, choice: str, source: str) -> None:
        """Refuses an import that does not say what happens to the missing rows."""
        if choice not in ("", KEEP, REMOVE):
            raise BadValue(
                f'"{choice}" is not a choice for missing rows.', where="missing", do=f"Use {REMOVE} or {KEEP}."
            )
        if len(self.missing) and not choice:
            raise BadValue(self.words(), where=f"{source}, missing", do=f"Nothing was imported. {ASK}")


ASK = (
    f'Enter "{REMOVE}" for missing if the file is the whole roll of its levy type. The missing rows then leave the roll and are not billed. '
    f'Enter "{KEEP}" for missing if the file is a part of the roll or a correction. The missing rows then stay on the roll.'
)


def _missing_words(missing: Table[Parcel]) -> str:
    rows, value = some(len(missing), "row"), usd(int(missing[Parcel.net_value].sum()))
    kind, are = missing[Parcel.levy_type].iloc[0], "is" if len(missing) == 1 else "are"
    return f"{rows} of the {kind} roll, net value {value}, {are} missing from the file: {named_rows(missing)}."


def named_rows(rows: Table[Parcel]) -> str:
    """Accounts with owner and net value, up to the number a message names."""
    shown = rows.head(MOST_NAMED)
    each = [
        f"{r[Parcel.account]} ({', '.join(x for x in (r[Parcel.owner], usd(int(r[Parcel.net_value]))) if x)})"
        for r in shown[[Parcel.account, Parcel.owner, Parcel.net_value]].to_dict("records")
    ]
    more = f" and {len(rows) - len(shown):,} more" if len(rows) > len(shown) else ""
    return ", ".join(each) + more


def plan(roll: Table[Parcel], file: Table[Parcel], given: Iterable[str] = (), choice: str = "") -> Plan:
    """What a file would do to the Roll. given: the file's columns; other columns of existing rows stay as they are.

    Two kinds of column are cleared: last year's Prior Tax, unless the file is a correction (keep), and the parts of a changed value.
    Raises Problems for each account that is on the Roll under another levy type.
    """
    at = pd.Index(roll[Parcel.account]).get_indexer(file[Parcel.account])
    here = at >= 0
    held, theirs = roll.iloc[at[here]], file[here].frame
    _refuse_other_types(held, theirs)
    merged = held.copy()
    for name in set(given or ROLL.names) - {Parcel.account}:
        merged[name] = theirs[name].to_numpy()
    merged[Parcel.levy_type] = theirs[Parcel.levy_type].to_numpy()
    revalued = merged[Parcel.net_value] != held[Parcel.net_value]
    kept = []
    lost = [n for n in _PARTS_OF_VALUE if n not in set(given or ROLL.names) and (merged.loc[revalued, n] != 0).any()]
    if lost:
        kept.append(
            f"The file has no {' and '.join(lost)}: the old amounts were cleared on rows with a changed net value."
        )
    for name in lost:
        merged.loc[revalued, name] = np.int64(0)
    differs = _changed(held, merged)  # by what the file tells; a Prior Tax that is cleared is said by itself
    if given and "Prior Tax" not in given and choice != KEEP:
        if emptied := int((merged[Parcel.prior_tax] != 0).sum()):
            kept.append(f"The file has no Prior Tax: the old prior tax was cleared on {some(emptied, 'row')}.")
        merged[Parcel.prior_tax] = np.int64(0)
    if (
        given
        and "Deductions" not in given
        and (less := merged.loc[merged[Parcel.deductions] != 0, Parcel.deductions]).any()
    ):
        kept.append(
            f"The file has no Deductions: the deductions of {usd(int(less.sum()))} on {some(len(less), 'row')} stay as they were."
        )
    merged[LEFT_ON] = np.datetime64("NaT", "s")
    stays = on_roll(roll)
    missing = stays[
        stays[Parcel.levy_type].isin(set(file[Parcel.levy_type]))
        & ~stays[Parcel.account].isin(set(file[Parcel.account]))
    ]
    new = file[~here].with_columns({Parcel.left_on: pd.NaT})
    back = int(held[LEFT_ON].notna().sum())
    return Plan(roll, new, held.index, merged, differs, back, missing, tuple(kept))


def _refuse_other_types(held: pd.DataFrame, theirs: pd.DataFrame) -> None:
    other = held[Parcel.levy_type].to_numpy() != theirs[Parcel.levy_type].to_numpy()
    # A vehicle that was on a supplemental list comes onto the next grand list under its own number.
    other &= ~(held[Parcel.levy_type].isin(SUPPLEMENTARY) & held[LEFT_ON].notna()).to_numpy()
    problems = [
        Problem(
            place(theirs, int(position), Parcel.account),
            f"Account {account} is {ours} on the Roll and {its} in the file.",
            "One account number stands for one property or vehicle. Enter the file's levy type, renumber the file's accounts, "
            "or correct Levy Type on the Roll.",
        )
        for position, account, ours, its in zip(
            theirs.index[other], theirs[Parcel.account][other], held[Parcel.levy_type][other], theirs[Parcel.levy_type][other],
            strict=True,
        )
    ]  # fmt: skip
    if problems:
        raise Problems(problems)


def _changed(before: pd.DataFrame, after: pd.DataFrame) -> Any:
    """The rows that differ in any column."""
    differs = np.zeros(len(before), dtype=bool)
    for name in ROLL.names:
        if name != LEFT_ON:
            differs |= _differs(before[name], after[name])
    return differs


def _differs(before: pd.Series[Any], after: pd.Series[Any]) -> Any:
    old, new = before.to_numpy(), after.to_numpy()
    return (old != new) & ~(before.isna().to_numpy() & after.isna().to_numpy())


def carried_out(plan: Plan, choice: str, on: dt.date) -> tuple[Table[Parcel], list[str], Table[RollChange]]:
    """The Roll's existing rows after the import, the columns that change, and the entries for History.

    New rows are not included, because they are added below.
    """
    gone = plan.missing if choice == REMOVE else plan.missing.head(0)
    at, out = plan.roll.index.get_indexer(plan.at), plan.roll.index.get_indexer(gone.index)
    after: dict[str, Any] = {}
    for name in ROLL.names:
        values = plan.roll[name].to_numpy().copy()
        values[at] = plan.merged[name].to_numpy()
        if name == LEFT_ON:
            values[out] = np.datetime64(on, "s")
        after[name] = pd.Series(values, index=plan.roll.index, dtype=values.dtype)
    columns = [n for n in ROLL.names if _differs(plan.roll[n], after[n]).any()]
    held = plan.roll.loc[plan.at]
    history = concat([changes(held, plan.merged, on, (*HISTORIC, LEFT_ON)), left(gone, on)])
    return plan.roll.with_columns(after), columns, history.renumbered()


def changes(
    old: pd.DataFrame, after: pd.DataFrame, on: dt.date, fields: tuple[str, ...] = HISTORIC
) -> Table[RollChange]:
    """The changes from one roll to the next: owner, address, class and value, account by account, with the date."""
    at = pd.Index(old[Parcel.account]).get_indexer(after[Parcel.account])
    here = np.flatnonzero(at >= 0)
    was, now = old.iloc[at[here]], after.iloc[here]
    rows: list[tuple[int, int, dict[str, Any]]] = []
    for order, name in enumerate(fields):
        column = ROLL[name]
        for n in np.flatnonzero(_differs(was[name], now[name])):
            one, two = was[name].iloc[n], now[name].iloc[n]
            rows.append((int(n), order, _row(on, now[Parcel.account].iloc[n], column, one, two)))
    return Table.made(HISTORY, [row for *_, row in sorted(rows, key=lambda r: r[:2])])


def left(gone: Table[Parcel], on: dt.date) -> Table[RollChange]:
    """Every field of the rows that leave the roll, with the day, so that nothing is lost if a row is removed by hand."""
    day = np.datetime64(on, "s")
    rows = []
    for parcel in gone[list(ROLL.names)].to_dict("records"):
        rows.append(_row(on, parcel[Parcel.account], ROLL[LEFT_ON], np.datetime64("NaT"), day))
        rows += [
            _row(on, parcel[Parcel.account], column, value, None)
            for column in ROLL.facts
            if column.name not in ("Account", LEFT_ON) and shown(column, value := parcel[column.name])
        ]
    return Table.made(HISTORY, rows)


def _row(on: dt.date, account: str, column: Column[Any], before: object, after: object) -> dict[str, Any]:
    was, now = shown(column, before), shown(column, after)
    if column.kind == "money" and after is not None:  # a value of nothing is a value
        was, now = dollars(int(before)), dollars(int(after))  # type: ignore[call-overload]
    return {
        RollChange.changed_on: np.datetime64(on, "s"),
        RollChange.account: account,
        RollChange.field: column.name,
        RollChange.before: was,
        RollChange.after: now,
    }


def shown(column: Column[Any], value: Any) -> str:
    """A field of the Roll as History shows it; nothing for an empty field."""
    if value is None or (column.kind == "date" and pd.isna(value)):
        return ""
    if column.kind == "money":
        return dollars(int(value)) if value else ""
    return str(pd.Timestamp(value).date()) if column.kind == "date" else str(value)


def owners_on(roll: Table[Parcel], history: Table[RollChange], day: dt.date) -> Table[Parcel]:
    """The rows with the owner that each account had at the end of a day, by the changes that History has for later days."""
    later = history[(history[RollChange.field] == Parcel.owner) & (history[RollChange.changed_on] > pd.Timestamp(day))]
    if not len(later):
        return roll
    first = later.sorted(RollChange.changed_on).drop_duplicates(RollChange.account)
    then = roll[Parcel.account].map(first.set_index(RollChange.account)[RollChange.before])
    return roll.with_columns({Parcel.owner: roll[Parcel.owner].where(then.isna(), then)})


# ---- whose an account is, on the roll or not ---------------------------------------------------------------------------


def known(
    roll: Table[Parcel], duplicate: Table[Bill], history: Table[RollChange], cash_book: Table[CashLine]
) -> Table[Parcel]:
    """The Roll with a row for each other billed account, from the last entry in History or from the last receipt."""
    gone = duplicate.loc[
        ~duplicate[Bill.account].isin(set(roll[Parcel.account])), [Bill.account, Bill.party, Bill.levy_type]
    ]
    if not len(gone):
        return roll
    gone = gone.drop_duplicates(Bill.account, keep="last")
    accounts = set(gone[Bill.account])
    told = history[history[RollChange.account].isin(accounts)]
    last = {
        (r[RollChange.account], r[RollChange.field]): r[RollChange.after] or r[RollChange.before]
        for r in told[[RollChange.account, RollChange.field, RollChange.before, RollChange.after]].to_dict("records")
    }
    theirs = cash_book[CashLine.account].isin(accounts) & (cash_book[CashLine.taxpayer] != "")
    paid = cash_book.loc[theirs].drop_duplicates(CashLine.account, keep="last")
    named = {
        r[CashLine.account]: r
        for r in paid[[CashLine.account, CashLine.taxpayer, CashLine.property]].to_dict("records")
    }
    rows = [_as_it_was(one, last, named.get(one[Bill.account], {})) for one in gone.to_dict("records")]
    more = read(pd.DataFrame(rows, columns=list(ROLL.names), dtype=object), ROLL)
    return roll.and_rows(more).renumbered()


def _as_it_was(
    billed: Mapping[Any, Any], last: Mapping[tuple[str, str], str], paid: Mapping[Any, Any]
) -> dict[str, Any]:
    account = billed[Bill.account]
    row: dict[str, Any] = {c.name: last.get((account, c.name)) for c in ROLL.facts}
    row |= {
        Parcel.account: account,
        Parcel.party: billed[Bill.party] or row[Parcel.party],
        Parcel.levy_type: billed[Bill.levy_type],
    }
    row[Parcel.owner] = row[Parcel.owner] or paid.get("Taxpayer")
    row[Parcel.location] = row[Parcel.location] or paid.get("Property")
    row[Parcel.net_value] = row[Parcel.net_value] or 0
    return row
