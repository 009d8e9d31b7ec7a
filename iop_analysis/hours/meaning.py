"""What the tokens of one clause say: its days, its spans with am or pm settled, a closing time for some days."""

from __future__ import annotations

import re
from functools import lru_cache

from iop_analysis.hours.clauses import EVERY_DAY, Clause, fits
from iop_analysis.hours.clock import EARLY, Span, closing_after, read_time
from iop_analysis.hours.days import Days
from iop_analysis.hours.grammar import GRAMMAR
from iop_analysis.hours.minutes import HALF_DAY
from iop_analysis.hours.tokens import Tokens

_LATE = re.compile("evening|night|after work")
_SOON = re.compile("morning|breakfast|dosing|dispens|methadone|medicat")
AT_DAWN = re.compile("morning|breakfast|dosing|dispens|methadone|medicating|medication (?:hours|window)")
_LONE_TIME = re.compile(
    r"(?:(until|till?|hasta|(?:early )?clos(?:e[sd]?|ing)(?: early)? at|closes?)\s|([a-z@ ]+)\s)?(\d.*|noon|midnight)"
)
_TIMED = frozenset("TtCEH")
_OSM_DAYS = re.compile(r"(?:mo|tu|we|th|fr|sa|su)(?:\s?[-,]\s?(?:mo|tu|we|th|fr|sa|su))*", re.IGNORECASE)
LUNCH_LATEST, LUNCH_LONGEST = 14 * 60, 180


@lru_cache(1 << 14)
def shape(kinds: str) -> tuple[tuple[str, int, int], ...]:
    """Where the grammar finds clauses: rule, first token, end; token strings of one shape are matched once.

    Examples
    --------
    >>> shape("DT,D,P")
    (('weekly', 0, 2), ('asked', 3, 6))
    """
    return tuple([(match.lastgroup or "", *match.span()) for match in GRAMMAR.finditer(kinds)])


def days_of(tokens: Tokens, start: int, end: int) -> tuple[int, ...]:
    """Days of a clause; `daily` beside other days says nothing more, days after `except` are taken away.

    Two lists side by side count only where they say the same, as in `weekdays (Mon-Fri)`.
    """
    kinds = tokens.kinds
    if kinds.count("D", start, end) == 1 and kinds.find("X", start + 1, end) < 0:
        value = tokens.values[kinds.index("D", start, end)]
        return value.days if isinstance(value, Days) else ()
    lists: list[set[int]] = []
    less: set[int] = set()
    subtract = False
    for place in range(start, end):
        value = tokens.values[place]
        subtract = subtract or (kinds[place] == "X" and place > start)
        if isinstance(value, Days) and subtract:
            less.update(value.days)
        elif isinstance(value, Days):
            lists.append(set(value.days))
    if not lists and "E" in kinds[start:end]:
        lists = [set(EVERY_DAY)]
    return tuple(sorted(lists[0] - less)) if lists and lists[0] == lists[-1] else ()


def parts_of(tokens: Tokens, start: int, end: int) -> list[str]:
    """Parts of the day that lists of days name: `Monday evenings`."""
    return [part for value in tokens.values[start:end] if isinstance(value, Days) for part in value.part]


def fits_parts(tokens: Tokens, start: int, end: int, spans: tuple[tuple[int, int], ...]) -> bool:
    """Whether spans lie in every part of the day that lists of days name."""
    return all(fits(part, spans) for part in parts_of(tokens, start, end))


def sure_spans(tokens: Tokens, start: int, end: int) -> list[Span]:
    """Spans of a clause where each can mean one thing only, whatever stands around it, and none overlap; else none."""
    spans = [value for value in tokens.values[start:end] if isinstance(value, Span)]
    last = 0
    for span in spans:
        if span.other or (span.inferred and span.opens >= HALF_DAY) or span.opens < last:
            return []
        last = span.closes
    return spans


