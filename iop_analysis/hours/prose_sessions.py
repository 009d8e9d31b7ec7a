"""Facts of a page become sessions: days are tied across lines, groups of one agenda joined, repeats left out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from iop_analysis.hours.prose_facts import EARLY, LATE, Fact

NEXT_LINES = 2
GAP, PIECE = 30, 150
EVENING = 18 * 60
_TRACK = re.compile(r"(?<![a-z])(?:tracks?|iop|option|or)(?![a-z])")


class Session(NamedTuple):
    """A session of the IOP; `opens` and `closes` are minutes, None where no clock is told. `part` is a part of the day.

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
    above = [other for other in near if other.heading and other.section == one.section]
    before = [other for other in near if other.section == one.section and one.order - 3 <= other.order < one.order]
    behind = [other for other in near if other.section == one.section and one.order < other.order <= one.order + NEXT_LINES]
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
    done: list[Fact] = []
    for one in found:
        last = done[-1] if done else None
        if last and _goes_on(last, one):
            said = last.said._replace(closes=one.said.closes, end=one.said.end)
            done[-1] = replace(last, said=said, days=last.days or one.days, order=one.order)
        else:
            done.append(one)
    return done


def _goes_on(last: Fact, one: Fact) -> bool:
    gap = one.said.opens - last.said.closes
    if last.kind != "T" or one.kind != "T" or last.section != one.section or not 0 <= gap <= GAP:
        return False
    if one.order == last.order:
        between = last.near[last.said.end : one.said.start]
        return last.near == one.near and not _TRACK.search(between) and (not one.days or last.days == one.days)
    if one.order - last.order > NEXT_LINES or (one.days and last.days and one.days != last.days):
        return False
    short = one.said.closes - one.said.opens <= PIECE
    return short and not _TRACK.search(one.near) and not _TRACK.search(last.near)


def _session(one: Fact) -> Session:
    closes = one.said.closes if one.kind == "T" else None
    part = "evening" if "evening" in one.parts else next(iter(sorted(one.parts)), "")
    return Session(_track(one, part), one.days, one.said.opens, closes, one.population, one.mode, one.quote, part, one.season, 0 if closes else one.said.closes)


def _track(one: Fact, part: str) -> str:
    words = [part.replace("_", " "), "" if one.population == "unsaid" else one.population, one.season]
    named = " ".join(word for word in words if word)
    return named or one.track[:60] or "iop"


def _merged(found: Iterable[Session]) -> list[Session]:
    """One entry a span: its days together, and none without days beside one that has them."""
    done: dict[tuple[int | None, ...] | tuple[object, ...], Session] = {}
    for one in found:
        key = (one.opens, one.closes, one.season, one.part if one.opens is None else "")
        same = next((other for other in done if other[:4] == key and _alike(done[other], one)), None)
        if same is None:
            done[(*key, one.population, one.mode, len(done))] = one
            continue
        old = done[same]
        days = tuple(sorted({*old.days, *one.days}))
        better = one if one.days and not old.days else old
        done[same] = better._replace(
            days=days,
            population=old.population if old.population != "unsaid" else one.population,
            mode=old.mode if old.mode != "unsaid" else one.mode,
        )
    return list(done.values())


def _alike(old: Session, one: Session) -> bool:
    return all({getattr(old, name), getattr(one, name)} & {"unsaid"} or getattr(old, name) == getattr(one, name) for name in ("population", "mode"))


def _unclocked(found: list[Fact], told: list[Session]) -> list[Session]:
    """Parts of the day that the page names and no clock shows, one entry a statement."""
    rows: list[Session] = []
    for one in found:
        if one.kind != "P":
            continue
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
    if part in ("afternoon", "after_school"):
        return closes > 13 * 60 and session.opens < 17 * 60
    if part == "midday":
        return session.opens <= 13 * 60 and closes >= 12 * 60
    return session.opens < (12 * 60 if part == "morning" else 17 * 60)
