"""The bare sheet of a map: axes fitted to its ground, and the lines of places and states."""

from __future__ import annotations

import geopandas
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from iop_analysis.maps.marks import INK, LINE

# The column of states too small for a label ends here, in the Atlantic of the nation's page (metres).
COLUMN_WEST, COLUMN_EAST, COLUMN_NORTH = 2_220_000.0, 2_680_000.0, 1_980_000.0
DENSE = 300  # places; where there are more, they are so small that thinner lines and denser hatchings are wanted


def by_state(shapes: geopandas.GeoDataFrame) -> bool:
    """Whether the places of a ground are states."""
    return bool((shapes["place"] == shapes["state"]).all())


def page(shapes: geopandas.GeoDataFrame, column: bool) -> tuple[float, float, float, float]:
    """West, south, east and north in metres: the shapes, a margin and, if wanted, room for the column of states."""
    west, south, east, north = shapes.total_bounds
    edge = 0.01 * (east - west)
    return west - edge, south - edge, COLUMN_EAST if column else east + edge, north + edge


def aspect(shapes: geopandas.GeoDataFrame, column: bool = False) -> float:
    """Width of the page divided by its height."""
    west, south, east, north = page(shapes, column)
    return (east - west) / (north - south)


def fit(ax: Axes, shapes: geopandas.GeoDataFrame, column: bool = False) -> None:
    """Give axes the extent of a ground, in scale, without ticks and frame."""
    west, south, east, north = page(shapes, column)
    ax.set(xlim=(west, east), ylim=(south, north))
    ax.set_aspect("equal", anchor="NW")
    ax.set_axis_off()


def metres_per_point(ax: Axes) -> float:
    """Metres of the ground under one point (1/72 inch) of axes that are fitted to it."""
    ax.apply_aspect()
    west, east = ax.get_xlim()
    figure = ax.get_figure(root=True)
    dots = figure.dpi if figure else 72.0
    return float((east - west) / (ax.get_window_extent().width / dots * 72))


def draw_lines(ax: Axes, shapes: geopandas.GeoDataFrame) -> None:
    """Draw thin grey lines between places, and dark ones around what they make up: states, or the nation of states."""
    drawn = shapes.geometry.to_numpy()
    whole = shapes["state"] if not by_state(shapes) else np.zeros(len(shapes))
    outer = np.array([shapely.union_all(drawn[rows]) for rows in shapes.groupby(whole).indices.values()])
    thin, strong = (0.15, 0.5) if len(shapes) > DENSE else (0.5, 0.7)
    for group, colour, width in ((drawn, LINE, thin), (outer, INK, strong)):
        lines = shapely.line_merge(shapely.union_all(shapely.boundary(group)))
        ax.add_artist(PathPatch(_path(shapely.get_parts(lines)), fill=False, edgecolor=colour, linewidth=width))


def area(shapes: np.ndarray) -> Path:
    """One path around shapes, without the lines between them."""
    whole = shapely.orient_polygons(shapely.union_all(shapes))  # a hole runs the other way round and stays empty
    return _path(shapely.get_rings(shapely.get_parts(whole)))


def _path(lines: np.ndarray) -> Path:
    """Many lines as one path, which makes a far smaller file than a path each."""
    points, line = shapely.get_coordinates(lines, return_index=True)
    codes = np.full(len(points), Path.LINETO)
    codes[np.unique(line, return_index=True)[1]] = Path.MOVETO
    return Path(points, codes)
