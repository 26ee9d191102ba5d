"""Formulas from value to bill: the levy, due dates, installments, discounts and the year-end penalty."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from xltax.faces.formulas.helpers import Years, in_force
from xltax.faces.formulas.text import (
    Cannot,
    end_of_months,
    is_month_day,
    let,
    month_day,
    nearest_on,
    open_day,
)
from xltax.law.calendar import Installments
from xltax.law.discounts import Discount
from xltax.law.interest import YearEnd
from xltax.law.levy import Added, Levy, Supplement
from xltax.law.profile import Rule

_LEAP = 2024
"""A year in which every month and day exists."""
RATE_SCALE = 1_000_000
"""A tax rate has at most six decimals."""
_LOW = 100_000
"""The levy multiplies the value in two parts, so that each product has fewer than 15 digits."""


def levy_year(years: Years) -> tuple[str, str]:
    """The levy year, refused outside the years of the sheet."""
    return "levy", f"IF(OR(levy_year<{years.first.year},levy_year>{years.last.year}),NA(),INT(levy_year))"


# ---- due dates and installments --------------------------------------------------------------------------------------


def due_date(rules: Sequence[Rule[Installments]], years: Years, home: bool) -> str:
    """The due date of an installment of a levy year."""

    def one(rule: Installments) -> str:
        split = rule.for_home() if home else rule
        return _nth([month_day(f"levy{later:+d}" if later else "levy", text) for later, text in _dues(split)])

    chosen = in_force(rules, "DATE(levy,1,1)", years.first, one)
    return f"LAMBDA(levy_year,number,{let([levy_year(years)], chosen)})"


def _dues(rule: Installments) -> list[tuple[int, str]]:
    """Each due date with its years after the levy year."""
    later = [day.year - _LEAP for day in rule.due_dates(_LEAP)]
    plain = [day.year - _LEAP - 1 for day in rule.due_dates(_LEAP + 1)]
    if later != plain:
        raise Cannot("the order of its due dates changes in leap years")
    return list(zip(later, rule.due, strict=True))


def _nth(texts: Sequence[str]) -> str:
    text = "NA()"
    for number, one in reversed(list(enumerate(texts, 1))):
        text = f"IF(number={number},{one},{text})"
    return text


def installment(rules: Sequence[Rule[Installments]], years: Years, home: bool) -> tuple[str, bool]:
    """The amount of an installment, and whether the formula asks for last year's tax."""
    kept = [rule for rule in rules if rule.end > years.first]
    asks = any(rule.params.split == "preliminary" for rule in kept) and not home

    def one(rule: Installments) -> str:
        split = rule.for_home() if home else rule
        return _preliminary(split) if split.split == "preliminary" else _parts(split)

    steps = [levy_year(years), ("cents", "TOWN_CENTS(tax)")]
    body = f"IF(cents<0,0,{in_force(rules, 'DATE(levy,1,1)', years.first, one)})/100"
    prior = ",prior_tax" if asks else ""
    return f"LAMBDA(levy_year,tax,number{prior},{let(steps, body)})", asks


def _parts(rule: Installments) -> str:
    """Parts of the tax by their shares."""
    count = len(rule.due)
    shares = rule.shares if rule.split == "shares" else (Fraction(1, count),) * count
    if rule.odd_cent == "each_up":
        text = _nth([f"TOWN_HALF_UP(cents*{s.numerator},{s.denominator})" for s in shares])
    else:
        text = _spread("cents", shares, rule.odd_cent)
    if not rule.single_limit:
        return text
    asked = f"cents<{'=' if rule.single_at_limit else ''}{rule.single_limit}"
    return f"IF({asked},{_nth(['cents', *['0'] * (count - 1)])},{text})"


def _spread(total: str, shares: Sequence[Fraction], odd_cent: str, first: int = 1) -> str:
    """One of several parts that add up to the total. first: the number of the first part."""
    low = [f"TOWN_WHOLE({total}*{share.numerator},{share.denominator})" for share in shares]
    if len(set(shares)) == 1:
        sum_of, mine = f"{len(shares)}*low", "low"
        steps = [("low", low[0])]
    else:
        names = [f"low_{chr(97 + n)}" for n in range(len(low))]
        steps = list(zip(names, low, strict=True))
        sum_of, mine = f"({'+'.join(names)})", _nth(names)
    last = first + len(shares) - 1
    extra = f"number<{first}+odd_cents" if odd_cent != "last" else f"number>{last}-odd_cents"
    inside = f"OR(number<{first},number>{last},number<>INT(number))"
    return let([*steps, ("odd_cents", f"{total}-{sum_of}")], f"IF({inside},NA(),{mine}+IF({extra},1,0))")


