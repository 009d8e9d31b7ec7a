"""Carried: what would bring the most residents near a program."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from iop_analysis import catalog, criteria
from iop_analysis.carried import listings, programs, reach
from iop_analysis.carried.files import FOLDER, read_table, write_table
from iop_analysis.metrics import whatif
from iop_analysis.places.sphere import KM_PER_MILE
from iop_analysis.releases import listing

TABLE = "levers.csv.gz"
PROGRAMS = 5
COLUMNS = [
    "release",
    "have",
    "extend",
    "miles",
    "state",
    "unknowns",
    "rank",
    "town",
    "gained_population",
    "covered_population",
    "covered_share",
    "of_best_share",
]


def load(release: str, state: str) -> pd.DataFrame:
    """The five programs of a state whose change would bring the most residents near, for each lever, by town.

    Returns
    -------
    DataFrame
        `have` and `extend` (the criterion, and which of its words would become true at the program), `words`, `miles`,
        `unknowns` (`no`: every unknown answer of today is taken for a no, so this is the most that the change could
        bring; `yes`: the least), `rank`, `town` (empty where the address is withheld), `gained_population` (residents
        added to those of the ranks before), `covered_population`, `covered_share` (0-1, with today's) and
        `of_best_share` (the whole choice gains at least this share of the best possible). Candidates surely lack the
        word today. Empty where no program could change, as for fees on a list that cannot say no.
    """
    table = read_table(FOLDER / TABLE)
    mine = table[(table["release"] == release) & (table["state"] == state)].drop(columns=["release", "state"])
    words = {(row["have"], row["extend"]): row["words"] for row in catalog.read_rows("levers.csv")}
    said = [words.get(pair, "") for pair in zip(mine["have"], mine["extend"], strict=True)]
    return mine.assign(words=said).reset_index(drop=True)


def gains(release: str, state: str) -> pd.DataFrame:
    """What each lever of a state brings in all: `have`, `extend`, `words`, `miles`, `least`, `most`, `towns`.

    `least` and `most` are residents; `towns` are those of the larger gain, the one that adds most first.
    """
    table = load(release, state)
    keys = ["have", "extend", "words", "miles"]
    rows = []
    for key, mine in table.groupby(keys, sort=False):
        sums = mine.groupby("unknowns")["gained_population"].sum()
        towns = mine.loc[mine["unknowns"] == "no", "town"].tolist()
        found = {"least": int(sums.get("yes", 0)), "most": int(sums.get("no", 0)), "towns": towns}
        rows.append(dict(zip(keys, key, strict=True)) | found)
    return pd.DataFrame(rows, columns=[*keys, "least", "most", "towns"])


def write(folder: Path) -> list[Path]:
    """Write every lever of every state for the newest release of each list."""
    parts = [table for name in listings.newest() for table in tables_of(name)]
    return [write_table(pd.concat(parts, ignore_index=True), folder / TABLE)]


def tables_of(name: str) -> list[pd.DataFrame]:
    """Levers of each state of a release that asks every word of them."""
    points = programs.area_points(name)
    asked = listings.asked_words(listing.load(name).facilities)
    parts = []
    for row in catalog.read_rows("levers.csv"):
        if {atom.name for atom in criteria.parse(row["have"]).atoms} <= asked:
            now, after = (
                programs.asked(name, one) for one in (row["have"], reach.extended(row["have"], row["extend"]))
            )
            for state, mine in points.groupby("state", sort=True):
                table = _of_state(mine.reset_index(drop=True), str(state), now, after, float(row["miles"]))
                parts.append(
                    table.assign(release=name, have=row["have"], extend=row["extend"], miles=int(row["miles"]))
                )
    return [table[COLUMNS] for table in parts if len(table)]


def _of_state(
    points: pd.DataFrame, state: str, now: programs.Programs, after: programs.Programs, miles: float
) -> pd.DataFrame:
    """Both bounds for one state: its own programs may change, others serve it where no state payer is named."""
    here = after.table["state"].eq(state)
    near = here if now.same_state else pd.Series(True, index=after.table.index)
    could = after.answer.where(here, False)
    table = whatif.levers(
        points,
        after.table[near],
        now.answer[near],
        could[near],
        PROGRAMS,
        within_km=miles * KM_PER_MILE,
        same_state=now.same_state,
    )
    towns = listing.shown(after.table).set_index("facility_id")["city"]
    ranks = table.groupby("unknowns").cumcount() + 1
    found = table.assign(rank=ranks, town=table["facility_id"].map(towns).fillna(""), state=state)
    whole = {"gained_population": "int64", "covered_population": "int64"}
    return found.astype(whole).round({"covered_share": 4, "of_best_share": 4})
