"""Commands about files and releases: fetch, add, build, status, dictionary, carry."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from iop_analysis.cli.shared import FORMAT, guarded, say, show
from iop_analysis.errors import CallError, DataError


@click.command()
@click.argument("names", nargs=-1)
@click.option("--from", "origin", default=None, help="Folder or address of a mirror; every file it knows is taken.")
@click.option("--near", default="", metavar="LAT,LON", help="Ask FindTreatment.gov for what is listed around a point.")
@click.option("--miles", default=30, show_default=True, help="How far from the point.")
@guarded
def fetch(names: tuple[str, ...], origin: str | None, near: str, miles: int) -> None:
    """Download (or copy) the publishers' files of SOURCE or SOURCE@RELEASE, verify and keep them.

    A new plan_net@NAME is paged out of the public FHIR endpoint that --from names, a new findtreatment@NAME out of the
    locator's API where --near says around which point.
    """
    from iop_analysis import raw
    from iop_analysis.raw import provider_directory as directory
    from iop_analysis.releases import many

    if near:
        _fetch_around(names, near, miles, origin or "")
        return
    searches = [name for name in names if directory.is_search(name, origin)]
    for name in searches:
        found = directory.fetch_directory(name, str(origin), many.add)
        say(f"{name}: {len(found.resources)} resources on {found.pages} pages of {origin}")
    if searches and len(searches) == len(names):
        return
    paths = raw.fetch([name for name in names if name not in searches], origin)
    say(f"{len(paths)} file{'' if len(paths) == 1 else 's'} in {raw.data_folder() / 'raw'}")


def _fetch_around(names: tuple[str, ...], near: str, miles: int, api: str) -> None:
    """Keep what the locator lists around a point as a release of its own, dated today."""
    from iop_analysis import raw
    from iop_analysis.places.sphere import KM_PER_MILE

    source, _, key = names[0].partition("@") if len(names) == 1 else ("", "", "")
    if source != "findtreatment" or not key:
        raise CallError("--near asks FindTreatment.gov: name one new release, such as findtreatment@denver-2026.")
    metres = round(1000 * KM_PER_MILE * miles)
    added = raw.fetch_locator(key, near, "distance", metres, date.today().isoformat(), api=api)
    say(f"{added.release.name}: {added.release.rows} entries within {miles} miles of {near}")


@click.command()
@click.argument("name", metavar="SOURCE@RELEASE")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--state", default="", help="State whose facilities a list of your own names.")
@guarded
def add(name: str, file: Path, state: str) -> None:
    """Take a file that you have; a release the catalog does not know is read whole, with the newest known columns."""
    from iop_analysis.releases import many

    added = many.add(name, file, state)
    say(f"{added.release.name}: {file.name} is kept; SHA-256 {added.release.sha256}")
    for difference in added.differences:
        say(f"  {difference}")


@click.command()
@click.argument("name", metavar="SOURCE@RELEASE")
@guarded
def remove(name: str) -> None:
    """Undo `add` and `build`: delete the file of a release, its record and its built tables."""
    from iop_analysis.releases import many

    deleted = many.remove(name)
    for path in deleted:
        say(f"deleted: {path}")
    if not deleted:
        say(f"Nothing of {name} is there, so nothing is deleted.")


@click.command()
@click.argument("names", nargs=-1)
@click.option("--sample", is_flag=True, help="Build the synthetic sample.")
@guarded
def build(names: tuple[str, ...], sample: bool) -> None:
    """Build SOURCE or SOURCE@RELEASE (everything that is fetched, without names) and print what was set aside."""
    from iop_analysis.raw.collecting import purge
    from iop_analysis.releases import many

    failed: list[str] = []
    nothing = True
    for built in many.build_all(list(names), sample):
        nothing = False
        if isinstance(built, many.Failed):
            failed.append(f"{built.release.name}: {built.why}" if built.release.name not in names else built.why)
            continue
        rows = len(built.table)
        say(f"{built.release.name}: {built.release.rows or rows} rows in, {rows} rows out")
        for note in built.notes:
            say(f"  {note.rows:>6}  {note.text}")
        if purge(built.release):
            say("  The collected pages themselves are deleted; facts, quotes and addresses are kept.")
    if nothing:
        say("Nothing is fetched, so nothing is built; reports use the tables that the package carries.")
    failed += [] if names or sample else _aside()
    if len(failed) == 1:
        raise DataError(failed[0])
    if failed:
        listed = "\n".join(f"  {one}" for one in failed)
        raise DataError(f"{len(failed)} releases are not built, and stay as they were:\n{listed}")


def _aside() -> list[str]:
    """Say which folders are left aside; the sentences on records that cannot be read."""
    from iop_analysis import raw
    from iop_analysis.releases import store

    for folder in store.left_aside():
        say(f"Left aside: {folder} is of no release that is known here; it is counted in nothing.")
    return raw.damaged_records()


@click.command()
@FORMAT
@guarded
def status(style: str) -> None:
    """List every known release, and which are fetched, built, or carried by the package as tables."""
    from iop_analysis.carried.status import status as at_hand

    show(at_hand(), style)
    for sentence in _aside():
        say(sentence)


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
