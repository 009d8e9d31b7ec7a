"""What a page says of its own IOP, sentence by sentence: spans, days, parts of the day, who and how."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from iop_analysis.hours.prose_levels import IOP, MIXED, is_of_another, level_at
from iop_analysis.hours.prose_lines import Line, read_lines
from iop_analysis.hours.prose_parts import Part, parts_of, tells_time
from iop_analysis.hours.prose_text import Block
from iop_analysis.hours.prose_times import Said, said_times, tied
from iop_analysis.hours.prose_voice import Manner, is_unreal, manner, names_a_house
from iop_analysis.hours.prose_words import (
    ASIDE,
    BARE,
    BARE_HOURS,
    MEETING,
    MODES,
    MORE,
    OWN_HOURS,
    POPULATIONS,
    SEASON,
    SUBJECTS,
    VOICES,
)

LATE, EARLY = {"evening", "after_school", "afternoon", "tarde"}, {"morning", "day", "midday"}
WEEKEND = {5, 6}
LONG_DAY = 7 * 60
MOST_FACTS = 400
FEW_WORDS = 5
GOES_ON = re.compile(
    r"\W*(?:it|this|that|these|those|they|(?:the|this|that) (?:\w+ )?(?:group|track|iop|program|session)s?)(?![a-z])"
)
SMALL_WORD = re.compile(r"(?<![A-Za-z'])[a-z]{4,}")
EXAMPLE = re.compile(r"example|sample|typical")
# A day of the year with nothing before it that says `from then on`: an event, not a week.
FROM_THEN_ON = ("from ", "starting ", "beginning ", "since ", "as of ", "effective ", "began on ", "until ", "through ")
ONCE = re.compile(
    "".join(f"(?<!{words})" for words in (*FROM_THEN_ON, "starts ", "begins "))
    + r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? \d{1,2}(?!\d|:| ?[ap]\.?m)"
)
HELP = re.compile(r"support|available|answer|call|help|crisis|staff|watch")
HOURS_HEADING = re.compile(r"(?:^|[^a-z])(?:hours|horario)\W*$")


@dataclass(frozen=True)
class Fact:
    """A span (`T`), a lone start (`S`), days (`D`) or a part of the day (`P`) of the IOP, with its words."""

    kind: str
    quote: str
    line: Line
    said: Said
    days: tuple[int, ...] = ()
    parts: frozenset[str] = frozenset()
    population: str = "unsaid"
    mode: str = "unsaid"
    season: str = ""

    @property
    def heading(self) -> bool:
        """Whether a heading says it."""
        return self.line.heads

    def same_section(self, other: Fact) -> bool:
        """Whether both stand under one heading."""
        return self.line.section == other.line.section


@dataclass
class Facts:
    """All facts of a page, its lines, and what stands in the way of a no."""

    manner: Manner
    lines: list[Line] = field(default_factory=list)
    found: list[Fact] = field(default_factory=list)
    unclear: bool = False
    no_weekend: bool = False

    @cached_property
    def page(self) -> dict[str, str]:
        """Population and way that the page names in its own sentences, where it names one alone."""
        context = {}
        for name, pattern in (("population", POPULATIONS), ("mode", MODES)):
            named = [line for line in self.lines if line.block.kind != "footer" and pattern.search(line.low)]
            own = [line.low for line in named if self.manner.accepts(line.voice, 0) and line.voice.hedge < 0]
            words = {match.lastgroup or "" for low in own for match in pattern.finditer(low)}
            context[name] = words.pop() if len(words) == 1 else "unsaid"
        return context

    @property
    def more(self) -> bool:
        """Whether the page speaks of other times of its IOP that it does not tell."""
        for line in self.lines:
            match = MORE.search(line.low)
            own = match and self.manner.accepts(line.voice, match.start())
            if match and own and level_at(match.start(), line.found, line.low, line.level, "") == IOP:
                return True
        return False

    @property
    def gone(self) -> bool:
        """Whether the page says of an evening that it is no more."""
        return any(VOICES["gone"].search(line.low) and parts_of(line.low) for line in self.lines)

    @property
    def general(self) -> bool:
        """Whether the page says anything of IOPs at large, or with `usually` and `may`."""
        return any(line.voice.general or line.voice.hedge >= 0 for line in self.lines)


def facts(blocks: Iterable[Block], called: str = "", article: bool = False) -> Facts:
    """Read a page's blocks; what is not about its own IOP leaves no trace but in what stands in the way of a no."""
    lines, title = read_lines(list(blocks), called)
    found = Facts(manner(title, [line.low for line in lines], article), lines)
    for line in lines:
        if tells_time(line.low):
            _Reading(line, found).read()
    return found


