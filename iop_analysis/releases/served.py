"""Whom a facility serves: only people in custody, veterans, the military or pupils, by codes and a hand-read list."""

from __future__ import annotations

import re

import pandas as pd

from iop_analysis import catalog
from iop_analysis.catalog import answers

LIST = "who_is_served.csv"
ANSWERS = ("is_in_custody", "serves_veterans_only", "serves_military_only", "serves_students_only")
ALL_ROWS = "*"


def answered(facilities: pd.DataFrame, release: catalog.Release) -> pd.DataFrame:
    """The facilities with the answers of `ANSWERS`: no, unless a publisher's code or the list says yes.

    The list (`catalog/who_is_served.csv`) names a row by its identifier or its exact name; a word in a name, or the
    owner, never decides.

    Parameters
    ----------
    facilities
        `facility_id` and `name`; columns of `ANSWERS` where the publisher has codes for them.
    """
    mine = [rule for rule in catalog.read_rows(LIST) if _is_of(rule, release)]
    return facilities.assign(**{name: _answer(facilities, name, mine) for name in ANSWERS})


def _is_of(rule: dict[str, str], release: catalog.Release) -> bool:
    return re.fullmatch(rule["release"].replace("*", ".*"), release.name) is not None


def _answer(facilities: pd.DataFrame, name: str, rules: list[dict[str, str]]) -> pd.Series:
    listed = [rule for rule in rules if rule["variable"] == name]
    ids, names = ({rule[key] for rule in listed} - {""} for key in ("facility_id", "name"))
    yes = facilities["facility_id"].isin(ids) | facilities["name"].isin(names) | (ALL_ROWS in ids)
    said = facilities[name].astype("str") if name in facilities else answers.NO
    return pd.Series(said, index=facilities.index, dtype="str").mask(yes, answers.YES)


def public(facilities: pd.DataFrame) -> pd.DataFrame:
    """The facilities that people who are not in custody can go to: what reports, maps, lists and calls are about.

    Examples
    --------
    >>> rows = pd.DataFrame({"name": ["A prison", "A clinic"], "is_in_custody": ["yes", "no"]})
    >>> public(rows)["name"].tolist()
    ['A clinic']
    """
    return facilities[facilities["is_in_custody"] != answers.YES]
