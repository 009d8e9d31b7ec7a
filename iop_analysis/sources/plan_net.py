"""Plan-Net: payers' provider directories in FHIR R4, a service at a location a row, with hours, networks and plans."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from iop_analysis import catalog
from iop_analysis.errors import DataError
from iop_analysis.hours.minutes import WHOLE_DAY, span
from iop_analysis.hours.week import DAYS, Week, from_spans, hours_rows
from iop_analysis.sources import HOURS_COLUMNS, Cleaned, Note, _codes, notes
from iop_analysis.sources._fhir import Resource, Resources, codes, displays, extensions, key_of, of_type, resources
from iop_analysis.sources._words import programs

FHIR_DAYS = {name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
# Places and plan types of affiliations, by the key of a service or of an organization.
Affiliations = dict[str, list[tuple[set[str], set[str]]]]
# Names of the first and last time of a block: of a service and of a location.
SERVICE_TIMES = ("availableStartTime", "availableEndTime")
LOCATION_TIMES = ("openingTime", "closingTime")
CLOSED_LOCATION = ("suspended", "inactive")


def read(path: Path, release: catalog.Release) -> pd.DataFrame:
    """A row for each service at each of its locations: the resources themselves, and the types of its plans.

    Takes bundles (.json), one resource a line (.ndjson), either as .gz, or a folder of such files packed as .zip.
    """
    found, counts = resources(path)
    services = of_type(found, "HealthcareService")
    if not services:
        raise DataError(f"{path.name}: there is no HealthcareService in it; check that this is a provider directory.")
    tied = _affiliations(found)
    rows = [
        {
            "service": service,
            "location": location,
            "organization": found.get(key_of(service.get("providedBy"), found), {}),
            "plans": _plans(service, location, tied, found),
        }
        for service in _active(services)
        for location in _locations(service, found)
    ]
    table = pd.DataFrame(rows, columns=["service", "location", "organization", "plans"])
    counts["services are marked as not active and left out"] = len(services) - len(_active(services))
    table.attrs["counts"] = dict(counts)
    return table


def _active(found: list[Resource]) -> list[Resource]:
    return [one for one in found if one.get("active", True)]


def _locations(service: Resource, found: Resources) -> list[Resource]:
    """Locations of a service that are in use; one without any (a virtual service) is a row without a place."""
    keys = [key_of(one, found) for one in service.get("location", [])]
    there = [found[key] for key in dict.fromkeys(keys) if key in found]
    used = [one for one in there if one.get("status", "active") not in CLOSED_LOCATION]
    return used if there else [{}]


def _plans_of_networks(found: Resources) -> dict[str, set[str]]:
    """Types of the insurance plans in force that use each network."""
    types: dict[str, set[str]] = {}
    for plan in of_type(found, "InsurancePlan"):
        if plan.get("status", "active") == "active":
            listed = plan.get("network", []) + [one for part in plan.get("plan", []) for one in part.get("network", [])]
            for network in listed:
                types.setdefault(key_of(network, found), set()).update(codes(plan.get("type")))
    return types


def _affiliations(found: Resources) -> Affiliations:
    """By service, or for those that name none by organization: the places and plan types of its affiliations."""
    plans = _plans_of_networks(found)
    tied: Affiliations = {}
    for one in _active(of_type(found, "OrganizationAffiliation")):
        networks = [key_of(network, found) for network in one.get("network", [])]
        types = set[str]().union(*(plans.get(network, set()) for network in networks))
        places = {key_of(reference, found) for reference in one.get("location", [])}
        services = [key_of(reference, found) for reference in one.get("healthcareService", [])]
        for key in services or [key_of(one.get("participatingOrganization"), found)]:
            tied.setdefault(key, []).append((places, types))
    return tied


def _plans(service: Resource, location: Resource, tied: Affiliations, found: Resources) -> tuple[str, ...]:
    """Plan types that reach a service at a location; an affiliation that names places reaches no other."""
    place = f"Location/{location.get('id', '')}"
    mine = tied.get(f"HealthcareService/{service['id']}", []) + tied.get(key_of(service.get("providedBy"), found), [])
    return tuple(sorted({one for places, types in mine if not places or place in places for one in types}))


def clean(rows: pd.DataFrame, release: catalog.Release) -> Cleaned:
    """Canonical services and their hours."""
    facilities = pd.DataFrame([_who_and_where(row) for row in rows.itertuples()], index=rows.index)
    weeks = [_week(*pair) for pair in zip(rows["service"], rows["location"], strict=True)]
    facilities["hours_status"] = [week.status for week in weeks]
    facilities["hours_text"] = [_times(*pair) for pair in zip(rows["service"], rows["location"], strict=True)]
    facilities = facilities.assign(**_answers(rows))
    spans = [
        row
        for identifier, week in zip(facilities["facility_id"], weeks, strict=True)
        for row in hours_rows(week, identifier)
    ]
    return Cleaned(facilities, pd.DataFrame(spans, columns=HOURS_COLUMNS), _notes(rows, facilities))


def _who_and_where(row: Any) -> dict[str, Any]:
    service, location, address = row.service, row.location, row.location.get("address", {})
    names = [row.organization.get("name", ""), service.get("name", "") or location.get("name", "")]
    telecom = service.get("telecom", []) + location.get("telecom", [])
    said = {one["system"]: one["value"] for one in reversed(telecom) if "system" in one and "value" in one}
    position = location.get("position", {})
    return {
        "facility_id": "@".join(filter(None, [service["id"], location.get("id", "")])),
        "name": " - ".join(dict.fromkeys(filter(None, names)))
        or "; ".join(filter(None, displays(service.get("specialty")))),
        "street": ", ".join(address.get("line", [])),
        "city": address.get("city", ""),
        "state": address.get("state", ""),
        "zip": address.get("postalCode", ""),
        "latitude": str(position.get("latitude", "")),
        "longitude": str(position.get("longitude", "")),
        "phone": said.get("phone", ""),
        "website": said.get("url", ""),
        "facility_type": "; ".join(codes(service.get("category"))),
        "information_date": service.get("meta", {}).get("lastUpdated", "")[:10],
    }


def _blocks(service: Resource, location: Resource) -> list[tuple[Resource, str, str]]:
    """Time blocks of the service, else of its location; a telephone's times are neither."""
    if service.get("availableTime"):
        return [(block, *SERVICE_TIMES) for block in service["availableTime"]]
    return [(block, *LOCATION_TIMES) for block in location.get("hoursOfOperation", [])]


