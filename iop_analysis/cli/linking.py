"""The command that links two releases and lets a person check the links: link."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from iop_analysis.cli.shared import FORMAT, OF, STATE, guarded, say, show
from iop_analysis.errors import CallError

if TYPE_CHECKING:
    import pandas as pd


@click.command()
@click.argument("listed", metavar="LIST@RELEASE")
@click.argument("witness", metavar="WITNESS@RELEASE")
@OF
@STATE
@click.option(
    "--review",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="CSV of the links to check: write yes or no under `same`, run the command again, and it is kept.",
)
@FORMAT
@guarded
def link(listed: str, witness: str, of: str, state: str | None, file: Path | None, style: str) -> None:
    """Find the row of WITNESS that is the same program as each of LIST; links by score, and how many are right."""
    from iop_analysis import criteria, linking, places
    from iop_analysis.linking import reviewing
    from iop_analysis.releases import listing

    if state:
        places.check_state(state)
    built, other = listing.load(listed), listing.load(witness)
    table = built.facilities[built.facilities["state"].eq(state)] if state else built.facilities
    programs = criteria.evaluate(of, table, built.hours).result.fillna(False).astype(bool)
    if file:
        found = reviewing.review(table, other.facilities, file, programs)
        say(f"{file}: the weakest links first; verdicts are kept in {reviewing.verdicts_path()}.")
    else:
        links = linking.linked(table, other.facilities)
        links = links[links["facility_id"].isin(table.loc[programs, "facility_id"])]
        found = reviewing.precision(links, reviewing.verdicts(built.release.source, other.release.source))
    show(found, style)
    say(f"{int(found['links'].sum())} of {int(programs.sum())} programs of {listed} are linked to {witness}.")
    say("Withheld addresses are never linked. A link below 0.8 rests on a name alone: look at those first.")
    _say_conflicts(table[programs], other.facilities, listed, witness)


def _say_conflicts(table: pd.DataFrame, others: pd.DataFrame, listed: str, witness: str) -> None:
    """Say how many addresses have two points, and whose point is likely the wrong one: distances rest on it."""
    from iop_analysis.linking import locating

    found = locating.point_conflicts(table, others)
    if len(found):
        count = found["distrust"].value_counts().reindex(["table", "others", "cannot tell"], fill_value=0)
        have = "address has" if len(found) == 1 else "addresses have"
        say(
            f"{len(found)} {have} another point in each list, up to {found['apart_km'].max():.1f} km apart. By the ZIP "
            f"code's point doubt that of {listed} for {count.iloc[0]}, that of {witness} for {count.iloc[1]}; for "
            f"{count.iloc[2]} it cannot tell."
        )


@click.command()
@click.argument("listed", metavar="LIST@RELEASE")
@click.argument("more", nargs=-1, metavar="[RELEASE…]")
@click.option("--with", "first", multiple=True, metavar="RELEASE…", help="The witnesses, after one --with or several.")
@STATE
@click.option("--as", "key", default="", help="Name of the release; default: the list's with the state's.")
@click.option(
    "--hsds",
    "package",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="A .zip to write for a 211 directory: the programs with who says what of them, in HSDS 3.",
)
@FORMAT
@guarded
def combine(
    listed: str,
    more: tuple[str, ...],
    first: tuple[str, ...],
    state: str | None,
    key: str,
    package: Path | None,
    style: str,
) -> None:
    """Put what witnesses know beside the programs of a list; open sites by clock, links and universe to stdout.

    Default witnesses: the newest release of every other source that can be linked and has rows there.
    """
    from iop_analysis.criteria import hours_tests
    from iop_analysis.metrics import witnesses as measure
    from iop_analysis.releases import combined, hsds, hsds_package

    if more and not first:
        raise CallError(f"Write --with before {more[0]}, as in `combine LIST --with WITNESS…`.")
    made = combined.combine(listed, (*first, *more), state or "", key)
    say(f"{made.listing.release.name}: {len(made.listing.facilities)} rows of {listed}")
    for note in made.listing.notes:
        say(f"  {note.rows:>6}  {note.text}")
    show(measure.link_sensitivity(made.listing.facilities, made.listing.hours, made.links), style)
    programs = made.listing.facilities[made.listing.facilities["offers_iop"].eq("yes")]
    say(f"Of {len(programs)} IOPs: {hours_tests.hours_known(programs, made.listing.hours).sentence}")
    say("Open late is the building; only program hours and a program's own words are of its IOP.")
    if package:
        left_out = int(hsds.disputed(made.listing.facilities).sum())
        say(f"{package}: {hsds_package.write(made, package)} programs; {left_out} disputed IOPs are left out.")
