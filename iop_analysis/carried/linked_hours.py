"""Hours of a state's directory for the IOPs of the national one: how many could be linked, and what their hours say.

The two lists are linked for this one question and never mixed: no other table counts linked rows.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pandas as pd

from iop_analysis import catalog, criteria, linking
from iop_analysis.carried import listings
from iop_analysis.catalog import answers
from iop_analysis.linking import LINK_SCORE
from iop_analysis.releases import listing, store
from iop_analysis.releases.listing import Listing

FILE = "linked_hours.csv"
TIMES = ("17:00", "18:00", "19:00", "20:00")
SCORES = (1.0, 0.9, 0.8, LINK_SCORE)
NOT_LINKED = "not linked"
ANSWERS = ("yes", "no", "unknown", NOT_LINKED)
KEYS = ["release", "hours_release", "state"]


def linked_hours(listed: Listing, hours_of: Listing, state: str) -> pd.DataFrame:
    """Count the IOPs of one list by the score of their link to another, and by what the linked hours say.

    Parameters
    ----------
    listed
        A release without hours, such as the national directory.
    hours_of
        A release of the state with hours.
    state
        Postal code.

    Returns
    -------
    DataFrame
        `part`, `group`, `answer`, `iops`. Part `score`: a row for each class of scores, the best first, and one for
        `not linked`. Part `evening`: for each clock time yes, no, unknown (linked, but the hours do not tell) and
        not linked. The rows of a part, or of a clock time, add up to the IOPs.
    """
    table = listed.public.facilities
    programs = table[(table["state"] == state) & (table["offers_iop"] == answers.YES)]
    links = linking.linked(programs, hours_of.facilities)
    rows = [("score", group, "", count) for group, count in _by_score(links, len(programs)).items()]
    status, hours = carried_hours(links, hours_of.facilities, hours_of.hours)
    known = programs.drop(columns=["hours_status", "hours_text"]).merge(status, on="facility_id")
    for time in TIMES:
        result = criteria.evaluate(f"evening(after='{time}')", known, hours).result
        counts = (int(result.eq(True).sum()), int(result.eq(False).sum()), int(result.isna().sum()))
        found = zip(ANSWERS, (*counts, len(programs) - len(known)), strict=True)
        rows += [("evening", time, answer, count) for answer, count in found]
    return pd.DataFrame(rows, columns=["part", "group", "answer", "iops"])


def _by_score(links: pd.DataFrame, programs: int) -> dict[str, int]:
    scores = links["score"].round(2)
    found = {f"{SCORES[0]:g}": int((scores >= SCORES[0]).sum())}
    for high, low in pairwise(SCORES):
        found[f"{low:g} to under {high:g}"] = int(((scores >= low) & (scores < high)).sum())
    return found | {NOT_LINKED: programs - len(links)}


def pairs(names: list[str]) -> list[tuple[str, str, str]]:
    """The newest national release without hours beside the newest release with hours of each state: two names, state.

    Parameters
    ----------
    names
        Built releases that ask about IOPs, oldest first in each source.
    """
    newest = {name.split("@")[0]: name for name in names}
    area = {name: catalog.source(source).area for source, name in newest.items()}
    asked = {name: listings.asked_words(listing.load(name).facilities) for name in newest.values()}
    national = [name for name in area if area[name] == "US" and "evening" not in asked[name]]
    own = [name for name in area if area[name] not in ("", "US") and "evening" in asked[name]]
    return [(one, other, area[other]) for one in national for other in own]


def write(folder: Path) -> list[Path]:
    """Write `linked_hours` of every pair of releases as one small table."""
    tables = []
    for listed, hours_of, state in pairs(listings.newest()):
        table = linked_hours(listing.load(listed), listing.load(hours_of), state)
        tables.append(table.assign(release=listed, hours_release=hours_of, state=state))
    if not tables:
        return []
    joined = pd.concat(tables, ignore_index=True)[[*KEYS, "part", "group", "answer", "iops"]]
    folder.mkdir(parents=True, exist_ok=True)
    joined.to_csv(folder / FILE, index=False, lineterminator="\n")
    return [folder / FILE]


def found(listed: str, hours_of: str, state: str) -> pd.DataFrame:
    """`linked_hours` of two releases: computed where both are built, else as the package carries it; else empty."""
    if {listed, hours_of} <= set(store.built()):
        return linked_hours(listing.load(listed), listing.load(hours_of), state)
    table = pd.read_csv(listings.FOLDER / FILE, dtype={"group": "str"}, keep_default_na=False)
    mine = (table["release"] == listed) & (table["hours_release"] == hours_of) & (table["state"] == state)
    return table[mine].drop(columns=KEYS).reset_index(drop=True)


def carried_hours(links: pd.DataFrame, others: pd.DataFrame, hours: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Hours and hours status of the linked rows of another source, under this source's `facility_id`.

    Parameters
    ----------
    links
        As `linked` gives them.
    others
        Facilities of the other source: `facility_id`, `hours_status`, `hours_text`.
    hours
        Hours rows of the other source.

    Returns
    -------
    status, hours
        `facility_id hours_status hours_text hours_score` for each link, and the hours rows of those facilities.
    """
    ids = links[["facility_id", "other_id"]]
    status = links[["facility_id", "other_id", "score"]].rename(columns={"score": "hours_score"})
    there = others.rename(columns={"facility_id": "other_id"})[["other_id", "hours_status", "hours_text"]]
    status = status.merge(there, on="other_id").drop(columns="other_id")
    carried = ids.merge(hours.rename(columns={"facility_id": "other_id"}), on="other_id").drop(columns="other_id")
    return status[["facility_id", "hours_status", "hours_text", "hours_score"]], carried
