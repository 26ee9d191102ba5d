"""The replay itself: every account's events in order, in whole numbers. docs/replay.md says what it does and why.

The numbers and the ways to run it are those of accrual.py.
"""

from __future__ import annotations

from xltax.ledger.accrual import (
    accrue,
    accrue_tiers,
    become_delinquent,
    first_of_account,
    half_up,
    owed,
    remember,
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
    TIERS,
    YEAR_END,
    Charges,
    Days,
    Events,
    Groups,
    Law,
    Money,
    Output,
    Scratch,
    State,
)


@jit
def log(out: Output, state: State, source: int, index: int, day: int, i: int, column: int, amount: int) -> None:
    """Writes an amount into this event's posting line for installment i: one line for an event and an installment."""
    at = state.line[i]
    if (
        at < 0
        or at * 9 + 9 > len(out.post)
        or out.post[at * 9] != source
        or out.post[at * 9 + 1] != index
        or out.post[at * 9 + 2] != day
    ):
        at = out.n[0]
        out.n[0] += 1
        state.line[i] = at
        if at * 9 + 9 > len(out.post):
            return
        row = (source, index, day, i, 0, 0, 0, 0, 0)
        for c in range(9):
            out.post[at * 9 + c] = row[c]
    out.post[at * 9 + column] += amount


@jit
def lower_tax(charges: Charges, state: State, i: int, amount: int) -> None:
    """Takes tax off an installment; under a latched tier the part at the lower rate is paid first."""
    state.open[i] -= amount
    state.low[i] -= min(state.low[i], amount)


@jit
def pay_tax(
    law: Law, charges: Charges, state: State, out: Output, source: int, index: int, day: int, i: int, left: int
) -> int:
    """Pays tax of installment i, with its discount where it is earned; gives what is left of the money."""
    need = state.open[i]
    discount = 0
    if charges.discount_part[i] > 0 and day <= charges.discount_until[i] and need > 0:
        part, whole = charges.discount_part[i], charges.discount_whole[i]
        if charges.discount_full[i] == 1:
            most = half_up(need * part, whole)
            if state.paid[i] == 0 and left >= need - most:
                discount = most
        else:
            discount = half_up(need * part, whole)
            if left < need - discount:
                need = min(need, half_up(left * whole, whole - part))
                discount = need - min(left, need)
    cash = min(left, need - discount)
    if cash > 0 or discount > 0:
        lower_tax(charges, state, i, cash + discount)
        state.paid[i] += cash
        log(out, state, source, index, day, i, 4, cash + discount)
        if discount > 0:
            log(out, state, source, index, day, i, 8, discount)
    return left - cash


@jit
def pay_column(
    law: Law,
    charges: Charges,
    state: State,
    out: Output,
    source: int,
    index: int,
    day: int,
    i: int,
    column: int,
    left: int,
) -> int:
    """Pays one column of one installment; gives what is left of the money."""
    if column == TAX:
        if state.open[i] > 0:
            return pay_tax(law, charges, state, out, source, index, day, i, left)
        return left
    paid = 0
    if column == COSTS:
        paid = min(left, state.costs[i])
        state.costs[i] -= paid
    elif column == PENALTY:
        paid = min(left, state.penalty[i])
        state.penalty[i] -= paid
    if column == INTEREST or (column == PENALTY and left > paid):
        k = 2 * i + (1 if column == PENALTY else 0)
        accrued = min(left - paid, owed(law, state, k))
        state.settled[k] += accrued
        state.due[k] -= accrued
        paid += accrued
    if paid > 0:
        log(out, state, source, index, day, i, 7 if column == COSTS else (5 if column == INTEREST else 6), paid)
    return left - paid


@jit
def close_if_paid(law: Law, state: State, i: int) -> None:
    """Marks an installment on which nothing is open, so that later payments need not look at it."""
    if state.open[i] <= 0 and state.costs[i] == 0 and state.penalty[i] == 0:
        state.closed[i] = 1 if owed(law, state, 2 * i) == 0 and owed(law, state, 2 * i + 1) == 0 else 0


@jit
def pay(
    law: Law,
    days: Days,
    charges: Charges,
    state: State,
    scratch: Scratch,
    out: Output,
    low: int,
    high: int,
    day: int,
    policy: int,
    source: int,
    index: int,
    amount: int,
    account: int,
    third_party: bool,
    later: bool,
) -> int:
    """Applies money to the group's installments in the policy's order; gives what is left over."""
    left = amount
    while scratch.n[2] < high and state.closed[scratch.n[2]] == 1:
        scratch.n[2] += 1
    first = max(low, scratch.n[2])
    if law.by_account[0] == 1:
        first = low
        round_by_account(law, days, charges, state, out, low, high, day)
    for turn in range(2 if later else 1):
        for step in range(law.step_low[policy], law.step_high[policy]):
            for i in range(first, high):
                if left == 0:
                    return 0
                if turn == 0 and charges.due[i] > day:
                    break
                if state.closed[i] == 1 or (turn == 1 and charges.due[i] <= day):
                    continue
                if account >= 0 and charges.account[i] != account:
                    continue
                if charges.hold[i] == 1 and law.skip_litigation[policy] == 1 and not third_party:
                    continue
                if law.step_of[step] != 0 and (law.step_of[step] == 1) != (charges.secured[i] == 1):
                    continue
                if state.bearing[i] == 1 and charges.bracket[i] < 0 and state.open[i] > 0:
                    accrue(law, days, charges, state, out, i, day, 0)
                for c in range(4):
                    column = law.step_pay[step * 4 + c]
                    if column >= 0 and left > 0:
                        left = pay_column(law, charges, state, out, source, index, day, i, column, left)
                close_if_paid(law, state, i)
    return left


