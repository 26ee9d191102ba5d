"""The replay on a town and on a state, one payoff and a grid of them, and the command line's first word."""

from __future__ import annotations

import datetime as dt
import resource
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from tests.bench import town
from xltax.law.load import load
from xltax.ledger import jit
from xltax.ledger import kernel_types as r
from xltax.ledger.facts import Facts, closed_days_of
from xltax.ledger.lawbook import Dated, LawBook
from xltax.ledger.replay import _Replay, replay, run
from xltax.office.quotes import payoff as quotes


def least_time(work: Callable[[], object], times: int = 5) -> float:
    """The least processor time a piece of work takes in this process, of several tries."""
    least = float("inf")
    for _ in range(times):
        start = time.process_time()
        work()
        least = min(least, time.process_time() - start)
    return least


# ---- a town ----------------------------------------------------------------------------------------------------------


def whole_town() -> list[tuple[str, str, float, float | None]]:
    """Balances of the whole town from its facts as numbers, and from its tables; and with one account that is paid often."""
    law = load(town.TOWN)
    facts = town.town()
    busy = town.with_one_busy_account(facts)
    laid, laid_busy = (_Replay(f, law, [town.AS_OF], None, False) for f in (facts, busy))

    def figures(one: _Replay) -> Callable[[], object]:
        return lambda: run(one.law, one.laid.facts, [town.AS_OF], posts=0, compiled=True)

    table, receipts = facts.charges, facts.receipts
    account = np.concatenate([table["Account"], table["Account"], receipts["Account"]])
    number = np.unique(account, return_inverse=True)[1]
    day = np.concatenate([table["Due"], table["Due"], receipts["Received"]])
    figures(laid)()
    sort, ours, theirs = (
        least_time(w, 9) for w in (lambda: np.lexsort((day, number)), figures(laid), figures(laid_busy))
    )
    tables = least_time(lambda: replay(facts, law, town.AS_OF).balances, 3)
    size = f"{table['Account'].nunique():,} parcels, {len(table):,} installments, {len(receipts):,} receipts"
    sorting = f"np.lexsort of the same {len(day):,} events by account and date"
    return [
        (f"whole-town balances: {size}", sorting, ours / sort, 10),
        ("the same from typed tables to a table of balances", sorting, tables / sort, None),
        ("the same town with one account of 5,000 more receipts", "the town without them", theirs / ours, 1.2),
    ]


# ---- one account -----------------------------------------------------------------------------------------------------


def one_payoff() -> list[tuple[str, str, float, float | None]]:
    """A payoff of one account with 40 charges and 60 receipts, in milliseconds; and a grid of 30 days.

    In a program just started it is replayed plain; one that stays open has the compiled kernel loaded after a while.
    """
    law = load(town.TOWN)
    account = town.town(parcels=2, receipts=30).charges
    account = account.with_columns({"Account": "1-1", "Bill": [f"B{n}" for n in range(40)]})
    received = account["Due"].to_numpy().repeat(2)[:60] + np.timedelta64(20, "D")
    paid = town.payments(np.full(60, "1-1", dtype=object), received, np.full(60, 500_00))
    facts = Facts(account, paid)
    start = dt.date(2025, 1, 6)

    def payoff() -> object:
        return quotes.total(replay(facts, law, start))

    def grid() -> object:
        return quotes.grid(facts, law, start, 30)

    payoff()
    plain, plain_grid = least_time(payoff, 20), least_time(grid, 3)
    jit.compiled()
    one, one_grid = least_time(payoff, 50), least_time(grid, 20)
    size = "one payoff of 40 charges and 60 receipts"
    return [
        (f"{size}, milliseconds, in a program that stays open", "-", 1000 * one, 5),
        ("a 30-day grid of it", "one payoff", one_grid / one, 3),
        (f"{size}, milliseconds, where nothing is compiled", "-", 1000 * plain, None),
        ("a 30-day grid of it", "that payoff", plain_grid / plain, None),
    ]


