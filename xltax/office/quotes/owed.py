"""What an account owes on a day, to whom, and what pays it: one answer for quotes, tax searches, cards and letters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from xltax.law.allocation import Allocation
from xltax.law.profile import Profile
from xltax.ledger.facts import Facts
from xltax.ledger.replay import Ledger, replay
from xltax.money import Cents
from xltax.office.billing.amounts_by_day import takes_the_bill
from xltax.office.quotes import payoff
from xltax.tables import QUOTE_GRID, Balance, Charge, PayoffDay
from xltax.tables.enforcement import WARRANT_MONEY, WARRANTS, Warrant, WarrantMoney
from xltax.tables.replayed import LeftOver, OpenInstallment, Posting
from xltax.tables.schema import Column, Row
from xltax.tables.table import Table


class FeeOwed(Row):
    """An officer's fee that is still owed on a warrant, and whose warrant it is."""

    warrant = WARRANT_MONEY["Warrant"]
    officer = WARRANTS["Officer"]
    served = WARRANTS["Served"]
    account = WARRANTS["Account"]
    party = WARRANTS["Party"]
    fee = Column("Fee", "money", "The part of the fee that is not paid yet.")


KEY = ["Bill", "Part", "Inst"]
OWNER, THIRD_PARTY = "owner", "third party"
FEE = "Warrant {no}, officer's fee"


@dataclass(frozen=True)
class OfficerFee:
    """The part of an officer's fee on a served warrant that is still owed."""

    warrant: str
    officer: str
    served: dt.date
    amount: Cents


@dataclass(frozen=True)
class Elsewhere:
    """A bill whose lien was assigned: the debt is owed to the holder."""

    lien: str
    bill: str
    holder: str
    since: dt.date


@dataclass(frozen=True)
class Redeems:
    """What redeems a tax-sale certificate on the day, in addition to the open taxes on the Duplicate."""

    certificate: str
    holder: str  # blank: the municipality
    sold: dt.date
    amount: Cents  # 0 where the town's law has no rule for redemptions
    next_day: Cents  # what the next day adds


@dataclass(frozen=True)
class Petition:
    """A bankruptcy that stays collection, with the amounts owed before and after the petition."""

    day: dt.date | None
    docket: str
    before: Cents
    after: Cents


@dataclass(frozen=True)
class Plan:
    """A payment agreement in force, and where it stands on the day."""

    agreement: str
    status: str
    behind: Cents
    next_due: dt.date | None
    next_payment: Cents


@dataclass(frozen=True)
class Way:
    """Who must send a payment of the quoted amount, and with which instructions, so that it pays what is quoted."""

    by: str = OWNER
    directed: bool = False  # a written instruction names the account
    pays_due: bool = True
    pays_later: bool = True  # what is not yet due can be paid ahead


