"""Which k existing programs, changed in one way, would bring the most people near a program that they can use."""

from __future__ import annotations

from itertools import combinations
from math import comb, e

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array

from iop_analysis.errors import CallError
from iop_analysis.metrics.access import nearest_table, pairs_within, sure_and_possible

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.intp]

REACH_KM = 15.0
# Up to so many sets of k candidates all are tried; beyond, the greedy choice is taken with its bound.
SETS_TRIED = 20_000
GREEDY_BOUND = 1 - 1 / e


def whatif(
    points: pd.DataFrame,
    sites: pd.DataFrame,
    now: pd.Series,
    extended: pd.Series,
    k: int,
    *,
    within_km: float = REACH_KM,
    same_state: bool = False,
    unknown: bool = False,
) -> pd.DataFrame:
    """The k programs whose change would newly bring the most residents within reach of a program they can use.

    A candidate surely does not meet today's criterion and would surely meet the extended one. Where every set of k
    candidates can be tried, the best one is returned; else candidates are taken one by one, each time the one that adds
    most (Nemhauser, Wolsey and Fisher 1978), which reaches at least 1 - 1/e of the best.

    Parameters
    ----------
    points
        `point_id`, `population`, `latitude`, `longitude` (of tracts, not of
        counties); with `same_state` also `state`.
    sites
        `facility_id`, `latitude`, `longitude`; with `same_state` also `state`.
    now
        Nullable boolean per site: meets the criterion today.
    extended
        Nullable boolean per site: would meet it after the change (open until 20:00, say, and all else as today).
    k
        How many programs change.
    within_km
        Reach, great circle.
    same_state
        Whether a site serves only points of its own state.
    unknown
        What an unknown answer of today is taken for: True leaves fewer people to gain.

    Returns
    -------
    DataFrame
        A row per chosen program, the one that adds most first: `facility_id`, `gained_population` (residents it adds to
        those before it), `covered_population` and `covered_share` (0-1, with it and those before, today's included),
        `of_best_share`: the gain of the whole choice is at least this share of the best possible (1: it is the best).
        Fewer rows where no other program adds anybody.

    Raises
    ------
    CallError
        `k` is below 1, or `same_state` is asked for and a point has no state.
    """
    if k < 1:
        raise CallError(f"{k} programs cannot change; ask for 1 or more.")
    able = np.flatnonzero(candidates(sites, now, extended))
    population = points["population"].to_numpy(float)
    today = now.astype("boolean").fillna(unknown)
    covered = nearest_table(points, sites, today, within_km, same_state)["within_count"].to_numpy() > 0
    new = _reached(points, sites.iloc[able], within_km, same_state)
    chosen, of_best = choose(new, np.where(covered, 0.0, population), k)
    gained = np.array([gain for _, gain in chosen], dtype=float)
    table = pd.DataFrame(
        {
            "facility_id": sites["facility_id"].iloc[able[[row for row, _ in chosen]]].to_numpy(),
            "gained_population": gained,
            "covered_population": population[covered].sum() + np.cumsum(gained),
        }
    )
    return table.assign(covered_share=table["covered_population"] / population.sum(), of_best_share=of_best)


def levers(
    points: pd.DataFrame,
    sites: pd.DataFrame,
    now: pd.Series,
    extended: pd.Series,
    k: int,
    *,
    within_km: float = REACH_KM,
    same_state: bool = False,
) -> pd.DataFrame:
    """`whatif` at both bounds: `unknowns` says what every unknown answer of today is taken for, no or yes.

    The two choices may be of different programs. Where every unknown is a no, most people are left to gain: that is the
    most the change could bring; where it is a yes, the least.
    """
    tables = [
        whatif(points, sites, now, extended, k, within_km=within_km, same_state=same_state, unknown=unknown).assign(
            unknowns=said
        )
        for said, unknown in (("no", False), ("yes", True))
    ]
    joined = pd.concat(tables, ignore_index=True)
    return joined[["unknowns", *[name for name in joined if name != "unknowns"]]]


def candidates(sites: pd.DataFrame, now: pd.Series, extended: pd.Series) -> Flags:
    """Sites with a point that surely do not meet today's criterion and would surely meet the extended one."""
    placed = sites[["latitude", "longitude"]].notna().all(axis=1).to_numpy()
    able: Flags = placed & sure_and_possible(sites, extended)[0] & ~sure_and_possible(sites, now)[1]
    return able


def _reached(points: pd.DataFrame, sites: pd.DataFrame, within_km: float, same_state: bool) -> csr_array:
    """Matrix of sites by points: 1 where the point is within reach of the site."""
    pairs = pairs_within(points, sites, within_km)
    site, point = pairs.site, pairs.points()
    if same_state:
        own = sites["state"].to_numpy(object)[site] == points["state"].to_numpy(object)[point]
        site, point = site[own], point[own]
    return csr_array((np.ones(len(site)), (site, point)), shape=(len(sites), len(points)))


def choose(reached: csr_array, weights: Floats, k: int) -> tuple[list[tuple[int, float]], float]:
    """At most k rows that together cover the most weight, and the share of the best that they surely reach.

    Parameters
    ----------
    reached
        Matrix of shape (candidates, points) that holds 1 where a candidate covers a point.
    weights
        Residents per point.

    Returns
    -------
    chosen, share
        Position and added weight of each row, the one that adds most first; a share (0-1) of the best possible sum.

    Examples
    --------
    >>> reached = csr_array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1]])
    >>> choose(reached, np.array([3.0, 4.0, 4.0, 2.0]), k=2)
    ([(0, 7.0), (2, 6.0)], 1.0)
    """
    useful = np.flatnonzero(reached @ weights > 0)
    k = min(k, len(useful))
    chosen, ceiling = greedy(reached, weights, useful, k)
    covered = sum(gain for _, gain in chosen)
    if covered >= ceiling or not chosen:
        return chosen, 1.0
    if comb(len(useful), k) > SETS_TRIED:
        return chosen, max(GREEDY_BOUND, covered / ceiling)
    flags = reached[useful].toarray() > 0
    best = max(
        combinations(range(len(useful)), k), key=lambda rows: float(weights[flags[list(rows)].any(axis=0)].sum())
    )
    return greedy(reached, weights, useful[list(best)], k)[0], 1.0


def greedy(reached: csr_array, weights: Floats, among: Whole, k: int) -> tuple[list[tuple[int, float]], float]:
    """At most k of the rows, each the one that adds most to those before, and a sum that no k rows exceed.

    That sum: what is covered so far and the k largest additions that are left, the least of these over the steps
    (an addition only shrinks as more is covered).
    """
    rows, left = reached[among], weights.copy()
    chosen: list[tuple[int, float]] = []
    ceiling, covered = np.inf, 0.0
    while len(chosen) <= k:
        added = rows @ left
        ceiling = min(ceiling, covered + float(np.sort(added)[-k:].sum()))
        if len(chosen) == k or added.max(initial=0.0) <= 0:
            break
        best = int(added.argmax())
        chosen.append((int(among[best]), float(added[best])))
        covered += float(added[best])
        left[rows.indices[rows.indptr[best] : rows.indptr[best + 1]]] = 0.0
    return chosen, ceiling
