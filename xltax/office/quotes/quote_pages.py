"""Printed quotes: the itemized and explained payoff, the redemption with its payees, and the tax search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from xltax.dates import long_date
from xltax.ledger.explain import ExplainedPeriod, statement
from xltax.ledger.replay import Ledger
from xltax.money import Cents, usd
from xltax.office.quotes import quote_words
from xltax.office.quotes.owed import FEE, Owed
from xltax.office.quotes.redemption import RedemptionItem
from xltax.pages import Block, CellKind, Fields, Gap, Grid, Heading, Lines, Page, Signatures, Text
from xltax.tables import Balance, PayoffDay
from xltax.tables.agreements import SaleCertificate
from xltax.tables.replayed import OpenInstallment

Field = tuple[str, object, CellKind]


@dataclass(frozen=True)
class About:
    """Whose quote it is: the head of every quote."""

    office: str
    collector: str  # the officer who signs
    account: str
    owner: str = ""
    location: str = ""
    number: str = ""
    requested_by: str = ""
    made: dt.date | None = None
    fee: Cents = 0
    contact: str = ""

    def questions(self) -> list[Block]:
        """Whom to ask, at the end of every quote."""
        return [Text(f"Questions? Contact this office: {self.contact}", "small")] if self.contact else []

    def fields(self, *more: Field) -> Fields:
        """The account's fields and the fields given, without blank ones."""
        given: list[Field] = [
            ("Quote", self.number, "id"), ("Made on", self.made, "date"),
            ("Account", self.account, "id"), ("Requested by", self.requested_by, "text"),
            ("Owner", self.owner, "text"), ("Property", self.location, "text"),
            *more,
        ]  # fmt: skip
        if self.fee:
            given.append(("Fee for this quote", self.fee, "money"))
        return Fields(tuple(f for f in given if f[1] not in ("", None)))


def payoff_page(about: About, owed: Owed, grid: pd.DataFrame, waiting: pd.DataFrame) -> Page:
    """What pays an account off, item by item, how the interest was calculated, what changes and when, and later days.

    The amount due on the day comes first, then what pays everything billed. Amounts owed to others have their own lines.
    """
    table = owed.table()
    money = [c for c in ("Tax", "Interest", "Penalty", "Costs") if c == "Tax" or table[c].any()]
    heads = ("Bill", "Year", "Type", *(["Part"] if table[Balance.part].any() else []), "Inst", "Due", *money, "Total")
    named = table.rename(columns={Balance.levy_year: "Year", Balance.levy_type: "Type"})
    blocks: list[Block] = [
        about.fields(
            ("For payment on", owed.on, "date"), ("Good through", owed.through, "date"),
            ("Due on that day", owed.due, "money"), ("Pays everything billed", owed.total, "money"),
            ("Per diem for the next day", owed.per_diem, "money"),
        ),
        Text(" ".join((quote_words.sums(owed), *quote_words.besides(owed))), "box"),
        Heading("Amounts owed to the town"),
        _grid(named, heads, total=True),
        *_others(owed),
    ]  # fmt: skip
    if len(owed.shown.periods) and int(table[[Balance.interest, Balance.penalty]].to_numpy().sum()):
        blocks += _explained(owed.shown)
    blocks += [
        Heading("What changes, and when"),
        Lines(tuple(_changes(grid, owed.on, owed.through, owed.per_diem))),
    ]
    if len(waiting):
        blocks += _waiting(waiting)
    if len(grid):
        blocks += [
            Heading("If everything billed is paid on a later day"),
            _grid(grid, ("Date", "Total", "Per Diem", "Note")),
        ]
    blocks += [
        Text("This quote includes payments and adjustments posted through today. Later payments, adjustments and returned checks change the amount.", "small"),
        *about.questions(), Gap(), Signatures((about.collector, "Date")),
    ]  # fmt: skip
    return Page("Payoff quote", tuple(blocks), about.office, about.number or about.account, seal=True)


def _others(owed: Owed) -> list[Block]:
    """Amounts owed besides the town's: bills in litigation, certificates to redeem, liens that were assigned."""
    blocks: list[Block] = []
    if len(owed.held):
        rows = [
            [
                r[OpenInstallment.bill],
                int(r[OpenInstallment.inst]),
                r[OpenInstallment.due].date(),
                int(r[OpenInstallment.total]),
            ]
            for r in owed.held.to_dict("records")
        ]
        blocks += [
            Heading("In litigation, not included in the amounts above"),
            Grid(("Bill", "Inst", "Due", "Total"), ("id", "count", "date", "money"), rows, (22, 8, 16, 16)),
        ]
    if owed.certificates:
        redeemed = [
            [c.certificate, c.sold, c.holder or "the municipality", c.amount, c.next_day] for c in owed.certificates
        ]
        blocks += [
            Heading("Redemption of tax-sale certificates, in addition to the amounts above"),
            Grid(
                ("Certificate", "Sold", "Holder", "To Redeem", "Next Day Adds"), ("id", "date", "text", "money", "money"),
                redeemed, (16, 16, 30, 16, 16),
            ),
        ]  # fmt: skip
    if owed.assigned:
        liens = [[a.lien, a.bill, a.holder, a.since] for a in owed.assigned]
        blocks += [
            Heading("Liens assigned to others, owed to their holders"),
            Grid(("Lien", "Bill", "Owed To", "Assigned"), ("id", "id", "text", "date"), liens, (10, 22, 30, 16)),
        ]
    return blocks


