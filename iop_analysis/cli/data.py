"""Commands about files and releases: fetch, add, build, status, dictionary, reference."""

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
    from iop_analysis import releases

    nothing = True
    for built in releases.build_all(list(names), sample):
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
    from iop_analysis import releases

    show(releases.status(), style)


@click.command()
@FORMAT
@guarded
def dictionary(style: str) -> None:
    """Print the data dictionary: every canonical column with its type, unit and definition."""
    import pandas as pd

    from iop_analysis import catalog

    show(pd.DataFrame([vars(variable) for variable in catalog.variables().values()]), style)


@click.command()
@click.option("--out", "folder", type=click.Path(path_type=Path), default=None)
@guarded
def reference(folder: Path | None) -> None:
    """Rebuild the reference tables that the package carries from every built release that is not synthetic."""
    from iop_analysis import distances, linked_hours, releases
    from iop_analysis import reference as rf

    for path in releases.rebuild_reference(folder):
        say(str(path))
    newest = {name.split("@")[0]: name for name in rf.carried(folder or rf.FOLDER)}
    for write in (distances.write_reference, linked_hours.write_reference):
        for path in write(list(newest.values()), folder or rf.FOLDER):
            say(str(path))
