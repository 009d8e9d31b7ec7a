"""A user's travel times, one file or a folder of any size, here or at an address, as one table of Ibis."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
from pyarrow import fs

from iop_analysis.errors import DataError
from iop_analysis.places.spelled import headings, matched, parquet

if TYPE_CHECKING:
    import ibis

COLUMNS = ("origin", "destination", "minutes")
# What a heading's unit is divided by to give minutes.
UNITS = {"minutes": 1.0, "seconds": 60.0}
# What programs write where they found no way.
NO_WAY = ("", "#N/A", "N/A", "NA", "NULL", "NaN", "-NaN", "nan", "-nan", "n/a", "null", "None")
# What DuckDB may hold at once; beyond it goes to the machine's folder for passing files.
MEMORY = "1GB"
STORE = "arrow"
# Compressions of CSV that pandas would open and DuckDB does not, or that need a library more.
OTHER_COMPRESSIONS = (".bz2", ".xz", ".zip", ".zst", ".tar", ".tgz")


def connect(**options: object) -> Any:
    """A new DuckDB in this process."""
    import ibis

    beyond = str(Path(tempfile.gettempdir()) / "iop_analysis")
    return ibis.duckdb.connect(memory_limit=MEMORY, temp_directory=beyond, **options)


def title(address: Path | str) -> str:
    """The last part of a path or an address."""
    return str(address).rstrip("/").rsplit("/", 1)[-1]


def read(address: Path | str, engine: Any) -> ibis.Table:
    """Travel times as `origin`, `destination` (text) and `minutes` (missing where no way was found).

    Parameters
    ----------
    address
        CSV (also .gz), a Parquet file, or a folder of Parquet files at any depth, also at an address such as
        `s3://bucket/folder`. A column may be told by the folders' names (`origin=08031000101/`); files without rows
        are passed over, and so is what begins with a dot or an underscore.
    engine
        Ibis backend. DuckDB is handed the files one by one; any other is handed the address, which it must reach.

    Raises
    ------
    DataError
        There is no such file, it cannot be read, or a column is missing in one of the files.
    """
    if engine.name != "duckdb":
        rows = engine.read_parquet(str(address))
        return _columns(rows, *_headings(list(rows.columns), title(address)))
    if Path(str(address)).suffix.lower() in OTHER_COMPRESSIONS:
        raise DataError(
            f"{title(address)}: a compressed table of travel times is read as .csv.gz; pack it so, or not at all."
        )
    if Path(str(address)).is_file() and Path(str(address)).suffix != ".parquet":
        found = _headings(headings(Path(str(address))), title(address))
        return _columns(engine.read_csv(str(address), all_varchar=True, header=True, delim=",", quote='"'), *found)
    system, files, folders = _files(address)
    kept, found, in_folders = _alike(system, files, folders)
    if system.type_name == "local":
        paths = kept
    else:
        _register(system, engine)
        paths = [f"{STORE}://{path}" for path in kept]
    rows = engine.read_parquet(
        paths,
        union_by_name=True,
        hive_partitioning=in_folders,
        **({"hive_types_autocast": False} if in_folders else {}),
    )
    return _columns(rows, *found)


def run(table: ibis.Table, engine: Any, address: Path | str) -> pd.DataFrame:
    """What an expression over `read` says.

    Raises
    ------
    DataError
        DuckDB cannot read what is there.
    """
    import duckdb  # loaded where a matrix is read, not with every report

    try:
        found: pd.DataFrame = engine.to_pyarrow(table).to_pandas()
        return found
    except duckdb.Error as problem:
        raise DataError(
            f"{title(address)}: cannot be read as origin, destination, minutes: {str(problem).splitlines()[0]}."
        ) from problem


def parts(table: ibis.Table, engine: Any, rows: int) -> Iterator[pa.RecordBatch]:
    """What an expression over `read` gives, in parts of about so many rows; meanwhile ask the engine nothing else."""
    if engine.name != "duckdb":
        yield from engine.to_pyarrow_batches(table, chunk_size=rows)
        return
    # Ibis 12 asks DuckDB 2 for parts by a name that it no longer has.
    engine.create_view("parts", table, overwrite=True)
    yield from engine.con.table("parts").to_arrow_reader(rows)


def _register(system: fs.FileSystem, engine: Any) -> None:
    """Give DuckDB Arrow's way to a store, under a name of our own: at `s3` it would fetch an extension to go itself."""
    from fsspec.implementations.arrow import ArrowFSWrapper

    class Store(ArrowFSWrapper):  # type: ignore[misc]
        protocol = STORE

        @classmethod
        def _strip_protocol(cls, path: str) -> str:
            return path.split("://", 1)[-1]

    if engine.con.filesystem_is_registered(STORE):
        engine.con.unregister_filesystem(STORE)
    engine.con.register_filesystem(Store(system, skip_instance_cache=True))


