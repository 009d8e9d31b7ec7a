"""Text that may go to a terminal, a page or a table: control and direction characters are shown, never obeyed."""

from __future__ import annotations

import re

SHOWN = "\N{REPLACEMENT CHARACTER}"
# Control characters but tab and line ends, marks and overrides of direction, line separators, half a character.
HIDDEN = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]"
PATTERN = re.compile(HIDDEN[:-1] + "\ud800-\udfff]")


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
    plural = "" if count == 1 else "s"
    return [f"{count} character{plural} that would steer a terminal or turn the text are shown as {SHOWN}"][: bool(count)]
