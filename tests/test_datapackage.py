"""What is built can be taken by other tools as it lies there: Data Package 2.0, GeoParquet 1.1, DuckDB."""

import json
from importlib.resources import files

import duckdb
import geopandas
import jsonschema
import pandas as pd
import pyarrow.parquet as parquet
import pytest

from iop_analysis import catalog, raw
from iop_analysis.carried import listings
from iop_analysis.releases import datapackage, many, store


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
