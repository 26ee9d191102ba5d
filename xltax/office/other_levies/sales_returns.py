"""Sales-tax returns: the lines of the form, the charge for a return, and who has not filed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from xltax.dates import short_date
from xltax.errors import BadValue
from xltax.law.interest import Interest
from xltax.law.params import percent
from xltax.law.profile import Profile, Rule
from xltax.law.returns import SalesReturn
from xltax.ledger.replay import Facts, replay
from xltax.money import Cents, to_cents, usd
from xltax.office.billing.levy_bills import last_day
from xltax.pages import Fields, Grid, Page, Signatures, Text
from xltax.tables import CHARGES, CLOSED_DAYS, Bill, Charge, ClosedDay
from xltax.tables.agreements import PlannedPayment
from xltax.tables.enforcement import CourtCase
from xltax.tables.schema import Column, Row, TableSpec
from xltax.tables.table import Table
from xltax.tables.user_fees import RETURNS, FiledReturn, Registration
from xltax.wording import some

LEVY_TYPE = "SALES"


class FormLine(Row):
    """One line of the sales-tax form."""

    line = Column("Line", "text", "The line of the return.")
    amount = Column("Amount", "money", "The amount, rounded as on the form.")
    authority = Column("Authority", "text", "The rule for this line.")


FORM = TableSpec("SalesReturn", FormLine, purpose="a sales-tax return, line by line")


@dataclass(frozen=True)
class Form:
    """A calculated return: every amount in cents, rounded as on the form."""

    gross: Cents
    deductions: Cents
    use: Cents
    tax: Cents
    excess: Cents
    compensation: Cents
    penalty: Cents
    interest: Cents
    exact: dict[str, Cents]  # penalty and interest to the cent, as replay charges them
    due: dt.date
    last: dt.date
    authority: str
    late: str  # the authority of penalty and interest

    @property
    def charge(self) -> Cents:
        """Tax and excess tax collected, before the vendor's compensation."""
        return self.tax + self.excess

    @property
    def net(self) -> Cents:
        return self.charge - self.compensation

    @property
    def total(self) -> Cents:
        return self.net + self.penalty + self.interest

    def table(self) -> pd.DataFrame:
        """The return's lines."""
        taxable = self.gross - self.deductions
        rows = [
            ("Gross sales", self.gross, ""),
            ("Less allowable deductions", -self.deductions, ""),
            ("Adjusted gross sales", taxable, ""),
            ("Purchases subject to use tax", self.use, ""),
            ("Taxable", taxable + self.use, ""),
            ("Tax", self.tax, self.authority),
            ("Excess tax collected", self.excess, ""),
            ("Less vendor's compensation", -self.compensation, self.authority),
            ("Net tax due", self.net, ""),
            ("Penalty", self.penalty, self.late),
            ("Interest", self.interest, self.late),
            ("Total", self.total, f"due {self.due}, late after {self.last}"),
        ]
        return pd.DataFrame(rows, columns=list(FORM.names))


@dataclass(frozen=True)
class Sold:
    """One column of a return: the sales at a location. The first column has the deductions of the whole return."""

    location: str
    gross: Cents
    deductions: Cents = 0
    use: Cents = 0
    excess: Cents = 0


@dataclass(frozen=True)
class Filing:
    """A vendor's return as the office posts it."""

    account: str
    name: str
    usual: str  # the account's own location code
    period_end: dt.date
    filed: dt.date  # the day that counts; by the town's grace rule the postmark
    posted: dt.date
    columns: list[Sold]

    @property
    def number(self) -> str:
        """The number of the return: account and period."""
        return f"{self.account}-{self.period_end:%Y%m}"

    @property
    def bills(self) -> dict[str, str]:
        """The bill number of each location. Only the account's usual location is not part of the number."""
        codes = [s.location for s in self.columns]
        return {code: self.number + (f"-{code}" if code != self.usual else "") for code in codes}


def columns_of(entered: Sold, params: SalesReturn) -> list[Sold]:
    """The columns of a return as entered: one location, or "1701=50000, 1702=30000 use 1200 excess 3", the adjusted gross sales of each.

    As on the form, the columns have to add up to gross sales less deductions, in its whole dollars.
    """
    if "=" not in entered.location:
        return [entered]
    for name, amount in (("use_purchases", entered.use), ("excess", entered.excess)):
        if amount:
            raise BadValue(
                "With several locations, each location has its own amount.",
                where=name,
                do='Enter the amount with its location: "1702=30000 use 1200 excess 3".',
            )
    sold: list[Sold] = []
    for text in entered.location.split(","):
        sold.append(_column(text, {s.location for s in sold}, params))
    adjusted = params.rounded(entered.gross) - params.rounded(entered.deductions)
    if (apart := sum(params.rounded(s.gross) for s in sold) - adjusted) != 0:
        raise BadValue(
            f"The columns are {usd(abs(apart))} {'above' if apart > 0 else 'below'} the adjusted gross sales, {usd(adjusted)}.",
            where="location",
            do="The columns must add up to gross sales less deductions.",
        )
    first = replace(sold[0], gross=sold[0].gross + entered.deductions, deductions=entered.deductions)
    return [first, *sold[1:]]


