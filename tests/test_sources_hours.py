"""Sources with hours: every time is read or said to be unread, and nothing that a file does not say becomes a no."""

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path

import make_sample_hours as samples
import pytest
from click.testing import CliRunner
from invented import DAYS, sites

from iop_analysis import catalog, raw
from iop_analysis.cli import main
from iop_analysis.errors import CallError, DataError
from iop_analysis.hours.minutes import minute_of, span
from iop_analysis.metrics import coverage
from iop_analysis.releases import listing
from iop_analysis.sources import _hsds_schedules as schedules

SITES = sites(40)
SYNTHETIC = [one for one in catalog.releases().values() if one.synthetic and one.source in samples.WRITERS]
SUFFIXES = {"va_facilities": ".csv", "hsds": ".zip", "plan_net": ".zip", "table": ".csv", "osm": ".geojson"}


def release_of(source: str, suffix: str = "", **facts: str) -> catalog.Release:
    return catalog.Release(source=source, key="mine", file=f"mine{suffix or SUFFIXES[source]}", **facts)


def build(source: str, content: bytes, folder: Path, suffix: str = "", **facts: str) -> listing.Listing:
    """What a source makes of the bytes of one file."""
    release = release_of(source, suffix, **facts)
    path = folder / release.file
    path.write_bytes(content)
    return listing.read_release(release, path)


def week_of(built: listing.Listing, identifier: str) -> dict[str, list[tuple[int | None, int | None]]]:
    """Intervals by day of one facility; (None, None) for a day with hours that are not known."""
    mine = built.hours[built.hours["facility_id"] == identifier].astype(object)
    mine = mine.where(mine.notna(), None)
    found: dict[str, list[tuple[int | None, int | None]]] = {}
    for row in mine.itertuples():
        found.setdefault(row.day, []).append((row.opens_minute, row.closes_minute))
    return found


def note_rows(built: listing.Listing, words: str) -> int:
    return sum(note.rows for note in built.notes if words in note.text)


# The sample


@pytest.mark.parametrize("release", SYNTHETIC, ids=lambda one: one.name)
def test_the_script_writes_the_shipped_sample_again(release):
    shipped = (samples.FOLDER / release.file).read_bytes()
    again = samples.sample()[release.file]
    if release.file.endswith(".zip"):  # Two zlib versions pack differently.
        shipped, again = (
            {one.filename: archive.read(one) for one in archive.infolist()}
            for archive in (zipfile.ZipFile(io.BytesIO(content)) for content in (shipped, again))
        )
    assert again == shipped


@pytest.mark.parametrize("release", SYNTHETIC, ids=lambda one: one.name)
def test_the_catalog_knows_hash_and_rows_of_the_shipped_sample_and_every_name_says_synthetic(release):
    path = samples.FOLDER / release.file
    assert hashlib.sha256(path.read_bytes()).hexdigest() == release.sha256
    table = listing.read_release(release, path).facilities
    assert len(table) == release.rows
    assert table["name"].str.contains("(synthetic)", regex=False).all()
    assert table["phone"].str.fullmatch(r"\d{3}-555-01\d\d").all()
    assert table["county_fips"].notna().all()


@pytest.mark.parametrize("source", samples.WRITERS)
def test_every_source_gives_a_row_a_site_with_the_hours_that_the_site_keeps(source, tmp_path):
    plain = [one for one in SITES if one.week[0] == "9:00AM - 5:00PM" and one.number % 10 != 3 and one.number % 8 > 1]
    plain = [one for one in plain if one.number > 6 and one.number % 20 != 7 and one.number % 15 != 4]
    built = build(source, samples.WRITERS[source](SITES), tmp_path)
    ids = dict(zip(built.facilities["phone"], built.facilities["facility_id"], strict=True))
    statuses = dict(zip(built.facilities["phone"], built.facilities["hours_status"], strict=True))
    assert len(built.facilities) == len(SITES)
    assert plain
    for site in plain:
        assert week_of(built, ids[site.phone])["Mo"] == [(540, 1020)]
        assert statuses[site.phone] == "known"
        assert "Su" not in week_of(built, ids[site.phone])


# Veterans Affairs


@pytest.fixture
def vast(tmp_path):
    """A function from cells of one site, with its instructions, to what is built of it."""

    def make(cells: list[str], instructions: str = "null") -> listing.Listing:
        rows = list(csv.reader(io.StringIO(samples.va_facilities(SITES[10:11]).decode())))
        for day, cell in zip(samples.LONG_DAYS, cells, strict=True):
            rows[1][rows[0].index(day)] = cell
        rows[1][rows[0].index("OperationalHoursSpecialInstructions")] = instructions
        return build("va_facilities", samples.as_csv(rows), tmp_path)

    return make


def test_a_dash_is_closed_and_a_cell_is_read_to_the_minute(vast):
    built = vast(["730AM-430PM", "-", "800AM-730PM", "-", "1200PM-1200AM", "-", "-"])
    assert built.facilities["hours_status"].item() == "known"
    expected = {"Mo": [(450, 990)], "We": [(480, 1170)], "Fr": [(720, 1440)]}
    assert week_of(built, built.facilities["facility_id"].item()) == expected


