"""Every county of a map by its name, or by a number and a key where the name has no room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import geopandas
import numpy as np
import shapely
from matplotlib.axes import Axes

from iop_analysis import catalog
from iop_analysis.maps.labels import LINE_SPACING, fitted, text_size
from iop_analysis.maps.marks import INK, Mark

NUMBER_SIZE = 5.5  # points of a number that stands beside its county
PAPER: dict[str, Any] = {"facecolor": "#ffffff", "edgecolor": "none", "pad": 0.4}
FAMILY = "DejaVu Sans"


@dataclass(frozen=True)
class Label:
    """A text on a map: where it stands, its size in points, and the place it names; `beside` where it lies outside."""

    place: str
    spot: shapely.Point
    text: str
    size: float
    beside: bool = False


@dataclass(frozen=True)
class Names:
    """The labels of a map, those of its inset, the lines of the key for the numbers, and what is said of the rest."""

    main: list[Label]
    inset: list[Label]
    key: list[str]
    rest: str


def metro(state: str) -> tuple[str, tuple[str, ...]]:
    """Name and counties of the area of a state that a map shows enlarged; empty where it needs none.

    Examples
    --------
    >>> metro("NY")[0], metro("WY")
    ('New York City', ('', ()))
    """
    rows = [row for row in catalog.read_rows("places/metros.csv") if row["state"] == state]
    return (rows[0]["name"], tuple(rows[0]["counties"].split(";"))) if rows else ("", ())


def names(
    shapes: geopandas.GeoDataFrame,
    metres: float,
    near: frozenset[str] = frozenset(),
    near_metres: float = 0.0,
    most: int | None = None,
) -> Names:
    """Find a place for the name of each county, or for a number; the most populous gets the first.

    Parameters
    ----------
    shapes
        The ground with `label`, `caption` and `weight` (who or what is there) of each place.
    metres
        Metres of the ground under one point of the map.
    near, near_metres
        Places that an inset shows as well, and the metres under one of its points.
    most
        So many places get a number.
    """
    main = {row.place: fitted(row.geometry, row.label, row.caption, metres) for row in shapes.itertuples()}
    close = shapes[shapes["place"].isin(near)]
    inset = {row.place: fitted(row.geometry, row.label, row.caption, near_metres) for row in close.itertuples()}
    left = shapes[[main[place] is None and inset.get(place) is None for place in shapes["place"]]]
    left = left[~left.is_empty].sort_values(["weight", "place"], ascending=[False, True], kind="stable")
    numbers = {place: str(number) for number, place in enumerate(left["place"][:most], start=1)}
    key = [f"{numbers[row.place]} {row.label} {row.caption}".strip() for row in left[:most].itertuples()]
    key += [f"{row.label} {row.caption}: too small to draw" for row in shapes[shapes.is_empty].itertuples()]
    far = {place: number for place, number in numbers.items() if place not in near}
    return Names(
        _labels(shapes, main, far, metres),
        _labels(close, inset, {place: numbers[place] for place in numbers if place in near}, near_metres),
        key,
        "" if len(left) == len(numbers) else "The map of the report itself names every place.",
    )


def _labels(
    shapes: geopandas.GeoDataFrame,
    fits: dict[str, tuple[shapely.Point, str, float] | None],
    numbers: dict[str, str],
    metres: float,
) -> list[Label]:
    found = [Label(place, *fit) for place, fit in fits.items() if fit is not None]
    taken = [_box(label, metres) for label in found]
    geometry = shapes.set_index("place").geometry
    for place, number in numbers.items():
        fit = fitted(geometry[place], number, "", metres)
        label = Label(place, *fit) if fit else _beside(place, number, geometry[place], taken, metres)
        taken.append(_box(label, metres))
        found.append(label)
    return found


def _box(label: Label, metres: float) -> shapely.Polygon:
    wide, high = (points * metres / 2 for points in text_size(label.text, label.size))
    return shapely.box(label.spot.x - wide, label.spot.y - high, label.spot.x + wide, label.spot.y + high)


def _beside(place: str, number: str, shape: shapely.Geometry, taken: list[shapely.Polygon], metres: float) -> Label:
    """A number on or next to a county that is too small for it, where nothing else is written."""
    middle = shape.representative_point()
    tried = [Label(place, spot, number, NUMBER_SIZE, True) for spot in _around(middle, metres)]
    tree = shapely.STRtree(taken)
    free = [label for label in tried if not tree.query(_box(label, metres), predicate="intersects").size]
    return free[0] if free else tried[0]


def _around(middle: shapely.Point, metres: float) -> Iterator[shapely.Point]:
    """The point itself, then points around it, farther and farther."""
    yield middle
    for points, turn in product((6, 9, 12), range(8)):
        angle = turn * np.pi / 4
        yield shapely.Point(middle.x + points * metres * np.cos(angle), middle.y + points * metres * np.sin(angle))


def write(ax: Axes, shapes: geopandas.GeoDataFrame, labels: Sequence[Label], known: Sequence[Mark]) -> None:
    """Write labels on a map; one that lies outside of its county has a line to it."""
    marks = {mark.key: mark for mark in known}
    place = shapes.set_index("place")
    for label in labels:
        mark = marks[place["mark"][label.place]]
        style: dict[str, Any] = {
            "size": label.size,
            "family": FAMILY,
            "ha": "center",
            "va": "center",
            "linespacing": LINE_SPACING,
        }
        if not label.beside:
            # A hatching behind letters is hard on the eye: they stand on paper.
            paper = PAPER if mark.hatch else None
            ax.text(label.spot.x, label.spot.y, label.text, color=mark.ink, bbox=paper, **style)
            continue
        middle = place.geometry[label.place].representative_point()
        if label.spot.distance(middle) > 0:
            ax.plot([middle.x, label.spot.x], [middle.y, label.spot.y], color=INK, linewidth=0.4)
        ax.text(label.spot.x, label.spot.y, label.text, color=INK, bbox=PAPER, **style)
