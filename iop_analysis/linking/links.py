"""Places compared: one `site_id` for each, near streets, plain names; and the refusal to tie survey rows to places."""

from __future__ import annotations

import hashlib
from functools import cache

import numpy as np
import pandas as pd
from rapidfuzz import fuzz

from iop_analysis import catalog
from iop_analysis.errors import DataError
from iop_analysis.linking.addresses import address_keys, street_words
from iop_analysis.raw.distinct import each

# Two writings of one street are taken for the same from this likeness on (0-1); across ZIP codes it is lowered.
NEAR_SCORE, OTHER_ZIP_FACTOR = 0.8, 0.95


def refuse_survey(table: pd.DataFrame) -> None:
    """Stop where rows may not be tied to places: survey respondents were promised to stay unnamed.

    Raises
    ------
    DataError
        The catalog says that rows of the table's source may not be linked, or the table has no addresses.
    """
    for key in table["source"].dropna().unique() if "source" in table else []:
        if key in catalog.sources() and not catalog.source(key).linkable:
            raise DataError(
                f"{key}: rows of this survey are for statistics only and are never linked to named facilities "
                f"or places; use a directory or a locator list instead."
            )
    missing = [name for name in ("street", "zip") if name not in table]
    if missing:
        raise DataError(
            f"The table has no column {' and no '.join(map(repr, missing))}: rows without addresses cannot be linked; "
            f"use a directory or a locator list."
        )


def open_keys(table: pd.DataFrame) -> pd.Series:
    """Address keys of the rows that show their address; empty for hidden and missing ones."""
    keys = address_keys(table)
    if "address_hidden" not in table:
        return keys
    return keys.mask(table["address_hidden"].fillna(False).astype(bool), "")


def site_ids(facilities: pd.DataFrame) -> pd.Series:
    """One id per place: rows with the same normalised street and ZIP code share it; no row is dropped.

    A row without an address, or whose address is hidden, gets an id of its own, made from its `facility_id`: an
    id that it shared with a row that shows its address would give the address away.

    Parameters
    ----------
    facilities
        `facility_id`, `street`, `zip` and, where a source has them, `address_hidden` and `source`.

    Returns
    -------
    Series
        12 hexadecimal digits per row.

    Examples
    --------
    >>> rows = pd.DataFrame({"facility_id": ["a", "b", "c"], "zip": ["80218"] * 3,
    ...                      "street": ["1 Elm Street", "1 Elm St. #2", None]})
    >>> site_ids(rows).nunique()
    2
    """
    own = facilities["source"].astype(str) if "source" in facilities else pd.Series("", index=facilities.index)
    keys = open_keys(facilities)
    keys = keys.where(keys != "", "own:" + own + ":" + facilities["facility_id"].astype(str))
    return each(keys, short_hash)


def short_hash(text: str) -> str:
    """12 hexadecimal digits that stand for a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def street_likeness(street: str, other: str) -> float:
    """How alike two street keys (without house number) are, 0-1; 0 where they contradict each other.

    Streets contradict each other with different numbers in them, directions (`N`, `S`) or suffixes (`AVE`, `BLVD`).

    Examples
    --------
    >>> street_likeness("N GRAND AVE", "N GRANDE AVE") > 0.9
    True
    >>> street_likeness("N GRAND AVE", "S GRAND AVE"), street_likeness("ELM AVE", "ELM BLVD")
    (0.0, 0.0)
    """
    mine, theirs = street.split(), other.split()
    numbers = [{word for word in one if word[0].isdigit()} for one in (mine, theirs)]
    if numbers[0] != numbers[1] or any(_contradict(mine, theirs, kind) for kind in _deciding_words()):
        return 0.0
    return max(fuzz.ratio(street, other), fuzz.token_sort_ratio(street, other)) / 100


@cache
def _deciding_words() -> tuple[set[str], set[str]]:
    words = street_words()
    return set(words["direction"].values()), set(words["suffix"].values())


def _contradict(mine: list[str], theirs: list[str], kind: set[str]) -> bool:
    one, other = kind.intersection(mine), kind.intersection(theirs)
    return bool(one) and bool(other) and one.isdisjoint(other)


def near_pairs(table: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Pairs of rows with the same house number and a like street, in one ZIP code or one city.

    Parameters
    ----------
    table, others
        `key` (address key, empty where there is none), `city` and `state`.

    Returns
    -------
    DataFrame
        `row` and `other` (index labels) and `score`: likeness of the streets, 0-1, times 0.95 across ZIP codes;
        pairs below 0.8 are left out.
    """
    left, right = _blocks(table, "row"), _blocks(others, "other")
    in_zip = left.merge(right, on=["house", "zip"], suffixes=("", "_other")).assign(factor=1.0)
    in_city = left.merge(right, on=["house", "city", "state"], suffixes=("", "_other"))
    in_city = in_city[in_city["zip"] != in_city["zip_other"]].assign(factor=OTHER_ZIP_FACTOR)
    pairs = pd.concat([in_zip, in_city], ignore_index=True)
    likeness = [street_likeness(*streets) for streets in zip(pairs["rest"], pairs["rest_other"], strict=True)]
    pairs["score"] = pairs["factor"] * np.array(likeness, dtype=float)
    return pairs.loc[pairs["score"] >= NEAR_SCORE, ["row", "other", "score"]].reset_index(drop=True)


def _blocks(table: pd.DataFrame, label: str) -> pd.DataFrame:
    parts = table["key"].str.extract(r"^(?P<house>\S+) (?P<rest>.+)\|(?P<zip>\d{5})$").dropna()
    city = table["city"].reindex(parts.index).fillna("").astype(str).str.upper().str.strip()
    return parts.assign(city=city, state=table["state"].reindex(parts.index)).rename_axis(label).reset_index()


def plain_names(names: pd.Series) -> pd.Series:
    """Names in capitals with one blank between words, so that case and punctuation make no difference.

    Examples
    --------
    >>> plain_names(pd.Series(["Elm St. Clinic, Inc.", None])).tolist()
    ['ELM ST CLINIC INC', '']
    """
    return names.fillna("").astype(str).str.upper().str.replace(r"[^A-Z0-9]+", " ", regex=True).str.strip()


def name_scores(names: pd.Series, others: pd.Series) -> list[float]:
    """How alike the plain names of each pair are, 0-1; 1 where one has all the words of the other."""
    return [fuzz.token_set_ratio(*pair) / 100 for pair in zip(names, others, strict=True)]
