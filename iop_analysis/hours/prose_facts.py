"""What a page says of its own IOP, sentence by sentence: spans, days, parts of the day, who and how."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from iop_analysis.hours.prose_levels import IOP, MIXED, Manner, Mention, Voice, level_at, manner, mentions, subject, voice
from iop_analysis.hours.prose_text import Block, Sentence, sentence, sentences
from iop_analysis.hours.prose_times import Said, said_times, tied
from iop_analysis.hours.prose_words import ELSEWHERE, MEETING, MODES, MORE, PARTS, POPULATIONS, SEASON, VOICES

LATE, EARLY = ("evening", "after_school", "afternoon"), ("morning", "day", "midday")
OWN_HOURS = re.compile(r"(?<![a-z])(?:program|programming|group|session|treatment|class|track|iop)s?'? (?:hours|times|schedule)|hours of (?:the|our|this) (?:program|iop)|program (?:is|meets|runs)")
BARE_HOURS = re.compile(r"\W*(?:our |the |regular |normal |current )?(?:hours|open|opening|horario|horas)(?: (?:are|today))?\s*:?\s*\Z")
_NIGHT_COUNT = re.compile(r"(?:\d|one|two|three|four|five|\(\d\))(?: \(\d\))? (?:week-?)?(?:evenings?|nights?)(?: (?:a|per|each|every|weekly|of the|or|/))")


_CARE = {IOP, MIXED, "php", "residential", "outpatient", "aftercare", "dosing", "office", "visiting"}
_TRACK_TITLE = re.compile(r"(?<![a-z])(?:tracks?|groups?|(?:evening|morning|day|night) (?:program|sessions?)|group times|schedule)(?![a-z])")


@dataclass
class Fact:
    """A span (`T`), a lone start (`S`), days (`D`), a part of the day (`P`) or an unread clock (`?`) of the IOP."""

    kind: str
    quote: str
    section: int
    order: int
    said: Said
    days: tuple[int, ...] = ()
    parts: frozenset[str] = frozenset()
    population: str = "unsaid"
    mode: str = "unsaid"
    season: str = ""
    track: str = ""
    heading: bool = False
    near: str = ""


@dataclass
class Facts:
    """All facts of a page, and what stands in the way of a no."""

    found: list[Fact] = field(default_factory=list)
    unclear: bool = False
    no_weekend: bool = False
    more: bool = False
    manner: Manner | None = None


@dataclass
class _Line:
    one: Sentence
    block: Block
    section: int
    order: int
    level: str
    found: list[Mention]
    voice: Voice
    headings: tuple[str, ...]
    page_level: str


def facts(blocks: Iterable[Block]) -> Facts:
    """Read a page's blocks; what is not about its own IOP leaves no trace but in what stands in the way of a no."""
    lines, title = _lines(list(blocks))
    found = Facts(manner=manner(title, [line.voice for line in lines], "\n".join(line.one.low for line in lines)))
    page = _page_context(lines, found)
    for line in lines:
        _read(line, found, page)
    return found


def _page_context(lines: list[_Line], found: Facts) -> dict[str, str]:
    """Population and way that the page names in its own sentences, where it names one alone."""
    assert found.manner is not None
    own = [line.one.low for line in lines if found.manner.accepts(line.voice, 0) and line.block.kind != "footer"]
    return {
        name: next(iter(words)) if len(words) == 1 else "unsaid"
        for name, pattern in (("population", POPULATIONS), ("mode", MODES))
        for words in [{match.lastgroup or "" for low in own for match in pattern.finditer(low)}]
    }


def _lines(blocks: list[Block]) -> tuple[list[_Line], str]:
    """Every sentence with its headings and the level that holds there unless it names another itself."""
    stack: list[tuple[int, str, str | None]] = []
    lines: list[_Line] = []
    section, carried, title = 0, None, ""
    for block in blocks:
        heads = block.kind == "heading"
        if heads:
            carried = None
            section += 1
        paragraph = carried if carried in (IOP, "php", MIXED) and block.kind != "footer" else None
        for one in sentences(block.text):
            found, how = mentions(one.low), voice(one.low)
            if heads:
                level = _heading_level(found)
                rank = block.rank if level or block.rank == 1 else block.rank + 0.5
                stack = [place for place in stack if place[0] < rank] + [(rank, one.low, level)]
                title = title or one.low
            default = paragraph or next((level for _, _, level in reversed(stack) if level), None)
            default = "office" if block.kind == "footer" else default or ""
            page_level = next((level for _, _, level in stack if level), None) or ""
            headings = tuple(text for _, text, _ in stack)
            lines.append(_Line(one, block, section, len(lines), default, found, how, headings, page_level))
            about = subject(found)
            if about and not heads:
                paragraph = about
                carried = about if about in (IOP, "php", MIXED) else carried
    return _of_one_level(lines, title), title


