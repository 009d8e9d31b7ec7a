"""A regular week: days, and the cells in which publishers write one day's opening and closing time."""

from __future__ import annotations

import re

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
WHOLE_DAY = 1440
CELL = re.compile(r"\s*(\d{1,2}):?(\d{2})\s*([AP])M\s*-\s*(\d{1,2}):?(\d{2})\s*([AP])M\s*", re.IGNORECASE)


def read_cell(text: str) -> tuple[int, int] | None:
    """Opening and closing minute of a cell such as `8:00AM - 5:00PM` or `730AM-430PM`; None where it is not one.

    A closing time of 12:00AM ends the day (1440). Equal times, whatever the hour, are a 24-hour day (0, 1440). A
    closing before the opening is returned as it stands: the source decides what it means.

    Examples
    --------
    >>> read_cell("8:00AM - 5:30PM"), read_cell("12:00AM - 12:00AM"), read_cell("8:00AM - 5:00AM"), read_cell("closed")
    ((480, 1050), (0, 1440), (480, 300), None)
    """
    match = CELL.fullmatch(text)
    if match is None:
        return None
    opens, closes = _minute(*match.groups()[:3]), _minute(*match.groups()[3:])
    if opens is None or closes is None:
        return None
    if opens == closes:
        return 0, WHOLE_DAY
    return opens, closes or WHOLE_DAY


def _minute(hour: str, minute: str, half: str) -> int | None:
    """Minutes after midnight of a 12-hour time; None where there is no such time."""
    if not 1 <= int(hour) <= 12 or int(minute) > 59:
        return None
    return int(hour) % 12 * 60 + int(minute) + (720 if half.upper() == "P" else 0)
