"""install, uninstall and doctor against a made-up Windows profile. Not shown here: Excel itself finding what was put there."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner

from xltax import cli
from xltax.errors import BadBook
from xltax.faces import install
from xltax.faces.install import ADD_IN, Place
from xltax.ledger import jit

FILES = {ADD_IN: b"the add-in", "new-jersey.xlsm": b"a workbook"}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    profile, python = tmp_path / "Users" / "collector", tmp_path / "venv" / "Scripts"
    profile.mkdir(parents=True)
    python.mkdir(parents=True)
    (python / "pythonw.exe").touch()
    (python.parent / f"xlwings64-{version('xlwings')}.dll").touch()
    return Place(profile, python)


def nothing(path: str, name: str) -> object:
    return None


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_after_install_all_is_well(place) -> None:
    install.install(place, FILES)
    assert install.doctor(place, nothing) == []
    assert place.add_in.read_bytes() == b"the add-in"
    assert place.add_in.parent.name == "XLSTART"  # Excel opens it and trusts it
    assert (place.books / "new-jersey.xlsm").exists()


def test_settings_are_in_the_form_the_macros_read(place) -> None:
    install.install(place, FILES)
    text = place.conf.read_bytes().decode("cp1252")
    assert all(line.count('"') == 4 for line in text.split("\r\n") if line)
    assert install.read_conf(text)["INTERPRETER_WIN"] == str(place.python / "pythonw.exe")
    assert install.read_conf(text)["UDF MODULES"] == "xltax.faces.excel_udfs"


def test_run_again_it_changes_nothing_and_an_update_replaces_what_is_unchanged(place) -> None:
    install.install(place, FILES)
    before = tree(place.profile)
    said = install.install(place, FILES)
    assert tree(place.profile) == before
    assert all(line.startswith("unchanged") for line in said[:-1])
    install.install(place, {ADD_IN: b"newer", "new-jersey.xlsm": b"newer workbook"})
    assert place.add_in.read_bytes() == b"newer"
    assert (place.books / "new-jersey.xlsm").read_bytes() == b"newer workbook"


def test_what_a_broken_off_install_left_is_cleared_away(place) -> None:
    """Excel opens every file in XLSTART, half-written ones too."""
    place.add_in.parent.mkdir(parents=True)
    (place.add_in.parent / ".xltax-new-abc123.tmp").write_bytes(b"half")
    install.install(place, FILES)
    assert [p.name for p in place.add_in.parent.iterdir()] == [ADD_IN]


def test_a_workbook_she_changed_is_never_overwritten_nor_removed(place) -> None:
    install.install(place, FILES)
    mine = place.books / "new-jersey.xlsm"
    mine.write_bytes(b"a year of work")
    said = install.install(place, {**FILES, "new-jersey.xlsm": b"newer"})
    assert mine.read_bytes() == b"a year of work"
    assert any("kept, because" in line for line in said)
    install.uninstall(place)
    assert mine.read_bytes() == b"a year of work"


def test_a_book_of_that_name_from_before_is_hers(place) -> None:
    place.books.mkdir(parents=True)
    (place.books / "new-jersey.xlsm").write_bytes(b"hers")
    install.install(place, FILES)
    install.uninstall(place)
    assert (place.books / "new-jersey.xlsm").read_bytes() == b"hers"


def test_uninstall_takes_out_what_install_put_in_and_nothing_else(place) -> None:
    other = place.add_in.parent / "PERSONAL.XLSB"
    other.parent.mkdir(parents=True)
    other.write_bytes(b"her own macros")
    before = tree(place.profile)
    install.install(place, FILES)
    install.uninstall(place)
    assert tree(place.profile) == before
    assert install.uninstall(place) == ["xltax is not installed here."]


def test_a_profile_that_is_no_folder_is_refused_with_nothing_done(tmp_path) -> None:
    with pytest.raises(BadBook, match="profile folder does not exist"):
        install.install(Place(tmp_path / "nobody", tmp_path), FILES)
    assert not (tmp_path / "nobody").exists()


def broken(place: Place, what: str) -> None:
    match what:
        case "add-in":
            place.add_in.unlink()
        case "older add-in":
            place.add_in.write_bytes(b"of last year")
        case "settings":
            place.conf.unlink()
        case "interpreter":
            place.conf.write_text('"INTERPRETER_WIN","C:\\\\elsewhere\\\\pythonw.exe"\n')
        case "python":
            place.interpreter.unlink()
        case "dll":
            (place.python.parent / place.dll).rename(place.python.parent / "xlwings64-0.1.0.dll")
        case "blocked":
            Path(f"{place.add_in}:Zone.Identifier").write_text("[ZoneTransfer]\nZoneId=3\n")


@pytest.mark.parametrize(
    ("what", "says", "mends"),
    [
        ("add-in", "is missing", "xltax install"),
        ("older add-in", "from another version", "xltax install"),
        ("settings", "settings are missing", "xltax install"),
        ("interpreter", "INTERPRETER_WIN", "xltax install"),
        ("python", "Python is not in", "xltax install"),
        ("dll", f"xlwings64-{version('xlwings')}.dll is missing", "pip install"),
        ("blocked", "from the Internet", "Unblock"),
    ],
)
def test_doctor_names_what_is_wrong_and_how_to_mend_it(place, what: str, says: str, mends: str) -> None:
    install.install(place, FILES)
    broken(place, what)
    found = install.doctor(place, nothing)
    assert any(says in p.what and mends in p.do for p in found), found


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({("ClickToRun\\Configuration", "Platform"): "x86"}, "32-bit"),
        ({("Security\\Trusted Locations", "AllLocationsDisabled"): 1}, "Trusted Locations are turned off"),
        (
            {("Security", "VBAWarnings"): 4, ("Security\\Trusted Locations", "AllLocationsDisabled"): 1},
            "turned off for every",
        ),
    ],
)
def test_doctor_reads_offices_own_settings(place, values, says: str) -> None:
    install.install(place, FILES)
    found = install.doctor(
        place, lambda path, name: next((v for (p, n), v in values.items() if path.endswith(p) and n == name), None)
    )
    assert any(says in p.what for p in found), found


def test_from_the_command_line(place, monkeypatch) -> None:
    monkeypatch.setattr("sys.executable", str(place.python / "python.exe"))
    run = CliRunner().invoke
    assert run(cli.main, ["doctor", "--profile", str(place.profile)]).exit_code == 1
    done = run(cli.main, ["install", "--profile", str(place.profile)])
    assert done.exit_code == 0, done.output
    assert zip_starts(place.add_in)
    assert jit.worth_compiling(jit.LOADING), "compiled ahead, so that nobody waits for it in a cell"
    checked = run(cli.main, ["doctor", "--profile", str(place.profile)])
    assert (checked.exit_code, checked.output) == (0, "No problems found.\n")
    assert run(cli.main, ["uninstall", "--profile", str(place.profile)]).exit_code == 0
    assert run(cli.main, ["doctor", "--profile", str(place.profile)]).exit_code == 1


def zip_starts(path: Path) -> bool:
    return path.read_bytes()[:2] == b"PK"
