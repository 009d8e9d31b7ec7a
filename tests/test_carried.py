"""What the package carries is rebuilt all or nothing, is never lost, and says when a question is newer than it."""

import json

import pandas as pd
import pytest

from iop_analysis import catalog
from iop_analysis.carried import listings, surveys, writing
from iop_analysis.errors import CallError
from iop_analysis.releases import store


def a_table(folder, text):
    (folder / "one.csv").write_text(text)
    return [folder / "one.csv"]


def test_a_rebuild_that_would_lose_a_release_is_refused_and_names_it(tmp_path, monkeypatch):
    folder = tmp_path / "data"
    listings.write_tables([listings.load("ladders@2023-05-16")], folder)
    monkeypatch.setattr(store, "built", list)
    with pytest.raises(CallError, match="ladders@2023-05-16, which is not built"):
        writing.write_all(folder)
    assert (folder / "ladders__2023-05-16.csv.gz").exists()


def test_a_rebuild_that_fails_half_way_leaves_every_table_as_it_was(tmp_path, monkeypatch):
    folder = tmp_path / "data"
    monkeypatch.setattr(writing, "WRITERS", (lambda fresh: a_table(fresh, "old"),))
    writing.write_all(folder)

    def fails(fresh):
        raise CallError("no points")

    monkeypatch.setattr(writing, "WRITERS", (lambda fresh: a_table(fresh, "new"), fails))
    with pytest.raises(CallError, match="no points"):
        writing.write_all(folder)
    assert (folder / "one.csv").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == ["data"]


def test_a_table_that_is_no_longer_written_goes(tmp_path, monkeypatch):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "gone.csv").write_text("old")
    monkeypatch.setattr(writing, "WRITERS", (lambda fresh: a_table(fresh, "new"),))
    assert [path.name for path in writing.write_all(folder)] == ["one.csv"]
    assert [path.name for path in folder.iterdir()] == ["one.csv"]


def test_an_installed_package_is_never_written_into(tmp_path, monkeypatch):
    monkeypatch.setattr(listings, "FOLDER", tmp_path / "site-packages" / "iop_analysis" / "carried" / "data")
    with pytest.raises(CallError, match="name a folder"):
        writing.own_folder()


@pytest.mark.parametrize("name", writing.carried())
def test_every_carried_table_was_made_for_the_questions_of_today(name):
    facts = (listings if name in listings.carried() else surveys).load(name).facts
    assert facts["questions"] == listings.questions_hash()


def test_a_question_that_the_tables_lack_is_not_called_unasked():
    tables = listings.load("ladders@2023-05-16")
    assert not tables.asks("medicare")
    with pytest.raises(CallError, match="not in these tables"):
        tables.asks("sliding_fee & ~medicaid")


def test_every_carried_folder_has_its_writer_and_only_readable_files():
    assert {path.suffix for path in listings.FOLDER.rglob("*") if path.is_file()} <= {".gz", ".csv", ".json"}
    for path in listings.FOLDER.rglob("*.json"):
        assert json.loads(path.read_text())
    assert pd.Series(writing.carried()).is_unique
    assert set(writing.carried()) <= set(catalog.releases())
