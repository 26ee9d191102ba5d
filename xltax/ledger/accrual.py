"""How interest accrues: time counted, tiers filled, cents rounded. docs/replay.md says what each rule means.

Like all of the kernel it is written in the part of Python that numba compiles, over the rows of kernel_types.py: `item` is one
installment of the group at hand, `clock` its interest or its accruing penalty, `version` a rule as it is in force for a time. Accrued interest is kept in units of
1/`scale` cent, so nothing is ever rounded away. Days are counted from 0001-01-01.
"""

from __future__ import annotations

from typing import Any

from xltax.law.interest.terms import (
    DAYS_30_360,
    DAYS_ACTUAL,
    MARKS,
    MONTHS_TOUCHED,
    ONCE,
    PERIODS,
    WHOLE_MONTHS,
)
from xltax.ledger.jit import jit
from xltax.ledger.kernel_types import MINIMUM, Law, Work


@jit
def calendar_day(day: int) -> tuple[int, int, int]:
    """A day as months since year 0, the day of the month, and the length of the month."""
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
def marked(law: Law, low: int, high: int, day: int) -> int:
    """The end of those of a stretch of marks that have come by a day."""
    while low < high:
        middle = (low + high) // 2
        if law.marks[middle].day <= day:
            low = middle + 1
        else:
            high = middle
    return low


@jit
def total_by(law: Law, low: int, high: int, day: int) -> int:
    """The total that a stretch of marks has reached on a day."""
    reached = marked(law, low, high, day)
    return law.marks[reached - 1].total if reached > low else 0


@jit
def count(law: Law, version: Any, base: int, day: int) -> int:
    """How many days, months or periods have counted from the base to a day; under a schedule, the total reached."""
    clock = version.clock
    if clock == MARKS:
        return total_by(law, version.mark_low, version.mark_high, day)
    if day < base or day < version.waits:
        return 0
    if clock == DAYS_ACTUAL:
        return day - base + version.inclusive
    if clock == ONCE:
        return 1
    if clock == PERIODS:
        late = day - base + version.from_late
        full = late // version.period
        if version.part == 1 and late % version.period > 0:
            full += 1
        return min(full, version.most)
    base_month, base_day, base_length = calendar_day(base)
    month, day_of_month, length = calendar_day(day)
    months = month - base_month
    if clock == DAYS_30_360:
        # As the spreadsheet's DAYS360: a base on the 31st, or the last of February, is a 30th, and then so is a 31st.
        start = 30 if base_day == 31 or base_day == base_length < 30 else base_day
        end = 30 if day_of_month == 31 and start == 30 else day_of_month
        return 30 * months + end - start + version.inclusive
    if clock == MONTHS_TOUCHED:
        return months + 1
    number = base_day
    if version.month_end == 1 and base_day == base_length:
        number = 31
    if clock == WHOLE_MONTHS:
        # A month is complete on the base's day-number, or on the last day of a month that has no such day.
        return months if day_of_month >= min(number, length) else months - 1
    # A month begun ends on the base's day-number or on the day before it, or with a month that has no such day.
    last = min(number if version.after == 1 else number - 1, length)
    return months + 1 if day_of_month > last else months


