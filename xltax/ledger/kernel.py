"""The replay itself: every account's events in order, in whole numbers. docs/replay.md says what it does and why.

One group (a parcel, or a party) is taken at a time: its charges become the `items` of `work`, its events are met in order of
day, and what is open at the end is its figures. The ways to run it are those of accrual.py.
"""

from __future__ import annotations

from xltax.ledger.accrual import (
    accrue,
    accrue_tiers,
    accrue_untiered,
    become_delinquent,
    first_of_account,
    half_up,
    note_minimum,
    note_period,
    owed,
    remember,
    room_below,
    round_by_account,
    take_place,
)
from xltax.ledger.jit import jit
from xltax.ledger.records import (
    ADJUSTMENT,
    COSTS,
    CREDIT_DUE,
    FROM_ADJUSTMENT,
    FROM_CREDIT,
    FROM_RECEIPT,
    INTEREST,
    LAPSE,
    PENALTY,
    RECEIPT,
    TAX,
    YEAR_END,
    Facts,
    Law,
    Result,
    Work,
)

# ---- paying ----------------------------------------------------------------------------------------------------------


@jit
def log(work: Work, source: int, index: int, day: int, i: int, column: int, amount: int, discount: int) -> None:
    """Adds to this event's posting line for item i: one line for an event and an installment."""
    now = work.now[0]
    item = work.items[i]
    last = len(work.posts) - 1  # lines beyond the room there is are counted, and fall on the last one
    at = item.line
    if at < 0 or work.posts[at].source != source or work.posts[at].index != index or work.posts[at].day != day:
        at = min(now.posts, last)
        item.line = at
        now.posts += 1
        post = work.posts[at]
        post.source, post.index, post.day, post.charge = source, index, day, item.charge
        post.tax, post.interest, post.penalty, post.costs, post.discount = 0, 0, 0, 0, 0
    post = work.posts[at]
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
def lower_tax(work: Work, i: int, amount: int) -> None:
    """Takes tax off an installment; under a latched tier the part at the lower rate is paid first."""
    item = work.items[i]
    item.open -= amount
    item.low -= min(item.low, amount)


@jit
def pay_tax(law: Law, work: Work, source: int, index: int, day: int, i: int, left: int) -> int:
    """Pays tax of item i, with its discount where it is earned; gives what is left of the money."""
    item = work.items[i]
    kind = law.kinds[item.kind]
    need = item.open
    discount = 0
    if kind.discount_part > 0 and day <= kind.discount_until and need > 0:
        part, whole = kind.discount_part, kind.discount_whole
        if kind.discount_full == 1:
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
        lower_tax(work, i, cash + discount)
        item.paid += cash
        log(work, source, index, day, i, TAX, cash + discount, discount)
    return left - cash


@jit
def pay_column(law: Law, work: Work, source: int, index: int, day: int, i: int, column: int, left: int) -> int:
    """Pays one column of one installment; gives what is left of the money."""
    item = work.items[i]
    if column == TAX:
        return pay_tax(law, work, source, index, day, i, left) if item.open > 0 else left
    paid = 0
    if column == COSTS:
        paid = min(left, item.costs)
        item.costs -= paid
    elif column == PENALTY:
        paid = min(left, item.penalty)
        item.penalty -= paid
    if column == INTEREST or (column == PENALTY and left > paid):
        k = 2 * i + (1 if column == PENALTY else 0)
        accrued = min(left - paid, owed(law, work, k))
        work.clocks[k].settled += accrued
        work.clocks[k].due -= accrued
        paid += accrued
    if paid > 0:
        log(work, source, index, day, i, column, paid, 0)
    return left - paid


@jit
def close_if_paid(law: Law, work: Work, i: int) -> None:
    """Marks an installment on which nothing is open, so that later payments need not look at it."""
    item = work.items[i]
    if item.open <= 0 and item.costs == 0 and item.penalty == 0:
        item.closed = 1 if owed(law, work, 2 * i) == 0 and owed(law, work, 2 * i + 1) == 0 else 0


