"""The headline of a report as one picture for a post: 1200 by 630 pixels, read on a telephone."""

from __future__ import annotations

import io
import textwrap

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from iop_analysis.report import figures
from iop_analysis.report.model import Report

PIXELS, DOTS = (1200, 630), 100
PAPER, INK, QUIET = "#00336e", "#ffffff", "#c3d9ee"
LEFT, LINE_LETTERS, SMALL_LETTERS = 0.05, 42, 92
HEADLINE_POINTS, SMALL_POINTS = 33.0, 15.0
TILES = 3


def picture(report: Report) -> bytes:
    """PNG with kicker, headline, three numbers and the source; `Description` says all of it in words."""
    page, buffer = report.front, io.BytesIO()
    tiles = [tile for tile in page.tiles if any(sign.isdigit() for sign in tile.figure)][:TILES]
    with mpl.rc_context(figures.STYLE):
        canvas = Figure(figsize=(PIXELS[0] / DOTS, PIXELS[1] / DOTS), facecolor=PAPER)
        _write(canvas, 0.93, [f"{'SYNTHETIC – ' * report.synthetic}{page.kicker}"], SMALL_POINTS, QUIET, True)
        lines = textwrap.wrap(page.headline, LINE_LETTERS)
        _write(canvas, 0.85, lines, HEADLINE_POINTS * min(1, 4 / len(lines)), INK, True)
        for number, tile in enumerate(tiles):
            _tile(canvas, number, tile.figure, tile.noun)
        _write(canvas, 0.11, textwrap.wrap(f"{report.source_line} {page.finder}", SMALL_LETTERS), 12.0, QUIET, False)
        said = " ".join([page.kicker, page.headline, *(f"{tile.figure} {tile.noun}." for tile in tiles)])
        about = {"Software": None, "Title": page.headline, "Description": said}
        canvas.savefig(buffer, format="png", dpi=DOTS, facecolor=PAPER, metadata=about)
    return buffer.getvalue()


def _write(canvas: Figure, top: float, lines: list[str], points: float, colour: str, bold: bool) -> None:
    weight = "bold" if bold else "normal"
    canvas.text(LEFT, top, "\n".join(lines), fontsize=points, color=colour, weight=weight, va="top", linespacing=1.22)


def _tile(canvas: Figure, number: int, figure: str, noun: str) -> None:
    """One number with its noun, the first at the left."""
    x = LEFT + number * 0.31
    canvas.add_artist(Rectangle((x, 0.16), 0.28, 0.2, facecolor="#0b4a94", transform=canvas.transFigure))
    canvas.text(x + 0.012, 0.335, figure, fontsize=23, weight="bold", color=INK, va="top")
    canvas.text(x + 0.012, 0.25, "\n".join(textwrap.wrap(noun, 30)), fontsize=14, color=INK, va="top")
