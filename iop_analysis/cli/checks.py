"""The command that checks: validate."""

from __future__ import annotations

from pathlib import Path

import click

from iop_analysis.cli.shared import FORMAT, guarded, say, show
from iop_analysis.errors import DataError


@click.command()
@click.option("--html", "page", type=click.Path(path_type=Path), default=None, help="Write a page for people too.")
@FORMAT
@guarded
def validate(page: Path | None, style: str) -> None:
    """Recompute the publishers' printed figures and check every table, built and carried; exit 1 when one is off."""
    from iop_analysis import validate as checks

    answers, cells, items = checks.at_hand()
    checked = checks.validate(answers, cells, items)
    show(checked, style)
    if page:
        from iop_analysis.validate.page import write

        say(str(write(checked, page)))
    if all("(carried)" in name for name in cells):
        say("Nothing is built, so only the tables that the package carries were checked.")
    figures = checked["kind"].eq(checks.FIGURE)
    absent, off = (int(checked["verdict"].eq(verdict).sum()) for verdict in (checks.ABSENT, checks.OFF))
    if absent == figures.sum():
        say("No printed figure was recomputed: none of the built surveys is in published.csv (nssats@2010 is).")
    elif absent:
        say(f"{absent} more printed figures cannot be had from the files here; column `reason` says why.")
    if off:
        raise DataError(f"{off} of {len(checked)} checks are off: see their rows, and build those releases again.")
    say(f"{figures.sum() - absent} printed figures and {(~figures).sum()} rules of {len(cells)} tables: all hold.")
