"""Tax-sale certificates: enter a sale, quote a redemption, and record a redemption."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any

import pandas as pd

from xltax.actions import in_force
from xltax.actions.counter import receipts_words, receive
from xltax.actions.desk import Desk
from xltax.actions.inputs import Reference, Tender, Today
from xltax.actions.quotes import about_account, fee_words, log_quote, numbered
from xltax.declare import Done, Input, action
from xltax.errors import BadValue
from xltax.hosts.port import Book
from xltax.law.fees import Fee
from xltax.law.params import decimal_text, percent
from xltax.law.rates import read_cell
from xltax.ledger.replay import replay
from xltax.ledger.seals import SEAL
from xltax.ledger.ties import Tie
from xltax.money import Cents, dollars, number, usd
from xltax.office.adjusting import adjustment_register
from xltax.office.controls import issued_papers
from xltax.office.counter import reversal_effects
from xltax.office.counter.payment_check import Payment
from xltax.office.quotes import payoff, quote_pages
from xltax.office.quotes import redemption as redeeming
from xltax.office.quotes.redemption import RedemptionItem
from xltax.office.statements.subjects import ENDINGS
from xltax.tables import ADJUSTMENTS, Adjustment, Bill
from xltax.tables.agreements import CERTIFICATES, SaleCertificate
from xltax.tables.kinds import ASSIGNMENT, REDEMPTION, SALE, TAX_SALE
from xltax.tables.replayed import OpenInstallment
from xltax.tables.table import Table
from xltax.wording import some

COLUMNS = ("Tax", "Interest", "Penalty", "Costs")
PREMIUM, TO_HOLDER, TO_TOWN = "PREMIUM", "REDEMPTION", "TAX TITLE LIEN"
"""Revenue codes: premiums and a holder's redemption money are held in trust; a municipal lien is the town's money."""


@action(
    "Enter the certificate of a property sold at the tax sale, with the cost of sale. A buyer's payment is posted. "
    "If the municipality keeps the lien, the taxes are transferred to lien.",
    desk="Tax sale",
)
def enter_certificate(
    book: Book,
    certificate: Annotated[str, Input("The certificate number.")],
    account: Annotated[str, Input("The account number.")],
    sold: Annotated[dt.date, Input("The day of the sale.")],
    liens_to: Annotated[dt.date, Input("The last due date of the liens sold, usually December 31 of the year before.")],
    rate: Annotated[str, Input("The rate bid, such as 18% or 0%.")],
    holder: Annotated[str, Input("The buyer (default: the municipality).")] = "",
    premium: Annotated[Cents, Input("The premium paid.")] = 0,
    notices: Annotated[int, Input("The number of notices mailed in place of publications.")] = 0,
    tender: Annotated[str, Input("The buyer's payment type (default: Certified, a certified check).")] = "Certified",
    reference: Reference = "",
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    held, stand = desk.table(CERTIFICATES), in_force.certificates(desk)
    if (stand[SaleCertificate.certificate] == certificate).any():
        raise BadValue(
            f"Certificate {certificate} has already been entered.", where="certificate", do="Nothing was changed."
        )
    if liens_to >= sold:
        raise BadValue(
            "The last due date of the liens is not before the sale.",
            where="liens_to",
            do="Enter an earlier day, such as December 31 of last year.",
        )
    bid, rule = read_cell(rate, where="rate"), redeeming.rule_of(desk.town, sold)
    facts = payoff.account_facts(in_force.facts(desk), desk.town, account, sold)
    balances = payoff.only(replay(facts, desk.town, sold), account).balances
    due = balances[(balances[OpenInstallment.due] <= pd.Timestamp(liens_to)) & (balances[OpenInstallment.total] > 0)]
    lien = int(due[OpenInstallment.total].sum())
    if lien <= 0:
        raise BadValue(
            f"Account {account} owes nothing that was due by {liens_to}.",
            where="account",
            do="Correct the account or the day.",
        )
    cost = redeeming.cost_of_sale(desk.town, lien, notices, sold)
    redeeming.check(redeeming.Certificate(lien + cost, sold, bid), sold, rule)
    row = {c.name: {"money": 0, "date": None}.get(c.kind, "") for c in CERTIFICATES.facts if c.name != SEAL} | {
        SaleCertificate.certificate: certificate,
        SaleCertificate.account: account,
        SaleCertificate.sold: sold,
        SaleCertificate.holder: holder,
        SaleCertificate.amount: lien + cost,
        SaleCertificate.rate: decimal_text(bid),
        SaleCertificate.premium: premium,
        SaleCertificate.note: f"lien {dollars(lien)}, cost of sale {dollars(cost)}",
    }
    if (again := held[SaleCertificate.certificate] == certificate).any():  # its buyer's money came back before
        desk.rewrite(held, held.with_cells(again, row), row)
    else:
        desk.append(Table.made(CERTIFICATES, [row]))
    text = f"Certificate {certificate}: lien {usd(lien)} and cost of sale {usd(cost)}, total {usd(lien + cost)}"
    if holder:
        oldest = due.sort_values(OpenInstallment.due, kind="stable").iloc[0]
        entry = adjustment_register.Entry(
            oldest[OpenInstallment.bill], "Cost", cost, sold, reversal_effects.cost_reason(certificate),
            desk.town.rule(Fee, sold, sort="cost_of_sale").authority(), TAX_SALE, int(oldest[OpenInstallment.inst]), oldest[OpenInstallment.part], "costs",
            Tie(SALE, certificate),
        )  # fmt: skip
        desk.append(adjustment_register.rows([entry], desk.adjustments, today))
        how = {Payment.received: sold, Payment.effective: sold, Payment.by: "third party", Payment.tender: tender, Payment.reference: reference,
               Payment.note: reversal_effects.sale_note(certificate, holder)}  # fmt: skip
        payments = [_taxes(account, lien + cost) | how, *_other(PREMIUM, premium, how)]
        lines = receive(desk, payments, today, "tax sale", [Tie(SALE, certificate)] * len(payments))
        posted = f", {receipts_words(lines)}"
        text += f". Posted to account {account}{posted}"
        text += f". The premium of {usd(premium)} is posted as {PREMIUM}." if premium else "."
    else:
        posted = ""
        desk.append(_to_lien(due, certificate, sold, today, desk.table(ADJUSTMENTS)))
        desk.refresh(desk.as_of())
        text += f". {usd(lien)} was transferred to lien."
    in_force.write(desk, desk.as_of())
    desk.log("enter certificate", f"certificate {certificate}, account {account}{posted}", 1, lien + cost)
    return Done(text, rows=1, total=lien + cost)


@action(
    "Quote the redemption of a certificate on a day. The quote shows who receives which part, and is printed and "
    "logged with its fee.",
    desk="Tax sale",
)
def redemption(
    book: Book,
    certificate: Annotated[str, Input("The certificate number.")],
    requested_by: Annotated[str, Input("Who asks, in writing, for the quote.")],
    on: Annotated[dt.date | None, Input("The day of the redemption.", cell="as_of")] = None,
    by_holder: Annotated[bool, Input("Yes: the holder of the certificate asks.")] = False,
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    on = on or desk.as_of()
    row = _open_certificate(desk, certificate)
    table, tomorrow = (_redemption(desk, row, on + dt.timedelta(days=n), on) for n in (0, 1))
    total = int(table[RedemptionItem.amount].iloc[-1])
    per_diem = int(tomorrow[RedemptionItem.amount].iloc[-1]) - total
    paid = redeeming.payouts(
        table,
        int(row[SaleCertificate.premium]),
        redeeming.premium_until(desk.town, row[SaleCertificate.sold].date()),
        on,
    )
    kind = "Redemption, holder" if by_holder else "Redemption"
    about, entry = numbered(
        desk, about_account(desk, row[SaleCertificate.account]), requested_by, kind, today or on, certificate
    )
    shown = {
        SaleCertificate.certificate: certificate,
        SaleCertificate.sold: row[SaleCertificate.sold].date(),
        SaleCertificate.holder: row[SaleCertificate.holder],
    }
    shown[SaleCertificate.rate] = percent(number(row[SaleCertificate.rate] or "0"))
    page = quote_pages.redemption_page(about, shown, table, paid, on, on, per_diem)
    file = desk.issue(f"redemption {about.number}", [page], issued_papers.QUOTE, about.number, total)
    log_quote(desk, entry, on, total, per_diem, on)
    desk.log("redemption figures", f"certificate {certificate} on {on}", len(table) - 1, total)
    return Done(
        f"Certificate {certificate}: {usd(total)} on {on}. The next day adds {usd(per_diem)}. Printed: {file}."
        + fee_words(entry),
        rows=len(table) - 1,
        total=total,
    )


@action(
    "Record a redemption. The payment is posted, and the parts of the holder and the municipality are recorded.",
    desk="Tax sale",
)
def redeem(
    book: Book,
    certificate: Annotated[str, Input("The certificate number.")],
    on: Annotated[dt.date, Input("The day of the redemption.")],
    paid: Annotated[Cents, Input("The amount paid. It must equal the redemption amount for that day.")],
    tender: Tender = "Check",
    reference: Reference = "",
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    row = _open_certificate(desk, certificate)
    table = _redemption(desk, row, on)
    total = int(table[RedemptionItem.amount].iloc[-1])
    if paid != total:
        raise BadValue(
            f"The amount paid is {usd(paid)}, but {usd(total)} redeems certificate {certificate} on {on}.", where="paid",
            do="Nothing was recorded. Collect the difference, or enter the day the money came in.",
        )  # fmt: skip
    who = redeeming.payouts(
        table,
        int(row[SaleCertificate.premium]),
        redeeming.premium_until(desk.town, row[SaleCertificate.sold].date()),
        on,
    )
    since = int(table.loc[table[RedemptionItem.item] == redeeming.SINCE, RedemptionItem.amount].sum())
    how = {Payment.received: on, Payment.effective: on, Payment.by: "owner", Payment.tender: tender, Payment.reference: reference,
           Payment.note: reversal_effects.redeemed_note(certificate)}  # fmt: skip
    payments = (
        [_taxes(row[SaleCertificate.account], since) | how] * bool(since)
        + _other(TO_HOLDER, who["holder"], how)
        + _other(TO_TOWN, who["municipality"] - since, how)
    )
    why = f"certificate {certificate} redeemed"
    posted = receive(desk, payments, today or dt.date.today(), why, [Tie(REDEMPTION, certificate)] * len(payments))
    held = desk.table(CERTIFICATES)
    at = held[SaleCertificate.certificate] == certificate
    columns: dict[str, Any] = {
        SaleCertificate.paid: total,
        SaleCertificate.to_holder: who["holder"],
        SaleCertificate.to_municipality: who["municipality"],
    }
    columns[SaleCertificate.premium_returned] = who["premium returned"]
    columns[SaleCertificate.redeemed] = on
    desk.rewrite(held, held.with_cells(at, columns), columns)
    in_force.write(desk, desk.as_of())
    receipts = receipts_words(posted)
    desk.log("redeem", f"certificate {certificate} on {on}, {receipts}", 1, total)
    return Done(
        f"Certificate {certificate} was redeemed on {on} for {usd(total)}: {usd(who['holder'])} to the holder, "
        f"{usd(who['municipality'])} to the municipality, premium returned {usd(who['premium returned'])}"
        + (f", premium kept {usd(who['premium kept'])}." if who["premium kept"] else ".")
        + f" {receipts[0].upper()}{receipts[1:]}.",
        rows=1,
        total=total,
    )


@action(
    "End a certificate that the municipality holds: assigned to a buyer, canceled, or foreclosed. The annual statement shows each.",
    desk="Tax sale",
)
def end_certificate(
    book: Book,
    certificate: Annotated[str, Input("The certificate number.")],
    how: Annotated[str, Input("Assigned, Canceled or Foreclosed.")],
    on: Annotated[dt.date, Input("The day of the assignment, resolution or judgment.")],
    authority: Annotated[str, Input("The resolution or the judgment.")],
    holder: Annotated[str, Input("The buyer, if it was assigned.")] = "",
    paid: Annotated[Cents, Input("The amount the buyer paid, if it was assigned.")] = 0,
    tender: Tender = "Check",
    reference: Reference = "",
    today: Today = None,
) -> Done:
    desk = Desk.of(book)
    today = today or dt.date.today()
    row = _open_certificate(desk, certificate)
    how = how.strip().capitalize()
    if how not in ENDINGS:
        raise BadValue(f'"{how}" is not a way a certificate ends.', where="how", do=f"Enter {', '.join(ENDINGS)}.")
    if row[SaleCertificate.holder]:
        raise BadValue(f"{row[SaleCertificate.holder]} holds certificate {certificate}, not the municipality.", where="certificate",
                       do="Only a certificate of the municipality ends in this way.")  # fmt: skip
    if not row[SaleCertificate.sold].date() <= on <= today:
        raise BadValue(f"{on} is before the sale or after today.", where="on", do="Enter the day it ended.")
    if not authority.strip():
        raise BadValue("The authority is missing.", where="authority", do="Enter the resolution or the judgment.")
    if (how == "Assigned") != bool(holder) or (paid and how != "Assigned"):
        raise BadValue("A buyer and a payment belong to an assignment, and an assignment needs its buyer.", where="holder",
                       do="Enter the buyer for Assigned. Leave buyer and payment empty otherwise.")  # fmt: skip
    desk.refuse_backward([today])
    text = f"Certificate {certificate} of {usd(int(row[SaleCertificate.amount]))} was {how.lower()} on {on}"
    if paid:
        tied = {Payment.received: on, Payment.effective: on, Payment.by: "third party", Payment.tender: tender, Payment.reference: reference,
                Payment.note: reversal_effects.sale_note(certificate, holder)}  # fmt: skip
        posted = receive(desk, _other(TO_TOWN, paid, tied), today, "assignment", [Tie(ASSIGNMENT, certificate)])
        text += f", {receipts_words(posted)}"
    held = desk.table(CERTIFICATES)
    cells = {SaleCertificate.ended: how, SaleCertificate.ended_on: on, SaleCertificate.ended_by: authority,
             SaleCertificate.ended_recorded: today}  # fmt: skip
    cells |= {SaleCertificate.holder: holder} if holder else {}
    desk.rewrite(held, held.with_cells(held[SaleCertificate.certificate] == certificate, cells), cells)
    in_force.write(desk, desk.as_of())
    desk.log(
        "end certificate",
        f"certificate {certificate}, {how.lower()} on {on}, {authority}",
        1,
        int(row[SaleCertificate.amount]),
    )
    return Done(f"{text}.", rows=1, total=int(row[SaleCertificate.amount]))


@action(
    "Write the redemption amount as of a day beside every certificate, and the last day its premium is returned.",
    desk="Tax sale",
)
def certificates(
    book: Book, as_of: Annotated[dt.date | None, Input("The day the amounts are for.", cell="as_of")] = None
) -> Done:
    desk = Desk.of(book)
    on = desk.as_of(as_of)
    table = in_force.write(desk, on)
    if not len(table):
        return Done("There are no certificates.")
    total, count = (
        int(table[SaleCertificate.redemption].sum()),
        int(table[SaleCertificate.status].isin(in_force.OPEN).sum()),
    )
    desk.log("certificates", f"as of {on}", len(table), total)
    return Done(
        f"{some(count, 'open certificate')}. On {on} the total to redeem is {usd(total)}.", rows=len(table), total=total
    )


# ---- parts -------------------------------------------------------------------------------------------------------


def _taxes(account: str, amount: Cents) -> dict[str, Any]:
    return {
        Payment.account: account,
        Payment.amount: amount,
        Payment.kind: "Payment",
        Payment.revenue_code: "",
    }


def _other(code: str, amount: Cents, how: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Money other than tax, under its revenue code; nothing if the amount is zero."""
    return (
        [
            {
                Payment.account: "",
                Payment.amount: amount,
                Payment.kind: "Other",
                Payment.revenue_code: code,
                **how,
            }
        ]
        if amount
        else []
    )


