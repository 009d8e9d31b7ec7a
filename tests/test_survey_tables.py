"""The carried survey tables are those of the publishers' files, tell nobody apart, and speak where nothing is built."""

import gzip
import io
import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from respondents import rows_of

from iop_analysis import catalog, validate
from iop_analysis.carried import surveys, trends
from iop_analysis.cli import main
from iop_analysis.criteria import disclosure
from iop_analysis.errors import CallError
from iop_analysis.metrics import small_cells
from iop_analysis.releases import respondents, store

CARRIED = surveys.carried()


@pytest.fixture(autouse=True)
def fresh(tmp_path, monkeypatch) -> Path:
    """An empty data folder: only what the package carries is at hand."""
    monkeypatch.setenv("IOP_DATA", str(tmp_path / "data"))
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def small_survey(name: str, count: int = 8, **given: list[str]) -> respondents.Respondents:
    """A survey of a few invented rows under the name of a known release."""
    release = catalog.release(name)
    source = release.source
    usual = {"outpatient": ["1"] * count, "iop": ["1"] * count} if source == "nssats" else {}
    if source == "nsumhss":
        usual = {"outpatient_su": ["1"] * count, "iop_su": ["1"] * count}
    rows = rows_of(source, count, **usual | given)
    cleaned = respondents.sources.module(source).clean(rows, release)
    return respondents.standardize(cleaned, release)


def build(built: respondents.Respondents) -> None:
    store.write(built.release, {respondents.TABLE: built.respondents}, built.notes, "0" * 64)


# What is carried


def test_every_survey_whose_file_is_known_is_carried_with_its_hash():
    known = [name for name, one in catalog.releases().items() if catalog.for_statistics(one.source) and one.sha256]
    assert [name for name in known if not catalog.release(name).synthetic] == CARRIED
    for name in CARRIED:
        described = surveys.load(name).facts
        assert described["sha256"] == catalog.release(name).sha256
        assert described["file"] == catalog.release(name).file


@pytest.mark.parametrize("name", CARRIED)
def test_no_carried_cell_of_a_state_tells_a_few_respondents_apart(name):
    cells = surveys.load(name).cells
    states = cells[cells["level"] == "state"]
    assert set(cells["level"]) == {"nation", "state"}
    for (side, of, have), table in states.groupby(["side", "of", "have"]):
        crossed = len(disclosure.attributes(have, of)) + small_cells.side_counts(name.split("@")[0], side)
        assert crossed <= disclosure.MOST_ATTRIBUTES
        if crossed == disclosure.MOST_ATTRIBUTES:
            assert not table[["yes", "no"]].isin(small_cells.SMALL).any(axis=None)
            assert table["yes"].isna().sum() != 1, "a lone hidden state follows from the nation"
            assert table.loc[table["yes"].isna(), ["no", "unknown", "complete", "complete_yes"]].isna().all(axis=None)


@pytest.mark.parametrize("name", CARRIED)
def test_carried_survey_tables_break_no_rule(name):
    for _, cells in surveys.load(name).cells.groupby("side"):
        checked = validate.invariants(name, cells)
        assert not checked["verdict"].eq("off").any(), checked[checked["verdict"] == "off"]


def test_the_carried_agreement_hides_small_cells_and_no_state_alone():
    agreed = surveys.load("nsumhss@2024").agreed
    states = agreed[agreed["place"] != "all"]
    apart = [states["said_yes"], states["agreed"], states["said_yes"] - states["agreed"]]
    apart.append(states["facilities"] - states["said_yes"])
    assert not pd.concat(apart).isin(small_cells.SMALL).any()
    assert states["said_yes"].isna().sum() != 1
    assert agreed.set_index("place").loc["all"].tolist() == [6863, 4454, 2742]
    assert agreed.set_index("place").loc["NJ"].tolist() == [268, 211, 114]


@pytest.mark.parametrize(
    ("have", "side", "expected"),
    [
        ("sliding_fee & medicaid", "su", {2010: 2688, 2015: 3050, 2017: 3054, 2019: 3667}),
        ("medicaid", "mh", {2015: 11236, 2019: 10935}),
        ("medicare", "mh", {2015: 8770, 2019: 8426}),
        ("private_insurance", "su", {2024: 5653}),
    ],
)
def test_the_carried_tables_hold_the_counts_of_the_files(have, side, expected):
    found = trends.trends_of(have, side=side).set_index("survey_year")["yes"]
    assert {year: found[year] for year in expected} == expected


