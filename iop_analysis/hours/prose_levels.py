"""Which level of care a piece of a sentence is about, and whether the program says it of itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from iop_analysis.hours.prose_words import ARTICLE, COMPARED, LEVELS, VOICES

IOP, MIXED = "iop", "mixed"
# What stands beside the groups of an IOP without being one; named behind a time it takes the time with it.
BESIDE = ("family", "individual", "fellowship", "intake", "phone", "other", "outpatient")
SUBJECT = 30
_JOINED = re.compile(r"\s*\)?\s*(?:and|or|/|&|,|-|to|y|o)\s*(?:an?\s|the\s)?\(?\s*")
_LISTED = re.compile(
    r"(?<![a-z])(?:includ|with|combin|offer|provid|plus|consist|between|made up|featur|compris|consta)"
)
_WITH_GROUPS = re.compile(r"group(?:s| therapy| counseling)?\s?(?:,|and|&|/|\+|-)[\sa-z,&/]{0,25}\Z")
_GROUP_NEXT = re.compile(r"\s?(?:,|and|&|/|\+)[\sa-z,&/]{0,20}(?:group|process|skills)")
_PEOPLE = re.compile(
    r"['s]*\s(?:client|patient|participant|member|graduate|alumni|famil|guest|staff|counsel|therapist|nurse|position"
    r"|referral|student|team|applicant)"
)
_FORMER = re.compile(r"\s(?:alumni|graduates?)")
_ALL_OF = re.compile(
    r"(?:.*[,;:.]\s)?\W*(?:(?:for|if|when|as|our|the|all|both|most|many|some|half|of|new|current|adult|teen|eligible|virtual|day"
    r"|evening|each|every)\s)*"
)
_MEAL = re.compile(r"(?:an? |the )?(?:lunch|dinner|snack|breakfast)s? (?:is|are|provided|served|included|break)")
_GROUP_AGAIN = re.compile(r"[,;:.]\s(?:the |our |then |and )?(?:iop )?(?:groups?|sessions?)(?![a-z])")
_KIN_OF = re.compile(
    r"(?:parents?|famil(?:y|ies)|loved ones|spouses|relatives|children|friends|partners|siblings) (?:and \w+ )?"
    r"(?:of|whose)[^.;]{0,40}\Z"
)
_BESIDE_IT = re.compile(
    r"[\s:,()|-]*(?:(?:is|are|for|the|our|a|an|free|weekly|open|in|of|we have|there is|optional|held|brings?|your)\s+)*"
    r"(?:(?!with|includ|plus|after|before)[\w-]+\s+)?\(?"
)
_TIMES = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?|[ap]\.?\s?m\.?(?![a-z])|[ap](?![a-z])|noon|midnight"
    r"|\d{1,2}(?::\d\d)?|evenings?|nights?|mornings?|afternoons?|weekdays?|weekends?|from|to|through|thru|until|and"
    r"|between|at|on|[cemp][sd]?t|each week|every week|[\s,&/:-])+"
)
_SCHEDULE = re.compile(r"schedule|weekly|typical week|your week|a week|calendar|horario")


class Mention(NamedTuple):
    """A level of care or another occasion that a sentence names."""

    level: str
    start: int
    end: int


@lru_cache(1 << 12)
def mentions(low: str) -> tuple[Mention, ...]:
    """What a sentence names, but not what it only compares with; a PHP and an IOP in one breath are `mixed`.

    Examples
    --------
    >>> [one.level for one in mentions("after php, our iop and the family night")], mentions("php and iop")[0].level
    (['iop', 'family'], 'mixed')
    """
    found: list[Mention] = []
    for match in LEVELS.finditer(low):
        level = match.lastgroup or ""
        if COMPARED.search(low, max(0, match.start() - 40), match.start()) or (level == IOP and _of_people(match, low)):
            continue
        one = Mention(level, *match.span())
        if found and _in_one_breath(found[-1], one, low):
            level = level if found[-1].level == level else MIXED
            found[-1] = Mention(level, found[-1].start, one.end)
        else:
            found.append(one)
    return tuple(found)


def _of_people(match: re.Match[str], low: str) -> bool:
    """Whether an IOP is named only for the people in it: `free to IOP clients`, `parents of teens in our IOP`."""
    if _KIN_OF.search(low, 0, match.start()) or _FORMER.match(low, match.end()):
        return True
    return bool(_PEOPLE.match(low, match.end()) and not _ALL_OF.fullmatch(low, 0, match.start()))


def _in_one_breath(first: Mention, second: Mention, low: str) -> bool:
    levels = {first.level, second.level}
    care = {IOP, "php", MIXED, "residential", "outpatient", "aftercare"}
    return IOP in levels | {first.level} and levels <= care and bool(_JOINED.fullmatch(low[first.end : second.start]))


def level_at(place: int, found: Sequence[Mention], low: str, default: str, headings: str) -> str:
    """The level that a place of a sentence is about: named before it, else behind it, else of the headings."""
    before = [one for one in found if one.end <= place or one.start <= place < one.end]
    while before:
        last = before[-1]
        part = _part_of_iop(before, low) or (default == IOP and _with_group(last, low))
        if last.level not in BESIDE or not (part or _GROUP_AGAIN.search(low, last.end, place)):
            return last.level
        before.pop()
    behind = next((one for one in found if one.start > place), None)
    if behind and _MEAL.match(low, behind.start):
        return default
    if behind is None or (
        behind.level not in (IOP, MIXED) and not _BESIDE_IT.fullmatch(low, place_end(place, low), behind.start)
    ):
        return default
    if behind.level in BESIDE and default == IOP and _inside(behind, low, headings):
        return default
    return behind.level


def place_end(place: int, low: str) -> int:
    """Where the clock, days or part of the day that begin at a place end, roughly: behind their last figure or half."""
    match = _TIMES.match(low, place)
    return match.end() if match else place


def _with_group(one: Mention, low: str) -> bool:
    """Whether what is named stands in one breath with groups: `individual and group sessions`."""
    return bool(_GROUP_NEXT.match(low, one.end)) or bool(_WITH_GROUPS.search(low, 0, one.start))


def _part_of_iop(before: list[Mention], low: str) -> bool:
    """Whether the last thing named is listed as a part of the IOP: `the IOP includes family therapy`."""
    iop = next((one for one in before[:-1] if one.level == IOP), None)
    return iop is not None and bool(_LISTED.search(low, iop.end, before[-1].start))


def _inside(behind: Mention, low: str, headings: str) -> bool:
    """Whether what is named behind a time is a session of the schedule itself: `6-9 pm: group and family therapy`."""
    if _with_group(behind, low):
        return True
    if behind.level == "individual":
        return bool(re.search(r"group", low[: behind.start]))
    text = low[behind.start : behind.end]
    return (
        behind.level == "family"
        and not re.match("parent|caregiver|loved|spouse|al", text)
        and bool(_SCHEDULE.search(headings))
    )


def subject(found: Sequence[Mention]) -> str | None:
    """The level that the next sentence goes on about: an IOP named anywhere, else what the sentence begins with."""
    first = found[0] if found else None
    if any(one.level == IOP for one in found) and first and (first.level == IOP or first.start > SUBJECT):
        return IOP
    return first.level if first and first.start <= SUBJECT else None


NEWS = ("news", "said", "says", "told", "according", "report", "press", "ribbon", "announc")
_ASKS = re.compile(
    r"comparison|compared|versus|\bvs\b|should know|\bguide\b|\brehabs\b|\?\s*\Z|(?<![a-z])iops(?! (?:at|with) )"
)
_GUIDE = re.compile(r"\b(?:this|our) (?:article|guide|blog|post)\b|table of contents|\bmin read\b")
_NAMED = re.compile(
    r"\b(?:At|With|Here at) (?:[A-Z][\w'&.-]*)(?: (?:[A-Z][\w'&.-]*|of|the|and|&)){0,5}"
    r"|\b(?:[A-Z][\w'&-]+ ){1,4}(?:Recovery|Health|Healthcare|Center|Behavioral|House|Treatment Center|Counseling"
    r"|Wellness|Institute|Clinic|Hospital|Rehab|Ranch|Associates)\b"
)
_RANKED = re.compile(r"\btop \d+|\b\d+ best\b")
_PERSONAL = re.compile(r"\bmy\b|forum|personal (?:blog|story)|reddit|thread")


class Voice(NamedTuple):
    """How a sentence speaks; `hedge` is where `usually` or `may` stands, -1 where nothing of the kind does."""

    own: bool
    hedge: int
    general: bool
    personal: bool
    unreal: bool
    question: bool
    news: bool


def names_a_house(text: str) -> bool:
    """Whether a sentence as written names a house: `At Elm House`, `Oak Recovery offers`.

    Examples
    --------
    >>> names_a_house("At Elm House, groups meet at night."), names_a_house("Groups meet at night.")
    (True, False)
    """
    return bool(_NAMED.search(text))


_ANYBODY = re.compile(r"\b(?:the|an?) (?:patient|client|individual|person|participant|consumer)(?![a-z'])")


def _at_large(about: re.Match[str], hedge: re.Match[str] | None) -> bool:
    """Whether many programs or people are what a sentence is about: it begins with them, or hedges before them."""
    if re.match(r"(?:most|many|some|such|other|good|all|an?|in an) ", about[0]):
        return True
    near = 25 if re.search("iop|intensive", about[0]) else 3
    return about.start() < near or about[0].endswith("iops") or (hedge is not None and hedge.start() < about.start())


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
    hedge = VOICES["hedges"].search(low)
    about = VOICES["general"].search(low)
    question = low.rstrip(" \"')").endswith("?") or low.startswith(("q:", "q.", "¿"))
    return Voice(
        own=own,
        hedge=hedge.start() if hedge else -1,
        general=bool(_ANYBODY.search(low)) or (about is not None and _at_large(about, hedge)),
        personal=(low.startswith('"') or bool(VOICES["story"].search(low))) and not question,
        unreal=bool(VOICES["gone"].search(low) or VOICES["planned"].search(low)),
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
        if said.personal or said.unreal or said.question or self.directory or (self.news and not self.owned):
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
    news = bool(VOICES["news"].search(title)) or sum(1 for line in lines if _may(line, NEWS) and voice(line).news) > 1
    at_large = not owned and sum(1 for line in lines if voice(line).general) > 1
    article = article or at_large or bool(ARTICLE.match(title) or _ASKS.search(title) or _GUIDE.search(text))
    others = bool(VOICES["job"].search(title) or _RANKED.search(title) or VOICES["apply"].search(text))
    others = others or bool(_PERSONAL.search(title)) or (not owned and bool(VOICES["directory"].search(text)))
    return Manner(owned, article, others, news)


def _may(low: str, words: tuple[str, ...]) -> bool:
    """Whether a text holds any of some words; much sooner told than where they stand."""
    return any(word in low for word in words)
