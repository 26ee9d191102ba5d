"""The order in which a payment pays what is owed: data, walked step by step."""

from __future__ import annotations

from dataclasses import dataclass

from xltax.errors import BadProfile
from xltax.law.params import FLAG, MONEY, Many, Params, choice, setting
from xltax.money import Cents, dollars

COMPONENT = choice("costs", "interest", "penalty", "tax")


@dataclass(frozen=True)
class Step(Params):
    """One walk over the open installments, oldest first, paying these columns of each."""

    pay: tuple[str, ...] = setting(Many(COMPONENT), "the columns paid on each installment before going to the next")
    of: str = setting(choice("any", "unsecured", "secured"), "which installments this walk visits", "any")

    def words(self) -> str:
        which = "" if self.of == "any" else f"{self.of} "
        return f"{', then '.join(self.pay)} of each {which}installment, oldest first"


@dataclass(frozen=True)
class Allocation(Params):
    """Who shares payments, in which order they pay, and the exceptions."""

    method = "order"

    group: str = setting(
        choice("parcel", "party"), "whose installments share a payment: one account's, or all of the party liable"
    )
    order: tuple[Step, ...] = setting(Many(Step), "the walks, in order")
    third_party: str = setting(
        choice("named_property", "as_owner"),
        "what a lender's check pays: its named account only, or as the owner's would",
        "named_property",
    )
    litigation: str = setting(
        choice("skip", "ignore"), "whether the owner's payment passes by a bill in litigation", "ignore"
    )
    leftover: str = setting(
        choice("next_installment", "refund_list"), "where money goes when all that is due is paid", "next_installment"
    )
    credit_applies: str = setting(
        choice("at_once", "when_due"),
        "whether such money pays an installment not yet due at once, or on its due date",
        "at_once",
    )
    least_payment: str = setting(
        choice("any", "interest_due"), "whether the counter warns of a payment below the interest due", "any"
    )

    def check(self, where: str) -> None:
        paid = {
            (which, c)
            for s in self.order
            for c in s.pay
            for which in (("secured", "unsecured") if s.of == "any" else (s.of,))
        }
        missing = [
            f"{c} of {which}"
            for which in ("secured", "unsecured")
            for c in ("tax", "interest", "penalty", "costs")
            if (which, c) not in paid
        ]
        if missing:
            raise BadProfile(
                f"The order never pays {', '.join(missing)} installments.",
                where=f"{where}.order",
                do="Add a step for each.",
            )

    def words(self) -> str:
        whose = (
            "the parcel owes" if self.group == "parcel" else "the party liable owes over all properties and vehicles"
        )
        text = f"A payment goes to what {whose}: first " + "; then ".join(s.words() for s in self.order) + "."
        if self.litigation == "skip":
            text += " Bills in litigation are passed by."
        if self.third_party == "named_property" and self.group == "party":
            text += " A third party's money pays its named property only."
        if self.leftover == "refund_list":
            return text + " What is left over goes to the refund list."
        return (
            text
            + " What is left over pays installments not yet due"
            + (", oldest first, at once." if self.credit_applies == "at_once" else ", each on its due date.")
        )


@dataclass(frozen=True)
class SmallBalance(Params):
    """Small amounts the town does not bill or pay back."""

    method = "small_balance"

    waive_under: Cents = setting(MONEY, "a tax below this need not be billed", 0)
    keep_under: Cents = setting(MONEY, "an overpayment below this need not be paid back", 0)
    by_vote: bool = setting(FLAG, "whether the legislative body has to have voted it", True)

    def words(self) -> str:
        vote = " if so voted" if self.by_vote else ""
        return f"A tax under ${dollars(self.waive_under)} may be waived and an overpayment under ${dollars(self.keep_under)} kept{vote}."
