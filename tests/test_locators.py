"""A directory's county is that of its listed address where a locator list has it, else that of the ZIP code."""

import shutil

import numpy as np
import pandas as pd
import pytest
from tables import facilities as canonical

from iop_analysis import catalog, raw
from iop_analysis.releases import listing, located, locators, many, store

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


def directory(**columns) -> pd.DataFrame:
    """Two rows of a directory as the gate gets them: the first at the listed address, the second elsewhere."""
    given = {"street": ["1 Elm St.", "9 Oak St."], "city": "Aurora", "state": "CO", "zip": "80011"}
    return pd.DataFrame(given | {"address_hidden": False} | columns, index=range(2))


def test_the_county_of_a_listed_address_is_better_than_that_of_the_zip_code(listed):
    table, notes = located.located(directory(), locators.rows())
    assert table["county_fips"].tolist() == [DENVER, ARAPAHOE]
    assert table["place_quality"].tolist() == ["address", "zip"]
    told = {note.text.split(" (")[0]: note.rows for note in notes}
    assert told == {
        "rows have the point that a locator list has for the same address": 1,
        "rows have only the point of their ZIP code, which places them in no district": 1,
        "rows are in the county of their ZIP code": 1,
    }


def test_the_point_that_locates_a_row_is_stored_with_its_quality(listed):
    table, _ = located.located(directory(), locators.rows())
    assert table["point_quality"].tolist() == ["address", "zip"]
    assert table.loc[0, ["latitude", "longitude"]].to_dict() == IN_DENVER
    assert table.loc[1, "latitude"] != IN_DENVER["latitude"]


def test_a_publishers_own_point_stays(listed):
    own = directory(latitude=[39.60, np.nan], longitude=[-104.80, np.nan])
    table, _ = located.located(own, locators.rows())
    assert table["point_quality"].tolist() == ["publisher", "zip"]
    assert table.loc[0, "latitude"] == 39.60


def test_a_withheld_address_is_not_looked_up(listed):
    table, _ = located.located(directory(address_hidden=True), locators.rows())
    assert table["place_quality"].tolist() == ["zip", "zip"]


def test_a_publishers_county_stays_where_only_the_point_says_another(listed):
    table, _ = located.located(directory(county="Arapahoe"), locators.rows())
    assert table["county_fips"].tolist() == [ARAPAHOE, ARAPAHOE]
    assert table["place_quality"].tolist() == ["publisher", "publisher"]


def test_invented_addresses_are_not_looked_up(listed):
    built = listing.build(catalog.release("national_directory@sample"))
    assert set(built.facilities["point_quality"]) <= {"zip", "none"}


def test_without_a_list_rows_have_the_point_of_their_zip_code(tmp_path, monkeypatch):
    monkeypatch.setenv("IOP_DATA", str(tmp_path))
    assert locators.names() == []
    assert len(locators.rows()) == 0
    table, _ = located.located(directory())
    assert table["point_quality"].tolist() == ["zip", "zip"]


@pytest.mark.real
def test_of_the_listed_iops_80_in_100_have_the_county_of_their_address(real_data, tmp_path, monkeypatch):
    monkeypatch.setenv("IOP_DATA", str(tmp_path))
    for source in ("locator_points", "findtreatment", "national_directory"):
        shutil.copytree(real_data / source, tmp_path / "raw" / source)
    raw.fetch(["tract_points@2020", "connecticut_tracts@2022"], real_data, progress=False)
    order = [release.source for release in many._wanted([], sample=False)]
    assert order.index("national_directory") > max(order.index(source) for source in locators.sources())
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
    assert iops["place_quality"].value_counts().to_dict() == {"address": 4592, "zip": 1141, "none": 3}
    moved = iops["county_fips"].ne(alone.loc[iops.index, "county_fips"]) & iops["county_fips"].notna()
    assert moved.sum() == 57
    states = {row["fips"]: row["state"] for row in catalog.read_rows("places/states.csv")}
    assert (table["county_fips"].dropna().str[:2].map(states) == table.loc[table["county_fips"].notna(), "state"]).all()
