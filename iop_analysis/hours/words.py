"""The word tables of opening hours, read from the catalog and turned into look-ups and patterns."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from iop_analysis import catalog

# One letter for each kind of token; the grammar is written in these letters.
LETTERS = {
    "every_day": "E",
    "around_the_clock": "H",
    "closed": "C",
    "except": "X",
    "break": "L",
    "appointment": "P",
    "call": "K",
    "vague": "V",
    "part_of_day": "v",
    "irregular": "N",
    "season": "S",
    "holiday": "h",
    "only_words": "w",
    "filler": "f",
}


def _read() -> dict[str, Any]:
    with (catalog.FOLDER / "hours" / "words.toml").open("rb") as handle:
        return tomllib.load(handle)


def variants(phrases: list[str]) -> list[str]:
    """Every phrase with and without its optional ending.

    Examples
    --------
    >>> variants(["evening(s)", "noon"])
    ['evening', 'evenings', 'noon']
    """
    found = []
    for phrase in phrases:
        found += [phrase.replace("(s)", ""), phrase.replace("(s)", "s")] if "(s)" in phrase else [phrase]
    return found


def any_of(phrases: list[str]) -> str:
    """A pattern that finds the longest of many phrases in one walk, however many there are.

    Examples
    --------
    >>> any_of(["mon", "monday", "may"])
    'm(?:ay|on(?:day)?)'
    """
    branches: dict[str, list[str]] = {}
    for phrase in phrases:
        if phrase:
            branches.setdefault(phrase[0], []).append(phrase[1:])
    parts = [re.escape(first) + any_of(sorted(set(rest))) for first, rest in sorted(branches.items())]
    if not parts:
        return ""
    optional = "" in phrases
    if len(parts) == 1 and not optional:
        return parts[0]
    return f"(?:{'|'.join(parts)}){'?' if optional else ''}"


_TABLES = _read()
NAMES = {word: tuple(map(int, days)) for days, words in _TABLES["names"].items() for word in variants(words)}
CODES = {word: tuple(map(int, days)) for word, days in _TABLES["codes"].items()}
KINDS = {word: LETTERS[kind] for kind, words in _TABLES["kinds"].items() for word in variants(words)}
LISTS: dict[str, list[str]] = {name: variants(words) for name, words in _TABLES["lists"].items()}
SCOPES = {scope: re.compile(rf"\b(?:{any_of(variants(words))})\b") for scope, words in _TABLES["scopes"].items()}
CHARACTERS: dict[str, str] = _TABLES["characters"]
