"""The command line: every task, function and town, without a spreadsheet program."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

import click

from xltax.faces import town_commands
from xltax.wording import some

# Only what --help needs is imported here; pandas and the rest come when a command runs.


class _Group(click.Group):
    """Prints an error for the collector on standard error and ends with exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        from xltax.errors import TaxError

        try:
            done = super().invoke(ctx)
            sys.stdout.flush()  # here, because what is refused when Python ends is a traceback
            return done
        except TaxError as error:
            said = str(error)
        except BrokenPipeError:  # the reader, such as `head`, has seen enough: click ends quietly
            raise
        except OSError as error:
            from xltax.ondisk import reason

            said = f"{f'{error.filename}: ' if error.filename else 'The output could not be written. '}{reason(error)}."
            if error.filename is None:
                _forget_output()
        click.echo(f"xltax: {said}", err=True)
        ctx.exit(2)


def _forget_output() -> None:
    """Drops what standard output still holds and cannot write, so that Python does not try again when it ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Lazy(_Group):
    """Knows the tasks by name and help, so that --help loads nothing else."""

    @cached_property
    def declared(self) -> dict[str, str]:
        """Each task's name and help, from the list rendered beside the declarations."""
        lines = (Path(__file__).parent / "faces" / "commands.txt").read_text(encoding="utf-8").splitlines()
        return dict(line.split("\t") for line in lines)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self.declared})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        return super().get_command(ctx, name) or (_action_command(name) if name in self.declared else None)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands that --help shows."""
        room = formatter.width - 6 - max(map(len, self.list_commands(ctx)))
        own = {name: command.get_short_help_str(room) for name, command in self.commands.items()}
        actions = {
            name: click.Command(name, help=text).get_short_help_str(room) for name, text in self.declared.items()
        }
        with formatter.section("Commands"):
            formatter.write_dl(sorted((actions | own).items()))


def _action_command(name: str) -> click.Command:
    """One task as a command: the workbook first, then the required inputs, then the options."""
    from xltax.faces.catalog import actions

    act = actions()[name]
    params: list[click.Parameter] = [click.Argument(["book"], type=click.Path(path_type=Path))]
    for field in act.inputs:
        option = field.optional or (field.cell and field.kind != "text")
        if option and field.kind == "file":
            params.append(click.Argument([field.name], required=False, default=""))
        elif option:
            params.append(click.Option([f"--{field.name.replace('_', '-')}", field.name], help=field.help, default=""))
        else:
            params.append(click.Argument([field.name]))

    def run(book: Path, **given: str) -> None:
        from xltax.faces.run import run_action

        failed = run_action(act, book, given, click.echo)
        if failed:
            sys.exit(1)

    text = act.help + "".join(
        f"\n\n{f.name.upper()}: {f.help}" for f in act.inputs if not f.optional and not (f.cell and f.kind != "text")
    )
    return click.Command(name, callback=run, params=params, help=text)


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="xltax")
def main() -> None:
    """xltax: functions, workbooks and controls for the municipal tax collector's office."""
    # A command reads a million cells and ends. To look for cycles among them every few hundred objects takes a fifth of its time.
    gc.set_threshold(200_000)


# ---- functions ---------------------------------------------------------------------------------------------------


