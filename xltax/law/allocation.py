"""The order in which a payment pays what is owed, step by step."""

from __future__ import annotations

from dataclasses import dataclass

from xltax.errors import BadProfile
from xltax.law.params import FLAG, MONEY, Many, Params, choice, setting
from xltax.money import Cents, dollars

COMPONENT = choice("costs", "interest", "penalty", "tax")


@dataclass(frozen=True)
class Step(Params):
    """One step: these columns of each open installment, oldest first."""

    pay: tuple[str, ...] = setting(Many(COMPONENT), "the columns paid on each installment before going to the next")
    of: str = setting(choice("any", "unsecured", "secured"), "which installments this step pays", "any")
    split: str = setting(
        choice("in_order", "proportional"),
        "whether a payment that does not pay an installment in full pays the columns in order, or tax and the rest in proportion",
        "in_order",
    )

    def check(self, where: str) -> None:
        rest = [column for column in self.pay if column != "costs"]
        if self.split == "proportional" and (
            sorted(rest) != ["interest", "penalty", "tax"] or rest[-1] != "tax" or "costs" in self.pay[1:]
        ):
            raise BadProfile(
                "A payment in proportion pays costs first, then interest and penalty with tax.",
                where=f"{where}.pay",
                do='Write pay = ["costs", "interest", "penalty", "tax"].',
            )

    def words(self) -> str:
        which = "" if self.of == "any" else f"{self.of} "
        if self.split == "proportional":
            return f"{', '.join(self.pay)} of each {which}installment, tax and the rest in proportion, oldest first"
        return f"{', then '.join(self.pay)} of each {which}installment, oldest first"


@dataclass(frozen=True)
class Allocation(Params):
    """Whose installments share a payment, the order in which a payment is applied, and the exceptions."""

    method = "order"

    group: str = setting(
        choice("parcel", "party"),
        "whose installments share a payment: those of one account, or all of one liable party",
    )
    order: tuple[Step, ...] = setting(Many(Step), "the steps, in order")
    third_party: str = setting(
        choice("named_property", "as_owner"),
        "what a lender's check pays: only the account it names, or the same as the owner's check",
        "named_property",
    )
    litigation: str = setting(
        choice("skip", "ignore"), "whether the owner's payment skips a bill in litigation", "ignore"
    )
    leftover: str = setting(
        choice("next_installment", "refund_list"), "where money goes after everything due is paid", "next_installment"
    )
    credit_applies: str = setting(
        choice("at_once", "when_due"),
        "whether that money pays a future installment at once, or on its due date",
        "at_once",
    )
    least_payment: str = setting(
        choice("any", "interest_due"), "whether the counter warns of a payment below the interest due", "any"
    )
    partial: str = setting(
        choice("accepted", "refused", "whole_installment"),
        "whether a part payment is taken; refused: only all that is due; whole_installment: only whole installments with their interest",
        "accepted",
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
        whose = "the parcel owes" if self.group == "parcel" else "the liable party owes on all properties and vehicles"
        text = f"A payment is applied to what {whose}: first " + "; then ".join(s.words() for s in self.order) + "."
        if self.litigation == "skip":
            text += " Bills in litigation are skipped."
        if self.third_party == "named_property" and self.group == "party":
            text += " A third party's payment applies only to the property it names."
        text += {
            "accepted": "",
            "refused": " A payment of only a part of what is due is not taken.",
            "whole_installment": " Only whole installments with their interest are taken.",
        }[self.partial]
        if self.leftover == "refund_list":
            return text + " Any money left over goes to the refund list."
        return (
            text
            + " Any money left over pays future installments"
            + (", oldest first, at once." if self.credit_applies == "at_once" else ", each on its due date.")
        )


@dataclass(frozen=True)
class Acceleration(Params):
    """A missed installment makes the rest of the bill due."""

    method = "acceleration"

    missed: str = setting(
        choice("any_installment", "first_installment"),
        "which missed installment makes the rest of its bill due",
        "any_installment",
    )
    interest_from: str = setting(
        choice("missed", "first", "own"),
        "whose days the rest bears interest by: those of the missed installment, of the bill's first, or its own",
        "missed",
    )
    reinstated: str = setting(
        choice("never", "when_arrears_paid"), "whether the rest can be paid by installments again", "never"
    )

    def words(self) -> str:
        which = "any installment" if self.missed == "any_installment" else "the first installment"
        since = {
            "missed": "from the same day as the missed installment",
            "first": "from the same day as the bill's first installment, and so does the missed one",
            "own": "from its own day",
        }[self.interest_from]
        text = f"If {which} of a bill is not paid by its last free day, the rest of the bill is due and bears interest {since}."
        if self.reinstated == "when_arrears_paid":
            text += " When the late installments are paid with interest, the rest can be paid by installments again."
        return text


@dataclass(frozen=True)
class SmallBalance(Params):
    """Small amounts the town does not bill or refund."""

    method = "small_balance"

    waive_under: Cents = setting(MONEY, "a tax below this need not be billed", 0)
    keep_under: Cents = setting(MONEY, "an overpayment below this need not be refunded", 0)
    by_vote: bool = setting(FLAG, "whether the legislative body must approve this by vote", True)

    def words(self) -> str:
        vote = " if the legislative body has approved this" if self.by_vote else ""
        return f"A tax under ${dollars(self.waive_under)} may be waived, and an overpayment under ${dollars(self.keep_under)} may be kept{vote}."
