"""Text as people and programs leave it becomes plain: one dash, one blank, one line break, no damaged characters."""

from __future__ import annotations

import html
import re

from iop_analysis.hours.spanish import spelled_out
from iop_analysis.hours.words import CHARACTERS

_ALIKE = (
    dict.fromkeys("‐‑‒–—―−﹣－~→", "-") | dict.fromkeys("\u200b\ufeff\u2060\u200e\u200f") | dict.fromkeys("’‘", "'")
)
_PLAIN = str.maketrans(_ALIKE)
_DAMAGED = re.compile("|".join(map(re.escape, CHARACTERS)))
_BREAK_TAG, _TAG = re.compile(r"<(?:br|/p|/li|/tr|/div)\b[^<>]*>", re.IGNORECASE), re.compile(r"<[^<>]*>")
_SOFT_IN_WORD = re.compile("(?<=[a-z])\xad(?=[a-z])")
_BLANKS, _LINE = re.compile(r"[^\S\n]{2,}|[^\S\n ]"), re.compile(r" ?\n ?")
_CARRIED_ON = re.compile(r"(?<=[,&-])\n(?!\n)")
_GLUED, _GLUED_HALF = re.compile(r"([a-z\d)])(?=[A-Z][a-z])"), re.compile(r"([AP]M)(?=[A-Z][a-z])")


def plain(text: str) -> str:
    r"""The text with one kind of dash, blank and line break, damaged characters mended, glued words set apart.

    Examples
    --------
    >>> plain("9:00amGÇô5:00pm, Mon&ndash;Fri<br>Sat 9AM-1PMSunday closed")
    '9:00am-5:00pm, Mon-Fri\nSat 9AM-1PM Sunday closed'
    """
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub(" ", _BREAK_TAG.sub("\n", text))
    if "\\" in text:
        text = text.replace("\\r", "").replace("\\n", "\n").replace("\\t", " ")
    if not text.isascii():
        text = _DAMAGED.sub(lambda found: CHARACTERS[found[0]], text)
        text = _SOFT_IN_WORD.sub("", text).replace("\xad", "-").translate(_PLAIN)
    if " ? " in text:  # a dash that an older program could not write
        text = text.replace(" ? ", " - ")
    if "  " in text or not text.isprintable():
        text = _BLANKS.sub(" ", text)
    if "\n" in text:
        text = _CARRIED_ON.sub(" ", _LINE.sub("\n", text))
    if _GLUED.search(text) or _GLUED_HALF.search(text):
        text = _GLUED_HALF.sub(r"\1 ", _GLUED.sub(r"\1 ", text))
    return spelled_out(text.strip())
