"""What the law says of handling money: who may waive what, and how soon money has to be in the bank."""

from __future__ import annotations

from dataclasses import dataclass

from xltax.law.params import TEXT, WHOLE, Many, Params, choice, setting

MAY_BE_WAIVED = choice("interest", "penalty", "costs")


@dataclass(frozen=True)
class Waiver(Params):
    """What may be waived, and on which ground. What no rule names is never waived."""

    method = "waiver"

    of: tuple[str, ...] = setting(Many(MAY_BE_WAIVED), "what may be waived; empty: nothing", ())
    ground: str = setting(TEXT, "the only ground there is", "")
    by: str = setting(TEXT, "who decides", "")

    def words(self) -> str:
        if not self.of:
            return "Nothing may be waived."
        text = f"{' and '.join(self.of).capitalize()} may be waived"
        text += f" for {self.ground}" if self.ground else ""
        return text + (f", decided by {self.by}." if self.by else ".")


@dataclass(frozen=True)
class DepositWithin(Params):
    """How soon money taken in has to be deposited."""

    method = "deposit"

    days: int = setting(WHOLE, "business days from the day it came in")

    def words(self) -> str:
        return f"Money is deposited within {self.days} business day{'s' if self.days != 1 else ''} of coming in."
