"""Commands about distance: access and whatif."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from iop_analysis.cli.shared import FORMAT, SOURCE, STATE, TRAVEL, Finite, guarded, say, show
from iop_analysis.errors import CallError, DataError

if TYPE_CHECKING:
    import pandas as pd

REACH = Finite(min=0)
POINTS = click.option("--points", type=click.Path(path_type=Path), default=None, help="Demand points (CSV, Parquet).")
OWN_TIMES = "Minutes are those of your file; a journey that it lacks is out of reach."
MOST_MISSING = 0.05
SHORT = {"gained_population": "gained", "covered_population": "covered", "covered_share": "share"}
CAUTION = "Straight lines on a sphere; roads are longer, and buses and trains were not measured."


@click.command()
@click.option("--have", default="iop", show_default=True, help="Criterion that makes a site count.")
@POINTS
@SOURCE
@click.option("--sites", type=click.Path(path_type=Path), default=None, help="A list of sites instead of a release.")
@TRAVEL
@click.option("--within", type=REACH, default=None, help="Reach: 16.0934 km, or 30 minutes with --travel.")
@click.option("--partial", is_flag=True, help="The matrix may lack more than 5 % of the points or residents.")
@click.option("--summary", is_flag=True, help="One row for all points.")
@STATE
@FORMAT
@guarded
def access(
    have: str,
    points: Path | None,
    name: str | None,
    sites: Path | None,
    travel: str | None,
    within: float | None,
    partial: bool,
    summary: bool,
    state: str | None,
    style: str,
) -> None:
    """Measure how far people live from a site that surely, and that possibly, meets a criterion."""
    from iop_analysis.carried import reach
    from iop_analysis.metrics.access import WITHIN_KM
    from iop_analysis.metrics.access import summary as summed
    from iop_analysis.metrics.travel import WITHIN_MINUTES
    from iop_analysis.releases import many

    everywhere = reach.points_of(points)
    if sites:
        _refuse_questions(sites)
        people = reach.of_state(everywhere, state)
        chosen = reach.sites_of_file(sites)
    else:
        find = reach.counting_sites if travel else reach.sites_of_release
        name = name or many.the_only_one()
        people = reach.of_state(everywhere, state or reach.area_of(name))
        chosen = find(name, have)
    far = within if within is not None else WITHIN_MINUTES if travel else WITHIN_KM
    notes: tuple[str, ...] = (CAUTION,)
    if travel:
        measured, said = reach.travel_table(people, chosen, travel, far, everywhere)
        notes = (*said, OWN_TIMES)
    else:
        measured = reach.access_table(people, chosen, far)
    show(summed(measured, far) if summary else measured, style)
    for note in (*chosen.notes, *notes):
        say(note)
    if travel:
        _say_not_measured(measured, travel, partial)


def _refuse_questions(sites: Path) -> None:
    """A list of sites answers no criterion, and is no release."""
    asked = click.get_current_context().get_parameter_source
    for option in ("have", "name"):
        if asked(option) is not click.core.ParameterSource.DEFAULT:
            raise CallError(
                f"--sites takes every site of {sites.name}; leave out --{'have' if option == 'have' else 'source'}, or "
                f"add the list with `iop-analysis add table@NAME {sites.name}` and name it with --source."
            )


def _say_not_measured(measured: pd.DataFrame, matrix: str, partial: bool) -> None:
    """Say how many points stand nowhere in the matrix, and stop above 5 % of points or residents unless told."""
    from iop_analysis.metrics.travel import not_measured
    from iop_analysis.places.journeys import title

    count, share, sentence = not_measured(measured)
    if max(share, count / len(measured)) > MOST_MISSING and not partial:
        raise DataError(
            f"{title(matrix)}: {sentence} Check how its identifiers are written, or take it as it is with --partial."
        )
    say(sentence)


@click.command()
@click.option("--have", required=True, help="Criterion that a program must meet, such as 'iop & evening & medicaid'.")
@click.option("--extend", required=True, type=click.Choice(["evening", "medicaid", "sliding_fee"]))
@click.option("--k", "count", type=int, default=5, show_default=True, help="How many programs change.")
@POINTS
@SOURCE
@click.option("--within", type=REACH, default=15.0, show_default=True, help="Reach in kilometres.")
@STATE
@FORMAT
@guarded
def whatif(
    have: str,
    extend: str,
    count: int,
    points: Path | None,
    name: str | None,
    within: float,
    state: str | None,
    style: str,
) -> None:
    """Find the k programs that, open until 20:00 (or taking Medicaid, or with a sliding fee), reach most people."""
    from iop_analysis.carried import reach
    from iop_analysis.releases import many

    name = name or many.the_only_one()
    people = reach.points_of(points, state or reach.area_of(name))
    table, sites = reach.whatif_table(people, name, have, extend, count, within_km=within)
    show(table.rename(columns=SHORT) if style == "table" else table, style)
    for note in (*sites.notes, CAUTION):
        say(note)
