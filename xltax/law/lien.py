"""Liens that a town executes for its own unpaid taxes: one act makes tax, interest and costs one principal."""

from __future__ import annotations

from dataclasses import dataclass

from xltax.errors import BadProfile
from xltax.law.allocation import COMPONENT
from xltax.law.params import TEXT, Many, Params, setting

PART = "Lien"
"""The part of a bill that is the principal of a lien, and of the rules for its interest."""

COMPONENTS = ("tax", "interest", "penalty", "costs")


@dataclass(frozen=True)
class LienExecution(Params):
    """What a lien of the town takes from a bill, and the fees that go into its principal."""

    method = "lien"

    takes: tuple[str, ...] = setting(
        Many(COMPONENT), "the columns of the bill that become the principal of the lien", COMPONENTS
    )
    fees: tuple[str, ...] = setting(
        Many(TEXT), "the kinds of fees for each lien that are added to its principal, such as lien_execution", ()
    )

    def check(self, where: str) -> None:
        if "tax" not in self.takes:
            raise BadProfile("A lien takes at least the tax.", where=f"{where}.takes", do='Add "tax".')

    def words(self) -> str:
        left = [name for name in COMPONENTS if name not in self.takes]
        stays = f" The {' and '.join(left)} of the bill stay on the bill." if left else ""
        fees = f", with the fees for {', '.join(f.replace('_', ' ') for f in self.fees)}," if self.fees else ""
        taken = ", ".join(self.takes[:-1]) + f" and {self.takes[-1]}" if len(self.takes) > 1 else self.takes[0]
        return (
            f"Lien: on the day the town executes it, the {taken} past due on a bill{fees} become one principal. "
            f"From that day the principal bears the interest of liens.{stays}"
        )
