"""The command that visits programs' own web sites, politely."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from iop_analysis.cli.shared import guarded, say
from iop_analysis.errors import CallError

if TYPE_CHECKING:
    from iop_analysis.raw.collecting import Collected

UNIVERSE = "iop | iop_mental_health"


@click.command()
@click.option("--of", "name", default=None, help="SOURCE@RELEASE: the built list whose programs are visited.")
@click.option("--state", default=None, help="Two-letter postal code.")
@click.option("--contact", default=None, help="Your mail address; every visit names it.")
@click.option("--purge", is_flag=True, help="Delete all collected pages; what was built of them stays.")
@guarded
def collect(name: str | None, state: str | None, contact: str | None, purge: bool) -> None:
    """Visit the web sites of a list's programs and keep at most 12 pages of each until they are built."""
    from iop_analysis.raw import collecting

    if purge:
        removed = collecting.purge()
        say(f"{len(removed)} files of collected pages are deleted; facts, quotes and addresses that were built stay.")
        return
    if not (name and state and contact):
        raise CallError("Name the list (--of), the state (--state) and your mail address (--contact).")
    starts = collecting.starts_of(_websites(name, state.upper()))
    _tell(_with_bar(starts, state.lower(), contact))


def _websites(name: str, state: str) -> list[str]:
    """Web sites of the programs of a list in a state that offer an IOP and do not hide where they are."""
    from iop_analysis import criteria
    from iop_analysis.releases import listing

    built = listing.load(name)
    offers = criteria.evaluate(UNIVERSE, built.facilities, built.hours).result.fillna(False).astype(bool)
    shown = ~built.facilities["address_hidden"].fillna(True).astype(bool)
    mine = built.facilities[offers & shown & built.facilities["state"].eq(state)]
    return mine["website"].dropna().tolist()


def _with_bar(starts: list[str], name: str, contact: str) -> Collected:
    from tqdm import tqdm

    from iop_analysis.raw.collecting import collect

    with tqdm(total=len(starts), desc="collect", unit=" sites", leave=False) as bar:
        return collect(starts, name, contact, lambda site: bar.update(bool(site)))


def _tell(collected: Collected) -> None:
    name = collected.release.name
    say(f"{name}: {collected.pages} pages of {collected.sites} sites are kept")
    for why, count in collected.refused.items():
        say(f"  {count:>6}  refused: {why}")
    say(f"Now run `iop-analysis build {name}`: it keeps facts, quotes and addresses, and deletes the pages.")
