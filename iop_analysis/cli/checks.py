"""The command that checks: validate."""

from __future__ import annotations

import click

from iop_analysis.cli.shared import FORMAT, guarded, say, show
from iop_analysis.errors import DataError


@click.command()
@FORMAT
@guarded
def validate(style: str) -> None:
    """Recompute the publishers' printed figures and check every table, built and carried; exit 1 when one is off."""
    from iop_analysis import validate as checks

    respondents, cells = checks.at_hand()
    checked = checks.validate(respondents, cells)
    show(checked, style)
    if all("(carried)" in name for name in cells):
        say("Nothing is built, so only the tables that the package carries were checked.")
    printed = checked["check"].str.startswith("Table").sum()
    if not printed:
        say("No printed figure was recomputed: none of the built surveys is in published.csv (nssats@2010 is).")
    off = int(checked["verdict"].eq(checks.OFF).sum())
    if off:
        raise DataError(f"{off} of {len(checked)} checks are off: see their rows, and build those releases again.")
    say(f"{printed} printed figures and {len(checked) - printed} rules of {len(cells)} tables: all hold.")
