"""Files of the facility surveys: R data, CSV, or a zip that holds one of them; only the needed columns, as text."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO

import pandas as pd
import pyreadr
from pyreadr.custom_errors import LibrdataError, PyreadrError

from iop_analysis import catalog
from iop_analysis.errors import DataError

SURVEYS = ("nssats", "nmhss", "nsumhss")
R_SUFFIXES, TEXT_SUFFIXES = (".rda", ".rdata"), (".csv", ".tsv", ".txt")
# What the libraries say of a file that is cut off, locked or of another kind.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    RuntimeError,
    EOFError,
    UnicodeError,
    csv.Error,
    pd.errors.ParserError,
    LibrdataError,
    PyreadrError,
)
# What a year of the survey that the catalog does not know must ask, by survey: without it, it is another file.
NEEDED = {
    "nssats": {"state", "owner", "outpatient", "iop", "medicaid", "sliding_fee"},
    "nmhss": {"state", "owner", "medicaid", "sliding_fee"},
    "nsumhss": {"state", "owner", "outpatient_su", "iop_su", "medicaid_su", "medicaid_mh", "sliding_fee"},
}


def read(path: Path, release: catalog.Release) -> pd.DataFrame:
    """Rows of one year of a survey as text under the catalog's names; what is missing in the file is blank.

    Raises
    ------
    DataError
        The file cannot be opened, or lacks a heading: all that are missing are named at once.
    """
    try:
        return _read(path, release)
    except DAMAGE as error:
        raise DataError(
            f"{path.name}: cannot be read as {release.name} ({_first_line(error)}); download it again."
        ) from error


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def _read(path: Path, release: catalog.Release) -> pd.DataFrame:
    suffix = path.suffix.lower()
    if suffix in R_SUFFIXES:
        return _from_r(path, path.name, release)
    if suffix == ".zip":
        return _from_zip(path, release)
    if suffix in TEXT_SUFFIXES:
        with path.open("rb") as handle:
            return _from_text(handle, path.name, release)
    raise DataError(f"{path.name}: {path.suffix or 'no'} is no format of {release.source}; use R data, CSV or a zip.")


def _from_zip(path: Path, release: catalog.Release) -> pd.DataFrame:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.lower().endswith(R_SUFFIXES + TEXT_SUFFIXES)]
        if len(names) != 1:
            found = ", ".join(names) or "none"
            raise DataError(f"{path.name}: one data file is expected in the zip, and it has {found}; unpack it first.")
        if names[0].lower().endswith(R_SUFFIXES):
            with tempfile.TemporaryDirectory() as folder:
                return _from_r(Path(archive.extract(names[0], folder)), path.name, release)
        with archive.open(names[0]) as handle:
            return _from_text(handle, path.name, release)


def _from_r(path: Path, name: str, release: catalog.Release) -> pd.DataFrame:
    tables = [table for table in pyreadr.read_r(str(path)).values() if len(table.columns)]
    if len(tables) != 1:
        raise DataError(f"{name}: one table is expected in the R file, and it has {len(tables)}; save it alone.")
    return _named(tables[0], headings(list(tables[0]), release, name))


def _from_text(handle: IO[bytes], name: str, release: catalog.Release) -> pd.DataFrame:
    """Only the needed columns are kept while reading: the 966 of 2024 would take gigabytes."""
    first, body = handle.readline(), handle.read()
    encoding = "utf-8-sig" if _is_utf8(first) and _is_utf8(body) else "cp1252"
    line = first.decode(encoding, errors="replace")
    separator = "\t" if line.count("\t") > line.count(",") else ","
    titles = next(csv.reader([line], delimiter=separator))
    found = headings(titles, release, name)
    _refuse_ragged(body, separator, len(titles), name)
    table = pd.read_csv(
        io.BytesIO(body),
        sep=separator,
        names=titles,
        usecols=list(found.values()),
        dtype="str",
        keep_default_na=False,
        encoding=encoding,
    )
    return _named(table, found)


def _refuse_ragged(body: bytes, separator: str, count: int, name: str) -> None:
    """With chosen columns pandas fills or cuts rows of another length in silence, so they are counted here."""
    mark = separator.encode()
    for number, line in enumerate(body.splitlines()):
        fields = line.count(mark) + 1
        if fields != count and b'"' in line:
            fields = len(next(csv.reader([line.decode("latin-1")], delimiter=separator)))
        if fields != count and line.strip():
            raise DataError(
                f"{name}: row {number + 2} has {fields} fields where the heading has {count}; "
                "the file is cut off or damaged, download it again."
            )


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _named(table: pd.DataFrame, found: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame({item: _text(table[heading]) for item, heading in found.items()}).reset_index(drop=True)


def _text(column: pd.Series) -> pd.Series:
    """R holds codes as numbers or labels: 1.0 becomes `1`, and what is missing an empty text."""
    if pd.api.types.is_float_dtype(column):
        column = column.astype("Int64")
    return column.astype("string").fillna("").str.strip().astype("str")


def headings(titles: Iterable[str], release: catalog.Release, name: str) -> dict[str, str]:
    """Heading in a file for each item of the survey, whatever its case.

    A year that `columns/SOURCE.csv` knows (or the sample in its layout) must have every heading listed there. In
    another year an item may stand under any heading that some survey uses for it, and may be missing where `NEEDED`
    does not name it.
    """
    present = {title.strip().upper(): title for title in titles}
    rows = catalog.read_rows(f"columns/{release.source}.csv")
    layout = release.columns if release.synthetic else release.key
    known = layout in rows[0]
    wanted = {row["name"]: [row[layout]] if known else _candidates(row["name"]) for row in rows}
    wanted = {item: names for item, names in wanted.items() if names != [""]}
    found = {item: [present[one] for one in names if one in present] for item, names in wanted.items()}
    if "state_fips" in found and found["state_fips"]:
        found["state"] = found["state"] or found["state_fips"]
    needed = set(wanted) if known else NEEDED[release.source]
    missing = [wanted[item][0] for item in wanted if item in needed and not found[item]]
    if missing:
        raise DataError(
            f"{name}: the column{'s' if len(missing) > 1 else ''} {', '.join(missing)} of {release.name} "
            f"{'are' if len(missing) > 1 else 'is'} missing; check that this is the file of that survey and year, "
            f"or add a column for it to catalog/columns/{release.source}.csv."
        )
    return {item: names[0] for item, names in found.items() if names}


def _candidates(item: str) -> list[str]:
    """Headings that any year of any survey uses for an item, the newest of each survey first."""
    tables = [catalog.read_rows(f"columns/{survey}.csv") for survey in SURVEYS]
    rows = [row for table in tables for row in table if row["name"] == item]
    names = [name for row in rows for key, name in reversed(row.items()) if key != "name" and name]
    return list(dict.fromkeys(names))
