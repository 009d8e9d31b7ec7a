"""Tokens made ready for the grammar: brackets folded into one token, lists of days that serve two clauses cut."""

from __future__ import annotations

from iop_analysis.hours.days import Days
from iop_analysis.hours.grammar import BRACKETS, DAY_THEN_RANGE, PLAIN_BRACKETS, RANGE_THEN_DAY
from iop_analysis.hours.tokens import Tokens, Value

WEEKEND = {5, 6}


def fold_brackets(tokens: Tokens) -> Tokens:
    """Each bracket as one token `@` that holds its tokens; those around days or times alone are commas."""
    if "(" not in tokens.kinds and ")" not in tokens.kinds:
        return tokens
    kinds = PLAIN_BRACKETS.sub(r",\1,", tokens.kinds)
    starts: list[int] = []
    ends: list[int] = []
    values: list[Value] = []
    letters: list[str] = []
    place = 0
    for match in BRACKETS.finditer(kinds):
        start, end = match.span()
        letters += [kinds[place:start], "@" if match[1] is not None else ","]
        inner = _slice(tokens._replace(kinds=kinds), start + 1, end - 1) if match[1] is not None else None
        starts += tokens.starts[place : start + 1]
        ends += [*tokens.ends[place:start], tokens.ends[end - 1]]
        values += [*tokens.values[place:start], inner]
        place = end
    rest = _slice(tokens._replace(kinds=kinds), place, len(kinds))
    return Tokens(
        "".join([*letters, rest.kinds]), (*starts, *rest.starts), (*ends, *rest.ends), (*values, *rest.values)
    )


def cut_lists(tokens: Tokens) -> Tokens:
    """A list of days that belongs to two clauses becomes two lists, a sentence apart."""
    for pattern, first_is_range in ((RANGE_THEN_DAY, True), (DAY_THEN_RANGE, False)):
        for match in reversed(list(pattern.finditer(tokens.kinds))):
            place = match.end() - 1
            value = tokens.values[place]
            cut = _cut(value, first_is_range) if isinstance(value, Days) else 0
            if isinstance(value, Days) and cut:
                tokens = _insert(tokens, place, [_joined(value.items[:cut]), None, _joined(value.items[cut:])])
    return tokens


def _cut(days: Days, first_is_range: bool) -> int:
    """How many items of a list belong to its first clause where that is plain: a range, then one day or the weekend."""
    if not first_is_range:
        return int(len(days.items) == 2 and len(days.items[0]) == 1 and len(days.items[1]) > 2 and not days.part)
    rest = [day for item in days.items[1:] for day in item if not days.part]
    plain = rest and len(days.items[0]) > 1 and (len(days.items) == 2 or set(rest) <= WEEKEND)
    return 1 if plain and not set(rest) & set(days.items[0]) else 0


def _joined(items: tuple[tuple[int, ...], ...]) -> Days:
    return Days(tuple(sorted({day for item in items for day in item})), items)


def _insert(tokens: Tokens, place: int, values: list[Value]) -> Tokens:
    """Two lists of days and a separator in place of one list."""
    start, end = tokens.starts[place], tokens.ends[place]
    return Tokens(
        f"{tokens.kinds[:place]}D;D{tokens.kinds[place + 1 :]}",
        (*tokens.starts[:place], start, start, start, *tokens.starts[place + 1 :]),
        (*tokens.ends[:place], end, end, end, *tokens.ends[place + 1 :]),
        (*tokens.values[:place], *values, *tokens.values[place + 1 :]),
    )


def _slice(tokens: Tokens, start: int, end: int) -> Tokens:
    return Tokens(*(part[start:end] for part in tokens))  # type: ignore[arg-type]