@jit
def pay(
    law: Law, work: Work, day: int, number: int, source: int, index: int, amount: int, account: int, third_party: bool, later: bool
) -> int:  # fmt: skip
    """Applies money to the group's installments in the policy's order; gives what is left over."""
    now = work.now[0]
    policy = law.policies[number]
    left = amount
    while now.closed < now.size and work.items[now.closed].closed == 1:
        now.closed += 1
    first = now.closed
    if law.by_account == 1:
        first = 0
        round_by_account(law, work, day)
    for turn in range(2 if later else 1):
        for s in range(policy.step_low, policy.step_high):
            step = law.steps[s]
            for i in range(first, now.size):
                item = work.items[i]
                if left == 0:
                    return 0
                if turn == 0 and item.due > day:
                    break
                if item.closed == 1 or (turn == 1 and item.due <= day):
                    continue
                if account >= 0 and item.account != account:
                    continue
                if item.hold == 1 and policy.skip_litigation == 1 and not third_party:
                    continue
                if step.of != 0 and (step.of == 1) != (item.secured == 1):
                    continue
                accrue_untiered(law, work, i, day)
                for column in (step.first, step.second, step.third, step.fourth):
                    if column >= 0 and left > 0:
                        left = pay_column(law, work, source, index, day, i, column, left)
                close_if_paid(law, work, i)
    return left


@jit
def receive(law: Law, facts: Facts, work: Work, number: int, at: int, day: int) -> None:
    """Applies one receipt; what it leaves over is credit, or goes on the refund list."""
    now = work.now[0]
    policy = law.policies[number]
    receipt = facts.receipts[at]
    later = policy.next_installment == 1 and policy.at_once == 1
    left = pay(
        law, work, day, number, FROM_RECEIPT, receipt.row, receipt.amount, receipt.account, receipt.third_party == 1, later
    )  # fmt: skip
    if receipt.account >= 0 or policy.next_installment == 0:
        now.refund += left
    else:
        now.credit += left


@jit
def apply_credit(law: Law, work: Work, g: int, day: int, number: int) -> None:
    """Uses the group's credit on what is open, as far as the town's setting lets it."""
    now = work.now[0]
    policy = law.policies[number]
    if now.credit > 0 and policy.next_installment == 1:
        now.credit = pay(law, work, day, number, FROM_CREDIT, g, now.credit, -1, False, policy.at_once == 1)


# ---- adjustments -----------------------------------------------------------------------------------------------------


@jit
def adjust(law: Law, facts: Facts, work: Work, g: int, at: int, day: int) -> None:
    """Applies one adjustment. What lowers tax below zero becomes credit; what finds nothing else to lower is a problem."""
    now = work.now[0]
    change = facts.changes[at]
    amount, column, row = change.amount, change.column, change.row
    if change.sign == 0:
        credit = min(amount, now.credit)
        refund = min(amount - credit, now.refund)
        now.credit -= credit
        now.refund -= refund
        note_problem(work, row, amount - credit - refund)
        return
    i = change.charge - now.low
    accrue_untiered(law, work, i, day)
    if change.sign > 0:
        raise_column(law, work, i, column, amount, day)
        log(work, FROM_ADJUSTMENT, row, day, i, column, -amount, 0)
        work.items[i].closed = 0
        now.closed = min(now.closed, i)
        return
    if column == TAX:
        over = max(0, amount - max(0, work.items[i].open))
        lower_tax(work, i, amount - over)
        now.credit += over
        log(work, FROM_ADJUSTMENT, row, day, i, TAX, amount, 0)
        if over > 0:
            log(work, FROM_CREDIT, g, day, i, TAX, -over, 0)
    else:
        if law.by_account == 1:
            round_by_account(law, work, day)
        note_problem(work, row, pay_column(law, work, FROM_ADJUSTMENT, row, day, i, column, amount))
    close_if_paid(law, work, i)


@jit
def note_problem(work: Work, row: int, amount: int) -> None:
    """Notes an adjustment that found less to lower than it says."""
    if amount <= 0:
        return
    now = work.now[0]
    if now.problems < len(work.problems):
        problem = work.problems[now.problems]
        problem.change, problem.amount = row, amount
    now.problems += 1


