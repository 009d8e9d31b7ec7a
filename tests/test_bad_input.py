"""Bad files: each ends in one sentence that names file, row and column, with exit code 1, and loses nothing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import make_sample
import pytest
from click.testing import CliRunner, Result

from iop_analysis import catalog, cli, raw
from iop_analysis.releases import listing

LADDERS, DIRECTORY, TEXAS, PAGE = (
    "ladders@2023-05-16",
    "national_directory@su-2023",
    "findtreatment@tx-2023",
    "findtreatment@va-2019",
)
# A release that the catalog does not know, for each kind of file: what a user brings.
NEW = {
    LADDERS: "ladders@2031-01-01",
    DIRECTORY: "national_directory@su-2031",
    TEXAS: "findtreatment@tx-2031",
    PAGE: "findtreatment@va-2031",
}
LIST, CODES = make_sample.LAYOUTS["directory"]["sheets"]
WORKBOOK = make_sample.LAYOUTS["findtreatment"]["sheets"][0]


def good(name: str) -> make_sample.Content:
    return make_sample.content(catalog.release(name), make_sample.sites(40))


def as_bytes(held: make_sample.Content, name: str, folder: Path) -> bytes:
    return make_sample.write(held, folder / "scratch" / f"slice{Path(catalog.release(name).file).suffix}").read_bytes()


# How a file is spoiled: a function of the good content and its bytes.


def cell(sheet: str, row: int, heading: str, text: str) -> Callable[[make_sample.Content], None]:
    """Put a text into line `row` of the file (the heading is line 1)."""

    def spoil(held: make_sample.Content) -> None:
        held[sheet][row - 1][held[sheet][0].index(heading)] = text

    return spoil


def heading(sheet: str, old: str, new: str) -> Callable[[make_sample.Content], None]:
    def spoil(held: make_sample.Content) -> None:
        held[sheet][0][held[sheet][0].index(old)] = new

    return spoil


def without(sheet: str, *names: str) -> Callable[[make_sample.Content], None]:
    def spoil(held: make_sample.Content) -> None:
        kept = [place for place, name in enumerate(held[sheet][0]) if name not in names]
        held[sheet] = [[row[place] for place in kept] for row in held[sheet]]

    return spoil


def point(latitude: str, longitude: str) -> Callable[[make_sample.Content], None]:
    def spoil(held: make_sample.Content) -> None:
        cell("", 3, "lat", latitude)(held)
        cell("", 3, "lon", longitude)(held)

    return spoil


def entry(key: str, value: object) -> Callable[[make_sample.Content], None]:
    def spoil(held: make_sample.Content) -> None:
        held["rows"][1][key] = value

    return spoil


def line(text: str, times: int) -> Callable[[bytes], bytes]:
    """Add to (or cut from) the end of line 3."""

    def spoil(content: bytes) -> bytes:
        lines = content.split(b"\n")
        lines[2] = lines[2] + text.encode() if times > 0 else lines[2].rsplit(b",", -times)[0]
        return b"\n".join(lines)

    return spoil


ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(1024)
SOFT_404 = b"<!DOCTYPE html>\n<html><head><title>Page not found</title></head><body>Sorry</body></html>\n"


@dataclass(frozen=True)
class Case:
    """A way to spoil a good file of a release, and what the sentence must name."""

    what: str
    name: str
    words: tuple[str, ...]
    content: Callable[[make_sample.Content], object] | None = None
    spoiled: Callable[[bytes], bytes] | None = None


CASES = [
    Case("a soft 404 saved as a workbook", DIRECTORY, ("web page",), spoiled=lambda _: SOFT_404),
    Case("a soft 404 saved as a CSV", LADDERS, ("web page",), spoiled=lambda _: SOFT_404),
    Case("a soft 404 saved as a page of the API", PAGE, ("web page",), spoiled=lambda _: SOFT_404),
    Case("a truncated workbook", DIRECTORY, ("cut off",), spoiled=lambda content: content[: len(content) // 2]),
    Case("a truncated page of the API", PAGE, ("cut off",), spoiled=lambda content: content[: len(content) // 2]),
    Case("a truncated CSV", LADDERS, ("line",), spoiled=lambda content: content[: len(content) // 2]),
    Case("an encrypted workbook", DIRECTORY, ("password",), spoiled=lambda _: ENCRYPTED),
    Case("an empty workbook", DIRECTORY, ("empty",), spoiled=lambda _: b""),
    Case("an empty CSV", LADDERS, ("empty",), spoiled=lambda _: b"\n \n"),
    Case("headings without rows", LADDERS, ("no rows",), lambda held: held.update({"": held[""][:1]})),
    Case("a page of the API without rows", PAGE, ("no rows",), lambda held: held.update(rows=[])),
    Case("a CSV saved as a workbook", DIRECTORY, ("xlsx", "csv"), spoiled=lambda _: b"a,b\n1,2\n"),
    Case("a missing column", LADDERS, ("'Fees'", "missing"), without("", "Fees")),
    Case("two missing columns", DIRECTORY, ("'zip'", "'phone'", "missing"), without(LIST, "Zip", "Phone")),
    Case("a renamed column", DIRECTORY, ("'state'", "missing"), heading(LIST, "State", "State abbreviation")),
    Case("a missing column of codes", DIRECTORY, ("service_code",), heading(CODES, "service_code", "code")),
    Case("a heading that stands there twice", LADDERS, ("row 1", "'Fees'"), heading("", "Phone", "Fees")),
    Case("a missing sheet", DIRECTORY, (repr(CODES),), lambda held: held.pop(CODES)),
    Case("a missing point column", TEXAS, ("'latitude'",), without(WORKBOOK, "latitude")),
    Case("a row of too many cells", LADDERS, ("line 3",), spoiled=line(',"one more"', 1)),
    Case("a row of too few cells", LADDERS, ("line 3",), spoiled=line("", -2)),
    Case("a page of the API that is a list", PAGE, ("page",), spoiled=lambda _: b"[1, 2]\n"),
    Case("a text of zero bytes", LADDERS, ("zero bytes",),
         spoiled=lambda content: content.decode().encode("utf-16-le")),
    Case("an open quotation mark", LADDERS, ("line",), spoiled=lambda content: content + b'"a\n'),
]  # fmt: skip

# One cell that cannot be right: row, column and a word of what is kept of it.
VALUES = [
    Case("an unknown fee word", LADDERS, ("4", "Fees", "Barter"), cell("", 4, "Fees", "Self Pay; Barter")),
    Case("an unknown service code", DIRECTORY, ("4", "Service_code_info", "QQQ"),
         cell(LIST, 4, "Service_code_info", "SA OIT QQQ")),
    Case("an unknown mark of a code", TEXAS, ("4", "oit", "Y"), cell(WORKBOOK, 4, "oit", "Y")),
    Case("an unknown type of entry", TEXAS, ("4", "type_facility", "CLINIC"),
         cell(WORKBOOK, 4, "type_facility", "CLINIC")),
    Case("a publisher's id twice", LADDERS, ("4", "AccountID", "repeated"),
         lambda held: cell("", 4, "AccountID", held[""][1][held[""][0].index("AccountID")])(held)),
    Case("an empty publisher's id", PAGE, ("2", "frid", "empty"), entry("frid", "")),
    Case("a ZIP with a letter", DIRECTORY, ("4", "Zip", "71O02"), cell(LIST, 4, "Zip", "71O02")),
    Case("a lost zero in an export", TEXAS, ("4", "zip", "7102"), cell(WORKBOOK, 4, "zip", "7102")),
    Case("a point at 0/0", LADDERS, ("3", "lat", "point"), point("0", "0")),
    Case("a swapped point", LADDERS, ("3", "lat", "point"), point("-104.98", "39.73")),
    Case("a point out of its state", LADDERS, ("3", "lat", "point"), point("40.7", "-74.1")),
    Case("a coordinate that is no number", LADDERS, ("3", "lat", "north"), point("north", "-104.98")),
    Case("half a point", LADDERS, ("3", "lat", "incomplete"), point("39.73", "")),
    Case("a coordinate of the API that is no number", PAGE, ("2", "longitude", "west"), entry("longitude", "west")),
    Case("a date that is none", LADDERS, ("3", "ProviderDirectoryFormModifiedDate", "soon"),
         cell("", 3, "ProviderDirectoryFormModifiedDate", "soon")),
    Case("a state that is none", DIRECTORY, ("3", "State", "Colorodo"), cell(LIST, 3, "State", "Colorodo")),
    Case("services of the API that are no list", PAGE, ("2", "services", "services"), entry("services", "IOP")),
    Case("a service of the API without labels", PAGE, ("2", "services", "services"),
         entry("services", [{"f2": "SET"}])),
]  # fmt: skip


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("IOP_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(cli.main, [str(word) for word in words])


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def spoil(case: Case, folder: Path) -> Path:
    held = good(case.name)
    if case.content:
        case.content(held)
    content = as_bytes(held, case.name, folder)
    path = folder / f"brought{Path(catalog.release(case.name).file).suffix}"
    path.write_bytes(case.spoiled(content) if case.spoiled else content)
    return path


def add_and_build(name: str, file: Path) -> Result:
    added = run("add", name, file)
    return added if added.exit_code else run("build", name)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_a_bad_file_ends_in_one_sentence_exit_code_1_and_nothing_lost(case, tmp_path, data_folder, built_samples):
    shutil.copytree(built_samples, data_folder)
    before = tree(data_folder / "processed")
    done = add_and_build(NEW[case.name], spoil(case, tmp_path))
    assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception)
    assert done.exit_code == 1, done.output
    assert done.stdout == ""
    sentence = done.stderr.strip()
    assert sentence.startswith("Error: ")
    assert "\n" not in sentence
    assert sentence.endswith(".")
    for word in ("brought", *case.words):
        assert word in sentence, sentence
    assert tree(data_folder / "processed") == before


@pytest.mark.parametrize("case", VALUES, ids=lambda case: case.what)
def test_one_bad_value_is_set_aside_with_its_row_and_column_and_the_rest_is_built(case, tmp_path):
    done = add_and_build(NEW[case.name], spoil(case, tmp_path))
    assert done.exit_code == 0, done.output
    built = listing.load(NEW[case.name])
    row, column, word = case.words
    kept = built.set_aside.astype("str")
    assert len(kept) == 1, kept
    assert kept.loc[0, ["row", "column"]].tolist() == [row, column]
    assert word in kept.loc[0, "value"] + kept.loc[0, "reason"]
    assert len(built.facilities) > 20


@pytest.mark.parametrize("name", list(NEW))
def test_the_same_files_unspoiled_are_added_and_built(name, tmp_path):
    done = add_and_build(NEW[name], spoil(Case("", name, ()), tmp_path))
    assert done.exit_code == 0, done.output
    assert f"{NEW[name]}: " in done.stderr
    assert len(listing.load(NEW[name]).facilities) > 20


def test_a_file_of_another_release_is_refused_by_its_hash(tmp_path, data_folder):
    done = run("add", LADDERS, spoil(Case("", LADDERS, ()), tmp_path))
    assert done.exit_code == 1
    assert "brought.csv" in done.stderr
    assert "SHA-256" in done.stderr
    assert not (data_folder / "raw").exists() or not tree(data_folder / "raw")


def test_one_file_is_not_two_releases(tmp_path):
    path = spoil(Case("", DIRECTORY, ()), tmp_path)
    assert run("add", "national_directory@su-2031", path).exit_code == 0
    done = run("add", "national_directory@su-2032", path)
    assert done.exit_code == 1
    assert "national_directory@su-2031" in done.stderr


def test_a_file_spoiled_after_it_was_built_is_refused_and_the_built_tables_stay(tmp_path):
    path = spoil(Case("", DIRECTORY, ()), tmp_path)
    name = NEW[DIRECTORY]
    assert add_and_build(name, path).exit_code == 0
    rows = len(listing.load(name).facilities)
    kept = raw.raw_path(raw.find_release(name))
    for content in (kept.read_bytes()[:1000], SOFT_404, b"", ENCRYPTED):
        kept.write_bytes(content)
        done = run("build", name)
        assert done.exit_code == 1
        assert kept.name in done.stderr
        assert len(listing.load(name).facilities) == rows


def test_text_in_windows_1252_is_read_and_said(tmp_path):
    held = good(LADDERS)
    cell("", 2, "AccountName", "Café “Juniper” – Señora (synthetic)")(held)
    path = tmp_path / "brought.csv"
    path.write_bytes(as_bytes(held, LADDERS, tmp_path).decode().encode("cp1252"))
    done = add_and_build(NEW[LADDERS], path)
    assert done.exit_code == 0, done.output
    assert "Windows-1252" in done.stderr
    built = listing.load(NEW[LADDERS])
    assert built.facilities["name"].iloc[0] == "Café “Juniper” – Señora (synthetic)"


def test_a_byte_order_mark_is_no_part_of_the_first_heading(tmp_path):
    path = tmp_path / "brought.csv"
    path.write_bytes(b"\xef\xbb\xbf" + as_bytes(good(LADDERS), LADDERS, tmp_path))
    assert add_and_build(NEW[LADDERS], path).exit_code == 0


KILLED = """
import os, signal
import pandas as pd
from iop_analysis import cli
write, written = pd.DataFrame.to_parquet, []
def die(table, *args, **kwargs):
    if written:
        os.kill(os.getpid(), signal.SIGKILL)
    written.append(table)
    return write(table, *args, **kwargs)
