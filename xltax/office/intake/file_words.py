"""What the words in other programs' files mean here: payment types, deductions and statuses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from xltax.errors import BadValue
from xltax.tables.kinds import TENDERS

_TENDER = {
    "Card": ("visa", "mastercard", "mc", "m/c", "amex", "american express", "discover", "disc", "credit", "credit card",
             "debit", "debit card", "cc", "card"),
    "ACH": ("echeck", "e-check", "e check", "ach", "eft", "direct debit", "bank draft", "bank account", "electronic check",
            "online check", "checking", "savings", "billpay", "bill pay", "online"),
    "Check": ("check", "chk", "ck", "cheque", "personal check", "paper check", "lockbox", "lock box"),
    "Certified": ("certified", "certified check", "cashier's check", "cashiers check", "bank check", "official check"),
    "Money Order": ("money order", "mo", "m.o.", "m/o"),
    "Cash": ("cash", "csh"),
    "Wire": ("wire", "wire transfer", "fedwire"),
}  # fmt: skip
TENDER_WORDS = {word: tender for tender, words in _TENDER.items() for word in (*words, tender.casefold())}
"""The words other programs use for a payment type, and ours."""

UNPAID_STATUS = (
    "void", "voided", "pending", "declined", "failed", "canceled", "cancelled", "refunded", "returned", "rejected", "reversed",
    "chargeback", "charged back", "error", "denied", "expired", "abandoned", "nsf", "authorized", "submitted", "in process",
    "processing", "unsettled", "duplicate",
)  # fmt: skip
"""Statuses of payments whose money did not come, or has not come yet."""
PAID_STATUS = (
    "settled", "paid", "posted", "approved", "complete", "completed", "success", "successful", "captured", "cleared",
    "accepted", "processed", "funded", "deposited", "ok",
)  # fmt: skip
"""Statuses of payments whose money came."""


def words_of(text: str) -> dict[str, str]:
    """What words mean, from a text such as "PayPal=Card, X=250.00"; each word in small letters."""
    pairs = [p.split("=", 1) for p in text.split(",") if p.strip()]
    if any(len(p) != 2 or not p[0].strip() for p in pairs):
        raise BadValue(
            f'"{text}" does not say what words mean.', where="words", do='Write it as "PayPal=Card, X=250.00".'
        )
    return {theirs.strip().casefold(): ours.strip() for theirs, ours in pairs}


def tender(text: str, words: Mapping[str, str]) -> str:
    """The payment type that a word means; the word itself if nobody knows it."""
    plain = re.sub(r"\s+", " ", text).strip().casefold()
    ours = words.get(plain) or TENDER_WORDS.get(plain, text)
    if ours not in TENDERS:
        raise BadValue(
            f'"{text}" is not a payment type.',
            do=f'Say what it means, such as --words "{text}=Card". Payment types: {", ".join(TENDERS)}.',
        )
    return ours


def deduction(text: str, codes: Mapping[str, int], words: Mapping[str, str]) -> Decimal | None:
    """The deduction in dollars that letters such as "V S" stand for; None if the text has no letters.

    codes: the amount of each letter in the town's law, in cents. Raises BadValue for a letter that nobody knows.
    """
    letters = re.findall(r"[A-Za-z]+", text)
    if not letters or re.search(r"\d", text):
        return None
    known = {code.casefold(): Decimal(cents) / 100 for code, cents in codes.items()}
    for word, amount in words.items():
        if re.fullmatch(r"\$?\d+(\.\d\d?)?", amount):
            known[word] = Decimal(amount.lstrip("$"))
    parts = [p for word in letters for p in ([word] if word.casefold() in known else list(word))]
    unknown = next((p for p in parts if p.casefold() not in known), "")
    if unknown:
        raise BadValue(
            f'"{text}" is not an amount, and the Rules have no deduction "{unknown}".',
            do=f'Give its amount, such as --words "{unknown}=250.00", or correct the cell.',
        )
    return sum((known[p.casefold()] for p in parts), Decimal(0))
