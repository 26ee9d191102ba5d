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


pick = st.sampled_from
RATES = ("0.5%", "1%", "1.5%", "5%")
MONTHLY = (*RATES, "1.5% per month", "18% per year", "10% per year", "4/3% per month")
YEARLY = ("4%", "8%", "12%", "18%", "18.25%")
MONTH_ENDS = ("same_day", "day_before")
FROM_MONTH_END = ("month_end", "same_number")
EARNED_BY = ("full_installment", "full_bill", "full_bill", "any_payment")
MINIMA = ("0.00", "0.00", "2.00", "5.00")


@st.composite
def tiered(draw, component: str) -> dict:
    refill = draw(pick(["open_balance", "open_balance", "until_current"]))
    if component == "penalty":  # tiers are for interest
        refill = "open_balance"
    number = 2 if refill == "until_current" else 1 if component == "penalty" else draw(pick([1, 2, 2, 3]))
    limits = sorted(
        draw(st.sets(pick(["100.00", "500.00", "1500.00", "4000.00"]), min_size=number - 1, max_size=number - 1)),
        key=float,
    )
    rates = sorted(draw(st.lists(pick(YEARLY), min_size=number, max_size=number)), key=lambda r: float(r[:-1]))
    tiers = [{"up_to": u, "rate": r} for u, r in zip(limits, rates, strict=False)] + [{"rate": rates[-1]}]
    return {
        "method": "tiered_annual",
        "tiers": tiers,
        "day_count": draw(pick(["30/360", "actual/365", "actual/360", "whole_months"])),
        "ends": draw(pick(["one", "both"])),
        "from_month_end": draw(pick(FROM_MONTH_END)),
        "bracket": draw(pick(["parcel", "parcel", "levy_year", "none"])),
        "bracket_refill": refill,
        "counted_from": draw(pick(["due", "due", "delinquent"])),
        "component": component,
        "round_by": "installment",
        "minimum": draw(pick(MINIMA)),
    }


@st.composite
def per_month(draw, component: str) -> dict:
    return {
        "method": "per_month_or_part",
        "rate": draw(pick(MONTHLY)),
        "months": draw(pick(["anniversary", "anniversary", "touched"])),
        "month_ends": draw(pick(MONTH_ENDS)),
        "from_month_end": draw(pick(FROM_MONTH_END)),
        "counted_from": draw(pick(["due", "delinquent"])),
        "component": component,
        "round_by": draw(pick(["installment", "month"])),
        "minimum": draw(pick(MINIMA)),
    }


@st.composite
def per_period(draw, component: str) -> dict:
    return {
        "method": "per_period_capped",
        "rate": draw(pick(RATES)),
        "days": draw(pick([10, 30])),
        "most": draw(pick([1, 5])),
        "part_counts": draw(st.booleans()),
        "counted_from": draw(pick(["due", "delinquent"])),
        "component": component,
        "round_by": "installment",
        "minimum": draw(pick(MINIMA)),
    }


@st.composite
def bands(draw, component: str) -> dict:
    discount = draw(pick(["-2%", "-10%", None]))
    entries = ([{"rate": discount, "months": draw(pick([1, 2]))}] if discount else []) + [
        {"rate": "0%", "months": draw(pick([3, 4]))}
    ]
    if draw(st.booleans()):
        entries.append({"rate": "5%", "months": 6})
    entries.append({"rate": "10%"})
    return {
        "method": "by_date_band",
        "bands": entries,
        "month_ends": draw(pick(MONTH_ENDS)),
        "from_month_end": draw(pick(FROM_MONTH_END)),
        "roll": draw(st.booleans()),
        "discount_on": draw(pick(EARNED_BY)),
        "in_parts": draw(st.booleans()),
        "component": component,
    }


@st.composite
def flat(draw, component: str) -> dict:
    return {"method": "flat", "rate": draw(pick(["0%", "5%"])), "component": component, "minimum": draw(pick(MINIMA))}


KERNELS = {"tiered": tiered, "per_month": per_month, "per_period": per_period, "bands": bands, "flat": flat}


def changed(draw, rule: dict) -> list[dict]:
    """The rule, or two versions of it, one after the other; what is compared over its life stays the same."""
    governs = draw(pick(["accrual", "due", "levy_year"]))
    rule = {"governs": governs} | rule
    if not draw(st.booleans()) or not draw(st.booleans()):
        return [rule]
    day = draw(pick([dt.date(2023, 1, 1), dt.date(2024, 2, 29), dt.date(2024, 8, 15), dt.date(2025, 7, 1)]))
    later = dict(rule)
    if "rate" in rule:
        later["rate"] = draw(pick(RATES))
    if rule["method"] == "tiered_annual":
        later["tiers"] = [
            t | {"rate": draw(pick(YEARLY))} if n == len(rule["tiers"]) - 1 else t for n, t in enumerate(rule["tiers"])
        ]
        later["day_count"] = draw(pick(["30/360", "actual/365", "actual/360"]))
        later["ends"] = draw(pick(["one", "both"]))
    return [rule | {"to": day}, later | {"from": day}]


