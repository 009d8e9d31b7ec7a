"""Straight-line access: how far each point is from the nearest site, sure or possible, and how many are in reach."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from iop_analysis.errors import CallError
from iop_analysis.metrics.catchment import Pairs
from iop_analysis.places.sphere import arc_km, chord, unit_vectors

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.intp]

WITHIN_KM = 16.0934  # ten miles
# Points are asked in blocks of this size, each on a processor of its own: small enough to stay in its cache, so that
# 8 million census blocks need neither 2 GB nor a sorting.
BLOCK = 50_000


def nearest(points: pd.DataFrame, sites: pd.DataFrame, k: int = 1) -> tuple[Floats, Whole]:
    """Great-circle kilometres to the k nearest sites of each point, and their positions in `sites`.

    Parameters
    ----------
    points, sites
        `latitude` and `longitude` in degrees; sites without a point are passed over.
    k
        How many sites, nearest first.

    Returns
    -------
    km, position
        Two arrays of shape (points, k). Where there are fewer than k sites: infinite, and -1.

    Examples
    --------
    >>> points = pd.DataFrame({"latitude": [40.0], "longitude": [-105.0]})
    >>> sites = pd.DataFrame({"latitude": [42.0, 41.0], "longitude": [-105.0, -105.0]})
    >>> km, position = nearest(points, sites, k=2)
    >>> km.round(2).tolist(), position.tolist()
    ([[111.2, 222.39]], [[1, 0]])
    """
    placed = np.flatnonzero(sites[["latitude", "longitude"]].notna().all(axis=1).to_numpy())
    km = np.full((len(points), k), np.inf)
    position = np.full((len(points), k), -1, dtype=np.intp)
    if len(placed) == 0:
        return km, position
    tree = cKDTree(_vectors(sites.iloc[placed]))
    known = np.append(placed, -1)  # the tree answers with its own size where it has no k-th neighbour

    def work(block: slice, vectors: Floats) -> None:
        chords, found = tree.query(vectors, k=[*range(1, k + 1)])
        km[block], position[block] = arc_km(chords), known[found]

    _by_block(points, work)
    return km, position


def within_count(points: pd.DataFrame, sites: pd.DataFrame, within_km: float) -> Whole:
    """How many sites lie within `within_km` (great circle, the limit included) of each point; none is 0."""
    counts = np.zeros(len(points), dtype=np.intp)
    placed = sites.dropna(subset=["latitude", "longitude"])
    if len(placed) == 0:
        return counts
    tree, reach = cKDTree(_vectors(placed)), _reach(within_km)

    def work(block: slice, vectors: Floats) -> None:
        counts[block] = tree.query_ball_point(vectors, reach, return_length=True)

    _by_block(points, work)
    return counts


def pairs_within(points: pd.DataFrame, sites: pd.DataFrame, within_km: float) -> Pairs:
    """Every point and site that lie within `within_km` of each other, with their great-circle kilometres.

    Returns
    -------
    Pairs
        Sites by position, grouped by point in the order of `points`, nearest position first within a point.
    """
    placed = np.flatnonzero(sites[["latitude", "longitude"]].notna().all(axis=1).to_numpy())
    if len(placed) == 0 or len(points) == 0:
        return Pairs.of([], [], [], len(points))
    trees = (cKDTree(_vectors(points)), cKDTree(_vectors(sites.iloc[placed])))
    found = trees[0].sparse_distance_matrix(trees[1], _reach(within_km), output_type="ndarray")
    return Pairs.of(found["i"], placed[found["j"]], arc_km(found["v"]), len(points))


def nearest_table(
    points: pd.DataFrame,
    sites: pd.DataFrame,
    answer: pd.Series | None = None,
    within_km: float = WITHIN_KM,
    same_state: bool = False,
) -> pd.DataFrame:
    """How far each point is from the nearest site that surely, and that possibly, meets a criterion.

    A site is sure where the answer is True and possible where it is True or unknown. Sites without a point take
    no part: count them and say so.

    Parameters
    ----------
    points
        `point_id`, `population`, `latitude`, `longitude`; with `same_state` also `state`.
    sites
        `latitude`, `longitude`; with `same_state` also `state`.
    answer
        Nullable boolean per site; every site is sure where it is left out.
    within_km
        Reach, in kilometres, for `within_count`.
    same_state
        Whether only sites of the point's own state count, as for Medicaid, which pays in its state.

    Returns
    -------
    DataFrame
        A row per point: `point_id`, `population`, `nearest_sure_km`, `nearest_possible_km` (0 at the site itself,
        infinite where no site counts) and `within_count`, the number of sure sites within reach.

    Raises
    ------
    CallError
        `same_state` is asked for and a point has no state.
    """
    sure, possible = sure_and_possible(sites, answer)
    sure_km, possible_km = np.full(len(points), np.inf), np.full(len(points), np.inf)
    counts = np.zeros(len(points), dtype=np.intp)
    for here, there in _markets(points, sites, same_state):
        some = points.iloc[here]
        sure_km[here] = nearest(some, sites[sure & there])[0][:, 0]
        possible_km[here] = nearest(some, sites[possible & there])[0][:, 0]
        counts[here] = within_count(some, sites[sure & there], within_km)
    table = points[["point_id", "population"]].reset_index(drop=True)
    return table.assign(nearest_sure_km=sure_km, nearest_possible_km=possible_km, within_count=counts)


def sure_and_possible(
    sites: pd.DataFrame, answer: pd.Series | None
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Two flags per site: the answer is True; the answer is True or unknown."""
    if answer is None:
        answer = pd.Series(True, index=sites.index)
    answers = answer.astype("boolean")
    return answers.fillna(False).to_numpy(bool), answers.fillna(True).to_numpy(bool)


