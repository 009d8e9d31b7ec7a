"""Payers and help with the fee that a program says it takes, in its own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from iop_analysis import catalog
from iop_analysis.catalog.answers import NO, YES
from iop_analysis.hours.prose_text import Block, Sentence, sentences
from iop_analysis.hours.prose_voice import Manner, voice

ACCEPTS = re.compile(
    r"\b(?:accept(?:s|ed|ing)?|tak(?:e|es|en|ing)|in[- ]network|participat\w+|contract(?:s|ed)|bills?|billing|aceptamos"
    r"|work(?:s|ing)? with|welcome[sd]?|tomamos|honou?rs?|covered (?:here|with us)|credential\w+ with|single contracts?"
    r"|offer(?:s|ed|ing)?|provides?|available|pays?|serve|options?|use|ways to pay|ha(?:ve|s))\b"
)
TAKES = re.compile(
    r"\b(?:accept(?:s|ed|ing)?|tak(?:e|es|en|ing)|in[- ]network|bills?|contract(?:s|ed)|honou?rs?|aceptamos)\b"
)
REFUSES = re.compile(
    r"\b(?:not|don't|doesn't|cannot|can't|unable to|no longer|never|no)\b(?:\s\w+){0,4}?\s"
    r"(?:accept|take|bill|contract|in[- ]network|participat|offer (?:a )?(?:sliding|free)|aceptamos)"
)
EXCEPT = re.compile(r"\b(?:except|excluding|but not|other than|with the exception of)\b")
AT_LARGE = re.compile(
    r"\d\s?(?:%|percent)|\b(?:most|many|some|all) (?:insurance|health|plans|insurers|private|commercial)[\w ,]*"
    r"\b(?:cover|pay for|include)|\bcovers?\b(?! by us)|\bmust cover\b|\benroll|\bappl(?:y|ies|ying) for\b|\beligib"
    r"|\bof (?:facilities|programs|centers)\b|\bif you have\b|\bverif|\bshown\b|\btrademark"
)
LISTED = re.compile(
    r"\b(?:we accept|accepted|in[- ]network|plans? we|insurances?(?: plans)? (?:we|accepted)|insurers we|we take"
    r"|payment (?:options|methods)|ways to pay|we work with)\b"
)
LISTED_WORDS = 8


class Paid(NamedTuple):
    """A payer or a help with the fee: the variable, yes or no, and the words."""

    variable: str
    answer: str
    quote: str


@cache
def _rules() -> tuple[tuple[str, str, re.Pattern[str], re.Pattern[str]], ...]:
    rows = [row for row in catalog.code_rules("pages") if row["category"] in ("payer", "help")]
    return tuple(
        (row["variable"], row["category"], re.compile(row["code"]), re.compile(row["unless"] or r"(?!)"))
        for row in rows
    )


@cache
def _any_payer() -> re.Pattern[str]:
    return re.compile("|".join(pattern.pattern for _, _, pattern, _ in _rules()))


def payers_said(blocks: Iterable[Block], manner: Manner) -> list[Paid]:
    """What a page says of payers, each variable once, a no before a yes.

    Examples
    --------
    >>> page = [Block("Fees", "heading", 2), Block("We accept Aetna and Medicaid, but do not accept Medicare.")]
    >>> how = Manner(owned=True, article=False, directory=False, news=False)
    >>> [(one.variable, one.answer) for one in payers_said(page, how)]
    [('accepts_medicaid', 'yes'), ('accepts_medicare', 'no'), ('accepts_private_insurance', 'yes')]
    """
    if manner.directory or (manner.news and not manner.owned):
        return []
    found: dict[tuple[str, str], Paid] = {}
    for one, listed in _lines(blocks):
        for paid in _said(one, listed, manner):
            found.setdefault((paid.variable, paid.answer), paid)
    refused = {variable for variable, answer in found if answer == NO}
    order = {rule[0]: number for number, rule in enumerate(_rules())}
    kept = [paid for paid in found.values() if paid.answer == NO or paid.variable not in refused]
    return sorted(kept, key=lambda paid: order[paid.variable])


def _lines(blocks: Iterable[Block]) -> Iterator[tuple[Sentence, bool]]:
    """Sentences that name a payer, and whether they stand in a list headed by words such as `we accept`."""
    headed = False
    for block in blocks:
        low = block.text.lower()
        if block.kind == "heading":
            headed = bool(LISTED.search(low))
        for one in sentences(block.text) if _any_payer().search(low) else ():
            if _any_payer().search(one.low):
                yield one, headed and len(one.text.split()) <= LISTED_WORDS
        if block.kind != "heading" and low.rstrip().endswith(":"):
            headed = bool(LISTED.search(low))


def _said(one: Sentence, listed: bool, manner: Manner) -> Iterator[Paid]:
    low, how = one.low, voice(one.low)
    if how.question or how.personal or how.unreal:
        return
    exempt = EXCEPT.search(low)
    for variable, category, pattern, unless in _rules():
        match = next((place for place in pattern.finditer(low) if not unless.search(low, 0, place.end() + 20)), None)
        if match is None:
            continue
        answer = _answer(low, match, exempt, listed, category, how.own or manner.owned)
        if answer:
            yield Paid(variable, answer, one.quote(*match.span()))


def _answer(
    low: str, match: re.Match[str], exempt: re.Match[str] | None, listed: bool, category: str, own: bool
) -> str:
    refused = [place for place in REFUSES.finditer(low) if place.start() < match.start()]
    taken = [
        place
        for place in TAKES.finditer(low)
        if place.start() < match.start() and place.end() > (refused[-1].end() if refused else 0)
    ]
    if refused and not taken:
        return NO if category == "payer" or "sliding" in match[0] else ""
    if exempt and exempt.start() < match.start():
        return NO if category == "payer" else ""
    if listed:
        return YES
    if category == "help":
        return YES
    if AT_LARGE.search(low) and not TAKES.search(low):
        return ""
    return YES if ACCEPTS.search(low) and (own or TAKES.search(low)) else ""
