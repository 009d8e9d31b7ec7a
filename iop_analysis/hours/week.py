"""A regular week: seven days of disjoint opening intervals, exact to the minute, with a status and what is unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from iop_analysis.hours.minutes import WHOLE_DAY, minute_of, written

Interval = tuple[int, int]
Day = tuple[Interval, ...]

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
NUMBERS = {day: number for number, day in enumerate(DAYS)}
STATUSES = ("known", "partial", "always", "by_appointment", "unknown")
SILENT = ("by_appointment", "unknown")
FULL: Day = ((0, WHOLE_DAY),)
NONE: frozenset[str] = frozenset()
NO_DAYS: tuple[Day, ...] = ((),) * 7
PLAIN_RULE = re.compile(r"({0})(?:[-,]({0}))* {1}(?:,{1})*".format("|".join(DAYS), r"\d\d:\d\d-\d\d:\d\d"))


class Week(NamedTuple):
    """A regular week.

    Parameters
    ----------
    status
        `known`, `partial`, `always`, `by_appointment` or `unknown`.
    days
        Monday to Sunday, each with its intervals in minutes after midnight (0 to 1440), disjoint and sorted.
    unknown_days
        Days (`Mo` to `Su`) that carry or may carry hours which could not be placed.
    """

    status: str
    days: tuple[Day, ...] = NO_DAYS
    unknown_days: frozenset[str] = NONE

    def is_24_hours(self, day: str) -> bool:
        """Whether a day is open from midnight to midnight."""
        return self.days[NUMBERS[day]] == FULL

    def is_unknown(self, day: str) -> bool:
        """Whether hours of a day may exist that are not in `days`."""
        return self.status in SILENT or day in self.unknown_days

    def minutes(self, day: str, after: int = 0) -> int:
        """Minutes open on a day after a minute of that day."""
        return sum(max(0, closes - max(opens, after)) for opens, closes in self.days[NUMBERS[day]])

    def longest(self, day: str, after: int = 0) -> int:
        """Longest single interval of a day after a minute of that day, in minutes; 0 where there is none."""
        return max(
            (closes - max(opens, after) for opens, closes in self.days[NUMBERS[day]] if closes > after), default=0
        )

    def after(self, minute: int) -> Week:
        """The week with every day cut to what lies after a minute of the day."""
        return build(self.status, tuple(clip(day, minute, WHOLE_DAY) for day in self.days), self.unknown_days)

    def to_osm(self) -> str:
        """Canonical plain text: `Mo-Fr 09:00-17:00; Sa 09:00-13:00`, `24/7`, `off`; empty where nothing is known.

        Examples
        --------
        >>> from_spans([(0, 540, 1020), (1, 540, 1020), (2, 1320, 120)]).to_osm()
        'Mo,Tu 09:00-17:00; We 22:00-24:00; Th 00:00-02:00'
        """
        if self.status in SILENT:
            return ""
        if self.days == ALWAYS.days:
            return "24/7"
        groups: dict[Day, list[int]] = {}
        for number, day in enumerate(self.days):
            if day:
                groups.setdefault(day, []).append(number)
        rules = [f"{_day_list(numbers)} {_times(day)}" for day, numbers in groups.items()]
        return "; ".join(rules) or ("off" if self.status == "known" else "")


NOTHING = Week("unknown")
ALWAYS = Week("always", (FULL,) * 7)


def build(status: str, days: tuple[Day, ...], unknown_days: Iterable[str] = ()) -> Week:
    """A week whose status fits its days: `known` with seven 24-hour days is `always`, and nothing less is."""
    if status in SILENT:
        return Week(status)
    if days == ALWAYS.days and status != "partial":
        return ALWAYS
    return Week("known" if status == "always" else status, days, frozenset(unknown_days) if unknown_days else NONE)


def from_spans(spans: Iterable[tuple[int, int, int]], status: str = "known", unknown_days: Iterable[str] = ()) -> Week:
    """The week of spans `(day 0-6, opens, closes)`; one that closes at or before it opens runs into the next day.

    Examples
    --------
    >>> from_spans([(6, 1320, 360)]).days[0], from_spans([(0, 540, 720), (0, 700, 800)]).days[0]
    (((0, 360),), ((540, 800),))
    """
    days: list[list[Interval]] = [[] for _ in DAYS]
    for day, opens, closes in spans:
        if closes > opens:
            days[day].append((opens, closes))
        else:
            days[day].append((opens, WHOLE_DAY))
            days[(day + 1) % 7].append((0, closes))
    return build(status, tuple(merge(day) for day in days), unknown_days)


def merge(intervals: Iterable[Interval]) -> Day:
    """Intervals in order; touching and overlapping ones are one, empty ones none.

    Examples
    --------
    >>> merge([(600, 720), (540, 600), (800, 800)])
    ((540, 720),)
    """
    merged: list[Interval] = []
    for opens, closes in sorted(intervals):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
        elif closes > opens:
            merged.append((opens, closes))
    return tuple(merged)


def clip(day: Day, opens: int, closes: int) -> Day:
    """The part of a day's intervals between two minutes."""
    return tuple((max(opens, a), min(closes, b)) for a, b in day if max(opens, a) < min(closes, b))


