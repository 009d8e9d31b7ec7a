"""Publishers' files: refused when damaged, read as text, kept all or nothing."""

import csv
import gzip
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import platformdirs
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from iop_analysis import catalog, raw
from iop_analysis.errors import CallError, DataError
from iop_analysis.raw import adding, keeping, printable, releases

ROWS = [["name", "zip", "beds"], ["Sample House", "07001", "12"], ["Test Center", "80202", ""]]
CSV = "name,zip,beds\nSample House,07001,12\nTest Center,80202,\n"
PAGE = b"\n<!DOCTYPE html>\n<html><head><title>Page not found</title></head><body>404</body></html>"


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def workbook_bytes(tmp_path: Path) -> bytes:
    return workbook(tmp_path / "whole.xlsx", {"List": ROWS}).read_bytes()


def zip_bytes(protected: bool = False) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("table.csv", CSV)
    content = bytearray(buffer.getvalue())
    if protected:
        for header, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            content[content.index(header) + offset] |= 1
    return bytes(content)


@pytest.fixture
def house(tmp_path, monkeypatch) -> Path:
    """An empty data folder."""
    monkeypatch.setenv("IOP_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def listed(tmp_path, house, monkeypatch) -> catalog.Release:
    """The one release of a small catalog; its file is `list.csv` in a folder of downloads."""
    (tmp_path / "downloads").mkdir()
    file = tmp_path / "downloads" / "list.csv"
    headings = catalog.columns(catalog.release("ladders@2023-05-16")).values()
    file.write_text(",".join(headings) + "\n" + ",".join("x" for _ in headings) + "\n")
    known = replace(catalog.release("ladders@2023-05-16"), file="list.csv", sha256=raw.sha256(file), rows=1)
    source = replace(catalog.source("ladders"), releases=(known,))
    monkeypatch.setattr(catalog, "sources", lambda: {"ladders": source})
    return known


def refused(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        raw.sniff(path)
    return str(caught.value)


DAMAGED = {
    "an empty file": ("list.csv", lambda _: b"", "is empty"),
    "a file of blanks": ("list.csv", lambda _: b" \n\n", "is empty"),
    "a web page named as a workbook": ("list.xlsx", lambda _: PAGE, "web page"),
    "a web page named as CSV": ("list.csv", lambda _: PAGE, "web page"),
    "half a workbook": ("list.xlsx", lambda tmp: workbook_bytes(tmp)[:2000], "cut off"),
    "half a zip": ("list.zip", lambda _: zip_bytes()[:60], "cut off"),
    "a protected zip": ("list.zip", lambda _: zip_bytes(protected=True), "protected by a password"),
    "an encrypted workbook": (
        "list.xlsx",
        lambda _: ole_bytes() + "EncryptedPackage".encode("utf-16-le"),
        "protected by a password",
    ),
    "an old workbook": ("list.xls", lambda _: ole_bytes(), "old Excel"),
    "CSV named as a workbook": ("list.xlsx", lambda _: CSV.encode(), "the name says xlsx but the file holds csv"),
    "a zip named as a workbook": ("list.xlsx", lambda _: zip_bytes(), "the name says xlsx but the file holds zip"),
    "half of UTF-16 text": ("list.csv", lambda _: CSV.encode("utf-16")[:-1], "UTF-16"),
    "UTF-16 text without its mark": ("list.csv", lambda _: CSV.encode("utf-16-le"), "line 1 "),
    "zero bytes in text": ("list.csv", lambda _: CSV.encode() + b"a,\0,b", "line 4 "),
    "bytes of no encoding": ("list.csv", lambda _: CSV.encode() + b"Caf\x81,1,1", "line 4 holds the byte 0x81"),
    "half a JSON file": ("list.json", lambda _: b'{"rows": [{"name": "Sample', "cut off"),
    "half an R file": ("list.rda", lambda _: gzip.compress(b"RDX3\n" + os.urandom(4000))[:2000], "cut off"),
}


def ole_bytes() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


@pytest.mark.parametrize("case", DAMAGED)
def test_a_damaged_or_mistaken_file_is_refused_in_one_sentence_that_names_it_and_what_to_do(case, tmp_path):
    name, content, words = DAMAGED[case]
    path = tmp_path / name
    path.write_bytes(content(tmp_path))
    sentence = refused(path)
    assert sentence.startswith(f"{name}: ")
    assert words in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert any(verb in sentence for verb in ("download", "save", "unpack"))


def test_whole_files_are_known_by_their_bytes_not_by_their_names(tmp_path):
    contents = {
        "xlsx": workbook_bytes(tmp_path),
        "zip": zip_bytes(),
        "csv": CSV.encode(),
        "json": b'\xef\xbb\xbf {"rows": []}',
        "rda": gzip.compress(b"RDX2\nX\n"),
        "gz": gzip.compress(CSV.encode()),
    }
    for kind, content in contents.items():
        (tmp_path / "noending").write_bytes(content)
        assert raw.sniff(tmp_path / "noending") == kind


def test_a_file_that_is_not_there_is_a_wrong_call(tmp_path):
    with pytest.raises(CallError, match="There is no file"):
        raw.sniff(tmp_path / "absent.csv")


@pytest.mark.parametrize("text", [CSV, CSV.replace("\n", "\r\n"), "\ufeff" + CSV, CSV.rstrip("\n")])
def test_a_csv_is_text_in_every_cell_and_a_missing_cell_is_empty(text, tmp_path):
    (tmp_path / "list.csv").write_bytes(text.encode())
    table = raw.read_text_table(tmp_path / "list.csv")
    assert [list(table.columns), *table.to_numpy().tolist()] == ROWS
    assert "notes" not in table.attrs


def test_words_that_look_missing_stay_words(tmp_path):
    (tmp_path / "list.csv").write_text("a,b\nNA,null\n-,NaN\n")
    assert raw.read_text_table(tmp_path / "list.csv").to_numpy().tolist() == [["NA", "null"], ["-", "NaN"]]


def test_windows_text_is_read_and_said(tmp_path):
    (tmp_path / "list.csv").write_bytes("name,city\nCaf\xe9 \u2013 House,Ca\xf1on\n".encode("cp1252"))
    table = raw.read_text_table(tmp_path / "list.csv")
    assert table.loc[0, "name"] == "Café – House"
    assert table.attrs["notes"] == ["the text is not UTF-8 and was read as Windows-1252"]


BAD_TABLES = {
    "a long row": ("a,b\n1,2\n1,2,3\n", "line 3 has 3 cells where the heading has 2"),
    "a short row": ('a,b\n"1\n1",2\n3\n', "line 4 has 1 cells where the heading has 2"),
    "a heading twice": ("a, b,b \n1,2,3\n", "row 1 holds the heading 'b' more than once"),
    "an open quote": ('a,b\n1,"2\n3,4\n', "line 3: "),
    "no headings": (",\n1,2\n", "row 1 holds no headings"),
    "a first line without text": ("\na,b\n1,2\n", "row 1 holds no headings"),
}


@pytest.mark.parametrize("case", BAD_TABLES)
def test_a_table_that_is_not_rectangular_is_refused_by_line(case, tmp_path):
    text, words = BAD_TABLES[case]
    (tmp_path / "list.csv").write_text(text)
    with pytest.raises(DataError) as caught:
        raw.read_text_table(tmp_path / "list.csv")
    assert str(caught.value).startswith("list.csv: ")
    assert words in str(caught.value)
    assert str(caught.value).endswith(".")


def test_rows_without_text_are_left_out_and_counted(tmp_path):
    (tmp_path / "list.csv").write_text("a,b\n1,2\n\n,\n3,4\n\n")
    table = raw.read_text_table(tmp_path / "list.csv")
    assert table.to_numpy().tolist() == [["1", "2"], ["3", "4"]]
    assert table.attrs["notes"] == ["3 rows without any text are left out"]


def test_a_column_without_heading_and_text_is_left_out(tmp_path):
    (tmp_path / "list.csv").write_text("a,b,,\n1,2,,\n")
    assert list(raw.read_text_table(tmp_path / "list.csv").columns) == ["a", "b"]


def test_headings_without_rows_are_an_empty_table(tmp_path):
    (tmp_path / "list.csv").write_text("a,b\n")
    table = raw.read_text_table(tmp_path / "list.csv")
    assert table.shape == (0, 2)
    assert [str(kind) for kind in table.dtypes] == ["str", "str"]


CELL = st.text(st.characters(codec="utf-8").filter(lambda one: printable.printable(one) == one), max_size=8)


@given(rows=st.lists(st.lists(CELL, min_size=2, max_size=2).filter(any), max_size=5))
def test_any_text_that_was_written_is_read_back(rows, tmp_path_factory):
    path = tmp_path_factory.mktemp("csv") / "list.csv"
    with path.open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle, quoting=csv.QUOTE_ALL).writerows([["a", "b"], *rows])
    assert raw.read_text_table(path).to_numpy().tolist() == rows


def test_a_workbook_is_text_whole_numbers_without_decimals_and_dates_in_order(tmp_path):
    cells = ["007", 80202, 80202.0, 1.5, True, date(2023, 5, 16), None, " x "]
    path = workbook(tmp_path / "list.xlsx", {"List": [list("abcdefgh"), cells]})
    read = raw.read_workbook(path).iloc[0].to_list()
    assert read == ["007", "80202", "80202", "1.5", "TRUE", "2023-05-16", "", " x "]


def test_a_row_of_zeros_is_no_row_without_text(tmp_path):
    path = workbook(tmp_path / "list.xlsx", {"List": [["a", "b"], [0, False], ["", ""], ["x", 2]]})
    assert raw.read_workbook(path).to_numpy().tolist() == [["0", "FALSE"], ["x", "2"]]


def test_a_sheet_is_chosen_by_name_or_is_the_first(tmp_path):
    path = workbook(tmp_path / "list.xlsx", {"Facilities": ROWS, "Codes": [["code"], ["OIT"]]})
    assert list(raw.read_workbook(path).columns) == ROWS[0]
    assert raw.read_workbook(path, "Codes").to_numpy().tolist() == [["OIT"]]
    both = raw.read_sheets(path, ["Facilities", "Codes"])
    assert [len(table) for table in both] == [2, 1]


def test_a_missing_sheet_names_those_that_are_there(tmp_path):
    path = workbook(tmp_path / "list.xlsx", {"Facilities": ROWS, "Codes": ROWS})
    with pytest.raises(DataError, match=r"list.xlsx: the sheet 'List' is missing; there are 'Facilities', 'Codes'"):
        raw.read_workbook(path, "List")


def test_a_workbook_damaged_inside_is_refused(tmp_path):
    whole = workbook(tmp_path / "whole.xlsx", {"List": ROWS})
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(tmp_path / "list.xlsx", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[:200] if name.startswith("xl/worksheets") else content)
    with pytest.raises(DataError, match=r"list.xlsx: the workbook is damaged"):
        raw.read_workbook(tmp_path / "list.xlsx")


def test_a_sheet_without_cells_is_refused(tmp_path):
    with pytest.raises(DataError, match="the sheet 'List' is empty"):
        raw.read_workbook(workbook(tmp_path / "list.xlsx", {"List": []}))


def test_a_csv_is_no_workbook(tmp_path):
    (tmp_path / "list").write_text(CSV)
    with pytest.raises(DataError, match="a xlsx file is needed, this is csv"):
        raw.read_workbook(tmp_path / "list")


# Releases -------------------------------------------------------------------------------------------------------


def test_a_data_folder_of_others_is_never_taken_for_ours(tmp_path, monkeypatch):
    monkeypatch.delenv("IOP_DATA", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(releases, "CHECKOUT", tmp_path / "nowhere")
    strangers = tmp_path / "project" / "work"
    (tmp_path / "project" / "data" / "raw").mkdir(parents=True)
    strangers.mkdir()
    monkeypatch.chdir(strangers)
    assert raw.data_folder() == platformdirs.user_data_path("iop_analysis")
    assert raw.reports_folder() == Path("reports")
    (tmp_path / "project" / "data" / ".iop_analysis").touch()
    assert raw.data_folder() == tmp_path / "project" / "data"
    assert raw.reports_folder() == tmp_path / "project" / "reports"


def test_the_wheel_carries_the_sample_and_finds_it(tmp_path, monkeypatch, house):
    project = tomllib.loads((releases.CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    carried = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert carried["data/raw/sample"] == releases.PACKED_SAMPLE.relative_to(releases.CHECKOUT).as_posix()
    shutil.copytree(releases.CHECKOUT / "data" / "raw" / "sample", tmp_path / "packed")
    monkeypatch.setattr(releases, "CHECKOUT", tmp_path / "nowhere")
    monkeypatch.setattr(releases, "PACKED_SAMPLE", tmp_path / "packed")
    assert raw.raw_path(catalog.release("ladders@sample")).parent == tmp_path / "packed"


def test_the_data_folder_is_data_unless_the_environment_says_otherwise(monkeypatch):
    monkeypatch.delenv("IOP_DATA", raising=False)
    release = catalog.release("ladders@2023-05-16")
    assert raw.raw_path(release) == Path("data/raw/ladders/ladders_2023-05-16.csv")
    assert raw.processed_folder(release) == Path("data/processed/ladders/2023-05-16")
    monkeypatch.setenv("IOP_DATA", "/elsewhere")
    assert raw.data_folder() == Path("/elsewhere")


def test_the_sample_is_found_wherever_the_data_folder_is(house):
    samples = [release for release in catalog.releases().values() if release.synthetic]
    assert samples
    assert [raw.verify(raw.raw_path(release), release) for release in samples] == [""] * len(samples)


def test_a_wrong_hash_names_both_and_says_what_to_do(listed, tmp_path):
    (tmp_path / "list.csv").write_text(CSV)
    with pytest.raises(DataError) as caught:
        raw.verify(tmp_path / "list.csv", listed)
    sentence = str(caught.value)
    assert all(text in sentence for text in ("list.csv", listed.sha256, raw.sha256(tmp_path / "list.csv")))
    assert "iop-analysis add ladders@RELEASE" in sentence


def test_a_release_without_a_known_hash_is_not_compared_and_says_so(listed, tmp_path):
    said = raw.verify(tmp_path / "downloads" / "list.csv", replace(listed, sha256=""))
    assert "no SHA-256 is known for ladders@2023-05-16" in said


def test_an_unknown_release_lists_what_there_is(house):
    with pytest.raises(CallError, match=r"known are ladders@2022-07-01, .*iop-analysis add ladders@RELEASE FILE"):
        raw.find_release("ladders@1999")
    with pytest.raises(CallError, match="There is no source 'nothing'; the catalog knows ladders"):
        raw.find_release("nothing@1999")


def test_available_are_the_files_that_are_there_the_newest_last(house):
    for name in ("su-2023", "su-2022"):
        path = raw.raw_path(catalog.release(f"national_directory@{name}"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    found = [release.name for release in raw.available("national_directory") if not release.synthetic]
    assert found == ["national_directory@su-2022", "national_directory@su-2023"]
    assert [release.name for release in raw.available("ladders") if not release.synthetic] == []


# Adding ---------------------------------------------------------------------------------------------------------


def test_a_known_release_is_kept_when_its_hash_is_right(listed, tmp_path):
    added = raw.add(listed.name, tmp_path / "downloads" / "list.csv")
    assert added == raw.Added(listed)
    assert [release.name for release in raw.available()] == [listed.name]
    assert raw.verify(raw.raw_path(listed), listed) == ""


def test_a_known_release_with_another_hash_is_refused_and_nothing_changes(listed, tmp_path):
    raw.add(listed.name, tmp_path / "downloads" / "list.csv")
    (tmp_path / "list.csv").write_text(CSV)
    with pytest.raises(DataError, match="its SHA-256 is"):
        raw.add(listed.name, tmp_path / "list.csv")
    assert raw.verify(raw.raw_path(listed), listed) == ""


def edition(tmp_path: Path, listed: catalog.Release, drop: str = "", gain: str = "", name: str = "new.csv") -> Path:
    table = raw.read_text_table(tmp_path / "downloads" / "list.csv")
    table = pd.concat([table] * 3).drop(columns=[drop] if drop else [])
    table.assign(**({gain: "1"} if gain else {})).to_csv(tmp_path / name, index=False)
    return tmp_path / name


def test_a_new_release_is_recorded_with_hash_rows_year_and_columns(listed, tmp_path):
    file = edition(tmp_path, listed)
    added = raw.add("ladders@2024-03-01", file)
    assert added.differences == ()
    assert added.release == catalog.Release(
        source="ladders",
        key="2024-03-01",
        file="new.csv",
        sha256=raw.sha256(file),
        rows=3,
        reference_date="2024-03-01",
        survey_year=2024,
    )
    assert raw.find_release("ladders@2024-03-01") == added.release
    assert raw.available("ladders")[-1] == added.release


def test_a_record_is_the_same_bytes_each_time_and_names_no_folder(listed, tmp_path):
    file = edition(tmp_path, listed)
    texts = []
    for _ in range(2):
        raw.add("ladders@2024-03-01", file)
        texts.append(releases.record_path("ladders", "2024-03-01").read_text())
    assert texts[0] == texts[1]
    assert str(tmp_path) not in texts[0]
    assert json.loads(texts[0])["rows"] == 3


def test_missing_and_new_columns_of_a_new_release_are_listed(listed, tmp_path):
    file = edition(tmp_path, listed, drop="Fees", gain="Ramps")
    differences = raw.add("ladders@2024-03-01", file).differences
    assert differences == (
        "columns missing, and `build` needs them: 'Fees'",
        "columns that the catalog does not read: 'Ramps'",
    )


def test_new_columns_are_those_that_the_newest_known_file_did_not_have(listed, tmp_path, monkeypatch):
    older = edition(tmp_path, listed, gain="Unread", name="older.csv")
    known = replace(listed, file="older.csv", sha256=raw.sha256(older))
    source = replace(catalog.source("ladders"), releases=(known,))
    monkeypatch.setattr(catalog, "sources", lambda: {"ladders": source})
    raw.add(known.name, older)
    newer = pd.read_csv(older, dtype=str).assign(Ramps="1")
    newer.to_csv(tmp_path / "newer.csv", index=False)
    differences = raw.add("ladders@2024-03-01", tmp_path / "newer.csv").differences
    assert differences == ("columns that ladders@2023-05-16 did not have: 'Ramps'",)


WRONG_ADDITIONS = {
    "the file of another release": ("ladders@2024-03-01", "downloads/list.csv", DataError, "the file of ladders@2023"),
    "a name that is taken": ("ladders@2024-03-01", "list.csv", DataError, "has a file of that name"),
    "a table of something else": ("ladders@2024-03-01", "other.csv", DataError, "none of the columns of ladders"),
    "another kind of file": ("ladders@2024-03-01", "other.json", DataError, "known files of ladders end in .csv"),
    "no release": ("ladders", "other.csv", CallError, "no name of a release"),
    "a path for a release": ("ladders@../x", "other.csv", CallError, "no name of a release"),
    "no date of the calendar": ("ladders@2024-13-41", "new.csv", CallError, "is no date"),
    "no source": ("nothing@2024", "other.csv", CallError, "no source 'nothing'"),
    "no file": ("ladders@2024-03-01", "absent.csv", CallError, "There is no file"),
}


@pytest.mark.parametrize("case", WRONG_ADDITIONS)
def test_a_wrong_addition_says_why_and_leaves_nothing_behind(case, listed, tmp_path, house):
    edition(tmp_path, listed)
    edition(tmp_path, listed, name="list.csv")
    (tmp_path / "other.csv").write_text(CSV)
    (tmp_path / "other.json").write_text('{"rows": []}')
    name, file, kind, words = WRONG_ADDITIONS[case]
    with pytest.raises(kind, match=words):
        raw.add(name, tmp_path / file)
    assert [path for path in house.rglob("*") if path.is_file()] == []


def test_an_added_release_is_one_file_and_another_hash_is_refused(listed, tmp_path):
    raw.add("ladders@2024-03-01", edition(tmp_path, listed))
    with pytest.raises(DataError, match=r"was added with [0-9a-f]{64}.*delete 2024-03-01.release.json first"):
        raw.add("ladders@2024-03-01", edition(tmp_path, listed, gain="Ramps", name="again.csv"))


def test_a_damaged_record_says_which(listed, tmp_path):
    raw.add("ladders@2024-03-01", edition(tmp_path, listed))
    releases.record_path("ladders", "2024-03-01").write_text('{"source": "lad')
    with pytest.raises(DataError, match=r"2024-03-01.release.json: the record is damaged"):
        raw.find_release("ladders@2024-03-01")


def test_a_directory_describes_the_survey_of_the_year_before_and_its_key_says_the_side():
    source = catalog.source("national_directory")
    assert adding.key_facts(source, "mh-2031") == {"side": "mh", "survey_year": 2030}
    for release in source.releases:
        if not release.synthetic:
            facts = adding.key_facts(source, release.key)
            assert facts == {"side": release.side, "survey_year": release.survey_year}
    with pytest.raises(CallError, match="write national_directory@mh-YEAR or national_directory@su-YEAR"):
        adding.key_facts(source, "2031")


@pytest.mark.parametrize("key", ["su-2031", "mh-2031"])
@pytest.mark.parametrize("layout", ["su-2022", "su-2023", "mh-2023"])
def test_a_new_directory_is_taken_in_any_known_layout(key, layout, tmp_path, house):
    headings = list(catalog.columns(catalog.release(f"national_directory@{layout}")).values())
    path = workbook(tmp_path / f"{key}.xlsx", {"Facilities List": [headings, ["x"] * len(headings)]})
    added = raw.add(f"national_directory@{key}", path)
    assert (added.release.side, added.release.survey_year, added.release.rows) == (key[:2], 2030, 1)
    assert added.differences == ()


def test_an_export_says_its_day_in_its_name(tmp_path, house):
    headings = ",".join(catalog.columns(catalog.release("findtreatment@tx-2023")).values())
    path = tmp_path / "FindTreament_Facility_listing_2031_02_03_101112.csv"
    path.write_text(f"    {headings}\n{headings}\n", encoding="utf-8")
    release = raw.add("findtreatment@mine", path).release
    assert (release.reference_date, release.survey_year) == ("2031-02-03", 2031)


# Fetching from a folder -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("names", [[], ["ladders"], ["ladders@2023-05-16"], ["ladders", "ladders@2023-05-16"]])
def test_a_folder_gives_every_file_that_is_known_by_name_or_by_hash(names, listed, tmp_path):
    (tmp_path / "downloads" / "list.csv").rename(tmp_path / "downloads" / "list (1).csv")
    assert raw.fetch(names, tmp_path, progress=False) == [raw.raw_path(listed)]
    assert raw.sha256(raw.raw_path(listed)) == listed.sha256


def test_what_was_taken_from_a_folder_and_what_was_left_lying_is_named_with_the_reason(listed, tmp_path, capsys):
    (tmp_path / "downloads" / "more").mkdir()
    (tmp_path / "downloads" / "more" / "strange.csv").write_text("a,b\n1,2\n")
    raw.fetch(from_=tmp_path / "downloads")
    told = capsys.readouterr().err
    assert f"taken: list.csv as {listed.name}" in told
    assert "left lying: strange.csv, no release of the catalog has its name or SHA-256" in told
    raw.fetch(from_=tmp_path / "downloads")
    assert f"left lying: list.csv, {listed.name} is there already" in capsys.readouterr().err


def test_a_file_of_the_right_name_and_the_wrong_hash_yields_to_the_right_one(listed, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "list.csv").write_text(CSV)
    assert raw.fetch([], tmp_path, progress=False) == [raw.raw_path(listed)]
    (tmp_path / "downloads" / "list.csv").unlink()
    raw.raw_path(listed).unlink()
    with pytest.raises(DataError, match="its SHA-256 is"):
        raw.fetch([], tmp_path / "a", progress=False)
    assert not raw.raw_path(listed).exists()


def test_what_is_there_and_right_is_not_fetched_again_and_what_is_damaged_is(listed, tmp_path):
    raw.fetch([], tmp_path, progress=False)
    (tmp_path / "downloads" / "list.csv").unlink()
    assert raw.fetch([], None, progress=False) == [raw.raw_path(listed)]
    raw.raw_path(listed).write_text(CSV)
    with pytest.raises(CallError, match="by hand"):
        raw.fetch([], None, progress=False)


def test_a_release_that_has_only_a_page_says_what_to_do_by_hand(listed):
    with pytest.raises(CallError) as caught:
        raw.fetch(["ladders"], progress=False)
    sentence = str(caught.value)
    assert all(text in sentence for text in ("list.csv", listed.page, f"iop-analysis add {listed.name} FILE"))


def test_a_folder_without_a_known_file_says_what_it_looked_for(listed, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(CallError, match="the folder holds neither list.csv nor"):
        raw.fetch([], tmp_path / "empty", progress=False)
    with pytest.raises(CallError, match="There is no folder"):
        raw.fetch([], tmp_path / "absent", progress=False)


# All or nothing -------------------------------------------------------------------------------------------------


def test_a_write_that_fails_leaves_what_was_there(tmp_path):
    target = tmp_path / "kept.csv"
    target.write_text("old")
    with pytest.raises(RuntimeError), keeping.replacing(target) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("kept.csv", "old")]


KILLED = """
import os, signal, sys
from pathlib import Path
from iop_analysis.raw import keeping

def half(source, target):
    Path(target).write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)

keeping.shutil.copyfile = half
keeping.keep(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def test_a_process_killed_in_the_middle_of_a_copy_leaves_what_was_there(listed, tmp_path):
    file = tmp_path / "downloads" / "list.csv"
    target = raw.raw_path(listed)
    target.parent.mkdir(parents=True)
    target.write_text("old")
    killed = subprocess.run([sys.executable, "-c", KILLED, str(file), str(target)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert target.read_text() == "old"
    raw.add(listed.name, file)
    assert raw.sha256(target) == listed.sha256


# Real files -----------------------------------------------------------------------------------------------------


@pytest.mark.real
def test_every_real_file_of_the_catalog_is_recognised_verified_and_has_its_rows(real_data, house):
    there = {path.name for path in real_data.rglob("*") if path.is_file()}
    known = [one for one in catalog.releases().values() if one.file in there]
    assert len(known) >= 9
    assert len(raw.fetch([one.name for one in known], real_data, progress=False)) == len(known)
    readers = {".csv": raw.read_text_table, ".xlsx": raw.read_workbook}
    for release in known:
        path = raw.raw_path(release)
        if path.suffix in readers:
            assert len(readers[path.suffix](path)) == release.rows, release.name


@pytest.mark.real
def test_real_windows_text_is_read(real_data):
    table = raw.read_text_table(real_data / "locator_points" / "OpioidTreatmentProgram_Geocoded.csv")
    assert len(table) == 1831
    assert table.attrs["notes"] == ["the text is not UTF-8 and was read as Windows-1252"]
