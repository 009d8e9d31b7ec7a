"""Who is counted: people in custody, veterans, the military and pupils by codes and a list read by hand."""

import re

import pandas as pd
import pytest
from tables import facilities

from iop_analysis import catalog, criteria
from iop_analysis.calls import sampling
from iop_analysis.carried import listings
from iop_analysis.releases import listing, served
from iop_analysis.sources import _samhsa_codes
from iop_analysis.sources._codes import flags, words

LADDERS = catalog.release("ladders@2023-05-16")
PRISON = next(row["facility_id"] for row in catalog.read_rows(served.LIST) if row["variable"] == "is_in_custody")


def test_a_word_in_a_name_never_decides_and_the_list_does():
    names = ["Sample State Prison (synthetic)", "Correctional Sample Practice (synthetic)", "Sample Clinic (synthetic)"]
    rows = pd.DataFrame({"facility_id": ["a", "b", PRISON], "name": names})
    assert served.answered(rows, LADDERS)["is_in_custody"].tolist() == ["no", "no", "yes"]


def test_an_entry_of_the_list_holds_for_its_own_source_only():
    rows = pd.DataFrame({"facility_id": [PRISON], "name": ["Sample (synthetic)"]})
    other = catalog.release("national_directory@su-2023")
    assert served.answered(rows, other)["is_in_custody"].tolist() == ["no"]


def test_a_source_whose_every_row_serves_veterans_says_so():
    rows = pd.DataFrame({"facility_id": ["a"], "name": ["Sample (synthetic)"]})
    table = served.answered(rows, catalog.release("va_facilities@2020-05-20"))
    assert table["serves_veterans_only"].tolist() == ["yes"]


def test_every_entry_of_the_list_has_a_reason_and_names_answers_and_known_sources():
    for row in catalog.read_rows(served.LIST):
        assert row["reason"]
        assert row["variable"] in served.ANSWERS
        assert row["release"].split("@")[0] in catalog.sources()
        assert bool(row["facility_id"]) != bool(row["name"])


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        ("OIT VAMC FEM MALE", {"serves_veterans_only": "yes", "serves_women_only": "no", "serves_men_only": "no"}),
        ("OIT DDF FEM", {"serves_military_only": "yes", "serves_women_only": "yes", "serves_men_only": "no"}),
        ("OIT DUO AUDO OUDO MALE", {"serves_dui_only": "yes", "serves_alcohol_only": "yes", "serves_men_only": "yes"}),
        ("OIT PVTP", {"serves_veterans_only": "no", "serves_opioid_only": "no", "serves_women_only": "not_reported"}),
        ("OIT CHLD", {"serves_adolescents": "no"}),
        ("OIT AD", {"serves_adolescents": "yes"}),
    ],
)
def test_codes_say_whom_a_program_serves(codes, said):
    found = _samhsa_codes.coded(flags(words(pd.Series([codes]))), "su", 1)
    assert {name: pd.Series(found[name]).iloc[0] for name in said} == said


def built(**columns) -> listing.Listing:
    """Three Colorado IOPs: a prison's, a veterans' one, and one for everybody."""
    given = {"state": "CO", "county_fips": "08031", "offers_iop": "yes", "phone": "303-555-0100"}
    given |= {"is_in_custody": ["yes", "no", "no"], "serves_veterans_only": ["no", "yes", "no"]}
    given |= {"serves_military_only": "no", "serves_students_only": "no", "accepts_medicaid": "yes"}
    table = facilities(3, **(given | columns))
    return listing.Listing(LADDERS, table, pd.DataFrame(columns=["facility_id", "day"]), ())


def test_standard_tables_leave_out_people_in_custody_and_say_how_many():
    table = listings.standard(built())
    assert table.row("iop", "all", "state", "CO")["yes"] == 2
    assert table.row("medicaid", "iop", "county", "08031")["yes"] == 2
    assert table.row("in_custody", "iop", "state", "CO")["yes"] == 1
    assert table.row("veterans_only", "iop", "state", "CO")["yes"] == 1


def test_a_persona_is_offered_no_program_that_does_not_serve_her():
    row = listings.standard(built()).row("medicaid", catalog.personas()["has_medicaid"].of, "state", "CO")
    assert (row["facilities"], row["yes"]) == (1, 1)


def test_words_stay_what_they_are():
    table = built()
    for text, expected in {"iop": 3, "iop & ~in_custody": 2, "public_iop": 2, "adult_iop": 1}.items():
        found = criteria.evaluate(text, table.facilities, table.hours).result
        assert found.sum() == expected, text


def test_nobody_calls_a_prison():
    phones = ["303-555-0100", "303-555-0101", "303-555-0102"]
    assert len(sampling.frame(built(phone=phones), "CO", "medicaid")) == 2


@pytest.mark.real
def test_colorado_lists_271_iops_open_to_the_public_and_the_prisons_are_the_same_in_every_release(real_data):
    for release in catalog.source("ladders").releases:
        if not release.synthetic:
            found = listing.read_release(release, real_data / "ladders" / release.file).facilities
            prisons = found[found["is_in_custody"] == "yes"]
            assert len(prisons) == 18
            assert prisons["offers_iop"].eq("yes").sum() == 17
            assert all(re.search("Department of Corrections", name) for name in prisons["name"])
            assert not served.public(found)["name"].str.contains("Department of Corrections").any()
    assert (served.public(found)["offers_iop"] == "yes").sum() == 271
