"""Tax-sale certificates: entering what was sold, figures for a redemption, and the redemption itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from xltax.actions import in_force
from xltax.actions.counter import receipts_words, receive
from xltax.actions.desk import Desk
from xltax.actions.inputs import REFERENCE, TENDER, TODAY
from xltax.actions.quotes import about_account, fee_words, log_quote, numbered
from xltax.errors import BadValue
from xltax.hosts.port import Book
from xltax.hosts.registry import Input, action
from xltax.law.params import decimal_text, percent
from xltax.law.rates import read_cell
from xltax.ledger.replay import replay
from xltax.ledger.ties import Tie
from xltax.money import Cents, dollars, number
from xltax.office.adjusting import adjustment_register
from xltax.office.counter import reversal_effects
from xltax.office.quotes import payoff, quote_pages
from xltax.office.quotes import redemption as redeeming
from xltax.tables import ADJUSTMENTS
from xltax.tables.agreements import CERTIFICATES, SUBSEQUENTS
from xltax.tables.kinds import REDEMPTION, SALE

COLUMNS = ("Tax", "Interest", "Penalty", "Costs")
PREMIUM, TO_HOLDER, TO_TOWN = "PREMIUM", "REDEMPTION", "TAX TITLE LIEN"
"""Revenue codes: premiums are held in trust, a holder's redemption money too, the municipality's own lien is its money."""


@action(
    "Enter a property sold at the tax sale: its certificate, with the cost of sale; what a buyer pays is posted, what the "
    "municipality keeps goes to lien.",
    Input("certificate", "text", "The certificate's number."),
    Input("account", "text", "The account."),
    Input("sold", "date", "The day of the sale."),
    Input("liens_to", "date", "Liens through this day are sold: the last day of the year before."),
    Input("holder", "text", "Who bought it. Left empty: the municipality.", optional=True),
    Input("rate", "text", "The rate bid, such as 18% or 0%."),
    Input("premium", "money", "The premium paid.", optional=True),
    Input("notices", "count", "How many notices were mailed in place of publications.", optional=True),
    Input("tender", "text", "How the buyer paid; left out: Certified, by certified check.", optional=True),
    REFERENCE,
    TODAY,
)
def enter_certificate(
    book: Book,
    certificate: str,
    account: str,
    sold: dt.date,
    liens_to: dt.date,
    rate: str,
    holder: str = "",
    premium: Cents = 0,
    notices: int = 0,
    tender: str = "Certified",
    reference: str = "",
    today: dt.date | None = None,
) -> str:
    desk = Desk.of(book)
    today = today or dt.date.today()
    held, stand = desk.table(CERTIFICATES), in_force.certificates(desk)
    if (stand["Certificate"] == certificate).any():
        raise BadValue(f"Certificate {certificate} is entered already.", where="certificate")
    if liens_to >= sold:
        raise BadValue("The liens sold end before the sale.", where="liens_to", do="Such as December 31 of last year.")
    bid, rule = read_cell(rate, where="rate"), redeeming.rule_of(desk.town, sold)
    facts = payoff.account_facts(in_force.facts(desk), desk.town, account, sold)
    balances = payoff.only(replay(facts, desk.town, sold), account).balances
    due = balances[(balances["Due"] <= pd.Timestamp(liens_to)) & (balances["Total"] > 0)]
    lien = int(due["Total"].sum())
    if lien <= 0:
        raise BadValue(f"Account {account} owes nothing that was due by {liens_to}.", where="account")
    cost = redeeming.cost_of_sale(desk.town, lien, notices, sold)
    redeeming.check(redeeming.Certificate(lien + cost, sold, bid), sold, rule)
    row = pd.DataFrame([{c.name: 0 if c.kind == "money" else "" for c in CERTIFICATES.facts}])
    row = row.assign(Certificate=certificate, Account=account, Holder=holder, Amount=lien + cost, Premium=premium,
                     Rate=decimal_text(bid), Sold=np.datetime64(sold, "s"), Redeemed=np.datetime64("NaT", "s"),
                     Note=f"lien {dollars(lien)}, cost of sale {dollars(cost)}")  # fmt: skip
    if (again := held["Certificate"] == certificate).any():  # its buyer's money came back before
        for name in row:
            held.loc[again, name] = row[name].iloc[0]
        book.replace_columns("Certificates", held[list(row)])
    else:
        desk.append(CERTIFICATES, row)
    text = f"Certificate {certificate}: lien {dollars(lien)} and cost of sale {dollars(cost)}, {dollars(lien + cost)}"
    if holder:
        oldest = due.sort_values("Due", kind="stable").iloc[0]
        entry = adjustment_register.Entry(
            oldest["Bill"], "Cost", cost, sold, reversal_effects.cost_reason(certificate),
            desk.town.rule("fee", sold, sort="cost_of_sale").authority(), "tax sale", int(oldest["Inst"]), oldest["Part"], "costs",
            Tie(SALE, certificate),
        )  # fmt: skip
        desk.append(ADJUSTMENTS, adjustment_register.rows([entry], desk.adjustments, today))
        how = {"Received": sold, "Effective": sold, "By": "third party", "Tender": tender, "Reference": reference,
               "Note": reversal_effects.sale_note(certificate, holder)}  # fmt: skip
        payments = [_taxes(account, lien + cost) | how, *_other(PREMIUM, premium, how)]
        lines = receive(desk, payments, today, "tax sale", [Tie(SALE, certificate)] * len(payments))
        posted = f", {receipts_words(lines)}"
        text += f". Posted to account {account}{posted}"
        text += f"; the premium of {dollars(premium)} is {PREMIUM} money." if premium else "."
    else:
        posted = ""
        desk.append(ADJUSTMENTS, _to_lien(due, certificate, sold, today, desk.table(ADJUSTMENTS)))
        desk.refresh(desk.as_of())
        text += f". {dollars(lien)} was transferred to lien."
    in_force.write(desk, desk.as_of())
    desk.log("enter certificate", f"certificate {certificate}, account {account}{posted}", 1, lien + cost)
    return text


@action(
    "Work out what redeems a certificate on a day, printed with who is paid what, and logged with its fee.",
    Input("certificate", "text", "The certificate's number."),
    Input("requested_by", "text", "Who asks, in writing."),
    Input("on", "date", "The day of the redemption.", cell="as_of", optional=True),
    Input("by_holder", "flag", "Whether the holder of the certificate asks.", optional=True),
    TODAY,
)
def redemption(
    book: Book,
    certificate: str,
    requested_by: str,
    on: dt.date | None = None,
    by_holder: bool = False,
    today: dt.date | None = None,
) -> str:
    desk = Desk.of(book)
    on = on or desk.as_of()
    row = _open_certificate(desk, certificate)
    table, tomorrow = (_redemption(desk, row, on + dt.timedelta(days=n), on) for n in (0, 1))
    total = int(table["Amount"].iloc[-1])
    per_diem = int(tomorrow["Amount"].iloc[-1]) - total
    paid = redeeming.payouts(table, int(row["Premium"]), redeeming.premium_until(desk.town, row["Sold"].date()), on)
    kind = "Redemption, holder" if by_holder else "Redemption"
    about, entry = numbered(desk, about_account(desk, row["Account"]), requested_by, kind, today or on, certificate)
    shown = {"Certificate": certificate, "Sold": row["Sold"].date(), "Holder": row["Holder"]}
    shown["Rate"] = percent(number(row["Rate"] or "0"))
    page = quote_pages.redemption_page(about, shown, table, paid, on, on, per_diem)
    file = book.put_pages(f"redemption {about.number}", [page])
    log_quote(desk, entry, on, total, per_diem, on)
    desk.log("redemption figures", f"certificate {certificate} on {on}", len(table) - 1, total)
    return (
        f"Certificate {certificate}: {dollars(total)} on {on}; the next day adds {dollars(per_diem)}. {file}."
        + fee_words(entry)
    )


@action(
    "Take a redemption in: what was paid is posted, and what goes to the holder and the municipality is recorded.",
    Input("certificate", "text", "The certificate's number."),
    Input("on", "date", "The day it was redeemed."),
    Input("paid", "money", "What was paid: it has to be the figure for that day."),
    TENDER,
    REFERENCE,
    TODAY,
)
def redeem(
    book: Book,
    certificate: str,
    on: dt.date,
    paid: Cents,
    tender: str = "Check",
    reference: str = "",
    today: dt.date | None = None,
) -> str:
    desk = Desk.of(book)
    row = _open_certificate(desk, certificate)
    table = _redemption(desk, row, on)
    total = int(table["Amount"].iloc[-1])
    if paid != total:
        raise BadValue(
            f"{dollars(total)} redeems certificate {certificate} on {on}, not {dollars(paid)}.", where="paid",
            do="Nothing was recorded. Collect the difference, or give the day the money came in.",
        )  # fmt: skip
    who = redeeming.payouts(table, int(row["Premium"]), redeeming.premium_until(desk.town, row["Sold"].date()), on)
    since = int(table.loc[table["Item"] == redeeming.SINCE, "Amount"].sum())
    how = {"Received": on, "Effective": on, "By": "owner", "Tender": tender, "Reference": reference,
           "Note": reversal_effects.redeemed_note(certificate)}  # fmt: skip
    payments = (
        [_taxes(row["Account"], since) | how] * bool(since)
        + _other(TO_HOLDER, who["holder"], how)
        + _other(TO_TOWN, who["municipality"] - since, how)
    )
    why = f"certificate {certificate} redeemed"
    posted = receive(desk, payments, today or dt.date.today(), why, [Tie(REDEMPTION, certificate)] * len(payments))
    held = desk.table(CERTIFICATES)
    at = held["Certificate"] == certificate
    columns = {"Paid": total, "To Holder": who["holder"], "To Municipality": who["municipality"]}
    columns["Premium Returned"] = who["premium returned"]
    for name, value in columns.items():
        held.loc[at, name] = value
    held.loc[at, "Redeemed"] = np.datetime64(on, "s")
    book.replace_columns("Certificates", held[[*columns, "Redeemed"]])
    in_force.write(desk, desk.as_of())
    receipts = receipts_words(posted)
    desk.log("redeem", f"certificate {certificate} on {on}, {receipts}", 1, total)
    return (
        f"Certificate {certificate} redeemed on {on} for {dollars(total)}: {dollars(who['holder'])} to the holder, "
        f"{dollars(who['municipality'])} to the municipality, premium returned {dollars(who['premium returned'])}"
        + (f", premium kept {dollars(who['premium kept'])}." if who["premium kept"] else ".")
        + f" {receipts[0].upper()}{receipts[1:]}."
    )


@action(
    "Write beside every certificate what redeems it as of a day, and until when its premium is returned.",
    Input("as_of", "date", "The day the figures are for.", cell="as_of", optional=True),
)
def certificates(book: Book, as_of: dt.date | None = None) -> str:
    desk = Desk.of(book)
    on = desk.as_of(as_of)
    table = in_force.write(desk, on)
    if not len(table):
        return "There are no certificates."
    total, count = int(table["Redemption"].sum()), int(table["Status"].isin(in_force.OPEN).sum())
    desk.log("certificates", f"as of {on}", len(table), total)
    return f"{count:,} certificates open, {dollars(total)} redeems them all on {on}."


# ---- parts -------------------------------------------------------------------------------------------------------


def _taxes(account: str, amount: Cents) -> dict[str, Any]:
    return {"Account": account, "Amount": amount, "Kind": "Payment", "Revenue Code": ""}


def _other(code: str, amount: Cents, how: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Money that is no tax, under its revenue code; none where there is none."""
    return [{"Account": "", "Amount": amount, "Kind": "Other", "Revenue Code": code, **how}] if amount else []


