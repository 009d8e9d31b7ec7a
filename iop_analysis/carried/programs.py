"""Programs of a built release with points, asked about any criterion; and who lives in which place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import pandas as pd

from iop_analysis import catalog, criteria, raw
from iop_analysis.carried import listings, people, reach
from iop_analysis.errors import CallError
from iop_analysis.metrics import residents
from iop_analysis.places import context, county_types, demand, districts
from iop_analysis.releases import district_lines, listing, many

TYPES, LAND, VEHICLES = "county_types@2020", "social_vulnerability@2022", "commuting@2023"
BLOCKS, CENTERS = "districts@blocks-2024", "block_group_points@2020"
# Every file of geography behind the carried tables but the lines of the districts, which only place programs.
FILES = (reach.REGIONS, TYPES, LAND, VEHICLES, BLOCKS, CENTERS)
LEVELS = ("state", "county", *districts.LEVELS)


@dataclass(frozen=True)
class Programs:
    """Sites of a release with points: whether each is such a program (`member`) and meets the criterion (`answer`)."""

    table: pd.DataFrame
    member: pd.Series
    answer: pd.Series
    same_state: bool

    def distances(self, points: pd.DataFrame) -> pd.DataFrame:
        """`metrics.residents.distances` of the points to these programs."""
        counts = residents.counting(self.member, self.answer)
        return residents.distances(points, self.table, counts, self.same_state)

    def unplaced(self) -> pd.DataFrame:
        """Programs that may meet the criterion and have no point."""
        possible = residents.counting(self.member, self.answer)["widest"]
        return self.table[possible & (self.table["point_quality"] == "none").to_numpy()]


def loaded_list(name: str) -> listing.Listing:
    """A built release of facilities; a survey, which tells no place, is refused."""
    source = catalog.source(name.split("@")[0])
    if not source.linkable:
        raise CallError(f"{source.title} tells a respondent's state and no place; name a directory with --source.")
    return listing.load(name)


def programs(name: str, of: str, have: str, custody: bool = False) -> Programs:
    """The programs of a built release, asked a criterion; people in custody are left out unless they are asked for."""
    return of_listing(loaded_list(name), of, have, custody)


def of_listing(whole: listing.Listing, of: str, have: str | criteria.Criterion, custody: bool = False) -> Programs:
    """The programs of a loaded release, asked a criterion; as `programs`."""
    loaded = whole if custody else whole.public
    parsed = [criteria.parse(one) if isinstance(one, str) else one for one in (of, have)]
    member, answer = (criteria.evaluate(one, loaded.facilities, loaded.hours).result for one in parsed)
    words = {atom.name for one in parsed for atom in one.atoms}
    return Programs(loaded.facilities, member, answer, bool(words & set(catalog.state_payers())))


def asked(name: str, have: str | criteria.Criterion, custody: bool = False) -> Programs:
    """The programs of a built release, asked a criterion that itself says which they are, such as `iop & medicaid`."""
    return of_listing(loaded_list(name), "all", have, custody)


def area_points(name: str, state: str | None = None, points: pd.DataFrame | None = None) -> pd.DataFrame:
    """The demand points (of 2020 where None) of a state, else of the area that a release covers or has rows in.

    Raises
    ------
    CallError
        The list says nothing about the state.
    """
    everywhere = reach.points_of(None) if points is None else points
    loaded = loaded_list(name)
    area = catalog.source_of(loaded.release).area
    here = {area} if area else set(loaded.facilities["state"].dropna())
    if area == "US":
        return reach.of_state(everywhere, state)
    if state and state not in here:
        raise CallError(f"{name} lists programs of {', '.join(sorted(here))} only; it says nothing about {state}.")
    chosen = {state} if state else here
    return everywhere[everywhere["state"].isin(chosen)].reset_index(drop=True)


def not_asked(name: str, *criteria_asked: str) -> tuple[str, ...]:
    """A sentence for the words of some criteria that a list asks of nobody; nothing where it asks all."""
    asked = listings.asked_words(loaded_list(name).facilities)
    words = {atom.name for one in criteria_asked for atom in criteria.parse(one).atoms} - asked
    labels = [
        catalog.variables()[word].label.lower() if word in catalog.variables() else word for word in sorted(words)
    ]
    return (f"{name} does not ask about {', '.join(labels)}: unknown for every program.",) if words else ()


@cache
def homes(level: str) -> pd.DataFrame:
    """Residents of each tract by their place at one of `LEVELS`: `point_id`, `place`, `population`."""
    if level in districts.LEVELS:
        blocks, centers = districts.read_blocks(raw.geography(BLOCKS)), demand.read_points(raw.geography(CENTERS))
        return districts.residents_of(blocks, level, centers, district_lines.lines(level))
    points = reach.points_of(None)
    place = points["state"] if level == "state" else reach.counties_of(points)
    return points.assign(place=place)[["point_id", "place", "population"]]


def types() -> pd.Series:
    """CMS's type of each county, by the rule where its file has no such county."""
    return county_types.county_types(
        county_types.read_county_types(raw.geography(TYPES)), county_types.read_land(raw.geography(LAND))
    )


def vehicles() -> pd.Series:
    """Share of the households of each tract of 2020 that have no vehicle; missing where it is not published."""
    shares = demand.read_no_car(raw.geography(VEHICLES))
    regions = demand.read_renumbered(raw.geography(reach.REGIONS))
    return shares.rename(index=regions)


def with_urban_rural(loaded: many.Built) -> many.Built:
    """A loaded listing with the urban-rural class of each row's county (2013); Connecticut's regions have none.

    Raises
    ------
    CallError
        The release is a survey, which tells no county.
    """
    if not isinstance(loaded, listing.Listing):
        raise CallError("A survey tells a respondent's state and no county, so nothing is urban or rural.")
    classes = context.urban_rural(raw.geography(people.URBAN_RURAL))
    kind = loaded.facilities["county_fips"].map(classes).astype("str")
    return replace(
        loaded, facilities=loaded.facilities.assign(urban_rural=kind.where(kind.isin(classes.cat.categories)))
    )


def questions(facilities: pd.DataFrame) -> Iterator[tuple[str, str, dict[str, str]]]:
    """`of`, `have` and row of each question of `catalog/residents.csv` that a release asks, in the file's order."""
    asked = listings.asked_words(facilities)
    for row in catalog.read_rows("residents.csv"):
        words = {atom.name for part in (row["of"], row["have"]) for atom in criteria.parse(part).atoms}
        if words <= asked:
            yield row["of"], row["have"], row


def check_question(of: str, have: str, table: pd.DataFrame) -> None:
    """Stop where a question is none of the catalog's, or was asked after a carried table was made."""
    known = [(row["of"], row["have"]) for row in catalog.read_rows("residents.csv")]
    if (of, have) not in known:
        raise CallError(f"{have!r} is not carried; the questions are {', '.join(one for _, one in known)}.")
    if not ((table["of"] == of) & (table["have"] == have)).any():
        raise CallError(f"{have!r} is not in these tables: rebuild them with `iop-analysis carry`.")
