"""What a quote says beside its amounts: who must send the payment, what stays open, who else is owed, what stays collection."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from xltax.dates import long_date, short_date
from xltax.law.allocation import Allocation
from xltax.money import usd
from xltax.office.quotes.owed import THIRD_PARTY, Owed, Plan, Redeems
from xltax.tables.replayed import OpenInstallment

STAYED = "Suspended"


def besides(owed: Owed) -> list[str]:
    """What the amounts do not include or depend on, sentence by sentence; none for an ordinary account."""
    return [
        *_petition(owed), *_credit(owed), *_way(owed), *_fees(owed), *_litigation(owed), *_ahead(owed), *_assigned(owed),
        *(redemption(c, owed.on) for c in owed.certificates), *_plans(owed),
    ]  # fmt: skip


def sums(owed: Owed) -> str:
    """Both totals in words: the amount due today, and the amount that pays everything billed."""
    if not owed.billed:
        return "Nothing was billed on this account."
    if not owed.total and not owed.litigation:
        return f"Nothing is due on {long_date(owed.on)}: {usd(0)}."
    if owed.due == owed.total:
        if not owed.clears:
            return f"{usd(owed.total)} is due on {long_date(owed.on)}."
        return f"{usd(owed.total)} pays this account in full on {long_date(owed.on)}{until(owed)}"
    return (
        f"{usd(owed.due)} is due on {long_date(owed.on)}. {usd(owed.total)} pays everything billed. "
        f"The rest falls due later: {falls_due(owed)}."
    )


def until(owed: Owed) -> str:
    """How long the amount is good, as the end of a sentence."""
    return "." if owed.through == owed.on else f", and on any day through {long_date(owed.through)}."


def falls_due(owed: Owed) -> str:
    """The installments that are billed but not due, each day with its sum: $1,000.00 on May 1, 2025."""
    by_day = owed.later.groupby(OpenInstallment.due)[OpenInstallment.total].sum()
    return ", ".join(
        f"{usd(int(total))} on {long_date(day.date())}" for day, total in zip(by_day.index, by_day, strict=True)
    )


def short(owed: Owed) -> list[str]:
    """What an account card notes, in a few words each."""
    parts = []
    if owed.petition:
        since = f" since {short_date(owed.petition.day)}" if owed.petition.day else ""
        parts.append(f"bankruptcy{since}: do not demand payment")
    parts += [f"warrant {f.warrant} served {short_date(f.served)}, officer's fee {usd(f.amount)}" for f in owed.fees]
    if owed.litigation:
        parts.append(f"{usd(owed.litigation)} in litigation")
    parts += [f"lien {a.lien} on bill {a.bill} assigned to {a.holder or 'a third party'}" for a in owed.assigned]
    parts += [f"certificate {c.certificate} not redeemed, {usd(c.amount)}" for c in owed.certificates]
    parts += [f"agreement {p.agreement}: {p.status.lower()}" for p in owed.plans]
    return parts


# ---- sentence by sentence ----------------------------------------------------------------------------------------


def _credit(owed: Owed) -> Iterator[str]:
    if owed.credit and not owed.taxes:
        yield f"The account has a credit of {usd(owed.credit)}."
    if owed.refund:
        yield f"A refund of {usd(owed.refund)} is due to the owner."


def _petition(owed: Owed) -> Iterator[str]:
    if not (petition := owed.petition):
        return
    docket = f" ({petition.docket})" if petition.docket else ""
    yield (
        f"This account is in bankruptcy{docket}. This quote is information for the case, not a demand for payment. "
        "Collection is stayed."
    )
    if petition.day:
        yield (
            f"Of the open amount, {usd(petition.before)} was owed on {long_date(petition.day)}, the day of the petition. "
            f"{usd(petition.after)} came due or accrued after that day."
        )
    else:
        yield "Cases does not show the day of the petition, so amounts before and after the petition are not separated."


def _way(owed: Owed) -> Iterator[str]:
    way = owed.way
    if not owed.total or not way.pays_due:
        return
    if way.by == THIRD_PARTY:
        yield "This amount pays the property in full only if a lender or other third party sends it for this property."
    elif way.directed:
        authority = owed.town.rule(Allocation, owed.on).authority()
        yield (
            "This amount pays the property in full only if the lender sends it, or if written instructions name this property. "
            f"Other money goes to all the owner's accounts in the order of the law ({authority}). "
            f"{usd(owed.everybody)} pays all of these accounts."
        )


def _fees(owed: Owed) -> Iterator[str]:
    for fee in owed.fees:
        yield (
            f"Warrant {fee.warrant} was served on {long_date(fee.served)}. The amount includes the officer's fee of "
            f"{usd(fee.amount)}. The fee is paid first, even if this office receives the payment."
        )


def _litigation(owed: Owed) -> Iterator[str]:
    if not owed.litigation:
        return
    bills = list(dict.fromkeys(owed.held[OpenInstallment.bill]))
    one = len(bills) == 1
    which = f"Bill {bills[0]} is" if one else f"Bills {', '.join(bills)} are"
    yield (
        f"{which} in litigation. {usd(owed.litigation)} is not included in this amount and stays open, because the owner's "
        f"payments do not go to {'a bill' if one else 'bills'} in litigation."
    )
    if owed.reached_by_a_third_party:
        yield (
            f"A lender or other third party can send {usd(owed.with_litigation)} for this property to pay "
            f"{'that bill' if one else 'those bills'} too."
        )
    else:
        yield f"To accept payment of {'this bill' if one else 'these bills'}, the office first clears Hold on the Duplicate."


def _ahead(owed: Owed) -> Iterator[str]:
    if not owed.way.pays_due:
        yield (
            "A single payment of this amount does not pay what is quoted, because the town's order of payments sends part of "
            "the payment elsewhere. Ask this office before paying."
        )
    elif not owed.way.pays_later:
        yield (
            f"You cannot prepay the {usd(owed.total - owed.due)} that is not due. The office holds or refunds money above the "
            "amount due. Pay each installment on or after its due date."
        )


def _assigned(owed: Owed) -> Iterator[str]:
    for lien in owed.assigned:
        holder = lien.holder or "a third party"
        yield (
            f"Lien {lien.lien} on bill {lien.bill} was assigned to {holder} on {long_date(lien.since)}. That debt is owed to "
            "the holder of the lien and is not included in this amount. Ask the holder for the payoff."
        )


def redemption(certificate: Redeems, on: dt.date) -> str:
    """What redeems a certificate, in addition to the taxes. The payment goes through this office."""
    named = (
        f"Tax-sale certificate {certificate.certificate}, sold on {long_date(certificate.sold)}, has not been redeemed and is "
        "not included in this amount."
    )
    if not certificate.amount:
        return f"{named} Ask this office for the redemption amount."
    to = f"to {certificate.holder}, the holder" if certificate.holder else "to the municipality, the holder"
    adds = f" The next day adds {usd(certificate.next_day)}." if certificate.next_day else ""
    return (
        f"{named} {usd(certificate.amount)} redeems the certificate on {long_date(on)}, in addition to the taxes. This office "
        f"forwards the payment {to}.{adds}"
    )


def _plans(owed: Owed) -> Iterator[str]:
    for plan in owed.plans:
        yield f"Payment agreement {plan.agreement}: {plan_words(plan)}"


def plan_words(plan: Plan) -> str:
    """The standing of an agreement, in a sentence."""
    if plan.status == STAYED:
        return "suspended while the bankruptcy stays collection."
    text = plan.status.lower()
    if plan.behind:
        text += f", {usd(plan.behind)} behind"
    elif plan.next_due:
        text += f"; the next payment of {usd(plan.next_payment)} is due on {long_date(plan.next_due)}"
    return text + ". The agreement does not change the amounts above."
