"""Distances of built releases: which sites count, where they are, and what a change would bring."""

import io

import pandas as pd
import pytest
from click.testing import CliRunner

from iop_analysis import catalog, criteria, distances, facilities
from iop_analysis.cli import main
from iop_analysis.errors import CallError


@pytest.fixture
def sample(tmp_path, monkeypatch):
    """A data folder with the built sample of Colorado and demand points at three of its cities and one far off."""
    monkeypatch.setenv("IOP_DATA", str(tmp_path / "data"))
    facilities.build(catalog.release("ladders@sample"))
    folder = tmp_path / "data" / "raw" / "geography"
    folder.mkdir(parents=True)
    points = pd.DataFrame(
        {
            "GEOID": ["08031000100", "08041000100", "08101000100", "31001000100"],
            "POPULATION": [100, 50, 30, 20],
            "LATITUDE": [39.74, 38.83, 38.27, 40.9],
            "LONGITUDE": [-104.99, -104.82, -104.61, -98.5],
        }
    )
    points.to_csv(folder / "own_tracts.csv", index=False)
    return tmp_path


def run(*words: str):
    return CliRunner().invoke(main, list(words))


def test_a_possible_site_is_never_farther_than_a_sure_one(sample):
    sites = distances.sites_of_release("ladders@sample", "iop & evening")
    table = distances.access_table(distances.points_of(None), sites, 16)
    assert (table["nearest_possible_km"] <= table["nearest_sure_km"]).all()
    assert not sites.same_state


def test_a_state_payer_keeps_people_in_their_state(sample):
    sites = distances.sites_of_release("ladders@sample", "iop & medicaid")
    assert sites.same_state
    table = distances.access_table(distances.points_of(None), sites, 16).set_index("point_id")
    assert table.loc["31001000100", "nearest_sure_km"] == float("inf")
    assert table.loc["08031000100", "nearest_sure_km"] < 10


def test_points_of_one_state_only(sample):
    assert len(distances.points_of(None, "CO")) == 3
    with pytest.raises(CallError, match="none in WY"):
        distances.points_of(None, "WY")


def test_extending_makes_one_word_true_everywhere():
    assert distances.extended("iop & evening & medicaid", "medicaid").atoms == criteria.parse("iop & evening").atoms
    with pytest.raises(CallError, match="does not ask for medicaid"):
        distances.extended("iop & evening", "medicaid")
    with pytest.raises(CallError, match="20:00"):
        distances.extended("iop & evening(after='19:30')", "evening")


def test_the_commands_print_the_contract(sample):
    lines = run("access", "--source", "ladders@sample", "--have", "iop", "--format", "csv").stdout.splitlines()
    assert lines[0] == "point_id,population,nearest_sure_km,nearest_possible_km,within_count"
    assert len(lines) == 5
    summary = run("access", "--source", "ladders@sample", "--summary", "--format", "csv", "--state", "CO").stdout
    heading = "points,population,p25_km,median_km,p75_km,weighted_mean_km,weighted_median_km,share_within"
    assert summary.splitlines()[0] == heading
    what = run(
        "whatif",
        "--have",
        "iop & evening",
        "--extend",
        "evening",
        "--k",
        "2",
        "--state",
        "CO",
        "--format",
        "csv",
        "--source",
        "ladders@sample",
    )
    assert what.exit_code == 0, what.stderr
    assert what.stdout.startswith("facility_id,today,gained_population")
    wrong = run("access", "--points", "nowhere.csv", "--source", "ladders@sample")
    assert wrong.exit_code != 0


@pytest.mark.real
def test_tracts_and_opioid_treatment_programs_give_the_known_distances(real_data):
    points, sites = real_data / "geography" / "tract_points_2017.csv.gz", real_data / "locator_points"
    found = run(
        "access",
        "--points",
        str(points),
        "--sites",
        str(sites / "OpioidTreatmentProgram_Geocoded.csv"),
        "--summary",
        "--format",
        "csv",
    )
    row = pd.read_csv(io.StringIO(found.stdout)).iloc[0].round(3)
    assert row[["points", "p25_km", "median_km", "p75_km"]].tolist() == [73056, 3.666, 8.067, 21.057]
    assert round(row["weighted_mean_km"], 2) == 18.99
