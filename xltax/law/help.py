"""Help for a town file: every rule, method and setting with its meaning, taken from the declarations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import MISSING

from xltax.law.params import FLAG, Kind, Many, Params
from xltax.law.profile import RULES


def settings_help() -> str:
    """Every rule a town file can hold, as Markdown: its methods, their settings, what each means and its default."""
    lines: list[str] = []
    for rule, methods in RULES.items():
        shared = _shared(list(methods.values()))
        lines += [f"### `[[{rule}]]`", ""]
        if shared:
            lines += [
                f"All {len(methods)} methods of this rule take:",
                "",
                *_HEAD,
                *_rows(next(iter(methods.values())), only=shared),
                "",
            ]
        for method, kernel in methods.items():
            name = f'`method = "{method}"`: ' if len(methods) > 1 else ""
            lines += [name + (kernel.__doc__ or "").split("\n")[0], ""]
            own = _rows(kernel, only=[key for key in kernel.settings() if key not in shared])
            lines += [*_HEAD, *own, ""] if own else []
    return "\n".join(lines).rstrip() + "\n"


_HEAD = ["| setting | takes | default | meaning |", "|---|---|---|---|"]


def _shared(kernels: list[type[Params]]) -> list[str]:
    """The settings which all methods of a rule have alike, where there is more than one method."""
    first, *others = (kernel.settings() for kernel in kernels)
    return [key for key, said in first.items() if others and all(other.get(key) == said for other in others)]


def _rows(kernel: type[Params], prefix: str = "", only: Iterable[str] | None = None) -> list[str]:
    rows = []
    for key, (kind, meaning, default) in kernel.settings().items():
        if only is not None and key not in only:
            continue
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
        return "required"
    if default is None or default == () or default == "":
        return "empty"
    if isinstance(kind, Many):
        return ", ".join(map(str, default)) if isinstance(default, tuple) else str(default)
    return str(default).lower() if kind is FLAG else str(kind.write(default))


if __name__ == "__main__":
    print(settings_help(), end="")
