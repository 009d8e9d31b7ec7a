"""Links by website, one row to one program, and links that a person checked; every name is invented (SYNTHETIC)."""

import pandas as pd
import pytest
from click.testing import CliRunner

from iop_analysis.cli import main
from iop_analysis.errors import DataError
from iop_analysis.linking import linked, reviewing
from iop_analysis.linking.addresses import street_key
from iop_analysis.linking.websites import own_host, page_of

COLUMNS = ["name", "street", "city", "state", "zip", "phone", "website"]


def rows(*values, source="national_directory", **more):
    table = pd.DataFrame(values, columns=COLUMNS[: len(values[0])]).reindex(columns=COLUMNS, fill_value="")
    return table.assign(facility_id=[f"{source[0]}{place}" for place in range(len(table))], source=source, **more)


def pairs(links):
    return dict(zip(links["facility_id"], links["other_id"], strict=True))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1841 & 1843 1/2 West Elm Highway", "1841 W Elm Hwy"),
        ("16, 18 and 20 Elm Avenue", "16 Elm Ave"),
        ("2116-2118 South Oak Avenue", "2116 S Oak Ave"),
        ("3137-39 East 7th Street", "3137 E 7th St"),
        ("44 North 10th Street, West, Suite A", "44 N 10th St W"),
        ("12, 1st Avenue", "12 1st Ave"),
    ],
)
def test_several_numbers_of_one_building_are_the_first(one, other):
    assert street_key(one) == street_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("37-11 30th Street", "37-15 30th Street"),
        ("94-144 Elm Highway", "94-150 Elm Highway"),
        ("28 3/4 Road", "28 Road"),
    ],
)
def test_a_number_that_is_written_with_a_dash_stays_whole(one, other):
    assert street_key(one) != street_key(other)


def test_a_website_is_its_host_and_page_however_it_is_written():
    assert own_host("HTTPS://WWW.Cedar.example/x?y") == own_host("cedar.example") == "cedar.example"
    assert (
        page_of("https://www.cedar.example/denver/#hours") == page_of("cedar.example/Denver") == "cedar.example/denver"
    )
    assert [own_host(text) for text in ("", "https://", "none", "https://facebook.com/cedar")] == [""] * 4


WEB = "https://cedar.example"


@pytest.mark.parametrize(
    ("theirs", "is_same"),
    [
        (("Cedar Recovery IOP", "", "", "CO", "", "", f"{WEB}/programs"), True),
        (("Cedar Recovery IOP", "", "Denver", "CO", "80218", "", WEB), True),
        (("Cedar Recovery IOP", "", "Aurora", "CO", "", "", WEB), False),
        (("Cedar Recovery IOP", "", "", "NJ", "", "", WEB), False),
        (("Cedar Recovery IOP", "9 Oak St", "Denver", "CO", "80218", "", WEB), False),
        (("Cedar Recovery IOP", "", "", "CO", "", "", "https://birch.example"), False),
        (("Unlike", "", "", "CO", "", "303-555-0101", WEB), True),
        (("Unlike", "", "", "CO", "", "", WEB), False),
    ],
)
def test_a_host_of_its_own_stands_for_an_address_that_is_not_given(theirs, is_same):
    mine = rows(("Cedar Recovery", "1 Elm St", "Denver", "CO", "80218", "303-555-0101", WEB))
    assert len(linked(mine, rows(theirs, source="table"))) == int(is_same)


def test_a_host_that_several_programs_share_links_only_by_page_or_number():
    mine = rows(
        ("Cedar Denver", "1 Elm St", "Denver", "CO", "80218", "303-555-0101", f"{WEB}/denver"),
        ("Cedar Aurora", "2 Oak St", "Aurora", "CO", "80010", "303-555-0102", f"{WEB}/aurora"),
    )
    chain = rows(("Cedar", "", "", "CO", "", "", WEB), source="table")
    page = rows(("Cedar", "", "", "CO", "", "", f"{WEB}/aurora/"), source="table")
    number = rows(("Cedar", "", "", "CO", "", "1 (303) 555-0101", WEB), source="table")
    assert pairs(linked(mine, chain)) == {}
    assert pairs(linked(mine, page)) == {"n1": "t0"}
    assert pairs(linked(mine, number)) == {"n0": "t0"}


def test_one_row_of_the_other_source_goes_to_one_program_and_a_repeat_has_its_entrys_link():
    place = ("1 Elm St", "Denver", "CO", "80218", "303-555-0101")
    mine = rows(("Cedar Recovery", *place), ("Cedar Recovery House", *place), ("Cedar Recovery", *place))
    mine["duplicate_of"] = [None, None, "n0"]
    links = linked(mine, rows(("Cedar Recovery", *place), source="table"))
    assert pairs(links) == {"n0": "t0", "n2": "t0"}


def test_of_rows_that_are_equally_alike_the_one_with_hours_is_taken_whatever_their_order():
    place = ("Cedar Recovery", "1 Elm St", "Denver", "CO", "80218", "303-555-0101")
    theirs = rows(place, place, source="table", hours_status=["unknown", "known"])
    for one in (theirs, theirs[::-1]):
        assert pairs(linked(rows(place), one)) == {"n0": "t1"}


