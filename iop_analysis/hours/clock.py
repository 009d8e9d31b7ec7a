"""Two clock times as one span of minutes: am and pm as written, or read as a person would for a staffed service."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from iop_analysis.hours.minutes import HALF_DAY, WHOLE_DAY, is_whole_day

LONGEST_NIGHT = 16 * 60
LATEST = 22 * 60  # nor an hour after ten in the evening
EARLY = 5 * 60  # nobody who writes no am means a clock hour before five in the morning

_NUMBER = r"\d{1,2}(?:[:.](?:[0-5]\d|0(?!\d))(?::\d\d)?|[0-5]\d)?"
_HALF = (
    r"\s?(?:[ap]m(?![a-z])|[ap]\.\s?m(?![a-z])\.?)|(?:an(?![a-z])|[apnm](?![a-z]|\.\s?m))"
    r"|\s?(?:noon|midnight|mid)(?![a-z])"
)
CLOCK = rf"(?>{_NUMBER}(?!\d)(?:{_HALF})?|noon|midnight|mediod[ií]a)"
UNTIL = r"\s?(?:(?:-\s?)+|to\s?|(?:until|till?|thru|through|hasta(?: las)?|a(?: las)?)\s)"
_PARTS = re.compile(rf"(?:between )?({CLOCK})(?:{UNTIL}| (?:and|&|y) | )({CLOCK})")
_TIME = re.compile(r"(\d+)(?:[:.](\d+)(?::\d\d)?)?\s?([apnm])?.*|(noon|midnight|mediod[ií]a)")


class Time(NamedTuple):
    """A time as written: minutes on a 12-hour dial and on a 24-hour clock; `half` is `a`, `p` or empty.

    `form` tells how its digits stand: `plain`, `padded` (08:00), `military` (0800), `short` (800) or `word` (noon).
    """

    hour: int
    dial: int
    whole: int
    half: str
    form: str


class Span(NamedTuple):
    """Minutes of a span; `closes` is past 1440 where it ends the next day.

    `inferred` where am or pm was not written; `other` is a second reading just as likely; `clock` is `24` where only a
    24-hour clock shows such times, `0` where the figures look like one (07:00), else empty.
    """

    opens: int
    closes: int
    inferred: bool = False
    other: tuple[int, int] | None = None
    clock: str = ""


MIDNIGHT = Time(12, 0, 0, "a", "word")


@lru_cache(1 << 16)
def read_span(text: str) -> Span | None:
    """The span of a text such as `9:00am - 5:00 pm`, `8:30-12`, `noon to 4` or `0800-1630`; None where it cannot be.

    Examples
    --------
    >>> read_span("8-7pm")[:2], read_span("10pm-6am")[:2]
    ((480, 1140), (1320, 1800))
    >>> read_span("7-8:30").other, read_span("8am-5am")
    ((1140, 1230), None)
    """
    match = _PARTS.fullmatch(text)
    return span_of(match[1], match[2]) if match else None


def span_of(first: str, last: str) -> Span | None:
    """The span between two times as written, None where it cannot be.

    Examples
    --------
    >>> span_of("8", "7pm")[:2]
    (480, 1140)
    """
    opens, closes = read_time(first), read_time(last)
    if opens is None or closes is None:
        return None
    if opens.half and closes.half:
        return _as_written(opens, closes)
    if closes.half:
        return _closing_told(opens, closes)
    return _opening_told(opens, closes) if opens.half else _untold(opens, closes)


@lru_cache(1 << 12)
def read_time(text: str) -> Time | None:
    """One clock time as written; None where no clock shows it.

    Examples
    --------
    >>> read_time("8:30 p.m.").whole, read_time("noon").whole, read_time("13:75")
    (1230, 720, None)
    """
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    digits, minutes, half, word = match.groups()
    if word:
        return Time(12, 0, HALF_DAY, "p", "word") if word[0] in "nm" and word[:3] != "mid" else MIDNIGHT
    form = {3: "short", 4: "military"}.get(len(digits), "padded" if digits[0] == "0" else "plain")
    hour, minute = (int(digits), int(minutes or 0)) if len(digits) < 3 else (int(digits[:-2]), int(digits[-2:]))
    if half in ("n", "m"):  # 12n, 12 noon and 12 midnight are words; a bare m has lost its a or p
        if text.endswith(("noon", "n", "mid", "night")):
            return None if (hour, minute) != (12, 0) else read_time("noon") if half == "n" else MIDNIGHT
        half = ""
    if minute > 59 or hour * 60 + minute > WHOLE_DAY or (half and hour == 0) or (half == "a" and hour > 12):
        return None
    dial = hour % 12 * 60 + minute
    told = half and hour <= 12
    whole = dial + (HALF_DAY if half == "p" else 0) if told else hour * 60 + minute
    return Time(hour, dial, whole, half or "", form)


def closing_after(opens: int, time: Time) -> int | None:
    """Minute of a lone closing time on a day that opens at a minute; None where it would come before."""
    if time.half or time.hour > 12:
        return time.whole if time.whole > opens else None
    return next((one for one in (time.dial, time.dial + HALF_DAY) if one > opens), None)


def _as_written(opens: Time, closes: Time) -> Span | None:
    first, last = opens.whole, closes.whole or WHOLE_DAY
    if is_whole_day(first, last):
        return Span(0, WHOLE_DAY)
    if last > first:
        # 12:00am to an afternoon hour is a slip for noon, and not to be guessed at.
        return None if first == 0 and last >= HALF_DAY else Span(first, last)
    return _overnight(first, last)


def _overnight(first: int, last: int) -> Span | None:
    """Over midnight, from the afternoon on and not longer than a night; anything else is a slip."""
    length = last + WHOLE_DAY - first
    if first < HALF_DAY or last >= HALF_DAY or length > LONGEST_NIGHT:
        return None
    return Span(first, last + WHOLE_DAY)


def _untold(opens: Time, closes: Time) -> Span | None:
    literal = opens.whole, closes.whole or WHOLE_DAY
    if opens.hour > 12 or closes.hour > 12 or opens.hour == 0 or closes.hour == 0:
        # 24-7 is no span, and 2010-2015 are years.
        early = literal[0] < EARLY and opens.hour and opens.form == "plain"
        if early or opens.hour == 24 or _are_years(opens, closes):
            return None
        if is_whole_day(*literal):
            return Span(0, WHOLE_DAY, clock="24")
        night = _overnight(*literal) if literal[1] < literal[0] else Span(*literal)
        return night and night._replace(clock="24")
    forms = {opens.form, closes.form}
    guess = _guess(opens, closes)
    if "short" in forms or forms >= {"military", "plain"}:
        return None
    if forms == {"plain"}:
        return guess
    # 08:00 and 0800 may be of a 24-hour clock: read only where both clocks agree or the 24-hour one cannot be.
    if literal[0] == literal[1]:
        return Span(0, WHOLE_DAY)
    if guess is None or guess.other:
        return Span(*literal, inferred=True, other=(literal[0] + HALF_DAY, literal[1] + HALF_DAY), clock="0")
    if literal[1] <= literal[0] or guess[:2] == literal:
        return guess
    return Span(*literal, inferred=True, other=guess[:2], clock="0")


def _are_years(opens: Time, closes: Time) -> bool:
    return opens.form == closes.form == "military" and opens.hour in (19, 20) and closes.hour in (19, 20)


def _guess(opens: Time, closes: Time) -> Span | None:
    """Neither am nor pm told: `9-5`, `8:30-12`, `1-5`, `5-8`."""
    first, last, hour = opens.dial, closes.dial, opens.hour
    morning = (first, last if last > first else last + HALF_DAY)
    if hour == 12:
        return Span(first + HALF_DAY, last + HALF_DAY, True) if last > first else None
    if last == first:
        return Span(*morning, True) if hour >= 6 else None
    if last < first:
        to_noon = last < 60
        sure = hour >= 7 if to_noon else hour >= 6 or (hour == 5 and morning[1] - first <= 570)
        return Span(*morning, True) if sure else None
    evening, length = (first + HALF_DAY, last + HALF_DAY), last - first
    if hour < 5:
        return Span(*evening, True)
    if hour < 7:
        short = length <= (240 if hour == 5 else 180)
        return Span(*evening, True) if short else Span(*morning, True, evening)
    unsure = length <= (240 if hour == 7 else 120 if first < 510 else 0) and evening[1] <= LATEST
    return Span(*morning, True, evening if unsure else None)


def _closing_told(opens: Time, closes: Time) -> Span | None:
    """Only the closing carries am or pm: `9-5pm`, `6-9 pm`, `8:30-noon`, `9-11am`."""
    if opens.hour > 12 or opens.hour == 0:
        return _as_written(opens, closes)
    first, last, hour = opens.dial, closes.dial, opens.hour
    if closes.half == "a":
        if closes.whole == 0:
            late = hour < 9 and closes.form == "word"
            return Span(first + HALF_DAY, WHOLE_DAY, True) if late else None
        return Span(first, last, True) if last > first and hour != 12 else None
    if closes.whole < HALF_DAY + 60:
        if hour == 12:
            return Span(first + HALF_DAY, last + HALF_DAY, True) if last > first else None
        return Span(first, closes.whole, True) if hour >= 5 else None
    day, shared = (first, closes.whole), (first + HALF_DAY, closes.whole)
    if hour == 12:
        return Span(*shared, True) if last > first else None
    if last <= first:
        return Span(*day, True) if hour >= 5 else None
    if hour < 5:
        return Span(*shared, True)
    limit = 240 if hour < 7 else 150 if hour == 7 else 0
    return Span(*shared, True, None if last - first <= limit else day)


def _opening_told(opens: Time, closes: Time) -> Span | None:
    """Only the opening carries am or pm: `9am-5`, `1pm-4:30`, `noon-4`."""
    first, last = opens.whole, closes.dial
    if closes.hour > 12:
        return _as_written(opens, closes)
    if opens.half == "a":
        if closes.hour != 12 and last > first:
            return Span(first, last, True, (first, last + HALF_DAY)) if first else None
        return Span(first, last + HALF_DAY, True) if first else None
    if closes.hour == 12:
        return Span(first, WHOLE_DAY, True) if last == 0 and first >= 17 * 60 else None
    return Span(first, last + HALF_DAY, True) if last + HALF_DAY > first else None
