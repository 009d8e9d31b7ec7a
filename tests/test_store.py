"""Built releases on disk: described, readable by others, written all or nothing."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import edits
import pandas as pd
import pytest

from iop_analysis import catalog
from iop_analysis.errors import CallError, DataError
from iop_analysis.releases import listing, store, swapping
from iop_analysis.sources import Note

RELEASE = catalog.release("ladders@sample")
NAMES = ("facilities", "facility_hours")


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("IOP_DATA", str(tmp_path))
    return tmp_path / "processed" / "ladders" / "sample"


def tables(text: str = "old") -> dict[str, pd.DataFrame]:
    return {name: pd.DataFrame({"facility_id": pd.Series([text], dtype="str")}) for name in NAMES}


def written(release: catalog.Release = RELEASE) -> str:
    return store.read(release, NAMES)[0]["facilities"]["facility_id"].item()


def test_tables_and_notes_come_back_as_they_were_written(folder):
    notes = (Note(3, "rows of something"), Note(1, "a “quoted” thing"))
    assert store.write(RELEASE, tables(), notes, "ab" * 32) == folder
    found, read_notes = store.read(RELEASE, NAMES)
    for name, table in tables().items():
        pd.testing.assert_frame_equal(found[name], table)
    assert read_notes == notes


def test_the_datapackage_says_where_the_tables_come_from_and_what_each_column_means(folder):
    built = listing.build(RELEASE)
    described = store.describe(RELEASE)
    assert described["iop_analysis"]["sha256"] == RELEASE.sha256
    assert described["iop_analysis"]["release"] == "ladders@sample"
    assert [one["path"] for one in described["resources"]] == [
        "facilities.parquet",
        "facility_hours.parquet",
        "points.parquet",
        "set_aside.parquet",
    ]
    fields = {one["name"]: one for one in described["resources"][0]["schema"]["fields"]}
    assert list(fields) == list(built.facilities.columns)
    for name, variable in catalog.variables().items():
        assert fields[name]["title"] == variable.label
        assert fields[name]["description"] == variable.definition
    assert len(described["iop_analysis"]["notes"]) == len(built.notes)


@pytest.mark.slow
def test_frictionless_accepts_the_datapackage(folder):
    listing.build(RELEASE)
    command = [sys.executable, "-m", "frictionless", "validate", "--json", str(folder / "datapackage.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    assert report["valid"], report
    assert report["stats"]["tasks"] == 4


def test_a_build_that_fails_half_way_leaves_what_was_built_and_no_rubbish(folder, monkeypatch):
    store.write(RELEASE, tables("old"), (), "")
    monkeypatch.setattr(store.datapackage, "descriptor", lambda *_: (_ for _ in ()).throw(RuntimeError("stop")))
    with pytest.raises(RuntimeError):
        store.write(RELEASE, tables("new"), (), "")
    assert written() == "old"
    assert [path.name for path in folder.parent.iterdir() if path.suffix != ".lock"] == ["sample"]


KILLED = """
import os, signal, sys
import pandas as pd
from iop_analysis import catalog
from iop_analysis.releases import store
moment = sys.argv[1]
def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
if moment == "first table":
    pd.DataFrame.to_parquet = die
elif moment == "second table":
    write, count = pd.DataFrame.to_parquet, iter([0])
    pd.DataFrame.to_parquet = lambda self, *a, **k: write(self, *a, **k) if next(count, None) == 0 else die()
elif moment == "before the swap":
    store.swap = die
elif moment == "in the swap":
    from pathlib import Path
    rename, count = Path.rename, iter([0])
    Path.rename = lambda self, target: rename(self, target) if next(count, None) == 0 else die()
elif moment == "after the swap":
    import shutil
    remove, count = shutil.rmtree, iter([0, 1])
    shutil.rmtree = lambda *a, **k: remove(*a, **k) if next(count, None) is not None else die()
