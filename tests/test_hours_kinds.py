"""Kinds of texts that were once misread: each with texts of its own, and what holds of every text at hand."""

import csv
import re
import time
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iop_analysis.hours import clauses, clock, days, meaning, osm
from iop_analysis.hours.plain import plain
from iop_analysis.hours.text import parse, units
from iop_analysis.hours.week import build, merge

ROOT = Path(__file__).resolve().parents[1]
CORPORA = (ROOT / "tests" / "hours_texts.csv", ROOT / "benchmarks" / "hours" / "texts.csv")
SURE = ("known", "always")


@cache
def texts() -> list[str]:
    """Every text that is labelled anywhere in the project."""
    rows = []
    for path in CORPORA:
        with path.open(encoding="utf-8", newline="") as handle:
            rows += [row["text"] for row in csv.DictReader(handle)]
    return list(dict.fromkeys(rows))


def week_of(text: str) -> tuple:
    hours = parse(text)
    return hours.status, hours.week.days, hours.week.unknown_days


# ---- what holds of every text ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [
        str.upper,
        str.lower,
        lambda text: text.rstrip(" .") + ".",
        lambda text: text.replace("-", "–"),
        lambda text: text.replace(" ", "  "),
        lambda text: text.replace(" ", "\xa0"),
        lambda text: re.sub(r"(?<=[\dm])-(?=\d)", " - ", text),
    ],
    ids=["capitals", "small letters", "a final dot", "other dashes", "more blanks", "hard blanks", "dashes apart"],
)
def test_case_a_final_dot_blanks_and_dashes_change_no_reading(changed):
    assert [text for text in texts() if week_of(changed(text)) != week_of(text)] == []


def test_a_week_written_in_its_own_form_is_read_back():
    for text in texts():
        week = parse(text).week
        if week.status in SURE:
            assert parse(week.to_osm()).week == osm.parse(week.to_osm()).week == week, text


minute = st.integers(0, 1440)
DAY = st.lists(st.tuples(minute, minute).map(sorted).map(tuple), max_size=3).map(merge)
WEEK = st.lists(DAY.filter(lambda day: (0, 1439) not in day), min_size=7, max_size=7).map(
    lambda week: build("known", tuple(week))
)


@given(WEEK)
@settings(max_examples=300)
def test_any_week_is_read_back_from_its_own_form(week):
    for written in (week.to_osm(), week.to_osm().upper(), week.to_osm() + ".", week.to_osm().replace("-", "–")):
        assert parse(written).week == week


@pytest.mark.parametrize("between", ["; ", "\n\n", ". "])
def test_a_text_said_twice_never_claims_another_week(between):
    for text in texts():
        once, twice = parse(text), parse(text.rstrip(". ") + between + text)
        # A label on a line of its own holds for the sentences behind it, up to an empty line.
        if once.status in SURE and twice.status in SURE and (between == "\n\n" or "\n" not in plain(text)):
            assert twice.week.days == once.week.days, text


SAYS_WHEN = re.compile(
    r"\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?|weekends?|weekdays?|evenings?|mornings?"
    r"|afternoons?|nights?|noon|midnight|until)\b|\d:\d\d|\d\s?[ap]\.?m\b",
    re.IGNORECASE,
)


def test_a_sure_week_stands_beside_no_unread_word_about_days_or_times():
    holidays = re.compile(r"(?:holidays?|hols?|feriados)\b[^.;\n]*", re.IGNORECASE)
    for text in texts():
        hours = parse(text)
        rest = plain(text)
        if hours.status in SURE:
            for clause in sorted(hours.clauses, key=lambda one: -len(one.text)):
                rest = rest.replace(clause.text, "")
            # Days that head the lines below them stand in no clause.
            rest = holidays.sub("", re.sub(r"(?:\A|\n)[\w, &-]*:?(?=\n|\Z)", "\n", rest))
            assert not SAYS_WHEN.search(rest), (text, rest)


