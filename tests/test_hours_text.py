"""Texts of hours: read as a careful person would, or refused; never a week that the writer did not mean."""

import csv
from functools import cache
from pathlib import Path

import pytest
from hours_writing import written
from hypothesis import example, given, settings
from hypothesis import strategies as st

from iop_analysis.hours import clock, days, text, tokens
from iop_analysis.hours.clauses import scope_of
from iop_analysis.hours.plain import plain
from iop_analysis.hours.table import minutes
from iop_analysis.hours.text import parse
from iop_analysis.hours.week import from_osm_plain

TEXTS = Path(__file__).with_name("hours_texts.csv")
SURE = ("known", "always")


@cache
def labelled() -> list[dict[str, str]]:
    """Texts written for this test in the manner of directories, with the status and week that a person would give."""
    with TEXTS.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def read(row: dict[str, str]) -> tuple[str, tuple]:
    hours = parse(row["text"])
    return hours.status, hours.week.days


def meant(row: dict[str, str]) -> tuple[str, tuple]:
    return row["status"], from_osm_plain(row["week"]).days


# ---- what is read ----------------------------------------------------------------------------------------------------


def test_no_labelled_text_is_claimed_as_another_week():
    wrong = [row["text"] for row in labelled() if read(row)[0] in SURE and read(row) != meant(row)]
    assert wrong == []


def test_nearly_all_labelled_texts_are_read_exactly_and_the_others_are_refused():
    missed = [row["text"] for row in labelled() if read(row) != meant(row)]
    assert len(missed) <= 0.01 * len(labelled()), missed


def test_what_is_partial_or_unknown_says_which_part_could_not_be_used():
    silent = [
        row["text"] for row in labelled() if parse(row["text"]).status == "partial" and not parse(row["text"]).unparsed
    ]
    assert silent == []


@given(st.integers(0, 10**9))
@settings(max_examples=400)
@example(3)
def test_a_week_is_read_as_written_or_refused_however_it_is_written(seed):
    wrote, week = written(seed)
    hours = parse(wrote)
    assert hours.week == week or (hours.status not in SURE and hours.unparsed), wrote


def test_hardly_a_written_week_is_refused():
    pairs = [written(seed) for seed in range(1500)]
    assert sum(parse(wrote).week == week for wrote, week in pairs) >= 0.97 * len(pairs)


WEEKS = ("9:00am-5:00pm, Mon-Fri", "Monday-Friday, 9-5", "Mon-Thu 8am-8pm; Fri 8am-5pm", "M-F 8:30-4:30")
LOOSE = (
    "Saturday by appointment",
    "hours vary",
    "evenings by appointment",
    "1st Saturday 9am-12pm",
    "every other Tuesday 5-7pm",
    "summer hours differ",
    "Sat 9am",
    "Thursday evenings",
    "open late Thursdays",
    "call for Saturday hours",
    "Sunday 10am until close",
    "Sat 8:00am-5:00am",
    "extended hours during tax season",
    "Sat 9am-12pm (June-August)",
    "some Saturdays",
    "hours subject to change",
    "last Friday of the month closed",
    "4pm-6pm",
    "evening groups available",
    "Sat 9-?",
    "Saturday (seasonal) 9-1",
    "Sat 9/14 10am-2pm",
    "M/Sa 9-?",
    "Closed Wednesday afternoons",
)


@pytest.mark.parametrize("loose", LOOSE)
def test_hours_that_cannot_be_placed_make_a_week_partial_wherever_they_stand(loose):
    for week in WEEKS:
        for joined in (
            f"{week}; {loose}",
            f"{week}\n{loose}",
            f"{week}. {loose}.",
            f"{loose}\n\n{week}",
            f"{week} ({loose})",
        ):
            hours = parse(joined)
            assert hours.status not in SURE and hours.unparsed, joined


# ---- what is kept of it ----------------------------------------------------------------------------------------------


