"""Text as people and programs leave it becomes plain: one dash, one blank, one line break, no damaged characters."""

from __future__ import annotations

import html
import re
import unicodedata

from iop_analysis.hours.spanish import may_be_spanish, spelled_out
from iop_analysis.hours.words import CHARACTERS

_ALIKE = (
    dict.fromkeys("‐‑‒–—―−﹣－~→", "-") | dict.fromkeys("\u200b\ufeff\u2060\u200e\u200f") | dict.fromkeys("’‘", "'")
)
_PLAIN = str.maketrans(_ALIKE)
_DAMAGED = re.compile("|".join(map(re.escape, CHARACTERS)))
_DAMAGED_CASE = re.compile("|".join(re.escape(one) for one in CHARACTERS if len(one) > 1), re.IGNORECASE)
_FOLDED = {written.lower(): meant for written, meant in CHARACTERS.items()}
_ENTITY, _MAYBE_ENTITY = re.compile("&[A-Z]+;"), re.compile("&[#a-zA-Z]")
_ESCAPED, _ESCAPES = re.compile(r"\\([nrt])", re.IGNORECASE), {"n": "\n", "r": "", "t": " "}
_BREAK_TAG, _TAG = re.compile(r"<(?:br|/p|/li|/tr|/div)\b[^<>]*>", re.IGNORECASE), re.compile(r"<[^<>]*>")
_SOFT_IN_WORD = re.compile("(?<=[a-z])\xad(?=[a-z])")
_AREA_CODE = re.compile(r"\((\d{3})\)\s?(?=\d{3}\s?[-. ]\s?\d{4})")
_LEADERS = re.compile(r"(?<=[a-z])\s?\.{3,}\s?(?=\d)", re.IGNORECASE)
_BLANKS, _LINE = re.compile(r"[^\S\n]{2,}|[^\S\n ]"), re.compile(r" ?\n ?")
_CARRIED_ON = re.compile(r"(?<=[,&-])\n(?!\n)")
_COMPOUND = re.compile(
    r" - (?=(?:hours?|hr|four|call|round|ins?|off)\b)"
    r"(?:(?<=\b24 - )|(?<=\btwenty - )|(?<=\bon - )|(?<=\byear - )|(?<=\bwalk - )|(?<=\bdrop - )|(?<=\bafter - ))",
    re.IGNORECASE,
)
# Words that lost the blank between them, whatever their case: 5pmSat, 4:30Program, MondayClosed.
_CAMEL, _BEHIND_FIGURE = re.compile(r"[a-z\d)][A-Z][a-z]"), re.compile(r"\d(?:[a-z]{3}| [ap]m[a-z]|h\d\d|\s?o'c)")
_CODES = "".join(rf"(?<!\b{code})" for code in ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"))
_WITH_FIGURES = "[ap]m|hours?|hrs?|days?|noon|mid|min|years?|yrs|horas?|d[ií]as?|weeks?|months?|sessions?"
_HOUR = re.compile(r"(?<=\d)h(?=\d\d(?!\d))|(?<=\d)\s?o'clock\b", re.IGNORECASE)  # 08h30, 8 o'clock
_GLUED = (
    re.compile(rf"([a-z\d)]){_CODES}(?=[A-Z][a-z])"),
    re.compile(r"(?<=\d)(\s?[ap]m)(?=[a-z]{3})", re.IGNORECASE),
    re.compile(rf"(\d)(?=[a-z]{{3}})(?!{_WITH_FIGURES})", re.IGNORECASE),
    re.compile(r"(day)(?=closed)", re.IGNORECASE),
)


def plain(text: str) -> str:
    r"""The text with one kind of dash, blank and line break, damaged characters mended, glued words set apart.

    Examples
    --------
    >>> plain("9:00amGÇô5:00pm, Mon&ndash;Fri<br>Sat 9AM-1PMSunday closed")
    '9:00am-5:00pm, Mon-Fri\nSat 9AM-1PM Sunday closed'
    """
    if "&" in text and _MAYBE_ENTITY.search(text):
        text = html.unescape(_ENTITY.sub(lambda found: found[0].lower(), text))
    if "<" in text:
        text = _TAG.sub(" ", _BREAK_TAG.sub("\n", text))
    if "\\" in text:
        text = _ESCAPED.sub(lambda found: _ESCAPES[found[1].lower()], text)
    if not text.isascii():
        text = _ascii(text)
    if "  " in text or not text.isprintable():
        text = _BLANKS.sub(" ", text)
    if "(" in text:
        text = _AREA_CODE.sub(r"\1-", text)
    if "~" in text:
        text = text.replace("~", "-")
    if " ? " in text:  # a dash that an older program could not write
        text = text.replace(" ? ", " - ")
    if " - " in text:
        text = _COMPOUND.sub("-", text)
    if "..." in text:
        text = _LEADERS.sub(": ", text)
    if "\n" in text:
        text = _CARRIED_ON.sub(" ", _LINE.sub("\n", text))
    low = text.lower()
    if _BEHIND_FIGURE.search(low) or _CAMEL.search(text) or "dayclosed" in low:
        text = _HOUR.sub(lambda found: ":" if len(found[0]) == 1 else "", text)
        for glued in _GLUED:
            text = glued.sub(r"\1 ", text)
        low = text.lower()
    return (spelled_out(text) if may_be_spanish(low) else text).strip()


def _ascii(text: str) -> str:
    """A text with plain dashes and quotes, and with characters that a wrong encoding has damaged mended."""
    dashed = text.replace("–", "-").replace("’", "'")
    if dashed.isascii():
        return dashed
    text = _DAMAGED_CASE.sub(lambda found: _FOLDED[found[0].lower()], unicodedata.normalize("NFC", text))
    text = _DAMAGED.sub(lambda found: CHARACTERS[found[0]], text)
    return _SOFT_IN_WORD.sub("", text).replace("\xad", "-").translate(_PLAIN)
