"""Places: the tables agree with the shapes, and a facility's county rests on the best evidence there is."""

import gzip
import math
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.spatial import cKDTree

from iop_analysis import catalog, places, raw
from iop_analysis.errors import CallError
from iop_analysis.places import placing, points
from iop_analysis.places.sphere import unit_vectors

FOLDER = catalog.FOLDER / "places"


def fips(values: pd.Series) -> list[str]:
    return values.fillna("").tolist()


# --- tables ---------------------------------------------------------------------------------------------------------


def test_there_are_52_states_and_each_has_counties_in_both_vintages():
    codes = set(places.states()["state"])
    assert len(codes) == 52
    assert {"DC", "PR"} <= codes
    for vintage in places.VINTAGES:
        assert set(places.counties(vintage)["state"]) == codes


def test_neighbours_are_the_states_whose_drawn_shapes_share_a_line():
    table = places.states().set_index("state")["neighbours"]
    shapes = places.boundaries("state").set_index("state")["geometry"]
    for code, shape in shapes.items():
        shared = shapely.length(shapely.intersection(shape, shapes.to_numpy()))
        assert set(table[code]) == set(shapes.index[shared > 0]) - {code}


def test_states_that_meet_in_a_corner_are_not_neighbours():
    table = places.states().set_index("state")["neighbours"]
    assert "NM" not in table["UT"]
    assert "CO" not in table["AZ"]
    assert sum(map(len, table)) == 2 * 107  # 107 pairs in the contiguous states and DC


def test_connecticut_has_nine_regions_in_2023_and_eight_counties_in_2020_and_no_other_state_differs():
    new, old = (set(places.counties(vintage)["county_fips"]) for vintage in ("2023", "2020"))
    assert sorted(new - old) == [f"091{tens}0" for tens in range(1, 10)]
    assert sorted(old - new) == [f"090{odd:02d}" for odd in range(1, 16, 2)]


def test_a_county_code_is_unique_and_its_label_is_unique_in_its_state():
    for vintage in places.VINTAGES:
        table = places.counties(vintage)
        assert table["county_fips"].is_unique
        assert table["county_fips"].str.fullmatch(r"\d{5}").all()
        assert not table.duplicated(["state", "label"]).any()
        assert not table.duplicated(["state", "name"]).any()


def test_an_unknown_vintage_is_refused_with_the_known_ones():
    with pytest.raises(CallError, match="2020, 2023"):
        places.counties("1990")


def test_changing_a_returned_table_changes_nothing_for_the_next_caller():
    table = places.counties()
    table["name"] = "overwritten"
    assert places.counties()["name"].nunique() > 1000


# --- shapes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["state", "county"])
def test_every_shape_is_valid_and_only_falls_church_has_none(level):
    drawn = places.boundaries(level)
    assert drawn.crs.to_string() == places.CRS
    assert drawn.is_valid.all()
    empty = drawn[drawn.is_empty]
    assert (empty["county_fips"].tolist() if level == "county" else len(empty)) == (
        ["51610"] if level == "county" else 0
    )


def test_a_shape_stands_beside_its_own_name():
    drawn = places.boundaries("county")
    inside = drawn[~drawn.is_empty].geometry.representative_point()
    known = drawn.loc[inside.index]
    assert fips(places.county_of_points(inside.x, inside.y, known["state"])) == known["county_fips"].tolist()
    capitals = pd.DataFrame({"state": ["CO", "NJ", "AK", "PR"], "x": [-104.985, -74.770, -134.410, -66.106]})
    y = pd.Series([39.739, 40.220, 58.302, 18.466])
    assert fips(places.county_of_points(capitals["x"], y, capitals["state"])) == ["08031", "34021", "02110", "72127"]


def test_the_counties_of_a_state_cover_its_shape():
    parts = places.boundaries("county")
    for row in places.boundaries("state").itertuples():
        union = shapely.union_all(parts.geometry[parts["state"] == row.state].to_numpy())
        assert shapely.area(shapely.symmetric_difference(union, row.geometry)) < 1e-3  # square degrees


def test_one_state_is_the_same_rows_as_in_the_nation():
    one = places.boundaries("county", "VA")
    nation = places.boundaries("county")
    nation = nation[nation["state"] == "VA"].reset_index(drop=True)
    pd.testing.assert_frame_equal(one.drop(columns="geometry"), nation.drop(columns="geometry"))
    assert one.geometry.geom_equals_exact(nation.geometry, 0).sum() == len(one)