def test_a_label_names_the_scope_of_its_clauses():
    hours = parse(
        "Office Hours:\\n9:00am-5:30pm, Mon-Fri\\n\\nEvening IOP: \\n6:00pm-9:00pm, Mon, Wed, Thur\\n\\nHotline: 24/7"
    )
    assert [(clause.label, clause.scope, clause.days) for clause in hours.clauses] == [
        ("Office", "office", (0, 1, 2, 3, 4)),
        ("Evening IOP", "program", (0, 2, 3)),
        ("Hotline", "phone", (0, 1, 2, 3, 4, 5, 6)),
    ]
    assert hours.week.to_osm() == "Mo,We,Th 09:00-17:30,18:00-21:00; Tu,Fr 09:00-17:30"


@pytest.mark.parametrize(
    ("label", "scope"),
    [
        ("IOP groups", "program"),
        ("Hope line Hours", "phone"),
        ("Phone Intake", "phone"),
        ("New Patient Registration", "intake"),
        ("Administrative office", "office"),
        ("Online application", "intake"),
        ("Pharmacy", "site"),
        ("", "site"),
    ],
)
def test_the_scope_of_a_label_is_what_its_first_fitting_word_says(label, scope):
    assert scope_of(label) == scope


def test_a_clause_tells_whether_am_or_pm_was_inferred():
    assert [clause.inferred for clause in parse("Mon 9-5; Tue 9am-5pm; Wed 09:00-17:00").clauses] == [
        True,
        False,
        False,
    ]


def test_a_telephone_line_counts_only_where_nothing_else_is_said():
    assert parse("Hotline: Mon-Fri 9am-9pm; Office: Mon-Fri 9am-5pm").week.to_osm() == "Mo-Fr 09:00-17:00"
    assert parse("Hotline: Mon-Fri 9am-9pm").week.to_osm() == "Mo-Fr 09:00-21:00"


def test_intake_hours_and_telephone_lines_give_no_evening_minutes():
    evenings = {
        "Office: Mon-Fri 9am-5pm; Intake: Mon-Thu 5pm-8pm; Hotline: 24/7": 0,
        "Office: Mon-Fri 9am-5pm; Evening IOP: Mon-Thu 5pm-8pm": 480,
        "Intake: Mon-Thu 5pm-8pm": None,
        "Hotline: 24/7": None,
        "Shelter: 24/7": 1800,
        "Mon-Fri 9-7; Sat by appt": 300,
    }
    assert {wrote: minutes(parse(wrote))[0] for wrote in evenings} == evenings


def test_days_that_a_partial_text_leaves_out_are_unknown_unless_it_says_closed():
    week = parse("Mon-Fri 9-5; closed Sunday; Sat by appt").week
    assert week.unknown_days == {"Sa"}


def test_a_finer_clause_of_one_label_replaces_and_another_label_adds():
    assert parse("Mon-Fri 9-5; Wed 12-8").week.to_osm() == "Mo,Tu,Th,Fr 09:00-17:00; We 12:00-20:00"
    assert parse("Office: Mon-Fri 9-5; Clinic: Wed 12-8").week.to_osm() == "Mo,Tu,Th,Fr 09:00-17:00; We 09:00-20:00"


def test_unparsed_fragments_stand_in_the_order_of_the_text():
    wrote = "Sat by appt; Mon-Fri 9-5; evenings vary; 1st Sun 10-12"
    fragments = parse(wrote).unparsed
    assert list(fragments) == sorted(fragments, key=wrote.index) and len(fragments) == 3


def test_equal_texts_are_read_once():
    assert parse("Mon-Fri 9-5") is parse("Mon-Fri 9-5")


# ---- how it is read --------------------------------------------------------------------------------------------------


@given(st.integers(0, 10**9))
def test_the_short_way_through_a_plain_text_says_what_the_full_reading_says(seed):
    wrote = written(seed)[0]
    clean = plain(wrote)
    short, full = text._simple(wrote, clean, tokens.lex(clean)), text._full(wrote, clean, tokens.lex(clean))
    if short is not None:
        assert (short.week, short.unparsed) == (full.week, full.unparsed)
        assert [clause[:6] for clause in short.clauses] == [clause[:6] for clause in full.clauses]


def test_the_short_way_is_the_way_of_most_plain_texts():
    texts = [written(seed)[0] for seed in range(300)]
    assert sum(text._simple(one, plain(one), tokens.lex(plain(one))) is not None for one in texts) > 100


