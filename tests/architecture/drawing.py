"""Draws the house from its imports into docs/architecture.md: `python -m tests.architecture.drawing`.

A test holds the page and the picture to the source, so a new import cannot make them untrue.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from html import escape

from tests.architecture.house import ROOT, floor, imports, modules

PAGE = ROOT / "docs" / "architecture.md"
PICTURE = ROOT / "docs" / "pictures" / "floors.svg"
Graph = Mapping[str, set[str]]


def floors() -> Graph:
    """Each floor of xltax, and the floors its modules import."""
    out: dict[str, set[str]] = {}
    for module in modules():
        if mine := floor(module):
            theirs = {floor(other) for other in imports(module) if other in modules()}
            out.setdefault(mine, set()).update(theirs - {mine, ""})
    return out


def desks() -> Graph:
    """Each desk of the office, and the desks its modules import."""
    out: dict[str, set[str]] = {}
    for module in modules():
        if module.startswith("xltax.office.") and module.count(".") > 2:
            mine = module.split(".")[2]
            theirs = {o.split(".")[2] for o in imports(module) if o.startswith("xltax.office.") and o in modules()}
            out.setdefault(mine, set()).update(theirs - {mine})
    return out


def rank(graph: Graph, name: str) -> int:
    """How high a floor stands: one above the highest floor it imports."""
    return 1 + max((rank(graph, other) for other in graph[name]), default=-1)


def ranks(graph: Graph) -> list[list[str]]:
    """The floors from the roof to the ground; floors of one height side by side."""
    height = {name: rank(graph, name) for name in graph}
    return [sorted(n for n in graph if height[n] == level) for level in sorted(set(height.values()), reverse=True)]


def next_below(graph: Graph, name: str) -> list[str]:
    """The floors a floor imports, without those it would reach through another one."""

    def below(of: str) -> set[str]:
        return graph[of].union(*(below(other) for other in graph[of]))

    return sorted(o for o in graph[name] if not any(o in below(between) for between in graph[name]))


def says(module: str) -> str:
    """What a floor or a desk is for: the first sentence of its docstring."""
    text = ast.get_docstring(ast.parse(modules()[module].read_text(encoding="utf-8"))) or ""
    return re.split(r"(?<=\.)\s", " ".join(text.split()))[0]


def table(graph: Graph, prefix: str, kind: str) -> Iterable[str]:
    """The floors as a table, from the roof to the ground."""
    yield f"| {kind} | What it holds | Imports |"
    yield "|---|---|---|"
    for row in ranks(graph):
        for name in row:
            yield f"| `{name}` | {says(f'{prefix}.{name}')} | {', '.join(next_below(graph, name)) or 'nothing'} |"


WIDE, HIGH, GAP, STEP, EDGE = 96, 34, 16, 70, 12


def without_ground(graph: Graph) -> tuple[Graph, list[str]]:
    """The floors above the ground, and the ground: small modules below the law that every floor may use."""
    ground = [name for name in graph if rank(graph, name) < rank(graph, "law") or not rank(graph, name)]
    ground += [name for name in graph if name not in ground and not graph[name] - set(ground) and name != "law"]
    above = {name: graph[name] - set(ground) for name in graph if name not in ground}
    return above, sorted(ground)


def picture(graph: Graph) -> str:
    """The floors as boxes, with a line from each floor to the floors it stands on; the ground without lines."""
    graph, ground = without_ground(graph)
    used = {name: sum(name in others for others in graph.values()) for name in graph}
    rows = [*(sorted(row, key=lambda name: (-used[name], name)) for row in ranks(graph)), ground]
    across = max(len(row) for row in rows) * (WIDE + GAP) - GAP + 2 * EDGE
    down = len(rows) * STEP - (STEP - HIGH) + 2 * EDGE
    at = {}
    for level, row in enumerate(rows):
        left = (across - len(row) * (WIDE + GAP) + GAP) // 2
        at |= {name: (left + n * (WIDE + GAP), EDGE + level * STEP) for n, name in enumerate(row)}
    lines, boxes = [], []
    for name, (x, y) in at.items():
        for other in next_below(graph, name) if name in graph else []:
            to_x, to_y = at[other]
            start, end = (x + WIDE // 2, y + HIGH), (to_x + WIDE // 2, to_y)
            bend = (end[1] - start[1]) // 2
            lines.append(
                f'<path d="M{start[0]} {start[1]} C{start[0]} {start[1] + bend} {end[0]} {end[1] - bend} {end[0]} {end[1]}"/>'
            )
        boxes.append(f'<rect x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="5"/>')
        boxes.append(f'<text x="{x + WIDE // 2}" y="{y + HIGH // 2 + 5}">{escape(name)}</text>')
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{across}" height="{down}" viewBox="0 0 {across} {down}">',
        f'<title>{escape("The floors of xltax. Each floor imports only floors below it. The lowest row has the small modules that the floors use.")}</title>',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        '<g fill="none" stroke="#8a97a6" stroke-width="1.4">', *lines, "</g>",
        '<g fill="#eef3f8" stroke="#1f4e79" font-family="Arial, Helvetica, sans-serif" font-size="14" text-anchor="middle">',
        *(b.replace("<text", '<text fill="#111111" stroke="none"') for b in boxes), "</g>", "</svg>", "",
    ])  # fmt: skip


def page(text: str) -> str:
    """The page with its two tables as the imports are now."""
    for mark, rows in (
        ("floors", table(floors(), "xltax", "Floor")),
        ("desks", table(desks(), "xltax.office", "Desk")),
    ):
        begin, end = f"<!-- {mark}: made by tests/architecture/drawing.py -->", f"<!-- end of {mark} -->"
        head, rest = text.split(begin)
        text = "\n".join([f"{head}{begin}", *rows, f"{end}{rest.split(end)[1]}"])
    return text


def main() -> None:
    """Draws the page and the picture again."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    PICTURE.write_text(picture(floors()), encoding="utf-8")


if __name__ == "__main__":
    main()
