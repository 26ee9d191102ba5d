"""How a payment is applied: the steps of the allocation rule, the discounts, and the posting lines.

Part of the kernel, in the same part of Python; docs/replay.md says what each discount asks for.
"""

from __future__ import annotations

from typing import Any

from xltax.ledger.accrual import accrue_untiered, half_up, note_period, owed, round_by_account, total_by
from xltax.ledger.jit import jit
from xltax.ledger.kernel_types import (
    COSTS,
    FULL_BILL,
    FULL_INSTALLMENT,
    IN_ONE,
    INTEREST,
    PENALTY,
    TAX,
    Law,
    Work,
)


@jit
def posting_line(posts: Any, now: Any, source: int, index: int, day: int, charge: int) -> int:
    """The place of a new empty posting line. Lines beyond the available space share the last place."""
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
    """Subtracts tax from an installment. With a latched tier, the part at the lower rate is paid first."""
    item.open -= amount
    item.low -= min(item.low, amount)


@jit
def share_off(item: Any) -> int:
    """The discount on the whole tax of an installment, including tax already paid, but no more than the open tax."""
    return min(item.open, half_up((item.open + item.paid) * item.discount_part, item.discount_whole))


@jit
def may_be_earned(item: Any, day: int) -> bool:
    """Whether a payment in full can still earn the discount: in time, and the first payment unless earlier ones count."""
    return day <= item.discount_until and (item.paid == 0 or item.discount_parts == 1)


@jit
def pay_tax(work: Work, source: int, index: int, day: int, item: Any, left: int) -> int:
    """Pays tax of an item, with any earned discount, and returns the money left."""
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
        settle_tax(work, source, index, day, item, cash, discount)
    return left - cash


@jit
def settle_tax(work: Work, source: int, index: int, day: int, item: Any, cash: int, discount: int) -> None:
    """Settles tax of an item with money and the discount it earns."""
    lower_tax(item, cash + discount)
    item.paid += cash
    log(work.posts, work.now[0], source, index, day, item, TAX, cash + discount, discount)
    note_settled(work, item, cash + discount, discount, day)


@jit
def note_settled(work: Work, item: Any, tax: int, discount: int, day: int) -> None:
    """Records the day a payment settled tax. If the tax is lowered later, the freed money counts from this day."""
    now = work.now[0]
    if now.settled == len(work.settled):
        now.short = 1
        return
    note = work.settled[now.settled]
    note.tax, note.discount, note.day, note.before = tax, discount, day, item.settled_by
    now.settled += 1
    item.settled_by = now.settled


@jit
def of_one_bill(item: Any, other: Any, sees: int) -> bool:
    """Whether an installment belongs to the same bill and was made by the day the money sees."""
    return other.bill == item.bill and other.account == item.account and other.made <= sees


@jit
def whole_bill_off(work: Work, item: Any, day: int, sees: int) -> int:
    """The discount for paying an item's whole bill now; -1 if the discount can no longer be earned.

    Every installment and part of the bill is looked at, due or not: one payment has to be the first on any of them, unless
    earlier payments count; and what is held for litigation is not one bill with what is not.
    """
    off, in_parts, paid = 0, 1, 0
    for i in range(work.now[0].size):
        other = work.items[i]
        if not of_one_bill(item, other, sees):
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
def pay_whole_bill(law: Law, work: Work, source: int, index: int, day: int, item: Any, left: int, sees: int) -> int:
    """Settles the whole bill of an item if the money covers the bill less its discount. Otherwise, takes no money.

    Each installment gets its own share of the discount; what an earlier payment left over of it goes to the first open ones.
    """
    now = work.now[0]
    off = whole_bill_off(work, item, day, sees) if item.open > 0 else -1
    if off <= 0:
        return left
    opened, shares = 0, 0
    for i in range(now.size):
        other = work.items[i]
        if of_one_bill(item, other, sees) and other.open > 0:
            opened += other.open
            if other.discount_part > 0 and other.discount_full == FULL_BILL:
                shares += share_off(other)
    off = min(off, opened)
    if left < opened - off:
        return left
    spare = off - shares
    for i in range(now.size):
        other = work.items[i]
        if not of_one_bill(item, other, sees) or other.open <= 0:
            continue
        mine = 0
        if other.discount_part > 0 and other.discount_full == FULL_BILL:
            mine = share_off(other)
        more = min(spare, other.open - mine)
        spare -= more
        mine += more
        cash = other.open - mine
        accrue_untiered(law, work.periods, now, other, day)
        settle_tax(work, source, index, day, other, cash, mine)
        left -= cash
    return left