@dataclass
class Owed:
    """What one account owes on a day. `every` is the ledger of all accounts whose payments are shared with it.

    Due today and the total are the town's. They do not include bills in litigation that an owner's payment does not reach,
    debts owed to the holder of an assigned lien, or the redemption of a certificate. Each of these is shown separately.
    """

    account: str
    on: dt.date
    town: Profile
    facts: Facts
    every: Ledger
    billed: bool = True  # whether the Duplicate has a bill of the account
    fees: Sequence[OfficerFee] = ()
    assigned: Sequence[Elsewhere] = ()
    certificates: Sequence[Redeems] = ()
    petition: Petition | None = None
    plans: Sequence[Plan] = ()
    holds: frozenset[str] = frozenset()  # bills in litigation

    # ---- the sums ------------------------------------------------------------------------------------------------

    @cached_property
    def ledger(self) -> Ledger:
        """The account's own rows."""
        return payoff.only(self.every, self.account)

    @cached_property
    def held(self) -> pd.DataFrame:
        """The open installments that an owner's payment does not reach, because they are in litigation."""
        rows = self.ledger.balances
        return rows[rows[OpenInstallment.bill].isin(self.holds) & (rows[OpenInstallment.total] != 0)]

    @cached_property
    def free(self) -> pd.DataFrame:
        """The account's other installments."""
        rows = self.ledger.balances
        return rows[~rows[OpenInstallment.bill].isin(self.holds)]

    @property
    def _is_due(self) -> pd.Series[bool]:
        return self.free[OpenInstallment.due] <= pd.Timestamp(self.on)

    @property
    def fee(self) -> Cents:
        return sum(f.amount for f in self.fees)

    @property
    def credit(self) -> Cents:
        return int(self.every.credits[LeftOver.credit].sum()) if len(self.every.credits) else 0

    @property
    def refund(self) -> Cents:
        """The amount on the refund list."""
        return int(self.every.credits[LeftOver.refund].sum()) if len(self.every.credits) else 0

    @property
    def taxes_due(self) -> Cents:
        """What pays the taxes and charges that are due."""
        due = self.free[self._is_due]
        return max(0, _sum(due) + self._for_the_whole_bill(due) - self.credit)

    def _for_the_whole_bill(self, rows: pd.DataFrame) -> Cents:
        """The discounts on these installments that require payment of the bill's later installments too."""
        split = rows[
            rows[OpenInstallment.bill].isin(set(self.later[OpenInstallment.bill]))
            & (rows[OpenInstallment.discount] > 0)
        ]
        lost = 0
        for row in split.to_dict("records"):
            due, kind, part = row[OpenInstallment.due].date(), row[OpenInstallment.levy_type], row[OpenInstallment.part]
            if takes_the_bill(self.town, kind, part, due):
                lost += int(row[OpenInstallment.discount])
        return lost

    @property
    def taxes(self) -> Cents:
        """What pays all taxes and charges billed, due or not."""
        return max(0, _sum(self.free) - self.credit)

    @property
    def due(self) -> Cents:
        """The amount due today, including the officer's fee."""
        return self.taxes_due + self.fee

    @property
    def total(self) -> Cents:
        """The amount that pays everything billed, including the officer's fee."""
        return self.taxes + self.fee

    @property
    def later(self) -> pd.DataFrame:
        """The installments that are billed but not due."""
        rows = self.free[~self._is_due]
        return rows[rows[OpenInstallment.total] != 0]

    @property
    def litigation(self) -> Cents:
        """The open amount on bills in litigation."""
        return int(self.held[OpenInstallment.total].sum())

    @property
    def with_litigation(self) -> Cents:
        """What pays everything billed where the payment reaches bills in litigation too."""
        return self.total + _sum(self.held)

    @property
    def clears(self) -> bool:
        """Whether the total clears the property: no bill in litigation, no assigned lien, no certificate stays open."""
        return not (self.litigation or self.assigned or self.certificates) and self.way.pays_later

    @property
    def everybody(self) -> Cents:
        """What pays everything billed on all accounts that share payments, without bills in litigation."""
        rows = self.every.balances
        return max(0, _sum(rows[~rows[OpenInstallment.bill].isin(self.holds)]) - self.credit) + self.fee

    # ---- how it has to be paid -----------------------------------------------------------------------------------

    @cached_property
    def way(self) -> Way:
        """The simplest payer and instruction with which the quoted amounts pay what they should: each is tried on the ledger."""
        best = Way(pays_due=False, pays_later=False)
        for by, directed in ((OWNER, False), (OWNER, True), (THIRD_PARTY, False)):
            due, later = self._pays(by, directed)
            if later:
                return Way(by, directed)
            if due and not best.pays_due:
                best = Way(by, directed, pays_later=False)
        return best

    @cached_property
    def reached_by_a_third_party(self) -> bool:
        """Whether a third party's payment pays the bills in litigation too."""
        return bool(len(self.held)) and not self._left(self.with_litigation - self.fee, THIRD_PARTY, False, None)

    def _pays(self, by: str, directed: bool) -> tuple[bool, bool]:
        due = not self.taxes_due or not self._left(self.taxes_due, by, directed, self.free[self._is_due])
        return due, due and (not self.taxes or not self._left(self.taxes, by, directed, self.free))

    def _left(self, amount: Cents, by: str, directed: bool, rows: pd.DataFrame | None) -> Cents:
        """What stays open on these installments (None: all of the account) after the amount is paid on the day."""
        if not amount and not len(self.facts.receipts):
            return 0
        facts = payoff.with_payments(
            self.facts, self.account, [(self.on, amount)], by, self.account if directed else ""
        )
        after = replay(facts, self.town, self.on)
        mine = payoff.only(after, self.account).balances
        if rows is not None:
            mine = mine[mine.set_index(KEY).index.isin(rows.set_index(KEY).index)]
        # Money kept for an installment that is not due yet pays it: where no other account can take it.
        kept = (
            int(after.credits[LeftOver.credit].sum()) if after.balances[OpenInstallment.account].nunique() == 1 else 0
        )
        return max(0, int(mine[OpenInstallment.total].sum()) - kept)

    # ---- the days ahead --------------------------------------------------------------------------------------------

    def _held_on(self, days: Iterable[dt.date]) -> dict[dt.date, Cents]:
        """The amount of bills in litigation on each day."""
        days = list(days)
        if not len(self.held):
            return dict.fromkeys(days, 0)
        ahead = payoff.ahead_of(self.facts, self.town, self.on, days).only(self.account)
        mine = ahead.charges[Charge.bill].isin(self.holds).to_numpy()
        sums = (ahead.owed - ahead.saved)[:, mine].sum(axis=1)
        return dict(zip(ahead.days, sums.tolist(), strict=True))

    @cached_property
    def per_diem(self) -> Cents:
        """The per diem: what one more day adds to the total."""
        if not self.billed:
            return 0
        tomorrow = self.on + dt.timedelta(days=1)
        held = self._held_on([self.on, tomorrow])
        return payoff.per_diem(self.facts, self.town, self.on, self.account) - (held[tomorrow] - held[self.on])

    @cached_property
    def through(self) -> dt.date:
        """The last day on which the total is the same."""
        return self.on if self.per_diem else payoff.good_through(self.facts, self.town, self.account, self.on)

    def grid(self, days: int) -> pd.DataFrame:
        """The total for each of the next business days, with what changes; the columns of QuoteGrid."""
        table = payoff.grid(self.facts, self.town, self.on, days, self.account)
        dates = [d.date() for d in table[PayoffDay.date]]
        held = self._held_on({*dates, *(d + dt.timedelta(days=1) for d in dates)})
        now = np.array([held[d] for d in dates], dtype=np.int64)
        then = np.array([held[d + dt.timedelta(days=1)] for d in dates], dtype=np.int64)
        table[PayoffDay.total] = np.maximum(0, table[PayoffDay.total].to_numpy(dtype=np.int64) - now) + self.fee
        table[PayoffDay.per_diem] = table[PayoffDay.per_diem].to_numpy(dtype=np.int64) - (then - now)
        return table[list(QUOTE_GRID.names)]

    @cached_property
    def shown(self) -> Ledger:
        """The account's ledger without bills in litigation: the installments behind the amounts and their interest."""

        def mine(table: pd.DataFrame) -> pd.DataFrame:
            return table[~table[Posting.bill].isin(self.holds)] if len(table) else table

        own = self.ledger
        return replace(own, balances=self.free, periods=mine(own.periods), _postings=lambda: mine(own.postings))

    # ---- as rows ---------------------------------------------------------------------------------------------------

    def table(self) -> pd.DataFrame:
        """The installments with what is open, a discount, credit, fees, and the total; the columns of Payoff."""
        rows = payoff.payoff(self.shown)[:-1]
        if self.credit:  # of it only what is used: the rest is not this account's to take off
            used = _sum(self.free) - self.taxes
            at = rows[Balance.bill] == "Credit"
            rows.loc[at, [Balance.tax, Balance.total]] = -used
            rows = rows[~at | (rows[Balance.total] != 0)]
        fees = [payoff.line(FEE.format(no=f.warrant), Costs=f.amount, Total=f.amount) for f in self.fees]
        everything = pd.concat([rows, *fees], ignore_index=True)
        sums = {c: int(everything[c].sum()) for c in payoff.MONEY}
        return pd.concat([everything, payoff.line("Total", **sums)], ignore_index=True)


