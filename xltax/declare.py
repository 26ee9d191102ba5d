"""Declares each function and action once, for the add-ins, menus, help pages and the command line.

What an argument is for stands beside it in the signature: `on: Annotated[dt.date, Arg("The day the figures are for.")]`.
Its name, its kind, whether it may be left out and its default are read from the signature.
"""

from __future__ import annotations

import datetime as dt
import inspect
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from types import NoneType
from typing import Any, Literal, TypeVar

from xltax.money import Cents

ArgKind = Literal[
    "", "town", "money", "number", "rate", "count", "date", "text", "charges", "receipts", "adjustments", "closed_days", "cash_book",
    "schedule", "subsequents",
]  # fmt: skip
InputKind = Literal["", "text", "date", "money", "count", "year", "file", "flag"]
ResultKind = Literal["money", "number", "date", "text", "table"]

DeskName = Literal[
    "Setup", "Billing", "Bills", "Counter", "Quotes", "Agreements", "Tax sale", "Day and Batches", "Adjustments", "Delinquency",
    "Enforcement", "Relief", "User fees", "Statements", "Controls", "Office",
]  # fmt: skip
DESKS: tuple[DeskName, ...] = typing.get_args(DeskName)
"""The desks of an office in the order of its work: the groups of the ribbon and of the menu."""

NAME_LIMIT, HELP_LIMIT, ARG_LIMIT = 31, 255, 255
"""What the function wizards of the hosts can show: a test holds every declaration to it."""


@dataclass(frozen=True, slots=True)
class Arg:
    """One argument of a function: its help text, and its allowed values if the signature does not give them."""

    help: str
    kind: ArgKind = ""
    choices: tuple[str, ...] = ()  # for text: the only ones there are, in any case of letters
    may_be_empty: bool = False  # keeps its place in the argument list, but an empty range will do
    # Read from the signature:
    name: str = ""
    optional: bool = False
    default: Any = None


@dataclass(frozen=True, slots=True)
class Input:
    """One argument of an action: its help, and the named cell a button reads it from."""

    help: str
    kind: InputKind = ""
    cell: str = ""  # empty: the yellow cell beside it on the Tasks sheet
    # Read from the signature:
    name: str = ""
    optional: bool = False
    default: Any = None


@dataclass(frozen=True, slots=True)
class Function:
    """One spreadsheet function: the name is the same in Python, Excel and Calc."""

    name: str
    help: str
    args: tuple[Arg, ...]
    result: ResultKind
    call: Callable[..., Any]
    columns: Any = None  # the TableSpec of a table result
    reports: bool = False  # gives what is wrong with its arguments as rows instead of an error
    many: Callable[[list[Any]], list[Any]] | None = None  # answers the arguments of many calls: results and TaxErrors

    @property
    def required(self) -> int:
        """The number of required arguments."""
        return sum(not a.optional for a in self.args)


@dataclass(frozen=True, slots=True)
class Done:
    """What a task did. The command exits with code 1 if somebody must review something, whatever the text says."""

    text: str  # for the person who asked for it
    look: tuple[str, ...] = ()  # what somebody must review, one item each
    rows: int | None = None  # how many rows it is about, where they can be counted
    total: Cents | None = None  # what they come to

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a button, a menu entry or a command does to a book."""

    name: str
    help: str
    inputs: tuple[Input, ...]
    call: Callable[..., Done]
    desk: DeskName
    label: str
    needs_book: bool = True
    writes: bool = True
    keeps_old: bool = False  # the book as it was stays beside the new one

    def cell_of(self, field: Input) -> str:
        """The named cell a button reads an input from."""
        return field.cell or f"task_{self.name}_{field.name}".replace("-", "_")


@dataclass
class Registry:
    """Everything declared so far, in the order declared."""

    functions: dict[str, Function] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)


REGISTRY = Registry()


LIFTS = " Ranges give a result for each cell."
"""What the help of every function that gives one value says at its end."""


def udf(
    help: str, *, columns: Any = None, reports: bool = False, many: Callable[[list[Any]], list[Any]] | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declares a spreadsheet function with its help and the columns of its table, if it returns a table.

    many: answers many calls at once, from a list of their arguments; a result or a TaxError for each.
    """

    def declare(call: Callable[..., Any]) -> Callable[..., Any]:
        name = call.__name__
        if name in REGISTRY.functions:
            raise ValueError(f"{name} is declared twice")
        hints = typing.get_type_hints(call, include_extras=True)
        result: ResultKind = "table" if columns is not None else _kind(hints["return"], name)
        text = help if result == "table" else help + LIFTS
        args = _declared(Arg, call, hints)
        REGISTRY.functions[name] = Function(name, text, args, result, call, columns, reports, many)
        return call

    return declare


def action(
    help: str, *, desk: DeskName, label: str = "", needs_book: bool = True, writes: bool = True, keeps_old: bool = False
) -> Callable[[Callable[..., Done]], Callable[..., Done]]:
    """Declares an action: its help, its desk, and whether it works on a book and changes it."""

    def declare(call: Callable[..., Done]) -> Callable[..., Done]:
        name = call.__name__.replace("_", "-").strip("-")
        if name in REGISTRY.actions:
            raise ValueError(f"{name} is declared twice")
        hints = typing.get_type_hints(call, include_extras=True)
        hints.pop(next(iter(inspect.signature(call).parameters)))  # the book
        REGISTRY.actions[name] = Action(
            name, help, _declared(Input, call, hints), call, desk, label or name.replace("-", " ").capitalize(),
            needs_book, writes, keeps_old,
        )  # fmt: skip
        return call

    return declare


_Declared = TypeVar("_Declared", Arg, Input)


def _declared(sort: type[_Declared], call: Callable[..., Any], hints: Mapping[str, Any]) -> tuple[_Declared, ...]:
    """The arguments of a function as its signature declares them. hints: the types, without what is no argument."""
    out = []
    for name, parameter in inspect.signature(call).parameters.items():
        if name not in hints:
            continue
        where = f"{call.__module__}.{call.__name__}, {name}"
        said = [m for m in getattr(hints[name], "__metadata__", ()) if isinstance(m, sort)]
        if len(said) != 1:
            raise TypeError(f"{where}: write Annotated[..., {sort.__name__}(help)]")
        optional = parameter.default is not inspect.Parameter.empty
        out.append(
            replace(
                said[0],
                kind=said[0].kind or _kind(hints[name], where),
                name=name,
                optional=optional,
                default=parameter.default if optional else None,
            )
        )
    return tuple(out)


_KINDS: dict[Any, Any] = {
    Cents: "money",
    int: "count",
    bool: "flag",
    str: "text",
    dt.date: "date",
    Path: "file",
    Fraction: "number",
}


def _kind(hint: Any, where: str) -> Any:
    """What kind of value a type stands for. Raises TypeError where the type does not tell, as for a table."""
    if hint in _KINDS:
        return _KINDS[hint]
    if typing.get_origin(hint) is typing.Annotated:
        rest = [m for m in hint.__metadata__ if not isinstance(m, Arg | Input)]
        bare = hint.__origin__
        return _kind(typing.Annotated[bare, *rest] if rest else bare, where)
    some = [part for part in typing.get_args(hint) if part is not NoneType]
    if len(some) == 1:
        return _kind(some[0], where)
    raise TypeError(f"{where}: {hint} does not tell its kind; give it as kind=")
