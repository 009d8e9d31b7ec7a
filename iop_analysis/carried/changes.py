"""Changes between two releases, counted by state, as the package carries them for the pairs of `comparisons.csv`."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from iop_analysis import __version__, catalog
from iop_analysis.carried.listings import FOLDER
from iop_analysis.metrics import changes
from iop_analysis.releases import listing, store
from iop_analysis.releases.listing import Listing

FILE = "changes.csv"


def write(folder: Path) -> list[Path]:
    """Write the changes between the releases of each pair of which both are built."""
    built = store.built()
    pairs = [(row["before"], row["after"]) for row in catalog.read_rows("comparisons.csv")]
    return write_pairs(
        [(listing.load(one), listing.load(two)) for one, two in pairs if one in built and two in built], folder
    )


def write_pairs(pairs: list[tuple[Listing, Listing]], folder: Path) -> list[Path]:
    """Write `changes.csv`, pairs of releases counted by state, with the hashes of their files beside it."""
    tables = [
        changes.state_counts(changes.changes(before.public, after.public)).assign(
            before=before.release.name, after=after.release.name
        )
        for before, after in pairs
    ]
    if not tables:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    table = pd.concat(tables, ignore_index=True).set_index(["before", "after"]).reset_index()
    table.to_csv(folder / FILE, index=False, lineterminator="\n")
    files = {
        one.release.name: {"file": one.release.file, "sha256": one.release.sha256} for pair in pairs for one in pair
    }
    described = json.dumps({"version": __version__, "files": files}, indent=1) + "\n"
    (folder / FILE).with_suffix(".json").write_text(described, encoding="utf-8")
    return [folder / FILE]


def load(before: str, after: str, state: str) -> pd.DataFrame:
    """Rows of the carried `changes.csv` for two releases and a state: `metrics.changes.state_counts`."""
    table = pd.read_csv(FOLDER / FILE)
    mine = table[(table["before"] == before) & (table["after"] == after) & (table["state"] == state)]
    return mine.drop(columns=["before", "after"]).reset_index(drop=True)
