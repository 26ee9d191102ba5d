"""Writes a new town's file from a collector's answers: one plain question after the other, and what nobody knows as an assumption."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from xltax.dates import STATES
from xltax.errors import BadProfile, BadValue
from xltax.law.allocation import Allocation
from xltax.law.calendar import Grace, Installments
from xltax.law.checks import ID
from xltax.law.discounts import Discount
from xltax.law.fees import Fee
from xltax.law.interest import Interest
from xltax.law.levy import Levy
from xltax.law.load import load, shipped
from xltax.law.params import MONEY, MONTH_DAY, RATE, RATE_A_MONTH, RATE_A_YEAR, Kind, Params, nearest
from xltax.law.profile import P, Profile, Rule

Reader = Callable[[str], Any]


@dataclass(frozen=True)
class Question:
    """One question: its words, how an answer looks, and how the answer is read."""

    text: str
    form: str
    read: Reader = str


Ask = Callable[[Question], tuple[Any, str]]
"""Asks one question. Gives the answer as read, None where somebody does not know, and the source behind a bar."""

ABOUT = (
    "Press Enter where you do not know. The state's rule then stays, or the file says what is assumed.\n"
    "You can add where it is written after a bar: 3/15, 9/15 | Town Code 40-3"
)


# ---- how answers are read --------------------------------------------------------------------------------------------


def a_day(text: str) -> str:
    """A month and day: 2/1, 02-01, Feb 1 or February 1."""
    text = text.strip()
    if figures := re.fullmatch(r"(\d{1,2})\s*[-/]\s*(\d{1,2})", text):
        return str(MONTH_DAY.read(f"{int(figures[1]):02}-{int(figures[2]):02}"))
    words = re.fullmatch(r"([a-z]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?", text.lower())
    months = [n for n in range(1, 13) if words and f"{dt.date(2024, n, 1):%B}".lower().startswith(words[1][:3])]
    if words is None or len(months) != 1:
        raise ValueError
    return str(MONTH_DAY.read(f"{months[0]:02}-{int(words[2]):02}"))


def days(text: str) -> list[str]:
    """Several days, separated by commas."""
    return [a_day(part) for part in text.split(",") if part.strip()]


def yes(text: str) -> bool:
    """Yes or no."""
    return bool(one_of(yes=("yes", "y"), no=("no", "n", "none"))(text) == "yes")


def one_of(**words: tuple[str, ...]) -> Reader:
    """One of a few answers, each with the words that mean it."""

    def read(text: str) -> str:
        return next(name for name, said in words.items() if text.strip().lower() in said)

    return read


def of_kind(kind: Kind) -> Reader:
    """A value as a setting of this kind takes it, kept as it was written. No, none or 0 means that there is none: an empty text."""

    def read(text: str) -> str:
        if text.strip().lower() in ("no", "none", "0", "0%"):
            return ""
        kind.read(text.strip())
        return text.strip()

    return read


def grace(text: str) -> dict[str, Any]:
    """How long a tax is free: none, 10 days, 1 month, by the 10th, or a list of due and last days."""
    text = text.strip().lower()
    if text in ("none", "no", "0"):
        return {"counted": "none"}
    if found := re.fullmatch(r"(\d+)\s*(day|month)s?", text):
        what = {"day": "days_following", "month": "months"}[found[2]]
        return {"counted": what, f"{found[2]}s": int(found[1])}
    if found := re.fullmatch(r"by the (\d+)(st|nd|rd|th)?", text):
        return {"counted": "by_day_number", "days": int(found[1])}
    pairs = [part.split(" to ") for part in text.split(",")]
    return {"counted": "fixed", "fixed": [{"due": a_day(due), "last": a_day(last)} for due, last in pairs]}


def steps(text: str) -> list[dict[str, Any]]:
    """Percentages by date: 2% late, 5% 6/1, then 1%."""
    out: list[dict[str, Any]] = []
    for part in (p.strip() for p in text.split(",") if p.strip()):
        word, _, rest = part.partition(" ")
        if word.lower() == "then":
            RATE.read(rest.strip())
            out[-1]["then"] = rest.strip()
        else:
            RATE.read(word)
            when = {"at": "delinquent"} if rest.strip().lower() == "late" else {"on": a_day(rest)}
            out.append(when | {"total": word})
    if not out:
        raise ValueError
    return out


def penalty(text: str) -> str | list[dict[str, Any]]:
    """A percentage, or percentages by date."""
    return steps(text) if " " in text.strip() else str(of_kind(RATE)(text))


# ---- the questions ---------------------------------------------------------------------------------------------------


@dataclass
class Town:
    """The file as it grows: the town's own rules, and what is still to be answered."""

    id: str
    asks: Ask
    parent: str = ""
    state: Profile | None = None
    name: str = ""
    rules: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    due: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)

    def ask(self, question: Question) -> Any:
        """The answer to a question; its source goes to the next rule."""
        answer, source = self.asks(question)
        if source and source not in self.sources:
            self.sources.append(source)
        return answer

    def rule(self, kind: str, settings: dict[str, Any], unknown: dict[str, Question], words: str) -> None:
        """One rule with its source, and an assumption for each setting that nobody knows."""
        assume = [{"what": key, "why": f"not known yet: {q.text}"} for key, q in unknown.items()]
        if not self.sources:
            assume.append({"what": "cite", "why": f"not known yet: Where is this written? ({words})"})
        lines = [f"# {words}.", f"[[{kind}]]"]
        lines += [f"{key} = {toml(value)}" for key, value in settings.items()]
        if self.sources:
            lines.append(f"cite = {toml([{'title': source} for source in self.sources])}")
        if assume:
            lines += ["assume = [", *(f"  {toml(one)}," for one in assume), "]"]
        self.rules.append("\n".join(lines))
        self.sources = []

    def left_out(self, kind: str, question: Question) -> None:
        """A rule that only an answer can give. xltax does not guess a rate or a due date."""
        if self.state is None:
            self.missing.append(f"[[{kind}]]: {question.text}")

    def of_state(self, kind: type[P], sort: str = "") -> Rule[P] | None:
        """The state's rule for real estate."""
        return self.state.find(kind, dt.date.today(), "RE", sort=sort) if self.state else None

    def none(self, name: str, kind: type[Params], settings: dict[str, Any], words: str, sort: str = "") -> None:
        """Takes a charge or a discount of the state away from this town. Without a state there is nothing to take away."""
        if self.of_state(kind, sort) is not None:
            self.rule(name, {**self.types_of(kind, sort), **settings, "rate": "0%"}, {}, f"{words}: none here")

    def types_of(self, kind: type[Params], sort: str = "") -> dict[str, Any]:
        """The levy types of the state's rule for real estate, so that the town's rule takes its place."""
        rule = self.of_state(kind, sort)
        return {"types": list(rule.types)} if rule is not None and rule.types else {}


