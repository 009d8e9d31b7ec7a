"""Hours that people write become the week that a careful reader would write down, or say what they are not."""

import json

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from iop_analysis.cli import main
from iop_analysis.hours import osm, text
from iop_analysis.hours.table import hours_table, minutes
from iop_analysis.hours.week import DAYS

# Written for this test: text, status, week in plain OpenStreetMap form.
READINGS = [
    ("M-F 8a-5p", "known", "Mo-Fr 08:00-17:00"),
    ("Mon-Thu 8am-8pm, Fri 8-5; Sat by appt", "partial", "Mo-Th 08:00-20:00; Fr 08:00-17:00"),
    ("MWF 9-12", "known", "Mo,We,Fr 09:00-12:00"),
    ("T/Th 5-9pm", "known", "Tu,Th 17:00-21:00"),
    ("Monday through Friday, 8:00 AM until 4:30 PM", "known", "Mo-Fr 08:00-16:30"),
    ("Open 7 days a week 9-5", "known", "Mo-Su 09:00-17:00"),
    ("24/7", "always", "24/7"),
    ("Mon: 9 AM–5 PM\nTue: 9 AM–5 PM\nWed: Closed\nThu: 9 AM–9 PM", "known", "Mo,Tu 09:00-17:00; Th 09:00-21:00"),
    ("0800-1630 Mon-Fri", "known", "Mo-Fr 08:00-16:30"),
    ("Office: 9am-5pm M-F; Hotline 24 hours", "known", "Mo-Fr 09:00-17:00"),
    ("By appointment only", "by_appointment", ""),
    ("Hours vary", "unknown", ""),
    ("Mon-Fri 8am-5pm, closed 12-1 for lunch", "known", "Mo-Fr 08:00-12:00,13:00-17:00"),
    ("1st and 3rd Saturday 9am-1pm", "unknown", ""),
    ("Tues. & Thurs. 9:00 a.m. - noon", "known", "Tu,Th 09:00-12:00"),
    ("Mon-Fri 9am to 5pm. Evening hours by appointment.", "partial", "Mo-Fr 09:00-17:00"),
    ("Weekdays 8-5, Sat 9-1, Sun closed", "known", "Mo-Fr 08:00-17:00; Sa 09:00-13:00"),
    ("8:00am-5:00am Mon-Fri", "unknown", ""),
    ("Daily 6 am to midnight", "known", "Mo-Su 06:00-24:00"),
    ("M, W 10am-7pm; T, Th 8am-5pm; F 8am-noon", "known", "Mo,We 10:00-19:00; Tu,Th 08:00-17:00; Fr 08:00-12:00"),
    ("Monday-Friday: 8:00-5:00 (Closed Holidays)", "known", "Mo-Fr 08:00-17:00"),
    ("9-5", "unknown", ""),
    ("Mon–Fri", "unknown", ""),
    ("summer hours: Mon-Thu 7-5", "unknown", ""),
]
OSM = [
    ("Mo-Fr 09:00-17:00; Sa 09:00-13:00; PH off", "known", "Mo-Fr 09:00-17:00; Sa 09:00-13:00"),
    ("24/7", "always", "24/7"),
    ('"By appointment"', "by_appointment", ""),
    ("By appointment", "by_appointment", ""),
    ("Mo-Fr 22:00-06:00", "known", "Mo 22:00-24:00; Tu-Fr 00:00-06:00,22:00-24:00; Sa 00:00-06:00"),
    ("09:00+", "unknown", ""),
    ("Mo-Fr 09:00-17:00; Sa 10:00+", "partial", "Mo-Fr 09:00-17:00"),
    ("Mo-Fr 09:00-17:00; Mo[1] 18:00-20:00", "partial", "Mo-Fr 09:00-17:00"),
    ("Apr-Oct Mo 09:00-10:00", "unknown", ""),
    ('Mo-Fr 09:00-17:00 "by appointment"', "known", "Mo-Fr 09:00-17:00"),
    ("", "unknown", ""),
]


