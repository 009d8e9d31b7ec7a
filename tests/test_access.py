"""Distances equal the haversine formula, unknown answers widen them, and in-state criteria stay in the state."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iop_analysis.errors import CallError
from iop_analysis.metrics import access
from iop_analysis.metrics.access import (
    nearest,
    nearest_table,
    pairs_within,
    quantiles,
    summary,
    within_count,
)
from iop_analysis.places.demand import read_points
from iop_analysis.places.sites import read_sites


def haversine_km(one, other):
    """The textbook formula, on a sphere of radius 6371.0088 km."""
    (a, b), (c, d) = (map(math.radians, place) for place in (one, other))
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(half))


def places(rows, columns=("latitude", "longitude")):
    table = pd.DataFrame(rows, columns=list(columns))
    return table.assign(point_id=[f"p{n}" for n in range(len(table))], population=1)


@pytest.fixture
def three_points() -> pd.DataFrame:
    """One in Colorado, one over the line in Wyoming, one far off in Kansas."""
    rows = [(40.9, -105.0, "CO"), (41.1, -105.0, "WY"), (39.0, -98.0, "KS")]
    return places(rows, ("latitude", "longitude", "state")).assign(population=[100, 50, 0])


@pytest.fixture
def two_sites() -> pd.DataFrame:
    return pd.DataFrame({"latitude": [41.1, 40.0], "longitude": [-105.0, -105.0], "state": ["WY", "CO"]})


degrees = st.tuples(st.floats(-89, 89), st.floats(-179, 179))


@settings(max_examples=100, deadline=None)
@given(st.lists(degrees, min_size=1, max_size=12), st.lists(degrees, min_size=1, max_size=6), st.floats(1, 9000))
def test_nearest_and_counts_equal_the_haversine_formula_over_all_pairs(homes, clinics, reach):
    points, sites = places(homes), places(clinics)
    every = [[haversine_km(home, clinic) for clinic in clinics] for home in homes]
    km, _ = nearest(points, sites, k=len(clinics))
    np.testing.assert_allclose(km, np.sort(every, axis=1), rtol=1e-9, atol=1e-4)
    clear = [all(abs(value - reach) > 1e-3 for value in row) for row in every]
    counts = within_count(points, sites, reach)
    assert [n for n, ok in zip(counts, clear, strict=True) if ok] == [
        sum(value <= reach for value in row) for row, ok in zip(every, clear, strict=True) if ok
    ]
    assert pairs_within(points, sites, reach).starts[-1] == counts.sum()


def test_at_the_site_itself_the_distance_is_a_true_zero(two_sites):
    assert nearest(two_sites, two_sites)[0].tolist() == [[0.0], [0.0]]


def test_more_neighbours_than_sites_are_infinitely_far_and_have_no_position(two_sites):
    km, position = nearest(two_sites.head(1), two_sites, k=3)
    assert position.tolist() == [[0, 1, -1]]
    assert np.isinf(km[0, 2])


def test_a_site_without_a_point_is_nobodys_nearest_and_keeps_the_positions_of_the_others(three_points, two_sites):
    sites = pd.concat([pd.DataFrame({"latitude": [np.nan], "longitude": [np.nan]}), two_sites], ignore_index=True)
    assert nearest(three_points, sites)[1].ravel().tolist() == [1, 1, 2]
    assert set(pairs_within(three_points, sites, 500.0).site.tolist()) <= {1, 2}


def test_no_sites_at_all_is_unreachable_and_a_count_of_true_zero(three_points, two_sites):
    table = nearest_table(three_points, two_sites.head(0))
    assert np.isinf(table["nearest_sure_km"]).all()
    assert table["within_count"].tolist() == [0, 0, 0]


def test_an_unknown_answer_is_possible_and_never_sure(three_points, two_sites):
    answer = pd.Series([pd.NA, True], dtype="boolean")
    table = nearest_table(three_points, two_sites, answer)
    assert table["nearest_possible_km"].tolist()[1] == 0.0
    assert table["nearest_sure_km"].round(1).tolist()[:2] == [100.1, 122.3]


def test_a_no_is_neither_sure_nor_possible(three_points, two_sites):
    table = nearest_table(three_points, two_sites, pd.Series([False, False], dtype="boolean"))
    assert np.isinf(table[["nearest_sure_km", "nearest_possible_km"]]).all(axis=None)


def test_a_criterion_with_a_state_payer_counts_sites_of_the_own_state_only(three_points, two_sites):
    everywhere = nearest_table(three_points, two_sites, within_km=30)
    at_home = nearest_table(three_points, two_sites, within_km=30, same_state=True)
    assert everywhere["nearest_sure_km"].round(1).tolist()[:2] == [22.2, 0.0]
    assert at_home["nearest_sure_km"].round(1).tolist()[:2] == [100.1, 0.0]
    assert math.isinf(at_home["nearest_sure_km"].iloc[2])
    assert at_home["within_count"].tolist() == [0, 1, 0]


def test_in_state_sites_cannot_be_asked_for_points_without_a_state(three_points, two_sites):
    with pytest.raises(CallError, match="have no state"):
        nearest_table(three_points.assign(state=""), two_sites, same_state=True)


def test_the_limit_itself_is_within_reach(two_sites):
    points = places([(40.0, -105.0)])
    limit = float(nearest(points, two_sites.head(1))[0][0, 0])
    assert within_count(points, two_sites, limit).tolist() == [2]


def test_a_summary_counts_points_for_quartiles_and_residents_for_means(three_points, two_sites):
    row = summary(nearest_table(three_points, two_sites), within=25.0).iloc[0]
    km = sorted(
        min(haversine_km(p, s) for s in [(41.1, -105), (40, -105)]) for p in [(40.9, -105), (41.1, -105), (39, -98)]
    )
    assert row["points"] == 3
    assert row["population"] == 150
    assert row["median_km"] == pytest.approx(km[1])
    assert row["p75_km"] == pytest.approx((km[1] + km[2]) / 2)
    assert row["weighted_mean_km"] == pytest.approx((100 * km[1] + 50 * 0) / 150)
    assert row["weighted_median_km"] == pytest.approx(km[1])
    assert row["share_within"] == 1.0


def test_the_columns_of_a_table_and_a_summary_are_the_contract(three_points, two_sites):
    table = nearest_table(three_points, two_sites)
    assert " ".join(table) == "point_id population nearest_sure_km nearest_possible_km within_count"
    assert " ".join(summary(table)) == (
        "points population p25_km median_km p75_km weighted_mean_km weighted_median_km share_within"
    )


def test_unreachable_points_are_said_in_every_figure_that_they_touch(three_points, two_sites):
    at_home = nearest_table(three_points, two_sites, pd.Series([False, True], dtype="boolean"), same_state=True)
    row = summary(at_home, within=200.0).iloc[0]
    assert math.isinf(row["weighted_mean_km"])
    assert math.isinf(row["p75_km"])
    assert row["weighted_median_km"] == pytest.approx(haversine_km((40.9, -105), (40, -105)))
    assert row["share_within"] == pytest.approx(100 / 150)


def test_without_residents_there_is_no_weighted_figure(three_points, two_sites):
    row = summary(nearest_table(three_points.assign(population=0), two_sites)).iloc[0]
    assert row[["weighted_mean_km", "weighted_median_km", "share_within"]].isna().all()


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30), st.floats(0, 1))
def test_quantiles_are_those_of_numpy_where_all_is_finite(values, share):
    assert quantiles(np.array(values), (share,))[0] == pytest.approx(np.quantile(values, share))


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_a_weaker_answer_never_brings_a_site_farther(data):
    count = data.draw(st.integers(1, 6))
    points, sites = (places(data.draw(st.lists(degrees, min_size=count, max_size=count))) for _ in range(2))
    answers = data.draw(st.lists(st.sampled_from([True, False, None]), min_size=count, max_size=count))
    table = nearest_table(points, sites, pd.Series(answers, dtype="boolean"))
    assert (table["nearest_possible_km"] <= table["nearest_sure_km"]).all()


@pytest.mark.real
@pytest.mark.parametrize(
    ("sites", "expected"),
    [
        ("OpioidTreatmentProgram", {"p25_km": 3.666, "median_km": 8.067, "p75_km": 21.057, "weighted_mean_km": 18.99}),
        ("SubstanceUseTreatment", {"p25_km": 1.524, "median_km": 3.280, "p75_km": 8.090, "share_within": 0.904}),
    ],
)
def test_the_nations_tracts_are_as_far_from_care_as_published(real_data: Path, sites, expected):
    points = read_points(real_data / "geography" / "tract_points_2017.csv.gz")
    clinics = read_sites(real_data / "locator_points" / f"{sites}_Geocoded.csv")
    row = summary(nearest_table(points, clinics, within_km=16.0934)).iloc[0]
    assert row["points"] == 73056
    for name, value in expected.items():
        digits = len(str(value).split(".")[1])
        assert round(row[name], digits) == value, name


def test_blocks_of_points_change_no_distance_and_no_count(monkeypatch):
    rng = np.random.default_rng(4)
    points, sites = (
        pd.DataFrame({"latitude": rng.uniform(25, 49, n), "longitude": rng.uniform(-124, -67, n)}) for n in (1000, 60)
    )
    whole = nearest(points, sites, k=3), within_count(points, sites, 200)
    monkeypatch.setattr(access, "BLOCK", 7)
    parts = nearest(points, sites, k=3), within_count(points, sites, 200)
    for one, other in zip((*whole[0], whole[1]), (*parts[0], parts[1]), strict=True):
        np.testing.assert_array_equal(one, other)


def test_nearest_equals_the_haversine_formula_to_a_billionth_of_a_kilometre_inside_the_country():
    rng = np.random.default_rng(9)
    homes, clinics = (list(zip(rng.uniform(25, 49, n), rng.uniform(-124, -67, n), strict=True)) for n in (150, 300))
    least = [min(haversine_km(home, clinic) for clinic in clinics) for home in homes]
    np.testing.assert_allclose(nearest(places(homes), places(clinics))[0][:, 0], least, rtol=0, atol=1e-9)
