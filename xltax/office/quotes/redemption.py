"""Redemption of a property from a tax sale: what the owner pays, and who receives which part. Interest comes from replay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pandas as pd

from xltax.dates import add_months
from xltax.errors import BadValue, LawNotEncoded
from xltax.law.allocation import Allocation
from xltax.law.calendar import Grace, Office
from xltax.law.fees import Fee
from xltax.law.interest import Interest
from xltax.law.params import percent
from xltax.law.profile import Profile, Rule
from xltax.law.taxsale import Redemption
from xltax.ledger.replay import Facts, replay
from xltax.money import Cents, usd
from xltax.tables import CHARGES, Charge
from xltax.tables.agreements import Subsequent
from xltax.tables.replayed import OpenInstallment
from xltax.tables.schema import Column, Row, TableSpec
from xltax.tables.table import Table

MOST_NOTICES = 100
HOLDER, MUNICIPALITY = "holder", "municipality"
PENALTY = "Redemption penalty"
INTEREST_ON_SUBSEQUENT = "Interest on that subsequent tax"
SINCE = "Delinquent taxes since, with interest"


class RedemptionItem(Row):
    """One item of a redemption."""

    item = Column("Item", "text", "The item; the last row is the total.")
    paid_to = Column("Paid To", "text", "The payee: holder or municipality.")
    from_ = Column("From", "date", "The first day of the interest.")
    base = Column("Base", "money", "The amount that the item is calculated on.")
    rate = Column("Rate", "text", "The rate.")
    amount = Column("Amount", "money", "What the owner pays.")
    authority = Column("Authority", "text", "The statute.")


REDEEM = TableSpec("Redeem", RedemptionItem, purpose="what redeems a certificate on a day")


@dataclass(frozen=True)
class Certificate:
    """A certificate in the register: amount, day of sale, rate bid, and what the holder paid later."""

    amount: Cents
    sold: dt.date
    rate: Fraction
    recording: Cents = 0
    search: Cents = 0
    municipal: bool = False  # the municipality holds it itself


def rule_of(town: Profile, on: dt.date) -> Redemption:
    """The town's rule for redemptions on a day."""
    return town.rule(Redemption, on).params


def redemption(
    town: Profile,
    certificate: Certificate,
    subsequents: Table[Subsequent] | None,
    on: dt.date,
    open_taxes: Cents = 0,
) -> pd.DataFrame:
    """What redeems a certificate on a day, item by item, each with its payee; the last row is the total.

    subsequents: what the holder paid later. open_taxes: delinquent taxes on the Duplicate with their interest, which must be
    paid too if the municipality holds the certificate. Raises BadValue for amounts or dates that are impossible.
    """
    one = {"": certificate}
    later = subsequents.with_columns({Subsequent.certificate: ""}) if subsequents is not None else None
    return _with_total(redemptions(town, one, later, on, {"": open_taxes})[""])


def redemptions(
    town: Profile,
    certificates: Mapping[str, Certificate],
    subsequents: Table[Subsequent] | None,
    on: dt.date,
    open_taxes: Mapping[str, Cents],
) -> dict[str, list[dict[str, object]]]:
    """The items that redeem each of several certificates on a day, by the certificate's number, without their totals.

    As `redemption`, with subsequents by their column Certificate and open taxes by number. One replay for each
    rate that was bid calculates the interest of all certificates.
    """
    town.rule(Redemption, on)  # without a law on redemption nothing is redeemed
    by_rule: dict[int, tuple[Rule[Redemption], dict[str, Certificate]]] = {}
    for number, certificate in certificates.items():
        found = governing(town, certificate.sold, on)
        by_rule.setdefault(id(found), (found, {}))[1][number] = certificate
    items: dict[str, list[dict[str, object]]] = {}
    for found, mine in by_rule.values():
        items |= _under(found, town, mine, subsequents, on, open_taxes)
    return {number: items[number] for number in certificates}


def governing(town: Profile, sold: dt.date, on: dt.date) -> Rule[Redemption]:
    """The rule for a redemption on a day: that of the day, or of the day of the sale if the law says so."""
    today = town.rule(Redemption, on)
    return town.rule(Redemption, sold) if today.params.version == "sale" and sold <= on else today


