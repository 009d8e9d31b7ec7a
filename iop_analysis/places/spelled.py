"""Tables that users bring, CSV or Parquet: headings in any accepted spelling, every cell text, numbers checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from iop_analysis import catalog
from iop_analysis.errors import DataError, first_line

FIRST_ROW = 2  # the heading is row 1
# What Census tables write before an identifier: level, variant and "US", as in 1400000US08031000101.
CENSUS_PREFIX = r"^[0-9A-Z]{7,9}US"
PART_ROWS = 500_000
# What Arrow says of bytes that are no Parquet, and of damaged ones: its own errors, or one of the machine's.
BROKEN_PARQUET = (pa.ArrowException, OSError, UnicodeDecodeError)


@cache
def spellings(kind: str) -> dict[str, list[str]]:
    """Accepted headings (lower case) for each column of a kind of table, preferred first.

    Examples
    --------
    >>> spellings("points")["latitude"][:2]
    ['latitude', 'lat']
    """
    found: dict[str, list[str]] = {}
    for row in catalog.read_rows("spellings.csv"):
        if row["table"] == kind:
            found.setdefault(row["name"], []).append(row["spelling"])
    return found


def headings(path: Path) -> list[str]:
    """Headings of a CSV or Parquet file as they stand there.

    Raises
    ------
    DataError
        There is no such file, or nothing in it that could be a heading.
    """
    if not path.is_file():
        raise DataError(f"{path}: there is no such file.")
    if path.suffix == ".parquet":
        return [str(name) for name in parquet(path, path.name).schema_arrow.names]
    try:
        rows = pd.read_csv(path, nrows=0, encoding="utf-8-sig", encoding_errors="replace")
    except (pd.errors.EmptyDataError, pd.errors.ParserError, OSError, EOFError) as problem:
        raise DataError(f"{path.name}: the file cannot be read as CSV: {str(problem).strip()}.") from problem
    return [str(name) for name in rows.columns]


def named(path: Path, kind: str, required: tuple[str, ...]) -> dict[str, str]:
    """The file's own heading for each column of a kind of table that it has; blanks, case and marks do not count.

    Raises
    ------
    DataError
        A required column is there under none of its spellings: they are listed.
    """
    return matched(headings(path), path.name, kind, required)


def matched(titles: Sequence[str], file: str, kind: str, required: tuple[str, ...]) -> dict[str, str]:
    """The heading among `titles` for each column of a kind of table; see `named`."""
    own = {_plain(heading): heading for heading in reversed(titles)}
    accepted = spellings(kind)
    found = {name: [own[_plain(one)] for one in accepted[name] if _plain(one) in own] for name in accepted}
    missing = [name for name in required if not found[name]]
    if missing:
        ways = "; ".join(f"{name} may be written {', '.join(accepted[name])}" for name in missing)
        raise DataError(f"{file}: row 1 has no column for {', '.join(missing)}: {ways}.")
    return {name: places[0] for name, places in found.items() if places}


def _plain(heading: str) -> str:
    return re.sub(r"[\W_]+", "", heading.lower())


def read_text(
    path: Path, columns: dict[str, str], typed: Callable[[pd.DataFrame], pd.DataFrame] = lambda part: part
) -> pd.DataFrame:
    """Columns of a CSV or Parquet file as text under new names; missing cells are empty text.

    Parameters
    ----------
    columns
        The file's heading for each new name.
    typed
        What is done to each part of the file as it is read, so that a file of millions of rows is never held as
        text; rows are labelled by their position in the file.
    """
    for encoding in ("utf-8-sig", "latin-1"):  # the second is that of older Windows programs, and takes every byte
        try:
            parts = [typed(_text(part, columns)) for part in _parts(path, list(columns.values()), encoding)]
        except UnicodeDecodeError:
            continue
        except (pd.errors.EmptyDataError, pd.errors.ParserError, OSError, EOFError) as problem:
            raise DataError(f"{path.name}: the file cannot be read as CSV: {str(problem).strip()}.") from problem
        if sum(map(len, parts)) == 0:
            raise DataError(f"{path.name}: the file has headings but no rows.")
        return pd.concat(parts, ignore_index=True)
    raise AssertionError("latin-1 takes every byte")


def _text(part: pd.DataFrame, columns: dict[str, str]) -> pd.DataFrame:
    cells = {name: part[heading].fillna("").astype("str").str.strip() for name, heading in columns.items()}
    return pd.DataFrame(cells, index=part.index)


def _parts(path: Path, wanted: list[str], encoding: str) -> Iterator[pd.DataFrame]:
    if path.suffix != ".parquet":
        yield from pd.read_csv(
            path, usecols=wanted, chunksize=PART_ROWS, dtype="str", keep_default_na=False, encoding=encoding
        )
        return
    start, text = 0, pa.schema([(name, pa.string()) for name in wanted])
    try:
        for batch in parquet(path, path.name).iter_batches(batch_size=PART_ROWS, columns=wanted):
            part = pa.Table.from_batches([batch]).select(wanted).cast(text).to_pandas()
            yield part.set_axis(range(start, start + len(part)))
            start += len(part)
    except BROKEN_PARQUET as problem:
        raise DataError(
            f"{path.name}: the Parquet file is damaged ({first_line(problem)}); make it again."
        ) from problem


def parquet(file: Path | pa.NativeFile, name: str) -> pq.ParquetFile:
    """A Parquet file, opened; `name` is what an error calls it.

    Raises
    ------
    DataError
        It is no Parquet file, or not a whole one.
    """
    try:
        return pq.ParquetFile(file)
    except BROKEN_PARQUET as problem:
        raise DataError(
            f"{name}: this is no whole Parquet file ({first_line(problem)}); save it as Parquet or CSV."
        ) from problem


def numbers(rows: pd.DataFrame, name: str, heading: str, path: Path, empty: bool = False) -> pd.Series:
    """A text column as finite numbers; empty cells are missing where `empty` allows them.

    Raises
    ------
    DataError
        A cell is no number, or empty where it may not be.
    """
    values = pd.to_numeric(rows[name], errors="coerce").astype(float)
    bad = pd.Series(~np.isfinite(values), index=rows.index) & ((rows[name] != "") | (not empty))
    refuse(bad, rows, name, heading, path, what="is not a number")
    return values


def refuse(bad: pd.Series, rows: pd.DataFrame, name: str, heading: str, path: Path, *, what: str) -> None:
    """Stop where any row is bad, with the first such row, the column, the value and how many there are."""
    if not bad.any():
        return
    place = int(bad.to_numpy().argmax())
    cell = f"{path.name}: row {rows.index[place] + FIRST_ROW}, column {heading!r}: {rows[name].iloc[place]!r}"
    more = f" ({int(bad.sum())} such rows)" if bad.sum() > 1 else ""
    raise DataError(f"{cell} {what}{more}; mend it.")


def refuse_bad_points(rows: pd.DataFrame, columns: dict[str, str], path: Path) -> None:
    """Stop where a point cannot be one in the United States: out of range, swapped, or at 0/0.

    Parameters
    ----------
    rows
        `latitude` and `longitude` in degrees; missing ones are not judged.
    """
    latitude, longitude = rows["latitude"], rows["longitude"]
    zero = (latitude == 0) & (longitude == 0)
    refuse(zero, rows, "latitude", columns["latitude"], path, what="with the same longitude is no place: 0/0")
    swapped = (longitude.abs() <= 72) & (latitude.abs() > 72)
    refuse(swapped, rows, "latitude", columns["latitude"], path, what="looks like a longitude (are the two swapped?)")
    for name, limit in (("latitude", 90.0), ("longitude", 180.0)):
        far = rows[name].abs() > limit
        refuse(far, rows, name, columns[name], path, what=f"is out of range (at most {limit:g} degrees)")
