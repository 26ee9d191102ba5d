"""One check of the proof: what is compared, in cents or counts, and where to look. Every desk can make one."""

from __future__ import annotations

from dataclasses import dataclass

from xltax.tables.schema import Column, Row, TableSpec, columns

OK, LOOK, NOT_DONE = "OK", "LOOK", "NOT DONE"


@dataclass(frozen=True)
class Check:
    """One named check: two totals to compare, in cents or counts, and where to look if they differ."""

    name: str
    compares: str
    this: int
    that: int
    look: str = ""
    counts: bool = False  # its sides are counts, not amounts
    not_done: bool = False  # there was nothing to compare this side with: neither right nor wrong

    @property
    def difference(self) -> int:
        return 0 if self.not_done else self.this - self.that

    @property
    def must_look(self) -> bool:
        """Whether somebody must look: the sides differ, or what should have been compared was not."""
        return bool(self.difference or (self.not_done and self.this))

    @property
    def result(self) -> str:
        if self.not_done:
            return f"{NOT_DONE}: {self.look}"
        return f"{OK if self.this == self.that else LOOK}{': ' + self.look if self.look else ''}"


class CheckLine(Row):
    """One check of the proof."""

    check = Column("Check", "text", "The name of the check.")
    compares = Column("Compares", "text", "The two figures compared.")
    this_side, that_side, difference = columns("money", ("This Side", "That Side", "Difference"))
    result = Column("Result", "text", "OK, or what to check.")


CHECKS = TableSpec(
    "Checks",
    CheckLine,
    key=(CheckLine.check,),
    purpose="the checks of Proof, each with its two sides and their difference",
    below="none",
)


class PublishedFigure(Row):
    """One published figure."""

    source = Column("Source", "text", "Who published the figure, and where.")
    case = Column("Case", "text", "What was calculated.")
    figure = Column("Figure", "text", "The published figure.")
    ours = Column("Ours", "text", "The figure xltax calculates.")
    agrees = Column("Agrees", "text", "Yes, or why the source differs.")


PUBLISHED = TableSpec(
    "Published",
    PublishedFigure,
    purpose="published figures, recalculated with the rules that ship with xltax",
    below="none",
)


class AuthorityLine(Row):
    """One change of the authority's list beside its adjustments, or one that only one side has."""

    number = Column("Number", "id", "The authority's number, as the list or the adjustment has it.")
    account = Column("Account", "id", "The account.")
    levy_year = Column("Levy Year", "year", "The year of the levy.")
    kind = Column("Kind", "text", "The kind of adjustment, or up or down.")
    listed = Column("Listed", "money", "The amount on the authority's list.")
    entered = Column("Entered", "money", "The amount of the adjustments.")
    difference = Column("Difference", "money", "Listed - Entered.")
    adjustments = Column("Adjustments", "text", "The numbers of the adjustments.")
    result = Column("Result", "text", "How the two sides agree, or which side lacks the change.")


AUTHORITY_LIST = TableSpec(
    "AuthorityList",
    AuthorityLine,
    purpose="the assessor's or the board's own list of changes, compared with the adjustments",
    below="none",
)
