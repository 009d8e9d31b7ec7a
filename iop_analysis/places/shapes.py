"""Shapes of the states and counties, read from one small TopoJSON file."""

from __future__ import annotations

import gzip
import json
from functools import cache
from typing import Any

import numpy as np
import shapely

from iop_analysis import catalog

FILE = "places/boundaries_2023.topo.json.gz"


@cache
def shapes(level: str, state: str = "") -> np.ndarray:
    """Shapes of one level in the order of their FIPS codes; invalid ones are mended.

    Parameters
    ----------
    level
        `state` or `county`.
    state
        FIPS code (2 digits) of the one state that is wanted.
    """
    entries, arcs = _drawing()
    found = np.array([shape(one, arcs) for one in entries[level]["geometries"] if one["id"].startswith(state)])
    return mended(found)


def mended(found: np.ndarray) -> np.ndarray:
    """Shapes of which the invalid ones are made valid."""
    bad = ~shapely.is_valid(found)
    found[bad] = shapely.make_valid(found[bad], method="structure", keep_collapsed=False)
    return found


@cache
def _drawing() -> tuple[dict[str, Any], list[np.ndarray]]:
    """Entries of the file by level, and its arcs."""
    topology = json.loads(gzip.decompress((catalog.FOLDER / FILE).read_bytes()))
    return topology["objects"], arcs_of(topology)


def arcs_of(topology: dict[str, Any]) -> list[np.ndarray]:
    """Arcs of a TopoJSON document as degrees; arc ~n of an entry is arc n backwards."""
    lengths = [len(arc) for arc in topology["arcs"]]
    steps = np.concatenate([np.array(arc) for arc in topology["arcs"]])
    scale, start = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    arcs = [np.cumsum(arc, axis=0) * scale + start for arc in np.split(steps, np.cumsum(lengths)[:-1])]
    return arcs + [arc[::-1] for arc in reversed(arcs)]


def shape(one: dict[str, Any], arcs: list[np.ndarray]) -> shapely.Geometry:
    """The polygon or polygons of one entry of a TopoJSON document."""
    polygons = [one["arcs"]] if one["type"] == "Polygon" else one["arcs"]
    parts = []
    for polygon in polygons:
        rings = [np.concatenate([arcs[number] for number in ring]) for ring in polygon]
        rings = [ring for ring in map(_without_repeats, rings) if len(ring) > 3]
        if rings:  # fewer points have no area at this scale
            whole = [shapely.linearrings(ring) for ring in rings]
            parts.append(shapely.polygons(whole[0], whole[1:] or None))
    return shapely.multipolygons(parts) if parts else shapely.MultiPolygon()


def _without_repeats(ring: np.ndarray) -> np.ndarray:
    """A ring without the points that two arcs share where they join."""
    new = np.ones(len(ring), dtype=bool)
    new[1:] = (ring[1:] != ring[:-1]).any(axis=1)
    return ring[new]
