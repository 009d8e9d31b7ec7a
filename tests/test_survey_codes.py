"""The facility surveys are read as their publishers mean them, whatever the year's format."""

import dataclasses
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from respondents import NEWEST, UNIVERSES, clean, headings, published, real, release_of, rows_of, write

from iop_analysis import catalog, sources
from iop_analysis.criteria import disclosure
from iop_analysis.errors import CallError, DataError
from iop_analysis.raw import surveys
from iop_analysis.releases import respondents as gate
from iop_analysis.sources import _survey_codes, nssats, nsumhss

SURVEYS = surveys.SURVEYS
IN_FOLDER = [one for one in catalog.releases().values() if one.source in SURVEYS and one.sha256 and not one.synthetic]


# What the codes mean


def test_a_question_skipped_because_its_parent_says_no_is_no():
    table = clean("nssats", rows_of("nssats", 2, outpatient=["0", "1"], iop=["", ""]))
    assert table["offers_iop"].tolist() == ["no", "not_reported"]


def test_a_question_skipped_under_an_unanswered_parent_is_not_reported():
    table = clean("nsumhss", rows_of("nsumhss", 1, sliding_fee=["M"], agrees_sliding_fee=["L"]))
    assert table[catalog.AGREES].tolist() == ["not_reported", "not_reported"]


def test_who_has_no_sliding_fee_does_not_agree_to_list_one():
    rows = rows_of("nsumhss", 3, sliding_fee=["0", "1", "1"], agrees_sliding_fee=["L", "1", "0"])
    assert clean("nsumhss", rows)[catalog.AGREES].tolist() == ["no", "yes", "no"] * 2


@pytest.mark.parametrize(
    "word", ["", "M", ".M", "D", "na", "NaN", "Don't know", "Missing", "-1", "-3", "Multiple responses"]
)
def test_a_missing_answer_is_not_reported_and_never_no(word):
    table = clean("nssats", rows_of("nssats", 1, medicaid=[word]))
    assert table["accepts_medicaid"].tolist() == ["not_reported"]


@pytest.mark.parametrize("words", [("1", "0"), ("1.0", "0.0"), ("Yes", "No"), ("(1) Yes", "(0) No"), (" yes ", " NO ")])
def test_numbers_and_labels_say_the_same(words):
    table = clean("nssats", rows_of("nssats", 2, sliding_fee=list(words)))
    assert table["offers_sliding_fee"].tolist() == ["yes", "no"]


def test_a_code_that_no_codebook_word_explains_is_unanswered_and_set_aside():
    rows = rows_of("nssats", 2, medicaid=["1", "7"])
    assert clean("nssats", rows)["accepts_medicaid"].tolist() == ["yes", "not_reported"]
    told = nssats.clean(rows, release_of("nssats")).aside
    assert told == (sources.Aside(1, "medicaid", "7", "no_known_answer"),)


@pytest.mark.parametrize("word", ["Refused", "Not applicable", "LOGICAL SKIP", "Blank", "Unknown", "-97"])
def test_a_label_of_no_answer_is_not_reported_and_no_fault(word):
    rows = rows_of("nssats", 1, medicaid=[word])
    assert clean("nssats", rows)["accepts_medicaid"].tolist() == ["not_reported"]
    assert nssats.clean(rows, release_of("nssats")).aside == ()


@pytest.mark.parametrize(("source", "mark"), [("nssats", "federal_owner"), ("nmhss", "facility_type")])
def test_a_veterans_affairs_site_without_an_answer_on_the_sliding_fee_was_not_asked(source, mark):
    affairs = {"nssats": "1", "nmhss": "6"}[source]
    rows = rows_of(source, 3, sliding_fee=["", "1", ""], **{mark: [affairs, affairs, "3"]})
    assert clean(source, rows)["offers_sliding_fee"].tolist() == ["not_asked", "yes", "not_reported"]


def test_several_questions_behind_one_answer_are_no_only_when_all_say_no():
    rows = rows_of("nsumhss", 4, telehealth_opioid_su=["1", "0", "0", "M"], telehealth_other_su=["M", "0", "M", "M"])
    table = clean("nsumhss", rows)
    mine = table[table["in_substance_use_universe"]]
    assert mine["offers_telehealth"].tolist() == ["yes", "no", "not_reported", "not_reported"]