pd.DataFrame.to_parquet = die
cli.main(["build", "ladders@sample"])
"""


@pytest.mark.slow
def test_a_build_killed_between_two_writes_leaves_what_was_built(data_folder):
    assert run("build", "ladders@sample").exit_code == 0
    before = tree(data_folder / "processed" / "ladders" / "sample")
    done = subprocess.run([sys.executable, "-c", KILLED], env=os.environ, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert tree(data_folder / "processed" / "ladders" / "sample") == before
    assert len(listing.load("ladders@sample").facilities) == catalog.release("ladders@sample").rows
    assert run("build", "ladders@sample").exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("add", "ladders@2031-01-01", "nowhere.csv"),
        ("add", "ladders", "nowhere.csv"),
        ("add", "laders@2031-01-01", "nowhere.csv"),
        ("build", "ladders@1999"),
        ("build", "laders"),
        ("coverage", "--have", "medicad", "--source", "ladders@sample"),
        ("coverage", "--have", "medicaid"),
        ("coverage", "--have", "medicaid", "--source", "ladders@2023-05-16"),
        ("coverage",),
        ("report",),
    ],
    ids=" ".join,
)
def test_a_wrong_call_is_exit_code_2_and_one_sentence(words):
    done = run(*words)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert "Error: " in done.stderr
    assert "Traceback" not in done.output


def test_bad_rows_of_the_sample_are_written_nowhere_but_in_tests():
    names = [path.read_bytes() for path in make_sample.FOLDER.iterdir()]
    assert not any(b"HYPERLINK" in content or b"<script" in content for content in names)
