"""OpenStreetMap `opening_hours` become a regular week; what no regular week can hold is kept, never guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]

from iop_analysis.hours.minutes import WHOLE_DAY
from iop_analysis.hours.text import Hours
from iop_analysis.hours.text import parse as free_text
from iop_analysis.hours.week import DAYS, Day, Week, build, merge

# A Monday of a week without a change of clocks; rules of holidays are taken out before anything is read.
MONDAY = datetime(2024, 3, 4)
COMMENT = re.compile(r'"[^"]*"')
# Rules and alternatives; a separator inside a comment separates nothing.
RULE, ALTERNATIVE = re.compile(r'(?:"[^"]*+"?|[^";])++'), re.compile(r'(?:"[^"]*+"?|\|(?!\|)|[^"|])++')
# What mappers write beside the grammar and every other reader takes: blanks in a list, equal times for a whole day.
_DAY = r"\b(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH)\b"
BLANK_IN_LIST = re.compile(rf"(?<=[a-zH])\s*,\s*(?={_DAY})", re.IGNORECASE)
BLANK_IN_TIMES = re.compile(r"(?<=\d)\s*,\s+(?=\d{1,2}:\d\d\s*-)")
WHOLE_DAYS = re.compile(r"\b(\d{1,2}:\d\d)-\1\b|\b00:00-23:59\b")
DAYS_AND_TIMES = re.compile(r"([A-Z][A-Za-z,-]*) ((?:\d\d:\d\d-\d\d:\d\d,?)+)")
HOLIDAY = re.compile(r"(?:PH|SH)\b.*")
HOLIDAY_IN_LIST = re.compile(r"(?<=[a-z]),(?:PH|SH)\b|\b(?:PH|SH),(?=[A-Z][a-z])")
HOLIDAY_BEHIND = re.compile(r"(?<=[\d+]),\s*(?:PH|SH)\b.*")
# Months, dates, weeks of the year, numbered weekdays and the sun are no regular week.
IRREGULAR = re.compile(
    r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|week|easter|sunrise|sunset|dawn|dusk)\b"
    r"|\[|\b(?:19|20)\d\d\b(?!:)|\bSH\b"
)
OPEN_END = re.compile(r"\d\+")
ASKS = re.compile(r"appointment|on request|by call", re.IGNORECASE)
NEVER = re.compile(r"off|closed", re.IGNORECASE)


@dataclass(slots=True)
class _Rules:
    """Rules by what they are for a regular week.

    `regular` ones fit it, fallbacks behind the rules before them; `unsure` ones name days of which hours stay open;
    `lost` ones do not fit; `asked` where a comment says to ask.
    """

    regular: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    asked: bool = False


@lru_cache(1 << 14)
def parse(text: str) -> Hours:
    """Read an `opening_hours` value; public and school holidays are left out, as in every regular week here.

    A value that is only a comment, such as `"By appointment"`, opens nothing; a rule with an open end, or a fallback
    (`||`) with a comment, leaves its days unknown. A value that OpenStreetMap's grammar does not know is read as the
    free text that it is. No text raises an exception.

    Examples
    --------
    >>> parse("Mo-Fr 09:00-17:00; Sa 09:00-13:00; PH off").week.to_osm()
    'Mo-Fr 09:00-17:00; Sa 09:00-13:00'
    >>> parse('"By appointment"').status, parse("Mo-Fr 09:00+").status, parse("Mo[1] 10:00-12:00").unparsed
    ('by_appointment', 'unknown', ('Mo[1] 10:00-12:00',))
    >>> parse("Mon-Fri 9am-5pm").week == parse("Mo-Fr 09:00-17:00").week
    True
    """
    rules = _sorted_rules(text)
    try:
        weeks = [_days(regular) for regular in rules.regular]
        unsure = {day for rule in rules.unsure for day in _days_of(rule)}.union(*(unknown for _, unknown in weeks))
    except (ParserError, ValueError):
        return free_text(text)
    days = tuple(merge(span for week, _ in weeks for span in week[day]) for day in range(7))
    unparsed = (*rules.lost, *rules.unsure)
    if not any(days):
        return _without_hours(text, rules, unsure)
    if not unparsed and not unsure:
        return Hours(text, (), build("known", days), ())
    blank = {DAYS[day] for day in range(7) if not days[day]} if unparsed else set()
    return Hours(text, (), build("partial", days, blank | {DAYS[day] for day in unsure}), unparsed)


def _without_hours(text: str, rules: _Rules, unsure: set[int]) -> Hours:
    """A value that opens no day: closed for good, by appointment, or nothing that can be known."""
    unparsed = (*rules.lost, *rules.unsure)
    if rules.asked and not rules.regular and not unparsed:
        return Hours(text, (), Week("by_appointment"), ())
    if not unsure and not unparsed and len(rules.regular) == 1 and NEVER.fullmatch(rules.regular[0]):
        return Hours(text, (), Week("known"), ())
    return Hours(text, (), Week("unknown"), unparsed or ((text,) if rules.regular else ()))


def _sorted_rules(text: str) -> _Rules:
    found = _Rules()
    for number, alternative in enumerate(ALTERNATIVE.findall(text)):
        regular = []
        for rule in filter(None, (part.strip() for part in RULE.findall(alternative.lstrip("|")))):
            bare = _bare(rule)
            if not bare:
                found.asked |= bool(ASKS.search(rule))
                found.lost += [] if ASKS.search(rule) else [rule]
            elif HOLIDAY.fullmatch(bare):
                continue
            elif IRREGULAR.search(bare):
                found.lost.append(rule)
            elif OPEN_END.search(bare) or (number and '"' in rule):
                found.unsure.append(bare)
            else:
                regular.append(bare)
        found.regular += ["; ".join(_together(regular))] if regular else []
    return found


def _together(rules: list[str]) -> list[str]:
    """Rules of the same days with other times as one: `Mo 08:00-12:00; Mo 13:00-17:00`.

    By the letter the later one stands alone, but nobody writes the earlier one down to undo it.
    """
    joined: dict[str, str] = {}
    for place, rule in enumerate(rules):
        match = DAYS_AND_TIMES.fullmatch(rule)
        days = match[1] if match and match[1] in joined else ""
        spans = sorted((joined[days][len(days) + 1 :] + "," + match[2]).split(",")) if match and days else []
        if spans and all(one[-5:] <= other[:5] for one, other in zip(spans, spans[1:], strict=False)):
            joined[days] = f"{days} {','.join(spans)}"
        else:
            joined[match[1] if match and not days else str(place)] = rule
    return list(joined.values())


def _bare(rule: str) -> str:
    """A rule without its comment and holidays, lists written as the grammar has them."""
    bare = BLANK_IN_LIST.sub(",", COMMENT.sub("", rule))
    bare = HOLIDAY_IN_LIST.sub("", HOLIDAY_BEHIND.sub("", bare))
    return WHOLE_DAYS.sub("00:00-24:00", BLANK_IN_TIMES.sub(",", bare)).strip(" ,")


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