def _open_certificate(desk: Desk, certificate: str) -> pd.Series:
    held = desk.table(CERTIFICATES)
    mine = held[held["Certificate"] == certificate]
    if not len(mine):
        raise BadValue(
            f'There is no certificate "{certificate}".', where="certificate", do="Enter it as in Certificates."
        )
    stand = in_force.certificates(desk)
    mine = stand[stand["Certificate"] == certificate]
    if not len(mine):
        raise BadValue(
            f"Certificate {certificate}: what its buyer paid came back, so it is not his.", where="certificate",
            do="Enter it again when he pays, or without a holder for the municipality.",
        )  # fmt: skip
    if not pd.isna(mine["Redeemed"].iloc[0]):
        raise BadValue(
            f"Certificate {certificate} was redeemed on {mine['Redeemed'].iloc[0].date()}.", where="certificate"
        )
    return mine.iloc[0]


def _redemption(desk: Desk, row: pd.Series, on: dt.date, known: dt.date | None = None) -> pd.DataFrame:
    """The items of one certificate's redemption, the total last; from what was known on a day, where one is given."""
    known = known or on
    since = 0
    if not row["Holder"] and (desk.duplicate["Account"] == row["Account"]).any():
        facts = payoff.known_on(payoff.account_facts(desk.facts, desk.town, row["Account"], on), known)
        balances = replay(facts, desk.town, on).balances
        since = int(balances.loc[balances["Late"] & (balances["Account"] == row["Account"]), "Total"].sum())
    later = in_force.subsequents(desk, known)
    later = later[later["Certificate"] == row["Certificate"]]
    later.attrs = {"typed": SUBSEQUENTS.name}
    return redeeming.redemption(desk.town, in_force.certificate(row), later, on, since)


