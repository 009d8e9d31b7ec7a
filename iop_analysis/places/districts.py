"""Legislative districts: who lives in each, what each is called, and in which a point lies.

A district is named by its Census code: the state's two digits and the district's own (`0808`, `08012`). Three levels
are known: `congress` (119th Congress), `upper` and `lower` (state legislatures as of 2024). The District of Columbia
and Puerto Rico have no state districts, Nebraska has no lower house; some districts elect several members.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from iop_analysis import catalog
from iop_analysis.errors import DataError
from iop_analysis.places import shapes
from iop_analysis.places.tables import state_codes

LEVELS = ("congress", "upper", "lower")
# Column of each level in the table of block groups, and how the lines are dated on a page.
BLOCK_COLUMNS = {"congress": "cd119", "upper": "sldu2024", "lower": "sldl2024"}
VINTAGES = {"congress": "119th Congress", "upper": "lines of 2024", "lower": "lines of 2024"}
COLUMNS = {level: f"district_{level}" for level in LEVELS}
NOT_DEFINED = "ZZZ"
# The numbers of a shape: shapely reads them from the text, and as Python numbers they take most of the reading.
COORDINATES = re.compile(rb'"coordinates":\s*\[[-\d\s,.eE+\[\]]*\]')
# What a program is counted under whose point rests on a ZIP code, or that has none.
NOT_CERTAIN = "district not certain"


@cache
def named_districts(level: str) -> pd.DataFrame:
    """Every district of a level: `district` (code), `name` and `state`, in the order of the codes; not to be changed.

    Areas that the Census counts as in no district (`NOT_DEFINED`) are in it where people live there.

    Examples
    --------
    >>> table = named_districts("upper")
    >>> table[table["state"] == "CO"]["name"].tolist()[:2]
    ['State Senate District 1', 'State Senate District 2']
    """
    rows = pd.DataFrame([row for row in catalog.read_rows("places/districts.csv") if row["level"] == level])
    return rows.assign(state=rows["district"].str[:2].map(state_codes())).drop(columns="level")


def read_blocks(path: Path) -> pd.DataFrame:
    """Districts of each block group, as the publisher says them.

    Returns
    -------
    DataFrame
        `point_id` (block group), `state`, `district_congress`, `district_upper`, `district_lower` (codes; missing where
        there is no such house, and for a few block groups off a simplified shore) and `population`.

    Raises
    ------
    DataError
        The table lacks a column.
    """
    rows = pd.read_csv(path, dtype="str", keep_default_na=False)
    missing = {"bg_2020", "population", *BLOCK_COLUMNS.values()} - set(rows)
    if missing:
        raise DataError(f"{path.name}: row 1 has no column {', '.join(sorted(missing))}; is this the file meant?")
    fips = rows["bg_2020"].str[:2]
    codes = {COLUMNS[level]: (fips + rows[name]).where(rows[name] != "") for level, name in BLOCK_COLUMNS.items()}
    table = pd.DataFrame({"point_id": rows["bg_2020"], "state": fips.map(state_codes()), **codes})
    return table.assign(population=rows["population"].astype(int))


def residents_of(blocks: pd.DataFrame, level: str, points: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Residents of each tract by district: everybody in a state with such a house is in one.

    A block group that the publisher leaves out (its center is off a simplified shore) belongs to the nearest district.

    Parameters
    ----------
    blocks
        As `read_blocks` gives them.
    points
        `point_id`, `longitude`, `latitude` of block groups.
    lines
        As `read_shapes` gives them, of the level.

    Returns
    -------
    DataFrame
        `point_id` (tract), `place` (district), `population`; a tract that districts divide has a row for each part.
    """
    place = blocks[COLUMNS[level]]
    lost = blocks[place.isna() & blocks["state"].isin(set(lines["state"]))]
    at = points.set_index("point_id").reindex(lost["point_id"]).set_index(lost.index)
    place = place.fillna(district_of_points(at["longitude"], at["latitude"], lost["state"], lines))
    table = pd.DataFrame({"point_id": blocks["point_id"].str[:11], "place": place, "population": blocks["population"]})
    return table.dropna(subset=["place"]).groupby(["point_id", "place"])["population"].sum().reset_index()


def read_shapes(paths: Iterable[Path]) -> pd.DataFrame:
    """Districts of some files of lines (TopoJSON, or GeoJSON also compressed), in the order of their codes.

    Returns
    -------
    DataFrame
        `district` (code), `state` (postal code), `name` (as the Census writes it: State Senate District 12) and
        `shape` (degrees; shorelines are simplified).
    """
    rows = [row for path in paths for row in _entries(_text(path))]
    table = pd.DataFrame(rows, columns=["district", "name", "shape"]).sort_values("district", ignore_index=True)
    table["shape"] = shapes.mended(table["shape"].to_numpy(object, copy=True))
    return table.assign(state=table["district"].str[:2].map(state_codes()))[["district", "state", "name", "shape"]]


def _text(path: Path) -> bytes:
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content


def _entries(text: bytes) -> list[tuple[str, str, shapely.Geometry]]:
    document = json.loads(COORDINATES.sub(b'"coordinates":[]', text))
    if document["type"] == "Topology":
        arcs = shapes.arcs_of(document)
        found = [one for group in document["objects"].values() for one in group["geometries"]]
        drawn = [shapes.shape(one, arcs) for one in found]
    else:
        found = document["features"]
        drawn = list(shapely.get_parts(shapely.from_geojson(text)))  # far faster than the dictionaries
    facts = [one["properties"] for one in found]
    return [(one["GEOID"], one["NAMELSAD"], shape) for one, shape in zip(facts, drawn, strict=True)]


def district_of_points(longitude: pd.Series, latitude: pd.Series, state: pd.Series, lines: pd.DataFrame) -> pd.Series:
    """District of a point: the one of its state around it, or next to it where a simplified shore leaves it outside.

    Parameters
    ----------
    longitude, latitude, state
        Degrees and a postal code per row.
    lines
        As `read_shapes` gives them, of one level.

    Returns
    -------
    Series
        Code of the district; missing without a point, and where the state has no such districts.
    """
    points = np.column_stack([one.to_numpy(dtype=float, na_value=np.nan) for one in (longitude, latitude)])
    whole = np.isfinite(points).all(axis=1)
    found = np.full(len(points), None, dtype=object)
    for code, mine in lines[~lines["district"].str.endswith(NOT_DEFINED)].groupby("state"):
        here = np.flatnonzero(whole & state.eq(code).to_numpy(dtype=bool, na_value=False))
        found[here] = mine["district"].to_numpy(object)[_around(points[here], mine["shape"].to_numpy(object))]
    return pd.Series(found, index=longitude.index, dtype="str")


def _around(points: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Position of the shape around each point of shape (n, 2), else of the nearest one."""
    tree, here = shapely.STRtree(drawn), shapely.points(points)
    hit = np.full(len(points), -1)
    inside, shape = tree.query(here, predicate="intersects")
    hit[inside[::-1]] = shape[::-1]  # on a line between two the first is taken
    off = np.flatnonzero(hit < 0)
    hit[off] = tree.query_nearest(here[off], all_matches=False)[1]
    return hit


def code_of(level: str, state_fips: str, number: str) -> str:
    """Census code of a district that a person names by its number, such as upper:12 in Colorado.

    Examples
    --------
    >>> code_of("upper", "08", "12"), code_of("congress", "08", "8")
    ('08012', '0808')
    """
    return state_fips + number.upper().zfill(2 if level == "congress" else 3)
