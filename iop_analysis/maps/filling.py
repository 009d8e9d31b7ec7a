"""How the places of a map are shaded and hatched, and the entries of its legend: those that occur."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import geopandas
from matplotlib.axes import Axes
from matplotlib.patches import Patch, PathPatch

from iop_analysis.maps import sheet
from iop_analysis.maps.marks import Mark

HATCH, HATCH_WIDTH = "#aab2bb", 0.6


def present(shapes: geopandas.GeoDataFrame, known: Iterable[Mark]) -> list[Mark]:
    """Marks that occur; where counties are as small as on the nation's page, hatchings are twice as dense."""
    drawn = shapes["mark"][~shapes.is_empty]
    dense = 2 if len(shapes) > sheet.DENSE else 1
    return [replace(mark, hatch=mark.hatch * dense) for mark in known if (drawn == mark.key).any()]


def style(mark: Mark) -> dict[str, Any]:
    """Face, line and hatching of a mark, as a patch takes them."""
    return {"facecolor": mark.face, "edgecolor": HATCH, "hatch": mark.hatch or None, "linewidth": 0.5}


def hatched(patch: Patch) -> Patch:
    """The patch with a thin hatching."""
    patch.set_hatch_linewidth(HATCH_WIDTH)
    return patch


def handles(drawn: Iterable[Mark]) -> list[Patch]:
    """Entries of a legend, one a mark."""
    return [hatched(Patch(label=mark.legend, **style(mark))) for mark in drawn]


def fill(ax: Axes, shapes: geopandas.GeoDataFrame, drawn: Iterable[Mark]) -> None:
    """Shade and hatch the places of a ground with a `mark` each."""
    for mark in drawn:
        if (shapes["mark"] == mark.key).any():
            path = sheet.area(shapes.geometry[shapes["mark"] == mark.key].to_numpy())
            ax.add_artist(hatched(PathPatch(path, **(style(mark) | {"linewidth": 0}))))
