"""Tokens made ready for the grammar: brackets folded into one token, lists of days that serve two clauses cut."""

from __future__ import annotations

import re

from iop_analysis.hours.days import Days
from iop_analysis.hours.grammar import (
    BRACKETS,
    DAY_LINES,
    DAY_THEN_LABELS,
    DAY_THEN_NOTED,
    DAY_THEN_RANGE,
    LABELLED,
    LABELS_THEN_DAY,
    PLAIN_BRACKETS,
    RANGE_THEN_DAY,
    SHARED,
)
from iop_analysis.hours.tokens import Row, Tokens, Value, columns

WEEKEND = {5, 6}
SEPARATORS = re.compile("[;.¶]")
# Labels of a kind, so that times under them share their days: AM and PM, breakfast and dinner.
_ALIKE = re.compile(
    r"\b(?:[ap]\.?m|mornings?|afternoons?|evenings?|nights?|day|daytime|midday|breakfast|brunch|lunch|dinner|supper"
    r"|snacks?|mañana|tarde|noche|desayuno|almuerzo|cena|matutin[oa]|vespertin[oa]|nocturn[oa])\b",
    re.IGNORECASE,
)


def fold_brackets(tokens: Tokens) -> Tokens:
    """Each bracket as one token `@` that holds its tokens; those around days or times alone are commas."""
    if "(" not in tokens.kinds and ")" not in tokens.kinds:
        return tokens
    kinds = PLAIN_BRACKETS.sub(r",\1,", tokens.kinds)
    rows = list(zip(kinds, *tokens[1:], strict=True))
    folded: list[Row] = []
    place = 0
    for match in BRACKETS.finditer(kinds):
        start, end = match.span()
        folded += rows[place:start]
        inner = columns(rows[start + 1 : end - 1]) if match[1] is not None else None
        folded.append(("," if inner is None else "@", tokens.starts[start], tokens.ends[end - 1], inner))
        place = end
    return columns(folded + rows[place:])


def share_days(tokens: Tokens, text: str) -> Tokens:
    """Times under labels that share one list of days get it each: M/W/F AM IOP: 9-12; PM IOP: 6-9.

    Days first, the labels behind them; labels first, of a kind, the days behind all; or days on a line of their own.
    """
    if tokens.kinds.count("T") < 2 or not SHARED.search(tokens.kinds):
        return tokens
    copies: dict[int, int] = {}  # where a time stands, and the days that it gets
    heads: set[int] = set()  # days that stand on a line of their own
    for match in DAY_THEN_LABELS.finditer(tokens.kinds):
        if ";" not in match[0] or _are_alike(tokens, text, match.start() + 1, match.end()):
            copies |= dict.fromkeys(_times(match, 2), match.start())
    for match in DAY_THEN_NOTED.finditer(tokens.kinds):
        copies |= dict.fromkeys(_times(match, 2), match.start())
    for match in LABELS_THEN_DAY.finditer(tokens.kinds):
        if _are_alike(tokens, text, match.start(), match.end() - 1):
            copies |= dict.fromkeys(_times(match, 1), match.end() - 1)
    if tokens.kinds.lstrip("wvL,:@;¶.")[:1] in ("D", "E"):
        for match in DAY_LINES.finditer(tokens.kinds):
            copies |= dict.fromkeys(_times(match, 2), match.start(1))
            heads.add(match.start(1))
    return _with_copies(tokens, copies, heads) if copies else tokens


def _times(match: re.Match[str], group: int) -> list[int]:
    return [match.start(group) + place for place, kind in enumerate(match[group]) if kind == "T"]


def _are_alike(tokens: Tokens, text: str, start: int, end: int) -> bool:
    """Whether every time of a row of tokens has a label that names a part of the day or a meal."""
    for one in LABELLED.finditer(tokens.kinds, start, end):
        first = tokens.ends[one.start() - 1] if one.start() else 0
        if not _ALIKE.search(text, first, tokens.starts[one.end() - 1]):
            return False
    return True


def _with_copies(tokens: Tokens, copies: dict[int, int], heads: set[int]) -> Tokens:
    """The tokens with a copy of a list of days before some times, and without lists on lines of their own."""
    rows: list[Row] = []
    for place, row in enumerate(zip(*tokens, strict=True)):
        if place in copies:
            source = copies[place]
            rows.append((tokens.kinds[source], row[1], row[1], tokens.values[source]))
        if place not in heads:
            rows.append(row)
    return columns(rows)


def cut_lists(tokens: Tokens) -> Tokens:
    """A list of days that belongs to two clauses becomes two lists, a sentence apart."""
    if max([len(value.items) for value in tokens.values if isinstance(value, Days)], default=0) < 2:
        return tokens
    for pattern, first_is_range in ((RANGE_THEN_DAY, True), (DAY_THEN_RANGE, False)):
        places = [match.end() - 1 for match in pattern.finditer(tokens.kinds)]
        cuts = {place: _cut(tokens.values[place], first_is_range) for place in places}
        if any(cuts.values()):
            tokens = _insert(tokens, cuts)
    return tokens


def _cut(days: Value, first_is_range: bool) -> tuple[Days, Days] | None:
    """The two lists of a list where that is plain: a range and then a day or the weekend, or days and then a range."""
    if not isinstance(days, Days) or days.part or len(days.items) < 2:
        return None
    first, rest = days.items[0], days.items[1:]
    later = {day for item in rest for day in item}
    if first_is_range:
        plain = len(first) > 1 and (len(rest) == 1 or later <= WEEKEND) and later.isdisjoint(first)
    else:
        singles, rest = days.items[:-1], days.items[-1:]
        first, later = tuple(sorted({day for item in singles for day in item})), set(rest[0])
        plain = all(len(item) == 1 for item in singles) and len(rest[0]) > 2 and later.isdisjoint(first)
    return (Days(tuple(sorted(first)), (first,)), Days(tuple(sorted(later)), rest)) if plain else None


def _insert(tokens: Tokens, cuts: dict[int, tuple[Days, Days] | None]) -> Tokens:
    """The tokens with two lists of days and a separator in place of each list that is cut."""
    rows: list[Row] = []
    for place, (kind, start, end, value) in enumerate(zip(*tokens, strict=True)):
        cut = cuts.get(place)
        if cut:
            rows += [("D", start, end, cut[0]), (";", start, end, None), ("D", start, end, cut[1])]
        else:
            rows.append((kind, start, end, value))
    return columns(rows)


def pieces(gap: str, start: int) -> list[tuple[int, int, str]]:
    """Pieces between separators, each with the separator behind it."""
    parts, place = [], 0
    for match in SEPARATORS.finditer(gap):
        parts.append((start + place, start + match.start(), match[0]))
        place = match.end()
    return [*parts, (start + place, start + len(gap), "")]