def _column(text: str, before: set[str], params: SalesReturn) -> Sold:
    """One column from its text, such as "1702=30000 use 1200". before: the locations of the columns before it."""
    code, _, rest = (part.strip() for part in text.partition("="))
    words = rest.split()
    if not code or len(words) not in (1, 3, 5) or not set(words[1::2]) <= {"use", "excess"}:
        raise BadValue(
            f'"{text.strip()}" is not a column of the return.',
            where="location",
            do='Enter columns such as "1701=50000, 1702=30000 use 1200".',
        )
    if code in before:
        raise BadValue(f"Location {code} is entered twice.", where="location", do="Enter the sum once.")
    params.location(code)
    where = f"location, {code}"
    more = {name: to_cents(given, where=where) for name, given in zip(words[1::2], words[2::2], strict=True)}
    return Sold(code, to_cents(words[0], where=where), 0, more.get("use", 0), more.get("excess", 0))


def rule_of(town: Profile, period_end: dt.date) -> tuple[Rule[SalesReturn], SalesReturn]:
    """The return rule of a period."""
    rule = town.rule(SalesReturn, period_end, LEVY_TYPE)
    return rule, rule.params


def figure(
    town: Profile,
    sold: Sold,
    period_end: dt.date,
    filed: dt.date,
    closed: Table[ClosedDay] | None = None,
    in_full: bool = True,
) -> Form:
    """A return: tax at the location's rate, vendor's compensation if filed and paid in full on time, penalty and interest.

    filed: the day that counts, by the town's grace rule the postmark. in_full: what is due is paid with it. Every line is rounded as
    the form rounds. Penalty and interest are those replay charges on the net tax on that day.
    """
    rule, params = rule_of(town, period_end)
    sold = _on_the_form(sold, period_end, filed, params)
    due = params.due(period_end)
    last = last_day(town, due, LEVY_TYPE, closed=closed)
    tax = params.tax(sold.gross - sold.deductions + sold.use, sold.location)
    charge = tax + sold.excess
    kept = params.rounded(charge * params.compensation) if filed <= last and in_full else 0
    exact: dict[str, Cents] = {PlannedPayment.penalty: 0, PlannedPayment.interest: 0}
    late = ""
    if charge - kept and filed > last:
        exact, late = _late_charges(town, charge - kept, period_end, due, filed, closed)
    return Form(
        gross=sold.gross,
        deductions=sold.deductions,
        use=sold.use,
        tax=tax,
        excess=sold.excess,
        compensation=kept,
        penalty=params.rounded(exact[PlannedPayment.penalty]),
        interest=params.rounded(exact[PlannedPayment.interest]),
        exact=exact,
        due=due,
        last=last,
        authority=rule.authority(),
        late=late,
    )


def _on_the_form(sold: Sold, period_end: dt.date, filed: dt.date, params: SalesReturn) -> Sold:
    """A column with its amounts rounded as on the form. Refuses amounts and a filing date that no return can have."""
    amounts = {"gross": sold.gross, "deductions": sold.deductions, "use_purchases": sold.use, "excess": sold.excess}
    for name, amount in amounts.items():
        if amount < 0:
            raise BadValue("The amount cannot be below zero.", where=name, do="Enter 0.00 or more.")
    if filed <= period_end:
        raise BadValue(
            f"The filing date {filed} is not after the period, which ends {period_end}.",
            where="filed",
            do="Correct the date.",
        )
    gross, deductions, use, excess = (params.rounded(amount) for amount in amounts.values())
    if deductions > gross:
        raise BadValue(
            "The deductions are above the gross sales.", where="deductions", do="Correct one of the two amounts."
        )
    return Sold(sold.location, gross, deductions, use, excess)


def _late_charges(
    town: Profile, tax: Cents, period_end: dt.date, due: dt.date, filed: dt.date, closed: Table[ClosedDay] | None
) -> tuple[dict[str, Cents], str]:
    """Penalty and interest on a late return's tax, to the cent, and their authority."""
    row = {
        Charge.bill: "1",
        Charge.account: "1",
        Charge.levy_year: period_end.year,
        Charge.levy_type: LEVY_TYPE,
        Charge.due: due,
        Charge.amount: tax,
    }
    facts = Facts(Table.made(CHARGES, [row]), closed_days=Table.empty(CLOSED_DAYS) if closed is None else closed)
    balances = replay(facts, town, filed).balances
    exact = {name: int(balances[name].sum()) for name in (PlannedPayment.penalty, PlannedPayment.interest)}
    rules = (town.find(Interest, filed, LEVY_TYPE, sort=s) for s in ("penalty", "interest"))
    return exact, "; ".join(dict.fromkeys(r.authority() for r in rules if r))


