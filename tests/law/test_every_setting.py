"""Every setting of every kernel away from its default: read from TOML, written as a table, read back, put in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.law.every_setting import EVERYTHING
from xltax.law.load import load
from xltax.law.params import Kind, Many, Params
from xltax.law.profile import RULES
from xltax.law.table import from_frame, to_frame


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "everything.toml"
    file.write_text(EVERYTHING, encoding="utf-8")
    return file


def away_from_default(params: Params, seen: set[str], prefix: str) -> None:
    for key, (kind, _, default) in params.settings().items():
        value = getattr(params, key)
        if value != default:
            seen.add(f"{prefix}.{key}")
        if isinstance(kind, Many) and not isinstance(kind.of, Kind):
            for entry in value:
                away_from_default(entry, seen, f"{prefix}.{key}")


def declared(kernel: type[Params], prefix: str) -> set[str]:
    names = set()
    for key, (kind, _, _) in kernel.settings().items():
        names.add(f"{prefix}.{key}")
        if isinstance(kind, Many) and not isinstance(kind.of, Kind):
            names |= declared(kind.of, f"{prefix}.{key}")
    return names


def test_nothing_is_left_at_its_default(path: Path) -> None:
    """So that the tests below cover every setting there is; a new one has to be added above."""
    seen: set[str] = set()
    for rule in load(path).rules:
        away_from_default(rule.params, seen, rule.params.method)
    only_one_choice = {"year_end.day"}
    wanted = set().union(*(declared(k, m) for methods in RULES.values() for m, k in methods.items()))
    # The steps of one_payment are those of a schedule, some of which it refuses: tests/law/test_one_payment.py.
    wanted = {name for name in wanted if not name.startswith("one_payment.steps.")}
    assert wanted - seen - only_one_choice == set()


def test_the_table_says_all_of_it(path: Path) -> None:
    town = load(path)
    again = from_frame(to_frame(town))
    assert again == town
    for one, other in zip(again.rules, town.rules, strict=True):
        assert (one.cite, one.assume) == (other.cite, other.assume)


def test_every_rule_has_words(path: Path) -> None:
    for rule in load(path).rules:
        words = rule.words()
        assert "_" not in words
        assert "Fraction" not in words
        assert "None" not in words
        assert words.rstrip(")]").endswith((".", "2020-02-29")) or "[" in words
