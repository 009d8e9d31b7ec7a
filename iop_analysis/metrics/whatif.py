"""Which k existing programs, changed in one way, would bring the most people near a program that they can use."""

from __future__ import annotations

from itertools import combinations
from math import comb, e

import numpy as np
import numpy.typing as npt
import pandas as pd

from iop_analysis.errors import CallError
from iop_analysis.metrics.access import pairs_within, require_states, sure_and_possible

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

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
    within_km: float = REACH_KM,
    same_state: bool = False,
) -> pd.DataFrame:
    """The k programs whose change would newly bring the most residents within reach of a program they can use.

    A candidate meets the extended criterion surely and does not surely meet today's. Where every set of k candidates
    can be tried, the best one is returned; else candidates are taken one by one, each time the one that adds most
    (Nemhauser, Wolsey and Fisher 1978), which reaches at least 1 - 1/e of the best.

    Parameters
    ----------
    points
        `population`, `latitude`, `longitude` (tract points, not county centers); with `same_state` also `state`.
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

    Returns
    -------
    DataFrame
        A row per chosen program, the one that adds most first: `facility_id`, `today` (no | unknown),
        `gained_population` (residents it adds to those before it), `covered_population` and `covered_share` (0-1,
        with it and those before, today's included), `of_best_share`: the gain of the whole choice is at least this
        share of the best possible (1: it is the best). Fewer rows where no other program adds anybody.

    Raises
    ------
    CallError
        `k` is below 1, or `same_state` is asked for and a point has no state.
    """
    if k < 1:
        raise CallError(f"{k} programs cannot change; ask for 1 or more.")
    today = sure_and_possible(sites, now)[0]
    able = candidates(sites, now, extended)
    population = points["population"].to_numpy(float)
    reached = _reached(points, sites, within_km, same_state)
    covered = reached[today].any(axis=0)
    gains = reached[able] & ~covered
    chosen, of_best = choose(gains, population, k)
    rows = sites.iloc[np.flatnonzero(able)[chosen]]
    unknown = now.astype("boolean").isna().to_numpy()[able][chosen]
    added = np.array(_steps(gains, population, chosen))
    table = pd.DataFrame(
        {
            "facility_id": rows["facility_id"].to_numpy(),
            "today": np.where(unknown, "unknown", "no"),
            "gained_population": added,
            "covered_population": population[covered].sum() + np.cumsum(added),
        }
    )
    return table.assign(covered_share=table["covered_population"] / population.sum(), of_best_share=of_best)


def candidates(sites: pd.DataFrame, now: pd.Series, extended: pd.Series) -> Flags:
    """Sites with a point that would surely meet the extended criterion and do not surely meet today's."""
    placed = sites[["latitude", "longitude"]].notna().all(axis=1).to_numpy()
    able: Flags = placed & sure_and_possible(sites, extended)[0] & ~sure_and_possible(sites, now)[0]
    return able


def _reached(points: pd.DataFrame, sites: pd.DataFrame, within_km: float, same_state: bool) -> Flags:
    """Flags of shape (sites, points): the point is within reach of the site."""
    pairs = pairs_within(points, sites, within_km)
    reached = np.zeros((len(sites), len(points)), dtype=bool)
    reached[pairs.site, pairs.points()] = True
    if same_state:
        require_states(points)
        reached &= sites["state"].to_numpy(object)[:, None] == points["state"].to_numpy(object)[None, :]
    return reached


def choose(gains: Flags, weights: Floats, k: int) -> tuple[list[int], float]:
    """Rows of `gains`, at most k, that together cover the most weight, and the share of the best that they reach.

    Parameters
    ----------
    gains
        Flags of shape (candidates, points).
    weights
        Residents per point.

    Returns
    -------
    chosen, share
        Positions, the one that adds most first, and a share (0-1) of the best possible gain that is surely reached.
    """
    useful = np.flatnonzero(gains @ weights > 0)
    k = min(k, len(useful))
    if comb(len(useful), k) <= SETS_TRIED:
        best = max(combinations(useful, k), key=lambda rows: weights[gains[list(rows)].any(axis=0)].sum())
        return greedy(gains, weights, list(best), k)[0], 1.0
    chosen, ceiling = greedy(gains, weights, list(useful), k)
    reached = weights[gains[chosen].any(axis=0)].sum()
    return chosen, max(GREEDY_BOUND, reached / ceiling)


def greedy(gains: Flags, weights: Floats, among: list[int], k: int) -> tuple[list[int], float]:
    """At most k of the rows, each the one that adds most to those before, and a ceiling that no k rows exceed.

    The ceiling: what is covered so far and the k largest additions that are left, the least of these sums over the
    steps (an addition only shrinks as more is covered).
    """
    rows, chosen = np.array(among, dtype=int), list[int]()
    left, ceiling = weights.copy(), np.inf
    for _ in range(k):
        added = gains[rows] @ left
        ceiling = min(ceiling, weights.sum() - left.sum() + np.sort(added)[-k:].sum())
        if added.max(initial=0.0) <= 0:
            break
        chosen.append(int(rows[added.argmax()]))
        left = np.where(gains[chosen[-1]], 0.0, left)
    return chosen, ceiling


def _steps(gains: Flags, weights: Floats, chosen: list[int]) -> list[float]:
    """Weight that each chosen row adds to those before it."""
    covered = np.logical_or.accumulate(gains[chosen], axis=0) if chosen else np.zeros((0, len(weights)), dtype=bool)
    return np.diff(covered @ weights, prepend=0.0).tolist()
