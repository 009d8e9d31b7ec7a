"""Text becomes tokens, one letter each: days, spans, words that change a clause, words that do not, separators."""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias

from iop_analysis.hours import notes
from iop_analysis.hours.clock import CLOCK, UNTIL, Span, read_span, span_of
from iop_analysis.hours.days import DAYS, NAME, Days, read_days
from iop_analysis.hours.words import CODES, KINDS, LISTS, NAMES, any_of

Value: TypeAlias = "Span | Days | str | Tokens | None"
Row: TypeAlias = "tuple[str, int, int, Value]"


class Tokens(NamedTuple):
    """Tokens of a text: one letter each in `kinds`, where each stands in the plain text, and what it was read as."""

    kinds: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    values: tuple[Value, ...]


def _pattern(parts: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{name}>{part})" for name, part in parts.items()))


_MONTH = f"(?:{any_of(LISTS['months'])})" + r"(?![a-z])\.?"
_UNIT = f"(?:{any_of(LISTS['units'])})(?![a-z-])"
_NTH = rf"(?:[1-5](?:st|nd|rd|th)|{any_of(LISTS['ordinals'])})"
_NTHS = rf"{_NTH}(?:\s?(?:,|&|and|-|/|or)\s?(?:and\s)?(?:the\s)?{_NTH}){{0,4}}"
_NTH_DAY = rf"{_NTHS}\s(?=(?:full\s)?{NAME})|\A{_NTHS}(?=(?:\sonly)?\Z)"
_ALL = rf"(?:(?:[a-z]+-)?(?:{any_of(LISTS['before_holidays'])})[ ,/]+(?:and )?){{0,5}}"
_HOLIDAY = f"(?:{any_of([phrase for phrase, kind in KINDS.items() if kind == 'h'])})"
_HOLIDAYS = rf"{_ALL}{_HOLIDAY}(?:(?:\s?,\s?(?:and\s)?|\s(?:and|&|or)\s|\s?/\s?){_ALL}{_HOLIDAY}){{0,20}}+(?![a-z])"
_TOLD = (
    r"(?:\d{1,2}(?:[:.]\d\d)?|\d{3,4})(?:\s?(?:[ap]m(?![a-z])|[ap]\.\s?m(?![a-z])\.?)|[ap](?![a-z]|\.\s?m))"
    r"|\d{1,2}:\d\d|noon|midnight"
)
_AT, _SOME = f"(?:{any_of(LISTS['before_a_time'])})", f"(?:{any_of(LISTS['before_some_days'])})"
_NOT_SPAN = rf"(?![\w:]|{UNTIL}(?:\d|noon|midnight))"
_BARE_END = rf"(?=\s?(?:[,;.)(\n]|\Z)|\s(?:on|and|by)\s|\s{NAME})"
_TIMES_A_WEEK = (
    rf"(?:[1-6]|{any_of(LISTS['numbers'])})\s?(?:(?:-|to|or)\s?\d\s)?(?:days?|nights?|evenings?|mornings?|times|x)"
    r"\s?(?:a|per|each|/|every)\s?(?:week|month)"
)
_NUMBERS = {str(number): number for number in range(1, 7)}
_NUMBERS |= {word: number for number, word in enumerate(LISTS["numbers"], 1)}
_COUNT = re.compile(rf"({'|'.join(_NUMBERS)})\s?(?:days?|nights?|evenings?|mornings?|times|x)\W.*week")
_OFF = r"off(?=\s?(?:[;,.)(\n|]|\Z))"
_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?")
_SPAN_BEGINS = rf"(?!{notes.FEW_DAYS})"
_SPAN_ENDS = rf"(?!\w|:\d|-\d|\s?\+|(?<!\d{{4}})(?<!:\d\d)\s?(?:days(?![a-z])|(?!year.round){_UNIT}))"

