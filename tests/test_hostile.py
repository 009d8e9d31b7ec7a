"""Damage and hostility: whatever is handed in ends in rows or in one sentence, and nothing steers the terminal."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import edits
import make_sample
import make_sample_hours
import pytest
from click.testing import CliRunner, Result
from test_table_shapes import TABLE, book, ods, text

from iop_analysis import catalog, cli, raw
from iop_analysis.errors import CallError, DataError
from iop_analysis.raw import limits
from iop_analysis.raw.grids import grids
from iop_analysis.raw.printable import PATTERN, printable
from iop_analysis.releases import listing, many, store

HOSTILE = "Elm\x1b]0;owned\x07 \x1b[2J House\u202e\u2066\x9b31m\u2028 (synthetic)"


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("IOP_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(cli.main, [str(word) for word in words])


def outside(*words: str | Path, out: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, whose output may go to a file."""
    command = [sys.executable, "-m", "iop_analysis", *map(str, words)]
    with open(out or os.devnull, "w") as handle:  # noqa: PTH123
        return subprocess.run(
            command, env=os.environ | environment, stdout=handle, stderr=subprocess.PIPE, text=True, check=False
        )


# Size and depth


def test_a_stray_cell_at_the_end_of_a_sheet_is_refused_before_anything_opens_it(tmp_path):
    rows = [["name", "hours"], ["Quince", "Mon 9-5"]]
    path = book(tmp_path / "list.xlsx", {"List": rows})
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "stray.xlsx", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                stray = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                content = content.replace(b"</sheetData>", stray)
            new.writestr(name, content)
    with pytest.raises(DataError, match=r"stray.xlsx: a sheet reaches to row 1,048,576, column 16,384"):
        grids(tmp_path / "stray.xlsx")


def test_a_repeated_cell_of_an_open_document_counts_as_often_as_it_is_repeated(tmp_path):
    path = ods(tmp_path / "list.ods", TABLE)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "stray.ods", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            wide = b'<table:table-cell table:number-columns-repeated="16384" office:value-type="string">'
            long = b'<table:table-row table:number-rows-repeated="9000">'
            content = content.replace(b'<table:table-cell office:value-type="string">', wide, 1)
            new.writestr(name, content.replace(b"<table:table-row>", long, 1))
    with pytest.raises(DataError, match="a sheet reaches to row 9,003"):
        grids(tmp_path / "stray.ods")


def test_an_archive_or_stream_that_unpacks_to_more_than_a_table_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "UNPACKED_BYTES", 1 << 20)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("services.csv", b"0" * (2 << 20))
    (tmp_path / "bomb.ndjson.gz").write_bytes(gzip.compress(b"0" * (2 << 20)))
    for name in ("bomb.zip", "bomb.ndjson.gz"):
        with pytest.raises(DataError, match=rf"{name}: it unpacks to"):
            raw.sniff(tmp_path / name)


@pytest.mark.parametrize("depth", [200, 100_000])
@pytest.mark.parametrize(("source", "name"), [("osm", "x.geojson"), ("plan_net", "x.json"), ("hsds", "x.json")])
def test_json_nested_deeper_than_anybody_writes_it_is_a_sentence(depth, source, name, tmp_path):
    (tmp_path / name).write_text('{"features": ' + "[" * depth + "]" * depth + "}")
    with pytest.raises(DataError, match=r"nested .* deep"):
        many.read_whole(catalog.Release(source, "x", name), tmp_path / name)


# Characters


def test_control_and_direction_characters_reach_no_table_and_are_counted(tmp_path, data_folder):
    (tmp_path / "x.csv").write_text(f'name,hours,city\n"{HOSTILE}",Mon 9-5,{HOSTILE}\n', encoding="utf-8")
    assert run("add", "table@x", tmp_path / "x.csv").exit_code == 0
    done = run("build", "table@x")
    assert "14 characters that would steer a terminal" in done.stderr
    tables, _ = store.read(raw.find_release("table@x"), ("facilities", "facility_hours"))
    for table in tables.values():
        for column in table.select_dtypes(["string", "object"]):
            assert not any(PATTERN.search(cell) for cell in table[column].dropna().astype(str))


