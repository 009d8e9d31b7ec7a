"""Each source reads every release of the catalog in the publisher's layout, and drift is an error."""

import dataclasses
from functools import cache
from pathlib import Path

import make_sample
import pandas as pd
import pytest

from iop_analysis import catalog, raw, sources
from iop_analysis.errors import DataError
from iop_analysis.releases import listing, served

RELEASES = [release.name for release in catalog.releases().values() if release.source in make_sample.CONTENTS]
SITES = make_sample.sites(40)
PAYERS = {name for name in catalog.answer_variables() if name.startswith("accepts_") and name != "accepts_new_patients"}
FEES = {"accepts_medicaid", "accepts_private_insurance", "accepts_self_pay", "offers_sliding_fee"}
HELP = {"offers_sliding_fee", "offers_payment_assistance"}


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """A function from a release's name to its slice of forty sites, read and standardised once."""
    folder = tmp_path_factory.mktemp("slices")

    @cache
    def read(name: str) -> listing.Listing:
        return listing.read_release(catalog.release(name), make_sample.slice_of(name, folder))

    return read


def read_content(name: str, held: make_sample.Content, folder: Path) -> listing.Listing:
    release = catalog.release(name)
    return listing.read_release(release, make_sample.write(held, folder / release.file))


def content(name: str, count: int = 40) -> make_sample.Content:
    return make_sample.content(catalog.release(name), make_sample.sites(count))


def row_of(built_release: listing.Listing, name: str, kind: str = "") -> pd.Series:
    table = built_release.facilities
    mine = table[table["name"].str.startswith(name) & (table["facility_type"].eq(kind) if kind else True)]
    return mine.iloc[0]


def codes_to_row(tmp_path: Path, codes: str, name: str = "national_directory@su-2023") -> pd.Series:
    """The row that the directory's reader makes of one string of service codes."""
    held = content(name)
    sheet = make_sample.LAYOUTS["directory"]["sheets"][0]
    held[sheet][1][-1] = codes
    return read_content(name, held, tmp_path).facilities.iloc[0]


# Every release


@pytest.mark.parametrize("name", RELEASES)
def test_every_release_of_the_catalog_is_read_in_its_layout_row_by_row(built, name):
    held = content(name)
    rows = len(held["rows"]) if "rows" in held else len(next(iter(held.values()))) - 1
    table = built(name).facilities
    assert len(table) == rows
    assert list(table.columns) == list(catalog.variables())
    assert table["facility_id"].is_unique
    assert set(table["release"]) == {catalog.release(name).key}
    assert set(table["state"]) <= {"CO", "NJ"}
    assert table["name"].str.contains("synthetic").all()


@pytest.mark.parametrize("name", [name for name in RELEASES if name.startswith("ladders")])
def test_ladders_answers_are_the_sites_own(built, name):
    table = built(name).facilities.set_index("name")
    late = "telehealth" in catalog.columns(catalog.release(name))
    for site in [site for site in SITES if site.state == "CO"]:
        row = table.loc[site.name]
        for variable in ("offers_iop", "offers_iop_mental_health", "offers_day_treatment", "offers_outpatient"):
            lists = {"offers_outpatient", "offers_iop", "offers_iop_mental_health", "offers_day_treatment"}
            filled = not site.has("no lists") and bool(lists & site.yes)
            assert row[variable] == ("yes" if filled and variable in site.yes else "no" if filled else "not_reported")
        spoken = not site.has("no payer") and bool(FEES & site.yes)
        for variable in FEES:
            assert row[variable] == ("yes" if spoken and variable in site.yes else "no" if spoken else "not_reported")
        assert row["accepts_medicare"] == "not_asked"
        if late and "accepts_new_patients" in site.yes:
            assert row["accepts_new_patients"] == "yes"
        elif late:
            assert row["accepts_new_patients"] == "not_reported"
        else:
            assert row["accepts_new_patients"] == row["offers_telehealth"] == "not_asked"


