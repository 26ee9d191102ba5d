"""The replay itself: every account's events in order, in whole numbers. docs/replay.md says what it does and why.

One group (a parcel, or a party) is taken at a time: its charges become the `items` of `work`, its events are met in order of
day, and what is open at the end is its figures. The ways to run it are those of accrual.py.
"""

from __future__ import annotations

from typing import Any

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
from xltax.ledger.in_hand import apply_credit, free, give, make, receive, use
from xltax.ledger.jit import jit
from xltax.ledger.kernel_types import (
    ADJUSTMENT,
    COSTS,
    CREDIT_DUE,
    FROM_ADJUSTMENT,
    FROM_CREDIT,
    IN_HAND,
    IN_VAIN,
    INTEREST,
    LAPSE,
    LOOK,
    MADE,
    NEVER,
    PENALTY,
    RECEIPT,
    TAX,
    YEAR_END,
    Facts,
    Law,
    Work,
)
from xltax.ledger.paying import close_if_paid, log, lower_tax, pay_column, posting_line

# ---- adjustments -----------------------------------------------------------------------------------------------------


@jit
def adjust(law: Law, work: Work, change: Any, day: int) -> None:
    """Applies one adjustment. What lowers tax below zero becomes credit; what finds nothing else to lower is noted."""
    now = work.now[0]
    amount, column, row = change.amount, change.column, change.row
    item = work.items[change.charge - now.low]
    left = 0
    if change.sign == 0:
        credit = min(amount, now.credit)
        refund = min(amount - credit, now.refund)
        use(work, 0, credit)
        now.refund -= refund
        left = amount - credit - refund
    elif change.sign > 0:
        accrue_untiered(law, work.periods, now, item, day)
        if item.bearing == 2 and change.interest_high > 0:
            item.interest.low, item.interest.high = change.interest_low, change.interest_high
            item.accruing_penalty.low, item.accruing_penalty.high = change.penalty_low, change.penalty_high
        raise_column(law, work, item, column, amount, day)
        log(work.posts, now, FROM_ADJUSTMENT, row, day, item, column, -amount, 0)
        item.closed = 0
        now.closed = min(now.closed, item.here)
    else:
        accrue_untiered(law, work.periods, now, item, day)
        if now.by_account == 1 and column != TAX:
            round_by_account(law, work, day)
        if column == TAX:
            over = max(0, amount - max(0, item.open))
            lower_tax(item, amount - over)
            log(work.posts, now, FROM_ADJUSTMENT, row, day, item, TAX, amount, 0)
            if over > 0:
                lost = free(work, item, over, row, day)
                log(work.posts, now, FROM_CREDIT, now.group, day, item, TAX, -over, -lost)
        else:
            left = pay_column(work, FROM_ADJUSTMENT, row, day, item, column, amount)
        close_if_paid(now, item)
    if left > 0:
        work.posts[posting_line(work.posts, now, IN_VAIN, row, day, item.charge)].tax = left


@jit
def raise_column(law: Law, work: Work, item: Any, column: int, amount: int, day: int) -> None:
    """Raises an installment. Tax added after the last free day bears interest from that day."""
    now = work.now[0]
    if column == COSTS:
        item.costs += amount
    elif column == PENALTY:
        item.penalty += amount
    elif column == INTEREST:
        item.interest.settled -= amount  # on top of what accrues, and of its minimum
    else:
        lapsed = item.bearing == 2  # past its last free day with nothing open
        if item.bearing == 1 and item.open <= 0:
            # It bore interest once and was paid: time before today is not charged on the new tax.
            accrue(law, work.periods, now, item, day, 0)
            if item.bracket >= 0:
                take_place(work, item)
        item.open += amount
        if lapsed:
            item.base_due, item.base_late, item.moved = day, day, 1
            become_delinquent(law, work, item, day)
        elif item.bearing == 1 and item.bracket >= 0 and law.versions[item.interest.version].latched == 1:
            more = min(amount, room_below(law, work, item))
            item.low += more
            work.brackets[item.bracket].taken += more


# ---- the end of a year -----------------------------------------------------------------------------------------------


@jit
def year_end(law: Law, work: Work, e: int) -> None:
    """Charges the year-end penalty on every account of the group whose delinquency is above the threshold."""
    day = law.ends[e].day
    if work.now[0].by_account == 1:
        round_by_account(law, work, day)
    for start in range(work.now[0].size):
        if first_of_account(work, work.items[start]):
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
            if end.with_interest == 1 or law.on_penalty == 1:
                accrue_untiered(law, work.periods, now, item, day)
            if end.with_interest == 1:
                tested += owed(now, item.interest)
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
            if now.want == 1:
                note_period(work.periods, now, item.charge, 1, -1 - e, 0, day, day, 1, item.open, share * now.scale)


