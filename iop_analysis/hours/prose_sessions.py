"""Facts of a page become sessions: days are tied across lines, groups of one agenda joined, repeats left out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from iop_analysis.hours.prose_facts import Fact

LAST_LINES, NEXT_LINES = 3, 2
GAP, PIECE = 30, 150
EVENING = 18 * 60
_TRACK = re.compile(r"(?<![a-z])(?:tracks?|iop|option|or)(?![a-z])")


class Session(NamedTuple):
    """A session of the IOP; `opens` and `closes` are minutes, None where no clock is told, `part` a part of the day.

    `lasts` is the length in minutes where the page tells only the start and how long.
    """

    track: str
    days: tuple[int, ...]
    opens: int | None
    closes: int | None
    population: str
    mode: str
    quote: str
    part: str = ""
    season: str = ""
    lasts: int = 0


def sessions(found: list[Fact]) -> list[Session]:
    """Sessions of a page, those with a clock first, in the order of the page."""
    clocked = [_with_days(one, found) for one in found if one.kind in "TS"]
    joined = _joined(clocked)
    told = _merged([_session(one) for one in joined])
    return told + _merged(_unclocked(found, told))


def _with_days(one: Fact, found: list[Fact]) -> Fact:
    """The fact with the days that a line before, behind or above it ties to it."""
    if one.days:
        return one
    near = [other for other in found if other.kind == "D" and _fits(other, one)]
    here = [other for other in near if other.same_section(one)]
    steps = {id(other): one.line.order - other.line.order for other in here}
    above = [other for other in here if other.heading]
    before = [other for other in here if 0 < steps[id(other)] <= LAST_LINES]
    behind = [other for other in here if -NEXT_LINES <= steps[id(other)] < 0]
    anywhere = near if len({other.days for other in near}) == 1 else []
    for some in (above, before[-1:], behind[:1], anywhere):
        if some and len({other.days for other in some}) == 1:
            return replace(one, days=some[0].days)
    return one


def _fits(days: Fact, span: Fact) -> bool:
    """Whether days may be those of a span: the same season and people, and no other part of the day."""
    if days.season != span.season or {days.population, span.population} == {"adult", "adolescent"}:
        return False
    return not days.parts or not span.parts or bool(days.parts & span.parts)


def _joined(found: list[Fact]) -> list[Fact]:
    """Consecutive groups of an agenda as one span: parted by 30 minutes or less, none a session by itself."""
    done: list[tuple[Fact, Fact]] = []  # the joined fact and its last piece
    for one in found:
        if done and _goes_on(*done[-1], one):
            whole = done[-1][0]
            said = whole.said._replace(closes=one.said.closes)
            done[-1] = (replace(whole, said=said, days=whole.days or one.days), one)
        else:
            done.append((one, one))
    return [whole for whole, _ in done]


def _goes_on(whole: Fact, last: Fact, one: Fact) -> bool:
    gap = one.said.opens - last.said.closes
    if {last.kind, one.kind} != {"T"} or not last.same_section(one) or not 0 <= gap <= GAP:
        return False
    if one.days and whole.days and one.days != whole.days:
        return False
    if one.line is last.line:
        between = one.line.low[last.said.end : one.said.start]
        return not _TRACK.search(between)
    near = one.line.order - last.line.order <= NEXT_LINES
    short = one.said.closes - one.said.opens <= PIECE
    return near and short and not _TRACK.search(one.line.low) and not _TRACK.search(last.line.low)


def _session(one: Fact) -> Session:
    closes = one.said.closes if one.kind == "T" else None
    part = "evening" if "evening" in one.parts else next(iter(sorted(one.parts)), "")
    lasts = 0 if closes else one.said.closes
    who = (one.population, one.mode)
    return Session(_track(one, part), one.days, one.said.opens, closes, *who, one.quote, part, one.season, lasts)


def _track(one: Fact, part: str) -> str:
    words = [part.replace("_", " "), "" if one.population == "unsaid" else one.population, one.season]
    named = " ".join(word for word in words if word)
    return named or (one.line.headings[-1][:60] if one.line.headings else "iop")


def _merged(found: Iterable[Session]) -> list[Session]:
    """One entry a span: its days together, and none without days beside one that has them."""
    done: list[Session] = []
    for one in found:
        place = next((number for number, old in enumerate(done) if _same(old, one)), None)
        if place is None:
            done.append(one)
        else:
            done[place] = _both(done[place], one)
    return done


def _same(old: Session, one: Session) -> bool:
    """Whether two statements are of one track: the same span and season, and nothing said of people or way differs."""
    clocks = [(each.opens, each.closes, each.season, each.part if each.opens is None else "") for each in (old, one)]
    pairs = ((old.population, one.population), (old.mode, one.mode))
    return clocks[0] == clocks[1] and all(first == second or "unsaid" in (first, second) for first, second in pairs)


def _both(old: Session, one: Session) -> Session:
    better = one if one.days and not old.days else old
    return better._replace(
        days=tuple(sorted({*old.days, *one.days})),
        population=old.population if old.population != "unsaid" else one.population,
        mode=old.mode if old.mode != "unsaid" else one.mode,
    )


def _unclocked(found: list[Fact], told: list[Session]) -> list[Session]:
    """Parts of the day that the page names and no clock shows, one entry a statement."""
    rows: list[Session] = []
    for one in (fact for fact in found if fact.kind == "P"):
        parts = {part for part in one.parts if not any(shows(session, part) for session in told)}
        if parts and not any(parts <= set(row.part.split(", ")) for row in rows):
            days = next((other.days for other in found if other.kind == "D" and parts & other.parts), ())
            part = ", ".join(sorted(parts))
            rows.append(Session(_track(one, part), days, None, None, one.population, one.mode, one.quote, part))
    return rows


def shows(session: Session, part: str) -> bool:
    """Whether the clock of a session is what a part of the day means."""
    if session.opens is None:
        return False
    closes = session.closes if session.closes is not None else session.opens + 120
    if part == "evening":
        return closes - max(session.opens, EVENING) >= 60 or session.opens >= 17 * 60
    if part in ("afternoon", "after_school", "tarde"):  # a Spanish afternoon lasts until night
        return closes > 13 * 60 and session.opens < (20 if part == "tarde" else 17) * 60
    if part == "midday":
        return session.opens <= 13 * 60 and closes >= 12 * 60
    return session.opens < (12 * 60 if part == "morning" else 17 * 60)
