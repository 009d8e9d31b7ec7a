"""A week equals its set of open minutes, and its canonical text says the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iop_analysis.hours import week as weeks
from iop_analysis.hours.week import DAYS, Week
from iop_analysis.releases import schema
from iop_analysis.sources._weekdays import read_cell

COLUMNS = list(schema.hours_schema().columns)
MINUTE = st.integers(0, 1440)
INTERVALS = st.lists(st.tuples(MINUTE, MINUTE).map(lambda pair: (min(pair), max(pair))), max_size=4)
SPANS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 1439), MINUTE), max_size=8)
KNOWN = st.lists(INTERVALS, min_size=7, max_size=7).map(
    lambda days: weeks.build("known", tuple(weeks.merge(day) for day in days))
)
STATUS = st.sampled_from(weeks.STATUSES)
ANY = st.builds(
    lambda week, status, unknown: weeks.build(status, week.days, unknown if status == "partial" else ()),
    KNOWN,
    STATUS,
    st.frozensets(st.sampled_from(DAYS)),
)


def minutes(day: weeks.Day) -> set[int]:
    return {minute for opens, closes in day for minute in range(opens, closes)}


@given(INTERVALS)
def test_merging_keeps_every_minute_and_leaves_intervals_sorted_and_apart(intervals):
    merged = weeks.merge(intervals)
    assert minutes(merged) == minutes(tuple(intervals))
    assert all(opens < closes for opens, closes in merged)
    assert all(before[1] < after[0] for before, after in zip(merged, merged[1:], strict=False))


@given(SPANS)
def test_a_span_that_closes_at_or_before_it_opens_runs_into_the_next_day(spans):
    opened = set()
    for day, opens, closes in spans:
        last = closes if closes > opens else closes + 1440
        opened |= {(day * 1440 + minute) % (7 * 1440) for minute in range(opens, last)}
    week = weeks.from_spans(spans)
    assert {number * 1440 + minute for number, day in enumerate(week.days) for minute in minutes(day)} == opened


@given(KNOWN)
def test_canonical_text_comes_back_as_the_same_week(week):
    assert weeks.from_osm_plain(week.to_osm()) == week


@given(KNOWN, KNOWN)
def test_a_union_is_that_of_the_minutes(one, other):
    for number in range(7):
        a, b = minutes(one.days[number]), minutes(other.days[number])
        assert minutes(weeks.union(one, other).days[number]) == a | b


@given(ANY, ANY)
def test_a_union_does_not_care_for_order_and_never_claims_more_than_it_knows(one, other):
    assert weeks.union(one, other) == weeks.union(other, one)
    silent = [week.status for week in (one, other) if week.status in weeks.SILENT]
    assert not silent or weeks.union(one, other).status in ("partial", "always", *silent)


@given(ANY)
def test_a_week_joined_with_itself_is_itself(week):
    assert weeks.union(week, week).days == week.days


@given(ANY, MINUTE)
def test_cutting_after_a_minute_leaves_the_minutes_after_it(week, minute):
    later = week.after(minute)
    for number, day in enumerate(DAYS):
        kept = {one for one in minutes(week.days[number]) if one >= minute}
        assert minutes(later.days[number]) == kept
        assert week.minutes(day, minute) == len(kept)
        assert week.longest(day, minute) == max((b - a for a, b in later.days[number]), default=0)


@given(INTERVALS, MINUTE, MINUTE)
def test_a_break_takes_away_its_minutes_and_no_others(intervals, one, other):
    opens, closes = sorted((one, other))
    day = weeks.merge(intervals)
    assert minutes(weeks.subtract(day, opens, closes)) == minutes(day) - set(range(opens, closes))


@given(ANY)
def test_a_week_can_be_a_key_and_cannot_be_changed(week):
    assert {week: 1}[Week(week.status, week.days, week.unknown_days)] == 1
    with pytest.raises((AttributeError, TypeError)):
        week.status = "known"


@given(ANY)
def test_rows_of_a_week_hold_its_intervals_and_one_row_for_each_unknown_day(week):
    rows = weeks.hours_rows(week, "a1", "program", "Evening IOP")
    read = [row for row in rows if row["opens_minute"] is not None]
    assert len(rows) - len(read) == len(week.unknown_days)
    spans = [(DAYS.index(row["day"]), row["opens_minute"], row["closes_minute"]) for row in read]
    assert weeks.from_spans(spans).days == (weeks.ALWAYS if week.status == "always" else week).days
    assert all(list(row) == COLUMNS for row in rows)


def test_seven_24_hour_days_are_always_and_six_are_not():
    full = [(day, 0, 1440) for day in range(7)]
    assert weeks.from_spans(full) == weeks.ALWAYS
    assert weeks.from_spans(full).is_24_hours("Su")
    assert weeks.from_spans(full[:6]).status == "known"
    assert weeks.ALWAYS.after(720).status == "known"


def test_canonical_text_of_each_status():
    assert weeks.ALWAYS.to_osm() == "24/7"
    assert weeks.NOTHING.to_osm() == Week("by_appointment").to_osm() == Week("partial").to_osm() == ""
    assert Week("known").to_osm() == "off"
    week = weeks.from_spans([(0, 540, 720), (2, 540, 720), (3, 540, 720), (4, 540, 720), (5, 1320, 360)])
    assert week.to_osm() == "Mo,We-Fr 09:00-12:00; Sa 22:00-24:00; Su 00:00-06:00"


@pytest.mark.parametrize("text", ["Mo 09:00", "Xx 09:00-10:00", "09:00-10:00", "Mo-Fr", "Mo 9-5"])
def test_text_that_is_not_canonical_is_refused(text):
    with pytest.raises(ValueError, match="is not written as"):
        weeks.from_osm_plain(text)


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("8:00AM - 5:00PM", (480, 1020)),
        ("730AM-430PM", (450, 990)),
        ("5:00PM - 12:00AM", (1020, 1440)),
        ("12:00AM - 12:00AM", (0, 1440)),
        ("8:00AM - 8:00AM", (0, 1440)),
        ("8:00AM - 5:00AM", (480, 300)),
        ("AM-PM", None),
        ("800-430", None),
        ("13:00PM - 5:00PM", None),
        ("8:75AM - 5:00PM", None),
        ("", None),
    ],
)
def test_a_cell_of_one_day_is_read_exactly_or_not_at_all(cell, read):
    assert read_cell(cell) == read
