"""A town's law: dated rules with citations and named assumptions, and the one way to look a rule up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

from xltax.errors import BadProfile, LawNotEncoded
from xltax.law import (
    agreements,
    allocation,
    calendar,
    collection,
    custody,
    discounts,
    enforcement,
    fees,
    general_ledger,
    interest,
    levy,
    lien,
    printed,
    relief,
    returns,
    statement,
    taxsale,
)
from xltax.law.params import Params
from xltax.money import Cents, dollars

ALWAYS, NEVER = dt.date(1, 1, 1), dt.date(9999, 12, 31)

RULES: dict[str, dict[str, type[Params]]] = {
    "interest": interest.INTEREST_METHODS,
    "penalty": interest.PENALTY_METHODS,
    "grace": {"grace": calendar.Grace},
    "installments": {"installments": calendar.Installments},
    "discount": {"discount": discounts.Discount},
    "office": {"office": calendar.Office},
    "allocation": {"order": allocation.Allocation},
    "acceleration": {"acceleration": allocation.Acceleration},
    "small_balance": {"small_balance": allocation.SmallBalance},
    "levy": {"levy": levy.Levy},
    "added": {"added": levy.Added},
    "supplement": {"supplement": levy.Supplement},
    "deduction": {"deduction": levy.Deduction},
    "relief": relief.RELIEF_METHODS,
    "fee": {"fee": fees.Fee},
    "usage": {"usage": fees.Usage},
    "return": {"return": returns.SalesReturn},
    "time_limit": {"time_limit": fees.TimeLimit},
    "agreement": {"monthly": agreements.Agreement},
    "clearing": {"clearing": agreements.Clearing},
    "redemption": {"certificate": taxsale.Redemption},
    "waiver": {"waiver": custody.Waiver},
    "deposit": {"deposit": custody.DepositWithin},
    "approval": {"approval": custody.Approval},
    "unclaimed": {"unclaimed": custody.Unclaimed},
    "lien": {"lien": lien.LienExecution},
    "list": enforcement.LIST_METHODS,
    "deadline": {"deadline": enforcement.Deadline},
    "task": {"task": enforcement.Task},
    "bill_text": {"bill_text": printed.BillText},
    "statement": {"statement": statement.Statement},
    "fiscal_year": {"fiscal_year": collection.FiscalYear},
    "collection_rate": {"collection_rate": collection.CollectionRate},
    "general_ledger": {"general_ledger": general_ledger.GeneralLedger},
    "levy_reduction": {"levy_reduction": collection.LevyReduction},
}
"""Every kind of rule, and the kernels it may name. A kind with one kernel need not name it."""

_SHARED: dict[str, type[Params]] = {"interest": interest.Interest, "relief": relief.Relief, "list": enforcement.Listing}
KINDS = {name: _SHARED.get(name) or next(iter(methods.values())) for name, methods in RULES.items()}
"""The class a rule of each name is asked for: that of its settings, or where it has several methods, what they share."""

_NAMES = {kind: name for name, kind in KINDS.items()}


def name_of(kind: type[Params]) -> str:
    """The name of a kind of rule in a town's file. One method of a kind with several is no kind of its own: TypeError."""
    if kind not in _NAMES:
        known = ", ".join(sorted(k.__name__ for k in _NAMES))
        raise TypeError(f"{kind} is not a kind of rule. Ask for one of {known}.")
    return _NAMES[kind]


SELECTORS = ("classes", "except_classes", "tax_above", "earlier")
"""Which taxes a rule covers, besides its levy types and part."""

RULE_KEYS = ("from", "to", "types", "part", *SELECTORS, "governs", "method", "cite", "assume")
"""What every rule may say besides the settings of its method."""

GOVERNS = ("accrual", "due", "levy_year")
EARLIER = ("", "open", "paid")
"""Whether an earlier installment of the account is still open when this one becomes delinquent."""

SORT_KEY = ("component", "kind", "code", "resolution")
"""Settings that make two rules of one name different rules: interest and penalty, one fee and another."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where the rule stands."""

    title: str
    note: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Assumption:
    """A setting that no source decides, and why we chose its value."""

    what: str
    why: str


class OneTax(NamedTuple):
    """What a rule may ask of a tax, besides its levy type and part; None: not known, or not asked."""

    class_: str = ""
    billed: Cents | None = None
    prior: bool | None = None


