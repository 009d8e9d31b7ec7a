"""What is at hand: every known release, and whether it is fetched, built, or carried by the package."""

from __future__ import annotations

import re

import pandas as pd

from iop_analysis import catalog, raw
from iop_analysis.carried import writing
from iop_analysis.releases import store

# The district files of the states are told in one line a house.
OF_A_STATE = re.compile(r"(@(?:upper|lower)-\d{4})-[a-z]{2}$")


def status() -> pd.DataFrame:
    """Every known release: `release`, `rows`, and whether it is `fetched`, `built`, or `carried` by the package.

    Files of geography follow, those of one house of all states in one line: `fetched` says how many, where some lack.
    """
    fetched = {release.name for release in raw.available()}
    built, carried = set(store.built()), set(writing.carried())
    known = {**catalog.releases(), **raw.added_releases()}
    rows: list[dict[str, object]] = [
        {
            "release": name,
            "rows": "" if release.rows is None else release.rows,
            "fetched": "yes" if name in fetched else "",
            "built": "yes" if name in built else "",
            "carried": "yes" if name in carried else "",
        }
        for name, release in known.items()
    ]
    return pd.DataFrame(rows + _geography())


def _geography() -> list[dict[str, object]]:
    there: dict[str, list[bool]] = {}
    sizes: dict[str, object] = {}
    for name, release in catalog.geography_files().items():
        shown = OF_A_STATE.sub(r"\1-*", name)
        there.setdefault(shown, []).append(raw.raw_path(release).is_file())
        sizes[shown] = "" if release.rows is None else release.rows
    words = {name: "yes" if all(found) else f"{sum(found)} of {len(found)}" for name, found in there.items()}
    return [
        {"release": name, "rows": sizes[name], "fetched": words[name] if any(found) else "", "built": "", "carried": ""}
        for name, found in there.items()
    ]
