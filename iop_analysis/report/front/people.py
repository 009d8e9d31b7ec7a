"""Residents out of reach of a program they can use: of a state, and of each of its counties."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from iop_analysis import catalog
from iop_analysis.carried import levers, residents
from iop_analysis.places import county_heading
from iop_analysis.places.sphere import KM_PER_MILE
from iop_analysis.report import words
from iop_analysis.report.front.rules import Fact
from iop_analysis.report.gathered import Gathered

NAMED, YEAR = 4, "2020"
RESIDENTS = "Residents: census tracts of 2020, all ages; not patients. Straight lines; roads are longer."
NOTE = "“At least” takes every unknown answer for a yes, “at most” for a no."
# What a resident needs, the first that the list asks about, with the miles that are mapped.
NEEDS = (("evening & medicaid", 10), ("medicaid", 5), ("all", 5))
MILES = (5, 10)
GAINS = {
    "iop & evening & medicaid": "gain_evening",
    "iop & medicaid": "gain_medicaid",
    "iop & sliding_fee": "gain_fee",
}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


@dataclass(frozen=True)
class Reach:
    """Residents beyond some miles of a program: `state` and `counties` are rows of `carried.residents.load`.

    `site` says to what kind of program it was measured, and `miles` is the distance that is mapped.
    """

    have: str
    site: str
    miles: int
    state: pd.Series
    counties: pd.DataFrame


def reach(gathered: Gathered) -> Reach | None:
    """The reach that page one speaks of; nothing for the sample, and where nothing was measured."""
    return None if gathered.synthetic else _reach(gathered.main.release.list_name, gathered.state)


@lru_cache(maxsize=4)
def _reach(listed: str, code: str) -> Reach | None:
    """The reach of a list in a state, from tables that do not change; asked for by several sections."""
    said = {row["have"]: row["words"] for row in catalog.read_rows("residents.csv")}
    for have, miles in NEEDS:
        counties = residents.load(listed, have, "county", code)
        if len(counties):
            state = residents.load(listed, have, "state", code).iloc[0]
            return Reach(have, said[have], miles, state, beyond(counties, miles))
    return None


def beyond(table: pd.DataFrame, miles: int) -> pd.DataFrame:
    """The same places with `low` and `most`, residents who live farther than so many miles: at least, at most."""
    pairs = [residents.out_of_reach(row, miles) for _, row in table.iterrows()]
    return table.assign(low=[low for low, _ in pairs], most=[most for _, most in pairs])


def facts(found: Reach | None) -> dict[str, Fact]:
    """What page one may say of the residents."""
    if found is None:
        return {}
    people = int(found.state["population"])
    said: dict[str, Fact] = {"residents": people, "far_site": found.site, "far_miles": found.miles}
    for miles in MILES:
        low, most = residents.out_of_reach(found.state, miles)
        said |= {f"far{miles}_low": low, f"far{miles}_most": most, f"far{miles}_share": low / people}
    low, most = residents.out_of_reach(found.state, found.miles)
    said |= {"far_low": low, "far_most": most, "far_share": low / people}
    if pd.notna(found.state["no_car_share"]) and found.state["no_car_share"] > 0:
        said["no_car"] = one_in(float(found.state["no_car_share"]))
    far = _largest(found)[:3]
    where = [f"{short(row['name'])} ({row['low']:,} of {row['population']:,})" for row in far.to_dict("records")]
    return said | ({"far_where": words.listed(where)} if len(found.counties) > 1 and where else {})


def one_in(share: float) -> str:
    """A share as one household in so many.

    Examples
    --------
    >>> one_in(0.1128), one_in(0.03)
    ('nine', '33')
    """
    number = round(1 / share)
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def lever_facts(gathered: Gathered) -> dict[str, Fact]:
    """What five more programs would mean for residents: at least, at most, and in which towns."""
    if gathered.synthetic:
        return {}
    said: dict[str, Fact] = {}
    for row in levers.gains(gathered.main.release.list_name, gathered.state).to_dict("records"):
        name, towns = GAINS.get(row["have"], ""), [town for town in row["towns"] if town]
        if name and towns:
            count = len(row["towns"])
            many = f"{NUMBERS[count].capitalize()} more {'program' if count == 1 else 'programs'}"
            said |= {f"{name}_{part}": int(row[part]) for part in ("least", "most", "miles")}
            said |= {f"{name}_towns": words.listed(list(dict.fromkeys(towns))), f"{name}_programs": many}
    return said


def short(name: str) -> str:
    """The name of a county in a sentence."""
    return name.removesuffix(" County").removesuffix(" Municipio").removesuffix(" Planning Region")


def _largest(found: Reach) -> pd.DataFrame:
    """Counties with residents surely out of reach, the largest number first."""
    far = found.counties[found.counties["low"] > 0]
    return far.sort_values(["low", "place"], ascending=[False, True])


def counties(found: Reach) -> pd.DataFrame:
    """Every county with its residents and those out of reach at least and at most, and the farthest home."""
    table = found.counties
    return pd.DataFrame(
        {
            county_heading(str(found.state["state"])): table["name"],
            "Residents": table["population"],
            f"More than {found.miles} miles away, at least": table["low"],
            f"More than {found.miles} miles away, at most": table["most"],
            "Farthest, miles, at least": miles_of(table["farthest_widest_km"]),
            "Households without a car": table["no_car_share"],
        }
    )


def miles_of(kilometres: pd.Series) -> pd.Series:
    """Whole miles; missing where no program is anywhere."""
    return (kilometres / KM_PER_MILE).round().mask(kilometres == float("inf"))


def farthest(found: Reach) -> pd.DataFrame:
    """The counties where most residents are surely out of reach, and how far the farthest of them live."""
    far = _largest(found)[:NAMED]
    heading = county_heading(str(found.state["state"]))
    columns = {heading: far["name"].map(short), "Out of reach": far["low"], "Of residents": far["population"]}
    away = miles_of(far["farthest_widest_km"]).map(lambda miles: "–" if pd.isna(miles) else f"{miles:.0f} miles")
    return pd.DataFrame(columns | {"Farthest home": away}).reset_index(drop=True)
