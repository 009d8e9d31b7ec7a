"""The rules of page one: rows of `catalog/page_one.csv`, each a sentence with the facts that it needs.

A rule speaks where every fact in its braces is known and its conditions hold. Of the rules of one part and slot only
the first that speaks is said, so what matters most stands first in the table.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from string import Formatter

from iop_analysis import catalog
from iop_analysis.report import words

FILE = "page_one.csv"
Fact = int | float | str
COMPARED: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
CONDITION = re.compile(r"(?P<absent>!)?(?P<fact>\w+)(?:(?P<sign>>=|<=|>|<|=)(?P<than>[\w.]+))?")


@dataclass(frozen=True)
class Said:
    """What a rule says: its slot, a figure (tiles only), the sentence, and what stands smaller below it."""

    slot: str
    figure: str
    text: str
    note: str


def said(part: str, facts: Mapping[str, Fact], most: int | None = None) -> list[Said]:
    """What the rules of one part of the page say, the first that speaks for each slot, in the order of the table.

    Parameters
    ----------
    part
        `headline`, `tile`, `people`, `lever`, `ask`, `counted` …
    facts
        What is known, by name: counts (int), shares 0-1 (float), words (str).
    most
        So many at most.
    """
    found: dict[str, Said] = {}
    for rule in rules(part):
        if rule["slot"] not in found and speaks(rule, facts):
            texts = [fill(rule[column], facts) for column in ("figure", "text", "note")]
            found[rule["slot"]] = Said(rule["slot"], *texts)
    return list(found.values())[:most]


def rules(part: str) -> list[dict[str, str]]:
    """Rows of the table of one part."""
    return [row for row in catalog.read_rows(FILE) if row["part"] == part]


def speaks(rule: Mapping[str, str], facts: Mapping[str, Fact]) -> bool:
    """Whether every fact of a rule is known and its conditions hold.

    Examples
    --------
    >>> rule = {"when": "n>=10; !hours", "figure": "", "text": "{n} programs.", "note": ""}
    >>> speaks(rule, {"n": 12}), speaks(rule, {"n": 9}), speaks(rule, {"n": 12, "hours": 1}), speaks(rule, {})
    (True, False, False, False)
    """
    known = all(name in facts for name in needed(rule))
    return known and all(_holds(text, facts) for text in rule["when"].split(";") if text.strip())


def needed(rule: Mapping[str, str]) -> set[str]:
    """Names of the facts in the braces of a rule's sentences; the parts between brackets may be left out."""
    texts = [re.sub(r"\[[^]]*\]", "", rule[column]) for column in ("figure", "text", "note")]
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}


def _holds(text: str, facts: Mapping[str, Fact]) -> bool:
    found = CONDITION.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{FILE}: {text!r} is no condition")
    known = found["fact"] in facts
    if found["absent"]:
        return not known
    if not known or not found["sign"]:
        return known
    than = facts.get(found["than"], None) if not re.match(r"[\d.]", found["than"]) else float(found["than"])
    return than is not None and COMPARED[found["sign"]](float(facts[found["fact"]]), float(than))


def fill(text: str, facts: Mapping[str, Fact]) -> str:
    """A sentence with its facts; a part between brackets is left out where one of its facts is not known.

    Examples
    --------
    >>> fill("{yes} of {n} ({share})[; nation {nation}].", {"yes": 1750, "n": 2320, "share": 0.754})
    '1,750 of 2,320 (75%).'
    """
    kept = re.sub(r"\[([^]]*)\]", lambda part: _optional(part[1], facts), text)
    return kept.format_map({name: shown(value) for name, value in facts.items()})


def _optional(text: str, facts: Mapping[str, Fact]) -> str:
    return text if all(name in facts for _, name, _, _ in Formatter().parse(text) if name) else ""


def shown(value: Fact) -> str:
    """A fact as a person reads it: counts with separators, shares as percentages, words as they are."""
    if isinstance(value, str):
        return value
    return f"{value:,}" if isinstance(value, int) else words.percent(value)
