"""The datapackage of a built release: Data Package 2.0, with licences, keys, categories and labelled missing values.

References: datapackage.org, Data Package Standard 2.0; geoparquet.org, GeoParquet 1.1 for the table of points.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from iop_analysis import __version__, catalog
from iop_analysis.catalog.answers import ANSWER_TYPE, NO, NOT_ASKED, NOT_REPORTED, YES
from iop_analysis.sources import Note

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
SCHEMA_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
FIELD_TYPES = {
    "str": "string",
    "category": "string",
    "Int64": "integer",
    "int64": "integer",
    "float64": "number",
    "bool": "boolean",
    "boolean": "boolean",
    "geometry": "any",
}
MISSING_ANSWERS = [
    {"value": NOT_REPORTED, "label": "asked, and no answer was given"},
    {"value": NOT_ASKED, "label": "the source does not ask this of the row"},
]
KEYS = {"facilities": ["facility_id"], "points": ["facility_id"]}
REFERS = ("facility_hours", "points", "facts", "evidence")


def descriptor(
    release: catalog.Release,
    tables: Mapping[str, pd.DataFrame],
    notes: Iterable[Note],
    sha256: str,
    folder: Path,
) -> dict[str, Any]:
    """What `datapackage.json` says of a release whose tables lie in a folder as parquet.

    Parameters
    ----------
    release
        What was built.
    tables
        The tables by name, as they were written.
    notes
        What was set aside or read specially.
    sha256
        Hash of the publisher's file.
    folder
        Where the tables were written.

    Returns
    -------
    dict
        Valid by the profile of Data Package 2.0; what is ours alone stands under `iop_analysis`.
    """
    source = catalog.source_of(release)
    return {
        "$schema": PROFILE,
        "name": f"{release.source.replace('_', '-')}-{release.key}".lower(),
        "title": f"{source.title}, release {release.key}",
        "version": __version__,
        **({"homepage": source.homepage} if source.homepage else {}),
        "contributors": [{"title": source.publisher, "roles": ["creator"]}],
        "sources": [{"title": source.publisher, "path": source.homepage}],
        "licenses": [{"name": source.licence_id, "title": source.licence}],
        "description": f"One row is {source.row}. {source.citation}",
        "iop_analysis": {
            "release": release.name,
            "file": release.file,
            "sha256": sha256,
            "survey_year": release.survey_year,
            "reference_date": release.reference_date,
            "notes": [{"rows": note.rows, "text": note.text} for note in notes],
        },
        "resources": [_resource(name, table, folder / f"{name}.parquet", tables) for name, table in tables.items()],
    }


def _resource(name: str, table: pd.DataFrame, path: Path, tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    # No `bytes`: validators compare it with the decoded size, which no parquet file can match.
    return {
        "name": name.replace("_", "-"),
        "path": path.name,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "hash": f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}",
        "schema": {
            "$schema": SCHEMA_PROFILE,
            "fields": [_field(str(column), table[column]) for column in table],
            **_keys(name, tables),
        },
    }


def _keys(name: str, tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    keys: dict[str, Any] = {"primaryKey": KEYS[name]} if name in KEYS else {}
    if name in REFERS and "facilities" in tables:
        reference = {"resource": "facilities", "fields": ["facility_id"]}
        keys["foreignKeys"] = [{"fields": ["facility_id"], "reference": reference}]
    return keys


def _field(name: str, column: pd.Series) -> dict[str, Any]:
    variable = catalog.variables().get(name)
    described: dict[str, Any] = {}
    if variable:
        described = {"title": variable.label, "description": variable.definition}
    if column.dtype == ANSWER_TYPE:
        described |= {"categories": [YES, NO], "missingValues": MISSING_ANSWERS}
    return {"name": name, "type": FIELD_TYPES[str(column.dtype)], **described}