def test_owners_are_told_in_the_catalogs_words_from_codes_and_labels():
    codes = clean("nssats", rows_of("nssats", 4, owner=["1", "2", "5", ""]))
    labels = clean("nssats", rows_of("nssats", 1, owner=["Local, county, or community govt"]))
    assert codes["ownership_type"].tolist() == ["private for-profit", "private non-profit", "tribal", "not reported"]
    assert labels["ownership_type"].tolist() == ["local government"]


def test_public_owners_of_the_mental_health_survey_are_told_by_their_agency():
    rows = rows_of("nmhss", 4, owner=["3", "3", "3", "2"], public_agency=["1", "3", "6", "-2"])
    told = ["state government", "local government", "federal government", "private non-profit"]
    assert clean("nmhss", rows)["ownership_type"].tolist() == told


@pytest.mark.parametrize(
    ("written", "state"),
    [("NJ", "NJ"), ("NJ    ", "NJ"), ("34", "NJ"), ("8.0", "CO"), ("08", "CO"), ("New Jersey", "NJ"), ("nj", "NJ")],
)
def test_a_state_is_read_from_its_postal_code_number_or_name(written, state):
    assert clean("nssats", rows_of("nssats", 1, state=[written]))["state"].tolist() == [state]


def test_small_jurisdictions_stay_pooled_and_territories_keep_their_code():
    rows = rows_of("nssats", 4, state=["ZZ", "99", "GU", "66"])
    assert clean("nssats", rows)["state"].tolist() == ["ZZ", "ZZ", "GU", "GU"]


def test_a_state_that_is_none_is_missing_and_set_aside():
    rows = rows_of("nssats", 2, state=["NJ", "QQ"])
    assert clean("nssats", rows)["state"].tolist() == ["NJ", ""]
    assert nssats.clean(rows, release_of("nssats")).aside == (sources.Aside(1, "state", "QQ", "no_state"),)


# Universes


def test_each_side_of_the_joint_survey_keeps_its_own_answers():
    rows = rows_of("nsumhss", 1, medicaid_su=["1"], medicaid_mh=["0"], outpatient_su=["1"], iop_su=["1"])
    table = clean("nsumhss", rows)
    assert table["in_substance_use_universe"].tolist() == [True, False]
    assert table["in_mental_health_universe"].tolist() == [False, True]
    assert table["accepts_medicaid"].tolist() == ["yes", "no"]
    assert table["offers_iop"].tolist() == ["yes", "not_asked"]


def test_rows_of_the_frame_outside_both_universes_are_set_aside_and_counted():
    rows = rows_of("nsumhss", 3, universe_su=["1", "3", "M"], universe_mh=["M", "M", "1"])
    cleaned = nsumhss.clean(rows, release_of("nsumhss"))
    assert cleaned.facilities["facility_type"].tolist() == ["substance use", "mental health"]
    assert [note.rows for note in cleaned.notes if "neither" in note.text] == [1]


def test_a_file_without_the_publishers_mark_counts_who_says_to_treat_and_says_so():
    rows = rows_of(
        "nsumhss", 4, treatment_su=["1", "0", "0", "1"], detoxification=["0", "1", "0", "0"], frame_su=list("1110")
    ).drop(columns=["universe_su"])
    cleaned = nsumhss.clean(rows, release_of("nsumhss", "2021"))
    assert int(cleaned.facilities["in_substance_use_universe"].sum()) == 2
    assert any("does not mark the report universe" in note.text for note in cleaned.notes)


@pytest.mark.parametrize(("source", "mine"), [("nssats", "su"), ("nmhss", "mh")])
def test_every_row_of_the_older_surveys_is_in_its_one_universe(source, mine):
    table = clean(source, rows_of(source, 3))
    for side, name in UNIVERSES.items():
        assert table[name].all() == (side == mine)


def test_the_mental_health_survey_is_not_asked_about_iop():
    assert "offers_iop" not in clean("nmhss", rows_of("nmhss", 1))


@pytest.mark.parametrize("source", SURVEYS)
def test_respondents_have_no_name_and_no_place_below_the_state(source):
    table = clean(source, rows_of(source, 1))
    assert not {"facility_id", "name", "street", "city", "zip", "county_fips", "latitude", "phone"} & set(table)
    assert catalog.source(source).finest_place == "state"
    assert not catalog.source(source).linkable