# ---- a group from its first event to its last ------------------------------------------------------------------------


@jit
def reset(clock: Any, low: int, high: int) -> None:
    """A new clock without time. The versions of its rule are those from low to high."""
    clock.low, clock.high, clock.version, clock.minimum, clock.unit = low, high, -1, 0, 1
    clock.counted, clock.since, clock.accrued, clock.settled, clock.due = 0, 0, 0, 0, 0


@jit
def open_item(item: Any, charge: Any, kind: Any) -> None:
    """A charge as an item on which nothing has happened yet."""
    item.account, item.bill, item.hold, item.bracket = charge.account, charge.bill, charge.hold, charge.bracket
    item.unsecured, item.made, item.enters = charge.unsecured, charge.made, charge.enters
    item.year, item.due, item.lapse = kind.year, kind.due, max(kind.lapse, charge.since)
    item.base_due = charge.since if charge.since > 0 else kind.base_due
    item.base_late = charge.since if charge.since > 0 else kind.base_late
    item.discount_until, item.discount_full = kind.discount_until, kind.discount_full
    item.discount_part, item.discount_whole = kind.discount_part, kind.discount_whole
    item.discount_parts = kind.discount_parts
    item.discount_low, item.discount_high = kind.discount_low, kind.discount_high
    item.free_until = kind.lapse - 1
    item.whole, item.payable, item.moved = charge.whole, kind.due, 1 if charge.since > 0 else 0
    item.prior_interest_low, item.prior_interest_high = kind.prior_interest_low, kind.prior_interest_high
    item.prior_penalty_low, item.prior_penalty_high = kind.prior_penalty_low, kind.prior_penalty_high
    item.open, item.costs, item.penalty, item.paid = charge.amount, 0, 0, 0
    item.bearing, item.late, item.low, item.closed, item.line, item.settled_by = 0, 0, 0, 0, -1, 0
    reset(item.interest, kind.interest_low, kind.interest_high)
    reset(item.accruing_penalty, kind.penalty_low, kind.penalty_high)


@jit
def open_group(law: Law, facts: Facts, work: Work, g: int) -> None:
    """Sets up a group's charges as items, in the orders in which they are made and become delinquent."""
    now = work.now[0]
    now.group, now.low, now.size = g, facts.groups[g].charge, facts.groups[g + 1].charge - facts.groups[g].charge
    now.brackets, now.queue, now.history, now.closed, now.credit, now.refund = 0, 0, 0, 0, 0, 0
    now.lots, now.settled, now.again = 0, 0, 0
    for p in range(now.promises):
        work.promises[p].given = 0
    for i in range(now.size):
        charge = facts.charges[now.low + i]
        item = work.items[i]
        item.here, item.charge = i, now.low + i
        open_item(item, charge, law.kinds[charge.kind])
        if item.made > 0:
            # A bill made late is late from the day it was made, or from the day of the money promised to it.
            for p in range(now.promises):
                if work.promises[p].sees >= item.made:
                    item.enters = min(item.enters, work.promises[p].day)
            item.lapse = max(item.lapse, item.enters)
        now.brackets = max(now.brackets, item.bracket + 1)
        place = i
        while place > 0 and work.items[work.items[place - 1].making].made > item.made:
            work.items[place].making = work.items[place - 1].making
            place -= 1
        work.items[place].making = i
        place = i
        while place > 0 and work.items[work.items[place - 1].lapsing].lapse > item.lapse:
            work.items[place].lapsing = work.items[place - 1].lapsing
            place -= 1
        work.items[place].lapsing = i
    for b in range(now.brackets):
        bracket = work.brackets[b]
        bracket.used, bracket.taken, bracket.was = 0, 0, 0


@jit
def meet(law: Law, facts: Facts, work: Work, era: Any, kind: int, at: int, day: int) -> None:
    """One event of a group, such as a due date, a receipt, an adjustment or the end of a year."""
    now = work.now[0]
    if kind == LAPSE:
        lapse(law, facts, work, work.items[at], day)
        return
    if kind in (CREDIT_DUE, MADE) and now.credit == 0:
        return
    accrue_tiers(law, work, day)
    if kind == RECEIPT:
        receive(law, work, era, facts.receipts[at], day)
    elif kind == IN_HAND:
        give(law, work, era, work.promises[at], day)
    elif kind == MADE:
        make(law, facts, work, era, work.items[at], day)
    else:
        if kind == ADJUSTMENT:
            adjust(law, work, facts.changes[at], day)
        elif kind == YEAR_END:
            year_end(law, work, at)
        apply_credit(law, work, era, day, day if kind == YEAR_END else day - 1)  # bills of today are made after this
    if law.accelerates == 1:
        reinstate(law, facts, work, day)
    remember(work, day)


