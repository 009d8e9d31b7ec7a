"""HSDS packages: the tables of a zipped data package of Open Referral, as text, by the name of the specification."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

import pandas as pd

from iop_analysis import catalog, raw
from iop_analysis.errors import DataError
from iop_analysis.raw import limits
from iop_analysis.raw.documents import documents
from iop_analysis.sources._hsds_json import records_of

Row = dict[str, str]
DESCRIPTOR = "datapackage.json"
NEEDED = {"service_at_location": ("id", "service_id", "location_id"), "service": ("id", "name"), "location": ("id",)}


def tables(path: Path) -> tuple[dict[str, pd.DataFrame], Counter[str]]:
    """Tables of a package by their name in the specification, and what reading left out.

    A package is a .zip of CSV tables, or the JSON of version 3 and of the interfaces that serve it, loose or packed.

    Raises
    ------
    DataError
        The file is no package, or lacks a table or a column without which no service can be placed.
    """
    counts: Counter[str] = Counter()
    found = _of_csv(path) if raw.sniff(path) == "zip" else {}
    if not found:
        found = records_of(documents(path), counts)
    _refuse_incomplete(found, path.name)
    return found, counts


def _of_csv(path: Path) -> dict[str, pd.DataFrame]:
    """The CSV tables of a package, none where it has none."""
    with zipfile.ZipFile(path) as archive, TemporaryDirectory() as folder:
        found = {}
        for name, member in _members(archive).items():
            file = Path(folder) / f"{name}.csv"
            file.write_bytes(archive.read(member))
            found[name] = raw.read_text_table(file)
    return found


def _members(archive: zipfile.ZipFile) -> dict[str, str]:
    """The member that holds each table; the descriptor's own names count first."""
    names = {row["file"]: row["table"] for row in catalog.read_rows("codes/hsds_tables.csv")}
    names |= {table: table for table in names.values()}
    members = {PurePosixPath(one.filename): one for one in archive.infolist() if one.file_size}
    known = set(names.values())
    for member in members:
        if member.name == DESCRIPTOR:
            names |= _described(archive.read(members[member]), known, str(archive.filename))
    csvs = [member for member in members if member.suffix.lower() == ".csv" and member.stem in names]
    return {names[member.stem]: members[member].filename for member in csvs}


def _described(content: bytes, known: set[str], file: str) -> dict[str, str]:
    """Table by the file that the descriptor gives it."""
    try:
        listed = limits.read_json(content.decode("utf-8-sig"), DESCRIPTOR)["resources"]
        paths = [(one["path"], one["name"]) for one in listed if one.get("name") in known]
    except (DataError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{Path(file).name}: {DESCRIPTOR} is damaged ({error}); export the package again.") from error
    return {PurePosixPath(path).stem: name for path, name in paths if isinstance(path, str)}


def _refuse_incomplete(found: dict[str, pd.DataFrame], file: str) -> None:
    for table, columns in NEEDED.items():
        if table not in found:
            there = ", ".join(sorted(found)) or "none"
            raise DataError(f"{file}: the table {table} is missing (tables found: {there}); export the whole package.")
        missing = [column for column in columns if column not in found[table]]
        if missing:
            raise DataError(f"{file}: the table {table} lacks the column {missing[0]!r}; export the package again.")


def version(found: Mapping[str, pd.DataFrame]) -> str:
    """Layout of the tables, as `columns/hsds.csv` heads its columns: `1.x`, `2.x` or `3.x`."""
    if "address" in found or "cost_option" in found or "fees_description" in found["service"]:
        return "3.x"
    return "2.x" if "schedule" in found else "1.x"


def records(table: pd.DataFrame | None) -> list[Row]:
    """Rows of a table as dictionaries, none where there is no table."""
    return (
        [] if table is None else [{str(name): text for name, text in row.items()} for row in table.to_dict("records")]
    )


def by_key(table: pd.DataFrame | None, key: str) -> dict[str, list[Row]]:
    """Rows of a table as dictionaries by the text of one column; rows without it are left out."""
    found: dict[str, list[Row]] = {}
    for row in records(table):
        if row.get(key):
            found.setdefault(row[key], []).append(row)
    return found


def first(rows: Iterable[Row] | None) -> Row:
    """The first of some rows, an empty one where there is none."""
    return next(iter(rows or ()), {})


def joined(rows: Iterable[Row] | None, column: str) -> str:
    """Texts of a column, without repeats, a line each."""
    return "\n".join(dict.fromkeys(row.get(column, "").strip() for row in rows or () if row.get(column, "").strip()))
