"""The texts a state requires on bills."""

from __future__ import annotations

from dataclasses import dataclass

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
