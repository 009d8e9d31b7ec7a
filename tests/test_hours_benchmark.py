"""The published benchmark of opening hours: its texts are well formed, its scorer counts, its answers are today's."""

import csv
import runpy
from pathlib import Path

import pytest

from iop_analysis.hours.text import parse
from iop_analysis.hours.week import STATUSES, from_osm_plain

FOLDER = Path(__file__).resolve().parents[1] / "benchmarks" / "hours"
SCORER = runpy.run_path(str(FOLDER / "score.py"))


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_every_text_has_one_id_and_a_label_that_can_be_read():
    rows = table(FOLDER / "texts.csv")
    assert len({row["id"] for row in rows}) == len({row["text"] for row in rows}) == len(rows) >= 150
    assert {row["status"] for row in rows} <= set(STATUSES)
    assert all(bool(row["week"]) == (row["status"] in ("known", "partial", "always")) for row in rows)
    assert all(from_osm_plain(row["week"]).to_osm() == row["week"] for row in rows)
    assert min(sum(row["language"] == name for row in rows) for name in ("en", "es")) >= 50


def test_the_answers_of_this_package_are_those_it_gives_today_and_none_is_wrong():
    answers = {row["id"]: row for row in table(FOLDER / "answers" / "iop_analysis.csv")}
    for row in table(FOLDER / "texts.csv"):
        week = parse(row["text"]).week
        assert (answers[row["id"]]["status"], answers[row["id"]]["week"]) == (week.status, week.to_osm()), row["text"]
        assert SCORER["verdict"](answers[row["id"]], row) != "wrong", row["text"]


@pytest.mark.parametrize(
    ("status", "week", "verdict"),
    [
        ("known", "Mo 09:00-12:00", "exact"),
        ("known", "Mo 09:00-12:30", "wrong"),
        ("known", "", "wrong"),
        ("partial", "Mo 09:00-12:00", "refused"),
        ("unknown", "", "refused"),
        ("always", "24/7", "wrong"),
    ],
)
def test_an_answer_is_exact_wrong_or_refused(status, week, verdict):
    label = {"status": "known", "week": "Mo 09:00-12:00", "language": "en"}
    assert SCORER["verdict"]({"status": status, "week": week}, label) == verdict


def test_two_ways_of_writing_a_week_are_the_same_minutes():
    minutes = SCORER["minutes"]
    assert minutes("Mo,Tu 09:00-10:00") == minutes("Mo-Tu 09:00-09:30,09:30-10:00")
    assert len(minutes("24/7")) == 7 * 1440 and minutes("off") == minutes("") == frozenset()


def test_a_text_without_an_answer_is_refused():
    labels = {"a": {"status": "known", "week": "Mo 09:00-10:00", "language": "en"}}
    assert SCORER["scores"]({}, labels, "") == {"texts": 1, "exact": 0, "wrong": 0, "refused": 1}
