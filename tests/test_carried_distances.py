"""Carried tables of distance agree with each other, hide small groups and follow tracts into the counties of 2023."""

import gzip
import json

import numpy as np
import pandas as pd
import pytest

from iop_analysis import catalog, places, raw
from iop_analysis.carried import distances, listings, people, reach
from iop_analysis.carried.reach import Sites
from iop_analysis.errors import CallError
from iop_analysis.metrics.equity import MINIMUM_RESIDENTS
from iop_analysis.places import demand
from iop_analysis.releases import listing

MAPPED = {"ladders@2023-05-16": "iop & evening & medicaid", "national_directory@su-2023": "iop & medicaid"}


def near(population, sure, possible) -> pd.DataFrame:
    return pd.DataFrame(
        {"population": population, "nearest_sure_km": sure, "nearest_possible_km": possible}, index=range(len(sure))
    )


def points(rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["point_id", "latitude", "longitude", "state"]).assign(level="tract")


def test_half_of_the_residents_not_half_of_the_points_live_within_the_median():
    found = distances.reached(near([10, 10, 80], [1.0, 2.0, 30.0], [1.0, 2.0, 3.0]))
    assert found["median_sure_km"] == 30.0
    assert found["median_possible_km"] == 3.0
    assert (found["within_2km_sure"], found["within_16km_sure"], found["within_16km_possible"]) == (0.2, 0.2, 1.0)


def test_a_tract_is_in_the_county_of_its_identifier_even_where_a_simplified_line_says_another():
    table = points([("08031000100", 39.0, -104.0, "CO")])
    assert demand.counties_of(table).tolist() == ["08031"]


def test_tracts_of_counties_that_are_no_more_follow_the_polygon():
    table = points(
        [
            ("09001000100", 41.17, -73.2, "CT"),  # Bridgeport, in the county of Fairfield
            ("02261000100", 61.13, -146.35, "AK"),  # Valdez, before its census area was split
            ("02261000300", 60.79, -147.85, "AK"),  # of islands: its center is far out on the water
            ("own", 41.17, -73.2, ""),
        ]
    )
    table["level"] = ["tract", "tract", "tract", "own"]
    assert demand.counties_of(table).fillna("none").tolist() == ["09120", "02063", "02063", "none"]


def test_sites_are_counted_by_what_their_point_rests_on():
    table = pd.DataFrame({"state": ["CO", "CO", "CO", "WY"], "point_quality": ["address", "zip", "none", "zip"]})
    sites = Sites(table, pd.Series([True, None, True, True], dtype="boolean"), True, ())
    row = distances.by_state(near([5], [1.0], [1.0]), pd.Series(["CO"]), sites).iloc[0]
    said = ["sites_sure", "sites_possible", "sites_at_zip", "sites_without_point"]
    assert row[said].tolist() == [2, 3, 1, 1]


def test_groups_of_few_residents_keep_their_count_and_lose_their_distance():
    residents = {"race": pd.DataFrame({"white_non_hispanic": [5000, 0], "black": [0, MINIMUM_RESIDENTS - 1]})}
    table = people.by_people(near([5000, 999], [1.0, 9.0], [1.0, 9.0]), residents, 16).set_index("group")
    assert table["hidden"].tolist() == [False, True]
    assert table.loc["black", "population"] == MINIMUM_RESIDENTS - 1
    figures = ["median_sure_km", "within_sure", "median_possible_km", "within_possible"]
    assert table.loc["black", figures].isna().all()
    assert table.loc["white_non_hispanic", figures].notna().all()


def test_poverty_falls_into_the_class_whose_lower_edge_it_reaches():
    known = pd.DataFrame({"poverty_share": [0.0, 0.0999, 0.10, 0.2, 0.9, np.nan], "income_median": 40_000.0})
    known = known.assign(urban_rural="rural", **dict.fromkeys(people.RACES, 1))
    found = people.groups(known, pd.Series([1] * 6))["county_poverty"]
    assert found.sum().to_dict() == {"0": 2, "0.1": 1, "0.15": 0, "0.2": 2, "not known": 1}


def test_a_file_about_people_that_is_not_fetched_stops_the_measuring_and_says_how_to_get_it(fresh):
    with pytest.raises(CallError, match="tract_points@2017 is not fetched: .* fetch tract_points@2017 --from"):
        people.known_of(points([("08031000100", 39.7, -105.0, "CO")]))


def test_a_file_that_lies_beside_the_demand_points_is_never_taken_for_them(fresh):
    folder = raw.raw_path(catalog.geography_files()[reach.POINTS]).parent
    folder.mkdir(parents=True)
    (folder / "commuting_tracts.csv").write_text("GEOID,POPULATION,LATITUDE,LONGITUDE\n08031000100,5,39.7,-105\n")
    with pytest.raises(CallError, match="tract_points@2020 is not fetched"):
        reach.points_of(None)