def _under(
    found: Rule[Redemption],
    town: Profile,
    certificates: Mapping[str, Certificate],
    subsequents: Table[Subsequent] | None,
    on: dt.date,
    open_taxes: Mapping[str, Cents],
) -> dict[str, list[dict[str, object]]]:
    """The items of certificates that one rule governs."""
    rule = found.params
    for number, certificate in certificates.items():
        check(certificate, on, rule, number)
    later = _later(certificates, subsequents, on)
    bases = [(number, c.sold, _base(c, rule, on)) for number, c in certificates.items()]
    interest = dict(zip(certificates, _at_their_rates(town, certificates, rule, bases, on), strict=True))
    if rule.subsequents == "as_certificate":
        bears = _at_their_rates(town, certificates, rule, later, on)
    else:
        bears = _interest(_subsequent_law(town, rule), later, on)
    since: dict[str, list[tuple[dt.date, Cents, Cents]]] = {}
    for (number, day, amount), cents in zip(later, bears, strict=True):
        since.setdefault(number, []).append((day, amount, cents))
    authority = found.authority()
    return {
        number: _items(c, rule, authority, on, interest[number], since.get(number, []), open_taxes.get(number, 0))
        for number, c in certificates.items()
    }


def _later(
    certificates: Mapping[str, Certificate], subsequents: Table[Subsequent] | None, on: dt.date
) -> list[tuple[str, dt.date, Cents]]:
    """What the holders of these certificates paid by a day, the earliest first: certificate, day, cents."""
    if subsequents is None or not len(subsequents):
        return []
    paid = subsequents.frame
    paid = paid[paid[Subsequent.certificate].isin(certificates)].sort_values(Subsequent.paid_on, kind="stable")
    rows = [
        (n, d.date(), int(a))
        for n, d, a in zip(paid[Subsequent.certificate], paid[Subsequent.paid_on], paid[Subsequent.amount], strict=True)
    ]
    for number, day, _ in rows:
        if day < certificates[number].sold:
            raise BadValue(
                f"A subsequent tax was paid before the sale on {certificates[number].sold}.",
                where=_of("subsequents", number),
                do="Correct the day of the payment or of the sale.",
            )
    return [row for row in rows if row[1] <= on]


def _base(certificate: Certificate, rule: Redemption, on: dt.date) -> Cents:
    """What bears a certificate's interest: its amount, with the penalty where the law says so."""
    if rule.interest_on == "certificate":
        return certificate.amount
    return certificate.amount + rule.penalty(certificate.amount, certificate.sold, on)


def _at_their_rates(
    town: Profile,
    certificates: Mapping[str, Certificate],
    rule: Redemption,
    sums: list[tuple[str, dt.date, Cents]],
    on: dt.date,
) -> list[Cents]:
    """The interest on each sum (certificate, day, cents) as on its certificate. One replay for each rate calculates it."""
    found = [0] * len(sums)
    for rate in {certificates[number].rate for number, _, _ in sums}:
        places = [n for n, (number, _, _) in enumerate(sums) if certificates[number].rate == rate]
        law = _only(town, rule.interest(rate))
        for n, cents in zip(places, _interest(law, [sums[n] for n in places], on), strict=True):
            found[n] = rule.rounded(cents)
    return found


