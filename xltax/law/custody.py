"""Rules for handling money: what may be waived and by whom, and how soon money must be deposited."""

from __future__ import annotations

from dataclasses import dataclass

from xltax.law.params import TEXT, WHOLE, Many, Params, choice, setting

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

    days: int = setting(WHOLE, "business days after the day of receipt")

    def words(self) -> str:
        return f"Money must be deposited within {self.days} business day{'s' if self.days != 1 else ''} of receipt."