def spans_of(tokens: Tokens, start: int, end: int, words: str, before: Clause | None, *, clock24: bool) -> list[Span]:
    """Spans of a clause; none where they overlap or one stays in doubt.

    A doubtful span is settled by the words around it (`evening`), by a 24-hour clock elsewhere in the text, or by the
    span before it on the same days (2-7, 7-8:30).
    """
    spans: list[Span] = []
    soon = bool(AT_DAWN.search(words.lower())) and not _LATE.search(words.lower())
    for value in tokens.values[start:end]:
        if not isinstance(value, Span):
            continue
        settled = _at_dawn(value) if soon else value
        if settled.other:
            same = before is not None and bool(before.spans) and set(days_of(tokens, start, end)) <= set(before.days)
            last = spans[-1].closes if spans else before.spans[-1][1] if before and same else 0
            choice = _settle(settled, words.lower(), last, clock24)
            if choice is None:
                return []
            settled = choice
        if spans and settled.opens < spans[-1].closes and settled[:2] != spans[-1][:2]:
            return []
        spans.append(settled)
    return spans


def _at_dawn(span: Span) -> Span:
    """`6-9` of a dispensary or a breakfast, which a group would hold in the evening."""
    first, last = span.opens - HALF_DAY, span.closes - HALF_DAY
    return Span(first, last, inferred=True) if span.inferred and EARLY <= first < last else span


def _settle(span: Span, words: str, last: int, clock24: bool) -> Span | None:
    first, second = sorted([span[:2], span.other or span[:2]])
    late, soon = bool(_LATE.search(words)), bool(_SOON.search(words))
    if late != soon:
        return Span(*(second if late else first), inferred=True)
    if clock24:
        return Span(*span[:2], inferred=True)
    return Span(*second, inferred=True) if not span.clock and first[0] < last <= second[0] else None


def says_some_of(inner: Tokens, days: tuple[int, ...]) -> bool:
    """Whether a bracket says of just the days before it that not each of them counts: Sat 9-12 (2nd Saturday)."""
    named = {day for value in inner.values if isinstance(value, Days) for day in value.days}
    return "N" in inner.kinds and named == set(days) and _TIMED.isdisjoint(inner.kinds)


def is_asked(tokens: Tokens, start: int) -> bool:
    """Whether `by appointment` right before a list of days may be about the first of them alone."""
    value = tokens.values[start]
    return start > 0 and tokens.kinds[start - 1] == "P" and isinstance(value, Days) and len(value.items) > 1


def is_osm(text: str, tokens: Tokens, start: int, end: int) -> bool:
    """Whether a clause is written as OpenStreetMap does: day codes, padded times of a 24-hour clock."""
    for place in range(start, end):
        value = tokens.values[place]
        if isinstance(value, Days) and not _OSM_DAYS.fullmatch(text, tokens.starts[place], tokens.ends[place]):
            return False
        if isinstance(value, Span) and value.other and not value.clock:
            return False
    return True


def until(
    days: tuple[int, ...], lone: str, known: list[Clause], plainly: bool
) -> tuple[Clause, tuple[int, int]] | None:
    """The last open clause that has these days and more, and its last span closed at a lone time instead.

    `plainly` where the time stands in a bracket of that clause, so that it needs no word such as `until`.
    """
    told = _LONE_TIME.fullmatch(lone)
    cover = next((one for one in reversed(known) if one.does == "open" and set(days) < set(one.days)), None)
    time = read_time(told[3]) if told else None
    if told is None or time is None or cover is None or not (told[1] or (plainly and not told[2])):
        return None
    opens = cover.spans[-1][0]
    closes = closing_after(opens, time)
    return (cover, (opens, closes)) if closes else None


def is_lunch(spans: list[Span]) -> bool:
    """Whether the second of two spans goes on after a midday break of the first."""
    return has_lunch(tuple([(span.opens, span.closes) for span in spans]))


def has_lunch(spans: tuple[tuple[int, int], ...]) -> bool:
    """Whether two spans leave a midday break between them.

    Examples
    --------
    >>> has_lunch(((540, 720), (780, 1020))), has_lunch(((540, 1020),))
    (True, False)
    """
    return len(spans) == 2 and spans[0][1] <= LUNCH_LATEST and 0 < spans[1][0] - spans[0][1] <= LUNCH_LONGEST
