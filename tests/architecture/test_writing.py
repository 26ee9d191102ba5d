"""Only one module may write files, and only one may write text tables. These tests read the source code."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.test_imports import modules

WRITER = "xltax.ondisk"
TABLES = "xltax.csvtext"

# Module: the calls it may make itself, with the reason for each.
ALLOWED: dict[str, dict[str, str]] = {
    "xltax.ledger.jit": {
        "mkdir": "numba writes its compiled code into this folder, and no data of a town",
        "touch": "the same",
    },
    "xltax.sheets.macro": {
        "write_bytes": "pyOpenVBA needs a file; it is in a temporary folder that is deleted at once",
        "TemporaryDirectory": "the same",
    },
    "xltax.faces.office_js.build_site": {
        "TemporaryDirectory": "node and Pyodide need files; they are in a temporary folder that is deleted at once",
        **dict.fromkeys(("mkdir", "write_bytes", "write_text", "copytree", "rename", "ZipFile"), "the same"),
    },
    "xltax.faces.office_js.compiling": {"write_bytes": "runs inside Pyodide, whose disk is its memory"},
    "xltax.faces.office_js.tasks": {
        "write_bytes": "a file that the task reads, in a temporary folder in Pyodide's memory",
        "TemporaryDirectory": "the same",
    },
    "xltax.faces.calc.document": {
        "open": "writes XLTAX_MESSAGES for tests, where nobody sees a message box; this module runs without xltax"
    },
    "xltax.faces.calc.addin": {"TemporaryFile": "the helper's standard error; the file has no name"},
    "xltax.cli": {
        "open": "the null device takes what a full disk did not, so that Python does not fail again when it ends"
    },
    "xltax.faces.calc.helper": {"fdopen": "the pipe for its answers"},
}

METHODS = {
    "write_bytes", "write_text", "touch", "mkdir", "makedirs", "symlink_to", "hardlink_to", "copy2", "copyfile", "copytree", "copyfileobj",
    "mkstemp", "mkdtemp", "NamedTemporaryFile", "TemporaryFile", "TemporaryDirectory", "SpooledTemporaryFile", "fdopen", "to_csv", "to_excel",
    "to_json", "to_parquet", "to_pickle", "to_html", "to_hdf", "savetxt", "tofile", "chmod", "chown",
}  # fmt: skip
OF_MODULES = {
    f"{m}.{n}" for m in ("os", "shutil") for n in ("copy", "link", "symlink", "move", "rename", "renames", "replace")
}
"""Names that other types also have, so they are listed by module: a frame's copy and a text's replace write no file."""
WRITING = set("wax+")


def given_mode(call: ast.Call, place: int) -> str:
    """The mode of a call of open. Without a mode it reads; with an unknown mode we assume that it writes."""
    given = call.args[place] if len(call.args) > place else None
    given = next((k.value for k in call.keywords if k.arg == "mode"), given)
    if given is None:
        return "r"
    return given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else "w"


def is_a_mode(call: ast.Call) -> bool:
    """True if the argument of a method named open is a mode. Package.open takes a path."""
    first = call.args[0] if call.args else None
    by_name = any(k.arg == "mode" for k in call.keywords)
    return by_name or (
        isinstance(first, ast.Constant) and isinstance(first.value, str) and set(first.value) <= set("rwaxbt+")
    )


def could_write(call: ast.Call) -> str:
    """The name of the call if it could write to the disk; otherwise an empty text."""
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
        does = (
            len(call.args) == 1 and not call.keywords and "." in full
        )  # a path's rename has one argument; a frame's has columns=
    else:
        does = name in METHODS or full in OF_MODULES
    return name if does else ""


def writes(tree: ast.AST) -> list[tuple[int, str]]:
    """The line and name of each call that could write to the disk."""
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
        f"Write files with {WRITER}. It gives each file the workbook's mode and never leaves half a file.\n  "
        + "\n  ".join(wrong)
    )


def test_every_exception_is_still_needed() -> None:
    for module, may in ALLOWED.items():
        done = {name for _, name in writes(ast.parse(modules()[module].read_text(encoding="utf-8")))}
        assert set(may) <= done, f"{module} no longer calls {', '.join(set(may) - done)}. Remove the exception."


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
    """A second writer could forget to guard names that look like formulas."""
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
    assert not wrong, f"Write text tables with {TABLES}.table.\n  " + "\n  ".join(wrong)


def called(tree: ast.AST) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def makers() -> set[str]:
    """The functions that make a text table with the one writer."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in modules().values()]
    functions = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return {f.name for f in functions if "csvtext.table" in called(f)}


def test_every_text_file_beside_a_book_comes_from_that_writer() -> None:
    """Each put_file of a text table gets its text from csvtext.table, directly or through a function that calls csvtext.table."""
    known = makers()
    seen, wrong = 0, []
    for module, path in modules().items():
        if module.startswith("xltax.hosts."):
            continue  # the interface itself, which takes any file
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            names = [
                ast.unparse(n.args[0]).rstrip("'\"")
                for n in ast.walk(function)
                if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.func.attr == "put_file"
            ]
            tables = [name for name in names if not name.endswith((".ics", ".zip", ".xlsx", ".pdf"))]
            seen += len(tables)
            if (
                tables
                and "csvtext.table" not in called(function)
                and not {c.rpartition(".")[2] for c in called(function)} & known
            ):
                wrong.append(f"{module}, {function.name}: {', '.join(tables)}")
    assert seen >= 5
    assert not wrong, f"Make each text table with {TABLES}.table.\n  " + "\n  ".join(wrong)
