"""FHIR, HSDS and OpenStreetMap come in many wrappers, with repeats, nulls and gaps: read and counted. SYNTHETIC."""

from __future__ import annotations

import copy
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import edits
import pytest

from iop_analysis import catalog, sources
from iop_analysis.errors import DataError
from iop_analysis.releases import listing

Write = Callable[[list[Any]], bytes]


def read(source: str, content: bytes, name: str, folder: Path) -> listing.Listing:
    (folder / name).write_bytes(content)
    return listing.read_release(catalog.Release(source, "mine", name), folder / name)


def lines(documents: list[Any]) -> bytes:
    return "".join(json.dumps(one) + "\n" for one in documents).encode()


def packed(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def note_rows(built: listing.Listing, words: str) -> int:
    return sum(note.rows for note in built.notes if words in note.text)


# Plan-Net

SERVICE: dict[str, Any] = {
    "resourceType": "HealthcareService",
    "id": "s",
    "active": True,
    "name": "Quince Intensive Outpatient (synthetic)",
    "meta": {"lastUpdated": "2031-02-01T00:00:00Z"},
    "location": [{"reference": "Location/l"}],
    "availableTime": [{"daysOfWeek": ["mon"], "availableStartTime": "18:00:00", "availableEndTime": "21:00:00"}],
}
PLACE: dict[str, Any] = {
    "resourceType": "Location",
    "id": "l",
    "status": "active",
    "address": {"line": ["5 Sample Way"], "city": "Denver", "state": "CO", "postalCode": "80203"},
    "position": {"latitude": 39.73, "longitude": -104.98},
}
REMARK = {"resourceType": "OperationOutcome", "issue": [{"severity": "information"}]}


def bundle(resources: list[Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in resources]}


FHIR: dict[str, Write] = {
    "one.json": lambda found: json.dumps(bundle(found)).encode(),
    "list.json": lambda found: json.dumps(found).encode(),
    "bulk.ndjson": lines,
    "bulk.json": lines,
    "bulk.ndjson.gz": lambda found: gzip.compress(lines(found)),
    "one.json.gz": lambda found: gzip.compress(json.dumps(bundle(found)).encode()),
    "pages.zip": lambda found: packed(
        {f"page{n}.json": json.dumps(bundle([one])).encode() for n, one in enumerate(found)}
    ),
    "bulk.zip": lambda found: packed({f"p{n}.ndjson.gz": gzip.compress(lines([one])) for n, one in enumerate(found)}),
}


@pytest.mark.parametrize("name", FHIR)
def test_fhir_is_read_in_every_wrapper_with_remarks_of_the_server_among_it(name, tmp_path):
    built = read("plan_net", FHIR[name]([SERVICE, REMARK, PLACE, SERVICE]), name, tmp_path)
    row = built.facilities.iloc[0]
    assert (len(built.facilities), row["zip"], row["hours_status"]) == (1, "80203", "known")
    assert row["offers_iop"] == "yes"


@pytest.mark.parametrize("order", [1, -1])
def test_of_a_resource_on_two_pages_the_newest_is_taken_and_counted(order, tmp_path):
    newer = SERVICE | {"name": "Quince, renamed", "meta": {"lastUpdated": "2031-02-01T01:00:00+00:30"}}
    older = SERVICE | {"name": "Quince, once"}
    built = read("plan_net", lines([PLACE, *[older, newer][::order]]), "x.ndjson", tmp_path)
    assert built.facilities["name"].tolist() == ["Quince, renamed"]
    assert note_rows(built, "the newest is taken") == 1


def test_nulls_for_texts_single_objects_and_numbers_for_texts_are_what_fhir_means(tmp_path):
    service = copy.deepcopy(SERVICE)
    service |= {"active": None, "location": SERVICE["location"][0], "availableTime": SERVICE["availableTime"][0]}
    place = copy.deepcopy(PLACE)
    place["address"] |= {"line": "5 Sample Way", "postalCode": 80203, "city": None}
    place["position"] = {"latitude": "39.73", "longitude": -104.98}
    built = read("plan_net", lines([service, place]), "x.ndjson", tmp_path)
    row = built.facilities.iloc[0]
    assert (row["street"], row["zip"], row["latitude"], row["hours_status"]) == (
        "5 Sample Way",
        "80203",
        39.73,
        "known",
    )


def test_values_of_another_kind_are_left_out_and_counted_and_resources_without_id_too(tmp_path):
    service = SERVICE | {"name": {"a": 1}, "category": ["behav", {"coding": "x"}]}
    built = read("plan_net", lines([service, PLACE, {"resourceType": "Location"}, [1, "x"]]), "x.ndjson", tmp_path)
    assert note_rows(built, "of a kind that FHIR does not have") == 3
    assert note_rows(built, "have no id") == 1
    assert note_rows(built, "hold no resource") == 2


LOST = {
    "entry": {"resourceType": "Bundle", "entry": None},
    "entry[1]": {"resourceType": "Bundle", "entry": [{"resource": SERVICE}, None]},
    "entry[0].resource": {"resourceType": "Bundle", "entry": [{"resource": None}]},
    "entry[0].search": {"resourceType": "Bundle", "entry": [{"resource": SERVICE, "search": None}]},
    "entry[0].resource.extension": bundle([SERVICE | {"extension": None}]),
    "entry[1].resource.position": bundle([SERVICE, PLACE | {"position": None}]),
    "entry[0].resource.contact": bundle([SERVICE | {"contact": None}]),
    "location": SERVICE | {"location": None},
    "location[1]": SERVICE | {"location": [*SERVICE["location"], None]},
    "meta": SERVICE | {"meta": None},
    "telecom[0].extension[0].valuePeriod": SERVICE | {"telecom": [{"extension": [{"valuePeriod": None}]}]},
    "category[0].coding[0]": SERVICE | {"category": [{"coding": [None]}]},
    "[1]": [SERVICE, None],
    "[0].availableTime": [SERVICE | {"availableTime": None}],
}


@pytest.mark.parametrize("where", LOST)
@pytest.mark.parametrize("name", ["x.json", "x.ndjson.gz"])
def test_a_null_where_fhir_has_an_object_is_refused_with_its_place(where, name, tmp_path):
    content = json.dumps(LOST[where]).encode()
    with pytest.raises(DataError) as error:
        read("plan_net", gzip.compress(content + b"\n") if name.endswith("gz") else content, name, tmp_path)
    said = f": {where} is null where FHIR has an object"
    assert str(error.value).startswith(name) and said in str(error.value)
    assert len(str(error.value).splitlines()) == 1


def test_few_damaged_lines_are_left_out_and_a_damaged_last_line_is_a_cut_off_file(tmp_path):
    content = lines([SERVICE]) + b'{"resourceType": \n' + lines([PLACE])
    built = read("plan_net", content, "x.ndjson", tmp_path)
    assert note_rows(built, "lines are damaged and left out, the first: x.ndjson: line 2") == 1
    with pytest.raises(DataError, match="line 4: the JSON is cut off"):
        read("plan_net", content + b'{"resourceType": "Loc', "x.ndjson", tmp_path)
    with pytest.raises(DataError, match="line 2"):
        read("plan_net", lines([SERVICE]) + b"{\n" * 30 + lines([PLACE]), "x.ndjson", tmp_path)


# HSDS

PROGRAM: dict[str, Any] = {
    "id": "s",
    "name": "Intensive Outpatient Program",
    "status": "active",
    "fees_description": "Sliding scale. Accepts Medicaid.",
    "organization": {"id": "o", "name": "Rowan House (synthetic)"},
    "service_at_locations": [
        {
            "id": "at",
            "location": {
                "id": "l",
                "latitude": 39.73,
                "longitude": -104.98,
                "addresses": [{"address_1": "PO Box 5", "address_type": "postal"}, {"address_1": "5 Sample Way"}],
            },
        }
    ],
    "schedules": [{"freq": "WEEKLY", "byday": "MO,TU", "opens_at": "18:00", "closes_at": "21:00"}],
    "phones": [{"number": "303-555-0101"}],
    "languages": [{"name": "Spanish"}],
}
PROGRAM["service_at_locations"][0]["location"]["addresses"][1] |= {"state_province": "CO", "postal_code": "80203"}
HSDS: dict[str, Write] = {
    "page.json": lambda found: json.dumps({"total_items": 1, "contents": found}).encode(),
    "list.json": lambda found: json.dumps(found).encode(),
    "one.json": lambda found: json.dumps(found[0]).encode(),
    "by_table.json": lambda found: json.dumps({"services": found}).encode(),
    "rows.ndjson": lambda found: lines([*found, {"id": "t", "name": "Counseling"}]),
    "services.json.gz": lambda found: gzip.compress(json.dumps(found).encode()),
    "packed.zip": lambda found: packed({"hsds/services.json": json.dumps(found).encode()}),
}


@pytest.mark.parametrize("name", HSDS)
def test_the_json_of_hsds_3_is_read_like_its_tables(name, tmp_path):
    built = read("hsds", HSDS[name]([PROGRAM]), name, tmp_path)
    row = built.facilities.iloc[0]
    assert row["name"] == "Rowan House (synthetic) - Intensive Outpatient Program"
    assert (row["facility_id"], row["street"], row["state"], row["zip"]) == ("at", "5 Sample Way", "CO", "80203")
    assert (row["phone"], row["languages"], row["hours_status"]) == ("303-555-0101", "Spanish", "known")
    assert (row["offers_iop"], row["accepts_medicaid"], row["offers_sliding_fee"]) == ("yes",) * 3
    assert built.hours["opens_minute"].tolist() == [1080, 1080]
    assert len(built.facilities) == (2 if name == "rows.ndjson" else 1)


def test_organizations_that_hold_their_services_and_places_are_the_same_tables(tmp_path):
    service = {name: value for name, value in PROGRAM.items() if name not in ("organization", "service_at_locations")}
    place = PROGRAM["service_at_locations"][0]["location"]
    link = {"id": "at", "service_id": "s", "location_id": "l"}
    whole = {"id": "o", "name": "Rowan House (synthetic)", "services": [service], "locations": [place]}
    members = {
        "organizations.json": json.dumps([whole]).encode(),
        "service_at_locations.json": json.dumps([link]).encode(),
    }
    row = read("hsds", packed(members), "x.zip", tmp_path).facilities.iloc[0]
    assert row["name"] == "Rowan House (synthetic) - Intensive Outpatient Program"
    assert (row["street"], row["hours_status"]) == ("5 Sample Way", "known")


def test_a_service_at_no_location_is_a_row_without_a_place(tmp_path):
    service = {name: value for name, value in PROGRAM.items() if name != "service_at_locations"}
    built = read("hsds", json.dumps([service]).encode(), "x.json", tmp_path)
    assert built.facilities["facility_id"].tolist() == ["s"]
    assert note_rows(built, "stand at no location") == 1


@pytest.mark.parametrize(
    ("words", "week"),
    [
        ("Weekdays", "Mo-Fr"),
        ("Weekend", "Sa,Su"),
        ("Tuesday through Thursday", "Tu-Th"),
        ("Mon/Wed", "Mo,We"),
        ("TTh", "Tu,Th"),
        ("Friday;Saturday", "Fr,Sa"),
        ("every day", "Mo-Su"),
        ("2,4", "Tu,Th"),
        ("Every other Friday", ""),
        ("2nd Tuesday", ""),
        ("0", ""),
        ("Summer", ""),
    ],
)
def test_weekdays_of_version_1_are_read_in_full_or_unknown_and_counted(words, week, tmp_path):
    head = "id,service_id,location_id"
    members = {
        "service.csv": "id,organization_id,name,status\ns,o,Quince,active\n",
        "organization.csv": "id,name\no,Quince\n",
        "location.csv": "id,latitude,longitude\nl,,\n",
        "service_at_location.csv": f"{head}\nat,s,l\n",
        "regular_schedule.csv": f'{head},weekday,opens_at,closes_at\nr,s,,"{words}",09:00,10:00\n',
    }
    built = read("hsds", packed({name: text.encode() for name, text in members.items()}), "x.zip", tmp_path)
    assert built.facilities["hours_text"].fillna("").item() == (f"{week} 09:00-10:00" if week else "")
    assert note_rows(built, "cannot be read in full") == (0 if week else 1)


# OpenStreetMap

TAGS = {
    "name": "Elm House (synthetic)",
    "healthcare": "clinic",
    "opening_hours": "Mo-Fr 08:00-20:00",
    "addr:state": "CO",
}
POINT = {"type": "Point", "coordinates": [-104.98, 39.73]}


def feature(properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": POINT, "properties": properties, **more}


def packed_tags(tags: dict[str, str]) -> str:
    return ",".join(f'"{key}"=>"{value}"' for key, value in tags.items())


FEATURES = {
    "overpass turbo": (feature(TAGS | {"@id": "node/7"}), "node/7"),
    "ohsome": (feature(TAGS | {"@osmId": "way/7", "@snapshotTimestamp": "2031-01-01"}), "way/7"),
    "osmium": (feature(TAGS | {"@type": "relation", "@id": 7}), "relation/7"),
    "osmnx": (feature(TAGS | {"osm_type": "NODE", "osmid": "7"}), "node/7"),
    "osm2pgsql": (feature({"osm_id": 7, "tags": TAGS}), "7"),
    "GDAL points": (feature({"osm_id": "7", "name": TAGS["name"], "other_tags": packed_tags(TAGS)}), "7"),
    "GDAL areas": (feature({"osm_way_id": "7", "name": TAGS["name"], "other_tags": packed_tags(TAGS)}), "way/7"),
    "overpass": ({"type": "node", "id": 7, "lat": 39.73, "lon": -104.98, "tags": TAGS}, "node/7"),
    "overpass ways": ({"type": "way", "id": 7, "center": {"lat": 39.73, "lon": -104.98}, "tags": TAGS}, "way/7"),
}


@pytest.mark.parametrize("program", FEATURES)
@pytest.mark.parametrize("wrapper", ["collection", "elements", "lines", "sequence", "packed"])
def test_an_extract_is_read_from_whatever_program_wrote_it(program, wrapper, tmp_path):
    one, identifier = FEATURES[program]
    other = {"type": "node", "id": 8, "lat": 39.73, "lon": -104.98, "tags": TAGS}
    content, name = {
        "collection": (json.dumps({"type": "FeatureCollection", "features": [one, other]}).encode(), "x.geojson"),
        "elements": (json.dumps({"version": 0.6, "elements": [one, other]}).encode(), "x.json"),
        "lines": (lines([one, other]), "x.geojsonl"),
        "sequence": (b"".join(b"\x1e" + lines([each]) for each in (one, other)), "x.geojsons"),
        "packed": (gzip.compress(json.dumps({"features": [one, other]}).encode()), "x.geojson.gz"),
    }[wrapper]
    built = read("osm", content, name, tmp_path)
    assert built.facilities["facility_id"].tolist() == [identifier, "node/8"]
    assert built.facilities["hours_status"].tolist() == ["known", "known"]
    assert built.facilities["state"].tolist() == ["CO", "CO"]
    assert built.facilities["latitude"].tolist() == [39.73, 39.73]


def test_features_without_an_identifier_get_one_of_their_own_making_and_are_counted(tmp_path):
    two = [feature(TAGS), feature(TAGS | {"addr:unit": "2"})]
    first, again = (read("osm", lines(listed), "x.geojsonl", tmp_path) for listed in (two, two[::-1]))
    assert sorted(first.facilities["facility_id"]) == sorted(again.facilities["facility_id"])
    assert first.facilities["facility_id"].is_unique
    assert note_rows(first, "no identifier") == 2


def test_of_a_feature_with_a_history_the_newest_is_taken(tmp_path):
    past = [feature(TAGS | {"@osmId": "node/7", "@snapshotTimestamp": date}) for date in ("2030", "2031", "2029")]
    past[1]["properties"]["name"] = "Elm House, renamed"
    built = read("osm", lines(past), "x.geojsonl", tmp_path)
    assert built.facilities["name"].tolist() == ["Elm House, renamed"]
    assert note_rows(built, "repeat an identifier") == 2


@pytest.mark.parametrize("shape", [{"type": "Point", "coordinates": "x"}, {"type": "Blob"}, "x", {"a": None}, [1]])
def test_a_feature_with_a_broken_shape_stays_without_a_point_and_is_counted(shape, tmp_path):
    whole = feature(TAGS | {"@id": "node/7"})
    built = read("osm", lines([whole, feature(TAGS | {"@id": "node/8"}) | {"geometry": shape}]), "x.geojsonl", tmp_path)
    assert built.facilities["latitude"].isna().tolist() == [False, True]
    assert note_rows(built, "broken shape") == 1


# Edits


def many(document: dict[str, Any], key: str) -> dict[str, Any]:
    """The document again under several identifiers, so that an edit meets many neighbours."""
    text = json.dumps(document)
    return {key: [json.loads(text.replace('"7"', f'"{n}"').replace('"s"', f'"s{n}"')) for n in range(3)]}


EDITED = {
    "plan_net": ("x.json", bundle([SERVICE, PLACE, REMARK])),
    "hsds": ("x.json", many(PROGRAM, "contents")),
    "osm": ("x.geojson", {"type": "FeatureCollection", "features": [one for one, _ in FEATURES.values()]}),
    "findtreatment": ("x.json", None),
}


def api_page() -> dict[str, Any]:
    import make_sample

    return dict(make_sample.content(catalog.release("findtreatment@va-2019"), make_sample.sites(3)))


@pytest.mark.slow
@pytest.mark.parametrize("source", EDITED)
def test_a_thousand_edits_end_in_rows_or_in_a_sentence(source, tmp_path):
    name, document = EDITED[source]
    release = catalog.Release(source, "mine", name, columns="va-2019" if source == "findtreatment" else "")
    module, path = sources.module(source), tmp_path / name
    outcomes = {"rows": 0, "sentence": 0}
    for seed in range(1000):
        path.write_text(json.dumps(edits.edited(document or api_page(), seed)))
        try:
            rows = module.read(path, release)
            built = module.clean(rows, release) if len(rows) else None
            if seed % 20 == 0 and built is not None:
                listing.standardize(built, release)
            outcomes["rows"] += 1
        except DataError as error:
            assert name in str(error)
            outcomes["sentence"] += 1
    assert min(outcomes.values()) > 0
