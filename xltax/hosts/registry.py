"""Where a function or an action is declared, once; VBA wrappers, add-ins, menus and the command line are rendered from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

ArgKind = Literal[
    "town", "money", "number", "rate", "count", "date", "text", "charges", "receipts", "adjustments", "closed_days", "cash_book",
    "schedule", "subsequents",
]  # fmt: skip
ResultKind = Literal["money", "number", "date", "text", "table"]

NAME_LIMIT, HELP_LIMIT, ARG_LIMIT = 31, 255, 255
"""What the function wizards of the hosts can show: a test holds every declaration to it."""


@dataclass(frozen=True, slots=True)
class Arg:
    """One argument: its name, what it may be, what the wizard says, and its default if it can be left out."""

    name: str
    kind: ArgKind
    help: str
    optional: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()  # for text: the only ones there are, in any case of letters
    may_be_empty: bool = False  # keeps its place in the argument list, but an empty range will do


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

    @property
    def required(self) -> int:
        return sum(not a.optional for a in self.args)


@dataclass(frozen=True, slots=True)
class Input:
    """One argument of an action: its name, kind and help, and the named cell a button reads it from."""

    name: str
    kind: Literal["text", "date", "money", "count", "year", "file", "flag"]
    help: str
    cell: str = ""  # empty: the yellow cell beside it on the Tasks sheet
    optional: bool = False


class ToLookAt(str):
    """What a task says where somebody has to look at something: the same words, and the command exits 1."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a button, a menu entry or a command does to a book."""

    name: str
    help: str
    inputs: tuple[Input, ...]
    call: Callable[..., str]
    label: str = ""
    needs_book: bool = True
    writes: bool = True
    keeps_old: bool = False  # the book as it was stays beside the new one

    @property
    def desk(self) -> str:
        """The desk it belongs to, a group of the ribbon and of the menu: the module it is declared in."""
        return DESKS.get(self.call.__module__.rpartition(".")[2], "Office")

    def cell_of(self, field: Input) -> str:
        """The named cell a button reads an input from."""
        return field.cell or f"task_{self.name}_{field.name}".replace("-", "_")


DESKS = {
    "setup": "Set-up",
    "year": "Billing",
    "corrections": "Billing",
    "bills": "Bills",
    "counter": "Counter",
    "quotes": "Quotes",
    "agreements": "Agreements",
    "certificates": "Tax sale",
    "day": "Day and Batches",
    "adjusting": "Adjustments",
    "waivers": "Adjustments",
    "delinquency": "Delinquency",
    "enforcement": "Enforcement",
    "officers": "Enforcement",
    "liens": "Enforcement",
    "relief": "Relief",
    "user_fees": "User fees",
    "statements": "Statements",
    "control": "Controls",
    "upgrading": "Controls",
    "share": "Controls",
    "office": "Office",
}
"""What the collector calls each module of xltax/actions."""


@dataclass
class Registry:
    """Everything declared so far."""

    functions: dict[str, Function] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)


REGISTRY = Registry()


def udf(
    help: str, *args: Arg, result: ResultKind, columns: Any = None, reports: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declares a spreadsheet function: its help, its arguments, and what it gives."""

    def declare(call: Callable[..., Any]) -> Callable[..., Any]:
        name = call.__name__
        if name in REGISTRY.functions:
            raise ValueError(f"{name} is declared twice")
        REGISTRY.functions[name] = Function(name, help, args, result, call, columns, reports)
        return call

    return declare


def action(
    help: str, *inputs: Input, label: str = "", needs_book: bool = True, writes: bool = True, keeps_old: bool = False
) -> Callable[[Callable[..., str]], Callable[..., str]]:
    """Declares an action: its help, its inputs, and whether it works on a book and changes it."""

    def declare(call: Callable[..., str]) -> Callable[..., str]:
        name = call.__name__.replace("_", "-").strip("-")
        if name in REGISTRY.actions:
            raise ValueError(f"{name} is declared twice")
        REGISTRY.actions[name] = Action(
            name, help, inputs, call, label or name.replace("-", " ").capitalize(), needs_book, writes, keeps_old
        )
        return call

    return declare


def functions() -> dict[str, Function]:
    """Every function, in the order declared."""
    import xltax.udfs  # noqa: F401  declares them

    return REGISTRY.functions


def book_spec(template: str, state: str = "") -> Any:
    """The declaration of a workbook, by the template id it bears. state: the state's name, for a book of no family."""
    from xltax.workbooks import spec_of

    return spec_of(template, state)


def actions() -> dict[str, Action]:
    """Every action, in the order declared."""
    import xltax.actions  # noqa: F401  declares them

    return REGISTRY.actions
