"""Random towns: both sides of every setting of the law."""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from hypothesis import strategies as st

from tests.properties.random_rules import (
    KERNELS,
    RATES,
    accelerations,
    allocations,
    changed,
    discounts,
    graces,
    on_penalty,
    one_payments,
    per_month,
    pick,
    selectors,
    tiered,
)
from xltax.law.load import load
from xltax.law.profile import Profile

FIRST, LAST = dt.date(2021, 1, 1), dt.date(2027, 12, 31)
DUES = ("01-01", "01-31", "02-01", "02-28", "03-01", "04-30", "05-15", "07-01", "08-01", "08-15", "11-01", "12-31")
FOLDER = Path(tempfile.mkdtemp(prefix="xltax-towns-"))


@dataclass(frozen=True)
class Town:
    """A town's law, and what can be billed under it."""

    profile: Profile = field(repr=False)
    types: tuple[str, ...]
    parts: tuple[str, ...]
    dues: tuple[str, ...]
    text: str = field(default="", repr=False)

    def __repr__(self) -> str:
        return f"Town({self.profile.id}, types={self.types}, parts={self.parts}, text='''\n{self.text}''')"


SHIPPED = (
    ("us-nj-colts-neck", ("RE", "RE", "ADD", "SEWER"), ("",), ("02-01", "05-01", "08-01", "11-01")),
    ("us-nj", ("RE",), ("",), ("02-01", "05-01", "08-01", "11-01")),
    ("us-ct-south-windsor", ("RE", "MV", "PP", "SEWER"), ("",), ("07-01", "01-01")),
    ("us-md-baltimore-city", ("RE",), ("City", "State"), ("07-01",)),
    ("us-la-east-baton-rouge", ("SALES", "LICENSE"), ("",), ("01-01",)),
    ("us-pa-borough", ("RE",), ("",), ("03-01", "07-01")),
)


def toml_value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {toml_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml_value(v) for v in value) + "]"
    if isinstance(value, dt.date):
        return value.isoformat()
    return f'"{value}"' if isinstance(value, str) else str(value)


def toml(rules: Iterable[tuple[str, dict]]) -> str:
    """A town file: `id`, then one table for each (rule name, settings)."""
    lines = ['id = "us-zz-random"', 'name = "A random town"']
    for name, settings in rules:
        lines.append(f"[[{name}]]")
        lines += [f"{k} = {toml_value(v)}" for k, v in settings.items()]
    return "\n".join(lines) + "\n"


@lru_cache(maxsize=4096)
def profile_of(text: str) -> Profile:
    """The profile a town file's text makes."""
    path = FOLDER / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def once_for_the_account(rule: dict) -> bool:
    """Whether cents of this rule can come out once for the account."""
    alone = not rule.get("rounded_with") and rule.get("base", "tax") == "tax" and "round_to" not in rule
    return alone and "round_by" in rule


def may_accelerate(rules: list[tuple[str, dict]]) -> bool:
    """Interest of a town with acceleration has no tiers and is rounded for each installment."""
    interest = [rule for name, rule in rules if name == "interest"]
    return all(len(rule.get("tiers", ())) < 2 and rule.get("round_by") != "account" for rule in interest)


@st.composite
def random_towns(draw) -> Town:
    """A town with settings nobody has together, so that every setting meets every other."""
    dues = draw(st.lists(pick(DUES), min_size=1, max_size=4, unique=True))
    types = draw(pick([("RE",), ("RE", "MV"), ("RE", "MV", "ADD")]))
    parts = draw(pick([("",), ("",), ("City", "State")]))
    rules: list[tuple[str, dict]] = []
    shapes = ["tiered", "per_month", "per_period", "flat", "bands", "two", "month_pair", "tiered_pair"]
    shape = draw(pick([*shapes, "schedule", "schedule", "on_penalty"]))
    if shape == "two":
        interest = draw(KERNELS[draw(pick(["tiered", "per_month"]))]("interest"))
        penalty = draw(KERNELS[draw(pick(["per_period", "flat", "bands", "per_month", "schedule"]))]("penalty"))
        found = [changed(draw, interest), changed(draw, penalty)]
    elif shape == "on_penalty":
        found = [[rule] for rule in draw(on_penalty())]
    elif shape == "tiered_pair":
        found = [[draw(tiered("interest"))], [draw(tiered("penalty"))]]
    elif shape == "month_pair":  # a penalty rounded together with the interest has its clock
        interest = draw(per_month("interest")) | {"round_by": "month"}
        penalty = interest | {"component": "penalty", "rate": draw(pick(RATES)), "rounded_with": "interest"}
        found = [[interest], [penalty]]
    else:
        found = [changed(draw, draw(KERNELS[shape](draw(pick(["interest", "penalty"])))))]
    rules += [("interest", rule) for versions in found for rule in versions]
    if shape != "month_pair" and "MV" in types and draw(st.booleans()):
        component = found[0][0]["component"]
        rules.append(("interest", draw(KERNELS[draw(pick(["tiered", "per_month"]))](component)) | {"types": ["MV"]}))
    if shape != "month_pair" and draw(pick([False, False, True])):
        component = found[-1][0]["component"]
        kinds = ["flat", "schedule"] if shape == "on_penalty" else ["flat", "schedule", "per_month", "tiered"]
        rules.append(("interest", draw(KERNELS[draw(pick(kinds))](component)) | draw(selectors(interest=True))))
    if draw(st.booleans()):
        rules.append(
            (
                "penalty",
                {
                    "method": "year_end",
                    "rate": draw(pick(["0%", "6%", "2.5%"])),
                    "threshold": draw(pick(["0.00", "500.00", "3000.00"])),
                    "base": draw(pick(["this_year", "whole", "excess"])),
                    "tested_on": draw(pick(["tax", "tax_and_interest"])),
                },
            )
        )
    if draw(st.booleans()) and all(once_for_the_account(r) for n, r in rules if n == "interest"):
        # Rounded once for the account is rounded so for every tax of the town, or for none.
        rules = [(n, r | {"round_by": "account"} if n == "interest" else r) for n, r in rules]
    rules.append(("grace", draw(graces(dues))))
    if draw(pick([False, False, False, True])):
        rules.append(("grace", draw(graces(dues)) | draw(selectors(interest=False))))
    if draw(pick([False, True])) and may_accelerate(rules):
        rules.append(("acceleration", draw(accelerations()) | draw(pick([{}, {}, {"classes": ["homestead"]}]))))
    if draw(pick([False, False, True])) and may_accelerate(rules):
        rules.append(("one_payment", draw(one_payments()) | draw(pick([{}, {}, {"types": ["RE"]}]))))
    if len(types) > 1 and draw(st.booleans()):
        rules.append(("grace", draw(graces(dues)) | {"types": ["MV"]}))
    if draw(st.booleans()):
        open_on = draw(pick([[], ["02-12"], ["07-04", "11-11"]]))
        rules.append(("office", {"holidays": draw(pick(["NJ", "CT"])), "open_on": open_on}))
    if draw(st.booleans()):
        rules.append(("discount", draw(discounts(dues))))
        if draw(pick([False, False, True])):
            rules.append(("discount", draw(discounts(dues)) | draw(selectors(interest=False))))
    rules.append(("allocation", draw(allocations())))
    text = toml(rules)
    return Town(profile_of(text), types, parts, tuple(dues), text)


def shipped_towns() -> st.SearchStrategy[Town]:
    return pick(SHIPPED).map(lambda s: Town(load(s[0]), s[1], s[2], s[3]))


def towns() -> st.SearchStrategy[Town]:
    return st.one_of(random_towns(), random_towns(), shipped_towns())
