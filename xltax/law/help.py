"""What a town file may say: every rule, method and setting with its meaning, from the declarations themselves."""

from __future__ import annotations

from dataclasses import MISSING

from xltax.law.params import FLAG, Kind, Many, Params
from xltax.law.profile import RULES


def settings_help() -> str:
    """Every rule a town file can hold, as Markdown: its methods, their settings, what each means and its default."""
    lines: list[str] = []
    for rule, methods in RULES.items():
        lines += [f"### `[[{rule}]]`", ""]
        for method, kernel in methods.items():
            name = f'`method = "{method}"`: ' if len(methods) > 1 else ""
            lines += [name + (kernel.__doc__ or "").split("\n")[0], ""]
            lines += ["| setting | takes | default | meaning |", "|---|---|---|---|", *_rows(kernel, ""), ""]
    return "\n".join(lines).rstrip() + "\n"


def _rows(kernel: type[Params], prefix: str) -> list[str]:
    rows = []
    for key, (kind, meaning, default) in kernel.settings().items():
        if isinstance(kind, Kind):
            takes = kind.allowed
        elif isinstance(kind.of, Kind):
            takes = f"a list, each {kind.of.allowed}"
        else:
            takes = "a list of tables with the settings below"
        rows.append(f"| `{prefix}{key}` | {takes} | {_shown(kind, default)} | {meaning} |")
        if isinstance(kind, Many) and not isinstance(kind.of, Kind):
            rows += _rows(kind.of, f"{prefix}{key}.")
    return rows


def _shown(kind: Kind | Many, default: object) -> str:
    if default is MISSING:
        return "none: state it"
    if default is None or default == () or default == "":
        return "left out"
    if isinstance(kind, Many):
        return ", ".join(str(v) for v in default)  # type: ignore[attr-defined]
    return str(default).lower() if kind is FLAG else str(kind.write(default))


if __name__ == "__main__":
    print(settings_help(), end="")