UNITS = [
    *(
        "Mon, Tue 9-5, ",
        "Mon-Fri 9-5; ",
        "9-5 Mon, ",
        "M-F 8-5 ",
        "closed 12-1 for lunch, ",
        "1st Sat 9-12; ",
        "(Mon 9-5) ",
    ),
    *("24/7 ", "24 hours, ", "Lun-Vie 8-5; ", "L/Mi/V 9-12, ", "AM IOP: 9am-12pm; ", "Mon until 5pm, ", "lunch 12-1 "),
    *(
        "Sa/Holidays: 7-11 ",
        "within 2 to 3 business days ",
        "Breakfast 7-8am, ",
        "((9-5",
        ";;",
        "L",
        "holidays and ",
        "9-",
    ),
]


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("read", [parse, osm.parse], ids=["text", "osm"])
def test_a_clause_said_a_thousand_times_costs_a_thousand_times_as_much(unit, read):
    text = (unit * 10_000)[:10_000]
    for memory in (parse, osm.parse, units, clock.read_span, days.read_days, clauses.scope_of, meaning.shape):
        memory.cache_clear()
    start = time.process_time()
    read(text)
    # 10 to 40 milliseconds on one core; anything that grows faster than the text takes seconds.
    assert time.process_time() - start < 0.4


# ---- kinds -----------------------------------------------------------------------------------------------------------

READ = {
    "days and words in short": [
        ("M-F 10am-7pm; Sa off", "Mo-Fr 10:00-19:00"),
        ("Mo-Su 08:00-18:00; Tu off", "Mo,We-Su 08:00-18:00"),
        ("M-F 6am-1pm; Su/Holidays 7am-10am", "Mo-Fr 06:00-13:00; Su 07:00-10:00"),
        ("M-Sa 6am-1pm, closed Su", "Mo-Sa 06:00-13:00"),
    ],
    "days counted before they are named": [
        ("Two nights a week (Tue & Thu) 5:30-8:30pm", "Tu,Th 17:30-20:30"),
        ("Group, 3 evenings/week, M/W/Th 6-9pm", "Mo,We,Th 18:00-21:00"),
    ],
    "a closing time before its week": [
        ("Thursday evenings until 7; Mon-Fri 8-5", "Mo-We,Fr 08:00-17:00; Th 08:00-19:00"),
        ("Wed. until noon, otherwise weekdays 9-5", "Mo,Tu,Th,Fr 09:00-17:00; We 09:00-12:00"),
        ("M-F 8-6, closing early at 2pm Friday", "Mo-Th 08:00-18:00; Fr 08:00-14:00"),
    ],
    "figures as elsewhere, dots that lead to them": [
        ("Tuesday ...... 9:00 am - 6:00 pm\nThursday ..... 9:00 am - 1:00 pm", "Tu 09:00-18:00; Th 09:00-13:00"),
        ("Mon-Thu 08h30-16h00; Fri 9 o'clock to 1 o'clock", "Mo-Th 08:30-16:00; Fr 09:00-13:00"),
    ],
    "breaks belong to their clause": [
        ("Mon 8am-8pm (closed 1pm-2pm); Tue 8am-4pm", "Mo 08:00-13:00,14:00-20:00; Tu 08:00-16:00"),
        ("Wed 9-9, Thu 9-9 closed 4-6", "We 09:00-21:00; Th 09:00-16:00,18:00-21:00"),
        ("Mon-Thu 8-6, Fri 8-5, closed 12-1", "Mo-Th 08:00-12:00,13:00-18:00; Fr 08:00-12:00,13:00-17:00"),
        ("Mon 8-5, lunch 12-1; Tue 8-5, lunch 1-2", "Mo 08:00-12:00,13:00-17:00; Tu 08:00-13:00,14:00-17:00"),
        ("Mon-Fri 8-5; Sat 8-3; closed 12-1", "Mo-Fr 08:00-12:00,13:00-17:00; Sa 08:00-12:00,13:00-15:00"),
    ],
    "days shared by times under labels of a kind": [
        ("Tue/Thu AM IOP: 9am-12pm; PM IOP: 5pm-8pm", "Tu,Th 09:00-12:00,17:00-20:00"),
        ("Morning group 9-11am; evening group 6-8pm, Mon & Wed", "Mo,We 09:00-11:00,18:00-20:00"),
        ("Tuesday\nMorning IOP 9am-12pm\nEvening IOP 6pm-9pm", "Tu 09:00-12:00,18:00-21:00"),
        ("Breakfast 6:30-7:30am, lunch 12-1pm, supper 5-6pm daily", "Mo-Su 06:30-07:30,12:00-13:00,17:00-18:00"),
    ],
    "equal times are a day and a night": [
        ("Mon-Wed 19:00-19:00", "Mo-We 00:00-24:00"),
        ("Sat 8pm-8pm", "Sa 00:00-24:00"),
        ("Tue 00:00-23:59", "Tu 00:00-24:00"),
    ],
    "Spanish": [
        ("L-J 9am-6pm; V 9am-mediodía", "Mo-Th 09:00-18:00; Fr 09:00-12:00"),
        ("LMMJV 7:30-4", "Mo-Fr 07:30-16:00"),
        ("Mar/Jue de 6 a 9 de la noche", "Tu,Th 18:00-21:00"),
        ("Lun a Sáb de 10 a 18 hs, domingos cerrado", "Mo-Sa 10:00-18:00"),
    ],
    "notes open nothing": [
        ("Mon-Fri 7am-3pm. Kindly cancel 24 hours ahead.", "Mo-Fr 07:00-15:00"),
        ("Replies within 2 to 3 business days; open Tue 9-5", "Tu 09:00-17:00"),
        ("Wed 10am-6pm; 24/7 crisis line", "We 10:00-18:00"),
        ("Ages 12 to 17; Thu 3:30-5:30pm", "Th 15:30-17:30"),
        ("Mon 9-4 (calls returned within 2 days); Tue 9-12", "Mo 09:00-16:00; Tu 09:00-12:00"),
        ("Crisis services available 24/7 by phone - Mon 9-4", "Mo 09:00-16:00"),
        ("Mon 9-4 in person or by phone; Tue 9-12", "Mo 09:00-16:00; Tu 09:00-12:00"),
        ("Mon 9-4, phone 555-0100; Tue 9-12", "Mo 09:00-16:00; Tu 09:00-12:00"),
        ("24-hour hotline: 555-0100 - open Mon 9-4", "Mo 09:00-16:00"),
        ("24/7 crisis line, office hours: 9am-4pm Mon", "Mo 09:00-16:00"),
        ("Mon-Thu 8-6 (hotline); Mon-Thu 9-3 (clinic)", "Mo-Th 09:00-15:00"),
    ],
    "hours of a dispensary are in the morning": [
        ("Dosing 6-10 Mon-Fri, 7-9 Sat", "Mo-Fr 06:00-10:00; Sa 07:00-09:00"),
        ("Methadone: Sun 6-9", "Su 06:00-09:00"),
    ],
}


