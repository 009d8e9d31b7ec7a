"""Built locator lists: where the addresses are that directories list without a point."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from iop_analysis import places, raw
from iop_analysis.linking import locating, open_keys
from iop_analysis.releases import store

SOURCES = ("locator_points", "findtreatment")
COLUMNS = ["street", "city", "state", "zip", "latitude", "longitude", "list"]
NONE = pd.DataFrame(columns=COLUMNS).astype({"latitude": float, "longitude": float})


def names() -> list[str]:
    """Names of the built locator lists, oldest first in each source."""
    built = [name for name in store.built() if name.split("@")[0] in SOURCES]
    return [name for name in built if not raw.find_release(name).synthetic]


def rows() -> pd.DataFrame:
    """Every row of the built locator lists: the columns of `COLUMNS`, points in degrees, `list` its release."""
    tables = [_rows(name) for name in names()]
    return pd.concat(tables, ignore_index=True) if tables else NONE


def _rows(name: str) -> pd.DataFrame:
    tables, _ = store.read(raw.find_release(name), ("facilities",))
    return tables["facilities"].assign(list=name)[COLUMNS]


def counties(facilities: pd.DataFrame) -> pd.Series:
    """County of the point that a list gives for exactly the same address; missing where no list has it.

    Withheld addresses are not looked up. A point that contradicts its own address gives no county.

    Parameters
    ----------
    facilities
        `street`, `zip`, `state` and `address_hidden`.

    Returns
    -------
    Series
        `county_fips` of each row, five digits.
    """
    listed = names()
    if not listed:
        return pd.Series(None, index=facilities.index, dtype="str")
    addresses = _addresses(tuple(listed), tuple(store.stamp(name) for name in listed))
    found = addresses.reindex(open_keys(facilities)).set_index(facilities.index)
    return places.county_of_points(found["longitude"], found["latitude"], facilities["state"])


@lru_cache(maxsize=2)
def _addresses(listed: tuple[str, ...], stamps: tuple[bytes, ...]) -> pd.DataFrame:
    """One point an address; worked out once in a process as long as no list is built anew."""
    return locating.locator_addresses(rows())
