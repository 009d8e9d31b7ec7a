"""How hard a text is to read: the grade level of Flesch and Kincaid, with syllables counted by a rule of thumb."""

from __future__ import annotations

import re

from iop_analysis.report.model import Box, Bullets, Report

VOWELS = re.compile(r"[aeiouy]+")


def sentences_of(report: Report) -> list[str]:
    """Every sentence that a report says in running text, headings, tables and citations left aside."""
    page = report.front
    texts = [page.headline, page.subline, page.what, *page.people, *page.levers, page.ask, page.counted, page.read]
    for section in (one for one in report.sections if one.key != "cite"):
        for block in section.blocks:
            if isinstance(block, str):
                texts.append(block)
            elif isinstance(block, Box | Bullets):
                texts += block.lines
    return [sentence for text in texts for sentence in re.split(r"(?<=[.?!])\s+(?=[A-Z“])", text) if words(sentence)]


def words(text: str) -> list[str]:
    """Words of letters; numbers, codes and names of files are not read aloud letter by letter."""
    return re.findall(r"[a-z]+(?:[’'-][a-z]+)*", text.lower())


def syllables(word: str) -> int:
    """Groups of vowels, a silent final e or ed left out; at least one."""
    silent = (word.endswith("e") and not word.endswith(("le", "ee", "ie"))) or re.search(r"[^aeioutdy]ed$", word)
    return max(1, len(VOWELS.findall(word)) - bool(silent))


def grade(sentences: list[str]) -> float:
    """0.39 words a sentence + 11.8 syllables a word - 15.59.

    References
    ----------
    Kincaid, Fishburne, Rogers & Chissom (1975), Derivation of new readability formulas for Navy enlisted personnel.
    """
    said = [word for sentence in sentences for word in words(sentence)]
    return 0.39 * len(said) / len(sentences) + 11.8 * sum(map(syllables, said)) / len(said) - 15.59
