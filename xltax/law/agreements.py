"""Payment agreements, and how long the office waits for a check to clear."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from xltax.dates import ClosedDays
from xltax.errors import BadProfile
from xltax.law.params import DAYS, FLAG, TEXT, WHOLE, Many, Params, choice, setting

TIMES = {1: "first", 2: "second", 3: "third"}


@dataclass(frozen=True)
class Agreement(Params):
    """A written agreement to pay past-due taxes, and taxes that fall due meanwhile, in monthly payments."""

    method = "monthly"

    longest: int = setting(WHOLE, "the most monthly payments an agreement may have")
    covers: str = setting(
        choice("past_due", "past_due_and_coming"),
        "whether the payments cover past-due taxes only, or also every installment due by the last payment",
        "past_due_and_coming",
    )
    late_days: int = setting(DAYS, "days after its due date on which a payment is still on time", 0)
    default_on: int = setting(WHOLE, "the missed payment that ends the agreement: 2 is the second", 2)
    good_cause: bool = setting(FLAG, "whether a payment missed for good cause does not count", True)
    letter_days: int = setting(DAYS, "a letter goes out this many days after a missed payment's date", 10)

    def check(self, where: str) -> None:
        if self.longest < 1 or self.default_on < 1 or self.late_days < 0 or self.letter_days < 0:
            raise BadProfile(
                "An agreement needs at least one monthly payment, and default_on of at least 1.",
                where=where,
                do="Correct longest, default_on, late_days or letter_days. None of them can be below zero.",
            )

    def words(self) -> str:
        coming = " and every installment due by the last payment" if self.covers != "past_due" else ""
        text = f"Agreement: at most {self.longest} monthly payments, which cover everything past due{coming}."
        if self.late_days:
            text += f" A payment up to {self.late_days} days late is on time."
        number = TIMES.get(self.default_on, f"{self.default_on}th")
        text += f" A letter goes out {self.letter_days} days after a missed payment; the {number} missed payment ends the agreement"
        return text + (". A payment missed for good cause does not count." if self.good_cause else ".")


@dataclass(frozen=True)
class Clearing(Params):
    """How long the office waits for a check to clear before it reports a tax as paid."""

    method = "clearing"

    business_days: int = setting(DAYS, "business days until a check counts as cleared")
    at_once: tuple[str, ...] = setting(
        Many(TEXT),
        "the payment types that count at once, as named in the Cash Book",
        ("Cash", "Certified", "Money Order"),
    )

    def clears(self, received: dt.date, closed: ClosedDays) -> dt.date:
        """The day on which a check received on a day counts as cleared; that day itself is not counted."""
        return closed.open_days(received + dt.timedelta(days=1), self.business_days)[-1]

    def words(self) -> str:
        return f"Counted at once: {', '.join(self.at_once).lower()}. Any other payment counts as cleared after {self.business_days} business days."