table = pd.DataFrame({"facility_id": pd.Series(["new"], dtype="str")})
store.write(catalog.release("ladders@sample"), {"facilities": table, "facility_hours": table}, (), "")
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("moment", "left"),
    [
        ("first table", "old"),
        ("second table", "old"),
        ("before the swap", "old"),
        ("in the swap", "old"),
        ("after the swap", "new"),
    ],
)
def test_a_kill_at_any_moment_of_a_build_leaves_a_whole_release(folder, moment, left):
    store.write(RELEASE, tables("old"), (), "")
    done = subprocess.run([sys.executable, "-c", KILLED, moment], env=os.environ, check=False)
    assert done.returncode == -signal.SIGKILL
    assert store.built() == ["ladders@sample"]
    assert written() == left
    store.write(RELEASE, tables("again"), (), "")
    assert written() == "again"
    assert store.built() == ["ladders@sample"]


def test_what_is_built_is_listed_in_the_order_of_the_catalog_and_half_written_folders_are_not(folder):
    for name in ("national_directory@sample", "ladders@sample"):
        store.write(catalog.release(name), tables(), (), "")
    half = folder.with_name(".2023-05-16.77.new")
    half.mkdir()
    (half / "datapackage.json").write_text("{}")
    assert store.built() == ["ladders@sample", "national_directory@sample"]


def test_nothing_built_is_an_empty_list_and_a_wrong_call(folder):
    assert store.built() == []
    with pytest.raises(CallError, match="iop-analysis build"):
        store.describe(RELEASE)


def test_a_table_that_was_deleted_is_an_error_that_says_to_build_again(folder):
    store.write(RELEASE, tables(), (), "")
    (folder / "facility_hours.parquet").unlink()
    with pytest.raises(DataError, match=r"facility_hours.*build it again"):
        store.read(RELEASE, NAMES)


def test_a_byte_that_was_changed_in_any_built_file_is_a_sentence_that_names_it(folder):
    for seed in range(120):
        store.write(RELEASE, tables(), (Note(1, "a thing"),), "")
        files = sorted(path for path in folder.iterdir() if path.suffix in (".parquet", ".json"))
        file = files[seed % len(files)]
        file.write_bytes(edits.spoiled(file.read_bytes(), seed))
        try:
            found, _ = store.read(RELEASE, NAMES)
        except DataError as error:
            assert file.name in str(error) or "parquet" in str(error)
            assert "iop-analysis build ladders@sample" in str(error)
        else:
            assert file.suffix == ".json"  # a word of its prose, or nothing, was changed
            assert found["facilities"]["facility_id"].item() == "old"


WRITER = """
import sys
import pandas as pd
from iop_analysis import catalog
from iop_analysis.releases import store
for number in range(40):
    table = pd.DataFrame({"facility_id": pd.Series([f"{sys.argv[1]}{number}"], dtype="str")})
    store.write(catalog.release("ladders@sample"), {"facilities": table, "facility_hours": table}, (), "")
"""


@pytest.mark.slow
def test_two_processes_may_build_one_release_and_a_reader_sees_one_build_at_a_time(folder):
    store.write(RELEASE, tables("first"), (), "")
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, name], env=os.environ) for name in "ab"]
    seen = set()
    while any(writer.poll() is None for writer in writers):
        found, _ = store.read(RELEASE, NAMES)
        values = {found[name]["facility_id"].item() for name in NAMES}
        assert len(values) == 1, values
        seen |= values
    assert [writer.returncode for writer in writers] == [0, 0]
    assert len(seen) > 3
    assert written() in ("a39", "b39")


def test_who_waits_too_long_for_another_writer_is_told(folder):
    folder.parent.mkdir(parents=True)
    with swapping.alone(folder), pytest.raises(DataError, match="another process"), swapping.alone(folder, 0.05):
        pass


def test_a_folder_that_nothing_accounts_for_is_left_aside_with_its_place(folder):
    store.write(RELEASE, tables(), (), "")
    for strange in (folder.parent.parent / "strangers" / "x", folder.parent / "1999-01-01"):
        strange.mkdir(parents=True)
        (strange / "datapackage.json").write_text("{}")
    assert store.built() == ["ladders@sample"]
    assert [Path(one).name for one in store.left_aside()] == ["1999-01-01", "x"]