def _of_one_level(lines: list[_Line], title: str) -> list[_Line]:
    """The lines, where a page headed `Evening track` names no level of care but the IOP: then all of it is about that."""
    named = {one.level for line in lines for one in line.found}
    if lines and not lines[0].level and named & _CARE == {IOP} and _TRACK_TITLE.search(title):
        return [replace(line, level=line.level or IOP, page_level=line.page_level or IOP) for line in lines]
    return lines


def _heading_level(found: list[Mention]) -> str | None:
    """The level of a heading: what it names, an IOP before all else but beside another level of care."""
    levels = [one.level for one in found]
    if not levels:
        return None
    if MIXED in levels or {IOP, "php"} <= set(levels):
        return MIXED
    return IOP if IOP in levels else levels[0]


def _read(line: _Line, found: Facts, page: dict[str, str]) -> None:
    one, how = line.one, line.voice
    assert found.manner is not None
    parts = _parts(one.low)
    near = " ".join([one.low, *line.headings[-1:]])
    words = {name for name, _, _ in parts} or {name for name, _, _ in _parts(" ".join(line.headings[-1:]))}
    said = said_times(one, bool(words & set(LATE)) or "school" in near, bool(words & set(EARLY)))
    first = min([one.start for one in said] + [start for _, start, _ in parts], default=0)
    kinds = {one.kind for one in said}
    accepted = found.manner.accepts(how, first, sure={"D", "T"} <= kinds)
    if not said and not parts:
        _more(line, accepted, found)
        return
    context = _context(line, page)
    level = _levels(line)
    _clocks(line, said, accepted, context, level, found)
    _day_lists(line, said, accepted, context, level, found)
    if accepted and not how.question:
        _part_facts(line, parts, context, level, found)
    _more(line, accepted, found)


def _levels(line: _Line):  # type: ignore[no-untyped-def]
    headings = " ".join(line.headings[1:] or line.headings)
    default = line.page_level if line.level == "office" and line.block.kind != "footer" and OWN_HOURS.search(line.one.low) else line.level
    return lambda place: level_at(place, line.found, line.one.low, default, headings)


def _more(line: _Line, accepted: bool, found: Facts) -> None:
    """Note that the page speaks of other times of the IOP that it does not tell."""
    match = MORE.search(line.one.low)
    if accepted and match and level_at(match.start(), line.found, line.one.low, line.level, "") == IOP:
        found.more = True


def _context(line: _Line, page: dict[str, str]) -> dict[str, str]:
    """Population, way and season of a sentence: its own words, else of the nearest heading that has any, or the page."""
    places = [line.one.low, *reversed(line.headings)]
    return {
        "population": next((name for name in (_only(POPULATIONS, text) for text in places) if name), page["population"]),
        "mode": next((name for name in (_only(MODES, text) for text in places) if name), page["mode"]),
        "season": next((match[0] for match in map(SEASON.search, places[:2]) if match), ""),
        "track": line.headings[-1] if line.headings else "",
    }


def _only(pattern: re.Pattern[str], text: str) -> str:
    """The one name that a text says; empty where it says none or several."""
    names = {match.lastgroup or "" for match in pattern.finditer(text)}
    return names.pop() if len(names) == 1 else ""


def _parts(low: str) -> list[tuple[str, int, int]]:
    """Parts of the day that a text names as times at which something is held."""
    away = [match.span() for match in ELSEWHERE.finditer(low)]
    found = [(match.lastgroup or "", *match.span()) for match in PARTS.finditer(low)]
    return [one for one in found if not any(start < one[2] and one[1] < end for start, end in away)]


