"""Labels that stand inside the shape they name, or not at all."""

from __future__ import annotations

import textwrap
from functools import cache

import numpy as np
import shapely
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

FONT = "DejaVu Sans"
SIZES = (7.0, 6.2, 5.5)  # points, the preferred one first
LINE_SPACING = 1.05  # of the height of a line
LINE_HEIGHT = 1.25  # of the font size, with the space to the next line
NAME_LETTERS = 12  # where a name is broken into lines
TRIALS = 12  # places along each side where a label is tried
HINTED = 1.04  # letters on a screen are up to this much wider than their outlines
PADDING = 1.0  # points around a label, in all


def fitted(
    shape: shapely.Geometry, name: str, caption: str, metres_per_point: float, short: bool = True
) -> tuple[shapely.Point, str, float] | None:
    """Where a label fits into a shape, its text and its size in points; None where no form of it fits.

    The forms are tried in this order, each at every size: name and caption, the same with the name in short lines,
    and, where it may be `short`, the name alone.

    Parameters
    ----------
    shape
        Shape of the place in metres.
    name, caption
        The two parts of the label; the caption may be empty.
    metres_per_point
        Metres of the ground under one point of the page.
    short
        Whether the name may stand without its caption.
    """
    if shape.is_empty:
        return None
    part = max(getattr(shape, "geoms", [shape]), key=lambda one: one.area)
    shapely.prepare(part)
    for text in _forms(name, caption, short):
        for size in SIZES:
            width, height = ((points + PADDING) * metres_per_point for points in text_size(text, size))
            spot = _spot(part, width, height)
            if spot is not None:
                return spot, text, size
    return None


def _forms(name: str, caption: str, short: bool) -> list[str]:
    broken = "\n".join(textwrap.wrap(name, NAME_LETTERS, break_long_words=False))
    forms = ["\n".join(filter(None, (first, caption))) for first in (name, broken)]
    return list(dict.fromkeys([*forms, *((name, broken) if short else ())]))


@cache
def text_size(text: str, size: float) -> tuple[float, float]:
    """Width and height in points of text, its lines one below the other."""
    font = FontProperties(family=FONT, size=size)
    lines = text.split("\n")
    width = max(text_to_path.get_text_width_height_descent(line, font, ismath=False)[0] for line in lines)
    return float(width) * HINTED, size * LINE_HEIGHT * len(lines)


def _spot(shape: shapely.Polygon, width: float, height: float) -> shapely.Point | None:
    """Middle of a box of that size inside the shape, as near to the shape's centroid as a grid of trials finds."""
    west, south, east, north = shape.bounds
    if width > east - west or height > north - south:
        return None
    across = np.linspace(west + width / 2, east - width / 2, TRIALS)
    up = np.linspace(south + height / 2, north - height / 2, TRIALS)
    x = np.append(np.tile(across, TRIALS), shape.centroid.x)
    y = np.append(np.repeat(up, TRIALS), shape.centroid.y)
    fits = shapely.contains(shape, shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2))
    if not fits.any():
        return None
    away = np.hypot(x - shape.centroid.x, y - shape.centroid.y)
    best = np.where(fits, away, np.inf).argmin()
    return shapely.Point(x[best], y[best])
