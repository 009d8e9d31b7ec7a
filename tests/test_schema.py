"""The canonical tables: every way in which one is wrong is named at once."""

import pandas as pd
import pytest
from tables import facilities, hours

from iop_analysis import catalog
from iop_analysis.catalog import answers
from iop_analysis.errors import DataError
from iop_analysis.releases import schema


def test_the_schema_has_every_variable_of_the_catalog_in_its_order_and_no_other_column():
    assert list(schema.facilities_schema().columns) == list(catalog.variables())
    table = facilities(2)
    schema.validate(table, schema.facilities_schema(), "x.csv")
    with pytest.raises(DataError, match="extra"):
        schema.validate(table.assign(extra=1), schema.facilities_schema(), "x.csv")
    with pytest.raises(DataError):
        schema.validate(table[list(table.columns)[::-1]], schema.facilities_schema(), "x.csv")
    with pytest.raises(DataError, match="zip"):
        schema.validate(table.drop(columns="zip"), schema.facilities_schema(), "x.csv")


def test_all_the_ways_in_which_a_table_is_wrong_are_named_in_one_sentence():
    table = facilities(3, facility_id=["a", "a", "c"])
    table["state"] = pd.Series(["Colorado", "CO", None], dtype="str")
    table["zip"] = pd.Series(["7102", "07102", "07102"], dtype="str")
    table["county_fips"] = pd.Series(["8031", None, None], dtype="str")
    table["latitude"] = [139.0, 39.0, None]
    table["place_quality"] = pd.Series(["none", "guess", "none"], dtype="str")
    table["hours_status"] = pd.Series(["open", "known", "known"], dtype="str")
    table["name"] = pd.Series(["A", None, "C"], dtype="str")
    with pytest.raises(DataError) as raised:
        schema.validate(table, schema.facilities_schema(), "x.csv")
    text = str(raised.value)
    assert text.startswith("x.csv ")
    for column in ("facility_id", "state", "zip", "county_fips", "latitude", "place_quality", "hours_status", "name"):
        assert f"'{column}'" in text, column
    for said in (
        "row 2: '7102' is no ZIP code",
        "'Colorado' is no postal",
        "'guess' is none of",
        "139.0 is not within",
    ):
        assert said in text, said
    assert "'name' row 3" in text


def test_an_answer_outside_the_four_is_refused():
    table = facilities(1)
    table["offers_iop"] = pd.Series(["maybe"], dtype="category")
    with pytest.raises(DataError, match="offers_iop"):
        schema.validate(table, schema.facilities_schema(), "x.csv")


@pytest.mark.parametrize(
    ("span", "column"),
    [
        ((0, "Mo", 600, 600), "closes before"),
        ((0, "Mo", 600, 500), "closes before"),
        ((0, "Mo", -1, 600), "opens_minute"),
        ((0, "Mo", 600, 1441), "closes_minute"),
        ((0, "Monday", 600, 700), "day"),
        ((0, "Mo", 600, 700, "hotline"), "scope"),
    ],
)
def test_hours_rows_are_checked_to_the_minute(span, column):
    schema.validate(hours([(0, "Mo", 0, 1440), (0, "Tu", None, None)]), schema.hours_schema(), "x.csv")
    with pytest.raises(DataError, match=column):
        schema.validate(hours([span]), schema.hours_schema(), "x.csv")


def test_a_column_of_answers_that_a_source_lacks_is_not_asked_and_any_other_missing():
    table = schema.conform(pd.DataFrame({"facility_id": ["1", "2"]}))
    assert list(table.columns) == list(catalog.variables())
    for name, variable in catalog.variables().items():
        if variable.type == "answer":
            assert table[name].tolist() == ["not_asked", "not_asked"]
            assert table[name].dtype == answers.ANSWER_TYPE
        elif variable.type == "boolean":
            assert table[name].tolist() == [False, False]
        elif name != "facility_id":
            assert table[name].isna().all(), name


def test_blank_text_is_missing_and_text_is_trimmed_where_a_column_may_be_empty():
    table = schema.conform(pd.DataFrame({"facility_id": ["1", "2"], "city": ["  ", " Salida "], "zip": ["", None]}))
    assert table["city"].isna().tolist() == [True, False]
    assert table["city"].iloc[1] == "Salida"
    assert table["zip"].isna().all()


def test_an_empty_table_conforms_and_is_valid():
    table = schema.conform(pd.DataFrame({"facility_id": pd.Series([], dtype="str")}))
    assert len(schema.validate(table, schema.facilities_schema(), "x.csv")) == 0
    assert len(schema.validate(hours([]), schema.hours_schema(), "x.csv")) == 0


def test_every_type_of_the_catalog_has_a_type_of_table():
    assert {variable.type for variable in catalog.variables().values()} == set(schema.TYPES)
