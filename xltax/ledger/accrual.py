"""How interest accrues: time counted, tiers filled, cents rounded. docs/replay.md says what each rule means.

Like all of the kernel it is written in the part of Python that numba compiles, over plain sequences: lists when run as
it is, int64 arrays when compiled. Accrued interest is kept in units of 1/`scale` cent, so nothing is ever rounded away.
Days are counted from 0001-01-01. `k = 2 * charge + component` (0 interest, 1 penalty) indexes what accrues.
"""

from __future__ import annotations

from xltax.ledger.jit import jit
from xltax.ledger.records import (
    BANDS,
    DAYS_30_360,
    DAYS_ACTUAL,
    MONTHS_BEGUN,
    MONTHS_TOUCHED,
    ONCE,
    PERIODS,
    TIERS,
    WHOLE_MONTHS,
    Charges,
    Days,
    Law,
    Output,
    Scratch,
    State,
)


@jit
def count(law: Law, days: Days, rule: int, base: int, day: int) -> int:
    """How many days, months or periods have counted from the base to a day; for bands, the rate reached."""
    if day < base:
        return 0
    clock = law.clock[rule]
    if clock == DAYS_ACTUAL:
        return day - base + law.inclusive[rule]
    if clock == ONCE:
        return 1
    if clock == PERIODS:
        late = day - base + law.from_late[rule]
        full = late // law.period[rule]
        if law.part[rule] == 1 and late % law.period[rule] > 0:
            full += 1
        return min(full, law.most[rule])
    a, b = base - days.first[0], day - days.first[0]
    months = days.month[b] - days.month[a]
    if clock == DAYS_30_360:
        # As the spreadsheet's DAYS360: a base on the 31st, or the last of February, is a 30th, and then so is a 31st.
        start = 30 if days.number[a] == 31 or days.number[a] == days.length[a] < 30 else days.number[a]
        end = 30 if days.number[b] == 31 and start == 30 else days.number[b]
        return 30 * months + end - start + law.inclusive[rule]
    if clock == MONTHS_TOUCHED:
        return months + 1
    # A month is complete on the base's day-number, or on the last day of a month that has no such day.
    complete = months
    if days.number[b] < min(days.number[a], days.length[b]):
        complete -= 1
    if clock == WHOLE_MONTHS:
        return complete
    if clock == MONTHS_BEGUN:
        return complete + 1
    # Bands: through N months means up to and including the day N months after the base.
    for band in range(TIERS):
        at = rule * TIERS + band
        limit = law.tier_top[at]
        if complete < limit or (months == limit and days.number[b] <= min(days.number[a], days.length[b])):
            return law.tier_rate[at]
    return 0


