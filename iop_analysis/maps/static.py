"""Static maps: axes in, axes out; shares of a coverage table by county or state, and facilities as points."""

from __future__ import annotations

import textwrap
from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.patheffects import withStroke

from iop_analysis import places
from iop_analysis.errors import CallError
from iop_analysis.maps.ground import ground, on_page, outlines
from iop_analysis.maps.labels import FONT, place_label, text_size
from iop_analysis.maps.marks import COUNTED, FEW, INK, LINE, NONE, QUIET, UNKNOWN, Mark, caption, mark_of, marks
from iop_analysis.maps.save import to_png, to_svg

__all__ = ["alt_text", "choropleth", "figure", "points", "to_png", "to_svg"]

WIDTH_INCHES = 7.2  # 720 pixels of a page
SIDE_INCHES = 2.15  # room for a legend at the side
WIDE = 1.4  # grounds that are wider than this have the legend below
SMALL, TINY = 6.5, 5.5  # points
LEGEND_SIZE, LEGEND_LINE = 7.5, 12.5


def choropleth(
    table: pd.DataFrame,
    ax: Axes,
    state: str | None = None,
    value: str = "lower_share",
    label: str = "share that meets the criterion, at least",
    source: str = "",
) -> Axes:
    """Draw a coverage table as a map: the counties of a state, or the nation by state or county.

    Places with at least `FEW` facilities are shaded (darker is more, also in grey). Fewer get their counts, printed
    where they fit; places without a listed facility and places of which nothing is known have a hatching each.
    The legend names what occurs. Labels stand only where they fit into their shape; on the nation's map by state
    the small states of the east stand in a column beside it.

    Parameters
    ----------
    table
        A coverage table with a row for every place that is drawn (`places=` of `coverage`). Rows of no drawn place,
        such as `not placed`, are counted in the small print.
    ax
        Axes to draw on, of their final size; legend and small print stand right of and below them.
    state
        Postal code of the state that is drawn, by county; without it the nation, by what `table` has.
    value
        Column of shares (0-1) that is drawn.
    label
        Title of the legend.
    source
        Source and year, for the small print.

    Returns
    -------
    Axes
        The same axes.

    Raises
    ------
    CallError
        The table lacks places of the map.
    """
    shapes = _shapes(table, state, value)
    _frame(ax, shapes, state)
    _fill(ax, shapes)
    _lines(ax, shapes, state)
    _write(ax, shapes, state)
    _legend(ax, _present(shapes), label, state)
    _small_print(ax, _small_text(table, shapes, state, source), len(_present(shapes)), state)
    return ax


def _level(table: pd.DataFrame, state: str | None) -> str:
    by_county = state is not None or table["place"].astype(str).str.fullmatch(r"\d{5}").any()
    return "county" if by_county else "state"


def _shapes(table: pd.DataFrame, state: str | None, value: str) -> geopandas.GeoDataFrame:
    """The ground with each place's row, its `mark` and its `caption`."""
    shapes = ground(_level(table, state), state)
    missing = shapes["name"][~shapes["place"].isin(table["place"])]
    if len(missing):
        some = ", ".join(missing[:3])
        raise CallError(
            f"The table lacks {len(missing)} of {len(shapes)} places of the map ({some} …); "
            "give coverage() the list of all places."
        )
    shapes = shapes.merge(table.assign(mark=mark_of(table, value)), on="place", how="left", validate="1:1")
    return shapes.assign(caption=[caption(row, row["mark"], value) for _, row in shapes.iterrows()])


def _frame(ax: Axes, shapes: geopandas.GeoDataFrame, state: str | None) -> None:
    west, south, east, north = _bounds(shapes, state)
    ax.set_xlim(west, east)
    ax.set_ylim(south, north)
    ax.set_aspect("equal", anchor="NW")
    ax.set_axis_off()


def _bounds(shapes: geopandas.GeoDataFrame, state: str | None) -> tuple[float, float, float, float]:
    """West, south, east and north of the page in metres: the shapes, a margin, and room for the column of states."""
    west, south, east, north = shapes.total_bounds
    margin = 0.01 * (east - west)
    column = COLUMN_METRES if state is None and _by_state(shapes) else 0
    return west - margin, south - margin, east + margin + column, north + margin