def register_rows(
    filing: Filing, forms: Mapping[str, Form], shares: Mapping[str, Cents], receipt: str
) -> Table[FiledReturn]:
    """The rows of Returns of a return as posted, one for each location; shares: what was paid on each."""
    return Table.made(RETURNS, [
        {
            FiledReturn.bill: filing.bills[code], FiledReturn.account: filing.account, FiledReturn.location_code: code, FiledReturn.period_end: filing.period_end,
            FiledReturn.filed: filing.filed, FiledReturn.gross: form.gross, FiledReturn.deductions: form.deductions, FiledReturn.use_purchases: form.use,
            FiledReturn.tax: form.tax, FiledReturn.excess: form.excess, FiledReturn.compensation: form.compensation, FiledReturn.net_tax: form.net,
            FiledReturn.penalty: form.penalty, FiledReturn.interest: form.interest, FiledReturn.total: form.total, FiledReturn.paid: shares[code], FiledReturn.receipt: receipt,
            FiledReturn.recorded: filing.posted, FiledReturn.note: "",
        }
        for code, form in forms.items()
    ])  # fmt: skip


def return_page(filing: Filing, forms: Mapping[str, Form], params: SalesReturn, office: str) -> Page:
    """A posted return, location by location, with its totals. File the vendor's signed return with this page."""
    rows: list[tuple[object, ...]] = [
        (code, percent(params.location(code).rate), f.gross - f.deductions, f.use, f.tax, f.excess, -f.compensation, f.net, f.penalty, f.interest, f.total)
        for code, f in forms.items()
    ]  # fmt: skip
    if len(rows) > 1:
        rows.append(("Total", "", *(sum(int(r[n]) for r in rows) for n in range(2, 11))))  # type: ignore[call-overload]
    first = next(iter(forms.values()))
    gross, deductions = (sum(getattr(f, n) for f in forms.values()) for n in ("gross", "deductions"))
    heads = (
        "Location",
        "Rate",
        "Adjusted gross",
        "Use tax on",
        "Tax",
        "Excess",
        "Compensation",
        "Net tax",
        "Penalty",
        "Interest",
        "Total",
    )
    return Page(
        f"Sales-tax return, period to {short_date(filing.period_end)}",
        (
            Fields((
                ("Account", filing.account, "id"), ("Name", filing.name, "text"), ("Filed", filing.filed, "date"), ("Due", first.due, "date"),
                ("Late after", first.last, "date"), ("Gross sales", gross, "money"), ("Deductions", -deductions, "money"),
                ("Adjusted gross sales", gross - deductions, "money"),
            )),
            Grid(heads, ("id", "number", *("money",) * 9), rows, (10, 8, *(12,) * 9), total=len(rows) > 1),
            Text("; ".join(dict.fromkeys(t for f in forms.values() for t in (f.authority, f.late) if t)), "small"),
            Signatures(("Posted by, and date",)),
        ),
        office=office,
        landscape=True,
        key=filing.number,
    )  # fmt: skip


def unfiled(
    registrations: Table[Registration], returns: Table[FiledReturn], params: SalesReturn, period_end: dt.date
) -> Table[Registration]:
    """The open accounts whose filing period ends that day and that have not filed a return for the period."""
    params.due(period_end)  # refuses a day that ends no period
    day = pd.Timestamp(period_end)
    files = registrations[
        registrations[Registration.tax_types].str.upper().str.contains(LEVY_TYPE)
        & (registrations[CourtCase.opened] <= day)
        & (registrations[CourtCase.closed].isna() | (registrations[CourtCase.closed] > day - pd.DateOffset(months=1)))
    ]
    expected = {f.name for f in params.frequencies if period_end.month in f.ends}
    files = files[files[Registration.frequency].str.strip().str.lower().isin(expected)]
    return files[~files[Bill.account].isin(set(returns.loc[returns[FiledReturn.period_end] == day, Bill.account]))]


def unfiled_page(
    rows: Table[Registration], params: SalesReturn, period_end: dt.date, last: dt.date, office: str, on: dt.date
) -> Page:
    """The list of accounts that have not filed."""
    columns = ("Account", "Name", "Trade Name", "Location", "Location Code", "Frequency")
    return Page(
        "Returns not filed",
        (
            Fields((("Period to", period_end, "date"), ("Due", params.due(period_end), "date"), ("Late after", last, "date"), ("As of", on, "date"))),
            Grid(columns, ("id", "text", "text", "text", "id", "text"), rows[list(columns)].values.tolist(), (14, 28, 24, 28, 10, 12)),
            Text(f"{some(len(rows), 'account')}. A return is due even without sales."),
            Signatures(("Reviewed by, and date",)),
        ),
        office=office,
        landscape=True,
        key=str(period_end),
    )  # fmt: skip


def whole_dollar_residue(form: Form) -> dict[str, Cents]:
    """The form's rounded penalty and interest less the cents charged, by component."""
    return {
        name.lower(): diff
        for name, rounded in (("Penalty", form.penalty), ("Interest", form.interest))
        if (diff := rounded - form.exact[name])
    }
