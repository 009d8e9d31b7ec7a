"""Residents within reach equal the definition in plain Python, add up over places, and never grow with a later hour."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iop_analysis.errors import CallError
from iop_analysis.metrics import residents
from iop_analysis.places.sphere import KM_PER_MILE, distance_km

DEGREE_KM = 111.195


def points(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["point_id", "population", "latitude", "longitude", "state"])


def flags(*values) -> pd.Series:
    return pd.Series(values, dtype="boolean")


ROAD = points(
    ("a", 100, 40.00, -105.0, "CO"), ("b", 50, 40.05, -105.0, "CO"), ("c", 30, 40.30, -105.0, "CO"),
    ("d", 20, 41.00, -105.0, "WY"),
)  # fmt: skip
SITES = pd.DataFrame({"latitude": [40.0, 40.3, 41.0, np.nan], "longitude": -105.0, "state": ["CO", "CO", "WY", "CO"]})
MEMBER, ANSWER = flags(True, True, None, True), flags(True, None, True, True)


def near(same_state=False):
    return residents.distances(ROAD, SITES, residents.counting(MEMBER, ANSWER), same_state)


def test_a_site_that_may_not_be_such_a_program_counts_at_the_widest_bound_alone():
    table = near().set_index("point_id")
    assert table.loc["d", "widest_km"] == 0
    assert table.loc["d", "upper_km"] == pytest.approx(0.7 * DEGREE_KM, abs=0.1)
    assert table.loc["d", "lower_km"] == pytest.approx(DEGREE_KM, abs=0.1)


def test_a_site_without_a_point_brings_nobody_near():
    counts = residents.counting(flags(False, False, False, True), flags(True, True, True, True))
    assert np.isinf(residents.distances(ROAD, SITES, counts)["lower_km"]).all()


def test_a_state_payer_keeps_people_in_their_state():
    table = near(same_state=True).set_index("point_id")
    assert np.isinf(table.loc["d", ["lower_km", "upper_km"]].astype(float)).all()
    assert table.loc["d", "widest_km"] == 0
    with pytest.raises(CallError, match="have no state"):
        residents.distances(ROAD.assign(state=""), SITES, residents.counting(MEMBER, ANSWER), same_state=True)


@given(
    people=st.lists(st.integers(0, 500), min_size=4, max_size=4),
    parts=st.lists(st.sampled_from("xyz"), min_size=4, max_size=4),
)
def test_residents_within_reach_are_those_of_the_definition(people, parts):
    homes = pd.DataFrame({"point_id": list("abcd"), "place": parts, "population": people})
    table = residents.residents_within(near(), homes).set_index("place")
    rows = [(row.latitude, row.longitude) for row in ROAD.itertuples()]
    counts = residents.counting(MEMBER, ANSWER)
    for place in set(parts):
        for mile in (5, 10):
            for bound, chosen in counts.items():
                expected = 0
                for here, part, count in zip(rows, parts, people, strict=True):
                    sites = [
                        site for site, counts_there in zip(SITES.itertuples(), chosen, strict=True) if counts_there
                    ]
                    spans = [float(distance_km([here[0]], [here[1]], [s.latitude], [s.longitude])[0]) for s in sites]
                    if part == place and any(span <= mile * KM_PER_MILE for span in spans):
                        expected += count
                assert table.loc[place, f"within_{mile}mi_{bound}"] == expected


def test_a_point_that_two_places_divide_counts_in_both_and_once_in_all():
    homes = pd.DataFrame(
        {"point_id": ["a", "a", "b", "c", "d"], "place": list("xyyyx"), "population": [60, 40, 50, 30, 20]}
    )
    table = residents.residents_within(near(), homes)
    assert table["population"].tolist() == [80, 120]
    whole = residents.residents_within(near(), homes.assign(place="all")).iloc[0]
    for name in [name for name in table if name.startswith("within_")]:
        assert table[name].sum() == whole[name]


def test_the_farthest_place_is_where_somebody_lives():
    homes = pd.DataFrame({"point_id": list("abcd"), "place": list("xxyz"), "population": [100, 0, 30, 0]})
    table = residents.residents_within(near(), homes).set_index("place")
    assert table.loc["x", "farthest_lower_km"] == 0
    assert table.loc["y", "farthest_lower_km"] == pytest.approx(0.3 * DEGREE_KM, abs=0.1)
    assert np.isnan(table.loc["z", "farthest_lower_km"])


def test_no_site_at_all_leaves_everybody_out_of_reach_and_nothing_missing():
    counts = residents.counting(flags(), flags())
    table = residents.residents_within(
        residents.distances(ROAD, SITES.iloc[:0], counts),
        pd.DataFrame({"point_id": ["a"], "place": ["x"], "population": [100]}),
    )
    assert table["within_10mi_widest"].tolist() == [0]
    assert np.isinf(table["farthest_widest_km"]).all()


def test_a_share_of_residents_leaves_out_points_where_it_is_not_published():
    homes = pd.DataFrame({"point_id": list("abc"), "place": list("xxy"), "population": [30, 70, 5]})
    found = residents.share_of_residents(pd.Series({"a": 0.2, "b": np.nan, "c": np.nan}), homes)
    assert found["x"] == pytest.approx(0.2)
    assert np.isnan(found["y"])


@pytest.mark.real
def test_the_nations_residents_of_2020_are_counted_with_puerto_rico(real_data: Path):
    from iop_analysis.places.demand import read_points

    table = read_points(real_data / "residents_2020" / "CenPop2020_Mean_TR.txt.gz")
    assert (len(table), int(table["population"].sum()), table["state"].nunique()) == (85395, 334_735_155, 52)
