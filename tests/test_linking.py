"""One building has one key however it is written; links need an address and keep their score; nothing hidden shows."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import facilities as canonical
from tables import hours

from iop_analysis import catalog
from iop_analysis.carried import listings
from iop_analysis.errors import DataError
from iop_analysis.linking import linked, near_pairs, open_keys, site_ids, street_likeness
from iop_analysis.linking.addresses import address_keys, street_key, zip_codes
from iop_analysis.linking.locating import (
    POINT_QUALITIES,
    distrusted,
    locator_addresses,
    point,
    point_conflicts,
    zip_points,
)
from iop_analysis.metrics.access import nearest
from iop_analysis.places.demand import read_points
from iop_analysis.places.sites import read_sites
from iop_analysis.releases import listing

# Inside ZIP code 80218 (Denver), invented house numbers.
HOME = (39.7327, -104.9717)


def rows(*values, columns=("name", "street", "city", "state", "zip", "phone")):
    table = pd.DataFrame(values, columns=list(columns)).fillna("")
    return table.assign(facility_id=[f"f{place}" for place in range(len(table))])


def listed(*values):
    columns = ["street", "city", "state", "zip", "latitude", "longitude", "list"]
    return pd.DataFrame(values, columns=columns)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1200 North Main Street", "1200 N. Main St"),
        ("1200 N Main St, Suite 300", "1200 North Main Street Ste. 12-B"),
        ("1200 Main Street, 3rd Floor", "1200 Main St."),
        ("1200 Main St Bldg 4", "1200 Main St, Building A, Room 2"),
        ("1200 Main St # 5", "1200 Main St"),
        ("33 Elm Avenue, Ground Floor", "33 Elm Ave"),
        ("Cedar Medical Plaza, 55 Oak Drive", "55 Oak Dr"),
        ("P.O. Box 12, 55 Oak Drive", "55 Oak Dr"),
        ("40 First Street", "40 1st St"),
        ("8 Saint Mary's Lane", "8 St. Marys Ln"),
        ("70 US Highway 50", "70 U.S. Hwy 50"),
        ("70 State Road 9", "70 State Hwy 9"),
        ("Five Oak Court", "5 Oak Ct"),
        ("12-A Elm Street", "12A Elm St"),
        ("9 Martin Luther King Jr Boulevard", "9 Dr. Martin Luther King Blvd"),
    ],
)
def test_two_writings_of_one_building_have_one_key(one, other):
    assert street_key(one) == street_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 North Street", "12 N Street"),
        ("12 Main Street", "12 Main Avenue"),
        ("12 Main Street", "14 Main Street"),
        ("12 North Main Street", "12 South Main Street"),
        ("100 Tower Road", "100 Road"),
        ("1 1st Street", "1 2nd Street"),
    ],
)
def test_two_buildings_keep_two_keys(one, other):
    assert street_key(one) != street_key(other)


@pytest.mark.parametrize("text", ["", "- - -", "P.O. Box 55", "PO Box 12, Post Office Drawer 3"])
def test_what_names_no_building_has_no_key(text):
    assert street_key(text) == ""


@given(st.text(max_size=60))
def test_any_text_has_a_key_and_the_key_is_its_own_key_or_shorter(text):
    key = street_key(text)
    assert len(street_key(key)) <= len(key)


def test_a_key_needs_a_street_and_a_zip_code_with_its_zeros():
    table = pd.DataFrame(
        {"street": ["1 Elm St", "1 Elm St", None, "1 Elm St"], "zip": ["7030", "07030-1234", "07030", ""]}
    )
    assert address_keys(table).tolist() == ["1 ELM ST|07030", "1 ELM ST|07030", "", ""]
    assert zip_codes(pd.Series(["501", "80218", "ABC", "802181234"])).tolist() == ["00501", "80218", "", ""]


def test_rows_of_one_place_share_a_site_id_and_none_is_dropped():
    table = rows(
        ("Cedar SU", "1 Elm St Suite 2", "Denver", "CO", "80218", ""),
        ("Cedar MH", "1 Elm Street", "Denver", "CO", "80218", ""),
        ("Oak", "1 Elm Street", "Aurora", "CO", "80010", ""),
        ("No street", "", "Denver", "CO", "80218", ""),
        ("No street", "", "Denver", "CO", "80218", ""),
    )
    ids = site_ids(table)
    assert ids[0] == ids[1]
    assert ids.nunique() == 4
    assert ids.str.fullmatch(r"[0-9a-f]{12}").all()


def test_a_hidden_address_shares_its_site_id_with_nobody_and_gives_nothing_away():
    table = rows(
        ("Cedar", "1 Elm St", "Denver", "CO", "80218", ""), ("Shelter", "1 Elm St", "Denver", "CO", "80218", "")
    ).assign(address_hidden=[False, True])
    ids = site_ids(table)
    assert ids[0] != ids[1]
    assert open_keys(table).tolist() == ["1 ELM ST|80218", ""]
    moved = table.assign(street="9 Oak St", zip="80010")
    assert site_ids(moved)[1] == ids[1]
    pointed = point(table, listed(("1 Elm St", "Denver", "CO", "80218", *HOME, "list")))
    assert pointed["point_quality"].tolist() == ["address", "zip"]


def test_a_hidden_row_is_never_linked():
    table = rows(("Cedar Clinic", "1 Elm St", "Denver", "CO", "80218", "303-555-0101"))
    assert len(linked(table, table)) == 1
    assert len(linked(table, table.assign(address_hidden=True))) == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [("N GRAND AVE", "S GRAND AVE"), ("ELM AVE", "ELM BLVD"), ("HWY 71", "HWY 72"), ("E 8TH ST", "E 9TH ST")],
)
def test_streets_that_contradict_each_other_are_not_alike_at_all(one, other):
    assert street_likeness(one, other) == 0


def test_a_near_street_needs_the_same_house_number_and_a_common_zip_code_or_city():
    table = rows(("", "123 Brickhill Ave", "Denver", "CO", "80218", ""))
    others = rows(
        ("", "123 Brick Hill Ave", "Denver", "CO", "80218", ""),
        ("", "124 Brickhill Ave", "Denver", "CO", "80218", ""),
        ("", "123 Brickhill Ave", "Denver", "CO", "80219", ""),
        ("", "123 Brickhill Ave", "Aurora", "CO", "80010", ""),
    )
    pairs = near_pairs(table.assign(key=open_keys(table)), others.assign(key=open_keys(others)))
    assert dict(zip(pairs["other"], pairs["score"].round(2), strict=True)) == {0: 0.88, 2: 0.95}


def test_points_come_from_the_publisher_then_the_address_a_near_one_the_zip_code_or_nowhere():
    table = rows(
        ("", "1 Elm St", "Denver", "CO", "80218", ""),
        ("", "2 Elm Street", "Denver", "CO", "80218", ""),
        ("", "3 Elmwood Str", "Denver", "CO", "80218", ""),
        ("", "4 Oak St", "Denver", "CO", "80218", ""),
        ("", "5 Oak St", "Denver", "WY", "80218", ""),
    ).assign(latitude=[39.7, *[np.nan] * 4], longitude=[-104.9, *[np.nan] * 4])
    locators = listed(
        ("1 Elm St", "Denver", "CO", "80218", *HOME, "su"),
        ("2 Elm St Unit 4", "Denver", "CO", "80218", *HOME, "mh"),
        ("3 Elmwod St", "Denver", "CO", "80218", *HOME, "mh"),
    )
    pointed = point(table, locators)
    assert tuple(pointed["point_quality"]) == POINT_QUALITIES
    assert pointed["latitude"].tolist()[:3] == [39.7, HOME[0], HOME[0]]
    assert pointed["point_source"].tolist() == ["publisher", "mh", "mh", "zip", ""]
    assert pointed["point_score"].round(2).tolist()[:3] == [1.0, 1.0, 0.95]
    assert pointed["point_score"].isna().tolist() == [False, False, False, True, True]
    assert pointed["latitude"].isna().tolist() == [False, False, False, False, True]


def test_a_point_that_contradicts_its_own_address_is_distrusted():
    far = listed(
        ("1 Elm St", "Denver", "CO", "80218", 33.0, -97.0, "out of state"),
        ("2 Elm St", "Denver", "CO", "80218", 37.3, -102.6, "in the state, 300 km off"),
        ("3 Elm St", "Denver", "CO", "80218", *HOME, "right"),
    )
    assert distrusted(far).tolist() == [True, True, False]
    assert locator_addresses(far)["list"].tolist() == ["right"]


def test_where_lists_disagree_the_point_nearest_to_the_zip_code_is_taken():
    off = listed(
        ("1 Elm St", "Denver", "CO", "80218", HOME[0] + 0.1, HOME[1], "off"),
        ("1 Elm St", "Denver", "CO", "80218", HOME[0] + 0.01, HOME[1], "near"),
        ("2 Elm St", "Denver", "CO", "80218", HOME[0] + 0.012, HOME[1], "first"),
        ("2 Elm St", "Denver", "CO", "80218", HOME[0] + 0.01, HOME[1], "second"),
    )
    assert sorted(locator_addresses(off)["list"]) == ["first", "near"]


def test_conflicting_points_are_listed_with_the_one_to_distrust():
    mine = listed(
        ("1 Elm St", "Denver", "CO", "80218", HOME[0] + 0.1, HOME[1], ""),
        ("2 Elm St", "Denver", "CO", "80218", HOME[0], HOME[1], ""),
        ("3 Elm St", "Denver", "CO", "80218", HOME[0] + 0.02, HOME[1], ""),
        ("4 Elm St", "Denver", "CO", "80218", HOME[0] + 0.001, HOME[1], ""),
    )
    theirs = mine.assign(latitude=[HOME[0], HOME[0] + 0.1, HOME[0] + 0.01, HOME[0]])
    table = point_conflicts(mine, theirs).set_index("key")
    assert table["distrust"].to_dict() == {
        "1 ELM ST|80218": "table",
        "2 ELM ST|80218": "others",
        "3 ELM ST|80218": "cannot tell",
    }
    assert table["apart_km"].round(1).tolist() == [11.1, 11.1, 1.1]


@pytest.mark.parametrize(
    ("name", "street", "phone", "is_same"),
    [
        ("Cedar Recovery LLC - Elm", "1 Elm Street", "(303) 555-0101", True),
        ("Cedar Recovery", "1 Elm Street", "", True),
        ("Renamed Health Partners", "1 Elm Street", "303.555.0101", True),
        ("Birch Dental Group", "1 Elm Street", "", False),
        ("Cedar Recovery", "77 Oak Street", "303-555-0101", False),
        ("Cedar Recovery", "1 Elmm Street", "303-555-0101", True),
    ],
)
def test_a_link_needs_the_address_and_a_name_or_a_number_that_agrees(name, street, phone, is_same):
    mine = rows(("Cedar Recovery", "1 Elm St", "Denver", "CO", "80218", "303-555-0101"))
    assert len(linked(mine, rows((name, street, "Denver", "CO", "80218", phone)))) == int(is_same)


def test_the_best_link_is_kept_with_its_score():
    mine = rows(("Cedar Recovery", "1 Elm St", "Denver", "CO", "80218", "303-555-0101"))
    theirs = rows(
        ("Cedar Adult", "1 Elm St", "Denver", "CO", "80218", "303-555-0199"),
        ("Cedar Recovery", "1 Elm St", "Denver", "CO", "80218", "303-555-0101"),
    ).assign(facility_id=["x", "y"])
    assert linked(mine, theirs)[["facility_id", "other_id", "score"]].values.tolist() == [["f0", "y", 1.0]]


def test_survey_rows_are_refused_with_a_sentence():
    survey = next((key for key, source in catalog.sources().items() if not source.linkable), None)
    table = rows(("Respondent", "1 Elm St", "Denver", "CO", "80218", "")).assign(source=survey)
    assert survey is not None
    with pytest.raises(DataError, match="for statistics only"):
        point(table, listed())
    with pytest.raises(DataError, match="for statistics only"):
        linked(table, table)
    with pytest.raises(DataError, match="no column 'street' and no 'zip'"):
        linked(table.drop(columns=["street", "zip", "source"]), table)


def test_programs_are_counted_by_how_their_county_was_found_and_those_in_none_under_their_state():
    table = canonical(
        4,
        state="CO",
        county_fips=["08001", "08001", None, "08003"],
        place_quality=["address", "zip", "none", "zip"],
        offers_iop=["yes", "yes", "yes", "no"],
    )
    built = listing.Listing(catalog.release("ladders@sample"), table, hours([]), ())
    counted = listings.standard(built).placed.set_index("place")
    assert counted.columns.tolist() == ["by_address", "by_zip", "not_placed"]
    assert counted.loc["08001"].tolist() == [1, 1, 0]
    assert counted.loc["CO not placed"].tolist() == [0, 0, 1]
    assert "08003" not in counted.index, "a facility without an IOP counts nowhere"


def test_zip_points_leave_out_codes_without_a_place():
    table = zip_points()
    assert table.index.is_unique
    assert (table[["latitude", "longitude"]] != 0).any(axis=1).all()
    assert table.loc["80218", "state"] == "CO"


LISTS = ("SubstanceUseTreatment", "MentalHealthProviders", "OpioidTreatmentProgram")


def built(real_data: Path, name: str) -> listing.Listing:
    release = catalog.release(name)
    return listing.read_release(release, real_data / release.source / release.file)


@pytest.fixture(scope="module")
def locators(real_data: Path) -> pd.DataFrame:
    """The three national lists of 2021 and the locator exports."""
    lists = {name: read_sites(real_data / "locator_points" / f"{name}_Geocoded.csv") for name in LISTS}
    lists |= {name: built(real_data, name).facilities for name in ("findtreatment@tx-2023", "findtreatment@va-2019")}
    columns = ["name", "street", "city", "state", "zip", "latitude", "longitude", "list"]
    return pd.concat([table.assign(list=name)[columns] for name, table in lists.items()], ignore_index=True)


@pytest.fixture(scope="module")
def tracts(real_data: Path) -> pd.DataFrame:
    return read_points(real_data / "geography" / "tract_points_2017.csv.gz")


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "floor"), [("national_directory@su-2022", 0.88), ("national_directory@su-2023", 0.775)]
)
def test_directory_rows_are_placed_by_address_in_the_nation_and_in_every_state(
    real_data: Path, locators, tracts, name, floor
):
    table = built(real_data, name).facilities.drop(columns=["latitude", "longitude"])
    pointed = point(table, locators)
    exact = pointed["point_quality"] == "address"
    assert len(pointed) == len(table)
    assert exact.mean() >= floor
    by_state = exact.groupby(table["state"]).agg(["mean", "size"])
    assert by_state.loc[by_state["size"] >= 20, "mean"].min() >= 0.5
    near = nearest(pointed[exact], tracts)[1][:, 0]
    own = tracts["state"].to_numpy()[near] == table.loc[exact, "state"].to_numpy()
    known = table.loc[exact, "state"].isin(set(tracts["state"])).to_numpy()
    assert own[known].mean() >= 0.995


@pytest.mark.real
def test_colorado_addresses_lie_where_the_state_directory_puts_them(real_data: Path, locators):
    ladders = built(real_data, "ladders@2023-05-16").facilities
    table = built(real_data, "national_directory@su-2023").facilities
    table = table[table["state"] == "CO"].drop(columns=["latitude", "longitude"])
    pointed = point(table, locators)
    exact = pointed["point_quality"] == "address"
    ours = table.join(pointed[["latitude", "longitude"]])[exact]
    shared = set(open_keys(ours)) & set(open_keys(ladders.dropna(subset=["latitude"]))) - {""}
    conflicts = point_conflicts(ours, ladders)
    rows_shared = open_keys(ours).isin(shared)
    rows_apart = open_keys(ours).isin(set(conflicts["key"]))
    assert rows_shared.sum() > 150
    assert 1 - rows_apart.sum() / rows_shared.sum() >= 0.95
    assert conflicts.loc[conflicts["apart_km"] > 5, "distrust"].eq("table").all()


@pytest.mark.real
def test_four_of_five_colorado_iops_of_the_directory_get_hours_from_the_state_directory(real_data: Path):
    ladders = built(real_data, "ladders@2023-05-16")
    table = built(real_data, "national_directory@su-2023").facilities
    programs = table[(table["state"] == "CO") & (table["offers_iop"] == "yes")]
    links = linked(programs, ladders.facilities)
    assert len(programs) == 132
    assert len(links) >= 108
    assert links["facility_id"].is_unique
    assert links["score"].between(0.65, 1).all()
    assert links["other_id"].is_unique
    hidden = set(ladders.facilities.loc[ladders.facilities["address_hidden"], "facility_id"])
    assert len(hidden) >= 13
    assert hidden.isdisjoint(links["other_id"])
