"""Rules for handling money: what may be waived and by whom, how soon money is deposited, when it is unclaimed."""

from __future__ import annotations

from dataclasses import dataclass

from xltax.dates import month_day_words
from xltax.errors import BadProfile
from xltax.law.params import DAYS, MONEY, MONTH_DAY, MONTHS, TEXT, YEARS, Many, Params, choice, setting
from xltax.money import Cents, usd

MAY_BE_WAIVED = choice("interest", "penalty", "costs")


@dataclass(frozen=True)
class Waiver(Params):
    """What may be waived, and on what grounds. Anything no rule names cannot be waived."""

    method = "waiver"

    of: tuple[str, ...] = setting(Many(MAY_BE_WAIVED), "what may be waived; empty: nothing", ())
    ground: str = setting(TEXT, "the only grounds for a waiver", "")
    by: str = setting(TEXT, "who decides", "")

    def words(self) -> str:
        if not self.of:
            return "Nothing may be waived."
        text = f"{' and '.join(self.of).capitalize()} may be waived"
        text += f" for {self.ground}" if self.ground else ""
        return text + (f". Decided by {self.by}." if self.by else ".")


@dataclass(frozen=True)
class DepositWithin(Params):
    """How soon money received must be deposited."""

    method = "deposit"

    days: int = setting(DAYS, "business days after the day of receipt")

    def words(self) -> str:
        return f"Money must be deposited within {self.days} business day{'s' if self.days != 1 else ''} of receipt."


@dataclass(frozen=True)
class Approval(Params):
    """What happens if nobody but the person who enters something approves it. In an office of one, nobody else can."""

    method = "approval"

    own: str = setting(choice("refuse", "list"), "one's own approval is refused, or listed on the exceptions page")

    def words(self) -> str:
        if self.own == "refuse":
            return "Another person, or a numbered act of the board, must approve each entry."
        return "One's own approval is allowed, and the exceptions page lists it."


@dataclass(frozen=True)
class Unclaimed(Params):
    """When a credit or an uncashed check is presumed abandoned, and what the office then owes the State."""

    method = "unclaimed"

    years: int = setting(YEARS, "years until the money is presumed abandoned")
    counted_from: str = setting(
        choice("credit", "contact"), "from the day of the credit, or from the owner's last contact if later", "contact"
    )
    notice_months: int = setting(
        MONTHS, "a letter goes to the owner within this many months before the report; 0: none", 0
    )
    report_by: str | None = setting(MONTH_DAY, "the day of the next year by which the office reports and pays", None)
    named_from: Cents = setting(MONEY, "items of this amount or more are reported by name, smaller ones in one sum", 0)
    report_to: str = setting(TEXT, "the officer who receives the report", "the State's unclaimed property office")

    def check(self, where: str) -> None:
        if self.years < 1:
            raise BadProfile("Unclaimed money needs years.", where=f"{where}.years", do="Enter at least one year.")

    def words(self) -> str:
        text = f"A credit is presumed abandoned after {self.years} years"
        text += " without contact from the owner." if self.counted_from == "contact" else "."
        text += (
            f" A letter goes to the owner within {self.notice_months} months before the report."
            if self.notice_months
            else ""
        )
        text += f" Report to {self.report_to}" + (
            f" by {month_day_words(self.report_by)} of the next year." if self.report_by else "."
        )
        return text + (f" Items below {usd(self.named_from)} are reported in one sum." if self.named_from else "")
