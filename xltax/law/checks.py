"""What is wrong with a town's law that can be read: names nothing goes by, dates without a rule, lists that miss a due date."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator
from difflib import get_close_matches
from fractions import Fraction
from itertools import pairwise

from xltax.errors import BadProfile
from xltax.law.calendar import Grace, Installments
from xltax.law.interest import PerMonthOrPart
from xltax.law.levy import LEVY_TYPES
from xltax.law.params import MONEY, WHOLE, Kind, Params
from xltax.law.profile import NEVER, RULE_KEYS, Profile, Rule

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
NEEDED = ("interest", "grace", "allocation", "office", "levy", "installments")
MAY_BE_BELOW_ZERO = ("age_years", "bands.rate")
NAMES_A = {"home_fee": "fee", "cost_fee": "fee", "notice_fee": "fee", "deduction": "deduction", "deadline": "deadline"}
"""Settings that name another rule of the town, by its kind or code."""


def faults(profile: Profile) -> list[str]:
    """Everything that cannot be meant, each with its file and key, and what to do."""
    found = [*_of_id(profile)]
    for rule in profile.rules:
        found += [
            *_of_types(rule), *_of_assume(rule), *_of_signs(rule, rule.params), *_of_names(profile, rule), *_of_due_dates(rule),
        ]  # fmt: skip
    return [*found, *_of_parts(profile), *_of_gaps(profile), *_of_grace(profile)]


def hints(profile: Profile, file: str) -> list[str]:
    """What can be used and is not complete, or had better be said more clearly."""
    notes = [
        f"{file}: no {needed} rule. Functions that need one will answer with LawNotEncoded."
        for needed in NEEDED
        if not any(r.name == needed for r in profile.rules)
    ]
    notes += _of_ends(profile)
    for rule in profile.rules:
        where = rule.source or profile.id
        if not rule.cite and not rule.assume:
            notes.append(f"{where}: neither a citation nor an assumption. Say where the rule stands.")
        if isinstance(rule.params, Grace) and any(x.last == "02-28" for x in rule.params.fixed):
            notes.append(
                f'{where}.fixed: "02-28" is February 28 in leap years too. Write "02-29" for the last day of February.'
            )
        if isinstance(rule.params, PerMonthOrPart) and not getattr(rule.params.rate, "per", "month"):
            text = getattr(rule.params.rate, "text", "")
            notes.append(f'{where}.rate: "{text}" is taken for a month. Write "{text} per month".')
    return notes


def _of_id(profile: Profile) -> Iterator[str]:
    if not ID.fullmatch(profile.id):
        yield f'{_file(profile)}id: "{profile.id}" is not an id. Use letters, digits and hyphens, such as us-nj-my-town.'


def _file(profile: Profile) -> str:
    source = profile.rules[0].source if profile.rules else ""
    return source.partition(": ")[0] + ": " if ": " in source else ""


def _of_types(rule: Rule) -> Iterator[str]:
    named = {"types": rule.types}
    named |= {key: getattr(rule.params, key) for key in ("levies", "except_levies") if hasattr(rule.params, key)}
    for key, types in named.items():
        for wrong in (t for t in types if t not in LEVY_TYPES):
            yield f'{rule.source}.{key}: "{wrong}" is not a levy type. Use {", ".join(LEVY_TYPES)}.'


def _of_assume(rule: Rule) -> Iterator[str]:
    known = [*rule.params.settings(), *RULE_KEYS]
    for n, assumption in enumerate(rule.assume, 1):
        if assumption.what.partition(".")[0] not in known:
            near = get_close_matches(assumption.what, known, 1)
            do = f'Did you mean "{near[0]}"?' if near else f"Name one of {', '.join(sorted(known))}."
            yield f'{rule.source}.assume[{n}].what: "{assumption.what}" is not a setting of this rule. {do}'


def _of_signs(rule: Rule, params: Params, prefix: str = "") -> Iterator[str]:
    """Amounts, counts and rates below zero: only a band's rate, and years back, are."""
    for key, (kind, _, _) in params.settings().items():
        value = getattr(params, key)
        for n, entry in enumerate(value, 1) if isinstance(value, tuple) else ():
            if isinstance(entry, Params):
                yield from _of_signs(rule, entry, f"{key}[{n}].")
        counted = isinstance(kind, Kind) and (kind in (MONEY, WHOLE) or isinstance(value, Fraction))
        name = re.sub(r"\[\d+\]", "", prefix) + key
        if counted and value is not None and value < 0 and name not in MAY_BE_BELOW_ZERO:
            yield f"{rule.source}.{prefix}{key}: {kind.write(value)} is below zero. Enter it without the sign."  # type: ignore[union-attr]


