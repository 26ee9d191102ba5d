"""Writes docs/states.md from the town files and the published figures. Run `python -m tests.published.states_page` after a change."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.published import state_cases
from xltax.dates import month_day_words
from xltax.law.calendar import Installments
from xltax.law.enforcement import Listing
from xltax.law.load import load, shipped
from xltax.law.params import Params
from xltax.law.profile import NEVER, Profile, Rule
from xltax.law.rules_page import SUBJECTS
from xltax.law.statement import Statement
from xltax.office.controls.published import published_cases
from xltax.ondisk import write_file

PAGE = Path(__file__).resolve().parents[2] / "docs" / "states.md"
CHARGES = ("interest", "penalty")


@dataclass(frozen=True)
class State:
    """One State as the page shows it: its own law, the towns that extend it, and the figures that were compared."""

    id: str
    law: Profile
    towns: tuple[str, ...]
    cases: tuple[tuple[str, str, int], ...]
    """(source, address, figures compared) of each published case."""

    @property
    def figures(self) -> int:
        return sum(count for *_, count in self.cases)


def states() -> list[State]:
    """Every State that comes with xltax."""
    ids = list(shipped())
    found = [id_ for id_ in ids if id_.count("-") == 1]
    return [State(s, load(s), tuple(i for i in ids if i.startswith(f"{s}-")), tuple(_cases(s))) for s in found]


def _cases(state: str) -> list[tuple[str, str, int]]:
    """The published cases of a State and its towns, of both files."""
    own = [
        (c.source, c.href, sum(len(set(row) - {"on", *state_cases.NARROWS}) for row in c.expected))
        for c in state_cases.every_case()
        if c.state == state
    ]
    older = [
        (c.source, c.href, sum(len(v) if isinstance(v, list) else 1 for v in c.expected.values()))
        for c in published_cases()
        if c.town.startswith(state) and not c.later
    ]
    return own + older


def page() -> str:
    """The page."""
    every = states()
    lines = [*INTRODUCTION, *_table(every), "", *EXPLAINED]
    for state in every:
        lines += ["", *_one(state)]
    return "\n".join([*lines, "", *CORRECTIONS]) + "\n"


INTRODUCTION = [
    "# The States",
    "",
    "The law of each State that comes with xltax, which rules have a source, and which published figures xltax gives too. This page is made from the",
    "town files and the tests by `python -m tests.published.states_page`. `xltax town show us-nj` prints the rules of a State in full.",
    "",
]  # fmt: skip
EXPLAINED = [
    "*Rules with a source*: the rules that name a statute, an ordinance, a court or an office's own page. The others rest on an assumption alone. *Points",
    "assumed*: what no source decides. Each point is a setting, and the last part of `xltax town show` lists it for the town to answer. *Figures*: amounts,",
    "percentages and days that somebody published. The tests calculate each figure again. The figures in `tests/published/states` run through the ledger and",
    "through a second, plain replay. A test also takes [one made-up town](../tests/published/test_every_state.py) through a year under each law, with one",
    "account worked by hand.",
]  # fmt: skip
CORRECTIONS = [
    "## How to send a correction",
    "",
    "You know your State's law better than we do. Please tell us what is wrong or missing:",
    "",
    "1. Run `xltax town try` with the State's id or your own town file, and compare the twenty days with a bill your office printed.",
    "2. Send the day and the amount that differ, the amount on your bill, and where the rule is written: the statute, the ordinance, the resolution or the",
    "   page, with its address. A photograph of a printed bill without the owner's name is the best proof.",
    "3. If you like, correct the file in `xltax/towns/us/` yourself. Give the rule its `cite`, delete the assumption, and add your figure to the State's file in",
    "   [tests/published/states](../tests/published/states/README.md). `xltax town check` finds mistakes in the file.",
    "",
    "Open an issue or a pull request in the project. A town that differs from its State needs no change here. `xltax town new` writes a file of its own:",
    "[Adding a town](adding-a-town.md).",
]  # fmt: skip


def _table(every: list[State]) -> list[str]:
    head = "| State | towns | tax due | what late payment costs | statements | rules with a source | points assumed | figures |"
    rows = [head, "|---|---|---|---|---|---|---|---|"]
    for s in every:
        rules = s.law.rules
        cells = [
            f"[{s.law.name}](#{_anchor(s.law.name)})",
            str(len(s.towns)),
            _due(s.law),
            ", ".join(sorted({str(r.params.method).replace("_", " ") for r in _now(s.law, *CHARGES)})) or "by town",
            ", ".join(sorted({r.params.report for r in s.law.all(Statement)})) or "none",
            f"{sum(bool(r.cite) for r in rules)} of {len(rules)}",
            str(sum(len(r.assume) for r in rules)),
            str(s.figures),
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def _due(law: Profile) -> str:
    """The due dates of real estate, or that towns set them."""
    rules = [r for r in law.all(Installments) if r.end == NEVER and r.matches("RE", "") and not r.part]
    return ", ".join(month_day_words(d) for d in rules[-1].params.due) if rules else "by town"


def _now(law: Profile, *names: str) -> list[Rule[Params]]:
    return [r for r in law.rules if r.name in names and r.end == NEVER]


def _one(state: State) -> list[str]:
    """What is there of one State, what was read, and what was compared."""
    law = state.law
    lines = [f"## {law.name}", "", f"`{state.id}`" + "".join(f", `{t}`" for t in state.towns) + "."]
    there = [
        f"{len(rules)} on {_lower(subject)}"
        for subject, names in SUBJECTS.items()
        if (rules := [r for r in law.rules if r.name in names])
    ]
    lists = sorted({r.params.kind.replace("_", " ") for r in law.all(Listing)})
    lines += ["", f"**Rules:** {', '.join(there)}." + (f" Lists: {', '.join(lists)}." if lists else "")]
    late = _now(law, *CHARGES)
    lines += [f"**Late:** {' '.join(f'{r.params.plainly()}{_whose(r)}' for r in late)}"] if late else []
    read = list(
        dict.fromkeys(
            _link(c.title, c.href) for r in _now(law, *CHARGES, *SUBJECTS["When the tax is due"]) for c in r.cite
        )
    )
    lines += [f"**Read on due dates and interest:** {'; '.join(read) or 'nothing yet'}."]
    compared = list(dict.fromkeys(_link(source, href) for source, href, _ in state.cases))
    lines += [f"**Compared:** {'; '.join(compared) or 'no published figure yet'}."]
    return [f"{line}  " if line.startswith("**") else line for line in lines]


def _whose(rule: Rule[Params]) -> str:
    return f" ({', '.join(rule.types)})" if rule.types else f" (part {rule.part})" if rule.part else ""


def _lower(subject: str) -> str:
    return subject[:1].lower() + subject[1:]


def _link(text: str, href: str) -> str:
    text = text.replace("[", "(").replace("]", ")").rstrip(".")
    return f"[{text}](<{href}>)" if href else text


def _anchor(name: str) -> str:
    return "".join(c for c in name.lower().replace(" ", "-") if c.isalnum() or c == "-")


if __name__ == "__main__":
    write_file(PAGE, page().encode())
    print(PAGE)
