"""Carried: legislative districts, their residents out of reach of a program, and programs as counts."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from iop_analysis import catalog
from iop_analysis.carried import listings, programs, residents
from iop_analysis.carried.files import FOLDER, read_table, write_table
from iop_analysis.errors import CallError
from iop_analysis.metrics import coverage
from iop_analysis.places import districts, states
from iop_analysis.releases import listing

PROGRAMS = "district_programs.csv.gz"
COUNTS = ["facilities", "yes", "no", "unknown"]
LEVELS, VINTAGES, NOT_CERTAIN = districts.LEVELS, districts.VINTAGES, districts.NOT_CERTAIN


def load(release: str, have: str, level: str, state: str) -> pd.DataFrame:
    """Districts of a state: who lives there, who is out of reach, and how many programs are there for sure.

    Parameters
    ----------
    release, have
        A list of programs and a question of `catalog/residents.csv`.
    level
        `congress` (119th Congress), `upper` or `lower` (state legislature, lines of 2024); `VINTAGES` has the words.
    state
        Postal code.

    Returns
    -------
    DataFrame
        The columns of `residents.load`, then `facilities`, `yes`, `no`, `unknown`: programs whose own address lies in
        the district. A last row, `place` = `NOT_CERTAIN`, holds the programs placed by ZIP code or not at all (no
        residents): with it the counts add up to the state's. Empty where the state has no such house (DC, PR;
        Nebraska's lower) or the release does not ask.
    """
    people = residents.load(release, have, level, state)
    table = read_table(FOLDER / PROGRAMS)
    asked = (table["release"] == release) & (table["have"] == have) & (table["level"] == level)
    counts = table.loc[asked & (table["state"] == state), ["place", *COUNTS]]
    joined = people.merge(counts, on="place", how="left").fillna(dict.fromkeys(COUNTS, 0))
    rest = counts[counts["place"] == NOT_CERTAIN].assign(state=state, name="District not certain", population=0)
    return pd.concat([joined, rest] if len(people) and len(rest) else [joined], ignore_index=True).astype(
        dict.fromkeys(COUNTS, "int64")
    )


def one(release: str, have: str, state: str, district: str) -> pd.Series:
    """The row of `load` for a district written `upper:12`, `lower:3` or `congress:8`; a `CallError` lists them."""
    level, _, number = district.partition(":")
    if level not in LEVELS or not number:
        raise CallError(f"A district is written congress:8, upper:12 or lower:3, not {district!r}.")
    fips = states().set_index("state").loc[state, "fips"]
    table = load(release, have, level, state)
    if table.empty:
        raise CallError(f"{state} elects no {level} house by districts, or {release} does not ask {have!r}.")
    mine = table[table["place"] == districts.code_of(level, str(fips), number)]
    if mine.empty:
        known = ", ".join(place[2:].lstrip("0") or "at large" for place in table["place"] if place != NOT_CERTAIN)
        raise CallError(f"{state} has no district {district!r} here; there are {level} {known}.")
    return mine.iloc[0]


def write(folder: Path) -> list[Path]:
    """Write the programs of every district, for each question of the newest release of each list."""
    parts = [programs_of(name) for name in listings.newest()]
    return [write_table(pd.concat(parts, ignore_index=True), folder / PROGRAMS)]


def programs_of(name: str) -> pd.DataFrame:
    """Counts of every question of a release by district; programs whose district is not certain under their state."""
    loaded = listing.load(name).public
    area = catalog.source(loaded.release.source).area
    table = loaded.facilities[loaded.facilities["state"].eq(area) | (area == "US")]
    memory: dict[object, object] = {}
    parts = []
    for of, have, _ in programs.questions(loaded.facilities):
        marks = coverage.marks(table, loaded.hours, have, of, memory)[COUNTS]
        for level, column in districts.COLUMNS.items():
            place = table[column].fillna(NOT_CERTAIN).rename("place")
            sums = marks.groupby([table["state"], place]).sum().reset_index()
            parts.append(sums[sums["facilities"] > 0].assign(release=name, of=of, have=have, level=level))
    return pd.concat(parts, ignore_index=True)[["release", "of", "have", "level", "state", "place", *COUNTS]]