def ask_town(id_: str, ask: Ask) -> str:
    """The TOML file of a town from the answers to all questions. Empty answers keep the state's rule, or become assumptions."""
    if not ID.fullmatch(id_) or not re.fullmatch(r"us-[a-z]{2}-[a-z0-9-]+", id_):
        raise BadValue(
            f'"{id_}" is not an id for a town.', where="id", do="Write it as us-oh-my-town, in small letters."
        )
    if id_ in shipped():
        raise BadValue(f"xltax comes with {id_}.", where="id", do=f"Choose another id, or run: xltax town show {id_}")
    town = Town(id_, ask)
    _which_state(town)
    town.name = (
        town.ask(Question("What is the name of the town, as printed on its bills?", "such as Town of Ash, Ohio")) or id_
    )
    for part in (_installments, _grace, _discount, _interest, _penalty, _order, _levy, _office, _returned_check):
        town.sources = []
        part(town)
    return _file(town)


def _which_state(town: Town) -> None:
    known = shipped()
    own = "-".join(town.id.split("-")[:2])

    def read(text: str) -> str:
        if text.strip() not in known:
            raise BadValue(f'"{text}" is not a state or town xltax knows. {nearest(text, known)}'.strip())
        return text.strip()

    start = f"Enter keeps {own}" if own in known else "Enter if xltax does not have the state"
    question = Question(
        "Which state's rules does the town follow?",
        f"an id from xltax town list, or none. {start}",
        lambda t: "" if t.strip().lower() == "none" else read(t),
    )
    answer = town.ask(question)
    parent = (own if own in known else "") if answer is None else answer
    town.state = load(parent) if parent else None
    town.parent = parent or "us-without-a-form"  # what every office does, as assumptions


