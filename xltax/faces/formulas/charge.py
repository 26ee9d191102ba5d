"""Interest or penalty on one amount, as a formula over the law's own plain numbers."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from xltax.faces.formulas import clocks, schedule
from xltax.faces.formulas.helpers import strongest
from xltax.faces.formulas.text import Cannot, date, let
from xltax.law.allocation import Acceleration
from xltax.law.interest import ByDateBand, Flat, Interest, Schedule, YearEnd
from xltax.law.interest.days import Days
from xltax.law.interest.terms import MARKS, Terms
from xltax.law.profile import ALWAYS, NEVER, Profile, Rule
from xltax.money import Cents

_DAY_ZERO = dt.date(1899, 12, 30)
"""Day zero of a spreadsheet's calendar."""


@dataclass(frozen=True, slots=True)
class Span:
    """A rule in force for a time."""

    start: dt.date
    end: dt.date
    rule: Rule[Interest] | None


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge as a formula over `cents`, `due`, `paid`, `last_day` and `free`, and what else it asks for."""

    text: str
    rules: tuple[Rule[Interest], ...]
    asks_older: bool = False  # tiers that older tax fills
    asks_year: bool = False  # the levy year decides the rule
    until: dt.date | None = None  # the first day of payment for which the law has no rate


class Charges:
    """The charges of one levy type and part."""

    def __init__(self, profile: Profile, levy_type: str, part: str, first: dt.date, known: Sequence[Days] = ()) -> None:
        """known: the days of every due date that the grace rules list; empty if they take any due date."""
        self.profile, self.levy_type, self.part, self.first, self.known = profile, levy_type, part, first, known
        self.every = profile.select(Interest, levy_type, part)

    def charge(self, component: str) -> Charge | None:
        """The formula of a component; None if the law has no such charge."""
        own = strongest([rule for rule in self.every if rule.sort == component], self.first)
        if not own:
            return None
        self._check_alone(own)
        governs = {rule.governs for rule in own}
        if len(governs) > 1:
            raise Cannot("different dates decide which version of the rule applies")
        spans = self._spans(own)
        text = self._over_time(spans) if governs == {"accrual"} else self._by_key(spans, own[0].governs)
        rules = tuple(dict.fromkeys(span.rule for span in spans if span.rule))
        until = spans[-1].start if governs == {"accrual"} and spans[-1].rule is None else None
        if component == "penalty" and (ended := self._interest_ends()):
            # xltax gives no figure at all for a day without a rate of interest.
            text, until = f"IF(AND(cents>0,paid>free,paid>={date(ended)}),NA(),{text})", ended
        return Charge(
            text,
            rules,
            asks_older=any(rule.params.terms().limits for rule in rules),
            asks_year=any(rule.governs == "levy_year" for rule in rules),
            until=until,
        )

    def _interest_ends(self) -> dt.date | None:
        """The first day after the last rate of interest, where the law has rates only up to a day."""
        own = strongest([rule for rule in self.every if rule.sort == "interest"], self.first)
        last = max((rule.end for rule in own), default=NEVER)
        return last if last < NEVER and all(rule.governs == "accrual" for rule in own) else None

    def _check_alone(self, own: Sequence[Rule[Interest]]) -> None:
        """Refuses rules that ask for something that one amount does not show."""
        if self.profile.select(Acceleration, self.levy_type, self.part):
            raise Cannot("a missed installment makes the rest of the bill due, and one amount does not show a bill")
        if own[0].sort == "penalty" and any(rule.params.rate for rule in self.profile.all(YearEnd)):
            raise Cannot("the law also has a year-end penalty on the whole delinquency")
        if any(rule.only.earlier for rule in self._for_any_class(own)):
            raise Cannot("it depends on whether an earlier installment is still open")
        if any(rule.only.tax_above for rule in self._for_any_class(own)):
            raise Cannot("it depends on the tax of the whole bill")

    def _for_any_class(self, own: Sequence[Rule[Interest]]) -> list[Rule[Interest]]:
        """The rules that also cover a bill without a class: `select` leaves out what nobody knows of one amount."""
        sort, name = own[0].sort, own[0].name
        return [
            rule  # type: ignore[misc]
            for rule in self.profile.rules
            if rule.name == name
            and rule.sort == sort
            and not rule.only.classes
            and (not rule.types or self.levy_type in rule.types)
            and (not rule.part or rule.part == self.part)
        ]

    def _spans(self, own: Sequence[Rule[Interest]]) -> list[Span]:
        """The rules over time, the more particular rule first where two cover a tax."""
        cuts = sorted(
            {max(self.first, ALWAYS), NEVER, *(day for r in own for day in (r.start, r.end) if day > self.first)}
        )
        spans: list[Span] = []
        for start, end in pairwise(cuts):
            rule = next((r for r in own if r.covers(start)), None)
            if spans and spans[-1].rule == rule:
                spans[-1] = replace(spans[-1], end=end)
            else:
                spans.append(Span(start, end, rule))
        return spans

    # ---- one rule at a time: the due date or the levy year decides ----------------------------------------------

    def _by_key(self, spans: list[Span], governs: str) -> str:
        key = "due" if governs == "due" else "DATE(levy,1,1)"
        if text := self._rates_only(spans, key):
            return text
        texts = [self._over_time([Span(ALWAYS, NEVER, s.rule)]) if s.rule else None for s in spans]
        nothing = "0" if self._component(spans) == "penalty" else "IF(paid<=free,0,NA())"
        text = texts[-1] or nothing
        for span, mine in zip(reversed(spans[:-1]), reversed(texts[:-1]), strict=True):
            text = f"IF({key}<{date(span.end)},{mine or nothing},{text})"
        return text

    @staticmethod
    def _component(spans: list[Span]) -> str:
        return next(span.rule.sort for span in spans if span.rule)

    @staticmethod
    def _rates_only(spans: list[Span], key: str) -> str:
        """A formula with one table of rates, where the rules differ in nothing else; empty where they do."""
        rules = [span.rule for span in spans if span.rule]
        terms = [rule.params.terms() for rule in rules]
        same = {(replace(t, rates=()), r.params.counted_from) for t, r in zip(terms, rules, strict=True)}
        one = terms[0]
        if len(rules) < 3 or len(same) > 1 or len(one.rates) > 1:
            return ""
        if one.clock == MARKS or one.on_penalty or one.monthly:
            return ""
        scale = math.lcm(*(t.rates[0].denominator for t in terms))
        days = [str((span.start - _DAY_ZERO).days) for span in spans]
        shares = [str(int(span.rule.params.terms().rates[0] * scale)) if span.rule else "-1" for span in spans]
        body = let(
            [
                ("share", f"LOOKUP({key},{{{','.join(days)}}},{{{','.join(shares)}}})"),
                ("start", clocks.begins(rules[0].params, one)),
                ("elapsed", clocks.elapsed(one)),
            ],
            f"IF(share<0,NA(),{rounded('cents*share*elapsed(paid)', scale, one)})",
        )
        return f"IF(paid<=free,0,{body})"

    # ---- each stretch of time by the rule in force then ---------------------------------------------------------

    def _over_time(self, spans: list[Span]) -> str:
        rules = [span.rule.params for span in spans if span.rule]
        terms = [rule.terms() for rule in rules]
        if any(t.clock == MARKS for t in terms):
            if len(rules) > 1 or spans[0].rule is None:
                raise Cannot("the schedule itself changed, and each stretch of time bears by its own version")
            text = self._by_date(rules[0], terms[0])
            return text if len(spans) == 1 else f"IF(AND(paid>free,paid>={date(spans[-1].start)}),NA(),{text})"
        if any(t.on_penalty for t in terms):
            return self._on_penalty(spans, rules[0], terms[0])
        return _Stretches(self, spans, rules, terms).text()

    def _by_date(self, rule: Interest, terms: Terms) -> str:
        if terms.on_penalty:
            raise Cannot("interest is charged on the penalty too, and both grow over time")
        reached = schedule.of_steps(rule, self.known) if isinstance(rule, Schedule) else _bands(rule)
        text = f"IF(paid<=free,0,{rounded('cents*reached(paid)', reached.scale, terms)})"
        if reached.wrong:
            text = f"IF({reached.wrong},NA(),{text})"
        return let(reached.bindings, text)

    def _on_penalty(self, spans: list[Span], rule: Interest, terms: Terms) -> str:
        """Interest on the tax and on a penalty that is charged once."""
        penalty = self.charge("penalty")
        rules = [r.params for r in penalty.rules] if penalty else []
        once = len(rules) == 1 and isinstance(rules[0], Flat) and rules[0].counted_from == "delinquent"
        if len(spans) > 1 or penalty is None or not once:
            raise Cannot("interest is charged on the penalty too, and the penalty or the rate changes over time")
        scale, number = terms.rates[0].denominator, terms.rates[0].numerator
        units = "elapsed(last_day)*cents+(elapsed(paid)-elapsed(last_day))*(cents+fine)"
        return let(
            [("start", clocks.begins(rule, terms)), ("elapsed", clocks.elapsed(terms)), ("fine", penalty.text)],
            f"IF(paid<=free,0,{rounded(f'{number}*({units})', scale, terms)})",
        )

    def beside(self, terms: Terms, span: Span) -> Fraction:
        """The rate of the charge that this one is rounded together with."""
        if not terms.beside:
            return Fraction(0)
        partners = [r for r in self.every if r.sort == terms.beside and r.start <= span.start and r.end >= span.end]
        rate = partners[0].params.monthly_rate() if partners else None
        if rate is None:
            raise Cannot(f"it is rounded together with the {terms.beside}, whose rule changes")
        return rate


def _bands(rule: Interest) -> schedule.Reached:
    if not isinstance(rule, ByDateBand):
        raise Cannot("its way to charge by date has no formula")
    return schedule.of_bands(rule)


def rounded(top: str, scale: int, terms: Terms) -> str:
    """Units of 1/scale cent as cents: raised to the minimum once anything accrued, and rounded half up."""
    unit = 100 if terms.to_dollar else 1
    if terms.minimum:
        least = f"MIN(cents,{terms.minimum})" if terms.up_to_tax else str(terms.minimum)
        top = f"LET(top,{top},IF(top<=0,0,MAX(top,{least}*{scale})))"
    text = f"TOWN_HALF_UP({top},{scale * unit})"
    return f"{unit}*{text}" if unit > 1 else text


class _Stretches:
    """The stretches of time of a rule that counts time, each with its rate, one after another."""

    def __init__(self, of: Charges, spans: list[Span], rules: list[Interest], terms: list[Terms]) -> None:
        self.of, self.spans, self.rules, self.terms = of, spans, rules, terms

    def text(self) -> str:
        starts = {clocks.begins(rule, terms) for rule, terms in zip(self.rules, self.terms, strict=True)}
        alike = {(t.minimum, t.up_to_tax, t.to_dollar, t.monthly) for t in self.terms}
        if len(starts) > 1 or len(alike) > 1:
            raise Cannot("the law changed the day that time is counted from, or how cents are rounded")
        bindings = [("start", starts.pop())]
        counted: dict[str, str] = {}
        for terms in self.terms:
            text = clocks.elapsed(terms)
            if text not in counted:
                counted[text] = "elapsed" if not counted else f"elapsed_{chr(97 + len(counted))}"
                bindings.append((counted[text], text))
        scale = self._scale()
        parts = [
            self._part(span, counted[clocks.elapsed(span.rule.params.terms())], scale)
            for span in self.spans
            if span.rule
        ]
        total = "+".join(parts)
        if self.terms[0].monthly:
            body = total  # each month is rounded already
            if self.terms[0].minimum:
                body = f"LET(top,{total},IF(top<=0,0,MAX(top,{self.terms[0].minimum})))"
        else:
            body = rounded(total, scale, self.terms[0])
        return let(bindings, f"IF(paid<=free,0,{self._covered(body)})")

    def _covered(self, body: str) -> str:
        """Not available where time is counted on days that no rule covers."""
        if self.rules[0].component == "penalty":
            return body
        outside = []
        if self.spans[0].rule is None:
            outside.append(f"start<{date(self.spans[0].end)}")
        if self.spans[-1].rule is None:
            outside.append(f"paid>={date(self.spans[-1].start)}")
        if any(span.rule is None for span in self.spans[1:-1]):
            raise Cannot("the law has years without an interest rule")
        if not outside:
            return body
        return f"IF({outside[0] if len(outside) == 1 else f'OR({outside[0]},{outside[1]})'},NA(),{body})"

    def _scale(self) -> int:
        rates = [rate for terms in self.terms for rate in terms.rates]
        rates += [self.of.beside(s.rule.params.terms(), s) for s in self.spans if s.rule]
        return math.lcm(*(rate.denominator for rate in rates))

    def _part(self, span: Span, elapsed: str, scale: int) -> str:
        """What accrues in one stretch, in units of 1/scale cent; rounded for each month, in cents."""
        assert span.rule is not None
        terms = span.rule.params.terms()
        back = "-1" if terms.inclusive else ""
        upto = "paid" if span.end == NEVER else f"MIN(paid,{date(span.end)}{back})"
        time = f"{elapsed}({upto})"
        if span.start > self.of.first and span is not self.spans[0]:
            time = f"MAX(0,{time}-{elapsed}({date(span.start)}{back}))"
        if terms.monthly:
            beside, rate = (int(x * scale) for x in (self.of.beside(terms, span), terms.rates[0]))
            one = f"TOWN_HALF_UP(cents*{beside + rate},{scale})" + (
                f"-TOWN_HALF_UP(cents*{beside},{scale})" if beside else ""
            )
            return f"({one})*{time}" if beside else f"{one}*{time}"
        return f"{_tax_by_rate(terms, scale)}*{time}"


def _tax_by_rate(terms: Terms, scale: int) -> str:
    """The tax in each tier times the tier's rate, above the older tax that fills the lower tiers first."""
    shares = [int(rate * scale) for rate in terms.rates]
    if not terms.limits:
        return f"cents*{shares[-1]}"
    tiers: list[str] = []
    low: Cents = 0
    for share, top in zip(shares, [*terms.limits, None], strict=True):
        high = "older+cents" if top is None else f"MIN(older+cents,{top})"
        tiers.append(f"{share}*MAX(0,{high}-MAX(older,{low}))")
        low = top or 0
    return f"({'+'.join(tiers)})"