def _markets(
    points: pd.DataFrame, sites: pd.DataFrame, same_state: bool
) -> Iterator[tuple[slice | Whole, npt.NDArray[np.bool_]]]:
    """Rows of points and flags of sites that may serve them: all, or state by state."""
    if not same_state:
        yield slice(None), np.ones(len(sites), dtype=bool)
        return
    require_states(points)
    homes, of_sites = points["state"].to_numpy(object), sites["state"].to_numpy(object)
    for state in pd.unique(homes):
        yield np.flatnonzero(homes == state), of_sites == state


def require_states(points: pd.DataFrame) -> None:
    """Stop where in-state sites are asked for and some point has no state."""
    if "state" not in points or points["state"].fillna("").eq("").any():
        raise CallError(
            "Some points have no state, so that in-state sites cannot be told; give the points a column `state`, or "
            "use Census identifiers."
        )


def summary(table: pd.DataFrame, within: float = WITHIN_KM, nearest: str = "sure") -> pd.DataFrame:
    """One row that sums up distances (or minutes): quartiles over points, means and shares over residents.

    Parameters
    ----------
    table
        As `nearest_table` gives it, or the like in minutes.
    within
        The reach, in the table's unit (the limit included).
    nearest
        `sure` or `possible`.

    Returns
    -------
    DataFrame
        `points`, `population`, `p25_km`, `median_km`, `p75_km` (over points, unweighted), `weighted_mean_km`,
        `weighted_median_km` (half of the residents live no farther) and `share_within` (0-1, of residents).
        Infinite means that the nearest site of too many is out of reach; missing, that there are no residents.
        Points that were not measured (missing) count in the first two alone, and `population_not_measured` follows.

    Examples
    --------
    >>> near = pd.DataFrame({"population": [1, 3], "nearest_sure_km": [2.0, 4.0]})
    >>> summary(near, within=3).round(2).iloc[0].to_dict()
    {'points': 2.0, 'population': 4.0, 'p25_km': 2.5, 'median_km': 3.0, 'p75_km': 3.5,
    'weighted_mean_km': 3.5, 'weighted_median_km': 4.0, 'share_within': 0.25}
    """
    (column,) = [name for name in map(str, table) if name.startswith(f"nearest_{nearest}_")]
    unit = column.rsplit("_", 1)[1]
    missing = table[column].isna().to_numpy()
    reach, population = (table[name].to_numpy(float)[~missing] for name in (column, "population"))
    p25, median, p75 = quantiles(reach, (0.25, 0.5, 0.75))
    values = {
        "points": len(table),
        "population": float(table["population"].sum()),
        f"p25_{unit}": p25,
        f"median_{unit}": median,
        f"p75_{unit}": p75,
        **weighted(reach, population, within, unit),
    }
    if missing.any():
        values["population_not_measured"] = float(table["population"][missing].sum())
    return pd.DataFrame([values])


def quantiles(values: Floats, shares: tuple[float, ...]) -> list[float]:
    """Quantiles by linear interpolation between ranks (numpy's default); infinite values sort last and stay so."""
    if len(values) == 0:
        return [np.nan] * len(shares)
    ordered = np.sort(values)
    place = np.array(shares) * (len(values) - 1)
    low, high = ordered[np.floor(place).astype(int)], ordered[np.ceil(place).astype(int)]
    step = np.where(np.isinf(high) & ~np.isinf(low) & (place % 1 > 0), np.inf, 0.0)
    finite = ~np.isinf(high)
    step[finite] = (high[finite] - low[finite]) * (place % 1)[finite]
    return [float(value) for value in low + step]


def weighted(values: Floats, weights: Floats, within: float, unit: str = "km") -> dict[str, float]:
    """Weighted mean and median of distances and the share of the weights within reach; missing without weights."""
    names = (f"weighted_mean_{unit}", f"weighted_median_{unit}", "share_within")
    total = weights.sum()
    if total == 0:
        return dict.fromkeys(names, np.nan)
    lived = weights > 0  # an unreachable point where nobody lives moves no mean
    mean = float((values[lived] * weights[lived]).sum() / total)
    return dict(
        zip(
            names, (mean, weighted_quantile(values, weights, 0.5), weights[values <= within].sum() / total), strict=True
        )
    )


def weighted_quantile(values: Floats, weights: Floats, share: float) -> float:
    """Smallest value that at least `share` of the weights do not exceed.

    Examples
    --------
    >>> weighted_quantile(np.array([5.0, 1.0, 9.0]), np.array([1.0, 2.0, 1.0]), 0.5)
    1.0
    """
    order = np.argsort(values, kind="stable")
    heaped = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(heaped, share * heaped[-1])])


def _vectors(table: pd.DataFrame) -> Floats:
    return unit_vectors(table["latitude"].to_numpy(float), table["longitude"].to_numpy(float))


def _reach(km: float) -> float:
    """Chord of a reach, a hair longer, so that a site exactly at the limit is in."""
    return chord(km) * (1 + 1e-12)


def _by_block(points: pd.DataFrame, work: Callable[[slice, Floats], None]) -> None:
    """Give `work` each block of points with its unit vectors; numpy and the tree run on all processors at once."""
    latitude, longitude = (points[name].to_numpy(float) for name in ("latitude", "longitude"))

    def one(start: int) -> None:
        block = slice(start, start + BLOCK)
        work(block, unit_vectors(latitude[block], longitude[block]))

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(one, range(0, len(points), BLOCK)))  # the list lets an error out
