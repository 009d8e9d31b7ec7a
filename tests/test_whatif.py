"""The chosen programs are the best on small cases, near enough with a proof on large ones, and never counted twice."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from iop_analysis.errors import CallError
from iop_analysis.metrics import whatif as module
from iop_analysis.metrics.whatif import GREEDY_BOUND, choose, levers, whatif

SPACING = 0.1  # degrees of latitude, 11.1 km


@pytest.fixture
def road():
    """Ten places along a road, 11 km apart, and a program at places 0, 3, 4 and 8."""
    points = pd.DataFrame({"latitude": 40 + SPACING * np.arange(10), "longitude": -105.0, "state": "CO"})
    points["population"] = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
    points["point_id"] = [f"p{place}" for place in range(10)]
    sites = points.iloc[[0, 3, 4, 8]][["latitude", "longitude", "state"]].reset_index(drop=True)
    sites["facility_id"] = list("abcd")
    return points, sites


def booleans(*values):
    return pd.Series(values, dtype="boolean")


def best_gain(reached, weights, k):
    """Every set of k rows tried."""
    sets = combinations(range(len(reached)), min(k, len(reached)))
    return max(
        sum(w for w, hit in zip(weights, np.any(reached[list(rows)], axis=0), strict=True) if hit) for rows in sets
    )


def test_the_program_that_adds_most_people_comes_first(road):
    points, sites = road
    table = whatif(points, sites, booleans(False, False, False, False), booleans(*[True] * 4), k=2, within_km=12)
    assert table["facility_id"].tolist() == ["d", "c"]
    assert table["gained_population"].tolist() == [270, 150]
    assert table["covered_share"].tolist() == pytest.approx([270 / 550, 420 / 550])
    assert table["of_best_share"].tolist() == [1.0, 1.0]


def test_people_who_are_served_today_are_not_gained(road):
    points, sites = road
    table = whatif(points, sites, booleans(False, False, False, True), booleans(*[True] * 4), k=4, within_km=12)
    assert "d" not in set(table["facility_id"])
    assert table["covered_population"].iloc[0] == 270 + 150
    assert table["facility_id"].tolist() == ["c", "a", "b"]
    assert table["gained_population"].tolist() == [150, 30, 30]


def test_a_program_that_would_not_surely_meet_the_criterion_is_no_candidate(road):
    points, sites = road
    extended = booleans(True, None, False, None)
    table = whatif(points, sites, booleans(False, False, False, False), extended, k=4, within_km=12)
    assert table["facility_id"].tolist() == ["a"]


def test_a_program_of_unknown_answer_today_is_never_told_to_change(road):
    points, sites = road
    table = whatif(points, sites, booleans(None, False, False, False), booleans(*[True] * 4), k=4, within_km=12)
    assert set(table["facility_id"]) == {"b", "c", "d"}


def test_an_unknown_answer_taken_for_a_yes_leaves_fewer_people_to_gain(road):
    points, sites = road
    answers = booleans(False, False, None, False), booleans(*[True] * 4)
    table = levers(points, sites, *answers, k=4, within_km=12)
    gained = table.groupby("unknowns")["gained_population"].sum()
    assert table["unknowns"].drop_duplicates().tolist() == ["no", "yes"]
    # Place 4 has program c within its reach: places 3, 4 and 5 are served if its unknown answer is a yes.
    assert gained["no"] == 30 + 120 + 270
    assert gained["yes"] == 30 + 30 + 270


def test_a_program_without_a_point_is_no_candidate(road):
    points, sites = road
    sites.loc[3, "latitude"] = np.nan
    table = whatif(points, sites, booleans(*[False] * 4), booleans(*[True] * 4), k=4, within_km=12)
    assert "d" not in set(table["facility_id"])


def test_no_more_programs_are_named_than_add_somebody(road):
    points, sites = road
    twins = pd.concat([sites, sites.assign(facility_id=list("efgh"))], ignore_index=True)
    table = whatif(points, twins, booleans(*[False] * 8), booleans(*[True] * 8), k=8, within_km=12)
    assert len(table) == 4
    assert (table["gained_population"] > 0).all()


def test_nothing_to_change_gives_an_empty_table(road):
    points, sites = road
    assert len(whatif(points, sites, booleans(*[True] * 4), booleans(*[True] * 4), k=3)) == 0


def test_a_state_payer_gains_people_of_the_own_state_only(road):
    points, sites = road
    points["state"] = ["CO"] * 8 + ["WY"] * 2
    answers = booleans(*[False] * 4), booleans(*[True] * 4)
    table = whatif(points, sites, *answers, k=4, within_km=12, same_state=True).set_index("facility_id")
    assert table.loc["d", "gained_population"] == 80
    sites.loc[3, "state"] = "WY"
    table = whatif(points, sites, *answers, k=4, within_km=12, same_state=True).set_index("facility_id")
    assert table.loc["d", "gained_population"] == 190


def test_fewer_than_one_program_is_refused(road):
    with pytest.raises(CallError, match="ask for 1 or more"):
        whatif(*road, booleans(*[False] * 4), booleans(*[True] * 4), k=0)


cases = st.integers(1, 7).flatmap(
    lambda rows: st.tuples(
        st.lists(st.lists(st.booleans(), min_size=6, max_size=6), min_size=rows, max_size=rows),
        st.lists(st.integers(0, 50), min_size=6, max_size=6),
        st.integers(1, 4),
    )
)


@settings(max_examples=150, deadline=None)
@given(cases)
def test_the_choice_equals_exhaustive_search_on_small_cases(case):
    reached, weights, k = np.array(case[0]), np.array(case[1], float), case[2]
    chosen, share = choose(csr_array(reached.astype(float)), weights, k)
    assert sum(gain for _, gain in chosen) == pytest.approx(best_gain(reached, weights, k))
    assert share == 1.0


@settings(max_examples=150, deadline=None)
@given(cases)
def test_the_greedy_choice_keeps_the_share_of_the_best_that_it_states(case):
    reached, weights, k = np.array(case[0]), np.array(case[1], float), case[2]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SETS_TRIED", 0)
        chosen, share = choose(csr_array(reached.astype(float)), weights, k)
    gained, best = sum(gain for _, gain in chosen), best_gain(reached, weights, k)
    assert GREEDY_BOUND <= share <= 1.0
    assert gained >= share * best - 1e-9


def test_the_gain_never_falls_when_more_programs_may_change(road):
    points, sites = road
    answers = booleans(*[False] * 4), booleans(*[True] * 4)
    totals = [whatif(points, sites, *answers, k=k, within_km=12)["gained_population"].sum() for k in (1, 2, 3, 4)]
    assert totals == sorted(totals)


def test_where_greedy_fails_the_sets_that_can_be_tried_are_tried():
    reached = csr_array(np.array([[0, 1, 1, 1, 1, 0], [1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1]], float))
    chosen, share = choose(reached, np.ones(6), k=2)
    assert sorted(row for row, _ in chosen) == [1, 2]
    assert share == 1.0
