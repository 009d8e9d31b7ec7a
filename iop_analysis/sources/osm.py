"""OpenStreetMap: an extract in GeoJSON that a user brings, with opening hours, addresses and health-care tags."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from shapely.errors import GEOSException
from shapely.geometry import shape

from iop_analysis import catalog, raw
from iop_analysis.errors import DataError
from iop_analysis.hours import osm as osm_hours
from iop_analysis.sources import Cleaned, _codes, join_text, notes
from iop_analysis.sources._states import state_codes
from iop_analysis.sources._words import programs
from iop_analysis.sources._written import read_written

# Where programs that export GeoJSON put the identifier of a feature.
IDENTIFIERS = ("@id", "id", "osm_id", "full_id")


def read(path: Path, release: catalog.Release) -> pd.DataFrame:
    """A row a feature: the catalog's tags as text, all its tags, and a point inside its shape.

    Raises
    ------
    DataError
        The file is no GeoJSON FeatureCollection, or a feature has no identifier or a broken shape.
    """
    features = _features(path)
    headings = catalog.columns(release)
    rows = []
    for number, feature in enumerate(features, start=1):
        tags = _tags(feature)
        said = {name: tags.get(tag, "") for name, tag in headings.items()}
        point = _point(feature, f"{path.name}: feature {number}")
        identifier = _identifier(feature, tags, f"{path.name}: feature {number}")
        rows.append(said | point | {"facility_id": identifier, "tags": tags})
    return pd.DataFrame(rows)


def _features(path: Path) -> list[dict[str, Any]]:
    if raw.sniff(path) != "json":
        raise DataError(f"{path.name}: this is no JSON; export the extract as GeoJSON.")
    document = json.loads(path.read_text(encoding="utf-8-sig"))
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise DataError(f"{path.name}: there is no list of features in it; export the extract as GeoJSON.")
    if not features:
        raise DataError(f"{path.name}: there is no feature in it; widen the query and export again.")
    return features


def _tags(feature: dict[str, Any]) -> dict[str, str]:
    """Tags of a feature as text, whether they stand in the properties or under `tags` there."""
    properties = feature.get("properties") or {}
    nested = properties.get("tags")
    listed = properties | nested if isinstance(nested, dict) else properties
    return {str(key): str(value).strip() for key, value in listed.items() if value is not None}


def _identifier(feature: dict[str, Any], tags: dict[str, str], where: str) -> str:
    found = [str(feature.get("id") or "")] + [tags.get(name, "") for name in IDENTIFIERS]
    identifier = next((one for one in found if one), "")
    if not identifier:
        raise DataError(f"{where}: there is no identifier ({', '.join(IDENTIFIERS)}); export it with the OSM id.")
    return identifier


def _point(feature: dict[str, Any], where: str) -> dict[str, float]:
    """A point inside the shape of a feature, missing where it has no shape."""
    if not feature.get("geometry"):
        return {"longitude": np.nan, "latitude": np.nan}
    try:
        inside = shape(feature["geometry"]).representative_point()
    except (GEOSException, KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(f"{where}: its geometry is broken ({error}); export the extract again.") from error
    return {"longitude": inside.x, "latitude": inside.y}


def clean(rows: pd.DataFrame, release: catalog.Release) -> Cleaned:
    """Canonical places and their hours."""
    named = join_text([rows["name"], rows["operator"]], "\n").str.split("\n").str[0].fillna("")
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
