"""Carried measures of places: sums that must agree, bounds that must nest, and the figures of the real files."""

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from iop_analysis import catalog, places, raw
from iop_analysis.carried import adequacy, clock, districts, files, levers, programs, residents
from iop_analysis.carried.status import status
from iop_analysis.errors import CallError
from iop_analysis.metrics.residents import BOUNDS, MILES
from iop_analysis.places import districts as lines
from iop_analysis.places import states

LADDERS, NATIONAL = "ladders@2023-05-16", "national_directory@su-2023"
TABLES = [residents.TABLE, residents.PLACES, districts.PROGRAMS, adequacy.TABLE, levers.TABLE]
HOUSES = {"NJ": (12, 40, 40), "CO": (8, 35, 65), "NE": (3, 49, 0), "DC": (1, 0, 0), "PR": (1, 0, 0)}


@pytest.mark.parametrize("file", TABLES)
def test_a_carried_table_is_small_and_holds_no_clock(file):
    content = (files.FOLDER / file).read_bytes()
    assert len(content) < 1_200_000
    assert content[4:8] == bytes(4), "the time in the header of the compressed file"
    assert gzip.decompress(content)


@pytest.mark.parametrize("release", [LADDERS, NATIONAL])
@pytest.mark.parametrize("have", ["all", "medicaid"])
def test_counties_and_districts_add_up_to_their_state(release, have):
    states = residents.load(release, have).set_index("place")
    counted = [name for name in states if name == "population" or str(name).startswith("within_")]
    assert len(counted) == 1 + len(MILES) * len(BOUNDS)
    for level in ("county", "congress"):
        sums = residents.load(release, have, level).groupby("state")[counted].sum()
        pd.testing.assert_frame_equal(sums.loc[states.index], states[counted], check_names=False)
    for level in ("upper", "lower"):
        sums = residents.load(release, have, level).groupby("state")[counted].sum()
        pd.testing.assert_frame_equal(sums, states.loc[sums.index, counted], check_names=False)


def test_the_nations_residents_are_those_of_the_census_of_2020_with_puerto_rico():
    assert residents.places_of("state")["population"].sum() == 334_735_155
    assert residents.places_of("congress")["population"].sum() == 334_735_155


@pytest.mark.parametrize("state", HOUSES)
def test_a_state_has_the_districts_that_elect_its_houses(state):
    counts = [len(residents.places_of(level, state)) for level in districts.LEVELS]
    assert tuple(counts) == HOUSES[state]


def test_a_wider_bound_and_a_longer_reach_never_hold_fewer_people():
    table = files.read_table(files.FOLDER / residents.TABLE)
    for mile in MILES:
        inner, middle, outer = (table[f"within_{mile}mi_{bound}"] for bound in BOUNDS)
        assert (inner <= middle).all()
        assert (middle <= outer).all()
    for bound in BOUNDS:
        assert (table[f"within_5mi_{bound}"] <= table[f"within_10mi_{bound}"]).all()


def test_nobody_comes_into_reach_at_a_later_hour():
    table = clock.load(LADDERS, "CO")
    assert table["after"].tolist() == ["12:00", "17:00", "18:00", "19:00", "20:00"]
    for name in [name for name in table if name.startswith("within_")]:
        assert table[name].is_monotonic_decreasing, name
    assert clock.load(NATIONAL, "CO").empty


def test_households_without_a_car_are_counted_in_counties_and_averaged_in_districts():
    table = pd.concat([residents.places_of(level) for level in residents.LEVELS])
    shown = table.dropna(subset=["no_car_share"])
    assert shown["no_car_share"].between(0, 1).all()
    assert set(residents.places_of("state", "NJ")["no_car_from"]) == {residents.OF_HOUSEHOLDS}
    assert set(residents.places_of("upper", "NJ")["no_car_from"]) == {residents.OF_TRACTS}
    assert residents.places_of("state", "PR")["no_car_share"].isna().all()
    assert residents.places_of("state", "NJ")["no_car_share"].item() == pytest.approx(1 / 9, abs=0.005)


def test_the_programs_of_districts_and_those_not_certain_add_up_to_the_state():
    for release, state in ((NATIONAL, "NJ"), (LADDERS, "CO")):
        totals = [districts.load(release, "all", level, state)["facilities"].sum() for level in districts.LEVELS]
        assert len(set(totals)) == 1
        table = districts.load(release, "medicaid", "upper", state)
        assert (table["yes"] + table["no"] + table["unknown"] == table["facilities"]).all()
        assert table["place"].iloc[-1] == districts.NOT_CERTAIN
        assert table["population"].sum() == residents.load(release, "all", "state", state)["population"].item()