@pytest.mark.parametrize(("text", "week"), [pair for pairs in READ.values() for pair in pairs])
def test_a_kind_once_misread_is_read(text, week):
    assert (parse(text).status, parse(text).week.to_osm(), parse(text).week.unknown_days) == (
        "known",
        week,
        frozenset(),
    )


REFUSED = [
    ("Mo 14:00-15:30 off", "unknown", ""),
    ("M-F 9-6; Sa by appt", "partial", "Mo-Fr 09:00-18:00"),
    ("M-F 9-6; Sa", "partial", "Mo-Fr 09:00-18:00"),
    ("M-F 9-6; Su call", "partial", "Mo-Fr 09:00-18:00"),
    ("Sun 9am-noon; also open during the week", "partial", "Su 09:00-12:00"),
    ("Orientation 9 a.m. Mon.-Fri. IOP 5-8 p.m. Tue.", "partial", "Tu 17:00-20:00"),
    ("Mon-Fri 8-4; closes early on Fridays", "partial", "Mo-Fr 08:00-16:00"),
    ("Mon-Fri 8-4+", "unknown", ""),
    ("Mon-Fri around 8-4", "unknown", ""),
    ("Tuesdays 6-8 (weeks 2 and 4)", "unknown", ""),
    ("Cada dos sábados 10am-12pm", "unknown", ""),
    ("A nurse calls back within 24 hours", "unknown", ""),
    ("24-hour cancellation policy", "unknown", ""),
    ("Groups 3 evenings a week Mon-Fri 6-9pm", "partial", "Mo-Fr 18:00-21:00"),
    ("M-F 8-5, S 9-1", "partial", "Mo-Fr 08:00-17:00"),
    ("Monday - Firdya 8am-5pm", "unknown", ""),
    ("Mon-Fri 9-4, after 4 by appointment", "partial", "Mo-Fr 09:00-16:00"),
    ("Fri until 2. IOP Mon-Thu 9-5", "partial", "Mo-Th 09:00-17:00"),
    ("Website 24/7; office Tue 10-2", "partial", "Tu 10:00-14:00"),
    ("Mon-Fri 9-5; closed holidays (evening groups available)", "partial", "Mo-Fr 09:00-17:00"),
    ("Mon-Fri 9-5; closed holidays, Friday by appointment", "partial", "Mo-Fr 09:00-17:00"),
    ("Le contestamos en 2 a 3 días", "unknown", ""),
    ("Mon-Fri 9-5; 6-8", "partial", "Mo-Fr 09:00-17:00"),
    ("Emergencias 24 horas; consultas lunes 8am-4pm", "partial", "Mo 08:00-16:00"),
    ("Mon-Fri 9-5; Mon-Fri 5:30pm and later", "partial", "Mo-Fr 09:00-17:00"),
]


