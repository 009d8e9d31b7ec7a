"""The one gate: identifiers, repeats, ZIP codes, points; and building, which is all or nothing."""

import hashlib
import itertools

import make_sample
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iop_analysis import catalog, sources
from iop_analysis.errors import CallError, DataError
from iop_analysis.releases import listing

DIRECTORY = catalog.release("national_directory@su-2023")
LOCATOR = catalog.release("findtreatment@va-2019")
TEXAS = catalog.release("findtreatment@tx-2023")


def rows(count: int, **columns) -> pd.DataFrame:
    """Rows as a source's `clean` gives them."""
    given = {
        "name": [f"Sample {number} (synthetic)" for number in range(count)],
        "street": "1 Sample Street",
        "first_line": "1 Sample Street",
        "city": "Denver",
        "state": "CO",
        "zip": "80203",
        "address_hidden": False,
        "facility_type": "substance use",
    }
    return pd.DataFrame(given | columns, index=range(count))


def gate(table: pd.DataFrame, release: catalog.Release = DIRECTORY) -> listing.Listing:
    return listing.standardize(sources.Cleaned(table), release)


def restated_id(name: str, street: str, city: str, state: str, zip_code: str) -> str:
    def plain(text: str) -> str:
        return "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in text.lower())

    text = "|".join(" ".join(plain(part).split()) for part in (name, street, city, state, zip_code))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def test_an_id_is_twelve_digits_of_the_hash_of_names_street_city_state_and_zip():
    found = listing.identify(rows(1, name="Sample  CREEK, Inc. (synthetic)"), DIRECTORY)
    expected = restated_id("Sample  CREEK, Inc. (synthetic)", "1 Sample Street", "Denver", "CO", "80203")
    assert found["facility_id"].tolist() == [expected]


def test_spelling_of_case_and_punctuation_does_not_change_an_id_and_any_word_does():
    names = ["Sample Creek, Inc.", "SAMPLE CREEK INC", "Sample Creek Inc 2"]
    ids = listing.identify(rows(3, name=names), DIRECTORY)["facility_id"].tolist()
    assert ids[1] == ids[0] + "-2"
    assert not ids[2].startswith(ids[0])


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=8))
def test_repeats_are_kept_numbered_in_file_order_and_marked_with_the_first(letters):
    found = listing.identify(rows(len(letters), name=letters), DIRECTORY)
    expected_ids, expected_first, seen = [], [], {}
    for letter in letters:
        base = restated_id(letter, "1 Sample Street", "Denver", "CO", "80203")
        seen[letter] = seen.get(letter, 0) + 1
        expected_ids.append(base if seen[letter] == 1 else f"{base}-{seen[letter]}")
        expected_first.append(None if seen[letter] == 1 else base)
    assert found["facility_id"].tolist() == expected_ids
    assert found["facility_id"].is_unique
    assert [None if pd.isna(one) else one for one in found["duplicate_of"]] == expected_first


def test_rows_in_another_order_keep_their_ids():
    table = rows(4, city=["Denver", "Salida", "Pueblo", "Durango"])
    ids = listing.identify(table.copy(), DIRECTORY)["facility_id"]
    for order in itertools.permutations(range(4)):
        turned = listing.identify(table.iloc[list(order)].reset_index(drop=True), DIRECTORY)["facility_id"]
        assert turned.tolist() == ids.iloc[list(order)].tolist()


def test_a_suite_that_comes_and_goes_is_a_repeat_and_the_other_side_of_a_site_is_not():
    table = rows(3, name="Sample", street=["1 A St", "1 A St, Suite 2", "1 A St"], first_line="1 A St")
    table["facility_type"] = ["SU", "SU", "MH"]
    found = listing.identify(table, DIRECTORY)
    assert found["duplicate_of"].notna().tolist() == [False, True, False]


def test_a_zip_of_nine_digits_is_cut_and_a_blank_one_is_missing():
    found = gate(rows(4, zip=["80203-1234", "802031234", "80203", ""]))
    assert [None if pd.isna(one) else one for one in found.facilities["zip"]] == ["80203", "80203", "80203", None]
    assert found.set_aside.empty
    assert sources.Note(2, "ZIP codes of nine digits: cut to five") in found.notes


def test_each_way_of_placing_a_facility_is_marked():
    table = rows(4, county=["Denver", "", "", ""], latitude=[None, 39.7392, None, None], zip=["", "", "80203", ""])
    found = gate(table.assign(longitude=[None, -104.9849, None, None])).facilities
    assert found["place_quality"].tolist() == ["publisher", "address", "zip", "none"]
    assert found["county_fips"].tolist()[:3] == ["08031"] * 3
    assert pd.isna(found["county_fips"].iloc[3])


def test_hours_that_a_source_lacks_are_not_asked():
    found = gate(rows(2))
    assert found.facilities["hours_status"].tolist() == ["not_asked", "not_asked"]
    assert found.hours.empty


# Building


@pytest.fixture
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("IOP_DATA", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("source", list(make_sample.CONTENTS))
def test_what_is_built_is_what_is_loaded(source, data_folder):
    built = listing.build(catalog.release(f"{source}@sample"))
    loaded = listing.load(f"{source}@sample")
    pd.testing.assert_frame_equal(loaded.facilities, built.facilities)
    pd.testing.assert_frame_equal(loaded.hours, built.hours)
    assert loaded.notes == built.notes
    assert loaded.release == built.release


def test_building_twice_gives_the_same_bytes(data_folder):
    release = catalog.release("ladders@sample")
    folder = data_folder / "processed" / "ladders" / "sample"
    listing.build(release)
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    listing.build(release)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == first
    tables = ["facilities.parquet", "facility_hours.parquet", "points.parquet", "set_aside.parquet"]
    assert sorted(first) == ["croissant.json", "datapackage.json", *tables]


def test_a_file_that_is_not_there_is_an_error_that_says_how_to_get_it(data_folder):
    with pytest.raises(DataError, match="iop-analysis fetch ladders@2023-05-16"):
        listing.build(catalog.release("ladders@2023-05-16"))


def test_a_release_that_is_not_built_is_a_wrong_call_that_says_how_to_build_it(data_folder):
    with pytest.raises(CallError, match="iop-analysis build ladders@2023-05-16"):
        listing.load("ladders@2023-05-16")


def test_a_file_with_another_hash_is_not_built_and_what_was_built_stays(data_folder):
    release = catalog.release("ladders@sample")
    listing.build(release)
    held = make_sample.content(release, make_sample.sites(30))
    make_sample.write(held, data_folder / "raw" / "sample" / release.file)
    with pytest.raises(DataError, match="SHA-256"):
        listing.build(release)
    assert len(listing.load(release.name).facilities) == release.rows
