"""The balance of rational agents: prices of crowding at which nobody gains by going to another site (RAAM)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.integer]

# No point's residents pay on average more than this above the cheapest site in reach, relative to what they pay.
TOLERANCE = 0.001
# How sharply people tell costs apart, finer and finer: each balance starts from the one before.
FIRST_BLUR, FINER, LEAST_BLUR = 0.3, 10**-0.5, 1e-6
MOST_STEPS = 500


@dataclass(frozen=True)
class Balance:
    """Costs of care at the balance of all choices.

    `cost` is that of each point (without unit: infinite where no site is in reach, missing where nobody lives),
    `cycles` how often all reconsidered, `regret` the most that a point's residents pay above their cheapest site.
    """

    cost: Floats
    cycles: int
    regret: float
    tolerance: float

    @property
    def note(self) -> str:
        """In one sentence how the balance was reached, or that it was not."""
        if self.regret <= self.tolerance:
            return f"Balanced in {self.cycles:,} cycles: nobody pays over {self.tolerance:.2%} more than need be."
        return (
            f"Not balanced after {self.cycles:,} cycles: choices go to and fro, and some pay {self.regret:.2%} more "
            f"than need be (tolerance {self.tolerance:.2%})."
        )


@dataclass(frozen=True)
class Market:
    """Pairs of rows (points with residents) and sites: `row` rises, `travel` is without unit."""

    people: Floats
    capacity: Floats
    row: Whole
    site: Whole
    travel: Floats

    @property
    def starts(self) -> Whole:
        """Where each row begins; none is empty."""
        return np.searchsorted(self.row, np.arange(len(self.people)))

    def choices(self, prices: Floats, blur: float) -> tuple[Floats, Floats, Floats]:
        """Lowest cost of each row, people at each pair, and the blurred lowest cost, at given prices of crowding."""
        total = self.travel + prices[self.site]
        lowest = np.minimum.reduceat(total, self.starts)
        weight = np.exp((lowest[self.row] - total) / blur)
        whole = np.add.reduceat(weight, self.starts)
        return lowest, weight * (self.people / whole)[self.row], lowest - blur * np.log(whole)

    def crowd(self, there: Floats) -> Floats:
        """People at each site."""
        return np.bincount(self.site, there, minlength=len(self.capacity)).astype(float)

    def regret(self, there: Floats) -> float:
        """The most, over rows, by which the mean cost that is paid exceeds the lowest, relative to what is paid."""
        total = self.travel + (self.crowd(there) / self.capacity)[self.site]
        paid = np.add.reduceat(total * there, self.starts) / self.people
        return float((1 - np.minimum.reduceat(total, self.starts) / np.where(paid > 0, paid, 1.0)).max())


def settle(market: Market, tolerance: float = TOLERANCE) -> tuple[Floats, int, float]:
    """Lowest cost of each row at the balance, how many cycles it took, and the regret that is left.

    The balance is the lowest point of a convex function of the prices of crowding, people per capacity (Beckmann's
    potential, in its dual form). It is followed from blurred choices to sharp ones.

    References
    ----------
    Beckmann, McGuire & Winsten (1956), Studies in the Economics of Transportation.
    """
    prices, blur, cycles, regret = np.zeros(len(market.capacity)), FIRST_BLUR, 0, np.inf
    while regret > tolerance and blur > LEAST_BLUR:
        found = minimize(
            _potential,
            prices,
            (market, blur),
            "L-BFGS-B",
            jac=True,
            options={"maxiter": MOST_STEPS, "maxcor": 20} | {"ftol": 1e-13, "gtol": 1e-10},
        )
        prices, cycles = found.x, cycles + int(found.nfev)
        regret = market.regret(market.choices(prices, blur)[1])
        blur *= FINER
    return market.choices(prices, blur)[0], cycles, regret


def _potential(prices: Floats, market: Market, blur: float) -> tuple[float, Floats]:
    """The function whose lowest point is the balance, per resident, and its slope."""
    _, there, blurred = market.choices(prices, blur)
    residents = market.people.sum()
    value = (market.capacity * prices**2).sum() / 2 - market.people @ blurred
    return float(value / residents), (market.capacity * prices - market.crowd(there)) / residents
