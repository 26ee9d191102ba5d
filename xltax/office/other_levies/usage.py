"""Charges by usage: the average of the named months, the block rate, the bills. Also the accounts to review for credit."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from functools import cache

import numpy as np
import pandas as pd

from xltax.errors import BadValue, LawNotEncoded, Problem, Problems
from xltax.law.fees import Usage
from xltax.law.profile import NEVER, Profile, Rule
from xltax.ledger.replay import Ledger
from xltax.money import Cents, number
from xltax.tables import DUPLICATE, Bill, CashLine, Parcel
from xltax.tables.replayed import LeftOver, OpenInstallment
from xltax.tables.table import Table
from xltax.tables.user_fees import CREDIT_ACCOUNTS, MONTHS, CreditAccount, Reading, Registration


def usage_rule(town: Profile, kind: str, on: dt.date | None = None) -> tuple[Rule[Usage], Usage]:
    """The rule of a charge by its kind, such as sewer, on a day; without one, the newest."""
    name = kind.strip().lower()
    mine = [r for r in town.all(Usage) if r.sort.lower() == name]
    found = [r for r in mine if (r.covers(on) if on else r.end == NEVER)]
    if not found:
        kinds = ", ".join(dict.fromkeys(r.sort for r in town.all(Usage)))
        raise LawNotEncoded(
            f'{town.name} has no usage charge "{kind}"{f" on {on}" if on else ""}.',
            where="kind",
            do=f"Use one of: {kinds}." if kinds else "Add a usage rule with the ordinance's prices to the Rules.",
        )
    return found[0], found[0].params


def charge(town: Profile, usage: Fraction, kind: str, on: dt.date | None = None) -> Cents:
    """The charge for an amount of usage, averaged beforehand if the rule bills an average."""
    return usage_rule(town, kind, on)[1].charge(usage)


def season(rule: Usage, month: dt.date) -> list[tuple[int, int]]:
    """The months whose average is billed in a month, as (year, month): the last full set before it, or the month itself."""
    if not rule.averaged_over:
        return [(month.year, month.month)]
    last = rule.averaged_over[-1]
    year = month.year if last < month.month else month.year - 1
    out: list[tuple[int, int]] = []
    for one in reversed(rule.averaged_over):
        if out and one > out[-1][1]:
            year -= 1
        out.append((year, one))
    return out[::-1]


def averages(readings: Table[Reading], rule: Usage, levy_type: str, month: dt.date) -> dict[str, Fraction]:
    """The exact average usage of each account over the named months that have a reading."""
    wanted = season(rule, month)
    mine = readings[readings[Reading.levy_type] == levy_type]
    texts: dict[str, list[str]] = {}
    for year, m in wanted:
        rows = mine[(mine[Reading.year] == year) & (mine[MONTHS[m - 1]] != "")]
        for account, text in zip(rows[Reading.account].tolist(), rows[MONTHS[m - 1]].tolist(), strict=True):
            texts.setdefault(account, []).append(text)
    exact = cache(number)  # a town's readings repeat a few hundred values
    return {a: sum(map(exact, read), Fraction(0)) / len(read) for a, read in texts.items()}


def bills(
    registrations: Table[Registration], readings: Table[Reading], town: Profile, kind: str, month: dt.date, due: dt.date, recorded: dt.date
) -> Table[Bill]:  # fmt: skip
    """The bills for a month's usage, one for each open account of that kind. Raises Problems naming every account without a reading."""
    month = month.replace(day=1)
    rule, params = usage_rule(town, kind, month)
    if len(rule.types) != 1:
        raise BadValue(
            f"The usage rule {kind} must name one levy type.",
            where="Rules",
            do='Set the rule\'s Type, such as "SEWER".',
        )
    levy_type = rule.types[0]
    day = np.datetime64(month, "s")
    mine = registrations[
        registrations[Registration.tax_types].str.upper().str.contains(levy_type, regex=False)
        & (registrations[Registration.opened].to_numpy() < day + np.timedelta64(31, "D"))
        & (registrations[Registration.closed].isna() | (registrations[Registration.closed] >= day))
    ]
    used = averages(readings, params, levy_type, month) if params.blocks else {}
    problems = [
        Problem(
            f"Usage, account {a}",
            f"There is no {kind} reading in the months billed.",
            "Enter a reading, or 0 for no usage.",
        )
        for a in mine[Registration.account]
        if params.blocks and a not in used
    ]
    if problems:
        raise Problems(problems)
    price = cache(params.charge)
    taxes = [price(used.get(a, Fraction(0))) for a in mine[Registration.account]]
    numbers = [f"{a}-{levy_type}-{month:%Y%m}" for a in mine[Registration.account]]
    return charges(numbers, list(mine[Registration.account]), month.year, levy_type, taxes, due, recorded)


