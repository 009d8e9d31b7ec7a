"""Figures of the real files with hours, by the definitions of the project; skipped where the files are absent."""

import zipfile
from pathlib import Path

import pandas as pd
import pytest

from iop_analysis import catalog
from iop_analysis.metrics import coverage
from iop_analysis.releases import listing

pytestmark = [pytest.mark.real, pytest.mark.slow]
VAST = "va_facilities@2020-05-20"
MIAMI = "hsds@miami211-2019-07"


def note_rows(built: listing.Listing, words: str) -> int:
    found = [note.rows for note in built.notes if words in note.text]
    assert len(found) == 1, words
    return found[0]


@pytest.mark.parametrize("name", [VAST, MIAMI])
def test_every_real_file_gives_the_rows_that_the_catalog_says(release, name):
    table = release(name).facilities
    assert len(table) == catalog.release(name).rows
    assert table["facility_id"].is_unique


def test_every_cell_of_the_veterans_affairs_is_read_or_listed(release, real_data):
    built = release(VAST)
    cells = pd.read_csv(next(real_data.glob("va_facilities/*.csv")), dtype=str, keep_default_na=False)
    days = cells[["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]]
    read = built.hours["opens_minute"].notna().sum()
    unread = note_rows(built, "cannot be read") + note_rows(built, "close before they open")
    assert note_rows(built, "24/7") == 1092
    assert (days == "-").sum().sum() == 3601
    assert note_rows(built, "cannot be read") == 13
    assert unread == 15
    assert read + unread + 3601 == days.size


def test_evening_at_veterans_affairs_sites_keeps_what_is_unknown(release):
    built = release(VAST)
    row = coverage.coverage(built.facilities, built.hours, "evening", "all").iloc[0]
    assert (row["yes"], row["no"], row["unknown"]) == (161, 1120, 414)


def test_the_evening_iop_of_the_miami_package_is_an_evening_program(release):
    built = release(MIAMI)
    program = built.hours[built.hours["label"].eq("Evening IOP") & built.hours["scope"].eq("program")]
    assert program["facility_id"].nunique() == 3
    for _, rows in program.groupby("facility_id"):
        assert rows["day"].tolist() == ["Mo", "We", "Th"]
        assert set(zip(rows["opens_minute"], rows["closes_minute"], strict=True)) == {(1080, 1260)}
    named = built.facilities[built.facilities["facility_id"].isin(program["facility_id"])]
    found = coverage.coverage(named, built.hours, "evening(days=3, scope='program')", "iop").iloc[0]
    assert (found["facilities"], found["yes"]) == (3, 3)


def test_sliding_is_said_as_often_as_it_stands_in_the_texts_of_the_miami_package(release):
    answers = release(MIAMI).facilities["offers_sliding_fee"].value_counts()
    assert answers["yes"] == 66 + 10
    assert answers["no"] == 0


def test_intensive_outpatient_programs_of_the_miami_package_are_found_by_their_words(release):
    table = release(MIAMI).facilities
    either = table[["offers_iop", "offers_iop_mental_health"]].eq("yes").any(axis=1)
    assert either.sum() == 23
    assert set(table["offers_iop"]) == {"yes", "not_reported"}


def test_most_hours_texts_of_the_miami_package_are_placed_on_a_week(release):
    built = release(MIAMI)
    assert note_rows(built, "carry the text") == 2597
    assert note_rows(built, "without any schedule") == 4089 - 2597
    assert note_rows(built, "another week than their text") > 100
    status = built.facilities["hours_status"].value_counts()
    assert status["known"] > 0.9 * 2597


def test_the_published_examples_of_plan_net_are_read_from_a_packed_folder(real_data, tmp_path):
    packed = tmp_path / "examples.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(Path(real_data / "plan_net").glob("*.json")):
            archive.write(path, path.name)
    built = listing.read_release(catalog.Release(source="plan_net", key="examples", file=packed.name), packed)
    table = built.facilities.set_index("facility_id")
    assert len(table) == 14
    assert table["hours_status"].value_counts().to_dict() == {"known": 6, "always": 5, "unknown": 3}
    assert table["accepts_private_insurance"].value_counts()["yes"] == 7
    assert table.loc["CancerClinicService@CancerClinicLoc", "hours_status"] == "unknown"
    days = built.hours[built.hours["facility_id"] == "PharmChainRetailService@PharmLoc3"]["day"]
    assert days.tolist() == ["Mo", "Tu", "We", "Th", "Su"]
    assert not table["accepts_private_insurance"].eq("no").any()