def _items(
    certificate: Certificate, rule: Redemption, authority: str, on: dt.date, interest: Cents,
    later: list[tuple[dt.date, Cents, Cents]], open_taxes: Cents,
) -> list[dict[str, object]]:  # fmt: skip
    """The items of one redemption; later: day, amount and interest of each subsequent tax."""
    whom = MUNICIPALITY if certificate.municipal else HOLDER
    rows = [_row("Certificate", whom, certificate.amount, authority)]
    rate = rule.rate or certificate.rate
    rows.append(
        _row("Interest" if rule.rate else "Interest at the rate bid", whom, interest, authority, certificate.sold,
             _base(certificate, rule, on), f"{percent(rate)} a year")
    )  # fmt: skip
    if (on - certificate.sold).days < rule.bare_days:
        return rows
    share = rule.penalty_rate(certificate.amount, certificate.sold, on)
    penalty = rule.penalty(certificate.amount, certificate.sold, on)
    rows.append(_row(PENALTY, whom, penalty, authority, None, certificate.amount, percent(share)))
    their_rate = f"{percent(rate)} a year" if rule.subsequents == "as_certificate" else "the municipality's"
    for day, amount, bears in later:
        rows.append(_row(f"Subsequent tax paid {day}", whom, amount, authority))
        rows.append(_row(INTEREST_ON_SUBSEQUENT, whom, bears, authority, day, amount, their_rate))
    rows.append(_row("Search", whom, certificate.search, authority))
    rows.append(_row("Recording", whom, certificate.recording, authority))
    rows.append(_row(SINCE, MUNICIPALITY, open_taxes, authority))
    return [r for r in rows if r[RedemptionItem.amount] or r[RedemptionItem.item] == PENALTY]


def _of(what: str, number: str) -> str:
    """A place, with the certificate's number if there are several."""
    return f"{what} of certificate {number}" if number else what


def premium_until(town: Profile, sold: dt.date) -> dt.date | None:
    """The last day on which a redemption returns the premium to the holder; None if it always does."""
    rule = rule_of(town, sold)
    return add_months(sold, 12 * rule.premium_years) if rule.premium_years else None


def payouts(table: pd.DataFrame, premium: Cents, until: dt.date | None, on: dt.date) -> dict[str, Cents]:
    """Who receives which part of a redemption: the holder, the municipality, and the premium from the trust account."""
    items = table.iloc[:-1]
    back = premium if until is None or on <= until else 0
    return {
        HOLDER: int(items.loc[items[RedemptionItem.paid_to] == HOLDER, RedemptionItem.amount].sum()),
        MUNICIPALITY: int(items.loc[items[RedemptionItem.paid_to] == MUNICIPALITY, RedemptionItem.amount].sum()),
        "premium returned": back,
        "premium kept": premium - back,
    }


def cost_of_sale(town: Profile, lien: Cents, notices: int = 0, on: dt.date | None = None) -> Cents:
    """The cost of sale of a lien: a share of the lien within limits, and each notice mailed in place of a publication."""
    if lien <= 0:
        raise BadValue(f"The lien is {usd(lien)}.", where="lien", do="Enter an amount above zero.")
    if not 0 <= notices <= MOST_NOTICES:
        raise BadValue(
            f"The number of notices is {notices}.", where="notices", do=f"Enter between 0 and {MOST_NOTICES}."
        )
    mailed = fee_rule(town, "sale_notice_by_mail", on).total(notices) if notices else 0
    return fee_rule(town, "cost_of_sale", on).share(lien) + mailed


def fee(town: Profile, kind: str, of: Fraction, on: dt.date | None = None) -> Cents:
    """A fee by its kind: a share of an amount, or a fixed fee times a count."""
    rule = fee_rule(town, kind, on)
    if of < 0:
        raise BadValue("This number is below zero.", where="amount_or_count", do="Enter zero or more.")
    if rule.rate:
        cents = of * 100
        if cents.denominator != 1:
            raise BadValue(
                "This amount has a fraction of a cent.",
                where="amount_or_count",
                do="Enter dollars and cents, such as 12.35.",
            )
        return rule.share(int(cents))
    if of.denominator != 1:
        raise BadValue(f"The fee for {rule.kind.replace('_', ' ')} needs a whole count.", where="amount_or_count",
                       do="Enter a whole number, such as 1.")  # fmt: skip
    return rule.total(int(of))


def fee_rule(town: Profile, kind: str, on: dt.date | None = None) -> Fee:
    """The rule of a fee on a day; without a day, the newest rule."""
    name = kind.strip().lower().replace(" ", "_")
    known = [r for r in town.all(Fee) if r.sort == name]
    if not known:
        kinds = sorted({r.sort for r in town.all(Fee)})
        raise LawNotEncoded(
            f'{town.name} has no fee named "{kind}".',
            where="kind",
            do=f"Use one of {', '.join(kinds)}." if kinds else "Add a fee rule to the Rules.",
        )
    rule = town.rule(Fee, on, sort=name) if on else max(known, key=lambda r: r.start)
    return rule.params


