"""What a town lets a taxpayer arrange, and what it waits for: agreements by the month, checks that have not cleared."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from xltax.dates import ClosedDays
from xltax.errors import BadProfile
from xltax.law.params import FLAG, TEXT, WHOLE, Many, Params, choice, setting

TIMES = {1: "first", 2: "second", 3: "third"}


@dataclass(frozen=True)
class Agreement(Params):
    """A written agreement to pay what is past due, and what falls due meanwhile, by the month."""

    method = "monthly"

    longest: int = setting(WHOLE, "the most monthly payments an agreement may have")
    covers: str = setting(
        choice("past_due", "past_due_and_coming"),
        "whether the payments clear what is past due only, or also every installment due by the last payment",
        "past_due_and_coming",
    )
    late_days: int = setting(WHOLE, "days after its date on which a payment is still in time", 0)
    default_on: int = setting(WHOLE, "the missed payment that ends the agreement: 2 is the second", 2)
    good_cause: bool = setting(FLAG, "whether a payment missed for good cause is not counted", True)
    letter_days: int = setting(WHOLE, "a letter goes out this many days after a missed payment's date", 10)

    def check(self, where: str) -> None:
        if self.longest < 1 or self.default_on < 1 or self.late_days < 0 or self.letter_days < 0:
            raise BadProfile("An agreement has at least one payment and one that can be missed.", where=where)

    def words(self) -> str:
        coming = " and every installment that falls due by the last of them" if self.covers != "past_due" else ""
        text = f"Agreement: at most {self.longest} monthly payments, which clear all that is past due{coming}."
        if self.late_days:
            text += f" A payment up to {self.late_days} days late is in time."
        number = TIMES.get(self.default_on, f"{self.default_on}th")
        text += f" A letter goes out {self.letter_days} days after a missed payment; the {number} one missed ends the agreement"
        return text + (", a payment missed for good cause not counted." if self.good_cause else ".")


@dataclass(frozen=True)
class Clearing(Params):
    """How long the office waits for a check before it says that a tax is paid."""

    method = "clearing"

    business_days: int = setting(WHOLE, "business days a check is waited for")
    at_once: tuple[str, ...] = setting(
        Many(TEXT), "the tenders that count at once, as the Cash Book names them", ("Cash", "Certified", "Money Order")
    )

    def clears(self, received: dt.date, closed: ClosedDays) -> dt.date:
        """The day on which a check received on a day counts as cleared; that day itself is not counted."""
        return closed.open_days(received + dt.timedelta(days=1), self.business_days)[-1]

    def words(self) -> str:
        return f"Paid at once by {', '.join(self.at_once).lower()}; anything else counts as cleared after {self.business_days} business days."
