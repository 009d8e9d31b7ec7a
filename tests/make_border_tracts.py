"""Make `iop_analysis/catalog/places/border_tracts.csv.gz`: the census tracts by which points near a county line go.

Run `python tests/make_border_tracts.py CenPop2020_Mean_TR.txt.gz ct_tract_points_2020_planning_regions.csv`, with the
files that `catalog/places/origin.toml` names. The same input gives the same bytes. Kept are tracts with a neighbour
(in the Delaunay triangulation of their state) in another county: the others decide nothing about a county line.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import Delaunay

from iop_analysis import places
from iop_analysis.places import points

FILE = Path(__file__).resolve().parents[1] / "iop_analysis" / "catalog" / "places" / "border_tracts.csv.gz"
CONNECTICUT = "09"
KEEP_KM = points.TRACT_KM
KM_PER_DEGREE = 111.195


def main(tracts: Path, connecticut: Path) -> None:
    """Write the file from the Census's centers of population of 2020, Connecticut's by planning region."""
    every = pd.read_csv(tracts, dtype=str).rename(columns=lambda name: name.lstrip("\ufeff"))
    every["county_fips"] = every["STATEFP"] + every["COUNTYFP"]
    regions = pd.read_csv(connecticut, dtype=str).rename(columns={"ce_fips_2022": "county_fips"})
    columns = ["county_fips", "LATITUDE", "LONGITUDE"]
    whole = pd.concat([every.loc[every["STATEFP"] != CONNECTICUT, columns], regions[columns]], ignore_index=True)
    whole.columns = pd.Index(["county_fips", "latitude", "longitude"])
    whole = whole.astype({"latitude": float, "longitude": float})
    states = places.counties().set_index("county_fips")["state"].reindex(whole["county_fips"]).to_numpy()
    kept = pd.concat([beside_lines(rows, state) for state, rows in whole.groupby(states)])
    kept = kept.round(4).sort_values(["county_fips", "latitude", "longitude"])
    FILE.write_bytes(gzip.compress(kept.to_csv(index=False, lineterminator="\n").encode(), 9, mtime=0))


def beside_lines(rows: pd.DataFrame, state: str) -> pd.DataFrame:
    """The tracts of one state with a neighbour in another county, if that county's shape is near or not drawn."""
    if len(set(rows["county_fips"])) == 1:
        return rows.head(0)
    codes, drawn, squeeze = points.squeezed(state)
    flat = rows[["longitude", "latitude"]].to_numpy() * squeeze
    county = np.searchsorted(codes.astype(str), rows["county_fips"].to_numpy(str))
    corners = Delaunay(flat).simplices
    near = np.zeros(len(rows), dtype=bool)
    for one, other in ((0, 1), (1, 2), (2, 0), (1, 0), (2, 1), (0, 2)):
        left, right = corners[:, one], corners[:, other]
        left, right = left[county[left] != county[right]], right[county[left] != county[right]]
        off = shapely.distance(shapely.points(flat[left]), drawn[county[right]]) * KM_PER_DEGREE
        undrawn = shapely.is_empty(drawn[county[left]])
        near[left[undrawn | ~(off > KEEP_KM)]] = True
    return rows[near]


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