@pytest.mark.real
@pytest.mark.parametrize("name", CARRIED)
def test_rebuilt_tables_are_the_carried_ones(name, real_data, fresh):
    release = catalog.release(name)
    target = fresh / "data" / "raw" / release.source / release.file
    target.parent.mkdir(parents=True)
    shutil.copyfile(real_data / release.source / release.file, target)
    respondents.build(release)
    paths = trends.write(fresh)
    for path in paths:
        carried = (surveys.FOLDER / path.name).read_bytes()
        plain = [gzip.decompress(one) if path.suffix == ".gz" else one for one in (path.read_bytes(), carried)]
        assert plain[0] == plain[1], path.name
    assert {path.name for path in paths} == {one.name for one in surveys.FOLDER.glob(f"{paths[0].name[:-7]}.*")}


# How they are made


def test_the_same_tables_give_the_same_bytes_and_come_back_whole(fresh):
    made = surveys.standard(small_survey("nsumhss@2024", sliding_fee=list("11110000")))
    paths = surveys.write_tables(made, fresh / "one")
    assert [path.read_bytes() for path in paths] == [
        path.read_bytes() for path in surveys.write_tables(made, fresh / "two")
    ]
    back = surveys.load("nsumhss@2024", fresh / "one")
    pd.testing.assert_frame_equal(back.cells, made.cells, check_dtype=False)
    assert back.agreed["agreed"].tolist() == made.agreed["agreed"].tolist()


def test_a_question_that_a_form_does_not_ask_is_carried_as_unknown():
    made = surveys.standard(small_survey("nssats@2010"))
    row = made.table("telehealth", "iop", "su").iloc[0]
    assert (row["facilities"], row["yes"], row["no"], row["unknown"]) == (8, 0, 0, 8)


def test_a_survey_that_does_not_ask_for_agreement_carries_none(fresh):
    made = surveys.standard(small_survey("nssats@2019"))
    assert made.agreed.empty
    assert len(surveys.write_tables(made, fresh)) == 2


def test_the_surveys_are_written_beside_the_other_tables(fresh):
    build(small_survey("nssats@2019"))
    paths = trends.write(fresh / "carried")
    assert [str(path.relative_to(fresh)) for path in paths] == [
        "carried/surveys/nssats__2019.csv.gz",
        "carried/surveys/nssats__2019.json",
    ]


# Trends of what is at hand


def test_a_built_survey_speaks_for_its_year_and_the_carried_tables_for_the_others():
    carried = trends.trends_of("sliding_fee").set_index("survey_year")
    build(small_survey("nssats@2019", sliding_fee=list("11111100")))
    table = trends.trends_of("sliding_fee").set_index("survey_year")
    assert table.loc[2019, ["yes", "facilities"]].tolist() == [6, 8]
    assert table.loc[2010, "yes"] == carried.loc[2010, "yes"] == 3964


def test_a_question_that_is_not_carried_is_answered_by_built_surveys_alone():
    build(small_survey("nssats@2019", medicaid=list("11111100"), medicare=list("11110000")))
    table = trends.trends_of("medicaid & medicare")
    assert table[["survey_year", "yes"]].to_numpy().tolist() == [[2019, 4]]


def test_a_question_that_nothing_at_hand_answers_is_a_wrong_call_that_says_so():
    with pytest.raises(CallError, match="the tables that the package carries do not hold 'medicaid & medicare'"):
        trends.trends_of("medicaid & medicare")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"have": "evening"}, "opening hours"),
        ({"have": "medicaid & sliding_fee", "state": "NJ"}, "at most 2 attributes"),
        ({"have": "medicaid", "state": "ZZ"}, "no state 'ZZ'"),
        ({"have": "medicade"}, "medicade"),
    ],
)
def test_what_must_not_or_cannot_be_asked_is_a_wrong_call(options, said):
    with pytest.raises(CallError, match=said):
        trends.trends_of(**options)