def test_a_district_is_found_by_its_number_and_an_unknown_one_lists_the_known():
    assert districts.one(NATIONAL, "medicaid", "CO", "upper:12")["place"] == "08012"
    assert districts.one(NATIONAL, "medicaid", "CO", "congress:8")["name"] == "Congressional District 8"
    with pytest.raises(CallError, match="no district 'upper:99' here; there are upper 1, 2"):
        districts.one(NATIONAL, "medicaid", "CO", "upper:99")
    with pytest.raises(CallError, match="NE elects no lower house by districts"):
        districts.one(NATIONAL, "medicaid", "NE", "lower:1")
    with pytest.raises(CallError, match="written congress:8"):
        districts.one(NATIONAL, "medicaid", "CO", "12")


def test_the_counties_of_a_rule_hold_the_residents_of_the_state():
    for state in ("NJ", "CT", "AK", "PR"):
        table = adequacy.load(NATIONAL, "medicaid", state)
        assert table["residents"].sum() == residents.places_of("state", state)["population"].item()
        assert table["verdict"].isin(adequacy.VERDICTS).all()
        assert table["county_type"].ne("").all()


def test_adding_a_word_never_turns_none_listed_into_within():
    for release, fewer, more in ((LADDERS, "medicaid", "evening & medicaid"), (NATIONAL, "all", "medicaid")):
        wide = adequacy.load(release, fewer).set_index("place")["verdict"]
        narrow = adequacy.load(release, more).set_index("place")["verdict"]
        assert not ((wide == adequacy.NONE_LISTED) & (narrow == adequacy.WITHIN)).any()


def test_a_rule_of_one_state_is_carried_for_that_state_alone():
    table = adequacy.load(NATIONAL, "medicaid", rule="michigan_medicaid")
    assert set(table["state"]) == {"MI"}
    with pytest.raises(CallError, match="there are medicare_advantage, michigan_medicaid"):
        adequacy.standard("federal")


def test_a_lever_gains_less_where_every_unknown_is_a_yes_and_names_towns_alone():
    table = levers.load(LADDERS, "CO")
    assert not {"name", "facility_id", "street", "phone"} & set(table)
    gains = levers.gains(LADDERS, "CO")
    assert (gains["least"] <= gains["most"]).all()
    assert table.groupby(["have", "unknowns"])["rank"].apply(lambda ranks: ranks.tolist() == [1, 2, 3, 4, 5]).all()


def test_a_list_that_cannot_say_no_has_no_lever_for_the_fee():
    assert "sliding_fee" not in set(levers.load(NATIONAL, "NJ")["extend"])


def test_new_jerseys_figures_are_those_of_its_first_page():
    row = residents.load(NATIONAL, "medicaid", "state", "NJ").iloc[0]
    assert residents.out_of_reach(row, 5) == (1_118_563, 1_118_563)
    assert residents.out_of_reach(row, 10) == (143_603, 143_603)
    sussex = residents.load(NATIONAL, "medicaid", "county", "NJ").set_index("name").loc["Sussex County"]
    assert (residents.out_of_reach(sussex, 5)[0], sussex["population"]) == (121_128, 144_221)
    lever = levers.gains(NATIONAL, "NJ").set_index("extend").loc["medicaid"]
    assert (lever["least"], lever["most"]) == (268_976, 268_976)
    assert lever["towns"] == ["Succasunna", "Mahwah", "Dayton", "Belle Mead", "Toms River"]


def test_colorados_figures_are_those_of_its_first_page():
    table = clock.load(LADDERS, "CO")
    shares = [
        (table[f"within_10mi_{bound}"] / table["population"] * 100).round(1).tolist() for bound in ("lower", "upper")
    ]
    assert shares == [[88.9, 73.2, 66.3, 62.3, 50.7], [90.5, 84.9, 83.5, 81.9, 81.1]]
    assert residents.out_of_reach(table.set_index("after").loc["18:00"], 10) == (865_647, 1_943_375)
    lever = levers.gains(LADDERS, "CO").set_index("have").loc["iop & evening & medicaid"]
    assert (lever["least"], lever["most"]) == (239_469, 812_227)
    assert lever["towns"] == ["Fort Collins", "Greeley", "Longmont", "Grand Junction", "Castle Rock"]
    ruled = adequacy.load(LADDERS, "evening & medicaid", "CO")
    none = ruled.loc[ruled["verdict"] == adequacy.NONE_LISTED, "name"].str.removesuffix(" County")
    assert none.tolist() == ["Archuleta", "Eagle", "Lake", "La Plata", "Summit"]
    assert (ruled["verdict"] == adequacy.CANNOT_TELL).sum() == 21
    assert districts.load(LADDERS, "all", "upper", "CO")["facilities"].sum() == 271


def test_every_question_of_a_place_is_read_and_names_its_universe():
    for row in catalog.read_rows("residents.csv"):
        assert row["of"] == "iop"
        assert row["words"]
        assert programs.criteria.parse(row["have"])
    assert len(clock.hours()) == 5


def test_a_question_that_the_catalog_lacks_or_the_tables_lack_is_told_apart(monkeypatch):
    with pytest.raises(CallError, match="is not carried; the questions are all, medicaid"):
        residents.load(NATIONAL, "telehealth")
    asked = [*catalog.read_rows("residents.csv"), {"of": "iop", "have": "telehealth", "words": "x", "after": ""}]
    monkeypatch.setattr(catalog, "read_rows", lambda _: asked)
    for load in (residents.load, adequacy.load):
        with pytest.raises(CallError, match="not in these tables: rebuild them"):
            load(NATIONAL, "telehealth")


