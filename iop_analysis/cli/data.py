"""Commands about files and releases: fetch, add, build, status, dictionary, carry."""

from __future__ import annotations

from pathlib import Path

import click

from iop_analysis.cli.shared import FORMAT, guarded, say, show


@click.command()
@click.argument("names", nargs=-1)
@click.option("--from", "origin", default=None, help="Folder or address of a mirror; every file it knows is taken.")
@guarded
def fetch(names: tuple[str, ...], origin: str | None) -> None:
    """Download (or copy) the publishers' files of SOURCE or SOURCE@RELEASE, verify and keep them."""
    from iop_analysis import raw

    paths = raw.fetch(list(names), origin)
    say(f"{len(paths)} file{'' if len(paths) == 1 else 's'} in {raw.data_folder() / 'raw'}")


@click.command()
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


@click.command()
@click.argument("names", nargs=-1)
@click.option("--sample", is_flag=True, help="Build the synthetic sample.")
@guarded
def build(names: tuple[str, ...], sample: bool) -> None:
    """Build SOURCE or SOURCE@RELEASE (everything that is fetched, without names) and print what was set aside."""
    from iop_analysis.releases import many

    nothing = True
    for built in many.build_all(list(names), sample):
        nothing = False
        rows = len(built.table)
        say(f"{built.release.name}: {built.release.rows or rows} rows in, {rows} rows out")
        for note in built.notes:
            say(f"  {note.rows:>6}  {note.text}")
    if nothing:
        say("Nothing is fetched, so nothing is built; reports use the tables that the package carries.")


@click.command()
@FORMAT
@guarded
def status(style: str) -> None:
    """List every known release, and which are fetched, built, or carried by the package as tables."""
    from iop_analysis.carried.status import status as at_hand

    show(at_hand(), style)


@click.command()
@FORMAT
@guarded
def dictionary(style: str) -> None:
    """Print the data dictionary: every canonical column with its type, unit and definition."""
    import pandas as pd

    from iop_analysis import catalog

    show(pd.DataFrame([vars(variable) for variable in catalog.variables().values()]), style)


@click.command()
@click.option("--out", "folder", type=click.Path(path_type=Path), default=None, help="Default: the checkout's own.")
@guarded
def carry(folder: Path | None) -> None:
    """Rebuild every table that the package carries, all or nothing, from the built releases."""
    from iop_analysis.carried import writing

    for path in writing.write_all(folder):
        say(str(path))
