"""Sentences of a page, each with the headings above it and the level of care that holds there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property

from iop_analysis.hours.prose_levels import IOP, MIXED, Mention, Voice, mentions, subject, voice
from iop_analysis.hours.prose_text import Block, Sentence, sentences

CARRIED = (IOP, "php", MIXED)
_CARE = {IOP, MIXED, "php", "residential", "outpatient", "aftercare", "dosing", "office", "visiting"}
_TRACK = re.compile(
    r"(?<![a-z])(?:tracks?|groups?|(?:evening|morning|day|night) (?:program|sessions?)|group times|schedule)(?![a-z])"
)


@dataclass(frozen=True)
class Line:
    """A sentence where it stands: its section and order, the headings above, and the level that holds there.

    `level` holds unless the sentence names another itself; `page_level` is that of the page's own title.
    """

    one: Sentence
    block: Block
    section: int
    order: int
    level: str
    page_level: str
    found: tuple[Mention, ...]
    headings: tuple[str, ...]

    @cached_property
    def voice(self) -> Voice:
        """How the sentence speaks."""
        return voice(self.low)

    @property
    def low(self) -> str:
        """The sentence in lower case."""
        return self.one.low

    @property
    def heads(self) -> bool:
        """Whether this is a heading."""
        return self.block.kind == "heading"


@dataclass
class _Walk:
    """Where a walk through a page stands: headings that hold (rank, words, level) and what was spoken of last."""

    stack: list[tuple[float, str, str | None]]
    title: str = ""
    section: int = 0
    carried: str | None = None
    lines: list[Line] = field(default_factory=list)

    def block(self, block: Block) -> None:
        heads = block.kind == "heading"
        if heads:
            self.carried, self.section = None, self.section + 1
            if block.rank == 1 and self.lines and self.lines[0].block.rank != 1:
                self.title = ""
        spoken = self.carried if block.kind != "footer" else None
        for one in sentences(block.text):
            found = mentions(one.low)
            if heads:
                self._head(one.low, found, block.rank)
            self._line(one, block, found, spoken)
            about = None if heads else subject(found)
            spoken = about or spoken
            self.carried = about if about in CARRIED else self.carried

    def _head(self, low: str, found: tuple[Mention, ...], rank: int) -> None:
        level = heading_level(found)
        place = rank if level or rank == 1 else rank + 0.5
        self.stack = [one for one in self.stack if one[0] < place] + [(place, low, level)]
        self.title = self.title or low

    def _line(self, one: Sentence, block: Block, found: tuple[Mention, ...], spoken: str | None) -> None:
        levels = [level for _, _, level in self.stack if level]
        here = "office" if block.kind == "footer" else spoken or (levels[-1] if levels else "")
        page = levels[0] if levels else ""
        headings = tuple(words for _, words, _ in self.stack)
        place = (self.section, len(self.lines))
        self.lines.append(Line(one, block, *place, here, page, found, headings))


def read_lines(blocks: list[Block], called: str) -> tuple[list[Line], str]:
    """Every sentence of a page, and the title: its first heading of rank 1, else its first heading."""
    above = [(0.0, called.lower(), heading_level(mentions(called.lower())))] if called else []
    walk = _Walk(list(above))
    for block in blocks:
        walk.block(block)
    title = walk.title or called.lower()
    return _of_one_level(walk.lines, title), title


def heading_level(found: tuple[Mention, ...]) -> str | None:
    """The level of a heading: an IOP before all else, but beside another level of care it is mixed."""
    levels = [one.level for one in found]
    if MIXED in levels or {IOP, "php"} <= set(levels):
        return MIXED
    return IOP if IOP in levels else levels[0] if levels else None


def _of_one_level(lines: list[Line], title: str) -> list[Line]:
    """The lines, where a page headed `Evening track` names no level of care but the IOP: then all is about that."""
    named = {one.level for line in lines for one in line.found}
    if lines and not lines[0].level and named & _CARE == {IOP} and _TRACK.search(title):
        return [replace(line, level=line.level or IOP, page_level=line.page_level or IOP) for line in lines]
    return lines
