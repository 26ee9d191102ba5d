"""The commands for towns: list, show, check, compare and try their rules, and write a new town's file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from xltax.wording import some

# Only what --help needs is imported here; the rest comes when a command runs.


@click.group("town")
def town() -> None:
    """Write, check, show and try the rules of towns."""


@town.command("list")
def town_list() -> None:
    """List the towns and states that come with xltax."""
    from xltax.law.load import load, shipped

    for id_ in shipped():
        click.echo(f"{id_:32} {load(id_).name}")


def law_of(town: str) -> Any:
    """The rules of a town's id, a town file or a workbook. A workbook's rules are on its Rules sheet."""
    if not _is_workbook(town):
        from xltax.law.load import load

        return load(town)
    from xltax.law.table import from_frame
    from xltax.sheets.read import read_table

    return from_frame(read_table(Path(town), "Rules"), f"{Path(town).name}, Rules")


def closed_days_of(town: str) -> Any:
    """The Closed Days of a workbook. A town file has none; the office's rule has the holidays."""
    if not _is_workbook(town):
        return None
    from xltax.sheets.read import read_table
    from xltax.tables import CLOSED_DAYS
    from xltax.tables.reading import read

    return read(read_table(Path(town), CLOSED_DAYS.name), CLOSED_DAYS)


def _is_workbook(town: str) -> bool:
    return town.lower().endswith((".xlsx", ".xlsm"))


@town.command("diff")
@click.argument("one")
@click.argument("other")
def town_diff(one: str, other: str) -> None:
    """Compare two sets of rules, setting by setting. Use ids, town files or workbooks (such as this year's and last year's)."""
    from xltax.office.controls.proof import rule_differences

    differences = rule_differences(law_of(one), law_of(other))
    for line in differences:
        click.echo(line)
    click.echo(f"{some(len(differences), 'difference')} found.")


@town.command("show")
@click.argument("town_", metavar="TOWN")
@click.option("--table", is_flag=True, help="Print the Rules table as CSV.")
def town_show(town_: str, table: bool) -> None:
    """Show the rules as a page to read and sign, by subject, with their authority and the points still to answer.

    TOWN: an id, a town file or a workbook.
    """
    profile = law_of(town_)
    if table:
        from xltax import csvtext
        from xltax.law.table import to_frame

        frame = to_frame(profile)
        rows = frame.astype(object).where(frame.notna(), None).itertuples(index=False)
        click.echo(csvtext.table(list(frame.columns), rows, end="\n").rstrip("\n"))
        return
    from xltax.law.rules_page import page

    click.echo("\n".join(page(profile)))


@town.command("check")
@click.argument("file", type=click.Path(path_type=Path))
def town_check(file: Path) -> None:
    """Check a town file. Lists every mistake (exit code 2), and the statements, lists and tasks the town lacks."""
    from xltax.law.lacks import lacks
    from xltax.law.load import check
    from xltax.ledger.late_bills import broken_by_late_bills
    from xltax.ledger.lawbook import too_exact

    profile, notes = check(str(file))
    if profile is not None and (wrong := too_exact(profile) or broken_by_late_bills(profile)):
        profile, notes = None, wrong
    for note in notes:
        click.echo(note, err=profile is None)
    if profile is None:
        sys.exit(2)
    click.echo(
        f"{profile.id}: {some(len(profile.rules), 'rule')} ready to use"
        + (f". See {some(len(notes), 'note')} above." if notes else ".")
    )
    for line in lacks(profile):
        click.echo(line)


@town.command("try")
@click.argument("town_", metavar="TOWN")
@click.option(
    "--amount", default="1000.00", show_default=True, help="The tax of the bill, or of each part of the bill."
)
@click.option("--type", "levy_type", default="RE", show_default=True, help="The levy type.")
@click.option("--class", "class_", default="", help="The property class, such as homestead, where the law asks for it.")
@click.option("--year", type=int, default=None, help="The levy year (default: the last year with a past due date).")
def town_try(town_: str, amount: str, levy_type: str, class_: str, year: int | None) -> None:
    """Show what an unpaid bill costs on twenty telling days, to compare with the town's own printed bill.

    TOWN: an id, a town file or a workbook.
    """
    import datetime as dt

    from xltax.money import to_cents, usd
    from xltax.office.quotes import trial

    profile = law_of(town_)
    cents, levy_type = to_cents(amount, where="amount"), levy_type.strip().upper()
    latest = trial.latest_year(profile, dt.date.today(), levy_type)
    year = latest if year is None else year
    tried = trial.trials(profile, year, cents, levy_type, closed_days_of(town_), class_)
    click.echo(f"{profile.name} ({profile.id})")
    click.echo(
        f"A bill of {usd(cents)}, levy type {levy_type}, levy year {year}, on which nothing is paid."
        + (f" Class: {class_}." if class_ else "")
    )
    for one in tried:
        click.echo("\n" + "\n".join(trial.lines(one)))
    click.echo("\nCompare these days with the bill your town prints. If a figure differs, look up")
    click.echo(f"its rule with: xltax town show {town_}")


@town.command("new")
@click.argument("id_", metavar="ID")
@click.argument("file", type=click.Path(path_type=Path), required=False)
def town_new(id_: str, file: Path | None) -> None:
    """Write the FILE of a new town, such as us-oh-ash, from your answers to plain questions.

    Press Enter where you do not know: the state's rule stays, or the file says what is assumed. The answers can also come from a
    text file, one on each line: xltax town new us-oh-ash < answers.txt
    """
    from xltax.errors import BadBook
    from xltax.faces.new_town import ABOUT, ask_town
    from xltax.filenames import file_name
    from xltax.law.load import check
    from xltax.ondisk import explained, make_folder, write_file

    path = file or Path(file_name(id_.split("-", 2)[-1].replace("-", "_"), ".toml"))
    if path.suffix.lower() != ".toml":
        raise BadBook(
            "The name of a town file must end in .toml.", where=str(path), do="Choose a name such as ash.toml."
        )
    if path.exists():
        raise BadBook(
            "A file with this name already exists.", where=str(path), do="Choose another name. Nothing was written."
        )
    click.echo(ABOUT)
    text = ask_town(id_, _answer)
    with explained("The town's file could not be written.", path, "Choose another folder, or make room on the disk."):
        make_folder(path.resolve().parent)
        write_file(path, text.encode())
    profile, notes = check(str(path))
    click.echo(f"\n{path}: written.")
    for note in notes:
        click.echo(note)
    if profile is None:
        click.echo(f"Correct the file, and then run: xltax town check {path}")
        sys.exit(2)
    click.echo(f"Read the rules with: xltax town show {path}")
    click.echo(f"Compare them with a printed bill: xltax town try {path}")


def _answer(question: Any) -> Any:
    """Asks at the keyboard until the answer can be read; from a file, an answer that cannot be read ends the task."""
    from xltax.errors import BadValue
    from xltax.faces.new_town import understood

    typed = sys.stdin
    while True:
        click.echo(f"\n{question.text}\n  ({question.form})")
        if typed.isatty():
            text = str(click.prompt("", default="", show_default=False, prompt_suffix="> ")).strip()
        else:
            text = typed.readline().strip()
            click.echo(f"> {text}")
        try:
            return understood(question, text)
        except BadValue as error:
            if not typed.isatty():
                raise
            click.echo(str(error))
