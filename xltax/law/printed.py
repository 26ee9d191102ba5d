"""The texts a state requires on bills, and the lines of its statements."""

from __future__ import annotations

from dataclasses import dataclass

from xltax.errors import BadProfile
from xltax.law.params import MONTH_DAY, TEXT, Many, Params, choice, setting


@dataclass(frozen=True)
class BillText(Params):
    """A notice that certain bills must carry."""

    method = "bill_text"

    kind: str = setting(TEXT, "what it is about, such as flood_insurance")
    text: str = setting(
        TEXT, "the text; {town}, {year}, {rate}, {state_aid} and {rate_without_aid} are filled in for the bill"
    )
    place: str = setting(
        choice("note", "box", "small", "advice", "back_taxes"),
        "note: a paragraph; box: framed; small: small print; advice: heads the owner's copy of a bill sent to a lender; "
        "back_taxes: on the bills of accounts with older unpaid tax",
        "note",
    )
    stage: str = setting(choice("any", "preliminary", "final"), "which bills show the text", "any")
    with_due: tuple[str, ...] = setting(
        Many(MONTH_DAY), "only on a bill with an installment payable on one of these days; empty: on all", ()
    )

    def words(self) -> str:
        when = f" with an installment due {', '.join(self.with_due)}" if self.with_due else ""
        which = "" if self.stage == "any" else f"{self.stage} "
        return f'Printed on every {which}bill{when}: "{self.text.replace("_", " ")}".'


RAISE = ("opening", "brought_in", "levied", "added", "corrected_up", "disallowed", "freed")
LOWER = (
    "deductions", "abated", "canceled", "corrected_down", "waived", "suspended", "to_lien", "prepaid", "collected",
    "credit", "discount",
)  # fmt: skip
"""What a line of a statement can be made of; the first raise what is unpaid, the others lower it."""

MEASURE = choice(*RAISE, *LOWER)

OF_THEIR_OWN = {
    "brought_in": ("levied", "Opening balances of this book"),
    "freed": ("credit", "Payments freed by corrections"),
}
"""What stands on a line of its own, below the line it must not be mistaken for, where the rule names no line for it."""

_ALWAYS = frozenset(RAISE + LOWER) - {"opening", "prepaid"} - set(OF_THEIR_OWN)


@dataclass(frozen=True)
class Line(Params):
    """One line of a statement."""

    name: str = setting(TEXT, "the line as worded on the State's form")
    of: tuple[str, ...] = setting(Many(MEASURE), "what the line adds up")


@dataclass(frozen=True)
class Statement(Params):
    """One part of a statement: from what was charged to what is unpaid, line by line."""

    method = "statement"

    kind: str = setting(TEXT, "which part of which statement, such as annual_current")
    report: str = setting(choice("monthly", "annual", "settlement"), "the statement this part belongs to")
    heading: str = setting(TEXT, "the statement's title")
    title: str = setting(TEXT, "the part's title")
    years: str = setting(choice("current", "prior", "next", "all"), "the levy years included", "all")
    by: str = setting(
        choice("levy_year", "rate_bill"), "levy_year; or rate_bill: each levy type of each year", "levy_year"
    )
    counts: str = setting(
        choice("when_billed", "when_due"),
        "when_due: a bill enters the statement when its first installment is due; earlier payments and changes count "
        "on that day",
        "when_billed",
    )
    year_starts: str = setting(
        MONTH_DAY, "the first day of the year, where the town has no fiscal_year rule (books made before there was one)",
        "01-01",
    )  # fmt: skip
    lines: tuple[Line, ...] = setting(
        Many(Line), "the lines, in order; together they must include every kind of change"
    )
    ends: str = setting(TEXT, "the last line: what is unpaid")
    levy_is: tuple[str, ...] = setting(
        Many(MEASURE), "what counts as levied, where the town has no collection_rate rule", ("levied", "added")
    )
    collected_is: tuple[str, ...] = setting(
        Many(MEASURE), "what counts as collected, where the town has no collection_rate rule",
        ("prepaid", "collected", "credit"),
    )  # fmt: skip
    schedules: tuple[str, ...] = setting(
        Many(choice("abatements", "corrections", "suspense", "liens", "refunds")),
        "lists with names, reasons and authority",
        (),
    )
    signed_by: tuple[str, ...] = setting(Many(TEXT), "who signs; {collector} is the officer's title", ("{collector}",))

    @property
    def flows(self) -> bool:
        """True if the statement begins with the opening balance. Otherwise, the statement follows a levy from its beginning."""
        return any("opening" in line.of for line in self.lines)

    @property
    def shown(self) -> tuple[Line, ...]:
        """The lines, with the separate lines that the rule does not name."""
        named = {m for line in self.lines for m in line.of}
        out: list[Line] = []
        for line in self.lines:
            out.append(line)
            out += [
                Line(name=name, of=(measure,))
                for measure, (beside, name) in OF_THEIR_OWN.items()
                if measure not in named and beside in line.of
            ]
        return tuple(out)

    def check(self, where: str) -> None:
        named = [m for line in self.lines for m in line.of]
        doubled = sorted({m for m in named if named.count(m) > 1})
        if doubled:
            raise BadProfile(
                f"More than one line includes {', '.join(doubled)}.", where=where, do="Keep each in one line only."
            )
        missing = sorted((_ALWAYS | {"opening" if self.flows else "prepaid"}) - set(named))
        if missing:
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

    def words(self) -> str:
        lines = "; ".join(line.name for line in self.lines)
        return f"{self.heading}, {self.title}: {lines}; ends with {self.ends}."
