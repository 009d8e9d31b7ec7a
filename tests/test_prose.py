"""Prose of program pages: kinds of statements, own sets of 365 and 420 passages, publisher-like ones where given."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from iop_analysis.hours.prose import day_names, read_text

HERE = Path(__file__).parent / "data" / "program_pages"
SAID = ("yes", "said_without_clock")


def read_set(folder: Path) -> list[tuple[str, dict]]:
    labels = {row["id"]: row for row in map(json.loads, (folder / "labels.jsonl").read_text("utf-8").splitlines())}
    pages = map(json.loads, (folder / "pages.jsonl").read_text("utf-8").splitlines())
    return [(row["text"], labels[row["id"]]) for row in pages]


def clocked(page) -> list[tuple[str, str, str]]:
    return sorted(
        (
            day_names(one.days),
            f"{one.opens // 60:02}:{one.opens % 60:02}",
            f"{one.closes // 60:02}:{one.closes % 60:02}",
        )
        for one in page.sessions
        if one.opens is not None and one.closes is not None
    )


def wanted(label: dict) -> list[tuple[str, str, str]]:
    return sorted((",".join(one["days"]), one["opens"], one["closes"]) for one in label["sessions"] if one["opens"])


def reached(folder: Path) -> dict[str, float]:
    """Shares of a labelled set: evening right, a false evening or no, evening heard, weekend right, sessions equal."""
    rows = [(read_text(text), label) for text, label in read_set(folder)]
    evening = [(page.iop_evening, label["iop_evening"]) for page, label in rows]
    false = [said for said, right in evening if is_false(said, right)]
    timed = [(page, label) for page, label in rows if wanted(label)]
    heard = [said in SAID for said, right in evening if right in SAID]
    return {
        "right": sum(said == right for said, right in evening) / len(rows),
        "false": len(false) / len(rows),
        "heard": sum(heard) / len(heard),
        "weekend": sum(page.iop_weekend == label["iop_weekend"] for page, label in rows) / len(rows),
        "sessions": sum(clocked(page) == wanted(label) for page, label in timed) / len(timed),
    }


def is_false(said: str, right: str) -> bool:
    """Whether an answer says an evening or a no that the label does not."""
    return (said in SAID and right not in SAID) or (said == "no" and right != "no")


def read_lots() -> list[dict]:
    return [json.loads(line) for line in (HERE / "lots.jsonl").read_text("utf-8").splitlines()]


def check(found: dict[str, float]) -> None:
    assert found["right"] >= 0.92
    assert found["false"] <= 0.01
    assert found["heard"] >= 13 / 15
    assert found["sessions"] >= 0.85
    assert found["weekend"] >= 0.9


def test_an_own_set_of_365_passages_is_read_as_its_labels_say():
    assert len(read_set(HERE)) == 365
    check(reached(HERE))


def test_the_lots_that_mended_the_reader_are_read_as_their_labels_say():
    rows = [(read_text(row["text"]).iop_evening, row["iop_evening"]) for row in read_lots()]
    assert len(rows) == 420
    assert sum(said == right for said, right in rows) / len(rows) >= 0.92
    assert sum(is_false(said, right) for said, right in rows) / len(rows) <= 0.01


def test_the_first_readings_of_the_lots_are_those_that_are_told():
    told = (HERE / "README.md").read_text("utf-8")
    rows = read_lots()
    false = [row for row in rows if is_false(row["first_read"], row["iop_evening"])]
    for lot in range(1, 8):
        mine = [row for row in rows if row["lot"] == lot]
        right = sum(row["first_read"] == row["iop_evening"] for row in mine)
        wrong = sum(row["lot"] == lot for row in false)
        assert f"| {lot} | {right} | {wrong} | {len(mine) - right - wrong} |" in told
    kinds = [(kind, sum(row["kind"] == kind for row in false)) for kind in ("ordinary", "trap")]
    assert kinds == [("ordinary", 4), ("trap", 34)]


@pytest.mark.real
def test_the_labelled_passages_are_read_as_their_labels_say(real_data):
    check(reached(real_data / "program_pages"))


def test_every_quote_is_a_piece_of_the_text_and_short():
    for text, _ in read_set(HERE):
        for one in read_text(text).sessions:
            assert one.quote in text
            assert len(one.quote.split()) <= 25


@pytest.mark.parametrize(
    ("text", "evening"),
    [
        ("Adult IOP\nGroups meet Mon-Thu 4:00-7:00 PM.", "yes"),
        ("Adult IOP\nGroups meet Mon-Thu 3:30-6:30 PM.", "no"),
        ("Adult IOP\nGroups meet Saturday 6-9 PM.", "no"),
        ("Adult IOP\nOur evening group meets three nights a week.", "said_without_clock"),
        ("Adult IOP\nOur morning group is 9 to noon; the afternoon group varies.", "not_stated"),
        ("PHP\nPatients attend 9 a.m. to 8 p.m. and go home at night.", "not_stated"),
        ("Adult IOP\nYou return home every evening.", "not_stated"),
        ("What is an IOP?\nEvening IOPs usually meet from 6 to 9 p.m.", "not_stated"),
        ("Adult IOP\nDo you have evening groups?\nPlease call.", "not_stated"),
        ("Adult IOP\nOur evening group is no longer offered.", "not_stated"),
        ("Adult IOP\nWe plan to open an evening group next year.", "not_stated"),
        ("Adult IOP\nFamily night is Tuesday 6-8 p.m.", "not_stated"),
        ("Adult IOP\nOffice hours: Monday-Friday 8 a.m.-8 p.m.", "not_stated"),
        ("Adult IOP\nFree parking evenings after 5 p.m. for IOP clients.", "not_stated"),
        ("What is an IOP?\nAt Elm House, IOP clients choose day or evening groups.", "said_without_clock"),
        ("IOP facts\nExample daily schedule of an IOP\n9:00-10:30 Group\n10:45-12:00 Skills", "not_stated"),
        ("Adult IOP\nA three-hour group, noon to 3 p.m., for clients with evening jobs.", "no"),
        ("Adult IOP\nA calm room with a view of the evening sun.", "not_stated"),
        (
            "Evening IOP\nKeep your employment. Our groups, run by counselors, meet Mon-Thu 6-9 p.m.",
            "yes",
        ),
        ("If you were discharged lately, our IOP can help. Groups meet 9 a.m. to noon, Monday to Friday.", "no"),
        ("With licensed, full-time staff, our IOP meets Mon/Tue/Thu 5:30-8:30 pm.", "yes"),
        ("For people who have stopped drinking: evening IOP, Monday to Thursday, 6-9 p.m.", "yes"),
        ("Alumni of our IOP meet Tuesday nights at 7 p.m.", "not_stated"),
        ("IOP counselor wanted, Mon-Thu 4-9 p.m.", "not_stated"),
        ("Adult IOP\nThe gym is open 5 to 10 p.m. daily.", "not_stated"),
        ("Intensive Outpatient\nMon-Thu 9-12\nOutpatient\nTuesdays 6:00 PM - 7:30 PM", "no"),
        ("IOP\nMonday\n9:00 AM\nto\n12:00 PM", "no"),
        ("Three-hour IOP groups start at 9 a.m. and 6 p.m.", "yes"),
        ("Programa Ambulatorio Intensivo\nNos reunimos de lunes a jueves de 18:00 a 21:00.", "yes"),
    ],
)
def test_evening_is_the_programs_own_statement_alone(text, evening):
    assert read_text(text).iop_evening == evening


def test_days_in_a_heading_are_those_of_the_span_below():
    page = read_text("IOP\nMonday and Wednesday\n6:00-9:00 PM group\nFriday\n9:00-11:00 AM group")
    assert clocked(page) == [("Fr", "09:00", "11:00"), ("Mo,We", "18:00", "21:00")]


def test_groups_of_one_agenda_are_one_span_and_two_tracks_stay_two():
    agenda = read_text("IOP\n9:00-10:30 AM Process\n10:45 AM-12:00 PM Skills")
    tracks = read_text("IOP\nMorning track 9:00 AM-12:00 PM\nAfternoon track 12:30-3:30 PM")
    assert clocked(agenda) == [("", "09:00", "12:00")]
    assert len(clocked(tracks)) == 2


@pytest.mark.parametrize(
    "text",
    ["", " \n ", "IOP", "6-9", "\u202e6–9\u00a0PM IOP", "IOP " * 2000, "IOP 6-9 pm " * 3000, "(" * 500 + "IOP 6-9 pm"],
)
def test_no_text_raises_an_exception(text):
    page = read_text(text)
    assert all(one.quote in text for one in page.sessions)
    assert page.iop_evening in ("yes", "said_without_clock", "no", "not_stated")