@pytest.mark.parametrize(("text", "status", "week"), REFUSED)
def test_what_cannot_be_placed_is_never_claimed(text, status, week):
    assert (parse(text).status, parse(text).week.to_osm()) == (status, week)


# ---- OpenStreetMap ---------------------------------------------------------------------------------------------------

OSM = [
    ("Tu, Th, Sa 08:15-12:45", "known", "Tu,Th,Sa 08:15-12:45"),
    ("Mo , We 09:00-11:00 , 14:00-16:00", "known", "Mo,We 09:00-11:00,14:00-16:00"),
    ("Mo-Fr 08:00-12:00; Mo-Fr 13:00-16:00", "known", "Mo-Fr 08:00-12:00,13:00-16:00"),
    ("Mo-Fr 08:00-16:00; We 10:00-18:00", "known", "Mo,Tu,Th,Fr 08:00-16:00; We 10:00-18:00"),
    ('Mo-Th 09:00-17:00 || Mo-Th 17:00-21:00 "by appointment"', "partial", "Mo-Th 09:00-17:00"),
    ('Mo-Th 09:00-17:00 || "by appointment"', "known", "Mo-Th 09:00-17:00"),
    ("Mo-Th 09:00-17:00 || off", "known", "Mo-Th 09:00-17:00"),
    ("Mo-Fr 09:00-17:00, PH off", "known", "Mo-Fr 09:00-17:00"),
    ("Tu 18:00-18:00", "known", "Tu 00:00-24:00"),
    ("Mo-Fr 09:00-17:00 off", "unknown", ""),
    ("We off", "unknown", ""),
    ("Tues-Sat 10am-6pm", "known", "Tu-Sa 10:00-18:00"),
    ("Mo–Sa 10:00–18:00", "known", "Mo-Sa 10:00-18:00"),
    ("Mo-Fr 10-18; Sa by appointment", "partial", "Mo-Fr 10:00-18:00"),
    ("Mo-Fr 07.30-15.30", "known", "Mo-Fr 07:30-15:30"),
    ("around the clock", "always", "24/7"),
]


@pytest.mark.parametrize(("text", "status", "week"), OSM)
def test_what_mappers_write_is_read_as_they_mean_it_or_as_free_text(text, status, week):
    found = osm.parse(text)
    assert (found.status, found.week.to_osm()) == (status, week)


def test_a_fallback_by_appointment_leaves_its_days_unknown():
    week = osm.parse('Mo-We 08:00-16:00 || Mo-We 16:00-20:00 "on request"').week
    assert all(week.is_unknown(day) for day in ("Mo", "Tu", "We"))
