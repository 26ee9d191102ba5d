"""Printed bills, one page each: to the owner, to a lender with the owner's advice copy, and later copies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

import pandas as pd

from xltax.dates import short_date
from xltax.law.calendar import Installments
from xltax.law.interest import Interest, YearEnd
from xltax.law.levy import Levy
from xltax.law.params import percent
from xltax.law.printed import BillText
from xltax.law.profile import Profile
from xltax.ledger.wide import INSTALLMENTS
from xltax.money import Cents, dollars, usd
from xltax.office.billing import levy_bills, levy_rates
from xltax.office.billing.amounts_by_day import Payable
from xltax.office.billing.home_installments import Halves
from xltax.office.billing.levy_rates import LevyRates
from xltax.office.billing.scan_line import Stub, scan_line
from xltax.pages import Block, CellKind, Cut, Fields, Grid, Lines, Page, Text
from xltax.tables import DISALLOWED, DUE, Bill, ClosedDay, Parcel
from xltax.tables.table import Table

NAMES = {
    "RE": "real estate tax", "PP": "personal property tax", "MV": "motor vehicle tax",
    "MVS": "supplemental motor vehicle tax", "ADD": "added assessment tax", "OMIT": "omitted assessment tax",
    "SEWER": "sewer", "WATER": "water", "SOLID": "solid waste", "LICENSE": "license", "SALES": "sales tax",
}  # fmt: skip

ROWS = "Rows"
"""Of a bill made by `whole`: its rows of the Duplicate, one for each part."""

Copy = Literal["bill", "advice", "duplicate"]


@dataclass
class Printer:
    """What all bills of one run share: the law, the rates, the office's address lines, and the day of the bills."""

    town: Profile
    on: dt.date
    office: str
    town_name: str
    levies: Mapping[str, LevyRates]
    closed: Table[ClosedDay] | None = None
    payable_to: str = ""
    address: str = ""
    phone: str = ""
    back_taxes: Set[str] = frozenset()  # accounts with older unpaid bills
    payable: Mapping[tuple[str, int], list[Payable]] = field(default_factory=dict)  # by bill and installment
    homes: Halves | None = None  # the bills payable in parts that bear a fee
    _days: dict[tuple[Any, ...], Any] = field(default_factory=dict, repr=False)

    def pages(self, bills: Iterable[Mapping[str, Any]], parcels: Mapping[str, Mapping[str, Any]]) -> Iterator[Page]:
        """Every bill: one page, or two pages for a lender's bill, with the owner's advice copy.

        `bills` come from `whole`, so that parts of one bill, such as City and State, stand on its page together.
        """
        for bill in bills:
            parcel = parcels.get(bill[Bill.account], {})
            if to_lender(parcel, self.on):
                yield self.page(bill, parcel, "bill", lender=True)
                yield self.page(bill, parcel, "advice")
            else:
                yield self.page(bill, parcel)

    def page(
        self,
        bill: Mapping[str, Any],
        parcel: Mapping[str, Any],
        copy: Copy = "bill",
        *,
        lender: bool = False,
        nth: int = 0,
    ) -> Page:
        """One bill on one page. `lender` addresses it to the mortgagee; `nth` is the number of a duplicate copy."""
        stage = stage_of(self.town, bill)
        texts = self._texts(bill, stage)
        stubs = [] if copy == "advice" else self._stubs(bill, parcel)
        blocks: list[Block] = [
            *_property(parcel),
            _address(parcel, bill, lender=lender),
            Lines(_facts(bill, parcel), "small", right=True),
        ]
        if copy == "advice":
            blocks += [Text(t.text, "box") for t in texts if t.place == "advice"]
            blocks.append(Text(f"We sent the bill to {parcel[Parcel.mortgagee]}, as you authorized."))
        blocks += self._purposes(bill)
        if len(stubs) <= 2:  # three or four stubs say the same, and leave no room to say it twice
            blocks.append(self._installments(bill, stage))
        blocks += [*self._by_day(bill), *self._later_parts(bill)]
        blocks += [*self._notes(bill, texts), *(block for stub in stubs for block in stub)]
        name = NAMES.get(bill[Bill.levy_type], bill[Bill.levy_type])
        part = f", {' and '.join(names)}" if (names := named_parts(bill)) else ""
        if bill[Bill.part] == DISALLOWED:
            name = "deduction disallowed"
        which = "" if stage == "any" else f"{stage} "
        title = f"{bill[Bill.levy_year]} {name}{part}: {which}bill"
        title += {"bill": "", "advice": " (owner's copy)", "duplicate": f" (duplicate, copy {nth})"}[copy]
        return Page(title, tuple(blocks), self.office, key=bill[Bill.bill], footer=self.phone, seal=True, close=True)

    # ---- parts of a bill ---------------------------------------------------------------------------------------

    def _once(self, key: tuple[Any, ...], make: Any) -> Any:
        """An answer of the law that is looked up once for each kind of bill, not for each bill."""
        if key not in self._days:
            self._days[key] = make()
        return self._days[key]

    def last_day(self, bill: Mapping[str, Any], due: dt.date) -> dt.date:
        """The last day to pay all parts of a bill's installment without interest."""
        mailed, kind, parts = day_of(bill[Bill.mailed]), bill[Bill.levy_type], part_names(bill)
        found: dt.date = self._once(
            ("last", due, kind, mailed, parts),
            lambda: min(levy_bills.last_day(self.town, due, kind, mailed, self.closed, part) for part in parts),
        )
        return found

    def _texts(self, bill: Mapping[str, Any], stage: str) -> list[BillText]:
        """The notices the law requires on this bill, with the bill's amounts filled in."""
        dues = tuple(f"{due:%m-%d}" for _, due, _ in installments(bill))
        key = ("texts", bill[Bill.levy_type], part_names(bill), bill[Bill.levy_year], stage, dues)
        return list(self._once(key, lambda: list(self._find_texts(bill, stage, dues))))

    def _find_texts(self, bill: Mapping[str, Any], stage: str, dues: tuple[str, ...]) -> Iterator[BillText]:
        levy = self.levies.get(bill[Bill.levy_type], LevyRates(()))
        words = {"town": self.town_name, "year": str(bill[Bill.levy_year])}
        if levy.purposes:
            words["rate"] = levy_rates.shown(levy.total)
        if levy.aid:
            words["state_aid"] = dollars(levy.aid)
        if levy.without_aid is not None:
            words["rate_without_aid"] = levy_rates.shown(levy.without_aid, 2)
        for rule in self.town.rules:
            text = rule.params
            if not isinstance(text, BillText) or not rule.covers(self.on):
                continue
            if not any(rule.matches(bill[Bill.levy_type], part) for part in part_names(bill)):
                continue
            if text.stage not in ("any", stage):
                continue
            if text.with_due and not set(text.with_due) & set(dues):
                continue
            said = text.text
            for name, value in words.items():
                said = said.replace(f"{{{name}}}", value)
            if "{" not in said:  # a figure this town has not entered, such as State aid: the notice is not for it
                yield BillText(kind=text.kind, text=said, place=text.place)

    def _purposes(self, bill: Mapping[str, Any]) -> list[Block]:
        """The rate table by purpose, down to the tax of the year; nothing if the rate is unknown."""
        levy = self.levies.get(bill[Bill.levy_type])
        gross, off = int(bill[Bill.gross_tax]), int(bill[Bill.deductions])
        parts = part_names(bill)
        mine = [p for p in levy.purposes if p.part in parts] if levy else []
        if levy is None or not mine or not gross:
            return [Fields((("Deductions", -off, "money"), ("Tax", gross - off, "money")))] if off else []
        kind = bill[Bill.levy_type]
        per = self._once(("per", bill[Bill.levy_year], kind), lambda: self._per(bill))
        *each, total = levy_rates.in_line([*(p.rate for p in mine), sum((p.rate for p in mine), Fraction(0))])
        shares = {
            id(p): share
            for row in rows_of(bill)
            if (part := levy.of_part(row[Bill.part])).purposes
            for p, share in zip(part.purposes, levy_rates.divide(int(row[Bill.gross_tax]), part), strict=True)
        }
        rows: list[tuple[object, ...]] = [
            (_purpose(p, parts), p.raised or None, rate, shares[id(p)]) for p, rate in zip(mine, each, strict=True)
        ]
        if off:
            rows += [("Tax before deductions", None, total, gross), ("Deductions", None, "", -off)]
        rows.append(("Tax of the year", None, "" if off else total, gross - off))
        head = "Rate per $100" if per == 100 else "Mills"
        if not any(p.raised for p in mine):
            kinds: tuple[CellKind, ...] = ("text", "number", "money")
            return [
                Grid(
                    ("Purpose of the tax", head, "Your tax"),
                    kinds,
                    [(a, *b) for a, _, *b in rows],
                    (40, 12, 13),
                    total=True,
                )
            ]
        return [Grid(("Purpose of the tax", "Total levy", head, "Your tax"), ("text", "money", "number", "money"),
                     rows, (26, 14, 12, 13), total=True)]  # fmt: skip

    def _per(self, bill: Mapping[str, Any]) -> int:
        rule = self.town.rule(Levy, dt.date(int(bill[Bill.levy_year]), 1, 1), bill[Bill.levy_type])
        return int(rule.params.per)

    def _installments(self, bill: Mapping[str, Any], stage: str) -> Grid:
        every = installments(bill)
        mailed = day_of(bill[Bill.mailed])

        def named(number: int, due: dt.date) -> str:
            before = stage == "final" and mailed is not None and due < mailed
            return f"{number} (preliminary bill)" if before else str(number)

        parts = rows_of(bill) if len(rows_of(bill)) > 1 else ()
        rows: list[tuple[object, ...]] = [
            (named(n, due), due, self.last_day(bill, due), *(int(p[f"Inst {n}"]) for p in parts), amount)
            for n, due, amount in every
        ]
        if len(rows) > 1:
            each = (sum(int(p[f"Inst {n}"]) for n, _, _ in every) for p in parts)
            rows.append(("Total", None, None, *each, sum(amount for _, _, amount in every)))
        heads = ("Installment", "Due", "Last day without interest", *(f"{p[Bill.part]} part" for p in parts), "Amount")
        kinds: list[CellKind] = ["id", "date", "date", "money"]
        kinds += ["money"] * len(parts)
        return Grid(heads, tuple(kinds), rows, (10, 10, 14, *((10,) * len(parts)), 10), total=len(rows) > 1)

    def _by_day(self, bill: Mapping[str, Any]) -> list[Block]:
        """The amounts by day of payment, if a discount or a penalty step makes them differ."""
        numbers = [0, *(n for n, _, _ in installments(bill))]  # 0: the whole bill, where its discount takes all of it
        each = [p for n in numbers for p in self.payable.get((bill[Bill.bill], n), ())]
        if not each:
            return []
        several = len({p.inst for p in each}) > 1
        rows = [
            [
                *([str(p.inst or "all")] if several else []),
                f"{'after' if p.after else 'by'} {short_date(p.day)}",
                p.amount,
            ]
            for p in each
        ]
        kinds: tuple[CellKind, ...] = ("text", "text", "money") if several else ("text", "money")
        heads = (*(("Installment",) if several else ()), "If paid in full", "Pay")
        return [Grid(heads, kinds, rows, (10, 24, 10) if several else (34, 10))]

    def _later_parts(self, bill: Mapping[str, Any]) -> Iterator[Block]:
        """The fee on the later parts of a home's tax, as a rate and in dollars, and how to avoid the fee."""
        if not (fee := self._fee(bill)):
            return
        terms = self.homes.terms[bill[Bill.bill]]  # type: ignore[union-attr]
        yield Text(
            f"If you pay in parts, the later part includes a {terms.name} of {percent(terms.fee.rate)}, {usd(fee)}. You do not owe this charge if you pay all parts by {short_date(terms.free_until)}."
        )

    def _fee(self, bill: Mapping[str, Any]) -> Cents:
        """The fee on a home's later parts as they are billed."""
        return self.homes.fee(bill[Bill.bill], sum(a for n, _, a in installments(bill) if n > 1)) if self.homes else 0

    def _notes(self, bill: Mapping[str, Any], texts: list[BillText]) -> Iterator[Block]:
        yield from (Text(t.text, "box") for t in texts if t.place == "box")
        if bill[Bill.account] in self.back_taxes:
            yield from (Text(t.text, "bold") for t in texts if t.place == "back_taxes")
        yield from (Text(t.text) for t in texts if t.place == "note")
        late = self._once(("late", bill[Bill.levy_type], part_names(bill)), lambda: self._late(bill))
        small = " ".join([t.text for t in texts if t.place == "small"] + late)
        if small:
            yield Text(small, "small")

    def _late(self, bill: Mapping[str, Any]) -> list[str]:
        """The cost of late payment, in the words of the rules in force; part by part if the rules differ."""

        def of_part(part: str) -> tuple[str, ...]:
            kind = bill[Bill.levy_type]
            accrues = [self.town.find(Interest, self.on, kind, part, s) for s in ("interest", "penalty")]
            found = [*accrues, self.town.find(YearEnd, self.on, kind, part)]
            return tuple(rule.params.plainly() for rule in found if rule is not None and not _nothing(rule.params))

        said = {part: of_part(part) for part in part_names(bill)}
        if len(set(said.values())) == 1:
            return list(next(iter(said.values())))
        return [f"{part} part: {' '.join(words)}" for part, words in said.items() if words]

    def _stubs(self, bill: Mapping[str, Any], parcel: Mapping[str, Any]) -> list[tuple[Block, ...]]:
        """A payment stub for each coming installment: the amount, the last day, the owner, and the scan line."""
        every = [i for i in installments(bill) if i[2] > 0]
        ahead = [i for i in every if i[1] >= self.on] or every
        to = f"; make checks payable to {self.payable_to}" if self.payable_to else ""
        words = f"Return this stub with your payment{to}{f', {self.address}' if self.address else ''}"
        crowded = len(ahead) > 2  # then only the first stub says so
        fee = self._fee(bill)
        whose = (
            ", ".join(str(parcel[c]) for c in ("Owner", "Location") if parcel.get(c)) or f"Account {bill[Bill.account]}"
        )
        return [
            (
                Cut("" if crowded and place else words),
                Fields(
                    (
                        (f"Bill {bill[Bill.bill]}", f"Installment {number}, due {short_date(due)}", "text"),
                        (f"{with_fee}Pay by {short_date(self.last_day(bill, due))}", to_pay, "money"),
                    )
                ),
                Lines((scan_line(Stub(bill[Bill.bill], number, due, to_pay)),), "mono"),
                Lines((whose,), "small", right=True),
            )
            for place, (number, due, amount) in enumerate(ahead)
            for to_pay, with_fee in [
                (amount + fee, "Including service charge. ") if fee and number > 1 else (amount, "")
            ]
        ]