def test_the_survey_year_is_the_catalogs_or_that_of_the_releases_name():
    assert _survey_codes.survey_year(catalog.release("nsumhss@2024")) == 2024
    assert _survey_codes.survey_year(catalog.Release("nssats", "2018")) == 2018
    with pytest.raises(CallError, match="name the release by its survey year"):
        _survey_codes.survey_year(catalog.Release("nssats", "mine"))


# Files


@pytest.mark.parametrize("name", ["survey.csv", "survey.tsv", "survey.RData", "survey.rda", "survey.zip"])
@pytest.mark.parametrize("source", SURVEYS)
def test_every_format_of_a_survey_gives_the_same_rows(source, name, tmp_path):
    rows = rows_of(source, 3, medicaid=["1", "0", ""]) if source != "nsumhss" else rows_of(source, 3)
    rows = rows[list(headings(source))]
    path = write(published(source, rows).assign(OTHER="x"), tmp_path / name)
    read = surveys.read(path, release_of(source))
    pd.testing.assert_frame_equal(read, rows)


def test_numbers_in_an_r_file_become_codes_and_its_gaps_blanks(tmp_path):
    rows = published("nssats", rows_of("nssats", 3)).assign(REVCHK5=[1.0, np.nan, 0.0])
    path = write(rows, tmp_path / "survey.RData")
    assert surveys.read(path, release_of("nssats"))["medicaid"].tolist() == ["1", "", "0"]


@pytest.mark.parametrize("source", SURVEYS)
def test_headings_count_whatever_their_case(source, tmp_path):
    table = published(source, rows_of(source, 1))
    path = write(table.rename(columns=str.lower), tmp_path / "survey.csv")
    assert len(surveys.read(path, release_of(source)).columns) == len(headings(source))


def test_an_unknown_year_may_hold_its_state_under_any_heading_of_the_surveys(tmp_path):
    rows = published("nssats", rows_of("nssats", 1, state_fips=["34"])).drop(columns="STATE")
    for heading in ("STFIPS", "LST", "LOCATIONSTATE", "stfips"):
        path = write(rows.rename(columns={"STFIPS": heading}), tmp_path / f"{heading}.csv")
        read = surveys.read(path, release_of("nssats", "2020"))
        assert clean("nssats", read, "2020")["state"].tolist() == ["NJ"], heading


def test_an_unknown_year_that_lacks_a_question_did_not_ask_it_and_says_so(tmp_path):
    rows = published("nssats", rows_of("nssats", 2)).drop(columns=["REVCHK17", "SRVC59"])
    path = write(rows, tmp_path / "survey.csv")
    release = release_of("nssats", "2012")
    cleaned = sources.module("nssats").clean(surveys.read(path, release), release)
    assert not {"accepts_tribal_funds", "offers_transport"} & set(cleaned.facilities)
    assert any(note.text.endswith("does not ask: tribal funds, transport") for note in cleaned.notes)


def test_an_unknown_year_that_lacks_what_makes_the_survey_is_refused_with_all_that_is_missing(tmp_path):
    rows = published("nssats", rows_of("nssats", 1)).drop(columns=["CTYPE2", "FEESCALE"])
    path = write(rows, tmp_path / "survey.csv")
    with pytest.raises(DataError, match="columns CTYPE2, FEESCALE of nssats@2012 are missing"):
        surveys.read(path, release_of("nssats", "2012"))


def test_a_known_year_must_have_every_known_heading(tmp_path):
    path = write(published("nssats", rows_of("nssats", 1)).drop(columns="SRVC59"), tmp_path / "survey.csv")
    with pytest.raises(DataError, match=r"column SRVC59 of nssats@2019 is missing"):
        surveys.read(path, release_of("nssats", "2019"))


def test_a_row_of_another_length_is_refused_with_its_number(tmp_path):
    path = write(published("nmhss", rows_of("nmhss", 3)), tmp_path / "survey.csv")
    lines = path.read_text().splitlines()
    for name, changed in {"short": lines[2][:-2], "long": lines[2] + ",1"}.items():
        other = tmp_path / f"{name}.csv"
        other.write_text("\n".join([*lines[:2], changed, *lines[3:]]) + "\n")
        with pytest.raises(DataError, match=rf"{name}.csv: row 3 has \d+ fields where the heading has \d+"):
            surveys.read(other, release_of("nmhss"))


