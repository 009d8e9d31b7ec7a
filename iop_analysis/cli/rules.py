"""Commands about people: residents within reach, and counties held to a rule (adequacy)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from iop_analysis.cli.shared import FORMAT, OF, SOURCE, STATE, TRAVEL, guarded, say, show

if TYPE_CHECKING:
    import pandas as pd

SAID = {"lower": "least", "widest": "most"}
LEVELS = click.Choice(["state", "county", "congress", "upper", "lower"])


@click.command()
@click.option("--have", default="iop", show_default=True, help="Criterion that a program must meet.")
@SOURCE
@click.option("--standard", "rule", default="medicare_advantage", show_default=True, help="Rule of the catalog.")
@STATE
@TRAVEL
@click.option("--plain", is_flag=True, help="Count placed sites only, as access does, for the residents of 2017.")
@FORMAT
@guarded
def adequacy(
    have: str, name: str | None, rule: str, state: str | None, travel: str | None, plain: bool, style: str
) -> None:
    """Hold every county to a distance rule: within, none listed within, or cannot tell."""
    from iop_analysis.carried.ruling import ruling
    from iop_analysis.releases import many

    found = ruling(name or many.the_only_one(), have, state, rule, plain, travel=travel)
    show(_ruled(found.table) if style == "table" else found.table, style)
    for note in found.notes:
        say(note)


@click.command()
@click.option("--have", default="all", show_default=True, help="Criterion that a program must meet.")
@OF
@click.option("--by", type=LEVELS, default="state", show_default=True, help="Places; districts are those of 2024.")
@click.option("--clock", is_flag=True, help="A row for noon, 17, 18, 19 and 20 o'clock: sites open an hour after it.")
@SOURCE
@STATE
@FORMAT
@guarded
def residents(have: str, of: str, by: str, clock: bool, name: str | None, state: str | None, style: str) -> None:
    """Count the residents within 5 and 10 miles of a program, surely, possibly and at the widest."""
    from iop_analysis.carried import reaching
    from iop_analysis.cli.distances import CAUTION
    from iop_analysis.releases import many

    chosen = name or many.the_only_one()
    if clock:
        table, said = reaching.by_the_clock(chosen, have, state, of)
    else:
        table, said = reaching.reaching(chosen, have, by, state, of)
    show(_short(table) if style == "table" else table, style)
    for note in (said, "Residents of 2020, all ages, not patients.", CAUTION):
        say(note)


def _ruled(table: pd.DataFrame) -> pd.DataFrame:
    """What fits a screen of a county's verdict: `limit` is in miles or minutes, least and most are shares."""
    names = {"county_fips": "fips", "county_type": "type", "lower_share": "least", "upper_share": "most"}
    kept = ["county_fips", "county", "county_type", "residents", "limit", "lower_share", "upper_share", "verdict"]
    return table[kept].astype({"limit": "Int64"}).rename(columns=names)


def _short(table: pd.DataFrame) -> pd.DataFrame:
    """What fits a screen: residents within 5 and 10 miles, at least and at most."""
    bounds = {f"within_{mile}mi_{bound}": f"{mile}mi_{said}" for mile in (5, 10) for bound, said in SAID.items()}
    first = [name for name in ("after", "place", "name", "population") if name in table]
    return table[[*first, *bounds]].rename(columns=bounds)


@click.command()
@click.option("--state", required=True, help="Two-letter postal code.")
@FORMAT
@guarded
def bounds(state: str, style: str) -> None:
    """Every question under every rule of counting: each built list, link cut-off and rule on custody, both bounds."""
    from iop_analysis.carried.bounds import bounds as all_bounds

    show(all_bounds(state), style)
