"""Phrases that stop a reader may not come back: in the README, in docs/, on the sheets and in the messages."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Pattern, a sentence that has the phrase, and what an office would say. Patterns ignore capital letters.
PHRASES = [
    (
        r"(?<!\ball )(?<!\bhalf )(?<!\bpart )(?<!\bparts )(?<!\bbecause )\bof it\b",
        "12.00 due, of it tax 9.00",
        "Total due $12.00: tax $9.00, interest $3.00",
    ),
    (r"\bleft out:", "How it was paid; left out: Check.", "Payment type (default: Check)"),
    (r"\bso much\b(?! (as|more|faster|for))", "So much pays it off.", "This amount pays the account in full."),
    (
        r"\b(say|says|said|tell|tells) (?-i:not)\b",
        "The sheet says not whose it is.",
        "The sheet does not say whose row it is.",
    ),
    (r"\bnot yet made\b", "The bill is not yet made.", "The bill has not been made."),
    (r"how-many-eth", "The how-many-eth copy", "Copy number for this bill this year"),
    (r"\bit can be brought in\b", "It can be brought in.", "Ready to import."),
    (r"\bhold every\b", "Hold every figure against another.", "Reconcile every total in the workbook."),
    (
        r"\b(hold|holds|held)\b [^.;|]{0,50}\bagainst\b",
        "Balances are held against ours.",
        "We compare the balances with ours.",
    ),
    (r"\bis not given\b", "It is not given.", "This field is required."),
    (
        r"(?<![\d.,])1 (accounts|bills|checks|copies|days|lines|pages|payments|receipts|rows)\b",
        "1 bills of 2025",
        "1 bill for 2025",
    ),
    (r"(\b0|\{\}) [a-z ]+ are not an? ", "0 days are not a grid.", "Enter between 1 and 366 business days."),
    (r"\bare not a grid\b", "No days are not a grid.", "Enter between 1 and 366 business days."),
    (
        r"\bare not an agreement\b",
        "0 monthly payments are not an agreement.",
        "An agreement needs at least one monthly payment.",
    ),
    (r"(\d|\}) to look at\b", "17 checks, 0 to look at.", "17 checks passed."),
    (
        r"\blines? changed how\b",
        "2 lines changed how earlier payments apply.",
        "This changed how 2 earlier payment lines are applied.",
    ),
    (
        r"\bgoes to older tax:",
        "LOOK: goes to older tax: the installment stays open.",
        "This payment goes to older tax first.",
    ),
    (
        r"\bLOOK: \S+ (?-i:of)\b",
        "LOOK: $20.00 of it paid 24-9 first, as older",
        "Note: $20.00 went to older bill 24-9 first.",
    ),
    (
        r"\bcannot be granted because\b",
        "It cannot be granted because: no proof",
        "We cannot approve it because: no proof",
    ),
    (r"\bwhose book\b", "Whose book this is", "Your town and its totals"),
    (
        r"(?<!agreement )\bworked out\b",
        "Everything else is worked out.",
        "Everything else is calculated.",
    ),  # old Logs have "agreement worked out"
    (
        r"\bis emptied once\b",
        "A cell is emptied once its task is done.",
        "A yellow cell is cleared after its task runs.",
    ),
    (r"\bstands there\b", "The bill stands there twice.", "The bill is on the sheet twice."),
    (r"\bnot known here\b", "That account is not known here.", 'There is no account "12-4" on the Roll.'),
    (r"\bof it tax\b", "12.00 due, of it tax 9.00", "Total due $12.00: tax $9.00, interest $3.00"),
    (r"\bwas looked at\b", "Your application was looked at.", "We reviewed your application."),
    (r"\bcome by itself\b", "Help does not come by itself.", "These programs are not automatic."),
    (r"\bfound nothing to\b", "5.00 found nothing to lower.", "$5.00 was not used, because nothing is left to reduce."),
    (r"\belse than\b", "Somebody else than who asked decides.", "The person who asked cannot also decide."),
    (r"\bhead of the seals\b", "Head of the seals", "Seal code"),
    (r"\bsaid of\b", "What is said of the bill", "The message about the bill"),
    (r"\beverything but\b", "Everything but the yellow cells", "Everything except the yellow cells"),
    (r"\bword over each column\b", "a row with a word over each column", "a header row above the data"),
    (r"\bin line\b", "It brings the registers in line.", "It updates the registers."),
    (r"\bmend(s|ed|ing)?\b", "doctor says how to mend it.", "doctor says how to fix the problem."),
    (r"\banew\b", "It is made anew.", "It is made again."),
    (r"\b(could|can) ?not be had\b", "It could not be had here.", "It was not available here."),
    (r"\bnone of xltax\b", "This workbook is none of xltax.", "This is not an xltax workbook."),
    (r"\blicences?\b", "a licence fee", "a license fee"),
    (r"\bgrey\b", "a grey button", "a gray button"),
    (r"\b(penal|recogn|optim|organ|real)is(e|es|ed|ing)\b", "It is not recognised.", "It is not recognized."),
]
ALL = re.compile("|".join(f"(?:{pattern})" for pattern, _, _ in PHRASES), re.IGNORECASE)

RENDERED = {"data-model.md", "sheets.md", "published-figures.md"}
"""Pages made from the code: their sentences are found in the code, once."""
OTHERS_PARTS = re.compile(r"^```.*?^```|<!-- (\w+) -->.*?<!-- /\1 -->|<!-- settings: .*", re.MULTILINE | re.DOTALL)
"""Parts of a page that a program printed or wrote: answers of a command, rendered tables, counts."""
STATUTE = re.compile(r"\bnote = \"(?:[^\"\\]|\\.)*\"")
"""A note below a citation may keep the words of the law."""

Lines = Iterator[tuple[str, int, str]]


def pages() -> Lines:
    """Every line of prose outside the code, with its file and number."""
    files = [
        ROOT / "README.md",
        ROOT / "CHANGELOG.md",
        ROOT / "run",
        *(ROOT / "tests").glob("*.sh"),
        *(ROOT / "macros").iterdir(),
    ]
    files += [f for f in (ROOT / "docs").glob("*.md") if f.name not in RENDERED]
    files += [f for end in ("toml", "md") for f in (ROOT / "xltax").rglob(f"*.{end}")]
    for file in sorted(files):
        yield from prose(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8"))


def prose(name: str, text: str) -> Lines:
    """The lines of one page that its author wrote."""
    skip = STATUTE if name.endswith(".toml") else OTHERS_PARTS
    text = skip.sub(lambda part: "\n" * part[0].count("\n"), text)
    for number, line in enumerate(text.splitlines(), 1):
        yield name, number, line


def code() -> Lines:
    """Every text in the code that a person may read: messages, headings, help, the first sentences of docstrings."""
    for folder in ("xltax", "udfs", "workbooks"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            yield from texts(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8"))


def texts(name: str, source: str) -> Lines:
    """The string literals of one module. A field of an f-string reads as {}; a docstring counts up to its first period."""
    tree = ast.parse(source)
    alone, inside = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and not getattr(node, "name", "").startswith(
            "_"
        ):
            yield (
                name,
                1 if isinstance(node, ast.Module) else node.lineno,
                first_sentence(ast.get_docstring(node) or ""),
            )
        if isinstance(node, ast.Expr):  # a docstring, or a remark below a name
            alone.add(id(node.value))
        if isinstance(node, ast.JoinedStr):
            inside |= {id(part) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [str(p.value) if isinstance(p, ast.Constant) else "{}" for p in node.values]
            yield name, node.lineno, "".join(parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone | inside:
            yield name, node.lineno, node.value


def first_sentence(text: str) -> str:
    return re.split(r"\.\s|\n\n", text, maxsplit=1)[0]


def wrong(lines: Lines) -> list[str]:
    return [f"{name}, line {number}: {found[0]!r}" for name, number, line in lines if (found := ALL.search(line))]


READ = [pages, code]
"""What the test reads."""


@pytest.mark.parametrize("read", READ, ids=lambda read: read.__name__)
def test_no_phrase_that_stops_a_reader(read: Callable[[], Lines]) -> None:
    found = wrong(read())
    assert not found, "Say this as an office would say it. PHRASES has an example for each phrase.\n  " + "\n  ".join(
        found
    )


@pytest.mark.parametrize(("pattern", "seen", "office"), PHRASES, ids=[p for p, _, _ in PHRASES])
def test_each_pattern_finds_its_phrase_and_accepts_the_better_sentence(pattern: str, seen: str, office: str) -> None:
    assert re.search(pattern, seen, re.IGNORECASE)
    assert not ALL.search(office)


def test_the_readers_see_every_place() -> None:
    assert wrong(texts("a.py", 'x = f"{n} days: it is not given"')) == ["a.py, line 1: 'is not given'"]
    assert wrong(texts("a.py", '"""Made anew."""')) == ["a.py, line 1: 'anew'"]
    assert wrong(texts("a.py", 'def f():\n    """Good. Made anew."""\n    say("anew")')) == ["a.py, line 3: 'anew'"]
    assert wrong(prose("a.md", "good\n\nleft out: all")) == ["a.md, line 3: 'left out:'"]
    assert wrong(prose("a.md", "```console\n1 payments\n```\ngood\n1 payments")) == ["a.md, line 5: '1 payments'"]
    assert wrong(prose("a.md", "<!-- counts -->\n1 rows\n<!-- /counts -->\n")) == []
    assert wrong(prose("a.toml", 'note = "in line"\nwhy = "anew"')) == ["a.toml, line 2: 'anew'"]
    assert {name for name, _, _ in pages()} >= {
        "README.md",
        "docs/first-month.md",
        "macros/XltaxRibbon.bas",
        "xltax/towns/us/nj/state.toml",
    }
    assert {name.split("/")[0] for name, _, _ in code()} >= {"xltax", "udfs"}