@pytest.mark.parametrize("cell", ["AM-PM", "800-430", "800AM-1200", "800AM-430AM", ""])
def test_a_va_cell_that_cannot_be_used_leaves_its_day_unknown_and_is_counted(vast, cell):
    built = vast([cell, "800AM-430PM", "-", "-", "-", "-", "-"])
    week = week_of(built, built.facilities["facility_id"].item())
    assert week == {"Mo": [(None, None)], "Tu": [(480, 990)]}
    assert built.facilities["hours_status"].item() == "partial"
    assert sum(note.rows for note in built.notes if "unknown" in note.text) == 1


def test_a_site_open_24_7_is_always_and_unknown_for_evening(vast):
    built = vast(["24/7"] * 7)
    assert built.facilities["hours_status"].item() == "always"
    assert coverage.coverage(built.facilities, built.hours, "evening", "all")["unknown"].item() == 1


def test_seven_dashes_are_no_hours_rather_than_a_closed_site(vast):
    built = vast(["-"] * 7)
    assert built.facilities["hours_status"].item() == "unknown"
    assert len(built.hours) == 0


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        (samples.ADMINISTRATIVE, "known"),
        ("Vet Center after hours assistance is available by calling 1-800-555-0100.", "known"),
        (samples.EXPANDED, "partial"),
        (f"{samples.ADMINISTRATIVE} {samples.EXPANDED}", "partial"),
        ("A sentence that nobody has judged.", "partial"),
    ],
)
def test_hours_beyond_the_cells_make_a_no_unknown_and_leave_a_yes(vast, sentence, status):
    short = vast(["800AM-430PM"] * 5 + ["-"] * 2, sentence)
    late = vast(["800AM-800PM"] * 5 + ["-"] * 2, sentence)
    assert short.facilities["hours_status"].item() == status
    answer = coverage.coverage(short.facilities, short.hours, "evening", "all").iloc[0]
    assert (answer["no"], answer["unknown"]) == ((1, 0) if status == "known" else (0, 1))
    assert coverage.coverage(late.facilities, late.hours, "evening", "all")["yes"].item() == 1


def test_va_sites_are_federal_and_asked_about_nothing(vast):
    table = vast(["800AM-430PM"] * 7).facilities
    assert table["ownership_type"].item() == "federal government"
    served = ["is_in_custody", "serves_veterans_only", "serves_military_only", "serves_students_only"]
    assert (table[catalog.answer_variables()].drop(columns=served) == "not_asked").all(axis=None)
    assert table[served].iloc[0].tolist() == ["no", "yes", "no", "no"]
    assert table["phone"].item() == SITES[10].phone
    assert table["street"].item().startswith(SITES[10].street)


# Times


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("09:00", 540),
        ("09:00:00", 540),
        ("9:00am", 540),
        ("9 PM", 1260),
        ("12:00AM", 0),
        ("12:30 p.m.", 750),
        ("24:00", 1440),
        ("17:30:00-05:00", 1050),
        ("17:30Z", None),
        ("9", None),
        ("13:00pm", None),
        ("25:00", None),
        ("9:75", None),
        ("noonish", None),
        ("", None),
    ],
)
def test_a_structured_time_is_a_local_time_of_day_or_nothing(text, minute):
    assert minute_of(text) == minute


def test_equal_times_and_the_whole_clock_are_a_24_hour_day():
    assert span("08:00", "08:00") == span("00:00", "23:59") == (0, 1440)
    assert span("20:00", "04:00") == (1200, 240)
    assert span("20:00", "") is None


# Plan-Net


def reference(key: str) -> dict[str, str]:
    return {"reference": key}


def plan_resources(blocks: list[dict], kind: str = "medi", **service: object) -> list[dict]:
    """A service at a place in a network of one plan."""
    base = {"active": True, "name": "Evening IOP (synthetic)", "location": [reference("Location/l")]}
    return [
        {"resourceType": "HealthcareService", "id": "s", **base, **service},
        {"resourceType": "Location", "id": "l", "status": "active", "hoursOfOperation": blocks},
        {
            "resourceType": "OrganizationAffiliation",
            "id": "a",
            "healthcareService": [reference("HealthcareService/s")],
            "network": [reference("Organization/n")],
        },
        {
            "resourceType": "InsurancePlan",
            "id": "p",
            "status": "active",
            "type": [{"coding": [{"code": kind}]}],
            "network": [reference("Organization/n")],
        },
    ]


def bundle(resources: list[dict]) -> bytes:
    entries = [{"fullUrl": f"https://example.org/fhir/{one['id']}", "resource": one} for one in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def ndjson(resources: list[dict]) -> bytes:
    return "".join(json.dumps(one) + "\n" for one in resources).encode()


def folder_of(resources: list[dict]) -> bytes:
    return samples.packed({f"all/{one['id']}.json": json.dumps(one).encode() for one in resources})


WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]
OFFICE = [{"daysOfWeek": WEEKDAYS, "openingTime": "08:00:00", "closingTime": "17:00:00"}]


