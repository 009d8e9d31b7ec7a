"""The one clock: minutes after midnight, as files write them and as people say them."""

from __future__ import annotations

import re

HALF_DAY, WHOLE_DAY = 720, 1440
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d\d)(?::\d\d(?:\.\d+)?)?|(?P<glued>\d\d)(?=\s*[ap]))?\s*"
    r"(?:(?P<half>[ap])\.?m\.?)?(?:[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)


def written(minute: int) -> str:
    """A minute of the day on a 24-hour clock.

    Examples
    --------
    >>> written(540), written(1050), written(1440)
    ('09:00', '17:30', '24:00')
    """
    return f"{minute // 60:02d}:{minute % 60:02d}"


def spoken(minute: int) -> str:
    """A minute of the day as people here say it.

    Examples
    --------
    >>> spoken(540), spoken(1050), spoken(720), spoken(1440)
    ('9 am', '5:30 pm', 'noon', 'midnight')
    """
    if minute % HALF_DAY == 0:
        return "noon" if minute == HALF_DAY else "midnight"
    hour, rest = divmod(minute, 60)
    shown = f"{(hour - 1) % 12 + 1}" + (f":{rest:02d}" if rest else "")
    return f"{shown} {'am' if hour % 24 < 12 else 'pm'}"


def minute_of(text: str) -> int | None:
    """Minutes after midnight of `09:00`, `09:00:00-05:00`, `9:00am` or `930PM`; None where it is no local time of day.

    An offset leaves the clock time as it stands, since it is that of the place; a time in UTC (`Z`) is not local.

    Examples
    --------
    >>> minute_of("09:30"), minute_of("9:30 PM"), minute_of("930pm"), minute_of("24:00")
    (570, 1290, 1290, 1440)
    >>> minute_of("09:30Z"), minute_of("9"), minute_of("0930"), minute_of("13:00 pm")
    (None, None, None, None)
    """
    match = _CLOCK.fullmatch(text.strip())
    minutes = match and (match["minute"] or match["glued"])
    if match is None or not (minutes or match["half"]):
        return None
    hour, minute = int(match["hour"]), int(minutes or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    total = hour * 60 + minute
    return total if minute < 60 and total <= WHOLE_DAY else None


def is_whole_day(opens: int, closes: int) -> bool:
    """Whether two minutes are how people write a day and a night: equal, or midnight to the last minute.

    Examples
    --------
    >>> is_whole_day(1020, 1020), is_whole_day(0, 1439), is_whole_day(540, 1020)
    (True, True, False)
    """
    return opens == closes % WHOLE_DAY or (opens == 0 and closes >= WHOLE_DAY - 1)


def span(opens: str, closes: str) -> tuple[int, int] | None:
    """Opening and closing minute; None where one of them is missing or no time.

    A closing before the opening is returned as it stands: what it means the source decides.

    Examples
    --------
    >>> span("08:00", "17:00"), span("00:00", "23:59"), span("22:00", "06:00"), span("08:00", "")
    ((480, 1020), (0, 1440), (1320, 360), None)
    """
    first, last = minute_of(opens), minute_of(closes)
    if first is None or last is None:
        return None
    return (0, WHOLE_DAY) if is_whole_day(first, last) else (first, last)
