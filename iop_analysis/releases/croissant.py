"""A data package as Croissant 1.1, the description that machine-learning tools read: `croissant.json` beside it.

Everything is taken from the data package: there is no second list of files or columns. What the package does not know,
such as the day of publication, is left out.

References: mlcommons.org, Croissant Format Specification 1.1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FILE = "croissant.json"
VERSION = "http://mlcommons.org/croissant/1.1"
# Words of the specification: a term of its own under its own name, and those that JSON-LD must read in another way.
TERMS = (
    "arrayShape",
    "citeAs",
    "column",
    "containedIn",
    "equivalentProperty",
    "extract",
    "field",
    "fileObject",
    "fileProperty",
    "fileSet",
    "format",
    "includes",
    "isArray",
    "isLiveDataset",
    "jsonPath",
    "key",
    "md5",
    "parentField",
    "path",
    "recordSet",
    "references",
    "regex",
    "repeated",
    "replace",
    "samplingRate",
    "separator",
    "source",
    "subField",
    "transform",
)
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    **{term: f"cr:{term}" for term in TERMS},
}
# A geometry has no type here: its column is left to readers of GeoParquet.
TYPES = {"string": "sc:Text", "integer": "cr:Int64", "number": "cr:Float64", "boolean": "sc:Boolean"}
ENCODINGS = {"parquet": "application/x-parquet", "csv": "text/csv"}
# Identifiers of a data package's licences that are in no list of licences with addresses.
NO_ADDRESS = ("other-pd", "notspecified")


def write(package: Mapping[str, Any], folder: Path) -> Path:
    """Write `croissant.json` beside the files of a data package."""
    target = folder / FILE
    target.write_text(json.dumps(described(package), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return target


def described(package: Mapping[str, Any]) -> dict[str, Any]:
    """What `croissant.json` says of a data package whose files lie beside it.

    Parameters
    ----------
    package
        The content of `datapackage.json`.

    Returns
    -------
    dict
        JSON-LD: a file for each resource, and a record set with a field for each of its columns but geometries.
    """
    known = {
        "description": package.get("description") or package["title"],
        "url": package.get("homepage"),
        "license": [licence(one) for one in package["licenses"]],
        "creator": [{"@type": "sc:Organization", "name": one["title"]} for one in package["contributors"]],
        "isBasedOn": [one["path"] for one in package["sources"] if one.get("path")],
        "datePublished": package.get("iop_analysis", {}).get("reference_date"),
        "version": package["version"],
    }
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": VERSION,
        "name": package["title"],
        **{name: value for name, value in known.items() if value},
        "distribution": [_file(resource) for resource in package["resources"]],
        "recordSet": [_records(resource) for resource in package["resources"]],
    }


def licence(one: Mapping[str, str]) -> str:
    """The address of a data package's licence that has one, else its words."""
    name = one["name"]
    return one["title"] if name in NO_ADDRESS else f"https://spdx.org/licenses/{name}.html"


def _file(resource: Mapping[str, Any]) -> dict[str, str]:
    return {
        "@type": "cr:FileObject",
        "@id": resource["path"],
        "name": resource["path"],
        "contentUrl": resource["path"],
        "encodingFormat": ENCODINGS[resource["format"]],
        "sha256": resource["hash"].removeprefix("sha256:"),
    }


def _records(resource: Mapping[str, Any]) -> dict[str, Any]:
    schema = resource["schema"]
    keys = [{"@id": _id(resource["name"], name)} for name in schema.get("primaryKey", ())]
    foreign = {
        own: _id(key["reference"]["resource"], other)
        for key in schema.get("foreignKeys", ())
        for own, other in zip(key["fields"], key["reference"]["fields"], strict=True)
    }
    fields = [_field(resource, one, foreign) for one in schema["fields"] if one["type"] in TYPES]
    named = {"@type": "cr:RecordSet", "@id": resource["name"], "name": resource["name"]}
    return named | ({"key": keys} if keys else {}) | {"field": fields}


def _field(resource: Mapping[str, Any], field: Mapping[str, Any], foreign: Mapping[str, str]) -> dict[str, Any]:
    name = field["name"]
    said = _words(field)
    return {
        "@type": "cr:Field",
        "@id": _id(resource["name"], name),
        "name": name,
        **({"description": said} if said else {}),
        "dataType": TYPES[field["type"]],
        "source": {"fileObject": {"@id": resource["path"]}, "extract": {"column": name}},
        **({"references": {"field": {"@id": foreign[name]}}} if name in foreign else {}),
    }


def _words(field: Mapping[str, Any]) -> str:
    """What a column means, and what each of its values that is no plain answer means."""
    missing = [f"{one['value']}: {one['label']}." for one in field.get("missingValues", ())]
    return " ".join([*([field["description"]] if field.get("description") else []), *missing])


def _id(resource: str, column: str) -> str:
    return f"{resource}/{re.sub(r'[^A-Za-z0-9_.-]', '_', column)}"