@jit
def pay_first_installments(
    law: Law, work: Work, source: int, index: int, day: int, item: Any, left: int, sees: int
) -> int:
    """Settles a bill's first installments if the money covers them less their own discount. Otherwise, takes no money.

    One payment has to be the first on any of the bill, as where all of it is paid.
    """
    now = work.now[0]
    step = law.discounts[item.discount_high - 1]
    if step.first == 0 or day > step.until or item.open <= 0:
        return left
    count, last, opened, earns = 0, 0, 0, 0
    for i in range(now.size):
        other = work.items[i]
        if not of_one_bill(item, other, sees):
            continue
        if other.paid > 0 or other.hold != item.hold:
            return left
        if other.due > last and count < step.first:
            count, last = count + 1, other.due
        if other.due == last and other.open > 0:
            opened += other.open
            if other.discount_part > 0 and other.discount_full == FULL_BILL:
                earns += other.open
    off = half_up(earns * step.part, step.whole)
    if count < step.first or item.due > last or left < opened - off:
        return left
    running, given = 0, 0
    for i in range(now.size):
        other = work.items[i]
        if not of_one_bill(item, other, sees) or other.due > last or other.open <= 0:
            continue
        mine = 0
        if other.discount_part > 0 and other.discount_full == FULL_BILL:
            running += other.open
            mine = half_up(off * running, earns) - given
            given += mine
        cash = other.open - mine
        accrue_untiered(law, work.periods, now, other, day)
        settle_tax(work, source, index, day, other, cash, mine)
        left -= cash
    return left


@jit
def settle(now: Any, clock: Any, left: int) -> int:
    """Pays the accrual on a clock as far as the money goes, and returns the amount paid."""
    paid = min(left, owed(now, clock))
    clock.settled += paid
    clock.due -= paid
    return paid


@jit
def pay_column(work: Work, source: int, index: int, day: int, item: Any, column: int, left: int) -> int:
    """Pays one column of one installment and returns the money left."""
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
    """Marks an installment with nothing open, so that later payments skip it."""
    if item.open <= 0 and item.costs == 0 and item.penalty == 0:
        item.closed = 1 if owed(now, item.interest) == 0 and owed(now, item.accruing_penalty) == 0 else 0


@jit
def reaches_interest(step: Any) -> bool:
    """Whether a step of the allocation pays interest or tax."""
    for c in range(4):  # noqa: SIM110  a generator costs more here than the loop
        if step.pay[c] == INTEREST or step.pay[c] == TAX:
            return True
    return False


@jit
def pay_in_one(law: Law, work: Work, source: int, index: int, day: int, item: Any, left: int, sees: int) -> int:
    """Settles a whole bill where one payment of all of it bears less interest than its installments. Otherwise, takes no money.

    The payment has to be the first on any tax of the bill, and the bill has to have installments to choose from.
    """
    now = work.now[0]
    first, last, need, charged, whole = 0, 0, 0, 0, 0
    for i in range(now.size):
        other = work.items[i]
        if not of_one_bill(item, other, sees):
            continue
        if other.paid > 0 or other.hold != item.hold:
            return left
        accrue_untiered(law, work.periods, now, other, day)
        interest = owed(now, other.interest)
        need += max(0, other.open) + other.costs + other.penalty + owed(now, other.accruing_penalty) + interest
        if other.one_high > other.one_low:
            first = other.due if first == 0 else first
            last = other.due
            charged += interest
            whole += max(0, other.open) * total_by(law, other.one_low, other.one_high, day)
    off = charged - half_up(whole, now.scale)
    if first == last or off <= 0 or left < need - off:
        return left
    for i in range(now.size):
        other = work.items[i]
        if not of_one_bill(item, other, sees):
            continue
        if other.one_high > other.one_low:
            off -= spare_interest(law, work, other, min(off, owed(now, other.interest)), day)
        for column in range(4):
            left = pay_column(work, source, index, day, other, column, left)
        close_if_paid(now, other)
    return left


