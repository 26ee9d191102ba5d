"""A rule is asked for by the class of its settings, so that what it gives has a type."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from xltax.errors import LawNotEncoded
from xltax.law.calendar import Grace
from xltax.law.interest import Interest, TieredAnnual
from xltax.law.load import load
from xltax.law.profile import KINDS, RULES, name_of
from xltax.law.taxsale import Redemption

DAY = dt.date(2025, 5, 1)
SOURCE = Path(__file__).parents[2]


def test_every_kind_of_rule_has_one_class_that_all_its_methods_are() -> None:
    assert list(KINDS) == list(RULES)
    assert len(set(KINDS.values())) == len(KINDS)
    for name, methods in RULES.items():
        assert name_of(KINDS[name]) == name
        assert all(issubclass(method, KINDS[name]) for method in methods.values())


@pytest.mark.parametrize("town", ["us-nj", "us-ct", "us-md-baltimore-city", "us-la-east-baton-rouge"])
def test_what_is_asked_for_is_what_is_given(town: str) -> None:
    profile = load(town)
    for rule in profile.rules:
        assert isinstance(rule.params, KINDS[rule.name])
        assert rule in profile.all(KINDS[rule.name])
    assert sum(len(profile.all(kind)) for kind in KINDS.values()) == len(profile.rules)


def test_a_rule_in_force() -> None:
    nj = load("us-nj")
    assert nj.rule(Grace, DAY).params.days == 10
    assert [r.covers(DAY) for r in nj.in_force(Interest, DAY)] == [True] * len(nj.in_force(Interest, DAY))
    assert nj.find(Grace, dt.date(1700, 1, 1)) is None
    with pytest.raises(LawNotEncoded, match="has no grace rule for RE on 1700-01-01"):
        nj.rule(Grace, dt.date(1700, 1, 1))
    with pytest.raises(LawNotEncoded, match="has no redemption rule"):
        load("us-pa").rule(Redemption, DAY)


def test_one_method_is_not_asked_for_since_another_may_be_in_force() -> None:
    with pytest.raises(TypeError, match=r"TieredAnnual.*is not a kind of rule. Ask for one of .*Interest"):
        load("us-nj").find(TieredAnnual, DAY)


def test_nothing_is_told_to_the_type_checker_that_it_could_check() -> None:
    wrong = [
        f"{path.relative_to(SOURCE)}: {line.strip()}"
        for folder in ("xltax", "udfs", "workbooks")
        for path in sorted((SOURCE / folder).rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if "attr-defined" in line or re.search(r"assert isinstance\([\w.]*(params|rule)\b", line)
    ]
    assert not wrong
