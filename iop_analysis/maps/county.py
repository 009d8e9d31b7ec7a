"""A state's counties as a figure: map, enlarged metropolitan area, legend, and a key for names without room."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from iop_analysis.maps import filling, margin, naming, sheet
from iop_analysis.maps.labels import FONT
from iop_analysis.maps.marks import INK, Mark

INSET_INCHES, INSET_HIGHEST, INSET_LEAST = 2.7, 2.6, 1.5
GAP_INCHES, TITLE_INCHES = 0.14, 0.17
# A figure of half a page has the legend beside a state that is narrower than this, by its height.
NARROW_ASPECT, NARROW_SIDE_INCHES = 0.8, 1.75
NARROW_HIGHEST = 1.7  # of an inset there
KEY_INCHES = 1.1  # a column of the key at least


@dataclass(frozen=True)
class Layout:
    """Where the parts of a map stand, in inches from the left and from the top; there may be no `inset`."""

    wide: float
    high: float
    map_box: tuple[float, float, float, float]
    legend: tuple[float, float]
    legend_columns: int
    inset: tuple[float, float, float, float] | None
    key_top: float

    def box(self, part: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        """A part as matplotlib wants it: fractions of the figure, from below."""
        x, y, width, height = part
        return x / self.wide, 1 - (y + height) / self.high, width / self.wide, height / self.high


def figure(
    shapes: geopandas.GeoDataFrame,
    known: Sequence[Mark],
    state: str,
    label: str,
    small_print: str,
    *,
    wide: float = margin.WIDTH_INCHES,
    most: int | None = None,
) -> Figure:
    """The counties of a state, each with its name or with a number that a key below explains.

    Parameters
    ----------
    shapes
        The ground with `mark`, `caption` and `weight` of each county.
    known
        Every mark, in the order of the legend; those that occur are in it.
    state
        Postal code.
    label
        Title of the legend.
    small_print
        Text below the map.
    wide
        Width in inches.
    most
        So many counties get a number, the populous ones first; the small print says that there are others.
    """
    drawn = filling.present(shapes, known)
    title, near = _near(shapes, state)
    arranged = _arranged(shapes, near, len(drawn), label, wide)
    points = arranged.map_box[2] * 72, arranged.inset[2] * 72 if arranged.inset else 0.0
    (west, _, east, _), close = sheet.page(shapes, False), _extent(shapes, near)
    near_metres = (close[2] - close[0]) / points[1] if points[1] else 0.0
    names = naming.names(shapes, (east - west) / points[0], near, near_metres, most)
    small_print = " ".join(filter(None, [names.rest, small_print]))
    arranged = _lengthened(arranged, names.key, small_print)
    canvas = Figure(figsize=(wide, arranged.high))
    ax = canvas.add_axes(arranged.box(arranged.map_box))
    sheet.fit(ax, shapes)
    _draw(ax, shapes, drawn, names.main)
    if arranged.inset:
        _inset(canvas, ax, arranged, shapes, close, title, drawn, names.inset)
    _legend(ax, arranged, drawn, label)
    _below(ax, arranged, names.key, small_print)
    return canvas


def _near(shapes: geopandas.GeoDataFrame, state: str) -> tuple[str, frozenset[str]]:
    title, labels = naming.metro(state)
    return title, frozenset(shapes["place"][shapes["label"].isin(labels)])


def _extent(shapes: geopandas.GeoDataFrame, near: frozenset[str]) -> tuple[float, float, float, float]:
    """West, south, east and north of the enlarged area and a margin; without one, of the whole."""
    box = shapes[shapes["place"].isin(near)].total_bounds if near else shapes.total_bounds
    edge = 0.04 * max(box[2] - box[0], box[3] - box[1])
    return box[0] - edge, box[1] - edge, box[2] + edge, box[3] + edge


def _arranged(shapes: geopandas.GeoDataFrame, near: frozenset[str], entries: int, label: str, wide: float) -> Layout:
    """Map, legend and inset: side by side where the state is tall and the page wide, else one below the other."""
    aspect = sheet.aspect(shapes)
    narrow = wide < margin.NARROW_INCHES
    below = aspect > (NARROW_ASPECT if narrow else margin.WIDE)
    side = NARROW_SIDE_INCHES if narrow else margin.SIDE_INCHES
    room = wide - 2 * margin.EDGE_INCHES - (0 if below else side)
    few = len(shapes) <= margin.FEW_PLACES
    highest = margin.HIGHEST_OF_FEW * wide / margin.WIDTH_INCHES if few else margin.HIGHEST_INCHES
    width = min(room, aspect * min(highest, wide * margin.TALLEST))
    map_box = (margin.EDGE_INCHES, margin.EDGE_INCHES, width, width / aspect)
    west, south, east, north = _extent(shapes, near)
    shape = (east - west) / (north - south)
    if below:
        return _stacked(map_box, shape if near else 0.0, entries, label, wide)
    x = width + 2 * GAP_INCHES
    legend = _legend_inches(entries, label, wide - x, 1)
    if not near:
        return Layout(wide, 0.0, map_box, (x, 0.05), 1, None, max(map_box[3], legend) + 2 * GAP_INCHES)
    high = max(INSET_LEAST, min(INSET_HIGHEST, map_box[3] - legend - TITLE_INCHES - GAP_INCHES))
    inset_wide = min(wide - x - margin.EDGE_INCHES, INSET_INCHES, high * shape)
    inset = (x, legend + TITLE_INCHES + GAP_INCHES, inset_wide, inset_wide / shape)
    return Layout(wide, 0.0, map_box, (x, 0.05), 1, inset, max(map_box[3], inset[1] + inset[3]) + 2 * GAP_INCHES)


def _stacked(map_box: tuple[float, float, float, float], shape: float, entries: int, label: str, wide: float) -> Layout:
    """The map above; below it the inset, if its width by its height is given, and the legend beside it."""
    top = map_box[1] + map_box[3] + GAP_INCHES
    if not shape:
        columns = margin.columns(wide)
        legend = _legend_inches(entries, label, wide, columns)
        return Layout(wide, 0.0, map_box, (margin.EDGE_INCHES, top), columns, None, top + legend + GAP_INCHES)
    highest = NARROW_HIGHEST if wide < margin.NARROW_INCHES else INSET_HIGHEST
    inset_wide = min(wide * 0.54, INSET_INCHES, highest * shape)
    inset = (margin.EDGE_INCHES, top + TITLE_INCHES, inset_wide, inset_wide / shape)
    x = inset_wide + 2 * GAP_INCHES
    legend = _legend_inches(entries, label, wide - x, 1)
    end = max(inset[1] + inset[3], top + legend)
    return Layout(wide, 0.0, map_box, (x, top), 1, inset, end + GAP_INCHES)


def _legend_inches(entries: int, label: str, room: float, columns: int) -> float:
    lines = len(margin.title_lines(label, room)) + math.ceil(entries / columns)
    return (lines * margin.LEGEND_LINE + margin.GAP) / 72


def _key_inches(key: list[str]) -> float:
    """Width of a column of the key, which its longest line fits."""
    letters = max((len(line) for line in key), default=0) + 2
    return max(KEY_INCHES, letters * margin.PRINT_POINTS * margin.LETTER / 72)


def _lengthened(arranged: Layout, key: list[str], small_print: str) -> Layout:
    """The same with the height that the key and the small print need."""
    columns = int(arranged.wide / _key_inches(key))
    lines = math.ceil(len(key) / columns) + (1 if key else 0)
    lines += len(margin.wrapped(small_print, arranged.wide - margin.EDGE_INCHES))
    high = arranged.key_top + lines * margin.PRINT_LINE / 72 + margin.EDGE_INCHES
    return Layout(**{**arranged.__dict__, "high": high})


def _draw(ax: Axes, shapes: geopandas.GeoDataFrame, drawn: Sequence[Mark], labels: Sequence[naming.Label]) -> None:
    filling.fill(ax, shapes, drawn)
    sheet.draw_lines(ax, shapes)
    naming.write(ax, shapes, labels, drawn)


def _inset(
    canvas: Figure,
    main: Axes,
    arranged: Layout,
    shapes: geopandas.GeoDataFrame,
    close: tuple[float, float, float, float],
    title: str,
    drawn: Sequence[Mark],
    labels: Sequence[naming.Label],
) -> None:
    """The enlarged area with a frame and its name, and the same frame on the map."""
    assert arranged.inset
    west, south, east, north = close
    frame: dict[str, Any] = {"fill": False, "edgecolor": INK, "linewidth": 0.8}
    main.add_patch(Rectangle((west, south), east - west, north - south, clip_on=False, **frame))
    ax = canvas.add_axes(arranged.box(arranged.inset))
    ax.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[])
    _draw(ax, shapes.cx[west:east, south:north], drawn, labels)
    ax.set_title(f"{title}, enlarged", fontsize=margin.LEGEND_POINTS, family=FONT, loc="left", pad=2.5)


def _legend(ax: Axes, arranged: Layout, drawn: Sequence[Mark], label: str) -> None:
    x, y = arranged.legend
    at = x / arranged.wide, 1 - y / arranged.high
    columns = arranged.legend_columns
    margin.place_legend(ax, filling.handles(drawn), margin.title_lines(label, arranged.wide - x), at, columns)


def _below(ax: Axes, arranged: Layout, key: list[str], small_print: str) -> None:
    """The key in columns, read downwards, and the small print below it."""
    size, step = (arranged.wide, arranged.high), _key_inches(key)
    columns = int(arranged.wide / step)
    rows = math.ceil(len(key) / columns)
    for column in range(columns if key else 0):
        lines = "\n".join(key[column * rows : (column + 1) * rows])
        margin.print_at(ax, lines, column * step + margin.EDGE_INCHES, arranged.key_top, size)
    top = arranged.key_top + (rows + 1 if key else 0) * margin.PRINT_LINE / 72
    text = "\n".join(margin.wrapped(small_print, arranged.wide - margin.EDGE_INCHES))
    margin.print_at(ax, text, margin.EDGE_INCHES, top, size)
