"""What is at hand: every known release, and whether it is fetched, built, or carried by the package."""

from __future__ import annotations

import pandas as pd

from iop_analysis import catalog, raw
from iop_analysis.carried import writing
from iop_analysis.releases import store


def status() -> pd.DataFrame:
    """Every known release: `release`, `rows`, and whether it is `fetched`, `built`, or `carried` by the package."""
    geography = catalog.geography_files()
    fetched = {release.name for release in raw.available()}
    fetched |= {name for name, release in geography.items() if raw.raw_path(release).is_file()}
    built, carried = set(store.built()), set(writing.carried())
    known = {**catalog.releases(), **raw.added_releases(), **geography}
    rows = [
        {
            "release": name,
            "rows": release.rows,
            "fetched": "yes" if name in fetched else "",
            "built": "yes" if name in built else "",
            "carried": "yes" if name in carried else "",
        }
        for name, release in known.items()
    ]
    return pd.DataFrame(rows)