class _Reading:
    """One sentence, read for what it says of the IOP."""

    def __init__(self, line: Line, found: Facts) -> None:
        self.line, self.found, self.low = line, found, line.low
        self.parts = parts_of(line.low)
        self.said = self._times()
        clocks = [(one.start, one.end) for one in self.said if one.kind in "TS?"]
        self.parts = tuple(part for part in self.parts if not any(a < part[2] and part[1] < b for a, b in clocks))

    def read(self) -> None:
        if self.said or self.parts:
            self._clocks()
            self._day_lists()
            self._part_of_day()

    @cached_property
    def accepted(self) -> bool:
        """Whether the program says it of itself."""
        first = min([one.start for one in self.said] + [start for _, start, _ in self.parts])
        sure = {"D", "T"} <= {one.kind for one in self.said}
        manner, line = self.found.manner, self.line
        above = " ".join(line.headings[-1:])
        if ONCE.search(self.low) or "holiday" in above or (EXAMPLE.search(above) and not manner.owned):
            return False
        if line.under_an_ad or line.told_by_somebody or self._taken_back:
            return False
        if not line.heads and above and (is_unreal(above) or ASIDE.fullmatch(above)):
            return False
        return manner.accepts(line.voice, first, sure, not line.heads and names_a_house(line.one.text))

    @property
    def _taken_back(self) -> bool:
        """Whether the next sentence goes on about this and says that it is over, or still to come."""
        behind = self.line.order + 1
        after = self.found.lines[behind] if behind < len(self.found.lines) else None
        return after is not None and after.last is self.line and after.voice.unreal and bool(GOES_ON.match(after.low))

    @cached_property
    def level(self) -> str:
        """The level that holds where the sentence names none."""
        line = self.line
        building = line.level == "office" and line.block.kind != "footer" and OWN_HOURS.search(line.low)
        level = line.page_level if building else line.level
        if level != IOP:
            return level
        return "other" if is_of_another(self.low) else MIXED if self._is_labelled else IOP

    @property
    def _is_labelled(self) -> bool:
        """Whether words in small letters, none of them of a group, label its first time: `Blood tests for all, 5-7`."""
        first = min([one.start for one in self.said] + [start for _, start, _ in self.parts])
        before = self.line.one.written(0, first).split(" for ")[0]
        return bool(SMALL_WORD.search(before)) and not SUBJECTS.search(before.lower())

    def about(self, place: int) -> str:
        """The level that a place of the sentence is about."""
        headings = " ".join(self.line.headings[1:] or self.line.headings)
        return level_at(place, self.line.found, self.low, self.level, headings)

    def _times(self) -> list[Said]:
        above = " ".join(self.line.headings[-1:])
        words = {name for name, _, _ in self.parts or parts_of(above)}
        late = bool(words & LATE) or "school" in f"{self.low} {above}"
        return said_times(self.line.one, late, bool(words & EARLY))

    def _clocks(self) -> None:
        mine = [one for one in self.said if self.about(one.start) == IOP]
        for span, days in tied(mine, self.low):
            if self._is_office(span) or (days and days.kind == "d"):
                continue
            if self.accepted:
                self._add_span(span, days)
            else:
                self.found.unclear = self.found.unclear or not self.line.voice.question
        unread = any(one.kind == "?" for one in mine)
        mixed = any(one.kind in "TS?" and self.about(one.start) == MIXED for one in self.said)
        self.found.unclear = self.found.unclear or ((unread or mixed) and self.accepted)

    def _add_span(self, span: Said, days: Said | None) -> None:
        start = min(span.start, days.start) if days else span.start
        end = max(span.end, days.end) if days else span.end
        parts = {name for name, _, _ in self._parts_near(span)} | set(days.part if days else ())
        self._add(span.kind, (start, end), span, days.days if days else (), parts)

    def _add(self, kind: str, place: tuple[int, int], said: Said, days: tuple[int, ...], parts: Iterable[str]) -> None:
        if len(self.found.found) >= MOST_FACTS:  # no page that people read tells as much
            self.found.unclear = True
            return
        quote = self.line.one.quote(*place)
        self.found.found.append(Fact(kind, quote, self.line, said, days, frozenset(parts), **self._context()))

    def _context(self) -> dict[str, str]:
        """Population, way and season: of the sentence, else of the nearest heading that says it, else of the page."""
        places = [self.low, *reversed(self.line.headings)]
        context = {
            name: next(filter(None, (_only(pattern, text) for text in places)), self.found.page[name])
            for name, pattern in (("population", POPULATIONS), ("mode", MODES))
        }
        season = next(filter(None, map(SEASON.search, places[:2])), None)
        return context | {"season": season[0] if season else ""}

    def _is_office(self, span: Said) -> bool:
        """Whether a span is of the building: `Hours: 8-5` is; `program hours` are not, nor is a short one."""
        if span.closes - span.opens < LONG_DAY or OWN_HOURS.search(self.low):
            return False
        above = " ".join(self.line.headings[-1:])
        if HOURS_HEADING.search(above) and not OWN_HOURS.search(above):
            return not any(one.level == IOP for one in self.line.found)
        named = any(one.level == IOP and one.end <= span.start for one in self.line.found)
        return bool(BARE_HOURS.match(self.low)) and not named

    def _parts_near(self, span: Said) -> list[Part]:
        """Parts of the day that go with a span: those before it where the sentence begins with one, else behind it."""
        spans = [one for one in self.said if one.kind in "TS"]
        if len(spans) < 2 or not self.parts:
            return list(self.parts)
        first = self.parts[0][1] < spans[0].start
        return [part for part in self.parts if _beside(part, spans, first) is span]

    def _day_lists(self) -> None:
        """Days that the sentence names without a clock of its own."""
        clocked = any(one.kind in "TS" for one in self.said)
        for one in self.said:
            if one.kind != "D" or self.about(one.start) != IOP or not self.accepted:
                continue
            if len(one.days) == 7 and HELP.search(self.low):
                continue
            if VOICES["denied"].search(self.low, 0, one.start):
                self.found.no_weekend = self.found.no_weekend or set(one.days) <= WEEKEND
            elif not clocked and (self.line.voice.hedge < 0 or self.line.voice.own):
                parts = {*one.part, *(name for name, _, _ in self.parts)}
                self._add("D", (one.start, one.end), one, one.days, parts)

    def _part_of_day(self) -> None:
        """What the sentence says of mornings and evenings at which something meets, and does not deny."""
        if not self.parts or not (self.line.heads or self._meets()) or not self.accepted:
            return
        if not self.line.voice.own and VOICES["money"].search(self.low):
            return
        mine = [one for one in self.parts if self.about(one[1]) == IOP and not self._denied(one[1])]
        if mine:
            place = (mine[0][1], mine[-1][2])
            self._add("P", place, Said("P", *place), (), {name for name, _, _ in mine})

    def _meets(self) -> bool:
        """Whether something is held at the parts of the day; `IOP` alone says so with days, a choice or few words."""
        rest = self.low[: self.parts[0][1]] + " " + self.low[self.parts[-1][2] :]
        between = self.low[self.parts[0][2] : self.parts[-1][1]]
        choice = len({name for name, _, _ in self.parts}) > 1
        words = len(self.low.split())
        few = choice or bool(self.said) or words <= FEW_WORDS
        return bool(self.said and words <= 2 * FEW_WORDS) or any(
            MEETING.search(text) or (few and BARE.search(text)) for text in (rest, between)
        )

    def _denied(self, place: int) -> bool:
        return not self.line.heads and bool(VOICES["denied"].search(self.low, 0, place))


def _only(pattern: re.Pattern[str], text: str) -> str:
    """The one name that a text says; empty where it says none or several."""
    names = {match.lastgroup or "" for match in pattern.finditer(text)}
    return names.pop() if len(names) == 1 else ""


def _beside(part: Part, spans: list[Said], first: bool) -> Said | None:
    """The span that a part of the day goes with: the next one where parts come first, else the last one."""
    if first:
        return next((one for one in spans if one.start >= part[1]), None)
    return next((one for one in reversed(spans) if one.end <= part[1]), None)