# Words at the very beginning that say nothing are passed over.
_INTRO = re.compile(rf" ?(?:(?:{any_of(LISTS['intros'])})(?: ?: ?| ))")
_DAY_BEGINS = "".join({word[0] for word in (*NAMES, *CODES)})
# Most tokens are a mark, a span, days or a word, found in one walk by the number of the group; all else ends before it.
_NEXT = re.compile(
    rf" *+(?:([,&/+:-])|(?=[0-9]){_SPAN_BEGINS}({CLOCK}){UNTIL}({CLOCK}){_SPAN_ENDS}"
    rf"|(?=[{_DAY_BEGINS}])({DAYS})|([^\W\d_]++(?:'[a-z]++)?+)(?!\d)|)"
)
_OPENS, _CLOSES, _DAYS = 2, 3, 4
_PIECES = re.compile(r"[^;\n|•·*()\[\]{}]+|\n+|[;|•·*()\[\]{}]")

# What else may begin with a figure or a word, in the order of trying; the first letter of a name is the kind.
_FIGURES = _pattern(
    {
        "m_ahead": notes.AHEAD,
        "m_older": notes.OLDER,
        "known": rf"(?:{any_of([phrase for phrase in KINDS if phrase[0].isdigit()])})(?![a-z\d])",
        "S_date": r"(?:0?[1-9]|1[0-2])/[0-3]?\d(?:/\d{2,4})?(?![\d:])|\d{1,2}-\d{1,2}-\d{2,4}"
        r"|(?:19|20)\d\d-(?:19|20)?\d\d",
        "n_phone": notes.TELEPHONE,
        "n_street": rf"\d{{1,3}}(?:st|nd|rd|th)\s(?:{any_of(LISTS['streets'])})(?![a-z])",
        "x_times": _TIMES_A_WEEK,
        "n_amount": rf"\d+(?:\s?(?:-|to)\s?\d+)?[\s-]?(?:{_UNIT}|days?(?![a-z-]))",
        "N_nth": _NTH_DAY,
        "N_day": r"\d{1,2}(?:st|nd|rd|th)(?![a-z])",
        "t_open": rf"(?:(?>{_TOLD})|\d{{1,2}})(?:\s?\+|\s?-\s?(?:\?|clos|until|till|finish|dusk|dark|late))",
        "T_gap": r"\d{1,2}:\d\d\s?[ap]\.?m\.?\s\d{1,2}:\d\d\s?[ap]\.?m(?![a-z])(?!\s?-)",
        "t": rf"(?>{_TOLD})(?![\w:])",
        "n": r"\d[\d:.,]*",
    }
)
_WORDS_KNOWN = rf"(?:{any_of([phrase for phrase in KINDS if not phrase[0].isdigit()])})(?![a-z\d])"
_PHRASES = _pattern(
    {
        "T": rf"between\s{CLOCK}\s(?:and|&|y)\s{CLOCK}(?!\w)|{_SPAN_BEGINS}{CLOCK}{UNTIL}{CLOCK}{_SPAN_ENDS}",
        "t": rf"{_AT}\s(?:(?>{_TOLD}){_NOT_SPAN}|\d{{1,2}}{_NOT_SPAN}{_BARE_END})|noon|midnight",
        "V_about": notes.GUESS,
        "N_beside": r"(?:following|preceding|before|after)\s(?:an?|any|each|every|all|federal|the)"
        r"\s(?:[a-z]+\s)?holidays?",
        "N_weeks": r"weeks?\s#?\d",
        "V_ask": r"for\s(?:(?!the\b|a\b)[a-z]+\s){1,3}(?:times|dates|days)(?![a-z])",
        "w_late": rf"(?:{any_of(LISTS['late'])})\s?:?\s?(?=(?:on\s)?{NAME})",
        "V_early": rf"(?:{any_of(LISTS['before_early'])})\s(?:[\w]+\s){{0,3}}(?:early|earlier|late|later)(?![a-z])",
        "m_notice": notes.NOTICE,
        "C_off": _OFF,
        "N_nth": _NTH_DAY,
        "N_some": rf"{_SOME}\s(?={NAME}|evening|day|time|hour|morning|afternoon|week|night)",
        "S_between": rf"{_HOLIDAY}\s?(?:-|to\s|through\s|thru\s|until\s)\s?(?:the\s)?{_HOLIDAY}(?![a-z])",
        "n_closed": rf"(?:{any_of(LISTS['without_holidays'])})\s(?:(?:on|for|during|en|los|durante)\s){{0,2}}"
        rf"{_HOLIDAYS}(?!\s?(?:,|and\s|&)\s?(?:and\s)?{NAME})",
        "h": _HOLIDAYS,
        "X_no": rf"(?:no|not|but|but not)\s(?:on\s)?(?={NAME})",
        "S_may": r"may(?=\s?(?:-|through\s|to\s|and\s)[a-z])|(?:(?<=- )|(?<=-)|(?<=through ))may(?![a-z])",
        "S_date": rf"{_MONTH}\s?\d{{1,2}}(?:st|nd|rd|th)?(?!\d|:|\s?[ap]\.?m)(?:,?\s(?:19|20)\d\d)?",
        "w_numbered": notes.NUMBERED,
        "m_people": notes.PEOPLE,
        "m_contact": notes.CONTACT,
        "m_after": notes.AFTER_HOURS,
        "m_answers": notes.ANSWERED,
        "n_address": r"https?:[^\s]{1,200}|www\.[^\s]{1,200}",
        "x_times": _TIMES_A_WEEK,
        "known": _WORDS_KNOWN,
    }
)
_KNOWN = re.compile(f"(?P<known>{_WORDS_KNOWN})")