def _clocks(line, said, accepted, context, level, found: Facts) -> None:  # type: ignore[no-untyped-def]
    low = line.one.low
    mine = [one for one in said if level(one.start) == IOP]
    for span, days in tied(mine, low):
        about = "office" if _is_office(line, span) else IOP
        if about != IOP:
            continue
        if not accepted:
            found.unclear = found.unclear or not line.voice.question
            continue
        start = min(span.start, days.start) if days else span.start
        end = max(span.end, days.end) if days else span.end
        own = days.days if days else ()
        parts = frozenset(name for name, _, _ in _near_parts(low, span, said)) | frozenset(days.part if days else ())
        found.found.append(
            Fact(span.kind, line.one.quote(start, end), line.section, line.order, span, own, parts, near=low, **context)
        )
    unread = [one for one in mine if one.kind == "?"]
    blurred = [one for one in said if one.kind in "TS?" and level(one.start) in (MIXED, "")]
    found.unclear = found.unclear or bool(accepted and (unread or [one for one in blurred if level(one.start) == MIXED]))


def _is_office(line: _Line, span: Said) -> bool:
    """Whether a span is of the building: `Hours: 8-5` is, `program hours` are not, nor is a short evening of a track."""
    low, long = line.one.low, span.closes - span.opens >= 7 * 60
    if OWN_HOURS.search(low):
        return False
    before = low[: span.start]
    last = " ".join(line.headings[-1:])
    if re.search(r"(?:^|[^a-z])(?:hours|horario)\W*$", last) and not OWN_HOURS.search(last) and long:
        return not any(one.level == IOP for one in line.found)
    bare = re.match(r"\W*(?:our |the |regular |normal |current )?(?:hours|we are open|we're open|open|horario|horas)\b", low)
    return bool(bare) and long and not any(one.level == IOP and one.end <= span.start for one in line.found) and bool(before)


def _near_parts(low: str, span: Said, said: list[Said]) -> list[tuple[str, int, int]]:
    """Parts of the day named beside a span, nearer to it than to any other."""
    spans = [one for one in said if one.kind in "TS"]
    if len(spans) < 2:
        return _parts(low)
    return [
        part for part in _parts(low) if min(spans, key=lambda one: _apart(one, part)) is span
    ]


def _apart(span: Said, part: tuple[str, int, int]) -> int:
    """Letters between a span and a part of the day; a part named before a span counts as nearer."""
    return span.start - part[2] if part[2] <= span.start else (part[1] - span.end) + 12


def _day_lists(line, said, accepted, context, level, found: Facts) -> None:  # type: ignore[no-untyped-def]
    """Days that a sentence names without a clock of its own."""
    clocked = any(one.kind in "TS" for one in said)
    for one in said:
        if one.kind != "D" or level(one.start) != IOP or not accepted:
            continue
        denied = VOICES["denied"].search(line.one.low, 0, one.start)
        if denied and set(one.days) <= {5, 6}:
            found.no_weekend = True
        if clocked or denied or (line.voice.hedge >= 0 and not line.voice.own):
            continue
        quote = line.one.quote(one.start, one.end)
        found.found.append(
            Fact("D", quote, line.section, line.order, one, one.days, frozenset(one.part) | frozenset(name for name, _, _ in _parts(line.one.low)), heading=line.block.kind == "heading", near=line.one.low, **context)
        )
    if accepted and re.search(r"\bno (?:\w+ ){0,3}(?:on )?(?:the )?weekends?\b|(?:not|closed|never)(?: \w+){0,2} (?:on )?(?:the )?weekends?\b", line.one.low):
        found.no_weekend = True


def _part_facts(line, parts, context, level, found: Facts) -> None:  # type: ignore[no-untyped-def]
    low = line.one.low
    heads = line.block.kind == "heading"
    if not (MEETING.search(low) or _NIGHT_COUNT.search(low)):
        return
    mine = [
        (name, start, end) for name, start, end in parts
        if level(start) == IOP and (heads or not VOICES["denied"].search(low, 0, start))
    ]
    if mine:
        place = Said("P", mine[0][1], mine[-1][2])
        names = frozenset(name for name, _, _ in mine)
        found.found.append(
            Fact("P", line.one.quote(place.start, place.end), line.section, line.order, place, (), names, heading=heads, near=low, **context)
        )