ANY_TAX = OneTax()


@dataclass(frozen=True, slots=True)
class Covers:
    """Which taxes a rule covers, besides its levy types and part: by property class, by amount, by earlier delinquency."""

    classes: tuple[str, ...] = ()  # none: all
    except_classes: tuple[str, ...] = ()
    tax_above: Cents = 0  # the tax of the bill is above this
    earlier: str = ""  # one of EARLIER

    def matches(self, class_: str, billed: Cents | None, prior: bool | None) -> bool:
        """Whether it covers a tax; billed, prior: None where nobody knows, and then only a rule for all covers it."""
        own = class_.strip().casefold()
        if self.classes and own not in {c.casefold() for c in self.classes}:
            return False
        if own in {c.casefold() for c in self.except_classes}:
            return False
        if self.tax_above and (billed is None or billed <= self.tax_above):
            return False
        return not self.earlier or prior is (self.earlier == "open")

    def words(self) -> str:
        """The selection in words, such as " [classes homestead]"; empty: every tax."""
        said = [f"class {', '.join(self.classes)}"] if self.classes else []
        said += [f"every class but {', '.join(self.except_classes)}"] if self.except_classes else []
        said += [f"tax above ${dollars(self.tax_above)}"] if self.tax_above else []
        if self.earlier:
            said.append(f"{'an' if self.earlier == 'open' else 'no'} earlier installment is still open")
        return f" [{'; '.join(said)}]" if said else ""


EVERYTHING = Covers()
P = TypeVar("P", bound=Params)
P_co = TypeVar("P_co", bound=Params, covariant=True)


@dataclass(frozen=True, slots=True)
class Rule(Generic[P_co]):
    """One rule in force over its own dates, for its levy types and part, with its authority."""

    name: str
    params: P_co
    start: dt.date = ALWAYS
    end: dt.date = NEVER  # the first day it is no longer in force
    types: tuple[str, ...] = ()  # none: all
    part: str = ""  # "": all
    governs: str = "accrual"  # which date picks the version
    cite: tuple[Citation, ...] = ()
    assume: tuple[Assumption, ...] = ()
    only: Covers = EVERYTHING
    source: str = field(default="", compare=False)  # file and key, for messages

    @property
    def sort(self) -> str:
        """What tells apart rules of one name: the component, or the fee's kind."""
        return next((str(getattr(self.params, k)) for k in SORT_KEY if hasattr(self.params, k)), "")

    @property
    def slot(self) -> tuple[str, str, frozenset[str], str, Covers]:
        return (self.name, self.sort, frozenset(self.types), self.part, self.only)

    def covers(self, day: dt.date) -> bool:
        return self.start <= day < self.end

    def matches(self, levy_type: str, part: str, tax: OneTax = ANY_TAX) -> bool:
        mine = (not self.types or levy_type in self.types) and (not self.part or self.part == part)
        return mine and (self.only is EVERYTHING or self.only.matches(*tax))

    @property
    def weight(self) -> tuple[bool, int, bool]:
        """A rule that names the part goes before one for a class or amount, then one for the type, then one for all."""
        named = self.only
        return (
            bool(self.part),
            sum(map(bool, (named.classes or named.except_classes, named.tax_above, named.earlier))),
            bool(self.types),
        )

    def words(self) -> str:
        """The rule as an English sentence, with the taxes it covers and its first day."""
        whom = f" [{', '.join(self.types)}]" if self.types else ""
        whom += f" [{self.part} part]" if self.part else ""
        whom += self.only.words()
        since = "" if self.start == ALWAYS else f" From {self.start}"
        until = "" if self.end == NEVER else f" to {self.end - dt.timedelta(days=1)}"
        period = f"{since}{until}".strip()
        return f"{self.params.words()}{whom}" + (f" ({period})" if period else "")

    def authority(self) -> str:
        """The citations in one line."""
        return "; ".join(c.title for c in self.cite)


