"""Write the synthetic files of the sources with hours in their formats: `python tests/make_sample_hours.py`.

Every facility is one of `invented.py` and says so in its name. The traps of the real files are in it in small number.
The same seed gives the same bytes.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from invented import DAYS, Site, sites

from iop_analysis import catalog

FOLDER = Path(__file__).resolve().parents[1] / "data" / "raw" / "sample"
COUNT = 120
PACKED_ON = (2023, 5, 16, 0, 0, 0)
LONG_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HEADINGS = """
VASTID ExtractDate GeoExtractDate D_VISN StationNo StationName Address1 Address2 Address3 CategoryID CD CITY
CNAME CONT District_VISN EXTRDATE FIPS LAT LOC_NAME LON MARKET Mobile MVCTR NewVISN OldVISN OPERA_DATE
PAR_STA_NO ParentStationCL POD PROV S_ABBR SCORE SECTOR SHAR ST STA_FAX STA_NAME_Official STA_NO STA_PHONE
STATE_FIPS SUBMARKET SUSPENDED UNIQUESTAT URH VA_SITE VISN VCTR2 ZIP ZIP4 Monday Tuesday Wednesday Thursday
Friday Saturday Sunday OperationalHoursSpecialInstructions LastUpdated CLC CoCClassificationID District
DistrictName DRRTP HCC MCS MSCBOC NewVAMC OOS OutPatientRating PCCBOC S_CLASS_NAME VAH AFTERHOURSPHONE
PATIENTADVOCATEPHONE ENROLLMENTCOORDINATORPHONE PHARMACYPHONE SH_PAR_STA
"""
VAST = HEADINGS.split()
EXPANDED = (
    "Expanded or Nontraditional hours are available for some services on a routine and or requested basis. "
    "Please call our main phone number for details. |"
)
ADMINISTRATIVE = "Administrative hours are Monday-Friday 8:00 a.m. to 4:30 p.m. |"
# Cells of the real file that cannot be used, at sites 2, 3, 4 and 5.
ODD_CELLS = {2: "AM-PM", 3: "800-430", 4: "800AM-1200", 5: "800AM-430AM"}

Rows = list[list[str]]


def as_csv(rows: Iterable[Iterable[str]]) -> bytes:
    """Rows as a CSV file."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def packed(members: dict[str, bytes]) -> bytes:
    """Members as a zip archive with fixed dates."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, PACKED_ON), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


# Veterans Affairs


def va_facilities(chosen: Iterable[Site]) -> bytes:
    """One CSV in the layout of VAST."""
    return as_csv([VAST, *([_vast(site).get(name, "null") for name in VAST] for site in chosen)])


def _vast(site: Site) -> dict[str, str]:
    cells = dict(zip(LONG_DAYS, map(_vast_cell, site.week), strict=True))
    if site.number in ODD_CELLS:
        cells["Monday"] = ODD_CELLS[site.number]
    if site.number == 6:  # A mobile site: no hours on any day.
        cells = dict.fromkeys(LONG_DAYS, "-")
    return cells | {
        "VASTID": str(site.number + 1),
        "ExtractDate": "5-20-2020",
        "StationNo": f"9{site.number:03}SY",
        "STA_NO": f"9{site.number:03}SY",
        "StationName": site.name,
        "STA_NAME_Official": site.name,
        "Address2": site.street,
        "Address3": site.suite or "null",
        "CITY": site.city,
        "ST": site.state,
        "ZIP": site.zip,
        "LAT": site.latitude,
        "LON": site.longitude,
        "STA_PHONE": f"{site.phone} x",
        "S_ABBR": "MVCTR" if site.number == 6 else "PCCBOC",
        "OperationalHoursSpecialInstructions": {0: EXPANDED, 1: ADMINISTRATIVE}.get(site.number % 8, "null"),
    }


def _vast_cell(cell: str) -> str:
    """`8:00AM - 5:00PM` as `800AM-500PM`, a blank as `-`, midnight to midnight as `24/7`."""
    plain = re.sub("[: ]", "", cell)
    return "24/7" if plain == "1200AM-1200AM" else plain or "-"


# Open Referral


def hsds(chosen: Iterable[Site]) -> bytes:
    """A package of HSDS 1.1: a descriptor and its tables, with the text that each structured time was made from."""
    tables = hsds_tables(list(chosen))
    listed = [{"name": name, "path": f"{file}.csv"} for name, (file, _) in tables.items()]
    members = {"datapackage.json": (json.dumps({"name": "synthetic", "resources": listed}, indent=1) + "\n").encode()}
    return packed(members | {f"data/{file}.csv": as_csv(rows) for file, rows in tables.values()})


def hsds_tables(chosen: list[Site]) -> dict[str, tuple[str, Rows]]:
    """Tables of a package by name, each with its file and its rows under their headings."""
    ids = {site.number: f"{1000 + site.number}" for site in chosen}
    schedule = ["id", "service_id", "location_id", "service_at_location_id", "weekday", "opens_at", "closes_at"]
    return {
        "organization": ("organizations", [["id", "name"], *([ids[one.number], one.name] for one in chosen)]),
        "service": (
            "services",
            [
                ["id", "organization_id", "name", "description", "url", "status", "application_process", "fees"],
                *(_service(site, ids[site.number]) for site in chosen),
            ],
        ),
        "service_at_location": (
            "services_at_location",
            [["id", "service_id", "location_id", "description"], *([ids[one.number]] * 3 + [""] for one in chosen)],
        ),
        "location": (
            "locations",
            [
                ["id", "organization_id", "name", "latitude", "longitude"],
                *([ids[one.number]] * 2 + [one.name, one.latitude, one.longitude] for one in chosen),
            ],
        ),
        "physical_address": (
            "physical_addresses",
            [
                ["id", "location_id", "address_1", "address_2", "city", "state_province", "postal_code"],
                *(
                    [ids[one.number]] * 2 + [one.street, one.suite, one.city, f"{one.state} ", one.zip]
                    for one in chosen
                ),
            ],
        ),
        "phone": ("phones", [["id", "service_id", "number"], *([ids[one.number]] * 2 + [one.phone] for one in chosen)]),
        "regular_schedule": (
            "regular_schedules",
            [[*schedule, "original_text"], *(row for one in chosen for row in _lossy(one, ids[one.number]))],
        ),
    }


def _service(site: Site, identifier: str) -> list[str]:
    name = "Intensive Outpatient Program" if "offers_iop" in site.yes else "Outpatient Counseling"
    said = [text for name, text in _FEES.items() if name in site.yes]
    description = "Treatment of substance use disorders.\\n\\nGroups and individual sessions."
    # What an invented site does not say stands nowhere, as in a real directory.
    process = "Call to make an appointment.\\n" + " ".join(said)
    return [identifier, identifier, f"{name} (synthetic)", description, site.website, "active", process, ""]


_FEES = {
    "accepts_medicaid": "Accepts Medicaid.",
    "accepts_private_insurance": "Most insurance plans accepted.",
    "offers_sliding_fee": "Sliding scale fee.",
}


def hours_in_words(site: Site) -> str:
    """The week of a site as directories write it: times before days, a label before the hours of a program."""
    groups: dict[str, list[str]] = {}
    for day, cell in zip(DAYS, site.week, strict=True):
        if cell:
            groups.setdefault(cell.lower().replace(" ", ""), []).append(_SHORT[day])
    office = "; ".join(f"{times}, {', '.join(days)}" for times, days in groups.items())
    if site.number % 10 == 3 and office:
        return f"Office Hours: \\n{office}\\n\\nEvening IOP: \\n6:00pm-9:00pm, Mon, Wed, Thur"
    return "By appointment only" if site.number % 20 == 7 else office


_SHORT = dict(zip(DAYS, ("Mon", "Tue", "Wed", "Thur", "Fri", "Sat", "Sun"), strict=True))


def _lossy(site: Site, identifier: str) -> Rows:
    """Structured times as the publisher keeps them: of a text with two labels only the first survives."""
    text = hours_in_words(site)
    cells = [(day, cell.lower().split(" - ")) for day, cell in zip(LONG_DAYS, site.week, strict=True) if cell]
    return [["", identifier, "", "", day, opens, closes, text] for day, (opens, closes) in cells]


# Plan-Net


def plan_net(chosen: Iterable[Site]) -> bytes:
    """A folder of NDJSON files, one a type of resource, packed."""
    chosen = list(chosen)
    network = {"reference": "Organization/net"}
    files: dict[str, list[dict[str, Any]]] = {
        "InsurancePlan": [_fhir("InsurancePlan", "plan", status="active", type=[_coded("medi")], network=[network])],
        "Organization": [_fhir("Organization", f"org{one.number}", name=one.name) for one in chosen],
        "Location": [_fhir("Location", f"loc{one.number}", **_location(one)) for one in chosen],
        "HealthcareService": [_fhir("HealthcareService", f"svc{one.number}", **_offer(one)) for one in chosen],
        "OrganizationAffiliation": [
            _fhir(
                "OrganizationAffiliation",
                f"aff{one.number}",
                active=True,
                network=[network],
                healthcareService=[{"reference": f"HealthcareService/svc{one.number}"}],
            )
            for one in chosen
            if "accepts_medicaid" in one.yes
        ],
    }
    lines = {kind: "".join(json.dumps(one) + "\n" for one in listed) for kind, listed in files.items()}
    return packed({f"{kind}.ndjson": text.encode() for kind, text in lines.items()})


def _fhir(kind: str, identifier: str, **said: Any) -> dict[str, Any]:
    return {"resourceType": kind, "id": identifier, **said}


def _coded(code: str) -> dict[str, Any]:
    return {"coding": [{"code": code}]}


def _location(site: Site) -> dict[str, Any]:
    blocks = []
    for day, cell in zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), site.week, strict=True):
        if cell == "12:00AM - 12:00AM":
            blocks.append({"daysOfWeek": [day], "allDay": True})
        elif cell:
            opens, closes = (_clock(time) for time in cell.split(" - "))
            blocks.append({"daysOfWeek": [day], "openingTime": opens, "closingTime": closes})
    if site.number % 15 == 4:  # Days without times.
        blocks = [{"daysOfWeek": ["mon", "tue"]}]
    every_day = {"url": "http://example.org/contactpoint-availabletime", "extension": [{"url": "allDay"}]}
    return {
        "status": "active",
        "name": site.name,
        "telecom": [
            {"system": "phone", "value": site.phone, "extension": [every_day]},
            {"system": "url", "value": site.website},
        ],
        "address": {
            "line": [part for part in (site.street, site.suite) if part],
            "city": site.city,
            "state": site.state,
            "postalCode": site.zip,
        },
        "position": {"latitude": float(site.latitude), "longitude": float(site.longitude)},
        "hoursOfOperation": blocks,
    }


def _clock(text: str) -> str:
    """`5:00PM` as `17:00:00`."""
    hour, minute = text[:-2].split(":")
    return f"{int(hour) % 12 + 12 * text.endswith('PM'):02}:{minute}:00"


def _offer(site: Site) -> dict[str, Any]:
    kind = "Substance use intensive outpatient program" if "offers_iop" in site.yes else "Counseling"
    return {
        "active": True,
        "providedBy": {"reference": f"Organization/org{site.number}"},
        "location": [{"reference": f"Location/loc{site.number}"}],
        "type": [{"text": kind}],
        "category": [_coded("outpat")],
    }


# A user's table, and an extract of OpenStreetMap


def table(chosen: Iterable[Site]) -> bytes:
    """A CSV as somebody keeps it: own headings, hours in words, answers as yes, no and blank."""
    headings = ["Facility", "Address", "City", "State", "ZIP code", "Phone", "Website", "Hours", "Our notes"]
    asked = {"IOP": "offers_iop", "Medicaid": "accepts_medicaid", "Sliding fee": "offers_sliding_fee"}
    rows = [
        [
            *(site.name, site.street, site.city, "New Jersey" if site.state == "NJ" else site.state, site.zip),
            *(site.phone, site.website, hours_in_words(site), "called" if site.number % 2 else ""),
            *(_said(site, name) for name in asked.values()),
        ]
        for site in chosen
    ]
    return as_csv([headings + list(asked), *rows])


def _said(site: Site, name: str) -> str:
    return "" if site.has("no payer") else "Yes" if name in site.yes else "no"


def osm(chosen: Iterable[Site]) -> bytes:
    """A GeoJSON extract, one feature a line."""
    features = ",\n".join(json.dumps(_feature(site)) for site in chosen)
    return f'{{"type": "FeatureCollection", "features": [\n{features}\n]}}\n'.encode()


def _feature(site: Site) -> dict[str, Any]:
    number, street = site.street.split(" ", 1)
    tags = {
        "name": site.name,
        "healthcare": "clinic",
        "healthcare:speciality": "addiction_medicine",
        "addr:housenumber": number,
        "addr:street": street,
        "addr:city": site.city,
        "addr:state": site.state,
        "addr:postcode": site.zip,
        "phone": site.phone,
        "opening_hours": _osm_hours(site),
    }
    point = {"type": "Point", "coordinates": [float(site.longitude), float(site.latitude)]}
    return {"type": "Feature", "id": f"node/{9_000_000 + site.number}", "properties": tags, "geometry": point}


def _osm_hours(site: Site) -> str:
    if site.number % 20 == 7:
        return '"By appointment"'
    cells = [(day, cell.split(" - ")) for day, cell in zip(DAYS, site.week, strict=True) if cell]
    spans = [(day, _clock(opens)[:5], _clock(closes)[:5]) for day, (opens, closes) in cells]
    return "; ".join(f"{day} {opens}-{'24:00' if closes == '00:00' else closes}" for day, opens, closes in spans)


WRITERS: dict[str, Callable[[Iterable[Site]], bytes]] = {
    "va_facilities": va_facilities,
    "hsds": hsds,
    "plan_net": plan_net,
    "table": table,
    "osm": osm,
}


def sample() -> dict[str, bytes]:
    """The bytes of every file of the shipped sample of these sources."""
    chosen = sites(COUNT)
    found = [one for one in catalog.releases().values() if one.synthetic and one.source in WRITERS]
    return {release.file: WRITERS[release.source](chosen) for release in found}


def main() -> None:
    """Write the sample."""
    for name, content in sample().items():
        (FOLDER / name).write_bytes(content)


if __name__ == "__main__":
    main()