@pytest.mark.parametrize(("write", "suffix"), [(bundle, ".json"), (ndjson, ".ndjson"), (folder_of, ".zip")])
def test_a_bundle_lines_and_a_packed_folder_give_the_same_row(write, suffix, tmp_path):
    built = build("plan_net", write(plan_resources(OFFICE)), tmp_path, suffix)
    row = built.facilities.iloc[0]
    assert row["facility_id"] == "s@l"
    assert row["hours_status"] == "known"
    assert week_of(built, "s@l") == {day: [(480, 1020)] for day in DAYS[:5]}
    assert (row["accepts_medicaid"], row["offers_iop"]) == ("yes", "yes")
    assert (row["accepts_medicare"], row["accepts_private_insurance"]) == ("not_reported", "not_reported")


def test_the_times_of_a_service_go_before_those_of_its_location(tmp_path):
    evening = [{"daysOfWeek": ["tue"], "availableStartTime": "18:00:00", "availableEndTime": "21:00:00"}]
    built = build("plan_net", ndjson(plan_resources(OFFICE, availableTime=evening)), tmp_path, ".ndjson")
    assert week_of(built, "s@l") == {"Tu": [(1080, 1260)]}


def test_days_without_times_are_unknown_and_days_that_are_not_named_are_closed(tmp_path):
    blocks = [{"daysOfWeek": ["mon"], "allDay": True}, {"daysOfWeek": ["tue"]}]
    built = build("plan_net", ndjson(plan_resources(blocks)), tmp_path, ".ndjson")
    assert built.facilities["hours_status"].item() == "partial"
    assert week_of(built, "s@l") == {"Mo": [(0, 1440)], "Tu": [(None, None)]}
    only = build("plan_net", ndjson(plan_resources([{"daysOfWeek": ["tue"]}])), tmp_path, ".ndjson")
    assert only.facilities["hours_status"].item() == "unknown"


def test_times_without_days_are_unknown(tmp_path):
    blocks = [{"openingTime": "08:00:00", "closingTime": "17:00:00"}]
    built = build("plan_net", ndjson(plan_resources(blocks)), tmp_path, ".ndjson")
    assert built.facilities["hours_status"].item() == "unknown"


def test_a_night_belongs_to_the_next_day_too(tmp_path):
    blocks = [{"daysOfWeek": ["sun"], "openingTime": "20:00:00", "closingTime": "02:00:00"}]
    built = build("plan_net", ndjson(plan_resources(blocks)), tmp_path, ".ndjson")
    assert week_of(built, "s@l") == {"Su": [(1200, 1440)], "Mo": [(0, 120)]}


def test_the_hours_of_a_telephone_never_count(tmp_path):
    listed = plan_resources([])
    times = {"url": "https://example.org/contactpoint-availabletime", "extension": [{"url": "allDay"}]}
    listed[1]["telecom"] = [{"system": "phone", "value": "303-555-0100", "extension": [times]}]
    built = build("plan_net", ndjson(listed), tmp_path, ".ndjson")
    assert built.facilities["hours_status"].item() == "unknown"
    assert built.facilities["phone"].item() == "303-555-0100"
    assert len(built.hours) == 0


@pytest.mark.parametrize(
    ("kind", "payer"),
    [
        ("medihmo", "accepts_medicaid"),
        ("mediadv", "accepts_medicare"),
        ("commppo", "accepts_private_insurance"),
        ("qhp", "accepts_private_insurance"),
        ("tri", "accepts_military_insurance"),
        ("ihs", "accepts_tribal_funds"),
        ("dent", ""),
    ],
)
def test_the_type_of_a_plan_says_which_payer_it_is_and_a_plan_not_listed_is_not_reported(kind, payer, tmp_path):
    row = build("plan_net", ndjson(plan_resources(OFFICE, kind)), tmp_path, ".ndjson").facilities.iloc[0]
    asked = {rule["variable"] for rule in catalog.code_rules("plan_net") if rule["category"] == "plan"} - {""}
    assert {name for name in asked if row[name] == "yes"} == ({payer} if payer else set())
    assert {row[name] for name in asked if name != payer} == {"not_reported"}
    assert not catalog.can_say_no("plan_net", "accepts_medicaid")


def test_a_plan_of_an_unknown_type_answers_nothing_and_is_named(tmp_path):
    built = build("plan_net", ndjson(plan_resources(OFFICE, "newtype")), tmp_path, ".ndjson")
    assert note_rows(built, "newtype") == 1


def test_an_affiliation_at_other_locations_does_not_reach_a_service_here(tmp_path):
    listed = plan_resources(OFFICE)
    listed[2]["location"] = [reference("Location/elsewhere")]
    row = build("plan_net", ndjson(listed), tmp_path, ".ndjson").facilities.iloc[0]
    assert row["accepts_medicaid"] == "not_reported"


def test_an_affiliation_without_services_reaches_those_of_its_organization(tmp_path):
    listed = plan_resources(OFFICE, providedBy=reference("Organization/o"))
    del listed[2]["healthcareService"]
    listed[2]["participatingOrganization"] = reference("Organization/o")
    row = build("plan_net", ndjson(listed), tmp_path, ".ndjson").facilities.iloc[0]
    assert row["accepts_medicaid"] == "yes"