@pytest.mark.parametrize(("written", "status", "week"), READINGS)
def test_a_text_is_read_as_a_careful_person_would(written, status, week):
    found = text.parse(written)
    assert (found.status, found.week.to_osm()) == (status, week)


@pytest.mark.parametrize(("written", "status", "week"), OSM)
def test_an_osm_value_is_a_regular_week_or_says_that_it_is_none(written, status, week):
    found = osm.parse(written)
    assert (found.status, found.week.to_osm()) == (status, week)


@pytest.mark.parametrize(
    "written", ["Mon-Fri 9-5 and every other Saturday", "Mon-Fri 9-5; Sat by appt", "Fri 9am-close"]
)
def test_what_cannot_be_placed_is_kept_and_never_makes_the_week_silently_smaller(written):
    found = text.parse(written)
    assert found.status in ("partial", "unknown")
    assert found.unparsed


def test_a_program_keeps_its_own_scope():
    found = text.parse("Office: 9:00am-5:00pm, Mon-Fri; Evening IOP: 6:00pm-9:00pm, Mon, Wed, Thur")
    assert {clause.scope for clause in found.clauses} == {"office", "program"}


def test_a_phone_line_opens_no_door():
    assert minutes(text.parse("Open 24 hours (Hotline)")) == (None, None)
    table = hours_table(["Mon-Fri 9am-7pm", "Open 24 hours (Hotline)", ""])
    assert table["evening_minutes"].tolist()[:1] == [300]
    assert table["evening_minutes"].isna().tolist() == [False, True, True]


@given(st.text(max_size=200))
def test_no_text_raises_and_every_week_is_disjoint(written):
    for found in (text.parse(written), osm.parse(written)):
        for day in found.week.days:
            assert all(0 <= opens < closes <= 1440 for opens, closes in day)
            assert all(before[1] < after[0] for before, after in zip(day, day[1:], strict=False))


pieces = st.sampled_from(
    ["Mon", "Tue-Fri", "9-5", "8am", "to", "5:30 pm", ",", ";", "\n", "closed", "by appt", "IOP:", "noon"]
)


@given(st.lists(pieces, max_size=25).map(" ".join))
def test_no_mixture_of_days_and_times_raises(written):
    found = text.parse(written)
    assert found.status != "known" or any(found.week.days) or "closed" in written


def test_the_command_reads_a_text_and_a_file_row_by_row(tmp_path):
    shown = CliRunner().invoke(main, ["hours", "Mon-Thu 8am-8pm, Fri 8-5; Sat by appt"])
    assert shown.exit_code == 0 and "Sat by appt" in shown.stdout and "partial" in shown.stdout
    path = tmp_path / "hours.csv"
    path.write_text('id,open\n1,"Mon-Fri 9-5"\n2,""\n3,24/7\n4,"Mon-Fri 9-5"\n', encoding="utf-8")
    lines = (
        CliRunner()
        .invoke(main, ["hours", "--file", str(path), "--column", "open", "--format", "csv"])
        .stdout.splitlines()
    )
    assert lines[0] == "text,status,osm,unparsed,evening_minutes,weekend_minutes"
    assert [line.split(",")[1] for line in lines[1:]] == ["known", "unknown", "always", "known"]
    wrong = CliRunner().invoke(main, ["hours", "--file", str(path), "--column", "hours"])
    assert wrong.exit_code == 2 and "'open'" in wrong.stderr


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


@pytest.mark.real
def test_the_labelled_texts_are_read_as_labelled(real_data):
    gold = json.loads((real_data / "hours_text" / "us_hours_gold.json").read_text(encoding="utf-8"))
    exact = wrong = 0
    for item in gold:
        found = text.parse(item["text"])
        week = {
            day: [
                [f"{opens // 60:02d}:{opens % 60:02d}", f"{closes // 60:02d}:{closes % 60:02d}"]
                for opens, closes in spans
            ]
            for day, spans in zip(DAYS, found.week.days, strict=True)
            if spans
        }
        exact += found.status == item["status"] and week == item["week"]
        wrong += found.status in ("known", "always") and week != item["week"]
    assert (exact, wrong) == (len(gold), 0)
