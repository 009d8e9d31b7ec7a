"""Built releases on disk: parquet tables and a Frictionless datapackage, written all or nothing."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, TypeVar, TypeVarTuple

import pandas as pd

from iop_analysis import __version__, catalog, raw
from iop_analysis.errors import CallError, DataError
from iop_analysis.sources import Note

FIELD_TYPES = {
    "str": "string",
    "category": "string",
    "Int64": "integer",
    "float64": "number",
    "bool": "boolean",
    "boolean": "boolean",
}
DESCRIPTOR = "datapackage.json"
Rest = TypeVarTuple("Rest")
Answer = TypeVar("Answer")


def write(release: catalog.Release, tables: dict[str, pd.DataFrame], notes: Iterable[Note], sha256: str) -> Path:
    """Write the tables of a release as parquet with a `datapackage.json`, and return the folder.

    Everything goes to a temporary folder beside the final one, which is swapped in when it is complete: a build
    that stops half-way leaves what was built before.
    """
    folder = raw.processed_folder(release)
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}.new")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    try:
        for name, table in tables.items():
            table.to_parquet(temporary / f"{name}.parquet", index=False)
        text = json.dumps(_descriptor(release, tables, notes, sha256, temporary), indent=1, ensure_ascii=False)
        (temporary / DESCRIPTOR).write_text(text + "\n", encoding="utf-8")
        swap(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return folder


def swap(new: Path, folder: Path) -> None:
    """Put a complete new folder in the place of another, which stands until the last moment."""
    _mend(folder)
    old = _backup(folder)
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _backup(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.old")


def _mend(folder: Path) -> None:
    """Put back a release whose build was killed between the two renames of its swap: the one before it is whole."""
    if _backup(folder).exists() and not folder.exists():
        _backup(folder).rename(folder)


def _descriptor(
    release: catalog.Release,
    tables: dict[str, pd.DataFrame],
    notes: Iterable[Note],
    sha256: str,
    folder: Path,
) -> dict[str, Any]:
    source = catalog.source(release.source)
    return {
        "name": f"{release.source.replace('_', '-')}-{release.key}".lower(),
        "title": f"{source.title}, release {release.key}",
        "sources": [{"title": source.publisher, "path": source.homepage}],
        "description": f"One row is {source.row}. Licence of the source: {source.licence}. {source.citation}",
        "iop_analysis": {
            "version": __version__,
            "release": release.name,
            "file": release.file,
            "sha256": sha256,
            "survey_year": release.survey_year,
            "reference_date": release.reference_date,
            "notes": [{"rows": note.rows, "text": note.text} for note in notes],
        },
        "resources": [_resource(name, table, folder / f"{name}.parquet") for name, table in tables.items()],
    }


def _resource(name: str, table: pd.DataFrame, path: Path) -> dict[str, Any]:
    # No `bytes`: the validator compares it with the decoded size, which no parquet file can match.
    return {
        "name": name.replace("_", "-"),
        "path": path.name,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "hash": f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}",
        "schema": {"fields": [_field(str(column), table[column]) for column in table]},
    }


def _field(name: str, column: pd.Series) -> dict[str, Any]:
    variable = catalog.variables().get(name)
    described = {"title": variable.label, "description": variable.definition} if variable else {}
    return {"name": name, "type": FIELD_TYPES[str(column.dtype)], **described}


def describe(release: catalog.Release) -> dict[str, Any]:
    """The datapackage of a built release."""
    folder = raw.processed_folder(release)
    _mend(folder)
    if not (folder / DESCRIPTOR).exists():
        raise CallError(f"{release.name} is not built; run `iop-analysis build {release.name}`.")
    found: dict[str, Any] = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
    return found


def remembered(work: Callable[[str, *Rest], Answer]) -> Callable[[str, *Rest], Answer]:
    """Work on a built release, named first, that is done once in a process for the same arguments.

    A release that is built anew is worked on anew. Answers are shared, so nobody may change them.
    """

    @lru_cache(maxsize=64)
    def answer(built: bytes, name: str, *rest: *Rest) -> Answer:
        return work(name, *rest)

    @wraps(work)
    def ask(name: str, *rest: *Rest) -> Answer:
        return answer(stamp(name), name, *rest)

    return ask


def stamp(name: str) -> bytes:
    """What changes whenever a release is built anew: its datapackage, which holds the hash of each table."""
    release = raw.find_release(name)
    describe(release)
    return (raw.processed_folder(release) / DESCRIPTOR).read_bytes()


def read(release: catalog.Release, names: Iterable[str]) -> tuple[dict[str, pd.DataFrame], tuple[Note, ...]]:
    """Tables of a built release by name, and its notes."""
    described = describe(release)["iop_analysis"]
    folder = raw.processed_folder(release)
    missing = [name for name in names if not (folder / f"{name}.parquet").exists()]
    if missing:
        raise DataError(f"{release.name}: {', '.join(missing)} is missing in {folder}; build the release again.")
    tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in names}
    return tables, tuple(Note(**note) for note in described["notes"])


def built() -> list[str]:
    """`source@release` of everything that is built, in the order of the catalog, then by name."""
    folders = raw.data_folder() / "processed"
    for backup in folders.glob("*/.*.old"):
        _mend(backup.with_name(backup.name.removeprefix(".").removesuffix(".old")))
    found = {f"{one.parent.parent.name}@{one.parent.name}" for one in folders.glob(f"*/*/{DESCRIPTOR}")}
    found = {name for name in found if "@." not in name}
    known = [name for name in catalog.releases() if name in found]
    return known + sorted(found - set(known))


def notes_table(notes: Iterable[Note]) -> pd.DataFrame:
    """What was set aside or read in a special way: `rows` and `text`."""
    return pd.DataFrame([{"rows": note.rows, "text": note.text} for note in notes], columns=["rows", "text"])
