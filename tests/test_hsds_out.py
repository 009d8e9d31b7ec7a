"""A combined list goes out as HSDS 3 and comes back the same: what is said to be there, and by whom (SYNTHETIC)."""

import csv
import io
import json
import zipfile
from dataclasses import replace

import frictionless
import pandas as pd
import pytest
from click.testing import CliRunner
from tables import facilities, hours

from iop_analysis import catalog, criteria
from iop_analysis.cli import main
from iop_analysis.releases import combined, hsds, hsds_package, listing, many
from iop_analysis.releases.listing import Listing
from iop_analysis.releases.together import put_together

LIST, WITNESS, OTHER = "national_directory@sample", "ladders@sample", "osm@sample"
CRITERIA = [
    *(f"evening(after='{hour}:00')" for hour in (17, 18, 19, 20)),
    "weekend()",
    "evening(scope='program')",
    "sessions(n=2, minutes=120, after='17:30')",
]
# What the specification requires of each table, its tabular form included.
REQUIRED = {
    "organization": {"id", "name", "description"},
    "service": {"id", "organization_id", "name", "status"},
    "location": {"id", "location_type"},
    "service_at_location": {"id", "service_id", "location_id"},
    "address": {"id", "address_1", "city", "state_province", "postal_code", "country", "address_type"},
    "phone": {"id", "number"},
    "language": {"id"},
    "schedule": {"id"},
    "cost_option": {"id", "service_id"},
    "taxonomy": {"id", "name", "description"},
    "taxonomy_term": {"id", "name", "description"},
    "attribute": {"id", "link_id", "taxonomy_term_id", "link_type", "link_entity"},
    "metadata": {
        "id",
        "resource_id",
        "resource_type",
        "last_action_date",
        "last_action_type",
        "field_name",
        "previous_value",
        "replacement_value",
        "updated_by",
    },
}
WAYS = {"status": {"active"}, "location_type": {"physical"}, "address_type": {"physical"}, "freq": {"WEEKLY", ""}}


@pytest.fixture(autouse=True)
def nobody_checked_a_link(fresh):
    """Each test has a data folder of its own."""


def one(release, date="", spans=(), **columns):
    """A release with one program, Cedar, at 1 Elm St; spans are (day, opens, closes[, scope])."""
    source, key = release.split("@")
    given = {
        "source": source,
        "release": key,
        "name": "Cedar (synthetic)",
        "street": "1 Elm St",
        "city": "Denver",
        "state": "CO",
        "zip": "80218",
        "phone": "303-555-0101",
        "website": "cedar.example",
        "latitude": 39.73,
        "longitude": -104.97,
        "address_hidden": False,
        "information_date": date,
        "facility_id": f"{source}-1",
        "hours_status": "known" if spans else "unknown",
    }
    week = hours([(0, *span) for span in spans])
    week["facility_id"] = f"{source}-1"
    table = facilities(1, **(given | columns))
    return Listing(catalog.Release(source, key, reference_date=""), table, week.astype({"facility_id": "str"}), ())


def made_of(*witnesses, **columns):
    asked = {"offers_iop": "yes", "hours_status": "not_asked"}
    return put_together(one(LIST, **(asked | columns)), witnesses)


def texts(made) -> str:
    return json.dumps(hsds.tables(made), ensure_ascii=False)


@pytest.fixture
def package(tmp_path, monkeypatch):
    """The package that the command writes of the samples, and the combination that it is of."""
    for name in (LIST, WITNESS):
        many.open_release(name)
    path = tmp_path / "iops.zip"
    done = CliRunner().invoke(main, ["combine", LIST, "--with", WITNESS, "--state", "CO", "--hsds", str(path)])
    assert done.exit_code == 0, done.output
    return path, combined.load("combined@national_directory-sample-co")


def members(path) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(path) as archive:
        found = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".csv")}
    return {name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(text))) for name, text in found.items()}