def _first_words(phrases: list[str]) -> frozenset[str]:
    return frozenset(match[0] for match in map(_WORD.match, phrases) if match)


# Words with which a phrase of the tables begins, and those with which something else may begin, too.
_FIRST = _first_words([*KINDS])
_OPENERS = _first_words([phrase for phrase, kind in KINDS.items() if kind == "h"] + sum(LISTS.values(), []))
_SEPARATORS = dict.fromkeys(";|•·*\n", ";") | dict.fromkeys("([{", "(") | dict.fromkeys(")]}", ")")
_DIGITS = frozenset("0123456789")
# Marks, and words of which no longer phrase begins: nothing else has to be looked at.
_MORE = frozenset(phrase[: len(word[0])] for phrase in KINDS if (word := _WORD.match(phrase)) and word[0] != phrase)
_ALONE = dict.fromkeys(",&/+-", ",") | {":": ":"}
_ALONE |= {phrase: kind for phrase, kind in KINDS.items() if phrase not in _MORE | _OPENERS}
# A letter beside a comma or slash may be a day that the list before or behind it lost; `w/` is with.
_LONE_DAYS = frozenset(("m", "t", "w", "f", "r", "th", "tu", "fr", "sa", "su", "mo"))
_LISTED = re.compile(r"[,&/-] ?[a-z]|[a-z]h? ?[,&-]|[a-z]h?/(?! ?\w{3})")
# The letters of a day in another order are a typing error; what is meant is not guessed.
_MIXED = frozenset("".join(sorted(name)) for name in NAMES if name.endswith("day"))
_NO_DAY = frozenset(LISTS["no_days"])


def lex(text: str) -> Tokens:
    """Tokens of plain text; words that say nothing about hours are `w`, and those that never matter are left out."""
    low = text.lower()
    if len(low) != len(text):  # a few letters change length; every place has to stay the same
        low = "".join(one.lower()[0] for one in text)
    intro = _INTRO.match(low)
    if intro:
        low = " " * intro.end() + low[intro.end() :]
    rows: list[Row] = []
    place = 0
    for piece in _PIECES.findall(low):
        mark = _SEPARATORS.get(piece[0])
        if mark == ")" and rows and rows[-1][0] == "(":  # brackets that say nothing
            rows.pop()
        elif mark:
            rows.append(("¶" if piece[:2] == "\n\n" else mark, place, place + len(piece), None))
        else:
            _piece(piece, place, rows)
        place += len(piece)
    found = columns(rows)
    return columns(_counted(rows)) if "x" in found.kinds else found


