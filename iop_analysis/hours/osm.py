"""OpenStreetMap `opening_hours` become a regular week; what no regular week can hold is kept, never guessed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache

from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]

from iop_analysis.hours.text import Hours
from iop_analysis.hours.week import DAYS, WHOLE_DAY, Day, Week, build, merge

# A Monday of a week without a change of clocks; rules of holidays are taken out before anything is read.
MONDAY = datetime(2024, 3, 4)
COMMENT = re.compile(r'"[^"]*"')
SEPARATOR = re.compile(r';|\|\|(?=(?:[^"]*"[^"]*")*[^"]*$)')
HOLIDAY = re.compile(r"(?:PH|SH)\b.*")
HOLIDAY_IN_LIST = re.compile(r",\s*(?:PH|SH)\b|\b(?:PH|SH)\s*,")
# Months, dates, weeks of the year, numbered weekdays and the sun are no regular week.
IRREGULAR = re.compile(
    r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|week|easter|sunrise|sunset|dawn|dusk)\b"
    r"|\[|\b(?:19|20)\d\d\b(?!:)|\bSH\b"
)
OPEN_END = re.compile(r"\d\+")
ASKS = re.compile(r"appointment|on request|by call", re.IGNORECASE)


@lru_cache(1 << 14)
def parse(text: str) -> Hours:
    """Read an `opening_hours` value; public and school holidays are left out, as in every regular week here.

    A value that is only a comment, such as `"By appointment"`, opens nothing; a rule with an open end leaves its days
    unknown. No text raises an exception.

    Examples
    --------
    >>> parse("Mo-Fr 09:00-17:00; Sa 09:00-13:00; PH off").week.to_osm()
    'Mo-Fr 09:00-17:00; Sa 09:00-13:00'
    >>> parse('"By appointment"').status, parse("Mo-Fr 09:00+").status, parse("Mo[1] 10:00-12:00").unparsed
    ('by_appointment', 'unknown', ('Mo[1] 10:00-12:00',))
    """
    regular, open_ended, lost, asked = _sorted_rules(text)
    try:
        days, unsure = _days("; ".join(regular)) if regular else (((),) * 7, set())
        unsure |= {day for rule in open_ended for day in _days_of(rule)}
    except (ParserError, ValueError):
        return Hours(text, (), Week("unknown"), (text,))
    unparsed = (*lost, *open_ended)
    if not regular or not any(days):
        empty = regular and not unparsed and not unsure
        status = "known" if empty else "by_appointment" if asked and not unparsed else "unknown"
        return Hours(text, (), build(status, days), unparsed if status != "by_appointment" else ())
    if not unparsed and not unsure:
        return Hours(text, (), build("known", days), ())
    blank = {DAYS[day] for day in range(7) if not days[day]} if unparsed else set()
    return Hours(text, (), build("partial", days, blank | {DAYS[day] for day in unsure}), unparsed)


def _sorted_rules(text: str) -> tuple[list[str], list[str], list[str], bool]:
    """Rules that fit a regular week, rules with an open end, rules that do not fit, and whether one must ask."""
    regular, open_ended, lost, asked = [], [], [], False
    for rule in filter(None, (part.strip() for part in SEPARATOR.split(text))):
        bare = HOLIDAY_IN_LIST.sub("", COMMENT.sub("", rule)).strip(" ,")
        if not bare:
            asked |= bool(ASKS.search(rule))
            lost += [] if ASKS.search(rule) else [rule]
        elif HOLIDAY.fullmatch(bare):
            continue
        elif IRREGULAR.search(bare):
            lost.append(rule)
        elif OPEN_END.search(bare):
            open_ended.append(bare)
        else:
            regular.append(bare)
    return regular, open_ended, lost, asked


def _days(rules: str) -> tuple[tuple[Day, ...], set[int]]:
    """Intervals of Monday to Sunday, and the days that the rules themselves call unknown."""
    spans: list[list[tuple[int, int]]] = [[] for _ in DAYS]
    unsure: set[int] = set()
    for start, end, state, _ in OpeningHours(rules).intervals(MONDAY, MONDAY + timedelta(days=7)):
        if state == State.CLOSED:
            continue
        for day, opens, closes in _pieces(start, end or MONDAY + timedelta(days=7)):
            if state == State.OPEN:
                spans[day].append((opens, closes))
            else:
                unsure.add(day)
    return tuple(merge(day) for day in spans), unsure


def _days_of(rule: str) -> set[int]:
    """Days that a rule with an open end is about."""
    days, _ = _days(OPEN_END.sub(lambda found: found.group()[:-1] + "-24:00", rule))
    return {number for number, day in enumerate(days) if day}


def _pieces(start: datetime, end: datetime) -> list[tuple[int, int, int]]:
    """Day number and minutes of each day that a span of the week touches."""
    first = int((start - MONDAY).total_seconds() // 60)
    last = int((end - MONDAY).total_seconds() // 60)
    pieces = []
    while first < last:
        day = first // WHOLE_DAY
        until = min(last, (day + 1) * WHOLE_DAY)
        pieces.append((day, first - day * WHOLE_DAY, until - day * WHOLE_DAY))
        first = until
    return pieces
