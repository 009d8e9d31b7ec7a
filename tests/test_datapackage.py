"""What is built can be taken by other tools as it lies there: Data Package 2.0, Croissant, GeoParquet 1.1, DuckDB."""

import itertools
import json
from importlib.resources import files

import duckdb
import geopandas
import jsonschema
import mlcroissant
import pandas as pd
import pyarrow.parquet as parquet
import pytest

from iop_analysis import catalog, raw
from iop_analysis.carried import listings
from iop_analysis.releases import croissant, datapackage, many, store

# What mlcroissant and its libraries warn of.
pytestmark = pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph is deprecated:DeprecationWarning",
    "ignore:The inplace keyword in DataFrame.reset_index:DeprecationWarning",
    "ignore:Columns .* have mixed types:pandas.errors.DtypeWarning",
)


@pytest.fixture(scope="module", params=["ladders@sample", "national_directory@sample"])
def folder(request, tmp_path_factory):
    patch = pytest.MonkeyPatch()
    patch.setenv("IOP_DATA", str(tmp_path_factory.mktemp("data")))
    many.open_release(request.param)
    yield raw.processed_folder(raw.find_release(request.param))
    patch.undo()


def profile():
    text = (files("dplib") / "profiles" / "2.0" / "datapackage.json").read_text(encoding="utf-8")
    return jsonschema.Draft7Validator(json.loads(text))


def descriptor(folder):
    return json.loads((folder / store.DESCRIPTOR).read_text(encoding="utf-8"))


def test_a_built_release_is_valid_by_the_profile_of_data_package_2(folder):
    assert [error.message for error in profile().iter_errors(descriptor(folder))] == []


def test_the_profile_refuses_what_is_wrong(folder):
    broken = descriptor(folder) | {"licenses": [{}], "resources": [{"name": "x", "schema": {"fields": [{}]}}]}
    assert list(profile().iter_errors(broken))


def test_licence_keys_and_labelled_missing_values_are_said(folder):
    described = descriptor(folder)
    assert described["$schema"] == datapackage.PROFILE
    assert described["licenses"][0]["name"]
    resources = {one["name"]: one for one in described["resources"]}
    assert resources["facilities"]["schema"]["primaryKey"] == ["facility_id"]
    assert resources["facility-hours"]["schema"]["foreignKeys"][0]["reference"]["resource"] == "facilities"
    fields = {one["name"]: one for one in resources["facilities"]["schema"]["fields"]}
    for name in catalog.answer_variables():
        assert fields[name]["categories"] == ["yes", "no"]
        assert [one["value"] for one in fields[name]["missingValues"]] == ["not_reported", "not_asked"]


def test_the_keys_hold_in_the_tables(folder):
    tables = {one["name"]: pd.read_parquet(folder / one["path"]) for one in descriptor(folder)["resources"]}
    assert tables["facilities"]["facility_id"].is_unique
    for name in ("facility-hours", "points"):
        assert set(tables[name]["facility_id"]) <= set(tables["facilities"]["facility_id"])


def test_points_are_geoparquet_that_geopandas_reads_as_it_is_and_hide_what_is_withheld(folder):
    points = geopandas.read_parquet(folder / "points.parquet")
    facilities = pd.read_parquet(folder / "facilities.parquet").set_index("facility_id")
    assert points.crs == "OGC:CRS84"
    assert json.loads(parquet.read_schema(folder / "points.parquet").metadata[b"geo"])["version"] == "1.1.0"
    assert not facilities.loc[points["facility_id"], "address_hidden"].any()
    assert points.geometry.x.tolist() == facilities.loc[points["facility_id"], "longitude"].tolist()


def test_duckdb_answers_a_question_from_the_parquet_as_the_readme_says(folder):
    asked = f"""
        select state, count(*) as programs, count(*) filter (where accepts_medicaid = 'yes') as medicaid
        from '{(folder / "facilities.parquet").as_posix()}' where offers_iop = 'yes' group by state order by state
    """
    found = duckdb.sql(asked).df()
    facilities = pd.read_parquet(folder / "facilities.parquet")
    programs = facilities[facilities["offers_iop"] == "yes"]
    assert found["programs"].sum() == len(programs) > 0
    assert found["medicaid"].sum() == (programs["accepts_medicaid"] == "yes").sum()


