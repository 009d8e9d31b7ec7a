"""The county of a facility: from its publisher's name of it, its point or its ZIP code."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import numpy as np
import pandas as pd
import shapely
import zipcodes

from iop_analysis.places import shapes
from iop_analysis.places.sphere import distance_km
from iop_analysis.places.tables import VINTAGE, county_table, state_codes

# Of 25,409 listed points one is far out of its state; none of the others is more than 1 km off its drawn shape.
SNAP_KM = 2.0
KINDS = "(county|parish|borough|census area|municipality|municipio|city and borough|planning region|city)"


def county_of_name(names: pd.Series, state: pd.Series, vintage: str = VINTAGE) -> pd.Series:
    """County for a publisher's county name, in any case and with or without its kind (County, Parish, City …).

    A name that two counties of the state share (Baltimore, without County or City) is not decided: missing.

    Parameters
    ----------
    names, state
        A name and a postal code per row.
    vintage
        The county list that the names belong to. In Connecticut no county name fits the regions of 2023.

    Returns
    -------
    Series
        County FIPS code (5 digits) per row, missing where the list has no such name.

    Examples
    --------
    >>> names = pd.Series(["ST LOUIS COUNTY", "De Kalb", "Baltimore", "Dona Ana"])
    >>> county_of_name(names, pd.Series(["MO", "GA", "MD", "NM"])).fillna("").tolist()
    ['29189', '13089', '', '35013']
    """
    known = _names(vintage)
    pairs = list(zip(state.tolist(), names.fillna("").astype(str).tolist(), strict=True))
    found = {(code, name): known.get((code, _key(name))) or known.get((code, _bare(name))) for code, name in set(pairs)}
    return pd.Series([found[pair] for pair in pairs], index=names.index, dtype="str")


@cache
def _names(vintage: str) -> dict[tuple[str, str], str]:
    """County by state and key of its legal name or, where only one county has it, of its bare name."""
    table = county_table(vintage)
    bare = pd.Series([_bare(name) for name in table["name"]])
    single = ~bare.groupby([table["state"], bare]).transform("size").gt(1)
    known = dict(zip(zip(table["state"][single], bare[single], strict=True), table["county_fips"][single], strict=True))
    full = zip(table["state"], map(_key, table["name"]), strict=True)
    return known | dict(zip(full, table["county_fips"], strict=True))


def _key(name: str) -> str:
    """Letters of a name alone, without accents, with St. and Ste. written out and the kind last."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower().strip()
    plain = re.sub(rf"^{KINDS} of (.*)", r"\2 \1", plain)
    plain = re.sub(r"\bst(e?)\b\.?", r"saint\1", plain)
    return re.sub(r"[^a-z]", "", plain)


def _bare(name: str) -> str:
    return _key(re.sub(rf"\s{KINDS}$", "", name.strip().lower()))


def county_of_points(
    longitude: pd.Series, latitude: pd.Series, state: pd.Series, within_km: float = SNAP_KM
) -> pd.Series:
    """County of 2023 in whose simplified shape a point lies, among those of its state.

    A point outside every shape of its state, as on a simplified shore, belongs to the nearest county of the state up
    to `within_km` (great-circle distance); farther off it is missing. Near a border of two counties the simplified line
    puts about 3 points of 1,000 on the wrong side, and all of Falls Church, Virginia, in Fairfax County.

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
    points = np.column_stack([one.to_numpy(dtype=float, na_value=np.nan) for one in (longitude, latitude)])
    whole = np.isfinite(points).all(axis=1)
    found = np.full(len(points), None, dtype=object)
    for code in set(state[whole]) & set(state_codes().values()):
        mine = whole & state.eq(code).to_numpy()
        found[mine] = _nearest(points[mine], code, within_km)
    return pd.Series(found, index=longitude.index, dtype="str")


def _nearest(points: np.ndarray, state: str, within_km: float) -> np.ndarray:
    """County of one state around or next to each point of shape (n, 2), None beyond `within_km`."""
    codes, drawn, squeeze = _squeezed(state)
    here = shapely.points(points * squeeze)
    _, hit = shapely.STRtree(drawn).query_nearest(here, all_matches=False)
    ends = shapely.get_coordinates(shapely.shortest_line(drawn[hit], here)).reshape(-1, 2, 2) / squeeze
    (x, y), (other_x, other_y) = ends[:, 0].T, ends[:, 1].T
    near = np.asarray(distance_km(y, x, other_y, other_x) <= within_km)
    return np.where(near, codes[hit], np.array(None))


@cache
def _squeezed(state: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Codes and shapes of a state's counties, squeezed from east to west so that degrees are alike both ways."""
    table = county_table(VINTAGE)
    codes = table["county_fips"][table["state"] == state].to_numpy(dtype=object)
    drawn = shapes.shapes("county", codes[0][:2])
    _, south, _, north = shapely.total_bounds(drawn)
    squeeze = np.array([np.cos(np.radians((south + north) / 2)), 1.0])
    return codes, shapely.transform(drawn, lambda degrees: degrees * squeeze), squeeze


