"""Access by a user's own travel times: one question over points, sites and journeys, on one machine or on a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from iop_analysis.errors import DataError
from iop_analysis.metrics.access import require_states, sure_and_possible
from iop_analysis.metrics.catchment import Pairs
from iop_analysis.places import journeys
from iop_analysis.places.spelled import CENSUS_PREFIX

if TYPE_CHECKING:
    import ibis

Flags = npt.NDArray[np.bool_]
WITHIN_MINUTES = 30.0
# Pairs that a floating catchment holds at once.
PART_ROWS = 1_000_000
# Sites that are the bits of one whole number of 64 bits, with room for a pair that stands there often.
SITES_A_BLOCK = 48


@dataclass(frozen=True)
class TravelMatrix:
    """Travel times (origin, destination, minutes), one row per pair: a file, a folder or an address of any size.

    Going through it gives the pairs in parts, one in memory at a time. Rows of points or sites that are not asked for,
    and rows without minutes (no way found), are passed over. Identifiers are joined as people's programs leave them:
    with a zero in front lost, as `8031000101.0`, or as `1400000US08031000101`.

    Attributes
    ----------
    path
        CSV (also .gz), Parquet, a folder of Parquet files, or the address of either (`journeys.read`);
        `catalog/spellings.csv` lists the headings taken, in minutes or seconds.
    points, sites
        Identifiers of the points (`origin`) and sites (`destination`), in the order of their tables; several sites
        may share a destination, such as the tract that they stand in.
    engine
        Who reads and answers: an Ibis backend such as `ibis.pyspark.connect(session)`; DuckDB in this process where
        it is left out.
    """

    path: Path | str
    points: pd.Series
    sites: pd.Series
    engine: Any = field(default_factory=journeys.connect)

    def __iter__(self) -> Iterator[Pairs]:
        """Parts of the matrix, each grouped by point, in the order of the files.

        Raises
        ------
        DataError
            A column is missing, minutes are below zero or no number, a pair stands there twice, or no row is about
            the points and sites asked for.
        """
        everyone = np.ones(len(self.sites), dtype=bool)
        self.by_point(everyone, everyone)
        alone = replace(self, engine=journeys.connect(threads=1)) if self.engine.name == "duckdb" else self
        known = _known(alone._pairs(everyone, everyone, None)).select("point", "site", "minutes")
        for part in journeys.parts(known, alone.engine, PART_ROWS):
            yield Pairs.of(part["point"], part["site"], part["minutes"], len(self.points))

    def by_point(
        self,
        sure: Flags,
        possible: Flags,
        within_minutes: float = WITHIN_MINUTES,
        states: tuple[pd.Series, pd.Series] | None = None,
    ) -> pd.DataFrame:
        """Minutes to the nearest `sure` and `possible` site, and `within` count, of each point that has any row.

        Parameters
        ----------
        sure, possible
            Booleans per site, shape (sites,).
        within_minutes
            Reach of the count of sure sites, the limit included.
        states
            State of each point and of each site, where only sites of the point's own state count.

        Returns
        -------
        DataFrame
            Labelled by the position of the point; minutes are missing where there is no way to any such site.

        Raises
        ------
        DataError
            See `__iter__`.
        """
        pairs = self._pairs(sure, possible, states)
        found = journeys.run(_nearest(pairs, within_minutes), self.engine, self.path).set_index("point")
        least, name = found["least"].min(), journeys.title(self.path)
        if least < 0:
            raise DataError(f"{name}: column 'minutes' holds {least:g}; no journey takes less than zero.")
        if found["twice"].eq(True).any():
            raise DataError(f"{name}: {self._twice(pairs, int(found.index[found['twice'].eq(True)].min()))}")
        if np.isnan(least):
            raise DataError(
                f"{name}: no row joins one of the {len(self.points)} points with one of the {len(self.sites)} sites; "
                "check that the identifiers are written alike (zeros in front?)."
            )
        return found[["sure", "possible", "within"]]

    def _pairs(self, sure: Flags, possible: Flags, states: tuple[pd.Series, pd.Series] | None) -> ibis.Table:
        """Journeys of the points asked for: positions of point and site (missing where it is another), and minutes."""
        position = np.arange(len(self.sites))
        points: dict[str, object] = {"point": np.arange(len(self.points))}
        block, bit = position // SITES_A_BLOCK, 1 << (position % SITES_A_BLOCK)
        sites: dict[str, object] = {"site": position, "block": block, "bit": bit, "sure": sure, "possible": possible}
        if states is not None:
            points["home"], sites["place"] = (pa.array(state.to_numpy(object), pa.string()) for state in states)
        rows = journeys.read(self.path, self.engine)
        people = rows.join(_met(rows.select("origin"), self.points, points), "origin")
        return people.left_join(_met(rows.select("destination"), self.sites, sites), "destination")

    def _twice(self, pairs: ibis.Table, point: int) -> str:
        """The first pair of a point that stands there more than once, in words."""
        known = _known(pairs).filter(lambda pair: pair.point == point)
        times = known.group_by("site").aggregate(times=known.count()).filter(lambda one: one.times > 1)
        site = int(journeys.run(times, self.engine, self.path)["site"].min())
        ends = f"{self.points.iloc[point]} to {self.sites.iloc[site]}"
        return f"the journey from {ends} stands there twice; keep one row."


def _known(pairs: ibis.Table) -> ibis.Table:
    return pairs.filter(pairs.site.notnull(), pairs.minutes.notnull())


def _nearest(pairs: ibis.Table, within_minutes: float) -> ibis.Table:
    """The question itself, by point; and the least of all minutes, and whether a pair stands there twice.

    Each site is a bit of a block. The sum of a point's bits has as many bits set as there are pairs only where none was
    added twice: that takes a 48th of the memory of a list of the pairs.
    """
    import ibis

    set_bits = ibis.udf.scalar.builtin(bit_count)
    known = pairs.site.notnull() & pairs.minutes.notnull()
    open_to = pairs.home == pairs.place if "home" in pairs.columns else ibis.literal(True)
    sure, possible, minutes = pairs.sure & open_to, pairs.possible & open_to, pairs.minutes
    blocks = pairs.group_by("point", "block").aggregate(
        sure=minutes.min(where=sure),
        possible=minutes.min(where=possible),
        within=pairs.count(where=sure & (minutes <= within_minutes)),
        least=minutes.min(where=known),
        bits=pairs.bit.sum(where=known),
        pairs=pairs.count(where=known),
    )
    return blocks.group_by("point").aggregate(
        sure=blocks.sure.min(),
        possible=blocks.possible.min(),
        within=blocks.within.sum(),
        least=blocks.least.min(),
        twice=(set_bits(blocks.bits) < blocks.pairs).any(),
    )


def bit_count(bits: int) -> int:
    """How many bits are set: the function of this name that every engine has."""
    return bits.bit_count()


def _plain(ids: ibis.Column) -> ibis.Column:
    """Identifiers without blanks, the Census prefix (`1400000US`), a decimal `.0` and zeros in front."""
    ids = ids.re_replace(r"^[\s\x{a0}]+|[\s\x{a0}]+$", "")
    # No back-references: engines write them differently.
    for shape, part in ((CENSUS_PREFIX + r"\d", CENSUS_PREFIX), (r"^\d+\.0*$", r"\.0*$")):
        ids = ids.re_search(shape).ifelse(ids.re_replace(part, ""), ids)
    return ids.re_replace("^0+", "")


def _keys(ids: pd.Series) -> pa.Table:
    """Identifiers as written (`id`) and without what programs add or lose (`key`)."""
    import ibis

    table = ibis.memtable(pa.table({"id": pa.array(ids.astype(str).to_numpy(object), pa.string())}))
    return journeys.connect().to_pyarrow(table.mutate(key=_plain(table.id)))


def _wanted(ids: pd.Series) -> tuple[str, pa.ChunkedArray]:
    """What to look for, `key` where that keeps the identifiers apart, else `id`."""
    table = _keys(ids)
    name = "key" if len(table["key"].unique()) == len(table["id"].unique()) else "id"
    return name, table[name]


def _met(written: ibis.Table, ids: pd.Series, columns: dict[str, object]) -> ibis.Table:
    """Columns of the identifiers, for each way in which the file writes them: looked at once, not in every row."""
    import ibis

    name, wanted = _wanted(ids)
    found = written.distinct().mutate(key=lambda one: _plain(one[0]) if name == "key" else one[0])
    return found.join(ibis.memtable(pa.table({"key": wanted, **columns})), "key").drop("key")


def destinations(path: Path | str) -> pd.Series:
    """Identifiers of the destinations of a matrix, as they stand there."""
    engine = journeys.connect()
    return journeys.run(journeys.read(path, engine).select("destination").distinct(), engine, path)[
        "destination"
    ].dropna()


def joined(ids: pd.Series, others: pd.Series) -> pd.Series:
    """Whether each identifier is among others, written alike or as programs leave it (see `TravelMatrix`).

    Examples
    --------
    >>> joined(pd.Series(["08031", "34013"]), pd.Series(["8031.0"])).tolist()
    [True, False]
    """
    name, wanted = _wanted(others)
    return pd.Series(pc.is_in(_keys(ids)[name], wanted).to_pylist(), index=ids.index, dtype=bool)


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
    if same_state:
        require_states(points)
    states = (points["state"], sites["state"]) if same_state else None
    found = matrix.by_point(*sure_and_possible(sites, answer), within_minutes, states)
    held = np.zeros(len(points), dtype=bool)
    held[found.index] = True
    every = found.reindex(range(len(points)))
    reached = {f"nearest_{kind}_minutes": every[kind].fillna(np.inf).where(held) for kind in ("sure", "possible")}
    counts = every["within"].fillna(0).to_numpy(np.int64)
    within = counts if held.all() else pd.arrays.IntegerArray(counts, ~held)
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
