"""HSDS 3 as JSON, objects within objects, turned into the tables that the packages have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from iop_analysis.raw.documents import Documents

Row = dict[str, str]
Tables = dict[str, dict[str, Row]]

# Names under which objects hold others of a table: many under the plural, the one they belong to under the singular.
MANY = {
    "services": "service",
    "organizations": "organization",
    "locations": "location",
    "service_at_locations": "service_at_location",
    "services_at_location": "service_at_location",
    "addresses": "address",
    "physical_addresses": "address",
    "phones": "phone",
    "schedules": "schedule",
    "regular_schedules": "schedule",
    "languages": "language",
    "cost_options": "cost_option",
}
ONE = ("service", "organization", "location")
# Names under which an interface holds a page of objects.
PAGES = ("contents", "data", "results", "items", "records")
# Columns without which a table cannot be read, though no row may have them.
COLUMNS = {
    "service": ("id", "name", "status", "organization_id"),
    "organization": ("id", "name"),
    "location": ("id", "latitude", "longitude"),
    "service_at_location": ("id", "service_id", "location_id"),
    "address": ("id", "location_id"),
}


def records_of(documents: Documents, counts: Counter[str]) -> dict[str, pd.DataFrame]:
    """Tables by their name in the specification; a service at no place gets a row without one."""
    found: Tables = {name: {} for name in COLUMNS}
    counts.update(documents.counts)
    for where, document in documents.found:
        stem = PurePosixPath(where.rsplit(": line ", 1)[0].rsplit(": ", 1)[-1]).stem.lower()
        for kind, entry in _entries(document, MANY.get(stem, stem)):
            _take(entry, kind, found, counts)
    _place_all(found, counts)
    return {name: _table(rows, COLUMNS.get(name, ())) for name, rows in found.items()}


def _entries(document: Any, named: str) -> Iterator[tuple[str, Any]]:
    """Objects of a document, each with its table: of a list, of a page, of lists by table, or the one object."""
    if isinstance(document, list):
        for one in document:
            yield _kind(one, named), one
        return
    pages = [document[name] for name in PAGES if isinstance(document.get(name), list)] if _is(document) else []
    if pages:
        yield from _entries(pages[0], named)
    elif _is(document) and "id" not in document and any(name in document for name in MANY):
        for name, table in MANY.items():
            held = document.get(name)
            yield from ((table, one) for one in (held if isinstance(held, list) else []))
    else:
        yield _kind(document, named), document


def _is(value: Any) -> bool:
    return isinstance(value, dict)


def _kind(entry: Any, named: str) -> str:
    """Table of an object: that of the file's name, else what its own names tell."""
    if named in COLUMNS or not _is(entry):
        return named if named in COLUMNS else "service"
    if "service_at_locations" in entry or "organization" in entry:
        return "service"
    if ("service_id" in entry or "service" in entry) and ("location_id" in entry or "location" in entry):
        return "service_at_location"
    if "services" in entry or "legal_status" in entry:
        return "organization"
    return "location" if "addresses" in entry or "location_type" in entry else "service"


def _take(entry: Any, table: str, found: Tables, counts: Counter[str], owner: tuple[str, str] | None = None) -> str:
    """Put an object, and those within it, into their tables; its identifier, empty where it is no object."""
    if not _is(entry):
        counts["values stand where an object should and are left out"] += 1
        return ""
    rows = found.setdefault(table, {})
    row = {name: text for name, value in entry.items() if (text := _text(value))}
    identifier = row.setdefault("id", f"{table}-{len(rows) + 1}")
    if owner:
        row.setdefault(f"{owner[0]}_id", owner[1])
    for name in ONE:
        if entry.get(name) is not None and name != table:
            row[f"{name}_id"] = _take(_single(entry[name]), name, found, counts) or row.get(f"{name}_id", "")
    for name, inner in MANY.items():
        held = entry.get(name)
        for one in held if isinstance(held, list) else [] if held is None else [held]:
            _take(one, inner, found, counts, (table, identifier))
    rows[identifier] = rows.get(identifier, {}) | row
    return identifier


def _single(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _text(value: Any) -> str:
    """A value as text; a list of plain values by commas, anything else that is no plain value as nothing."""
    if isinstance(value, list):
        return ",".join(filter(None, map(_plain, value)))
    return _plain(value)


def _plain(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _place_all(found: Tables, counts: Counter[str]) -> None:
    """A row without a place for each service that no row places."""
    links = found["service_at_location"]
    placed = {row.get("service_id", "") for row in links.values()}
    for identifier in found["service"]:
        if identifier not in placed:
            counts["services stand at no location: they have no place"] += 1
            links[f"service-{identifier}"] = {"id": identifier, "service_id": identifier, "location_id": ""}


def _table(rows: dict[str, Row], columns: tuple[str, ...]) -> pd.DataFrame:
    table = pd.DataFrame(list(rows.values()), dtype="object").fillna("")
    return table.reindex(columns=[*columns, *(name for name in table if name not in columns)], fill_value="")
