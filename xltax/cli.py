"""The command line: every action, every function, and the towns, without a spreadsheet program."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

# Only what --help needs is imported here; pandas and the rest come when a command runs.


class _Group(click.Group):
    """Turns errors meant for the collector into one clear line on standard error and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        from xltax.errors import TaxError

        try:
            return super().invoke(ctx)
        except TaxError as error:
            click.echo(f"xltax: {error}", err=True)
            ctx.exit(2)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="xltax")
def main() -> None:
    """xltax: functions, workbooks and controls for the municipal tax collector's office."""


# ---- functions ---------------------------------------------------------------------------------------------------


@main.command("call", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("name")
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def call_function(name: str, args: tuple[str, ...]) -> None:
    """Run any TAX_ function: NAME ARG...

    Scalars as text, dates as 2025-08-01, a table as @file.csv, a town as its id or the path of its TOML file, "" for an argument
    left out. Prints the figure, or the table as CSV. `xltax call list` lists the functions; `xltax call NAME` shows its arguments.
    """
    from xltax.hosts import boundary
    from xltax.hosts.registry import functions

    known = functions()
    if name == "list":
        for function in known.values():
            click.echo(f"{function.name:20} {function.help}")
        return
    function = known.get(name.upper())
    if function is None:
        from xltax.errors import BadValue

        raise BadValue(f'There is no function "{name}".', do=f"Use one of {', '.join(known)}.")
    if not args:
        click.echo(f"{function.name}: {function.help}")
        for arg in function.args:
            click.echo(f"  {arg.name}{' (optional)' if arg.optional else ''}: {arg.help}")
        return
    values = [_argument(a) for a in args]
    click.echo(boundary.to_text(function, boundary.call(function, values)))


def _argument(text: str) -> Any:
    if not text.startswith("@"):
        return text
    from xltax.hosts.textfile import read_csv

    return read_csv(Path(text[1:]))


# ---- towns -------------------------------------------------------------------------------------------------------


@main.group("town")
def town_group() -> None:
    """The towns' law: list, show, check."""


@town_group.command("list")
def town_list() -> None:
    """Every town and state that comes with xltax."""
    from xltax.law.load import load, shipped

    for id_ in shipped():
        click.echo(f"{id_:32} {load(id_).name}")


@town_group.command("show")
@click.argument("town")
@click.option("--table", is_flag=True, help="As the Rules table, in CSV.")
def town_show(town: str, table: bool) -> None:
    """Every rule as an English sentence with its citation, and what is assumed."""
    from xltax.law.load import load

    profile = load(town)
    if table:
        from xltax.law.table import to_frame

        click.echo(to_frame(profile).to_csv(index=False, lineterminator="\n").rstrip("\n"))
        return
    click.echo(f"{profile.name} ({profile.id})")
    for rule in profile.rules:
        click.echo(f"\n{rule.name}: {rule.words()}")
        for cite in rule.cite:
            click.echo(f"    {cite.title}{': ' + cite.note if cite.note else ''}{' <' + cite.href + '>' if cite.href else ''}")
        for assumption in rule.assume:
            click.echo(f"    assumed, {assumption.what}: {assumption.why}")


@town_group.command("check")
@click.argument("file", type=click.Path(path_type=Path))
def town_check(file: Path) -> None:
    """Whether a town file can be used; says what is wrong (exit 2) or still missing."""
    from xltax.law.load import check

    profile, notes = check(str(file))
    for note in notes:
        click.echo(note, err=profile is None)
    if profile is None:
        sys.exit(2)
    click.echo(f"{profile.id}: {len(profile.rules)} rules can be used" + (f", {len(notes)} notes above." if notes else "."))


if __name__ == "__main__":
    main()
