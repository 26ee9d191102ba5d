"""Last year's tax, the basis of preliminary installments, and checks for columns of the Roll that are blank."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from xltax.dates import short_date
from xltax.errors import BadValue
from xltax.law.installments import Installments
from xltax.law.profile import Profile
from xltax.ledger.facts import component_of
from xltax.ledger.ties import numbers
from xltax.ledger.wide import PRELIMINARY
from xltax.money import Cents, usd
from xltax.office.billing import levy_bills
from xltax.office.billing.roll_changes import MOST_NAMED
from xltax.tables import BY_RETURN_OR_USE, DISALLOWED, DUE, INST, SUPPLEMENTARY, Adjustment, Bill, Parcel
from xltax.tables.bills import OPENING_RUN
from xltax.tables.kinds import TAKES_BACK
from xltax.tables.table import Table
from xltax.wording import some

LOWERS_LEVY = ("Abatement", "Cancellation", "Correction Down", "Exemption")
_FEW, _FEW_OF = 20, 50
"""Up to 20 accounts, or one in fifty, without last year's tax may be new lots. More suggest that the column was not imported."""
PHYSICALLY_CHANGED = "physically changed"
"""The flag on the Roll for property that was built on or torn down since last year's bill."""
_SURELY_HOMES = 10
"""A roll of this many parcels has at least one owner-occupied home."""


def ordinary(duplicate: Table[Bill], year: int) -> Table[Bill]:
    """The bills of a year's roll, without added and supplemental bills, charges by return or use, and disallowed deductions."""
    other = duplicate[Bill.levy_type].isin(SUPPLEMENTARY + BY_RETURN_OR_USE) | (duplicate[Bill.part] == DISALLOWED)
    return duplicate[(duplicate[Bill.levy_year] == year) & ~other]


def preliminary_only(bills: Table[Bill], town: Profile, year: int) -> Table[Bill]:
    """The bills whose last installments have not been billed, without $0.00 bills of exempt parcels."""
    half = not_completed(bills, town)
    kinds = {kind for kind in bills.loc[half, Bill.levy_type].unique() if levy_bills.first_parts(town, year, kind)}
    return bills[half & bills[Bill.levy_type].isin(kinds)]


def not_completed(bills: Table[Bill], town: Profile) -> pd.Series[bool]:
    """Whether each bill has no gross tax yet and no installment after its preliminary ones."""
    open_ = pd.Series(False, index=bills.index)
    for (year, kind), mine in bills.groupby([Bill.levy_year, Bill.levy_type]):
        later = 1 + (levy_bills.first_parts(town, int(year), str(kind)) or PRELIMINARY)
        open_[mine.index] = (mine[Bill.gross_tax] == 0) & (mine[INST[later]] == 0) & mine[DUE[later]].isna()
    return open_


def prior_tax(duplicate: Table[Bill], adjustments: Table[Adjustment], year: int) -> dict[str, Cents]:
    """Last year's tax by account as finally levied: the billed tax less later reductions. Increases do not count.

    Added assessments and opening balances do not count.
    """
    return _levied(duplicate, adjustments, year, second_half=False)


def prior_second_half(duplicate: Table[Bill], adjustments: Table[Adjustment], year: int) -> dict[str, Cents]:
    """The second half of last year's tax by account as finally levied."""
    return _levied(duplicate, adjustments, year, second_half=True)


def _levied(
    duplicate: Table[Bill], adjustments: Table[Adjustment], year: int, *, second_half: bool
) -> dict[str, Cents]:
    last = ordinary(duplicate, year - 1)
    last = last[last[Bill.run] != OPENING_RUN]
    lowered = adjustments[adjustments[Adjustment.kind].isin(LOWERS_LEVY) & (component_of(adjustments) == "tax")]
    lowered = lowered[
        ~lowered[Adjustment.no].isin(set(numbers(adjustments, TAKES_BACK)))
    ]  # what was taken back never was
    net = last[Bill.net_tax]
    if second_half:
        lowered = lowered[lowered[Adjustment.inst] > PRELIMINARY]
        net = last[Bill.inst_3] + last[Bill.inst_4]
    off = lowered.groupby([Adjustment.bill, Adjustment.part])[Adjustment.amount].sum()
    rows = pd.MultiIndex.from_frame(last[[Bill.bill, Bill.part]])
    tax = net.to_numpy() - off.reindex(rows, fill_value=0).to_numpy()
    totals = pd.Series(tax, index=last[Bill.account].to_numpy()).groupby(level=0).sum()
    return {str(account): int(cents) for account, cents in totals.items()}


def with_changed(
    prior: Mapping[str, Cents],
    roll: Table[Parcel],
    town: Profile,
    year: int,
    last_rates: Mapping[str, Mapping[str, Fraction]],
) -> dict[str, Cents]:
    """Last year's tax by account. For property that physically changed, where the law says so: this year's value at last year's rate.

    last_rates: last year's, by levy type and part.
    """  # fmt: skip
    taxes = dict(prior)
    for kind, rows in roll.groupby(Parcel.levy_type, sort=False):
        found = town.find(Installments, dt.date(year, 1, 1), str(kind))
        changed = rows[rows[Parcel.flags].str.lower().str.contains(PHYSICALLY_CHANGED, regex=False)]
        if found is None or found.params.preliminary_base != "prior_rate_on_value" or not len(changed):
            continue
        if not last_rates.get(str(kind)):
            raise BadValue(
                f"{some(len(changed), f'{kind} account')} on the Roll {'is' if len(changed) == 1 else 'are'} flagged {PHYSICALLY_CHANGED}. "
                f"Their first bill needs the rate of {year - 1}, and the Rates sheet does not have it.",
                where="Rates",
                do=f"Enter the {kind} rate of {year - 1} on the Rates sheet.",
            )
        levy, rate = levy_bills.levy_rule(town, year - 1, str(kind)), sum(last_rates[str(kind)].values(), Fraction(0))
        columns = (changed[name] for name in (Parcel.account, Parcel.net_value, Parcel.deductions))
        taxes |= {account: levy.tax(int(value), rate, int(off)) for account, value, off in zip(*columns, strict=True)}
    return taxes


