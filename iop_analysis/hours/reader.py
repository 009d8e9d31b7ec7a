"""Tokens become clauses and fragments: one walk through a text that keeps the label in force and the clause before."""

from __future__ import annotations

import re

from iop_analysis.hours import meaning
from iop_analysis.hours.clauses import AROUND, EVERY_DAY, Clause, Fragment, Reading, Spans, fits, names, scope_of
from iop_analysis.hours.clock import Span
from iop_analysis.hours.folding import SEPARATORS, cut_lists, fold_brackets, pieces, share_days
from iop_analysis.hours.tokens import Tokens

# Letters of tokens that carry days or hours wherever they stand; of those that a label may hold as well; of labels.
_HOURS, _MAYBE, _LABEL = frozenset("TtDdEHVbXC"), frozenset("NSvL"), frozenset("wvNSLhKV@")
_SEASON = frozenset("SN")
_CORE = re.compile("[DEHTtCXPh]")


def read(text: str, tokens: Tokens) -> Reading:
    """Clauses and fragments of a plain text with its tokens."""
    return _Reader(text, tokens).run()


class _Reader:
    """Where the walk stands."""

    def __init__(self, text: str, tokens: Tokens, parent: Clause | None = None, clock24: bool | None = None):
        self.text = text
        self.tokens = cut_lists(share_days(fold_brackets(tokens), text))
        self.kinds = self.tokens.kinds
        self.bracketed = "@" in self.kinds
        self.clock24 = clock24
        self.clauses: list[Clause] = []
        self.fragments: list[Fragment] = []
        self.parent, self.label = parent, parent.label if parent else ""  # the clause whose bracket this is
        self.told = parent is not None  # the label stands before a colon or on its own line, for more than a clause
        self.seasonal = False  # the label names a season
        self.heading: tuple[int, int, str] | None = None  # one that no clause has come under yet
        self.last = False  # whether a clause has just been read that words may follow
        self.named = False  # whether that clause has a label of its own
        self.pausing = False  # whether this bracket lists breaks
        self.waiting: list[tuple[tuple[int, ...], int, int, int]] = []  # closing times before their week
        self.sentence = 0  # how many clauses stand before this sentence or its last break

    def run(self) -> Reading:
        place = 0
        for rule, start, end in meaning.shape(self.kinds):
            if SEPARATORS.search(self.kinds, place, start):
                self.sentence = len(self.clauses)
            self._clause(rule, self._gap(place, start) if start > place else start, start, end)
            place = end
        if self.kinds[place:].strip(",;.¶"):
            self._pieces(pieces(self.kinds[place:], place))
        self._drop_heading()
        for days, head, start, end in self.waiting:
            self._until(days, head, start, end, self.clauses[:1]) if self.clauses else self._lose(head, end)
        return Reading(self.clauses, self.fragments)

    # ---- what stands between clauses ---------------------------------------------------------------------------------
    def _gap(self, start: int, end: int) -> int:
        """Deal with the tokens before a clause; returns where its own label begins."""
        gap = self.kinds[start:end]
        if not gap.strip(",;."):
            self.last = self.last and not gap.strip(",")
            return end
        parts = pieces(gap, start)
        behind = len(parts) == 1 and self.last and not self.named and ":" not in gap and gap[0] != ","
        behind = behind and (gap[-1] == "," or self.clauses[-1].spans == AROUND)
        self._pieces(parts if behind else parts[:-1])
        head = end if behind else self._past_notes(parts[-1][0], end)
        self._brackets(head, end)
        if not _HOURS.isdisjoint(self.kinds[head:end]):
            self._lose(head, end)
            return end
        return head

    def _past_notes(self, start: int, end: int) -> int:
        """Where the label of a clause begins behind notes, and behind what a hotline open day and night is called."""
        cut = self.kinds.find(",", start, end) if self.last and self.kinds[start] == "w" else -1
        behind = cut > 0 and self.clauses[-1].spans == AROUND
        if behind and (not self.named or scope_of(self._text_of(start, cut)) == "phone"):
            self._relabel(self._label_of(start, cut))
        elif (cut := self.kinds.rfind("m", start, end)) >= 0:
            self._lose(start, cut + 1, "note")
        else:
            return start
        return cut + 1 + len(self.kinds[cut + 1 : end]) - len(self.kinds[cut + 1 : end].lstrip(",:"))

    def _pieces(self, parts: list[tuple[int, int, str]]) -> None:
        for start, end, separator in parts:
            piece = self.kinds[start:end]
            self._brackets(start, end)
            if piece.strip(",@") and self.last:
                self._behind(start, end, piece)
            elif piece.strip(",@"):
                self._between(start, end, piece, separator)
            self.last = False
            if separator == "¶" and not self.heading:
                self.label, self.seasonal = self.parent.label if self.parent else "", False

    def _behind(self, start: int, end: int, piece: str) -> None:
        """Words right behind a clause name it where it has no label of its own."""
        if piece.strip(",@") == "CL" and meaning.has_lunch(self.clauses[-1].spans):
            self._lose(start, end, "note")
        elif not _HOURS.isdisjoint(piece) or not _MAYBE.isdisjoint(piece):
            self._lose(start, end)
        elif self.clauses[-1].spans == AROUND and scope_of(self._text_of(start, end)) == "phone":
            self._relabel(self._text_of(start, end))
        elif "m" in piece or ("w" in piece and ("K" in piece or self.named)):
            self._lose(start, end, "note")
        elif "w" in piece:
            self._relabel(self._label_of(start, end))

    def _between(self, start: int, end: int, piece: str, separator: str) -> None:
        """A sentence or line without a clause is a heading, a note, or hours that cannot be placed."""
        self._drop_heading()
        label = self._label_of(start, end)
        carries = _HOURS - {"V"} if piece[-1] == ":" else _HOURS
        why = "note" if _MAYBE.isdisjoint(piece) and "V" not in piece else "lost"
        if not carries.isdisjoint(piece):
            self._lose(start, end)
        elif "m" in piece:
            self._lose(start, end, why)
        elif ":" in piece or (label and separator in (";", "¶") and "K" not in piece):
            self.label, self.told = label, True
            self.seasonal = not {"N", "V"}.isdisjoint(piece) or self._has_season(start, end)
            self.heading = (start, end, why) if label else None
        elif label:
            self._lose(start, end, why)

    def _brackets(self, start: int, end: int) -> None:
        for place in range(start, end) if self.bracketed else ():
            inner = self.tokens.values[place]
            if isinstance(inner, Tokens):
                self._bracket(place, inner)

    def _bracket(self, place: int, inner: Tokens) -> None:
        """What stands in brackets: clauses and hours of their own, a season, or words about the clause before."""
        last = self.clauses[-1] if self.last else None
        says = set(inner.kinds)
        if last and meaning.says_some_of(inner, last.days):
            self._unsay(last, place)
        elif says & _HOURS or {"v", "P"} <= says:
            clauses, fragments = _Reader(self.text, inner, last or self.parent, self._is_clock24()).run()
            self.clauses += clauses
            self.fragments += fragments
        elif says & _SEASON and last:
            self._unsay(last, place)
        elif "w" in says and last and "m" not in says:
            label = self._label_of(place, place + 1)
            if not fits(label, last.spans):
                self._lose(place, place + 1)
            elif not self.named and "K" not in says:
                self._relabel(label)
        elif says & {"v", "L", *_SEASON}:
            self._lose(place, place + 1)

    def _unsay(self, last: Clause, place: int) -> None:
        """A clause that its bracket makes irregular."""
        self.clauses.pop()
        self.fragments.append(Fragment(last.start, last.text, "lost"))
        self._lose(place, place + 1)

    # ---- clauses -----------------------------------------------------------------------------------------------------
    def _clause(self, rule: str, head: int, start: int, end: int) -> None:
        core = _CORE.search(self.kinds, head, end)
        kept = self.label, self.told
        self.named = bool(core and head < core.start() and self._own_label(head, core.start()))
        if rule == "pause":  # lunch is no label
            self.label, self.told = kept
        said = (head, core.start(), "lost") if self.named and core else self.heading
        self.heading = None
        self.last = False
        # Whether `phone 9-5 Mon-Fri; 9-12 Sat` goes on about the telephone, nobody can tell.
        odd = self.label != "" and not self.named and not self.told and scope_of(self.label) == "phone"
        odd = odd or self.seasonal or not _SEASON.isdisjoint(self.kinds[head:end])
        if rule in ("asked", "start") or (odd and rule not in ("closed", "pause", "holiday")):
            self._lose(head, end, "asked" if rule == "asked" else "lost")
        elif rule != "holiday":
            self._add(rule, head, start, end)
        if self.last and said and not fits(self.clauses[-1].label, self.clauses[-1].spans):
            self._lose(*said[:2])
        self._brackets(start, end)

    def _own_label(self, head: int, core: int) -> bool:
        """Take the label that stands before a clause; whether there is one."""
        region, label = self.kinds[head:core], self._label_of(head, core)
        if label or (":" in region and not self.heading):
            under = self.heading is not None and self.seasonal
            if label:
                self._drop_heading()
            self.label, self.told = label, ":" in region
            self.seasonal = under or self._has_season(head, core) or ("N" in region and ":" in region)
        return bool(label)

    def _has_season(self, start: int, end: int) -> bool:
        inner = [value.kinds for value in self.tokens.values[start:end] if isinstance(value, Tokens)]
        return "S" in self.kinds[start:end] or any(not _SEASON.isdisjoint(kinds) for kinds in inner)

    def _add(self, rule: str, head: int, start: int, end: int) -> None:
        days = meaning.days_of(self.tokens, start, end)
        if rule == "around":
            self._keep(days or EVERY_DAY, AROUND, "open", False, head, end)
            self.label = ""  # what comes behind is of something else: hotline: 24 hours; Mon-Fri 9-5
        elif rule == "closed" and days and not meaning.parts_of(self.tokens, start, end):
            self._keep(days, (), "closed", False, head, end)
        elif rule == "closed":
            self._lose(head, end)
        elif rule == "until":
            self._until(days, head, start, end, [self.parent, *self.clauses] if self.parent else self.clauses)
        else:
            self._timed(rule, days, head, start, end)

    def _timed(self, rule: str, days: tuple[int, ...], head: int, start: int, end: int) -> None:
        self.pausing = self.pausing or (rule == "pause" and self.parent is not None)
        does = "break" if rule == "pause" or self.pausing else "instead" if rule == "instead" else "open"
        spans = meaning.sure_spans(self.tokens, start, end) or self._settled(head, start, end)
        told = tuple([(span.opens, span.closes) for span in spans])
        if rule == "noon" and not meaning.is_lunch(spans):  # the second sentence has no days: Mon-Fri 9-5; 6-8
            second = self.kinds.index(";", start, end)
            self._timed("weekly", days, head, start, second)
            self._lose(second + 1, end)
            return
        doubtful = (does != "break" and not days) or meaning.is_asked(self.tokens, start)
        if not spans or doubtful or not meaning.fits_parts(self.tokens, start, end, told):
            self._lose(head, end)
        else:
            if does == "break" and not days:
                days = self._paused(start)
            self._keep(days, told, does, True in [span.inferred for span in spans], head, end)

    def _settled(self, head: int, start: int, end: int) -> list[Span]:
        """Spans of a clause of which one could mean two things but for what stands around it."""
        words = f"{self.label} {self._text_of(head, end)}"
        before = self.clauses[-1] if self.clauses else None
        clock24 = self._is_clock24() or meaning.is_osm(self.text, self.tokens, start, end)
        return meaning.spans_of(self.tokens, start, end, words, before, clock24=clock24)

    def _paused(self, start: int) -> tuple[int, ...]:
        """Days of a break that names none: those of the clauses before it in its sentence, none where it stands alone.

        Without a comma between them it is about the last clause only: Mon 9-9, Tue 9-9 closed 5-8.
        """
        if self.parent:
            return self.parent.days
        own, self.sentence = self.clauses[self.sentence :], len(self.clauses) + 1
        if own and self.kinds[start - 1] != ",":
            own = own[-1:]
        return tuple(sorted({day for clause in own for day in clause.days}))

    def _until(self, days: tuple[int, ...], head: int, start: int, end: int, known: list[Clause]) -> None:
        """A closing time for some days of another clause, which stands before it or, where none does, behind."""
        lone = str(self.tokens.values[self.kinds.index("t", start, end)])
        found = meaning.until(days, lone, known, self.parent is not None)
        if found is None:
            wait = not known and not self.label
            self.waiting.append((days, head, start, end)) if wait else self._lose(head, end)
            return
        cover, span = found
        self.label = cover.label
        self._keep(days, (*cover.spans[:-1], span), "instead", not lone.endswith(("m", "m.", "noon")), head, end)

    def _keep(self, days: tuple[int, ...], spans: Spans, does: str, inferred: bool, head: int, end: int) -> None:
        label = self.label
        if not label and does == "open" and "w" in self.kinds[head:end]:
            place = self.kinds.index("w", head, end)
            label = self._label_of(place, place + 1)
        start, text = self.tokens.starts[head], self._text_of(head, end)
        self.clauses.append(Clause(label, scope_of(label), days, spans, does, inferred, start, text))
        self.last = True

    def _is_clock24(self) -> bool:
        """Whether a time of the text shows on a 24-hour clock only."""
        if self.clock24 is None:
            self.clock24 = any(isinstance(one, Span) and one.clock == "24" for one in self.tokens.values)
        return self.clock24

    # ---- pieces of the text ------------------------------------------------------------------------------------------
    def _relabel(self, label: str) -> None:
        """Name the clause before by the words behind it."""
        last = self.clauses[-1]
        if names(label, last.spans):
            self.clauses[-1] = last._replace(label=label, scope=scope_of(label))

    def _label_of(self, start: int, end: int) -> str:
        places = [place for place in range(start, end) if self.kinds[place] in _LABEL]
        return self._text_of(places[0], places[-1] + 1).strip(" ():,-") if places else ""

    def _text_of(self, start: int, end: int) -> str:
        return self.text[self.tokens.starts[start] : self.tokens.ends[end - 1]]

    def _lose(self, start: int, end: int, why: str = "lost") -> None:
        text = self._text_of(start, end).strip(" \n,;:")
        self.fragments.append(Fragment(self.tokens.starts[start], text, why))
        self.last = False

    def _drop_heading(self) -> None:
        if self.heading:
            self._lose(*self.heading)
            self.heading, self.label, self.seasonal = None, "", False
