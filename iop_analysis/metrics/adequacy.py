"""Adequacy: whether enough residents of a county have a listed program within the distance of a published rule."""

from __future__ import annotations

import numpy as np
import pandas as pd

from iop_analysis.places.sphere import KM_PER_MILE

WITHIN, NONE_LISTED, CANNOT_TELL = "within", "none listed within", "cannot tell"
VERDICTS = (WITHIN, NONE_LISTED, CANNOT_TELL)
COLUMNS = [
    "county_fips",
    "county_type",
    "residents",
    "limit",
    "share_required",
    "lower_share",
    "upper_share",
    "verdict",
]


def adequacy(
    near: pd.DataFrame, county: pd.Series, types: pd.Series, standard: pd.DataFrame, unit: str = "km"
) -> pd.DataFrame:
    """Hold every county to a rule: share of its residents within the rule's distance, surely and possibly.

    *within*: enough residents have a site that surely counts; *none listed within*: too few would have one even if
    every unknown were a yes; else *cannot tell*. Straight lines are never longer than roads, so *within* by kilometres
    proves nothing about roads, and *none listed* is about the list. A county whose type is not known cannot be told.

    Parameters
    ----------
    near
        A row a point: `population`, and how far the nearest site is that surely and that possibly counts, in the
        columns `lower_UNIT` and `widest_UNIT`.
    county
        County FIPS code per point, in the order of `near`; points without one are left out.
    types
        Type of each county, by FIPS code.
    standard
        A rule: `county_type`, `max_miles`, `max_minutes`, `share_required` (0-1).
    unit
        `km` (held to `max_miles`) or `minutes` (held to `max_minutes`).

    Returns
    -------
    DataFrame
        The columns of `COLUMNS`, a row for each county where anybody lives, in the order of the codes; `limit` in miles
        or minutes, shares 0-1.
    """
    rule = standard.set_index("county_type")
    limits = rule["max_miles" if unit == "km" else "max_minutes"].astype(float)
    limit = county.map(types).map(limits).to_numpy(float) * (KM_PER_MILE if unit == "km" else 1.0)
    people = near["population"].to_numpy(float)
    counted = {
        bound: np.where(near[f"{bound}_{unit}"].to_numpy(float) <= limit, people, 0.0) for bound in ("lower", "widest")
    }
    sums = pd.DataFrame({"residents": people, **counted}).groupby(county.to_numpy(object)).sum()
    sums = sums[sums["residents"] > 0].rename_axis("county_fips").reset_index()
    kind = sums["county_fips"].map(types)
    table = pd.DataFrame(
        {
            "county_fips": sums["county_fips"],
            "county_type": kind,
            "residents": sums["residents"].astype("int64"),
            "limit": kind.map(limits),
            "share_required": kind.map(rule["share_required"].astype(float)),
            "lower_share": (sums["lower"] / sums["residents"]).where(kind.notna()),
            "upper_share": (sums["widest"] / sums["residents"]).where(kind.notna()),
        }
    )
    return table.assign(verdict=verdicts(table))[COLUMNS]


def verdicts(table: pd.DataFrame) -> np.ndarray:
    """The verdict on each county, of `lower_share`, `upper_share` and `share_required`.

    Examples
    --------
    >>> shares = pd.DataFrame({"lower_share": [0.9, 0.1, 0.1], "upper_share": [1.0, 0.9, 0.8], "share_required": 0.9})
    >>> verdicts(shares).tolist()
    ['within', 'cannot tell', 'none listed within']
    """
    enough = (table["lower_share"] >= table["share_required"]).to_numpy(bool)
    too_few = (table["upper_share"] < table["share_required"]).to_numpy(bool)
    return np.select([enough, too_few], [WITHIN, NONE_LISTED], CANNOT_TELL)


def verdict_counts(table: pd.DataFrame) -> pd.DataFrame:
    """Counties and their residents by verdict, every verdict named: `verdict`, `counties`, `residents`."""
    grouped = table.groupby("verdict")["residents"].agg(["size", "sum"]).reindex(list(VERDICTS), fill_value=0)
    return grouped.set_axis(["counties", "residents"], axis=1).rename_axis("verdict").reset_index()