@pytest.mark.parametrize(("level", "state"), [("tract", None), ("county", "GU")])
def test_a_level_or_state_without_shapes_is_refused(level, state):
    with pytest.raises(CallError, match=level if state is None else state):
        places.boundaries(level, state)


def test_the_sidecar_names_each_data_file_and_the_gzip_has_no_date():
    origin = tomllib.loads((FOLDER / "origin.toml").read_text(encoding="utf-8"))
    named = {file for part in origin.values() for file in part.get("files", [])}
    assert named == {path.name for path in FOLDER.iterdir()} - {"origin.toml"}
    assert origin["boundaries"]["vintage"] == places.VINTAGE
    raw = (FOLDER / origin["boundaries"]["files"][0]).read_bytes()
    assert raw[4:8] == bytes(4)
    assert gzip.decompress(raw).startswith(b'{"type":"Topology"')


# --- county of a name -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "name", "county"),
    [
        ("CO", "Denver", "08031"),
        ("CO", "DENVER COUNTY", "08031"),
        ("CO", "County of Denver", "08031"),
        ("LA", "East Baton Rouge Parish", "22033"),
        ("LA", "st john the baptist", "22095"),
        ("MO", "Ste. Genevieve", "29186"),
        ("MO", "Sainte Genevieve County", "29186"),
        ("MO", "St. Louis City", "29510"),
        ("MO", "Saint Louis County", "29189"),
        ("IL", "La Salle", "17099"),
        ("GA", "De Kalb", "13089"),
        ("MD", "Prince Georges", "24033"),
        ("NM", "Doña Ana", "35013"),
        ("PR", "Bayamon Municipio", "72021"),
        ("AK", "Municipality of Anchorage", "02020"),
        ("AK", "Juneau Borough", "02110"),
        ("VA", "James City County", "51095"),
        ("VA", "Charles City", "51036"),
        ("VA", "City of Norfolk", "51710"),
        ("VA", "Richmond city", "51760"),
        ("VA", "Richmond County", "51159"),
        ("NV", "Carson City", "32510"),
        ("DC", "District of Columbia", "11001"),
        ("CT", "Capitol Planning Region", "09110"),
    ],
)
def test_a_county_is_known_by_any_usual_form_of_its_name(state, name, county):
    assert places.county_of_name(pd.Series([name]), pd.Series([state])).item() == county


@pytest.mark.parametrize(
    ("state", "name"),
    [
        ("MD", "Baltimore"),
        ("VA", "Richmond"),
        ("MO", "Saint Louis"),
        ("CO", "Cook"),
        ("CO", ""),
        ("CO", None),
        ("CT", "Hartford County"),
        ("GU", "Guam"),
    ],
)
def test_a_name_that_fits_two_counties_or_none_decides_nothing(state, name):
    assert pd.isna(places.county_of_name(pd.Series([name], dtype="str"), pd.Series([state])).item())


def test_connecticuts_counties_are_known_by_name_in_the_list_of_2020():
    assert places.county_of_name(pd.Series(["Hartford"]), pd.Series(["CT"]), "2020").item() == "09003"


def test_every_legal_name_leads_back_to_its_county():
    for vintage in places.VINTAGES:
        table = places.counties(vintage)
        for form in ("name", "label"):
            assert fips(places.county_of_name(table[form].str.upper(), table["state"], vintage)) == fips(
                table["county_fips"]
            )


# --- county of a point ----------------------------------------------------------------------------------------------


def test_points_fall_in_the_county_that_a_plain_search_over_all_shapes_finds():
    drawn = places.boundaries("county", "NJ")
    random = np.random.default_rng(7)
    west, south, east, north = drawn.total_bounds
    x, y = pd.Series(random.uniform(west, east, 300)), pd.Series(random.uniform(south, north, 300))
    found = points.drawn_county(x, y, pd.Series("NJ", index=x.index))
    seen = 0
    for i in x.index:
        around = [row.county_fips for row in drawn.itertuples() if row.geometry.covers(shapely.Point(x[i], y[i]))]
        seen += len(around)
        assert not around or found[i] in around
    assert seen > 100