def test_ended_plans_affiliations_and_services_do_not_count(tmp_path):
    for place, change in ((3, {"status": "retired"}), (2, {"active": False})):
        listed = plan_resources(OFFICE)
        listed[place] |= change
        row = build("plan_net", ndjson(listed), tmp_path, ".ndjson").facilities.iloc[0]
        assert row["accepts_medicaid"] == "not_reported"
    ended = [*plan_resources(OFFICE), {"resourceType": "HealthcareService", "id": "old", "active": False}]
    built = build("plan_net", ndjson(ended), tmp_path, ".ndjson")
    assert len(built.facilities) == 1
    assert note_rows(built, "not active") == 1


def test_who_takes_new_patients_and_who_works_by_video_stands_in_extensions(tmp_path):
    def extended(name: str, part: str, code: str) -> dict:
        inner = {"url": part, "valueCodeableConcept": {"coding": [{"code": code}]}}
        return {"url": f"http://hl7.org/fhir/us/davinci-pdex-plan-net/StructureDefinition/{name}", "extension": [inner]}

    said = [extended("newpatients", "acceptingPatients", "nopt"), extended("delivery-method", "type", "virtual")]
    row = build("plan_net", ndjson(plan_resources(OFFICE, extension=said)), tmp_path, ".ndjson").facilities.iloc[0]
    assert (row["accepts_new_patients"], row["offers_telehealth"]) == ("no", "yes")


@pytest.mark.parametrize(
    ("content", "suffix", "sentence"),
    [
        (b'{"resourceType": "Location", "id": "l"}\n', ".ndjson", "no HealthcareService"),
        (b'{"resourceType": "Location", "id": "l"}\n{"resourceType"\n', ".ndjson", "line 2"),
        (b'{"rows": []}', ".json", "no resourceType"),
        (b'{"resourceType": "Location"}', ".json", "no HealthcareService"),
    ],
)
def test_what_is_no_provider_directory_is_refused_in_a_sentence(content, suffix, sentence, tmp_path):
    with pytest.raises(DataError, match=sentence):
        build("plan_net", content, tmp_path, suffix)


# HSDS


def package(tables: dict[str, list[list[str]]]) -> bytes:
    return samples.packed({f"{name}.csv": samples.as_csv(rows) for name, rows in tables.items()})


def hsds_tables(**more: list[list[str]]) -> dict[str, list[list[str]]]:
    """One service at one location, in table names of the specification, and more tables."""
    return {
        "services": [["id", "name", "description"], ["s", "Evening IOP (synthetic)", ""]],
        "locations": [["id", "name"], ["l", "Somewhere"]],
        "service_at_location": [["id", "service_id", "location_id"], ["sl", "s", "l"]],
        **more,
    }


RULE = [
    "id",
    "service_at_location_id",
    "service_id",
    "location_id",
    "freq",
    "interval",
    "byday",
    "opens_at",
    "closes_at",
]


def rule(
    day: str, opens: str, closes: str, at: str = "", service: str = "", location: str = "", freq: str = "WEEKLY"
) -> list[str]:
    return ["1", at, service, location, freq, "", day, opens, closes]


def schedule_of(*rows: list[str]) -> list[list[str]]:
    return [RULE, *rows]


def test_a_recurrence_rule_becomes_a_week(tmp_path):
    rows = schedule_of(rule("MO,WE", "18:00", "21:00", service="s"), rule("SA", "09:00", "12:00", service="s"))
    built = build("hsds", package(hsds_tables(schedules=rows)), tmp_path)
    assert week_of(built, "sl") == {"Mo": [(1080, 1260)], "We": [(1080, 1260)], "Sa": [(540, 720)]}
    assert built.facilities["hours_status"].item() == "known"


def test_the_service_at_the_location_goes_before_the_service_and_that_before_the_location(tmp_path):
    listed = [
        rule("MO", "09:00", "10:00", location="l"),
        rule("TU", "09:00", "10:00", service="s"),
        rule("WE", "09:00", "10:00", at="sl"),
    ]
    for count, day in ((3, "We"), (2, "Tu"), (1, "Mo")):
        built = build("hsds", package(hsds_tables(schedules=schedule_of(*listed[:count]))), tmp_path)
        assert list(week_of(built, "sl")) == [day]


@pytest.mark.parametrize(
    "change",
    [
        {"freq": "MONTHLY"},
        {"byday": "2MO"},
        {"interval": "2"},
        {"bymonthday": "15"},
        {"count": "10"},
        {"closes_at": ""},
        {"opens_at": "17:00Z"},
        {"valid_to": "2019-12-31"},
    ],
)
def test_what_does_not_recur_every_week_at_a_known_time_makes_its_day_unknown(change):
    sure = {"freq": "WEEKLY", "byday": "TU", "opens_at": "09:00", "closes_at": "17:00"}
    other = sure | {"byday": "MO", "opens_at": "18:00", "closes_at": "21:00"} | change
    week = schedules.week_of([sure, other], "")
    assert week.status == "partial"
    assert week.unknown_days == {"Mo"}
    assert week.days[0] == ()
    assert week.days[1] == ((540, 1020),)


