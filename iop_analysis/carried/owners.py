"""Carried: who runs the programs that list a payer or a fee and those that do not, by state."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from iop_analysis.carried import listings
from iop_analysis.carried.files import FOLDER, read_table, write_table
from iop_analysis.metrics import coverage
from iop_analysis.releases import listing

TABLE = "owners.csv.gz"
HAVES = ("medicaid", "sliding_fee", "private_insurance")
COUNTS = ["facilities", "yes", "no", "unknown"]


def of_state(release: str, listed: listing.Listing | None, have: str, state: str) -> pd.DataFrame:
    """Programs of a state by owner: `ownership`, `facilities`, `yes`, `no`, `unknown`, the most programs first.

    Counts only: with few programs of an owner a share says nothing. Programs for people in custody are left out. Empty
    where the release does not ask. `no` of `medicaid` is who does not list Medicaid. Counted from `listed`, the built
    release, where there is one, else as carried.
    """
    table = read_table(FOLDER / TABLE) if listed is None else owners(_within(listed, state)).assign(release=release)
    mine = table[(table["release"] == release) & (table["have"] == have) & (table["state"] == state)]
    return mine[["ownership", *COUNTS]].sort_values("facilities", ascending=False, kind="stable", ignore_index=True)


def write(folder: Path) -> list[Path]:
    """Write the counts of the newest release of each list."""
    parts = [owners(listing.load(name)).assign(release=name) for name in listings.newest()]
    table = pd.concat(parts, ignore_index=True)
    return [write_table(table[["release", "have", "state", "ownership", *COUNTS]], folder / TABLE)]


def owners(loaded: listing.Listing) -> pd.DataFrame:
    """Counts of each word of `HAVES` that a release asks, by state and owner, places without a program left out."""
    here, asked = loaded.public, listings.asked_words(loaded.facilities)
    owner = coverage.place_of(here.facilities, "ownership").rename("ownership")
    parts = [pd.DataFrame(columns=["state", "ownership", *COUNTS, "have"])]
    for have in HAVES:
        if {f"accepts_{have}", f"offers_{have}"} & asked:
            marks = coverage.marks(here.facilities, here.hours, have)[COUNTS]
            sums = marks.groupby([here.facilities["state"], owner]).sum().reset_index()
            parts.append(sums[sums["facilities"] > 0].assign(have=have))
    return pd.concat(parts[1:] or parts, ignore_index=True)


def _within(loaded: listing.Listing, state: str) -> listing.Listing:
    return replace(loaded, facilities=loaded.facilities[loaded.facilities["state"] == state])