def test_a_point_just_off_a_simplified_shore_belongs_to_the_nearest_county_and_one_far_off_to_none():
    shore = places.boundaries("county", "NJ").set_index("county_fips").geometry["34001"]  # Atlantic County
    east, latitude = max(
        shore.exterior.coords
        if shore.geom_type == "Polygon"
        else max(shore.geoms, key=lambda one: one.area).exterior.coords
    )
    km = math.cos(math.radians(latitude)) * 111.195
    x = pd.Series([east + 0.5 * points.SNAP_KM / km, east + 20 / km])
    found = places.county_of_points(x, pd.Series([latitude] * 2), pd.Series(["NJ"] * 2))
    assert fips(found) == ["34001", ""]


def test_only_counties_of_the_rows_own_state_are_asked():
    camden_nj = pd.Series([-75.11]), pd.Series([39.94])
    assert places.county_of_points(*camden_nj, pd.Series(["NJ"])).item() == "34007"
    assert pd.isna(places.county_of_points(*camden_nj, pd.Series(["CA"])).item())
    assert pd.isna(places.county_of_points(*camden_nj, pd.Series(["GU"])).item())


def test_the_aleutians_beyond_the_date_line_are_in_alaska():
    attu = pd.Series([173.0]), pd.Series([52.9])
    assert places.county_of_points(*attu, pd.Series(["AK"])).item() == "02016"


@pytest.mark.parametrize(
    ("longitude", "latitude", "state", "problem"),
    [
        (-104.99, 39.74, "CO", None),
        (0.0, 0.0, "CO", "point_at_zero"),
        (39.74, -104.99, "CO", "point_swapped"),
        (-104.99, 39.74, "NJ", "point_out_of_state"),
        (104.99, 39.74, "CO", "point_out_of_state"),
        (-104.99, np.nan, "CO", "point_incomplete"),
        (np.nan, np.nan, "CO", None),
        (144.79, 13.48, "GU", None),
        (0.0, 0.0, "GU", "point_at_zero"),
    ],
)
def test_a_wrong_point_has_one_problem_with_a_name(longitude, latitude, state, problem):
    row = pd.DataFrame({"longitude": [longitude], "latitude": [latitude], "state": [state]})
    found = [name for name, wrong in places.point_problems(row).items() if wrong.item()]
    assert found == ([problem] if problem else [])


# --- county of a ZIP code -------------------------------------------------------------------------------------------


def test_a_zip_code_counts_only_in_its_own_state():
    zips, state = pd.Series(["07030", "07030", "00000", None], dtype="str"), pd.Series(["NJ", "NY", "NJ", "NJ"])
    assert fips(places.county_of_zip(zips, state)) == ["34017", "", "", ""]


def test_a_connecticut_zip_code_lies_in_a_region_by_its_point():
    zips = pd.Series(["06103", "06604", "06901"])
    regions = fips(places.county_of_zip(zips, pd.Series(["CT"] * 3)))
    assert regions == ["09110", "09120", "09190"]  # Hartford, Bridgeport, Stamford


# --- place ----------------------------------------------------------------------------------------------------------


def clinics() -> pd.DataFrame:
    """A Denver ZIP code in each row; better evidence row by row."""
    return pd.DataFrame(
        {
            "state": ["CO"] * 5,
            "zip": ["80202", "80202", "80202", "80202", ""],
            "county": ["Boulder", "", "Nowhere", None, ""],
            "longitude": [-104.80, -104.80, 0.0, np.nan, np.nan],
            "latitude": [38.83, 38.83, 0.0, np.nan, np.nan],
        },
        index=[7, 3, 11, 5, 2],
    )


def test_the_publishers_county_comes_before_the_point_and_the_point_before_the_zip_code():
    placed = places.place(clinics())
    assert placed["place_quality"].tolist() == ["publisher", "address", "zip", "zip", "none"]
    assert fips(placed["county_fips"]) == ["08013", "08041", "08031", "08031", ""]
    assert set(placed["place_vintage"]) == {places.VINTAGE}


def test_placing_keeps_rows_their_order_and_the_table_it_was_given():
    table = clinics()
    placed = places.place(table)
    pd.testing.assert_frame_equal(placed[table.columns.tolist()], clinics())
    pd.testing.assert_frame_equal(table, clinics())


def test_a_source_without_counties_and_points_is_placed_by_zip_code():
    placed = places.place(clinics()[["state", "zip"]])
    assert placed["place_quality"].tolist() == ["zip"] * 4 + ["none"]


def test_no_rows_give_no_rows():
    placed = places.place(clinics().iloc[:0])
    assert len(placed) == 0
    assert {"county_fips", "place_vintage", "place_quality"} <= set(placed)


# --- the publishers' files ------------------------------------------------------------------------------------------


