"""A matrix in many files, at an address, or with whole-number identifiers says what its text twin says in one."""

import re
import tomllib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.fs
import pyarrow.parquet as pq
import pytest
from pandas.testing import assert_frame_equal

from iop_analysis.errors import DataError
from iop_analysis.metrics.travel import TravelMatrix, destinations, joined, travel_table
from iop_analysis.places import journeys

POINTS, SITES = 120, 60  # more sites than one block of bits


@pytest.fixture(scope="module")
def region():
    """Invented tracts of states with and without a zero in front, and every journey to every clinic."""
    rng = np.random.default_rng(11)
    ids = [f"{state:02d}{tract:09d}" for state in (1, 8, 34) for tract in range(100, 100 + POINTS // 3)]
    points = pd.DataFrame({"point_id": ids, "population": rng.integers(0, 9, POINTS)})
    points["state"] = points["point_id"].str[:2]
    sites = pd.DataFrame({"facility_id": [f"{n:06d}" for n in range(SITES)]})
    sites["state"] = np.where(np.arange(SITES) < 20, "01", "08")
    rows = pd.MultiIndex.from_product([ids, sites["facility_id"]], names=["origin", "destination"]).to_frame(
        index=False
    )
    rows["minutes"] = rng.uniform(0, 200, len(rows)).round(1)
    rows.loc[rows.sample(frac=0.2, random_state=1).index, "minutes"] = np.nan
    return points, sites, rows


@pytest.fixture(scope="module")
def expected(region):
    """The definition, restated with pandas."""
    points, sites, rows = region
    answer = answers()
    flags = pd.DataFrame(
        {"destination": sites["facility_id"], "sure": answer.fillna(False), "maybe": answer.fillna(True)}
    )
    joined_rows = rows.merge(flags, on="destination").dropna(subset="minutes")
    sure, maybe = joined_rows[joined_rows["sure"]], joined_rows[joined_rows["maybe"]]
    table = points[["point_id", "population"]].copy()
    for name, some in (("sure", sure), ("possible", maybe)):
        table[f"nearest_{name}_minutes"] = table["point_id"].map(some.groupby("origin")["minutes"].min()).fillna(np.inf)
    near = sure[sure["minutes"] <= 30].groupby("origin").size()
    return table.assign(within_count=table["point_id"].map(near).fillna(0).astype("int64"))


def answers():
    return pd.Series([True, None, False, True] * (SITES // 4), dtype="boolean")


def measured(region, path):
    points, sites, _ = region
    return travel_table(points, sites, TravelMatrix(path, points["point_id"], sites["facility_id"]), answers())


def whole(rows):
    return rows.assign(origin=rows["origin"].astype("int64"), destination=rows["destination"].astype("int64"))


def decimal(rows):
    return rows.assign(origin=rows["origin"].astype(float), destination=rows["destination"].astype(float))


def write(rows, path, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    rows.to_parquet(path, index=False, **options)


def by_state(rows):
    return rows.groupby(rows["origin"].str[:2])


@pytest.mark.parametrize("form", [lambda rows: rows, whole, decimal])
@pytest.mark.parametrize("kind", ["csv", "csv.gz", "parquet"])
def test_whole_number_identifiers_say_what_their_text_twin_says(region, expected, tmp_path, form, kind):
    path = tmp_path / f"minutes.{kind}"
    rows = form(region[2])
    rows.to_parquet(path) if kind == "parquet" else rows.to_csv(path, index=False)
    assert_frame_equal(measured(region, path), expected, rtol=1e-12)


def test_a_folder_of_states_is_one_matrix(region, expected, tmp_path):
    for state, rows in by_state(region[2]):
        write(rows, tmp_path / f"year=2026/state={state}/part-0.parquet")
    assert_frame_equal(measured(region, tmp_path), expected, rtol=1e-12)
    assert_frame_equal(measured(region, tmp_path.as_uri()), expected, rtol=1e-12)


def test_identifiers_of_many_types_in_other_orders_of_columns_are_one_matrix(region, expected, tmp_path):
    forms = (lambda rows: rows[["minutes", "destination", "origin"]], whole, decimal)
    for form, (state, rows) in zip(forms, by_state(region[2]), strict=True):
        write(form(rows).assign(mode="car"), tmp_path / state / "deep" / "minutes.parquet")
    assert_frame_equal(measured(region, tmp_path), expected, rtol=1e-12)


def test_a_folder_whose_names_hold_the_origin_keeps_its_zeros(region, expected, tmp_path):
    for origin, rows in region[2].groupby("origin"):
        write(rows.drop(columns="origin"), tmp_path / f"origin={origin}" / "0.parquet")
    assert_frame_equal(measured(region, tmp_path), expected, rtol=1e-12)


@pytest.mark.parametrize("empty", [pd.DataFrame(), pd.DataFrame({"origin": [], "destination": [], "minutes": []})])
def test_files_without_rows_and_what_writers_leave_beside_are_passed_over(region, expected, tmp_path, empty):
    write(region[2], tmp_path / "b.parquet")
    write(empty, tmp_path / "a.parquet")
    write(empty, tmp_path / "z.parquet")
    write(region[2], tmp_path / "_temporary" / "b.parquet")
    (tmp_path / ".c.parquet").write_bytes(b"half")
    (tmp_path / "_SUCCESS").write_bytes(b"")
    assert_frame_equal(measured(region, tmp_path), expected, rtol=1e-12)


def test_the_own_state_alone_counts_in_a_folder_too(region, tmp_path):
    points, sites, rows = region
    for state, some in by_state(rows):
        write(some, tmp_path / f"{state}.parquet")
    matrix = TravelMatrix(tmp_path, points["point_id"], sites["facility_id"])
    table = travel_table(points, sites, matrix, same_state=True)
    at_home = rows[rows["origin"].str[:2] == rows["destination"].map(sites.set_index("facility_id")["state"])]
    least = points["point_id"].map(at_home.groupby("origin")["minutes"].min()).fillna(np.inf)
    np.testing.assert_array_equal(table["nearest_sure_minutes"], least)


def test_a_pair_that_stands_in_two_files_is_refused_by_name(region, tmp_path):
    write(region[2], tmp_path / "a.parquet")
    write(whole(region[2].dropna().tail(1)), tmp_path / "b.parquet")
    last = region[2].dropna().iloc[-1]
    with pytest.raises(DataError, match=f"from {last['origin']} to {last['destination']} stands there twice"):
        measured(region, tmp_path)


@pytest.mark.parametrize("times", [2, 3, 4])
@pytest.mark.parametrize("site", [0, 47, 48, SITES - 1])
def test_a_pair_is_seen_however_often_it_stands_there_and_whatever_its_bit(region, tmp_path, site, times):
    points, sites, _ = region
    rows = pd.DataFrame({"origin": points["point_id"][0], "destination": sites["facility_id"], "minutes": 9.0})
    write(pd.concat([rows, *[rows.iloc[[site]]] * (times - 1)]), tmp_path / "minutes.parquet")
    with pytest.raises(DataError, match=f"to {site:06d} stands there twice"):
        measured(region, tmp_path / "minutes.parquet")


def test_a_file_of_other_headings_in_a_folder_is_named(region, tmp_path):
    write(region[2].head(60), tmp_path / "a.parquet")
    write(region[2].tail(60).rename(columns={"minutes": "seconds"}), tmp_path / "b.parquet")
    with pytest.raises(DataError, match="b.parquet has not the headings"):
        measured(region, tmp_path)
    write(region[2].tail(60).drop(columns="destination"), tmp_path / "b.parquet")
    with pytest.raises(DataError, match="b.parquet: row 1 has no column for destination"):
        measured(region, tmp_path)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda folder: folder, "holds no Parquet file"),
        (lambda folder: folder / "none.parquet", "there is no such file"),
        (lambda folder: (folder / "none").as_uri(), "there is no such file"),
        (lambda _: "nowhere://bucket/matrix", "cannot be reached"),
    ],
)
def test_what_is_not_there_is_said_in_one_sentence(region, tmp_path, make, sentence):
    with pytest.raises(DataError, match=sentence):
        measured(region, make(tmp_path))


def test_a_broken_file_in_a_folder_is_named(region, tmp_path):
    write(region[2], tmp_path / "a.parquet")
    (tmp_path / "b.parquet").write_bytes((tmp_path / "a.parquet").read_bytes()[:-40])
    with pytest.raises(DataError, match="b.parquet: this is no whole Parquet file"):
        measured(region, tmp_path)


@pytest.mark.parametrize("end", ["csv.bz2", "csv.xz", "csv.zip", "csv.zst", "tgz"])
def test_a_compression_that_is_not_read_is_refused_in_one_sentence(region, tmp_path, end):
    (tmp_path / f"m.{end}").write_bytes(b"not opened")
    with pytest.raises(DataError, match=rf"m\.{end}: a compressed table of travel times is read as \.csv\.gz"):
        measured(region, tmp_path / f"m.{end}")


def test_a_cut_off_compressed_file_is_never_half_a_matrix(region, tmp_path):
    path = tmp_path / "minutes.csv.gz"
    region[2].to_csv(path, index=False)
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(DataError, match=r"minutes\.csv\.gz"):
        measured(region, path)


def test_words_for_no_way_are_no_way(tmp_path):
    path = tmp_path / "minutes.csv"
    path.write_text("origin,destination,minutes\na,x,NA\na,y,\na,z, 7\nb,x,NaN\nb,y,nan\n", encoding="utf-8")
    points = pd.DataFrame({"point_id": ["a", "b", "c"], "population": 1})
    sites = pd.DataFrame({"facility_id": ["x", "y", "z"]})
    table = travel_table(points, sites, TravelMatrix(path, points["point_id"], sites["facility_id"]))
    assert table["nearest_sure_minutes"].fillna(-1).tolist() == [7.0, np.inf, -1.0]
    assert table["within_count"].fillna(-1).tolist() == [1, 0, -1]


def test_destinations_are_those_of_every_file(region, tmp_path):
    for state, rows in by_state(region[2]):
        write(rows[rows["destination"].str[-1] == state[1]], tmp_path / f"{state}.parquet")
    found = set(destinations(tmp_path))
    assert found == {one for one in region[1]["facility_id"] if one[-1] in "184"}
    assert joined(pd.Series(["1", "000004", "5"]), pd.Series(sorted(found))).tolist() == [True, True, False]


def test_an_object_store_is_read_through_its_own_file_system(region, expected, tmp_path, monkeypatch):
    """The way that a bucket takes, with a file system of Arrow that is not the local one."""
    for state, rows in by_state(region[2]):
        write(rows, tmp_path / "bucket" / "matrix" / f"state={state}" / "0.parquet")
    system = pa.fs.SubTreeFileSystem(str(tmp_path), pa.fs.LocalFileSystem())
    named = SimpleNamespace(from_uri=lambda address: (system, address.removeprefix("s3://")))
    monkeypatch.setattr(journeys, "fs", SimpleNamespace(FileSystem=named, FileSelector=pa.fs.FileSelector))
    assert_frame_equal(measured(region, "s3://bucket/matrix"), expected, rtol=1e-12)


def test_parts_come_in_the_order_of_the_file(region, tmp_path, monkeypatch):
    points, sites, rows = region
    pq.write_table(pa.Table.from_pandas(rows), tmp_path / "minutes.parquet", row_group_size=500)
    matrix = TravelMatrix(tmp_path / "minutes.parquet", points["point_id"], sites["facility_id"])
    monkeypatch.setattr("iop_analysis.metrics.travel.PART_ROWS", 1000)
    costs = [[part.cost.tolist() for part in matrix] for _ in range(2)]
    assert costs[0] == costs[1]
    assert sorted(sum(costs[0], [])) == sorted(rows["minutes"].dropna())


def test_the_lock_holds_every_extra_but_the_cluster():
    root = Path(__file__).resolve().parents[1]
    extras = set(tomllib.loads((root / "pyproject.toml").read_text())["project"]["optional-dependencies"])
    asked = set(re.findall(r"--extra (\w+)", (root / "CONTRIBUTING.md").read_text()))
    assert asked == extras - {"cluster"}
    locked = {line.split("==")[0] for line in (root / "requirements.lock").read_text().splitlines() if "==" in line}
    assert {"ibis-framework", "duckdb"} <= locked
    assert "pyspark" not in locked
