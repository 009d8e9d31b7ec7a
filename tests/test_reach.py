"""Distances of built releases: which sites count, where they are, and what a change would bring."""

import io
from dataclasses import replace

import pandas as pd
import pytest
from click.testing import CliRunner

from iop_analysis import catalog, criteria, raw
from iop_analysis.carried import reach
from iop_analysis.cli import main
from iop_analysis.errors import CallError
from iop_analysis.releases import listing


@pytest.fixture
def sample(tmp_path, monkeypatch):
    """A data folder with the built sample of Colorado and demand points at three of its cities and one far off."""
    monkeypatch.setenv("IOP_DATA", str(tmp_path / "data"))
    listing.build(catalog.release("ladders@sample"))
    target = raw.raw_path(catalog.geography_files()[reach.POINTS])
    target.parent.mkdir(parents=True)
    points = pd.DataFrame(
        {
            "GEOID": ["08031000100", "08041000100", "08101000100", "31001000100"],
            "POPULATION": [100, 50, 30, 20],
            "LATITUDE": [39.74, 38.83, 38.27, 40.9],
            "LONGITUDE": [-104.99, -104.82, -104.61, -98.5],
        }
    )
    points.to_csv(target, index=False)
    return tmp_path


def run(*words: str):
    return CliRunner().invoke(main, list(words))


def test_a_possible_site_is_never_farther_than_a_sure_one(sample):
    sites = reach.sites_of_release("ladders@sample", "iop & evening")
    table = reach.access_table(reach.points_of(None), sites, 16)
    assert (table["nearest_possible_km"] <= table["nearest_sure_km"]).all()
    assert not sites.same_state


def test_a_state_payer_keeps_people_in_their_state(sample):
    sites = reach.sites_of_release("ladders@sample", "iop & medicaid")
    assert sites.same_state
    table = reach.access_table(reach.points_of(None), sites, 16).set_index("point_id")
    assert table.loc["31001000100", "nearest_sure_km"] == float("inf")
    assert table.loc["08031000100", "nearest_sure_km"] < 10


def test_points_of_one_state_only(sample):
    assert len(reach.points_of(None, "CO")) == 3
    with pytest.raises(CallError, match="none in WY"):
        reach.points_of(None, "WY")


def test_extending_makes_one_word_true_everywhere():
    assert reach.extended("iop & evening & medicaid", "medicaid").atoms == criteria.parse("iop & evening").atoms
    with pytest.raises(CallError, match="does not ask for medicaid"):
        reach.extended("iop & evening", "medicaid")
    with pytest.raises(CallError, match="20:00"):
        reach.extended("iop & evening(after='19:30')", "evening")


def test_the_commands_print_the_contract(sample):
    lines = run("access", "--source", "ladders@sample", "--have", "iop", "--format", "csv").stdout.splitlines()
    assert lines[0] == "point_id,population,nearest_sure_km,nearest_possible_km,within_count"
    assert len(lines) == 4
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
    assert what.stdout.startswith("unknowns,gained_population,covered_population,covered_share,of_best_share,city")
    wrong = run("access", "--points", "nowhere.csv", "--source", "ladders@sample")
    assert wrong.exit_code != 0


@pytest.fixture
def minutes(sample):
    """A file of invented travel times from two points to every site of the sample."""
    table = listing.load("ladders@sample").facilities
    people = reach.points_of(None, "CO").head(2)
    rows = [
        (point, site, 5.0 + (number * 7 + place * 3) % 50)
        for place, point in enumerate(people["point_id"])
        for number, site in enumerate(table["facility_id"])
    ]
    path = sample / "minutes.csv"
    pd.DataFrame(rows, columns=["from_id", "to_id", "travel_time"]).to_csv(path, index=False)
    return path


def test_own_travel_times_take_the_place_of_straight_lines(minutes):
    words = ["access", "--source", "ladders@sample", "--have", "iop & medicaid", "--travel", str(minutes)]
    found = run(*words, "--state", "CO", "--partial", "--format", "csv")
    assert found.exit_code == 0, found.stderr
    table = pd.read_csv(io.StringIO(found.stdout), dtype={"point_id": "str"}).set_index("point_id")
    sites = reach.counting_sites("ladders@sample", "iop & medicaid")
    sure = set(sites.table.loc[sites.answer.fillna(False), "facility_id"])
    times = pd.read_csv(minutes, dtype={"from_id": "str", "to_id": "str"})
    times = times[times["to_id"].isin(sure)].groupby("from_id")["travel_time"]
    assert table["nearest_sure_minutes"].iloc[:2].to_dict() == times.min().to_dict()
    assert table["within_count"].iloc[:2].tolist() == times.apply(lambda one: (one <= 30).sum()).tolist()
    assert table["nearest_sure_minutes"].iloc[2:].isna().all(), "a point that the file lacks is not measured"
    assert "1 of 3 points (16.7 % of residents) stand nowhere in the matrix" in found.stderr
    assert "Minutes are those of your file" in found.stderr
    summary = run(*words, "--summary", "--within", "6", "--format", "csv").stdout.splitlines()[0]
    assert summary.startswith("points,population,p25_minutes,median_minutes")