@jit
def spare_interest(law: Law, work: Work, item: Any, amount: int, day: int) -> int:
    """Takes interest off an installment that the law does not charge on one payment, and returns it."""
    now = work.now[0]
    item.interest.settled += amount
    if now.want == 1 and amount > 0:
        rule = law.versions[item.interest.version].rule
        note_period(work.periods, now, item.charge, 0, rule, IN_ONE, day, day, 1, 0, -amount * now.scale)
    return amount


@jit
def tax_share(now: Any, item: Any, left: int) -> int:
    """The part of a payment, after costs, kept for an installment's tax in proportion to the rest; 0 where it covers all."""
    whole = item.open + item.penalty + owed(now, item.interest) + owed(now, item.accruing_penalty)
    left -= item.costs
    return half_up(left * item.open, whole) if 0 < left < whole and item.open > 0 else 0


@jit
def see_discounts(law: Law, work: Work, day: int) -> None:
    """Where a discount shrinks from day to day, gives each installment the one of this day."""
    for i in range(work.now[0].size):
        item = work.items[i]
        for d in range(item.discount_low, item.discount_high):
            step = law.discounts[d]
            if step.first > 0:
                break
            item.discount_until, item.discount_part, item.discount_whole = step.until, step.part, step.whole
            if day <= step.until:
                break


@jit
def may_pay(era: Any, step: Any, item: Any, day: int, account: int, third_party: int, sees: int) -> bool:
    """Whether a step of the allocation reaches an item, by account, day made, litigation hold and security."""
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
    """Applies money to the group's installments in the order of the allocation rule, and returns the money left.

    First to what is due; then, where `later` is 1, to what is still to fall due. Bills made after the day the money
    `sees` are not there for it.
    """
    now = work.now[0]
    left = amount
    while now.closed < now.size and work.items[now.closed].closed == 1:
        now.closed += 1
    first = now.closed
    if len(law.discounts) > 0:
        see_discounts(law, work, day)
    if now.by_account == 1:
        first = 0
        round_by_account(law, work, day)
    for turn in range(1 + later):
        for s in range(era.step_low, era.step_high):
            step = law.steps[s]
            for i in range(first, now.size):
                item = work.items[i]
                if left == 0:
                    return 0
                if turn == 0 and item.payable > day:
                    if law.accelerates == 1:
                        continue
                    break
                if (turn == 1 and item.payable <= day) or not may_pay(era, step, item, day, account, third_party, sees):
                    continue
                if item.one_high > item.one_low and reaches_interest(step):
                    left = pay_in_one(law, work, source, index, day, item, left, sees)
                accrue_untiered(law, work.periods, now, item, day)
                kept = tax_share(now, item, left) if step.split == 1 else 0
                left -= kept
                for c in range(4):
                    if step.pay[c] == TAX:
                        left, kept = left + kept, 0
                    if step.pay[c] == TAX and item.bill >= 0:
                        left = pay_whole_bill(law, work, source, index, day, item, left, sees)
                        if item.discount_high > item.discount_low:
                            left = pay_first_installments(law, work, source, index, day, item, left, sees)
                    if step.pay[c] >= 0 and left > 0:
                        left = pay_column(work, source, index, day, item, step.pay[c], left)
                left += kept
                close_if_paid(now, item)
    return left