def test_rules_out_of_force_at_the_reference_date_are_left_out():
    rows = [
        {"freq": "WEEKLY", "byday": "MO", "opens_at": "09:00", "closes_at": "17:00", "valid_to": "2022-12-31"},
        {"freq": "WEEKLY", "byday": "TU", "opens_at": "09:00", "closes_at": "17:00", "valid_from": "2023-01-01"},
        {"freq": "WEEKLY", "byday": "WE", "opens_at": "09:00", "closes_at": "17:00", "valid_from": "2024-01-01"},
    ]
    assert schedules.week_of(rows, "2023-06-30").to_osm() == "Tu 09:00-17:00"
    assert schedules.week_of(rows[:1], "2023-06-30").status == "unknown"


def test_a_daily_rule_is_every_day_and_a_rule_without_days_is_unknown():
    times = {"opens_at": "09:00", "closes_at": "17:00"}
    assert schedules.week_of([{"freq": "DAILY", **times}], "").to_osm() == "Mo-Su 09:00-17:00"
    assert schedules.week_of([{"freq": "WEEKLY", **times}], "").status == "unknown"


def test_what_a_schedule_says_it_is_about_gives_its_hours_their_scope(tmp_path):
    rows = [[*RULE, "description"], [*rule("MO", "18:00", "21:00", service="s"), "Evening IOP"]]
    rows.append([*rule("MO", "09:00", "17:00", service="s"), "Office hours"])
    built = build("hsds", package(hsds_tables(schedules=rows)), tmp_path)
    assert dict(zip(built.hours["opens_minute"], built.hours["scope"], strict=True)) == {1080: "program", 540: "office"}


def test_a_program_at_no_weekly_time_leaves_its_evening_unknown_beside_known_office_hours(tmp_path):
    rows = [[*RULE, "description"], [*rule("MO", "18:00", "21:00", service="s", freq="MONTHLY"), "Evening IOP"]]
    rows.append([*rule("MO", "09:00", "17:00", service="s"), "Office hours"])
    built = build("hsds", package(hsds_tables(schedules=rows)), tmp_path)
    assert week_of(built, "sl") == {"Mo": [(540, 1020), (None, None)]}
    assert coverage.coverage(built.facilities, built.hours, "evening", "all")["unknown"].item() == 1


def test_words_of_a_schedule_count_where_its_fields_say_nothing_and_it_is_in_force(tmp_path):
    heading = ["id", "service_id", "description", "valid_to"]
    for end, status in (("2030-01-01", "known"), ("2020-01-01", "unknown")):
        tables = hsds_tables(schedules=[heading, ["1", "s", "Mon-Fri 9am-7pm", end]])
        built = build("hsds", package(tables), tmp_path, reference_date="2023-06-30")
        assert built.facilities["hours_status"].item() == status


def lossy(text: str) -> list[list[str]]:
    heading = ["id", "service_id", "weekday", "opens_at", "closes_at", "original_text"]
    return [heading, ["", "s", "Monday", "9:00am", "5:30pm", text], ["", "s", "Wednesday", "9:00am", "5:30pm", text]]


def test_the_text_that_times_were_made_from_decides_and_names_an_evening_program(tmp_path):
    text = "Office Hours: \\n9:00am-5:30pm, Mon-Fri\\n\\nEvening IOP:  \\n6:00pm-9:00pm, Mon, Wed, Thur"
    built = build("hsds", package(hsds_tables(regular_schedules=lossy(text))), tmp_path)
    program = built.hours[built.hours["scope"] == "program"]
    assert list(program["day"]) == ["Mo", "We", "Th"]
    assert set(program["label"]) == {"Evening IOP"}
    assert week_of(built, "sl")["Tu"] == [(540, 1050)]
    assert built.facilities["hours_status"].item() == "known"
    assert note_rows(built, "another week") == 1
    for scope in ("site", "program"):
        found = coverage.coverage(built.facilities, built.hours, f"evening(days=3, scope='{scope}')", "iop")
        assert found["yes"].item() == 1


def test_structured_times_count_where_no_text_is_kept(tmp_path):
    built = build("hsds", package(hsds_tables(regular_schedules=lossy(""))), tmp_path)
    assert week_of(built, "sl") == {"Mo": [(540, 1050)], "We": [(540, 1050)]}


def test_a_service_without_a_schedule_is_unknown(tmp_path):
    built = build("hsds", package(hsds_tables()), tmp_path)
    assert built.facilities["hours_status"].item() == "unknown"
    assert note_rows(built, "without any schedule") == 1


def words_of(tmp_path: Path, text: str = "", **fields: str) -> dict[str, str]:
    names = ["id", "name", "description", "application_process", *fields]
    service = [names, ["s", fields.pop("name", "Care (synthetic)"), "", text, *fields.values()]]
    row = build("hsds", package(hsds_tables(services=service)), tmp_path).facilities.iloc[0]
    return {name: row[name] for name in catalog.answer_variables() if row[name] == "yes"}


