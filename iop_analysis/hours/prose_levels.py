"""Which level of care or other occasion a piece of a sentence is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from iop_analysis.hours.prose_words import COMPARED, KIN_OF, LEVELS, MEMBERS, OUTSIDERS, SUBJECT_VERBS, SUBJECTS, THINGS

IOP, MIXED = "iop", "mixed"
# What stands beside the groups of an IOP without being one; named behind a time it takes the time with it.
BESIDE = ("family", "individual", "fellowship", "intake", "phone", "other", "outpatient")
SUBJECT = 30
_JOINED = re.compile(r"\s*\)?\s*(?:and|or|/|&|,|-|to|y|o)\s*(?:an?\s|the\s)?\(?\s*")
_LISTED = re.compile(
    r"(?<![a-z])(?:includ|with|combin|offer|provid|plus|consist|between|made up|featur|compris|consta)"
)
_LIST = re.compile(r",| and |&|/|\+")
_WITH_GROUPS = re.compile(r"group(?:s| therapy| counseling)?\s?(?:,|and|&|/|\+|-)[\sa-z,&/]{0,25}\Z")
_GROUP_NEXT = re.compile(r"\s?(?:,|and|&|/|\+)[\sa-z,&/]{0,20}(?:group|process|skills)")
# What is for, of or in the IOP without being it: `assessments for our IOP`, `alumni of the evening IOP`.
_OF_IT = re.compile(
    r"\s(?:of|for|to|into|in|from|with|at)\s(?:(?:our|the|an?|this|your|both|all|new|adult|teen|evening|day|virtual)\s)*"
)
_PART_OF_CARE = ("outpatient", "php", "residential")
_ALL_OF = re.compile(
    r"(?:.*[,;:.]\s)?\W*(?:(?:for|if|when|as|our|the|all|both|most|many|some|half|of|new|current|adult|teen|eligible|virtual|day"
    r"|evening|each|every)\s)*"
)
_GROUPS = re.compile(r"(?<![a-z])(?:groups?|sessions?|tracks?|schedule|meets?)(?![a-z])")
_GROUPS_OF = re.compile(r"(?<![a-z])(?:groups?|sessions?|tracks?) (?:for|of) (?:our |the |all )?\Z")
_WORD = re.compile("[a-zñáéíóú]{3}")
_MEAL = re.compile(r"(?:an? |the )?(?:lunch|dinner|snack|breakfast)s? (?:is|are|provided|served|included|break)")
_GROUP_AGAIN = re.compile(r"[,;:.]\s(?:the |our |then |and )?(?:iop )?(?:groups?|sessions?)(?![a-z])")
_BESIDE_IT = re.compile(
    r"[\s:,()|-]*(?:(?:is|are|for|the|our|a|an|free|weekly|open|in|of|we have|there is|optional|held|brings?|your)\s+)*"
    r"(?:(?!with|includ|plus|after|before)[\w-]+\s+)?\(?"
    r"|[\s:]*(?:(?!with|includ|plus|after|before|group|iop|adult|people)[\w-]+\s){1,4}for (?:the |an? |our )?"
)
_TIMES = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?|[ap]\.?\s?m\.?(?![a-z])|[ap](?![a-z])|noon|midnight"
    r"|\d{1,2}(?::\d\d)?|evenings?|nights?|mornings?|afternoons?|weekdays?|weekends?|from|to|through|thru|until|and"
    r"|between|at|on|[cemp][sd]?t|every|each|week|held|[\s,&/:-])+"
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
        if COMPARED.search(low, max(0, match.start() - 40), match.start()):
            continue
        if level == IOP and (_of_people(match, low) or (found and _is_only_for(found[-1], match, low))):
            if found or _GROUPS.search(low, 0, match.start()):
                continue
            level = "other"
        elif level == IOP and THINGS.match(low, match.end()):
            level = "other"
        one = Mention(level, *match.span())
        if found and _in_one_breath(found[-1], one, low):
            level = level if found[-1].level == level else MIXED
            found[-1] = Mention(level, found[-1].start, one.end)
        else:
            found.append(one)
    return tuple(found)


def _of_people(match: re.Match[str], low: str) -> bool:
    """Whether an IOP is named only for the people in it: `free to IOP clients`, `parents of teens in our IOP`."""
    if KIN_OF.search(low, 0, match.start()) or OUTSIDERS.match(low, match.end()):
        return True
    if _GROUPS_OF.search(low, 0, match.start()):
        return False
    return bool(MEMBERS.match(low, match.end()) and not _ALL_OF.fullmatch(low, 0, match.start()))


def _is_only_for(one: Mention, match: re.Match[str], low: str) -> bool:
    """Whether an IOP is named only as what another occasion is for: `assessments for our IOP`."""
    return one.level not in (IOP, MIXED, *_PART_OF_CARE) and bool(_OF_IT.fullmatch(low, one.end, match.start()))


def _in_one_breath(first: Mention, second: Mention, low: str) -> bool:
    levels = {first.level, second.level}
    care = {IOP, "php", MIXED, "residential", "outpatient", "aftercare"}
    return IOP in levels | {first.level} and levels <= care and bool(_JOINED.fullmatch(low[first.end : second.start]))


def level_at(place: int, found: Sequence[Mention], low: str, default: str, headings: str) -> str:
    """The level that a place of a sentence is about: named before it, else behind it, else of the headings."""
    before = [one for one in found if one.end <= place or one.start <= place < one.end]
    while before:
        last = before[-1]
        part = _part_of_iop(before, low, place) or (default == IOP and _with_group(last, low))
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


def _part_of_iop(before: list[Mention], low: str, place: int) -> bool:
    """Whether the last thing named is listed as a part of the IOP, and the time is not of that part alone."""
    iop = next((one for one in before[:-1] if one.level == IOP), None)
    listed = iop and _LISTED.search(low, iop.end, before[-1].start)
    if iop is None or not listed:
        return False
    alone = listed[0] != "with" and before[-2] is iop and not _LIST.search(low, iop.end, before[-1].start)
    return not (alone and _TIMES.fullmatch(low, before[-1].end, place))


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


@lru_cache(1 << 12)
def is_of_another(low: str) -> bool:
    """Whether a sentence with a verb is about a thing that no group is: `the board meets`, `the gym is open`.

    Examples
    --------
    >>> is_of_another("the gym is open until ten"), is_of_another("groups meet until nine")
    (True, False)
    """
    verb = SUBJECT_VERBS.search(low)
    return verb is not None and bool(_WORD.search(low, 0, verb.start())) and not SUBJECTS.search(low, 0, verb.start())


def subject(found: Sequence[Mention]) -> str | None:
    """The level that the next sentence goes on about: an IOP named anywhere, else what the sentence begins with."""
    first = found[0] if found else None
    if any(one.level == IOP for one in found) and first and (first.level == IOP or first.start > SUBJECT):
        return IOP
    return first.level if first and first.start <= SUBJECT else None
