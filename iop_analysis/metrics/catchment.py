"""Floating catchments: supply per resident where residents compete for it (2SFCA, E2SFCA, balanced, RAAM)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from iop_analysis.metrics import balance

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.integer]
Decay = Callable[[Floats], Floats] | tuple[tuple[float, float], ...]

# Weights of Luo and Qi (2009): all of a site within 10 minutes, 0.68 of it within 20, 0.22 within 30, none beyond.
LUO_QI_STEPS = ((10.0, 1.0), (20.0, 0.68), (30.0, 0.22))


@dataclass(frozen=True)
class Pairs:
    """Sites within reach of each point and the cost of going there: those of point i lie at starts[i]:starts[i+1]."""

    starts: Whole
    site: Whole
    cost: Floats

    @classmethod
    def of(cls, point: npt.ArrayLike, site: npt.ArrayLike, cost: npt.ArrayLike, points: int) -> Self:
        """Pairs of three columns in any order: position of the point, position of the site, cost.

        Examples
        --------
        >>> pairs = Pairs.of([1, 0, 1], [5, 5, 2], [3.0, 1.0, 2.0], points=3)
        >>> pairs.starts.tolist(), pairs.site.tolist(), pairs.cost.tolist()
        ([0, 1, 3, 3], [5, 2, 5], [1.0, 2.0, 3.0])
        """
        rows, columns = np.asarray(point, dtype=np.int64), np.asarray(site, dtype=np.int32)
        order = np.lexsort((columns, rows))
        starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=points))])
        starts = starts.astype(np.int32 if len(rows) < 2**31 else np.int64)  # sparse products want one type of index
        return cls(starts, columns[order], np.asarray(cost, dtype=float)[order])

    def points(self) -> Whole:
        """Position of the point of each pair."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))


def two_step(
    population: npt.ArrayLike,
    supply: npt.ArrayLike,
    pairs: Pairs | Iterable[Pairs],
    decay: Decay = ((np.inf, 1.0),),
) -> Floats:
    """Supply per resident within reach of each point: two-step floating catchment area, plain or enhanced.

    Each site's supply is divided by the residents within its reach; each point sums what it reaches. A point that
    reaches nothing has 0. A site with no resident in reach gives 0 to the points, all of them empty, that reach it.

    Parameters
    ----------
    population
        Residents per point, shape (n,).
    supply
        Supply per site, shape (m,): 1 each to count sites.
    pairs
        Which point reaches which site at what cost; or a series of such parts that can be gone through twice.
    decay
        The weight of a cost: steps, pairs of a cost (the limit included) and the weight up to it, costs rising and 0
        beyond the last; or a function of costs such as `linear(30.0)`. One step of weight 1 is 2SFCA; `LUO_QI_STEPS`
        makes it E2SFCA.

    Returns
    -------
    ndarray
        Supply per resident, shape (n,).

    References
    ----------
    Luo W, Wang F (2003), Environment and Planning B 30:865-884. Luo W, Qi Y (2009), Health & Place 15:1100-1107.

    Examples
    --------
    >>> two_step([100, 300], [4.0], Pairs.of([0, 1], [0, 0], [5.0, 15.0], points=2)).tolist()
    [0.01, 0.01]
    """
    residents, supplies = np.asarray(population, float), np.asarray(supply, float)
    shape = (residents.size, supplies.size)
    once = [_weights(pairs, decay, shape)] if isinstance(pairs, Pairs) else []
    parts = [] if isinstance(pairs, Pairs) else pairs
    crowd, access = np.zeros(supplies.size), np.zeros(residents.size)
    for weights in chain(once, (_weights(part, decay, shape) for part in parts)):
        crowd += weights.T @ residents
    ratio = np.divide(supplies, crowd, out=np.zeros_like(crowd), where=crowd > 0)
    for weights in chain(once, (_weights(part, decay, shape) for part in parts)):
        access += weights @ ratio
    return access


def balanced(population: npt.ArrayLike, supply: npt.ArrayLike, pairs: Pairs, decay: Decay) -> Floats:
    """Supply per resident where nobody is counted twice: balanced floating catchment area.

    The weights of each point are divided by their sum, so that every resident is one wherever several sites are in
    reach. Residents times access then add up to the supply that anybody reaches, and nobody's demand is inflated.

    Parameters
    ----------
    population, supply, pairs, decay
        As in `two_step`.

    References
    ----------
    Paez A, Higgins CD, Vivona SF (2019), Demand and level of service inflation in floating catchment area methods,
    PLOS ONE 14:e0218773.

    Examples
    --------
    >>> pairs = Pairs.of([0, 0, 1], [0, 1, 1], [1.0, 1.0, 1.0], points=2)
    >>> (balanced([100, 50], [2.0, 3.0], pairs, ((10.0, 1.0),)) * [100, 50]).sum().round(6).item()
    5.0
    """
    residents, supplies = np.asarray(population, float), np.asarray(supply, float)
    weights = _weights(pairs, decay, (residents.size, supplies.size))
    sums = weights.sum(axis=1)
    weights.data /= np.repeat(np.where(sums > 0, sums, 1.0), np.diff(pairs.starts))
    crowd = weights.T @ residents
    access: Floats = weights @ np.divide(supplies, crowd, out=np.zeros_like(crowd), where=crowd > 0)
    return access