def record_sets(folder):
    """The record sets of a folder's Croissant, with the first records of each as mlcroissant reads them."""
    dataset = mlcroissant.Dataset(folder / croissant.FILE)
    assert not dataset.metadata.issues.errors
    return {one.id: list(itertools.islice(dataset.records(one.id), 3)) for one in dataset.metadata.record_sets}


def test_mlcroissant_finds_the_rows_of_a_built_release(folder):
    found = record_sets(folder)
    assert list(found) == [one["name"] for one in descriptor(folder)["resources"]]
    facilities = pd.read_parquet(folder / "facilities.parquet").head(3)
    names = [one["facilities/name"].decode() for one in found["facilities"]]
    assert names == facilities["name"].tolist()
    minutes = pd.read_parquet(folder / "facility_hours.parquet").head(3)["opens_minute"]
    told = [one["facility-hours/opens_minute"] for one in found["facility-hours"]]
    assert told == [None if pd.isna(minute) else minute for minute in minutes]


def test_croissant_says_of_every_column_what_the_data_package_says(folder):
    said = json.loads((folder / croissant.FILE).read_text(encoding="utf-8"))
    assert said["conformsTo"] == "http://mlcommons.org/croissant/1.1"
    fields = {one["@id"]: one for records in said["recordSet"] for one in records["field"]}
    described = descriptor(folder)["resources"]
    named = {f"{one['name']}/{field['name']}" for one in described for field in one["schema"]["fields"]}
    assert named - set(fields) == {"points/geometry"}
    assert set(fields) <= named
    assert "not_asked: the source does not ask this of the row." in fields["facilities/offers_iop"]["description"]
    assert fields["points/facility_id"]["references"] == {"field": {"@id": "facilities/facility_id"}}
    assert {one["sha256"] for one in said["distribution"]} == {one["hash"].split(":")[1] for one in described}


def test_mlcroissant_refuses_a_field_of_a_file_that_is_not_there(folder, tmp_path):
    said = json.loads((folder / croissant.FILE).read_text(encoding="utf-8"))
    said["recordSet"][0]["field"][0]["source"]["fileObject"]["@id"] = "elsewhere.parquet"
    (tmp_path / croissant.FILE).write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(mlcroissant.ValidationError, match=r"elsewhere\.parquet"):
        mlcroissant.Dataset(tmp_path / croissant.FILE)


def test_a_licence_without_an_address_is_said_in_words():
    package = {"name": "x", "title": "X", "version": "0.1.0", "sources": [], "contributors": [], "resources": []}
    public = {"name": "other-pd", "title": "US government work, public domain"}
    said = croissant.described(package | {"licenses": [public, {"name": "CC0-1.0", "title": "CC0"}]})
    assert said["license"] == ["US government work, public domain", "https://spdx.org/licenses/CC0-1.0.html"]
    assert "datePublished" not in said


@pytest.mark.parametrize("source", catalog.sources().values(), ids=catalog.sources())
def test_every_source_has_a_licence_identifier(source):
    assert source.licence_id
    assert source.licence


def test_the_carried_tables_are_a_data_package_of_their_own():
    described = json.loads((listings.FOLDER / "datapackage.json").read_text(encoding="utf-8"))
    assert [error.message for error in profile().iter_errors(described)] == []
    named = {one["path"] for one in described["resources"]}
    there = {path.relative_to(listings.FOLDER).as_posix() for path in listings.FOLDER.rglob("*.csv*")}
    assert named == there


def test_mlcroissant_reads_every_carried_table():
    found = record_sets(listings.FOLDER)
    assert all(found.values())
    table = pd.read_csv(listings.FOLDER / "changes.csv").head(3)
    assert [one["changes/facilities"] for one in found["changes"]] == table["facilities"].tolist()
