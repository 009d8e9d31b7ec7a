"""Answers out of sentences: which of the catalog's words a directory's free texts say, and do not deny."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

import numpy as np

from iop_analysis import catalog
from iop_analysis.sources._codes import Flags

SENTENCE_END, WRITTEN_BREAK = re.compile(r"(?<=[.!?])\s+|[;\n]+"), re.compile(r"\\[rn]")
# Sentences with the position of their text.
Pieces = list[tuple[int, str]]


@cache
def words() -> dict[str, re.Pattern[str]]:
    """Patterns of `codes/program_words.csv` by word."""
    rows = catalog.read_rows("codes/program_words.csv")
    return {row["word"]: re.compile(row["pattern"], re.IGNORECASE) for row in rows}


def sentences(texts: Iterable[str]) -> Pieces:
    r"""Sentences that deny nothing; a literal `\n` ends a line.

    Examples
    --------
    >>> sentences(["Accepts Medicaid. Does not accept Medicare.", "Sliding scale\\nWalk in"])
    [(0, 'Accepts Medicaid.'), (1, 'Sliding scale'), (1, 'Walk in')]
    """
    pieces = [
        (place, piece.strip())
        for place, text in enumerate(texts)
        for piece in SENTENCE_END.split(WRITTEN_BREAK.sub("\n", text))
    ]
    denial = words()["denial"]
    return [(place, piece) for place, piece in pieces if piece and not denial.search(piece)]


def said(pieces: Pieces, count: int, pattern: str, unless: str = "") -> Flags:
    """For each of `count` texts, whether one of its sentences matches the pattern, and `unless` does not."""
    known, refused = re.compile(pattern, re.IGNORECASE), re.compile(unless or r"(?!)", re.IGNORECASE)
    found = {piece: bool(known.search(piece)) and not refused.search(piece) for piece in {one for _, one in pieces}}
    flags = np.zeros(count, dtype=bool)
    flags[[place for place, piece in pieces if found[piece]]] = True
    return flags


def codes_said(rules: Iterable[Mapping[str, str]], pieces: Mapping[str, Pieces], count: int) -> dict[str, Flags]:
    """Flags of each rule's code (a pattern) over the sentences of its category."""
    return {
        rule["code"]: said(pieces[rule["category"]], count, rule["code"], rule["unless"])
        for rule in rules
        if rule["category"] in pieces
    }


def programs(texts: Iterable[str]) -> dict[str, Flags]:
    """Which texts name an intensive outpatient program, of substance use or of mental health.

    A program without a word on what it treats is one of substance use, as the field uses the name; in a text that
    speaks of mental health alone it is one of mental health.

    Examples
    --------
    >>> found = programs(["Evening IOP for adults", "Psychiatric intensive outpatient care", "Outpatient care"])
    >>> found["offers_iop"].tolist(), found["offers_iop_mental_health"].tolist()
    ([True, False, False], [False, True, False])
    """
    texts = list(texts)
    pieces = sentences(texts)
    has = {word: said(pieces, len(texts), pattern.pattern) for word, pattern in words().items() if word != "denial"}
    mental_alone = has["mental"] & ~has["substance"]
    return {
        "offers_iop": has["iop"] & ~mental_alone,
        "offers_iop_mental_health": has["iop_mental"] | (has["iop"] & mental_alone),
    }
