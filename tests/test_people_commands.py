"""Commands about people: residents within reach, counties held to a rule, every rule of counting, who owns what."""

import io
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from iop_analysis import catalog, places, raw
from iop_analysis.carried import bounds as every
from iop_analysis.carried import listings, owners, programs, reach
from iop_analysis.cli import main
from iop_analysis.metrics import coverage, residents
from iop_analysis.places import districts
from iop_analysis.releases import listing

NATIONAL, LADDERS = "national_directory@su-2023", "ladders@2023-05-16"


def run(*words: str):
    return CliRunner().invoke(main, list(words))


def table_of(*words: str) -> pd.DataFrame:
    found = run(*words, "--format", "csv")
    assert found.exit_code == 0, found.output
    return pd.read_csv(io.StringIO(found.stdout), dtype={"county_fips": "str", "place": "str"})


def test_every_owner_of_a_state_is_counted_once_and_the_answers_add_up():
    for state in ("NJ", "CO", "WY"):
        for release in (NATIONAL, LADDERS):
            table = owners.of_state(release, None, "medicaid", state)
            assert (table["yes"] + table["no"] + table["unknown"] == table["facilities"]).all()
            assert table["ownership"].is_unique
    assert owners.of_state(NATIONAL, None, "medicaid", "NJ")["facilities"].sum() == 232


def test_those_that_do_not_list_medicaid_in_new_jersey_are_for_profit_but_for_six():
    table = owners.of_state(NATIONAL, None, "medicaid", "NJ").set_index("ownership")
    # One more carries the codes of two owners, for-profit among them: 52 of 57 with it.
    assert (table["no"].sum(), table.loc["private for-profit", "no"], table.loc["several", "no"]) == (57, 51, 1)


def test_every_district_of_a_state_is_listed_and_the_rows_add_up_to_the_state(sample):
    words = ["coverage", "--source", "ladders@sample", "--state", "CO", "--have", "medicaid"]
    whole = table_of(*words).iloc[0]
    for level, houses in (("congress", 8), ("upper", 35), ("lower", 65)):
        table = table_of(*words, "--by", level)
        assert (table["place"] != coverage.NOT_PLACED).sum() == houses
        for name in ("facilities", "yes", "no", "unknown"):
            assert table[name].sum() == whole[name]
    shown = run(*words, "--by", "upper").stdout.splitlines()
    assert max(map(len, shown)) <= 80
    assert "08012 Senate 12" in "".join(shown)


@pytest.mark.real
def test_kinds_of_counties_are_asked_of_a_list_and_not_of_a_survey(sample, real_data):
    raw.fetch(["urban_rural"], real_data, progress=False)
    table = table_of("coverage", "--source", "ladders@sample", "--have", "medicaid", "--by", "urban_rural")
    classes = {row["label"] for row in catalog.read_rows("urban_rural.csv")}
    assert set(table["place"]) <= classes | {coverage.NOT_PLACED}
    assert len(set(table["place"]) & classes) > 1
    whole = table_of("coverage", "--source", "ladders@sample", "--have", "medicaid").iloc[0]
    assert table["facilities"].sum() == whole["facilities"]


@pytest.mark.real
def test_the_named_districts_are_those_of_the_lines(real_data):
    own = set(places.states()["fips"])
    folder = real_data / "districts"
    for level, files in (
        ("congress", [folder / "cd119_2024_us.topojson"]),
        ("upper", (folder / "sld_2024").glob("*upper*")),
    ):
        codes = {code for code in districts.read_shapes(files)["district"] if code[:2] in own}
        assert codes == set(districts.named_districts(level)["district"])


