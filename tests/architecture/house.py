"""The house as its source says it: every module, the floor it stands on, and what it imports."""

from __future__ import annotations

import ast
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIBRARY = {"xltax": ROOT / "xltax", "xltax.udfs": ROOT / "udfs", "xltax.workbooks": ROOT / "workbooks"}
OLD_NAMES = {
    "xltax.hosts.excel_udfs": "xltax.faces.excel_udfs",
    "xltax.hosts.excel_buttons": "xltax.faces.excel_buttons",
    "xltax.hosts.calc.engine": "xltax.faces.calc.engine",
    "xltax.hosts.calc.helper": "xltax.faces.calc.helper",
}
"""Names that macro workbooks and add-ins made before have in them, and where it is now. They are doors of the faces."""


@lru_cache
def modules() -> dict[str, Path]:
    """Every module by the name it is imported by."""
    out = {}
    for package, folder in LIBRARY.items():
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(folder).with_suffix("").parts
            parts = parts[:-1] if parts[-1] == "__init__" else parts
            out[".".join((package, *parts))] = path
    return out


def floor(module: str) -> str:
    return [*OLD_NAMES.get(module, module).split("."), ""][1]


def imports(module: str) -> set[str]:
    """Everything a module imports, at its head or inside a function, by full name; a type-checking import counts too.

    So does a module that is imported by a name in a text.
    """
    path = modules()[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "import_module":
            found |= {name.value for name in node.args if isinstance(name, ast.Constant)}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join(
                    [*package.split(".")[: len(package.split(".")) - node.level + 1], *([base] if base else [])]
                )
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                found.add(inner if inner in modules() else base)
    return found
