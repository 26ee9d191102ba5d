"""How interest accrues: time counted, tiers filled, cents rounded. docs/replay.md says what each rule means.

Like all of the kernel it is written in the part of Python that numba compiles, over the rows of records.py: `item` is one
installment of the group at hand, `clock` its interest or its accruing penalty. Accrued interest is kept in units of
1/`scale` cent, so nothing is ever rounded away. Days are counted from 0001-01-01.
"""

from __future__ import annotations

from xltax.ledger.jit import jit
from xltax.ledger.records import (
    BANDS,
    DAYS_30_360,
    DAYS_ACTUAL,
    MINIMUM,
    MONTHS_BEGUN,
    MONTHS_TOUCHED,
    ONCE,
    PERIODS,
    TIERS,
    WHOLE_MONTHS,
    Law,
    Work,
)


@jit
def calendar_day(day: int) -> tuple[int, int, int]:
    """A day as months since year 0, its number in the month, and the month's length."""
    day += 305  # from here days are counted from March 1 of year 0: a leap day is the last day of its year
    four_centuries, day = day // 146_097, day % 146_097
    year = (day - day // 1_460 + day // 36_524 - day // 146_096) // 365
    day -= 365 * year + year // 4 - year // 100
    month = (5 * day + 2) // 153  # March is 0; months of 31 and 30 days come in fives of 153
    start = (153 * month + 2) // 5
    length = (153 * month + 155) // 5 - start
    year += 400 * four_centuries
    if month == 11:
        leap = (year + 1) % 4 == 0 and ((year + 1) % 100 != 0 or (year + 1) % 400 == 0)
        length = 29 if leap else 28
    return 12 * year + month + 2, day - start + 1, length


@jit
def count(law: Law, number: int, base: int, day: int) -> int:
    """How many days, months or periods have counted from the base to a day; for bands, the rate reached."""
    if day < base:
        return 0
    rule = law.rules[number]
    clock = rule.clock
    if clock == DAYS_ACTUAL:
        return day - base + rule.inclusive
    if clock == ONCE:
        return 1
    if clock == PERIODS:
        late = day - base + rule.from_late
        full = late // rule.period
        if rule.part == 1 and late % rule.period > 0:
            full += 1
        return min(full, rule.most)
    base_month, base_day, base_length = calendar_day(base)
    month, day_of_month, length = calendar_day(day)
    months = month - base_month
    if clock == DAYS_30_360:
        # As the spreadsheet's DAYS360: a base on the 31st, or the last of February, is a 30th, and then so is a 31st.
        start = 30 if base_day == 31 or base_day == base_length < 30 else base_day
        end = 30 if day_of_month == 31 and start == 30 else day_of_month
        return 30 * months + end - start + rule.inclusive
    if clock == MONTHS_TOUCHED:
        return months + 1
    # A month is complete on the base's day-number, or on the last day of a month that has no such day.
    complete = months
    if day_of_month < min(base_day, length):
        complete -= 1
    if clock == WHOLE_MONTHS:
        return complete
    if clock == MONTHS_BEGUN:
        return complete + 1
    # Bands: through N months means up to and including the day N months after the base.
    for band in range(TIERS):
        tier = law.tiers[number * TIERS + band]
        if complete < tier.top or (months == tier.top and day_of_month <= min(base_day, length)):
            return tier.rate
    return 0


@jit
def half_up(amount: int, scale: int) -> int:
    """Units of 1/scale cent as whole cents, a half away from zero."""
    if amount < 0:
        return -((-2 * amount + scale) // (2 * scale))
    return (2 * amount + scale) // (2 * scale)


@jit
def note_period(
    law: Law, work: Work, charge: int, component: int, rule: int, tier: int, since: int, upto: int, n: int, base: int, amount: int
) -> None:  # fmt: skip
    """Writes down what accrued from one day to another, where that is wanted."""
    if law.want == 0:
        return
    now = work.now[0]
    if now.periods < len(work.periods):
        row = work.periods[now.periods]
        row.charge, row.component, row.rule, row.tier = charge, component, rule, tier
        row.since, row.upto, row.count, row.base, row.amount = since, upto, n, base, amount
    now.periods += 1


@jit
def earn(law: Law, work: Work, i: int, component: int, number: int, room: int, n: int, day: int) -> int:
    """What the open tax of item i earns in n units of time, with `room` of its bracket already taken below it."""
    item = work.items[i]
    rule = law.rules[number]
    total = 0
    low = 0
    for t in range(rule.tiers):
        tier = law.tiers[number * TIERS + t]
        if rule.clock == BANDS:
            base = item.open  # a band's limit is a number of months, not of cents
        elif rule.latched == 1:
            base = item.low if t == 0 else item.open - item.low
        else:
            base = max(0, min(room + item.open, tier.top) - max(room, low))
            low = tier.top
        if base == 0:
            continue
        if rule.clock == BANDS:
            amount = base * n
        elif rule.monthly == 1:
            one = half_up(base * (rule.beside + tier.rate), law.scale) - half_up(base * rule.beside, law.scale)
            amount = one * n * law.scale
        else:
            amount = base * tier.rate * n
        total += amount
        since = work.clocks[2 * i + component].since
        note_period(law, work, item.charge, component, number, t, since, day, n, base, amount)
    return total


@jit
def base_under(law: Law, work: Work, i: int, number: int) -> int:
    """The day item i bears interest from under a rule."""
    item = work.items[i]
    return item.base_late if law.rules[number].from_late == 1 else item.base_due


@jit
def accrue(law: Law, work: Work, i: int, day: int, room: int) -> None:
    """Carries what item i has accrued to a day, through every version of its rules on the way."""
    now = work.now[0]
    for component in range(2):
        clock = work.clocks[2 * i + component]
        while clock.segment >= 0:
            segment = law.segments[clock.segment]
            end = segment.end
            upto = day if day < end else end - law.rules[segment.rule].inclusive
            reached = count(law, segment.rule, base_under(law, work, i, segment.rule), upto)
            if reached > clock.counted:
                clock.accrued += earn(law, work, i, component, segment.rule, room, reached - clock.counted, upto)
                clock.counted = reached
            clock.since = max(clock.since, upto)
            if day < end:
                break
            if clock.segment + 1 == clock.high or law.segments[clock.segment + 1].start != end:
                now.error, now.error_day = work.items[i].charge + 1, end
                return
            clock.segment += 1
            number = law.segments[clock.segment].rule
            clock.counted = count(law, number, base_under(law, work, i, number), end - law.rules[number].inclusive)


@jit
def accrue_untiered(law: Law, work: Work, i: int, day: int) -> None:
    """Carries item i to a day if it bears interest on its own; what shares tiers is carried together."""
    item = work.items[i]
    if item.bearing == 1 and item.bracket < 0 and item.open > 0:
        accrue(law, work, i, day, 0)


@jit
def accrue_tiers(law: Law, work: Work, day: int) -> None:
    """Carries every installment that shares tiers to a day, in the order they became delinquent."""
    now = work.now[0]
    if now.queue == 0:
        return
    for b in range(now.brackets):
        work.brackets[b].used = 0
    kept = 0
    for q in range(now.queue):
        i = work.queue[q]
        item = work.items[i]
        if item.open <= 0:
            continue
        work.queue[kept] = i
        kept += 1
        bracket = work.brackets[item.bracket]
        accrue(law, work, i, day, bracket.used)
        bracket.used += item.open
    now.queue = kept


@jit
def put_note(work: Work, at: int, day: int, bracket: int, used: int) -> None:
    """Writes what a bracket held from a day on."""
    note = work.history[at]
    note.day, note.bracket, note.used = day, bracket, used


@jit
def remember(work: Work, day: int) -> None:
    """Notes what each bracket holds from this day on, where it changed: a later delinquency looks back at it."""
    now = work.now[0]
    if now.queue == 0 and now.history == 0:
        return
    for b in range(now.brackets):
        work.brackets[b].used = 0
    for q in range(now.queue):
        item = work.items[work.queue[q]]
        work.brackets[item.bracket].used += item.open
    for b in range(now.brackets):
        bracket = work.brackets[b]
        if bracket.used == bracket.was:
            continue
        if now.history == len(work.history):
            now.short = 1
            return
        bracket.was = bracket.used
        put_note(work, now.history, day, b, bracket.used)
        now.history += 1


@jit
def find_segments(law: Law, work: Work, i: int) -> None:
    """Finds the version of each rule in force on the day interest runs from."""
    now = work.now[0]
    for component in range(2):
        clock = work.clocks[2 * i + component]
        clock.segment = -1
        for s in range(clock.low, clock.high):
            segment = law.segments[s]
            base = base_under(law, work, i, segment.rule)
            if segment.start <= base < segment.end:
                clock.segment, clock.since, clock.counted = s, base, 0
                break
        if clock.segment < 0 and (component == 0 or clock.high > clock.low):
            now.error, now.error_day = work.items[i].charge + 1, work.items[i].base_due


@jit
def room_below(law: Law, work: Work, i: int) -> int:
    """How much of the lower tier of item i's bracket has not been taken since something was last owed."""
    bracket = work.brackets[work.items[i].bracket]
    if bracket.was == 0:
        bracket.taken = 0  # nothing was owed: the lower tier is full again
    number = law.segments[work.clocks[2 * i].segment].rule
    return max(0, law.tiers[number * TIERS].top - bracket.taken)


@jit
def become_delinquent(law: Law, work: Work, i: int, day: int) -> None:
    """Item i is past its last free day: it bears interest from its base, as if there had been no grace."""
    item = work.items[i]
    if item.open <= 0:
        return
    find_segments(law, work, i)
    if work.now[0].error > 0:
        return
    item.bearing, item.late = 1, day
    if item.bracket < 0:
        return
    bracket = work.brackets[item.bracket]
    item.low = min(item.open, room_below(law, work, i))
    bracket.taken += item.low
    look_back(law, work, i, day)
    take_place(work, i)
    bracket.was += item.open


@jit
def take_place(work: Work, i: int) -> None:
    """Puts an installment in the queue for the lower tiers: by the day it became delinquent, then by age."""
    now = work.now[0]
    q = now.queue
    now.queue += 1
    late = work.items[i].late
    while q > 0:
        other = work.queue[q - 1]
        if work.items[other].late < late or (work.items[other].late == late and other < i):
            break
        work.queue[q] = other
        q -= 1
    work.queue[q] = i


@jit
def look_back(law: Law, work: Work, i: int, day: int) -> None:
    """Charges item i from its base to today with the room it would have found on each day, and takes its place there."""
    now = work.now[0]
    if now.history == len(work.history):
        now.short = 1
        return
    item = work.items[i]
    b = item.bracket
    # Where the day of payment is charged too, the base day itself is charged: the room is taken from the day before on.
    base = item.base_due - law.rules[law.segments[work.clocks[2 * i].segment].rule].inclusive
    first = now.history  # the first note after the base
    while first > 0 and work.history[first - 1].day > base:
        first -= 1
    room = 0
    for p in range(first - 1, -1, -1):
        if work.history[p].bracket == b:
            room = work.history[p].used
            break
    start = room
    for p in range(first, now.history):
        note = work.history[p]
        if note.bracket == b:
            accrue(law, work, i, note.day, room)
            room = note.used
    accrue(law, work, i, day, room)
    for p in range(now.history, first, -1):
        note = work.history[p - 1]
        put_note(work, p, note.day, note.bracket, note.used + (item.open if note.bracket == b else 0))
    put_note(work, first, base, b, start + item.open)
    now.history += 1


@jit
def least(law: Law, work: Work, k: int) -> int:
    """The minimum of the rule a clock runs under, in cents."""
    clock = work.clocks[k]
    return law.rules[law.segments[clock.segment].rule].minimum if clock.segment >= 0 else 0


@jit
def earned(law: Law, work: Work, k: int) -> int:
    """All that ever accrued in units of 1/scale cent, lifted to the rule's minimum."""
    clock = work.clocks[k]
    if clock.accrued <= 0:
        return 0
    return max(clock.accrued, least(law, work, k) * law.scale)


@jit
def owed(law: Law, work: Work, k: int) -> int:
    """What is due in cents of the interest (or accruing penalty) of one installment."""
    clock = work.clocks[k]
    if law.by_account == 1:
        return clock.due
    return max(0, half_up(earned(law, work, k), law.scale) - clock.settled)


@jit
def note_minimum(law: Law, work: Work, k: int) -> None:
    """Writes down what lifts the interest of one installment to its rule's minimum, where that is wanted."""
    clock = work.clocks[k]
    if law.want == 1 and clock.accrued > 0 and clock.segment >= 0:
        short = least(law, work, k) - half_up(clock.accrued, law.scale)
        if short > 0:
            rule = law.segments[clock.segment].rule
            charge = work.items[k // 2].charge
            note_period(law, work, charge, k % 2, rule, MINIMUM, clock.since, clock.since, 1, 0, short * law.scale)


@jit
def first_of_account(work: Work, i: int) -> bool:
    """Whether no earlier installment of the group is of the same account: a party's accounts are figured one by one."""
    for j in range(i):  # noqa: SIM110  a generator costs more here than the loop
        if work.items[j].account == work.items[i].account:
            return False
    return True


@jit
def round_by_account(law: Law, work: Work, day: int) -> None:
    """Rounds what each account owes once, by a running total in order of age, for rules that say so."""
    now = work.now[0]
    for start in range(now.size):
        if not first_of_account(work, start):
            continue
        for component in range(2):
            running, given = 0, 0
            for i in range(start, now.size):
                item = work.items[i]
                if item.account != work.items[start].account:
                    continue
                if component == 0:
                    accrue_untiered(law, work, i, day)
                clock = work.clocks[2 * i + component]
                running += earned(law, work, 2 * i + component) - clock.settled * law.scale
                clock.due = max(0, half_up(running, law.scale) - given)
                given += clock.due
                if clock.due > 0:
                    item.closed = 0
