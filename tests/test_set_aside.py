"""The gate: a value that cannot be right is set to missing, counted by kind, kept as published; too many stop."""

import make_sample
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iop_analysis import catalog, sources
from iop_analysis.errors import DataError
from iop_analysis.raw import reading
from iop_analysis.releases import gate, listing, store
from iop_analysis.sources import Aside, Cleaned

DIRECTORY = catalog.release("national_directory@su-2023")
LOCATOR = catalog.release("findtreatment@va-2019")


@pytest.fixture(autouse=True)
def data_folder(tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("data")
    monkeypatch.setenv("IOP_DATA", str(folder))
    return folder


def rows(count: int, **columns) -> pd.DataFrame:
    """Rows as a source's `clean` gives them (SYNTHETIC)."""
    told = {
        "name": [f"Sample {number} (synthetic)" for number in range(count)],
        "street": [f"{number} Sample Street" for number in range(count)],
        "city": "Denver",
        "state": "CO",
        "zip": "80203",
        "address_hidden": False,
        "facility_type": "substance use",
    }
    return pd.DataFrame(told | columns, index=range(count))


def through(table: pd.DataFrame, release: catalog.Release = DIRECTORY, **cleaned) -> listing.Listing:
    return listing.standardize(Cleaned(table, **cleaned), release)


def kept(found: listing.Listing) -> list[list[str]]:
    return found.set_aside[["row", "column", "value", "reason"]].astype("str").values.tolist()


def noted(found: listing.Listing, words: str) -> int:
    return sum(note.rows for note in found.notes if words in note.text)


@pytest.mark.parametrize(
    ("written", "state", "read"),
    [("8608", "NJ", "08608"), ("2108", "MA", "02108"), ("086081234", "NJ", "08608"), ("86081234", "NJ", "08608")]
    + [("602-", "PR", None), ("602", "PR", "00602"), ("80203-1234", "CO", "80203"), ("80203 1234", "CO", "80203")]
    + [("8608.0", "NJ", "08608"), ("7712", "TX", None), ("8020", "CO", None), ("CO 80203", "CO", None)]
    + [("8O203", "CO", None), ("", "CO", None)],
)
def test_a_lost_zero_comes_back_where_the_state_agrees_and_nine_digits_are_cut(written, state, read):
    found = through(rows(1, zip=written, state=state, city="Elsewhere"))
    assert found.facilities["zip"].fillna("").tolist() == [read or ""]
    expected = [] if read or not written else [["2", "Zip", written, "not five digits"]]
    assert kept(found) == expected


@pytest.mark.parametrize(
    ("latitude", "longitude", "reason"),
    [(0.0, 0.0, "zero"), (-104.98, 39.73, "swapped"), (40.7, -74.1, "out of state"), (39.73, 104.98, "out of state")]
    + [("39,73", "-104.98", "no number"), ("39.73", "", "incomplete"), (39.73, np.nan, "incomplete")],
)
def test_a_point_that_cannot_be_that_of_the_row_is_missing_and_kept(latitude, longitude, reason):
    table = rows(2, facility_id=["a", "b"], latitude=[39.73, latitude], longitude=[-104.98, longitude])
    found = through(table, LOCATOR)
    assert found.facilities["point_quality"].tolist() == ["publisher", "zip"]
    ((row, column, _, why),) = kept(found)
    assert (row, column) == ("3", "latitude")
    assert reason in why
    assert noted(found, "set aside") == 1


def test_a_state_that_is_none_is_that_of_the_zip_code_and_without_one_no_state():
    states, zips = ["Colorado", "Kolorado", "Kolorado", "", "XQ"], ["80203", "80203", "", "08608", "80203"]
    found = through(rows(5, state=states, zip=zips))
    assert found.facilities["state"].fillna("").tolist() == ["CO", "CO", "", "NJ", ""]
    assert [line[1:3] for line in kept(found)] == [["State", "Kolorado"], ["State", "Kolorado"], ["State", "XQ"]]
    assert noted(found, "take that of their ZIP code") == 2


def test_a_state_against_its_own_zip_code_and_point_is_wrong_and_not_the_point():
    table = rows(2, facility_id=["a", "b"], state=["VT", "CO"], latitude=42.3601, longitude=-71.0589)
    found = through(table.assign(zip=["02108", "80203"]), LOCATOR)
    assert found.facilities["state"].tolist() == ["MA", "CO"]
    assert found.facilities["point_quality"].tolist() == ["publisher", "zip"]
    assert [line[1:] for line in kept(found)] == [
        ["state", "VT", "state against its zip and point"],
        ["latitude", "42.3601, -71.0589", "point out of state"],
    ]


@pytest.mark.parametrize(("ids", "reason"), [(["a", "b", "a"], "repeated"), (["a", "b", ""], "empty")])
def test_an_identifier_that_is_empty_or_stands_there_twice_is_set_aside_and_replaced(ids, reason):
    found = through(rows(3, facility_id=ids, latitude=39.73, longitude=-104.98), LOCATOR)
    assert found.facilities["facility_id"].is_unique
    assert found.facilities["facility_id"].tolist()[:2] == ["a", "b"]
    assert found.facilities["facility_id"].ne("").all()
    assert [[*line[:2], line[3].split()[0]] for line in kept(found)] == [["4", "frid", reason]]


def test_an_interval_that_is_none_is_a_day_of_which_nothing_is_known():
    hours = pd.DataFrame(
        [["a", "Mo", 540, 1020], ["a", "Tu", 1020, 540], ["b", "We", 600, 600], ["b", "Th", 600, 1500]],
        columns=["facility_id", "day", "opens_minute", "closes_minute"],
    ).assign(scope="site", label="")
    table = rows(2, facility_id=["a", "b"], latitude=39.73, longitude=-104.98, hours_status="known")
    found = through(table, LOCATOR, hours=hours)
    assert found.hours["opens_minute"].isna().tolist() == [False, True, True, True]
    assert [line[0] for line in kept(found)] == ["2", "3", "3"]


def test_a_release_stops_above_two_in_a_hundred_rows_or_twenty():
    def bad(count, of):
        return rows(of, zip=["8O203"] * count + ["80203"] * (of - count))

    assert noted(through(bad(20, 100)), "set aside") == 20
    with pytest.raises(
        DataError, match="21 of 100 rows hold a value that cannot be right, more than 20; the first is r"
    ):
        through(bad(21, 100))
    assert noted(through(bad(30, 1500)), "set aside") == 30
    with pytest.raises(DataError, match="31 of 1,500 rows"):
        through(bad(31, 1500))


def test_repairs_that_lose_nothing_never_stop_a_release():
    assert noted(through(rows(50, zip="8608", state="NJ")), "padded") == 50


def test_one_point_that_a_geocoder_gives_many_addresses_is_one_fault():
    table = rows(60, facility_id=[str(number) for number in range(60)], latitude=39.78373, longitude=-100.445882)
    found = through(table, LOCATOR)
    assert found.facilities["point_quality"].eq("zip").all()
    assert len(found.set_aside) == 60


def test_a_listed_correction_says_why_and_lets_more_rows_pass(data_folder):
    table = rows(40, zip="8O203")
    with pytest.raises(DataError, match=r"corrections\.csv"):
        through(table)
    own = data_folder / "corrections.csv"
    heading = "release,column,problem,at_most,action,reason\n"
    own.write_text(heading + "national_directory@*,zip,not_five_digits,40,missing,A letter O.\n", encoding="utf-8")
    assert noted(through(table), "set aside: A letter O.") == 40
    own.write_text(heading + "national_directory@*,zip,not_five_digits,39,missing,A letter O.\n", encoding="utf-8")
    with pytest.raises(DataError, match="40 of 40 rows"):
        through(table)
    with pytest.raises(DataError, match="40 of 40 rows"):
        through(table.assign(facility_id=table.index.astype("str")), LOCATOR)


def test_a_correction_that_lacks_its_reason_is_refused(data_folder):
    text = "release,column,problem,at_most,action,reason\nnational_directory@*,zip,not_five_digits,40,missing,\n"
    (data_folder / "corrections.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="corrections.csv: row 2 needs"):
        through(rows(1, zip="8O203"))


def test_what_was_set_aside_stands_beside_the_release():
    release = catalog.release("ladders@sample")
    listing.build(release)
    tables, _ = store.read(release, (gate.TABLE,))
    assert list(tables[gate.TABLE]) == ["file", "row", "column", "value", "reason"]
    assert len(listing.load(release.name).set_aside) == len(tables[gate.TABLE])


def test_cells_that_a_source_sets_aside_join_those_of_the_gate():
    found = through(rows(2, zip=["80203", "x"]), aside=(Aside(0, "codes", "QQQ", "no_known_service_code"),))
    assert kept(found) == [
        ["2", "Service_code_info", "QQQ", "no known service code"],
        ["3", "Zip", "x", "not five digits"],
    ]


@given(st.lists(st.booleans(), min_size=1, max_size=30))
def test_row_numbers_are_those_that_a_person_sees_after_blank_rows(filled):
    numbers = [number for number, full in enumerate(filled, 2) if full]
    blank = tuple(number for number, full in enumerate(filled, 2) if not full)
    assert sources.row_numbers(range(len(numbers)), {"first_row": 2, "blank_rows": blank}) == numbers


LARGE_TABLES = {
    "plain": "name , zip\nAlder,80203\nBirch,\n",
    "quotes and line breaks": 'name,zip\n"Alder, ""the"" house\nsecond line",80203\n',
    "a row of blanks": "name,zip\nAlder,80203\n,\nBirch,80204\n",
    "an empty line": "name,zip\nAlder,80203\n\nBirch,80204\n",
    "windows line ends": "name,zip\r\nAlder,80203\r\n",
    "a column without a heading": "name,zip,\nAlder,80203,x\n",
    "a first cell that is blank": "name,zip\n,80203\n",
}


@pytest.mark.parametrize("text", LARGE_TABLES.values(), ids=LARGE_TABLES)
def test_a_large_table_is_read_at_once_and_gives_what_a_small_one_gives(text, tmp_path, monkeypatch):
    path = tmp_path / "table.csv"
    path.write_bytes(text.encode())
    slow = reading.read_text_table(path)
    monkeypatch.setattr(reading, "LARGE", 0)
    quick = reading.read_text_table(path)
    pd.testing.assert_frame_equal(quick, slow)
    assert quick.attrs == slow.attrs


def test_a_large_table_with_a_row_of_another_length_names_the_line(tmp_path, monkeypatch):
    path = tmp_path / "table.csv"
    path.write_text("name,zip\nAlder,80203\nBirch\n", encoding="utf-8")
    monkeypatch.setattr(reading, "LARGE", 0)
    with pytest.raises(DataError, match="line 3 has 1 cells where the heading has 2"):
        reading.read_text_table(path)


def test_the_name_of_a_sheet_counts_whatever_its_case_and_blanks(tmp_path):
    path = tmp_path / "book.xlsx"
    make_sample.write({" facilities LIST": [["name1"], ["Alder"]]}, path)
    (table,) = reading.read_sheets(path, ["Facilities List"])
    assert table["name1"].tolist() == ["Alder"]
