"""Access by a user's own travel times: a matrix of any size, read in parts, gives what it would give in one piece."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from iop_analysis.errors import DataError
from iop_analysis.metrics.access import require_states, sure_and_possible
from iop_analysis.metrics.catchment import Pairs, Whole
from iop_analysis.places.spelled import CENSUS_PREFIX, named

COLUMNS = ("origin", "destination", "minutes")
# What a heading's unit is divided by to give minutes.
UNITS = {"minutes": 1.0, "seconds": 60.0}
WITHIN_MINUTES = 30.0
# Rows, and bytes of text, that are held at once.
BATCH_ROWS, BATCH_BYTES = 1_000_000, 32_000_000


@dataclass(frozen=True)
class Part(Pairs):
    """Pairs of one part of a matrix; `stands` are the positions of the points that it has any row of."""

    stands: Whole = field(default_factory=lambda: np.array([], dtype=np.intp))


@dataclass(frozen=True)
class TravelMatrix:
    """A file of travel times (origin, destination, minutes), one row per pair, as parts of coded pairs.

    Going through it reads the file from the start, one part in memory at a time. Rows of points or sites that are
    not asked for, and rows without minutes (no way found), are passed over. Identifiers are joined as people's
    programs leave them: with a zero in front lost, as `8031000101.0`, or as `1400000US08031000101`.

    Attributes
    ----------
    path
        CSV (also compressed) or Parquet; `catalog/spellings.csv` lists the headings taken, in minutes or seconds.
    points, sites
        Identifiers of the points (`origin`) and sites (`destination`), in the order of their tables; several sites
        may share a destination, such as the tract that they stand in.
    """

    path: Path
    points: pd.Series
    sites: pd.Series

    def __iter__(self) -> Iterator[Part]:
        """Parts of the matrix, each grouped by point.

        Raises
        ------
        DataError
            A column is missing, minutes are below zero or no number, a pair stands there twice in one part, or no
            row is about the points and sites asked for.
        """
        found = 0
        points = _Ids.of(self.points)
        places, destination = np.unique(self.sites.astype(str).to_numpy(object), return_inverse=True)
        sites = _Ids.of(pd.Series(places))
        for batch in _batches(self.path):
            part = _coded(batch, points, sites, self.path)
            found += len(part.cost)
            yield _spread(part, destination, len(points.ids))
        if not found:
            raise DataError(
                f"{self.path.name}: no row joins one of the {len(self.points)} points with one of the "
                f"{len(self.sites)} sites; check that the identifiers are written alike (zeros in front?)."
            )


@dataclass(frozen=True)
class _Ids:
    """Identifiers to look for: as written, or where that keeps them apart without what programs add or lose."""

    ids: pa.Array
    keys: pa.Array
    plain: bool

    @classmethod
    def of(cls, ids: pd.Series) -> _Ids:
        texts = pa.array(ids.astype(str).to_numpy(object), pa.string())
        keys = _plain(texts)
        plain = len(pc.unique(keys)) == len(pc.unique(texts))
        return cls(texts, keys if plain else texts, plain)

    def positions(self, column: pa.Array) -> pa.Array:
        """Position of each cell's identifier, null where it is not looked for."""
        coded = column.dictionary_encode()
        words = _plain(coded.dictionary) if self.plain else coded.dictionary
        return pc.take(pc.index_in(words, value_set=self.keys), coded.indices)


def _plain(ids: pa.Array) -> pa.Array:
    """Identifiers without blanks, the Census prefix (`1400000US`), a decimal `.0` and zeros in front."""
    short = pc.replace_substring_regex(pc.utf8_trim_whitespace(ids), CENSUS_PREFIX, r"\1")
    return pc.utf8_ltrim(pc.replace_substring_regex(short, r"^(\d+)\.0*$", r"\1"), characters="0")


def destinations(path: Path) -> pd.Series:
    """Identifiers of the destinations in the first part of a matrix, as they stand there."""
    for batch in _batches(path):
        return pd.Series(batch[1].unique().to_pylist(), dtype="str").dropna()
    return pd.Series(dtype="str")


