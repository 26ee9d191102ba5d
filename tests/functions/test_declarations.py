"""What a function and an action declare: each argument once, in the signature."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import pytest

from xltax import declare
from xltax.declare import Arg, Done, Input
from xltax.faces.catalog import actions, functions
from xltax.faces.new import new_book
from xltax.faces.run import run_action
from xltax.money import Cents


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> declare.Registry:
    """One of its own, so that nothing declared here is left behind."""
    empty = declare.Registry()
    monkeypatch.setattr(declare, "REGISTRY", empty)
    return empty


def test_name_kind_and_default_of_an_input_come_from_the_signature(registry: declare.Registry) -> None:
    def pay(
        book: Any,
        account: Annotated[str, Input("The account.")],
        amount: Annotated[Cents, Input("The amount.", cell="pay_amount")],
        year: Annotated[int, Input("The levy year.", kind="year")],
        copies: Annotated[int | None, Input("How many.")] = None,
        on: Annotated[dt.date | None, Input("The day.")] = None,
        fee: Annotated[Cents | None, Input("The fee.")] = None,
        file: Annotated[Path | None, Input("A file.")] = None,
        public: Annotated[bool, Input("Yes or no.")] = False,
    ) -> Done:
        return Done("")

    declare.action("Take a payment.", desk="Counter")(pay)
    inputs = registry.actions["pay"].inputs
    assert [(i.name, i.kind, i.optional, i.default) for i in inputs] == [
        ("account", "text", False, None),
        ("amount", "money", False, None),
        ("year", "year", False, None),
        ("copies", "count", True, None),
        ("on", "date", True, None),
        ("fee", "money", True, None),
        ("file", "file", True, None),
        ("public", "flag", True, False),
    ]
    assert inputs[1].cell == "pay_amount"
    assert registry.actions["pay"].desk == "Counter"


def test_an_argument_without_help_is_refused(registry: declare.Registry) -> None:
    def pay(book: Any, account: str) -> Done:
        return Done("")

    with pytest.raises(TypeError, match=r"pay, account: write Annotated\[\.\.\., Input\(help\)\]"):
        declare.action("Take a payment.", desk="Counter")(pay)


def test_a_type_that_does_not_tell_its_kind_is_refused(registry: declare.Registry) -> None:
    def TAX_SUM(table: Annotated[dict[str, int], Arg("A table.")]) -> Cents:  # noqa: N802
        return 0

    with pytest.raises(TypeError, match="does not tell its kind"):
        declare.udf("Adds up.")(TAX_SUM)


def test_the_result_of_a_function_is_its_type(registry: declare.Registry) -> None:
    def TAX_HALF(of: Annotated[Fraction, Arg("A number.")]) -> Cents:  # noqa: N802
        return 0

    declare.udf("Half of it.")(TAX_HALF)
    assert registry.functions["TAX_HALF"].result == "money"
    assert registry.functions["TAX_HALF"].args[0].kind == "number"


@pytest.mark.parametrize(
    ("done", "failed"),
    [
        (Done("17 checks, 0 to look at."), False),
        (Done("17 checks, 1 to look at."), False),
        (Done("All well.", ("Bills",)), True),
    ],
)
def test_a_command_fails_by_what_is_to_be_looked_at_and_not_by_words(tmp_path: Path, done: Done, failed: bool) -> None:
    new_book(tmp_path / "town.xlsx", "us-nj-colts-neck", year=2025, as_of=dt.date(2025, 8, 1))
    action = declare.Action("count", "Counts.", (), lambda book: done, "Controls", "Count", writes=False)
    said: list[str] = []
    assert run_action(action, tmp_path / "town.xlsx", {}, said.append) is failed
    assert said == [done.text]


@pytest.mark.parametrize("name", sorted(actions()))
def test_every_action_has_a_desk_and_every_input_a_kind(name: str) -> None:
    action = actions()[name]
    assert action.desk in declare.DESKS
    assert all(i.kind and i.help for i in action.inputs)


def test_every_argument_of_a_function_has_a_kind() -> None:
    assert all(a.kind and a.help for f in functions().values() for a in f.args)