@jit
def lapse(law: Law, facts: Facts, work: Work, item: Any, day: int) -> None:
    """An installment is past its last free day. If tax is open it is delinquent, and may make the rest of its bill due."""
    if item.bearing > 0:
        return  # a missed installment of its bill made it due before
    if item.open <= 0:
        item.bearing = 2
        return
    become_delinquent(law, work, item, day)
    if law.accelerates == 1 and item.whole >= 0 and work.now[0].error == 0:
        accelerate(law, facts, work, item, day)


@jit
def accelerate(law: Law, facts: Facts, work: Work, item: Any, day: int) -> None:
    """A missed installment makes the rest of its bill due, by the law under which it was billed."""
    kind = law.kinds[facts.charges[item.charge].kind]
    first = item
    for i in range(item.here, -1, -1):
        if work.items[i].whole == item.whole:
            first = work.items[i]
    if kind.accelerates == 0 or (kind.accelerates == 2 and first.here != item.here):
        return
    like = first if kind.accelerated_from == 1 else item
    if like.here != item.here:
        bear_like(item, like)
        item.interest.accrued, item.accruing_penalty.accrued = 0, 0
        become_delinquent(law, work, item, day)
    for i in range(item.here + 1, work.now[0].size):
        other = work.items[i]
        if other.whole == item.whole and other.bearing == 0 and other.made <= day:
            other.payable = min(other.payable, day)
            # An opening balance keeps the day from which it bears interest.
            if kind.accelerated_from != 2 and facts.charges[other.charge].since == 0:
                bear_like(other, like)
            become_delinquent(law, work, other, day)


@jit
def bear_like(item: Any, like: Any) -> None:
    """Lets an installment bear interest by the days of another one of its bill."""
    item.base_due, item.base_late, item.moved = like.base_due, like.base_late, like.moved
    item.interest.low, item.interest.high = like.interest.low, like.interest.high
    item.accruing_penalty.low, item.accruing_penalty.high = like.accruing_penalty.low, like.accruing_penalty.high
    item.prior_interest_low, item.prior_interest_high = like.prior_interest_low, like.prior_interest_high
    item.prior_penalty_low, item.prior_penalty_high = like.prior_penalty_low, like.prior_penalty_high


@jit
def reinstate(law: Law, facts: Facts, work: Work, day: int) -> None:
    """Where the law allows it, what a missed installment made due is payable by installments again once the late ones are paid."""
    now = work.now[0]
    for i in range(now.size):
        item = work.items[i]
        early = item.whole >= 0 and item.bearing == 1 and item.payable < item.due and item.lapse > day
        if not early or law.kinds[facts.charges[item.charge].kind].reinstated == 0 or arrears(law, work, item, day):
            continue
        charge = facts.charges[item.charge]
        kind = law.kinds[charge.kind]
        item.bearing, item.payable, item.late = 0, item.due, 0
        if (
            kind.accelerated_from != 1
        ):  # from the bill's first day the same time is charged again, and what was paid counts
            item.interest.accrued, item.interest.settled = 0, 0
        item.base_due = charge.since if charge.since > 0 else kind.base_due
        item.base_late = charge.since if charge.since > 0 else kind.base_late
        item.moved = 1 if charge.since > 0 else 0
        item.prior_interest_low, item.prior_interest_high = kind.prior_interest_low, kind.prior_interest_high
        item.prior_penalty_low, item.prior_penalty_high = kind.prior_penalty_low, kind.prior_penalty_high
        item.interest.low, item.interest.high = kind.interest_low, kind.interest_high
        item.accruing_penalty.low, item.accruing_penalty.high = kind.penalty_low, kind.penalty_high


@jit
def arrears(law: Law, work: Work, item: Any, day: int) -> bool:
    """Whether a late installment of the item's bill, or interest or penalty on any of the bill, is still to be paid."""
    now = work.now[0]
    for i in range(now.size):
        other = work.items[i]
        if other.whole != item.whole or other.bearing == 0:
            continue
        accrue_untiered(law, work.periods, now, other, day)
        if owed(now, other.interest) + owed(now, other.accruing_penalty) + other.penalty > 0:
            return True
        if other.open > 0 and other.lapse <= day:
            return True
    return False