def redemption_page(
    about: About,
    certificate: dict[str, object],
    table: pd.DataFrame,
    paid: dict[str, Cents],
    on: dt.date,
    through: dt.date,
    per_diem: Cents,
) -> Page:
    """What redeems a tax-sale certificate on a day, and who receives which part."""
    total = int(table[RedemptionItem.amount].iloc[-1])
    shown = table.assign(**{"Paid To": table["Paid To"].str.capitalize()})
    who = [("Holder of the certificate", paid["holder"], "from the redemption")]
    who += [("Municipality", paid["municipality"], "from the redemption")]
    who += [("Holder of the certificate", paid["premium returned"], "premium, from the trust account")]
    who += [("Municipality", paid["premium kept"], "premium not claimed in time")]
    blocks: list[Block] = [
        about.fields(
            ("Certificate", certificate[SaleCertificate.certificate], "id"), ("Sold on", certificate[SaleCertificate.sold], "date"),
            ("Holder", certificate[SaleCertificate.holder] or "the municipality", "text"), ("Rate bid", certificate[SaleCertificate.rate], "text"),
            ("For redemption on", on, "date"), ("Good through", through, "date"), ("Per diem for the next day", per_diem, "money"),
        ),
        Text(f"{usd(total)} redeems certificate {certificate[SaleCertificate.certificate]} on {long_date(on)}" + _until(on, through), "box"),
        Heading("Amounts to pay"),
        _grid(shown, ("Item", "Paid To", "From", "Base", "Rate", "Amount"), total=True),
        Text(str(table[RedemptionItem.authority].iloc[0]), "small"),
        Heading("Who receives the money"),
        Grid(("To", "Amount", "Source"), ("text", "money", "text"), [w for w in who if w[1]], (3, 2, 3)),
        Text("Pay in certified funds. Any tax that is paid or falls due before the redemption changes this amount.", "small"),
        *about.questions(), Gap(), Signatures((about.collector, "Date")),
    ]  # fmt: skip
    return Page(
        "Redemption of a tax-sale certificate", tuple(blocks), about.office, about.number or about.account, seal=True
    )


def search_page(about: About, owed: Owed, taxes: pd.DataFrame, waiting: pd.DataFrame) -> Page:
    """A tax search: billed and open amounts, amounts owed to others, agreements, and payments that have not cleared."""
    more = [c for c in ("Interest", "Penalty", "Costs") if taxes[c].any()]
    heads = (
        "Bill",
        "Year",
        "Type",
        *(["Part"] if taxes["Part"].any() else []),
        "Inst",
        "Due",
        "Billed",
        "Open Tax",
        *more,
        "Total",
    )
    sums = {c: int(taxes[c].sum()) for c in ("Billed", "Open Tax", "Interest", "Penalty", "Costs", "Total")}
    last = pd.DataFrame([{"Bill": "Total", "Year": 0, "Type": "", "Part": "", "Inst": 0, "Due": pd.NaT} | sums])
    fees: list[Field] = [(FEE.format(no=f.warrant), f.amount, "money") for f in owed.fees]
    blocks: list[Block] = [
        about.fields(
            ("As of", owed.on, "date"), ("Due on that day", owed.due, "money"),
            ("Pays everything billed", owed.total, "money"), *fees,
        ),
        Text(" ".join((*_open_words(taxes, owed), *quote_words.besides(owed))), "box"),
        Heading("Taxes and municipal charges"),
        _grid(pd.concat([taxes, last], ignore_index=True), heads, total=True),
        *_others(owed),
    ]  # fmt: skip
    if not owed.certificates:
        blocks += [Heading("Unredeemed tax-sale certificates"), Text("None.")]
    blocks.append(Heading("Payment agreements"))
    plans = [[p.agreement, p.status, p.behind, p.next_due, p.next_payment] for p in owed.plans]
    blocks.append(
        Grid(
            ("Agreement", "Status", "Behind", "Next Due", "Next Payment"), ("id", "text", "money", "date", "money"),
            plans, (16, 16, 16, 16, 16),
        )
        if plans
        else Text("None.")
    )  # fmt: skip
    blocks += _waiting(waiting) if len(waiting) else []
    blocks += [
        Text("I certify that this page shows the tax records of this office for the property on the day above. Charges of other "
             "departments that were not reported to the collector are not included."),
        *about.questions(), Gap(), Signatures((about.collector, "Date")),
    ]  # fmt: skip
    return Page("Tax search", tuple(blocks), about.office, about.number or about.account, seal=True)