@pytest.mark.parametrize(
    ("text", "variable"),
    [
        ("Accepts Medicaid and commercial insurance.", "accepts_medicaid"),
        ("Accepts Medicaid and commercial insurance.", "accepts_private_insurance"),
        ("PPEC is covered by Medicaid.", "accepts_medicaid"),
        ("Medicare accepted", "accepts_medicare"),
        ("Uninsured:\\nSliding scale available, must bring proof of income", "offers_sliding_fee"),
        ("A sliding-fee discount is given.", "offers_sliding_fee"),
        ("Self-pay patients welcome.", "accepts_self_pay"),
        ("Payment plans can be made.", "offers_payment_assistance"),
        ("TRICARE is accepted", "accepts_military_insurance"),
    ],
)
def test_a_word_found_is_a_yes(text, variable, tmp_path):
    assert words_of(tmp_path, text)[variable] == "yes"


@pytest.mark.parametrize(
    "text",
    [
        "Does not accept Medicaid.",
        "Helps to apply for Medicaid; applications are accepted here for Medicaid.",
        "Income-eligible if you are currently receiving Medicaid.",
        "Bring a photo of the sliding door.",
        "No sliding scale without proof: we do not have a sliding scale.",
        "Call for an appointment.",
    ],
)
def test_a_word_denied_or_about_something_else_is_not_reported(text, tmp_path):
    assert words_of(tmp_path, text) == {}


def test_a_directory_of_words_never_says_no(tmp_path):
    for variable in ("offers_iop", "accepts_medicaid", "offers_sliding_fee"):
        assert not catalog.can_say_no("hsds", variable)
    table = build("hsds", samples.hsds(SITES), tmp_path).facilities
    served = ["is_in_custody", "serves_veterans_only", "serves_military_only", "serves_students_only"]
    assert not (table[catalog.answer_variables()].drop(columns=served) == "no").any(axis=None)


def test_payments_stand_in_tables_of_their_own_before_version_3_and_in_cost_options_since(tmp_path):
    old = hsds_tables(payments_accepted=[["id", "service_id", "payment"], ["1", "s", "Medicaid"], ["2", "s", "Cash"]])
    row = build("hsds", package(old), tmp_path).facilities.iloc[0]
    assert (row["accepts_medicaid"], row["accepts_self_pay"], row["accepts_medicare"]) == ("yes", "yes", "not_reported")
    places = [["id", "location_id", "address_1", "state_province", "address_type"]]
    places += [["1", "l", "PO Box 1", "CO", "postal"], ["2", "l", "1 Sample Street", "CO", "physical"]]
    new = hsds_tables(
        cost_options=[["id", "service_id", "option", "amount_description"], ["1", "s", "Medicare", "sliding scale"]],
        services=[["id", "name", "fees_description"], ["s", "Care (synthetic)", "Private insurance"]],
        addresses=places,
    )
    row = build("hsds", package(new), tmp_path).facilities.iloc[0]
    said = {name for name in catalog.answer_variables() if row[name] == "yes"}
    assert said == {"accepts_medicare", "offers_sliding_fee", "accepts_private_insurance"}
    assert row["street"] == "1 Sample Street"


@pytest.mark.parametrize(
    ("name", "description", "said"),
    [
        ("Intensive Outpatient Program", "", {"offers_iop"}),
        ("IOP AND OP SUBSTANCE USE SERVICES", "", {"offers_iop"}),
        ("Care", "Also provides an intensive out patient program for alcohol use.", {"offers_iop"}),
        ("Intensive Outpatient Psychotherapy", "For depression.", {"offers_iop_mental_health"}),
        (
            "Care",
            "Intensive outpatient mental health and substance use care.",
            {"offers_iop", "offers_iop_mental_health"},
        ),
        ("Care", "Does not offer intensive outpatient treatment.", set()),
        ("Outpatient care", "Biopsy of the eye.", set()),
    ],
)
def test_a_program_is_known_by_its_name_and_its_kind_by_the_words_around_it(name, description, said, tmp_path):
    service = [["id", "name", "description"], ["s", name, description]]
    row = build("hsds", package(hsds_tables(services=service)), tmp_path).facilities.iloc[0]
    found = {one: row[one] for one in ("offers_iop", "offers_iop_mental_health")}
    assert {one for one, answer in found.items() if answer == "yes"} == said
    assert set(found.values()) <= {"yes", "not_reported"}


@pytest.mark.parametrize("lost", ["services", "locations", "service_at_location"])
def test_a_package_without_a_table_that_places_services_is_refused_with_the_tables_found(lost, tmp_path):
    tables = hsds_tables()
    del tables[lost]
    with pytest.raises(DataError, match="tables found"):
        build("hsds", package(tables), tmp_path)


def test_the_descriptor_says_which_file_a_table_is_and_a_damaged_one_is_refused(tmp_path):
    tables = hsds_tables()
    tables["offers"] = tables.pop("services")
    members = {f"{name}.csv": samples.as_csv(rows) for name, rows in tables.items()}
    described = {"resources": [{"name": "service", "path": "data/offers.csv"}]}
    built = build("hsds", samples.packed(members | {"datapackage.json": json.dumps(described).encode()}), tmp_path)
    assert built.facilities["name"].item() == "Evening IOP (synthetic)"
    with pytest.raises(DataError, match=r"mine\.zip: datapackage\.json is damaged"):
        build("hsds", samples.packed(members | {"datapackage.json": b"{"}), tmp_path)


