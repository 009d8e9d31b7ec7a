"""The county of a point: its drawn shape, and near a county line the nearest census tract."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from iop_analysis import catalog, raw
from iop_analysis.places import shapes
from iop_analysis.places.sphere import Floats, arc_km, distance_km, unit_vectors
from iop_analysis.places.tables import VINTAGE, county_table, state_codes

# Finer lines: the centers of population of the tracts, Connecticut's by planning region, where they are fetched.
TRACTS, REGIONS = "tract_points@2020", "connecticut_tracts@2022"
CONNECTICUT = "09"
# Of 25,409 listed points one is far out of its state; none of the others is more than 1 km off its drawn shape.
SNAP_KM = 2.0
# Drawn county lines are simplified by some hundred metres. A point this near to another county is decided by the
# nearest census tract, if its center of population is no farther than that: where people live, tracts are small.
LINE_KM, TRACT_KM = 1.5, 5.0


def county_of_points(
    longitude: pd.Series, latitude: pd.Series, state: pd.Series, within_km: float = SNAP_KM
) -> pd.Series:
    """County of 2023 of a point, among those of its state: that of its drawn shape, or near a line of its tract.

    Where the nearest census tract (by its center of population of 2020, within 5 km) lies in another county whose
    drawn line is within 1.5 km, that county is taken: the drawn lines are simplified. Without the tracts' file at hand
    (`tract_points@2020`) the shape alone is read; `places.place` then asks the ZIP code. A point outside every shape of
    its state, as on a simplified shore, belongs to the nearest county of the state up to `within_km` (great-circle
    distance); farther off it is missing.

    Parameters
    ----------
    longitude, latitude, state
        Degrees east, degrees north (NAD83 or WGS84) and a postal code per row.
    within_km
        How far off every shape of its state a point may lie; infinite where the state is beyond doubt.

    Returns
    -------
    Series
        County FIPS code (5 digits) per row; missing without a point, and with a point out of the state.

    Examples
    --------
    >>> point = pd.Series([-104.99]), pd.Series([39.74])
    >>> county_of_points(*point, pd.Series(["CO"])).item()
    '08031'
    """
    return county_and_move(longitude, latitude, state, within_km)[0]


def county_and_move(
    longitude: pd.Series, latitude: pd.Series, state: pd.Series, within_km: float = SNAP_KM
) -> tuple[pd.Series, pd.Series]:
    """`county_of_points`, and whether the nearest tract put the point into another county than the drawn shapes do."""
    drawn = drawn_county(longitude, latitude, state, within_km)
    moved = _by_tract(longitude, latitude, state, drawn)
    return moved.fillna(drawn), moved.notna()


def drawn_county(longitude: pd.Series, latitude: pd.Series, state: pd.Series, within_km: float = SNAP_KM) -> pd.Series:
    """County in whose simplified shape a point lies, as in `county_of_points` but without the tracts."""
    points = _points(longitude, latitude)
    whole = np.isfinite(points).all(axis=1)
    found = np.full(len(points), None, dtype=object)
    for code in set(state.to_numpy()[whole]) & set(state_codes().values()):
        mine = np.flatnonzero(whole & state.eq(code).to_numpy())
        found[mine] = _nearest(points[mine], code, within_km)
    return pd.Series(found, index=longitude.index, dtype="str")


def _points(longitude: pd.Series, latitude: pd.Series) -> Floats:
    return np.column_stack([one.to_numpy(dtype=float, na_value=np.nan) for one in (longitude, latitude)])


def _nearest(points: Floats, state: str, within_km: float) -> np.ndarray:
    """County of one state around or next to each point of shape (n, 2), None beyond `within_km`."""
    codes, drawn, squeeze = squeezed(state)
    here = shapely.points(points * squeeze)
    _, hit = shapely.STRtree(drawn).query_nearest(here, all_matches=False)
    return np.where(_km_off(points, drawn[hit], squeeze) <= within_km, codes[hit], np.array(None))


def _km_off(points: Floats, drawn: np.ndarray, squeeze: Floats) -> Floats:
    """Kilometres from each point to the squeezed shape of the same position, 0 within; missing for an empty shape."""
    lines = shapely.shortest_line(drawn, shapely.points(points * squeeze))
    km = np.full(len(points), np.nan)
    there = ~shapely.is_missing(lines) & ~shapely.is_empty(drawn)
    ends = shapely.get_coordinates(lines[there]).reshape(-1, 2, 2) / squeeze
    (x, y), (other_x, other_y) = ends[:, 0].T, ends[:, 1].T
    km[there] = distance_km(y, x, other_y, other_x)
    return km


@cache
def squeezed(state: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Codes and shapes of a state's counties, squeezed from east to west so that degrees are alike both ways."""
    table = county_table(VINTAGE)
    codes = table["county_fips"][table["state"] == state].to_numpy(dtype=object)
    drawn = shapes.shapes("county", codes[0][:2])
    _, south, _, north = shapely.total_bounds(drawn)
    squeeze = np.array([np.cos(np.radians((south + north) / 2)), 1.0])
    return codes, shapely.transform(drawn, lambda degrees: degrees * squeeze), squeeze


