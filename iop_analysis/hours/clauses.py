"""Tokens become clauses: which days are open when, under which label, and which fragments could not be placed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from iop_analysis.hours.clock import Span, closing_after, read_time
from iop_analysis.hours.days import Days
from iop_analysis.hours.grammar import BRACKETS, DAY_THEN_RANGE, GRAMMAR, PLAIN_BRACKETS, RANGE_THEN_DAY
from iop_analysis.hours.tokens import Tokens, Value
from iop_analysis.hours.words import SCOPES

AROUND = ((0, 1440),)
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
# Letters of tokens that carry days or hours wherever they stand, and of those that a label may hold as well.
_HOURS, _MAYBE, _LABEL = frozenset("TtDdEHVbXC"), frozenset("NSvL"), frozenset("wvNSLhKV@")
_SEPARATORS, _CORE = re.compile("[;.¶]"), re.compile("[DEHTtCXPh]")
_PART = re.compile("morning|afternoon|evening|night")
_LATE = re.compile("evening|night|after work")
_SOON = re.compile("morning|breakfast|dosing|dispens|methadone|medication")
_LONE_TIME = re.compile(r"(?:(until|till?|hasta|close[sd]? at|closing at|closes?)\s|([a-z@ ]+)\s)?(\d.*|noon|midnight)")


class Clause(NamedTuple):
    """One clause as read.

    `does` is `open`, `instead` (in place of what an earlier clause says of its days), `closed` or `break`; `days` are
    numbers from 0 for Monday; spans past 1440 end the next day; `inferred` where am or pm was not written.
    """

    label: str
    scope: str
    days: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]
    does: str
    inferred: bool
    start: int
    text: str


class Fragment(NamedTuple):
    """A piece of text that no clause uses; `why` is `lost` where it carries hours, `asked` by appointment, or `note`."""

    start: int
    text: str
    why: str


class Reading(NamedTuple):
    """Clauses and fragments of a text."""

    clauses: list[Clause]
    fragments: list[Fragment]


@lru_cache(1 << 14)
def scope_of(label: str) -> str:
    """What the hours under a label are about: `phone`, `intake`, `program`, `office` or, where it says none, `site`.

    Examples
    --------
    >>> scope_of("Evening IOP"), scope_of("Phone intake"), scope_of("")
    ('program', 'phone', 'site')
    """
    low = label.lower()
    return next((scope for scope in ("phone", "intake", "program", "office") if SCOPES[scope].search(low)), "site")


@lru_cache(1 << 14)
def _shape(kinds: str) -> tuple[tuple[str, int, int], ...]:
    """Where the grammar finds its clauses; texts of one shape are matched once."""
    return tuple([(match.lastgroup or "", *match.span()) for match in GRAMMAR.finditer(kinds)])


def read(text: str, tokens: Tokens) -> Reading:
    """Clauses and fragments of a plain text with its tokens."""
    return _Reader(text, tokens).run()


class _Reader:
    """Walks through a text once and keeps what the next clause needs: the label in force and the clause before."""

    def __init__(self, text: str, tokens: Tokens, parent: Clause | None = None):
        self.text = text
        self.kinds, self.starts, self.ends, self.values = _own_clauses(_fold_brackets(tokens))
        self.clauses: list[Clause] = []
        self.fragments: list[Fragment] = []
        self.parent = parent  # the clause whose bracket this is
        self.label = parent.label if parent else ""
        self.seasonal = False  # the label in force names a season
        self.heading: tuple[int, int, str] | None = None  # one that no clause has come under yet
        self.last = False  # whether a clause has just been read that words may follow
        self.named = False  # whether that clause has a label of its own
        self.pausing = False  # whether this bracket lists breaks

    def run(self) -> Reading:
        place = 0
        for rule, start, end in _shape(self.kinds):
            self._clause(rule, self._gap(place, start) if start > place else start, start, end)
            place = end
        if place < len(self.kinds):
            self._pieces(_split(self.kinds[place:], place))
        self._drop_heading()
        return Reading(self.clauses, self.fragments)

    # ---- what stands between clauses ---------------------------------------------------------------------------------
    def _gap(self, start: int, end: int) -> int:
        """Deal with the tokens before a clause; returns where its own label begins."""
        gap = self.kinds[start:end]
        if not gap.strip(",;."):
            self.last = self.last and not gap.strip(",")
            return end
        parts = _split(gap, start)
        behind = len(parts) == 1 and self.last and not self._labelled() and ":" not in gap and gap[0] != ","
        behind = behind and (gap[-1] == "," or self.clauses[-1].spans == AROUND)
        self._pieces(parts if behind else parts[:-1])
        head = end if behind else parts[-1][0]
        self._brackets(head, end)
        if not _HOURS.isdisjoint(self.kinds[head:end]):
            self._lose(head, end)
            return end
        return head

    def _pieces(self, parts: list[tuple[int, int, str]]) -> None:
        for start, end, separator in parts:
            piece = self.kinds[start:end]
            self._brackets(start, end)
            if piece.strip(",@"):
                (self._behind if self.last else self._between)(start, end, piece, separator)
            self.last = False
            if separator == "¶" and not self.heading:
                self.label, self.seasonal = self.parent.label if self.parent else "", False

    def _behind(self, start: int, end: int, piece: str, separator: str) -> None:
        """Words right behind a clause name it where it has no label."""
        if not _HOURS.isdisjoint(piece) or not _MAYBE.isdisjoint(piece):
            self._lose(start, end)
        elif "w" in piece and ("K" in piece or self._labelled()):
            self._lose(start, end, "note")
        elif "w" in piece:
            self._relabel(self._label_of(start, end))

    def _between(self, start: int, end: int, piece: str, separator: str) -> None:
        """A sentence or line without a clause is a heading, a note, or hours that cannot be placed."""
        self._drop_heading()
        label = self._label_of(start, end)
        why = "note" if _MAYBE.isdisjoint(piece) and _HOURS.isdisjoint(piece) else "lost"
        if not (_HOURS - {"V"} if piece[-1] == ":" else _HOURS).isdisjoint(piece):
            self._lose(start, end)
        elif ":" in piece or (label and separator in (";", "¶") and "K" not in piece):
            self.label, self.seasonal = label, not {"N", "V"}.isdisjoint(piece) or self._has_season(start, end)
            self.heading = (start, end, why) if label else None
        elif label:
            self._lose(start, end, why)

    def _brackets(self, start: int, end: int) -> None:
        for place in range(start, end) if "@" in self.kinds[start:end] else ():
            if self.kinds[place] == "@":
                self._bracket(place)

    def _bracket(self, place: int) -> None:
        """What stands in brackets: clauses and hours of their own, a season, or words about the clause before."""
        inner = self.values[place]
        if not isinstance(inner, Tokens):
            return
        last = self.clauses[-1] if self.last else None
        says = _HOURS.isdisjoint(inner.kinds) and not ("v" in inner.kinds and "P" in inner.kinds)
        if not says:
            clauses, fragments = _Reader(self.text, inner, last or self.parent).run()
            self.clauses[len(self.clauses) - bool(last) :] = [last, *clauses] if last else clauses
            self.fragments += fragments
        elif not {"S", "N"}.isdisjoint(inner.kinds):
            if last:
                self.clauses.pop()
                self.fragments.append(Fragment(last.start, last.text, "lost"))
                self._lose(place, place + 1)
        elif "w" in inner.kinds:
            label = self._label_of(place, place + 1)
            part = _PART.search(label.lower())
            if last and part and not _fits(part[0], last.spans):
                self._lose(place, place + 1)
            elif last and not self.named and "K" not in inner.kinds:
                self._relabel(label)
        elif not {"v", "L"}.isdisjoint(inner.kinds):
            self._lose(place, place + 1)

    # ---- clauses -----------------------------------------------------------------------------------------------------
    def _clause(self, rule: str, head: int, start: int, end: int) -> None:
        core = _CORE.search(self.kinds, head, end)
        self.named = bool(core and head < core.start() and self._own_label(head, core.start()))
        self.sure = self.sure and not self.named or ":" in self.kinds[head : core.start() if core else head]
        said = (head, core.start(), "lost") if self.named and core else self.heading
        self.heading = None
        self.last = False
        whole = self.kinds[head:end]
        odd = self.seasonal or "S" in whole or "N" in whole
        if rule == "asked" or (odd and rule not in ("closed", "pause", "holiday")):
            self._lose(head, end, "asked" if rule == "asked" else "lost")
        elif rule != "holiday":
            self._add(rule, head, start, end)
        if self.last and said:
            part = _PART.search(self.clauses[-1].label.lower())
            if part and not _fits(part[0], self.clauses[-1].spans):
                self._lose(*said[:2])
        self._brackets(start, end)

    def _own_label(self, head: int, core: int) -> bool:
        """Take the label that stands before a clause; whether there is one."""
        region, label = self.kinds[head:core], self._label_of(head, core)
        if label or ":" in region:
            under = self.heading is not None and self.seasonal
            if label:
                self._drop_heading()
            self.label = label
            self.seasonal = under or self._has_season(head, core) or ("N" in region and ":" in region)
        return bool(label)

    def _has_season(self, start: int, end: int) -> bool:
        inner = [value.kinds for value in self.values[start:end] if isinstance(value, Tokens)]
        return "S" in self.kinds[start:end] or any(not {"S", "N"}.isdisjoint(kinds) for kinds in inner)

    def _add(self, rule: str, head: int, start: int, end: int) -> None:
        days = self._days(start, end)
        if rule == "around":
            self._keep(days or EVERY_DAY, AROUND, "open", False, head, end)
            self.label = ""  # what comes behind is of something else: hotline: 24 hours; Mon-Fri 9-5
        elif rule == "closed":
            if self._parts(start, end) or not days:
                self._lose(head, end)
            else:
                self._keep(days, (), "closed", False, head, end)
        elif rule == "until":
            self._until(days, head, start, end)
        else:
            self.pausing = self.pausing or (rule == "pause" and self.parent is not None)
            does = "break" if rule == "pause" or self.pausing else "instead" if rule == "instead" else "open"
            spans = self._spans(head, end)
            doubtful = (does != "break" and not days) or (rule == "noon" and not _is_lunch(spans)) or self._asked(start)
            if not spans or doubtful:
                self._lose(head, end)
                return
            read = tuple([(span.opens, span.closes) for span in spans])
            if not all(_fits(part, read) for part in self._parts(start, end)):
                self._lose(head, end)
                return
            self._keep(days, read, does, any([span.inferred for span in spans]), head, end)

    def _keep(
        self, days: tuple[int, ...], spans: tuple[tuple[int, int], ...], does: str, inferred: bool, head: int, end: int
    ) -> None:
        label = self.label
        if not label and does == "open" and "w" in self.kinds[head:end]:
            place = self.kinds.index("w", head, end)
            label = self._label_of(place, place + 1)
        text = self.text[self.starts[head] : self.ends[end - 1]]
        self.clauses.append(Clause(label, scope_of(label), days, spans, does, inferred, self.starts[head], text))
        self.last = True

    def _until(self, days: tuple[int, ...], head: int, start: int, end: int) -> None:
        """A lone closing time for some days of an earlier clause: they open as it says and close then."""
        place = self.kinds.index("t", start, end)
        told = _LONE_TIME.fullmatch(str(self.values[place]))
        known = [self.parent, *self.clauses] if self.parent else self.clauses
        cover = next((one for one in reversed(known) if one.does == "open" and set(days) < set(one.days)), None)
        time = read_time(told[3]) if told else None
        if told and time and cover and (told[1] or (self.parent and not told[2])):
            opens = cover.spans[-1][0]
            closes = closing_after(opens, time)
            if closes:
                self.label = cover.label
                self._keep(days, (*cover.spans[:-1], (opens, closes)), "instead", not time.half, head, end)
                return
        self._lose(head, end)

    def _days(self, start: int, end: int) -> tuple[int, ...]:
        """Days of a clause: `daily` beside other days says nothing more; days after `except` are taken away."""
        kinds = self.kinds
        if kinds.count("D", start, end) == 1 and kinds.find("X", start, end) <= start:
            value = self.values[kinds.index("D", start, end)]
            return value.days if isinstance(value, Days) else ()
        lists: list[set[int]] = []
        less: set[int] = set()
        for place in range(start, end):
            value = self.values[place]
            if isinstance(value, Days) and "X" in kinds[start + 1 : place]:
                less.update(value.days)
            elif isinstance(value, Days):
                lists.append(set(value.days))
        if not lists and "E" in kinds[start:end]:
            lists = [set(EVERY_DAY)]
        # Two lists side by side are one only where they say the same: weekdays (Mon-Fri).
        return tuple(sorted(lists[0] - less)) if lists and lists[0] == lists[-1] else ()

    def _parts(self, start: int, end: int) -> list[str]:
        """Parts of the day that its lists of days name: `Monday evenings`."""
        return [part for value in self.values[start:end] if isinstance(value, Days) for part in value.part]

    def _spans(self, head: int, end: int) -> list[Span] | None:
        """Spans of a clause, am or pm settled; None where they overlap or one stays in doubt."""
        spans: list[Span] = []
        for place in range(head, end):
            span = self.values[place]
            if not isinstance(span, Span):
                continue
            if span.other:
                span = self._settle(span, head, end, spans)
                if span is None:
                    return None
            if spans and span.opens < spans[-1].closes and span[:2] != spans[-1][:2]:
                return None
            spans.append(span)
        return spans

    def _settle(self, span: Span, head: int, end: int, before: list[Span]) -> Span | None:
        """The reading of a doubtful span that its words, a 24-hour clock elsewhere or the span before speak for."""
        low = f"{self.label} {self.text[self.starts[head] : self.ends[end - 1]]}".lower()
        first, second = sorted([span[:2], span.other or span[:2]])
        late, soon = bool(_LATE.search(low)), bool(_SOON.search(low))
        if late != soon:
            return Span(*(second if late else first), inferred=True)
        if any(isinstance(one, Span) and one.clock == "24" for one in self.values):
            return Span(*span[:2], inferred=True)
        days = set(self._days(head, end))
        earlier = [one.spans[-1] for one in self.clauses[-1:] if one.spans and days <= set(one.days)]
        closes = before[-1].closes if before else earlier[0][1] if earlier else 0
        return Span(*second, inferred=True) if not span.clock and first[0] < closes <= second[0] else None

    def _asked(self, start: int) -> bool:
        """Whether `by appointment` right before a list of days may be about the first of them alone."""
        value = self.values[start]
        return start > 0 and self.kinds[start - 1] == "P" and isinstance(value, Days) and len(value.items) > 1

    # ---- pieces of the text ------------------------------------------------------------------------------------------
    def _labelled(self) -> bool:
        return self.last and self.named

    def _relabel(self, label: str) -> None:
        self.clauses[-1] = self.clauses[-1]._replace(label=label, scope=scope_of(label))

    def _label_of(self, start: int, end: int) -> str:
        places = [place for place in range(start, end) if self.kinds[place] in _LABEL]
        return self.text[self.starts[places[0]] : self.ends[places[-1]]].strip(" ():,-") if places else ""

    def _lose(self, start: int, end: int, why: str = "lost") -> None:
        first = self.starts[start]
        text = self.text[first : self.ends[end - 1]].strip(" \n,;:")
        self.fragments.append(Fragment(first, text, why))
        self.last = False

    def _drop_heading(self) -> None:
        if self.heading:
            self._lose(*self.heading)
            self.heading, self.label, self.seasonal = None, "", False


def _fits(part: str, spans: tuple[tuple[int, int], ...]) -> bool:
    """Whether spans lie in the part of the day that a text names."""
    if part == "morning":
        return all(opens < 720 and closes <= 780 for opens, closes in spans)
    if part == "afternoon":
        return all(opens >= 660 and closes <= 1140 for opens, closes in spans)
    return all(opens >= 720 and closes > 1020 for opens, closes in spans)


def _is_lunch(spans: list[Span] | None) -> bool:
    """Whether the second of two spans goes on after a midday break of the first."""
    return bool(spans and len(spans) == 2 and spans[0].closes <= 14 * 60 and 0 < spans[1].opens - spans[0].closes <= 180)


def _split(gap: str, start: int) -> list[tuple[int, int, str]]:
    """Pieces between separators, each with the separator behind it."""
    parts, place = [], 0
    for match in _SEPARATORS.finditer(gap):
        parts.append((start + place, start + match.start(), match[0]))
        place = match.end()
    return [*parts, (start + place, start + len(gap), "")]


def _fold_brackets(tokens: Tokens) -> Tokens:
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
    return Tokens("".join([*letters, rest.kinds]), (*starts, *rest.starts), (*ends, *rest.ends), (*values, *rest.values))


def _own_clauses(tokens: Tokens) -> Tokens:
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
    plain = rest and len(days.items[0]) > 1 and (len(days.items) == 2 or set(rest) <= {5, 6})
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
