"""The double entries of a tax levy for the general ledger, as data: which account each event debits and credits."""

from __future__ import annotations

from dataclasses import dataclass

from xltax.errors import BadProfile
from xltax.law.params import DAYS, TEXT, Many, Params, choice, setting

BALANCE_SHEET = ("Receivable", "Reserve", "Prepaid", "Liens", "Acquired", "Due From State", "Unclaimed")
"""The columns of Revenue Accounts for balance sheet accounts. Reserve: a deferred inflow, or the reserve for receivables."""
MONEY = ("Tax", "Interest", "Penalty", "Costs", "Misc", "Overpaid", "Discount", "Cash")
"""Their columns for the money of the Cash Book. Cash: the bank account."""

EVENTS = {
    "levied": "tax levied, added or corrected up",
    "lowered": "tax abated, canceled, corrected down or waived",
    "deducted": "deductions and credits that the State pays",
    "written_off": "tax moved to suspense",
    "to_lien": "tax that went to a lien of the municipality",
    "lien_costs": "interest and costs of the tax sale in a lien",
    "lien_ended": "a lien redeemed, assigned or canceled",
    "foreclosed": "a lien foreclosed",
    "collected": "tax collected",
    "discount": "discount allowed",
    "recognized": "tax collected, as revenue",
    "advance": "tax collected before it is revenue of a year or due",
    "advance_due": "tax collected in advance, on the day it counts",
    "interest": "interest collected",
    "penalty": "penalty collected",
    "costs": "costs and fees collected",
    "misc": "other receipts",
    "overpaid": "money received above what was due, less what was applied",
    "refunded": "refunds paid",
    "escheated": "credits reported to the State as unclaimed",
    "available": "tax of the year collected soon after its end",
}
"""What makes an entry, in words."""


@dataclass(frozen=True)
class Entry(Params):
    """The accounts of one event."""

    event: str = setting(choice(*EVENTS), "the event")
    debit: str = setting(
        choice(*MONEY, *BALANCE_SHEET), "the account that is debited, by its Column on Revenue Accounts"
    )
    credit: str = setting(choice(*MONEY, *BALANCE_SHEET), "the account that is credited")


def _entry(event: str, debit: str, credit: str) -> Entry:
    return Entry(event=event, debit=debit, credit=credit)


USUAL = (
    _entry("levied", "Receivable", "Reserve"), _entry("lowered", "Reserve", "Receivable"), _entry("deducted", "Reserve", "Receivable"),
    _entry("written_off", "Reserve", "Receivable"), _entry("to_lien", "Liens", "Receivable"), _entry("lien_costs", "Liens", "Reserve"),
    _entry("lien_ended", "Reserve", "Liens"), _entry("foreclosed", "Acquired", "Liens"), _entry("collected", "Cash", "Receivable"),
    _entry("discount", "Discount", "Receivable"), _entry("recognized", "Reserve", "Tax"), _entry("advance", "Cash", "Prepaid"),
    _entry("advance_due", "Prepaid", "Receivable"), _entry("interest", "Cash", "Interest"), _entry("penalty", "Cash", "Penalty"),
    _entry("costs", "Cash", "Costs"), _entry("misc", "Cash", "Misc"), _entry("overpaid", "Cash", "Overpaid"),
    _entry("refunded", "Overpaid", "Cash"), _entry("escheated", "Overpaid", "Unclaimed"), _entry("available", "Reserve", "Tax"),
)  # fmt: skip
"""The entries of a town whose law names no others."""


@dataclass(frozen=True)
class GeneralLedger(Params):
    """How the levy, its collection and its liens are entered in the general ledger."""

    method = "general_ledger"

    basis: str = setting(TEXT, "the basis of accounting, in words", "modified accrual")
    advance: str = setting(
        choice("not_due", "next_year"),
        "which money is collected in advance: not_due: for a bill that is not due; next_year: for the next levy year",
        "not_due",
    )
    available_days: int = setting(
        DAYS, "days after the year's end in which tax collected is still revenue of the year; 0: no such entry", 0
    )
    entries: tuple[Entry, ...] = setting(Many(Entry), "the entries that differ from the usual ones", ())

    @property
    def accounts(self) -> dict[str, tuple[str, str]]:
        """Debit and credit of each event."""
        return {e.event: (e.debit, e.credit) for e in (*USUAL, *self.entries)}

    def check(self, where: str) -> None:
        for entry in self.entries:
            if entry.debit == entry.credit:
                raise BadProfile(f"The entry for {entry.event} debits and credits {entry.debit}.", where=where)

    def words(self) -> str:
        own = "".join(f" {EVENTS[e.event].capitalize()}: debit {e.debit}, credit {e.credit}." for e in self.entries)
        soon = (
            f" Tax collected within {self.available_days} days after the year's end is revenue of the year."
            if self.available_days
            else ""
        )
        which = "the next levy year" if self.advance == "next_year" else "bills that are not due"
        return f"Entries for the general ledger on the {self.basis} basis. Money for {which} is prepaid.{soon}{own}"