def test_a_matrix_that_lacks_many_points_prints_the_table_and_exits_1_unless_told(minutes):
    words = ["access", "--source", "ladders@sample", "--travel", str(minutes), "--state", "CO", "--format", "csv"]
    found = run(*words)
    assert (found.exit_code, len(found.stdout.splitlines())) == (1, 4)
    assert "Error: minutes.csv: 1 of 3 points (16.7 % of residents) stand nowhere in the matrix" in found.stderr
    assert run(*words, "--partial").exit_code == 0


def test_a_matrix_from_tract_to_tract_takes_each_site_to_the_nearest_tract(sample):
    path = sample / "tracts.csv"
    path.write_text(
        "origin,destination,minutes\n8031000100,8041000100,60\n8041000100,8041000100,4\n8101000100,8041000100,40\n",
        encoding="utf-8",
    )
    sites = sample / "sites.csv"
    sites.write_text("name,lat,lon\nAlder,38.8,-104.8\nBirch,38.9,-104.8\nFar,45,-120\n", encoding="utf-8")
    words = ["access", "--sites", str(sites), "--travel", str(path), "--state", "CO", "--format", "csv"]
    found = run(*words)
    assert found.exit_code == 0, found.stderr
    table = pd.read_csv(io.StringIO(found.stdout))
    assert table["nearest_sure_minutes"].tolist() == [60, 4, 40]
    assert table["within_count"].tolist() == [0, 2, 0]
    assert "The matrix ends in tracts, not at sites: 2 of 3 sites" in found.stderr


def test_a_list_of_sites_answers_no_criterion(sample):
    sites = sample / "sites.csv"
    sites.write_text("name,lat,lon\nAlder,38.8,-104.8\nBirch,,\n", encoding="utf-8")
    for option in (("--have", "medicaid"), ("--source", "ladders@sample")):
        found = run("access", "--sites", str(sites), *option)
        assert found.exit_code == 2
        assert "leave out" in found.stderr
    assert "1 of 2 sites have no point and take no part" in run("access", "--sites", str(sites)).stderr


@pytest.mark.parametrize(
    ("have", "rule"), [("iop & medicaid", "only sites of a point's own state"), ("iop", "sites of every state count")]
)
def test_the_commands_say_which_rule_on_state_payers_applied(sample, have, rule):
    assert rule in run("access", "--source", "ladders@sample", "--have", have, "--summary").stderr
    late = f"{have} & evening"
    words = ["whatif", "--have", late, "--extend", "evening", "--state", "CO", "--source", "ladders@sample"]
    assert rule in run(*words).stderr


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


def test_a_withheld_place_is_named_without_its_city_and_street(sample, monkeypatch):
    built = listing.load("ladders@sample")
    rows = built.facilities.assign(address_hidden=True, name=built.facilities["name"] + " - Oak Ave")
    monkeypatch.setattr(listing, "load", lambda _: replace(built, facilities=rows))
    late = "iop & evening(after='19:00', days=5)"
    table, _ = reach.whatif_table(reach.points_of(None, "CO"), "ladders@sample", late, "evening", 5, within_km=5.0)
    assert len(table)
    assert table["city"].isna().all()


def test_a_program_that_would_have_to_change_is_told_by_its_town_and_never_named(sample):
    late = "iop & evening(after='19:00', days=5)"
    table, _ = reach.whatif_table(reach.points_of(None, "CO"), "ladders@sample", late, "evening", 5, within_km=5.0)
    assert len(table)
    assert not {"name", "facility_id", "phone"} & set(table)


def test_taking_medicaid_gains_people_of_the_own_state_although_the_change_makes_the_payer_true(sample):
    points = reach.points_of(None)
    _, sites = reach.whatif_table(points, "ladders@sample", "iop & medicaid", "medicaid", 2, within_km=15.0)
    assert sites.same_state
    assert sites.notes[-1] == reach.OWN_STATE