def test_a_comma_inside_quotes_ends_no_field(tmp_path):
    path = write(published("nmhss", rows_of("nmhss", 2)).assign(NOTE="a, b"), tmp_path / "survey.csv")
    assert len(surveys.read(path, release_of("nmhss"))) == 2


def damaged(folder: Path) -> dict[str, Path]:
    whole = write(published("nssats", rows_of("nssats", 5)), folder / "whole.zip").read_bytes()
    files = {"cut.zip": whole[: len(whole) // 2], "page.RData": b"<html>not here</html>", "page.csv": b"<html></html>"}
    files |= {"empty.csv": b"", "sheet.xlsx": b"PK"}
    text = write(published("nssats", rows_of("nssats", 2)), folder / "whole.csv").read_bytes()
    # A byte of no text, an open quote, and the mark of a locked zip in both of its headers.
    files |= {"bytes.csv": text.replace(b"NJ", b"\x81J"), "quote.csv": text + b'"NJ'}
    locked = bytearray(whole)
    locked[6] |= 1
    locked[whole.index(b"PK\x01\x02") + 8] |= 1
    files["locked.zip"] = bytes(locked)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    with zipfile.ZipFile(folder / "two.zip", "w") as archive:
        for name in ("a.csv", "b.csv"):
            archive.writestr(name, "STATE\nNJ\n")
    return {name: folder / name for name in (*files, "two.zip")}


@pytest.mark.parametrize(
    "name",
    ["cut.zip", "page.RData", "page.csv", "empty.csv", "sheet.xlsx", "two.zip", "bytes.csv", "quote.csv", "locked.zip"],
)
def test_a_damaged_or_mistaken_file_ends_in_one_sentence_that_names_it(name, tmp_path):
    with pytest.raises(DataError, match=rf"^{name}: ") as caught:
        surveys.read(damaged(tmp_path)[name], release_of("nssats"))
    assert "\n" not in str(caught.value)


def test_an_r_file_inside_a_zip_is_read(tmp_path):
    inner = write(published("nssats", rows_of("nssats", 2)), tmp_path / "PUF.RData")
    with zipfile.ZipFile(tmp_path / "bundle.zip", "w") as archive:
        archive.write(inner, "PUF.RData")
        archive.writestr("readme.pdf", "about")
    assert len(surveys.read(tmp_path / "bundle.zip", release_of("nssats"))) == 2


@pytest.mark.parametrize("ending", ["dta", "sav", "xpt", "csv.gz"])
def test_a_file_of_a_statistics_program_gives_the_same_rows(ending, tmp_path):
    rows = rows_of("nssats", 3, medicaid=["1", "0", ""])[list(headings("nssats"))]
    table = published("nssats", rows)
    path = tmp_path / f"survey.{ending}"
    numbers = table.assign(**{name: pd.to_numeric(table[name]) for name in table if name != "STATE"})
    numbers["STATE"] = numbers["STATE"].astype(object)
    writers = {"dta": pyreadstat.write_dta, "sav": pyreadstat.write_sav, "xpt": pyreadstat.write_xport}
    if ending in writers:
        writers[ending](numbers, str(path))
    else:
        table.to_csv(path, index=False)
    pd.testing.assert_frame_equal(surveys.read(path, release_of("nssats")), rows)


def test_a_damaged_file_of_a_statistics_program_ends_in_one_sentence(tmp_path):
    for ending in ("dta", "sav", "sas7bdat"):
        path = tmp_path / f"survey.{ending}"
        path.write_bytes(b"nothing of the kind" * 20)
        with pytest.raises(DataError, match=f"survey.{ending}: cannot be read"):
            surveys.read(path, release_of("nssats"))


@pytest.mark.parametrize("heading", ["YEAR", "Survey_Year", "survyear"])
def test_a_file_of_several_years_is_refused_and_the_column_is_named(heading, tmp_path):
    rows = rows_of("nssats", 2)
    table = published("nssats", rows).assign(**{heading: ["2018", "2019"]})
    with pytest.raises(DataError, match=f"column '{heading}' holds 2 survey years"):
        surveys.read(write(table, tmp_path / "merged.csv"), release_of("nssats"))
    other = dataclasses.replace(release_of("nssats"), survey_year=2019)
    with pytest.raises(DataError, match=f"column '{heading}' says 2018"):
        surveys.read(write(table.assign(**{heading: "2018"}), tmp_path / "other.csv"), other)
    assert len(surveys.read(write(table.assign(**{heading: "2019"}), tmp_path / "good.csv"), other)) == 2


@pytest.mark.parametrize("year", ["2010", "2012"])
def test_the_early_mental_health_surveys_do_not_ask_who_owns_a_facility(year, tmp_path):
    known = headings("nmhss", year)
    table = pd.DataFrame({heading: ["NJ" if name == "state" else "1"] for name, heading in known.items()})
    path = write(table.assign(OWNERSHIP="1"), tmp_path / f"{year}.csv")
    release = catalog.Release("nmhss", year, file=path.name, survey_year=int(year))
    found = gate.read_release(release, path).respondents
    assert found["ownership_type"].tolist() == ["not asked"]
    assert found[["accepts_medicaid", "offers_sliding_fee"]].iloc[0].tolist() == ["yes", "yes"]
    assert found["serves_trauma"].tolist() == ["not_asked"]


def test_what_a_survey_sets_aside_stands_beside_the_release_with_row_and_heading(tmp_path):
    rows = rows_of("nssats", 3, medicaid=["1", "perhaps", "0"])
    path = write(published("nssats", rows), tmp_path / "survey.csv")
    release = dataclasses.replace(release_of("nssats"), file="survey.csv", survey_year=2019)
    found = gate.read_release(release, path)
    assert found.set_aside[["row", "column", "value"]].values.tolist() == [[3, "REVCHK5", "perhaps"]]
    assert any("set aside" in note.text for note in found.notes)


# The catalog of the surveys


@pytest.mark.parametrize("source", SURVEYS)
def test_every_item_of_a_surveys_rules_has_a_heading_and_the_reverse(source):
    items = {row["name"] for row in catalog.read_rows(f"columns/{source}.csv")}
    rules = catalog.code_rules(source)
    ruled = {rule["code"].partition(":")[0] for rule in rules}
    assert ruled <= items
    module = {"state", "state_fips", "universe_su", "universe_mh", "frame_su", "frame_mh", "detoxification", "detox"}
    assert items - ruled <= module
    assert {rule["parent"] for rule in rules if rule["parent"]} <= items
    assert set(catalog.source(source).needed) <= items


@pytest.mark.parametrize("source", SURVEYS)
def test_every_rule_of_a_survey_answers_a_canonical_variable(source):
    for rule in catalog.code_rules(source):
        if rule["side"]:
            parent = rule["code"] in {other["parent"] for other in catalog.code_rules(source)}
            assert rule["variable"] in [*catalog.answer_variables(), catalog.AGREES] or (
                parent and not rule["variable"]
            )
            assert (rule["blank"], rule["silent"]) == ("no", "not_reported")
            assert rule["exempt"] in ("", f"va:{rule['parent'] or rule['code']}")
    assert all(catalog.can_say_no(source, name) for name in catalog.answer_variables())


def test_a_response_rate_that_is_stated_twice_is_the_same():
    stated = {
        (row["source"], row["survey_year"]): float(row["response_rate"])
        for row in catalog.read_rows("response_rates.csv")
    }
    for source in SURVEYS:
        for release in catalog.source(source).releases:
            assert release.response_rate == stated.get((source, str(release.survey_year)))


@pytest.mark.parametrize("source", SURVEYS)
def test_the_newest_layout_is_the_last_column(source):
    assert list(catalog.read_rows(f"columns/{source}.csv")[0])[-1] == NEWEST[source]


# What may be asked of respondents


def test_a_survey_is_not_asked_by_county():
    with pytest.raises(CallError, match="state and nothing finer"):
        disclosure.check("nsumhss", "sliding_fee", "iop", by="county")


def test_a_survey_is_not_asked_for_hours():
    with pytest.raises(CallError, match="does not ask for opening hours"):
        disclosure.check("nsumhss", "evening", "iop")


def test_a_survey_crosses_no_more_than_two_attributes_by_state():
    disclosure.check("nsumhss", "sliding_fee", "iop", by="state")
    disclosure.check("nsumhss", "sliding_fee & medicaid & medicare", "iop")
    for call in ({"by": "state"}, {"state": "NJ"}):
        with pytest.raises(CallError, match="at most 2 attributes are crossed, and this question crosses 3"):
            disclosure.check("nsumhss", "sliding_fee & medicaid", "iop", **call)


def test_a_list_of_facilities_may_be_asked_anything():
    disclosure.check("ladders", "evening & medicaid & sliding_fee", "iop", by="county", state="CO")


# The publishers' files


@pytest.fixture(scope="module")
def tables(real_data) -> dict[str, pd.DataFrame]:
    return {one.name: real(one, real_data) for one in IN_FOLDER}


def yes(table: pd.DataFrame, *names: str) -> int:
    return int(table[list(names)].eq("yes").all(axis=1).sum())


@pytest.mark.real
@pytest.mark.parametrize("release", IN_FOLDER, ids=lambda one: one.name)
def test_a_published_survey_has_the_rows_that_the_catalog_states(release, real_data):
    rows = surveys.read(real_data / release.source / release.file, release)
    assert len(rows) == release.rows


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "count", "iop", "three"),
    [
        ("nssats@2010", 13339, 5990, 2688),
        ("nssats@2015", 13873, 6261, 3050),
        ("nssats@2017", 13585, 6241, 3054),
        ("nssats@2019", 15961, 7325, 3667),
    ],
)
def test_nssats_counts_its_iops_and_those_with_medicaid_and_a_sliding_fee(name, count, iop, three, tables):
    table = tables[name]
    found = len(table), yes(table, "offers_iop"), yes(table, "offers_iop", "accepts_medicaid", "offers_sliding_fee")
    assert found == (count, iop, three)


