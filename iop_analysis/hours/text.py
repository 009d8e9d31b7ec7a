"""US free-text opening hours become one regular week, and every fragment that could not be used is kept."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from iop_analysis.hours.clauses import EVERY_DAY, Clause, Fragment, scope_of
from iop_analysis.hours.clock import Span
from iop_analysis.hours.days import Days
from iop_analysis.hours.meaning import AT_DAWN
from iop_analysis.hours.minutes import WHOLE_DAY
from iop_analysis.hours.placing import Group, Label, place
from iop_analysis.hours.plain import plain
from iop_analysis.hours.reader import read
from iop_analysis.hours.tokens import Tokens, Value, lex
from iop_analysis.hours.week import DAYS, Day, Week, build, merge

_CLAUSE = "[DE][,:]?(?:T(?:,?T)?|C)|T(?:,?T)?,?[DE]|C[DE]"
_DAYS_FIRST, _TIMES_FIRST = "[DE][,:]?+(?:T(?:,?T)?+|C)[,.]*+", "T(?:,?T)?+,?+[DE][,.]*+"
_ONE = rf"(?:(?:{_DAYS_FIRST})++|(?:{_TIMES_FIRST})++|C[DE](?=[;.]|\Z)\.*+)"
_SIMPLE = re.compile(f"(?:(?:w(?::;?)?+)?+{_ONE};*+)++")
_UNIT = re.compile(f"w:?|{_CLAUSE}")


class Hours(NamedTuple):
    """What a text says about opening hours.

    Parameters
    ----------
    text
        The text as written.
    clauses
        What was read of it, in its order.
    week
        The union of all clauses but those about a telephone line, unless the text has no others.
    unparsed
        Every fragment that was not used, in the order of the text.
    """

    text: str
    clauses: tuple[Clause, ...]
    week: Week
    unparsed: tuple[str, ...]

    @property
    def status(self) -> str:
        """`known`, `partial`, `always`, `by_appointment` or `unknown`: the status of the week."""
        return self.week.status


@lru_cache(1 << 16)
def parse(text: str) -> Hours:
    """Read a text; equal texts are read once. No text raises an exception.

    Examples
    --------
    >>> parse("Mon-Thu 8am-8pm, Fri 8-5; Sat by appt").week.to_osm()
    'Mo-Th 08:00-20:00; Fr 08:00-17:00'
    >>> parse("Mon-Thu 8am-8pm, Fri 8-5; Sat by appt").unparsed
    ('Sat by appt',)
    """
    clean = plain(text)
    tokens = lex(clean)
    return _simple(text, clean, tokens) or _full(text, clean, tokens)


def _full(text: str, clean: str, tokens: Tokens) -> Hours:
    if clean.lower().rstrip(".") == "off":
        return Hours(text, (), Week("known"), ())
    clauses, fragments = read(clean, tokens)
    groups, left = place(clauses)
    fragments += [Fragment(clause.start, clause.text, "lost") for clause in left]
    return Hours(text, tuple(clauses), _week(tokens, clauses, groups, fragments), _texts(fragments))


def _simple(text: str, clean: str, tokens: Tokens) -> Hours | None:
    """The short way for most texts: one span for each list of days, no day twice; None for all others.

    It says what the full reading says, only sooner (a test compares them).
    """
    kinds, starts, ends, values = tokens
    plainly = units(kinds)
    if not plainly:
        return None
    week: list[Day] = [()] * 7
    named: set[int] = set()
    clauses: list[Clause] = []
    label, scope, first = "", "site", -1
    for start, end in plainly:
        if kinds[start] == "w":
            label, first = clean[starts[start] : ends[start]], starts[start]
            scope = scope_of(label)
            if AT_DAWN.search(label.lower()) or (end == start + 1 and scope == "phone"):
                return None
            continue
        told = _told(values[start:end])
        if told is None or not named.isdisjoint(told[0]):
            return None
        days, spans, inferred = told
        named.update(days)
        for day in days:
            week[day] = spans
        first = first if first >= 0 else starts[start]
        does = "open" if spans else "closed"
        clauses.append(Clause(label, scope, days, spans, does, inferred, first, clean[first : ends[end - 1]]))
        first = -1
    if not any(week):
        return None
    return Hours(text, tuple(clauses), build("known", tuple(week)), ())


@lru_cache(1 << 14)
def units(kinds: str) -> tuple[tuple[int, int], ...]:
    """Where labels and clauses of a plain text stand; none where the text is not plain."""
    return tuple([match.span() for match in _UNIT.finditer(kinds)]) if _SIMPLE.fullmatch(kinds) else ()


def _told(values: tuple[Value, ...]) -> tuple[tuple[int, ...], Day, bool] | None:
    """Days and spans of a plain clause, and whether am or pm was inferred; None where anything is in doubt."""
    days: tuple[int, ...] = EVERY_DAY
    spans: list[tuple[int, int]] = []
    inferred = False
    for value in values:
        if isinstance(value, Days):
            if value.part:
                return None
            days = value.days
        elif isinstance(value, Span):
            if value.other or value.closes > WHOLE_DAY or (spans and value.opens <= spans[-1][1]):
                return None
            spans.append((value.opens, value.closes))
            inferred = inferred or value.inferred
    return days, tuple(spans), inferred


def _week(tokens: Tokens, clauses: list[Clause], groups: dict[Label, Group], fragments: list[Fragment]) -> Week:
    counted = [group.days() for (scope, _), group in groups.items() if scope != "phone"]
    counted = counted or [group.days() for group in groups.values()]
    lost = [one for one in fragments if one.why != "note"]
    if not counted:
        asked = ("P" in tokens.kinds or "K" in tokens.kinds) and all(one.why == "asked" for one in lost)
        return Week("by_appointment" if asked else "unknown")
    days = counted[0] if len(counted) == 1 else tuple([merge(sum(day, ())) for day in zip(*counted, strict=True)])
    if not lost:
        return build("known", days)
    closed = {day for clause in clauses if clause.does == "closed" for day in clause.days}
    return build("partial", days, [DAYS[day] for day in range(7) if not days[day] and day not in closed])


def _texts(fragments: list[Fragment]) -> tuple[str, ...]:
    """Texts of fragments in the order of the text, none twice."""
    return tuple(dict.fromkeys([one.text for one in sorted(fragments)])) if fragments else ()
