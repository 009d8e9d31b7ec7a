"""The section on distance: how far residents live from a program they can use, in miles and kilometres."""

from __future__ import annotations

import pandas as pd

from iop_analysis import catalog, places
from iop_analysis.carried import distances
from iop_analysis.maps import distance as maps
from iop_analysis.places.sphere import KM_PER_MILE
from iop_analysis.report import words
from iop_analysis.report.blocks import drawn, source_line
from iop_analysis.report.gathered import Gathered, state_name
from iop_analysis.report.model import Block, Figure, Section, Table

TITLE = "How far?"
NO_BREAK = "\u00a0"
CAUTION = (
    "These are straight lines from where residents of each census tract live, on average, in 2017. Roads are longer. "
    "Buses and trains were not measured. "
)
NEXT_STATE = "A program in the next state counts, but not where Medicaid must pay."
OWN_STATE = "The file lists this state only, so a nearer program across the state line is not seen."
RESIDENTS = (
    "Residents, race and income: table of census tracts, 2017; poverty: county table, 2018; kind of county: National "
    "Center for Health Statistics, 2013."
)
KINDS = {"sure": "programs that say yes", "possible": "programs that say yes or do not say"}
# So many counties in another band are named; more get a map of their own.
NAMED = 5
URBAN, RURAL = "Large central metro", "Rural (noncore)"


def distance(gathered: Gathered) -> Section:
    """How far people live from a program; nothing for the sample, one sentence where it was not measured."""
    if gathered.synthetic:
        return Section("distance", TITLE, ())
    release, state = gathered.main.release, gathered.state
    table = distances.carried_distances(release.list_name, state)
    if table.empty:
        return Section("distance", TITLE, (_not_measured(state),))
    people = distances.carried_people(release.list_name, state)
    beyond = NEXT_STATE if catalog.source_of(release).area == "US" else OWN_STATE
    blocks: list[Block] = [
        *_sentences(table, state_name(state)),
        *county_maps(gathered, str(table["words"].iloc[-1])),
        _table(gathered, table),
        *_people(gathered, people, str(table["words"].iloc[-1])),
        CAUTION + beyond + _points(table.iloc[-1]),
        _files(gathered),
    ]
    return Section("distance", TITLE, tuple(blocks))


def _files(gathered: Gathered) -> Table:
    files = distances.carried_files()
    frame = pd.DataFrame({"File": list(files), "SHA-256": list(files.values())})
    return Table("distance_files", "Files on residents behind these distances", frame, _sources(gathered))


def _sources(gathered: Gathered) -> str:
    return f"{source_line(gathered.main)} {RESIDENTS}"


def _not_measured(state: str) -> str:
    if state == "PR":
        return (
            "Distances in Puerto Rico were not measured: the table of census tracts behind them has no tract there. "
            "`iop-analysis access` measures them from a file of tracts or block groups."
        )
    return (
        f"Distances in {state_name(state)} were not measured for this release. "
        "`iop-analysis access` measures them from a file of census tracts."
    )


def _sentences(table: pd.DataFrame, name: str) -> list[Block]:
    first, last = table.iloc[0], table.iloc[-1]
    said: list[Block] = [f"Half of the residents of {name} live {_reach(first)}"]
    return said + ([f"Half live {_reach(last)}"] if last["have"] != first["have"] else [])


def _reach(row: pd.Series) -> str:
    """The distance that is sure, and the one that is possible where they differ."""
    sure, possible = length(row["median_sure_km"]), length(row["median_possible_km"])
    more = f"; if every unknown answer were a yes, within {possible}" if sure != possible else ""
    return f"within {sure} of {row['words']}{more}."


def length(km: float) -> str:
    """Miles and kilometres as a person says them.

    Examples
    --------
    >>> length(4.298).replace(NO_BREAK, " "), length(float("inf"))
    ('2.7 miles (4.3 km)', 'any distance (most live in reach of none)')
    """
    if km == float("inf"):
        return "any distance (most live in reach of none)"
    digits = 0 if km >= 16 else 1
    return f"{km / KM_PER_MILE:.{digits}f} miles ({km:.{digits}f}{NO_BREAK}km)"


def _points(row: pd.Series) -> str:
    """How many programs of the state have no better point than that of their ZIP code, or none."""
    count, said = int(row["sites_possible"]), []
    if row["sites_at_zip"]:
        said.append(f"{int(row['sites_at_zip']):,} have only the point of their ZIP code, which can be miles off")
    if row["sites_without_point"]:
        said.append(f"{int(row['sites_without_point']):,} have no point and were left out")
    return f" Of the {count:,} facilities here that meet this or may, {words.listed(said)}." if said else ""


def county_maps(gathered: Gathered, site: str) -> list[Block]:
    """The map by county of the distance that is sure, and what changes if every unknown answer were a yes."""
    table = distances.carried_counties(gathered.main.release.list_name, gathered.state)
    sure, possible = (maps.mark_of(table[f"median_{kind}_km"]) for kind in KINDS)
    nearer = table[(sure != possible).to_numpy()]
    first: list[Block] = [_county_map(gathered, table, "sure", site)]
    if len(nearer) > NAMED:
        return [*first, _county_map(gathered, table, "possible", site)]
    return [*first, _nearer(nearer)] if len(nearer) else first


