"""Facilities of a built release get points, a criterion says which count, demand points say for whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from iop_analysis import catalog, criteria, raw
from iop_analysis.criteria import hours_tests
from iop_analysis.errors import CallError
from iop_analysis.linking import locating
from iop_analysis.metrics import access, travel, whatif
from iop_analysis.places import demand
from iop_analysis.places.sites import read_sites
from iop_analysis.releases import listing, locators

OWN_STATE = "The criterion names a state payer: only sites of a point's own state count."
ANY_STATE = "The criterion names no state payer: sites of every state count."
EXTENSIONS = {"evening": "evening", "medicaid": "accepts_medicaid", "sliding_fee": "offers_sliding_fee"}
# A site farther than this from every center is in none of the places that the matrix knows.
FARTHEST_STOP_KM = 50.0
OPEN_UNTIL = "20:00"
# Where people live, unless a file is named: residents of 2020, all ages, Puerto Rico included.
POINTS = "tract_points@2020"
# Connecticut's tracts carry the codes of its old counties; this file says in which planning region each is.
REGIONS = "connecticut_tracts@2022"


@dataclass(frozen=True)
class Sites:
    """Facilities with points, what the criterion says of each, whether the state line counts, and what to know."""

    table: pd.DataFrame
    answer: pd.Series
    same_state: bool
    notes: tuple[str, ...]


def placed_words(table: pd.DataFrame) -> tuple[str, ...]:
    """How many facilities rest on a point that is not of their own address, one sentence a kind."""
    counts = table["point_quality"].value_counts()
    said = {
        "near_address": "sites have the point of a nearly identical address",
        "zip": "sites have only the point of their ZIP code",
        "none": "sites have no point and take no part",
    }
    notes = tuple(
        f"{counts[quality]:,} of {len(table):,} {text}." for quality, text in said.items() if quality in counts
    )
    if counts.get("zip", 0) and not locators.names():
        notes += ("No locator list is built; `iop-analysis build locator_points`, then the list, places most.",)
    return notes


def looked_up(sites: pd.DataFrame) -> pd.DataFrame:
    """Sites of a user's list with their own points, else those that a locator list has for their addresses."""
    lists = locators.rows() if sites["latitude"].isna().any() else locators.NONE
    found = locating.point(sites, lists)
    return sites.assign(**found[["latitude", "longitude", "point_quality"]])


def counting_sites(name: str, have: str | criteria.Criterion) -> Sites:
    """Facilities of a built release that meet a criterion or may, as they stand there, with or without a point.

    Nobody goes to a program in a prison: facilities that serve only people in custody are left out.
    """
    source = catalog.source(name.split("@")[0])
    if not source.linkable:
        raise CallError(f"{source.title} tells a respondent's state and no place; name a directory with --source.")
    loaded = listing.load(name).public
    parsed = criteria.parse(have) if isinstance(have, str) else have
    answer = criteria.evaluate(parsed, loaded.facilities, loaded.hours).result
    possible = answer.fillna(True).to_numpy(dtype=bool)
    same_state = any(atom.name in catalog.state_payers() for atom in parsed.atoms)
    rule = OWN_STATE if same_state else ANY_STATE
    return Sites(loaded.facilities[possible], answer[possible], same_state, (rule,))


def sites_of_release(name: str, have: str | criteria.Criterion) -> Sites:
    """`counting_sites`, and how many of them rest on a point that is not of their own address."""
    sites = counting_sites(name, have)
    return replace(sites, notes=(*placed_words(sites.table), *sites.notes))


def sites_of_file(path: Path) -> Sites:
    """Sites of a list, each with the point that the list or its address gives; every one counts."""
    listed = read_sites(path)
    table = looked_up(listed.assign(address_hidden=False))
    notes = placed_words(table)
    by_address = int(table["point_quality"].isin(["address", "near_address"]).sum())
    if by_address:
        notes = (f"{by_address:,} of {len(table):,} sites were placed by address in the locator lists.", *notes)
    everyone = pd.Series(True, index=table.index, dtype="boolean")
    rule = "Every site of the list counts, in whatever state."
    return Sites(table, everyone, False, (*listed.attrs["notes"], *notes, rule))


def access_table(points: pd.DataFrame, sites: Sites, within_km: float) -> pd.DataFrame:
    """`metrics.access.nearest_table` of the points for these sites."""
    return access.nearest_table(points, sites.table, sites.answer, within_km, sites.same_state)