def _counted(rows: list[Row]) -> list[Row]:
    """Rows in which `three evenings a week` is a word where three days follow, and vague where not."""
    told: list[Row] = []
    for place, (kind, start, end, value) in enumerate(rows):
        if kind == "x":
            behind = next((row[3] for row in rows[place + 1 :] if row[0] not in ",:()wvT"), None)
            count = _COUNT.fullmatch(str(value))
            told_days = isinstance(behind, Days) and count and len(behind.days) == _NUMBERS[count[1]]
            kind = "w" if told_days else "V"
            value = None
        if kind == "w" and told and told[-1][0] == "w":
            start = told.pop()[1]
        told.append((kind, start, end, value))
    return told


def _piece(low: str, base: int, rows: list[Row]) -> None:
    """Tokens of a piece without separators, which begins at a place of the text, behind the rows before."""
    before, place, end = "", 0, len(low)
    while place < end and (match := _NEXT.match(low, place)):
        group, kind = match.lastindex, ""
        value: Value = None
        if group == _DAYS:
            place, stop = match.span(_DAYS)
            value = read_days(match[_DAYS])
            kind = "D" if value else "d"
        elif group == _CLOSES:
            place, stop = match.start(_OPENS), match.end()
            value = span_of(match[_OPENS], match[_CLOSES])
            kind = "T" if value else kind
        elif group:
            place, stop = match.span(group)
            kind = _ALONE.get(match[group], kind)
        else:
            place = stop = match.end()
        if not kind:
            if place == end:
                break
            kind, stop, value = _other(low, place, stop)
            if kind == "n" and stop - place < 3 and before in ("D", "E"):
                kind = "b"  # a time too short to be told
        if kind == "w" == before:
            rows[-1] = ("w", rows[-1][1], base + stop, None)
        elif kind not in "fn":
            rows.append((kind, base + place, base + stop, value))
            before = kind
        place = stop


def _other(low: str, place: int, stop: int) -> tuple[str, int, Value]:
    """Kind, end and value of a token that takes a closer look; `stop` is behind a span that cannot be, if any."""
    first = low[place]
    if first in _DIGITS:
        figure = _FIGURES.match(low, place)
        if figure is None or (stop > place and figure.lastgroup in ("t", "n")):
            return "b", stop, None
        return _told(figure)
    if first == ".":
        return ("." if low[place + 1 : place + 2] in (" ", "") else "f"), place + 1, None
    return _word(low, place)


def columns(rows: list[Row]) -> Tokens:
    """Tokens from one tuple each."""
    if not rows:
        return Tokens("", (), (), ())
    kinds, starts, ends, values = zip(*rows, strict=True)
    return Tokens("".join(kinds), starts, ends, values)


def _word(low: str, place: int) -> tuple[str, int, Value]:
    """Kind, end and value of the token that begins with a letter or an unknown character."""
    word = _WORD.match(low, place)
    if word is None:
        return "f", place + 1, None
    first = word[0]
    phrase = _PHRASES.match(low, place) if first in _OPENERS else _KNOWN.match(low, place) if first in _FIRST else None
    if phrase:
        return _told(phrase)
    if word[0] in ("and", "y"):
        return ",", word.end(), None
    if word[0] in _LONE_DAYS and _LISTED.search(low[max(0, place - 2) : word.end() + 2]):
        return "d", word.end(), None
    like_a_day = word[0].endswith(("day", "days")) or "".join(sorted(word[0])) in _MIXED
    unknown_day = len(word[0]) > 4 and like_a_day and word[0] not in _NO_DAY
    return ("d" if unknown_day else "w"), word.end(), None


def _told(match: re.Match[str]) -> tuple[str, int, Value]:
    """Kind, end and value of a match whose name or table tells its kind."""
    name, text = match.lastgroup or "", match[0]
    kind = KINDS[text] if name == "known" else name[0]
    if kind == "T":
        span = read_span(text)
        too_short = name == "T_gap" and span is not None and span.closes - span.opens < 180
        return ("T" if span and not too_short else "b"), match.end(), span
    if kind == "n" and ":" in text.rstrip(":.,"):
        kind = "b"
    return kind, match.end(), text if kind in "tx" else None