@pytest.mark.real
def test_every_listed_program_of_new_jersey_is_placed_in_a_county(real_data):
    path = real_data / "national_directory" / "national-directory-su-facilities-2023.xlsx"
    listed = pd.read_excel(path, engine="calamine", dtype=str).rename(columns=lambda name: name.strip().lower())
    placed = places.place(listed[["state", "zip"]])
    programs = listed["service_code_info"].str.contains(r"\bOIT\b")
    here = placed[programs & listed["state"].eq("NJ")]
    assert len(here) == 232
    assert here["place_quality"].eq("zip").all()
    assert here["county_fips"].str.startswith("34").all()
    assert set(placed.loc[placed["county_fips"].isna(), "state"]) == {"GU", "MP"}  # territories without shapes


@pytest.mark.real
def test_the_census_names_and_codes_of_2020_are_ours(real_data):
    census = pd.read_csv(real_data / "geography" / "CenPop2020_Mean_CO.txt", dtype=str, encoding="utf-8-sig")
    ours = places.counties("2020").set_index("county_fips")
    theirs = census.set_index(census["STATEFP"] + census["COUNTYFP"])["COUNAME"]
    assert sorted(theirs.index) == sorted(ours.index)
    short = ours["name"].str.replace(rf" {placing.KINDS}$", "", case=False, regex=True).where(ours.index != "32510")
    assert (short.fillna("Carson City") == theirs[ours.index].str.replace(r" city$", "", regex=True)).mean() > 0.998


@pytest.mark.real
def test_tract_points_fall_in_their_own_county_but_for_three_in_a_thousand(real_data):
    tracts = pd.read_csv(real_data / "geography" / "tract_points_2017.csv.gz", dtype={"tract_geoid": str})
    own = tracts["tract_geoid"].str[:5]
    tracts["state"] = own.str[:2].map(places.states().set_index("fips")["state"])
    tracts = tracts[~tracts["state"].isin(["CT", "AK"])]  # their counties have changed since 2017
    found = places.county_of_points(tracts["longitude"], tracts["latitude"], tracts["state"])
    assert (found == own[found.index])[found.notna()].mean() > 0.997
    assert found.isna().mean() < 0.005  # tracts of open water


@pytest.mark.real
def test_the_sites_of_colorado_lie_where_the_publisher_says(real_data):
    sites = pd.read_csv(real_data / "ladders" / "ladders_2023-05-16.csv", dtype=str)
    points = pd.DataFrame(
        {"longitude": sites["lon"].astype(float), "latitude": sites["lat"].astype(float), "state": "CO", "zip": ""}
    )
    assert not any(wrong.any() for wrong in places.point_problems(points).values())
    assert places.place(points)["place_quality"].value_counts().to_dict() == {"address": 716, "none": 13}


# --- beside a county line -------------------------------------------------------------------------------------------


def invented_tracts(folder: Path, rows: list[tuple[str, float, float]]) -> None:
    """Two files of tracts in the publisher's layout: invented points, by county."""
    where = folder / "raw"
    lines = [f"{one[:2]},{one[2:]},000100,5,{latitude},{longitude}" for one, latitude, longitude in rows]
    head = "STATEFP,COUNTYFP,TRACTCE,POPULATION,LATITUDE,LONGITUDE"
    (where / "tract_points").mkdir(parents=True)
    text = "\n".join([head, *lines]) + "\n"
    (where / "tract_points" / "CenPop2020_Mean_TR.txt.gz").write_bytes(gzip.compress(text.encode()))
    path = raw.raw_path(catalog.geography_files()[points.REGIONS])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("ce_fips_2022,LATITUDE,LONGITUDE\n09110,41.76,-72.67\n", encoding="utf-8")


# On the drawn line of Denver (08031) and Arapahoe (08005), by the shapes in Arapahoe.
BESIDE = {"state": "CO", "longitude": -104.8850, "latitude": 39.6600}


def beside_the_line() -> pd.DataFrame:
    """A row of `BESIDE`, moved north until the drawn shapes say that it is in another county within 1.5 km."""
    table = pd.DataFrame([BESIDE | {"latitude": 39.60 + 0.002 * step} for step in range(80)])
    table["zip"] = ""
    drawn = points.drawn_county(table["longitude"], table["latitude"], table["state"])
    change = int(np.flatnonzero(drawn.ne(drawn.shift()).to_numpy()[1:])[0])
    return table.iloc[[change]].assign(own=drawn.iloc[change], other=drawn.iloc[change + 1]).reset_index(drop=True)