@st.composite
def random_towns(draw) -> Town:
    """A town with settings nobody has together, so that every setting meets every other."""
    dues = draw(st.lists(pick(DUES), min_size=1, max_size=4, unique=True))
    types = draw(pick([("RE",), ("RE", "MV"), ("RE", "MV", "ADD")]))
    parts = draw(pick([("",), ("",), ("City", "State")]))
    rules: list[tuple[str, dict]] = []
    shape = draw(pick(["tiered", "per_month", "per_period", "flat", "bands", "two", "month_pair", "tiered_pair"]))
    if shape == "two":
        interest = draw(KERNELS[draw(pick(["tiered", "per_month"]))]("interest"))
        penalty = draw(KERNELS[draw(pick(["per_period", "flat", "bands", "per_month"]))]("penalty"))
        found = [changed(draw, interest), changed(draw, penalty)]
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
    if draw(st.booleans()) and all("round_by" in r and not r.get("rounded_with") for n, r in rules if n == "interest"):
        # Rounded once for the account is rounded so for every tax of the town, or for none.
        rules = [(n, r | {"round_by": "account"} if n == "interest" else r) for n, r in rules]
    rules.append(("grace", draw(graces(dues))))
    if len(types) > 1 and draw(st.booleans()):
        rules.append(("grace", draw(graces(dues)) | {"types": ["MV"]}))
    if draw(st.booleans()):
        open_on = draw(pick([[], ["02-12"], ["07-04", "11-11"]]))
        rules.append(("office", {"holidays": draw(pick(["NJ", "CT"])), "open_on": open_on}))
    if draw(st.booleans()):
        until = draw(pick(["last_free_day", "due", "months_after", "month_day"]))
        discount = {
            "rate": draw(pick(["0.5%", "2%", "10%"])),
            "until": until,
            "on": draw(pick(EARNED_BY)),
            "in_parts": draw(st.booleans()),
            "month_ends": draw(pick(MONTH_ENDS)),
            "from_month_end": draw(pick(FROM_MONTH_END)),
            "roll": draw(st.booleans()),
        }
        discount |= {"months": 1} if until == "months_after" else {}
        discount |= {"month_day": draw(pick(["07-31", "01-15"]))} if until == "month_day" else {}
        rules.append(("discount", discount))
    rules.append(("allocation", draw(allocations())))
    text = toml(rules)
    return Town(profile_of(text), types, parts, tuple(dues), text)


@st.composite
def graces(draw, dues: list[str]) -> dict:
    counted = draw(pick(["by_day_number", "days_following", "months", "fixed", "none"]))
    grace: dict = {"counted": counted, "roll": draw(st.booleans()), "late_bill_days": draw(pick([0, 25, 30]))}
    if grace["late_bill_days"] and draw(st.booleans()):
        grace["late_bill_due"] = dues[:1]
    if counted in ("by_day_number", "days_following"):
        grace["days"] = draw(pick([1, 10, 30]))
    if counted == "months":
        grace["months"] = draw(pick([1, 3]))
        grace["month_ends"] = draw(pick(MONTH_ENDS))
        grace["from_month_end"] = draw(pick(FROM_MONTH_END))
    if counted == "fixed":
        grace["fixed"] = [{"due": d, "last": draw(pick(["02-28", "09-30", "12-31", d]))} for d in dues]
    return grace


@st.composite
def allocations(draw) -> dict:
    columns = draw(st.permutations(["costs", "interest", "penalty", "tax"]))
    usual = ["costs", "interest", "penalty", "tax"]
    order = draw(
        pick(
            [
                [{"pay": usual}],
                [{"pay": list(columns)}],
                [{"pay": [c]} for c in columns],
                [{"pay": columns[:2]}, {"pay": columns[2:]}],
                [{"pay": pay, "of": of} for of in ("unsecured", "secured") for pay in (["costs"], usual[1:])],
                [{"pay": ["costs"]}, *({"pay": list(columns), "of": of} for of in ("secured", "unsecured"))],
            ]
        )
    )  # fmt: skip
    return {
        "group": draw(pick(["parcel", "party"])),
        "order": order,
        "third_party": draw(pick(["named_property", "as_owner"])),
        "litigation": draw(pick(["skip", "ignore"])),
        "leftover": draw(pick(["next_installment", "next_installment", "refund_list"])),
        "credit_applies": draw(pick(["at_once", "when_due"])),
    }


def shipped_towns() -> st.SearchStrategy[Town]:
    return pick(SHIPPED).map(lambda s: Town(load(s[0]), s[1], s[2], s[3]))


def towns() -> st.SearchStrategy[Town]:
    return st.one_of(random_towns(), random_towns(), shipped_towns())
