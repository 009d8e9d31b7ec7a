"""The carried tables as Data Package 2.0 and Croissant: what each table is, its columns and its hash."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pandas as pd

from iop_analysis import __version__, catalog
from iop_analysis.releases import croissant
from iop_analysis.releases.datapackage import PROFILE, SCHEMA_PROFILE

FILE = "datapackage.json"
AUTHOR = "The iop_analysis contributors"
LICENCE = {"name": "MIT", "title": "as the package; the sources keep their own"}
# Identifiers whose zeros a reader would lose.
TEXTS = ("place", "state", "county_fips", "group", "release", "point_id", "district")
TYPES = {"i": "integer", "f": "number", "b": "boolean"}


def write(folder: Path) -> list[Path]:
    """Write `datapackage.json` and `croissant.json` for every table that lies in a folder."""
    paths = sorted(path for path in folder.rglob("*.csv*"))
    described = {
        "$schema": PROFILE,
        "name": "iop-analysis-carried",
        "title": "Aggregates that iop_analysis carries: counts by nation, state, county and district",
        "licenses": [LICENCE],
        "sources": [{"title": one.title, "path": one.homepage} for one in catalog.sources().values() if one.area],
        "version": __version__,
        "contributors": [{"title": AUTHOR, "roles": ["creator"]}],
        "resources": [_resource(path, folder) for path in paths],
    }
    target = folder / FILE
    target.write_text(json.dumps(described, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return [target, croissant.write(described, folder)]


def _resource(path: Path, folder: Path) -> dict[str, Any]:
    inside = path.relative_to(folder).as_posix()
    packed = {"compression": "gz"} if path.suffix == ".gz" else {}
    return {
        "name": inside.split(".csv")[0].lower().replace("/", "-").replace("__", "-").replace("_", "-"),
        "path": inside,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **packed,
        "hash": f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}",
        "schema": {"$schema": SCHEMA_PROFILE, "fields": _fields(path)},
    }


def _fields(path: Path) -> list[dict[str, str]]:
    table = pd.read_csv(path, dtype=dict.fromkeys(TEXTS, "str"), low_memory=False)
    return [{"name": str(name), "type": TYPES.get(table[name].dtype.kind, "string")} for name in table]
