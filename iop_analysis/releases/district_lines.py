"""In which legislative districts the facilities of a build are: by the lines that are fetched, else in none."""

from __future__ import annotations

from functools import cache

import pandas as pd

from iop_analysis import catalog, raw
from iop_analysis.places import districts

# Points that lie at the address itself; that of a ZIP code may be in the district next to the program's.
FEW_STATES = 5  # of more, the lines of all are read, once in a process
AT_THE_ADDRESS = ("publisher", "address", "near_address")


def in_districts(facilities: pd.DataFrame) -> pd.DataFrame:
    """The facilities with `district_congress`, `district_upper` and `district_lower`.

    A district is missing where the point rests on a ZIP code or is not known, where the state has no such house, and
    everywhere where the lines are not fetched.

    Parameters
    ----------
    facilities
        `latitude`, `longitude`, `point_quality` (the point that locates each row) and `state`.
    """
    sure = facilities["point_quality"].isin(AT_THE_ADDRESS)
    at = facilities["longitude"].where(sure), facilities["latitude"].where(sure), facilities["state"]
    there = tuple(sorted(set(facilities["state"].dropna())))
    few = there if len(there) <= FEW_STATES else None
    found = {
        column: districts.district_of_points(*at, lines(level, few)) for level, column in districts.COLUMNS.items()
    }
    return facilities.assign(**found)


@cache
def lines(level: str, states: tuple[str, ...] | None = None) -> pd.DataFrame:
    """`places.districts.read_shapes` of the fetched lines of a level, of some states or of all; empty without any."""
    files = [release for name, release in catalog.geography_files().items() if name.startswith(f"districts@{level}-")]
    if states is not None and level != "congress":
        files = [release for release in files if release.key[-2:].upper() in states]
    return districts.read_shapes(raw.raw_path(release) for release in files if raw.raw_path(release).is_file())