def test_beside_a_drawn_line_the_nearest_tract_decides(tmp_path, monkeypatch):
    monkeypatch.setenv("IOP_DATA", str(tmp_path))
    row = beside_the_line()
    at = row["longitude"], row["latitude"], row["state"]
    invented_tracts(tmp_path, [(row["other"].item(), row["latitude"].item() + 0.001, row["longitude"].item())])
    assert points.drawn_county(*at).tolist() == row["own"].tolist()
    assert places.county_of_points(*at).tolist() == row["other"].tolist()
    placed = places.place(row)
    assert (placed["county_fips"].item(), placed["place_way"].item()) == (row["other"].item(), "tract")


def test_far_from_a_line_the_shape_decides_whatever_a_tract_says(tmp_path, monkeypatch):
    monkeypatch.setenv("IOP_DATA", str(tmp_path))
    invented_tracts(tmp_path, [("08005", 39.741, -104.99)])
    at = pd.Series([-104.99]), pd.Series([39.74]), pd.Series(["CO"])
    assert places.county_of_points(*at).tolist() == ["08031"]


def test_without_tracts_the_zip_code_decides_beside_a_line_and_it_is_counted(tmp_path, monkeypatch):
    monkeypatch.setenv("IOP_DATA", str(tmp_path))
    row = beside_the_line()
    monkeypatch.setattr("iop_analysis.places.deciding.county_of_zip", lambda *_: row["other"])
    placed = places.place(row)
    assert placed[["county_fips", "place_quality", "place_way"]].values.tolist() == [
        [row["other"].item(), "zip", "line"]
    ]
    assert [count for count, text in places.counted(placed) if "no tracts are fetched" in text] == [1]


def test_a_publishers_county_gives_way_only_where_point_and_zip_code_agree_on_another():
    row = {"state": "CO", "zip": "80202", "county": "Boulder", "longitude": -104.99, "latitude": 39.745}
    rows = pd.DataFrame([row, row | {"zip": "80903"}, row | {"longitude": np.nan, "latitude": np.nan}])
    placed = places.place(rows)
    assert fips(placed["county_fips"]) == ["08031", "08013", "08013"]
    assert placed["place_quality"].tolist() == ["address", "publisher", "publisher"]
    assert {text.split(":")[0]: count for count, text in places.counted(placed) if count} == {
        "rows are not in the county that their publisher names": 1
    }


def test_the_point_of_a_zip_code_is_no_point_of_the_row():
    row = {"state": ["CO"], "zip": ["80202"], "longitude": [-104.80], "latitude": [38.83], "point_quality": ["zip"]}
    assert places.place(pd.DataFrame(row))["place_quality"].tolist() == ["zip"]


@pytest.mark.real
def test_counties_agree_with_the_nearest_tract_for_995_of_1000_sites_of_colorado_and_new_jersey(
    real_data, tmp_path, monkeypatch
):
    monkeypatch.setenv("IOP_DATA", str(tmp_path))
    raw.fetch([points.TRACTS, points.REGIONS], real_data, progress=False)
    tracts = pd.read_csv(real_data / "residents_2020" / "CenPop2020_Mean_TR.txt.gz", dtype=str, encoding="utf-8-sig")
    tree = cKDTree(unit_vectors(tracts["LATITUDE"].astype(float), tracts["LONGITUDE"].astype(float)))
    rows = pd.read_csv(real_data / "ladders" / "ladders_2023-05-16.csv")
    sites = {"CO": rows.loc[rows["HideAddress"].ne(1) & rows["lat"].notna(), ["lat", "lon"]]}
    listed = pd.concat(
        pd.read_csv(path, encoding="latin-1").rename(columns=str.lower)
        for path in sorted((real_data / "locator_points").glob("*.csv"))
    )
    sites["NJ"] = listed.loc[listed["state"].eq("NJ"), ["latitude", "longitude"]].dropna()
    for state, table in sites.items():
        latitude, longitude = (table[name].astype(float).reset_index(drop=True) for name in table)
        found = places.county_of_points(longitude, latitude, pd.Series(state, index=latitude.index))
        nearest = tracts.iloc[tree.query(unit_vectors(latitude, longitude))[1]]
        recount = (nearest["STATEFP"] + nearest["COUNTYFP"]).to_numpy()
        inside = found.notna()  # a few listed points lie in another state than their address
        assert found[inside].eq(recount[inside]).mean() >= 0.995
