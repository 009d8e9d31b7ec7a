"""Another year of a survey is added, built and counted from the command line, whatever its format."""

import io
import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from respondents import published, rows_of, write

from iop_analysis import raw
from iop_analysis.cli import main
from iop_analysis.releases import store

OUTPATIENT = {"nssats": ("outpatient", "iop"), "nsumhss": ("outpatient_su", "iop_su"), "nmhss": ()}


@pytest.fixture(autouse=True)
def fresh(tmp_path, monkeypatch) -> Path:
    """An empty data folder."""
    monkeypatch.setenv("IOP_DATA", str(tmp_path / "data"))
    return tmp_path


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def well(*words: object) -> Result:
    done = run(*words)
    assert done.exit_code == 0, done.output
    return done


def counted(*words: object) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(well(*words, "--format", "csv").stdout), dtype={"place": "str"})


def filed(source: str, path: Path, count: int = 12, **given: list[str]) -> Path:
    """A file of a survey in which every facility has an IOP, so far as it is asked."""
    settings = dict.fromkeys(OUTPATIENT[source], ["1"] * count)
    return write(published(source, rows_of(source, count, **settings | given)), path)


def test_nssats_2018_comes_as_csv(fresh):
    sliding = list("1" * 7 + "0" * 5)
    file = filed("nssats", fresh / "puf.csv", sliding_fee=sliding, state=["NJ"] * 6 + ["CO"] * 6)
    added = well("add", "nssats@2018", file)
    assert "SHA-256" in added.stderr
    release = raw.find_release("nssats@2018")
    assert (release.rows, release.survey_year, release.side) == (12, 2018, "")
    assert "12 rows in, 12 rows out" in well("build", "nssats@2018").stderr
    row = counted("coverage", "--source", "nssats@2018", "--have", "sliding_fee").iloc[0]
    assert (row["place"], row["facilities"], row["yes"], row["no"]) == ("all", 12, 7, 5)


def test_nmhss_comes_with_headings_in_small_letters(fresh):
    table = published("nmhss", rows_of("nmhss", 9, medicaid=list("111111000"))).rename(columns=str.lower)
    well("add", "nmhss@2018", write(table, fresh / "nmhss.tsv"))
    well("build", "nmhss@2018")
    row = counted("coverage", "--source", "nmhss@2018", "--have", "medicaid", "--of", "all").iloc[0]
    assert (row["facilities"], row["yes"], row["no"]) == (9, 6, 3)


def test_nsumhss_2023_comes_as_a_zip_under_any_name_although_the_catalog_names_its_file(fresh):
    medicaid = list("1" * 8 + "0" * 2)
    file = filed("nsumhss", fresh / "mine.zip", 10, medicaid_su=medicaid, universe_mh=["M"] * 10)
    well("add", "nsumhss@2023", file)
    assert raw.find_release("nsumhss@2023").file == "mine.zip"
    assert raw.find_release("nsumhss@2023").rows == 10
    assert "10 rows in, 10 rows out" in well("build", "nsumhss@2023").stderr
    row = counted("coverage", "--source", "nsumhss@2023", "--have", "medicaid", "--side", "su").iloc[0]
    assert (row["facilities"], row["yes"]) == (10, 8)
    described = store.describe(raw.find_release("nsumhss@2023"))["iop_analysis"]
    assert described["sha256"] == raw.sha256(file)


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".txt", ".zip", ".rda", ".RData"])
def test_a_survey_is_taken_in_every_format_that_is_read(fresh, ending):
    well("add", "nssats@2012", filed("nssats", fresh / f"survey{ending}", 3))
    record = json.loads((fresh / "data" / "raw" / "nssats" / "2012.release.json").read_text())
    assert (record["rows"], record["survey_year"]) == (3, 2012)
    assert "side" not in record
    well("build", "nssats@2012")


def test_an_added_year_stands_among_the_carried_ones(fresh):
    before = counted("trends", "--have", "sliding_fee")
    well("add", "nssats@2018", filed("nssats", fresh / "puf.csv", sliding_fee=list("1" * 9 + "000")))
    well("build", "nssats@2018")
    after = counted("trends", "--have", "sliding_fee").set_index("survey_year")
    assert before.set_index("survey_year").loc[2018, "gap"] == "no file"
    assert after.loc[2018, ["facilities", "yes", "lower_share"]].tolist() == [12, 9, 0.75]
    assert after.drop(index=2018)["yes"].dropna().tolist() == before["yes"].dropna().tolist()


def test_what_a_year_does_not_ask_is_said_when_it_is_added(fresh):
    table = published("nssats", rows_of("nssats", 2)).drop(columns=["REVCHK17"])
    added = well("add", "nssats@2012", write(table, fresh / "survey.csv"))
    assert "not asked there: 'REVCHK17'" in added.stderr


def test_a_file_that_is_not_that_survey_names_what_is_missing_and_is_not_kept(fresh):
    table = published("nssats", rows_of("nssats", 2)).drop(columns=["CTYPE2", "FEESCALE"])
    done = run("add", "nssats@2012", write(table, fresh / "survey.csv"))
    assert done.exit_code == 1
    assert "columns CTYPE2, FEESCALE of nssats@2012 are missing" in done.stderr
    assert not (fresh / "data" / "raw" / "nssats").exists()


def test_a_survey_is_named_by_its_year(fresh):
    done = run("add", "nssats@mine", filed("nssats", fresh / "survey.csv", 1))
    assert done.exit_code == 2
    assert "does not say the survey year" in done.stderr


def test_another_file_under_a_name_that_is_taken_is_not_kept(fresh):
    well("add", "nsumhss@2023", filed("nsumhss", fresh / "one.csv", 2))
    well("add", "nsumhss@2023", fresh / "one.csv")
    done = run("add", "nsumhss@2023", filed("nsumhss", fresh / "two.csv", 3))
    assert done.exit_code == 1
    assert "nsumhss@2023 was added with" in done.stderr


def test_a_zip_of_documents_alone_is_no_survey(fresh):
    with zipfile.ZipFile(fresh / "docs.zip", "w") as archive:
        archive.writestr("codebook.pdf", "about")
    done = run("add", "nssats@2018", fresh / "docs.zip")
    assert done.exit_code == 1
    assert "one data file is expected in the zip" in done.stderr
