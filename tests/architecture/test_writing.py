"""Who may put a file on the disk, and who may write a text table: one module each, read from the source."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.test_imports import modules

WRITER = "xltax.ondisk"
TABLES = "xltax.csvtext"

# Module -> what it may do itself, with the reason.
ALLOWED: dict[str, dict[str, str]] = {
    "xltax.ledger.jit": {
        "mkdir": "numba writes what it compiled into this folder: code, and no figure of a town",
        "touch": "the same",
    },
    "xltax.sheets.macro": {
        "write_bytes": "in a folder of its own that is gone at once: pyOpenVBA takes a file",
        "TemporaryDirectory": "the same",
    },
    "xltax.faces.calc.document": {
        "open": "XLTAX_MESSAGES, for tests where nobody looks at a box; it runs without xltax"
    },
    "xltax.faces.calc.addin": {"TemporaryFile": "what the helper says on its standard error; it has no name"},
    "xltax.faces.calc.helper": {"fdopen": "the pipe it answers on"},
}

METHODS = {
    "write_bytes", "write_text", "touch", "mkdir", "makedirs", "symlink_to", "hardlink_to", "copy2", "copyfile", "copytree", "copyfileobj",
    "mkstemp", "mkdtemp", "NamedTemporaryFile", "TemporaryFile", "TemporaryDirectory", "SpooledTemporaryFile", "fdopen", "to_csv", "to_excel",
    "to_json", "to_parquet", "to_pickle", "to_html", "to_hdf", "savetxt", "tofile", "chmod", "chown",
}  # fmt: skip
OF_MODULES = {
    f"{m}.{n}" for m in ("os", "shutil") for n in ("copy", "link", "symlink", "move", "rename", "renames", "replace")
}
"""Names that others have as well, by their module: a frame's copy and a text's replace are no files."""
WRITING = set("wax+")


def given_mode(call: ast.Call, place: int) -> str:
    """What a call of open says it does: reading where nothing is said, and writing where it cannot be known."""
    given = call.args[place] if len(call.args) > place else None
    given = next((k.value for k in call.keywords if k.arg == "mode"), given)
    if given is None:
        return "r"
    return given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else "w"


def is_a_mode(call: ast.Call) -> bool:
    """True for a method open whose argument is a mode: Package.open takes a path."""
    first = call.args[0] if call.args else None
    by_name = any(k.arg == "mode" for k in call.keywords)
    return by_name or (
        isinstance(first, ast.Constant) and isinstance(first.value, str) and set(first.value) <= set("rwaxbt+")
    )


def could_write(call: ast.Call) -> str:
    """What the call is named if it could put something on the disk."""
    full = ast.unparse(call.func)
    name = full.rpartition(".")[2]
    if full == "open":
        does = bool(set(given_mode(call, 1)) & WRITING)
    elif full == "os.open":
        does = "O_DIRECTORY" not in ast.unparse(call)
    elif name == "open":
        does = is_a_mode(call) and bool(set(given_mode(call, 0)) & WRITING)
    elif name == "ZipFile":
        into_memory = bool(call.args) and ast.unparse(call.args[0]) == "out"
        does = not into_memory and bool(set(given_mode(call, 1)) & WRITING)
    elif name == "rename" and full not in OF_MODULES:
        does = len(call.args) == 1 and not call.keywords and "." in full  # a path's; a frame's says columns=
    else:
        does = name in METHODS or full in OF_MODULES
    return name if does else ""


def writes(tree: ast.AST) -> list[tuple[int, str]]:
    """Each call that could put something on the disk: its line, and what it is called."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [(call.lineno, name) for call in calls if (name := could_write(call))]


def test_only_one_module_puts_anything_on_the_disk() -> None:
    wrong = []
    for module, path in modules().items():
        if module == WRITER:
            continue
        may = ALLOWED.get(module, {})
        wrong += [
            f"{module} line {line}: {name}"
            for line, name in writes(ast.parse(path.read_text(encoding="utf-8")))
            if name not in may
        ]
    assert not wrong, (
        f"Write files by {WRITER}, so that they have the book's mode and are never half there:\n  " + "\n  ".join(wrong)
    )


def test_every_exception_is_still_needed() -> None:
    for module, may in ALLOWED.items():
        done = {name for _, name in writes(ast.parse(modules()[module].read_text(encoding="utf-8")))}
        assert set(may) <= done, f"{module} no longer does {', '.join(set(may) - done)}"


@pytest.mark.parametrize(
    "text",
    ["p.write_bytes(b'')", "p.write_text('')", "open(p, 'w')", "open(p, mode='ab')", "open(p, m)", "p.open('w')", "p.open(mode='x')", "shutil.copy(a, b)",
     "shutil.copyfile(a, b)", "os.rename(a, b)", "os.replace(a, b)", "os.open(p, os.O_WRONLY)", "zipfile.ZipFile(p, 'w')", "tempfile.mkstemp()",
     "p.mkdir()", "os.makedirs(p)", "frame.to_csv(p)", "frame.to_csv()", "p.rename(q)", "p.touch()", "p.chmod(0o644)", "path.open('wb')", "os.link(a, b)"],
)  # fmt: skip
def test_the_test_sees_every_way_of_writing(text: str) -> None:
    assert list(writes(ast.parse(text)))


@pytest.mark.parametrize(
    "text",
    [
        "open(p)",
        "open(p, 'rb')",
        "p.open('rb')",
        "frame.copy()",
        "text.replace('a', 'b')",
        "zipfile.ZipFile(p)",
        "frame.rename(columns={})",
        "Package.open(path)",
        "os.open(f, os.O_RDONLY | os.O_DIRECTORY)",
    ],
)
def test_reading_is_not_writing(text: str) -> None:
    assert not list(writes(ast.parse(text)))


# ---- text tables -----------------------------------------------------------------------------------------------------


def test_only_one_module_writes_text_tables() -> None:
    """A second writer would forget what keeps a name from being a formula."""
    wrong = []
    for module, path in modules().items():
        if module == TABLES:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if name in ("csv.writer", "csv.DictWriter", "writer", "DictWriter") or name.endswith(
                (".to_csv", ".to_string", ".to_markdown")
            ):
                wrong.append(f"{module} line {node.lineno}: {name}")
    assert not wrong, f"Write text tables by {TABLES}.table:\n  " + "\n  ".join(wrong)


def called(tree: ast.AST) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def makers() -> set[str]:
    """The functions that make a text table by the one writer."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in modules().values()]
    functions = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return {f.name for f in functions if "csvtext.table" in called(f)}


def test_every_text_file_beside_a_book_comes_from_that_writer() -> None:
    """Each put_file whose name ends as a text table's: what is put comes from csvtext.table, directly or by a function that calls it."""
    known = makers()
    seen, wrong = 0, []
    for module, path in modules().items():
        if module.startswith("xltax.hosts."):
            continue  # the port itself, which takes any file
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            names = [
                ast.unparse(n.args[0]).rstrip("'\"")
                for n in ast.walk(function)
                if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.func.attr == "put_file"
            ]
            tables = [name for name in names if not name.endswith((".ics", ".zip", ".xlsx"))]
            seen += len(tables)
            if (
                tables
                and "csvtext.table" not in called(function)
                and not {c.rpartition(".")[2] for c in called(function)} & known
            ):
                wrong.append(f"{module}, {function.name}: {', '.join(tables)}")
    assert seen >= 5
    assert not wrong, f"Make a text table by {TABLES}.table:\n  " + "\n  ".join(wrong)
