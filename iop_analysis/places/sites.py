"""Sites, where care is: a list with points or addresses, as a table or in any format that geopandas reads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from iop_analysis import catalog
from iop_analysis.errors import DataError
from iop_analysis.places.spelled import headings, matched, read_text, refuse, spellings

if TYPE_CHECKING:
    import geopandas

# Endings of files whose rows carry a shape; Parquet says by itself whether its rows do.
SHAPED = (".geojson", ".json", ".shp", ".gpkg", ".fgb", ".kml", ".gml")
TEXTS = ["facility_id", "name", "street", "city", "state", "zip"]
POINT = ["latitude", "longitude"]
SHAPEFILE_WIDTH = 10
DEGREES = "EPSG:4326"


def read_sites(path: Path) -> pd.DataFrame:
    """Sites of a user's or publisher's list with points, addresses or both, as a facilities table of few columns.

    A coordinate that cannot be one becomes missing. What was done in reading stands in `table.attrs["notes"]`.

    Parameters
    ----------
    path
        CSV (also compressed), Parquet, GeoParquet, GeoJSON, Shapefile, GeoPackage and the like. A table needs a
        latitude and a longitude, or a street; `catalog/spellings.csv` lists the headings. Any coordinates that are
        not in degrees are turned into degrees.

    Returns
    -------
    DataFrame
        `facility_id` (the file's, else the row number), `name`, `street`, `city`, `state` (postal code), `zip`
        (text, empty where the file has none), `latitude`, `longitude` (degrees, missing where there is no point).

    Raises
    ------
    DataError
        The file cannot be read, says of no site where it is, or holds an identifier twice.
    """
    notes: list[str] = []
    shaped = path.is_file() and (path.suffix.lower() in SHAPED or _is_geoparquet(path))
    rows, columns = _shaped(path, notes) if shaped else _listed(path)
    rows[POINT] = _usable(rows, notes)
    rows = rows.assign(**{name: "" for name in TEXTS if name not in rows})
    rows["facility_id"] = _ids(rows, columns, path)
    codes = {row["name"].lower(): row["state"] for row in catalog.read_rows("places/states.csv")}
    rows["state"] = rows["state"].str.lower().map(codes).fillna(rows["state"].str.upper())
    table = rows[[*TEXTS, *POINT]]
    table.attrs["notes"] = notes
    return table


def _listed(path: Path) -> tuple[pd.DataFrame, dict[str, str]]:
    titles = headings(path)
    placed = matched(titles, path.name, "sites", ())
    if not {"street"} <= set(placed):
        placed = matched(titles, path.name, "sites", ("latitude", "longitude"))
    rows = read_text(path, placed)
    for name in POINT:
        rows[name] = rows.get(name, pd.Series("", index=rows.index))
    return rows, placed


def _shaped(path: Path, notes: list[str]) -> tuple[pd.DataFrame, dict[str, str]]:
    shapes = _open(path).rename(columns=_uncut if path.suffix.lower() == ".shp" else str)
    titles = [str(name) for name in shapes.columns if name != shapes.geometry.name]
    named = matched(titles, path.name, "sites", ())
    named = {name: heading for name, heading in named.items() if name in TEXTS}
    texts = {name: shapes[heading].astype("str").where(shapes[heading].notna(), "") for name, heading in named.items()}
    points = _points(shapes, path, notes)
    rows = pd.DataFrame({name: text.str.strip() for name, text in texts.items()}, index=shapes.index)
    return rows.assign(latitude=points.y, longitude=points.x).reset_index(drop=True), named


def _uncut(heading: object) -> str:
    """A heading that a Shapefile cut to ten characters, whole again where only a known heading begins so."""
    known = [one for ways in spellings("sites").values() for one in ways if one.startswith(str(heading).lower())]
    return known[0] if len(str(heading)) == SHAPEFILE_WIDTH and known else str(heading)


def _open(path: Path) -> geopandas.GeoDataFrame:
    import geopandas  # takes a quarter of a second, and few lists carry shapes
    from pyogrio.errors import DataLayerError, DataSourceError
    from pyproj.exceptions import ProjError

    try:
        shapes = geopandas.read_parquet(path) if _is_geoparquet(path) else geopandas.read_file(path)
    except (DataSourceError, DataLayerError, ProjError, ValueError, OSError, RuntimeError) as problem:
        raise DataError(f"{path.name}: the file cannot be read as a list of places: {problem}.") from problem
    if not isinstance(shapes, geopandas.GeoDataFrame) or len(shapes) == 0:
        raise DataError(f"{path.name}: the file holds no places; check that this is a list of sites.")
    return shapes


def _points(shapes: geopandas.GeoDataFrame, path: Path, notes: list[str]) -> geopandas.GeoSeries:
    """A point in degrees for each shape, and what had to be done for it."""
    places = shapes.geometry
    areas = places.notna() & ~places.is_empty & (places.geom_type != "Point")
    if areas.any():
        notes.append(f"{int(areas.sum()):,} of {len(places):,} places are no points: a point inside each is taken.")
        places = places.where(~areas, places.representative_point())
    places = places.where(~places.is_empty)
    if places.crs is None:
        if not np.nan_to_num(np.abs(places.total_bounds)).max() <= 180:
            raise DataError(f"{path.name}: the coordinates are no degrees and the file does not say which they are.")
        notes.append("The file does not name its coordinates; they are read as degrees.")
    elif not places.crs.is_geographic:
        notes.append(f"The points were in {places.crs.name} and were turned into degrees.")
        places = places.to_crs(DEGREES)
    return places


def _is_geoparquet(path: Path) -> bool:
    import pyarrow.parquet as pq
    from pyarrow import ArrowException

    if path.suffix.lower() not in (".parquet", ".geoparquet"):
        return False
    try:
        return b"geo" in (pq.read_metadata(path).metadata or {})
    except (ArrowException, OSError):
        return False  # the reader of tables says what is wrong with it


def _usable(rows: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """Latitude and longitude as numbers; both missing where they are no place in the United States."""
    latitude, longitude = (pd.to_numeric(rows[name], errors="coerce").astype(float) for name in POINT)
    written = (rows["latitude"].notna() & (rows["latitude"] != "")) | (
        rows["longitude"].notna() & (rows["longitude"] != "")
    )
    good = latitude.between(-15, 72) & longitude.between(-180, 180) & ~(latitude.eq(0) & longitude.eq(0))
    if (written & ~good).any():
        row = int((written & ~good).to_numpy().argmax())
        first = ", ".join(str(rows[name].iloc[row]) for name in POINT)
        notes.append(f"{int((written & ~good).sum()):,} of {len(rows):,} sites have a point that is none ({first}).")
    return pd.DataFrame({"latitude": latitude.where(good), "longitude": longitude.where(good)})


def _ids(rows: pd.DataFrame, columns: dict[str, str], path: Path) -> pd.Series:
    """The file's identifiers; row numbers where it has none, or where its plain "id" repeats and so is a name."""
    ids = rows["facility_id"]
    twice = ids.duplicated() if "facility_id" in columns else pd.Series(True, index=rows.index)
    if "facility_id" in columns and columns["facility_id"].strip().lower() != "id":
        refuse(twice, rows, "facility_id", columns["facility_id"], path, what="stands there twice")
    return pd.Series(np.arange(1, len(rows) + 1).astype(str), index=rows.index) if twice.any() else ids
