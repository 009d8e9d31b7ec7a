"""FHIR resources out of bundles, one a line, or packed files of either, by type and identifier."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from iop_analysis.errors import DataError
from iop_analysis.raw.documents import documents

Resource = dict[str, Any]
Resources = dict[str, Resource]
# What reading left out or chose, by sentence.
Counts = Counter[str]

# The kinds of value that FHIR gives the elements that are read here. Servers send single objects for lists, numbers for
# texts, and nulls for texts: those are turned into what FHIR means, and what cannot be is left out and counted.
OBJECTS = ("address", "position", "meta", "providedBy", "participatingOrganization", "valueCodeableConcept", "during")
OBJECT_LISTS = (
    *("location", "healthcareService", "network", "plan", "coding", "category", "type", "specialty", "program"),
    *("characteristic", "telecom", "availableTime", "hoursOfOperation", "notAvailable", "extension"),
)
TEXTS = (
    *("id", "name", "status", "lastUpdated", "reference", "url", "system", "value", "code", "display", "text"),
    *("city", "state", "postalCode", "description", "availabilityExceptions", "comment", "extraDetails"),
    *("availableStartTime", "availableEndTime", "openingTime", "closingTime", "latitude", "longitude"),
)
TEXT_LISTS = ("daysOfWeek", "line")
FLAGS = ("active", "allDay")
# Elements that are objects in every resource of a directory, and are not read. A null for an object is refused: what
# stood there is lost, and a place, a time or a plan that is lost in silence would count as one that there is not.
OTHER_OBJECTS = (
    *("entry", "resource", "link", "search", "request", "response", "contained", "identifier", "modifierExtension"),
    *("contact", "endpoint", "coverageArea", "serviceProvisionCode", "eligibility", "communication", "referralMethod"),
    *("photo", "managingOrganization", "partOf", "physicalType", "qualification", "period", "organization", "coverage"),
    *("practitioner", "ownedBy", "administeredBy", "specificCost", "generalCost", "benefit", "cost", "payloadType"),
    *("valueReference", "valueCoding", "valueIdentifier", "valuePeriod", "valueQuantity", "valueRange"),
)
# What a server says of its own work, and no resource of a directory.
REMARK = "OperationOutcome"
MUST_BE_OBJECTS = frozenset((*OBJECTS, *OBJECT_LISTS, *OTHER_OBJECTS))
WRONG_KIND = "values are of a kind that FHIR does not have there and are left out"


def resources(path: Path) -> tuple[Resources, Counts]:
    """Every resource of a file by `Type/id` (and by the full address its bundle gives it), and what was left out.

    Of a resource that stands there more than once the newest by `lastUpdated` is taken.

    Raises
    ------
    DataError
        The file is damaged, a document in it is no FHIR resource, or null stands where FHIR has an object.
    """
    found: Resources = {}
    read = documents(path)
    counts: Counts = Counter(read.counts)
    read.found.reverse()
    while read.found:  # what is shaped is let go: a national file fills the memory once, not twice
        where, document = read.found.pop()
        if not isinstance(document, list) and not _is_resource(document):
            raise DataError(
                f"{where}: there is no resourceType, so this is no FHIR resource; check that it is the file."
            )
        _refuse_null(document, where)
        for address, resource in _unpacked(document, counts):
            _keep(_shaped(resource, counts), address, found, counts)
    return found, counts


def _is_resource(document: Any) -> bool:
    return isinstance(document, dict) and isinstance(document.get("resourceType"), str)


def _refuse_null(document: Any, where: str) -> None:
    lost = _null_of(document, isinstance(document, list))
    if lost:
        raise DataError(
            f"{where}: {lost.lstrip('.')} is null where FHIR has an object: something is lost; ask for the file anew."
        )


def _null_of(value: Any, of_objects: bool) -> str:
    """Where the first null stands instead of an object, as in `.entry[0].resource`; empty where there is none."""
    listed = isinstance(value, list)
    for name, one in enumerate(value) if listed else value.items():
        objects = of_objects if listed else name in MUST_BE_OBJECTS
        lost = one is None and objects
        deeper = _null_of(one, objects) if isinstance(one, dict | list) else ""
        if lost or deeper:
            return (f"[{name}]" if listed else f".{name}") + deeper
    return ""


def _unpacked(document: Any, counts: Counts) -> Iterator[tuple[str, Resource]]:
    """Resources of a bundle with their full address, of a list, or the one resource itself."""
    if isinstance(document, list):
        for one in document:
            yield from _unpacked(one, counts)
    elif not _is_resource(document):
        counts["entries hold no resource and are left out"] += 1
    elif document["resourceType"] == "Bundle":
        entries = document.get("entry")
        for entry in entries if isinstance(entries, list) else [entries]:
            if isinstance(entry, dict) and entry.get("resource") is not None:
                address = entry.get("fullUrl")
                for _, resource in _unpacked(entry["resource"], counts):
                    yield address if isinstance(address, str) else "", resource
    elif document["resourceType"] != REMARK:
        yield "", document


def _shaped(value: Resource, counts: Counts) -> Resource:
    """A resource whose elements are of the kinds that FHIR gives them; a null for a text or a flag is an absent one."""
    shaped = {}
    for name, one in value.items():
        if one is not None:
            kept = KINDS.get(name, _as_it_is)(one, counts)
            if kept is None:
                counts[WRONG_KIND] += 1
            else:
                shaped[sys.intern(name)] = kept  # a million resources have the same few names
    return shaped


def _as_it_is(value: Any, counts: Counts) -> Any:
    return value


def _object(value: Any, counts: Counts) -> Resource | None:
    first = next((one for one in _listed(value) if isinstance(one, dict)), None)
    return None if first is None else _shaped(first, counts)


def _object_list(value: Any, counts: Counts) -> list[Resource]:
    listed = _listed(value)
    objects = [_shaped(one, counts) for one in listed if isinstance(one, dict)]
    counts[WRONG_KIND] += len(listed) - len(objects)
    return objects


def _text(value: Any, counts: Counts) -> str | None:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None


def _text_list(value: Any, counts: Counts) -> list[str]:
    return [one for one in _listed(value) if isinstance(one, str)]


def _flag(value: Any, counts: Counts) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower())
    return value if isinstance(value, bool) else None


def _listed(value: Any) -> list[Any]:
    return [one for one in value if one is not None] if isinstance(value, list) else [value]


KINDS: dict[str, Callable[[Any, Counts], Any]] = {
    **dict.fromkeys(OBJECTS, _object),
    **dict.fromkeys(OBJECT_LISTS, _object_list),
    **dict.fromkeys(TEXTS, _text),
    **dict.fromkeys(TEXT_LISTS, _text_list),
    **dict.fromkeys(FLAGS, _flag),
}


def _keep(resource: Resource, address: str, found: Resources, counts: Counts) -> None:
    if not resource.get("id"):
        counts["resources have no id and are left out"] += 1
        return
    key = f"{resource['resourceType']}/{resource['id']}"
    other = found.get(key)
    if other is None or (other != resource and _changed(resource) > _changed(other)):
        found[key] = resource
    if other is not None and other != resource:
        same = _changed(resource) == _changed(other)
        which = "of one date: the first is taken" if same else "of several dates: the newest is taken"
        counts[f"resources stand there again with other contents, {which}"] += 1
    if address:
        found[address] = found[key]


def _changed(resource: Resource) -> float:
    """When a resource was last changed, in seconds since 1970; before everything where it does not say."""
    text = resource.get("meta", {}).get("lastUpdated", "")
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return float("-inf")


def of_type(found: Resources, kind: str) -> list[Resource]:
    """Resources of a type in the order of the file."""
    return [resource for key, resource in found.items() if key == f"{kind}/{resource['id']}"]


def key_of(reference: Resource | None, found: Resources) -> str:
    """`Type/id` of what a reference points at, also out of a whole address; empty where it points at nothing."""
    text = (reference or {}).get("reference", "").split("/_history/")[0]
    if text in found:
        return f"{found[text]['resourceType']}/{found[text]['id']}"
    return "/".join(text.split("/")[-2:])


def codes(concepts: Resource | list[Resource] | None) -> list[str]:
    """Codes of one or several CodeableConcepts."""
    listed = concepts if isinstance(concepts, list) else [concepts or {}]
    return [coding["code"] for concept in listed for coding in concept.get("coding", []) if "code" in coding]


def displays(concepts: list[Resource] | None) -> list[str]:
    """What CodeableConcepts say in words."""
    texts = [concept.get("text", "") for concept in concepts or []]
    return texts + [coding.get("display", "") for concept in concepts or [] for coding in concept.get("coding", [])]


def extensions(resource: Resource, name: str) -> list[Resource]:
    """Extensions of a resource whose address ends in a name."""
    return [one for one in resource.get("extension", []) if one.get("url", "").rsplit("/", 1)[-1] == name]