def _files(address: Path | str) -> tuple[fs.FileSystem, list[str], str]:
    """Where the files are, their paths, and the folder that they are in."""
    try:
        system, root = (
            fs.FileSystem.from_uri(address) if "://" in str(address) else (fs.LocalFileSystem(), str(address))
        )
        info = system.get_file_info(root)
        found = system.get_file_info(fs.FileSelector(root, recursive=True)) if not info.is_file else [info]
    except FileNotFoundError as problem:
        raise DataError(f"{address}: there is no such file.") from problem
    except (OSError, pa.ArrowException) as problem:
        raise DataError(f"{address}: cannot be reached ({str(problem).splitlines()[0]}).") from problem
    paths = [one.path for one in found if one.is_file and _is_part(one.path[len(root) :], info.is_file)]
    if not paths:
        raise DataError(f"{address}: the folder holds no Parquet file (.parquet).")
    return system, sorted(paths), root


def _is_part(inside: str, alone: bool) -> bool:
    return alone or (inside.endswith(".parquet") and not any(one[:1] in "._" for one in inside.split("/") if one))


def _alike(system: fs.FileSystem, files: list[str], root: str) -> tuple[list[str], tuple[dict[str, str], float], bool]:
    """The files that have rows, the headings that all of them use, and whether folders' names are among these."""
    kept: dict[str, tuple[list[str], list[str]]] = {}
    for path in files:
        with system.open_input_file(path) as file:
            opened = parquet(file, title(path))
            if opened.metadata.num_rows or (path == files[-1] and not kept):
                folders = [part.split("=")[0] for part in path[len(root) :].split("/")[:-1] if "=" in part]
                kept[path] = [str(name) for name in opened.schema_arrow.names], folders
    found = {path: _headings([*names, *folders], title(path)) for path, (names, folders) in kept.items()}
    first, used = next(iter(found.items()))
    other = next((path for path, one in found.items() if one != used), None)
    if other:
        raise DataError(
            f"{title(root)}: {other} has not the headings of {first} ({', '.join(used[0].values())}); all files of a "
            "folder need the same."
        )
    return list(kept), used, not set(used[0].values()) <= set(kept[first][0])


def _headings(titles: list[str], file: str) -> tuple[dict[str, str], float]:
    """The heading of each of `COLUMNS`, and what turns the time into minutes."""
    columns = matched(titles, file, "travel", COLUMNS[:2])
    unit = next((unit for unit in UNITS if unit in columns), None)
    if unit is None:
        matched(titles, file, "travel", COLUMNS)  # says which headings would do
        raise AssertionError(file)
    return {"origin": columns["origin"], "destination": columns["destination"], "minutes": columns[unit]}, UNITS[unit]


def _columns(rows: ibis.Table, headings: dict[str, str], divisor: float) -> ibis.Table:
    time = rows[headings["minutes"]]
    if time.type().is_string():
        time = time.strip().isin(NO_WAY).ifelse(None, time.strip())
    time = time.cast("float64")
    return rows.select(
        origin=_text(rows[headings["origin"]]),
        destination=_text(rows[headings["destination"]]),
        minutes=time.isnan().ifelse(None, time) / divisor,
    )


def _text(ids: ibis.Column) -> ibis.Column:
    """Identifiers as text; whole ones that a program holds as decimal numbers lose their decimals."""
    if not ids.type().is_floating():
        return ids.cast("string")
    whole = ids.try_cast("int64")
    return (whole == ids).ifelse(whole.cast("string"), ids.cast("string"))
