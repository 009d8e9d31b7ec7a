"""Figures as SVG text or PNG bytes: the same figure gives the same bytes, and the alternative text goes inside."""

from __future__ import annotations

import io
import re
from html import escape

from matplotlib import rc_context
from matplotlib.figure import Figure

# Text stays text: it can be searched, selected and translated. Fonts that readers have instead of DejaVu Sans are
# narrower, so nothing that fits here overlaps there.
FONTS = "'DejaVu Sans', Verdana, Arial, sans-serif"
LINES = 'style="stroke-linejoin: round; stroke-linecap: butt"'
PNG_DPI = 200


def to_svg(figure: Figure, alt: str) -> str:
    """The figure as one `<svg>` element, ready to stand in an HTML page or, saved in UTF-8, as a file of its own.

    Coordinates are rounded to a hundredth of a point. There is no date, and groups have no ids, so that several
    drawings can share a page.

    Parameters
    ----------
    figure
        Figure of matplotlib.
    alt
        What the figure shows, in words, for readers who cannot see it.
    """
    buffer = io.StringIO()
    with rc_context({"svg.hashsalt": "iop_analysis", "svg.fonttype": "none"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    for unwanted in (r"\s*<metadata>.*?</metadata>", r"\s*<defs>\s*<style.*?</style>\s*</defs>"):
        text = re.sub(unwanted, "", text, count=1, flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", lambda tag: _short(tag[0]), text)
    return text.replace("<svg ", f'<svg role="img" aria-label="{escape(alt, quote=True)}" {LINES} ', 1)


def _short(tag: str) -> str:
    """One tag without a group's id, with rounded numbers and the fonts of `FONTS`."""
    if tag.startswith("<g id="):
        return "<g/>" if tag.endswith("/>") else "<g>"
    tag = re.sub(r"-?\d+\.\d{3,}", lambda number: f"{float(number[0]):.2f}".rstrip("0").rstrip("."), tag)
    return re.sub(r"font-family: [^;\"]*", f"font-family: {FONTS}", tag)


def to_png(figure: Figure, alt: str, dots: int = PNG_DPI) -> bytes:
    """The figure as PNG; the alternative text is its `Description`.

    Parameters
    ----------
    figure, alt
        As for `to_svg`.
    dots
        Per inch.
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dots, metadata={"Software": None, "Description": alt})
    return buffer.getvalue()