@pytest.mark.parametrize(("source", "name"), [("osm", "x.geojson"), ("plan_net", "x.json"), ("hsds", "x.json")])
def test_escapes_of_json_are_no_way_around(source, name, tmp_path):
    document = {
        "osm": {"features": [{"id": "node/1", "properties": {"name": HOSTILE}, "geometry": None}]},
        "plan_net": {"resourceType": "HealthcareService", "id": "s", "name": HOSTILE + "\ud800"},
        "hsds": [{"id": "s", "name": HOSTILE + "\udfff"}],
    }[source]
    (tmp_path / name).write_text(json.dumps(document))
    built = many.read_whole(catalog.Release(source, "x", name), tmp_path / name)
    assert isinstance(built, listing.Listing)
    assert built.facilities["name"].item().startswith("Elm\N{REPLACEMENT CHARACTER}]0;owned")
    assert not PATTERN.search(built.facilities["name"].item())


@pytest.mark.parametrize("style", ["csv", "table"])
def test_what_a_person_types_does_not_steer_the_terminal_either(style):
    done = run("hours", f"Mon 9-5 {HOSTILE}", "--format", style)
    assert done.exit_code == 0
    assert not PATTERN.search(done.stdout)
    done = run("build", f"table@{HOSTILE}")
    assert not PATTERN.search(done.stderr)


def test_a_workbook_holds_no_such_character_either(tmp_path):
    book(
        tmp_path / "x.xlsx", {"List": [["name", "hours"], [HOSTILE.replace("\x1b", "").replace("\x07", ""), "Mon 9-5"]]}
    )
    grid = grids(tmp_path / "x.xlsx")[0]
    assert "\N{REPLACEMENT CHARACTER}" in grid.rows[1][0]
    assert printable(grid.rows[1][0]) == grid.rows[1][0]


# Calls


@pytest.mark.parametrize("within", ["nan", "inf", "-inf", "-1", "1e999", "far"])
def test_a_reach_that_is_no_distance_is_a_wrong_call(within):
    assert run("access", "--within", within).exit_code == 2


@pytest.mark.parametrize("criterion", ["iop # and medicaid", "iop #", "# iop", "iop & (medicaid # x\n)"])
def test_a_criterion_with_a_comment_is_a_wrong_call(criterion):
    many.open_release("ladders@sample")
    done = run("coverage", "--have", criterion, "--source", "ladders@sample")
    assert done.exit_code == 2
    assert "cannot be read" in done.stderr


@pytest.mark.parametrize("seconds", ["9" * 30, "-5", "soon", "4354819200", "1e9", "٣"])
def test_a_date_for_documents_that_is_none_is_a_wrong_call_before_any_library_reads_it(seconds):
    done = outside("status", SOURCE_DATE_EPOCH=seconds)
    assert done.returncode == 2
    assert done.stderr.startswith("Error: SOURCE_DATE_EPOCH is ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("key", ["x" * 300, "../x", "a/b", "A B", "", "x\x1b"])
def test_a_release_is_named_by_what_a_folder_can_be_called(key, tmp_path):
    (tmp_path / "x.csv").write_text("name,hours\nQuince,Mon 9-5\n")
    done = run("add", f"table@{key}", tmp_path / "x.csv")
    assert done.exit_code == 2
    assert "is no name of a release" in done.stderr
    assert len(done.stderr) < 400


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("words", [("hours", "Mon 9-5"), ("status",), ("dictionary", "--format", "csv")])
def test_an_output_that_takes_nothing_ends_in_a_sentence(words):
    done = outside(*words, out="/dev/full")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: The output cannot be written: No space left")
    assert len(done.stderr.splitlines()) == 1


def test_a_full_disk_ends_in_a_sentence_and_leaves_what_was_built(monkeypatch, data_folder):
    assert run("build", "ladders@sample").exit_code == 0

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "facilities.parquet")

    monkeypatch.setattr("pandas.DataFrame.to_parquet", full)
    done = run("build", "ladders@sample")
    assert done.exit_code == 1
    assert "No space left on device" in done.stderr
    assert len(store.read(catalog.release("ladders@sample"), ("facilities",))[0]["facilities"]) > 100


