"""Hours in columns of their own: a cell a weekday, or one for opening and one for closing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from iop_analysis.hours.minutes import WHOLE_DAY, minute_of, written
from iop_analysis.hours.text import parse
from iop_analysis.hours.week import DAYS, Day, Week, build, merge

NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WORDS = {name[:length]: (day,) for day, name in enumerate(NAMES) for length in (2, 3, 4, len(name))} | {
    "tues": (1,),
    "weds": (2,),
    "thurs": (3,),
    "weekday": (0, 1, 2, 3, 4),
    "weekdays": (0, 1, 2, 3, 4),
    "weekend": (5, 6),
    "weekends": (5, 6),
    "daily": tuple(range(7)),
}
LETTERS = {"m": (0,), "t": (1,), "w": (2,), "r": (3,), "f": (4,), "sa": (5,), "su": (6,)}
OPENS = {"open", "opens", "opening", "start", "starts", "starting", "from", "begin", "begins"}
CLOSES = {"close", "closes", "closing", "end", "ends", "ending", "to", "until", "till"}
ABOUT_TIME = {"hours", "hour", "hrs", "time", "times", "of", "operation", "hoursof", "hoursofoperation", "office"}
PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[-–]")
CLOSED = re.compile(r"(?:closed|close|off|not open|no hours|none)\W*", re.IGNORECASE)
SILENT = re.compile(r"(?:n\W?a|[-–—.?]*|unknown|tbd|null|nan)", re.IGNORECASE)
FRACTION = re.compile(r"0?\.\d+")


@dataclass(frozen=True)
class DayColumn:
    """Where the hours of some days stand: in one cell, or the opening in one and the closing in another."""

    days: tuple[int, ...]
    places: tuple[int, ...]


def day_columns(headings: Sequence[str]) -> list[DayColumn]:
    """Columns of hours by day, none where fewer than two days (or one pair) have one.

    Of several sets, such as hours of the office and of intake, the one with the plainest headings is taken.
    """
    sets: dict[str, dict[tuple[int, ...], dict[str, int]]] = {}
    letters = sum(heading.strip().lower() in LETTERS for heading in headings) >= len(NAMES) - 2
    for place, heading in enumerate(headings):
        days, role, label = _meaning(heading, letters)
        if days:
            sets.setdefault(label, {}).setdefault(days, {}).setdefault(role, place)
    for label in sorted(sets, key=lambda one: (len(one), one)):
        columns = [DayColumn(days, _places(roles)) for days, roles in sets[label].items()]
        if len(columns) > 1 or any(len(one.places) > 1 for one in columns):
            return columns
    return []


def _places(roles: dict[str, int]) -> tuple[int, ...]:
    """The one cell of a day, or its opening and closing cells; a lone opening or closing is a cell like any."""
    if "opens" in roles and "closes" in roles:
        return roles["opens"], roles["closes"]
    return (roles.get("whole", next(iter(roles.values()))),)


@cache
def _meaning(heading: str, letters: bool) -> tuple[tuple[int, ...], str, str]:
    """Days of a heading, whether it opens or closes or does both (`whole`), and what else it says."""
    if letters and heading.strip().lower() in LETTERS:
        return LETTERS[heading.strip().lower()], "whole", ""
    pieces = [piece.lower() for piece in PIECE.findall(heading)]
    days: list[int] = []
    role, label, ranged = "whole", [], False
    for number, piece in enumerate(pieces):
        following = pieces[number + 1] if number + 1 < len(pieces) else ""
        if piece in WORDS:
            days += _through(days, WORDS[piece]) if ranged else WORDS[piece]
            ranged = False
        elif piece in ("-", "–", "to", "thru", "through") and days and following in WORDS:
            ranged = True
        elif piece in OPENS | CLOSES:
            role = "opens" if piece in OPENS else "closes"
        elif piece not in ABOUT_TIME and piece not in ("-", "–", "and"):
            label.append(piece)
    return tuple(dict.fromkeys(days)), role, " ".join(label)


def _through(days: list[int], last: tuple[int, ...]) -> tuple[int, ...]:
    length = (last[0] - days[-1]) % len(NAMES)
    return tuple((days[-1] + step) % len(NAMES) for step in range(1, length + 1))


def cell_of(column: DayColumn, row: Sequence[str]) -> str:
    """What a row says of the days of a column, a pair as `opening - closing`; empty where it says nothing."""
    said = ["" if SILENT.fullmatch(row[place]) else _clock(row[place]) for place in column.places]
    if len(said) == 1 or said[0] == said[-1]:
        return said[0] if len(said) == 1 or CLOSED.fullmatch(said[0]) else " - ".join(filter(None, said))
    return " - ".join(one or "?" for one in said) if all(said) or not _closed(said) else "closed"


def _closed(said: Sequence[str]) -> bool:
    return any(CLOSED.fullmatch(one) for one in said)


def _clock(text: str) -> str:
    """A time as people write it; a spreadsheet may hold it as a part of the day, 0.375 for nine o'clock."""
    if not FRACTION.fullmatch(text):
        return text
    return written(round(float(text) * WHOLE_DAY))


def week_of(cells: Sequence[tuple[DayColumn, str]], blank_is_closed: bool) -> Week:
    """The week of the day cells of one row; a cell that cannot be read makes its days unknown.

    A row without any cell is unknown. Otherwise a blank cell is closed, or unknown where the table writes
    `closed` for its closed days; days that have no column are unknown.
    """
    if not any(text for _, text in cells):
        return Week("unknown")
    days: list[Day] = [()] * len(NAMES)
    unknown = set(range(len(NAMES))) - {day for column, _ in cells for day in column.days}
    for column, text in cells:
        read = read_cell(text) if text else (() if blank_is_closed else None)
        for day in column.days:
            if read is None:
                unknown.add(day)
            for opens, closes in read or ():
                days[day] = merge([*days[day], (opens, min(closes, WHOLE_DAY))])
                if closes > WHOLE_DAY:
                    following = (day + 1) % len(NAMES)
                    days[following] = merge([*days[following], (0, closes - WHOLE_DAY)])
    silent = len(unknown) == len(NAMES) and not any(days)
    return build(
        "unknown" if silent else "partial" if unknown else "known", tuple(days), {DAYS[day] for day in unknown}
    )


@cache
def read_cell(text: str) -> tuple[tuple[int, int], ...] | None:
    """Intervals of one day cell, the end of a night beyond 1440; None where the cell cannot be read in full.

    Examples
    --------
    >>> read_cell("9AM-9PM"), read_cell("closed"), read_cell("08:00:00 - 00:00:00"), read_cell("ask")
    (((540, 1260),), (), ((480, 1440),), None)
    """
    if CLOSED.fullmatch(text):
        return ()
    pair = text.split(" - ")
    opens, closes = (minute_of(pair[0]), minute_of(pair[1])) if len(pair) == 2 else (None, None)
    if opens is not None and closes is not None:
        closes = closes or WHOLE_DAY
        # Closing before opening is far more often a slip of AM and PM than a night: it is not corrected.
        return ((0, WHOLE_DAY),) if opens == closes else ((opens, closes),) if opens < closes else None
    week = parse(f"Monday {text}").week
    if week.status not in ("known", "always") or any(week.days[2:]):
        return None
    night = [(WHOLE_DAY, WHOLE_DAY + closes) for opens, closes in week.days[1] if opens == 0]
    return merge([*week.days[0], *night])