@main.command("call", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("name")
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def call_function(name: str, args: tuple[str, ...]) -> None:
    """Run any TAX_ function: NAME ARG...

    Type values as text and dates as 2025-08-01. Type a table as @file.csv, a town as its id or TOML file, and "" to skip an
    argument. A column such as @file.csv:Amount gives a result for each row. Prints the result or a CSV table. `xltax call list` lists the functions. `xltax call NAME` shows the arguments.
    """
    from xltax.faces import lifting
    from xltax.faces.catalog import functions

    known = functions()
    if name == "list":
        for each in known.values():
            click.echo(f"{each.name:20} {each.help}")
        return
    if name.upper() not in known:
        from xltax.errors import BadValue

        raise BadValue(f'There is no function "{name}".', do=f"Use one of these: {', '.join(known)}.")
    function = known[name.upper()]
    if not args:
        click.echo(f"{function.name}: {function.help}")
        for arg in function.args:
            click.echo(f"  {arg.name}{' (optional)' if arg.optional else ''}: {arg.help}")
        return
    values = [_argument(a) for a in args]
    click.echo(lifting.to_text(function, lifting.call(function, values)))


def _argument(text: str) -> Any:
    """A value as typed, a table as @file.csv, or one column of it as @file.csv:Column."""
    if not text.startswith("@"):
        return text
    from xltax.hosts.textfile import read_csv

    file, _, column = text[1:].rpartition(":")
    if not file.lower().endswith(".csv"):  # a drive's colon, or none
        return read_csv(Path(text[1:]))
    table = read_csv(Path(file))
    if column not in table.columns:
        from xltax.errors import BadValue

        raise BadValue(
            f'There is no column "{column}".', where=file, do=f"Use one of these: {', '.join(table.columns)}."
        )
    return [[value] for value in table[column]]


# ---- books ---------------------------------------------------------------------------------------------------------


@main.command()
@click.argument("book", type=click.Path(path_type=Path))
@click.argument("town")
@click.option("--name", default="", help="The town's name, as printed on every page.")
@click.option("--year", type=int, default=None, help="The levy year.")
@click.option("--as-of", default="", help="The date of the balances, such as 2025-08-01.")
def new(book: Path, town: str, name: str, year: int | None, as_of: str) -> None:
    """Make a new workbook BOOK for TOWN: a town's id such as us-nj-colts-neck, or the path of its TOML file."""
    import datetime as dt

    from xltax.dates import to_date
    from xltax.faces.new import new_book

    day = to_date(as_of, where="--as-of") if as_of else dt.date.today()
    new_book(book, town, name=name, year=year or day.year, as_of=day)
    click.echo(f"{book}: new workbook with the rules of {town}. Open the Start sheet first.")


@main.command("formulas")
@click.argument("book")
@click.argument("file", type=click.Path(path_type=Path), required=False)
def named_formulas(book: str, file: Path | None) -> None:
    """Write a workbook of formulas that need no add-in, from the rules of BOOK. Run this again when the rules change.

    BOOK: a workbook, a town file or a town's id. FILE: the new workbook (default: BOOK's name with -formulas). The formulas give
    interest, penalty, last days, installments and the levy for one amount, in Excel 2024, Microsoft 365 and Excel for the web.
    """
    import datetime as dt

    from xltax.faces.formulas.write import write

    profile, closed = town_commands.law_of(book), town_commands.closed_days_of(book)
    has_file = book.lower().endswith((".xlsx", ".xlsm", ".toml"))
    path = file or (
        Path(book).with_name(f"{Path(book).stem}-formulas.xlsx") if has_file else Path(f"{book}-formulas.xlsx")
    )
    for line in write(profile, closed, path, dt.date.today()):
        click.echo(line)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--office", is_flag=True, help="Build only the Office add-in, into dist/office.")
@click.option(
    "--parts",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A folder or archive with parts of the Office add-in, such as Pyodide's release. Repeat for more.",
)
@click.option("--address", default="", help="The HTTPS address that dist/office will have (default: this computer).")
def build(folder: Path | None, office: bool, parts: tuple[Path, ...], address: str) -> None:
    """Build the templates of every state into FOLDER (default: the project's workbooks/), and the add-ins into dist/."""
    from xltax.faces.build import HERE

    dist = (folder or HERE.parent) / "dist"
    if not office:
        _build_books(folder or HERE, dist)
    if office or parts:
        from xltax.faces.office_js import build_site

        built = build_site.build_office(dist / "office", parts, address or build_site.ADDRESS, say=click.echo)
        click.echo(str(built))
    else:
        click.echo(
            f"{dist / 'office'}: left out. To build the Office add-in, add --parts (see docs/excel-anywhere.md)."
        )


def _build_books(templates: Path, dist: Path) -> None:
    """The templates, and the add-ins for Calc and for Excel on Windows."""
    from xltax.faces import excel_files
    from xltax.faces.build import build_live, build_templates, macro_sources
    from xltax.faces.render_calc import build_calc
    from xltax.sheets.macro import can_build

    for path in (*build_templates(templates), build_calc(dist), *build_live(dist / "calc")):
        click.echo(str(path))
    if not can_build():
        click.echo(f"{dist / 'excel'}: left out, because pyOpenVBA is not installed. Run: pip install 'xltax[build]'")
        return
    for path in excel_files.build(dist / "excel", macro_sources()):
        click.echo(str(path))


@main.command("serve-office")
@click.option(
    "--folder", type=click.Path(path_type=Path), default=None, help="The built folder (default: dist/office)."
)
@click.option("--port", default=3000, help="The port on this computer.")
def serve_office(folder: Path | None, port: int) -> None:
    """Serve the Office add-in over HTTPS on this computer only, to try it. Stop with Ctrl+C."""
    from xltax.faces.build import HERE
    from xltax.faces.office_js import serve

    keys = Path.home() / ".xltax" / "office"
    server = serve.server(folder or HERE.parent / "dist" / "office", port, keys)
    click.echo(f"https://localhost:{port}/pane.html")
    click.echo(f"The browser warns once, because this computer made the certificate: {keys / 'localhost.crt'}")
    click.echo("docs/excel-anywhere.md says how to add the manifest to Excel. Stop with Ctrl+C.")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


# ---- Excel on Windows ------------------------------------------------------------------------------------------------

_PROFILE = click.option("--profile", default="", help="The Windows profile folder (default: yours).")


@main.command("install")
@_PROFILE
def install_excel(profile: str) -> None:
    """Add the functions, the ribbon and the workbooks to your Excel. Run this again after an update."""
    from xltax.faces import excel_files, install
    from xltax.faces.build import macro_sources

    place = install.Place.here(profile)
    files = {excel_files.ADD_IN: excel_files.add_in()}
    files |= {f"{name}.xlsm": excel_files.macro_book(data) for name, data in macro_sources().items()}
    for line in install.install(place, files):
        click.echo(line)
    _compile_ahead()


def _compile_ahead() -> None:
    """Prepares the interest calculation now, so that no cell has to wait for it."""
    from xltax.ledger.replay import prepare

    click.echo("Preparing the interest calculation (once after an update, about half a minute) ...")
    click.echo(
        "The interest calculation is ready."
        if prepare()
        else "The fast version does not run on this computer. Results are the same, but whole-town figures take longer."
    )


@main.command("uninstall")
@_PROFILE
def uninstall_excel(profile: str) -> None:
    """Remove everything that install added. Workbooks you changed stay."""
    from xltax.faces import install

    for line in install.uninstall(install.Place.here(profile)):
        click.echo(line)


@main.command("doctor")
@_PROFILE
def doctor_excel(profile: str) -> None:
    """Check everything Excel needs. Lists each problem with its fix. Exit code 1 if there is a problem."""
    from xltax.faces import install

    found = install.doctor(install.Place.here(profile))
    for problem in found:
        click.echo(str(problem))
    click.echo(f"{some(len(found), 'problem')} to fix." if found else "No problems found.")
    sys.exit(1 if found else 0)


@main.command()
@click.option("--link", is_flag=True, help="Tell LibreOffice to use this copy of xltax.")
@click.option("--serve", is_flag=True, help="Answer LibreOffice. The add-in starts this by itself.")
def calc(link: bool, serve: bool) -> None:
    """Show or set the copy of xltax that the Calc add-in uses."""
    if serve:
        from xltax.faces.calc.helper import main as answer

        answer()
        return
    from xltax.errors import BadValue
    from xltax.ondisk import explained, make_folder, write_file

    home = Path(os.path.expanduser("~"))
    if not home.is_absolute():
        raise BadValue("This user has no home folder.", where="HOME", do="Set HOME to your home folder.")
    settings = home / ".xltax" / "python.txt"
    if link:
        with explained("The setting could not be written.", settings, "Make room on the disk, or check HOME."):
            make_folder(settings.parent)
            write_file(settings, f"{sys.executable}\n".encode())
        _compile_ahead()
    set_to = (
        settings.read_text(encoding="utf-8").strip()
        if settings.is_file()
        else "not set; the add-in uses the xltax on the PATH"
    )
    click.echo(f"{settings}: {set_to}")


@main.command("kept")
@click.argument("book", type=click.Path(path_type=Path))
def kept_versions(book: Path) -> None:
    """List the kept versions of BOOK, newest first: name, date replaced and size."""
    from xltax.hosts.kept import versions

    found = versions(book.resolve())
    for version in found:
        click.echo(f"{version.name:20} replaced {version.until:%Y-%m-%d %H:%M:%S} {version.size:>12,} bytes")
    click.echo(
        f"{some(len(found), 'kept version')} of {book.name}. To restore one, run: xltax restore {book.name} NAME"
    )


@main.command("about")
@click.argument("book", type=click.Path(path_type=Path))
def about_book(book: Path) -> None:
    """Show which versions of xltax made, upgraded and printed from BOOK."""
    from xltax.actions.versions import written_by
    from xltax.hosts.files import FilesBook

    for line in written_by(FilesBook.open(book)):
        click.echo(line)


@main.command("restore")
@click.argument("book", type=click.Path(path_type=Path))
@click.argument("version")
@click.option(
    "--password-file",
    type=click.Path(path_type=Path),
    default=None,
    help="A file with the password of an encrypted backup.",
)
@click.option("--approved-by", default="", help="Who approved this: another person, or the act of the board.")
@click.option("--reason", default="", help="The reason, for the auditor.")
def restore_version(book: Path, version: str, password_file: Path | None, approved_by: str, reason: str) -> None:
    """Restore a kept VERSION of BOOK: a name from `xltax kept`, or a backup file. The present BOOK is kept too."""
    from xltax.actions.restoring import restore_version as restored
    from xltax.hosts.kept import password_from

    password = password_from(password_file) if password_file else ""
    click.echo(restored(book, version, password, approved_by, reason))


@main.command("backup")
@click.argument("book", type=click.Path(path_type=Path))
@click.option(
    "--password-file",
    type=click.Path(path_type=Path),
    default=None,
    help="A file with the password on its first line (default: xltax asks for the password).",
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=None,
    help="The folder for the backup (default: the folder of the workbook).",
)
def backup_book(book: Path, password_file: Path | None, folder: Path | None) -> None:
    """Make an encrypted copy of BOOK. Excel and Calc can open the copy only with the password."""
    from xltax.hosts.kept import backup, password_from

    if password_file:
        password = password_from(password_file)
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    made = backup(book, folder or book.resolve().parent, password)
    click.echo(f"{made}: encrypted. Nobody can open this file without the password, not even you.")


@main.command("office-key")
@click.argument("file", type=click.Path(path_type=Path))
def office_key(file: Path) -> None:
    """Make a new office key in FILE, outside the folder of every workbook. Seal with keyed = yes begins to use the key."""
    from xltax.hosts.office_key import WHERE, make

    name = make(file.resolve())
    click.echo(
        f"{file}: office key {name}. Only you can read this file. Print the file, and lock the paper in the safe."
    )
    click.echo(f"Set {WHERE} to {file.resolve()} on every computer that posts. Then run: xltax seal BOOK --keyed yes")


@main.command("selfcheck")
@click.argument("book", type=click.Path(path_type=Path), required=False)
def selfcheck(book: Path | None) -> None:
    """Recalculate every published figure and compare. Exit code 1 if one differs. With BOOK, also fills its sheet."""
    from xltax.office.controls.published import differences, published_figures

    figures, wrong = published_figures(), differences()
    for f in figures:
        click.echo(f"{f.id}: {f.figure} | xltax {f.ours} | {f.source}")
    for line in wrong:
        click.echo(f"DIFFERS  {line}")
    click.echo(f"{some(len(figures), 'published figure')} checked, {some(len(wrong), 'difference')} found.")
    if book:
        from xltax.faces.catalog import actions
        from xltax.faces.run import run_action

        run_action(actions()["selfcheck"], book, {}, click.echo)
    sys.exit(1 if wrong else 0)


@main.command()
@click.option("--folder", type=click.Path(path_type=Path), default=Path("demo"), help="The folder for the workbooks.")
def demo(folder: Path) -> None:
    """Run a tax year from roll to proof for a real town and a made-up town. The workbooks go into demo/."""
    from xltax.demo import run_demo

    sys.exit(run_demo(folder, click.echo))


# ---- towns -------------------------------------------------------------------------------------------------------

main.add_command(town_commands.town)


if __name__ == "__main__":
    main()