def travel_table(
    points: pd.DataFrame,
    sites: Sites,
    matrix: Path | str,
    within_minutes: float,
    everywhere: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """`metrics.travel.travel_table` of the points for these sites by a user's own travel times, and notes.

    Where the destinations of the file are demand points (a matrix from tract to tract), each site stands at the one
    nearest to it among `everywhere`, the points of all states (`points` where None).
    """
    ends, notes = _ends(points if everywhere is None else everywhere, sites.table, matrix)
    times = travel.TravelMatrix(matrix, points["point_id"], ends)
    return travel.travel_table(
        points, sites.table, times, sites.answer, within_minutes, same_state=sites.same_state
    ), notes


def _ends(points: pd.DataFrame, sites: pd.DataFrame, matrix: Path | str) -> tuple[pd.Series, tuple[str, ...]]:
    """The destination of the matrix at which each site stands: its own, or the demand point nearest to it."""
    named = travel.destinations(matrix)
    stops = points[travel.joined(points["point_id"], named)]
    if stops.empty or travel.joined(sites["facility_id"], named).any():
        return sites["facility_id"], ()
    table, notes = sites, placed_words(sites)
    km, position = access.nearest(table.dropna(subset=["latitude", "longitude"]), stops)
    near = km[:, 0] <= FARTHEST_STOP_KM
    placed = table.dropna(subset=["latitude", "longitude"])[near]
    ends = pd.Series("", index=sites.index)
    ends[placed.index] = stops["point_id"].to_numpy(object)[position[near, 0]]
    kind = {"own": "point"}.get(stops["level"].iloc[0], stops["level"].iloc[0].replace("_", " "))
    far = f" (at most {km[near, 0].max():.1f} km away)" if near.any() else ""
    said = (
        f"The matrix ends in {kind}s, not at sites: {len(placed):,} of {len(sites):,} sites are taken to stand in the "
        f"{kind} whose center is nearest to them{far}."
    )
    return ends, (said, *notes)


def points_of(path: Path | None, state: str | None = None) -> pd.DataFrame:
    """Demand points of a file (the default one where None), of one state where it is named."""
    return of_state(demand.read_points(path or raw.geography(POINTS)), state)


def of_state(points: pd.DataFrame, state: str | None) -> pd.DataFrame:
    """The points of one state where it is named, else all."""
    if not state:
        return points
    here = points[points["state"] == state]
    if here.empty:
        raise CallError(f"The demand points hold none in {state}; bring a file that does.")
    return here.reset_index(drop=True)


def area_of(name: str) -> str | None:
    """The state that a release covers, None where it covers the nation or nobody knows: where distances make sense."""
    area = catalog.source_of(raw.find_release(name)).area
    return None if area in ("US", "") else area


def counties_of(points: pd.DataFrame) -> pd.Series:
    """County of 2023 of each point (`places.demand.counties_of`), Connecticut's tracts by their planning regions."""
    return demand.counties_of(points, demand.read_regions(raw.geography(REGIONS)))


def extended(have: str, extend: str) -> criteria.Criterion:
    """The criterion as it would be if every site were open until 20:00, took Medicaid, or had a sliding fee.

    Examples
    --------
    >>> [str(atom) for atom in extended("iop & evening & medicaid", "evening").atoms]
    ['offers_iop', 'accepts_medicaid']
    """
    parsed = criteria.parse(have)
    mine = [atom for atom in parsed.atoms if atom.name == EXTENSIONS[extend]]
    if not mine:
        raise CallError(f"The criterion does not ask for {extend}, so extending it changes nothing; add `& {extend}`.")
    for atom in mine:
        options = hours_tests.DEFAULTS.get(atom.name, {}) | dict(atom.arguments)
        if extend == "evening" and hours_tests.clock(options["after"]) + options["minutes"] > hours_tests.clock(
            OPEN_UNTIL
        ):
            raise CallError(f"A site open until {OPEN_UNTIL} would not meet {atom}; ask for an earlier evening.")
    return criteria.assuming(parsed, set(mine))


def whatif_table(
    points: pd.DataFrame, name: str, have: str, extend: str, k: int, *, within_km: float
) -> tuple[pd.DataFrame, Sites]:
    """The k sites of a release whose change brings most people near, at both bounds; see `metrics.whatif.levers`.

    A program is told by its town, never by its name: it is here for what it does not offer. The rule on state payers is
    that of the criterion as it is asked, also where the change is that a site takes such a payer.
    """
    same_state = counting_sites(name, have).same_state
    after = replace(sites_of_release(name, extended(have, extend)), same_state=same_state)
    loaded = listing.load(name).public
    now = criteria.evaluate(have, loaded.facilities, loaded.hours).result.loc[after.table.index]
    table = whatif.levers(points, after.table, now, after.answer, k, within_km=within_km, same_state=same_state)
    towns = listing.shown(after.table).set_index("facility_id")[["city", "state"]]
    joined = table.join(towns, on="facility_id").drop(columns="facility_id")
    joined = joined.astype(dict.fromkeys(["gained_population", "covered_population"], "int64"))
    return joined, replace(after, notes=(*after.notes[:-1], OWN_STATE if same_state else ANY_STATE))