@jit
def apply_credit(
    law: Law,
    days: Days,
    charges: Charges,
    state: State,
    scratch: Scratch,
    out: Output,
    g: int,
    low: int,
    high: int,
    day: int,
    policy: int,
) -> None:
    """Uses the group's credit on what is open, as far as the town's setting lets it."""
    if state.credit[g] > 0 and law.next_installment[policy] == 1:
        state.credit[g] = pay(
            law, days, charges, state, scratch, out, low, high, day, policy, FROM_CREDIT, g, state.credit[g], -1, False,
            law.at_once[policy] == 1,
        )  # fmt: skip


@jit
def adjust(
    law: Law,
    days: Days,
    charges: Charges,
    state: State,
    scratch: Scratch,
    out: Output,
    money: Money,
    g: int,
    low: int,
    high: int,
    a: int,
    day: int,
) -> None:
    """Applies one adjustment. What lowers tax below zero becomes credit; what finds nothing else to lower is a problem."""
    amount, sign, i = money.change[a], money.change_sign[a], money.change_charge[a]
    column = money.change_column[a]
    if sign == 0:
        paid = min(amount, state.credit[g])
        state.credit[g] -= paid
        rest = amount - paid
        paid = min(rest, state.refund[g])
        state.refund[g] -= paid
        if rest > paid:
            problem(out, a, rest - paid)
        return
    if charges.bracket[i] < 0 and state.bearing[i] == 1 and state.open[i] > 0:
        accrue(law, days, charges, state, out, i, day, 0)
    if sign > 0:
        raise_column(law, days, charges, state, scratch, out, i, column, amount, day)
        log(out, state, FROM_ADJUSTMENT, a, day, i, (7, 5, 6, 4)[column], -amount)
        state.closed[i] = 0
        scratch.n[2] = min(scratch.n[2], i)
        return
    if column == TAX:
        over = max(0, amount - max(0, state.open[i]))
        lower_tax(charges, state, i, amount - over)
        state.credit[g] += over
        log(out, state, FROM_ADJUSTMENT, a, day, i, 4, amount)
        if over > 0:
            log(out, state, FROM_CREDIT, g, day, i, 4, -over)
    else:
        if law.by_account[0] == 1:
            round_by_account(law, days, charges, state, out, low, high, day)
        left = pay_column(law, charges, state, out, FROM_ADJUSTMENT, a, day, i, column, amount)
        if left > 0:
            problem(out, a, left)
    close_if_paid(law, state, i)


@jit
def problem(out: Output, a: int, amount: int) -> None:
    """Notes an adjustment that found less to lower than it says."""
    at = out.n[2]
    if at * 2 + 2 <= len(out.problem):
        out.problem[at * 2], out.problem[at * 2 + 1] = a, amount
    out.n[2] += 1


@jit
def raise_column(
    law: Law,
    days: Days,
    charges: Charges,
    state: State,
    scratch: Scratch,
    out: Output,
    i: int,
    column: int,
    amount: int,
    day: int,
) -> None:
    """Adds to what an installment owes; tax added after the last free day bears interest from that day."""
    if column == COSTS:
        state.costs[i] += amount
    elif column == PENALTY:
        state.penalty[i] += amount
    elif column == INTEREST:
        state.settled[2 * i] -= amount  # on top of what accrues, and of its minimum
    else:
        lapsed = state.bearing[i] == 2  # past its last free day with nothing open
        if state.bearing[i] == 1 and state.open[i] <= 0:
            # It bore interest once and was paid: time before today is not charged on the new tax.
            accrue(law, days, charges, state, out, i, day, 0)
            if charges.bracket[i] >= 0:
                take_place(state, scratch, i)
        state.open[i] += amount
        if lapsed:
            state.base_due[i] = day
            state.base_late[i] = day
            become_delinquent(law, days, charges, state, scratch, out, i, day)
        elif state.bearing[i] == 1 and charges.bracket[i] >= 0:
            b = charges.bracket[i]
            if scratch.was[b] == 0:
                scratch.taken[b] = 0  # nothing was owed: the lower tier is full again
            top = law.tier_top[law.segment_rule[state.segment[2 * i]] * TIERS]
            more = min(amount, max(0, top - scratch.taken[b]))
            state.low[i] += more
            scratch.taken[b] += more


