"""Who lives at the demand points: kind of county, county poverty, tract income, race; and how far each group lives."""

from __future__ import annotations

import numpy as np
import pandas as pd

from iop_analysis import catalog, raw
from iop_analysis.metrics import equity
from iop_analysis.places import context

# Race and income stand in the table of 2017 alone, so groups are measured from its tracts; totals are of 2020.
POINTS, COUNTIES, URBAN_RURAL = "tract_points@2017", "county_context@2018", "urban_rural@2013"
FILES = (POINTS, COUNTIES, URBAN_RURAL)
RACES = ["white_non_hispanic", "black", "hispanic"]
FIFTHS = 5


def labels(dimension: str) -> dict[str, str]:
    """What each group of a dimension is called, by key, in order; the empty key is the dimension itself.

    Examples
    --------
    >>> labels("race")["hispanic"]
    'Hispanic or Latino (of any race)'
    """
    rows = catalog.read_rows("people_groups.csv")
    return {row["key"]: row["label"] for row in rows if row["dimension"] == dimension}


def known_of(points: pd.DataFrame) -> pd.DataFrame:
    """What the files of `FILES` know of each point.

    Parameters
    ----------
    points
        As `places.demand.read_points` gives them, of the tracts of 2017.

    Returns
    -------
    DataFrame
        In the order of the points: `urban_rural` (class of the county in 2013), `poverty_share` (of the county, 0-1),
        `income_median` (dollars, of the tract), residents by race.
    """
    county = points["point_id"].str[:5]
    tracts = context.tract_groups(raw.geography(POINTS)).reindex(points["point_id"]).set_axis(points.index)
    return tracts.assign(
        urban_rural=county.map(context.urban_rural(raw.geography(URBAN_RURAL))),
        poverty_share=county.map(context.county_context(raw.geography(COUNTIES))["poverty_share"]),
    )


def groups(known: pd.DataFrame, population: pd.Series) -> dict[str, pd.DataFrame]:
    """Residents of each point by group, income by fifths of these points' residents.

    Parameters
    ----------
    known
        As `known_of` gives it, of the points of one state.
    population
        Residents of each point.
    """
    edges = [key for key in labels("county_poverty") if key]
    poverty = pd.cut(known["poverty_share"], [*map(float, edges), np.inf], right=False, labels=edges)
    fifths = context.quantile_classes(known["income_median"], population, FIFTHS)
    income = fifths.cat.rename_categories([str(number) for number in range(1, FIFTHS + 1)])
    classes = {"urban_rural": known["urban_rural"], "county_poverty": poverty, "tract_income": income}
    found = {name: equity.class_weights(one, population) for name, one in classes.items()}
    return found | {"race": known[RACES].fillna(0)}


def by_people(near: pd.DataFrame, residents: dict[str, pd.DataFrame], within_km: float) -> pd.DataFrame:
    """How far each group lives from a site that surely, and that possibly, counts; small groups keep their count only.

    Parameters
    ----------
    near
        As `metrics.access.nearest_table` gives it.
    residents
        As `groups` gives it.
    within_km
        Reach.

    Returns
    -------
    DataFrame
        `dimension`, `group`, `population`, `hidden`, `median_sure_km`, `within_sure`, `median_possible_km`,
        `within_possible` (shares of residents within reach, 0-1); groups in which nobody lives are left out.
    """
    table = equity.equity(near, residents, within_km)[["dimension", "group", "population", "hidden"]]
    for kind in ("sure", "possible"):
        parts = [equity.by_group(near, mine, within_km, kind) for mine in residents.values()]
        found = pd.concat(parts, ignore_index=True)
        table[f"median_{kind}_km"], table[f"within_{kind}"] = found["weighted_median_km"], found["share_within"]
    return table[table["population"] > 0].reset_index(drop=True)
