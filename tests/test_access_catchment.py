"""Floating catchments equal their definitions in plain Python and PySAL's, and are zero where nothing is in reach."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from iop_analysis.metrics import balance
from iop_analysis.metrics.catchment import (
    LUO_QI_STEPS,
    Pairs,
    balanced,
    exponential,
    linear,
    rational_agents,
    two_step,
)

POINTS, SITES, REACH = 120, 14, 30.0


@pytest.fixture(scope="module")
def region() -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """Residents, supply and the costs within reach; at least two points reach nothing."""
    rng = np.random.default_rng(7)
    population, supply = rng.integers(1, 4000, POINTS), rng.integers(1, 9, SITES).astype(float)
    cost = rng.uniform(0, 90, (POINTS, SITES))
    cost[:2] = 99.0
    rows = [(i, j, cost[i, j]) for i in range(POINTS) for j in range(SITES) if cost[i, j] <= REACH]
    return population, supply, pd.DataFrame(rows, columns=["origin", "dest", "cost"])


def pairs_of(costs: pd.DataFrame, points: int = POINTS) -> Pairs:
    return Pairs.of(costs["origin"], costs["dest"], costs["cost"], points)


def plain_two_step(population, supply, costs, weight):
    """Luo and Wang's two sentences, one pair at a time."""
    crowd = [0.0] * len(supply)
    for i, j, cost in costs.itertuples(index=False):
        crowd[j] += population[i] * weight(cost)
    access = [0.0] * len(population)
    for i, j, cost in costs.itertuples(index=False):
        if crowd[j] > 0:
            access[i] += weight(cost) * supply[j] / crowd[j]
    return access


def luo_qi(cost):
    return 1.0 if cost <= 10 else 0.68 if cost <= 20 else 0.22 if cost <= 30 else 0.0


def least_potential(population, supply, costs, tau):
    """The balance told as Beckmann told it: the flows of the least potential, found by a general solver."""
    rho = sum(population) / sum(supply)
    pairs = [tuple(row) for row in costs.itertuples(index=False)]
    travel = np.array([cost / tau for _, _, cost in pairs])
    capacity = np.asarray(supply, float) * rho

    def load(flows):
        return np.bincount([j for _, j, _ in pairs], flows, minlength=len(supply))

    whole = [
        {"type": "eq", "fun": lambda flows, mine=[i == one for one, _, _ in pairs], n=n: flows[mine].sum() - n}
        for i, n in enumerate(population)
    ]
    start = np.array([population[i] / sum(i == one for one, _, _ in pairs) for i, _, _ in pairs])
    found = minimize(
        lambda flows: travel @ flows + (load(flows) ** 2 / capacity).sum() / 2,
        start,
        method="SLSQP",
        bounds=[(0, None)] * len(pairs),
        constraints=whole,
        options={"maxiter": 1000, "ftol": 1e-12},
    )
    total = travel + (load(found.x) / capacity)[[j for _, j, _ in pairs]]
    return [
        min(cost for (one, _, _), cost in zip(pairs, total, strict=True) if one == i) for i in range(len(population))
    ]


def pysal(region):
    population, supply, costs = region
    demand = pd.DataFrame({"demand": population}, index=pd.RangeIndex(POINTS, name="geoid"))
    sites = pd.DataFrame({"supply": supply}, index=pd.RangeIndex(SITES, name="geoid"))
    return demand, sites, costs


@pytest.fixture(scope="module")
def peer():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("access")


@pytest.mark.parametrize(
    ("steps", "weight"),
    [
        (((REACH, 1.0),), lambda _: 1.0),
        (LUO_QI_STEPS, luo_qi),
        (linear(20.0), lambda cost: max(1 - cost / 20, 0.0)),
        (exponential(10.0, 25.0), lambda cost: 0.5 ** (cost / 10) if cost <= 25 else 0.0),
    ],
)
def test_two_step_is_supply_over_the_crowd_summed_over_sites(region, steps, weight):
    population, supply, costs = region
    expected = plain_two_step(population, supply, costs, weight)
    np.testing.assert_allclose(two_step(population, supply, pairs_of(costs), steps), expected, rtol=1e-12, atol=0)


@pytest.mark.parametrize("steps", [None, LUO_QI_STEPS])
def test_two_step_equals_pysal_and_is_zero_where_pysal_says_nothing(region, peer, steps):
    population, supply, costs = region
    demand, sites, _ = pysal(region)
    weight = peer.weights.step_fn(dict(steps)) if steps else None
    theirs = peer.fca.two_stage_fca(
        demand, sites, costs, max_cost=REACH, demand_index=True, supply_index=True, weight_fn=weight
    ).reindex(range(POINTS))
    ours = two_step(population, supply, pairs_of(costs), steps or ((REACH, 1.0),))
    np.testing.assert_allclose(ours, theirs.fillna(0), rtol=1e-12, atol=0)
    nowhere = ~np.isin(np.arange(POINTS), costs["origin"])
    np.testing.assert_array_equal(theirs.isna(), nowhere)
    assert nowhere.sum() >= 2
    assert (ours[nowhere] == 0).all()


def test_the_parts_of_a_matrix_give_what_the_whole_gives(region):
    population, supply, costs = region
    halves = [pairs_of(costs.iloc[0::2]), pairs_of(costs.iloc[1::2])]
    whole = two_step(population, supply, pairs_of(costs), LUO_QI_STEPS)
    np.testing.assert_allclose(two_step(population, supply, halves, LUO_QI_STEPS), whole, rtol=1e-12)


def test_a_site_that_only_empty_points_reach_gives_zero_not_infinity():
    access = two_step([0, 50], [3.0, 1.0], Pairs.of([0, 1], [0, 1], [1.0, 1.0], points=2))
    assert access.tolist() == [0.0, 0.02]