def square(west, south, size=1.0):
    corner = [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]
    return {"type": "Polygon", "coordinates": [corner]}


def drawn(tmp_path: Path) -> pd.DataFrame:
    """Two invented districts of Colorado side by side, and the area that is in none."""
    import json

    shapes = {"08001": square(-105, 39), "08002": square(-104, 39), "08ZZZ": square(-103, 39)}
    features = [
        {
            "type": "Feature",
            "geometry": shape,
            "properties": {"GEOID": code, "NAMELSAD": f"State Senate District {code}"},
        }
        for code, shape in shapes.items()
    ]
    path = tmp_path / "CO_upper.json.gz"
    path.write_bytes(gzip.compress(json.dumps({"type": "FeatureCollection", "features": features}).encode()))
    return lines.read_shapes([path])


def test_a_point_is_in_the_district_around_it_or_in_the_next_one_of_its_state(tmp_path):
    table = drawn(tmp_path)
    assert table["state"].tolist() == ["CO", "CO", "CO"]
    longitude = pd.Series([-104.5, -103.5, -105.2, -102.5, -104.5, np.nan])
    latitude = pd.Series([39.5, 39.5, 39.5, 39.5, 39.5, 39.5])
    state = pd.Series(["CO", "CO", "CO", "CO", "WY", "CO"])
    found = lines.district_of_points(longitude, latitude, state, table)
    assert found.fillna("").tolist() == ["08001", "08002", "08001", "08002", "", ""]


def test_everybody_is_in_a_district_and_a_block_group_off_the_shore_in_the_nearest(tmp_path):
    path = tmp_path / "blocks.csv"
    path.write_text(
        "bg_2020,population,cd119,sldu2024,sldl2024\n"
        "080010001001,10,08,001,010\n080010001002,20,08,002,010\n080010001003,5,08,,\n110010001001,7,98,,\n"
    )
    blocks = lines.read_blocks(path)
    assert blocks["district_congress"].tolist() == ["0808", "0808", "0808", "1198"]
    points = pd.DataFrame({"point_id": ["080010001003"], "longitude": [-105.1], "latitude": [39.5]})
    found = lines.residents_of(blocks, "upper", points, drawn(tmp_path))
    assert found.values.tolist() == [["08001000100", "08001", 15], ["08001000100", "08002", 20]]


@pytest.mark.real
def test_block_group_centers_fall_into_the_districts_that_the_census_gives_them(real_data):
    folder = real_data / "districts"
    table = lines.read_shapes([folder / "sld_2024" / "CO_upper.json.gz"])
    rows = pd.read_csv(folder / "bg2020_to_districts.csv.gz", dtype="str", keep_default_na=False)
    rows = rows[rows["bg_2020"].str.startswith("08")].set_index("bg_2020")
    from iop_analysis.places.demand import read_points

    points = read_points(real_data / "residents_2020" / "CenPop2020_Mean_BG08.txt.gz")
    found = lines.district_of_points(points["longitude"], points["latitude"], points["state"], table)
    assert (found == "08" + points["point_id"].map(rows["sldu2024"])).all()


def test_the_states_of_the_tables_are_the_52():
    assert set(residents.places_of("state")["place"]) == set(states()["state"])
    assert set(residents.places_of("county")["place"]) == set(places.counties()["county_fips"])


def test_geography_is_named_hashed_and_licensed():
    for source in catalog.geography().values():
        for name in ("title", "publisher", "licence", "row", "vintage", "citation"):
            assert getattr(source, name).strip(), (source.key, name)
        assert source.homepage.startswith("https://")
        assert source.key not in catalog.sources()
        for release in source.releases:
            assert len(release.sha256) == 64
            assert release.file


def test_geography_is_listed_with_what_is_fetched_and_is_never_built_or_counted(fresh):
    table = status().set_index("release")
    assert set(table.loc[["tract_points@2020", "districts@upper-2024-*"], "fetched"]) == {""}
    assert table.loc["tract_points@2020", "rows"] == 85_395
    target = raw.raw_path(catalog.geography_files()["districts@upper-2024-co"])
    target.parent.mkdir(parents=True)
    target.write_bytes(b"x")
    assert status().set_index("release").loc["districts@upper-2024-*", "fetched"] == "1 of 50"
    with pytest.raises(CallError, match="never added, built or counted"):
        raw.find_release("tract_points@1999")
    with pytest.raises(CallError, match="fetch tract_points --from FOLDER"):
        catalog.source("tract_points")


@pytest.mark.real
def test_a_folder_gives_every_file_of_geography(real_data, fresh):
    for name in catalog.geography():
        assert raw.fetch([name], real_data, progress=False)
    assert raw.geography("districts@congress-119").is_file()