def _preliminary(rule: Installments) -> str:
    """Preliminary parts on last year's tax, and the rest of this year's tax in the others."""
    count, first = len(rule.due), rule.preliminary_parts
    whole = "2*prior" if rule.preliminary_base == "half_of_second_half" else "prior"
    if rule.preliminary_rise:
        share = (1 + rule.preliminary_rise) * first / count
        steps = [("together", f"TOWN_WHOLE({whole}*{share.numerator},{share.denominator})")]
        early = [_part_of("together", first, rule.odd_cent, n) for n in range(1, first + 1)]
    else:
        steps = [("one", f"TOWN_HALF_UP({whole},{count})")]
        early = ["one"] * first
    if rule.preliminary_limit == "half_of_tax":
        early = [f"MIN({text},TOWN_WHOLE(cents,{count}))" for text in early]
    steps = [("prior", "TOWN_CENTS(prior_tax)"), *steps, ("rest", f"cents-({'+'.join(early)})")]
    others = count - first
    late = _spread("rest", (Fraction(1, others),) * others, rule.odd_cent, first + 1)
    nothing = f"IF(OR(number<1,number>{count},number<>INT(number)),NA(),0)"
    # Preliminary parts above the year's tax leave a credit, and nothing is due later.
    return let(steps, f"IF(AND(number>=1,number<={first}),{_nth(early)},IF(rest<0,{nothing},{late}))")


def _part_of(total: str, count: int, odd_cent: str, number: int) -> str:
    """One of equal parts, with the odd cents on the first or on the last ones."""
    low = f"TOWN_WHOLE({total},{count})"
    odd = f"{total}-{count}*{low}"
    extra = f"{odd}>={number}" if odd_cent != "last" else f"{odd}>{count - number}"
    return f"({low}+IF({extra},1,0))"


# ---- levy, added assessments, supplements ----------------------------------------------------------------------------


def levy(rules: Sequence[Rule[Levy]], years: Years) -> str:
    """The tax on a value: (value - exemption) x rate / per, less a credit."""

    def one(rule: Levy) -> str:
        bottom = rule.per * RATE_SCALE
        if rule.round_to == "dollar":
            # Whole dollars: the same quotient a hundred times smaller.
            return f"100*{_product(bottom * 100)}"
        return _product(bottom)

    steps = [
        levy_year(years),
        ("net", f"MAX(0,TOWN_VALUE(assessed)-{_or_zero('exemption')})"),
        ("mills", f"ROUND(tax_rate*{RATE_SCALE},0)"),
        ("off", _or_zero("credit")),
        ("tax", in_force(rules, "DATE(levy,1,1)", years.first, one)),
    ]
    wrong = f'OR(tax_rate="",ISLOGICAL(tax_rate),tax_rate<0,tax_rate>1000,ABS(tax_rate*{RATE_SCALE}-mills)>0.01)'
    body = f"IF({wrong},NA(),MAX(0,tax-off)/100)"
    return f"LAMBDA(levy_year,assessed,tax_rate,exemption,credit,{let(steps, body)})"


def _or_zero(name: str) -> str:
    """An amount that may be left empty."""
    return f'IF({name}="",0,TOWN_VALUE({name}))'


def _product(bottom: int) -> str:
    """net x mills / bottom, rounded half up, in two steps of fewer than 15 digits each."""
    high = bottom // _LOW
    return let(
        [
            ("top", f"INT(net/{_LOW})"),
            ("whole", f"TOWN_WHOLE(top*mills,{high})"),
            ("left_over", f"(top*mills-whole*{high})*{_LOW}+(net-top*{_LOW})*mills"),
        ],
        f"whole+TOWN_HALF_UP(left_over,{bottom})",
    )


