"""Labels that stand inside the shape they name, or not at all."""

from __future__ import annotations

import textwrap
from functools import cache

import shapely
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath
from shapely import affinity

FONT = "DejaVu Sans"
LINE_HEIGHT = 1.2  # of the font size
NAME_WIDTH = 12  # letters, where a name is broken into two lines


def place_label(
    shape: shapely.Geometry, name: str, caption: str, size: float, metres_per_point: float
) -> tuple[shapely.Point, str] | None:
    """Where a label fits into a shape, and its text: name and caption, else the caption alone; None where neither fits.

    Parameters
    ----------
    shape
        Shape of the place in metres.
    name, caption
        The two parts of the label; either may be empty.
    size
        Font size in points.
    metres_per_point
        Metres of the ground under one point of the page.
    """
    if shape.is_empty:
        return None
    part = max(getattr(shape, "geoms", [shape]), key=lambda one: one.area)
    for text in _texts(name, caption):
        width, height = text_size(text, size)
        spot = _spot(part, width * metres_per_point, height * metres_per_point)
        if spot is not None:
            return spot, text
    return None


def _texts(name: str, caption: str) -> list[str]:
    """Forms of a label, the fullest first."""
    broken = "\n".join(textwrap.wrap(name, NAME_WIDTH, break_long_words=False))
    forms = ["\n".join(filter(None, parts)) for parts in ((name, caption), (broken, caption), (caption,))]
    return [form for form in dict.fromkeys(forms) if form]


@cache
def text_size(text: str, size: float) -> tuple[float, float]:
    """Width and height in points of text, its lines one below the other."""
    font = FontProperties(family=FONT)
    lines = text.split("\n")
    width = max(TextPath((0, 0), line, size=size, prop=font).get_extents().width for line in lines)
    return float(width), size * LINE_HEIGHT * len(lines)


def _spot(shape: shapely.Polygon, width: float, height: float) -> shapely.Point | None:
    """Middle of a box of that size inside the shape: at its centroid, else at the roomiest place."""
    squeezed = affinity.scale(shape, height / width, 1, origin=(0, 0))  # the box becomes a square
    roomy = shapely.get_point(shapely.maximum_inscribed_circle(squeezed, height / 10), 0)
    for middle in (shape.centroid, affinity.scale(roomy, width / height, 1, origin=(0, 0))):
        box = shapely.box(
            middle.x - width / 2, middle.y - height / 2, middle.x + width / 2, middle.y + height / 2
        )
        if shape.contains(box):
            return middle
    return None
