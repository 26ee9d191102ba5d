"""How time is counted, as formulas: the units between the day a charge begins and another day."""

from __future__ import annotations

from xltax.faces.formulas.text import Cannot, let, months_between, next_on
from xltax.law.interest import Interest
from xltax.law.interest.terms import (
    DAYS_30_360,
    DAYS_ACTUAL,
    MONTHS_BEGUN,
    MONTHS_TOUCHED,
    ONCE,
    PERIODS,
    WHOLE_MONTHS,
    Terms,
)

_LENGTH = "DAY(DATE(YEAR(on),MONTH(on)+1,0))"


def begins(rule: Interest, terms: Terms) -> str:
    """The day time is counted from, over `due` and `last_day`."""
    counted = rule.counted_from
    if counted in ("first_installment", "last_installment"):
        raise Cannot(f"time is counted from the bill's {counted.replace('_', ' ')}, which one amount does not show")
    if counted == "day_after_due":
        return "due+1"
    if counted == "next_month":
        return "DATE(YEAR(due),MONTH(due)+1,1)"
    if counted not in ("due", "delinquent"):
        return next_on("due", counted)
    return "last_day+1" if terms.from_late else "due"


def elapsed(terms: Terms) -> str:
    """The units of time from `start` to `on`, as a function of `on`."""
    return f"LAMBDA(on,IF(on<start,0,{_counted(terms)}))"


def _counted(terms: Terms) -> str:
    more = "+1" if terms.inclusive else ""
    months = months_between("start", "on")
    if terms.clock == DAYS_ACTUAL:
        return f"on-start{more}"
    if terms.clock == ONCE:
        return "1"
    if terms.clock == PERIODS:
        return _periods(terms)
    if terms.clock == DAYS_30_360:
        return let(
            [
                ("from_day", "IF(OR(DAY(start)=31,AND(MONTH(start)=2,DAY(start+1)=1)),30,DAY(start))"),
                ("to_day", "IF(AND(DAY(on)=31,from_day=30),30,DAY(on))"),
            ],
            f"30*({months})+to_day-from_day{more}",
        )
    if terms.clock == MONTHS_TOUCHED:
        return f"{months}+1"
    number = "IF(DAY(start+1)=1,31,DAY(start))" if terms.month_end else "DAY(start)"
    if terms.clock == WHOLE_MONTHS:
        return f"{months}-IF(DAY(on)<MIN({number},{_LENGTH}),1,0)"
    if terms.clock == MONTHS_BEGUN:
        return f"{months}+IF(DAY(on)>MIN({number}{'' if terms.after else '-1'},{_LENGTH}),1,0)"
    raise Cannot("its way to count time has no formula")


def _periods(terms: Terms) -> str:
    late = f"on-start{'+1' if terms.from_late else ''}"
    count = f"INT(({late}+{terms.period - 1})/{terms.period})" if terms.part else f"INT(({late})/{terms.period})"
    return count if terms.most is None else f"MIN({count},{terms.most})"