def _open_certificate(desk: Desk, certificate: str) -> Any:
    held = desk.table(CERTIFICATES)
    mine = held[held[SaleCertificate.certificate] == certificate]
    if not len(mine):
        raise BadValue(
            f'There is no certificate "{certificate}".', where="certificate", do="Enter the number as in Certificates."
        )
    stand = in_force.certificates(desk)
    mine = stand[stand[SaleCertificate.certificate] == certificate]
    if not len(mine):
        raise BadValue(
            f"The buyer's payment for certificate {certificate} was returned, so the sale does not stand.", where="certificate",
            do="Enter the certificate again when the buyer pays, or without a holder for the municipality.",
        )  # fmt: skip
    if not pd.isna(mine[SaleCertificate.redeemed].iloc[0]):
        raise BadValue(
            f"Certificate {certificate} was redeemed on {mine[SaleCertificate.redeemed].iloc[0].date()}.",
            where="certificate",
        )
    if mine[SaleCertificate.ended].iloc[0] in in_force.GONE:
        raise BadValue(
            f"Certificate {certificate} was {mine[SaleCertificate.ended].iloc[0].lower()} on {mine[SaleCertificate.ended_on].iloc[0].date()}.",
            where="certificate",
        )
    return mine.iloc[0]


def _redemption(desk: Desk, row: pd.Series, on: dt.date, known: dt.date | None = None) -> pd.DataFrame:
    """The items of one certificate's redemption with the total last, from what was known on a day if one is given."""
    known = known or on
    since = 0
    if not row[SaleCertificate.holder] and (desk.duplicate[Bill.account] == row[SaleCertificate.account]).any():
        facts = payoff.known_on(payoff.account_facts(desk.facts, desk.town, row[SaleCertificate.account], on), known)
        balances = replay(facts, desk.town, on).balances
        since = int(
            balances.loc[
                balances[OpenInstallment.late] & (balances[OpenInstallment.account] == row[SaleCertificate.account]),
                OpenInstallment.total,
            ].sum()
        )
    later = in_force.subsequents(desk, known)
    later = later[later[SaleCertificate.certificate] == row[SaleCertificate.certificate]]
    return redeeming.redemption(desk.town, in_force.certificate(row), later, on, since)


