"""Demand points, where people live: Census files, the tract table, any user's table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from iop_analysis import catalog
from iop_analysis.places.points import county_of_points
from iop_analysis.places.spelled import CENSUS_PREFIX, headings, named, numbers, read_text, refuse, refuse_bad_points
from iop_analysis.places.tables import VINTAGE, county_table

# Levels that a Census prefix names with its first three digits (1400000US…).
PREFIXES = {"050": "county", "140": "tract", "150": "block_group", "100": "block"}
# Parts of a Census identifier and their widths: state, county, tract, block group.
CENSUS_PARTS = {"STATEFP": 2, "COUNTYFP": 3, "TRACTCE": 6, "BLKGRPCE": 1}
LEVELS = {5: "county", 11: "tract", 12: "block_group", 15: "block"}
COUNTY_HEADINGS = ("county_fips", "fips")
PLAIN_IDS = ("point_id", "id")
POINT_COLUMNS = ["point_id", "population", "latitude", "longitude", "state", "level"]


def read_points(path: Path) -> pd.DataFrame:
    """Demand points of a file: Census centers of population, a tract table, or any table with accepted headings.

    Nobody is left out: points without residents stay. Identifiers of Census places get back the zero that a
    spreadsheet dropped.

    Parameters
    ----------
    path
        CSV (also compressed) or Parquet. Census layout: `STATEFP COUNTYFP [TRACTCE [BLKGRPCE]] POPULATION LATITUDE
        LONGITUDE`. Else an identifier, a population and a point; `catalog/spellings.csv` lists the headings taken.

    Returns
    -------
    DataFrame
        `point_id` (text), `population` (residents), `latitude`, `longitude` (degrees), `state` (postal code, empty
        where nothing says it) and `level`: county, tract, block_group, block or own.

    Raises
    ------
    DataError
        A column is missing, an identifier is empty or stands there twice, a number is none or is out of range.
    """
    columns = _columns(path)

    def typed(part: pd.DataFrame) -> pd.DataFrame:
        for name in ("population", "latitude", "longitude"):
            part[name] = numbers(part, name, columns[name], path)
        refuse(part["population"] < 0, part, "population", columns["population"], path, what="is below zero")
        refuse_bad_points(part, columns, path)
        return part

    rows = read_text(path, columns, typed)
    rows["point_id"], rows["level"] = _identified(rows, columns)
    heading = columns.get("point_id", "+".join(part for part in CENSUS_PARTS if part in columns))
    own = rows["level"].iloc[0] == "own"
    bad = rows["point_id"] == "" if own else ~rows["point_id"].str.isdigit()
    refuse(bad, rows, "point_id", heading, path, what="is no identifier")
    ids = rows["point_id"] if own else rows["point_id"].astype("int64")  # of 8 million, numbers take half the memory
    refuse(ids.duplicated(), rows, "point_id", heading, path, what="stands there twice")
    rows["state"] = _states(rows)
    return rows[POINT_COLUMNS]


def _columns(path: Path) -> dict[str, str]:
    own = {heading.strip().upper(): heading for heading in headings(path)}
    if {"STATEFP", "COUNTYFP"} <= set(own):
        parts = {part: own[part] for part in CENSUS_PARTS if part in own}
        return parts | named(path, "points", ("population", "latitude", "longitude"))
    return named(path, "points", ("point_id", "population", "latitude", "longitude"))


def _identified(rows: pd.DataFrame, columns: dict[str, str]) -> tuple[pd.Series, str]:
    """Identifiers as text and the kind of place they name."""
    parts = [part for part in CENSUS_PARTS if part in columns]
    if parts:
        padded = pd.DataFrame({part: rows[part].str.zfill(CENSUS_PARTS[part]) for part in parts})
        return padded.sum(axis=1), LEVELS[sum(CENSUS_PARTS[part] for part in parts)]
    said = rows["point_id"].str.extract(r"^(\d{3})[0-9A-Z]{4,6}US")[0].unique()
    ids, heading = _cut(rows["point_id"]), columns["point_id"].strip().lower()
    if len(said) == 1 and said[0] in PREFIXES:
        return ids, PREFIXES[said[0]]
    width = int(ids.str.len().max())
    width += width not in LEVELS and width + 1 in LEVELS
    is_census = heading not in PLAIN_IDS and width in LEVELS and ids.str.fullmatch(rf"\d{{{width - 1},{width}}}").all()
    if not is_census or (width == 5 and heading not in COUNTY_HEADINGS):
        return ids, "own"
    return ids.str.zfill(width), LEVELS[width]


def _cut(ids: pd.Series) -> pd.Series:
    """Identifiers without the Census prefix and without the decimal that a program added to every one of them."""
    short = ids.str.replace(CENSUS_PREFIX + r"(?=\d)", "", regex=True)
    decimal = short.str.fullmatch(r"\d+\.0+")
    return short.str.replace(r"\.0+$", "", regex=True) if decimal.all() else short


def _states(rows: pd.DataFrame) -> pd.Series:
    """Postal code of each point: of its state column (code or FIPS), else of the first two digits of a Census id."""
    codes = {row["fips"]: row["state"] for row in catalog.read_rows("places/states.csv")}
    if "state" in rows:
        said = rows["state"].str.upper()
        return said.where(said.isin(codes.values()), said.str.zfill(2).map(codes)).fillna("")
    if rows["level"].iloc[0] == "own":
        return pd.Series("", index=rows.index, dtype="str")
    return rows["point_id"].str[:2].map(codes).fillna("").astype("str")


def read_regions(path: Path) -> pd.Series:
    """Planning region (county of 2023) of each tract of Connecticut, by its identifier of 2020."""
    columns = named(path, "regions", ("point_id", "county_fips"))
    rows = read_text(path, columns)
    return rows.set_index("point_id")["county_fips"]


def read_renumbered(path: Path) -> dict[str, str]:
    """Identifier of 2020 of each of Connecticut's tracts by the one that it bears since 2022."""
    rows = read_text(path, named(path, "regions", ("point_id", "new_id")))
    return dict(zip(rows["new_id"], rows["point_id"], strict=True))


def read_no_car(path: Path) -> pd.Series:
    """Share of the households of each tract that have no vehicle (the file's percent), missing where not published."""
    columns = named(path, "no_car", ("point_id", "no_car"))
    rows = read_text(path, columns).replace({"no_car": {"NA": ""}})  # the publisher's word for not published
    shares = numbers(rows, "no_car", columns["no_car"], path, empty=True) / 100
    return shares.set_axis(rows["point_id"].str.zfill(11))


def counties_of(points: pd.DataFrame, said: pd.Series | None = None) -> pd.Series:
    """County of 2023 of each point: that of its Census identifier, else the one of its state around or next to it.

    Connecticut's tracts of before 2022 carry eight counties that the nine planning regions do not follow, and a few
    counties elsewhere were split or renumbered: there the polygon decides. The center of a tract of islands may lie
    far out on the water.

    Parameters
    ----------
    points
        As `read_points` gives them.
    said
        County of 2023 by `point_id`, where a file says it: it is taken first.

    Returns
    -------
    Series
        County FIPS code (5 digits) per point; missing where its state is not known.
    """
    coded = points["point_id"].str[:5].where(points["level"] != "own")
    found = coded.where(coded.isin(set(county_table(VINTAGE)["county_fips"])))
    if said is not None:
        found = points["point_id"].map(said).fillna(found)
    rest = points[found.isna()]
    return found.fillna(county_of_points(rest["longitude"], rest["latitude"], rest["state"], np.inf))
