"""Clauses and fragments, what a text is read into, and what the words of a label say about its hours."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from iop_analysis.hours.words import SCOPES

AROUND = ((0, 1440),)
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
_PART = re.compile("(morning|mañana)|(afternoon|tarde)|evening|night|noche")


Spans: TypeAlias = tuple[tuple[int, int], ...]


class Clause(NamedTuple):
    """One clause as read.

    `does` is `open`, `instead` (in place of what an earlier clause says of its days), `closed` or `break`; `days` are
    numbers from 0 for Monday; spans past 1440 end the next day; `inferred` where am or pm was not written.
    """

    label: str
    scope: str
    days: tuple[int, ...]
    spans: Spans
    does: str
    inferred: bool
    start: int
    text: str


class Fragment(NamedTuple):
    """A piece of text that no clause uses; `why` is `lost` where it carries hours, `asked` or `note`."""

    start: int
    text: str
    why: str


class Reading(NamedTuple):
    """Clauses and fragments of a text."""

    clauses: list[Clause]
    fragments: list[Fragment]


@lru_cache(1 << 14)
def scope_of(label: str) -> str:
    """What the hours under a label are about: `phone`, `intake`, `program`, `office` or, where it says none, `site`.

    Examples
    --------
    >>> scope_of("Evening IOP"), scope_of("Phone intake"), scope_of("")
    ('program', 'phone', 'site')
    """
    low = label.lower()
    return next((scope for scope in ("phone", "intake", "program", "office") if SCOPES[scope].search(low)), "site")


def names(label: str, spans: Spans) -> bool:
    """Whether words behind hours say whose they are; a telephone that is only mentioned is nobody's.

    Examples
    --------
    >>> day = ((540, 1020),)
    >>> names("crisis line", day), names("phone", day), names("in person or by phone", day), names("by phone", AROUND)
    (True, True, False, True)
    """
    if spans == AROUND or scope_of(label) != "phone":
        return True
    return len(label.split()) == 1 or bool(SCOPES["a_line"].search(label.lower()))


def fits(words: str, spans: Spans) -> bool:
    """Whether spans lie in the part of the day that words name, if they name one.

    Examples
    --------
    >>> fits("Evening IOP", ((1080, 1260),)), fits("Saturday mornings", ((540, 1020),)), fits("Clinic", ((0, 60),))
    (True, False, True)
    """
    part = _PART.search(words.lower())
    if part is None:
        return True
    if part[1]:
        return all(opens < 720 and closes <= 780 for opens, closes in spans)
    if part[2]:
        latest = 1140 if part[2] == "afternoon" else 1320
        return all(opens >= 660 and closes <= latest for opens, closes in spans)
    return all(opens >= 720 and closes > 1020 for opens, closes in spans)
