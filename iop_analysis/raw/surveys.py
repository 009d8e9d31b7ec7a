"""Files of the facility surveys: R data, CSV, Stata, SPSS, SAS, packed or not; only the needed columns, as text."""

from __future__ import annotations

import csv
import gzip
import io
import re
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
from iop_analysis.errors import DataError, first_line
from iop_analysis.raw import layouts

SURVEYS = ("nssats", "nmhss", "nsumhss")
R_SUFFIXES, TEXT_SUFFIXES = (".rda", ".rdata"), (".csv", ".tsv", ".txt")
# Files of Stata, SPSS and SAS, and the function of pyreadstat that reads each.
STATISTICS = {
    ".dta": "read_dta",
    ".sav": "read_sav",
    ".zsav": "read_sav",
    ".por": "read_por",
    ".sas7bdat": "read_sas7bdat",
    ".xpt": "read_xport",
}
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
# Columns that name the year of a row; a file holds one survey year.
YEAR_HEADINGS = ("YEAR", "SURVEYYEAR", "SURVEYYR", "SURVYEAR", "SVYYEAR", "YR")


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
            f"{path.name}: cannot be read as {release.name} ({first_line(error)}); download it again."
        ) from error


def _read(path: Path, release: catalog.Release) -> pd.DataFrame:
    suffix = path.suffix.lower()
    if suffix == ".gz":
        with tempfile.TemporaryDirectory() as folder, gzip.open(path) as handle:
            inside = Path(folder) / path.stem
            inside.write_bytes(handle.read())
            return _read(inside, release)
    if suffix in STATISTICS:
        return _from_statistics(path, release)
    if suffix in R_SUFFIXES:
        return _from_r(path, path.name, release)
    if suffix == ".zip":
        return _from_zip(path, release)
    if suffix in TEXT_SUFFIXES:
        with path.open("rb") as handle:
            return _from_text(handle, path.name, release)
    raise DataError(
        f"{path.name}: {path.suffix or 'no'} is no format of {release.source}; use R data, CSV, Stata, SPSS or SAS."
    )


def _from_statistics(path: Path, release: catalog.Release) -> pd.DataFrame:
    """A file of Stata, SPSS or SAS: codes without their labels, as the other formats hold them."""
    import pyreadstat  # loaded for these formats alone

    reader = getattr(pyreadstat, STATISTICS[path.suffix.lower()])
    try:
        _, meta = reader(str(path), metadataonly=True)
        if years := [title for title in meta.column_names if is_year(title)]:
            _refuse_years(reader(str(path), usecols=years)[0], release, path.name)
        found = headings(list(meta.column_names), release, path.name)
        table, _ = reader(str(path), usecols=list(found.values()))
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as error:
        raise DataError(f"{path.name}: cannot be read as {release.name} ({error}); download it again.") from error
    return _named(table, found)


def _from_zip(path: Path, release: catalog.Release) -> pd.DataFrame:
    with zipfile.ZipFile(path) as archive:
        known = (*R_SUFFIXES, *TEXT_SUFFIXES, *STATISTICS)
        names = [name for name in archive.namelist() if name.lower().endswith(known)]
        if len(names) != 1:
            found = ", ".join(names) or "none"
            raise DataError(f"{path.name}: one data file is expected in the zip, and it has {found}; unpack it first.")
        if not names[0].lower().endswith(TEXT_SUFFIXES):
            with tempfile.TemporaryDirectory() as folder:
                return _read(Path(archive.extract(names[0], folder)), release)
        with archive.open(names[0]) as handle:
            return _from_text(handle, path.name, release)


def _from_r(path: Path, name: str, release: catalog.Release) -> pd.DataFrame:
    tables = [table for table in pyreadr.read_r(str(path)).values() if len(table.columns)]
    if len(tables) != 1:
        raise DataError(f"{name}: one table is expected in the R file, and it has {len(tables)}; save it alone.")
    _refuse_years(tables[0][[title for title in map(str, tables[0]) if is_year(title)]], release, name)
    return _named(tables[0], headings(list(map(str, tables[0])), release, name))


def is_year(title: str) -> bool:
    """Whether a heading is that of the survey year."""
    return re.sub(r"[\W_]+", "", title).upper() in YEAR_HEADINGS


def _refuse_years(columns: pd.DataFrame, release: catalog.Release, name: str) -> None:
    """Stop at a file of several survey years, or of another than the release's."""
    for title in columns:
        years = sorted({str(year).removesuffix(".0").strip() for year in columns[title].dropna()} - {""})
        if len(years) > 1:
            raise DataError(
                f"{name}: the column {title!r} holds {len(years)} survey years ({', '.join(years[:5])}); a release is "
                "one year: split the file by that column and add each year by itself."
            )
        if years and release.survey_year and years[0].isdigit() and int(years[0]) != release.survey_year:
            raise DataError(
                f"{name}: the column {title!r} says {years[0]}, and {release.name} is {release.survey_year}; name the "
                "release by the year of the file."
            )


def _from_text(handle: IO[bytes], name: str, release: catalog.Release) -> pd.DataFrame:
    """Only the needed columns are kept while reading: the 966 of 2024 would take gigabytes."""
    first, body = handle.readline(), handle.read()
    encoding = "utf-8-sig" if _is_utf8(first) and _is_utf8(body) else "cp1252"
    line = first.decode(encoding, errors="replace")
    separator = "\t" if line.count("\t") > line.count(",") else ","
    titles = next(csv.reader([line], delimiter=separator))
    _refuse_ragged(body, separator, len(titles), name)

    def columns(wanted: list[str]) -> pd.DataFrame:
        return pd.read_csv(
            io.BytesIO(body),
            sep=separator,
            names=titles,
            usecols=wanted,
            dtype="str",
            keep_default_na=False,
            encoding=encoding,
        )

    if years := [title for title in titles if is_year(title)]:
        _refuse_years(columns(years), release, name)
    found = headings(titles, release, name)
    table = columns(list(found.values()))
    named = _named(table, found)
    named.attrs["first_row"] = 2
    return named


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
    named = pd.DataFrame({item: _text(table[heading]) for item, heading in found.items()}).reset_index(drop=True)
    named.attrs["headings"] = layouts.Headings(found)
    return named


def _text(column: pd.Series) -> pd.Series:
    """R holds codes as numbers or labels: 1.0 becomes `1`, and what is missing an empty text."""
    if pd.api.types.is_float_dtype(column):
        column = column.astype("Int64")
    return column.astype("string").fillna("").str.strip().astype("str")


def headings(titles: Iterable[str], release: catalog.Release, name: str) -> dict[str, str]:
    """Heading in a file for each item of the survey, whatever its case.

    A year that `columns/SOURCE.csv` knows (or the sample in its layout) must have every heading listed there. In
    another year an item may stand under any heading that some survey uses for it, and may be missing where the
    source's `needed` does not name it.
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
    needed = set(wanted) if known else set(catalog.source(release.source).needed)
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
