"""Commands that measure: coverage."""

from __future__ import annotations

import click

from iop_analysis.cli.shared import FORMAT, HAVE, OF, SIDE, SOURCE, STATE, guarded, say, show


@click.command()
@HAVE
@OF
@click.option("--by", type=click.Choice(["state", "county", "ownership"]), default=None)
@SOURCE
@STATE
@SIDE
@FORMAT
@guarded
def coverage(have: str, of: str, by: str | None, name: str | None, state: str | None, side: str, style: str) -> None:
    """Count the facilities that meet a criterion, with bounds for what is unknown."""
    from iop_analysis import releases

    table, why = releases.coverage_of(name, have, of, by, state, side)
    show(table, style)
    if why:
        say(why)
