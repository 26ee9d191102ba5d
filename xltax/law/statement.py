"""The lines of a State's statement, as data: what each adds up, in the order and with the numbers of the State's form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from xltax.errors import BadProfile
from xltax.law.params import FLAG, MONTH_DAY, MONTHS, TEXT, Many, Params, choice, setting

RAISE = ("opening", "brought_in", "levied", "added", "corrected_up", "disallowed", "liened", "freed")
LOWER = (
    "deductions", "abated", "canceled", "corrected_down", "waived", "suspended", "to_lien", "prepaid", "collected",
    "credit", "discount", "state_credit",
)  # fmt: skip
"""What a line about levies can be made of; the first raise what is unpaid, the others lower it."""

OPEN = "open"
"""What is open at the end. A line of this closes the statement at its own place; without one the closing line is last."""

OF_THEIR_OWN = {
    "brought_in": ("levied", "Opening balances of this book"),
    "freed": ("credit", "Payments freed by corrections"),
    "liened": ("to_lien", "Principal of liens executed, with interest and costs"),
    "state_credit": ("deductions", "Credits that the State pays"),
}
"""What stands on a line of its own, below the line it must not be mistaken for, where the rule names no line for it."""


class Subject(NamedTuple):
    """What a part of a statement can be about: what raises and lowers it, and what of that needs no line."""

    raises: tuple[str, ...]
    lowers: tuple[str, ...]
    may_lack: tuple[str, ...] = ()
    words: str = ""


SUBJECTS = {
    "levies": Subject(RAISE, LOWER, ("opening", "prepaid", *OF_THEIR_OWN), "the tax of each levy"),
    "liens": Subject(
        ("opening", "lien_tax", "lien_costs"), ("redeemed", "assigned", "lien_canceled", "foreclosed"), (),
        "the tax sale certificates that the town holds",
    ),
    "advance": Subject(("opening", "received"), ("became_due",), (), "money for bills that are not due yet"),
    "money": Subject(
        ("tax", "interest", "penalty", "costs", "misc", "overpaid"), ("discount",), (), "the money of the period, by kind"
    ),
    "turnover": Subject(("opening", "taken"), ("turned_over",), (), "money in hand and turned over"),
    "trust": Subject(
        ("opening", "trust_received"), ("trust_paid", "turned_over"), (),
        "money held in trust for others, such as the holders of liens, by revenue code",
    ),
    "deposits": Subject(("opening", "taken"), ("deposited",), (), "money not deposited yet"),
}  # fmt: skip

MEASURE = choice(*RAISE, *LOWER)
"""What counts in a percentage of the levy."""

_ANY = choice(*dict.fromkeys([m for s in SUBJECTS.values() for m in (*s.raises, *s.lowers)] + [OPEN]))
WHICH = choice("any", "current", "prior", "next")


@dataclass(frozen=True)
class Line(Params):
    """One line of a statement."""

    name: str = setting(TEXT, "the line as worded on the State's form")
    of: tuple[str, ...] = setting(Many(_ANY), "what the line adds up; none if it is calculated from other lines", ())
    no: str = setting(TEXT, "the line's number on the form, such as 5b", "")
    types: tuple[str, ...] = setting(Many(TEXT), "only these levy types; empty: all", ())
    years: str = setting(WHICH, "only levies that are current, prior or next", "any")
    resolved: bool = setting(FLAG, "only reductions that a levy_reduction rule names", False)
    due_later: bool = setting(FLAG, "only what is due after the last day of the statement", False)
    months_old: int = setting(MONTHS, "only bills mailed in the last months of the statement; 0: all bills", 0)
    adds: tuple[str, ...] = setting(
        Many(TEXT), 'the numbers of the lines it adds, such as "5a"; "-5b" subtracts; "afs_22:12" is line 12 of another part, and "afs_22:open" its closing line', ()
    )  # fmt: skip
    percent: tuple[str, ...] = setting(Many(TEXT), "the numbers of two lines: the first as a percent of the second", ())
    times: tuple[str, ...] = setting(
        Many(TEXT), "the numbers of two lines: the first times the percent of the second", ()
    )
    zero: bool = setting(FLAG, "the line must be $0.00; else the statement does not foot", False)

    @property
    def chooses(self) -> bool:
        """True if it takes only some rows of what it names; another line takes the rest."""
        return bool(self.types or self.resolved or self.due_later or self.months_old) or self.years != "any"

    @property
    def label(self) -> str:
        """The line as a person reads it: its number and its name."""
        return f"{self.no} {self.name}".strip()

    @property
    def refers(self) -> tuple[str, ...]:
        """The numbers of the lines it is calculated from."""
        return tuple(ref.lstrip("-") for ref in (*self.adds, *self.percent, *self.times))

    def check(self, where: str) -> None:
        made = [bool(self.of), bool(self.adds), bool(self.percent), bool(self.times)]
        if sum(made) != 1:
            raise BadProfile(
                f"Line {self.name} needs exactly one of: of, adds, percent, times.",
                where=where,
                do="Write one of them.",
            )
        if any(len(two) not in (0, 2) for two in (self.percent, self.times)):
            raise BadProfile(f"Line {self.name}: percent and times take two lines.", where=where)


@dataclass(frozen=True)
class Statement(Params):
    """One part of a statement: from what was charged to what is unpaid, line by line."""

    method = "statement"

    kind: str = setting(TEXT, "which part of which statement, such as annual_current")
    report: str = setting(
        choice("monthly", "annual", "settlement", "afs"),
        "the statement this part belongs to; afs: the figures of an annual financial statement",
    )
    heading: str = setting(TEXT, "the statement's title")
    title: str = setting(TEXT, "the part's title")
    about: str = setting(
        choice(*SUBJECTS), "; ".join(f"{name}: {subject.words}" for name, subject in SUBJECTS.items()), "levies"
    )
    years: str = setting(choice("current", "prior", "next", "all"), "the levy years included", "all")
    by: str = setting(
        choice("levy_year", "rate_bill", "part", "whole"),
        "levy_year; rate_bill: each levy type of each year; part: each part of the levy; whole: one column",
        "levy_year",
    )
    counts: str = setting(
        choice("when_billed", "when_due"),
        "when_due: a bill enters the statement when its first installment is due; earlier payments and changes count "
        "on that day",
        "when_billed",
    )
    signs: str = setting(
        choice("moved", "form"),
        "moved: what lowers the balance is negative; form: each line is positive, as State forms print it",
        "moved",
    )
    apart: str = setting(
        choice("no", "part"), "part: one more page for each part of the levy, such as City and State", "no"
    )
    year_starts: str = setting(
        MONTH_DAY, "the first day of the year, where the town has no fiscal_year rule (books made before there was one)",
        "01-01",
    )  # fmt: skip
    lines: tuple[Line, ...] = setting(
        Many(Line), "the lines, in order; together they must include every kind of change"
    )
    ends: str = setting(TEXT, 'the last line: what is unpaid; empty if a line of "open" stands among the lines', "")
    levy_is: tuple[str, ...] = setting(
        Many(MEASURE), "what counts as levied, where the town has no collection_rate rule", ("levied", "added")
    )
    collected_is: tuple[str, ...] = setting(
        Many(MEASURE), "what counts as collected, where the town has no collection_rate rule",
        ("prepaid", "collected", "credit"),
    )  # fmt: skip
    schedules: tuple[str, ...] = setting(
        Many(choice("abatements", "corrections", "suspense", "liens", "refunds", "payments", "turnovers")),
        "lists: changes with names, reasons and authority; payments with names; slips of money turned over",
        (),
    )
    signed_by: tuple[str, ...] = setting(Many(TEXT), "who signs; {collector} is the officer's title", ("{collector}",))

    @property
    def subject(self) -> Subject:
        return SUBJECTS[self.about]

    @property
    def flows(self) -> bool:
        """True if the statement begins with the opening balance. Otherwise, the statement follows a levy from its beginning."""
        return any("opening" in line.of for line in self.lines)

    @property
    def figures(self) -> bool:
        """True if every line is calculated from lines of other parts."""
        return not any(line.of for line in self.lines)

    @property
    def shown(self) -> tuple[Line, ...]:
        """The lines, with the separate lines that the rule does not name, and the closing line."""
        named = {m for line in self.lines for m in line.of}
        out: list[Line] = []
        for line in self.lines:
            out.append(line)
            out += [
                Line(name=name, of=(measure,))
                for measure, (beside, name) in OF_THEIR_OWN.items()
                if self.about == "levies" and measure not in named and beside in line.of and not line.chooses
            ]
        if OPEN not in named and not self.figures:
            out.append(Line(name=self.ends, of=(OPEN,)))
        return tuple(out)

    @property
    def numbers(self) -> set[str]:
        """The numbers by which lines of other parts can name its lines; "open" is the closing line."""
        return {line.no for line in self.lines if line.no} | ({OPEN} if not self.figures else set())

    def sign(self, line: Line) -> int:
        """1, or -1 if the form prints as a positive figure what lowers the balance."""
        down = self.signs == "form" and bool(line.of) and line.of[0] in self.subject.lowers
        return -1 if down else 1

    def check(self, where: str) -> None:
        if self.figures:
            return self._check_refers(where)
        named = [m for line in self.lines if not line.chooses for m in line.of]
        doubled = sorted({m for m in named if named.count(m) > 1})
        if doubled:
            raise BadProfile(
                f"More than one line includes {', '.join(doubled)}.",
                where=where,
                do="Keep each in one line only. Other lines may take some of its rows, such as one levy type.",
            )
        known = {*self.subject.raises, *self.subject.lowers, OPEN}
        if strange := sorted({m for line in self.lines for m in line.of} - known):
            raise BadProfile(
                f"A part about {self.about} has no {', '.join(strange)}.",
                where=where,
                do=f"Allowed: {', '.join(sorted(known))}.",
            )
        must = (known - {OPEN} - set(self.subject.may_lack)) | ({OPEN} if not self.ends else set())
        if self.about == "levies":
            must.add("opening" if self.flows else "prepaid")
        if missing := sorted(must - set(named)):
            raise BadProfile(
                f"No line includes {', '.join(missing)}, so the statement would not balance.",
                where=where,
                do="Add each to a line.",
            )
        if self.flows and "prepaid" in named:
            raise BadProfile(
                "A statement that begins with the opening balance cannot include prepaid: the opening balance already has it.",
                where=where,
                do="Remove prepaid.",
            )
        self._check_refers(where)

    def _check_refers(self, where: str) -> None:
        """Each calculated line names lines above it."""
        above: set[str] = set()
        for line in self.lines:
            for ref in line.refers:
                if ":" not in ref and ref not in above:
                    raise BadProfile(
                        f"Line {line.name} is calculated from line {ref}, which does not stand above it.",
                        where=where,
                        do="Give that line its number (no), above this line.",
                    )
            if line.no in above:
                raise BadProfile(f"Two lines have the number {line.no}.", where=where)
            above |= {line.no} - {""}

    def words(self) -> str:
        lines = "; ".join(line.label for line in self.lines)
        ends = f"; ends with {self.ends}" if self.ends else ""
        return f"{self.heading}, {self.title}: {lines}{ends}."