def _to_lien(
    due: pd.DataFrame, certificate: str, sold: dt.date, today: dt.date, held: Table[Adjustment]
) -> Table[Adjustment]:
    """The adjustments that transfer a sold lien off the Duplicate, column by column."""
    rows = []
    for row in due.to_dict("records"):
        for column in COLUMNS:
            if row[column]:
                rows.append({Adjustment.bill: row[OpenInstallment.bill], Adjustment.part: row[OpenInstallment.part], Adjustment.inst: row[OpenInstallment.inst], Adjustment.component: column.lower(),
                             Adjustment.amount: row[column]})  # fmt: skip
    prefix = f"L-{certificate}-"
    numbers = [f"{prefix}{n}" for n in range(1, len(rows) + 1)]
    if set(held[Adjustment.no]) & set(numbers):
        raise BadValue(
            f"Adjustments already has {prefix}1.", where="certificate", do="Enter another certificate number."
        )
    common = {
        Adjustment.kind: "Transfer to Lien",
        Adjustment.effective: sold,
        Adjustment.recorded: today,
        Adjustment.reason: f"sold at the tax sale, certificate {certificate}",
        Adjustment.authority: "tax sale",
        Adjustment.approved_by: TAX_SALE,
        Adjustment.for_: SALE,
        Adjustment.for_no: certificate,
    }
    return Table.made(
        ADJUSTMENTS, [{**row, **common, Adjustment.no: no} for row, no in zip(rows, numbers, strict=True)]
    )