def subtract(day: Day, opens: int, closes: int) -> Day:
    """A day's intervals without the minutes between two minutes, such as a lunch break."""
    return clip(day, 0, opens) + clip(day, closes, WHOLE_DAY)


def union(one: Week, other: Week) -> Week:
    """Open when either is; what either does not know stays unknown unless the other is open around the clock.

    Two silent weeks stay silent (`unknown` wins over `by_appointment`); a silent one beside a readable one makes it
    `partial`, with every day unknown.
    """
    if one.status in SILENT and other.status in SILENT:
        return one if one.status == "unknown" else other
    days = tuple(merge(a + b) for a, b in zip(one.days, other.days, strict=True))
    unknown = [
        day
        for day, own in zip(DAYS, days, strict=True)
        if own != FULL and (one.is_unknown(day) or other.is_unknown(day))
    ]
    sure = one.status in ("known", "always") and other.status in ("known", "always")
    return build("known" if sure else "partial", days, unknown)


def from_osm_plain(text: str) -> Week:
    """The week of canonical plain text, as `Week.to_osm` writes it; `partial` is not told from `known`.

    Raises
    ------
    ValueError
        The text is not in that form.

    Examples
    --------
    >>> from_osm_plain("Mo,We-Fr 09:00-12:00,13:00-24:00").minutes("Th")
    840
    """
    if text in ("", "24/7"):
        return ALWAYS if text else NOTHING
    days = list(NO_DAYS)
    for rule in [] if text == "off" else text.split("; "):
        if not PLAIN_RULE.fullmatch(rule):
            raise ValueError(f"{rule!r} is not written as 'Mo-Fr 09:00-17:00'")
        names, _, times = rule.partition(" ")
        hours = merge(_span(one) for one in times.split(","))
        for part in names.split(","):
            first, _, last = part.partition("-")
            for number in range(NUMBERS[first], NUMBERS[last or first] + 1):
                days[number] = hours
    return build("known", tuple(days))


def _span(text: str) -> Interval:
    opens, closes = (minute_of(part) for part in text.split("-"))
    if opens is None or closes is None:
        raise ValueError(f"{text!r} holds no time of day")
    return opens, closes


def hours_rows(week: Week, facility_id: str, scope: str = "site", label: str = "") -> list[dict[str, Any]]:
    """Rows of the canonical hours table; an unknown day is one row without minutes.

    A week of which nothing is known has no rows: its status says so.

    Examples
    --------
    >>> hours_rows(Week("partial", (((540, 1020),),) + ((),) * 6, frozenset({"Sa"})), "a1")[1]["opens_minute"] is None
    True
    """
    spans: list[tuple[str, int | None, int | None]] = []
    for day, intervals in zip(DAYS, week.days, strict=True):
        spans += [(day, opens, closes) for opens, closes in intervals]
        if day in week.unknown_days:
            spans.append((day, None, None))
    return [
        {
            "facility_id": facility_id,
            "day": day,
            "opens_minute": opens,
            "closes_minute": closes,
            "scope": scope,
            "label": label,
        }
        for day, opens, closes in spans
    ]


def _times(day: Day) -> str:
    return ",".join(f"{written(opens)}-{written(closes)}" for opens, closes in day)


def _day_list(numbers: list[int]) -> str:
    """`Mo-We,Fr` of sorted day numbers: three or more in a row are a range."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ",".join(
        f"{DAYS[run[0]]}-{DAYS[run[-1]]}" if len(run) > 2 else ",".join(DAYS[one] for one in run) for run in runs
    )
