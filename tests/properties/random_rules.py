"""Random rules of a town's law: each method of interest, grace, discounts and allocation with any of its settings."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st

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
