"""The county that a publisher's name or a ZIP code says, and what is wrong with a point."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache

import pandas as pd
import zipcodes

from iop_analysis.places.points import county_of_points, drawn_county
from iop_analysis.places.tables import VINTAGE, county_table, state_codes
from iop_analysis.raw.distinct import each

KINDS = "(county|parish|borough|census area|municipality|municipio|city and borough|planning region|city)"


def county_of_name(names: pd.Series, state: pd.Series, vintage: str = VINTAGE) -> pd.Series:
    """County for a publisher's county name, in any case and with or without its kind (County, Parish, City …).

    A name that two counties of the state share (Baltimore, without County or City) is not decided: missing.

    Parameters
    ----------
    names, state
        A name and a postal code per row.
    vintage
        The county list that the names belong to. In Connecticut no county name fits the regions of 2023.

    Returns
    -------
    Series
        County FIPS code (5 digits) per row, missing where the list has no such name.

    Examples
    --------
    >>> names = pd.Series(["ST LOUIS COUNTY", "De Kalb", "Baltimore", "Dona Ana"])
    >>> county_of_name(names, pd.Series(["MO", "GA", "MD", "NM"])).fillna("").tolist()
    ['29189', '13089', '', '35013']
    """
    texts = state.fillna("").astype("str") + "|" + names.fillna("").astype("str")
    return each(texts, lambda text: _county(vintage, *text.split("|", 1)))


@cache
def _county(vintage: str, state: str, name: str) -> str | None:
    known = _names(vintage)
    return known.get((state, _key(name))) or known.get((state, _bare(name)))


@cache
def _names(vintage: str) -> dict[tuple[str, str], str]:
    """County by state and key of its legal name or, where only one county has it, of its bare name."""
    table = county_table(vintage)
    bare = pd.Series([_bare(name) for name in table["name"]])
    single = ~bare.groupby([table["state"], bare]).transform("size").gt(1)
    known = dict(zip(zip(table["state"][single], bare[single], strict=True), table["county_fips"][single], strict=True))
    full = zip(table["state"], map(_key, table["name"]), strict=True)
    return known | dict(zip(full, table["county_fips"], strict=True))


def _key(name: str) -> str:
    """Letters of a name alone, without accents, with St. and Ste. written out and the kind last."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower().strip()
    plain = re.sub(rf"^{KINDS} of (.*)", r"\2 \1", plain)
    plain = re.sub(r"\bst(e?)\b\.?", r"saint\1", plain)
    return re.sub(r"[^a-z]", "", plain)


def _bare(name: str) -> str:
    return _key(re.sub(rf"\s{KINDS}$", "", name.strip().lower()))


def county_of_zip(zips: pd.Series, state: pd.Series) -> pd.Series:
    """County of 2023 for a ZIP code: the county that the `zipcodes` package names, else the one of its point.

    A ZIP code may lie in several counties; this is the one it is filed under. Connecticut's regions have no names
    there: the point decides.

    Parameters
    ----------
    zips, state
        Five digits as text and a postal code per row.

    Returns
    -------
    Series
        County FIPS code (5 digits) per row; missing where the code is unknown or belongs to another state.

    Examples
    --------
    >>> county_of_zip(pd.Series(["80202", "80202"]), pd.Series(["CO", "NJ"])).fillna("").tolist()
    ['08031', '']
    """
    zips = zips.fillna("")
    asked = pd.DataFrame({"state": state, "zip": zips}).drop_duplicates()
    pairs = list(zip(asked["state"].tolist(), asked["zip"].tolist(), strict=True))
    entries = [_zip_entries().get(pair, ("", "nan", "nan")) for pair in pairs]
    filed = pd.DataFrame(entries, index=asked.index, columns=["county", "longitude", "latitude"])
    county = county_of_name(filed["county"], asked["state"])
    rest = county.isna()
    points = filed.loc[rest, ["longitude", "latitude"]].astype(float)
    county = county.fillna(county_of_points(points["longitude"], points["latitude"], asked["state"][rest]))
    known = dict(zip(pairs, county.tolist(), strict=True))
    found = [known[pair] for pair in zip(state.tolist(), zips.tolist(), strict=True)]
    return pd.Series(found, index=zips.index, dtype="str")


def state_of_zip(zips: pd.Series) -> pd.Series:
    """State of each ZIP code, of its first three digits where the code itself is not known; else empty.

    Examples
    --------
    >>> state_of_zip(pd.Series(["08608", "80299", "", "00000"])).tolist()
    ['NJ', 'CO', '', '']
    """
    exact, first = _zip_states()
    return each(zips, lambda code: exact.get(code) or first.get(code[:3], ""))


@cache
def _zip_states() -> tuple[dict[str, str], dict[str, str]]:
    """State of each ZIP code, and of the first three digits that only one state has."""
    exact = {code: state for state, code in _zip_entries()}
    pairs = {(code[:3], state) for code, state in exact.items()}
    count = Counter(first for first, _ in pairs)
    return exact, {first: state for first, state in pairs if count[first] == 1}


@cache
def _zip_entries() -> dict[tuple[str, str], tuple[str, str, str]]:
    """County, longitude and latitude (0/0 where there is none) that `zipcodes` files under a state and ZIP code."""
    entries = zipcodes.list_all()  # type: ignore[no-untyped-call]
    return {(one["state"], one["zip_code"]): (one["county"], one["long"], one["lat"]) for one in entries}


def point_problems(facilities: pd.DataFrame) -> dict[str, pd.Series]:
    """Coordinates that cannot be used, by what is wrong with them; a row has at most one problem.

    Points of states without boundaries here (the territories but Puerto Rico) are not judged by their place.

    Returns
    -------
    dict of Series of bool
        `point_incomplete` (one of the two is missing), `point_at_zero` (0/0), `point_swapped` (in the state once
        exchanged), `point_out_of_state` (farther than `SNAP_KM` from the state).
    """
    longitude, latitude, state = (facilities[name] for name in ("longitude", "latitude", "state"))
    whole = longitude.notna() & latitude.notna()
    zero = whole & longitude.eq(0) & latitude.eq(0)
    judged = whole & ~zero & state.isin(set(state_codes().values()))
    outside = judged & drawn_county(longitude, latitude, state).isna()
    swapped = outside & drawn_county(latitude.where(outside), longitude.where(outside), state).notna()
    return {
        "point_incomplete": longitude.notna() ^ latitude.notna(),
        "point_at_zero": zero,
        "point_swapped": swapped,
        "point_out_of_state": outside & ~swapped,
    }
