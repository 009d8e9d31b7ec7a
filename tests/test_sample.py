"""The shipped sample is synthetic, says so, carries the traps of the real files, and is remade byte for byte."""

import csv
import hashlib
import io
import re
import zipfile

import make_sample
import pandas as pd
import pytest

from iop_analysis import catalog
from iop_analysis.releases import listing

# The sample of the sources with hours is tested in test_sources_hours.py.
SYNTHETIC = [one for one in catalog.releases().values() if one.synthetic and one.source in make_sample.CONTENTS]


@pytest.fixture(scope="module")
def sample() -> dict[str, listing.Listing]:
    """The three files of the sample, read and standardised."""
    return {one.source: listing.read_release(one, make_sample.FOLDER / one.file) for one in SYNTHETIC}


def unpacked(content: bytes) -> object:
    """Bytes of a file; of a workbook its members with names and dates, since two zlib versions pack differently."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return [(one.filename, one.date_time, book.read(one)) for one in book.infolist()]


@pytest.mark.parametrize("release", SYNTHETIC, ids=lambda one: one.name)
def test_the_script_writes_the_shipped_bytes_again(release, tmp_path):
    again = make_sample.write(make_sample.sample()[release.file], tmp_path / release.file).read_bytes()
    shipped = (make_sample.FOLDER / release.file).read_bytes()
    assert unpacked(again) == unpacked(shipped)


@pytest.mark.parametrize("release", SYNTHETIC, ids=lambda one: one.name)
def test_the_catalog_knows_hash_and_rows_of_each_shipped_file(release, sample):
    shipped = (make_sample.FOLDER / release.file).read_bytes()
    assert hashlib.sha256(shipped).hexdigest() == release.sha256
    assert len(sample[release.source].facilities) == release.rows
    assert 120 <= release.rows <= 200


def test_the_folder_holds_the_sample_and_nothing_else():
    files = [one.file for one in catalog.releases().values() if one.synthetic]
    assert sorted(path.name for path in make_sample.FOLDER.iterdir()) == sorted(files)


def test_every_file_and_every_name_says_that_it_is_synthetic(sample):
    assert all(release.file.startswith("SYNTHETIC_") for release in SYNTHETIC)
    for built in sample.values():
        assert built.facilities["name"].str.contains("(synthetic)", regex=False).all()


def test_telephone_numbers_and_websites_are_reserved_ones(sample):
    for built in sample.values():
        phones = built.facilities["phone"].dropna()
        assert phones.str.fullmatch(r"(\(\d{3}\) |\d{3}-)555-01\d\d").all()
        assert built.facilities["website"].dropna().str.fullmatch(r"https://site\d+\.example\.org").all()


def test_the_sample_lies_in_colorado_and_new_jersey_and_every_open_address_finds_its_county(sample):
    assert set(sample["ladders"].facilities["state"]) == {"CO"}
    assert set(sample["national_directory"].facilities["state"]) == {"CO", "NJ"}
    assert set(sample["findtreatment"].facilities["state"]) == {"CO", "NJ"}
    for built in sample.values():
        table = built.facilities
        shown = table[~table["address_hidden"]]
        assert shown["county_fips"].notna().all()
        assert shown["county_fips"].str[:2].eq(shown["state"].map({"CO": "08", "NJ": "34"})).all()


def test_publisher_point_and_zip_name_the_same_county_in_the_sample(sample):
    by_zip = {}
    for built in sample.values():
        shown = built.facilities.dropna(subset=["zip", "county_fips"])
        for zip_code, county in zip(shown["zip"], shown["county_fips"], strict=True):
            assert by_zip.setdefault(zip_code, county) == county


def test_the_sample_carries_the_traps_of_the_real_files(sample):
    ladders, directory, locator = (sample[key] for key in ("ladders", "national_directory", "findtreatment"))
    statuses = ladders.facilities["hours_status"].value_counts()
    assert statuses[["known", "partial", "always", "unknown"]].ge(1).all()
    assert ladders.hours["opens_minute"].isna().any(), "a cell that closes before it opens"
    assert (ladders.hours["closes_minute"] - ladders.hours["opens_minute"]).eq(1440).any(), "a 24-hour cell"
    assert ladders.hours["closes_minute"].eq(1440).any()
    assert ladders.facilities["address_hidden"].any()
    assert ladders.facilities["offers_iop"].eq("not_reported").any()
    assert ladders.facilities["accepts_medicaid"].eq("not_reported").any()
    assert directory.facilities["address_hidden"].any()
    assert directory.facilities["duplicate_of"].notna().any()
    assert directory.facilities["accepts_medicaid"].eq("not_reported").any()
    assert directory.facilities["is_free_for_all"].eq("not_reported").any()
    assert directory.facilities["offers_sliding_fee"].eq("not_asked").any(), "a Veterans Affairs site"
    assert directory.facilities["ownership_type"].isin(["several", "not reported"]).sum() >= 2
    assert locator.facilities["duplicate_of"].notna().any()
    assert set(locator.facilities["facility_type"]) == {"SU", "MH", "BUPREN", "OTP"}
    with (make_sample.FOLDER / "SYNTHETIC_ladders.csv").open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert any("_BR_ENCODED_" in row["ProviderLocationDisplayLabel"] for row in rows)
    assert any(row["HoursofOperationMonday"] == "8:00AM - 8:00AM" for row in rows)


def test_the_sample_is_large_enough_to_shade_some_counties_and_too_small_in_others(sample):
    for key in ("ladders", "national_directory"):
        table = sample[key].facilities
        iops = table[table["offers_iop"] == "yes"]["county_fips"].value_counts()
        assert (iops >= 10).any()
        assert (iops < 10).any()


def test_the_first_sites_do_not_change_when_more_are_made():
    assert make_sample.sites(50) == make_sample.sites(200)[:50]
    assert make_sample.sites(5) != make_sample.sites(5, seed=1)


def test_every_heading_of_the_catalog_stands_in_the_publishers_layout():
    for release in catalog.releases().values():
        if release.source in make_sample.CONTENTS:
            held = make_sample.content(release, make_sample.sites(3))
            headings = held["rows"][0] if "rows" in held else next(iter(held.values()))[0]
            assert {heading.strip() for heading in headings} >= set(catalog.columns(release).values()), release.name


@pytest.mark.real
def test_no_name_number_or_street_of_the_sample_is_that_of_a_real_facility(sample, real_data):
    texts = [path.read_bytes().decode("utf-8", "replace") for path in real_data.glob("ladders/*.csv")]
    texts += [path.read_bytes().decode("utf-8", "replace") for path in real_data.glob("findtreatment/*.json")]
    real = "\n".join(texts)
    for built in sample.values():
        table = built.facilities
        for text in pd.concat([table["name"], table["phone"], table["street"]]).dropna().unique():
            assert text not in real, text


def test_the_sample_is_small():
    size = sum((make_sample.FOLDER / release.file).stat().st_size for release in SYNTHETIC)
    assert size < 300_000


def test_cities_of_the_sample_are_spelled_as_zip_and_state_demand():
    for place in make_sample.LAYOUTS["places"]:
        for city, zip_code, county, *_ in place["rows"]:
            assert re.fullmatch(r"\d{5}", zip_code)
            assert city.strip() == city
            assert county.strip() == county