# Releases


def test_a_build_goes_on_after_a_release_that_fails_and_lists_them_at_the_end(tmp_path, data_folder):
    for name in "abc":
        (tmp_path / f"{name}.csv").write_text(f"name,hours\nQuince {name},Mon 9-5\n")
        assert run("add", f"table@{name}", tmp_path / f"{name}.csv").exit_code == 0
    for name in "ab":
        (data_folder / "raw" / "table" / f"{name}.csv").write_text("changed")
    done = run("build")
    assert done.exit_code == 1
    assert store.built() == ["table@c"]
    last = done.stderr.splitlines()[-3:]
    assert last[0] == "Error: 2 releases are not built, and stay as they were:"
    assert [line.split(":")[0].strip() for line in last[1:]] == ["table@a", "table@b"]


def test_a_fault_that_no_reader_foresees_is_a_sentence_and_stops_no_other_release(monkeypatch, tmp_path):
    from iop_analysis.sources import table

    for name in "ab":
        (tmp_path / f"{name}.csv").write_text(f"name,hours\nQuince {name},Mon 9-5\n")
        assert run("add", f"table@{name}", tmp_path / f"{name}.csv").exit_code == 0
    read = table.read
    monkeypatch.setattr(table, "read", lambda path, release: {}["x"] if release.key == "a" else read(path, release))
    done = run("build")
    assert done.exit_code == 1
    assert store.built() == ["table@b"]
    assert "a.csv: its reader met what it does not foresee (KeyError: 'x')" in done.stderr


def test_a_damaged_record_stops_nothing_but_its_own_release_and_is_said(tmp_path, data_folder):
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text(f"name,hours\nQuince {name},Mon 9-5\n")
        assert run("add", f"table@{name}", tmp_path / f"{name}.csv").exit_code == 0
    record = data_folder / "raw" / "table" / "a.release.json"
    for content in (b"{", record.read_bytes().replace(b'"a"', b'"b"'), b"\xff", b"[1]"):
        record.write_bytes(content)
        done = run("build")
        assert done.exit_code == 1
        assert store.built() == ["table@b"]
        assert "a.release.json: the record is damaged" in done.stderr
        assert "a.release.json: the record is damaged" in run("status").stderr


def test_a_file_that_cannot_be_built_is_not_kept(tmp_path, data_folder):
    (tmp_path / "x.geojson").write_text('{"type": "FeatureCollection", "features": [1, 2]}')
    assert run("add", "osm@x", tmp_path / "x.geojson").exit_code == 1
    assert not [path for path in data_folder.rglob("*") if path.is_file()]


def test_remove_undoes_add_and_build(tmp_path, data_folder):
    (tmp_path / "x.csv").write_text("name,hours\nQuince,Mon 9-5\n")
    for words in (("add", "table@x", tmp_path / "x.csv"), ("build", "table@x"), ("remove", "table@x")):
        assert run(*words).exit_code == 0
    assert not [path for path in data_folder.rglob("*") if path.is_file() and path.suffix != ".lock"]
    assert run("remove", "table@x").exit_code == 2
    assert run("remove", "ladders@sample").exit_code == 2


