"""US free-text opening hours become one regular week, and every fragment that could not be used is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from iop_analysis.hours.clauses import Clause, Fragment, scope_of
from iop_analysis.hours.clock import Span
from iop_analysis.hours.days import Days
from iop_analysis.hours.placing import Group, Label, place
from iop_analysis.hours.plain import plain
from iop_analysis.hours.reader import read
from iop_analysis.hours.tokens import Tokens, lex
from iop_analysis.hours.week import DAYS, Day, Week, build, merge

EVERY_DAY = Days((0, 1, 2, 3, 4, 5, 6), ((0, 1, 2, 3, 4, 5, 6),))
_SIMPLE = re.compile("(?:w:;?)?(?:(?:[DE][,:]?T[,;.]*)+|(?:T,?[DE][,;.]*)+)")


@dataclass(frozen=True, slots=True)
class Hours:
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
    clauses, fragments = read(clean, tokens)
    groups, left = place(clauses)
    fragments += [Fragment(clause.start, clause.text, "lost") for clause in left]
    return Hours(text, tuple(clauses), _week(tokens, clauses, groups, fragments), _texts(fragments))


def _simple(text: str, clean: str, tokens: Tokens) -> Hours | None:
    """The short way for most texts: one span for each list of days, no day twice; None for all others.

    It says what the full reading says, only sooner (a test compares them).
    """
    kinds, starts, ends, values = tokens
    if not _SIMPLE.fullmatch(kinds):
        return None
    label = clean[starts[0] : ends[0]] if kinds[0] == "w" else ""
    scope = scope_of(label)
    week: list[Day] = [()] * 7
    clauses = []
    core = [place for place, kind in enumerate(kinds) if kind in "DET"]
    for first, last in zip(core[::2], core[1::2], strict=True):
        span, days = (values[first], values[last]) if kinds[first] == "T" else (values[last], values[first])
        days = days or EVERY_DAY
        if not isinstance(span, Span) or not isinstance(days, Days) or span.other or span.closes > 1440 or days.part:
            return None
        interval = ((span.opens, span.closes),)
        for day in days.days:
            if week[day]:
                return None
            week[day] = interval
        text_of = clean[starts[first] : ends[last]]
        clauses.append(Clause(label, scope, days.days, interval, "open", span.inferred, starts[first], text_of))
    return Hours(text, tuple(clauses), build("known", tuple(week)), ())


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
