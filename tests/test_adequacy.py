"""Adequacy: the verdict restated in plain Python, the county types of the publisher, and the counts of real files."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iop_analysis import catalog
from iop_analysis.metrics import adequacy
from iop_analysis.places import county_types, demand
from iop_analysis.places.sphere import KM_PER_MILE

STANDARD = pd.DataFrame(
    {
        "county_type": ["Metro", "Rural"],
        "max_miles": ["25", "50"],
        "max_minutes": ["40", "60"],
        "share_required": ["0.90", "0.85"],
    }
)


def verdict_in_words(people, sure_km, possible_km, miles, required):
    """The definition, point by point."""
    total = sum(people)
    sure = sum(p for p, km in zip(people, sure_km, strict=True) if km <= miles * KM_PER_MILE)
    possible = sum(p for p, km in zip(people, possible_km, strict=True) if km <= miles * KM_PER_MILE)
    if sure / total >= required:
        return "within"
    return "none listed within" if possible / total < required else "cannot tell"


distances = st.floats(0, 200)


@given(
    st.lists(st.tuples(st.integers(1, 900), distances, distances), min_size=1, max_size=8),
    st.sampled_from(["Metro", "Rural"]),
)
def test_the_verdict_is_that_of_the_definition(rows, kind):
    people, sure, extra = zip(*rows, strict=True)
    possible = np.minimum(sure, extra)
    near = pd.DataFrame({"population": people, "lower_km": sure, "widest_km": possible})
    table = adequacy.adequacy(near, pd.Series(["08001"] * len(rows)), pd.Series({"08001": kind}), STANDARD)
    rule = STANDARD.set_index("county_type").loc[kind]
    expected = verdict_in_words(people, sure, possible, float(rule["max_miles"]), float(rule["share_required"]))
    assert table["verdict"].tolist() == [expected]
    assert (table["lower_share"] <= table["upper_share"]).all()


def near(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["population", "lower_km", "widest_km"])


def test_a_county_where_nobody_lives_has_no_row_and_one_without_a_type_cannot_be_told():
    table = adequacy.adequacy(
        near((0, 1.0, 1.0), (10, 1.0, 1.0)), pd.Series(["08001", "08003"]), pd.Series({"08001": "Metro"}), STANDARD
    )
    assert table["county_fips"].tolist() == ["08003"]
    assert table["verdict"].tolist() == ["cannot tell"]
    assert table["lower_share"].isna().all()


def test_minutes_are_held_to_the_minutes_of_the_rule():
    minutes = pd.DataFrame({"population": [10], "lower_minutes": [41.0], "widest_minutes": [40.0]})
    table = adequacy.adequacy(minutes, pd.Series(["08001"]), pd.Series({"08001": "Metro"}), STANDARD, unit="minutes")
    assert table[["limit", "verdict"]].values.tolist() == [[40.0, "cannot tell"]]


def test_adding_a_criterion_never_turns_none_listed_into_within():
    wide = adequacy.adequacy(near((10, 90.0, 90.0)), pd.Series(["08001"]), pd.Series({"08001": "Metro"}), STANDARD)
    narrow = adequacy.adequacy(near((10, np.inf, 95.0)), pd.Series(["08001"]), pd.Series({"08001": "Metro"}), STANDARD)
    assert wide["verdict"].tolist() == narrow["verdict"].tolist() == ["none listed within"]


def test_every_verdict_is_counted_also_where_no_county_has_it():
    table = adequacy.adequacy(near((10, 1.0, 1.0)), pd.Series(["08001"]), pd.Series({"08001": "Metro"}), STANDARD)
    counts = adequacy.verdict_counts(table)
    assert counts.values.tolist() == [["within", 1, 10], ["none listed within", 0, 0], ["cannot tell", 0, 0]]


def test_every_standard_names_whom_it_binds_and_has_all_five_county_types():
    rows = pd.DataFrame(catalog.read_rows("standards.csv"))
    for _, one in rows.groupby("standard"):
        assert set(one["county_type"]) == set(county_types.TYPES)
        assert one[["rule", "binds", "payer", "specialty", "citation", "read"]].nunique().eq(1).all()
    assert rows["read"].str.contains("transcribed").all()
    assert set(rows["payer"]) <= set(catalog.answer_variables())


@pytest.mark.parametrize(
    ("residents", "square_miles", "kind"),
    [
        (1_200_000, 1_000, "Large Metro"),
        (1_200_000, 1_300, "Metro"),
        (500_000, 330, "Large Metro"),
        (500_000, 400, "Metro"),
        (200_000, 15_000, "Metro"),
        (60_000, 500, "Metro"),
        (60_000, 1_000, "Micro"),
        (10_000, 9, "Metro"),
        (10_000, 150, "Micro"),
        (10_000, 500, "Rural"),
        (9_000, 100, "Rural"),
        (9_000, 1, "Large Metro"),
        (9_999_999, 1_000_000, "CEAC"),
    ],
)
def test_the_rule_types_a_county_by_residents_and_density(residents, square_miles, kind):
    assert county_types.type_by_rule([residents], [square_miles]).tolist() == [kind]


def test_a_county_code_that_lost_its_zero_gets_it_back_and_no_car_is_what_is_published(tmp_path):
    land = tmp_path / "svi.csv"
    land.write_text("FIPS,E_TOTPOP,AREA_SQMI,E_HH,E_NOVEH\n8001,500,2.5,200,20\n48001,90,1,40,1\n")
    table = county_types.read_land(land)
    assert table.index.tolist() == ["08001", "48001"]
    assert table.loc["08001"].tolist() == [500.0, 2.5, 200.0, 20.0]
    tracts = tmp_path / "tracts.csv"
    tracts.write_text("GEOID,NoVehHHld\n8001000100,12.5\n08001000200,NA\n")
    shares = demand.read_no_car(tracts)
    assert shares.index.tolist() == ["08001000100", "08001000200"]
    assert shares.tolist()[0] == 0.125
    assert np.isnan(shares.tolist()[1])


@pytest.mark.real
def test_the_rule_gives_the_publishers_type_of_99_in_100_counties(real_data: Path):
    rows = pd.read_csv(real_data / "adequacy" / "county_types_rule_vs_cms.csv", dtype="str")
    rows = rows.dropna(subset=["population_acs2020", "land_sq_mi", "cms_county_type_2020"])
    ruled = county_types.type_by_rule(rows["population_acs2020"].astype(float), rows["land_sq_mi"].astype(float))
    agree = (ruled == rows["cms_county_type_2020"]).to_numpy()
    assert (len(rows), int(agree.sum())) == (3133, 3125)


@pytest.mark.real
def test_connecticuts_regions_are_typed_by_the_rule_and_the_publisher_wins_elsewhere(real_data: Path):
    published = county_types.read_county_types(real_data / "adequacy" / "cms_county_types_2020.csv")
    land = county_types.read_land(real_data / "residents_2020" / "SVI_2022_US_county.csv.gz")
    types = county_types.county_types(published, land)
    assert not {"09110", "09170"} & set(published.index)
    assert types[["09110", "09170"]].tolist() == ["Metro", "Large Metro"]
    assert types[published.index].equals(published.rename("county_type"))