def added(rules: Sequence[Rule[Added]], years: Years) -> str:
    """The prorated value of an assessment added during the year."""

    def one(rule: Added) -> str:
        months = f"(12-MONTH(built)+{int(rule.months == 'with_month_of_completion')})"
        return _to(rule.value_to, f"cents*{months}", 12)

    steps = [("cents", "TOWN_VALUE(assessed)"), ("built", "TOWN_DAY(completed_on)")]
    chosen = in_force(rules, "built", years.first, one)
    return f"LAMBDA(assessed,completed_on,{let(steps, f'IF(cents<0,0,{chosen})/100')})"


def supplement(rules: Sequence[Rule[Supplement]], years: Years) -> str:
    """The prorated value of a vehicle registered after the assessment day."""

    def one(rule: Supplement) -> str:
        index = f"(MONTH(since)-{rule.year_starts}+12)"
        months = f"(12-{index}+12*INT({index}/12))"
        if rule.factor == "exact":
            return _to(rule.value_to, f"cents*{months}", 12)
        return _to(rule.value_to, f"cents*TOWN_HALF_UP({months}*1000,12)", 1000)

    steps = [("cents", f"MAX(0,TOWN_VALUE(assessed)-{_or_zero('replaced')})"), ("since", "TOWN_DAY(registered_on)")]
    chosen = in_force(rules, "since", years.first, one)
    return f"LAMBDA(assessed,registered_on,replaced,{let(steps, f'IF(cents<0,0,{chosen})/100')})"


def _to(unit: str, top: str, bottom: int) -> str:
    return f"100*TOWN_HALF_UP({top},{bottom * 100})" if unit == "dollar" else f"TOWN_HALF_UP({top},{bottom})"


# ---- discount and year-end penalty -----------------------------------------------------------------------------------


def discount(rules: Sequence[Rule[Discount]], years: Years) -> str:
    """What a payment of the whole amount saves if it comes on a day; over `cents`, `due`, `paid` and `free`."""
    return in_force(rules, "due", years.first, _saved)


def _saved(rule: Discount) -> str:
    if rule.steps:
        text = "0"
        for step in reversed([s for s in rule.steps if s.rate]):
            last = open_day(nearest_on("due", step.until), rule.roll)
            text = f"IF(paid<={last},{_share(Fraction(step.rate))},{text})"
        return text
    if rule.by_due:
        text = "0"
        for one in reversed(rule.by_due):
            text = f"IF({is_month_day('due', one.due)},{_share(Fraction(one.rate))},{text})"
    else:
        text = _share(rule.rate or Fraction(0))
    if text == "0":
        return text
    last = {
        "last_free_day": "free",
        "due": "due",
        "months_after": end_of_months(
            "due",
            str(rule.months),
            day_before=rule.month_ends == "day_before",
            keep_month_end=rule.from_month_end == "month_end",
        ),
        "month_day": nearest_on("due", rule.month_day) if rule.month_day else "due",
    }[rule.until]
    return f"IF(paid<={open_day(last, rule.roll)},{text},0)"


def _share(rate: Fraction) -> str:
    return f"TOWN_HALF_UP(cents*{rate.numerator},{rate.denominator})" if rate else "0"


def year_end(rules: Sequence[Rule[YearEnd]], years: Years) -> str:
    """The penalty at the close of December 31 on a delinquency, of which a part is of that year."""

    def one(rule: YearEnd) -> str:
        base = {"this_year": "mine", "whole": "whole", "excess": f"(whole-{rule.threshold})"}[rule.base]
        share = f"TOWN_HALF_UP({base}*{rule.rate.numerator},{rule.rate.denominator})"
        return f"IF(whole<={rule.threshold},0,{share})"

    steps = [
        ("whole", "TOWN_CENTS(delinquent)"),
        ("mine", "TOWN_CENTS(of_that_year)"),
        ("last", f"IF(OR(in_year<{years.first.year},in_year>{years.last.year}),NA(),DATE(in_year,12,31))"),
    ]
    body = f"IF(mine>whole,NA(),{in_force(rules, 'last', years.first, one)})/100"
    return f"LAMBDA(delinquent,of_that_year,in_year,{let(steps, body)})"


def sample_rate(per: int) -> Fraction:
    """A tax rate for the example."""
    return Fraction("2.248") if per == 100 else Fraction("36.36")
