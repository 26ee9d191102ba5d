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


@dataclass(frozen=True)
class Approval(Params):
    """What happens if nobody but the person who enters something approves it. In an office of one, nobody else can."""

    method = "approval"

    own: str = setting(choice("refuse", "list"), "one's own approval is refused, or listed on the exceptions page")

    def words(self) -> str:
        if self.own == "refuse":
            return "Another person, or a numbered act of the board, must approve each entry."
        return "One's own approval is allowed, and the exceptions page lists it."