@given(st.text(max_size=60), st.text(max_size=60))
def test_tokens_stand_in_order_and_inside_the_text(one, other):
    wrote = plain(f"{one} Mon-Fri 9-5 {other}")
    found = tokens.lex(wrote)
    assert len(found.kinds) == len(found.starts) == len(found.ends) == len(found.values)
    assert all(0 <= start < end <= len(wrote) for start, end in zip(found.starts, found.ends, strict=True))
    assert all(end <= start for end, start in zip(found.ends, found.starts[1:], strict=False))


@pytest.mark.parametrize(
    ("wrote", "read_as"),
    [
        ("9-5", (540, 1020)),
        ("8-7pm", (480, 1140)),
        ("1-5", (780, 1020)),
        ("8:30-12", (510, 720)),
        ("5-8", (1020, 1200)),
        ("6:30-2:30", (390, 870)),
        ("noon - 4", (720, 960)),
        ("10pm-6am", (1320, 1800)),
        ("12:00am-11:59pm", (0, 1440)),
        ("0800-1630", (480, 990)),
        ("09:00 - 05:00", (540, 1020)),
        ("8am-5am", None),
        ("12am-5pm", None),
        ("830-430", None),
        ("2019-2021", None),
        ("9:75-10", None),
    ],
)
def test_a_span_is_read_as_for_a_staffed_service_or_not_at_all(wrote, read_as):
    span = clock.read_span(wrote)
    assert (span and (span.opens, span.closes)) == read_as


@pytest.mark.parametrize("wrote", ["7-8:30", "6-10", "8-10", "07:00-09:00", "6am-8", "8-9pm"])
def test_a_span_with_two_likely_readings_keeps_both(wrote):
    assert clock.read_span(wrote).other is not None
    assert parse(f"Mon-Fri {wrote}").status == "unknown"


@pytest.mark.parametrize(
    ("wrote", "read_as"),
    [
        ("mon - thur & sat", (0, 1, 2, 3, 5)),
        ("m/w/f", (0, 2, 4)),
        ("m-w-f", (0, 2, 4)),
        ("tth", (1, 3)),
        ("motuwethfr", (0, 1, 2, 3, 4)),
        ("fri-mon", (0, 4, 5, 6)),
        ("weekdays and sat.", (0, 1, 2, 3, 4, 5)),
        ("lunes a viernes", (0, 1, 2, 3, 4)),
        ("monday friday", None),
        ("m-s", None),
        ("mon-fri, wed", None),
        ("mon-mon", None),
    ],
)
def test_a_list_of_days_is_read_or_refused_where_it_can_mean_two_things(wrote, read_as):
    found = days.read_days(wrote)
    assert (found and found.days) == read_as


# ---- whatever people write -------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    ["Mon", "Tue", "Fri", "Mon-Fri", "M-F", "Saturday", "S", "daily", "9-5", "7-9", "9am", "5pm", "9am-5pm", "12-1"]
    + ["noon", "until 3pm", "24 hours", "24/7", "closed", "by appt", "call", "vary", "evenings", "summer", "1st", "may"]
    + ["holidays", "except", "lunch", "no", "hotline", "office", "Label", "İ", "é", "and", "&", "-", "(", ")", ",", ";"]
    + [":", ".", "\n", "\n\n"]
)


@given(st.lists(WORDS, max_size=30).map(" ".join))
@settings(max_examples=400)
def test_no_mixture_of_words_raises_and_a_sure_week_has_no_unknown_day(wrote):
    hours = parse(wrote)
    assert hours.status in ("known", "partial", "always", "by_appointment", "unknown")
    assert hours.status == "partial" or not hours.week.unknown_days


@pytest.mark.parametrize(
    "unit",
    [
        "Mon-Fri 9-5; ",
        "M/T/",
        "Mon, ",
        "(",
        "((Mon 9-5) ",
        "1st and ",
        "holidays ",
        "the ",
        "closed Sun; ",
        "a, ",
        "9-",
        "\n",
        "<",
        "&",
    ],
)
def test_long_texts_of_one_kind_are_read_to_the_end(unit):
    assert parse(unit * (10_000 // len(unit))).status in ("known", "unknown", "by_appointment", "partial")
