"""Commands that measure: coverage, trends."""

from __future__ import annotations

import click

from iop_analysis.cli.shared import FORMAT, HAVE, OF, SIDE, SOURCE, STATE, guarded, say, show

PLACES = click.Choice(["state", "county", "ownership", "urban_rural", "congress", "upper", "lower"])


@click.command()
@HAVE
@OF
@click.option("--by", type=PLACES, default=None, help="Districts: 119th Congress, state legislatures of 2024.")
@SOURCE
@STATE
@SIDE
@FORMAT
@guarded
def coverage(have: str, of: str, by: str | None, name: str | None, state: str | None, side: str, style: str) -> None:
    """Count the facilities that meet a criterion, with bounds for what is unknown."""
    from iop_analysis.carried import programs
    from iop_analysis.cli import narrow
    from iop_analysis.metrics.asking import coverage_of, place_names
    from iop_analysis.releases import many

    loaded = many.load(name or many.the_only_one())
    if by == "urban_rural":
        loaded = programs.with_urban_rural(loaded)
        say("Classes of 2013: Connecticut's planning regions have none and are not placed.")
    table, why = coverage_of(loaded, have, of, by, state, side=side)
    show(narrow.coverage(place_names(table, by)) if style == "table" else table, style)
    for sentence in (why, narrow.LEGEND if style == "table" else ""):
        if sentence:
            say(sentence)


@click.command()
@HAVE
@click.option("--of", "of", default=None, help="Universe; default: iop, and all on the mental-health side.")
@STATE
@click.option("--side", type=click.Choice(["su", "mh"]), default="su", show_default=True, help="Universe of a survey.")
@FORMAT
@guarded
def trends(have: str, of: str | None, state: str | None, side: str, style: str) -> None:
    """Count by survey year, with breaks, gaps and response rates, in built surveys or the tables of the package."""
    from iop_analysis.carried import trends

    table = trends.trends_of(have, of, side, state)
    show(table, style)
    points = table[table["release"] != ""]
    names = [f"{source}@{release}" for source, release in zip(points["source"], points["release"], strict=True)]
    carried = [name for name in names if name not in trends.built()]
    if carried:
        say(f"From the tables that the package carries: {', '.join(carried)}.")
