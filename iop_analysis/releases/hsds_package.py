"""The file that 211 directories import: tables of HSDS 3 as CSV with their description, packed as .zip."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

from iop_analysis import __version__, catalog
from iop_analysis.raw.keeping import replacing
from iop_analysis.releases import hsds
from iop_analysis.releases.together import Combination

DESCRIPTOR = "datapackage.json"
# Every member bears the first day that a .zip can hold, so that the same tables are the same bytes.
DAY = (1980, 1, 1, 0, 0, 0)


def write(made: Combination, path: Path) -> int:
    """Write a combined list as an HSDS 3 package and return how many programs are in it.

    Parameters
    ----------
    made
        A combined list.
    path
        The .zip to write; what was there is replaced when the new one is whole.
    """
    found = hsds.tables(made)
    members = {f"{name}.csv": _csv(name, rows) for name, rows in found.items()}
    members[DESCRIPTOR] = json.dumps(description(made), indent=1, ensure_ascii=False) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w") as package:
        for name in sorted(members):
            entry = zipfile.ZipInfo(name, DAY)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            package.writestr(entry, members[name])
    return len(found["service"])


def _csv(table: str, rows: Iterable[dict[str, Any]]) -> str:
    names = [row["field"] for row in catalog.read_rows("hsds_fields.csv") if row["table"] == table]
    text = io.StringIO()
    writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def description(made: Combination) -> dict[str, Any]:
    """`datapackage.json`: every table with its fields and keys, and whose rows and words are in it."""
    release = made.listing.release
    names = sorted(name for name in release.facts["inputs"] if "@" in name)
    sources = {name: catalog.source(name.split("@")[0]) for name in names}
    mark = " SYNTHETIC sample: every program is invented." if release.synthetic else ""
    return {
        "profile": "tabular-data-package",
        "name": "human_services_data",
        "title": f"Intensive outpatient programs of {release.list_name}, in HSDS 3.0",
        "description": f"Only what a list or a witness says is there; what is not named is not known.{mark}",
        "version": __version__,
        "sources": [
            {"title": f"{one.title}, release {name.split('@')[1]}. {one.licence}", "path": one.homepage}
            for name, one in sources.items()
        ],
        "resources": [
            _resource(table, list(fields))
            for table, fields in groupby(catalog.read_rows("hsds_fields.csv"), lambda row: row["table"])
        ],
    }


def _resource(table: str, fields: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "name": table,
        "path": f"{table}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "profile": "tabular-data-resource",
        "schema": {
            "fields": [_field(field) for field in fields],
            "primaryKey": "id",
            "foreignKeys": [_key(field["field"]) for field in fields if field["field"][:-3] in _tables()],
        },
    }


def _field(field: dict[str, str]) -> dict[str, Any]:
    form = {"format": field["format"]} if field["format"] else {}
    needed: dict[str, Any] = {"required": True} if field["required"] else {}
    needed |= {"unique": True} if field["field"] == "id" else {}
    return {"name": field["field"], "type": field["type"], **form, **({"constraints": needed} if needed else {})}


def _key(field: str) -> dict[str, Any]:
    return {"fields": field, "reference": {"resource": field[:-3], "fields": "id"}}


def _tables() -> set[str]:
    return {row["table"] for row in catalog.read_rows("hsds_fields.csv")}