@pytest.fixture(scope="module")
def people(tmp_path_factory, real_data):
    """The built samples, with the real files on where people live and what the counties are."""
    wanted = ("tract_points", "block_group_points", "connecticut_tracts", "county_types", "social_vulnerability")
    lines = ["districts@blocks-2024", "districts@congress-119", "districts@upper-2024-co", "districts@lower-2024-co"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IOP_DATA", str(tmp_path_factory.mktemp("people") / "data"))
        raw.fetch([*wanted, *lines], real_data, progress=False)
        for source in ("ladders", "national_directory"):
            listing.build(catalog.release(f"{source}@sample"))
        programs.homes.cache_clear()
        yield
        programs.homes.cache_clear()


@pytest.mark.real
def test_a_plain_count_holds_every_county_to_the_rule_and_says_whom_it_binds(people):
    found = run("adequacy", "--source", "ladders@sample", "--state", "CO", "--plain", "--format", "csv")
    assert found.exit_code == 0, found.output
    heading = found.stdout.splitlines()[0]
    assert heading == "county_fips,county,county_type,residents,limit,share_required,lower_share,upper_share,verdict"
    assert len(found.stdout.splitlines()) == 1 + 64
    for words in (
        "It binds Medicare Advantage plans",
        "42 CFR 422.116",
        "as transcribed",
        "not associated with better",
    ):
        assert words in found.stderr
    assert "pass" not in found.output.split()


@pytest.mark.real
def test_residents_of_counties_are_those_of_the_state_and_a_table_fits_the_screen(people):
    words = ["residents", "--source", "ladders@sample", "--state", "CO", "--have", "medicaid"]
    whole, parts = table_of(*words), table_of(*words, "--by", "county")
    counted = [name for name in whole if name == "population" or name.startswith("within_")]
    assert (parts[counted].sum() == whole[counted].iloc[0]).all()
    assert max(map(len, run(*words, "--by", "county").stdout.splitlines())) <= 80
    adequacy = run("adequacy", "--source", "ladders@sample", "--state", "CO").stdout.splitlines()
    assert max(map(len, adequacy)) <= 80


@pytest.mark.real
def test_a_list_says_nothing_about_a_state_that_it_does_not_cover(people):
    for command in ("residents", "adequacy"):
        found = run(command, "--source", "ladders@sample", "--state", "NJ")
        assert found.exit_code == 2
        assert "lists programs of CO only; it says nothing about NJ" in found.stderr
        survey = run(command, "--source", "nsumhss@2024", "--state", "NJ")
        assert survey.exit_code == 2
        assert "no place; name a directory" in survey.stderr


@pytest.mark.real
def test_a_word_that_a_list_does_not_ask_is_said_to_be_unknown(people):
    found = run("residents", "--source", "national_directory@sample", "--state", "CO", "--have", "evening")
    assert found.exit_code == 0, found.output
    assert "does not ask about evening: unknown for every program" in found.stderr


@pytest.mark.real
def test_by_the_clock_nobody_is_gained_at_a_later_hour(people):
    table = table_of("residents", "--source", "ladders@sample", "--state", "CO", "--have", "medicaid", "--clock")
    assert table["after"].tolist() == ["12:00", "17:00", "18:00", "19:00", "20:00"]
    for name in [name for name in table if name.startswith("within_")]:
        assert table[name].is_monotonic_decreasing
    wrong = run("residents", "--source", "ladders@sample", "--have", "evening", "--clock")
    assert wrong.exit_code == 2
    assert "leave evening out of --have" in wrong.stderr


@pytest.mark.real
def test_every_rule_of_counting_is_a_row_and_recounts_from_the_list(people, monkeypatch):
    monkeypatch.setattr(listings, "newest", lambda: ["ladders@sample"])
    monkeypatch.setattr(every, "CUT_OFFS", (0.65,))
    table = every.bounds("CO")
    alone = table[(table["link_score"] == every.NO_WITNESS) & (table["custody"] == "counted")].set_index("have")
    loaded = listing.load("ladders@sample")
    here = loaded.facilities[loaded.facilities["state"] == "CO"]
    counts = coverage.coverage(here, loaded.hours, "medicaid").iloc[0]
    assert alone.loc["medicaid", ["yes", "no", "unknown"]].tolist() == counts[["yes", "no", "unknown"]].tolist()
    near = programs.programs("ladders@sample", "iop", "medicaid", custody=True).distances(reach.points_of(None, "CO"))
    within = near["lower_km"] <= 10 * 1.609344
    assert alone.loc["medicaid", "within_10mi_lower"] == near.loc[within, "population"].sum()
    assert (table["lower_share"] <= table["upper_share"]).all()
    for mile in residents.MILES:
        assert (table[f"within_{mile}mi_lower"] <= table[f"within_{mile}mi_widest"]).all()


@pytest.mark.slow
@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "state", "have", "counts"),
    [
        (LADDERS, "CO", "iop", (64, 0, 0)),
        (LADDERS, "CO", "iop & medicaid", (63, 1, 0)),
        (LADDERS, "CO", "iop & evening", (54, 2, 8)),
        (LADDERS, "CO", "iop & evening & medicaid", (40, 4, 20)),
        (NATIONAL, "NJ", "iop & medicaid", (21, 0, 0)),
        (NATIONAL, "TX", "iop", (231, 23, 0)),
        (NATIONAL, "TX", "iop & medicaid", (216, 38, 0)),
    ],
)
def test_the_plain_counts_of_real_lists_are_the_known_ones(built_lists, name, state, have, counts):
    table = table_of("adequacy", "--source", name, "--state", state, "--have", have, "--plain")
    found = table["verdict"].value_counts()
    assert tuple(int(found.get(word, 0)) for word in ("within", "none listed within", "cannot tell")) == counts


@pytest.fixture(scope="module")
def built_lists(tmp_path_factory, real_data: Path):
    """The real directory and Colorado's list, built with the locator lists and all of geography."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IOP_DATA", str(tmp_path_factory.mktemp("real") / "data"))
        lists = ["locator_points", "findtreatment@tx-2023", "findtreatment@va-2019"]
        raw.fetch([*lists, LADDERS, NATIONAL, *catalog.geography()], real_data, progress=False)
        for release in [*raw.available("locator_points"), *raw.available("findtreatment")]:
            if not release.synthetic:
                listing.build(release)
        for name in (LADDERS, NATIONAL):
            listing.build(catalog.release(name))
        yield