def _nearer(table: pd.DataFrame) -> str:
    """A sentence on the counties that unknown answers could bring into a nearer band."""
    names = places.counties().set_index("county_fips")["name"]
    pairs = zip(table["place"].map(names), table["median_possible_km"], strict=True)
    said = words.listed([f"{length(km)} in {name}" for name, km in pairs])
    return f"If every unknown answer were a yes, half of the residents would live within {said}."


def _county_map(gathered: Gathered, table: pd.DataFrame, kind: str, site: str) -> Figure:
    where = places.county_words(gathered.state)[1]
    title = f"Half of the residents live this near to {site} ({where}; {KINDS[kind]})"
    value = f"median_{kind}_km"
    picture = maps.figure(table, gathered.state, value)
    alt = maps.alt_text(table, gathered.state, value, title)
    return drawn(f"distance_map_{kind}", picture, alt, _counties(gathered, table, title))


def _counties(gathered: Gathered, table: pd.DataFrame, title: str) -> Table:
    names = places.counties().set_index("county_fips")["name"]
    miles = {kind: (table[f"median_{kind}_km"] / KM_PER_MILE).round(1) for kind in KINDS}
    frame = pd.DataFrame(
        {
            "County": table["place"].map(names),
            "Residents (2017)": table["population"],
            "Half live within, miles, surely": miles["sure"].replace(float("inf"), float("nan")),
            "Half live within, miles, possibly": miles["possible"].replace(float("inf"), float("nan")),
            "Within 10 miles, at least": table["within_16km_sure"],
            "Within 10 miles, at most": table["within_16km_possible"],
        }
    )
    note = "Straight lines. A dash says that more than half of the residents reach none."
    return _plain("distance_counties", title, frame, gathered, note)


def _plain(key: str, title: str, frame: pd.DataFrame, gathered: Gathered, note: str) -> Table:
    """A table that says once what is sure and possible alike, in columns that end in a bound."""
    for sure, possible in ((", surely", ", possibly"), (", at least", ", at most")):
        for low in [name for name in map(str, frame) if name.endswith(sure)]:
            once = low.removesuffix(sure)
            if frame[low].equals(frame[once + possible]):
                frame = frame.drop(columns=once + possible).rename(columns={low: once})
    shares = tuple(name for name in map(str, frame) if name.startswith("Within 10 miles"))
    return Table(key, title, frame, _sources(gathered), note, shares)


def _table(gathered: Gathered, table: pd.DataFrame) -> Table:
    frame = pd.DataFrame(
        {
            "Half of residents live near …": [words.sentence(text).rstrip(".") for text in table["words"]],
            "Within, surely": table["median_sure_km"].map(length),
            "Within, possibly": table["median_possible_km"].map(length),
            "Within a walk of 2 km (1.2 miles), at least": table["within_2km_sure"],
            "Within 10 miles, at least": table["within_16km_sure"],
        }
    )
    note = (
        f"{int(table['population'].iloc[0]):,} residents in {int(table['points'].iloc[0]):,} census tracts (2017). "
        "“Surely” counts programs that say yes, “possibly” also those that do not say."
    )
    shares = ("Within a walk of 2 km (1.2 miles), at least", "Within 10 miles, at least")
    title = "How far people live from a listed program"
    return Table("distance", title, frame, _sources(gathered), note, shares)


def _people(gathered: Gathered, table: pd.DataFrame, site: str) -> list[Block]:
    """Who lives near: a sentence on city and country where the state has both, and the table of groups."""
    if table.empty:
        return []
    shown = table.set_index("group")
    ends = [group for group in (URBAN, RURAL) if group in shown.index and not shown.loc[group, "hidden"]]
    said: list[Block] = []
    if len(ends) == 2:
        near = [length(km) for km in shown.loc[ends, "median_sure_km"]]
        nearer = [length(km) for km in shown.loc[ends, "median_possible_km"]]
        more = f" If every unknown answer were a yes: within {nearer[0]}, and {nearer[1]}." if nearer != near else ""
        said = [
            f"In the counties of large cities half of the residents live within {near[0]} of {site}, "
            f"in rural counties within {near[1]}.{more}"
        ]
    return [*said, _people_table(gathered, table, site)]


def _people_table(gathered: Gathered, table: pd.DataFrame, site: str) -> Table:
    hidden = table["hidden"]
    frame = pd.DataFrame(
        {
            "Residents by": table["heading"],
            "Group": table["label"],
            "Residents": table["population"].round().astype(int),
            "Half live within, surely": table["median_sure_km"].map(length).mask(hidden, "too few to say"),
            "Half live within, possibly": table["median_possible_km"].map(length).mask(hidden, "too few to say"),
            "Within 10 miles, at least": table["within_sure"],
            "Within 10 miles, at most": table["within_possible"],
        }
    )
    note = (
        "Groups of fewer than 1,000 residents get a count only. Groups of race and ethnicity overlap and leave "
        "others out. A county’s kind is that of 2013 (National Center for Health Statistics)."
    )
    return _plain("distance_people", f"Who lives near {site}", frame, gathered, note)
