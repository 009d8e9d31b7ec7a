"""Distances by group of people count residents, hide small groups and never call an unknown group another."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iop_analysis.errors import DataError
from iop_analysis.metrics.access import nearest_table, summary
from iop_analysis.metrics.equity import by_group, class_weights, equity
from iop_analysis.places.context import county_context, quantile_classes, tract_groups, urban_rural
from iop_analysis.places.demand import read_points
from iop_analysis.places.sites import read_sites


@pytest.fixture
def near() -> pd.DataFrame:
    return pd.DataFrame({"population": [4000, 2000, 500], "nearest_sure_km": [2.0, 30.0, np.inf]})


def test_a_group_is_described_by_its_own_residents_only(near):
    groups = pd.DataFrame({"one": [1000, 1000, 0], "other": [3000, 0, 0]})
    table = by_group(near, groups, within=10).set_index("group")
    assert table.loc["one", ["weighted_mean_km", "share_within"]].tolist() == [16.0, 0.5]
    assert table.loc["other", ["weighted_mean_km", "share_within"]].tolist() == [2.0, 1.0]


def test_a_group_below_the_minimum_keeps_its_count_and_loses_its_figures(near):
    row = by_group(near, pd.DataFrame({"few": [999, 0, 0]})).iloc[0]
    assert row["population"] == 999
    assert row["hidden"]
    assert row[["weighted_mean_km", "weighted_median_km", "share_within"]].isna().all()


def test_points_of_unknown_class_are_a_group_of_their_own(near):
    classes = pd.Series(["rural", None, "rural"])
    assert class_weights(classes, near["population"]).to_dict("list") == {
        "rural": [4000, 0, 500],
        "not known": [0, 2000, 0],
    }


def test_groups_that_part_all_residents_average_to_the_whole(near):
    reachable = near.head(2)
    parts = by_group(reachable, class_weights(pd.Series(["a", "b"]), reachable["population"]))
    whole = summary(reachable).iloc[0]
    mean = np.average(parts["weighted_mean_km"], weights=parts["population"])
    assert mean == pytest.approx(whole["weighted_mean_km"])
    assert parts["population"].sum() == whole["population"]


def test_an_unreachable_point_makes_the_mean_of_its_groups_infinite_and_of_no_other(near):
    table = by_group(near, class_weights(pd.Series(["a", "a", "b"]), near["population"]), minimum=1)
    assert np.isinf(table["weighted_mean_km"]).tolist() == [False, True]


def test_several_dimensions_stand_under_each_other(near):
    groups = class_weights(pd.Series(["a", "a", "b"]), near["population"])
    table = equity(near, {"one": groups, "two": groups})
    assert table["dimension"].tolist() == ["one", "one", "two", "two"]
    assert table.columns[0] == "dimension"


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)), min_size=20, max_size=60))
def test_classes_by_value_never_part_equal_values_and_rise_with_the_value(rows):
    values, population = (pd.Series(column) for column in zip(*rows, strict=True))
    classes = quantile_classes(values, population, 4)
    assert len(pd.DataFrame({"value": values, "class": classes}).drop_duplicates()) == len(values.drop_duplicates())
    assert classes.cat.codes[values.sort_values().index].is_monotonic_increasing


def test_classes_by_value_hold_equal_shares_of_residents_not_of_points():
    values, population = pd.Series(range(100)), pd.Series([9.0] * 50 + [1.0] * 50)
    held = population.groupby(quantile_classes(values, population, 5), observed=True).sum()
    assert held.between(90, 110).all()


def test_a_point_without_a_value_is_in_no_class():
    assert quantile_classes(pd.Series([1.0, np.nan]), pd.Series([5, 5])).isna().tolist() == [False, True]


def test_a_class_that_the_catalog_does_not_know_stops_with_row_and_column(tmp_path):
    path = tmp_path / "codes.xlsx"
    pd.DataFrame({"FIPS code": ["1001", "1003"], "2013 code": ["3", "9"]}).to_excel(path, index=False)
    with pytest.raises(DataError, match=r"codes.xlsx: row 3, column '2013 code': '9'"):
        urban_rural(path)


def test_county_codes_get_their_zero_back_and_a_file_of_other_columns_is_refused(tmp_path):
    path = tmp_path / "codes.xlsx"
    pd.DataFrame({"FIPS code": ["1001"], "2013 code": ["6"]}).to_excel(path, index=False)
    assert urban_rural(path).to_dict() == {"01001": "Rural (noncore)"}
    pd.DataFrame({"FIPS": ["1001"]}).to_excel(path, index=False)
    with pytest.raises(DataError, match="no column 'FIPS code' and no '2013 code'"):
        urban_rural(path)


@pytest.mark.real
def test_every_tract_has_a_rurality_a_poverty_and_rural_people_live_farther_from_care(real_data: Path):
    folder = real_data / "geography"
    points = read_points(folder / "tract_points_2017.csv.gz")
    sites = read_sites(real_data / "locator_points" / "SubstanceUseTreatment_Geocoded.csv")
    near = nearest_table(points, sites)
    county = points["point_id"].str[:5]
    rurality = county.map(urban_rural(folder / "NCHSURCodes2013.xlsx"))
    poverty = county.map(county_context(folder / "county_context_2018.csv")["poverty_share"])
    people = tract_groups(folder / "tract_points_2017.csv.gz").reindex(points["point_id"]).reset_index(drop=True)
    assert rurality.notna().all()
    assert poverty.isna().sum() == 0 or set(county[poverty.isna()]) == {"35039"}
    assert poverty.dropna().between(0.02, 0.6).all()
    table = equity(
        near,
        {
            "rurality": class_weights(rurality, points["population"]),
            "race": people[["white_non_hispanic", "black", "hispanic"]],
            "income": class_weights(
                quantile_classes(people["income_median"], points["population"], 5, "income"), points["population"]
            ),
        },
    )
    rural = table[table["dimension"] == "rurality"]
    assert rural["weighted_median_km"].is_monotonic_increasing
    assert rural["population"].sum() == points["population"].sum()
    assert not table["hidden"].any()
