"""Commands that write for people: report."""

from __future__ import annotations

from pathlib import Path

import click

from iop_analysis.cli.shared import guarded, say
from iop_analysis.errors import CallError

USUAL = ("html", "xlsx", "pdf")


@click.command()
@click.argument("states", nargs=-1, metavar="STATE…")
@click.option("--all", "every", is_flag=True, help="Every state, DC and Puerto Rico.")
@click.option("--against", default="", metavar="NY,PA", help="States to compare with.")
@click.option("--calls", type=click.Path(path_type=Path), default=None, help="A filled call sheet of the state.")
@click.option("--with-facilities", "named", is_flag=True, help="Add the list and the map of the facilities themselves.")
@click.option("--formats", default="", help="Any of html, pdf, xlsx. Default: all; with --all: html, xlsx.")
@click.option("--out", "folder", type=click.Path(path_type=Path), default=None, help="Default: reports/.")
@click.option("--sample", is_flag=True, help="Write the report of the synthetic sample.")
@guarded
def report(
    states: tuple[str, ...],
    every: bool,
    against: str,
    calls: Path | None,
    named: bool,
    formats: str,
    folder: Path | None,
    sample: bool,
) -> None:
    """Write a state's report from built releases, or from the tables that the package carries."""
    from iop_analysis import places
    from iop_analysis.report import evidence
    from iop_analysis.report import state as reports

    others = _codes(against)
    wanted = reports.every_state() if every else [state.upper() for state in states]
    if not wanted:
        raise CallError("Name a state, as in `iop-analysis report CO`, or say --all.")
    chosen = [name.strip() for name in formats.split(",")] if formats else _usual()
    reports.check_formats(chosen)
    if calls and len(wanted) > 1:
        raise CallError("A call sheet belongs to one state; name that state alone.")
    for state in wanted:
        places.check_state(state)
        known = evidence.gather(state, sample, others, calls, named)
        if named and known.listed is None:
            say(f"{state}: no facility is named, because the tables come with the package; build a release first.")
        for path in reports.write(known, folder, chosen):
            say(str(path))


def _codes(text: str) -> list[str]:
    return [code.strip().upper() for code in text.split(",") if code.strip()]


def _usual() -> list[str]:
    """Every format that this machine can make; one sentence says what PDF lacks."""
    from iop_analysis.report import pdf

    try:
        pdf.check()
    except CallError as error:
        say(f"No PDF is written: {error}")
        return ["html", "xlsx"]
    return list(USUAL)
