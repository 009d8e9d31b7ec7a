"""What is at hand: every known release, and whether it is fetched, built, or carried by the package."""

from __future__ import annotations

import pandas as pd

from iop_analysis import catalog, raw
from iop_analysis.carried import writing
from iop_analysis.releases import store


def status() -> pd.DataFrame:
    """Every known release: `release`, `rows`, and whether it is `fetched`, `built`, or `carried` by the package."""
    fetched = {release.name for release in raw.available()}
    built, carried = set(store.built()), set(writing.carried())
    known = {**catalog.releases(), **raw.added_releases()}
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
