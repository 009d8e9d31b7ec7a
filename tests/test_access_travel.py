"""A travel-time matrix read in small parts, CSV or Parquet, gives what it gives in one piece."""

import gzip

import numpy as np
import pandas as pd
import pytest

from iop_analysis.errors import DataError
from iop_analysis.metrics import travel
from iop_analysis.metrics.access import summary
from iop_analysis.metrics.catchment import LUO_QI_STEPS, Pairs, two_step
from iop_analysis.metrics.travel import TravelMatrix, travel_table

POINTS, SITES = 300, 20


@pytest.fixture(scope="module")
def region():
    rng = np.random.default_rng(3)
    points = pd.DataFrame(
        {
            "point_id": [f"{n:011d}" for n in range(POINTS)],
            "population": rng.integers(0, 4000, POINTS),
            "state": np.where(np.arange(POINTS) < 150, "CO", "WY"),
        }
    )
    sites = pd.DataFrame({"facility_id": [f"{n:03d}" for n in range(SITES)]})
    sites["state"] = np.where(np.arange(SITES) < 8, "CO", "WY")
    minutes = rng.uniform(0, 90, (POINTS, SITES))
    minutes[5] = np.nan
    grid = pd.DataFrame(minutes, index=points["point_id"], columns=sites["facility_id"])
    long = grid.rename_axis("from_id").reset_index().melt("from_id", var_name="to_id", value_name="travel_time")
    return points, sites, minutes, long.sample(frac=1, random_state=1)


@pytest.fixture(params=["csv", "csv.gz", "parquet"])
def matrix(request, region, tmp_path, monkeypatch):
    """The matrix as a file of shuffled rows, read 500 rows (10 kB of text) at a time."""
    points, sites, _, long = region
    monkeypatch.setattr(travel, "PART_ROWS", 500)
    path = tmp_path / f"minutes.{request.param}"
    if request.param == "parquet":
        long.to_parquet(path)
    else:
        long.to_csv(path, index=False)
    return TravelMatrix(path, points["point_id"], sites["facility_id"])


def write(tmp_path, text, name="minutes.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return TravelMatrix(path, pd.Series(["a", "b"]), pd.Series(["x", "y"]))


def test_the_file_is_read_in_parts(matrix):
    assert sum(1 for _ in matrix) > 1


def test_nearest_minutes_are_the_least_of_the_row_and_unreached_is_infinite(matrix, region):
    points, sites, minutes, _ = region
    answer = pd.Series([True, None, False, True] * 5, dtype="boolean")
    table = travel_table(points, sites, matrix, answer, within_minutes=30)
    whole = np.where(np.isnan(minutes), np.inf, minutes)
    sure, possible = answer.fillna(False).to_numpy(bool), answer.fillna(True).to_numpy(bool)
    np.testing.assert_allclose(table["nearest_sure_minutes"], whole[:, sure].min(axis=1))
    np.testing.assert_allclose(table["nearest_possible_minutes"], whole[:, possible].min(axis=1))
    np.testing.assert_array_equal(table["within_count"], (whole[:, sure] <= 30).sum(axis=1))
    assert np.isinf(table["nearest_sure_minutes"].iloc[5])


def test_in_state_minutes_look_at_sites_of_the_own_state_only(matrix, region):
    points, sites, minutes, _ = region
    table = travel_table(points, sites, matrix, same_state=True)
    whole = np.where(np.isnan(minutes), np.inf, minutes)
    np.testing.assert_allclose(table["nearest_sure_minutes"].iloc[:150], whole[:150, :8].min(axis=1))
    np.testing.assert_allclose(table["nearest_sure_minutes"].iloc[150:], whole[150:, 8:].min(axis=1))


def test_floating_catchments_over_a_streamed_file_equal_those_in_memory(matrix, region):
    points, sites, minutes, _ = region
    i, j = np.nonzero(~np.isnan(minutes))
    whole = Pairs.of(i, j, minutes[i, j], POINTS)
    supply = np.arange(1.0, SITES + 1)
    expected = two_step(points["population"], supply, whole, LUO_QI_STEPS)
    np.testing.assert_allclose(two_step(points["population"], supply, matrix, LUO_QI_STEPS), expected, rtol=1e-12)


def test_rows_of_other_points_or_sites_are_passed_over(tmp_path):
    matrix = write(tmp_path, "origin,destination,minutes\na,x,5\nq,x,1\na,q,1\n")
    assert [part.cost.tolist() for part in matrix] == [[5.0]]


def test_identifiers_keep_their_zeros(tmp_path):
    path = tmp_path / "minutes.csv"
    path.write_text("origin,destination,minutes\n01001,007,5\n", encoding="utf-8")
    matrix = TravelMatrix(path, pd.Series(["01001"]), pd.Series(["007"]))
    assert [part.cost.tolist() for part in matrix] == [[5.0]]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("origin,minutes\na,5\n", "no column for destination"),
        ("origin,destination,minutes\na,x,-5\n", "less than zero"),
        ("origin,destination,minutes\na,x,5\na,x,6\n", "from a to x stands there twice"),
        ("origin,destination,minutes\nq,x,5\n", "no row joins one of the 2 points"),
        ("origin,destination,minutes\na,x,soon\n", "cannot be read as origin, destination, minutes"),
    ],
)
def test_a_matrix_that_cannot_be_used_stops_with_one_sentence(tmp_path, text, sentence):
    with pytest.raises(DataError, match=sentence) as stop:
        list(write(tmp_path, text))
    assert "minutes.csv" in str(stop.value)