def check(certificate: Certificate, on: dt.date, rule: Redemption, number: str = "") -> None:
    """Refuses a certificate with impossible amounts or dates; number: its number if there are several."""
    if certificate.amount <= 0:
        raise BadValue(
            f"The certificate's amount is {usd(certificate.amount)}.",
            where=_of("amount", number) if number else "certificate",
            do="Enter an amount above zero.",
        )
    if not 0 <= certificate.rate < 1 or (rule.rate_most and certificate.rate > rule.rate_most):
        most = f" The law allows at most {percent(rule.rate_most)}." if rule.rate_most else ""
        raise BadValue(
            f"A rate bid of {percent(certificate.rate)} is not possible.{most}", where=_of("rate", number), do="Enter 18% as 18% or 0.18."
        )  # fmt: skip
    if on < certificate.sold:
        raise BadValue(
            f"{on} is before the sale on {certificate.sold}.",
            where=_of("on", number),
            do="Enter the day of the sale or later.",
        )
    if certificate.search > rule.search_most:
        raise BadValue(
            f"The search fee of {usd(certificate.search)} is above the limit of {usd(rule.search_most)}.",
            where=_of("search", number),
            do="Enter the part that the law allows.",
        )
    for name in ("search", "recording"):
        if getattr(certificate, name) < 0:
            raise BadValue("This expense is below zero.", where=_of(name, number), do="Enter zero or more.")


# ---- parts -------------------------------------------------------------------------------------------------------


def _only(town: Profile, params: Interest) -> Profile:
    """The town with one interest rule from the first day, without grace, fees or other charges."""
    kept = [*town.all(Allocation), *town.all(Office)]
    own = [Rule("interest", params), Rule("grace", Grace(counted="none", roll=False))]
    return Profile(town.id, town.name, (*own, *kept))


def _subsequent_law(town: Profile, rule: Redemption) -> Profile:
    """The municipality's interest from the day a holder paid: the top rate, or its tiers filled from the start."""
    kept = [*town.all(Allocation), *town.all(Office)]
    bracket = "none" if rule.subsequents == "top_rate" else "parcel"
    own = [
        replace(r, params=r.params.with_bracket(bracket), types=())
        for r in town.all(Interest)
        if r.sort == "interest" and r.matches("RE", "") and not r.part
    ]  # fmt: skip
    grace = Rule("grace", Grace(counted="none", roll=False))
    return Profile(town.id, town.name, (*own, grace, *kept))


def _interest(law: Profile, sums: list[tuple[str, dt.date, Cents]], on: dt.date) -> list[Cents]:
    """The interest up to a day on sums from their days (certificate, day, cents); sums of one certificate count together."""
    if not sums:
        return []
    charges = Table.made(CHARGES, [
        {Charge.bill: str(n), Charge.account: f"1-{number}", Charge.levy_year: day.year, Charge.due: day, Charge.amount: amount}
        for n, (number, day, amount) in enumerate(sums)
    ])  # fmt: skip
    interest = replay(Facts(charges), law, on).balances.set_index(OpenInstallment.bill)[OpenInstallment.interest]
    return [int(interest[str(n)]) for n in range(len(sums))]


def _row(
    item: str, whom: str, amount: Cents, authority: str, since: dt.date | None = None, base: Cents = 0, rate: str = ""
) -> dict[str, object]:
    return {
        RedemptionItem.item: item,
        RedemptionItem.paid_to: whom,
        RedemptionItem.from_: np.datetime64(since, "s") if since else np.datetime64("NaT", "s"),
        RedemptionItem.base: base,
        RedemptionItem.rate: rate,
        RedemptionItem.amount: amount,
        RedemptionItem.authority: authority,
    }


def total(rows: list[dict[str, object]]) -> Cents:
    """The total of the items of a redemption."""
    return sum(int(r[RedemptionItem.amount]) for r in rows)  # type: ignore[call-overload]


def _with_total(rows: list[dict[str, object]]) -> pd.DataFrame:
    return pd.DataFrame([*rows, _row("Total", "", total(rows), "")], columns=list(REDEEM.names))