def _open_words(taxes: pd.DataFrame, owed: Owed) -> Iterator[str]:
    """The open amount, and both totals if they differ from the open amount."""
    total = int(taxes["Total"].sum())
    said = f"{usd(total)} of taxes and charges is" if total else "No tax is"
    yield f"{said} open on {long_date(owed.on)}."
    if not (total == owed.due == owed.total):
        yield quote_words.sums(owed)


# ---- parts -------------------------------------------------------------------------------------------------------

_KINDS = {
    "Bill": "id", "Year": "year", "Type": "text", "Part": "text", "Inst": "count", "Due": "date", "What": "text",
    "From": "date", "To": "date", "Time": "text", "Rate": "text", "Date": "date", "Note": "text",
    "Item": "text", "Paid To": "text", "Certificate": "id", "Sold": "date", "Holder": "text", "Agreement": "id",
    "Signed": "date", "Status": "text", "Next Due": "date", "Receipt": "id", "Received": "date", "Tender": "text",
    "Clears": "date",
}  # fmt: skip
_WIDTHS = {
    "Bill": 22, "Note": 50, "Item": 32, "Time": 22, "Rate": 22, "Holder": 30, "Year": 9, "Type": 9, "Inst": 8, "Part": 11,
    "Paid To": 17, "From": 18, "To": 18, "What": 14,
}  # fmt: skip


def _grid(table: pd.DataFrame, heads: Sequence[str], total: bool = False) -> Grid:
    """A table's columns as a grid: dates as dates, blank where there is none; every other column is money."""
    kinds = tuple(_KINDS.get(h, "money") for h in heads)
    columns: list[list[object]] = []
    for head, kind in zip(heads, kinds, strict=True):
        if kind == "date":
            columns.append([None if pd.isna(v) else pd.Timestamp(v).date() for v in table[head]])
        elif kind in ("year", "count"):
            columns.append([int(v) if v else None for v in table[head]])
        elif kind == "money":
            columns.append([int(v) if v or head != "Base" else None for v in table[head]])
        else:
            columns.append([str(v) for v in table[head]])
    rows = [list(r) for r in zip(*columns, strict=True)]
    return Grid(tuple(heads), kinds, rows, tuple(_WIDTHS.get(h, 16) for h in heads), total)  # type: ignore[arg-type]


def _explained(ledger: Ledger) -> list[Block]:
    """Every period behind the interest and penalty due, less payments on them, and the rules they come from."""
    table = statement(ledger)
    table = table[table[ExplainedPeriod.amount] != 0]
    # An installment whose periods were all paid needs no more than the table above.
    owing = (
        table.groupby([ExplainedPeriod.bill, ExplainedPeriod.part, ExplainedPeriod.inst])[
            ExplainedPeriod.amount
        ].transform("sum")
        != 0
    )
    table = table[owing]
    counted = ~table["Unit"].str.startswith(("Paid", "Adjustment"))
    time = table["Count"].astype(str) + " " + table["Unit"]
    shown = table.assign(Time=time.where(counted, table["Unit"]), What=table[ExplainedPeriod.column])
    shown[ExplainedPeriod.to] = shown[ExplainedPeriod.to].where(counted)
    sums = {
        "Bill": "Total",
        "Part": "",
        "Inst": 0,
        "What": "",
        "From": pd.NaT,
        "To": pd.NaT,
        "Time": "",
        "Base": 0,
        "Rate": "",
    }
    total = pd.DataFrame([sums | {"Amount": int(table[ExplainedPeriod.amount].sum())}])
    heads = (
        "Bill",
        *(["Part"] if table[ExplainedPeriod.part].any() else []),
        "Inst",
        *(["What"] if table[ExplainedPeriod.column].nunique() > 1 else []),
        "From",
        "To",
        "Time",
        "Base",
        "Rate",
        "Amount",
    )
    rules = dict.fromkeys(zip(table[ExplainedPeriod.rule], table["Citation"], strict=True))
    return [
        Heading("How the interest and penalty were calculated"),
        _grid(pd.concat([shown, total], ignore_index=True), heads, total=True),
        *(Text(f"{rule} {cite}".strip(), "small") for rule, cite in rules if rule),
    ]


def _waiting(table: pd.DataFrame) -> list[Block]:
    return [
        Heading("Payments that have not cleared"),
        _grid(table, ("Receipt", "Received", "Tender", "Amount", "Clears")),
        Text(
            "The office does not issue proof of payment for these payments until the date in the last column or until the bank pays."
        ),
    ]


def _changes(grid: pd.DataFrame, on: dt.date, through: dt.date, per_diem: Cents) -> list[str]:
    lines = []
    if per_diem:
        lines.append(f"{long_date(on + dt.timedelta(days=1))}: {usd(per_diem)} more. The table below shows later days.")
    else:
        lines.append(f"The amount is the same through {long_date(through)}.")
    noted = zip(grid[PayoffDay.date], grid[PayoffDay.note], strict=True) if len(grid) else ()
    lines += [f"{long_date(pd.Timestamp(d).date())}: {note}" for d, note in noted if note]
    return lines


def _until(on: dt.date, through: dt.date) -> str:
    return "." if through == on else f", and on any day through {long_date(through)}."