@jit
def replay_group(law: Law, facts: Facts, work: Work, g: int) -> None:
    """Processes the events of a group by day and by the order of the day, and records its figures on the requested days."""
    now = work.now[0]
    lapse, due, made, promised, end, look, era = 0, 0, 0, 0, 0, 0, 0
    change, receipt = facts.groups[g].change, facts.groups[g].receipt
    first, looks = facts.groups[g].look, len(work.over) // (len(facts.groups) - 1)
    last = work.days[first + looks - 1]
    while made < now.size and work.items[work.items[made].making].made == 0:
        made += 1
    while look < looks and now.error == 0 and now.short == 0 and now.again == 0:
        # Of several events on one day the one asked about last comes first.
        day, kind, at = work.days[first + look], LOOK, look
        if end < len(law.ends) and law.ends[end].day < day:
            day, kind, at = law.ends[end].day, YEAR_END, end
        if promised < now.promises and work.promises[promised].day <= day:
            day, kind, at = work.promises[promised].day, IN_HAND, promised
        if receipt < facts.groups[g + 1].receipt and facts.receipts[receipt].day <= day:
            day, kind, at = facts.receipts[receipt].day, RECEIPT, receipt
        # A bill recorded after the last day asked about is made on that day: its figures are asked for as if it had been.
        if made < now.size and min(work.items[work.items[made].making].made, last) <= day:
            at = work.items[made].making
            day, kind = min(work.items[at].made, last), MADE
        if change < facts.groups[g + 1].change and facts.changes[change].day <= day:
            day, kind, at = facts.changes[change].day, ADJUSTMENT, change
        if due < now.size and work.items[due].due <= day:
            day, kind, at = work.items[due].due, CREDIT_DUE, due
        if lapse < now.size and work.items[work.items[lapse].lapsing].lapse <= day:
            at = work.items[lapse].lapsing
            day, kind = work.items[at].lapse, LAPSE
        lapse += kind == LAPSE
        due += kind == CREDIT_DUE
        made += kind == MADE
        promised += kind == IN_HAND
        change += kind == ADJUSTMENT
        receipt += kind == RECEIPT
        end += kind == YEAR_END
        look += kind == LOOK
        while era + 1 < len(law.eras) and law.eras[era + 1].start <= day:
            era += 1
        if kind == LOOK:
            if now.credit > 0 and now.size > 0 and work.items[work.items[now.size - 1].making].made > last:
                accrue_tiers(law, work, day)
                apply_credit(law, work, law.eras[era], day, NEVER)
            show(law, facts, work, at, day)
        elif kind != YEAR_END or (now.size > 0 and work.items[0].due <= day):
            meet(law, facts, work, law.eras[era], kind, at, day)


@jit
def show(law: Law, facts: Facts, work: Work, look: int, day: int) -> None:
    """Brings every item up to the day and records what is open. The next event finds the group unchanged."""
    now = work.now[0]
    accrue_tiers(law, work, day)
    for i in range(now.size):
        accrue_untiered(law, work.periods, now, work.items[i], day)
    if now.by_account == 1:
        round_by_account(law, work, day)
    for i in range(now.size):
        item = work.items[i]
        figure = work.figures[look * len(facts.charges) + item.charge]
        figure.tax, figure.costs, figure.paid = item.open, item.costs, item.paid
        figure.interest = owed(now, item.interest)
        figure.penalty = item.penalty + owed(now, item.accruing_penalty)
        figure.late = 1 if item.bearing == 1 else 0
        if now.want == 1:
            note_minimum(law, work.periods, now, item, item.interest, 0)
            note_minimum(law, work.periods, now, item, item.accruing_penalty, 1)
    over = work.over[look * (len(facts.groups) - 1) + now.group]
    over.credit, over.refund = now.credit, now.refund


@jit
def run(law: Law, facts: Facts, work: Work) -> None:
    """Replays every group to the close of the last requested day. `work` then holds the figures of each group."""
    now = work.now[0]
    for g in range(len(facts.groups) - 1):
        posts, periods = now.posts, now.periods
        now.promises, now.offered, now.again = 0, 0, 1
        while now.again == 1:
            now.posts, now.periods = posts, periods
            open_group(law, facts, work, g)
            replay_group(law, facts, work, g)
            take_back_promises(work)
            if now.short > 0:
                return
            if now.error > 0:
                now.again = 0
        if now.error > 0:
            # The others have their figures all the same: one row of a column without a rule is that row's.
            over = work.over[g]
            over.error, over.error_day = now.error, now.error_day
            now.error, now.posts, now.periods = 0, posts, periods


@jit
def take_back_promises(work: Work) -> None:
    """Start the group again, because an adjustment freed less money than bills were given."""
    now = work.now[0]
    if now.again == 1:
        return
    for p in range(now.promises):
        one = work.promises[p]
        if one.change >= 0 and one.given > 0:
            one.amount -= one.given
            now.again = 1
