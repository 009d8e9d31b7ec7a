"""A page as blocks under headings, and each block as sentences that remember where in the page they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from iop_analysis.hours.days import NAME

LONGEST_QUOTE = 25
LONGEST_SENTENCE = 1200
_ALIKE = str.maketrans(
    dict.fromkeys("‐‑‒–—―−﹣－~→", "-")
    | dict.fromkeys("’‘ʼ`", "'")
    | dict.fromkeys("“”", '"')
    | dict.fromkeys("\u00a0\u2009\u202f\t\r", " ")
)
_GLUED = re.compile(r"(?<=[a-z\d)\]])(?=[A-Z][a-z])|(?<=[AP]M)(?=[A-Z][a-z])|(?<=\d[ap]m)(?=[A-Z])")
_CAMEL = re.compile(r"\b(?:Mc|Mac|De|La)\Z")
_ABBREVIATED = re.compile(
    r"\b(?:e\.g|i\.e|dr|mr|mrs|ms|st|vs|no|approx|hrs?|mins?|etc|inc|jr|sr|ste|ave|mon|tues?|weds?|thurs?|fri|sat|sun"
    r"|i\.o\.p|u\.s|ext|tel|ph|a|p)\.\Z",
    re.IGNORECASE,
)
_HALF_DAY = re.compile(r"[ap]\.\s?m\.\Z", re.IGNORECASE)
_CLOCK_NEXT = r"\s*(?:\d|noon)"
# The end of a line, but not inside a span whose lines a narrow card has broken: `9:00 AM`, `to`, `12:00 PM`.
_NEWLINE = (
    rf"\n(?!(?:(?<=\d\n)|(?<=[apAP][mM]\n)|(?<=[mM]\.\n))\s*(?:to|until|[-–—]){_CLOCK_NEXT})"
    rf"(?!(?:(?<=\nto\n)|(?<=\nuntil\n)|(?<=\n[-–—]\n)){_CLOCK_NEXT})"
)
_BREAK = re.compile(_NEWLINE)
_STOP = re.compile(rf"[.!?][\"')\]]*(?=\s)|[•·▪●◦✓✔✅]|{_NEWLINE}|(?<=\s)[*](?=\s)|;(?=\s)")
_ZONE = re.compile(rf"\s*(?:[^A-Z\s\"“¿]|(?i:{NAME})|[CEMP][SD]?T\b|Central|Eastern|Pacific|Mountain)")
_LOWER_NEXT = re.compile(r"\s*[a-z(,;&-]")
_VALUE = re.compile(r":\s*\S|\d\s?(?:[ap]\.?\s?m|:\d\d)|\d\s?-\s?\d", re.IGNORECASE)
_CLOCK = re.compile(r"\d\s?[ap]\.?\s?m\b|\d:\d\d|\d\s?-\s?\d", re.IGNORECASE)
_ITEM = re.compile(r"\s*(?:[•*▪●◦✓✔·-]|\d{1,2}[.)])\s+")


class Block(NamedTuple):
    """A piece of a page: its text, what it is (`heading`, `text`, `item`, `row`, `footer`) and a heading's rank."""

    text: str
    kind: str = "text"
    rank: int = 0


@dataclass(frozen=True)
class Sentence:
    """A sentence: as written, and in lower case with plain dashes, one blank each and glued words set apart.

    `places` holds for each letter of `low` where it stands in `text`; it is empty where the two stand alike.
    """

    text: str
    low: str
    places: tuple[int, ...]

    def written(self, start: int, end: int) -> str:
        """What stands between two places of `low`, as written."""
        first, last = self._own(start, end)
        return self.text[first:last]

    def quote(self, start: int, end: int) -> str:
        """At most 25 words as written, around two places of `low`; the whole sentence where it is short."""
        if len(self.text.split()) <= LONGEST_QUOTE:
            return self.text
        return _cut(self.text, *self._own(start, end))

    def _own(self, start: int, end: int) -> tuple[int, int]:
        if not self.places or end <= start:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def _cut(text: str, first: int, last: int) -> str:
    """The words around a place, growing to the front, then to the end, while they are few enough."""
    words = [match.span() for match in re.finditer(r"\S+", text)]
    inside = [number for number, (start, end) in enumerate(words) if start < last and end > first] or [0]
    low, high = inside[0], inside[-1]
    high = min(high, low + LONGEST_QUOTE - 1)
    room = LONGEST_QUOTE - (high - low + 1)
    before = min(room, low, 12)
    low, high = low - before, min(len(words) - 1, high + room - before)
    return text[words[low][0] : words[high][1]]


