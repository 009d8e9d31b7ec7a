"""Text that may go to a terminal, a page or a table: control and direction characters are shown, never obeyed."""

from __future__ import annotations

import re

SHOWN = "\N{REPLACEMENT CHARACTER}"
# Control characters but tab and line ends, marks and overrides of direction, line separators, half a character.
HIDDEN = "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
PATTERN = re.compile(HIDDEN[:-1] + "\0\ud800-\udfff]")


def printable(text: str) -> str:
    r"""The text with � for each character that steers a terminal or turns the direction of writing.

    Examples
    --------
    >>> printable("Elm\x1b[31m House\u202e\n")
    'Elm�[31m House�\n'
    """
    return PATTERN.sub(SHOWN, text)


def cleared(text: str) -> tuple[str, int]:
    """The text as `printable` gives it, and how many characters were replaced."""
    return PATTERN.subn(SHOWN, text)


def said(count: int) -> list[str]:
    """The note on characters that were replaced; none where there were none."""
    return [f"{count} characters that would steer a terminal or turn the text are shown as {SHOWN}"] if count else []
