"""Los Angeles County's list: pairs of hours, "Closed" against blank, sites that stand twice (SYNTHETIC rows)."""

import pandas as pd
import pytest

from iop_analysis import catalog, criteria
from iop_analysis.releases import listing

RELEASE = catalog.release("la_sbat@2025-08-14")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOSED = ("Closed", "Closed")


def site(name, address, week=(), intake=(), second="", wheelchair="Yes", modified="8/13/2025 8:42:02 AM"):
    row = dict.fromkeys(catalog.columns(RELEASE).values(), "")
    row |= {
        "agency_name": name,
        "agency_name_secondary": second,
        "agency_address": address,
        "agency_phone": "(213) 555-0101",
    }
    row |= {"agency_wheelchair_access": wheelchair, "languages_spoken": "ArmenianEnglishSpanish"}
    row |= {"last_updated": f"Last Updated: {modified}" if modified else ""}
    for who, pairs in (("agency", week), ("intake", intake)):
        for day, pair in zip(DAYS, pairs, strict=False):
            row |= {f"{who}_hours_{day}_{end}": text for end, text in zip(("open", "close"), pair, strict=True)}
    return row


def built(tmp_path, *sites):
    path = tmp_path / "SYNTHETIC_sbat.csv"
    pd.DataFrame(sites).to_csv(path, index=False)
    return listing.read_release(RELEASE, path)


def evening(release, text="evening"):
    return criteria.evaluate(text, release.facilities, release.hours).result.tolist()


ELM = "1 Elm Street, Suite 2,Bell, CA\u00a090201"


def test_closed_is_written_and_a_blank_day_is_unknown(tmp_path):
    written = [("08:00", "17:00")] * 5 + [CLOSED, CLOSED]
    blank = [("08:00", "17:00")] * 4 + [("", "")] * 3
    release = built(tmp_path, site("Cedar", ELM, written), site("Birch", ELM, blank))
    assert release.facilities["hours_status"].tolist() == ["known", "partial"]
    assert evening(release) == [False, pd.NA]
    assert evening(release, "weekend") == [False, pd.NA]


def test_a_day_from_midnight_to_the_last_minute_says_nothing_about_the_evening(tmp_path):
    late = [("00:00", "23:59")] * 6 + [("12:00", "23:59")]
    release = built(tmp_path, site("Cedar", ELM, [("00:00", "23:59")] * 7), site("Birch", ELM, late))
    assert release.facilities["hours_status"].tolist() == ["always", "known"]
    assert evening(release) == [pd.NA, pd.NA]
    assert evening(release, "weekend") == [pd.NA, True]


def test_a_cell_that_closes_before_it_opens_is_not_corrected(tmp_path):
    release = built(tmp_path, site("Cedar", ELM, [("08:30", "08:00")] + [("08:00", "16:00")] * 4 + [CLOSED] * 2))
    assert release.facilities["hours_status"].tolist() == ["partial"]
    assert evening(release) == [pd.NA]
    assert release.hours.loc[release.hours["opens_minute"].isna(), ["day", "label"]].values.tolist() == [
        ["Mo", "08:30-08:00"]
    ]


def test_intake_hours_are_kept_as_intake_and_open_no_door(tmp_path):
    week = [("08:00", "16:00")] * 5 + [CLOSED] * 2
    release = built(
        tmp_path, site("Cedar", ELM, week, [("08:00", "20:00")] * 7), site("Birch", ELM, (), [("08:00", "20:00")] * 7)
    )
    assert release.hours["scope"].value_counts().to_dict() == {"site": 5, "intake": 14}
    assert release.facilities["hours_status"].tolist() == ["known", "unknown"]
    assert evening(release) == [False, pd.NA]


def test_addresses_are_taken_apart_and_a_withheld_street_is_marked(tmp_path):
    there = built(
        tmp_path,
        site("Cedar", ELM, second="Secondary Agency Name: East"),
        site("Birch", ",Bell, CA\u00a090201-1234"),
        site("Oak", "Bell, CA 90201", modified=""),
        site("Elm", "somewhere"),
    ).facilities
    assert there.loc[0, ["name", "street", "city", "state", "zip"]].tolist() == [
        "Cedar - East", "1 Elm Street, Suite 2", "Bell", "CA", "90201",
    ]  # fmt: skip
    assert there["address_hidden"].tolist() == [False, True, True, True]
    assert there["zip"].fillna("").tolist() == ["90201"] * 3 + [""]
    assert there["languages"].unique().tolist() == ["Armenian; Spanish"]
    assert there["information_date"].fillna("").tolist() == ["2025-08-13", "2025-08-13", "", "2025-08-13"]


def test_a_line_of_results_is_a_repeat_of_the_same_site_with_details(tmp_path):
    week = [("08:00", "20:00")] * 5 + [CLOSED] * 2
    release = built(
        tmp_path,
        site("Cedar", ELM, week, second="East"),
        site("Birch", ELM, week),
        site("Cedar", ELM, wheelchair=""),
        site("Birch", ELM, wheelchair=""),
    )
    ids = release.facilities["facility_id"].tolist()
    assert release.facilities["name"].tolist() == ["Cedar - East", "Birch"] * 2
    assert release.facilities["duplicate_of"].fillna("").tolist() == ["", "", *ids[:2]]


@pytest.mark.real
def test_the_county_file_gives_its_published_counts(real_data):
    release = listing.read_release(RELEASE, real_data / "la_sbat" / RELEASE.file)
    assert len(release.facilities) == 760
    assert release.facilities["hours_status"].eq("always").sum() == 13
    assert release.facilities["hours_status"].ne("unknown").sum() == 215

    def count(text):
        return int(criteria.evaluate(text, release.facilities, release.hours).result.fillna(False).sum())

    assert [count(f"evening(after='{hour}:00')") for hour in (17, 18, 19, 20)] == [116, 110, 100, 94]
    # A site open day and night on six days is unknown on those; counted as open it would give 99, 75, 61, 30, 161.
    assert [count(f"evening(after='{hour}:00', days=3)") for hour in (17, 18, 19, 20)] == [98, 74, 60, 29]
    assert count("weekend") == 160


@pytest.mark.real
def test_programs_of_the_national_directory_are_linked_to_a_row_with_hours(real_data):
    from iop_analysis.linking import linked

    county = listing.read_release(RELEASE, real_data / "la_sbat" / RELEASE.file).facilities
    release = catalog.release("national_directory@su-2023")
    table = listing.read_release(release, real_data / release.source / release.file).facilities
    programs = table[(table["offers_iop"] == "yes") & table["zip"].isin(set(county["zip"].dropna()))]
    links = linked(table, county)
    links = links[links["facility_id"].isin(programs["facility_id"])]
    known = county.set_index("facility_id")["hours_status"].reindex(links["other_id"]).ne("unknown")
    assert len(programs) == 106
    assert known.sum() >= 62
    assert links["other_id"].is_unique
