"""What stands around a map: legend and small print, and the size of a figure that has room for them."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.transforms import Transform, offset_copy

from iop_analysis.maps.labels import FONT
from iop_analysis.maps.marks import INK, QUIET

WIDTH_INCHES = 7.2  # 720 pixels of a page
HIGHEST_INCHES, FEW_PLACES, HIGHEST_OF_FEW = 5.4, 10, 3.6  # a map of few places need not be large
SIDE_INCHES = 2.2  # a legend at the side
WIDE = 1.4  # a page that is wider than this, by its height, has the legend below
TALLEST = 0.88  # of its width is a narrow figure's map high: two stand side by side on a first page
NARROW_INCHES = 5.0  # a figure that is narrower than this has the legend below as well
COLUMNS, NARROW_COLUMNS = 3, 2  # of a legend below
LEGEND_POINTS, LEGEND_LINE = 7.5, 11.5  # size of the letters and distance of the lines
PRINT_POINTS, PRINT_LINE = 6.5, 8.5
SMALL: dict[str, Any] = {"va": "top", "size": PRINT_POINTS, "family": FONT, "color": QUIET, "linespacing": 1.25}
GAP = 8.0  # points between the parts
EDGE_INCHES = 0.05
TITLE_INCHES = 2.1  # of a line of the title of a legend at the side
LETTER, BOLD_LETTER = 0.56, 0.66  # mean width of a letter by the font size


def figure_for(
    aspect: float, count: int, entries: int, small_print: str, wide: float = WIDTH_INCHES
) -> tuple[Figure, Axes]:
    """An empty figure with axes for a map.

    Parameters
    ----------
    aspect
        Width of the map divided by its height.
    count
        Number of places on it.
    entries
        Number of entries of the legend.
    small_print
        Text below the map.
    wide
        Inches, a page's width or less.
    """
    below = aspect > WIDE or wide < NARROW_INCHES
    room = wide - 2 * EDGE_INCHES - (0 if below else SIDE_INCHES)
    highest = min(HIGHEST_INCHES, wide * TALLEST) if count > FEW_PLACES else HIGHEST_OF_FEW * wide / WIDTH_INCHES
    width = min(room, aspect * highest)
    height = width / aspect
    lines = len(wrapped(small_print, wide - EDGE_INCHES))
    foot = (GAP * 2 + (_legend_height(entries, wide) if below else 0) + lines * PRINT_LINE) / 72
    whole = height + foot + EDGE_INCHES
    figure = Figure(figsize=(wide, whole))
    box = (EDGE_INCHES / wide, foot / whole, width / wide, height / whole)
    return figure, figure.add_axes(box)


def columns(wide: float) -> int:
    """Columns of a legend below the map."""
    return NARROW_COLUMNS if wide < NARROW_INCHES else COLUMNS


def _legend_height(entries: int, wide: float) -> float:
    """Points that a legend below the map takes, with the gap above it."""
    return GAP + LEGEND_LINE * (1 + math.ceil(entries / columns(wide)))


def _inches(ax: Axes) -> float:
    figure = ax.get_figure(root=True)
    return float(figure.get_figwidth()) if figure else WIDTH_INCHES


def wrapped(text: str, inches: float) -> list[str]:
    """Small print in lines of so many inches."""
    return textwrap.wrap(text, int(inches * 72 / (PRINT_POINTS * LETTER)))


def has_legend_below(ax: Axes) -> bool:
    """Whether a map, by its shape and the width of its figure, has its legend below it."""
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    return bool((east - west) / (north - south) > WIDE or _inches(ax) < NARROW_INCHES)


def legend(ax: Axes, handles: Sequence[Artist], title: str) -> None:
    """Draw the legend at the right of the map or, where the map is wide, below it."""
    below, wide = has_legend_below(ax), _inches(ax)
    east, down = (0, -GAP) if below else (GAP, 0)
    at = offset_copy(ax.transAxes, ax.get_figure(root=True), east, down, "points")
    lines = title_lines(title, wide if below else TITLE_INCHES)
    _draw_legend(ax, handles, lines, (0, 0) if below else (1, 1), at, columns(wide) if below else 1)


def title_lines(title: str, inches: float) -> list[str]:
    """The title of a legend, its first letter large, in lines of so many inches."""
    letters = int(inches * 72 / (LEGEND_POINTS * BOLD_LETTER))
    return textwrap.wrap(title[:1].upper() + title[1:], letters)


def place_legend(
    ax: Axes, handles: Sequence[Artist], lines: Sequence[str], at: tuple[float, float], ncols: int
) -> None:
    """Draw the legend with its upper left corner at a point of the figure, in fractions of it."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    _draw_legend(ax, handles, lines, at, figure.transFigure, ncols)


def _draw_legend(
    ax: Axes,
    handles: Sequence[Artist],
    lines: Sequence[str],
    at: tuple[float, float],
    transform: Transform,
    ncols: int,
) -> None:
    ax.legend(
        handles=handles,
        title="\n".join(lines),
        loc="upper left",
        bbox_to_anchor=at,
        bbox_transform=transform,
        ncols=ncols,
        prop=FontProperties(family=FONT, size=LEGEND_POINTS),
        title_fontproperties=FontProperties(family=FONT, size=LEGEND_POINTS, weight="bold"),
        labelcolor=INK,
        labelspacing=0.35,
        handleheight=1.0,
        alignment="left",
        frameon=False,
        borderpad=0,
        borderaxespad=0,
    )


def small_print(ax: Axes, text: str, entries: int) -> None:
    """Write a source line and what else must be said below the map and its legend of some entries."""
    inches = _inches(ax) * (1 - ax.get_position().x0)
    down = GAP + (_legend_height(entries, _inches(ax)) if has_legend_below(ax) else 0)
    ax.annotate(
        "\n".join(wrapped(text, inches)),
        (0, 0),
        (0, -down),
        xycoords="axes fraction",
        textcoords="offset points",
        **SMALL,
    )


def print_at(ax: Axes, text: str, x: float, y: float, whole: tuple[float, float]) -> None:
    """Write small print at inches from the left and from the top of a figure of a width and a height."""
    ax.annotate(
        text,
        (x / whole[0], 1 - y / whole[1]),
        xycoords="figure fraction",
        annotation_clip=False,
        **SMALL,
    )