def sentence(text: str) -> Sentence:
    """One sentence ready to be read.

    Examples
    --------
    >>> one = sentence("Monday 4–6  PMTuesday 4-6 PM")
    >>> one.low, one.written(14, 21)
    ('monday 4-6 pm tuesday 4-6 pm', 'Tuesday')
    """
    same = text.translate(_ALIKE)
    glued = [match.start() for match in _GLUED.finditer(same) if not _CAMEL.search(same, 0, match.start())]
    if not glued and "  " not in same and "\n" not in same:
        return Sentence(text, _lower(same), ())
    places: list[int] = []
    before = 0
    for place in [*glued, len(same)]:
        places += [at for at in range(before, place) if same[at] not in " \n" or at == 0 or same[at - 1] not in " \n"]
        places += [-place] if place < len(same) else []
        before = place
    low = "".join(" " if place < 0 or same[place] == "\n" else same[place] for place in places)
    return Sentence(text, _lower(low), tuple(map(abs, places)))


def _lower(text: str) -> str:
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(one.lower() if len(one.lower()) == 1 else one for one in text)


@lru_cache(1 << 13)
def sentences(text: str) -> tuple[Sentence, ...]:
    """Sentences of a block; `9 a.m. Mondays` and `e.g.` end none.

    Examples
    --------
    >>> [one.text for one in sentences("Groups run 9 a.m. to noon Mondays. Call Dr. Elm at 5 p.m. We answer.")]
    ['Groups run 9 a.m. to noon Mondays.', 'Call Dr. Elm at 5 p.m.', 'We answer.']
    """
    return tuple(sentence(piece) for piece in _pieces(text))


def _pieces(text: str) -> Iterator[str]:
    start = 0
    for match in _STOP.finditer(text):
        if match[0][0] == "." and not _ends(text, match.start() + 1):
            continue
        yield from _filled(text[start : match.end()])
        start = match.end()
    yield from _filled(text[start:])


def _filled(text: str) -> Iterator[str]:
    """A sentence without bullets at its ends; what is longer than any sentence comes in pieces."""
    piece = text.strip(" \n\t•|·▪●◦✓✔✅*").lstrip("-–—=+@ ")
    while len(piece) > LONGEST_SENTENCE:
        cut = piece.rfind(" ", 0, LONGEST_SENTENCE)
        cut = cut if cut > 0 else LONGEST_SENTENCE
        yield piece[:cut]
        piece = piece[cut:].strip()
    if piece:
        yield piece


def _ends(text: str, place: int) -> bool:
    """Whether a sentence ends with the dot before a place."""
    behind = text[max(0, place - 8) : place]
    if _HALF_DAY.search(behind):
        return not _ZONE.match(text, place)
    return not _ABBREVIATED.search(behind) and not _LOWER_NEXT.match(text, place)


def blocks(text: str) -> list[Block]:
    r"""Blocks of a plain text: its first line and every short line without a full stop or a value head what follows.

    Examples
    --------
    >>> [(one.kind, one.text) for one in blocks("Adult IOP\n\nGroups meet weekly.\n\nInsurance\nWe take most.")]
    [('heading', 'Adult IOP'), ('text', 'Groups meet weekly.'), ('heading', 'Insurance'), ('text', 'We take most.')]
    """
    lines = [line for line in _BREAK.split(text) if line.strip()]
    found = []
    for number, line in enumerate(lines):
        item = _ITEM.match(line)
        last = number == len(lines) - 1
        if item:
            found.append(Block(line[item.end() :].strip(), "item"))
        elif not last and _heads(line.strip(), number == 0):
            found.append(Block(line.strip(), "heading", 1 if number == 0 else 2))
        else:
            found.append(Block(line.strip(), "text"))
    return found


def _heads(line: str, first: bool) -> bool:
    plain = line.translate(_ALIKE)
    if plain.endswith((".", ",", ";")) or len(plain.split()) > 14:
        return False
    return not (_CLOCK if first else _VALUE).search(plain)