@dataclass(frozen=True)
class Profile:
    """The law of one town: its own rules, and what it inherits from its state."""

    id: str
    name: str
    rules: tuple[Rule[Params], ...]

    def __post_init__(self) -> None:
        for rule in self.rules:
            for other in self.rules:
                if rule is not other and rule.slot == other.slot and rule.start < other.end and other.start < rule.end:
                    raise BadProfile(
                        f"Two {rule.name} rules for the same tax are in force at once "
                        f"({rule.start} to {rule.end} and {other.start} to {other.end}).",
                        where=rule.source or self.id,
                        do='Give the earlier rule a "to" date.',
                    )

    def all(self, kind: type[P]) -> tuple[Rule[P], ...]:
        """Every rule of a kind, for any tax and date."""
        name = name_of(kind)
        return tuple(r for r in self.rules if r.name == name)  # type: ignore[misc]  # its name says its kind

    def in_force(self, kind: type[P], on: dt.date) -> tuple[Rule[P], ...]:
        """Every rule of a kind in force on a date, for any tax."""
        return tuple(r for r in self.all(kind) if r.covers(on))

    def select(
        self, kind: type[P], levy_type: str = "RE", part: str = "", sort: str = "", tax: OneTax = ANY_TAX
    ) -> tuple[Rule[P], ...]:
        """The rules that apply to this tax over time, in order of their dates, the more particular ones first."""
        key = kind, levy_type, part, sort, tax
        if key not in self._selected:
            hits = [r for r in self.all(kind) if r.matches(levy_type, part, tax) and (not sort or r.sort == sort)]
            self._selected[key] = tuple(sorted(hits, key=lambda r: (*r.weight, r.start), reverse=True))
        return self._selected[key]

    @cached_property
    def _selected(self) -> dict[tuple[type[Params], str, str, str, OneTax], tuple[Rule[Any], ...]]:
        """What `select` found before: a replay asks the same for every due date."""
        return {}

    @cached_property
    def worked_out(self) -> dict[Any, Any]:
        """What others work out from these rules once and use again, such as the rules as numbers."""
        return {}

    def rule(
        self, kind: type[P], on: dt.date, levy_type: str = "RE", part: str = "", sort: str = "", tax: OneTax = ANY_TAX
    ) -> Rule[P]:
        """The rule of a kind in force on a date, such as rule(Grace, due); LawNotEncoded if this profile has none."""
        found = self.find(kind, on, levy_type, part, sort, tax)
        if found is None:
            raise self.not_encoded(kind, on, levy_type, part, sort)
        return found

    def find(
        self, kind: type[P], on: dt.date, levy_type: str = "RE", part: str = "", sort: str = "", tax: OneTax = ANY_TAX
    ) -> Rule[P] | None:
        """The rule of a kind in force on a date, or None."""
        return next((r for r in self.select(kind, levy_type, part, sort, tax) if r.covers(on)), None)

    def not_encoded(self, kind: type[Params], on: dt.date, levy_type: str, part: str, sort: str = "") -> LawNotEncoded:
        """The error for a date no rule covers, naming the dates that are covered."""
        name = name_of(kind)
        windows = [
            f"{r.start} to {'now' if r.end == NEVER else r.end - dt.timedelta(days=1)}"
            for r in self.select(kind, levy_type, part, sort)
        ]
        have = f" Encoded: {', '.join(sorted(windows))}." if windows else ""
        what = f"{name} ({sort})" if sort else name
        return LawNotEncoded(
            f"{self.name} has no {what} rule for {levy_type}{f' ({part})' if part else ''} on {on}.{have}",
            where=self.id,
            do="Add the rule with its citation to the town's file or Rules table; xltax does not guess.",
        )

    def assumptions(self) -> Iterator[tuple[Rule[Params], Assumption]]:
        """Every point where no source was found and a setting was chosen."""
        for rule in self.rules:
            for assumption in rule.assume:
                yield rule, assumption


def inherit(parent: Iterable[Rule[Params]], child: Iterable[Rule[Params]]) -> tuple[Rule[Params], ...]:
    """A child's rule replaces its parent's rule of the same name, type and part, over the child's own dates only."""
    own = list(child)
    kept = list(parent)
    for rule in own:
        remaining: list[Rule[Params]] = []
        for old in kept:
            if old.slot != rule.slot or old.end <= rule.start or rule.end <= old.start:
                remaining.append(old)
                continue
            if old.start < rule.start:
                remaining.append(replace(old, end=rule.start))
            if rule.end < old.end:
                remaining.append(replace(old, start=rule.end))
        kept = remaining
    order = list(RULES)
    return tuple(
        sorted([*kept, *own], key=lambda r: (order.index(r.name), r.sort, r.types, r.part, r.only.words(), r.start))
    )
