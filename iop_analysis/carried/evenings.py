"""Evening by state for the national list, with what a state's own directory knows: a small carried table."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from iop_analysis import catalog
from iop_analysis.carried import listings
from iop_analysis.metrics import witnesses as measure
from iop_analysis.releases import listing
from iop_analysis.releases.together import Combination, put_together

FILE = "combined_evening.csv"
KEYS = ["list", "witness", "state"]


def pairs(names: list[str]) -> list[tuple[str, str, str]]:
    """The newest national list without hours beside each state's own complete list: two names and the state.

    Parameters
    ----------
    names
        Built releases that ask about IOPs, oldest first in each source.
    """
    newest = {name.split("@")[0]: name for name in names}
    known = {name: catalog.source(source) for source, name in newest.items()}
    own = [name for name, source in known.items() if source.complete]
    national = [name for name, source in known.items() if source.area == "US"]
    silent = [name for name in national if "evening" not in listings.asked_words(listing.load(name).facilities)]
    return [(one, other, known[other].area) for one in silent for other in own]


def evening(made: Combination, state: str) -> pd.DataFrame:
    """`metrics.witnesses.link_sensitivity` of a combined release for the public facilities of one state."""
    table = made.listing.public.facilities
    return measure.link_sensitivity(table[table["state"].eq(state)], made.listing.hours, made.links)


def write(folder: Path) -> list[Path]:
    """Write `evening` of every pair of releases as one small table."""
    tables = []
    for listed, witness, state in pairs(listings.newest()):
        made = put_together(listing.load(listed), [listing.load(witness)])
        tables.append(evening(made, state).assign(list=listed, witness=witness, state=state))
    if not tables:
        return []
    table = pd.concat(tables, ignore_index=True)
    counts = [name for name in measure.COUNTS if not name.endswith("_share")]
    folder.mkdir(parents=True, exist_ok=True)
    table[[*KEYS, "links", "universe", "after", *counts]].to_csv(folder / FILE, index=False, lineterminator="\n")
    return [folder / FILE]


def carried(listed: str, state: str) -> pd.DataFrame:
    """The carried table of a list in a state, empty where there is none; `witness` names the other list."""
    path = listings.FOLDER / FILE
    if not path.exists():
        return pd.DataFrame(columns=[*KEYS, "links", "universe", "after", *measure.COUNTS])
    table = pd.read_csv(path, dtype={"after": "str", "state": "str"})
    mine = table[(table["list"] == listed) & (table["state"] == state)].reset_index(drop=True)
    return measure.with_shares(mine)