@jit
def year_end(
    law: Law, days: Days, charges: Charges, state: State, out: Output, e: int, low: int, high: int, day: int
) -> None:
    """Charges the year-end penalty on every account of the group whose delinquency is above the threshold."""
    if law.by_account[0] == 1:
        round_by_account(law, days, charges, state, out, low, high, day)
    for start in range(low, high):
        if first_of_account(charges, low, start):
            year_end_of_account(law, days, charges, state, out, e, start, high, day)


@jit
def year_end_of_account(
    law: Law, days: Days, charges: Charges, state: State, out: Output, e: int, low: int, high: int, day: int
) -> None:
    """The penalty on one account, whose first installment is `low`."""
    tested, base = 0, 0
    account = charges.account[low]
    for i in range(low, high):
        if charges.account[i] == account and state.bearing[i] == 1 and state.open[i] > 0:
            if law.end_with_interest[e] == 1:
                if charges.bracket[i] < 0:
                    accrue(law, days, charges, state, out, i, day, 0)
                tested += owed(law, state, 2 * i)
            tested += state.open[i]
            if law.end_base[e] != 0 or charges.year[i] == law.end_year[e]:
                base += state.open[i]
    if tested <= law.end_threshold[e] or base == 0:
        return
    charged = base
    if law.end_base[e] == 2:
        charged = max(0, base - law.end_threshold[e])
    total = half_up(charged * law.end_part[e], law.end_whole[e])
    running, given = 0, 0
    for i in range(low, high):
        mine = charges.account[i] == account and state.bearing[i] == 1 and state.open[i] > 0
        if mine and (law.end_base[e] != 0 or charges.year[i] == law.end_year[e]):
            running += state.open[i]
            share = half_up(total * running, base) - given
            given += share
            state.penalty[i] += share
            if out.want[0] == 1:
                at = out.n[1]
                if at * 9 + 9 <= len(out.trace):
                    row = (i, 1, -1 - e, 0, day, day, 1, state.open[i], share * law.scale[0])
                    for column in range(9):
                        out.trace[at * 9 + column] = row[column]
                out.n[1] += 1


@jit
def run(
    law: Law,
    days: Days,
    charges: Charges,
    events: Events,
    money: Money,
    groups: Groups,
    state: State,
    scratch: Scratch,
    out: Output,
    as_of: int,
) -> None:
    """Replays every group to the close of the day asked for; `state` then holds what is open."""
    for g in range(len(groups.charge) - 1):
        low, high = groups.charge[g], groups.charge[g + 1]
        for n in range(3):
            scratch.n[n] = 0
        scratch.n[2] = low
        for b in range(len(scratch.was)):
            scratch.was[b] = 0
            scratch.taken[b] = 0
        for e in range(groups.event[g], groups.event[g + 1]):
            day, kind, index, policy = events.day[e], events.kind[e], events.index[e], events.policy[e]
            if kind == LAPSE:
                if state.open[index] > 0:
                    become_delinquent(law, days, charges, state, scratch, out, index, day)
                else:
                    state.bearing[index] = 2
            elif kind != CREDIT_DUE or state.credit[g] > 0:
                accrue_tiers(law, days, charges, state, scratch, out, day)
                if kind == ADJUSTMENT:
                    adjust(law, days, charges, state, scratch, out, money, g, low, high, index, day)
                    apply_credit(law, days, charges, state, scratch, out, g, low, high, day, policy)
                elif kind == RECEIPT:
                    account = money.account[index]
                    left = pay(
                        law, days, charges, state, scratch, out, low, high, day, policy, FROM_RECEIPT, index,
                        money.amount[index], account, money.third_party[index] == 1,
                        law.next_installment[policy] == 1 and law.at_once[policy] == 1,
                    )  # fmt: skip
                    if account >= 0 or law.next_installment[policy] == 0:
                        state.refund[g] += left
                    else:
                        state.credit[g] += left
                else:
                    if kind == YEAR_END:
                        year_end(law, days, charges, state, out, index, low, high, day)
                    apply_credit(law, days, charges, state, scratch, out, g, low, high, day, policy)
                remember(charges, state, scratch, day)
            if out.error[0] > 0:
                return
        accrue_tiers(law, days, charges, state, scratch, out, as_of)
        for i in range(low, high):
            if state.bearing[i] == 1 and charges.bracket[i] < 0 and state.open[i] > 0:
                accrue(law, days, charges, state, out, i, as_of, 0)
        if law.by_account[0] == 1:
            round_by_account(law, days, charges, state, out, low, high, as_of)
        for i in range(low, high):
            for k in (2 * i, 2 * i + 1):
                state.due[k] = owed(law, state, k)
        if out.error[0] > 0:
            return