def test_nothing_in_reach_of_anybody_is_zero_everywhere():
    empty = Pairs.of([], [], [], points=3)
    assert two_step([1, 2, 3], [1.0], empty, LUO_QI_STEPS).tolist() == [0.0, 0.0, 0.0]
    assert np.isinf(rational_agents([1, 2, 3], [1.0], empty).cost).all()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_unit_of_supply_in_reach_is_shared_out_exactly_once(data):
    points, sites = data.draw(st.integers(1, 8)), data.draw(st.integers(1, 5))
    population = np.array(data.draw(st.lists(st.integers(1, 900), min_size=points, max_size=points)))
    supply = np.array(data.draw(st.lists(st.floats(0.1, 9), min_size=sites, max_size=sites)))
    cells = [(i, j) for i in range(points) for j in range(sites)]
    reached = data.draw(st.lists(st.sampled_from(cells), unique=True))
    costs = pd.DataFrame([(i, j, 1.0) for i, j in reached], columns=["origin", "dest", "cost"])
    access = two_step(population, supply, pairs_of(costs, points), LUO_QI_STEPS)
    in_reach = sorted({j for _, j in reached})
    assert (access * population).sum() == pytest.approx(supply[in_reach].sum())


@pytest.mark.parametrize("seed", range(4))
def test_rational_agents_reach_the_balance_that_a_general_solver_finds(seed):
    rng = np.random.default_rng(seed)
    population, supply = rng.integers(20, 90, 6), rng.integers(1, 5, 3).astype(float)
    rows = [(i, j, float(rng.uniform(0, 60))) for i in range(6) for j in range(3) if j == i % 3 or rng.random() < 0.7]
    costs = pd.DataFrame(rows, columns=["origin", "dest", "cost"])
    found = rational_agents(population, supply, pairs_of(costs, 6), tolerance=1e-5)
    np.testing.assert_allclose(found.cost, least_potential(population.tolist(), supply, costs, 60.0), rtol=2e-3)
    assert found.regret <= found.tolerance
    assert "Balanced in" in found.note


def test_pysals_moves_come_nearer_to_the_balance_the_longer_they_go_on(region, peer):
    demand, sites, costs = pysal(region)
    ours = rational_agents(demand["demand"], sites["supply"], pairs_of(costs), tau=45).cost
    off = []
    for cycles in (20, 150, 1000):
        theirs = peer.raam.raam(demand, sites, costs, tau=45, max_cycles=cycles)
        off.append(np.abs(theirs / ours[theirs.index] - 1).mean())
    assert off[0] > off[1] > off[2]
    assert off[2] < 0.01
    assert np.isinf(ours[:2]).all()


def test_where_the_balance_is_not_reached_the_note_says_so(region, monkeypatch):
    monkeypatch.setattr(balance, "LEAST_BLUR", 0.2)
    population, supply, costs = region
    found = rational_agents(population, supply, pairs_of(costs))
    assert found.regret > found.tolerance
    assert found.note.startswith("Not balanced after")


def test_where_nobody_lives_the_cost_of_crowding_is_missing_and_the_others_do_not_change(region):
    population, supply, costs = region
    more = pd.concat([costs, pd.DataFrame([(POINTS, 3, 1.0)], columns=costs.columns)])
    ours = rational_agents([*population, 0], supply, pairs_of(more, POINTS + 1)).cost
    assert np.isnan(ours[-1])
    np.testing.assert_array_equal(ours[:-1], rational_agents(population, supply, pairs_of(costs)).cost)


def test_a_site_without_supply_is_no_choice():
    pairs = Pairs.of([0, 0], [0, 1], [1.0, 50.0], points=1)
    assert rational_agents([10], [0.0, 2.0], pairs, tau=100.0).cost[0] == pytest.approx(1.5)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_balanced_access_times_residents_adds_up_to_the_supply_in_reach(data):
    points, sites = data.draw(st.integers(1, 8)), data.draw(st.integers(1, 5))
    population = np.array(data.draw(st.lists(st.integers(1, 900), min_size=points, max_size=points)))
    supply = np.array(data.draw(st.lists(st.floats(0.1, 9), min_size=sites, max_size=sites)))
    cells = [(i, j) for i in range(points) for j in range(sites)]
    reached = data.draw(st.lists(st.sampled_from(cells), unique=True))
    cost = data.draw(st.lists(st.floats(0, 20), min_size=len(reached), max_size=len(reached)))
    rows = [(i, j, one) for (i, j), one in zip(reached, cost, strict=True)]
    pairs = pairs_of(pd.DataFrame(rows, columns=["origin", "dest", "cost"]), points)
    access = balanced(population, supply, pairs, linear(30.0))
    assert (access * population).sum() == pytest.approx(supply[sorted({j for _, j in reached})].sum())


def test_balanced_access_counts_a_resident_of_two_catchments_once():
    pairs = Pairs.of([0, 0, 1, 1], [0, 1, 0, 1], [1.0] * 4, points=2)
    assert two_step([100, 100], [1.0, 1.0], pairs).tolist() == [0.01, 0.01]
    crowd_of_one = balanced([100, 100], [1.0, 1.0], pairs, ((5.0, 1.0),))
    assert crowd_of_one.tolist() == [0.01, 0.01]
    far = Pairs.of([0, 0, 1], [0, 1, 1], [1.0] * 3, points=2)  # half of the first point goes to either site
    ours = balanced([100, 100], [1.0, 1.0], far, ((5.0, 1.0),))
    assert ours == pytest.approx([0.5 * 1 / 50 + 0.5 * 1 / 150, 1 / 150])
    assert two_step([100, 100], [1.0, 1.0], far) == pytest.approx([1 / 100 + 1 / 200, 1 / 200])
