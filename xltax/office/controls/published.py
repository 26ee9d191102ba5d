"""Figures that others published, calculated again with the town's rules: a proof that anyone can check."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple, TypeVar

import pandas as pd

from xltax.data import open_text
from xltax.dates import ClosedDays, add_months
from xltax.errors import BadProfile
from xltax.law.calendar import Grace, Installments
from xltax.law.fees import raised
from xltax.law.levy import Added, Levy, Supplement, levy, tax_rate
from xltax.law.load import load
from xltax.law.params import decimal_text, percent
from xltax.law.profile import Profile
from xltax.law.relief import IncomeLimit, IncreaseCap, Relief
from xltax.ledger.facts import closed_days_of
from xltax.ledger.replay import Facts, replay
from xltax.money import dollars, number, rate, round_half_up, to_cents
from xltax.office.quotes import redemption
from xltax.office.quotes.redemption import RedemptionItem
from xltax.tables import CHARGES, PUBLISHED, Charge
from xltax.tables.agreements import SUBSEQUENTS, Subsequent
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table

CASES = "published/cases.toml"
KEYS = ("id", "topic", "town", "inputs", "source", "href", "note", "agrees", "later")
"""The keys of a case besides its figures, whose names begin with "expected" and "ours"."""


class Figure(NamedTuple):
    """One published figure with ours, both as text."""

    id: str
    topic: str
    source: str
    figure: str
    ours: str


@dataclass(frozen=True)
class Case:
    """One case: the inputs, what the source printed, and where."""

    id: str
    topic: str
    town: str
    inputs: Mapping[str, Any]
    source: str
    href: str = ""
    note: str = ""
    agrees: bool = True
    later: str = ""  # the part of xltax that will figure it; blank: figured now
    expected: Mapping[str, Any] = field(default_factory=dict)
    ours: Mapping[str, Any] = field(default_factory=dict)

    def wanted(self) -> dict[str, str]:
        """The figure that xltax must give: the printed one, or ours where the printed one is off."""
        return {k: _text(v) for k, v in {**self.expected, **self.ours}.items()}


@cache
def published_cases() -> tuple[Case, ...]:
    """Every case, in the order of the file; a case without a source, or with an unknown key, is refused."""
    cases = []
    for raw in tomllib.loads(open_text(CASES))["case"]:
        name = raw.get("id", "?")
        where = f"cases.toml: {name}"
        for key in ("id", "topic", "town", "inputs", "source"):
            if not raw.get(key):
                raise BadProfile(f'"{key}" is missing.', where=where, do="Every published figure names its source.")
        figures: dict[str, dict[str, Any]] = {"expected": {}, "ours": {}}
        for key, value in raw.items():
            head, _, rest = key.partition("_")
            if head in figures:
                figures[head][rest] = value
            elif key not in KEYS:
                raise BadProfile(
                    f'"{key}" is not an allowed key.', where=where, do=f"Allowed: {', '.join(KEYS)}, expected, ours."
                )
        if not figures["expected"] or raw.get("agrees", True) == bool(figures["ours"]):
            raise BadProfile("Enter what the source prints. Add our figure only if it differs.", where=where)
        known: dict[str, Any] = {k: v for k, v in raw.items() if k in KEYS}
        cases.append(Case(**known, expected=figures["expected"], ours=figures["ours"]))
    return tuple(cases)


def figured(case: Case) -> dict[str, str]:
    """Our figures for a case, under the same names as the printed ones."""
    if case.topic not in TOPICS:
        raise BadProfile(
            f'"{case.topic}" is not a topic.', where=f"cases.toml: {case.id}", do=f"Allowed: {', '.join(TOPICS)}."
        )
    return {k: _text(v) for k, v in TOPICS[case.topic](load(case.town), case.inputs).items()}


def published_figures() -> list[Figure]:
    """Every published figure with ours, calculated now, without the cases for later parts of xltax."""
    rows = []
    for case in published_cases():
        if not case.later:
            ours = figured(case)
            printed = {k: _text(v) for k, v in case.expected.items()}
            rows.append(
                Figure(case.id, case.topic, case.source, _joined(printed), _joined({k: ours[k] for k in printed}))
            )
    return rows


def published_table() -> pd.DataFrame:
    """The rows of the sheet Published Figures: source, case, figure, ours, and whether they agree."""
    cases = {c.id: c for c in published_cases()}
    wrong = {d.split(":")[0] for d in differences()}
    rows = []
    for f in published_figures():
        case = cases[f.id]
        agrees = "Yes" if case.agrees else case.note
        rows.append(
            (
                f.source,
                f"{f.topic}: {f.id}",
                f.figure,
                f.ours,
                "NO: the figures do not match" if f.id in wrong else agrees,
            )
        )
    return pd.DataFrame(rows, columns=list(PUBLISHED.names))


def differences() -> list[str]:
    """The figures that differ from the cases file, in words; empty if all agree."""
    wrong = []
    for case in published_cases():
        if not case.later:
            ours = figured(case)
            wrong += [f"{case.id}: {ours.get(k)} instead of {v}" for k, v in case.wanted().items() if ours.get(k) != v]
    return wrong


def page() -> str:
    """The page docs/published-figures.md."""
    notes: list[str] = []
    lines = [
        "# Published figures",
        "",
        "Figures that towns, courts, assessors and others have printed, and the same figures from xltax, with the",
        "town's own rules. `xltax selfcheck` calculates the figures again on your machine. A workbook shows them on",
        "the sheet Published Figures. The cases are in `xltax/data/published/cases.toml`. This part is printed by",
        "`python -m xltax.office.controls.published`.",
        "",
        "| source | topic | rules of | given | figure | ours |",
        "|---|---|---|---|---|---|",
    ]
    cases = published_cases()
    shown = {f.id: f for f in published_figures()}
    for case in cases:
        if case.id in shown:
            mark = ""
            if not case.agrees:
                notes.append(f"[^{case.id}]: {case.note}")
                mark = f"[^{case.id}]"
            source = f"[{case.source}]({case.href})" if case.href else case.source
            f = shown[case.id]
            given = "; ".join(f"{k.replace('_', ' ')} {_text(v)}" for k, v in case.inputs.items())
            lines.append(f"| {source} | {f.topic} | {case.town} | {given} | {f.figure}{mark} | {f.ours} |")
    off = sum(not c.agrees for c in cases if not c.later)
    lines += [
        "",
        f"{len(shown)} cases. In {off} of them the source's own arithmetic is off; each has a footnote. The tests in",
        "`tests/published` also compare whole lists of bills with xltax: 37,105 bills of Glastonbury CT and 5,339",
        "tax-sale liens of Baltimore City MD.",
        "",
        *notes,
    ]
    later = [c for c in cases if c.later]
    if later:
        named = [
            f"- {c.topic}, {c.source}: {_joined({k: _text(v) for k, v in c.expected.items()})} ({c.later})"
            for c in later
        ]
        lines += ["", "Not calculated yet:", "", *named]
    return "\n".join(lines) + "\n"


# ---- one way to figure each topic --------------------------------------------------------------------------------

Inputs = Mapping[str, Any]
Answer = dict[str, Any]
_NOW = dt.date(2025, 7, 1)


def _levy_of(town: Profile, inputs: Inputs) -> Levy:
    rule = town.rule(Levy, _NOW)
    params = rule.params
    if "per" in inputs and inputs["per"] != params.per:
        raise BadProfile(
            f"The source's rates are per {inputs['per']}, but the town's are per {params.per}.", where=town.id
        )
    return params


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _levy(town: Profile, inputs: Inputs) -> Answer:
    params = _levy_of(town, inputs)
    values = [to_cents(v) for v in _many(inputs.get("value", inputs.get("market_value")))]
    if "ratio" in inputs:
        values = [levy(v, rate(inputs["ratio"]), 1) for v in values]
    if "rates" in inputs:
        taxes = [sum(params.tax(v, number(x)) for x in inputs["rates"]) for v in values]
    else:
        rates = [number(x) for x in _many(inputs["rate"])]
        taxes = [params.tax(v, x) for v, x in zip(values, rates * (len(values) // len(rates)), strict=True)]
    answer: Answer = {"": [dollars(t, comma=False) for t in taxes]}
    if len(taxes) == 2:
        answer["difference"] = dollars(taxes[1] - taxes[0], comma=False)
    return answer


def _rate(town: Profile, inputs: Inputs) -> Answer:
    per = _levy_of(town, inputs).per
    exact = tax_rate(to_cents(inputs["levy"]), to_cents(inputs["valuation"]), per)
    thousandths = round_half_up(exact * 1000)
    return {"": f"{thousandths // 1000}.{thousandths % 1000:03d} per ${per}"}


def _exemption(town: Profile, inputs: Inputs) -> Answer:
    saved = _levy_of(town, inputs).tax(to_cents(inputs["exemption"]), number(inputs["rate"]))
    return {"": dollars(saved, comma=False)}


def _vehicle(town: Profile, inputs: Inputs) -> Answer:
    if "assessment" in inputs:
        assessed = to_cents(inputs["assessment"])
    else:
        share = rate(inputs["ratio"]) * (rate(inputs["depreciation"]) if "depreciation" in inputs else 1)
        assessed = levy(to_cents(inputs.get("value", inputs.get("msrp"))), share, 1)
    tax = _levy_of(town, inputs).tax(assessed, number(inputs["rate"]))
    return {"": dollars(tax, comma=False), "assessment": dollars(assessed, comma=False)}


def _proration(town: Profile, inputs: Inputs) -> Answer:
    params = town.rule(Supplement, _NOW, "MVS").params
    months = [dt.datetime.strptime(f"2 {m} 2024", "%d %b %Y").date() for m in inputs["months"]]
    tenths = [round_half_up(params.share(m) * 1000) for m in months]
    return {"": [f"{t // 10}.{t % 10}" for t in tenths]}


def _interest_percent(town: Profile, inputs: Inputs) -> Answer:
    principal = 100_000_00  # large enough that a cent is no visible share, and no minimum is met
    due, paid = inputs["due"], inputs["paid"]
    charge = {
        Charge.bill: "1",
        Charge.account: "1",
        Charge.levy_year: due.year,
        Charge.levy_type: "RE",
        Charge.inst: 1,
        Charge.due: due,
        Charge.amount: principal,
    }
    balance = replay(Facts(Table.made(CHARGES, [charge])), town, paid).balances
    return {"": percent(Fraction(int(balance[OpenInstallment.interest].sum()), principal))}


def _last_day(town: Profile, inputs: Inputs) -> Answer:
    days = []
    for due in _many(inputs["due"]):
        params = town.rule(Grace, due).params
        if "grace_days" in inputs and inputs["grace_days"] != params.days:
            raise BadProfile(
                f"The source has {inputs['grace_days']} days of grace, but the town has {params.days}.", where=town.id
            )
        closed: ClosedDays = closed_days_of(town, due, None)
        days.append(params.last_free_day(due, closed, inputs.get("mailed")))
    return {"": days}


def _due_date(town: Profile, inputs: Inputs) -> Answer:
    day = inputs["registered"]
    supplement = town.rule(Supplement, day, "MVS").params
    installments = town.rule(Installments, day, "MVS").params
    list_year = day.year if day.month >= supplement.year_starts else day.year - 1
    return {"": installments.due_dates(list_year)[0]}


def _claim_deadline(_: Profile, inputs: Inputs) -> Answer:
    return {"": add_months(inputs["grand_list"], inputs["months"]) - dt.timedelta(days=1)}


def _added(town: Profile, inputs: Inputs) -> Answer:
    params = town.rule(Added, inputs["completed"], "ADD").params
    return {"": f"{params.months_charged(inputs['completed'])} months of {inputs['completed'].year}"}


def _phase_in(_: Profile, inputs: Inputs) -> Answer:
    old, new, years = to_cents(inputs["old"]), to_cents(inputs["new"]), inputs["years"]
    steps = [old + round_half_up(Fraction((new - old) * n, years)) for n in range(1, years + 1)]
    return {"": [dollars(s, comma=False) for s in steps]}


def _footing(_: Profile, inputs: Inputs) -> Answer:
    parts = [to_cents(inputs["land"]), to_cents(inputs["building"])]
    assessed = [levy(p, rate(inputs["ratio"]), 1) for p in parts]
    return {"": dollars(sum(parts), comma=False), "parts": [dollars(a, comma=False) for a in assessed]}


def _cost_of_sale(town: Profile, inputs: Inputs) -> Answer:
    lien = to_cents(inputs["taxes"]) + to_cents(inputs["charges"])
    return {"": dollars(redemption.cost_of_sale(town, lien), comma=False), "lien": dollars(lien, comma=False)}


def _redemption(town: Profile, inputs: Inputs) -> Answer:
    """The penalty on a certificate, or the interest on later taxes that its holder paid."""
    sold = dt.date(_NOW.year - 2, _NOW.month, 1)
    amount = to_cents(inputs.get("certificate", "1000.00"))
    later = None
    on = _NOW
    if "subsequents" in inputs:
        later = Table.made(
            SUBSEQUENTS, [{Subsequent.paid_on: _NOW, Subsequent.amount: to_cents(inputs["subsequents"])}]
        )
        on = add_months(_NOW, 12 * inputs["years"])
    table = redemption.redemption(town, redemption.Certificate(amount, sold, Fraction(0)), later, on)
    item = redemption.INTEREST_ON_SUBSEQUENT if later is not None else redemption.PENALTY
    found = table.loc[table[RedemptionItem.item] == item, RedemptionItem.amount]
    return {"": dollars(int(found.sum()), comma=False)}


P = TypeVar("P", bound=Relief)


def _program(town: Profile, method: type[P], code: str, part: str = "") -> P:
    program = town.rule(Relief, _NOW, part=part, sort=code).params
    if not isinstance(program, method):
        raise BadProfile(f"The source's {code} is a different kind of program from the town's.", where=town.id)
    return program


def _relief(town: Profile, inputs: Inputs) -> Answer:
    """A cap on the assessment's rise: the credit, and the tax on the rise without and with it. Or what incomes bear at most."""
    if "incomes" in inputs:
        limited = _program(town, IncomeLimit, "homeowners")
        return {"": [dollars(limited.limit(to_cents(i)), comma=False) for i in inputs["incomes"]]}
    levied = _levy_of(town, inputs)
    program = _program(town, IncreaseCap, "homestead", "State")
    if rate(inputs["cap"]) != program.cap:
        raise BadProfile(
            f"The source's cap is {inputs['cap']}, but the rule's cap is {percent(program.cap)}.", where=town.id
        )
    old, new = to_cents(inputs["old"]), to_cents(inputs["new"])
    whole, before = (levied.tax(v, number(inputs["rate"])) for v in (new, old))
    credit = program.credit(whole, new, old)
    answer = {"": credit, "without": whole - before, "with": whole - before - credit}
    return {k: dollars(v, comma=False) for k, v in answer.items()}