def joined(ids: pd.Series, others: pd.Series) -> pd.Series:
    """Whether each identifier is among others, written alike or as programs leave it (see `TravelMatrix`).

    Examples
    --------
    >>> joined(pd.Series(["08031", "34013"]), pd.Series(["8031.0"])).tolist()
    [True, False]
    """
    found = _Ids.of(others).positions(pa.array(ids.astype(str).to_numpy(object), pa.string()))
    return pd.Series(found.is_valid().to_numpy(zero_copy_only=False), index=ids.index)


def _batches(path: Path) -> Iterator[pa.RecordBatch]:
    """Parts of the file with the columns origin and destination as text, minutes as numbers."""
    headings, divisor = _headings(path)
    target = pa.schema(list(zip(COLUMNS, (pa.string(), pa.string(), pa.float64()), strict=True)))
    try:
        for batch in _parquet_batches(path, headings) if path.suffix == ".parquet" else _csv_batches(path, headings):
            columns = [_whole(batch[heading]) for heading in headings]
            minutes = pc.divide(pc.cast(columns.pop(), pa.float64()), divisor)
            yield pa.RecordBatch.from_arrays([*(pc.cast(one, pa.string()) for one in columns), minutes], schema=target)
    except pa.ArrowInvalid as problem:
        raise DataError(f"{path.name}: a row cannot be read as origin, destination, minutes: {problem}.") from problem


def _headings(path: Path) -> tuple[list[str], float]:
    """The file's headings for origin, destination and time, and what turns its time into minutes."""
    columns = named(path, "travel", COLUMNS[:2])
    unit = next((unit for unit in UNITS if unit in columns), None)
    if unit is None:
        named(path, "travel", COLUMNS)  # says which headings would do
        raise AssertionError(path)
    return [columns["origin"], columns["destination"], columns[unit]], UNITS[unit]


def _whole(column: pa.Array) -> pa.Array:
    """Identifiers that a program holds as decimal numbers become whole ones; anything else stays."""
    if not pa.types.is_floating(column.type) or not pc.all(pc.equal(pc.round(column), column)).as_py():
        return column
    return pc.cast(column, pa.int64())


def _parquet_batches(path: Path, headings: list[str]) -> Iterator[pa.RecordBatch]:
    with pq.ParquetFile(path) as file:
        yield from file.iter_batches(batch_size=BATCH_ROWS, columns=headings)


def _csv_batches(path: Path, headings: list[str]) -> Iterator[pa.RecordBatch]:
    types = dict(zip(headings, (pa.string(), pa.string(), pa.float64()), strict=True))
    with pa.csv.open_csv(
        path,
        read_options=pa.csv.ReadOptions(block_size=BATCH_BYTES),
        convert_options=pa.csv.ConvertOptions(column_types=types, include_columns=headings),
    ) as file:
        yield from file


def _coded(batch: pa.RecordBatch, points: _Ids, sites: _Ids, path: Path) -> Part:
    columns = [points.positions(batch[0]), sites.positions(batch[1]), batch[2]]
    stands = columns[0].drop_null().unique().to_numpy()
    known = np.logical_and.reduce([column.is_valid().to_numpy(zero_copy_only=False) for column in columns])
    point, site = (column.fill_null(-1).to_numpy(zero_copy_only=False)[known] for column in columns[:2])
    minutes = columns[2].fill_null(np.nan).to_numpy(zero_copy_only=False)[known]
    way = ~np.isnan(minutes)
    if (minutes[way] < 0).any():
        raise DataError(f"{path.name}: column 'minutes' holds {minutes[way].min():g}; no journey takes less than zero.")
    pairs = Pairs.of(point[way], site[way], minutes[way], len(points.ids))
    twice = (np.diff(pairs.site) == 0) & (np.diff(pairs.points()) == 0)
    if twice.any():
        place = int(twice.argmax())
        pair = points.ids[int(pairs.points()[place])], sites.ids[int(pairs.site[place])]
        raise DataError(f"{path.name}: the journey from {pair[0]} to {pair[1]} stands there twice; keep one row.")
    return Part(pairs.starts, pairs.site, pairs.cost, stands)


