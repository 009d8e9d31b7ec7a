"""Residents within reach of a program, by place: surely, possibly, and at the widest that the list allows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from iop_analysis.metrics.access import nearest, require_states
from iop_analysis.places.sphere import KM_PER_MILE

MILES = (5, 10)
# lower: listed programs that surely meet the criterion; upper: listed programs that may;
# widest: also the sites of which the list does not say whether they are such programs at all.
BOUNDS = ("lower", "upper", "widest")

Flags = npt.NDArray[np.bool_]


def counting(member: pd.Series, answer: pd.Series) -> dict[str, Flags]:
    """Which sites count at each of `BOUNDS`.

    Parameters
    ----------
    member, answer
        Nullable booleans per site: whether it is such a program at all, and whether it meets the criterion.

    Examples
    --------
    >>> yes, unsure = pd.Series([True, True, None], dtype="boolean"), pd.Series([True, None, True], dtype="boolean")
    >>> {bound: flags.tolist() for bound, flags in counting(yes, unsure).items()}
    {'lower': [True, False, False], 'upper': [True, True, False], 'widest': [True, True, True]}
    """
    inside, sure = (one.astype("boolean").fillna(False).to_numpy(bool) for one in (member, answer))
    maybe, possible = (one.astype("boolean").fillna(True).to_numpy(bool) for one in (member, answer))
    return {"lower": inside & sure, "upper": inside & possible, "widest": maybe & possible}


def distances(
    points: pd.DataFrame, sites: pd.DataFrame, counts: dict[str, Flags], same_state: bool = False
) -> pd.DataFrame:
    """How far each point is from the nearest site that counts at each bound; sites without a point take no part.

    Parameters
    ----------
    points
        `point_id`, `population`, `latitude`, `longitude`; with `same_state` also `state`.
    sites
        `latitude`, `longitude`; with `same_state` also `state`.
    counts
        Flags per site, as `counting` gives them.
    same_state
        Whether only sites of the point's own state count, as for Medicaid, which pays in its state.

    Returns
    -------
    DataFrame
        `point_id`, `population`, and a column BOUND`_km` for each of `counts`: great-circle kilometres, infinite where
        no site counts.
    """
    table = points[["point_id", "population"]].reset_index(drop=True)
    if same_state:
        require_states(points)
    homes = points["state"].to_numpy(object) if same_state else np.full(len(points), "")
    at = sites["state"].to_numpy(object) if same_state else np.full(len(sites), "")
    found = {bound: np.full(len(points), np.inf) for bound in counts}
    for home in pd.unique(homes):
        here = np.flatnonzero(homes == home)
        for bound, flags in counts.items():
            found[bound][here] = nearest(points.iloc[here], sites[flags & (at == home)])[0][:, 0]
    return table.assign(**{f"{bound}_km": km for bound, km in found.items()})


def residents_within(near: pd.DataFrame, homes: pd.DataFrame, miles: Sequence[int] = MILES) -> pd.DataFrame:
    """Residents of each place who live within so many miles of a site that counts; the limit is included.

    Parameters
    ----------
    near
        As `distances` gives it: one row a point, a column BOUND`_km` for each bound.
    homes
        Who of a point lives in which place: `point_id`, `place`, `population`. A point that places divide has a row for
        each; its residents are taken to live at its center all the same. Points that `near` lacks are left out.
    miles
        The reaches.

    Returns
    -------
    DataFrame
        A row a place, in the order of the codes: `place`, `population`, then `within_Nmi_BOUND` (residents) and
        `farthest_BOUND_km` (how far anybody there lives; infinite where no site counts, missing where nobody lives).
        Sums over the places of a level are the sums over its points.

    Examples
    --------
    >>> near = pd.DataFrame({"point_id": ["a", "b"], "population": [10, 5], "lower_km": [3.0, 20.0]})
    >>> homes = pd.DataFrame({"point_id": ["a", "a", "b"], "place": ["x", "y", "y"], "population": [6, 4, 5]})
    >>> residents_within(near, homes)[["place", "population", "within_5mi_lower"]].values.tolist()
    [['x', 6, 6], ['y', 9, 4]]
    """
    rows = pd.Index(near["point_id"]).get_indexer(pd.Index(homes["point_id"]))
    homes, rows = homes[rows >= 0], rows[rows >= 0]
    codes, names = pd.factorize(homes["place"], sort=True)
    people = homes["population"].to_numpy(float)

    def total(flags: Flags) -> npt.NDArray[np.int64]:
        return np.rint(np.bincount(codes[flags], people[flags], len(names))).astype("int64")

    table = {"place": names, "population": total(np.ones(len(homes), dtype=bool))}
    kilometres = {str(name).removesuffix("_km"): near[name].to_numpy(float)[rows] for name in near if _is_km(name)}
    for mile in miles:
        for bound, km in kilometres.items():
            table[f"within_{mile}mi_{bound}"] = total(km <= mile * KM_PER_MILE)
    for bound, km in kilometres.items():
        table[f"farthest_{bound}_km"] = _largest(km[people > 0], codes[people > 0], len(names))
    return pd.DataFrame(table)


def _is_km(name: object) -> bool:
    return str(name).endswith("_km")


def _largest(values: npt.NDArray[np.float64], codes: npt.NDArray[np.intp], count: int) -> npt.NDArray[np.float64]:
    """Largest value of each code; missing where it has none."""
    found = np.full(count, -np.inf)
    np.maximum.at(found, codes, values)
    found[~np.isin(np.arange(count), codes)] = np.nan
    return found


def share_of_residents(shares: pd.Series, homes: pd.DataFrame) -> pd.Series:
    """Mean of a share of points over the residents of each place, by `place`; points without a share are left out.

    Parameters
    ----------
    shares
        A share (0-1) by `point_id`, such as that of households without a vehicle.
    homes
        As in `residents_within`.

    Examples
    --------
    >>> homes = pd.DataFrame({"point_id": ["a", "b"], "place": ["x", "x"], "population": [30, 10]})
    >>> share_of_residents(pd.Series({"a": 0.1, "b": 0.5}), homes).round(3).to_dict()
    {'x': 0.2}
    """
    share = homes["point_id"].map(shares)
    people = homes["population"].where(share.notna(), 0.0)
    sums = pd.DataFrame({"share": share.fillna(0) * people, "people": people}).groupby(homes["place"]).sum()
    return sums["share"] / sums["people"].where(sums["people"] > 0)