@dataclass(frozen=True)
class Blank:
    """Accounts of one levy type without a Prior Tax: how many, which, and what this means for their bills."""

    kind: str
    of: int
    accounts: tuple[tuple[str, Cents], ...]  # with this year's tax; before the rate is known, with their value
    what: str

    @property
    def few(self) -> bool:
        """Whether these accounts may be new lots."""
        n = len(self.accounts)
        return n <= max(_FEW, self.of // _FEW_OF) and 2 * n < self.of

    def words(self) -> str:
        named = ", ".join(f"{account} ({usd(cents)})" for account, cents in self.accounts[:MOST_NAMED])
        more = f" and {len(self.accounts) - MOST_NAMED:,} more" if len(self.accounts) > MOST_NAMED else ""
        have = "has" if len(self.accounts) == 1 else "have"
        total = usd(sum(cents for _, cents in self.accounts))
        return (
            f"{len(self.accounts):,} of {some(self.of, f'{self.kind} account')} {have} no prior tax: Prior Tax on the Roll "
            f"is blank, and no bill was made last year. {self.what.format(total=total)} {named}{more}."
        )


def blank_prior(
    roll: Table[Parcel],
    town: Profile,
    year: int,
    prior: Mapping[str, Cents],
    second: Mapping[str, Cents],
    rates: Mapping[str, Mapping[str, Fraction]],
    of: Mapping[str, int] | None = None,
) -> list[Blank]:
    """The accounts whose first installments would be $0.00 because last year's tax is unknown.

    rates: this year's, empty for preliminary bills. of: how many accounts of each levy type are on the roll, billed or not. A parcel without value or without tax needs no prior tax.
    """  # fmt: skip
    found = []
    for kind, rows in roll[roll[Parcel.net_value] > 0].groupby(Parcel.levy_type, sort=False):
        split = levy_bills.rule_for(town, year, str(kind))
        if split.split != "preliminary":
            continue
        by_half = split.preliminary_base == "half_of_second_half"
        known = rows[Parcel.account].isin(set(second if by_half else prior))
        if not by_half:
            known |= rows[Parcel.prior_tax] != 0
        mine = rows[~known]
        if not len(mine):
            continue
        dates = [short_date(day) for day in split.due_dates(year)]
        first, later = (" and ".join(days) for days in (dates[: split.first_parts], dates[split.first_parts :]))
        if rates:
            levy = levy_bills.levy_rule(town, year, str(kind))
            rate = sum(rates.get(str(kind), {}).values(), Fraction(0))
            owed = [
                levy.tax(int(v), rate, int(d))
                for v, d in zip(mine[Parcel.net_value], mine[Parcel.deductions], strict=True)
            ]
            what = f"Their whole tax of {{total}} falls due on {later}:"
        else:
            owed = [int(v) for v in mine[Parcel.net_value]]
            what = f"Their bills for {first} are $0.00. Their net value is {{total}}:"
        accounts = tuple((a, o) for a, o in zip(mine[Parcel.account], owed, strict=True) if o)
        if accounts:
            found.append(Blank(str(kind), (of or {}).get(str(kind), len(rows)), accounts, what))
    return found


def refuse_blank_prior(found: list[Blank], answer: bool) -> None:
    """Asks before billing if so many accounts lack last year's tax that the column was probably not imported."""
    many = [b for b in found if not b.few]
    if many and not answer:
        raise BadValue(
            " ".join(b.words() for b in many), where="Roll, Prior Tax",
            do="No bill was made. Import the roll with last year's tax in Prior Tax. If there was no tax last year, enter yes for no prior tax.",
        )  # fmt: skip


def refuse_no_homes(roll: Table[Parcel], town: Profile, year: int, answer: bool) -> str:
    """Asks before billing if homes have their own schedule and no parcel is flagged as a home; gives the message."""
    said = []
    for kind, rows in roll[roll[Parcel.net_value] > 0].groupby(Parcel.levy_type, sort=False):
        rule = levy_bills.rule_for(town, year, str(kind))
        if not rule.home_due or any(map(levy_bills.is_home, rows[Parcel.flags])):
            continue
        dates = " and ".join(short_date(day) for day in rule.for_home().due_dates(year))
        value = usd(int(np.int64(rows[Parcel.net_value].sum())))
        what = (
            f"{some(len(rows), f'{kind} parcel')}, net value {value}: none is flagged owner-occupied on the Roll. Bills for homes "
            f"are due {dates}. All of these bills are due {short_date(rule.due_dates(year)[0])}."
        )
        if len(rows) >= _SURELY_HOMES and not answer:
            raise BadValue(
                what, where="Roll, Flags",
                do="No bill was made. Enter owner-occupied in Flags for each home. If there are no homes, enter yes for no homes.",
            )  # fmt: skip
        said.append(what)
    return " ".join(said)
