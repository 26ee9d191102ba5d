"""The shape of a table: named columns, each with a kind of value. Declared once and used everywhere."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, overload

SCHEMA = 6
"""The version of the workbook's tables, cells and sheets. Every new version has a step in `xltax upgrade`."""

TextKind = Literal["id", "text", "number", "yes"]
WholeKind = Literal["money", "count", "year"]
DateKind = Literal["date"]
Kind = Literal["id", "text", "date", "money", "number", "count", "year", "yes"]
"""id: text that keeps its leading zeros. money: whole cents. number: exact decimal kept as text (a value or a rate).
count: a whole number. year: four digits. yes: a flag, "Yes", "No" or blank."""

Sealed = Literal["", "chain", "rows"]

T = TypeVar("T")
R = TypeVar("R", bound="Row")


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """One column: its header, its kind of value, whether it is required, and its help text.

    Declared as an attribute of a `Row`: `Bill.account` is the column's header, `bill.account` the value in one row.
    """

    name: str
    kind: Kind
    help: str = ""
    required: bool = False
    derived: bool = False  # written by Refresh, never typed
    default: object = None
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    least: int | None = None  # for money in cents, or count
    since: int = 1  # of a sealed table: the version of the seal that first covers this column
    if_filled: bool = (
        False  # of a sealed table: the seal covers this column where it is filled, so older rows keep theirs
    )

    if TYPE_CHECKING:  # what a row holds follows from the kind

        @overload
        def __init__(
            self: Column[str], name: str, kind: TextKind, help: str = ..., required: bool = ..., derived: bool = ...,
            default: object = ..., choices: tuple[str, ...] = ..., aliases: tuple[str, ...] = ..., least: int | None = ...,
            since: int = ..., if_filled: bool = ...,
        ) -> None: ...  # fmt: skip
        @overload
        def __init__(
            self: Column[int], name: str, kind: WholeKind, help: str = ..., required: bool = ..., derived: bool = ...,
            default: object = ..., choices: tuple[str, ...] = ..., aliases: tuple[str, ...] = ..., least: int | None = ...,
            since: int = ..., if_filled: bool = ...,
        ) -> None: ...  # fmt: skip
        @overload
        def __init__(
            self: Column[dt.date | None], name: str, kind: DateKind, help: str = ..., required: bool = ...,
            derived: bool = ..., default: object = ..., choices: tuple[str, ...] = ..., aliases: tuple[str, ...] = ...,
            least: int | None = ..., since: int = ..., if_filled: bool = ...,
        ) -> None: ...  # fmt: skip
        @overload
        def __init__(
            self, name: str, kind: Kind, help: str = ..., required: bool = ..., derived: bool = ..., default: object = ...,
            choices: tuple[str, ...] = ..., aliases: tuple[str, ...] = ..., least: int | None = ..., since: int = ...,
            if_filled: bool = ...,
        ) -> None: ...  # fmt: skip
        def __init__(self, *given: Any, **options: Any) -> None: ...

    @overload
    def __get__(self, row: None, of: type) -> str: ...
    @overload
    def __get__(self, row: Row, of: type) -> T: ...
    def __get__(self, row: Row | None, of: type) -> Any:
        return self.name  # a row keeps its values under the same names, and those go before this

    def named(self, header: str) -> bool:
        """True if a header means this column. Case, spaces and punctuation do not matter."""
        return plain(header) in {plain(self.name), *(plain(a) for a in self.aliases)}


class Row:
    """One row of a table: text as str, money in cents, dates as date or None. A row is read, never changed."""

    __columns__: tuple[Column[Any], ...] = ()
    __attributes__: tuple[str, ...] = ()

    def __init_subclass__(cls) -> None:
        declared = [(name, made) for name, made in vars(cls).items() if isinstance(made, Column)]
        cls.__columns__ = tuple(made for _, made in declared)
        cls.__attributes__ = tuple(name for name, _ in declared)

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__}.{name} cannot be changed: a row is only read.")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self.__dict__.items())})"


@dataclass(frozen=True, slots=True)
class TableSpec(Generic[R]):
    """One table: its name (also the Excel table's), what a row is, and the columns that make a row unique."""

    name: str
    row: type[R]
    key: tuple[str, ...] = ()
    purpose: str = ""
    sealed: Sealed = (
        ""  # chain: each row's seal covers the row before too; rows: each row alone, for rows that tasks change
    )
    covers: tuple[str, ...] = ()  # what a row's own seal covers; people may type in the other columns
    covers_filled: tuple[str, ...] = ()  # what it covers too where the column is filled, so older rows keep their seals
    columns: tuple[Column[Any], ...] = ()  # the row's; given for a part of a table only
    _index: dict[str, Column[Any]] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not self.columns:
            object.__setattr__(self, "columns", self.row.__columns__)
        # Names go before aliases: one column's alias may be another's name.
        for column in self.columns:
            self._index.setdefault(plain(column.name), column)
        for column in self.columns:
            for header in column.aliases:
                self._index.setdefault(plain(header), column)

    def __getitem__(self, name: str) -> Column[Any]:
        return self._index[plain(name)]

    def find(self, header: object) -> Column[Any] | None:
        """The column a header means, or None for a column the user added."""
        return self._index.get(plain(str(header)))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)

    @property
    def facts(self) -> tuple[Column[Any], ...]:
        """The columns that a person types or imports."""
        return tuple(c for c in self.columns if not c.derived)

    @property
    def derived(self) -> tuple[Column[Any], ...]:
        """The columns Refresh writes."""
        return tuple(c for c in self.columns if c.derived)


def plain(header: str) -> str:
    """A header without case, spaces and punctuation: "Levy  Year", "levy_year" and "LEVY YEAR:" are one."""
    return re.sub(r"[^a-z0-9]+", "", header.lower())


@overload
def columns(kind: TextKind, names: Iterable[str], **options: Any) -> tuple[Column[str], ...]: ...
@overload
def columns(kind: WholeKind, names: Iterable[str], **options: Any) -> tuple[Column[int], ...]: ...
@overload
def columns(kind: DateKind, names: Iterable[str], **options: Any) -> tuple[Column[dt.date | None], ...]: ...
def columns(kind: Kind, names: Iterable[str], **options: Any) -> tuple[Column[Any], ...]:
    """Several columns of one kind."""
    return tuple(Column(name, kind, **options) for name in names)