@jit
def half_up(amount: int, scale: int) -> int:
    """Units of 1/scale cent as whole cents, a half away from zero."""
    if amount < 0:
        return -((-2 * amount + scale) // (2 * scale))
    return (2 * amount + scale) // (2 * scale)


@jit
def note_period(
    periods: Any, now: Any, charge: int, component: int, rule: int, tier: int, since: int, upto: int, n: int, base: int, amount: int
) -> None:  # fmt: skip
    """Records what accrued from one day to another."""
    if now.periods < len(periods):
        row = periods[now.periods]
        row.charge, row.component, row.rule, row.tier = charge, component, rule, tier
        row.since, row.upto, row.count, row.base, row.amount = since, upto, n, base, amount
    now.periods += 1


@jit
def earn(
    periods: Any, now: Any, version: Any, item: Any, clock: Any, component: int, room: int, n: int, day: int
) -> int:
    """The interest on an item's open tax for n units of time, with `room` of its bracket already used by earlier items."""
    total = 0
    low = 0
    bears = item.open
    if version.on_penalty == 1:
        bears += item.penalty + owed(now, item.accruing_penalty)
    for tier in range(version.tiers):
        top, rate = version.top[tier], version.rate[tier]
        if version.latched == 1:
            base = item.low if tier == 0 else bears - item.low
        else:
            base = max(0, min(room + bears, top) - max(room, low))
            low = top
        if base == 0:
            continue
        if version.clock == MARKS:
            amount = base * n
        elif version.monthly == 1:
            beside = version.beside
            one = half_up(base * (beside + rate), now.scale) - half_up(base * beside, now.scale)
            amount = one * n * now.scale
        else:
            amount = base * rate * n
        total += amount
        if now.want == 1:
            note_period(periods, now, item.charge, component, version.rule, tier, clock.since, day, n, base, amount)
    return total


@jit
def base_under(version: Any, item: Any) -> int:
    """The day an item bears interest from under a rule."""
    if version.base > 0 and item.moved == 0:
        return version.base
    return item.base_late if version.from_late == 1 else item.base_due


@jit
def advance(law: Law, periods: Any, now: Any, item: Any, clock: Any, component: int, day: int, room: int) -> None:
    """Brings one clock of an item up to a day, through every version of its rule."""
    while clock.version >= 0:
        version = law.versions[clock.version]
        end = version.end
        upto = day if day < end else end - version.inclusive
        reached = count(law, version, base_under(version, item), upto)
        if reached > clock.counted:
            clock.accrued += earn(periods, now, version, item, clock, component, room, reached - clock.counted, upto)
            clock.counted = reached
        elif reached < clock.counted and version.clock == MARKS:
            drop(periods, now, version, item, clock, component, upto)
            clock.counted = reached
        clock.since = max(clock.since, upto)
        if day < end:
            return
        if clock.version + 1 == clock.high or law.versions[clock.version + 1].start != end:
            now.error, now.error_day = item.charge + 1, end
            return
        clock.version += 1
        following = law.versions[clock.version]
        set_limits(following, item, clock)
        clock.counted = count(law, following, base_under(following, item), end - following.inclusive)


@jit
def drop(periods: Any, now: Any, version: Any, item: Any, clock: Any, component: int, day: int) -> None:
    """A schedule ends with 0%: what accrued and was not paid is no longer owed."""
    kept = min(clock.accrued, clock.settled * now.scale)
    if now.want == 1 and kept < clock.accrued:
        note_period(
            periods,
            now,
            item.charge,
            component,
            version.rule,
            0,
            clock.since,
            day,
            -clock.counted,
            item.open,
            kept - clock.accrued,
        )
    clock.accrued = kept


@jit
def set_limits(version: Any, item: Any, clock: Any) -> None:
    """What a rule says of the amount itself: its minimum, and whether it is rounded to dollars."""
    clock.minimum, clock.unit = version.minimum, 100 if version.to_dollar == 1 else 1
    if version.up_to_tax == 1:
        clock.minimum = min(version.minimum, item.open)


@jit
def next_penalty(law: Law, item: Any, day: int) -> int:
    """The next day, up to a day, on which the penalty of an item grows; 0: none."""
    clock = item.accruing_penalty
    if clock.version < 0:
        return 0
    version = law.versions[clock.version]
    at = clock.since
    if version.clock == MARKS:
        if count(law, version, 0, at) == clock.counted:
            following = marked(law, version.mark_low, version.mark_high, at)
            at = law.marks[following].day if following < version.mark_high else day + 1
    elif clock.counted > 0:
        return 0
    else:  # charged once: on the rule's own day, or when the installment became delinquent by law
        at = max(at, version.base if version.base > 0 and item.moved == 0 else item.base_late)
    return at if at <= day else 0


@jit
def accrue_on_penalty(law: Law, periods: Any, now: Any, item: Any, day: int) -> None:
    """Brings interest that is charged on tax and penalty up to each day on which the penalty grows."""
    grows = next_penalty(law, item, day)
    while grows > 0 and now.error == 0:
        advance(law, periods, now, item, item.interest, 0, grows - 1, 0)
        before = item.accruing_penalty.counted
        advance(law, periods, now, item, item.accruing_penalty, 1, grows, 0)
        if item.accruing_penalty.counted == before:
            return
        grows = next_penalty(law, item, day)


@jit
def accrue(law: Law, periods: Any, now: Any, item: Any, day: int, room: int) -> None:
    """Brings the accrual of an item up to a day."""
    if law.on_penalty == 1 and law.versions[item.interest.version].on_penalty == 1:
        accrue_on_penalty(law, periods, now, item, day)
    advance(law, periods, now, item, item.interest, 0, day, room)
    if now.error == 0:
        advance(law, periods, now, item, item.accruing_penalty, 1, day, room)


@jit
def accrue_untiered(law: Law, periods: Any, now: Any, item: Any, day: int) -> None:
    """Brings an item up to a day if it has its own tiers. Items that share tiers are brought up together."""
    if item.bearing == 1 and item.bracket < 0 and (item.open > 0 or (law.on_penalty == 1 and item.closed == 0)):
        accrue(law, periods, now, item, day, 0)


@jit
def accrue_tiers(law: Law, work: Work, day: int) -> None:
    """Brings all installments that share tiers up to a day, in the order they became delinquent."""
    now = work.now[0]
    if now.queue == 0:
        return
    for b in range(now.brackets):
        work.brackets[b].used = 0
    kept = 0
    for q in range(now.queue):
        item = work.items[work.queue[q]]
        if item.open <= 0:
            continue
        work.queue[kept] = item.here
        kept += 1
        bracket = work.brackets[item.bracket]
        accrue(law, work.periods, now, item, day, bracket.used)
        bracket.used += item.open
    now.queue = kept


@jit
def remember(work: Work, day: int) -> None:
    """Records each bracket that changed on this day, for installments that become delinquent later."""
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
        note = work.history[now.history]
        note.day, note.bracket, note.used = day, b, bracket.used
        now.history += 1


@jit
def start_clock(law: Law, item: Any, clock: Any) -> None:
    """Finds the version of the rule in force on the day interest runs from."""
    clock.version = -1
    for v in range(clock.low, clock.high):
        version = law.versions[v]
        base = base_under(version, item)
        if version.start <= base < version.end:
            clock.version, clock.since, clock.counted = v, base, 0
            set_limits(version, item, clock)
            return


@jit
def room_below(law: Law, work: Work, item: Any) -> int:
    """The part of the lower tier of an item's bracket not used since the bracket was last paid in full."""
    bracket = work.brackets[item.bracket]
    if bracket.was == 0:
        bracket.taken = 0  # nothing was owed: the lower tier is full again
    return max(0, law.versions[item.interest.version].top[0] - bracket.taken)


@jit
def become_delinquent(law: Law, work: Work, item: Any, day: int) -> None:
    """Starts interest on an item past its last free day, from its base, as if there had been no grace."""
    if item.open <= 0:
        return
    if law.asks_prior == 1 and earlier_is_open(work, item, day):
        item.interest.low, item.interest.high = item.prior_interest_low, item.prior_interest_high
        item.accruing_penalty.low, item.accruing_penalty.high = item.prior_penalty_low, item.prior_penalty_high
    start_clock(law, item, item.interest)
    start_clock(law, item, item.accruing_penalty)
    has_penalty = item.accruing_penalty.high > item.accruing_penalty.low
    if item.interest.version < 0 or (has_penalty and item.accruing_penalty.version < 0):
        now = work.now[0]
        now.error, now.error_day = item.charge + 1, item.base_due
        return
    item.bearing, item.late = 1, day
    if item.bracket < 0:
        return
    bracket = work.brackets[item.bracket]
    if law.versions[item.interest.version].latched == 1:  # only such a rule keeps what was taken
        item.low = min(item.open, room_below(law, work, item))
        bracket.taken += item.low
    look_back(law, work, item, day)
    take_place(work, item)
    bracket.was += item.open


@jit
def earlier_is_open(work: Work, item: Any, day: int) -> bool:
    """Whether an earlier installment of the account is delinquent with tax, interest or penalty still open."""
    for i in range(item.here):
        other = work.items[i]
        if other.account != item.account or other.due >= item.due:
            continue
        if other.bearing == 0 and other.open > 0 and other.free_until < day and other.enters <= day:
            return True  # past its last free day, with interest that begins later
        if other.bearing == 1:
            on_top = owed(work.now[0], other.interest) + owed(work.now[0], other.accruing_penalty)
            if other.open > 0 or other.penalty + on_top > 0:
                return True
    return False


@jit
def take_place(work: Work, item: Any) -> None:
    """Puts an installment in the queue for the lower tiers: by the day it became delinquent, then by age."""
    now = work.now[0]
    q = now.queue
    now.queue += 1
    while q > 0:
        other = work.items[work.queue[q - 1]]
        if other.late < item.late or (other.late == item.late and other.here < item.here):
            break
        work.queue[q] = other.here
        q -= 1
    work.queue[q] = item.here


@jit
def look_back(law: Law, work: Work, item: Any, day: int) -> None:
    """Charges an item from its base to today with the room there was on each day, and puts the item in its place."""
    now = work.now[0]
    if now.history == len(work.history):
        now.short = 1
        return
    # Where the day of payment is charged too, the base day itself is charged: the room is taken from the day before on.
    version = law.versions[item.interest.version]
    base = base_under(version, item) - version.inclusive
    first = now.history  # the first note after the base
    while first > 0 and work.history[first - 1].day > base:
        first -= 1
    room = 0
    for p in range(first - 1, -1, -1):
        if work.history[p].bracket == item.bracket:
            room = work.history[p].used
            break
    start = room
    for p in range(first, now.history):
        note = work.history[p]
        if note.bracket == item.bracket:
            accrue(law, work.periods, now, item, note.day, room)
            room = note.used
    accrue(law, work.periods, now, item, day, room)
    for p in range(now.history, first, -1):
        note, before = work.history[p], work.history[p - 1]
        note.day, note.bracket, note.used = before.day, before.bracket, before.used
        if note.bracket == item.bracket:
            note.used += item.open
    note = work.history[first]
    note.day, note.bracket, note.used = base, item.bracket, start + item.open
    now.history += 1


@jit
def earned(now: Any, clock: Any) -> int:
    """The whole accrual in units of 1/scale cent, raised to the rule's minimum."""
    if clock.accrued <= 0:
        return 0
    return max(clock.accrued, clock.minimum * now.scale)


@jit
def owed(now: Any, clock: Any) -> int:
    """The interest (or accruing penalty) due on one installment, in cents."""
    if now.by_account == 1:
        return clock.due
    return max(0, half_up(earned(now, clock), now.scale * clock.unit) * clock.unit - clock.settled)


@jit
def note_minimum(law: Law, periods: Any, now: Any, item: Any, clock: Any, component: int) -> None:
    """Records what the minimum, or rounding to dollars, adds to the interest of one installment."""
    short = half_up(earned(now, clock), now.scale * clock.unit) * clock.unit - half_up(clock.accrued, now.scale)
    if clock.accrued > 0 and short != 0:
        rule = law.versions[clock.version].rule
        note_period(
            periods, now, item.charge, component, rule, MINIMUM, clock.since, clock.since, 1, 0, short * now.scale
        )


@jit
def first_of_account(work: Work, item: Any) -> bool:
    """Whether this is the group's first installment of the account. A party's accounts are calculated one by one."""
    for i in range(item.here):  # noqa: SIM110  a generator costs more here than the loop
        if work.items[i].account == item.account:
            return False
    return True


@jit
def round_by_account(law: Law, work: Work, day: int) -> None:
    """Rounds each account's amount once, by a running total in order of age, if the rule says so."""
    now = work.now[0]
    for start in range(now.size):
        first = work.items[start]
        if not first_of_account(work, first):
            continue
        interest, penalty, interest_given, penalty_given = 0, 0, 0, 0
        for i in range(start, now.size):
            item = work.items[i]
            if item.account != first.account:
                continue
            accrue_untiered(law, work.periods, now, item, day)
            interest += earned(now, item.interest) - item.interest.settled * now.scale
            item.interest.due = max(0, half_up(interest, now.scale) - interest_given)
            interest_given += item.interest.due
            penalty += earned(now, item.accruing_penalty) - item.accruing_penalty.settled * now.scale
            item.accruing_penalty.due = max(0, half_up(penalty, now.scale) - penalty_given)
            penalty_given += item.accruing_penalty.due
            if item.interest.due > 0 or item.accruing_penalty.due > 0:
                item.closed = 0
