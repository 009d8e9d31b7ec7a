"""The figures that the real files give, by the definitions of the project; skipped where the files are absent."""

import pandas as pd
import pytest

from iop_analysis import catalog
from iop_analysis.metrics import coverage, several
from iop_analysis.releases import listing

pytestmark = [pytest.mark.real, pytest.mark.slow]
LISTS = ("ladders", "national_directory", "findtreatment")
LADDERS = "ladders@2023-05-16"
DIRECTORY = "national_directory@su-2023"


@pytest.fixture
def ask(release):
    """Yes, no and unknown of a criterion over a universe of a release."""

    def count(name: str, have: str, of: str = "iop", state: str = "") -> tuple[int, int, int]:
        row = covered(release(name), have, of, state)
        return row["yes"], row["no"], row["unknown"]

    return count


def covered(built: listing.Listing, have: str, of: str, state: str = "") -> pd.Series:
    table = built.facilities[built.facilities["state"] == state] if state else built.facilities
    return coverage.coverage(table, built.hours, have, of).iloc[0]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        (one.name, one.rows)
        for one in catalog.releases().values()
        if one.source in LISTS and not one.synthetic and one.key not in ("su-2024", "su-2025", "mh-2025")
    ],
)
def test_every_real_file_gives_the_rows_that_the_catalog_says(release, name, rows):
    built = release(name)
    assert len(built.facilities) == rows
    assert built.facilities["facility_id"].is_unique


def test_ladders_has_288_substance_use_iops_302_of_any_kind_and_hours_for_274(release):
    built = release(LADDERS)
    assert covered(built, "all", "iop")["facilities"] == 288
    assert covered(built, "all", "iop_mental_health")["facilities"] == 22
    assert covered(built, "all", "iop_any")["facilities"] == 302
    iops = built.facilities[built.facilities[["offers_iop", "offers_iop_mental_health"]].eq("yes").any(axis=1)]
    assert iops["hours_status"].ne("unknown").sum() == 274
    assert iops["accepts_self_pay"].ne("not_reported").sum() == 223
    assert covered(built, "all", "iop")["universe_unknown"] == 39


@pytest.mark.parametrize(
    ("of", "have", "expected"),
    [
        ("iop_any", "evening(after='17:00')", (132, 103, 67)),
        ("iop_any", "evening(after='18:00', minutes=60, days=1)", (109, 125, 68)),
        ("iop_any", "evening(after='19:00')", (77, 156, 69)),
        ("iop_any", "evening(after='20:00')", (38, 194, 70)),
        ("iop_any", "evening(after='18:00', minutes=120, days=3)", (71, 165, 66)),
        ("iop_any", "weekend()", (73, 163, 66)),
        ("iop_any", "sessions(n=3, minutes=180, after='17:30')", (42, 192, 68)),
        ("iop_any", "sessions(n=3, minutes=180, after='17:00')", (73, 162, 67)),
        ("iop", "evening(after='18:00', minutes=60, days=1)", (106, 115, 67)),
        ("iop", "sessions(n=3, minutes=180, after='17:30')", (42, 179, 67)),
        ("iop", "sliding_fee", (152, 60, 76)),
        ("iop", "medicaid", (143, 69, 76)),
        ("iop_any", "sliding_fee", (161, 62, 79)),
        ("iop_any", "medicaid", (154, 69, 79)),
        ("iop_any", "evening(after='18:00', minutes=60, days=1) & sliding_fee & medicaid", (38, 192, 72)),
    ],
)
def test_ladders_of_may_2023_gives_its_figures(ask, of, have, expected):
    assert ask(LADDERS, have, of) == expected


def test_the_combined_criterion_is_complete_for_197_sites(release):
    have = "evening(after='18:00', minutes=60, days=1) & sliding_fee & medicaid"
    assert covered(release(LADDERS), have, "iop_any")["complete"] == 197


def test_sensitivity_gives_the_same_evenings_hour_by_hour(release):
    built = release(LADDERS)
    found = several.sensitivity(built.facilities, built.hours, of="iop_any")
    assert found["yes"].tolist() == [132, 109, 77, 38]


@pytest.mark.parametrize(
    ("key", "iops", "with_hours", "evening", "sliding"),
    [
        ("2022-07-22", 294, 237, (102, 109, 83), (142, 59, 93)),
        ("2022-09-13", 316, 257, (108, 123, 85), (157, 63, 96)),
    ],
)
def test_earlier_ladders_give_their_figures(release, ask, key, iops, with_hours, evening, sliding):
    table = release(f"ladders@{key}").facilities
    iop = table[["offers_iop", "offers_iop_mental_health"]].eq("yes").any(axis=1)
    assert iop.sum() == iops
    assert table.loc[iop, "hours_status"].ne("unknown").sum() == with_hours
    assert ask(f"ladders@{key}", "evening", "iop_any") == evening
    assert ask(f"ladders@{key}", "sliding_fee", "iop_any") == sliding


def test_flags_of_the_full_export_are_noted_against_its_lists(release):
    texts = [f"{note.rows} {note.text}" for note in release("ladders@2022-07-01").notes]
    assert any(text.startswith("320 ") and "284 in the service lists" in text for text in texts)


def test_ladders_notes_say_how_its_odd_cells_were_read(release):
    notes = {note.text: note.rows for note in release(LADDERS).notes}
    read = {text: rows for text, rows in notes.items() if "24-hour" in text or "close before" in text}
    # 779 cells of midnight to midnight and 54 more of equal times; 11 that close before they open.
    assert sorted(read.values()) == [11, 833]
    assert any("withheld" in text and rows == 13 for text, rows in notes.items())


