"""Days and clock spans in a sentence, and which days each span is tied to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from iop_analysis.hours.clock import CLOCK, UNTIL, Span, read_span, read_time
from iop_analysis.hours.days import DAYS, read_days
from iop_analysis.hours.minutes import WHOLE_DAY
from iop_analysis.hours.prose_text import Sentence
from iop_analysis.hours.prose_words import CLOCKS, IRREGULAR, NOT_ON, holds

LONGEST_SESSION = 12 * 60
EVERY_DAY = tuple(range(7))
_NOT_BEHIND = r"(?<![\d:.$#/-])"
_DAYS = re.compile(rf"(?<![a-z0-9'.])(?:{DAYS})")
_LETTER = "(?:M|Tue|Tu|T|Wed|W|TH|Th|R|F|Sa|Su)"
_LETTERS = re.compile(
    rf"(?<![A-Za-z0-9&.'-]){_LETTER}(?:(?:[/,&]\s?|\s?-\s?|\s?,\s?&\s?|){_LETTER}){{1,6}}(?![A-Za-z0-9'])(?!\.[A-Za-z])"
)
_NO_LETTERS = ("MF", "TF", "MT", "WF", "ST")
_ALL_WEEK = re.compile(
    r"(?<![a-z0-9])(?:(?:seven|7)(?: \(7\))? days (?:a|per|each|every) week|7 days/week|every day of the week"
    r"|todos los d[ií]as)"
)
_AROUND_THE_CLOCK = re.compile(r"(?:\d\s?-|to|or|hours (?:a|per) day,?(?: and)?|24/)\s?\Z")
_NO_DAYS = re.compile("work|business")
_HALF = r"(?:\s?[ap]\.?\s?m\.?(?![a-z])|[ap](?![a-z]))"
_TOLD = rf"\d{{1,2}}(?::\d\d)?{_HALF}"
_ZONE = r"\s?\(?(?:[cemp][sd]?t|central|eastern|pacific|mountain)(?: time)?\)?(?![a-z])"
_PART = r" (?:in the (?:morning|afternoon|evening)|at night|de la (?:ma[nñ]ana|tarde|noche))(?![a-z])"
_LATE_PART = re.compile(" in the (?:afternoon|evening)| at night| de la (?:tarde|noche)")
_SPAN = re.compile(rf"{_NOT_BEHIND}(?:between {CLOCK} and {CLOCK}|{CLOCK}(?:{_ZONE}|{_PART})?{UNTIL}{CLOCK})(?!\w|:\d)")
_AT = r"(?:at |around |by |promptly at )?"
_ENDS = re.compile(
    rf"{_NOT_BEHIND}(?:{CLOCKS['opens']}\s)?{_AT}({_TOLD}|noon)[ ,]*(?:and |with |groups? )?{CLOCKS['goes_on']} "
    rf"(?:until |till? |through |to |at |by |around |las )*({CLOCK})(?!\w)"
)
_LOST_DASH = re.compile(rf"(?<![\d:.])({_TOLD}) ?\|? ?({_TOLD}|noon)(?!\w)")
_START = re.compile(rf"{_NOT_BEHIND}{CLOCKS['starts']}\s(?:[a-z]+ ){{0,3}}?{_AT}({_TOLD})(?!\w|\s?-)")
_START_TOO = re.compile(rf"(?:,\s?|\s)(?:(?:and|or|y|o)\s)?(?:again )?{_AT}({_TOLD}|noon)(?!\w|\s?-)")
_AT_WHICH = re.compile(rf"{_NOT_BEHIND}(?<![a-z])at ({_TOLD})(?!\w|\s?-)")
_LASTS = re.compile(
    rf"(?<![\d.-])({CLOCKS['lengths']})[ -](?:\(\d\) )?(?:hours?|hrs?)(?! (?:a|per|each|every) week)(?![a-z])"
)
_FIGURE = re.compile(r"\d|noon|midnight|mediod")
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "two and a half": 2.5, "three and a half": 3.5}
_ANY_CLOCK = re.compile(rf"{_NOT_BEHIND}(?:{_TOLD}|\d{{1,2}}:\d\d)(?!\w)")
_BARE = re.compile(r"(?:between )?\d{1,2}\s?(?:-|to|and|until|till?|a)\s?\d{1,2}")
_UNIT_NEXT = re.compile(rf"\s?(?:\+|%|/|-?\s?(?:\w+[ -])?{CLOCKS['units']}(?![a-z]))")
_NO_CLOCK_BEFORE = re.compile(rf"(?<![a-z]){CLOCKS['no_clock']}\W*\Z")
_CLOCK_BEFORE = re.compile(rf"(?<![a-z]){CLOCKS['clock']}[:,.)(@ |-]*\Z")
_CLOCK_NEXT = re.compile(
    rf"\s?(?:in the (?:evening|morning|afternoon)|at night|[,(]?\s?(?:on )?(?:{DAYS})|de la (?:noche|tarde|ma[nñ]ana))"
)
_PARTS = r"(?:in the |the )?(?:mornings?|evenings?|afternoons?|nights?)?"
_SHARED = re.compile(rf"[\s,;&/)]*(?:or|and|y|o|plus)?[\s(]*{_PARTS}[\s(:]*(?:from|de)?[\s(]*")
_MONTH_DAY = re.compile(r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? \d{0,2}\Z|\d{4}\Z")


# Pieces of words without which a pattern cannot match; they are found much sooner.
_BEGINS = ("start", "begin", "meet", "partir", "commenc", "kick")
_GOES_ON = (
    "run",
    "goes",
    "last",
    "continu",
    "end",
    "finish",
    "clos",
    "over",
    "conclud",
    "wraps",
    "termina",
    "hasta",
    "leav",
    "home",
    "out",
    "done",
)
_DAY_WORDS = (
    *("day", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "week", "lunes", "martes", "rcoles", "jueves", "viernes"),
    *(
        "bado",
        "doming",
        "semana",
        "días",
        "dias",
        "m-",
        "m/",
        "mwf",
        "tth",
        "m,",
        "m t",
        "t/",
        "w/",
        "m &",
        "m w",
        "m -",
    ),
)


class Said(NamedTuple):
    """Days (`D`), a span (`T`), a lone start (`S`) or an unread clock (`?`) at a place of a sentence."""

    kind: str
    start: int
    end: int
    days: tuple[int, ...] = ()
    part: tuple[str, ...] = ()
    opens: int = 0
    closes: int = 0


def said_times(one: Sentence, late: bool, early: bool) -> list[Said]:
    """Every day list and clock of a sentence in order; `late` and `early` settle hours without am or pm.

    Examples
    --------
    >>> from iop_analysis.hours.prose_text import sentence
    >>> [(said.kind, said.days, said.opens) for said in said_times(sentence("Mon/Wed 6-9 for 3-5 weeks"), True, False)]
    [('D', (0, 2), 0), ('T', (), 1080)]
    """
    clock = bool(_FIGURE.search(one.low))
    spans = _spans(one, late, early) if clock else []
    found = [*spans, *_days(one, spans)]
    taken = [(said.start, said.end) for said in spans]
    for start, end in _starts(one.low) if clock else ():
        told = read_time(_plain(one.low[start:end])) if _free((start, end), taken) else None
        if told:
            found.append(Said("S", start, end, opens=told.whole, closes=_length(one.low)))
            taken.append((start, end))
    found += [
        Said("?", *match.span()) for match in _ANY_CLOCK.finditer(one.low) if clock and _free(match.span(), taken)
    ]
    return sorted(found, key=lambda said: said.start)


def _starts(low: str) -> Iterator[tuple[int, int]]:
    """Where the clocks stand at which something starts, one or several in a row: `starts at 9 am, 1 pm and 6 pm`."""
    begins = _START.finditer(low) if holds(low, _BEGINS) else ()
    for match in chain(begins, _AT_WHICH.finditer(low) if " at " in low and _LASTS.search(low) else ()):
        next_one: re.Match[str] | None = match
        while next_one:
            yield next_one.span(1)
            next_one = _START_TOO.match(low, next_one.end())


def _free(place: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    return not any(place[0] < end and place[1] > start for start, end in taken)


def _length(low: str) -> int:
    """Minutes that a sentence says a session lasts; 0 where it does not."""
    match = _LASTS.search(low)
    return int(float(_NUMBERS.get(match[1], 0) or match[1]) * 60) if match else 0


def _plain(text: str) -> str:
    told = re.sub(" in the morning| de la ma[nñ]ana", " am", _LATE_PART.sub(" pm", text))
    return re.sub(_ZONE, "", told).strip()


def _spans(one: Sentence, late: bool, early: bool) -> list[Said]:
    found: list[Said] = []
    ends = holds(one.low, _GOES_ON)
    for pattern in (_SPAN, _ENDS, _LOST_DASH) if ends else (_SPAN, _LOST_DASH):
        for match in pattern.finditer(one.low):
            if not _free(match.span(), [(said.start, said.end) for said in found]):
                continue
            text = match[0] if pattern is _SPAN else f"{match[1]}-{match[2]}"
            if pattern is _SPAN and not _clock_like(one.low, match):
                continue
            span = _settled(read_span(_plain(text)), one.low, match.end(), late, early)
            if span is None or span[1] > WHOLE_DAY or not 0 < span[1] - span[0] <= LONGEST_SESSION:
                found.append(Said("?", *match.span()))
            else:
                found.append(Said("T", *match.span(), opens=span[0], closes=span[1]))
    return found


def _clock_like(low: str, match: re.Match[str]) -> bool:
    """Whether two figures are hours: `6-9` is only beside a day, a preposition or a part of the day."""
    if not _BARE.fullmatch(match[0]):
        return not _MONTH_DAY.search(low, 0, match.start()) or bool(re.search("[ap]\\.?m", match[0]))
    if _UNIT_NEXT.match(low, match.end()) or _NO_CLOCK_BEFORE.search(low, 0, match.start()):
        return False
    figures = [int(figure) for figure in re.findall(r"\d+", match[0])]
    if max(figures) > 12 or min(figures) < 1:
        return False
    return bool(_CLOCK_BEFORE.search(low, 0, match.start()) or _CLOCK_NEXT.match(low, match.end()))


def _settled(span: Span | None, low: str, end: int, late: bool, early: bool) -> tuple[int, int] | None:
    """Opening and closing minute; None where two readings are just as likely and no word decides."""
    if span is None:
        return None
    near = low[end : end + 16]
    late = late or bool(re.match(r"\s?(?:in the (?:evening|afternoon)|at night|de la (?:noche|tarde)|p\.?m)", near))
    if span.inferred and late and not early and span.closes <= 720 and span.clock != "24":
        return span.opens + 720, span.closes + 720
    if span.other is None:
        return span.opens, span.closes
    if late == early:
        return None
    first, last = sorted((span[:2], span.other))
    return last if late else first


def _days(one: Sentence, spans: list[Said]) -> list[Said]:
    found: list[Said] = []
    taken = [(said.start, said.end) for said in spans]
    if not holds(one.low, _DAY_WORDS) and not _LETTERS.search(one.text):
        return found
    for match in _ALL_WEEK.finditer(one.low):
        if not _AROUND_THE_CLOCK.search(one.low, 0, match.start()):
            found.append(Said("D", *match.span(), days=EVERY_DAY))
    for start, end, text in _day_texts(one):
        if not _free((start, end), taken + [(said.start, said.end) for said in found]):
            continue
        days = read_days(text)
        if NOT_ON.search(one.low, 0, start) or _NO_DAYS.search(text):
            continue
        if days is None or IRREGULAR.search(one.low, 0, start):
            found.append(Said("d", start, end))
        else:
            part = tuple("evening" if one == "night" else one for one in days.part)
            found.append(Said("D", start, end, days.days, part))
    return found


def _is_word(one: Sentence, match: re.Match[str]) -> bool:
    """Whether `sun` or `sat` in small letters is a word and no day."""
    return match[0].rstrip(".") in ("sun", "sat", "wed", "mon", "mar") and one.written(*match.span()).islower()


def _day_texts(one: Sentence) -> list[tuple[int, int, str]]:
    found = [(*match.span(), match[0]) for match in _DAYS.finditer(one.low) if not _is_word(one, match)]
    if one.places or not _LETTERS.search(one.text):
        return found
    taken = [place[:2] for place in found]
    return found + [
        (*match.span(), match[0].lower().replace(" ", ""))
        for match in _LETTERS.finditer(one.text)
        if _free(match.span(), taken) and match[0].upper() not in _NO_LETTERS
    ]


def tied(said: list[Said], low: str) -> list[tuple[Said, Said | None]]:
    """Each span of a sentence with the days it is tied to, None where the sentence ties none; `d` are not weekly ones.

    Examples
    --------
    >>> from iop_analysis.hours.prose_text import sentence
    >>> one = sentence("9 to noon Mon-Fri and 6-9 pm Mon-Thu")
    >>> [(span.opens, days.days) for span, days in tied(said_times(one, False, False), one.low)]
    [(540, (0, 1, 2, 3, 4)), (1080, (0, 1, 2, 3))]
    """
    tokens = [one for one in said if one.kind in "DTSd"]
    shape = "".join("T" if one.kind == "S" else one.kind.upper() for one in tokens)
    spans = [place for place, letter in enumerate(shape) if letter == "T"]
    return [(tokens[place], _days_of(place, tokens, shape, low)) for place in spans]


def _days_of(place: int, tokens: list[Said], shape: str, low: str) -> Said | None:
    before, behind = shape.rfind("D", 0, place), shape.find("D", place)
    if before < 0 and behind < 0:
        return None
    if before < 0:
        return tokens[behind] if shape[place:behind].count("T") == 1 or _joined(tokens, place, behind, low) else None
    if behind < 0:
        if (
            shape[0] == "T"
            and shape.startswith("TD")
            and shape[before + 1 : place + 1] == "T"
            and not _or(low, tokens[before].end, tokens[place].start)
        ):
            return None
        return tokens[before]
    first_is_days = shape[0] == "D"
    near_before = low[tokens[before].end : tokens[place].start]
    if shape[behind - 1] == "T" and behind - place == 1 and not first_is_days and len(near_before) > 4:
        return tokens[behind]
    return tokens[before] if first_is_days else tokens[behind]


def _joined(tokens: list[Said], place: int, behind: int, low: str) -> bool:
    """Whether only `or`, `and` and commas stand between spans that share the days behind them."""
    between = [low[tokens[one].end : tokens[one + 1].start] for one in range(place, behind - 1)]
    return all(_SHARED.fullmatch(text) for text in between)


def _or(low: str, start: int, end: int) -> bool:
    return bool(re.fullmatch(r"[\s,]*(?:or|o)\s*(?:from)?\s*", low[start:end]))