@pytest.mark.parametrize("hidden", [0, 1])
def test_a_withheld_address_is_linked_neither_by_its_website_nor_by_a_persons_word(hidden):
    tables = [rows(("Cedar", "", "", "CO", "", "303-555-0101", WEB), source=name) for name in ("national", "table")]
    assert len(linked(*tables)) == 1
    tables[hidden]["address_hidden"] = True
    assert len(linked(*tables)) == 0
    said = pd.DataFrame({"facility_id": ["n0"], "other_id": ["t0"], "same": [True]})
    assert len(linked(*tables, said)) == 0


def test_what_a_person_said_is_kept_and_obeyed_and_taken_back_when_the_cell_is_emptied(fresh):
    mine = rows(
        ("Cedar Recovery", "1 Elm St", "Denver", "CO", "80218", "303-555-0101"),
        ("Birch House", "2 Oak St", "Denver", "CO", "80218", "303-555-0102"),
    )
    theirs = rows(
        ("Cedar Recovery", "1 Elm St", "Denver", "CO", "80218", ""),
        ("Renamed Partners", "2 Oak St", "Denver", "CO", "80218", "303-555-0199"),
        source="table",
    )
    path, everybody = fresh / "review.csv", pd.Series(True, index=mine.index)
    first = reviewing.review(mine, theirs, path, everybody)
    assert first[["links", "checked"]].sum().tolist() == [1, 0]
    sheet = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert sheet[["linked", "facility_id", "other_id"]].values.tolist() == [["yes", "n0", "t0"], ["no", "n1", "t1"]]
    sheet.assign(same=["no", "Yes "]).to_csv(path, index=False)
    second = reviewing.review(mine, theirs, path, everybody)
    assert second.set_index("score").loc["0.8 to under 0.9", ["checked", "right", "precision"]].tolist() == [1, 0, 0]
    assert pairs(linked(mine, theirs, reviewing.verdicts("national_directory", "table"))) == {"n1": "t1"}
    path.unlink()
    reviewing.review(mine, theirs, path, everybody)
    sheet = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert sheet["same"].tolist() == ["yes", "no"], "a verdict outlives the file it was written in"
    sheet.assign(same="").to_csv(path, index=False)
    reviewing.review(mine, theirs, path, everybody)
    assert pairs(linked(mine, theirs, reviewing.verdicts("national_directory", "table"))) == {"n0": "t0"}


def test_a_word_that_is_no_verdict_is_named_with_its_row(fresh):
    path = fresh / "review.csv"
    path.write_text("same,facility_id,other_id\nyes,a,b\nmaybe,c,d\n", encoding="utf-8")
    mine = rows(("Cedar", "1 Elm St", "Denver", "CO", "80218", ""))
    with pytest.raises(DataError, match=r"row 3, column 'same' holds 'maybe'; write yes or no"):
        reviewing.review(mine, mine, path, pd.Series(True, index=mine.index))


def test_the_command_shows_links_by_score_and_writes_the_sheet_to_check(sample):
    sheet = sample / "check.csv"
    names = ["national_directory@sample", "ladders@sample"]
    done = CliRunner().invoke(main, ["link", *names, "--state", "CO", "--review", str(sheet), "--format", "csv"])
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("score,links,checked,right,precision")
    table = pd.read_csv(sheet)
    assert table.loc[table["linked"] == "yes", "facility_id"].is_unique
    assert "Withheld addresses are never linked" in done.stderr


def test_the_command_says_whose_point_of_an_address_to_doubt(fresh):
    heading = "name,street,city,state,zip,latitude,longitude,hours\n"
    for key, north in (("a", 39.733), ("b", 39.9)):
        rows = f"Cedar,1 Elm St,Denver,CO,80218,{north},-104.97,\nBirch,2 Elm St,Denver,CO,80218,39.733,-104.97,\n"
        (fresh / f"{key}.csv").write_text(heading + rows, encoding="utf-8")
        assert CliRunner().invoke(main, ["add", f"table@{key}", str(fresh / f"{key}.csv")]).exit_code == 0
    CliRunner().invoke(main, ["build"])
    done = CliRunner().invoke(main, ["link", "table@a", "table@b", "--of", "all"])
    assert done.exit_code == 0, done.output
    assert "1 address has another point in each list, up to 18.6 km apart. By the ZIP code's point doubt" in done.stderr
    assert "that of table@a for 0, that of table@b for 1; for 0 it cannot tell." in done.stderr
    same = CliRunner().invoke(main, ["link", "table@a", "table@a", "--of", "all"])
    assert same.exit_code == 0 and "km apart" not in same.stderr


@pytest.mark.real
def test_twenty_thousand_rows_are_linked_to_twenty_thousand_in_seconds(real_data):
    import time

    from iop_analysis import catalog
    from iop_analysis.releases import listing

    names = ("national_directory@su-2022", "national_directory@su-2023", "national_directory@mh-2023")
    releases = [catalog.release(name) for name in names]
    tables = [listing.read_release(one, real_data / one.source / one.file).facilities for one in releases]
    tables = [one.assign(facility_id=name + one["facility_id"]) for name, one in zip(names, tables, strict=True)]
    many = pd.concat(tables, ignore_index=True).assign(duplicate_of=None).head(20_000)
    start = time.perf_counter()
    links = linked(many, many[::-1])
    assert time.perf_counter() - start < 20
    assert len(links) > 19_000