def test_the_same_question_in_other_words_is_found_among_the_carried_ones():
    assert trends.trends_of("offers_sliding_fee", "offers_iop").equals(trends.trends_of("sliding_fee"))


def test_the_mental_health_side_counts_all_its_facilities():
    table = trends.trends_of("sliding_fee", side="mh")
    points = table[table["gap"] == ""]
    assert points["release"].tolist() == ["2015", "2019", "2024"]
    assert points["facilities"].tolist() == [12826, 12472, 14091]


def test_a_small_cell_of_a_state_is_a_hidden_point_whether_built_or_carried():
    given = {"state": ["NJ"] * 8 + ["CO"] * 6 + ["NY"] * 9, "sliding_fee": list("11110000" + "111111" + "111100000")}
    build(small_survey("nssats@2019", 23, **given))
    shown = {state: trends.trends_of("sliding_fee", state=state).set_index("survey_year") for state in ("NJ", "CO")}
    assert shown["NJ"].loc[2019, "gap"] == "hidden"
    assert pd.isna(shown["NJ"].loc[2019, "yes"])
    assert shown["CO"].loc[2019, "yes"] == 6
    assert pd.isna(shown["NJ"].loc[2019, "lower_share"])


@pytest.mark.real
def test_built_and_carried_trends_are_the_same(real_data, fresh):
    carried = trends.trends_of("medicaid", state="WY")
    for name in ("nssats@2010", "nssats@2017"):
        release = catalog.release(name)
        target = fresh / "data" / "raw" / release.source / release.file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(real_data / release.source / release.file, target)
        respondents.build(release)
    pd.testing.assert_frame_equal(trends.trends_of("medicaid", state="WY"), carried)


def test_the_command_prints_a_table_to_stdout_and_what_it_came_from_to_stderr():
    done = run("trends", "--have", "medicaid", "--state", "NJ", "--format", "csv")
    assert done.exit_code == 0
    table = pd.read_csv(io.StringIO(done.stdout))
    assert table["survey_year"].tolist() == list(range(2010, 2025))
    assert table.loc[table["survey_year"] == 2024, ["yes", "facilities"]].to_numpy().tolist() == [[197, 268]]
    assert "From the tables that the package carries: nssats@2010" in done.stderr


def test_the_command_says_in_one_sentence_what_it_cannot_answer():
    done = run("trends", "--have", "medicaid & medicare")
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.startswith("Error: No survey is built")


# Validation of what is at hand


def test_with_nothing_built_the_carried_tables_are_checked_and_it_is_said():
    done = run("validate", "--format", "csv")
    assert done.exit_code == 0, done.stderr
    table = pd.read_csv(io.StringIO(done.stdout))
    assert list(table) == validate.COLUMNS
    assert set(table["verdict"]) <= {"ok", "said", "absent"}
    assert {f"{name} (carried), su" for name in CARRIED if "nmhss" not in name} <= set(table["release"])
    assert "Nothing is built" in done.stderr
    assert "No printed figure was recomputed" in done.stderr


def test_a_printed_figure_that_is_off_ends_the_command_with_1_after_all_rows():
    build(small_survey("nssats@2010"))
    done = run("validate", "--format", "csv")
    assert done.exit_code == 1
    table = pd.read_csv(io.StringIO(done.stdout))
    printed = table[(table["kind"] == "figure") & (table["verdict"] != "absent")]
    total = printed[printed["check"].str.endswith("6.4a") & (printed["what"] == "count: Total / Total")].iloc[0]
    assert (total["published"], total["ours"], total["difference"], total["verdict"]) == (13339, 8, -13331, "off")
    assert "checks are off" in done.stderr


def test_a_hidden_state_leaves_the_total_of_its_question_unchecked_and_no_other():
    made = surveys.load("nssats@2019").cells
    wrong = made.copy()
    row = (made["of"] == "all") & (made["have"] == "medicaid") & (made["level"] == "nation")
    wrong.loc[row, ["yes", "complete_yes", "complete", "facilities"]] += 1
    checked = validate.invariants("nssats@2019", wrong).set_index("check")["verdict"]
    assert checked["totals agree"] == "off"
    assert validate.invariants("nssats@2019", made).set_index("check")["verdict"]["totals agree"] == "ok"
