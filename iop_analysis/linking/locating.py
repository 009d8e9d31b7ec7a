"""A point for each listed address: the publisher's, else that of a locator list (same or near address) or ZIP code."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import zipcodes
from scipy.spatial import cKDTree

from iop_analysis import places
from iop_analysis.linking.addresses import zip_codes
from iop_analysis.linking.links import near_pairs, open_keys, refuse_survey
from iop_analysis.places.sphere import arc_km, distance_km, unit_vectors

POINT = ["latitude", "longitude"]
POINT_COLUMNS = [*POINT, "point_quality", "point_score", "point_source"]
POINT_QUALITIES = ("publisher", "address", "near_address", "zip", "none")

# A point this far from the point of its ZIP code is distrusted, unless no other ZIP code's point is much nearer
# (ZIP codes of Alaska are that large). Of the 2021 lists 99.5 % of points lie within 33 km.
FAR_KM, FAR_RATIO = 60.0, 5.0
# Two points of one address that are farther apart are not the same place, and one is distrusted where the ZIP
# code's point is nearer to the other by this much.
SAME_PLACE_KM, CLEAR_KM = 0.5, 2.0


@cache
def zip_points() -> pd.DataFrame:
    """State and point of each ZIP code (package `zipcodes`; points from GeoNames, CC BY 4.0), indexed by ZIP code.

    Military codes have no place on the ground and are left out.
    """
    rows = zipcodes.list_all()  # type: ignore[no-untyped-call]
    table = pd.DataFrame(rows)[["zip_code", "state", "lat", "long"]]
    table = table.rename(columns={"zip_code": "zip", "lat": "latitude", "long": "longitude"}).drop_duplicates("zip")
    table[POINT] = table[POINT].apply(pd.to_numeric)
    return table[(table[POINT] != 0).any(axis=1)].set_index("zip")


def zip_distance_km(table: pd.DataFrame) -> pd.Series:
    """Kilometres from each row's point to the point of its ZIP code; missing where either is unknown."""
    center = zip_points().reindex(zip_codes(table["zip"]))
    km = distance_km(table["latitude"], table["longitude"], center["latitude"], center["longitude"])
    return pd.Series(km, index=table.index)


def distrusted(table: pd.DataFrame) -> pd.Series:
    """Whether a row's point contradicts its own address: out of its state, or far from its ZIP code.

    Parameters
    ----------
    table
        `latitude`, `longitude`, `state` (postal code), `zip`.
    """
    own = zip_distance_km(table)
    far = own > FAR_KM
    centers = cKDTree(unit_vectors(zip_points()["latitude"], zip_points()["longitude"]))
    found, _ = centers.query(unit_vectors(table.loc[far, "latitude"], table.loc[far, "longitude"]))
    far[far] = own[far] > FAR_RATIO * arc_km(found)
    for problem in places.point_problems(table).values():
        far |= problem.astype(bool)
    return far


def locator_addresses(locators: pd.DataFrame) -> pd.DataFrame:
    """One point per address of the locator lists, indexed by address key.

    Points that contradict their own address are left out. Where rows of one address disagree by more than 0.5 km,
    the point nearest to its ZIP code's point is taken, else the first row's.

    Parameters
    ----------
    locators
        `street`, `city`, `state`, `zip`, `latitude`, `longitude`, and `list` (the name of the list).

    Returns
    -------
    DataFrame
        `latitude`, `longitude`, `city`, `state`, `list`.
    """
    table = locators.dropna(subset=POINT).reset_index(drop=True)
    table = table.assign(key=open_keys(table), zip_km=zip_distance_km(table))[~distrusted(table)]
    table = table[table["key"] != ""]
    first = table.groupby("key")[POINT].transform("first")
    apart = distance_km(table["latitude"], table["longitude"], first["latitude"], first["longitude"]) > SAME_PLACE_KM
    disputed = pd.Series(apart, index=table.index).groupby(table["key"]).transform("any")
    table["order"] = table["zip_km"].where(disputed, 0.0)
    table = table.sort_values("order", kind="stable").drop_duplicates("key")
    return table.set_index("key")[[*POINT, "city", "state", "list"]]


