"""The county of a facility: its publisher's, unless its own point and ZIP code both say another; else point, ZIP."""

from __future__ import annotations

import pandas as pd

from iop_analysis.places.placing import county_of_name, county_of_zip
from iop_analysis.places.points import beside_line, county_and_move, finer_lines
from iop_analysis.places.tables import VINTAGE

# What a county rests on, as `place_way` says it, with the `place_quality` that it has.
WAYS = {
    "publisher": "publisher",
    "overruled": "address",
    "point": "address",
    "tract": "address",
    "line": "zip",
    "zip": "zip",
    "none": "none",
}
TEXTS = {
    "overruled": "rows are not in the county that their publisher names: their own point and ZIP code both say another",
    "tract": "rows have a point beside a county line: the nearest census tract moves them over the drawn line",
    "line": "rows have a point beside a county line and no tracts are fetched (tract_points): their ZIP code decides",
    "zip": "rows are in the county of their ZIP code (marked zip): no county or point is known",
    "none": "rows could not be placed in a county",
}


def place(facilities: pd.DataFrame) -> pd.DataFrame:
    """The facilities with their county: the publisher's (by name), else that of the point, else that of the ZIP code.

    The publisher's county gives way where the row's own point and its ZIP code agree on another one.

    Parameters
    ----------
    facilities
        One row a facility with `state` and `zip`, and where the source has them `county` (publisher's county name),
        `longitude` and `latitude` (degrees); `point_quality` where some points are those of ZIP codes only.
        A point with a problem (`point_problems`) gives no county.

    Returns
    -------
    DataFrame
        A copy with `county_fips` (5 digits or missing), `place_vintage` (always `VINTAGE`: the list that the shapes
        belong to), `place_quality` (publisher | address | zip | none: what the county rests on) and `place_way`
        (a key of `WAYS`).

    Examples
    --------
    >>> clinics = pd.DataFrame({"state": ["NJ", "MD"], "zip": ["07030", "00000"], "county": ["", "Baltimore City"]})
    >>> place(clinics)[["county_fips", "place_quality"]].values.tolist()
    [['34017', 'zip'], ['24510', 'publisher']]
    """
    state = facilities["state"]
    named, (point, moved) = _of_publisher(facilities), _of_point(facilities)
    filed = county_of_zip(facilities["zip"], state)
    overruled = named.notna() & point.notna() & point.eq(filed) & point.ne(named)
    way = pd.Series("none", index=facilities.index, dtype="str").mask(filed.notna(), "zip")
    way = way.mask(point.notna(), "point").mask(point.notna() & moved, "tract")
    way = way.mask(named.notna(), "publisher").mask(overruled, "overruled")
    beside = way.eq("point") & _by_zip_beside_a_line(facilities, point, filed)
    way = way.mask(beside, "line")
    county = named.mask(overruled).fillna(point.mask(beside)).fillna(filed)
    return facilities.assign(
        county_fips=county, place_vintage=VINTAGE, place_quality=way.map(WAYS).astype("str"), place_way=way
    )


def _of_publisher(facilities: pd.DataFrame) -> pd.Series:
    if "county" not in facilities:
        return pd.Series(None, index=facilities.index, dtype="str")
    return county_of_name(facilities["county"], facilities["state"])


def _of_point(facilities: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """County of each row's own point, and whether the nearest tract moved it; the point of a ZIP code is none."""
    if "longitude" not in facilities:
        return pd.Series(None, index=facilities.index, dtype="str"), pd.Series(False, index=facilities.index)
    own = facilities.get("point_quality", pd.Series("", index=facilities.index)).ne("zip")
    at = facilities["longitude"].where(own), facilities["latitude"].where(own), facilities["state"]
    return county_and_move(*at)


def _by_zip_beside_a_line(facilities: pd.DataFrame, point: pd.Series, filed: pd.Series) -> pd.Series:
    """Rows whose point is too near to a drawn line to trust it, where only their ZIP code can say which side it is."""
    doubtful = point.notna() & filed.notna() & point.ne(filed)
    if finer_lines() or not doubtful.any():
        return pd.Series(False, index=facilities.index)
    return doubtful & beside_line(facilities, filed.where(doubtful))


def counted(placed: pd.DataFrame) -> list[tuple[int, str]]:
    """Rows placed in each special way, with the sentence that says so; `placed` as `place` gives it."""
    ways = placed["place_way"].value_counts()
    return [(int(ways.get(way, 0)), text) for way, text in TEXTS.items()]
