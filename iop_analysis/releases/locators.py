"""Built locator lists: where the addresses are that directories list without a point."""

from __future__ import annotations

import pandas as pd

from iop_analysis import catalog, raw
from iop_analysis.releases import store

COLUMNS = ["street", "city", "state", "zip", "latitude", "longitude", "list"]
NONE = pd.DataFrame(columns=COLUMNS).astype({"latitude": float, "longitude": float})


def sources() -> list[str]:
    """Keys of the sources whose points may stand for addresses of other lists."""
    return [key for key, source in catalog.sources().items() if source.locates]


def names() -> list[str]:
    """Names of the built locator lists, oldest first in each source."""
    built = [name for name in store.built() if name.split("@")[0] in sources()]
    return [name for name in built if not raw.find_release(name).synthetic]


def rows() -> pd.DataFrame:
    """Every row of the built locator lists: the columns of `COLUMNS`, points in degrees, `list` its release."""
    tables = [_rows(name) for name in names()]
    return pd.concat(tables, ignore_index=True) if tables else NONE


def _rows(name: str) -> pd.DataFrame:
    tables, _ = store.read(raw.find_release(name), ("facilities",))
    return tables["facilities"].assign(list=name)[COLUMNS]
