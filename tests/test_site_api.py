"""The numbers for programs are those of the pages, and are what their schema says."""

import json

import jsonschema
import pandas as pd
import pytest

from iop_analysis import places
from iop_analysis.report.gathered import gather, state_row
from iop_analysis.report.site import api


@pytest.fixture(autouse=True)
def fresh(tmp_path, monkeypatch):
    """Only what the package carries is at hand."""
    monkeypatch.setenv("IOP_DATA", str(tmp_path / "data"))


def check(said) -> list[str]:
    validator = jsonschema.Draft202012Validator(json.loads(api.schema()))
    return [error.message for error in validator.iter_errors(said)]


@pytest.mark.parametrize("state", places.states()["state"])
def test_what_is_said_of_every_state_is_valid_by_the_schema(state):
    assert check(json.loads(api.as_json(api.state(gather(state))))) == []


def test_the_schema_refuses_a_negative_count_and_a_word_too_many():
    said = api.state(gather("NJ"))
    said["measures"][0]["numerator"] = -1
    assert any("-1" in message for message in check(said | {"more": 1}))
    assert any("more" in message for message in check(said | {"more": 1}))


def test_numerator_denominator_and_unknown_are_those_of_the_tables():
    gathered = gather("NJ")
    row = next(one for one in api.state(gathered)["measures"] if one["have"] == "medicaid")
    counts = state_row(gathered.main, "medicaid", "NJ")
    assert (row["numerator"], row["denominator"], row["unknown"]) == tuple(counts[["yes", "facilities", "unknown"]])
    assert row["release"] == gathered.main.release.key


def test_a_fee_that_is_not_listed_is_no_no():
    rows = {one["have"]: one for one in api.state(gather("NJ"))["measures"]}
    assert rows["sliding_fee"]["can_say_no"] is False
    assert rows["sliding_fee"]["known_share"] is None
    assert rows["medicaid"]["can_say_no"] is True


def test_a_state_with_a_list_of_its_own_gives_both_lists_apart():
    said = api.state(gather("CO"))
    assert [one["list"] for one in said["lists"]] == ["ladders", "national_directory"]
    assert {one["list"] for one in said["measures"]} == {"ladders", "national_directory"}


def test_residents_within_ten_miles_are_no_fewer_than_within_five():
    rows = pd.DataFrame(api.state(gather("CO"))["residents"])
    wide = rows.pivot_table(index=["list", "have"], columns="miles", values="within_at_least")
    assert (wide[10] >= wide[5]).all()
    assert (rows["within_at_least"] <= rows["within_at_most"]).all()
    assert (rows["within_at_most"] <= rows["residents"]).all()


def test_the_table_of_the_nation_has_a_row_for_each_state_list_and_question():
    said = [api.state(gather(state)) for state in ("NJ", "CO")]
    table = api.national(said)
    assert len(table) == sum(len(one["measures"]) for one in said)
    assert not table.duplicated(["state", "list", "release", "have"]).any()
    assert set(table["version"]) == {said[0]["made_by"]["version"]}
