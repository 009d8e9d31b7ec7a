"""Tokens made ready for the grammar: brackets folded into one token, lists of days that serve two clauses cut."""

from __future__ import annotations

from iop_analysis.hours.days import Days
from iop_analysis.hours.grammar import BRACKETS, DAY_THEN_RANGE, PLAIN_BRACKETS, RANGE_THEN_DAY
from iop_analysis.hours.tokens import Tokens, Value, columns

WEEKEND = {5, 6}


def fold_brackets(tokens: Tokens) -> Tokens:
    """Each bracket as one token `@` that holds its tokens; those around days or times alone are commas."""
    if "(" not in tokens.kinds and ")" not in tokens.kinds:
        return tokens
    kinds = PLAIN_BRACKETS.sub(r",\1,", tokens.kinds)
    rows = list(zip(kinds, *tokens[1:], strict=True))
    folded: list[tuple[str, int, int, Value]] = []
    place = 0
    for match in BRACKETS.finditer(kinds):
        start, end = match.span()
        folded += rows[place:start]
        inner = columns(rows[start + 1 : end - 1]) if match[1] is not None else None
        folded.append(("," if inner is None else "@", tokens.starts[start], tokens.ends[end - 1], inner))
        place = end
    return columns(folded + rows[place:])


def cut_lists(tokens: Tokens) -> Tokens:
    """A list of days that belongs to two clauses becomes two lists, a sentence apart."""
    for pattern, first_is_range in ((RANGE_THEN_DAY, True), (DAY_THEN_RANGE, False)):
        places = [match.end() - 1 for match in pattern.finditer(tokens.kinds)]
        cuts = {place: _cut(tokens.values[place], first_is_range) for place in places}
        if any(cuts.values()):
            tokens = _insert(tokens, cuts)
    return tokens


def _cut(days: Value, first_is_range: bool) -> tuple[Days, Days] | None:
    """The two lists of a list where that is plain: a range and then a day or the weekend, or a day and then a range."""
    if not isinstance(days, Days) or days.part or len(days.items) < 2:
        return None
    first, rest = days.items[0], days.items[1:]
    later = {day for item in rest for day in item}
    if first_is_range:
        plain = len(first) > 1 and (len(rest) == 1 or later <= WEEKEND) and later.isdisjoint(first)
    else:
        plain = len(first) == 1 and len(rest) == 1 and len(rest[0]) > 2
    return (Days(tuple(sorted(first)), (first,)), Days(tuple(sorted(later)), rest)) if plain else None


def _insert(tokens: Tokens, cuts: dict[int, tuple[Days, Days] | None]) -> Tokens:
    """The tokens with two lists of days and a separator in place of each list that is cut."""
    rows: list[tuple[str, int, int, Value]] = []
    for place, (kind, start, end, value) in enumerate(zip(*tokens, strict=True)):
        cut = cuts.get(place)
        if cut:
            rows += [("D", start, end, cut[0]), (";", start, end, None), ("D", start, end, cut[1])]
        else:
            rows.append((kind, start, end, value))
    return columns(rows)
