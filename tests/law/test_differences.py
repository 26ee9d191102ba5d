"""Two laws compared: what Proof says of a book whose rules are not those shipped, and `xltax town diff`."""

from __future__ import annotations

from dataclasses import replace

from xltax.law.load import load
from xltax.law.profile import Profile
from xltax.law.table import from_frame, to_frame
from xltax.office.controls.proof import rule_differences


def test_a_law_does_not_differ_from_itself() -> None:
    assert rule_differences(load("us-nj"), load("us-nj")) == []


def test_a_changed_setting_is_named_with_both_values() -> None:
    law = load("us-nj-colts-neck")
    changed = tuple(
        replace(r, params=replace(r.params, ends="both")) if r.name == "interest" and not r.types else r
        for r in law.rules
    )
    lines = rule_differences(Profile(law.id, law.name, changed), law)
    assert lines
    assert all("ends is both, in us-nj-colts-neck one" in line for line in lines)


def test_a_rule_that_only_one_has_is_one_line() -> None:
    law = load("us-nj")
    without = Profile("mine", "Mine", tuple(r for r in law.rules if r.name != "grace"))
    lines = rule_differences(without, law)
    assert lines
    assert all(": only in us-nj: " in line for line in lines)


def test_a_rate_in_other_words_is_no_difference() -> None:
    """1.5%, as books of older versions have it, is 1.5% per month and 18% per year; 1.25% is not."""
    law = load("us-ct")
    table = to_frame(law)
    at = (table["Rule"] == "interest") & (table["Key"] == "rate")
    for text in ("1.5%", "18% per year", "3/2% per month"):
        table.loc[at, "Value"] = text
        assert rule_differences(from_frame(table), law) == []
    table.loc[at, "Value"] = "1.25%"
    assert "rate is 1.25%, in us-ct 1.5%" in rule_differences(from_frame(table), law)[0]
