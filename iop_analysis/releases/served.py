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
    found = {name: facilities.get(name, pd.Series(answers.NO, index=facilities.index)) for name in ANSWERS}
    table = facilities.assign(**{name: column.astype("str") for name, column in found.items()})
    for rule in catalog.read_rows(LIST):
        if re.fullmatch(rule["release"].replace("*", ".*"), release.name):
            table.loc[_named(table, rule), rule["variable"]] = answers.YES
    return table


def _named(table: pd.DataFrame, rule: dict[str, str]) -> pd.Series:
    if rule["facility_id"] == ALL_ROWS:
        return pd.Series(True, index=table.index)
    return table["facility_id"].eq(rule["facility_id"]) | (table["name"].eq(rule["name"]) & (rule["name"] != ""))


def public(facilities: pd.DataFrame) -> pd.DataFrame:
    """The facilities that people who are not in custody can go to: what reports, maps, lists and calls are about.

    Examples
    --------
    >>> rows = pd.DataFrame({"name": ["A prison", "A clinic"], "is_in_custody": ["yes", "no"]})
    >>> public(rows)["name"].tolist()
    ['A clinic']
    """
    return facilities[facilities["is_in_custody"] != answers.YES]
