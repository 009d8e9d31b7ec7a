"""Demand points and sites are read in every accepted spelling; what cannot be one stops with a sentence."""

from pathlib import Path

import pandas as pd
import pytest

from iop_analysis import catalog
from iop_analysis.errors import DataError
from iop_analysis.places.demand import POINT_COLUMNS, read_points
from iop_analysis.places.sites import read_sites

HEAD = "tract_geoid,latitude,longitude,pop_total\n"


def write(tmp_path: Path, text: str, name: str = "points.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize(
    ("columns", "values", "point_id", "level"),
    [
        ("STATEFP,COUNTYFP,COUNAME,STNAME", "08,001,Adams,Colorado", "08001", "county"),
        ("STATEFP,COUNTYFP,TRACTCE", "08,001,007801", "08001007801", "tract"),
        ("STATEFP,COUNTYFP,TRACTCE,BLKGRPCE", "8,1,7801,2", "080010078012", "block_group"),
    ],
)
def test_the_census_layouts_give_whole_identifiers(tmp_path, columns, values, point_id, level):
    text = f"{columns},POPULATION,LATITUDE,LONGITUDE\n{values},1204,+39.8,-104.9\n"
    points = read_points(write(tmp_path, text, encoding="utf-8-sig"))
    assert points.to_dict("records") == [
        {
            "point_id": point_id,
            "population": 1204.0,
            "latitude": 39.8,
            "longitude": -104.9,
            "state": "CO",
            "level": level,
        }
    ]
    assert list(points) == POINT_COLUMNS


@pytest.mark.parametrize(
    ("heading", "ids", "read", "level"),
    [
        ("tract_geoid", ["1001020100", "10010201002"], ["01001020100", "10010201002"], "tract"),
        ("GEOID", ["010010201001", "010010201002"], ["010010201001", "010010201002"], "block_group"),
        ("geoid20", ["010010201001001", "10010201001002"], ["010010201001001", "010010201001002"], "block"),
        ("fips", ["1001", "8001"], ["01001", "08001"], "county"),
        ("GEO_ID", ["1400000US01001020100", "1400000US01001020200"], ["01001020100", "01001020200"], "tract"),
        ("GEO_ID", ["0500000US01001", "0500000US08001"], ["01001", "08001"], "county"),
        ("geoid", ["1001020100.0", "8001020200.0"], ["01001020100", "08001020200"], "tract"),
        ("id", ["1001", "8001"], ["1001", "8001"], "own"),
        ("geoid", ["80218", "07030"], ["80218", "07030"], "own"),
        ("point_id", ["north", "south"], ["north", "south"], "own"),
    ],
)
def test_census_identifiers_get_their_zero_back_and_others_stay_as_they_are(tmp_path, heading, ids, read, level):
    text = f"{heading},pop,lat,lon\n{ids[0]},1,40,-105\n{ids[1]},2,41,-105\n"
    points = read_points(write(tmp_path, text))
    assert points["point_id"].tolist() == read
    assert set(points["level"]) == {level}


@pytest.mark.parametrize("row", [row for row in catalog.read_rows("spellings.csv") if row["table"] == "points"])
def test_every_listed_spelling_is_taken(tmp_path, row):
    names = {"point_id": "point_id", "population": "population", "latitude": "latitude", "longitude": "longitude"}
    names[row["name"]] = f" {row['spelling'].upper()} "
    cells = {"point_id": "p", "population": "5", "latitude": "40", "longitude": "-105", "state": "08"}
    text = ",".join(names.values()) + "\n" + ",".join(cells[name] for name in names) + "\n"
    points = read_points(write(tmp_path, text))
    assert points.loc[0, "population"] == 5
    assert points.loc[0, "state"] == ("CO" if row["name"] == "state" else "")


def test_csv_compressed_csv_and_parquet_give_the_same_points(tmp_path):
    path = write(tmp_path, HEAD + "01001020100,32.5,-86.5,1845.0\n08001007801,39.8,-104.9,0\n")
    expected = read_points(path)
    table = pd.read_csv(path, dtype="str")
    table.to_csv(tmp_path / "points.csv.gz", index=False)
    table.astype({"pop_total": float, "latitude": float}).to_parquet(tmp_path / "points.parquet")
    for name in ("points.csv.gz", "points.parquet"):
        pd.testing.assert_frame_equal(read_points(tmp_path / name), expected)


def test_points_without_residents_stay(tmp_path):
    points = read_points(write(tmp_path, HEAD + "01001020100,32.5,-86.5,0\n"))
    assert points["population"].tolist() == [0.0]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("geoid,lat,lon\n1,2,3\n", "row 1 has no column for population: population may be written population, pop"),
        (HEAD, "headings but no rows"),
        ("", "cannot be read as CSV"),
        (HEAD + "01001020100,32.5,-86.5,many\n", "row 2, column 'pop_total': 'many' is not a number"),
        (HEAD + "01001020100,,-86.5,7\n", "row 2, column 'latitude': '' is not a number"),
        (HEAD + "01001020100,32.5,-86.5,inf\n", "'inf' is not a number"),
        (HEAD + "01001020100,32.5,-86.5,-7\n", "is below zero"),
        (HEAD + "01001020100,0,0,7\n", "0/0"),
        (HEAD + "01001020100,-86.5,32.5,7\n", "swapped"),
        (HEAD + "01001020100,32.5,-186.5,7\n", "row 2, column 'longitude': .* out of range"),
        (HEAD + "01001020100,32.5,-86.5,7\n01001020100,32.5,-86.5,7\n", "row 3, column 'tract_geoid': .* twice"),
        (HEAD + ",32.5,-86.5,7\n", "is no identifier"),
        ("STATEFP,COUNTYFP,POPULATION,LATITUDE,LONGITUDE\nAL,1,7,32.5,-86.5\n", "STATEFP.COUNTYFP': 'AL001' is no id"),
    ],
)
def test_a_table_that_is_no_table_of_points_stops_with_file_row_and_column(tmp_path, text, sentence):
    with pytest.raises(DataError, match=sentence) as stop:
        read_points(write(tmp_path, text))
    assert str(stop.value).startswith("points.csv: ")


def test_a_file_that_is_not_there_or_no_parquet_is_said(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        read_points(tmp_path / "none.csv")
    with pytest.raises(DataError, match="no whole Parquet file"):
        read_points(write(tmp_path, "text", "points.parquet"))


@pytest.mark.real
def test_the_real_point_files_are_read_whole(real_data: Path):
    tracts = read_points(real_data / "geography" / "tract_points_2017.csv.gz")
    assert (len(tracts), set(tracts["level"]), tracts["state"].nunique()) == (73056, {"tract"}, 51)
    assert tracts["population"].sum() == 321004407
    counties = read_points(real_data / "geography" / "CenPop2020_Mean_CO.txt")
    assert (len(counties), set(counties["level"]), counties["state"].nunique()) == (3221, {"county"}, 52)
    rows = {"SubstanceUseTreatment": 14034, "MentalHealthProviders": 11375, "OpioidTreatmentProgram": 1831}
    for name, count in rows.items():
        sites = read_sites(real_data / "locator_points" / f"{name}_Geocoded.csv")
        assert (len(sites), sites["latitude"].isna().sum()) == (count, 0)