def test_a_list_that_is_added_for_a_state_is_used_there(tmp_path):
    (tmp_path / "x.csv").write_text("name,zip,hours\nQuince,43085,Mon 9-9\n")
    assert run("add", "table@ohio-2026", tmp_path / "x.csv", "--state", "Ohio").exit_code == 0
    release = raw.find_release("table@ohio-2026")
    assert (release.state, release.survey_year, catalog.source_of(release).area) == ("OH", 2026, "OH")
    assert run("build", "table@ohio-2026").exit_code == 0
    done = run("coverage", "--have", "evening", "--of", "all", "--by", "county", "--format", "csv")
    assert len(done.stdout.splitlines()) == 1 + 88
    assert run("add", "table@y", tmp_path / "x.csv", "--state", "XX").exit_code == 2
    assert run("add", "ladders@2031-01-01", tmp_path / "x.csv", "--state", "CO").exit_code == 2


# Bytes


def inputs(folder: Path) -> dict[str, bytes]:
    """A good file of every source and format, by `source/name`."""
    sites = make_sample.sites(6)
    found = {}
    for key, writer in make_sample_hours.WRITERS.items():
        found[f"{key}/x{ {'va_facilities': '.csv', 'table': '.csv', 'osm': '.geojson'}.get(key, '.zip') }"] = writer(
            sites
        )
    for name in ("ladders@2023-05-16", "national_directory@su-2023", "findtreatment@tx-2023", "findtreatment@va-2019"):
        release = catalog.release(name)
        path = make_sample.write(make_sample.content(release, sites), folder / f"good{Path(release.file).suffix}")
        found[f"{release.source}/{release.key}{path.suffix}"] = path.read_bytes()
    found["table/x.xlsx"] = book(folder / "x.xlsx", {"List": TABLE}).read_bytes()
    found["table/x.ods"] = ods(folder / "x.ods", TABLE).read_bytes()
    found["table/x.tsv"] = text(TABLE, "\t").encode("utf-16")
    bundle = b'{"resourceType": "HealthcareService", "id": "s", "name": "Quince (synthetic)"}\n' * 3
    found["plan_net/x.ndjson.gz"] = gzip.compress(bundle)
    return found


@pytest.mark.slow
def test_bytes_that_were_flipped_cut_or_repeated_end_in_rows_or_in_a_sentence_in_every_format(tmp_path):
    for where, content in inputs(tmp_path).items():
        source, name = where.split("/")
        known = name.rsplit(".", 1)[0]
        release = catalog.Release(source, "x", name, columns=known if known != "x" else "", side="su")
        for seed in range(25):
            (tmp_path / name).write_bytes(edits.spoiled(content, seed))
            try:
                listing.read_release(release, tmp_path / name)
            except DataError as error:
                assert name in str(error), error
            except CallError as error:
                pytest.fail(f"{where}, seed {seed}: {error}")


def test_a_damaged_old_workbook_is_one_sentence_whatever_the_library_writes_about_it(tmp_path, capfd):
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\x00\x03\x00\xfe\xff\x09\x00\x06\x00"
    fat = b"\x01\x00\x00\x00" + bytes(4) + b"\x00\x10\x00\x00" + b"\x02\x00\x00\x00" * 4
    content = header + bytes(10) + fat + bytes(4000) + "Workbook".encode("utf-16-le") + bytes(4000)
    for seed in range(4):
        (tmp_path / "x.xls").write_bytes(edits.spoiled(content, seed) + "Workbook".encode("utf-16-le"))
        done = run("add", "table@x", tmp_path / "x.xls")
        assert done.exit_code == 1
        assert done.stderr.startswith("Error: x.xls: ")
        assert len(done.stderr.splitlines()) == 1
        assert capfd.readouterr() == ("", ""), "nothing is written past the command"


def test_members_that_leave_their_folder_or_have_no_name_for_a_disk_are_read_from_memory(tmp_path):
    tables = {"../../service": "id,name\ns,Quince\n", "location": "id\nl\n", "x" * 300: "a\n"}
    tables["service_at_location"] = "id,service_id,location_id\nat,s,l\n"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in tables.items():
            archive.writestr(f"{name}.csv", content)
    (tmp_path / "x.zip").write_bytes(buffer.getvalue())
    built = many.read_whole(catalog.Release("hsds", "x", "x.zip"), tmp_path / "x.zip")
    assert built.table["name"].tolist() == ["Quince"]