@jit
def half_up(amount: int, scale: int) -> int:
    """Units of 1/scale cent as whole cents, a half away from zero."""
    if amount < 0:
        return -((-2 * amount + scale) // (2 * scale))
    return (2 * amount + scale) // (2 * scale)


@jit
def earn(law: Law, state: State, out: Output, i: int, k: int, rule: int, room: int, n: int, day: int) -> int:
    """What the open tax of charge i earns in n units of time, with `room` of its bracket already taken below it."""
    total = 0
    tiers = law.tiers[rule]
    principal = state.open[i]
    low = 0
    for tier in range(tiers):
        at = rule * TIERS + tier
        if law.clock[rule] == BANDS:
            base = principal  # a band's limit is a number of months, not of cents
        elif law.latched[rule] == 1:
            base = state.low[i] if tier == 0 else principal - state.low[i]
        else:
            top = law.tier_top[at]
            base = max(0, min(room + principal, top) - max(room, low))
            low = top
        if base == 0:
            continue
        rate = law.tier_rate[at]
        if law.clock[rule] == BANDS:
            amount = base * n
        elif law.monthly[rule] == 1:
            beside = law.beside[rule]
            one = half_up(base * (beside + rate), law.scale[0]) - half_up(base * beside, law.scale[0])
            amount = one * n * law.scale[0]
        else:
            amount = base * rate * n
        total += amount
        if out.want[0] == 1:
            at = out.n[1]
            if at * 9 + 9 <= len(out.trace):
                row = (i, k % 2, rule, tier, state.since[k], day, n, base, amount)
                for column in range(9):
                    out.trace[at * 9 + column] = row[column]
            out.n[1] += 1
    return total


@jit
def accrue(law: Law, days: Days, charges: Charges, state: State, out: Output, i: int, day: int, room: int) -> None:
    """Carries what charge i has accrued to a day, through every version of its rules on the way."""
    for k in (2 * i, 2 * i + 1):
        s = state.segment[k]
        while s >= 0:
            rule = law.segment_rule[s]
            base = state.base_late[i] if law.from_late[rule] == 1 else state.base_due[i]
            end = law.segment_to[s]
            upto = day if day < end else end - law.inclusive[rule]
            reached = count(law, days, rule, base, upto)
            if reached > state.counted[k]:
                state.accrued[k] += earn(law, state, out, i, k, rule, room, reached - state.counted[k], upto)
                state.counted[k] = reached
            state.since[k] = max(state.since[k], upto)
            if day < end:
                break
            if s + 1 == charges.segment_high[k] or law.segment_from[s + 1] != end:
                out.error[0], out.error[1] = i + 1, end
                return
            s += 1
            rule = law.segment_rule[s]
            base = state.base_late[i] if law.from_late[rule] == 1 else state.base_due[i]
            state.segment[k] = s
            state.counted[k] = count(law, days, rule, base, end - law.inclusive[rule])


@jit
def accrue_tiers(law: Law, days: Days, charges: Charges, state: State, scratch: Scratch, out: Output, day: int) -> None:
    """Carries every installment that shares tiers to a day, in the order they became delinquent."""
    for b in range(len(scratch.used)):
        scratch.used[b] = 0
    kept = 0
    for q in range(scratch.n[0]):
        i = scratch.queue[q]
        if state.open[i] <= 0:
            continue
        scratch.queue[kept] = i
        kept += 1
        b = charges.bracket[i]
        accrue(law, days, charges, state, out, i, day, scratch.used[b])
        scratch.used[b] += state.open[i]
    scratch.n[0] = kept


@jit
def remember(charges: Charges, state: State, scratch: Scratch, day: int) -> None:
    """Notes what each bracket holds from this day on, where it changed: a later delinquency looks back at it."""
    if scratch.n[0] == 0 and scratch.n[1] == 0:
        return
    for b in range(len(scratch.used)):
        scratch.used[b] = 0
    for q in range(scratch.n[0]):
        i = scratch.queue[q]
        scratch.used[charges.bracket[i]] += state.open[i]
    for b in range(len(scratch.used)):
        if scratch.used[b] == scratch.was[b]:
            continue
        scratch.was[b] = scratch.used[b]
        h = scratch.n[1]
        scratch.history_day[h], scratch.history_bracket[h], scratch.history_used[h] = day, b, scratch.used[b]
        scratch.n[1] = h + 1


@jit
def find_segments(law: Law, charges: Charges, state: State, out: Output, i: int) -> None:
    """Finds the version of each rule in force on the day interest runs from."""
    for k in (2 * i, 2 * i + 1):
        state.segment[k] = -1
        for s in range(charges.segment_low[k], charges.segment_high[k]):
            rule = law.segment_rule[s]
            base = state.base_late[i] if law.from_late[rule] == 1 else state.base_due[i]
            if law.segment_from[s] <= base < law.segment_to[s]:
                state.segment[k] = s
                state.since[k] = base
                state.counted[k] = 0
                break
        if state.segment[k] < 0 and (k % 2 == 0 or charges.segment_high[k] > charges.segment_low[k]):
            out.error[0], out.error[1] = i + 1, state.base_due[i]


@jit
def become_delinquent(
    law: Law, days: Days, charges: Charges, state: State, scratch: Scratch, out: Output, i: int, day: int
) -> None:
    """Installment i is past its last free day: it bears interest from its base, as if there had been no grace."""
    if state.open[i] <= 0:
        return
    find_segments(law, charges, state, out, i)
    if out.error[0] > 0:
        return
    state.bearing[i], state.late[i] = 1, day
    b = charges.bracket[i]
    if b < 0:
        return
    top = law.tier_top[law.segment_rule[state.segment[2 * i]] * TIERS]
    if scratch.was[b] == 0:
        scratch.taken[b] = 0  # nothing was owed: the lower tier is full again
    state.low[i] = min(state.open[i], max(0, top - scratch.taken[b]))
    scratch.taken[b] += state.low[i]
    look_back(law, days, charges, state, scratch, out, i, day)
    take_place(state, scratch, i)
    scratch.was[b] += state.open[i]


@jit
def take_place(state: State, scratch: Scratch, i: int) -> None:
    """Puts an installment in the queue for the lower tiers: by the day it became delinquent, then by age."""
    q = scratch.n[0]
    scratch.n[0] = q + 1
    while q > 0 and (state.late[scratch.queue[q - 1]], scratch.queue[q - 1]) > (state.late[i], i):
        scratch.queue[q] = scratch.queue[q - 1]
        q -= 1
    scratch.queue[q] = i


@jit
def look_back(
    law: Law, days: Days, charges: Charges, state: State, scratch: Scratch, out: Output, i: int, day: int
) -> None:
    """Charges installment i from its base to today with the room it would have found on each day, and takes its place."""
    b = charges.bracket[i]
    # Where the day of payment is charged too, the base day itself is charged: the room is taken from the day before on.
    base = state.base_due[i] - law.inclusive[law.segment_rule[state.segment[2 * i]]]
    h = scratch.n[1]
    first = h  # the first note after the base
    while first > 0 and scratch.history_day[first - 1] > base:
        first -= 1
    room = 0
    for p in range(first - 1, -1, -1):
        if scratch.history_bracket[p] == b:
            room = scratch.history_used[p]
            break
    start = room
    for p in range(first, h):
        if scratch.history_bracket[p] == b:
            accrue(law, days, charges, state, out, i, scratch.history_day[p], room)
            room = scratch.history_used[p]
    accrue(law, days, charges, state, out, i, day, room)
    for p in range(h, first, -1):
        scratch.history_day[p] = scratch.history_day[p - 1]
        scratch.history_bracket[p] = scratch.history_bracket[p - 1]
        scratch.history_used[p] = scratch.history_used[p - 1] + (
            state.open[i] if scratch.history_bracket[p - 1] == b else 0
        )
    scratch.history_day[first], scratch.history_bracket[first] = base, b
    scratch.history_used[first] = start + state.open[i]
    scratch.n[1] = h + 1


@jit
def earned(law: Law, state: State, k: int) -> int:
    """All that ever accrued in units of 1/scale cent, lifted to the rule's minimum."""
    if state.accrued[k] <= 0:
        return 0
    if state.segment[k] < 0:
        return state.accrued[k]
    return max(state.accrued[k], law.minimum[law.segment_rule[state.segment[k]]] * law.scale[0])


@jit
def owed(law: Law, state: State, k: int) -> int:
    """What is due in cents of the interest (or accruing penalty) of one installment."""
    if law.by_account[0] == 1:
        return state.due[k]
    return max(0, half_up(earned(law, state, k), law.scale[0]) - state.settled[k])


@jit
def first_of_account(charges: Charges, low: int, i: int) -> bool:
    """Whether no earlier installment of the group is of the same account: a party's accounts are figured one by one."""
    for j in range(low, i):  # noqa: SIM110  a generator costs more here than the loop
        if charges.account[j] == charges.account[i]:
            return False
    return True


@jit
def round_by_account(
    law: Law, days: Days, charges: Charges, state: State, out: Output, low: int, high: int, day: int
) -> None:
    """Rounds what each account owes once, by a running total in order of age, for rules that say so."""
    for start in range(low, high):
        if not first_of_account(charges, low, start):
            continue
        for c in range(2):
            running, given = 0, 0
            for i in range(start, high):
                if charges.account[i] != charges.account[start]:
                    continue
                if c == 0 and state.bearing[i] == 1 and charges.bracket[i] < 0 and state.open[i] > 0:
                    accrue(law, days, charges, state, out, i, day, 0)
                k = 2 * i + c
                running += earned(law, state, k) - state.settled[k] * law.scale[0]
                state.due[k] = max(0, half_up(running, law.scale[0]) - given)
                given += state.due[k]
                if state.due[k] > 0:
                    state.closed[i] = 0
