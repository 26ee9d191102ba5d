"""What it takes to pay an account off: itemised for a day, per diem, and for the business days ahead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from xltax.errors import BadValue
from xltax.law.agreements import Clearing
from xltax.law.interest import TieredAnnual
from xltax.law.profile import Profile
from xltax.ledger.facts import closed_days_of
from xltax.ledger.replay import Facts, Ledger, replay
from xltax.ledger.tables import BALANCES, CHARGES, QUOTE_GRID, RECEIPTS
from xltax.ledger.validate import typed
from xltax.money import Cents, dollars

LONGEST_GRID = 366
LONGEST_HOLD = 31
"""A quote is not good for longer than a month, whatever does not change."""
MONEY = ("Tax", "Interest", "Penalty", "Costs", "Total")


def relevant(facts: Facts, town: Profile, on: dt.date) -> Facts:
    """The facts with only the receipts of the accounts (or their parties) charged here: a payoff takes one account's
    charges and the whole cash book."""
    charges = typed(facts.charges, CHARGES)
    if facts.receipts is None or not len(facts.receipts):
        return Facts(charges, facts.receipts, facts.adjustments, facts.closed_days)
    receipts = typed(facts.receipts, RECEIPTS)
    accounts = set(charges["Account"])
    mine = receipts["Account"].isin(accounts) | receipts["Directed"].isin(accounts)
    mine |= receipts["Reverses"].isin(
        set(receipts.loc[mine, "Receipt"])
    )  # a payment taken back, whatever account it says
    return Facts(charges, receipts[mine], facts.adjustments, facts.closed_days)


def account_facts(facts: Facts, town: Profile, account: str, on: dt.date) -> Facts:
    """The facts of an account, or of all its party's accounts where they share payments.

    Raises BadValue for an account that is not on the duplicate.
    """
    mine = facts.charges[facts.charges["Account"] == account]
    if not len(mine):
        raise BadValue(
            f'There is no account "{account}" on the duplicate.', where="account", do="Enter it as on the Roll."
        )
    if town.rule("allocation", on).params.group == "party" and (party := mine["Party"].iloc[0]):  # type: ignore[attr-defined]
        mine = facts.charges[facts.charges["Party"] == party]
    mine.attrs = dict(facts.charges.attrs)
    changes = facts.adjustments
    if changes is not None and len(changes):
        changes = changes[changes["Bill"].isin(set(mine["Bill"]))]
    return relevant(Facts(mine, facts.receipts, changes, facts.closed_days), town, on)


def only(ledger: Ledger, account: str) -> Ledger:
    """The ledger with one account's rows: a party's other accounts share payments, but are not in a quote of this one."""
    balances = ledger.balances[ledger.balances["Account"] == account]
    bills = set(balances["Bill"])

    def mine(table: pd.DataFrame) -> pd.DataFrame:
        return table[table["Bill"].isin(bills)] if len(table) else table

    return replace(ledger, balances=balances, periods=mine(ledger.periods), _postings=lambda: mine(ledger.postings))


def good_through(facts: Facts, town: Profile, account: str, on: dt.date) -> dt.date:
    """The last day on which the account's payoff is the same as on this day; a month on at the latest."""
    figure = total(only(replay(facts, town, on), account))
    for n in range(1, LONGEST_HOLD + 1):
        if total(only(replay(facts, town, on + dt.timedelta(days=n)), account)) != figure:
            return on + dt.timedelta(days=n - 1)
    return on + dt.timedelta(days=LONGEST_HOLD)


def uncleared(
    cash_book: pd.DataFrame, town: Profile, accounts: set[str], on: dt.date, closed_days: pd.DataFrame | None
) -> pd.DataFrame:
    """Payments on accounts that are not known to have cleared on a day: Receipt, Received, Tender, Amount, Clears.

    By the town's rule on clearing; empty where it has none. A tender that was not written down is waited for.
    """
    names = ["Receipt", "Received", "Tender", "Amount", "Clears"]
    found = town.find("clearing", on)
    if found is None or not len(cash_book):
        return pd.DataFrame(columns=names)
    rule = found.params
    assert isinstance(rule, Clearing)
    book = cash_book[cash_book["Account"].isin(accounts)]
    book = book[book["Kind"].isin(("Payment", "Prepayment")) & ~book["Receipt"].isin(set(cash_book["Reverses"]) - {""})]
    book = book[~book["Tender"].isin(rule.at_once) & (book["Received"] <= pd.Timestamp(on))]
    since = pd.Timestamp(on) - pd.Timedelta(days=3 * rule.business_days + 14)
    closed = closed_days_of(town, on, closed_days)
    rows = []
    for receipt, lines in book[book["Received"] >= since].groupby("Receipt", sort=False):
        received = lines["Received"].iloc[0].date()
        clears = rule.clears(received, closed)
        if clears > on:
            tender = lines["Tender"].iloc[0] or "not recorded"
            rows.append((receipt, received, tender, int(lines["Total"].sum()), clears))
    return pd.DataFrame(rows, columns=names)


