"""A town's rules as a page to read and sign: by subject, each sentence with its authority, and at the end the points still to answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import Any

from xltax.law.checks import NEEDED
from xltax.law.params import RATE, Params, percent
from xltax.law.profile import ALWAYS, NEVER, Assumption, Profile, Rule
from xltax.wording import some

WIDTH = 80
SUBJECTS: dict[str, tuple[str, ...]] = {
    "How the tax is calculated": ("levy", "added", "supplement", "deduction", "levy_reduction", "return", "usage"),
    "When the tax is due": ("installments", "one_payment", "grace", "discount", "acceleration", "office"),
    "What a late payment costs": ("interest", "penalty"),
    "How a payment is applied": ("allocation", "small_balance"),
    "Fees": ("fee",),
    "Relief, waivers and agreements": ("relief", "waiver", "agreement", "time_limit"),
    "Liens and sales": ("lien", "redemption", "clearing"),
    "Lists and letters": ("list", "bill_text"),
    "The office's year": ("task", "deadline", "deposit", "approval", "unclaimed", "fiscal_year"),
    "Statements": ("statement", "collection_rate", "general_ledger"),
}
OTHER = "Other rules"
"""The subjects in the order of the page, each with its rules."""

TAXES = {
    "RE": "real estate", "PP": "personal property", "MV": "motor vehicles", "MVS": "supplemental motor vehicles", "ADD": "added assessments",
    "OMIT": "omitted assessments", "SEWER": "sewer", "WATER": "water", "SOLID": "solid waste", "SALES": "sales tax", "LICENSE": "licenses",
    "COST": "costs",
}  # fmt: skip
_OF_EVERY_RULE = {
    "from": "the first day of this rule", "to": "the end of this rule", "types": "the taxes this rule covers", "part": "the part of the bill",
    "governs": "the date that decides which rule applies", "cite": "the source of this rule", "classes": "the property classes",
    "except_classes": "the property classes left out", "tax_above": "the tax from which this rule applies", "method": "the method",
    "earlier": "whether an earlier installment is open",
}  # fmt: skip


def page(profile: Profile) -> list[str]:
    """The page, line by line, at most eighty columns wide except for addresses of web pages."""
    by_subject = _by_subject(profile)
    numbers = _numbered(by_subject)
    lines = [*_wrapped(profile.name), f"Rules of {profile.id}"]
    for subject, rules in by_subject.items():
        lines += ["", "", subject.upper(), "-" * len(subject)]
        for group in rules:
            lines += ["", *_rule(group, numbers)]
    return [*lines, "", "", *_to_answer(profile, by_subject, numbers), "", "", *_signed()]


Group = list[Rule[Params]]
"""One rule; or a row of dated rules of one kind, which differ in their rates only."""

RATES = ("rate", "total", "add", "then")
"""Settings that are rates, of a rule, its tiers or its steps."""


def _by_subject(profile: Profile) -> dict[str, list[Group]]:
    """The rules by subject, in the order of the page. A kind of rule without a subject is not lost."""
    found: dict[str, list[Rule[Params]]] = {}
    for subject, names in SUBJECTS.items():
        found[subject] = [r for name in names for r in profile.rules if r.name == name]
    known = {name for names in SUBJECTS.values() for name in names}
    found[OTHER] = [r for r in profile.rules if r.name not in known]
    return {subject: _grouped(rules) for subject, rules in found.items() if rules}


def _grouped(rules: list[Rule[Params]]) -> list[Group]:
    groups: list[Group] = []
    for rule in rules:
        if groups and _but_for_the_rates(rule) == _but_for_the_rates(groups[-1][-1]) is not None:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return groups


def _but_for_the_rates(rule: Rule[Params]) -> tuple[Any, ...] | None:
    """What a rule with rates says besides its rates and its dates; None if it has none."""
    settings = rule.params.raw()
    if not _rates_of(settings):
        return None
    return rule.slot, rule.governs, rule.params.method, repr(_without_rates(settings))


def _without_rates(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: "" if key in RATES else _without_rates(entry) for key, entry in value.items()}
    return [_without_rates(entry) for entry in value] if isinstance(value, list) else value


def _rates_of(settings: dict[str, Any]) -> list[str]:
    """The rates of a rule in their order, each once."""
    steps = settings.get("tiers") or settings.get("steps") or [settings]
    rates = [str(step[key]) for step in steps for key in RATES if isinstance(step, dict) and step.get(key) is not None]
    return list(dict.fromkeys(rates))


def _rate(rule: Rule[Params]) -> str:
    return " and ".join(percent(RATE.read(r)) if "/" in r and " " not in r else r for r in _rates_of(rule.params.raw()))


def _once(lists: Iterable[Iterable[Any]]) -> list[Any]:
    """What is in any of the lists, each once."""
    return list(dict.fromkeys(entry for entries in lists for entry in entries))


Numbers = dict[tuple[int, int], int]
"""The number of each assumption on the page, by the rule's id and the assumption's place."""


def _numbered(by_subject: dict[str, list[Group]]) -> Numbers:
    numbers: Numbers = {}
    asked: dict[tuple[int, Assumption], int] = {}  # a point of several rules of one row is asked once
    for group in (g for groups in by_subject.values() for g in groups):
        for rule in group:
            for n, assumption in enumerate(rule.assume):
                number = asked.setdefault((id(group), assumption), len(asked) + 1)
                numbers[id(rule), n] = number
    return numbers


def _rule(group: Group, numbers: Numbers) -> Iterator[str]:
    rule = group[-1]
    yield from _wrapped(rule.params.words())
    if scope := _scope(rule, dated=len(group) == 1):
        yield from _wrapped(scope, "  ")
    if len(group) > 1:
        by = {"accrual": "date", "due": "due date", "levy_year": "levy year"}[rule.governs]
        rates = "; ".join(f"{_period(r)}: {_rate(r)}" for r in group)
        yield from _wrapped(f"Rates by {by}: {rates}.", "  ", "    ")
    for cite in _once(r.cite for r in group):
        note = f": {cite.note}" if cite.note else ""
        yield from _wrapped(f"Authority: {cite.title}{note}.".replace("..", "."), "  ", "    ")
        if cite.href:
            yield f"    {cite.href}"
    points = sorted({numbers[id(r), n] for r in group for n in range(len(r.assume))})
    if not any(r.cite for r in group) and not points:
        yield "  Authority: none is given."
    if points:
        which = ", ".join(map(str, points))
        yield from _wrapped(
            f"Assumed in part: see {'point' if len(points) == 1 else 'points'} {which} at the end.", "  ", "    "
        )


def _scope(rule: Rule[Params], dated: bool) -> str:
    """The taxes and the time of a rule, in words."""
    said = []
    taxes = " and ".join(
        filter(None, [", ".join(TAXES.get(t, t) for t in rule.types[:-1]), *(TAXES.get(t, t) for t in rule.types[-1:])])
    )
    if taxes or rule.part:
        said.append(f"For {taxes or 'every tax'}" + (f", part {rule.part}" if rule.part else "") + ".")
    if only := rule.only.words().strip(" []"):
        said.append(f"Only for: {only}.")
    if dated and (period := _period(rule)):
        opening = {"accrual": "In force", "due": "For taxes due", "levy_year": "For levy years"}[rule.governs]
        said.append(f"{opening} {period}.")
    return " ".join(said)


def _period(rule: Rule[Params]) -> str:
    """The days, the due dates or the levy years a rule is for; empty: all."""
    last = rule.end - dt.timedelta(days=1) if rule.end != NEVER else rule.end
    if rule.governs != "levy_year":
        since = f"from {_date(rule.start)}" if rule.start != ALWAYS else ""
        until = f"to {_date(last)}" if rule.end != NEVER else ""
        return " ".join(filter(None, (since, until)))
    # The version of a levy year is the one in force on its January 1.
    first = rule.start.year + (rule.start > dt.date(rule.start.year, 1, 1)) if rule.start != ALWAYS else None
    if rule.end == NEVER:
        return f"from {first}" if first else ""
    if first == last.year:
        return str(first)
    return f"{first} to {last.year}" if first else f"to {last.year}"


def _date(day: dt.date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


# ---- what is still to answer -----------------------------------------------------------------------------------------


def _to_answer(profile: Profile, by_subject: dict[str, list[Group]], numbers: Numbers) -> Iterator[str]:
    missing = [name for name in NEEDED if not any(r.name == name for r in profile.rules)]
    title = "Points still to answer"
    yield title.upper()
    yield "-" * len(title)
    yield ""
    if not numbers and not missing:
        yield "None. Every rule has its source."
        return
    if missing:
        yield from _wrapped(f"There is no rule for: {', '.join(missing)}. xltax refuses what needs such a rule.")
        yield ""
    if numbers:
        yield from _wrapped(
            f"No source decides {some(len(set(numbers.values())), 'point')}. xltax uses what is assumed here until the town answers."
        )
    said: set[int] = set()
    for subject, groups in by_subject.items():
        for rule in (rule for group in groups for rule in group):
            for n, assumption in enumerate(rule.assume):
                if numbers[id(rule), n] in said:
                    continue
                said.add(numbers[id(rule), n])
                yield ""
                yield from _wrapped(f"{numbers[id(rule), n]}. {subject}: {_point(rule, assumption)}", "", "   ")
                yield from _wrapped(_sentence(assumption.why), "   ")
                yield "   Answer: ________________________________________________________________"


def _point(rule: Rule[Params], assumption: Assumption) -> str:
    """The point in words, with the setting's name for the person who changes the file."""
    key = assumption.what.partition(".")[0]
    settings = rule.params.settings()
    meaning = settings[key][1] if key in settings else _OF_EVERY_RULE.get(key, "")
    where = f"{rule.source or rule.name}, {assumption.what}"
    return f"{meaning} ({where})" if meaning else where


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "?", "!")) else ".")


def _signed() -> list[str]:
    return [
        "I have read these rules. This office applies them as the law of this town.",
        "",
        "Signed: ______________________________   Title: _______________   Date: ________",
    ]


def _wrapped(text: str, first: str = "", later: str | None = None) -> list[str]:
    rest = first if later is None else later
    return wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