def charges(
    numbers: list[str], accounts: list[str], year: int, levy_type: str, amounts: list[Cents], due: dt.date, recorded: dt.date,
    off: Cents = 0,
) -> Table[Bill]:  # fmt: skip
    """Rows of the Duplicate with one installment each. off: the vendor's compensation already taken off each."""
    net = np.array(amounts, dtype=np.int64)
    table = pd.DataFrame(
        {
            Bill.bill: pd.Series(numbers, dtype=object),
            Bill.account: pd.Series(accounts, dtype=object),
            Bill.levy_year: np.int64(year),
            Bill.levy_type: levy_type,
            Bill.gross_tax: net + off,
            Bill.deductions: np.int64(off),
            Bill.net_tax: net,
            Bill.due_1: np.datetime64(due, "s"),
            Bill.inst_1: net,
            Bill.recorded: np.datetime64(recorded, "s"),
        }
    )
    return Table.made(DUPLICATE, table).complete()


def credit_accounts(
    ledger: Ledger, registrations: Table[Registration], roll: Table[Parcel], cash_book: Table[CashLine]
) -> pd.DataFrame:
    """Accounts with credit and closed accounts with a balance: what to refund, offset or adjust."""
    balances = ledger.balances
    owed = balances.groupby(OpenInstallment.account)[OpenInstallment.total].sum()
    group_of = balances.drop_duplicates(OpenInstallment.group, keep="last").set_index(OpenInstallment.group)[
        OpenInstallment.account
    ]
    credits = ledger.credits
    held = (
        (credits[LeftOver.credit] + credits[LeftOver.refund]).groupby(credits[LeftOver.group].map(group_of)).sum()
        if len(credits)
        else pd.Series(dtype="int64")
    )
    gone = registrations[registrations[Registration.closed].notna()]
    closed = gone.set_index(Registration.account)[Registration.closed]
    off = owed[owed.index.isin(closed.index) & (owed != 0)].index
    accounts = sorted({*held[held > 0].index, *off})
    names = pd.concat(
        [roll.set_index(Parcel.account)[Parcel.owner], registrations.set_index(Registration.account)[Registration.name]]
    )
    names = names[~names.index.duplicated(keep="last")]
    paid = (
        cash_book.loc[cash_book[CashLine.kind].isin(("Payment", "Prepayment"))]
        .groupby(CashLine.account)[CashLine.received]
        .max()
    )
    rows = []
    for account in accounts:
        has, owes, shut = int(held.get(account, 0)), int(owed.get(account, 0)), account in closed.index
        todo = (
            "Offset the credit against the balance." if has and owes
            else "Closed: refund the credit." if has and shut
            else "Refund the credit, or keep it for the next bill." if has
            else "Closed: collect the balance, or adjust with authority."
        )  # fmt: skip
        rows.append(
            {CreditAccount.account: account, CreditAccount.name: names.get(account, ""), CreditAccount.standing: "Closed" if shut else "Open",
             CreditAccount.closed: closed.get(account, pd.NaT), CreditAccount.credit: has, CreditAccount.balance: owes,
             CreditAccount.last_paid: paid.get(account, pd.NaT), CreditAccount.to_do: todo}
        )  # fmt: skip
    table = pd.DataFrame(rows, columns=list(CREDIT_ACCOUNTS.names))
    return table.astype(
        {
            CreditAccount.credit: "int64",
            CreditAccount.balance: "int64",
            CreditAccount.closed: "datetime64[s]",
            CreditAccount.last_paid: "datetime64[s]",
        }
    )
