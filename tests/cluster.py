"""The travel-time question on a cluster of two workers and by DuckDB: the same to 1e-9. `make cluster-test` runs it.

It is no part of the test suite: it needs the extra `cluster` and Java 17.
"""

import sys
import tempfile
from pathlib import Path

import ibis
import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from pyspark.sql import SparkSession

from iop_analysis.errors import DataError
from iop_analysis.metrics.travel import TravelMatrix, travel_table

POINTS, SITES, MASTER = 500, 120, "local-cluster[2,1,1024]"


@pytest.fixture(scope="module")
def spark():
    builder = SparkSession.builder.master(MASTER).config("spark.ui.enabled", "false")
    builder = builder.config("spark.pyspark.python", sys.executable).config("spark.sql.shuffle.partitions", "4")
    session = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
    session = session.getOrCreate()
    yield ibis.pyspark.connect(session)
    session.stop()


@pytest.fixture(scope="module")
def region():
    """Invented tracts and clinics of two states, and some answers that are not known."""
    rng = np.random.default_rng(5)
    ids = [f"{1 + 7 * (n % 2):02d}{n:09d}" for n in range(POINTS)]
    points = pd.DataFrame({"point_id": ids, "population": rng.integers(0, 9, POINTS)})
    sites = pd.DataFrame({"facility_id": [f"{n:06d}" for n in range(SITES)]})
    points, sites = points.assign(state=points["point_id"].str[:2]), sites.assign(state=["01", "08", "34"] * 40)
    rows = pd.MultiIndex.from_product([ids[:-3], sites["facility_id"]], names=["origin", "destination"])
    rows = rows.to_frame(index=False)
    rows["minutes"] = np.where(rng.uniform(size=len(rows)) < 0.2, np.nan, rng.uniform(0, 200, len(rows)))
    return points, sites, rows.sample(frac=1, random_state=2)


def whole(rows):
    return rows.astype({"origin": "int64", "destination": "int64"})


def decimal(rows):
    return rows.astype({"origin": float, "destination": float})


def written(rows):
    return rows.assign(origin="1400000US" + rows["origin"], destination=" " + rows["destination"] + ".0")


def kept(rows):
    """A folder of four files in two folders, as a cluster would leave them."""
    folder = Path(tempfile.mkdtemp())
    for number in range(4):
        path = folder / f"half={number % 2}" / f"{number}.parquet"
        path.parent.mkdir(exist_ok=True)
        rows.iloc[number::4].to_parquet(path, index=False)
    return folder


@pytest.mark.parametrize(("form", "same_state"), [(whole, False), (decimal, False), (written, True)])
def test_the_cluster_says_what_duckdb_says(spark, region, form, same_state):
    points, sites, rows = region
    folder, answer = kept(form(rows)), pd.Series([True, None, False, True] * 30, dtype="boolean")
    here, there = (
        travel_table(points, sites, TravelMatrix(folder, *ids(region), *engine), answer, same_state=same_state)
        for engine in ((), (spark,))
    )
    assert_frame_equal(there, here, rtol=1e-9, atol=0)
    assert here["nearest_sure_minutes"].isna().sum() == 3


def test_a_pair_that_stands_twice_is_refused_there_too(spark, region):
    rows = pd.concat([region[2], region[2].dropna().head(1)])
    with pytest.raises(DataError, match="stands there twice"):
        travel_table(*region[:2], TravelMatrix(kept(rows), *ids(region), spark))


def test_parts_of_the_cluster_hold_the_same_pairs(spark, region):
    costs = [
        np.sort(np.concatenate([part.cost for part in TravelMatrix(kept(region[2]), *ids(region), *engine)]))
        for engine in ((), (spark,))
    ]
    np.testing.assert_allclose(costs[1], costs[0], rtol=1e-9)


def ids(region):
    return region[0]["point_id"], region[1]["facility_id"]