def test_a_matrix_that_is_no_parquet_file_is_said_to_be_none(tmp_path):
    with pytest.raises(DataError, match="no whole Parquet file"):
        list(write(tmp_path, "origin,destination,minutes\n", "minutes.parquet"))


def test_a_compressed_matrix_that_is_cut_off_stops_with_one_sentence(tmp_path):
    matrix = write(tmp_path, "", "minutes.csv.gz")
    whole = gzip.compress(b"origin,destination,minutes\n" + b"a,x,5\n" * 5000)
    matrix.path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"minutes.csv.gz"):
        list(matrix)


def pairs(tmp_path, text, points, sites, name="minutes.csv"):
    """Every journey of a matrix as point, site and minutes."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    matrix = TravelMatrix(path, pd.Series(points), pd.Series(sites))
    found = [list(zip(part.points(), part.site, part.cost, strict=True)) for part in matrix]
    return [(points[point], sites[site], minutes) for part in found for point, site, minutes in part]


@pytest.mark.parametrize("written", ["8031000101", "8031000101.0", "1400000US08031000101", " 08031000101 "])
def test_identifiers_join_however_a_program_left_them(tmp_path, written):
    text = f"origin,destination,minutes\n{written},7.0,5\n"
    assert pairs(tmp_path, text, ["08031000101", "34013000100"], ["007"]) == [("08031000101", "007", 5.0)]


def test_identifiers_that_only_their_zeros_keep_apart_are_joined_as_written(tmp_path):
    text = "origin,destination,minutes\n07,x,5\n7,x,6\n"
    assert pairs(tmp_path, text, ["7", "07"], ["x"]) == [("7", "x", 6.0), ("07", "x", 5.0)]


def test_identifiers_held_as_decimal_numbers_in_parquet_are_joined(tmp_path):
    path = tmp_path / "minutes.parquet"
    pd.DataFrame({"origin": [34013000100.0], "destination": ["x"], "minutes": [5]}).to_parquet(path)
    matrix = TravelMatrix(path, pd.Series(["34013000100"]), pd.Series(["x"]))
    assert [part.cost.tolist() for part in matrix] == [[5.0]]


@pytest.mark.parametrize(
    ("heading", "minutes"),
    [("fromId,toId,travel_time", 600.0), ("origin,dest,cost", 600.0), ("origin_id,destination_id,duration_sec", 10.0)],
)
def test_a_heading_that_says_seconds_is_turned_into_minutes(tmp_path, heading, minutes):
    assert pairs(tmp_path, f"{heading}\na,x,600\n", ["a"], ["x"]) == [("a", "x", minutes)]


def test_several_sites_of_one_destination_are_each_reached(tmp_path):
    text = "origin,destination,minutes\na,t,5\nb,t,6\na,u,7\n"
    path = tmp_path / "minutes.csv"
    path.write_text(text, encoding="utf-8")
    (part,) = list(TravelMatrix(path, pd.Series(["a", "b"]), pd.Series(["t", "u", "t"])))
    found = sorted(zip(part.points().tolist(), part.site.tolist(), part.cost.tolist(), strict=True))
    assert found == [(0, 0, 5.0), (0, 1, 7.0), (0, 2, 5.0), (1, 0, 6.0), (1, 2, 6.0)]


def test_a_point_that_stands_nowhere_in_the_matrix_is_not_measured(tmp_path):
    path = tmp_path / "minutes.csv"
    path.write_text("origin,destination,minutes\na,x,5\nb,q,9\n", encoding="utf-8")
    points = pd.DataFrame({"point_id": ["a", "b", "c"], "population": [1, 1, 2]})
    sites = pd.DataFrame({"facility_id": ["x"]})
    table = travel_table(points, sites, TravelMatrix(path, points["point_id"], sites["facility_id"]))
    assert table["nearest_sure_minutes"].tolist()[:2] == [5.0, np.inf]
    assert table.iloc[2, 2:].isna().all()
    count, share, sentence = travel.not_measured(table)
    assert (count, share) == (1, 0.5)
    assert sentence == "1 of 3 points (50.0 % of residents) stand nowhere in the matrix: not measured."
    row = summary(table, 30).iloc[0]
    assert (row["population"], row["population_not_measured"], row["share_within"]) == (4, 2, 0.5)
