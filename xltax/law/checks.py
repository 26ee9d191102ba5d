"""Mistakes in a town's law that reads correctly: unknown names, dates without a rule, lists that miss a due date."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from xltax.errors import BadProfile
from xltax.law import lien, more_checks
from xltax.law.calendar import Grace, Installments
from xltax.law.levy import LEVY_TYPES, OWN_TYPE, is_levy_type
from xltax.law.params import RATE_A_MONTH, Params, nearest
from xltax.law.profile import NEVER, RULE_KEYS, Profile, Rule
from xltax.law.rates import Rate
from xltax.law.statement import Statement

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
NEEDED = ("interest", "grace", "allocation", "office", "levy", "installments")
NAMES_A = {"home_fee": "fee", "cost_fee": "fee", "notice_fee": "fee", "deduction": "deduction", "deadline": "deadline"}
"""Settings that name another rule of the town, by its kind or code."""


def faults(profile: Profile) -> list[str]:
    """Every mistake, each with its file and key, and what to do."""
    found = [*_of_id(profile)]
    for rule in profile.rules:
        found += [
            *_of_types(rule), *_of_assume(rule), *_of_names(profile, rule), *_of_due_dates(rule),
        ]  # fmt: skip
    found += [*_of_liens(profile), *_of_parts(profile), *_of_gaps(profile), *_of_grace(profile)]
    return [*found, *more_checks.faults(profile)]


def hints(profile: Profile, file: str) -> list[str]:
    """What works but is incomplete or unclear."""
    notes = [
        f"{file}: no {needed} rule. Functions that need one will answer with LawNotEncoded."
        for needed in NEEDED
        if not any(r.name == needed for r in profile.rules)
    ]
    notes += _of_ends(profile)
    notes += _of_lines(profile)
    for rule in profile.rules:
        where = rule.source or profile.id
        if not rule.cite and not rule.assume:
            notes.append(f"{where}: there is no citation and no assumption. Cite the law, or explain the assumption.")
        notes += _of_bare_months(where, rule.params)
    for grace in profile.all(Grace):
        if any(x.last == "02-28" for x in grace.params.fixed):
            notes.append(
                f'{grace.source or profile.id}.fixed: "02-28" is February 28 in leap years too. '
                'Write "02-29" for the last day of February.'
            )
    return notes


def _of_lines(profile: Profile) -> Iterator[str]:
    """Lines of a statement that are calculated from a line that does not exist."""
    parts = {r.params.kind: r for r in profile.all(Statement)}
    for rule in parts.values():
        for line in rule.params.lines:
            for ref in line.refers:
                kind, colon, no = ref.partition(":")
                there = parts[kind].params.numbers if kind in parts and kind < rule.params.kind else set()
                if colon and no not in there:
                    yield (
                        f'{rule.source}: line {line.label} names line "{no}" of "{kind}". No part before it has that line; '
                        "the parts stand in the order of their kinds."
                    )


def _of_bare_months(where: str, params: Params) -> Iterator[str]:
    """Monthly rates that do not name their period."""
    for key, (kind, _, _) in params.settings().items():
        value = getattr(params, key)
        if kind is RATE_A_MONTH and isinstance(value, Rate) and not value.per:
            yield f'{where}.{key}: "{value.text}" is read as a rate for a month. Write "{value.text} per month".'


def _of_id(profile: Profile) -> Iterator[str]:
    if not ID.fullmatch(profile.id):
        yield f'{_file(profile)}id: "{profile.id}" is not an id. Use letters, digits and hyphens, such as us-nj-my-town.'


def _file(profile: Profile) -> str:
    source = profile.rules[0].source if profile.rules else ""
    return source.partition(": ")[0] + ": " if ": " in source else ""


def _of_types(rule: Rule[Params]) -> Iterator[str]:
    named = {"types": rule.types}
    named |= {key: getattr(rule.params, key) for key in ("levies", "except_levies") if hasattr(rule.params, key)}
    for key, types in named.items():
        for wrong in (t for t in types if not is_levy_type(t)):
            yield (
                f'{rule.source}.{key}: "{wrong}" is not a levy type. {nearest(wrong, LEVY_TYPES)}Use {", ".join(LEVY_TYPES)}, or a type of '
                f"your own, such as {OWN_TYPE}."
            )


def _of_assume(rule: Rule[Params]) -> Iterator[str]:
    known = [*rule.params.settings(), *RULE_KEYS]
    for n, assumption in enumerate(rule.assume, 1):
        if assumption.what.partition(".")[0] not in known:
            do = nearest(assumption.what, known).strip() or f"Name one of {', '.join(sorted(known))}."
            yield f'{rule.source}.assume[{n}].what: "{assumption.what}" is not a setting of this rule. {do}'


def _of_names(profile: Profile, rule: Rule[Params]) -> Iterator[str]:
    """A fee, a deduction or a deadline that is named and does not exist; an assumption may explain that it is still to come."""
    for key, of in NAMES_A.items():
        name = getattr(rule.params, key, "")
        if rule.name == of or not name or name == "time_limit" or any(a.what == key for a in rule.assume):
            continue
        there = sorted({r.sort for r in profile.rules if r.name == of})
        if name not in there:
            yield f'{rule.source}.{key}: there is no {of} rule "{name}". There are: {", ".join(there) or "none"}.'


def _of_liens(profile: Profile) -> Iterator[str]:
    """A lien of another part, without interest for liens, or with a fee that does not exist."""
    fees = {rule.sort for rule in profile.rules if rule.name == "fee"}
    bear = [rule for rule in profile.rules if rule.name == "interest" and rule.part == lien.PART]
    for rule in profile.all(lien.LienExecution):
        if rule.part not in ("", lien.PART):
            yield f'{rule.source}.part: "{rule.part}" is not the part of a lien. Write part = "{lien.PART}".'
        if not bear:
            yield f'{rule.source}: liens need their own interest. Add an interest rule with part = "{lien.PART}".'
        for name in rule.params.fees:
            if name not in fees:
                yield f'{rule.source}.fees: there is no fee rule "{name}". There are: {", ".join(sorted(fees)) or "none"}.'


def _of_due_dates(rule: Rule[Params]) -> Iterator[str]:
    for key in ("due", "home_due"):
        days = getattr(rule.params, key, ())
        if isinstance(days, tuple) and len(set(days)) < len(days):
            yield f"{rule.source}.{key}: a due date appears twice. List each due date once."


def _of_parts(profile: Profile) -> Iterator[str]:
    spelled: dict[str, str] = {}
    for rule in profile.rules:
        first = spelled.setdefault(rule.part.lower(), rule.part)
        if first != rule.part:
            yield f'{rule.source}.part: "{rule.part}" is "{first}" in another rule. Spell each part one way.'


# ---- dates without a rule -------------------------------------------------------------------------------------------


def _of_gaps(profile: Profile) -> Iterator[str]:
    """Gaps between two rules for the same thing, unless `assume` explains why the first one ends."""
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
                    'no rule covers the days between them. Close the gap, or explain it under assume with what = "to".'
                )


def _of_ends(profile: Profile) -> Iterator[str]:
    """Rules every tax needs that end and have no successor, such as a table of yearly rates without the next year."""
    for rules in _by_slot(profile):
        last = rules[-1]
        if last.name in NEEDED and last.end < NEVER and not _meant(last) and not _covered(profile, last, NEVER, ""):
            yield (
                f"{last.source}.to: this rule ends {last.end - dt.timedelta(days=1)}, and no rule follows. Add the next rule, or explain "
                'this under assume with what = "to".'
            )


def _by_slot(profile: Profile) -> list[list[Rule[Params]]]:
    """The rules for one thing after one another: same name, component or kind, levy types and part."""
    slots = defaultdict(list)
    for rule in profile.rules:
        slots[rule.slot].append(rule)
    return [sorted(rules, key=lambda r: r.start) for rules in slots.values()]


def _meant(rule: Rule[Params]) -> bool:
    return any(a.what == "to" for a in rule.assume)


def _covered(profile: Profile, rule: Rule[Params], until: dt.date, sort: str) -> bool:
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
    """Due dates missing from a list of last free days, and late-bill due dates that no tax has."""
    billed = profile.all(Installments)
    said = set()
    for rule in billed:
        for levy_type in rule.types or LEVY_TYPES:
            for due in _due_dates(profile, rule):
                grace = profile.find(Grace, due, levy_type, rule.part)
                try:
                    if grace is not None:
                        grace.params.nominal(due, f"{grace.source}.fixed")
                except BadProfile as error:
                    said.add(str(error))
    yield from sorted(said)
    days = {d for r in billed for d in (*r.params.due, *r.params.home_due)}
    for listed in profile.all(Grace) if billed else ():
        for day in (d for d in listed.params.late_bill_due if d not in days):
            yield f"{listed.source}.late_bill_due: no tax of this town is due {day}. Due dates: {', '.join(sorted(days))}."


def _due_dates(profile: Profile, rule: Rule[Installments]) -> list[dt.date]:
    """The due dates of an installments rule, in one year of each time in which the law is the same."""
    edges = {r.start.year + 1 for r in (*profile.all(Grace), *profile.all(Installments))} | {rule.start.year, 2025}
    years = [y for y in edges if 1900 <= y <= 2100 and rule.covers(dt.date(y, 1, 1))]
    schedules = (rule.params, rule.params.for_home())
    return sorted({due for year in years for schedule in schedules for due in schedule.due_dates(year)})