@jit
def raise_column(law: Law, work: Work, i: int, column: int, amount: int, day: int) -> None:
    """Adds to what an installment owes; tax added after the last free day bears interest from that day."""
    item = work.items[i]
    if column == COSTS:
        item.costs += amount
    elif column == PENALTY:
        item.penalty += amount
    elif column == INTEREST:
        work.clocks[2 * i].settled -= amount  # on top of what accrues, and of its minimum
    else:
        lapsed = item.bearing == 2  # past its last free day with nothing open
        if item.bearing == 1 and item.open <= 0:
            # It bore interest once and was paid: time before today is not charged on the new tax.
            accrue(law, work, i, day, 0)
            if item.bracket >= 0:
                take_place(work, i)
        item.open += amount
        if lapsed:
            item.base_due, item.base_late = day, day
            become_delinquent(law, work, i, day)
        elif item.bearing == 1 and item.bracket >= 0:
            more = min(amount, room_below(law, work, i))
            item.low += more
            work.brackets[item.bracket].taken += more


# ---- the end of a year -----------------------------------------------------------------------------------------------


@jit
def year_end(law: Law, work: Work, e: int, day: int) -> None:
    """Charges the year-end penalty on every account of the group whose delinquency is above the threshold."""
    if law.by_account == 1:
        round_by_account(law, work, day)
    for start in range(work.now[0].size):
        if first_of_account(work, start):
            year_end_of_account(law, work, e, start, day)


@jit
def year_end_of_account(law: Law, work: Work, e: int, start: int, day: int) -> None:
    """The penalty on one account, whose first installment is `start`."""
    now = work.now[0]
    end = law.ends[e]
    account = work.items[start].account
    tested, base = 0, 0
    for i in range(start, now.size):
        item = work.items[i]
        if item.account == account and item.bearing == 1 and item.open > 0:
            if end.with_interest == 1:
                accrue_untiered(law, work, i, day)
                tested += owed(law, work, 2 * i)
            tested += item.open
            if end.base != 0 or item.year == end.year:
                base += item.open
    if tested <= end.threshold or base == 0:
        return
    charged = max(0, base - end.threshold) if end.base == 2 else base
    total = half_up(charged * end.part, end.whole)
    running, given = 0, 0
    for i in range(start, now.size):
        item = work.items[i]
        mine = item.account == account and item.bearing == 1 and item.open > 0
        if mine and (end.base != 0 or item.year == end.year):
            running += item.open
            share = half_up(total * running, base) - given
            given += share
            item.penalty += share
            note_period(law, work, item.charge, 1, -1 - e, 0, day, day, 1, item.open, share * law.scale)


# ---- a group from its first event to its last ------------------------------------------------------------------------


@jit
def open_group(law: Law, facts: Facts, work: Work, g: int) -> None:
    """Lays out a group's charges as items on which nothing has happened yet."""
    now = work.now[0]
    now.low, now.size = facts.charge_from[g], facts.charge_from[g + 1] - facts.charge_from[g]
    now.brackets, now.queue, now.history, now.closed, now.credit, now.refund = 0, 0, 0, 0, 0, 0
    for i in range(now.size):
        charge = facts.charges[now.low + i]
        kind = law.kinds[charge.kind]
        item = work.items[i]
        item.charge, item.kind, item.account = now.low + i, charge.kind, charge.account
        item.secured, item.hold, item.bracket = charge.secured, charge.hold, charge.bracket
        item.year, item.due, item.lapse = kind.year, kind.due, max(kind.lapse, charge.since)
        item.base_due = charge.since if charge.since > 0 else kind.due
        item.base_late = charge.since if charge.since > 0 else kind.base_late
        item.open, item.costs, item.penalty, item.paid = charge.amount, 0, 0, 0
        item.bearing, item.late, item.low, item.closed, item.line = 0, 0, 0, 0, -1
        now.brackets = max(now.brackets, item.bracket + 1)
        for component in range(2):
            clock = work.clocks[2 * i + component]
            clock.low = kind.interest_low if component == 0 else kind.penalty_low
            clock.high = kind.interest_high if component == 0 else kind.penalty_high
            clock.segment, clock.counted, clock.since, clock.accrued, clock.settled, clock.due = -1, 0, 0, 0, 0, 0
        place = i
        while place > 0 and work.items[work.lapses[place - 1]].lapse > item.lapse:
            work.lapses[place] = work.lapses[place - 1]
            place -= 1
        work.lapses[place] = i
    for b in range(now.brackets):
        bracket = work.brackets[b]
        bracket.used, bracket.taken, bracket.was = 0, 0, 0


