"""County types of the rules on networks: those of the publisher, and his rule where he has no such county."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from iop_analysis import catalog
from iop_analysis.places.spelled import named, numbers, read_text

TYPES = ("Large Metro", "Metro", "Micro", "Rural", "CEAC")
CEAC_BELOW = 10.0  # residents per square mile of land


def read_county_types(path: Path) -> pd.Series:
    """Type of each county in the publisher's file (counties of 2018), by FIPS code."""
    rows = read_text(path, named(path, "county_types", ("county_fips", "county_type")))
    return rows.set_index(rows["county_fips"].str.zfill(5))["county_type"]


def read_land(path: Path) -> pd.DataFrame:
    """`residents`, `square_miles` of land, `households` and of these `no_car`, by `county_fips` (counties of 2022)."""
    columns = named(path, "land", ("county_fips", "residents", "square_miles", "households", "no_car"))
    rows = read_text(path, columns)
    values = {name: numbers(rows, name, heading, path) for name, heading in columns.items() if name != "county_fips"}
    return pd.DataFrame(values).set_index(rows["county_fips"].str.zfill(5))


def type_by_rule(residents: npt.ArrayLike, square_miles: npt.ArrayLike) -> npt.NDArray[np.object_]:
    """Type of counties by the published thresholds of residents and of residents per square mile of land.

    Fewer than 10 residents per square mile is CEAC; else the last row of `catalog/county_type_rule.csv` that a county
    reaches in both decides.

    Examples
    --------
    >>> type_by_rule([600_000, 600_000, 9_000, 9_000], [300, 600, 100, 1000]).tolist()
    ['Large Metro', 'Metro', 'Rural', 'CEAC']
    """
    people = np.asarray(residents, float)
    density = people / np.asarray(square_miles, float)
    found = np.full(len(people), "", dtype=object)
    for row in catalog.read_rows("county_type_rule.csv"):
        reached = (people >= float(row["residents_from"])) & (density >= float(row["density_from"]))
        found[reached] = row["county_type"]
    found[density < CEAC_BELOW] = "CEAC"
    return found


def county_types(published: pd.Series, land: pd.DataFrame) -> pd.Series:
    """Type of every county that is known: the published one, else by the rule (Connecticut's planning regions)."""
    ruled = pd.Series(type_by_rule(land["residents"], land["square_miles"]), index=land.index)
    return published.combine_first(ruled).rename("county_type")