def _by_tract(longitude: pd.Series, latitude: pd.Series, state: pd.Series, drawn: pd.Series) -> pd.Series:
    """County of the nearest tract where it differs from the drawn one and its line is near; else missing."""
    points = _points(longitude, latitude)
    found = pd.Series(None, index=drawn.index, dtype="str")
    trees = _tracts()
    for code in set(state[drawn.notna()]) & set(trees):
        mine = np.flatnonzero(drawn.notna().to_numpy() & state.eq(code).to_numpy())
        county, km = _nearest_tract(points[mine], trees[code])
        other = (county != drawn.to_numpy(dtype=object)[mine]) & (km <= TRACT_KM)
        mine, county = mine[other], county[other]
        codes, shape, squeeze = squeezed(code)
        off = _km_off(points[mine], shape[np.searchsorted(codes.astype(str), county.astype(str))], squeeze)
        near = ~(off > LINE_KM)  # a county without a drawn shape has no line: there the tract alone decides
        found.iloc[mine[near]] = county[near]
    return found


def _nearest_tract(points: Floats, tracts: tuple[np.ndarray, cKDTree]) -> tuple[np.ndarray, Floats]:
    county, tree = tracts
    chord, hit = tree.query(unit_vectors(points[:, 1], points[:, 0]))
    return county[hit], arc_km(chord)


def finer_lines() -> bool:
    """Whether the tracts are at hand that decide beside a simplified county line."""
    return bool(_tracts())


def beside_line(points: pd.DataFrame, county: pd.Series) -> pd.Series:
    """Whether a county's drawn line is within 1.5 km of each point (`longitude`, `latitude`, `state`)."""
    at = _points(points["longitude"], points["latitude"])
    near = np.zeros(len(points), dtype=bool)
    for code in set(points["state"][county.notna()]) & set(state_codes().values()):
        codes, drawn, squeeze = squeezed(code)
        known = pd.Series(range(len(codes)), index=codes)
        mine = np.flatnonzero(points["state"].eq(code).to_numpy() & county.isin(codes).to_numpy())
        near[mine] = _km_off(at[mine], drawn[known[county.iloc[mine]].to_numpy()], squeeze) <= LINE_KM
    return pd.Series(near, index=points.index)


def _tracts() -> dict[str, tuple[np.ndarray, cKDTree]]:
    """Counties and a tree of the tracts, by postal code of their state; nothing where the files are not fetched."""
    paths = [raw.raw_path(catalog.geography_files()[name]) for name in (TRACTS, REGIONS)]
    return _trees(*paths) if all(path.is_file() for path in paths) else {}


@cache
def _trees(tracts: Path, regions: Path) -> dict[str, tuple[np.ndarray, cKDTree]]:
    every = pd.read_csv(tracts, dtype=str, encoding="utf-8-sig")
    every = every.assign(county_fips=every["STATEFP"] + every["COUNTYFP"])[every["STATEFP"] != CONNECTICUT]
    columns = ["county_fips", "LATITUDE", "LONGITUDE"]
    renumbered = pd.read_csv(regions, dtype=str).rename(columns={"ce_fips_2022": "county_fips"})
    table = pd.concat([every[columns], renumbered[columns]], ignore_index=True)
    where = table[["LATITUDE", "LONGITUDE"]].astype(float)
    return {
        str(state): (rows.to_numpy(dtype=object), cKDTree(unit_vectors(*where.loc[rows.index].to_numpy().T)))
        for state, rows in table["county_fips"].groupby(table["county_fips"].str[:2].map(state_codes()))
    }