def test_services_that_have_ended_are_left_out_and_counted(tmp_path):
    tables = hsds_tables(
        services=[["id", "name", "status"], ["s", "Care (synthetic)", "active"], ["t", "Old", "defunct"]]
    )
    tables["service_at_location"].append(["tl", "t", "l"])
    built = build("hsds", package(tables), tmp_path)
    assert len(built.facilities) == 1
    assert note_rows(built, "ended") == 1


# A user's table


def user_table(tmp_path: Path, rows: list[list[str]]) -> listing.Listing:
    return build("table", samples.as_csv(rows), tmp_path)


def test_headings_count_in_many_spellings_and_answers_by_column_word_or_label(tmp_path):
    rows = [["Facility Name", "HOURS", "zip-code", "iop", "Sliding fee", "accepts_medicaid", "Medicare"]]
    rows += [["A (synthetic)", "Mon-Thu 8am-8pm, Fri 8-5", "80203", "Yes", "n", "", "not asked"]]
    built = user_table(tmp_path, rows)
    row = built.facilities.iloc[0]
    answers = [row[name] for name in ("offers_iop", "offers_sliding_fee", "accepts_medicaid", "accepts_medicare")]
    assert answers == ["yes", "no", "not_reported", "not_asked"]
    assert row["accepts_self_pay"] == "not_asked"
    assert row["zip"] == "80203"
    assert week_of(built, row["facility_id"])["Th"] == [(480, 1200)]


def test_a_table_without_hours_or_names_is_refused_with_what_was_looked_for_and_what_was_found(tmp_path):
    with pytest.raises(DataError) as error:
        user_table(tmp_path, [["Clinic colour", "city"], ["blue", "Denver"]])
    for word in ("mine.csv", "opening_hours", "hours_of_operation", "facility_name", "'Clinic colour'", "'city'"):
        assert word in str(error.value)


def test_a_word_that_is_no_answer_is_not_reported_and_counted_with_its_heading(tmp_path):
    rows = [["name", "hours", "Takes?", "Medicaid"], ["A", "", "", "yes"], ["B", "", "", "maybe"]]
    built = user_table(tmp_path, rows)
    assert built.facilities["accepts_medicaid"].tolist() == ["yes", "not_reported"]
    assert note_rows(built, "accepts_medicaid: no answer, set aside") == 1
    assert built.set_aside[["row", "column", "value"]].values.tolist() == [[3, "Medicaid", "maybe"]]


def test_a_row_without_a_name_is_left_out_and_said(tmp_path):
    built = user_table(tmp_path, [["name", "hours"], ["A", ""], ["", "9-5 weekdays"]])
    assert len(built.facilities) == 1
    assert note_rows(built, "left out as no name: row 3 ('9-5 weekdays')") == 1


def test_a_column_that_is_not_read_is_named(tmp_path):
    built = user_table(tmp_path, [["name", "hours", "Clinic colour"], ["A", "9-5 weekdays", "blue"]])
    assert note_rows(built, "'Clinic colour'") == 1


def test_hours_follow_their_facility_where_the_table_has_no_identifiers_and_repeats(tmp_path):
    rows = [["name", "hours"], ["A", "Mon 9am-5pm"], ["A", "Tue 9am-5pm"], ["B", "Wed 9am-5pm"]]
    built = user_table(tmp_path, rows)
    days = [list(week_of(built, identifier)) for identifier in built.facilities["facility_id"]]
    assert days == [["Mo"], ["Tu"], ["We"]]
    assert built.facilities["duplicate_of"].notna().tolist() == [False, True, False]


def test_identifiers_of_the_user_are_kept_and_one_that_repeats_is_set_aside(tmp_path):
    rows = [["id", "name", "hours"], ["x1", "A", "Mon 9am-5pm"], ["x2", "B", ""]]
    built = user_table(tmp_path, rows)
    assert built.facilities["facility_id"].tolist() == ["x1", "x2"]
    assert list(week_of(built, "x1")) == ["Mo"]
    again = user_table(tmp_path, [*rows, ["x1", "C", "Tue 9am-5pm"]])
    assert again.set_aside[["row", "value"]].values.tolist() == [[4, "x1"]]
    assert list(week_of(again, "x1")) == ["Mo"]
    assert list(week_of(again, "x1-row-4")) == ["Tu"]


def test_hours_of_a_program_an_intake_and_a_telephone_keep_their_scope(tmp_path):
    text = "Office: 9am-5pm, Mon-Fri; Evening IOP: 6pm-9pm, Mon, Wed, Thu; Hotline: 24 hours a day, 7 days a week"
    built = user_table(tmp_path, [["name", "hours"], ["A", text]])
    scopes = built.hours.groupby("scope")["day"].apply(list).to_dict()
    assert scopes["program"] == ["Mo", "We", "Th"]
    assert scopes["office"] == list(DAYS[:5])
    assert scopes["phone"] == list(DAYS)
    found = coverage.coverage(built.facilities, built.hours, "weekend", "all").iloc[0]
    assert found["yes"] == 0


