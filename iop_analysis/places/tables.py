"""What the places are: tables of states and of counties by vintage, and their boundaries."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from iop_analysis import catalog
from iop_analysis.errors import CallError
from iop_analysis.places import shapes

if TYPE_CHECKING:
    import geopandas

CRS = "EPSG:4269"
VINTAGE = "2023"
VINTAGES = ("2020", "2023")


def states() -> pd.DataFrame:
    """The 50 states, the District of Columbia and Puerto Rico.

    Other territories have no row: they have no boundaries here, and a facility there stays without a county.

    Returns
    -------
    DataFrame
        `state` (postal code), `fips` (2 digits), `name`, `neighbours` (tuple of postal codes of the states that share
        a border line, not only a corner), in the order of the FIPS codes.

    Examples
    --------
    >>> states().set_index("state").loc["NJ", "neighbours"]
    ('DE', 'NY', 'PA')
    """
    table = pd.DataFrame(catalog.read_rows("places/states.csv"))
    return table.assign(neighbours=table["neighbours"].map(lambda codes: tuple(codes.split())))


def check_state(state: str) -> None:
    """Refuse what is no postal code of `states()`; a `CallError` says what one looks like."""
    if state not in set(states()["state"]):
        raise CallError(f"There is no state {state!r}; write a two-letter postal code such as NJ.")


def counties(vintage: str = VINTAGE) -> pd.DataFrame:
    """Counties and what stands for them (parishes, boroughs, independent cities, municipios) of one county list.

    Connecticut has nine planning regions in the list of 2023 and eight counties in that of 2020; nothing maps one to
    the other. `boundaries` has shapes for 2023 only.

    Returns
    -------
    DataFrame
        `county_fips` (5 digits), `name` (legal: Denver County), `label` (short, unique in its state: Denver, but
        Baltimore city beside Baltimore County), `state` (postal code), in the order of the codes.

    Raises
    ------
    CallError
        The vintage is unknown.

    Examples
    --------
    >>> len(counties("2023")), len(counties("2020"))
    (3222, 3221)
    """
    return county_table(vintage).copy()


@cache
def county_table(vintage: str) -> pd.DataFrame:
    """What `counties` gives, read once; not to be changed."""
    if vintage not in VINTAGES:
        raise CallError(f"There is no county list {vintage!r}; there are {', '.join(VINTAGES)}.")
    table = pd.DataFrame(catalog.read_rows("places/counties.csv"))
    table = table[table.pop("vintages").str.contains(vintage)].reset_index(drop=True)
    return table.assign(state=table["county_fips"].str[:2].map(state_codes()))


def county_words(state: str) -> tuple[str, str]:
    """What one county of a state is called, and several.

    Examples
    --------
    >>> county_words("LA"), county_words("NJ")
    (('parish', 'parishes'), ('county', 'counties'))
    """
    rows = [row for row in catalog.read_rows("places/county_words.csv") if row["state"] == state]
    return (rows[0]["one"], rows[0]["many"]) if rows else ("county", "counties")


def county_heading(state: str) -> str:
    """What the counties of a state are called at the head of a column.

    Examples
    --------
    >>> county_heading("AK"), county_heading("PR"), county_heading("MD")
    ('Borough', 'Municipio', 'County')
    """
    return county_words(state)[0].partition(" or ")[0].capitalize()


@cache
def state_codes() -> dict[str, str]:
    """Postal code by FIPS code of a state."""
    return {row["fips"]: row["state"] for row in catalog.read_rows("places/states.csv")}


def boundaries(level: str, state: str | None = None) -> geopandas.GeoDataFrame:
    """Simplified shapes of the states or counties of 2023, for maps of a page's size.

    One county has no area at this scale and an empty shape: Falls Church, Virginia (51610).

    Parameters
    ----------
    level
        `state` or `county`.
    state
        Postal code of the one state that is wanted.

    Returns
    -------
    GeoDataFrame
        The columns of `states` (without neighbours) or `counties`, and `geometry` in EPSG:4269 (degrees, NAD83).

    Raises
    ------
    CallError
        The level or the state is unknown.

    Examples
    --------
    >>> boundaries("county", "DC")["name"].item()
    'District of Columbia'
    """
    import geopandas  # takes a quarter of a second, and only maps need it

    if level not in ("state", "county"):
        raise CallError(f"There are no boundaries of level {level!r}; there are state and county.")
    if state is not None and state not in state_codes().values():
        raise CallError(f"There is no state {state!r}; postal codes are in places.states().")
    table = counties() if level == "county" else states().drop(columns="neighbours")
    if state is None:
        return geopandas.GeoDataFrame(table, geometry=shapes.shapes(level), crs=CRS)
    fips = next(fips for fips, code in state_codes().items() if code == state)
    own = table[table["state"] == state].reset_index(drop=True)
    return geopandas.GeoDataFrame(own, geometry=shapes.shapes(level, fips), crs=CRS)
