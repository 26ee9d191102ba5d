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
OWN_DAYS = ("day_after_due", "next_month", "first_installment", "last_installment", "07-01", "01-15", "02-29")
"""The days of its own that time can be counted from; "due" and "delinquent" are drawn more often."""


def since(*usual: str) -> st.SearchStrategy[str]:
    """A counted_from: most often a usual one."""
    return pick([*usual, *usual, None]).flatmap(lambda day: pick(OWN_DAYS) if day is None else st.just(day))


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
        "counted_from": draw(since("due", "due", "delinquent")),
        "charged_from": draw(pick(["", "02-01", "09-15"])) if number == 1 else "",
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
        "counted_from": draw(since("due", "delinquent")),
        "charged_from": draw(pick(["", "", "", "02-01", "09-15"])),
        "component": component,
        "round_by": draw(pick(["installment", "month"])),
        "minimum": draw(pick(MINIMA)),
    } | draw(pick([{}, {}, {}, {"round_to": "dollar"}, {"rate_rounded": "0.01%"}, {"rate_rounded": "0.3%"}]))  # fmt: skip


@st.composite
def per_period(draw, component: str) -> dict:
    return {
        "method": "per_period_capped",
        "rate": draw(pick(RATES)),
        "days": draw(pick([10, 30])),
        "most": draw(pick([1, 5])),
        "part_counts": draw(st.booleans()),
        "counted_from": draw(since("due", "delinquent")),
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
    return {
        "method": "flat",
        "rate": draw(pick(["0%", "5%", "10%"])),
        "component": component,
        "counted_from": draw(since("delinquent", "delinquent", "last_installment")),
        "minimum": draw(pick([*MINIMA, "250.00"])),
        "most": draw(pick(["none", "tax"])),
    }


@st.composite
def schedules(draw, component: str) -> dict:
    """Steps of every kind, in any order; sometimes a discount first."""
    steps = [draw(steps_(total=n == 0)) for n in range(draw(pick([1, 2, 2, 3, 4])))]
    if draw(pick([False, False, True])):
        first = {"at": "bill", "total": draw(pick(["-2%", "-10%"]))}
        steps = [first, *(s if "total" in s else s | {"total": s.pop("add")} for s in steps)]
    rule = {
        "method": "schedule",
        "component": component,
        "steps": steps,
        "roll": draw(st.booleans()),
        "roll_months": draw(st.booleans()),
        "discount_on": draw(pick(EARNED_BY)),
        "in_parts": draw(st.booleans()),
        "minimum": draw(pick(MINIMA)),
    }
    return rule | draw(pick([{}, {}, {"round_to": "dollar"}]))


TOTALS = {
    "delinquent": "1%", "late": "2%", "days": "2.5%", "month": "5%", "months": "12%", "on": "20%", "last": "20%",
}  # fmt: skip
"""The total of each kind of step: what usually comes later is more, for a total that falls is refused unless it falls to 0%."""


@st.composite
def steps_(draw, *, total: bool) -> dict:
    """One step of a schedule, with or without a tail."""
    kind = draw(pick(["delinquent", "delinquent", "last", "last", "on", "on", "month", "months", "days", "late"]))
    if kind == "delinquent":
        step = {"at": "delinquent"}
    elif kind == "last":
        step = {"at": "last_installment"} | draw(pick([{}, {"after_days_late": 10}]))
    elif kind == "on":
        step = {"on": draw(pick(["02-01", "03-01", "06-01", "12-31", "01-01", "02-29"]))}
        step |= draw(pick([{}, {}, {"years": 1}, {"same_year": True}]))
    else:
        key = {"month": "next_month", "months": "after_months", "days": "after_days", "late": "after_days_late"}[kind]
        step = {key: draw(pick([1, 3] if kind in ("month", "months") else [10, 30]))}
    what = "total" if total or draw(st.booleans()) else "add"
    share = TOTALS[kind] if what == "total" else draw(pick(["1%", "2%", "0.75%"]))
    step |= {what: draw(pick([share, share, share, "0%"])) if total else share}
    if draw(pick([False, False, False, False, True])):
        step["due"] = draw(pick(["01-31", "03-01", "07-01", "11-01"]))
    if draw(st.booleans()):
        step |= {"then": draw(pick(["0.75%", "1%"])), "every_months": draw(pick([1, 1, 6]))}
        step |= draw(pick([{}, {}, {"on_day": 1}, {"on_day": 10}, {"on_day": 31}]))
        step |= draw(pick([{}, {}, {"most": "8%"}, {"then_until": "12-31"}, {"then_until": "06-01"}]))
    return step


@st.composite
def on_penalty(draw) -> list[dict]:
    """Interest on the unpaid tax and penalty, and the penalty, which grows on single days."""
    interest = draw(KERNELS[draw(pick(["per_month", "per_month", "tiered", "schedule"]))]("interest"))
    if interest["method"] == "tiered_annual":
        interest |= {"tiers": interest["tiers"][-1:], "bracket_refill": "open_balance"}
    if interest["method"] == "schedule":
        interest["steps"] = [s for s in interest["steps"] if s.get("at") != "bill"]
    penalty = draw(KERNELS[draw(pick(["flat", "schedule"]))]("penalty"))
    return [interest | {"base": "tax_and_penalty"}, penalty]


KERNELS = {
    "tiered": tiered, "per_month": per_month, "per_period": per_period, "bands": bands, "flat": flat,
    "schedule": schedules,
}  # fmt: skip

CLASSES = ("homestead", "Farm")


@st.composite
def selectors(draw, *, interest: bool) -> dict:
    """Which taxes a rule is for: some, so that another rule covers the rest."""
    choices = [{"classes": ["Homestead"]}, {"except_classes": ["farm", "HOMESTEAD"]}, {"tax_above": "1000.00"}]
    return draw(pick([*choices, {"earlier": "open"}, {"earlier": "paid"}] if interest else choices))


def by_table(draw, rule: dict) -> dict:
    """The rule with its rate in a table of dated rates."""
    rates = [{"from": day, "rate": draw(pick(RATES))} for day in (dt.date(2010, 1, 1), dt.date(2023, 7, 1))]
    return {key: value for key, value in rule.items() if key not in ("rate", "tiers")} | {"rates": rates}


def changed(draw, rule: dict) -> list[dict]:
    """The rule, or two versions of it, one after the other; what is compared over its life stays the same."""
    governs = draw(pick(["accrual", "due", "levy_year"]))
    rule = {"governs": governs} | rule
    if not draw(st.booleans()) or not draw(st.booleans()):
        single = rule["method"] in ("per_month_or_part", "flat") or len(rule.get("tiers", ())) == 1
        return [by_table(draw, rule) if single and draw(pick([False, False, True])) else rule]
    day = draw(pick([dt.date(2023, 1, 1), dt.date(2024, 2, 29), dt.date(2024, 8, 15), dt.date(2025, 7, 1)]))
    later = dict(rule)
    if rule["method"] == "schedule":
        later["steps"] = [
            s | {"total": draw(pick(["0.5%", "1.5%"]))} if s.get("total") == "1%" else s for s in rule["steps"]
        ]
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
    counted = draw(pick(["by_day_number", "days_following", "business_days_following", "months", "fixed", "none"]))
    grace: dict = {"counted": counted, "roll": draw(st.booleans()), "late_bill_days": draw(pick([0, 25, 30]))}
    if grace["late_bill_days"] and draw(st.booleans()):
        grace["late_bill_due"] = dues[:1]
    if grace["late_bill_days"] and draw(st.booleans()):
        grace["late_bill_interest"] = "late_day"
    if grace["late_bill_days"] and draw(st.booleans()):
        grace |= {"late_bill_to": "month_start"} if draw(st.booleans()) else {"late_bill_if_after": "01-15"}
    if counted == "business_days_following":
        grace["days"] = draw(pick([1, 5, 15]))
    if counted in ("by_day_number", "days_following"):
        grace["days"] = draw(pick([1, 10, 30]))
    if counted == "months":
        grace["months"] = draw(pick([1, 3]))
        grace["month_ends"] = draw(pick(MONTH_ENDS))
        grace["from_month_end"] = draw(pick(FROM_MONTH_END))
    if counted == "fixed":
        grace["fixed"] = [{"due": d, "last": draw(pick(["02-28", "09-30", "12-31", d]))} for d in dues]
    return grace


def in_proportion(step: dict) -> dict:
    """A step on tax, interest and penalty pays a part of an installment in proportion."""
    if len(step["pay"]) < 3:
        return step
    last = [column for column in step["pay"] if column not in ("costs", "tax")]
    first = [column for column in step["pay"] if column == "costs"]
    return step | {"pay": [*first, *last, "tax"], "split": "proportional"}


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
    if draw(pick([False, False, True])):
        order = [in_proportion(step) for step in order]
    return {
        "group": draw(pick(["parcel", "party"])),
        "order": order,
        "third_party": draw(pick(["named_property", "as_owner"])),
        "litigation": draw(pick(["skip", "ignore"])),
        "leftover": draw(pick(["next_installment", "next_installment", "refund_list"])),
        "credit_applies": draw(pick(["at_once", "when_due"])),
    }


@st.composite
def discounts(draw, dues: list[str]) -> dict:
    until = draw(pick(["last_free_day", "due", "months_after", "month_day"]))
    discount = {
        "until": until,
        "on": draw(pick(EARNED_BY)),
        "in_parts": draw(st.booleans()),
        "month_ends": draw(pick(MONTH_ENDS)),
        "from_month_end": draw(pick(FROM_MONTH_END)),
        "roll": draw(st.booleans()),
        "mailed_days": draw(pick([0, 0, 15, 30])),
        "mailed_counted": draw(pick(["days", "business_days"])),
    }
    discount |= {"months": 1} if until == "months_after" else {}
    discount |= {"month_day": draw(pick(["07-31", "01-15"]))} if until == "month_day" else {}
    how = draw(pick(["rate", "rate", "steps", "by_due"]))
    if how == "steps":
        days = draw(st.permutations(["01-31", "02-29", "07-10", "12-31"]))
        steps = [{"until": day, "rate": rate} for day, rate in zip(days, ("10%", "2%", "0.5%"), strict=False)]
        return discount | {"steps": steps[: draw(pick([1, 2, 3]))]}
    if how == "by_due":
        return discount | {"by_due": [{"due": due, "rate": draw(pick(["0%", "2%", "10%"]))} for due in dues[:2]]}
    rate = draw(pick(["0.5%", "2%", "10%"]))
    if discount["on"] == "full_bill" and not discount["in_parts"] and rate != "0.5%" and draw(st.booleans()):
        discount |= {"first_installments": draw(pick([1, 2, 2, 3])), "first_rate": draw(pick(["0.5%", "1%"]))}
    return discount | {"rate": rate}


@st.composite
def one_payments(draw) -> dict:
    """One payment of the whole bill bears little at first, and more later."""
    step = draw(pick([{"on": "04-30"}, {"on": "08-01"}, {"next_month": 2}, {"after_months": 4}, {"after_days": 100}]))
    step |= draw(pick([{"total": "0.5%"}, {"total": "1%", "then": "1%"}, {"total": "0%", "then": "0.5%"}]))
    return {"steps": [step]}


@st.composite
def accelerations(draw) -> dict:
    return {
        "missed": draw(pick(["any_installment", "any_installment", "first_installment"])),
        "interest_from": draw(pick(["missed", "first", "own"])),
        "reinstated": draw(pick(["never", "when_arrears_paid"])),
    }
