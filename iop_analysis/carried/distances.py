"""Tables of distance that the package carries: by state, by county and by group of people, rebuilt and read."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from iop_analysis import catalog, criteria, places, raw
from iop_analysis.carried import listings, people, programs, reach
from iop_analysis.carried.reach import Sites
from iop_analysis.metrics import access
from iop_analysis.places import demand
from iop_analysis.releases import listing, locators

# A walk of 2 km, and 10 miles.
REACHES_KM = (2.0, 16.0934)
KINDS = ("sure", "possible")
STATES, COUNTIES, PEOPLE = "distances.csv", "distances_county.csv.gz", "distances_people.csv.gz"
KEYS = {"state": "str", "county_fips": "str", "group": "str"}


def reached(near: pd.DataFrame) -> dict[str, float]:
    """How far the residents of some points live: half of them within, and the shares within each of `REACHES_KM`.

    Parameters
    ----------
    near
        As `metrics.access.nearest_table` gives it.

    Returns
    -------
    dict
        `points`, `population`; for sure and possible sites `median_KIND_km` (infinite where more than half of the
        residents reach none) and `within_Nkm_KIND` (shares of residents, 0-1).
    """
    found: dict[str, float] = {"points": len(near), "population": int(near["population"].sum())}
    for kind in KINDS:
        rows = [access.summary(near, km, kind).iloc[0] for km in REACHES_KM]
        found[f"median_{kind}_km"] = rows[0]["weighted_median_km"]
        found |= {f"within_{km:.0f}km_{kind}": row["share_within"] for km, row in zip(REACHES_KM, rows, strict=True)}
    return found


def by_state(near: pd.DataFrame, states: pd.Series, sites: Sites) -> pd.DataFrame:
    """`reached` for each state of the points, and its sites: sure, possible, at a ZIP code's point, without one.

    Parameters
    ----------
    near
        As `metrics.access.nearest_table` gives it.
    states
        State of each of its points.
    sites
        The sites that it was measured to.
    """
    sure, possible = access.sure_and_possible(sites.table, sites.answer)
    rows = []
    for state, mine in near.assign(state=states.to_numpy()).groupby("state"):
        here = sites.table["state"].eq(state).to_numpy()
        counts = {"sites_sure": int((here & sure).sum()), "sites_possible": int((here & possible).sum())}
        quality = sites.table["point_quality"][here & possible]
        counts |= {"sites_at_zip": int(quality.eq("zip").sum()), "sites_without_point": int(quality.eq("none").sum())}
        rows.append({"state": state, **counts, **reached(mine)})
    return pd.DataFrame(rows)


def by_county(near: pd.DataFrame, counties: pd.Series) -> pd.DataFrame:
    """`reached` for each county of the points (`county_fips`); counties without residents or points have no row."""
    rows = [
        {"county_fips": county, **reached(mine)}
        for county, mine in near.assign(county=counties.to_numpy()).groupby("county")
        if mine["population"].sum() > 0
    ]
    return pd.DataFrame(rows)


def by_people(near: pd.DataFrame, states: pd.Series, known: pd.DataFrame) -> pd.DataFrame:
    """`people.by_people` for each state of the points."""
    tables = []
    for state, mine in near.assign(state=states.to_numpy()).groupby("state"):
        residents = people.groups(known.loc[mine.index], mine["population"])
        tables.append(people.by_people(mine, residents, REACHES_KM[-1]).assign(state=state))
    return pd.concat(tables, ignore_index=True)


def questions(asked: set[str]) -> dict[str, str]:
    """Criteria of `catalog/distances.csv` that a release asks, with their words; the last is the one that is mapped.

    Examples
    --------
    >>> list(questions({"offers_iop", "accepts_medicaid"}))
    ['iop', 'iop & medicaid']
    """
    rows = catalog.read_rows("distances.csv")
    return {
        row["have"]: row["words"] for row in rows if {atom.name for atom in criteria.parse(row["have"]).atoms} <= asked
    }


def tables_of(
    name: str, points: pd.DataFrame, tracts: pd.DataFrame, known: pd.DataFrame
) -> Iterator[tuple[str, pd.DataFrame]]:
    """File and table of every part that is carried of a release; its counties and people for its last criterion only.

    A state's own directory is measured in its state only. Totals rest on `points`, groups of people on `tracts` and
    what is `known` of these.
    """
    loaded = listing.load(name)
    area = catalog.source_of(loaded.release).area
    if area != "US":
        known = known[tracts["state"].to_numpy() == area].reset_index(drop=True)
        points, tracts = (one[one["state"] == area].reset_index(drop=True) for one in (points, tracts))
    asked = questions(listings.asked_words(loaded.facilities))
    for have in asked:
        sites = reach.sites_of_release(name, have)
        near = reach.access_table(points, sites, REACHES_KM[-1])
        found = {STATES: by_state(near, points["state"], sites)}
        if have == list(asked)[-1]:
            found[COUNTIES] = by_county(near, reach.counties_of(points))
            found[PEOPLE] = by_people(reach.access_table(tracts, sites, REACHES_KM[-1]), tracts["state"], known)
        for file, table in found.items():
            yield file, table.assign(release=name, have=have)


def write(folder: Path) -> list[Path]:
    """Write the tables of distance of releases, and `distances.json` with the hash of every file behind them."""
    names = listings.newest()
    points, tracts = reach.points_of(None), demand.read_points(raw.geography(people.POINTS))
    known = people.known_of(tracts)
    parts: dict[str, list[pd.DataFrame]] = {STATES: [], COUNTIES: [], PEOPLE: []}
    for name in names:
        for file, table in tables_of(name, points, tracts, known):
            parts[file].append(table)
    folder.mkdir(parents=True, exist_ok=True)
    for file, tables in parts.items():
        text = io.StringIO()
        pd.concat(tables, ignore_index=True).round(4).to_csv(text, index=False, lineterminator="\n")
        plain = text.getvalue().encode()
        (folder / file).write_bytes(gzip.compress(plain, 9, mtime=0) if file.endswith(".gz") else plain)
    described = json.dumps(behind(names), indent=1) + "\n"
    (folder / "distances.json").write_text(described, encoding="utf-8")
    return [folder / file for file in parts]


def behind(names: list[str]) -> dict[str, Any]:
    """Name and SHA-256 of the demand points, of the files about people, of the locator lists and of the releases."""
    files = catalog.geography_files()
    return {
        "points": files[reach.POINTS].file,
        "sha256": files[reach.POINTS].sha256,
        "context": {files[name].file: files[name].sha256 for name in (*people.FILES, *programs.FILES)},
        "lists": {name: raw.find_release(name).sha256 for name in locators.names()},
        "releases": {name: raw.find_release(name).sha256 for name in names},
    }


def carried_distances(release: str, state: str) -> pd.DataFrame:
    """Rows of the carried table for a release and a state, with the criterion in `words`; empty where it has none."""
    table = _carried(STATES)
    mine = table[(table["release"] == release) & (table["state"] == state)]
    words = {row["have"]: row["words"] for row in catalog.read_rows("distances.csv")}
    return mine.assign(words=mine["have"].map(words)).reset_index(drop=True)


def carried_counties(release: str, state: str | None = None) -> pd.DataFrame:
    """Carried distances by county (`place`: its FIPS code) for the criterion that is mapped, of a state or of all."""
    table = _carried(COUNTIES).rename(columns={"county_fips": "place"})
    mine = table[table["release"] == release]
    if state is not None:
        counties = places.counties()
        mine = mine[mine["place"].isin(counties.loc[counties["state"] == state, "county_fips"])]
    return mine.reset_index(drop=True)


def carried_people(release: str, state: str) -> pd.DataFrame:
    """Carried distances by group of people in a state, the labels of `catalog/people_groups.csv` for keys."""
    table = _carried(PEOPLE)
    mine = table[(table["release"] == release) & (table["state"] == state)]
    pairs = list(zip(mine["dimension"], mine["group"], strict=True))
    named = [people.labels(dimension).get(group, "Not known") for dimension, group in pairs]
    headings = [people.labels(dimension)[""] for dimension, _ in pairs]
    return mine.assign(label=named, heading=headings).reset_index(drop=True)


def _carried(file: str) -> pd.DataFrame:
    return pd.read_csv(listings.FOLDER / file, dtype=KEYS)


def carried_files() -> dict[str, str]:
    """SHA-256 of each file on residents behind the carried tables, by its name."""
    facts = json.loads((listings.FOLDER / "distances.json").read_text(encoding="utf-8"))
    return {facts["points"]: facts["sha256"], **facts["context"]}