def whole(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The Duplicate's rows as bills: parts payable on the same days become one bill, with its rows under "Rows"."""
    bills: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        days = tuple(row[f"Due {n}"] for n in INSTALLMENTS)
        bills.setdefault((row[Bill.bill], row[Bill.part] == DISALLOWED, days), []).append(row)
    sums = ("Gross Tax", "Deductions", "Net Tax", *(f"Inst {n}" for n in INSTALLMENTS))
    return [
        dict(parts[0]) | {c: sum(int(p[c]) for p in parts) for c in sums} | {ROWS: parts} for parts in bills.values()
    ]


def rows_of(bill: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The rows of the Duplicate that make up a bill."""
    return list(bill.get(ROWS, (bill,)))


def part_names(bill: Mapping[str, Any]) -> tuple[str, ...]:
    """The parts of a bill, such as City and State; one empty name if the bill has no parts."""
    return tuple(row[Bill.part] for row in rows_of(bill))


def named_parts(bill: Mapping[str, Any]) -> tuple[str, ...]:
    """The parts with a name to print."""
    return tuple(part for part in part_names(bill) if part not in ("", DISALLOWED))


def _purpose(purpose: levy_rates.Purpose, parts: tuple[str, ...]) -> str:
    """A purpose as a bill prints it, with its part if there are several parts."""
    several = len(parts) > 1 and purpose.part not in ("", purpose.name)
    return f"{purpose.part}: {purpose.name}" if several else purpose.name


def _nothing(params: Any) -> bool:
    """True for a rule that charges nothing, such as a penalty of 0%."""
    return getattr(params, "rate", 1) == 0


def installments(bill: Mapping[str, Any]) -> list[tuple[int, dt.date, int]]:
    """The installments of a Duplicate row: number, due date, amount in cents."""
    out = []
    for n in INSTALLMENTS:
        due = day_of(bill[f"Due {n}"])
        if due is not None:
            out.append((n, due, int(bill[f"Inst {n}"])))
    return out


def day_of(value: Any) -> dt.date | None:
    """A date of a table as a date; None if blank."""
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()


def stage_of(town: Profile, bill: Mapping[str, Any]) -> str:
    """The stage of a bill: preliminary, final, or any for a tax that is billed at once."""
    rule = town.find(Installments, dt.date(int(bill[Bill.levy_year]), 1, 1), bill[Bill.levy_type], bill[Bill.part])
    if rule is None or rule.params.split != "preliminary":
        return "any"
    completed = day_of(bill[DUE[rule.params.first_parts + 1]]) is not None
    return "final" if completed or bill[Bill.gross_tax] else "preliminary"


def to_lender(parcel: Mapping[str, Any], on: dt.date) -> bool:
    """True if the owner has authorized a lender to receive the bill."""
    since = day_of(parcel.get(Parcel.authorized_on))
    return bool(parcel.get(Parcel.mortgagee)) and since is not None and since <= on


def _address(parcel: Mapping[str, Any], bill: Mapping[str, Any], *, lender: bool) -> Lines:
    if lender:
        code = f"Servicer code {bill[Bill.bank_code]}" if bill[Bill.bank_code] else ""
        lines = [parcel[Parcel.mortgagee], code, f"For {parcel[Parcel.owner]}"]
    elif parcel:
        lines = [
            parcel[Parcel.billed_owner] or parcel[Parcel.owner],
            parcel[Parcel.mail_1],
            parcel[Parcel.mail_2],
            parcel[Parcel.mail_3],
        ]
    else:
        lines = [f"Account {bill[Bill.account]}"]
    kept = [line for line in lines if line]
    return Lines(tuple(kept), "address")


def _property(parcel: Mapping[str, Any]) -> list[Block]:
    """The lines above the address: the property's location and taxable value."""
    if not parcel:
        return []
    fields: list[tuple[str, object, CellKind]] = [("Location", parcel[Parcel.location], "text")]
    if parcel[Parcel.class_]:
        fields.append(("Class", parcel[Parcel.class_], "id"))
    fields += [(n, parcel[n], "money") for n in ("Land", "Improvements", "Exemptions") if parcel[n]]
    if parcel[Parcel.net_value]:  # none where the charge is by return, by use or by license
        fields.append(("Taxable value", parcel[Parcel.net_value], "money"))
    return [Fields(tuple(fields))]


def _facts(bill: Mapping[str, Any], parcel: Mapping[str, Any]) -> tuple[str, ...]:
    """The lines beside the address: bill, account, lot and list number."""
    lines = [f"Bill {bill[Bill.bill]}", f"Account {bill[Bill.account]}"]
    if parcel:
        lot = " ".join(f"{n} {parcel[n]}" for n in ("Block", "Lot", "Qualifier") if parcel[n])
        lines += [lot, f"List {parcel[Parcel.list_no]}" if parcel[Parcel.list_no] else ""]
    return tuple(line for line in lines if line)