def test_what_our_own_reader_reads_back_gives_the_same_answers(package):
    path, made = package
    back = listing.read_release(catalog.Release("hsds", "back", path.name), path)
    sent = hsds.programs(made)
    order = [row["id"] for row in members(path)["service_at_location"]]
    ids = back.facilities["facility_id"].map(dict(zip(order, sent["facility_id"], strict=True)))
    assert set(ids) == set(sent["facility_id"])
    assert len(sent) > 10
    rows = back.facilities.set_index(ids).loc[sent["facility_id"]]
    for name in catalog.answer_variables():
        assert (rows[name].eq("yes").to_numpy() == sent[name].eq("yes").to_numpy()).all(), name
    for text in CRITERIA:
        theirs = criteria.evaluate(text, back.facilities, back.hours).result.set_axis(ids).loc[sent["facility_id"]]
        ours = criteria.evaluate(text, sent, made.listing.hours).result
        assert theirs.astype("boolean").tolist() == ours.astype("boolean").tolist(), text


def test_the_package_is_valid_by_its_own_description_and_by_what_the_specification_requires(package, tmp_path):
    path, _ = package
    zipfile.ZipFile(path).extractall(tmp_path / "package")
    report = frictionless.validate(str(tmp_path / "package" / "datapackage.json"))
    assert report.flatten(["type", "message"]) == []
    described = {}
    for row in catalog.read_rows("hsds_fields.csv"):
        described.setdefault(row["table"], set()).update({row["field"]} if row["required"] else set())
    assert described == REQUIRED
    for rows in members(path).values():
        for field, allowed in WAYS.items():
            assert {row[field] for row in rows if field in row} <= allowed
    assert members(path)["metadata"]


def test_a_value_that_must_be_there_and_is_not_is_found(package, tmp_path):
    zipfile.ZipFile(package[0]).extractall(tmp_path / "package")
    table = tmp_path / "package" / "service.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(",active,", ",,", 1), encoding="utf-8")
    report = frictionless.validate(str(tmp_path / "package" / "datapackage.json"))
    assert report.flatten(["type", "fieldName"]) == [["constraint-error", "status"]]


def test_two_packages_of_one_list_are_the_same_bytes(package, tmp_path):
    path, made = package
    hsds_package.write(made, tmp_path / "again.zip")
    assert path.read_bytes() == (tmp_path / "again.zip").read_bytes()


def test_a_yes_says_who_said_it_and_when_and_nothing_else_is_said():
    witness = one(WITNESS, "2026-01-05", accepts_medicaid="yes", offers_sliding_fee="no")
    found = hsds.tables(made_of(witness, accepts_medicare="not_reported"))
    said = {row["taxonomy_term_id"]: row["value"] for row in found["attribute"]}
    assert said["accepts_medicaid"].startswith("yes: LADDERS")
    assert said["accepts_medicaid"].endswith("release sample, of 2026-01-05")
    assert "National Directory" in said["offers_iop"]
    assert not {"offers_sliding_fee", "accepts_medicare"} & set(said)
    (change,) = found["metadata"]
    assert (change["field_name"], change["previous_value"], change["updated_by"]) == (
        "accepts_medicaid",
        "not_asked",
        WITNESS,
    )
    assert change["last_action_date"] == "2026-01-05T00:00:00Z"
    assert {row["option"] for row in found["cost_option"]} == {"Medicaid"}


def test_an_undated_witness_has_no_day_anywhere():
    found = hsds.tables(made_of(one(WITNESS, accepts_medicaid="yes")))
    assert not found["metadata"]
    assert {row["value"] for row in found["attribute"] if row["taxonomy_term_id"] == "accepts_medicaid"} == {
        f"yes: {catalog.source('ladders').title}, release sample"
    }


def test_nobody_is_listed_for_what_is_denied_disputed_or_not_said():
    assert hsds.programs(made_of(one(WITNESS, offers_iop="no"))).empty
    assert hsds.programs(made_of(offers_iop="no")).empty
    assert hsds.programs(made_of(is_in_custody="yes")).empty
    both = made_of(one(WITNESS, offers_iop="no"), offers_iop_mental_health="yes")
    (service,) = hsds.tables(both)["service"]
    assert service["name"] == "Intensive outpatient program for mental health"
    assert "offers_iop" not in {row["taxonomy_term_id"] for row in hsds.tables(both)["attribute"]}


