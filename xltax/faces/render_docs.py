"""Writes the pages and lists made from the declarations: functions, commands and the data model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from xltax.faces.catalog import actions, functions
from xltax.ondisk import write_file
from xltax.tables import ALL
from xltax.tables.schema import TableSpec

ROOT = Path(__file__).resolve().parents[2]
KINDS = {
    "id": "text that keeps leading zeros",
    "text": "text",
    "date": "date",
    "money": "money",
    "number": "number",
    "count": "whole number",
    "year": "year",
    "yes": "Yes or blank",
}


def function_table() -> str:
    """Every function in one Markdown table."""
    lines = ["| function | gives |", "|---|---|"]
    for f in functions().values():
        args = ", ".join(f"[{a.name}]" if a.optional else a.name for a in f.args)
        lines.append(f"| `{f.name}({args})` | {f.help} |")
    return "\n".join(lines)


def command_table() -> str:
    """Every action in one Markdown table."""
    lines = ["| command | does |", "|---|---|"]
    for a in sorted(actions().values(), key=lambda a: a.name):
        lines.append(f"| `xltax {a.name} BOOK` | {a.help} |")
    return "\n".join(lines)


def command_list() -> str:
    """Every action's name and help, one line each. The command line's --help loads only this list."""
    return "".join(f"{a.name}\t{a.help}\n" for a in sorted(actions().values(), key=lambda a: a.name))


def data_model() -> str:
    """The page docs/data-model.md."""
    parts = [
        "# The data model",
        "",
        "Every table of a workbook, and every range a function takes, is declared in `xltax/tables/`. The command",
        "`python -m xltax.faces.render_docs` makes this page from the declarations. xltax finds a table by its name and a column",
        "by its header. Capital letters, spaces, punctuation and the order of the columns do not matter. xltax keeps your own",
        "columns. A column marked * is required. Refresh fills a column marked =. [How xltax calculates a balance](replay.md)",
        "explains the figures.",
        "",
    ]
    for spec in ALL.values():
        parts += [*_table(spec), ""]
    return "\n".join(parts).rstrip() + "\n"


_SEALED = {
    "": "",
    "chain": " Each row has a seal code that covers the row before.",
    "rows": " Each row has a seal code of its own.",
}


def _table(spec: TableSpec[Any]) -> list[str]:
    key = f" A row is known by {', '.join(spec.key)}." if spec.key else ""
    sealed = _SEALED[spec.sealed]
    purpose = f"{spec.purpose[:1].upper()}{spec.purpose[1:]}." if spec.purpose else ""
    lines = [f"## {spec.name}", f"{purpose}{key}{sealed}".strip(), "", "| column | holds | meaning |", "|---|---|---|"]
    for c in spec.columns:
        mark = "*" if c.required else ("=" if c.derived else "")
        choices = f" One of: {', '.join(c.choices)}." if c.choices else ""
        also = f" Also read as: {', '.join(c.aliases)}." if c.aliases else ""
        lines.append(f"| {c.name}{mark} | {KINDS[c.kind]} | {c.help}{choices}{also} |")
    return lines


def readme(text: str) -> str:
    """The README with the rendered tables between their marks."""
    for name, table in (("functions", function_table()), ("commands", command_table())):
        start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        head, _, rest = text.partition(start)
        _, _, tail = rest.partition(end)
        text = f"{head}{start}{table}\n{end}{tail}"
    return text


def pages() -> dict[Path, str]:
    """Every rendered page with its content."""
    at = ROOT / "README.md"
    return {
        ROOT / "docs" / "data-model.md": data_model(),
        at: readme(at.read_text(encoding="utf-8")),
        Path(__file__).with_name("commands.txt"): command_list(),
    }


if __name__ == "__main__":
    for path, text in pages().items():
        write_file(path, text.encode())
        print(path.relative_to(ROOT))
