"""How sentences and pages speak: of the program itself, of others, of programs at large, of what is over or planned."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from iop_analysis.hours.prose_words import ARTICLE, VOICES, holds

# What is over, what is to come, what others do, and work that is offered say nothing of the program as it is.
UNREAL = ("gone", "planned", "others")
NEWS = ("news", "said", "says", "told", "according", "report", "press", "ribbon", "announc")
_ASKS = re.compile(
    r"comparison|compared|versus|\bvs\b|should know|\bguide\b|\brehabs\b|\?\s*\Z|(?<![a-z])iops(?! (?:at|with) )"
)
_OF_A_HOUSE = re.compile(r"\b(?:iop|program|treatment) at (?!home|night|work|all|an?\b)")
_GUIDE = re.compile(r"\b(?:this|our) (?:article|guide|blog|post)\b|table of contents|\bmin read\b")
_NAMED = re.compile(
    r"\b(?:At|With|Here at) (?:[A-Z][\w'&.-]*)(?: (?:[A-Z][\w'&.-]*|of|the|and|&)){0,5}"
    r"|\b(?:[A-Z][\w'&-]+ ){1,4}(?:Recovery|Health|Healthcare|Center|Behavioral|House|Treatment Center|Counseling"
    r"|Wellness|Institute|Clinic|Hospital|Rehab|Ranch|Associates)\b"
)
_RANKED = re.compile(r"\btop \d+|\b\d+ best\b")
_PERSONAL = re.compile(r"\bmy\b|forum|personal (?:blog|story)|reddit|thread")


def names_a_house(text: str) -> bool:
    """Whether a sentence as written names a house: `At Elm House`, `Oak Recovery offers`.

    Examples
    --------
    >>> names_a_house("At Elm House, groups meet at night."), names_a_house("Groups meet at night.")
    (True, False)
    """
    return bool(_NAMED.search(text))


_ANYBODY = re.compile(r"\b(?:the|an?) (?:patient|client|individual|person|participant|consumer)(?![a-z'])")


def _at_large(about: re.Match[str], hedge: int) -> bool:
    """Whether many programs or people are what a sentence is about: it begins with them, or hedges before them."""
    if (
        re.match(r"an? ", about[0])
        and not about.string.endswith(".")
        and not VOICES["verbs"].search(about.string, about.end())
    ):
        return False  # a label: `A flexible IOP for working people`
    if re.match(r"(?:most|many|some|such|other|good|all|an?|in an) ", about[0]):
        return True
    near = 25 if re.search("iop|intensive", about[0]) else 3
    return about.start() < near or about[0].endswith("iops") or 0 <= hedge < about.start()


class Voice(NamedTuple):
    """How a sentence speaks; `hedge` is where `usually` or `may` stands, -1 where nothing of the kind does."""

    low: str
    own: bool
    hedge: int
    general: bool
    personal: bool
    question: bool
    news: bool

    @property
    def unreal(self) -> bool:
        """Whether it tells what is over, to come or another house's, or offers work."""
        return is_unreal(self.low)


@lru_cache(1 << 12)
def offers_work(low: str) -> bool:
    """Whether a sentence offers work or a course."""
    return bool(VOICES["hiring"].search(low))


@lru_cache(1 << 12)
def is_unreal(low: str) -> bool:
    """Whether a sentence tells what is over, to come or another house's, or offers work; sought only where it matters.

    Examples
    --------
    >>> is_unreal("our evening group has closed"), is_unreal("our evening group is open")
    (True, False)
    """
    return offers_work(low) or any(VOICES[name].search(low) for name in UNREAL)


@lru_cache(1 << 12)
def voice(low: str) -> Voice:
    """How a sentence speaks.

    Examples
    --------
    >>> voice("our iop meets at six").own, voice("most iops meet at six").general, voice("do you meet?").question
    (True, True, True)
    """
    other = [match.span() for match in VOICES["not_own"].finditer(low)]
    own = any(not any(start <= match.start() < end for start, end in other) for match in VOICES["own"].finditer(low))
    hedged = VOICES["hedges"].search(low)
    hedge = hedged.start() if hedged else -1
    about = VOICES["general"].search(low)
    question = low.rstrip(" \"')").endswith("?") or low.startswith(("q:", "q.", "¿"))
    return Voice(
        low=low,
        own=own,
        hedge=hedge,
        general=bool(_ANYBODY.search(low)) or (about is not None and _at_large(about, hedge)),
        personal=(low.startswith(('"', "★", "⭐")) or bool(VOICES["story"].search(low))) and not question,
        question=question,
        news=bool(VOICES["news"].search(low)),
    )


@dataclass(frozen=True)
class Manner:
    """How a whole page speaks: of itself, about a kind of program, of many programs, or as news of others."""

    owned: bool
    article: bool
    directory: bool
    news: bool

    def accepts(self, said: Voice, place: int, sure: bool = False, named: bool = False) -> bool:
        """Whether a sentence counts as the program's statement about itself, as to what stands at a place in it.

        `sure` where it names days and hours together, which nobody does of programs at large; `named` where it names
        a house.
        """
        if said.personal or said.question or self.directory or (self.news and not self.owned) or said.unreal:
            return False
        if said.own or (named and not said.general):
            return True
        if said.general or (self.article and not (self.owned and sure)):
            return False
        return not 0 <= said.hedge < place or self.owned or sure


def manner(title: str, lines: Iterable[str], article: bool = False) -> Manner:
    """How a page speaks, from its title and its sentences in lower case.

    Parameters
    ----------
    title
        Its title.
    lines
        Its sentences and headings.
    article
        Whether it stands among articles.
    """
    lines = list(lines)
    text = "\n".join(lines)
    owned = any(how.own and not how.personal for how in map(voice, filter(VOICES["own"].search, lines)))
    news = bool(VOICES["news"].search(title)) or sum(1 for line in lines if holds(line, NEWS) and voice(line).news) > 1
    at_large = not owned and sum(1 for line in lines if voice(line).general) > 1
    asks = bool(ARTICLE.match(title) or _ASKS.search(title)) and not _OF_A_HOUSE.search(title)
    article = article or at_large or asks or bool(_GUIDE.search(text))
    others = bool(VOICES["job"].search(title) or _RANKED.search(title) or VOICES["apply"].search(text))
    others = (
        others
        or (bool(_PERSONAL.search(title)) and "?" not in title)
        or (not owned and bool(VOICES["directory"].search(text)))
    )
    return Manner(owned, article, others, news)
