"""Carried: residents within 5 and 10 miles of a program, by state, county and district, for every question asked.

Two tables: the places (who lives there, how many households have no car) and the reach of each question in each place.
Residents are those of the census of 2020, all ages, Puerto Rico included; people in custody's programs are left out.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from iop_analysis import places
from iop_analysis.carried import listings, programs
from iop_analysis.carried.files import FOLDER, read_table, write_table
from iop_analysis.errors import CallError
from iop_analysis.metrics import residents
from iop_analysis.places import county_types, districts
from iop_analysis.places.tables import state_codes
from iop_analysis.raw import geography
from iop_analysis.releases import listing

TABLE, PLACES = "residents.csv.gz", "places.csv.gz"
LEVELS = programs.LEVELS
KEYS = ["release", "of", "have", "level", "place"]
OF_HOUSEHOLDS, OF_TRACTS = "households", "tracts"


def load(release: str, have: str, level: str = "state", state: str | None = None, of: str = "iop") -> pd.DataFrame:
    """Residents of each place of a level who live within reach of a program, as the package carries them.

    Parameters
    ----------
    release
        The list of programs, such as `national_directory@su-2023`.
    have, of
        A question of `catalog/residents.csv` as it is written there, such as `medicaid`.
    level
        `state`, `county`, `congress`, `upper` or `lower`.
    state
        Postal code of the one state that is wanted; all where None.

    Returns
    -------
    DataFrame
        `place` (postal code, county FIPS or district code), `state`, `name`, `population` (residents of 2020, all
        ages), `no_car_share` (of households, 0-1, missing where not published) and `no_car_from` (households: counted
        in the place; tracts: the mean over its residents), then for 5 and 10 miles and each bound
        `within_Nmi_lower|upper|widest` (residents who live that near: surely; if every unknown is a yes; also if every
        site that does not say whether it is such a program is one), then `farthest_lower|upper|widest_km`. Empty where
        the release does not ask the question. Sums over the counties, or over the districts, of a state are those of
        the state.
    """
    table = read_table(FOLDER / TABLE)
    programs.check_question(of, have, table)
    mine = table[
        (table["release"] == release) & (table["of"] == of) & (table["have"] == have) & (table["level"] == level)
    ]
    return places_of(level, state).merge(mine.drop(columns=KEYS[:-1]), on="place").reset_index(drop=True)


def places_of(level: str, state: str | None = None) -> pd.DataFrame:
    """Places of a level: `place`, `state`, `name`, `population`, `no_car_share`, `no_car_from`."""
    if level not in LEVELS:
        raise CallError(f"There is no level {level!r}; there are {', '.join(LEVELS)}.")
    table = read_table(FOLDER / PLACES)
    mine = table[(table["level"] == level) & ((table["state"] == state) | (state is None))]
    return mine.drop(columns="level").reset_index(drop=True)


def out_of_reach(row: pd.Series, miles: int, bound: str = "widest") -> tuple[int, int]:
    """Residents of a row of `load` who live farther than so many miles from a program: at least, at most."""
    population = int(row["population"])
    return population - int(row[f"within_{miles}mi_{bound}"]), population - int(row[f"within_{miles}mi_lower"])


def write(folder: Path) -> list[Path]:
    """Write both tables for the newest release of each list."""
    homes = {level: programs.homes(level) for level in LEVELS}
    parts = [reach_of(name, homes) for name in listings.newest()]
    joined = pd.concat(parts, ignore_index=True)
    return [write_table(joined, folder / TABLE), write_table(described(homes), folder / PLACES)]


def reach_of(name: str, homes: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The reach of every question that a release asks, in every place of every level."""
    points = programs.area_points(name)
    parts = []
    for of, have, _ in programs.questions(listing.load(name).facilities):
        near = programs.programs(name, of, have).distances(points)
        for level, who in homes.items():
            table = residents.residents_within(near, who).drop(columns="population")
            parts.append(table.assign(release=name, of=of, have=have, level=level))
    joined = pd.concat(parts, ignore_index=True)
    joined[KEYS[0]] = joined[KEYS[0]].astype("str")
    return joined[[*KEYS, *[column for column in joined if column not in KEYS]]].round(1)


def described(homes: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Every place of every level: its state, name, residents, and share of households without a vehicle."""
    shares, land = programs.vehicles(), county_types.read_land(geography(programs.LAND))
    parts = []
    for level, who in homes.items():
        table = who.groupby("place")["population"].sum().astype("int64").rename_axis("place").reset_index()
        names = names_of(level)
        table = table.assign(level=level, name=table["place"].map(names).fillna(table["place"]))
        table["state"] = table["place"] if level == "state" else table["place"].str[:2].map(state_codes())
        of_tracts = table["place"].map(residents.share_of_residents(shares, who))
        counted = table["place"].map(without_car(land, level))
        table["no_car_share"] = counted.fillna(of_tracts).round(4)
        table["no_car_from"] = np.select([counted.notna(), of_tracts.notna()], [OF_HOUSEHOLDS, OF_TRACTS], "")
        parts.append(table)
    joined = pd.concat(parts, ignore_index=True)
    return joined[["level", "place", "state", "name", "population", "no_car_share", "no_car_from"]]


def without_car(land: pd.DataFrame, level: str) -> pd.Series:
    """Share of households without a vehicle by county or state, from counted households; empty for districts."""
    if level not in ("state", "county"):
        return pd.Series(dtype=float)
    key = land.index if level == "county" else land.index.str[:2].map(state_codes())
    sums = land[["no_car", "households"]].groupby(key).sum()
    return sums["no_car"] / sums["households"]


def names_of(level: str) -> pd.Series:
    """What the places of a level are called, by their code."""
    if level == "state":
        return places.states().set_index("state")["name"]
    if level == "county":
        return places.counties().set_index("county_fips")["name"]
    return districts.named_districts(level).set_index("district")["name"]
