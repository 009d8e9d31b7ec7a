"""The section on distance says what the carried tables hold, sure and possible apart, and what was not measured."""

import pytest

from iop_analysis.carried import distances
from iop_analysis.report import gathered
from iop_analysis.report.model import Table
from iop_analysis.report.sections.distance import distance, length


@pytest.fixture(autouse=True)
def fresh(tmp_path, monkeypatch):
    """An empty data folder: only what the package carries is at hand."""
    monkeypatch.setenv("IOP_DATA", str(tmp_path))


def blocks(state: str):
    return distance(gathered.gather(state)).blocks


def said(state: str) -> str:
    return " ".join(block for block in blocks(state) if isinstance(block, str))


def table(state: str, key: str) -> Table:
    (found,) = [block for block in blocks(state) if isinstance(block, Table) and block.key == key]
    return found


def test_half_of_the_residents_live_within_what_the_table_holds():
    row = distances.carried_distances("national_directory@su-2023", "NJ").iloc[0]
    assert f"Half of the residents of New Jersey live within {length(row['median_sure_km'])} of" in said("NJ")


@pytest.mark.parametrize("state", ["NJ", "CO", "WY", "CT", "AK", "DC"])
def test_every_section_says_that_lines_are_straight_and_buses_were_not_measured(state):
    text = said(state)
    assert "straight lines" in text
    assert "Buses and trains were not measured" in text
    assert "2 km" in table(state, "distance").frame.columns[3]


def test_programs_with_no_better_point_than_their_zip_code_are_counted():
    row = distances.carried_distances("national_directory@su-2023", "NJ").iloc[-1]
    assert row["sites_at_zip"] > 0
    assert f"{row['sites_at_zip']} have only the point of their ZIP code" in said("NJ")


def test_puerto_rico_gets_one_sentence_and_no_map():
    (only,) = blocks("PR")
    assert "Puerto Rico were not measured" in only


def test_what_is_sure_and_possible_alike_is_said_once():
    assert "Within 10 miles" in table("NJ", "distance_people").frame
    both = table("CO", "distance_people")
    assert {"Within 10 miles, at least", "Within 10 miles, at most"} <= set(both.frame)
    assert set(both.shares) == {"Within 10 miles, at least", "Within 10 miles, at most"}


def test_city_and_country_are_compared_only_where_the_state_has_both():
    assert "in rural counties within" in said("CO")
    assert "rural counties" not in said("DC")
