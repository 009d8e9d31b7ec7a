"""Commands about the telephone survey: calls draw, calls ingest."""

from __future__ import annotations

from pathlib import Path

import click

from iop_analysis.cli.shared import FORMAT, SOURCE, guarded, say, show
from iop_analysis.errors import CallError


@click.group()
def calls() -> None:
    """Ask a random sample of programs by telephone what no file says."""


@calls.command()
@click.option("--state", required=True, help="Two-letter postal code.")
@SOURCE
@click.option("--have", default="", help="Criterion of the strata; evening & medicaid, or medicaid without hours.")
@click.option("--seed", default=1, show_default=True, help="Another seed draws other programs.")
@click.option(
    "--out", "file", type=click.Path(path_type=Path), default=None, help="Default: reports/iop_calls_STATE.xlsx"
)
@guarded
def draw(state: str, name: str | None, have: str, seed: int, file: Path | None) -> None:
    """Draw the programs to call and write the Excel sheet to fill in."""
    from iop_analysis import calls, catalog
    from iop_analysis.releases import many

    name = name or many.the_only_one()
    if catalog.for_statistics(catalog.source(name.split("@")[0]).key):
        raise CallError(f"{name} names no facility that could be called; say --source with a directory.")
    sheet = calls.draw(many.open_release(name), state.upper(), have, seed)
    path = calls.write(sheet, file)
    say(f"{len(sheet.rows)} of {sheet.strata['frame'].sum()} listed programs, by {sheet.have!r}, seed {seed}: {path}")
    if sheet.release.synthetic:
        say("SYNTHETIC sample: every facility is invented; do not call.")


@calls.command()
@click.argument("file", type=click.Path(path_type=Path))
@FORMAT
@guarded
def ingest(file: Path, style: str) -> None:
    """Compute shares with their margins from a filled sheet, and keep the answers as a release for `combine`."""
    from iop_analysis import calls
    from iop_analysis.cli import narrow

    filled = calls.read(file)
    results = calls.results(filled)
    if results.synthetic:
        say("SYNTHETIC sample: every facility and every answer is invented.")
    say(narrow.text(results.responses.set_index("stratum").T.rename_axis("stratum").reset_index()))
    say(calls.METHOD)
    for part in (results.waits, results.sensitivity):
        say(narrow.text(part))
    say(f"90 % offer an appointment within ten business days: {results.verdict}.")
    kept = calls.keep(filled, file)
    say(f"{kept.release.name}: the answers of {len(kept.facilities)} programs, for `iop-analysis combine`.")
    show(results.estimates, style)
