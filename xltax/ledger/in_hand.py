"""Money that is not applied yet: kept in lots, used on what falls due, offered to bills that are made. docs/replay.md says how.

A lot keeps its own day, from which it counts, and the day by which the bills it sees were made.
"""

from __future__ import annotations

from typing import Any

from xltax.ledger.accrual import half_up
from xltax.ledger.jit import jit
from xltax.ledger.kernel_types import FROM_CREDIT, FROM_RECEIPT, Facts, Law, Work
from xltax.ledger.paying import pay


@jit
def receive(law: Law, work: Work, era: Any, receipt: Any, day: int) -> None:
    """Applies one receipt. Any money left over becomes credit or goes on the refund list."""
    later = min(era.next_installment, era.at_once)
    left = pay(
        law, work, era, day, FROM_RECEIPT, receipt.row, receipt.amount, receipt.account, receipt.third_party, later, receipt.sees
    )  # fmt: skip
    if receipt.account >= 0 or era.next_installment == 0:
        work.now[0].refund += left
    else:
        keep(work, left, day, receipt.sees, -1)


@jit
def keep(work: Work, amount: int, day: int, sees: int, change: int) -> None:
    """Keeps money that is not applied. The lot that sees the fewest bills is used first, then the oldest lot."""
    now = work.now[0]
    if amount == 0:
        return
    if now.lots == len(work.lots):
        now.short = 1
        return
    at = now.lots
    while at > 0 and work.lots[at - 1].sees > sees:
        lot, before = work.lots[at], work.lots[at - 1]
        lot.amount, lot.day, lot.sees, lot.change = before.amount, before.day, before.sees, before.change
        at -= 1
    lot = work.lots[at]
    lot.amount, lot.day, lot.sees, lot.change = amount, day, sees, change
    now.lots += 1
    now.credit += amount


@jit
def use(work: Work, first: int, amount: int) -> None:
    """Takes money from the lots, starting with the lot at `first`."""
    now = work.now[0]
    now.credit -= amount
    while amount > 0:
        lot = work.lots[first]
        part = min(amount, lot.amount)
        lot.amount -= part
        amount -= part
        first += 1
    left = 0
    for i in range(now.lots):
        lot, to = work.lots[i], work.lots[left]
        if lot.amount > 0:
            to.amount, to.day, to.sees, to.change = lot.amount, lot.day, lot.sees, lot.change
            left += 1
    now.lots = left


@jit
def apply_credit(law: Law, work: Work, era: Any, day: int, made: int) -> None:
    """Applies the group's credit as the town's setting allows, to bills made by a day or seen by a lot."""
    now = work.now[0]
    if era.next_installment == 0:
        return
    first = 0
    while first < now.lots:
        sees = max(work.lots[first].sees, made)
        amount, after = 0, first
        while after < now.lots and max(work.lots[after].sees, made) == sees:
            amount += work.lots[after].amount
            after += 1
        left = pay(law, work, era, day, FROM_CREDIT, now.group, amount, -1, 0, era.at_once, sees)
        before = now.lots
        use(work, first, amount - left)
        first = after - (before - now.lots)


@jit
def make(law: Law, facts: Facts, work: Work, era: Any, item: Any, day: int) -> None:
    """A bill is made: the money in hand is offered to it. To one made after its last free day it counts from the money's own
    day, so the group is begun anew with what is promised to the bill."""
    now = work.now[0]
    charge = facts.charges[item.charge]
    kind = law.kinds[charge.kind]
    first_until = (
        law.discounts[kind.discount_low].until if kind.discount_high > kind.discount_low else kind.discount_until
    )
    late = max(kind.lapse, charge.since) <= day or (kind.discount_part > 0 and first_until < day)
    if late and era.next_installment == 1 and now.offered < item.made:
        now.offered = item.made
        for i in range(now.lots):
            lot = work.lots[i]
            if lot.sees < item.made and lot.day < day:
                promise(work, lot.amount, lot.day, item.made, lot.change)
                now.again = 1
    if now.again == 0:
        apply_credit(law, work, era, day, max(day, item.made))


@jit
def promise(work: Work, amount: int, day: int, sees: int, change: int) -> None:
    """Records the part of a lot promised to bills made late, in order of day."""
    now = work.now[0]
    if now.promises == len(work.promises):
        now.short = 1
        return
    at = now.promises
    while at > 0 and work.promises[at - 1].day > day:
        one, before = work.promises[at], work.promises[at - 1]
        one.amount, one.day, one.sees, one.change = before.amount, before.day, before.sees, before.change
        at -= 1
    one = work.promises[at]
    one.amount, one.day, one.sees, one.change = amount, day, sees, change
    now.promises += 1


@jit
def give(law: Law, work: Work, era: Any, one: Any, day: int) -> None:
    """Gives bills made late their promised part of a day's money. The rest stays in hand.

    What an adjustment frees later is given before it is free: `kept_of_freed` takes it off then.
    """
    now = work.now[0]
    amount = one.amount
    if one.change < 0:
        amount = 0
        for i in range(now.lots):
            lot = work.lots[i]
            if lot.change < 0 and lot.day == day and lot.sees < one.sees:
                part = min(one.amount - amount, lot.amount)
                lot.amount -= part
                amount += part
        use(work, 0, 0)
        now.credit -= amount
    left = pay(
        law, work, era, day, FROM_CREDIT, now.group, amount, -1, 0, min(era.next_installment, era.at_once), one.sees
    )
    one.given = amount - left
    if one.change < 0:
        keep(work, left, day, one.sees, -1)


@jit
def free(work: Work, item: Any, amount: int, row: int, day: int) -> int:
    """Turns settled tax that is no longer owed into credit, the last payment first, and returns its discount.

    Each part counts from the day it was paid; a discount is not paid back.
    """
    lost = 0
    while amount > 0 and item.settled_by > 0:
        note = work.settled[item.settled_by - 1]
        part = min(amount, note.tax)
        discount = half_up(note.discount * part, note.tax)
        note.tax -= part
        note.discount -= discount
        if note.tax == 0:
            item.settled_by = note.before
        keep(work, kept_of_freed(work, part - discount, note.day, row), note.day, day - 1, row)
        amount -= part
        lost += discount
    keep(work, amount, day, day - 1, row)
    return lost


@jit
def kept_of_freed(work: Work, amount: int, day: int, change: int) -> int:
    """The part of one day's money that an adjustment frees, less the part already given to bills made late."""
    now = work.now[0]
    for p in range(now.promises):
        one = work.promises[p]
        if one.change == change and one.day == day and one.given > 0:
            taken = min(one.given, amount)
            one.given -= taken
            amount -= taken
    return amount