def test_the_last_criterion_that_a_release_asks_is_the_one_that_is_mapped():
    for release, have in MAPPED.items():
        asked = distances.questions(set(listings.load(release).facts["asked"]))
        assert list(asked)[-1] == have
        assert set(distances.carried_counties(release)["have"]) == {have}


@pytest.mark.parametrize("file", [distances.COUNTIES, distances.PEOPLE])
def test_carried_files_are_small_and_hold_no_clock(file):
    content = (listings.FOLDER / file).read_bytes()
    assert len(content) < 200_000
    assert content[4:8] == bytes(4), "the time in the header of the compressed file"
    assert gzip.decompress(content)


def test_the_residents_of_a_states_counties_are_those_of_the_state():
    for release in MAPPED:
        states = pd.read_csv(listings.FOLDER / distances.STATES).query("release == @release").groupby("state").first()
        counties = distances.carried_counties(release)
        home = places.counties().set_index("county_fips")["state"]
        total = counties["population"].groupby(counties["place"].map(home)).sum()
        pd.testing.assert_series_equal(total, states["population"], check_names=False, check_dtype=False)


def test_groups_that_part_the_residents_add_up_to_the_same_number_in_each_dimension():
    release = "national_directory@su-2023"
    for state in ("NJ", "WY", "CT", "AK", "DC"):
        groups = distances.carried_people(release, state)
        parts = groups[groups["dimension"] != "race"].groupby("dimension")["population"].sum()
        assert set(parts.index) == {"urban_rural", "county_poverty", "tract_income"}
        assert len(set(parts)) == 1


def test_totals_are_of_2020_and_groups_of_people_of_2017():
    release = "national_directory@su-2023"
    assert distances.carried_distances(release, "NJ")["population"].iloc[0] == 9_288_994
    groups = distances.carried_people(release, "NJ")
    assert groups.loc[groups["dimension"] == "urban_rural", "population"].sum() == 8_960_161


@pytest.mark.parametrize("file", [distances.STATES, distances.COUNTIES, distances.PEOPLE])
def test_a_possible_site_is_never_farther_and_never_reaches_fewer_people(file):
    table = pd.read_csv(listings.FOLDER / file)
    shown = table[~table["hidden"]] if "hidden" in table else table
    assert (shown["median_possible_km"] <= shown["median_sure_km"]).all()
    for sure in [name for name in shown if name.startswith("within") and name.endswith("_sure")]:
        assert (shown[sure] <= shown[sure.replace("_sure", "_possible")]).all()
        assert shown[sure].between(0, 1).all()


def test_connecticut_is_measured_by_its_nine_regions_and_puerto_rico_without_groups_of_people():
    release = "national_directory@su-2023"
    assert len(distances.carried_counties(release, "CT")) == 9
    assert len(distances.carried_counties(release, "PR")) == 78
    assert distances.carried_people(release, "PR").empty


def test_every_group_that_is_carried_has_a_label_and_the_reverse():
    table = pd.read_csv(listings.FOLDER / distances.PEOPLE, dtype="str")
    used = {(row.dimension, row.group) for row in table.itertuples() if row.group != "not known"}
    rows = catalog.read_rows("people_groups.csv")
    assert used == {(row["dimension"], row["key"]) for row in rows if row["key"]}
    assert {row["dimension"] for row in rows} == {row["dimension"] for row in rows if not row["key"]}


def test_the_hash_of_every_file_behind_the_tables_is_carried():
    facts = json.loads((listings.FOLDER / "distances.json").read_text())
    hashes = [facts["sha256"], *(one for part in ("context", "lists", "releases") for one in facts[part].values())]
    assert all(len(one) == 64 for one in hashes)
    assert facts["releases"] == {name: catalog.release(name).sha256 for name in MAPPED}


@pytest.mark.slow
@pytest.mark.real
def test_the_publishers_files_give_the_carried_bytes(real_data, tmp_path, monkeypatch):
    monkeypatch.setenv("IOP_DATA", str(tmp_path / "data"))
    facts = json.loads((listings.FOLDER / "distances.json").read_text())
    names = [*facts["lists"], *facts["releases"]]
    raw.fetch([*names, reach.POINTS, reach.REGIONS, *people.FILES], real_data, progress=False)
    for name in names:
        listing.build(catalog.release(name))
    monkeypatch.setattr(listings, "newest", lambda: list(MAPPED))
    written = distances.write(tmp_path / "out")
    for path in (*written, tmp_path / "out" / "distances.json"):
        assert path.read_bytes() == (listings.FOLDER / path.name).read_bytes(), path.name