@pytest.mark.parametrize("name", [name for name in RELEASES if name.startswith("national_directory@su")])
def test_directory_answers_are_the_sites_own_and_blanks_mean_what_their_category_says(built, name):
    table = built(name).facilities
    table = table[table["duplicate_of"].isna()].set_index("phone")
    asked = {rule["variable"] for rule in catalog.code_rules("samhsa") if rule["side"] == "su"} | set(served.ANSWERS)
    asked |= {"serves_women_only", "serves_men_only"}
    rules = [rule for rule in catalog.code_rules("samhsa") if rule["side"] == "su"]
    for site in SITES:
        row = table.loc[site.phone]
        codes = make_sample.codes(site, "su")
        spoken = "PAY" in codes.values()
        for variable in catalog.answer_variables():
            if variable not in asked:
                assert row[variable] == "not_asked"
            elif variable in HELP:
                exempt = site.has("veterans") and variable == "offers_sliding_fee"
                said = variable in site.yes and not site.has("no payer") and not exempt
                assert row[variable] == ("yes" if said else "not_asked" if exempt else "not_reported")
            elif variable in PAYERS and not site.has("free beside payers"):
                assert row[variable] == ("not_reported" if not spoken else "yes" if variable in site.yes else "no")
            elif variable not in PAYERS | {"is_free_for_all", "serves_substance_use"}:
                mine = {rule["code"] for rule in rules if rule["variable"] == variable}
                assert row[variable] == ("yes" if variable in site.yes or mine & set(codes) else "no"), variable


@pytest.mark.parametrize("name", RELEASES)
def test_a_missing_or_renamed_heading_stops_the_build_and_all_of_them_are_named(name, tmp_path):
    held = content(name)
    known = catalog.columns(catalog.release(name))
    heading, second = known.get("city") or known["address"], known["phone"]
    if "rows" in held:
        held["rows"] = [
            {key: value for key, value in row.items() if key not in (heading, second)} for row in held["rows"]
        ]
    else:
        first = next(iter(held.values()))[0]
        first[first.index(heading)], first[first.index(second)] = "Something else", "Another"
    with pytest.raises(DataError) as raised:
        read_content(name, held, tmp_path)
    for part in (catalog.release(name).file, repr(heading), repr(second), "columns"):
        assert part in str(raised.value)


@pytest.mark.parametrize("name", ["ladders@2023-05-16", "national_directory@su-2023"])
def test_a_new_column_and_another_order_of_columns_change_nothing(built, name, tmp_path):
    held = content(name)
    key = next(iter(held))
    held[key] = [["Extra" if place == 0 else "x", *row[::-1]] for place, row in enumerate(held[key])]
    pd.testing.assert_frame_equal(read_content(name, held, tmp_path).facilities, built(name).facilities)


def test_a_year_that_the_catalog_does_not_know_is_read_with_the_newest_known_columns(built, tmp_path):
    known = catalog.release("national_directory@su-2025")
    new = dataclasses.replace(known, key="su-2031", file="directory-2031.xlsx", sha256="", rows=None)
    path = make_sample.write(content(known.name), tmp_path / new.file)
    table = listing.read_release(new, path).facilities
    assert set(table["release"]) == {"su-2031"}
    pd.testing.assert_frame_equal(table.drop(columns="release"), built(known.name).facilities.drop(columns="release"))


def test_untrusted_names_stay_what_they_are(tmp_path):
    held = content("ladders@2023-05-16")
    names = ['=HYPERLINK("http://example.org","here")', "<script>alert(1)</script> (synthetic)", "+1, -2, @3"]
    for row, name in zip(held[""][1:], names, strict=False):
        row[held[""][0].index("AccountName")] = name
    table = read_content("ladders@2023-05-16", held, tmp_path).facilities
    assert table["name"].tolist()[:3] == names


# LADDERS


def test_ladders_reads_every_way_of_writing_an_address(built):
    table = built("ladders@2023-05-16").facilities.set_index("name")
    for site in [site for site in SITES if site.state == "CO" and not site.has("hidden")]:
        row = table.loc[site.name]
        assert (row["city"], row["state"], row["zip"]) == (site.city, "CO", site.zip)
        assert row["street"] == (f"{site.street}, {site.suite}" if site.suite else site.street)
        assert row["latitude"] == float(site.latitude)


@pytest.mark.parametrize("name", ["ladders@2022-07-01", "ladders@2022-07-22"])
def test_the_publishers_line_break_in_an_address_is_a_comma(built, name):
    table = built(name).facilities
    assert not table["street"].str.contains("_BR_ENCODED_", na=False).any()
    assert table.loc[~table["address_hidden"], "city"].notna().all()


def test_a_hidden_address_leaves_no_street_no_zip_and_no_point(built):
    for name in [name for name in RELEASES if name.startswith("ladders")]:
        table = built(name).facilities
        hidden = table[table["address_hidden"]]
        assert hidden["name"].tolist() == [site.name for site in SITES if site.state == "CO" and site.has("hidden")]
        assert hidden[["street", "city", "zip", "latitude", "longitude", "county_fips"]].isna().all(axis=None)