def _usage_fee(_: Profile, inputs: Inputs) -> Answer:
    old = to_cents(inputs["old"])
    new = raised(old, rate(inputs["rise"]))
    return {"": dollars(new, comma=False), "difference": dollars(new - old, comma=False)}


TOPICS: dict[str, Callable[[Profile, Inputs], Answer]] = {
    "levy": _levy,
    "rate": _rate,
    "exemption": _exemption,
    "motor vehicle": _vehicle,
    "supplemental proration": _proration,
    "interest percent": _interest_percent,
    "last day": _last_day,
    "due date": _due_date,
    "claim deadline": _claim_deadline,
    "added assessment": _added,
    "phase-in": _phase_in,
    "footing": _footing,
    "cost of sale": _cost_of_sale,
    "redemption": _redemption,
    "relief": _relief,
    "usage fee": _usage_fee,
}


# ---- as text -----------------------------------------------------------------------------------------------------


def _text(value: Any) -> str:
    """A figure as the page shows it: dates year-month-day, a percentage without needless zeros, a list with commas."""
    if isinstance(value, list):
        return ", ".join(_text(v) for v in value)
    if isinstance(value, dt.date):
        return value.isoformat()
    text = str(value)
    return f"{decimal_text(Fraction(text[:-1]))}%" if text.endswith("%") else text


def _joined(figures: Mapping[str, str]) -> str:
    return "; ".join(f"{v} ({k})" if k else v for k, v in figures.items())


if __name__ == "__main__":
    print(page(), end="")
