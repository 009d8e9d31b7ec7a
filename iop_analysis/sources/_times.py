"""Times of day in structured fields, and what two of them mean for a day."""

from __future__ import annotations

import re

from iop_analysis.hours.week import WHOLE_DAY

CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d\d)(?::\d\d(?:\.\d+)?)?)?\s*(?:(?P<half>[ap])\.?m\.?)?(?:[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)


def minute_of(text: str) -> int | None:
    """Minutes after midnight of `09:00`, `09:00:00-05:00` or `9:00am`; None where it is no local time of day.

    An offset leaves the clock time as it stands, since it is that of the place; a time in UTC (`Z`) is not local.

    Examples
    --------
    >>> minute_of("09:30"), minute_of("9:30 PM"), minute_of("24:00"), minute_of("09:30Z"), minute_of("9")
    (570, 1290, 1440, None, None)
    """
    match = CLOCK.fullmatch(text.strip())
    if match is None or not (match["minute"] or match["half"]):
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    total = hour * 60 + minute
    return total if minute < 60 and total <= WHOLE_DAY else None


def span(opens: str, closes: str) -> tuple[int, int] | None:
    """Opening and closing minute; None where one of them is missing or no time.

    Equal times are a 24-hour day, and so are midnight and the last minute of the day, by which some publishers write
    it. A closing before the opening is returned as it stands: it belongs to the next day.

    Examples
    --------
    >>> span("08:00", "17:00"), span("00:00", "23:59"), span("22:00", "06:00"), span("08:00", "")
    ((480, 1020), (0, 1440), (1320, 360), None)
    """
    first, last = minute_of(opens), minute_of(closes)
    if first is None or last is None:
        return None
    if first == last or (first == 0 and last == WHOLE_DAY - 1):
        return 0, WHOLE_DAY
    return first, last
