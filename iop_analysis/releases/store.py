"""Built releases on disk: parquet tables, described as Data Package and as Croissant, written all or nothing."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import time
from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, TypeVar, TypeVarTuple

import geopandas
import pandas as pd

from iop_analysis import catalog, raw
from iop_analysis.errors import CallError, DataError
from iop_analysis.releases import croissant, datapackage
from iop_analysis.releases.swapping import alone, backup, mend, swap
from iop_analysis.sources import Note

DESCRIPTOR = "datapackage.json"
# How often, and how far apart, a reader looks again while a writer swaps.
TRIES, PAUSE_SECONDS = 40, 0.05
Rest = TypeVarTuple("Rest")
Answer = TypeVar("Answer")


def write(release: catalog.Release, tables: dict[str, pd.DataFrame], notes: Iterable[Note], sha256: str) -> Path:
    """Write the tables of a release as parquet with `datapackage.json` and `croissant.json`, and return the folder.

    Everything goes to a temporary folder beside the final one, which is swapped in when it is complete: a build
    that stops half-way leaves what was built before.
    """
    folder = raw.processed_folder(release)
    with alone(folder):
        for left_over in folder.parent.glob(f".{folder.name}.*.new"):
            shutil.rmtree(left_over, ignore_errors=True)
        temporary = folder.with_name(f".{folder.name}.{os.getpid()}.new")
        temporary.mkdir()
        try:
            for name, table in tables.items():
                _write_table(table, temporary / f"{name}.parquet")
            described = datapackage.descriptor(release, tables, notes, sha256, temporary)
            text = json.dumps(described, indent=1, ensure_ascii=False)
            (temporary / DESCRIPTOR).write_text(text + "\n", encoding="utf-8")
            croissant.write(described, temporary)
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


def describe(release: catalog.Release) -> dict[str, Any]:
    """The datapackage of a built release."""
    return _parsed(release, _described(release))


def _described(release: catalog.Release) -> bytes:
    """Bytes of the datapackage; between the two renames of a build that is being swapped in, those of the new one."""
    path = raw.processed_folder(release) / DESCRIPTOR
    for _ in range(TRIES):
        try:
            return path.read_bytes()
        except FileNotFoundError:
            if not backup(path.parent).exists() and not path.exists():
                break
            mend(path.parent)
            time.sleep(PAUSE_SECONDS)
    raise CallError(f"{release.name} is not built; run `iop-analysis build {release.name}`.")


def _parsed(release: catalog.Release, content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
        hashes = {one["path"]: one["hash"] for one in found["resources"]}
        notes = [Note(**note) for note in found["iop_analysis"]["notes"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DataError(f"{_where(release)}: {DESCRIPTOR} is damaged ({error}); {_again(release)}") from error
    return {**found, "hashes": hashes, "read_notes": notes}


def _where(release: catalog.Release) -> str:
    return f"{release.name} in {raw.processed_folder(release)}"


def _again(release: catalog.Release) -> str:
    return f"build it again with `iop-analysis build {release.name}`."


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
    return _described(raw.find_release(name))


def read(release: catalog.Release, names: Iterable[str]) -> tuple[dict[str, pd.DataFrame], tuple[Note, ...]]:
    """Tables of a built release by name, and its notes; each table is what its hash in the datapackage says.

    Who reads while the release is built anew gets the tables of one build, the old or the new.

    Raises
    ------
    DataError
        A table is missing or damaged.
    CallError
        The release is not built.
    """
    names = list(names)
    before = _described(release)
    for _ in range(TRIES):
        described = _parsed(release, before)
        try:
            tables = {name: _table(release, f"{name}.parquet", described["hashes"]) for name in names}
            return tables, tuple(described["read_notes"])
        except DataError:
            now = _described(release)
            if now == before:
                raise
            before = now
    raise DataError(f"{_where(release)}: it is being built over and over; try again when that has ended.")


def _table(release: catalog.Release, file: str, hashes: dict[str, str]) -> pd.DataFrame:
    try:
        content = (raw.processed_folder(release) / file).read_bytes()
    except FileNotFoundError as error:
        raise DataError(f"{_where(release)}: {file} is missing; {_again(release)}") from error
    if hashes.get(file) != f"sha256:{hashlib.sha256(content).hexdigest()}":
        raise DataError(f"{_where(release)}: {file} is damaged or was changed by hand; {_again(release)}")
    return pd.read_parquet(io.BytesIO(content))


def built() -> list[str]:
    """`source@release` of everything that is built and known, in the order of the catalog, then by name."""
    found, known = _folders(), raw.known_releases()
    mine = found & set(known)
    return [name for name in catalog.releases() if name in mine] + sorted(mine - set(catalog.releases()))


def left_aside() -> list[str]:
    """Folders among the built ones that no source or release accounts for: they are counted in nothing."""
    folders = raw.data_folder() / "processed"
    return [str(folders / name.replace("@", "/", 1)) for name in sorted(_folders() - set(raw.known_releases()))]


def _folders() -> set[str]:
    """`source@release` of every folder that holds a datapackage; one whose build was killed is put back first."""
    folders = raw.data_folder() / "processed"
    for one in folders.glob("*/.*.old"):
        mend(one.with_name(one.name.removeprefix(".").removesuffix(".old")))
    found = {f"{one.parent.parent.name}@{one.parent.name}" for one in folders.glob(f"*/*/{DESCRIPTOR}")}
    return {name for name in found if "@." not in name}


def notes_table(notes: Iterable[Note]) -> pd.DataFrame:
    """What was set aside or read in a special way: `rows` and `text`."""
    return pd.DataFrame([{"rows": note.rows, "text": note.text} for note in notes], columns=["rows", "text"])