def test_a_part_of_a_text_that_is_not_placed_leaves_days_unknown(tmp_path):
    built = user_table(tmp_path, [["name", "hours"], ["A", "Mon-Fri 9am-5pm, Sat by appt"], ["B", ""]])
    assert built.facilities["hours_status"].tolist() == ["partial", "unknown"]
    assert week_of(built, built.facilities["facility_id"].iloc[0])["Sa"] == [(None, None)]


def test_an_excel_table_reads_as_a_csv_does(tmp_path):
    import make_sample

    rows = [["name", "hours", "state"], ["A", "Mon-Fri 9am-5pm", "Colorado"]]
    make_sample.write({"Sheet1": rows}, tmp_path / "mine.xlsx")
    built = listing.read_release(release_of("table", ".xlsx"), tmp_path / "mine.xlsx")
    assert built.facilities["state"].item() == "CO"
    assert len(built.hours) == 5


# OpenStreetMap


def feature(identifier: str | None = "node/1", **tags: str) -> dict:
    point = {"type": "Point", "coordinates": [-104.99, 39.74]}
    return {"type": "Feature", "id": identifier, "properties": {"name": "A (synthetic)", **tags}, "geometry": point}


def osm_of(tmp_path: Path, *features: dict) -> listing.Listing:
    return build("osm", json.dumps({"type": "FeatureCollection", "features": list(features)}).encode(), tmp_path)


def test_tags_give_address_hours_and_answers(tmp_path):
    tags = {"addr:housenumber": "7", "addr:street": "Sample Street", "addr:state": "Colorado", "addr:postcode": "80203"}
    more = {"opening_hours": "Mo-Fr 09:00-20:00", "healthcare:speciality": "psychiatry;addiction", "fee": "no"}
    built = osm_of(tmp_path, feature(**tags, **more))
    row = built.facilities.iloc[0]
    assert (row["street"], row["state"], row["county_fips"]) == ("7 Sample Street", "CO", "08031")
    assert (row["serves_substance_use"], row["serves_mental_health"], row["is_free_for_all"]) == ("yes",) * 3
    assert (row["accepts_self_pay"], row["accepts_medicaid"]) == ("not_reported", "not_asked")
    assert week_of(built, "node/1") == {day: [(540, 1200)] for day in DAYS[:5]}


def test_a_comment_alone_and_no_tag_are_unknown_and_never_24_7(tmp_path):
    built = osm_of(
        tmp_path, feature(opening_hours='"By appointment"'), feature("node/2"), feature("node/3", opening_hours="24/7")
    )
    assert built.facilities["hours_status"].tolist() == ["by_appointment", "unknown", "always"]


def test_a_shape_has_a_point_inside_and_a_feature_without_a_name_is_left_out_and_counted(tmp_path):
    area = feature("way/1", **{"addr:state": "CO"})
    ring = [[-105.0, 39.7], [-104.9, 39.7], [-104.9, 39.8], [-105.0, 39.7]]
    area["geometry"] = {"type": "Polygon", "coordinates": [ring]}
    built = osm_of(tmp_path, area, feature("node/2", name=""))
    assert len(built.facilities) == 1
    assert -105 < built.facilities["longitude"].item() < -104.9
    assert note_rows(built, "without a name") == 1


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"type": "FeatureCollection"}, "no feature"),
        ([1, 2], "no feature"),
        ({"type": "FeatureCollection", "features": []}, "no feature"),
    ],
)
def test_a_broken_extract_is_refused_in_a_sentence(document, sentence, tmp_path):
    with pytest.raises(DataError, match=sentence):
        build("osm", json.dumps(document).encode(), tmp_path)


# Files that users bring


@pytest.mark.parametrize("source", [source.key for source in catalog.sources().values() if source.key in SUFFIXES])
def test_a_file_that_a_user_brings_is_added_built_and_counted(source, tmp_path, monkeypatch):
    monkeypatch.setenv("IOP_DATA", str(tmp_path / "data"))
    file = tmp_path / f"brought{SUFFIXES[source]}"
    file.write_bytes(samples.WRITERS[source](SITES))
    steps = [
        ["add", f"{source}@mine", str(file)],
        ["build", f"{source}@mine"],
        ["coverage", "--source", f"{source}@mine", "--have", "evening", "--of", "all", "--format", "csv"],
    ]
    results = [CliRunner().invoke(main, step) for step in steps]
    assert [result.exit_code for result in results] == [0, 0, 0], [result.output for result in results]
    row = next(csv.DictReader(io.StringIO(results[-1].stdout)))
    assert int(row["facilities"]) == len(SITES)
    assert int(row["yes"]) > 0
    assert int(row["yes"]) + int(row["no"]) + int(row["unknown"]) == len(SITES)


def test_a_file_of_another_kind_and_a_folder_are_refused_with_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("IOP_DATA", str(tmp_path / "data"))
    wrong = tmp_path / "mine.json"
    wrong.write_text("{}")
    with pytest.raises(DataError, match=r"end in \.csv, \.tsv"):
        raw.add("table@mine", wrong)
    with pytest.raises(CallError, match="python -m zipfile -c mine.zip"):
        raw.add("plan_net@mine", tmp_path)