def test_an_address_that_cannot_be_read_is_withheld_and_said_apart(tmp_path):
    held = content("ladders@2023-05-16")
    held[""][1][held[""][0].index("AddressOneLine")] = "Behind the old mill"
    found = read_content("ladders@2023-05-16", held, tmp_path)
    assert bool(found.facilities["address_hidden"].iloc[0])
    assert any(note.rows == 1 and "not marked as hidden" in note.text for note in found.notes)


def test_ladders_hours_are_the_cells_with_their_traps(built):
    release = built("ladders@2023-05-16")
    hours = release.hours.merge(release.facilities[["facility_id", "name", "hours_status"]])
    for site in [site for site in SITES if site.state == "CO"]:
        mine = hours[hours["name"] == site.name].set_index("day")
        status = row_of(release, site.name)["hours_status"]
        assert (
            list(mine.index)
            and set(mine.index) == {day for day, cell in zip(make_sample.DAYS, site.week, strict=True) if cell}
            or not any(site.week)
        )
        for day, cell in zip(make_sample.DAYS, site.week, strict=True):
            if cell == "8:00AM - 5:00AM":
                assert pd.isna(mine.loc[day, "opens_minute"])
                assert mine.loc[day, "label"] == cell
                assert status == "partial"
            elif cell in ("12:00AM - 12:00AM", "8:00AM - 8:00AM"):
                assert (mine.loc[day, "opens_minute"], mine.loc[day, "closes_minute"]) == (0, 1440)
            elif cell == "5:00AM - 12:00AM":
                assert (mine.loc[day, "opens_minute"], mine.loc[day, "closes_minute"]) == (300, 1440)
            elif cell == "1:00PM - 8:30PM":
                assert (mine.loc[day, "opens_minute"], mine.loc[day, "closes_minute"]) == (780, 1230)
        if not any(site.week):
            assert status == "unknown"
        elif set(site.week) == {"12:00AM - 12:00AM"}:
            assert status == "always"


def test_the_information_date_is_the_day_the_entry_was_changed(built):
    table = built("ladders@2023-05-16").facilities.set_index("name")
    site = SITES[0]
    month, day, year = site.changed.split(" ")[0].split("/")
    assert table.loc[site.name, "information_date"] == f"{year}-{int(month):02d}-{int(day):02d}"
    assert pd.isna(table.loc[SITES[3].name, "information_date"])


def test_flags_of_the_full_export_that_differ_from_its_lists_are_noted_and_the_lists_used(tmp_path):
    held = content("ladders@2022-07-01")
    flag = held[""][0].index("Intensive Outpatient - SU Services")
    lists = held[""][0].index("Substance Use Services")
    for row in held[""][1:]:
        row[flag], row[lists] = "1", "Outpatient"
    found = read_content("ladders@2022-07-01", held, tmp_path)
    assert found.facilities["offers_iop"].eq("no").all()
    assert any("flags" in note.text and note.rows == len(found.facilities) for note in found.notes)


def test_iop_is_not_reported_only_when_both_lists_are_blank(tmp_path):
    held = content("ladders@2023-05-16")
    heads = held[""][0]
    use, mind = heads.index("SubstanceUseServices"), heads.index("MentalHealthSettings")
    cases = [
        ("Outpatient; Intensive Outpatient", "", "yes", "no"),
        ("", "Intensive Outpatient", "no", "yes"),
        ("Outpatient", "", "no", "no"),
        ("A service of which the catalog knows nothing", "", "no", "no"),
        ("", "", "not_reported", "not_reported"),
    ]
    for row, (use_list, mind_list, *_) in zip(held[""][1:], cases, strict=False):
        row[use], row[mind] = use_list, mind_list
    table = read_content("ladders@2023-05-16", held, tmp_path).facilities
    found = table[["offers_iop", "offers_iop_mental_health"]].values[: len(cases)].tolist()
    assert found == [[iop, mental] for *_, iop, mental in cases]


def test_a_fee_word_that_the_catalog_does_not_know_is_set_aside_and_could_mean_anything(tmp_path):
    held = content("ladders@2023-05-16")
    held[""][4][held[""][0].index("Fees")] = "Medicaid; Barter"
    found = read_content("ladders@2023-05-16", held, tmp_path)
    assert found.set_aside[["row", "column", "value"]].values.tolist() == [[5, "Fees", "Barter"]]
    said = found.facilities.iloc[3][["accepts_medicaid", "accepts_self_pay", "offers_sliding_fee"]]
    assert said.tolist() == ["yes", "not_reported", "not_reported"]


# National Directory


