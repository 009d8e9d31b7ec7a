"""Built releases on disk: parquet tables and a Frictionless datapackage, written all or nothing."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, TypeVar, TypeVarTuple

import geopandas
import pandas as pd

from iop_analysis import catalog, raw
from iop_analysis.errors import CallError, DataError
from iop_analysis.releases import datapackage
from iop_analysis.sources import Note

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
            _write_table(table, temporary / f"{name}.parquet")
        text = json.dumps(
            datapackage.descriptor(release, tables, notes, sha256, temporary), indent=1, ensure_ascii=False
        )
        (temporary / DESCRIPTOR).write_text(text + "\n", encoding="utf-8")
        swap(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return folder


def _write_table(table: pd.DataFrame, path: Path) -> None:
    """Parquet; a table with a geometry as GeoParquet 1.1, which carries its reference system and box."""
    if isinstance(table, geopandas.GeoDataFrame):
        table.to_parquet(path, index=False, schema_version="1.1.0", write_covering_bbox=False)
    else:
        table.to_parquet(path, index=False)


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