def _by_state(shapes: geopandas.GeoDataFrame) -> bool:
    return bool((shapes["place"] == shapes["state"]).all())


def _fill(ax: Axes, shapes: geopandas.GeoDataFrame) -> None:
    for mark in _present(shapes):
        here = shapes.geometry[(shapes["mark"] == mark.key) & ~shapes.is_empty]
        if len(here):
            here.plot(ax=ax, facecolor=mark.face, edgecolor=HATCH, linewidth=0, hatch=mark.hatch or None, aspect=None)
            ax.collections[-1].set_hatch_linewidth(HATCH_WIDTH)


def _present(shapes: geopandas.GeoDataFrame) -> list[Mark]:
    return [mark for mark in marks() if (shapes["mark"] == mark.key).any()]


def _lines(ax: Axes, shapes: geopandas.GeoDataFrame, state: str | None) -> None:
    inner = 0.5 if state or _by_state(shapes) else 0.15
    shapes.geometry[~shapes.is_empty].boundary.plot(ax=ax, color=LINE, linewidth=inner, aspect=None)
    geopandas.GeoSeries(outlines(shapes)).boundary.plot(ax=ax, color=INK, linewidth=0.8 if state else 0.5, aspect=None)


def _write(ax: Axes, shapes: geopandas.GeoDataFrame, state: str | None) -> None:
    """Labels that fit, and the column of the states into which theirs does not."""
    if state is None and not _by_state(shapes):
        return
    ink = {mark.key: mark.ink for mark in marks()}
    left = []
    for row in shapes.sort_values("place").itertuples():
        for size in (SMALL, TINY):
            found = place_label(row.geometry, row.label, row.caption, size, _metres_per_point(ax))
            if found and (state or "\n" in found[1] or not row.caption):
                spot, text = found
                ax.text(spot.x, spot.y, text, size=size, color=ink[row.mark], **TEXT)
                break
        else:
            left.append(row)
    if state is None:
        _column(ax, left)


def _metres_per_point(ax: Axes) -> float:
    ax.apply_aspect()
    pixels = ax.get_window_extent().width
    west, east = ax.get_xlim()
    return float((east - west) / (pixels / ax.figure.dpi * 72))


def _column(ax: Axes, rows: list[NamedTuple]) -> None:
    """A box and a line of text for each small state, north to south, in the sea beside the map."""
    metres = _metres_per_point(ax)
    face = {mark.key: mark for mark in marks()}
    rows = sorted(rows, key=lambda row: -row.geometry.centroid.y)
    x, y = ax.get_xlim()[1] - COLUMN_METRES, COLUMN_NORTH
    for row in rows:
        mark = face[row.mark]
        box = {"facecolor": mark.face, "edgecolor": HATCH, "hatch": mark.hatch, "linewidth": 0}
        for style in (box, {"facecolor": "none", "edgecolor": INK, "linewidth": 0.5}):
            ax.add_patch(Rectangle((x, y), 11 * metres, 8 * metres, **style))
        ax.text(x + 14 * metres, y + 4 * metres, f"{row.label}  {row.caption}", size=SMALL, color=INK, **BESIDE)
        y -= 11.5 * metres


def _legend(ax: Axes, present: list[Mark], label: str, state: str | None) -> None:
    handles = [Patch(facecolor=mark.face, edgecolor=HATCH, hatch=mark.hatch, label=mark.legend) for mark in present]
    for handle in handles:
        handle.set_hatch_linewidth(HATCH_WIDTH)
    below = _is_wide(ax)
    ax.legend(
        handles=handles,
        title=label if below else textwrap.fill(label, 30),
        loc="upper left",
        bbox_to_anchor=(0, 0) if below else (1.02, 1),
        ncols=LEGEND_COLUMNS if below else 1,
        prop={"family": FONT, "size": LEGEND_SIZE},
        title_fontproperties={"family": FONT, "size": LEGEND_SIZE, "weight": "bold"},
        alignment="left",
        frameon=False,
        borderaxespad=0,
    )
