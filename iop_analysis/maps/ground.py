"""The ground of a map: a state, or the nation on one page, projected to metres and simplified for its size."""

from __future__ import annotations

from functools import cache

import geopandas
import numpy as np
import pandas as pd
import pyproj
import shapely

from iop_analysis import places

CONTIGUOUS = "EPSG:5070"
PROJECTIONS = {
    "AK": "EPSG:3338",
    "HI": "+proj=aea +lat_1=8 +lat_2=18 +lat_0=20.6 +lon_0=-157.4 +datum=NAD83",
    "PR": "+proj=laea +lat_0=18.2 +lon_0=-66.5 +datum=NAD83",
}
# Where the nation's page shows what is not contiguous: the scale (1 is that of the page), and how many metres east
# and north its own zero moves.
INSETS = {
    "AK": (0.36, -1_560_000.0, -230_000.0),
    "HI": (1.1, -640_000.0, 150_000.0),
    "PR": (1.6, 1_880_000.0, 330_000.0),
}
NOT_TO_SCALE = "Alaska, Hawaii and Puerto Rico are not to scale."
# Hawaii's uninhabited northwestern islands reach 2,000 km to the west; maps end at Niihau.
HAWAII = shapely.box(-161.0, 18.0, -154.0, 23.0)
PIXELS = 1000  # along the longer side of a page; detail smaller than one is left out


@cache
def ground(level: str, state: str | None = None) -> geopandas.GeoDataFrame:
    """Shapes of the places of a map, in metres on its page.

    Parameters
    ----------
    level
        `state` or `county`.
    state
        Postal code of the one state that is drawn; without it the nation, with Alaska, Hawaii and Puerto Rico moved
        and rescaled into the empty corners.

    Returns
    -------
    GeoDataFrame
        `place` (postal code or county FIPS code, as in a coverage table), `name`, `label`, `state`, `geometry`.
        A place without area at this scale has an empty shape.
    """
    shapes = places.boundaries(level, state)
    shapes["place"] = shapes["state" if level == "state" else "county_fips"]
    shapes["label"] = shapes["state" if level == "state" else "label"]
    drawn = shapes.geometry.to_numpy().copy()
    far = (shapes["state"] == "HI").to_numpy()
    drawn[far] = shapely.intersection(drawn[far], HAWAII)
    drawn = on_page(drawn, shapes["state"], state)
    west, south, east, north = shapely.total_bounds(drawn)
    drawn = shapely.coverage_simplify(drawn, max(east - west, north - south) / PIXELS)
    drawn = shapely.make_valid(drawn, method="structure", keep_collapsed=False)
    return geopandas.GeoDataFrame(shapes[["place", "name", "label", "state"]], geometry=drawn)


def on_page(shapes: np.ndarray, states: pd.Series, state: str | None) -> np.ndarray:
    """Degrees to metres on the page of a state or, without one, of the nation.

    Parameters
    ----------
    shapes
        Shapes or points in degrees (EPSG:4269), shape (n,).
    states
        Postal code of the state of each.
    state
        The state whose page it is.
    """
    if state is not None:
        return _projected(shapes, _projection(state))
    page = _projected(shapes, CONTIGUOUS)
    for code, (scale, east, north) in INSETS.items():
        here = (states == code).to_numpy()
        own = _projected(shapes[here], PROJECTIONS[code])
        page[here] = shapely.transform(own, lambda metres, s=scale, e=east, n=north: metres * s + (e, n))
    return page


def _projected(shapes: np.ndarray, projection: str) -> np.ndarray:
    change = pyproj.Transformer.from_crs(places.CRS, projection, always_xy=True).transform
    return np.asarray(shapely.transform(shapes, lambda degrees: np.column_stack(change(*degrees.T))))


@cache
def _projection(state: str) -> str:
    """A projection of equal area with the state in its middle, north up."""
    if state in PROJECTIONS:
        return PROJECTIONS[state]
    west, south, east, north = places.boundaries("state", state).total_bounds
    return f"+proj=laea +lat_0={(south + north) / 2:.4f} +lon_0={(west + east) / 2:.4f} +datum=NAD83"