def test_a_withheld_address_stays_withheld():
    made = made_of(address_hidden=True, name="Cedar - Elm St", facility_id="1-elm-st")
    found = hsds.tables(made)
    assert not found["address"]
    assert set(found["location"][0]) == {"id", "location_type", "name", "description", "organization_id"}
    assert "elm" not in texts(made).lower()
    assert "39.73" not in texts(made)


def test_a_point_of_a_zip_code_is_no_place():
    (place,) = hsds.tables(made_of(point_quality="zip"))["location"]
    assert not {"latitude", "longitude"} & set(place)


@pytest.mark.parametrize(("closes", "status"), [(1260, "scheduled"), (1020, "silent")])
def test_hours_on_which_two_witnesses_differ_are_left_out(closes, status):
    first = one(WITNESS, "2026-01-05", [("Mo", 540, 1260), ("Tu", None, None)])
    second = one(OTHER, "2026-01-06", [("Mo", 540, closes), ("Tu", None, None)])
    rows = hsds.tables(made_of(first, second))["schedule"]
    if status == "silent":
        assert rows == []
        return
    timed, untimed = rows
    assert (timed["byday"], timed["opens_at"], timed["closes_at"]) == ("MO", "09:00", "21:00")
    assert "LADDERS" in timed["notes"]
    assert "OpenStreetMap" in timed["notes"]
    assert (untimed["byday"], "opens_at" in untimed) == ("TU", False)


def test_midnight_a_whole_day_and_the_scope_come_back(tmp_path):
    spans = [("Mo", 540, 1440), ("Tu", 0, 1440), ("We", 1080, 1260, "program"), ("Th", None, None, "program")]
    made = made_of(one(WITNESS, "2026-01-05", spans))
    release = replace(made.listing.release, facts={"list": LIST, "inputs": {LIST: "", WITNESS: ""}})
    path = tmp_path / "x.zip"
    hsds_package.write(replace(made, listing=replace(made.listing, release=release)), path)
    back = listing.read_release(catalog.Release("hsds", "back", path.name), path).hours
    columns = ["day", "opens_minute", "closes_minute", "scope"]
    theirs, ours = (
        sorted(map(tuple, table[columns].astype(object).fillna(-1).to_numpy())) for table in (back, made.listing.hours)
    )
    assert theirs == ours


def test_by_appointment_is_said_and_read_as_such(tmp_path):
    made = made_of(hours_status="by_appointment")
    assert hsds.tables(made)["schedule"][0]["description"] == "By appointment"


def test_a_publishers_text_is_no_formula_and_no_script():
    made = made_of(name="=HYPERLINK(1)", website="javascript:alert(1)")
    assert hsds.tables(made)["organization"][0]["name"] == "'=HYPERLINK(1)"
    assert "javascript" not in texts(made)
    assert hsds.tables(made_of())["service"][0]["url"] == "https://cedar.example"


def test_words_of_a_page_that_was_withdrawn_go_nowhere(fresh):
    facts = pd.DataFrame(
        {
            "facility_id": ["pages-1"],
            "variable": ["offers_evening_iop"],
            "value": ["yes"],
            "quote": ["our evening group"],
            "address": ["https://cedar.example/iop"],
            "date": ["2026-02-01"],
        }
    )
    page = replace(
        one("pages@x", offers_evening_iop="yes"), facts=facts.assign(days="", opens_minute=pd.NA, closes_minute=pd.NA)
    )
    found = {row["taxonomy_term_id"]: row["value"] for row in hsds.tables(made_of(page))["attribute"]}
    assert found["offers_evening_iop"].endswith(": “our evening group” (https://cedar.example/iop)")
    withdrawn = replace(page, facilities=page.facilities.head(0))
    assert "our evening group" not in texts(made_of(withdrawn))


def test_rows_of_a_survey_never_leave_as_rows(tmp_path):
    done = CliRunner().invoke(main, ["combine", "nsumhss@2024", "--hsds", str(tmp_path / "x.zip")])
    assert done.exit_code != 0
    assert not (tmp_path / "x.zip").exists()