def _of_names(profile: Profile, rule: Rule) -> Iterator[str]:
    """A fee, a deduction or a deadline that is named and is not there; an assumption may say that it is still to come."""
    for key, of in NAMES_A.items():
        name = getattr(rule.params, key, "")
        if rule.name == of or not name or name == "time_limit" or any(a.what == key for a in rule.assume):
            continue
        there = sorted({r.sort for r in profile.rules if r.name == of})
        if name not in there:
            yield f'{rule.source}.{key}: there is no {of} rule "{name}". There are: {", ".join(there) or "none"}.'


def _of_due_dates(rule: Rule) -> Iterator[str]:
    for key in ("due", "home_due"):
        days = getattr(rule.params, key, ())
        if isinstance(days, tuple) and len(set(days)) < len(days):
            yield f"{rule.source}.{key}: a day stands twice. List each due date once."


def _of_parts(profile: Profile) -> Iterator[str]:
    spelled: dict[str, str] = {}
    for rule in profile.rules:
        first = spelled.setdefault(rule.part.lower(), rule.part)
        if first != rule.part:
            yield f'{rule.source}.part: "{rule.part}" is "{first}" in another rule. Spell a part in one way.'


# ---- dates without a rule -------------------------------------------------------------------------------------------


def _of_gaps(profile: Profile) -> Iterator[str]:
    """Times between two rules for the same thing for which there is none; unless `assume` says why the first ends."""
    for rules in _by_slot(profile):
        for before, after in pairwise(rules):
            if (
                before.end < after.start
                and not _meant(before)
                and not _covered(profile, before, after.start, before.sort)
            ):
                then = after.source.partition(": ")[2] or after.name
                yield (
                    f"{before.source}.to: this rule ends {before.end - dt.timedelta(days=1)}, and the next, {then}, begins {after.start}: "
                    'between them there is none. Close the gap, or say under assume, what = "to", why there is no rule.'
                )


def _of_ends(profile: Profile) -> Iterator[str]:
    """Rules every tax needs that end with nothing after them, such as a table of yearly rates whose next year is not in yet."""
    for rules in _by_slot(profile):
        last = rules[-1]
        if last.name in NEEDED and last.end < NEVER and not _meant(last) and not _covered(profile, last, NEVER, ""):
            yield (
                f"{last.source}.to: this rule ends {last.end - dt.timedelta(days=1)}, and none follows. Add the next one, or say "
                'under assume, what = "to", why there is none.'
            )


def _by_slot(profile: Profile) -> list[list[Rule]]:
    """The rules for one thing after one another: same name, component or kind, levy types and part."""
    slots = defaultdict(list)
    for rule in profile.rules:
        slots[rule.slot].append(rule)
    return [sorted(rules, key=lambda r: r.start) for rules in slots.values()]


def _meant(rule: Rule) -> bool:
    return any(a.what == "to" for a in rule.assume)


def _covered(profile: Profile, rule: Rule, until: dt.date, sort: str) -> bool:
    """Whether rules for more types or parts hold from a rule's end until a day; sort: of one component only."""
    wider = [
        r
        for r in profile.rules
        if r.name == rule.name
        and (not sort or r.sort == sort)
        and (not r.types or (bool(rule.types) and set(rule.types) <= set(r.types)))
        and r.part in ("", rule.part)
    ]
    day = rule.end
    while day < until:
        ends = [r.end for r in wider if r.covers(day)]
        if not ends:
            return False
        day = max(ends)
    return True


# ---- lists of due dates ---------------------------------------------------------------------------------------------


def _of_grace(profile: Profile) -> Iterator[str]:
    """Due dates that a list of last free days has not, and due dates of late bills that no tax has."""
    billed = [r for r in profile.rules if isinstance(r.params, Installments)]
    said = set()
    for rule in billed:
        for levy_type in rule.types or LEVY_TYPES:
            for due in _due_dates(profile, rule):
                grace = profile.find("grace", due, levy_type, rule.part)
                try:
                    if grace is not None:
                        grace.params.nominal(due, f"{grace.source}.fixed")  # type: ignore[attr-defined]
                except BadProfile as error:
                    said.add(str(error))
    yield from sorted(said)
    days = {d for r in billed if isinstance(r.params, Installments) for d in (*r.params.due, *r.params.home_due)}
    for rule in profile.rules:
        if isinstance(rule.params, Grace) and billed:
            for day in (d for d in rule.params.late_bill_due if d not in days):
                yield f"{rule.source}.late_bill_due: no tax of this town is due {day}. Due dates: {', '.join(sorted(days))}."


def _due_dates(profile: Profile, rule: Rule) -> list[dt.date]:
    """The due dates of an installments rule, in one year of each time in which the law is the same."""
    assert isinstance(rule.params, Installments)
    edges = {r.start.year + 1 for r in profile.rules if r.name in ("grace", "installments")} | {rule.start.year, 2025}
    years = [y for y in edges if 1900 <= y <= 2100 and rule.covers(dt.date(y, 1, 1))]
    schedules = (rule.params, rule.params.for_home())
    return sorted({due for year in years for schedule in schedules for due in schedule.due_dates(year)})
