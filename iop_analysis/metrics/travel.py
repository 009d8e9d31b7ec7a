"""Access by a user's own travel times: a matrix of any size, read in parts, gives what it would give in one piece."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
from iop_analysis.metrics.catchment import Pairs
from iop_analysis.places.spelled import named

COLUMNS = ("origin", "destination", "minutes")
WITHIN_MINUTES = 30.0
# Rows, and bytes of text, that are held at once.
BATCH_ROWS, BATCH_BYTES = 1_000_000, 32_000_000


@dataclass(frozen=True)
class TravelMatrix:
    """A file of travel times (origin, destination, minutes), one row per pair, as parts of coded pairs.

    Going through it reads the file from the start, one part in memory at a time. Rows of points or sites that are
    not asked for, and rows without minutes (no way found), are passed over.

    Attributes
    ----------
    path
        CSV (also compressed) or Parquet; `catalog/spellings.csv` lists the headings taken.
    points, sites
        Identifiers of the points (`origin`) and sites (`destination`), in the order of their tables.
    """

    path: Path
    points: pd.Series
    sites: pd.Series

    def __iter__(self) -> Iterator[Pairs]:
        """Parts of the matrix, each grouped by point.

        Raises
        ------
        DataError
            A column is missing, minutes are below zero or no number, a pair stands there twice in one part, or no
            row is about the points and sites asked for.
        """
        found = 0
        codes = [pa.array(ids.astype(str).to_numpy(object), pa.string()) for ids in (self.points, self.sites)]
        for batch in _batches(self.path):
            part = _coded(batch, codes[0], codes[1], self.path)
            found += len(part.cost)
            yield part
        if not found:
            raise DataError(
                f"{self.path.name}: no row joins one of the {len(self.points)} points with one of the "
                f"{len(self.sites)} sites; check that the identifiers are written alike (zeros in front?)."
            )


def _batches(path: Path) -> Iterator[pa.RecordBatch]:
    """Parts of the file with the columns origin and destination as text, minutes as numbers."""
    columns = named(path, "travel", COLUMNS)
    headings = [columns[name] for name in COLUMNS]
    target = pa.schema(list(zip(COLUMNS, (pa.string(), pa.string(), pa.float64()), strict=True)))
    try:
        for batch in _parquet_batches(path, headings) if path.suffix == ".parquet" else _csv_batches(path, headings):
            table = pa.Table.from_batches([batch]).select(headings).rename_columns(list(COLUMNS)).cast(target)
            yield from table.combine_chunks().to_batches()
    except pa.ArrowInvalid as problem:
        raise DataError(f"{path.name}: a row cannot be read as origin, destination, minutes: {problem}.") from problem


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


def _coded(batch: pa.RecordBatch, points: pa.Array, sites: pa.Array, path: Path) -> Pairs:
    columns = [pc.index_in(batch[0], value_set=points), pc.index_in(batch[1], value_set=sites), batch[2]]
    known = np.logical_and.reduce([column.is_valid().to_numpy(zero_copy_only=False) for column in columns])
    point, site = (column.fill_null(-1).to_numpy(zero_copy_only=False)[known] for column in columns[:2])
    minutes = columns[2].fill_null(np.nan).to_numpy(zero_copy_only=False)[known]
    way = ~np.isnan(minutes)
    if (minutes[way] < 0).any():
        raise DataError(f"{path.name}: column 'minutes' holds {minutes[way].min():g}; no journey takes less than zero.")
    pairs = Pairs.of(point[way], site[way], minutes[way], len(points))
    twice = (np.diff(pairs.site) == 0) & (np.diff(pairs.points()) == 0)
    if twice.any():
        place = int(twice.argmax())
        pair = points[int(pairs.points()[place])], sites[int(pairs.site[place])]
        raise DataError(f"{path.name}: the journey from {pair[0]} to {pair[1]} stands there twice; keep one row.")
    return pairs


def travel_table(
    points: pd.DataFrame,
    sites: pd.DataFrame,
    matrix: TravelMatrix,
    answer: pd.Series | None = None,
    within_minutes: float = WITHIN_MINUTES,
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
        has no way to any such site) and `within_count`, the number of sure sites within reach.
    """
    sure, possible = sure_and_possible(sites, answer)
    homes = _state_codes(points, sites) if same_state else None
    fastest = {"sure": np.full(len(points), np.inf), "possible": np.full(len(points), np.inf)}
    counts = np.zeros(len(points), dtype=np.intp)
    for part in matrix:
        point = part.points()
        open_to = np.ones(len(point), dtype=bool) if homes is None else homes[0][point] == homes[1][part.site]
        for kind, flags in (("sure", sure), ("possible", possible)):
            here = open_to & flags[part.site]
            np.minimum.at(fastest[kind], point[here], part.cost[here])
        near = open_to & sure[part.site] & (part.cost <= within_minutes)
        counts += np.bincount(point[near], minlength=len(points))
    reached = {f"nearest_{kind}_minutes": minutes for kind, minutes in fastest.items()}
    return points[["point_id", "population"]].reset_index(drop=True).assign(**reached, within_count=counts)


def _state_codes(points: pd.DataFrame, sites: pd.DataFrame) -> list[npt.NDArray[np.intp]]:
    require_states(points)
    codes, _ = pd.factorize(np.concatenate([points["state"].to_numpy(object), sites["state"].to_numpy(object)]))
    return [codes[: len(points)], codes[len(points) :]]
