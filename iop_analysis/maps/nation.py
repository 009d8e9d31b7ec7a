"""The labels of the nation's map by state: inside a state where they fit, else in a column beside the map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from iop_analysis.maps import sheet
from iop_analysis.maps.filling import hatched, style
from iop_analysis.maps.ground import INSETS
from iop_analysis.maps.labels import FONT, LINE_SPACING, SIZES, fitted
from iop_analysis.maps.marks import INK, Mark

PAPER: dict[str, Any] = {"facecolor": "#ffffff", "edgecolor": "none", "pad": 0.4}
CENTRED: dict[str, Any] = {"family": FONT, "ha": "center", "va": "center", "linespacing": LINE_SPACING}
# A box of the column of states: its width, height and step to the next one, in points.
BOX_WIDTH, BOX_HEIGHT, BOX_STEP = 11.0, 8.0, 11.5


def label(ax: Axes, shapes: geopandas.GeoDataFrame, known: Sequence[Mark]) -> None:
    """Write `label` and `caption` of each state on axes of their final size; each has a `mark`, one of those known.

    Where a drawing is so small that the column is full before every state stands in it, captions are left out.
    """
    metres = sheet.metres_per_point(ax)
    fits = _fits(shapes, metres)
    if _column(shapes[[found is None for found in fits]]) * BOX_STEP * metres > sheet.COLUMN_NORTH - ax.get_ylim()[0]:
        shapes = shapes.assign(caption="")
        fits = _fits(shapes, metres)
    _inside(ax, shapes, fits, known)
    _beside(ax, shapes[[found is None for found in fits]], known)


def _fits(shapes: geopandas.GeoDataFrame, metres: float) -> list[Any]:
    """Spot, text and size of the label of each state that has room for it, None for the others."""
    return [fitted(row.geometry, row.label, row.caption, metres, False) for row in shapes.itertuples()]


def _column(rest: geopandas.GeoDataFrame) -> int:
    return int((~rest["place"].isin(INSETS)).sum())


def _inside(ax: Axes, shapes: geopandas.GeoDataFrame, fits: Sequence[Any], known: Sequence[Mark]) -> None:
    ink = {mark.key: mark.ink for mark in known}
    # A hatching behind letters is hard on the eye: they stand on paper.
    paper = {mark.key: PAPER if mark.hatch else None for mark in known}
    for key, found in zip(shapes["mark"], fits, strict=True):
        if found is not None:
            spot, text, size = found
            ax.text(spot.x, spot.y, text, size=size, color=ink[key], bbox=paper[key], **CENTRED)


def _beside(ax: Axes, rest: geopandas.GeoDataFrame, known: Sequence[Mark]) -> None:
    """Write the labels that do not fit: below an inset, else in a column with a box each, north to south."""
    metres = sheet.metres_per_point(ax)
    looks = {mark.key: style(mark) for mark in known}
    font: dict[str, Any] = {"size": SIZES[0], "color": INK, "family": FONT}
    x, y = sheet.COLUMN_WEST, sheet.COLUMN_NORTH
    for row in rest.assign(north=rest.centroid.y).sort_values("north", ascending=False).itertuples():
        text = f"{row.label}  {row.caption}".strip()
        if row.place in INSETS:
            west, south, east, _ = row.geometry.bounds
            ax.text((west + east) / 2, south - 2 * metres, text, ha="center", va="top", **font)
            continue
        if y < ax.get_ylim()[0]:
            return  # the table beside the map has every state
        ax.add_patch(hatched(Rectangle((x, y), BOX_WIDTH * metres, BOX_HEIGHT * metres, **looks[row.mark])))
        ax.text(x + (BOX_WIDTH + 3) * metres, y + BOX_HEIGHT / 2 * metres, text, va="center_baseline", **font)
        y -= BOX_STEP * metres