def balances(ledger: Ledger) -> pd.DataFrame:
    """One row for each charge, with what is open on the day."""
    return ledger.balances[list(BALANCES.names)]


def payoff(ledger: Ledger) -> pd.DataFrame:
    """What is open, item by item, a discount that payment today would earn, credit on the account, and the total."""
    table = balances(ledger)
    table = table[table["Total"] != 0]
    rows = [table]
    saved, credit = _taken_off(ledger)
    for title, amount in (("Discount", -saved), ("Credit", -credit)):
        if amount:
            rows.append(_line(title, Tax=amount, Total=amount))
    everything = pd.concat(rows, ignore_index=True)
    sums = {c: int(everything[c].sum()) for c in MONEY}
    return pd.concat([everything, _line("Total", **sums)], ignore_index=True)


def _line(title: str, **money: Cents) -> pd.DataFrame:
    row: dict[str, object] = {c.name: (0 if c.kind in ("money", "year", "count") else "") for c in BALANCES.columns}
    frame = pd.DataFrame([row | {"Bill": title} | money])
    frame["Due"] = np.array(["NaT"], dtype="datetime64[s]")
    return frame[list(BALANCES.names)]


def total(ledger: Ledger) -> Cents:
    """The one figure that pays everything off on the day."""
    return int(ledger.balances["Total"].sum()) - sum(_taken_off(ledger))


def _taken_off(ledger: Ledger) -> tuple[Cents, Cents]:
    """The discount that payment today would earn, and the credit there is."""
    return int(ledger.balances["Discount"].sum()), int(ledger.credits["Credit"].sum())


def per_diem(facts: Facts, town: Profile, on: dt.date) -> Cents:
    """What waiting one more day costs: tomorrow's payoff less today's."""
    tomorrow = on + dt.timedelta(days=1)
    return total(replay(facts, town, tomorrow)) - total(replay(facts, town, on))


def grid(facts: Facts, town: Profile, start: dt.date, days: int) -> pd.DataFrame:
    """The payoff for each of the next business days, with what changes: grace ends, a tier is crossed, a month turns."""
    if not 1 <= days <= LONGEST_GRID:
        raise BadValue(f"{days} days are not a grid.", where="days", do=f"Ask for 1 to {LONGEST_GRID}.")
    open_days = closed_days_of(town, start, facts.closed_days).open_days(start, days)
    wanted = sorted({d + dt.timedelta(days=n) for d in open_days for n in (0, 1)})
    ledgers = {d: replay(facts, town, d) for d in wanted}
    totals = {d: total(ledger) for d, ledger in ledgers.items()}
    rows = []
    for n, day in enumerate(open_days):
        tomorrow = day + dt.timedelta(days=1)
        following = open_days[n + 1] if n + 1 < len(open_days) else tomorrow
        rows.append(
            {
                "Date": np.datetime64(day, "s"),
                "Total": totals[day],
                "Per Diem": totals[tomorrow] - totals[day],
                "Note": "; ".join(_notes(ledgers[day], town, day, following)),
            }
        )
    return pd.DataFrame(rows, columns=list(QUOTE_GRID.names))


def _notes(ledger: Ledger, town: Profile, day: dt.date, following: dt.date) -> Iterable[str]:
    """What a person who waits until the next business day should know."""
    open_rows = ledger.balances[ledger.balances["Tax"] > 0]
    for last, group in open_rows.groupby("Last Free Day"):
        if day <= last.date() < following:
            names = sorted(
                {
                    f"{y} installment {i}" if y else f"installment {i}"
                    for y, i in zip(group["Levy Year"], group["Inst"], strict=True)
                }
            )
            yield f"last free day for {', '.join(names)}"
    for due, group in open_rows.groupby("Due"):
        if day < due.date() <= following:
            yield f"{dollars(int(group['Tax'].sum()))} falls due {due.date()}"
    if day.year < following.year and town.find("penalty", dt.date(day.year, 12, 31)):
        late = int(open_rows.loc[open_rows["Late"], "Tax"].sum())
        penalty = town.rule("penalty", dt.date(day.year, 12, 31)).params
        if late > penalty.threshold and penalty.rate:  # type: ignore[attr-defined]
            yield "the year-end penalty is charged after December 31"
    if crossed := _tier_crossed(open_rows, town, day, following):
        yield crossed


def _tier_crossed(open_rows: pd.DataFrame, town: Profile, day: dt.date, following: dt.date) -> str:
    rule = town.find("interest", day, sort="interest")
    if rule is None or not isinstance(rule.params, TieredAnnual) or rule.params.bracket == "none":
        return ""
    late_now = int(open_rows.loc[open_rows["Last Free Day"] < pd.Timestamp(day), "Tax"].sum())
    late_then = int(open_rows.loc[open_rows["Last Free Day"] < pd.Timestamp(following), "Tax"].sum())
    for tier in rule.params.tiers:
        if tier.up_to is not None and late_now <= tier.up_to < late_then:
            return f"the delinquency passes {dollars(tier.up_to)}: the higher rate begins on {following}"
    return ""
