"""Sentences of a page, each with the headings above it and the level of care that holds there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from iop_analysis.hours.prose_levels import IOP, MIXED, Mention, mentions, subject
from iop_analysis.hours.prose_text import Block, Sentence, sentences
from iop_analysis.hours.prose_voice import Voice, offers_work, voice

CARRIED = (IOP, "php", MIXED)
FARTHEST = 60  # sentences back that a level of care is carried
_CARE = {IOP, MIXED, "php", "residential", "outpatient", "aftercare", "dosing", "office", "visiting"}
_SIGNED = re.compile(
    r"[-–—~―] ?[A-Z][a-z]*\.?(?: [A-Z]\.| ?[A-Z]\.|, (?:an? )?(?:\w+ )?(?:graduate|client|patient|alum\w*|member|parent"
    r"|mother|father|spouse|\d\d))[\w ,.]{0,25}\W*\Z"
)
_WHAT = re.compile(r"(?:what|program|service|level of care|programa|servicio|qu[eé])\s?[:|]")
_TRACK = re.compile(
    r"(?<![a-z])(?:tracks?|groups?|(?:evening|morning|day|night) (?:program|sessions?)|group times|schedule)(?![a-z])"
)


@dataclass(eq=False)
class Line:
    """A sentence where it stands: its section and order, and what holds there unless it says otherwise itself.

    `above` is the level of the nearest heading that names one, `page_level` that of the page's own title, `last` the
    sentence before it under the same heading.
    """

    one: Sentence
    block: Block
    section: int
    order: int
    above: str
    page_level: str
    headings: tuple[str, ...]
    last: Line | None

    @property
    def low(self) -> str:
        """The sentence in lower case."""
        return self.one.low

    @property
    def heads(self) -> bool:
        """Whether this is a heading."""
        return self.block.kind == "heading"

    @property
    def found(self) -> tuple[Mention, ...]:
        """What the sentence names."""
        return mentions(self.low)

    @property
    def voice(self) -> Voice:
        """How the sentence speaks."""
        return voice(self.low)

    @cached_property
    def under_an_ad(self) -> bool:
        """Whether this sentence, or one before it under the same heading, offers work."""
        return offers_work(self.low) or (self.last is not None and self.last.under_an_ad)

    @cached_property
    def told_by_somebody(self) -> bool:
        """Whether its block ends with the name of a person whose words it repeats: `- Pat M.`, `- Dana, graduate`."""
        return bool(_SIGNED.search(self.block.text))

    @cached_property
    def level(self) -> str:
        """The level that was spoken of last: in its block any, in blocks before it a level of care, else above it."""
        if self.block.kind == "footer":
            return "office"
        before, steps = self.last, 0
        while before is not None and steps < FARTHEST:
            about = subject(before.found)
            if about and (before.block is self.block or about in CARRIED):
                return about
            before, steps = before.last, steps + 1
        return self.above


@dataclass
class _Walk:
    """Where a walk through a page stands: the headings that hold, each with its rank, words and level."""

    stack: list[tuple[float, str, str | None]]
    title: str = ""
    section: int = 0
    last: Line | None = None
    lines: list[Line] = field(default_factory=list)

    def block(self, block: Block) -> None:
        heads = block.kind == "heading"
        if heads:
            self.last, self.section = None, self.section + 1
            if block.rank == 1 and self.lines and self.lines[0].block.rank != 1:
                self.title = ""
        for one in sentences(block.text):
            if heads:
                self._head(one.low, block.rank)
            self._line(one, block)
            self.last = None if heads else self.lines[-1]

    def _head(self, low: str, rank: int) -> None:
        level = heading_level(mentions(low))
        place = rank if level or rank == 1 else rank + 0.5
        self.stack = [one for one in self.stack if one[0] < place] + [(place, low, level)]
        self.title = self.title or low

    def _line(self, one: Sentence, block: Block) -> None:
        levels = [level for _, _, level in self.stack if level]
        above, page = (levels[-1], levels[0]) if levels else ("", "")
        headings = tuple(words for _, words, _ in self.stack)
        self.lines.append(Line(one, block, self.section, len(self.lines), above, page, headings, self.last))


def read_lines(blocks: list[Block], called: str) -> tuple[list[Line], str]:
    """Every sentence of a page, and the title: its first heading of rank 1, else its first heading."""
    above = [(0.0, called.lower(), heading_level(mentions(called.lower())))] if called else []
    first = next((number for number, block in enumerate(blocks) if block.kind == "heading"), 0)
    walk = _Walk([] if first else list(above))
    for number, block in enumerate(blocks):
        if number == first and first:  # what stands before the first heading is not under the page's name
            walk.stack = list(above)
        walk.block(block)
    title = walk.title or called.lower()
    _of_one_level(walk.lines, title)
    return walk.lines, title


def heading_level(found: tuple[Mention, ...]) -> str | None:
    """The level of a heading: an IOP before all else, but beside another level of care it is mixed."""
    levels = [one.level for one in found]
    if MIXED in levels or {IOP, "php"} <= set(levels):
        return MIXED
    return IOP if IOP in levels else levels[0] if levels else None


def _of_one_level(lines: list[Line], title: str) -> None:
    """Where a page headed `Evening track` or with `What: IOP` names no other level of care, all of it is about that."""
    if not lines or lines[0].above or not (_TRACK.search(title) or any(_WHAT.match(line.low) for line in lines)):
        return
    if {one.level for line in lines for one in line.found} & _CARE == {IOP}:
        for line in lines:
            line.above, line.page_level = line.above or IOP, line.page_level or IOP
