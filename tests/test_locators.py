"""A directory's county is that of its listed address where a locator list has it, else that of the ZIP code."""

import shutil
from dataclasses import replace

import pandas as pd
import pytest
from tables import facilities as canonical

from iop_analysis import catalog, raw
from iop_analysis.releases import listing, locators, many, store
from iop_analysis.releases.listing import Listing

DIRECTORY = "national_directory@su-2023"
DENVER, ARAPAHOE = "08031", "08005"
IN_DENVER = {"latitude": 39.74, "longitude": -104.99}


@pytest.fixture
def listed(tmp_path, monkeypatch):
    """A built locator list with one address: the point lies in Denver, the ZIP code is that of a neighboring county."""
    monkeypatch.setenv("IOP_DATA", str(tmp_path / "data"))
    release = catalog.release("locator_points@su-2021")
    row = canonical(
        1, source="locator_points", street="1 Elm Street", city="Aurora", state="CO", zip="80011", **IN_DENVER
    )
    store.write(release, {"facilities": row}, (), "")
    return tmp_path


def directory(**columns) -> Listing:
    """Two rows of a directory, both placed by their ZIP code: the first at the listed address, the second elsewhere."""
    given = {"street": ["1 Elm St.", "9 Oak St."], "city": "Aurora", "state": "CO", "zip": "80011"}
    given |= {"source": "national_directory", "county_fips": ARAPAHOE, "place_quality": "zip", "address_hidden": False}
    rows = canonical(2, **(given | columns))
    return Listing(catalog.release(DIRECTORY), rows, pd.DataFrame(), listing._notes(rows))


def test_the_county_of_a_listed_address_is_better_than_that_of_the_zip_code(listed):
    built = listing.placed_by_address(directory())
    assert built.facilities["county_fips"].tolist() == [DENVER, ARAPAHOE]
    assert built.facilities["place_quality"].tolist() == ["address", "zip"]
    assert built.facilities["latitude"].isna().all(), "a list's point is not the publisher's"
    told = {note.text.split(" (")[0]: note.rows for note in built.notes}
    assert told == {
        "rows are in the county of the point that a locator list has for the same address": 1,
        "rows are in the county of their ZIP code": 1,
    }


def test_a_withheld_address_is_not_looked_up(listed):
    built = listing.placed_by_address(directory(address_hidden=True))
    assert built.facilities["place_quality"].tolist() == ["zip", "zip"]


def test_a_publishers_county_stays(listed):
    built = listing.placed_by_address(directory(place_quality="publisher"))
    assert built.facilities["county_fips"].tolist() == [ARAPAHOE, ARAPAHOE]


def test_invented_addresses_are_not_looked_up(listed):
    sample = replace(directory(), release=catalog.release("national_directory@sample"))
    assert listing.placed_by_address(sample) is sample


def test_without_a_list_nothing_changes(tmp_path, monkeypatch):
    monkeypatch.setenv("IOP_DATA", str(tmp_path))
    assert locators.names() == []
    assert len(locators.rows()) == 0
    found = listing.placed_by_address(directory())
    assert found.facilities["place_quality"].tolist() == ["zip", "zip"]


def test_a_list_built_anew_is_read_anew(listed):
    assert listing.placed_by_address(directory()).facilities["county_fips"][0] == DENVER
    row = canonical(
        1, source="locator_points", street="1 Pine Street", city="Aurora", state="CO", zip="80011", **IN_DENVER
    )
    store.write(catalog.release("locator_points@su-2021"), {"facilities": row}, (), "")
    assert listing.placed_by_address(directory()).facilities["county_fips"][0] == ARAPAHOE


@pytest.mark.real
def test_of_the_listed_iops_78_in_100_have_the_county_of_their_address(real_data, tmp_path, monkeypatch):
    monkeypatch.setenv("IOP_DATA", str(tmp_path))
    for source in ("locator_points", "findtreatment", "national_directory"):
        shutil.copytree(real_data / source, tmp_path / "raw" / source)
    order = [release.source for release in many._wanted([], sample=False)]
    assert order.index("national_directory") > max(order.index(source) for source in locators.SOURCES)
    alone = listing.read_release(raw.find_release(DIRECTORY), raw.verified(raw.find_release(DIRECTORY))).facilities
    for name in (
        "locator_points@su-2021",
        "locator_points@mh-2021",
        "locator_points@otp-2021",
        "findtreatment@tx-2023",
    ):
        listing.build(raw.find_release(name))
    table = listing.build(raw.find_release(DIRECTORY)).facilities
    iops = table[table["offers_iop"] == "yes"]
    assert iops["place_quality"].value_counts().to_dict() == {"address": 4516, "zip": 1217, "none": 3}
    moved = iops["county_fips"].ne(alone.loc[iops.index, "county_fips"]) & iops["county_fips"].notna()
    assert moved.sum() == 67
    states = {row["fips"]: row["state"] for row in catalog.read_rows("places/states.csv")}
    assert (table["county_fips"].dropna().str[:2].map(states) == table.loc[table["county_fips"].notna(), "state"]).all()