def county_of_zip(zips: pd.Series, state: pd.Series) -> pd.Series:
    """County of 2023 for a ZIP code: the county that the `zipcodes` package names, else the one of its point.

    A ZIP code may lie in several counties; this is the one it is filed under. Connecticut's regions have no names
    there: the point decides.

    Parameters
    ----------
    zips, state
        Five digits as text and a postal code per row.

    Returns
    -------
    Series
        County FIPS code (5 digits) per row; missing where the code is unknown or belongs to another state.

    Examples
    --------
    >>> county_of_zip(pd.Series(["80202", "80202"]), pd.Series(["CO", "NJ"])).fillna("").tolist()
    ['08031', '']
    """
    zips = zips.fillna("")
    asked = pd.DataFrame({"state": state, "zip": zips}).drop_duplicates()
    pairs = list(zip(asked["state"].tolist(), asked["zip"].tolist(), strict=True))
    entries = [_zip_entries().get(pair, ("", "nan", "nan")) for pair in pairs]
    filed = pd.DataFrame(entries, index=asked.index, columns=["county", "longitude", "latitude"])
    county = county_of_name(filed["county"], asked["state"])
    rest = county.isna()
    points = filed.loc[rest, ["longitude", "latitude"]].astype(float)
    county = county.fillna(county_of_points(points["longitude"], points["latitude"], asked["state"][rest]))
    known = dict(zip(pairs, county.tolist(), strict=True))
    found = [known[pair] for pair in zip(state.tolist(), zips.tolist(), strict=True)]
    return pd.Series(found, index=zips.index, dtype="str")


@cache
def _zip_entries() -> dict[tuple[str, str], tuple[str, str, str]]:
    """County, longitude and latitude (0/0 where there is none) that `zipcodes` files under a state and ZIP code."""
    entries = zipcodes.list_all()  # type: ignore[no-untyped-call]
    return {(one["state"], one["zip_code"]): (one["county"], one["long"], one["lat"]) for one in entries}


def point_problems(facilities: pd.DataFrame) -> dict[str, pd.Series]:
    """Coordinates that cannot be used, by what is wrong with them; a row has at most one problem.

    Points of states without boundaries here (the territories but Puerto Rico) are not judged by their place.

    Returns
    -------
    dict of Series of bool
        `point_incomplete` (one of the two is missing), `point_at_zero` (0/0), `point_swapped` (in the state once
        exchanged), `point_out_of_state` (farther than `SNAP_KM` from the state).
    """
    longitude, latitude, state = (facilities[name] for name in ("longitude", "latitude", "state"))
    whole = longitude.notna() & latitude.notna()
    zero = whole & longitude.eq(0) & latitude.eq(0)
    judged = whole & ~zero & state.isin(set(state_codes().values()))
    outside = judged & county_of_points(longitude, latitude, state).isna()
    swapped = outside & county_of_points(latitude.where(outside), longitude.where(outside), state).notna()
    return {
        "point_incomplete": longitude.notna() ^ latitude.notna(),
        "point_at_zero": zero,
        "point_swapped": swapped,
        "point_out_of_state": outside & ~swapped,
    }


def place(facilities: pd.DataFrame) -> pd.DataFrame:
    """The facilities with their county: the publisher's (by name), else that of the point, else that of the ZIP code.

    Parameters
    ----------
    facilities
        One row a facility with `state` and `zip`, and where the source has them `county` (publisher's county name),
        `longitude` and `latitude` (degrees). A point with a problem (`point_problems`) gives no county.

    Returns
    -------
    DataFrame
        A copy with `county_fips` (5 digits or missing), `place_vintage` (always `VINTAGE`: the list that the shapes
        belong to) and `place_quality` (publisher | address | zip | none: what the county rests on).

    Examples
    --------
    >>> clinics = pd.DataFrame({"state": ["NJ", "MD"], "zip": ["07030", "00000"], "county": ["", "Baltimore City"]})
    >>> place(clinics)[["county_fips", "place_quality"]].values.tolist()
    [['34017', 'zip'], ['24510', 'publisher']]
    """
    ways = {"publisher": _of_publisher, "address": _of_point, "zip": _of_zip}
    county = pd.Series(None, index=facilities.index, dtype="str")
    quality = pd.Series("none", index=facilities.index, dtype="str")
    for name, find in ways.items():
        found = find(facilities[county.isna()]).dropna()
        county[found.index], quality[found.index] = found, name
    return facilities.assign(county_fips=county, place_vintage=VINTAGE, place_quality=quality)


def _of_publisher(rest: pd.DataFrame) -> pd.Series:
    return county_of_name(rest["county"], rest["state"]) if "county" in rest else pd.Series(dtype="str")


def _of_point(rest: pd.DataFrame) -> pd.Series:
    if "longitude" not in rest:
        return pd.Series(dtype="str")
    return county_of_points(rest["longitude"], rest["latitude"], rest["state"])


def _of_zip(rest: pd.DataFrame) -> pd.Series:
    return county_of_zip(rest["zip"], rest["state"])