def _levy(town: Town) -> None:
    question = Question(
        "How is the rate stated?", "1: a decimal of the value. 100: dollars per $100 of value. 1000: per $1,000, or mills",
        lambda text: {"1": 1, "100": 100, "1000": 1000, "1,000": 1000, "mills": 1000}[text.strip().lower().lstrip("$")],
    )  # fmt: skip
    per = town.ask(question)
    if per is None:
        town.left_out("levy", question)
    else:
        town.rule("levy", {**town.types_of(Levy), "per": per}, {}, "How the tax is calculated from the value")


def _installments(town: Town) -> None:
    question = Question("On which days is the tax due?", "month and day with commas, such as 3/15, 9/15", days)
    due = town.ask(question)
    if not due:
        town.left_out("installments", question)
        return
    town.due = due
    later = Question(
        "Is the first of them in the year of the levy, or in the next year?",
        "0: that year. 1: the next year",
        lambda t: {"0": 0, "1": 1}[t.strip()],
    )
    odd = Question(
        "Which installment takes an odd cent?", "first or last", one_of(first=("first", "1"), last=("last",))
    )
    years, cent = town.ask(later), town.ask(odd) if len(due) > 1 else "first"
    settings = {**town.types_of(Installments), "due": due, "years_after": years or 0, "split": "equal"}
    settings |= {"odd_cent": cent or "first"} if len(due) > 1 else {}
    unknown = {key: q for key, q, said in (("years_after", later, years), ("odd_cent", odd, cent)) if said is None}
    town.rule("installments", settings, unknown, "When the tax is due")


def _grace(town: Town) -> None:
    free = Question(
        "How long can a tax be paid without interest?",
        "none, 10 days, 1 month, by the 10th, or due and last days: 3/15 to 4/1, 9/15 to 10/1",
        grace,
    )
    settings = town.ask(free)
    closed = Question("If that last day is a weekend or holiday, is the next business day in time?", "yes or no", yes)
    post = Question(
        "Does the postmark count, or the day the office receives the payment?",
        "postmark or received",
        one_of(postmark=("postmark", "p"), received=("received", "receipt", "r")),
    )
    roll, evidence = town.ask(closed), town.ask(post)
    if town.state is not None and (settings, roll, evidence) == (None, None, None) and not _days_are_missing(town):
        return
    unknown = {
        key: q
        for key, q, said in (("counted", free, settings), ("roll", closed, roll), ("evidence", post, evidence))
        if said is None
    }
    settings = settings or {"counted": "none"}
    settings |= {"roll": True if roll is None else roll, "evidence": evidence or "received"}
    town.rule("grace", {**town.types_of(Grace), **settings}, unknown, "How long a tax is free of interest")


def _days_are_missing(town: Town) -> bool:
    """Whether the state lists last free days, and has none for a due date of the town."""
    rule = town.state.find(Grace, dt.date.today()) if town.state else None
    listed = {x.due for x in rule.params.fixed} if rule and rule.params.counted == "fixed" else set(town.due)
    return not set(town.due) <= listed