@pytest.mark.parametrize(
    ("code", "variable"),
    [
        ("OIT", "offers_iop"),
        ("ORT", "offers_regular_outpatient"),
        ("ODT", "offers_day_treatment"),
        ("OP", "offers_outpatient"),
        ("TELE", "offers_telehealth"),
        ("MD", "accepts_medicaid"),
        ("MC", "accepts_medicare"),
        ("PI", "accepts_private_insurance"),
        ("SI", "accepts_state_insurance"),
        ("MI", "accepts_military_insurance"),
        ("ITU", "accepts_tribal_funds"),
        ("FSA", "accepts_government_funds"),
        ("SAMF", "accepts_government_funds"),
        ("SF", "accepts_self_pay"),
        ("SS", "offers_sliding_fee"),
        ("PA", "offers_payment_assistance"),
        ("NP", "is_free_for_all"),
        ("AD", "serves_adolescents"),
    ],
)
def test_a_service_code_answers_one_question_and_no_other(code, variable, tmp_path):
    # SF is cash and SS the sliding fee; MD is Medicaid and MC Medicare: a mix-up would be silent.
    row = codes_to_row(tmp_path, f"{code} * FEM MALE")
    assert [name for name in catalog.answer_variables() if row[name] == "yes"] == [variable]


def test_a_row_without_any_payment_code_is_silent_about_every_payer(tmp_path):
    row = codes_to_row(tmp_path, "SA * OIT")
    assert {row[name] for name in PAYERS} == {"not_reported"}
    assert row["is_free_for_all"] == "not_reported"
    assert row["offers_iop"] == "yes"


def test_free_for_all_beside_a_payer_is_a_contradiction_and_not_reported(tmp_path):
    assert codes_to_row(tmp_path, "NP")["is_free_for_all"] == "yes"
    assert codes_to_row(tmp_path, "NP SF")["is_free_for_all"] == "not_reported"
    assert codes_to_row(tmp_path, "MD")["is_free_for_all"] == "no"


def test_a_veterans_site_is_not_asked_about_its_sliding_fee(tmp_path):
    row = codes_to_row(tmp_path, "SA * VAMC * SF")
    assert row["offers_sliding_fee"] == "not_asked"
    assert codes_to_row(tmp_path, "SA * PVTN * SF")["offers_sliding_fee"] == "not_reported"


@pytest.mark.parametrize(
    ("codes", "owner"),
    [
        ("PVTP", "private for-profit"),
        ("PVTN", "private non-profit"),
        ("LCCG", "local government"),
        ("STG", "state government"),
        ("TBG", "tribal"),
        ("FED VAMC", "federal government"),
        ("PVTP PVTN", "several"),
        ("SA", "not reported"),
    ],
)
def test_two_kinds_of_ownership_are_several_and_none_is_not_reported(codes, owner, tmp_path):
    assert codes_to_row(tmp_path, codes)["ownership_type"] == owner


def test_a_street_of_dashes_is_a_withheld_address(built):
    table = built("national_directory@su-2023").facilities
    hidden = table[table["address_hidden"]]
    assert hidden["name"].tolist() == [site.name for site in SITES if site.has("hidden")]
    assert hidden["street"].isna().all()


def test_mental_health_files_do_not_ask_about_iop(built):
    table = built("national_directory@mh-2023").facilities
    assert set(table["offers_iop"]) == set(table["offers_iop_mental_health"]) == {"not_asked"}
    assert set(table["serves_mental_health"]) == {"yes"}


def test_the_directory_has_no_hours_so_every_week_is_not_asked(built):
    for name in [name for name in RELEASES if not name.startswith("ladders")]:
        assert set(built(name).facilities["hours_status"]) == {"not_asked"}
        assert built(name).hours.empty


def test_a_code_that_nothing_explains_is_set_aside_and_the_row_stays(tmp_path):
    row = codes_to_row(tmp_path, "SA OIT * ZZZ")
    assert row["offers_iop"] == "yes"


# FindTreatment.gov


def test_rows_that_the_publisher_filled_by_template_are_not_answers(built):
    release = built("findtreatment@tx-2023")
    filled = release.facilities["facility_type"].isin(["BUPREN", "OTP"])
    of_codes = {rule["variable"] for rule in catalog.code_rules("samhsa")}
    answers = release.facilities.loc[filled, [name for name in catalog.answer_variables() if name in of_codes]]
    assert set(answers.to_numpy().ravel()) <= {"not_reported", "not_asked"}
    assert set(answers["offers_iop"]) == set(answers["accepts_medicaid"]) == {"not_reported"}
    assert any(note.rows == filled.sum() and "filled by the publisher" in note.text for note in release.notes)
    assert release.facilities.loc[~filled, "offers_iop"].eq("yes").any()