def _sum(rows: pd.DataFrame) -> Cents:
    """What pays these installments: the open amount less the discount for payment on the day."""
    return int(rows[OpenInstallment.total].sum()) - int(rows[OpenInstallment.discount].sum())


def in_litigation(facts: Facts, town: Profile, on: dt.date) -> frozenset[str]:
    """The bills in litigation that an owner's payment does not reach on a day."""
    rule = town.rule(Allocation, on).params
    if rule.litigation != "skip" or not len(facts.charges):
        return frozenset()
    return frozenset(facts.charges.loc[facts.charges[Charge.hold] == "litigation", Charge.bill])


FEES = [FeeOwed.warrant, FeeOwed.officer, FeeOwed.served, FeeOwed.account, FeeOwed.party, FeeOwed.fee]


def officer_fees(warrants: Table[Warrant], money: Table[WarrantMoney], on: dt.date) -> pd.DataFrame:
    """The officers' fees still owed on each warrant, in cents, from service until the return."""
    day = pd.Timestamp(on)
    live = warrants[(warrants[Warrant.served] <= day) & ~(warrants[Warrant.returned] < day)]
    paid = (
        live[Warrant.no]
        .map(money[money[WarrantMoney.collected] <= day].groupby(WarrantMoney.warrant)[WarrantMoney.fee].sum())
        .fillna(0)
        .astype("int64")
    )
    fees = live.frame.rename(columns={Warrant.no: FeeOwed.warrant}).assign(Fee=live[Warrant.fee] - paid)
    return fees.loc[fees[FeeOwed.fee] > 0, FEES].reset_index(drop=True)


def fees_of(fees: pd.DataFrame, account: str, party: str) -> tuple[OfficerFee, ...]:
    """The fees on the warrants of an account and of its party. A warrant covers everything the party owes."""
    mine = fees[(fees[FeeOwed.account] == account) | ((fees[FeeOwed.party] == party) & (party != ""))]
    return tuple(
        OfficerFee(r[FeeOwed.warrant], r[FeeOwed.officer], r[FeeOwed.served].date(), int(r[FeeOwed.fee]))
        for r in mine.to_dict("records")
    )
