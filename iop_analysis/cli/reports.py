"""Commands that write for people: report, site."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from tqdm import tqdm

from iop_analysis.cli.shared import guarded, say
from iop_analysis.errors import CallError

if TYPE_CHECKING:
    from iop_analysis.report.gathered import Gathered

NOT_NAMED = "no facility is named, because the tables come with the package; build a release first."
CONTACT = click.option(
    "--contact", default="", help="A mail address or a page for corrections; it stands on every page."
)
# Of every state only the first two, unless more is asked for.
USUAL = ("html", "xlsx", "figures", "pdf", "docx")


@click.command()
@click.argument("states", nargs=-1, metavar="STATE…")
@click.option("--all", "every", is_flag=True, help="Every state, DC and Puerto Rico.")
@click.option("--against", default="", metavar="NY,PA", help="States to compare with.")
@click.option("--calls", type=click.Path(path_type=Path), default=None, help="A filled call sheet of the state.")
@click.option("--with-facilities", "named", is_flag=True, help="Add the list and the map of the facilities themselves.")
@click.option(
    "--formats", default="", help="Any of html, pdf, xlsx, docx, figures. Default: each; with --all: html, xlsx."
)
@click.option("--out", "folder", type=click.Path(path_type=Path), default=None, help="Default: reports/.")
@click.option("--district", default="", metavar="upper:12", help="One page on congress:8, upper:12 or lower:3.")
@click.option("--sample", is_flag=True, help="Write the report of the synthetic sample.")
@CONTACT
@guarded
def report(
    states: tuple[str, ...],
    every: bool,
    against: str,
    calls: Path | None,
    named: bool,
    formats: str,
    folder: Path | None,
    district: str,
    sample: bool,
    contact: str,
) -> None:
    """Write a state's report from built releases, or from the tables that the package carries."""
    from iop_analysis import places
    from iop_analysis.report import gathered
    from iop_analysis.report import state as reports

    wanted = reports.every_state() if every else [state.upper() for state in states]
    if not wanted:
        raise CallError("Name a state, as in `iop-analysis report CO`, or say --all.")
    if every and states:
        raise CallError("Say --all, or name states, not both.")
    if calls and len(wanted) > 1:
        raise CallError("A call sheet belongs to one state; name that state alone.")
    if district:
        _write_district(wanted, district, folder, formats or "pdf", sample, contact)
        return
    chosen = [name.strip() for name in formats.split(",")] if formats else list(USUAL[:2]) if every else _usual()
    reports.check_formats(chosen)
    others = _codes(against)
    for state in (*wanted, *others):
        places.check_state(state)
    if every:
        _write_all(wanted, folder, chosen, sample, others, named, contact)
        return
    # The bar shows how far the run is; for one state there is nothing to see.
    for state in tqdm(wanted, desc="reports", unit="state", disable=len(wanted) == 1):
        _write(gathered.gather(state, sample, others, calls, named, contact=contact), folder, chosen)


@click.command()
@click.option("--out", "folder", type=click.Path(path_type=Path), default=None, help="Default: site/ beside reports/.")
@click.option("--formats", default="", help="Any of html, xlsx, docx, figures, pdf. Default: html, xlsx, docx, pdf.")
@click.option(
    "--address", default="", help="Where it will be served; gives a site map, a catalogue and whole addresses."
)
@CONTACT
@guarded
def site(folder: Path | None, formats: str, address: str, contact: str) -> None:
    """Write all states as one static site with pages, districts, downloads and data."""
    from iop_analysis.report.site.dcat import is_mail
    from iop_analysis.report.site.writing import write

    chosen = [name.strip() for name in formats.split(",")] if formats else [one for one in _usual() if one != "figures"]
    outcome = write(folder, chosen, address, contact=contact)
    say(str(outcome.index))
    if address and not is_mail(contact):
        say("data.json names no mail address, which DCAT-US 3 asks of every data set: --contact MAIL.")
    for state, problem in outcome.failed.items():
        say(f"{state} has no page: {problem}")
    if outcome.failed:
        sys.exit(1)


def _write_district(
    states: list[str], district: str, folder: Path | None, formats: str, sample: bool, contact: str
) -> None:
    from iop_analysis import places
    from iop_analysis.report import gathered
    from iop_analysis.report import state as reports

    if len(states) != 1:
        raise CallError("A district belongs to one state; name that state alone.")
    places.check_state(states[0])
    chosen = [name.strip() for name in formats.split(",")]
    _say_paths(reports.write_district(gathered.gather(states[0], sample, contact=contact), district, folder, chosen))


def _write(known: Gathered, folder: Path | None, formats: list[str]) -> None:
    from iop_analysis.report import state as reports

    if known.named and known.listed is None:
        say(f"{known.state}: {NOT_NAMED}")
    _say_paths(reports.write(known, folder, formats))


def _write_all(
    states: list[str],
    folder: Path | None,
    formats: list[str],
    sample: bool,
    against: list[str],
    named: bool,
    contact: str,
) -> None:
    from iop_analysis.releases import store
    from iop_analysis.report import every

    if named and not store.built():
        say(f"All states: {NOT_NAMED}")
    outcome = every.write_all(states, folder, formats, sample, against=against, named=named, contact=contact)
    _say_paths(outcome.paths)
    for state, problem in outcome.failed.items():
        say(f"{state} has no report: {problem}")
    if outcome.failed:
        sys.exit(1)


def _say_paths(paths: list[Path]) -> None:
    """Name each file, and a folder of figures once."""
    for path in dict.fromkeys(path.parent if path.parent.name.endswith("_figures") else path for path in paths):
        say(str(path))


def _codes(text: str) -> list[str]:
    return [code.strip().upper() for code in text.split(",") if code.strip()]


def _usual() -> list[str]:
    """Every format that this machine can make; one sentence says what PDF or DOCX lacks."""
    from iop_analysis.report import docx, pdf

    made = list(USUAL)
    for name, one in (("pdf", pdf), ("docx", docx)):
        try:
            one.check()
        except CallError as error:
            say(f"No {name.upper()} is written: {error}")
            made.remove(name)
    return made