def test_rows_of_a_type_that_differ_are_answers_whatever_they_carry(tmp_path):
    held = content("findtreatment@tx-2023")
    rows = held[make_sample.LAYOUTS["findtreatment"]["sheets"][0]]
    prescribers = [row for row in rows if row[rows[0].index("type_facility")] == "BUPREN"]
    prescribers[0][rows[0].index("md")] = ""
    table = read_content("findtreatment@tx-2023", held, tmp_path).facilities
    assert table.loc[table["facility_type"] == "BUPREN", "offers_iop"].eq("yes").all()
    assert table.loc[table["facility_type"] == "OTP", "offers_iop"].eq("not_reported").all()


def test_locator_answers_are_the_sites_own_and_mental_health_rows_are_not_asked_about_iop(built):
    for name in ("findtreatment@tx-2023", "findtreatment@va-2019"):
        release = built(name)
        for site in SITES:
            kind = "SA" if name.endswith("2019") else "SU"
            if site.has("both sides"):
                row = row_of(release, site.name, "MH")
                assert row["offers_iop"] == "not_asked"
                if name.endswith("2019"):
                    continue
            row = row_of(release, site.name, kind)
            assert row["offers_iop"] == ("yes" if "offers_iop" in site.yes else "no")
            assert row["offers_transport"] == ("yes" if "offers_transport" in site.yes else "no")


def test_the_two_entries_of_one_site_are_a_pair_and_an_exact_copy_a_repeat(built):
    table = built("findtreatment@tx-2023").facilities
    repeats = table[table["duplicate_of"].notna()]
    assert len(repeats) == 1
    assert repeats["name"].item() == SITES[0].name
    pair = table[table["name"] == SITES[1].name]
    assert pair["facility_type"].tolist() == ["SU", "MH"]
    assert len(set(pair["site_id"])) == 1


def test_a_zip_with_four_more_digits_is_cut_to_five(built):
    table = built("findtreatment@tx-2023").facilities
    site = next(site for site in SITES if site.has("long zip"))
    assert set(table.loc[table["name"] == site.name, "zip"]) == {site.zip}


def test_a_missing_county_is_found_from_the_point(built):
    table = built("findtreatment@tx-2023").facilities
    site = next(site for site in SITES if site.has("no county"))
    rows = table[table["name"] == site.name]
    assert set(rows["place_quality"]) == {"address"}
    assert rows["county_fips"].notna().all()
    assert table["place_quality"].isin(["publisher", "address"]).all()


def test_a_label_that_the_catalog_does_not_map_is_listed_and_answers_nothing(built):
    notes = built("findtreatment@va-2019").notes
    assert any("SMP A label that no catalog knows" in note.text for note in notes)


def test_api_rows_keep_the_publishers_identifier(built):
    ids = built("findtreatment@va-2019").facilities["facility_id"]
    assert ids.tolist() == [f"{site.number:064x}" for site in SITES]


def test_a_code_column_that_holds_another_mark_is_set_aside_with_row_and_column(tmp_path):
    held = content("findtreatment@tx-2023")
    rows = held[make_sample.LAYOUTS["findtreatment"]["sheets"][0]]
    rows[3][rows[0].index("oit")] = "2"
    found = read_content("findtreatment@tx-2023", held, tmp_path)
    assert found.set_aside[["row", "column", "value"]].values.tolist() == [[4, "oit", "2"]]


# What every source gives


def test_a_note_about_no_row_is_not_written():
    assert sources.notes((0, "nothing"), (2, "two")) == (sources.Note(2, "two"),)


def test_texts_are_joined_without_the_empty_ones():
    parts = [pd.Series(["a", "", None, " b "]), pd.Series(["x", "y", "", None])]
    joined = sources.join_text(parts, " - ")
    assert [None if pd.isna(text) else text for text in joined] == ["a - x", "y", None, "b"]


def test_a_file_with_headings_and_no_rows_is_an_error(tmp_path):
    held = content("ladders@2023-05-16")
    held[""] = held[""][:1]
    with pytest.raises(DataError, match=r"ladders_2023-05-16\.csv: .*no rows"):
        read_content("ladders@2023-05-16", held, tmp_path)


def test_the_sample_release_points_at_the_file_in_the_repository():
    for release in catalog.releases().values():
        if release.synthetic:
            assert raw.raw_path(release).is_file()
            assert release.file.startswith("SYNTHETIC_")