def _to_lien(due: pd.DataFrame, certificate: str, sold: dt.date, today: dt.date, held: pd.DataFrame) -> pd.DataFrame:
    """The adjustments that take what was sold off the duplicate, column by column."""
    rows = []
    for row in due.to_dict("records"):
        for column in COLUMNS:
            if row[column]:
                rows.append({"Bill": row["Bill"], "Part": row["Part"], "Inst": row["Inst"], "Component": column.lower(),
                             "Amount": row[column]})  # fmt: skip
    table = pd.DataFrame(rows)
    prefix = f"L-{certificate}-"
    used = set(held["No"])
    numbers = [f"{prefix}{n}" for n in range(1, len(table) + 1)]
    if used & set(numbers):
        raise BadValue(f"The adjustments {prefix}1 and on are there already.", where="certificate")
    table["No"], table["Kind"] = numbers, "Transfer to Lien"
    table["Effective"], table["Recorded"] = np.datetime64(sold, "s"), np.datetime64(today, "s")
    table["Reason"] = f"sold at the tax sale, certificate {certificate}"
    table["Authority"], table["Approved By"], table["Seal"] = "tax sale", "", ""
    table["For"], table["For No"] = SALE, certificate
    table = table[[c.name for c in ADJUSTMENTS.columns]]
    table.attrs = {"typed": ADJUSTMENTS.name}
    return table
