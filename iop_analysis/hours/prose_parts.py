"""Parts of the day that a text names as times at which something is held: an evening group, not an evening at home."""

from __future__ import annotations

import re
from functools import lru_cache

from iop_analysis.hours.prose_words import ELSEWHERE, FOLLOWS, PARTS, holds

Part = tuple[str, int, int]  # its name, and where it stands

_FIGURE = re.compile("[0-9]")
# What a sentence must hold to name days, a clock or a part of the day.
_TIME_WORDS = (
    *("day", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "noon", "night", "morning", "evening", "week", "mwf"),
    *("after", "before work", "lunes", "martes", "rcoles", "jueves", "viernes", "bado", "doming", "noche", "tarde"),
    *("ana", "ñana", "mediod", "nocturn", "vespert", "matut", "diurn", "twilight", "diop", "school", "lunch", "the am"),
    *("m/", "t/", "w/", "p.m", "a.m", "m-", "m, w", "m & w", " pm", " am", "m w f", "breakfast", "tth"),
)


def tells_time(low: str) -> bool:
    """Whether a sentence may name days, a clock or a part of the day; told much sooner than which."""
    return bool(_FIGURE.search(low)) or holds(low, _TIME_WORDS)


@lru_cache(1 << 13)
def parts_of(low: str) -> tuple[Part, ...]:
    """Parts of the day that a text names as times at which something is held.

    Examples
    --------
    >>> parts_of("evening groups; you return home each evening")
    (('evening', 0, 7),)
    """
    found = [
        (match.lastgroup or "", *match.span())
        for match in PARTS.finditer(low)
        if not match[0].endswith(("evening", "night")) or FOLLOWS.match(low, match.end())
    ]
    away = [match.span() for match in ELSEWHERE.finditer(low)] if found else []
    return tuple(one for one in found if not any(start < one[2] and one[1] < end for start, end in away))