def _week(service: Resource, location: Resource) -> Week:
    """The week of the time blocks; a day whose times are missing or unreadable is unknown, one unnamed is closed."""
    spans: list[tuple[int, int, int]] = []
    unknown: set[str] = set()
    for block, first, last in _blocks(service, location):
        days = [FHIR_DAYS.get(day) for day in block.get("daysOfWeek", [])] or [None]
        times = (0, WHOLE_DAY) if block.get("allDay") else span(block.get(first, ""), block.get(last, ""))
        for day in days:
            if day is None:
                unknown |= set(DAYS)
            elif times is None:
                unknown.add(DAYS[day])
            else:
                spans.append((day, *times))
    if any(not exception.get("during") for exception in service.get("notAvailable", [])):
        unknown |= set(DAYS)
    return from_spans(spans, "partial" if unknown else "known", unknown) if spans else Week("unknown")


def _times(service: Resource, location: Resource) -> str:
    parts = [
        f"{','.join(block.get('daysOfWeek', []))} "
        + ("all day" if block.get("allDay") else f"{block.get(first, '?')}-{block.get(last, '?')}")
        for block, first, last in _blocks(service, location)
    ]
    closed = [f"not available: {one.get('description', '')}" for one in service.get("notAvailable", [])]
    return "; ".join(filter(None, [*parts, *closed, service.get("availabilityExceptions", "")]))


def _answers(rows: pd.DataFrame) -> dict[str, pd.Categorical]:
    pairs = list(zip(rows["service"], rows["location"], strict=True))
    marks = {
        "plan": list(rows["plans"]),
        "patients": [_patients(service) or _patients(place) for service, place in pairs],
        "delivery": [_delivery(service) for service in rows["service"]],
    }
    named = programs(map(_words, rows["service"]))
    has = {f"words:{name}": here for name, here in named.items()}
    filled = {name: np.array([bool(one) for one in listed]) for name, listed in marks.items()}
    rules = catalog.code_rules("plan_net")
    for rule in rules:
        category, code = rule["code"].split(":", 1)
        if category in marks:
            has[rule["code"]] = np.array([code in listed for listed in marks[category]])
    return _codes.from_codes(has, rules, "service", filled)


def _patients(resource: Resource) -> list[str]:
    """Codes of the new-patients extensions, over all networks."""
    parts = [part for one in extensions(resource, "newpatients") for part in extensions(one, "acceptingPatients")]
    return [code for part in parts for code in codes(part.get("valueCodeableConcept"))]


def _delivery(service: Resource) -> list[str]:
    parts = [part for one in extensions(service, "delivery-method") for part in extensions(one, "type")]
    return [code for part in parts for code in codes(part.get("valueCodeableConcept"))]


def _words(service: Resource) -> str:
    """Everything a service says in words about what it is."""
    coded = [displays(service.get(name)) for name in ("type", "category", "specialty", "program", "characteristic")]
    texts = [service.get(name, "") for name in ("name", "comment", "extraDetails")]
    return "\n".join([*texts, *(text for listed in coded for text in listed)])


def _notes(rows: pd.DataFrame, facilities: pd.DataFrame) -> tuple[Note, ...]:
    known = {rule["code"] for rule in catalog.code_rules("plan_net")}
    strange = rows["plans"].map(lambda types: [one for one in types if f"plan:{one}" not in known])
    listed = ", ".join(sorted({one for types in strange for one in types}))
    dated = rows["service"].map(lambda service: any(one.get("during") for one in service.get("notAvailable", [])))
    open_ended = rows["service"].map(
        lambda service: any(not one.get("during") for one in service.get("notAvailable", []))
    )
    return notes(
        (facilities["facility_id"].map(lambda text: "@" not in text).sum(), "services without a location: no place"),
        (
            facilities["hours_status"].eq("unknown").sum(),
            "rows without any time that can be used: unknown, never closed",
        ),
        (
            facilities["hours_status"].eq("partial").sum(),
            "rows with days whose times are missing: those days are unknown",
        ),
        (dated.sum(), "rows with dated exceptions (notAvailable): no part of a regular week"),
        (open_ended.sum(), "rows with exceptions without dates: every day may differ, partial"),
        (
            strange.map(bool).sum(),
            f"rows in plans of a type that the catalog does not know ({listed}): it answers nothing",
        ),
    )