@pytest.mark.parametrize(
    ("have", "expected"),
    [
        ("medicaid", (4318, 1376, 42)),
        ("sliding_fee", (2388, 0, 3348)),
        ("medicaid & sliding_fee", (2027, 1376, 2333)),
    ],
)
def test_the_directory_of_2023_gives_its_figures(ask, have, expected):
    assert ask(DIRECTORY, have) == expected


def test_the_directory_of_2023_lists_5736_iops_232_of_them_in_new_jersey_and_106_list_a_sliding_fee(release, ask):
    assert covered(release(DIRECTORY), "all", "iop")["facilities"] == 5736
    assert covered(release(DIRECTORY), "all", "iop", "NJ")["facilities"] == 232
    assert ask(DIRECTORY, "sliding_fee", state="NJ")[0] == 106


def test_a_listed_sliding_fee_has_no_known_share(release):
    assert pd.isna(covered(release(DIRECTORY), "sliding_fee", "iop")["known_share"])
    assert pd.isna(covered(release(DIRECTORY), "medicaid & sliding_fee", "iop")["known_share"])
    assert covered(release(DIRECTORY), "medicaid", "iop")["known_share"] == pytest.approx(4318 / (4318 + 1376))


def test_the_directory_of_2022_lists_5525_iops_206_of_them_in_new_jersey(release):
    built = release("national_directory@su-2022")
    assert covered(built, "all", "iop")["facilities"] == 5525
    assert covered(built, "all", "iop", "NJ")["facilities"] == 206


def test_the_mental_health_directory_does_not_ask_about_iop_in_any_of_its_8707_rows(release):
    table = release("national_directory@mh-2023").facilities
    assert table["offers_iop"].eq("not_asked").sum() == len(table) == 8707


def test_repeats_of_the_directories_are_kept_marked_and_counted(release):
    assert release("national_directory@su-2022").facilities["duplicate_of"].notna().sum() == 11
    assert release(DIRECTORY).facilities["duplicate_of"].notna().sum() == 8


def test_owners_of_the_directory_are_several_for_11_rows_and_not_reported_for_12(release):
    owners = release(DIRECTORY).facilities["ownership_type"].value_counts()
    assert owners["not reported"] == 12
    # 192 rows carry two codes; all but these name a federal site and the department it belongs to.
    assert owners["several"] == 11


def test_free_for_all_beside_a_payer_is_not_reported_for_64_of_69_iops(release):
    built = release(DIRECTORY)
    iops = built.facilities[built.facilities["offers_iop"] == "yes"]
    assert iops["is_free_for_all"].eq("yes").sum() == 5
    assert iops["is_free_for_all"].eq("not_reported").sum() == 64 + 42


def test_texas_has_247_iops_and_1719_rows_that_the_publisher_filled_are_said(release):
    built = release("findtreatment@tx-2023")
    assert covered(built, "all", "iop")["facilities"] == 247
    filled = built.facilities["facility_type"].isin(["BUPREN", "OTP"])
    assert filled.sum() == 1719
    assert set(built.facilities.loc[filled, "offers_iop"]) == {"not_reported"}
    assert any(note.rows == 1719 and "not reported" in note.text for note in built.notes)


def test_the_api_page_has_30_rows_its_labels_mapped_and_the_unknown_ones_listed(release):
    built = release("findtreatment@va-2019")
    assert len(built.facilities) == 30
    assert set(built.facilities["state"]) == {"VA"}
    assert built.facilities["accepts_medicaid"].value_counts()[["yes", "no"]].tolist() == [28, 2]
    listed = [note for note in built.notes if "labels that the catalog does not map" in note.text]
    assert len(listed) == 1
    assert listed[0].rows == len(listed[0].text.split(": ", 1)[1].split("; ")) > 0


def test_without_locator_lists_every_iop_of_new_jersey_is_in_a_county_by_its_zip_marked(release):
    table = release(DIRECTORY).facilities
    iops = table[(table["state"] == "NJ") & (table["offers_iop"] == "yes")]
    assert len(iops) == 232
    assert iops["county_fips"].str.fullmatch(r"34\d{3}").sum() == 232
    assert set(iops["place_quality"]) == {"zip"}


def test_a_subset_is_never_larger_than_its_superset_in_any_county(release):
    built = release(DIRECTORY)
    both, one, either = (
        coverage.count(built.facilities, built.hours, have, by="county")
        for have in ("medicaid & sliding_fee", "medicaid", "medicaid | sliding_fee")
    )
    assert (both["place"] == one["place"]).all()
    assert (both["yes"] <= one["yes"]).all()
    assert (one["yes"] <= either["yes"]).all()
    assert one["facilities"].sum() == 5736


def test_codes_that_became_words_count_what_the_publisher_lists(release):
    built = release("national_directory@su-2023")
    counts = {
        "veterans": (1969, 3767, 0),
        "spanish": (1232, 4504, 0),
        "child_care": (356, 5380, 0),
        "methadone": (368, 5368, 0),
        "code('CBT')": (5364, 372, 0),
        "code('CHLD')": (1607, 0, 4129),
    }
    for have, said in counts.items():
        row = covered(built, have, "iop")
        assert (row["yes"], row["no"], row["unknown"]) == said, have


def test_the_texas_export_sets_aside_47_cells_and_keeps_them(release):
    kept = release("findtreatment@tx-2023").set_aside
    assert kept["reason"].value_counts().to_dict() == {
        "point out of state": 45,
        "state against its zip and point": 1,
        "not five digits": 1,
    }
