"""Lists and ranges of days in every spelling: `Mon - Thur & Sat`, `MWF`, `T/Th`, `Monday thru Friday`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from iop_analysis.hours.words import CODES, NAMES, any_of

_END = r"(?![a-z])"
# A short name may carry a dot; behind a whole word a dot ends the sentence.
NAME = rf"{any_of(list(NAMES))}(?:'s)?{_END}(?:(?<![a-z]{{6}})\.)?"
_CODE = rf"{any_of(list(CODES))}{_END}\.?"
_TO = r"(?:\s?-\s?|\s(?:thru|through|to|till?|until|thr|a|al|hasta)\s)"
# A blank alone joins days, but not behind a dot, which may end a sentence, unless the next one has its dot too.
_BLANK = rf"(?<!\.)\s|(?<=\.)\s(?={any_of([name for name in NAMES if len(name) < 6])}\.)"
_AND = rf"(?:\s?,\s?(?:and\s|&\s?|y\s)?|\s?[&/+]\s?|\s(?:and|or|y|e|o)\s|{_BLANK})"
# After a comma or blank, `we`, `t` or `f` is a day only where the list goes on, a time follows or the text ends.
_GOES_ON = (
    rf"(?=\s?(?:[,/&:;)\n-]|\d|(?:and|to|thru|through|from|at|only|open|closed|until|by|between|noon)\s|\Z)|\s{_CODE})"
)
_PART = r"(?:(?<!\.)\s(?:mornings?|afternoons?|evenings?|nights?)(?![a-z]))?"
_MORE = (
    rf"(?:{_TO}(?:{NAME}|{_CODE}){_PART}|{_AND}{NAME}{_PART}|(?:\s?[&/+]\s?|\sand\s){_CODE}|{_AND}{_CODE}{_GOES_ON}"
    rf"|{_AND}(?:mo|tu|th|fr|sa|su)\.(?=\.?(?:\s|\Z)))"
)
_TIME_NEXT = (
    r"(?=[\s:,-]{0,3}(?:\d{1,2}(?:[:.]\d\d)?\s?(?:[ap](?![a-z])|[ap]\.?m|-|to\s|noon)|noon|midnight"
    r"|\d{3,4}\s?[ap]\.?m|\d{4}\s?-|closed))"
)
# Nor is a code alone a day but before a time, before words that close or ask, or beside holidays.
_ASKED_NEXT = (
    r"(?=[\s:,-]{0,3}(?:off(?![a-z])|closed|by\sa(?:p|rr)|appt|appoint|call(?![a-z])"
    r"|(?:late|eves?|var(?:y|ies)|tb[ad])(?![a-z])|(?:from|at|until|till?)\s\d))"
)
_HOLIDAY_NEXT = r"(?=\s?(?:[/,&+]|and\s|or\s)\s?(?:and\s|or\s|&\s)?(?:all\s)?hol(?:iday)?s?(?![a-z]))"
_GLUED = rf"(?=[a-z]{{2}})(?:mo?)?(?:tu|t(?!h))?(?:we?)?(?:th|r)?(?:fr?)?(?:sa)?(?:su)?{_END}"
_BEHIND_TIME = (
    "(?:"
    + "|".join(
        rf"(?<={end})"
        for time in (r"\d", "[ap]m", r"m\.", r"\d[ap]", "noon", "midnight")
        for end in (rf"{time}\s", rf"{time},\s")
    )
    + r"|\A)"
)
DAYS = (
    rf"{NAME}{_PART}{_MORE}*+|{_CODE}{_MORE}++|{_CODE}(?:{_TIME_NEXT}|{_HOLIDAY_NEXT})"
    rf"|(?!we (?!off)){_CODE}{_ASKED_NEXT}|(?:\A|(?<=\A )){_CODE}(?=\s?\Z)"
    rf"|(?<=closed ){_CODE}(?=\s?(?:[,;.)]|\Z))|{_GLUED}{_TIME_NEXT}"
    rf"|{_BEHIND_TIME}(?:{_GLUED}|{_CODE})(?=\s?(?:,|\.?\Z))"
)
_TOKEN = re.compile(rf"({NAME}|{_CODE}|{_GLUED})|({_TO})|{_AND}|([a-z]+)")
_ATOMS = CODES | NAMES
_CHAIN = re.compile(r"[^\W\d_]+\.?(?:\s?-\s?[^\W\d_]+\.?){2,}")
_PART_OF_DAY = re.compile("morning|afternoon|evening|night")
_LETTERS = re.compile(r"th|tu|mo|we|fr|sa|su|[mtwrf]")
_WEEKEND = re.compile(r"s\.?\s?(?:[-/&,+]|and)\s?s\.?")
_ALONE = re.compile(r"(?<=[a-z.])\s(?=[a-z])")


class Days(NamedTuple):
    """Day numbers of a list, 0 is Monday; `items` are its parts between commas, `part` its mornings and evenings."""

    days: tuple[int, ...]
    items: tuple[tuple[int, ...], ...]
    part: tuple[str, ...] = ()


@lru_cache(1 << 14)
def read_days(text: str) -> Days | None:
    """The days of a list such as `mon, wed - fri`; None where it can mean two things.

    Examples
    --------
    >>> read_days("mon, wed - fri").items, read_days("tth").days, read_days("fri-sun").days
    (((0,), (2, 3, 4)), (1, 3), (4, 5, 6))
    >>> read_days("monday friday") is read_days("m-s") is None
    True
    """
    items, parts = _items(text)
    if not items and _WEEKEND.fullmatch(text):
        items = [(5, 6)]
    if len(items) > 1 and (_says_twice(items) or _lost_dash(text, items)):
        return None
    days = items[0] if len(items) == 1 else tuple({day for item in items for day in item})
    return Days(tuple(sorted(days)), tuple(items), tuple(parts)) if items else None


def _items(text: str) -> tuple[list[tuple[int, ...]], list[str]]:
    """The parts of a list, none where one of them is no day or range, and the parts of the day that it names."""
    if text.count("-") > 1 and _CHAIN.fullmatch(text):  # m-w-f is a list
        text = text.replace("-", ",")
    items: list[tuple[int, ...]] = []
    parts: list[str] = []
    ranged = False
    for atom, to, word in _TOKEN.findall(text):
        if atom:
            days = _ATOMS.get(atom) or _atom(atom)
            if ranged and items:
                days = _between(items.pop(), days)
            if not days:
                return [], []
            items.append(days)
            ranged = False
        elif to:
            ranged = True
        elif word:
            parts += _PART_OF_DAY.findall(word)
    return items, parts


def _says_twice(items: list[tuple[int, ...]]) -> bool:
    """Whether a day stands twice, except where the first part says it all: `weekends, Saturday and Sunday`."""
    every = {day for item in items for day in item}
    rest = {day for item in items[1:] for day in item}
    return len(every) < sum(map(len, items)) and not set(items[0]) == every == rest


def _atom(text: str) -> tuple[int, ...]:
    word = text.rstrip(".").removesuffix("'s")
    if word in _ATOMS:
        return _ATOMS[word]
    return tuple(day for part in _LETTERS.findall(word) for day in CODES[part])


def _between(first: tuple[int, ...], last: tuple[int, ...]) -> tuple[int, ...]:
    """Days of a range, around the end of the week where it must; empty where an end is no single day."""
    if len(first) != 1 or len(last) != 1 or first == last:
        return ()
    length = (last[0] - first[0]) % 7
    return tuple((first[0] + step) % 7 for step in range(length + 1))


def _lost_dash(text: str, items: list[tuple[int, ...]]) -> bool:
    """Whether a blank alone stands between two days that are not neighbours: a list, or a range whose dash was lost."""
    if len(items) != 2 or not _ALONE.search(text):
        return False
    apart = items[1][0] - items[0][0]
    return len(items[0]) == len(items[1]) == 1 and apart > 1 and not re.search(r"[,&/+]|\s(?:and|or|y|e|o)\s", text)