def _discount(town: Town) -> None:
    rate = town.ask(
        Question("What is the discount for paying early?", "a percentage such as 2%, or none", of_kind(RATE))
    )
    if not rate:
        if rate is not None:
            town.none("discount", Discount, {}, "The discount for paying early")
        return
    until = Question("Until which day is the discount given?", "month and day, such as 4/30", a_day)
    day = town.ask(until)
    last = {"until": "month_day", "month_day": day} if day else {"until": "due"}
    town.rule(
        "discount",
        {**town.types_of(Discount), "rate": rate, **last},
        {} if day else {"until": until},
        "The discount for paying early",
    )


_METHODS = one_of(
    month=("1", "month", "by the month"), day=("2", "day", "by the day"), once=("3", "once"), schedule=("4", "schedule"), none=("none", "no")
)  # fmt: skip


def _interest(town: Town) -> None:
    how = Question(
        "How does interest run?",
        "1: a rate for each month or part of a month. 2: a rate a year, by the day. 3: once. 4: percentages by date. none",
        _METHODS,
    )
    method = town.ask(how)
    if method in (None, "none"):
        if method is None:
            town.left_out("interest", how)
        else:
            town.none(
                "interest",
                Interest,
                {"method": "flat", "component": "interest"},
                "What a late payment costs",
                "interest",
            )
        return
    amount = {
        "month": Question("What is the rate?", "a month, such as 1.5% per month, or a year, such as 18% per year", of_kind(RATE_A_MONTH)),
        "day": Question("What is the rate?", "a year, such as 8%", of_kind(RATE_A_YEAR)),
        "once": Question("What is the rate?", "of the tax, such as 5%", of_kind(RATE)),
        "schedule": Question("What is owed in all from each day on?", "such as 2% late, 5% 6/1, then 1%. late: the first day late. then: more each month", steps),
    }[method]  # fmt: skip
    rate = town.ask(amount)
    if not rate:
        town.left_out("interest", amount)
        return
    settings, unknown = _ways(town, method, rate)
    same = town.types_of(Interest, sort="interest")
    town.rule("interest", {**same, **settings, "component": "interest"}, unknown, "What a late payment costs")


def _ways(town: Town, method: str, rate: Any) -> tuple[dict[str, Any], dict[str, Question]]:
    """The settings of a method, with the points that law often leaves open."""
    if method == "schedule":
        return {"method": "schedule", "steps": rate}, {}
    if method == "once":
        return {"method": "flat", "rate": rate}, {}
    since = Question(
        "From which day is interest counted, once a tax is late?",
        "due: the due date. late: the first day late. Or a month and day, such as 1/1",
        lambda t: a_day(t) if any(c.isdigit() for c in t) else one_of(due=("due",), delinquent=("late",))(t),
    )
    counted = town.ask(since)
    if method == "month":
        part = Question(
            "When does a month begin?",
            "day: on the day-number of the due date. first: on the first of each calendar month",
            one_of(anniversary=("day",), touched=("first",)),
        )
        value, key, usual = town.ask(part), "months", "anniversary"
        settings = {"method": "per_month_or_part", "rate": rate}
    else:
        part = Question(
            "How many days has a year of interest?",
            "365 or 360 (months of 30 days)",
            lambda t: {"365": "actual/365", "360": "30/360"}[t.strip()],
        )
        value, key, usual = town.ask(part), "day_count", "actual/365"
        settings = {"method": "tiered_annual", "tiers": [{"rate": rate}]}
    settings |= {key: value or usual, "counted_from": counted or "due"}
    return settings, {k: q for k, q, said in (("counted_from", since, counted), (key, part, value)) if said is None}


