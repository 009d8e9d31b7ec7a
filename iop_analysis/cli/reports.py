"""Commands that write for people: report."""

from __future__ import annotations

from pathlib import Path

import click

from iop_analysis.cli.shared import guarded, say
from iop_analysis.errors import CallError


@click.command()
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
