"""Random towns and random histories: both sides of every setting, and the days and amounts where mistakes live."""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from hypothesis import strategies as st

from xltax.law.load import load
from xltax.law.profile import Profile

FIRST, LAST = dt.date(2021, 1, 1), dt.date(2027, 12, 31)
DUES = ("01-01", "01-31", "02-01", "03-01", "05-15", "07-01", "08-01", "08-15", "11-01", "12-31")
FOLDER = Path(tempfile.mkdtemp(prefix="xltax-towns-"))


# ---- towns ----------------------------------------------------------------------------------------------------------


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
YEARLY = ("4%", "8%", "12%", "18%", "18.25%")
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
        "rate": draw(pick(RATES)),
        "months": draw(pick(["anniversary", "touched"])),
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
        "discount_on": draw(pick(["full_payment", "any_payment"])),
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
        rules.append(("office", {"holidays": draw(pick(["NJ", "CT"]))}))
    if draw(st.booleans()):
        until = draw(pick(["last_free_day", "due", "months_after", "month_day"]))
        discount = {
            "rate": draw(pick(["0.5%", "2%", "10%"])),
            "until": until,
            "on": draw(pick(["full_payment", "any_payment"])),
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


# ---- histories ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class History:
    """The facts, and the day a balance is asked for."""

    charges: tuple[dict, ...]
    receipts: tuple[dict, ...]
    adjustments: tuple[dict, ...]
    closed: tuple[dict, ...]
    as_of: dt.date
    known_on: dt.date | None = None

    def but(self, **changes) -> History:
        return replace(self, **changes)


OFFSETS = (
    -200,
    -60,
    -31,
    -1,
    0,
    0,
    1,
    5,
    9,
    10,
    11,
    12,
    14,
    25,
    29,
    30,
    31,
    32,
    33,
    45,
    60,
    61,
    62,
    90,
    91,
    92,
    120,
    150,
    184,
    365,
    366,
    500,
)


def near(draw, days: list[dt.date]) -> dt.date:
    """A day near one of these, or the turn of a year, or any day."""
    how = draw(pick(["near", "near", "near", "year end", "any"]))
    if how == "near":
        day = draw(pick(days)) + dt.timedelta(days=draw(pick(OFFSETS)))
    elif how == "year end":
        day = dt.date(draw(st.integers(2022, 2026)), 12, 31) + dt.timedelta(days=draw(pick([-1, 0, 0, 1])))
    else:
        day = draw(st.dates(FIRST, LAST))
    return min(max(day, FIRST), LAST)


def recorded(draw, day: dt.date) -> dt.date | None:
    lag = draw(pick([None, None, 0, 3, 200]))
    return None if lag is None else day + dt.timedelta(days=lag)


SOON = (1, 5, 9, 10, 11, 12, 15, 20, 25, 30, 31, 32, 40, 59, 60, 89, 90, 120)
sums = pick([30_000, 50_000, 100_000, 123_457, 150_000, 200_000, 400_000])
cents = st.one_of(
    st.integers(0, 300), st.integers(1, 40_000), st.integers(1, 600_000), pick([100_000, 150_000, 400_000])
)


@st.composite
def histories(draw, town: Town, *, plain: bool = False) -> History:
    """What a few taxpayers were billed, paid and were granted. `plain`: payments only."""
    dense = draw(st.booleans())
    charges = draw(charge_tables(town, dense))
    dues = [c["Due"] for c in charges]
    days = [near(draw, dues) for _ in range(draw(st.integers(1, 5)))] + dues
    accounts = sorted({c["Account"] for c in charges})
    if dense:  # one account, little time, round sums: brackets, months and days of grace meet each other
        days = dues + [d + dt.timedelta(days=draw(pick(SOON))) for d in dues]
    receipts = draw(receipt_tables(charges, accounts, days))
    adjustments = () if plain else draw(adjustment_tables(charges, days))
    closed = draw(closed_tables(dues))
    as_of = draw(
        st.one_of(
            st.just(dt.date(2026, 8, 3)), st.just(LAST), st.builds(lambda i: days[i % len(days)], st.integers(0, 50))
        )
    )
    if draw(st.booleans()):
        as_of = near(draw, days)
    known_on = None if draw(st.booleans()) or plain else near(draw, days)
    return History(charges, receipts, adjustments, closed, as_of, known_on)


@st.composite
def charge_tables(draw, town: Town, dense: bool) -> tuple[dict, ...]:
    charges: list[dict] = []
    parties = [draw(pick([None, "P1", "P1", "P2"])) for _ in range(3)]
    bill = 0
    for number in range(1 if dense else draw(st.integers(1, 3))):
        account = f"A{number + 1}"
        type_ = draw(pick(town.types))
        start = draw(st.integers(2021, 2025))
        years = [start, start, start + 1][: draw(st.integers(1, 3))] if dense else range(start, start + 4)
        for year in years[: draw(st.integers(1, 4))]:
            bill += 1
            if dense:
                type_ = draw(pick(town.types))
            dues = list(town.dues) if draw(st.booleans()) else [draw(pick(town.dues))]
            hold = draw(pick(["", "", "", "litigation", "bankruptcy"]))
            secured = draw(pick(["", "", "Yes"]))
            late = draw(pick([None, None, None, 0, 10, 20, 40]))
            opening = draw(pick([None, None, None, None, None, 5, 100, 400]))
            lag = draw(pick([None, None, None, None, 30]))
            levy_year = year - draw(pick([0, 0, 1]))
            for part in town.parts:
                for inst, text in enumerate(sorted(dues), 1):
                    due = dt.date.fromisoformat(f"{year}-{text}")
                    charge = {
                        "Bill": f"B{bill:02d}", "Account": account, "Levy Year": levy_year,
                        "Levy Type": type_, "Part": part, "Inst": inst, "Due": due,
                        "Amount": draw(sums if dense else cents),
                        "Party": parties[number], "Secured": secured or None, "Hold": hold or None,
                        "Mailed": None if late is None else due + dt.timedelta(days=late - 10),
                        "Interest From": None if opening is None else due + dt.timedelta(days=opening),
                        "Recorded": None if lag is None else due + dt.timedelta(days=lag),
                    }  # fmt: skip
                    charges.append(charge)
    return tuple(charges)


@st.composite
def receipt_tables(draw, charges: tuple[dict, ...], accounts: list[str], days: list[dt.date]) -> tuple[dict, ...]:
    receipts: list[dict] = []
    billed = [c["Amount"] for c in charges]
    for number in range(draw(st.integers(0, 7))):
        day = near(draw, days) if draw(st.booleans()) else draw(pick(days))
        amount = draw(
            st.one_of(cents, pick(billed), st.just(sum(billed)), pick(billed).map(lambda a: a // 2), st.just(1))
        )
        received = day + dt.timedelta(days=draw(pick([0, 0, 0, 3])))
        receipt = {
            "Receipt": f"R{number + 1:03d}", "Received": received, "Account": draw(pick(accounts)), "Amount": amount,
            "Effective": None if received == day and draw(st.booleans()) else day,
            "By": draw(pick(["owner", "owner", "owner", "third party", "officer"])),
            "Directed": draw(pick([None, None, None, *accounts])),
            "Kind": draw(pick(["Payment", "Payment", "Prepayment", "Opening"])),
            "Reverses": None, "Recorded": recorded(draw, received),
        }  # fmt: skip
        receipts.append(receipt)
    for n, victim in enumerate(list(receipts)):
        if draw(pick([False, False, False, True])):
            day = max(victim["Received"], near(draw, days))
            undoes = {"Kind": "Reversal", "Reverses": victim["Receipt"], "Recorded": recorded(draw, day)}
            if draw(pick([False, False, False, True])):  # it names another reversal, or nothing there is
                undoes["Reverses"] = draw(pick([r["Receipt"] for r in receipts if r["Reverses"]] + ["R777"]))
            receipts.append(victim | {"Receipt": f"R9{n:02d}", "Received": day, "Effective": None} | undoes)
    return tuple(receipts)


LOWERS_TAX = (
    "Abatement", "Cancellation", "Correction Down", "Exemption", "State Deduction", "Transfer to Lien", "Suspense",
    "Write-off", "Waiver",
)  # fmt: skip
RAISES_TAX = ("Correction Up", "Added", "Omitted", "Deduction Disallowed")
KINDS = (
    *((kind, "tax") for kind in (*LOWERS_TAX, *RAISES_TAX, *RAISES_TAX, "Refund", "Refund")),
    *(("Waiver", component) for component in ("interest", "interest", "penalty", "costs")),
    *(("Cost", "costs"), ("Fee", "costs"), ("Penalty", "penalty"), ("Correction Up", "interest")),
)
KIND_IS_ENOUGH = ("Cost", "Fee", "Penalty", "Abatement", "Added")


@st.composite
def adjustment_tables(draw, charges: tuple[dict, ...], days: list[dt.date]) -> tuple[dict, ...]:
    adjustments = []
    for number in range(draw(pick([0, 1, 2, 2, 4]))):
        charge = draw(pick(charges))
        kind, component = draw(pick(KINDS))
        day = draw(st.one_of(st.just(charge["Due"]), pick(days)))
        if draw(st.booleans()):
            day = near(draw, days)
        amount = draw(st.one_of(cents, st.just(charge["Amount"] // 2), st.just(charge["Amount"])))
        if component == "tax" and kind in LOWERS_TAX:
            amount = min(amount, charge["Amount"])
        if kind in KIND_IS_ENOUGH and draw(st.booleans()):
            component = None
        adjustments.append(
            {
                "No": f"J{number + 1:03d}", "Effective": day, "Recorded": recorded(draw, day), "Bill": charge["Bill"],
                "Part": charge["Part"], "Inst": charge["Inst"], "Kind": kind, "Component": component,
                "Amount": amount,
            }
        )  # fmt: skip
    return tuple(adjustments)


@st.composite
def closed_tables(draw, dues: list[dt.date]) -> tuple[dict, ...]:
    days = {draw(pick(dues)) + dt.timedelta(days=draw(pick(OFFSETS))) for _ in range(draw(pick([0, 0, 1, 3])))}
    return tuple({"Date": d, "Office": draw(pick(["Closed", "Open"])), "Reason": "by resolution"} for d in sorted(days))


@st.composite
def cases(draw, *, plain: bool = False) -> tuple[Town, History]:
    town = draw(towns())
    return town, draw(histories(town, plain=plain))