def _penalty(town: Town) -> None:
    rate = town.ask(
        Question(
            "What is the penalty besides interest?", "a percentage such as 5%, charged once; or by date: 1% late, 2.5% 2/1; or none", penalty
        )
    )  # fmt: skip
    if rate:
        same = town.types_of(Interest, sort="penalty")
        settings = {"method": "flat", "rate": rate} if isinstance(rate, str) else {"method": "schedule", "steps": rate}
        town.rule("interest", {**same, **settings, "component": "penalty"}, {}, "The penalty")
    elif rate is not None:
        town.none("interest", Interest, {"method": "flat", "component": "penalty"}, "The penalty", "penalty")


def _order(town: Town) -> None:
    order = Question(
        "What does a payment pay first?", "charges: costs, interest and penalty. tax: the tax. The oldest installment is always first",
        one_of(charges=("charges", "interest"), tax=("tax",)),
    )  # fmt: skip
    first = town.ask(order)
    if first is None and town.state is not None and town.state.find(Allocation, dt.date.today()):
        return
    charges = ["costs", "interest", "penalty"]
    pay = ["tax", *charges] if first == "tax" else [*charges, "tax"]
    unknown = {} if first else {"order": order}
    town.rule("allocation", {"group": "parcel", "order": [{"pay": pay}]}, unknown, "What a payment pays first")


def _office(town: Town) -> None:
    own = town.id.split("-")[1].upper()

    def code(text: str) -> str:
        if text.strip().upper() not in STATES:
            raise ValueError
        return text.strip().upper()

    question = Question(
        "Which state's holidays close the office?",
        f"a state code such as OH. Enter keeps {own if own in STATES else 'none'}",
        code,
    )
    state = town.ask(question)
    if state is None and (town.state is not None or own not in STATES):
        town.left_out("office", question)
        return
    unknown = {} if state else {"holidays": question}
    town.rule("office", {"holidays": state or own}, unknown, "When the office is closed")


def _returned_check(town: Town) -> None:
    amount = town.ask(
        Question("What is the fee for a returned check?", "an amount such as 25.00, or none", of_kind(MONEY))
    )
    if amount == "":
        town.none("fee", Fee, {"kind": "returned_check"}, "The fee for a returned check", "returned_check")
    if amount:
        town.rule(
            "fee",
            {"kind": "returned_check", "amount": MONEY.write(MONEY.read(amount))},
            {},
            "The fee for a returned check",
        )


# ---- the file --------------------------------------------------------------------------------------------------------


def _file(town: Town) -> str:
    head = [f"# The law of {town.name}, from the answers to xltax town new.".replace("\n", " ")]
    if town.parent:
        head.append(
            f"# What is not here is the law of {town.parent}. A rule here takes the place of the same rule there."
        )
    head.append(
        "# An assumption is a question nobody has answered yet. Give the rule a cite when you know, and delete the assumption."
    )
    top = [f"id = {toml(town.id)}", f"name = {toml(town.name)}"]
    top += [f"extends = {toml(town.parent)}"] if town.parent else []
    if town.missing:
        top += [
            "",
            "# Still missing. xltax refuses what needs these rules, and never guesses them:",
            *(f"# {m}" for m in town.missing),
        ]
    return "\n".join([*head, *top]) + "\n\n" + "\n\n".join(town.rules) + "\n"


def toml(value: Any) -> str:
    """A value as TOML: text, numbers, lists and inline tables."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {toml(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(toml(v) for v in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def understood(question: Question, text: str) -> tuple[Any, str]:
    """An answer as read, and the source behind a bar. BadValue with the form of an answer where it cannot be read."""
    said, _, source = (part.strip() for part in text.partition("|"))
    if not said:
        return None, source
    do = f"Answer: {question.form}."
    try:
        return question.read(said), source
    except (BadValue, BadProfile) as error:
        what = f'"{said}" is not an answer. {error.problem.what}'
        raise BadValue(what, where=question.text, do=do) from None
    except (ValueError, KeyError, StopIteration, IndexError):
        raise BadValue(f'"{said}" is not an answer.', where=question.text, do=do) from None
