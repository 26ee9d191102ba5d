"""Random histories in random towns: the days and amounts where mistakes live."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from tests.properties.random_rules import CLASSES, pick
from tests.properties.random_towns import FIRST, LAST, Town, towns
from tests.written.ledger import Ledger, ledger


@dataclass(frozen=True)
class History(Ledger):
    """The facts, and the day a balance is asked for."""

    as_of: dt.date
    known_on: dt.date | None = None

    def but(self, **changes) -> History:
        return replace(self, **changes)


def history(text: str, as_of: str) -> History:
    """The history of a ledger written in lines (tests/written/ledger.py)."""
    facts = ledger(text)
    return History(facts.charges, facts.receipts, facts.adjustments, facts.closed, dt.date.fromisoformat(as_of))


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
            lapsed = draw(pick([None, None, 10, 100, 300]))  # on that day of the year
            late = draw(pick([None, None, None, 0, 10, 20, 40]))
            opening = draw(pick([None, None, None, None, None, 5, 100, 400]))
            lag = draw(pick([None, None, None, -40, 30, 100, 200]))
            levy_year = year - draw(pick([0, 0, 1]))
            class_ = draw(pick([None, *CLASSES, CLASSES[0].upper()]))
            at_once = "[[acceleration]]" in town.text or draw(st.booleans())  # the whole bill is entered on one day
            entered = dt.date.fromisoformat(f"{year}-{min(dues)}")
            for part in town.parts:
                for inst, text in enumerate(sorted(dues), 1):
                    due = dt.date.fromisoformat(f"{year}-{text}")
                    charge = {
                        "Bill": f"B{bill:02d}", "Account": account, "Levy Year": levy_year,
                        "Levy Type": type_, "Part": part, "Inst": inst, "Due": due,
                        "Amount": draw(sums if dense else cents),
                        "Party": parties[number], "Secured": secured or None, "Hold": hold or None,
                        "Unsecured From": None if lapsed is None else dt.date(year, 1, 1) + dt.timedelta(days=lapsed),
                        "Mailed": None if late is None else due + dt.timedelta(days=late - 10),
                        "Interest From": None if opening is None else due + dt.timedelta(days=opening),
                        "Recorded": None if lag is None else (entered if at_once else due) + dt.timedelta(days=lag),
                        "Class": class_,
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
    "Abatement", "Cancellation", "Correction Down", "Exemption", "State Deduction", "State Credit", "Transfer to Lien", "Suspense",
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