def linear(reach: float) -> Callable[[Floats], Floats]:
    """A decay that falls evenly from 1 at no cost to 0 at `reach`.

    Examples
    --------
    >>> linear(30.0)(np.array([0.0, 15.0, 45.0])).tolist()
    [1.0, 0.5, 0.0]
    """
    return lambda cost: np.clip(1 - cost / reach, 0.0, None)


def exponential(half: float, reach: float = np.inf) -> Callable[[Floats], Floats]:
    """A decay that halves with every `half` of cost, and is 0 beyond `reach`.

    Examples
    --------
    >>> exponential(10.0, 25.0)(np.array([0.0, 10.0, 20.0, 30.0])).tolist()
    [1.0, 0.5, 0.25, 0.0]
    """
    return lambda cost: np.where(cost <= reach, 0.5 ** (cost / half), 0.0)


def _weights(pairs: Pairs, decay: Decay, shape: tuple[int, int]) -> csr_array:
    """Matrix of points by sites that holds the weight of each pair's cost."""
    values = decay(pairs.cost) if callable(decay) else _stepped(pairs.cost, decay)
    return csr_array((values, pairs.site, pairs.starts), shape=shape)


def _stepped(cost: Floats, steps: tuple[tuple[float, float], ...]) -> Floats:
    limits, weights = zip(*steps, strict=True)
    if limits[0] == np.inf:
        return np.full(len(cost), weights[0])
    passed = np.zeros(len(cost), dtype=np.uint8)
    for limit in limits:
        passed += cost > limit
    return np.array([*weights, 0.0]).take(passed, mode="clip")


def rational_agents(
    population: npt.ArrayLike,
    supply: npt.ArrayLike,
    pairs: Pairs,
    tau: float = 60.0,
    tolerance: float = balance.TOLERANCE,
) -> balance.Balance:
    """Cost of care where people weigh travel against crowding: rational agent access model (RAAM), at its balance.

    The cost of a site is its travel cost divided by `tau` plus its residents per supply, relative to the region's.
    Everybody goes where that is lowest, and so makes it costlier for the others; at the balance nobody gains by going
    elsewhere. The model's own rule, in which a share of each point moves in each of 150 cycles, stops short of it: by
    up to 13 % of a tract's cost for Colorado's IOPs and 23 % for New Jersey's.

    Parameters
    ----------
    population
        Residents per point, shape (n,).
    supply
        Supply per site, shape (m,); a site without supply is no choice.
    pairs
        Which point reaches which site, at what cost.
    tau
        Travel cost that people accept to avoid crowding at 100 % above the region's mean, in the unit of `pairs`.
    tolerance
        How much more than need be the residents of a point may still pay on average, relative to what they pay.

    Returns
    -------
    Balance
        `cost` per point, shape (n,), without unit: infinite where no site is in reach, missing where nobody lives;
        `cycles`, `regret` and a `note` that says whether the balance was reached.

    References
    ----------
    Saxon J, Snow D (2020), A rational agent model for the spatial accessibility of primary health care, Annals of
    the American Association of Geographers 110:205-222.

    Examples
    --------
    >>> found = rational_agents([100, 100], [1.0, 1.0], Pairs.of([0, 0, 1], [0, 1, 1], [0.0, 6.0, 0.0], points=2))
    >>> found.cost.round(3).tolist()
    [1.0, 1.0]
    """
    residents, supplies = np.asarray(population, float), np.asarray(supply, float)
    used = np.repeat(residents > 0, np.diff(pairs.starts)) & (supplies > 0)[pairs.site]
    served, row = np.unique(pairs.points()[used], return_inverse=True)
    cost = np.where(residents > 0, np.inf, np.nan)
    if not len(served):
        return balance.Balance(cost, 0, 0.0, tolerance)
    sites, site = np.unique(pairs.site[used], return_inverse=True)
    capacity = supplies[sites] * (residents.sum() / supplies.sum())
    market = balance.Market(residents[served], capacity, row, site, pairs.cost[used] / tau)
    cost[served], cycles, regret = balance.settle(market, tolerance)
    return balance.Balance(cost, cycles, regret, tolerance)
