"""Floating catchments equal their definitions in plain Python and PySAL's, and are zero where nothing is in reach."""

import math
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iop_analysis.metrics.catchment import LUO_QI_STEPS, Pairs, rational_agents, two_step

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


def plain_agents(population, supply, costs, tau, cycles):
    """Saxon and Snow's model, one point at a time."""
    rho = sum(population) / sum(supply)
    reach = {i: {} for i in range(len(population))}
    for i, j, cost in costs.itertuples(index=False):
        reach[i][j] = cost / tau
    there = {i: {min(sites, key=sites.get): float(population[i])} for i, sites in reach.items() if sites}
    total = reach
    for cycle in range(cycles):
        load = [0.0] * len(supply)
        for sites in there.values():
            for j, people in sites.items():
                load[j] += people
        total = {i: {j: t + load[j] / (supply[j] * rho) for j, t in reach[i].items()} for i in there}
        moves, rush = {}, [0.0] * len(supply)
        for i, sites in there.items():
            best = min(total[i], key=total[i].get)
            worst = max((j for j in sites if sites[j] > 0), key=total[i].get)
            a, b = supply[best] * rho, supply[worst] * rho
            even = a * b / (a + b) * (total[i][worst] - total[i][best])
            step = max(0.2 * 0.5 ** (cycle / 50), 0.005)
            people = math.trunc(min(even, sites[worst], step * population[i])) if best != worst else 0
            moves[i] = (best, worst, people)
            rush[best] += people / (supply[best] * rho)
        for i, (best, worst, people) in moves.items():
            if cycle < 20:
                people = round(people / max(rush[best], 1.0))
            there[i][best] = there[i].get(best, 0.0) + people
            there[i][worst] -= people
    return {i: sum(total[i][j] * n for j, n in sites.items()) / population[i] for i, sites in there.items()}


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


@pytest.mark.parametrize(("steps", "weight"), [(((REACH, 1.0),), lambda _: 1.0), (LUO_QI_STEPS, luo_qi)])
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
    assert np.isinf(rational_agents([1, 2, 3], [1.0], empty)).all()


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


@pytest.mark.parametrize("cycles", [1, 5, 60, 150])
def test_rational_agents_equal_the_model_told_point_by_point(region, cycles):
    population, supply, costs = region
    expected = plain_agents(population.tolist(), supply.tolist(), costs, 60.0, cycles)
    ours = rational_agents(population, supply, pairs_of(costs), cycles=cycles)
    np.testing.assert_allclose(ours[list(expected)], list(expected.values()), rtol=1e-12)
    assert np.isinf(ours[:2]).all()


def test_rational_agents_equal_pysal(region, peer):
    demand, sites, costs = pysal(region)
    ours = rational_agents(demand["demand"], sites["supply"], pairs_of(costs), tau=45, cycles=150)
    theirs = peer.raam.raam(demand, sites, costs, tau=45, max_cycles=150)
    np.testing.assert_allclose(ours[theirs.index], theirs, rtol=1e-12)


def test_where_nobody_lives_the_cost_of_crowding_is_missing_and_the_others_do_not_change(region):
    population, supply, costs = region
    more = pd.concat([costs, pd.DataFrame([(POINTS, 3, 1.0)], columns=costs.columns)])
    ours = rational_agents([*population, 0], supply, pairs_of(more, POINTS + 1))
    assert np.isnan(ours[-1])
    np.testing.assert_array_equal(ours[:-1], rational_agents(population, supply, pairs_of(costs)))


def test_a_site_without_supply_is_no_choice():
    pairs = Pairs.of([0, 0], [0, 1], [1.0, 50.0], points=1)
    assert rational_agents([10], [0.0, 2.0], pairs, tau=100.0)[0] == pytest.approx(1.5)
