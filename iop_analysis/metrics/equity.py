"""Who lives near: distance by rurality, race, income or poverty, over the residents of each group."""

from __future__ import annotations

import pandas as pd

from iop_analysis.metrics.access import WITHIN_KM, weighted

# Groups of fewer residents say more about one tract than about a group of people.
MINIMUM_RESIDENTS = 1000
UNKNOWN = "not known"


def class_weights(classes: pd.Series, population: pd.Series) -> pd.DataFrame:
    """Residents of each point by the class of the point: a column per class, and `not known` where some have none.

    Examples
    --------
    >>> class_weights(pd.Series(["rural", "urban", None]), pd.Series([5, 7, 1])).to_dict("list")
    {'rural': [5, 0, 0], 'urban': [0, 7, 0], 'not known': [0, 0, 1]}
    """
    known = classes.dropna()
    names = list(classes.cat.categories) if isinstance(classes.dtype, pd.CategoricalDtype) else sorted(known.unique())
    columns = {name: population.where(classes == name, 0) for name in names}
    if classes.isna().any():
        columns[UNKNOWN] = population.where(classes.isna(), 0)
    return pd.DataFrame(columns)


def by_group(
    table: pd.DataFrame,
    residents: pd.DataFrame,
    within: float = WITHIN_KM,
    nearest: str = "sure",
    minimum: float = MINIMUM_RESIDENTS,
) -> pd.DataFrame:
    """Distance to the nearest site over the residents of each group; figures of small groups are hidden.

    Parameters
    ----------
    table
        As `nearest_table` (or `travel_table`) gives it.
    residents
        Residents of each point, a column per group, in the order of `table`; groups may overlap.
    within
        The reach, in the table's unit (the limit included).
    nearest
        `sure` or `possible`.
    minimum
        Groups of fewer residents keep their count and lose their figures.

    Returns
    -------
    DataFrame
        A row per group: `group`, `points` (where any of the group lives), `population`, `weighted_mean_km`,
        `weighted_median_km`, `share_within` (0-1) and `hidden`.

    Examples
    --------
    >>> near = pd.DataFrame({"population": [9000, 40], "nearest_sure_km": [2.0, 50.0]})
    >>> groups = class_weights(pd.Series(["urban", "rural"]), near["population"])
    >>> by_group(near, groups)[["group", "population", "share_within", "hidden"]].values.tolist()
    [['rural', 40.0, nan, True], ['urban', 9000.0, 1.0, False]]
    """
    (column,) = [name for name in map(str, table) if name.startswith(f"nearest_{nearest}_")]
    unit, reach = column.rsplit("_", 1)[1], table[column].to_numpy(float)
    rows = []
    for group in residents:
        weights = residents[group].to_numpy(float)
        hidden = bool(weights.sum() < minimum)
        figures = weighted(reach, weights * (not hidden), within, unit)
        counts = {"group": group, "points": int((weights > 0).sum()), "population": weights.sum()}
        rows.append({**counts, **figures, "hidden": hidden})
    return pd.DataFrame(rows)


def equity(table: pd.DataFrame, dimensions: dict[str, pd.DataFrame], within: float = WITHIN_KM) -> pd.DataFrame:
    """`by_group` for several ways to group people, under each other, with the column `dimension` in front."""
    parts = [by_group(table, residents, within).assign(dimension=name) for name, residents in dimensions.items()]
    joined = pd.concat(parts, ignore_index=True)
    return joined[["dimension", *[name for name in joined if name != "dimension"]]]
