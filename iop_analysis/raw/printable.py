"""Text that may go to a terminal, a page or a table: control characters are shown, marks of direction dropped."""

from __future__ import annotations

import re

SHOWN = "\N{REPLACEMENT CHARACTER}"
# Control characters but tab and line ends, marks and overrides of direction, line separators, half a character.
HIDDEN = "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
# Marks of direction change no letter: without them a text says the same, and a reader of hours finds what it knows.
DROPPED = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
PATTERN = re.compile(HIDDEN[:-1] + "\0\ud800-\udfff]")


def printable(text: str) -> str:
    r"""The text with � for each character that steers a terminal, and without those that turn its direction.

    Examples
    --------
    >>> printable("Elm\x1b[31m House\u202e\n")
    'Elm�[31m House\n'
    """
    return cleared(text)[0]


def cleared(text: str) -> tuple[str, int]:
    """The text as `printable` gives it, and how many characters were replaced or dropped."""
    if text.isprintable():  # the quick way: nothing of the pattern is
        return text, 0
    return PATTERN.subn(lambda found: "" if found.group() in DROPPED else SHOWN, text)


def said(count: int) -> list[str]:
    """The note on characters that were replaced or dropped; none where there were none."""
    text = f"characters that would steer a terminal or turn the text are shown as {SHOWN}, or dropped"
    return [f"{count} {text}"] if count else []
