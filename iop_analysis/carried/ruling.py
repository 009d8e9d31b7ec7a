"""Any criterion of a built release held to a distance rule, by straight lines or by a user's own travel times."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from iop_analysis import places, raw
from iop_analysis.carried import adequacy as rules
from iop_analysis.carried import people, programs, reach
from iop_analysis.errors import CallError
from iop_analysis.metrics import adequacy
from iop_analysis.metrics.travel import not_measured
from iop_analysis.places import demand

SHOWN = ["county_fips", "county", *adequacy.COLUMNS[1:]]
PLAIN = "Residents of 2017; every placed site counts, those for people in custody too."
COUNTED = (
    "Residents of 2020; programs for people in custody are left out; unplaced: programs of the state that may meet the "
    "criterion and have no usable address, each of which could turn the counties around one place."
)


@dataclass(frozen=True)
class Ruling:
    """Counties with their verdicts, and what must be said beside them."""

    table: pd.DataFrame
    notes: tuple[str, ...]


def ruling(
    name: str,
    have: str,
    state: str | None = None,
    rule: str = rules.DEFAULT,
    plain: bool = False,
    *,
    travel: Path | str | None = None,
) -> Ruling:
    """Hold the counties of a state (of the release's area where None) to a rule.

    Parameters
    ----------
    name
        A built release.
    have
        A criterion that says itself which programs are meant, such as `iop & medicaid`.
    rule
        Key of `catalog/standards.csv`.
    plain
        Count as `access` does: every placed site, those for people in custody too, for the residents of 2017. Else the
        residents of 2020, custody left out, and possible programs without an address counted beside (`unplaced`).
    travel
        Travel times (`places.journeys.read`); minutes are then held to the rule's minutes. A point that it does not
        measure is not surely within, and may be.
    """
    standard = rules.standard(rule)
    area = standard["area"].iloc[0]
    if state and area not in ("US", state):
        raise CallError(f"{standard['rule'].iloc[0]} bind {standard['binds'].iloc[0]} only; ask for --state {area}.")
    asked = programs.asked(name, have, custody=plain)
    residents = demand.read_points(raw.geography(people.POINTS if plain else reach.POINTS))
    points = programs.area_points(name, state or (None if area == "US" else area), residents)
    near, said = _by_travel(points, name, have, travel) if travel else (asked.distances(points), ())
    county = reach.counties_of(points)
    table = adequacy.adequacy(near, county, programs.types(), standard, "minutes" if travel else "km")
    names = places.counties().set_index("county_fips")["label"]
    table = table.assign(county=table["county_fips"].map(names))
    shown = SHOWN if plain else [*SHOWN, "unplaced"]
    payer = reach.OWN_STATE if asked.same_state else reach.ANY_STATE
    counted = PLAIN if plain else COUNTED
    return Ruling(
        rules.with_unplaced(table, asked)[shown],
        (*said, *programs.not_asked(name, have), payer, counted, *_words(table, standard, bool(travel))),
    )


def _by_travel(points: pd.DataFrame, name: str, have: str, travel: Path | str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Minutes to the nearest program that surely, and that possibly, counts, and how many points are not measured."""
    table, said = reach.travel_table(points, reach.counting_sites(name, have), travel, within_minutes=0)
    near = table[["point_id", "population"]].assign(
        lower_minutes=table["nearest_sure_minutes"], widest_minutes=table["nearest_possible_minutes"].fillna(0.0)
    )
    return near, (*said, not_measured(table)[2])


def _words(table: pd.DataFrame, standard: pd.DataFrame, by_minutes: bool) -> tuple[str, ...]:
    """What the verdicts count up to, whom the rule binds, how it was read, and what it cannot say."""
    counts = adequacy.verdict_counts(table)
    rows = counts.itertuples(index=False)
    told = "; ".join(f"{row.verdict}: {row.counties:,} counties, {row.residents:,} residents" for row in rows)
    rule = standard.iloc[0]
    return (
        f"{told}.",
        f"{rule['rule']} ({rule['citation']}; {rule['specialty']}), {rule['read']}. It binds {rule['binds']}.",
        *(() if by_minutes else (rules.CAUTION,)),
        rules.NO_CUSTOM,
    )
