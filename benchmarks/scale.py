"""How the travel-time question grows: seconds, processor seconds and memory for matrices of a million rows and more.

    python benchmarks/scale.py [rows] [blocks] [national] [folder] [cluster]

Every size runs in a process of its own, over a SYNTHETIC matrix that is written first: each point to 1,956 sites, point
by point, eleven-digit identifiers as text. `blocks`: the same in any order of rows. `national`: 85,187 points to 1,400
sites with whole-number identifiers, held against the same with text. `folder`: one file and a folder of 50 by the same
rows. `cluster`: by PySpark (extra `cluster`, Java 17) on two workers, held against DuckDB to 1e-9.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from iop_analysis.metrics.travel import TravelMatrix, travel_table

SIZES, SITES, TRACTS, NATIONAL = (1_000_000, 10_000_000, 100_000_000), 1_956, 85_187, 1_400
PART, CLUSTER_ROWS = 1_000_000, 1_000_000
MASTER = "local-cluster[2,1,1024]"


def names(count: int, digits: int, step: int) -> pd.Series:
    return pd.Series(1001000000 * (digits == 11) + np.arange(count) * step).astype("str").str.zfill(digits)


def region(rows: int, sites: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """Points, sites, and which of the sites count: half surely, a quarter perhaps."""
    points = pd.DataFrame({"point_id": names(-(-rows // sites), 11, 100_000), "population": 1})
    clinics = pd.DataFrame({"facility_id": names(sites, 6, 1)})
    return points, clinics, pd.Series(np.resize([True, None, False, True], sites), dtype="boolean")


def write(rows: int, sites: int, kind: str, folder: Path) -> Path:
    """The matrix as one file; `folder`: as one a part; `whole`: identifiers as numbers; `mixed`: rows in any order."""
    points, clinics, _ = region(rows, sites)
    ids = [points["point_id"], clinics["facility_id"]]
    if kind == "whole":
        ids = [one.astype("int64") for one in ids]
    words = [pa.array(one.tolist()) for one in ids]
    rng, file, path = np.random.default_rng(3), None, folder / f"{kind}.parquet"
    for number, start in enumerate(range(0, rows, PART)):
        pair = np.arange(start, min(rows, start + PART))
        minutes = rng.uniform(1, 120, len(pair)).round(1)
        if kind == "mixed":  # every part has rows of all points
            pair = np.arange(number, rows, -(-rows // PART))[rng.permutation(len(pair))]
        ends = [word.take(pa.array(end)) for word, end in zip(words, (pair // sites, pair % sites), strict=True)]
        table = pa.table({"origin": ends[0], "destination": ends[1], "minutes": minutes})
        if kind == "folder":
            (folder / kind / f"part={number}").mkdir(parents=True)
            pq.write_table(table, folder / kind / f"part={number}" / "0.parquet")
            continue
        file = file or pq.ParquetWriter(path, table.schema)
        file.write_table(table)
    if file is None:
        return folder / kind
    file.close()
    return path


def answer(rows: int, sites: int, path: Path, kept: Path, engine: str = "duckdb") -> None:
    """Ask the question in this process, print what it took, keep the table."""
    points, clinics, counts = region(rows, sites)
    given = (spark(),) if engine == "spark" else ()
    before, start = time.process_time(), time.perf_counter()
    matrix = TravelMatrix(path, points["point_id"], clinics["facility_id"], *given)
    table = travel_table(points, clinics, matrix, counts)
    seconds, busy = time.perf_counter() - start, time.process_time() - before
    gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{path.stem:<8} {rows:>12,} rows {seconds:8.1f} s, of processors {busy:7.1f} s {gb:6.2f} GB", flush=True)
    table.to_pickle(kept)


def spark():  # noqa: ANN201
    import ibis
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(MASTER).config("spark.pyspark.python", sys.executable)
    builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.ui.enabled", "false")
    return ibis.pyspark.connect(builder.getOrCreate())


def run(rows: int, sites: int, path: Path, engine: str = "duckdb") -> pd.DataFrame:
    kept = path.parent / f"{path.stem}.pkl"
    words = [str(one) for one in (rows, sites, path, kept, engine)]
    subprocess.run([sys.executable, __file__, "--child", *words], check=True)
    return pd.read_pickle(kept)


def alike(one: pd.DataFrame, other: pd.DataFrame, what: str) -> None:
    pd.testing.assert_frame_equal(one, other, rtol=1e-9, atol=0)
    print(f"{what}: {len(one):,} points, equal to 1e-9", flush=True)


def main(parts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for rows in SIZES if "rows" in parts else ():
            run(rows, SITES, write(rows, SITES, "text", folder))
        for rows in SIZES[1:] if "blocks" in parts else ():
            run(rows, SITES, write(rows, SITES, "mixed", folder))
        if "national" in parts:
            rows = TRACTS * NATIONAL
            tables = [run(rows, NATIONAL, write(rows, NATIONAL, kind, folder)) for kind in ("text", "whole")]
            alike(*tables, "whole numbers beside text")
        if "folder" in parts:
            rows = SIZES[1] * 5
            alike(*(run(rows, SITES, write(rows, SITES, kind, folder)) for kind in ("text", "folder")), "folder")
        if "cluster" in parts:
            path = write(CLUSTER_ROWS, SITES, "text", folder)
            alike(*(run(CLUSTER_ROWS, SITES, path, engine) for engine in ("duckdb", "spark")), "cluster beside DuckDB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        rows, sites, path, kept, engine = sys.argv[2:]
        answer(int(rows), int(sites), Path(path), Path(kept), engine)
    else:
        main(sys.argv[1:] or ["rows", "blocks", "national", "folder"])
