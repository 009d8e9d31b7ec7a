"""The command that compares two releases of one source: changes."""

from __future__ import annotations

import click

from iop_analysis.cli.shared import FORMAT, OF, STATE, guarded, say, show


@click.command()
@click.argument("before", metavar="SOURCE@OLD")
@click.argument("after", metavar="SOURCE@NEW")
@OF
@STATE
@FORMAT
@guarded
def changes(before: str, after: str, of: str, state: str | None, style: str) -> None:
    """List the facilities that appeared, are gone, were renamed, or gained or lost a service; counts to stderr."""
    from iop_analysis import places
    from iop_analysis.metrics import changes as measure
    from iop_analysis.releases import listing

    if state:
        places.check_state(state)
    table = measure.changes(listing.load(before), listing.load(after), of)
    table = table[table["state"] == state] if state else table
    say(measure.presence_counts(table).to_string(index=False))
    say(measure.change_counts(table).to_string(index=False))
    say("Gained and lost are counted among facilities known in both releases: silence in one of them is neither.")
    show(table[measure.changed(table)], style)
