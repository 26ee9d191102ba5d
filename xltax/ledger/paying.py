"""What a payment pays: the steps of the allocation rule over a group's installments, and the lines that record it."""

from __future__ import annotations

from typing import Any

from xltax.ledger.accrual import accrue_untiered, half_up, owed, round_by_account
from xltax.ledger.jit import jit
from xltax.ledger.records import COSTS, INTEREST, PENALTY, TAX, Law, Work


@jit
def posting_line(posts: Any, now: Any, source: int, index: int, day: int, charge: int) -> int:
    """The place of a new posting line with nothing in it; lines beyond the room there is fall on the last one."""
    at = min(now.posts, len(posts) - 1)
    now.posts += 1
    post = posts[at]
    post.source, post.index, post.day, post.charge = source, index, day, charge
    post.tax, post.interest, post.penalty, post.costs, post.discount = 0, 0, 0, 0, 0
    return at


@jit
def log(
    posts: Any, now: Any, source: int, index: int, day: int, item: Any, column: int, amount: int, discount: int
) -> None:
    """Adds to this event's posting line for an item: one line for an event and an installment."""
    at = item.line
    if at < 0 or posts[at].source != source or posts[at].index != index or posts[at].day != day:
        at = posting_line(posts, now, source, index, day, item.charge)
        item.line = at
    post = posts[at]
    post.discount += discount
    if column == TAX:
        post.tax += amount
    elif column == INTEREST:
        post.interest += amount
    elif column == PENALTY:
        post.penalty += amount
    else:
        post.costs += amount


@jit
def lower_tax(item: Any, amount: int) -> None:
    """Takes tax off an installment; under a latched tier the part at the lower rate is paid first."""
    item.open -= amount
    item.low -= min(item.low, amount)


@jit
def pay_tax(work: Work, source: int, index: int, day: int, item: Any, left: int) -> int:
    """Pays tax of an item, with its discount where it is earned; gives what is left of the money."""
    now = work.now[0]
    need = item.open
    discount = 0
    if item.discount_part > 0 and day <= item.discount_until and need > 0:
        part, whole = item.discount_part, item.discount_whole
        if item.discount_full == 1:
            most = half_up(need * part, whole)
            if item.paid == 0 and left >= need - most:
                discount = most
        else:
            discount = half_up(need * part, whole)
            if left < need - discount:
                need = min(need, half_up(left * whole, whole - part))
                discount = need - min(left, need)
    cash = min(left, need - discount)
    if cash > 0 or discount > 0:
        lower_tax(item, cash + discount)
        item.paid += cash
        log(work.posts, now, source, index, day, item, TAX, cash + discount, discount)
        note_settled(work, item, cash + discount, discount, day)
    return left - cash


@jit
def note_settled(work: Work, item: Any, tax: int, discount: int, day: int) -> None:
    """Notes the day a payment settled tax: should the tax be lowered later, what that frees counts from this day."""
    now = work.now[0]
    if now.settled == len(work.settled):
        now.short = 1
        return
    note = work.settled[now.settled]
    note.tax, note.discount, note.day, note.before = tax, discount, day, item.settled_by
    now.settled += 1
    item.settled_by = now.settled


@jit
def settle(now: Any, clock: Any, left: int) -> int:
    """Pays what has accrued on a clock as far as the money goes; gives how much that was."""
    paid = min(left, owed(now, clock))
    clock.settled += paid
    clock.due -= paid
    return paid


@jit
def pay_column(work: Work, source: int, index: int, day: int, item: Any, column: int, left: int) -> int:
    """Pays one column of one installment; gives what is left of the money."""
    if column == TAX:
        return pay_tax(work, source, index, day, item, left) if item.open > 0 else left
    now = work.now[0]
    paid = 0
    if column == COSTS:
        paid = min(left, item.costs)
        item.costs -= paid
    elif column == PENALTY:
        paid = min(left, item.penalty)
        item.penalty -= paid
        paid += settle(now, item.accruing_penalty, left - paid)
    else:
        paid = settle(now, item.interest, left)
    if paid > 0:
        log(work.posts, now, source, index, day, item, column, paid, 0)
    return left - paid


@jit
def close_if_paid(now: Any, item: Any) -> None:
    """Marks an installment on which nothing is open, so that later payments need not look at it."""
    if item.open <= 0 and item.costs == 0 and item.penalty == 0:
        item.closed = 1 if owed(now, item.interest) == 0 and owed(now, item.accruing_penalty) == 0 else 0


@jit
def may_pay(era: Any, step: Any, item: Any, day: int, account: int, third_party: int, sees: int) -> bool:
    """Whether a step of the allocation reaches an item: right account, made by the day the money sees, not held for
    litigation, secured that day or not."""
    if item.closed == 1 or item.made > sees or (account >= 0 and item.account != account):
        return False
    if item.hold == 1 and era.skip_litigation == 1 and third_party == 0:
        return False
    return step.of == 0 or (step.of == 1) == (day < item.unsecured)


@jit
def pay(
    law: Law, work: Work, era: Any, day: int, source: int, index: int, amount: int, account: int, third_party: int, later: int,
    sees: int,
) -> int:  # fmt: skip
    """Applies money to the group's installments in the order of the allocation rule; gives what is left over.

    First to what is due; then, where `later` is 1, to what is still to fall due. Bills made after the day the money
    `sees` are not there for it.
    """
    now = work.now[0]
    left = amount
    while now.closed < now.size and work.items[now.closed].closed == 1:
        now.closed += 1
    first = now.closed
    if now.by_account == 1:
        first = 0
        round_by_account(law.versions, work, day)
    for turn in range(1 + later):
        for s in range(era.step_low, era.step_high):
            step = law.steps[s]
            for i in range(first, now.size):
                item = work.items[i]
                if left == 0:
                    return 0
                if turn == 0 and item.due > day:
                    break
                if (turn == 1 and item.due <= day) or not may_pay(era, step, item, day, account, third_party, sees):
                    continue
                accrue_untiered(law.versions, work.periods, now, item, day)
                for c in range(4):
                    if step.pay[c] >= 0 and left > 0:
                        left = pay_column(work, source, index, day, item, step.pay[c], left)
                close_if_paid(now, item)
    return left