# ---- the command line ------------------------------------------------------------------------------------------------


def first_word() -> list[tuple[str, str, float, float | None]]:
    """What `xltax --help` costs over a Python that does nothing, in seconds of processor time."""

    def child(*command: str) -> float:
        least = float("inf")
        for _ in range(7):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, *command], capture_output=True, check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            least = min(least, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        return least

    over = child("-m", "xltax.cli", "--help") - child("-c", "pass")
    return [("xltax --help, seconds", "over python -c pass", over, 0.2)]


# ---- a state ---------------------------------------------------------------------------------------------------------


def whole_state() -> list[tuple[str, str, float, float | None]]:
    """A state's balances, each size in a process of its own so that its peak of memory is its own."""
    small, large = (_state(parcels) for parcels in (350_000, 3_500_000))
    size = "a state: 3,500,000 parcels, 14,000,000 installments, 10,000,000 receipts, made in place"
    return [
        (size, "a numpy copy of the arrays it reads and writes", large[0] / large[1], 60),
        ("its peak of memory, GB", "-", large[2], 4),
        ("the same", "a tenth of it", large[0] / small[0], 11),
    ]


def _state(parcels: int) -> list[float]:
    command = [sys.executable, "-m", "tests.bench.figures", str(parcels)]
    told = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return [float(x) for x in told.split()]


def state_facts(parcels: int, first: int = 0) -> tuple[r.Law, r.Facts]:
    """A year's four quarters for so many parcels, and five receipts for every seven installments, as numbers at once.

    Which receipt pays how much, and when, follows from the parcel's number, so any part can be made by itself.
    """
    law = load(town.TOWN)
    book = LawBook(law, closed_days_of(law, town.AS_OF, None))
    days = [dt.date(2024, int(d[:2]), int(d[3:])).toordinal() for d in town.DUE]
    for day in days:
        book.kind(Dated("RE", "", dt.date.fromordinal(day), 2024), town.AS_OF)
    book.lay_out_policies(np.array(days))
    parcel = np.arange(first, first + parcels, dtype=np.int64)
    amount = 300_00 + parcel * 7_919 % 2_000_00
    charges = np.zeros(4 * parcels, r.CHARGE)
    charges["amount"] = np.repeat(amount, 4)
    charges["kind"] = np.tile(np.arange(4), parcels)
    charges["account"] = np.repeat(parcel - first, 4)
    charges["unsecured"] = r.NEVER
    # Of every seven parcels six pay three quarters and one pays two: 20 receipts for 28 installments.
    paid = np.where(parcel % 7 == 0, 2, 3)
    edges = np.concatenate([[0], np.cumsum(paid)])
    quarter = np.arange(edges[-1]) - np.repeat(edges[:-1], paid)
    receipts = np.zeros(edges[-1], r.MONEY)
    receipts["amount"] = np.repeat(amount, paid)
    receipts["day"] = np.array(days)[quarter] + np.repeat(parcel * 31 % 60 - 5, paid)
    receipts["account"] = -1
    groups = np.zeros(parcels + 1, r.GROUP)
    groups["charge"], groups["receipt"] = 4 * np.arange(parcels + 1), edges
    return book.law(), r.Facts(charges, receipts, np.zeros(0, r.CHANGE), groups)


def in_this_process(parcels: int) -> None:
    """Prints the time to replay a state, the time to copy its arrays, and the peak of memory in GB."""
    run(*state_facts(1_000), [town.AS_OF], posts=0, compiled=True)
    law, facts = state_facts(parcels)
    ours = least_time(lambda: run(law, facts, [town.AS_OF], posts=0, compiled=True), 2)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    written = np.zeros(len(facts.charges), r.FIGURE), np.zeros(len(facts.groups), r.OVER)
    copy = least_time(lambda: [array.copy() for array in (*facts, *written)], 3)
    print(ours, copy, peak)


if __name__ == "__main__":
    in_this_process(int(sys.argv[1]))