@jit
def meet(law: Law, facts: Facts, work: Work, g: int, kind: int, at: int, day: int, policy: int) -> None:
    """One event of a group: an installment lapses or falls due, an adjustment, a receipt, the end of a year."""
    now = work.now[0]
    if kind == LAPSE:
        if work.items[at].open > 0:
            become_delinquent(law, work, at, day)
        else:
            work.items[at].bearing = 2
        return
    if kind == CREDIT_DUE and now.credit == 0:
        return
    accrue_tiers(law, work, day)
    if kind == RECEIPT:
        receive(law, facts, work, policy, at, day)
    else:
        if kind == ADJUSTMENT:
            adjust(law, facts, work, g, at, day)
        elif kind == YEAR_END:
            year_end(law, work, at, day)
        apply_credit(law, work, g, day, policy)
    remember(work, day)


@jit
def replay_group(law: Law, facts: Facts, work: Work, g: int) -> None:
    """Meets every event of a group up to the day asked for, in order of day and of the day's own order."""
    now = work.now[0]
    lapse, due, end, era = 0, 0, 0, 0
    change, receipt = facts.change_from[g], facts.receipt_from[g]
    while now.error == 0 and now.short == 0:
        day, kind, at = law.as_of + 1, LAPSE, 0
        if lapse < now.size and work.items[work.lapses[lapse]].lapse < day:
            at = work.lapses[lapse]
            day = work.items[at].lapse
        if due < now.size and work.items[due].due < day:
            day, kind, at = work.items[due].due, CREDIT_DUE, due
        if change < facts.change_from[g + 1] and facts.changes[change].day < day:
            day, kind, at = facts.changes[change].day, ADJUSTMENT, change
        if receipt < facts.receipt_from[g + 1] and facts.receipts[receipt].day < day:
            day, kind, at = facts.receipts[receipt].day, RECEIPT, receipt
        if end < len(law.ends) and law.ends[end].day < day:
            day, kind, at = law.ends[end].day, YEAR_END, end
        if day > law.as_of:
            return
        lapse += kind == LAPSE
        due += kind == CREDIT_DUE
        change += kind == ADJUSTMENT
        receipt += kind == RECEIPT
        end += kind == YEAR_END
        while era + 1 < len(law.eras) and law.eras[era + 1].start <= day:
            era += 1
        if kind != YEAR_END or (now.size > 0 and work.items[0].due <= day):
            meet(law, facts, work, g, kind, at, day, law.eras[era].policy)


@jit
def run(law: Law, facts: Facts, work: Work, result: Result) -> None:
    """Replays every group to the close of the day asked for; `result` then holds what is open."""
    now = work.now[0]
    for g in range(len(facts.charge_from) - 1):
        open_group(law, facts, work, g)
        replay_group(law, facts, work, g)
        accrue_tiers(law, work, law.as_of)
        for i in range(now.size):
            accrue_untiered(law, work, i, law.as_of)
        if law.by_account == 1:
            round_by_account(law, work, law.as_of)
        for i in range(now.size):
            item = work.items[i]
            figure = result.figures[item.charge]
            figure.tax, figure.costs, figure.paid = item.open, item.costs, item.paid
            figure.interest = owed(law, work, 2 * i)
            figure.penalty = item.penalty + owed(law, work, 2 * i + 1)
            note_minimum(law, work, 2 * i)
            note_minimum(law, work, 2 * i + 1)
        result.credits[g].credit, result.credits[g].refund = now.credit, now.refund
        if now.error > 0 or now.short > 0:
            return
