"""One question asked of one release, listing or survey: coverage by place, and what must be said beside it."""

from __future__ import annotations

import pandas as pd

from iop_analysis import catalog, criteria, places
from iop_analysis.criteria import disclosure, hours_tests
from iop_analysis.metrics import coverage, small_cells, trends, witnesses
from iop_analysis.places import districts
from iop_analysis.releases.listing import Listing
from iop_analysis.releases.respondents import Respondents


def coverage_of(
    loaded: Listing | Respondents,
    have: str,
    of: str,
    by: str | None = None,
    state: str | None = None,
    *,
    side: str = "",
) -> tuple[pd.DataFrame, str]:
    """Coverage of a loaded release, and a sentence where its known share is empty.

    Places without a facility get a row: states of the source's area, counties of the state (or of the area). Of a
    survey one universe is counted (`side`: su or mh), small cells are hidden, and what would tell respondents apart
    is refused.
    """
    if state:
        places.check_state(state)
    if isinstance(loaded, Respondents):
        return _of_survey(loaded, have, of, by, state, side), ""
    facilities, hours = loaded.facilities, loaded.hours
    if state:
        facilities = facilities[facilities["state"].eq(state)]
    area = catalog.source_of(loaded.release).area
    table = coverage.coverage(facilities, hours, have, of, by, places=_places(by, state, area))
    said = coverage.why_no_known_share(have, loaded.release.list_source)
    if any(("scope", "program") in atom.arguments for atom in criteria.parse(have).atoms):
        inside = criteria.evaluate(of, facilities, hours).result.fillna(False).to_numpy(dtype=bool)
        said = f"{said} {hours_tests.hours_known(facilities[inside], hours).sentence}".strip()
    if not by:
        whole = coverage.shares(coverage.count(facilities, hours, have, of)).iloc[0]
        said = f"{said} {coverage.widest_sentence(whole)}".strip()
    return table, f"{said} {witnesses.agreed_sentence(facilities, hours, have, of)}".strip()


def _of_survey(loaded: Respondents, have: str, of: str, by: str | None, state: str | None, side: str) -> pd.DataFrame:
    source = loaded.release.source
    side = side or catalog.source(source).sides[0]
    disclosure.check(source, have, of, by, state, side=side)
    table = trends.universe(loaded.respondents, side)
    counts_side = small_cells.side_counts(source, side)
    return small_cells.coverage_of(table, have, of, by, _places(by, state, "US"), state=state, side_counts=counts_side)


def _places(by: str | None, state: str | None, area: str) -> list[str]:
    states = [state] if state else list(places.states()["state"]) if area == "US" else [area] if area else []
    if by == "state":
        return states
    if by == "county":
        counties = places.counties()
        return list(counties.loc[counties["state"].isin(states), "county_fips"])
    if by in districts.LEVELS:
        table = districts.named_districts(by)
        elected = ~table["district"].str.endswith(districts.NOT_DEFINED)
        return list(table.loc[table["state"].isin(states) & elected, "district"])
    return []


def place_names(table: pd.DataFrame, by: str | None) -> pd.DataFrame:
    """A table of places with the `name` of each state, county or district behind its code; others as they are."""
    if by == "state":
        names = places.states().set_index("state")["name"]
    elif by == "county":
        names = places.counties().set_index("county_fips")["label"]
    elif by in districts.LEVELS:
        names = districts.named_districts(by).set_index("district")["name"]
    else:
        return table
    named = table.copy()
    named.insert(1, "name", table["place"].map(names).fillna(""))
    return named