def _spread(part: Part, destination: Whole, points: int) -> Part:
    """Pairs with a destination as pairs with each of the sites there."""
    order = np.argsort(destination, kind="stable")
    sites = np.bincount(destination)
    first = np.cumsum(sites) - sites
    times = sites[part.site]
    place = np.repeat(first[part.site] - np.cumsum(times) + times, times) + np.arange(times.sum())
    pairs = Pairs.of(np.repeat(part.points(), times), order[place], np.repeat(part.cost, times), points)
    return Part(pairs.starts, pairs.site, pairs.cost, part.stands)


def travel_table(
    points: pd.DataFrame,
    sites: pd.DataFrame,
    matrix: TravelMatrix,
    answer: pd.Series | None = None,
    within_minutes: float = WITHIN_MINUTES,
    *,
    same_state: bool = False,
) -> pd.DataFrame:
    """How many minutes each point is from the nearest site that surely, and that possibly, meets a criterion.

    Parameters
    ----------
    points
        `point_id`, `population`; with `same_state` also `state`.
    sites
        In the order of `matrix.sites`; with `same_state` also `state`.
    matrix
        Travel times of these points and sites.
    answer
        Nullable boolean per site; every site is sure where it is left out.
    within_minutes
        Reach for `within_count`, the limit included.
    same_state
        Whether only sites of the point's own state count.

    Returns
    -------
    DataFrame
        `point_id`, `population`, `nearest_sure_minutes`, `nearest_possible_minutes` (infinite where the matrix
        has no way to any such site) and `within_count`, the number of sure sites within reach. All three are missing
        for a point that stands nowhere in the matrix: it was not measured.
    """
    sure, possible = sure_and_possible(sites, answer)
    homes = _state_codes(points, sites) if same_state else None
    fastest = {"sure": np.full(len(points), np.inf), "possible": np.full(len(points), np.inf)}
    counts, held = np.zeros(len(points), dtype=np.intp), np.zeros(len(points), dtype=bool)
    for part in matrix:
        held[part.stands] = True
        point = part.points()
        open_to = np.ones(len(point), dtype=bool) if homes is None else homes[0][point] == homes[1][part.site]
        for kind, flags in (("sure", sure), ("possible", possible)):
            here = open_to & flags[part.site]
            np.minimum.at(fastest[kind], point[here], part.cost[here])
        near = open_to & sure[part.site] & (part.cost <= within_minutes)
        counts += np.bincount(point[near], minlength=len(points))
    reached = {f"nearest_{kind}_minutes": np.where(held, minutes, np.nan) for kind, minutes in fastest.items()}
    within = counts if held.all() else pd.arrays.IntegerArray(counts.astype(np.int64), ~held)
    return points[["point_id", "population"]].reset_index(drop=True).assign(**reached, within_count=within)


def not_measured(table: pd.DataFrame) -> tuple[int, float, str]:
    """Points of a `travel_table` that stand nowhere in its matrix: how many, the share of residents, and a sentence.

    Examples
    --------
    >>> table = pd.DataFrame({"population": [3, 1], "nearest_possible_minutes": [12.0, np.nan]})
    >>> not_measured(table)[2]
    '1 of 2 points (25.0 % of residents) stand nowhere in the matrix: not measured.'
    """
    missing = table["nearest_possible_minutes"].isna()
    residents = float(table["population"].sum())
    share = float(table["population"][missing].sum()) / residents if residents else float(missing.any())
    words = f"{int(missing.sum()):,} of {len(table):,} points ({share:.1%} of residents)".replace("%", " %")
    return int(missing.sum()), share, f"{words} stand nowhere in the matrix: not measured."


def _state_codes(points: pd.DataFrame, sites: pd.DataFrame) -> list[npt.NDArray[np.intp]]:
    require_states(points)
    codes, _ = pd.factorize(np.concatenate([points["state"].to_numpy(object), sites["state"].to_numpy(object)]))
    return [codes[: len(points)], codes[len(points) :]]
