"""Hours tests equal their definition, restated here minute by minute."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import facilities, hours

from iop_analysis.criteria import hours_tests
from iop_analysis.errors import CallError

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
WORKDAY = [("Mo", 540, 1020), ("Tu", 540, 1020), ("We", 540, 1020), ("Th", 540, 1020), ("Fr", 540, 1020)]


# The definition, minute by minute: a day is yes, no or unknown (None), and a week adds them up.


def longest_run(minutes: set[int], after: int) -> int:
    best = run = 0
    for minute in range(after, 1440):
        run = run + 1 if minute in minutes else 0
        best = max(best, run)
    return best


def day_counts(spans: list[tuple], day: str, after: int, at_least: int) -> bool | None:
    read = [span for span in spans if span[0] == day and span[1] is not None]
    minutes = {minute for _, opens, closes in read for minute in range(opens, closes)}
    if len(minutes) == 1440:
        return None
    if longest_run(minutes, after) >= at_least:
        return True
    return None if any(span[0] == day and span[1] is None for span in spans) else False


def week_counts(spans: list[tuple], status: str, test: str, options: dict) -> bool | None:
    if not spans or status in ("unknown", "by_appointment", "not_asked"):
        return None
    after = hours_tests.clock(options.get("after", "00:00"))
    if test == "evening":
        days, needed = [day_counts(spans, day, after, options["minutes"]) for day in DAYS[:5]], options["days"]
    elif test == "weekend":
        days, needed = [day_counts(spans, day, 0, 1) for day in DAYS[5:]], 1
    else:
        days = [day_counts(spans, day, after, options["minutes"]) for day in DAYS[:5]]
        days += [day_counts(spans, day, 0, options["minutes"]) for day in DAYS[5:]]
        needed = options["n"]
    if days.count(True) >= needed:
        return True
    return None if days.count(True) + days.count(None) >= needed else False


def ask(test: str, weeks: list[list[tuple]], statuses: list[str] | None = None, **options) -> list[bool | None]:
    table = facilities(len(weeks), hours_status=statuses or ["known"] * len(weeks))
    rows = hours([(place, *span) for place, spans in enumerate(weeks) for span in spans])
    value, kinds = hours_tests.ask(test, options, table, rows)
    # An unknown has a kind, and nothing else has.
    assert [kind != hours_tests.KNOWN for kind in kinds] == list(pd.isna(value))
    return [None if pd.isna(one) else bool(one) for one in value]


quarter = st.integers(0, 96).map(lambda number: number * 15)
interval = st.tuples(quarter, quarter).filter(lambda pair: pair[0] < pair[1])
span = st.one_of(
    st.tuples(st.sampled_from(DAYS), interval).map(lambda pair: (pair[0], *pair[1])),
    st.sampled_from(DAYS).map(lambda day: (day, None, None)),
    st.sampled_from(DAYS).map(lambda day: (day, 0, 1440)),
)
weeks = st.lists(st.lists(span, max_size=9), max_size=4)
asked = st.one_of(
    st.tuples(
        st.just("evening"),
        st.fixed_dictionaries(
            {
                "after": st.sampled_from(["17:00", "18:00", "18:15", "20:00", "24:00"]),
                "minutes": st.sampled_from([1, 60, 90, 180]),
                "days": st.integers(1, 5),
            }
        ),
    ),
    st.tuples(st.just("weekend"), st.just({})),
    st.tuples(
        st.just("sessions"),
        st.fixed_dictionaries(
            {
                "n": st.integers(1, 7),
                "minutes": st.sampled_from([60, 180, 240]),
                "after": st.sampled_from(["16:00", "17:30"]),
            }
        ),
    ),
)


@settings(deadline=None, max_examples=80)
@given(weeks, asked, st.sampled_from(["known", "partial", "known", "unknown", "by_appointment"]))
def test_every_hours_test_equals_its_definition_minute_by_minute(some_weeks, question, status):
    test, options = question
    expected = [week_counts(spans, status, test, options) for spans in some_weeks]
    assert ask(test, some_weeks, [status] * len(some_weeks), **options) == expected


@settings(deadline=None, max_examples=30)
@given(weeks, interval, st.sampled_from(DAYS))
def test_opening_longer_never_loses_a_yes(some_weeks, more, day):
    longer = [[*spans, (day, *more)] for spans in some_weeks]
    for before, after in zip(ask("evening", some_weeks), ask("evening", longer), strict=True):
        # Only a day that becomes a whole day may turn from yes to unknown.
        assert after is not False or before is not True


@settings(deadline=None, max_examples=30)
@given(weeks)
def test_a_later_hour_more_minutes_or_more_days_is_never_easier(some_weeks):
    easy = ask("evening", some_weeks, after="17:00", minutes=60, days=1)
    for harder in ({"after": "18:00"}, {"minutes": 120}, {"days": 3}):
        hard = ask("evening", some_weeks, **({"after": "17:00", "minutes": 60, "days": 1} | harder))
        for one, other in zip(easy, hard, strict=True):
            assert not (other is True and one is not True)
            assert not (one is False and other is not False)


@pytest.mark.parametrize(
    ("week", "expected"),
    [
        ([("Mo", 540, 1140)], True),
        ([("Mo", 540, 1139)], False),
        ([("Mo", 540, 1080), ("Mo", 1080, 1140)], True),
        ([("Mo", 1080, 1110), ("Mo", 1120, 1150)], False),
        ([("Sa", 540, 1260)], False),
        (WORKDAY, False),
        ([], None),
        ([("Mo", 0, 1440)], None),
        ([("Mo", 0, 1440), ("Tu", 540, 1260)], True),
        ([("Mo", None, None), ("Tu", 540, 1020)], None),
        ([("Mo", None, None), ("Mo", 1080, 1200)], True),
        ([("Sa", None, None), ("Tu", 540, 1020)], False),
        ([("Sa", 0, 1440), ("Tu", 540, 1020)], False),
    ],
    ids=lambda value: str(value),
)
def test_evening_needs_one_hour_in_one_piece_after_six_on_one_weekday(week, expected):
    assert ask("evening", [week]) == [expected]


@pytest.mark.parametrize(
    ("week", "expected"),
    [
        (WORKDAY, False),
        ([*WORKDAY, ("Sa", 540, 541)], True),
        ([*WORKDAY, ("Su", None, None)], None),
        ([*WORKDAY, ("Sa", 0, 1440)], None),
        ([("Mo", None, None), ("Tu", 540, 1020)], False),
    ],
    ids=lambda value: str(value),
)
def test_a_weekend_is_any_interval_on_saturday_or_sunday(week, expected):
    assert ask("weekend", [week]) == [expected]


def test_sessions_take_weekday_evenings_and_whole_weekend_days():
    evenings = [("Mo", 1050, 1230), ("We", 1050, 1230)]
    assert ask("sessions", [evenings, [*evenings, ("Sa", 480, 660)], [*evenings, ("Sa", 480, 659)]]) == [
        False,
        True,
        False,
    ]
    assert ask("sessions", [[("Mo", 540, 1229), ("We", 1050, 1230), ("Sa", 480, 660)]]) == [False]


@pytest.mark.parametrize("status", ["unknown", "by_appointment", "not_asked"])
def test_a_week_of_which_nothing_is_known_is_unknown_for_every_test(status):
    for test in hours_tests.TESTS:
        assert ask(test, [[("Mo", 540, 1260)]], [status]) == [None]


@pytest.mark.parametrize("scope", ["phone", "intake"])
def test_phone_and_intake_hours_never_count_for_an_evening(scope):
    table = facilities(2, hours_status="known")
    rows = hours([(0, "Mo", 540, 1260, scope), (1, "Mo", 540, 1020), (1, "Mo", 1080, 1300, scope)])
    value, kinds = hours_tests.ask("evening", {}, table, rows)
    assert list(pd.isna(value)) == [True, False]
    assert not value[1]
    assert kinds[0] == hours_tests.KIND["not_reported"]


def test_program_scope_lets_program_hours_decide_and_a_closed_building_say_no():
    table = facilities(5, hours_status="known")
    rows = hours(
        [
            (0, "Mo", 540, 1260),  # the building is open, the program's hours are not known
            (1, "Mo", 540, 1020),  # the building is closed
            (2, "Mo", 540, 1260),
            (2, "Mo", 1080, 1200, "program"),
            (3, "Mo", 540, 1260),
            (3, "Mo", 540, 720, "program"),
        ]
    )
    value, kinds = hours_tests.ask("evening", {"scope": "program"}, table, rows)
    assert [None if pd.isna(one) else bool(one) for one in value] == [None, False, True, False, None]
    named = [*hours_tests.UNKNOWN_KINDS, ""]
    assert [named[kind] for kind in kinds] == ["site_hours_only", "", "", "", "not_reported"]


def test_the_kind_of_an_unknown_says_why():
    weeks = [[], [("Mo", 0, 1440)], [("Mo", None, None)], [("Mo", 540, 600)], [("Mo", 540, 600)]]
    table = facilities(5, hours_status=["unknown", "always", "partial", "by_appointment", "not_asked"])
    rows = hours([(place, *span) for place, spans in enumerate(weeks) for span in spans])
    kinds = hours_tests.ask("evening", {}, table, rows)[1]
    assert [hours_tests.UNKNOWN_KINDS[kind] for kind in kinds] == [
        "not_reported",
        "24_hour_site",
        "unreadable",
        "by_appointment",
        "not_asked",
    ]


@pytest.mark.parametrize("test", hours_tests.TESTS)
def test_no_facilities_and_no_hours_give_nothing_and_no_error(test):
    for scope in ("site", "program"):
        value, kinds = hours_tests.ask(test, {"scope": scope}, facilities(0), hours([]))
        assert len(value) == len(kinds) == 0
        value, _ = hours_tests.ask(test, {"scope": scope}, facilities(3, hours_status="unknown"), hours([]))
        assert list(pd.isna(value)) == [True, True, True]


def test_hours_of_facilities_outside_the_table_are_ignored():
    table = facilities(1, hours_status="known")
    rows = hours([(0, "Mo", 540, 1020), (7, "Mo", 540, 1260)])
    assert not hours_tests.ask("evening", {}, table, rows)[0][0]


def test_the_order_of_facilities_and_hours_rows_does_not_matter():
    rows = hours([(0, "Mo", 540, 1260), (1, "Mo", 540, 1020), (2, "Tu", None, None)])
    table = facilities(3, hours_status="known")
    shuffled = table.iloc[[2, 0, 1]]
    value = hours_tests.ask("evening", {}, shuffled, rows.iloc[::-1])[0]
    assert [None if pd.isna(one) else bool(one) for one in value] == [None, True, False]


@pytest.mark.parametrize("text", ["25:00", "18", "6pm", "18:60", "24:01", "", 18, None])
def test_a_time_that_is_none_is_refused_with_an_example(text):
    with pytest.raises(CallError, match="'18:00'"):
        hours_tests.clock(text)


@pytest.mark.parametrize(
    ("test", "given"),
    [
        ("evening", {"minutes": 0}),
        ("evening", {"minutes": 1441}),
        ("evening", {"days": 6}),
        ("evening", {"days": True}),
        ("evening", {"minutes": 60.0}),
        ("sessions", {"n": 8}),
        ("weekend", {"scope": "phone"}),
    ],
)
def test_arguments_that_make_no_sense_are_refused(test, given):
    with pytest.raises(CallError, match=test):
        hours_tests.check(test, given)


def test_overlapping_and_touching_intervals_are_one_and_days_stay_apart():
    rows = hours(
        [(0, "Mo", 1200, 1440), (0, "Mo", 540, 1210), (0, "Tu", 0, 60), (1, "Mo", 600, 700), (1, "Mo", 700, 800)]
    )
    merged = hours_tests.weeks(facilities(2, hours_status="known"), rows)
    assert np.column_stack([merged.row, merged.day, merged.opens, merged.closes]).tolist() == [
        [0, 0, 540, 1440],
        [0, 1, 0, 60],
        [1, 0, 600, 800],
    ]


def test_each_facility_is_counted_once_by_the_best_that_is_known_of_its_hours():
    said = ["not_asked", "yes", "yes", "not_asked", "no"]
    table = facilities(5, hours_status=["known", "known", "known", "known", "unknown"], offers_evening_iop=said)
    rows = hours(
        [(0, "Mo", 1080, 1260, "program"), (1, "Mo", 1080, 1260, "program"), (2, "Mo", 540, 1020), (3, "Mo", 540, 1020)]
    )
    known = hours_tests.hours_known(table, rows)
    assert known == hours_tests.HoursKnown(program=2, evening_said=1, site_only=1, nothing=1)
    assert known.sentence == (
        "Program hours known for 2, site hours only for 1, says evening without a time for 1, nothing for the other 1."
    )


def told(rows, **options):
    table = facilities(1, hours_status="known")
    spans = [(0, *row[1:]) for row in rows]
    heard = hours(spans).assign(witness=[row[0] for row in rows])
    answers = []
    for order in (heard, heard[::-1], heard.sample(frac=1, random_state=3)):
        value, kinds = hours_tests.ask("evening", options, table, order)
        answers.append((None if pd.isna(value[0]) else bool(value[0]), [*hours_tests.UNKNOWN_KINDS, ""][kinds[0]]))
    assert len(set(answers)) == 1, "the order of the rows makes no difference"
    return answers[0]


LATE, EARLY, ROUND = ("Mo", 540, 1260), ("Mo", 540, 1020), ("Mo", 0, 1440)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("a", *LATE), ("b", *LATE)], (True, "")),
        ([("a", *LATE), ("b", *EARLY)], (None, "witnesses_disagree")),
        ([("a", *LATE), ("b", *LATE), ("c", *EARLY)], (None, "witnesses_disagree")),
        ([("a", *LATE), ("b", *ROUND)], (True, "")),
        ([("a", *EARLY), ("b", "Mo", None, None)], (False, "")),
        ([("a", "Mo", 540, 1080), ("b", "Mo", 1080, 1260)], (None, "witnesses_disagree")),
        ([("a", *EARLY), ("a", "Tu", 540, 1260)], (True, "")),
        ([("a", *EARLY, "program")], (None, "program_hours_only")),
        ([("a", *LATE, "program")], (True, "")),
        ([("a", *EARLY), ("b", *LATE, "program")], (None, "witnesses_disagree")),
        ([("a", *EARLY), ("b", *LATE, "phone")], (False, "")),
    ],
)
def test_witnesses_answer_one_by_one_and_agree_or_nothing_is_known(rows, expected):
    assert told(rows) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("a", *EARLY), ("b", *LATE, "program")], (True, "")),
        ([("a", *LATE, "program"), ("b", *EARLY, "program")], (None, "witnesses_disagree")),
        ([("a", *LATE), ("b", *EARLY)], (None, "witnesses_disagree")),
        ([("a", *LATE), ("b", *LATE)], (None, "site_hours_only")),
        ([("a", *EARLY), ("b", *EARLY)], (False, "")),
    ],
)
def test_of_the_program_its_own_hours_decide_whoever_tells_them(rows, expected):
    assert told(rows, scope="program") == expected
