"""What may import what, and what may stand where: read from the source, so that no arrow can turn unseen."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import lru_cache

import pytest

from tests.architecture.house import OLD_NAMES, ROOT, floor, imports, modules

# What each floor may import; a floor may always import itself. Every module of xltax stands on exactly one.
GROUND = {"errors"}
BELOW_LAW = {"errors", "money", "dates", "wording"}
BELOW_TABLES = BELOW_LAW | {"law", "towns"}
BELOW_LEDGER = BELOW_TABLES | {"tables"}
BELOW_OFFICE = BELOW_LEDGER | {"ledger"}
BELOW_FACES = BELOW_OFFICE | {
    "declare", "office", "sheets", "pdf", "hosts", "workbooks", "udfs", "actions", "pages", "csvtext", "ondisk", "filenames",
}  # fmt: skip
ALLOWED: dict[str, set[str]] = {
    "": set(),  # xltax itself: importing it loads nothing
    "errors": set(),
    "money": GROUND,
    "dates": GROUND,
    "wording": set(),  # words that agree with their figures
    "declare": GROUND | {"money"},  # what a function and an action say of themselves
    "csvtext": set(),  # text tables for other programs: nothing of the law, of files or of programs
    "filenames": set(),  # the names of the files we make, whatever is in them
    "ondisk": GROUND | {"filenames"},  # files on the disk, whatever is in them
    "pages": set(),  # printed pages as declarations: nothing of the law, of files or of programs
    "towns": set(),  # data
    "data": BELOW_LEDGER,  # data, and the made-up town, which is billed to draw its payments from
    "law": BELOW_LAW | {"towns"},
    "tables": BELOW_TABLES,  # what every floor above speaks in
    "ledger": BELOW_LEDGER,
    "office": BELOW_OFFICE | {"data", "pages", "csvtext"},
    "sheets": BELOW_OFFICE | {"pages", "ondisk"},
    "pdf": BELOW_OFFICE | {"sheets", "pages"},  # the sheets of paper that a workbook of pages has, drawn
    "hosts": BELOW_OFFICE | {"sheets", "pdf", "pages", "csvtext", "ondisk", "filenames"},
    "workbooks": BELOW_OFFICE | {"declare", "office", "sheets"},
    "udfs": BELOW_OFFICE | {"declare", "office"},
    "actions": BELOW_OFFICE | {"declare", "office", "sheets", "hosts", "workbooks", "pages", "csvtext"},
    "faces": BELOW_FACES,
    "demo": BELOW_FACES | {"faces", "data"},
    "cli": BELOW_FACES | {"faces", "data", "demo"},
}
ONLY_IN: dict[str, tuple[str, ...]] = {
    "openpyxl": ("xltax.sheets.",),
    "pyopenvba": ("xltax.sheets.macro",),
    "xlwings": ("xltax.hosts.excel", "xltax.faces.excel"),
    "uno": ("xltax.faces.calc",),
    "unohelper": ("xltax.faces.calc",),
    "lxml": ("xltax.sheets.", "xltax.hosts.files", "xltax.hosts.incoming_"),
    "python_calamine": ("xltax.sheets.", "xltax.hosts.incoming_books"),
    "xlrd": ("xltax.hosts.incoming_books",),
    "formualizer": ("xltax.sheets.",),
    "filelock": ("xltax.hosts.replace",),
    "msoffcrypto": ("xltax.hosts.kept", "xltax.hosts.incoming_locked"),
    "numba": ("xltax.ledger.",),
    "holidays": ("xltax.dates",),
    "click": ("xltax.cli", "xltax.faces.town_commands"),
    "tqdm": ("xltax.demo", "xltax.cli", "xltax.pdf.draw"),
    "reportlab": ("xltax.pdf.",),
}


def wrong_arrows() -> list[str]:
    out = []
    for module in modules():
        mine = floor(module)
        if mine not in ALLOWED:
            out.append(f"{module}: no floor is named for it; give it one in tests/architecture/test_imports.py")
            continue
        for other in sorted(imports(module)):
            if other.split(".")[0] != "xltax" or other == "xltax":
                continue
            theirs = floor(other)
            if theirs != mine and theirs not in ALLOWED[mine]:
                out.append(
                    f"{module} imports {other}: {mine or 'xltax'} may import {', '.join(sorted(ALLOWED[mine])) or 'nothing'}"
                )
    return out


def test_imports_point_downward_only() -> None:
    wrong = wrong_arrows()
    assert not wrong, "Arrows that may not be:\n  " + "\n  ".join(wrong)


def test_an_old_name_leads_to_the_new_one_and_nobody_here_uses_it() -> None:
    for old, new in OLD_NAMES.items():
        assert imports(old) == {new}
        assert not [m for m in modules() if old in imports(m)]


def test_there_is_no_circle() -> None:
    graph = {m: {o for o in imports(m) if o in modules()} for m in modules()}
    done: set[str] = set()

    def walk(module: str, above: tuple[str, ...]) -> None:
        assert module not in above, f"A circle of imports: {' -> '.join([*above[above.index(module) :], module])}"
        if module not in done:
            for other in graph[module]:
                if other != module:
                    walk(other, (*above, module))
            done.add(module)

    for module in graph:
        walk(module, ())


def test_the_desks_of_the_office_stand_in_one_order() -> None:
    """Desk by desk too, not only module by module: a folder that needs another is never needed by it in turn."""
    needs: dict[str, set[str]] = {}
    for module in modules():
        if floor(module) == "office" and module.count(".") > 2:
            mine = module.split(".")[2]
            others = {o.split(".")[2] for o in imports(module) if o.startswith("xltax.office.") and o in modules()}
            needs.setdefault(mine, set()).update(others - {mine})
    while free := [desk for desk, others in needs.items() if not others & set(needs)]:
        for desk in free:
            del needs[desk]
    assert not needs, f"Desks that need each other: {needs}"


@pytest.mark.parametrize("library", ONLY_IN)
def test_an_outside_library_is_used_in_its_place_only(library: str) -> None:
    homes = ONLY_IN[library]
    wrong = [m for m in modules() if library in {o.split(".")[0] for o in imports(m)} and not f"{m}.".startswith(homes)]
    assert not wrong, f"Only {', '.join(homes)} may import {library}, but so do: {', '.join(wrong)}"


def test_functions_and_books_are_imported_by_one_name() -> None:
    everywhere = [*modules().values(), *sorted((ROOT / "tests").rglob("*.py"))]
    wrong = []
    for path in everywhere:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            wrong += [
                f"{path.relative_to(ROOT)}: {n}" for n in names if n.split(".")[0] in ("udfs", "workbooks", "macros")
            ]
    assert not wrong, "Always xltax.udfs and xltax.workbooks, else they are declared twice:\n  " + "\n  ".join(wrong)


def test_importing_xltax_loads_nothing() -> None:
    assert imports("xltax") <= {"__future__"}, "import xltax must stay free of cost"


# ---- files ----------------------------------------------------------------------------------------------------------


@lru_cache
def tracked() -> tuple[str, ...]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return tuple(f for f in listed.stdout.split("\0") if f and (ROOT / f).is_file())


AGREED = ".ci .gitignore CHANGELOG.md CONTRIBUTING.md LICENSE SECURITY.md README.md docs macros pyproject.toml run tests udfs workbooks xltax"


def test_the_top_level_holds_what_was_agreed() -> None:
    extra = {f.split("/")[0] for f in tracked()} - set(AGREED.split())
    assert not extra, f"Not agreed for the top level: {', '.join(sorted(extra))}"


def test_no_module_is_longer_than_500_lines() -> None:
    sizes = {f: len((ROOT / f).read_text(encoding="utf-8").splitlines()) for f in tracked() if f.endswith(".py")}
    long = [f"{f}: {n} lines" for f, n in sizes.items() if n > 500]
    assert not long, "Split by what they do:\n  " + "\n  ".join(long)


# Words that belong to the machine this was written on, or to one package index; put together here so as not to be found.
PRIVATE = [
    "/" + "work/",
    "../" + "shared",
    "deb." + "debian.org",
    "pypi" + ".org",
    "files." + "pythonhosted",
    "registry." + "npmjs",
]


def test_no_file_speaks_of_the_machine_it_was_written_on() -> None:
    found = []
    for name in tracked():
        data = (ROOT / name).read_bytes()
        found += [f"{name}: {word}" for word in PRIVATE if word.encode() in data]
    assert not found, "A clone elsewhere has none of these:\n  " + "\n  ".join(found)


# ---- no float holds money -------------------------------------------------------------------------------------------

# Module -> the reason a float may stand there.
FLOATS: dict[str, str] = {}


def floats(module: str) -> list[str]:
    """Float literals, calls of float, and true division of what is not a path, by line."""
    out = []
    for node in ast.walk(ast.parse(modules()[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            out.append(f"{module} line {node.lineno}: {node.value}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float":
            out.append(f"{module} line {node.lineno}: float(...)")
        if isinstance(node, ast.Attribute) and re.fullmatch(r"float(16|32|64)|double", node.attr):
            out.append(f"{module} line {node.lineno}: .{node.attr}")
    return out


@pytest.mark.parametrize("name", ["law", "ledger", "office", "actions", "money", "dates"])
def test_no_float_in_the_core(name: str) -> None:
    found = [x for m in modules() if floor(m) == name and m not in FLOATS for x in floats(m)]
    assert not found, "Money is whole cents and rates are fractions; no float here:\n  " + "\n  ".join(found)


def test_no_town_is_named_in_the_code_that_figures() -> None:
    """Law is data: no comparison with a town's or a State's id anywhere in the core."""
    wrong = []
    for module in modules():
        if floor(module) not in ("law", "ledger", "office", "actions", "hosts", "faces"):
            continue
        for node in ast.walk(ast.parse(modules()[module].read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare):
                texts = [c.value for c in ast.walk(node) if isinstance(c, ast.Constant) and isinstance(c.value, str)]
                wrong += [f"{module} line {node.lineno}: {t}" for t in texts if re.match(r"us-[a-z]{2}", t)]
    assert not wrong, "What a town does is in its file, not in the code:\n  " + "\n  ".join(wrong)
