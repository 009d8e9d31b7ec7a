"""OpenStreetMap: an extract in GeoJSON that a user brings, with opening hours, addresses and health-care tags."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from shapely.errors import GEOSException, ShapelyError
from shapely.geometry import shape

from iop_analysis import catalog
from iop_analysis.errors import DataError
from iop_analysis.hours import osm as osm_hours
from iop_analysis.raw.documents import documents
from iop_analysis.sources import Cleaned, _codes, join_text, notes
from iop_analysis.sources._states import state_codes
from iop_analysis.sources._words import programs
from iop_analysis.sources._written import read_written

# Where programs that export GeoJSON put the identifier of a feature, its type, and when it was last changed.
IDENTIFIERS = ("@id", "id", "osm_id", "full_id", "@osmId", "osmid")
WAYS = ("osm_way_id",)
TYPES = ("@type", "osm_type", "@osmType", "type")
CHANGED = ("@snapshotTimestamp", "@lastEdit", "@timestamp", "osm_timestamp", "timestamp", "@validTo")
KINDS = ("node", "way", "relation")
# Tags that GDAL keeps in one text: "addr:state"=>"NJ","opening_hours"=>"24/7".
HSTORE = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')
BROKEN_SHAPE = (ShapelyError, GEOSException, KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError)


def read(path: Path, release: catalog.Release) -> pd.DataFrame:
    """A row a feature: the catalog's tags as text, all its tags, and a point inside its shape.

    Takes what Overpass, overpass turbo, ohsome, osmium, QGIS and GDAL export, one collection or one feature a line.

    Raises
    ------
    DataError
        The file holds no feature.
    """
    counts: Counter[str] = Counter()
    headings = catalog.columns(release)
    rows: dict[str, dict[str, Any]] = {}
    for feature in _features(path, counts):
        tags = _tags(feature)
        point = _point(feature, counts)
        identifier = _identifier(feature, tags) or _made(tags, point, counts)
        row = {name: tags.get(tag, "") for name, tag in headings.items()} | point
        _keep(row | {"facility_id": identifier, "tags": tags}, rows, counts)
    table = pd.DataFrame(list(rows.values()))
    table.attrs["counts"] = dict(counts)
    return table


def _features(path: Path, counts: Counter[str]) -> list[dict[str, Any]]:
    read = documents(path)
    counts.update(read.counts)
    listed = [one for _, document in read.found for one in _listed(document)]
    features = [one for one in listed if isinstance(one, dict)]
    if not features:
        raise DataError(f"{path.name}: there is no feature in it; widen the query and export it again as GeoJSON.")
    if len(features) < len(listed):
        counts["entries are no features and are left out"] = len(listed) - len(features)
    return features


def _listed(document: Any) -> list[Any]:
    """Features of a collection, of an answer of Overpass, of a list, or the one feature itself."""
    if isinstance(document, list):
        return [one for part in document for one in (_listed(part) if isinstance(part, list) else [part])]
    if not isinstance(document, dict):
        return []
    for name in ("features", "elements"):
        if isinstance(document.get(name), list):
            return list(document[name])
    return [document] if "geometry" in document or "tags" in document else []


def _tags(feature: dict[str, Any]) -> dict[str, str]:
    """Tags of a feature as text, whether they stand in the properties, under `tags`, or as GDAL writes them."""
    properties = feature.get("properties")
    listed = dict(properties) if isinstance(properties, dict) else {}
    for holder in (feature.get("tags"), listed.pop("tags", None)):
        if isinstance(holder, dict):
            listed |= holder
    for name in ("other_tags", "all_tags"):
        packed = listed.pop(name, None)
        if isinstance(packed, str):
            listed |= {_unescaped(key): _unescaped(value) for key, value in HSTORE.findall(packed)}
    kept = {str(key): value for key, value in listed.items() if isinstance(value, str | int | float)}
    return {key: str(value).strip() for key, value in kept.items()}


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _identifier(feature: dict[str, Any], tags: dict[str, str]) -> str:
    """`node/1` where the type is told apart from the number, else what the export has; empty where it has none."""
    own = feature.get("id")
    found = [str(own) if isinstance(own, str | int) else "", *(tags.get(name, "") for name in IDENTIFIERS)]
    way = next((f"way/{tags[name]}" for name in WAYS if tags.get(name)), "")
    identifier = next(filter(None, found), way)
    kinds = [str(feature.get("type", "")), *(tags.get(name, "") for name in TYPES)]
    kind = next((kind.lower() for kind in kinds if kind.lower() in KINDS), "")
    return f"{kind}/{identifier}" if kind and identifier.isdigit() else identifier


def _made(tags: dict[str, str], point: dict[str, float], counts: Counter[str]) -> str:
    """An identifier out of all that a feature says, for exports that leave out that of OpenStreetMap."""
    counts["features have no identifier: one is made of their tags and point"] += 1
    said = json.dumps([sorted(tags.items()), [repr(value) for value in point.values()]])
    return f"x{hashlib.sha256(said.encode()).hexdigest()[:12]}"


def _keep(row: dict[str, Any], rows: dict[str, dict[str, Any]], counts: Counter[str]) -> None:
    """One row an identifier: of several, as in a history, the newest."""
    other = rows.get(row["facility_id"])
    if other is not None:
        counts["features repeat an identifier: the newest is taken, or the first where no date tells"] += 1
    if other is None or _changed(row["tags"]) > _changed(other["tags"]):
        rows[row["facility_id"]] = row


def _changed(tags: dict[str, str]) -> str:
    return next((tags[name] for name in CHANGED if tags.get(name)), "")


def _point(feature: dict[str, Any], counts: Counter[str]) -> dict[str, float]:
    """A point inside the shape of a feature, missing where it has no shape or a broken one."""
    geometry = feature.get("geometry") or _of_overpass(feature)
    nowhere = {"longitude": np.nan, "latitude": np.nan}
    if not geometry:
        return nowhere
    try:
        with np.errstate(all="ignore"):
            inside = shape(geometry).representative_point()
            found = {"longitude": float(inside.x), "latitude": float(inside.y)}
    except BROKEN_SHAPE:
        found = nowhere
    if not all(map(np.isfinite, found.values())):
        counts["features have a broken shape: they stay without a point"] += 1
        return nowhere
    return found


def _of_overpass(element: dict[str, Any]) -> dict[str, Any] | None:
    """The point that Overpass gives a node, or a way that was asked for with its center."""
    holder = element if "lat" in element else element.get("center")
    if isinstance(holder, dict) and "lat" in holder:
        return {"type": "Point", "coordinates": [holder.get("lon"), holder.get("lat")]}
    return None


def clean(rows: pd.DataFrame, release: catalog.Release) -> Cleaned:
    """Canonical places and their hours."""
    named = join_text([rows["name"], rows["operator"]], "\n").fillna("").astype("str").str.split("\n").str[0]
    kept = rows[named != ""].reset_index(drop=True)
    facilities = pd.DataFrame(_who_and_where(kept, named[named != ""].reset_index(drop=True)) | _answers(kept))
    written = read_written(facilities["facility_id"], kept["hours_text"], osm_hours.parse)
    facilities["hours_status"], facilities["hours_text"] = written.status, kept["hours_text"]
    said = notes(
        (len(rows) - len(kept), "features without a name or an operator are left out"),
        (kept["hours_text"].eq("").sum(), "places without opening_hours: unknown, never closed"),
        (facilities["state"].eq("").sum(), "places without addr:state: they count in no state and no county"),
    )
    return Cleaned(facilities, written.hours, said + written.notes)


def _who_and_where(rows: pd.DataFrame, names: pd.Series) -> dict[str, Any]:
    return {
        "facility_id": rows["facility_id"],
        "name": names,
        "street": join_text([join_text([rows["number"], rows["street"]], " "), rows["unit"]], ", "),
        "city": rows["city"],
        "state": state_codes(rows["state"]),
        "zip": rows["zip"],
        "latitude": rows["latitude"],
        "longitude": rows["longitude"],
        "phone": rows["phone"].where(rows["phone"] != "", rows["contact_phone"]),
        "website": rows["website"].where(rows["website"] != "", rows["contact_website"]),
        "facility_type": rows["kind"].where(rows["kind"] != "", rows["amenity"]),
        "information_date": rows["changed"],
    }


def _answers(rows: pd.DataFrame) -> dict[str, pd.Categorical]:
    """Answers of the tags in `codes/osm.csv`; what is not tagged is not reported."""
    pairs = [_pairs(tags) for tags in rows["tags"]]
    rules = catalog.code_rules("osm")
    has = {rule["code"]: np.array([rule["code"] in listed for listed in pairs], dtype=bool) for rule in rules}
    texts = join_text([rows["name"], rows["description"]], "\n").fillna("")
    has |= {f"words:{name}": here for name, here in programs(texts).items()}
    return _codes.from_codes(has, rules, "site")


def _pairs(tags: dict[str, str]) -> set[str]:
    """Every `key=value` of the tags; values separated by semicolons count one by one."""

    def values(text: str) -> Iterable[str]:
        return (one.strip() for one in text.split(";"))

    return {f"{key}={value}" for key, text in tags.items() for value in values(text)}