def point(table: pd.DataFrame, locators: pd.DataFrame) -> pd.DataFrame:
    """A point for each row and how it was found: publisher, address, near_address, zip or none.

    Parameters
    ----------
    table
        `street`, `city`, `state`, `zip`; `latitude`, `longitude` and `address_hidden` where the source has them.
    locators
        Lists with points, as for `locator_addresses`.

    Returns
    -------
    DataFrame
        For each row `latitude` and `longitude` in degrees (missing where nothing is known), `point_quality`,
        `point_score` (likeness of the street, 1 for the same address, missing for ZIP codes) and `point_source`
        (the list that gave the point).

    Raises
    ------
    DataError
        The rows are survey rows, or have no addresses.
    """
    refuse_survey(table)
    pointed, rows, addresses = _of_publisher(table), table, locators
    if not locators.empty:
        rows, addresses = table.assign(key=open_keys(table)), locator_addresses(locators)
    for find in (_of_zip,) if addresses.empty else (_of_address, _of_near_address, _of_zip):
        found = find(rows[pointed["point_quality"] == "none"], addresses).dropna(subset=POINT)
        pointed.loc[found.index, POINT_COLUMNS] = found[POINT_COLUMNS]
    return pointed


def _of_publisher(rows: pd.DataFrame) -> pd.DataFrame:
    pointed: pd.DataFrame = rows.reindex(columns=POINT).apply(pd.to_numeric).astype(float)
    has = pointed.notna().all(axis=1)
    source = pd.Series(np.where(has, "publisher", ""), index=rows.index, dtype="str")
    quality = pd.Series(np.where(has, "publisher", "none"), index=rows.index, dtype="str")
    return pointed.assign(point_quality=quality, point_score=has.astype(float).where(has), point_source=source)


def _of_address(rows: pd.DataFrame, addresses: pd.DataFrame) -> pd.DataFrame:
    found = addresses.reindex(rows["key"]).set_index(rows.index)
    return found.assign(point_quality="address", point_score=1.0, point_source=found["list"])


def _of_near_address(rows: pd.DataFrame, addresses: pd.DataFrame) -> pd.DataFrame:
    listed = addresses.reset_index()
    pairs = near_pairs(rows, listed).sort_values("score", ascending=False, kind="stable")
    best = pairs.drop_duplicates("row").set_index("row")
    found = listed.loc[best["other"], [*POINT, "list"]].set_index(best.index)
    return found.assign(point_quality="near_address", point_score=best["score"], point_source=found["list"])


def _of_zip(rows: pd.DataFrame, _: pd.DataFrame) -> pd.DataFrame:
    found = zip_points().reindex(zip_codes(rows["zip"])).set_index(rows.index)
    found = found.loc[found["state"] == rows["state"]]
    return found.assign(point_quality="zip", point_score=np.nan, point_source="zip")


def point_conflicts(table: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Addresses for which two publishers give points more than 0.5 km apart, and which of the two to distrust.

    The one farther from the point of its ZIP code is distrusted where the difference is 2 km or more; below that
    the ZIP code cannot tell.

    Parameters
    ----------
    table, others
        `street`, `zip`, `latitude`, `longitude`; rows without a point or with a hidden address take no part.

    Returns
    -------
    DataFrame
        `key` (address), `apart_km`, `zip_km` and `other_zip_km` (from each point to that of the ZIP code) and
        `distrust`: table, others or `cannot tell`; one row per address, the farthest apart first.
    """
    left, right = (
        one.assign(key=open_keys(one), zip_km=zip_distance_km(one))
        .dropna(subset=POINT)
        .query("key != ''")[["key", *POINT, "zip_km"]]
        for one in (table, others)
    )
    pairs = left.merge(right, on="key", suffixes=("", "_other"))
    pairs["apart_km"] = distance_km(
        pairs["latitude"], pairs["longitude"], pairs["latitude_other"], pairs["longitude_other"]
    )
    pairs = pairs[pairs["apart_km"] > SAME_PLACE_KM].sort_values("apart_km", ascending=False).drop_duplicates("key")
    farther = pairs["zip_km"] - pairs["zip_km_other"]
    choices = [farther >= CLEAR_KM, farther <= -CLEAR_KM]
    pairs["distrust"] = np.select(choices, ["table", "others"], "cannot tell")
    pairs = pairs.rename(columns={"zip_km_other": "other_zip_km"})
    return pairs[["key", "apart_km", "zip_km", "other_zip_km", "distrust"]].reset_index(drop=True)
