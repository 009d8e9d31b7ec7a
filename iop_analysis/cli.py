"""The command line: `iop-analysis fetch | add | build | coverage | report …`; tables go to stdout, words to stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
import pandas as pd

from iop_analysis import __version__
from iop_analysis.errors import CallError, DataError

# Rooms are imported inside the commands: `--help` and small commands need not load the whole house.


def say(text: str) -> None:
    """Write a line for the person to stderr."""
    click.echo(text, err=True)


def guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn the two errors of the package into one sentence and the exit codes 1 (data) and 2 (call)."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except DataError as error:
            say(f"Error: {error}")
            sys.exit(1)
        except CallError as error:
            say(f"Error: {error}")
            sys.exit(2)

    return run


def show(table: pd.DataFrame, style: str) -> None:
    """Print a table to stdout as CSV or as aligned text (shares with three decimals)."""
    if style == "csv":
        click.echo(table.to_csv(index=False, lineterminator="\n"), nl=False)
    else:
        click.echo(table.to_string(index=False, float_format=lambda number: f"{number:.3f}", na_rep=""))


FORMAT = click.option("--format", "style", type=click.Choice(["csv", "table"]), default="table", show_default=True)
HAVE = click.option("--have", required=True, help="Criterion, such as 'evening & medicaid'.")
OF = click.option("--of", "of", default="iop", show_default=True, help="Universe: the rows where this is yes.")
SOURCE = click.option("--source", "name", default=None, help="SOURCE@RELEASE; needed where more than one fits.")
STATE = click.option("--state", default=None, help="Two-letter postal code.")


@click.group()
@click.version_option(__version__)
def main() -> None:
    """Who can use an intensive outpatient program? Public files in, defensible tables and reports out."""


@main.command()
@click.argument("names", nargs=-1)
@click.option("--from", "origin", default=None, help="Folder or address of a mirror; every file it knows is taken.")
@guarded
def fetch(names: tuple[str, ...], origin: str | None) -> None:
    """Download (or copy) the publishers' files of SOURCE or SOURCE@RELEASE, verify and keep them."""
    from iop_analysis import raw

    paths = raw.fetch(list(names), origin)
    say(f"{len(paths)} file{'' if len(paths) == 1 else 's'} in {raw.data_folder() / 'raw'}")


@main.command()
@click.argument("name", metavar="SOURCE@RELEASE")
@click.argument("file", type=click.Path(path_type=Path))
@guarded
def add(name: str, file: Path) -> None:
    """Take a file that you have; a release the catalog does not know is read with the newest known columns."""
    from iop_analysis import raw

    added = raw.add(name, file)
    say(f"{added.release.name}: {file.name} is kept; SHA-256 {added.release.sha256}")
    for difference in added.differences:
        say(f"  {difference}")


@main.command()
@click.argument("names", nargs=-1)
@click.option("--sample", is_flag=True, help="Build the synthetic sample.")
@guarded
def build(names: tuple[str, ...], sample: bool) -> None:
    """Build SOURCE or SOURCE@RELEASE (everything that is fetched, without names) and print what was set aside."""
    from iop_analysis import releases

    nothing = True
    for built in releases.build_all(list(names), sample):
        nothing = False
        facilities = getattr(built, "facilities", None)
        rows = len(facilities) if facilities is not None else 0
        say(f"{built.release.name}: {built.release.rows or rows} rows in, {rows} rows out")
        for note in built.notes:
            say(f"  {note.rows:>6}  {note.text}")
    if nothing:
        say("Nothing is fetched, so nothing is built; reports use the tables that the package carries.")


@main.command()
@FORMAT
@guarded
def status(style: str) -> None:
    """List every known release, and which are fetched, built, or carried by the package as tables."""
    from iop_analysis import releases

    show(releases.status(), style)


@main.command()
@HAVE
@OF
@click.option("--by", type=click.Choice(["state", "county", "ownership"]), default=None)
@SOURCE
@STATE
@FORMAT
@guarded
def coverage(have: str, of: str, by: str | None, name: str | None, state: str | None, style: str) -> None:
    """Count the facilities that meet a criterion, with bounds for what is unknown."""
    from iop_analysis import releases

    table, why = releases.coverage_of(name, have, of, by, state)
    show(table, style)
    if why:
        say(why)


@main.command()
@click.argument("states", nargs=-1, metavar="STATE…")
@click.option("--all", "every", is_flag=True, help="Every state, DC and Puerto Rico.")
@click.option("--formats", default="html,xlsx", show_default=True, help="Any of html, xlsx.")
@click.option("--out", "folder", type=click.Path(path_type=Path), default=None, help="Default: reports/.")
@click.option("--sample", is_flag=True, help="Write the report of the synthetic sample.")
@guarded
def report(states: tuple[str, ...], every: bool, formats: str, folder: Path | None, sample: bool) -> None:
    """Write a state's report from built releases, or from the tables that the package carries."""
    from iop_analysis.report import state as reports

    wanted = reports.every_state() if every else [state.upper() for state in states]
    if not wanted:
        raise CallError("Name a state, as in `iop-analysis report CO`, or say --all.")
    for state in wanted:
        for path in reports.write_report(state, folder, formats.split(","), sample):
            say(str(path))


@main.command()
@FORMAT
@guarded
def dictionary(style: str) -> None:
    """Print the data dictionary: every canonical column with its type, unit and definition."""
    from iop_analysis import catalog

    show(pd.DataFrame([vars(variable) for variable in catalog.variables().values()]), style)


@main.command()
@click.option("--out", "folder", type=click.Path(path_type=Path), default=None)
@guarded
def reference(folder: Path | None) -> None:
    """Rebuild the reference tables that the package carries from every built release that is not synthetic."""
    from iop_analysis import releases

    for path in releases.rebuild_reference(folder):
        say(str(path))
