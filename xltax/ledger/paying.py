"""How a payment settles tax: posting lines, discounts on an installment, and those that take the whole bill.

Part of the kernel, in the same part of Python; docs/replay.md says what each discount asks for.
"""

from __future__ import annotations

from typing import Any

from xltax.ledger.accrual import accrue_untiered, half_up
from xltax.ledger.jit import jit
from xltax.ledger.records import FULL_BILL, FULL_INSTALLMENT, INTEREST, PENALTY, TAX, Work


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
def share_off(item: Any) -> int:
    """The discount on the tax of an installment, what was paid of it before included, as far as tax is open."""
    return min(item.open, half_up((item.open + item.paid) * item.discount_part, item.discount_whole))


@jit
def may_be_earned(item: Any, day: int) -> bool:
    """Whether a payment in full can still earn the discount: in time, and the first, or with earlier ones counting."""
    return day <= item.discount_until and (item.paid == 0 or item.discount_parts == 1)


@jit
def pay_tax(posts: Any, now: Any, source: int, index: int, day: int, item: Any, left: int) -> int:
    """Pays tax of an item, with its discount where it is earned; gives what is left of the money."""
    need = item.open
    discount = 0
    if item.discount_part > 0 and item.discount_full != FULL_BILL and day <= item.discount_until and need > 0:
        part, whole = item.discount_part, item.discount_whole
        if item.discount_full == FULL_INSTALLMENT:
            most = share_off(item)
            if may_be_earned(item, day) and left >= need - most:
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
        log(posts, now, source, index, day, item, TAX, cash + discount, discount)
    return left - cash


@jit
def whole_bill_off(work: Work, item: Any, day: int) -> int:
    """The discount for paying now all that is open of an item's bill; -1 where it cannot be earned any more.

    Every installment and part of the bill is looked at, due or not: one payment has to be the first on any of them, unless
    earlier payments count; and what is held for litigation is not one bill with what is not.
    """
    off, in_parts, paid = 0, 1, 0
    for i in range(work.now[0].size):
        other = work.items[i]
        if other.bill != item.bill or other.account != item.account:
            continue
        if other.hold != item.hold:
            return -1
        paid += other.paid
        if other.discount_part > 0 and other.discount_full == FULL_BILL:
            if day > other.discount_until:
                return -1
            in_parts = min(in_parts, other.discount_parts)
            off += half_up((other.open + other.paid) * other.discount_part, other.discount_whole)
    return -1 if paid > 0 and in_parts == 0 else off


@jit
def pay_whole_bill(versions: Any, work: Work, source: int, index: int, day: int, item: Any, left: int) -> int:
    """Settles the whole bill of an item where the money covers it less its discount; else takes nothing of the money.

    Each installment gets its own share of the discount; what an earlier payment left over of it goes to the first open ones.
    """
    now = work.now[0]
    off = whole_bill_off(work, item, day) if item.open > 0 else -1
    if off <= 0:
        return left
    opened, shares = 0, 0
    for i in range(now.size):
        other = work.items[i]
        if other.bill == item.bill and other.account == item.account and other.open > 0:
            opened += other.open
            if other.discount_part > 0 and other.discount_full == FULL_BILL:
                shares += share_off(other)
    off = min(off, opened)
    if left < opened - off:
        return left
    spare = off - shares
    for i in range(now.size):
        other = work.items[i]
        if other.bill != item.bill or other.account != item.account or other.open <= 0:
            continue
        mine = 0
        if other.discount_part > 0 and other.discount_full == FULL_BILL:
            mine = share_off(other)
        more = min(spare, other.open - mine)
        spare -= more
        mine += more
        cash = other.open - mine
        accrue_untiered(versions, work.periods, now, other, day)
        lower_tax(other, cash + mine)
        other.paid += cash
        left -= cash
        log(work.posts, now, source, index, day, other, TAX, cash + mine, mine)
    return left