@pytest.mark.real
def test_nsumhss_2024_counts_its_universes_and_what_iops_offer(tables):
    table = tables["nsumhss@2024"]
    assert int(table["in_substance_use_universe"].sum()) == 15953
    assert int(table["in_mental_health_universe"].sum()) == 14091
    expected = {
        "offers_iop": 6863,
        "offers_sliding_fee": 4454,
        catalog.AGREES: 2742,
        "offers_payment_assistance": 3265,
        "accepts_medicaid": 5277,
        "accepts_medicare": 3125,
        "accepts_private_insurance": 5653,
    }
    assert {name: yes(table, "offers_iop", name) for name in expected} == expected
    assert yes(table[table["state"] == "NJ"], "offers_iop") == 268


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "count", "sliding", "medicaid", "medicare", "jersey"),
    [("nmhss@2015", 12826, 6938, 11236, 8770, 335), ("nmhss@2019", 12472, 6912, 10935, 8426, 313)],
)
def test_nmhss_counts_its_payers(name, count, sliding, medicaid, medicare, jersey, tables):
    table = tables[name]
    assert len(table) == count
    found = [yes(table, one) for one in ("offers_sliding_fee", "accepts_medicaid", "accepts_medicare")]
    assert found == [sliding, medicaid, medicare]
    assert int(table["state"].eq("NJ").sum()) == jersey


@pytest.mark.real
@pytest.mark.parametrize("release", IN_FOLDER, ids=lambda one: one.name)
def test_a_published_survey_reads_the_same_where_its_year_is_not_known(release, real_data):
    path = real_data / release.source / release.file
    assert surveys.read(path, catalog.Release(release.source, "1999")).equals(surveys.read(path, release))


@pytest.mark.real
def test_without_the_publishers_mark_2024_counts_at_most_1_3_percent_more(real_data):
    release = catalog.release("nsumhss@2024")
    rows = nsumhss.read(real_data / "nsumhss" / release.file, release)
    for side, marked, guessed in (("su", 15953, 16145), ("mh", 14091, 14268)):
        assert int(nsumhss.universe(rows, release, side).sum()) == marked
        assert int(nsumhss.universe(rows.drop(columns=f"universe_{side}"), release, side).sum()) == guessed


@pytest.mark.real
def test_only_the_needed_columns_of_the_wide_file_are_kept(real_data):
    release = catalog.release("nsumhss@2024")
    rows = nsumhss.read(real_data / "nsumhss" / release.file, release)
    assert set(rows) == {row["name"] for row in catalog.read_rows("columns/nsumhss.csv") if row["2024"]}
