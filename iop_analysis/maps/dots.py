"""Facilities as points on the map of a state or the nation."""

from __future__ import annotations

from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from iop_analysis.maps import margin, sheet
from iop_analysis.maps.ground import ground, on_page
from iop_analysis.maps.marks import INK

MET, NOT_KNOWN, LISTED = "meets the criterion", "not known", "listed"
DOT: dict[str, Any] = {"marker": "o", "markersize": 4.2, "linestyle": ""}
FULL = DOT | {"markerfacecolor": "#00336e", "markeredgecolor": "#ffffff", "markeredgewidth": 0.3}
OPEN = DOT | {"markerfacecolor": "#ffffff", "markeredgecolor": INK, "markeredgewidth": 0.6}


def points(
    facilities: pd.DataFrame,
    ax: Axes,
    state: str | None = None,
    meets: pd.Series | None = None,
    label: str = "listed facilities",
    *,
    source: str = "",
) -> Axes:
    """Draw facilities as points: full where they meet a criterion, open where that is not known.

    A facility that is known not to meet the criterion has no point, since maps name no failures; the small print
    counts these and the facilities without a point. Where addresses are withheld there is no point to draw.

    Parameters
    ----------
    facilities
        Canonical facilities: `longitude`, `latitude` (degrees, missing where not published) and `state`.
    ax
        Axes to draw on, of their final size; the legend stands right of or below them, the small print below.
    state
        Postal code of the state that is drawn; without it the nation.
    meets
        True, False or missing for each facility (`result` of a criterion); without it all points are alike.
    label
        Title of the legend.
    source
        Source and year, for the small print.

    Returns
    -------
    Axes
        The same axes.
    """
    shapes = _shapes(state)
    groups = _groups(facilities, state, meets)
    sheet.fit(ax, shapes)
    sheet.draw_lines(ax, shapes)
    handles = []
    for name, (rows, style) in groups.items():
        size = style["markersize"]
        ax.plot(*_metres(rows, state), **(style | {"markersize": size if state is not None else size / 2}))
        handles.append(Line2D([], [], label=f"{name} ({len(rows):,})", **style))
    margin.legend(ax, handles, label)
    margin.small_print(ax, _small_text(facilities, shapes, meets, source), len(handles))
    return ax


def points_figure(
    facilities: pd.DataFrame,
    state: str | None = None,
    meets: pd.Series | None = None,
    label: str = "listed facilities",
    source: str = "",
) -> Figure:
    """The map of `points` as a figure of its own, 7.2 inches wide and as high as it needs.

    Parameters
    ----------
    facilities, state, meets, label, source
        As for `points`.
    """
    shapes = _shapes(state)
    entries = len(_groups(facilities, state, meets))
    text = _small_text(facilities, shapes, meets, source)
    figure, ax = margin.figure_for(sheet.aspect(shapes), len(shapes), entries, text)
    points(facilities, ax, state, meets, label, source=source)
    return figure


def _shapes(state: str | None) -> geopandas.GeoDataFrame:
    return ground("state" if state is None else "county", state)


def _groups(
    facilities: pd.DataFrame, state: str | None, meets: pd.Series | None
) -> dict[str, tuple[pd.DataFrame, dict[str, Any]]]:
    """Drawn rows and their style by the name of the legend, in the order of drawing; empty groups are left out."""
    drawn = _has_place(facilities)
    drawn &= facilities["state"].isin(_shapes(state)["state"])
    if meets is None:
        found = {LISTED: (facilities[drawn], FULL)}
    else:
        known, met = meets.notna(), meets.fillna(False).astype(bool)
        found = {NOT_KNOWN: (facilities[drawn & ~known], OPEN), MET: (facilities[drawn & met], FULL)}
    return {name: (rows, style) for name, (rows, style) in found.items() if len(rows)}


def _has_place(facilities: pd.DataFrame) -> pd.Series:
    """Whether a row has a point of its own: that of a ZIP code is not where the facility is."""
    return facilities[["longitude", "latitude"]].notna().all(axis=1) & facilities["point_quality"].ne("zip")


def _metres(rows: pd.DataFrame, state: str | None) -> tuple[np.ndarray, np.ndarray]:
    degrees = shapely.points(rows["longitude"].to_numpy(dtype=float), rows["latitude"].to_numpy(dtype=float))
    metres = on_page(degrees, rows["state"], state)
    return shapely.get_x(metres), shapely.get_y(metres)


def _small_text(facilities: pd.DataFrame, shapes: geopandas.GeoDataFrame, meets: pd.Series | None, source: str) -> str:
    failing = meets.notna() & ~meets.fillna(False).astype(bool) if meets is not None else facilities["state"].isna()
    without = ~_has_place(facilities) & ~failing
    off = ~facilities["state"].isin(shapes["state"]) & ~failing & ~without
    counts = {
        "known not to meet the criterion": failing,
        "without a point of their own address": without,
        "outside the states that are drawn": off,
    }
    said = ", ".join(f"{int(rows.sum()):,} {words}" for words, rows in counts.items() if rows.any())
    return " ".join(filter(None, (f"Not on the map: {said}." if said else "", source)))
